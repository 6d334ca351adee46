//! What a council may charge at most, as a sum that anybody can check.
//!
//! The arithmetic of ss.14 and 17 and of SI 2014/2672, line by line, each line
//! with its authority. Rates come from the rulebook's `charging/YEAR.toml`. One
//! that is not confirmed is an amount nobody knows: the sum is then done with
//! it at nothing and at any size, and where that decides the answer the rate is
//! refused by name. The same holds of a figure that the file does not give.

mod figures;
mod money;
mod of_case;
mod rates;
mod sum;

pub use figures::{Assessed, FACTS, Figures, Free, Group, Place};
pub use money::{Bounds, Pence};
pub use of_case::Charged;
pub use rates::{Rate, Rates, RatesError, Sure, Year};
pub use sum::{Answer, Line, Part, Sum, work_out};

#[cfg(test)]
#[expect(
    clippy::inconsistent_digit_grouping,
    reason = "sums of money are written as pounds_pence"
)]
mod tests {
    use std::path::Path;

    use candour_law::Value;
    use jiff::civil::Date;

    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    fn rates() -> &'static Rates {
        static READ: std::sync::LazyLock<Rates> =
            std::sync::LazyLock::new(|| Rates::built_in().unwrap());
        &READ
    }

    fn on(year: i16, month: i8, day: i8) -> Option<(Date, Date)> {
        let day = date(year, month, day);
        Some((day, day))
    }

    /// Somebody of 40 at home in 2019 with a disability premium.
    fn at_home() -> Figures {
        Figures {
            when: on(2019, 10, 1),
            place: Some(Place::Home),
            assessed: Some(Assessed::Done),
            capital: Some(15_000_00),
            income: Some(300_00),
            housing_costs: Some(60_00),
            disability_expenditure: Some(20_00),
            group: Some(Group::Single25ToPensionAge),
            children: Some(0),
            disability_premium: Some(true),
            enhanced_disability_premium: Some(false),
            carer_premium: Some(false),
            cost: Some(400_00),
            charge: Some(91_25),
            ..Figures::default()
        }
    }

    fn in_a_care_home() -> Figures {
        Figures {
            when: on(2023, 10, 1),
            place: Some(Place::CareHome),
            assessed: Some(Assessed::Done),
            capital: Some(10_000_00),
            income: Some(250_00),
            savings_credit: Some(5_00),
            group: Some(Group::SinglePensionAge),
            cost: Some(900_00),
            charge: Some(216_75),
            ..Figures::default()
        }
    }

    fn most(figures: &Figures) -> Option<Pence> {
        work_out(rates(), figures).maximum.exact()
    }

    #[test]
    fn at_home_2019_worked_by_hand() {
        // 15,000 is 750 over 14,250: three pounds. 300 + 3 - 60 - 20 - 91.40 - 40.35.
        let sum = work_out(rates(), &at_home());
        assert_eq!(sum.maximum.exact(), Some(Pence(91_25)));
        assert_eq!(sum.answer, Answer::Lawful, "{sum}");
        let sum = work_out(
            rates(),
            &Figures {
                charge: Some(100_00),
                ..at_home()
            },
        );
        assert_eq!(sum.answer, Answer::TooMuch);
        assert_eq!(
            sum.because,
            "The charge of £100.00 a week is too much by £8.75. It should have been at most £91.25."
        );
    }

    #[test]
    fn the_sum_is_shown_line_by_line() {
        let sum = work_out(rates(), &at_home()).to_string();
        assert_eq!(
            sum,
            "  + Tariff income: £1.00 for each £250.00 of the £750.00 above £14,250.00: £3.00 [SI 2014/2672 regs 12 and 25]
  + Income of the person's own: £300.00 [Care Act 2014 s.17(1): the adult's own resources]
  - Housing costs, less help with them: £60.00 [SI 2014/2672 Sch.1; Care Act 2014 s.14(7)]
  - Disability-related expenditure: £20.00 [SI 2014/2672 reg 15 and Sch.1]
  - Minimum income guarantee: Single, 25 up to pension age: £91.40 [SI 2014/2672 reg 7]
  - Disability premium, single: £40.35 [SI 2014/2672 reg 7]
  = What the person's means allow: £91.25 [Care Act 2014 s.14(5) and (7)]
  ≤ What the care costs the council: £400.00 [Care Act 2014 s.14(4)]
  = The most that may be charged a week: £91.25 [Care Act 2014 s.14]
The charge of £91.25 a week is lawful on these figures: the law allows up to £91.25."
        );
    }

    #[test]
    fn in_a_care_home_2023_worked_by_hand() {
        // 250 - 5 of savings credit (the limit is 6.50) - 28.25.
        assert_eq!(most(&in_a_care_home()), Some(Pence(216_75)));
        // Savings credit of 8 is left out only up to 6.50.
        let more = Figures {
            savings_credit: Some(8_00),
            ..in_a_care_home()
        };
        assert_eq!(most(&more), Some(Pence(215_25)));
        // Half of a pension of 40 goes to the partner at home.
        let passed = Figures {
            pension_to_partner: Some(20_00),
            ..in_a_care_home()
        };
        assert_eq!(most(&passed), Some(Pence(196_75)));
    }

    #[test]
    fn the_confirmed_rates_of_2025() {
        // 400 - 112.50 - 49.65 - 24.25 - 80.
        let figures = Figures {
            when: on(2025, 9, 1),
            capital: Some(0),
            income: Some(400_00),
            housing_costs: Some(80_00),
            disability_expenditure: Some(0),
            enhanced_disability_premium: Some(true),
            ..at_home()
        };
        assert_eq!(most(&figures), Some(Pence(133_60)));
    }

    #[test]
    fn frozen_years_give_the_same_sum() {
        for year in 2015..=2021 {
            let figures = Figures {
                when: on(year, 10, 1),
                ..at_home()
            };
            assert_eq!(most(&figures), Some(Pence(91_25)), "{year}");
        }
    }

    #[test]
    fn an_unconfirmed_rate_is_refused_by_name() {
        let couple = Figures {
            when: on(2022, 10, 1),
            group: Some(Group::Couple),
            disability_premium: Some(false),
            ..at_home()
        };
        let sum = work_out(rates(), &couple);
        assert_eq!(sum.answer, Answer::CannotTell);
        assert_eq!(
            sum.because,
            "Cannot tell: the 2022-23 minimum income guarantee for one of a couple, one or both 18 or over is not confirmed."
        );
        // Derived from the year before is not confirmed either.
        let derived = Figures {
            when: on(2024, 10, 1),
            disability_premium: Some(false),
            ..at_home()
        };
        let sum = work_out(rates(), &derived);
        assert_eq!(
            sum.because,
            "Cannot tell: the 2024-25 minimum income guarantee for single, 25 up to pension age is not confirmed (worked out from the year before it would be £110.60)."
        );
        // More than the whole of what is left is too much whatever the rate.
        let sum = work_out(
            rates(),
            &Figures {
                charge: Some(223_01),
                ..derived
            },
        );
        assert_eq!(sum.answer, Answer::TooMuch);
    }

    #[test]
    fn a_year_we_do_not_hold_is_refused_by_name() {
        let sum = work_out(
            rates(),
            &Figures {
                when: on(2026, 10, 1),
                ..at_home()
            },
        );
        assert_eq!(sum.answer, Answer::CannotTell);
        assert_eq!(
            sum.because,
            "Cannot tell: the amounts for 2026-27 are not confirmed."
        );
        let old = work_out(
            rates(),
            &Figures {
                when: on(2014, 10, 1),
                ..at_home()
            },
        );
        assert_eq!(old.answer, Answer::CannotTell);
        assert!(old.because.contains("before 1 April 2015"), "{old}");
        let either = work_out(
            rates(),
            &Figures {
                when: Some((date(2015, 1, 1), date(2015, 12, 31))),
                ..at_home()
            },
        );
        assert_eq!(either.answer, Answer::CannotTell);
        assert!(either.because.contains("whether the Care Act was in force"));
    }

    #[test]
    fn a_day_near_the_turn_of_the_year_may_belong_to_either() {
        // 2021-22 and 2022-23 differ; 2019-20 and 2020-21 do not.
        let care_home = |when| Figures {
            when,
            savings_credit: None,
            ..in_a_care_home()
        };
        let sum = work_out(rates(), &care_home(on(2022, 4, 7)));
        assert_eq!(sum.maximum.least, Pence(224_35));
        assert_eq!(sum.maximum.most, Some(Pence(225_10)));
        assert!(
            sum.doubts
                .iter()
                .any(|doubt| doubt.contains("2021-22 or 2022-23")),
            "{sum}"
        );
        assert_eq!(most(&care_home(on(2020, 4, 7))), Some(Pence(225_10)));
        // A file that says only "2020" meets two years alike.
        let year = Some((date(2020, 1, 1), date(2020, 12, 31)));
        assert_eq!(most(&care_home(year)), Some(Pence(225_10)));
        assert_eq!(most(&care_home(on(2015, 4, 1))), Some(Pence(225_10)));
    }

    #[test]
    fn capital_at_the_limits() {
        let with = |capital| Figures {
            capital: Some(capital),
            ..at_home()
        };
        assert_eq!(most(&with(14_250_00)), Some(Pence(88_25)));
        // 9,000 over: thirty-six pounds.
        assert_eq!(most(&with(23_250_00)), Some(Pence(124_25)));
        assert_eq!(most(&with(23_250_01)), Some(Pence(400_00)));
        // Part of a step: whether it counts is not confirmed.
        let sum = work_out(rates(), &with(14_300_00));
        assert_eq!(
            (sum.maximum.least, sum.maximum.most),
            (Pence(88_25), Some(Pence(89_25)))
        );
        assert_eq!(sum.answer, Answer::TooMuch, "91.25 is too much either way");
        let between = Figures {
            charge: Some(89_25),
            ..with(14_300_00)
        };
        let sum = work_out(rates(), &between);
        assert_eq!(sum.answer, Answer::CannotTell);
        assert!(
            sum.because.contains("tariff income for part of a step"),
            "{sum}"
        );
    }

    #[test]
    fn what_is_free_is_free() {
        for (free, name) in Free::ALL {
            let sum = work_out(
                rates(),
                &Figures {
                    free: Some(free),
                    charge: Some(1),
                    ..at_home()
                },
            );
            assert_eq!(sum.answer, Answer::TooMuch, "{name}");
            assert_eq!(sum.maximum.exact(), Some(Pence(0)), "{name}");
        }
    }

    #[test]
    fn nothing_before_means_are_assessed() {
        let never = Figures {
            assessed: Some(Assessed::NotDone),
            ..at_home()
        };
        assert_eq!(work_out(rates(), &never).answer, Answer::TooMuch);
        // The grounds for a light touch are not confirmed.
        let light = Figures {
            assessed: Some(Assessed::LightTouch),
            charge: Some(300_00),
            ..at_home()
        };
        let sum = work_out(rates(), &light);
        assert_eq!(sum.answer, Answer::CannotTell);
        assert!(sum.because.contains("reg 10"), "{sum}");
    }

    #[test]
    fn a_figure_that_is_not_given_is_named() {
        let blank = Figures {
            housing_costs: None,
            charge: Some(50_00),
            ..at_home()
        };
        let sum = work_out(rates(), &blank);
        assert_eq!(sum.because, "Cannot tell: housing costs are not given.");
        // It cannot make a charge lawful that is too much even without them.
        let sum = work_out(
            rates(),
            &Figures {
                charge: Some(151_26),
                ..blank
            },
        );
        assert_eq!(sum.answer, Answer::TooMuch, "{sum}");
        let nothing = work_out(rates(), &Figures::default());
        assert_eq!(nothing.answer, Answer::CannotTell);
    }

    #[test]
    fn impossible_figures_are_refused() {
        let sum = work_out(
            rates(),
            &Figures {
                income: Some(-1),
                ..at_home()
            },
        );
        assert_eq!(
            sum.because,
            "Cannot tell: the income is given as less than nothing."
        );
        let sum = work_out(
            rates(),
            &Figures {
                earnings: Some(500_00),
                ..at_home()
            },
        );
        assert_eq!(sum.answer, Answer::CannotTell, "{sum}");
    }

    #[test]
    fn facts_of_a_case_are_read_by_name() {
        let text = |word: &'static str| Value::Text(candour_law::Symbol::of(word));
        let figures = Figures::from_facts(on(2019, 10, 1), |name| match name {
            "charge_place" => text("home"),
            "income_group" => text("single_25_to_pension_age"),
            "weekly_income_gbp" => Value::Number(300_00),
            "capital_gbp" => Value::Number(15_000_00),
            "weekly_housing_costs_gbp" => Value::Int(60),
            "dre_weekly_gbp" => Value::Number(20_00),
            "disability_premium" => Value::Bool(true),
            "enhanced_disability_premium" | "carer_premium" => Value::Bool(false),
            "dependent_children" => Value::Int(0),
            "weekly_contribution_gbp" => Value::Number(91_25),
            _ => Value::unknown("not_recorded"),
        });
        let sum = work_out(rates(), &figures);
        assert_eq!(sum.answer, Answer::Lawful, "{sum}");
    }

    #[test]
    fn every_year_of_the_rulebook_is_built_in() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
        let read: Vec<_> = Rates::from_dir(&folder)
            .unwrap()
            .years()
            .map(|year| year.year.clone())
            .collect();
        let built: Vec<_> = rates().years().map(|year| year.year.clone()).collect();
        assert_eq!(read, built);
        assert_eq!(built.len(), 11);
    }

    #[test]
    fn a_faulty_file_is_refused() {
        let fails = |text: &str| Rates::read([("2015-16", text)]).unwrap_err().to_string();
        assert!(fails("year = 5").contains("charging/2015-16.toml"));
        let good = include_str!("../../../rulebook/charging/2015-16.toml");
        assert!(fails(&good.replace("\"91.40\"", "\"91.4\"")).contains("pounds and pence"));
        assert!(fails(&good.replace("\"carer_premium\"", "\"child\"")).contains("twice"));
        assert!(fails(&good.replace("\"carer_premium\"", "\"other\"")).contains("missing"));
    }

    prop_compose! {
        fn any_figures()(
            year in 2015_i16..=2026,
            month in 1_i8..=12,
            place in prop_oneof![Just(Place::Home), Just(Place::CareHome), Just(Place::ShortStay)],
            capital in prop_oneof![0_i64..=14_250_00, 14_250_00_i64..=23_250_00, 23_250_01_i64..=40_000_00],
            income in 0_i64..=900_00,
            earnings in 0_i64..=300_00,
            credit in 0_i64..=10_00,
            housing in 0_i64..=200_00,
            disability in 0_i64..=80_00,
            group in 0_usize..6,
            children in 0_i64..4,
            premiums in any::<[bool; 3]>(),
            cost in 0_i64..=1_500_00,
            charge in 0_i64..=1_500_00,
        ) -> Figures {
            let day = date(year, month, 15);
            Figures {
                when: Some((day, day)),
                place: Some(place),
                assessed: Some(Assessed::Done),
                capital: Some(capital),
                income: Some(income),
                earnings: Some(earnings.min(income / 2)),
                savings_credit: Some(credit.min(income / 2)),
                housing_costs: Some(housing),
                disability_expenditure: Some(disability),
                group: Group::ALL.get(group).copied(),
                children: Some(children),
                disability_premium: premiums.first().copied(),
                enhanced_disability_premium: premiums.get(1).copied(),
                carer_premium: premiums.get(2).copied(),
                cost: Some(cost),
                charge: Some(charge),
                ..Figures::default()
            }
        }
    }

    /// The amount that must be left, read from the files apart from the sum.
    fn must_be_left(figures: &Figures) -> Option<i64> {
        let rates = rates();
        let (first, last) = figures.when?;
        let years = rates.between(first, last).ok()?;
        let year = years.first()?;
        let rate = |id: &str| {
            let rate = year.rate(id)?;
            rate.amount
                .filter(|_| rate.confirmed.confirmed())
                .map(|amount| amount.0)
        };
        if figures.place != Some(Place::Home) {
            return rate("personal_expenses_allowance");
        }
        let group = figures.group?;
        let suffix = if group.couple() { "couple" } else { "single" };
        let mut all = rate(group.rate())?;
        if figures.children? > 0 {
            all += rate("child")? * figures.children?;
        }
        if figures.disability_premium? {
            all += rate(&format!("disability_premium_{suffix}"))?;
        }
        if figures.enhanced_disability_premium? {
            all += rate(&format!("enhanced_disability_premium_{suffix}"))?;
        }
        if figures.carer_premium? {
            all += rate("carer_premium")?;
        }
        Some(all)
    }

    proptest! {
        /// s.14(7): whatever may be charged leaves the minimum, unless capital
        /// is above the limit.
        #[test]
        fn a_lawful_charge_leaves_the_minimum(figures in any_figures()) {
            let capital = figures.capital.unwrap_or(0).min(23_250_00);
            let figures = Figures { capital: Some(capital), ..figures };
            let sum = work_out(rates(), &figures);
            let Some(floor) = must_be_left(&figures) else {
                // With the rate unknown only a charge of nothing is known to be lawful.
                prop_assert!(sum.answer != Answer::Lawful || figures.charge == Some(0));
                return Ok(());
            };
            let charge = figures.charge.unwrap_or(0);
            if sum.answer == Answer::Lawful && charge > 0 {
                let costs = if figures.place == Some(Place::Home) {
                    figures.housing_costs.unwrap_or(0) + figures.disability_expenditure.unwrap_or(0)
                } else {
                    0
                };
                // Tariff income is counted though nobody receives it.
                let tariff = (capital - 14_250_00).max(0) / 250_00 * 100 + 100;
                let left = figures.income.unwrap_or(0) - figures.earnings.unwrap_or(0) + tariff - costs - charge;
                prop_assert!(left >= floor, "{left} is less than {floor}\n{sum}");
                prop_assert!(charge <= figures.cost.unwrap_or(0));
            }
        }

        #[test]
        fn more_capital_never_lowers_the_maximum(figures in any_figures(), more in 0_i64..=20_000_00) {
            let richer = Figures { capital: figures.capital.map(|own| own + more), ..figures.clone() };
            let (a, b) = (work_out(rates(), &figures).maximum, work_out(rates(), &richer).maximum);
            prop_assert!(b.least >= a.least, "{a} {b}");
            prop_assert!(b.most.map_or(i64::MAX, |most| most.0) >= a.most.map_or(i64::MAX, |most| most.0), "{a} {b}");
        }

        #[test]
        fn more_income_never_lowers_the_maximum(figures in any_figures(), more in 0_i64..=500_00) {
            let richer = Figures { income: figures.income.map(|own| own + more), ..figures.clone() };
            let (a, b) = (work_out(rates(), &figures).maximum, work_out(rates(), &richer).maximum);
            prop_assert!(b.least >= a.least, "{a} {b}");
            prop_assert!(b.most.map_or(i64::MAX, |most| most.0) >= a.most.map_or(i64::MAX, |most| most.0), "{a} {b}");
        }

        /// Leaving a figure out never turns one answer into the other.
        #[test]
        fn knowing_less_only_makes_less_certain(figures in any_figures(), which in 0_u8..8) {
            // An undated charge is taken to be under the Act.
            prop_assume!(figures.when.is_some_and(|(first, _)| first >= date(2015, 4, 1)));
            let mut less = figures.clone();
            match which {
                0 => less.housing_costs = None,
                1 => less.disability_expenditure = None,
                2 => less.group = None,
                3 => less.disability_premium = None,
                4 => less.capital = None,
                5 => less.place = None,
                6 => less.when = None,
                _ => less.income = None,
            }
            let (full, less) = (work_out(rates(), &figures), work_out(rates(), &less));
            prop_assert!(less.answer == full.answer || less.answer == Answer::CannotTell, "{full}\n---\n{less}");
        }

        #[test]
        fn the_bounds_are_in_order(figures in any_figures()) {
            let sum = work_out(rates(), &figures);
            prop_assert!(sum.maximum.least >= Pence(0));
            prop_assert!(sum.maximum.most.is_none_or(|most| most >= sum.maximum.least), "{sum}");
            prop_assert_eq!(sum.answer == Answer::CannotTell, sum.because.starts_with("Cannot tell"));
        }

        #[test]
        fn money_is_read_as_it_is_shown(pence in 0_i64..=10_000_000) {
            let shown = Pence(pence).to_string();
            prop_assert_eq!(Pence::read(&shown.replace(['£', ','], "")), Some(Pence(pence)));
        }
    }
}
