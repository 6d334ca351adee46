//! Long-term spells, direct payments and reset dates.

use candour_record::{Day, Spell, Timelines};
use candour_returns::Joined;

use crate::made::*;

fn text(chains: &[Spell]) -> Vec<(String, String)> {
    chains
        .iter()
        .map(|s| (s.start.to_string(), s.end.to_string()))
        .collect()
}

fn spells(joined: &Joined, who: &str) -> Vec<(String, String)> {
    text(
        &Timelines::new(&joined.record)
            .of(person(joined, who))
            .spells,
    )
}

fn payments(joined: &Joined, who: &str) -> Vec<(String, String)> {
    text(
        &Timelines::new(&joined.record)
            .of(person(joined, who))
            .payments,
    )
}

fn pair(from: &str, to: &str) -> (String, String) {
    (from.into(), to.into())
}

#[test]
fn one_uncovered_day_is_bridged_and_two_are_not() {
    // "chained while a next one starts no more than 2 days after the running maximum end (one uncovered day)"
    let joined = two_years(vec![
        service("P1", "2024-05-01", "2024-05-10"),
        service("P1", "2024-05-12", "2024-05-20"),
        service("P2", "2024-05-01", "2024-05-10"),
        service("P2", "2024-05-13", "2024-05-20"),
    ]);
    assert_eq!(spells(&joined, "P1"), [pair("2024-05-01", "2024-05-20")]);
    assert_eq!(
        spells(&joined, "P2"),
        [
            pair("2024-05-01", "2024-05-10"),
            pair("2024-05-13", "2024-05-20")
        ]
    );
    // "A person is in a spell on any day from its start to its end; it is open on a day if a row is active then."
    let timelines = Timelines::new(&joined.record);
    let timeline = timelines.of(person(&joined, "P1"));
    assert!(timeline.in_spell(day("2024-05-11")));
    assert!(!timeline.spells[0].open_on(timeline.events, day("2024-05-11")));
}

#[test]
fn it_is_the_running_maximum_end_that_counts() {
    // A short service inside a long one ends nothing.
    let joined = two_years(vec![
        service("P1", "2023-05-01", "2024-05-10"),
        service("P1", "2023-06-01", "2023-06-10").component("Day support"),
        service("P1", "2024-05-11", ""),
    ]);
    assert_eq!(spells(&joined, "P1"), [pair("2023-05-01", "open")]);
}

#[test]
fn after_an_admission_to_hospital_the_gap_is_92_days() {
    // "and no more than 92 days after it when the row that ended last had outcome admitted to hospital"
    let hospital = |who: &str, resumed: Day| {
        vec![
            service(who, "2024-01-01", "2024-05-10").outcome("Admitted to hospital"),
            // Ended earlier, otherwise: not the row that ended last.
            service(who, "2024-01-01", "2024-05-09").component("Day support"),
            service(who, &resumed.to_string(), ""),
        ]
    };
    let end = day("2024-05-10");
    let mut rows = hospital("P1", end.plus(92));
    rows.extend(hospital("P2", end.plus(93)));
    rows.extend([
        // Here the row that ended last did not end in hospital.
        service("P3", "2024-01-01", "2024-05-10").outcome("Admitted to hospital"),
        service("P3", "2024-01-01", "2024-05-11").component("Day support"),
        service("P3", "2024-05-20", ""),
    ]);
    let joined = two_years(rows);
    assert_eq!(spells(&joined, "P1"), [pair("2024-01-01", "open")]);
    assert_eq!(
        spells(&joined, "P2"),
        [pair("2024-01-01", "2024-05-10"), pair("2024-08-11", "open")]
    );
    assert_eq!(spells(&joined, "P3").len(), 2);
}

#[test]
fn only_the_four_long_term_types_of_service_users_make_spells() {
    // "Long-term service: service-user row, one of the four long-term Service Types."
    let mut rows = Vec::new();
    for (i, kind) in [
        "Long term support: Nursing care",
        "Long term support: Residential care",
        "Long term support: Community",
        "Long term support: Prison",
    ]
    .iter()
    .enumerate()
    {
        rows.push(service(&format!("L{i}"), "2024-05-01", "").service_type(kind));
    }
    for (i, kind) in [
        "Short term support: ST-Max",
        "Short term support: Ongoing low level",
        "Short term support: Other short term",
        "",
        "Day care",
    ]
    .iter()
    .enumerate()
    {
        rows.push(service(&format!("S{i}"), "2024-05-01", "").service_type(kind));
    }
    rows.push(service("C", "2024-05-01", "").with("Client Type", "Unpaid carer"));
    let joined = two_years(rows);
    for p in &joined.record.people {
        assert_eq!(
            spells(&joined, &p.name).len(),
            usize::from(p.name.starts_with('L')),
            "{}",
            p.name
        );
    }
}

#[test]
fn payments_are_known_by_mechanism_or_component_and_chain_over_one_day_only() {
    // "Direct payment: service-user Service row whose Delivery Mechanism or Service Component is direct
    // payment; chained into payments like spells (one uncovered day)."
    let joined = two_years(vec![
        payment("P1", "2024-01-01", "2024-01-31", "100").with("Delivery Mechanism", ""),
        payment("P1", "2024-02-02", "2024-02-29", "100")
            .component("Home support or domiciliary care"),
        payment("P1", "2024-03-03", "2024-03-31", "100").outcome("Admitted to hospital"),
        payment("P1", "2024-04-03", "", "100"),
        // A spell goes over a stay in hospital, a payment does not.
        service("P2", "2024-01-01", ""),
        payment("P3", "2024-01-01", "", "100").with("Client Type", "Unpaid carer"),
    ]);
    assert_eq!(
        payments(&joined, "P1"),
        [
            pair("2024-01-01", "2024-02-29"),
            pair("2024-03-03", "2024-03-31"),
            pair("2024-04-03", "open")
        ]
    );
    assert_eq!(
        spells(&joined, "P1"),
        [pair("2024-01-01", "2024-02-29"), pair("2024-03-03", "open")]
    );
    assert!(payments(&joined, "P2").is_empty());
    assert!(payments(&joined, "P3").is_empty());
}

/// `open` services open when coverage begins (1 March 2024), and so many that start on 10 April.
fn starts(open: usize, on_the_day: usize) -> Joined {
    let mut rows: Vec<Row> = (0..open)
        .map(|i| {
            service(
                &format!("A{i}"),
                "2023-01-01",
                if i < 20 { "2024-03-20" } else { "" },
            )
        })
        .collect();
    rows.extend((0..on_the_day).map(|i| service(&format!("B{i}"), "2024-04-10", "")));
    joined_bytes(
        &[csv(&stating(rows, "2024-03-01", "2025-02-28"))],
        "2025-02-28",
    )
}

#[test]
fn a_reset_date_needs_fifty_starts_and_a_tenth_of_what_was_open() {
    // "a date inside service coverage on which at least 50 long-term rows start, and at least 10% as many as
    // were open at coverage start, is a reset date"
    for (open, on_the_day, expected) in [
        (20, 50, true),
        (20, 49, false),
        (500, 50, true),
        (501, 50, false),
        (501, 51, true),
    ] {
        let joined = starts(open, on_the_day);
        let resets = candour_record::reset_days(&joined.record);
        assert_eq!(
            resets.contains(&day("2024-04-10")),
            expected,
            "{open} {on_the_day}"
        );
        assert_eq!(resets.len(), usize::from(expected));
    }
}

#[test]
fn a_date_outside_coverage_is_no_reset_date() {
    let rows: Vec<Row> = (0..60)
        .map(|i| service(&format!("A{i}"), "2023-03-31", ""))
        .collect();
    assert!(candour_record::reset_days(&two_years(rows).record).is_empty());
    let rows: Vec<Row> = (0..60)
        .map(|i| service(&format!("A{i}"), "2023-04-01", ""))
        .collect();
    assert_eq!(candour_record::reset_days(&two_years(rows).record).len(), 1);
    // Short-term services do not count.
    let short =
        |i| service(&format!("A{i}"), "2023-04-01", "").service_type("Short term support: ST-Max");
    assert!(candour_record::reset_days(&two_years((0..60).map(short).collect()).record).is_empty());
}
