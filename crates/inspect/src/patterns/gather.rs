//! What patterns are found in: decisions about people, changes in their support, and waits, in one pass over everybody.

use candour_record::codes::{ClientType, Eligible, Outcome, ServiceType};
use candour_record::{
    Day, Event, Interval, Record, Timeline, Timelines, exit_in, steps, support_on,
    support_on_two_days,
};
use candour_stats::Wait;
use rayon::prelude::*;

use super::numbers::Numbers;
use crate::local::LocalFacts;
use crate::strata::age_band;

/// What a decision may rightly turn on, as numbers of groups.
pub(crate) const MIX: usize = 5;

/// Age band, support reason, route of access, setting, and whether the field it is read from was filled in.
pub(crate) type Mix = [u8; MIX];

/// One decision about a person: whether it went one way.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Decision {
    pub person: u32,
    pub day: Day,
    pub yes: bool,
    pub mix: Mix,
}

/// One new package: what it costs a week.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Package {
    pub day: Day,
    pub mix: Mix,
    /// Pence a week.
    pub cost: f64,
}

/// A change in one person's support.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    pub person: u32,
    pub day: Day,
    pub share_left: f64,
    /// Pence a week afterwards.
    pub after: f64,
    pub district: u16,
    pub setting: ServiceType,
}

/// Support of one person on two days a year apart, with no fall between.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slow {
    pub ratio: f64,
    /// Whether any single change was as large as a fall or such a rise.
    pub in_one_step: bool,
}

/// Everything that patterns are found in.
#[derive(Default)]
pub(crate) struct Gathered {
    /// Requests that ended: whether they reach assessment.
    pub front: Vec<Decision>,
    /// The closing code of each request, in the order of `front`.
    pub closing: Vec<Outcome>,
    /// Needs assessments: whether they find eligible needs.
    pub eligible: Vec<Decision>,
    pub packages: Vec<Package>,
    /// Care reviews: whether a fall follows.
    pub reviews: Vec<Decision>,
    /// Falls with no care review in the days before.
    pub falls_without_review: u64,
    /// Days in support of everybody, for what chance alone would bring near a care review.
    pub days_in_support: u64,
    /// Requests promised an assessment: whether one ended in time.
    pub in_time: Vec<Decision>,
    /// Waits to the end of the assessment and to the first service.
    pub to_assessment: Vec<Wait>,
    pub to_service: Vec<Wait>,
    /// Start of each wait, in the order of `to_assessment`.
    pub wait_started: Vec<Day>,
    /// People supported for a year: whether a care review or needs assessment took place in it.
    pub reviewed: Vec<Decision>,
    pub changes: Vec<Change>,
    pub slow: Vec<Slow>,
}

impl Gathered {
    fn merge(mut self, mut other: Gathered) -> Gathered {
        self.front.append(&mut other.front);
        self.closing.append(&mut other.closing);
        self.eligible.append(&mut other.eligible);
        self.packages.append(&mut other.packages);
        self.reviews.append(&mut other.reviews);
        self.falls_without_review += other.falls_without_review;
        self.days_in_support += other.days_in_support;
        self.in_time.append(&mut other.in_time);
        self.to_assessment.append(&mut other.to_assessment);
        self.to_service.append(&mut other.to_service);
        self.wait_started.append(&mut other.wait_started);
        self.reviewed.append(&mut other.reviewed);
        self.changes.append(&mut other.changes);
        self.slow.append(&mut other.slow);
        self
    }
}

/// The days on which slow change is compared, where coverage of services allows.
pub(crate) fn slow_window(record: &Record, numbers: &Numbers<'_>) -> Option<(Day, Day)> {
    // A fall of the last fortnight is not seen as one yet.
    let to = record
        .as_of
        .min(record.coverage.service.end)
        .plus(-record.settings.fall_after_days);
    let from = to.plus_months(-numbers.get("slow_months"));
    let start = record.coverage.service.start;
    // A return of one year reaches back a fortnight less than that.
    let late = record.settings.fall_after_days + 7;
    (start <= from.plus(late) && !record.coverage.service.is_empty()).then(|| (from.max(start), to))
}

/// The whole of what patterns are found in.
pub(crate) fn gather(
    council: &Timelines<'_>,
    local: &LocalFacts,
    numbers: &Numbers<'_>,
) -> Gathered {
    let window = slow_window(council.record, numbers);
    let scope = Scope {
        council,
        record: council.record,
        local,
        numbers,
        window,
    };
    (0..council.record.people.len() as u32)
        .into_par_iter()
        .fold(Gathered::default, |mut all, person| {
            scope.person(person, &mut all);
            all
        })
        // In the order of people, so that the same record always gives the same bytes.
        .reduce(Gathered::default, Gathered::merge)
}

struct Scope<'a> {
    council: &'a Timelines<'a>,
    record: &'a Record,
    local: &'a LocalFacts,
    numbers: &'a Numbers<'a>,
    window: Option<(Day, Day)>,
}

impl Scope<'_> {
    fn person(&self, person: u32, all: &mut Gathered) {
        let timeline = self.council.of(person);
        if timeline.events.is_empty() {
            return;
        }
        self.requests(&timeline, all);
        self.assessments(&timeline, all);
        if !timeline.spells.is_empty() {
            self.packages(&timeline, all);
            self.reviews(&timeline, all);
            self.reviewed(&timeline, all);
            self.changes(&timeline, all);
        }
    }

    fn adult(&self, person: u32, day: Day) -> bool {
        self.record
            .people
            .get(person as usize)
            .is_some_and(|p| p.is_adult_on(day, self.record.settings.adult_age))
    }

    fn mix(&self, timeline: &Timeline<'_>, day: Day, route: u8, recorded: u8) -> Mix {
        let reason = self
            .record
            .people
            .get(timeline.person as usize)
            .map_or(0, |p| p.support_reason as u8);
        [
            age_band(self.record, timeline.person, day) as u8,
            reason,
            route,
            setting_on(timeline, day) as u8,
            recorded,
        ]
    }

    /// The route of access of the last request not long before a day; 0 where there is none.
    fn route(&self, timeline: &Timeline<'_>, day: Day) -> u8 {
        timeline
            .events
            .iter()
            .filter(|e| e.is_request_of(ClientType::ServiceUser))
            .filter(|e| e.start <= day && day.since(e.start) <= self.numbers.get("route_days"))
            .max_by_key(|e| e.start)
            .map_or(0, |e| e.route as u8)
    }

    fn requests(&self, timeline: &Timeline<'_>, all: &mut Gathered) {
        let (asked, assessed) = (
            self.record.coverage.request,
            self.record.coverage.assessment,
        );
        let wait_days = self.numbers.get("wait_days");
        for request in timeline
            .events
            .iter()
            .filter(|e| e.is_request_of(ClientType::ServiceUser))
        {
            if !self.adult(timeline.person, request.start) {
                continue;
            }
            let mut mix = self.mix(timeline, request.start, request.route as u8, 0);
            // The reason for support is written down when somebody is assessed: to go by it here would be to go by the
            // outcome. Who was supported already is known when they ask.
            let supported = timeline.in_spell(request.start);
            let [_, reason, .., known] = &mut mix;
            *reason = 0;
            *known = u8::from(supported);
            let reaches = matches!(
                request.outcome,
                Outcome::Assessment | Outcome::SupportPlanning
            );
            let left = matches!(
                request.outcome,
                Outcome::Deceased | Outcome::Moved | Outcome::Blank | Outcome::Invalid
            );
            if asked.contains(request.end) && !left {
                all.front.push(Decision {
                    person: timeline.person,
                    day: request.end,
                    yes: reaches,
                    mix,
                });
                all.closing.push(request.outcome);
            }
            if request.outcome != Outcome::Assessment
                || supported
                || !asked.contains(request.start)
                || assessed.is_empty()
            {
                continue;
            }
            let last = assessed.end.min(self.record.as_of);
            let ended = timeline
                .events
                .iter()
                .filter(|e| e.is_assessment() && e.start >= request.start)
                .map(|e| e.end)
                .min();
            let begun = timeline
                .events
                .iter()
                .filter(|e| e.is_service_of_user() && e.start >= request.start)
                .map(|e| e.start)
                .min();
            let left = exit_in(&timeline.exits, Interval::new(request.start, last), None)
                .map(|exit| exit.day);
            for (waits, done) in [
                (&mut all.to_assessment, ended),
                (&mut all.to_service, begun),
            ] {
                let until = left.unwrap_or(last).min(last);
                let (time, ended) = match done {
                    Some(day) if day <= until => (day.since(request.start), true),
                    _ => (until.since(request.start), false),
                };
                waits.push(Wait {
                    entry: 0.0,
                    time: time.max(0) as f64,
                    ended,
                });
            }
            all.wait_started.push(request.start);
            let in_time = ended.is_some_and(|day| day <= request.start.plus(wait_days));
            let gone = left.is_some_and(|day| day <= request.start.plus(wait_days));
            if request.start.plus(wait_days) <= last && (in_time || !gone) {
                all.in_time.push(Decision {
                    person: timeline.person,
                    day: request.start,
                    yes: in_time,
                    mix,
                });
            }
        }
    }

    fn assessments(&self, timeline: &Timeline<'_>, all: &mut Gathered) {
        for event in timeline.events.iter().filter(|e| e.is_needs_assessment()) {
            if !self.record.coverage.assessment.contains(event.end)
                || !self.adult(timeline.person, event.end)
            {
                continue;
            }
            let recorded = event.eligible.is_listed();
            let yes = match (event.eligible, event.outcome) {
                (Eligible::Eligible, _) => true,
                (Eligible::NotEligible | Eligible::NoNeeds, _) => false,
                // Where the field is empty: an outcome that leads to support. One that says nothing of need is left out.
                (_, Outcome::SupportPlanning | Outcome::Continuation | Outcome::Reablement) => true,
                (
                    _,
                    Outcome::Deceased
                    | Outcome::Moved
                    | Outcome::NhsFunded
                    | Outcome::NhsReferral
                    | Outcome::Hospital
                    | Outcome::Declined
                    | Outcome::NotMapped
                    | Outcome::Blank
                    | Outcome::Invalid,
                ) => continue,
                _ => false,
            };
            let route = self.route(timeline, event.end);
            all.eligible.push(Decision {
                person: timeline.person,
                day: event.end,
                yes,
                mix: self.mix(timeline, event.start.plus(-1), route, u8::from(recorded)),
            });
        }
    }

    fn packages(&self, timeline: &Timeline<'_>, all: &mut Gathered) {
        let covered = self.record.coverage.service;
        let after = self.record.settings.fall_after_days;
        for spell in &timeline.spells {
            if !covered.contains(spell.start)
                || self.council.reset_days.contains(&spell.start)
                || spell.start.plus(after) > self.record.as_of
                || !self.adult(timeline.person, spell.start)
            {
                continue;
            }
            let day = spell.start.plus(after);
            if let Some(cost) = support_on(self.record, timeline.events, day).filter(|c| *c > 0.0) {
                let route = self.route(timeline, spell.start);
                all.packages.push(Package {
                    day: spell.start,
                    mix: self.mix(timeline, day, route, 0),
                    cost,
                });
            }
        }
    }

    /// Care reviews, and whether a fall follows soon.
    fn reviews(&self, timeline: &Timeline<'_>, all: &mut Gathered) {
        let covered = self.record.coverage;
        let follow = self.numbers.get("review_follow_days");
        let seen_until = self
            .record
            .as_of
            .min(covered.service.end)
            .plus(-follow - self.record.settings.fall_after_days);
        let falls: Vec<Day> = timeline
            .falls
            .iter()
            .filter(|fall| {
                let window = Interval::new(
                    fall.day.plus(-self.record.settings.exit_before_days),
                    fall.after_day,
                );
                fall.kind.is_known() && exit_in(&timeline.exits, window, None).is_none()
            })
            .map(|fall| fall.day)
            .filter(|day| !self.local.is_repricing(*day))
            .collect();
        let mut reviewed: Vec<Day> = Vec::new();
        for event in timeline.events.iter().filter(|e| e.is_review()) {
            reviewed.push(event.end);
            if !covered.review.contains(event.end)
                || !covered.service.contains(event.end)
                || event.end > seen_until
                || !timeline.in_spell(event.end)
                || !self.adult(timeline.person, event.end)
            {
                continue;
            }
            let until = event.end.plus(follow);
            all.reviews.push(Decision {
                person: timeline.person,
                day: event.end,
                yes: falls.iter().any(|day| event.end <= *day && *day <= until),
                mix: self.mix(timeline, event.end, 0, event.review_reason as u8),
            });
        }
        all.falls_without_review += falls
            .iter()
            .filter(|day| {
                !reviewed
                    .iter()
                    .any(|r| *r <= **day && **day <= r.plus(follow))
            })
            .count() as u64;
        let span = Interval::new(covered.service.start, seen_until);
        all.days_in_support += timeline
            .spells
            .iter()
            .map(|s| s.end.min(span.end).since(s.start.max(span.start)).max(0) as u64)
            .sum::<u64>();
    }

    /// People supported for a year: reviewed or assessed within it.
    fn reviewed(&self, timeline: &Timeline<'_>, all: &mut Gathered) {
        let as_of = self.record.as_of;
        let year = Interval::new(as_of.plus_months(-12).plus(1), as_of);
        let long = timeline.spells.iter().any(|s| {
            s.start < as_of.plus_months(-12)
                && s.open_on(timeline.events, as_of)
                && !self.council.reset_days.contains(&s.start)
        });
        if !long || !self.record.coverage.review.covers(year) || !self.adult(timeline.person, as_of)
        {
            return;
        }
        let yes = timeline
            .events
            .iter()
            .any(|e| (e.is_review() || e.is_needs_assessment()) && year.contains(e.end));
        all.reviewed.push(Decision {
            person: timeline.person,
            day: as_of,
            yes,
            mix: self.mix(timeline, as_of, 0, 0),
        });
    }

    fn changes(&self, timeline: &Timeline<'_>, all: &mut Gathered) {
        let found = steps(self.record, timeline.events);
        let settings = &self.record.settings;
        if let Some((from, to)) = self.window
            && timeline
                .spells
                .iter()
                .any(|s| s.start <= from && s.end >= to)
            && let Some((was, is)) = support_on_two_days(self.record, timeline.events, from, to)
        {
            let fall = settings.fall_percent as f64 / 100.0;
            let large = |ratio: f64| ratio <= fall || ratio >= 1.0 / fall;
            let fell = timeline.falls.iter().any(|f| f.day > from);
            all.slow.push(Slow {
                ratio: is / was,
                in_one_step: fell || found.iter().any(|s| s.day > from && large(s.share_left())),
            });
        }
        let district = self
            .record
            .people
            .get(timeline.person as usize)
            .map_or(0, |p| p.district);
        for step in found {
            let around = Interval::new(
                step.day.plus(-settings.exit_before_days),
                step.day.plus(settings.fall_after_days),
            );
            if self.local.is_repricing(step.day) || exit_in(&timeline.exits, around, None).is_some()
            {
                continue;
            }
            all.changes.push(Change {
                person: timeline.person,
                day: step.day,
                share_left: step.share_left(),
                after: step.after,
                district,
                setting: setting_on(timeline, step.day.plus(-1)),
            });
        }
    }
}

/// The setting of long-term support on a day, by the published order; blank where there is none.
fn setting_on(timeline: &Timeline<'_>, day: Day) -> ServiceType {
    timeline
        .events
        .iter()
        .filter(|e: &&Event| e.is_long_term() && e.active_on(day))
        .map(|e| e.service_type)
        .min()
        .unwrap_or_default()
}
