//! How to read the rulebook, what its words mean, and exactly which rulebook this is.

use candour_law::{Confirmed, Force, InForce, Strength, Verdict};

use super::duty::period;
use super::{Book, Shell, Tab, authorities, say, slug};
use crate::html::Html;
use crate::words;

pub(super) fn page(book: &Book<'_>) -> String {
    Shell {
        title: "How to read this, the Candour rulebook",
        tab: Tab::About,
        up: "",
        searched: false,
    }
    .page(book.rulebook, |h| {
        h.lit(OPENING);
        called(h);
        h.lit(READING);
        confirmed(h);
        modifiers(h, book);
        h.lit("<section aria-labelledby=\"which\">\n<h2 id=\"which\">Which rulebook this is</h2>\n<p>Made by Candour ")
            .lit(env!("CARGO_PKG_VERSION"))
            .lit(" from the rulebook with this hash (SHA-256, over every file of it). An inspection or a case check that shows the same hash used exactly these rules. The same rulebook always gives the same pages.</p>\n<p class=\"hash\">")
            .text(&book.rulebook.sha256)
            .lit("</p>\n<p>To cite a rule, give the duty, the test and the hash. Every duty, test, example, number, fact and reason has an address of its own.</p>\n</section>\n");
    })
}

const OPENING: &str = "<h1>How to read this</h1>\n\
<p class=\"lead\">Candour tests what a council’s records or a person’s case file show against the duties of the Care Act 2014. These pages are its rules, whole, made from the same files that the program reads.</p>\n\
<div class=\"caution\"><p><strong>This is not legal advice.</strong> It is how one tool reads the law. Laws, regulations and guidance change, and we have not seen every text ourselves: each authority says how far it was confirmed. Before you rely on a rule, read the law it names, or ask somebody who knows it.</p>\n\
<p><strong>A signal is not a finding.</strong> A test can say that what the law asks for is not shown. Only people who have read the file and heard the council can say that a duty was broken.</p></div>\n\
<section aria-labelledby=\"depths\">\n<h2 id=\"depths\">What can decide a duty</h2>\n<dl class=\"words\">\n\
<div><dt>A return</dt><dd>The Client Level Data file that every council already sends to the government. It shows little, for everybody.</dd></div>\n\
<div><dt>A case file</dt><dd>What an audit or a person wrote down of one case. It shows much, for one person.</dd></div>\n\
<div><dt>Documents</dt><dd>Some duties are owed to a whole area. No person’s file can show them, so the page names the documents to ask the council for.</dd></div>\n</dl>\n</section>\n\
<section aria-labelledby=\"answers\">\n<h2 id=\"answers\">What a test can say</h2>\n\
<p>A test is put to every <strong>occasion</strong>: a moment on which the duty falls due for one person. It gives one answer and one reason. If a fact that decides it is missing, it says “cannot tell” and never guesses.</p>\n";

const READING: &str = "</section>\n<section aria-labelledby=\"rules\">\n<h2 id=\"rules\">How to read a rule</h2>\n\
<p>Each step of a test is shown as questions, with the answers for which it looks. The program makes them from the rules as they are written, which stand folded away below the steps.</p>\n<dl class=\"words\">\n\
<div><dt>yes, no, a value</dt><dd>The fact is known to be so. If the file is silent, or the fact is in dispute, the step is not known.</dd></div>\n\
<div><dt>the file says …</dt><dd>It counts only if the file says it plainly. Silence or a dispute counts as not so.</dd></div>\n\
<div><dt>the file does not say …</dt><dd>It holds unless the file says it plainly. Silence or a dispute is enough.</dd></div>\n\
<div><dt>…, or the file says nothing of it</dt><dd>Silence is enough. A plain answer to the contrary is not, and a dispute leaves it not known.</dd></div>\n\
<div><dt>Later on</dt><dd>What the file says of a time after the event.</dd></div>\n</dl>\n\
<p>“All of these” and “any of these” work even if something in them is not known: one “no” settles “all of these”, and one “yes” settles “any of these”.</p>\n</section>\n";

fn called(h: &mut Html) {
    h.lit("<table class=\"stack called\"><caption class=\"vh\">What each answer is called</caption><thead><tr><th scope=\"col\">On a page</th><th scope=\"col\">In the files</th><th scope=\"col\">What it means</th></tr></thead><tbody>\n");
    let rows = [
        (
            Verdict::Met,
            Force::Statute,
            Strength::Strong,
            "What the test asks for is shown, or a lawful answer is. That it was done says nothing of how well.",
        ),
        (
            Verdict::NotMet,
            Force::Statute,
            Strength::Strong,
            "The Act or its regulations say must, and dates, codes or facts show that it was not done. Not a finding.",
        ),
        (
            Verdict::NotMet,
            Force::Guidance,
            Strength::Strong,
            "Statutory guidance says so. A council may depart from it only for a good reason that it can give (section 78).",
        ),
        (
            Verdict::NotMet,
            Force::Benchmark,
            Strength::Strong,
            "A number or practice of the Ombudsman, of the department or of our own. No law sets it.",
        ),
        (
            Verdict::NotMet,
            Force::Statute,
            Strength::Lead,
            "The record only hints at it. Worth asking, and never called a breach signal.",
        ),
        (
            Verdict::CannotTell,
            Force::Statute,
            Strength::Strong,
            "Something that decides it is missing. Not recorded is not the same as not done.",
        ),
        (
            Verdict::NotOwed,
            Force::Statute,
            Strength::Strong,
            "The law did not ask this of the council here.",
        ),
        (
            Verdict::NotYetDue,
            Force::Statute,
            Strength::Strong,
            "The time for it had not run out.",
        ),
    ];
    for (verdict, force, strength, means) in rows {
        let (tag, class) = say::verdict(verdict, force, strength);
        h.lit("<tr><th scope=\"row\"><span class=\"tag ")
            .lit(class)
            .lit("\">")
            .lit(tag)
            .lit("</span></th><td data-l=\"In the files\"><code>")
            .lit(verdict.as_str())
            .lit("</code></td><td data-l=\"Means\">")
            .lit(means)
            .lit("</td></tr>\n");
    }
    h.lit("</tbody></table>\n");
}

fn confirmed(h: &mut Html) {
    h.lit("<section aria-labelledby=\"confirmed\">\n<h2 id=\"confirmed\">How sure we are of the law</h2>\n<p>What an authority says is given in our own words. Beside it stands how we know.</p>\n<ul class=\"spaced\">\n");
    for how in Confirmed::ALL {
        h.lit("<li><span class=\"conf ")
            .lit(words::confirmed_class(*how))
            .lit("\">")
            .lit(words::confirmed(*how))
            .lit("</span> ")
            .lit(match how {
                Confirmed::Text => "We read the text itself, or the passage in question.",
                Confirmed::Secondary => "We read somebody else who quotes or explains it.",
                Confirmed::Unconfirmed => "We know of it and did not see it. Check it first.",
            })
            .lit("</li>\n");
    }
    h.lit("</ul>\n</section>\n");
}

fn modifiers(h: &mut Html, book: &Book<'_>) {
    if book.rulebook.modifiers.is_empty() {
        return;
    }
    h.lit("<section aria-labelledby=\"modifiers\">\n<h2 id=\"modifiers\">What changed the law for a time</h2>\n");
    for (id, modifier) in &book.rulebook.modifiers {
        h.lit("<h3 id=\"modifier-")
            .text(&slug(id))
            .lit("\">")
            .text(&modifier.title)
            .lit("</h3>\n<p class=\"small\">")
            .text(&words::sentence(&period(InForce {
                from: modifier.from,
                to: modifier.to,
            })))
            .lit("</p>\n")
            .paragraphs(&modifier.plain);
        authorities::table(h, &modifier.title, &modifier.authorities);
    }
    h.lit("</section>\n");
}
