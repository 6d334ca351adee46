//! Every fact: what is asked of a file, where to look, and what a return can show.

use candour_law::FactDef;

use super::{Book, Shell, Tab, say, search, slug, ticked, used};
use crate::html::Html;

pub(super) fn page(book: &Book<'_>) -> String {
    Shell {
        title: "Facts, the Candour rulebook",
        tab: Tab::Facts,
        up: "",
        searched: true,
    }
    .page(book.rulebook, |h| {
        let facts = &book.rulebook.facts;
        let shown = facts.values().filter(|fact| !fact.in_return.is_empty()).count();
        h.lit("<h1>Facts</h1>\n<p class=\"lead\">Every fact that a test may read: the question that an auditor asks of a file, and where the answer is found.</p>\n<p>")
            .num(facts.len())
            .lit(" facts, by name. A return can show ")
            .num(shown)
            .lit(" of them; the others need a case file or an audit. Whatever its kind, a fact may also be <em>in dispute</em>, <em>late</em>, done <em>in part</em> or <em>not recorded</em>: then its value is not known, and that is the reason given.</p>\n");
        search::form(h, "Find a fact", "Its name, a word of the question, or another name that files use.", "facts");
        letters(h, book);
        let mut letter = None;
        for (id, fact) in facts {
            let first = initial(id);
            if letter != Some(first) {
                if letter.is_some() {
                    h.lit("</section>\n");
                }
                letter = Some(first);
                h.lit("<section data-group aria-labelledby=\"letter-")
                    .num(first)
                    .lit("\">\n<h2 id=\"letter-")
                    .num(first)
                    .lit("\">")
                    .num(first)
                    .lit("</h2>\n");
            }
            write(h, book, id, fact);
        }
        if letter.is_some() {
            h.lit("</section>\n");
        }
    })
}

fn initial(id: &str) -> char {
    id.chars()
        .next()
        .filter(char::is_ascii_alphabetic)
        .map_or('0', |c| c.to_ascii_uppercase())
}

fn letters(h: &mut Html, book: &Book<'_>) {
    let mut all: Vec<char> = book.rulebook.facts.keys().map(|id| initial(id)).collect();
    all.dedup();
    h.lit("<nav class=\"letters\" data-whole aria-label=\"Facts by first letter\"><ul>\n");
    for letter in all {
        h.lit("<li><a href=\"#letter-")
            .num(letter)
            .lit("\">")
            .num(letter)
            .lit("</a></li>\n");
    }
    h.lit("</ul></nav>\n");
}

fn write(h: &mut Html, book: &Book<'_>, id: &str, fact: &FactDef) {
    h.lit("<div class=\"fact\" id=\"fact-")
        .text(&slug(id))
        .lit("\" data-find=\"")
        .text(&say::code(id))
        .lit("\">\n<h3><a href=\"#fact-")
        .text(&slug(id))
        .lit("\"><code>")
        .text(id)
        .lit("</code></a></h3>\n<p class=\"asked\">");
    ticked(h, &fact.question);
    h.lit("</p>\n<dl class=\"about\">\n");
    row(h, "Answer", |h| {
        h.lit(say::kind(fact));
        if !fact.unit.is_empty() {
            h.lit(" (");
            ticked(h, &fact.unit);
            h.lit(")");
        }
    });
    if !fact.values.is_empty() {
        row(h, "Values", |h| codes(h, &fact.values));
    }
    if let Some(otherwise) = &fact.otherwise {
        row(h, "Other words", |h| {
            h.lit("count as <code>").text(otherwise).lit("</code>");
        });
    }
    if !fact.words.is_empty() {
        row(h, "Also read", |h| {
            for (place, (word, value)) in fact.words.iter().enumerate() {
                h.lit(if place == 0 { "" } else { "; " })
                    .lit("“")
                    .text(word)
                    .lit("” as <code>")
                    .text(value)
                    .lit("</code>");
            }
        });
    }
    if !fact.aliases.is_empty() {
        row(h, "Also called", |h| codes(h, &fact.aliases));
    }
    row(h, "Look for", |h| {
        ticked(h, &fact.look_for);
    });
    row(h, "In a return", |h| {
        if fact.in_return.is_empty() {
            h.lit("No return shows it.");
        } else {
            ticked(h, &fact.in_return);
        }
    });
    if let Some(from) = &fact.derived_from {
        row(h, "Worked out from", |h| {
            links(h, book, from.iter().map(String::as_str))
        });
    }
    if let Some(how) = &fact.how {
        row(h, "How", |h| {
            ticked(h, how);
        });
    }
    if let Some(into) = book.uses.derived.get(id) {
        row(h, "Used to work out", |h| {
            links(h, book, into.iter().copied())
        });
    }
    h.lit("</dl>\n");
    used(h, book.uses.facts.get(id), "No test reads it itself.");
    h.lit("</div>\n");
}

pub(super) fn row(h: &mut Html, name: &'static str, value: impl FnOnce(&mut Html)) {
    h.lit("<div><dt>").lit(name).lit("</dt><dd>");
    value(h);
    h.lit("</dd></div>\n");
}

fn codes(h: &mut Html, all: &[String]) {
    for (place, one) in all.iter().enumerate() {
        h.lit(if place == 0 { "" } else { ", " })
            .lit("<code>")
            .text(one)
            .lit("</code>");
    }
}

fn links<'a>(h: &mut Html, book: &Book<'_>, all: impl Iterator<Item = &'a str>) {
    for (place, one) in all.enumerate() {
        h.lit(if place == 0 { "" } else { ", " });
        if book.rulebook.facts.contains_key(one) {
            h.lit("<a href=\"#fact-")
                .text(&slug(one))
                .lit("\"><code>")
                .text(one)
                .lit("</code></a>");
        } else {
            h.lit("<code>").text(one).lit("</code>");
        }
    }
}
