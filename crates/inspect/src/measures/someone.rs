//! One person as the published methods see them.

use candour_record::codes::EventType;
use candour_record::{Day, Event, Person, Record};

/// Working bands of age, on a day that each measure names.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Band {
    Under18,
    Working,
    Older,
    Unknown,
}

impl Band {
    /// Place among [`Band::NAMES`]; none for the young and those of unknown age.
    pub(super) fn place(self) -> Option<usize> {
        match self {
            Band::Working => Some(0),
            Band::Older => Some(1),
            Band::Under18 | Band::Unknown => None,
        }
    }

    pub(super) const NAMES: &'static [&'static str] = &["18 to 64", "65 and over"];
}

pub(super) struct Someone<'a> {
    pub person: &'a Person,
    /// Earliest start first.
    pub events: &'a [Event],
    /// First day of the month of birth: the published methods are given no more than the month.
    birth: Option<Day>,
}

impl<'a> Someone<'a> {
    /// `None` if there is no such person, or the person has no events.
    pub(super) fn of(record: &'a Record, person: u32) -> Option<Someone<'a>> {
        let events = record.events_of(person);
        if events.is_empty() {
            return None;
        }
        let person = record.people.get(person as usize)?;
        Some(Someone {
            person,
            events,
            birth: person.birth.map(|b| Day::first_of_month(b.month_index())),
        })
    }

    /// Age as published: whole years of 365.25 days since the first of the month of birth.
    pub(super) fn age_on(&self, day: Day) -> Option<i64> {
        self.birth
            .map(|birth| (4 * day.since(birth)).div_euclid(1461))
    }

    pub(super) fn band_on(&self, day: Day) -> Band {
        match self.age_on(day) {
            None => Band::Unknown,
            Some(..18) => Band::Under18,
            Some(18..65) => Band::Working,
            Some(65..) => Band::Older,
        }
    }

    pub(super) fn died_before(&self, day: Day) -> bool {
        self.person.death.is_some_and(|death| death < day)
    }

    /// The Department's derived end: death, where it comes between start and end.
    pub(super) fn end_of(&self, event: &Event) -> Day {
        match self.person.death {
            Some(death) if event.kind != EventType::Service && event.start <= death => {
                event.end.min(death)
            }
            _ => event.end,
        }
    }

    pub(super) fn long_term(&self) -> impl Iterator<Item = &'a Event> + Clone {
        self.events.iter().filter(|e| e.is_long_term())
    }
}
