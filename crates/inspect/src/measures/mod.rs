//! Published measures by the published methods, so that an analyst can check our numbers against the
//! council's own return before trusting anything else.
//!
//! The methods are those of NHS England's SALT and ASCOF transformations of Client Level Data (May 2024)
//! and of the Department of Health and Social Care's dashboard code (2026). What differs is that they start
//! from submissions, one or several, by keys of their own, and we from the joined record; each measure says
//! in its `note` what that changes. `tests/oracle/measures.py` works all of them out a second time.

mod care_homes;
mod carers;
mod long_term;
mod needs;
mod reablement;
mod self_directed;
mod someone;
mod table;
mod waiting;

use candour_record::codes::EventType;
use candour_record::{Day, Interval, Record};
use rayon::prelude::*;
use serde::Serialize;

use self::care_homes::CareHomes;
use self::carers::Carers;
use self::long_term::LongTerm;
use self::needs::Needs;
use self::reablement::Reablement;
use self::self_directed::SelfDirected;
use self::someone::Someone;
use self::waiting::Waiting;

/// One published measure.
#[derive(Clone, Debug, Serialize)]
pub struct Measure {
    /// `lts001a`, `lts001b`, `lts001c`, `lts002b`, `ascof_2a`, `ascof_2b`, `ascof_2c`, `ascof_3d_self_directed`, ...
    pub id: &'static str,
    pub title: &'static str,
    /// Whose method, in words.
    pub method: &'static str,
    /// The days it is about, ISO.
    pub period: [String; 2],
    /// `None` for a median, and where `cannot_tell`.
    pub numerator: Option<u64>,
    /// `None` for a count, and where `cannot_tell`; for a median the number of waits.
    pub denominator: Option<u64>,
    /// A count, a share from 0 to 1, or the median in days, by `unit`.
    pub value: Option<f64>,
    /// 90th percentile in days, where the unit is days. Ours: the published methods give the median only.
    pub percentile_90: Option<f64>,
    /// `people`, `share`, `days`.
    pub unit: &'static str,
    /// Why there is no value.
    pub cannot_tell: Option<String>,
    /// How it may differ from the published figure.
    pub note: &'static str,
    pub groups: Vec<MeasureGroup>,
}

/// A part of a measure: an age band, a setting. The groups of one `by` add up to the whole, apart from people
/// whose age is not known where the method counts them in the whole only, and from those said to be not counted.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureGroup {
    /// How the whole is divided: `age`, `setting`, `setting and age`, `quarter and age`, `result`, ...
    pub by: &'static str,
    pub group: String,
    pub numerator: Option<u64>,
    /// `None` where the group is no share of anything.
    pub denominator: Option<u64>,
    pub value: Option<f64>,
    pub percentile_90: Option<f64>,
}

/// What a family of measures counts, person by person.
trait Family: Send + Sized {
    /// Counts one person in.
    fn take(&mut self, someone: &Someone<'_>);
    /// Adds what another worker counted.
    fn merge(&mut self, other: Self);
}

/// Every family, for one worker.
struct Counts {
    long_term: LongTerm,
    carers: Carers,
    reablement: Reablement,
    care_homes: CareHomes,
    self_directed: SelfDirected,
    waiting: Waiting,
}

impl Counts {
    fn new(days: &Days) -> Counts {
        Counts {
            long_term: LongTerm::new(days.year),
            carers: Carers::new(days.year),
            reablement: Reablement::new(days.lagged_year),
            care_homes: CareHomes::new(days.year),
            self_directed: SelfDirected::new(days.year.end),
            waiting: Waiting::new(&days.quarters),
        }
    }

    fn take(&mut self, someone: &Someone<'_>) {
        self.long_term.take(someone);
        self.carers.take(someone);
        self.reablement.take(someone);
        self.care_homes.take(someone);
        self.self_directed.take(someone);
        self.waiting.take(someone);
    }

    fn merge(mut self, other: Counts) -> Counts {
        self.long_term.merge(other.long_term);
        self.carers.merge(other.carers);
        self.reablement.merge(other.reablement);
        self.care_homes.merge(other.care_homes);
        self.self_directed.merge(other.self_directed);
        self.waiting.merge(other.waiting);
        self
    }
}

/// The periods that the measures are about.
struct Days {
    /// The 12 months that end at as-of.
    year: Interval,
    /// The 12 months that end 7 days before as-of: what followed reablement is looked for in 7 days more.
    lagged_year: Interval,
    /// Of the last four calendar quarters that ended by as-of, those with 12 months of coverage before them.
    quarters: Vec<Interval>,
}

impl Days {
    fn of(record: &Record) -> Days {
        Days {
            year: twelve_months_to(record.as_of),
            lagged_year: twelve_months_to(record.as_of.plus(-reablement::SEQUEL_DAYS)),
            quarters: waiting::quarters(record),
        }
    }
}

/// (Same day a year before, `end`].
fn twelve_months_to(end: Day) -> Interval {
    Interval::new(end.plus_months(-12).plus(1), end)
}

/// Every published measure that the record can show, or why it cannot be told.
pub fn measures(record: &Record) -> Vec<Measure> {
    let days = Days::of(record);
    let counts = (0..record.people.len() as u32)
        .into_par_iter()
        .with_min_len(2048)
        .fold(
            || Counts::new(&days),
            |mut counts, person| {
                if let Some(someone) = Someone::of(record, person) {
                    counts.take(&someone);
                }
                counts
            },
        )
        .reduce(|| Counts::new(&days), Counts::merge);
    let needs = Needs::new(record.coverage);
    let mut out = counts.long_term.measures(&needs);
    out.extend(counts.carers.lts003(&needs));
    out.push(counts.reablement.measure(&needs, record.as_of));
    out.extend(counts.care_homes.measures(&needs));
    out.push(settled_accommodation(days.year));
    out.extend(counts.self_directed.measures(&needs));
    out.extend(counts.carers.ascof_3d(&needs));
    out.extend(counts.waiting.measures(&needs, days.year));
    out
}

/// ASCOF 2E asks for a column that the record does not keep.
fn settled_accommodation(year: Interval) -> Measure {
    table::About {
        id: "ascof_2e",
        title: "People in long-term support who live in settled accommodation (ASCOF 2E)",
        method: "Department of Health and Social Care, ASCOF 2E (2024-25 on)",
        unit: "share",
        note: "The council's case system can give it: the latest Accommodation Status of everybody with long-term \
               support in the year.",
    }
    .cannot_tell(
        year,
        "Candour does not keep Accommodation Status from the return, and this measure needs it".to_owned(),
    )
}

/// The event types that a person may have, all of them.
const ALL_EVENTS: [EventType; 4] = [
    EventType::Request,
    EventType::Assessment,
    EventType::Service,
    EventType::Review,
];
