//! Worked examples: what is known, what the test says of it, and why.

use candour_law::{Example, Plain, Test};

use super::{Book, say, slug, test_anchor};
use crate::html::Html;

pub(super) fn table(h: &mut Html, book: &Book<'_>, test: &Test) {
    let anchor = test_anchor(&test.id);
    h.lit("<h4>Worked examples</h4>\n");
    if test.examples.is_empty() {
        h.lit("<p>None yet.</p>\n");
        return;
    }
    h.lit("<table class=\"stack worked\"><caption class=\"vh\">Worked examples: ")
        .text(&test.title)
        .lit("</caption><thead><tr><th scope=\"col\">Example</th><th scope=\"col\">Facts</th><th scope=\"col\">What the test says, and why</th></tr></thead><tbody>\n");
    for (place, example) in test.examples.iter().enumerate() {
        let id = format!("{anchor}-example-{}", place + 1);
        h.lit("<tr id=\"")
            .text(&id)
            .lit("\"><th scope=\"row\"><a class=\"no\" href=\"#")
            .text(&id)
            .lit("\"><span class=\"vh\">Example </span>")
            .num(place + 1)
            .lit("</a> ")
            .text(&example.name)
            .lit("</th><td data-l=\"Facts\">");
        facts(h, example);
        h.lit("</td><td data-l=\"Says\">");
        outcome(h, book, test, example);
        h.lit("</td></tr>\n");
    }
    h.lit("</tbody></table>\n");
}

fn facts(h: &mut Html, example: &Example) {
    if example.facts.is_empty() && example.unknown.is_empty() {
        h.lit("None given");
        return;
    }
    h.lit("<ul class=\"known\">");
    for (name, value) in &example.facts {
        h.lit("<li><code>").text(name).lit("</code>: <strong>");
        match value {
            Plain::Bool(true) => h.lit("yes"),
            Plain::Bool(false) => h.lit("no"),
            Plain::Text(text) => h.text(&say::code(text)),
            other => h.num(other),
        };
        h.lit("</strong></li>");
    }
    for (name, why) in &example.unknown {
        h.lit("<li><code>")
            .text(name)
            .lit("</code>: not known (")
            .text(&say::unknown(why))
            .lit(")</li>");
    }
    h.lit("</ul>");
}

fn outcome(h: &mut Html, book: &Book<'_>, test: &Test, example: &Example) {
    let strength = example.strength.unwrap_or(test.strength);
    let (tag, class) = say::verdict(example.verdict, test.force, strength);
    h.lit("<span class=\"tag ").lit(class).lit("\">").lit(tag);
    h.lit("</span>");
    let Some(reason) = &example.reason else {
        return;
    };
    h.lit(" <span class=\"why\">");
    if let Some(sentence) = book.rulebook.sentence(test, reason) {
        h.text(&sentence).lit(" ");
    }
    h.lit("<span class=\"small\">");
    if example.verdict.as_str() != reason {
        h.lit("<code>")
            .lit(example.verdict.as_str())
            .lit("</code>, ");
    }
    reason_link(h, book, reason);
    h.lit("</span></span>");
}

/// The code of a reason, leading to what it means.
pub(super) fn reason_link(h: &mut Html, book: &Book<'_>, reason: &str) {
    if book.rulebook.reasons.contains_key(reason) {
        h.lit("<a href=\"../reasons.html#reason-")
            .text(&slug(reason))
            .lit("\"><code>")
            .text(reason)
            .lit("</code></a>");
    } else {
        h.lit("<code>").text(reason).lit("</code>");
    }
}

/// A number of a test with its unit.
pub(super) fn amount(test: &Test, name: &str) -> Option<String> {
    let param = test.params.get(name)?;
    Some(say::amount(name, param))
}
