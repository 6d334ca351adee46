//! Published measures by the published methods, to hold against the council's own figures.

use candour_inspect::{Measure, MeasureGroup};

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
    h.lit("<table class=\"overview measures\" role=\"table\" aria-labelledby=\"measures\"><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Measure</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Value</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Number</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Of</th></tr></thead><tbody role=\"rowgroup\">\n");
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
    h.lit("</strong>");
    if measure.percentile_90.is_some() {
        let late = value(measure.unit, measure.percentile_90, numerator, denominator);
        h.lit(" <span class=\"ci\">nine in ten: ")
            .text(&late)
            .lit("</span>");
    }
    h.lit("</td><td role=\"cell\" data-l=\"Number\" class=\"r\">");
    number(h, numerator);
    h.lit("</td><td role=\"cell\" data-l=\"Of\" class=\"r\">");
    number(h, denominator);
    // Below its numbers, where it has the whole width.
    h.lit("</td></tr>\n<tr role=\"row\" class=\"says\"><td role=\"cell\" colspan=\"4\">");
    if let Some(why) = &measure.cannot_tell {
        h.lit("<strong>Cannot tell</strong>, because ")
            .text(
                why.strip_prefix("because ")
                    .unwrap_or(why)
                    .trim_end_matches('.'),
            )
            .lit(". ");
    }
    h.lit("Method: ")
        .text(measure.method.trim_end_matches('.'))
        .lit(". ")
        .text(measure.note)
        .lit("</td></tr>\n");
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

/// The parts of a measure, division by division.
fn groups(h: &mut Html, measure: &Measure) {
    let numerators = protected(measure, measure.numerator, |g| g.numerator);
    let denominators = protected(measure, measure.denominator, |g| g.denominator);
    // Of a count, the value is the number, and there is nothing it is of.
    let counts = measure.unit == "people";
    let late = measure.groups.iter().any(|g| g.percentile_90.is_some());
    h.lit("<details><summary>")
        .text(measure.title)
        .lit(", part by part</summary><div><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"")
        .text(measure.title)
        .lit(", part by part\"><table class=\"numbers\"><caption class=\"vh\">")
        .text(measure.title)
        .lit(", part by part</caption><thead><tr><th scope=\"col\">Part</th><th scope=\"col\" class=\"r\">")
        .lit(match (late, counts) {
            (true, _) => "Half within",
            (_, true) => "Number",
            _ => "Value",
        })
        .lit("</th>");
    if late {
        h.lit("<th scope=\"col\" class=\"r\">Nine in ten within</th>");
    }
    if !counts {
        h.lit("<th scope=\"col\" class=\"r\">Number</th><th scope=\"col\" class=\"r\">Of</th>");
    }
    h.lit("</tr></thead>\n");
    for by in divisions(measure) {
        h.lit("<tbody><tr class=\"sum\"><th scope=\"rowgroup\" colspan=\"")
            .lit(match (late, counts) {
                (true, _) => "5",
                (_, true) => "2",
                _ => "4",
            })
            .lit("\">")
            .text(&if by.starts_with("not ") {
                words::sentence(by)
            } else {
                format!("By {by}")
            })
            .lit("</th></tr>\n");
        for (place, group) in measure
            .groups
            .iter()
            .enumerate()
            .filter(|(_, g)| g.by == by)
        {
            let shown = |all: &[Option<Shown>]| all.get(place).copied().flatten();
            let (numerator, denominator) = (shown(&numerators), shown(&denominators));
            let known = group.value.is_some();
            h.lit("<tr><th scope=\"row\">")
                .text(&words::sentence(&group.group))
                .lit("</th><td class=\"r\">")
                .text(&if known {
                    value(measure.unit, group.value, numerator, denominator)
                } else {
                    "–".to_owned()
                });
            if late {
                h.lit("</td><td class=\"r\">")
                    .text(&match group.percentile_90 {
                        Some(_) => value(measure.unit, group.percentile_90, numerator, denominator),
                        None => "–".to_owned(),
                    });
            }
            if !counts {
                h.lit("</td><td class=\"r\">");
                number(h, numerator);
                h.lit("</td><td class=\"r\">");
                number(h, denominator);
            }
            h.lit("</td></tr>\n");
        }
        h.lit("</tbody>\n");
    }
    h.lit("</table></div></div></details>\n");
}

/// How a measure is divided, in the order in which it says so.
fn divisions(measure: &Measure) -> Vec<&'static str> {
    let mut seen = Vec::new();
    for group in &measure.groups {
        if !seen.contains(&group.by) {
            seen.push(group.by);
        }
    }
    seen
}

/// A number and the cell that shows it.
type Counted = (u64, Cell);

/// One column of the parts, so that no part that is hidden can be worked out from the others, from the
/// whole, or, where a division is one by two things, from the division by either.
fn protected(
    measure: &Measure,
    whole: Option<u64>,
    column: impl Fn(&MeasureGroup) -> Option<u64>,
) -> Vec<Option<Shown>> {
    let mut ledger = Ledger::default();
    let whole = whole.map(|n| (n, ledger.cell(n)));
    let cells: Vec<Option<Counted>> = measure
        .groups
        .iter()
        .map(|g| column(g).map(|n| (n, ledger.cell(n))))
        .collect();
    let of = |wanted: &dyn Fn(&MeasureGroup) -> bool| -> Vec<Counted> {
        let groups = measure.groups.iter().zip(&cells);
        groups
            .filter(|(g, _)| wanted(g))
            .filter_map(|(_, c)| *c)
            .collect()
    };
    let mut sums: Vec<(Counted, Vec<Counted>)> = Vec::new();
    for by in divisions(measure) {
        if let Some(whole) = whole {
            sums.push((whole, of(&|g| g.by == by)));
        }
        let Some((first, second)) = by.split_once(" and ") else {
            continue;
        };
        for (parent, cell) in measure.groups.iter().zip(&cells) {
            let Some(cell) = cell else { continue };
            let begins = format!("{}, ", parent.group);
            let ends = format!(", {}", parent.group);
            if parent.by == first {
                sums.push((*cell, of(&|g| g.by == by && g.group.starts_with(&begins))));
            } else if parent.by == second {
                sums.push((*cell, of(&|g| g.by == by && g.group.ends_with(&ends))));
            }
        }
    }
    for ((total, cell), parts) in sums {
        let sum: u64 = parts.iter().map(|(n, _)| n).sum();
        // Parts of more than the whole, such as those the method leaves out, tell nothing of each other.
        if parts.is_empty() || sum > total {
            continue;
        }
        let mut parts: Vec<Cell> = parts.into_iter().map(|(_, c)| c).collect();
        if sum < total {
            // Whoever is in the whole only, which nobody is told.
            parts.push(ledger.cell(total - sum));
        }
        ledger.sum(cell, parts);
    }
    ledger.protect();
    cells
        .into_iter()
        .map(|c| c.map(|(_, cell)| ledger.shown(cell)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measure(groups: &[(&str, u64)]) -> Measure {
        Measure {
            id: "lts001b",
            title: "People in long-term support at the end of the year",
            method: "NHS England’s.",
            period: ["2026-03-31".into(), "2026-03-31".into()],
            numerator: Some(groups.iter().map(|g| g.1).sum()),
            denominator: None,
            value: Some(groups.iter().map(|g| g.1).sum::<u64>() as f64),
            percentile_90: None,
            unit: "people",
            cannot_tell: None,
            note: "May be lower.",
            groups: groups
                .iter()
                .map(|(name, n)| MeasureGroup {
                    by: "setting",
                    percentile_90: None,
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
        assert_eq!(page.matches(">fewer than 5<").count(), 2, "two parts");
        assert!(page.contains(">not shown<"), "7 would give 3 and 4 away");
        assert!(!page.contains(">3<") && !page.contains(">4<") && !page.contains(">7<"));
    }

    #[test]
    fn a_part_of_two_divisions_cannot_be_worked_out() {
        let group = |by, group: &str, n| MeasureGroup {
            by,
            group: group.into(),
            numerator: Some(n),
            denominator: None,
            value: Some(n as f64),
            percentile_90: None,
        };
        // 13 in prison, of whom 9 are younger: the others could only be 4 or fewer, and at least 2.
        let mut measure = measure(&[("prison", 13), ("community", 800)]);
        measure.groups.extend([
            group("age", "18 to 64", 409),
            group("age", "65 and over", 404),
            group("setting and age", "prison, 18 to 64", 12),
            group("setting and age", "prison, 65 and over", 1),
            group("setting and age", "community, 18 to 64", 397),
            group("setting and age", "community, 65 and over", 403),
        ]);
        let shown: Vec<String> = protected(&measure, measure.numerator, |g| g.numerator)
            .into_iter()
            .flatten()
            .map(|s| s.to_string())
            .collect();
        assert_eq!(shown[5], "fewer than 5");
        // 13 to 17 in prison, 10 to 14 of them younger, leaves one to four.
        assert_eq!([shown[0].as_str(), shown[4].as_str()], ["15", "10"]);
        measure.groups[4].numerator = Some(9);
        measure.groups[5].numerator = Some(4);
        let shown = protected(&measure, measure.numerator, |g| g.numerator);
        assert_eq!(shown[5], Some(Shown::Few));
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
