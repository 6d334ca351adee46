//! What is wrong with a case file, told by file, fact and date. A message never
//! holds a value: values are about a person.

use std::fmt;

/// How much a problem stands in the way.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Seriousness {
    /// The verdicts stand; something was left out of them.
    Note,
    /// A fact is wrong and was left out. The rest was read.
    Wrong,
    /// Nothing can be said of this file until it is mended.
    Refused,
}

/// One thing that is wrong.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Problem {
    pub seriousness: Seriousness,
    pub file: String,
    /// Which event: its place in the file (from 1), kind and date.
    pub place: Option<String>,
    pub fact: Option<String>,
    pub what: String,
    pub fix: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(place) = &self.place {
            write!(f, ", {place}")?;
        }
        if let Some(fact) = &self.fact {
            write!(f, ", `{fact}`")?;
        }
        // The advice is a sentence of its own.
        let mut letters = self.fix.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        write!(
            f,
            ": {}. {}{}.",
            self.what,
            first.unwrap_or_default(),
            letters.as_str()
        )
    }
}

/// A name of a fact that the rulebook does not have.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct UnknownName {
    pub name: String,
    /// Where it stands.
    pub place: String,
    /// The known name most like it, if any is close.
    pub nearest: Option<String>,
}

/// What was read past on purpose, and why.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ignored {
    pub what: String,
    pub why: &'static str,
}
