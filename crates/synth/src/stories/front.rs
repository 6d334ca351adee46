//! Asking and being assessed: s.9(1), and s.9(3) for people told they can pay.

use super::long_term::{conclude, conclude_as};
use crate::build::Build;
use crate::codes::{Needs, Out, Route, Support, Why};
use crate::day::Day;
use crate::person::Who;
use crate::truth::Test;

/// Most contact with a council: a request or a few, closed with advice, an onward referral or nothing.
pub(super) fn closed_requests(b: &mut Build<'_>) {
    let p = b.adult();
    let times = b.dice.weighted(&[(65, 1), (23, 2), (12, 3)]);
    for _ in 0..times {
        // Asked by the same calendar as every other request, and in the return where it was closed in the period.
        let asked = b.ask_day(b.f.first - 28, b.f.last);
        let to = asked + b.closing();
        if to < b.f.first || to > b.f.last {
            b.clash = true;
            return;
        }
        let mut out = b.dice.weighted(&[
            (400, Out::Advice),
            (150, Out::NoneOffered),
            (120, Out::Other),
            (80, Out::ReferredWithin),
            (110, Out::SupportPlanning),
            (40, Out::Continuation),
            (45, Out::Declined),
            (20, Out::Hospital),
            (15, Out::Moved),
            (20, Out::Deceased),
        ]);
        if out == Out::ReferredWithin && !b.council.r2 {
            out = Out::Advice;
        }
        if out == Out::Deceased {
            if times > 1 {
                out = Out::Other;
            } else {
                b.p(p).died = Some(to);
            }
        }
        b.request(p, asked, to, out);
        // The next request may come by another route.
        b.p(p).route = None;
    }
}

/// Hospital discharge, reablement, and for some a longer need found afterwards. No test asks about reablement itself.
pub(super) fn reablement(b: &mut Build<'_>) {
    let p = b.older();
    let asked = b.ask_day(b.f.first, b.f.last - 3);
    if b.percent(40) {
        b.p(p).route = Some(Route::Discharge);
    }
    let closed = asked + b.closing();
    b.request(p, asked, closed, Out::Reablement);
    let from = asked + b.between(1, 9);
    if from > b.f.last {
        return;
    }
    if b.percent(30) {
        let to = (from + b.between(0, 6)).min(b.f.last);
        b.short_assessment(p, from, to, Out::Reablement);
    }
    let to = from + b.between(9, 44);
    let care = b.short_term(p, Support::Reablement);
    if to > b.f.last {
        b.open(p, care, from);
        return;
    }
    if b.percent(18) {
        let assessed = (to + b.between(1, 20)).working();
        if assessed <= b.f.last {
            b.service(p, care, from, Some(to), Out::Assess);
            let begun = assessed - b.dice.between(0, 9);
            conclude(b, p, begun, assessed);
            return;
        }
    }
    let out = b.dice.weighted(&[
        (62, Out::EndedPlanned),
        (14, Out::Advice),
        (7, Out::NoneOffered),
        (6, Out::Hospital),
        (4, Out::Declined),
        (5, Out::SupportPlanning),
        (2, Out::Deceased),
    ]);
    if out == Out::Deceased {
        b.p(p).died = Some(to);
    }
    b.service(p, care, from, Some(to), out);
}

/// Short-term support reviewed: not a review of a plan, and no plan to keep under review.
pub(super) fn short_term_reviewed(b: &mut Build<'_>) {
    let p = b.adult();
    let to = b.day(b.f.first + 20, b.f.last);
    let support = b
        .dice
        .pick(&[Support::Reablement, Support::LowLevel, Support::OtherShort]);
    let care = b.short_term(p, support);
    let from = to - b.dice.between(5, 60);
    b.ended(p, care, from, to);
    let why = if b.council.r2 {
        Why::ShortTerm
    } else {
        Why::Planned
    };
    b.review(p, to, why, Out::EndedPlanned);
}

fn never(b: &mut Build<'_>, p: Who, asked: Day) {
    b.unmet(p, Test::AssessedInTime, asked, asked + 42);
    // Recorded late is not the same as never done: the test waits 28 days more.
    b.unmet(p, Test::EverAssessed, asked, asked + 182 + 28);
}

/// Asked, waited as people do, and was assessed. People who asked before the period show by their assessments only, so
/// that these are as many at its start as later.
pub(super) fn asked_and_assessed(b: &mut Build<'_>) {
    let asked = b.ask_day(b.f.first - 400, b.f.last - 1);
    let p = b.asker(asked);
    b.route(p);
    let shown = asked >= b.f.first;
    let median = 30.0 * b.council.habits.wait(b.p(p), asked);
    let to = (asked + b.dice.wait(median)).working();
    let wait = to - asked;
    let from = to - b.dice.between(0, wait.min(40));
    let found = b.found(p, to);
    if shown {
        let sent_away = b.council.habits.sent_away(asked, found);
        if b.dice.unit() < sent_away {
            let closed = asked + b.closing();
            b.request(p, asked, closed, Out::Advice);
            return;
        }
        b.asks_in_turn(p, asked);
    }
    if to > b.f.last {
        // Not finished, so not in the return.
        if shown {
            never(b, p, asked);
        } else {
            b.clash = true;
        }
        return;
    }
    if shown {
        if wait <= 42 {
            b.met(p, Test::AssessedInTime, asked);
        } else {
            b.not_met(p, Test::AssessedInTime, asked);
        }
        if from <= asked + 182 {
            b.met(p, Test::EverAssessed, asked);
        } else {
            b.unmet(p, Test::EverAssessed, asked, asked + 182 + 28);
        }
    } else if to < b.f.first {
        b.clash = true;
        return;
    }
    // Support that began on the day of asking would make it a request by someone supported, so an answer on the day
    // is a short-term one here.
    if wait == 0 || b.percent(35) {
        let out = b
            .dice
            .pick(&[Out::Advice, Out::SupportPlanning, Out::NoneOffered]);
        b.short_assessment(p, from, to, out);
    } else {
        conclude_as(b, p, from, to, found);
    }
}

/// Asked at any time of the period, and nothing more is heard of it.
pub(super) fn unanswered(b: &mut Build<'_>) {
    let asked = b.ask_day(b.f.first, b.f.last);
    let p = b.asker(asked);
    b.asks_in_turn(p, asked);
    never(b, p, asked);
}

/// Assessed, but after six weeks.
pub(super) fn assessed_late(b: &mut Build<'_>) {
    let p = b.adult();
    let asked = b.day(b.f.first, b.f.last - 120);
    b.asks(p, asked);
    let to = asked + b.between(43, 119);
    b.not_met(p, Test::AssessedInTime, asked);
    b.met(p, Test::EverAssessed, asked);
    conclude(b, p, to - 3, to);
}

/// Told an assessment would come; none did.
pub(super) fn never_assessed(b: &mut Build<'_>) {
    let p = b.adult();
    let asked = b.day(b.f.first, b.f.last - 212);
    b.asks(p, asked);
    b.not_met(p, Test::AssessedInTime, asked);
    b.not_met(p, Test::EverAssessed, asked);
}

/// Still waiting, and not yet for long.
pub(super) fn still_waiting(b: &mut Build<'_>) {
    let p = b.adult();
    let asked = b.day(b.f.last - 205, b.f.last);
    b.asks(p, asked);
    never(b, p, asked);
}

/// The days on which the windows of s.9(1) turn.
pub(super) fn assessed_on_the_edge(b: &mut Build<'_>) {
    let p = b.adult();
    let asked = b.day(b.f.first, b.f.last - 212);
    b.asks(p, asked);
    let (in_time, ever) = (Test::AssessedInTime, Test::EverAssessed);
    let assessed = |b: &mut Build<'_>, from: i32, to: i32| {
        b.short_assessment(p, asked + from, asked + to, Out::Advice);
    };
    match b.variant(8) {
        0 => {
            assessed(b, 20, 42);
            b.met(p, in_time, asked);
            b.met(p, ever, asked);
        }
        1 => {
            assessed(b, 20, 43);
            b.not_met(p, in_time, asked);
            b.met(p, ever, asked);
        }
        2 => {
            assessed(b, 182, 190);
            b.not_met(p, in_time, asked);
            b.met(p, ever, asked);
        }
        3 => {
            assessed(b, 183, 190);
            b.not_met(p, in_time, asked);
            b.not_met(p, ever, asked);
        }
        4 => {
            assessed(b, 0, 0);
            b.met(p, in_time, asked);
            b.met(p, ever, asked);
        }
        5 => {
            // Begun before the request, so it does not follow it.
            assessed(b, -1, 30);
            b.not_met(p, in_time, asked);
            b.not_met(p, ever, asked);
        }
        6 => {
            // An assessment of money is not an assessment of needs.
            b.financial_assessment(p, asked + 5, asked + 20);
            b.not_met(p, in_time, asked);
            b.not_met(p, ever, asked);
        }
        _ => {
            // A type left blank is neither short nor long term.
            assessed(b, 5, 20);
            b.amend(|row| row.kind = crate::codes::Kind::Blank);
            b.not_met(p, in_time, asked);
            b.not_met(p, ever, asked);
        }
    }
}

/// The days on which a wait falls due at the end of the period.
pub(super) fn waiting_at_the_end(b: &mut Build<'_>) {
    let p = b.adult();
    let last = b.f.last;
    let (in_time, ever) = (Test::AssessedInTime, Test::EverAssessed);
    let asked = match b.variant(5) {
        0 => last - 42,
        1 => last - 41,
        2 => last - 210,
        3 => last - 209,
        _ => last,
    };
    b.asks(p, asked);
    if b.variant(5) != 1 && b.variant(5) != 4 {
        b.not_met(p, in_time, asked);
    }
    if b.variant(5) == 2 {
        b.not_met(p, ever, asked);
    }
}

/// Asked before the period began: what happened then cannot be seen.
pub(super) fn asked_before_the_period(b: &mut Build<'_>) {
    let p = b.adult();
    let first = b.f.first;
    let asked = first - b.dice.between(1, 20);
    let (in_time, ever) = (Test::AssessedInTime, Test::EverAssessed);
    let closed = first + b.dice.between(0, 9);
    b.request(p, asked, closed, Out::Assess);
    match b.variant(3) {
        0 => {
            b.cannot_tell(p, in_time, asked);
            b.cannot_tell(p, ever, asked);
        }
        1 => {
            let to = asked + b.between(21, 42);
            b.short_assessment(p, to - 1, to, Out::Advice);
            b.met(p, in_time, asked);
            b.met(p, ever, asked);
        }
        _ => {
            let to = asked + b.between(43, 120);
            b.short_assessment(p, to - 30, to, Out::Advice);
            b.cannot_tell(p, in_time, asked);
            b.met(p, ever, asked);
        }
    }
}

/// People who died, left, or were taken on by someone else before they were assessed.
pub(super) fn left_while_waiting(b: &mut Build<'_>) {
    let p = b.adult();
    let asked = b.day(b.f.first + 30, b.f.last - 212);
    let (in_time, ever) = (Test::AssessedInTime, Test::EverAssessed);
    b.asks(p, asked);
    let after = |b: &mut Build<'_>, lo: i32, hi: i32| asked + b.between(lo, hi);
    match b.variant(18) {
        0 => b.p(p).died = Some(asked + 15),
        1 => b.p(p).died = Some(asked + 42),
        2 => {
            b.p(p).died = Some(asked + 43);
            b.not_met(p, in_time, asked);
        }
        3 => {
            let died = after(b, 100, 182);
            b.p(p).died = Some(died);
            b.not_met(p, in_time, asked);
        }
        4 => {
            let day = after(b, 1, 42);
            b.contact(p, day, Out::Moved);
        }
        5 => {
            let day = after(b, 43, 182);
            b.contact(p, day, Out::Moved);
            b.not_met(p, in_time, asked);
        }
        6 => {
            let day = after(b, 10, 42);
            b.contact(p, day, Out::Declined);
            b.cannot_tell(p, in_time, asked);
            b.cannot_tell(p, ever, asked);
        }
        7 => {
            let day = after(b, 43, 182);
            b.contact(p, day, Out::Declined);
            b.not_met(p, in_time, asked);
            b.cannot_tell(p, ever, asked);
        }
        8 => {
            let day = after(b, 5, 42);
            b.contact(p, day, Out::Hospital);
            b.cannot_tell(p, in_time, asked);
            b.cannot_tell(p, ever, asked);
        }
        9 => {
            // Back from hospital and into long-term support: no leaving, but support begun with no assessment seen.
            b.contact(p, asked + 20, Out::Hospital);
            let from = after(b, 50, 112);
            let care = b.some_home(p);
            b.open(p, care, from);
            b.not_met(p, in_time, asked);
            b.cannot_tell(p, ever, asked);
            b.spell(p, from);
        }
        10 | 11 => {
            let (out, certain) = b.nhs();
            let day = after(b, 5, 42);
            b.contact(p, day, out);
            if !certain {
                b.cannot_tell(p, in_time, asked);
                b.cannot_tell(p, ever, asked);
            }
        }
        12 => {
            // 28 days before counts.
            b.contact(p, asked - 28, Out::Declined);
            b.cannot_tell(p, in_time, asked);
            b.cannot_tell(p, ever, asked);
        }
        13 => {
            b.contact(p, asked - 29, Out::Declined);
            b.not_met(p, in_time, asked);
            b.not_met(p, ever, asked);
        }
        14 => {
            // Assessed, then died.
            b.short_assessment(p, asked + 10, asked + 30, Out::Advice);
            b.p(p).died = Some(asked + 35);
            b.met(p, in_time, asked);
            b.met(p, ever, asked);
        }
        15 => {
            // Moved away first; assessed all the same. Nothing was owed any more.
            b.contact(p, asked + 5, Out::Moved);
            b.short_assessment(p, asked + 10, asked + 20, Out::Advice);
        }
        16 => {
            // Said no, then was assessed: that is an assessment in time.
            b.contact(p, asked + 5, Out::Declined);
            b.short_assessment(p, asked + 10, asked + 20, Out::Advice);
            b.met(p, in_time, asked);
            b.met(p, ever, asked);
        }
        _ => {
            // Moved just after the six weeks were up.
            b.contact(p, asked + 43, Out::Moved);
            b.not_met(p, in_time, asked);
        }
    }
}

/// Died while waiting: counted on their own, never as a signal.
pub(super) fn died_waiting(b: &mut Build<'_>) {
    let p = b.older();
    let asked = b.ask_day(b.f.first, b.f.last - 30);
    b.asks(p, asked);
    let died = asked + b.between(0, 28);
    b.p(p).died = Some(died);
}

/// Support began without any assessment that the return shows.
pub(super) fn supported_unassessed(b: &mut Build<'_>) {
    let p = b.adult();
    let asked = b.day(b.f.first, b.f.last - 212);
    b.asks(p, asked);
    let from = asked + b.between(1, 182);
    b.not_met(p, Test::AssessedInTime, asked);
    b.cannot_tell(p, Test::EverAssessed, asked);
    let care = b.some_home(p);
    b.open(p, care, from);
    b.spell(p, from);
}

/// Around an eighteenth birthday.
pub(super) fn nearly_eighteen(b: &mut Build<'_>) {
    let asked = b.day(b.f.first, b.f.last - 60);
    let eligible = b.eligible();
    match b.variant(3) {
        0 => {
            let p = b.child();
            b.asks(p, asked);
            b.needs_assessment(p, asked, asked + 50, Out::SupportPlanning, eligible);
        }
        1 => {
            let p = b.eighteen_on(asked);
            b.asks(p, asked);
            b.short_assessment(p, asked, asked + 40, Out::Advice);
            b.met(p, Test::AssessedInTime, asked);
            b.met(p, Test::EverAssessed, asked);
        }
        _ => {
            let p = b.eighteen_on(asked + 1);
            b.asks(p, asked);
        }
    }
}

/// Two requests on one day, by two routes: two occasions.
pub(super) fn asked_twice_in_a_day(b: &mut Build<'_>) {
    let p = b.adult();
    let asked = b.day(b.f.first, b.f.last - 212);
    let to = asked + 3;
    b.request(p, asked, to, Out::Assess);
    b.amend(|row| row.route = Some(Route::Community));
    b.request(p, asked, to, Out::Assess);
    b.amend(|row| row.route = Some(Route::Discharge));
    let met = b.variant(2) == 0;
    if met {
        b.short_assessment(p, to, to + 20, Out::Advice);
    }
    for _ in 0..2 {
        for test in [Test::AssessedInTime, Test::EverAssessed] {
            if met {
                b.met(p, test, asked);
            } else {
                b.not_met(p, test, asked);
            }
        }
    }
}

/// Turned away because they could pay, and not assessed: s.9(3)(b) says means do not matter.
pub(super) fn self_funder_turned_away(b: &mut Build<'_>) {
    let p = b.older();
    let asked = b.day(b.f.first + 181, b.f.last - 84);
    b.request(p, asked, asked, Out::SelfFunded);
    b.not_met(p, Test::SelfFunderAssessed, asked);
}

/// Told they can pay, at any time of the period.
pub(super) fn self_funder(b: &mut Build<'_>) {
    let p = b.older();
    let asked = b.ask_day(b.f.first, b.f.last);
    let to = (asked + b.between(0, 4)).min(b.f.last);
    b.request(p, asked, to, Out::SelfFunded);
    let test = Test::SelfFunderAssessed;
    if b.percent(45) {
        let assessed = asked + b.between(0, 84);
        if assessed <= b.f.last {
            let needs = b.not_eligible();
            b.needs_assessment(p, asked, assessed, Out::SelfFunded, needs);
            b.met(p, test, asked);
            return;
        }
    }
    if asked + 84 > b.f.last {
        return;
    }
    if asked - 181 < b.f.first {
        b.cannot_tell(p, test, asked);
    } else {
        b.not_met(p, test, asked);
    }
}

/// The edges of s.9(3).
pub(super) fn self_funder_on_the_edge(b: &mut Build<'_>) {
    let p = b.older();
    let (first, last) = (b.f.first, b.f.last);
    let asked = match b.variant(16) {
        8 => first + 180,
        9 => last - 83,
        _ => b.day(first + 182, last - 85),
    };
    let test = Test::SelfFunderAssessed;
    if b.variant(16) != 13 {
        b.request(p, asked, asked, Out::SelfFunded);
    }
    let assessed = |b: &mut Build<'_>, to: Day| {
        let needs = b.not_eligible();
        b.needs_assessment(p, to, to, Out::SelfFunded, needs);
    };
    match b.variant(16) {
        0 => {
            assessed(b, asked - 181);
            b.met(p, test, asked);
        }
        1 => {
            assessed(b, asked - 182);
            b.not_met(p, test, asked);
        }
        2 => {
            assessed(b, asked + 84);
            b.met(p, test, asked);
        }
        3 => {
            assessed(b, asked + 85);
            b.not_met(p, test, asked);
        }
        4 => {
            b.short_assessment(p, asked + 3, asked + 20, Out::Advice);
            b.cannot_tell(p, test, asked);
        }
        5 => {
            let care = b.short_term(p, Support::LowLevel);
            b.ended(p, care, asked - 20, asked + 20);
            b.cannot_tell(p, test, asked);
        }
        6 => b.p(p).died = Some(asked + 10),
        7 => {
            b.contact(p, asked + 30, Out::Declined);
            b.cannot_tell(p, test, asked);
        }
        // Just too early in the period for the look back, and just too late for the look forward.
        8 => b.cannot_tell(p, test, asked),
        9 => {}
        10 => b.contact(p, asked + 30, Out::Moved),
        11 => {
            b.contact(p, asked + 85, Out::Moved);
            b.not_met(p, test, asked);
        }
        12 => {
            let (out, certain) = b.nhs();
            b.contact(p, asked + 30, out);
            if !certain {
                b.cannot_tell(p, test, asked);
            }
        }
        13 => {
            let child = b.child();
            b.request(child, asked, asked, Out::SelfFunded);
        }
        14 => {
            // In long-term support on the day: a question about a plan, not this test.
            let from = b.long_ago().min(asked - 1);
            let care = b.some_home(p);
            b.open(p, care, from);
            b.spell(p, from);
        }
        _ => {
            // Assessed, found to have eligible needs, and sent away as a self-funder.
            b.needs_assessment(p, asked, asked + 10, Out::SelfFunded, Some(Needs::Eligible));
            b.met(p, test, asked);
            if asked + 10 + 84 <= last {
                b.cannot_tell(p, Test::EligibleSupported, asked + 10);
            }
        }
    }
}
