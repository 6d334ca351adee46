//! Groups beside everybody, adjusted: a forest of ratios on a scale on which twice lies as far from
//! "the same" as half does.

use std::collections::BTreeSet;

use candour_inspect::{Ratio, Ratios};

use super::axis::Scale;
use super::svg::{self, Anchor, At, Glyph, Shape, WIDTH};
use super::{Picture, SMALLEST, Table};
use crate::html::Html;
use crate::numbers::Shown;
use crate::words;

/// Rows that one picture holds; the table holds all.
const MOST: usize = 16;
const ROW: f64 = 46.0;
const HEADING: f64 = 32.0;
const FOOT: f64 = 30.0;
/// Letters of a group's name beside its ratio.
const LETTERS: usize = 34;
/// Ratios beyond these lie on the edge.
const WIDEST: f64 = 8.0;

/// A ratio that may be shown.
struct Row<'a> {
    ratio: &'a Ratio,
    group: String,
    count: Shown,
    of: Shown,
    /// (ratio, low, high), unless a number behind it is hidden.
    value: Option<(f64, f64, f64)>,
}

impl Row<'_> {
    fn clear(&self) -> bool {
        self.ratio.clear && self.value.is_some()
    }

    fn numbers(&self) -> String {
        self.value
            .map_or("not shown".to_owned(), |(ratio, low, high)| {
                format!("{ratio:.2} ({low:.2} to {high:.2})")
            })
    }
}

pub(super) struct View<'a> {
    ratios: &'a Ratios,
    /// In the order given.
    rows: Vec<Row<'a>>,
    /// Those drawn, by place in `rows`, under their headings.
    drawn: BTreeSet<usize>,
    left_out: usize,
    x: Scale,
    widest: f64,
}

impl<'a> View<'a> {
    pub fn new(ratios: &'a Ratios) -> View<'a> {
        let rows: Vec<Row<'a>> = ratios
            .rows
            .iter()
            .filter(|r| r.of >= SMALLEST)
            .map(|r| {
                let count = Shown::new(r.count);
                let values = [r.ratio, r.low, r.high];
                let numbers = values.iter().all(|v| v.is_finite() && *v >= 0.0) && r.ratio > 0.0;
                Row {
                    ratio: r,
                    group: group(r),
                    count,
                    of: Shown::new(r.of),
                    value: (numbers && count.value().is_some_and(|n| n > 0)).then_some((
                        r.ratio,
                        r.low.min(r.ratio),
                        r.high.max(r.ratio),
                    )),
                }
            })
            .collect();
        let can: Vec<usize> = (0..rows.len())
            .filter(|i| rows.get(*i).is_some_and(|r| r.value.is_some()))
            .collect();
        let is_clear = |i: &usize| rows.get(*i).is_some_and(Row::clear);
        // Where one group is clear, the others of its kind stand beside it, the largest first; where none is,
        // a picture would be one of chance.
        let kind = |i: &usize| rows.get(*i).map(|r| (&r.ratio.rate, r.ratio.dimension));
        let kinds: Vec<_> = can.iter().filter(|i| is_clear(i)).map(kind).collect();
        let mut order: Vec<usize> = can
            .iter()
            .filter(|i| kinds.contains(&kind(i)))
            .copied()
            .collect();
        order.sort_by_key(|i| {
            let of = rows.get(*i).map_or(0, |r| r.ratio.of);
            (!is_clear(i), std::cmp::Reverse(of))
        });
        let drawn: BTreeSet<usize> = order.into_iter().take(MOST).collect();
        let reach = drawn
            .iter()
            .filter_map(|i| rows.get(*i)?.value)
            .flat_map(|(_, low, high)| [1.0 / low.max(1e-9), high])
            .fold(1.5, f64::max);
        let widest = (reach * 1.05).min(WIDEST);
        View {
            left_out: ratios.rows.len() - rows.len(),
            ratios,
            rows,
            drawn,
            x: Scale::new(-widest.ln(), widest.ln(), 2.0, WIDTH - 2.0),
            widest,
        }
    }

    fn lines(&self) -> impl Iterator<Item = &Row<'a>> {
        self.drawn.iter().filter_map(|i| self.rows.get(*i))
    }

    fn at(&self, ratio: f64) -> f64 {
        self.x.at(ratio.max(1e-9).ln())
    }

    /// Whether the figure is of one rate, which its title names.
    fn one_rate(&self) -> bool {
        let mut rates = self.ratios.rows.iter().map(|r| &r.rate);
        let first = rates.next();
        rates.all(|rate| Some(rate) == first)
    }

    /// Runs of rows under one rate and dimension.
    fn headings(&self) -> usize {
        let mut before = None;
        self.lines()
            .filter(|row| {
                let now = (&row.ratio.rate, row.ratio.dimension);
                before.replace(now) != Some(now)
            })
            .count()
    }

    /// Ratios named along the foot.
    fn ticks(&self) -> Vec<(f64, &'static str)> {
        const WIDE: [(f64, &str); 5] = [
            (0.25, "¼"),
            (0.5, "½"),
            (1.0, "the same"),
            (2.0, "twice"),
            (4.0, "4 times"),
        ];
        const NARROW: [(f64, &str); 3] = [(0.75, "¾"), (1.0, "the same"), (4.0 / 3.0, "1⅓")];
        // Where the scale is widest, not every name has room.
        const WIDEST_APART: [(f64, &str); 3] = [(0.25, "¼"), (1.0, "the same"), (4.0, "4 times")];
        let ticks: &[(f64, &str)] = if self.widest > 5.5 {
            &WIDEST_APART
        } else if self.widest < 2.2 {
            &NARROW
        } else {
            &WIDE
        };
        ticks
            .iter()
            .filter(|(at, _)| *at <= self.widest && 1.0 / at <= self.widest)
            .copied()
            .collect()
    }

    fn row(&self, h: &mut Html, row: &Row<'_>, top: f64) {
        let Some((ratio, low, high)) = row.value else {
            return;
        };
        svg::text(
            h,
            "",
            (0.0, top + 17.0),
            Anchor::Start,
            &svg::shorten(&row.group, LETTERS),
        );
        svg::text(
            h,
            "n",
            (WIDTH, top + 17.0),
            Anchor::End,
            &format!("{ratio:.2}"),
        );
        let y = top + 32.0;
        let class = if row.clear() {
            "l-interval clear"
        } else {
            "l-interval"
        };
        svg::path(
            h,
            class,
            &format!("M{} {}H{}", At(self.at(low)), At(y), At(self.at(high))),
        );
        let shape = if row.clear() {
            Shape::Diamond
        } else {
            Shape::Ring
        };
        svg::path(h, shape.class(), &shape.path((self.at(ratio), y)));
    }
}

/// The group as it is called on a page.
fn group(ratio: &Ratio) -> String {
    match (ratio.dimension, ratio.group.as_str()) {
        (_, "unknown") => "Not recorded".to_owned(),
        ("age_band", band) if band.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("Aged {band}")
        }
        (_, group) => words::sentence(group),
    }
}

/// A dimension as it is called on a page.
fn dimension(id: &str) -> String {
    match id {
        "age_band" => "age band".to_owned(),
        "support_reason" => "main reason for support".to_owned(),
        "district" => "postcode district".to_owned(),
        other => other.replace('_', " "),
    }
}

impl Picture for View<'_> {
    fn title(&self) -> &str {
        &self.ratios.title
    }

    fn measured(&self) -> String {
        "Each group beside what everybody’s rate would give for the same kinds of people. 1 is the same; lines are 95% intervals".to_owned()
    }

    fn text(&self) -> String {
        let clear: Vec<String> = self
            .rows
            .iter()
            .filter(|r| r.clear())
            .map(|r| format!("{}, {}: {}", r.group, r.ratio.rate, r.numbers()))
            .collect();
        let all = words::number(self.rows.len(), "comparison", "comparisons");
        if clear.is_empty() {
            format!(
                "{} of groups with everybody. None is clear of 1.",
                words::sentence(&all)
            )
        } else {
            format!(
                "{} of groups with everybody. Clear of 1: {}.",
                words::sentence(&all),
                clear.join("; ")
            )
        }
    }

    fn nothing(&self) -> Option<String> {
        if !self.drawn.is_empty() {
            return None;
        }
        let compared = self.rows.iter().filter(|r| r.value.is_some()).count();
        Some(if compared > 0 {
            format!(
                "Of {} none stands clear of chance, so none is drawn. All are in the numbers.",
                words::number(compared, "comparison", "comparisons")
            )
        } else {
            format!(
                "There is no picture, because no group has numbers large enough to compare: {SMALLEST} or more, 5 or more of them counted."
            )
        })
    }

    fn height(&self) -> f64 {
        self.lines().count() as f64 * ROW + self.headings() as f64 * HEADING + FOOT
    }

    fn is_list(&self) -> bool {
        true
    }

    fn draw(&self, h: &mut Html) {
        let foot = self.height() - FOOT;
        let mut top = 0.0;
        let mut before = None;
        let mut places = Vec::new();
        for row in self.lines() {
            let now = (&row.ratio.rate, row.ratio.dimension);
            if before.replace(now) != Some(now) {
                let by = dimension(row.ratio.dimension);
                let says = if self.one_rate() {
                    format!("By {by}")
                } else {
                    format!("{}, by {by}", words::sentence(&row.ratio.rate))
                };
                svg::text(
                    h,
                    "name",
                    (0.0, top + 21.0),
                    Anchor::Start,
                    &svg::shorten(&says, 40),
                );
                top += HEADING;
            }
            places.push((row, top));
            top += ROW;
        }
        // Upright lines are broken where words stand.
        let upright = |ratio: f64| -> String {
            let x = At(self.at(ratio));
            places
                .iter()
                .map(|(_, top)| format!("M{x} {}v22", At(top + 22.0)))
                .collect()
        };
        for (ratio, says) in self.ticks() {
            let class = if ratio == 1.0 { "base" } else { "grid" };
            svg::path(h, class, &upright(ratio));
            let x = self.at(ratio);
            let anchor = Anchor::inside(x, says.chars().count());
            svg::text(h, "", (x, foot + 20.0), anchor, says);
        }
        for (row, top) in &places {
            self.row(h, row, *top);
        }
    }

    fn key(&self) -> Vec<(Glyph, String)> {
        let mut key = Vec::new();
        if self.lines().any(Row::clear) {
            key.push((
                Glyph::Interval(Shape::Diamond),
                "clear of 1 after all the comparisons that were made".to_owned(),
            ));
        }
        if self.lines().any(|r| !r.clear()) {
            key.push((
                Glyph::Interval(Shape::Ring),
                "not clear: could be chance".to_owned(),
            ));
        }
        key
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let shown = self.rows.iter().filter(|r| r.value.is_some()).count();
        if shown > self.drawn.len() && !self.drawn.is_empty() {
            notes.push(format!(
                "Drawn: {} of {shown} comparisons, namely those clear of 1 and the largest others of the same kind. All are in the numbers.",
                self.drawn.len()
            ));
        }
        if self.left_out > 0 && !self.drawn.is_empty() {
            notes.push(format!("Groups of fewer than {SMALLEST} are left out."));
        }
        notes
    }

    fn tables(&self) -> Vec<Table> {
        let rows = self
            .rows
            .iter()
            .map(|r| {
                vec![
                    if self.one_rate() {
                        let by = words::sentence(&dimension(r.ratio.dimension));
                        format!("{by}: {}", r.group)
                    } else {
                        format!("{}: {}", words::sentence(&r.ratio.rate), r.group)
                    },
                    r.count.to_string(),
                    r.of.to_string(),
                    r.numbers(),
                    if r.clear() { "yes" } else { "no" }.to_owned(),
                ]
            })
            .collect();
        vec![Table {
            caption: self.ratios.title.clone(),
            head: [
                "Group",
                "Counted",
                "Of",
                "Ratio (95% interval)",
                "Clear of 1",
            ]
            .map(str::to_owned)
            .to_vec(),
            rows,
        }]
    }
}

#[cfg(test)]
mod tests {
    use super::super::all_three;
    use super::*;

    fn ratio(group: &str, count: u64, of: u64, ratio: f64, clear: bool) -> Ratio {
        Ratio {
            rate: "falls in support".into(),
            dimension: "ethnic_group",
            group: group.into(),
            count,
            of,
            ratio,
            low: ratio / 1.25,
            high: ratio * 1.25,
            clear,
        }
    }

    fn ratios(rows: Vec<Ratio>) -> Ratios {
        Ratios {
            id: "r",
            title: "Who".into(),
            rows,
        }
    }

    #[test]
    fn chart_table_and_text_agree() {
        let ratios = ratios(vec![
            ratio("white", 412, 1620, 0.98, false),
            ratio("mixed", 30, 60, 2.0, true),
            ratio("other", 3, 40, 0.3, true),
            ratio("unknown", 12, 18, 1.4, true),
        ]);
        let view = View::new(&ratios);
        let (svg, rows, text) = all_three(&view);
        assert_eq!(
            rows,
            [
                [
                    "Ethnic group: White",
                    "410",
                    "1,620",
                    "0.98 (0.78 to 1.23)",
                    "no"
                ],
                [
                    "Ethnic group: Mixed",
                    "30",
                    "60",
                    "2.00 (1.60 to 2.50)",
                    "yes"
                ],
                [
                    "Ethnic group: Other",
                    "fewer than 5",
                    "40",
                    "not shown",
                    "no"
                ],
            ]
        );
        assert_eq!(svg.matches("class=\"l-interval\"").count(), 1);
        assert_eq!(svg.matches("class=\"l-interval clear\"").count(), 1);
        assert!(!svg.contains("Other") && svg.contains("By ethnic group"));
        assert_eq!(
            text,
            "Three comparisons of groups with everybody. Clear of 1: Mixed, falls in support: 2.00 (1.60 to 2.50)."
        );
        // Twice lies as far from "the same" as half does.
        let far = view.at(2.0) - view.at(1.0);
        assert!((view.at(1.0) - view.at(0.5) - far).abs() < 1e-9);
    }

    #[test]
    fn chance_alone_is_not_drawn() {
        let ratios = ratios(vec![
            ratio("white", 412, 1620, 0.98, false),
            ratio("mixed", 30, 60, 2.0, false),
        ]);
        let view = View::new(&ratios);
        assert_eq!(
            view.nothing().unwrap(),
            "Of two comparisons none stands clear of chance, so none is drawn. All are in the numbers."
        );
        assert_eq!(view.tables()[0].rows.len(), 2);
    }

    #[test]
    fn of_many_the_clear_and_the_largest_are_drawn() {
        let mut rows: Vec<Ratio> = (0..40)
            .map(|i| ratio(&format!("g{i}"), 20 + i, 100 + i, 1.1, false))
            .collect();
        rows[2].clear = true;
        let ratios = ratios(rows);
        let view = View::new(&ratios);
        assert_eq!(view.drawn.len(), MOST);
        assert!(view.drawn.contains(&2) && view.drawn.contains(&39) && !view.drawn.contains(&3));
        assert!(view.notes()[0].starts_with("Drawn: 16 of 40 comparisons"));
        assert_eq!(view.tables()[0].rows.len(), 40);
    }
}
