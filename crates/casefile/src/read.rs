//! Reads a case file: strict about types, kind about names.

use candour_law::{FactDef, FactType, Symbol, Value};
use rustc_hash::FxHashMap;

use crate::case::{Case, Entry, Event};
use crate::engine::{Engine, FactId, state};
use crate::json::Json;
use crate::problem::{Ignored, Problem, Seriousness, UnknownName};
use crate::{When, derive};

/// The kinds of event that a case file may have.
pub(crate) const KINDS: &[&str] = &[
    "contact",
    "assessment",
    "eligibility_decision",
    "care_plan",
    "personal_budget",
    "service_start",
    "service_change",
    "service_end",
    "review",
    "carer_assessment",
    "financial_assessment",
    "charge",
    "safeguarding_concern",
    "safeguarding_enquiry",
    "advocacy",
    "direct_payment",
    "hospital_discharge",
    "move",
    "transition",
    "complaint",
    "complaint_response",
    "policy",
    "other",
];
pub(crate) const PEOPLE: &[&str] = &["adult", "carer", "both", "young_person"];
const BASES: &[&str] = &["stated", "mixed", "alleged", "finding"];
/// Greater than any sum or length of time that a case file can mean.
const GREATEST: f64 = 1e12;

impl Engine<'_> {
    /// Reads one case file. What is wrong with it is in the case's problems.
    pub fn read(&self, file: &str, text: &str) -> Case {
        let mut reader = Reader {
            engine: self,
            case: Case {
                file: file.to_owned(),
                reference: None,
                council: None,
                date: None,
                person: None,
                born: None,
                events: Vec::new(),
                problems: Vec::new(),
                unknown: Vec::new(),
                ignored: Vec::new(),
            },
            place: None,
            undated: FxHashMap::default(),
        };
        match serde_json::from_str::<Json>(text.trim_start_matches('\u{feff}')) {
            Ok(json) => reader.document(&json),
            Err(error) => reader.problem(
                Seriousness::Refused,
                None,
                format!(
                    "it is not JSON (line {}, column {})",
                    error.line(),
                    error.column()
                ),
                "`candour case new` writes one to start from",
            ),
        }
        reader.case
    }
}

struct Reader<'e, 'r> {
    engine: &'e Engine<'r>,
    case: Case,
    /// The event that is being read, for messages.
    place: Option<String>,
    /// The undated event of each kind.
    undated: FxHashMap<Symbol, usize>,
}

impl Reader<'_, '_> {
    fn problem(
        &mut self,
        seriousness: Seriousness,
        fact: Option<&str>,
        what: impl Into<String>,
        fix: impl Into<String>,
    ) {
        self.case.problems.push(Problem {
            seriousness,
            file: self.case.file.clone(),
            place: self.place.clone(),
            fact: fact.map(str::to_owned),
            what: what.into(),
            fix: fix.into(),
        });
    }

    fn refuse(&mut self, fact: Option<&str>, what: impl Into<String>, fix: impl Into<String>) {
        self.problem(Seriousness::Refused, fact, what, fix);
    }

    fn ignore(&mut self, what: impl Into<String>, why: &'static str) {
        self.case.ignored.push(Ignored {
            what: what.into(),
            why,
        });
    }

    fn document(&mut self, json: &Json) {
        let Json::Object(pairs) = json else {
            return self.refuse(
                None,
                format!("it holds {}, not an object", json.sort()),
                "write { \"person\": .., \"facts\": [..] }; `candour case new` shows the form",
            );
        };
        let mut seen: Vec<&str> = Vec::new();
        for (key, value) in pairs {
            if seen.contains(&key.as_str()) && matches!(key.as_str(), "person" | "facts" | "date") {
                self.refuse(Some(key), "it is there twice", "keep one of them");
            }
            seen.push(key);
            match key.as_str() {
                "ref" => self.case.reference = self.plain(key, value),
                "council" => self.case.council = self.plain(key, value),
                "date" => self.case.date = self.date(Some("date"), value),
                "person" => self.person(value),
                // The rest is read below; a template's questions are for people.
                "facts" | "questions" | "help" => {}
                other => self.ignore(other, "no part of a case file"),
            }
        }
        match json.get("facts") {
            Some(Json::List(events)) => {
                for (at, event) in events.iter().enumerate() {
                    self.event(at + 1, event);
                }
            }
            Some(other) => self.refuse(
                Some("facts"),
                format!("it is {}, not a list", other.sort()),
                "give a list of events",
            ),
            None => self.refuse(
                Some("facts"),
                "it is missing",
                "give a list of events; `candour case new` shows the form",
            ),
        }
        self.place = None;
        derive::impossible(self.engine, &mut self.case);
    }

    /// A text that names the file or the council.
    fn plain(&mut self, key: &str, value: &Json) -> Option<String> {
        match value {
            Json::Text(text) => Some(text.clone()),
            Json::Null => None,
            other => {
                self.problem(
                    Seriousness::Wrong,
                    Some(key),
                    format!("it is {}, not a text", other.sort()),
                    "write it in quotes",
                );
                None
            }
        }
    }

    fn date(&mut self, fact: Option<&str>, value: &Json) -> Option<When> {
        let text = match value {
            Json::Text(text) => text.trim(),
            Json::Null => return None,
            other => {
                self.refuse(
                    fact.or(Some("date")),
                    format!("it is {}, not a date", other.sort()),
                    "write \"2019\", \"2019-03\" or \"2019-03-14\"",
                );
                return None;
            }
        };
        if text.is_empty() {
            return None;
        }
        let when = When::parse(text);
        if when.is_none() {
            // Only what looks like a date is repeated: anything else may be
            // about a person.
            let plain = text.len() <= 10
                && text
                    .chars()
                    .all(|c| c.is_ascii_digit() || matches!(c, '-' | '/' | '.'));
            let what = if plain {
                format!("{text} is no date")
            } else {
                "it is no date".to_owned()
            };
            self.refuse(
                fact.or(Some("date")),
                what,
                "write \"2019\", \"2019-03\" or \"2019-03-14\", a day that there was",
            );
        }
        when
    }

    fn person(&mut self, value: &Json) {
        let Json::Object(pairs) = value else {
            return self.refuse(
                Some("person"),
                format!("it is {}, not an object", value.sort()),
                "write { \"kind\": \"adult\" }",
            );
        };
        for (key, value) in pairs {
            match key.as_str() {
                "kind" => match value.text().map(str::trim) {
                    Some(kind) => match PEOPLE.iter().find(|known| **known == kind) {
                        Some(known) => self.case.person = Some(Symbol::of(known)),
                        None => self.refuse(
                            Some("person.kind"),
                            "it is no kind of person",
                            format!("use one of: {}", PEOPLE.join(", ")),
                        ),
                    },
                    None => self.refuse(
                        Some("person.kind"),
                        format!("it is {}, not a text", value.sort()),
                        format!("use one of: {}", PEOPLE.join(", ")),
                    ),
                },
                "born" | "date_of_birth" => {
                    if let Some(when) = self.date(Some("person.born"), value) {
                        self.case.born = Some(when.first);
                    }
                }
                other => self.ignore(format!("person.{other}"), "no part of a case file"),
            }
        }
    }

    fn event(&mut self, at: usize, json: &Json) {
        self.place = Some(format!("event {at}"));
        let Json::Object(pairs) = json else {
            return self.refuse(
                None,
                format!("it is {}, not an object", json.sort()),
                "write { \"date\": .., \"event\": .., \"attributes\": {..} }",
            );
        };
        let kind = match json.get("event") {
            Some(Json::Text(kind)) => self.kind(kind.trim()),
            Some(other) => {
                let sort = other.sort();
                return self.refuse(
                    Some("event"),
                    format!("it is {sort}, not a text"),
                    format!("use one of: {}", KINDS.join(", ")),
                );
            }
            None => {
                return self.refuse(
                    Some("event"),
                    "it is missing",
                    format!("use one of: {}", KINDS.join(", ")),
                );
            }
        };
        self.place = Some(format!("event {at} ({kind})"));
        let when = json.get("date").and_then(|date| self.date(None, date));
        if let Some(when) = when {
            self.place = Some(format!("event {at} ({kind}, {when})"));
        }
        for (key, _) in pairs {
            if !matches!(
                key.as_str(),
                "event" | "date" | "text" | "basis" | "attributes"
            ) {
                self.ignore(format!("event {at}: {key}"), "no part of a case file");
            }
        }
        if !self.counts(at, json.get("basis")) {
            return;
        }
        if let (Some(when), Some(file)) = (when, self.case.date)
            && when.after(file)
        {
            self.problem(
                Seriousness::Note,
                None,
                format!("it is dated after the file, which is of {file}"),
                "it was left out; correct one of the dates",
            );
            return;
        }
        let mut facts: Vec<(FactId, Entry)> = Vec::new();
        match json.get("attributes") {
            Some(Json::Object(attributes)) => {
                for (name, value) in attributes {
                    self.fact(name, value, &mut facts);
                }
            }
            None | Some(Json::Null) => {}
            Some(other) => {
                let sort = other.sort();
                self.refuse(
                    Some("attributes"),
                    format!("it is {sort}, not an object"),
                    "write { \"assessment_done\": true }",
                );
            }
        }
        self.add(at, kind, when, facts);
    }

    fn kind(&mut self, kind: &str) -> Symbol {
        if let Some(known) = KINDS.iter().find(|known| **known == kind) {
            return Symbol::of(known);
        }
        let all: Vec<String> = KINDS.iter().map(|&one| one.to_owned()).collect();
        let fix = match candour_law::nearest(kind, all.iter()) {
            Some(near) => format!("it was read as `other`; perhaps `{near}` was meant"),
            None => format!("it was read as `other`; use one of: {}", KINDS.join(", ")),
        };
        self.problem(
            Seriousness::Note,
            Some("event"),
            "it is no kind of event that Candour knows",
            fix,
        );
        Symbol::of("other")
    }

    /// Whether an event is evidence: what is only alleged, or only known
    /// because somebody decided it, is not.
    fn counts(&mut self, at: usize, basis: Option<&Json>) -> bool {
        let basis = match basis {
            None | Some(Json::Null) => return true,
            Some(Json::Text(basis)) => basis.trim(),
            Some(other) => {
                let sort = other.sort();
                self.problem(
                    Seriousness::Wrong,
                    Some("basis"),
                    format!("it is {sort}, not a text; the event was left out"),
                    format!("use one of: {}", BASES.join(", ")),
                );
                return false;
            }
        };
        match basis {
            "stated" | "mixed" | "" => true,
            "alleged" => {
                self.ignore(format!("event {at}"), "only alleged");
                false
            }
            "finding" => {
                self.ignore(format!("event {at}"), "a finding, not a fact");
                false
            }
            _ => {
                self.problem(
                    Seriousness::Wrong,
                    Some("basis"),
                    "it is no basis that Candour knows; the event was left out",
                    format!("use one of: {}", BASES.join(", ")),
                );
                false
            }
        }
    }

    fn fact(&mut self, name: &str, value: &Json, facts: &mut Vec<(FactId, Entry)>) {
        let Some(id) = self.engine.fact(name) else {
            let known = self.case.unknown.iter().any(|unknown| unknown.name == name);
            if !known {
                self.case.unknown.push(UnknownName {
                    name: name.to_owned(),
                    place: self.place.clone().unwrap_or_default(),
                    nearest: self.engine.nearest(name),
                });
            }
            return;
        };
        let Some(def) = self.engine.def(id) else {
            return;
        };
        let Some(entry) = self.entry(name, def, value) else {
            return;
        };
        match facts.iter_mut().find(|(known, _)| *known == id) {
            Some((_, earlier)) => {
                let both = earlier.with(entry);
                if both == Entry::State(Symbol::of("conflicting")) {
                    self.problem(
                        Seriousness::Wrong,
                        Some(name),
                        "one event gives it twice, and differently",
                        "neither was used; keep the one that is right",
                    );
                }
                *earlier = both;
            }
            None => facts.push((id, entry)),
        }
    }

    /// A value of the fact's type, or a state; nothing when it is neither.
    fn entry(&mut self, name: &str, def: &FactDef, value: &Json) -> Option<Entry> {
        let not_recorded = Entry::State(Symbol::of("not_recorded"));
        let entry = match (def.kind, value) {
            (_, Json::Null) => not_recorded,
            (FactType::Bool, Json::Bool(value)) => Entry::Known(Value::Bool(*value)),
            (FactType::Int, Json::Number(number))
                if number.fract() == 0.0 && number.abs() < GREATEST =>
            {
                Entry::Known(Value::Int(whole(*number)))
            }
            (FactType::Number, Json::Number(number)) if number.abs() < GREATEST => {
                Entry::Known(Value::Number(whole(number * 100.0)))
            }
            (FactType::Date, Json::Text(text)) => {
                // A day is kept by the reader; no rule reads one.
                let when = self.date(Some(name), &Json::Text(text.clone()))?;
                if self.engine.known.date_of_birth == self.engine.fact(name) {
                    self.case.born = Some(when.first);
                }
                return Some(Entry::Known(Value::Int(i64::from(day_number(when)))));
            }
            (FactType::Text, Json::Bool(answer)) => {
                let word = if *answer { "true" } else { "false" };
                match def.words.get(word) {
                    Some(means) => meant(def, means),
                    None if def.values.is_empty() => {
                        Entry::Known(Value::text(if *answer { "another" } else { "none" }))
                    }
                    None => return self.wrong(name, def, value),
                }
            }
            (_, Json::Text(text)) => return self.word(name, def, text),
            _ => return self.wrong(name, def, value),
        };
        Some(entry)
    }

    /// A text given for a fact: one of its values, a word for one, or a state.
    fn word(&mut self, name: &str, def: &FactDef, text: &str) -> Option<Entry> {
        let plain = text.trim().to_lowercase().replace('_', " ");
        if plain.is_empty() {
            return Some(Entry::State(Symbol::of("not_recorded")));
        }
        let as_value = def
            .values
            .iter()
            .find(|value| value.replace('_', " ").eq_ignore_ascii_case(&plain));
        if let Some(value) = as_value {
            return Some(Entry::Known(Value::Text(Symbol::intern(value))));
        }
        let by_word = def
            .words
            .iter()
            .find(|(word, _)| plain == **word || starts(&plain, word));
        if let Some((_, means)) = by_word {
            if plain == "lower" {
                return Some(Entry::Lower);
            }
            return Some(meant(def, means));
        }
        if let Some(state) = state(&plain) {
            return Some(Entry::State(state));
        }
        match def.kind {
            FactType::Text => {
                if let Some(value) = &def.otherwise {
                    return Some(Entry::Known(Value::Text(Symbol::intern(value))));
                }
                if def.values.is_empty() {
                    let text = Symbol::known(text.trim())
                        .or_else(|| Symbol::known(&plain))
                        .unwrap_or(Symbol::of("another"));
                    return Some(Entry::Known(Value::Text(text)));
                }
                self.problem(
                    Seriousness::Note,
                    Some(name),
                    "it says something that this fact cannot say, and was left out",
                    format!("it can be: {}", def.values.join(", ")),
                );
                Some(Entry::State(Symbol::of("unreadable")))
            }
            FactType::Bool if !matches!(plain.as_str(), "yes" | "no" | "true" | "false") => {
                self.problem(
                    Seriousness::Note,
                    Some(name),
                    "it is neither true nor false nor a word that Candour knows, and was left out",
                    "write true or false, or \"disputed\", \"late\", \"partial\" or \"not_recorded\"",
                );
                Some(Entry::State(Symbol::of("unreadable")))
            }
            FactType::Number | FactType::Int
                if matches!(plain.as_str(), "lower" | "less" | "reduced" | "fewer") =>
            {
                Some(Entry::Lower)
            }
            FactType::Number | FactType::Int
                if matches!(
                    plain.as_str(),
                    "few" | "several" | "many" | "some" | "higher" | "more" | "about" | "long"
                ) =>
            {
                Some(Entry::State(Symbol::of("partial")))
            }
            _ => self.wrong(name, def, &Json::Text(String::new())),
        }
    }

    fn wrong(&mut self, name: &str, def: &FactDef, value: &Json) -> Option<Entry> {
        let needed = match def.kind {
            FactType::Bool => "true or false, without quotes",
            FactType::Int => "a whole number, without quotes",
            FactType::Number => "a number, without quotes",
            FactType::Text => "a text in quotes",
            FactType::Date => "a date such as \"2019-03-14\"",
        };
        let sort = match value {
            Json::Number(_) if def.kind == FactType::Int => "not a whole number",
            Json::Number(_) if def.kind == FactType::Number => "too great a number",
            other => other.sort(),
        };
        self.problem(
            Seriousness::Wrong,
            Some(name),
            format!("it is {sort}, and was left out"),
            format!("write {needed}"),
        );
        Some(Entry::State(Symbol::of("unreadable")))
    }

    /// Puts an event into the case. Undated ones of one kind are one event.
    fn add(&mut self, at: usize, kind: Symbol, when: Option<When>, facts: Vec<(FactId, Entry)>) {
        let earlier = if when.is_none() {
            self.undated.get(&kind).copied()
        } else {
            None
        };
        let Some(event) = earlier.and_then(|earlier| self.case.events.get_mut(earlier)) else {
            if when.is_none() {
                self.undated.insert(kind, self.case.events.len());
            }
            self.case.events.push(Event {
                kind,
                when,
                places: vec![at],
                facts,
            });
            return;
        };
        event.places.push(at);
        let mut contradicted = Vec::new();
        for (id, entry) in facts {
            match event.facts.iter_mut().find(|(known, _)| *known == id) {
                Some((_, known)) => {
                    let both = known.with(entry);
                    if both == Entry::State(Symbol::of("conflicting")) && *known != both {
                        contradicted.push(id);
                    }
                    *known = both;
                }
                None => event.facts.push((id, entry)),
            }
        }
        for id in contradicted {
            let name = self.engine.def(id).map(|def| def.id.clone());
            self.problem(
                Seriousness::Note,
                name.as_deref(),
                format!("two undated events of the kind `{kind}` say different things of it"),
                "neither was used; date the events if they are two",
            );
        }
    }
}

/// What a word means for a fact: a value of it, or a state.
fn meant(def: &FactDef, means: &str) -> Entry {
    match (def.kind, means) {
        (FactType::Bool, "true") => Entry::Known(Value::Bool(true)),
        (FactType::Bool, "false") => Entry::Known(Value::Bool(false)),
        (FactType::Text, value) if def.values.iter().any(|known| known == value) => {
            Entry::Known(Value::Text(Symbol::intern(value)))
        }
        (_, state) => Entry::State(Symbol::intern(state)),
    }
}

/// `short term` begins `short term only`, but not `short termed`.
fn starts(text: &str, word: &str) -> bool {
    text.strip_prefix(word)
        .is_some_and(|rest| rest.starts_with(|c: char| !c.is_alphanumeric()))
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "rounded, and its size was looked at"
)]
fn whole(number: f64) -> i64 {
    number.round() as i64
}

/// A day as a number, to compare and no more.
fn day_number(when: When) -> i32 {
    i32::from(when.first.year()) * 512
        + i32::from(when.first.month()) * 32
        + i32::from(when.first.day())
}
