//! Agreement between two auditors: percent, Cohen's kappa and Gwet's AC1, each with a 95% interval.
//!
//! Kappa asks how much better than chance two auditors agree, with each one's own habits as the chance; where nearly
//! every answer is the same it falls towards nothing though the two hardly ever differ. AC1 (K. L. Gwet, British Journal of
//! Mathematical and Statistical Psychology 61 (2008) 29-48) does not, so both are given. Grades have an order: with
//! linear weights a difference of one grade counts as partly agreed, and AC1 becomes AC2.
//!
//! Variances are those of Gwet, *Handbook of Inter-Rater Reliability* (4th ed., 2014), as in the package irrCAC: the mean
//! square of what each pair contributes. Where a case answers several questions its pairs are no independent evidence,
//! so their contributions are added up within the case first, with the factor cases / (cases - 1).

use std::collections::BTreeMap;

use statrs::distribution::{ContinuousCDF, StudentsT};

use crate::CannotTell;
use crate::sizes::wilson_interval;

/// Two answers to one question about one case; answers and cases are numbered from 0.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Pair {
    pub case: usize,
    pub first: usize,
    pub second: usize,
}

/// What a difference counts for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Weights {
    /// Every difference is one.
    Nominal,
    /// Answers have an order, and a difference counts by how many steps it is.
    Linear,
}

/// A coefficient: 1 is full agreement, 0 no better than chance.
#[derive(Clone, PartialEq, Debug)]
pub struct Coefficient {
    pub value: f64,
    pub standard_error: f64,
    /// 95% interval by Student's t with cases - 1 degrees of freedom.
    pub interval: Result<(f64, f64), CannotTell>,
}

/// How far two auditors agree.
#[derive(Clone, PartialEq, Debug)]
pub struct Agreement {
    pub pairs: u64,
    pub cases: u64,
    /// Pairs of exactly the same answer.
    pub same: u64,
    /// 95% interval of the share that is the same (Wilson's; with several pairs to a case, with the number of
    /// independent pairs that say as much).
    pub same_interval: (f64, f64),
    pub kappa: Result<Coefficient, CannotTell>,
    pub ac1: Result<Coefficient, CannotTell>,
}

/// With fewer pairs than this, kappa and AC1 are not given.
pub const FEWEST_PAIRS: usize = 5;

/// Agreement over `pairs`, whose answers are below `categories` (those that could be given, at least two: AC1 depends
/// on their number, and a list with answers that nobody uses flatters it).
///
/// # Errors
/// No pairs, fewer than two categories, or an answer that is none of them.
pub fn agreement(
    pairs: &[Pair],
    categories: usize,
    weights: Weights,
) -> Result<Agreement, CannotTell> {
    if pairs.is_empty() {
        return Err(CannotTell::new(
            "cannot tell, because no question was answered twice",
        ));
    }
    if categories < 2
        || pairs
            .iter()
            .any(|p| p.first >= categories || p.second >= categories)
    {
        return Err(CannotTell::new(
            "cannot tell, because an answer is none of those that could be given",
        ));
    }
    let count = pairs.len() as u64;
    let same = pairs.iter().filter(|p| p.first == p.second).count() as u64;
    let mut cases: Vec<usize> = pairs.iter().map(|p| p.case).collect();
    cases.sort_unstable();
    cases.dedup();
    let cases = cases.len() as u64;
    let share = same as f64 / count as f64;
    let contributions: Vec<f64> = pairs
        .iter()
        .map(|p| f64::from(u8::from(p.first == p.second)) - share)
        .collect();
    // Pairs within a case: the number of independent pairs with the same variance, at most those there are, and where
    // all are the same (no variance to go by) no more than cases.
    let spread = variance(pairs, &contributions, cases);
    let effective = if same == count || same == 0 || spread <= 0.0 {
        cases as f64
    } else {
        (share * (1.0 - share) / spread).clamp(1.0, count as f64)
    };
    let same_interval = wilson_interval(share, effective, None)?;
    let table = Table::new(pairs, categories, weights);
    let of = |chance: Chance| {
        if pairs.len() < FEWEST_PAIRS {
            return Err(CannotTell::new(format!(
                "cannot tell, because only {} were answered twice and it takes {FEWEST_PAIRS}",
                pairs.len()
            )));
        }
        table.coefficient(&chance, pairs, cases, same_interval.0)
    };
    Ok(Agreement {
        pairs: count,
        cases,
        same,
        same_interval,
        kappa: of(table.cohen()),
        ac1: of(table.gwet()),
    })
}

/// The variance of a mean of contributions that are added up within each case.
fn variance(pairs: &[Pair], contributions: &[f64], cases: u64) -> f64 {
    let mut sums: BTreeMap<usize, f64> = BTreeMap::new();
    for (pair, contribution) in pairs.iter().zip(contributions) {
        *sums.entry(pair.case).or_insert(0.0) += contribution;
    }
    let n = pairs.len() as f64;
    let squares: f64 = sums.values().map(|sum| sum * sum).sum();
    let factor = if cases == pairs.len() as u64 || cases < 2 {
        1.0
    } else {
        cases as f64 / (cases as f64 - 1.0)
    };
    factor * squares / (n * n)
}

/// How likely agreement by chance is, and what a pair of answers adds to that.
struct Chance {
    chance: f64,
    /// By first answer, by second.
    of_pair: Vec<Vec<f64>>,
    undefined: &'static str,
}

struct Table {
    /// Shares of each answer, of the first and of the second auditor.
    first: Vec<f64>,
    second: Vec<f64>,
    /// What a pair of answers counts for, 0 to 1.
    weights: Vec<Vec<f64>>,
}

fn at(list: &[f64], place: usize) -> f64 {
    list.get(place).copied().unwrap_or(0.0)
}

fn cell(table: &[Vec<f64>], row: usize, column: usize) -> f64 {
    table.get(row).map_or(0.0, |row| at(row, column))
}

impl Table {
    fn new(pairs: &[Pair], categories: usize, weights: Weights) -> Table {
        let share = |answer: &dyn Fn(&Pair) -> usize| -> Vec<f64> {
            (0..categories)
                .map(|c| {
                    pairs.iter().filter(|p| answer(p) == c).count() as f64 / pairs.len() as f64
                })
                .collect()
        };
        let steps = (categories - 1) as f64;
        Table {
            first: share(&|p| p.first),
            second: share(&|p| p.second),
            weights: (0..categories)
                .map(|a| {
                    (0..categories)
                        .map(|b| match weights {
                            Weights::Nominal => f64::from(u8::from(a == b)),
                            Weights::Linear => 1.0 - a.abs_diff(b) as f64 / steps,
                        })
                        .collect()
                })
                .collect(),
        }
    }

    fn each(&self, of: impl Fn(usize, usize) -> f64) -> Vec<Vec<f64>> {
        let n = self.first.len();
        (0..n).map(|a| (0..n).map(|b| of(a, b)).collect()).collect()
    }

    fn cohen(&self) -> Chance {
        let n = self.first.len();
        let row = |a: usize| -> f64 {
            (0..n)
                .map(|b| cell(&self.weights, a, b) * at(&self.second, b))
                .sum()
        };
        let column = |b: usize| -> f64 {
            (0..n)
                .map(|a| cell(&self.weights, a, b) * at(&self.first, a))
                .sum()
        };
        Chance {
            chance: (0..n).map(|a| at(&self.first, a) * row(a)).sum(),
            of_pair: self.each(|a, b| row(a) + column(b)),
            undefined: "cannot tell, because both auditors gave one and the same answer throughout",
        }
    }

    fn gwet(&self) -> Chance {
        let n = self.first.len();
        let total: f64 = self.weights.iter().flatten().sum();
        let scale = total / (n * (n - 1)) as f64;
        let mean = |a: usize| (at(&self.first, a) + at(&self.second, a)) / 2.0;
        Chance {
            chance: scale * (0..n).map(|a| mean(a) * (1.0 - mean(a))).sum::<f64>(),
            of_pair: self.each(|a, b| 2.0 * scale * (1.0 - (mean(a) + mean(b)) / 2.0)),
            undefined: "cannot tell, because agreement by chance is certain",
        }
    }

    fn coefficient(
        &self,
        chance: &Chance,
        pairs: &[Pair],
        cases: u64,
        least_same: f64,
    ) -> Result<Coefficient, CannotTell> {
        let by_chance = chance.chance;
        if 1.0 - by_chance < 1e-12 {
            return Err(CannotTell::new(chance.undefined));
        }
        let agreed = pairs
            .iter()
            .map(|p| cell(&self.weights, p.first, p.second))
            .sum::<f64>()
            / pairs.len() as f64;
        let value = (agreed - by_chance) / (1.0 - by_chance);
        let mean = agreed - 2.0 * (1.0 - value) * by_chance;
        let contributions: Vec<f64> = pairs
            .iter()
            .map(|p| {
                let own = cell(&self.weights, p.first, p.second)
                    - (1.0 - value) * cell(&chance.of_pair, p.first, p.second);
                (own - mean) / (1.0 - by_chance)
            })
            .collect();
        let standard_error = variance(pairs, &contributions, cases).sqrt();
        let interval = if pairs.iter().all(|p| p.first == p.second) {
            // The formula has no width when all agree. What the number of files leaves open is how often they would.
            let low = (least_same - by_chance) / (1.0 - by_chance);
            Ok((low.max(-1.0), 1.0))
        } else if cases < 2 {
            Err(CannotTell::new(
                "cannot tell, because all answers are about one case",
            ))
        } else if standard_error < 1e-9 {
            Err(CannotTell::new(
                "cannot tell, because one auditor gave the same answer throughout",
            ))
        } else {
            let t = StudentsT::new(0.0, 1.0, cases as f64 - 1.0)
                .map_err(|why| CannotTell::new(format!("cannot tell, because {why}")))?
                .inverse_cdf(0.975);
            Ok((
                (value - t * standard_error).max(-1.0),
                (value + t * standard_error).min(1.0),
            ))
        };
        Ok(Coefficient {
            value,
            standard_error,
            interval,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(table: &[&[usize]]) -> Vec<Pair> {
        let mut pairs = Vec::new();
        for (first, row) in table.iter().enumerate() {
            for (second, n) in row.iter().enumerate() {
                for _ in 0..*n {
                    pairs.push(Pair {
                        case: pairs.len(),
                        first,
                        second,
                    });
                }
            }
        }
        pairs
    }

    fn is(found: &Result<Coefficient, CannotTell>, value: f64, error: f64, low: f64, high: f64) {
        let found = found.as_ref().unwrap();
        let (l, h) = found.interval.clone().unwrap();
        for (a, b) in [
            (found.value, value),
            (found.standard_error, error),
            (l, low),
            (h, high),
        ] {
            assert!((a - b).abs() < 1e-6, "{found:?}: {a} is not {b}");
        }
    }

    /// irrCAC 0.4.4: `table.CAC(DataFrame(table), weights="identity", digits=12)`, `.cohen()` and `.gwet()`: value,
    /// standard error, 95% interval, to 1e-6. The first two tables are printed in Gwet (2014) and come with irrCAC
    /// (`table_cont3x3abstractors`, `table_cont4x4diagnosis`); the third shows the paradox of kappa (Gwet 2008).
    #[test]
    fn irrcac_tables() {
        let a = agreement(
            &pairs(&[&[13, 0, 0], &[0, 20, 7], &[0, 4, 56]]),
            3,
            Weights::Nominal,
        )
        .unwrap();
        assert_eq!((a.pairs, a.same), (100, 89));
        is(
            &a.kappa,
            0.796409402184,
            0.058910718326,
            0.679517756256,
            0.913301048112,
        );
        is(
            &a.ac1,
            0.849330548231,
            0.043217467523,
            0.763577716572,
            0.935083379891,
        );
        let d: &[&[usize]] = &[
            &[40, 4, 4, 17],
            &[6, 25, 2, 13],
            &[4, 1, 21, 12],
            &[15, 5, 9, 45],
        ];
        let a = agreement(&pairs(d), 4, Weights::Nominal).unwrap();
        is(
            &a.kappa,
            0.431500775881,
            0.045969181562,
            0.340908969819,
            0.522092581943,
        );
        is(
            &a.ac1,
            0.456157635468,
            0.043449874431,
            0.370530646601,
            0.541784624335,
        );
        let a = agreement(&pairs(&[&[118, 5], &[2, 0]]), 2, Weights::Nominal).unwrap();
        is(
            &a.kappa,
            -0.023391812865,
            0.012286756673,
            -0.047710746045,
            0.000927120314,
        );
        is(
            &a.ac1,
            0.940776337609,
            0.022964551248,
            0.895323057938,
            0.98622961728,
        );
        let a = agreement(
            &pairs(&[&[3, 1, 0], &[0, 1, 0], &[0, 0, 1]]),
            3,
            Weights::Nominal,
        )
        .unwrap();
        is(
            &a.kappa,
            0.714285714286,
            0.255079364071,
            0.058583334108,
            1.0,
        );
        is(&a.ac1, 0.766990291262, 0.214719292997, 0.215036776714, 1.0);
    }

    /// The same with `weights="linear"`.
    #[test]
    fn irrcac_weighted_tables() {
        let grades: &[&[usize]] = &[&[4, 2, 0, 0], &[1, 9, 3, 0], &[0, 2, 11, 1], &[0, 0, 1, 2]];
        let a = agreement(&pairs(grades), 4, Weights::Linear).unwrap();
        is(
            &a.kappa,
            0.695431472081,
            0.086882920475,
            0.519049766396,
            0.871813177766,
        );
        is(
            &a.ac1,
            0.804400977995,
            0.054042925852,
            0.694688005757,
            0.914113950233,
        );
        let a = agreement(
            &pairs(&[&[13, 0, 0], &[0, 20, 7], &[0, 4, 56]]),
            3,
            Weights::Linear,
        )
        .unwrap();
        is(
            &a.kappa,
            0.842902027992,
            0.04787212159,
            0.747913352828,
            0.937890703156,
        );
        is(
            &a.ac1,
            0.900022722109,
            0.029275601621,
            0.841933577106,
            0.958111867111,
        );
    }

    #[test]
    fn all_of_one_answer_leaves_kappa_open_and_ac1_full() {
        let a = agreement(&pairs(&[&[12, 0], &[0, 0]]), 2, Weights::Nominal).unwrap();
        assert!(
            a.kappa
                .unwrap_err()
                .0
                .starts_with("cannot tell, because both auditors")
        );
        let ac1 = a.ac1.unwrap();
        assert_eq!(ac1.value, 1.0);
        let (low, high) = ac1.interval.unwrap();
        // Twelve files of twelve the same: Wilson's lower limit, for chance is nothing here.
        assert!((low - 12.0 / (12.0 + 1.959964 * 1.959964)).abs() < 1e-6 && high == 1.0);
    }

    #[test]
    fn one_auditor_of_one_answer_has_no_interval_of_kappa() {
        // irrCAC gives 0 with a standard error of 0 and an interval that is not a number.
        let a = agreement(&pairs(&[&[5, 3], &[0, 0]]), 2, Weights::Nominal).unwrap();
        let kappa = a.kappa.unwrap();
        assert!(kappa.value.abs() < 1e-12 && kappa.interval.is_err());
        is(&a.ac1, 0.460674157303, 0.32914523087, -0.317630637717, 1.0);
    }

    #[test]
    fn too_few_is_said_and_percent_still_given() {
        let a = agreement(&pairs(&[&[2, 1], &[0, 1]]), 2, Weights::Nominal).unwrap();
        assert_eq!((a.same, a.pairs), (3, 4));
        assert!(
            a.kappa
                .unwrap_err()
                .0
                .contains("only 4 were answered twice")
        );
        assert!(a.ac1.is_err());
        assert!(agreement(&[], 2, Weights::Nominal).is_err());
        assert!(agreement(&pairs(&[&[2, 1], &[0, 1]]), 1, Weights::Nominal).is_err());
    }

    #[test]
    fn answers_of_one_case_are_less_evidence_than_of_many() {
        let apart = pairs(&[&[20, 5], &[5, 20]]);
        let mut within = apart.clone();
        // Ten cases of five questions, each case wholly the same or wholly not.
        for (place, pair) in within.iter_mut().enumerate() {
            pair.case = place / 5;
        }
        let a = agreement(&apart, 2, Weights::Nominal).unwrap();
        let b = agreement(&within, 2, Weights::Nominal).unwrap();
        assert_eq!((a.cases, b.cases), (50, 10));
        let (ka, kb) = (a.kappa.unwrap(), b.kappa.unwrap());
        assert_eq!(ka.value, kb.value);
        assert!(kb.standard_error > 2.0 * ka.standard_error);
        assert!(b.same_interval.0 < a.same_interval.0 - 0.1);
    }
}
