//! The library of stories. Each tells one person's whole history over the period, or a carer's and an adult's, and
//! states which occasions of which tests arise in it and how each comes out.

mod carers;
mod changes;
mod failure;
mod falls;
mod front;
mod joins;
mod long_term;
mod needs;
mod payments;

use crate::build::Build;

/// One story.
pub(crate) struct Story {
    pub name: &'static str,
    /// How many of a hundred thousand stories are this one, unless a scenario adds to it.
    pub weight: u32,
    /// It is told so many times at most, unless a scenario makes it plentiful: a story of edges.
    pub most: Option<u32>,
    /// It needs two returns.
    pub joins: bool,
    pub tell: fn(&mut Build<'_>),
}

const fn story(name: &'static str, weight: u32, tell: fn(&mut Build<'_>)) -> Story {
    Story {
        name,
        weight,
        most: None,
        joins: false,
        tell,
    }
}

/// A story of edges, or of one way of turning out: told now and then in any council.
const fn edge(name: &'static str, weight: u32, most: u32, tell: fn(&mut Build<'_>)) -> Story {
    Story {
        most: Some(most),
        ..story(name, weight, tell)
    }
}

const fn joined(name: &'static str, weight: u32, most: u32, tell: fn(&mut Build<'_>)) -> Story {
    Story {
        most: Some(most),
        joins: true,
        ..story(name, weight, tell)
    }
}

/// Every story. The weights give a council the size of Norfolk the shape that the published figures suggest.
pub(crate) static STORIES: &[Story] = &[
    story("closed_requests", 41_000, front::closed_requests),
    story("reablement", 9_000, front::reablement),
    story("short_term_reviewed", 1_200, front::short_term_reviewed),
    story("asked_and_assessed", 15_000, front::asked_and_assessed),
    story("unanswered", 1_000, front::unanswered),
    edge("assessed_late", 300, 12, front::assessed_late),
    edge("never_assessed", 400, 12, front::never_assessed),
    edge("still_waiting", 1_400, 20, front::still_waiting),
    edge("assessed_on_the_edge", 160, 24, front::assessed_on_the_edge),
    edge("waiting_at_the_end", 60, 15, front::waiting_at_the_end),
    edge(
        "asked_before_the_period",
        240,
        90,
        front::asked_before_the_period,
    ),
    edge("left_while_waiting", 360, 54, front::left_while_waiting),
    story("died_waiting", 420, front::died_waiting),
    edge("supported_unassessed", 200, 12, front::supported_unassessed),
    edge("nearly_eighteen", 60, 12, front::nearly_eighteen),
    edge("asked_twice_in_a_day", 40, 8, front::asked_twice_in_a_day),
    story("self_funder", 900, front::self_funder),
    edge(
        "self_funder_turned_away",
        120,
        10,
        front::self_funder_turned_away,
    ),
    edge(
        "self_funder_on_the_edge",
        160,
        48,
        front::self_funder_on_the_edge,
    ),
    story("assessed", 1_700, needs::assessed),
    edge("no_support", 120, 12, needs::no_support),
    edge("eligible_and_closed", 120, 12, needs::eligible_and_closed),
    edge("slow_support", 160, 12, needs::slow_support),
    edge("support_on_the_edge", 220, 88, needs::support_on_the_edge),
    edge("eligible_on_the_edge", 160, 32, needs::eligible_on_the_edge),
    story("steady", 9_500, long_term::steady),
    story("steady_payment", 2_900, long_term::steady_payment),
    story("ended_in_the_year", 5_000, long_term::ended_in_the_year),
    story("died_or_moved", 400, long_term::died_or_moved),
    story(
        "changed_without_falling",
        600,
        long_term::changed_without_falling,
    ),
    story("begun", 2_400, long_term::begun),
    edge(
        "not_reviewed_for_a_year",
        300,
        60,
        long_term::not_reviewed_for_a_year,
    ),
    edge("no_first_review", 120, 20, long_term::no_first_review),
    edge(
        "yearly_review_on_the_edge",
        160,
        48,
        long_term::yearly_review_on_the_edge,
    ),
    edge(
        "first_review_on_the_edge",
        160,
        48,
        long_term::first_review_on_the_edge,
    ),
    story("asked_for_review", 2_200, long_term::asked_for_review),
    edge("request_ignored", 200, 20, long_term::request_ignored),
    edge(
        "asked_for_review_on_the_edge",
        140,
        42,
        long_term::asked_for_review_on_the_edge,
    ),
    story("start_reset", 0, long_term::start_reset),
    story("carer_closed", 1_500, carers::carer_closed),
    story("carer_asks", 2_000, carers::carer_asks),
    story("carer_supported", 900, carers::carer_supported),
    edge("carer_not_assessed", 120, 20, carers::carer_not_assessed),
    edge("carer_not_supported", 120, 20, carers::carer_not_supported),
    story("carer_known", 700, carers::carer_known),
    edge(
        "carer_asks_on_the_edge",
        160,
        51,
        carers::carer_asks_on_the_edge,
    ),
    edge(
        "carer_supported_on_the_edge",
        160,
        48,
        carers::carer_supported_on_the_edge,
    ),
    edge(
        "carer_who_draws_on_care",
        60,
        20,
        carers::carer_who_draws_on_care,
    ),
    edge("one_number_for_two", 20, 10, carers::one_number_for_two),
    edge("cut_without_review", 160, 24, falls::cut_without_review),
    edge("cut_at_review", 120, 20, falls::cut_at_review),
    story("ordinary_fall", 1_700, changes::ordinary_fall),
    story("part_ended", 300, falls::part_ended),
    story("ordinary_rise", 2_000, changes::ordinary_rise),
    story("small_change", 1_400, changes::small_change),
    story("handed_over", 0, changes::handed_over),
    story("blanket_5_day", 0, changes::blanket_5_day),
    story("blanket_10_day", 0, changes::blanket_10_day),
    story("blanket_15_day", 0, changes::blanket_15_day),
    story("blanket_20_day", 0, changes::blanket_20_day),
    story("blanket_5_month", 0, changes::blanket_5_month),
    story("blanket_10_month", 0, changes::blanket_10_month),
    story("blanket_15_month", 0, changes::blanket_15_month),
    story("blanket_20_month", 0, changes::blanket_20_month),
    story("slow_cut", 0, changes::slow_cut),
    story("mass_cut", 0, falls::mass_cut),
    story("hospital_gap", 500, falls::hospital_gap),
    edge("fall_by_size", 240, 48, falls::fall_by_size),
    edge("fall_by_evidence", 220, 44, falls::fall_by_evidence),
    edge("withdrawn", 140, 32, falls::withdrawn),
    edge("falls_in_steps", 100, 22, falls::falls_in_steps),
    edge("setting_changed", 60, 15, falls::setting_changed),
    edge("hospital_on_the_edge", 60, 18, falls::hospital_on_the_edge),
    edge("payment_cut", 60, 15, falls::payment_cut),
    edge("payment_taken_over", 120, 20, falls::payment_taken_over),
    story("payment_begun", 300, payments::payment_begun),
    edge(
        "payment_not_reviewed",
        150,
        40,
        payments::payment_not_reviewed,
    ),
    edge("payment_stopped", 100, 15, payments::payment_stopped),
    edge(
        "payment_review_on_the_edge",
        160,
        48,
        payments::payment_review_on_the_edge,
    ),
    edge("payment_ended", 160, 32, payments::payment_ended),
    story("provider_failed", 160, failure::provider_failed),
    edge(
        "provider_failed_on_the_edge",
        180,
        57,
        failure::provider_failed_on_the_edge,
    ),
    joined("vanished_support", 400, 72, joins::vanished_support),
    joined("vanished_part", 200, 40, joins::vanished_part),
    joined("begun_and_vanished", 200, 40, joins::begun_and_vanished),
    joined("put_right", 200, 40, joins::put_right),
];
