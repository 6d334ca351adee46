//! Which councils are made, and on which days each is looked at.

use candour_record::Day;

/// Something planted, and what finding it means.
pub(crate) struct Planted {
    pub scenario: &'static str,
    /// The pattern that should alarm.
    pub pattern: &'static str,
    /// What was planted, in words.
    pub words: &'static str,
    /// What was planted, as the pattern prints it; none where it has no such number.
    pub size: Option<f64>,
    /// Where it is, where it is somewhere.
    pub place: Option<&'static str>,
    /// Days after the planted day on which the council is looked at, with what each is called.
    pub looks: &'static [(Look, &'static str)],
    /// Months before the last day on which the planted day falls, at the earliest.
    months_left: i64,
    /// The bar: by the look with this name, in so many of a hundred.
    pub bar: Option<(&'static str, u64)>,
}

/// When to look.
#[derive(Clone, Copy)]
pub(crate) enum Look {
    Days(i64),
    Months(i64),
    End,
}

const MONTHLY: &[(Look, &str)] = &[
    (Look::Months(1), "1 month"),
    (Look::Months(2), "2 months"),
    (Look::Months(3), "3 months"),
    (Look::Months(4), "4 months"),
    (Look::Months(6), "6 months"),
];

/// A fall can be seen a fortnight after its day, so these are one and thirty days after the last of them can be.
const ONE_DAY: &[(Look, &str)] = &[
    (Look::Days(15), "1 day after it can be seen"),
    (Look::Days(44), "30 days after it can be seen"),
    (Look::Months(4), "4 months"),
];
const ONE_MONTH: &[(Look, &str)] = &[
    (Look::Days(44), "1 day after all of it can be seen"),
    (Look::Days(73), "30 days after all of it can be seen"),
    (Look::Months(4), "4 months"),
];
const SLOWLY: &[(Look, &str)] = &[
    (Look::Months(6), "6 months"),
    (Look::Months(9), "9 months"),
    (Look::Months(11), "11 months"),
    (Look::End, "a year"),
];
const STANDING: &[(Look, &str)] = &[(Look::End, "two years")];

const fn over_time(
    scenario: &'static str,
    pattern: &'static str,
    words: &'static str,
    size: Option<f64>,
    bar: Option<(&'static str, u64)>,
) -> Planted {
    Planted {
        scenario,
        pattern,
        words,
        size,
        place: None,
        looks: MONTHLY,
        months_left: 9,
        bar,
    }
}

const fn at_once(scenario: &'static str, words: &'static str, size: f64, month: bool) -> Planted {
    Planted {
        looks: if month { ONE_MONTH } else { ONE_DAY },
        size: Some(size),
        ..over_time(scenario, "blanket_cut", words, None, None)
    }
}

pub(crate) static PLANTED: &[Planted] = &[
    over_time(
        "threshold-up-3",
        "threshold_drift",
        "eligible share falls by 3 points",
        Some(-0.03),
        None,
    ),
    over_time(
        "threshold-up-5",
        "threshold_drift",
        "eligible share falls by 5 points",
        Some(-0.05),
        Some(("6 months", 80)),
    ),
    over_time(
        "threshold-up-8",
        "threshold_drift",
        "eligible share falls by 8 points",
        Some(-0.08),
        Some(("2 months", 90)),
    ),
    at_once(
        "blanket-5-day",
        "support of 300 people lowered by 5% on one day",
        -0.05,
        false,
    ),
    at_once(
        "blanket-10-day",
        "support of 300 people lowered by 10% on one day",
        -0.10,
        false,
    ),
    Planted {
        bar: Some(("30 days after it can be seen", 95)),
        ..at_once(
            "blanket-15-day",
            "support of 300 people lowered by 15% on one day",
            -0.15,
            false,
        )
    },
    at_once(
        "blanket-20-day",
        "support of 300 people lowered by 20% on one day",
        -0.20,
        false,
    ),
    at_once(
        "blanket-5-month",
        "the same by 5%, over a month",
        -0.05,
        true,
    ),
    at_once(
        "blanket-10-month",
        "the same by 10%, over a month",
        -0.10,
        true,
    ),
    Planted {
        bar: Some(("30 days after all of it can be seen", 95)),
        ..at_once(
            "blanket-15-month",
            "the same by 15%, over a month",
            -0.15,
            true,
        )
    },
    at_once(
        "blanket-20-month",
        "the same by 20%, over a month",
        -0.20,
        true,
    ),
    over_time(
        "reviews-that-cut",
        "review_used_to_cut",
        "6 points more of care reviews followed by a fall",
        Some(0.06),
        None,
    ),
    over_time(
        "front-door-closing",
        "front_door",
        "4 points fewer of requests reach assessment",
        Some(-0.04),
        None,
    ),
    Planted {
        looks: SLOWLY,
        months_left: 12,
        ..over_time(
            "slow-cut",
            "slow_cut",
            "support of 400 people lowered by 3 or 4% three or four times in a year",
            None,
            None,
        )
    },
    over_time(
        "longer-waits",
        "waiting",
        "waits half as long again",
        None,
        None,
    ),
    Planted {
        looks: STANDING,
        place: Some("NZ7"),
        ..over_time(
            "one-place-worse",
            "who_bears_it",
            "one district found eligible less often, and waiting longer",
            None,
            None,
        )
    },
    Planted {
        looks: STANDING,
        place: Some("sian"),
        ..over_time(
            "one-group-worse",
            "who_bears_it",
            "one ethnic group found eligible less often, and waiting longer",
            None,
            None,
        )
    },
];

/// One council to make.
pub(crate) struct Case {
    /// Position among what is planted; honest councils come first.
    pub order: usize,
    pub scenario: Option<&'static str>,
    pub seed: u64,
    pub since: Option<Day>,
    pub looks: Vec<Day>,
}

impl Case {
    pub(crate) fn name(&self) -> &'static str {
        self.scenario.unwrap_or("honest")
    }
}

/// The last day of the made-up returns.
const LAST: (i32, u32, u32) = (2025, 12, 31);

pub(crate) fn cases(honest: u64, planted: u64, first_seed: u64) -> Vec<Case> {
    let Some(last) = Day::from_ymd(LAST.0, LAST.1, LAST.2) else {
        return Vec::new();
    };
    let mut all: Vec<Case> = (0..honest)
        .map(|n| Case {
            order: 0,
            scenario: None,
            seed: first_seed + n,
            since: None,
            looks: (1..=12)
                .map(|month| Day::first_of_month(last.month_index() - 11 + month).plus(-1))
                .collect(),
        })
        .collect();
    for (place, plan) in PLANTED.iter().enumerate() {
        let standing = plan.place.is_some();
        for n in 0..planted {
            // Not always the same day of the year or of the week, and never the seed of an honest council here.
            let earliest = last.plus(1).plus_months(-plan.months_left);
            let spread = if plan.months_left > 9 { 7 } else { 89 };
            let seed = first_seed + 100_000 + 1_000 * place as u64 + n;
            let since = earliest.plus((n * 37 % spread) as i64);
            let day = |look: Look| match look {
                Look::Days(days) => since.plus(days),
                Look::Months(months) => since.plus_months(months).plus(-1),
                Look::End => last,
            };
            all.push(Case {
                order: place + 1,
                scenario: Some(plan.scenario),
                seed,
                since: (!standing).then_some(since),
                looks: plan.looks.iter().map(|(look, _)| day(*look)).collect(),
            });
        }
    }
    all
}
