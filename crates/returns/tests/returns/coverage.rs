//! The days of which a return tells.

use candour_record::Interval;

use crate::made::*;

/// Many finished requests of many people, so many to a month (on its 10th).
fn requests(months: &[(&str, usize)]) -> Vec<Row> {
    months
        .iter()
        .flat_map(|(month, n)| {
            (0..*n).map(move |i| {
                request(
                    &format!("{month}-{i}"),
                    &format!("{month}-05"),
                    &format!("{month}-10"),
                    "",
                )
            })
        })
        .collect()
}

fn interval(from: &str, to: &str) -> Interval {
    Interval::new(day(from), day(to))
}

#[test]
fn the_stated_period_is_the_earliest_start_and_the_latest_end_of_the_rows() {
    let mut rows = stating(
        vec![request("P1", "2024-05-01", "2024-05-02", "")],
        "2024-04-01",
        "2024-12-31",
    );
    rows.extend(stating(
        vec![request("P2", "2024-05-01", "2024-05-02", "")],
        "2024-07-01",
        "2025-03-31",
    ));
    let file = read_bytes(csv(&rows)).unwrap();
    assert_eq!(file.stated, interval("2024-04-01", "2025-03-31"));
    assert!(file.period_is_stated);
    // "with fewer than 100 usable rows of all types in the return …, the stated period"
    assert_eq!(file.coverage.request, file.stated);
    assert_eq!(file.coverage.review, file.stated);
}

#[test]
fn months_are_judged_from_a_hundred_rows_on() {
    // 99 usable rows of all types: the stated period; with one more, the good months (10 rows, 20% of the
    // median of 30, 30, 30, 10 = 6). June is missing and bridged; August to October are too many.
    let months = [
        ("2024-04", 30),
        ("2024-05", 30),
        ("2024-07", 30),
        ("2024-11", 9),
    ];
    let rows = stating(requests(&months), "2024-04-15", "2025-03-31");
    assert_eq!(rows.len(), 99);
    let file = read_bytes(csv(&rows)).unwrap();
    assert_eq!(file.coverage.request, interval("2024-04-15", "2025-03-31"));
    let mut rows = rows;
    rows.extend(stating(
        requests(&[("2024-12", 1)]),
        "2024-04-15",
        "2025-03-31",
    ));
    let file = read_bytes(csv(&rows)).unwrap();
    // "cut to the stated period"
    assert_eq!(file.coverage.request, interval("2024-04-15", "2024-07-31"));
    // "or no good month, the stated period": there are no reviews at all.
    assert_eq!(file.coverage.review, interval("2024-04-15", "2025-03-31"));
}

#[test]
fn rows_that_are_no_usable_events_do_not_count() {
    // "from usable rows that are not 'known by association'": 90 rows, 10 set aside, 20 known by association.
    let mut rows = requests(&[("2024-04", 45), ("2024-05", 45)]);
    rows.extend((0..10).map(|i| request(&format!("X{i}"), "2024-05-01", "", "")));
    rows.extend((0..20).map(|i| {
        Row::new(
            &format!("K{i}"),
            "Unpaid carer known by association",
            "Request",
            "2024-05-01",
            "2024-05-02",
        )
    }));
    let file = read_bytes(csv(&stating(rows, "2024-04-01", "2025-03-31"))).unwrap();
    assert_eq!(file.rows_used, 110);
    assert_eq!(file.coverage.request, interval("2024-04-01", "2025-03-31"));
}

#[test]
fn services_count_in_the_month_of_their_end_or_without_one_of_their_start() {
    // "by calendar month of their end (a service with no end: of its start)"
    let mut rows: Vec<Row> = (0..60)
        .map(|i| service(&format!("A{i}"), "2023-01-01", "2024-06-10"))
        .collect();
    rows.extend((0..60).map(|i| service(&format!("B{i}"), "2024-07-10", "")));
    // Started before the period and still open: in no month of it.
    rows.extend((0..60).map(|i| service(&format!("C{i}"), "2023-01-01", "")));
    let file = read_bytes(csv(&stating(rows, "2024-04-01", "2025-03-31"))).unwrap();
    assert_eq!(file.coverage.service, interval("2024-06-01", "2024-07-31"));
}

#[test]
fn bridged_months_count_to_the_length_and_the_latest_of_equals_wins() {
    // "take the longest run of good months (bridged months count to its length), the latest if tied,
    // bridging single missing months". April, June (bridged May): 3. Then September, October: 2.
    let rows = requests(&[
        ("2024-04", 40),
        ("2024-06", 40),
        ("2024-09", 40),
        ("2024-10", 40),
    ]);
    let file = read_bytes(csv(&stating(rows, "2024-04-01", "2025-03-31"))).unwrap();
    assert_eq!(file.coverage.request, interval("2024-04-01", "2024-06-30"));
    // April, June: 3. September to November: 3, and later.
    let rows = requests(&[
        ("2024-04", 40),
        ("2024-06", 40),
        ("2024-09", 40),
        ("2024-10", 40),
        ("2024-11", 40),
    ]);
    let file = read_bytes(csv(&stating(rows, "2024-04-01", "2025-03-31"))).unwrap();
    assert_eq!(file.coverage.request, interval("2024-09-01", "2024-11-30"));
}

#[test]
fn a_month_needs_ten_rows_and_a_fifth_of_the_median() {
    // Median of 100, 100, 20, 19 and 100 is 100; a fifth of it is 20.
    let rows = requests(&[
        ("2024-04", 100),
        ("2024-05", 100),
        ("2024-06", 20),
        ("2024-07", 100),
        ("2024-08", 19),
    ]);
    let file = read_bytes(csv(&stating(rows, "2024-04-01", "2025-03-31"))).unwrap();
    assert_eq!(file.coverage.request, interval("2024-04-01", "2024-07-31"));
    // A median of 9 to 40: ten rows are good, nine are not.
    let rows = requests(&[
        ("2024-04", 40),
        ("2024-05", 40),
        ("2024-06", 10),
        ("2024-07", 10),
        ("2024-08", 9),
    ]);
    let file = read_bytes(csv(&stating(rows, "2024-04-01", "2025-03-31"))).unwrap();
    assert_eq!(file.coverage.request, interval("2024-04-01", "2024-07-31"));
}

/// A tiny return of a stated period with a request on each given day (start and end).
fn tiny(from: &str, to: &str, days: &[&str]) -> String {
    csv(&stating(
        days.iter()
            .map(|d| request(&format!("P{d}"), d, d, ""))
            .collect(),
        from,
        to,
    ))
}

#[test]
fn joined_coverage_runs_back_through_returns_that_touch_or_overlap() {
    // "Joined coverage runs back from the last return through every earlier one that touches or overlaps it
    // (to the day before); a gap ends it." To the day before: ending on 31 March touches 1 April.
    let last = tiny("2024-04-01", "2025-03-31", &["2024-05-01"]);
    let cases = [
        (("2023-04-01", "2024-03-31"), "2023-04-01"),
        (("2023-04-01", "2024-06-30"), "2023-04-01"),
        (("2023-04-01", "2024-03-30"), "2024-04-01"),
    ];
    for ((from, to), expected) in cases {
        let earlier = tiny(from, to, &["2023-05-01"]);
        // In whichever order they are named.
        for files in [[earlier.clone(), last.clone()], [last.clone(), earlier]] {
            let joined = joined_bytes(&files, "");
            assert_eq!(
                joined.record.coverage.request,
                interval(expected, "2025-03-31"),
                "{from} {to}"
            );
            assert_eq!(joined.record.as_of, day("2025-03-31"));
        }
    }
}

#[test]
fn a_gap_ends_joined_coverage_for_good() {
    // The first and second touch, the second and third do not.
    let joined = joined_bytes(
        &[
            tiny("2022-04-01", "2023-03-31", &["2022-05-01"]),
            tiny("2023-04-01", "2024-02-29", &["2023-05-01"]),
            tiny("2024-04-01", "2025-03-31", &["2024-05-01"]),
        ],
        "",
    );
    assert_eq!(
        joined.record.coverage.request,
        interval("2024-04-01", "2025-03-31")
    );
    // Rows outside coverage are still presence, which is always evidence.
    assert_eq!(joined.record.events.len(), 3);
}

#[test]
fn as_of_is_the_earliest_coverage_end_of_requests_assessments_and_services() {
    // Requests are covered to May, services to August; reviews do not count towards as-of.
    let mut rows = requests(&[("2024-04", 60), ("2024-05", 60)]);
    rows.extend((0..60).map(|i| service(&format!("A{i}"), "2023-01-01", "2024-08-10")));
    rows.extend((0..60).map(|i| assessment(&format!("A{i}"), "2024-07-01", "2024-07-10", "")));
    rows.extend((0..60).map(|i| review(&format!("A{i}"), "2024-04-01", "2024-04-10")));
    let text = csv(&stating(rows, "2024-04-01", "2025-03-31"));
    let joined = joined_bytes(std::slice::from_ref(&text), "");
    assert_eq!(joined.record.as_of, day("2024-05-31"));
    // "Coverage is cut to as-of."
    assert_eq!(
        joined.record.coverage.service,
        interval("2024-08-01", "2024-05-31")
    );
    // "where as-of is later than coverage, the days between are outside coverage."
    let joined = joined_bytes(&[text], "2024-12-31");
    assert_eq!(
        joined.record.coverage.request,
        interval("2024-04-01", "2024-05-31")
    );
    assert_eq!(
        joined.record.coverage.service,
        interval("2024-08-01", "2024-08-31")
    );
}
