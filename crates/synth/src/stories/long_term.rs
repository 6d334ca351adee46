//! Long-term support: how it begins, goes on, changes and ends; s.27(1)(a) and (b).

use crate::build::{Build, Care};
use crate::codes::{Component, Mechanism, Out, Support, Why};
use crate::day::Day;
use crate::habits::Found;
use crate::person::Who;
use crate::truth::Test;

/// A needs assessment of someone with no support yet, and what came of it.
pub(super) fn conclude(b: &mut Build<'_>, p: Who, from: Day, to: Day) {
    let found = b.found(p, to);
    conclude_as(b, p, from, to, found);
}

/// The same, when what it finds is known.
pub(super) fn conclude_as(b: &mut Build<'_>, p: Who, from: Day, to: Day, found: Found) {
    match found {
        Found::NotEligible => {
            let needs = b.not_eligible();
            let mut out = b.dice.pick(&[
                Out::Advice,
                Out::Advice,
                Out::NoneOffered,
                Out::Other,
                Out::ReferredWithin,
            ]);
            if out == Out::ReferredWithin && !b.council.r2 {
                out = Out::Advice;
            }
            b.needs_assessment(p, from, to, out, needs);
        }
        Found::Support => {
            let needs = b.eligible();
            b.needs_assessment(p, from, to, Out::SupportPlanning, needs);
            if b.percent(45) && to + 6 <= b.f.last {
                b.financial_assessment(p, to, to + 6);
            }
            support_after(b, p, to);
        }
        Found::OtherEnding => {
            let needs = b.eligible();
            let out = b
                .dice
                .pick(&[Out::NoneOffered, Out::Other, Out::Advice, Out::Reablement]);
            b.needs_assessment(p, from, to, out, needs);
            if needs.is_some() && to + 84 <= b.f.last {
                if out == Out::Advice {
                    b.cannot_tell(p, Test::EligibleSupported, to);
                } else {
                    b.not_met(p, Test::EligibleSupported, to);
                }
            }
        }
    }
}

/// Support follows a needs assessment that led to support planning, or does not.
fn support_after(b: &mut Build<'_>, p: Who, assessed: Day) {
    let gap = match b.between(0, 99) {
        0..55 => 0,
        55..82 => {
            let drawn = assessed + b.between(1, 42);
            b.as_start_day(drawn, assessed + 1) - assessed
        }
        82..92 => {
            let drawn = assessed + b.between(43, 84);
            b.as_start_day(drawn, assessed + 43) - assessed
        }
        _ => 1_000_000,
    };
    let from = assessed + gap;
    if from > b.f.last {
        b.unmet(p, Test::SupportFollows, assessed, assessed + 84);
        return;
    }
    b.met(p, Test::SupportFollows, assessed);
    match gap {
        0 => {}
        1..=42 => b.met(p, Test::SupportInTime, assessed),
        _ => b.not_met(p, Test::SupportInTime, assessed),
    }
    if b.percent(14) {
        let support = b.dice.pick(&[Support::LowLevel, Support::OtherShort]);
        let care = b.short_term(p, support);
        let to = from + b.dice.between(7, 60);
        if to > b.f.last {
            b.open(p, care, from);
        } else {
            b.ended(p, care, from, to);
        }
    } else {
        begin_long_term(b, p, from);
    }
}

/// Long-term support begins on this day, for someone who has none, and no other test is still waiting on whether
/// the person stays.
pub(super) fn begin_long_term(b: &mut Build<'_>, p: Who, from: Day) {
    let last = b.f.last;
    let room = last - from;
    let payment = b.percent(17);
    let all = if payment {
        vec![b.some_payment()]
    } else {
        b.package(p)
    };
    let reviewed_first = b.percent(38);
    if reviewed_first {
        let to = from + b.between(20, 56);
        if to <= last {
            let from = from.max(to - 9);
            b.review_from(p, from, to, Why::Planned, Out::Continuation);
        }
    }
    let ending = match b.between(0, 99) {
        _ if room < 75 || payment => None,
        0..13 => Some(Out::Deceased),
        13..17 => Some(Out::EndedOther),
        17..19 => Some(Out::EndedPlanned),
        _ => None,
    };
    let Some(out) = ending else {
        for care in all {
            b.open(p, care, from);
            b.amend(|row| row.cost_may_vary = true);
        }
        b.yearly_reviews(p, from, last);
        b.spell(p, from);
        if payment {
            b.payment_running(p, from);
        }
        return;
    };
    let to = from + b.between(60, room.min(300) - 10);
    for care in all {
        b.service(p, care, from, Some(to), out);
    }
    b.spell_begun(p, from);
    if out == Out::Deceased {
        b.p(p).died = Some(to);
    } else {
        b.fell(p, to + 1, true);
    }
}

/// People in support for more than a year: most of those a council supports.
pub(super) fn steady(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.long_ago();
    let reviews = b.review_days(from, b.f.last);
    for to in &reviews {
        b.everyday_review(p, *to);
    }
    if let Some(day) = cut_after_one_of(b, &reviews) {
        let care = b.some_home(p);
        let left = i64::from(b.between(60, 85));
        let less = Care {
            units: care.units.map(|u| u * left / 2_500 * 25),
            ..care
        };
        b.changes(p, from, day, care, less);
        keep_in_touch(b, p, from);
        b.fell(p, day, true);
        return;
    }
    let restarted = b.dice.per_mille(b.council.habits.reprice);
    for care in b.package(p) {
        if restarted {
            b.repriced(p, care, from);
            continue;
        }
        b.open(p, care, from);
        b.amend(|row| row.cost_may_vary = true);
        if b.f.handover.is_some() && b.percent(30) {
            b.amend(|row| row.later_cost = row.care.and_then(|c| c.cost).map(|c| c + c / 20));
        }
    }
    keep_in_touch(b, p, from);
}

/// Of all care reviews, the share that can be followed so: the first after the day, of the stories that ask this.
const STEADY_REVIEWS: f64 = 0.38;

/// A day soon after one of these reviews on which support is lowered, where reviews are used so.
fn cut_after_one_of(b: &mut Build<'_>, reviews: &[Day]) -> Option<Day> {
    let (since, share) = {
        let habits = &b.council.habits;
        (habits.since, habits.reviews_that_cut / STEADY_REVIEWS)
    };
    if share <= 0.0 {
        return None;
    }
    reviews.iter().find_map(|to| {
        let cut = *to >= since && b.dice.unit() < share;
        let drawn = *to + b.between(1, 27);
        let day = b.as_start_day(drawn, *to + 1);
        (cut && day <= b.f.last).then_some(day)
    })
}

/// The odd reassessment, requests that change nothing; and the truth of a spell still open.
fn keep_in_touch(b: &mut Build<'_>, p: Who, from: Day) {
    let (first, last) = (b.f.first, b.f.last);
    if b.percent(5) {
        let to = b.working_day(first, last);
        b.reassessment(p, to - 20, to);
    }
    if b.percent(24) {
        let to = b.ask_day(first, last);
        let out = b.dice.pick(&[
            Out::Advice,
            Out::Continuation,
            Out::SupportPlanning,
            Out::Other,
            Out::NoneOffered,
        ]);
        let asked = to - b.dice.between(0, 8);
        b.request(p, asked, to, out);
    }
    b.spell(p, from);
}

/// People with a direct payment for more than a year.
pub(super) fn steady_payment(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.long_ago();
    let reviews = b.review_days(from, b.f.last);
    for to in &reviews {
        b.everyday_review(p, *to);
    }
    if let Some(day) = cut_after_one_of(b, &reviews) {
        let care = b.some_payment();
        let left = i64::from(b.between(60, 85));
        let less = Care {
            cost: care.cost.map(|c| c * left / 100),
            ..care
        };
        b.changes(p, from, day, care, less);
        keep_in_touch(b, p, from);
        b.payment_running(p, from);
        b.fell(p, day, true);
        return;
    }
    let restarted = b.dice.per_mille(b.council.habits.reprice);
    let mut all = vec![b.some_payment()];
    if b.percent(30) {
        let mut care = b.some_home(p);
        care.mechanism = Mechanism::Managed;
        all.push(care);
    }
    for care in all {
        if restarted {
            b.repriced(p, care, from);
        } else {
            b.open(p, care, from);
        }
    }
    keep_in_touch(b, p, from);
    b.payment_running(p, from);
}

/// Support for years that ended in the period.
pub(super) fn ended_in_the_year(b: &mut Build<'_>) {
    let p = b.older();
    let from = b.long_ago();
    let (first, last) = (b.f.first, b.f.last);
    let to = b.day(first.max(from + 120), last - 1);
    let all = b.package(p);
    b.yearly_reviews(p, from, to);
    b.spell_begun(p, from);
    let end = |b: &mut Build<'_>, out: Out| {
        for care in &all {
            b.service(p, *care, from, Some(to), out);
        }
    };
    match b.between(0, 99) {
        0..60 => {
            end(b, Out::Deceased);
            b.p(p).died = Some(to);
        }
        60..68 => {
            // The death is recorded; the end of the service is not.
            for care in &all {
                b.open(p, *care, from);
            }
            let person = b.p(p);
            person.died = Some(to);
            person.in_community = false;
        }
        68..74 => end(b, Out::Moved),
        74..82 => {
            let (out, certain) = b.nhs();
            end(b, out);
            if !certain {
                b.fell(p, to + 1, false);
            }
        }
        82..88 => {
            end(b, Out::Hospital);
            b.fell(p, to + 1, false);
        }
        88..92 => {
            end(b, Out::Declined);
            b.fell(p, to + 1, false);
        }
        92..95 => {
            end(b, Out::SelfFunded);
            b.fell(p, to + 1, true);
        }
        95..98 => {
            end(b, Out::EndedOther);
            b.fell(p, to + 1, true);
        }
        _ => {
            end(b, Out::EndedPlanned);
            b.fell(p, to + 1, true);
        }
    }
}

/// Deaths and moves only: nothing is owed afterwards.
pub(super) fn died_or_moved(b: &mut Build<'_>) {
    let p = b.older();
    let from = b.long_ago();
    let to = b.day(b.f.first.max(from + 120), b.f.last - 1);
    let care = b.some_home(p);
    b.spell_begun(p, from);
    if b.percent(60) {
        b.service(p, care, from, Some(to), Out::Deceased);
        b.p(p).died = Some(to);
    } else {
        b.service(p, care, from, Some(to), Out::Moved);
    }
}

/// Changes that are not falls: a price rise, a new provider, more support, a move into a care home.
pub(super) fn changed_without_falling(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.long_ago();
    let day = b.start_day(b.f.first.max(from + 90), b.f.last - 1);
    let care = b.some_home(p);
    let extra = b.daytime(p, 2);
    let both = b.percent(40);
    let mut later = care;
    match b.between(0, 9) {
        0..4 => later.provider = care.provider.map(|x| x + 1),
        4..7 => later.cost = care.cost.map(|c| c + c / 12),
        7..9 => later.units = care.units.map(|u| u + u / 4),
        _ => {
            later = b.residential(p);
            later.cost = Some(140_000);
        }
    }
    let gap = i32::from(b.percent(25));
    b.goes_on = true;
    b.ended(p, care, from, day - 1 - gap);
    b.open(p, later, day);
    if both && later.support == Support::Community {
        b.ended(p, extra, from, day - 1 - gap);
        let mut other = extra;
        other.provider = later.provider;
        b.open(p, other, day);
    }
    b.goes_on = false;
    b.yearly_reviews(p, from, b.f.last);
    b.spell(p, from);
}

/// A newcomer to support, with no request or assessment in the period.
pub(super) fn begun(b: &mut Build<'_>) {
    let from = b.start_day(b.f.first, b.f.last);
    let p = b.asker(from);
    b.route(p);
    begin_long_term(b, p, from);
}

/// In support for over a year and not reviewed.
pub(super) fn not_reviewed_for_a_year(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.long_ago();
    let care = b.some_home(p);
    b.open(p, care, from);
    let last = b.f.last;
    b.spell_begun(p, from);
    b.not_met(p, Test::Annual, last);
}

/// New support, and no first review.
pub(super) fn no_first_review(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.day(b.f.first, b.f.last - 56);
    let care = b.some_home(p);
    b.open(p, care, from);
    b.not_met(p, Test::FirstReview, from);
    b.spell_open(p, from);
}

/// The edges of the yearly review.
pub(super) fn yearly_review_on_the_edge(b: &mut Build<'_>) {
    let p = b.adult();
    let (last, ago) = (b.f.last, b.f.year_ago);
    let test = Test::Annual;
    let from = match b.variant(16) {
        0 => ago,
        1 => ago - 1,
        _ => ago - b.dice.between(1_000, 3_000),
    };
    let care = b.some_home(p);
    if b.variant(16) < 12 {
        b.open(p, care, from);
    }
    match b.variant(16) {
        // Exactly twelve months is not more than twelve months.
        0 => b.spell_begun(p, from),
        1 => {
            b.spell_begun(p, from);
            b.not_met(p, test, last);
        }
        2 => {
            b.review_from(p, ago + 1, ago + 1, Why::Planned, Out::Continuation);
            b.met(p, test, last);
        }
        3 => {
            b.review(p, last, Why::Safeguarding, Out::SupportPlanning);
            b.met(p, test, last);
        }
        4 => {
            // A review a day too old, where there is a return old enough to show one.
            if ago >= b.f.first {
                b.review(p, ago, Why::Planned, Out::Continuation);
            }
            b.not_met(p, test, last);
        }
        5 => {
            // A short-term assessment is not a review of a plan.
            let to = b.day(ago + 30, last);
            b.short_assessment(p, to - 9, to, Out::Continuation);
            b.not_met(p, test, last);
        }
        6 => {
            let to = b.day(ago + 30, last);
            let needs = b.eligible();
            b.needs_assessment(p, to - 9, to, Out::Continuation, needs);
            b.met(p, test, last);
        }
        7 => {
            if b.council.r2 {
                let to = b.day(ago + 30, last);
                b.review(p, to, Why::ShortTerm, Out::Continuation);
            }
            b.not_met(p, test, last);
        }
        8 => {
            // Said no to support within the last 28 days, while support goes on.
            b.contact(p, last - 28, Out::Declined);
            b.cannot_tell(p, test, last);
        }
        9 => {
            b.contact(p, last - 29, Out::Declined);
            b.not_met(p, test, last);
        }
        10 => {
            // A hospital stay with support going on is no leaving.
            b.contact(p, last - 10, Out::Hospital);
            b.not_met(p, test, last);
        }
        11 => {
            let day = last - 10;
            b.contact(p, day, Out::Moved);
            b.p(p).in_community = false;
        }
        12 => {
            // One uncovered day does not break a spell.
            let day = b.day(b.f.first + 10, last - 60);
            b.ended(p, care, from, day);
            b.open(p, care, day + 2);
            b.not_met(p, test, last);
        }
        13 => {
            // Two do.
            let day = b.day(ago + 10, last - 60);
            b.ended(p, care, from, day);
            b.open(p, care, day + 3);
            b.not_met(p, Test::FirstReview, day + 3);
        }
        14 => {
            // A short row inside a long one: the running maximum end matters, not the last row's. Its end is a small
            // part of what was there before.
            let mut meal = b.weekly(p, Component::Meals, 5, 5);
            meal.per = Some(crate::codes::Per::Week);
            let day = b.day(ago + 60, last - 60);
            b.open(p, care, from);
            b.ended(p, meal, ago - 200, day);
            b.not_met(p, test, last);
        }
        _ => {
            let child = b.child();
            let care = b.some_home(child);
            b.open(child, care, from);
            b.p(child).in_community = false;
        }
    }
}

/// The edges of the first review.
pub(super) fn first_review_on_the_edge(b: &mut Build<'_>) {
    let p = b.adult();
    let (first, last) = (b.f.first, b.f.last);
    let test = Test::FirstReview;
    let from = match b.variant(16) {
        0 => first,
        1 => first - 1,
        2 => last - 56,
        3 => last - 55,
        _ => b.day(first + 40, last - 130),
    };
    let care = b.some_home(p);
    let v = b.variant(16);
    if !(10..=12).contains(&v) {
        b.open(p, care, from);
    }
    match v {
        0 | 2 => b.not_met(p, test, from),
        // Begun before coverage: no occasion. Not yet 56 days old: not yet due.
        1 | 3 => {}
        4 => {
            b.review(p, from + 56, Why::Planned, Out::Continuation);
            b.met(p, test, from);
        }
        5 => {
            b.review(p, from + 57, Why::Planned, Out::Continuation);
            b.not_met(p, test, from);
        }
        6 => {
            // On the first day is not after it.
            b.review_from(p, from, from, Why::Planned, Out::Continuation);
            b.not_met(p, test, from);
        }
        7 => {
            let needs = b.eligible();
            b.needs_assessment(p, from, from + 30, Out::Continuation, needs);
            b.met(p, test, from);
        }
        8 => {
            b.contact(p, from - 10, Out::Declined);
            b.cannot_tell(p, test, from);
        }
        9 => {
            b.contact(p, from + 57, Out::Declined);
            b.not_met(p, test, from);
        }
        10 => {
            b.service(p, care, from, Some(from + 56), Out::EndedOther);
            b.not_met(p, test, from);
            b.fell(p, from + 57, true);
        }
        11 => {
            b.service(p, care, from, Some(from + 55), Out::EndedOther);
            b.fell(p, from + 56, true);
        }
        12 => {
            // Home again after hospital within 92 days: one spell.
            let out = from + 20;
            b.service(p, care, from, Some(out), Out::Hospital);
            b.open(p, care, out + 92);
            b.not_met(p, test, from);
        }
        13 => {
            let day = from + 30;
            b.contact(p, day, Out::Moved);
        }
        14 => {
            if b.council.r2 {
                b.review(p, from + 30, Why::ShortTerm, Out::Continuation);
            }
            b.not_met(p, test, from);
        }
        _ => {
            // Reviewed in time though still new at the end.
            b.review(p, from + 25, Why::Planned, Out::Continuation);
            b.met(p, test, from);
        }
    }
    if v != 10 && v != 11 {
        b.spell_open(p, from);
    }
}

/// A request by someone already supported, that led to a promise of review or assessment.
pub(super) fn asked_for_review(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.long_ago();
    let care = b.some_home(p);
    b.open(p, care, from);
    let asked = b.ask_day(b.f.first.max(from + 90), b.f.last);
    b.asks_in_turn(p, asked);
    let to = (asked + b.dice.wait(35.0)).working();
    if b.percent(72) && to <= b.f.last {
        let start = asked + b.between(0, (to - asked).min(9));
        if b.percent(60) {
            b.review_from(p, start, to, Why::OtherUnplanned, Out::SupportPlanning);
        } else {
            b.reassessment(p, start, to);
        }
        if to <= asked + 84 {
            b.met(p, Test::ReviewOnRequest, asked);
        } else {
            b.not_met(p, Test::ReviewOnRequest, asked);
        }
    } else {
        b.unmet(p, Test::ReviewOnRequest, asked, asked + 84);
    }
    b.spell(p, from);
}

/// A request for a review, and nothing.
pub(super) fn request_ignored(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.long_ago();
    let care = b.some_home(p);
    b.open(p, care, from);
    let asked = b.day(b.f.first.max(from + 90), b.f.last - 84);
    b.asks(p, asked);
    b.not_met(p, Test::ReviewOnRequest, asked);
    b.spell(p, from);
}

/// The edges of a request by someone in support.
pub(super) fn asked_for_review_on_the_edge(b: &mut Build<'_>) {
    let p = b.adult();
    let (first, last) = (b.f.first, b.f.last);
    let from = b.f.year_ago - b.dice.between(1_000, 3_000);
    let test = Test::ReviewOnRequest;
    let v = b.variant(14);
    let asked = match v {
        5 => last - 84,
        6 => last - 83,
        7 => first - 9,
        _ => b.day(first + 40, last - 90),
    };
    let care = b.some_home(p);
    if v != 12 {
        b.open(p, care, from);
    }
    if v == 7 {
        b.request(p, asked, first + 2, Out::Assess);
    } else if v != 13 {
        b.asks(p, asked);
    }
    match v {
        0 => {
            b.review_from(p, asked, asked + 84, Why::OtherUnplanned, Out::Continuation);
            b.met(p, test, asked);
        }
        1 => {
            b.review_from(
                p,
                asked + 9,
                asked + 85,
                Why::OtherUnplanned,
                Out::Continuation,
            );
            b.not_met(p, test, asked);
        }
        2 => {
            // Begun before the request, so it does not follow it.
            b.review_from(p, asked - 1, asked + 20, Why::Planned, Out::Continuation);
            b.not_met(p, test, asked);
        }
        3 => {
            b.short_assessment(p, asked + 1, asked + 40, Out::Continuation);
            b.met(p, test, asked);
        }
        4 => {
            b.financial_assessment(p, asked + 1, asked + 40);
            b.not_met(p, test, asked);
        }
        5 => b.not_met(p, test, asked),
        6 => {}
        7 => b.cannot_tell(p, test, asked),
        8 => {
            b.contact(p, asked + 30, Out::Declined);
            b.cannot_tell(p, test, asked);
        }
        9 => {
            b.contact(p, asked + 30, Out::Moved);
        }
        10 => {
            let (out, certain) = b.nhs();
            b.contact(p, asked + 30, out);
            if !certain {
                b.cannot_tell(p, test, asked);
            }
        }
        11 => {
            b.p(p).died = Some(asked + 50);
            b.p(p).in_community = false;
            return;
        }
        12 => {
            // Asked while in hospital, between two parts of one spell.
            b.service(p, care, from, Some(asked - 20), Out::Hospital);
            b.open(p, care, asked + 15);
            b.not_met(p, test, asked);
        }
        _ => {
            let child = b.child();
            let care = b.some_home(child);
            b.open(child, care, from);
            b.p(child).in_community = false;
            b.asks(child, asked);
        }
    }
    b.spell_open(p, from);
}

/// The long-term rows of one person, restarted by a move to another system or the turn of the council's year: the
/// true start is not in the return.
pub(super) fn start_reset(b: &mut Build<'_>) {
    b.resets = true;
    let p = b.adult();
    let from = b.f.reset;
    let last = b.f.last;
    let payment = b.variant(5) == 4;
    let care: Care = if payment {
        b.some_payment()
    } else {
        b.some_home(p)
    };
    b.open(p, care, from);
    if b.f.handover.is_some() && b.percent(50) {
        // The earlier return still has the older start; the later one no longer knows it.
        b.open(p, care, from - 900);
        b.amend(|row| row.carried = crate::build::Carried::FirstOnly);
    }
    let reviewed = match b.between(0, 9) {
        0..2 => Some(from + b.between(1, 56)),
        2..4 => Some(from + b.between(60, 180)),
        4..6 => Some(from + b.between(190, 270)),
        _ => None,
    };
    if let Some(to) = reviewed {
        b.review(p, to, Why::Planned, Out::Continuation);
    }
    let within = |limit: Day| reviewed.is_some_and(|d| d > from && d <= limit);
    if within(from + 56) {
        b.met(p, Test::FirstReview, from);
    } else {
        b.cannot_tell(p, Test::FirstReview, from);
    }
    if within(last) {
        b.met(p, Test::Annual, last);
    } else {
        b.cannot_tell(p, Test::Annual, last);
    }
    if payment {
        if within(from.months(6)) {
            b.met(p, Test::PaymentSixMonths, from);
        } else {
            b.cannot_tell(p, Test::PaymentSixMonths, from);
        }
        if within(last) {
            b.met(p, Test::PaymentYearly, last);
        } else {
            b.cannot_tell(p, Test::PaymentYearly, last);
        }
    }
}
