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
