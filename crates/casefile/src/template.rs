//! A case file to start from, with the questions to ask.

use std::fmt::Write as _;

use candour_law::{FactDef, FactType};

use crate::engine::{Engine, EngineError, FactId};
use crate::read::{KINDS, PEOPLE};

impl Engine<'_> {
    /// An empty case file with the questions of every case test, duty by duty.
    /// Each fact is asked for once, under the first duty that reads it.
    ///
    /// # Errors
    /// When an expression of the rulebook cannot be used.
    pub fn template(&mut self) -> Result<String, EngineError> {
        self.compile()?;
        let mut asked: Vec<FactId> = Vec::new();
        let mut questions: Vec<(String, Vec<&FactDef>)> = Vec::new();
        for case_test in &self.tests {
            let (Some(duty), Some(ready)) = (
                self.rulebook.duties.get(case_test.duty),
                case_test.ready.as_ref(),
            ) else {
                continue;
            };
            let heading = format!("{} {}", duty.section, duty.title);
            for name in &ready.names {
                for source in self.asked_for(name.id()) {
                    if asked.contains(&source) {
                        continue;
                    }
                    asked.push(source);
                    let Some(def) = self.def(source) else {
                        continue;
                    };
                    match questions.last_mut() {
                        Some((last, facts)) if *last == heading => facts.push(def),
                        _ => questions.push((heading.clone(), vec![def])),
                    }
                }
            }
        }
        Ok(written(&questions))
    }

    /// What to ask of a person for a fact: the fact, or those that it is worked
    /// out from. Nothing where Candour always knows.
    fn asked_for(&self, id: FactId) -> Vec<FactId> {
        let Some(def) = self.def(id) else {
            return Vec::new();
        };
        match &def.derived_from {
            None => vec![id],
            Some(sources) => sources
                .iter()
                .filter_map(|source| self.fact(source))
                .filter(|source| {
                    self.def(*source)
                        .is_some_and(|def| def.derived_from.is_none())
                })
                .collect(),
        }
    }
}

fn written(questions: &[(String, Vec<&FactDef>)]) -> String {
    let quoted = |text: &str| serde_json::Value::from(text).to_string();
    let mut text = String::new();
    // Writing to a String cannot fail.
    let _ = write!(
        text,
        r#"{{
  "help": [
    "Write one entry under facts for each thing that happened, with the facts that it shows.",
    {},
    {},
    "date: 2019, 2019-03 or 2019-03-14; leave it empty if nobody knows. basis: stated, mixed, alleged or finding; only stated and mixed are used.",
    "In place of a value: disputed, late, partial or not_recorded. What you leave out stays unknown: it is never taken as no.",
    "No names, please. The questions below are for you; they are not read."
  ],
  "ref": "",
  "council": "",
  "date": "",
  "person": {{ "kind": "adult" }},
  "facts": [
    {{ "date": "", "event": "contact", "basis": "stated", "attributes": {{}} }},
    {{ "date": "", "event": "assessment", "basis": "stated", "attributes": {{}} }},
    {{ "date": "", "event": "care_plan", "basis": "stated", "attributes": {{}} }},
    {{ "date": "", "event": "review", "basis": "stated", "attributes": {{}} }}
  ],
  "questions": ["#,
        quoted(&format!("event is one of: {}.", KINDS.join(", "))),
        quoted(&format!("person.kind is one of: {}.", PEOPLE.join(", "))),
    );
    for (at, (duty, facts)) in questions.iter().enumerate() {
        let comma = if at == 0 { "" } else { "," };
        let _ = write!(
            text,
            "{comma}\n    {{ \"duty\": {}, \"ask\": {{",
            quoted(duty)
        );
        for (at, fact) in facts.iter().enumerate() {
            let comma = if at == 0 { "" } else { "," };
            let _ = write!(
                text,
                "{comma}\n      {}: {}",
                quoted(&fact.id),
                quoted(&format!(
                    "{} Write {}. Look for: {}",
                    fact.question,
                    answer(fact),
                    fact.look_for
                ))
            );
        }
        text.push_str("\n    } }");
    }
    text.push_str("\n  ]\n}\n");
    text
}

/// How an answer is written.
fn answer(fact: &FactDef) -> String {
    let unit = if fact.unit.is_empty() {
        String::new()
    } else {
        format!(" ({})", fact.unit)
    };
    match fact.kind {
        FactType::Bool => "true or false".to_owned(),
        FactType::Int => format!("a whole number{unit}"),
        FactType::Number => format!("a number{unit}"),
        FactType::Date => "a date".to_owned(),
        FactType::Text if fact.values.is_empty() => "a few words".to_owned(),
        FactType::Text => format!("one of: {}", fact.values.join(", ")),
    }
}
