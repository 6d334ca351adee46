//! What it would take: hours, posts and pounds if every signal were confirmed, and restitution for falls.
//!
//! Everything here is worked out again from counts as they are shown, so that no hours or pounds tell a count
//! that is hidden, and is rounded to two figures: no more is meant.

use candour_inspect::resources::{
    Amount, Estimate, GradeUsed, Number, TestEstimate, part_in_words, price_years,
};
use candour_law::Range;

use crate::front;
use crate::html::Html;
use crate::numbers::Shown;
use crate::report::Page;
use crate::view::TestView;
use crate::words::{self, Word};

/// Of fewer people than this, no sum of money is shown: one could be most of it.
const FEWEST_FOR_MONEY: u64 = 10;

/// One test's part as it may be shown.
struct Row<'a> {
    estimate: &'a TestEstimate,
    view: &'a TestView<'a>,
    word: Word,
    signals: Shown,
    once: Part,
    each_year: Part,
    restitution: Money,
}

/// Hours, posts and pounds as they may be shown.
#[derive(Clone, Copy)]
enum Part {
    Nothing,
    Hidden,
    CannotTell,
    Some(Figures),
}

#[derive(Clone, Copy)]
struct Figures {
    hours: Range,
    posts: Range,
    pounds: Range,
    /// Share of the hours that rests on placeholders.
    assumed: f64,
}

#[derive(Clone, Copy)]
enum Money {
    None,
    Hidden,
    Some(Range),
}

impl Figures {
    fn of(amount: &Amount, by: f64) -> Figures {
        Figures {
            hours: amount.hours.map(|x| x * by),
            posts: amount.posts.map(|x| x * by),
            pounds: amount.pounds.map(|x| x * by),
            assumed: amount.assumed.map_or(0.0, |a| a.hours),
        }
    }
}

/// `amount` as it would be of the count that is shown.
fn part(amount: &Amount, exact: u64, shown: Shown) -> Part {
    if exact == 0 || amount.hours.central <= 0.0 {
        return Part::Nothing;
    }
    match shown.value() {
        Some(n) if n > 0 => Part::Some(Figures::of(amount, n as f64 / exact as f64)),
        _ => Part::Hidden,
    }
}

impl<'a> Row<'a> {
    fn new(page: &'a Page<'_>, estimate: &'a TestEstimate) -> Option<Row<'a>> {
        if estimate.signals == 0 {
            return None;
        }
        let view = page
            .tests
            .iter()
            .find(|t| t.duty.id == estimate.duty && t.test.id == estimate.test)?;
        let question = estimate.strength == "lead";
        // The count that stands for these signals elsewhere on the page.
        let signals = match view.questions {
            Some(questions) if question => questions,
            _ => view.signals,
        };
        let to_do = if signals.value().is_some() {
            Shown::new(estimate.to_do)
        } else {
            signals
        };
        let restitution = match &estimate.restitution {
            Some(money) if money.falls > 0 => {
                let shown = Shown::new(money.people).value();
                if signals.value().is_some() && shown.is_some_and(|n| n >= FEWEST_FOR_MONEY) {
                    Money::Some(money.pounds)
                } else {
                    Money::Hidden
                }
            }
            _ => Money::None,
        };
        Some(Row {
            once: part(&estimate.once, estimate.to_do, to_do),
            each_year: match (&estimate.each_year, &estimate.each_year_cannot_tell) {
                (_, Some(_)) => Part::CannotTell,
                (Some(amount), None) => part(amount, estimate.signals, signals),
                (None, None) => Part::Nothing,
            },
            word: if question {
                Word::Question
            } else {
                Word::of(view.test.force, view.test.strength)
            },
            estimate,
            view,
            signals,
            restitution,
        })
    }
}

impl Row<'_> {
    /// Hours shown.
    fn size(&self) -> f64 {
        [self.once, self.each_year]
            .iter()
            .map(|part| match part {
                Part::Some(figures) => figures.hours.central,
                _ => 0.0,
            })
            .sum()
    }
}

/// What the rows that are shown come to, with the range of the whole.
fn total(rows: &[Row<'_>], of: impl Fn(&Row<'_>) -> Part, whole: &Amount) -> Option<Figures> {
    let hours: f64 = rows
        .iter()
        .filter_map(|row| match of(row) {
            Part::Some(figures) => Some(figures.hours.central),
            _ => None,
        })
        .sum();
    (hours > 0.0 && whole.hours.central > 0.0)
        .then(|| Figures::of(whole, hours / whole.hours.central))
}

pub(crate) fn write(h: &mut Html, page: &Page<'_>) {
    h.lit(
        "<section aria-labelledby=\"resources\">\n<h2 id=\"resources\">What it would take</h2>\n",
    );
    match &page.document.resources.estimate {
        Some(estimate) => {
            let mut rows: Vec<Row<'_>> = estimate
                .tests
                .iter()
                .filter_map(|t| Row::new(page, t))
                .collect();
            // The most work first, as far as it is shown.
            rows.sort_by(|a, b| b.size().total_cmp(&a.size()));
            section(h, estimate, &rows);
        }
        None => {
            let why = page.document.resources.cannot_tell.as_deref();
            h.lit("<p>We ")
                .text(why.unwrap_or("cannot tell, because it was not worked out"))
                .lit(".</p>\n");
        }
    }
    h.lit("</section>\n");
}

fn section(h: &mut Html, e: &Estimate, rows: &[Row<'_>]) {
    let once = total(rows, |r| r.once, &e.total.once);
    let yearly = total(rows, |r| r.each_year, &e.total.each_year);
    if rows.is_empty() {
        h.lit("<p>There is no signal, so there is nothing to put right that these records show.</p>\n");
        return;
    }
    h.lit("<p class=\"lead\">")
        .text(&sentence(e, once, yearly))
        .lit("</p>\n");
    let shown_money: Vec<Range> = rows
        .iter()
        .filter_map(|r| match r.restitution {
            Money::Some(range) => Some(range),
            _ => None,
        })
        .collect();
    if !shown_money.is_empty() {
        let sum = |f: fn(&Range) -> f64| shown_money.iter().map(f).sum::<f64>();
        h.lit("<p>Restitution for falls in support would come to about <strong>")
            .text(&pounds(sum(|r| r.central)))
            .lit("</strong>, between ")
            .text(&pounds(sum(|r| r.low)))
            .lit(" and ")
            .text(&pounds(sum(|r| r.high)))
            .lit(", at the prices before each fall. It is not in the figures above.</p>\n");
    }
    h.lit("<p><strong>If every signal were confirmed.</strong> A signal is not a finding: reading files will confirm some and not others, and what it takes falls with them. <code>candour resources --confirmed</code> works it out for a share.");
    if let (Some(once), true) = (once, e.total.once.hours.central > 0.0) {
        let by = once.hours.central / e.total.once.hours.central;
        let strong = Figures::of(&e.without_questions.once, by);
        let strong_yearly = yearly.map(|y| {
            let by = y.hours.central / e.total.each_year.hours.central;
            Figures::of(&e.without_questions.each_year, by)
        });
        h.lit(" Without what is only a question to ask it would be about ")
            .text(&about(strong.hours.central))
            .lit(" hours once");
        if let Some(strong) = strong_yearly {
            h.lit(" and ")
                .text(&about(strong.hours.central))
                .lit(" a year");
        }
        h.lit(".");
    }
    h.lit("</p>\n");
    chart(rows).write(h);
    table(h, rows);
    let hidden = rows
        .iter()
        .filter(|r| matches!(r.once, Part::Hidden) || matches!(r.each_year, Part::Hidden))
        .count();
    h.lit("<p class=\"small\">Rounded to two figures. Worked out from counts as they are shown");
    if hidden > 0 {
        h.lit("; what rests on a count that is hidden is left out of the totals");
    }
    h.lit(". Work that several signals of one person ask for is counted once, at the first of them. The range holds the middle ").num(e.range_percent).lit("% of answers worked out from numbers drawn between their low and their high. No sum of money is shown for fewer than 10 people.</p>\n");
    left_out(h, rows);
    rests_on(h, e);
}

/// For a director.
fn sentence(e: &Estimate, once: Option<Figures>, yearly: Option<Figures>) -> String {
    let year = price_years(e);
    let assumed = |f: &Figures| {
        if f.assumed > 0.0 {
            format!(
                " {} of those hours are assumed.",
                words::sentence(part_in_words(f.assumed))
            )
        } else {
            String::new()
        }
    };
    let mut text = match once {
        Some(f) => format!(
            "To put right everything that is signalled would take about {} hours once, which is {} for a year and {}, between {} and {}, in {year} prices.{}",
            about(f.hours.central),
            posts(f.posts.central),
            pounds(f.pounds.central),
            pounds(f.pounds.low),
            pounds(f.pounds.high),
            assumed(&f)
        ),
        None => "The signals that can be shown ask for no work to be caught up on.".to_owned(),
    };
    if let Some(f) = yearly {
        text.push_str(&format!(
            " To keep it right would take about {} hours, {}, {} a year, between {} and {}.{}",
            about(f.hours.central),
            posts(f.posts.central),
            pounds(f.pounds.central),
            pounds(f.pounds.low),
            pounds(f.pounds.high),
            if once.is_some_and(|o| (o.assumed - f.assumed).abs() < 0.005) {
                String::new()
            } else {
                assumed(&f)
            }
        ));
    }
    text
}

fn table(h: &mut Html, rows: &[Row<'_>]) {
    h.lit("<table class=\"overview\" role=\"table\" aria-label=\"What it would take, test by test\"><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Test, and what would be done</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Signals</th><th role=\"columnheader\" scope=\"col\" class=\"r\">To catch up, once</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Each year</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Restitution</th></tr></thead><tbody role=\"rowgroup\">\n");
    for row in rows {
        let e = row.estimate;
        h.lit("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\"><a href=\"#")
            .text(&row.view.id)
            .lit("\">")
            .text(&row.view.test.title)
            .lit("</a> <span class=\"sec\">");
        match (&e.remedy, &e.none_because) {
            (Some(what), None) => h.text(what),
            (_, Some(why)) => h.lit("Nothing is counted, because ").text(why),
            (None, None) => h.lit("Nothing is counted."),
        };
        h.lit("</span> ");
        front::tag(h, row.word);
        h.lit("</th><td role=\"cell\" data-l=\"Signals\" class=\"r\">")
            .num(row.signals)
            .lit("</td><td role=\"cell\" data-l=\"To catch up, once\" class=\"r\">");
        cell(h, row.once, false);
        h.lit("</td><td role=\"cell\" data-l=\"Each year\" class=\"r\">");
        cell(h, row.each_year, true);
        h.lit("</td><td role=\"cell\" data-l=\"Restitution\" class=\"r\">");
        match row.restitution {
            Money::None => {
                h.lit("–");
            }
            Money::Hidden => {
                h.lit("not shown");
            }
            Money::Some(r) => {
                h.text(&pounds(r.central));
                if two_figures(r.low) < two_figures(r.high) {
                    h.lit(" <span class=\"ci\">(")
                        .text(&pounds(r.low))
                        .lit(" to ")
                        .text(&pounds(r.high))
                        .lit(")</span>");
                }
            }
        }
        h.lit("</td></tr>\n");
    }
    h.lit("</tbody></table>\n");
}

fn cell(h: &mut Html, part: Part, with_posts: bool) {
    match part {
        Part::Nothing => {
            h.lit("–");
        }
        Part::Hidden => {
            h.lit("not shown");
        }
        Part::CannotTell => {
            h.lit("cannot tell <span class=\"ci\">(too few days)</span>");
        }
        Part::Some(f) => {
            h.text(&about(f.hours.central))
                .lit(" hours <span class=\"ci\">(")
                .text(&about(f.hours.low))
                .lit(" to ")
                .text(&about(f.hours.high))
                .lit(")</span>");
            if f.assumed > 0.0 {
                h.lit(" <span class=\"ci\">")
                    .text(part_in_words(f.assumed))
                    .lit(" assumed</span>");
            }
            if with_posts {
                h.lit(" <span class=\"ci\">")
                    .text(&posts(f.posts.central))
                    .lit("</span>");
            }
            h.lit(" <span class=\"ci\">")
                .text(&pounds(f.pounds.central))
                .lit("</span>");
        }
    }
}

/// What the figures leave out.
fn left_out(h: &mut Html, rows: &[Row<'_>]) {
    let mut what: Vec<&str> = rows
        .iter()
        .filter_map(|r| r.estimate.leaves_out.as_deref())
        .collect();
    what.sort_unstable();
    what.dedup();
    if what.is_empty() {
        return;
    }
    h.lit("<h3>What is not counted</h3>\n<ul>\n");
    for one in what {
        h.lit("<li>").text(one).lit("</li>\n");
    }
    h.lit("</ul>\n");
}

/// Every number with its source and how sure we are of it.
fn rests_on(h: &mut Html, e: &Estimate) {
    h.lit("<h3>What the figures rest on</h3>\n<p>A number marked <strong>assumed</strong> is no finding: nobody has measured it here, and the council’s own staff diary should take its place.</p>\n<details><summary>Every number, its source and how sure it is</summary><div>\n<table class=\"overview\" role=\"table\" aria-label=\"Numbers that the figures rest on\"><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Number</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Central (low to high)</th><th role=\"columnheader\" scope=\"col\">How sure</th></tr></thead><tbody role=\"rowgroup\">\n");
    let hours = |x: f64| words_number(x, " hours");
    for task in e.tasks.iter().filter(|t| t.used) {
        number(h, task, "", &hours);
    }
    for GradeUsed {
        cost,
        price_year,
        used_cost,
        costs,
        ..
    } in &e.grades
    {
        if !cost.used {
            continue;
        }
        let mut says = format!("An hour, in {price_year} prices");
        for one in costs {
            if one.id == *used_cost {
                says.push_str(&format!(": {}", one.says));
            }
        }
        for one in costs.iter().filter(|c| c.id != *used_cost) {
            says.push_str(&format!(
                "; not used: £{}, {}",
                one.pounds_an_hour, one.says
            ));
        }
        number(h, cost, &says, &|x| format!("£{x}"));
    }
    number(h, &e.working_year, "", &|x| words_number(x, " hours"));
    number(h, &e.share_on_cases, "", &|x| {
        format!("{}%", (x * 1000.0).round() / 10.0)
    });
    h.lit("</tbody></table>\n");
    let r = &e.restitution_assumes;
    if e.total.restitution.falls > 0 {
        h.lit("<h4>Restitution</h4><p>")
            .text(&r.why)
            .lit("</p><dl class=\"words\">");
        for (name, text) in [("Low", &r.low), ("Central", &r.central), ("High", &r.high)] {
            h.lit("<div><dt>")
                .lit(name)
                .lit("</dt><dd>")
                .text(text)
                .lit("</dd></div>");
        }
        h.lit("</dl>\n");
    }
    h.lit("</div></details>\n");
}

fn number(h: &mut Html, n: &Number, says: &str, print: &dyn Fn(f64) -> String) {
    h.lit("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">")
        .text(&n.title);
    for text in [says, n.why.as_str(), n.source.as_str()] {
        if !text.is_empty() {
            h.lit(" <span class=\"sec\">").text(text).lit("</span>");
        }
    }
    h.lit("</th><td role=\"cell\" data-l=\"Central (low to high)\" class=\"r\">")
        .text(&print(n.value.central));
    if n.value.low < n.value.high {
        h.lit(" <span class=\"ci\">(")
            .text(&print(n.value.low))
            .lit(" to ")
            .text(&print(n.value.high))
            .lit(")</span>");
    }
    h.lit("</td><td role=\"cell\" data-l=\"How sure\">");
    if n.is_assumed() {
        h.lit("<span class=\"tag w-question\">Assumed</span>");
    } else {
        h.text(&words::sentence(&n.status));
        if n.range_is_assumed() {
            h.lit(" <span class=\"ci\">low and high assumed</span>");
        }
    }
    h.lit("</td></tr>\n");
}

/// Ranges of hours, once and each year. One struct draws the chart and its text; the table beside it is the
/// section's own, of the same rows.
struct RangeChart {
    bands: Vec<(String, Vec<Band>)>,
}

struct Band {
    yearly: bool,
    hours: Range,
}

fn chart(rows: &[Row<'_>]) -> RangeChart {
    let bands = rows.iter().filter_map(|row| {
        let band = |part: Part, yearly: bool| match part {
            Part::Some(f) => Some(Band {
                yearly,
                hours: f.hours.map(two_figures),
            }),
            _ => None,
        };
        let bands: Vec<Band> = [band(row.once, false), band(row.each_year, true)]
            .into_iter()
            .flatten()
            .collect();
        (!bands.is_empty()).then(|| (row.view.test.title.clone(), bands))
    });
    RangeChart {
        bands: bands.collect(),
    }
}

const WIDTH: f64 = 360.0;
const INSET: f64 = 8.0;
/// Letters of a label that fit on a line.
const LETTERS: usize = 40;

impl Band {
    fn when(&self) -> &'static str {
        if self.yearly { "each year" } else { "once" }
    }

    fn central(&self) -> String {
        format!(
            "{} {} hours",
            self.when(),
            words_number(self.hours.central, "")
        )
    }

    fn says(&self) -> String {
        let when = self.when();
        let Range { low, central, high } = self.hours;
        format!(
            "{when} {} hours, {} to {}",
            words_number(central, ""),
            words_number(low, ""),
            words_number(high, "")
        )
    }
}

impl RangeChart {
    fn text(&self) -> String {
        let rows: Vec<String> = self
            .bands
            .iter()
            .map(|(label, bands)| {
                let bands: Vec<String> = bands.iter().map(Band::says).collect();
                format!("{label}: {}", bands.join("; "))
            })
            .collect();
        format!("Hours with their ranges. {}.", rows.join(". "))
    }

    fn write(&self, h: &mut Html) {
        if self.bands.is_empty() {
            return;
        }
        let most = self
            .bands
            .iter()
            .flat_map(|(_, bands)| bands)
            .map(|b| b.hours.high)
            .fold(1.0, f64::max);
        let at = |hours: f64| INSET + hours / most * (WIDTH - 2.0 * INSET);
        let mut marks = Html::default();
        let mut y = 0.0;
        for (label, bands) in &self.bands {
            y += 6.0;
            for line in lines(label) {
                y += 20.0;
                marks
                    .lit("<text class=\"n\" x=\"0\" y=\"")
                    .num(y)
                    .lit("\">")
                    .text(&line)
                    .lit("</text>");
            }
            y += 19.0;
            let central: Vec<String> = bands.iter().map(Band::central).collect();
            marks
                .lit("<text class=\"p\" x=\"0\" y=\"")
                .num(y)
                .lit("\">")
                .text(&words::sentence(&central.join(", ")))
                .lit("</text>");
            for band in bands {
                y += 15.0;
                line(&mut marks, band, y, &at);
            }
            y += 10.0;
        }
        h.lit("<svg class=\"chart takes\" role=\"img\" viewBox=\"0 0 ")
            .num(WIDTH)
            .lit(" ")
            .num(y)
            .lit("\" aria-labelledby=\"takes-t takes-d\"><title id=\"takes-t\">Hours that putting each kind of signal right would take</title><desc id=\"takes-d\">")
            .text(&self.text())
            .lit("</desc>");
        h.append(marks);
        h.lit("</svg>\n<p class=\"small\" aria-hidden=\"true\">Full line and dot: to catch up, once. Dashed line and diamond: each year from then on. The line runs from low to high, the mark is the central figure.</p>\n");
    }
}

/// A label in as many lines as it needs.
fn lines(label: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in label.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= LETTERS => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

fn line(h: &mut Html, band: &Band, y: f64, at: &dyn Fn(f64) -> f64) {
    let place = |x: f64| (at(x) * 10.0).round() / 10.0;
    let (low, central, high) = (
        place(band.hours.low),
        place(band.hours.central),
        place(band.hours.high),
    );
    // From nought to the right edge, so that places can be compared.
    h.lit("<line class=\"track\" x1=\"")
        .num(INSET)
        .lit("\" x2=\"")
        .num(WIDTH - INSET)
        .lit("\" y1=\"")
        .num(y)
        .lit("\" y2=\"")
        .num(y)
        .lit("\"/>");
    h.lit("<line class=\"")
        .lit(if band.yearly { "yearly" } else { "once" })
        .lit("\" x1=\"")
        .num(low)
        .lit("\" x2=\"")
        .num(high)
        .lit("\" y1=\"")
        .num(y)
        .lit("\" y2=\"")
        .num(y)
        .lit("\"/>");
    if band.yearly {
        h.lit("<path class=\"yearly\" d=\"M")
            .num(central - 7.0)
            .lit(" ")
            .num(y)
            .lit("l7 -7l7 7l-7 7z\"/>");
    } else {
        h.lit("<circle class=\"once\" r=\"6\" cx=\"")
            .num(central)
            .lit("\" cy=\"")
            .num(y)
            .lit("\"/>");
    }
}

/// To two figures: `12,345` becomes `12,000`.
fn two_figures(n: f64) -> f64 {
    if n <= 0.0 {
        return 0.0;
    }
    let step = 10f64.powi(n.log10().floor() as i32 - 1).max(1.0);
    (n / step).round() * step
}

fn about(n: f64) -> String {
    match two_figures(n) {
        n if n < 1.0 => "less than 1".to_owned(),
        n => words_number(n, ""),
    }
}

fn pounds(n: f64) -> String {
    match two_figures(n) {
        n if n < 1.0 => "less than £1".to_owned(),
        n => format!("£{}", words_number(n, "")),
    }
}

fn posts(n: f64) -> String {
    match n {
        n if n < 0.05 => "less than a tenth of a post".to_owned(),
        n if n < 10.0 => {
            let n = (n * 10.0).round() / 10.0;
            format!(
                "{n} {}",
                if (n - 1.0).abs() < f64::EPSILON {
                    "post"
                } else {
                    "posts"
                }
            )
        }
        n => format!("{} posts", words_number(two_figures(n), "")),
    }
}

/// `1,551.8 hours`: thousands parted, decimals kept.
fn words_number(n: f64, unit: &str) -> String {
    let text = n.to_string();
    let (whole, decimals) = text
        .split_once('.')
        .map_or((text.as_str(), None), |(w, d)| (w, Some(d)));
    let mut parted = String::new();
    for (i, digit) in whole.chars().enumerate() {
        if i > 0 && (whole.len() - i).is_multiple_of(3) {
            parted.push(',');
        }
        parted.push(digit);
    }
    match decimals {
        Some(decimals) => format!("{parted}.{decimals}{unit}"),
        None => format!("{parted}{unit}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(hours: f64) -> Amount {
        Amount {
            hours: Range {
                low: hours * 0.8,
                central: hours,
                high: hours * 1.2,
            },
            ..Amount::default()
        }
    }

    #[test]
    fn two_figures_are_meant() {
        let all: Vec<String> = [0.2, 4.4, 44.4, 3_741.4, 11_650.0].map(about).into();
        assert_eq!(all, ["less than 1", "4", "44", "3,700", "12,000"]);
        assert_eq!(pounds(277_904.0), "£280,000");
        assert_eq!(
            [posts(3.316), posts(1.02), posts(42.3), posts(0.01)],
            [
                "3.3 posts",
                "1 post",
                "42 posts",
                "less than a tenth of a post"
            ]
        );
        assert_eq!(words_number(1551.8, " hours"), "1,551.8 hours");
    }

    #[test]
    fn hours_tell_no_hidden_count() {
        // Three people at 4 hours each would be 12 hours: a reader who knows the 4 would have the 3.
        assert!(matches!(
            part(&amount(12.0), 3, Shown::new(3)),
            Part::Hidden
        ));
        // All that show as 10 show the same hours.
        let hours = |n: u64| match part(&amount(4.0 * n as f64), n, Shown::new(n)) {
            Part::Some(f) => about(f.hours.central),
            _ => "hidden".to_owned(),
        };
        let all: Vec<String> = (8..=12).map(hours).collect();
        assert_eq!(all, ["40"; 5]);
        assert!(matches!(part(&amount(0.0), 0, Shown::Zero), Part::Nothing));
    }

    #[test]
    fn long_labels_take_two_lines() {
        assert_eq!(
            lines("Support fell after a review with no fresh assessment"),
            ["Support fell after a review with no", "fresh assessment"]
        );
        assert_eq!(lines("Reviewed"), ["Reviewed"]);
    }

    #[test]
    fn chart_and_text_agree() {
        let band = |yearly, hours: f64| Band {
            yearly,
            hours: Range {
                low: hours / 2.0,
                central: hours,
                high: hours * 2.0,
            },
        };
        let chart = RangeChart {
            bands: vec![
                (
                    "Reviewed".to_owned(),
                    vec![band(false, 4_000.0), band(true, 2_000.0)],
                ),
                ("Assessed".to_owned(), vec![band(false, 100.0)]),
            ],
        };
        let text = chart.text();
        assert_eq!(
            text,
            "Hours with their ranges. Reviewed: once 4,000 hours, 2,000 to 8,000; each year 2,000 hours, 1,000 to 4,000. Assessed: once 100 hours, 50 to 200."
        );
        let mut h = Html::default();
        chart.write(&mut h);
        let svg = h.finish();
        assert!(svg.contains(&text), "the text is the picture's description");
        assert!(
            svg.contains(">Once 4,000 hours, each year 2,000 hours<"),
            "{svg}"
        );
        // The longest line ends at the right edge; the scale begins at nought.
        assert!(svg.contains("x2=\"352\""), "{svg}");
        assert!(
            svg.contains("cx=\"180\""),
            "4,000 of 8,000 is the middle: {svg}"
        );
    }
}
