//! The order in which a test is read, against the same order written out plainly.

use candour_law::{Evaluator, RulebookError, Strength, Symbol, Value, Verdict};

use crate::small;

const EVERY_KIND: &str = r#"
arises = "i"
not_owed = [{ id = "under_18", when = "a" }, { id = "died", when = "b" }]
owed = "c"
met = "d"
justified = [
  { id = "shown", when = "e", if_unknown = "not_shown" },
  { id = "asked", when = "f", if_unknown = "cannot_tell" },
]
due = "g"
cannot_tell = [{ id = "unclear", when = "h" }]
weaker = [{ id = "weak", when = "j", strength = "lead" }]
"#;

/// The order, from the design: written with no thought of speed.
fn expected(v: impl Fn(&str) -> Option<bool>) -> (Verdict, String) {
    let said = |verdict, reason: &str| (verdict, reason.to_owned());
    if v("a") == Some(true) {
        return said(Verdict::NotOwed, "under_18");
    }
    if v("b") == Some(true) {
        return said(Verdict::NotOwed, "died");
    }
    if v("c") == Some(false) {
        return said(Verdict::NotOwed, "not_owed");
    }
    if v("d") == Some(true) {
        return said(Verdict::Met, "met");
    }
    if v("e") == Some(true) {
        return said(Verdict::Met, "shown");
    }
    if v("f") == Some(true) {
        return said(Verdict::Met, "asked");
    }
    if v("g") == Some(false) {
        return said(Verdict::NotYetDue, "not_yet_due");
    }
    if v("h") == Some(true) {
        return said(Verdict::CannotTell, "unclear");
    }
    for fact in ["a", "b", "c", "d", "h", "g", "f"] {
        if v(fact).is_none() {
            return said(Verdict::CannotTell, &format!("no_{fact}"));
        }
    }
    said(Verdict::NotMet, "not_met")
}

#[test]
fn every_combination_is_read_in_order() {
    let mut evaluator = small::evaluator(EVERY_KIND).unwrap();
    assert_eq!(
        evaluator.facts(),
        ["i", "a", "b", "c", "d", "e", "f", "g", "h", "j"]
    );
    let facts = evaluator.facts().to_vec();
    let choices = [Some(true), Some(false), None];
    for number in 0..3_usize.pow(9) {
        let mut rest = number;
        let mut values = vec![Value::Bool(true)];
        for fact in facts.iter().skip(1) {
            values.push(match choices[rest % 3] {
                Some(value) => Value::Bool(value),
                None => Value::Unknown(Symbol::intern(&format!("no_{fact}"))),
            });
            rest /= 3;
        }
        let of = |name: &str| match values[facts.iter().position(|fact| fact == name).unwrap()] {
            Value::Bool(value) => Some(value),
            _ => None,
        };
        let (verdict, reason) = expected(of);
        let outcome = evaluator.evaluate(&values).unwrap().unwrap();
        assert_eq!(
            (outcome.verdict, outcome.reason.as_str()),
            (verdict, reason.as_str()),
            "{values:?}"
        );
        // Silence is not weakness.
        let weak = of("j") == Some(true);
        assert_eq!(
            outcome.strength,
            if weak {
                Strength::Lead
            } else {
                Strength::Strong
            }
        );
    }
    assert_eq!(evaluator.distinct(), 3_usize.pow(9));
}

#[test]
fn an_occasion_that_does_not_arise_is_none() {
    let mut evaluator = small::evaluator("arises = 'a'\nmet = 'b'").unwrap();
    assert!(small::ask(&mut evaluator, &[("a", Value::Bool(false))]).is_none());
    assert!(
        small::ask(
            &mut evaluator,
            &[("a", Value::Bool(true)), ("b", Value::Bool(true))]
        )
        .is_some()
    );
    let error = evaluator
        .evaluate(&[Value::unknown("outside_coverage"), Value::Bool(true)])
        .unwrap_err();
    assert!(
        matches!(&error, RulebookError::ArisesUnknown { reason, .. } if reason == "outside_coverage"),
        "{error}"
    );
}

fn reason(body: &str, bound: &[(&str, Value)]) -> &'static str {
    small::ask(&mut small::evaluator(body).unwrap(), bound)
        .unwrap()
        .reason
        .as_str()
}

#[test]
fn the_reason_is_that_of_the_first_unknown_that_matters() {
    let yes = Value::Bool(true);
    // Either could settle it: the first.
    assert_eq!(reason("met = 'a && b'", &[]), "no_a");
    assert_eq!(reason("met = 'b || a'", &[]), "no_b");
    // `b` is mentioned first, and nothing hangs on it.
    assert_eq!(reason("met = '(b || c) && a'", &[("c", yes)]), "no_a");
    // Neither alone settles it: the first mentioned.
    assert_eq!(reason("met = '(a && b) || (!a && !b)'", &[]), "no_a");
    // A text settles it with one of its values.
    assert_eq!(reason("met = 't == \"red\" && a'", &[]), "no_t");
    // What is known is never the reason.
    assert_eq!(reason("met = 'a && b'", &[("a", yes)]), "no_b");
}

fn used(body: &str, bound: &[(&str, Value)]) -> Vec<String> {
    let mut evaluator = small::evaluator(body).unwrap();
    let outcome = small::ask(&mut evaluator, bound).unwrap();
    let facts = evaluator.facts().to_vec();
    outcome.used.iter().map(|at| facts[*at].clone()).collect()
}

#[test]
fn used_facts_are_those_whose_unbinding_changes_something() {
    let (yes, no) = (Value::Bool(true), Value::Bool(false));
    assert_eq!(
        used("met = 'a && b'", &[("a", yes), ("b", yes)]),
        ["a", "b"]
    );
    assert_eq!(used("met = 'a && b'", &[("a", no), ("b", yes)]), ["a"]);
    // Either alone would do: neither is needed.
    assert_eq!(
        used("met = 'a || b'", &[("a", yes), ("b", yes)]),
        Vec::<String>::new()
    );
    // The unknown one whose reason is given is what decided.
    assert_eq!(used("met = 'a && b'", &[("a", yes)]), ["a", "b"]);
    // The clause that makes it weaker is part of the answer.
    let weaker = "met = 'a'\nweaker = [{ id = 'w', when = 'b', strength = 'lead' }]";
    assert_eq!(used(weaker, &[("a", no), ("b", yes)]), ["a", "b"]);
    assert_eq!(used(weaker, &[("a", no), ("b", no)]), ["a"]);
}

#[test]
fn sentences_have_the_tests_own_numbers() {
    let body = "met = 'a'\nparams = { days = { value = 42, owner = 'ours', why = 'x' } }\nsentences = { met = 'Within {days} days.' }";
    let mut evaluator = small::evaluator(body).unwrap();
    assert_eq!(
        small::ask(&mut evaluator, &[("a", Value::Bool(true))])
            .unwrap()
            .because,
        "Within 42 days."
    );
    // No sentence of its own: the reason's.
    let rulebook = small::rulebook();
    assert_eq!(
        small::ask(&mut evaluator, &[("a", Value::Bool(false))])
            .unwrap()
            .because,
        rulebook.reasons["not_met"].sentence
    );
    // A reason nobody has described speaks for itself.
    assert_eq!(small::ask(&mut evaluator, &[]).unwrap().because, "no_a");
}

#[test]
fn each_distinct_combination_is_worked_out_once_and_clones_agree() {
    fn can_cross_threads<T: Clone + Send + 'static>(_: &T) {}
    let mut evaluator: Evaluator = small::evaluator("met = 'a && b'").unwrap();
    can_cross_threads(&evaluator);
    for _ in 0..100 {
        for value in [true, false] {
            evaluator
                .evaluate(&[Value::Bool(value), Value::Bool(true)])
                .unwrap();
        }
    }
    assert_eq!(evaluator.distinct(), 2);
    let mut other = evaluator.clone();
    let values = [Value::Bool(true), Value::unknown("not_recorded")];
    assert_eq!(
        evaluator.evaluate(&values).unwrap(),
        other.evaluate(&values).unwrap()
    );
}
