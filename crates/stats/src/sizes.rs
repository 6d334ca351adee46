//! What a number of files can say, and how many it takes to say more.
//!
//! With the number of people in the frame known, every function counts draws without replacement (hypergeometric);
//! without it, as from a council of any size (binomial).

use statrs::function::beta::beta_reg;
use statrs::function::factorial::ln_binomial;

use crate::CannotTell;

/// The normal quantile of a two-sided 95% interval.
pub(crate) const Z95: f64 = 1.959_963_984_540_054;

fn check(files: u64, people: Option<u64>) -> Result<(), CannotTell> {
    if files == 0 {
        return Err(CannotTell::new("cannot tell, because no file was read"));
    }
    if people.is_some_and(|people| files > people) {
        return Err(CannotTell::new(
            "cannot tell, because there are more files than people to draw them from",
        ));
    }
    Ok(())
}

fn check_rate(rate: f64) -> Result<(), CannotTell> {
    if rate > 0.0 && rate < 1.0 {
        Ok(())
    } else {
        Err(CannotTell::new(
            "cannot tell, because a rate must lie between 0 and 1",
        ))
    }
}

/// The chance of `found` among `files` drawn without replacement when `with` of `people` have it.
fn hypergeometric(found: u64, files: u64, with: u64, people: u64) -> f64 {
    let without = people - with;
    if found > with || files - found > without {
        return 0.0;
    }
    (ln_binomial(with, found) + ln_binomial(without, files - found) - ln_binomial(people, files))
        .exp()
}

fn at_most(found: u64, files: u64, with: u64, people: u64) -> f64 {
    (0..=found)
        .map(|k| hypergeometric(k, files, with, people))
        .sum::<f64>()
        .min(1.0)
}

/// The largest number in `from..=to` that `holds`; it holds for `from` and, once it fails, fails for all above.
fn largest(from: u64, to: u64, holds: impl Fn(u64) -> bool) -> u64 {
    let (mut low, mut high) = (from, to);
    while low < high {
        let middle = low + (high - low).div_ceil(2);
        if holds(middle) {
            low = middle;
        } else {
            high = middle - 1;
        }
    }
    low
}

/// The highest rate (0 to 1) that `files` read with none found do not rule out: one-sided, 95%.
///
/// # Errors
/// No files, or more files than people.
pub fn upper_when_none(files: u64, people: Option<u64>) -> Result<f64, CannotTell> {
    check(files, people)?;
    Ok(match people {
        None => 1.0 - 0.05_f64.powf(1.0 / files as f64),
        Some(people) => {
            let with = largest(0, people - files, |with| {
                at_most(0, files, with, people) >= 0.05
            });
            with as f64 / people as f64
        }
    })
}

/// The chance (0 to 1) that `files` meet at least once a fault that is in the share `rate` of cases.
///
/// # Errors
/// No files, more files than people, or a rate outside 0 to 1.
pub fn chance_of_meeting(rate: f64, files: u64, people: Option<u64>) -> Result<f64, CannotTell> {
    check(files, people)?;
    check_rate(rate)?;
    Ok(match people {
        None => 1.0 - (1.0 - rate).powf(files as f64),
        Some(people) => {
            let with = ((rate * people as f64).round() as u64).clamp(1, people);
            1.0 - hypergeometric(0, files, with, people)
        }
    })
}

/// The fewest files that meet a fault in the share `rate` of cases with at least this chance.
///
/// # Errors
/// A rate or chance outside 0 to 1, or no people.
pub fn files_to_find(rate: f64, chance: f64, people: Option<u64>) -> Result<u64, CannotTell> {
    check_rate(rate)?;
    check_rate(chance)?;
    match people {
        None => Ok(((1.0 - chance).ln() / (1.0 - rate).ln()).ceil() as u64),
        Some(0) => Err(CannotTell::new("cannot tell, because there are no people")),
        Some(people) => Ok(largest(0, people - 1, |files| {
            files == 0 || chance_of_meeting(rate, files, Some(people)).is_ok_and(|c| c < chance)
        }) + 1),
    }
}

/// The fewest files whose 95% interval is no wider than `points` (a share: 0.1 is ten points) either way, by the
/// normal approximation at the rate expected (0.5 asks the most), with Cochran's finite population correction
/// (W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, section 4.4).
///
/// # Errors
/// A rate or margin outside 0 to 1, or no people.
pub fn files_for_points(points: f64, rate: f64, people: Option<u64>) -> Result<u64, CannotTell> {
    check_rate(points)?;
    check_rate(rate)?;
    let unlimited = Z95 * Z95 * rate * (1.0 - rate) / (points * points);
    Ok(match people {
        None => unlimited.ceil() as u64,
        Some(0) => return Err(CannotTell::new("cannot tell, because there are no people")),
        Some(people) => {
            let corrected = unlimited / (1.0 + (unlimited - 1.0) / people as f64);
            (corrected.ceil() as u64).clamp(1, people)
        }
    })
}

/// How far files stretch when some of all the people have been read: a sample of most of a small group says more
/// than its number. All of them read: no uncertainty is left, told by infinity.
fn stretched(files: f64, people: Option<u64>) -> f64 {
    match people.map(|p| p as f64) {
        Some(people) if files >= people => f64::INFINITY,
        Some(people) => files * (people - 1.0) / (people - files),
        None => files,
    }
}

/// Wilson's 95% interval of a share (low, high, each 0 to 1), where `files` may be an effective number.
///
/// E. B. Wilson, JASA 22 (1927) 209-212. With `people`, the finite population correction enters as a larger
/// effective number of files.
///
/// # Errors
/// No files, more files than people, or a share outside 0 to 1.
pub fn wilson_interval(
    share: f64,
    files: f64,
    people: Option<u64>,
) -> Result<(f64, f64), CannotTell> {
    check(files.ceil().max(0.0) as u64, people)?;
    if !(0.0..=1.0).contains(&share) {
        return Err(CannotTell::new(
            "cannot tell, because a share must lie between 0 and 1",
        ));
    }
    let n = stretched(files, people);
    if n.is_infinite() {
        return Ok((share, share));
    }
    let z2 = Z95 * Z95;
    let centre = (share + z2 / (2.0 * n)) / (1.0 + z2 / n);
    let half = Z95 * (share * (1.0 - share) / n + z2 / (4.0 * n * n)).sqrt() / (1.0 + z2 / n);
    // At the ends the formula gives the end itself but for rounding.
    let low = if share == 0.0 { 0.0 } else { centre - half };
    let high = if share == 1.0 { 1.0 } else { centre + half };
    Ok((low.clamp(0.0, 1.0), high.clamp(0.0, 1.0)))
}

/// The exact 95% interval of `found` of `files` (low, high, each 0 to 1): Clopper and Pearson's, and in a council of
/// known size the same with the hypergeometric. It covers at least 95%, so it is wider than Wilson's.
///
/// # Errors
/// No files, more files than people, or more found than files.
pub fn exact_interval(
    found: u64,
    files: u64,
    people: Option<u64>,
) -> Result<(f64, f64), CannotTell> {
    check(files, people)?;
    if found > files {
        return Err(CannotTell::new(
            "cannot tell, because more were found than files were read",
        ));
    }
    Ok(match people {
        None => {
            let (k, n) = (found as f64, files as f64);
            // P(X <= k | p) = I(1-p; n-k, k+1); the limits are where a tail is 2.5%.
            let solve = |tail: &dyn Fn(f64) -> bool| {
                let (mut low, mut high) = (0.0, 1.0);
                for _ in 0..60 {
                    let middle = 0.5 * (low + high);
                    if tail(middle) {
                        low = middle;
                    } else {
                        high = middle;
                    }
                }
                0.5 * (low + high)
            };
            let low = if found == 0 {
                0.0
            } else {
                solve(&|p| beta_reg(k, n - k + 1.0, p) < 0.025)
            };
            let high = if found == files {
                1.0
            } else {
                solve(&|p| beta_reg(k + 1.0, n - k, p) < 0.975)
            };
            (low, high)
        }
        Some(people) => {
            let most = people - (files - found);
            let low = if found == 0 {
                0
            } else {
                // Rising: the largest number that still makes `found` or more too unlikely, and one more.
                let too_few = |with: u64| 1.0 - at_most(found - 1, files, with, people) < 0.025;
                if too_few(found) {
                    largest(found, most, too_few) + 1
                } else {
                    found
                }
            };
            let high = largest(found, most, |with| {
                at_most(found, files, with, people) >= 0.025
            });
            (
                low.min(high) as f64 / people as f64,
                high as f64 / people as f64,
            )
        }
    })
}

/// How many files a plain random sample would need for an interval no wider than `width` around `share`.
///
/// # Errors
/// As [`wilson_interval`]; or when even reading everybody would not do.
pub fn files_for_width(share: f64, width: f64, people: u64) -> Result<u64, CannotTell> {
    let wide = |files: u64| {
        wilson_interval(share, files as f64, Some(people)).is_ok_and(|(l, h)| h - l > width)
    };
    if people == 0 || wide(people) {
        return Err(CannotTell::new(
            "cannot tell, because no number of files gives so narrow an interval",
        ));
    }
    Ok(if wide(1) {
        largest(1, people - 1, wide) + 1
    } else {
        1
    })
}

/// A rate as "1 in 10", never below the rate: what is said of an upper limit must be one.
pub fn one_in(rate: f64) -> String {
    if rate > 0.0 && rate <= 0.2 {
        return format!("1 in {}", (1.0 / rate).floor());
    }
    for (top, bottom) in [
        (1, 4),
        (1, 3),
        (2, 5),
        (1, 2),
        (3, 5),
        (2, 3),
        (3, 4),
        (4, 5),
        (9, 10),
    ] {
        if rate <= f64::from(top) / f64::from(bottom) {
            return format!("{top} in {bottom}");
        }
    }
    "all".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(a: f64, b: f64, tolerance: f64) {
        assert!((a - b).abs() <= tolerance, "{a} is not {b}");
    }

    /// The table of the review's sampling section, to the digits that it prints.
    #[test]
    fn printed_table_of_files() {
        for (files, upper, meet5, meet10) in [
            (6, 39.0, 27.0, 47.0),
            (12, 22.0, 46.0, 72.0),
            (30, 9.5, 79.0, 96.0),
            (50, 5.8, 92.0, 99.0),
            (60, 4.9, 95.0, 99.8),
            (100, 3.0, 99.0, 100.0),
        ] {
            let u = 100.0 * upper_when_none(files, None).unwrap();
            let a = 100.0 * chance_of_meeting(0.05, files, None).unwrap();
            let b = 100.0 * chance_of_meeting(0.10, files, None).unwrap();
            println!(
                "{files:>4}  printed {upper:>5} {meet5:>5} {meet10:>5}   ours {u:>6.2} {a:>6.2} {b:>6.2}"
            );
            near(u, upper, if upper < 10.0 { 0.05 } else { 0.5 });
            // The printed 27 for six files is 26.49: the page rounded up.
            near(a, meet5, if files == 6 { 0.52 } else { 0.5 });
            near(b, meet10, if meet10 == 99.8 { 0.05 } else { 0.5 });
        }
        for (found, files, low, high) in [
            (2.0, 12.0, 4.7, 44.8),
            (6.0, 30.0, 9.5, 37.3),
            (10.0, 50.0, 11.2, 33.0),
            (12.0, 60.0, 11.8, 31.8),
            (20.0, 100.0, 13.3, 28.9),
        ] {
            let (l, h) = wilson_interval(found / files, files, None).unwrap();
            println!(
                "{found} of {files}  printed {low}-{high}   ours {:.2}-{:.2}",
                100.0 * l,
                100.0 * h
            );
            near(100.0 * l, low, 0.05);
            near(100.0 * h, high, 0.05);
        }
        // "94 files of 4,000 (96 unlimited)": 96 gives 10.002 points, so we ask for the 97th.
        assert_eq!(files_for_points(0.10, 0.5, Some(4000)).unwrap(), 94);
        assert_eq!(files_for_points(0.10, 0.5, None).unwrap(), 97);
        near(Z95 * (0.25_f64 / 96.0).sqrt(), 0.100_02, 0.000_005);
    }

    /// scipy 1.12.0: `hypergeom.pmf(0, N, K, n)`, `hypergeom.cdf`; `beta.ppf` for Clopper-Pearson (to 1e-9).
    #[test]
    fn scipy_hypergeometric_and_clopper_pearson() {
        near(hypergeometric(0, 30, 20, 400), 0.202078626100348, 1e-9);
        near(at_most(3, 30, 40, 400), 0.6484723024705803, 1e-9);
        let (l, h) = exact_interval(6, 30, None).unwrap();
        near(l, 0.07713551200106561, 1e-9);
        near(h, 0.3856665109966071, 1e-9);
        let (l, h) = exact_interval(0, 30, None).unwrap();
        assert_eq!(l, 0.0);
        near(h, 0.11570330822202779, 1e-9);
        for (found, files, people, low, high) in [
            (6, 30, 400, 33, 151),
            (0, 30, 400, 0, 44),
            (30, 30, 400, 356, 400),
            (1, 12, 60, 1, 21),
            (11, 12, 60, 39, 59),
            (14, 20, 25, 15, 19),
        ] {
            let (l, h) = exact_interval(found, files, Some(people)).unwrap();
            near(l * people as f64, low as f64, 1e-6);
            near(h * people as f64, high as f64, 1e-6);
        }
        for (files, people, with) in [(30, 4000, 378), (30, 100, 8), (6, 50, 18), (100, 500, 13)] {
            near(
                upper_when_none(files, Some(people)).unwrap() * people as f64,
                with as f64,
                1e-6,
            );
        }
    }

    #[test]
    fn files_to_find_is_the_fewest() {
        assert_eq!(files_to_find(0.05, 0.95, None).unwrap(), 59);
        assert_eq!(files_to_find(0.10, 0.95, None).unwrap(), 29);
        for people in [40, 200, 4000] {
            for rate in [0.025, 0.05, 0.2] {
                let n = files_to_find(rate, 0.95, Some(people)).unwrap();
                assert!(chance_of_meeting(rate, n, Some(people)).unwrap() >= 0.95);
                assert!(n == 1 || chance_of_meeting(rate, n - 1, Some(people)).unwrap() < 0.95);
            }
        }
    }

    #[test]
    fn everybody_read_leaves_no_doubt() {
        assert_eq!(wilson_interval(0.25, 40.0, Some(40)).unwrap(), (0.25, 0.25));
        assert_eq!(exact_interval(10, 40, Some(40)).unwrap(), (0.25, 0.25));
        assert_eq!(upper_when_none(40, Some(40)).unwrap(), 0.0);
    }

    #[test]
    fn nothing_read_is_no_number() {
        assert!(upper_when_none(0, None).is_err());
        assert!(exact_interval(0, 0, Some(9)).is_err());
        assert!(wilson_interval(0.5, 10.0, Some(9)).is_err());
        assert!(chance_of_meeting(0.0, 5, None).is_err());
        assert!(files_to_find(0.1, 0.95, Some(0)).is_err());
        assert!(files_for_points(f64::NAN, 0.5, None).is_err());
    }

    #[test]
    fn an_upper_limit_is_never_rounded_down() {
        assert_eq!(one_in(upper_when_none(30, None).unwrap()), "1 in 10");
        assert_eq!(one_in(upper_when_none(6, None).unwrap()), "2 in 5");
        assert_eq!(one_in(upper_when_none(12, None).unwrap()), "1 in 4");
        assert_eq!(one_in(upper_when_none(100, None).unwrap()), "1 in 33");
        assert_eq!(one_in(0.95), "all");
    }

    #[test]
    fn files_for_width_inverts_wilson() {
        let (l, h) = wilson_interval(0.2, 57.0, Some(900)).unwrap();
        assert_eq!(files_for_width(0.2, h - l, 900).unwrap(), 57);
    }
}
