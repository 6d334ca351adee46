//! Where numbers lie in a picture: scales, gridlines at round numbers, months.

/// Numbers along one side of a picture.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
}

impl Scale {
    /// `low` lies at `from` and `high` at `to`.
    pub fn new(low: f64, high: f64, from: f64, to: f64) -> Scale {
        Scale {
            low,
            high,
            from,
            to,
        }
    }

    /// Where a value lies. What is beyond the scale lies on its edge; on a scale of no width, in the middle.
    pub fn at(self, value: f64) -> f64 {
        let width = self.high - self.low;
        let part = if width > 0.0 && !value.is_nan() {
            ((value - self.low) / width).clamp(0.0, 1.0)
        } else {
            0.5
        };
        self.from + part * (self.to - self.from)
    }

    pub fn holds(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// A range that ends on round numbers, with the round numbers in it.
#[derive(Clone, PartialEq, Debug)]
pub(super) struct Axis {
    pub low: f64,
    pub high: f64,
    pub ticks: Vec<f64>,
}

/// Gridlines between which a picture is read, beside the lowest.
const MOST_STEPS: f64 = 4.0;

impl Axis {
    /// A range that holds all values, at least `least` wide, within `bounds`. It begins at the lower
    /// bound where that costs little height. `None` where no value is a number.
    pub fn holding(
        values: impl IntoIterator<Item = f64>,
        least: f64,
        bounds: (f64, f64),
    ) -> Option<Axis> {
        let (low, high) = values
            .into_iter()
            .filter(|v| v.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), v| {
                (l.min(v), h.max(v))
            });
        if low > high {
            return None;
        }
        let half = ((high - low) * 0.54).max(least / 2.0);
        let middle = f64::midpoint(low, high);
        let (mut low, mut high) = (middle - half, middle + half);
        if low < bounds.0 {
            (low, high) = (bounds.0, high + bounds.0 - low);
        }
        if high > bounds.1 {
            (low, high) = ((low + bounds.1 - high).max(bounds.0), bounds.1);
        }
        if bounds.0.is_finite() && low - bounds.0 < (high - bounds.0) * 0.4 {
            low = bounds.0;
        }
        let mut step = 10f64.powf(((high - low) / MOST_STEPS).log10().floor());
        for factor in [2.0, 2.5, 2.0].into_iter().cycle() {
            if (high / step - 1e-9).ceil() - (low / step + 1e-9).floor() <= MOST_STEPS {
                break;
            }
            step *= factor;
        }
        let first = (low / step + 1e-9).floor();
        let last = (high / step - 1e-9).ceil();
        let ticks: Vec<f64> = (0..=(last - first) as usize)
            .map(|i| (first + i as f64) * step)
            .filter(|t| *t >= bounds.0 - 1e-9 && *t <= bounds.1 + 1e-9)
            .collect();
        Some(Axis {
            low: (first * step).max(bounds.0),
            high: (last * step).min(bounds.1),
            ticks,
        })
    }

    pub fn scale(&self, from: f64, to: f64) -> Scale {
        Scale::new(self.low, self.high, from, to)
    }
}

/// A month as a number, so that the months between two can be counted: `2025-04`, or the month of a day.
pub(super) fn month(iso: &str) -> Option<i64> {
    let mut parts = iso.splitn(3, '-');
    let year: i64 = parts.next()?.parse().ok()?;
    let month: i64 = parts.next()?.parse().ok()?;
    ((1..=12).contains(&month) && (1..=9999).contains(&year)).then_some(year * 12 + month - 1)
}

/// A day as a month and a part of it: the middle of April 2025 lies at [`month`] of April.
pub(super) fn day(iso: &str) -> Option<f64> {
    let day: f64 = iso.splitn(3, '-').nth(2)?.parse().ok()?;
    (1.0..=31.0)
        .contains(&day)
        .then_some(month(iso)? as f64 + (day - 16.0) / 30.5)
}

/// `Apr 2025`.
pub(super) fn month_name(month: i64) -> String {
    const NAMES: [&str; 12] = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let name = usize::try_from(month.rem_euclid(12))
        .ok()
        .and_then(|m| NAMES.get(m))
        .copied()
        .unwrap_or_default();
    format!("{name} {}", month.div_euclid(12))
}

/// Which months from `first` to `last` are named, at most so many; years begin in April.
pub(super) fn named_months(first: i64, last: i64, most: usize) -> Vec<i64> {
    const APRIL: i64 = 3;
    for every in [1, 3, 6, 12, 24, 60, 120, 600] {
        let named: Vec<i64> = (first..=last)
            .filter(|m| (m - APRIL).rem_euclid(every) == 0)
            .take(most + 1)
            .collect();
        if named.len() <= most {
            return named;
        }
    }
    vec![first]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_scale_of_no_width_has_a_middle() {
        assert_eq!(Scale::new(3.0, 3.0, 0.0, 10.0).at(3.0), 5.0);
        assert_eq!(Scale::new(0.0, 1.0, 0.0, 10.0).at(f64::NAN), 5.0);
        assert_eq!(Scale::new(0.0, 1.0, 100.0, 0.0).at(0.25), 75.0);
        assert_eq!(Scale::new(0.0, 1.0, 100.0, 0.0).at(2.0), 0.0);
    }

    #[test]
    fn axes_end_on_round_numbers() {
        let share = |low, high| Axis::holding([low, high], 0.1, (0.0, 1.0)).unwrap();
        assert_eq!(share(0.66, 0.82).ticks.len(), 5);
        assert!((share(0.66, 0.82).low - 0.65).abs() < 1e-9);
        assert_eq!(
            share(0.02, 0.06).low,
            0.0,
            "near nothing it begins at nothing"
        );
        assert_eq!(share(1.0, 1.0).high, 1.0);
        assert!(share(0.74, 0.74).high - share(0.74, 0.74).low >= 0.1);
        assert_eq!(Axis::holding([f64::NAN], 1.0, (0.0, 1.0)), None);
    }

    #[test]
    fn months_are_counted_and_named() {
        let april = month("2025-04").unwrap();
        assert_eq!(month_name(april), "Apr 2025");
        assert_eq!(month("2026-03").unwrap() - april, 11);
        assert_eq!(day("2025-04-16"), Some(april as f64));
        assert_eq!(
            (month("2025-13"), month("x"), day("2025-04")),
            (None, None, None)
        );
        let named: Vec<String> = named_months(april, april + 23, 4)
            .into_iter()
            .map(month_name)
            .collect();
        assert_eq!(named, ["Apr 2025", "Oct 2025", "Apr 2026", "Oct 2026"]);
        assert_eq!(named_months(april, april + 1, 4).len(), 2);
        assert!(named_months(april, april + 35, 4).len() <= 4);
    }

    proptest! {
        #[test]
        fn every_axis_holds_its_values(a in -1e6..1e6f64, b in -1e6..1e6f64, least in 0.001..100f64) {
            let axis = Axis::holding([a, b], least, (f64::NEG_INFINITY, f64::INFINITY)).unwrap();
            prop_assert!(axis.low <= a.min(b) && a.max(b) <= axis.high, "{axis:?}");
            prop_assert!((2..=6).contains(&axis.ticks.len()), "{axis:?}");
        }
    }
}
