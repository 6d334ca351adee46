//! The first screen: what do the records signal, where, how sure. No grade.

use candour_law::Confirmed;

use crate::groups::Worse;
use crate::html::Html;
use crate::numbers::{Share, Shown};
use crate::patterns;
use crate::report::Page;
use crate::view::TestView;
use crate::words::{self, Word};

/// Lines in each of the three answers.
const LINES: usize = 3;

pub(crate) fn write(h: &mut Html, page: &Page<'_>) {
    let document = page.document;
    h.lit("<section class=\"front\" aria-labelledby=\"title\">\n<h1 id=\"title\">What the records of council ").text(&document.council).lit(" signal</h1>\n");
    facts(h, page);
    h.lit("<p class=\"headline\">")
        .text(&headline(page))
        .lit("</p>\n");
    patterns::front(h, &document.patterns);
    h.lit("<div class=\"answers\">\n");
    what(h, page);
    location(h, page);
    sure(h, page);
    h.lit("</div>\n<div class=\"caution\"><p><strong>A signal is not a finding.</strong> It says that the record does not show what the law, guidance or a benchmark asks for. Only people who have read the files and heard the council can say that a duty was breached. Files may hold a good answer.</p>\n");
    h.lit("<p><strong>People who were never let in are invisible here.</strong> A return holds those whom the council recorded, not those who were turned away, gave up or never heard of it.</p>\n");
    h.lit("<p class=\"small\">Counts under 5 are hidden, and the others are rounded to the nearest 5, so sums may not add up exactly.</p></div>\n</section>\n");
}

fn facts(h: &mut Html, page: &Page<'_>) {
    let document = page.document;
    let start = document
        .inputs
        .iter()
        .map(|i| i.period_start.as_str())
        .min()
        .unwrap_or("");
    let end = document
        .inputs
        .iter()
        .map(|i| i.period_end.as_str())
        .max()
        .unwrap_or("");
    h.lit("<dl class=\"facts\">\n<div><dt>As the records stood on</dt><dd>")
        .text(&words::date(&document.as_of));
    h.lit("</dd></div>\n<div><dt>Period of the ")
        .lit(if document.inputs.len() == 1 {
            "return"
        } else {
            "returns"
        })
        .lit("</dt><dd>");
    h.text(&words::date(start))
        .lit(" to ")
        .text(&words::date(end));
    h.lit("</dd></div>\n<div><dt>People in the record</dt><dd>")
        .num(Shown::new(document.people));
    h.lit("</dd></div>\n<div><dt>In long-term support that day</dt><dd>")
        .num(Shown::new(document.people_in_long_term_support))
        .lit("</dd></div>\n</dl>\n");
}

/// Tests with this word.
fn with<'p>(page: &'p Page<'_>, word: Word) -> Vec<&'p TestView<'p>> {
    page.by_weight()
        .into_iter()
        .filter(|t| t.word == word)
        .collect()
}

fn occasions(tests: &[&TestView<'_>]) -> Shown {
    // Hidden ones are left out, so that a sum does not show them.
    Shown::new(tests.iter().filter_map(|t| t.signals.value()).sum())
}

/// Most weighty first.
fn headline(page: &Page<'_>) -> String {
    let breach = with(page, Word::Breach);
    let tested = page
        .tests
        .iter()
        .filter(|t| Word::of(t.test.force, t.test.strength) == Word::Breach)
        .count();
    let mut parts = Vec::new();
    if breach.is_empty() {
        parts.push(format!(
            "On none of the {} of what the Act or its regulations say a council must do, and that a return can show well, do these records give a breach signal.",
            words::number(tested, "test", "tests")
        ));
    } else {
        parts.push(format!(
            "These records give breach signals on {} of what the Act or its regulations say a council must do: {} in all.",
            if breach.len() == tested {
                format!("all {}", words::number(tested, "test", "tests"))
            } else {
                format!("{} of {}", words::number(breach.len(), "", "").trim(), words::number(tested, "test", "tests"))
            },
            occasions(&breach).about()
        ));
    }
    let mut also = Vec::new();
    for (word, says) in [
        (Word::Guidance, "depart from statutory guidance"),
        (Word::Benchmark, "miss a benchmark"),
        (Word::Question, "raise a question to ask"),
    ] {
        let tests = with(page, word);
        if !tests.is_empty() {
            also.push(format!(
                "{says} on {}",
                words::number(tests.len(), "test", "tests")
            ));
        }
    }
    if !also.is_empty() {
        parts.push(format!("They {}.", list(&also)));
    }
    parts.join(" ")
}

/// `a, b and c`.
fn list(parts: &[String]) -> String {
    match parts {
        [] => String::new(),
        [one] => one.clone(),
        [all @ .., last] => format!("{} and {last}", all.join(", ")),
    }
}

fn what(h: &mut Html, page: &Page<'_>) {
    h.lit("<section aria-labelledby=\"what\"><h2 id=\"what\">What do they signal?</h2>\n");
    let tests: Vec<&TestView<'_>> = page
        .by_weight()
        .into_iter()
        .filter(|t| t.word.is_signal())
        .take(LINES)
        .collect();
    if tests.is_empty() {
        h.lit("<p>No test gives a signal. Read below how much the records could tell.</p>");
    } else {
        h.lit("<ol>\n");
        for t in tests {
            h.lit("<li><a href=\"#")
                .text(&t.id)
                .lit("\">")
                .text(&t.test.title)
                .lit("</a> <span class=\"sec\">")
                .text(&t.duty.title)
                .lit("</span> ");
            tag(h, t.word);
            h.lit("<br><strong>")
                .num(t.signals)
                .lit("</strong> of ")
                .num(t.owed)
                .lit(" occasions");
            if let Some(share) = t.share {
                h.lit(" (").text(&share.percent()).lit(")");
            }
            h.lit("</li>\n");
        }
        h.lit("</ol>\n<p><a href=\"#all-tests\">Every test at a glance</a></p>\n");
    }
    h.lit("</section>\n");
}

/// Where signals of the weightiest tests are clearly more frequent than elsewhere.
fn location(h: &mut Html, page: &Page<'_>) {
    h.lit("<section aria-labelledby=\"where\"><h2 id=\"where\">Where is it worst?</h2>\n");
    let worst: Vec<(&TestView<'_>, &Worse)> = page
        .by_weight()
        .into_iter()
        .filter(|t| t.word.is_signal())
        .filter_map(|t| t.worse.iter().find(|w| w.is_place).map(|w| (t, w)))
        .take(LINES)
        .collect();
    if worst.is_empty() {
        h.lit(
            "<p>No group large enough to compare is clearly worse than the rest on any test.</p>\n",
        );
    } else {
        h.lit("<ul>\n");
        for (t, w) in worst {
            h.lit("<li><strong>")
                .text(&w.group)
                .lit("</strong>: ")
                .text(&w.share.percent())
                .lit(", against ")
                .text(&w.rest.percent());
            h.lit(" ")
                .lit(w.others())
                .lit(": <a href=\"#")
                .text(&t.id)
                .lit("\">")
                .text(&t.test.title)
                .lit("</a>")
                .lit(if t.questions.is_some() {
                    ", questions to ask included"
                } else {
                    ""
                })
                .lit("</li>\n");
        }
        h.lit("</ul>\n<p class=\"small\">Not adjusted for other differences between the groups.</p>\n");
    }
    h.lit("</section>\n");
}

fn sure(h: &mut Html, page: &Page<'_>) {
    let counts = page.tests.iter().map(|t| &t.result.counts);
    let (owed, cannot) = counts.fold((0, 0), |(o, c), t| {
        (o + t.met + t.not_met + t.cannot_tell, c + t.cannot_tell)
    });
    let fate = &page.document.rows;
    h.lit("<section aria-labelledby=\"sure\"><h2 id=\"sure\">How sure is that?</h2>\n<ul>\n");
    match Share::new(Shown::new(owed - cannot), Shown::new(owed)) {
        Some(could) => {
            h.lit("<li>The records could answer <strong>").text(&could.percent()).lit("</strong> of the ").num(Shown::new(owed)).lit(" questions we put to them about something owed and due. On the rest we cannot tell.");
            let worst = page.tests.iter().max_by_key(|t| t.cannot_tell.rank());
            if let Some(t) = worst.filter(|t| t.cannot_tell.value().is_some_and(|n| n > 0)) {
                h.lit(" Most often: <a href=\"#")
                    .text(&t.id)
                    .lit("\">")
                    .text(&t.test.title)
                    .lit("</a>.");
            }
            h.lit("</li>\n");
        }
        None => {
            h.lit("<li>There is too little in the record to say how much of it could be answered.</li>\n");
        }
    }
    if let Some(used) = Share::new(Shown::new(fate.used), Shown::new(fate.rows_in)) {
        h.lit("<li><strong>")
            .text(&used.percent())
            .lit("</strong> of ")
            .num(Shown::new(fate.rows_in))
            .lit(" rows could be used. <a href=\"#quality\">How good the data are</a></li>\n");
    }
    patterns::check_us(h, &page.document.measures);
    let unconfirmed = page
        .tests
        .iter()
        .filter(|t| {
            let main = t.duty.authorities.first();
            t.word.is_signal() && main.is_some_and(|a| a.confirmed == Confirmed::Unconfirmed)
        })
        .count();
    if unconfirmed > 0 {
        h.lit("<li>We have not seen the main source of law behind ")
            .text(&words::number(unconfirmed, "test", "tests"))
            .lit(" that give a signal. They are marked “unconfirmed”.</li>\n");
    }
    let turned: u64 = page
        .tests
        .iter()
        .flat_map(|t| t.result.local.values())
        .sum();
    if turned > 0 {
        h.lit("<li><a href=\"#local\">What the council told us</a> turns <strong>").num(Shown::new(turned)).lit("</strong> signals into “cannot tell”. Every count it touches is shown both ways.</li>\n");
    }
    if !page.document.mass_days.is_empty() {
        h.lit("<li>On <a href=\"#mass-days\">").text(&words::number(page.document.mass_days.len(), "day", "days")).lit("</a> very many people’s support fell at once. Ask why before anything rests on it.</li>\n");
    }
    h.lit("</ul>\n</section>\n");
}

pub(crate) fn tag(h: &mut Html, word: Word) {
    h.lit("<span class=\"tag ")
        .lit(word.class())
        .lit("\">")
        .lit(word.tag())
        .lit("</span>");
}

/// Days on which so many people's support fell that each is one question, before anything rests on it.
pub(crate) fn mass_days(h: &mut Html, page: &Page<'_>) {
    let days = &page.document.mass_days;
    if days.is_empty() {
        return;
    }
    h.lit("<section class=\"question\" aria-labelledby=\"mass-days\">\n<h2 id=\"mass-days\">First, one question</h2>\n<p class=\"lead\">");
    h.lit(if days.len() == 1 {
        "On one day"
    } else {
        "On each of these days"
    });
    h.lit(" very many people’s support fell at once. Was it a move to another system, a change of prices, or a fall for everybody?</p>\n");
    h.lit("<div class=\"scroll\" role=\"region\" aria-label=\"Days on which many people’s support fell\" tabindex=\"0\"><table><caption class=\"vh\">Days on which many people’s support fell</caption><thead><tr><th scope=\"col\">Day</th><th scope=\"col\" class=\"r\">People whose support fell</th><th scope=\"col\" class=\"r\">In long-term support the day before</th><th scope=\"col\" class=\"r\">Share</th></tr></thead><tbody>\n");
    for day in days {
        let (people, base) = (
            Shown::new(day.people),
            Shown::new(day.people_in_long_term_support),
        );
        h.lit("<tr><th scope=\"row\">")
            .text(&words::date(&day.day))
            .lit("</th><td class=\"r\">")
            .num(people)
            .lit("</td><td class=\"r\">")
            .num(base)
            .lit("</td><td class=\"r\">");
        h.text(
            &Share::new(people, base)
                .map(Share::percent)
                .unwrap_or_default(),
        )
        .lit("</td></tr>\n");
    }
    h.lit("</tbody></table></div>\n<p>Until the council has answered, no fall on these days is called a breach signal: each is counted as a question to ask. If it was a move or a change of prices, the council can say so in its local facts, and every count is then shown both ways.</p>\n</section>\n");
}

/// Every test in one table, weightiest first.
pub(crate) fn overview(h: &mut Html, page: &Page<'_>) {
    h.lit("<section aria-labelledby=\"all-tests\">\n<h2 id=\"all-tests\">Every test at a glance</h2>\n<p>Weightiest first: what the Act or its regulations say a council must do, then statutory guidance, then benchmarks, then questions worth asking. Shares are of the occasions on which the duty was owed and due, those we cannot tell about among them: the true share may be higher, never lower, by as much as we cannot tell.</p>\n");
    h.lit("<table class=\"overview\" role=\"table\" aria-labelledby=\"all-tests\"><thead role=\"rowgroup\"><tr role=\"row\"><th role=\"columnheader\" scope=\"col\">Test</th><th role=\"columnheader\" scope=\"col\">In a word</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Signals</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Owed and due</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Share (95% interval)</th><th role=\"columnheader\" scope=\"col\" class=\"r\">Cannot tell</th></tr></thead><tbody role=\"rowgroup\">\n");
    for t in page.by_weight() {
        h.lit("<tr role=\"row\"><th role=\"rowheader\" scope=\"row\"><a href=\"#")
            .text(&t.id)
            .lit("\">")
            .text(&t.test.title)
            .lit("</a> <span class=\"sec\">")
            .text(&t.duty.title)
            .lit(", ")
            .text(&words::section(&t.duty.section))
            .lit("</span></th><td role=\"cell\" data-l=\"In a word\">");
        tag(h, t.word);
        h.lit("</td><td role=\"cell\" data-l=\"Signals\" class=\"r\">")
            .num(t.signals);
        if let Some(questions) = t.questions {
            h.lit(" <span class=\"ci too\">and ")
                .num(questions)
                .lit(" to ask about</span>");
        }
        if let Some(without) = t.without_local {
            h.lit(" <span class=\"ci too\">(")
                .num(without)
                .lit(" without local facts)</span>");
        }
        h.lit("</td><td role=\"cell\" data-l=\"Owed and due\" class=\"r\">")
            .num(t.owed)
            .lit("</td><td role=\"cell\" data-l=\"Share\" class=\"r\">");
        match t.share.filter(|_| t.word.is_signal()) {
            Some(share) => h
                .text(&share.percent())
                .lit(" <span class=\"ci\">(")
                .text(&share.interval_text())
                .lit(")</span>"),
            None => h.lit("–"),
        };
        h.lit("</td><td role=\"cell\" data-l=\"Cannot tell\" class=\"r\">");
        match t.cannot_share {
            Some(share) => h.text(&share.percent()),
            None => h.num(t.cannot_tell),
        };
        h.lit("</td></tr>\n");
    }
    h.lit("</tbody></table>\n<p class=\"small\">The interval says how far chance alone could move the share. No share is given of fewer than 20, or where a number is hidden.</p>\n</section>\n");
}
