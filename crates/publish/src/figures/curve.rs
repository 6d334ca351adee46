//! Shares still waiting by days waited: Kaplan-Meier steps with their bands.

use candour_inspect::{Curve, CurveLine};

use super::axis::{Axis, Scale};
use super::svg::{self, Anchor, At, Glyph, WIDTH};
use super::{Picture, SMALLEST, Table, days, list, percent};
use crate::html::Html;
use crate::numbers::{Ledger, Shown};

const TOP: f64 = 24.0;
const BOTTOM: f64 = 206.0;
const HEIGHT: f64 = 250.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = WIDTH - 8.0;
/// Days at which the table reads the curve: the windows of the tests, and between.
const READ_AT: [f64; 9] = [7.0, 14.0, 28.0, 42.0, 56.0, 84.0, 112.0, 182.0, 364.0];
/// Lines that one picture can hold apart.
const MOST: usize = 4;
/// How each is drawn, and its band.
const LOOKS: [(&str, &str); MOST] = [
    ("l-a", "band-a"),
    ("l-b", "band-b"),
    ("l-c", "band-c"),
    ("l-d", "band-c"),
];

/// A step as it may be shown: day, still waiting, low, high.
type Step = (f64, f64, f64, f64);

struct Line<'a> {
    line: &'a CurveLine,
    letter: char,
    look: (&'static str, &'static str),
    /// Empty where there are too few to draw, or nothing falls.
    steps: Vec<Step>,
    few: bool,
}

pub(super) struct View<'a> {
    curve: &'a Curve,
    lines: Vec<Line<'a>>,
    axis: Option<Axis>,
}

impl<'a> View<'a> {
    pub fn new(curve: &'a Curve) -> View<'a> {
        let lines: Vec<Line<'a>> = curve
            .lines
            .iter()
            .zip(('A'..='Z').zip(LOOKS))
            .map(|(line, (letter, look))| Line {
                line,
                letter,
                look,
                steps: Some(steps(line))
                    .filter(|s| s.len() > 1)
                    .unwrap_or_default(),
                few: line.waits < SMALLEST,
            })
            .collect();
        // Long tails of a few squeeze everything else to the left.
        let last = lines
            .iter()
            .filter_map(|l| {
                let low = l.steps.iter().find(|s| s.1 <= 0.05).or(l.steps.last());
                low.map(|s| s.0)
            })
            .fold(0.0, f64::max);
        let axis = lines
            .iter()
            .any(|l| !l.steps.is_empty())
            .then(|| Axis::holding([0.0, last], 14.0, (0.0, f64::INFINITY)))
            .flatten();
        View { curve, lines, axis }
    }

    fn drawn(&self) -> impl Iterator<Item = &Line<'a>> {
        self.lines.iter().filter(|l| !l.steps.is_empty())
    }

    fn y() -> Scale {
        Scale::new(0.0, 1.0, BOTTOM, TOP)
    }
}

/// The steps, no finer than five people or one in a hundred, while five or more are still waiting.
fn steps(line: &CurveLine) -> Vec<Step> {
    if line.waits < SMALLEST {
        return Vec::new();
    }
    let waits = Shown::new(line.waits).rank();
    let grain = (5.0 / waits as f64).max(0.01);
    let round = |v: f64| ((v / grain).round() * grain).clamp(0.0, 1.0);
    let mut steps: Vec<Step> = vec![(0.0, 1.0, 1.0, 1.0)];
    for p in &line.points {
        if ![p.day, p.waiting, p.low, p.high]
            .iter()
            .all(|v| v.is_finite())
        {
            continue;
        }
        let Some(&(day, waiting, ..)) = steps.last() else {
            continue;
        };
        let day_now = p.day.max(day);
        let now = round(p.waiting).min(waiting);
        if now < grain {
            // Fewer than five are left: what becomes of them is not shown.
            break;
        }
        let (low_now, high_now) = (round(p.low).min(now), round(p.high).max(now));
        // A band that moves alone would show a step too small to be drawn.
        if now < waiting {
            steps.push((day_now, now, low_now, high_now));
        }
    }
    steps
}

impl Line<'_> {
    /// Still waiting after so many days, if the curve reaches so far.
    fn read(&self, day: f64) -> Option<Step> {
        let last = self.steps.last()?.0;
        let reach = if self.line.points.iter().any(|p| p.day >= day) {
            day
        } else {
            last
        };
        (day <= reach)
            .then(|| self.steps.iter().rev().find(|s| s.0 <= day).copied())
            .flatten()
    }

    fn path(&self, x: Scale) -> String {
        let y = View::y();
        let mut d = String::new();
        for (place, s) in self.steps.iter().enumerate() {
            if place == 0 {
                d.push_str(&format!("M{} {}", At(x.at(s.0)), At(y.at(s.1))));
            } else if x.holds(s.0) {
                d.push_str(&format!("H{}V{}", At(x.at(s.0)), At(y.at(s.1))));
            }
        }
        d
    }

    /// Along the upper edge and back along the lower.
    fn band(&self, x: Scale) -> String {
        let y = View::y();
        let seen: Vec<&Step> = self.steps.iter().filter(|s| x.holds(s.0)).collect();
        let mut d = String::new();
        for (place, s) in seen.iter().enumerate() {
            let (x, y) = (At(x.at(s.0)), At(y.at(s.3)));
            d.push_str(&if place == 0 {
                format!("M{x} {y}")
            } else {
                format!("H{x}V{y}")
            });
        }
        for (place, s) in seen.iter().enumerate().rev() {
            let (at, y) = (At(x.at(s.0)), At(y.at(s.2)));
            if place + 1 == seen.len() {
                d.push_str(&format!("V{y}"));
            } else {
                d.push_str(&format!("V{y}H{at}"));
            }
        }
        if d.is_empty() { d } else { d + "z" }
    }

    /// Where its letter stands: on the line, each at its own height, so that two lines that run
    /// together still have letters apart.
    fn letter_at(&self, place: usize, x: Scale) -> Option<(f64, f64)> {
        let height = [0.72, 0.38, 0.55, 0.2].get(place).copied().unwrap_or(0.5);
        let step = self
            .steps
            .iter()
            .find(|s| s.1 <= height && x.holds(s.0))
            .or_else(|| self.steps.iter().rev().find(|s| x.holds(s.0)))?;
        let y = Self::between(step, &self.steps, height);
        Some((x.at(step.0).clamp(LEFT + 8.0, WIDTH - 9.0), View::y().at(y)))
    }

    /// On the upright part of a step, as near to a height as it comes.
    fn between(step: &Step, steps: &[Step], height: f64) -> f64 {
        let above = steps
            .iter()
            .rev()
            .find(|s| s.0 < step.0)
            .map_or(1.0, |s| s.1);
        height.clamp(step.1.min(above), above.max(step.1))
    }

    fn median(&self) -> String {
        let known = |v: Option<f64>| v.filter(|v| v.is_finite());
        match known(self.line.median) {
            Some(median) => match self.line.median_interval {
                Some([low, high]) if known(low).is_some() || known(high).is_some() => format!(
                    "{} (95% interval {} to {})",
                    days(median),
                    known(low).map_or("not known".to_owned(), |v| format!("{v:.0}")),
                    known(high).map_or("not known".to_owned(), |v| format!("{v:.0}")),
                ),
                _ => days(median),
            },
            None => "not reached: half or more were still waiting".to_owned(),
        }
    }

    fn half(&self) -> String {
        match self.line.median {
            Some(_) => format!("half had ended after {}", self.median()),
            None => "fewer than half had ended when the record stops".to_owned(),
        }
    }

    /// Waits, ended and open, none of which gives another away.
    fn counts(&self) -> [Shown; 3] {
        let mut ledger = Ledger::default();
        let waits = ledger.cell(self.line.waits);
        let parts = [ledger.cell(self.line.ended), ledger.cell(self.line.open)];
        ledger.split(waits, parts.to_vec());
        ledger.protect();
        let [ended, open] = parts;
        [waits, ended, open].map(|cell| ledger.shown(cell))
    }

    fn ninetieth(&self) -> String {
        match self.line.ninetieth.filter(|v| v.is_finite()) {
            Some(day) => days(day),
            None => "not reached".to_owned(),
        }
    }
}

impl Picture for View<'_> {
    fn title(&self) -> &str {
        &self.curve.title
    }

    fn measured(&self) -> String {
        "Share still waiting, by days waited".to_owned()
    }

    fn text(&self) -> String {
        let lines: Vec<String> = self
            .drawn()
            .map(|l| {
                format!(
                    "{}, {}: {} waits; {}; nine in ten: {}.",
                    l.letter,
                    l.line.label,
                    l.counts()[0],
                    l.half(),
                    l.ninetieth()
                )
            })
            .collect();
        format!(
            "Falling steps of the share still waiting. {}",
            lines.join(" ")
        )
    }

    fn nothing(&self) -> Option<String> {
        if self.axis.is_some() {
            return None;
        }
        Some(if self.lines.is_empty() {
            "There is no picture, because the returns hold no wait of this kind.".to_owned()
        } else if self.lines.iter().all(|l| l.few) {
            format!("There is no picture, because there are fewer than {SMALLEST} waits.")
        } else {
            "There is no picture, because no step is left to draw: the waits all ended at once, or none did.".to_owned()
        })
    }

    fn height(&self) -> f64 {
        HEIGHT
    }

    fn draw(&self, h: &mut Html) {
        let Some(axis) = &self.axis else { return };
        let (x, y) = (axis.scale(LEFT, RIGHT), View::y());
        for share in [0.0, 0.25, 0.5, 0.75, 1.0] {
            let at = y.at(share);
            svg::path(
                h,
                if share == 0.0 { "base" } else { "grid" },
                &format!("M0 {}H{WIDTH}", At(at)),
            );
            svg::text(h, "", (0.0, at - 4.0), Anchor::Start, &percent(share));
        }
        for day in &axis.ticks {
            let at = x.at(*day);
            svg::path(h, "base", &format!("M{} {}v5", At(at), At(BOTTOM)));
            let says = format!("{day:.0}");
            let anchor = Anchor::inside(at, says.len());
            svg::below(h, "", (at, BOTTOM), anchor, 0, &[says]);
        }
        let middle = f64::midpoint(LEFT, RIGHT);
        svg::below(h, "", (middle, BOTTOM), Anchor::Middle, 1, &["days waited"]);
        for line in self.drawn() {
            svg::path(h, line.look.1, &line.band(x));
        }
        for line in self.drawn() {
            svg::path(h, line.look.0, &line.path(x));
        }
        for (place, line) in self.drawn().enumerate() {
            if let Some(at) = line.letter_at(place, x) {
                svg::badge(h, line.letter, at);
            }
        }
    }

    fn key(&self) -> Vec<(Glyph, String)> {
        self.drawn()
            .map(|l| {
                (
                    Glyph::Letter(l.letter, l.look.0),
                    format!("{}, with its 95% band", l.line.label),
                )
            })
            .collect()
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let few: Vec<String> = self
            .lines
            .iter()
            .filter(|l| l.few)
            .map(|l| format!("“{}”", l.line.label))
            .collect();
        if !few.is_empty() && self.axis.is_some() {
            notes.push(format!(
                "Not drawn, because there are fewer than {SMALLEST} waits: {}.",
                list(&few)
            ));
        }
        if self.curve.lines.len() > MOST {
            notes.push(format!("Only the first {MOST} are shown."));
        }
        notes
    }

    fn tables(&self) -> Vec<Table> {
        let head = |label: &str| -> Vec<String> {
            std::iter::once(label.to_owned())
                .chain(self.lines.iter().map(|l| l.line.label.clone()))
                .collect()
        };
        let row = |label: &str, cell: &dyn Fn(&Line<'_>) -> String| -> Vec<String> {
            std::iter::once(label.to_owned())
                .chain(self.lines.iter().map(cell))
                .collect()
        };
        let enough = |l: &Line<'_>, says: String| {
            if l.few { "too few".to_owned() } else { says }
        };
        if self.lines.is_empty() {
            return Vec::new();
        }
        let rows = vec![
            row("Waits", &|l| l.counts()[0].to_string()),
            row("Ended", &|l| l.counts()[1].to_string()),
            row("Still open, or left for another reason", &|l| {
                l.counts()[2].to_string()
            }),
            row("Half had ended after", &|l| enough(l, l.median())),
            row("Nine in ten had ended after", &|l| enough(l, l.ninetieth())),
        ];
        let read = READ_AT
            .iter()
            .filter(|day| self.lines.iter().any(|l| l.read(**day).is_some()))
            .map(|day| {
                row(&days(*day), &|l| match l.read(*day) {
                    Some((_, waiting, low, high)) => format!(
                        "{} ({} to {})",
                        percent(waiting),
                        percent(low),
                        percent(high)
                    ),
                    None => String::new(),
                })
            })
            .collect();
        vec![
            Table {
                caption: self.curve.title.clone(),
                head: head("Waits"),
                rows,
            },
            Table {
                caption: format!(
                    "{}: share still waiting after so many days (95% interval)",
                    self.curve.title
                ),
                head: head("After"),
                rows: read,
            },
        ]
    }
}

#[cfg(test)]
mod tests {
    use candour_inspect::CurvePoint;

    use super::super::all_three;
    use super::*;

    fn line(waits: u64, points: &[(f64, f64)]) -> CurveLine {
        CurveLine {
            label: "Request to assessment".into(),
            waits,
            ended: waits * 9 / 10,
            open: waits - waits * 9 / 10,
            median: Some(30.0),
            median_interval: Some([Some(28.0), Some(33.0)]),
            ninetieth: Some(80.0),
            points: points
                .iter()
                .map(|(day, waiting)| CurvePoint {
                    day: *day,
                    waiting: *waiting,
                    low: waiting - 0.04,
                    high: waiting + 0.04,
                })
                .collect(),
        }
    }

    fn curve(lines: Vec<CurveLine>) -> Curve {
        Curve {
            id: "c",
            title: "Waits".into(),
            lines,
        }
    }

    #[test]
    fn chart_table_and_text_agree() {
        let curve = curve(vec![line(1000, &[(10.0, 0.8), (30.0, 0.5), (80.0, 0.1)])]);
        let (svg, rows, text) = all_three(&View::new(&curve));
        let row = |head: &str| rows.iter().find(|r| r[0] == head).unwrap()[1].clone();
        assert_eq!([row("Waits"), row("Ended")], ["1,000", "900"]);
        assert_eq!(
            row("Half had ended after"),
            "30 days (95% interval 28 to 33)"
        );
        assert_eq!(row("Nine in ten had ended after"), "80 days");
        assert_eq!(row("7 days"), "100% (100% to 100%)");
        assert_eq!(row("28 days"), "80% (76% to 84%)");
        assert_eq!(row("42 days"), "50% (46% to 54%)");
        assert!(
            text.contains("1,000 waits; half had ended after 30 days"),
            "{text}"
        );
        // Three steps down, each drawn across and down.
        let path = svg.split("class=\"l-a\" d=\"").nth(1).unwrap();
        assert_eq!(path.split('"').next().unwrap().matches('V').count(), 3);
        assert_eq!(svg.matches("class=\"badge\"").count(), 1);
    }

    #[test]
    fn steps_are_of_five_people_or_more() {
        // Of 50, each five are a tenth: a step of one person is not seen, and the last four not at all.
        let line = line(
            50,
            &[
                (1.0, 0.98),
                (2.0, 0.9),
                (3.0, 0.5),
                (4.0, 0.08),
                (5.0, 0.02),
            ],
        );
        let days: Vec<f64> = steps(&line).iter().map(|s| s.0).collect();
        assert_eq!(days, [0.0, 2.0, 3.0, 4.0]);
        for step in steps(&line) {
            let people: f64 = step.1 * 50.0;
            assert!(
                (people / 5.0 - (people / 5.0).round()).abs() < 1e-9,
                "{people}"
            );
        }
    }

    #[test]
    fn few_waits_are_not_drawn() {
        let curve = curve(vec![line(19, &[(3.0, 0.5)])]);
        let view = View::new(&curve);
        assert!(view.nothing().unwrap().contains("fewer than 20 waits"));
        let rows = &view.tables()[0].rows;
        assert!(
            rows.iter()
                .any(|r| r[0] == "Half had ended after" && r[1] == "too few")
        );
    }
}
