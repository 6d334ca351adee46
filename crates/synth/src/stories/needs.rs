//! What follows a needs assessment: s.13(1) and s.18(1).

use super::long_term::begin_long_term;
use crate::build::Build;
use crate::codes::{Component, Needs, Out, Support};
use crate::person::Who;
use crate::truth::Test;

/// Assessed, with no request in the period; and what came of it.
pub(super) fn assessed(b: &mut Build<'_>) {
    let to = b.working_day(b.f.first, b.f.last);
    let p = b.asker(to);
    b.route(p);
    let from = to - b.dice.between(0, 40);
    super::long_term::conclude(b, p, from, to);
}

/// Support planning promised, and no support.
pub(super) fn no_support(b: &mut Build<'_>) {
    let p = b.adult();
    let to = b.day(b.f.first, b.f.last - 84);
    let needs = b.eligible();
    b.needs_assessment(p, to - 9, to, Out::SupportPlanning, needs);
    b.not_met(p, Test::SupportFollows, to);
}

/// Eligible needs, and the case closed.
pub(super) fn eligible_and_closed(b: &mut Build<'_>) {
    let p = b.adult();
    let to = b.day(b.f.first, b.f.last - 84);
    let out = b
        .dice
        .pick(&[Out::NoneOffered, Out::Other, Out::Other, Out::EndedOther]);
    b.needs_assessment(p, to - 9, to, out, Some(Needs::Eligible));
    b.not_met(p, Test::EligibleSupported, to);
}

/// Support that came, slowly.
pub(super) fn slow_support(b: &mut Build<'_>) {
    let p = b.adult();
    let to = b.day(b.f.first, b.f.last - 84);
    let needs = b.eligible();
    b.needs_assessment(p, to - 9, to, Out::SupportPlanning, needs);
    b.met(p, Test::SupportFollows, to);
    b.not_met(p, Test::SupportInTime, to);
    let from = to + b.between(43, 84);
    begin_long_term(b, p, from);
}

/// The edges of support planning.
pub(super) fn support_on_the_edge(b: &mut Build<'_>) {
    let p = b.adult();
    let (first, last) = (b.f.first, b.f.last);
    let (follows, in_time) = (Test::SupportFollows, Test::SupportInTime);
    let v = b.variant(22);
    let to = match v {
        8 => last - 84,
        9 => last - 83,
        _ => b.day(first + 60, last - 90),
    };
    let needs = match v {
        6 => Some(b.dice.pick(&[Needs::NotEligible, Needs::NoneFound])),
        _ => b.eligible(),
    };
    if v != 18 {
        b.needs_assessment(p, to - 5, to, Out::SupportPlanning, needs);
    }
    let support = |b: &mut Build<'_>, after: i32| {
        let care = b.some_home(p);
        b.open(p, care, to + after);
        b.spell(p, to + after);
    };
    match v {
        0 => {
            support(b, 0);
            b.met(p, follows, to);
        }
        1 => {
            support(b, 42);
            b.met(p, follows, to);
            b.met(p, in_time, to);
        }
        2 => {
            support(b, 43);
            b.met(p, follows, to);
            b.not_met(p, in_time, to);
        }
        3 => {
            support(b, 84);
            b.met(p, follows, to);
            b.not_met(p, in_time, to);
        }
        4 => {
            support(b, 85);
            b.not_met(p, follows, to);
        }
        5 => {
            // Short-term support was there already: met on the day.
            let care = b.short_term(p, Support::Reablement);
            b.ended(p, care, to - 20, to + 10);
            b.met(p, follows, to);
        }
        6 => b.cannot_tell(p, follows, to),
        7 | 8 => b.not_met(p, follows, to),
        9 => {}
        10 => b.p(p).died = Some(to + 50),
        11 => {
            b.contact(p, to + 30, Out::Declined);
            b.cannot_tell(p, follows, to);
        }
        12 => {
            // Declined, then supported after all, but not within six weeks.
            b.contact(p, to + 30, Out::Declined);
            support(b, 60);
            b.met(p, follows, to);
            b.cannot_tell(p, in_time, to);
        }
        13 => {
            // Already in long-term support: a question about a plan, not this test.
            let from = b.long_ago();
            let care = b.some_home(p);
            if from > to - 60 {
                b.clash = true;
            }
            b.open(p, care, from);
            b.spell(p, from);
        }
        14 => {
            // Support that ends on the day is still open on it.
            let from = first - 700;
            let care = b.some_home(p);
            b.service(p, care, from, Some(to), Out::EndedOther);
            b.fell(p, to + 1, true);
        }
        15 => {
            b.contact(p, to + 20, Out::Hospital);
            b.cannot_tell(p, follows, to);
        }
        16 => {
            // Equipment bought once is support; it is no spell.
            let mut care = b.short_term(p, Support::LowLevel);
            care.component = Component::Equipment;
            b.ended(p, care, to + 20, to + 20);
            b.met(p, follows, to);
            b.met(p, in_time, to);
        }
        17 => {
            b.contact(p, to + 20, Out::Moved);
        }
        18 => {
            let child = b.child();
            let eligible = b.eligible();
            b.needs_assessment(child, to - 5, to, Out::SupportPlanning, eligible);
        }
        19 => {
            // Supported, then moved away.
            let care = b.some_home(p);
            b.service(p, care, to + 10, Some(to + 30), Out::Moved);
            b.met(p, follows, to);
            b.met(p, in_time, to);
        }
        20 => {
            let (out, certain) = b.nhs();
            b.contact(p, to + 40, out);
            if !certain {
                b.cannot_tell(p, follows, to);
            }
        }
        _ => {
            // Out of hospital and into support within 84 days.
            b.contact(p, to + 10, Out::Hospital);
            support(b, 50);
            b.met(p, follows, to);
            // A spell that starts within 92 days of it shows that the person did not leave.
            b.not_met(p, in_time, to);
        }
    }
}

/// Eligible needs, and each of the other endings.
pub(super) fn eligible_on_the_edge(b: &mut Build<'_>) {
    let p = b.adult();
    let (first, last) = (b.f.first, b.f.last);
    let test = Test::EligibleSupported;
    let v = b.variant(16);
    let to = match v {
        8 => last - 83,
        _ => b.day(first + 60, last - 90),
    };
    let assess = |b: &mut Build<'_>, who: Who, out: Out| {
        b.needs_assessment(who, to - 7, to, out, Some(Needs::Eligible));
    };
    match v {
        0 => {
            assess(b, p, Out::NoneOffered);
            b.not_met(p, test, to);
        }
        1 => {
            assess(b, p, Out::Advice);
            b.cannot_tell(p, test, to);
        }
        2 => {
            assess(b, p, Out::SelfFunded);
            b.cannot_tell(p, test, to);
        }
        3 => {
            if b.council.r2 {
                assess(b, p, Out::ReferredWithin);
            } else {
                assess(b, p, Out::Advice);
            }
            b.cannot_tell(p, test, to);
        }
        4 => {
            assess(b, p, Out::Declined);
            b.cannot_tell(p, test, to);
        }
        5 => {
            // Recorded on the very day of leaving.
            assess(b, p, Out::Moved);
        }
        6 => {
            let (out, certain) = b.nhs();
            assess(b, p, out);
            if !certain {
                b.cannot_tell(p, test, to);
            }
        }
        7 => {
            // Self-funded, and supported all the same.
            assess(b, p, Out::SelfFunded);
            let care = b.short_term(p, Support::OtherShort);
            b.ended(p, care, to + 84, to + 84);
            b.met(p, test, to);
            b.not_met(p, Test::SupportInTime, to);
        }
        8 => assess(b, p, Out::Other),
        9 => {
            assess(b, p, Out::Reablement);
            let care = b.short_term(p, Support::Reablement);
            b.ended(p, care, to + 2, to + 40);
            b.met(p, test, to);
            b.met(p, Test::SupportInTime, to);
        }
        10 => {
            assess(b, p, Out::Other);
            let care = b.short_term(p, Support::OtherShort);
            b.ended(p, care, to + 85, to + 85);
            b.not_met(p, test, to);
        }
        11 => {
            assess(b, p, Out::EndedOther);
            b.p(p).died = Some(to + 84);
        }
        12 => {
            assess(b, p, Out::Other);
            b.p(p).died = Some(to + 85);
            b.not_met(p, test, to);
        }
        13 => {
            let child = b.child();
            assess(b, child, Out::Other);
        }
        14 => {
            // Assessed on paper after death: nothing is owed, recorded or not.
            assess(b, p, Out::Other);
            b.nothing_owed_on_it();
            b.p(p).died = Some(to - 3);
        }
        _ => {
            // No outcome at all is another outcome.
            assess(b, p, Out::Blank);
            b.not_met(p, test, to);
        }
    }
}
