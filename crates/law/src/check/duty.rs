//! One duty file and each of its tests.

use super::{CheckReport, Notes, examples, wording};
use crate::expr::{Expression, Scope, nearest, probe};
use crate::{CASE_EVENT, Duty, LOCAL_KINDS, OCCASION_KINDS, Rulebook, Test};

pub(super) fn check(rulebook: &Rulebook, duty: &Duty, report: &mut CheckReport) {
    let file = format!("duties/{}.toml", duty.id);
    let mut notes = Notes {
        file: &file,
        duty: Some(&duty.id),
        test: None,
        problems: &mut report.problems,
    };
    head(duty, &mut notes);
    untested(rulebook, duty, &mut notes);
    for (at, test) in duty.tests.iter().enumerate() {
        let earlier = duty.tests.get(..at).unwrap_or_default();
        let mut notes = Notes {
            file: &file,
            duty: Some(&duty.id),
            test: Some(&test.id),
            problems: &mut report.problems,
        };
        if earlier.iter().any(|other| other.id == test.id) {
            notes.add("the test is there twice", "give each test its own id");
        }
        shape(test, earlier, &mut notes);
        let sound = expressions(rulebook, test, &mut notes);
        wording::of_test(rulebook, test, given(test), &mut notes);
        // Nothing can be said of examples while an expression cannot be read.
        if sound {
            examples::check(rulebook, duty, test, &mut notes, &mut report.unreached);
        }
    }
}

fn head(duty: &Duty, notes: &mut Notes<'_>) {
    let fine = duty.id.starts_with(|c: char| c.is_ascii_lowercase())
        && duty
            .id
            .chars()
            .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if !fine {
        notes.add(
            format!("the id `{}` is not plain", duty.id),
            "use small letters, digits and hyphens, beginning with the section",
        );
    }
    let mut section = duty.section.chars();
    if section.next() != Some('s') || !section.next().is_some_and(|c| c.is_ascii_digit()) {
        notes.add(
            format!("the section `{}` is not written as `s27(4)`", duty.section),
            "write `s` and the number, with no dot or space",
        );
    }
    for (name, text) in [
        ("title", &duty.title),
        ("plain", &duty.plain),
        ("remedy", &duty.remedy),
        ("since", &duty.since),
    ] {
        notes.filled(name, text);
    }
    if let Some(period) = duty.in_force
        && period.to.is_some_and(|to| to < period.from)
    {
        notes.add(
            "it stops being law before it begins",
            "put `from` before `to` in `in_force`",
        );
    }
    if duty.authorities.is_empty() {
        notes.add(
            "it names no authority",
            "add an [[authority]]: a duty comes from somewhere",
        );
    }
    for authority in &duty.authorities {
        for (name, text) in [
            ("cite", &authority.cite),
            ("says", &authority.says),
            ("source", &authority.source),
        ] {
            notes.filled(&format!("authority.{name}"), text);
        }
    }
    for (heading, key, text) in duty.page.headings() {
        if text.trim().is_empty() {
            notes.add(
                format!("the page says nothing under “{heading}”"),
                format!("write `{key}` under [page]"),
            );
        }
    }
}

/// A duty without a test says why, and what to ask for in its place.
fn untested(rulebook: &Rulebook, duty: &Duty, notes: &mut Notes<'_>) {
    let tested = !duty.tests.is_empty();
    if !tested && duty.population.is_none() && duty.switched_off.is_none() {
        notes.add("it has no test", "add a [[test]]");
    }
    if tested && duty.population.is_some() {
        notes.add(
            "it has tests, though only documents can show it",
            "take out `population`, or the tests",
        );
    }
    if duty.population.is_some() && duty.ask_for.is_empty() {
        notes.add(
            "only documents can show it, and it asks for none",
            "name them in `ask_for`",
        );
    }
    if tested && duty.switched_off.is_some() {
        notes.add(
            "it is switched off and has tests",
            "take out `switched_off`, or the tests",
        );
    }
    for (name, text) in duty
        .ask_for
        .iter()
        .map(|text| ("ask_for", text))
        .chain(duty.switched_off.iter().map(|text| ("switched_off", text)))
        .chain(
            duty.history
                .iter()
                .map(|change| ("history.what", &change.what)),
        )
    {
        notes.filled(name, text);
    }
    for modifier in &duty.modifiers {
        if !rulebook.modifiers.contains_key(modifier) {
            notes.add(
                format!("there is no modifier called `{modifier}`"),
                "use one of modifiers.toml, or add it there",
            );
        }
    }
}

fn shape(test: &Test, earlier: &[Test], notes: &mut Notes<'_>) {
    notes.code("test", &test.id);
    notes.filled("title", &test.title);
    if test.occasion.is_empty() {
        notes.add("it picks no kind of occasion", "name one in `occasion`");
    }
    if test.is_case() {
        case(test, notes);
    } else {
        if test.trigger.is_some() {
            notes.add(
                "it has a `trigger`, which only case tests have",
                format!("take it out, or make `{CASE_EVENT}` its occasion"),
            );
        }
        for kind in &test.occasion {
            known("kind of occasion", kind, OCCASION_KINDS, notes);
        }
    }
    for kind in &test.local {
        known("kind of local fact", kind, LOCAL_KINDS, notes);
    }
    for (id, param) in &test.params {
        notes.code("number", id);
        wording::number(id, param, notes);
    }
    for other in &test.among {
        if !earlier.iter().any(|test| test.id == *other) {
            notes.add(
                format!("`among` names `{other}`, which is no earlier test of this duty"),
                "name a test that stands above this one",
            );
        }
    }
    if !test.among.is_empty() {
        for kind in &test.occasion {
            let covered = earlier
                .iter()
                .filter(|other| test.among.contains(&other.id))
                .any(|other| other.occasion.contains(kind));
            if !covered {
                notes.add(
                    format!("no test in `among` is put to `{kind}`"),
                    "take that kind out of `occasion`, or add its test to `among`",
                );
            }
        }
    }
    for list in [
        test.not_owed
            .iter()
            .map(|clause| clause.id.as_str())
            .collect::<Vec<_>>(),
        test.justified
            .iter()
            .map(|clause| clause.id.as_str())
            .collect(),
        test.weaker
            .iter()
            .map(|clause| clause.id.as_str())
            .collect(),
        test.cannot_tell
            .iter()
            .map(|clause| clause.id.as_str())
            .collect(),
    ] {
        for id in list {
            notes.code("reason", id);
        }
    }
    let conflicting = test
        .justified
        .iter()
        .map(|clause| clause.id.as_str())
        .find(|id| matches!(*id, "met" | "not_met" | "not_owed" | "not_yet_due"));
    if let Some(id) = conflicting {
        notes.add(
            format!("a justification is called `{id}`, which already means something"),
            "give it a name of its own",
        );
    }
}

/// What holds of tests put to case files.
fn case(test: &Test, notes: &mut Notes<'_>) {
    if test.occasion.len() > 1 {
        notes.add(
            format!("it is put to `{CASE_EVENT}` and to occasions of the record"),
            "make two tests of it",
        );
    }
    if test.trigger.is_none() {
        notes.add(
            "it has no `trigger`",
            "say on which events the duty falls due",
        );
    }
    if !test.local.is_empty() {
        notes.add(
            "it has `local`, which only tests of the record have",
            "take it out",
        );
    }
}

fn known(kind: &str, name: &str, all: &[&str], notes: &mut Notes<'_>) {
    if all.contains(&name) {
        return;
    }
    let all: Vec<String> = all.iter().map(|&one| one.to_owned()).collect();
    let fix = match nearest(name, all.iter()) {
        Some(near) => format!("perhaps `{near}` was meant"),
        None => format!("use one of: {}", all.join(", ")),
    };
    notes.add(format!("`{name}` is no {kind} that Candour knows"), fix);
}

/// Whether every expression of the test can be read.
fn expressions(rulebook: &Rulebook, test: &Test, notes: &mut Notes<'_>) -> bool {
    let mut sound = true;
    let scope = Scope::of(rulebook, test);
    for id in test.params.keys() {
        if test.is_case() && scope.find(id).is_some() {
            notes.add(
                format!("the number `{id}` has the name of a fact"),
                "give it a name of its own",
            );
        }
    }
    for (key, source) in test.expressions() {
        let faults = match Expression::new(source, scope) {
            Ok(expression) => probe(&expression, scope),
            Err(faults) => faults,
        };
        for fault in faults {
            sound = false;
            notes.add(format!("in `{key}`, {}", fault.what), fault.fix);
        }
    }
    sound
}

/// Every reason that the test's own clauses can give.
fn given(test: &Test) -> impl Iterator<Item = &str> {
    ["met", "not_met"]
        .into_iter()
        .chain(test.owed.as_ref().map(|_| "not_owed"))
        .chain(test.due.as_ref().map(|_| "not_yet_due"))
        .chain(test.not_owed.iter().map(|clause| clause.id.as_str()))
        .chain(test.justified.iter().map(|clause| clause.id.as_str()))
        .chain(test.cannot_tell.iter().map(|clause| clause.id.as_str()))
}
