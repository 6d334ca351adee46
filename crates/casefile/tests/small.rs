//! Reading, binding and judging, over a rulebook small enough to see through.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::path::Path;
use std::sync::LazyLock;

use candour_casefile::{Checked, Engine, Seriousness};
use candour_law::Rulebook;

static RULEBOOK: LazyLock<Rulebook> = LazyLock::new(|| {
    Rulebook::from_dir(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rulebook")).unwrap()
});

fn check(text: &str) -> Checked<'static> {
    let mut engine = Engine::new(&RULEBOOK).unwrap();
    let case = engine.read("file.json", text);
    engine.check(case).unwrap()
}

/// A case of these events.
fn case(events: &str) -> Checked<'static> {
    check(&format!(
        r#"{{ "date": "2021-06-01", "person": {{ "kind": "adult" }}, "facts": [{events}] }}"#
    ))
}

/// Each verdict as `test verdict (reason)`.
fn said(checked: &Checked<'_>) -> Vec<String> {
    checked
        .verdicts
        .iter()
        .map(|verdict| {
            format!(
                "{} {} ({})",
                verdict.test.id, verdict.verdict, verdict.reason
            )
        })
        .collect()
}

fn told(checked: &Checked<'_>) -> Vec<String> {
    checked
        .case
        .problems
        .iter()
        .map(|problem| format!("{:?}: {problem}", problem.seriousness))
        .collect()
}

#[test]
fn a_fact_on_the_event_wins_then_the_latest_before_then_those_without_a_date() {
    let own = case(
        r#"{ "date": "2020-01", "event": "assessment", "attributes": { "done": false } },
           { "date": "2020-02", "event": "contact", "attributes": { "asked": true, "done": true } }"#,
    );
    assert_eq!(said(&own), ["done met (met)"]);
    let latest = case(
        r#"{ "date": "2020-01", "event": "assessment", "attributes": { "done": true } },
           { "date": "2019-01", "event": "assessment", "attributes": { "done": false } },
           { "event": "assessment", "attributes": { "done": false } },
           { "date": "2020-02", "event": "contact", "attributes": { "asked": true } }"#,
    );
    assert_eq!(said(&latest), ["done met (met)"]);
    let undated = case(
        r#"{ "event": "assessment", "attributes": { "done": true } },
           { "date": "2020-02", "event": "contact", "attributes": { "asked": true } }"#,
    );
    assert_eq!(said(&undated), ["done met (met)"]);
}

#[test]
fn what_came_later_is_read_only_by_a_rule_that_asks_for_it() {
    let later = case(
        r#"{ "date": "2020-02", "event": "contact", "attributes": { "asked": true } },
           { "date": "2020-05", "event": "assessment", "attributes": { "done": true } }"#,
    );
    assert_eq!(said(&later), ["done met (met)"]);
    let names: Vec<_> = later.verdicts[0]
        .facts
        .iter()
        .map(candour_casefile::Used::full_name)
        .collect();
    assert_eq!(names, ["done_later", "asked"]);
    let after_the_file = case(
        r#"{ "date": "2020-02", "event": "contact", "attributes": { "asked": true } },
           { "date": "2021-07", "event": "assessment", "attributes": { "done": true } }"#,
    );
    assert_eq!(said(&after_the_file), ["done cannot_tell (not_recorded)"]);
    assert_eq!(
        told(&after_the_file),
        [
            "Note: file.json, event 2 (assessment, 2021-07): it is dated after the file, which is of 2021-06-01. It was left out; correct one of the dates."
        ]
    );
}

#[test]
fn undated_events_of_one_kind_are_one() {
    let merged = case(
        r#"{ "event": "contact", "attributes": { "asked": true } },
           { "event": "contact", "attributes": { "done": true } }"#,
    );
    assert_eq!(said(&merged), ["done met (met)"]);
    assert_eq!(merged.verdicts[0].places, [1, 2]);
    let contradicting = case(
        r#"{ "event": "contact", "attributes": { "asked": true, "done": true } },
           { "event": "contact", "attributes": { "done": false } }"#,
    );
    assert_eq!(
        said(&contradicting),
        ["done cannot_tell (conflicting)"].map(|_| "done cannot_tell (disputed)")
    );
    assert_eq!(told(&contradicting).len(), 1);
}

#[test]
fn nothing_alleged_or_found_is_evidence() {
    for basis in ["alleged", "finding"] {
        let checked = case(&format!(
            r#"{{ "event": "contact", "basis": "stated", "attributes": {{ "asked": true }} }},
               {{ "event": "assessment", "basis": "{basis}", "attributes": {{ "done": false }} }}"#
        ));
        assert_eq!(said(&checked), ["done cannot_tell (not_recorded)"]);
        assert_eq!(checked.case.ignored.len(), 1);
    }
}

#[test]
fn states_unbind_a_fact_and_can_be_named() {
    for (word, expected) in [
        ("disputed", "done cannot_tell (disputed)"),
        ("claimed", "done cannot_tell (disputed)"),
        ("late", "done cannot_tell (late)"),
        ("part", "done cannot_tell (partial)"),
        ("irregular", "done cannot_tell (partial)"),
        ("not recorded", "done cannot_tell (not_recorded)"),
    ] {
        let checked = case(&format!(
            r#"{{ "event": "contact", "attributes": {{ "asked": true, "place": "office", "done": "{word}" }} }}"#
        ));
        assert_eq!(said(&checked), [expected], "{word}");
        assert_eq!(told(&checked), Vec::<String>::new(), "{word}");
    }
}

#[test]
fn what_would_settle_it_is_asked_for() {
    let checked = case(r#"{ "event": "contact", "attributes": { "asked": true } }"#);
    let settle = checked.verdicts[0].settle.as_ref().unwrap();
    assert_eq!((settle.fact, settle.question), ("done", "Was it done?"));
}

#[test]
fn support_fell_is_worked_out_and_its_law_has_an_end() {
    for hours in [
        r#""weekly_hours_before": 43.5, "weekly_hours_after": 40"#,
        r#""weekly_hours_after": "lower""#,
        r#""support_reduced": true"#,
    ] {
        let fell = case(&format!(
            r#"{{ "date": "2019-03", "event": "service_change", "attributes": {{ {hours} , "reason": "parity with others" }} }}"#
        ));
        assert_eq!(said(&fell), ["reasoned not_met (not_met)"], "{hours}");
    }
    let rose = case(
        r#"{ "date": "2019-03", "event": "service_change", "attributes": { "weekly_hours_before": 6, "weekly_hours_after": 14 } }"#,
    );
    assert!(rose.verdicts.is_empty());
    let said_on = |date: &str| {
        said(&case(&format!(
            r#"{{ "date": "{date}", "event": "service_change", "attributes": {{ "support_reduced": true, "reason": "none" }} }}"#
        )))
    };
    assert_eq!(
        said_on("2015-03-31"),
        ["reasoned not_owed (before_the_act)"]
    );
    assert_eq!(said_on("2015"), ["reasoned cannot_tell (law_version)"]);
    assert_eq!(said_on("2020-03-31"), ["reasoned not_met (not_met)"]);
    assert_eq!(said_on("2020"), ["reasoned cannot_tell (law_version)"]);
    assert_eq!(said_on("2020-04-01"), ["reasoned not_owed (not_in_force)"]);
    assert_eq!(said_on(""), ["reasoned cannot_tell (law_version)"]);
}

#[test]
fn numbers_have_names_and_shared_clauses_are_read() {
    for (months, expected) in [("3", "met (met)"), ("3.01", "not_met (not_met)")] {
        let checked = case(&format!(
            r#"{{ "event": "assessment", "attributes": {{ "months_request_to_assessment": {months} }} }}"#
        ));
        assert_eq!(said(&checked), [format!("in_time {expected}")]);
    }
    let home = case(r#"{ "event": "contact", "attributes": { "asked": true, "place": "Home" } }"#);
    assert_eq!(said(&home), ["done not_owed (at_home)"]);
    let elsewhere = case(
        r#"{ "event": "contact", "attributes": { "asked": true, "place": "12 High Street" } }"#,
    );
    assert_eq!(said(&elsewhere), ["done cannot_tell (not_recorded)"]);
}

#[test]
fn unknown_names_are_listed_with_the_nearest_known() {
    let checked = case(
        r#"{ "event": "contact", "attributes": { "asked": true, "was_done": true, "wekly_hours_before": 3, "zebra": 1 } }"#,
    );
    assert_eq!(said(&checked), ["done met (met)"]);
    let unknown: Vec<_> = checked
        .case
        .unknown
        .iter()
        .map(|unknown| (unknown.name.as_str(), unknown.nearest.as_deref()))
        .collect();
    assert_eq!(
        unknown,
        [
            ("wekly_hours_before", Some("weekly_hours_before")),
            ("zebra", None)
        ]
    );
}

#[test]
fn clocks_run_from_the_day_of_the_event() {
    let checked =
        case(r#"{ "date": "2020-01-31", "event": "contact", "attributes": { "asked": true } }"#);
    let ends: Vec<_> = checked
        .clocks
        .iter()
        .map(|end| (end.clock.id, end.last.to_string()))
        .collect();
    assert_eq!(
        ends,
        [
            ("judicial_review", "2020-04-30".to_owned()),
            ("complaint", "2021-01-31".to_owned()),
            ("ombudsman", "2021-01-31".to_owned()),
        ]
    );
    let undated = case(r#"{ "event": "contact", "attributes": { "asked": true } }"#);
    assert!(undated.clocks.is_empty());
}

/// Files that cannot be read, or not wholly, and what is said of each. No value
/// is ever repeated.
#[test]
fn bad_input_is_told_by_file_fact_and_date() {
    let secret = "Margaret Secret";
    let event = |attributes: &str| {
        format!(
            r#"{{ "facts": [{{ "date": "2020-05-04", "event": "review", "attributes": {{ {attributes} }} }}] }}"#
        )
    };
    let cases: Vec<(String, Seriousness, &[&str])> = vec![
        ("{ not json".into(), Seriousness::Refused, &["file.json", "not JSON", "line 1"]),
        (String::new(), Seriousness::Refused, &["not JSON"]),
        ("[]".into(), Seriousness::Refused, &["a list, not an object"]),
        ("{}".into(), Seriousness::Refused, &["`facts`", "missing"]),
        (r#"{ "facts": {} }"#.into(), Seriousness::Refused, &["`facts`", "an object, not a list"]),
        (format!(r#"{{ "facts": [], "person": "{secret}" }}"#), Seriousness::Refused, &["`person`"]),
        (format!(r#"{{ "facts": [], "person": {{ "kind": "{secret}" }} }}"#), Seriousness::Refused, &["`person.kind`", "young_person"]),
        (format!(r#"{{ "facts": [{{ "date": "{secret}", "event": "review" }}] }}"#), Seriousness::Refused, &["event 1 (review)", "`date`"]),
        (r#"{ "facts": [{ "date": "2020-02-30", "event": "review" }] }"#.into(), Seriousness::Refused, &["2020-02-30", "no date"]),
        (r#"{ "facts": [{ "date": 2020, "event": "review" }] }"#.into(), Seriousness::Refused, &["a number, not a date"]),
        (r#"{ "facts": [{ "date": "2020" }] }"#.into(), Seriousness::Refused, &["event 1", "`event`", "missing"]),
        (event(r#""done": 3"#), Seriousness::Wrong, &["event 1 (review, 2020-05-04)", "`done`", "a number", "true or false"]),
        (event(r#""done": "yes""#), Seriousness::Wrong, &["`done`", "without quotes"]),
        (event(&format!(r#""done": "{secret}""#)), Seriousness::Note, &["`done`"]),
        (event(r#""done": [true]"#), Seriousness::Wrong, &["`done`", "a list"]),
        (event(&format!(r#""weekly_hours_before": "{secret}""#)), Seriousness::Wrong, &["`weekly_hours_before`", "2020-05-04"]),
        (event(r#""weekly_hours_before": true"#), Seriousness::Wrong, &["`weekly_hours_before`"]),
        (event(r#""visits": 2.5"#), Seriousness::Wrong, &["`visits`", "whole number"]),
        (event(r#""done": true, "done": false"#), Seriousness::Wrong, &["`done`", "twice", "2020-05-04"]),
        (event(r#""support_reduced": true, "weekly_hours_before": 2, "weekly_hours_after": 3"#), Seriousness::Wrong, &["`support_reduced`", "`weekly_hours_after`", "2020-05-04"]),
        (event(r#""plan_date": "2021-02-01", "review_date": "2020-05-04""#), Seriousness::Refused, &["`review_date`", "before the plan", "2020-05-04"]),
        (
            r#"{ "person": { "kind": "adult", "born": "1999-01-31" }, "facts": [{ "date": "1998-05", "event": "care_plan" }] }"#.into(),
            Seriousness::Refused,
            &["`care_plan`", "1998-05", "before the person was born"],
        ),
        (
            r#"{ "facts": [{ "date": "2020-05-04", "event": "review" }, { "date": "2020-06-04", "event": "care_plan" }] }"#.into(),
            Seriousness::Refused,
            &["`review`", "2020-05-04", "2020-06-04", "before the first plan"],
        ),
        (
            r#"{ "facts": [{ "date": "2020-05", "event": "review" }, { "date": "2020-06", "event": "care_plan" }] }"#.into(),
            Seriousness::Note,
            &["`review`", "2020-05", "2020-06"],
        ),
        (
            r#"{ "facts": [{ "date": "2020-05-04", "event": "review", "attributes": { "done": true } }, { "date": "2020-05-04", "event": "review", "attributes": { "done": false } }] }"#.into(),
            Seriousness::Wrong,
            &["`done`", "2020-05-04", "event 1"],
        ),
        (r#"{ "facts": [{ "event": "revue" }] }"#.into(), Seriousness::Note, &["`event`", "perhaps `review`"]),
    ];
    for (text, seriousness, parts) in cases {
        let checked = check(&text);
        let all = told(&checked);
        assert_eq!(all.len(), 1, "{text}: {all:?}");
        assert!(!all[0].contains("Margaret"), "{}", all[0]);
        assert!(!all[0].contains("1999"), "{}", all[0]);
        assert_eq!(
            checked.case.problems[0].seriousness, seriousness,
            "{text}: {}",
            all[0]
        );
        for part in parts {
            assert!(all[0].contains(part), "{text}: {} lacks {part}", all[0]);
        }
        assert_eq!(checked.case.refused(), seriousness == Seriousness::Refused);
    }
}

#[test]
fn the_template_can_be_read_and_asks_each_question_once() {
    let mut engine = Engine::new(&RULEBOOK).unwrap();
    let template = engine.template().unwrap();
    let checked = check(&template);
    assert_eq!(told(&checked), Vec::<String>::new());
    assert!(checked.case.ignored.is_empty());
    let json: serde_json::Value = serde_json::from_str(&template).unwrap();
    let asked: Vec<_> = json["questions"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|duty| duty["ask"].as_object().unwrap().keys())
        .collect();
    // What support fell from is asked for in its place.
    assert!(asked.iter().any(|name| *name == "weekly_hours_before"));
    assert!(!asked.iter().any(|name| *name == "support_fell"));
    let distinct: std::collections::BTreeSet<_> = asked.iter().collect();
    assert_eq!(distinct.len(), asked.len());
}

/// The schema names the kinds that the reader knows.
#[test]
fn the_schema_and_the_reader_agree() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../schemas/casefile.schema.json");
    let schema: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let kinds = schema["$defs"]["event"]["properties"]["event"]["enum"]
        .as_array()
        .unwrap();
    assert_eq!(kinds.len(), 23);
    for kind in kinds {
        let checked = case(&format!(r#"{{ "event": {kind} }}"#));
        assert_eq!(told(&checked), Vec::<String>::new());
    }
    let people = schema["properties"]["person"]["properties"]["kind"]["enum"]
        .as_array()
        .unwrap();
    for kind in people {
        let checked = check(&format!(
            r#"{{ "person": {{ "kind": {kind} }}, "facts": [] }}"#
        ));
        assert_eq!(told(&checked), Vec::<String>::new());
    }
}
