//! Waiting times: from a request to the first response, and to the first service.

use candour_record::codes::{AssessmentType, ClientType, EventType, Outcome, ServiceType};
use candour_record::{Day, Event, Interval, Record};

use super::needs::{Needs, month_in_words};
use super::someone::Someone;
use super::table::About;
use super::{Family, Measure, MeasureGroup};

/// The published tables begin with requests of this day, the first of the national collection: 1 April 2023.
const FIRST_REQUEST: Day = Day(19_448);
const LEAST_AGE: i64 = 25;
/// Long-term support that ended within so many months before a request makes it one of an existing client,
const LONG_TERM_MONTHS: i64 = 12;
/// and so does reablement or other short-term support.
const SHORT_TERM_MONTHS: i64 = 3;
/// Before a quarter so many months must be covered, as they are before the first published quarter.
const RUN_IN_MONTHS: i64 = 12;

const KINDS: [EventType; 3] = [
    EventType::Request,
    EventType::Assessment,
    EventType::Service,
];

const BANDS: [&str; 2] = ["25 to 64", "65 and over"];

/// Of the last four calendar quarters that ended by as-of, those that the returns cover with 12 months before them;
/// they follow on from each other.
pub(super) fn quarters(record: &Record) -> Vec<Interval> {
    let after = record.as_of.plus(1);
    let this_quarter = after.month_index().div_euclid(3) * 3;
    (1..=4)
        .rev()
        .map(|back| {
            let first = Day::first_of_month(this_quarter - 3 * back);
            Interval::new(first, first.plus_months(3).plus(-1))
        })
        .filter(|quarter| {
            let days = Interval::new(quarter.start.plus_months(-RUN_IN_MONTHS), quarter.end);
            KINDS.iter().all(|kind| {
                let covered = record.coverage.of(*kind);
                !covered.is_empty() && covered.covers(days)
            })
        })
        .collect()
}

/// Waits in days, by quarter and age band.
#[derive(Clone)]
struct Waits(Vec<[Vec<i64>; 2]>);

impl Waits {
    fn add(&mut self, days: i64, quarter: usize, band: usize) {
        if let Some(waits) = self
            .0
            .get_mut(quarter)
            .and_then(|bands| bands.get_mut(band))
        {
            waits.push(days);
        }
    }

    fn merge(&mut self, other: Waits) {
        for (to, from) in self
            .0
            .iter_mut()
            .flatten()
            .zip(other.0.into_iter().flatten())
        {
            to.extend(from);
        }
    }

    fn of(&self, quarters: impl Fn(usize) -> bool, bands: impl Fn(usize) -> bool) -> Spread {
        let mut waits: Vec<i64> = self
            .0
            .iter()
            .enumerate()
            .filter(|(quarter, _)| quarters(*quarter))
            .flat_map(|(_, both)| both.iter().enumerate())
            .filter(|(band, _)| bands(*band))
            .flat_map(|(_, waits)| waits.iter().copied())
            .collect();
        waits.sort_unstable();
        Spread {
            number: waits.len() as u64,
            median: percentile(&waits, 5),
            percentile_90: percentile(&waits, 9),
        }
    }
}

struct Spread {
    number: u64,
    median: Option<f64>,
    percentile_90: Option<f64>,
}

/// Continuous percentile of sorted numbers, as SQL's PERCENTILE_CONT: between neighbours it goes in a straight line.
/// `tenths`: 5 for the median, 9 for the 90th percentile. In whole numbers, so that it is rounded once.
fn percentile(sorted: &[i64], tenths: usize) -> Option<f64> {
    let place = tenths * sorted.len().checked_sub(1)?;
    let (below, above) = (*sorted.get(place / 10)?, *sorted.get(place.div_ceil(10))?);
    Some((10 * below + (place % 10) as i64 * (above - below)) as f64 / 10.0)
}

pub(super) struct Waiting {
    quarters: Vec<Interval>,
    response: Waits,
    service: Waits,
    chain: Vec<Link>,
    followed: Vec<Followed>,
}

/// An event in a person's chain. Ordered by day and, on one day, request, assessment, service.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Link {
    day: Day,
    kind: LinkKind,
    /// Of an assessment: whether its outcome leads to support.
    progress: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum LinkKind {
    Request,
    Assessment,
    Service,
}

/// A request with the places in the chain of what followed it.
struct Followed {
    request: usize,
    response: Option<usize>,
    service: Option<usize>,
}

impl Waiting {
    pub(super) fn new(quarters: &[Interval]) -> Waiting {
        let none = Waits(vec![[Vec::new(), Vec::new()]; quarters.len()]);
        Waiting {
            quarters: quarters.to_vec(),
            response: none.clone(),
            service: none,
            chain: Vec::new(),
            followed: Vec::new(),
        }
    }

    /// Finds the first response to and the first service after each request of the chain.
    fn follow(&mut self) {
        self.followed.clear();
        let after = |from: usize, kind: LinkKind| {
            let rest = self.chain.get(from + 1..)?;
            rest.iter()
                .position(|l| l.kind == kind)
                .map(|i| from + 1 + i)
        };
        for (request, _) in self
            .chain
            .iter()
            .enumerate()
            .filter(|(_, l)| l.kind == LinkKind::Request)
        {
            let assessment = after(request, LinkKind::Assessment);
            let service = after(request, LinkKind::Service);
            let assessed_first = match (assessment, service) {
                (Some(a), Some(s)) => a < s,
                (assessment, _) => assessment.is_some(),
            };
            // Assessments with nothing between them are one block; one that leads to support is enough. A request
            // stands before the first, so the block begins with it.
            let leads_on = assessment
                .and_then(|a| self.chain.get(a..))
                .is_some_and(|block| {
                    block
                        .iter()
                        .take_while(|l| l.kind == LinkKind::Assessment)
                        .any(|l| l.progress)
                });
            self.followed.push(Followed {
                request,
                response: if assessed_first { assessment } else { service },
                service: service.filter(|_| !assessed_first || leads_on),
            });
        }
    }

    fn count(&mut self, someone: &Someone<'_>) {
        let (mut responded, mut served) = (None, None);
        let mut before: Option<&Followed> = None;
        for followed in &self.followed {
            let shares =
                |this: Option<usize>, earlier: Option<usize>| this.is_some() && this <= earlier;
            // Starts before what followed the previous request had all begun, or shares it.
            let belongs_to_another = before
                .is_some_and(|b| b.response.max(b.service) > Some(followed.request))
                || shares(followed.response, responded)
                || shares(followed.service, served);
            if !belongs_to_another {
                for (follower, waits) in [
                    (followed.response, &mut self.response),
                    (followed.service, &mut self.service),
                ] {
                    let day_of = |place: usize| self.chain.get(place).map(|l| l.day);
                    let (Some(asked), Some(day)) =
                        (day_of(followed.request), follower.and_then(day_of))
                    else {
                        continue;
                    };
                    let quarter = self.quarters.iter().position(|q| q.contains(day));
                    if let (Some(quarter), Some(band)) = (quarter, someone.band_on(day).place()) {
                        waits.add(day.since(asked), quarter, band);
                    }
                }
            }
            responded = responded.max(followed.response);
            served = served.max(followed.service);
            before = Some(followed);
        }
    }

    pub(super) fn measures(&self, needs: &Needs, year: Interval) -> [Measure; 2] {
        [
            self.measure(&RESPONSE, &self.response, needs, year),
            self.measure(&SERVICE, &self.service, needs, year),
        ]
    }

    fn measure(&self, about: &About, waits: &Waits, needs: &Needs, year: Interval) -> Measure {
        let (Some(first), Some(last)) = (self.quarters.first(), self.quarters.last()) else {
            return about.cannot_tell(year, too_short(needs, year.end));
        };
        let mut groups = Vec::new();
        let mut group = |by: &'static str, name: String, spread: Spread| {
            groups.push(MeasureGroup {
                by,
                group: name,
                numerator: None,
                denominator: Some(spread.number),
                value: spread.median,
                percentile_90: spread.percentile_90,
            });
        };
        for (band, name) in BANDS.iter().enumerate() {
            group("age", (*name).to_owned(), waits.of(|_| true, |b| b == band));
        }
        for (place, quarter) in self.quarters.iter().enumerate() {
            for (band, name) in BANDS.iter().enumerate() {
                group(
                    "quarter and age",
                    format!("{}, {name}", in_words(*quarter)),
                    waits.of(|q| q == place, |b| b == band),
                );
            }
        }
        let all = waits.of(|_| true, |_| true);
        Measure {
            denominator: Some(all.number),
            value: all.median,
            percentile_90: all.percentile_90,
            cannot_tell: (all.number == 0)
                .then(|| "nothing that followed a request began in the period".to_owned()),
            groups,
            ..about.cannot_tell(Interval::new(first.start, last.end), String::new())
        }
    }
}

/// Why there is no quarter: what the last whole one would need.
fn too_short(needs: &Needs, as_of: Day) -> String {
    let after = as_of.plus(1).month_index().div_euclid(3) * 3;
    let start = Day::first_of_month(after - 3);
    let days = Interval::new(
        start.plus_months(-RUN_IN_MONTHS),
        start.plus_months(3).plus(-1),
    );
    needs
        .lack(&KINDS, days)
        .unwrap_or_else(|| "no calendar quarter is covered".to_owned())
}

/// January to March 2025
fn in_words(quarter: Interval) -> String {
    let (year, _, _) = quarter.end.ymd();
    format!(
        "{} to {} {year}",
        month_in_words(quarter.start),
        month_in_words(quarter.end)
    )
}

/// A request of somebody new that asks for something to follow.
fn is_valid_request(event: &Event, someone: &Someone<'_>) -> bool {
    event.is_request_of(ClientType::ServiceUser)
        && event.start >= FIRST_REQUEST
        && !matches!(
            event.outcome,
            Outcome::Hospital
                | Outcome::Moved
                | Outcome::NhsFunded
                | Outcome::NhsReferral
                | Outcome::SelfFunded
                | Outcome::Advice
                | Outcome::ReferredWithin
                | Outcome::Declined
                | Outcome::Deceased
                | Outcome::EndedAsPlanned
                | Outcome::EndedOther
                | Outcome::NoneOffered
                | Outcome::Other
        )
        && !someone.events.iter().any(|service| {
            let months = match service.service_type {
                _ if service.kind != EventType::Service => return false,
                long if long.is_long_term() => LONG_TERM_MONTHS,
                ServiceType::ShortTermMax | ServiceType::ShortTermOther => SHORT_TERM_MONTHS,
                _ => return false,
            };
            service.start < event.start && service.end >= event.start.plus_months(-months)
        })
}

/// A short or long assessment that is not financial, or a short or long service, of a person of any client type.
fn follower(event: &Event) -> Option<LinkKind> {
    match event.kind {
        EventType::Assessment => matches!(
            event.assessment_type,
            AssessmentType::ShortTerm | AssessmentType::LongTerm
        )
        .then_some(LinkKind::Assessment),
        EventType::Service => (event.service_type.is_listed()
            && !event.service_type.is_carer_support())
        .then_some(LinkKind::Service),
        _ => None,
    }
}

impl Family for Waiting {
    fn take(&mut self, someone: &Someone<'_>) {
        let old_enough = |e: &&Event| {
            someone.age_on(e.start).is_some_and(|age| age >= LEAST_AGE)
                && !someone.died_before(e.start)
        };
        self.chain.clear();
        for event in someone.events.iter().filter(old_enough) {
            let kind = match event.kind {
                EventType::Request => is_valid_request(event, someone).then_some(LinkKind::Request),
                _ => follower(event),
            };
            self.chain.extend(kind.map(|kind| Link {
                day: event.start,
                kind,
                progress: matches!(
                    event.outcome,
                    Outcome::Reablement | Outcome::SupportPlanning | Outcome::Continuation
                ),
            }));
        }
        if self.chain.iter().any(|l| l.kind == LinkKind::Request) {
            self.chain.sort_unstable();
            self.follow();
            self.count(someone);
        }
    }

    fn merge(&mut self, other: Waiting) {
        self.response.merge(other.response);
        self.service.merge(other.service);
    }
}

const RESPONSE: About = About {
    id: "waiting_first_response",
    title: "Days from a request of somebody new to the first response",
    method: "Department of Health and Social Care, waiting times, draft statistic (version 1.1, May 2026)",
    unit: "days",
    note: "The median, from start to start, of new clients aged 25 and over; the response is the first assessment or \
           service, and its start decides the quarter. The published figures are those by quarter and age; the others, \
           and the 90th percentile, are ours. Only waits that ended are seen: people still waiting are in no figure. \
           A request before July 2025 that was itself a first conversation counts as its own response (0 days) in the \
           published figure and not here, because Candour does not keep Event Description; where a council marks such \
           conversations the published median is lower.",
};

const SERVICE: About = About {
    id: "waiting_first_service",
    title: "Days from a request of somebody new to the first service",
    note: "Counted as the first response, to the start of the first service; not where the assessments in between led \
           to nothing. Only waits that ended are seen: people still waiting are in no figure. The 90th percentile is ours.",
    ..RESPONSE
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_count_from_the_start_of_the_collection() {
        assert_eq!(FIRST_REQUEST.to_string(), "2023-04-01");
    }

    #[test]
    fn percentiles_are_continuous() {
        // PERCENTILE_CONT(0.5) of 1, 2, 4, 10 lies half way from 2 to 4; 0.9 at place 2.7: 4 + 0.7 * 6.
        assert_eq!(percentile(&[1, 2, 4, 10], 5), Some(3.0));
        assert_eq!(percentile(&[1, 2, 4, 10], 9), Some(8.2));
        assert_eq!(percentile(&[7], 9), Some(7.0));
        assert_eq!(percentile(&[], 5), None);
    }
}
