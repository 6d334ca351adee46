//! What putting everything right would take: hours, posts, pounds, and restitution for falls.
//!
//! A signal is not a finding. Every figure here is of the kind "if every signal were confirmed", or a given
//! share of them. [`Counted`] is what the record shows; [`Estimate`] is made of it and of the remedies, and can
//! be made again with a council's own hours and prices.

mod count;
mod draw;
mod estimate;
mod sums;
#[cfg(test)]
mod tests;

use candour_record::Record;
use serde::{Deserialize, Serialize};

use crate::inspector::{Inspection, Inspector};

pub use count::{
    Counted, CountedOwing, CountedRestitution, CountedTest, Fallers, Open, ToDo, Yearly,
};
pub use estimate::{
    Amount, Assumed, CannotEstimate, ConfirmedOf, CostOf, Estimate, GradeUsed, Number, Options,
    RestitutionAssumes, RestitutionSum, TestEstimate, Total, estimate,
};
pub use sums::{Post, gap_hours, required_hours};

/// `resources` of `inspection.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Resources {
    pub counted: Counted,
    pub estimate: Option<Estimate>,
    /// Why there is no estimate.
    pub cannot_tell: Option<String>,
}

impl Resources {
    /// Of an inspection, by the remedies of its rulebook, as if every signal were confirmed.
    pub(crate) fn of(
        inspector: &Inspector<'_>,
        record: &Record,
        inspection: &Inspection,
    ) -> Resources {
        let counted = count::count(inspector, record, inspection);
        let made = match &inspector.rulebook.remedies {
            Some(remedies) => {
                estimate(&counted, remedies, &Options::default()).map_err(|e| e.to_string())
            }
            None => Err("the rulebook has no remedies.toml".to_owned()),
        };
        let (estimate, cannot_tell) = match made {
            Ok(estimate) => (Some(estimate), None),
            Err(why) => (None, Some(format!("cannot tell, because {why}"))),
        };
        Resources {
            counted,
            estimate,
            cannot_tell,
        }
    }
}
