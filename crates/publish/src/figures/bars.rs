//! Counts by something that is no time, beside what was to be expected.

use candour_inspect::Bars;

use super::axis::Axis;
use super::svg::{self, Anchor, At, Glyph, WIDTH};
use super::{Picture, Table, list};
use crate::html::Html;
use crate::numbers::Shown;
use crate::words;

/// Bars that lie, each under its label.
const ROW: f64 = 48.0;
/// Labels under bars that stand may have this many letters.
const SHORT: usize = 9;
/// From this many on, bars with short labels stand.
const STANDING: usize = 7;
/// No picture holds more; the table holds all.
const MOST: usize = 40;
const TOP: f64 = 26.0;
const BOTTOM: f64 = 200.0;
const LEFT: f64 = 44.0;
/// Bars that the key names.
const NAMED: usize = 6;
/// Letters of a label and its number.
const LETTERS: usize = 38;
/// The height or length of a bar whose number is hidden.
const STUB: f64 = 7.0;

struct One<'a> {
    label: &'a str,
    count: Shown,
    expected: Option<f64>,
    marked: bool,
}

pub(super) struct View<'a> {
    bars: &'a Bars,
    all: Vec<One<'a>>,
    axis: Option<Axis>,
    stands: bool,
}

impl<'a> View<'a> {
    pub fn new(bars: &'a Bars, alarm: bool) -> View<'a> {
        let all: Vec<One<'a>> = bars
            .bars
            .iter()
            .map(|b| One {
                label: &b.label,
                count: Shown::new(b.count),
                expected: b.expected.filter(|e| e.is_finite() && *e >= 0.0),
                // A hidden number is not pointed at.
                marked: alarm && b.marked && b.count >= 5,
            })
            .collect();
        let largest = all
            .iter()
            .flat_map(|b| [b.count.value().map(|n| n as f64), b.expected])
            .flatten()
            .fold(0.0, f64::max);
        let some = all.iter().any(|b| b.count != Shown::Zero);
        View {
            axis: some
                .then(|| Axis::holding([0.0, largest], 10.0, (0.0, f64::INFINITY)))
                .flatten(),
            stands: all.len() >= STANDING && all.iter().all(|b| b.label.chars().count() <= SHORT),
            bars,
            all,
        }
    }

    fn drawn(&self) -> impl Iterator<Item = &One<'a>> {
        self.all.iter().take(MOST)
    }

    fn marked(&self) -> Vec<&One<'a>> {
        self.all.iter().filter(|b| b.marked).collect()
    }

    fn class(bar: &One<'_>) -> &'static str {
        match (bar.count.value(), bar.marked) {
            (None, _) => "bar hidden",
            (_, true) => "bar out",
            _ => "bar",
        }
    }

    fn lying(&self, h: &mut Html, axis: &Axis) {
        let x = axis.scale(1.0, WIDTH - 1.0);
        for (place, bar) in self.drawn().enumerate() {
            let y = place as f64 * ROW;
            h.lit("<text x=\"0\" y=\"")
                .num(At(y + 17.0))
                .lit("\">")
                .text(&svg::shorten(
                    bar.label,
                    LETTERS - bar.count.to_string().len(),
                ));
            h.lit(" <tspan class=\"n\">")
                .num(bar.count)
                .lit("</tspan></text>");
            let long = bar.count.value().map_or(STUB, |n| x.at(n as f64) - 1.0);
            if bar.count != Shown::Zero {
                svg::rect(h, Self::class(bar), (1.0, y + 25.0), (long, 15.0));
            }
            if let Some(expected) = bar.expected {
                let d = format!("M{} {}v21", At(x.at(expected)), At(y + 22.0));
                svg::path(h, "tick-halo", &d);
                svg::path(h, "tick", &d);
            }
        }
    }

    fn standing(&self, h: &mut Html, axis: &Axis) {
        let y = axis.scale(BOTTOM, TOP);
        for value in &axis.ticks {
            let at = y.at(*value);
            svg::path(h, "grid", &format!("M0 {}H{WIDTH}", At(at)));
            let says = super::thousands(*value as u64);
            svg::text(h, "", (0.0, at - 4.0), Anchor::Start, &says);
        }
        let bars = self.drawn().count().max(1);
        let step = (WIDTH - LEFT) / bars as f64;
        let width = (step * 0.78).max(2.0);
        // Every label that has room in a narrow picture, and those that have it in a wide one.
        let letters = self
            .drawn()
            .map(|b| b.label.chars().count())
            .max()
            .unwrap_or(1);
        let need = (letters as f64 + 1.0) * svg::LETTER;
        let (narrow, wide) = ((need / step).ceil(), (need * 0.55 / step).ceil());
        let wide = wide.max(1.0) as usize;
        let narrow = (narrow.max(1.0) as usize).next_multiple_of(wide);
        for (place, bar) in self.drawn().enumerate() {
            let middle = LEFT + (place as f64 + 0.5) * step;
            let top = bar.count.value().map_or(BOTTOM - STUB, |n| y.at(n as f64));
            if bar.count != Shown::Zero {
                let at = (middle - width / 2.0, top);
                svg::rect(h, Self::class(bar), at, (width, BOTTOM - top));
            }
            if let Some(expected) = bar.expected {
                let (from, at) = (At(middle - step * 0.46), At(y.at(expected)));
                let d = format!("M{from} {at}h{}", At(step * 0.92));
                svg::path(h, "tick-halo", &d);
                svg::path(h, "tick", &d);
            }
            let inside = middle + need / 2.0 <= WIDTH || bars < 4;
            if place % wide == 0 && inside {
                let class = if place % narrow == 0 { "" } else { "wide" };
                let anchor = Anchor::inside(middle, bar.label.chars().count());
                svg::below(h, class, (middle, BOTTOM), anchor, 0, &[bar.label]);
            }
        }
        let middle = f64::midpoint(LEFT, WIDTH);
        let name = svg::axis_name(self.bars.labels);
        svg::below(h, "", (middle, BOTTOM), Anchor::Middle, 1, &name);
    }
}

impl Picture for View<'_> {
    fn title(&self) -> &str {
        &self.bars.title
    }

    fn measured(&self) -> String {
        format!(
            "{}, by: {}",
            words::sentence(self.bars.counted),
            lower(self.bars.labels)
        )
    }

    fn text(&self) -> String {
        let bars: Vec<String> = self
            .drawn()
            .filter(|b| b.count != Shown::Zero)
            .map(|b| {
                let beside = b
                    .expected
                    .map(|e| format!(" against {} expected", expected(e)))
                    .unwrap_or_default();
                let marked = if b.marked { ", stands out" } else { "" };
                format!("{}: {}{beside}{marked}", b.label, b.count)
            })
            .collect();
        format!("Bars. {}.", bars.join(". "))
    }

    fn nothing(&self) -> Option<String> {
        self.axis.is_none().then(|| {
            format!(
                "There is no picture, because there is nothing to count: {}.",
                self.bars.counted
            )
        })
    }

    fn height(&self) -> f64 {
        if self.stands {
            let lines = svg::axis_name(self.bars.labels).len();
            BOTTOM + 27.0 + svg::LINE * lines as f64
        } else {
            ROW * self.drawn().count() as f64
        }
    }

    fn is_list(&self) -> bool {
        !self.stands
    }

    fn draw(&self, h: &mut Html) {
        let Some(axis) = &self.axis else { return };
        if self.stands {
            self.standing(h, axis);
        } else {
            self.lying(h, axis);
        }
    }

    fn key(&self) -> Vec<(Glyph, String)> {
        let mut key = Vec::new();
        if self.drawn().any(|b| b.expected.is_some()) {
            key.push((
                if self.stands {
                    Glyph::Line("tick")
                } else {
                    Glyph::Tick
                },
                "to be expected".to_owned(),
            ));
        }
        let marked = self.marked();
        if !marked.is_empty() {
            let mut names: Vec<String> = marked.iter().map(|b| b.label.to_owned()).collect();
            if names.len() > NAMED {
                let more = names.split_off(NAMED).len();
                names.push(format!("{more} more"));
            }
            key.push((
                Glyph::Area("bar out"),
                format!("stands out: {}", list(&names)),
            ));
        }
        if self.drawn().any(|b| b.count.value().is_none()) {
            key.push((Glyph::Area("bar hidden"), "fewer than 5".to_owned()));
        }
        key
    }

    fn notes(&self) -> Vec<String> {
        if self.all.len() > MOST && self.axis.is_some() {
            return vec![format!(
                "Only the first {MOST} are drawn; all are in the numbers."
            )];
        }
        Vec::new()
    }

    fn tables(&self) -> Vec<Table> {
        let expects = self.all.iter().any(|b| b.expected.is_some());
        let marks = !self.marked().is_empty();
        let mut head = vec![
            self.bars.labels.to_owned(),
            words::sentence(self.bars.counted),
        ];
        if expects {
            head.push("To be expected".to_owned());
        }
        if marks {
            head.push("Stands out".to_owned());
        }
        let rows = self
            .all
            .iter()
            .map(|b| {
                let mut row = vec![b.label.to_owned(), b.count.to_string()];
                if expects {
                    row.push(b.expected.map_or_else(String::new, expected));
                }
                if marks {
                    row.push(if b.marked { "yes" } else { "" }.to_owned());
                }
                row
            })
            .collect();
        vec![Table {
            caption: self.bars.title.clone(),
            head,
            rows,
        }]
    }
}

/// What chance gives is no count of people: it has a decimal, so that nobody takes it for one.
fn expected(value: f64) -> String {
    format!("{value:.1}")
}

fn lower(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_lowercase().collect::<String>() + letters.as_str()
    })
}

#[cfg(test)]
mod tests {
    use candour_inspect::Bar;

    use super::super::all_three;
    use super::*;

    fn bars(list: &[(&str, u64, Option<f64>, bool)]) -> Bars {
        Bars {
            id: "b",
            title: "What was left".into(),
            labels: "Support that was left",
            counted: "falls in support",
            bars: list
                .iter()
                .map(|(label, count, expected, marked)| Bar {
                    label: (*label).into(),
                    count: *count,
                    expected: *expected,
                    marked: *marked,
                })
                .collect(),
        }
    }

    #[test]
    fn chart_table_and_text_agree() {
        let bars = bars(&[
            ("Advice only", 103, Some(40.2), true),
            ("Declined", 51, Some(48.0), false),
            ("Other", 3, None, true),
            ("None", 0, None, false),
        ]);
        let (svg, rows, text) = all_three(&View::new(&bars, true));
        assert_eq!(
            rows,
            [
                ["Advice only", "105", "40.2", "yes"],
                ["Declined", "50", "48.0", ""],
                // A hidden number is not pointed at.
                ["Other", "fewer than 5", "", ""],
                ["None", "0", "", ""],
            ]
        );
        assert!(
            svg.contains("Advice only <tspan class=\"n\">105</tspan>"),
            "{svg}"
        );
        assert_eq!(svg.matches("<rect").count(), 3, "none has no bar");
        assert_eq!(svg.matches("class=\"tick\"").count(), 2);
        let long = |class: &str| -> f64 {
            let rest = svg
                .split(&format!("<rect class=\"{class}\""))
                .nth(1)
                .unwrap();
            let width = rest.split("width=\"").nth(1).unwrap();
            width.split('"').next().unwrap().parse().unwrap()
        };
        assert!(
            (long("bar out") / long("bar") - 2.1).abs() < 0.01,
            "105 beside 50"
        );
        assert_eq!(long("bar hidden"), STUB);
        assert_eq!(
            text,
            "Bars. Advice only: 105 against 40.2 expected, stands out. Declined: 50 against 48.0 expected. Other: fewer than 5."
        );
    }

    #[test]
    fn many_short_labels_stand_and_long_ones_lie() {
        let short: Vec<String> = (0..18).map(|i| format!("{}%", i * 5)).collect();
        let list: Vec<_> = short
            .iter()
            .map(|l| (l.as_str(), 20, Some(9.0), false))
            .collect();
        let standing = bars(&list);
        assert!(!View::new(&standing, true).is_list());
        let (svg, ..) = all_three(&View::new(&standing, true));
        assert_eq!(svg.matches("<rect class=\"bar\"").count(), 18);
        let few = bars(&list[..3]);
        assert!(View::new(&few, false).is_list());
    }
}
