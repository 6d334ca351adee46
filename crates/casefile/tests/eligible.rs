//! Eligibility as a decision table (SI 2015/313 reg 2): what is recorded outcome by outcome, and
//! whether the decision follows from it. Whether an effect is significant is never decided here.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use candour_casefile::Engine;
use candour_law::{Rulebook, Verdict};
use serde_json::json;

const OUTCOMES: [&str; 10] = [
    "nutrition",
    "hygiene",
    "toilet",
    "clothing",
    "home_safety",
    "habitable_home",
    "relationships",
    "work_and_learning",
    "community",
    "caring_for_child",
];

/// The verdicts on s13-criteria-applied, by test, for one decision.
fn verdicts(first: &[&str], eligible: bool) -> Vec<(String, Verdict)> {
    let mut attributes = json!({
        "eligible": eligible,
        "needs_from_impairment": true,
        "significant_impact_recorded": true,
    });
    for (i, outcome) in OUTCOMES.iter().enumerate() {
        let recorded = first.get(i).copied().unwrap_or("achieved");
        attributes
            .as_object_mut()
            .unwrap()
            .insert(format!("outcome_{outcome}"), recorded.into());
    }
    let case = json!({
        "person": {"kind": "adult"},
        "facts": [{"date": "2024-05-01", "event": "eligibility_decision", "attributes": attributes}],
    });
    let rulebook = Rulebook::built_in().unwrap();
    let mut engine = Engine::new(&rulebook).unwrap();
    let case = engine.read("made up", &case.to_string());
    assert!(case.problems.is_empty(), "{:?}", case.problems);
    let checked = engine.check(case).unwrap();
    checked
        .verdicts
        .iter()
        .filter(|v| v.duty.id == "s13-criteria-applied")
        .map(|v| (v.test.id.clone(), v.verdict))
        .collect()
}

fn of(verdicts: &[(String, Verdict)], test: &str) -> Option<Verdict> {
    verdicts.iter().find(|(id, _)| id == test).map(|(_, v)| *v)
}

const FOLLOWS: &str = "case_follows_adult";
const ASKED: &str = "case_every_outcome";

#[test]
fn two_outcomes_not_achieved_and_found_eligible_follows() {
    let verdicts = verdicts(&["not_without_help", "danger"], true);
    assert_eq!(of(&verdicts, FOLLOWS), Some(Verdict::Met), "{verdicts:?}");
    assert_eq!(of(&verdicts, ASKED), Some(Verdict::Met), "{verdicts:?}");
}

#[test]
fn two_outcomes_not_achieved_and_found_not_eligible_does_not_follow() {
    let verdicts = verdicts(&["pain_or_distress", "takes_longer"], false);
    assert_eq!(
        of(&verdicts, FOLLOWS),
        Some(Verdict::NotMet),
        "{verdicts:?}"
    );
}

#[test]
fn one_outcome_is_not_enough() {
    let verdicts = verdicts(&["not_without_help"], false);
    assert_eq!(of(&verdicts, FOLLOWS), Some(Verdict::Met), "{verdicts:?}");
}

#[test]
fn an_outcome_left_out_leaves_the_count_open_and_was_not_lawfully_asked() {
    let verdicts = verdicts(&["not_without_help", "not_asked"], false);
    assert_eq!(
        of(&verdicts, FOLLOWS),
        Some(Verdict::CannotTell),
        "{verdicts:?}"
    );
    assert_eq!(of(&verdicts, ASKED), Some(Verdict::NotMet), "{verdicts:?}");
}

#[test]
fn asking_only_about_help_is_not_asking() {
    let verdicts = verdicts(&["help_only_asked"], false);
    assert_eq!(of(&verdicts, ASKED), Some(Verdict::NotMet), "{verdicts:?}");
}
