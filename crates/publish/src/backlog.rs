//! What waits, week by week, and how it may go on; and what time goes on. One struct draws each chart, its data table and
//! its text alternative.

use candour_inspect::says::{people, thousands};
use candour_inspect::staff::{TimeShares, WithRange};
use candour_inspect::{Document, ForecastText, Queue};

use crate::html::Html;

const WIDTH: f64 = 360.0;
const HEIGHT: f64 = 250.0;
/// Room for the scale at the left, the days below, and a line of text above.
const LEFT: f64 = 52.0;
const TOP: f64 = 24.0;
const BOTTOM: f64 = 26.0;
/// Weeks of a forecast that are drawn: further ahead the range says little.
const DRAWN: usize = 104;
/// Weeks ahead that the table gives.
const ROWS: [(usize, &str); 5] = [
    (0, "now"),
    (12, "in 12 weeks"),
    (24, "in 24 weeks"),
    (52, "in a year"),
    (104, "in two years"),
];

/// A queue with what it was, what it may become, and its table and text.
pub struct QueueChart<'a> {
    pub id: String,
    pub queue: &'a Queue,
    pub forecast: &'a ForecastText,
    /// What it rests on: "at today's pace", "with 12 posts".
    pub given: String,
}

/// A point of the drawing, in units of the picture.
struct Scale {
    weeks: f64,
    /// Weeks before now.
    before: f64,
    top: f64,
}

impl Scale {
    fn x(&self, week: f64) -> f64 {
        LEFT + (week + self.before) / (self.weeks + self.before).max(1.0) * (WIDTH - LEFT - 4.0)
    }

    fn y(&self, people: f64) -> f64 {
        HEIGHT - BOTTOM - (people / self.top).clamp(0.0, 1.0) * (HEIGHT - BOTTOM - TOP)
    }

    fn point(&self, week: f64, people: f64) -> String {
        format!("{:.1},{:.1}", self.x(week), self.y(people))
    }
}

/// A round number no less than `n`, of which a half is round as well.
fn round_up(n: f64) -> f64 {
    let n = n.max(10.0);
    let power = 10f64.powf(n.log10().floor());
    [1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0]
        .iter()
        .map(|m| m * power)
        .find(|m| *m >= n)
        .unwrap_or(n)
}

impl QueueChart<'_> {
    fn title(&self) -> String {
        format!("{}, {}", self.queue.title, self.given)
    }

    /// Weeks of the forecast that are drawn.
    fn drawn(&self) -> impl DoubleEndedIterator<Item = (f64, WithRange)> + Clone + '_ {
        self.forecast
            .weeks
            .iter()
            .filter(|w| w.week <= DRAWN)
            .map(|w| (w.week as f64, w.queue))
    }

    /// The whole chart in words, for those who do not see it.
    pub fn text(&self) -> String {
        let mut text = self.queue.says_opening();
        if let (Some(first), false) = (self.queue.history.first(), self.queue.history.is_empty()) {
            text.push_str(&format!(
                " {} weeks before there were {}.",
                self.queue.history.len() - 1,
                people(*first as f64)
            ));
        }
        for (label, row) in self.rows().skip(1) {
            let [low, high] = row.range80;
            text.push_str(&format!(
                " {} {label}, four times out of five {} to {}.",
                capital(&people(row.value)),
                people(low),
                people(high)
            ));
        }
        text
    }

    /// The table's rows: when, how many.
    fn rows(&self) -> impl Iterator<Item = (&'static str, WithRange)> + '_ {
        ROWS.iter().filter_map(|(week, label)| {
            let found = self.forecast.weeks.iter().find(|w| w.week == *week)?;
            Some((*label, found.queue))
        })
    }

    /// Chart and table side by side, as a page has them.
    pub fn html(&self) -> String {
        let mut h = Html::default();
        self.write(&mut h);
        h.finish()
    }

    pub(crate) fn write(&self, h: &mut Html) {
        h.lit("<div class=\"figure\">\n");
        self.svg(h);
        self.table(h);
        h.lit("</div>\n");
    }

    fn svg(&self, h: &mut Html) {
        let most = self
            .drawn()
            .map(|(_, q)| q.range95[1])
            .chain(self.queue.history.iter().map(|n| *n as f64))
            .fold(0.0, f64::max);
        let scale = Scale {
            weeks: self.drawn().next_back().map_or(1.0, |(week, _)| week),
            before: self.queue.history.len().saturating_sub(1) as f64,
            top: round_up(most),
        };
        h.lit("<svg class=\"chart queue\" role=\"img\" viewBox=\"0 0 ")
            .num(WIDTH)
            .lit(" ")
            .num(HEIGHT)
            .lit("\" aria-labelledby=\"")
            .text(&self.id)
            .lit("-t ")
            .text(&self.id)
            .lit("-d\"><title id=\"")
            .text(&self.id)
            .lit("-t\">")
            .text(&self.title())
            .lit("</title><desc id=\"")
            .text(&self.id)
            .lit("-d\">")
            .text(&self.text())
            .lit("</desc>");
        for (share, at) in [(0.0, "middle"), (0.5, "middle"), (1.0, "middle")] {
            let y = scale.y(share * scale.top);
            h.lit("<path class=\"grid\" d=\"M")
                .num(LEFT)
                .lit(",")
                .num(format_args!("{y:.1}"));
            h.lit("H")
                .num(WIDTH - 4.0)
                .lit("\"/><text class=\"s\" text-anchor=\"end\" dominant-baseline=\"");
            h.text(at)
                .lit("\" x=\"")
                .num(LEFT - 6.0)
                .lit("\" y=\"")
                .num(format_args!("{y:.1}"));
            h.lit("\">")
                .num(thousands(share * scale.top))
                .lit("</text>");
        }
        let band = |h: &mut Html, class: &'static str, of: &dyn Fn(WithRange) -> [f64; 2]| {
            let up = self.drawn().map(|(week, q)| {
                let [_, high] = of(q);
                scale.point(week, high)
            });
            let down = self.drawn().rev().map(|(week, q)| {
                let [low, _] = of(q);
                scale.point(week, low)
            });
            let points: Vec<String> = up.chain(down).collect();
            h.lit("<polygon class=\"")
                .lit(class)
                .lit("\" points=\"")
                .text(&points.join(" "))
                .lit("\"/>");
        };
        band(h, "b95", &|q| q.range95);
        band(h, "b80", &|q| q.range80);
        if self.queue.target > 0.0 {
            let y = scale.y(self.queue.target);
            h.lit("<path class=\"target\" d=\"M")
                .num(LEFT)
                .lit(",")
                .num(format_args!("{y:.1}"));
            h.lit("H").num(WIDTH - 4.0).lit("\"/>");
        }
        let line = |h: &mut Html, class: &'static str, points: Vec<String>| {
            h.lit("<polyline class=\"")
                .lit(class)
                .lit("\" points=\"")
                .text(&points.join(" "))
                .lit("\"/>");
        };
        let past = self.queue.history.iter().enumerate();
        line(
            h,
            "past",
            past.map(|(week, n)| scale.point(week as f64 - scale.before, *n as f64))
                .collect(),
        );
        line(
            h,
            "ahead",
            self.drawn()
                .map(|(week, q)| scale.point(week, q.value))
                .collect(),
        );
        let now = scale.x(0.0);
        h.lit("<path class=\"now\" d=\"M")
            .num(format_args!("{now:.1}"))
            .lit(",")
            .num(TOP);
        h.lit("V").num(HEIGHT - BOTTOM).lit("\"/>");
        // Names stand where they are, so that no key of colours is needed.
        let days = HEIGHT - 6.0;
        for (x, anchor, words) in [
            (now, "middle", "now".to_owned()),
            (WIDTH - 4.0, "end", format!("{} weeks on", scale.weeks)),
        ] {
            h.lit("<text class=\"s\" text-anchor=\"")
                .text(anchor)
                .lit("\" x=\"")
                .num(format_args!("{x:.1}"));
            h.lit("\" y=\"")
                .num(days)
                .lit("\">")
                .text(&words)
                .lit("</text>");
        }
        if scale.before > 0.0 {
            h.lit("<text class=\"s\" x=\"")
                .num(LEFT)
                .lit("\" y=\"")
                .num(days)
                .lit("\">−");
            h.num(scale.before).lit("</text>");
        }
        h.lit("<text class=\"s\" x=\"0\" y=\"12\">People waiting</text></svg>\n");
    }

    fn table(&self, h: &mut Html) {
        h.lit("<div><table class=\"counts wrapped\"><caption>")
            .text(&self.title());
        h.lit("</caption><thead><tr><th scope=\"col\">When</th><th scope=\"col\" class=\"r\">Most likely</th><th scope=\"col\" class=\"r\">4 times in 5</th><th scope=\"col\" class=\"r\">19 in 20</th></tr></thead><tbody>\n");
        for (label, row) in self.rows() {
            h.lit("<tr><th scope=\"row\">")
                .text(&capital(label))
                .lit("</th><td class=\"r\">");
            h.text(&people(row.value)).lit("</td>");
            for [low, high] in [row.range80, row.range95] {
                h.lit("<td class=\"r\">");
                if label == "now" {
                    h.lit("");
                } else {
                    h.text(&format!("{} to {}", people(low), people(high)));
                }
                h.lit("</td>");
            }
            h.lit("</tr>\n");
        }
        h.lit("</tbody></table>\n<p class=\"small\">Solid line: as the records show it. Broken line: most likely from now on. Dotted band: four times out of five. Pale band: nineteen times out of twenty.");
        if self.queue.target > 0.0 {
            h.lit(" Level line of long strokes: where it counts as cleared.");
        }
        h.lit("</p></div>\n");
    }
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// The section of a report: each queue at today's pace.
pub(crate) fn write(h: &mut Html, document: &Document) {
    if document.backlog.is_empty() {
        return;
    }
    h.lit("<section id=\"backlog\" aria-labelledby=\"backlog-h\">\n<h2 id=\"backlog-h\">What waits, and how it goes on</h2>\n");
    h.lit("<p>If nothing changes: as many fall due, and as many are done, as of late. With a staff list and time diaries, <code>candour resources</code> says what other numbers of posts would do.</p>\n");
    for queue in &document.backlog {
        h.lit("<h3>")
            .text(&queue.title)
            .lit("</h3>\n<p>")
            .text(&queue.says_opening());
        if let Some(flows) = queue.says_flows() {
            h.lit(" ").text(&flows);
        }
        h.lit("</p>\n");
        if let Some(why) = &queue.cannot_tell {
            h.lit("<p>How it goes on we ").text(why).lit(".</p>\n");
        }
        if let Some(forecast) = &queue.at_todays_pace {
            h.lit("<p>").text(&queue.says_when(forecast));
            if let Some(target) = queue.says_target() {
                h.lit(" ").text(&target);
            }
            h.lit("</p>\n");
            QueueChart {
                id: format!("q-{}", queue.id),
                queue,
                forecast,
                given: "at today’s pace".to_owned(),
            }
            .write(h);
        }
    }
    h.lit("<details><summary>What this cannot know</summary><div><ul>\n");
    for limit in Queue::limits() {
        h.lit("<li>").text(limit).lit("</li>\n");
    }
    h.lit("</ul></div></details>\n</section>\n");
}

/// What time goes on, as bars with ranges, a table and text.
pub struct TimeChart<'a> {
    pub id: String,
    pub shares: &'a TimeShares,
}

const BAR_ROW: f64 = 46.0;

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

impl TimeChart<'_> {
    /// Title, slots, share: groups in the order of the rulebook.
    fn bars(&self) -> impl Iterator<Item = (&str, WithRange)> + '_ {
        self.shares
            .groups
            .iter()
            .map(|g| (g.title.as_str(), g.share))
    }

    /// The whole chart in words, for those who do not see it.
    pub fn text(&self) -> String {
        let parts: Vec<String> = self
            .bars()
            .map(|(title, share)| {
                let [low, high] = share.range95;
                format!(
                    "{title}: {} ({} to {})",
                    percent(share.value),
                    percent(low),
                    percent(high)
                )
            })
            .collect();
        format!("Shares of time at work. {}.", parts.join(". "))
    }

    /// Chart and table side by side, as a page has them.
    pub fn html(&self) -> String {
        let mut h = Html::default();
        h.lit("<div class=\"figure\">\n");
        self.svg(&mut h);
        self.table(&mut h);
        h.lit("</div>\n");
        h.finish()
    }

    fn svg(&self, h: &mut Html) {
        let height = BAR_ROW * self.bars().count() as f64 + 2.0;
        let most = self.bars().map(|(_, s)| s.range95[1]).fold(0.05, f64::max);
        let x = |share: f64| 1.0 + share / most * (WIDTH - 4.0);
        h.lit("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ")
            .num(WIDTH)
            .lit(" ")
            .num(height);
        h.lit("\" aria-labelledby=\"")
            .text(&self.id)
            .lit("-t ")
            .text(&self.id)
            .lit("-d\"><title id=\"");
        h.text(&self.id)
            .lit("-t\">What staff’s time goes on</title><desc id=\"")
            .text(&self.id);
        h.lit("-d\">").text(&self.text()).lit("</desc>");
        for (place, (title, share)) in self.bars().enumerate() {
            let y = place as f64 * BAR_ROW;
            let [low, high] = share.range95;
            h.lit("<text x=\"0\" y=\"")
                .num(y + 16.0)
                .lit("\">")
                .text(title);
            h.lit(" <tspan class=\"n\">")
                .text(&percent(share.value))
                .lit("</tspan></text>");
            h.lit("<rect class=\"f-none\" x=\"1\" y=\"")
                .num(y + 23.0)
                .lit("\" height=\"15\" width=\"");
            h.num(format_args!("{:.1}", (x(share.value) - 1.0).max(0.5)))
                .lit("\"/>");
            let (low, high, middle) = (x(low), x(high), y + 30.5);
            h.lit("<path class=\"whisker\" d=\"").num(format_args!(
                "M{low:.1},{middle}H{high:.1}M{low:.1},{:.1}v10M{high:.1},{:.1}v10",
                middle - 5.0,
                middle - 5.0
            ));
            h.lit("\"/>");
        }
        h.lit("</svg>\n");
    }

    fn table(&self, h: &mut Html) {
        h.lit("<table class=\"counts wrapped\"><caption>What staff’s time goes on, of ")
            .text(&thousands(self.shares.slots as f64));
        h.lit(" slots at work</caption><thead><tr><th scope=\"col\">Time</th><th scope=\"col\" class=\"r\">Slots</th><th scope=\"col\" class=\"r\">Share</th><th scope=\"col\" class=\"r\">19 times in 20</th></tr></thead><tbody>\n");
        let row = |h: &mut Html,
                   class: &'static str,
                   title: &str,
                   slots: u64,
                   share: Option<WithRange>| {
            h.lit("<tr")
                .lit(class)
                .lit("><th scope=\"row\">")
                .text(title)
                .lit("</th><td class=\"r\">");
            h.text(&people(slots as f64)).lit("</td><td class=\"r\">");
            if let Some(share) = share {
                h.text(&percent(share.value)).lit("</td><td class=\"r\">");
                let [low, high] = share.range95;
                h.text(&format!("{} to {}", percent(low), percent(high)));
            } else {
                h.lit("</td><td class=\"r\">nobody wrote it down");
            }
            h.lit("</td></tr>\n");
        };
        for group in &self.shares.groups {
            row(
                h,
                " class=\"sum\"",
                &group.title,
                group.slots,
                Some(group.share),
            );
            for category in self
                .shares
                .categories
                .iter()
                .filter(|c| c.group == group.id)
            {
                row(h, "", &category.title, category.slots, category.share);
            }
        }
        h.lit("</tbody></table>\n");
    }
}

/// What a chart of a queue adds to the style of a page.
pub(crate) const STYLE: &str = "\
.queue .s{font-size:14px;fill:var(--soft)}\
.queue .grid{stroke:#c6d2dd;fill:none}\
.queue .b95{fill:#e4edf5;stroke:#b7c4d0}\
.queue .b80{fill:url(#dots);stroke:var(--mid)}\
.queue .past{fill:none;stroke:var(--ink);stroke-width:3}\
.queue .ahead{fill:none;stroke:var(--ink);stroke-width:2.5;stroke-dasharray:7 4}\
.queue .now{fill:none;stroke:var(--soft);stroke-dasharray:2 3}\
.queue .target{fill:none;stroke:var(--blue);stroke-width:2;stroke-dasharray:16 5}\
.wrapped .r{white-space:normal}\
.whisker{fill:none;stroke:var(--ink);stroke-width:2}\n";

#[cfg(test)]
mod tests {
    use super::*;
    use candour_inspect::WeekText;

    fn queue(history: Vec<u64>) -> (Queue, ForecastText) {
        let week = |week: usize, value: f64| WeekText {
            week,
            date: "2026-12-30".into(),
            queue: WithRange {
                value,
                range80: [value * 0.9, value * 1.1],
                range95: [value * 0.8, value * 1.2],
            },
        };
        let forecast = ForecastText {
            weeks: (0..=156)
                .step_by(4)
                .map(|w| week(w, 2026.0 - 3.0 * w as f64))
                .collect(),
            clears: None,
            clears80: [None, None],
            clears95: [None, None],
            clears_share: 0.0,
            growth_a_week: WithRange {
                value: -3.0,
                range80: [-8.0, 3.0],
                range95: [-12.0, 6.0],
            },
        };
        let queue = Queue {
            id: "care_reviews".into(),
            title: "Overdue care reviews".into(),
            counted: "people whose care review is overdue".into(),
            as_of: "2025-12-31".into(),
            opening: 2026,
            target: 0.0,
            from: None,
            to: None,
            history,
            arrivals: None,
            done: None,
            left: 0,
            leaving: 0.0,
            a_year_or_longer: 0,
            cannot_tell: None,
            at_todays_pace: None,
        };
        (queue, forecast)
    }

    #[test]
    fn chart_table_and_text_agree() {
        let (queue, forecast) = queue(vec![2106, 2050, 2029]);
        let chart = QueueChart {
            id: "q".into(),
            queue: &queue,
            forecast: &forecast,
            given: "at today’s pace".into(),
        };
        let (html, text) = (chart.html(), chart.text());
        // 2026 − 3 × 52 = 1870, four times out of five 1683 to 2057.
        assert!(
            text.contains("1,870 in a year, four times out of five 1,685 to 2,055."),
            "{text}"
        );
        assert!(
            html.contains("<td class=\"r\">1,870</td><td class=\"r\">1,685 to 2,055</td>"),
            "{html}"
        );
        assert!(html.contains(&format!("<desc id=\"q-d\">{text}</desc>")));
        assert!(
            html.contains(">3,000<") || html.contains(">4,000<"),
            "the scale is round"
        );
        assert!(!html.contains("NaN") && !html.contains("inf"));
    }

    #[test]
    fn nothing_small_is_shown_and_nothing_breaks_without_a_past() {
        let (mut queue, mut forecast) = queue(Vec::new());
        queue.opening = 3;
        for week in &mut forecast.weeks {
            week.queue = week.queue.map(|_| 3.0);
        }
        let chart = QueueChart {
            id: "q".into(),
            queue: &queue,
            forecast: &forecast,
            given: "at today’s pace".into(),
        };
        let html = chart.html();
        assert!(
            html.contains("fewer than 5") && !html.contains(">3<"),
            "{html}"
        );
        assert!(!html.contains("NaN"));
    }

    #[test]
    fn scales_are_round() {
        for (n, round) in [
            (0.0, 10.0),
            (11.0, 20.0),
            (2050.0, 3000.0),
            (4000.0, 4000.0),
            (41.0, 60.0),
        ] {
            assert_eq!(round_up(n), round);
        }
    }
}
