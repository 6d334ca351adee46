//! Where a duty comes from, and how sure we are of it.

use candour_law::{Authority, Confirmed};

use crate::html::Html;
use crate::words;

/// `of` tells one table from another to those who hear the page.
pub(super) fn table(h: &mut Html, of: &str, all: &[Authority]) {
    if all.is_empty() {
        h.lit("<p>None is named.</p>\n");
        return;
    }
    h.lit("<table class=\"stack sourced\"><caption class=\"vh\">Authorities: ")
        .text(of)
        .lit("</caption><thead><tr><th scope=\"col\">Authority</th><th scope=\"col\">What it says, in our words</th><th scope=\"col\">How far confirmed</th></tr></thead><tbody>\n");
    for a in all {
        h.lit("<tr><th scope=\"row\"><strong>")
            .text(&a.cite)
            .lit("</strong> <span class=\"small kind\">")
            .lit(words::authority(a.kind))
            .lit("</span></th><td data-l=\"Says\">")
            .text(&a.says)
            .lit("</td><td data-l=\"Confirmed\"><span class=\"conf ")
            .lit(words::confirmed_class(a.confirmed))
            .lit("\">")
            .lit(words::confirmed(a.confirmed))
            .lit("</span> <span class=\"small how\">")
            .text(&a.source)
            .lit("</span></td></tr>\n");
    }
    h.lit("</tbody></table>\n");
}

/// Says so at once where the first authority, on which all rests, was not seen.
pub(super) fn warn(h: &mut Html, all: &[Authority]) {
    if let Some(first) = all
        .first()
        .filter(|a| a.confirmed == Confirmed::Unconfirmed)
    {
        h.lit(
            "<p class=\"unconfirmed\"><strong>Unconfirmed.</strong> We have not seen the text of ",
        )
        .text(&first.cite)
        .lit(" ourselves. Check it before relying on this.</p>\n");
    }
}
