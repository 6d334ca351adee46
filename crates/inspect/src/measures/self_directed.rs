//! Self-directed support and direct payments of people who draw on care (ASCOF 3D, clients).

use candour_record::codes::{Component, EventType, Mechanism, ServiceType};
use candour_record::{Day, Event, Interval};

use super::needs::Needs;
use super::someone::{Band, Someone};
use super::table::{About, Division, Table};
use super::{Family, Measure};

/// Places in the published order of services; a person is counted at the first.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Support {
    CareHome,
    DirectPayment,
    ManagedBudget,
    Commissioned,
    NotRecorded,
    Prison,
}

const WAYS: &[&str] = &[
    "direct payment",
    "managed personal budget",
    "commissioned by the council",
    "not recorded",
];

fn support(event: &Event) -> Support {
    match event.service_type {
        ServiceType::LongTermNursing | ServiceType::LongTermResidential => Support::CareHome,
        ServiceType::LongTermCommunity => match (event.component, event.mechanism) {
            (Component::DirectPayment, _) | (_, Mechanism::DirectPayment) => Support::DirectPayment,
            (_, Mechanism::ManagedBudget) => Support::ManagedBudget,
            (_, Mechanism::Commissioned) => Support::Commissioned,
            _ => Support::NotRecorded,
        },
        _ => Support::Prison,
    }
}

const DIVISIONS: &[Division] = &[
    Division {
        by: "age",
        groups: Band::NAMES,
        shares: true,
    },
    Division {
        by: "how support is arranged",
        groups: WAYS,
        shares: false,
    },
];

pub(super) struct SelfDirected {
    day: Day,
    self_directed: Table,
    direct_payment: Table,
}

impl SelfDirected {
    pub(super) fn new(day: Day) -> SelfDirected {
        SelfDirected {
            day,
            self_directed: Table::new(DIVISIONS),
            direct_payment: Table::new(DIVISIONS),
        }
    }

    pub(super) fn measures(&self, needs: &Needs) -> [Measure; 2] {
        let day = Interval::new(self.day, self.day);
        let lacks = || needs.lack(&[EventType::Service], day);
        let nobody = "nobody had long-term support in the community on the last day";
        [
            SELF_DIRECTED.share(day, lacks(), &self.self_directed, nobody),
            DIRECT_PAYMENT.share(day, lacks(), &self.direct_payment, nobody),
        ]
    }
}

impl Family for SelfDirected {
    fn take(&mut self, someone: &Someone<'_>) {
        let first = someone
            .long_term()
            .filter(|e| e.active_on(self.day))
            .map(support)
            .min();
        let way = match first {
            Some(Support::DirectPayment) => 0,
            Some(Support::ManagedBudget) => 1,
            Some(Support::Commissioned) => 2,
            Some(Support::NotRecorded) => 3,
            None | Some(Support::CareHome | Support::Prison) => return,
        };
        let band = someone.band_on(self.day);
        if band == Band::Under18 {
            return;
        }
        self.self_directed.add(way <= 1, &[band.place()]);
        self.direct_payment.add(way == 0, &[band.place()]);
        self.self_directed.count(1, way);
        self.direct_payment.count(1, way);
    }

    fn merge(&mut self, other: SelfDirected) {
        self.self_directed.merge(&other.self_directed);
        self.direct_payment.merge(&other.direct_payment);
    }
}

const SELF_DIRECTED: About = About {
    id: "ascof_3d_self_directed",
    title: "People with community support whose support is self-directed (ASCOF 3D)",
    method: "Department of Health and Social Care, ASCOF 3D (2024-25 on)",
    unit: "share",
    note: "Of people with long-term support in the community, and in no care home, on the last day, those with a direct \
           payment or a managed personal budget. Where the delivery mechanism is not recorded they stay in the \
           denominator, so a council that leaves the field blank looks worse than it is. People whose age is not known \
           are in the whole only.",
};

const DIRECT_PAYMENT: About = About {
    id: "ascof_3d_direct_payment",
    title: "People with community support who have a direct payment (ASCOF 3D)",
    note: "Counted as self-directed support, with direct payments only: by the delivery mechanism or by the service \
           component. People whose age is not known are in the whole only.",
    ..SELF_DIRECTED
};
