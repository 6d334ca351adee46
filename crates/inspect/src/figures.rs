//! What a chart of a pattern is drawn from. One struct gives the chart, its table and its text alternative.

use serde::Serialize;

/// What a number counts in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// A share from 0 to 1.
    Share,
    /// Pounds a week.
    PoundsAWeek,
    Days,
    People,
    /// A ratio of two rates.
    Ratio,
}

/// One picture with its numbers.
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Figure {
    Series(Series),
    Curve(Curve),
    Funnel(Funnel),
    Bars(Bars),
    Ratios(Ratios),
}

/// A number month by month, as an XmR chart.
#[derive(Clone, Debug, Serialize)]
pub struct Series {
    pub id: &'static str,
    pub title: String,
    pub unit: Unit,
    /// What is counted of what: "found eligible", "needs assessments".
    pub counted: &'static str,
    pub of: &'static str,
    pub points: Vec<SeriesPoint>,
    /// Centre and natural limits, where there are months enough.
    pub limits: Option<Limits>,
    /// Where the change-point test puts a change, if it alarms.
    pub change: Option<ChangeMark>,
}

#[derive(Clone, Debug, Serialize)]
pub struct SeriesPoint {
    /// `2025-04`.
    pub month: String,
    /// How many, where the unit is a share.
    pub count: Option<u64>,
    pub of: u64,
    /// `None` where there is nothing to divide by, or too little.
    pub value: Option<f64>,
    /// What the model expects of the people of that month had nothing changed.
    pub expected: Option<f64>,
    /// Which of the NHS rules marks it: `outside_limits`, `trend`, `near_limit`, `one_side`.
    pub special: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct Limits {
    pub centre: f64,
    pub lower: f64,
    pub upper: f64,
}

/// A date of change with its interval, ISO dates.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeMark {
    pub at: String,
    pub from: String,
    pub to: String,
}

/// Shares still waiting by days waited.
#[derive(Clone, Debug, Serialize)]
pub struct Curve {
    pub id: &'static str,
    pub title: String,
    pub lines: Vec<CurveLine>,
}

#[derive(Clone, Debug, Serialize)]
pub struct CurveLine {
    pub label: String,
    pub waits: u64,
    pub ended: u64,
    /// Still waiting at as-of, or left for another reason.
    pub open: u64,
    pub median: Option<f64>,
    pub median_interval: Option<[Option<f64>; 2]>,
    /// Day by which nine in ten waits have ended.
    pub ninetieth: Option<f64>,
    pub points: Vec<CurvePoint>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct CurvePoint {
    pub day: f64,
    pub waiting: f64,
    pub low: f64,
    pub high: f64,
}

/// Places by size, with the limits within which chance and ordinary variation keep them.
#[derive(Clone, Debug, Serialize)]
pub struct Funnel {
    pub id: &'static str,
    pub title: String,
    pub counted: &'static str,
    pub of: &'static str,
    pub centre: f64,
    pub points: Vec<FunnelPoint>,
    /// Smallest `of` first.
    pub limits: Vec<FunnelLimit>,
}

#[derive(Clone, Debug, Serialize)]
pub struct FunnelPoint {
    pub group: String,
    pub count: u64,
    pub of: u64,
    pub rate: f64,
    /// `above` or `below` the 99.8% limit.
    pub outside: Option<&'static str>,
}

#[derive(Clone, Copy, Debug, Serialize)]
pub struct FunnelLimit {
    pub of: f64,
    pub low95: f64,
    pub high95: f64,
    pub low998: f64,
    pub high998: f64,
}

/// Counts by something that is no time, beside what was to be expected.
#[derive(Clone, Debug, Serialize)]
pub struct Bars {
    pub id: &'static str,
    pub title: String,
    /// What the labels are: "Support that was left, of what there was".
    pub labels: &'static str,
    pub counted: &'static str,
    pub bars: Vec<Bar>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Bar {
    pub label: String,
    pub count: u64,
    pub expected: Option<f64>,
    /// One that stands out.
    pub marked: bool,
}

/// Groups beside everybody, adjusted.
#[derive(Clone, Debug, Serialize)]
pub struct Ratios {
    pub id: &'static str,
    pub title: String,
    pub rows: Vec<Ratio>,
}

#[derive(Clone, Debug, Serialize)]
pub struct Ratio {
    /// Which rate: "found eligible".
    pub rate: String,
    /// `sex`, `ethnic_group`, `district`, ...
    pub dimension: &'static str,
    pub group: String,
    pub count: u64,
    pub of: u64,
    /// Observed over expected of the same people by the model without the group.
    pub ratio: f64,
    pub low: f64,
    pub high: f64,
    /// Clear of 1 after all the comparisons that were made.
    pub clear: bool,
}
