//! Direct payments: reviewed, and ended safely (the 2014 regulations under s.33).

use crate::build::{Build, Care};
use crate::codes::{Mechanism, Out, Why};
use crate::truth::Test;

/// A payment begun in the period.
pub(super) fn payment_begun(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.day(b.f.first, b.f.last - 5);
    let care = b.some_payment();
    b.open(p, care, from);
    if b.percent(45) {
        let to = from + b.between(10, 250);
        if to <= b.f.last {
            let start = from.max(to - 7);
            b.review_from(p, start, to, Why::Planned, Out::Continuation);
        }
    }
    b.spell(p, from);
    b.payment_running(p, from);
}

/// A payment begun, and not looked at in six months.
pub(super) fn payment_not_reviewed(b: &mut Build<'_>) {
    let p = b.adult();
    let care = b.some_payment();
    if b.percent(60) {
        let from = b.day(b.f.first, b.f.last - 190);
        b.open(p, care, from);
        b.spell(p, from);
        b.payment_running(p, from);
    } else {
        let from = b.f.year_ago - b.dice.between(400, 3_000);
        let last = b.f.last;
        b.open(p, care, from);
        b.not_met(p, Test::PaymentYearly, last);
        b.not_met(p, Test::Annual, last);
    }
}

/// A payment stopped, and nothing in its place.
pub(super) fn payment_stopped(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.f.year_ago - b.dice.between(400, 3_000);
    let day = b.day(b.f.first + 182, b.f.last - 43);
    let care = b.some_payment();
    b.service(p, care, from, Some(day - 1), Out::EndedOther);
    b.not_met(p, Test::PaymentReplaced, day);
    b.not_met(p, Test::FallUnreviewed, day);
}

/// The edges of both reviews of a payment.
pub(super) fn payment_review_on_the_edge(b: &mut Build<'_>) {
    let p = b.adult();
    let (first, last, ago) = (b.f.first, b.f.last, b.f.year_ago);
    let (six, yearly) = (Test::PaymentSixMonths, Test::PaymentYearly);
    let v = b.variant(16);
    let from = match v {
        0..6 => b.day(first.max(ago + 1) + 20, last - 190),
        6 => first,
        7 => first - 1,
        // Not yet six months old.
        8 => last - 120,
        // More than eighteen months old, and not.
        9 => last.months(-18) - 20,
        10 => last.months(-18) + 20,
        15 => b.day(first.max(ago + 1) + 20, last - 250),
        _ => ago - b.dice.between(600, 3_000),
    };
    let care = b.payment(180);
    if v != 15 && v != 14 {
        b.open(p, care, from);
    }
    match v {
        0 => {
            b.review(p, from.months(6), Why::Planned, Out::Continuation);
            b.met(p, six, from);
        }
        1 => {
            b.review(p, from.months(6) + 1, Why::Planned, Out::Continuation);
            b.not_met(p, six, from);
        }
        2 => {
            let needs = b.eligible();
            b.needs_assessment(p, from + 80, from + 100, Out::Continuation, needs);
            b.met(p, six, from);
        }
        3 => {
            b.review_from(p, from, from, Why::Planned, Out::Continuation);
            b.not_met(p, six, from);
        }
        4 => {
            b.contact(p, from + 100, Out::Declined);
            b.cannot_tell(p, six, from);
        }
        5 => {
            b.contact(p, from + 100, Out::Moved);
        }
        // Begun on the first day of coverage, before it, less than six months ago, more than eighteen.
        6..10 => b.payment_running(p, from),
        10 => b.payment_begun(p, from),
        11 => {
            b.review(p, ago + 40, Why::Planned, Out::Continuation);
            b.met(p, yearly, last);
        }
        12 => b.not_met(p, yearly, last),
        13 => {
            let (out, certain) = b.nhs();
            let out = if b.turn.is_multiple_of(4) {
                Out::Declined
            } else {
                out
            };
            b.contact(p, last - 9, out);
            if out == Out::Declined || !certain {
                b.cannot_tell(p, yearly, last);
                b.cannot_tell(p, Test::Annual, last);
            } else {
                b.p(p).in_community = false;
            }
        }
        14 => {
            // One uncovered day does not end a payment.
            let day = b.day(first + 20, last - 60);
            b.ended(p, care, from, day);
            b.open(p, care, day + 2);
            b.not_met(p, yearly, last);
        }
        _ => {
            // Ended on the very day six months on: it ran its length.
            let to = from.months(6);
            b.service(p, care, from, Some(to), Out::EndedOther);
            b.not_met(p, six, from);
            b.not_met(p, Test::FirstReview, from);
            b.unmet(p, Test::PaymentReplaced, to + 1, to + 1 + 42);
            b.fell(p, to + 1, true);
            return;
        }
    }
    b.spell_begun(p, from);
    if v != 13 {
        b.spell_open(p, from);
    }
}

/// How payments end.
pub(super) fn payment_ended(b: &mut Build<'_>) {
    let p = b.adult();
    let (first, last) = (b.f.first, b.f.last);
    let from = b.f.year_ago - b.dice.between(600, 3_000);
    let v = b.variant(16);
    let day = match v {
        11 => last - 42,
        12 => last - 41,
        _ => b.day(first + 185, last - 80),
    };
    let test = Test::PaymentReplaced;
    let care = b.payment(150);
    let mut home: Care = b.home(p, 1_000);
    home.mechanism = Mechanism::Managed;
    let end = |b: &mut Build<'_>, out: Out| b.service(p, care, from, Some(day - 1), out);
    match v {
        0 => {
            end(b, Out::Continuation);
            b.open(p, home, day);
            b.met(p, test, day);
            b.spell_open(p, from);
        }
        1 => {
            // On the fourteenth day: in time, though the spell broke.
            end(b, Out::EndedOther);
            b.open(p, home, day + 14);
            b.met(p, test, day);
            b.spell(p, day + 14);
        }
        2 => {
            end(b, Out::EndedOther);
            b.open(p, home, day + 15);
            b.not_met(p, test, day);
            b.fell(p, day, true);
            b.spell(p, day + 15);
        }
        3 => {
            // Something else went on.
            b.open(p, home, from);
            end(b, Out::EndedOther);
            b.met(p, test, day);
            b.fell(p, day, true);
            b.spell_open(p, from);
        }
        4 => {
            end(b, Out::EndedPlanned);
            b.cannot_tell(p, test, day);
            b.fell(p, day, true);
        }
        5 => {
            end(b, Out::Declined);
            b.cannot_tell(p, test, day);
            b.fell(p, day, false);
        }
        6 => end(b, Out::Moved),
        7 => {
            end(b, Out::Hospital);
            b.cannot_tell(p, test, day);
            b.fell(p, day, false);
        }
        8 => {
            end(b, Out::Deceased);
            b.p(p).died = Some(day - 1);
        }
        9 => {
            // Died within two weeks of its end.
            end(b, Out::EndedOther);
            b.p(p).died = Some(day + 14);
        }
        10 => {
            let (out, certain) = b.nhs();
            end(b, out);
            if !certain {
                b.cannot_tell(p, test, day);
                b.fell(p, day, false);
            }
        }
        11 => {
            end(b, Out::EndedOther);
            b.not_met(p, test, day);
            b.fell(p, day, true);
        }
        12 => {
            end(b, Out::EndedOther);
            b.fell(p, day, true);
        }
        13 => {
            // A new payment after two uncovered days: the old one ended and support began again in time.
            end(b, Out::EndedOther);
            b.open(p, care, day + 2);
            b.met(p, test, day);
            b.spell(p, day + 2);
            b.payment_begun(p, day + 2);
        }
        14 => {
            let child = b.child();
            b.service(child, care, from, Some(day - 1), Out::EndedOther);
            let other = b.child();
            b.open(other, care, from);
            let third = b.child();
            b.open(third, care, last - 250);
        }
        _ => {
            // Home again from hospital, on the same payment.
            end(b, Out::Hospital);
            b.open(p, care, day + 40);
            b.not_met(p, test, day);
            b.spell_open(p, from);
            b.payment_begun(p, day + 40);
        }
    }
}
