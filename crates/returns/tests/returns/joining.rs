//! What gives way to what, as-of, and one event.

use candour_record::Day;
use candour_record::codes::EventType;
use candour_returns::Joined;

use crate::made::*;

/// Two tiny returns: of the year to March 2024, and of the year to March 2025.
fn two(earlier: Vec<Row>, later: Vec<Row>) -> Joined {
    joined_bytes(
        &[
            csv(&stating(earlier, "2023-04-01", "2024-03-31")),
            csv(&stating(later, "2024-04-01", "2025-03-31")),
        ],
        "",
    )
}

fn filler() -> Row {
    request("FILLER", "2024-05-01", "2024-05-02", "")
}

#[test]
fn earlier_rows_that_end_on_or_after_the_later_coverage_give_way() {
    // "where a later return's coverage of a type begins, earlier rows of that type that end on or after that
    // day give way to it."
    let joined = two(
        vec![
            request("P1", "2024-03-01", "2024-03-31", ""),
            request("P2", "2024-03-01", "2024-04-01", ""),
            request("P3", "2024-03-01", "2024-05-01", ""),
        ],
        vec![filler(), request("P3", "2024-03-01", "2024-05-03", "")],
    );
    let people: Vec<&str> = joined
        .record
        .people
        .iter()
        .filter(|p| p.events > 0)
        .map(|p| p.name.as_str())
        .collect();
    assert_eq!(people, ["FILLER", "P1", "P3"]);
    assert_eq!(
        dates(&joined, "P3"),
        [(EventType::Request, "2024-03-01".into(), "2024-05-03".into())]
    );
    assert_eq!(joined.accounts.gave_way, 2);
}

#[test]
fn a_service_still_running_is_the_later_returns_row_of_it() {
    // "A service still running then in the earlier return is the later return's row of the same person,
    // start, service type and component". Its cost, mechanism and end may be others.
    let joined = two(
        vec![service("P1", "2023-06-01", "").cost("20", "Hourly", "7")],
        vec![
            filler(),
            service("P1", "2023-06-01", "2024-08-31").cost("25", "Hourly", "7"),
        ],
    );
    let found = events(&joined, "P1");
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].end, found[0].unknown_end, found[0].unit_cost),
        (day("2024-08-31"), false, Some(2500))
    );
}

#[test]
fn a_service_that_vanished_has_an_unknown_end() {
    // "if there is none its end is unknown (not ended): its last day is the day before that coverage begins"
    let others = [
        service("P1", "2023-06-02", ""), // another start
        service("P1", "2023-06-01", "").component("Day support"), // another component
        service("P1", "2023-06-01", "").service_type("Long term support: Nursing care"), // another type
        service("P2", "2023-06-01", ""), // somebody else's
    ];
    for other in others {
        let joined = two(vec![service("P1", "2023-06-01", "")], vec![filler(), other]);
        let e = events(&joined, "P1")[0];
        assert_eq!(
            (e.start, e.end, e.unknown_end),
            (day("2023-06-01"), day("2024-03-31"), true)
        );
        assert!(!e.has_ended());
        assert_eq!(joined.accounts.unknown_ends, 1);
    }
    // With an end stated after the later coverage begins it was still running then, too.
    let joined = two(
        vec![service("P1", "2023-06-01", "2024-04-01")],
        vec![filler()],
    );
    assert!(events(&joined, "P1")[0].unknown_end);
    // One that ended the day before is no concern of the later return.
    let joined = two(
        vec![service("P1", "2023-06-01", "2024-03-31")],
        vec![filler()],
    );
    let e = events(&joined, "P1")[0];
    assert_eq!((e.end, e.unknown_end), (day("2024-03-31"), false));
}

#[test]
fn a_service_that_starts_inside_the_later_coverage_gives_way_without_a_trace() {
    // It was not "still running then": the later return tells of all that start inside its coverage.
    let joined = joined_bytes(
        &[
            csv(&stating(
                vec![
                    service("P1", "2024-05-01", ""),
                    service("P2", "2024-04-01", ""),
                ],
                "2023-07-01",
                "2024-06-30",
            )),
            csv(&stating(vec![filler()], "2024-04-01", "2025-03-31")),
        ],
        "",
    );
    assert_eq!(joined.record.events.len(), 1);
    assert_eq!(
        (joined.accounts.gave_way, joined.accounts.unknown_ends),
        (2, 0)
    );
}

#[test]
fn people_known_by_association_are_kept_from_every_return() {
    let known = Row::new("C1", "Unpaid carer known by association", "", "", "")
        .with("Adult 1 Linked Person_ID", "P1");
    let joined = two(
        vec![service("P1", "2023-06-01", ""), known],
        vec![service("P1", "2023-06-01", "")],
    );
    let adult = person(&joined, "P1");
    assert_eq!(
        joined.record.people[adult as usize].carers,
        [person(&joined, "C1")]
    );
    assert_eq!(joined.accounts.known_by_association, 1);
}

#[test]
fn nhs_numbers_spread_over_all_rows_loaded_whichever_return_they_are_in() {
    // "first spread over all usable rows loaded": the service is the same though only one row has the number.
    let joined = two(
        vec![service("P1", "2023-06-01", "")],
        vec![filler(), service("P1", "2023-06-01", "").nhs("9434765919")],
    );
    let found = events(&joined, "P1");
    assert_eq!(found.len(), 1);
    assert!(!found[0].unknown_end);
}

#[test]
fn what_comes_after_as_of_has_not_happened() {
    // "Rows that start later are ignored; requests, assessments and reviews that end later are ignored;
    // services that end later are open."
    let rows = stating(
        vec![
            service("P1", "2024-01-01", "2024-09-30"),
            service("P1", "2024-01-01", "2024-10-01").component("Day support"),
            service("P1", "2024-10-01", ""),
            service("P1", "2024-09-30", ""),
            review("P1", "2024-09-01", "2024-09-30"),
            review("P1", "2024-09-01", "2024-10-01"),
        ],
        "2023-04-01",
        "2025-03-31",
    );
    let joined = joined_bytes(&[csv(&rows)], "2024-09-30");
    let found = events(&joined, "P1");
    let ends: Vec<(EventType, Day)> = found.iter().map(|e| (e.kind, e.end)).collect();
    assert_eq!(
        ends,
        [
            (EventType::Service, day("2024-09-30")),
            (EventType::Service, Day::OPEN),
            (EventType::Review, day("2024-09-30")),
            (EventType::Service, Day::OPEN),
        ]
    );
    assert_eq!(joined.accounts.after_as_of, 2);
    assert_eq!(joined.record.coverage.service.end, day("2024-09-30"));
}

#[test]
fn rows_that_agree_are_one_event() {
    // "rows of one person that agree on event type, client type, start, end, outcome and the type's own coded
    // fields (services: also cost, frequency, units, CQC id) are one event."
    let base = service("P1", "2024-01-01", "2024-06-30")
        .cost("20.00", "Hourly", "7")
        .outcome("NFA: Support ended as planned")
        .with("Provider CQC Location ID", "1-1001");
    let same = [
        base.clone(),
        base.clone()
            .with("Event Start Date", "01/01/2024")
            .with("Unit Cost", "£20"),
        base.clone()
            .with("Provider CQC Location Name", "Another name")
            .with("Event Reference", "77"),
        base.clone().with("Gender", "Female"),
        base.clone().outcome("Service ended as planned"),
        // Costs are absolute values, as in the published measures.
        base.clone().with("Unit Cost", "-20"),
    ];
    let joined = two_years(same.to_vec());
    assert_eq!((joined.accounts.events, joined.accounts.repeats), (1, 5));
    assert_eq!(joined.record.rows_of(0).count(), 6);

    // "Rows of one package differing in cost are different rows of one package."
    let others = [
        base.clone().with("Unit Cost", "21"),
        base.clone().with("Planned units per week", "8"),
        base.clone()
            .with("Cost Frequency (Unit Type)", "Per session"),
        base.clone().with("Provider CQC Location ID", "1-1002"),
        base.clone().component("Day support"),
        base.clone().with("Delivery Mechanism", "Direct payment"),
        base.clone().outcome("NFA: Deceased"),
        base.clone().with("Event End Date", "2024-07-01"),
    ];
    for other in others {
        let joined = two_years(vec![base.clone(), other.clone()]);
        assert_eq!(joined.accounts.events, 2, "{other:?}");
    }

    let base = assessment("P1", "2024-01-01", "2024-01-30", "");
    for (other, events) in [
        (base.clone().with("Unit Cost", "21"), 1), // not a field of assessments
        (
            base.clone()
                .with("Assessment Type", "Short term assessment"),
            2,
        ),
        (base.clone().with("Eligible Needs Identified", "Yes"), 2),
        (base.clone().with("Method of Assessment", "Carer only"), 2),
        (base.clone().with("Client Type", "Unpaid carer"), 2),
        (base.clone().with("LA Person Unique Identifier", "P2"), 2),
    ] {
        let joined = two_years(vec![base.clone(), other.clone()]);
        assert_eq!(joined.accounts.events, events, "{other:?}");
    }
}

#[test]
fn the_order_of_rows_and_of_files_changes_nothing() {
    let rows = vec![
        service("P1", "2024-01-01", "").nhs("9434765919"),
        service("P1", "2024-01-01", "").with("Unit Cost", "3"),
        request("P2", "2024-01-01", "2024-01-02", "").nhs("9434765870"),
        request("P1", "2024-02-01", "2024-02-02", "").nhs("9434765870"),
        assessment("P3", "2024-02-01", "2024-02-02", ""),
    ];
    let shown = |rows: Vec<Row>| {
        let joined = two_years(rows);
        let events: Vec<_> = joined
            .record
            .events
            .iter()
            .map(|e| (e.person, e.kind, e.start, e.end, e.unit_cost))
            .collect();
        let people: Vec<_> = joined
            .record
            .people
            .iter()
            .map(|p| p.name.clone())
            .collect();
        (people, events)
    };
    let mut backwards = rows.clone();
    backwards.reverse();
    assert_eq!(shown(rows), shown(backwards));
}
