//! Occasions and facts on the edges of coverage, of as-of and of what is known.

use candour_record::Plan;

use crate::facts;
use crate::made::*;

const TO_ASSESSMENT: &str = "Progress to assessment, review or reassessment";

fn days(found: &[(String, Vec<String>)]) -> Vec<&str> {
    found.iter().map(|(day, _)| day.as_str()).collect()
}

#[test]
fn within_42_days_counts_day_42_in() {
    // "Within D days of X counts day X + D in." 1 June and 42 days is 13 July.
    for (ended, expected) in [("2024-07-13", "true"), ("2024-07-14", "false")] {
        let joined = two_years(vec![
            request("P1", "2024-06-01", "2024-06-02", TO_ASSESSMENT),
            assessment("P1", "2024-06-01", ended, ""),
        ]);
        let found = facts(
            &joined,
            "P1",
            "request_for_assessment",
            &["assessed_in_time"],
            &[("days", 42)],
        );
        assert_eq!(
            found,
            [("2024-06-01".to_owned(), vec![expected.to_owned()])]
        );
    }
}

#[test]
fn an_assessment_that_follows_starts_on_or_after_the_request() {
    // "'That follows' means starting on or after the occasion's start."
    for (started, expected) in [("2024-06-01", "true"), ("2024-05-31", "false")] {
        let joined = two_years(vec![
            request("P1", "2024-06-01", "2024-06-02", TO_ASSESSMENT),
            assessment("P1", started, "2024-06-10", ""),
        ]);
        let found = facts(
            &joined,
            "P1",
            "request_for_assessment",
            &["assessed_in_time"],
            &[("days", 42)],
        );
        assert_eq!(found[0].1, [expected]);
    }
}

#[test]
fn absence_is_evidence_inside_coverage_only() {
    // "Inside coverage on an interval: the whole interval lies in the coverage of the event type. Absence
    // inside coverage is evidence; absence outside it is cannot_tell; presence is always evidence."
    let rows = vec![
        request("P1", "2025-02-17", "2025-02-17", TO_ASSESSMENT), // 42 days on: 31 March 2025, the last day
        request("P2", "2025-02-18", "2025-02-18", TO_ASSESSMENT),
        request("P3", "2023-03-31", "2023-04-02", TO_ASSESSMENT), // the day before coverage
        request("P4", "2023-03-31", "2023-04-02", TO_ASSESSMENT),
        assessment("P4", "2023-03-31", "2023-04-03", ""),
    ];
    let joined = two_years(rows);
    let value = |who: &str| {
        let found = facts(
            &joined,
            who,
            "request_for_assessment",
            &["assessed_in_time", "time_has_run"],
            &[("days", 42), ("wait_days", 0)],
        );
        found[0].1.join(" ")
    };
    assert_eq!(value("P1"), "false true");
    // "Not yet due: the last day for being met is after as-of."
    assert_eq!(value("P2"), "unknown (outside_coverage) false");
    assert_eq!(value("P3"), "unknown (outside_coverage) true");
    assert_eq!(value("P4"), "true true");
}

#[test]
fn requests_count_by_whether_their_person_is_in_a_spell() {
    let joined = two_years(vec![
        service("P1", "2024-01-01", "2024-05-31"),
        request("P1", "2024-05-31", "2024-06-02", TO_ASSESSMENT),
        request("P1", "2024-06-01", "2024-06-02", TO_ASSESSMENT),
        request("P1", "2024-06-05", "2024-06-06", "NFA: Other"),
    ]);
    assert_eq!(
        days(&facts(&joined, "P1", "request_in_spell", &[], &[])),
        ["2024-05-31"]
    );
    assert_eq!(
        days(&facts(&joined, "P1", "request_for_assessment", &[], &[])),
        ["2024-06-01"]
    );
}

#[test]
fn a_spell_has_its_occasion_when_it_has_run_its_length_or_still_runs() {
    // "long-term spell that began inside service coverage and ran to at least 56 days after its start";
    // "A spell or payment that has not yet run the length its test asks for, and is still running, is not yet
    // due until it has." 1 May and 56 days is 26 June.
    let joined = two_years(vec![
        service("P1", "2024-05-01", "2024-06-25"),
        service("P2", "2024-05-01", "2024-06-26"),
        service("P3", "2025-03-01", ""),
        service("P4", "2023-03-31", ""),
        service("P5", "2023-04-01", ""),
    ]);
    let found = |who: &str| {
        facts(
            &joined,
            who,
            "spell_start",
            &["time_has_run", "reviewed_or_assessed_after_start"],
            &[("days", 56), ("wait_days", 0)],
        )
        .into_iter()
        .map(|(_, values)| values.join(" "))
        .collect::<Vec<_>>()
    };
    assert!(found("P1").is_empty());
    assert_eq!(found("P2"), ["true false"]);
    assert_eq!(found("P3"), ["false unknown (outside_coverage)"]);
    assert!(found("P4").is_empty());
    assert_eq!(found("P5"), ["true false"]);
}

#[test]
fn a_review_on_the_first_day_is_not_after_the_start() {
    // "a review or needs assessment ended within 56 days of its start, after its start"
    for (ended, expected) in [
        ("2024-05-01", "false"),
        ("2024-05-02", "true"),
        ("2024-06-26", "true"),
        ("2024-06-27", "false"),
    ] {
        let joined = two_years(vec![
            service("P1", "2024-05-01", ""),
            review("P1", "2024-04-20", ended),
        ]);
        let found = facts(
            &joined,
            "P1",
            "spell_start",
            &["reviewed_or_assessed_after_start"],
            &[("days", 56)],
        );
        assert_eq!(found[0].1, [expected], "{ended}");
    }
    // "Review: Review of a service user that is not a review of short-term support."
    let joined = two_years(vec![
        service("P1", "2024-05-01", ""),
        review("P1", "2024-05-02", "2024-05-10")
            .with("Review Reason", "Review of short term support"),
        // "Needs assessment: Assessment of a service user, type long term."
        assessment("P1", "2024-05-02", "2024-05-11", "")
            .with("Assessment Type", "Short term assessment"),
        assessment("P1", "2024-05-02", "2024-05-12", "").with("Client Type", "Unpaid carer"),
        assessment("P1", "2024-05-02", "2024-05-13", "").with("Assessment Type", "NULL"),
    ]);
    let found = facts(
        &joined,
        "P1",
        "spell_start",
        &["reviewed_or_assessed_after_start"],
        &[("days", 56)],
    );
    assert_eq!(found[0].1, ["false"]);
}

#[test]
fn the_12_months_to_as_of_leave_out_the_same_day_a_year_before() {
    // "'the 12 months to X' is (same day a year before, X]": as-of is 31 March 2025.
    for (ended, expected) in [
        ("2024-03-31", "false"),
        ("2024-04-01", "true"),
        ("2025-03-31", "true"),
    ] {
        let joined = two_years(vec![
            service("P1", "2023-05-01", ""),
            review("P1", "2024-03-01", ended),
        ]);
        let found = facts(
            &joined,
            "P1",
            "spell_at_as_of",
            &["reviewed_or_assessed_recently"],
            &[("months", 12), ("spell_months", 12)],
        );
        assert_eq!(
            found,
            [("2025-03-31".to_owned(), vec![expected.to_owned()])]
        );
    }
    // "that began more than 12 months before": on the same day a year before is not more.
    for (started, occasions) in [("2024-03-30", 1), ("2024-03-31", 0)] {
        let joined = two_years(vec![service("P1", started, "")]);
        let found = facts(
            &joined,
            "P1",
            "spell_at_as_of",
            &[],
            &[("spell_months", 12)],
        );
        assert_eq!(found.len(), occasions, "{started}");
    }
}

#[test]
fn six_months_of_a_payment_end_on_the_same_day_or_the_months_last() {
    // "ran to the same day six calendar months on"; "a calendar month on ends on the same day number or the
    // month's last": 31 August and six months is 28 February 2025 (no leap year).
    let run = |end: &str| {
        let joined = two_years(vec![payment("P1", "2024-08-31", end, "100")]);
        facts(&joined, "P1", "payment_start", &[], &[("months", 6)]).len()
    };
    assert_eq!(run("2025-02-27"), 0);
    assert_eq!(run("2025-02-28"), 1);
}

#[test]
fn a_payments_end_is_an_occasion_the_day_after_but_not_by_death() {
    let joined = two_years(vec![
        payment("P1", "2024-01-01", "2024-06-30", "100"),
        payment("P2", "2024-01-01", "2024-06-30", "100").with("Date of Death", "2024-06-30"),
        payment("P3", "2024-01-01", "2025-03-31", "100"),
        payment("P4", "2024-01-01", "2025-03-30", "100"),
    ]);
    let found = |who: &str| facts(&joined, who, "payment_ended", &[], &[]).len();
    // "a payment's end before as-of, not by death (day after)"
    assert_eq!(
        days(&facts(&joined, "P1", "payment_ended", &[], &[])),
        ["2024-07-01"]
    );
    assert_eq!((found("P2"), found("P3"), found("P4")), (0, 0, 1));
}

#[test]
fn an_unknown_end_is_said_and_is_no_occasion() {
    // "A spell or payment whose unknown end comes before the length its test asks for is no occasion."
    let later = || {
        csv(&stating(
            vec![request("P1", "2024-06-01", "2024-06-02", TO_ASSESSMENT)],
            "2024-04-01",
            "2025-03-31",
        ))
    };
    let earlier = |row: Row| csv(&stating(vec![row], "2023-04-01", "2024-03-31"));
    let joined = joined_bytes(&[earlier(service("P1", "2024-02-05", "")), later()], "");
    // 5 February and 56 days is 1 April 2024; the last known day is 31 March.
    assert!(facts(&joined, "P1", "spell_start", &[], &[("days", 56)]).is_empty());
    assert_eq!(
        facts(&joined, "P1", "spell_start", &[], &[("days", 55)]).len(),
        1
    );
    let found = facts(
        &joined,
        "P1",
        "request_for_assessment",
        &["unknown_end_before"],
        &[],
    );
    assert_eq!(found[0].1, ["true"]);
    let joined = joined_bytes(
        &[earlier(payment("P1", "2024-02-05", "", "100")), later()],
        "",
    );
    assert!(facts(&joined, "P1", "payment_ended", &[], &[]).is_empty());
    assert!(facts(&joined, "P1", "fall", &[], &[]).is_empty());
}

#[test]
fn people_under_18_are_told_by_their_eighteenth_birthday() {
    // "Under 18 on the occasion's day: not owed"; an unknown age is an adult's.
    for (born, expected) in [
        ("2006-06-01", "true"),
        ("2006-06-02", "false"),
        ("", "true"),
    ] {
        let joined = two_years(vec![
            request("P1", "2024-06-01", "2024-06-02", TO_ASSESSMENT).with("Date of Birth", born),
        ]);
        let found = facts(&joined, "P1", "request_for_assessment", &["adult"], &[]);
        assert_eq!(found[0].1, [expected], "{born}");
    }
}

#[test]
fn a_plan_says_what_it_lacks() {
    let missing = Plan::new(&["spell_start".into()], &[], [].into()).unwrap_err();
    assert!(missing.to_string().contains("`days`"), "{missing}");
    let unknown = Plan::new(&["moonrise".into()], &[], [].into()).unwrap_err();
    assert!(unknown.to_string().contains("moonrise"), "{unknown}");
}
