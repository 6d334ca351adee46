//! When a provider fails: s.48.

use crate::build::{Build, Care};
use crate::codes::{Out, Why};
use crate::day::Day;
use crate::person::Who;
use crate::truth::Test;

fn failed(b: &mut Build<'_>, p: Who, reviewed: Day) {
    b.review(p, reviewed, Why::ProviderFailure, Out::SupportPlanning);
}

/// A provider failed; another took over, or nobody did.
pub(super) fn provider_failed(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.f.year_ago - b.dice.between(700, 3_000);
    let day = b.day(b.f.first + 40, b.f.last - 36);
    let care = b.some_home(p);
    failed(b, p, day);
    if b.percent(55) {
        b.ended(p, care, from, day);
        let other = Care {
            provider: care.provider.map(|x| x + 2_000),
            ..care
        };
        b.open(p, other, day + 1);
        b.met(p, Test::KeptGoing, day);
        b.spell_open(p, from);
    } else {
        let gone = day - 4;
        b.service(p, care, from, Some(gone), Out::EndedOther);
        b.not_met(p, Test::KeptGoing, day);
        b.fell(p, gone + 1, true);
    }
}

/// The edges of a provider's failure.
pub(super) fn provider_failed_on_the_edge(b: &mut Build<'_>) {
    let p = b.adult();
    let last = b.f.last;
    let from = b.f.year_ago - b.dice.between(700, 3_000);
    let v = b.variant(19);
    let day = match v {
        8 => last - 35,
        9 => last - 34,
        _ => b.day(b.f.first + 60, last - 100),
    };
    let test = Test::KeptGoing;
    let care = b.home(p, 1_200);
    let from_other = |x: u32| Care {
        provider: care.provider.map(|id| id + x),
        ..care
    };
    let unnamed = Care {
        provider: None,
        ..care
    };
    if v != 14 {
        failed(b, p, day);
    }
    match v {
        0 => {
            // The new provider had already begun.
            b.ended(p, care, from, day - 6);
            b.open(p, from_other(2_000), day - 5);
            b.met(p, test, day);
        }
        1 => {
            // On the seventh day.
            b.ended(p, care, from, day + 6);
            b.open(p, from_other(2_000), day + 7);
            b.met(p, test, day);
        }
        2 => {
            // On the eighth; the old one carried on till then.
            b.ended(p, care, from, day + 7);
            b.open(p, from_other(2_000), day + 8);
            b.cannot_tell(p, test, day);
        }
        3 => {
            b.open(p, care, from);
            b.cannot_tell(p, test, day);
        }
        4 => {
            b.ended(p, unnamed, from, day);
            b.open(p, from_other(2_000), day + 1);
            b.cannot_tell(p, test, day);
        }
        5 => {
            b.ended(p, care, from, day);
            b.open(p, unnamed, day + 1);
            b.cannot_tell(p, test, day);
        }
        6 => {
            // Nothing 28 days before.
            let begun = day - 20;
            b.ended(p, care, begun, day);
            b.open(p, from_other(2_000), day + 1);
            b.cannot_tell(p, test, day);
            b.spell(p, begun);
            return;
        }
        7 => {
            // Gone, and nothing till the eighth day: not kept going, though nothing fell for a fortnight.
            b.service(p, care, from, Some(day - 1), Out::EndedOther);
            b.open(p, from_other(2_000), day + 8);
            b.not_met(p, test, day);
            b.spell(p, day + 8);
            return;
        }
        8 => {
            b.service(p, care, from, Some(day - 1), Out::EndedOther);
            b.not_met(p, test, day);
            b.fell(p, day, true);
            return;
        }
        9 => {
            b.service(p, care, from, Some(day - 1), Out::EndedOther);
            b.fell(p, day, true);
            return;
        }
        10 => {
            b.service(p, care, from, Some(day - 1), Out::EndedOther);
            b.p(p).died = Some(day + 5);
            return;
        }
        11 => {
            b.service(p, care, from, Some(day - 1), Out::Moved);
            return;
        }
        12 => {
            b.service(p, care, from, Some(day - 1), Out::Declined);
            b.cannot_tell(p, test, day);
            b.fell(p, day, false);
            return;
        }
        13 => {
            // Two providers, one of which failed; the other, the same as before, goes on.
            b.open(p, from_other(3_000), from);
            b.ended(p, care, from, day);
            b.open(p, from_other(2_000), day + 1);
            b.met(p, test, day);
        }
        14 => {
            let child = b.child();
            b.service(child, care, from, Some(day - 1), Out::EndedOther);
            failed(b, child, day);
            return;
        }
        15 => {
            // One of two failed and nobody took its half over.
            b.open(p, from_other(3_000), from);
            b.service(p, care, from, Some(day - 1), Out::EndedOther);
            b.cannot_tell(p, test, day);
            b.fell(p, day, true);
        }
        16 => {
            // Ended 28 days before the review: open on that day.
            b.service(p, care, from, Some(day - 28), Out::EndedOther);
            b.not_met(p, test, day);
            b.fell(p, day - 27, true);
            return;
        }
        17 => {
            // A day more, and there was nothing to keep going.
            b.service(p, care, from, Some(day - 29), Out::EndedOther);
            b.cannot_tell(p, test, day);
            b.fell(p, day - 28, true);
            return;
        }
        _ => {
            // Taken over on the day of the review, by a provider already known.
            b.ended(p, care, from, day - 1);
            b.open(p, from_other(2_000), day);
            b.met(p, test, day);
        }
    }
    b.spell_open(p, from);
}
