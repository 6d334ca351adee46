//! Every duty at a glance, in the order of the Act.

use candour_law::{Confirmed, Duty, Force, Test};

use super::{Book, Shell, Tab, duty_path, say, search, slug};
use crate::html::Html;
use crate::words;

pub(super) fn page(book: &Book<'_>) -> String {
    Shell {
        title: "The duties of the Care Act 2014, the Candour rulebook",
        tab: Tab::Duties,
        up: "",
        searched: true,
    }
    .page(book.rulebook, |h| {
        h.lit("<h1>The duties of the Care Act, and how each is tested</h1>\n<p class=\"lead\">Each duty that Part 1 of the Care Act 2014 lays on an English council: in plain words, with its law, its tests, worked examples and how sure we are of each.</p>\n");
        counts(h, book);
        search::form(
            h,
            "Find a duty",
            "A word, a section such as s27(4), a regulation, or the reference of a decided case.",
            "duties",
        );
        let parts = parts(book);
        h.lit("<nav class=\"parts\" data-whole aria-labelledby=\"parts\"><h2 id=\"parts\">Parts</h2><ul>\n");
        for (id, name, duties) in &parts {
            h.lit("<li><a href=\"#part-")
                .lit(id)
                .lit("\">")
                .lit(name)
                .lit("</a> <span class=\"small\">")
                .num(duties.len())
                .lit("</span></li>\n");
        }
        h.lit("</ul></nav>\n");
        for (id, name, duties) in parts {
            h.lit("<section data-group aria-labelledby=\"part-")
                .lit(id)
                .lit("\">\n<h2 id=\"part-")
                .lit(id)
                .lit("\">")
                .lit(name)
                .lit("</h2>\n<ul class=\"duties\">\n");
            for duty in duties {
                entry(h, duty);
            }
            h.lit("</ul>\n</section>\n");
        }
    })
}

type Part<'a> = (&'static str, &'static str, Vec<&'a Duty>);

/// In the order of the rulebook, which is the order of the Act.
fn parts<'a>(book: &Book<'a>) -> Vec<Part<'a>> {
    let mut all: Vec<Part<'_>> = Vec::new();
    for duty in &book.rulebook.duties {
        let (id, name) = say::part(duty);
        match all.iter_mut().find(|(other, _, _)| *other == id) {
            Some((_, _, duties)) => duties.push(duty),
            None => all.push((id, name, vec![duty])),
        }
    }
    all
}

fn counts(h: &mut Html, book: &Book<'_>) {
    let duties = &book.rulebook.duties;
    let tests = || duties.iter().flat_map(|duty| &duty.tests);
    let able = |what| {
        duties
            .iter()
            .filter(|d| say::evidence(d).contains(&what))
            .count()
    };
    let sources = |how| {
        duties
            .iter()
            .flat_map(|duty| &duty.authorities)
            .filter(|a| a.confirmed == how)
            .count()
    };
    h.lit("<dl class=\"facts\">\n");
    let rows = [
        ("Duties", duties.len()),
        ("Tests", tests().count()),
        (
            "Worked examples",
            tests().map(|t: &Test| t.examples.len()).sum(),
        ),
        ("Facts", book.rulebook.facts.len()),
        ("Duties a return can decide", able("a return")),
        ("Duties a case file can decide", able("a case file")),
        (
            "Duties only documents can show",
            duties
                .iter()
                .filter(|d| say::evidence(d) == ["documents"])
                .count(),
        ),
    ];
    for (name, count) in rows {
        h.lit("<div><dt>")
            .lit(name)
            .lit("</dt><dd>")
            .text(&say::thousands(count))
            .lit("</dd></div>\n");
    }
    h.lit(
        "</dl>\n<p class=\"small\">Some duties can be decided by both. Of the authorities cited, ",
    )
    .num(sources(Confirmed::Text))
    .lit(" were seen in their own text, ")
    .num(sources(Confirmed::Secondary))
    .lit(" through another source, and ")
    .num(sources(Confirmed::Unconfirmed))
    .lit(" are unconfirmed and marked so. <a href=\"about.html\">How to read this</a></p>\n");
}

fn entry(h: &mut Html, duty: &Duty) {
    h.lit("<li id=\"duty-")
        .text(&slug(&duty.id))
        .lit("\" data-find=\"")
        .text(&found_by(duty))
        .lit("\"><h3><a href=\"")
        .text(&duty_path(&duty.id))
        .lit("\">")
        .text(&duty.title)
        .lit("</a> <span class=\"sec\">")
        .text(&words::section(&duty.section));
    if let Some(regulation) = &duty.regulation {
        h.lit("; ").text(regulation);
    }
    h.lit("</span></h3>\n<p>")
        .text(&duty.plain)
        .lit("</p>\n<ul class=\"marks\">\n");
    if duty.switched_off.is_some() {
        h.lit("<li><span class=\"conf c-none\">not in force</span></li>\n");
    }
    let evidence = say::evidence(duty);
    if evidence.is_empty() {
        if duty.switched_off.is_none() {
            h.lit("<li><strong>Decided by:</strong> nothing yet</li>\n");
        }
    } else {
        h.lit("<li><strong>Decided by:</strong> ")
            .text(&evidence.join(", "))
            .lit("</li>\n");
    }
    let forces: Vec<&str> = Force::ALL
        .iter()
        .filter(|force| duty.tests.iter().any(|test| test.force == **force))
        .map(|force| say::force(*force))
        .collect();
    if !forces.is_empty() {
        h.lit("<li><strong>Force:</strong> ")
            .text(&forces.join("; "))
            .lit("</li>\n");
    }
    h.lit("<li><strong>Sources:</strong> ")
        .text(&say::sources(duty))
        .lit("</li>\n</ul>\n</li>\n");
}

/// What the page does not show of a duty and somebody may look for.
fn found_by(duty: &Duty) -> String {
    let tests = duty.tests.iter().flat_map(|test| [&test.title, &test.id]);
    let cites = duty.authorities.iter().map(|authority| &authority.cite);
    let mut words = vec![duty.id.as_str(), duty.section.as_str()];
    words.extend(tests.chain(cites).chain(&duty.decided).map(String::as_str));
    words.join(" ")
}
