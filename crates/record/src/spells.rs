//! Long-term spells and direct payments: services chained over small gaps.

use crate::codes::Outcome;
use crate::{Day, Event, Settings};

/// An unbroken run of long-term support.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Spell {
    pub start: Day,
    /// Last day; [`Day::OPEN`] while a service is open.
    pub end: Day,
    /// The row that ended last has an unknown end.
    pub unknown_end: bool,
    /// Places in the person's events, by start.
    pub events: Vec<u32>,
}

/// A direct payment, chained over one uncovered day.
pub type Payment = Spell;

impl Spell {
    /// Whether `day` lies between its start and its end, gaps included.
    pub fn spans(&self, day: Day) -> bool {
        self.start <= day && day <= self.end
    }

    /// Whether a row of it runs on `day`.
    pub fn open_on(&self, events: &[Event], day: Day) -> bool {
        self.rows(events).any(|e| e.active_on(day))
    }

    /// Whether any of the rows that ended last has this outcome.
    pub fn last_outcome_is(&self, events: &[Event], outcome: Outcome) -> bool {
        self.rows(events)
            .any(|e| e.end == self.end && e.outcome == outcome)
    }

    pub(crate) fn rows<'a>(&'a self, events: &'a [Event]) -> impl Iterator<Item = &'a Event> {
        self.events.iter().filter_map(|&i| events.get(i as usize))
    }
}

/// Chains the long-term services among one person's events (earliest start first).
pub fn long_term_spells(events: &[Event], settings: &Settings) -> Vec<Spell> {
    chain(
        events,
        Event::is_long_term,
        settings.spell_gap_days,
        Some(settings.hospital_gap_days),
    )
}

/// Chains the direct payments among one person's events.
pub(crate) fn direct_payments(events: &[Event], settings: &Settings) -> Vec<Payment> {
    chain(
        events,
        Event::is_direct_payment,
        settings.spell_gap_days,
        None,
    )
}

fn chain(
    events: &[Event],
    takes: impl Fn(&Event) -> bool,
    gap: i64,
    hospital_gap: Option<i64>,
) -> Vec<Spell> {
    let mut spells: Vec<Spell> = Vec::new();
    for (i, event) in events.iter().enumerate().filter(|(_, e)| takes(e)) {
        // Compared with the running maximum end: a short service nested in a long one breaks nothing.
        let joins = spells.last().is_some_and(|spell| {
            event.start <= spell.end.plus(gap)
                || hospital_gap.is_some_and(|days| {
                    event.start <= spell.end.plus(days)
                        && spell.rows(events).any(|e| {
                            e.end == spell.end && !e.unknown_end && e.outcome == Outcome::Hospital
                        })
                })
        });
        match spells.last_mut() {
            Some(spell) if joins => {
                if event.end > spell.end {
                    spell.end = event.end;
                    spell.unknown_end = event.unknown_end;
                } else if event.end == spell.end {
                    spell.unknown_end |= event.unknown_end;
                }
                spell.events.push(i as u32);
            }
            _ => spells.push(Spell {
                start: event.start,
                end: event.end,
                unknown_end: event.unknown_end,
                events: vec![i as u32],
            }),
        }
    }
    spells
}
