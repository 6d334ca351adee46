//! Things that can be planted, so that one way of turning out is plentiful.

use crate::SynthError;
use std::str::FromStr;

/// Something to plant.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Scenario(&'static Planted);

#[derive(PartialEq, Eq, Debug)]
struct Planted {
    name: &'static str,
    words: &'static str,
    /// Stories to tell more often, in addition per hundred thousand.
    more: &'static [(&'static str, u32)],
    /// Stories to tell for a share of the people (per mille) whatever chance brings, and at least so many times.
    always: &'static [(&'static str, u32, u32)],
    /// Stories to tell so many times in a council the size of Norfolk, and in proportion elsewhere.
    people: &'static [(&'static str, u32)],
    /// What the council does differently.
    habits: &'static [Habit],
    /// It begins on a day that may be chosen.
    dated: bool,
}

/// Something the council does to everyone of a kind, not in one person's story.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Habit {
    /// Points fewer found eligible.
    ThresholdUp(u8),
    /// Points of all requests that no longer reach assessment.
    FrontDoorCloses(u8),
    /// Points of care reviews more that are followed by less support.
    ReviewsCut(u8),
    /// Per cent longer waits.
    WaitsGrow(u8),
    /// One district is found eligible less often and waits longer.
    OnePlaceWorse,
    /// One ethnic group is.
    OneGroupWorse,
}

const fn more(
    name: &'static str,
    words: &'static str,
    more: &'static [(&'static str, u32)],
) -> Planted {
    Planted {
        name,
        words,
        more,
        ..NOTHING
    }
}

const NOTHING: Planted = Planted {
    name: "",
    words: "",
    more: &[],
    always: &[],
    people: &[],
    habits: &[],
    dated: false,
};

/// The council does something differently from the planted day on.
const fn habit(name: &'static str, words: &'static str, habits: &'static [Habit]) -> Planted {
    Planted {
        name,
        words,
        habits,
        dated: true,
        ..NOTHING
    }
}

/// Some people are told to have less from the planted day on.
const fn less(
    name: &'static str,
    words: &'static str,
    people: &'static [(&'static str, u32)],
) -> Planted {
    Planted {
        name,
        words,
        people,
        dated: true,
        ..NOTHING
    }
}

static PLANTED: &[Planted] = &[
    more(
        "late-assessments",
        "people are assessed, but more than six weeks after they asked",
        &[("assessed_late", 14_000), ("assessed_on_the_edge", 600)],
    ),
    more(
        "never-assessed",
        "people who were promised an assessment never have one",
        &[("never_assessed", 12_000), ("still_waiting", 4_000)],
    ),
    more(
        "waiting-lists",
        "many people are still waiting when the period ends, not all for long",
        &[
            ("still_waiting", 14_000),
            ("waiting_at_the_end", 2_000),
            ("died_waiting", 2_000),
        ],
    ),
    more(
        "self-funders-turned-away",
        "people who can pay are turned away without an assessment",
        &[
            ("self_funder_turned_away", 9_000),
            ("self_funder_on_the_edge", 1_500),
        ],
    ),
    more(
        "carers-not-assessed",
        "unpaid carers who ask are not assessed",
        &[
            ("carer_not_assessed", 8_000),
            ("carer_asks_on_the_edge", 1_500),
        ],
    ),
    more(
        "carers-unknown",
        "the council knows of unpaid carers and has assessed few of them",
        &[("carer_known", 26_000)],
    ),
    more(
        "carers-not-supported",
        "unpaid carers with eligible needs get no support",
        &[
            ("carer_not_supported", 8_000),
            ("carer_supported_on_the_edge", 1_500),
        ],
    ),
    more(
        "eligibility-decisions",
        "many needs assessments, whose eligibility decision is recorded or is not",
        &[("assessed", 16_000)],
    ),
    more(
        "no-support-after-assessment",
        "support planning is promised and no support follows",
        &[("no_support", 9_000), ("support_on_the_edge", 1_500)],
    ),
    more(
        "eligible-and-closed",
        "people with eligible needs have their cases closed",
        &[
            ("eligible_and_closed", 8_000),
            ("eligible_on_the_edge", 1_500),
        ],
    ),
    more(
        "slow-support",
        "support comes, but more than six weeks after the assessment",
        &[("slow_support", 10_000)],
    ),
    more(
        "no-annual-reviews",
        "people supported for years are not reviewed",
        &[
            ("not_reviewed_for_a_year", 16_000),
            ("yearly_review_on_the_edge", 1_500),
        ],
    ),
    more(
        "no-first-review",
        "new support is not looked at in its first eight weeks",
        &[
            ("no_first_review", 10_000),
            ("first_review_on_the_edge", 1_500),
        ],
    ),
    more(
        "review-requests-ignored",
        "people in support ask for a review and hear nothing",
        &[
            ("request_ignored", 9_000),
            ("asked_for_review_on_the_edge", 1_500),
        ],
    ),
    more(
        "cuts-without-review",
        "support falls with neither review nor assessment",
        &[
            ("cut_without_review", 9_000),
            ("withdrawn", 1_500),
            ("fall_by_size", 1_500),
        ],
    ),
    more(
        "cuts-at-review",
        "support falls after a review, with no assessment of need",
        &[("cut_at_review", 9_000), ("fall_by_evidence", 1_500)],
    ),
    more(
        "falls-of-every-kind",
        "support falls, rises, stops and changes hands in every way that a return can show",
        &[
            ("ordinary_fall", 6_000),
            ("fall_by_size", 3_000),
            ("fall_by_evidence", 3_000),
            ("falls_in_steps", 2_000),
            ("setting_changed", 2_000),
            ("withdrawn", 2_000),
            ("changed_without_falling", 3_000),
        ],
    ),
    Planted {
        name: "mass-cut-day",
        words: "one part of many people's support ends on one day",
        always: &[("mass_cut", 60, 40)],
        ..NOTHING
    },
    more(
        "direct-payments-not-reviewed",
        "direct payments are not reviewed after six months or each year",
        &[
            ("payment_not_reviewed", 9_000),
            ("payment_review_on_the_edge", 1_500),
        ],
    ),
    more(
        "direct-payments-stopped",
        "direct payments stop with nothing in their place",
        &[("payment_stopped", 8_000), ("payment_ended", 2_000)],
    ),
    more(
        "direct-payments-cut",
        "the rate of direct payments is cut",
        &[("payment_cut", 6_000), ("payment_taken_over", 2_000)],
    ),
    more(
        "provider-failure",
        "providers fail; some people are taken on by another, some are not",
        &[
            ("provider_failed", 7_000),
            ("provider_failed_on_the_edge", 2_000),
        ],
    ),
    Planted {
        name: "start-reset",
        words: "a new system gives many services the start date 1 April",
        always: &[("start_reset", 200, 70)],
        ..NOTHING
    },
    more(
        "hospital-gaps",
        "people go into hospital and come home to the same support, to less, or to none",
        &[("hospital_gap", 9_000), ("hospital_on_the_edge", 1_500)],
    ),
    more(
        "deaths-and-moves",
        "people die, move away or are taken on by the NHS before anything is owed",
        &[
            ("died_or_moved", 6_000),
            ("left_while_waiting", 5_000),
            ("died_waiting", 4_000),
        ],
    ),
    more(
        "before-the-period",
        "people asked before the period began, so what happened cannot be seen",
        &[("asked_before_the_period", 9_000)],
    ),
    more(
        "vanished-between-returns",
        "support shown by the first of two returns is missing from the second",
        &[
            ("vanished_support", 8_000),
            ("vanished_part", 4_000),
            ("begun_and_vanished", 3_000),
            ("put_right", 3_000),
        ],
    ),
    more(
        "young-people",
        "people around their eighteenth birthday",
        &[("nearly_eighteen", 6_000)],
    ),
    habit(
        "threshold-up-3",
        "needs assessments find eligible needs 3 points less often from a day on",
        &[Habit::ThresholdUp(3)],
    ),
    habit(
        "threshold-up-5",
        "needs assessments find eligible needs 5 points less often from a day on",
        &[Habit::ThresholdUp(5)],
    ),
    habit(
        "threshold-up-8",
        "needs assessments find eligible needs 8 points less often from a day on",
        &[Habit::ThresholdUp(8)],
    ),
    habit(
        "front-door-closing",
        "4 points fewer of all requests reach assessment from a day on; advice instead",
        &[Habit::FrontDoorCloses(4)],
    ),
    habit(
        "reviews-that-cut",
        "6 points more of care reviews are followed by less support from a day on",
        &[Habit::ReviewsCut(6)],
    ),
    habit(
        "longer-waits",
        "people who ask from a day on wait half as long again",
        &[Habit::WaitsGrow(50)],
    ),
    Planted {
        dated: false,
        ..habit(
            "one-place-worse",
            "in postcode district NZ7 fewer people are found eligible and they wait longer",
            &[Habit::OnePlaceWorse],
        )
    },
    Planted {
        dated: false,
        ..habit(
            "one-group-worse",
            "fewer people of one ethnic group (Asian) are found eligible and they wait longer",
            &[Habit::OneGroupWorse],
        )
    },
    less(
        "blanket-5-day",
        "many people's support is lowered by 5% on one day",
        &[("blanket_5_day", 300)],
    ),
    less(
        "blanket-10-day",
        "many people's support is lowered by 10% on one day",
        &[("blanket_10_day", 300)],
    ),
    less(
        "blanket-15-day",
        "many people's support is lowered by 15% on one day",
        &[("blanket_15_day", 300)],
    ),
    less(
        "blanket-20-day",
        "many people's support is lowered by 20% on one day",
        &[("blanket_20_day", 300)],
    ),
    less(
        "blanket-5-month",
        "many people's support is lowered by 5% over one month",
        &[("blanket_5_month", 300)],
    ),
    less(
        "blanket-10-month",
        "many people's support is lowered by 10% over one month",
        &[("blanket_10_month", 300)],
    ),
    less(
        "blanket-15-month",
        "many people's support is lowered by 15% over one month",
        &[("blanket_15_month", 300)],
    ),
    less(
        "blanket-20-month",
        "many people's support is lowered by 20% over one month",
        &[("blanket_20_month", 300)],
    ),
    less(
        "slow-cut",
        "many people's support goes down by 3 or 4% three or four times in twelve months",
        &[("slow_cut", 400)],
    ),
];

impl Scenario {
    /// Every scenario.
    pub fn all() -> impl Iterator<Item = Self> {
        PLANTED.iter().map(Self)
    }

    /// Its name, as given to `--plant`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// What it does, in plain words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        self.0.words
    }

    pub(crate) const fn more(self) -> &'static [(&'static str, u32)] {
        self.0.more
    }

    /// Whether it begins on a day that may be chosen.
    #[must_use]
    pub const fn is_dated(self) -> bool {
        self.0.dated
    }

    pub(crate) const fn people(self) -> &'static [(&'static str, u32)] {
        self.0.people
    }

    pub(crate) const fn habits(self) -> &'static [Habit] {
        self.0.habits
    }

    pub(crate) const fn always(self) -> &'static [(&'static str, u32, u32)] {
        self.0.always
    }
}

impl FromStr for Scenario {
    type Err = SynthError;

    fn from_str(text: &str) -> Result<Self, SynthError> {
        Self::all()
            .find(|s| s.name().eq_ignore_ascii_case(text))
            .ok_or_else(|| SynthError::Unknown {
                what: "scenario",
                given: text.to_string(),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::{PLANTED, Scenario};
    use crate::stories::STORIES;

    #[test]
    fn every_scenario_parses_and_names_stories_that_are_there() {
        for scenario in Scenario::all() {
            assert_eq!(scenario.name().parse::<Scenario>().unwrap(), scenario);
            assert!(!scenario.words().is_empty());
        }
        assert!("no-such-thing".parse::<Scenario>().is_err());
        for planted in PLANTED {
            let more = planted.more.iter().map(|m| m.0);
            let always = planted.always.iter().map(|m| m.0);
            let people = planted.people.iter().map(|m| m.0);
            for name in more.chain(always).chain(people) {
                assert!(STORIES.iter().any(|s| s.name == name), "{name}");
            }
        }
    }
}
