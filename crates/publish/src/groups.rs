//! Where it is worst: the groups whose share of signals is clearly above everybody else's.

use std::collections::BTreeMap;

use candour_inspect::{Dimension, Tally};

use crate::numbers::{Share, Shown};
use crate::words;

/// Groups with fewer occasions owed and due, or whose rest has fewer, are not compared.
const SMALLEST: u64 = 30;
/// Groups with fewer signals, or whose rest has fewer, are not shown.
const FEWEST_SIGNALS: u64 = 10;
/// A difference that chance alone makes in fewer than 1 of 2,000 comparisons.
const CLEAR: f64 = 3.29;
/// A difference of fewer points is of no use to anybody.
const POINTS: f64 = 0.05;

/// Groups listed of one kind.
const OF_A_KIND: usize = 3;

/// A group that is clearly worse than the rest.
#[derive(Clone, Debug)]
pub(crate) struct Worse {
    pub dimension: &'static str,
    pub group: String,
    pub signals: Shown,
    pub owed: Shown,
    pub share: Share,
    pub rest: Share,
    /// Signals above what the rest's share would give.
    pub excess: f64,
    /// Whether it says where: not a month, which says when, nor people whose group is not recorded.
    pub is_place: bool,
}

impl Worse {
    /// Who the rest are.
    pub fn others(&self) -> &'static str {
        if self.dimension == dimension(Dimension::Month) {
            "in other months"
        } else if self.dimension == dimension(Dimension::District) {
            "elsewhere"
        } else {
            "for everybody else"
        }
    }
}

pub(crate) fn dimension(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Month => "Month",
        Dimension::AgeBand => "Age band",
        Dimension::Sex => "Sex",
        Dimension::EthnicGroup => "Ethnic group",
        Dimension::SupportReason => "Main reason for support",
        Dimension::Setting => "Setting",
        Dimension::District => "Postcode district",
    }
}

fn label(dimension: Dimension, group: &str) -> String {
    match (dimension, group) {
        (_, "unknown") => "Not recorded".to_owned(),
        (Dimension::Month, month) => words::date(month),
        (Dimension::AgeBand, band) => format!("Aged {band}"),
        (_, other) => words::sentence(other),
    }
}

/// Groups clearly worse than the rest, largest excess first, and how many were large enough to compare.
pub(crate) fn worse(
    groups: &[BTreeMap<String, Tally>],
    dimensions: &[Dimension],
) -> (Vec<Worse>, usize) {
    let mut found = Vec::new();
    let mut compared = 0;
    for (groups, dim) in groups.iter().zip(dimensions) {
        let owed = |t: &Tally| t.met + t.not_met + t.cannot_tell;
        let (all_signals, all_owed) = groups
            .values()
            .fold((0, 0), |(s, o), t| (s + t.not_met, o + owed(t)));
        for (name, tally) in groups {
            // That people who were never supported have no setting says nothing of where it is worst.
            if *dim == Dimension::Setting && name == "no long-term support" {
                continue;
            }
            let (signals, whole) = (tally.not_met, owed(tally));
            let (rest_signals, rest_whole) = (all_signals - signals, all_owed - whole);
            if whole < SMALLEST || rest_whole < SMALLEST {
                continue;
            }
            compared += 1;
            if signals < FEWEST_SIGNALS || rest_signals < FEWEST_SIGNALS {
                continue;
            }
            let (shown, shown_whole) = (Shown::new(signals), Shown::new(whole));
            let (Some(share), Some(rest)) = (
                Share::new(shown, shown_whole),
                Share::new(Shown::new(rest_signals), Shown::new(rest_whole)),
            ) else {
                continue;
            };
            let difference = share.rate() - rest.rate();
            if difference >= POINTS
                && deviate((signals, whole), (rest_signals, rest_whole)) >= CLEAR
            {
                found.push(Worse {
                    dimension: dimension(*dim),
                    group: label(*dim, name),
                    is_place: *dim != Dimension::Month && name != "unknown",
                    signals: shown,
                    owed: shown_whole,
                    share,
                    rest,
                    excess: difference * whole as f64,
                });
            }
        }
    }
    found.sort_by(|a, b| {
        b.excess
            .total_cmp(&a.excess)
            .then_with(|| a.group.cmp(&b.group))
    });
    // A few of each kind, so that many months do not crowd out a place.
    let mut kinds: BTreeMap<&'static str, usize> = BTreeMap::new();
    found.retain(|w: &Worse| {
        let seen = kinds.entry(w.dimension).or_insert(0);
        *seen += 1;
        *seen <= OF_A_KIND
    });
    (found, compared)
}

/// The normal deviate of the difference of two shares, pooled.
fn deviate((x1, n1): (u64, u64), (x2, n2): (u64, u64)) -> f64 {
    let (x1, n1, x2, n2) = (x1 as f64, n1 as f64, x2 as f64, n2 as f64);
    let pooled = (x1 + x2) / (n1 + n2);
    let error = (pooled * (1.0 - pooled) * (1.0 / n1 + 1.0 / n2)).sqrt();
    if error > 0.0 {
        (x1 / n1 - x2 / n2) / error
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tally(not_met: u64, met: u64) -> Tally {
        Tally {
            met,
            not_met,
            ..Tally::default()
        }
    }

    fn found(groups: &[(&str, Tally)], dim: Dimension) -> Vec<Worse> {
        let groups: BTreeMap<String, Tally> =
            groups.iter().map(|(n, t)| ((*n).to_owned(), *t)).collect();
        worse(&[groups], &[dim]).0
    }

    #[test]
    fn only_what_is_clearly_worse_is_listed() {
        let list = found(
            &[
                ("male", tally(200, 300)),
                ("female", tally(100, 400)),
                ("unknown", tally(1, 3)),
            ],
            Dimension::Sex,
        );
        assert_eq!(list.len(), 1);
        assert_eq!(
            (list[0].group.as_str(), list[0].share.percent().as_str()),
            ("Male", "40%")
        );
        assert!(
            found(
                &[("male", tally(52, 100)), ("female", tally(48, 100))],
                Dimension::Sex
            )
            .is_empty()
        );
    }

    #[test]
    fn small_groups_are_never_listed() {
        for whole in 0..30 {
            let list = found(
                &[("a", tally(whole, 0)), ("b", tally(100, 3000))],
                Dimension::District,
            );
            assert!(list.is_empty(), "{whole}");
        }
        // Nor one beside which the others could be counted on the fingers.
        assert!(
            found(
                &[("a", tally(300, 100)), ("b", tally(4, 400))],
                Dimension::District
            )
            .is_empty()
        );
    }

    /// 15/20 against 5/20, worked by hand: pooled 0.5, error 0.15811, difference 0.5.
    #[test]
    fn the_deviate_is_the_pooled_one() {
        assert!((deviate((15, 20), (5, 20)) - 3.1623).abs() < 1e-4);
    }
}
