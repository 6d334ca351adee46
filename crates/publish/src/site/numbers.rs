//! Every number, by whose it is: almost none of them is in the Act.

use candour_law::{Owner, Param};

use super::{Book, Shell, Tab, duty_path, say, slug, test_anchor};
use crate::html::Html;
use crate::words;

/// A number and where it is used: a test's page and title, or nothing for the record.
struct Number<'a> {
    id: &'a str,
    param: &'a Param,
    place: Option<(String, &'a str, String)>,
}

pub(super) fn page(book: &Book<'_>) -> String {
    Shell {
        title: "Numbers, the Candour rulebook",
        tab: Tab::Numbers,
        up: "",
        searched: false,
    }
    .page(book.rulebook, |h| {
        let all = all(book);
        h.lit("<h1>Numbers</h1>\n<p class=\"lead\">Every number on which a verdict can rest, with whose it is and why. The Act itself sets very few.</p>\n<dl class=\"facts\">\n");
        for owner in Owner::ALL {
            let (id, name, _) = say::owner(*owner);
            let count = all.iter().filter(|n| n.param.owner == *owner).count();
            h.lit("<div><dt><a href=\"#owner-")
                .lit(id)
                .lit("\">")
                .lit(name)
                .lit("</a></dt><dd>")
                .num(count)
                .lit("</dd></div>\n");
        }
        h.lit("</dl>\n");
        for owner in Owner::ALL {
            section(h, *owner, &all);
        }
    })
}

fn all<'a>(book: &Book<'a>) -> Vec<Number<'a>> {
    let mut all = Vec::new();
    for duty in &book.rulebook.duties {
        for test in &duty.tests {
            for (id, param) in &test.params {
                let anchor = format!(
                    "{}#{}-number-{}",
                    duty_path(&duty.id),
                    test_anchor(&test.id),
                    slug(id)
                );
                all.push(Number {
                    id,
                    param,
                    place: Some((anchor, &test.title, words::section(&duty.section))),
                });
            }
        }
    }
    let record = book.rulebook.record.iter();
    all.extend(record.map(|(id, param)| Number {
        id,
        param,
        place: None,
    }));
    all
}

fn section(h: &mut Html, owner: Owner, all: &[Number<'_>]) {
    let (id, name, what) = say::owner(owner);
    h.lit("<section aria-labelledby=\"owner-")
        .lit(id)
        .lit("\">\n<h2 id=\"owner-")
        .lit(id)
        .lit("\">")
        .lit(name)
        .lit("</h2>\n<p>")
        .lit(what)
        .lit("</p>\n");
    let mine: Vec<&Number<'_>> = all.iter().filter(|n| n.param.owner == owner).collect();
    if mine.is_empty() {
        h.lit("<p>No number is.</p>\n</section>\n");
        return;
    }
    h.lit("<table class=\"stack owned\"><caption class=\"vh\">")
        .lit(name)
        .lit("</caption><thead><tr><th scope=\"col\">Number</th><th scope=\"col\">Used in</th><th scope=\"col\">Why</th></tr></thead><tbody>\n");
    for number in mine {
        h.lit("<tr");
        if number.place.is_none() {
            h.lit(" id=\"record-").text(&slug(number.id)).lit("\"");
        }
        h.lit("><th scope=\"row\"><strong>")
            .text(&say::amount(number.id, number.param))
            .lit("</strong> <code class=\"small\">")
            .text(number.id)
            .lit("</code></th><td data-l=\"Used in\">");
        match &number.place {
            Some((path, title, section)) => {
                h.lit("<a href=\"")
                    .text(path)
                    .lit("\">")
                    .text(title)
                    .lit("</a> <span class=\"small\">")
                    .text(section)
                    .lit("</span>");
            }
            None => {
                h.lit("Making the record from a return");
            }
        }
        h.lit("</td><td data-l=\"Why\">")
            .text(&number.param.why)
            .lit("</td></tr>\n");
    }
    h.lit("</tbody></table>\n</section>\n");
}
