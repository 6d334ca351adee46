//! A number month by month: an XmR chart by the rules that the NHS draws them by, with what the model
//! expects, and where a change was put.

use std::collections::BTreeSet;

use candour_inspect::{Series, Unit};

use super::axis::{self, Axis, Scale};
use super::svg::{self, Anchor, At, Glyph, Shape, WIDTH};
use super::{Picture, SMALLEST, Table, limit, list, say, tick};
use crate::html::Html;
use crate::numbers::{Share, Shown};
use crate::words;

/// Room above for the name of the change, and below for months.
const TOP: f64 = 30.0;
const BOTTOM: f64 = 196.0;
const HEIGHT: f64 = 238.0;
const RIGHT: f64 = WIDTH - 8.0;

/// Which rule marks a month. Each is told by its shape.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
enum Special {
    Outside,
    Near,
    Trend,
    OneSide,
}

impl Special {
    fn new(id: &str) -> Option<Special> {
        match id {
            "outside_limits" => Some(Special::Outside),
            "near_limit" => Some(Special::Near),
            "trend" => Some(Special::Trend),
            "one_side" => Some(Special::OneSide),
            _ => None,
        }
    }

    fn shape(self) -> Shape {
        match self {
            Special::Outside => Shape::Diamond,
            Special::Near => Shape::Square,
            Special::Trend => Shape::Up,
            Special::OneSide => Shape::Ring,
        }
    }

    fn says(self) -> &'static str {
        match self {
            Special::Outside => "outside the limits",
            Special::Near => "two of three months near a limit",
            Special::Trend => "seven months rising or falling",
            Special::OneSide => "seven months on one side",
        }
    }
}

/// What of a month may be shown.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Value {
    Drawn(f64),
    /// A count of one to four: anywhere between these.
    Few(f64, f64),
    TooFew,
    Nothing,
}

struct Point {
    /// Months since the first.
    at: f64,
    name: String,
    counted: Option<Shown>,
    of: Shown,
    value: Value,
    expected: Option<f64>,
    special: Option<Special>,
}

pub(super) struct View<'a> {
    series: &'a Series,
    points: Vec<Point>,
    /// Month of the first point, where all points name one.
    first: Option<i64>,
    last: f64,
    axis: Option<Axis>,
    /// (at, from, to) in months since the first.
    change: Option<(f64, f64, f64)>,
}

impl<'a> View<'a> {
    pub fn new(series: &'a Series) -> View<'a> {
        let months: Option<Vec<i64>> = series
            .points
            .iter()
            .map(|p| axis::month(&p.month))
            .collect();
        let first = months.as_ref().and_then(|m| m.iter().min().copied());
        let mut points: Vec<Point> = series
            .points
            .iter()
            .enumerate()
            .map(|(place, p)| {
                let month = axis::month(&p.month).zip(first);
                let value = shown(series.unit, p.count, p.of, p.value);
                let drawn = matches!(value, Value::Drawn(_));
                Point {
                    at: month.map_or(place as f64, |(m, first)| (m - first) as f64),
                    name: words::date(&p.month),
                    counted: p.count.map(Shown::new),
                    of: Shown::new(p.of),
                    value,
                    expected: p
                        .expected
                        .filter(|e| e.is_finite() && (drawn || matches!(value, Value::Few(..)))),
                    special: p.special.and_then(Special::new).filter(|_| drawn),
                }
            })
            .collect();
        points.sort_by(|a, b| a.at.total_cmp(&b.at));
        let last = points.last().map_or(0.0, |p| p.at);
        let change = series.change.as_ref().and_then(|change| {
            let first = first? as f64;
            let place = |iso: &str| axis::day(iso).map(|d| (d - first).clamp(-0.5, last + 0.5));
            let at = place(&change.at)?;
            Some((
                at,
                place(&change.from).unwrap_or(at).min(at),
                place(&change.to).unwrap_or(at).max(at),
            ))
        });
        let mut view = View {
            series,
            points,
            first,
            last,
            axis: None,
            change,
        };
        view.axis = view.range();
        view
    }

    fn range(&self) -> Option<Axis> {
        let (least, bounds) = match self.series.unit {
            // A share that moves by a point or two must not look like a landslide, nor a rare one lie flat.
            Unit::Share => {
                let usual = self
                    .drawn()
                    .map(|(_, v)| v.min(1.0 - v))
                    .fold(0.0, f64::max);
                ((usual * 0.5).clamp(0.03, 0.1), (0.0, 1.0))
            }
            Unit::PoundsAWeek => (50.0, (0.0, f64::INFINITY)),
            Unit::Days => (14.0, (0.0, f64::INFINITY)),
            Unit::People => (20.0, (0.0, f64::INFINITY)),
            Unit::Ratio => (0.5, (0.0, f64::INFINITY)),
        };
        let drawn = self.points.iter().flat_map(|p| match p.value {
            Value::Drawn(v) => [Some(v), p.expected],
            Value::Few(low, high) => [Some(low), Some(high)],
            _ => [None, None],
        });
        let limits = self
            .limits()
            .map(|(_, low, high)| [Some(low), Some(high)])
            .unwrap_or_default();
        Axis::holding(drawn.chain(limits).flatten(), least, bounds)
    }

    /// Centre, lower and upper, where all are numbers; within what the unit can be.
    fn limits(&self) -> Option<(f64, f64, f64)> {
        let limits = self.series.limits?;
        let top = if self.series.unit == Unit::Share {
            1.0
        } else {
            f64::INFINITY
        };
        let fit = |v: f64| v.is_finite().then(|| v.clamp(0.0, top));
        Some((fit(limits.centre)?, fit(limits.lower)?, fit(limits.upper)?))
    }

    fn drawn(&self) -> impl Iterator<Item = (&Point, f64)> {
        self.points.iter().filter_map(|p| match p.value {
            Value::Drawn(v) => Some((p, v)),
            _ => None,
        })
    }

    fn hidden(&self) -> bool {
        self.points
            .iter()
            .any(|p| matches!(p.value, Value::Few(..)))
    }

    fn specials(&self) -> BTreeSet<Special> {
        self.points.iter().filter_map(|p| p.special).collect()
    }

    /// Points begin to the right of the words on the gridlines.
    fn left(&self) -> f64 {
        let ticks = self.axis.iter().flat_map(|a| &a.ticks);
        let letters = ticks.map(|t| tick(self.series.unit, *t).chars().count());
        letters.max().unwrap_or(0) as f64 * svg::LETTER + 10.0
    }

    fn x(&self, at: f64) -> f64 {
        Scale::new(-0.2, self.last + 0.2, self.left(), RIGHT).at(at)
    }

    fn say(&self, value: f64) -> String {
        say(self.series.unit, value)
    }

    fn change_name(&self) -> Option<String> {
        let change = self
            .series
            .change
            .as_ref()
            .filter(|_| self.change.is_some())?;
        Some(words::date(&change.at))
    }

    /// The line through what may be drawn, broken where a month is missing.
    fn line(&self, scale: Scale) -> String {
        let mut before: Option<f64> = None;
        let mut points = Vec::new();
        for p in &self.points {
            let point = match p.value {
                Value::Drawn(v) => Some((self.x(p.at), scale.at(v))),
                _ => None,
            };
            if before.is_some_and(|b| p.at - b > 1.5) {
                points.push(None);
            }
            before = Some(p.at);
            points.push(point);
        }
        svg::broken_line(points)
    }

    fn months(&self, h: &mut Html) {
        let Some(first) = self.first else { return };
        let last = first + self.last as i64;
        let narrow = axis::named_months(first, last, 5);
        for month in axis::named_months(first, last, 9) {
            let x = self.x((month - first) as f64);
            svg::path(h, "base", &format!("M{} {}v5", At(x), At(BOTTOM)));
            let class = if narrow.contains(&month) { "" } else { "wide" };
            // The month above its year: both have room on a telephone.
            let name = axis::month_name(month);
            let lines: Vec<&str> = name.split(' ').collect();
            svg::below(h, class, (x, BOTTOM), Anchor::inside(x, 4), 0, &lines);
        }
    }

    fn change(&self, h: &mut Html) {
        let Some((at, _, _)) = self.change else {
            return;
        };
        let x = self.x(at);
        svg::path(
            h,
            "l-change",
            &format!("M{} {}V{}", At(x), At(TOP - 8.0), At(BOTTOM)),
        );
        if let Some(name) = self.change_name() {
            let anchor = Anchor::inside(x, name.len());
            svg::text(h, "change", (x, TOP - 13.0), anchor, &name);
        }
    }
}

/// What may be shown of a month, from its numbers as they may be shown.
fn shown(unit: Unit, count: Option<u64>, of: u64, value: Option<f64>) -> Value {
    let Some(value) = value.filter(|v| v.is_finite()) else {
        return if of > 0 && of < SMALLEST {
            Value::TooFew
        } else {
            Value::Nothing
        };
    };
    if unit == Unit::People {
        return match Shown::new(value.max(0.0).round() as u64) {
            Shown::Few => Value::Few(1.0, 4.0),
            shown => shown
                .value()
                .map_or(Value::Nothing, |n| Value::Drawn(n as f64)),
        };
    }
    if of < SMALLEST {
        return Value::TooFew;
    }
    if unit != Unit::Share {
        return Value::Drawn(value);
    }
    // The share of the numbers as they are printed, so that it tells no more than they do.
    let count = count.unwrap_or((value * of as f64).round().max(0.0) as u64);
    match (Shown::new(count), Shown::new(of)) {
        (Shown::Few, of) => of.value().map_or(Value::TooFew, |of| {
            Value::Few(1.0 / of as f64, 4.0 / of as f64)
        }),
        (part, whole) => {
            Share::new(part, whole).map_or(Value::TooFew, |share| Value::Drawn(share.rate()))
        }
    }
}

impl Picture for View<'_> {
    fn title(&self) -> &str {
        &self.series.title
    }

    fn measured(&self) -> String {
        let Series { counted, of, .. } = self.series;
        match self.series.unit {
            Unit::Share => format!("Share of {of} in each month: {counted}"),
            Unit::PoundsAWeek if counted.contains("pounds") => {
                format!("{}, month by month, of {of}", words::sentence(counted))
            }
            Unit::PoundsAWeek => format!(
                "{}, pounds a week, month by month, of {of}",
                words::sentence(counted)
            ),
            Unit::Days => format!("{}, in days, month by month", words::sentence(counted)),
            Unit::People => format!("{}, month by month", words::sentence(counted)),
            Unit::Ratio => format!("{}, as a ratio, month by month", words::sentence(counted)),
        }
    }

    fn text(&self) -> String {
        let mut parts = Vec::new();
        let (first, last) = (self.points.first(), self.points.last());
        if let (Some(first), Some(last)) = (first, last) {
            parts.push(format!(
                "Line over {}, {} to {}.",
                words::number(self.points.len(), "month", "months"),
                first.name,
                last.name
            ));
        }
        if let Some((centre, low, high)) = self.limits() {
            parts.push(format!(
                "Average {}, natural limits {} to {}.",
                limit(self.series.unit, centre),
                limit(self.series.unit, low),
                limit(self.series.unit, high)
            ));
        }
        let mut drawn = self.drawn();
        if let (Some((a, first)), Some((b, last))) = (drawn.next(), drawn.last()) {
            parts.push(format!(
                "It is {} in {} and {} in {}.",
                self.say(first),
                a.name,
                self.say(last),
                b.name
            ));
        }
        let by_value = |a: &(&Point, f64), b: &(&Point, f64)| a.1.total_cmp(&b.1);
        if let (Some((a, low)), Some((b, high))) =
            (self.drawn().min_by(by_value), self.drawn().max_by(by_value))
        {
            parts.push(format!(
                "Lowest {} in {}, highest {} in {}.",
                self.say(low),
                a.name,
                self.say(high),
                b.name
            ));
        }
        for special in self.specials() {
            let months: Vec<String> = self
                .points
                .iter()
                .filter(|p| p.special == Some(special))
                .map(|p| p.name.clone())
                .collect();
            parts.push(format!("Marked as {}: {}.", special.says(), list(&months)));
        }
        if let (Some(name), Some(change)) = (self.change_name(), &self.series.change) {
            parts.push(format!(
                "The change is put at {name}, between {} and {}.",
                words::date(&change.from),
                words::date(&change.to)
            ));
        }
        parts.join(" ")
    }

    fn nothing(&self) -> Option<String> {
        let drawn = self.drawn().count();
        if drawn >= 2 && self.axis.is_some() {
            return None;
        }
        Some(match (self.points.len(), drawn) {
            (0, _) => {
                "There is no picture, because the returns cover no whole month of it.".to_owned()
            }
            (_, 0) => format!(
                "There is no picture, because no month has {SMALLEST} or more {} to work it out from.",
                self.series.of
            ),
            _ => "There is no picture, because only one month has numbers large enough to show."
                .to_owned(),
        })
    }

    fn height(&self) -> f64 {
        HEIGHT
    }

    fn draw(&self, h: &mut Html) {
        let Some(axis) = &self.axis else { return };
        let scale = axis.scale(BOTTOM, TOP);
        if let Some((_, from, to)) = self.change {
            let (from, to) = (self.x(from), self.x(to));
            // One that is known to the day still has a width that can be seen.
            let width = (to - from).max(1.0);
            svg::rect(h, "b-change", (from, TOP), (width, BOTTOM - TOP));
        }
        for value in &axis.ticks {
            let y = scale.at(*value);
            svg::path(h, "grid", &format!("M0 {}H{WIDTH}", At(y)));
            svg::text(
                h,
                "",
                (0.0, y - 4.0),
                Anchor::Start,
                &tick(self.series.unit, *value),
            );
        }
        if let Some((centre, low, high)) = self.limits() {
            for (class, value) in [("l-limit", low), ("l-limit", high), ("l-centre", centre)] {
                let y = scale.at(value);
                svg::path(h, class, &format!("M{} {}H{WIDTH}", At(self.left()), At(y)));
            }
        }
        let expected = self
            .points
            .iter()
            .map(|p| p.expected.map(|e| (self.x(p.at), scale.at(e))));
        svg::path(h, "l-expect", &svg::broken_line(expected));
        self.change(h);
        svg::path(h, "l-data", &self.line(scale));
        let plain = || {
            self.drawn()
                .filter(|(p, _)| p.special.is_none())
                .map(|(p, v)| (self.x(p.at), scale.at(v)))
        };
        svg::path(h, "d-halo", &svg::dots(plain()));
        svg::path(h, "d-data", &svg::dots(plain()));
        for (p, v) in self.drawn() {
            if let Some(special) = p.special {
                let shape = special.shape();
                svg::path(h, shape.class(), &shape.path((self.x(p.at), scale.at(v))));
            }
        }
        for p in &self.points {
            if let Value::Few(low, high) = p.value {
                let (x, low, high) = (self.x(p.at), scale.at(low), scale.at(high));
                let d = format!("M{} {}h6m-3 0V{}m-3 0h6", At(x - 3.0), At(low), At(high));
                svg::path(h, "few", &d);
            }
        }
        self.months(h);
    }

    fn key(&self) -> Vec<(Glyph, String)> {
        let mut key = vec![(Glyph::Dotted, "each month".to_owned())];
        if let Some((centre, low, high)) = self.limits() {
            key.push((
                Glyph::Line("l-centre"),
                format!("average, {}", limit(self.series.unit, centre)),
            ));
            key.push((
                Glyph::Line("l-limit"),
                format!(
                    "natural limits, {} to {}: ordinary months stay within them",
                    limit(self.series.unit, low),
                    limit(self.series.unit, high)
                ),
            ));
        }
        if self.points.iter().any(|p| p.expected.is_some()) {
            key.push((
                Glyph::Line("l-expect"),
                "expected of the people of that month, had nothing changed".to_owned(),
            ));
        }
        if let (Some(name), Some(change)) = (self.change_name(), &self.series.change) {
            key.push((
                Glyph::Line("l-change"),
                format!("the change is put at {name}"),
            ));
            key.push((
                Glyph::Area("b-change"),
                format!(
                    "between {} and {} (95% interval)",
                    words::date(&change.from),
                    words::date(&change.to)
                ),
            ));
        }
        for special in self.specials() {
            key.push((Glyph::Shape(special.shape()), special.says().to_owned()));
        }
        if self.hidden() {
            key.push((Glyph::Few, "fewer than 5: somewhere here".to_owned()));
        }
        key
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.nothing().is_none() {
            if self.axis.as_ref().is_some_and(|a| a.low > 0.0) {
                notes.push("The upright scale does not begin at 0.".to_owned());
            }
            if self.points.iter().any(|p| p.value == Value::TooFew) {
                notes.push(format!("Months with fewer than {SMALLEST} are left out."));
            }
        }
        notes
    }

    fn tables(&self) -> Vec<Table> {
        let unit = self.series.unit;
        let expects = self.points.iter().any(|p| p.expected.is_some());
        let marks = !self.specials().is_empty();
        let mut head = vec!["Month".to_owned()];
        if unit == Unit::Share {
            head.push(words::sentence(self.series.counted));
        }
        if unit != Unit::People {
            head.push(words::sentence(self.series.of));
        }
        head.push(match unit {
            Unit::Share => "Share".to_owned(),
            _ => words::sentence(self.series.counted),
        });
        if expects {
            head.push("Expected".to_owned());
        }
        if marks {
            head.push("Marked".to_owned());
        }
        let rows = self
            .points
            .iter()
            .map(|p| {
                let mut row = vec![p.name.clone()];
                if unit == Unit::Share {
                    row.push(p.counted.map_or_else(String::new, |n| n.to_string()));
                }
                if unit != Unit::People {
                    row.push(p.of.to_string());
                }
                row.push(match p.value {
                    Value::Drawn(v) => self.say(v),
                    Value::Few(..) if unit == Unit::People => Shown::Few.to_string(),
                    Value::Few(..) => "not shown".to_owned(),
                    Value::TooFew => "too few".to_owned(),
                    Value::Nothing => "none".to_owned(),
                });
                if expects {
                    row.push(p.expected.map_or_else(String::new, |e| self.say(e)));
                }
                if marks {
                    row.push(p.special.map_or_else(String::new, |s| s.says().to_owned()));
                }
                row
            })
            .collect();
        vec![Table {
            caption: self.series.title.clone(),
            head,
            rows,
        }]
    }
}

#[cfg(test)]
mod tests {
    use candour_inspect::{ChangeMark, Limits, SeriesPoint};

    use super::super::{all_three, dots_of};
    use super::*;

    fn series(points: &[(u64, u64, Option<&'static str>)]) -> Series {
        Series {
            id: "s",
            title: "Eligible".into(),
            unit: Unit::Share,
            counted: "found eligible",
            of: "needs assessments",
            points: points
                .iter()
                .enumerate()
                .map(|(m, (count, of, special))| SeriesPoint {
                    month: format!("2025-{:02}", m + 1),
                    count: Some(*count),
                    of: *of,
                    value: (*of > 0).then(|| *count as f64 / *of as f64),
                    expected: Some(0.7),
                    special: *special,
                })
                .collect(),
            limits: Some(Limits {
                centre: 0.7,
                lower: 0.6,
                upper: 0.8,
            }),
            change: Some(ChangeMark {
                at: "2025-03-16".into(),
                from: "2025-02-16".into(),
                to: "2025-04-16".into(),
            }),
        }
    }

    #[test]
    fn chart_table_and_text_agree() {
        let series = series(&[
            (141, 198, None),
            (160, 201, None),
            (110, 203, Some("outside_limits")),
            (3, 150, None),
            (9, 12, None),
            (0, 0, None),
        ]);
        let (svg, rows, text) = all_three(&View::new(&series));
        let column = |i: usize| rows.iter().map(|r| r[i].as_str()).collect::<Vec<_>>();
        assert_eq!(column(1), ["140", "160", "110", "fewer than 5", "10", "0"]);
        assert_eq!(column(2), ["200", "200", "205", "150", "10", "0"]);
        assert_eq!(
            column(3),
            ["70%", "80%", "54%", "not shown", "too few", "none"]
        );
        assert_eq!(column(5)[2], "outside the limits");
        // Two plain months, one marked, one that is hidden; the rest is not drawn.
        let dots = dots_of(&svg);
        assert_eq!(dots.len(), 2);
        assert!(dots[1].1 < dots[0].1, "80% lies above 70%");
        assert_eq!(svg.matches("class=\"mark\"").count(), 1);
        assert_eq!(svg.matches("class=\"few\"").count(), 1);
        for says in [
            "It is 70% in January 2025 and 54% in March 2025.",
            "Lowest 54% in March 2025, highest 80% in February 2025.",
            "Average 70%, natural limits 60% to 80%.",
            "Marked as outside the limits: March 2025.",
            "The change is put at 16 March 2025, between 16 February 2025 and 16 April 2025.",
        ] {
            assert!(text.contains(says), "{text}");
        }
    }

    #[test]
    fn a_change_lies_on_its_month() {
        let series = series(&[(140, 200, None); 6]);
        let view = View::new(&series);
        // The middle of March is where March is drawn.
        assert_eq!(view.change.unwrap(), (2.0, 1.0, 3.0));
        let (svg, ..) = all_three(&view);
        let x = dots_of(&svg)[2].0;
        assert!(
            svg.contains(&format!("<path class=\"l-change\" d=\"M{} ", At(x))),
            "{svg}"
        );
    }

    #[test]
    fn a_missing_month_breaks_the_line() {
        let mut series = series(&[(140, 200, None); 6]);
        series.points.remove(3);
        let view = View::new(&series);
        let scale = view.axis.as_ref().unwrap().scale(BOTTOM, TOP);
        assert_eq!(view.line(scale).matches('M').count(), 2);
    }

    #[test]
    fn a_share_is_drawn_from_what_is_printed() {
        // 203 of 298 is printed as 205 of 300.
        assert_eq!(
            shown(Unit::Share, Some(203), 298, Some(203.0 / 298.0)),
            Value::Drawn(205.0 / 300.0)
        );
        assert_eq!(
            shown(Unit::Share, Some(4), 100, Some(0.04)),
            Value::Few(0.01, 0.04)
        );
        assert_eq!(shown(Unit::Share, Some(4), 19, Some(0.2)), Value::TooFew);
        assert_eq!(
            shown(Unit::PoundsAWeek, None, 19, Some(300.0)),
            Value::TooFew
        );
        assert_eq!(
            shown(Unit::People, None, 0, Some(3.0)),
            Value::Few(1.0, 4.0)
        );
        assert_eq!(shown(Unit::Share, None, 0, None), Value::Nothing);
        assert_eq!(shown(Unit::Days, None, 50, Some(f64::NAN)), Value::Nothing);
    }
}
