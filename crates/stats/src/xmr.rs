//! XmR charts by the NHS rules: limits and special causes.
//!
//! A description, not a test: with four rules, an honest series of two years shows a special cause now and then.
//! Follows NHSRplotthedots, the package of NHS England's "Making Data Count": the mean, limits at 2.66 mean moving
//! ranges, near limits at two thirds of the way, moving ranges above 3.267 times their mean left out first. Where it
//! would draw limits without width (values that never vary but for lone jumps), we say that we cannot tell.

use crate::CannotTell;

/// 3 / 1.128: three standard deviations in mean moving ranges of two points.
const LIMIT: f64 = 2.66;
/// A moving range above this many times the mean one is itself out of control and says nothing of usual variation.
const SCREEN: f64 = 3.267;
/// Points in a row that make a trend or a shift.
const RUN: usize = 7;
const FEWEST: usize = 10;

/// Why a point stands out. Where several apply, the first of these is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum SpecialCause {
    /// Beyond a limit.
    OutsideLimits,
    /// One of seven in a row that all rise or all fall.
    Trend,
    /// One of at least two, of three in a row on one side of the mean, that lie between the near limit and the limit.
    NearLimit,
    /// One of seven in a row on one side of the mean.
    OneSide,
}

impl SpecialCause {
    pub fn name(self) -> &'static str {
        match self {
            SpecialCause::OutsideLimits => "outside_limits",
            SpecialCause::Trend => "trend",
            SpecialCause::NearLimit => "near_limit",
            SpecialCause::OneSide => "one_side",
        }
    }
}

/// A chart, in the unit of its values. `special` has one entry a point, in their order.
#[derive(Clone, PartialEq, Debug)]
pub struct Xmr {
    pub centre: f64,
    pub lower: f64,
    pub upper: f64,
    pub near_lower: f64,
    pub near_upper: f64,
    pub special: Vec<Option<SpecialCause>>,
}

/// The chart of values in order of time. Limits are not kept within 0 to 1 or above 0: the values' unit is not known here.
///
/// # Errors
/// Fewer than 10 points, a value that is not a finite number, or no variation to draw limits from.
pub fn xmr(values: &[f64]) -> Result<Xmr, CannotTell> {
    let n = values.len();
    if n < FEWEST {
        return Err(CannotTell::new(format!(
            "there are {n} points and limits need at least {FEWEST}"
        )));
    }
    if values.iter().any(|v| !v.is_finite()) {
        return Err(CannotTell::new("a point has no value"));
    }
    let centre = mean(values.iter().copied());
    let ranges = || {
        values
            .iter()
            .zip(values.iter().skip(1))
            .map(|(a, b)| (b - a).abs())
    };
    let first = mean(ranges());
    let usual = mean(ranges().filter(|r| *r <= SCREEN * first));
    if !(centre.is_finite() && first.is_finite() && (LIMIT * usual).is_finite()) {
        return Err(CannotTell::new("the values are too large to average"));
    }
    if first == 0.0 {
        // All alike: the limits lie on the line and nothing stands out. Not left to rounding of the mean.
        let same = values.first().copied().unwrap_or(centre);
        return Ok(Xmr {
            centre: same,
            lower: same,
            upper: same,
            near_lower: same,
            near_upper: same,
            special: vec![None; n],
        });
    }
    if usual == 0.0 {
        return Err(CannotTell::new(
            "the values do not vary but for single jumps, so limits would have no width",
        ));
    }
    let (half, near) = (LIMIT * usual, LIMIT * usual * 2.0 / 3.0);
    let (lower, upper) = (centre - half, centre + half);
    let (near_lower, near_upper) = (centre - near, centre + near);

    let outside: Vec<bool> = values.iter().map(|v| *v < lower || *v > upper).collect();
    let close: Vec<bool> = values
        .iter()
        .zip(&outside)
        .map(|(v, out)| !out && (*v < near_lower || *v > near_upper))
        .collect();
    let side: Vec<i8> = values.iter().map(|v| sign(v - centre)).collect();
    let direction: Vec<i8> = values
        .iter()
        .zip(values.iter().skip(1))
        .map(|(a, b)| sign(b - a))
        .collect();

    // A run of six steps one way joins seven points.
    let trend = marked(n, RUN, direction.windows(RUN - 1).map(all_one_way));
    let one_side = marked(n, RUN, side.windows(RUN).map(all_one_way));
    let near_limit = marked(
        n,
        3,
        side.windows(3)
            .zip(close.windows(3))
            .map(|(sides, close)| all_one_way(sides) && close.iter().filter(|c| **c).count() >= 2),
    );
    let special = outside
        .iter()
        .zip(&trend)
        .zip(near_limit.iter().zip(&close))
        .zip(&one_side)
        .map(|(((outside, trend), (near_limit, close)), one_side)| {
            if *outside {
                Some(SpecialCause::OutsideLimits)
            } else if *trend {
                Some(SpecialCause::Trend)
            } else if *near_limit && *close {
                Some(SpecialCause::NearLimit)
            } else if *one_side {
                Some(SpecialCause::OneSide)
            } else {
                None
            }
        })
        .collect();
    Ok(Xmr {
        centre,
        lower,
        upper,
        near_lower,
        near_upper,
        special,
    })
}

/// Every point that lies in a window which passes; windows of `width` points start at 0, 1, ….
fn marked(n: usize, width: usize, windows: impl Iterator<Item = bool>) -> Vec<bool> {
    let mut points = vec![false; n];
    for (start, passes) in windows.enumerate() {
        if passes {
            points
                .iter_mut()
                .skip(start)
                .take(width)
                .for_each(|p| *p = true);
        }
    }
    points
}

fn all_one_way(signs: &[i8]) -> bool {
    signs.iter().all(|s| *s == 1) || signs.iter().all(|s| *s == -1)
}

/// −1, 0 or 1: a point on the mean is on neither side.
fn sign(v: f64) -> i8 {
    if v > 0.0 {
        1
    } else if v < 0.0 {
        -1
    } else {
        0
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let (sum, n) = values.fold((0.0, 0_u32), |(sum, n), v| (sum + v, n + 1));
    if n == 0 { 0.0 } else { sum / f64::from(n) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::testing::near;
    use proptest::prelude::*;

    /// One letter a point: Outside, Trend, Near, one Side, or a dot.
    fn letters(chart: &Xmr) -> String {
        chart
            .special
            .iter()
            .map(|s| match s {
                Some(SpecialCause::OutsideLimits) => 'O',
                Some(SpecialCause::Trend) => 'T',
                Some(SpecialCause::NearLimit) => 'N',
                Some(SpecialCause::OneSide) => 'S',
                None => '.',
            })
            .collect()
    }

    #[test]
    fn limits_and_special_causes_agree_with_nhsrplotthedots() {
        // R 4.2, with the functions of NHSRplotthedots (R/ptd_spc_standard.R, R/ptd_calculate_point_type.R) run beside,
        // dplyr's verbs put into base R. Mean, lower and upper limit, near lower and near upper limit; a letter a point.
        #[rustfmt::skip]
        let cases: &[(&str, &[f64], [f64; 5], &str)] = &[
            ("steady", &[52., 49., 55., 50., 47., 53., 51., 48., 54., 50., 49., 52., 51.], [50.84615384615385, 41.31448717948718, 60.37782051282051, 44.4917094017094, 57.20059829059829], "............."),
            ("a spike is left out of the limits", &[50., 52., 49., 51., 50., 95., 51., 49., 52., 50., 48., 51., 50., 49., 52., 51.], [53.125, 47.805, 58.445, 49.57833333333333, 56.67166666666667], ".....OSSSSSSSSSS"),
            ("a trend up, then a shift", &[40., 41.5, 39., 42., 40., 41., 42.5, 44., 45.2, 46., 47.1, 49., 50., 49., 51., 50.5, 49.2, 51., 48.9, 50., 42., 41.], [45.45, 41.4866, 49.4134, 42.80773333333334, 48.09226666666667], "ONONOOTTTTTTONOONONO.O"),
            ("a trend down", &[30., 34., 31., 29., 28., 27., 26., 25., 24., 23.5, 30., 31., 29.5, 32., 28., 30.], [28.625, 22.950333333333333, 34.29966666666667, 24.84188888888889, 32.40811111111111], ".TTTTTTTTT......"),
            ("two near the lower limit, none of two near the upper that straddle", &[10., 12., 9., 11., 10., 14.2, 12.1, 14.4, 10., 9., 11., 8., 10., 5.6, 5.7, 9., 11., 10., 12., 9., 11.], [10.19047619047619, 3.9660761904761896, 16.41487619047619, 6.040876190476189, 14.34007619047619], ".............NN......"),
            ("points on the mean are on no side", &[5., 5., 5., 6., 5., 4., 5., 5., 5., 4., 6., 5., 5., 5., 5., 6., 4., 5.], [5., 3.1223529411764703, 6.87764705882353, 3.748235294117647, 6.251764705882353], ".................."),
            ("a shift both ways", &[12., 14., 11., 13., 15., 12., 14., 13., 8., 6., 7., 9., 5., 8., 7., 6., 13., 12., 7.], [10.105263157894736, 3.1597076023391804, 17.05081871345029, 5.474892787524365, 14.735633528265108], "SSSSSSSSSSSSSSSS..."),
            ("shares", &[0.41, 0.44, 0.39, 0.42, 0.45, 0.4, 0.43, 0.38, 0.3, 0.31, 0.29, 0.27, 0.33, 0.3, 0.28, 0.42, 0.41, 0.44, 0.43, 0.46, 0.44, 0.45, 0.47, 0.49], [0.39208333333333334, 0.31228333333333336, 0.4718833333333333, 0.3388833333333333, 0.44528333333333336], ".......SOOOOSOOSSSSNSNNO"),
            ("six are no trend", &[10., 8., 9., 10., 11., 12., 13., 9., 10., 8., 11., 9., 10., 12., 8.], [10., 5.06, 14.940000000000001, 6.706666666666667, 13.293333333333333], "..............."),
            ("near limits on both sides", &[20., 21., 19., 20., 24.1, 15.9, 24.2, 20., 19., 21., 20., 19., 21., 20., 21., 19., 20., 21., 19.], [20.221052631578946, 15.682427631578946, 24.759677631578946, 17.195302631578947, 23.246802631578944], "..................."),
        ];
        for (name, values, [centre, lower, upper, near_lower, near_upper], marks) in cases {
            let chart = xmr(values).unwrap();
            near(chart.centre, *centre, 1e-12);
            near(chart.lower, *lower, 1e-12);
            near(chart.upper, *upper, 1e-12);
            near(chart.near_lower, *near_lower, 1e-12);
            near(chart.near_upper, *near_upper, 1e-12);
            assert_eq!(letters(&chart), *marks, "{name}");
        }
    }

    #[test]
    fn what_gives_no_limits_is_said() {
        assert_eq!(
            xmr(&[1.0; 9]).unwrap_err().0,
            "there are 9 points and limits need at least 10"
        );
        assert!(xmr(&[]).is_err());
        let mut values = vec![1.0, 2.0, 1.5, 2.5, 1.0, 2.0, 1.5, 2.5, 1.0, 2.0];
        values[4] = f64::NAN;
        assert_eq!(xmr(&values).unwrap_err().0, "a point has no value");
        // One fall in two years of none: limits from the other months would have no width, and all points lie outside.
        let mut lone = vec![0.0; 24];
        lone[7] = 1.0;
        assert!(xmr(&lone).unwrap_err().0.contains("no width"));
        assert!(
            xmr(&[
                f64::MAX,
                f64::MIN,
                f64::MAX,
                f64::MIN,
                f64::MAX,
                f64::MIN,
                f64::MAX,
                f64::MIN,
                f64::MAX,
                1.0
            ])
            .is_err()
        );
    }

    #[test]
    fn months_all_alike_stand_out_nowhere() {
        let chart = xmr(&[0.1; 30]).unwrap();
        assert_eq!((chart.lower, chart.centre, chart.upper), (0.1, 0.1, 0.1));
        assert_eq!(chart.special, vec![None; 30]);
    }

    #[test]
    fn names_are_those_of_the_contract() {
        use SpecialCause::{NearLimit, OneSide, OutsideLimits, Trend};
        let names = [OutsideLimits, Trend, NearLimit, OneSide].map(SpecialCause::name);
        assert_eq!(names, ["outside_limits", "trend", "near_limit", "one_side"]);
    }

    proptest! {
        // Whole quarters, so that shifting and mirroring are exact.
        #[test]
        fn moving_and_mirroring_the_values_changes_no_mark(quarters in prop::collection::vec(-40_i32..40, 10..40)) {
            let values: Vec<f64> = quarters.iter().map(|v| f64::from(*v) * 0.25).collect();
            let mirrored: Vec<f64> = values.iter().map(|v| -v).collect();
            let back: Vec<f64> = values.iter().rev().copied().collect();
            match xmr(&values) {
                Ok(chart) => {
                    prop_assert!(chart.lower <= chart.near_lower && chart.near_lower <= chart.centre);
                    prop_assert!(chart.centre <= chart.near_upper && chart.near_upper <= chart.upper);
                    prop_assert_eq!(chart.special.len(), values.len());
                    let other = xmr(&mirrored).unwrap();
                    prop_assert_eq!(&other.special, &chart.special);
                    near(other.lower, -chart.upper, 1e-12);
                    // The rules know no direction of time.
                    let mut reversed = xmr(&back).unwrap().special;
                    reversed.reverse();
                    prop_assert_eq!(&reversed, &chart.special);
                }
                Err(_) => prop_assert!(xmr(&mirrored).is_err()),
            }
        }
    }
}
