//! A few timelines that show why: days from the person's first event; no dates, place or traits.

use candour_law::Verdict;
use candour_record::codes::{AssessmentType, EventType, Outcome};
use candour_record::{Day, Event, Record};

use crate::inspector::{Inspection, TestResult};

/// One person's events around a signal.
#[derive(Clone, Debug)]
pub struct Example {
    /// Days from the first event shown to the occasion.
    pub occasion: i64,
    pub because: String,
    pub events: Vec<ExampleEvent>,
    /// Length shown, in days.
    pub days: i64,
}

#[derive(Clone, Debug)]
pub struct ExampleEvent {
    pub start: i64,
    /// `None`: still open.
    pub end: Option<i64>,
    pub label: String,
    pub kind: &'static str,
    /// Whether it gave rise to the occasion or decided it.
    pub evidence: bool,
}

/// At most this many events in one picture.
const EVENTS: usize = 14;

impl Inspection {
    /// Up to `count` signals of a test, spread over its list.
    pub fn examples(&self, record: &Record, result: &TestResult, count: usize) -> Vec<Example> {
        let signals: Vec<_> = result
            .verdicts
            .iter()
            .filter(|row| {
                result
                    .outcome(row)
                    .is_some_and(|o| o.verdict == Verdict::NotMet)
            })
            .collect();
        let step = (signals.len() / count.max(1)).max(1);
        signals
            .iter()
            .step_by(step)
            .take(count)
            .filter_map(|row| {
                let outcome = result.outcome(row)?;
                let person = record.people.get(row.person as usize)?;
                let evidence: Vec<u32> = result
                    .evidence(row)
                    .iter()
                    .filter_map(|e| e.checked_sub(person.first_event))
                    .collect();
                Some(picture(
                    record,
                    record.events_of(row.person),
                    row.day,
                    &evidence,
                    outcome.because.clone(),
                ))
            })
            .collect()
    }
}

fn picture(
    record: &Record,
    events: &[Event],
    occasion: Day,
    evidence: &[u32],
    because: String,
) -> Example {
    // The evidence first, then what is nearest the occasion.
    let mut chosen: Vec<usize> = (0..events.len()).collect();
    let distance = |i: usize| {
        events.get(i).map_or(i64::MAX, |e| {
            if e.active_on(occasion) {
                0
            } else {
                occasion
                    .since(e.start)
                    .abs()
                    .min(occasion.since(e.end.min(record.as_of)).abs())
            }
        })
    };
    chosen.sort_by_key(|&i| (!evidence.contains(&(i as u32)), distance(i), i));
    chosen.truncate(EVENTS);
    chosen.sort_unstable();
    let first = chosen
        .iter()
        .filter_map(|&i| events.get(i))
        .map(|e| e.start)
        .min()
        .unwrap_or(occasion)
        .min(occasion);
    let shown: Vec<ExampleEvent> = chosen
        .into_iter()
        .filter_map(|i| {
            let e = events.get(i)?;
            Some(ExampleEvent {
                start: e.start.since(first),
                end: (e.end != Day::OPEN).then(|| e.end.since(first)),
                label: label(e),
                kind: e.kind.name(),
                evidence: evidence.contains(&(i as u32)),
            })
        })
        .collect();
    let last = shown
        .iter()
        .filter_map(|e| e.end.or(Some(e.start)))
        .chain([occasion.since(first)])
        .max()
        .unwrap_or(0);
    let open = shown.iter().any(|e| e.end.is_none());
    let days = if open {
        record.as_of.since(first).max(last)
    } else {
        last
    };
    Example {
        occasion: occasion.since(first),
        because,
        events: shown,
        days,
    }
}

/// What an event was, in plain words, with nothing that tells who.
fn label(e: &Event) -> String {
    let what = match e.kind {
        EventType::Request => "Asked for help".to_owned(),
        EventType::Assessment => match e.assessment_type {
            AssessmentType::LongTerm if e.is_carer_assessment() => "Carer’s assessment".to_owned(),
            AssessmentType::LongTerm => "Needs assessment".to_owned(),
            AssessmentType::ShortTerm => "Short-term assessment".to_owned(),
            AssessmentType::Financial => "Financial assessment".to_owned(),
            _ => "Assessment".to_owned(),
        },
        EventType::Review => "Care review".to_owned(),
        _ => {
            let kind = if e.is_direct_payment() {
                "direct payment"
            } else if e.is_long_term() {
                match e.service_type {
                    candour_record::codes::ServiceType::LongTermCommunity => "support at home",
                    candour_record::codes::ServiceType::LongTermPrison => "support in prison",
                    _ => "care home",
                }
            } else if e.service_type.is_carer_support() {
                "support for a carer"
            } else {
                "short-term help"
            };
            match candour_record::units_per_week(e)
                .filter(|_| e.frequency == candour_record::codes::Frequency::Hourly)
            {
                Some(hours) => format!("{kind}, {hours} hours a week", kind = sentence(kind)),
                None => sentence(kind),
            }
        }
    };
    match outcome(e.outcome) {
        "" => what,
        text => format!("{what} → {text}"),
    }
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

fn outcome(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Reablement => "reablement",
        Outcome::Assessment => "to be assessed or reviewed",
        Outcome::SupportPlanning => "support planning",
        Outcome::Hospital => "admitted to hospital",
        Outcome::Moved => "moved away",
        Outcome::NhsFunded => "paid by the NHS",
        Outcome::NhsReferral => "referred to the NHS",
        Outcome::SelfFunded => "pays for own care",
        Outcome::Advice => "advice only",
        Outcome::ReferredWithin => "referred within the council",
        Outcome::Declined => "declined",
        Outcome::Deceased => "died",
        Outcome::EndedAsPlanned => "ended as planned",
        Outcome::EndedOther => "ended, other reason",
        Outcome::NoneOffered => "no service offered",
        Outcome::Other => "closed, other",
        _ => "",
    }
}
