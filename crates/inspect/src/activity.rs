//! How often the council does what takes its staff's time: events of the last year that the returns cover.

use candour_law::StaffTime;
use candour_record::codes::{EventType, Outcome, ReviewReason};
use candour_record::{Event, Interval, Record};
use serde::{Deserialize, Serialize};

/// Fewer days than this do not make a year: what a year's seasons bring is not seen in them.
const FEWEST_DAYS: i64 = 182;
const YEAR_DAYS: f64 = 365.25;

/// Events of one kind.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Activity {
    /// Of the rulebook's `[[activity]]`.
    pub id: String,
    pub title: String,
    /// First and last day that were counted, ISO: the last twelve months of coverage, or as much as there is.
    pub from: String,
    pub to: String,
    pub days: i64,
    pub count: u64,
    /// For a year. The count itself where twelve months were counted.
    pub a_year: Option<f64>,
    pub cannot_tell: Option<String>,
}

/// Whether an event counts.
type Takes = fn(&Event) -> bool;

/// What kind of event counts, and which coverage it needs.
fn counts(id: &str) -> Option<(EventType, Takes)> {
    // A plan is no event of a return: an assessment that went on to planning or support stands for one.
    Some(match id {
        "needs_assessments" => (EventType::Assessment, |e| e.is_assessment()),
        "support_plans" => (EventType::Assessment, |e| {
            e.is_needs_assessment() && e.outcome == Outcome::SupportPlanning
        }),
        "carer_assessments" => (EventType::Assessment, |e| e.is_carer_assessment()),
        "reviews_planned" => (EventType::Review, |e| {
            e.is_review() && e.review_reason == ReviewReason::Planned
        }),
        // Every listed reason but the planned one; care reviews of short-term support are none of these.
        "reviews_unplanned" => (EventType::Review, |e| {
            e.is_review() && e.review_reason.is_listed() && e.review_reason != ReviewReason::Planned
        }),
        "reviews_unknown" => (EventType::Review, |e| {
            e.is_review() && !e.review_reason.is_listed()
        }),
        _ => return None,
    })
}

/// Every activity that the rulebook asks for.
pub(crate) fn activity(record: &Record, time: &StaffTime) -> Vec<Activity> {
    time.activities
        .iter()
        .map(|kind| {
            let Some((event_type, takes)) = counts(&kind.id) else {
                return Activity {
                    id: kind.id.clone(),
                    title: kind.title.clone(),
                    from: record.as_of.to_string(),
                    to: record.as_of.to_string(),
                    days: 0,
                    count: 0,
                    a_year: None,
                    cannot_tell: Some("cannot tell, because no return shows it".to_owned()),
                };
            };
            let coverage = record.coverage.of(event_type);
            let to = coverage.end.min(record.as_of);
            let year = to.plus_months(-12).plus(1);
            let days = Interval::new(coverage.start.max(year), to);
            let length = days.end.since(days.start) + 1;
            let count = record
                .events
                .iter()
                .filter(|e| days.contains(e.end) && takes(e))
                .count() as u64;
            let cannot_tell = (length < FEWEST_DAYS).then(|| {
                format!(
                    "cannot tell, because the returns cover {} days of it and {FEWEST_DAYS} are needed",
                    length.max(0)
                )
            });
            let a_year = match (&cannot_tell, days.start == year) {
                (Some(_), _) => None,
                (None, true) => Some(count as f64),
                (None, false) => Some(count as f64 * YEAR_DAYS / length as f64),
            };
            Activity {
                id: kind.id.clone(),
                title: kind.title.clone(),
                from: days.start.to_string(),
                to: days.end.to_string(),
                days: length.max(0),
                count,
                a_year,
                cannot_tell,
            }
        })
        .collect()
}
