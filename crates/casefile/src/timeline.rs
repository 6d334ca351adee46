//! Which of the things a file says of a fact holds on an occasion: one on that
//! event, then the latest dated on or before it, then those without a date.

use std::cell::RefCell;

use candour_law::{Symbol, Value};
use rustc_hash::FxHashMap;

use crate::case::{Case, Entry, Event};
use crate::derive;
use crate::engine::{Engine, FactId};

/// Where a fact was found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Found {
    pub entry: Entry,
    /// The event it stands on; nothing when it was worked out.
    pub event: Option<usize>,
}

/// A case seen from one of its events.
pub(crate) struct View<'a, 'r> {
    pub engine: &'a Engine<'r>,
    pub case: &'a Case,
    /// The event of the occasion.
    pub at: usize,
    /// Only what that event itself shows.
    pub alone: bool,
    found: RefCell<FxHashMap<FactId, Option<Found>>>,
}

impl<'a, 'r> View<'a, 'r> {
    /// What one event shows by itself.
    pub fn alone(engine: &'a Engine<'r>, case: &'a Case, at: usize) -> Self {
        Self {
            engine,
            case,
            at,
            alone: true,
            found: RefCell::default(),
        }
    }

    /// What the whole file shows on the day of one event.
    pub fn whole(engine: &'a Engine<'r>, case: &'a Case, at: usize) -> Self {
        Self {
            alone: false,
            ..Self::alone(engine, case, at)
        }
    }

    pub fn event(&self) -> Option<&'a Event> {
        self.case.events.get(self.at)
    }

    /// What is known of a fact: as the file gives it, else worked out.
    pub fn find(&self, id: FactId) -> Option<Found> {
        if let Some(found) = self.found.borrow().get(&id) {
            return *found;
        }
        // Stands in for the answer while it is worked out, so that two facts
        // worked out from each other come to nothing rather than for ever.
        self.found.borrow_mut().insert(id, None);
        let found = self
            .given(id)
            .or_else(|| derive::worked_out(self, id).map(|entry| Found { entry, event: None }));
        self.found.borrow_mut().insert(id, found);
        found
    }

    /// What the file itself gives.
    pub fn given(&self, id: FactId) -> Option<Found> {
        let own = self.event().and_then(|event| entry_of(event, id));
        if let Some(entry) = own {
            return Some(Found {
                entry,
                event: Some(self.at),
            });
        }
        if self.alone {
            return None;
        }
        self.earlier(id).or_else(|| self.undated(id))
    }

    /// The latest dated on or before the occasion. An occasion without a date
    /// stands at the end of the file.
    fn earlier(&self, id: FactId) -> Option<Found> {
        let on = self.event()?.when;
        let mut best: Option<(crate::When, Found)> = None;
        for (at, event) in self.case.events.iter().enumerate() {
            let (Some(when), Some(entry)) = (event.when, entry_of(event, id)) else {
                continue;
            };
            if on.is_some_and(|on| !when.by(on)) {
                continue;
            }
            let found = Found {
                entry,
                event: Some(at),
            };
            best = match best {
                Some((known, held)) if known.last == when.last => Some((
                    known,
                    Found {
                        entry: held.entry.with(entry),
                        ..held
                    },
                )),
                Some((known, held)) if known.last > when.last => Some((known, held)),
                _ => Some((when, found)),
            };
        }
        best.map(|(_, found)| found)
    }

    /// Those without a date, and those that may or may not be earlier.
    fn undated(&self, id: FactId) -> Option<Found> {
        let on = self.event()?.when;
        let mut best: Option<Found> = None;
        for (at, event) in self.case.events.iter().enumerate() {
            let Some(entry) = entry_of(event, id) else {
                continue;
            };
            let unsure = match (event.when, on) {
                (None, _) => true,
                (Some(when), Some(on)) => !when.by(on) && !when.after(on),
                (Some(_), None) => false,
            };
            if !unsure {
                continue;
            }
            best = Some(match best {
                Some(held) => Found {
                    entry: held.entry.with(entry),
                    ..held
                },
                None => Found {
                    entry,
                    event: Some(at),
                },
            });
        }
        best
    }

    /// What the first event after the occasion says of a fact.
    pub fn later(&self, id: FactId) -> Option<Found> {
        let on = self.event()?.when?;
        let mut best: Option<(crate::When, Found)> = None;
        for (at, event) in self.case.events.iter().enumerate() {
            let Some(when) = event.when.filter(|when| when.after(on)) else {
                continue;
            };
            let entry = entry_of(event, id).or_else(|| {
                let alone = View::alone(self.engine, self.case, at);
                derive::worked_out(&alone, id)
            });
            let Some(entry) = entry else { continue };
            best = match best {
                Some((known, held)) if known.first == when.first => Some((
                    known,
                    Found {
                        entry: held.entry.with(entry),
                        ..held
                    },
                )),
                Some((known, held)) if known.first < when.first => Some((known, held)),
                _ => Some((
                    when,
                    Found {
                        entry,
                        event: Some(at),
                    },
                )),
            };
        }
        best.map(|(_, found)| found)
    }

    /// The value for the law.
    pub fn value(&self, id: FactId) -> Value {
        self.find(id)
            .map_or(Value::unknown("not_recorded"), |found| found.entry.value())
    }

    /// The state for the law.
    pub fn state(&self, id: FactId) -> Value {
        Value::Text(
            self.find(id)
                .map_or(Symbol::of("absent"), |found| found.entry.state()),
        )
    }

    pub fn is_true(&self, id: Option<FactId>) -> bool {
        self.bool(id) == Some(true)
    }

    pub fn bool(&self, id: Option<FactId>) -> Option<bool> {
        match self.find(id?)?.entry {
            Entry::Known(Value::Bool(value)) => Some(value),
            _ => None,
        }
    }

    /// A number in hundredths, whole or decimal.
    pub fn number(&self, id: Option<FactId>) -> Option<i64> {
        match self.find(id?)?.entry {
            Entry::Known(Value::Number(hundredths)) => Some(hundredths),
            Entry::Known(Value::Int(whole)) => whole.checked_mul(100),
            _ => None,
        }
    }

    pub fn text(&self, id: Option<FactId>) -> Option<Symbol> {
        match self.find(id?)?.entry {
            Entry::Known(Value::Text(text)) => Some(text),
            _ => None,
        }
    }
}

pub(crate) fn entry_of(event: &Event, id: FactId) -> Option<Entry> {
    event
        .facts
        .iter()
        .find(|(known, _)| *known == id)
        .map(|(_, entry)| *entry)
}
