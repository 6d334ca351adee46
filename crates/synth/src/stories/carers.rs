//! Unpaid carers: s.10(1) and s.20(1).

use crate::build::{Build, Care};
use crate::codes::{HasCarer, Kind, Method, Needs, Out, Support};
use crate::day::Day;
use crate::person::Who;
use crate::truth::Test;

/// An adult in steady support, and the carer who is someone else.
fn pair(b: &mut Build<'_>) -> (Who, Who) {
    let adult = b.adult();
    let carer = b.working_age();
    let from = b.long_ago();
    let care = b.some_home(adult);
    b.open(adult, care, from);
    b.yearly_reviews(adult, from, b.f.last);
    b.spell(adult, from);
    (adult, carer)
}

/// An adult with nothing else in the return than one closed request, and a carer.
fn loose_pair(b: &mut Build<'_>) -> (Who, Who) {
    let adult = b.adult();
    let carer = b.adult();
    let to = b.day(b.f.first, b.f.last);
    b.request(adult, to, to, Out::Advice);
    (adult, carer)
}

/// A carer's contact, closed.
pub(super) fn carer_closed(b: &mut Build<'_>) {
    let (adult, carer) = loose_pair(b);
    let to = b.day(b.f.first, b.f.last);
    let out = b
        .dice
        .pick(&[Out::Advice, Out::Advice, Out::NoneOffered, Out::Declined]);
    b.carer_request(carer, adult, to - 3, to, out);
}

/// A carer asks, and most are assessed; some are supported.
pub(super) fn carer_asks(b: &mut Build<'_>) {
    let (adult, carer) = if b.percent(60) {
        pair(b)
    } else {
        loose_pair(b)
    };
    let asked = b.day(b.f.first, b.f.last);
    let closed = (asked + 2).min(b.f.last);
    b.carer_request(carer, adult, asked, closed, Out::Assess);
    let to = asked + b.dice.wait(40.0);
    if to > b.f.last || b.percent(25) {
        b.unmet(carer, Test::CarerAssessed, asked, asked + 182);
        return;
    }
    if to <= asked + 182 {
        b.met(carer, Test::CarerAssessed, asked);
    } else {
        b.not_met(carer, Test::CarerAssessed, asked);
    }
    let needs = b.eligible();
    let from = asked.max(to - 12);
    let out = b.dice.pick(&[
        Out::SupportPlanning,
        Out::SupportPlanning,
        Out::Advice,
        Out::NoneOffered,
    ]);
    b.carer_assessment(carer, adult, from, to, out, needs);
    carer_support(b, carer, adult, to, out, needs);
}

/// Support of a carer after an assessment, or none.
fn carer_support(
    b: &mut Build<'_>,
    carer: Who,
    adult: Who,
    to: Day,
    out: Out,
    needs: Option<Needs>,
) {
    let test = Test::CarerSupported;
    if out == Out::SupportPlanning && b.percent(75) {
        let from = to + b.between(0, 84);
        if from <= b.f.last {
            let care = b.for_carer(Support::ToCarer);
            b.carer_service(carer, adult, care, from, None);
            if needs == Some(Needs::Eligible) {
                b.met(carer, test, to);
            }
            return;
        }
    }
    if needs == Some(Needs::Eligible) && to + 84 <= b.f.last {
        if out == Out::Advice {
            b.cannot_tell(carer, test, to);
        } else {
            b.not_met(carer, test, to);
        }
    }
}

/// A carer already supported, and reassessed or not.
pub(super) fn carer_supported(b: &mut Build<'_>) {
    let (adult, carer) = pair(b);
    let from = b.f.first - b.dice.between(30, 900);
    let care = b.for_carer(Support::ToCarer);
    b.carer_service(carer, adult, care, from, None);
    if b.percent(55) {
        let to = b.day(b.f.year_ago + 1, b.f.last);
        let needs = b.eligible();
        b.carer_assessment(carer, adult, to - 8, to, Out::Continuation, needs);
        if needs.is_some() {
            b.met(carer, Test::CarerSupported, to);
        }
    }
}

/// A carer asks; nothing.
pub(super) fn carer_not_assessed(b: &mut Build<'_>) {
    let (adult, carer) = pair(b);
    let asked = b.day(b.f.first, b.f.last - 182);
    b.carer_request(carer, adult, asked, asked + 1, Out::Assess);
    b.not_met(carer, Test::CarerAssessed, asked);
}

/// A carer's eligible needs, and no support.
pub(super) fn carer_not_supported(b: &mut Build<'_>) {
    let (adult, carer) = pair(b);
    let to = b.day(b.f.first, b.f.last - 84);
    let eligible = Some(Needs::Eligible);
    b.carer_assessment(carer, adult, to - 4, to, Out::NoneOffered, eligible);
    b.not_met(carer, Test::CarerSupported, to);
}

/// Carers known of, and what is known of their assessments.
pub(super) fn carer_known(b: &mut Build<'_>) {
    let (adult, carer) = pair(b);
    b.p(adult).has_carer = b.dice.pick(&[HasCarer::No, HasCarer::Unknown]);
    let recent = b.day(b.f.year_ago + 1, b.f.last);
    match b.variant(5) {
        0 => b.known_of(carer, adult),
        1 => {
            b.carer_assessment(carer, adult, recent - 3, recent, Out::Advice, None);
        }
        2 => {
            // The first day that counts.
            let to = b.f.year_ago + 1;
            b.carer_assessment(carer, adult, to - 3, to, Out::Advice, None);
        }
        3 => {
            // An assessment of money is not one of the carer's needs.
            b.carer_assessment(carer, adult, recent - 3, recent, Out::Blank, None);
            b.amend(|row| row.kind = Kind::Financial);
            b.amend(|row| row.method = Method::Blank);
            b.p(adult).carer_assessed = false;
        }
        _ => {
            // Another carer of the same adult was assessed.
            b.known_of(carer, adult);
            let other = b.adult();
            b.carer_assessment(other, adult, recent - 3, recent, Out::Advice, None);
        }
    }
}

/// The edges of a carer's request.
pub(super) fn carer_asks_on_the_edge(b: &mut Build<'_>) {
    let (adult, carer) = pair(b);
    let (first, last) = (b.f.first, b.f.last);
    let test = Test::CarerAssessed;
    let v = b.variant(17);
    let asked = match v {
        3 => last - 182,
        4 => last - 181,
        5 => first - 4,
        _ => b.day(first + 35, last - 185),
    };
    match v {
        5 => b.carer_request(carer, adult, asked, first + 1, Out::Assess),
        10 => {}
        _ => b.carer_request(carer, adult, asked, asked + 1, Out::Assess),
    }
    let assessed = |b: &mut Build<'_>, from: i32, to: i32| {
        b.carer_assessment(carer, adult, asked + from, asked + to, Out::Advice, None);
    };
    match v {
        0 => {
            assessed(b, 170, 182);
            b.met(carer, test, asked);
        }
        1 => {
            assessed(b, 170, 183);
            b.not_met(carer, test, asked);
        }
        2 => {
            assessed(b, -1, 20);
            b.not_met(carer, test, asked);
        }
        3 => b.not_met(carer, test, asked),
        4 => {}
        5 => b.cannot_tell(carer, test, asked),
        6 => {
            // The adult was assessed together with the carer: perhaps that was the carer's too.
            b.short_assessment(adult, asked + 10, asked + 30, Out::Continuation);
            b.amend(|row| row.method = Method::Jointly);
            b.cannot_tell(carer, test, asked);
        }
        7 => {
            b.short_assessment(adult, asked + 10, asked + 30, Out::Continuation);
            b.amend(|row| row.method = Method::Alone);
            b.not_met(carer, test, asked);
        }
        8 => b.p(carer).died = Some(asked + 60),
        9 => {
            let to = asked + 60;
            b.carer_request(carer, adult, to, to, Out::Declined);
            b.cannot_tell(carer, test, asked);
        }
        10 => {
            let child = b.child();
            b.carer_request(child, adult, asked, asked + 2, Out::Assess);
        }
        11 => {
            // A carer's assessment of no stated type counts.
            assessed(b, 5, 40);
            b.amend(|row| row.kind = Kind::Blank);
            b.met(carer, test, asked);
        }
        12 => {
            assessed(b, 5, 40);
            b.amend(|row| row.kind = Kind::Financial);
            b.p(adult).carer_assessed = false;
            b.not_met(carer, test, asked);
        }
        13 => {
            let to = asked + 60;
            b.carer_request(carer, adult, to, to, Out::Moved);
        }
        15 => {
            let to = asked + 60;
            b.carer_request(carer, adult, to, to, Out::Hospital);
            b.cannot_tell(carer, test, asked);
        }
        14 => {
            let (out, certain) = b.nhs();
            let to = asked + 60;
            b.carer_request(carer, adult, to, to, out);
            if !certain {
                b.cannot_tell(carer, test, asked);
            }
        }
        _ => {
            // The adult's death is no exit of the carer's.
            b.not_met(carer, test, asked);
            let died = asked + 60;
            b.p(adult).died = Some(died);
            b.p(adult).in_community = false;
            // The spell is not open at the end any more, and the reviews told of may be later than the death; told
            // again unless there were none.
            b.clash |= !b.p(adult).reviews.is_empty();
            b.clash |= b.truth.iter().any(|t| t.1 == Test::FirstReview);
            b.truth.retain(|t| !(t.0 == adult && t.1 == Test::Annual));
        }
    }
}

/// The edges of a carer's support.
pub(super) fn carer_supported_on_the_edge(b: &mut Build<'_>) {
    let (adult, carer) = pair(b);
    let last = b.f.last;
    let test = Test::CarerSupported;
    let v = b.variant(16);
    let to = match v {
        7 => last - 84,
        8 => last - 83,
        _ => b.day(b.f.first + 5, last - 90),
    };
    let out = match v {
        4 => Out::Advice,
        5 => Out::SelfFunded,
        10 => Out::Declined,
        11 => Out::Moved,
        _ => Out::SupportPlanning,
    };
    if v != 13 {
        b.carer_assessment(carer, adult, to - 3, to, out, Some(Needs::Eligible));
    }
    let direct: Care = b.for_carer(Support::ToCarer);
    let involving: Care = b.for_carer(Support::InvolvingCaredFor);
    match v {
        0 => {
            b.carer_service(carer, adult, direct, to - 100, None);
            b.met(carer, test, to);
        }
        1 => {
            b.carer_service(carer, adult, direct, to + 84, None);
            b.met(carer, test, to);
        }
        2 => {
            b.carer_service(carer, adult, direct, to + 85, None);
            b.not_met(carer, test, to);
        }
        3 | 7 => b.not_met(carer, test, to),
        4 | 5 => b.cannot_tell(carer, test, to),
        6 => {
            // A break for the carer, given to the adult.
            b.open(adult, involving, to + 20);
            b.met(carer, test, to);
        }
        8 | 11 => {}
        9 => b.p(carer).died = Some(to + 30),
        10 => b.cannot_tell(carer, test, to),
        12 => {
            // The carer's own row of that type.
            b.carer_service(carer, adult, involving, to + 20, Some(to + 50));
            b.met(carer, test, to);
        }
        13 => {
            let child = b.child();
            let eligible = Some(Needs::Eligible);
            b.carer_assessment(child, adult, to - 3, to, Out::SupportPlanning, eligible);
        }
        14 => {
            // Advice, and support all the same.
            b.amend(|row| row.out = Out::Advice);
            b.carer_service(carer, adult, direct, to + 3, None);
            b.met(carer, test, to);
        }
        _ => {
            // Needs recorded as not eligible: no occasion.
            b.amend(|row| row.needs = Some(Needs::NotEligible));
        }
    }
}

/// Someone who draws on care and is also a carer.
pub(super) fn carer_who_draws_on_care(b: &mut Build<'_>) {
    let (adult, carer) = pair(b);
    let from = b.long_ago();
    let care = b.some_home(carer);
    b.open(carer, care, from);
    let to = b.day(b.f.year_ago + 1, b.f.last - 84);
    b.carer_assessment(
        carer,
        adult,
        to - 5,
        to,
        Out::Continuation,
        Some(Needs::Eligible),
    );
    // Their own home support is not support of a carer; and a carer's assessment does not review their own plan.
    b.not_met(carer, Test::CarerSupported, to);
    b.spell(carer, from);
}

/// Two people to whom the council gave one number: each is known by NHS number, and a carer's link means both.
pub(super) fn one_number_for_two(b: &mut Build<'_>) {
    let one = b.adult();
    let other = b.adult();
    let carer = b.adult();
    let la = b.p(one).la;
    for who in [one, other] {
        let nhs = b.numbers.nhs();
        let person = b.p(who);
        person.la = la;
        person.nhs = Some(nhs);
        person.shared = true;
        person.second = false;
        person.has_carer = HasCarer::No;
        let from = b.long_ago();
        let care = b.some_home(who);
        b.open(who, care, from);
        b.spell(who, from);
    }
    b.known_of(carer, one);
    b.p(other).named = true;
}
