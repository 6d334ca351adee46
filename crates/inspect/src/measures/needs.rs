//! Whether the returns cover the days that a measure needs, and if not, why in words.

use candour_record::codes::EventType;
use candour_record::{Coverage, Day, Interval};

pub(super) struct Needs {
    coverage: Coverage,
}

impl Needs {
    pub(super) fn new(coverage: Coverage) -> Needs {
        Needs { coverage }
    }

    /// `None` when all these event types are covered on all of `days`; otherwise a sentence on the first that is not.
    pub(super) fn lack(&self, kinds: &[EventType], days: Interval) -> Option<String> {
        let lacking = |kind: &&EventType| {
            let covered = self.coverage.of(**kind);
            covered.is_empty() || !covered.covers(days)
        };
        let kind = *kinds.iter().find(lacking)?;
        let covered = self.coverage.of(kind);
        let needed = if days.start == days.end {
            format!("this measure needs {}", in_words(days.start))
        } else if days.start == days.end.plus_months(-12).plus(1) {
            format!(
                "this measure needs 12, from {} to {}",
                in_words(days.start),
                in_words(days.end)
            )
        } else {
            format!(
                "this measure needs all days from {} to {}",
                in_words(days.start),
                in_words(days.end)
            )
        };
        Some(if covered.is_empty() {
            format!(
                "the returns cover no day of {} events; {needed}",
                kind.name()
            )
        } else {
            format!(
                "the returns cover {} of {} events, from {} to {}; {needed}",
                months(covered),
                kind.name(),
                in_words(covered.start),
                in_words(covered.end)
            )
        })
    }
}

/// Whole months of an interval, in words.
fn months(days: Interval) -> String {
    let after = days.end.plus(1);
    let mut whole = i64::from(after.month_index()) - i64::from(days.start.month_index());
    if days.start.plus_months(whole) > after {
        whole -= 1;
    }
    match whole {
        ..=0 => "less than a month".to_owned(),
        1 => "1 month".to_owned(),
        n => format!("{n} months"),
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

pub(super) fn month_in_words(day: Day) -> &'static str {
    let (_, month, _) = day.ymd();
    MONTHS.get(month as usize - 1).copied().unwrap_or_default()
}

/// 1 June 2025
fn in_words(day: Day) -> String {
    let (year, _, date) = day.ymd();
    format!("{date} {} {year}", month_in_words(day))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn interval(start: &str, end: &str) -> Interval {
        Interval::new(start.parse().unwrap(), end.parse().unwrap())
    }

    #[test]
    fn what_is_lacking_is_said_in_months_and_days() {
        let year = interval("2025-01-01", "2025-12-31");
        let needs = Needs::new(Coverage {
            request: year,
            assessment: interval("2025-01-02", "2025-12-31"),
            service: interval("2025-06-01", "2025-12-31"),
            review: interval("2025-06-01", "2025-05-31"),
        });
        assert_eq!(needs.lack(&[EventType::Request], year), None);
        assert_eq!(
            needs
                .lack(&[EventType::Request, EventType::Service], year)
                .unwrap(),
            "the returns cover 7 months of service events, from 1 June 2025 to 31 December 2025; \
             this measure needs 12, from 1 January 2025 to 31 December 2025"
        );
        // From 2 January to the end of December eleven months and thirty days.
        assert!(
            needs
                .lack(&[EventType::Assessment], year)
                .unwrap()
                .contains("cover 11 months")
        );
        assert_eq!(
            needs
                .lack(&[EventType::Review], interval("2025-12-31", "2025-12-31"))
                .unwrap(),
            "the returns cover no day of review events; this measure needs 31 December 2025"
        );
        assert_eq!(
            needs
                .lack(&[EventType::Service], interval("2025-05-31", "2025-12-31"))
                .unwrap(),
            "the returns cover 7 months of service events, from 1 June 2025 to 31 December 2025; \
             this measure needs all days from 31 May 2025 to 31 December 2025"
        );
    }

    #[test]
    fn months_are_whole() {
        for (start, end, words) in [
            ("2025-01-01", "2025-01-30", "less than a month"),
            ("2025-01-01", "2025-01-31", "1 month"),
            ("2025-01-15", "2025-03-14", "2 months"),
            ("2025-01-15", "2025-03-13", "1 month"),
            ("2024-02-29", "2025-02-27", "12 months"),
        ] {
            assert_eq!(months(interval(start, end)), words, "{start} {end}");
        }
    }
}
