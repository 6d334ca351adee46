//! The names that the rulebook and the record share.

/// The kinds of occasion that the record makes. A test picks from these.
pub const OCCASION_KINDS: &[&str] = &[
    "assessment_eligible_other",
    "assessment_progressed",
    "carer_assessment_eligible",
    "carer_request",
    "fall",
    "known_carer",
    "needs_assessment",
    "payment_at_as_of",
    "payment_ended",
    "payment_start",
    "provider_failure_review",
    "request_for_assessment",
    "request_in_spell",
    "request_self_funded",
    "spell_at_as_of",
    "spell_start",
];

/// The one kind of occasion that a case file makes: an event on which a test's
/// `trigger` holds. Every other kind is the record's.
pub const CASE_EVENT: &str = "case_event";

/// What may be said of a fact in place of its value. For each fact `x` a case
/// test may read `x_state`, a text that is one of these and always bound.
pub const STATES: &[&str] = &[
    "given",
    "disputed",
    "late",
    "partial",
    "not_recorded",
    "absent",
];

/// The kinds of local fact a council can tell us that may turn a `not_met`
/// into a `cannot_tell`: work that was done and that a return leaves out, or
/// days and sums that a return shows in a misleading way.
pub const LOCAL_KINDS: &[&str] = &[
    "block_contracts",
    "carers_assessments",
    "direct_payment_recording",
    "occupational_therapy",
    "repricing_day",
    "reviews_by_nhs_teams",
];
