//! What a fall has come to, worked by hand. The weekly difference is that of the definition of a fall:
//! the support before less what runs after, at the prices before; a direct payment at its own rate.

use candour_record::{NoSum, Restitution, Timelines, restitution};
use candour_returns::Joined;

use crate::made::*;

/// As of 31 March 2025; support from 1 January 2023. Ten hours at £20, £200 a week, until 9 June 2024.
fn before() -> Row {
    service("P1", "2023-01-01", "2024-06-09").cost("20", "Hourly", "10")
}

fn hours(start: &str, end: &str, price: &str, units: &str) -> Row {
    service("P1", start, end).cost(price, "Hourly", units)
}

fn each(joined: &Joined) -> Vec<Result<Restitution, NoSum>> {
    let timelines = Timelines::new(&joined.record);
    let timeline = timelines.of(person(joined, "P1"));
    timeline
        .falls
        .iter()
        .map(|fall| restitution(&joined.record, &timeline, fall))
        .collect()
}

fn of(rows: Vec<Row>) -> Result<Restitution, NoSum> {
    let joined = two_years(rows);
    assert_eq!(joined.record.as_of.to_string(), "2025-03-31");
    let all = each(&joined);
    assert_eq!(all.len(), 1, "{all:?}");
    all[0]
}

/// (days, pence) low, central and high.
fn owing(r: Restitution) -> [(i64, i64); 3] {
    [r.low, r.central, r.high].map(|o| (o.days, o.pence))
}

#[test]
fn the_weekly_difference_times_the_weeks_to_as_of() {
    // 10 June 2024 to 31 March 2025, both counted, is 295 days. Ten hours to six at £20: £80 a week.
    // 80 * 295 / 7 = £3,371.43.
    let r = of(vec![before(), hours("2024-06-10", "", "20", "6")]).unwrap();
    assert_eq!(r.weekly_pence, 8_000);
    assert_eq!(owing(r), [(295, 337_143); 3]);
}

#[test]
fn at_the_prices_before_whatever_the_price_is_after() {
    // The hour costs £30 now: six hours cost £180, but four hours of £20 are missing.
    let dearer = of(vec![before(), hours("2024-06-10", "", "30", "6")]).unwrap();
    let cheaper = of(vec![before(), hours("2024-06-10", "", "5", "6")]).unwrap();
    assert_eq!(dearer.weekly_pence, 8_000);
    assert_eq!(dearer, cheaper);
}

#[test]
fn a_direct_payment_at_the_rate_before() {
    // £300 a week to £240: £60 a week, 295 days: 60 * 295 / 7 = £2,528.57.
    let r = of(vec![
        payment("P1", "2023-01-01", "2024-06-09", "300"),
        payment("P1", "2024-06-10", "", "240"),
    ])
    .unwrap();
    assert_eq!(r.weekly_pence, 6_000);
    assert_eq!(r.central.pence, 252_857);
}

#[test]
fn everything_withdrawn_until_the_person_died() {
    // From 10 June to the death on 30 June 2024, 21 days: three weeks of £200.
    let gone = |row: Row| row.with("Date of Death", "2024-06-30");
    let rows = vec![before(), hours("2023-01-01", "2024-06-09", "20", "1")];
    let all = each(&two_years(rows.into_iter().map(gone).collect()));
    // Eleven hours at £20.
    assert_eq!(owing(all[0].unwrap()), [(21, 66_000); 3]);
}

#[test]
fn until_support_was_restored() {
    // Six hours from 10 June; nine and a half from 1 July, which is 95% and no fall: 21 days at £80 a week
    // is £240. The half hour still missing, £10 a week from 1 July to 31 March, 274 days, counts in the
    // high only: 240 + 10 * 274 / 7 = £631.43.
    let r = of(vec![
        before(),
        hours("2024-06-10", "2024-06-30", "20", "6"),
        hours("2024-07-01", "", "20", "9.5"),
    ])
    .unwrap();
    assert_eq!(owing(r), [(21, 24_000), (21, 24_000), (295, 63_143)]);
}

#[test]
fn the_low_ends_when_somebody_looked_again() {
    // A care review ended on 8 July 2024: 10 June to 7 July is 28 days, four weeks of £80.
    let r = of(vec![
        before(),
        hours("2024-06-10", "", "20", "6"),
        review("P1", "2024-07-01", "2024-07-08"),
    ])
    .unwrap();
    assert_eq!(owing(r), [(28, 32_000), (295, 337_143), (295, 337_143)]);
}

#[test]
fn days_in_hospital_do_not_count() {
    // Six hours from 10 June to 30 June (21 days), in hospital from 1 to 28 July, six hours again from 29 July:
    // 295 - 28 = 267 days. 80 * 267 / 7 = £3,051.43.
    let r = of(vec![
        before(),
        hours("2024-06-10", "2024-06-30", "20", "6").outcome("Admitted to hospital"),
        hours("2024-07-29", "", "20", "6"),
    ])
    .unwrap();
    assert_eq!(r.central.days, 267);
    assert_eq!(r.central.pence, 305_143);
}

#[test]
fn two_falls_of_one_person_add_up_and_nothing_is_counted_twice() {
    // Ten hours to six on 10 June, six to three on 2 September 2024 (84 days later; 211 days are left).
    // First: £80 a week for 295 days. Second: £60 a week for 211 days: 60 * 211 / 7 = £1,808.57.
    let joined = two_years(vec![
        before(),
        hours("2024-06-10", "2024-09-01", "20", "6"),
        hours("2024-09-02", "", "20", "3"),
    ]);
    let all: Vec<[(i64, i64); 3]> = each(&joined)
        .into_iter()
        .map(|r| owing(r.unwrap()))
        .collect();
    assert_eq!(all, [[(295, 337_143); 3], [(211, 180_857); 3]]);
}

#[test]
fn no_sum_is_given_where_a_cost_is_missing() {
    // Hours without a price: the units show a fall, but not what it came to.
    assert_eq!(
        of(vec![
            hours("2023-01-01", "2024-06-09", "", "10"),
            hours("2024-06-10", "", "", "6"),
        ]),
        Err(NoSum::CostNotRecorded)
    );
}

#[test]
fn a_move_to_a_care_home_ends_the_counting() {
    // Six hours from 10 June; on 1 July a care home for £150 a week: less money, perhaps more support.
    let r = of(vec![
        before(),
        hours("2024-06-10", "2024-06-30", "20", "6"),
        service("P1", "2024-07-01", "")
            .service_type("Long Term Support: Residential Care")
            .cost("150", "Weekly", ""),
    ])
    .map(owing);
    assert_eq!(r, Ok([(21, 24_000); 3]));
}
