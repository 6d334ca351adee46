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
mod special;
mod sufficiency;
mod survival;
mod two_phase;
mod xmr;

pub use backlog::{Clears, Flow, Forecast, PostWork, Queue, Simulation, Week};
pub use change::{Bin, ChangePoint, Direction, change_point, largest_of};
pub use cluster::{Standout, standouts};
pub use distribution::{
    beta_quantile, binomial_upper_tail, chi_squared_quantile, chi_squared_upper_tail,
    gamma_quantile, negative_binomial_upper_tail, normal_cdf, normal_quantile, normal_upper_tail,
    poisson_upper_tail, t_quantile, t_upper_tail,
};
pub use draws::{Ranged, Triangular, Uncertain, quartiles};
pub use funnel::{FunnelChart, funnel};
pub use interval::{Interval, byar, clopper_pearson, newcombe_difference, wilson};
pub use logistic::{Design, Fit, Symmetric, linear_regression, logistic_regression};
pub use multiple::{benjamini_hochberg, holm};
pub use resample::{Chance, quantile};
pub use shares::{Resampled, Resamples};
pub use sufficiency::{Capacity, Enough, Need, Sufficiency, sufficiency};
pub use survival::{KaplanMeier, Wait, kaplan_meier, log_rank};
pub use xmr::{SpecialCause, Xmr, xmr};

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
