//! The days of which one return tells, per event type, by the calendar months of its events.

use std::collections::BTreeMap;

use candour_record::codes::EventType;
use candour_record::{Coverage, Day, Interval, Settings};

/// Usable rows by month, per event type.
#[derive(Clone, Default, Debug)]
pub struct Months {
    counts: [BTreeMap<i32, u64>; 4],
    rows: u64,
}

fn slot(kind: EventType) -> usize {
    match kind {
        EventType::Request => 0,
        EventType::Assessment => 1,
        EventType::Review => 2,
        _ => 3,
    }
}

impl Months {
    /// Counts an event by the month of its end, or of its start where it has none.
    pub(crate) fn count(&mut self, kind: EventType, day: Day) {
        self.rows += 1;
        if let Some(months) = self.counts.get_mut(slot(kind)) {
            *months.entry(day.month_index()).or_insert(0) += 1;
        }
    }

    /// Rows counted, by event type and month.
    pub fn of(&self, kind: EventType) -> Option<&BTreeMap<i32, u64>> {
        self.counts.get(slot(kind))
    }

    /// Coverage of each event type inside the stated period.
    pub(crate) fn coverage(&self, stated: Interval, settings: &Settings) -> Coverage {
        let of = |kind| self.coverage_of(kind, stated, settings);
        Coverage {
            request: of(EventType::Request),
            assessment: of(EventType::Assessment),
            service: of(EventType::Service),
            review: of(EventType::Review),
        }
    }

    fn coverage_of(&self, kind: EventType, stated: Interval, settings: &Settings) -> Interval {
        if (self.rows as i64) < settings.coverage_small_return {
            return stated;
        }
        let (first, last) = (stated.start.month_index(), stated.end.month_index());
        let inside: Vec<(i32, u64)> = self
            .of(kind)
            .into_iter()
            .flatten()
            .filter(|(month, _)| (first..=last).contains(*month))
            .map(|(month, rows)| (*month, *rows))
            .collect();
        let mut sizes: Vec<u64> = inside.iter().map(|(_, rows)| *rows).collect();
        sizes.sort_unstable();
        // Twice the median, so that the mean of two middle months stays whole.
        let middle = |i: usize| sizes.get(i).copied().unwrap_or(0);
        let median_twice = match sizes.len() {
            0 => return stated,
            n if n % 2 == 1 => 2 * middle(n / 2),
            n => middle(n / 2 - 1) + middle(n / 2),
        };
        let good: Vec<i32> = inside
            .iter()
            .filter(|(_, rows)| {
                *rows as i64 >= settings.coverage_rows
                    && 200 * *rows as i64 >= settings.coverage_percent * median_twice as i64
            })
            .map(|(month, _)| *month)
            .collect();
        // Runs of good months, single missing months bridged.
        let mut runs: Vec<(i32, i32)> = Vec::new();
        for month in good {
            match runs.last_mut() {
                Some((_, end)) if month - *end <= 2 => *end = month,
                _ => runs.push((month, month)),
            }
        }
        // The longest; the latest of equals.
        let Some((start, end)) = runs
            .into_iter()
            .max_by_key(|(start, end)| (end - start, *end))
        else {
            return stated;
        };
        Interval::new(
            Day::first_of_month(start).max(stated.start),
            Day::first_of_month(end + 1).plus(-1).min(stated.end),
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    pub(crate) fn settings() -> Settings {
        Settings {
            spell_gap_days: 2,
            hospital_gap_days: 92,
            reset_rows: 50,
            reset_percent: 10,
            exit_before_days: 28,
            fall_percent: 90,
            fall_after_days: 14,
            fall_merge_days: 28,
            fall_late_days: 28,
            fall_rise_days: 84,
            mass_percent: 2,
            mass_people: 20,
            coverage_rows: 10,
            coverage_percent: 20,
            coverage_small_return: 100,
            oldest_age: 115,
            adult_age: 18,
            truncated_at: 50,
        }
    }

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    fn months(rows: &[(&str, u64)]) -> Months {
        let mut months = Months::default();
        for (month, n) in rows {
            for _ in 0..*n {
                months.count(EventType::Request, day(&format!("{month}-15")));
            }
        }
        months
    }

    fn covered(rows: &[(&str, u64)]) -> (String, String) {
        let stated = Interval::new(day("2024-04-10"), day("2025-03-31"));
        let c = months(rows).coverage(stated, &settings()).request;
        (c.start.to_string(), c.end.to_string())
    }

    #[test]
    fn a_small_return_is_taken_at_its_stated_period() {
        assert_eq!(
            covered(&[("2024-06", 99)]),
            ("2024-04-10".into(), "2025-03-31".into())
        );
    }

    #[test]
    fn the_longest_run_counts_and_single_missing_months_are_bridged() {
        let rows = [
            ("2024-04", 30),
            ("2024-05", 30),
            ("2024-07", 30),
            ("2024-10", 30),
            ("2024-11", 30),
        ];
        assert_eq!(covered(&rows), ("2024-04-10".into(), "2024-07-31".into()));
    }

    #[test]
    fn of_two_runs_as_long_the_latest_counts() {
        let rows = [
            ("2024-05", 60),
            ("2024-06", 60),
            ("2024-09", 60),
            ("2024-10", 60),
        ];
        assert_eq!(covered(&rows), ("2024-09-01".into(), "2024-10-31".into()));
    }

    #[test]
    fn a_thin_month_is_not_good() {
        // 20% of the median 60 is 12.
        let rows = [
            ("2024-04", 60),
            ("2024-05", 60),
            ("2024-06", 60),
            ("2024-07", 11),
        ];
        assert_eq!(covered(&rows), ("2024-04-10".into(), "2024-06-30".into()));
        let rows = [
            ("2024-04", 60),
            ("2024-05", 60),
            ("2024-06", 60),
            ("2024-07", 12),
        ];
        assert_eq!(covered(&rows), ("2024-04-10".into(), "2024-07-31".into()));
        // And fewer than ten rows never make a month.
        let rows = [
            ("2024-04", 36),
            ("2024-05", 36),
            ("2024-06", 36),
            ("2024-07", 9),
        ];
        assert_eq!(covered(&rows), ("2024-04-10".into(), "2024-06-30".into()));
    }

    #[test]
    fn no_good_month_means_the_stated_period() {
        let mut rows: Vec<(String, u64)> = Vec::new();
        for m in 4..=12 {
            rows.push((format!("2024-{m:02}"), 9));
        }
        rows.push(("2023-01".into(), 40));
        let rows: Vec<(&str, u64)> = rows.iter().map(|(m, n)| (m.as_str(), *n)).collect();
        assert_eq!(covered(&rows), ("2024-04-10".into(), "2025-03-31".into()));
    }
}
