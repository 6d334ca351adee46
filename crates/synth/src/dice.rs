//! Chance, from an explicit seed: the same seed gives the same council on every machine.

use crate::day::Day;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// A source of chance.
pub(crate) struct Dice(ChaCha8Rng);

impl Dice {
    /// Dice for a seed; `stream` keeps independent uses apart (stories, noise).
    pub(crate) fn new(seed: u64, stream: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(stream);
        Self(rng)
    }

    /// A whole number below `n` (0 when `n` is 0).
    pub(crate) fn below(&mut self, n: u32) -> u32 {
        // The bias of a 64-bit remainder by a number this small is far below anything a count could show.
        let n = u64::from(n.max(1));
        u32::try_from(self.0.next_u64() % n).unwrap_or(0)
    }

    /// True this many times in a thousand.
    pub(crate) fn per_mille(&mut self, n: u32) -> bool {
        self.below(1000) < n
    }

    /// True this many times in a hundred.
    pub(crate) fn percent(&mut self, n: u32) -> bool {
        self.below(100) < n
    }

    /// A whole number from `lo` to `hi`, both in; `lo` when the range is empty.
    pub(crate) fn between(&mut self, lo: i32, hi: i32) -> i32 {
        let span = u32::try_from(hi.saturating_sub(lo).saturating_add(1)).unwrap_or(0);
        lo.saturating_add(i32::try_from(self.below(span)).unwrap_or(0))
    }

    /// A day from `lo` to `hi`, both in; `lo` when the range is empty.
    pub(crate) fn day(&mut self, lo: Day, hi: Day) -> Day {
        Day(self.between(lo.0, hi.0))
    }

    /// A number from 0 up to 1.
    pub(crate) fn unit(&mut self) -> f64 {
        f64::from(self.below(1 << 30)) / f64::from(1_u32 << 30)
    }

    /// One of a list, each as likely.
    #[expect(
        clippy::indexing_slicing,
        reason = "below(len) is inside a list that is not empty; every list here is written out"
    )]
    pub(crate) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        let len = u32::try_from(from.len()).unwrap_or(1);
        from[self.below(len) as usize]
    }

    /// One of a list, by weight.
    #[expect(
        clippy::indexing_slicing,
        reason = "falls back to the first of a list that is not empty; every list here is written out"
    )]
    pub(crate) fn weighted<T: Copy>(&mut self, from: &[(u32, T)]) -> T {
        let total = from.iter().map(|(w, _)| *w).sum();
        let mut at = self.below(total);
        for (weight, value) in from {
            if at < *weight {
                return *value;
            }
            at -= *weight;
        }
        from[0].1
    }

    /// A number spread as normal numbers are, about 0 with a standard deviation of 1: the sum of twelve uniform
    /// numbers, less six, is near enough.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.unit()).sum::<f64>() - 6.0
    }

    /// Days waited: lognormal with this median and 75th percentile two and a half times it, and a spike at 0.
    pub(crate) fn wait(&mut self, median: f64) -> i32 {
        if self.percent(6) {
            return 0;
        }
        let days = (median.ln() + self.normal() * 1.36).exp();
        #[expect(clippy::cast_possible_truncation, reason = "clamped to a few years")]
        let whole = days.clamp(0.0, 1500.0).round() as i32;
        whole
    }
}
