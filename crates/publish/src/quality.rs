//! What a return cannot show, how good this one is, what the council told us, and how the page was made.

use candour_law::{Owner, Param};

use crate::html::Html;
use crate::numbers::{Cell, Ledger, Shown};
use crate::report::Page;
use crate::words;

pub(crate) fn cannot_show(h: &mut Html) {
    h.lit("<section aria-labelledby=\"cannot-show\">\n<h2 id=\"cannot-show\">What a return cannot show</h2>\n<ul class=\"spaced\">\n\
<li><strong>People who were never let in.</strong> Nobody is here who was turned away before a row was made, gave up waiting on the telephone, or never knew that they could ask.</li>\n\
<li><strong>Whether needs changed.</strong> A return shows that support fell, never whether the person needed less.</li>\n\
<li><strong>Whether it was done well.</strong> An assessment in time may have been a hurried telephone call. “No signal” says nothing of how it was done.</li>\n\
<li><strong>Well-being.</strong> Whether something affects a person’s well-being significantly is for people to judge. Software can only check whether it was reasoned.</li>\n\
<li><strong>What people said.</strong> Their words, wishes and fears are not in a return, nor is whether anybody asked.</li>\n\
<li><strong>Care that nobody recorded.</strong> Not recorded is not the same as not done: the two are counted apart everywhere.</li>\n\
<li><strong>Waits that are still open.</strong> Only finished assessments are sent, so somebody still waiting shows only as a request.</li>\n\
<li><strong>Most of the Act.</strong> Advocacy, safeguarding, charging, prevention, information, choice of home and many other duties leave no trace in a return. That no test of them is here is no sign that they were met.</li>\n\
</ul>\n<p>What each test cannot show is told beside it. The people about whom we cannot tell are the ones whose files are worth reading.</p>\n</section>\n");
}

const SET_ASIDE: [(&str, &str); 8] = [
    (
        "wrong_number_of_fields",
        "More or fewer fields than columns",
    ),
    ("no_identifier", "No NHS number and no council person id"),
    ("no_client_type", "No client type, or none on the list"),
    ("no_event_type", "No event type, or none on the list"),
    ("no_start_date", "No start date"),
    (
        "no_end_date",
        "No end date on a request, assessment or review",
    ),
    ("invalid_date", "A date that is no date"),
    ("end_before_start", "End before start"),
];

const USED_AS: [(&str, &str); 6] = [
    ("events", "Events"),
    (
        "repeats_of_an_event",
        "Further rows of an event already counted",
    ),
    ("gave_way_to_a_later_return", "Gave way to a later return"),
    (
        "after_as_of",
        "After the day on which the records are taken",
    ),
    (
        "services_after_death",
        "Services that start after the person’s death",
    ),
    (
        "known_by_association",
        "Carers known by association, who have no event",
    ),
];

pub(crate) fn write(h: &mut Html, page: &Page<'_>) {
    h.lit("<section aria-labelledby=\"quality\">\n<h2 id=\"quality\">How good the data are</h2>\n");
    rows(h, page);
    coverage(h, page);
    resets(h, page);
    checks(h, page);
    h.lit("</section>\n");
}

/// Rows in = rows used + rows set aside by reason.
fn rows(h: &mut Html, page: &Page<'_>) {
    let fate = &page.document.rows;
    let mut ledger = Ledger::default();
    let rows_in = ledger.cell(fate.rows_in);
    let used = ledger.cell(fate.used);
    let aside_exact: u64 = fate.set_aside.values().sum();
    let aside = ledger.cell(aside_exact);
    let label = |names: &[(&'static str, &'static str)], key: &'static str| {
        names
            .iter()
            .find(|(name, _)| *name == key)
            .map_or(key, |(_, label)| *label)
    };
    let set_aside: Vec<(&str, Cell)> = fate
        .set_aside
        .iter()
        .map(|(why, n)| (label(&SET_ASIDE, why), ledger.cell(*n)))
        .collect();
    let used_as: Vec<(&str, Cell)> = fate
        .used_as
        .iter()
        .map(|(as_what, n)| (label(&USED_AS, as_what), ledger.cell(*n)))
        .collect();
    ledger.split(rows_in, vec![used, aside]);
    ledger.split(aside, set_aside.iter().map(|(_, c)| *c).collect());
    ledger.split(used, used_as.iter().map(|(_, c)| *c).collect());
    ledger.protect();
    let largest_first = |list: &mut Vec<(&str, Cell)>| {
        list.sort_by_key(|(_, cell)| std::cmp::Reverse(ledger.shown(*cell).rank()))
    };
    let (mut set_aside, mut used_as) = (set_aside, used_as);
    largest_first(&mut set_aside);
    largest_first(&mut used_as);
    let adds_up =
        fate.rows_in == fate.used + aside_exact && fate.used == fate.used_as.values().sum::<u64>();
    h.lit("<h3>What became of the rows</h3>\n<p class=\"equation\"><span><b>")
        .num(ledger.shown(rows_in))
        .lit("</b> rows in</span> = <span><b>")
        .num(ledger.shown(used))
        .lit("</b> used</span> + <span><b>")
        .num(ledger.shown(aside))
        .lit("</b> set aside</span></p>\n");
    h.lit(if adds_up {
        "<p>No row was lost: on the exact numbers, which are in <code>inspection.json</code>, this adds up. Here each is rounded on its own.</p>\n"
    } else {
        "<p class=\"unconfirmed\"><strong>These do not add up on the exact numbers.</strong> That is a fault in Candour: do not rely on this report.</p>\n"
    });
    h.lit("<div class=\"pair\">\n");
    for (title, list) in [("Set aside, by reason", &set_aside), ("Used as", &used_as)] {
        h.lit("<table><caption>").lit(title).lit("</caption><thead><tr><th scope=\"col\">Rows</th><th scope=\"col\" class=\"r\">Number</th></tr></thead><tbody>\n");
        for (name, cell) in list {
            h.lit("<tr><th scope=\"row\">")
                .text(name)
                .lit("</th><td class=\"r\">")
                .num(ledger.shown(*cell))
                .lit("</td></tr>\n");
        }
        h.lit("</tbody></table>\n");
    }
    h.lit("</div>\n");
    match Shown::new(fate.unknown_ends) {
        Shown::Zero => h.lit("<p>No service is missing from a later return with its end unknown.</p>\n"),
        ends => h.lit("<p><strong>Unknown ends:</strong> ").text(&ends.about()).lit(" services stand in one return and are missing from a later one that ought to hold them. When they ended is not known, and we do not guess.</p>\n"),
    };
}

fn coverage(h: &mut Html, page: &Page<'_>) {
    h.lit("<h3>Which days the returns tell of</h3>\n<p>That something is not in the record counts as evidence only on days that are covered. Outside them the answer is “cannot tell”.</p>\n<table><caption class=\"vh\">Coverage by type of event</caption><thead><tr><th scope=\"col\">Type of event</th><th scope=\"col\">Covered</th><th scope=\"col\" class=\"r\">Events</th></tr></thead><tbody>\n");
    for kind in ["request", "assessment", "service", "review"] {
        let Some(days) = page.document.coverage.get(kind) else {
            continue;
        };
        h.lit("<tr><th scope=\"row\">")
            .lit(match kind {
                "request" => "Requests",
                "assessment" => "Assessments",
                "service" => "Services",
                _ => "Care reviews",
            })
            .lit("</th><td>");
        if days.start <= days.end {
            h.text(&words::date(&days.start))
                .lit(" to ")
                .text(&words::date(&days.end));
        } else {
            h.lit("not covered");
        }
        h.lit("</td><td class=\"r\">")
            .num(Shown::new(
                page.document.events.get(kind).copied().unwrap_or(0),
            ))
            .lit("</td></tr>\n");
    }
    h.lit("</tbody></table>\n");
}

fn resets(h: &mut Html, page: &Page<'_>) {
    let days = &page.document.reset_days;
    h.lit("<h3>Days on which starts were reset</h3>\n");
    if days.is_empty() {
        h.lit("<p>None: no day has so many long-term services starting that a change of system is likely.</p>\n");
        return;
    }
    let list: Vec<String> = days.iter().map(|d| words::date(d)).collect();
    h.lit("<p>So many long-term services start on ")
        .lit(if days.len() == 1 {
            "this day"
        } else {
            "these days"
        })
        .lit(" that a change of system is likely. When they really began is not known: <strong>")
        .text(&list.join("; "))
        .lit("</strong>.</p>\n");
}

fn checks(h: &mut Html, page: &Page<'_>) {
    h.lit("<h3>Checks</h3>\n");
    for file in &page.document.inputs {
        if !file.missing_columns.is_empty() {
            h.lit("<p><strong>Columns missing</strong> from ")
                .text(&file.file)
                .lit(", so that what they would show is not known: ")
                .text(&file.missing_columns.join(", "))
                .lit(".</p>\n");
        }
        if !file.other_columns.is_empty() {
            h.lit("<p><strong>Columns not used</strong> in ")
                .text(&file.file)
                .lit(": ")
                .text(&file.other_columns.join(", "))
                .lit(".</p>\n");
        }
        if file.short_rows > 0 {
            h.lit("<p><strong>Short rows</strong> in ")
                .text(&file.file)
                .lit(", their last fields taken as blank: ")
                .num(Shown::new(file.short_rows))
                .lit(".</p>\n");
        }
    }
    if page.document.quality.is_empty() {
        h.lit("<p>No check found anything.</p>\n");
        return;
    }
    h.lit("<p>Checks of the national specification and of practice. <code>quality.csv</code> names example rows. One row can fail several.</p>\n");
    let graver = |s: &str| s == "error" || s == "warning";
    let count = |grave: bool| {
        page.document
            .quality
            .iter()
            .filter(|c| graver(&c.severity) == grave)
            .count()
    };
    if count(true) > 0 {
        check_table(h, page, "Errors and warnings", &graver);
    }
    if count(false) > 0 {
        h.lit("<details><summary>Repairs and notes</summary><div>\n");
        check_table(h, page, "Repairs and notes", &|s| !graver(s));
        h.lit("</div></details>\n");
    }
}

fn check_table(h: &mut Html, page: &Page<'_>, title: &'static str, wanted: &dyn Fn(&str) -> bool) {
    let mut list: Vec<_> = page
        .document
        .quality
        .iter()
        .filter(|c| wanted(&c.severity))
        .collect();
    list.sort_by(|a, b| {
        (
            std::cmp::Reverse(Shown::new(a.rows).rank()),
            &a.check_id,
            &a.field,
        )
            .cmp(&(
                std::cmp::Reverse(Shown::new(b.rows).rank()),
                &b.check_id,
                &b.field,
            ))
    });
    h.lit("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"").lit(title).lit("\"><table><caption>").lit(title).lit("</caption><thead><tr><th scope=\"col\">Field</th><th scope=\"col\">What the check says</th><th scope=\"col\">Kind</th><th scope=\"col\" class=\"r\">Rows</th></tr></thead><tbody>\n");
    for check in list {
        h.lit("<tr><th scope=\"row\">")
            .text(if check.field == "(row)" {
                "Whole row"
            } else {
                &check.field
            })
            .lit("</th><td>")
            .text(&check.rule)
            .lit(" <span class=\"sec\">")
            .text(&check.check_id)
            .lit("</span></td><td>")
            .text(&check.severity)
            .lit("</td><td class=\"r\">")
            .num(Shown::new(check.rows))
            .lit("</td></tr>\n");
    }
    h.lit("</tbody></table></div>\n");
}

pub(crate) fn local_facts(h: &mut Html, page: &Page<'_>) {
    h.lit("<section aria-labelledby=\"local\">\n<h2 id=\"local\">What the council told us</h2>\n");
    if page.document.local_facts.is_empty() {
        h.lit("<p>Nothing. A council can say which days were a change of prices or of system, what work is done outside its return, and how direct payments are recorded. Such facts can turn a signal into “cannot tell”, never into “no signal”, and every count they touch is shown both ways.</p>\n</section>\n");
        return;
    }
    h.lit("<p>Printed in full. They can turn a signal into “cannot tell”, never into “no signal”.</p>\n<ul class=\"spaced\">\n");
    for fact in &page.document.local_facts {
        h.lit("<li><strong>").text(&fact.says).lit(".</strong>");
        if !fact.why.trim().is_empty() {
            h.lit(" The council’s words: “").text(&fact.why).lit("”");
        }
        h.lit("</li>\n");
    }
    h.lit("</ul>\n</section>\n");
}

pub(crate) fn method(h: &mut Html, page: &Page<'_>) {
    let document = page.document;
    h.lit("<section aria-labelledby=\"method\">\n<h2 id=\"method\">How this was made</h2>\n\
<p>Every duty is a file in a published rulebook. Candour puts each of its tests to every occasion of every person in the record. The answer is <em>no signal</em>, <em>signal</em> or <em>cannot tell</em>, each with a reason. Occasions on which the duty was not owed or is not yet due are counted too, so that the counts always add up. A fact that is missing makes the answer “cannot tell”, never a guess.</p>\n\
<h3>What the words mean</h3>\n<dl class=\"words\">\n\
<div><dt>Breach signal</dt><dd>The Act or its regulations say that the council must, and dates or codes do not show that it did.</dd></div>\n\
<div><dt>Departs from guidance</dt><dd>The same, of statutory guidance.</dd></div>\n\
<div><dt>Benchmark missed</dt><dd>The same, of a time that no law sets: the Ombudsman’s, or ours.</dd></div>\n\
<div><dt>Question to ask</dt><dd>The record hints at it, and no more.</dd></div>\n\
<div><dt>No signal</dt><dd>The record shows what the test asks for. It says nothing of how well it was done.</dd></div>\n\
<div><dt>Cannot tell</dt><dd>Something that would decide is missing, or outside the days covered.</dd></div>\n</dl>\n\
<h3>Small numbers</h3>\n<p>Counts from 1 to 4 print as “fewer than 5”; others are rounded to the nearest 5, each on its own, so that sums may not add up. Where a hidden count could still be worked out from the numbers around it, another is withheld and prints as “not shown”, and a number shown as 10 or less is not divided further. Shares and intervals are worked out from the rounded numbers, and left out where fewer than 20 are owed and due. A group is compared only if it and everybody else each have at least 30 occasions, and listed only if each has at least 10 signals. There are no names, pseudonyms or dates of anybody here. The exact numbers are in <code>inspection.json</code> and <code>verdicts.csv</code>, which are for the council.</p>\n\
<h3>Where it is worst</h3>\n<p>A group is listed when its share of signals is at least 5 points above everybody else’s and chance alone would make such a difference in fewer than 1 of 2,000 comparisons; at most three of each kind, furthest above the rest first. Groups overlap and are not adjusted for each other. Intervals are Wilson’s.</p>\n");
    numbers_of_the_record(h, page);
    h.lit("<h3>To make it again</h3>\n<p>The same inputs and rulebook give the same report, byte for byte.</p>\n<pre tabindex=\"0\" role=\"region\" aria-label=\"Command\"><code>").text(&command(page)).lit("</code></pre>\n");
    h.lit("<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Inputs\"><table><caption>Inputs</caption><thead><tr><th scope=\"col\">File</th><th scope=\"col\">Period</th><th scope=\"col\">Release</th><th scope=\"col\" class=\"r\">Rows</th><th scope=\"col\">SHA-256</th></tr></thead><tbody>\n");
    for file in &document.inputs {
        h.lit("<tr><th scope=\"row\">")
            .text(&file.file)
            .lit("</th><td>")
            .text(&words::date(&file.period_start))
            .lit(" to ")
            .text(&words::date(&file.period_end));
        if !file.period_is_stated {
            h.lit(" (from its events: none is stated)");
        }
        h.lit("</td><td>")
            .text(file.release)
            .lit("</td><td class=\"r\">")
            .num(Shown::new(file.rows))
            .lit("</td><td class=\"hash\">")
            .text(&file.sha256)
            .lit("</td></tr>\n");
    }
    for (name, hash) in [
        ("Rulebook", Some(&document.rulebook_sha256)),
        ("Local facts", document.local_facts_sha256.as_ref()),
    ] {
        if let Some(hash) = hash {
            h.lit("<tr><th scope=\"row\">")
                .lit(name)
                .lit("</th><td></td><td></td><td></td><td class=\"hash\">")
                .text(hash)
                .lit("</td></tr>\n");
        }
    }
    h.lit("</tbody></table></div>\n<p>Candour version ")
        .text(document.candour)
        .lit(". Nothing was sent anywhere.</p>\n</section>\n");
}

/// The numbers that make the record rather than one test.
fn numbers_of_the_record(h: &mut Html, page: &Page<'_>) {
    h.lit("<details><summary>Numbers that shape the record, and whose they are</summary><div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"Numbers that shape the record\"><table><caption class=\"vh\">Numbers that shape the record</caption><thead><tr><th scope=\"col\">Number</th><th scope=\"col\">Whose</th><th scope=\"col\">Why</th></tr></thead><tbody>\n");
    for Param {
        value,
        unit,
        owner,
        why,
    } in page.inspector.rulebook.record.values()
    {
        h.lit("<tr><th scope=\"row\">")
            .num(value)
            .lit(" ")
            .text(unit)
            .lit("</th><td>")
            .text(&words::sentence(if *owner == Owner::Statute {
                "the law’s"
            } else {
                words::owner(*owner)
            }))
            .lit("</td><td>")
            .text(why)
            .lit("</td></tr>\n");
    }
    h.lit("</tbody></table></div></details>\n");
}

/// What to type, with file names and no paths.
fn command(page: &Page<'_>) -> String {
    let document = page.document;
    let mut command = "candour inspect".to_owned();
    for file in &document.inputs {
        command.push(' ');
        command.push_str(&quoted(&file.file));
    }
    if document.as_of_given {
        command.push_str(&format!(" --as-of {}", document.as_of));
    }
    if document.local_facts_sha256.is_some() {
        command.push_str(" --local LOCAL.toml");
    }
    if document.identifiers == "keep" {
        command.push_str(" --identifiers keep");
    }
    command + " --out DIR"
}

/// A file name as a shell takes it.
fn quoted(name: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if !name.is_empty() && name.chars().all(plain) && !name.starts_with('-') {
        name.to_owned()
    } else {
        format!("'{}'", name.replace('\'', "'\\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_quoted_for_the_shell() {
        assert_eq!(quoted("return-2025.csv"), "return-2025.csv");
        assert_eq!(quoted("Q4 return's.csv"), "'Q4 return'\\''s.csv'");
        assert_eq!(quoted("-x.csv"), "'-x.csv'");
    }
}
