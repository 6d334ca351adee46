//! Published measures, hand-worked, a rule at a time. `tests/oracle/test_measures.py` has many more cases of the same
//! kind, and its differential run compares every number with the program's on made-up councils.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

#[path = "../../returns/tests/returns/made.rs"]
#[allow(
    dead_code,
    reason = "shared with the tests of the crate that reads returns"
)]
mod made;

use candour_inspect::{Measure, measures};
use made::{COMMUNITY, Row, assessment, csv, joined_bytes, request, review, service, stating};

/// One return from `from` to 31 March 2025, in which everybody was born in March 1950.
fn work_out_from(from: &str, rows: Vec<Row>) -> Vec<Measure> {
    let rows: Vec<Row> = rows
        .into_iter()
        .map(|r| r.with("Date of Birth", "1950-03-15"))
        .collect();
    assert!(
        rows.len() < 100,
        "so few that coverage is the stated period"
    );
    measures(&joined_bytes(&[csv(&stating(rows, from, "2025-03-31"))], "").record)
}

fn work_out(rows: Vec<Row>) -> Vec<Measure> {
    work_out_from("2023-01-01", rows)
}

fn measure<'a>(all: &'a [Measure], id: &str) -> &'a Measure {
    all.iter().find(|m| m.id == id).unwrap()
}

fn fraction(all: &[Measure], id: &str) -> (Option<u64>, Option<u64>) {
    let m = measure(all, id);
    (m.numerator, m.denominator)
}

fn group(measure: &Measure, by: &str, name: &str) -> Option<u64> {
    measure
        .groups
        .iter()
        .find(|g| g.by == by && g.group == name)
        .unwrap()
        .numerator
}

#[test]
fn long_term_support_counts_people_once_in_the_first_setting() {
    let all = work_out(vec![
        service("a", "2020-01-01", "2024-03-31"),
        service("b", "2020-01-01", "2024-04-01"),
        service("c", "2024-05-01", ""),
        service("c", "2024-05-01", "")
            .service_type("Long term support: Nursing care")
            .component("Long term nursing care"),
    ]);
    let in_year = measure(&all, "lts001a");
    assert_eq!(in_year.numerator, Some(2));
    assert_eq!(in_year.period, ["2024-04-01", "2025-03-31"]);
    assert_eq!(group(in_year, "setting", "nursing care"), Some(1));
    assert_eq!(
        group(in_year, "setting and age", "community, 65 and over"),
        Some(1)
    );
    assert_eq!(measure(&all, "lts001b").numerator, Some(1));
}

#[test]
fn a_short_service_inside_a_long_one_does_not_break_a_chain_and_an_uncovered_day_does() {
    let all = work_out(vec![
        service("nested", "2023-05-01", "2024-09-30"),
        service("nested", "2024-04-20", "2024-05-01").component("Day support"),
        service("nested", "2024-10-01", ""),
        service("broken", "2023-05-01", "2024-06-10"),
        service("broken", "2024-06-12", ""),
        service("a day short", "2024-03-31", ""),
        service("long enough", "2024-03-30", ""),
    ]);
    assert_eq!(measure(&all, "lts001c").numerator, Some(2));
}

#[test]
fn reviewed_is_planned_or_unplanned_with_the_person_and_in_the_year() {
    let with = |r: Row| r.with("Method of Review", "Service user and carer");
    let all = work_out(vec![
        service("a", "2020-01-01", ""),
        with(review("a", "2024-03-01", "2024-04-01")),
        service("b", "2020-01-01", ""),
        with(review("b", "2024-03-01", "2024-03-31")),
        service("c", "2020-01-01", ""),
        review("c", "2024-06-01", "2024-06-01"),
        service("d", "2020-01-01", ""),
        with(review("d", "2024-06-01", "2024-06-01"))
            .with("Review Reason", "Unplanned - Other Reason"),
    ]);
    assert_eq!(fraction(&all, "lts002b"), (Some(2), Some(4)));
    assert_eq!(measure(&all, "lts002b").value, Some(0.5));
    assert_eq!(fraction(&all, "lts002b_planned"), (Some(1), Some(4)));
    assert_eq!(fraction(&all, "lts002b_unplanned"), (Some(1), Some(4)));
    assert_eq!(
        group(
            measure(&all, "lts002b"),
            "not counted as reviewed, with a care review in the year",
            "how the review was held is not recorded"
        ),
        Some(1)
    );
}

/// Reablement from 1 to 20 June 2024.
fn reablement(person: &str, outcome: &str) -> Row {
    service(person, "2024-06-01", "2024-06-20")
        .service_type("Short term support: ST-Max")
        .component("Reablement")
        .outcome(outcome)
}

#[test]
fn what_followed_reablement_is_decided_step_by_step() {
    let going_on = "Continuation of support or services";
    let all = work_out(vec![
        reablement("died", going_on).with("Date of Death", "2024-06-27"),
        reablement("hospital", "Admitted to hospital"),
        service("hospital", "2024-06-21", ""),
        reablement("service", "NFA: Support ended as planned"),
        service("service", "2024-06-27", ""),
        reablement("too late", "NFA: Support ended as planned"),
        service("too late", "2024-06-28", ""),
        reablement("assessed", going_on),
        assessment(
            "assessed",
            "2024-06-03",
            "2024-06-07",
            "NFA: No services offered for other reason",
        ),
        reablement("equipment", going_on),
        service("equipment", "2024-06-10", "2024-06-10")
            .service_type("Short term support: Other short term")
            .component("Equipment"),
        reablement("nothing", going_on),
        service("supported before", "2023-06-01", "2024-03-03"),
        reablement("supported before", going_on),
    ]);
    // Success: too late, assessed, equipment; with the service that is four.
    assert_eq!(fraction(&all, "ascof_2a"), (Some(3), Some(4)));
    let result = |name: &str| group(measure(&all, "ascof_2a"), "result", name).unwrap();
    for name in [
        "died",
        "admitted to hospital",
        "long-term support: community",
        "support ended as planned",
        "no services offered",
        "ongoing low-level support",
        "cannot be classified",
    ] {
        assert_eq!(result(name), 1, "{name}");
    }
}

#[test]
fn newly_admitted_means_no_stay_that_ended_fewer_than_365_days_before() {
    let stay = |person: &str, start: &str, end: &str| {
        service(person, start, end)
            .service_type("Long term support: Residential care")
            .component("Long term residential care")
    };
    // 365 days before 1 June 2024 is 2 June 2023: 29 February 2024 lies between.
    let all = work_out(vec![
        stay("365 days", "2022-01-01", "2023-06-02"),
        stay("365 days", "2024-06-01", ""),
        stay("364 days", "2022-01-01", "2023-06-03"),
        stay("364 days", "2024-06-01", ""),
        stay("no component", "2024-06-01", "").component(""),
    ]);
    assert_eq!(measure(&all, "ascof_2c").numerator, Some(1));
    assert_eq!(measure(&all, "ascof_2b").numerator, Some(0));
}

#[test]
fn blank_mechanisms_stay_in_the_denominator_and_a_component_is_a_direct_payment() {
    let by = |person: &str, mechanism: &str| {
        service(person, "2024-06-01", "").with("Delivery Mechanism", mechanism)
    };
    let all = work_out(vec![
        by("blank", ""),
        by("managed", "CASSR managed personal budget"),
        by("payment", "CASSR commissioned support").component("Direct payment"),
        by("care home", "Direct payment"),
        by("care home", "").service_type("Long term support: Residential care"),
    ]);
    assert_eq!(fraction(&all, "ascof_3d_self_directed"), (Some(2), Some(3)));
    assert_eq!(
        fraction(&all, "ascof_3d_direct_payment"),
        (Some(1), Some(3))
    );
}

#[test]
fn a_carer_counts_at_the_best_support_of_the_year() {
    let carer = |person: &str, kind: &str, end: &str| {
        Row::new(person, "Unpaid carer", kind, "2024-05-01", end)
            .outcome("NFA: Information and advice or signposting")
    };
    let all = work_out(vec![
        carer("a", "Assessment", "2024-05-02"),
        carer("a", "Service", "")
            .service_type("Unpaid carer support: Direct to unpaid carer")
            .with("Delivery Mechanism", "Direct payment"),
        carer("b", "Request", "2024-05-02"),
        carer("c", "Service", "")
            .service_type("Unpaid carer support: Direct to unpaid carer")
            .with("Delivery Mechanism", "CASSR commissioned support"),
        carer("d", "Request", "2024-05-02").outcome("Admitted to hospital"),
    ]);
    let carers = measure(&all, "lts003");
    assert_eq!(carers.numerator, Some(3));
    assert_eq!(
        group(carers, "support", "information, advice and signposting"),
        Some(1)
    );
    assert_eq!(
        fraction(&all, "ascof_3d_carers_self_directed"),
        (Some(1), Some(2))
    );
    assert_eq!(
        fraction(&all, "ascof_3d_carers_direct_payment"),
        (Some(1), Some(2))
    );
}

#[test]
fn waits_go_from_start_to_start_and_stop_where_assessments_lead_to_nothing() {
    let on = "Progress to assessment, review or reassessment";
    let all = work_out(vec![
        // 20 days to the assessment, 41 to the service.
        request("a", "2024-05-01", "2024-05-01", on),
        assessment(
            "a",
            "2024-05-21",
            "2024-05-25",
            "Progress to support planning or services",
        ),
        service("a", "2024-06-11", ""),
        // 10 days; the service is not counted.
        request("b", "2024-05-01", "2024-05-01", on),
        assessment("b", "2024-05-11", "2024-05-12", "NFA: Support declined"),
        service("b", "2024-06-01", ""),
        // Had support in the 12 months before.
        service("c", "2020-01-01", "2023-05-01"),
        request("c", "2024-05-01", "2024-05-01", on),
        assessment("c", "2024-05-02", "2024-05-02", ""),
    ]);
    let response = measure(&all, "waiting_first_response");
    assert_eq!((response.numerator, response.denominator), (None, Some(2)));
    // Half way between 10 and 20; nine tenths of the way.
    assert_eq!(
        (response.value, response.percentile_90),
        (Some(15.0), Some(19.0))
    );
    let service = measure(&all, "waiting_first_service");
    assert_eq!((service.denominator, service.value), (Some(1), Some(41.0)));
    let quarters = response
        .groups
        .iter()
        .filter(|g| g.by == "quarter and age")
        .count();
    assert_eq!(quarters, 8);
}

#[test]
fn too_little_coverage_and_empty_denominators_say_so_and_carry_no_number() {
    let short = work_out_from(
        "2024-09-01",
        vec![service("a", "2020-01-01", "").service_type(COMMUNITY)],
    );
    let in_year = measure(&short, "lts001a");
    assert_eq!((in_year.numerator, in_year.value), (None, None));
    assert_eq!(
        in_year.cannot_tell.as_deref(),
        Some(
            "the returns cover 7 months of service events, from 1 September 2024 to 31 March 2025; \
             this measure needs 12, from 1 April 2024 to 31 March 2025"
        )
    );
    assert!(in_year.groups.is_empty());
    // A snapshot needs its day only.
    assert_eq!(measure(&short, "lts001b").numerator, Some(1));
    let empty = work_out(vec![request(
        "a",
        "2024-05-01",
        "2024-05-02",
        "NFA: Support declined",
    )]);
    for m in &empty {
        assert_eq!(m.value.is_none(), m.cannot_tell.is_some(), "{}", m.id);
        assert!(m.value.is_none_or(f64::is_finite), "{}", m.id);
    }
    assert_eq!(
        measure(&empty, "lts002b").cannot_tell.as_deref(),
        Some("nobody had long-term support for over 12 months on the last day")
    );
}

#[test]
fn an_as_of_day_outside_coverage_tells_nothing() {
    let rows = stating(
        vec![service("a", "2020-01-01", "")],
        "2023-01-01",
        "2025-03-31",
    );
    for as_of in ["2025-04-01", "2022-12-31", "1900-01-01"] {
        let all = measures(&joined_bytes(&[csv(&rows)], as_of).record);
        assert!(all.iter().all(|m| m.cannot_tell.is_some()), "{as_of}");
    }
}
