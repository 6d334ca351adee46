//! Exits: the ways out of the council's care.

use candour_record::Timelines;
use candour_returns::Joined;

use crate::facts;
use crate::made::*;

fn exits(joined: &Joined, who: &str) -> Vec<(String, &'static str)> {
    let timelines = Timelines::new(&joined.record);
    timelines
        .of(person(joined, who))
        .exits
        .iter()
        .map(|e| (e.day.to_string(), e.kind.name()))
        .collect()
}

#[test]
fn each_way_out() {
    // "death, or an event ending between them with outcome deceased or moved to another authority, or (R1)
    // 100% NHS-funded … Outcome referral to NHS (R2), support declined, or admitted to hospital"
    let cases = [
        ("NFA: Deceased", "died"),
        ("NFA - Deceased", "died"),
        (
            "NFA: Responsibility moved to another local authority",
            "moved",
        ),
        ("NFA - Moved to another LA", "moved"),
        ("NFA - 100% NHS funded care", "nhs"),
        (
            "NFA: Referral to NHS services or NHS funded social care",
            "referred_nhs",
        ),
        ("NFA: Support declined", "declined"),
        ("NFA - Support declined", "declined"),
        ("Admitted to hospital", "hospital"),
    ];
    for (outcome, expected) in cases {
        for row in [
            request("P1", "2024-05-01", "2024-05-20", outcome),
            assessment("P1", "2024-05-01", "2024-05-20", outcome),
            review("P1", "2024-05-01", "2024-05-20").outcome(outcome),
            service("P1", "2024-05-01", "2024-05-20").outcome(outcome),
        ] {
            let joined = two_years(vec![row]);
            assert_eq!(
                exits(&joined, "P1"),
                [("2024-05-20".to_owned(), expected)],
                "{outcome}"
            );
        }
    }
    // A service that has not ended has no outcome yet, and other outcomes are no exits.
    let joined = two_years(vec![
        service("P1", "2024-05-01", "").outcome("NFA: Deceased"),
        service("P1", "2024-05-01", "2024-06-01").outcome("NFA: Support ended as planned"),
        request("P1", "2024-05-01", "2024-06-01", "NFA: Other"),
    ]);
    assert!(exits(&joined, "P1").is_empty());
}

#[test]
fn a_death_is_an_exit() {
    let joined = two_years(vec![
        request("P1", "2024-05-01", "2024-05-20", "").with("Date of Death", "2024-07-01"),
    ]);
    assert_eq!(exits(&joined, "P1"), [("2024-07-01".to_owned(), "died")]);
}

#[test]
fn hospital_is_no_exit_for_those_whose_support_goes_on_or_comes_back() {
    // "(unless a long-term service goes on after that day or starts no more than 92 days after it)"
    let admitted = || review("P1", "2024-05-01", "2024-05-20").outcome("Admitted to hospital");
    let after = |days: i64| day("2024-05-20").plus(days).to_string();
    let cases = [
        (service("P1", "2024-01-01", "2024-05-21"), false),
        (service("P1", "2024-01-01", "2024-05-20"), true),
        (service("P1", &after(1), ""), false),
        (service("P1", &after(92), ""), false),
        (service("P1", &after(93), ""), true),
        // Short-term support is not what was left.
        (
            service("P1", &after(1), "").service_type("Short term support: ST-Max"),
            true,
        ),
    ];
    for (row, exit) in cases {
        let joined = two_years(vec![admitted(), row.clone()]);
        assert_eq!(exits(&joined, "P1").len(), usize::from(exit), "{row:?}");
    }
}

/// A request on 1 June 2024, with other rows.
fn asked(mut rows: Vec<Row>) -> Joined {
    rows.push(request(
        "P1",
        "2024-06-01",
        "2024-06-01",
        "Progress to assessment, review or reassessment",
    ));
    two_years(rows)
}

fn exit_of_request(joined: &Joined) -> Vec<String> {
    let found = facts(
        joined,
        "P1",
        "request_for_assessment",
        &["exit", "assessed_in_time"],
        &[("days", 42)],
    );
    assert_eq!(found.len(), 1);
    found[0].1.clone()
}

#[test]
fn an_exit_counts_from_28_days_before_to_the_last_day_for_being_met() {
    // "an exit between 28 days before its occasion and its last day for being met"
    let on = |days: i64| {
        let when = day("2024-06-01").plus(days).to_string();
        exit_of_request(&asked(vec![
            review("P1", "2024-01-01", &when).outcome("NFA: Deceased"),
        ]))[0]
            .clone()
    };
    assert_eq!(on(-29), "none");
    assert_eq!(on(-28), "died");
    assert_eq!(on(42), "died");
    assert_eq!(on(43), "none");
}

#[test]
fn an_exit_does_not_undo_what_was_met_on_or_before_its_day() {
    // "unless it was met on or before the exit's day"
    let met = || assessment("P1", "2024-06-10", "2024-06-20", "");
    let left = |when: &str| {
        review("P1", "2024-01-01", when)
            .outcome("NFA: Responsibility moved to another local authority")
    };
    assert_eq!(
        exit_of_request(&asked(vec![met(), left("2024-06-20")])),
        ["none", "true"]
    );
    assert_eq!(
        exit_of_request(&asked(vec![met(), left("2024-06-21")])),
        ["none", "true"]
    );
    assert_eq!(
        exit_of_request(&asked(vec![met(), left("2024-06-19")])),
        ["moved", "true"]
    );
}

#[test]
fn not_owed_goes_before_cannot_tell() {
    // "Order: not owed; met; not yet due; cannot_tell; not_met."
    let joined = asked(vec![
        review("P1", "2024-06-02", "2024-06-03").outcome("NFA: Support declined"),
        review("P1", "2024-06-02", "2024-06-30").outcome("NFA: Deceased"),
    ]);
    assert_eq!(exit_of_request(&joined)[0], "died");
}

#[test]
fn an_exit_of_an_unknown_end_is_none() {
    // "its end is unknown (not ended)"
    let rows = |end: &str| {
        vec![
            service("P1", "2023-06-01", end).outcome("NFA: Deceased"),
            request("P2", "2023-06-01", "2023-06-02", ""),
        ]
    };
    let joined = joined_bytes(
        &[
            csv(&stating(rows(""), "2023-04-01", "2024-03-31")),
            csv(&stating(
                vec![request("P2", "2024-06-01", "2024-06-02", "")],
                "2024-04-01",
                "2025-03-31",
            )),
        ],
        "",
    );
    assert!(exits(&joined, "P1").is_empty());
}
