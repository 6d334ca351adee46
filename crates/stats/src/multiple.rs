//! Many comparisons at once: Holm and Benjamini-Hochberg.
//!
//! Both return adjusted p in the given order, to be compared with the level itself. A p that is not a number counts as
//! 1 (no evidence) and still counts among the comparisons made; one outside 0 to 1 is taken as the nearer end.

/// Holm's step-down method: controls the chance of any false alarm, whatever the dependence (S. Holm, Scand. J.
/// Statist. 6 (1979) 65-70).
pub fn holm(p: &[f64]) -> Vec<f64> {
    let order = rising(p);
    let m = p.len();
    let mut adjusted = vec![1.0; m];
    let mut highest: f64 = 0.0;
    for (rank, (index, value)) in order.into_iter().enumerate() {
        highest = highest.max(((m - rank) as f64 * value).min(1.0));
        if let Some(slot) = adjusted.get_mut(index) {
            *slot = highest;
        }
    }
    adjusted
}

/// Benjamini and Hochberg's step-up method: controls the expected share of false ones among the alarms, where
/// comparisons are independent or positively dependent (J. R. Statist. Soc. B 57 (1995) 289-300).
pub fn benjamini_hochberg(p: &[f64]) -> Vec<f64> {
    let order = rising(p);
    let m = p.len();
    let mut adjusted = vec![1.0; m];
    let mut lowest: f64 = 1.0;
    for (rank, (index, value)) in order.into_iter().enumerate().rev() {
        lowest = lowest.min(m as f64 / (rank + 1) as f64 * value);
        if let Some(slot) = adjusted.get_mut(index) {
            *slot = lowest;
        }
    }
    adjusted
}

fn rising(p: &[f64]) -> Vec<(usize, f64)> {
    let mut order: Vec<(usize, f64)> = p
        .iter()
        .map(|v| if v.is_nan() { 1.0 } else { v.clamp(0.0, 1.0) })
        .enumerate()
        .collect();
    order.sort_by(|a, b| a.1.total_cmp(&b.1));
    order
}
