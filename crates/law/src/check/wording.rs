//! Sentences and numbers: every number has an owner, and no sentence says more
//! than a record can show.

use std::collections::BTreeMap;

use super::Notes;
use crate::{Owner, Param, Rulebook, Test};

pub(super) fn number(id: &str, param: &Param, notes: &mut Notes<'_>) {
    if param.value < 0 {
        notes.add(
            format!("the number `{id}` is below nought"),
            "give nought or more",
        );
    }
    if param.why.trim().is_empty() {
        notes.add(
            format!("the number `{id}` has no `why`"),
            "say why it is what it is; almost none is in the Act",
        );
    }
}

/// What holds of every sentence.
pub(super) fn sentence(text: &str, reason: &str, notes: &mut Notes<'_>) {
    if holes(text).is_none() {
        notes.add(
            format!("the sentence of `{reason}` has an odd brace"),
            "write a number as `{days}`",
        );
    }
    // A `not_met` is a signal. Only a review, with the council heard and a
    // legal adviser's signature, finds a breach.
    if text.to_lowercase().contains("breach") {
        notes.add(
            format!("the sentence of `{reason}` says breach"),
            "say what the record shows; a computer finds no breach",
        );
    }
}

/// The sentence of each reason that a test can give.
pub(super) fn of_test<'a>(
    rulebook: &Rulebook,
    test: &Test,
    given: impl Iterator<Item = &'a str>,
    notes: &mut Notes<'_>,
) {
    for (reason, text) in &test.sentences {
        sentence(text, reason, notes);
    }
    for reason in given {
        let own = test.sentences.get(reason);
        let Some(text) =
            own.or_else(|| rulebook.reasons.get(reason).map(|reason| &reason.sentence))
        else {
            notes.add(
                format!("the reason `{reason}` has no sentence"),
                "add it to this test's sentences or to reasons.toml",
            );
            continue;
        };
        fillable(test, reason, text, notes);
    }
    for (reason, text) in &test.sentences {
        fillable(test, reason, text, notes);
    }
    if let Some(text) = test.sentences.get("not_met") {
        owned(text, &test.params, notes);
    }
}

fn fillable(test: &Test, reason: &str, text: &str, notes: &mut Notes<'_>) {
    for hole in holes(text).unwrap_or_default() {
        if !test.params.contains_key(hole) {
            notes.add(
                format!("the sentence of `{reason}` needs the number `{hole}`, which the test does not have"),
                "add it to `params`, or change the sentence",
            );
        }
    }
}

/// A sentence that prints a number says whose it is, unless it is the law's.
fn owned(text: &str, params: &BTreeMap<String, Param>, notes: &mut Notes<'_>) {
    for hole in holes(text).unwrap_or_default() {
        let word = match params.get(hole).map(|param| param.owner) {
            Some(Owner::Ours) => "ours",
            Some(Owner::Guidance) => "guidance",
            Some(Owner::Ombudsman) => "Ombudsman",
            Some(Owner::Dhsc) => "DHSC",
            Some(Owner::Statute) | None => continue,
        };
        if !text.contains(word) {
            notes.add(
                format!("the sentence of `not_met` gives `{hole}` and not whose it is"),
                format!("say so: the Act sets no days, and this number's owner is `{word}`"),
            );
        }
    }
}

/// The names in braces; nothing if the braces do not pair.
fn holes(text: &str) -> Option<Vec<&str>> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        if before.contains('}') {
            return None;
        }
        let (name, after) = after.split_once('}')?;
        if name.is_empty() || name.contains('{') {
            return None;
        }
        found.push(name);
        rest = after;
    }
    (!rest.contains('}')).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::holes;

    #[test]
    fn holes_are_found_and_odd_braces_told() {
        assert_eq!(holes("within {days} of {it}"), Some(vec!["days", "it"]));
        assert_eq!(holes("none"), Some(vec![]));
        assert_eq!(holes("within {days"), None);
        assert_eq!(holes("within days}"), None);
        assert_eq!(holes("within {} days"), None);
        assert_eq!(holes("{a{b}}"), None);
    }
}
