//! What is true of the council: every occasion with a verdict, in few bytes, and how it is written.

use crate::day::Day;
use std::io::{self, Write};

/// The record-level tests.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Test {
    AssessedInTime,
    EverAssessed,
    SelfFunderAssessed,
    CarerAssessed,
    KnownCarer,
    EligibilityRecorded,
    SupportFollows,
    EligibleSupported,
    SupportInTime,
    CarerSupported,
    Annual,
    FirstReview,
    ReviewOnRequest,
    FallUnreviewed,
    FallAtReview,
    PaymentSixMonths,
    PaymentYearly,
    PaymentReplaced,
    KeptGoing,
}

impl Test {
    pub(crate) const ALL: [Self; 19] = [
        Self::AssessedInTime,
        Self::EverAssessed,
        Self::SelfFunderAssessed,
        Self::CarerAssessed,
        Self::KnownCarer,
        Self::EligibilityRecorded,
        Self::SupportFollows,
        Self::EligibleSupported,
        Self::SupportInTime,
        Self::CarerSupported,
        Self::Annual,
        Self::FirstReview,
        Self::ReviewOnRequest,
        Self::FallUnreviewed,
        Self::FallAtReview,
        Self::PaymentSixMonths,
        Self::PaymentYearly,
        Self::PaymentReplaced,
        Self::KeptGoing,
    ];

    /// Duty and test.
    pub(crate) const fn id(self) -> (&'static str, &'static str) {
        match self {
            Self::AssessedInTime => ("s9-1-assess-in-reasonable-time", "within_42_days"),
            Self::EverAssessed => ("s9-1-assess-on-appearance", "ever_assessed"),
            Self::SelfFunderAssessed => {
                ("s9-3-regardless-of-level-or-means", "self_funder_assessed")
            }
            Self::CarerAssessed => ("s10-1-carer-assessment", "request_assessed"),
            Self::KnownCarer => ("s10-1-carer-assessment", "known_carer"),
            Self::EligibilityRecorded => ("s13-1-determine-eligibility", "recorded"),
            Self::SupportFollows => ("s18-1-meet-eligible-needs", "support_follows"),
            Self::EligibleSupported => ("s18-1-meet-eligible-needs", "eligible_supported"),
            Self::SupportInTime => ("s18-1-meet-eligible-needs", "within_42_days"),
            Self::CarerSupported => ("s20-1-meet-carers-eligible-needs", "support_follows"),
            Self::Annual => ("s27-1a-keep-under-review", "annual"),
            Self::FirstReview => ("s27-1a-keep-under-review", "first_review"),
            Self::ReviewOnRequest => ("s27-1b-review-on-reasonable-request", "within_84_days"),
            Self::FallUnreviewed => (
                "s27-4-revise-only-on-change",
                "fall_without_review_or_assessment",
            ),
            Self::FallAtReview => (
                "s27-4-revise-only-on-change",
                "fall_at_review_without_assessment",
            ),
            Self::PaymentSixMonths => ("s33-dp-review-6-then-12-months", "first_6_months"),
            Self::PaymentYearly => ("s33-dp-review-6-then-12-months", "each_12_months"),
            Self::PaymentReplaced => ("s33-dp-ending-safely", "replaced"),
            Self::KeptGoing => ("s48-provider-failure", "kept_going"),
        }
    }
}

/// What came of an occasion. Not owed and not yet due give no row.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum Verdict {
    // In the order of their names as text.
    CannotTell,
    Met,
    NotMet,
}

impl Verdict {
    pub(crate) const ALL: [Self; 3] = [Self::CannotTell, Self::Met, Self::NotMet];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::CannotTell => "cannot_tell",
            Self::Met => "met",
            Self::NotMet => "not_met",
        }
    }
}

/// All that is true, kept small: a council of ten million rows has a few million of these.
#[derive(Default)]
pub(crate) struct Truth {
    rows: Vec<(u8, u64, Day, Verdict)>,
    order: Vec<Test>,
}

impl Truth {
    pub(crate) fn new() -> Self {
        let mut order = Test::ALL.to_vec();
        order.sort_by_key(|t| t.id());
        Self {
            rows: Vec::new(),
            order,
        }
    }

    pub(crate) fn add(&mut self, test: Test, person: u64, day: Day, verdict: Verdict) {
        let rank = self.order.iter().position(|t| *t == test).unwrap_or(0);
        let rank = u8::try_from(rank).unwrap_or(u8::MAX);
        self.rows.push((rank, person, day, verdict));
    }

    /// How often each test came out each way.
    pub(crate) fn counts(&self) -> Vec<(Test, Verdict, u64)> {
        let mut counts: Vec<(Test, Verdict, u64)> = self
            .order
            .iter()
            .flat_map(|t| Verdict::ALL.map(|v| (*t, v, 0)))
            .collect();
        for (rank, _, _, verdict) in &self.rows {
            let at = usize::from(*rank) * Verdict::ALL.len() + *verdict as usize;
            if let Some(entry) = counts.get_mut(at) {
                entry.2 += 1;
            }
        }
        counts
    }

    /// Sorted by every column as text, with a header.
    pub(crate) fn write(&mut self, out: &mut impl Write) -> io::Result<()> {
        // The order of people as numbers is their order as text: see `Person::printed`.
        self.rows.sort_unstable();
        out.write_all(b"duty,test,person,occasion_date,verdict\n")?;
        for (rank, person, day, verdict) in &self.rows {
            let Some(test) = self.order.get(usize::from(*rank)) else {
                continue;
            };
            let (duty, test) = test.id();
            writeln!(
                out,
                "{duty},{test},{person},{},{}",
                day.iso(),
                verdict.name()
            )?;
        }
        Ok(())
    }
}
