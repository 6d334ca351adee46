//! Who is who, what they are called, when they were born and died.

use candour_record::codes::EventType;
use candour_returns::Column;

use crate::made::*;

const A: &str = "9434765919";
const B: &str = "9434765870";

fn names(joined: &candour_returns::Joined) -> Vec<&str> {
    joined
        .record
        .people
        .iter()
        .map(|p| p.name.as_str())
        .collect()
}

#[test]
fn nhs_numbers_spread_over_rows_that_share_a_council_id() {
    // "NHS number, first spread over all usable rows loaded that share an LA person id; else LA person id."
    let joined = two_years(vec![
        request("P1", "2024-05-01", "2024-05-02", "").nhs(A),
        request("P1", "2024-06-01", "2024-06-02", ""),
        request("P2", "2024-07-01", "2024-07-02", "").nhs("943 476 5919"),
        request("P3", "2024-07-01", "2024-07-02", ""),
    ]);
    // "Printed name: the person's smallest LA person id as text."
    assert_eq!(names(&joined), ["P1", "P3"]);
    assert_eq!(events(&joined, "P1").len(), 3);
}

#[test]
fn a_row_that_is_set_aside_spreads_nothing() {
    // "spread over all usable rows": the only row with the number is not usable.
    let joined = two_years(vec![
        request("P1", "2024-05-01", "", "").nhs(A),
        request("P1", "2024-06-01", "2024-06-02", ""),
        request("P2", "2024-06-01", "2024-06-02", "").nhs(A),
    ]);
    assert_eq!(names(&joined), ["P1", "P2"]);
}

#[test]
fn the_smallest_id_is_smallest_as_text() {
    let joined = two_years(vec![
        request("9", "2024-05-01", "2024-05-02", "").nhs(A),
        request("10", "2024-06-01", "2024-06-02", "").nhs(A),
    ]);
    assert_eq!(names(&joined), ["10"]);
}

#[test]
fn of_several_nhs_numbers_blank_rows_take_the_smallest_and_it_is_reported() {
    // "an LA id with several NHS numbers: blank rows take the smallest, and it is reported"
    let joined = two_years(vec![
        request("P1", "2024-05-01", "2024-05-02", "").nhs(A),
        request("P1", "2024-06-01", "2024-06-02", "").nhs(B),
        request("P1", "2024-07-01", "2024-07-02", ""),
        request("P1", "2024-08-01", "2024-08-02", ""),
    ]);
    // "unless another person has it too: then the NHS number."
    assert_eq!(names(&joined), [B, A]);
    assert_eq!((events(&joined, A).len(), events(&joined, B).len()), (1, 3));
    let problem = joined
        .quality
        .problems()
        .find(|p| p.check == 81 && p.column == Some(Column::NhsNumber));
    assert_eq!(problem.map(|p| p.rows), Some(1));
}

#[test]
fn a_shared_id_prints_the_nhs_number_even_where_there_is_another_id() {
    // The smallest id "unless another person has it too": not the next smallest.
    let joined = two_years(vec![
        request("P1", "2024-05-01", "2024-05-02", "").nhs(A),
        request("P2", "2024-05-03", "2024-05-04", "").nhs(A),
        request("P1", "2024-06-01", "2024-06-02", "").nhs(B),
    ]);
    assert_eq!(names(&joined), [B, A]);
}

#[test]
fn a_linked_id_that_two_persons_have_means_both() {
    // Section 2: "A linked id that two persons have means both."
    let carer = |id: &str| {
        Row::new("C1", "Unpaid carer", "Request", "2024-05-01", "2024-05-02")
            .with("Adult 1 Linked Person_ID", id)
    };
    let joined = two_years(vec![
        request("P1", "2024-05-01", "2024-05-02", "").nhs(A),
        request("P1", "2024-06-01", "2024-06-02", "").nhs(B),
        carer("P1"),
        carer("P9").with("Event Start Date", "2024-04-01"),
        Row::new("C2", "Unpaid carer known by association", "", "", "")
            .with("Adult 3 Linked Person_ID", "P1"),
    ]);
    let carer = person(&joined, "C1");
    let (a, b) = (person(&joined, A), person(&joined, B));
    assert_eq!(
        joined.record.people[carer as usize].cares_for,
        [b.min(a), a.max(b)]
    );
    for adult in [a, b] {
        assert_eq!(joined.record.people[adult as usize].carers.len(), 2);
    }
    // An id that nobody has is reported: P9 is no person here.
    assert!(
        joined
            .quality
            .problems()
            .any(|p| p.check == 76 && p.column == Some(Column::Linked1))
    );
}

#[test]
fn services_end_at_death_and_other_events_stay() {
    // "the earliest Date of Death of the person's rows that is not after as-of. Services end at death at the
    // latest; those that start later are ignored; other events stay."
    let joined = two_years(vec![
        service("P1", "2024-01-01", "").with("Date of Death", "01/07/2024"),
        service("P1", "2024-02-01", "2024-09-01").with("Date of Death", "01/06/2024"),
        service("P1", "2024-06-02", ""),
        service("P1", "2024-03-01", "2024-04-01"),
        service("P1", "2024-06-01", ""),
        review("P1", "2024-08-01", "2024-08-02").with("Date of Death", "01/05/2025"),
    ]);
    let p = &joined.record.people[0];
    assert_eq!(p.death, Some(day("2024-06-01")));
    assert_eq!(
        dates(&joined, "P1"),
        [
            (EventType::Service, "2024-01-01".into(), "2024-06-01".into()),
            (EventType::Service, "2024-02-01".into(), "2024-06-01".into()),
            (EventType::Service, "2024-03-01".into(), "2024-04-01".into()),
            (EventType::Service, "2024-06-01".into(), "2024-06-01".into()),
            (EventType::Review, "2024-08-01".into(), "2024-08-02".into()),
        ]
    );
    assert_eq!(joined.accounts.after_death, 1);
}

#[test]
fn a_death_after_as_of_has_not_happened() {
    let joined = two_years(vec![
        service("P1", "2024-01-01", "").with("Date of Death", "01/04/2025"),
    ]);
    assert_eq!(joined.record.people[0].death, None);
    assert_eq!(dates(&joined, "P1")[0].2, "open");
}

#[test]
fn a_birth_that_makes_somebody_over_115_is_not_believed() {
    // "Birth: the earliest that does not make the person over 115; none: age unknown, treated as adult."
    let joined = two_years(vec![
        request("P1", "2024-05-01", "2024-05-02", "").with("Date of Birth", "01/01/1900"),
        request("P1", "2024-06-01", "2024-06-02", "").with("Date of Birth", "31/12/1950"),
        request("P1", "2024-07-01", "2024-07-02", "").with("Date of Birth", "01/01/1960"),
        request("P2", "2024-05-01", "2024-05-02", "").with("Date of Birth", "01/01/1900"),
        // 116 on the day after as-of (2025-03-31): 115 still.
        request("P3", "2024-05-01", "2024-05-02", "").with("Date of Birth", "01/04/1909"),
        request("P4", "2024-05-01", "2024-05-02", "").with("Date of Birth", "31/03/1909"),
    ]);
    let birth = |name: &str| joined.record.people[person(&joined, name) as usize].birth;
    assert_eq!(birth("P1"), Some(day("1950-12-31")));
    assert_eq!(birth("P2"), None);
    assert_eq!(birth("P3"), Some(day("1909-04-01")));
    assert_eq!(birth("P4"), None);
    let p2 = &joined.record.people[person(&joined, "P2") as usize];
    assert!(p2.is_adult_on(day("2024-05-01"), 18));
}
