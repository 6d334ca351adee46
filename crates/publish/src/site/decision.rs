//! How a test decides, step by step: in words, as questions, and as the rule is written.

use candour_law::{IfUnknown, Test, Verdict};

use super::examples::{amount, reason_link};
use super::rule::{self, Ask, Leaf, Rule, Sign, Silence, Term};
use super::uses::{self, About};
use super::{Book, say, slug, test_anchor};
use crate::html::Html;

/// One step, with what it leads to.
struct Step<'a> {
    label: &'static str,
    outcome: Verdict,
    reason: &'a str,
    note: &'static str,
    rule: &'a str,
}

pub(super) fn write(h: &mut Html, book: &Book<'_>, test: &Test) {
    if test.trigger.is_some() || test.arises.is_some() {
        h.lit("<h4>When it is asked</h4>\n");
    }
    if let Some(rule) = &test.trigger {
        h.lit("<p>Of every event of which this is true, read from that event alone. Where it is not so, or not known, nothing is asked.</p>\n");
        questions(h, book, test, rule);
    }
    if let Some(rule) = &test.arises {
        h.lit("<p>Only where this is so. Where it is not, it is no occasion of this test.</p>\n");
        questions(h, book, test, rule);
    }
    h.lit("<h4>How it decides</h4>\n<p>In this order. The first step that holds gives the answer.</p>\n<ol class=\"steps\">\n");
    for step in steps(test) {
        write_step(h, book, test, &step);
    }
    h.lit("<li>");
    head(
        h,
        test,
        "If what decides it is not known",
        Verdict::CannotTell,
    );
    h.lit("<p>The reason names what is missing. What is not recorded never counts as not done.</p></li>\n<li>");
    head(h, test, "Otherwise", Verdict::NotMet);
    sentence(h, book, test, "not_met");
    h.lit("</li>\n</ol>\n");
    if !test.weaker.is_empty() {
        h.lit("<p>A signal shows less, and is called something else, where this holds:</p>\n<ul class=\"steps\">\n");
        for clause in &test.weaker {
            let (tag, class) = say::verdict(Verdict::NotMet, test.force, clause.strength);
            h.lit("<li><p class=\"step\"><strong>Then called</strong> <span class=\"tag ")
                .lit(class)
                .lit("\">")
                .lit(tag)
                .lit("</span> ");
            reason_link(h, book, &clause.id);
            h.lit("</p>\n");
            questions(h, book, test, &clause.when);
            h.lit("</li>\n");
        }
        h.lit("</ul>\n");
    }
    h.lit("<details class=\"code\"><summary>The rules as they are written<span class=\"vh\">: ")
        .text(&test.title)
        .lit("</span></summary><div>\n");
    for (place, rule) in test.expressions() {
        h.lit("<p><code>").text(&place).lit("</code></p>\n");
        written(h, book, rule);
    }
    h.lit("</div></details>\n");
}

fn steps(test: &Test) -> Vec<Step<'_>> {
    let mut all = Vec::new();
    let mut add = |label, outcome, reason, note, rule| {
        all.push(Step {
            label,
            outcome,
            reason,
            note,
            rule,
        });
    };
    for clause in &test.not_owed {
        add(
            "Not owed where",
            Verdict::NotOwed,
            clause.id.as_str(),
            "",
            clause.when.as_str(),
        );
    }
    if let Some(rule) = &test.owed {
        add(
            "Not owed unless",
            Verdict::NotOwed,
            "not_owed",
            "",
            rule.as_str(),
        );
    }
    add("Met where", Verdict::Met, "met", "", test.met.as_str());
    for clause in &test.justified {
        let note = match clause.if_unknown {
            IfUnknown::NotShown => {
                "Whoever relies on this must show it: silence counts for nothing."
            }
            IfUnknown::CannotTell => "If this is not known, we cannot tell.",
        };
        add(
            "Or justified where",
            Verdict::Met,
            clause.id.as_str(),
            note,
            clause.when.as_str(),
        );
    }
    if let Some(rule) = &test.due {
        add(
            "Not yet due unless",
            Verdict::NotYetDue,
            "not_yet_due",
            "",
            rule.as_str(),
        );
    }
    for clause in &test.cannot_tell {
        add(
            "We cannot tell where",
            Verdict::CannotTell,
            clause.id.as_str(),
            "",
            clause.when.as_str(),
        );
    }
    all
}

fn write_step(h: &mut Html, book: &Book<'_>, test: &Test, step: &Step<'_>) {
    h.lit("<li>");
    head(h, test, step.label, step.outcome);
    sentence(h, book, test, step.reason);
    if !step.note.is_empty() {
        h.lit("<p class=\"small\">").lit(step.note).lit("</p>\n");
    }
    questions(h, book, test, step.rule);
    h.lit("</li>\n");
}

fn head(h: &mut Html, test: &Test, label: &'static str, outcome: Verdict) {
    let (tag, class) = say::verdict(outcome, test.force, test.strength);
    h.lit("<p class=\"step\"><strong>")
        .lit(label)
        .lit("</strong> <span class=\"tag ")
        .lit(class)
        .lit("\">")
        .lit(tag)
        .lit("</span></p>\n");
}

/// What the verdict says, and the code of its reason.
fn sentence(h: &mut Html, book: &Book<'_>, test: &Test, reason: &str) {
    h.lit("<p>");
    if let Some(says) = book.rulebook.sentence(test, reason) {
        h.lit("“").text(&says).lit("” ");
    }
    h.lit("<span class=\"small\">");
    reason_link(h, book, reason);
    h.lit("</span></p>\n");
}

/// The rule as questions; as it is written where it cannot be read.
fn questions(h: &mut Html, book: &Book<'_>, test: &Test, source: &str) {
    let Some(read) = rule::read(source) else {
        written(h, book, source);
        return;
    };
    let teller = Teller { book, test };
    h.lit("<div class=\"rule\">");
    match &read {
        Rule::Is(_) | Rule::Always(_) => {
            h.lit("<ul><li>");
            teller.write(h, &read);
            h.lit("</li></ul>");
        }
        _ => teller.write(h, &read),
    }
    h.lit("</div>\n");
}

/// The rule itself; the facts in it lead to what they mean.
fn written(h: &mut Html, book: &Book<'_>, source: &str) {
    h.lit("<pre><code>");
    let mut from = 0;
    for token in rule::tokens(source).unwrap_or_default() {
        if token.kind != rule::Kind::Name {
            continue;
        }
        if let Some((fact, _, _)) = uses::fact(book.rulebook, token.text) {
            h.text(source.get(from..token.at).unwrap_or_default())
                .lit("<a href=\"../facts.html#fact-")
                .text(&slug(fact))
                .lit("\">")
                .text(token.text)
                .lit("</a>");
            from = token.at + token.text.len();
        }
    }
    h.text(source.get(from..).unwrap_or_default())
        .lit("</code></pre>\n");
}

struct Teller<'a> {
    book: &'a Book<'a>,
    test: &'a Test,
}

impl Teller<'_> {
    fn write(&self, h: &mut Html, rule: &Rule<'_>) {
        match rule {
            Rule::All(parts) => self.list(h, "All of these:", parts),
            Rule::Any(parts) => self.list(h, "Any of these:", parts),
            Rule::Not(inner) => match inner.as_ref() {
                Rule::Any(parts) => self.list(h, "None of these:", parts),
                Rule::All(parts) => self.list(h, "Not all of these together:", parts),
                other => self.list(h, "Not this:", std::slice::from_ref(other)),
            },
            Rule::Is(leaf) => self.leaf(h, leaf),
            Rule::Always(true) => {
                h.lit("Always");
            }
            Rule::Always(false) => {
                h.lit("Never");
            }
        }
    }

    fn list(&self, h: &mut Html, head: &'static str, parts: &[Rule<'_>]) {
        h.lit("<span class=\"of\">").lit(head).lit("</span><ul>");
        for part in parts {
            h.lit("<li>");
            self.write(h, part);
            h.lit("</li>");
        }
        h.lit("</ul>");
    }

    fn leaf(&self, h: &mut Html, leaf: &Leaf<'_>) {
        let about = self.question(h, leaf.name);
        h.lit(" <strong class=\"answer\">");
        match leaf.silence {
            Silence::Fails => h.lit("the file says "),
            Silence::Denied => h.lit("the file does not say "),
            Silence::Unknown | Silence::Passes => h,
        };
        match (&leaf.ask, about) {
            (Ask::Yes(true), _) => {
                h.lit("yes");
            }
            (Ask::Yes(false), _) => {
                h.lit("no");
            }
            (Ask::Compare(Sign::Equal, Term::Text(state)), About::State) => {
                h.text(&state_is(state));
            }
            (Ask::Compare(Sign::Unequal, Term::Text(state)), About::State) => {
                h.text(&state_is_not(state));
            }
            (Ask::OneOf(yes, all), About::State) => {
                h.lit(if *yes { "one of: " } else { "none of: " });
                let said: Vec<String> = all.iter().map(|state| state_is(state)).collect();
                h.text(&said.join("; "));
            }
            (Ask::OneOf(yes, all), About::Value) => {
                h.lit(if *yes { "one of: " } else { "none of: " });
                let said: Vec<String> = all.iter().map(|text| say::code(text)).collect();
                h.text(&said.join(", "));
            }
            (Ask::Compare(sign, term), _) => self.compare(h, *sign, *term),
        }
        if leaf.silence == Silence::Passes {
            h.lit(", or the file says nothing of it");
        }
        h.lit("</strong>");
    }

    fn compare(&self, h: &mut Html, sign: Sign, term: Term<'_>) {
        h.lit(match sign {
            Sign::Equal => "",
            Sign::Unequal => "anything but ",
            Sign::Less => "less than ",
            Sign::LessOrEqual => "at most ",
            Sign::More => "more than ",
            Sign::MoreOrEqual => "at least ",
        });
        match term {
            Term::Text(text) => {
                h.text(&say::code(text));
            }
            Term::Number(number) => {
                h.text(number.strip_suffix(".0").unwrap_or(number));
            }
            Term::Name(name) => match amount(self.test, name) {
                Some(amount) => {
                    h.lit("<a href=\"#")
                        .text(&test_anchor(&self.test.id))
                        .lit("-number-")
                        .text(&slug(name))
                        .lit("\">")
                        .text(&amount)
                        .lit("</a>");
                }
                None if name == "true" => {
                    h.lit("yes");
                }
                None if name == "false" => {
                    h.lit("no");
                }
                None => {
                    h.lit("the answer to: ");
                    self.question(h, name);
                }
            },
        }
    }

    /// The auditor's question of a fact, leading to the fact.
    fn question(&self, h: &mut Html, name: &str) -> About {
        let rulebook = self.book.rulebook;
        let Some((id, about, later)) = uses::fact(rulebook, name) else {
            h.lit("<code>").text(name).lit("</code>");
            return About::Value;
        };
        if later {
            h.lit("Later on: ");
        }
        h.lit("<a href=\"../facts.html#fact-")
            .text(&slug(id))
            .lit("\">");
        match rulebook.facts.get(id) {
            Some(fact) if !fact.question.is_empty() => h.text(&fact.question),
            _ => h.text(&say::code(id)),
        };
        h.lit("</a>");
        about
    }
}

fn state_is(state: &str) -> String {
    match state {
        "absent" => "the file says nothing of it",
        "given" => "the file gives an answer",
        "disputed" => "it is in dispute",
        "late" => "done, but late",
        "partial" => "only in part",
        "not_recorded" => "the file says that it was not recorded",
        other => return say::code(other),
    }
    .to_owned()
}

fn state_is_not(state: &str) -> String {
    match state {
        "absent" => "the file says something of it".to_owned(),
        "given" => "the file gives no plain answer".to_owned(),
        other => format!("not: {}", state_is(other)),
    }
}
