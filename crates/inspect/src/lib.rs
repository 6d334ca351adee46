//! A rulebook over a record: verdicts, tallies, and the files of an inspection.

mod activity;
mod backlog;
mod document;
mod error;
mod examples;
mod figures;
mod inspector;
mod labels;
mod local;
mod measures;
mod outputs;
mod patterns;
pub mod resources;
pub mod says;
pub mod staff;
mod strata;

pub use activity::Activity;
pub use backlog::{FlowText, ForecastText, Queue, WeekText};
pub use document::{
    CountedCheck, CoverageText, Document, Fate, Input, LocalText, MassDay, ReasonCounts,
    TestSummary,
};
pub use error::InspectError;
pub use examples::{Example, ExampleEvent};
pub use figures::*;
pub use inspector::{Inspection, Inspector, TestResult, VerdictRow};
pub use labels::{Key, Labels};
pub use local::LocalFacts;
pub use measures::{Measure, MeasureGroup, measures};
pub use outputs::{document, write_data};
pub use patterns::{Pattern, find_patterns};
pub use resources::Resources;
pub use strata::{DIMENSIONS, Dimension, Strata, Tally};
