//! Places by size: a funnel. Outside it is what chance and ordinary variation seldom do.

use candour_inspect::Funnel;

use super::axis::{Axis, Scale};
use super::svg::{self, Anchor, At, Glyph, LETTER, Shape, WIDTH};
use super::{Picture, SMALLEST, Table, list, percent, tick};
use crate::html::Html;
use crate::numbers::{Share, Shown};
use crate::words;

const TOP: f64 = 20.0;
const BOTTOM: f64 = 216.0;
const HEIGHT: f64 = 264.0;
const LEFT: f64 = 52.0;
const RIGHT: f64 = WIDTH - 10.0;
/// Letters of a name beside a mark.
const LETTERS: usize = 14;
/// The limits are drawn through no more points than these.
const STEPS: usize = 48;

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Side {
    Above,
    Below,
}

impl Side {
    fn shape(self) -> Shape {
        match self {
            Side::Above => Shape::Up,
            Side::Below => Shape::Down,
        }
    }

    fn says(self) -> &'static str {
        match self {
            Side::Above => "above the 99.8% limit",
            Side::Below => "below the 99.8% limit",
        }
    }
}

struct Point<'a> {
    group: &'a str,
    count: Shown,
    of: Shown,
    /// `None` where the count is hidden.
    share: Option<Share>,
    side: Option<Side>,
}

pub(super) struct View<'a> {
    funnel: &'a Funnel,
    /// Those outside first, then the largest.
    points: Vec<Point<'a>>,
    left_out: usize,
    axes: Option<(Axis, Axis)>,
}

impl<'a> View<'a> {
    pub fn new(funnel: &'a Funnel) -> View<'a> {
        let mut points: Vec<Point<'a>> = funnel
            .points
            .iter()
            .filter(|p| p.of >= SMALLEST)
            .map(|p| {
                let (count, of) = (Shown::new(p.count), Shown::new(p.of));
                let share = Share::new(count, of);
                Point {
                    group: &p.group,
                    count,
                    of,
                    share,
                    side: match p.outside {
                        Some("above") => Some(Side::Above),
                        Some("below") => Some(Side::Below),
                        _ => None,
                    }
                    .filter(|_| share.is_some()),
                }
            })
            .collect();
        points.sort_by(|a, b| {
            (a.side.is_none(), std::cmp::Reverse(a.of.rank()), a.group).cmp(&(
                b.side.is_none(),
                std::cmp::Reverse(b.of.rank()),
                b.group,
            ))
        });
        let drawn = || {
            points
                .iter()
                .filter_map(|p| Some((p.of.value()?, p.share?)))
        };
        let largest = drawn().map(|(of, _)| of as f64).fold(0.0, f64::max);
        let x = Axis::holding([0.0, largest], 20.0, (0.0, f64::INFINITY));
        let rates = drawn().map(|(_, share)| share.rate());
        let y = Axis::holding(rates.chain([funnel.centre]), 0.2, (0.0, 1.0));
        let axes = drawn().next().is_some().then(|| x.zip(y)).flatten();
        View {
            left_out: funnel.points.len() - points.len(),
            funnel,
            points,
            axes,
        }
    }

    fn drawn(&self) -> impl Iterator<Item = (&Point<'a>, f64, f64)> {
        self.points
            .iter()
            .filter_map(|p| Some((p, p.of.value()? as f64, p.share?.rate())))
    }

    fn hidden(&self) -> usize {
        self.points.iter().filter(|p| p.share.is_none()).count()
    }

    fn outside(&self, side: Side) -> Vec<String> {
        self.points
            .iter()
            .filter(|p| p.side == Some(side))
            .map(|p| p.group.to_owned())
            .collect()
    }

    /// One edge of the funnel, where it lies inside the picture.
    fn edge(
        &self,
        x: Scale,
        y: Scale,
        edge: impl Fn(&candour_inspect::FunnelLimit) -> f64,
    ) -> String {
        let every = self.funnel.limits.len().div_ceil(STEPS).max(1);
        let last = self.funnel.limits.len().saturating_sub(1);
        let points = self
            .funnel
            .limits
            .iter()
            .enumerate()
            .filter(|(place, _)| place % every == 0 || *place == last)
            .map(|(_, limit)| {
                let rate = edge(limit);
                let seen = limit.of.is_finite() && x.holds(limit.of) && y.holds(rate);
                seen.then(|| (x.at(limit.of), y.at(rate)))
            });
        svg::broken_line(points)
    }

    /// Names beside the marks, moved up or down until none covers another; one that finds no room
    /// is in the table only.
    fn names(&self, h: &mut Html, x: Scale, y: Scale) {
        let mut taken: Vec<(f64, f64, f64, f64)> = self
            .drawn()
            .filter(|(p, ..)| p.side.is_some())
            .map(|(_, of, rate)| {
                (
                    x.at(of) - 8.0,
                    y.at(rate) - 8.0,
                    x.at(of) + 8.0,
                    y.at(rate) + 8.0,
                )
            })
            .collect();
        for (p, of, rate) in self.drawn().filter(|(p, ..)| p.side.is_some()) {
            let name = svg::shorten(p.group, LETTERS);
            let width = name.chars().count() as f64 * LETTER + 2.0;
            let (px, py) = (x.at(of), y.at(rate));
            let outward = if p.side == Some(Side::Above) {
                -1.0
            } else {
                1.0
            };
            let places = [
                (px + 11.0, py + 5.5),
                (px - 11.0 - width, py + 5.5),
                (px - width / 2.0, py + 5.5 + outward * (svg::LINE + 1.0)),
                (px + 11.0, py + 5.5 + outward * 12.0),
                (px - 11.0 - width, py + 5.5 + outward * 12.0),
                (px - width / 2.0, py + 5.5 - outward * (svg::LINE + 3.0)),
            ];
            let free = places.into_iter().find(|(left, base)| {
                let (right, top) = (left + width, base - 13.0);
                *left >= 0.0
                    && right <= WIDTH
                    && top >= 0.0
                    && *base <= BOTTOM
                    && taken
                        .iter()
                        .all(|t| right <= t.0 || *left >= t.2 || *base <= t.1 || top >= t.3)
            });
            if let Some((left, base)) = free {
                taken.push((left, base - 13.0, left + width, base + 3.0));
                // Anchored on the side of its mark, where smaller letters stay beside it.
                if left > px {
                    svg::text(h, "name", (left, base), Anchor::Start, &name);
                } else if left + width < px {
                    svg::text(h, "name", (left + width, base), Anchor::End, &name);
                } else {
                    svg::text(h, "name", (px, base), Anchor::Middle, &name);
                }
            }
        }
    }
}

impl Picture for View<'_> {
    fn title(&self) -> &str {
        &self.funnel.title
    }

    fn measured(&self) -> String {
        let Funnel { counted, of, .. } = self.funnel;
        format!(
            "Each dot is a place. Upward: share of {of}, {counted}. To the right: how many {of}"
        )
    }

    fn text(&self) -> String {
        let mut parts = vec![format!(
            "{} by size, about an average of {}.",
            words::sentence(&words::number(self.drawn().count(), "place", "places")),
            percent(self.funnel.centre)
        )];
        let mut none = true;
        for side in [Side::Above, Side::Below] {
            let names = self.outside(side);
            if !names.is_empty() {
                parts.push(format!(
                    "{}: {}.",
                    words::sentence(side.says()),
                    list(&names)
                ));
                none = false;
            }
        }
        if none {
            parts.push("None is outside the 99.8% limits.".to_owned());
        }
        parts.join(" ")
    }

    fn nothing(&self) -> Option<String> {
        if self.axes.is_some() {
            return None;
        }
        Some(if self.funnel.points.is_empty() {
            "There is no picture, because the returns name no place.".to_owned()
        } else {
            format!(
                "There is no picture, because no place has numbers large enough to show: {SMALLEST} or more {}.",
                self.funnel.of
            )
        })
    }

    fn height(&self) -> f64 {
        let lines = svg::axis_name(self.funnel.of).len();
        HEIGHT + svg::LINE * lines.saturating_sub(1) as f64
    }

    fn draw(&self, h: &mut Html) {
        let Some((across, upward)) = &self.axes else {
            return;
        };
        let (x, y) = (across.scale(LEFT, RIGHT), upward.scale(BOTTOM, TOP));
        for rate in &upward.ticks {
            let at = y.at(*rate);
            svg::path(h, "grid", &format!("M0 {}H{WIDTH}", At(at)));
            let says = tick(candour_inspect::Unit::Share, *rate);
            svg::text(h, "", (0.0, at - 4.0), Anchor::Start, &says);
        }
        for of in &across.ticks {
            let at = x.at(*of);
            svg::path(h, "base", &format!("M{} {}v5", At(at), At(BOTTOM)));
            let says = super::thousands(*of as u64);
            let anchor = Anchor::inside(at, says.len());
            svg::below(h, "", (at, BOTTOM), anchor, 0, &[says]);
        }
        let middle = f64::midpoint(LEFT, RIGHT);
        let name = svg::axis_name(self.funnel.of);
        svg::below(h, "", (middle, BOTTOM), Anchor::Middle, 1, &name);
        let centre = self.funnel.centre;
        if centre.is_finite() && y.holds(centre) {
            let at = At(y.at(centre));
            svg::path(h, "l-centre", &format!("M{LEFT} {at}H{WIDTH}"));
        }
        svg::path(h, "l-limit", &self.edge(x, y, |l| l.low95));
        svg::path(h, "l-limit", &self.edge(x, y, |l| l.high95));
        svg::path(h, "l-outer", &self.edge(x, y, |l| l.low998));
        svg::path(h, "l-outer", &self.edge(x, y, |l| l.high998));
        let plain = || {
            self.drawn()
                .filter(|(p, ..)| p.side.is_none())
                .map(|(_, of, rate)| (x.at(of), y.at(rate)))
        };
        svg::path(h, "d-halo", &svg::dots(plain()));
        svg::path(h, "d-data", &svg::dots(plain()));
        for (p, of, rate) in self.drawn() {
            if let Some(side) = p.side {
                let shape = side.shape();
                svg::path(h, shape.class(), &shape.path((x.at(of), y.at(rate))));
            }
        }
        self.names(h, x, y);
    }

    fn key(&self) -> Vec<(Glyph, String)> {
        let mut key = vec![(Glyph::Dot, "a place".to_owned())];
        if self.funnel.centre.is_finite() {
            let average = format!("average, {}", percent(self.funnel.centre));
            key.push((Glyph::Line("l-centre"), average));
        }
        if !self.funnel.limits.is_empty() {
            key.push((
                Glyph::Line("l-limit"),
                "95% limits: 1 in 20 is outside by chance".to_owned(),
            ));
            key.push((
                Glyph::Line("l-outer"),
                "99.8% limits: 1 in 500 is".to_owned(),
            ));
        }
        for side in [Side::Above, Side::Below] {
            if !self.outside(side).is_empty() {
                key.push((Glyph::Shape(side.shape()), side.says().to_owned()));
            }
        }
        key
    }

    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        if self.left_out > 0 && self.axes.is_some() {
            notes.push(format!(
                "Left out: {} with fewer than {SMALLEST} {}.",
                words::number(self.left_out, "place", "places"),
                self.funnel.of
            ));
        }
        if self.hidden() > 0 && self.axes.is_some() {
            notes.push(format!(
                "Not drawn, because the number is too small to show: {}.",
                words::number(self.hidden(), "place", "places")
            ));
        }
        notes
    }

    fn tables(&self) -> Vec<Table> {
        let rows = self
            .points
            .iter()
            .map(|p| {
                vec![
                    p.group.to_owned(),
                    p.count.to_string(),
                    p.of.to_string(),
                    p.share.map_or("not shown".to_owned(), Share::percent),
                    p.side.map_or("within", Side::says).to_owned(),
                ]
            })
            .collect();
        vec![Table {
            caption: self.funnel.title.clone(),
            head: vec![
                "Place".to_owned(),
                words::sentence(self.funnel.counted),
                words::sentence(self.funnel.of),
                "Share".to_owned(),
                "Limits".to_owned(),
            ],
            rows,
        }]
    }
}

#[cfg(test)]
mod tests {
    use candour_inspect::{FunnelLimit, FunnelPoint};

    use super::super::{all_three, dots_of};
    use super::*;

    fn funnel(points: &[(&str, u64, u64, Option<&'static str>)]) -> Funnel {
        Funnel {
            id: "f",
            title: "By district".into(),
            counted: "followed by a fall",
            of: "care reviews",
            centre: 0.3,
            points: points
                .iter()
                .map(|(group, count, of, outside)| FunnelPoint {
                    group: (*group).into(),
                    count: *count,
                    of: *of,
                    rate: *count as f64 / *of as f64,
                    outside: *outside,
                })
                .collect(),
            limits: [20.0, 200.0, 400.0]
                .map(|of: f64| {
                    let error = (0.21 / of).sqrt();
                    FunnelLimit {
                        of,
                        low95: 0.3 - 1.96 * error,
                        high95: 0.3 + 1.96 * error,
                        low998: 0.3 - 3.09 * error,
                        high998: 0.3 + 3.09 * error,
                    }
                })
                .to_vec(),
        }
    }

    #[test]
    fn chart_table_and_text_agree() {
        let funnel = funnel(&[
            ("NR1", 59, 201, None),
            ("NR2", 160, 300, Some("above")),
            ("NR3", 3, 60, Some("below")),
            ("NR4", 10, 12, Some("above")),
            ("NR5", 30, 100, None),
        ]);
        let view = View::new(&funnel);
        let (svg, rows, text) = all_three(&view);
        assert_eq!(
            rows,
            [
                ["NR2", "160", "300", "53%", "above the 99.8% limit"],
                ["NR1", "60", "200", "30%", "within"],
                ["NR5", "30", "100", "30%", "within"],
                // Hidden: neither its share nor on which side it lies.
                ["NR3", "fewer than 5", "60", "not shown", "within"],
            ]
        );
        let dots = dots_of(&svg);
        assert_eq!(dots.len(), 2);
        assert!(dots[1].0 < dots[0].0, "100 lies left of 200");
        assert!((dots[1].1 - dots[0].1).abs() < 0.2, "both are 30%");
        assert_eq!(svg.matches("class=\"mark\"").count(), 1);
        assert!(svg.contains(">NR2<") && !svg.contains(">NR1<"), "{svg}");
        assert!(text.contains("Above the 99.8% limit: NR2."), "{text}");
        assert!(!text.contains("NR3") && !text.contains("NR4"));
        assert_eq!(
            view.notes(),
            [
                "Left out: one place with fewer than 20 care reviews.",
                "Not drawn, because the number is too small to show: one place."
            ]
        );
    }

    #[test]
    fn names_do_not_cover_each_other() {
        let places: Vec<String> = (0..12).map(|i| format!("PE{i}")).collect();
        let points: Vec<_> = places
            .iter()
            .map(|name| (name.as_str(), 200, 300, Some("above")))
            .collect();
        let (svg, ..) = all_three(&View::new(&funnel(&points)));
        let named = svg.matches("class=\"name\"").count();
        assert!((1..=6).contains(&named), "{named} of twelve on one spot");
    }
}
