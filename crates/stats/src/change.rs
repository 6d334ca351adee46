//! Whether and when a rate changed: a change-point test.
//!
//! A model without time (case mix only) says what to expect of each bin of time. The test takes, for every bin at
//! which a change could have begun, the score of a step from there on, adjusted for the covariates of the model, and
//! looks at the largest. Its chance where nothing changed is Efron's length formula for the maximum of correlated
//! normal deviates (Biometrika 84 (1997), 143-157), which allows for every date that was tried. The interval of the
//! date inverts the likelihood ratio (Hansen, Econometrica 68 (2000), 575-603: critical value 7.35 for 95%).
//!
//! Months differ by more than chance alone. The dispersion is taken from differences of neighbouring bins, as an
//! individuals chart does, so that a step does not hide in it.

use crate::CannotTell;
use crate::distribution::{chi_squared_quantile, normal_quantile, normal_upper_tail, t_upper_tail};
use crate::logistic::Symmetric;

/// Hansen (2000), table 1: the 95% point of the likelihood ratio of a date of change.
const DATE_95: f64 = 7.35;

/// Which way would be the worse.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Direction {
    Fall,
    Rise,
}

/// What was seen in one bin of time beside what the model without time expects.
#[derive(Clone, Debug)]
pub struct Bin {
    /// Seen less expected, in units of the score (for a linear model divided by the residual variance).
    pub score: f64,
    /// Information of the bin about a step: the variance of its score where nothing changed.
    pub information: f64,
    /// The same against each covariate of the model.
    pub cross: Vec<f64>,
}

impl Bin {
    pub fn empty(columns: usize) -> Bin {
        Bin {
            score: 0.0,
            information: 0.0,
            cross: vec![0.0; columns],
        }
    }

    /// Adds a group of people with the same covariates.
    pub fn add(&mut self, score: f64, information: f64, x: &[f64]) {
        self.score += score;
        self.information += information;
        for (sum, value) in self.cross.iter_mut().zip(x) {
            *sum += information * value;
        }
    }
}

/// The change for which there is most to be said, and how much.
#[derive(Clone, Debug)]
pub struct ChangePoint {
    /// The first bin after the change.
    pub bin: usize,
    /// 95% interval of that bin.
    pub from: usize,
    pub to: usize,
    /// The deviate at that bin, in the direction that was asked for, over-dispersion allowed for.
    pub z: f64,
    /// Chance of as large a deviate somewhere, were there no change.
    pub p: f64,
    /// Variance between bins as a multiple of what chance alone gives; never under 1.
    pub dispersion: f64,
}

/// Looks for one change.
///
/// `covariance` is that of the model's coefficients (the inverse of its information). A change is looked for with at
/// least `before` bins before it and `after` from it on.
///
/// # Errors
/// Where there are too few bins, or nothing in them.
pub fn change_point(
    bins: &[Bin],
    covariance: &Symmetric,
    direction: Direction,
    before: usize,
    after: usize,
) -> Result<ChangePoint, CannotTell> {
    let n = bins.len();
    if n < before + after || n < 8 {
        return Err(CannotTell::new(format!(
            "there are {n} periods, and at least {} are needed",
            (before + after).max(8)
        )));
    }
    let (dispersion, freedom) = dispersion(bins)?;
    let columns = covariance.size();
    // Sums from each bin to the end.
    let mut tails: Vec<Bin> = Vec::with_capacity(n);
    let mut tail = Bin::empty(columns);
    for bin in bins.iter().rev() {
        tail.score += bin.score;
        tail.information += bin.information;
        for (sum, value) in tail.cross.iter_mut().zip(&bin.cross) {
            *sum += value;
        }
        tails.push(tail.clone());
    }
    tails.reverse();
    let whole = tails.first().map_or(0.0, |t| t.information);
    let sign = match direction {
        Direction::Fall => -1.0,
        Direction::Rise => 1.0,
    };
    let mut candidates: Vec<(usize, f64, f64)> = Vec::new();
    for (place, tail) in tails.iter().enumerate().take(n - after + 1).skip(before) {
        let variance = tail.information - covariance.form(&tail.cross, &tail.cross);
        // Both sides must hold something to compare.
        if variance > 1e-9 * whole && tail.information > 0.0 && tail.information < whole {
            candidates.push((
                place,
                sign * tail.score / (variance * dispersion).sqrt(),
                variance,
            ));
        }
    }
    let Some(&(bin, z, _)) = candidates
        .iter()
        .max_by(|a, b| a.1.total_cmp(&b.1).then(b.0.cmp(&a.0)))
    else {
        return Err(CannotTell::new("there is nothing to compare"));
    };
    // Angles between neighbouring candidates: how much new each date that was tried brings.
    let mut angles = Vec::with_capacity(candidates.len());
    for pair in candidates.windows(2) {
        let [(a, _, va), (b, _, vb)] = pair else {
            continue;
        };
        let (Some(first), Some(second)) = (tails.get(*a), tails.get(*b)) else {
            continue;
        };
        // The later step lies inside the earlier one, so what they share is the later one's information.
        let shared = second.information - covariance.form(&first.cross, &second.cross);
        angles.push((shared / (va * vb).sqrt()).clamp(-1.0, 1.0).acos());
    }
    // The dispersion was estimated, which makes large deviates a little likelier.
    let z = match freedom {
        Some(freedom) => normal_equivalent(z, freedom),
        None => z,
    };
    let near: Vec<usize> = candidates
        .iter()
        .filter(|(_, other, _)| {
            let other = match freedom {
                Some(freedom) => normal_equivalent(*other, freedom),
                None => *other,
            };
            other > 0.0 && z * z - other * other <= DATE_95
        })
        .map(|(place, ..)| *place)
        .collect();
    Ok(ChangePoint {
        bin,
        from: near.iter().copied().min().unwrap_or(bin),
        to: near.iter().copied().max().unwrap_or(bin),
        z,
        p: largest_of(z, &angles),
        dispersion,
    })
}

/// Chance that the largest of correlated normal deviates exceeds `z`, `angles` being the arc cosines of the
/// correlations of neighbours (Efron 1997, formula 1.7, one-sided). Close for small chances; never above 1.
pub fn largest_of(z: f64, angles: &[f64]) -> f64 {
    if z <= 0.0 {
        return 1.0;
    }
    let density = (-0.5 * z * z).exp() / (2.0 * std::f64::consts::PI).sqrt();
    let length: f64 = angles
        .iter()
        .map(|angle| 1.0 - 2.0 * normal_upper_tail(z * angle / 2.0))
        .sum();
    (normal_upper_tail(z) + density / z * length).min(1.0)
}

/// The normal deviate that is as unlikely as Student's `t` with that many degrees of freedom.
fn normal_equivalent(t: f64, freedom: f64) -> f64 {
    match t_upper_tail(t.abs(), freedom).and_then(normal_quantile) {
        Ok(z) => z.abs() * t.signum(),
        // Beyond what floating numbers can tell: as far out as makes no difference.
        Err(_) => t,
    }
}

/// Dispersion between bins, and the degrees of freedom it rests on where it exceeds 1.
///
/// Three looks: neighbouring bins, and neighbouring runs of four and of thirteen (a month and a quarter, where bins are
/// weeks), of which only what is shown beyond chance is charged. A drift slower than that is no different from a change.
fn dispersion(bins: &[Bin]) -> Result<(f64, Option<f64>), CannotTell> {
    let (fine, fine_freedom) = from_differences(bins)?;
    let mut best = (fine, fine_freedom);
    if let Ok((coarse, freedom)) = from_differences(&joined(bins, 4)) {
        // The lower 90% bound of a scaled chi-squared.
        let shown = coarse * freedom / chi_squared_quantile(0.9, freedom)?;
        if shown > best.0 {
            best = (shown, freedom);
        }
    }
    if let Ok((slow, freedom)) = from_differences(&joined(bins, 13)) {
        // Few quarters: only what is all but certain is charged, and once.
        let shown = slow * freedom / chi_squared_quantile(0.95, freedom)?;
        if shown > best.0 {
            best = (shown, fine_freedom);
        }
    }
    Ok(if best.0 > 1.0 {
        (best.0, Some(best.1))
    } else {
        (1.0, None)
    })
}

/// Whole runs of so many neighbouring bins, counted from the end, each as one.
fn joined(bins: &[Bin], size: usize) -> Vec<Bin> {
    bins.rchunks(size)
        .filter(|part| part.len() == size)
        .map(|part| Bin {
            score: part.iter().map(|b| b.score).sum(),
            information: part.iter().map(|b| b.information).sum(),
            cross: Vec::new(),
        })
        .collect()
}

/// Half the mean squared difference of neighbouring standardised scores, the largest left out (it may be the change)
/// and the mean put right for that.
fn from_differences(bins: &[Bin]) -> Result<(f64, f64), CannotTell> {
    let standard: Vec<f64> = bins
        .iter()
        .filter(|b| b.information > 0.0)
        .map(|b| b.score / b.information.sqrt())
        .collect();
    let mut squares: Vec<f64> = standard
        .windows(2)
        .filter_map(|pair| match pair {
            [a, b] => Some((b - a) * (b - a) / 2.0),
            _ => None,
        })
        .collect();
    if squares.len() < 5 {
        return Err(CannotTell::new(
            "there are too few periods with anything in them",
        ));
    }
    squares.sort_by(f64::total_cmp);
    squares.pop();
    let kept = squares.len() as f64;
    let whole = kept + 1.0;
    // The largest of m squares of a standard normal is about its 1 - 0.56/m quantile (Gumbel).
    let largest = chi_squared_quantile(1.0 - 0.56 / whole, 1.0)?;
    let expected = (whole - largest) / kept;
    let mean = squares.iter().sum::<f64>() / kept / expected.max(0.1);
    // Von Neumann's estimate has two thirds of the freedom of as many independent squares.
    Ok((mean, (kept * 2.0 / 3.0).max(3.0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Chance;
    use crate::logistic::{Design, logistic_regression};
    use crate::special::testing::near;
    use proptest::prelude::*;
    use std::f64::consts::TAU;

    /// A series of shares and its model, with or without the season of twelve.
    fn series(yes: &[f64], all: &[f64], seasonal: bool) -> (Vec<Bin>, Symmetric) {
        let columns = if seasonal { 3 } else { 1 };
        let mut design = Design::new(columns);
        for t in 0..yes.len() {
            let turn = TAU * t as f64 / 12.0;
            design.push([1.0, turn.sin(), turn.cos()]);
        }
        let fit = logistic_regression(&design, yes, all).unwrap();
        let bins = design
            .rows()
            .zip(yes.iter().zip(all))
            .map(|(row, (yes, all))| {
                let mut bin = Bin::empty(columns);
                let p = fit.share(row);
                bin.add(yes - all * p, all * p * (1.0 - p), row);
                bin
            })
            .collect();
        (bins, fit.covariance)
    }

    /// Drawn once with shares of 0.62 for 22 bins and 0.48 after.
    const ALL: [f64; 36] = [
        52., 61., 48., 57., 66., 49., 55., 60., 47., 58., 63., 51., 54., 50., 62., 59., 45., 56.,
        64., 53., 57., 49., 61., 55., 48., 60., 52., 58., 66., 47., 51., 63., 56., 54., 50., 59.,
    ];
    const YES: [f64; 36] = [
        29., 35., 30., 37., 47., 31., 35., 43., 35., 24., 38., 34., 34., 24., 34., 33., 29., 35.,
        38., 38., 35., 32., 34., 21., 25., 33., 22., 33., 35., 23., 24., 31., 30., 24., 20., 30.,
    ];
    /// The same with every third bin a fifth lower and the others an eighth higher: far more than chance.
    const UNEVEN: [f64; 36] = [
        23., 39., 34., 30., 53., 35., 28., 48., 39., 19., 43., 38., 27., 27., 38., 26., 32., 39.,
        30., 43., 39., 26., 38., 24., 20., 37., 25., 26., 39., 26., 19., 35., 34., 19., 22., 34.,
    ];

    #[test]
    fn agrees_with_a_second_implementation_over_statsmodels() {
        // Python with statsmodels 0.15, numpy and scipy 1.12: GLM Binomial without time, then for each step d the score
        // d'(y - mu) over the root of d'Wd - d'WX(X'WX)^-1 X'Wd, in matrices; the dispersion as documented here.
        let cases = [
            (
                YES,
                false,
                Direction::Fall,
                (23, 6, 32),
                2.782311588179829,
                0.03314483534338133,
                1.2370225516246278,
            ),
            (
                YES,
                false,
                Direction::Rise,
                (6, 6, 6),
                -1.6999093394428337,
                1.0,
                1.2370225516246278,
            ),
            (
                YES,
                true,
                Direction::Fall,
                (23, 21, 28),
                5.258766792663846,
                1.3711674442306803e-6,
                1.0,
            ),
            (
                YES,
                true,
                Direction::Rise,
                (6, 6, 6),
                -2.514408707277214,
                1.0,
                1.0,
            ),
            (
                UNEVEN,
                false,
                Direction::Fall,
                (23, 6, 32),
                2.366115651134211,
                0.09897801058962662,
                4.248814054261319,
            ),
        ];
        for (yes, seasonal, direction, place, z, p, dispersion) in cases {
            let (bins, covariance) = series(&yes, &ALL, seasonal);
            let found = change_point(&bins, &covariance, direction, 6, 4).unwrap();
            assert_eq!((found.bin, found.from, found.to), place);
            near(found.z, z, 1e-7);
            // The chance goes as exp(-z²/2).
            near(found.p, p, 1e-6);
            near(found.dispersion, dispersion, 1e-7);
        }
    }

    /// Arc cosines of the correlations of neighbouring steps in the series above, without season.
    const ANGLES: [f64; 26] = [
        0.42517136341623396,
        0.41996787956839815,
        0.3574619260627261,
        0.38273356367849976,
        0.3856057916487115,
        0.3390110072264105,
        0.3420166494143001,
        0.32428095964750103,
        0.3556988388168106,
        0.3436496456373602,
        0.2991075188581076,
        0.3320963820910249,
        0.3545006675681746,
        0.32423524132485826,
        0.3381211677266552,
        0.3167532029024401,
        0.35717077591307933,
        0.34539389450709157,
        0.3292710291119991,
        0.3762530229971557,
        0.36154569268007813,
        0.39516212165790476,
        0.4417560230298013,
        0.3955254650882323,
        0.43599914691225017,
        0.5246799549842649,
    ];

    #[test]
    fn the_chance_of_the_largest_bounds_the_exact_one_from_above() {
        // Without covariates the deviates of successive steps are a Gaussian Markov chain (a Brownian bridge), so the
        // exact chance is an integral over one after the other: Simpson's rule with 4,001 nodes in numpy. Beside it
        // Efron's formula, in scipy. The formula is an upper bound, nearer the smaller the chance.
        let cases = [
            (2.0, 0.14555434062226325, 0.22475098371433683),
            (2.5, 0.05069484241115374, 0.07093655501260134),
            (3.0, 0.013511178326682582, 0.017459203169357947),
            (3.5, 0.0027559183295856604, 0.003347108555813832),
            (4.0, 0.0004312147311505976, 0.0004994867558339782),
        ];
        for (z, exact, efron) in cases {
            near(largest_of(z, &ANGLES), efron, 1e-10);
            assert!(largest_of(z, &ANGLES) >= exact && largest_of(z, &ANGLES) <= 1.6 * exact);
        }
        // Five candidates only.
        for (z, exact) in [
            (2.0, 0.05038388774501945),
            (3.0, 0.0036948218429851964),
            (3.5, 0.0006965350651192415),
        ] {
            let bound = largest_of(z, &ANGLES[..4]);
            assert!(bound >= exact && bound <= 1.12 * exact);
        }
        near(largest_of(1.96, &[]), normal_upper_tail(1.96), 1e-15);
        assert_eq!([0.0, -3.0].map(|z| largest_of(z, &ANGLES)), [1.0, 1.0]);
    }

    #[test]
    fn the_series_gives_those_angles() {
        let (bins, covariance) = series(&YES, &ALL, false);
        let found = change_point(&bins, &covariance, Direction::Fall, 6, 4).unwrap();
        near(found.p, largest_of(found.z, &ANGLES), 1e-8);
    }

    #[test]
    fn where_nothing_changes_it_is_seldom_sure() {
        // 3,000 made-up series of 104 weeks that vary by chance alone; the seed is fixed. The dispersion is never taken under 1
        // and Efron's formula is an upper bound, so the share stays below the level: 0.020 at 0.05 in 20,000 series.
        let mut chance = Chance::new(11, 0);
        let (mut one_in_twenty, mut one_in_a_hundred) = (0, 0);
        for _ in 0..3000 {
            let all: Vec<f64> = (0..104).map(|_| chance.poisson(40.0) as f64).collect();
            let yes: Vec<f64> = all
                .iter()
                .map(|n| chance.binomial(*n as u64, 0.7) as f64)
                .collect();
            let (bins, covariance) = series(&yes, &all, false);
            let found = change_point(&bins, &covariance, Direction::Fall, 13, 4).unwrap();
            one_in_twenty += u32::from(found.p <= 0.05);
            one_in_a_hundred += u32::from(found.p <= 0.01);
        }
        assert!((20..=150).contains(&one_in_twenty), "{one_in_twenty}");
        assert!(one_in_a_hundred <= 30, "{one_in_a_hundred}");
    }

    #[test]
    fn a_planted_change_is_dated_within_its_interval() {
        // A fall of 15 points at week 60 of 104, 300 series: found nearly always, and the interval holds the date.
        let mut chance = Chance::new(12, 0);
        let (mut sure, mut held) = (0, 0);
        for _ in 0..300 {
            let all: Vec<f64> = (0..104).map(|_| chance.poisson(40.0) as f64).collect();
            let share = |week: usize| if week < 60 { 0.7 } else { 0.55 };
            let yes: Vec<f64> = all
                .iter()
                .enumerate()
                .map(|(week, n)| chance.binomial(*n as u64, share(week)) as f64)
                .collect();
            let (bins, covariance) = series(&yes, &all, false);
            let found = change_point(&bins, &covariance, Direction::Fall, 13, 4).unwrap();
            sure += u32::from(found.p <= 0.001);
            held += u32::from((found.from..=found.to).contains(&60));
        }
        assert!(sure >= 285, "{sure}");
        assert!(held >= 275, "{held}");
    }

    #[test]
    fn too_little_is_said() {
        let (bins, covariance) = series(&YES, &ALL, false);
        let says = |bins: &[Bin]| {
            change_point(bins, &covariance, Direction::Fall, 6, 4)
                .unwrap_err()
                .0
        };
        assert_eq!(
            says(&bins[..9]),
            "there are 9 periods, and at least 10 are needed"
        );
        assert_eq!(
            says(&vec![Bin::empty(1); 30]),
            "there are too few periods with anything in them"
        );
        // Everything in the first five bins: no step later than that has anything to compare.
        let mut early = vec![Bin::empty(1); 30];
        early[..7].clone_from_slice(&bins[..7]);
        assert!(change_point(&early, &covariance, Direction::Fall, 8, 4).is_err());
    }

    proptest! {
        #[test]
        fn it_is_a_chance_and_a_date_and_turns_with_the_outcome(
            rows in prop::collection::vec((0_u8..9, 0_u8..9), 12..60),
        ) {
            let yes: Vec<f64> = rows.iter().map(|(yes, _)| f64::from(*yes)).collect();
            let no: Vec<f64> = rows.iter().map(|(_, no)| f64::from(*no)).collect();
            let all: Vec<f64> = yes.iter().zip(&no).map(|(yes, no)| yes + no).collect();
            prop_assume!(yes.iter().sum::<f64>() > 0.0 && no.iter().sum::<f64>() > 0.0);
            let (bins, covariance) = series(&yes, &all, false);
            let (turned, same) = series(&no, &all, false);
            let fall = change_point(&bins, &covariance, Direction::Fall, 5, 3);
            let rise = change_point(&turned, &same, Direction::Rise, 5, 3);
            match (fall, rise) {
                (Ok(one), Ok(other)) => {
                    prop_assert!((0.0..=1.0).contains(&one.p) && one.z.is_finite());
                    prop_assert!(one.dispersion >= 1.0 && one.dispersion.is_finite());
                    prop_assert!(one.from <= one.bin && one.bin <= one.to);
                    prop_assert!(5 <= one.from && one.to <= rows.len() - 3);
                    prop_assert!((one.z - other.z).abs() < 1e-6);
                }
                (one, other) => prop_assert_eq!(one.is_err(), other.is_err()),
            }
        }
    }
}
