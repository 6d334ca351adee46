//! Occasions: the moments in a timeline on which a duty falls due.

use crate::codes::{ClientType, Eligible, Outcome, ReviewReason, ServiceType};
use crate::facts::Numbers;
use crate::spells::Spell;
use crate::{Day, Timeline, Timelines};

macro_rules! kinds {
    ($($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)?) => {
        /// The kinds of occasion that a return can show.
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
        pub enum Kind { $($(#[$doc])* $variant),+ }

        impl Kind {
            pub const ALL: &[Kind] = &[$(Kind::$variant),+];

            pub fn name(self) -> &'static str {
                match self { $(Kind::$variant => $text),+ }
            }

            pub fn from_name(name: &str) -> Option<Kind> {
                Kind::ALL.iter().copied().find(|kind| kind.name() == name)
            }
        }
    };
}

kinds! {
    /// A request of a service user outside long-term support that was to be assessed.
    RequestForAssessment = "request_for_assessment",
    /// A request of a service user outside long-term support, closed as self-funded.
    RequestSelfFunded = "request_self_funded",
    /// A request of an unpaid carer that was to be assessed.
    CarerRequest = "carer_request",
    /// A person in long-term community support who has an unpaid carer, on the as-of day.
    KnownCarer = "known_carer",
    /// A needs assessment, on its end.
    NeedsAssessment = "needs_assessment",
    /// A needs assessment that was to lead to support, with none running from before.
    AssessmentProgressed = "assessment_progressed",
    /// A needs assessment with eligible needs and another outcome, with no support running from before.
    AssessmentEligibleOther = "assessment_eligible_other",
    /// An unpaid carer's assessment with eligible needs.
    CarerAssessmentEligible = "carer_assessment_eligible",
    /// A long-term spell open on the as-of day that began long enough before.
    SpellAtAsOf = "spell_at_as_of",
    /// A long-term spell's beginning.
    SpellStart = "spell_start",
    /// A request of a service user in long-term support that was to be assessed or reviewed.
    RequestInSpell = "request_in_spell",
    /// A fall in support.
    Fall = "fall",
    /// A direct payment's beginning.
    PaymentStart = "payment_start",
    /// A direct payment running on the as-of day that began long enough before.
    PaymentAtAsOf = "payment_at_as_of",
    /// The day after a direct payment's end.
    PaymentEnded = "payment_ended",
    /// A care review because of provider failure.
    ProviderFailureReview = "provider_failure_review",
}

/// A moment on which a duty falls due for a person.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Occasion {
    pub kind: Kind,
    pub day: Day,
    /// Place in the timeline of what gave rise to it: an event, a spell, a payment or a fall by kind.
    pub place: u32,
}

/// Every occasion of one kind in a timeline, in the order of the timeline.
pub(crate) fn occasions(
    kind: Kind,
    numbers: &Numbers,
    council: &Timelines<'_>,
    timeline: &Timeline<'_>,
    out: &mut Vec<Occasion>,
) {
    let as_of = council.record.as_of;
    let at = |day: Day, place: usize| Occasion {
        kind,
        day,
        place: place as u32,
    };
    let events = || timeline.events.iter().enumerate();
    match kind {
        Kind::RequestForAssessment | Kind::RequestInSpell | Kind::RequestSelfFunded => {
            let (wanted, in_spell) = match kind {
                Kind::RequestForAssessment => (Outcome::Assessment, false),
                Kind::RequestInSpell => (Outcome::Assessment, true),
                _ => (Outcome::SelfFunded, false),
            };
            out.extend(
                events()
                    .filter(|(_, e)| e.is_request_of(ClientType::ServiceUser))
                    .filter(|(_, e)| e.outcome == wanted && timeline.in_spell(e.start) == in_spell)
                    .map(|(i, e)| at(e.start, i)),
            );
        }
        Kind::CarerRequest => out.extend(
            events()
                .filter(|(_, e)| e.is_request_of(ClientType::Carer))
                .filter(|(_, e)| e.outcome == Outcome::Assessment)
                .map(|(i, e)| at(e.start, i)),
        ),
        Kind::KnownCarer => {
            let has_carer = council
                .record
                .people
                .get(timeline.person as usize)
                .is_some_and(|p| p.has_unpaid_carer || !p.carers.is_empty());
            let row = events().find(|(_, e)| {
                e.is_long_term()
                    && e.service_type == ServiceType::LongTermCommunity
                    && e.active_on(as_of)
            });
            if let (true, Some((i, _))) = (has_carer, row) {
                out.push(at(as_of, i));
            }
        }
        Kind::NeedsAssessment => out.extend(
            events()
                .filter(|(_, e)| e.is_needs_assessment())
                .map(|(i, e)| at(e.end, i)),
        ),
        Kind::AssessmentProgressed | Kind::AssessmentEligibleOther => out.extend(
            events()
                .filter(|(_, e)| e.is_needs_assessment())
                .filter(|(_, e)| match kind {
                    Kind::AssessmentProgressed => e.outcome == Outcome::SupportPlanning,
                    _ => e.eligible == Eligible::Eligible && e.outcome != Outcome::SupportPlanning,
                })
                .filter(|(_, e)| {
                    !timeline
                        .events
                        .iter()
                        .any(|s| s.is_long_term() && s.start < e.end && s.active_on(e.end))
                })
                .map(|(i, e)| at(e.end, i)),
        ),
        Kind::CarerAssessmentEligible => out.extend(
            events()
                .filter(|(_, e)| e.is_carer_assessment() && e.eligible == Eligible::Eligible)
                .map(|(i, e)| at(e.end, i)),
        ),
        Kind::SpellAtAsOf => {
            let before = as_of.plus_months(-numbers.get("spell_months"));
            out.extend(
                running(&timeline.spells, timeline, as_of, before, council).map(|i| at(as_of, i)),
            );
        }
        Kind::PaymentAtAsOf => {
            let before = as_of.plus_months(-numbers.get("payment_months"));
            out.extend(
                running(&timeline.payments, timeline, as_of, before, council).map(|i| at(as_of, i)),
            );
        }
        Kind::SpellStart => {
            let days = numbers.get("days");
            out.extend(
                begun(&timeline.spells, council, |start| start.plus(days))
                    .map(|(i, start)| at(start, i)),
            );
        }
        Kind::PaymentStart => {
            let months = numbers.get("months");
            out.extend(
                begun(&timeline.payments, council, |start| {
                    start.plus_months(months)
                })
                .map(|(i, start)| at(start, i)),
            );
        }
        Kind::Fall => out.extend(
            timeline
                .falls
                .iter()
                .enumerate()
                .map(|(i, fall)| at(fall.day, i)),
        ),
        Kind::PaymentEnded => {
            let death = council
                .record
                .people
                .get(timeline.person as usize)
                .and_then(|p| p.death);
            out.extend(
                timeline
                    .payments
                    .iter()
                    .enumerate()
                    .filter(|(_, p)| !p.unknown_end && p.end < as_of && Some(p.end) != death)
                    .map(|(i, p)| at(p.end.plus(1), i)),
            );
        }
        Kind::ProviderFailureReview => out.extend(
            events()
                .filter(|(_, e)| e.is_review())
                .filter(|(_, e)| e.review_reason == ReviewReason::UnplannedProviderFailure)
                .map(|(i, e)| at(e.end, i)),
        ),
    }
}

/// Places of the chains open on `as_of` that began before `before` or on a reset date.
fn running<'a>(
    chains: &'a [Spell],
    timeline: &'a Timeline<'_>,
    as_of: Day,
    before: Day,
    council: &'a Timelines<'_>,
) -> impl Iterator<Item = usize> + 'a {
    chains
        .iter()
        .enumerate()
        .filter(move |(_, c)| c.open_on(timeline.events, as_of))
        .filter(move |(_, c)| c.start < before || council.reset_days.contains(&c.start))
        .map(|(i, _)| i)
}

/// Places and starts of the chains that began inside service coverage and ran to `length` of their
/// start, or are still running.
fn begun<'a>(
    chains: &'a [Spell],
    council: &'a Timelines<'_>,
    length: impl Fn(Day) -> Day + 'a,
) -> impl Iterator<Item = (usize, Day)> + 'a {
    // A chain that is still running ends at `Day::OPEN`, later than any length.
    chains
        .iter()
        .enumerate()
        .filter(|(_, c)| council.record.coverage.service.contains(c.start))
        .filter(move |(_, c)| c.end >= length(c.start))
        .map(|(i, c)| (i, c.start))
}
