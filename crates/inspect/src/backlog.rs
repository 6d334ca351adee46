//! What waits: overdue care reviews and promised assessments, week by week, and how it goes on at today's pace.
//!
//! Counted from the record, not from verdicts: a queue needs to know on which day somebody joined it and left it.
//!
//! *Care reviews.* A person joins on the day on which the yearly test would first find the review overdue, and leaves by a
//! review or needs assessment, or by the end of support. What falls due in a week is those who join, and the
//! reviews done before they were overdue: they fell due too, and somebody did them in time. So the queue grows by what falls due, less what
//! is done, less those who leave, exactly.
//!
//! *Assessments.* A person joins on the day on which a request is closed with the promise of an assessment, and leaves when an
//! assessment that followed the request ends, or by leaving otherwise (support begins, the person dies or moves).

use std::collections::BTreeSet;

use candour_law::{Rulebook, StaffTime};
use candour_record::codes::{ClientType, EventType, Outcome};
use candour_record::{Day, Event, Person, Record, exits, long_term_spells};
use candour_stats::{CannotTell, Flow, Forecast, Queue as Waiting, Simulation};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::staff::WithRange;

/// A queue that a return shows, and its forecast.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Queue {
    /// `care_reviews`, `assessments`.
    pub id: String,
    pub title: String,
    /// Who is in it.
    pub counted: String,
    /// ISO date on which it is counted.
    pub as_of: String,
    pub opening: u64,
    /// The number at which it counts as cleared.
    pub target: f64,
    /// First and last day of the weeks that were looked at, ISO.
    pub from: Option<String>,
    pub to: Option<String>,
    /// The queue at the end of each week, the one before the first week first.
    pub history: Vec<u64>,
    /// What falls due in a week.
    pub arrivals: Option<FlowText>,
    /// What is done in a week.
    pub done: Option<FlowText>,
    /// Those who left it otherwise in all those weeks.
    pub left: u64,
    /// The share of those in it who leave otherwise in a week.
    pub leaving: f64,
    /// Of those in it, who have waited a year or longer.
    pub a_year_or_longer: u64,
    /// Why it cannot be forecast.
    pub cannot_tell: Option<String>,
    /// If it goes on as in those weeks.
    pub at_todays_pace: Option<ForecastText>,
}

/// What comes or goes in a week.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct FlowText {
    pub total: u64,
    pub weeks: u32,
    pub mean: f64,
    pub variance: f64,
}

impl From<FlowText> for Flow {
    fn from(text: FlowText) -> Flow {
        Flow {
            mean: text.mean,
            variance: text.variance,
            weeks: text.weeks,
        }
    }
}

/// How a queue may go on.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ForecastText {
    /// Some weeks ahead, now first.
    pub weeks: Vec<WeekText>,
    /// ISO dates; `null` where it does not clear within the forecast.
    pub clears: Option<String>,
    pub clears80: [Option<String>; 2],
    pub clears95: [Option<String>; 2],
    /// Of all ways in which things may turn out, the share in which it clears within the forecast.
    pub clears_share: f64,
    /// What it grows by in a week, over the first year.
    pub growth_a_week: WithRange,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct WeekText {
    pub week: usize,
    pub date: String,
    pub queue: WithRange,
}

/// Weeks between those that are kept of a forecast.
const KEEP_EVERY: usize = 4;

impl ForecastText {
    pub fn new(forecast: &Forecast, as_of: Day) -> ForecastText {
        let date = |week: usize| as_of.plus(7 * week as i64).to_string();
        let dates = |weeks: [Option<usize>; 2]| weeks.map(|w| w.map(date));
        ForecastText {
            weeks: forecast
                .weeks
                .iter()
                .filter(|w| w.week % KEEP_EVERY == 0)
                .map(|w| WeekText {
                    week: w.week,
                    date: date(w.week),
                    queue: WithRange::from(w.queue).map(|x| (x * 10.0).round() / 10.0),
                })
                .collect(),
            clears: forecast.clears.median.map(date),
            clears80: dates(forecast.clears.range80),
            clears95: dates(forecast.clears.range95),
            clears_share: forecast.clears.share,
            growth_a_week: WithRange::from(forecast.growth_a_week),
        }
    }
}

impl Queue {
    /// The queue with its chances drawn, to be put to other paces and posts.
    ///
    /// # Errors
    /// Why it cannot be forecast.
    pub fn simulation(&self, time: &StaffTime, weeks: usize) -> Result<Simulation, CannotTell> {
        let (Some(arrivals), None) = (self.arrivals, &self.cannot_tell) else {
            let why = self.cannot_tell.clone().unwrap_or_default();
            return Err(CannotTell::new(
                why.strip_prefix("cannot tell, because ").unwrap_or(&why),
            ));
        };
        let queue = Waiting {
            opening: self.opening as f64,
            arrivals: arrivals.into(),
            leaving: self.leaving,
            target: self.target,
        };
        Simulation::new(queue, weeks, time.forecast.paths, time.forecast.seed)
    }
}

/// Every queue that the rulebook asks for. `overdue` is the number of people whose care review is overdue by the yearly test.
pub(crate) fn queues(rulebook: &Rulebook, record: &Record, overdue: Option<u64>) -> Vec<Queue> {
    let Some(time) = &rulebook.staff_time else {
        return Vec::new();
    };
    time.queues
        .iter()
        .map(|kind| {
            let mut queue = Queue {
                id: kind.id.clone(),
                title: kind.title.clone(),
                counted: kind.counted.clone(),
                as_of: record.as_of.to_string(),
                opening: 0,
                target: 0.0,
                from: None,
                to: None,
                history: Vec::new(),
                arrivals: None,
                done: None,
                left: 0,
                leaving: 0.0,
                a_year_or_longer: 0,
                cannot_tell: None,
                at_todays_pace: None,
            };
            let filled = match kind.id.as_str() {
                "care_reviews" => care_reviews(rulebook, time, record, overdue, &mut queue),
                "assessments" => {
                    let target = kind.target_days(rulebook).unwrap_or(0);
                    assessments(time, record, target, &mut queue)
                }
                _ => Err(CannotTell::new("no return shows it")),
            };
            let forecast = filled.and_then(|()| at_todays_pace(time, record.as_of, &queue));
            match forecast {
                Ok(forecast) => queue.at_todays_pace = Some(forecast),
                Err(CannotTell(why)) => {
                    queue.cannot_tell = Some(format!("cannot tell, because {why}"))
                }
            }
            queue
        })
        .collect()
}

fn at_todays_pace(time: &StaffTime, as_of: Day, queue: &Queue) -> Result<ForecastText, CannotTell> {
    let (Some(arrivals), Some(done)) = (queue.arrivals, queue.done) else {
        return Err(CannotTell::new(
            "what falls due and what is done was not counted",
        ));
    };
    if arrivals.total + done.total < time.forecast.fewest {
        return Err(CannotTell::new(format!(
            "fewer than {} fell due or were done in {} weeks, too few to tell a pace from chance",
            time.forecast.fewest, arrivals.weeks
        )));
    }
    let forecast = queue
        .simulation(time, time.forecast.weeks_ahead)?
        .at_pace(&done.into())?;
    Ok(ForecastText::new(&forecast, as_of))
}

/// The last weeks before the as-of day, each of seven days.
#[derive(Clone, Copy)]
struct Weeks {
    /// The day before the first.
    before: Day,
    last: Day,
    count: usize,
}

impl Weeks {
    fn new(last: Day, count: usize) -> Weeks {
        Weeks {
            before: last.plus(-7 * count as i64),
            last,
            count,
        }
    }

    /// Which week a day is in.
    fn of(&self, day: Day) -> Option<usize> {
        let days = day.since(self.before);
        (days > 0 && day <= self.last).then(|| ((days - 1) / 7) as usize)
    }

    /// The last day of each week, the day before the first week first.
    fn ends(&self) -> impl Iterator<Item = Day> + '_ {
        (0..=self.count).map(|week| self.before.plus(7 * week as i64))
    }
}

/// What happened to the queue, week by week.
#[derive(Clone)]
struct Flows {
    arrivals: Vec<u64>,
    done: Vec<u64>,
    left: Vec<u64>,
    history: Vec<u64>,
    a_year_or_longer: u64,
}

impl Flows {
    fn new(weeks: Weeks) -> Flows {
        Flows {
            arrivals: vec![0; weeks.count],
            done: vec![0; weeks.count],
            left: vec![0; weeks.count],
            history: vec![0; weeks.count + 1],
            a_year_or_longer: 0,
        }
    }

    fn merge(mut self, other: Flows) -> Flows {
        let pairs = [
            (&mut self.arrivals, other.arrivals),
            (&mut self.done, other.done),
            (&mut self.left, other.left),
            (&mut self.history, other.history),
        ];
        for (all, more) in pairs {
            for (all, more) in all.iter_mut().zip(more) {
                *all += more;
            }
        }
        self.a_year_or_longer += other.a_year_or_longer;
        self
    }

    /// Somebody who was in the queue from `from` to the day before `until`.
    fn stay(&mut self, weeks: Weeks, from: Day, until: Day) {
        for (count, end) in self.history.iter_mut().zip(weeks.ends()) {
            *count += u64::from(from <= end && end < until);
        }
        if from <= weeks.last && weeks.last < until && from.plus_months(12) <= weeks.last {
            self.a_year_or_longer += 1;
        }
    }

    fn into_queue(self, weeks: Weeks, queue: &mut Queue) -> Result<(), CannotTell> {
        let text = |counts: &[u64]| -> Result<FlowText, CannotTell> {
            let flow = Flow::of_weeks(counts)?;
            Ok(FlowText {
                total: counts.iter().sum(),
                weeks: flow.weeks,
                mean: flow.mean,
                variance: flow.variance,
            })
        };
        queue.from = Some(weeks.before.plus(1).to_string());
        queue.to = Some(weeks.last.to_string());
        queue.arrivals = Some(text(&self.arrivals)?);
        queue.done = Some(text(&self.done)?);
        queue.left = self.left.iter().sum();
        queue.a_year_or_longer = self.a_year_or_longer;
        let waited: u64 = self.history.iter().take(weeks.count).sum();
        queue.leaving = match waited {
            0 => 0.0,
            waited => queue.left as f64 / waited as f64,
        };
        queue.history = self.history;
        Ok(())
    }
}

fn count(slots: &mut [u64], week: Option<usize>) {
    if let Some(slot) = week.and_then(|week| slots.get_mut(week)) {
        *slot += 1;
    }
}

/// Runs over everybody, in parallel.
fn over_everybody(
    record: &Record,
    weeks: Weeks,
    each: impl Fn(&Person, &[Event], &mut Flows) + Sync,
) -> Flows {
    let people = 0..u32::try_from(record.people.len()).unwrap_or(u32::MAX);
    people
        .into_par_iter()
        .fold(
            || Flows::new(weeks),
            |mut flows, person| {
                if let Some(who) = record.people.get(person as usize) {
                    each(who, record.events_of(person), &mut flows);
                }
                flows
            },
        )
        .reduce(|| Flows::new(weeks), Flows::merge)
}

/// Turns down a record that does not reach from `needed` to the as-of day.
fn covered(
    record: &Record,
    kinds: &[(EventType, &str)],
    needed: Day,
    what: &str,
) -> Result<(), CannotTell> {
    for (kind, name) in kinds {
        let coverage = record.coverage.of(*kind);
        if coverage.end < record.as_of {
            return Err(CannotTell::new(format!(
                "the returns cover {name} to {} only, and it is forecast from {}",
                coverage.end, record.as_of
            )));
        }
        if coverage.start > needed {
            return Err(CannotTell::new(format!(
                "the returns cover {name} from {} only, and {what} would have to be known from {needed}",
                coverage.start
            )));
        }
    }
    Ok(())
}

/// Duty and test that say when a yearly care review is overdue.
pub(crate) const YEARLY: (&str, &str) = ("s27-1a-keep-under-review", "annual");

fn care_reviews(
    rulebook: &Rulebook,
    time: &StaffTime,
    record: &Record,
    overdue: Option<u64>,
    queue: &mut Queue,
) -> Result<(), CannotTell> {
    queue.opening = overdue.unwrap_or(0);
    let number = |id: &str| {
        let (_, test) = rulebook.test(YEARLY.0, YEARLY.1)?;
        test.params.get(id).map(|param| param.value)
    };
    let (Some(months), Some(spell_months), Some(_)) =
        (number("months"), number("spell_months"), overdue)
    else {
        return Err(CannotTell::new(
            "the rulebook has no yearly test of care reviews",
        ));
    };
    let weeks = Weeks::new(record.as_of, time.forecast.weeks_seen);
    covered(
        record,
        &[
            (EventType::Review, "care reviews"),
            (EventType::Service, "services"),
        ],
        weeks.before.plus_months(-months),
        &format!("who was overdue {} weeks ago", weeks.count),
    )?;
    let adult = record.settings.adult_age;
    let flows = over_everybody(record, weeks, |person, events, flows| {
        if !person.is_adult_on(record.as_of, adult) {
            return;
        }
        let spells = long_term_spells(events, &record.settings);
        if spells.is_empty() {
            return;
        }
        // Two on one day are one.
        let seen: BTreeSet<Day> = events
            .iter()
            .filter(|e| e.is_review() || e.is_needs_assessment())
            .map(|e| e.end)
            .collect();
        for spell in &spells {
            // The first day on which the test would ask, then the first day on which it would find a review too old.
            let mut due = spell.start.plus_months(spell_months).plus(1);
            if let Some(last) = seen.range(..=spell.start).next_back() {
                due = due.max(last.plus_months(months));
            }
            let ended = spell.end < Day::OPEN && spell.end <= record.as_of;
            // Filtered, not ranged over: support of one day has no day after its start.
            let held = |r: &&Day| **r > spell.start && **r <= spell.end.min(record.as_of);
            for review in seen.iter().filter(held) {
                // The test counts what ends on the day itself: on a review's own day nobody is overdue.
                let late = due < *review;
                if late {
                    count(&mut flows.arrivals, weeks.of(due));
                    flows.stay(weeks, due, *review);
                } else {
                    count(&mut flows.arrivals, weeks.of(*review));
                }
                count(&mut flows.done, weeks.of(*review));
                due = due.max(review.plus_months(months));
            }
            // Support that ends on a day is there on it, and not the day after.
            let until = if ended { spell.end.plus(1) } else { Day::OPEN };
            if due < until && due <= record.as_of {
                count(&mut flows.arrivals, weeks.of(due));
                flows.stay(weeks, due, until);
                if ended {
                    count(&mut flows.left, weeks.of(until));
                }
            }
        }
    });
    flows.into_queue(weeks, queue)
}

fn assessments(
    time: &StaffTime,
    record: &Record,
    target_days: i64,
    queue: &mut Queue,
) -> Result<(), CannotTell> {
    let weeks = Weeks::new(record.as_of, time.forecast.weeks_seen);
    let adult = record.settings.adult_age;
    let flows = over_everybody(record, weeks, |person, events, flows| {
        let promised = |e: &&Event| {
            e.is_request_of(ClientType::ServiceUser) && e.outcome == Outcome::Assessment
        };
        let mut requests: Vec<&Event> = events.iter().filter(promised).collect();
        if requests.is_empty() {
            return;
        }
        requests.sort_by_key(|e| (e.end, e.start));
        let spells = long_term_spells(events, &record.settings);
        let exits = exits(person, events, &record.settings);
        // Somebody who waits already does not join again.
        let mut waits_until = Day::EARLIEST;
        for request in requests {
            if request.end < waits_until
                || !person.is_adult_on(request.end, adult)
                || spells.iter().any(|s| s.spans(request.start))
            {
                continue;
            }
            let assessed = events
                .iter()
                .filter(|e| e.is_assessment() && e.start >= request.start)
                .map(|e| e.end.max(request.end))
                .min();
            let supported = spells
                .iter()
                .map(|s| s.start)
                .filter(|day| *day > request.start);
            let gone = exits
                .iter()
                .map(|e| e.day)
                .filter(|day| *day >= request.start);
            let left = supported.chain(gone).map(|day| day.max(request.end)).min();
            let (until, done) = match (assessed, left) {
                (Some(done), None) => (done, true),
                (Some(done), Some(left)) => (done.min(left), done <= left),
                (None, Some(left)) => (left, false),
                (None, None) => (Day::OPEN, false),
            };
            waits_until = until;
            count(&mut flows.arrivals, weeks.of(request.end));
            flows.stay(weeks, request.end, until);
            if until <= record.as_of {
                count(
                    if done {
                        &mut flows.done
                    } else {
                        &mut flows.left
                    },
                    weeks.of(until),
                );
            }
        }
    });
    queue.opening = flows.history.last().copied().unwrap_or(0);
    covered(
        record,
        &[
            (EventType::Request, "requests"),
            (EventType::Assessment, "assessments"),
        ],
        weeks.before.plus(1 - time.forecast.warm_up_days),
        &format!("who waited {} weeks ago", weeks.count),
    )?;
    flows.into_queue(weeks, queue)?;
    if let Some(arrivals) = queue.arrivals {
        queue.target = arrivals.mean * target_days as f64 / 7.0;
    }
    Ok(())
}
