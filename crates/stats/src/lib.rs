//! Statistics, sampling and agreement: numbers in, numbers out; no files, no people, no law.
//!
//! Every function agrees with an independent implementation or a printed table to the tolerance that its test
//! states. What cannot be worked out is an error that says why, never a number that is not one.

mod agreement;
mod backlog;
mod change;
mod cluster;
mod distribution;
mod funnel;
mod interval;
mod logistic;
mod multiple;
mod resample;
mod sample;
mod sizes;
mod survival;
mod two_phase;
mod xmr;

/// Why a number cannot be given.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{0}")]
pub struct CannotTell(pub String);

impl CannotTell {
    pub fn new(why: impl Into<String>) -> CannotTell {
        CannotTell(why.into())
    }
}

pub use agreement::{Agreement, Coefficient, FEWEST_PAIRS, Pair, Weights, agreement};
pub use sample::{
    Draw, Drawn, FEWEST_RESERVES, OTHERS, Request, Target, Ticket, Weighted, draw, effective,
    frame_place, share_out, strata, ticket, weighted_share,
};
pub use sizes::{
    chance_of_meeting, exact_interval, files_for_points, files_for_width, files_to_find, one_in,
    upper_when_none, wilson_interval,
};
pub use two_phase::{Class, FEWEST_IN_CLASS, TwoPhase, two_phase};
