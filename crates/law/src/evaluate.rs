//! Puts a test to an occasion.
//!
//! A council has many people and few distinct situations: each distinct
//! combination of fact values is worked out once and then looked up.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::expr::{self, Declared, Expression, Scope};
use crate::{
    Duty, FactType, IfUnknown, Rulebook, RulebookError, Strength, Symbol, Test, Value, Verdict,
};

/// What a test says of one occasion.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub verdict: Verdict,
    pub reason: Symbol,
    /// The test's own, or less where one of its `weaker` clauses holds.
    pub strength: Strength,
    /// The reason in a sentence, with the test's numbers filled in.
    pub because: String,
    /// Which of the test's facts decided: those whose unbinding would change
    /// the verdict, the reason or the strength. An unknown fact is among them
    /// when its reason is the one given.
    pub used: Vec<usize>,
}

/// One compiled test, with a cache of outcomes.
#[derive(Clone)]
pub struct Evaluator {
    plan: Arc<Plan>,
    seen: FxHashMap<Box<[Value]>, Option<usize>>,
    settled: FxHashMap<Box<[Value]>, Option<usize>>,
    outcomes: Vec<Outcome>,
    /// For each expression, its answer for each distinct combination of its
    /// own facts.
    answers: Vec<FxHashMap<Box<[Value]>, Option<bool>>>,
}

/// The test as it is evaluated. Never changes, so clones share it.
struct Plan {
    duty: String,
    test: String,
    facts: Vec<String>,
    kinds: Vec<Declared>,
    steps: Vec<Step>,
    /// Case tests only: whether the occasion arises, read of one event alone.
    trigger: Option<usize>,
    arises: Option<usize>,
    not_owed: Vec<(Symbol, usize)>,
    owed: Option<usize>,
    met: usize,
    justified: Vec<(Symbol, IfUnknown, usize)>,
    due: Option<usize>,
    cannot_tell: Vec<(Symbol, usize)>,
    weaker: Vec<(Strength, usize)>,
    strength: Strength,
    sentences: FxHashMap<Symbol, String>,
}

/// One expression and where its facts stand among the test's.
struct Step {
    expression: Expression,
    at: Vec<usize>,
    /// Sample values of each of its facts, to see which unknown one matters.
    samples: Vec<Vec<Value>>,
}

/// A verdict and its reason.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Said {
    pub verdict: Verdict,
    pub reason: Symbol,
    /// No clause says so: a fact that mattered was unknown.
    pub by_unknown: bool,
}

impl Said {
    const fn known(verdict: Verdict, reason: Symbol) -> Self {
        Self {
            verdict,
            reason,
            by_unknown: false,
        }
    }
}

/// Why a case file may leave a fact unknown.
const CASE_REASONS: &[&str] = &[
    "disputed",
    "late",
    "partial",
    "not_recorded",
    "unreadable",
    "conflicting",
];
const MET: Symbol = Symbol::of("met");
const NOT_MET: Symbol = Symbol::of("not_met");
const NOT_OWED: Symbol = Symbol::of("not_owed");
const NOT_YET_DUE: Symbol = Symbol::of("not_yet_due");
/// Stands for "not bound" where the reason does not matter. No reason code is
/// empty, so it never meets one.
const UNBOUND: Value = Value::Unknown(Symbol::of(""));

impl Evaluator {
    /// Reads and checks a test's expressions. Compiling is done once for each
    /// distinct expression of the program's life; make an evaluator only for a
    /// test whose occasion arises.
    pub fn new(rulebook: &Rulebook, duty: &Duty, test: &Test) -> Result<Self, RulebookError> {
        let mut builder = Builder {
            scope: Scope::of(rulebook, test),
            duty,
            test,
            facts: Vec::new(),
            steps: Vec::new(),
        };
        let arises = builder.optional("arises", test.arises.as_deref())?;
        let mut not_owed = Vec::new();
        for clause in &test.not_owed {
            not_owed.push((
                Symbol::intern(&clause.id),
                builder.step(&format!("not_owed {}", clause.id), &clause.when)?,
            ));
        }
        let owed = builder.optional("owed", test.owed.as_deref())?;
        let met = builder.step("met", &test.met)?;
        let mut justified = Vec::new();
        for clause in &test.justified {
            justified.push((
                Symbol::intern(&clause.id),
                clause.if_unknown,
                builder.step(&format!("justified {}", clause.id), &clause.when)?,
            ));
        }
        let due = builder.optional("due", test.due.as_deref())?;
        let mut cannot_tell = Vec::new();
        for clause in &test.cannot_tell {
            cannot_tell.push((
                Symbol::intern(&clause.id),
                builder.step(&format!("cannot_tell {}", clause.id), &clause.when)?,
            ));
        }
        let mut weaker = Vec::new();
        for clause in &test.weaker {
            weaker.push((
                clause.strength,
                builder.step(&format!("weaker {}", clause.id), &clause.when)?,
            ));
        }

        // Last, so that its facts stand behind those that decide.
        let trigger = builder.optional("trigger", test.trigger.as_deref())?;

        let mut sentences = FxHashMap::default();
        let given = builder.given();
        let all = rulebook.reasons.keys().map(String::as_str);
        let own = test.sentences.keys().map(String::as_str);
        // A case file leaves facts unknown for few reasons; the record, for any.
        let reasons: Vec<&str> = if test.is_case() {
            given.into_iter().chain(own).collect()
        } else {
            all.chain(own).collect()
        };
        for reason in reasons {
            if let Some(sentence) = rulebook.sentence(test, reason) {
                sentences.insert(Symbol::intern(reason), sentence);
            }
        }
        let Builder {
            scope,
            facts,
            steps,
            ..
        } = builder;
        let kinds = facts.iter().filter_map(|fact| scope.find(fact)).collect();
        let answers = vec![FxHashMap::default(); steps.len()];
        Ok(Self {
            plan: Arc::new(Plan {
                duty: duty.id.clone(),
                test: test.id.clone(),
                facts,
                kinds,
                steps,
                trigger,
                arises,
                not_owed,
                owed,
                met,
                justified,
                due,
                cannot_tell,
                weaker,
                strength: test.strength,
                sentences,
            }),
            seen: FxHashMap::default(),
            settled: FxHashMap::default(),
            outcomes: Vec::new(),
            answers,
        })
    }

    /// Every fact that any expression of the test reads, in the order in which
    /// they are first mentioned.
    pub fn facts(&self) -> &[String] {
        &self.plan.facts
    }

    /// The places among [`facts`](Self::facts) of those that the trigger reads.
    pub fn trigger_facts(&self) -> &[usize] {
        self.plan
            .trigger
            .and_then(|step| self.plan.steps.get(step))
            .map_or(&[], |step| step.at.as_slice())
    }

    /// Whether the trigger holds of these values of its own facts, in the order
    /// of [`trigger_facts`](Self::trigger_facts): those of one event alone.
    /// Nothing: it is not known. A test without a trigger is always put.
    pub fn triggered(&mut self, own: &[Value]) -> Result<Option<bool>, RulebookError> {
        let plan = Arc::clone(&self.plan);
        let Some(trigger) = plan.trigger else {
            return Ok(Some(true));
        };
        if own.len() != self.trigger_facts().len() {
            return Err(plan.internal("the trigger was given too few or too many values"));
        }
        let own = own.iter().map(|value| value.or_unbound()).collect();
        self.answer(&plan, trigger, own)
    }

    /// The same, of values in the order of [`facts`](Self::facts).
    pub(crate) fn triggered_by(&mut self, values: &[Value]) -> Result<Option<bool>, RulebookError> {
        let own: Vec<Value> = self
            .trigger_facts()
            .iter()
            .filter_map(|at| values.get(*at).copied())
            .collect();
        self.triggered(&own)
    }

    /// What the test says of an occasion with these values, in the order of
    /// [`facts`](Self::facts). Nothing: the occasion is none of this test's.
    pub fn evaluate(&mut self, values: &[Value]) -> Result<Option<&Outcome>, RulebookError> {
        let found = match self.seen.get(values) {
            Some(found) => *found,
            None => {
                let outcome = self.work_out(values)?;
                let found = outcome.map(|outcome| {
                    self.outcomes.push(outcome);
                    self.outcomes.len() - 1
                });
                self.seen.insert(values.into(), found);
                found
            }
        };
        Ok(found.and_then(|at| self.outcomes.get(at)))
    }

    /// The verdict and its reason alone, kept by nobody: for the check.
    pub(crate) fn say(&mut self, values: &[Value]) -> Result<Option<Said>, RulebookError> {
        let plan = Arc::clone(&self.plan);
        plan.fits(values)?;
        if self.arises(&plan, values)? {
            self.judge(&plan, values).map(Some)
        } else {
            Ok(None)
        }
    }

    /// For each fact, values enough to bring about everything the test's
    /// verdict can be. Facts that only the last `weaker` expressions read
    /// cannot change it, and get one value; those that only the trigger reads
    /// get none, for it is taken to hold.
    pub(crate) fn samples(&self, weaker: usize) -> Vec<Vec<Value>> {
        let last = weaker + usize::from(self.plan.trigger.is_some());
        let judged = self.plan.steps.len().saturating_sub(last);
        let steps = self.plan.steps.get(..judged).unwrap_or_default();
        self.plan
            .facts
            .iter()
            .zip(&self.plan.kinds)
            .enumerate()
            .map(|(at, (fact, Declared { kind, values }))| {
                let readers: Vec<_> = steps.iter().filter(|step| step.at.contains(&at)).collect();
                let expressions = readers.iter().map(|step| &step.expression);
                let all = expr::samples(fact, *kind, values, expressions);
                if !readers.is_empty() {
                    return all;
                }
                let triggers = self.trigger_facts().contains(&at) && !self.weaker_reads(at);
                if triggers {
                    vec![UNBOUND]
                } else {
                    all.into_iter().take(1).collect()
                }
            })
            .collect()
    }

    /// The unknown fact whose answer would settle what cannot be told: one
    /// that the deciding clause reads, then one whose every answer settles it,
    /// else one of which most answers do.
    pub fn settles(&mut self, values: &[Value]) -> Result<Option<usize>, RulebookError> {
        if let Some(found) = self.settled.get(values) {
            return Ok(*found);
        }
        let found = self.settling(values)?;
        self.settled.insert(values.into(), found);
        Ok(found)
    }

    fn settling(&mut self, values: &[Value]) -> Result<Option<usize>, RulebookError> {
        let plan = Arc::clone(&self.plan);
        plan.fits(values)?;
        let samples = self.samples(plan.weaker.len());
        // A clause that says so is lifted by what it reads itself.
        let now = self.judge(&plan, values)?;
        let clause: &[usize] = plan
            .cannot_tell
            .iter()
            .find(|(id, _)| !now.by_unknown && *id == now.reason)
            .and_then(|(_, step)| plan.steps.get(*step))
            .map_or(&[], |step| step.at.as_slice());
        // How much each would settle: every answer, then whether it was met.
        let mut best: Option<((bool, bool, usize, usize), usize)> = None;
        for (at, (value, samples)) in values.iter().zip(samples).enumerate() {
            if value.is_known() || samples.contains(&UNBOUND) {
                continue;
            }
            let (mut settled, mut decided) = (0, 0);
            for sample in &samples {
                let with = plan.knowing(values, at, *sample);
                let verdict = self.judge(&plan, &with)?.verdict;
                settled += usize::from(verdict != Verdict::CannotTell);
                decided += usize::from(matches!(verdict, Verdict::Met | Verdict::NotMet));
            }
            let worth = (
                clause.contains(&at),
                settled == samples.len(),
                decided,
                settled,
            );
            if settled > 0 && best.is_none_or(|(held, _)| worth > held) {
                best = Some((worth, at));
            }
        }
        Ok(best.map(|(_, at)| at))
    }

    fn weaker_reads(&self, at: usize) -> bool {
        self.plan
            .weaker
            .iter()
            .filter_map(|(_, step)| self.plan.steps.get(*step))
            .any(|step| step.at.contains(&at))
    }

    /// How many distinct combinations have been worked out.
    pub fn distinct(&self) -> usize {
        self.seen.len()
    }

    fn work_out(&mut self, values: &[Value]) -> Result<Option<Outcome>, RulebookError> {
        let plan = Arc::clone(&self.plan);
        plan.fits(values)?;
        if !self.arises(&plan, values)? {
            return Ok(None);
        }
        let said = self.judge(&plan, values)?;
        let Said {
            verdict, reason, ..
        } = said;
        let strength = self.strength(&plan, values)?;
        let mut used = Vec::new();
        let mut without = values.to_vec();
        for at in 0..without.len() {
            let Some(slot) = without.get_mut(at) else {
                continue;
            };
            let kept = std::mem::replace(slot, UNBOUND);
            let same = said == self.judge(&plan, &without)?
                && strength == self.strength(&plan, &without)?;
            if !same {
                used.push(at);
            }
            if let Some(slot) = without.get_mut(at) {
                *slot = kept;
            }
        }
        let because = plan
            .sentences
            .get(&reason)
            .cloned()
            // A reason the rulebook does not know, such as a local one, speaks for itself.
            .unwrap_or_else(|| reason.to_string());
        Ok(Some(Outcome {
            verdict,
            reason,
            strength,
            because,
            used,
        }))
    }

    fn arises(&mut self, plan: &Plan, values: &[Value]) -> Result<bool, RulebookError> {
        let Some(arises) = plan.arises else {
            return Ok(true);
        };
        match self.ask(plan, arises, values)? {
            Some(answer) => Ok(answer),
            // Nobody made this occasion but the case file, which may not say.
            None if plan.trigger.is_some() => Ok(false),
            None => Err(RulebookError::ArisesUnknown {
                duty: plan.duty.clone(),
                test: plan.test.clone(),
                reason: self.why(plan, arises, values)?.to_string(),
            }),
        }
    }

    /// The order in which a test is read: not owed, met, justified, not yet
    /// due, cannot tell, and only then not met.
    fn judge(&mut self, plan: &Plan, values: &[Value]) -> Result<Said, RulebookError> {
        for (id, step) in &plan.not_owed {
            if self.ask(plan, *step, values)? == Some(true) {
                return Ok(Said::known(Verdict::NotOwed, *id));
            }
        }
        if let Some(owed) = plan.owed
            && self.ask(plan, owed, values)? == Some(false)
        {
            return Ok(Said::known(Verdict::NotOwed, NOT_OWED));
        }
        if self.ask(plan, plan.met, values)? == Some(true) {
            return Ok(Said::known(Verdict::Met, MET));
        }
        for (id, _, step) in &plan.justified {
            if self.ask(plan, *step, values)? == Some(true) {
                return Ok(Said::known(Verdict::Met, *id));
            }
        }
        if let Some(due) = plan.due
            && self.ask(plan, due, values)? == Some(false)
        {
            return Ok(Said::known(Verdict::NotYetDue, NOT_YET_DUE));
        }
        for (id, step) in &plan.cannot_tell {
            if self.ask(plan, *step, values)? == Some(true) {
                return Ok(Said::known(Verdict::CannotTell, *id));
            }
        }
        for step in plan.must_be_known() {
            if self.ask(plan, step, values)?.is_none() {
                return Ok(Said {
                    verdict: Verdict::CannotTell,
                    reason: self.why(plan, step, values)?,
                    by_unknown: true,
                });
            }
        }
        Ok(Said::known(Verdict::NotMet, NOT_MET))
    }

    fn strength(&mut self, plan: &Plan, values: &[Value]) -> Result<Strength, RulebookError> {
        for (strength, step) in &plan.weaker {
            if self.ask(plan, *step, values)? == Some(true) {
                return Ok(*strength);
            }
        }
        Ok(plan.strength)
    }

    /// One expression's answer; unknown is `None`.
    fn ask(
        &mut self,
        plan: &Plan,
        step: usize,
        values: &[Value],
    ) -> Result<Option<bool>, RulebookError> {
        let own = plan.own(step, values)?;
        self.answer(plan, step, own)
    }

    fn answer(
        &mut self,
        plan: &Plan,
        step: usize,
        own: Vec<Value>,
    ) -> Result<Option<bool>, RulebookError> {
        let (Some(answers), Some(asked)) = (self.answers.get_mut(step), plan.steps.get(step))
        else {
            return Err(plan.internal("a step is missing"));
        };
        if let Some(answer) = answers.get(own.as_slice()) {
            return Ok(*answer);
        }
        let answer = asked
            .expression
            .evaluate(&own)
            .map_err(|what| plan.internal(&what))?;
        answers.insert(own.into(), answer);
        Ok(answer)
    }

    /// Why an expression is unknown: the reason of the first unknown fact that
    /// could settle it alone, else of the first unknown one it mentions.
    fn why(&mut self, plan: &Plan, step: usize, values: &[Value]) -> Result<Symbol, RulebookError> {
        let Some(asked) = plan.steps.get(step) else {
            return Err(plan.internal("a step is missing"));
        };
        let own = plan.own(step, values)?;
        let mut first = None;
        for (place, (at, samples)) in asked.at.iter().zip(&asked.samples).enumerate() {
            let Some(Value::Unknown(reason)) = values.get(*at).copied() else {
                continue;
            };
            first = first.or(Some(reason));
            for sample in samples {
                let mut bound = own.clone();
                if let Some(slot) = bound.get_mut(place) {
                    *slot = *sample;
                }
                if self.answer(plan, step, bound)?.is_some() {
                    return Ok(reason);
                }
            }
        }
        first
            .ok_or_else(|| plan.internal("an expression is unknown though all its facts are known"))
    }
}

impl Value {
    /// Why a fact is unknown cannot change an answer, so it is left out.
    fn or_unbound(self) -> Self {
        match self {
            Self::Unknown(_) => UNBOUND,
            known => known,
        }
    }
}

impl Plan {
    /// What has to be known before anything is `not_met`, in order.
    fn must_be_known(&self) -> impl Iterator<Item = usize> {
        let clauses =
            |list: &[(Symbol, usize)]| list.iter().map(|(_, step)| *step).collect::<Vec<_>>();
        clauses(&self.not_owed)
            .into_iter()
            .chain(self.owed)
            .chain([self.met])
            .chain(clauses(&self.cannot_tell))
            .chain(self.due)
            .chain(
                self.justified
                    .iter()
                    .filter(|(_, if_unknown, _)| *if_unknown == IfUnknown::CannotTell)
                    .map(|(_, _, step)| *step),
            )
    }

    /// The same values with one fact known, and its state with it.
    fn knowing(&self, values: &[Value], at: usize, value: Value) -> Vec<Value> {
        let state = self
            .facts
            .get(at)
            .map(|fact| format!("{fact}_state"))
            .and_then(|state| self.facts.iter().position(|fact| *fact == state));
        let mut with = values.to_vec();
        if let Some(slot) = with.get_mut(at) {
            *slot = value;
        }
        if let Some(slot) = state.and_then(|state| with.get_mut(state)) {
            *slot = Value::text("given");
        }
        with
    }

    /// The values of an expression's own facts.
    fn own(&self, step: usize, values: &[Value]) -> Result<Vec<Value>, RulebookError> {
        let step = self
            .steps
            .get(step)
            .ok_or_else(|| self.internal("a step is missing"))?;
        step.at
            .iter()
            .map(|at| match values.get(*at) {
                Some(value) => Ok(value.or_unbound()),
                None => Err(self.internal("too few values were given")),
            })
            .collect()
    }

    /// Refuses values that are not of their fact's type: a mistake of the
    /// record's that CEL would read as an unknown or as false.
    fn fits(&self, values: &[Value]) -> Result<(), RulebookError> {
        if values.len() != self.facts.len() {
            return Err(self.internal(&format!(
                "{} values were given for {} facts",
                values.len(),
                self.facts.len()
            )));
        }
        for ((fact, value), declared) in self.facts.iter().zip(values).zip(&self.kinds) {
            let fits = match value {
                Value::Unknown(_) => true,
                Value::Bool(_) => declared.kind == FactType::Bool,
                Value::Int(_) => declared.kind == FactType::Int,
                Value::Number(_) => declared.kind == FactType::Number,
                Value::Text(text) => {
                    declared.kind == FactType::Text
                        && (declared.values.is_empty() || declared.values.contains(text))
                }
            };
            if !fits {
                return Err(self.internal(&format!(
                    "`{fact}` was given a value that facts.toml does not allow"
                )));
            }
        }
        Ok(())
    }

    fn internal(&self, what: &str) -> RulebookError {
        RulebookError::Internal {
            duty: self.duty.clone(),
            test: self.test.clone(),
            what: what.to_owned(),
        }
    }
}

struct Builder<'a> {
    scope: Scope<'a>,
    duty: &'a Duty,
    test: &'a Test,
    facts: Vec<String>,
    steps: Vec<Step>,
}

impl<'a> Builder<'a> {
    /// The reasons that a case test can give.
    fn given(&self) -> Vec<&'a str> {
        let test = self.test;
        let clauses = test.not_owed.iter().chain(&test.cannot_tell);
        ["met", "not_met", "not_owed", "not_yet_due"]
            .into_iter()
            .chain(CASE_REASONS.iter().copied())
            .chain(clauses.map(|clause| clause.id.as_str()))
            .chain(test.justified.iter().map(|clause| clause.id.as_str()))
            .collect()
    }

    fn optional(
        &mut self,
        key: &str,
        source: Option<&str>,
    ) -> Result<Option<usize>, RulebookError> {
        source.map(|source| self.step(key, source)).transpose()
    }

    fn step(&mut self, key: &str, source: &str) -> Result<usize, RulebookError> {
        let expression = Expression::new(source, self.scope).map_err(|faults| {
            let fault = faults.into_iter().next();
            let (what, fix) = fault.map_or_else(Default::default, |fault| (fault.what, fault.fix));
            RulebookError::Expression {
                place: format!("duty {}, test {}, {key}", self.duty.id, self.test.id),
                what,
                fix,
            }
        })?;
        let mut at = Vec::new();
        let mut samples = Vec::new();
        for name in &expression.names {
            let known = self.facts.iter().position(|fact| fact == name);
            at.push(known.unwrap_or(self.facts.len()));
            if known.is_none() {
                self.facts.push(name.clone());
            }
            samples.push(self.scope.find(name).map_or_else(Vec::new, |fact| {
                expr::samples(name, fact.kind, &fact.values, std::iter::once(&expression))
            }));
        }
        self.steps.push(Step {
            expression,
            at,
            samples,
        });
        Ok(self.steps.len() - 1)
    }
}
