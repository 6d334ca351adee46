//! Whether there are hours enough for the work: what is there over what is needed, with a range.

use crate::CannotTell;
use crate::Chance;
use crate::draws::{Ranged, Triangular, Uncertain, sorted};

/// The hours that a year's posts have for cases.
#[derive(Clone, Debug)]
pub struct Capacity {
    /// Full-time posts filled.
    pub fte: f64,
    /// Hours at work in a year of one full-time post, leave and sickness taken off.
    pub hours_a_year: f64,
    /// The same, as far as it is known.
    pub hours_draws: Uncertain,
    /// What part of them goes on cases: the best single number.
    pub share: f64,
    /// The same, as far as it is known.
    pub share_draws: Uncertain,
}

/// One kind of work.
#[derive(Clone, Copy, Debug)]
pub struct Need {
    /// How often in a year.
    pub times: f64,
    /// Hours each time. The sum takes the likeliest; the range takes all.
    pub hours: Triangular,
    /// How much heavier the work is than the standard: 1 for as heavy.
    pub weight: f64,
}

/// The answer, by the side of 1 on which the whole 80% range lies.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Enough {
    Enough,
    NotEnough,
    CannotTell,
}

/// What is there and what is needed, in hours a year.
#[derive(Clone, Copy, Debug)]
pub struct Sufficiency {
    pub available: Ranged,
    pub required: Ranged,
    /// Available over required.
    pub ratio: Ranged,
    /// Hours on cases that are missing; 0 where none are.
    pub gap_hours: Ranged,
    /// Full-time posts that would fill the gap.
    pub gap_fte: Ranged,
    /// Hours to be paid for to fill it: whole hours at work, not only the part spent on cases.
    pub paid_hours: Ranged,
    pub answer: Enough,
}

/// Sets the hours there beside the hours needed.
///
/// # Errors
/// When there is no work, nobody to do it, or a number is not sound.
pub fn sufficiency(
    capacity: &Capacity,
    needs: &[Need],
    draws: usize,
    seed: u64,
) -> Result<Sufficiency, CannotTell> {
    let sound = |x: f64| x.is_finite() && x > 0.0;
    if !sound(capacity.fte) {
        return Err(CannotTell::new("nobody is on the staff list"));
    }
    if !sound(capacity.hours_a_year) || !sound(capacity.share) {
        return Err(CannotTell::new("no hours are left for cases"));
    }
    capacity
        .share_draws
        .check("the share of time spent on cases")?;
    capacity.hours_draws.check("the hours of a working year")?;
    if needs
        .iter()
        .any(|n| !n.times.is_finite() || n.times < 0.0 || !sound(n.weight))
    {
        return Err(CannotTell::new(
            "a count of work is below nought or no number",
        ));
    }
    let required: f64 = needs
        .iter()
        .map(|n| n.times * n.hours.mode() * n.weight)
        .sum();
    if !sound(required) {
        return Err(CannotTell::new("no work was counted"));
    }
    if draws < 100 {
        return Err(CannotTell::new("a range needs at least 100 draws"));
    }
    let a_post = capacity.hours_a_year * capacity.share;
    let available = capacity.fte * a_post;
    let gap = (required - available).max(0.0);

    let mut dice = Chance::new(seed, 1);
    let mut all: [Vec<f64>; 6] = Default::default();
    for _ in 0..draws {
        let share = capacity.share_draws.draw(&mut dice);
        let needed: f64 = needs
            .iter()
            .map(|n| n.times * n.weight * n.hours.quantile(dice.unit()))
            .sum();
        let a_post = capacity.hours_draws.draw(&mut dice) * share;
        let there = capacity.fte * a_post;
        let gap = (needed - there).max(0.0);
        let row = [
            there,
            needed,
            there / needed,
            gap,
            gap / a_post,
            gap / share,
        ];
        for (all, one) in all.iter_mut().zip(row) {
            all.push(one);
        }
    }
    let [there, needed, ratios, gaps, posts, paid] = all.map(|draws| sorted(&draws));
    let ratio = Ranged::around(available / required, &ratios)?;
    let [low, high] = ratio.range80;
    Ok(Sufficiency {
        available: Ranged::around(available, &there)?,
        required: Ranged::around(required, &needed)?,
        ratio,
        gap_hours: Ranged::around(gap, &gaps)?,
        gap_fte: Ranged::around(gap / a_post, &posts)?,
        paid_hours: Ranged::around(gap / capacity.share, &paid)?,
        answer: if low >= 1.0 {
            Enough::Enough
        } else if high < 1.0 {
            Enough::NotEnough
        } else {
            Enough::CannotTell
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn known(hours: f64) -> Triangular {
        Triangular::new(hours, hours, hours).unwrap()
    }

    fn council(fte: f64, spread: f64) -> Result<Sufficiency, CannotTell> {
        let capacity = Capacity {
            fte,
            hours_a_year: 1551.8,
            hours_draws: Uncertain::Known(1551.8),
            share: 0.727,
            share_draws: Uncertain::Known(0.727),
        };
        // Counts and hours of the worked example of the sums: times a year, hours each.
        let work = [
            (480.0, 7.0),
            (330.0, 4.0),
            (700.0, 4.0),
            (220.0, 7.0),
            (150.0, 4.0),
            (110.0, 15.0),
            (120.0, 6.0),
            (330.0, 2.5),
            // 184 cases held, an hour in each quiet month.
            (184.0 * 12.0, 1.0),
        ];
        let needs: Vec<Need> = work
            .iter()
            .map(|&(times, hours)| Need {
                times,
                hours: Triangular::new(hours * (1.0 - spread), hours, hours * (1.0 + spread))
                    .unwrap(),
                weight: 1.0,
            })
            .collect();
        sufficiency(&capacity, &needs, 4000, 11)
    }

    /// The worked example of the method, to its last printed figure: 11,281.6 hours there, 15,023.0 needed, 0.751,
    /// a gap of 3,741.4 hours or 3.316 posts, and £277,904 at £54 an hour.
    #[test]
    fn the_worked_example_comes_out_to_the_last_figure() {
        let sum = council(10.0, 0.0).unwrap();
        assert_eq!(format!("{:.1}", sum.available.value), "11281.6");
        assert_eq!(format!("{:.1}", sum.required.value), "15023.0");
        assert_eq!(format!("{:.3}", sum.ratio.value), "0.751");
        assert_eq!(format!("{:.1}", sum.gap_hours.value), "3741.4");
        assert_eq!(format!("{:.3}", sum.gap_fte.value), "3.316");
        assert_eq!(format!("{:.0}", sum.paid_hours.value * 54.0), "277904");
        // Nothing uncertain: no range.
        assert!((sum.ratio.range95[0] - sum.ratio.range95[1]).abs() < 1e-12);
        assert_eq!(sum.answer, Enough::NotEnough);
    }

    /// Posts at which all, some and none of the range is below 1.
    #[test]
    fn words_only_when_the_range_is_on_one_side_of_one() {
        assert_eq!(council(10.0, 0.5).unwrap().answer, Enough::NotEnough);
        assert_eq!(council(13.3, 0.5).unwrap().answer, Enough::CannotTell);
        let enough = council(17.0, 0.5).unwrap();
        assert_eq!(enough.answer, Enough::Enough);
        assert_eq!(enough.gap_hours.value, 0.0);
        assert_eq!(enough.gap_fte.range80, [0.0, 0.0]);
    }

    /// The 80% range of the hours needed against the normal limit of a sum of triangular hours: variance of one is
    /// (a² + b² + c² − ab − ac − bc) / 18, here h²·0.5²/6, so the sum has standard deviation
    /// √(Σ (times·hours·0.5)²/6) = 1081.7 and the range is 15,023 ± 1.2816 × 1081.7. 4,000 draws know a 10% point to
    /// 1.71 SD/√4000 = 29 hours; the sum of nine unequal triangles is normal to about 1% of its spread. Within 130.
    #[test]
    fn the_range_of_the_hours_needed_is_that_of_a_sum_of_triangles() {
        let sum = council(10.0, 0.5).unwrap();
        let [low, high] = sum.required.range80;
        let variance: f64 = [
            3360.0f64, 1320.0, 2800.0, 1540.0, 600.0, 1650.0, 720.0, 825.0, 2208.0,
        ]
        .iter()
        .map(|hours| (hours * 0.5).powi(2) / 6.0)
        .sum();
        let half = 1.281_551_6 * variance.sqrt();
        assert!(
            (low - (15_023.0 - half)).abs() < 130.0,
            "{low}, half {half}"
        );
        assert!(
            (high - (15_023.0 + half)).abs() < 130.0,
            "{high}, half {half}"
        );
    }

    #[test]
    fn what_cannot_be_worked_out_says_why() {
        let fine = Capacity {
            fte: 10.0,
            hours_a_year: 1500.0,
            hours_draws: Uncertain::Known(1500.0),
            share: 0.7,
            share_draws: Uncertain::Drawn(vec![0.7]),
        };
        let work = [Need {
            times: 10.0,
            hours: known(4.0),
            weight: 1.0,
        }];
        assert!(sufficiency(&fine, &work, 1000, 1).is_ok());
        assert!(sufficiency(&fine, &[], 1000, 1).is_err());
        for broken in [
            Capacity {
                fte: 0.0,
                ..fine.clone()
            },
            Capacity {
                share: f64::NAN,
                ..fine.clone()
            },
            Capacity {
                share_draws: Uncertain::Drawn(vec![0.0]),
                ..fine.clone()
            },
        ] {
            assert!(sufficiency(&broken, &work, 1000, 1).is_err());
        }
    }
}
