//! To know more may settle what we could not tell. It may never turn `met` into
//! `not_met`, nor `not_met` into `met`, but for a justification that was not
//! shown and now is.

use std::sync::LazyLock;

use candour_law::{Evaluator, FactType, IfUnknown, Rulebook, Symbol, Value, Verdict};
use proptest::prelude::*;

fn choices(rulebook: &Rulebook, fact: &str) -> Vec<Value> {
    let def = &rulebook.facts[fact];
    match def.kind {
        FactType::Bool => vec![Value::Bool(true), Value::Bool(false)],
        FactType::Int => (-1..4).map(Value::Int).collect(),
        FactType::Number => (-1..4).map(|n| Value::Number(n * 100)).collect(),
        FactType::Date => Vec::new(),
        FactType::Text => def
            .values
            .iter()
            .map(|text| Value::Text(Symbol::intern(text)))
            .collect(),
    }
}

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| Rulebook::built_in().unwrap());

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn of_the_built_in_rules(picks in proptest::collection::vec((any::<bool>(), any::<prop::sample::Index>()), 32)) {
        let rulebook = &*RULEBOOK;
        for duty in &rulebook.duties {
            // A case test may name the state of a fact, which is known when the
            // fact is not: there, knowing more may well change the verdict.
            for test in duty.tests.iter().filter(|test| !test.is_case()) {
                let mut evaluator = Evaluator::new(rulebook, duty, test).unwrap();
                let facts = evaluator.facts().to_vec();
                let all: Vec<Vec<Value>> = facts.iter().map(|fact| choices(rulebook, fact)).collect();
                let mut values: Vec<Value> = facts
                    .iter()
                    .zip(&all)
                    .zip(&picks)
                    .map(|((fact, all), (known, pick))| {
                        // Facts that say whether the occasion arises are always known.
                        if *known || matches!(fact.as_str(), "review_seen" | "supported_on_the_day") {
                            *pick.get(all)
                        } else {
                            Value::unknown("not_recorded")
                        }
                    })
                    .collect();
                let Some(before) = evaluator.evaluate(&values).unwrap().cloned() else { continue };
                let shown: Vec<&str> = test
                    .justified
                    .iter()
                    .filter(|clause| clause.if_unknown == IfUnknown::NotShown)
                    .map(|clause| clause.id.as_str())
                    .collect();
                for at in 0..values.len() {
                    if values[at].is_known() {
                        continue;
                    }
                    let kept = values[at];
                    for value in &all[at] {
                        values[at] = *value;
                        let after = evaluator.evaluate(&values).unwrap().unwrap();
                        let changed = (before.verdict, after.verdict);
                        let fine = match before.verdict {
                            // Learning that it was never owed is no flip.
                            Verdict::Met => matches!(after.verdict, Verdict::Met | Verdict::NotOwed),
                            Verdict::NotMet => {
                                after.verdict == Verdict::NotMet
                                    || (after.verdict == Verdict::Met && shown.contains(&after.reason.as_str()))
                            }
                            Verdict::NotOwed => after.verdict == Verdict::NotOwed,
                            Verdict::NotYetDue => after.verdict != Verdict::NotMet && after.verdict != Verdict::CannotTell,
                            Verdict::CannotTell => true,
                        };
                        prop_assert!(fine, "{}/{}: {} is learnt and {changed:?}", duty.id, test.id, facts[at]);
                    }
                    values[at] = kept;
                }
            }
        }
    }
}
