//! Falls in support, rule by rule.

use candour_record::{FallKind, Timelines};
use candour_returns::Joined;

use crate::facts;
use crate::made::*;

/// Day, kind and "payment rate only" of each of a person's falls.
fn falls(joined: &Joined, who: &str) -> Vec<(String, &'static str)> {
    Timelines::new(&joined.record)
        .of(person(joined, who))
        .falls
        .iter()
        .map(|f| (f.day.to_string(), f.kind.name()))
        .collect()
}

/// The falls of P1 whose rows are these.
fn falls_of(rows: Vec<Row>) -> Vec<(String, &'static str)> {
    falls(&two_years(rows), "P1")
}

fn hours(start: &str, end: &str, price: &str, units: &str) -> Row {
    service("P1", start, end).cost(price, "Hourly", units)
}

/// A weekly sum for one component: a group of its own.
fn weekly(component: &str, start: &str, end: &str, sum: &str) -> Row {
    service("P1", start, end)
        .component(component)
        .cost(sum, "Weekly", "")
}

/// What runs to 9 June 2024, and what runs from the day after.
fn change(before: Vec<Row>, after: Vec<Row>) -> Vec<(String, &'static str)> {
    let end = before.into_iter().map(|r| {
        r.with("Event Start Date", "2023-01-01")
            .with("Event End Date", "2024-06-09")
    });
    let start = after.into_iter().map(|r| {
        r.with("Event Start Date", "2024-06-10")
            .with("Event End Date", "")
    });
    falls_of(end.chain(start).collect())
}

fn hourly(price: &str, units: &str) -> Row {
    hours("", "", price, units)
}

fn each_week(component: &str, sum: &str) -> Row {
    weekly(component, "", "", sum)
}

const DAY: &str = "2024-06-10";

fn one(kind: &'static str) -> Vec<(String, &'static str)> {
    vec![(DAY.to_owned(), kind)]
}

fn none() -> Vec<(String, &'static str)> {
    Vec::new()
}

// 1. "At constant prices."

#[test]
fn support_at_90_per_cent_of_before_is_a_fall() {
    // "It is a fall when after is 90% of before or less." Ten hours to nine: 10% less; to 9.01: 9.9% less.
    assert_eq!(
        change(vec![hourly("20", "10")], vec![hourly("20", "9")]),
        one("reduced")
    );
    assert_eq!(
        change(vec![hourly("20", "10")], vec![hourly("20", "9.01")]),
        none()
    );
    assert_eq!(
        change(vec![hourly("20.01", "7.5")], vec![hourly("20.01", "6.75")]),
        one("reduced")
    );
}

#[test]
fn neither_a_price_rise_nor_a_price_cut_hides_or_makes_a_fall() {
    // "a group (service type, component, frequency) that is on both sides is priced at its before unit cost"
    assert_eq!(
        change(vec![hourly("20", "10")], vec![hourly("10", "10")]),
        none()
    );
    assert_eq!(
        change(vec![hourly("20", "10")], vec![hourly("40", "9")]),
        one("reduced")
    );
    // The cost after is not needed where the group is on both sides: only its units are.
    assert_eq!(
        change(vec![hourly("20", "10")], vec![hourly("", "9")]),
        one("reduced")
    );
    // A weekly row is one unit: its price alone is no fall, but one row instead of two is.
    assert_eq!(
        change(
            vec![each_week("Day support", "100")],
            vec![each_week("Day support", "50")]
        ),
        none()
    );
    assert_eq!(
        change(
            vec![
                each_week("Day support", "100"),
                each_week("Day support", "101")
            ],
            vec![each_week("Day support", "200")]
        ),
        one("reduced")
    );
}

#[test]
fn the_before_price_is_the_mean_weighted_by_units() {
    // £10 × 6 + £30 × 2 = £120 for 8 units: £15. 90% of 120 is 108, which is 7.2 units.
    let before = || vec![hourly("10", "6"), hourly("30", "2")];
    assert_eq!(change(before(), vec![hourly("30", "7.2")]), one("reduced"));
    assert_eq!(change(before(), vec![hourly("30", "7.3")]), none());
}

#[test]
fn a_group_on_one_side_only_has_its_own_price() {
    assert_eq!(
        change(
            vec![hourly("20", "10")],
            vec![each_week("Day support", "180")]
        ),
        one("reduced")
    );
    assert_eq!(
        change(
            vec![hourly("20", "10")],
            vec![each_week("Day support", "181")]
        ),
        none()
    );
    // Another frequency is another group.
    assert_eq!(
        change(
            vec![hourly("20", "10")],
            vec![hourly("20", "9").with("Cost Frequency (Unit Type)", "Per session")]
        ),
        one("reduced")
    );
}

#[test]
fn costs_a_week_are_the_published_ones() {
    // "weekly 1, fortnightly 1/2, 4-weekly 1/4, monthly 12/52, quarterly 4/52, annual 1/52, else planned
    // units": each of these is £100 a week, and planned units beside them do not count.
    for (sum, frequency) in [
        ("200", "Fortnightly"),
        ("400", "4-weekly"),
        ("433.33", "Monthly"),
        ("1300", "Quarterly"),
        ("5200", "Annually"),
    ] {
        let before = || {
            vec![
                service("P1", "", "")
                    .component("Meals")
                    .cost(sum, frequency, "7"),
            ]
        };
        assert_eq!(
            change(before(), vec![each_week("Day support", "89.99")]),
            one("reduced"),
            "{frequency}"
        );
        assert_eq!(
            change(before(), vec![each_week("Day support", "90.01")]),
            none(),
            "{frequency}"
        );
    }
    // "negatives made positive": absolute values.
    assert_eq!(
        change(
            vec![hourly("-20", "10")],
            vec![each_week("Day support", "190")]
        ),
        none()
    );
}

#[test]
fn one_off_equipment_and_short_term_rows_count_nothing() {
    let one_off = || {
        service("P1", "", "")
            .component("Other long term support")
            .cost("500", "One-off", "1")
    };
    let equipment = || each_week("Equipment", "500");
    let short = || each_week("Reablement", "500").service_type("Short term support: ST-Max");
    for nothing in [one_off, equipment] {
        assert_eq!(
            change(
                vec![hourly("20", "10"), nothing()],
                vec![hourly("20", "10")]
            ),
            none()
        );
        assert_eq!(
            change(vec![hourly("20", "10")], vec![hourly("20", "9"), nothing()]),
            one("reduced")
        );
        // "(Where before is 0, no fall.)"
        assert_eq!(change(vec![nothing()], vec![]), none());
    }
    assert_eq!(
        change(vec![hourly("20", "10"), short()], vec![hourly("20", "10")]),
        none()
    );
    assert_eq!(
        change(vec![hourly("20", "10")], vec![short()]),
        one("withdrawn")
    );
}

#[test]
fn a_direct_payment_keeps_its_own_price() {
    // "A direct-payment row keeps its own price: there the price is the budget."
    let pay = |sum: &str| payment("P1", "", "", sum);
    assert_eq!(change(vec![pay("200")], vec![pay("180")]), one("reduced"));
    assert_eq!(change(vec![pay("200")], vec![pay("181")]), none());
}

// 2. "Where a cost that step 1 needs is unknown."

#[test]
fn a_blank_frequency_is_an_unknown_cost() {
    let blank = |units: &str| hourly("20", units).with("Cost Frequency (Unit Type)", "");
    assert_eq!(change(vec![blank("10")], vec![blank("9")]), one("reduced"));
    assert_eq!(change(vec![blank("10")], vec![blank("9.01")]), none());
    assert_eq!(
        change(vec![blank("10")], vec![hourly("1", "1")]),
        one("size_unknown")
    );
}

#[test]
fn without_costs_groups_are_compared_by_units() {
    let home = |units: &str| hourly("", units);
    let day_care = |units: &str| hourly("", units).component("Day support");
    // "if both sides hold the same groups and all rows have units, a fall when some group has 10% fewer units
    // and none has more"
    assert_eq!(
        change(
            vec![home("10"), day_care("5")],
            vec![home("9"), day_care("5")]
        ),
        one("reduced")
    );
    assert_eq!(
        change(
            vec![home("10"), day_care("5")],
            vec![home("9.01"), day_care("4.51")]
        ),
        none()
    );
    // "and not a fall when every group keeps more than 90%"
    assert_eq!(
        change(
            vec![home("10"), day_care("5")],
            vec![home("9.5"), day_care("6")]
        ),
        none()
    );
    // "otherwise … the size is unknown": one fell, one rose; other groups; no units.
    assert_eq!(
        change(
            vec![home("10"), day_care("5")],
            vec![home("8"), day_care("6")]
        ),
        one("size_unknown")
    );
    assert_eq!(
        change(vec![home("10")], vec![day_care("10")]),
        one("size_unknown")
    );
    assert_eq!(
        change(vec![home("10")], vec![home("10"), day_care("5")]),
        one("size_unknown")
    );
    assert_eq!(
        change(vec![home("10")], vec![home("")]),
        one("size_unknown")
    );
    // Units of a group are those of all its rows.
    assert_eq!(change(vec![home("6"), home("4")], vec![home("10")]), none());
}

#[test]
fn without_costs_nothing_fell_while_every_row_goes_on() {
    // "not a fall when every row of before is active after": another row starts, its cost unknown.
    let rows = vec![
        hours("2023-01-01", "", "", "10"),
        hours("2024-06-10", "", "", "3").component("Day support"),
    ];
    assert_eq!(falls_of(rows), none());
}

#[test]
fn a_direct_payment_on_one_side_only_leaves_the_size_unknown() {
    // "or where a direct-payment row is on one side only, the size is unknown"
    let home = |units: &str| hourly("", units);
    assert_eq!(
        change(
            vec![home("10"), payment("P1", "", "", "100")],
            vec![home("10")]
        ),
        one("size_unknown")
    );
    assert_eq!(
        change(
            vec![home("10")],
            vec![home("8"), payment("P1", "", "", "100")]
        ),
        one("size_unknown")
    );
    // The same row of a payment is on both sides: the units of the rest decide.
    let rows = vec![
        payment("P1", "2023-01-01", "", "100"),
        hours("2023-01-01", "2024-06-09", "", "10"),
        hours("2024-06-10", "", "", "8"),
    ];
    assert_eq!(falls_of(rows), one("reduced"));
}

// 3. "No long-term row active after: withdrawn".

#[test]
fn a_fall_to_nothing_is_a_withdrawal_whatever_it_cost() {
    assert_eq!(change(vec![hourly("20", "10")], vec![]), one("withdrawn"));
    assert_eq!(change(vec![hourly("", "")], vec![]), one("withdrawn"));
    assert_eq!(
        change(vec![payment("P1", "", "", "100")], vec![]),
        one("withdrawn")
    );
}

#[test]
fn support_back_within_a_fortnight_was_never_away() {
    // "before (rows active on D − 1) with after (rows active on D + 14)". Ended on 9 June: D is 10 June.
    let back = |start: &str| {
        falls_of(vec![
            hours("2023-01-01", "2024-06-09", "20", "10"),
            hours(start, "", "20", "10"),
        ])
    };
    assert_eq!(back("2024-06-24"), none());
    assert_eq!(back("2024-06-25"), one("withdrawn"));
}

#[test]
fn days_before_coverage_or_too_near_as_of_are_not_considered() {
    // "a day before service coverage begins, or for which D + 14 is after as-of, is not considered"
    let ended = |end: &str| falls_of(vec![hours("2020-01-01", end, "20", "10")]);
    assert!(ended("2023-03-30").is_empty());
    assert_eq!(
        ended("2023-03-31"),
        [("2023-04-01".to_owned(), "withdrawn")]
    );
    // As-of is 31 March 2025, so the last D is 17 March.
    assert_eq!(
        ended("2025-03-16"),
        [("2025-03-17".to_owned(), "withdrawn")]
    );
    assert!(ended("2025-03-17").is_empty());
}

// "Setting changed"

#[test]
fn a_move_to_another_setting_for_less_is_a_change_of_setting() {
    // "a fall by 1 or 2 in which one of community, residential, nursing is gone and another is new"
    let home = |sum: &str| {
        each_week("Long term residential care", sum)
            .service_type("Long term support: Residential care")
    };
    assert_eq!(
        change(vec![hourly("20", "50")], vec![home("900")]),
        one("setting_changed")
    );
    assert_eq!(change(vec![hourly("20", "50")], vec![home("901")]), none());
    // Gone but nothing new; new but nothing gone; prison is not one of the three.
    assert_eq!(
        change(vec![hourly("20", "10"), home("800")], vec![home("800")]),
        one("reduced")
    );
    assert_eq!(
        change(
            vec![hourly("20", "100")],
            vec![hourly("20", "10"), home("800")]
        ),
        one("reduced")
    );
    let prison =
        each_week("Other long term support", "100").service_type("Long term support: Prison");
    assert_eq!(
        change(vec![hourly("20", "50")], vec![prison]),
        one("reduced")
    );
    // Not a fall "by 1 or 2": the size is not known.
    assert_eq!(
        change(vec![hourly("", "50")], vec![home("900")]),
        one("size_unknown")
    );
}

// "A rise that goes back"

/// £200 a week throughout, £100 more from 1 January 2024 until the day before `back`.
fn risen(back: i64) -> Vec<Row> {
    let rise = day("2024-01-01");
    vec![
        weekly("Meals", "2023-01-01", "", "200"),
        weekly(
            "Day support",
            "2024-01-01",
            &rise.plus(back - 1).to_string(),
            "100",
        ),
    ]
}

#[test]
fn a_rise_that_goes_back_within_84_days_is_no_fall() {
    // "where support rose … fewer than 84 days before D": the rise on 1 January, D 83 or 84 days later.
    assert_eq!(falls_of(risen(83)), none());
    assert_eq!(falls_of(risen(84)), [("2024-03-25".to_owned(), "reduced")]);
}

#[test]
fn a_rise_that_goes_back_too_far_is_a_fall() {
    // "and after is not a fall against the day before the rise": £150 after £200 is.
    let mut rows = risen(40);
    rows[0] = weekly("Meals", "2023-01-01", "2024-02-09", "200");
    rows.push(weekly("Transport", "2024-02-10", "", "150"));
    assert_eq!(falls_of(rows), [("2024-02-10".to_owned(), "reduced")]);
}

#[test]
fn a_beginning_is_no_rise() {
    // "(from some support, so that going back would be a fall)": support that began and ended is withdrawn.
    let rows = vec![weekly("Meals", "2024-01-01", "2024-02-09", "200")];
    assert_eq!(falls_of(rows), [("2024-02-10".to_owned(), "withdrawn")]);
    // And what went up from nothing costing anything began then, too.
    let rows = vec![
        weekly("Equipment", "2023-01-01", "", "5"),
        weekly("Meals", "2024-01-01", "2024-02-09", "200"),
    ];
    assert_eq!(falls_of(rows), [("2024-02-10".to_owned(), "reduced")]);
}

// "Hospital"

const HOSPITAL: &str = "Admitted to hospital";

/// £200 a week that stops on 9 June 2024 for hospital, and resumes so many days after that at another sum.
fn admitted(resumed_after: i64, sum: &str) -> Vec<Row> {
    let resumed = day("2024-06-09").plus(resumed_after).to_string();
    vec![
        weekly("Meals", "2023-01-01", "2024-06-09", "200").outcome(HOSPITAL),
        weekly("Day support", &resumed, "", sum),
    ]
}

#[test]
fn support_that_resumes_after_hospital_is_compared_across_the_break() {
    // "If support resumes no more than 92 days after E: before is E, after is 14 days after it resumed, and
    // the fall is dated at the resumption"
    assert_eq!(falls_of(admitted(60, "200")), none());
    assert_eq!(falls_of(admitted(60, "181")), none());
    assert_eq!(
        falls_of(admitted(60, "180")),
        [("2024-08-08".to_owned(), "reduced")]
    );
    assert_eq!(
        falls_of(admitted(92, "180")),
        [("2024-09-09".to_owned(), "reduced")]
    );
}

#[test]
fn support_that_does_not_resume_is_withdrawn_and_cannot_be_told() {
    // "if not, it is withdrawn, cannot_tell, hospital, dated E + 1"
    assert_eq!(falls_of(admitted(93, "200")), one("hospital"));
    let joined = two_years(admitted(93, "200"));
    let timelines = Timelines::new(&joined.record);
    assert_eq!(timelines.of(0).falls[0].kind, FallKind::Hospital);
}

#[test]
fn any_of_the_last_rows_makes_it_a_stop_for_hospital_and_a_row_that_goes_on_unmakes_it() {
    // "a stop of all long-term rows, any of the last rows' outcome being admitted to hospital"
    let two = |other_end: &str| {
        vec![
            weekly("Meals", "2023-01-01", "2024-06-09", "200").outcome(HOSPITAL),
            weekly("Transport", "2023-01-01", other_end, "20")
                .outcome("NFA: Support ended as planned"),
            weekly("Day support", "2024-08-08", "", "220"),
        ]
    };
    assert_eq!(falls_of(two("2024-06-09")), none());
    // The other row stops a day later, not for hospital: two ordinary falls, merged, to nothing.
    assert_eq!(falls_of(two("2024-06-10")), one("withdrawn"));
}

#[test]
fn a_change_whose_after_lies_in_the_break_is_measured_past_it() {
    // "(also for every D whose D + 14 lies in the break …)": meals end on 1 June, hospital from 10 June.
    let rows = |later: &str| {
        vec![
            weekly("Meals", "2023-01-01", "2024-06-01", "100"),
            weekly("Transport", "2023-01-01", "2024-06-09", "100").outcome(HOSPITAL),
            weekly("Day support", "2024-08-08", "", later),
        ]
    };
    assert_eq!(falls_of(rows("200")), none());
    assert_eq!(
        falls_of(rows("150")),
        [("2024-06-02".to_owned(), "reduced")]
    );
}

#[test]
fn a_break_that_is_measured_after_as_of_is_not_considered() {
    // "where that day is after as-of, D is not considered": resumed on 18 March 2025, 14 days on is 1 April.
    let rows = |resumed: &str| {
        vec![
            weekly("Meals", "2023-01-01", "2025-02-01", "200").outcome(HOSPITAL),
            weekly("Day support", resumed, "", "100"),
        ]
    };
    assert_eq!(
        falls_of(rows("2025-03-17")),
        [("2025-03-17".to_owned(), "reduced")]
    );
    assert_eq!(falls_of(rows("2025-03-18")), none());
}

#[test]
fn a_rise_before_hospital_is_looked_for_before_the_break() {
    // "(hospital: before E + 1)": risen 40 days before the break, back to the old sum after it.
    let rows = |risen: &str| {
        vec![
            weekly("Meals", "2023-01-01", "2024-06-09", "200").outcome(HOSPITAL),
            weekly("Transport", risen, "2024-06-09", "100").outcome(HOSPITAL),
            weekly("Meals", "2024-08-08", "", "200"),
        ]
    };
    // E + 1 is 10 June: 83 days before it is 19 March, 84 is 18 March.
    assert_eq!(falls_of(rows("2024-03-19")), none());
    assert_eq!(
        falls_of(rows("2024-03-18")),
        [("2024-08-08".to_owned(), "reduced")]
    );
}

// "Unknown end"

#[test]
fn a_service_that_vanished_between_returns_did_not_end() {
    // "a day D on whose day before it is active counts it as active after too (later days do not count it)"
    let joined = |earlier: Vec<Row>, later: Vec<Row>| {
        joined_bytes(
            &[
                csv(&stating(earlier, "2023-04-01", "2024-03-31")),
                csv(&stating(later, "2024-04-01", "2025-03-31")),
            ],
            "",
        )
    };
    let vanishing = || weekly("Meals", "2023-06-01", "", "200");
    let other = |start: &str, end: &str, sum: &str| weekly("Transport", start, end, sum);
    // D is 1 April: the vanished row ran on the day before, so it counts after.
    let j = joined(
        vec![vanishing(), other("2023-06-01", "2024-03-31", "100")],
        vec![other("2024-04-01", "", "100")],
    );
    assert!(falls(&j, "P1").is_empty());
    // D is 2 May: the vanished row no longer counts, before or after; half of the rest went.
    let j = joined(
        vec![vanishing(), other("2023-06-01", "", "100")],
        vec![
            other("2023-06-01", "2024-05-01", "100"),
            weekly("Day support", "2024-05-02", "", "50"),
        ],
    );
    assert_eq!(falls(&j, "P1"), [("2024-05-02".to_owned(), "reduced")]);
}

// "Merging"

/// Four sums of £100 a week, of which some end, each on the day before a day of falling.
fn steps(days: &[&str]) -> Vec<Row> {
    ["Meals", "Transport", "Day support", "Shared Lives"]
        .iter()
        .enumerate()
        .map(|(i, component)| {
            let end = days
                .get(i)
                .map(|d| day(d).plus(-1).to_string())
                .unwrap_or_default();
            weekly(component, "2023-01-01", &end, "100")
        })
        .collect()
}

#[test]
fn falls_within_28_days_of_the_first_are_one() {
    // "falls of one person within 28 days of the first are one occasion, dated at the first"
    assert_eq!(
        falls_of(steps(&["2024-06-10", "2024-07-08"])),
        one("reduced")
    );
    assert_eq!(
        falls_of(steps(&["2024-06-10", "2024-07-09"])),
        [
            (DAY.to_owned(), "reduced"),
            ("2024-07-09".to_owned(), "reduced")
        ]
    );
    // Of the first, not of the last: 10 June, 30 June, 20 July.
    assert_eq!(
        falls_of(steps(&["2024-06-10", "2024-06-30", "2024-07-20"])),
        [
            (DAY.to_owned(), "reduced"),
            ("2024-07-20".to_owned(), "reduced")
        ]
    );
    // "its size and kind compare before the first with after the last"
    assert_eq!(
        falls_of(steps(&[
            "2024-06-10",
            "2024-06-20",
            "2024-06-30",
            "2024-07-08"
        ])),
        one("withdrawn")
    );
}

#[test]
fn a_merged_fall_shows_what_ran_before_the_first_and_after_the_last() {
    // "compare before the first with after the last": four sums, of which two go, 10 June and 8 July.
    let joined = two_years(steps(&["2024-06-10", "2024-07-08"]));
    let timelines = Timelines::new(&joined.record);
    let fall = timelines.of(person(&joined, "P1")).falls.remove(0);
    assert_eq!((fall.before.len(), fall.after.len()), (4, 2));
    assert_eq!(fall.after_day, day("2024-07-22"));
}

#[test]
fn it_stays_one_occasion_whatever_the_comparison_shows() {
    // "it stays one occasion whatever that comparison shows (if it shows no fall, of the first's kind)":
    // £200 falls to £150, creeps up in steps too small to be a rise to £218, and falls to £196: in all 2% less.
    let rows = vec![
        weekly("Meals", "2023-01-01", "", "150"),
        weekly("Transport", "2023-01-01", "2024-06-09", "50"),
        weekly("Day support", "2024-06-25", "", "15"),
        weekly("Shared Lives", "2024-06-26", "", "16"),
        weekly("Community supported living", "2024-06-27", "", "15"),
        weekly("Extra care housing", "2024-06-28", "2024-06-29", "22"),
    ];
    assert_eq!(falls_of(rows), one("reduced"));
}

// "Direct-payment rate only"

#[test]
fn a_lower_rate_of_the_same_payments_is_told_apart() {
    // "the same payments, units and frequencies on both sides and nothing else fell"
    let rate_only = |before: Vec<Row>, after: Vec<Row>| {
        let mut rows: Vec<Row> = before
            .into_iter()
            .map(|r| {
                r.with("Event Start Date", "2023-01-01")
                    .with("Event End Date", "2024-06-09")
            })
            .collect();
        rows.extend(
            after
                .into_iter()
                .map(|r| r.with("Event Start Date", DAY).with("Event End Date", "")),
        );
        let joined = two_years(rows);
        let timelines = Timelines::new(&joined.record);
        let timeline = timelines.of(person(&joined, "P1"));
        assert_eq!(timeline.falls.len(), 1);
        timeline.falls[0].direct_payment_rate_only
    };
    let pay = |sum: &str| payment("P1", "", "", sum);
    assert!(rate_only(vec![pay("200")], vec![pay("150")]));
    assert!(rate_only(
        vec![pay("200"), hourly("20", "2")],
        vec![pay("150"), hourly("18", "2")]
    ));
    assert!(rate_only(
        vec![pay("200"), hourly("20", "2")],
        vec![pay("150"), hourly("20", "3")]
    ));
    assert!(!rate_only(
        vec![pay("200"), hourly("20", "2")],
        vec![pay("150"), hourly("20", "1")]
    ));
    assert!(!rate_only(vec![pay("200"), pay("10")], vec![pay("150")]));
    let units = |n: &str| pay("20").cost("20", "Hourly", n);
    assert!(!rate_only(vec![units("10")], vec![units("8")]));
    assert!(!rate_only(
        vec![pay("200")],
        vec![pay("600").with("Cost Frequency (Unit Type)", "4-weekly")]
    ));
    assert!(!rate_only(
        vec![hourly("20", "10")],
        vec![hourly("20", "8")]
    ));
}

// "Mass day"

/// So many people whose support falls on 10 June 2024, and so many in support for whom nothing changes.
fn mass(fallen: usize, others: usize, change: impl Fn(usize, Row) -> Row) -> Joined {
    let mut rows = Vec::new();
    for i in 0..fallen {
        let who = format!("F{i}");
        let row = service(&who, "2022-01-01", "2024-06-09").cost("20", "Hourly", "10");
        rows.push(change(i, row));
        rows.push(service(&who, DAY, "").cost("20", "Hourly", "5"));
    }
    rows.extend(
        (0..others).map(|i| service(&format!("S{i}"), "2022-01-01", "").cost("20", "Hourly", "10")),
    );
    joined_bytes(
        &[csv(&stating(rows, "2023-04-01", "2025-03-31"))],
        "2025-03-31",
    )
}

fn mass_days(joined: &Joined) -> Vec<(String, usize, usize)> {
    Timelines::new(&joined.record)
        .mass_days
        .iter()
        .map(|(day, (people, base))| (day.to_string(), *people, *base))
        .collect()
}

#[test]
fn a_mass_day_needs_twenty_people_and_two_per_cent() {
    // "one on which at least 2%, and at least 20, of the people in long-term spells on the day before have a
    // merged fall of known size"
    let same = |_: usize, row: Row| row;
    assert_eq!(
        mass_days(&mass(20, 980, same)),
        [(DAY.to_owned(), 20, 1000)]
    );
    assert!(mass_days(&mass(20, 981, same)).is_empty());
    assert!(mass_days(&mass(19, 0, same)).is_empty());
    let joined = mass(20, 0, same);
    let found = facts(&joined, "F3", "fall", &["mass_day"], &[]);
    assert_eq!(found, [(DAY.to_owned(), vec!["true".to_owned()])]);
}

#[test]
fn who_counts_towards_a_mass_day() {
    // "(setting changes and withdrawals included, under 18s too) and no not-owed exit"
    let child = |_: usize, row: Row| row.with("Date of Birth", "2010-01-01");
    assert_eq!(mass_days(&mass(20, 0, child)).len(), 1);
    // One of them moved away: nineteen are left. One who declined is still one of them.
    let moved = |i: usize, row: Row| {
        if i == 0 {
            row.outcome("NFA: Responsibility moved to another local authority")
        } else {
            row
        }
    };
    assert!(mass_days(&mass(20, 0, moved)).is_empty());
    let declined = |i: usize, row: Row| {
        if i == 0 {
            row.outcome("NFA: Support declined")
        } else {
            row
        }
    };
    assert_eq!(mass_days(&mass(20, 0, declined)).len(), 1);
    // One fall is of unknown size.
    let unknown = |i: usize, row: Row| {
        if i == 0 {
            row.component("Day support").with("Unit Cost", "")
        } else {
            row
        }
    };
    assert!(mass_days(&mass(20, 0, unknown)).is_empty());
    // One changed setting.
    let moved_home = |i: usize, row: Row| {
        if i == 0 {
            row.service_type("Long term support: Nursing care")
        } else {
            row
        }
    };
    assert_eq!(mass_days(&mass(20, 0, moved_home)).len(), 1);
}

// Facts of a fall.

#[test]
fn an_exit_of_a_fall_is_looked_for_until_its_after_is_taken() {
    // "(… a fall: the day its after is taken)": D + 14 is 24 June.
    for (left, expected) in [
        ("2024-05-12", "none"),
        ("2024-05-13", "moved"),
        ("2024-06-24", "moved"),
        ("2024-06-25", "none"),
    ] {
        let joined = two_years(vec![
            hours("2023-01-01", "2024-06-09", "20", "10"),
            review("P1", "2024-01-01", left)
                .outcome("NFA: Responsibility moved to another local authority"),
        ]);
        let found = facts(&joined, "P1", "fall", &["exit", "fall_kind"], &[]);
        assert_eq!(
            found,
            [(
                DAY.to_owned(),
                vec![expected.to_owned(), "withdrawn".to_owned()]
            )],
            "{left}"
        );
    }
}

#[test]
fn the_90_days_to_a_fall_leave_out_day_90_before() {
    // "'the D days to X' is (X − D, X]": 90 days before 10 June 2024 is 12 March.
    for (ended, expected) in [
        ("2024-03-12", "false"),
        ("2024-03-13", "true"),
        (DAY, "true"),
        ("2024-06-11", "false"),
    ] {
        let joined = two_years(vec![
            hours("2023-01-01", "2024-06-09", "20", "10"),
            review("P1", "2024-01-01", ended),
        ]);
        let found = facts(
            &joined,
            "P1",
            "fall",
            &["review_seen", "reviews_covered"],
            &[("review_days", 90)],
        );
        assert_eq!(found[0].1, [expected, "true"], "{ended}");
    }
    // 182 days before 10 June 2024 is 11 December 2023; of a fall in 2023 the days are not all covered.
    for (ended, expected) in [("2023-12-11", "false"), ("2023-12-12", "true")] {
        let joined = two_years(vec![
            hours("2023-01-01", "2024-06-09", "20", "10"),
            assessment("P1", "2023-10-01", ended, ""),
        ]);
        let found = facts(
            &joined,
            "P1",
            "fall",
            &["reassessed"],
            &[("assessment_days", 182)],
        );
        assert_eq!(found[0].1, [expected], "{ended}");
    }
    let joined = two_years(vec![hours("2023-01-01", "2023-06-09", "20", "10")]);
    let found = facts(
        &joined,
        "P1",
        "fall",
        &["reassessed", "reviews_covered"],
        &[("assessment_days", 182), ("review_days", 90)],
    );
    assert_eq!(found[0].1, ["unknown (outside_coverage)", "false"]);
}

#[test]
fn a_fall_is_not_yet_due_for_28_days() {
    // "a fall is not yet due until 28 days after its day": as-of is 31 March 2025.
    for (ended, expected) in [("2025-03-02", "true"), ("2025-03-03", "false")] {
        let joined = two_years(vec![hours("2023-01-01", ended, "20", "10")]);
        let found = facts(&joined, "P1", "fall", &["time_has_run"], &[]);
        assert_eq!(found[0].1, [expected], "{ended}");
    }
}
