//! Case files in, facts for the law out.
//!
//! A case file is one person's story as an auditor, an advocate or the person
//! typed it: events, and on each the facts that it shows. This room reads it,
//! works out what follows from it, and puts the rulebook's case tests to it.
//! What is missing stays unknown, and what was not read is listed.

mod case;
pub mod charging;
mod check;
mod clocks;
mod derive;
mod engine;
mod json;
mod problem;
mod read;
mod score;
mod template;
mod timeline;
mod when;

pub use case::{Case, Event};
pub use check::{CaseVerdict, Checked, Used};
pub use clocks::{CLOCKS, Clock, ClockEnd};
pub use engine::{Engine, EngineError};
pub use problem::{Ignored, Problem, Seriousness, UnknownName};
pub use score::{Answer, Board, Miss, PointTruth, SectionScore};
pub use when::When;
