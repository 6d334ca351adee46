//! Published measures by the published methods, so that an analyst can check our numbers against the
//! council's own return before trusting anything else.

use serde::Serialize;

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
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
    /// A count, a share from 0 to 1, or days, by `unit`.
    pub value: Option<f64>,
    /// `people`, `share`, `days`.
    pub unit: &'static str,
    /// Why there is no value.
    pub cannot_tell: Option<String>,
    /// How it may differ from the published figure.
    pub note: &'static str,
    pub groups: Vec<MeasureGroup>,
}

/// A part of a measure: an age band, a setting.
#[derive(Clone, Debug, Serialize)]
pub struct MeasureGroup {
    pub group: String,
    pub numerator: Option<u64>,
    pub denominator: Option<u64>,
    pub value: Option<f64>,
}
