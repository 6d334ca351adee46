//! Numbers as a report may show them: under 5 hidden, others rounded to the nearest 5, and nothing
//! hidden that can be worked out from what is shown.

use std::fmt;

/// Counts under this, and not 0, are hidden.
const HIDDEN_BELOW: u64 = 5;
/// Other counts are shown to the nearest of these.
const ROUNDED_TO: u64 = 5;
/// No share is worked out of fewer than this.
const SMALLEST_BASE: u64 = 20;
/// A count shown as this or less is not split into its parts: of so few, one part can give the others away.
const SPLIT_ABOVE: u64 = 10;
/// The normal deviate of a 95% interval.
const Z95: f64 = 1.959_963_984_540_054;

/// More than any count: a bound that binds nothing.
const ANY: i64 = i64::MAX / 4;

/// A count as it may be shown. There is no way from here back to the exact one.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Shown {
    Zero,
    /// One to four.
    Few,
    Rounded(u64),
    /// Hidden because a count of one to four could be worked out from it.
    Withheld,
    /// A part of too small a whole: nothing, a few or more.
    Unsplit,
}

impl Shown {
    pub fn new(exact: u64) -> Shown {
        match exact {
            0 => Shown::Zero,
            1..HIDDEN_BELOW => Shown::Few,
            _ => Shown::Rounded((exact + ROUNDED_TO / 2) / ROUNDED_TO * ROUNDED_TO),
        }
    }

    /// The number shown, where there is one.
    pub fn value(self) -> Option<u64> {
        match self {
            Shown::Zero => Some(0),
            Shown::Rounded(n) => Some(n),
            Shown::Few | Shown::Withheld | Shown::Unsplit => None,
        }
    }

    fn is_small(self) -> bool {
        match self {
            Shown::Few | Shown::Unsplit => true,
            Shown::Rounded(n) => n <= SPLIT_ABOVE,
            Shown::Zero | Shown::Withheld => false,
        }
    }

    /// For sorting: hidden counts as little more than nothing.
    pub fn rank(self) -> u64 {
        self.value().unwrap_or(1)
    }

    /// The exact counts that a reader can take it to stand for.
    fn range(self) -> (i64, i64) {
        match self {
            Shown::Zero => (0, 0),
            Shown::Few => (1, 4),
            Shown::Rounded(5) => (5, 7),
            Shown::Rounded(n) => (n as i64 - 2, n as i64 + 2),
            Shown::Withheld => (5, ANY),
            Shown::Unsplit => (0, ANY),
        }
    }

    /// In running text: `about 1,245`, `fewer than 5`, `none`.
    pub fn about(self) -> String {
        match self {
            Shown::Zero => "none".to_owned(),
            Shown::Rounded(_) => format!("about {self}"),
            Shown::Few => self.to_string(),
            Shown::Withheld | Shown::Unsplit => "a number not shown".to_owned(),
        }
    }
}

impl fmt::Display for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Shown::Zero => f.write_str("0"),
            Shown::Few => f.write_str("fewer than 5"),
            Shown::Rounded(n) => f.write_str(&thousands(*n)),
            Shown::Withheld | Shown::Unsplit => f.write_str("not shown"),
        }
    }
}

/// `12,345`.
fn thousands(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// A share with what it is a share of. Made of numbers as shown, so that it tells no more than they do.
#[derive(Clone, Copy, PartialEq, Debug)]
pub(crate) struct Share {
    part: u64,
    whole: u64,
}

impl Share {
    /// `None` where either number is hidden or the whole is too small.
    pub fn new(part: Shown, whole: Shown) -> Option<Share> {
        let (part, whole) = (part.value()?, whole.value()?);
        (whole >= SMALLEST_BASE && part <= whole).then_some(Share { part, whole })
    }

    pub fn rate(self) -> f64 {
        self.part as f64 / self.whole as f64
    }

    /// Whole per cent. Some is never 0% and not all is never 100%.
    pub fn percent(self) -> String {
        let percent = (self.rate() * 100.0).round() as u64;
        match percent {
            0 if self.part > 0 => "less than 1%".to_owned(),
            100 if self.part < self.whole => "more than 99%".to_owned(),
            _ => format!("{percent}%"),
        }
    }

    /// The 95% interval in whole per cent, rounded outward.
    pub fn interval(self) -> (u64, u64) {
        let (low, high) = wilson(self.part, self.whole, Z95);
        (
            (low * 100.0 + 1e-9).floor() as u64,
            (high * 100.0 - 1e-9).ceil() as u64,
        )
    }

    /// `61% (95% interval 56% to 66%)`.
    pub fn with_interval(self) -> String {
        let (low, high) = self.interval();
        format!("{} (95% interval {low}% to {high}%)", self.percent())
    }

    pub fn interval_text(self) -> String {
        let (low, high) = self.interval();
        format!("{low}% to {high}%")
    }
}

/// E. B. Wilson (1927), the score interval of a proportion.
pub(crate) fn wilson(part: u64, whole: u64, z: f64) -> (f64, f64) {
    if whole == 0 {
        return (0.0, 1.0);
    }
    let (x, n) = (part as f64, whole as f64);
    let z2 = z * z;
    let centre = (x + z2 / 2.0) / (n + z2);
    let half = z / (n + z2) * (x * (n - x) / n + z2 / 4.0).sqrt();
    ((centre - half).max(0.0), (centre + half).min(1.0))
}

/// Counts that add up, so that it can be seen whether a hidden one can be worked out.
#[derive(Default)]
pub(crate) struct Ledger {
    cells: Vec<Shown>,
    /// Total and parts.
    sums: Vec<(Cell, Vec<Cell>)>,
    /// Places of the sums that are splits of their total.
    splits: Vec<usize>,
}

/// A place in a [`Ledger`].
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Cell(usize);

impl Ledger {
    pub fn cell(&mut self, exact: u64) -> Cell {
        self.cells.push(Shown::new(exact));
        Cell(self.cells.len() - 1)
    }

    /// Parts that are shown only as parts of their total: not at all where it is small.
    pub fn split(&mut self, total: Cell, parts: Vec<Cell>) {
        self.splits.push(self.sums.len());
        self.sums.push((total, parts));
    }

    /// Parts that are shown for their own sake.
    pub fn sum(&mut self, total: Cell, parts: Vec<Cell>) {
        self.sums.push((total, parts));
    }

    pub fn shown(&self, cell: Cell) -> Shown {
        self.cells.get(cell.0).copied().unwrap_or(Shown::Withheld)
    }

    /// Withholds more numbers until every hidden one could still be any of one to four.
    pub fn protect(&mut self) {
        // From the top down, as splits are given.
        for place in &self.splits {
            let Some((total, parts)) = self.sums.get(*place) else {
                continue;
            };
            if self.cells.get(total.0).is_some_and(|t| t.is_small()) {
                for part in parts {
                    if let Some(slot) = self.cells.get_mut(part.0) {
                        *slot = Shown::Unsplit;
                    }
                }
            }
        }
        while let Some(cell) = self.exposed() {
            let Some(next) = self.to_withhold(cell) else {
                return;
            };
            if let Some(slot) = self.cells.get_mut(next.0) {
                *slot = Shown::Withheld;
            }
        }
    }

    /// A hidden count that the sums narrow.
    fn exposed(&self) -> Option<Cell> {
        let ranges = self.ranges();
        self.cells
            .iter()
            .zip(&ranges)
            .position(|(shown, range)| *shown == Shown::Few && *range != Shown::Few.range())
            .map(Cell)
    }

    /// What each count can be, given every sum: bounds passed along until nothing moves. Exact for
    /// sums that form a tree, as those of a test do.
    fn ranges(&self) -> Vec<(i64, i64)> {
        let mut ranges: Vec<(i64, i64)> = self.cells.iter().map(|c| c.range()).collect();
        loop {
            let before = ranges.clone();
            let of =
                |ranges: &Vec<(i64, i64)>, c: &Cell| ranges.get(c.0).copied().unwrap_or((0, ANY));
            for (total, parts) in &self.sums {
                let low: i64 = parts.iter().map(|p| of(&ranges, p).0).sum();
                let high: i64 = parts
                    .iter()
                    .fold(0i64, |sum, p| sum.saturating_add(of(&ranges, p).1));
                let (least, most) = of(&ranges, total);
                if let Some(slot) = ranges.get_mut(total.0) {
                    *slot = (least.max(low), most.min(high));
                }
                let (least, most) = of(&ranges, total);
                for part in parts {
                    let (mine_low, mine_high) = of(&ranges, part);
                    let others_low = low - mine_low;
                    let others_high = high.saturating_sub(mine_high);
                    if let Some(slot) = ranges.get_mut(part.0) {
                        *slot = (
                            mine_low.max(least.saturating_sub(others_high)),
                            mine_high.min(most.saturating_sub(others_low)),
                        );
                    }
                }
            }
            if ranges == before {
                return ranges;
            }
        }
    }

    /// The smallest number shown beside an exposed one, parts before totals.
    fn to_withhold(&self, exposed: Cell) -> Option<Cell> {
        let rounded = |cell: &Cell| matches!(self.shown(*cell), Shown::Rounded(_));
        let near = || {
            self.sums
                .iter()
                .filter(|(total, parts)| *total == exposed || parts.contains(&exposed))
        };
        near()
            .flat_map(|(_, parts)| parts)
            .filter(|c| rounded(c))
            .min_by_key(|c| self.shown(**c).rank())
            .or_else(|| near().map(|(total, _)| total).find(|c| rounded(c)))
            .or_else(|| {
                let all = self
                    .sums
                    .iter()
                    .flat_map(|(total, parts)| parts.iter().chain([total]));
                all.filter(|c| rounded(c))
                    .min_by_key(|c| self.shown(**c).rank())
            })
            .copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn hides_and_rounds() {
        let texts: Vec<String> = [0, 1, 4, 5, 7, 8, 12, 13, 997, 998, 1_234_567]
            .iter()
            .map(|n| Shown::new(*n).to_string())
            .collect();
        assert_eq!(
            texts,
            [
                "0",
                "fewer than 5",
                "fewer than 5",
                "5",
                "5",
                "10",
                "10",
                "15",
                "995",
                "1,000",
                "1,234,565"
            ]
        );
    }

    /// R. G. Newcombe (1998), Statistics in Medicine 17, 857 to 872, table I, method 3 (score).
    #[test]
    fn wilson_agrees_with_newcombe_1998_table_1() {
        for (part, whole, low, high) in [
            (81, 263, 0.2553, 0.3662),
            (15, 148, 0.0624, 0.1605),
            (0, 20, 0.0, 0.1611),
            (1, 29, 0.0061, 0.1718),
        ] {
            let (l, h) = wilson(part, whole, Z95);
            assert!(
                (l - low).abs() < 5e-5 && (h - high).abs() < 5e-5,
                "{part}/{whole}: {l} {h}"
            );
        }
    }

    #[test]
    fn shares_are_of_what_is_shown() {
        let share = |part, whole| Share::new(Shown::new(part), Shown::new(whole));
        assert_eq!(share(4, 400), None, "a hidden part has no share");
        assert_eq!(share(10, 17), None, "a small whole has none");
        assert_eq!(share(51, 198).unwrap().percent(), "25%", "50 of 200");
        assert_eq!(share(5, 4000).unwrap().percent(), "less than 1%");
        assert_eq!(share(3995, 4000).unwrap().percent(), "more than 99%");
        assert_eq!(
            share(0, 20).unwrap().with_interval(),
            "0% (95% interval 0% to 17%)"
        );
    }

    fn table(parts: &[u64]) -> (Shown, Vec<Shown>, bool) {
        let mut ledger = Ledger::default();
        let total = ledger.cell(parts.iter().sum());
        let cells: Vec<Cell> = parts.iter().map(|n| ledger.cell(*n)).collect();
        ledger.split(total, cells.clone());
        ledger.protect();
        (
            ledger.shown(total),
            cells.iter().map(|c| ledger.shown(*c)).collect(),
            ledger.exposed().is_none(),
        )
    }

    #[test]
    fn a_small_number_is_not_split() {
        // 5 + 1 + 1 would print as 5, <5, <5 of 5: then the total is 7 and both are 1.
        assert_eq!(
            table(&[5, 1, 1]),
            (Shown::Rounded(5), vec![Shown::Unsplit; 3], true)
        );
        assert_eq!(
            table(&[4, 4]),
            (Shown::Rounded(10), vec![Shown::Unsplit; 2], true)
        );
        assert_eq!(table(&[1, 0]), (Shown::Few, vec![Shown::Unsplit; 2], true));
        assert_eq!(table(&[0, 0]), (Shown::Zero, vec![Shown::Zero; 2], true));
    }

    #[test]
    fn a_hidden_number_that_gives_itself_away_takes_another_with_it() {
        // 15 in all is 13 to 17; 5 is at most 7 and 4 at most 4: the other few would be at least 2.
        let few = Shown::Few;
        assert_eq!(
            table(&[7, 4, 3]),
            (Shown::Rounded(15), vec![Shown::Withheld, few, few], true)
        );
    }

    #[test]
    fn an_ordinary_table_loses_nothing_more() {
        let shown = vec![Shown::Rounded(60), Shown::Rounded(40), Shown::Few];
        assert_eq!(table(&[60, 40, 3]), (Shown::Rounded(105), shown, true));
    }

    proptest! {
        #[test]
        fn no_count_from_one_to_four_ever_appears(n in 0u64..100_000) {
            let shown = Shown::new(n);
            let digits: String = shown.to_string().replace(',', "");
            match digits.parse::<u64>() {
                Ok(value) => {
                    prop_assert!(value == 0 || value >= 5);
                    prop_assert_eq!(value % 5, 0);
                    prop_assert!(value.abs_diff(n) <= 2);
                    prop_assert_eq!(value == 0, n == 0);
                }
                Err(_) => {
                    prop_assert!((1..5).contains(&n));
                    prop_assert_eq!(shown.value(), None);
                    prop_assert_eq!(shown.to_string(), "fewer than 5");
                }
            }
        }

        /// Every table that prints alike, worked through: a hidden number could always be one, two, three or four.
        #[test]
        fn nothing_hidden_can_be_worked_out(parts in prop::collection::vec(0u64..14, 2..5)) {
            let mut ledger = Ledger::default();
            let total = ledger.cell(parts.iter().sum());
            let cells: Vec<Cell> = parts.iter().map(|n| ledger.cell(*n)).collect();
            ledger.split(total, cells.clone());
            ledger.protect();
            for (place, cell) in cells.iter().enumerate() {
                if ledger.shown(*cell) != Shown::Few {
                    continue;
                }
                for value in 1..=4i64 {
                    // The others at their least and most; every sum between can be had.
                    let others = || cells.iter().enumerate().filter(|(i, _)| *i != place).map(|(_, c)| ledger.shown(*c).range());
                    let low: i64 = value + others().map(|r| r.0).sum::<i64>();
                    let high: i64 = others().fold(value, |sum, r| sum.saturating_add(r.1));
                    let (least, most) = ledger.shown(total).range();
                    prop_assert!(low <= most && least <= high, "{parts:?}: {value} cannot be");
                }
            }
        }

        #[test]
        fn the_interval_holds_the_share(whole in 4u64..2000, part in 0u64..2000) {
            if let Some(share) = Share::new(Shown::new(part), Shown::new(whole * 5)) {
                let (low, high) = share.interval();
                let rate = share.rate() * 100.0;
                prop_assert!(low as f64 <= rate + 1e-9 && rate <= high as f64 + 1e-9 && high <= 100);
            }
        }
    }
}
