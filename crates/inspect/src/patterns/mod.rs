//! Patterns: what the council does, rather than what happened to one person.

use serde::Serialize;

use crate::figures::{Figure, Unit};

/// One pattern, looked for.
#[derive(Clone, Debug, Serialize)]
pub struct Pattern {
    /// `front_door`, `threshold_drift`, `review_used_to_cut`, `blanket_cut`, `slow_cut`, `waiting`, `who_bears_it`.
    pub id: &'static str,
    pub title: &'static str,
    /// Whether something changed or stands out beyond chance. Never a finding.
    pub alarm: bool,
    /// Why nothing can be said, where nothing can. Then there is no alarm.
    pub cannot_tell: Option<String>,
    /// ISO date of the change, where the pattern is one of time and alarms.
    pub since: Option<String>,
    /// 95% interval of that date.
    pub since_interval: Option<[String; 2]>,
    /// Where it is clearest: a place, a group, or the whole council.
    #[serde(rename = "where")]
    pub place: Option<String>,
    /// How large, in `unit`; for a share, 0.08 is eight points, and a fall is negative.
    pub size: Option<f64>,
    /// 95% interval of the size.
    pub interval: Option<[f64; 2]>,
    pub unit: Unit,
    /// People (or decisions about people) that it touches.
    pub people: Option<u64>,
    /// In plain words, numbers rounded as on a page.
    pub sentence: String,
    /// Chance of as much where nothing happened, after every date or group that was tried.
    pub p: Option<f64>,
    /// The level below which it alarms.
    pub level: Option<f64>,
    /// How it was worked out, in a sentence.
    pub method: String,
    /// What it cannot show.
    pub limits: Vec<String>,
    pub figures: Vec<Figure>,
}
