//! Published measures by the published methods, to hold against the council's own figures.

use candour_inspect::Measure;

use crate::figures;
use crate::html::Html;
use crate::numbers::{Cell, Ledger, Share, Shown};
use crate::words;

/// Of fewer than this no middle is shown.
const SMALLEST: u64 = 20;

pub(crate) fn write(h: &mut Html, measures: &[Measure]) {
    h.lit("<section aria-labelledby=\"measures\">\n<h2 id=\"measures\">Published measures: check us first</h2>\n");
    if measures.is_empty() {
        h.lit("<p>No published measure was worked out in this inspection.</p>\n</section>\n");
        return;
    }
    h.lit("<p class=\"lead\">These are figures that the council sends or publishes anyway, worked out here from the same returns by the published methods. If they agree with the council’s own, we have read its returns as it meant them. If they do not, find out why before anything else on this page is relied on.</p>\n");
    h.lit("<h3>How to compare</h3>\n<ol>\n\
<li>Take the council’s own figure of the same measure for the same days: from its submission, its dashboard of Client Level Data, or the national publication.</li>\n\
<li>Compare the numbers first and the shares after. The exact numbers are in <code>inspection.json</code>, under <code>measures</code>; here they are rounded.</li>\n\
<li>A difference of one or two in a hundred is ordinary: national figures use traced NHS numbers, deaths registered later and the latest file sent. The note beside each measure says which way it may differ.</li>\n\
<li>A larger one mostly has one of these causes: rows or a whole type of event missing from the file, another version of the return, starts reset by a change of system, or people with several identifiers. See <a href=\"#quality\">how good the data are</a>.</li>\n</ol>\n");
    h.lit("<table class=\"overview measures\" role=\"table\" aria-labelledby=\"measures\"><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Measure</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Value</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Number</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Of</th><th role=\"columnheader\" scope=\"col\">Method, and how it may differ</th></tr></thead><tbody role=\"rowgroup\">\n");
    for measure in measures {
        row(h, measure);
    }
    h.lit("</tbody></table>\n");
    for measure in measures.iter().filter(|m| !m.groups.is_empty()) {
        groups(h, measure);
    }
    h.lit("</section>\n");
}

fn row(h: &mut Html, measure: &Measure) {
    h.lit("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\">")
        .text(measure.title)
        .lit(" <span class=\"sec\">");
    let [from, to] = &measure.period;
    if from == to {
        h.text(&words::date(to));
    } else {
        h.text(&words::date(from))
            .lit(" to ")
            .text(&words::date(to));
    }
    h.lit("; <code>")
        .text(measure.id)
        .lit("</code></span></th>");
    let numerator = measure.numerator.map(Shown::new);
    let denominator = measure.denominator.map(Shown::new);
    h.lit("<td role=\"cell\" data-l=\"Value\" class=\"r\"><strong>");
    h.text(&value(
        measure.unit,
        measure.value.filter(|_| measure.cannot_tell.is_none()),
        numerator,
        denominator,
    ));
    h.lit("</strong></td><td role=\"cell\" data-l=\"Number\" class=\"r\">");
    number(h, numerator);
    h.lit("</td><td role=\"cell\" data-l=\"Of\" class=\"r\">");
    number(h, denominator);
    h.lit("</td><td role=\"cell\" class=\"says\">");
    if let Some(why) = &measure.cannot_tell {
        h.lit("<strong>Cannot tell</strong>, because ")
            .text(
                why.strip_prefix("because ")
                    .unwrap_or(why)
                    .trim_end_matches('.'),
            )
            .lit(". ");
    }
    h.text(measure.method)
        .lit(" <span class=\"sec\">")
        .text(measure.note)
        .lit("</span></td></tr>\n");
}

fn number(h: &mut Html, shown: Option<Shown>) {
    match shown {
        Some(shown) => h.num(shown),
        None => h.lit("–"),
    };
}

/// A value from the numbers as they are shown.
fn value(
    unit: &str,
    value: Option<f64>,
    numerator: Option<Shown>,
    denominator: Option<Shown>,
) -> String {
    let Some(value) = value.filter(|v| v.is_finite()) else {
        return "cannot tell".to_owned();
    };
    let small = |n: Option<Shown>| n.is_some_and(|n| n.value().is_none_or(|n| n < SMALLEST));
    match unit {
        "people" => numerator
            .unwrap_or_else(|| Shown::new(value.max(0.0).round() as u64))
            .to_string(),
        "share" => match (numerator, denominator) {
            (Some(part), Some(whole)) => {
                Share::new(part, whole).map_or("too few".to_owned(), Share::percent)
            }
            // Without the numbers behind it a share is not shown.
            _ => "not shown".to_owned(),
        },
        _ if small(denominator) || (denominator.is_none() && small(numerator)) => {
            "too few".to_owned()
        }
        "days" => figures::days(value),
        "pounds" | "pounds_a_week" => figures::pounds(value),
        _ => format!("{value:.1}"),
    }
}

/// The parts of a measure. Parts that add up to the whole are kept from giving each other away.
fn groups(h: &mut Html, measure: &Measure) {
    let mut ledger = Ledger::default();
    let mut column = |total: Option<u64>, parts: Vec<Option<u64>>| -> (Ledger, Vec<Option<Cell>>) {
        let whole = total.map(|n| (n, ledger.cell(n)));
        let mut cells = Vec::new();
        let (mut run, mut sum) = (Vec::new(), 0);
        for part in parts {
            let cell = part.map(|n| ledger.cell(n));
            cells.push(cell);
            run.extend(cell);
            sum += part.unwrap_or(0);
            if let Some((n, whole)) = whole.filter(|(n, _)| *n == sum) {
                ledger.sum(whole, std::mem::take(&mut run));
                sum -= n;
            }
        }
        ledger.protect();
        (std::mem::take(&mut ledger), cells)
    };
    let numerators = column(
        measure.numerator,
        measure.groups.iter().map(|g| g.numerator).collect(),
    );
    let denominators = column(
        measure.denominator,
        measure.groups.iter().map(|g| g.denominator).collect(),
    );
    let shown = |column: &(Ledger, Vec<Option<Cell>>), place: usize| {
        column
            .1
            .get(place)
            .copied()
            .flatten()
            .map(|c| column.0.shown(c))
    };
    h.lit("<details><summary>")
        .text(measure.title)
        .lit(", part by part</summary><div><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
        .text(measure.title)
        .lit(", part by part\"><table class=\"numbers\"><caption class=\"vh\">")
        .text(measure.title)
        .lit("</caption><thead><tr><th scope=\"col\">Part</th><th scope=\"col\" class=\"r\">Value</th><th scope=\"col\" class=\"r\">Number</th><th scope=\"col\" class=\"r\">Of</th></tr></thead><tbody>\n");
    for (place, group) in measure.groups.iter().enumerate() {
        let (numerator, denominator) = (shown(&numerators, place), shown(&denominators, place));
        h.lit("<tr><th scope=\"row\">")
            .text(&words::sentence(&group.group))
            .lit("</th><td class=\"r\">")
            .text(&value(measure.unit, group.value, numerator, denominator))
            .lit("</td><td class=\"r\">");
        number(h, numerator);
        h.lit("</td><td class=\"r\">");
        number(h, denominator);
        h.lit("</td></tr>\n");
    }
    h.lit("</tbody></table></div></div></details>\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use candour_inspect::MeasureGroup;

    fn measure(groups: &[(&str, u64)]) -> Measure {
        Measure {
            id: "lts001b",
            title: "People in long-term support at the end of the year",
            method: "NHS England’s.",
            period: ["2026-03-31".into(), "2026-03-31".into()],
            numerator: Some(groups.iter().map(|g| g.1).sum()),
            denominator: None,
            value: Some(groups.iter().map(|g| g.1).sum::<u64>() as f64),
            unit: "people",
            cannot_tell: None,
            note: "May be lower.",
            groups: groups
                .iter()
                .map(|(name, n)| MeasureGroup {
                    group: (*name).to_owned(),
                    numerator: Some(*n),
                    denominator: None,
                    value: Some(*n as f64),
                })
                .collect(),
        }
    }

    fn page(measures: &[Measure]) -> String {
        let mut h = Html::default();
        write(&mut h, measures);
        h.finish()
    }

    #[test]
    fn small_parts_are_hidden_and_cannot_be_worked_out() {
        let page = page(&[measure(&[("nursing", 7), ("prison", 4), ("community", 3)])]);
        assert!(page.contains("<strong>15</strong>"), "{page}");
        assert_eq!(
            page.matches(">fewer than 5<").count(),
            4,
            "two parts, twice each"
        );
        assert!(page.contains(">not shown<"), "7 would give 3 and 4 away");
        assert!(!page.contains(">3<") && !page.contains(">4<") && !page.contains(">7<"));
    }

    #[test]
    fn a_share_is_of_what_is_shown() {
        let shown = |part, whole| {
            value(
                "share",
                Some(0.5),
                Some(Shown::new(part)),
                Some(Shown::new(whole)),
            )
        };
        assert_eq!(shown(51, 198), "25%");
        assert_eq!(shown(4, 198), "too few");
        assert_eq!(shown(5, 12), "too few");
        assert_eq!(value("share", Some(0.5), None, None), "not shown");
        assert_eq!(
            value("days", Some(31.4), None, Some(Shown::new(200))),
            "31 days"
        );
        assert_eq!(
            value("days", Some(31.4), None, Some(Shown::new(12))),
            "too few"
        );
        assert_eq!(value("days", Some(f64::NAN), None, None), "cannot tell");
    }

    #[test]
    fn what_cannot_be_told_says_why() {
        let none = Measure {
            numerator: None,
            value: None,
            cannot_tell: Some("no return covers 12 months.".into()),
            groups: Vec::new(),
            ..measure(&[])
        };
        assert!(
            page(&[none])
                .contains("<strong>Cannot tell</strong>, because no return covers 12 months. ")
        );
        assert!(page(&[]).contains("No published measure"));
    }
}
