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
            (-8.0, 0.999_999_999_999_999_3),
            (-1.5, 0.933_192_798_731_141_91),
            (0.0, 0.5),
            (0.5, 0.308_537_538_725_986_94),
            (1.959_963_984_540_054, 0.025_000_000_000_000_012),
            (3.0, 0.001_349_898_031_630_094_6),
            (6.0, 9.865_876_450_376_980_9e-10),
            (10.0, 7.619_853_024_160_526_9e-24),
            (20.0, 2.753_624_118_606_233_7e-89),
            (37.0, 5.725_571_222_524_577_1e-300),
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
        near(normal_cdf(1.5), 0.933_192_798_731_141_91, 1e-14);
        assert_eq!(normal_upper_tail(f64::INFINITY), 0.0);
        assert_eq!(normal_upper_tail(f64::NEG_INFINITY), 1.0);
        assert_eq!(normal_upper_tail(f64::NAN), 0.5);
    }

    #[test]
    fn normal_quantiles_agree_with_r_qnorm() {
        let quantiles = [
            (1e-300, -37.047_096_299_361_201),
            (1e-20, -9.262_340_089_798_405_2),
            (1e-5, -4.264_890_793_922_825_6),
            (0.025, -1.959_963_984_540_053_8),
            (0.3, -0.524_400_512_708_040_67),
            (0.5, 0.0),
            (0.6, 0.253_347_103_135_799_78),
            (0.975, 1.959_963_984_540_053_6),
            (0.999, 3.090_232_306_167_813_2),
            (1.0 - 1e-12, 7.034_486_910_047_835_6),
        ];
        for (p, z) in quantiles {
            near(normal_quantile(p).unwrap(), z, 1e-12);
        }
    }

    #[test]
    fn t_quantiles_agree_with_r_qt() {
        let quantiles = [
            (0.975, 1.0, 12.706_204_736_174_694),
            (0.975, 2.5, 3.574_654_842_003_691_9),
            (0.9, 10.0, 1.372_183_641_110_335_6),
            (0.51, 30.0, 0.025_278_783_971_765_903),
            (1e-6, 4.0, -41.577_854_150_450_989),
            (0.999, 1000.0, 3.098_402_163_912_922),
            (0.025, 1e6, -1.959_966_356_814_106_6),
            (0.975, 0.3, 6_582.035_699_400_796_1),
            (0.25, 7.0, -0.711_141_778_081_786_58),
        ];
        for (p, df, t) in quantiles {
            near(t_quantile(p, df).unwrap(), t, 1e-10);
        }
        // A hair from the middle, and so many degrees that the normal is meant: what is left of the digits of p.
        near(
            t_quantile(0.500_000_1, 3.0).unwrap(),
            2.720_699_044_675_662_6e-7,
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
            (3.841_458_820_694_124, 1.0, 0.049_999_999_999_999_975),
            (0.01, 1.0, 0.920_344_325_445_942_02),
            (500.0, 1.0, 9.505_397_766_554_092_7e-111),
            (5.0, 2.5, 0.123_088_571_152_658_89),
            (100.0, 10.0, 5.449_701_982_920_530_2e-17),
            (1000.0, 10.0, 1.870_290_720_915_949_5e-208),
            (1e5, 1e5, 0.499_405_291_895_206_72),
            (101_000.0, 1e5, 0.012_868_840_377_233_664),
            (2e-5, 4.0, 0.999_999_999_950_000_33),
            (1e6, 999_000.0, 0.239_566_943_229_086_25),
            (f64::INFINITY, 4.0, 0.0),
        ];
        for (x, df, p) in tails {
            near(chi_squared_upper_tail(x, df).unwrap(), p, 1e-10);
        }
    }

    #[test]
    fn beta_and_gamma_quantiles_agree_with_r_qbeta_and_qgamma() {
        let beta = [
            (0.025, 1.0, 30.0, 0.000_843_570_926_630_478_38),
            (0.975, 1.0, 30.0, 0.115_703_308_222_027_79),
            (0.5, 0.5, 0.5, 0.5),
            (0.025, 3.0, 28.0, 0.021_117_137_029_722_576),
            (0.975, 1e5, 1e5, 0.502_191_298_568_307_91),
            (0.025, 1.0, 1e6, 2.531_780_766_379_419_1e-8),
            (0.025, 0.01, 2.0, 2.300_718_522_720_678_9e-161),
            (0.999, 20.0, 0.5, 0.999_999_960_236_168_88),
            (1e-10, 5.0, 50.0, 0.000_503_243_706_320_485_07),
            (0.3, 12_345.0, 67.0, 0.994_277_287_981_439_88),
        ];
        for (p, a, b, x) in beta {
            near(beta_quantile(p, a, b).unwrap(), x, 1e-10);
        }
        let gamma = [
            (0.025, 1.0, 0.025_317_807_984_289_876),
            (0.975, 10.0, 17.084_803_451_419_17),
            (0.025, 9.0, 4.115_373_097_378_332),
            (0.5, 0.1, 0.000_593_391_104_460_225_6),
            (0.001, 1e5, 99_025.631_890_500_925),
            (0.999, 1e5, 100_980.067_791_959_23),
            (1e-12, 3.0, 0.000_181_720_314_626_374_45),
            (0.999_999, 0.5, 11.964_063_488_439_736),
        ];
        for (p, a, x) in gamma {
            near(gamma_quantile(p, a).unwrap(), x, 1e-10);
        }
    }

    #[test]
    fn poisson_tails_agree_with_r_ppois() {
        let tails = [
            (1, 0.001, 0.000_999_500_166_625_008_23),
            (3, 3.0, 0.576_809_918_873_156_58),
            (20, 3.0, 8.314_423_588_191_698_1e-11),
            (150, 20.0, 5.934_110_699_548_867_9e-77),
            (1, 50.0, 1.0),
            (1000, 900.0, 0.000_549_902_265_711_783_31),
            (100_000, 99_000.0, 0.000_757_419_921_174_767_06),
            (100_000, 80_000.0, 0.0),
            (5, 0.000_01, 8.333_263_889_186_507_8e-28),
            (1_000_000, 1e6, 0.500_132_980_760_872_54),
            (40, 100.0, 0.999_999_999_997_039_7),
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
            (1, 0.001, 0.5, 0.000_999_250_499_687_687_63),
            (5, 3.0, 0.2, 0.216_618_016_362_190_33),
            (60, 3.0, 0.2, 2.790_439_183_660_777_1e-21),
            (200, 20.0, 0.05, 1.417_593_625_918_542_6e-39),
            (30, 50.0, 0.3, 0.745_805_385_404_331_61),
            (2000, 1800.0, 1e-6, 1.930_309_645_696_694_5e-6),
            (1200, 1000.0, 0.001, 9.871_816_925_786_814_4e-6),
            (150, 20.0, 1e-9, 5.934_160_515_573_637_3e-77),
            (40, 10.0, 5.0, 0.073_673_788_480_133_548),
            (100_000, 90_000.0, 0.001, 0.000_357_751_589_107_110_49),
            (100, 20.0, 1e-12, 3.488_878_680_748_255_6e-37),
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
            (1, 10, 0.01, 0.095_617_924_991_195_577),
            (10, 10, 0.5, 0.000_976_562_500_000_000_22),
            (30, 30, 0.9, 0.042_391_158_275_216_237),
            (60, 100, 0.5, 0.028_443_966_820_490_434),
            (100, 200, 0.05, 4.461_272_898_261_867_1e-74),
            (50_000, 100_000, 0.49, 1.290_651_428_688_685e-10),
            (50_500, 100_000, 0.5, 0.000_791_179_939_425_797_71),
            (3, 1_000_000, 1e-6, 0.080_301_305_101_449_783),
            (999_990, 1_000_000, 0.9999, 1.133_083_781_307_819_5e-30),
            (40, 100, 0.5, 0.982_399_899_891_147_62),
            (300, 400, 0.05, 6.631_756_138_277_591_1e-297),
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
