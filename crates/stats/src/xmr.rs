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
