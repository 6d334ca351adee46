//! The period: what the returns say they cover, and the day the council is looked at.

use crate::day::Day;

/// The times every story is told within.
pub(crate) struct Frame {
    /// The first day that any return covers.
    pub first: Day,
    /// The last day: the stated end, and so the default as-of.
    pub last: Day,
    /// The same day a year before `last`: "the 12 months to `last`" begin the day after it.
    pub year_ago: Day,
    /// Where the later of two returns takes over.
    pub handover: Option<Day>,
    /// Stated start and end of each return, in order.
    pub returns: Vec<(Day, Day)>,
    /// The day on which starts are reset, when that scenario is planted.
    pub reset: Day,
    /// Whether it is planted.
    pub reset_planted: bool,
    /// The day on which many people's support falls, when that scenario is planted.
    pub mass: Day,
}

impl Frame {
    /// One return of a calendar year; or two, the second touching the first (even seeds) or overlapping it by
    /// three months, as quarterly rolling returns do (odd seeds).
    pub(crate) fn new(years: u8, seed: u64, reset_planted: bool) -> Self {
        let last = Day::ymd(2025, 12, 31);
        let this_year = (Day::ymd(2025, 1, 1), last);
        let returns = if years < 2 {
            vec![this_year]
        } else if seed.is_multiple_of(2) {
            vec![(Day::ymd(2024, 1, 1), Day::ymd(2024, 12, 31)), this_year]
        } else {
            vec![(Day::ymd(2024, 4, 1), Day::ymd(2025, 3, 31)), this_year]
        };
        let first = returns.first().map_or(this_year.0, |r| r.0);
        Self {
            first,
            last,
            year_ago: last.months(-12),
            handover: (returns.len() > 1).then_some(this_year.0),
            returns,
            reset: Day::ymd(2025, 4, 1),
            reset_planted,
            mass: Day::ymd(2025, 10, 6),
        }
    }
}
