//! Unpaid carers: how many had support (LTS003), and how it was arranged (ASCOF 3D, carers).

use candour_record::codes::{ClientType, Component, EventType, Mechanism, Outcome, ServiceType};
use candour_record::{Day, Event, Interval};

use super::needs::Needs;
use super::someone::{Band, Someone};
use super::table::{About, Division, Table};
use super::{ALL_EVENTS, Family, Measure};

/// The published categories; a carer is counted in the first that any of their events is in.
const SUPPORT: &[&str] = &[
    "direct payment",
    "managed personal budget",
    "commissioned by the council",
    "support of their own, delivery not recorded",
    "information, advice and signposting",
    "no direct support",
];
const DIRECT_PAYMENT: usize = 0;
const MANAGED_BUDGET: usize = 1;
const COMMISSIONED: usize = 2;
const NOT_RECORDED: usize = 3;
const ADVICE: usize = 4;
const NONE: usize = 5;

const AGES: &[&str] = &[
    "under 18",
    "18 to 25",
    "26 to 64",
    "65 to 84",
    "85 and over",
    "not known",
];

/// Which category an event of a carer is in; none for what the published tables leave out (requests that did not
/// end in advice, services of other kinds). `component`: whether a direct payment may be known by the component.
fn category(event: &Event, component: bool) -> Option<usize> {
    let advice = event.outcome == Outcome::Advice;
    match event.kind {
        EventType::Service => match event.service_type {
            ServiceType::CarerDirect => Some(match event.mechanism {
                _ if component && event.component == Component::DirectPayment => DIRECT_PAYMENT,
                Mechanism::DirectPayment => DIRECT_PAYMENT,
                Mechanism::ManagedBudget => MANAGED_BUDGET,
                Mechanism::Commissioned => COMMISSIONED,
                _ => NOT_RECORDED,
            }),
            ServiceType::CarerInvolvingCaredFor => Some(NONE),
            _ => None,
        },
        EventType::Assessment | EventType::Review => Some(if advice { ADVICE } else { NONE }),
        EventType::Request => advice.then_some(ADVICE),
        EventType::Blank | EventType::Invalid => None,
    }
}

const LTS003: &[Division] = &[
    Division {
        by: "support",
        groups: SUPPORT,
        shares: false,
    },
    Division {
        by: "age",
        groups: AGES,
        shares: false,
    },
];

const ASCOF_3D: &[Division] = &[
    Division {
        by: "age",
        groups: Band::NAMES,
        shares: true,
    },
    Division {
        by: "how support is arranged",
        groups: SUPPORT,
        shares: false,
    },
];

pub(super) struct Carers {
    year: Interval,
    supported: Table,
    self_directed: Table,
    direct_payment: Table,
}

impl Carers {
    pub(super) fn new(year: Interval) -> Carers {
        Carers {
            year,
            supported: Table::new(LTS003),
            self_directed: Table::new(ASCOF_3D),
            direct_payment: Table::new(ASCOF_3D),
        }
    }

    pub(super) fn lts003(&self, needs: &Needs) -> [Measure; 1] {
        [SUPPORTED.number(
            self.year,
            needs.lack(&ALL_EVENTS, self.year),
            &self.supported,
        )]
    }

    pub(super) fn ascof_3d(&self, needs: &Needs) -> [Measure; 2] {
        let lacks = || needs.lack(&ALL_EVENTS, self.year);
        let nobody = "no unpaid carer is recorded with a direct payment, a managed budget or commissioned support";
        [
            SELF_DIRECTED.share(self.year, lacks(), &self.self_directed, nobody),
            PAYMENT.share(self.year, lacks(), &self.direct_payment, nobody),
        ]
    }

    /// The first category of any event that `ends` in the year or after.
    fn first(
        &self,
        someone: &Someone<'_>,
        component: bool,
        ends: impl Fn(&Event) -> Day,
    ) -> Option<usize> {
        someone
            .events
            .iter()
            .filter(|e| e.client == ClientType::Carer && ends(e) >= self.year.start)
            .filter_map(|e| category(e, component))
            .min()
    }
}

impl Family for Carers {
    fn take(&mut self, someone: &Someone<'_>) {
        if someone.died_before(self.year.start) {
            return;
        }
        if let Some(support) = self.first(someone, false, |e| e.end) {
            let age = match someone.age_on(self.year.end) {
                Some(..18) => 0,
                Some(18..=25) => 1,
                Some(26..=64) => 2,
                Some(65..=84) => 3,
                Some(85..) => 4,
                None => 5,
            };
            self.supported.add(true, &[Some(support), Some(age)]);
        }
        // The Department ends events at death, and drops those that start after it.
        let ends = |e: &Event| {
            if someone.died_before(e.start) {
                Day::EARLIEST
            } else {
                someone.end_of(e)
            }
        };
        let band = someone.band_on(self.year.end);
        if band != Band::Under18
            && let Some(support) = self.first(someone, true, ends)
        {
            if support <= COMMISSIONED {
                self.self_directed
                    .add(support <= MANAGED_BUDGET, &[band.place()]);
                self.direct_payment
                    .add(support == DIRECT_PAYMENT, &[band.place()]);
            }
            self.self_directed.count(1, support);
            self.direct_payment.count(1, support);
        }
    }

    fn merge(&mut self, other: Carers) {
        self.supported.merge(&other.supported);
        self.self_directed.merge(&other.self_directed);
        self.direct_payment.merge(&other.direct_payment);
    }
}

const SUPPORTED: About = About {
    id: "lts003",
    title: "Unpaid carers with support, an assessment or advice in the year (LTS003)",
    method: "NHS England, SALT LTS003 from Client Level Data (May 2024)",
    unit: "people",
    note: "Every unpaid carer with a carer's service, an assessment, a care review, or a request that ended in advice in \
           the year, once, by the best support. A direct payment is known by the delivery mechanism only, as published. \
           Carers of all ages count. Carers who are only named on somebody else's file have no event and are in \
           neither figure, and work of partner organisations is often missing from returns.",
};

const SELF_DIRECTED: About = About {
    id: "ascof_3d_carers_self_directed",
    title: "Unpaid carers with support whose support is self-directed (ASCOF 3D)",
    method: "Department of Health and Social Care, ASCOF 3D (2024-25 on)",
    unit: "share",
    note: "Of unpaid carers with a direct payment, a managed personal budget or commissioned support in the year, those \
           with the first two. Where the delivery mechanism is not recorded a carer is in neither number. The published \
           code takes the youngest of several ages, because birth dates of the person cared for get into carers' rows; \
           the record keeps the oldest that can be true, so carers can move between age bands. It also leaves out \
           services whose component is blank.",
};

const PAYMENT: About = About {
    id: "ascof_3d_carers_direct_payment",
    title: "Unpaid carers with support who have a direct payment (ASCOF 3D)",
    note: "Counted as self-directed support of unpaid carers, with direct payments only: by the delivery mechanism or by \
           the service component.",
    ..SELF_DIRECTED
};
