//! What needs the whole council before one person can be judged: reset dates and mass days.

use std::collections::{BTreeMap, BTreeSet};

use rayon::prelude::*;

use crate::exits::{Exit, exit_in, exits};
use crate::falls::{Fall, FallKind, falls};
use crate::spells::{Payment, Spell, direct_payments, long_term_spells};
use crate::{Day, Event, Interval, Record};

/// One person's events with what is derived from them.
pub struct Timeline<'a> {
    pub person: u32,
    pub events: &'a [Event],
    pub spells: Vec<Spell>,
    pub payments: Vec<Payment>,
    pub falls: Vec<Fall>,
    pub exits: Vec<Exit>,
}

impl Timeline<'_> {
    /// Whether the person is in a long-term spell on `day`.
    pub fn in_spell(&self, day: Day) -> bool {
        self.spells.iter().any(|spell| spell.spans(day))
    }
}

/// The council's timelines: made per person on demand, with the dates that need everybody.
pub struct Timelines<'a> {
    pub record: &'a Record,
    /// Dates on which so many long-term rows start that starts on them are unknown.
    pub reset_days: BTreeSet<Day>,
    /// Days on which so many people's support fell that the day itself is the first question:
    /// day → (people whose support fell, people in long-term spells the day before).
    pub mass_days: BTreeMap<Day, (usize, usize)>,
}

impl<'a> Timelines<'a> {
    pub fn new(record: &'a Record) -> Timelines<'a> {
        let mut timelines = Timelines {
            record,
            reset_days: reset_days(record),
            mass_days: BTreeMap::new(),
        };
        timelines.mass_days = timelines.find_mass_days();
        timelines
    }

    /// One person's timeline.
    pub fn of(&self, person: u32) -> Timeline<'a> {
        let events = self.record.events_of(person);
        let settings = &self.record.settings;
        Timeline {
            person,
            events,
            spells: long_term_spells(events, settings),
            payments: direct_payments(events, settings),
            falls: falls(self.record, events),
            exits: self.exits_of(person, events),
        }
    }

    fn exits_of(&self, person: u32, events: &[Event]) -> Vec<Exit> {
        self.record
            .people
            .get(person as usize)
            .map(|p| exits(p, events, &self.record.settings))
            .unwrap_or_default()
    }

    fn find_mass_days(&self) -> BTreeMap<Day, (usize, usize)> {
        let settings = &self.record.settings;
        let everybody = 0..self.record.people.len() as u32;
        let mut fell: BTreeMap<Day, usize> = everybody
            .clone()
            .into_par_iter()
            .fold(BTreeMap::new, |mut days, person| {
                let events = self.record.events_of(person);
                let falls = falls(self.record, events);
                if falls.is_empty() {
                    return days;
                }
                let spells = long_term_spells(events, settings);
                let exits = self.exits_of(person, events);
                for fall in &falls {
                    let window =
                        Interval::new(fall.day.plus(-settings.exit_before_days), fall.after_day);
                    let left =
                        exit_in(&exits, window, None).is_some_and(|exit| exit.kind.ends_duty());
                    let in_spell = spells.iter().any(|s| s.spans(fall.day.plus(-1)));
                    if fall.kind != FallKind::SizeUnknown && !left && in_spell {
                        *days.entry(fall.day).or_insert(0) += 1;
                    }
                }
                days
            })
            .reduce(BTreeMap::new, |mut all, days| {
                for (day, people) in days {
                    *all.entry(day).or_insert(0) += people;
                }
                all
            });
        fell.retain(|_, people| *people as i64 >= settings.mass_people);
        if fell.is_empty() {
            return BTreeMap::new();
        }
        let days: Vec<Day> = fell.keys().map(|day| day.plus(-1)).collect();
        let supported = everybody
            .into_par_iter()
            .fold(
                || vec![0usize; days.len()],
                |mut counts, person| {
                    let spells = long_term_spells(self.record.events_of(person), settings);
                    for (day, count) in days.iter().zip(counts.iter_mut()) {
                        *count += usize::from(spells.iter().any(|s| s.spans(*day)));
                    }
                    counts
                },
            )
            .reduce(
                || vec![0usize; days.len()],
                |a, b| a.into_iter().zip(b).map(|(x, y)| x + y).collect(),
            );
        fell.into_iter()
            .zip(supported)
            .map(|((day, people), base)| (day, (people, base)))
            .filter(|(_, (people, base))| {
                (*people * 100) as i64 >= settings.mass_percent * *base as i64
            })
            .collect()
    }
}

/// Dates inside service coverage on which very many long-term rows start at once: councils reset starts on
/// 1 April or at a change of system, so that starts on them are unknown.
pub fn reset_days(record: &Record) -> BTreeSet<Day> {
    let coverage = record.coverage.service;
    let mut starts: BTreeMap<Day, i64> = BTreeMap::new();
    let mut open = 0i64;
    for event in record.events.iter().filter(|e| e.is_long_term()) {
        if coverage.contains(event.start) {
            *starts.entry(event.start).or_insert(0) += 1;
        }
        open += i64::from(event.active_on(coverage.start));
    }
    starts.retain(|_, rows| {
        *rows >= record.settings.reset_rows && *rows * 100 >= open * record.settings.reset_percent
    });
    starts.into_keys().collect()
}
