//! Kleene's three-valued logic, as CEL gives it: an unknown fact is not bound.

use candour_law::{RulebookError, Value, Verdict};
use proptest::prelude::*;

use crate::small;

type Tri = Option<bool>;
const ALL: [Tri; 3] = [Some(true), Some(false), None];

/// An expression's answer, read from what a test with it says.
fn answer(expression: &str, bound: &[(&str, Value)]) -> Tri {
    let mut evaluator = small::evaluator(&format!("met = '{expression}'")).unwrap();
    match small::ask(&mut evaluator, bound).unwrap().verdict {
        Verdict::Met => Some(true),
        Verdict::NotMet => Some(false),
        Verdict::CannotTell => None,
        other => panic!("{expression}: {other}"),
    }
}

fn bools<'a>(facts: &[(&'a str, Tri)]) -> Vec<(&'a str, Value)> {
    facts
        .iter()
        .filter_map(|(name, value)| value.map(|value| (*name, Value::Bool(value))))
        .collect()
}

fn and(a: Tri, b: Tri) -> Tri {
    match (a, b) {
        (Some(false), _) | (_, Some(false)) => Some(false),
        (Some(true), Some(true)) => Some(true),
        _ => None,
    }
}

fn or(a: Tri, b: Tri) -> Tri {
    match (a, b) {
        (Some(true), _) | (_, Some(true)) => Some(true),
        (Some(false), Some(false)) => Some(false),
        _ => None,
    }
}

#[test]
fn truth_tables_of_and_or_and_not() {
    for a in ALL {
        assert_eq!(answer("!a", &bools(&[("a", a)])), a.map(|a| !a), "!{a:?}");
        assert_eq!(answer("a", &bools(&[("a", a)])), a);
        for b in ALL {
            let bound = bools(&[("a", a), ("b", b)]);
            assert_eq!(answer("a && b", &bound), and(a, b), "{a:?} && {b:?}");
            assert_eq!(answer("a || b", &bound), or(a, b), "{a:?} || {b:?}");
        }
    }
}

#[test]
fn comparisons_with_an_unknown_are_unknown() {
    for expression in [
        "n == 3",
        "n != 3",
        "n < 3",
        "n <= 3",
        "n > 3",
        "n >= 3",
        "3 < n",
        "t == \"red\"",
        "t != \"red\"",
        "a == b",
    ] {
        assert_eq!(answer(expression, &[]), None, "{expression}");
    }
    // One side known settles nothing either.
    assert_eq!(answer("a == b", &[("a", Value::Bool(true))]), None);
    assert_eq!(answer("a == b", &[("b", Value::Bool(true))]), None);
}

#[test]
fn comparisons_of_what_is_known() {
    let n = |number| [("n", Value::Int(number))];
    assert_eq!(answer("n < 3", &n(2)), Some(true));
    assert_eq!(answer("n < 3", &n(3)), Some(false));
    assert_eq!(answer("n <= 3", &n(3)), Some(true));
    assert_eq!(answer("n >= -3", &n(-3)), Some(true));
    assert_eq!(answer("n > -3", &n(-3)), Some(false));
    assert_eq!(
        answer("t == \"red\"", &[("t", Value::text("red"))]),
        Some(true)
    );
    assert_eq!(
        answer("t != \"red\"", &[("t", Value::text("blue"))]),
        Some(true)
    );
}

#[test]
fn one_side_decides_whatever_the_other_hides() {
    let known = [("a", Value::Bool(false)), ("b", Value::Bool(true))];
    assert_eq!(answer("a && n > 3", &known), Some(false));
    assert_eq!(answer("n > 3 && a", &known), Some(false));
    assert_eq!(answer("b || t == \"red\"", &known), Some(true));
    assert_eq!(answer("t == \"red\" || b", &known), Some(true));
    assert_eq!(answer("(c && d && a) || (e || f || b)", &known), Some(true));
}

/// A made-up expression and what it should come to.
#[derive(Clone, Debug)]
enum Tree {
    Fact(usize),
    Number(i64),
    Text(usize),
    Literal(bool),
    Not(Box<Tree>),
    And(Box<Tree>, Box<Tree>),
    Or(Box<Tree>, Box<Tree>),
}

const FACTS: [&str; 4] = ["a", "b", "c", "d"];
const TEXTS: [&str; 3] = ["red", "green", "blue"];

impl Tree {
    fn write(&self) -> String {
        match self {
            Self::Fact(at) => FACTS[*at].to_owned(),
            Self::Number(number) => format!("n >= {number}"),
            Self::Text(at) => format!("t == \"{}\"", TEXTS[*at]),
            Self::Literal(value) => value.to_string(),
            Self::Not(one) => format!("!({})", one.write()),
            Self::And(a, b) => format!("({}) && ({})", a.write(), b.write()),
            Self::Or(a, b) => format!("({}) || ({})", a.write(), b.write()),
        }
    }

    fn expected(&self, facts: &[Tri; 4], n: Option<i64>, t: Option<usize>) -> Tri {
        match self {
            Self::Fact(at) => facts[*at],
            Self::Number(number) => n.map(|n| n >= *number),
            Self::Text(at) => t.map(|t| t == *at),
            Self::Literal(value) => Some(*value),
            Self::Not(one) => one.expected(facts, n, t).map(|answer| !answer),
            Self::And(a, b) => and(a.expected(facts, n, t), b.expected(facts, n, t)),
            Self::Or(a, b) => or(a.expected(facts, n, t), b.expected(facts, n, t)),
        }
    }
}

fn trees() -> impl Strategy<Value = Tree> {
    let leaf = prop_oneof![
        4 => (0..4_usize).prop_map(Tree::Fact),
        1 => (-2..3_i64).prop_map(Tree::Number),
        1 => (0..3_usize).prop_map(Tree::Text),
        1 => any::<bool>().prop_map(Tree::Literal),
    ];
    leaf.prop_recursive(5, 40, 2, |inner| {
        prop_oneof![
            inner.clone().prop_map(|one| Tree::Not(Box::new(one))),
            (inner.clone(), inner.clone()).prop_map(|(a, b)| Tree::And(Box::new(a), Box::new(b))),
            (inner.clone(), inner).prop_map(|(a, b)| Tree::Or(Box::new(a), Box::new(b))),
        ]
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_expression_is_kleenes(
        tree in trees(),
        facts in proptest::array::uniform4(proptest::option::of(any::<bool>())),
        n in proptest::option::of(-3..4_i64),
        t in proptest::option::of(0..3_usize),
    ) {
        let mut bound = bools(&[("a", facts[0]), ("b", facts[1]), ("c", facts[2]), ("d", facts[3])]);
        bound.extend(n.map(|n| ("n", Value::Int(n))));
        bound.extend(t.map(|t| ("t", Value::text(TEXTS[t]))));
        prop_assert_eq!(answer(&tree.write(), &bound), tree.expected(&facts, n, t), "{}", tree.write());
    }

    /// Whatever is typed into a rule file, reading it ends in an answer or an
    /// error, never in a crash.
    #[test]
    fn reading_never_crashes(text in "[ab&|!=<>()\"'1.?:, \\[\\]{}+-]{0,24}") {
        let body = format!("met = {text:?}");
        let rulebook = small::rulebook();
        if let Ok(test) = toml::from_str::<candour_law::Test>(&format!(
            "id = \"t\"\ntitle = \"t\"\noccasion = \"fall\"\nforce = \"statute\"\nstrength = \"lead\"\n{body}"
        )) {
            let _ = candour_law::Evaluator::new(rulebook, small::duty(rulebook), &test);
        }
    }
}

#[test]
fn a_value_of_the_wrong_type_stops_the_run() {
    // CEL would read `"red" && b` as unknown, and `s == "x"` over a number as false.
    let wrong = [
        ("met = 'a'", Value::text("red")),
        ("met = 't == \"red\"'", Value::Int(1)),
        ("met = 't == \"red\"'", Value::text("purple")),
        ("met = 'n > 1'", Value::Bool(true)),
    ];
    for (body, value) in wrong {
        let mut evaluator = small::evaluator(body).unwrap();
        let error = evaluator.evaluate(&[value]).unwrap_err();
        assert!(
            matches!(error, RulebookError::Internal { .. }),
            "{body}: {error}"
        );
    }
    let mut evaluator = small::evaluator("met = 'a'").unwrap();
    assert!(evaluator.evaluate(&[]).is_err(), "too few values");
}

#[test]
fn an_unchecked_rule_is_refused_before_it_is_used() {
    for body in [
        "met = 'done'",
        "met = 'size(t) > 1'",
        "met = 'a ? b : c'",
        "met = 't'",
        "met = 'a == true'",
    ] {
        assert!(
            matches!(
                small::evaluator(body),
                Err(RulebookError::Expression { .. })
            ),
            "{body}"
        );
    }
}
