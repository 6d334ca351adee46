//! Intervals of proportions, rates and differences.
//!
//! `confidence` is two-sided and strictly between 0 and 1, such as 0.95. An empty denominator is an error, never an
//! interval of 0 or of everything.

use crate::CannotTell;
use crate::distribution::{beta_quantile, gamma_quantile, normal_quantile};

/// From `low` to `high`, both finite.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Interval {
    pub low: f64,
    pub high: f64,
}

/// Wilson's score interval of a proportion, without continuity correction (E. B. Wilson, JASA 22 (1927) 209-212). A
/// share, within 0 to 1. The choice for shares on a page.
///
/// # Errors
/// `of` is 0, `count` is above `of`, or `confidence` is not strictly between 0 and 1.
pub fn wilson(count: u64, of: u64, confidence: f64) -> Result<Interval, CannotTell> {
    check_counts(count, of)?;
    let z = two_sided_z(confidence)?;
    let n = of as f64;
    let p = count as f64 / n;
    let share = z * z / n;
    let centre = (p + 0.5 * share) / (1.0 + share);
    let half = z / (1.0 + share) * (p * ((of - count) as f64 / n) / n + share / (4.0 * n)).sqrt();
    // At none and at all, one end is exactly 0 or 1; rounding would leave it a hair off.
    let low = if count == 0 {
        0.0
    } else {
        (centre - half).clamp(0.0, 1.0)
    };
    let high = if count == of {
        1.0
    } else {
        (centre + half).clamp(0.0, 1.0)
    };
    Ok(Interval { low, high })
}

/// The exact interval of a proportion (C. J. Clopper and E. S. Pearson, Biometrika 26 (1934) 404-413): covers at least
/// as often as it says. A share, within 0 to 1. The choice where a sample is to prove something.
///
/// # Errors
/// `of` is 0, `count` is above `of`, or `confidence` is not strictly between 0 and 1.
pub fn clopper_pearson(count: u64, of: u64, confidence: f64) -> Result<Interval, CannotTell> {
    check_counts(count, of)?;
    check_confidence(confidence)?;
    let tail = 0.5 * (1.0 - confidence);
    let (hits, misses) = (count as f64, (of - count) as f64);
    let low = if count == 0 {
        0.0
    } else {
        beta_quantile(tail, hits, misses + 1.0)?
    };
    let high = if count == of {
        1.0
    } else {
        1.0 - beta_quantile(tail, misses, hits + 1.0)?
    };
    Ok(Interval { low, high })
}

/// The interval of a rate: `count` events over `base` (people, weeks, …), per unit of base. Byar's approximation to the
/// Poisson interval from 10 events on, the exact one below 10, as PHEindicatormethods' `phe_rate` has it (N. E. Breslow
/// and N. E. Day, Statistical Methods in Cancer Research II, IARC 1987, p. 69).
///
/// # Errors
/// `base` is not a number above 0, or `confidence` is not strictly between 0 and 1.
pub fn byar(count: u64, base: f64, confidence: f64) -> Result<Interval, CannotTell> {
    if !(base > 0.0 && base.is_finite()) {
        return Err(CannotTell::new("the base of the rate is empty"));
    }
    let z = two_sided_z(confidence)?;
    let n = count as f64;
    let (low, high) = if count < 10 {
        let tail = 0.5 * (1.0 - confidence);
        let low = if count == 0 {
            0.0
        } else {
            gamma_quantile(tail, n)?
        };
        (low, gamma_quantile(1.0 - tail, n + 1.0)?)
    } else {
        let m = n + 1.0;
        let low = n * (1.0 - 1.0 / (9.0 * n) - z / (3.0 * n.sqrt())).powi(3);
        let high = m * (1.0 - 1.0 / (9.0 * m) + z / (3.0 * m.sqrt())).powi(3);
        (low.max(0.0), high)
    };
    let interval = Interval {
        low: low / base,
        high: high / base,
    };
    if !interval.high.is_finite() {
        return Err(CannotTell::new("the base of the rate is next to nothing"));
    }
    Ok(interval)
}

/// The interval of the difference of two independent shares, `a`'s minus `b`'s, each as (count, of): R. G. Newcombe's
/// method 10, from two Wilson intervals (Statistics in Medicine 17 (1998) 873-890). Within −1 to 1.
///
/// # Errors
/// Either denominator is 0, a count is above its denominator, or `confidence` is not strictly between 0 and 1.
pub fn newcombe_difference(
    a: (u64, u64),
    b: (u64, u64),
    confidence: f64,
) -> Result<Interval, CannotTell> {
    let (wa, wb) = (wilson(a.0, a.1, confidence)?, wilson(b.0, b.1, confidence)?);
    let (pa, pb) = (a.0 as f64 / a.1 as f64, b.0 as f64 / b.1 as f64);
    let difference = pa - pb;
    let low = difference - (pa - wa.low).hypot(wb.high - pb);
    let high = difference + (wa.high - pa).hypot(pb - wb.low);
    Ok(Interval {
        low: low.max(-1.0),
        high: high.min(1.0),
    })
}

/// The normal deviate of a two-sided interval: 1.96 for 0.95.
pub(crate) fn two_sided_z(confidence: f64) -> Result<f64, CannotTell> {
    check_confidence(confidence)?;
    Ok(-normal_quantile(0.5 * (1.0 - confidence))?)
}

fn check_confidence(confidence: f64) -> Result<(), CannotTell> {
    if confidence > 0.0 && confidence < 1.0 {
        return Ok(());
    }
    Err(CannotTell::new(format!(
        "a confidence must lie between 0 and 1, and this one is {confidence}"
    )))
}

fn check_counts(count: u64, of: u64) -> Result<(), CannotTell> {
    if of == 0 {
        return Err(CannotTell::new("there is nothing to take a share of"));
    }
    if count > of {
        return Err(CannotTell::new(format!("{count} cannot be a part of {of}")));
    }
    Ok(())
}
