//! What of an inspection's signals is still to be put right, counted so that hours and pounds can be
//! worked out later, with other hours and prices too. No person is in it by name.

use std::collections::BTreeMap;

use candour_law::{DONE_BY, Strength, Verdict};
use candour_record::codes::EventType;
use candour_record::{Day, Event, Owing, Record, Timeline, Timelines, restitution};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::inspector::{Inspection, Inspector};

/// The occasion from whose tests falls are taken.
const FALL: &str = "fall";
/// Too short a time to say how many come in a year.
const SHORTEST_SPAN: f64 = 90.0;
const DAYS_A_YEAR: i64 = 365;

/// The counts that an estimate is made of.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    pub tests: Vec<CountedTest>,
    /// People by the signals that still ask for something: `people` have exactly these.
    pub to_do: Vec<ToDo>,
    /// Years of people, counted back from the as-of day, by the signals in them.
    pub each_year: Vec<Yearly>,
    pub restitution: Vec<CountedRestitution>,
    /// People with a sum, by the tests whose falls it is for.
    pub restitution_people: Vec<Fallers>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fallers {
    /// Places in [`Counted::tests`].
    pub tests: Vec<usize>,
    pub people: u64,
}

/// The signals of one test and strength.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedTest {
    pub duty: String,
    pub test: String,
    /// `strong` or `lead`: a question to ask.
    pub strength: String,
    pub signals: u64,
    pub people: u64,
    /// Of them, people who have died, moved or passed to the NHS since: nothing can be done for them now.
    pub gone: u64,
    /// Over how many days its occasions come. `None`: too few to say.
    pub days: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ToDo {
    pub signals: Vec<Open>,
    pub people: u64,
}

/// A test that signalled, and what the record shows done since the last such signal.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Open {
    /// Place in [`Counted::tests`].
    pub test: usize,
    /// Of [`DONE_BY`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub done: Vec<String>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Yearly {
    /// What was done since, though late, is no work that was missing.
    pub signals: Vec<Open>,
    pub people_years: u64,
}

/// Sums over the falls of one test.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedRestitution {
    /// Place in [`Counted::tests`].
    pub test: usize,
    /// Falls with a sum.
    pub falls: u64,
    /// Falls without one, by reason.
    pub no_sum: BTreeMap<String, u64>,
    /// Pence a week by which support fell in all of them.
    pub weekly_pence: i64,
    pub low: CountedOwing,
    pub central: CountedOwing,
    pub high: CountedOwing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CountedOwing {
    pub days: i64,
    pub pence: i64,
}

impl CountedOwing {
    fn add(&mut self, owing: Owing) {
        self.days += owing.days;
        self.pence += owing.pence;
    }
}

/// One signal of one person.
#[derive(Clone, Copy)]
struct Signal {
    person: u32,
    /// Place in the tests counted.
    test: usize,
    day: Day,
}

/// A set of [`DONE_BY`], as bits.
type Done = u8;

/// What one person's signals come to.
#[derive(Default)]
struct One {
    open: Vec<(usize, Done)>,
    gone: Vec<usize>,
    years: Vec<Vec<(usize, Done)>>,
    falls: Vec<(usize, Result<candour_record::Restitution, &'static str>)>,
}

/// Counts the signals of an inspection.
pub(super) fn count(
    inspector: &Inspector<'_>,
    record: &Record,
    inspection: &Inspection,
) -> Counted {
    let (mut tests, is_fall, mut signals) = signals(inspector, inspection);
    signals.sort_by_key(|s| (s.person, s.test, s.day));
    let people: Vec<&[Signal]> = signals.chunk_by(|a, b| a.person == b.person).collect();
    // Mass and reset days change no person's falls and exits.
    let timelines = Timelines {
        record,
        reset_days: Default::default(),
        mass_days: Default::default(),
    };
    let ones: Vec<One> = people
        .par_iter()
        .map(|signals| one(&timelines, signals, &is_fall))
        .collect();

    let mut to_do: BTreeMap<Vec<(usize, Done)>, u64> = BTreeMap::new();
    let mut each_year: BTreeMap<Vec<(usize, Done)>, u64> = BTreeMap::new();
    let mut fallers: BTreeMap<Vec<usize>, u64> = BTreeMap::new();
    let mut owed: BTreeMap<usize, CountedRestitution> = BTreeMap::new();
    for (signals, one) in people.iter().zip(ones) {
        for of_test in signals.chunk_by(|a, b| a.test == b.test) {
            if let Some(test) = of_test.first().and_then(|s| tests.get_mut(s.test)) {
                test.people += 1;
            }
        }
        for test in one.gone {
            if let Some(test) = tests.get_mut(test) {
                test.gone += 1;
            }
        }
        if !one.open.is_empty() {
            *to_do.entry(one.open).or_insert(0) += 1;
        }
        for year in one.years {
            *each_year.entry(year).or_insert(0) += 1;
        }
        let mut with_sum: Vec<usize> = Vec::new();
        for (test, fall) in one.falls {
            let sums = owed.entry(test).or_insert_with(|| CountedRestitution {
                test,
                ..CountedRestitution::default()
            });
            match fall {
                Ok(fall) => {
                    sums.falls += 1;
                    if with_sum.last() != Some(&test) {
                        with_sum.push(test);
                    }
                    sums.weekly_pence += fall.weekly_pence;
                    sums.low.add(fall.low);
                    sums.central.add(fall.central);
                    sums.high.add(fall.high);
                }
                Err(why) => *sums.no_sum.entry(why.to_owned()).or_insert(0) += 1,
            }
        }
        if !with_sum.is_empty() {
            *fallers.entry(with_sum).or_insert(0) += 1;
        }
    }
    Counted {
        tests,
        to_do: to_do
            .into_iter()
            .map(|(signals, people)| ToDo {
                signals: open(signals),
                people,
            })
            .collect(),
        each_year: each_year
            .into_iter()
            .map(|(signals, people_years)| Yearly {
                signals: open(signals),
                people_years,
            })
            .collect(),
        restitution: owed.into_values().collect(),
        restitution_people: fallers
            .into_iter()
            .map(|(tests, people)| Fallers { tests, people })
            .collect(),
    }
}

/// The tests counted, whether each is of falls, and every signal. A test some of whose signals are weaker
/// than its own counts twice: its signals, and its questions to ask.
fn signals(
    inspector: &Inspector<'_>,
    inspection: &Inspection,
) -> (Vec<CountedTest>, Vec<bool>, Vec<Signal>) {
    let (mut tests, mut is_fall, mut signals) = (Vec::new(), Vec::new(), Vec::new());
    for result in &inspection.results {
        let Some((duty, test)) = inspector.test_of(result) else {
            continue;
        };
        let days = span(result.verdicts.iter().map(|row| row.day));
        for strength in [Strength::Strong, Strength::Lead] {
            let place = tests.len();
            let before = signals.len();
            for row in &result.verdicts {
                let is_one = result
                    .outcome(row)
                    .is_some_and(|o| o.verdict == Verdict::NotMet && o.strength == strength);
                if is_one {
                    signals.push(Signal {
                        person: row.person,
                        test: place,
                        day: row.day,
                    });
                }
            }
            let found = signals.len() - before;
            if found == 0 && strength != test.strength {
                continue;
            }
            is_fall.push(test.occasion.iter().any(|kind| kind == FALL));
            tests.push(CountedTest {
                duty: duty.id.clone(),
                test: test.id.clone(),
                strength: strength.as_str().to_owned(),
                signals: found as u64,
                people: 0,
                gone: 0,
                days,
            });
        }
    }
    (tests, is_fall, signals)
}

/// Over how many days occasions come, judged by the first and the last: of `n` days drawn evenly out of
/// `L`, they are `L (n - 1) / (n + 1)` apart on average.
fn span(days: impl Iterator<Item = Day>) -> Option<f64> {
    let (mut first, mut last, mut n) = (None, None, 0u32);
    for day in days {
        first = Some(first.map_or(day, |f: Day| f.min(day)));
        last = Some(last.map_or(day, |l: Day| l.max(day)));
        n += 1;
    }
    let apart = last?.since(first?) as f64;
    let n = f64::from(n);
    let days = apart * (n + 1.0) / (n - 1.0).max(1.0);
    (days >= SHORTEST_SPAN).then(|| days.round())
}

fn one(timelines: &Timelines<'_>, signals: &[Signal], is_fall: &[bool]) -> One {
    let Some(first) = signals.first() else {
        return One::default();
    };
    let record = timelines.record;
    let timeline = timelines.of(first.person);
    let mut one = One::default();
    for of_test in signals.chunk_by(|a, b| a.test == b.test) {
        let Some(last) = of_test.last() else { continue };
        let test = last.test;
        let fell = is_fall.get(test).copied().unwrap_or(false);
        let mut restored = true;
        if fell {
            for signal in of_test {
                let Some(fall) = timeline.falls.iter().find(|f| f.day == signal.day) else {
                    continue;
                };
                let sum = restitution(record, &timeline, fall);
                restored &= sum.is_ok_and(|r| r.restored);
                one.falls.push((test, sum.map_err(|why| why.name())));
            }
        }
        if is_gone(&timeline, last.day) {
            one.gone.push(test);
        } else {
            let mut done = done_since(timeline.events, last.day);
            if fell {
                // New services come with every new price: only what was taken away counts as put back.
                done = set(done, "support", restored);
            }
            one.open.push((test, done));
        }
    }
    let mut years: BTreeMap<i64, Vec<(usize, Done)>> = BTreeMap::new();
    for signal in signals {
        let year = years
            .entry(record.as_of.since(signal.day) / DAYS_A_YEAR)
            .or_default();
        let done = done_since(timeline.events, signal.day);
        match year.last_mut() {
            // What is done after the later of two is done after both.
            Some((test, before)) if *test == signal.test => *before &= done,
            _ => year.push((signal.test, done)),
        }
    }
    one.years = years.into_values().collect();
    one
}

/// Whether the person left on `day` or later, and asked for or had nothing since.
fn is_gone(timeline: &Timeline<'_>, day: Day) -> bool {
    let left = timeline
        .exits
        .iter()
        .filter(|exit| exit.kind.ends_duty() && exit.day >= day)
        .map(|exit| exit.day)
        .max();
    left.is_some_and(|left| !timeline.events.iter().any(|e| e.start > left))
}

/// What the record shows after `day`.
fn done_since(events: &[Event], day: Day) -> Done {
    let ended = |e: &&Event| e.has_ended() && e.end > day;
    let has = |what: fn(&Event) -> bool| events.iter().filter(ended).any(what);
    let mut done = 0;
    done = set(done, "needs_assessment", has(Event::is_needs_assessment));
    done = set(done, "care_review", has(Event::is_review));
    done = set(done, "carer_assessment", has(Event::is_carer_assessment));
    let support = |e: &Event| e.kind == EventType::Service && e.start > day;
    set(done, "support", events.iter().any(support))
}

fn set(done: Done, what: &str, holds: bool) -> Done {
    let bit = DONE_BY
        .iter()
        .position(|name| *name == what)
        .map_or(0, |place| 1 << place);
    if holds { done | bit } else { done & !bit }
}

fn open(signals: Vec<(usize, Done)>) -> Vec<Open> {
    signals
        .into_iter()
        .map(|(test, done)| Open {
            test,
            done: named(done),
        })
        .collect()
}

fn named(done: Done) -> Vec<String> {
    DONE_BY
        .iter()
        .enumerate()
        .filter(|(place, _)| done & (1 << place) != 0)
        .map(|(_, name)| (*name).to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn occasions_come_over_somewhat_more_than_first_to_last() {
        let first = day("2025-04-01");
        // Eleven, 30 days apart: 300 days from first to last; 300 * 12 / 10.
        assert_eq!(span((0..11).map(|i| first.plus(30 * i))), Some(360.0));
        assert_eq!(span([first, first.plus(20)].into_iter()), None, "60 days");
        assert_eq!(span([first].into_iter()), None);
        assert_eq!(span([].into_iter()), None);
    }

    #[test]
    fn what_was_done_has_a_name_and_a_bit() {
        let done = set(set(0, "care_review", true), "support", true);
        assert_eq!(named(done), ["care_review", "support"]);
        assert_eq!(named(set(done, "support", false)), ["care_review"]);
    }
}
