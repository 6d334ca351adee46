//! Every reason that a verdict can carry.

use super::facts::row;
use super::{Book, Shell, Tab, search, slug, used};

pub(super) fn page(book: &Book<'_>) -> String {
    Shell {
        title: "Reasons, the Candour rulebook",
        tab: Tab::Reasons,
        up: "",
        searched: true,
    }
    .page(book.rulebook, |h| {
        let reasons = &book.rulebook.reasons;
        h.lit("<h1>Reasons</h1>\n<p class=\"lead\">No test says yes, no or cannot tell without saying why. These are the reasons it can give.</p>\n<p>")
            .num(reasons.len())
            .lit(" reasons, by name. A test may say a reason in words of its own, which stand on its duty’s page. A name in square brackets stands for the test’s own number.</p>\n");
        search::form(h, "Find a reason", "Its name, or a word of what it says.", "reasons");
        h.lit("<section data-group aria-labelledby=\"all\">\n<h2 id=\"all\">All reasons</h2>\n");
        for (id, reason) in reasons {
            h.lit("<div class=\"fact\" id=\"reason-")
                .text(&slug(id))
                .lit("\" data-find=\"")
                .text(&super::say::code(id))
                .lit("\">\n<h3><a href=\"#reason-")
                .text(&slug(id))
                .lit("\"><code>")
                .text(id)
                .lit("</code></a></h3>\n<p class=\"asked\">")
                .text(&holes(&reason.sentence))
                .lit("</p>\n<dl class=\"about\">\n");
            row(h, "What it means", |h| {
                h.text(&reason.plain);
            });
            h.lit("</dl>\n");
            used(
                h,
                book.uses.reasons.get(id.as_str()),
                "No test names it: it can come from any fact that is missing, or from the day of the occasion.",
            );
            h.lit("</div>\n");
        }
        h.lit("</section>\n");
    })
}

/// `[days]` for a number that each test fills in.
fn holes(sentence: &str) -> String {
    sentence.replace('{', "[").replace('}', "]")
}
