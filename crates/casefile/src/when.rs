//! Days that are known to the day, the month or the year.

use std::fmt;

use jiff::civil::Date;

/// A date as a case file gives it: the days it may have been.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Hash)]
pub struct When {
    /// The first day it can have been.
    pub first: Date,
    /// The last day it can have been.
    pub last: Date,
    parts: u8,
}

impl When {
    /// Reads `2019`, `2019-03` or `2019-03-14`; nothing where there is no such day.
    pub fn parse(text: &str) -> Option<Self> {
        let mut parts = text.split('-');
        let year = number(parts.next()?, 4)?;
        let month = parts.next().map(|part| number(part, 2));
        let day = parts.next().map(|part| number(part, 2));
        if parts.next().is_some() {
            return None;
        }
        let month = match month {
            Some(month) => Some(i8::try_from(month?).ok()?),
            None => None,
        };
        let day = match day {
            Some(day) => Some(i8::try_from(day?).ok()?),
            None => None,
        };
        let first = Date::new(year, month.unwrap_or(1), day.unwrap_or(1)).ok()?;
        let last = match (month, day) {
            (_, Some(_)) => first,
            (Some(_), None) => first.last_of_month(),
            (None, None) => first.last_of_year(),
        };
        let parts = 1 + u8::from(month.is_some()) + u8::from(day.is_some());
        Some(Self { first, last, parts })
    }

    /// Whether the very day is known.
    pub fn to_the_day(self) -> bool {
        self.parts == 3
    }

    /// Surely not after another: it ended when the other did, or earlier.
    pub fn by(self, other: Self) -> bool {
        self.last <= other.last
    }

    /// Surely after another.
    pub fn after(self, other: Self) -> bool {
        self.first > other.last
    }

    /// The months from one to the other, in hundredths, from the middle of each.
    pub fn months_to(self, later: Self) -> i64 {
        let days = i64::from((later.first - self.first).get_days())
            + i64::from((later.last - self.last).get_days());
        // Two differences of days over two; a month is 365.25 / 12 days.
        (days * 100 * 1200 + 36_525) / (2 * 36_525)
    }
}

fn number(text: &str, digits: usize) -> Option<i16> {
    let plain = text.len() == digits && text.bytes().all(|byte| byte.is_ascii_digit());
    plain.then(|| text.parse().ok())?
}

impl fmt::Display for When {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (year, month, day) = (self.first.year(), self.first.month(), self.first.day());
        match self.parts {
            1 => write!(f, "{year:04}"),
            2 => write!(f, "{year:04}-{month:02}"),
            _ => write!(f, "{year:04}-{month:02}-{day:02}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::When;

    #[test]
    fn days_months_and_years_are_read_and_nothing_else() {
        for text in ["2019", "2019-03", "2019-03-14", "2020-02-29"] {
            assert_eq!(
                When::parse(text).map(|when| when.to_string()).as_deref(),
                Some(text)
            );
        }
        for text in [
            "",
            "19",
            "2019-3",
            "2019-13",
            "2019-02-29",
            "2019-03-14T10:00",
            "14/03/2019",
            "2019-",
        ] {
            assert_eq!(When::parse(text), None, "{text}");
        }
    }

    #[test]
    fn order_is_told_only_where_it_is_sure() {
        let at = |text| When::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert!(at("2019-03").by(at("2019-03")));
        assert!(at("2019-02").by(at("2019-03-14")));
        assert!(!at("2019").by(at("2019-03")));
        assert!(!at("2019").after(at("2019-03")));
        assert!(at("2019-04").after(at("2019-03")));
    }

    #[test]
    fn months_are_counted_from_the_middle() {
        let at = |text| When::parse(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(at("2019-01").months_to(at("2020-01")), 1199);
        assert_eq!(at("2019-01-01").months_to(at("2019-01-01")), 0);
        assert!((at("2019-01").months_to(at("2019-04")) - 300).abs() < 8);
    }
}
