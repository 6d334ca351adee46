//! Changes of support that many people share: planted cuts, a provider's people handed over; and the everyday changes
//! of an honest council, up as often as down.

use crate::build::{Build, Care};
use crate::day::Day;
use crate::person::Who;

/// Someone supported since well before the period.
fn someone(b: &mut Build<'_>) -> (Who, Day) {
    let p = b.adult();
    let from = b.f.year_ago - b.dice.between(700, 3_500);
    (p, from)
}

/// Hours, or a direct payment; and which.
fn hours_or_payment(b: &mut Build<'_>, p: Who) -> (Care, bool) {
    let payment = b.percent(22);
    let care = if payment {
        b.some_payment()
    } else {
        b.some_home(p)
    };
    (care, payment)
}

/// The truth that all share whose support goes on to the end.
fn open_at_the_end(b: &mut Build<'_>, p: Who, from: Day, payment: bool) {
    b.spell_open(p, from);
    if payment {
        b.payment_running(p, from);
    }
}

/// So many thousandths of the support, as a council rounds: to a quarter of an hour, or to a penny.
fn thousandths(care: Care, payment: bool, of: i64) -> Care {
    let mut less = care;
    if payment {
        less.cost = care.cost.map(|c| (c * of + 500) / 1_000);
    } else {
        less.units = care.units.map(|u| (u * of + 12_500) / 25_000 * 25);
    }
    less
}

/// What support is measured by when nothing else changes: its hours, or the sum paid.
fn size(care: Care, payment: bool) -> i64 {
    let size = if payment { care.cost } else { care.units };
    size.unwrap_or(0)
}

/// Support lowered by one share: on the planted day, or in the thirty days from it.
fn blanket(b: &mut Build<'_>, percent: i64, month: bool) {
    let (p, from) = someone(b);
    let since = b.council.habits.since;
    let day = if month {
        let until = (since + 29).min(b.f.last);
        b.day(since, until)
    } else {
        since
    };
    let (care, payment) = hours_or_payment(b, p);
    let less = thousandths(care, payment, 1_000 - 10 * percent);
    b.yearly_reviews(p, from, b.f.last);
    b.changes(p, from, day, care, less);
    // Rounding decides for some whether a tenth less is a fall.
    if size(less, payment) * 10 <= size(care, payment) * 9 {
        b.fell(p, day, true);
    }
    open_at_the_end(b, p, from, payment);
}

pub(super) fn blanket_5_day(b: &mut Build<'_>) {
    blanket(b, 5, false);
}

pub(super) fn blanket_10_day(b: &mut Build<'_>) {
    blanket(b, 10, false);
}

pub(super) fn blanket_15_day(b: &mut Build<'_>) {
    blanket(b, 15, false);
}

pub(super) fn blanket_20_day(b: &mut Build<'_>) {
    blanket(b, 20, false);
}

pub(super) fn blanket_5_month(b: &mut Build<'_>) {
    blanket(b, 5, true);
}

pub(super) fn blanket_10_month(b: &mut Build<'_>) {
    blanket(b, 10, true);
}

pub(super) fn blanket_15_month(b: &mut Build<'_>) {
    blanket(b, 15, true);
}

pub(super) fn blanket_20_month(b: &mut Build<'_>) {
    blanket(b, 20, true);
}

/// Three or four small steps down in twelve months: together more than a tenth, and none of them a fall.
pub(super) fn slow_cut(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let payment = b.percent(22);
    let care = if payment {
        b.some_payment()
    } else {
        // Enough hours for a quarter of an hour to be a small step.
        let quarters = i64::from(b.between(64, 140));
        b.home(p, quarters * 25)
    };
    let (steps, kept) = if b.percent(50) {
        (3, 0.960_f64)
    } else {
        (4, 0.964)
    };
    b.yearly_reviews(p, from, b.f.last);
    let since = b.council.habits.since;
    let (mut begun, mut now) = (from, care);
    let mut share = 1.0;
    for step in 0..steps {
        let early = if step == 0 { 0 } else { -25 };
        let drawn = since + 365 * step / steps + b.between(early, 25);
        let day = drawn - drawn.weekday();
        let day = if day < since { drawn } else { day };
        if day > b.f.last {
            break;
        }
        share *= kept;
        #[expect(clippy::cast_possible_truncation, reason = "a share of a thousand")]
        let next = thousandths(care, payment, (share * 1_000.0).round() as i64);
        b.goes_on = begun != from;
        b.ended(p, now, begun, day - 1);
        (begun, now) = (day, next);
    }
    b.goes_on = true;
    b.open(p, now, begun);
    b.goes_on = false;
    open_at_the_end(b, p, from, payment);
}

/// A provider's people handed over to another on one day: every row ends and starts again, and nobody has less.
pub(super) fn handed_over(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = b.council.habits.handed_over;
    let care = Care {
        provider: Some(4_000),
        ..b.some_home(p)
    };
    let other = Care {
        provider: Some(4_001),
        ..care
    };
    b.yearly_reviews(p, from, b.f.last);
    b.changes(p, from, day, care, other);
    b.spell_open(p, from);
}

/// How much is left of a support that falls, in thousandths: a half, two thirds, three quarters or a third more
/// often than anything between.
pub(super) fn natural_fall(b: &mut Build<'_>) -> i64 {
    match b.between(0, 99) {
        0..24 => 500,
        24..38 => 667,
        38..54 => 750,
        54..60 => 333,
        _ => i64::from(b.between(250, 880)),
    }
}

/// More support, by any share. It stays.
pub(super) fn ordinary_rise(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = b.start_day(b.f.first + 1, b.f.last);
    let (care, payment) = hours_or_payment(b, p);
    let share = match b.between(0, 99) {
        0..24 => 1_500,
        24..38 => 2_000,
        38..54 => 1_333,
        54..60 => 1_250,
        _ => i64::from(b.between(1_120, 2_200)),
    };
    if b.percent(50) {
        b.reviewed_before(p, day);
    }
    b.yearly_reviews(p, from, b.f.last);
    b.changes(p, from, day, care, thousandths(care, payment, share));
    open_at_the_end(b, p, from, payment);
}

/// A little more or a little less: no fall.
pub(super) fn small_change(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = b.start_day(b.f.first + 1, b.f.last);
    let (care, payment) = hours_or_payment(b, p);
    let by = i64::from(b.between(30, 70));
    let share = if b.percent(50) {
        1_000 - by
    } else {
        1_000 + by
    };
    let mut other = thousandths(care, payment, share);
    if size(other, payment) * 10 <= size(care, payment) * 9 {
        // Seven hours less a rounded half hour is still more than nine tenths; this would not be.
        other = care;
    }
    if b.percent(40) {
        b.reviewed_before(p, day);
    }
    b.yearly_reviews(p, from, b.f.last);
    b.changes(p, from, day, care, other);
    open_at_the_end(b, p, from, payment);
}

/// Less support at any time of the period, by any share, with the reviews and assessments a council makes.
pub(super) fn ordinary_fall(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = b.start_day(b.f.first + 1, b.f.last);
    let (care, payment) = hours_or_payment(b, p);
    if b.percent(50) {
        b.reviewed_before(p, day);
    }
    if b.percent(35) {
        let to = (day - b.dice.between(1, 170)).working_before();
        if to >= b.f.first {
            b.reassessment(p, to - 7, to);
        }
    }
    let mut less = thousandths(care, payment, natural_fall(b));
    if size(less, payment) * 10 > size(care, payment) * 9 {
        // Rounded up to the line and over: a quarter of an hour less again.
        less.units = less.units.map(|u| u - 25);
    }
    b.yearly_reviews(p, from, b.f.last);
    b.changes(p, from, day, care, less);
    b.fell(p, day, true);
    open_at_the_end(b, p, from, payment);
}
