//! Numbers drawn between low and high, and the range that the answers make.

use candour_law::Range;
use candour_stats::{Chance, quantile};

/// One number of a triangle from low to high that is highest at central, so many times.
pub(super) fn draws(chance: &mut Chance, of: Range, draws: usize) -> Vec<f64> {
    (0..draws)
        .map(|_| chance.triangular(of.low, of.central, of.high))
        .collect()
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

#[cfg(test)]
mod tests {
    use super::*;

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
