//! Which test reads which fact, and which can give which reason.

use std::collections::{BTreeMap, BTreeSet};

use candour_law::{Duty, Rulebook, Test};

use super::rule::{Kind, tokens};

/// The tests that use one thing, in the order of the rulebook.
pub(super) type Users<'a> = Vec<(&'a Duty, &'a Test)>;

pub(super) struct Uses<'a> {
    pub facts: BTreeMap<&'a str, Users<'a>>,
    pub reasons: BTreeMap<&'a str, Users<'a>>,
    /// The facts that are worked out from a fact.
    pub derived: BTreeMap<&'a str, Vec<&'a str>>,
}

/// What a name in a rule is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    Value,
    /// Whether and how the file answers.
    State,
}

/// The fact for which a name stands, and whether the rule asks what was so later on.
pub(super) fn fact<'a>(rulebook: &'a Rulebook, name: &str) -> Option<(&'a str, About, bool)> {
    let find = |name: &str| {
        rulebook
            .facts
            .get_key_value(name)
            .map(|(id, _)| id.as_str())
    };
    let known = |name: &str| {
        find(name)
            .map(|id| (id, About::Value))
            .or_else(|| find(name.strip_suffix("_state")?).map(|id| (id, About::State)))
    };
    match known(name) {
        Some((id, about)) => Some((id, about, false)),
        None => known(name.strip_suffix("_later")?).map(|(id, about)| (id, about, true)),
    }
}

impl<'a> Uses<'a> {
    pub fn new(rulebook: &'a Rulebook) -> Uses<'a> {
        let mut uses = Uses {
            facts: BTreeMap::new(),
            reasons: BTreeMap::new(),
            derived: BTreeMap::new(),
        };
        for duty in &rulebook.duties {
            for test in &duty.tests {
                for id in read_by(rulebook, test) {
                    uses.facts.entry(id).or_default().push((duty, test));
                }
                for reason in given_by(test) {
                    uses.reasons.entry(reason).or_default().push((duty, test));
                }
            }
        }
        for (id, fact) in &rulebook.facts {
            for from in fact.derived_from.iter().flatten() {
                uses.derived.entry(from).or_default().push(id);
            }
        }
        uses
    }
}

/// The facts that a test's rules read.
fn read_by<'a>(rulebook: &'a Rulebook, test: &Test) -> BTreeSet<&'a str> {
    test.expressions()
        .into_iter()
        .filter_map(|(_, source)| tokens(source))
        .flatten()
        .filter(|token| token.kind == Kind::Name)
        .filter_map(|token| fact(rulebook, token.text))
        .map(|(id, _, _)| id)
        .collect()
}

/// The reasons that a test's rules and examples name.
fn given_by(test: &Test) -> BTreeSet<&str> {
    let clauses = test.not_owed.iter().chain(&test.cannot_tell);
    clauses
        .map(|clause| clause.id.as_str())
        .chain(test.justified.iter().map(|clause| clause.id.as_str()))
        .chain(test.weaker.iter().map(|clause| clause.id.as_str()))
        .chain(test.sentences.keys().map(String::as_str))
        .chain(
            test.examples
                .iter()
                .filter_map(|example| example.reason.as_deref()),
        )
        .collect()
}
