//! Civil days, calendar months and intervals.

use std::fmt;

/// A civil day, counted from 1970-01-01. [`Day::OPEN`] stands for "has not ended".
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Day(pub i32);

impl Day {
    /// Later than any real day: the end of a service that is still open.
    pub const OPEN: Day = Day(i32::MAX);
    /// Earlier than any real day.
    pub const EARLIEST: Day = Day(i32::MIN / 2);

    /// The day of a date in the proleptic Gregorian calendar; `None` if there is no such date.
    pub fn from_ymd(year: i32, month: u32, day: u32) -> Option<Day> {
        if !(1..=12).contains(&month) || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        // Howard Hinnant, "chrono-compatible low-level date algorithms": days_from_civil.
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let year_of_era = y.rem_euclid(400);
        let shifted = (month as i32 + 9) % 12;
        let day_of_year = (153 * shifted + 2) / 5 + day as i32 - 1;
        let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
        Some(Day(era * 146_097 + day_of_era - 719_468))
    }

    /// Year, month (1 to 12) and day of the month.
    pub fn ymd(self) -> (i32, u32, u32) {
        // civil_from_days, same source.
        let z = self.0 + 719_468;
        let era = z.div_euclid(146_097);
        let day_of_era = z.rem_euclid(146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let shifted = (5 * day_of_year + 2) / 153;
        let day = (day_of_year - (153 * shifted + 2) / 5 + 1) as u32;
        let month = if shifted < 10 {
            shifted + 3
        } else {
            shifted - 9
        } as u32;
        let year = year_of_era + era * 400 + i32::from(month <= 2);
        (year, month, day)
    }

    /// The day `days` later (earlier when negative). An open end stays open.
    #[must_use]
    pub fn plus(self, days: i64) -> Day {
        if self == Day::OPEN {
            return self;
        }
        Day(self.0.saturating_add(days as i32))
    }

    /// The same day number `months` later (earlier when negative), or the month's last day where
    /// the month is shorter.
    #[must_use]
    pub fn plus_months(self, months: i64) -> Day {
        if self == Day::OPEN {
            return self;
        }
        let (year, month, day) = self.ymd();
        let index = i64::from(year) * 12 + i64::from(month) - 1 + months;
        let (y, m) = (index.div_euclid(12) as i32, index.rem_euclid(12) as u32 + 1);
        Day::from_ymd(y, m, day.min(days_in_month(y, m))).unwrap_or(self)
    }

    /// Months since year 0, for counting by calendar month.
    pub fn month_index(self) -> i32 {
        let (year, month, _) = self.ymd();
        year * 12 + month as i32 - 1
    }

    /// First day of a month counted as by [`Day::month_index`].
    pub fn first_of_month(index: i32) -> Day {
        Day::from_ymd(index.div_euclid(12), index.rem_euclid(12) as u32 + 1, 1)
            .unwrap_or(Day::EARLIEST)
    }

    /// Whole days from `earlier` to `self`.
    pub fn since(self, earlier: Day) -> i64 {
        i64::from(self.0) - i64::from(earlier.0)
    }

    /// `2025-04` for a day in April 2025.
    pub fn month_text(self) -> String {
        let (y, m, _) = self.ymd();
        format!("{y:04}-{m:02}")
    }
}

/// Number of days of a month.
fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        4 | 6 | 9 | 11 => 30,
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        _ => 31,
    }
}

impl fmt::Display for Day {
    /// ISO 8601, `2025-04-01`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if *self == Day::OPEN {
            return f.write_str("open");
        }
        let (y, m, d) = self.ymd();
        write!(f, "{y:04}-{m:02}-{d:02}")
    }
}

impl std::str::FromStr for Day {
    type Err = String;

    /// Reads ISO 8601 `YYYY-MM-DD`.
    fn from_str(text: &str) -> Result<Day, String> {
        let mut parts = text.splitn(3, '-');
        let mut next = || parts.next().and_then(|p| p.parse::<u32>().ok());
        match (next(), next(), next()) {
            (Some(y), Some(m), Some(d)) if y >= 1000 => {
                Day::from_ymd(y as i32, m, d).ok_or_else(|| "there is no such day".to_owned())
            }
            _ => Err("give a date as YYYY-MM-DD, such as 2026-03-31".to_owned()),
        }
    }
}

/// A run of days, both ends included. Empty when `start` is after `end`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Interval {
    pub start: Day,
    pub end: Day,
}

impl Interval {
    pub fn new(start: Day, end: Day) -> Interval {
        Interval { start, end }
    }

    pub fn is_empty(self) -> bool {
        self.start > self.end
    }

    pub fn contains(self, day: Day) -> bool {
        self.start <= day && day <= self.end
    }

    /// Whether the whole of `other` lies inside.
    pub fn covers(self, other: Interval) -> bool {
        other.is_empty() || (self.start <= other.start && other.end <= self.end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        text.parse().unwrap()
    }

    #[test]
    fn days_agree_with_jiff_over_three_centuries() {
        let mut date = jiff::civil::date(1850, 1, 1);
        let mut expected = Day::from_ymd(1850, 1, 1).unwrap();
        assert_eq!(Day::from_ymd(1970, 1, 1), Some(Day(0)));
        for _ in 0..110_000 {
            let (y, m, d) = expected.ymd();
            assert_eq!(
                (y, m, d),
                (
                    i32::from(date.year()),
                    date.month() as u32,
                    date.day() as u32
                )
            );
            assert_eq!(Day::from_ymd(y, m, d), Some(expected));
            date = date.tomorrow().unwrap();
            expected = expected.plus(1);
        }
    }

    #[test]
    fn a_month_on_ends_on_the_same_day_number_or_the_months_last() {
        assert_eq!(day("2025-08-31").plus_months(6), day("2026-02-28"));
        assert_eq!(day("2024-02-29").plus_months(-12), day("2023-02-28"));
        assert_eq!(day("2025-04-15").plus_months(6), day("2025-10-15"));
        assert_eq!(day("2025-01-31").plus_months(1), day("2025-02-28"));
    }

    #[test]
    fn there_is_no_thirtieth_of_february() {
        assert_eq!(Day::from_ymd(2025, 2, 30), None);
        assert_eq!(Day::from_ymd(2025, 13, 1), None);
        assert!("2025-02-29".parse::<Day>().is_err());
    }
}
