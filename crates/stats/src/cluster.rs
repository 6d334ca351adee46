//! Counts that bunch: one day, one share, one round figure, beyond chance.

use crate::CannotTell;
use crate::distribution::negative_binomial_upper_tail;

/// A place whose count stands out from the others of its kind.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Standout {
    pub place: usize,
    pub count: u64,
    /// What the others would lead one to expect there.
    pub expected: f64,
    /// Chance of as many at this place, before allowing for the number of places looked at.
    pub p: f64,
}

/// Shares of the places that are left out at the top when the usual is worked out, so that what stands out does not
/// hide itself or others.
const TRIMMED: f64 = 0.05;

/// What is left out at the top would have added about half as much again to the dispersion: it is put back.
const TRIMMED_AWAY: f64 = 1.5;

/// Each place's count beside what the other places lead one to expect, given how much there was of each (`exposures`,
/// all above 0 to count). Counts are taken as negative binomial, with the dispersion that the others show and never less
/// than `dispersion` (variance = mean + dispersion x mean^2).
///
/// # Errors
/// With fewer than 8 places that have any exposure.
pub fn standouts(
    counts: &[u64],
    exposures: &[f64],
    dispersion: f64,
) -> Result<Vec<Standout>, CannotTell> {
    let places: Vec<(usize, u64, f64)> = counts
        .iter()
        .zip(exposures)
        .enumerate()
        .filter(|(_, (_, e))| **e > 0.0)
        .map(|(i, (c, e))| (i, *c, *e))
        .collect();
    if places.len() < 8 {
        return Err(CannotTell::new(format!(
            "there are {} to compare, and at least 8 are needed",
            places.len()
        )));
    }
    // The usual ones: all but those with the highest rates.
    let mut by_rate: Vec<&(usize, u64, f64)> = places.iter().collect();
    by_rate.sort_by(|a, b| {
        (a.1 as f64 / a.2)
            .total_cmp(&(b.1 as f64 / b.2))
            .then(a.0.cmp(&b.0))
    });
    let trimmed = ((places.len() as f64 * TRIMMED).ceil() as usize).max(1);
    by_rate.truncate(places.len() - trimmed);
    let (usual_count, usual_exposure) = by_rate
        .iter()
        .fold((0.0, 0.0), |(c, e), (_, count, exposure)| {
            (c + *count as f64, e + exposure)
        });
    let mut found = Vec::with_capacity(places.len());
    for (place, count, exposure) in &places {
        let among = by_rate.iter().any(|(other, ..)| other == place);
        let (c, e) = if among {
            (usual_count - *count as f64, usual_exposure - exposure)
        } else {
            (usual_count, usual_exposure)
        };
        // Half an event more (Jeffreys), so that what was never seen elsewhere is not thought impossible.
        let rate = (c + 0.5) / e.max(f64::MIN_POSITIVE);
        let expected = rate * exposure;
        // Method of moments: the excess of the squared deviations over the means, as a share of the squared means.
        let (mut excess, mut base) = (0.0, 0.0);
        for (_, k, x) in by_rate.iter().filter(|(other, ..)| other != place) {
            let mean = rate * x;
            excess += (*k as f64 - mean) * (*k as f64 - mean) - mean;
            base += mean * mean;
        }
        let shown = if base > 0.0 {
            TRIMMED_AWAY * excess / base
        } else {
            0.0
        };
        found.push(Standout {
            place: *place,
            count: *count,
            expected,
            p: negative_binomial_upper_tail(*count, expected, shown.max(dispersion)),
        });
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Reference: the same written again in Python 3.11 with numpy and scipy 1.12 (`scipy.stats.nbinom.sf`), to 1e-9.
    #[test]
    fn agrees_with_a_second_implementation_over_scipy() {
        let counts = [3, 5, 2, 8, 4, 40, 6, 3, 7, 2, 5, 1];
        let exposures = [1.0, 1.2, 0.8, 1.5, 1.0, 1.1, 1.3, 0.9, 1.4, 0.7, 1.0, 0.6];
        let found = standouts(&counts, &exposures, 0.15).unwrap();
        let expected = [
            (4, 4.086538461538462, 0.5344426383067334),
            (5, 4.4868421052631575, 4.36353335884574e-11),
            (6, 5.2128712871287135, 0.4072424284638869),
            (7, 3.728571428571429, 0.6544280808801997),
        ];
        check(&found, &expected);
        // Counts that differ far beyond chance: the dispersion that they show, not the least one, decides.
        let counts = [0, 30, 1, 2, 25, 3, 0, 9, 14, 2, 60, 1, 0, 5, 2, 2];
        let found = standouts(&counts, &[1.0; 16], 0.05).unwrap();
        let expected = [
            (0, 6.892857142857143, 1.0),
            (1, 4.75, 0.022602846505814803),
            (4, 5.107142857142857, 0.047200929087885674),
            (10, 6.433333333333334, 0.0062798985998983765),
        ];
        check(&found, &expected);
    }

    fn check(found: &[Standout], expected: &[(usize, f64, f64)]) {
        for (place, mean, p) in expected {
            let one = found.iter().find(|s| s.place == *place).unwrap();
            assert!((one.expected / mean - 1.0).abs() < 1e-9, "{one:?}");
            assert!((one.p / p - 1.0).abs() < 1e-9, "{one:?}, not {p}");
        }
    }

    #[test]
    fn too_few_places_are_said_to_be_too_few() {
        let few = standouts(&[1, 2, 3], &[1.0; 3], 0.1).unwrap_err();
        assert!(few.0.contains("at least 8"));
        // Places with nothing to expose do not count.
        assert!(standouts(&[1; 10], &[0.0; 10], 0.1).is_err());
    }

    #[test]
    fn nothing_anywhere_stands_out_nowhere() {
        let found = standouts(&[0; 12], &[1.0; 12], 0.1).unwrap();
        assert!(found.iter().all(|s| s.p == 1.0 && s.expected.is_finite()));
    }
}
