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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::testing::near;
    use proptest::prelude::*;

    /// Reference: FunnelPlotR's published steps (R/od_adjustment.R, R/od_limits.R, data type "PR") written a second
    /// time in base R 4.2 with `quantile(u, c(.1, .9))`, `pmin`, `pmax`, `asin`, and `qnorm` for the limits.
    #[track_caller]
    fn agrees(
        points: &[(u64, u64)],
        centre: f64,
        phi: f64,
        tau2: f64,
        z: &[f64],
        limits: &[(f64, f64, f64, f64)],
    ) {
        let chart = funnel(points).unwrap();
        near(chart.centre, centre, 1e-12);
        near(chart.phi, phi, 1e-11);
        near(chart.tau2, tau2, 1e-11);
        assert_eq!(chart.z.len(), z.len());
        for (got, want) in chart.z.iter().zip(z) {
            near(*got, *want, 1e-11);
        }
        for (of, confidence, low, high) in limits {
            let interval = chart.limits(*of, *confidence);
            near(interval.low, *low, 1e-10);
            near(interval.high, *high, 1e-10);
        }
    }

    #[test]
    fn agrees_with_a_second_reading_of_funnelplotr_where_places_differ() {
        agrees(
            &[
                (30, 100),
                (55, 120),
                (80, 310),
                (12, 90),
                (140, 300),
                (9, 14),
                (61, 200),
                (20, 25),
                (5, 60),
                (77, 150),
            ],
            0.35719503287070853,
            12.525897639373596,
            0.02504635075961585,
            &[
                -0.36715475079300147,
                0.6259838075721357,
                -0.6699184262420976,
                -1.5993736703554973,
                0.692871242602926,
                1.3986145891418942,
                -0.3422168112197388,
                2.4922823052533727,
                -2.0345057851349315,
                0.9676651013236319,
            ],
            &[
                (10.0, 0.95, 0.04029621643449249, 0.7770518638250851),
                (10.0, 0.998, 0.0, 0.9440032360324876),
                (100.0, 0.95, 0.0961510957775662, 0.6765821922507371),
                (100.0, 0.998, 0.016215812676902527, 0.8357142278490693),
                (1000.0, 0.95, 0.10429855230021498, 0.6638248743030386),
                (1000.0, 0.998, 0.0220608820611571, 0.81955839529824),
            ],
        );
    }

    #[test]
    fn agrees_where_places_are_as_alike_as_chance_has_it() {
        agrees(
            &[(10, 100), (22, 200), (31, 300), (39, 400), (52, 500)],
            0.10266666666666667,
            0.027099940598223796,
            0.0,
            &[
                -0.08836943198952785,
                0.3364761617545187,
                0.03798875554653453,
                -0.3443438681838895,
                0.09794677086169688,
            ],
            &[
                (10.0, 0.95, 0.00026473866711166293, 0.35287855510627186),
                (10.0, 0.998, 0.0, 0.5293625888151827),
                (100.0, 0.95, 0.05116469313148132, 0.16938323768234104),
                (1000.0, 0.998, 0.0749487239566749, 0.134175939669058),
            ],
        );
    }

    #[test]
    fn agrees_where_places_have_none_or_all() {
        agrees(
            &[(0, 8), (5, 5), (40, 90), (0, 30), (60, 100)],
            0.45064377682403434,
            16.096754439614614,
            0.12656760598118624,
            &[
                -1.8525815289831757,
                1.9867585003862747,
                -0.01733307590777506,
                -2.003768607406535,
                0.4178471724334578,
            ],
            &[
                (10.0, 0.95, 0.0, 0.9948553441120025),
                (10.0, 0.998, 0.0, 1.0),
                (1000.0, 0.95, 0.0014425191309925466, 0.98138515339034),
            ],
        );
        agrees(
            &[(0, 10), (0, 20), (0, 30)],
            0.0,
            0.0,
            0.0,
            &[0.0, 0.0, 0.0],
            &[
                (10.0, 0.95, 0.0, 0.09300123349835371),
                (1000.0, 0.998, 0.0, 0.0023854846638418554),
            ],
        );
    }

    #[test]
    fn an_empty_place_takes_no_part_and_keeps_its_seat() {
        let full = funnel(&[(3, 10), (9, 20), (4, 30)]).unwrap();
        let gap = funnel(&[(3, 10), (0, 0), (9, 20), (4, 30)]).unwrap();
        assert_eq!(
            (gap.centre, gap.phi, gap.tau2),
            (full.centre, full.phi, full.tau2)
        );
        assert_eq!(gap.z, [full.z[0], 0.0, full.z[1], full.z[2]]);
    }

    #[test]
    fn too_few_places_are_refused() {
        assert!(funnel(&[]).is_err());
        let why = funnel(&[(1, 10), (2, 10), (0, 0), (0, 0)]).unwrap_err().0;
        assert_eq!(
            why,
            "only 2 places have anything to compare and a funnel needs 3"
        );
        assert!(funnel(&[(1, 10), (2, 10), (11, 10)]).is_err());
    }

    #[test]
    fn limits_of_nothing_are_everything() {
        let chart = funnel(&[(3, 10), (9, 20), (4, 30)]).unwrap();
        for (of, confidence) in [
            (0.0, 0.95),
            (-1.0, 0.95),
            (f64::NAN, 0.95),
            (10.0, 1.0),
            (10.0, f64::NAN),
        ] {
            assert_eq!(
                chart.limits(of, confidence),
                Interval {
                    low: 0.0,
                    high: 1.0
                }
            );
        }
    }

    proptest! {
        #[test]
        fn a_point_is_beyond_its_limits_when_its_z_is(
            points in prop::collection::vec((1_u64..400).prop_flat_map(|of| (0..=of, Just(of))), 3..40),
        ) {
            let chart = funnel(&points).unwrap();
            let z = two_sided_z(0.95).unwrap();
            for ((count, of), score) in points.iter().zip(&chart.z) {
                let limits = chart.limits(*of as f64, 0.95);
                prop_assert!(0.0 <= limits.low && limits.low <= chart.centre + 1e-12);
                prop_assert!(chart.centre <= limits.high + 1e-12 && limits.high <= 1.0);
                prop_assert!(score.is_finite());
                let share = *count as f64 / *of as f64;
                if (score.abs() - z).abs() > 1e-9 {
                    prop_assert_eq!(score.abs() > z, share < limits.low - 1e-12 || share > limits.high + 1e-12);
                }
                // More people, narrower; more confidence, wider.
                let (more, surer) = (chart.limits(*of as f64 * 2.0, 0.95), chart.limits(*of as f64, 0.998));
                prop_assert!(more.low >= limits.low && more.high <= limits.high);
                prop_assert!(surer.low <= limits.low && surer.high >= limits.high);
            }
        }

        #[test]
        fn the_order_of_places_changes_nothing(
            points in prop::collection::vec((1_u64..400).prop_flat_map(|of| (0..=of, Just(of))), 3..40),
        ) {
            let mut back = points.clone();
            back.reverse();
            let (one, other) = (funnel(&points).unwrap(), funnel(&back).unwrap());
            prop_assert!((one.tau2 - other.tau2).abs() < 1e-12);
            for (a, b) in one.z.iter().zip(other.z.iter().rev()) {
                prop_assert!((a - b).abs() < 1e-9);
            }
        }
    }
}
