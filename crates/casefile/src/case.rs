//! A case file as it was understood.

use candour_law::{Symbol, Value};
use jiff::civil::Date;

use crate::When;
use crate::engine::FactId;
use crate::problem::{Ignored, Problem, Seriousness, UnknownName};

/// One person's case file.
#[derive(Clone, Debug)]
pub struct Case {
    /// The file's name, for messages.
    pub file: String,
    pub reference: Option<String>,
    pub council: Option<String>,
    /// The day of the file. No fact after it is bound; it is never the day
    /// as of which the file is judged.
    pub date: Option<When>,
    /// adult, carer, both or young_person.
    pub person: Option<Symbol>,
    pub born: Option<Date>,
    pub events: Vec<Event>,
    pub problems: Vec<Problem>,
    pub unknown: Vec<UnknownName>,
    pub ignored: Vec<Ignored>,
}

impl Case {
    /// Whether the file has to be mended before anything is said of it.
    pub fn refused(&self) -> bool {
        self.problems
            .iter()
            .any(|problem| problem.seriousness == Seriousness::Refused)
    }
}

/// Something that happened, with what the file shows of it. Undated events of
/// one kind are one event: nothing says that they were not.
#[derive(Clone, Debug)]
pub struct Event {
    pub kind: Symbol,
    pub when: Option<When>,
    /// Their places in the file, from 1.
    pub places: Vec<usize>,
    pub(crate) facts: Vec<(FactId, Entry)>,
}

/// What a file says of one fact on one event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Entry {
    Known(Value),
    /// Given as lower, less: a number nobody wrote down.
    Lower,
    /// Disputed, late, partial, not recorded: one of the states, or
    /// `unreadable` and `conflicting`, which are ours.
    State(Symbol),
}

impl Entry {
    /// The value for the law, with the reason where there is none.
    pub fn value(self) -> Value {
        match self {
            Self::Known(value) => value,
            Self::Lower => Value::unknown("partial"),
            Self::State(state) => Value::Unknown(state),
        }
    }

    /// What `X_state` says.
    pub fn state(self) -> Symbol {
        match self {
            Self::Known(_) => Symbol::of("given"),
            Self::Lower => Symbol::of("partial"),
            Self::State(state) if state == "conflicting" => Symbol::of("disputed"),
            Self::State(state) if state == "unreadable" => Symbol::of("not_recorded"),
            Self::State(state) => state,
        }
    }

    /// What two entries of one moment make together.
    pub fn with(self, other: Self) -> Self {
        match (self, other) {
            (one, other) if one == other => one,
            // To say that something was not written down contradicts nothing.
            (one, Self::State(state)) if state == "not_recorded" => one,
            (Self::State(state), one) if state == "not_recorded" => one,
            (Self::State(state), _) | (_, Self::State(state)) if state == "disputed" => {
                Self::State(state)
            }
            _ => Self::State(Symbol::of("conflicting")),
        }
    }
}
