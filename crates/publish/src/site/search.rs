//! A box that filters a page as one types. Without its script it stays hidden and the page is the plain list.

use crate::html::Html;

/// A page that has one lets this and no other script run.
pub(super) const SCRIPT: &str = include_str!("search.js");

/// `thing` is what is found, in the plural.
pub(super) fn form(h: &mut Html, label: &str, hint: &str, thing: &str) {
    h.lit("<form id=\"search\" class=\"search\" role=\"search\" method=\"get\" hidden>\n<label for=\"find\">")
        .text(label)
        .lit("</label>\n<p id=\"find-hint\" class=\"small\">")
        .text(hint)
        .lit("</p>\n<input id=\"find\" name=\"q\" type=\"search\" autocomplete=\"off\" spellcheck=\"false\" aria-describedby=\"find-hint\">\n<p id=\"found\" role=\"status\" data-things=\"")
        .text(thing)
        .lit("\"></p>\n</form>\n");
}

pub(super) fn script(h: &mut Html) {
    h.lit("<script>\n").lit(SCRIPT).lit("</script>\n");
}
