//! The shape of `inspection.json`. Its schema is `schemas/inspection.schema.json`.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::activity::Activity;
use crate::backlog::Queue;
use crate::measures::Measure;
use crate::patterns::Pattern;
use crate::resources::Resources;
use crate::strata::Tally;

/// Everything an inspection says, apart from single people.
#[derive(Clone, Debug, Serialize)]
pub struct Document {
    pub candour: &'static str,
    pub council: String,
    pub as_of: String,
    /// Whether the as-of day was given, or is the earliest end of coverage.
    pub as_of_given: bool,
    pub identifiers: &'static str,
    pub rulebook_sha256: String,
    pub inputs: Vec<Input>,
    pub coverage: BTreeMap<&'static str, CoverageText>,
    pub rows: Fate,
    pub people: u64,
    pub people_in_long_term_support: u64,
    pub events: BTreeMap<&'static str, u64>,
    pub local_facts: Vec<LocalText>,
    pub local_facts_sha256: Option<String>,
    pub mass_days: Vec<MassDay>,
    pub reset_days: Vec<String>,
    pub quality: Vec<CountedCheck>,
    pub tests: Vec<TestSummary>,
    pub patterns: Vec<Pattern>,
    pub measures: Vec<Measure>,
    /// What takes staff's time, counted for a year.
    pub activity: Vec<Activity>,
    /// What waits, and how it goes on at today's pace.
    pub backlog: Vec<Queue>,
    pub resources: Resources,
}

/// One return that was read.
#[derive(Clone, Debug, Serialize)]
pub struct Input {
    pub file: String,
    pub sha256: String,
    pub bytes: u64,
    pub rows: u64,
    pub rows_used: u64,
    pub period_start: String,
    pub period_end: String,
    /// False when no row states a period, and the months of its events are taken instead.
    pub period_is_stated: bool,
    pub release: &'static str,
    pub missing_columns: Vec<&'static str>,
    pub other_columns: Vec<String>,
    pub short_rows: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct CoverageText {
    pub start: String,
    pub end: String,
}

/// What became of the rows: `in = used + set_aside`, and `used` is the sum of what follows it.
#[derive(Clone, Debug, Serialize)]
pub struct Fate {
    #[serde(rename = "in")]
    pub rows_in: u64,
    pub used: u64,
    pub set_aside: BTreeMap<&'static str, u64>,
    pub used_as: BTreeMap<&'static str, u64>,
    /// Services missing from a later return: their end is unknown.
    pub unknown_ends: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct LocalText {
    pub kind: &'static str,
    pub says: String,
    pub why: String,
}

/// A day on which so many people's support fell that the day is one question.
#[derive(Clone, Debug, Serialize)]
pub struct MassDay {
    pub day: String,
    pub people: u64,
    pub people_in_long_term_support: u64,
}

#[derive(Clone, Debug, Serialize)]
pub struct CountedCheck {
    pub field: String,
    pub check_id: String,
    pub severity: String,
    pub rule: String,
    pub rows: u64,
}

/// Reason → occasions.
pub type ReasonCounts = BTreeMap<String, u64>;

/// One test of one duty. `occasions` is the sum of the five.
#[derive(Clone, Debug, Serialize)]
pub struct TestSummary {
    pub duty: String,
    pub test: String,
    pub section: String,
    pub force: &'static str,
    pub strength: &'static str,
    pub occasions: u64,
    pub met: u64,
    pub not_met: ReasonCounts,
    pub cannot_tell: ReasonCounts,
    pub not_owed: ReasonCounts,
    pub not_yet_due: ReasonCounts,
    /// Met, by reason: the test's own, or a justification.
    pub met_because: ReasonCounts,
    /// Signals by strength, where the test can be weaker than its own.
    pub not_met_strong: u64,
    /// What `not_met` would be without what the council told us.
    pub not_met_without_local_facts: u64,
    /// Dimension → group → verdicts.
    pub groups: BTreeMap<&'static str, BTreeMap<String, Tally>>,
}
