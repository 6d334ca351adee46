//! Numbers drawn between low and high, and the range that the answers make.

use candour_law::Range;

/// Numbers by chance, the same for the same seed: SplitMix64 (Steele, Lea and Flood 2014).
pub(super) struct Chance(u64);

impl Chance {
    pub fn new(seed: u64) -> Chance {
        Chance(seed)
    }

    /// From 0 to below 1.
    fn uniform(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^= z >> 31;
        (z >> 11) as f64 / (1u64 << 53) as f64
    }

    /// One number of a triangle from low to high that is highest at central.
    pub fn triangular(&mut self, of: Range) -> f64 {
        let u = self.uniform();
        let width = of.high - of.low;
        if width <= 0.0 {
            return of.central;
        }
        let left = of.central - of.low;
        if u * width < left {
            of.low + (u * width * left).sqrt()
        } else {
            of.high - ((1.0 - u) * width * (of.high - of.central)).sqrt()
        }
    }

    /// So many of them.
    pub fn draws(&mut self, of: Range, draws: usize) -> Vec<f64> {
        (0..draws).map(|_| self.triangular(of)).collect()
    }
}

/// The central answer with the range that holds the middle `percent` of the drawn ones. The range always
/// holds the central answer too: where the numbers lean to one side, it is widened to it.
pub(super) fn range(central: f64, mut drawn: Vec<f64>, percent: u32) -> Range {
    drawn.sort_by(f64::total_cmp);
    let tail = (1.0 - f64::from(percent) / 100.0) / 2.0;
    Range {
        low: quantile(&drawn, tail).unwrap_or(central).min(central),
        central,
        high: quantile(&drawn, 1.0 - tail).unwrap_or(central).max(central),
    }
}

/// Hyndman and Fan (1996), type 7.
fn quantile(sorted: &[f64], p: f64) -> Option<f64> {
    let place = p * (sorted.len().checked_sub(1)?) as f64;
    let below = sorted.get(place.floor() as usize)?;
    let above = sorted.get(place.ceil() as usize)?;
    Some(below + (above - below) * (place - place.floor()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const RANGE: Range = Range {
        low: 2.0,
        central: 3.0,
        high: 7.0,
    };

    #[test]
    fn triangular_draws_have_the_moments_of_a_triangle() {
        // Mean (a + c + b) / 3 = 4; variance (a² + b² + c² - ab - ac - bc) / 18 = 21 / 18; median
        // b - sqrt((b - a)(b - c) / 2) = 7 - sqrt(10). With 200,000 draws the standard error of the mean is 0.0024.
        let mut all = Chance::new(1).draws(RANGE, 200_000);
        let n = all.len() as f64;
        let mean = all.iter().sum::<f64>() / n;
        let variance = all.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / n;
        assert!((mean - 4.0).abs() < 0.01, "{mean}");
        assert!((variance - 21.0 / 18.0).abs() < 0.02, "{variance}");
        all.sort_by(f64::total_cmp);
        let median = quantile(&all, 0.5).unwrap();
        assert!((median - (7.0 - 10f64.sqrt())).abs() < 0.02, "{median}");
        assert!(all.iter().all(|x| (2.0..=7.0).contains(x)));
    }

    #[test]
    fn a_number_without_a_range_is_itself() {
        assert_eq!(Chance::new(3).triangular(Range::exactly(54.0)), 54.0);
    }

    #[test]
    fn the_range_holds_the_middle_and_the_central_answer() {
        let drawn: Vec<f64> = (0..=100).map(f64::from).collect();
        let r = range(50.0, drawn.clone(), 80);
        assert!(
            (r.low - 10.0).abs() < 1e-9 && (r.high - 90.0).abs() < 1e-9,
            "{r:?}"
        );
        assert_eq!(range(5.0, drawn, 80).low, 5.0, "widened to the central one");
        assert_eq!(range(5.0, Vec::new(), 80), Range::exactly(5.0));
    }
}
