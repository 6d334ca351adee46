//! The rulebook as a folder of plain pages: for a lawyer to check, and for anybody to read.
//!
//! No page asks anything of a server; each opens from disk, prints, and works without scripts. The same rulebook
//! gives the same bytes.

mod about;
mod authorities;
mod decision;
mod duty;
mod examples;
mod facts;
mod index;
mod numbers;
mod reasons;
mod rule;
mod say;
mod search;
mod uses;

use candour_law::Rulebook;

use crate::html::Html;

use uses::Uses;

const STYLE: &str = concat!(include_str!("../style.css"), include_str!("site.css"));

/// Every file of the site: its path from the site's folder, and its text.
pub fn site(rulebook: &Rulebook) -> Vec<(String, String)> {
    let uses = Uses::new(rulebook);
    let book = Book {
        rulebook,
        uses: &uses,
    };
    let mut files = vec![
        ("index.html".to_owned(), index::page(&book)),
        ("facts.html".to_owned(), facts::page(&book)),
        ("reasons.html".to_owned(), reasons::page(&book)),
        ("numbers.html".to_owned(), numbers::page(&book)),
        ("about.html".to_owned(), about::page(&book)),
        ("style.css".to_owned(), STYLE.to_owned()),
    ];
    for (place, duty) in rulebook.duties.iter().enumerate() {
        files.push((duty_path(&duty.id), duty::page(&book, duty, place)));
    }
    files
}

/// What every page draws on.
struct Book<'a> {
    rulebook: &'a Rulebook,
    uses: &'a Uses<'a>,
}

/// An id as part of an address: ids are plain already where the rulebook passes its check.
fn slug(id: &str) -> String {
    id.chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() || c == '-' || c == '_' {
                c
            } else {
                '-'
            }
        })
        .collect()
}

/// Where the page of a duty lies in the site.
fn duty_path(id: &str) -> String {
    format!("duties/{}.html", slug(id))
}

/// The anchor of a test on its duty's page.
fn test_anchor(id: &str) -> String {
    format!("test-{}", slug(id))
}

/// The pages to which every page leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Tab {
    Duties,
    Facts,
    Reasons,
    Numbers,
    About,
}

impl Tab {
    const ALL: [(Tab, &'static str, &'static str); 5] = [
        (Tab::Duties, "index.html", "Duties"),
        (Tab::Facts, "facts.html", "Facts"),
        (Tab::Reasons, "reasons.html", "Reasons"),
        (Tab::Numbers, "numbers.html", "Numbers"),
        (Tab::About, "about.html", "How to read this"),
    ];
}

/// What stands around the text of a page.
struct Shell<'a> {
    title: &'a str,
    tab: Tab,
    /// The way from the page to the site's folder: nothing, or `../`.
    up: &'static str,
    searched: bool,
}

impl Shell<'_> {
    /// The page with this in its main part.
    fn page(&self, rulebook: &Rulebook, body: impl FnOnce(&mut Html)) -> String {
        let mut h = Html::with_capacity(100_000);
        h.lit("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<meta name=\"referrer\" content=\"no-referrer\">\n<meta name=\"generator\" content=\"Candour\">\n");
        // `file:` for browsers to which a page on disk has no self.
        h.lit("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'self' file:; form-action 'none'; base-uri 'none'")
            .lit(if self.searched { "; script-src 'unsafe-inline'" } else { "" })
            .lit("\">\n<title>")
            .text(self.title)
            .lit("</title>\n<link rel=\"stylesheet\" href=\"")
            .lit(self.up)
            .lit("style.css\">\n</head>\n<body class=\"site\">\n<a class=\"skip\" href=\"#main\">Skip to the main part</a>\n");
        h.lit("<header class=\"top\"><div class=\"wrap\"><span class=\"name\">Candour</span><span class=\"what\">The rulebook: the Care Act 2014 as tests</span></div></header>\n<nav class=\"tabs\" aria-label=\"Rulebook\"><div class=\"wrap\"><ul>\n");
        for (tab, path, name) in Tab::ALL {
            h.lit("<li><a href=\"").lit(self.up).lit(path).lit("\"");
            if tab == self.tab {
                // A duty's page stands under the list of duties, but is another page.
                h.lit(if self.up.is_empty() {
                    " aria-current=\"page\""
                } else {
                    " aria-current=\"true\""
                });
            }
            h.lit(">").lit(name).lit("</a></li>\n");
        }
        h.lit("</ul></div></nav>\n<main id=\"main\" class=\"wrap\" tabindex=\"-1\">\n");
        body(&mut h);
        h.lit("</main>\n<footer class=\"top\"><div class=\"wrap\"><p>This explains how Candour tests records and case files. It is not legal advice, and what a test says is not a finding of breach. <a href=\"")
            .lit(self.up)
            .lit("about.html\">How to read this</a></p>\n<p>Candour ")
            .lit(env!("CARGO_PKG_VERSION"))
            .lit(", rulebook <span class=\"hash\">")
            .text(rulebook.sha256.get(..12).unwrap_or(&rulebook.sha256))
            .lit("</span></p></div></footer>\n");
        if self.searched {
            search::script(&mut h);
        }
        h.lit("</body>\n</html>\n");
        h.finish()
    }
}

/// Text in which names stand between backticks.
fn ticked(h: &mut Html, text: &str) {
    if !text.matches('`').count().is_multiple_of(2) {
        h.text(text);
        return;
    }
    for (place, part) in text.split('`').enumerate() {
        if place.is_multiple_of(2) {
            h.text(part);
        } else {
            h.lit("<code>").text(part).lit("</code>");
        }
    }
}

/// The tests that use something, as links, folded away.
fn used(h: &mut Html, users: Option<&uses::Users<'_>>, nobody: &'static str) {
    let Some(users) = users.filter(|users| !users.is_empty()) else {
        h.lit("<p class=\"small\">").lit(nobody).lit("</p>\n");
        return;
    };
    h.lit("<details><summary>Used by ")
        .text(&crate::words::number(users.len(), "test", "tests"))
        .lit("</summary><div><ul>\n");
    for (duty, test) in users {
        h.lit("<li><a href=\"")
            .text(&duty_path(&duty.id))
            .lit("#")
            .text(&test_anchor(&test.id))
            .lit("\">")
            .text(&test.title)
            .lit("</a> <span class=\"small\">")
            .text(&crate::words::section(&duty.section))
            .lit("</span></li>\n");
    }
    h.lit("</ul></div></details>\n");
}
