//! One duty in plain words: its law, what each test found, where, and a few examples of why.

use candour_law::{Confirmed, Duty, Owner};

use crate::front::tag;
use crate::html::Html;
use crate::numbers::Shown;
use crate::report::Page;
use crate::timeline::{Timeline, window};
use crate::view::TestView;
use crate::words;

/// Examples of one test.
const EXAMPLES: usize = 3;

/// Duties with their tests, in the order of the Act.
pub(crate) fn grouped<'p>(page: &'p Page<'_>) -> Vec<(&'p Duty, Vec<&'p TestView<'p>>)> {
    let mut all: Vec<(&Duty, Vec<&TestView<'_>>)> = Vec::new();
    for test in &page.tests {
        match all.last_mut() {
            Some((duty, tests)) if duty.id == test.duty.id => tests.push(test),
            _ => all.push((test.duty, vec![test])),
        }
    }
    all
}

pub(crate) fn write_all(h: &mut Html, page: &Page<'_>) {
    h.lit("<section aria-labelledby=\"duties\">\n<h2 id=\"duties\">Duty by duty</h2>\n<p>In the order of the Act. An <strong>occasion</strong> is a moment on which a duty falls due for one person: a request, the end of an assessment, a year of support. Each is counted once, under what the records show of it.</p>\n");
    for (duty, tests) in grouped(page) {
        write(h, page, duty, &tests);
    }
    h.lit("</section>\n");
}

fn write(h: &mut Html, page: &Page<'_>, duty: &Duty, tests: &[&TestView<'_>]) {
    h.lit("<div class=\"duty\">\n<h3 id=\"")
        .text(&duty.id)
        .lit("\">")
        .text(&duty.title);
    h.lit(" <span class=\"sec\">")
        .text(&words::section(&duty.section))
        .lit("</span></h3>\n<p class=\"lead\">")
        .text(&duty.plain)
        .lit("</p>\n");
    h.lit("<h4>What the law says</h4>\n")
        .paragraphs(&duty.page.law);
    authorities(h, duty);
    for test in tests {
        write_test(h, page, test);
    }
    h.lit("<h4>What this cannot show</h4>\n")
        .paragraphs(&duty.page.cannot_show);
    for (heading, _, text) in duty.page.headings() {
        if matches!(
            heading,
            "If it was not met" | "For the council" | "For the person or user-led group"
        ) {
            h.lit("<details><summary>")
                .text(heading)
                .lit("</summary><div>")
                .paragraphs(text)
                .lit("</div></details>\n");
        }
    }
    h.lit("</div>\n");
}

fn authorities(h: &mut Html, duty: &Duty) {
    let count = |c: Confirmed| duty.authorities.iter().filter(|a| a.confirmed == c).count();
    if let Some(first) = duty
        .authorities
        .first()
        .filter(|a| a.confirmed == Confirmed::Unconfirmed)
    {
        h.lit(
            "<p class=\"unconfirmed\"><strong>Unconfirmed.</strong> We have not seen the text of ",
        )
        .text(&first.cite)
        .lit(" ourselves. Check it before relying on this.</p>\n");
    }
    h.lit("<details><summary>Its sources: ");
    let parts: Vec<String> = [
        Confirmed::Text,
        Confirmed::Secondary,
        Confirmed::Unconfirmed,
    ]
    .into_iter()
    .filter(|c| count(*c) > 0)
    .map(|c| format!("{} {}", count(c), words::confirmed(c)))
    .collect();
    h.text(&parts.join("; "))
        .lit("</summary><div><ul class=\"sources\">\n");
    for a in &duty.authorities {
        h.lit("<li><span class=\"conf ")
            .lit(words::confirmed_class(a.confirmed))
            .lit("\">")
            .lit(words::confirmed(a.confirmed))
            .lit("</span> <strong>")
            .text(&a.cite)
            .lit("</strong> (")
            .lit(words::authority(a.kind))
            .lit(")<br>");
        h.text(&a.says)
            .lit("<br><span class=\"small\">How we know: ")
            .text(&a.source)
            .lit("</span></li>\n");
    }
    h.lit("</ul></div></details>\n");
}

fn write_test(h: &mut Html, page: &Page<'_>, t: &TestView<'_>) {
    h.lit("<div class=\"test\">\n<h4 id=\"")
        .text(&t.id)
        .lit("\">")
        .text(&t.test.title)
        .lit("</h4>\n<p class=\"verdict\">");
    tag(h, t.word);
    h.lit(" ").text(&t.says()).lit("</p>\n");
    if t.word.is_signal()
        && let Some(why) = page.inspector.rulebook.sentence(t.test, "not_met")
    {
        h.lit("<p>Each signal says: “").text(&why).lit("”</p>\n");
    }
    h.lit("<ul class=\"basis\"><li>")
        .lit(words::force(t.test.force))
        .lit(" ")
        .lit(words::strength(t.test.strength))
        .lit("</li>\n");
    windows(h, t);
    h.lit("</ul>\n");
    if t.occasions != Shown::Zero {
        t.chart().write(h);
    }
    both_ways(h, page, t);
    if t.word.is_signal() {
        worst(h, t);
        examples(h, page, t);
    }
    h.lit("</div>\n");
}

/// Each window names its owner: almost none of them is in the Act.
fn windows(h: &mut Html, t: &TestView<'_>) {
    if t.test.params.is_empty() {
        return;
    }
    let in_law = t.test.params.values().any(|p| p.owner == Owner::Statute);
    if !in_law {
        h.lit("<li>The Act sets no days or months for this.</li>\n");
    }
    for (id, param) in &t.test.params {
        h.lit("<li><strong>")
            .text(&words::length(id, param))
            .lit("</strong>: the number is ")
            .lit(words::owner(param.owner))
            .lit(". ")
            .text(&param.why)
            .lit("</li>\n");
    }
}

/// What the local facts change.
fn both_ways(h: &mut Html, page: &Page<'_>, t: &TestView<'_>) {
    let heard = page
        .document
        .local_facts
        .iter()
        .any(|f| t.test.local.iter().any(|kind| kind == f.kind));
    if !heard {
        return;
    }
    h.lit("<p class=\"both\"><strong>Shown both ways.</strong> ");
    match t.without_local {
        Some(without) => {
            h.lit("With what <a href=\"#local\">the council told us</a>: ")
                .num(t.all_signals)
                .lit(" signals. Without it: ")
                .num(without)
                .lit(". The difference is counted under “cannot tell”, never under “no signal”.");
        }
        None => {
            h.lit("What <a href=\"#local\">the council told us</a> changes no count here.");
        }
    }
    h.lit("</p>\n");
}

fn worst(h: &mut Html, t: &TestView<'_>) {
    h.lit("<h5>Where it is worst</h5>\n");
    if t.worse.is_empty() {
        h.lit(if t.compared == 0 {
            "<p>No group is large enough to compare.</p>\n"
        } else {
            "<p>No clear difference between the groups that are large enough to compare: by month, age band, sex, ethnic group, main reason for support, setting or postcode district.</p>\n"
        });
        return;
    }
    h.lit("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Where it is worst: ").text(&t.test.title).lit(", ").text(&words::section(&t.duty.section)).lit("\"><table><caption class=\"vh\">Groups clearly worse than the rest</caption><thead><tr><th scope=\"col\">Group</th><th scope=\"col\" class=\"r\">Signals</th><th scope=\"col\" class=\"r\">Owed and due</th><th scope=\"col\" class=\"r\">Share (95% interval)</th><th scope=\"col\" class=\"r\">Everybody else</th></tr></thead><tbody>\n");
    for w in &t.worse {
        h.lit("<tr><th scope=\"row\">")
            .text(&w.group)
            .lit(" <span class=\"sec\">")
            .lit(w.dimension)
            .lit("</span></th><td class=\"r\">")
            .num(w.signals)
            .lit("</td><td class=\"r\">")
            .num(w.owed);
        h.lit("</td><td class=\"r\">")
            .text(&w.share.percent())
            .lit(" <span class=\"ci\">(")
            .text(&w.share.interval_text())
            .lit(")</span></td><td class=\"r\">")
            .text(&w.rest.percent())
            .lit(" <span class=\"ci\">(")
            .text(&w.rest.interval_text())
            .lit(")</span></td></tr>\n");
    }
    h.lit("</tbody></table></div>\n");
    if t.questions.is_some() {
        h.lit(
            "<p class=\"small\">Signals here take in those that are only a question to ask.</p>\n",
        );
    }
}

fn examples(h: &mut Html, page: &Page<'_>, t: &TestView<'_>) {
    // Fewer than five signals are hidden; an example would tell how few.
    if !matches!(t.all_signals, Shown::Rounded(_)) {
        return;
    }
    let examples = page
        .inspection
        .examples(&page.joined.record, t.result, EXAMPLES);
    if examples.is_empty() {
        return;
    }
    h.lit("<details class=\"examples\"><summary>Examples that show why</summary><div>\n<p>Days run from the first event shown, on day 0. The dashed line is the occasion, and the shaded days are those in which the test looked. <span class=\"evkey\">Dark and bold</span> is what the verdict rests on. Dates, place and everything about who it is are left out.</p>\n");
    let told = page.inspector.rulebook.sentence(t.test, "not_met");
    for (place, example) in examples.iter().enumerate() {
        let n = place + 1;
        h.lit("<h5>Example ").num(n).lit("</h5>\n");
        // Said above already where it is what every signal says.
        if told.as_deref() != Some(example.because.as_str()) {
            h.lit("<p>").text(&example.because).lit("</p>\n");
        }
        let title = format!("Example {n} of “{}”", t.test.title);
        Timeline::new(example, format!("tl-{}-{n}", t.id), title, window(t.test)).write(h);
    }
    h.lit("</div></details>\n");
}
