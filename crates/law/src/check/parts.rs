//! The files that duties share: facts, reasons, clauses, numbers of the record.

use std::collections::{BTreeMap, BTreeSet};

use super::{Notes, Problem};
use crate::expr::{Expression, Scope};
use crate::{FactDef, FactType, Rulebook, STATES};

pub(super) fn check(rulebook: &Rulebook, problems: &mut Vec<Problem>) {
    facts(rulebook, problems);
    reasons(rulebook, problems);
    clauses(rulebook, problems);
    for (file, numbers) in [
        ("record.toml", &rulebook.record),
        ("patterns.toml", &rulebook.patterns),
    ] {
        for (id, param) in numbers {
            let mut notes = place(file, problems);
            notes.code("number", id);
            super::wording::number(id, param, &mut notes);
        }
    }
}

fn place<'a>(file: &'a str, problems: &'a mut Vec<Problem>) -> Notes<'a> {
    Notes {
        file,
        duty: None,
        test: None,
        problems,
    }
}

fn facts(rulebook: &Rulebook, problems: &mut Vec<Problem>) {
    let mut notes = place("facts.toml", problems);
    let mut names: BTreeMap<&str, &str> = BTreeMap::new();
    let read_by_record = read_by_record(rulebook);
    for (id, fact) in &rulebook.facts {
        notes.code("fact", id);
        notes.filled(&format!("{id}.question"), &fact.question);
        notes.filled(&format!("{id}.look_for"), &fact.look_for);
        // A text that may say anything is for case files: the record's facts
        // are worked out, and can say only so much.
        if fact.kind == FactType::Text && fact.values.is_empty() && read_by_record.contains(id) {
            notes.add(
                format!("the text fact `{id}` has no `values`"),
                "list everything it can say",
            );
        }
        if fact.kind != FactType::Text && !fact.values.is_empty() {
            notes.add(
                format!("`{id}` is {}, and has `values`", fact.kind),
                "only a text fact lists its values",
            );
        }
        let mut seen: Vec<&String> = Vec::new();
        for value in &fact.values {
            if seen.contains(&value) {
                notes.add(format!("`{id}` lists `{value}` twice"), "keep one of them");
            }
            seen.push(value);
        }
        words(id, fact, &mut notes);
        for source in fact.derived_from.iter().flatten() {
            if !rulebook.facts.contains_key(source) {
                notes.add(
                    format!("`{id}` is worked out from `{source}`, which is not declared"),
                    "declare it, or take it out",
                );
            }
        }
        if fact.derived_from.is_some() != fact.how.is_some() {
            notes.add(
                format!("`{id}` has only one of `derived_from` and `how`"),
                "give both, or neither",
            );
        }
        for name in std::iter::once(id).chain(&fact.aliases) {
            if let Some(other) = names.insert(name, id) {
                notes.add(
                    format!("`{name}` names both `{other}` and `{id}`"),
                    "give each fact names of its own",
                );
            }
        }
    }
}

/// What other words a case file may use for a value or a state.
fn words(id: &str, fact: &FactDef, notes: &mut Notes<'_>) {
    if let Some(value) = &fact.otherwise
        && !fact.values.contains(value)
    {
        notes.add(
            format!("any other text of `{id}` counts as `{value}`, which is none of its values"),
            "name one of its values",
        );
    }
    for (word, means) in &fact.words {
        let value = match fact.kind {
            FactType::Bool => matches!(means.as_str(), "true" | "false"),
            FactType::Text => fact.values.contains(means),
            FactType::Int | FactType::Number | FactType::Date => false,
        };
        if !value && !STATES.contains(&means.as_str()) {
            notes.add(
                format!("the word `{word}` of `{id}` means `{means}`, which is neither a value of it nor a state"),
                format!("use a value of the fact, or one of: {}", STATES.join(", ")),
            );
        }
    }
}

/// The facts that any test of the record reads.
fn read_by_record(rulebook: &Rulebook) -> BTreeSet<String> {
    let scope = Scope::record(&rulebook.facts);
    rulebook
        .duties
        .iter()
        .flat_map(|duty| &duty.tests)
        .filter(|test| !test.is_case())
        .flat_map(crate::Test::expressions)
        .flat_map(|(_, source)| Expression::mentions(source, scope))
        .collect()
}

fn reasons(rulebook: &Rulebook, problems: &mut Vec<Problem>) {
    let mut notes = place("reasons.toml", problems);
    for (id, reason) in &rulebook.reasons {
        // What a council tells us is `local:` and its kind.
        notes.code("reason", id.strip_prefix("local:").unwrap_or(id));
        notes.filled(&format!("{id}.sentence"), &reason.sentence);
        notes.filled(&format!("{id}.plain"), &reason.plain);
        super::wording::sentence(&reason.sentence, id, &mut notes);
    }
    for needed in ["met", "not_met", "not_owed", "not_yet_due", "not_recorded"] {
        if !rulebook.reasons.contains_key(needed) {
            notes.add(
                format!("the reason `{needed}` is missing"),
                "every rulebook needs it",
            );
        }
    }
    for kind in crate::LOCAL_KINDS {
        if !rulebook.reasons.contains_key(&format!("local:{kind}")) {
            notes.add(
                format!("the reason `local:{kind}` is missing"),
                "say what it means when a council tells us this",
            );
        }
    }
}

fn clauses(rulebook: &Rulebook, problems: &mut Vec<Problem>) {
    let mut notes = place("clauses.toml", problems);
    for (id, group) in &rulebook.clauses {
        notes.code("group", id);
        notes.filled(&format!("{id}.why"), &group.why);
        if group.not_owed.is_empty() && group.cannot_tell.is_empty() {
            notes.add(
                format!("the group `{id}` has no clauses"),
                "add one, or take the group out",
            );
        }
        // A group that no test uses would otherwise go unread. One that case
        // tests use is read with them, for it may name what only they have.
        let for_cases = rulebook
            .duties
            .iter()
            .flat_map(|duty| &duty.tests)
            .any(|test| test.is_case() && test.clauses.contains(id));
        if for_cases {
            continue;
        }
        for clause in group.not_owed.iter().chain(&group.cannot_tell) {
            if let Err(faults) = Expression::new(&clause.when, Scope::record(&rulebook.facts)) {
                for fault in faults {
                    notes.add(
                        format!("in `{}` of the group `{id}`, {}", clause.id, fault.what),
                        fault.fix,
                    );
                }
            }
        }
    }
}
