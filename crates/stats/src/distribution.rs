//! The distributions that the rest draws on.
//!
//! Upper tails are worked out as such, never as one minus a lower tail near one, so that a chance of one in a
//! billion billion keeps its digits: that is what many comparisons at once are judged by.

use std::f64::consts::SQRT_2;

use statrs::function::erf::{erfc, erfc_inv};

use crate::CannotTell;
use crate::special::{beta_inverse, beta_tails, gamma_inverse, gamma_tails};

/// The chance that a standard normal value is `x` or less. Not a number gives a half.
pub fn normal_cdf(x: f64) -> f64 {
    normal_upper_tail(-x)
}

/// The chance that a standard normal value is above `x`, accurate far out. Not a number gives a half.
pub fn normal_upper_tail(x: f64) -> f64 {
    if x.is_nan() {
        return 0.5;
    }
    0.5 * erfc(x / SQRT_2)
}

/// The standard normal value below which a share `p` lies.
///
/// # Errors
/// `p` is not strictly between 0 and 1.
pub fn normal_quantile(p: f64) -> Result<f64, CannotTell> {
    check_share(p)?;
    if p > 0.5 {
        // 2(1 − p) is exact for p above a half.
        return Ok(SQRT_2 * erfc_inv(2.0 * (1.0 - p)));
    }
    Ok(-SQRT_2 * erfc_inv(2.0 * p))
}

/// The value of Student's t with `df` degrees of freedom (any number above 0) below which a share `p` lies.
///
/// # Errors
/// `p` is not strictly between 0 and 1, or `df` is not a number above 0.
pub fn t_quantile(p: f64, df: f64) -> Result<f64, CannotTell> {
    check_share(p)?;
    check_above_zero(df, "the degrees of freedom")?;
    if p == 0.5 {
        return Ok(0.0);
    }
    // t²/(df + t²) follows a beta distribution with parameters 1/2 and df/2.
    let outside = 2.0 * p.min(1.0 - p);
    let (x, y) = beta_inverse(
        0.5,
        0.5 * df,
        (1.0 - outside).max(f64::MIN_POSITIVE),
        outside,
    );
    let size = finite(
        (df * x / y).sqrt(),
        "the share is too near an end for so few degrees of freedom",
    )?;
    Ok(if p < 0.5 { -size } else { size })
}

/// The chance that chi-squared with `df` degrees of freedom is above `x`.
///
/// # Errors
/// `x` is not a number, or `df` is not a number above 0.
pub fn chi_squared_upper_tail(x: f64, df: f64) -> Result<f64, CannotTell> {
    check_above_zero(df, "the degrees of freedom")?;
    if x.is_nan() {
        return Err(CannotTell::new(
            "the value to compare with chi-squared is not a number",
        ));
    }
    if df == 1.0 && x > 0.0 {
        return Ok(erfc((0.5 * x).sqrt()));
    }
    Ok(gamma_tails(0.5 * df, 0.5 * x).upper)
}

/// The value below which a share `p` of chi-squared with `df` degrees of freedom lies.
///
/// # Errors
/// `p` is not strictly between 0 and 1, or `df` is not a number above 0.
pub fn chi_squared_quantile(p: f64, df: f64) -> Result<f64, CannotTell> {
    Ok(2.0 * gamma_quantile(p, 0.5 * df)?)
}

/// The chance that Student's t with `df` degrees of freedom is above `t`, for `t` of 0 or more.
///
/// # Errors
/// `t` is not a number of 0 or more, or `df` is not a number above 0.
pub fn t_upper_tail(t: f64, df: f64) -> Result<f64, CannotTell> {
    check_above_zero(df, "the degrees of freedom")?;
    if !(t >= 0.0 && t.is_finite()) {
        return Err(CannotTell::new(
            "the value of t is not a number of 0 or more",
        ));
    }
    // df/(df + t²) follows a beta distribution with parameters df/2 and 1/2.
    let whole = df + t * t;
    Ok(0.5 * beta_tails(0.5 * df, 0.5, df / whole, t * t / whole).lower)
}

/// The value below which a share `p` of the beta distribution lies.
///
/// # Errors
/// `p` is not strictly between 0 and 1, or `a` or `b` is not a number above 0.
pub fn beta_quantile(p: f64, a: f64, b: f64) -> Result<f64, CannotTell> {
    check_share(p)?;
    check_above_zero(a, "the first parameter of the beta distribution")?;
    check_above_zero(b, "the second parameter of the beta distribution")?;
    Ok(beta_inverse(a, b, p, 1.0 - p).0)
}

/// The value below which a share `p` of the gamma distribution of that shape and scale 1 lies.
///
/// # Errors
/// `p` is not strictly between 0 and 1, or the shape is not a number above 0.
pub fn gamma_quantile(p: f64, shape: f64) -> Result<f64, CannotTell> {
    check_share(p)?;
    check_above_zero(shape, "the shape of the gamma distribution")?;
    Ok(gamma_inverse(shape, p, 1.0 - p))
}

/// The chance of `count` or more where `mean` are expected (Poisson). A mean that is not a number, or negative, gives 1:
/// nothing can be called surprising beside it.
pub fn poisson_upper_tail(count: u64, mean: f64) -> f64 {
    if count == 0 || mean.is_nan() || mean < 0.0 {
        return 1.0;
    }
    gamma_tails(count as f64, mean).lower
}

/// The chance of `count` or more where `mean` are expected and the variance is mean + dispersion·mean² (negative
/// binomial). A dispersion of 0 is Poisson. A mean or dispersion that is not a finite number, or negative, gives 1.
pub fn negative_binomial_upper_tail(count: u64, mean: f64, dispersion: f64) -> f64 {
    let spread = mean * dispersion;
    if count == 0 || !(mean >= 0.0 && dispersion >= 0.0 && spread.is_finite()) {
        return 1.0;
    }
    if dispersion < 1e-14 {
        // Below this the two differ by less than rounding does.
        return poisson_upper_tail(count, mean);
    }
    let x = spread / (1.0 + spread);
    beta_tails(count as f64, 1.0 / dispersion, x, 1.0 / (1.0 + spread)).lower
}

/// The chance of `count` or more among `of`, each with chance `p` (binomial). A chance that is not a number gives 1; one
/// outside 0 to 1 is taken as the nearer end.
pub fn binomial_upper_tail(count: u64, of: u64, p: f64) -> f64 {
    if count == 0 || p.is_nan() {
        return 1.0;
    }
    if count > of {
        return 0.0;
    }
    let p = p.clamp(0.0, 1.0);
    beta_tails(count as f64, (of - count) as f64 + 1.0, p, 1.0 - p).lower
}

fn check_share(p: f64) -> Result<(), CannotTell> {
    if p > 0.0 && p < 1.0 {
        return Ok(());
    }
    Err(CannotTell::new(format!(
        "a share must lie between 0 and 1, and this one is {p}"
    )))
}

fn check_above_zero(value: f64, what: &str) -> Result<(), CannotTell> {
    if value > 0.0 && value.is_finite() {
        return Ok(());
    }
    Err(CannotTell::new(format!(
        "{what} must be a number above 0, and this is {value}"
    )))
}

fn finite(value: f64, why: &str) -> Result<f64, CannotTell> {
    if value.is_finite() {
        Ok(value)
    } else {
        Err(CannotTell::new(why))
    }
}
