//! People newly admitted to care homes (ASCOF 2B and 2C).

use candour_record::codes::{Component, EventType, Outcome, ServiceType};
use candour_record::{Event, Interval};

use super::needs::Needs;
use super::someone::{Band, Someone};
use super::table::{About, Table};
use super::{Family, Measure};

/// Somebody whose earlier stay ended fewer days than this before is not newly admitted.
const NEW_DAYS: i64 = 365;

pub(super) struct CareHomes {
    year: Interval,
    working: Table,
    older: Table,
}

impl CareHomes {
    pub(super) fn new(year: Interval) -> CareHomes {
        CareHomes {
            year,
            working: Table::new(&[]),
            older: Table::new(&[]),
        }
    }

    pub(super) fn measures(&self, needs: &Needs) -> [Measure; 2] {
        let days = Interval::new(self.year.start.plus(-NEW_DAYS), self.year.end);
        let lacks = || needs.lack(&[EventType::Service], days);
        [
            WORKING.number(self.year, lacks(), &self.working),
            OLDER.number(self.year, lacks(), &self.older),
        ]
    }
}

/// A stay in a care home: both the type and the component must say long-term residential or nursing care. A blank
/// component does not count, because the published comparison with a blank is never true.
fn is_stay(event: &Event) -> bool {
    event.is_long_term()
        && matches!(
            event.service_type,
            ServiceType::LongTermNursing | ServiceType::LongTermResidential
        )
        && matches!(
            event.component,
            Component::LongTermNursing | Component::LongTermResidential
        )
}

impl Family for CareHomes {
    fn take(&mut self, someone: &Someone<'_>) {
        if someone.died_before(self.year.start) {
            return;
        }
        let stays = || someone.events.iter().filter(|e| is_stay(e));
        let mut band = None;
        for stay in
            stays().filter(|e| self.year.contains(e.start) && e.outcome != Outcome::SelfFunded)
        {
            let is_new =
                !stays().any(|e| e.start < stay.start && e.end > stay.start.plus(-NEW_DAYS));
            match someone.band_on(stay.start) {
                // Once, in the younger band.
                Band::Working if is_new => band = Some(Band::Working),
                Band::Older if is_new => band = band.or(Some(Band::Older)),
                _ => (),
            }
        }
        match band {
            Some(Band::Working) => self.working.add(true, &[]),
            Some(Band::Older) => self.older.add(true, &[]),
            _ => (),
        }
    }

    fn merge(&mut self, other: CareHomes) {
        self.working.merge(&other.working);
        self.older.merge(&other.older);
    }
}

const WORKING: About = About {
    id: "ascof_2b",
    title: "People aged 18 to 64 newly admitted to care homes (ASCOF 2B)",
    method: "Department of Health and Social Care, ASCOF 2B and 2C (2024-25 on)",
    unit: "people",
    note: "The number of people. The published figure divides it by the council's population of the age and multiplies by \
           100,000; a return holds no population. New means that no other long-term care home service of theirs ended \
           in the 365 days before. People whose age is not known, services whose component is blank, and stays that \
           ended in paying for their own care are left out, as published. A return cannot tell a temporary stay from a \
           permanent one.",
};

const OLDER: About = About {
    id: "ascof_2c",
    title: "People aged 65 and over newly admitted to care homes (ASCOF 2C)",
    ..WORKING
};
