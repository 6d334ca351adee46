//! Numbers of patterns in words, as a page may show them: people to the nearest 5, under 5 hidden.

use candour_record::Day;

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

/// `3 March 2025`.
pub(crate) fn date(day: Day) -> String {
    let (.., date) = day.ymd();
    format!("{date} {}", month(day))
}

/// `March 2025`.
pub(crate) fn month(day: Day) -> String {
    let (year, month, _) = day.ymd();
    let name = MONTHS
        .get((month as usize).saturating_sub(1))
        .copied()
        .unwrap_or("");
    format!("{name} {year}")
}

/// `63%`; some is never 0% and not all is never 100%.
pub(crate) fn percent(share: f64) -> String {
    let whole = (share * 100.0).round();
    if whole <= 0.0 && share > 0.0 {
        "under 1%".to_owned()
    } else if whole >= 100.0 && share < 1.0 {
        "over 99%".to_owned()
    } else {
        format!("{whole:.0}%")
    }
}

/// `3.4 points`, without sign.
pub(crate) fn points(difference: f64) -> String {
    let points = (difference.abs() * 100.0 * 10.0).round() / 10.0;
    if points == 1.0 {
        "1 point".to_owned()
    } else {
        format!("{points} points")
    }
}

/// `2.1 points lower`, `the same`.
pub(crate) fn moved(difference: f64) -> String {
    if difference.abs() < 0.0005 {
        "the same".to_owned()
    } else if difference < 0.0 {
        format!("{} lower", points(difference))
    } else {
        format!("{} higher", points(difference))
    }
}

/// `about 620`, `fewer than 5`.
pub(crate) fn about(count: u64) -> String {
    match count {
        0 => "no".to_owned(),
        1..5 => "fewer than 5".to_owned(),
        _ => {
            let digits = ((count + 2) / 5 * 5).to_string();
            let mut text = String::from("about ");
            for (i, digit) in digits.chars().enumerate() {
                if i > 0 && (digits.len() - i).is_multiple_of(3) {
                    text.push(',');
                }
                text.push(digit);
            }
            text
        }
    }
}

/// `1 in 770`: a chance in words.
pub(crate) fn chance(level: f64) -> String {
    format!("1 in {:.0}", 1.0 / level.max(1e-9))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_read_as_on_a_page() {
        assert_eq!(date(Day::from_ymd(2025, 3, 3).unwrap()), "3 March 2025");
        assert_eq!(percent(0.634), "63%");
        assert_eq!(percent(0.0001), "under 1%");
        assert_eq!(percent(0.9999), "over 99%");
        assert_eq!(points(-0.0812), "8.1 points");
        assert_eq!(points(0.01), "1 point");
        assert_eq!(moved(0.0001), "the same");
        assert_eq!(moved(-0.012), "1.2 points lower");
        assert_eq!(about(3), "fewer than 5");
        assert_eq!(about(1_238), "about 1,240");
        assert_eq!(chance(0.0013), "1 in 769");
    }
}
