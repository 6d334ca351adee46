//! One duty: its law, its tests, its examples, who decided what by it, and how its file changed.

use candour_law::{Duty, InForce, Owner, Test};

use super::{Book, Shell, Tab, authorities, decision, duty_path, examples, say, slug, test_anchor};
use crate::html::Html;
use crate::words::{self, Word};

pub(super) fn page(book: &Book<'_>, duty: &Duty, place: usize) -> String {
    let title = format!("{}: {}, the Candour rulebook", duty.section, duty.title);
    Shell {
        title: &title,
        tab: Tab::Duties,
        up: "../",
        searched: false,
    }
    .page(book.rulebook, |h| {
        h.lit("<div class=\"layout\">\n<div class=\"front\">\n");
        front(h, book, duty);
        h.lit("</div>\n");
        contents(h, duty);
        h.lit("<div class=\"rest\">\n");
        for (heading, key, text) in duty.page.headings() {
            h.lit("<section aria-labelledby=\"")
                .text(&key.replace('_', "-"))
                .lit("\">\n<h2 id=\"")
                .text(&key.replace('_', "-"))
                .lit("\">")
                .lit(heading)
                .lit("</h2>\n")
                .paragraphs(text);
            match key {
                "law" => law(h, duty),
                "tested" => tested(h, book, duty),
                "if_not_met" => {
                    h.lit("<h3 id=\"remedy\">What puts it right</h3>\n")
                        .paragraphs(&duty.remedy);
                }
                _ => {}
            }
            h.lit("</section>\n");
        }
        cases(h, duty);
        history(h, duty);
        neighbours(h, book, place);
        h.lit("</div>\n</div>\n");
    })
}

fn front(h: &mut Html, book: &Book<'_>, duty: &Duty) {
    let (part, name) = say::part(duty);
    h.lit("<p class=\"crumb\"><a href=\"../index.html#part-")
        .lit(part)
        .lit("\">")
        .lit(name)
        .lit("</a></p>\n<h1>")
        .text(&duty.title)
        .lit("</h1>\n<p class=\"lead\">")
        .text(&duty.plain)
        .lit("</p>\n<dl class=\"facts\">\n");
    let mut row = |name: &'static str, value: &str| {
        h.lit("<div><dt>")
            .lit(name)
            .lit("</dt><dd>")
            .text(value)
            .lit("</dd></div>\n");
    };
    row("Care Act 2014", &words::section(&duty.section));
    if let Some(regulation) = &duty.regulation {
        row("Regulations", regulation);
    }
    if duty.switched_off.is_none() {
        row("Owed to", say::owed_to(duty.owed_to));
    }
    row("In force", &in_force(duty));
    let evidence = say::evidence(duty);
    if duty.switched_off.is_some() {
        row("Decided by", "Nothing: it is not law");
    } else if evidence.is_empty() {
        row("Decided by", "Nothing yet");
    } else {
        row("Decided by", &words::sentence(&evidence.join(", ")));
    }
    if duty.switched_off.is_none() {
        row("If it is missed", say::severity(duty.severity));
    }
    row(
        "In the rulebook",
        &format!("Since {}, {}", duty.since, say::stage(duty.stage)),
    );
    h.lit("</dl>\n");
    if let Some(why) = &duty.switched_off {
        h.lit("<div class=\"caution\"><p><strong>Switched off.</strong> ")
            .text(why)
            .lit("</p></div>\n");
    }
    authorities::warn(h, &duty.authorities);
    for id in &duty.modifiers {
        let Some(modifier) = book.rulebook.modifiers.get(id) else {
            continue;
        };
        h.lit("<div class=\"caution\"><p><strong>")
            .text(&modifier.title)
            .lit("</strong> (")
            .text(&period(InForce {
                from: modifier.from,
                to: modifier.to,
            }))
            .lit("). ")
            .text(&modifier.plain)
            .lit(" <a href=\"../about.html#modifier-")
            .text(&slug(id))
            .lit("\">Its authorities<span class=\"vh\">: ")
            .text(&modifier.title)
            .lit("</span></a></p></div>\n");
    }
}

fn in_force(duty: &Duty) -> String {
    match (duty.in_force, &duty.switched_off) {
        (_, Some(_)) => "Not in force".to_owned(),
        (Some(in_force), None) => words::sentence(&period(in_force)),
        (None, None) => "On every day".to_owned(),
    }
}

pub(super) fn period(days: InForce) -> String {
    let from = words::date(&days.from.to_string());
    match days.to {
        Some(to) => format!("{from} to {}", words::date(&to.to_string())),
        None => format!("since {from}"),
    }
}

fn contents(h: &mut Html, duty: &Duty) {
    h.lit("<nav class=\"contents\" aria-labelledby=\"contents\"><h2 id=\"contents\">On this page</h2><ul>\n");
    for (heading, key, _) in duty.page.headings() {
        h.lit("<li><a href=\"#")
            .text(&key.replace('_', "-"))
            .lit("\">")
            .lit(heading)
            .lit("</a>");
        if key == "tested" && !duty.tests.is_empty() {
            h.lit("<ul>\n");
            for test in &duty.tests {
                h.lit("<li><a href=\"#")
                    .text(&test_anchor(&test.id))
                    .lit("\">")
                    .text(&test.title)
                    .lit("</a></li>\n");
            }
            h.lit("</ul>");
        }
        h.lit("</li>\n");
    }
    h.lit("<li><a href=\"#cases\">Decided cases</a></li>\n<li><a href=\"#history\">How this file changed</a></li>\n</ul></nav>\n");
}

fn law(h: &mut Html, duty: &Duty) {
    h.lit("<h3 id=\"authorities\">Authorities</h3>\n");
    authorities::table(h, &duty.title, &duty.authorities);
}

fn tested(h: &mut Html, book: &Book<'_>, duty: &Duty) {
    if !duty.ask_for.is_empty() {
        h.lit("<h3 id=\"ask-for\">Documents to ask the council for</h3>\n<ul>\n");
        for document in &duty.ask_for {
            h.lit("<li>").text(document).lit("</li>\n");
        }
        h.lit("</ul>\n");
    }
    for test in &duty.tests {
        write_test(h, book, test);
    }
}

fn write_test(h: &mut Html, book: &Book<'_>, test: &Test) {
    let anchor = test_anchor(&test.id);
    let word = Word::of(test.force, test.strength);
    h.lit("<div class=\"test\">\n<h3 id=\"")
        .text(&anchor)
        .lit("\">")
        .text(&test.title)
        .lit("</h3>\n<p class=\"small\">")
        .lit(if test.is_case() {
            "A test of case files"
        } else {
            "A test of the record that a return makes"
        })
        .lit(": <code>")
        .text(&test.id)
        .lit("</code>. <a href=\"#")
        .text(&anchor)
        .lit("\">Link to this test<span class=\"vh\">: ")
        .text(&test.title)
        .lit("</span></a></p>\n<p>If it was not met, this is called <span class=\"tag ")
        .lit(word.class())
        .lit("\">")
        .lit(word.tag())
        .lit("</span></p>\n<ul class=\"basis\">\n<li>")
        .lit(words::force(test.force))
        .lit(" ")
        .lit(say::strength(test))
        .lit("</li>\n<li><strong>Put to:</strong> ");
    let kinds: Vec<String> = test
        .occasion
        .iter()
        .map(|kind| say::occasion(kind))
        .collect();
    h.text(&kinds.join("; or ")).lit(".</li>\n");
    if !test.among.is_empty() {
        h.lit(
            "<li><strong>Only those</strong> on which one of these tests found what it asks for: ",
        );
        for (place, other) in test.among.iter().enumerate() {
            h.lit(if place == 0 { "" } else { ", " })
                .lit("<a href=\"#")
                .text(&test_anchor(other))
                .lit("\"><code>")
                .text(other)
                .lit("</code></a>");
        }
        h.lit(".</li>\n");
    }
    if !test.local.is_empty() {
        let told: Vec<String> = test.local.iter().map(|kind| say::local(kind)).collect();
        h.lit("<li><strong>Where the council says</strong> that its return leaves this out, a signal becomes “cannot tell”, and both counts are shown: ")
            .text(&told.join("; "))
            .lit(".</li>\n");
    }
    if !test.clauses.is_empty() {
        let why = test
            .clauses
            .iter()
            .filter_map(|id| book.rulebook.clauses.get(id));
        h.lit("<li><strong>Shared with other tests:</strong> ");
        for (place, group) in why.enumerate() {
            h.lit(if place == 0 { "" } else { " " }).text(&group.why);
        }
        h.lit("</li>\n");
    }
    h.lit("</ul>\n");
    decision::write(h, book, test);
    numbers(h, test, &anchor);
    examples::table(h, book, test);
    h.lit("</div>\n");
}

/// Every number with its owner: almost none of them is in the Act.
fn numbers(h: &mut Html, test: &Test, anchor: &str) {
    h.lit("<h4>Numbers</h4>\n");
    if test.params.is_empty() {
        h.lit("<p>This test rests on no number.</p>\n");
        return;
    }
    if !test.params.values().any(|p| p.owner == Owner::Statute) {
        h.lit("<p>None of them is in the Act or its regulations.</p>\n");
    }
    h.lit("<ul class=\"numbers\">\n");
    for (id, param) in &test.params {
        h.lit("<li id=\"")
            .text(anchor)
            .lit("-number-")
            .text(&slug(id))
            .lit("\"><strong>")
            .text(&say::amount(id, param))
            .lit("</strong> (<code>")
            .text(id)
            .lit("</code>): <a href=\"../numbers.html#owner-")
            .lit(say::owner(param.owner).0)
            .lit("\">")
            .lit(words::owner(param.owner))
            .lit("</a>. ")
            .text(&param.why)
            .lit("</li>\n");
    }
    h.lit("</ul>\n");
}

fn cases(h: &mut Html, duty: &Duty) {
    h.lit("<section aria-labelledby=\"cases\">\n<h2 id=\"cases\">Decided cases</h2>\n");
    if duty.decided.is_empty() {
        h.lit("<p>None is listed yet.</p>\n");
    } else {
        h.lit("<p>These turned on this duty, whichever way they went. Read them at their source: we give the reference, and no link, because these pages ask nothing of any server.</p>\n<ul class=\"cases\">\n");
        for reference in &duty.decided {
            let (who, look) = say::decided(reference);
            h.lit("<li><strong>")
                .text(reference)
                .lit("</strong> <span class=\"small\">")
                .lit(who)
                .lit(". ")
                .lit(look)
                .lit("</span></li>\n");
        }
        h.lit("</ul>\n");
    }
    h.lit("</section>\n");
}

fn history(h: &mut Html, duty: &Duty) {
    h.lit("<section aria-labelledby=\"history\">\n<h2 id=\"history\">How this file changed</h2>\n");
    if duty.history.is_empty() {
        h.lit("<p>First tested in version ")
            .text(&duty.since)
            .lit(". No change since is recorded.</p>\n");
    } else {
        h.lit("<ul>\n");
        for change in &duty.history {
            h.lit("<li><strong>")
                .text(&change.version)
                .lit("</strong>, ")
                .text(&words::date(&change.date.to_string()))
                .lit(". ")
                .text(&change.what)
                .lit("</li>\n");
        }
        h.lit("</ul>\n");
    }
    h.lit("<p class=\"small\">The file is <code>rulebook/duties/")
        .text(&duty.id)
        .lit(".toml</code>.</p>\n</section>\n");
}

fn neighbours(h: &mut Html, book: &Book<'_>, place: usize) {
    let at = |place: Option<usize>| book.rulebook.duties.get(place?);
    let around = [
        ("Before: ", at(place.checked_sub(1))),
        ("Next: ", at(place.checked_add(1))),
    ];
    h.lit("<nav class=\"around\" aria-label=\"Duties before and after\"><ul>\n");
    for (label, duty) in around {
        if let Some(duty) = duty {
            h.lit("<li>")
                .lit(label)
                .lit("<a href=\"../")
                .text(&duty_path(&duty.id))
                .lit("\">")
                .text(&duty.title)
                .lit("</a> <span class=\"small\">")
                .text(&words::section(&duty.section))
                .lit("</span></li>\n");
        }
    }
    h.lit("</ul></nav>\n");
}
