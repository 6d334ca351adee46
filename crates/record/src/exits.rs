//! Ways in which a person leaves the council's care: a duty is then not owed, or cannot be told.

use crate::codes::Outcome;
use crate::{Day, Event, Interval, Person, Settings};

/// How a person left.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum ExitKind {
    Died,
    Moved,
    /// The NHS pays for everything (Release 1 code).
    Nhs,
    /// Referred to the NHS or funded by it (Release 2 code): cannot tell which.
    ReferredNhs,
    Declined,
    /// Admitted to hospital, and no long-term support seen again within the hospital gap.
    Hospital,
}

impl ExitKind {
    pub fn name(self) -> &'static str {
        match self {
            ExitKind::Died => "died",
            ExitKind::Moved => "moved",
            ExitKind::Nhs => "nhs",
            ExitKind::ReferredNhs => "referred_nhs",
            ExitKind::Declined => "declined",
            ExitKind::Hospital => "hospital",
        }
    }

    /// Whether the duty is then not owed (otherwise it cannot be told).
    pub fn ends_duty(self) -> bool {
        self <= ExitKind::Nhs
    }
}

/// One exit.
#[derive(Clone, Copy, Debug)]
pub struct Exit {
    pub day: Day,
    pub kind: ExitKind,
    /// Place in the person's events; `None` for a death known from the person's details.
    pub event: Option<u32>,
}

/// Every exit of a person, earliest first, on one day the weightiest first.
pub fn exits(person: &Person, events: &[Event], settings: &Settings) -> Vec<Exit> {
    let mut found: Vec<Exit> = person
        .death
        .map(|day| Exit {
            day,
            kind: ExitKind::Died,
            event: None,
        })
        .into_iter()
        .collect();
    for (i, event) in events.iter().enumerate() {
        if !event.has_ended() {
            continue;
        }
        let kind = match event.outcome {
            Outcome::Deceased => ExitKind::Died,
            Outcome::Moved => ExitKind::Moved,
            Outcome::NhsFunded => ExitKind::Nhs,
            Outcome::NhsReferral => ExitKind::ReferredNhs,
            Outcome::Declined => ExitKind::Declined,
            Outcome::Hospital if !comes_back(events, event.end, settings) => ExitKind::Hospital,
            _ => continue,
        };
        found.push(Exit {
            day: event.end,
            kind,
            event: Some(i as u32),
        });
    }
    found.sort_by_key(|exit| (exit.day, exit.kind));
    found
}

/// Whether a long-term service goes on after `day` or starts within the hospital gap of it.
fn comes_back(events: &[Event], day: Day, settings: &Settings) -> bool {
    let until = day.plus(settings.hospital_gap_days);
    events
        .iter()
        .filter(|e| e.is_long_term())
        .any(|e| (e.start <= day && e.end > day) || (e.start > day && e.start <= until))
}

/// The exit that counts for an occasion: the earliest not-owed one in `window`, unless the duty was
/// met on or before its day; else the earliest that leaves it open.
pub fn exit_in(exits: &[Exit], window: Interval, met_on: Option<Day>) -> Option<Exit> {
    let inside = || exits.iter().filter(|exit| window.contains(exit.day));
    let before_met = |exit: &&Exit| met_on.is_none_or(|met| met > exit.day);
    inside()
        .filter(|exit| exit.kind.ends_duty())
        .find(before_met)
        .or_else(|| {
            inside()
                .filter(|exit| !exit.kind.ends_duty())
                .find(before_met)
        })
        .copied()
}
