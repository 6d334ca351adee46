//! The bars of one test. One struct draws the chart, its table and its text alternative.

use crate::html::Html;
use crate::numbers::{Share, Shown};

/// How a bar is filled. Told apart without colour: solid, bars, dots, stripes, outline.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Fill {
    Signal,
    Question,
    NoSignal,
    CannotTell,
    Outside,
}

impl Fill {
    fn class(self) -> &'static str {
        match self {
            Fill::Signal => "f-signal",
            Fill::Question => "f-question",
            Fill::NoSignal => "f-none",
            Fill::CannotTell => "f-cannot",
            Fill::Outside => "f-outside",
        }
    }
}

/// One bar, one row of the table.
#[derive(Clone, Debug)]
pub(crate) struct Bar {
    pub label: &'static str,
    pub fill: Fill,
    pub count: Shown,
    /// Of the occasions that were owed and due.
    pub share: Option<Share>,
    /// Why, and how often.
    pub reasons: Vec<(String, Shown)>,
}

/// A chart with its table and text.
#[derive(Clone, Debug)]
pub(crate) struct Chart {
    pub id: String,
    pub title: String,
    pub bars: Vec<Bar>,
    pub owed_and_due: Shown,
    pub occasions: Shown,
}

const WIDTH: u64 = 360;
const ROW: u64 = 46;
const STUB: u64 = 8;

impl Chart {
    /// The whole chart in a sentence, for those who do not see it.
    pub fn text(&self) -> String {
        let parts: Vec<String> = self
            .bars
            .iter()
            .map(|b| match b.share {
                Some(share) => format!("{}: {}, {}", b.label, b.count, share.percent()),
                None => format!("{}: {}", b.label, b.count),
            })
            .collect();
        format!(
            "Bars of occasions, {} owed and due. {}.",
            self.owed_and_due,
            parts.join(". ")
        )
    }

    /// Chart and table side by side.
    pub fn write(&self, h: &mut Html) {
        h.lit("<div class=\"figure\">\n");
        self.svg(h);
        self.table(h);
        h.lit("</div>\n");
        self.reasons(h);
    }

    fn svg(&self, h: &mut Html) {
        let height = ROW * self.bars.len() as u64 + 2;
        let longest = self
            .bars
            .iter()
            .filter_map(|b| b.count.value())
            .max()
            .unwrap_or(0)
            .max(1);
        h.lit("<svg class=\"chart\" role=\"img\" viewBox=\"0 0 ")
            .num(WIDTH)
            .lit(" ")
            .num(height);
        h.lit("\" aria-labelledby=\"")
            .text(&self.id)
            .lit("-t ")
            .text(&self.id)
            .lit("-d\">");
        h.lit("<title id=\"")
            .text(&self.id)
            .lit("-t\">")
            .text(&self.title)
            .lit("</title>");
        h.lit("<desc id=\"")
            .text(&self.id)
            .lit("-d\">")
            .text(&self.text())
            .lit("</desc>");
        for (place, bar) in self.bars.iter().enumerate() {
            let y = place as u64 * ROW;
            h.lit("<text x=\"0\" y=\"")
                .num(y + 16)
                .lit("\">")
                .text(bar.label);
            h.lit(" <tspan class=\"n\">").num(bar.count).lit("</tspan>");
            if let Some(share) = bar.share {
                h.lit(" <tspan class=\"p\">")
                    .text(&share.percent())
                    .lit("</tspan>");
            }
            h.lit("</text>");
            let width = match bar.count.value() {
                Some(n) => (n * (WIDTH - 2)).div_ceil(longest),
                None => STUB,
            };
            h.lit("<rect class=\"")
                .lit(bar.fill.class())
                .lit("\" x=\"1\" y=\"")
                .num(y + 23);
            h.lit("\" height=\"15\" width=\"").num(width).lit("\"/>");
        }
        h.lit("</svg>\n");
    }

    fn table(&self, h: &mut Html) {
        h.lit("<table class=\"counts\"><caption class=\"vh\">")
            .text(&self.title)
            .lit("</caption>");
        h.lit("<thead><tr><th scope=\"col\">Occasions</th><th scope=\"col\" class=\"r\">Number</th><th scope=\"col\" class=\"r\">Share</th></tr></thead><tbody>\n");
        for bar in &self.bars {
            self.row(h, bar);
            if bar.fill == Fill::CannotTell {
                h.lit("<tr class=\"sum\"><th scope=\"row\">Owed and due</th><td class=\"r\">")
                    .num(self.owed_and_due);
                h.lit("</td><td class=\"r\">")
                    .lit(if self.owed_and_due.value().is_some_and(|n| n >= 20) {
                        "100%"
                    } else {
                        ""
                    })
                    .lit("</td></tr>\n");
            }
        }
        h.lit("<tr class=\"sum\"><th scope=\"row\">All occasions</th><td class=\"r\">")
            .num(self.occasions)
            .lit("</td><td></td></tr>\n");
        h.lit("</tbody></table>\n");
    }

    fn row(&self, h: &mut Html, bar: &Bar) {
        h.lit("<tr><th scope=\"row\"><span class=\"key ")
            .lit(bar.fill.class())
            .lit("\"></span>")
            .text(bar.label);
        h.lit("</th><td class=\"r\">")
            .num(bar.count)
            .lit("</td><td class=\"r\">");
        if let Some(share) = bar.share {
            h.text(&share.percent());
        }
        h.lit("</td></tr>\n");
    }

    /// Why we cannot tell, why it was not owed, why it is not yet due.
    fn reasons(&self, h: &mut Html) {
        if self.bars.iter().all(|b| b.reasons.is_empty()) {
            return;
        }
        h.lit("<details><summary>The reasons, and how often</summary><div><table class=\"counts\"><caption class=\"vh\">Reasons: ").text(&self.title);
        h.lit("</caption><thead><tr><th scope=\"col\">Reason</th><th scope=\"col\" class=\"r\">Number</th></tr></thead>\n");
        for bar in self.bars.iter().filter(|b| !b.reasons.is_empty()) {
            h.lit("<tbody><tr class=\"sum\"><th scope=\"rowgroup\">")
                .text(bar.label)
                .lit("</th><td class=\"r\">")
                .num(bar.count)
                .lit("</td></tr>\n");
            for (why, count) in &bar.reasons {
                h.lit("<tr><th scope=\"row\">")
                    .text(why)
                    .lit("</th><td class=\"r\">")
                    .num(count)
                    .lit("</td></tr>\n");
            }
            h.lit("</tbody>\n");
        }
        h.lit("</table></div></details>\n");
    }
}

/// The patterns that the charts are filled with, once a page.
pub(crate) const PATTERNS: &str = "<svg class=\"defs\" aria-hidden=\"true\" focusable=\"false\" width=\"0\" height=\"0\"><defs>\
<pattern id=\"dots\" width=\"6\" height=\"6\" patternUnits=\"userSpaceOnUse\"><rect width=\"6\" height=\"6\" fill=\"#dbe7f1\"/><circle cx=\"2\" cy=\"2\" r=\"1.1\" fill=\"#4a7ba6\"/></pattern>\
<pattern id=\"stripes\" width=\"7\" height=\"7\" patternUnits=\"userSpaceOnUse\" patternTransform=\"rotate(45)\"><rect width=\"7\" height=\"7\" fill=\"#fff\"/><rect width=\"3\" height=\"7\" fill=\"#6b7f92\"/></pattern>\
<pattern id=\"bars\" width=\"5\" height=\"5\" patternUnits=\"userSpaceOnUse\"><rect width=\"5\" height=\"5\" fill=\"#fff\"/><rect width=\"2.4\" height=\"5\" fill=\"#12436d\"/></pattern>\
</defs></svg>\n";

#[cfg(test)]
mod tests {
    use super::*;

    fn chart() -> Chart {
        let owed = Shown::new(403);
        let bar = |label, fill, n| Bar {
            label,
            fill,
            count: Shown::new(n),
            share: Share::new(Shown::new(n), owed),
            reasons: vec![("Because".into(), Shown::new(n))],
        };
        Chart {
            id: "c1".into(),
            title: "Reviewed in time".into(),
            bars: vec![
                bar("Signal", Fill::Signal, 248),
                bar("No signal", Fill::NoSignal, 152),
                bar("Cannot tell", Fill::CannotTell, 3),
            ],
            owed_and_due: owed,
            occasions: Shown::new(420),
        }
    }

    #[test]
    fn chart_table_and_text_agree() {
        let chart = chart();
        let (mut svg, mut table, mut reasons) = (Html::default(), Html::default(), Html::default());
        chart.reasons(&mut reasons);
        chart.svg(&mut svg);
        chart.table(&mut table);
        let (svg, table, reasons, text) =
            (svg.finish(), table.finish(), reasons.finish(), chart.text());
        for bar in &chart.bars {
            let count = bar.count.to_string();
            assert!(
                svg.contains(&format!("{} <tspan class=\"n\">{count}</tspan>", bar.label)),
                "{svg}"
            );
            assert!(
                table.contains(&format!("{}</th><td class=\"r\">{count}</td>", bar.label)),
                "{table}"
            );
            assert!(text.contains(&format!("{}: {count}", bar.label)), "{text}");
            assert!(
                reasons.contains(&format!("{}</th><td class=\"r\">{count}</td>", bar.label)),
                "{reasons}"
            );
            assert!(svg.contains(&text), "the text is the picture's description");
        }
        assert!(
            !table.contains(">3<") && !svg.contains(">3<"),
            "three is hidden"
        );
        assert!(text.contains("Signal: 250, 62%"), "{text}");
    }

    #[test]
    fn bars_are_as_long_as_their_numbers() {
        let mut svg = Html::default();
        chart().svg(&mut svg);
        let svg = svg.finish();
        assert!(
            svg.contains("width=\"358\"/>"),
            "the longest fills the width"
        );
        assert!(svg.contains("width=\"215\"/>"), "150 of 250");
        assert!(svg.contains("width=\"8\"/>"), "a hidden one is a stub");
    }
}
