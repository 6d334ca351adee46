//! Funnel limits for proportions, with over-dispersion.
//!
//! Places differ for reasons that no return holds, so limits from sampling alone call too many of them unusual. The
//! additive random effects model of D. J. Spiegelhalter et al. (J. R. Statist. Soc. A 175 (2012) 1-47), as FunnelPlotR
//! works it for proportions: arcsine square roots, z-scores winsorised at 10% and 90%, between-place variance τ² by the
//! method of moments (R. DerSimonian and N. Laird, 1986). Where FunnelPlotR falls back on binomial limits because there
//! is no over-dispersion, this stays with the arcsine ones, so that a point and its limits always agree.

use std::f64::consts::FRAC_PI_2;

use crate::CannotTell;
use crate::interval::{Interval, two_sided_z};
use crate::resample::quantile;

const WINSORISE: f64 = 0.1;
const FEWEST: usize = 3;

/// A funnel over places.
#[derive(Clone, PartialEq, Debug)]
pub struct FunnelChart {
    /// The share of all places together.
    pub centre: f64,
    /// The mean square of the winsorised z-scores: above 1, places differ more than chance explains.
    pub phi: f64,
    /// The variance between places, on the arcsine scale; 0 where there is no more than chance.
    pub tau2: f64,
    /// The z-score of each point in the given order, with τ² allowed for. 0 for a place with nothing.
    pub z: Vec<f64>,
}

/// The funnel of places, each as (count, of). Places with nothing take no part.
///
/// # Errors
/// Fewer than 3 places with anything, or a count above its denominator.
pub fn funnel(points: &[(u64, u64)]) -> Result<FunnelChart, CannotTell> {
    if points.iter().any(|(count, of)| count > of) {
        return Err(CannotTell::new("a place has a count above its denominator"));
    }
    let filled = points.iter().filter(|(_, of)| *of > 0).count();
    if filled < FEWEST {
        return Err(CannotTell::new(format!(
            "only {filled} places have anything to compare and a funnel needs {FEWEST}"
        )));
    }
    let (count, of) = points.iter().fold((0.0, 0.0), |(c, o), (count, of)| {
        (c + *count as f64, o + *of as f64)
    });
    let centre: f64 = count / of;
    let target = angle(centre);
    let distance = |(count, of): &(u64, u64)| angle(*count as f64 / *of as f64) - target;

    let raw: Vec<f64> = points
        .iter()
        .filter(|(_, of)| *of > 0)
        .map(|point| distance(point) / variance(point.1 as f64).sqrt())
        .collect();
    let mut sorted = raw.clone();
    sorted.sort_by(f64::total_cmp);
    let (least, most) = (
        quantile(&sorted, WINSORISE).unwrap_or(0.0),
        quantile(&sorted, 1.0 - WINSORISE).unwrap_or(0.0),
    );
    let k = filled as f64;
    let phi = raw
        .iter()
        .map(|z| z.max(least).min(most).powi(2))
        .sum::<f64>()
        / k;

    let weights = || {
        points
            .iter()
            .filter(|(_, of)| *of > 0)
            .map(|(_, of)| 1.0 / variance(*of as f64))
    };
    let sum: f64 = weights().sum();
    let squares: f64 = weights().map(|w| w * w).sum();
    let tau2 = ((k * phi - (k - 1.0)) / (sum - squares / sum)).max(0.0);

    let z = points
        .iter()
        .map(|point| {
            if point.1 == 0 {
                0.0
            } else {
                distance(point) / (variance(point.1 as f64) + tau2).sqrt()
            }
        })
        .collect();
    Ok(FunnelChart {
        centre,
        phi,
        tau2,
        z,
    })
}

impl FunnelChart {
    /// The limits at a denominator, within 0 to 1, such as 0.95 and 0.998. Where nothing can be said (no denominator, a
    /// confidence that is not strictly between 0 and 1), from 0 to 1.
    pub fn limits(&self, of: f64, confidence: f64) -> Interval {
        let everything = Interval {
            low: 0.0,
            high: 1.0,
        };
        let Ok(z) = two_sided_z(confidence) else {
            return everything;
        };
        if of.is_nan() || of <= 0.0 {
            return everything;
        }
        let half = z * (variance(of) + self.tau2).sqrt();
        let target = angle(self.centre);
        // The sine turns back beyond a quarter circle; a share does not.
        let share = |a: f64| a.clamp(0.0, FRAC_PI_2).sin().powi(2);
        Interval {
            low: share(target - half),
            high: share(target + half),
        }
    }
}

fn angle(share: f64) -> f64 {
    share.clamp(0.0, 1.0).sqrt().asin()
}

/// The variance of an arcsine square root of a share of `of`.
fn variance(of: f64) -> f64 {
    1.0 / (4.0 * of)
}
