//! A rulebook as it is read: the shapes of its files.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use serde::de::{Error as _, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::value::words;
use crate::{Force, Remedies, StaffTime, Strength, Verdict};

/// Everything the law room knows.
#[derive(Clone, Debug)]
pub struct Rulebook {
    /// In the order of the statute, then by id.
    pub duties: Vec<Duty>,
    pub facts: BTreeMap<String, FactDef>,
    pub reasons: BTreeMap<String, ReasonDef>,
    /// Groups of clauses that several tests share. Each is already put into
    /// the tests that name it.
    pub clauses: BTreeMap<String, ClauseGroup>,
    /// What changed the law for a time, such as the coronavirus easements.
    pub modifiers: BTreeMap<String, Modifier>,
    /// The numbers that make the record, rather than one test.
    pub record: BTreeMap<String, Param>,
    /// The numbers by which patterns of the whole council are looked for. Empty: none is.
    pub patterns: BTreeMap<String, Param>,
    /// How staff's time is recorded and what waits for it; a rulebook may do without.
    pub staff_time: Option<StaffTime>,
    /// What putting a signal right takes; a rulebook may do without.
    pub remedies: Option<Remedies>,
    /// Over every TOML file of the rulebook: its path and its bytes.
    pub sha256: String,
}

impl Rulebook {
    /// One test and the duty it belongs to.
    pub fn test(&self, duty: &str, test: &str) -> Option<(&Duty, &Test)> {
        let duty = self.duty(duty)?;
        Some((duty, duty.test(test)?))
    }

    pub fn duty(&self, id: &str) -> Option<&Duty> {
        self.duties.iter().find(|duty| duty.id == id)
    }

    /// What a reason says of one test's occasion: the test's own sentence, or
    /// the reason's own, with the test's numbers filled in.
    pub fn sentence(&self, test: &Test, reason: &str) -> Option<String> {
        let sentence = match test.sentences.get(reason) {
            Some(own) => own,
            None => &self.reasons.get(reason)?.sentence,
        };
        Some(test.fill(sentence))
    }
}

/// One duty of the council: one file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Duty {
    pub id: String,
    pub title: String,
    /// Compact: `s27(1)(a)`.
    pub section: String,
    pub regulation: Option<String>,
    pub owed_to: OwedTo,
    /// A sentence or two that a person who draws on care would understand.
    pub plain: String,
    pub severity: Severity,
    /// What puts it right.
    pub remedy: String,
    pub stage: Stage,
    /// The version of Candour that first tested it.
    pub since: String,
    pub in_force: Option<InForce>,
    #[serde(rename = "authority", default)]
    pub authorities: Vec<Authority>,
    pub page: Page,
    /// Who or what can show it, where no record and no case file can.
    pub population: Option<Population>,
    /// The documents to ask the council for, where only they can show it.
    #[serde(default)]
    pub ask_for: Vec<String>,
    /// Why it is not tested though it is in the Act: a section never brought
    /// into force.
    pub switched_off: Option<String>,
    /// What changed it for a time: ids of `modifiers.toml`.
    #[serde(default)]
    pub modifiers: Vec<String>,
    /// References of decided cases that turned on it.
    #[serde(default)]
    pub decided: Vec<String>,
    /// How this file changed.
    #[serde(default)]
    pub history: Vec<Revision>,
    #[serde(rename = "test", default)]
    pub tests: Vec<Test>,
}

impl Duty {
    pub fn test(&self, id: &str) -> Option<&Test> {
        self.tests.iter().find(|test| test.id == id)
    }

    /// Whether the duty is law on this day.
    pub fn in_force_on(&self, day: Date) -> bool {
        self.in_force.is_none_or(|period| period.holds(day))
    }

    /// The authorities that were not seen in a primary text.
    pub fn unconfirmed(&self) -> impl Iterator<Item = &Authority> {
        self.authorities
            .iter()
            .filter(|authority| authority.confirmed == Confirmed::Unconfirmed)
    }

    /// The place of its section in the Act.
    pub(crate) fn order(&self) -> (u32, &str, &str) {
        let rest = self.section.strip_prefix('s').unwrap_or(&self.section);
        let end = rest
            .find(|c: char| !c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (number, rest) = rest.split_at(end);
        (number.parse().unwrap_or(u32::MAX), rest, &self.id)
    }
}

/// One change of a duty's file.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Revision {
    pub version: String,
    #[serde(deserialize_with = "date")]
    pub date: Date,
    pub what: String,
}

words! {
    /// Duties to a whole area, which no person's file can show.
    Population { Documents = "documents" }
}

/// Something that changed the law for a time and may not bind every council.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Modifier {
    pub id: String,
    pub title: String,
    /// What it did, in plain words.
    pub plain: String,
    #[serde(deserialize_with = "date")]
    pub from: Date,
    #[serde(default, deserialize_with = "optional_date")]
    pub to: Option<Date>,
    #[serde(rename = "authority", default)]
    pub authorities: Vec<Authority>,
}

impl Modifier {
    pub fn holds(&self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

/// The days on which a duty is law, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InForce {
    #[serde(deserialize_with = "date")]
    pub from: Date,
    #[serde(default, deserialize_with = "optional_date")]
    pub to: Option<Date>,
}

impl InForce {
    pub fn holds(self, day: Date) -> bool {
        self.from <= day && self.to.is_none_or(|to| day <= to)
    }
}

words! {
    /// Who a duty is owed to.
    OwedTo { Adult = "adult", Carer = "carer", Child = "child", All = "all" }
}

words! {
    /// Whether missing it costs the person their care or their safeguard.
    Severity { Substantive = "substantive", Procedural = "procedural" }
}

words! {
    /// New rules are previewed before they count.
    Stage { Preview = "preview", Stable = "stable" }
}

/// Where a duty comes from, in our own words.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Authority {
    pub cite: String,
    pub kind: AuthorityKind,
    pub says: String,
    pub source: String,
    pub confirmed: Confirmed,
}

words! {
    /// What sort of authority it is.
    AuthorityKind {
        Statute = "statute",
        Regulation = "regulation",
        Guidance = "guidance",
        Case = "case",
        Ombudsman = "ombudsman",
        Practice = "practice",
    }
}

words! {
    /// How sure we are of what an authority says.
    Confirmed {
        /// Its own text was seen.
        Text = "text",
        /// It was seen through another source.
        Secondary = "secondary",
        /// It was not seen, and is shown as unconfirmed.
        Unconfirmed = "unconfirmed",
    }
}

/// The fixed headings of a duty's public page.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Page {
    pub law: String,
    pub owed_to: String,
    pub tested: String,
    pub cannot_show: String,
    pub if_not_met: String,
    pub for_the_council: String,
    pub for_the_person: String,
}

impl Page {
    /// Each heading as readers see it, the key it has in the file, and its text.
    pub fn headings(&self) -> [(&'static str, &'static str, &str); 7] {
        [
            ("What the law says", "law", &self.law),
            ("Who it is owed to", "owed_to", &self.owed_to),
            ("What we test", "tested", &self.tested),
            ("What it cannot show", "cannot_show", &self.cannot_show),
            ("If it was not met", "if_not_met", &self.if_not_met),
            ("For the council", "for_the_council", &self.for_the_council),
            (
                "For the person or user-led group",
                "for_the_person",
                &self.for_the_person,
            ),
        ]
    }
}

/// One question put to one kind of occasion.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Test {
    pub id: String,
    pub title: String,
    /// The kinds of occasion it is put to: one, or a list.
    #[serde(deserialize_with = "one_or_more")]
    pub occasion: Vec<String>,
    /// Only occasions on which one of these earlier tests came out `met`.
    #[serde(default)]
    pub among: Vec<String>,
    /// Case tests only: the occasion arises on every event of whose own facts
    /// this is true.
    pub trigger: Option<String>,
    /// False: it is no occasion of this test.
    pub arises: Option<String>,
    /// False: not owed.
    pub owed: Option<String>,
    pub met: String,
    /// False: not yet due.
    pub due: Option<String>,
    pub force: Force,
    pub strength: Strength,
    /// The shared groups it uses. Their clauses already stand in `not_owed`
    /// and `cannot_tell`, before its own.
    #[serde(default)]
    pub clauses: Vec<String>,
    /// The kinds of local fact that can turn `not_met` into `cannot_tell`.
    #[serde(default)]
    pub local: Vec<String>,
    #[serde(default)]
    pub params: BTreeMap<String, Param>,
    #[serde(default)]
    pub not_owed: Vec<Clause>,
    #[serde(default)]
    pub justified: Vec<Justification>,
    #[serde(default)]
    pub cannot_tell: Vec<Clause>,
    #[serde(default)]
    pub weaker: Vec<Weaker>,
    /// By reason code; `{param}` is filled in.
    #[serde(default)]
    pub sentences: BTreeMap<String, String>,
    #[serde(rename = "example", default)]
    pub examples: Vec<Example>,
}

impl Test {
    /// Whether it is put to case files rather than to the record.
    pub fn is_case(&self) -> bool {
        self.occasion
            .iter()
            .any(|kind| kind == crate::occasions::CASE_EVENT)
    }

    /// A number of this test.
    pub fn param(&self, id: &str) -> Option<i64> {
        self.params.get(id).map(|param| param.value)
    }

    /// A sentence with this test's numbers filled in.
    pub fn fill(&self, sentence: &str) -> String {
        let mut filled = sentence.to_owned();
        for (id, param) in &self.params {
            let hole = format!("{{{id}}}");
            if filled.contains(&hole) {
                filled = filled.replace(&hole, &param.value.to_string());
            }
        }
        filled
    }

    /// Every expression of the test with the key it has in the file, in the
    /// order in which they are asked.
    pub fn expressions(&self) -> Vec<(String, &str)> {
        let mut all = Vec::new();
        if let Some(trigger) = &self.trigger {
            all.push(("trigger".to_owned(), trigger.as_str()));
        }
        if let Some(arises) = &self.arises {
            all.push(("arises".to_owned(), arises.as_str()));
        }
        for clause in &self.not_owed {
            all.push((format!("not_owed {}", clause.id), clause.when.as_str()));
        }
        if let Some(owed) = &self.owed {
            all.push(("owed".to_owned(), owed.as_str()));
        }
        all.push(("met".to_owned(), self.met.as_str()));
        for clause in &self.justified {
            all.push((format!("justified {}", clause.id), clause.when.as_str()));
        }
        if let Some(due) = &self.due {
            all.push(("due".to_owned(), due.as_str()));
        }
        for clause in &self.cannot_tell {
            all.push((format!("cannot_tell {}", clause.id), clause.when.as_str()));
        }
        for clause in &self.weaker {
            all.push((format!("weaker {}", clause.id), clause.when.as_str()));
        }
        all
    }
}

/// A number with its owner: almost none of them is in the Act.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Param {
    pub value: i64,
    #[serde(default)]
    pub unit: String,
    pub owner: Owner,
    pub why: String,
}

words! {
    /// Whose number it is; printed with it.
    Owner {
        Statute = "statute",
        Guidance = "guidance",
        Ombudsman = "Ombudsman",
        /// The department's published measures.
        Dhsc = "DHSC",
        Ours = "ours",
    }
}

/// A reason and when it holds.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Clause {
    pub id: String,
    pub when: String,
}

/// A lawful answer to an apparent `not_met`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Justification {
    pub id: String,
    pub when: String,
    pub if_unknown: IfUnknown,
}

words! {
    /// What silence about a justification means.
    IfUnknown {
        /// It counts for nothing: whoever relies on it must show it.
        NotShown = "not_shown",
        CannotTell = "cannot_tell",
    }
}

/// When the occasion shows less than the test's own strength.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Weaker {
    pub id: String,
    pub when: String,
    pub strength: Strength,
}

/// A worked example. Those of a test must reach everything it can say.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Example {
    pub name: String,
    #[serde(default)]
    pub facts: BTreeMap<String, Plain>,
    /// Facts that are not bound, and why.
    #[serde(default)]
    pub unknown: BTreeMap<String, String>,
    pub verdict: Verdict,
    pub reason: Option<String>,
    pub strength: Option<Strength>,
}

/// A known value as it is written in a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Plain {
    Bool(bool),
    Int(i64),
    /// In hundredths.
    Number(i64),
    Text(String),
}

impl fmt::Display for Plain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Number(hundredths) => {
                write!(f, "{}", crate::value::as_decimal(*hundredths))
            }
            Self::Text(value) => write!(f, "{value}"),
        }
    }
}

/// One fact: what it is, how an auditor asks for it, how a return shows it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FactDef {
    pub id: String,
    #[serde(rename = "type")]
    pub kind: FactType,
    /// What a text fact may say. Empty: anything (case tests only).
    #[serde(default)]
    pub values: Vec<String>,
    /// What a text that is none of `values` counts as.
    pub otherwise: Option<String>,
    /// Words that case files use for a value or a state of this fact.
    #[serde(default)]
    pub words: BTreeMap<String, String>,
    #[serde(default)]
    pub unit: String,
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The facts it is worked out from, where a case file does not give it.
    pub derived_from: Option<Vec<String>>,
    /// How it is worked out.
    pub how: Option<String>,
    /// What an auditor asks of a file.
    pub question: String,
    /// Where in a file the answer is found.
    pub look_for: String,
    /// How a return shows it; empty when none can.
    pub in_return: String,
}

words! {
    /// What a fact can hold.
    FactType {
        Bool = "bool",
        Int = "int",
        /// A decimal: money in pounds, hours, months.
        Number = "number",
        Text = "text",
        /// A day. Rules never read one; facts are worked out from it.
        Date = "date",
    }
}

/// One reason code.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReasonDef {
    pub id: String,
    /// What it says of one occasion.
    pub sentence: String,
    /// What it means, for somebody new to all this.
    pub plain: String,
}

/// Clauses that several tests share.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClauseGroup {
    pub id: String,
    pub why: String,
    #[serde(default)]
    pub not_owed: Vec<Clause>,
    #[serde(default)]
    pub cannot_tell: Vec<Clause>,
}

// Visitors rather than `untagged`, whose errors say only "did not match".

impl<'de> Deserialize<'de> for Plain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Plain;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false, a number or a text")
            }
            fn visit_bool<E>(self, value: bool) -> Result<Plain, E> {
                Ok(Plain::Bool(value))
            }
            fn visit_i64<E>(self, value: i64) -> Result<Plain, E> {
                Ok(Plain::Int(value))
            }
            fn visit_f64<E: serde::de::Error>(self, value: f64) -> Result<Plain, E> {
                let hundredths = (value * 100.0).round();
                if hundredths.abs() > 1e15 {
                    return Err(E::custom("the number is too great"));
                }
                #[expect(
                    clippy::cast_possible_truncation,
                    reason = "rounded, and far below the limits of a whole number"
                )]
                Ok(Plain::Number(hundredths as i64))
            }
            fn visit_str<E>(self, value: &str) -> Result<Plain, E> {
                Ok(Plain::Text(value.to_owned()))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

fn one_or_more<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<String>, D::Error> {
    struct Reader;
    impl<'de> Visitor<'de> for Reader {
        type Value = Vec<String>;
        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("a kind of occasion, or a list of them")
        }
        fn visit_str<E>(self, value: &str) -> Result<Vec<String>, E> {
            Ok(vec![value.to_owned()])
        }
        fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Vec<String>, A::Error> {
            let mut all = Vec::new();
            while let Some(one) = list.next_element()? {
                all.push(one);
            }
            Ok(all)
        }
    }
    deserializer.deserialize_any(Reader)
}

fn date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Date, D::Error> {
    let written = toml::value::Datetime::deserialize(deserializer)?;
    match (written.date, written.time) {
        (Some(date), None) => {
            let year = i16::try_from(date.year).map_err(D::Error::custom)?;
            let month = i8::try_from(date.month).map_err(D::Error::custom)?;
            let day = i8::try_from(date.day).map_err(D::Error::custom)?;
            Date::new(year, month, day).map_err(D::Error::custom)
        }
        _ => Err(D::Error::custom(
            "a plain date is needed, such as 2015-04-01",
        )),
    }
}

fn optional_date<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Date>, D::Error> {
    date(deserializer).map(Some)
}
