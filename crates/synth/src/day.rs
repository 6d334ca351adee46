//! Days, counted from 1 January 1970, with the little calendar the stories need.
//!
//! Kept apart from the date library the rest of Candour uses, so that a mistake in one is not hidden by the other.

use std::ops::{Add, Sub};

/// One day.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Day(pub i32);

impl Day {
    /// The day with this year, month (1 to 12) and day number.
    pub(crate) const fn ymd(year: i32, month: i32, day: i32) -> Self {
        // Years run from March so that a leap day is the last day of its year.
        let y = if month <= 2 { year - 1 } else { year };
        let era = y.div_euclid(400);
        let of_era = y.rem_euclid(400);
        let from_march = (month + 9) % 12;
        let of_year = (153 * from_march + 2) / 5 + day - 1;
        let of_era_days = of_era * 365 + of_era / 4 - of_era / 100 + of_year;
        Self(era * 146_097 + of_era_days - 719_468)
    }

    /// Year, month and day number.
    pub(crate) const fn parts(self) -> (i32, i32, i32) {
        let shifted = self.0 + 719_468;
        let era = shifted.div_euclid(146_097);
        let of_era_days = shifted.rem_euclid(146_097);
        let of_era = (of_era_days - of_era_days / 1_460 + of_era_days / 36_524
            - of_era_days / 146_096)
            / 365;
        let of_year = of_era_days - (365 * of_era + of_era / 4 - of_era / 100);
        let from_march = (5 * of_year + 2) / 153;
        let day = of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 {
            from_march + 3
        } else {
            from_march - 9
        };
        let year = of_era + era * 400 + if month <= 2 { 1 } else { 0 };
        (year, month, day)
    }

    /// This many calendar months on: the same day number, or the month's last day.
    pub(crate) const fn months(self, n: i32) -> Self {
        let (year, month, day) = self.parts();
        let count = year * 12 + (month - 1) + n;
        let (y, m) = (count.div_euclid(12), count.rem_euclid(12) + 1);
        let first = Self::ymd(y, m, 1);
        let next = if m == 12 {
            Self::ymd(y + 1, 1, 1)
        } else {
            Self::ymd(y, m + 1, 1)
        };
        let length = next.0 - first.0;
        let day = if day > length { length } else { day };
        Self(first.0 + day - 1)
    }

    /// 0 for Monday to 6 for Sunday.
    pub(crate) const fn weekday(self) -> i32 {
        // 1 January 1970 was a Thursday.
        (self.0 + 3).rem_euclid(7)
    }

    /// This day, or the Monday after it where it is on a weekend.
    pub(crate) const fn working(self) -> Self {
        match self.weekday() {
            5 => Self(self.0 + 2),
            6 => Self(self.0 + 1),
            _ => self,
        }
    }

    /// This day, or the Friday before it where it is on a weekend.
    pub(crate) const fn working_before(self) -> Self {
        match self.weekday() {
            5 => Self(self.0 - 1),
            6 => Self(self.0 - 2),
            _ => self,
        }
    }

    /// `year * 12 + month - 1`: a number for the calendar month.
    pub(crate) const fn month_number(self) -> i32 {
        let (year, month, _) = self.parts();
        year * 12 + month - 1
    }

    /// As `2025-03-04`.
    pub(crate) fn iso(self) -> String {
        let (y, m, d) = self.parts();
        format!("{y:04}-{m:02}-{d:02}")
    }

    /// As `04/03/2025`.
    pub(crate) fn slashed(self) -> String {
        let (y, m, d) = self.parts();
        format!("{d:02}/{m:02}/{y:04}")
    }
}

impl Add<i32> for Day {
    type Output = Self;
    fn add(self, days: i32) -> Self {
        Self(self.0 + days)
    }
}

impl Sub<i32> for Day {
    type Output = Self;
    fn sub(self, days: i32) -> Self {
        Self(self.0 - days)
    }
}

impl Sub for Day {
    type Output = i32;
    fn sub(self, other: Self) -> i32 {
        self.0 - other.0
    }
}

#[cfg(test)]
mod tests {
    use super::Day;

    #[test]
    fn there_and_back() {
        assert_eq!(Day::ymd(1970, 1, 1), Day(0));
        assert_eq!(Day::ymd(2000, 2, 29).iso(), "2000-02-29");
        for n in (-40_000..40_000).step_by(7) {
            let (y, m, d) = Day(n).parts();
            assert_eq!(Day::ymd(y, m, d), Day(n));
        }
    }

    #[test]
    fn weekdays() {
        assert_eq!(Day::ymd(2025, 10, 6).weekday(), 0);
        assert_eq!(Day::ymd(1969, 12, 28).weekday(), 6);
        assert_eq!(Day::ymd(2025, 10, 4).working(), Day::ymd(2025, 10, 6));
        assert_eq!(Day::ymd(2025, 10, 7).working(), Day::ymd(2025, 10, 7));
    }

    #[test]
    fn months_stop_at_the_last_day() {
        assert_eq!(Day::ymd(2024, 8, 31).months(6), Day::ymd(2025, 2, 28));
        assert_eq!(Day::ymd(2025, 12, 31).months(-12), Day::ymd(2024, 12, 31));
        assert_eq!(Day::ymd(2025, 3, 4).slashed(), "04/03/2025");
    }
}
