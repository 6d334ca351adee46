//! The sum itself: what is counted, what must be left, what may be charged.

use std::fmt;

use serde::Serialize;

use super::figures::{Assessed, Figures, Group, Place};
use super::{Bounds, Pence, Rate, Rates, Sure, Year};

/// Whether a line adds to the sum, takes from it or limits it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Part {
    Adds,
    Takes,
    Limits,
    /// The result so far.
    Makes,
    /// Says something without an amount.
    Says,
}

/// One line of the sum.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub part: Part,
    pub what: String,
    pub amount: Option<Bounds>,
    pub authority: &'static str,
}

/// What can be said of the charge.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Answer {
    /// No more than the law allows, on these figures.
    Lawful,
    /// More than the law allows, whatever is still unknown.
    TooMuch,
    CannotTell,
}

/// A charge worked out.
#[derive(Clone, Debug, Serialize)]
pub struct Sum {
    /// The years whose amounts were used.
    pub years: Vec<String>,
    pub lines: Vec<Line>,
    /// The most that may be charged.
    pub maximum: Bounds,
    pub charge: Option<Pence>,
    pub answer: Answer,
    /// What is not known and could matter, by name.
    pub doubts: Vec<String>,
    /// What was taken to be so.
    pub taken: Vec<String>,
    /// The whole answer in a sentence.
    pub because: String,
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for line in &self.lines {
            let sign = match line.part {
                Part::Adds => "  + ",
                Part::Takes => "  - ",
                Part::Limits => "  ≤ ",
                Part::Makes => "  = ",
                Part::Says => "    ",
            };
            write!(f, "{sign}{}", line.what)?;
            if let Some(amount) = line.amount {
                write!(f, ": {amount}")?;
            }
            writeln!(f, " [{}]", line.authority)?;
        }
        for taken in &self.taken {
            writeln!(f, "    taken to be so: {taken}")?;
        }
        for doubt in &self.doubts {
            writeln!(f, "    not known: {doubt}")?;
        }
        write!(f, "{}", self.because)
    }
}

/// Works out the most that may be charged and compares it with the charge.
pub fn work_out(rates: &Rates, figures: &Figures) -> Sum {
    let mut work = Work {
        years: Vec::new(),
        lines: Vec::new(),
        doubts: Vec::new(),
        taken: Vec::new(),
    };
    let maximum = work.maximum(rates, figures);
    let charge = figures.charge.map(Pence);
    let answer = match (charge, maximum.most) {
        (Some(charge), _) if charge <= maximum.least => Answer::Lawful,
        (Some(charge), Some(most)) if charge > most => Answer::TooMuch,
        _ => Answer::CannotTell,
    };
    if charge.is_none() {
        work.doubt("the weekly charge is not given");
    }
    let because = work.because(answer, charge, maximum);
    Sum {
        years: work.years.iter().map(|year| year.year.clone()).collect(),
        lines: work.lines,
        maximum,
        charge,
        answer,
        doubts: work.doubts,
        taken: work.taken,
        because,
    }
}

struct Work<'r> {
    years: Vec<&'r Year>,
    lines: Vec<Line>,
    doubts: Vec<String>,
    taken: Vec<String>,
}

const MIG: &str = "SI 2014/2672 reg 7";
const CAPITAL: &str = "SI 2014/2672 regs 12 and 25";
const COST: &str = "Care Act 2014 s.14(4)";
const OWN: &str = "Care Act 2014 s.17(1): the adult's own resources";
const DISREGARDS: &str = "SI 2014/2672 reg 15 and Sch.1";

impl<'r> Work<'r> {
    fn doubt(&mut self, what: impl Into<String>) {
        let what = what.into();
        if !self.doubts.contains(&what) {
            self.doubts.push(what);
        }
    }

    fn line(
        &mut self,
        part: Part,
        what: impl Into<String>,
        amount: impl Into<Option<Bounds>>,
        authority: &'static str,
    ) {
        self.lines.push(Line {
            part,
            what: what.into(),
            amount: amount.into(),
            authority,
        });
    }

    /// A rate in the years that may have applied; a doubt by name where it is
    /// not confirmed or the years differ.
    fn rate(&mut self, id: &str) -> Bounds {
        let mut found: Option<Bounds> = None;
        let mut doubts = Vec::new();
        for year in &self.years {
            let one = match year.rate(id) {
                Some(Rate {
                    amount: Some(amount),
                    confirmed,
                    ..
                }) if confirmed.confirmed() => Bounds::just(amount.0),
                Some(rate) => {
                    doubts.push(refused(year, rate));
                    Bounds::ANY
                }
                None => {
                    doubts.push(format!("the {} rate `{id}` is not held", year.year));
                    Bounds::ANY
                }
            };
            found = Some(found.map_or(one, |so_far| so_far.or(one)));
        }
        let found = found.unwrap_or(Bounds::ANY);
        if doubts.is_empty() && found.exact().is_none() {
            let names: Vec<_> = self.years.iter().map(|year| year.year.as_str()).collect();
            doubts.push(format!(
                "the day is not known well enough to say which year's amount applied: {}",
                names.join(" or ")
            ));
        }
        for doubt in doubts {
            self.doubt(doubt);
        }
        found
    }

    /// A figure of the file, or nothing to any sum where it is not given.
    fn given(&mut self, figure: Option<i64>, name: &str) -> Bounds {
        match figure {
            Some(pence) => Bounds::just(pence),
            None => {
                self.doubt(format!("{name} not given"));
                Bounds::ANY
            }
        }
    }

    fn maximum(&mut self, rates: &'r Rates, figures: &Figures) -> Bounds {
        if let Some((name, _)) = figures
            .sums()
            .into_iter()
            .find(|(_, sum)| sum.is_some_and(|sum| sum < 0))
        {
            self.doubt(format!("the {name} is given as less than nothing"));
            return Bounds::ANY;
        }
        // An undated charge is taken to be one under the Act, as undated events are.
        let act = jiff::civil::date(2015, 4, 1);
        if let Some((first, last)) = figures.when
            && first < act
        {
            self.doubt(if last < act {
                "the charge was made before 1 April 2015, when the Care Act came into force"
            } else {
                "the day is not known well enough to say whether the Care Act was in force"
            });
            return Bounds::ANY;
        }
        if let Some(free) = figures.free {
            let (what, authority) = free.why();
            self.line(Part::Says, what, None, authority);
            return self.result(Bounds::just(0));
        }
        if figures.assessed == Some(Assessed::NotDone) {
            self.line(
                Part::Says,
                "Nothing may be charged on the ground of means that were never assessed",
                None,
                "Care Act 2014 s.17(1)",
            );
            return self.result(Bounds::just(0));
        }
        let Some((first, last)) = figures.when else {
            self.doubt("the day of the charge is not given, so neither is the year");
            return self.capped(Bounds::ANY, figures);
        };
        match rates.between(first, last) {
            Ok(years) => self.years = years,
            Err(year) => {
                self.doubt(format!("the amounts for {year} are not confirmed"));
                return self.capped(Bounds::ANY, figures);
            }
        }
        let means = self.by_means(figures);
        let means = match figures.assessed {
            Some(Assessed::LightTouch | Assessed::Refused) => {
                self.doubt("the grounds of SI 2014/2672 reg 10, on which no full assessment is needed, are not confirmed");
                means.or(Bounds {
                    least: means.least,
                    most: None,
                })
            }
            Some(Assessed::Done | Assessed::NotDone) | None => means,
        };
        self.capped(means, figures)
    }

    /// What the person's means allow, whatever the care costs.
    fn by_means(&mut self, figures: &Figures) -> Bounds {
        let (tariff, full_cost) = self.capital(figures.capital);
        if full_cost == Some(true) {
            return Bounds {
                least: Pence(i64::MAX),
                most: None,
            };
        }
        let counted = self.income(figures, tariff);
        let Some(place) = figures.place else {
            self.doubt("where the care is given, at home or in a care home, is not given");
            return Bounds {
                least: Pence(0),
                most: counted.most.filter(|_| full_cost == Some(false)),
            };
        };
        let left = match place {
            Place::Home => self.kept_at_home(figures),
            Place::CareHome | Place::ShortStay => self.kept_in_a_care_home(figures, place),
        };
        let allowed = counted.less(left);
        self.line(
            Part::Makes,
            "What the person's means allow",
            allowed,
            "Care Act 2014 s.14(5) and (7)",
        );
        if full_cost.is_none() {
            return Bounds {
                most: None,
                ..allowed
            };
        }
        allowed
    }

    /// Tariff income, and whether capital is above the upper limit.
    fn capital(&mut self, capital: Option<i64>) -> (Bounds, Option<bool>) {
        let upper = self.rate("upper_capital_limit");
        let lower = self.rate("lower_capital_limit");
        let step = self.rate("tariff_step");
        let each = self.rate("tariff_income");
        let Some(capital) = capital else {
            self.doubt("the person's capital is not given");
            return (Bounds::ANY, None);
        };
        let (Some(upper), Some(lower), Some(step), Some(each)) =
            (upper.exact(), lower.exact(), step.exact(), each.exact())
        else {
            return (Bounds::ANY, None);
        };
        let own = Pence(capital);
        if own > upper {
            self.line(
                Part::Says,
                format!("Capital of {own} is above the upper limit of {upper}: the full cost may be charged"),
                None,
                CAPITAL,
            );
            return (Bounds::just(0), Some(true));
        }
        if own <= lower {
            self.line(
                Part::Says,
                format!("Capital of {own} is not above the lower limit of {lower}: it counts for nothing"),
                None,
                CAPITAL,
            );
            return (Bounds::just(0), Some(false));
        }
        let over = own.0.saturating_sub(lower.0);
        let step = step.0.max(1);
        let whole = over / step;
        let mut tariff = Bounds::just(whole.saturating_mul(each.0));
        if over % step != 0 {
            // "Or part of" is from memory; the page seen shows whole steps only.
            let part = self.rate("tariff_part_step");
            let part = part.exact().map_or(
                Bounds {
                    least: Pence(0),
                    most: Some(each),
                },
                |part| Bounds::just(part.0),
            );
            tariff = tariff.plus(part);
        }
        self.line(
            Part::Adds,
            format!(
                "Tariff income: {each} for each {} of the {} above {lower}",
                Pence(step),
                Pence(over)
            ),
            tariff,
            CAPITAL,
        );
        (tariff, Some(false))
    }

    /// The income that counts.
    fn income(&mut self, figures: &Figures, tariff: Bounds) -> Bounds {
        let income = self.given(figures.income, "the person's income is");
        self.line(Part::Adds, "Income of the person's own", income, OWN);
        let mut out = Bounds::just(0);
        for (what, part) in [
            ("Earnings are left out", figures.earnings),
            ("Mobility benefit is left out", figures.mobility_benefit),
            ("Direct payments are left out", figures.direct_payments),
        ] {
            if let Some(part) = part.filter(|part| *part > 0) {
                self.line(Part::Takes, what, Bounds::just(part), DISREGARDS);
                out = out.plus(Bounds::just(part));
            }
        }
        if let Some(credit) = figures.savings_credit.filter(|credit| *credit > 0) {
            let couple = figures.group.map(Group::couple);
            let limit = match couple {
                Some(true) => self.rate("savings_credit_disregard_couple"),
                Some(false) => self.rate("savings_credit_disregard_single"),
                None => {
                    self.doubt("whether the person is single or one of a couple is not given");
                    Bounds::ANY
                }
            };
            let left_out = Bounds {
                least: limit.least.min(Pence(credit)),
                most: Some(
                    limit
                        .most
                        .map_or(Pence(credit), |most| most.min(Pence(credit))),
                ),
            };
            self.line(
                Part::Takes,
                "Savings credit is left out up to the limit",
                left_out,
                DISREGARDS,
            );
            out = out.plus(left_out);
        }
        if let Some(pension) = figures.war_pension.filter(|pension| *pension > 0) {
            self.doubt("how much of a war pension is left out is not confirmed");
            let left_out = Bounds {
                least: Pence(0),
                most: Some(Pence(pension)),
            };
            self.line(
                Part::Takes,
                "War pension is left out in part",
                left_out,
                DISREGARDS,
            );
            out = out.plus(left_out);
        }
        if income.most.is_some_and(|income| out.least > income) {
            self.doubt("more is left out of the income than there is of it");
            return Bounds::ANY;
        }
        income.less(out).plus(tariff)
    }

    /// Housing costs, costs of disability and the minimum income guarantee.
    fn kept_at_home(&mut self, figures: &Figures) -> Bounds {
        let housing = self.given(figures.housing_costs, "housing costs are");
        self.line(
            Part::Takes,
            "Housing costs, less help with them",
            housing,
            "SI 2014/2672 Sch.1; Care Act 2014 s.14(7)",
        );
        let disability = self.given(
            figures.disability_expenditure,
            "disability-related expenditure is",
        );
        self.line(
            Part::Takes,
            "Disability-related expenditure",
            disability,
            DISREGARDS,
        );
        let guarantee = self.guarantee(figures);
        housing.plus(disability).plus(guarantee)
    }

    fn guarantee(&mut self, figures: &Figures) -> Bounds {
        let Some(group) = figures.group else {
            self.doubt(
                "which minimum income guarantee applies (age, single or couple) is not given",
            );
            self.line(Part::Takes, "Minimum income guarantee", Bounds::ANY, MIG);
            return Bounds::ANY;
        };
        let mut all = self.taken_rate(group.rate(), 1);
        // A single person who is no lone parent has no child amount.
        let children = match (figures.children, group) {
            (Some(children), _) => Some(children),
            (None, Group::Single18To24 | Group::Single25ToPensionAge | Group::SinglePensionAge) => {
                self.taken.push("no dependent children".to_owned());
                Some(0)
            }
            (None, _) => None,
        };
        match children {
            Some(0) => {}
            Some(children) => all = all.plus(self.taken_rate("child", children)),
            None => {
                self.doubt("the number of dependent children is not given");
                all = all.plus(Bounds::ANY);
            }
        }
        let (disability, enhanced) = if group.couple() {
            (
                "disability_premium_couple",
                "enhanced_disability_premium_couple",
            )
        } else {
            (
                "disability_premium_single",
                "enhanced_disability_premium_single",
            )
        };
        for (flag, id, name) in [
            (figures.disability_premium, disability, "disability premium"),
            (
                figures.enhanced_disability_premium,
                enhanced,
                "enhanced disability premium",
            ),
            (figures.carer_premium, "carer_premium", "carer premium"),
        ] {
            match flag {
                Some(false) => {}
                Some(true) => all = all.plus(self.taken_rate(id, 1)),
                None => {
                    let rate = self.rate(id);
                    self.doubt(format!("whether the {name} applies is not given"));
                    all = all.plus(Bounds {
                        least: Pence(0),
                        most: rate.most,
                    });
                }
            }
        }
        all
    }

    /// A line that takes off a rate, so many times.
    fn taken_rate(&mut self, id: &str, count: i64) -> Bounds {
        let title = self
            .years
            .first()
            .and_then(|year| year.rate(id))
            .map_or_else(|| id.to_owned(), |rate| rate.title.clone());
        let amount = self.rate(id).times(count);
        let what = if count == 1 {
            title
        } else {
            format!("{title}, times {count}")
        };
        self.line(Part::Takes, what, amount, MIG);
        amount
    }

    fn kept_in_a_care_home(&mut self, figures: &Figures, place: Place) -> Bounds {
        let allowance = self.rate("personal_expenses_allowance");
        self.line(
            Part::Takes,
            "Personal expenses allowance",
            allowance,
            "SI 2014/2672 reg 6",
        );
        if place == Place::ShortStay {
            self.taken
                .push("the council charges a short stay as it would a resident; for up to eight weeks it may use the rules for care at home instead (SI 2014/2672 reg 8)".to_owned());
        }
        let mut all = allowance;
        if let Some(half) = figures.pension_to_partner.filter(|half| *half > 0) {
            self.line(
                Part::Takes,
                "Half of an occupational pension that goes to a partner at home",
                Bounds::just(half),
                DISREGARDS,
            );
            all = all.plus(Bounds::just(half));
        }
        all
    }

    /// Never more than the care costs.
    fn capped(&mut self, allowed: Bounds, figures: &Figures) -> Bounds {
        let allowed = match figures.cost {
            Some(cost) => {
                self.line(
                    Part::Limits,
                    "What the care costs the council",
                    Bounds::just(cost),
                    COST,
                );
                allowed.at_most(cost)
            }
            None if allowed.least == Pence(i64::MAX) => {
                self.doubt("what the care costs the council is not given");
                Bounds::ANY
            }
            None => {
                self.taken.push(
                    "the charge is not above what the care costs the council, which is not given"
                        .to_owned(),
                );
                allowed
            }
        };
        self.result(allowed)
    }

    fn result(&mut self, maximum: Bounds) -> Bounds {
        self.line(
            Part::Makes,
            "The most that may be charged a week",
            maximum,
            "Care Act 2014 s.14",
        );
        maximum
    }

    fn because(&self, answer: Answer, charge: Option<Pence>, maximum: Bounds) -> String {
        let should = match (maximum.exact(), maximum.most) {
            (Some(most), _) => format!("It should have been at most {most}."),
            (None, Some(most)) => format!(
                "It should have been at most {} to {most}; what is not known decides which.",
                maximum.least
            ),
            (None, None) => String::new(),
        };
        match (answer, charge) {
            (Answer::Lawful, Some(charge)) => {
                let reach = maximum.exact().map_or_else(
                    || format!("at least {}", maximum.least),
                    |most| most.to_string(),
                );
                format!(
                    "The charge of {charge} a week is lawful on these figures: the law allows up to {reach}."
                )
            }
            (Answer::TooMuch, Some(charge)) => {
                let over = maximum
                    .most
                    .map_or(0, |most| charge.0.saturating_sub(most.0));
                format!(
                    "The charge of {charge} a week is too much by {}{}. {should}",
                    if maximum.exact().is_some() {
                        ""
                    } else {
                        "at least "
                    },
                    Pence(over)
                )
            }
            _ => {
                let why = self
                    .doubts
                    .first()
                    .map_or("what decides it is not known", String::as_str);
                if charge.is_none() && maximum.exact().is_some() {
                    format!("Cannot tell: {why}. The law allows up to {maximum} a week.")
                } else {
                    format!("Cannot tell: {why}.")
                }
            }
        }
    }
}

/// Refuses a rate by its name.
fn refused(year: &Year, rate: &Rate) -> String {
    let title = name_of(&rate.title);
    let year = &year.year;
    match rate.confirmed {
        Sure::NotCollected => format!("the {year} {title} was not collected"),
        Sure::Derived => match rate.amount {
            Some(amount) => format!(
                "the {year} {title} is not confirmed (worked out from the year before it would be {amount})"
            ),
            None => format!("the {year} {title} is not confirmed"),
        },
        Sure::Text | Sure::Secondary | Sure::Unconfirmed => {
            format!("the {year} {title} is not confirmed")
        }
    }
}

/// A title as it reads within a sentence.
fn name_of(title: &str) -> String {
    let mut plain = title.replacen(": ", " for ", 1);
    let starts: Vec<_> = plain.match_indices(" for ").map(|(at, _)| at + 5).collect();
    for at in std::iter::once(0).chain(starts) {
        if let Some(first) = plain.get(at..at + 1) {
            let small = first.to_ascii_lowercase();
            plain.replace_range(at..at + 1, &small);
        }
    }
    plain
}
