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

/// The years of the prices that an estimate used: `2024/25`, or several with `and` between.
pub fn price_years(estimate: &Estimate) -> String {
    let mut years: Vec<&str> = estimate
        .grades
        .iter()
        .filter(|grade| grade.cost.used)
        .map(|grade| grade.price_year.as_str())
        .collect();
    years.sort_unstable();
    years.dedup();
    years.join(" and ")
}

/// `about half`, for a share from 0 to 1.
pub fn part_in_words(share: f64) -> &'static str {
    match share {
        s if s <= 0.0 => "none",
        s if s >= 1.0 => "all",
        s if s < 0.1 => "less than a tenth",
        s if s > 0.9 => "more than nine tenths",
        s if (s - 1.0 / 4.0).abs() < 0.04 => "about a quarter",
        s if (s - 1.0 / 3.0).abs() < 0.04 => "about a third",
        s if (s - 1.0 / 2.0).abs() < 0.04 => "about half",
        s if (s - 2.0 / 3.0).abs() < 0.04 => "about two thirds",
        s if (s - 3.0 / 4.0).abs() < 0.04 => "about three quarters",
        s if s < 0.15 => "about a tenth",
        s if s < 0.25 => "about a fifth",
        s if s < 0.5 => "about four in ten",
        s if s < 0.65 => "about six in ten",
        s if s < 0.75 => "about seven in ten",
        s if s < 0.85 => "about eight in ten",
        _ => "about nine in ten",
    }
}

#[cfg(test)]
mod wording {
    use super::part_in_words;

    #[test]
    fn shares_are_said_near_what_they_are() {
        let all = [
            (0.0, "none"),
            (0.05, "less than a tenth"),
            (0.12, "about a tenth"),
            (0.18, "about a fifth"),
            (0.214, "about a quarter"),
            (0.33, "about a third"),
            (0.42, "about four in ten"),
            (0.5, "about half"),
            (0.589, "about six in ten"),
            (0.66, "about two thirds"),
            (0.72, "about three quarters"),
            (0.82, "about eight in ten"),
            (0.9, "about nine in ten"),
            (0.95, "more than nine tenths"),
            (1.0, "all"),
        ];
        for (share, says) in all {
            assert_eq!(part_in_words(share), says, "{share}");
        }
    }
}
