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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::testing::near;
    use proptest::prelude::*;

    #[test]
    fn both_agree_with_r_p_adjust() {
        // R 4.2: p.adjust(p, "holm") and p.adjust(p, "BH")
        let p = [0.01, 0.04, 0.03, 0.005, 0.5, 0.04, 1.0, 0.0, 0.9, 0.02];
        let by_holm = [0.08, 0.2, 0.18, 0.045, 1.0, 0.2, 1.0, 0.0, 1.0, 0.14];
        let by_bh = [
            0.03333333333333333,
            0.05714285714285715,
            0.05714285714285715,
            0.025,
            0.625,
            0.05714285714285715,
            1.0,
            0.0,
            1.0,
            0.05,
        ];
        for (got, want) in holm(&p).into_iter().zip(by_holm) {
            near(got, want, 1e-14);
        }
        for (got, want) in benjamini_hochberg(&p).into_iter().zip(by_bh) {
            near(got, want, 1e-14);
        }
    }

    #[test]
    fn none_one_and_not_a_number() {
        assert!(holm(&[]).is_empty() && benjamini_hochberg(&[]).is_empty());
        assert_eq!(holm(&[0.03]), [0.03]);
        assert_eq!(benjamini_hochberg(&[0.03]), [0.03]);
        // The one that could not be worked out counts among the comparisons, and is no evidence.
        assert_eq!(holm(&[0.01, f64::NAN]), [0.02, 1.0]);
        assert_eq!(benjamini_hochberg(&[0.01, f64::NAN]), [0.02, 1.0]);
    }

    proptest! {
        #[test]
        fn holm_is_at_least_bh_is_at_least_p_and_none_changes_order(p in prop::collection::vec(0.0..=1.0_f64, 1..60)) {
            let (h, b) = (holm(&p), benjamini_hochberg(&p));
            for ((p, h), b) in p.iter().zip(&h).zip(&b) {
                prop_assert!(p <= b && *b <= h * (1.0 + 1e-12) && *h <= 1.0);
            }
            for (i, p_i) in p.iter().enumerate() {
                for (j, p_j) in p.iter().enumerate() {
                    if p_i <= p_j {
                        prop_assert!(h[i] <= h[j] && b[i] <= b[j]);
                    }
                }
            }
            // Bonferroni bounds both.
            let least = p.iter().copied().fold(1.0, f64::min);
            near(h.iter().copied().fold(1.0, f64::min), (least * p.len() as f64).min(1.0), 1e-12);
        }
    }
}
