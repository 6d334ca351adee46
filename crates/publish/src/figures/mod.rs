//! Pictures of patterns. One struct gives the picture, its table and its text, so that the three cannot
//! disagree; what none may show is gone before any of them is drawn.

mod axis;
mod bars;
mod curve;
mod funnel;
mod ratios;
mod series;
mod svg;

use candour_inspect::{Figure, Unit};

use crate::html::Html;
use crate::numbers::Shown;
use svg::{At, Glyph};

/// Of fewer than this no share, middle or ratio is shown.
const SMALLEST: u64 = 20;

/// A figure made ready to be shown.
trait Picture {
    fn title(&self) -> &str;
    /// What is measured, in words, under the title.
    fn measured(&self) -> String;
    /// The whole picture in sentences, for those who do not see it.
    fn text(&self) -> String;
    /// Why there is no picture, where there is none.
    fn nothing(&self) -> Option<String>;
    fn height(&self) -> f64;
    /// A list of rows, which does not grow as wide as the page.
    fn is_list(&self) -> bool {
        false
    }
    fn draw(&self, h: &mut Html);
    /// What the marks mean: only those that are there.
    fn key(&self) -> Vec<(Glyph, String)>;
    fn notes(&self) -> Vec<String>;
    /// Head and rows of its tables, each with what it is of.
    fn tables(&self) -> Vec<Table>;
}

/// A table ready to be written: text only.
struct Table {
    caption: String,
    head: Vec<String>,
    /// The first cell is the row's heading.
    rows: Vec<Vec<String>>,
}

/// Writes a figure. `id` is the start of its anchors, `of` says whose it is, and `alarm` whether anything in it may
/// be pointed at.
pub(crate) fn write(h: &mut Html, figure: &Figure, id: &str, of: &str, alarm: bool) {
    match figure {
        Figure::Series(series) => frame(h, &series::View::new(series), id, of),
        Figure::Curve(curve) => frame(h, &curve::View::new(curve), id, of),
        Figure::Funnel(funnel) => frame(h, &funnel::View::new(funnel), id, of),
        Figure::Bars(bars) => frame(h, &bars::View::new(bars, alarm), id, of),
        Figure::Ratios(ratios) => frame(h, &ratios::View::new(ratios), id, of),
    }
}

fn frame(h: &mut Html, picture: &impl Picture, id: &str, of: &str) {
    h.lit("<figure class=\"fig\">\n<div class=\"drawn\">\n<figcaption><strong>")
        .text(picture.title())
        .lit("</strong>");
    let nothing = picture.nothing();
    let measured = picture.measured();
    if nothing.is_none() && !measured.is_empty() {
        h.lit(" <span class=\"sec\">")
            .text(&measured)
            .lit("</span>");
    }
    h.lit("</figcaption>\n");
    if let Some(why) = nothing {
        h.lit("<p class=\"no-picture\">").text(&why).lit("</p>\n");
    } else {
        svg(h, picture, id);
        let key = picture.key();
        if !key.is_empty() {
            h.lit("<ul class=\"legend\">\n");
            for (glyph, says) in key {
                h.lit("<li>");
                svg::glyph(h, glyph);
                h.lit("<span>").text(&says).lit("</span></li>\n");
            }
            h.lit("</ul>\n");
        }
    }
    h.lit("</div>\n");
    for note in picture.notes() {
        h.lit("<p class=\"small\">").text(&note).lit("</p>\n");
    }
    let tables = picture.tables();
    if tables.iter().any(|t| !t.rows.is_empty()) {
        h.lit("<details><summary>The numbers<span class=\"vh\"> of “")
            .text(picture.title())
            .lit("”</span></summary><div>\n");
        for table in tables.iter().filter(|t| !t.rows.is_empty()) {
            table.write(h, of);
        }
        h.lit("</div></details>\n");
    }
    h.lit("</figure>\n");
}

fn svg(h: &mut Html, picture: &impl Picture, id: &str) {
    h.lit(if picture.is_list() {
        "<svg class=\"plot list\" role=\"img\" viewBox=\"0 0 "
    } else {
        "<svg class=\"plot\" role=\"img\" viewBox=\"0 0 "
    });
    h.num(At(svg::WIDTH)).lit(" ").num(At(picture.height()));
    h.lit("\" aria-labelledby=\"")
        .text(id)
        .lit("-t ")
        .text(id)
        .lit("-d\"><title id=\"");
    h.text(id)
        .lit("-t\">")
        .text(picture.title())
        .lit("</title><desc id=\"");
    h.text(id).lit("-d\">").text(&picture.text()).lit("</desc>");
    picture.draw(h);
    h.lit("</svg>\n");
}

impl Table {
    fn write(&self, h: &mut Html, of: &str) {
        h.lit("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
            .text(of)
            .lit(": ")
            .text(&self.caption)
            .lit("\"><table class=\"numbers\"><caption>")
            .text(&self.caption)
            .lit("</caption><thead><tr>");
        for (place, head) in self.head.iter().enumerate() {
            h.lit(if place == 0 {
                "<th scope=\"col\">"
            } else {
                "<th scope=\"col\" class=\"r\">"
            });
            h.text(head).lit("</th>");
        }
        h.lit("</tr></thead><tbody>\n");
        for row in &self.rows {
            h.lit("<tr>");
            for (place, cell) in row.iter().enumerate() {
                if place == 0 {
                    h.lit("<th scope=\"row\">").text(cell).lit("</th>");
                } else {
                    h.lit("<td class=\"r\">").text(cell).lit("</td>");
                }
            }
            h.lit("</tr>\n");
        }
        h.lit("</tbody></table></div>\n");
    }
}

/// A value as the page says it.
pub(crate) fn say(unit: Unit, value: f64) -> String {
    if !value.is_finite() {
        return "not known".to_owned();
    }
    match unit {
        Unit::Share => percent(value),
        Unit::PoundsAWeek => pounds(value),
        Unit::Days => days(value),
        Unit::People => count(value).to_string(),
        Unit::Ratio => format!("{value:.2}"),
    }
}

/// A value as it stands beside a gridline.
fn tick(unit: Unit, value: f64) -> String {
    match unit {
        Unit::Share => format!("{}%", trim(value * 100.0)),
        Unit::PoundsAWeek if value.fract().abs() < 1e-9 => pounds(value),
        Unit::PoundsAWeek => format!("£{}", trim(value)),
        Unit::Days => format!("{} days", trim(value)),
        Unit::People if value.fract().abs() < 1e-9 => thousands(value.max(0.0) as u64),
        Unit::People | Unit::Ratio => trim(value),
    }
}

/// A round number without needless decimals.
fn trim(value: f64) -> String {
    let text = format!("{value:.2}");
    let text = text.trim_end_matches('0').trim_end_matches('.');
    if text == "-0" { "0" } else { text }.to_owned()
}

/// Whole per cent; some is never 0% and not all is never 100%.
pub(crate) fn percent(share: f64) -> String {
    let whole = (share * 100.0).round();
    if whole <= 0.0 && share > 0.0 {
        "less than 1%".to_owned()
    } else if whole >= 100.0 && share < 1.0 {
        "more than 99%".to_owned()
    } else {
        format!("{}%", whole.max(0.0) as u64)
    }
}

pub(crate) fn pounds(value: f64) -> String {
    let whole = value.abs().round();
    let sign = if value < 0.0 && whole > 0.0 {
        "−"
    } else {
        ""
    };
    format!("{sign}£{}", thousands(whole as u64))
}

/// A centre or a limit: no count of anybody.
fn limit(unit: Unit, value: f64) -> String {
    match unit {
        Unit::People => format!("{value:.0}"),
        _ => say(unit, value),
    }
}

fn thousands(n: u64) -> String {
    // The page's own way of writing a number that is large enough to show.
    match n {
        0..1000 => n.to_string(),
        _ => format!("{},{:03}", thousands(n / 1000), n % 1000),
    }
}

pub(crate) fn days(value: f64) -> String {
    match value.round() as i64 {
        1 => "1 day".to_owned(),
        n => format!("{n} days"),
    }
}

/// A number of people that came as a float.
fn count(value: f64) -> Shown {
    Shown::new(value.max(0.0).round() as u64)
}

/// `a, b and c`.
pub(crate) fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

/// The patterns that pictures are filled with, once a page.
pub(crate) const PATTERNS: &str = "<svg class=\"defs\" aria-hidden=\"true\" focusable=\"false\" width=\"0\" height=\"0\"><defs>\
<pattern id=\"hatch\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"6\" height=\"6\" fill=\"#fdf1e7\"/><rect width=\"1.2\" height=\"6\" fill=\"#d9995f\"/></pattern>\
<pattern id=\"weave\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(-45)\"><rect width=\"1\" height=\"5\" fill=\"#8fa9c0\"/></pattern>\
</defs></svg>\n";

/// A picture, its tables and its text, for tests that hold them against each other.
#[cfg(test)]
fn all_three(picture: &impl Picture) -> (String, Vec<Vec<String>>, String) {
    let mut h = Html::default();
    picture.draw(&mut h);
    let rows = picture.tables().into_iter().flat_map(|t| t.rows).collect();
    (h.finish(), rows, picture.text())
}

/// Where the dots of a picture lie, in the order in which they are drawn.
#[cfg(test)]
fn dots_of(svg: &str) -> Vec<(f64, f64)> {
    let d = svg
        .split("<path class=\"d-data\" d=\"")
        .nth(1)
        .and_then(|rest| rest.split('"').next())
        .unwrap_or_default();
    d.split('M')
        .skip(1)
        .filter_map(|dot| {
            let (x, y) = dot.trim_end_matches("h0").split_once(' ')?;
            Some((x.parse().ok()?, y.parse().ok()?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_said_as_the_page_says_them() {
        assert_eq!(say(Unit::Share, 0.004), "less than 1%");
        assert_eq!(say(Unit::Share, 0.999), "more than 99%");
        assert_eq!(say(Unit::Share, 0.615), "62%");
        assert_eq!(say(Unit::PoundsAWeek, 1234.4), "£1,234");
        assert_eq!(say(Unit::Days, 1.2), "1 day");
        assert_eq!(say(Unit::People, 3.0), "fewer than 5");
        assert_eq!(say(Unit::People, 1_002_003.0), "1,002,005");
        assert_eq!(say(Unit::Ratio, 1.336), "1.34");
        assert_eq!(say(Unit::Days, f64::NAN), "not known");
        assert_eq!(tick(Unit::Share, 0.125), "12.5%");
        assert_eq!(tick(Unit::PoundsAWeek, 1200.0), "£1,200");
        assert_eq!(
            limit(Unit::People, 3.2),
            "3",
            "an average is no count of people"
        );
    }
}
