//! Bootstrap and triangular draws from a seed.

use std::f64::consts::TAU;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};
use statrs::function::gamma::ln_gamma;

/// A stream of chance that is the same for the same seed and stream, on every machine and in every version: ChaCha with
/// 8 rounds. Streams of one seed do not overlap.
#[derive(Clone, Debug)]
pub struct Chance(ChaCha8Rng);

impl Chance {
    pub fn new(seed: u64, stream: u64) -> Chance {
        let mut source = ChaCha8Rng::seed_from_u64(seed);
        source.set_stream(stream);
        Chance(source)
    }

    /// At least 0 and below 1, in steps of 2⁻⁵³.
    pub fn unit(&mut self) -> f64 {
        (self.0.next_u64() >> 11) as f64 * (1.0 / (1_u64 << 53) as f64)
    }

    /// A whole number below `n`, each equally likely; 0 where `n` is 0.
    pub fn below(&mut self, n: usize) -> usize {
        let n = n as u64;
        if n == 0 {
            return 0;
        }
        // The part of a product of 64 bits that would favour some numbers is drawn again (D. Lemire, ACM TOMACS 29 (2019) 3).
        let unfair = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.0.next_u64()) * u128::from(n);
            if product as u64 >= unfair {
                return (product >> 64) as usize;
            }
        }
    }

    /// A standard normal value (G. E. P. Box and M. E. Muller 1958).
    pub fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.unit()).ln()).sqrt();
        radius * (TAU * self.unit()).cos()
    }

    /// A value between `low` and `high`, most likely near `mode`. Ends the wrong way round are turned; a mode outside
    /// them is taken as the nearer end.
    pub fn triangular(&mut self, low: f64, mode: f64, high: f64) -> f64 {
        let (low, high) = (low.min(high), low.max(high));
        let mode = mode.max(low).min(high);
        let u = self.unit();
        let width = high - low;
        if width <= 0.0 {
            return low;
        }
        let turn = (mode - low) / width;
        if u < turn {
            low + (u * width * (mode - low)).sqrt()
        } else {
            high - ((1.0 - u) * width * (high - mode)).sqrt()
        }
    }

    /// A Poisson count. A mean that is not a number above 0 gives 0; one beyond 10¹⁵ is given back as it is.
    pub fn poisson(&mut self, mean: f64) -> u64 {
        if mean.is_nan() || mean <= 0.0 {
            return 0;
        }
        if mean > 1e15 {
            return mean as u64;
        }
        if mean < 10.0 {
            // Inversion: walk up the distribution.
            let mut left = self.unit();
            let mut weight = (-mean).exp();
            let mut count = 0_u64;
            while left >= weight && count < 1000 {
                left -= weight;
                count += 1;
                weight *= mean / count as f64;
            }
            return count;
        }
        // Transformed rejection with squeeze, PTRS (W. Hörmann, Insurance: Mathematics and Economics 12 (1993) 39-45).
        let b = 0.931 + 2.53 * mean.sqrt();
        let a = -0.059 + 0.02483 * b;
        let squeeze = 0.9277 - 3.6224 / (b - 2.0);
        let scale = 1.1239 + 1.1328 / (b - 3.4);
        loop {
            let u = self.unit() - 0.5;
            let v = 1.0 - self.unit();
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + mean + 0.43).floor();
            if us >= 0.07 && v <= squeeze {
                return k as u64;
            }
            if k < 0.0 || (us < 0.013 && v > us) {
                continue;
            }
            if (v * scale / (a / (us * us) + b)).ln() <= k * mean.ln() - mean - ln_gamma(k + 1.0) {
                return k as u64;
            }
        }
    }

    /// How many of `n` happen, each with chance `p` (not a number counts as 0, one outside 0 to 1 as the nearer end).
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        if n == 0 || p.is_nan() || p <= 0.0 {
            return 0;
        }
        if p >= 1.0 {
            return n;
        }
        if p > 0.5 {
            return n - self.binomial(n, 1.0 - p);
        }
        let size = n as f64;
        if size * p < 10.0 {
            // Inversion: walk up the distribution.
            let odds = p / (1.0 - p);
            let mut left = self.unit();
            let mut weight = (size * (-p).ln_1p()).exp();
            let mut count = 0_u64;
            while left >= weight && count < n && count < 1000 {
                left -= weight;
                weight *= odds * (n - count) as f64 / (count + 1) as f64;
                count += 1;
            }
            return count;
        }
        // Transformed rejection with squeeze, BTRS (W. Hörmann, J. Statist. Comput. Simul. 46 (1993) 101-110).
        let spread = (size * p * (1.0 - p)).sqrt();
        let b = 1.15 + 2.53 * spread;
        let a = -0.0873 + 0.0248 * b + 0.01 * p;
        let c = size * p + 0.5;
        let squeeze = 0.92 - 4.2 / b;
        let alpha = (2.83 + 5.1 / b) * spread;
        let mode = ((size + 1.0) * p).floor();
        let at_mode = ln_gamma(mode + 1.0) + ln_gamma(size - mode + 1.0);
        let log_odds = (p / (1.0 - p)).ln();
        loop {
            let u = self.unit() - 0.5;
            let v = 1.0 - self.unit();
            let us = 0.5 - u.abs();
            let k = ((2.0 * a / us + b) * u + c).floor();
            if k < 0.0 || k > size {
                continue;
            }
            if us >= 0.07 && v <= squeeze {
                return k as u64;
            }
            let height = (v * alpha / (a / (us * us) + b)).ln();
            if height
                <= at_mode - ln_gamma(k + 1.0) - ln_gamma(size - k + 1.0) + (k - mode) * log_odds
            {
                return k as u64;
            }
        }
    }
}

/// The value below which a share `q` of the sorted values lies, with straight lines between them: type 7 of R. J. Hyndman
/// and Y. Fan (1996), the default of numpy and R. None where there are no values, or `q` is not from 0 to 1.
pub fn quantile(sorted: &[f64], q: f64) -> Option<f64> {
    if !(0.0..=1.0).contains(&q) {
        return None;
    }
    let place = sorted.len().checked_sub(1)? as f64 * q;
    let below = place.floor();
    let low = *sorted.get(below as usize)?;
    let high = sorted.get(below as usize + 1).copied().unwrap_or(low);
    Some(low + (place - below) * (high - low))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::distribution::{binomial_upper_tail, chi_squared_upper_tail, poisson_upper_tail};
    use crate::special::testing::near;
    use proptest::prelude::*;

    const DRAWS: usize = 40_000;

    /// The p of Pearson's chi-squared test that counts follow `tail` (the chance of k or more), over cells of 20 or more
    /// expected.
    fn fit(mut draw: impl FnMut() -> u64, tail: impl Fn(u64) -> f64) -> f64 {
        let mut draws: Vec<u64> = (0..DRAWS).map(|_| draw()).collect();
        draws.sort_unstable();
        let (mut statistic, mut cells, mut from) = (0.0, 0.0, 0_u64);
        while tail(from) * DRAWS as f64 > 0.0 {
            let mut to = from + 1;
            while (tail(from) - tail(to)) * (DRAWS as f64) < 20.0 && tail(to) > 0.0 {
                to += 1;
            }
            if tail(to) * (DRAWS as f64) < 20.0 {
                to = u64::MAX;
            }
            let expected =
                (tail(from) - if to == u64::MAX { 0.0 } else { tail(to) }) * DRAWS as f64;
            let seen = draws.partition_point(|x| *x < to) - draws.partition_point(|x| *x < from);
            statistic += (seen as f64 - expected).powi(2) / expected;
            cells += 1.0;
            if to == u64::MAX {
                break;
            }
            from = to;
        }
        chi_squared_upper_tail(statistic, cells - 1.0).unwrap()
    }

    // The seed is fixed, so these either hold for good or show a wrong distribution; both sides of each change of method.

    #[test]
    fn poisson_counts_follow_their_distribution() {
        let mut chance = Chance::new(20_260_401, 1);
        for mean in [0.3, 4.0, 9.9, 10.1, 35.0, 800.0] {
            let p = fit(|| chance.poisson(mean), |k| poisson_upper_tail(k, mean));
            assert!(p > 0.001, "mean {mean}: p {p}");
        }
        assert_eq!([0.0, -1.0, f64::NAN].map(|m| chance.poisson(m)), [0, 0, 0]);
        assert!(chance.poisson(f64::INFINITY) > 0);
    }

    #[test]
    fn binomial_counts_follow_their_distribution() {
        let mut chance = Chance::new(20_260_401, 2);
        for (n, p) in [
            (1, 0.3),
            (20, 0.45),
            (20, 0.6),
            (40, 0.5),
            (1000, 0.009),
            (1000, 0.011),
            (5000, 0.9),
            (100_000, 0.4),
        ] {
            let fits = fit(|| chance.binomial(n, p), |k| binomial_upper_tail(k, n, p));
            assert!(fits > 0.001, "{n} at {p}: p {fits}");
        }
        assert_eq!(
            (
                chance.binomial(0, 0.5),
                chance.binomial(9, 1.0),
                chance.binomial(9, f64::NAN)
            ),
            (0, 9, 0)
        );
    }

    #[test]
    fn whole_numbers_below_are_equally_likely() {
        let mut chance = Chance::new(7, 0);
        for n in [1_u64, 2, 3, 7, 10, 97] {
            let tail = |k: u64| n.saturating_sub(k) as f64 / n as f64;
            if n > 1 {
                assert!(fit(|| chance.below(n as usize) as u64, tail) > 0.001, "{n}");
            } else {
                assert_eq!(chance.below(1), 0);
            }
        }
        assert_eq!(chance.below(0), 0);
    }

    #[test]
    fn continuous_draws_follow_their_distributions() {
        // Kolmogorov's distance; above 1.95/√n has a chance of 0.001.
        fn distance(mut draw: impl FnMut() -> f64, cdf: impl Fn(f64) -> f64) -> f64 {
            let mut draws: Vec<f64> = (0..DRAWS).map(|_| draw()).collect();
            draws.sort_by(f64::total_cmp);
            let n = DRAWS as f64;
            draws
                .iter()
                .enumerate()
                .map(|(i, x)| {
                    (cdf(*x) - i as f64 / n)
                        .abs()
                        .max(((i + 1) as f64 / n - cdf(*x)).abs())
                })
                .fold(0.0, f64::max)
        }
        let most = 1.95 / (DRAWS as f64).sqrt();
        let mut chance = Chance::new(99, 3);
        assert!(distance(|| chance.unit(), |x| x) < most);
        assert!(distance(|| chance.normal(), crate::distribution::normal_cdf) < most);
        for (low, mode, high) in [(2.0, 3.0, 7.0), (2.0, 2.0, 7.0), (2.0, 7.0, 7.0)] {
            let cdf = |x: f64| {
                if x < mode {
                    (x - low).powi(2) / ((high - low) * (mode - low))
                } else if x < high {
                    1.0 - (high - x).powi(2) / ((high - low) * (high - mode))
                } else {
                    1.0
                }
            };
            assert!(distance(|| chance.triangular(low, mode, high), cdf) < most);
        }
    }

    #[test]
    fn a_triangle_without_width_or_the_wrong_way_round() {
        let mut chance = Chance::new(1, 1);
        assert_eq!(chance.triangular(4.0, 4.0, 4.0), 4.0);
        for _ in 0..100 {
            assert!((1.0..=3.0).contains(&chance.triangular(3.0, 2.0, 1.0)));
            assert!((1.0..=3.0).contains(&chance.triangular(1.0, 9.0, 3.0)));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_draws_and_another_stream_others() {
        let draw = |seed, stream| {
            let mut chance = Chance::new(seed, stream);
            (0..5).map(|_| chance.below(1_000_000)).collect::<Vec<_>>()
        };
        assert_eq!(draw(42, 0), draw(42, 0));
        assert_ne!(draw(42, 0), draw(42, 1));
        assert_ne!(draw(42, 0), draw(43, 0));
    }

    #[test]
    fn quantiles_agree_with_r_type_7() {
        // R 4.2: quantile(x, c(0, .1, .25, .5, .77, .9, 1), type = 7)
        let x = [1.0, 2.5, 2.5, 4.0, 9.0, 11.25];
        let shares = [0.0, 0.1, 0.25, 0.5, 0.77, 0.9, 1.0];
        let want = [1.0, 1.75, 2.5, 3.25, 8.249999999999998, 10.125, 11.25];
        for (share, want) in shares.into_iter().zip(want) {
            near(quantile(&x, share).unwrap(), want, 1e-14);
        }
        assert_eq!(quantile(&[3.0], 0.4), Some(3.0));
        assert_eq!(quantile(&[], 0.4), None);
        assert_eq!(
            [-0.1, 1.1, f64::NAN].map(|q| quantile(&x, q)),
            [None, None, None]
        );
    }

    proptest! {
        #[test]
        fn draws_stay_in_their_range(seed: u64, n in 1_usize..1000, p in 0.0..=1.0_f64, of in 0_u64..2000) {
            let mut chance = Chance::new(seed, 0);
            prop_assert!((0.0..1.0).contains(&chance.unit()));
            prop_assert!(chance.below(n) < n);
            prop_assert!(chance.normal().is_finite());
            prop_assert!(chance.binomial(of, p) <= of);
        }
    }
}
