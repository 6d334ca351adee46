//! Statistics, sampling and agreement: numbers in, numbers out; no files, no people, no law.
//!
//! Every function agrees with an independent implementation or a printed table to the tolerance that its test
//! states. What cannot be worked out is an error that says why, never a number that is not one.

mod agreement;
mod backlog;
mod change;
mod cluster;
mod distribution;
mod draws;
mod funnel;
mod interval;
mod logistic;
mod multiple;
mod resample;
mod sample;
mod shares;
mod sizes;
mod sufficiency;
mod survival;
mod two_phase;
mod xmr;

pub use backlog::{Clears, Flow, Forecast, PostWork, Queue, Simulation, Week};
pub use draws::{Ranged, Triangular, Uncertain, quartiles};
pub use shares::{Resampled, Resamples};
pub use sufficiency::{Capacity, Enough, Need, Sufficiency, sufficiency};

/// Why a number cannot be given.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct CannotTell(pub String);

impl CannotTell {
    pub fn new(why: impl Into<String>) -> CannotTell {
        CannotTell(why.into())
    }
}
