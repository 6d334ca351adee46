//! Worked examples: each gives what it says, and together they reach
//! everything that the test can say.

use std::collections::BTreeSet;

use super::Notes;
use crate::evaluate::Said;
use crate::expr::{Declared, Scope};
use crate::{
    Duty, Evaluator, Example, FactType, Plain, Rulebook, STATES, Symbol, Test, Value, Verdict,
};

/// More combinations than this are not tried out; every clause then counts as
/// one that can be reached.
const MOST_COMBINATIONS: usize = 200_000;
/// A case test reads many more facts, and there are many more of them.
const MOST_OF_A_CASE: usize = 20_000;

type Pair = (Verdict, Symbol);

pub(super) fn check(
    rulebook: &Rulebook,
    duty: &Duty,
    test: &Test,
    notes: &mut Notes<'_>,
    unreached: &mut Vec<String>,
) {
    let mut evaluator = match Evaluator::new(rulebook, duty, test) {
        Ok(evaluator) => evaluator,
        Err(error) => {
            notes.add(error.to_string(), "mend the expression");
            return;
        }
    };
    let mut reached: BTreeSet<Pair> = BTreeSet::new();
    let mut reached_unknown = false;
    let mut names: Vec<&str> = Vec::new();
    for example in &test.examples {
        if names.contains(&example.name.as_str()) {
            notes.add(
                format!("two examples are called “{}”", example.name),
                "give each its own name",
            );
        }
        names.push(&example.name);
        let scope = Scope::of(rulebook, test);
        let Some(values) = bind(rulebook, scope, evaluator.facts(), example, notes) else {
            continue;
        };
        match evaluator.say(&values) {
            Ok(Some(said)) => {
                triggered(&mut evaluator, &values, example, notes);
                compare(example, &said, notes);
                reached.insert((said.verdict, said.reason));
                reached_unknown |= said.by_unknown;
                strength(&mut evaluator, &values, example, notes);
            }
            Ok(None) => notes.add(
                format!("the example “{}” is no occasion of this test", example.name),
                "bind the facts of `arises` so that it is true",
            ),
            Err(error) => notes.add(
                format!(
                    "the example “{}” cannot be worked out: {error}",
                    example.name
                ),
                "bind the facts of `arises`",
            ),
        }
    }

    let wanted = match possible(&mut evaluator, test) {
        Some(possible) => {
            dead(test, &possible, notes);
            possible
        }
        None => written(test),
    };
    for (verdict, reason) in wanted.difference(&reached) {
        unreached.push(format!("{}/{}: {verdict} ({reason})", duty.id, test.id));
        notes.add(
            format!("no example comes out {verdict} ({reason})"),
            "add an [[test.example]] that does",
        );
    }
    if !reached_unknown {
        unreached.push(format!(
            "{}/{}: cannot_tell (a fact is unknown)",
            duty.id, test.id
        ));
        notes.add(
            "no example comes out cannot_tell because a fact is unknown",
            "add an [[test.example]] with the fact under `unknown`",
        );
    }
}

/// The example's values, unless it names a fact or reason wrongly.
fn bind(
    rulebook: &Rulebook,
    scope: Scope<'_>,
    facts: &[String],
    example: &Example,
    notes: &mut Notes<'_>,
) -> Option<Vec<Value>> {
    let mut sound = true;
    let mut wrong = |what: String, fix: &str, notes: &mut Notes<'_>| {
        sound = false;
        notes.add(format!("the example “{}” {what}", example.name), fix);
    };
    for fact in example.facts.keys().chain(example.unknown.keys()) {
        // What is said of a fact says its state as well.
        let read = facts.contains(fact) || facts.contains(&format!("{fact}_state"));
        if !read {
            wrong(
                format!("names the fact `{fact}`, which this test does not read"),
                "take it out, or correct its name",
                notes,
            );
        }
    }
    for (fact, reason) in &example.unknown {
        if example.facts.contains_key(fact) {
            wrong(
                format!("gives `{fact}` both as known and as unknown"),
                "keep one of them",
                notes,
            );
        }
        if !rulebook.reasons.contains_key(reason) {
            wrong(
                format!("gives the reason `{reason}`, which reasons.toml does not have"),
                "use a reason of reasons.toml",
                notes,
            );
        }
    }
    if let Some(reason) = &example.reason
        && !rulebook.reasons.contains_key(reason)
    {
        wrong(
            format!("expects the reason `{reason}`, which reasons.toml does not have"),
            "use a reason of reasons.toml",
            notes,
        );
    }
    let mut values = Vec::with_capacity(facts.len());
    for fact in facts {
        let value = match example.facts.get(fact) {
            None if is_state(rulebook, fact) => implied(fact, example),
            None => Value::Unknown(
                example
                    .unknown
                    .get(fact)
                    .map_or(Symbol::of("not_recorded"), |reason| Symbol::intern(reason)),
            ),
            Some(plain) => match (typed(plain, scope.find(fact)), plain) {
                (Some(value), _) => value,
                (None, plain) => {
                    wrong(
                        format!(
                            "gives `{fact}` the value `{plain}`, which facts.toml does not allow"
                        ),
                        "use a value of the fact's type",
                        notes,
                    );
                    continue;
                }
            },
        };
        values.push(value);
    }
    sound.then_some(values)
}

/// Whether it is the state of a fact rather than a fact.
fn is_state(rulebook: &Rulebook, name: &str) -> bool {
    name.ends_with("_state") && !rulebook.facts.contains_key(name)
}

/// The state of a fact whose example says nothing of the state itself: it
/// follows from what the example says of the fact.
fn implied(state: &str, example: &Example) -> Value {
    let fact = state.strip_suffix("_state").unwrap_or(state);
    if example.facts.contains_key(fact) {
        return Value::text("given");
    }
    let told = example
        .unknown
        .get(fact)
        .and_then(|reason| STATES.iter().find(|state| *state == reason));
    Value::text(told.copied().unwrap_or("absent"))
}

/// An example of a case test is of an event on which the trigger holds, so far
/// as it says anything of what the trigger reads.
fn triggered(
    evaluator: &mut Evaluator,
    values: &[Value],
    example: &Example,
    notes: &mut Notes<'_>,
) {
    if let Ok(Some(false)) = evaluator.triggered_by(values) {
        notes.add(
            format!(
                "the example “{}” is of an event on which `trigger` is false",
                example.name
            ),
            "correct its facts, or the trigger",
        );
    }
}

fn typed(plain: &Plain, fact: Option<Declared>) -> Option<Value> {
    let fact = fact?;
    match (plain, fact.kind) {
        (Plain::Bool(value), FactType::Bool) => Some(Value::Bool(*value)),
        (Plain::Int(value), FactType::Int) => Some(Value::Int(*value)),
        (Plain::Int(value), FactType::Number) => Some(Value::Number(value.checked_mul(100)?)),
        (Plain::Number(value), FactType::Number) => Some(Value::Number(*value)),
        (Plain::Text(text), FactType::Text) => {
            let text = Symbol::intern(text);
            let allowed = fact.values.is_empty() || fact.values.contains(&text);
            allowed.then_some(Value::Text(text))
        }
        _ => None,
    }
}

fn compare(example: &Example, said: &Said, notes: &mut Notes<'_>) {
    let right = example.verdict == said.verdict
        && example
            .reason
            .as_ref()
            .is_none_or(|reason| said.reason == reason.as_str());
    if !right {
        let expected = match &example.reason {
            Some(reason) => format!("{} ({reason})", example.verdict),
            None => example.verdict.to_string(),
        };
        notes.add(
            format!(
                "the example “{}” expects {expected} and comes out {} ({})",
                example.name, said.verdict, said.reason
            ),
            "correct the example or the test, whichever is wrong",
        );
    }
}

fn strength(evaluator: &mut Evaluator, values: &[Value], example: &Example, notes: &mut Notes<'_>) {
    let Some(expected) = example.strength else {
        return;
    };
    if let Ok(Some(outcome)) = evaluator.evaluate(values)
        && outcome.strength != expected
    {
        let given = outcome.strength;
        notes.add(
            format!(
                "the example “{}” expects the strength {expected} and comes out {given}",
                example.name
            ),
            "correct the example or the test, whichever is wrong",
        );
    }
}

/// Everything that the test can say when all its facts are known, by trying.
/// Known facts are enough: a clause that holds while a fact is unknown holds
/// whatever the fact turns out to be.
fn possible(evaluator: &mut Evaluator, test: &Test) -> Option<BTreeSet<Pair>> {
    let most = if test.is_case() {
        MOST_OF_A_CASE
    } else {
        MOST_COMBINATIONS
    };
    let samples = evaluator.samples(test.weaker.len());
    let combinations = samples
        .iter()
        .try_fold(1_usize, |total, one| total.checked_mul(one.len()))
        .filter(|total| *total <= most)?;
    let mut found = BTreeSet::new();
    let mut values = Vec::with_capacity(samples.len());
    for number in 0..combinations {
        let mut rest = number;
        values.clear();
        for one in &samples {
            values.push(*one.get(rest % one.len().max(1))?);
            rest /= one.len().max(1);
        }
        // An event on which the trigger is false is none of this test's.
        if matches!(evaluator.triggered_by(&values), Ok(Some(false))) {
            continue;
        }
        if let Ok(Some(said)) = evaluator.say(&values) {
            found.insert((said.verdict, said.reason));
        }
    }
    Some(found)
}

/// Everything that is written in the test, where trying would take too long.
fn written(test: &Test) -> BTreeSet<Pair> {
    let mut all = BTreeSet::new();
    let mut add = |verdict, reason: &str| {
        all.insert((verdict, Symbol::intern(reason)));
    };
    add(Verdict::NotMet, "not_met");
    if test.met.trim() != "false" {
        add(Verdict::Met, "met");
    }
    if test.owed.is_some() {
        add(Verdict::NotOwed, "not_owed");
    }
    if test.due.is_some() {
        add(Verdict::NotYetDue, "not_yet_due");
    }
    for clause in &test.not_owed {
        add(Verdict::NotOwed, &clause.id);
    }
    for clause in &test.justified {
        add(Verdict::Met, &clause.id);
    }
    for clause in &test.cannot_tell {
        add(Verdict::CannotTell, &clause.id);
    }
    all
}

/// Clauses that no facts whatever can bring about.
fn dead(test: &Test, possible: &BTreeSet<Pair>, notes: &mut Notes<'_>) {
    for (verdict, reason) in written(test).difference(possible) {
        // A test may well be unable to say `not_met`: its clauses send every
        // such occasion elsewhere on purpose.
        if *verdict != Verdict::NotMet {
            notes.add(
                format!("nothing can ever make it {verdict} ({reason})"),
                "take the clause out, or correct what stands before it",
            );
        }
    }
}
