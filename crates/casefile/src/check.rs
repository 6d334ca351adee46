//! Puts every case test to a case file.

use candour_law::{Authority, Duty, Force, Outcome, Strength, Symbol, Test, Value, Verdict};

use crate::When;
use crate::case::{Case, Event};
use crate::clocks::{self, ClockEnd};
use crate::derive::{self, COMMENCEMENT};
use crate::engine::{Engine, EngineError, FactId, Name, Ready};
use crate::timeline::View;

/// Everything that a rulebook says of one case file.
#[derive(Debug)]
pub struct Checked<'r> {
    pub case: Case,
    pub verdicts: Vec<CaseVerdict<'r>>,
    pub clocks: Vec<ClockEnd>,
}

/// What one test says of one occasion.
#[derive(Clone, Debug)]
pub struct CaseVerdict<'r> {
    pub duty: &'r Duty,
    pub test: &'r Test,
    pub verdict: Verdict,
    pub force: Force,
    pub strength: Strength,
    pub reason: Symbol,
    pub because: String,
    /// The facts that decided, and those that raised the occasion.
    pub facts: Vec<Used<'r>>,
    pub event: Symbol,
    pub when: Option<When>,
    /// Places in the file of the events that make the occasion, from 1.
    pub places: Vec<usize>,
    /// The one further fact that would settle what cannot be told.
    pub settle: Option<Settle<'r>>,
    /// What changed this duty for a time, where the occasion falls in it.
    pub modified: Vec<&'r str>,
}

impl<'r> CaseVerdict<'r> {
    /// The authority that leads the duty.
    pub fn authority(&self) -> Option<&'r Authority> {
        self.duty.authorities.first()
    }
}

/// A fact that a verdict rests on.
#[derive(Clone, Debug)]
pub struct Used<'r> {
    pub name: &'r str,
    pub suffix: &'static str,
    pub value: Value,
    /// The places in the file of the event that it stands on, from 1; empty
    /// when it was worked out or is missing.
    pub places: Vec<usize>,
}

impl Used<'_> {
    /// The name as the rule writes it.
    pub fn full_name(&self) -> String {
        format!("{}{}", self.name, self.suffix)
    }
}

/// A fact to look for.
#[derive(Clone, Debug)]
pub struct Settle<'r> {
    pub fact: &'r str,
    pub question: &'r str,
    pub look_for: &'r str,
}

const GIVEN: Value = Value::text("given");
const ABSENT: Value = Value::text("absent");
const BEFORE_THE_ACT: Symbol = Symbol::of("before_the_act");
const NOT_IN_FORCE: Symbol = Symbol::of("not_in_force");
const LAW_VERSION: Symbol = Symbol::of("law_version");

impl<'r> Engine<'r> {
    /// Puts every case test to a case.
    ///
    /// # Errors
    /// When the rulebook or this program is at fault; never the case file.
    pub fn check(&mut self, case: Case) -> Result<Checked<'r>, EngineError> {
        let mut verdicts = Vec::new();
        if !case.refused() {
            for at in 0..case.events.len() {
                self.event(&case, at, &mut verdicts)?;
            }
        }
        // By the order of the Act, then of the file.
        verdicts.sort_by_key(|(test, at, _)| (*test, *at));
        let verdicts: Vec<CaseVerdict<'r>> = verdicts
            .into_iter()
            .map(|(_, _, verdict)| verdict)
            .collect();
        let clocks = clocks_of(&verdicts);
        Ok(Checked {
            case,
            verdicts,
            clocks,
        })
    }

    fn event(
        &mut self,
        case: &Case,
        at: usize,
        verdicts: &mut Vec<(usize, usize, CaseVerdict<'r>)>,
    ) -> Result<(), EngineError> {
        let candidates = self.candidates(case, at);
        for number in &candidates {
            self.ready(*number)?;
        }
        // A test changes as it is put, for it keeps what it has worked out; so
        // it is taken out of the engine meanwhile.
        let mut taken: Vec<(usize, Ready)> = candidates
            .into_iter()
            .filter_map(|number| Some((number, self.tests.get_mut(number)?.ready.take()?)))
            .collect();
        let put = self.put(case, at, &mut taken, verdicts);
        for (number, ready) in taken {
            if let Some(test) = self.tests.get_mut(number) {
                test.ready = Some(ready);
            }
        }
        put
    }

    fn put(
        &self,
        case: &Case,
        at: usize,
        taken: &mut [(usize, Ready)],
        verdicts: &mut Vec<(usize, usize, CaseVerdict<'r>)>,
    ) -> Result<(), EngineError> {
        let alone = View::alone(self, case, at);
        let whole = View::whole(self, case, at);
        let mut met: Vec<usize> = Vec::new();
        for (number, ready) in taken {
            let Some(verdict) = self.judge(&alone, &whole, *number, &met, ready)? else {
                continue;
            };
            if verdict.verdict == Verdict::Met {
                met.push(*number);
            }
            verdicts.push((*number, at, verdict));
        }
        Ok(())
    }

    /// The tests whose trigger mentions something that this event shows.
    fn candidates(&self, case: &Case, at: usize) -> Vec<usize> {
        let mut candidates = Vec::new();
        let mut mark = |id: FactId| {
            if let Some(tests) = self.mentioned.get(usize::from(id)) {
                candidates.extend_from_slice(tests);
            }
        };
        let Some(event) = case.events.get(at) else {
            return candidates;
        };
        for (id, _) in &event.facts {
            mark(*id);
        }
        // What is worked out of the event's own facts, or is always known.
        let view = View::alone(self, case, at);
        for id in derive::makes(&self.known) {
            let read = self
                .mentioned
                .get(usize::from(id))
                .is_some_and(|tests| !tests.is_empty());
            if read && view.find(id).is_some() {
                mark(id);
            }
        }
        candidates.sort_unstable();
        candidates.dedup();
        candidates
    }

    fn judge(
        &self,
        alone: &View<'_, 'r>,
        whole: &View<'_, 'r>,
        number: usize,
        met: &[usize],
        ready: &mut Ready,
    ) -> Result<Option<CaseVerdict<'r>>, EngineError> {
        let case = whole.case;
        let Some((duty, test, case_test)) = self.tests.get(number).and_then(|case_test| {
            let duty = self.rulebook.duties.get(case_test.duty)?;
            Some((duty, duty.tests.get(case_test.test)?, case_test))
        }) else {
            return Ok(None);
        };
        let Some(event) = whole.event() else {
            return Ok(None);
        };
        let own: Vec<Value> = ready
            .trigger
            .iter()
            .map(|name| bound(alone, *name))
            .collect();
        if ready.evaluator.triggered(&own)? != Some(true) {
            return Ok(None);
        }
        if !test.among.is_empty() && !case_test.among.iter().any(|other| met.contains(other)) {
            return Ok(None);
        }

        let triggers = ready.evaluator.trigger_facts().to_vec();
        let values: Vec<Value> = ready.names.iter().map(|name| bound(whole, *name)).collect();
        let mut verdict = CaseVerdict {
            duty,
            test,
            verdict: Verdict::NotOwed,
            force: test.force,
            strength: test.strength,
            reason: BEFORE_THE_ACT,
            because: String::new(),
            facts: Vec::new(),
            event: event.kind,
            when: event.when,
            places: event.places.clone(),
            settle: None,
            modified: Vec::new(),
        };
        let law = law_on(duty, event, case);
        if let Law::None(reason) = law {
            let answer = Verdict::NotOwed;
            verdict.verdict = answer;
            verdict.reason = reason;
            verdict.because = self
                .rulebook
                .sentence(test, reason.as_str())
                .unwrap_or_else(|| reason.to_string());
            verdict.facts = self.used(&triggers, &values, &ready.names, whole, case);
            return Ok(Some(verdict));
        }
        let Some(outcome) = ready.evaluator.evaluate(&values)? else {
            return Ok(None);
        };
        let Outcome {
            verdict: answer,
            reason,
            strength,
            because,
            used,
        } = outcome.clone();
        verdict.verdict = answer;
        verdict.reason = reason;
        verdict.strength = strength;
        verdict.because = because;
        // What the law asks for may have been done under either law; nobody is
        // said not to have done what may not have been asked of them.
        if law == Law::Unsure && answer == Verdict::NotMet {
            verdict.verdict = Verdict::CannotTell;
            verdict.reason = LAW_VERSION;
            verdict.because = self
                .rulebook
                .sentence(test, LAW_VERSION.as_str())
                .unwrap_or_else(|| LAW_VERSION.to_string());
        }
        // What decided, then what raised the occasion.
        let mut places = used;
        for place in triggers {
            let known = values.get(place).is_some_and(|value| value.is_known());
            if known && !places.contains(&place) {
                places.push(place);
            }
        }
        verdict.facts = self.used(&places, &values, &ready.names, whole, case);
        if answer == Verdict::CannotTell
            && let Some(place) = ready.evaluator.settles(&values)?
        {
            verdict.settle = ready.names.get(place).and_then(|name| self.settle(*name));
        }
        verdict.modified = duty
            .modifiers
            .iter()
            .filter_map(|id| self.rulebook.modifiers.get(id))
            .filter(|modifier| {
                event
                    .when
                    .is_some_and(|when| modifier.holds(when.first) || modifier.holds(when.last))
            })
            .map(|modifier| modifier.id.as_str())
            .collect();
        Ok(Some(verdict))
    }

    fn settle(&self, name: Name) -> Option<Settle<'r>> {
        let def = self.def(name.id())?;
        Some(Settle {
            fact: &def.id,
            question: &def.question,
            look_for: &def.look_for,
        })
    }

    fn used(
        &self,
        places: &[usize],
        values: &[Value],
        names: &[Name],
        view: &View<'_, 'r>,
        case: &Case,
    ) -> Vec<Used<'r>> {
        let stands = |id: FactId, later: bool| -> Vec<usize> {
            let found = if later { view.later(id) } else { view.find(id) };
            found
                .and_then(|found| found.event)
                .and_then(|event| case.events.get(event))
                .map(|event| event.places.clone())
                .unwrap_or_default()
        };
        let mut all: Vec<Used<'r>> = Vec::new();
        for place in places {
            let (Some(value), Some(name)) = (values.get(*place), names.get(*place)) else {
                continue;
            };
            let (id, suffix, value) = match *name {
                Name::Fact(id) => (id, "", *value),
                Name::Later(id) => (id, "_later", *value),
                // That a fact is given or absent shows in the fact itself.
                Name::State(id) if [GIVEN, ABSENT].contains(value) => (id, "", view.value(id)),
                Name::State(id) => (id, "_state", *value),
            };
            let Some(def) = self.def(id) else { continue };
            if !all
                .iter()
                .any(|used| used.name == def.id && used.suffix == suffix)
            {
                all.push(Used {
                    name: def.id.as_str(),
                    suffix,
                    value,
                    places: stands(id, suffix == "_later"),
                });
            }
        }
        all
    }
}

fn bound(view: &View<'_, '_>, name: Name) -> Value {
    match name {
        Name::Fact(id) => view.value(id),
        Name::State(id) => view.state(id),
        Name::Later(id) => view
            .later(id)
            .map_or(Value::unknown("not_recorded"), |found| found.entry.value()),
    }
}

/// Whether the duty was law on the day of an event.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Law {
    Sure,
    /// The day is not known well enough to say.
    Unsure,
    /// It was not, and why.
    None(Symbol),
}

fn law_on(duty: &Duty, event: &Event, case: &Case) -> Law {
    // An event without a date happened before the file was written.
    let (first, last) = match event.when {
        Some(when) => (Some(when.first), Some(when.last)),
        None => (None, case.date.map(|date| date.last)),
    };
    if last.is_some_and(|last| last < COMMENCEMENT) {
        return Law::None(BEFORE_THE_ACT);
    }
    let from = duty.in_force.map_or(COMMENCEMENT, |period| period.from);
    let to = duty.in_force.and_then(|period| period.to);
    if last.is_some_and(|last| last < from) {
        return Law::None(NOT_IN_FORCE);
    }
    if let (Some(first), Some(to)) = (first, to)
        && to < first
    {
        return Law::None(NOT_IN_FORCE);
    }
    let began = first.is_none_or(|first| from <= first);
    let went_on = match (last, to) {
        (_, None) => true,
        (Some(last), Some(to)) => first.is_some() && last <= to,
        (None, Some(_)) => false,
    };
    if began && went_on {
        Law::Sure
    } else {
        Law::Unsure
    }
}

/// The clocks of every dated occasion that went wrong or may have.
fn clocks_of(verdicts: &[CaseVerdict<'_>]) -> Vec<ClockEnd> {
    let mut days: Vec<When> = Vec::new();
    for verdict in verdicts {
        if matches!(verdict.verdict, Verdict::NotMet | Verdict::CannotTell)
            && let Some(when) = verdict.when
            && !days.contains(&when)
        {
            days.push(when);
        }
    }
    days.sort_by_key(|when| when.first);
    days.into_iter().flat_map(clocks::ends).collect()
}
