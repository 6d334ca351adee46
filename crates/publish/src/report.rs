//! The page as a whole, in the order in which it is read.

use candour_inspect::{Document, Inspection, Inspector, Measure, Pattern};
use candour_returns::Joined;

use crate::html::Html;
use crate::view::TestView;
use crate::{backlog, chart, duty, figures, front, measures, patterns, quality, resources, words};

const STYLE: &str = include_str!("style.css");

/// What the parts of a page draw on.
pub(crate) struct Page<'a> {
    pub inspector: &'a Inspector<'a>,
    pub joined: &'a Joined,
    pub inspection: &'a Inspection,
    pub document: &'a Document,
    /// In the order of the rulebook.
    pub tests: Vec<TestView<'a>>,
}

impl Page<'_> {
    /// Tests with the weightiest word first, then the most signals.
    pub fn by_weight(&self) -> Vec<&TestView<'_>> {
        let mut tests: Vec<&TestView<'_>> = self.tests.iter().collect();
        tests.sort_by_key(|t| (t.word, std::cmp::Reverse(t.signals.rank())));
        tests
    }
}

/// The sections of the page: anchor and heading.
pub(crate) const SECTIONS: [(&str, &str); 10] = [
    ("patterns", "Patterns: is it systemic?"),
    ("all-tests", "Every test at a glance"),
    ("duties", "Duty by duty"),
    ("resources", "What it would take"),
    ("backlog", "What waits, and how it goes on"),
    ("cannot-show", "What a return cannot show"),
    ("measures", "Published measures: check us first"),
    ("quality", "How good the data are"),
    ("local", "What the council told us"),
    ("method", "How this was made"),
];

/// Writes `report.html`: one file that opens from disk, asks nothing of any server and names nobody.
pub fn report(
    inspector: &Inspector<'_>,
    joined: &Joined,
    inspection: &Inspection,
    document: &Document,
) -> String {
    let page = Page {
        inspector,
        joined,
        inspection,
        document,
        tests: inspection
            .results
            .iter()
            .filter_map(|r| TestView::new(inspector, r))
            .collect(),
    };
    let mut h = Html::with_capacity(400_000);
    let title = format!(
        "Council {}: what the records signal, {}",
        document.council,
        words::date(&document.as_of)
    );
    head(&mut h, &title);
    h.lit("<main id=\"main\" class=\"wrap layout\" tabindex=\"-1\">\n");
    front::write(&mut h, &page);
    contents(&mut h, &page);
    h.lit("<div class=\"rest\">\n");
    front::mass_days(&mut h, &page);
    patterns::write(&mut h, &document.patterns);
    front::overview(&mut h, &page);
    duty::write_all(&mut h, &page);
    resources::write(&mut h, &page);
    backlog::write(&mut h, document);
    quality::cannot_show(&mut h);
    measures::write(&mut h, &document.measures);
    quality::write(&mut h, &page);
    quality::local_facts(&mut h, &page);
    quality::method(&mut h, &page);
    h.lit("</div>\n</main>\n<footer class=\"top\"><div class=\"wrap\"><p>Made by Candour ")
        .text(document.candour);
    h.lit(". Signals from records, not findings of breach. Not a rating, and nothing to do with the Care Quality Commission.</p></div></footer>\n</body>\n</html>\n");
    h.finish()
}

/// A page of patterns and measures alone: self-contained, as the report is, and by the same rules of small
/// numbers. For whoever works on them, and wherever there is no record behind them.
pub fn patterns_page(title: &str, patterns: &[Pattern], measures: &[Measure]) -> String {
    let mut h = Html::with_capacity(200_000);
    head(&mut h, title);
    h.lit("<main id=\"main\" class=\"wrap\" tabindex=\"-1\">\n<h1>")
        .text(title)
        .lit("</h1>\n");
    patterns::front(&mut h, patterns);
    patterns::write(&mut h, patterns);
    measures::write(&mut h, measures);
    // What the sections link to on the whole report.
    h.lit("<section aria-labelledby=\"quality\"><h2 id=\"quality\">How good the data are</h2><p>This page has no return behind it: see the report of the inspection.</p></section>\n</main>\n</body>\n</html>\n");
    h.finish()
}

/// From the first byte to the banner.
fn head(h: &mut Html, title: &str) {
    h.lit("<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    h.lit("<meta name=\"referrer\" content=\"no-referrer\">\n<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>")
        .text(title)
        .lit("</title>\n<style>\n")
        .lit(STYLE)
        .lit(backlog::STYLE)
        .lit("</style>\n</head>\n<body>\n");
    h.lit("<a class=\"skip\" href=\"#main\">Skip to the main part</a>\n")
        .lit(chart::PATTERNS)
        .lit(figures::PATTERNS);
    h.lit("<header class=\"top\"><div class=\"wrap\"><span class=\"name\">Candour</span><span class=\"what\">Inspection of a Client Level Data return under the Care Act 2014</span></div></header>\n");
}

fn contents(h: &mut Html, page: &Page<'_>) {
    h.lit("<nav class=\"contents\" aria-labelledby=\"contents\"><h2 id=\"contents\">Contents</h2><ul>\n<li><a href=\"#main\">In short</a></li>\n");
    if !page.document.mass_days.is_empty() {
        h.lit("<li><a href=\"#mass-days\">First, one question</a></li>\n");
    }
    for (id, heading) in SECTIONS {
        if id == "backlog" && page.document.backlog.is_empty() {
            continue;
        }
        h.lit("<li><a href=\"#")
            .text(id)
            .lit("\">")
            .text(heading)
            .lit("</a>");
        if id == "duties" {
            h.lit("<ul>\n");
            for (duty, _) in duty::grouped(page) {
                h.lit("<li><a href=\"#")
                    .text(&duty.id)
                    .lit("\">")
                    .text(&duty.title)
                    .lit("</a></li>\n");
            }
            h.lit("</ul>");
        }
        h.lit("</li>\n");
    }
    h.lit("</ul></nav>\n");
}
