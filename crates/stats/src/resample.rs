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
