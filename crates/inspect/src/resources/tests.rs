//! The estimate, worked by hand from counts and the built-in remedies: an assessment takes 1.5 + 4 + 1.5 = 7
//! hours, a plan with its support 4 + 2.5 = 6.5, a care review 4; a post gives 1,551.8 hours, 72.7% on cases;
//! an hour costs £54.

use std::sync::OnceLock;

use candour_law::{Range, Remedies, Rulebook};

use super::*;

const FALLS: usize = 0;
const YEARLY: usize = 1;
const PAYMENTS: usize = 2;

fn remedies() -> Remedies {
    static READ: OnceLock<Remedies> = OnceLock::new();
    READ.get_or_init(|| Rulebook::built_in().unwrap().remedies.unwrap())
        .clone()
}

fn test(duty: &str, test: &str, strength: &str, people: u64, days: Option<f64>) -> CountedTest {
    CountedTest {
        duty: duty.into(),
        test: test.into(),
        strength: strength.into(),
        signals: people,
        people,
        gone: 0,
        days,
    }
}

fn to_do(signals: &[(usize, &[&str])], people: u64) -> ToDo {
    let signals = signals.iter().map(|(test, done)| Open {
        test: *test,
        done: done.iter().map(|d| (*d).to_owned()).collect(),
    });
    ToDo {
        signals: signals.collect(),
        people,
    }
}

fn years(tests: &[usize], people_years: u64) -> Yearly {
    let signals: Vec<(usize, &[&str])> = tests.iter().map(|test| (*test, &[][..])).collect();
    Yearly {
        signals: to_do(&signals, 0).signals,
        people_years,
    }
}

/// Ten people overdue for a care review, four of them for that of a direct payment too, and one with a fall.
/// Two more with a fall, one of whom has been assessed since. Falls come over two years.
fn counted() -> Counted {
    Counted {
        tests: vec![
            test(
                "s27-4-revise-only-on-change",
                "fall_without_review_or_assessment",
                "strong",
                3,
                Some(730.5),
            ),
            test("s27-1a-keep-under-review", "annual", "strong", 10, None),
            test(
                "s33-dp-review-6-then-12-months",
                "each_12_months",
                "strong",
                4,
                None,
            ),
        ],
        to_do: vec![
            to_do(&[(YEARLY, &[])], 5),
            to_do(&[(YEARLY, &[]), (PAYMENTS, &[])], 4),
            to_do(&[(FALLS, &[]), (YEARLY, &[])], 1),
            to_do(&[(FALLS, &[])], 1),
            to_do(&[(FALLS, &["needs_assessment"])], 1),
        ],
        each_year: vec![
            years(&[YEARLY], 5),
            years(&[YEARLY, PAYMENTS], 4),
            years(&[FALLS, YEARLY], 1),
            years(&[FALLS], 2),
        ],
        restitution: vec![CountedRestitution {
            test: FALLS,
            falls: 3,
            no_sum: [("cost_not_recorded".to_owned(), 1)].into(),
            weekly_pence: 24_000,
            low: CountedOwing {
                days: 70,
                pence: 80_000,
            },
            central: CountedOwing {
                days: 700,
                pence: 800_000,
            },
            high: CountedOwing {
                days: 840,
                pence: 900_000,
            },
        }],
        restitution_people: vec![Fallers {
            tests: vec![FALLS],
            people: 2,
        }],
    }
}

fn by_default() -> Estimate {
    estimate(&counted(), &remedies(), &Options::default()).unwrap()
}

fn confirmed(share: f64) -> Options {
    Options {
        confirmed: Some(Range::exactly(share)),
        ..Options::default()
    }
}

#[test]
fn a_person_needs_one_reassessment_however_many_signals_ask_for_it() {
    let e = by_default();
    // Two assessments (the third has been made), three plans; nine care reviews, as one person's is part of
    // an assessment; none for direct payments that the yearly ones are not already.
    let [falls, yearly, payments] = e.tests.as_slice() else {
        panic!("three tests")
    };
    assert_eq!(
        falls.once.pieces,
        [
            ("needs_assessment".to_owned(), 2.0),
            ("plan_and_support".to_owned(), 3.0)
        ]
        .into()
    );
    assert_eq!(yearly.once.pieces, [("care_review".to_owned(), 9.0)].into());
    assert_eq!(payments.once.pieces, [].into());
    assert_eq!(falls.once.hours.central, 33.5, "2 * 7 + 3 * 6.5");
    assert_eq!(yearly.once.hours.central, 36.0, "9 * 4");
    assert_eq!(e.total.once.hours.central, 69.5);
    for t in &e.tests {
        assert_eq!(
            t.people,
            t.gone + t.done_since + t.shared + t.to_do,
            "{t:?}"
        );
    }
    assert_eq!(
        (falls.to_do, yearly.shared, yearly.to_do, payments.shared),
        (3, 1, 9, 4)
    );
}

#[test]
fn what_comes_back_each_year() {
    let e = by_default();
    // Falls: three in two years, one and a half assessments a year: 10.5 hours. Care reviews: nine, 36 hours.
    assert_eq!(
        e.tests[FALLS].each_year.as_ref().unwrap().hours.central,
        10.5
    );
    assert_eq!(
        e.tests[YEARLY].each_year.as_ref().unwrap().hours.central,
        36.0
    );
    let total = &e.total.each_year;
    assert_eq!(total.hours.central, 46.5);
    assert_eq!(total.posts.central, 0.041, "46.5 / (1551.8 * 0.727)");
    assert_eq!(total.pounds.central, 3454.0, "46.5 / 0.727 * 54");
    assert_eq!(
        total.pounds_at_other_costs["with_qualification"], 3902.0,
        "46.5 / 0.727 * 61"
    );
}

#[test]
fn what_was_done_late_is_not_missing_each_year() {
    let mut counted = counted();
    // One of the two falls without an overdue review was followed by an assessment: two in two years are left.
    counted.each_year[3].people_years = 1;
    counted.each_year.push(Yearly {
        signals: to_do(&[(FALLS, &["needs_assessment"])], 0).signals,
        people_years: 1,
    });
    let e = estimate(&counted, &remedies(), &Options::default()).unwrap();
    let falls = e.tests[FALLS].each_year.as_ref().unwrap();
    assert_eq!(falls.hours.central, 7.0, "one assessment a year");
}

#[test]
fn the_share_that_rests_on_placeholders() {
    // Of the 69.5 hours to catch up, talk and writing up are not assumed: 2 * 5.5 = 11. Every post rests on a
    // working year that is; pounds do not.
    let assumed = by_default().total.once.assumed.unwrap();
    assert_eq!(assumed.hours, 0.842, "58.5 / 69.5");
    assert_eq!((assumed.posts, assumed.pounds), (1.0, 0.842));
}

#[test]
fn half_of_the_signals_confirmed_is_not_half_of_the_work() {
    let e = estimate(&counted(), &remedies(), &confirmed(0.5)).unwrap();
    // The four with two signals need a care review unless both fall away: three quarters, half of them counted
    // at the first test. The one with a fall needs a care review where only that is confirmed: a quarter.
    assert_eq!(
        e.tests[YEARLY].once.pieces["care_review"], 4.8,
        "4.5 + 0.25, rounded"
    );
    assert_eq!(e.tests[PAYMENTS].once.pieces["care_review"], 1.0);
    assert_eq!(e.tests[FALLS].once.pieces["needs_assessment"], 1.0);
    assert_eq!(
        e.total.once.hours.central, 39.8,
        "7 + 1.5 * 6.5 + 5.75 * 4, rounded"
    );
    assert_eq!(e.total.restitution.pounds.central, 4_000.0);
    // Counts of people are of signals, whatever is confirmed.
    assert_eq!(e.tests[YEARLY].to_do, 9);
}

#[test]
fn nothing_confirmed_takes_nothing() {
    let e = estimate(&counted(), &remedies(), &confirmed(0.0)).unwrap();
    assert_eq!(e.total.once.hours, Range::exactly(0.0));
    assert_eq!(e.total.once.assumed, None);
    assert_eq!(e.total.once_with_restitution, Range::exactly(0.0));
}

#[test]
fn a_share_with_a_range_widens_the_answer() {
    let of = |share| {
        let options = Options {
            confirmed: Some(share),
            ..Options::default()
        };
        estimate(&counted(), &remedies(), &options)
            .unwrap()
            .total
            .once
            .hours
    };
    let sure = of(Range::exactly(0.5));
    let unsure = of(Range {
        low: 0.2,
        central: 0.5,
        high: 0.8,
    });
    assert_eq!(sure.central, unsure.central);
    assert!(
        unsure.low < sure.low && unsure.high > sure.high,
        "{sure:?} {unsure:?}"
    );
}

#[test]
fn a_share_for_one_test_leaves_the_others() {
    let duty = "s27-1a-keep-under-review".to_owned();
    let options = Options {
        confirmed_of: [((duty, "annual".to_owned()), Range::exactly(0.0))].into(),
        ..Options::default()
    };
    let e = estimate(&counted(), &remedies(), &options).unwrap();
    assert_eq!(e.tests[YEARLY].once.hours.central, 0.0);
    assert_eq!(
        e.tests[PAYMENTS].once.hours.central, 16.0,
        "now it counts its own four"
    );
    assert_eq!(e.tests[FALLS].once.hours.central, 33.5);
}

#[test]
fn ranges_come_of_draws_and_not_of_adding_all_lows() {
    let e = by_default();
    let r = e.total.once.hours;
    // All lows: 2 * (1 + 3 + 0.75) + 3 * (2 + 1.25) + 9 * 2 = 37.25; all highs: 101.75.
    assert!(r.low > 45.0 && r.low < r.central, "{r:?}");
    assert!(r.high < 95.0 && r.high > r.central, "{r:?}");
    assert_eq!(e, by_default(), "the same seed, the same answer");
    // Independent: Python 3.11, numpy 1.26.4, default_rng(1).triangular(low, mode, high, 10**6) for each of the
    // six tasks, summed as above, numpy.percentile(sum, [10, 90]): 58.93 and 80.07. With 2,000 draws to within 1.
    assert!(
        (r.low - 58.93).abs() < 1.0 && (r.high - 80.07).abs() < 1.0,
        "{r:?}"
    );
}

#[test]
fn the_councils_own_price_stands_beside_the_national_one() {
    let options = Options {
        local_costs: [("social_worker".to_owned(), 48.0)].into(),
        ..Options::default()
    };
    let e = estimate(&counted(), &remedies(), &options).unwrap();
    let once = &e.total.once;
    assert_eq!(once.pounds.central, 5_162.0, "69.5 / 0.727 * 54");
    assert_eq!(
        once.pounds_local.unwrap().central,
        4_589.0,
        "69.5 / 0.727 * 48"
    );
}

#[test]
fn restitution_is_what_was_counted() {
    let e = by_default();
    let r = &e.total.restitution;
    assert_eq!((r.falls, r.people, r.weekly_pounds), (3, 2, 240.0));
    assert_eq!(
        (r.weeks.central, r.pounds),
        (
            100.0,
            Range {
                low: 800.0,
                central: 8_000.0,
                high: 9_000.0
            }
        )
    );
    assert_eq!(r.no_sum["cost_not_recorded"], 1);
    assert_eq!(
        e.total.once_with_restitution.central, 13_162.0,
        "5,162 + 8,000"
    );
}

#[test]
fn questions_to_ask_are_told_apart() {
    let mut counted = counted();
    counted.tests[FALLS].strength = "lead".into();
    let e = estimate(&counted, &remedies(), &Options::default()).unwrap();
    // Without the falls, all ten need their care review; with them one has it counted there no more, as an
    // assessment covers it.
    assert_eq!(e.without_questions.once.hours.central, 40.0);
    assert_eq!(e.total.once.hours.central, 69.5);
    assert_eq!(e.without_questions.restitution.pounds, Range::exactly(0.0));
}

#[test]
fn too_short_a_time_for_a_yearly_figure_is_said() {
    let mut counted = counted();
    counted.tests[FALLS].days = None;
    let e = estimate(&counted, &remedies(), &Options::default()).unwrap();
    assert_eq!(e.tests[FALLS].each_year, None);
    let why = e.tests[FALLS].each_year_cannot_tell.as_ref().unwrap();
    assert!(why.starts_with("cannot tell, because"), "{why}");
    assert!(e.total.each_year.hours.central > 0.0, "the others go on");
}

#[test]
fn no_signal_takes_nothing() {
    let e = estimate(&Counted::default(), &remedies(), &Options::default()).unwrap();
    assert_eq!(e.total, Total::default());
}

#[test]
fn what_cannot_be_is_refused() {
    let try_out = |options: Options| estimate(&counted(), &remedies(), &options).unwrap_err();
    assert_eq!(try_out(confirmed(1.5)), CannotEstimate::NoShare);
    assert_eq!(try_out(confirmed(f64::NAN)), CannotEstimate::NoShare);
    let price = |grade: &str, pounds| Options {
        local_costs: [(grade.to_owned(), pounds)].into(),
        ..Options::default()
    };
    assert_eq!(
        try_out(price("wizard", 50.0)),
        CannotEstimate::NoGrade("wizard".into())
    );
    assert_eq!(
        try_out(price("social_worker", 0.0)),
        CannotEstimate::NoPrice
    );
}
