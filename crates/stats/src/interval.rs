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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::testing::near;
    use proptest::prelude::*;

    #[track_caller]
    fn near_interval(got: Result<Interval, CannotTell>, low: f64, high: f64, tolerance: f64) {
        let got = got.unwrap();
        near(got.low, low, tolerance);
        near(got.high, high, tolerance);
    }

    #[test]
    fn wilson_agrees_with_statsmodels() {
        // statsmodels 0.15: proportion_confint(count, nobs, alpha = 1 - confidence, method = "wilson")
        let cases = [
            (0, 1, 0.95, 0.0, 0.7934506856227626),
            (1, 1, 0.95, 0.20654931437723745, 1.0),
            (0, 30, 0.95, 0.0, 0.11351339317396876),
            (30, 30, 0.95, 0.8864866068260312, 1.0),
            (15, 100, 0.95, 0.0930598528365663, 0.23283559590832364),
            (3, 7, 0.9, 0.186443190363956, 0.7105229089864071),
            (
                1,
                100_000,
                0.95,
                1.7652477303783126e-6,
                5.664709659040966e-5,
            ),
            (
                54_321,
                100_000,
                0.998,
                0.5383382982653757,
                0.5480734498138871,
            ),
            (
                999_999,
                1_000_000,
                0.99,
                0.9999914825661653,
                0.9999998825945251,
            ),
            (2, 5, 0.5, 0.2666172095599603, 0.5500625970530526),
        ];
        for (count, of, confidence, low, high) in cases {
            // The low end of 1 in 100,000 is a small difference of larger numbers.
            near_interval(wilson(count, of, confidence), low, high, 1e-10);
        }
    }

    #[test]
    fn clopper_pearson_agrees_with_statsmodels() {
        // statsmodels 0.15: proportion_confint(count, nobs, alpha = 1 - confidence, method = "beta")
        let cases = [
            (0, 1, 0.95, 0.0, 0.975),
            (1, 1, 0.95, 0.025, 1.0),
            (0, 30, 0.95, 0.0, 0.11570330822202779),
            (30, 30, 0.95, 0.8842966917779722, 1.0),
            (15, 100, 0.95, 0.08645438564164859, 0.23530750014895488),
            (3, 7, 0.9, 0.12875639280424267, 0.7746784159675523),
            (1, 100_000, 0.95, 2.531780477933316e-7, 5.571516034774275e-5),
            (
                54_321,
                100_000,
                0.998,
                0.5383344227328656,
                0.5480797791140996,
            ),
            (
                999_999,
                1_000_000,
                0.99,
                0.999992569894388,
                0.9999999949874582,
            ),
            (2, 5, 0.5, 0.19376360955397115, 0.6405638352103529),
        ];
        for (count, of, confidence, low, high) in cases {
            near_interval(clopper_pearson(count, of, confidence), low, high, 1e-10);
        }
    }

    #[test]
    fn byar_agrees_with_r_poisson_test_below_ten_and_the_printed_formula_above() {
        // R 4.2: poisson.test(count, base, conf.level)$conf.int below 10 (and so qchisq as phe_rate has it); from 10 on,
        // Breslow and Day's formula worked in R by hand.
        let cases = [
            (0, 100.0, 0.95, 0.0, 0.03688879454113935),
            (1, 52.0, 0.95, 0.0004868809227748057, 0.10714698828728651),
            (9, 1000.0, 0.998, 0.002452424404363775, 0.02265737330906293),
            (10, 1000.0, 0.95, 0.004787449913967564, 0.018391458605756472),
            (65, 1.0, 0.998, 42.8802614714802, 94.000290844318),
            (8200, 10_000.0, 0.95, 0.8023466583069755, 0.8379438519010398),
            (1_000_000, 0.5, 0.9, 1996711.4301763403, 2003292.845526199),
        ];
        for (count, base, confidence, low, high) in cases {
            near_interval(byar(count, base, confidence), low, high, 1e-10);
        }
    }

    #[test]
    fn newcombe_agrees_with_statsmodels_and_with_table_2_of_newcombe_1998() {
        // statsmodels 0.15: confint_proportions_2indep(count1, nobs1, count2, nobs2, method = "newcomb",
        // compare = "diff", alpha = 1 - confidence). The first eight are contrasts of the paper's table II, which prints
        // them to four decimals: 0.0524 to 0.3339, 0.1705 to 0.8090, 0.0582 to 0.8062, -0.0381 to 0.1926, ...
        let cases = [
            (
                (56, 70),
                (48, 80),
                0.95,
                0.05243147240236498,
                0.333872654036906,
            ),
            (
                (9, 10),
                (3, 10),
                0.95,
                0.17052272393450302,
                0.8090179735354881,
            ),
            ((6, 7), (2, 7), 0.95, 0.0582279274823122, 0.8062496375242277),
            (
                (5, 56),
                (0, 29),
                0.95,
                -0.03813714790353688,
                0.19256001385511162,
            ),
            (
                (0, 10),
                (0, 20),
                0.95,
                -0.16112515805281938,
                0.2775327998628892,
            ),
            (
                (0, 10),
                (0, 10),
                0.95,
                -0.2775327998628892,
                0.2775327998628892,
            ),
            ((10, 10), (0, 20), 0.95, 0.6790860371419147, 1.0),
            ((10, 10), (0, 10), 0.95, 0.6075093504305242, 1.0),
            ((1, 1), (0, 1), 0.9, -0.03256547758000283, 1.0),
            (
                (4000, 10_000),
                (4500, 10_000),
                0.99,
                -0.06795617619364853,
                -0.031998022098295935,
            ),
        ];
        for (a, b, confidence, low, high) in cases {
            near_interval(newcombe_difference(a, b, confidence), low, high, 1e-10);
        }
    }

    #[test]
    fn an_empty_denominator_is_refused_not_answered() {
        assert_eq!(
            wilson(0, 0, 0.95).unwrap_err().0,
            "there is nothing to take a share of"
        );
        assert!(clopper_pearson(0, 0, 0.95).is_err());
        assert!(newcombe_difference((0, 0), (1, 2), 0.95).is_err());
        assert!(newcombe_difference((1, 2), (0, 0), 0.95).is_err());
        assert!(wilson(4, 3, 0.95).is_err() && clopper_pearson(4, 3, 0.95).is_err());
        for base in [0.0, -1.0, f64::NAN, f64::INFINITY, f64::MIN_POSITIVE / 4.0] {
            assert!(byar(3, base, 0.95).is_err());
        }
        for confidence in [0.0, 1.0, 95.0, f64::NAN] {
            assert!(
                wilson(1, 2, confidence).is_err() && clopper_pearson(1, 2, confidence).is_err()
            );
            assert!(byar(1, 2.0, confidence).is_err());
        }
    }

    fn part() -> impl Strategy<Value = (u64, u64)> {
        (1_u64..5000).prop_flat_map(|of| (0..=of, Just(of)))
    }

    proptest! {
        #[test]
        fn intervals_hold_their_estimate_and_lie_within_bounds((count, of) in part(), confidence in 0.5..0.999_f64) {
            let p = count as f64 / of as f64;
            for interval in [wilson(count, of, confidence).unwrap(), clopper_pearson(count, of, confidence).unwrap()] {
                prop_assert!(0.0 <= interval.low && interval.low <= p && p <= interval.high && interval.high <= 1.0);
                prop_assert!(interval.low < interval.high);
            }
            let rate = byar(count, of as f64, confidence).unwrap();
            prop_assert!(0.0 <= rate.low && rate.low <= p && p <= rate.high && rate.high.is_finite());
        }

        #[test]
        fn ten_times_as_many_or_less_confidence_is_narrower((count, of) in part(), confidence in 0.5..0.99_f64) {
            let width = |i: Interval| i.high - i.low;
            for method in [wilson, clopper_pearson] {
                let once = width(method(count, of, confidence).unwrap());
                prop_assert!(width(method(count * 10, of * 10, confidence).unwrap()) < once);
                prop_assert!(width(method(count, of, confidence - 0.1).unwrap()) < once);
            }
        }

        #[test]
        fn none_and_all_mirror_each_other((count, of) in part()) {
            for method in [wilson, clopper_pearson] {
                let (one, other) = (method(count, of, 0.95).unwrap(), method(of - count, of, 0.95).unwrap());
                prop_assert!((one.low - (1.0 - other.high)).abs() < 1e-12);
                prop_assert!((one.high - (1.0 - other.low)).abs() < 1e-12);
            }
        }

        #[test]
        fn clopper_pearson_leaves_out_what_a_binomial_test_would((count, of) in part()) {
            let Interval { low, high } = clopper_pearson(count, of, 0.95).unwrap();
            if count > 0 {
                near(crate::binomial_upper_tail(count, of, low), 0.025, 1e-7);
            }
            if count < of {
                near(1.0 - crate::binomial_upper_tail(count + 1, of, high), 0.025, 1e-7);
            }
        }

        #[test]
        fn a_difference_holds_its_estimate_and_turns_with_its_sides(a in part(), b in part()) {
            let d = a.0 as f64 / a.1 as f64 - b.0 as f64 / b.1 as f64;
            let (one, other) = (newcombe_difference(a, b, 0.95).unwrap(), newcombe_difference(b, a, 0.95).unwrap());
            prop_assert!(-1.0 <= one.low && one.low <= d && d <= one.high && one.high <= 1.0);
            prop_assert!((one.low + other.high).abs() < 1e-12 && (one.high + other.low).abs() < 1e-12);
        }
    }
}
