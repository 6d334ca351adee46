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
/// Two looks: neighbouring bins, and neighbouring fourfold bins (about a month, where bins are weeks), of which only
/// what is shown beyond chance is charged.
fn dispersion(bins: &[Bin]) -> Result<(f64, Option<f64>), CannotTell> {
    let (fine, fine_freedom) = from_differences(bins)?;
    let coarse: Vec<Bin> = bins
        .rchunks(4)
        .filter(|part| part.len() == 4)
        .map(|part| Bin {
            score: part.iter().map(|b| b.score).sum(),
            information: part.iter().map(|b| b.information).sum(),
            cross: Vec::new(),
        })
        .collect();
    let mut best = (fine, fine_freedom);
    if let Ok((coarse, freedom)) = from_differences(&coarse) {
        // The lower 90% bound of a scaled chi-squared.
        let shown = coarse * freedom / chi_squared_quantile(0.9, freedom)?;
        if shown > best.0 {
            best = (shown, freedom);
        }
    }
    Ok(if best.0 > 1.0 {
        (best.0, Some(best.1))
    } else {
        (1.0, None)
    })
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
