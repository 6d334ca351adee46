//! A queue and its forecast in plain words, the same on a page and in a terminal. Numbers of people are rounded as on a page:
//! under 5 hidden, others to the nearest 5.

use candour_record::Day;

use crate::backlog::{ForecastText, Queue};
use crate::staff::WithRange;

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

/// `12,345`, to the nearest whole; below nought with a minus sign.
pub fn thousands(n: f64) -> String {
    let digits = format!("{:.0}", n.abs());
    let mut text = String::new();
    if n < 0.0 && digits != "0" {
        text.push('−');
    }
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// People as a page may show them: none, fewer than 5, or to the nearest 5.
pub fn people(n: f64) -> String {
    if n < 0.5 {
        "none".to_owned()
    } else if n < 4.5 {
        "fewer than 5".to_owned()
    } else {
        thousands((n / 5.0).round() * 5.0)
    }
}

/// A number a week: whole from 10 on, else to a tenth.
pub fn a_week(n: f64) -> String {
    let n = n.abs();
    if n >= 9.95 {
        thousands(n)
    } else {
        format!("{n:.1}")
    }
}

/// `2026-01-31` as 31 January 2026.
pub fn date(iso: &str) -> String {
    match iso.parse::<Day>().map(Day::ymd) {
        Ok((year, month, day)) => {
            let month = MONTHS.get(month as usize - 1).copied().unwrap_or("");
            format!("{day} {month} {year}")
        }
        Err(_) => iso.to_owned(),
    }
}

impl Queue {
    /// How many wait, on which day.
    pub fn says_opening(&self) -> String {
        let about = if self.opening >= 5 { "about " } else { "" };
        format!(
            "On {} there were {about}{} {}.",
            date(&self.as_of),
            people(self.opening as f64),
            self.counted
        )
    }

    /// What falls due and what is done in a week, of late.
    pub fn says_flows(&self) -> Option<String> {
        let (arrivals, done) = (self.arrivals?, self.done?);
        Some(format!(
            "In the {} weeks to then about {} fell due each week and about {} were done.",
            arrivals.weeks,
            a_week(arrivals.mean),
            a_week(done.mean)
        ))
    }

    /// What counts as cleared, where that is not an empty queue.
    pub fn says_target(&self) -> Option<String> {
        (self.target > 0.0).then(|| {
            format!(
                "Somebody is always waiting: it counts as cleared when about {} wait, no more than fall due within the time that the benchmark allows.",
                people(self.target)
            )
        })
    }

    /// When it clears, or that it does not.
    pub fn says_when(&self, forecast: &ForecastText) -> String {
        if (self.opening as f64) < self.target + 0.5 {
            return "It is at that level now.".to_owned();
        }
        let horizon = forecast
            .weeks
            .last()
            .map_or_else(String::new, |w| date(&w.date));
        let [from, to] = &forecast.clears80;
        if let Some(clears) = &forecast.clears {
            let first = from.as_deref().map_or_else(String::new, date);
            return match to {
                Some(to) => format!(
                    "It clears about {}: four times out of five between {first} and {}.",
                    date(clears),
                    date(to)
                ),
                None => format!(
                    "It clears about {}: four times out of five not before {first}, and it may not clear by {horizon}.",
                    date(clears)
                ),
            };
        }
        let WithRange { value, range80, .. } = forecast.growth_a_week;
        let [low, high] = range80;
        let range = format!(
            "{} to {}, four times out of five",
            a_week(low),
            a_week(high)
        );
        let growth = if low > 0.05 {
            format!(
                "it grows by about {} a week in the first year ({range})",
                a_week(value)
            )
        } else if high < -0.05 {
            format!(
                "it shrinks by about {} a week in the first year ({} to {}, four times out of five), too slowly",
                a_week(value),
                a_week(high),
                a_week(low)
            )
        } else {
            format!(
                "in the first year it may shrink by {} a week or grow by {}, four times out of five",
                a_week(low.min(0.0)),
                a_week(high.max(0.0))
            )
        };
        match from {
            Some(first) => format!(
                "It is more likely than not that it does not clear by {horizon}: {growth}. One time in ten it clears by {}.",
                date(first)
            ),
            None => format!("It does not clear by {horizon}: {growth}."),
        }
    }

    /// What a forecast cannot know.
    pub fn limits() -> &'static [&'static str] {
        &[
            "It assumes that as many fall due and are done as of late; that leave, winter and new work change nothing.",
            "Weeks are taken to vary as they have, each apart from the last.",
            "What is done and not recorded still waits here.",
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_a_page_may_show_them() {
        assert_eq!(people(0.0), "none");
        assert_eq!(people(3.0), "fewer than 5");
        assert_eq!(people(4.9), "5");
        assert_eq!(people(2026.0), "2,025");
        assert_eq!(a_week(12.4), "12");
        assert_eq!(a_week(9.96), "10");
        assert_eq!(a_week(-2.96), "3.0");
        assert_eq!(thousands(-1234.5), "−1,234");
        assert_eq!(date("2026-03-01"), "1 March 2026");
    }

    fn forecast(clears: [Option<&str>; 3], growth: [f64; 3]) -> ForecastText {
        let own = |d: Option<&str>| d.map(str::to_owned);
        let [low, value, high] = growth;
        ForecastText {
            weeks: vec![crate::backlog::WeekText {
                week: 156,
                date: "2028-12-27".into(),
                queue: WithRange {
                    value: 1.0,
                    range80: [0.0, 2.0],
                    range95: [0.0, 3.0],
                },
            }],
            clears: own(clears[1]),
            clears80: [own(clears[0]), own(clears[2])],
            clears95: [None, None],
            clears_share: 0.5,
            growth_a_week: WithRange {
                value,
                range80: [low, high],
                range95: [low, high],
            },
        }
    }

    fn queue() -> Queue {
        Queue {
            id: "care_reviews".into(),
            title: "Overdue care reviews".into(),
            counted: "people whose care review is overdue".into(),
            as_of: "2025-12-31".into(),
            opening: 2026,
            target: 0.0,
            from: None,
            to: None,
            history: Vec::new(),
            arrivals: None,
            done: None,
            left: 0,
            leaving: 0.0,
            a_year_or_longer: 0,
            cannot_tell: None,
            at_todays_pace: None,
        }
    }

    #[test]
    fn when_it_clears_in_words() {
        let says = |clears, growth| queue().says_when(&forecast(clears, growth));
        assert_eq!(
            says([None; 3], [9.0, 12.2, 15.0]),
            "It does not clear by 27 December 2028: it grows by about 12 a week in the first year (9.0 to 15, four times out of five)."
        );
        assert_eq!(
            says(
                [Some("2026-05-01"), Some("2026-06-10"), Some("2026-09-01")],
                [-9.0, -8.0, -7.0]
            ),
            "It clears about 10 June 2026: four times out of five between 1 May 2026 and 1 September 2026."
        );
        assert_eq!(
            says(
                [Some("2026-05-01"), Some("2026-06-10"), None],
                [-9.0, -8.0, -7.0]
            ),
            "It clears about 10 June 2026: four times out of five not before 1 May 2026, and it may not clear by 27 December 2028."
        );
        assert!(
            says([None; 3], [-3.0, 0.2, 3.5]).contains("may shrink by 3.0 a week or grow by 3.5")
        );
        assert!(
            says([None; 3], [-3.0, -2.0, -1.0])
                .contains("shrinks by about 2.0 a week in the first year (1.0 to 3.0")
        );
        assert!(
            says([Some("2028-01-01"), None, None], [1.0, 2.0, 3.0])
                .contains("One time in ten it clears by 1 January 2028")
        );
        assert_eq!(
            queue().says_opening(),
            "On 31 December 2025 there were about 2,025 people whose care review is overdue."
        );
    }
}
