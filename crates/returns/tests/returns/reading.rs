//! Values, columns, and rows set aside.

use candour_record::Day;
use candour_record::codes::*;
use candour_returns::{Column, SetAside};

use crate::made::*;

/// The first event of a return of one row.
fn only(row: Row) -> candour_record::Event {
    let joined = two_years(vec![row]);
    assert_eq!(joined.record.events.len(), 1);
    joined.record.events[0]
}

#[test]
fn values_are_compared_ignoring_case_with_ampersands_as_and_and_punctuation_dropped() {
    // "Values are compared ignoring case; '&' reads as 'and'; spaces and punctuation are dropped."
    for text in [
        "NFA - Information & Advice / Signposting only",
        "nfa: INFORMATION AND ADVICE (signposting) only",
        "NFAInformationandAdviceSignpostingonly",
        "  NFA - Information &  Advice / Signposting only  ",
        "NFA: Information and advice or signposting",
    ] {
        let e = only(request("P1", "2024-05-01", "2024-05-02", text));
        assert_eq!(e.outcome, Outcome::Advice, "{text}");
    }
}

#[test]
fn release_1_is_mapped_forward_with_its_code_kept_beside_it() {
    // "R1 is mapped forward to R2, the R1 code kept beside it."
    let a = only(request(
        "P1",
        "2024-05-01",
        "2024-05-02",
        "Progress to Assessment",
    ));
    let b = only(request(
        "P1",
        "2024-05-01",
        "2024-05-02",
        "Progress to Re-assessment / Unplanned Review",
    ));
    let c = only(request(
        "P1",
        "2024-05-01",
        "2024-05-02",
        "Progress to assessment, review or reassessment",
    ));
    for e in [a, b, c] {
        assert_eq!(e.outcome, Outcome::Assessment);
    }
    let given: std::collections::BTreeSet<u8> =
        [a, b, c].into_iter().map(|e| e.outcome_as_given).collect();
    assert_eq!(given.len(), 3);
    assert!(!given.contains(&0));
}

#[test]
fn a_value_cut_at_fifty_characters_counts_as_what_it_begins() {
    // "A value cut at 50 or more characters counts as the listed value it begins, if all that it begins
    // mean one code."
    let whole = "NFA: Referral to NHS services or NHS funded social care";
    let e = only(request("P1", "2024-05-01", "2024-05-02", &whole[..50]));
    assert_eq!(e.outcome, Outcome::NhsReferral);
    let e = only(request("P1", "2024-05-01", "2024-05-02", &whole[..49]));
    assert_eq!(e.outcome, Outcome::Invalid);
}

#[test]
fn the_word_null_is_blank_and_anything_unlisted_is_invalid_and_reported() {
    // "The word NULL is blank. Anything else unlisted is invalid: reported, and unknown as a fact."
    let row = assessment("P1", "2024-05-01", "2024-05-02", "null")
        .with("Eligible Needs Identified", "Perhaps");
    let joined = two_years(vec![row]);
    let e = joined.record.events[0];
    assert_eq!(e.outcome, Outcome::Blank);
    assert_eq!(e.eligible, Eligible::Invalid);
    let problem = |check: u8, column: Column| {
        joined
            .quality
            .problems()
            .find(|p| p.check == check && p.column == Some(column))
            .map(|p| p.rows)
    };
    assert_eq!(problem(43, Column::EligibleNeeds), Some(1));
    assert_eq!(problem(43, Column::EventOutcome), None);
    assert_eq!(problem(6, Column::EventOutcome), Some(1));
}

#[test]
fn dates_are_british_or_iso_and_a_time_part_is_ignored() {
    // "Dates are dd/mm/yyyy or ISO; a time part is ignored."
    for text in [
        "03/05/2024",
        "2024-05-03",
        "2024-05-03T23:59:59Z",
        "03/05/2024 00:00",
        "3/5/2024",
        "2024-05-03 00:00:00.000",
    ] {
        let e = only(request("P1", text, "04/05/2024", ""));
        assert_eq!(e.start, day("2024-05-03"), "{text}");
    }
    for text in [
        "31/02/2024",
        "2024-13-01",
        "03-05-2024",
        "03/05/24",
        "May 2024",
        "45415",
        "2024-05-03 soon",
    ] {
        let rows = stating(
            vec![request("P1", text, "04/06/2024", "")],
            "2023-04-01",
            "2025-03-31",
        );
        let file = read_bytes(csv(&rows)).unwrap();
        assert_eq!(
            file.set_aside.get(&SetAside::InvalidDate),
            Some(&1),
            "{text}"
        );
    }
}

#[test]
fn columns_are_found_by_name_in_any_order_with_others_beside() {
    // "Columns are found by header name in the same way [as values]."
    let text = "event-end date,EVENT START DATE,Full cost client,Event  Type,client_type,la person unique identifier,La code\n\
                2024-05-02,2024-05-01,yes,request,SERVICE USER,P1,ZZ1\n";
    let file = read_bytes(text).unwrap();
    assert_eq!((file.rows_in, file.rows_used), (1, 1));
    assert_eq!(file.other_columns, ["Full cost client"]);
    assert_eq!(file.missing_columns.len(), 44);
    assert!(file.missing_columns.contains(&Column::NhsNumber));
    assert_eq!(file.council, "ZZ1");
}

#[test]
fn a_missing_column_makes_its_facts_unknown() {
    // "Any other missing column makes its facts unknown."
    let text = "LA Code,NHS Number,Client Type,Event Type,Event Start Date,Event End Date\n\
                ZZ1,9434765919,Service user,Assessment,2024-05-01,2024-05-02\n";
    let joined = joined_bytes(&[text.into()], "");
    let e = joined.record.events[0];
    assert_eq!(
        (e.outcome, e.eligible, e.unit_cost),
        (Outcome::Blank, Eligible::Blank, None)
    );
    // No blank assessment type is long or short term.
    assert!(!e.is_assessment());
    let p = &joined.record.people[0];
    assert_eq!((p.birth, p.death, p.gender), (None, None, Gender::Blank));
    assert_eq!(p.name, "9434765919");
}

#[test]
fn byte_order_marks_crlf_quoted_commas_line_breaks_and_windows_1252_are_read() {
    // Section 7: "byte-order mark; Windows-1252; CRLF; quoted commas and line breaks; extra columns".
    let mut bytes = b"\xEF\xBB\xBF".to_vec();
    bytes.extend_from_slice(
        b"LA Code,LA Person Unique Identifier,Client Type,Event Type,Event Start Date,Event End Date,Last Name,Event Outcome,Unit Cost\r\n\
          ZZ1,P1,Service user,Request,01/05/2024,02/05/2024,\"O\x92Brien, Ren\xE9\r\nthe second\",\"Progress to assessment, review or reassessment\",\xA312.50\r\n\
          ZZ1,P\xE91,Service user,Request,01/05/2024,02/05/2024,,NFA \x96 Deceased,\r\n",
    );
    let folder = Folder::new();
    let path = folder.write("r.csv", &bytes);
    let mut reader = candour_returns::Reader::new(SETTINGS);
    let file = reader.read(&path, &|_| {}).unwrap();
    assert_eq!((file.rows_in, file.rows_used), (2, 2));
    assert_eq!(file.bytes, bytes.len() as u64);
    let joined = candour_returns::join(&reader, vec![file], None);
    let e = events(&joined, "P1")[0];
    assert_eq!((e.outcome, e.unit_cost), (Outcome::Assessment, Some(1250)));
    let e = events(&joined, "Pé1")[0];
    assert_eq!(e.outcome, Outcome::Deceased);
}

/// A usable row with some cells changed.
fn changed(changes: &[(&'static str, &str)]) -> Row {
    changes.iter().fold(
        request("P1", "2024-05-01", "2024-05-02", ""),
        |row, (heading, value)| row.with(heading, value),
    )
}

#[test]
fn rows_are_set_aside_by_the_first_reason_that_holds() {
    // "Set aside (counted by reason, in this order): no identifier; no or invalid client type; then, unless
    // known by association: no or invalid event type; no start date; no end date on a request, assessment
    // or review; invalid event date; end before start."
    const ID: &str = "LA Person Unique Identifier";
    const CLIENT: &str = "Client Type";
    const TYPE: &str = "Event Type";
    const START: &str = "Event Start Date";
    const END: &str = "Event End Date";
    type Cells = &'static [(&'static str, &'static str)];
    let cases: &[(Cells, Option<SetAside>)] = &[
        (
            &[(ID, ""), (CLIENT, ""), (TYPE, ""), (START, ""), (END, "")],
            Some(SetAside::NoIdentifier),
        ),
        (&[(ID, "NULL")], Some(SetAside::NoIdentifier)),
        (
            &[(CLIENT, ""), (TYPE, ""), (START, ""), (END, "")],
            Some(SetAside::NoClientType),
        ),
        (&[(CLIENT, "Patient")], Some(SetAside::NoClientType)),
        (
            &[(TYPE, ""), (START, ""), (END, "")],
            Some(SetAside::NoEventType),
        ),
        (&[(TYPE, "Meeting")], Some(SetAside::NoEventType)),
        (&[(START, ""), (END, "")], Some(SetAside::NoStartDate)),
        // An end that cannot be read does not come before a start that is not there.
        (&[(START, ""), (END, "soon")], Some(SetAside::NoStartDate)),
        (&[(END, "")], Some(SetAside::NoEndDate)),
        (&[(END, ""), (START, "soon")], Some(SetAside::NoEndDate)),
        (
            &[(END, ""), (TYPE, "Assessment")],
            Some(SetAside::NoEndDate),
        ),
        (&[(END, ""), (TYPE, "Review")], Some(SetAside::NoEndDate)),
        (&[(END, ""), (TYPE, "Service")], None),
        (&[(START, "soon")], Some(SetAside::InvalidDate)),
        (&[(END, "soon")], Some(SetAside::InvalidDate)),
        (
            &[(END, "soon"), (TYPE, "Service")],
            Some(SetAside::InvalidDate),
        ),
        (&[(END, "2024-04-30")], Some(SetAside::EndBeforeStart)),
        (&[(END, "2024-05-01")], None),
        // Known by association: it has no event, and an event on it is ignored.
        (
            &[
                (CLIENT, "Unpaid carer known by association"),
                (TYPE, ""),
                (START, ""),
                (END, ""),
            ],
            None,
        ),
        (
            &[
                (CLIENT, "Carer known by association"),
                (TYPE, "Meeting"),
                (START, "soon"),
                (END, "2020-01-01"),
            ],
            None,
        ),
        (
            &[(CLIENT, "Carer known by association"), (ID, "")],
            Some(SetAside::NoIdentifier),
        ),
    ];
    for (changes, expected) in cases {
        let rows = stating(vec![changed(changes)], "2023-04-01", "2025-03-31");
        let file = read_bytes(csv(&rows)).unwrap();
        let found: Vec<SetAside> = file.set_aside.keys().copied().collect();
        assert_eq!(
            found,
            expected.iter().copied().collect::<Vec<_>>(),
            "{changes:?}"
        );
        assert_eq!(
            file.rows_in,
            file.rows_used + file.set_aside.values().sum::<u64>()
        );
    }
    // All at once: the counts add up.
    let rows: Vec<Row> = cases.iter().map(|(changes, _)| changed(changes)).collect();
    let joined = two_years(rows);
    let file = &joined.files[0];
    let aside = cases.iter().filter(|(_, why)| why.is_some()).count() as u64;
    assert_eq!(
        (file.rows_in, file.rows_used),
        (cases.len() as u64, cases.len() as u64 - aside)
    );
    assert_eq!(file.set_aside.values().sum::<u64>(), aside);
    assert_eq!(file.set_aside[&SetAside::NoEndDate], 4);
    assert_eq!(file.known_by_association, 2);
}

#[test]
fn ragged_rows_are_counted_and_named() {
    // Section 7: none may "lose a row without its being counted and named".
    let text = "LA Code,LA Person Unique Identifier,Client Type,Event Type,Event Start Date,Event End Date,Event Outcome\n\
                ZZ1,P1,Service user,Request,2024-05-01,2024-05-02\n\
                ZZ1,P2,Service user,Request,2024-05-01,2024-05-02,,,\n\
                ZZ1,P3,Service user,Request,2024-05-01,2024-05-02,,,more\n\
                ZZ1,P4\n";
    let joined = joined_bytes(&[text.into()], "");
    let file = &joined.files[0];
    assert_eq!((file.rows_in, file.rows_used, file.short_rows), (4, 2, 2));
    assert_eq!(file.set_aside[&SetAside::WrongNumberOfFields], 1);
    assert_eq!(file.set_aside[&SetAside::NoClientType], 1);
}

#[test]
fn a_service_without_an_end_is_open() {
    let e = only(service("P1", "2024-05-01", ""));
    assert_eq!(e.end, Day::OPEN);
    assert!(!e.has_ended());
    // A carer's support belongs to carers; a service of a service user is one of four long-term types.
    assert!(e.is_long_term());
    assert!(
        !only(service("P1", "2024-05-01", "").service_type("Short term support: ST-Max"))
            .is_long_term()
    );
}
