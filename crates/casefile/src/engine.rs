//! A rulebook made ready for case files: its facts by name and number, its case
//! tests with what their triggers mention. Nothing is compiled until an event
//! could raise the test.

use candour_law::{Evaluator, FactDef, Rulebook, RulebookError, STATES, Symbol, nearest};
use rustc_hash::FxHashMap;
use thiserror::Error;

/// The place of a fact among the rulebook's.
pub(crate) type FactId = u16;

/// What can go wrong that is not the case file's fault.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EngineError {
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    #[error("the rulebook has more facts than can be numbered")]
    TooManyFacts,
}

/// Puts case tests to case files. Clone one for each thread: each keeps what it
/// has compiled and worked out.
#[derive(Clone)]
pub struct Engine<'r> {
    pub(crate) rulebook: &'r Rulebook,
    pub(crate) facts: Vec<&'r FactDef>,
    names: FxHashMap<&'r str, FactId>,
    pub(crate) tests: Vec<CaseTest>,
    /// For each fact, the tests whose trigger mentions it. Where an event shows
    /// none of what a trigger mentions, the trigger cannot hold.
    pub(crate) mentioned: Vec<Vec<usize>>,
    pub(crate) known: Known,
}

/// One case test.
#[derive(Clone)]
pub(crate) struct CaseTest {
    pub duty: usize,
    pub test: usize,
    pub among: Vec<usize>,
    pub ready: Option<Ready>,
}

/// A compiled test, with what each of its facts stands for.
#[derive(Clone)]
pub(crate) struct Ready {
    pub evaluator: Evaluator,
    pub names: Vec<Name>,
    /// Those that the trigger reads.
    pub trigger: Vec<Name>,
}

/// What a name in an expression asks of a case file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Name {
    Fact(FactId),
    State(FactId),
    Later(FactId),
}

impl Name {
    pub fn id(self) -> FactId {
        let (Self::Fact(id) | Self::State(id) | Self::Later(id)) = self;
        id
    }
}

macro_rules! known_facts {
    ($($name:ident),+ $(,)?) => {
        /// The facts that derivations read and make, where the rulebook has them.
        #[derive(Clone, Copy, Default)]
        pub(crate) struct Known { $(pub $name: Option<FactId>),+ }

        impl Known {
            fn find(names: &FxHashMap<&str, FactId>) -> Self {
                Self { $($name: names.get(stringify!($name)).copied()),+ }
            }
        }
    };
}

known_facts! {
    // Always bound.
    event, person_kind, dated, adult, exit, time_has_run, plan_before_the_act,
    // Days.
    date_of_birth, plan_date, review_date,
    // Worked out.
    support_fell, support_ended, fall_percent, weekly_budget_before, weekly_budget_after,
    assessed_in_months, wait_months, months_since_review, gap_weeks, reassessed_before,
    charge_backdated, topup_charged, reasons_given, risks_addressed, under_18_on_the_day,
    // What those read.
    weekly_hours_before, weekly_hours_after, weekly_budget_gbp_before, weekly_budget_gbp_after,
    annual_budget_gbp_before, annual_budget_gbp_after, respite_nights_year_before,
    respite_nights_year_after, respite_nights_week_before, respite_nights_week_after,
    support_reduced, budget_reduced, dp_reduced, dp_rate_cut, pa_rate_cut, service_removed,
    transport_removed, dp_stopped, service_closed, reablement_withdrawn,
    months_request_to_assessment, assessment_done, assessment_requested, contact_made,
    reassessed, carer_reassessed, relied_on_previous_assessment,
    months_request_to_action, months_request_to_allocation, months_request_to_first_visit,
    months_request_to_review, months_request_to_placement, months_recommendation_to_provision,
    months_agreement_to_provision, months_to_decision, months_return_to_assessment,
    months_without_placement, months_without_suitable_provision, months_to_further_review,
    months_assessment_to_outcome, months_to_explanation,
    months_since_last_review, review_done, service_gap_weeks, service_gap_months,
    charge_backdated_any, charge_backdated_months, topup, topup_gbp, topup_weekly_gbp,
    reason_recorded, risk_measures_in_place, last_plan_year,
    capital_above_upper_limit, capital_below_upper_limit, capital_below_lower_limit,
    // Eligibility: SI 2015/313 regs 2(2) and 3(2).
    outcomes_not_achieved, carer_outcomes_not_achieved, every_outcome_asked, every_limb_asked,
    outcome_nutrition, outcome_hygiene, outcome_toilet, outcome_clothing, outcome_home_safety,
    outcome_habitable_home, outcome_relationships, outcome_work_and_learning, outcome_community, outcome_caring_for_child,
    carer_outcome_child, carer_outcome_other_care, carer_outcome_habitable_home, carer_outcome_nutrition,
    carer_outcome_relationships, carer_outcome_work_and_learning, carer_outcome_community, carer_outcome_recreation,
}

impl Known {
    /// The ten outcomes of an adult (reg 2(2)).
    pub fn adult_outcomes(&self) -> [Option<FactId>; 10] {
        [
            self.outcome_nutrition,
            self.outcome_hygiene,
            self.outcome_toilet,
            self.outcome_clothing,
            self.outcome_home_safety,
            self.outcome_habitable_home,
            self.outcome_relationships,
            self.outcome_work_and_learning,
            self.outcome_community,
            self.outcome_caring_for_child,
        ]
    }

    /// The eight of an unpaid carer (reg 3(2)).
    pub fn carer_outcomes(&self) -> [Option<FactId>; 8] {
        [
            self.carer_outcome_child,
            self.carer_outcome_other_care,
            self.carer_outcome_habitable_home,
            self.carer_outcome_nutrition,
            self.carer_outcome_relationships,
            self.carer_outcome_work_and_learning,
            self.carer_outcome_community,
            self.carer_outcome_recreation,
        ]
    }
}

impl<'r> Engine<'r> {
    /// Numbers the rulebook's facts and finds its case tests.
    ///
    /// # Errors
    /// When the rulebook has more facts than can be numbered.
    pub fn new(rulebook: &'r Rulebook) -> Result<Self, EngineError> {
        let facts: Vec<&FactDef> = rulebook.facts.values().collect();
        let mut names = FxHashMap::default();
        for (at, fact) in facts.iter().enumerate() {
            let id = FactId::try_from(at).map_err(|_| EngineError::TooManyFacts)?;
            names.insert(fact.id.as_str(), id);
            for alias in &fact.aliases {
                names.entry(alias.as_str()).or_insert(id);
            }
            // The texts that a fact may hold are known ones from the start.
            for value in &fact.values {
                Symbol::intern(value);
            }
        }
        let mut tests: Vec<CaseTest> = Vec::new();
        let mut mentioned: Vec<Vec<usize>> = vec![Vec::new(); facts.len()];
        for (d, duty) in rulebook.duties.iter().enumerate() {
            if duty.switched_off.is_some() {
                continue;
            }
            for (t, test) in duty.tests.iter().enumerate() {
                if !test.is_case() {
                    continue;
                }
                // A case file's own words are not kept, but for those that some
                // rule compares with.
                for (_, source) in test.expressions() {
                    for text in texts(source) {
                        Symbol::intern(text);
                    }
                }
                let trigger = test.trigger.as_deref().unwrap_or_default();
                for name in words(trigger).filter_map(|word| named(&names, word)) {
                    if let Some(all) = mentioned.get_mut(usize::from(name.id()))
                        && all.last() != Some(&tests.len())
                    {
                        all.push(tests.len());
                    }
                }
                let among = tests
                    .iter()
                    .enumerate()
                    .filter(|(_, other)| {
                        other.duty == d
                            && duty
                                .tests
                                .get(other.test)
                                .is_some_and(|other| test.among.contains(&other.id))
                    })
                    .map(|(at, _)| at)
                    .collect();
                tests.push(CaseTest {
                    duty: d,
                    test: t,
                    among,
                    ready: None,
                });
            }
        }
        let known = Known::find(&names);
        Ok(Self {
            rulebook,
            facts,
            names,
            tests,
            mentioned,
            known,
        })
    }

    /// Compiles every case test now. Worth it before many files.
    ///
    /// # Errors
    /// When an expression of the rulebook cannot be used.
    pub fn compile(&mut self) -> Result<(), EngineError> {
        for at in 0..self.tests.len() {
            self.ready(at)?;
        }
        Ok(())
    }

    /// How many case tests there are.
    pub fn tests(&self) -> usize {
        self.tests.len()
    }

    pub(crate) fn fact(&self, name: &str) -> Option<FactId> {
        self.names.get(name).copied()
    }

    pub(crate) fn def(&self, id: FactId) -> Option<&'r FactDef> {
        self.facts.get(usize::from(id)).copied()
    }

    /// The known name most like one that is not.
    pub(crate) fn nearest(&self, name: &str) -> Option<String> {
        nearest(name, self.rulebook.facts.keys()).map(str::to_owned)
    }

    /// The test, compiled if it was not.
    pub(crate) fn ready(&mut self, at: usize) -> Result<(), EngineError> {
        let Some(test) = self.tests.get_mut(at) else {
            return Ok(());
        };
        if test.ready.is_some() {
            return Ok(());
        }
        let Some((duty, of)) = self
            .rulebook
            .duties
            .get(test.duty)
            .and_then(|duty| Some((duty, duty.tests.get(test.test)?)))
        else {
            return Ok(());
        };
        let evaluator = Evaluator::new(self.rulebook, duty, of)?;
        let names: Vec<Name> = evaluator
            .facts()
            .iter()
            .filter_map(|name| named(&self.names, name))
            .collect();
        let trigger = evaluator
            .trigger_facts()
            .iter()
            .filter_map(|at| names.get(*at).copied())
            .collect();
        test.ready = Some(Ready {
            evaluator,
            names,
            trigger,
        });
        Ok(())
    }
}

/// What a name asks for, if it is one.
fn named(names: &FxHashMap<&str, FactId>, name: &str) -> Option<Name> {
    if let Some(id) = names.get(name) {
        return Some(Name::Fact(*id));
    }
    if let Some(base) = name.strip_suffix("_state") {
        return names.get(base).copied().map(Name::State);
    }
    let base = name.strip_suffix("_later")?;
    names.get(base).copied().map(Name::Later)
}

/// The names in an expression, and no texts in quotes.
fn words(source: &str) -> impl Iterator<Item = &str> {
    let mut quoted = false;
    source
        .split(['"', '\''])
        .filter(move |_| {
            quoted = !quoted;
            quoted
        })
        .flat_map(|part| part.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_')))
        .filter(|word| !word.is_empty())
}

/// The texts in quotes in an expression.
fn texts(source: &str) -> impl Iterator<Item = &str> {
    source.split(['"', '\'']).skip(1).step_by(2)
}

/// A state by the word that a case file uses for it.
pub(crate) fn state(word: &str) -> Option<Symbol> {
    let state = match word {
        "disputed" | "claimed" | "in dispute" | "contested" => "disputed",
        "late" | "later" | "delayed" => "late",
        "partial" | "part" | "partly" | "limited" | "irregular" | "in part" | "some"
        | "partially" => "partial",
        "not recorded" | "unknown" | "not stated" | "not known" | "not shown" | "unclear" => {
            "not_recorded"
        }
        _ => return None,
    };
    STATES
        .iter()
        .find(|known| **known == state)
        .map(|known| Symbol::of(known))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn names_are_told_from_texts() {
        let found: Vec<_> = words(r#"event == "review" && !(done || hours > 3)"#).collect();
        assert_eq!(found, ["event", "done", "hours", "3"]);
    }
}
