//! Support that fell, and changes that only look like it: s.27(4).

use crate::build::{Build, Care};
use crate::codes::{Component, Mechanism, Out, Per, Support, Why};
use crate::day::Day;
use crate::person::Who;
use crate::truth::Test;

/// Someone in steady support, not reviewed.
fn someone(b: &mut Build<'_>) -> (Who, Day) {
    let p = b.adult();
    let from = b.f.year_ago - b.dice.between(700, 3_500);
    (p, from)
}

/// A day on which a fall is far enough from both ends of the period for everything around it to be seen.
fn seen_day(b: &mut Build<'_>) -> Day {
    b.day(b.f.first + 190, b.f.last - 75)
}

/// Fewer hours, and neither review nor assessment.
pub(super) fn cut_without_review(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = b.day(b.f.first + 181, b.f.last - 28);
    let care = b.some_home(p);
    let share = i64::from(b.between(30, 88));
    let less = Care {
        units: care.units.map(|u| u * share / 100),
        ..care
    };
    b.ended(p, care, from, day - 1);
    b.open(p, less, day);
    b.not_met(p, Test::FallUnreviewed, day);
    b.spell_open(p, from);
}

/// Fewer hours after a review, with no assessment of whether needs had changed.
pub(super) fn cut_at_review(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = b.day(b.f.first + 181, b.f.last - 28);
    let care = b.some_home(p);
    let share = i64::from(b.between(30, 88));
    let less = Care {
        units: care.units.map(|u| u * share / 100),
        ..care
    };
    let reviewed = day - b.dice.between(0, 60);
    b.review(p, reviewed, Why::Planned, Out::SupportPlanning);
    b.ended(p, care, from, day - 1);
    b.open(p, less, day);
    b.not_met(p, Test::FallAtReview, day);
    b.spell_open(p, from);
}

/// One part of support ends at any time of the period, with the reviews and assessments a council makes.
pub(super) fn part_ended(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = b.start_day(b.f.first + 1, b.f.last);
    let care = b.some_home(p);
    if b.percent(50) {
        b.reviewed_before(p, day);
    }
    if b.percent(35) {
        let to = (day - b.dice.between(1, 170)).working_before();
        if to >= b.f.first {
            b.reassessment(p, to - 7, to);
        }
    }
    let mut part = if b.percent(60) {
        b.daytime(p, 4)
    } else {
        b.weekly(p, Component::SharedLives, 400, 480)
    };
    if part.component == Component::Day {
        // Twelve hours' worth a week beside 30 hours or less: more than a tenth of the whole.
        part.cost = care.cost.map(|c| c * 3);
    }
    b.open(p, care, from);
    b.ended(p, part, from, day - 1);
    b.yearly_reviews(p, from, b.f.last);
    b.fell(p, day, true);
    b.spell_open(p, from);
}

/// Everyone's day support ends on one day.
pub(super) fn mass_cut(b: &mut Build<'_>) {
    let p = b.adult();
    let from = b.f.year_ago - b.dice.between(700, 3_500);
    let day = b.f.mass;
    let home = b.home(p, 700);
    let sessions = b.daytime(p, 3);
    b.open(p, home, from);
    b.ended(p, sessions, from, day - 1);
    b.amend(|row| {
        // A quarter of the whole or more.
        if let Some(care) = &mut row.care {
            care.cost = Some(4_000);
        }
    });
    b.fell(p, day, true);
    b.spell_open(p, from);
}

/// Into hospital and home again, to the same support, less, or none.
pub(super) fn hospital_gap(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let away = b.day(b.f.first + 100, b.f.last - 130);
    let care = b.some_home(p);
    b.service(p, care, from, Some(away), Out::Hospital);
    match b.between(0, 9) {
        0..5 => {
            let back = away + b.between(3, 92);
            b.open(p, care, back);
            b.spell_open(p, from);
        }
        5..8 => {
            let back = away + b.between(3, 92);
            let less = Care {
                units: care.units.map(|u| u / 2),
                ..care
            };
            b.open(p, less, back);
            b.fell(p, back, true);
            b.spell_open(p, from);
        }
        _ => b.fell(p, away + 1, false),
    }
}

/// Units kept above, at and below the line, prices moving the other way, costs unknown.
pub(super) fn fall_by_size(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = seen_day(b);
    let care = b.home(p, 1_000);
    let test = Test::FallUnreviewed;
    let with = |units: i64| Care {
        units: Some(units),
        ..care
    };
    let priced = |care: Care, cost: i64| Care {
        cost: Some(cost),
        ..care
    };
    let unpriced = |care: Care| Care { cost: None, ..care };
    let change = |b: &mut Build<'_>, before: Care, after: Care| {
        b.ended(p, before, from, day - 1);
        b.open(p, after, day);
    };
    match b.variant(24) {
        0 => {
            change(b, care, with(800));
            b.not_met(p, test, day);
        }
        1 => {
            // Ninety per cent is a fall.
            change(b, care, with(900));
            b.not_met(p, test, day);
        }
        2 => change(b, care, with(901)),
        // A price cut at the same hours hurts no one.
        3 => change(b, priced(care, 2_400), priced(care, 1_800)),
        4 => {
            // A price rise does not hide fewer hours.
            change(b, priced(care, 2_000), priced(with(800), 3_000));
            b.not_met(p, test, day);
        }
        5 => {
            change(b, unpriced(care), unpriced(with(900)));
            b.not_met(p, test, day);
        }
        6 => change(b, unpriced(care), unpriced(with(910))),
        7 => {
            // Nothing to measure by.
            let blank = Care {
                cost: None,
                per: None,
                units: None,
                ..care
            };
            change(b, blank, blank);
            if b.percent(40) {
                b.review(p, day - 3, Why::Planned, Out::Continuation);
                b.cannot_tell(p, Test::FallAtReview, day);
            } else {
                b.cannot_tell(p, test, day);
            }
        }
        8 => {
            // More is added beside something of unknown cost that goes on.
            let extra = b.daytime(p, 2);
            b.open(p, unpriced(care), from);
            b.open(p, extra, day);
        }
        9 => {
            // One part of two ends, its cost unknown.
            let extra = b.daytime(p, 2);
            b.open(p, care, from);
            b.ended(p, unpriced(extra), from, day - 1);
            b.cannot_tell(p, test, day);
        }
        10 => {
            let extra = b.daytime(p, 3);
            b.open(p, care, from);
            b.ended(p, priced(extra, 4_000), from, day - 1);
            b.not_met(p, test, day);
        }
        11 => {
            // Meals are a small part: less than a tenth of the whole.
            let meals = b.weekly(p, Component::Meals, 6, 12);
            b.open(p, care, from);
            b.ended(p, meals, from, day - 1);
        }
        12 => {
            // A care home at a lower price for the same care.
            let home = b.residential(p);
            change(b, priced(home, 110_000), priced(home, 80_000));
        }
        13 => {
            // By the week instead of by the hour, for less.
            let weekly = Care {
                per: Some(Per::Week),
                cost: Some(12_000),
                units: Some(100),
                ..care
            };
            change(b, priced(care, 2_000), weekly);
            b.not_met(p, test, day);
        }
        14 => {
            // Two cost rows of one package become one: 15 hours at 22.00 on average, then 13 hours.
            b.ended(p, priced(care, 2_000), from, day - 1);
            b.ended(p, priced(with(500), 2_600), from, day - 1);
            b.open(p, priced(with(1_300), 2_600), day);
            b.not_met(p, test, day);
        }
        15 => {
            b.ended(p, priced(care, 2_000), from, day - 1);
            b.ended(p, priced(with(500), 2_600), from, day - 1);
            b.open(p, priced(with(1_400), 2_000), day);
        }
        16 => {
            // Bought once: no weekly cost, so nothing falls when it ends.
            let mut once = b.weekly(p, Component::Equipment, 200, 900);
            once.per = Some(Per::Once);
            b.open(p, care, from);
            b.ended(p, once, from, day - 1);
        }
        17 => {
            // Nothing but equipment, and then nothing.
            let mut once = b.weekly(p, Component::Equipment, 200, 900);
            once.per = Some(Per::Once);
            b.service(p, once, from, Some(day - 1), Out::EndedOther);
            return;
        }
        18 => {
            // Fortnightly 300 is weekly 150; four-weekly 480 is weekly 120.
            let mut before = b.weekly(p, Component::OtherLong, 300, 300);
            before.per = Some(Per::Fortnight);
            let mut after = before;
            after.per = Some(Per::FourWeeks);
            after.cost = Some(48_000);
            change(b, before, after);
            b.not_met(p, test, day);
        }
        19 => {
            // Monthly 650 is weekly 150; yearly 7,800 too.
            let mut before = b.weekly(p, Component::OtherLong, 650, 650);
            before.per = Some(Per::Month);
            let mut after = before;
            after.per = Some(Per::Year);
            after.cost = Some(780_000);
            change(b, before, after);
        }
        20 => {
            // Units of a weekly row say nothing.
            let mut before = b.weekly(p, Component::SharedLives, 400, 480);
            before.units = Some(700);
            let mut after = before;
            after.units = Some(100);
            change(b, before, after);
        }
        21 => {
            // Home support becomes day support, for less.
            let sessions = b.daytime(p, 1);
            change(b, priced(care, 2_000), priced(sessions, 6_000));
            b.not_met(p, test, day);
        }
        22 => {
            // Unpriced: one group has fewer units and another more, so no size can be given.
            let extra = b.daytime(p, 2);
            let more = Care {
                units: Some(400),
                ..extra
            };
            change(b, unpriced(care), unpriced(with(700)));
            change(b, unpriced(extra), unpriced(more));
            b.cannot_tell(p, test, day);
        }
        _ => {
            // A stop of a few days that began again within two weeks. It breaks the spell.
            b.ended(p, care, from, day - 1);
            b.open(p, care, day + 9);
            b.spell(p, day + 9);
            return;
        }
    }
    b.spell_open(p, from);
}

/// Reviews, assessments and the ends of the period around a fall.
pub(super) fn fall_by_evidence(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let (first, last) = (b.f.first, b.f.last);
    let v = b.variant(22);
    let day = match v {
        8 => first + 180,
        9 => first + 181,
        10 => first + 100,
        11 => last - 28,
        12 => last - 27,
        13 => last - 10,
        14 => first + 60,
        _ => seen_day(b),
    };
    let care = b.home(p, 1_400);
    let less = Care {
        units: Some(900),
        ..care
    };
    let (alone, at_review) = (Test::FallUnreviewed, Test::FallAtReview);
    let reviewed = |b: &mut Build<'_>, to: Day| {
        b.review(p, to, Why::Planned, Out::SupportPlanning);
    };
    if v != 21 {
        b.ended(p, care, from, day - 1);
        b.open(p, less, day);
    }
    match v {
        0 => {
            reviewed(b, day);
            b.not_met(p, at_review, day);
        }
        1 => {
            reviewed(b, day - 89);
            b.not_met(p, at_review, day);
        }
        2 => {
            reviewed(b, day - 90);
            b.not_met(p, alone, day);
        }
        3 => {
            reviewed(b, day + 1);
            b.not_met(p, alone, day);
        }
        4 => {
            b.short_assessment(p, day - 188, day - 181, Out::Continuation);
            b.cannot_tell(p, alone, day);
        }
        5 => {
            b.short_assessment(p, day - 188, day - 182, Out::Continuation);
            b.not_met(p, alone, day);
        }
        6 => {
            let needs = b.eligible();
            b.needs_assessment(p, day - 20, day, Out::SupportPlanning, needs);
            b.cannot_tell(p, alone, day);
            // The old row has ended and the new one did not start before the day: by the words, support followed.
            b.met(p, Test::SupportFollows, day);
        }
        7 => {
            reviewed(b, day - 9);
            b.short_assessment(p, day - 5, day - 2, Out::Continuation);
            b.cannot_tell(p, at_review, day);
        }
        8 => b.cannot_tell(p, alone, day),
        9 | 11 => b.not_met(p, alone, day),
        10 => {
            reviewed(b, day - 30);
            b.cannot_tell(p, at_review, day);
        }
        // Too near the end: not yet due.
        12 | 13 => {}
        14 => b.cannot_tell(p, alone, day),
        15 => {
            b.contact(p, day + 5, Out::Moved);
        }
        16 => {
            b.contact(p, day + 14, Out::Declined);
            b.cannot_tell(p, alone, day);
        }
        17 => {
            b.contact(p, day + 15, Out::Declined);
            b.not_met(p, alone, day);
        }
        18 => {
            b.contact(p, day - 28, Out::Declined);
            b.cannot_tell(p, alone, day);
        }
        19 => {
            b.contact(p, day - 29, Out::Declined);
            b.not_met(p, alone, day);
        }
        20 => {
            // An assessment of money is not one of needs.
            b.financial_assessment(p, day - 9, day - 5);
            b.not_met(p, alone, day);
        }
        _ => {
            let child = b.child();
            b.ended(child, care, from, day - 1);
            b.open(child, less, day);
            return;
        }
    }
    b.spell_open(p, from);
}

/// Support that stopped altogether.
pub(super) fn withdrawn(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = seen_day(b);
    let care = b.some_home(p);
    let test = Test::FallUnreviewed;
    let stop = |b: &mut Build<'_>, out: Out| b.service(p, care, from, Some(day - 1), out);
    match b.variant(16) {
        0 => {
            stop(b, Out::EndedOther);
            b.not_met(p, test, day);
        }
        1 => {
            stop(b, Out::EndedPlanned);
            b.not_met(p, test, day);
        }
        2 => {
            stop(b, Out::SelfFunded);
            b.not_met(p, test, day);
        }
        3 => {
            stop(b, Out::Declined);
            b.cannot_tell(p, test, day);
        }
        4 => stop(b, Out::Moved),
        5 => {
            let (out, certain) = b.nhs();
            stop(b, out);
            if !certain {
                b.cannot_tell(p, test, day);
            }
        }
        6 => {
            stop(b, Out::Hospital);
            b.cannot_tell(p, test, day);
        }
        7 => {
            stop(b, Out::EndedOther);
            b.p(p).died = Some(day + 14);
        }
        8 => {
            stop(b, Out::EndedOther);
            b.p(p).died = Some(day + 15);
            b.not_met(p, test, day);
        }
        9 => {
            // Begun again, but not within two weeks.
            stop(b, Out::EndedOther);
            b.open(p, care, day + 15);
            b.not_met(p, test, day);
            b.spell(p, day + 15);
        }
        10 => {
            // Begun again on the fourteenth day: nothing fell, though the spell broke.
            stop(b, Out::EndedOther);
            b.open(p, care, day + 14);
            b.spell(p, day + 14);
        }
        12 => {
            // Two rows end, one of them by admission to hospital: a stay in hospital.
            stop(b, Out::Hospital);
            let other = b.daytime(p, 2);
            b.service(p, other, from, Some(day - 1), Out::EndedOther);
            b.cannot_tell(p, test, day);
        }
        13 => {
            // One row ends by admission, and another goes on: the person is at home.
            let mut large = b.daytime(p, 4);
            large.cost = Some(9_000);
            b.service(p, large, from, Some(day - 1), Out::Hospital);
            b.open(p, care, from);
            b.not_met(p, test, day);
            b.spell_open(p, from);
        }
        14 => {
            // Two rows end on different days, and the later one by admission; home again to both.
            let mut other = b.daytime(p, 1);
            other.cost = Some(1_200);
            b.ended(p, other, from, day - 60);
            let large = b.home(p, 3_000);
            b.service(p, large, from, Some(day - 1), Out::Hospital);
            b.open(p, large, day + 20);
            b.spell_open(p, from);
        }
        11 => {
            // Stopped after a review.
            b.review(p, day - 6, Why::Planned, Out::EndedOther);
            stop(b, Out::EndedOther);
            b.not_met(p, Test::FallAtReview, day);
        }
        _ => {
            stop(b, Out::EndedOther);
            b.review(p, day - 40, Why::Planned, Out::Continuation);
            b.short_assessment(p, day - 39, day - 20, Out::Continuation);
            b.cannot_tell(p, Test::FallAtReview, day);
        }
    }
}

/// Several changes, one after another.
pub(super) fn falls_in_steps(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = b.day(b.f.first + 190, b.f.last - 140);
    let test = Test::FallUnreviewed;
    let care = b.home(p, 2_000);
    // Hours from `from`, then from each of these days.
    let steps = |b: &mut Build<'_>, hours: &[(Day, i64)]| {
        let mut begun = from;
        let mut now = care;
        for (day, units) in hours {
            b.ended(p, now, begun, *day - 1);
            begun = *day;
            now.units = Some(*units);
        }
        b.open(p, now, begun);
    };
    match b.variant(11) {
        8 => {
            // Less for twenty days: longer than the fortnight that is allowed for.
            steps(b, &[(day, 1_000), (day + 20, 2_000)]);
            b.not_met(p, test, day);
        }
        9 => {
            // Reviewed before the first step only.
            b.review(p, day - 80, Why::Planned, Out::SupportPlanning);
            steps(b, &[(day, 1_500), (day + 25, 1_000)]);
            b.not_met(p, Test::FallAtReview, day);
        }
        0 => {
            steps(b, &[(day, 1_500), (day + 20, 1_000)]);
            b.not_met(p, test, day);
        }
        1 => {
            steps(b, &[(day, 1_500), (day + 28, 1_000)]);
            b.not_met(p, test, day);
        }
        2 => {
            steps(b, &[(day, 1_500), (day + 29, 1_000)]);
            b.not_met(p, test, day);
            b.not_met(p, test, day + 29);
        }
        3 => {
            // Less for ten days only.
            steps(b, &[(day, 1_500), (day + 10, 2_000)]);
        }
        4 => {
            // A short rise goes back.
            steps(b, &[(day - 83, 3_000), (day, 2_000)]);
        }
        5 => {
            // What was there for 84 days was the support.
            steps(b, &[(day - 84, 3_000), (day, 2_000)]);
            b.not_met(p, test, day);
        }
        6 => {
            // A rise that goes back to less than before.
            steps(b, &[(day - 40, 3_000), (day, 1_000)]);
            b.not_met(p, test, day);
        }
        7 => {
            // Three steps, each too small: a slow cut, which is a pattern and not a fall.
            steps(
                b,
                &[(day - 80, 1_840), (day - 20, 1_700), (day + 40, 1_580)],
            );
        }
        _ => {
            // Fell, and was restored six weeks later: it fell all the same.
            steps(b, &[(day, 1_000), (day + 42, 2_000)]);
            b.not_met(p, test, day);
        }
    }
    b.spell_open(p, from);
}

/// From one setting to another.
pub(super) fn setting_changed(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = seen_day(b);
    let test = Test::FallUnreviewed;
    let large = Care {
        cost: Some(150_000),
        ..b.weekly(p, Component::SupportedLiving, 1_500, 1_500)
    };
    let mut residential = b.residential(p);
    residential.cost = Some(90_000);
    let small = b.home(p, 1_000);
    let (before, after) = match b.variant(5) {
        0 => (large, residential),
        1 => (small, residential),
        2 => (residential, small),
        3 => {
            let mut nursing = b.nursing(p);
            nursing.cost = Some(70_000);
            (residential, nursing)
        }
        _ => {
            // One setting gone and none new.
            b.open(p, small, from);
            (residential, small)
        }
    };
    let v = b.variant(5);
    let reviewed = b.percent(40);
    let test = if reviewed {
        b.review(p, day - 12, Why::Planned, Out::SupportPlanning);
        Test::FallAtReview
    } else {
        test
    };
    b.ended(p, before, from, day - 1);
    if v < 4 {
        b.open(p, after, day);
    } else {
        b.not_met(p, test, day);
    }
    match v {
        0 | 2 | 3 => b.cannot_tell(p, test, day),
        _ => {}
    }
    if v < 2 || v == 3 {
        b.p(p).in_community = false;
    }
    b.spell_open(p, from);
}

/// Falls around a stay in hospital.
pub(super) fn hospital_on_the_edge(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let test = Test::FallUnreviewed;
    let away = b.day(b.f.first + 190, b.f.last - 170);
    let care = b.home(p, 1_400);
    let less = Care {
        units: Some(700),
        ..care
    };
    b.service(p, care, from, Some(away), Out::Hospital);
    match b.variant(6) {
        0 => {
            b.open(p, care, away + 92);
            b.spell_open(p, from);
        }
        1 => {
            b.open(p, care, away + 93);
            b.cannot_tell(p, test, away + 1);
            b.spell(p, away + 93);
        }
        2 => {
            b.open(p, less, away + 92);
            b.not_met(p, test, away + 92);
            b.spell_open(p, from);
        }
        3 => {
            // Home after ten days to less.
            b.open(p, less, away + 10);
            b.not_met(p, test, away + 10);
            b.spell_open(p, from);
        }
        4 => b.cannot_tell(p, test, away + 1),
        _ => {
            // Died in hospital.
            b.p(p).died = Some(away + 9);
        }
    }
}

/// Direct payments: there the price is the budget.
pub(super) fn payment_cut(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = seen_day(b);
    let test = Test::FallUnreviewed;
    let care = Care {
        cost: Some(30_000),
        per: Some(Per::Week),
        ..b.payment(300)
    };
    let mut later = care;
    match b.variant(5) {
        4 => {
            // The payment ends, and home support of unknown cost is restarted: no size can be given.
            let mut home = b.home(p, 1_000);
            home.cost = None;
            b.service(p, care, from, Some(day - 1), Out::Continuation);
            b.ended(p, home, from, day - 1);
            b.open(p, home, day);
            b.met(p, Test::PaymentReplaced, day);
            b.cannot_tell(p, test, day);
            b.spell_open(p, from);
            return;
        }
        0 => {
            later.cost = Some(25_000);
            b.not_met(p, test, day);
        }
        1 => later.cost = Some(28_000),
        2 => {
            // 1,200 every four weeks is the same; 1,000 is not.
            later.per = Some(Per::FourWeeks);
            later.cost = Some(120_000);
        }
        _ => {
            later.per = Some(Per::FourWeeks);
            later.cost = Some(100_000);
            b.not_met(p, test, day);
        }
    }
    b.ended(p, care, from, day - 1);
    b.open(p, later, day);
    b.spell_open(p, from);
    b.payment_running(p, from);
}

/// A direct payment taken over by the council's own purchase, at a like price: a change of hands, not a fall.
pub(super) fn payment_taken_over(b: &mut Build<'_>) {
    let (p, from) = someone(b);
    let day = seen_day(b);
    let care = b.payment(200);
    let mut home = b.home(p, 1_200);
    home.cost = Some(2_000);
    home.mechanism = Mechanism::Commissioned;
    home.support = Support::Community;
    b.service(p, care, from, Some(day - 1), Out::Continuation);
    b.open(p, home, day);
    b.met(p, Test::PaymentReplaced, day);
    b.spell_open(p, from);
}
