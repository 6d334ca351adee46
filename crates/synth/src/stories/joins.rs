//! Two returns that touch or overlap: what the later one says, leaves out, and puts right.

use crate::build::{Build, Care, Carried};
use crate::codes::{Component, Kind, Out, Why};
use crate::day::Day;
use crate::person::Who;
use crate::truth::Test;

/// Only the first return has the row just written.
fn first_only(b: &mut Build<'_>) {
    b.amend(|row| row.carried = Carried::FirstOnly);
}

/// Someone whose support the first return shows running at its end, and of which the second says nothing: whether
/// it ended is unknown.
fn vanished(b: &mut Build<'_>, handover: Day) -> Who {
    let p = b.adult();
    let from = handover - b.dice.between(900, 3_000);
    let care = b.some_home(p);
    b.open(p, care, from);
    first_only(b);
    b.p(p).in_community = false;
    p
}

/// Support that vanished between two returns, and what the later one shows of the person.
pub(super) fn vanished_support(b: &mut Build<'_>) {
    let Some(handover) = b.f.handover else {
        b.clash = true;
        return;
    };
    let p = vanished(b, handover);
    let last = b.f.last;
    match b.variant(12) {
        // Nothing more. An unknown end is no fall, and no spell is open at the end.
        0 | 1 => {}
        2 => {
            let asked = b.day(handover + 30, last - 212);
            b.asks(p, asked);
            b.cannot_tell(p, Test::AssessedInTime, asked);
            b.cannot_tell(p, Test::EverAssessed, asked);
        }
        3 => {
            let asked = b.day(handover + 30, last - 212);
            b.asks(p, asked);
            b.short_assessment(p, asked + 5, asked + 20, Out::Advice);
            b.met(p, Test::AssessedInTime, asked);
            b.met(p, Test::EverAssessed, asked);
        }
        4 => {
            let to = b.day(handover + 30, last - 90);
            let needs = b.eligible();
            b.needs_assessment(p, to - 9, to, Out::SupportPlanning, needs);
            b.cannot_tell(p, Test::SupportFollows, to);
        }
        5 => {
            let asked = b.day(handover + 30, last - 90);
            b.request(p, asked, asked, Out::SelfFunded);
            b.cannot_tell(p, Test::SelfFunderAssessed, asked);
        }
        6 => {
            // Its provider failed soon after.
            let day = handover + 10;
            b.review(p, day, Why::ProviderFailure, Out::SupportPlanning);
            b.cannot_tell(p, Test::KeptGoing, day);
        }
        7 => {
            // Supported again a year later: a new spell.
            let from = b.day(handover + 120, last - 60);
            let care = b.some_home(p);
            b.open(p, care, from);
            b.spell(p, from);
        }
        8 => {
            // A payment ended for certain; whether the other support took its place cannot be known.
            let care = b.payment(90);
            let day = b.day(handover + 40, last - 60);
            b.service(p, care, handover - 700, Some(day - 1), Out::EndedOther);
            b.cannot_tell(p, Test::PaymentReplaced, day);
            b.fell(p, day, true);
        }
        9 => {
            let to = b.day(handover + 30, last - 90);
            b.needs_assessment(
                p,
                to - 9,
                to,
                Out::Other,
                Some(crate::codes::Needs::Eligible),
            );
            b.cannot_tell(p, Test::EligibleSupported, to);
        }
        10 => {
            // Support seen to begin after the assessment is evidence all the same.
            let to = b.day(handover + 30, last - 160);
            let needs = b.eligible();
            b.needs_assessment(p, to - 9, to, Out::SupportPlanning, needs);
            let care = b.some_home(p);
            b.open(p, care, to + 60);
            b.met(p, Test::SupportFollows, to);
            // Nothing shows that there was none sooner.
            b.cannot_tell(p, Test::SupportInTime, to);
            b.spell(p, to + 60);
        }
        _ => {
            // Died since.
            b.contact(p, handover + 60, Out::Deceased);
            b.p(p).died = Some(handover + 60);
        }
    }
}

/// Part of a package vanished between two returns: that is not a fall.
pub(super) fn vanished_part(b: &mut Build<'_>) {
    let Some(handover) = b.f.handover else {
        b.clash = true;
        return;
    };
    let p = b.adult();
    let from = handover - b.dice.between(900, 3_000);
    let care = b.home(p, 1_000);
    let part = b.weekly(p, Component::SharedLives, 300, 400);
    b.open(p, care, from);
    b.open(p, part, from);
    first_only(b);
    b.yearly_reviews(p, from, b.f.last);
    b.spell_open(p, from);
}

/// A payment, or support, begun in the first return and vanished by the second.
pub(super) fn begun_and_vanished(b: &mut Build<'_>) {
    let Some(handover) = b.f.handover else {
        b.clash = true;
        return;
    };
    let p = b.adult();
    let v = b.variant(4);
    let ago = match v {
        // Ran to the day before the handover, and after that nobody knows.
        0 => b.between(58, 150),
        1 => 57,
        2 => 56,
        _ => b.between(2, 55),
    };
    let from = handover - ago;
    let care: Care = if v == 0 {
        b.payment(200)
    } else {
        b.some_home(p)
    };
    b.open(p, care, from);
    first_only(b);
    b.p(p).in_community = false;
    // The last day it is known to have run is the day before the handover.
    if ago > 56 {
        b.not_met(p, Test::FirstReview, from);
    }
}

/// A request that the later return puts right.
pub(super) fn put_right(b: &mut Build<'_>) {
    let Some(handover) = b.f.handover else {
        b.clash = true;
        return;
    };
    let p = b.adult();
    let overlap_end = b.f.returns.first().map_or(handover, |r| r.1);
    if overlap_end < handover {
        // The returns only touch: the first return's request stands.
        let asked = b.day(b.f.first, handover - 20);
        b.request(p, asked, asked + 5, Out::Assess);
        first_only(b);
        b.short_assessment(p, asked + 9, asked + 20, Out::Advice);
        b.met(p, Test::AssessedInTime, asked);
        b.met(p, Test::EverAssessed, asked);
        return;
    }
    let to = b.day(handover, overlap_end);
    let asked = to - 3;
    b.request(p, asked, to, Out::Assess);
    first_only(b);
    match b.variant(3) {
        0 => {
            b.request(p, asked, to, Out::Advice);
            b.amend(|row| row.carried = Carried::SecondOnly);
        }
        // Withdrawn from the later return: it gives way all the same.
        1 => {}
        _ => {
            b.request(p, asked, to, Out::Assess);
            b.amend(|row| row.carried = Carried::SecondOnly);
            b.short_assessment(p, asked, asked + 30, Out::Advice);
            b.amend(|row| row.kind = Kind::Short);
            b.met(p, Test::AssessedInTime, asked);
            b.met(p, Test::EverAssessed, asked);
        }
    }
}
