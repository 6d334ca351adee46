//! How many people have long-term support (LTS001), and whether their support was looked at again (LTS002b).

use candour_record::codes::{ClientType, EventType, Method, ReviewReason, ServiceType};
use candour_record::{Day, Event, Interval};

use super::needs::Needs;
use super::someone::{Band, Someone};
use super::table::{About, Division, Table};
use super::{Family, Measure};

/// In the published order: somebody in several settings is counted in the first.
const SETTINGS: &[&str] = &["nursing care", "residential care", "community", "prison"];

const SETTINGS_AND_AGES: &[&str] = &[
    "nursing care, 18 to 64",
    "nursing care, 65 and over",
    "residential care, 18 to 64",
    "residential care, 65 and over",
    "community, 18 to 64",
    "community, 65 and over",
    "prison, 18 to 64",
    "prison, 65 and over",
];

macro_rules! by_age_and_setting {
    ($($more:expr),* $(,)?) => {
        &[
            Division { by: "age", groups: Band::NAMES, shares: true },
            Division { by: "setting", groups: SETTINGS, shares: true },
            Division { by: "setting and age", groups: SETTINGS_AND_AGES, shares: true },
            $($more),*
        ]
    };
}

/// Where those whom the method leaves out are counted.
const LEFT_OUT: usize = 3;

const PEOPLE: &[Division] = by_age_and_setting![Division {
    by: "not counted",
    groups: &["under 18", "age not known"],
    shares: false,
}];

const REVIEWED: &[Division] = by_age_and_setting![Division {
    by: "not counted as reviewed, with a care review in the year",
    groups: &[
        "how the review was held is not recorded",
        "only the unpaid carer took part",
        "the reason is not recorded",
        "of short-term support only",
    ],
    shares: false,
}];

const REVIEWED_ONE_WAY: &[Division] = by_age_and_setting![];

pub(super) struct LongTerm {
    year: Interval,
    /// Chains of support that count as long began before this day.
    long_before: Day,
    in_year: Table,
    at_end: Table,
    over_12_months: Table,
    reviewed: Table,
    planned: Table,
    unplanned: Table,
}

impl LongTerm {
    pub(super) fn new(year: Interval) -> LongTerm {
        LongTerm {
            year,
            long_before: year.end.plus_months(-12),
            in_year: Table::new(PEOPLE),
            at_end: Table::new(PEOPLE),
            over_12_months: Table::new(PEOPLE),
            reviewed: Table::new(REVIEWED),
            planned: Table::new(REVIEWED_ONE_WAY),
            unplanned: Table::new(REVIEWED_ONE_WAY),
        }
    }

    /// Whether the unbroken support that runs on the last day began more than 12 months before.
    fn is_long(&self, someone: &Someone<'_>) -> bool {
        let mut chain: Option<(Day, Day)> = None;
        for event in someone.long_term() {
            chain = Some(match chain {
                // The day after the end at the latest. The running maximum, so that a short service inside a long
                // one breaks nothing.
                Some((start, end)) if event.start <= end.plus(1) => (start, end.max(event.end)),
                _ => (event.start, event.end),
            });
        }
        chain.is_some_and(|(start, end)| end >= self.year.end && start < self.long_before)
    }

    fn review(&mut self, someone: &Someone<'_>, places: &[Option<usize>]) {
        let mut seen = Reviews::default();
        for event in someone.events {
            if event.kind == EventType::Review
                && event.client == ClientType::ServiceUser
                && self.year.contains(event.end)
            {
                seen.take(event);
            }
        }
        self.reviewed.add(seen.planned || seen.unplanned, places);
        self.planned.add(seen.planned, places);
        self.unplanned.add(seen.unplanned, places);
        if !(seen.planned || seen.unplanned)
            && let Some(why) = seen.not_counted.iter().position(|seen| *seen)
        {
            self.reviewed.count(LEFT_OUT, why);
        }
    }

    pub(super) fn measures(&self, needs: &Needs) -> Vec<Measure> {
        let service = [EventType::Service];
        let last_day = Interval::new(self.year.end, self.year.end);
        let in_year = || needs.lack(&service, self.year);
        let reviews = || needs.lack(&[EventType::Service, EventType::Review], self.year);
        let nobody = "nobody had long-term support for over 12 months on the last day";
        vec![
            IN_YEAR.number(self.year, in_year(), &self.in_year),
            AT_END.number(last_day, needs.lack(&service, last_day), &self.at_end),
            OVER_12_MONTHS.number(last_day, in_year(), &self.over_12_months),
            REVIEWED_ANY.share(self.year, reviews(), &self.reviewed, nobody),
            REVIEWED_PLANNED.share(self.year, reviews(), &self.planned, nobody),
            REVIEWED_UNPLANNED.share(self.year, reviews(), &self.unplanned, nobody),
        ]
    }
}

impl Family for LongTerm {
    fn take(&mut self, someone: &Someone<'_>) {
        let setting = |on: &dyn Fn(&Event) -> bool| {
            someone
                .long_term()
                .filter(|e| on(e))
                .map(|e| e.service_type)
                .min()
        };
        let Some(in_year) = setting(&|e| e.end >= self.year.start) else {
            return;
        };
        let at_end = setting(&|e| e.active_on(self.year.end));
        let is_long = at_end.is_some() && self.is_long(someone);
        // The published age is that on the last day, for all three.
        let band = someone.band_on(self.year.end);
        let Some(age) = band.place() else {
            let why = usize::from(band == Band::Unknown);
            self.in_year.count(LEFT_OUT, why);
            if at_end.is_some() {
                self.at_end.count(LEFT_OUT, why);
            }
            if is_long {
                self.over_12_months.count(LEFT_OUT, why);
            }
            return;
        };
        self.in_year.add(true, &places(age, in_year));
        let Some(at_end) = at_end else { return };
        self.at_end.add(true, &places(age, at_end));
        if is_long {
            self.over_12_months.add(true, &places(age, at_end));
            self.review(someone, &places(age, at_end));
        }
    }

    fn merge(&mut self, other: LongTerm) {
        self.in_year.merge(&other.in_year);
        self.at_end.merge(&other.at_end);
        self.over_12_months.merge(&other.over_12_months);
        self.reviewed.merge(&other.reviewed);
        self.planned.merge(&other.planned);
        self.unplanned.merge(&other.unplanned);
    }
}

/// Places of an age band and a setting in the three divisions.
fn places(age: usize, setting: ServiceType) -> [Option<usize>; LEFT_OUT] {
    let setting = match setting {
        ServiceType::LongTermNursing => 0,
        ServiceType::LongTermResidential => 1,
        ServiceType::LongTermCommunity => 2,
        _ => 3,
    };
    [Some(age), Some(setting), Some(2 * setting + age)]
}

/// What the care reviews of one person's year come to.
#[derive(Default)]
struct Reviews {
    planned: bool,
    unplanned: bool,
    /// By the groups of [`REVIEWED`].
    not_counted: [bool; 4],
}

impl Reviews {
    fn take(&mut self, event: &Event) {
        let planned = match event.review_reason {
            ReviewReason::Planned => true,
            ReviewReason::UnplannedHospital
            | ReviewReason::UnplannedCarer
            | ReviewReason::UnplannedSafeguarding
            | ReviewReason::UnplannedOther
            | ReviewReason::UnplannedProviderFailure
            | ReviewReason::UnplannedCommissioning => false,
            // Must not count as a review of long-term support.
            ReviewReason::ShortTermSupport => return self.not_counted[3] = true,
            ReviewReason::Blank | ReviewReason::Invalid => return self.not_counted[2] = true,
        };
        match event.method {
            Method::PersonOnly | Method::PersonAndCarer => {
                self.planned |= planned;
                self.unplanned |= !planned;
            }
            Method::CarerOnly => self.not_counted[1] = true,
            Method::Blank | Method::Invalid => self.not_counted[0] = true,
        }
    }
}

const IN_YEAR: About = About {
    id: "lts001a",
    title: "People with long-term support in the year (LTS001a)",
    method: "NHS England, SALT LTS001a from Client Level Data (May 2024)",
    unit: "people",
    note: "Everybody with a long-term service on any day of the year, once, in the first of nursing care, residential \
           care, community and prison. As published, under 18s on the last day and people whose age is not known are \
           left out. The published figure reads the last return only; this one reads all that were given. A service \
           that a later return no longer holds is taken to end where that return begins.",
};

const AT_END: About = About {
    id: "lts001b",
    title: "People with long-term support on the last day (LTS001b)",
    method: "NHS England, SALT LTS001b from Client Level Data (May 2024)",
    unit: "people",
    note: "Counted as LTS001a, on one day. The published snapshot is 31 March; this one is the day of the inspection.",
};

const OVER_12_MONTHS: About = About {
    id: "lts001c",
    title: "People with long-term support for over 12 months (LTS001c)",
    method: "NHS England, SALT LTS001c from Client Level Data (May 2024), with one fault mended",
    unit: "people",
    note: "Of LTS001b, those whose services follow on from each other without an uncovered day since before the same \
           day of the year before. The published code compares a service only with the row before it, so a short \
           service inside a long one breaks the chain there and not here: the published figure can be lower. Where a \
           council starts all its services anew on one day (a new system, 1 April), both are far too low.",
};

const REVIEWED_ANY: About = About {
    id: "lts002b",
    title: "People with support for over 12 months who had a care review in the year (LTS002b)",
    method: "NHS England, SALT LTS002b, approach of the Central Transformation Principles (May 2024; no code published)",
    unit: "share",
    note: "Of LTS001c, those with a planned or unplanned care review that ended in the year and in which the person \
           took part. A review whose reason or method is blank does not count, by the published words; how many people \
           have only such reviews is given beside it. A reassessment is no review here.",
};

const REVIEWED_PLANNED: About = About {
    id: "lts002b_planned",
    title: "People with support for over 12 months who had a planned care review in the year (LTS002b)",
    note: "Counted as LTS002b, planned care reviews only. Somebody with both kinds is in both figures.",
    ..REVIEWED_ANY
};

const REVIEWED_UNPLANNED: About = About {
    id: "lts002b_unplanned",
    title: "People with support for over 12 months who had an unplanned care review in the year (LTS002b)",
    note: "Counted as LTS002b, unplanned care reviews only. Somebody with both kinds is in both figures.",
    ..REVIEWED_ANY
};
