//! The library of stories. Each tells one person's whole history over the period, or a carer's and an adult's, and
//! states which occasions of which tests arise in it and how each comes out.

mod carers;
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
    /// It needs two returns.
    pub joins: bool,
    pub tell: fn(&mut Build<'_>),
}

const fn story(name: &'static str, weight: u32, tell: fn(&mut Build<'_>)) -> Story {
    Story {
        name,
        weight,
        joins: false,
        tell,
    }
}

const fn joined(name: &'static str, weight: u32, tell: fn(&mut Build<'_>)) -> Story {
    Story {
        name,
        weight,
        joins: true,
        tell,
    }
}

/// Every story. The weights give a council the size of Norfolk the shape that the published figures suggest.
pub(crate) static STORIES: &[Story] = &[
    story("closed_requests", 41_000, front::closed_requests),
    story("reablement", 9_000, front::reablement),
    story("short_term_reviewed", 1_200, front::short_term_reviewed),
    story("asked_and_assessed", 15_000, front::asked_and_assessed),
    story("assessed_late", 300, front::assessed_late),
    story("never_assessed", 400, front::never_assessed),
    story("still_waiting", 1_400, front::still_waiting),
    story("assessed_on_the_edge", 160, front::assessed_on_the_edge),
    story("waiting_at_the_end", 60, front::waiting_at_the_end),
    story(
        "asked_before_the_period",
        240,
        front::asked_before_the_period,
    ),
    story("left_while_waiting", 360, front::left_while_waiting),
    story("died_waiting", 420, front::died_waiting),
    story("supported_unassessed", 200, front::supported_unassessed),
    story("nearly_eighteen", 60, front::nearly_eighteen),
    story("asked_twice_in_a_day", 40, front::asked_twice_in_a_day),
    story("self_funder", 900, front::self_funder),
    story(
        "self_funder_turned_away",
        120,
        front::self_funder_turned_away,
    ),
    story(
        "self_funder_on_the_edge",
        160,
        front::self_funder_on_the_edge,
    ),
    story("assessed", 1_700, needs::assessed),
    story("no_support", 120, needs::no_support),
    story("eligible_and_closed", 120, needs::eligible_and_closed),
    story("slow_support", 160, needs::slow_support),
    story("support_on_the_edge", 220, needs::support_on_the_edge),
    story("eligible_on_the_edge", 160, needs::eligible_on_the_edge),
    story("steady", 11_500, long_term::steady),
    story("steady_payment", 2_900, long_term::steady_payment),
    story("ended_in_the_year", 5_000, long_term::ended_in_the_year),
    story("died_or_moved", 400, long_term::died_or_moved),
    story(
        "changed_without_falling",
        1_000,
        long_term::changed_without_falling,
    ),
    story("begun", 2_400, long_term::begun),
    story(
        "not_reviewed_for_a_year",
        300,
        long_term::not_reviewed_for_a_year,
    ),
    story("no_first_review", 120, long_term::no_first_review),
    story(
        "yearly_review_on_the_edge",
        160,
        long_term::yearly_review_on_the_edge,
    ),
    story(
        "first_review_on_the_edge",
        160,
        long_term::first_review_on_the_edge,
    ),
    story("asked_for_review", 2_200, long_term::asked_for_review),
    story("request_ignored", 200, long_term::request_ignored),
    story(
        "asked_for_review_on_the_edge",
        140,
        long_term::asked_for_review_on_the_edge,
    ),
    story("start_reset", 0, long_term::start_reset),
    story("carer_closed", 1_500, carers::carer_closed),
    story("carer_asks", 2_000, carers::carer_asks),
    story("carer_supported", 900, carers::carer_supported),
    story("carer_not_assessed", 120, carers::carer_not_assessed),
    story("carer_not_supported", 120, carers::carer_not_supported),
    story("carer_known", 700, carers::carer_known),
    story(
        "carer_asks_on_the_edge",
        160,
        carers::carer_asks_on_the_edge,
    ),
    story(
        "carer_supported_on_the_edge",
        160,
        carers::carer_supported_on_the_edge,
    ),
    story(
        "carer_who_draws_on_care",
        60,
        carers::carer_who_draws_on_care,
    ),
    story("one_number_for_two", 20, carers::one_number_for_two),
    story("cut_without_review", 160, falls::cut_without_review),
    story("cut_at_review", 120, falls::cut_at_review),
    story("ordinary_fall", 700, falls::ordinary_fall),
    story("mass_cut", 0, falls::mass_cut),
    story("hospital_gap", 500, falls::hospital_gap),
    story("fall_by_size", 240, falls::fall_by_size),
    story("fall_by_evidence", 220, falls::fall_by_evidence),
    story("withdrawn", 140, falls::withdrawn),
    story("falls_in_steps", 100, falls::falls_in_steps),
    story("setting_changed", 60, falls::setting_changed),
    story("hospital_on_the_edge", 60, falls::hospital_on_the_edge),
    story("payment_cut", 60, falls::payment_cut),
    story("payment_taken_over", 120, falls::payment_taken_over),
    story("payment_begun", 300, payments::payment_begun),
    story("payment_not_reviewed", 150, payments::payment_not_reviewed),
    story("payment_stopped", 100, payments::payment_stopped),
    story(
        "payment_review_on_the_edge",
        160,
        payments::payment_review_on_the_edge,
    ),
    story("payment_ended", 160, payments::payment_ended),
    story("provider_failed", 160, failure::provider_failed),
    story(
        "provider_failed_on_the_edge",
        180,
        failure::provider_failed_on_the_edge,
    ),
    joined("vanished_support", 400, joins::vanished_support),
    joined("vanished_part", 200, joins::vanished_part),
    joined("begun_and_vanished", 200, joins::begun_and_vanished),
    joined("put_right", 200, joins::put_right),
];
