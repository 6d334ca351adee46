//! The sum for each charge that a case file gives.

use candour_law::{Symbol, Value};

use super::{Figures, Rates, Sum, work_out};
use crate::timeline::View;
use crate::{Case, Engine, When};

/// A charge of a case file, worked out.
#[derive(Clone, Debug)]
pub struct Charged {
    pub event: Symbol,
    pub when: Option<When>,
    /// Places in the file of the events that make it, from 1.
    pub places: Vec<usize>,
    pub sum: Sum,
}

impl Engine<'_> {
    /// The sum for each event on which the council's weekly charge stands, with
    /// the figures that the whole file shows for that day.
    pub fn charges(&self, rates: &Rates, case: &Case) -> Vec<Charged> {
        if case.refused() {
            return Vec::new();
        }
        let found = |view: &View<'_, '_>, name: &str| {
            self.fact(name)
                .and_then(|id| view.find(id))
                .map(|found| found.entry.value())
        };
        case.events
            .iter()
            .enumerate()
            .filter_map(|(at, event)| {
                let alone = View::alone(self, case, at);
                ["weekly_charge_gbp", "weekly_contribution_gbp"]
                    .iter()
                    .find_map(|name| found(&alone, name).filter(|value| value.is_known()))?;
                let whole = View::whole(self, case, at);
                let when = event.when.map(|when| (when.first, when.last));
                let figures = Figures::from_facts(when, |name| {
                    // A charge of this event goes before another's by another name.
                    let own = name.starts_with("weekly_c").then(|| found(&alone, name));
                    match own {
                        Some(own) if name != "weekly_cost_gbp" => own,
                        _ => found(&whole, name),
                    }
                    .unwrap_or(Value::unknown("not_recorded"))
                });
                Some(Charged {
                    event: event.kind,
                    when: event.when,
                    places: event.places.clone(),
                    sum: work_out(rates, &figures),
                })
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use candour_law::Rulebook;

    use super::super::{Answer, Pence};
    use super::*;

    const FILE: &str = r#"{"person": {"kind": "adult"}, "facts": [
        {"date": "2019-09", "event": "financial_assessment", "attributes": {
            "financial_assessment_done": true, "charge_place": "home", "capital_gbp": 15000,
            "weekly_income_gbp": 300, "weekly_housing_costs_gbp": 60, "dre_weekly_gbp": 20,
            "income_group": "single_25_to_pension_age", "disability_premium": true,
            "enhanced_disability_premium": false, "carer_premium": false}},
        {"date": "2019-10-01", "event": "charge", "attributes": {"weekly_charge_gbp": 91.25}},
        {"date": "2019-12-01", "event": "charge", "attributes": {"weekly_charge_gbp": 99.5}},
        {"date": "2026-10-01", "event": "charge", "attributes": {"weekly_charge_gbp": 99.5}}
    ]}"#;

    #[test]
    fn each_charge_of_a_file_is_worked_out() {
        let rulebook = Rulebook::built_in().unwrap();
        let engine = Engine::new(&rulebook).unwrap();
        let case = engine.read("file.json", FILE);
        assert!(case.unknown.is_empty(), "{:?}", case.unknown);
        let charges = engine.charges(&Rates::built_in().unwrap(), &case);
        let said: Vec<_> = charges
            .iter()
            .map(|charged| (charged.places.clone(), charged.sum.answer))
            .collect();
        assert_eq!(
            said,
            [
                (vec![2], Answer::Lawful),
                (vec![3], Answer::TooMuch),
                (vec![4], Answer::CannotTell),
            ]
        );
        let second = charges.get(1).unwrap();
        assert_eq!(second.sum.maximum.exact(), Some(Pence(91_25)));
        assert!(second.sum.because.contains("too much by £8.25"));
    }

    /// Every figure that the sum reads is a fact of the rulebook.
    #[test]
    fn every_figure_is_a_declared_fact() {
        let rulebook = Rulebook::built_in().unwrap();
        for (name, _) in super::super::FACTS {
            assert!(rulebook.facts.contains_key(name), "{name}");
        }
    }
}
