//! Single values: blanks, dates, numbers, NHS numbers, postcode districts.

use candour_record::Day;

/// The value without spaces around it; empty when there is none (the word NULL is none).
pub(crate) fn trimmed(raw: &[u8]) -> &[u8] {
    // Most values have nothing around them and are not the word NULL.
    if let [first, .., last] = raw
        && raw.len() != 4
        && first.is_ascii_graphic()
        && last.is_ascii_graphic()
    {
        return raw;
    }
    // A no-break space of Windows-1252 or UTF-8 around a value is a space.
    let mut value = raw.trim_ascii();
    loop {
        let shorter = value
            .strip_prefix(b"\xC2\xA0")
            .or_else(|| value.strip_suffix(b"\xC2\xA0"))
            .map(<[u8]>::trim_ascii);
        match shorter {
            Some(v) => value = v,
            None => break,
        }
    }
    if value.eq_ignore_ascii_case(b"null") {
        b""
    } else {
        value
    }
}

/// A date as found.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Date {
    Day(Day),
    /// With a time part, which is ignored.
    DayAndTime(Day),
    Invalid,
}

impl Date {
    pub(crate) fn day(self) -> Option<Day> {
        match self {
            Date::Day(day) | Date::DayAndTime(day) => Some(day),
            Date::Invalid => None,
        }
    }
}

/// dd/mm/yyyy or yyyy-mm-dd, with or without a time.
pub(crate) fn date(value: &[u8]) -> Date {
    let cut = value
        .iter()
        .position(|b| matches!(b, b' ' | b'T' | b't'))
        .unwrap_or(value.len());
    let (date, rest) = value.split_at(cut);
    let day = if let [y1, y2, y3, y4, b'-', month @ ..] = date {
        let mut parts = month.splitn(2, |b| *b == b'-');
        match (
            digits(&[*y1, *y2, *y3, *y4]),
            parts.next().and_then(digits),
            parts.next().and_then(digits),
        ) {
            (Some(y), Some(m), Some(d)) => Day::from_ymd(y as i32, m, d),
            _ => None,
        }
    } else {
        let mut parts = date.splitn(3, |b| *b == b'/');
        match (
            parts.next().and_then(digits),
            parts.next().and_then(digits),
            parts.next(),
        ) {
            (Some(d), Some(m), Some(y)) if y.len() == 4 => {
                digits(y).and_then(|y| Day::from_ymd(y as i32, m, d))
            }
            _ => None,
        }
    };
    let time_like = |b: &u8| {
        b.is_ascii_digit()
            || matches!(
                b,
                b':' | b'.' | b'T' | b't' | b'Z' | b'z' | b'+' | b'-' | b' '
            )
    };
    match day {
        Some(day) if rest.is_empty() => Date::Day(day),
        Some(day) if rest.iter().all(time_like) => Date::DayAndTime(day),
        _ => Date::Invalid,
    }
}

fn digits(bytes: &[u8]) -> Option<u32> {
    if bytes.is_empty() || bytes.len() > 4 {
        return None;
    }
    bytes.iter().try_fold(0u32, |n, b| {
        b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0'))
    })
}

/// A decimal number in hundredths, rounded half away from zero; pound signs and thousands commas are
/// ignored. `None` when it is no number or too large.
pub(crate) fn hundredths(value: &[u8]) -> Option<i32> {
    let text: Vec<u8> = decode_pound(value);
    let (negative, digits) = match text.as_slice() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let point = digits
        .iter()
        .position(|b| *b == b'.')
        .unwrap_or(digits.len());
    let (whole, fraction) = digits.split_at(point);
    let fraction = fraction.get(1..).unwrap_or(&[]);
    if whole.is_empty() && fraction.is_empty()
        || !whole.iter().chain(fraction).all(u8::is_ascii_digit)
    {
        return None;
    }
    let mut number: i64 = 0;
    for b in whole {
        number = number.checked_mul(10)?.checked_add(i64::from(b - b'0'))?;
    }
    let place = |i: usize| fraction.get(i).map_or(0, |b| i64::from(b - b'0'));
    number = number
        .checked_mul(100)?
        .checked_add(place(0) * 10 + place(1))?;
    if place(2) >= 5 {
        number += 1;
    }
    i32::try_from(if negative { -number } else { number }).ok()
}

fn decode_pound(value: &[u8]) -> Vec<u8> {
    let value = value
        .strip_prefix(b"\xC2\xA3")
        .or_else(|| value.strip_prefix(b"\xA3"))
        .unwrap_or(value);
    value.iter().copied().filter(|b| *b != b',').collect()
}

/// An NHS number without the spaces or dashes that people group it with.
pub(crate) fn nhs_number(value: &[u8], out: &mut Vec<u8>) {
    out.clear();
    out.extend(value.iter().copied().filter(|b| !matches!(b, b' ' | b'-')));
}

/// Ten digits with the right check digit (modulus 11).
pub(crate) fn nhs_number_is_valid(number: &[u8]) -> bool {
    let [first @ .., check] = number else {
        return false;
    };
    if first.len() != 9 || !number.iter().all(u8::is_ascii_digit) {
        return false;
    }
    let sum: u32 = first
        .iter()
        .zip((2..=10).rev())
        .map(|(b, weight)| u32::from(b - b'0') * weight)
        .sum();
    let expected = (11 - sum % 11) % 11;
    expected != 10 && expected == u32::from(check - b'0')
}

/// The outward part of a postcode ("NR1" of "NR1 2AB"), upper case; `None` if it is not shaped like one.
pub(crate) fn postcode_district(value: &[u8], out: &mut Vec<u8>) -> bool {
    out.clear();
    out.extend(
        value
            .iter()
            .filter(|b| b.is_ascii_alphanumeric())
            .map(u8::to_ascii_uppercase),
    );
    // A full postcode ends in a digit and two letters.
    let n = out.len();
    if (5..=7).contains(&n)
        && let Some([digit, a, b]) = out.get(n - 3..)
        && digit.is_ascii_digit()
        && a.is_ascii_alphabetic()
        && b.is_ascii_alphabetic()
    {
        out.truncate(n - 3);
    }
    let shaped = matches!(out.len(), 2..=4)
        && out.first().is_some_and(u8::is_ascii_alphabetic)
        && out.iter().any(u8::is_ascii_digit);
    if !shaped {
        out.clear();
    }
    shaped
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(y: i32, m: u32, d: u32) -> Day {
        Day::from_ymd(y, m, d).unwrap()
    }

    #[test]
    fn dates_are_british_or_iso_and_a_time_is_ignored() {
        assert_eq!(date(b"01/04/2025"), Date::Day(day(2025, 4, 1)));
        assert_eq!(date(b"1/4/2025"), Date::Day(day(2025, 4, 1)));
        assert_eq!(date(b"2025-04-01"), Date::Day(day(2025, 4, 1)));
        assert_eq!(
            date(b"2025-04-01T09:30:00Z"),
            Date::DayAndTime(day(2025, 4, 1))
        );
        assert_eq!(date(b"01/04/2025 00:00"), Date::DayAndTime(day(2025, 4, 1)));
        for bad in [
            &b"31/02/2025"[..],
            b"04/2025",
            b"1/4/25",
            b"yesterday",
            b"2025-13-01",
            b"01/04/2025 noon",
        ] {
            assert_eq!(date(bad), Date::Invalid);
        }
    }

    #[test]
    fn numbers_are_hundredths() {
        assert_eq!(hundredths(b"23.56"), Some(2356));
        assert_eq!(hundredths("£1,185.55".as_bytes()), Some(118_555));
        assert_eq!(hundredths(b"-7"), Some(-700));
        assert_eq!(hundredths(b"0.125"), Some(13));
        for bad in [&b"free"[..], b".", b"", b"1e5", b"99999999999"] {
            assert_eq!(hundredths(bad), None);
        }
    }

    #[test]
    fn nhs_number_check_digits() {
        assert!(nhs_number_is_valid(b"9434765919"));
        assert!(!nhs_number_is_valid(b"9434765918"));
        assert!(!nhs_number_is_valid(b"943476591"));
    }

    #[test]
    fn districts() {
        let mut out = Vec::new();
        assert!(postcode_district(b"nr1 2ab", &mut out));
        assert_eq!(out, b"NR1");
        assert!(postcode_district(b"NR33", &mut out));
        assert_eq!(out, b"NR33");
        assert!(!postcode_district(b"unknown", &mut out));
    }

    #[test]
    fn null_and_spaces_are_blank() {
        assert_eq!(trimmed(b"  NULL "), b"");
        assert_eq!(trimmed(b" x\xC2\xA0"), b"x");
    }
}
