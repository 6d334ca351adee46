//! The distributions that the rest draws on.
//!
//! Upper tails are worked out as such, never as one minus a lower tail near one, so that a chance of one in a
//! billion billion keeps its digits: that is what many comparisons at once are judged by.

use std::f64::consts::SQRT_2;

use statrs::function::erf::erfc_inv;

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
    // Half the chi-squared tail of x². Not by `statrs::erfc`, which is off by 3e-12 at x = 1.5.
    let both = gamma_tails(0.5, 0.5 * x * x);
    if x >= 0.0 {
        0.5 * both.upper
    } else {
        0.5 + 0.5 * both.lower
    }
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
    Ok(gamma_tails(0.5 * df, 0.5 * x).upper)
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::testing::near;

    // Reference numbers: R 4.2, the call named at each test, printed to 17 digits.

    #[test]
    fn normal_tails_agree_with_r_pnorm() {
        let upper = [
            (-8.0, 0.9999999999999993),
            (-1.5, 0.9331927987311419),
            (0.0, 0.5),
            (0.5, 0.30853753872598694),
            (1.959963984540054, 0.025000000000000012),
            (3.0, 0.0013498980316300946),
            (6.0, 9.86587645037698e-10),
            (10.0, 7.619853024160527e-24),
            (20.0, 2.7536241186062337e-89),
            (37.0, 5.725571222524577e-300),
        ];
        for (x, p) in upper {
            // Beyond 30 the last digits go with the square of x.
            near(normal_upper_tail(x), p, 1e-12);
            near(normal_cdf(-x), p, 1e-12);
            near(
                normal_cdf(normal_quantile(p.min(0.999)).unwrap()),
                p.min(0.999),
                1e-11,
            );
        }
        near(normal_cdf(1.5), 0.9331927987311419, 1e-14);
        assert_eq!(normal_upper_tail(f64::INFINITY), 0.0);
        assert_eq!(normal_upper_tail(f64::NEG_INFINITY), 1.0);
        assert_eq!(normal_upper_tail(f64::NAN), 0.5);
    }

    #[test]
    fn normal_quantiles_agree_with_r_qnorm() {
        let quantiles = [
            (1e-300, -37.0470962993612),
            (1e-20, -9.262340089798405),
            (1e-5, -4.2648907939228256),
            (0.025, -1.9599639845400538),
            (0.3, -0.5244005127080407),
            (0.5, 0.0),
            (0.6, 0.2533471031357998),
            (0.975, 1.9599639845400536),
            (0.999, 3.090232306167813),
            (1.0 - 1e-12, 7.0344869100478356),
        ];
        for (p, z) in quantiles {
            near(normal_quantile(p).unwrap(), z, 1e-12);
        }
    }

    #[test]
    fn t_quantiles_agree_with_r_qt() {
        let quantiles = [
            (0.975, 1.0, 12.706204736174694),
            (0.975, 2.5, 3.574654842003692),
            (0.9, 10.0, 1.3721836411103356),
            (0.51, 30.0, 0.025278783971765903),
            (1e-6, 4.0, -41.57785415045099),
            (0.999, 1000.0, 3.098402163912922),
            (0.025, 1e6, -1.9599663568141066),
            (0.975, 0.3, 6582.035699400796),
            (0.25, 7.0, -0.7111417780817866),
        ];
        for (p, df, t) in quantiles {
            near(t_quantile(p, df).unwrap(), t, 1e-10);
        }
        // A hair from the middle, and so many degrees that the normal is meant: what is left of the digits of p.
        near(
            t_quantile(0.500_000_1, 3.0).unwrap(),
            2.7206990446756626e-7,
            1e-8,
        );
        near(t_quantile(0.6, 1e10).unwrap(), 0.253_347_103_142_54, 1e-10);
        assert_eq!(t_quantile(0.5, 3.0).unwrap(), 0.0);
    }

    #[test]
    fn chi_squared_agrees_with_r_pchisq() {
        let tails = [
            (0.0, 3.0, 1.0),
            (-2.0, 3.0, 1.0),
            (3.841458820694124, 1.0, 0.049999999999999975),
            (0.01, 1.0, 0.920344325445942),
            (500.0, 1.0, 9.505397766554093e-111),
            (5.0, 2.5, 0.1230885711526589),
            (100.0, 10.0, 5.44970198292053e-17),
            (1000.0, 10.0, 1.8702907209159495e-208),
            (1e5, 1e5, 0.4994052918952067),
            (101_000.0, 1e5, 0.012868840377233664),
            (2e-5, 4.0, 0.9999999999500003),
            (1e6, 999_000.0, 0.23956694322908625),
            (f64::INFINITY, 4.0, 0.0),
        ];
        for (x, df, p) in tails {
            near(chi_squared_upper_tail(x, df).unwrap(), p, 1e-10);
        }
    }

    #[test]
    fn beta_and_gamma_quantiles_agree_with_r_qbeta_and_qgamma() {
        let beta = [
            (0.025, 1.0, 30.0, 0.0008435709266304784),
            (0.975, 1.0, 30.0, 0.11570330822202779),
            (0.5, 0.5, 0.5, 0.5),
            (0.025, 3.0, 28.0, 0.021117137029722576),
            (0.975, 1e5, 1e5, 0.5021912985683079),
            (0.025, 1.0, 1e6, 2.531780766379419e-8),
            (0.025, 0.01, 2.0, 2.300718522720679e-161),
            (0.999, 20.0, 0.5, 0.9999999602361689),
            (1e-10, 5.0, 50.0, 0.0005032437063204851),
            (0.3, 12_345.0, 67.0, 0.9942772879814399),
        ];
        for (p, a, b, x) in beta {
            near(beta_quantile(p, a, b).unwrap(), x, 1e-10);
        }
        let gamma = [
            (0.025, 1.0, 0.025317807984289876),
            (0.975, 10.0, 17.08480345141917),
            (0.025, 9.0, 4.115373097378332),
            (0.5, 0.1, 0.0005933911044602256),
            (0.001, 1e5, 99025.63189050092),
            (0.999, 1e5, 100980.06779195923),
            (1e-12, 3.0, 0.00018172031462637445),
            (0.999_999, 0.5, 11.964063488439736),
        ];
        for (p, a, x) in gamma {
            near(gamma_quantile(p, a).unwrap(), x, 1e-10);
        }
    }

    #[test]
    fn poisson_tails_agree_with_r_ppois() {
        let tails = [
            (1, 0.001, 0.0009995001666250082),
            (3, 3.0, 0.5768099188731566),
            (20, 3.0, 8.314423588191698e-11),
            (150, 20.0, 5.934110699548868e-77),
            (1, 50.0, 1.0),
            (1000, 900.0, 0.0005499022657117833),
            (100_000, 99_000.0, 0.0007574199211747671),
            (100_000, 80_000.0, 0.0),
            (5, 0.000_01, 8.333263889186508e-28),
            (1_000_000, 1e6, 0.5001329807608725),
            (40, 100.0, 0.9999999999970397),
        ];
        for (count, mean, p) in tails {
            near(poisson_upper_tail(count, mean), p, 1e-10);
        }
        assert_eq!(poisson_upper_tail(0, 0.0), 1.0);
        assert_eq!(poisson_upper_tail(1, 0.0), 0.0);
        for nonsense in [f64::NAN, f64::INFINITY, -1.0] {
            assert_eq!(poisson_upper_tail(4, nonsense), 1.0);
        }
    }

    #[test]
    fn negative_binomial_tails_agree_with_r_pnbinom() {
        // pnbinom(count - 1, size = 1 / dispersion, mu = mean, lower.tail = FALSE)
        let tails = [
            (1, 0.001, 0.5, 0.0009992504996876876),
            (5, 3.0, 0.2, 0.21661801636219033),
            (60, 3.0, 0.2, 2.790439183660777e-21),
            (200, 20.0, 0.05, 1.4175936259185426e-39),
            (30, 50.0, 0.3, 0.7458053854043316),
            (2000, 1800.0, 1e-6, 1.9303096456966945e-6),
            (1200, 1000.0, 0.001, 9.871816925786814e-6),
            (150, 20.0, 1e-9, 5.934160515573637e-77),
            (40, 10.0, 5.0, 0.07367378848013355),
            (100_000, 90_000.0, 0.001, 0.0003577515891071105),
            (100, 20.0, 1e-12, 3.4888786807482556e-37),
        ];
        for (count, mean, dispersion, p) in tails {
            near(
                negative_binomial_upper_tail(count, mean, dispersion),
                p,
                1e-9,
            );
        }
        near(
            negative_binomial_upper_tail(20, 3.0, 0.0),
            poisson_upper_tail(20, 3.0),
            1e-15,
        );
        near(
            negative_binomial_upper_tail(20, 3.0, 1e-13),
            poisson_upper_tail(20, 3.0),
            1e-10,
        );
        assert_eq!(negative_binomial_upper_tail(3, 0.0, 0.4), 0.0);
        for (mean, dispersion) in [
            (f64::NAN, 1.0),
            (3.0, -0.1),
            (3.0, f64::NAN),
            (f64::INFINITY, 0.0),
        ] {
            assert_eq!(negative_binomial_upper_tail(4, mean, dispersion), 1.0);
        }
    }

    #[test]
    fn binomial_tails_agree_with_r_pbinom() {
        let tails = [
            (1, 1, 0.3, 0.3),
            (1, 10, 0.01, 0.09561792499119558),
            (10, 10, 0.5, 0.0009765625000000002),
            (30, 30, 0.9, 0.04239115827521624),
            (60, 100, 0.5, 0.028443966820490434),
            (100, 200, 0.05, 4.461272898261867e-74),
            (50_000, 100_000, 0.49, 1.290651428688685e-10),
            (50_500, 100_000, 0.5, 0.0007911799394257977),
            (3, 1_000_000, 1e-6, 0.08030130510144978),
            (999_990, 1_000_000, 0.9999, 1.1330837813078195e-30),
            (40, 100, 0.5, 0.9823998998911476),
            (300, 400, 0.05, 6.631756138277591e-297),
        ];
        for (count, of, p, tail) in tails {
            near(binomial_upper_tail(count, of, p), tail, 1e-10);
        }
        assert_eq!(binomial_upper_tail(0, 0, 0.3), 1.0);
        assert_eq!(binomial_upper_tail(5, 4, 0.3), 0.0);
        assert_eq!(binomial_upper_tail(4, 4, 1.0), 1.0);
        assert_eq!(binomial_upper_tail(1, 4, 0.0), 0.0);
        assert_eq!(binomial_upper_tail(1, 4, f64::NAN), 1.0);
    }

    #[test]
    fn what_is_no_share_or_size_is_refused_in_words() {
        for p in [0.0, 1.0, -0.1, f64::NAN] {
            assert!(
                normal_quantile(p).is_err()
                    && t_quantile(p, 3.0).is_err()
                    && beta_quantile(p, 1.0, 1.0).is_err()
            );
        }
        for size in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(t_quantile(0.9, size).is_err() && chi_squared_upper_tail(1.0, size).is_err());
            assert!(
                beta_quantile(0.9, size, 1.0).is_err() && beta_quantile(0.9, 1.0, size).is_err()
            );
        }
        assert!(chi_squared_upper_tail(f64::NAN, 1.0).is_err());
        let why = t_quantile(0.9, 0.0).unwrap_err().to_string();
        assert_eq!(
            why,
            "the degrees of freedom must be a number above 0, and this is 0"
        );
        // Half a degree of freedom and a share of 10⁻³⁰⁰ is a t beyond any number: said, not returned as infinity.
        assert!(t_quantile(1e-300, 0.5).is_err());
    }
}
