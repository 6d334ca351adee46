//! Puts every test of the rulebook to every person of a record.

use std::collections::BTreeMap;
use std::sync::Mutex;

use candour_law::{Duty, Evaluator, Outcome, Rulebook, Strength, Symbol, Test, Value, Verdict};
use candour_record::codes::{EthnicGroup, Gender, ServiceType, SupportReason};
use candour_record::{Day, Occasion, Plan, Record, Settings, Timelines};
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::error::InspectError;
use crate::labels::Labels;
use crate::local::LocalFacts;
use crate::patterns::{Pattern, find_patterns};
use crate::strata::*;

/// People judged at once by one worker.
const CHUNK: usize = 1024;

/// One test, ready to be put to records.
struct Prepared {
    duty: usize,
    test: usize,
    evaluator: Evaluator,
    plan: Plan,
    /// Places of the tests of which it takes only the occasions that were met.
    among: Vec<usize>,
}

/// A rulebook, ready to be put to records.
pub struct Inspector<'r> {
    pub rulebook: &'r Rulebook,
    prepared: Vec<Prepared>,
    pub settings: Settings,
}

/// One verdict on one occasion; only met, not met and cannot tell are kept one by one.
#[derive(Clone, Copy, Debug)]
pub struct VerdictRow {
    pub person: u32,
    pub day: Day,
    /// Which of several of the same test, person and day, from 1.
    pub ordinal: u16,
    /// Place in [`TestResult::outcomes`].
    pub outcome: u16,
    evidence: (u32, u16),
}

/// What one test came to.
pub struct TestResult {
    pub duty: usize,
    pub test: usize,
    pub counts: Tally,
    /// Occasions by verdict and reason.
    pub reasons: BTreeMap<(Verdict, Symbol), u64>,
    /// Signals that a local fact turned into cannot tell.
    pub local: BTreeMap<Symbol, u64>,
    /// Not met by strength: strong, lead.
    pub not_met_strong: u64,
    pub outcomes: Vec<Outcome>,
    /// By person's label, then day.
    pub verdicts: Vec<VerdictRow>,
    evidence: Vec<u32>,
    /// By dimension, then group.
    pub groups: Vec<BTreeMap<String, Tally>>,
}

impl TestResult {
    pub fn outcome(&self, row: &VerdictRow) -> Option<&Outcome> {
        self.outcomes.get(usize::from(row.outcome))
    }

    /// The events (indexes into the record) behind a verdict: what gave rise to it first.
    pub fn evidence(&self, row: &VerdictRow) -> &[u32] {
        let (start, len) = (row.evidence.0 as usize, usize::from(row.evidence.1));
        self.evidence.get(start..start + len).unwrap_or(&[])
    }
}

/// What one person came to.
#[derive(Clone, Copy, Debug)]
pub struct PersonSummary {
    pub strata: Strata,
    pub age_band: u8,
    pub strong_signals: u16,
    pub lead_signals: u16,
    pub cannot_tell: u16,
    pub met: u16,
    /// In long-term support on the as-of day.
    pub supported: bool,
}

/// Everything an inspection came to.
pub struct Inspection {
    pub results: Vec<TestResult>,
    /// By place in the record.
    pub people: Vec<PersonSummary>,
    /// Day → (people whose support fell, people in long-term spells the day before).
    pub mass_days: BTreeMap<Day, (usize, usize)>,
    pub reset_days: Vec<Day>,
    /// People in long-term spells open on the as-of day.
    pub in_long_term_support: u64,
    /// What the council does, rather than what happened to one person.
    pub patterns: Vec<Pattern>,
}

impl<'r> Inspector<'r> {
    /// Compiles every test of the rulebook that a return can be put to.
    ///
    /// # Errors
    /// When the rulebook is at fault.
    pub fn new(rulebook: &'r Rulebook) -> Result<Inspector<'r>, InspectError> {
        let numbers: BTreeMap<String, i64> = rulebook
            .record
            .iter()
            .map(|(id, param)| (id.clone(), param.value))
            .collect();
        let settings = Settings::from_numbers(&numbers).map_err(InspectError::MissingNumber)?;
        let mut prepared: Vec<Prepared> = Vec::new();
        for (d, duty) in rulebook.duties.iter().enumerate() {
            for (t, test) in duty.tests.iter().enumerate() {
                // A case test is put to case files, never to a return.
                if test.is_case() {
                    continue;
                }
                let evaluator = Evaluator::new(rulebook, duty, test)?;
                let numbers = test
                    .params
                    .iter()
                    .map(|(id, p)| (id.clone(), p.value))
                    .collect();
                let plan =
                    Plan::new(&test.occasion, evaluator.facts(), numbers).map_err(|source| {
                        InspectError::Plan {
                            duty: duty.id.clone(),
                            test: test.id.clone(),
                            source,
                        }
                    })?;
                let among = prepared
                    .iter()
                    .enumerate()
                    .filter(|(_, p)| p.duty == d)
                    .filter(|(_, p)| {
                        duty.tests
                            .get(p.test)
                            .is_some_and(|other| test.among.contains(&other.id))
                    })
                    .map(|(i, _)| i)
                    .collect();
                prepared.push(Prepared {
                    duty: d,
                    test: t,
                    evaluator,
                    plan,
                    among,
                });
            }
        }
        Ok(Inspector {
            rulebook,
            prepared,
            settings,
        })
    }

    /// The duty and test of a result.
    pub fn test_of(&self, result: &TestResult) -> Option<(&Duty, &Test)> {
        let duty = self.rulebook.duties.get(result.duty)?;
        Some((duty, duty.tests.get(result.test)?))
    }

    /// Puts every test to every person. `progress` hears how many people have been looked at.
    ///
    /// # Errors
    /// When a test cannot be evaluated: a fault of the rulebook or of ours.
    pub fn inspect(
        &self,
        record: &Record,
        labels: &Labels,
        local: &LocalFacts,
        progress: &(dyn Fn(u64) + Sync),
    ) -> Result<Inspection, InspectError> {
        let council = Timelines::new(record);
        let shared: Vec<Mutex<Vec<Outcome>>> = self
            .prepared
            .iter()
            .map(|_| Mutex::new(Vec::new()))
            .collect();
        let heard: Vec<Vec<usize>> = self
            .prepared
            .iter()
            .map(|p| {
                self.rulebook
                    .duties
                    .get(p.duty)
                    .and_then(|d| d.tests.get(p.test))
                    .map(|t| local.heard_by(t))
                    .unwrap_or_default()
            })
            .collect();
        let patterns = find_patterns(&council, local, &self.rulebook.patterns);
        let chunks: Result<Vec<Chunk>, InspectError> = labels
            .order
            .par_chunks(CHUNK)
            .map_init(
                || self.judges(&shared),
                |judges, people| {
                    let mut chunk = Chunk::new(self.prepared.len(), people.len());
                    for &person in people {
                        self.judge(person, &council, local, &heard, judges, &mut chunk)?;
                    }
                    progress(people.len() as u64);
                    Ok(chunk)
                },
            )
            .collect();
        let outcomes = shared
            .into_iter()
            .map(|m| m.into_inner().unwrap_or_default());
        let mut inspection = self.gather(record, &council, chunks?, outcomes);
        inspection.patterns = patterns;
        Ok(inspection)
    }

    fn judges<'s>(&'s self, shared: &'s [Mutex<Vec<Outcome>>]) -> Vec<Judge<'s>> {
        self.prepared
            .iter()
            .zip(shared)
            .map(|(p, shared)| Judge {
                evaluator: p.evaluator.clone(),
                seen: FxHashMap::default(),
                shared,
            })
            .collect()
    }

    fn judge(
        &self,
        person: u32,
        council: &Timelines<'_>,
        local: &LocalFacts,
        heard: &[Vec<usize>],
        judges: &mut [Judge<'_>],
        chunk: &mut Chunk,
    ) -> Result<(), InspectError> {
        let record = council.record;
        let timeline = council.of(person);
        let strata = Strata::of(record, &timeline);
        let mut summary = PersonSummary {
            strata,
            age_band: age_band(record, person, record.as_of) as u8,
            strong_signals: 0,
            lead_signals: 0,
            cannot_tell: 0,
            met: 0,
            supported: timeline
                .spells
                .iter()
                .any(|s| s.open_on(timeline.events, record.as_of)),
        };
        // Occasions that were met, for the tests that ask only of those.
        let mut met: Vec<(usize, Occasion)> = Vec::new();
        for (i, prepared) in self.prepared.iter().enumerate() {
            let (Some(judge), Some(out)) = (judges.get_mut(i), chunk.tests.get_mut(i)) else {
                continue;
            };
            chunk.occasions.clear();
            prepared
                .plan
                .occasions(council, &timeline, &mut chunk.occasions);
            chunk.occasions.sort_by_key(|o| (o.day, o.place));
            let mut last: Option<(Day, u16)> = None;
            for occasion in &chunk.occasions {
                let among = |(test, other): &(usize, Occasion)| {
                    prepared.among.contains(test) && other == occasion
                };
                if !prepared.among.is_empty() && !met.iter().any(among) {
                    continue;
                }
                chunk.evidence.clear();
                prepared.plan.facts(
                    council,
                    &timeline,
                    occasion,
                    &mut chunk.values,
                    &mut chunk.evidence,
                );
                let Some(judged) = judge.judge(&chunk.values)? else {
                    continue;
                };
                let (mut outcome, mut verdict, mut reason) =
                    (judged.outcome, judged.verdict, judged.reason);
                if verdict == Verdict::Met {
                    met.push((i, *occasion));
                }
                if verdict == Verdict::NotMet
                    && let Some(listened) = heard.get(i)
                    && let Some(fact) = local.bearing(listened, occasion, &timeline)
                {
                    reason = local.reason(fact);
                    verdict = Verdict::CannotTell;
                    outcome = judge.local(self.rulebook, reason, judged.strength);
                    *out.local.entry(reason).or_insert(0) += 1;
                }
                out.count(record, &strata, person, occasion.day, verdict, reason);
                match verdict {
                    Verdict::Met => summary.met += 1,
                    Verdict::CannotTell => summary.cannot_tell += 1,
                    Verdict::NotMet if judged.strength == Strength::Strong => {
                        summary.strong_signals += 1;
                        out.not_met_strong += 1;
                    }
                    Verdict::NotMet => summary.lead_signals += 1,
                    Verdict::NotOwed | Verdict::NotYetDue => continue,
                }
                let ordinal = match last {
                    Some((day, n)) if day == occasion.day => n + 1,
                    _ => 1,
                };
                last = Some((occasion.day, ordinal));
                let start = out.evidence.len() as u32;
                out.evidence.extend_from_slice(&chunk.evidence);
                out.verdicts.push(VerdictRow {
                    person,
                    day: occasion.day,
                    ordinal,
                    outcome,
                    evidence: (start, chunk.evidence.len() as u16),
                });
            }
        }
        chunk.people.push((person, summary));
        Ok(())
    }

    fn gather(
        &self,
        record: &Record,
        council: &Timelines<'_>,
        chunks: Vec<Chunk>,
        outcomes: impl Iterator<Item = Vec<Outcome>>,
    ) -> Inspection {
        let mut results: Vec<TestResult> = self
            .prepared
            .iter()
            .zip(outcomes)
            .map(|(p, outcomes)| TestResult {
                duty: p.duty,
                test: p.test,
                counts: Tally::default(),
                reasons: BTreeMap::new(),
                local: BTreeMap::new(),
                not_met_strong: 0,
                outcomes,
                verdicts: Vec::new(),
                evidence: Vec::new(),
                groups: Vec::new(),
            })
            .collect();
        let mut people: Vec<Option<PersonSummary>> = vec![None; record.people.len()];
        let mut groups: Vec<Groups> = self.prepared.iter().map(|_| Groups::default()).collect();
        for chunk in chunks {
            for (person, summary) in chunk.people {
                if let Some(slot) = people.get_mut(person as usize) {
                    *slot = Some(summary);
                }
            }
            for ((result, all), part) in results.iter_mut().zip(&mut groups).zip(chunk.tests) {
                let base = result.evidence.len() as u32;
                result.evidence.extend(part.evidence);
                result
                    .verdicts
                    .extend(part.verdicts.into_iter().map(|mut row| {
                        row.evidence.0 += base;
                        row
                    }));
                for (key, n) in part.reasons {
                    *result.reasons.entry(key).or_insert(0) += n;
                }
                for (key, n) in part.local {
                    *result.local.entry(key).or_insert(0) += n;
                }
                result.counts.merge(&part.counts);
                result.not_met_strong += part.not_met_strong;
                all.merge(&part.groups);
            }
        }
        for (result, all) in results.iter_mut().zip(groups) {
            result.groups = all.named(record);
        }
        let people: Vec<PersonSummary> = people.into_iter().flatten().collect();
        Inspection {
            in_long_term_support: people.iter().filter(|p| p.supported).count() as u64,
            results,
            people,
            mass_days: council.mass_days.clone(),
            reset_days: council.reset_days.iter().copied().collect(),
            patterns: Vec::new(),
        }
    }
}

/// One worker's copy of a test.
struct Judge<'s> {
    evaluator: Evaluator,
    seen: FxHashMap<Box<[Value]>, Option<Judged>>,
    /// Outcomes shared between workers: a test has few.
    shared: &'s Mutex<Vec<Outcome>>,
}

#[derive(Clone, Copy)]
struct Judged {
    outcome: u16,
    verdict: Verdict,
    reason: Symbol,
    strength: Strength,
}

impl Judge<'_> {
    fn judge(&mut self, values: &[Value]) -> Result<Option<Judged>, InspectError> {
        if let Some(judged) = self.seen.get(values) {
            return Ok(*judged);
        }
        let judged = match self.evaluator.evaluate(values)?.cloned() {
            None => None,
            Some(outcome) => {
                let (verdict, reason, strength) =
                    (outcome.verdict, outcome.reason, outcome.strength);
                Some(Judged {
                    outcome: self.share(outcome),
                    verdict,
                    reason,
                    strength,
                })
            }
        };
        self.seen.insert(values.into(), judged);
        Ok(judged)
    }

    /// The place of an outcome among those shared. Which facts were used is not kept apart here.
    fn share(&self, outcome: Outcome) -> u16 {
        let mut shared = self
            .shared
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        let same = |other: &Outcome| {
            (other.verdict, other.reason, other.strength)
                == (outcome.verdict, outcome.reason, outcome.strength)
        };
        let place = shared.iter().position(same).unwrap_or_else(|| {
            shared.push(outcome);
            shared.len() - 1
        });
        place as u16
    }

    /// The outcome of a signal that a local fact turned into cannot tell.
    fn local(&self, rulebook: &Rulebook, reason: Symbol, strength: Strength) -> u16 {
        let because = rulebook
            .reasons
            .get(reason.as_str())
            .map_or_else(|| reason.as_str().to_owned(), |r| r.sentence.clone());
        self.share(Outcome {
            verdict: Verdict::CannotTell,
            reason,
            strength,
            because,
            used: Vec::new(),
        })
    }
}

/// What one worker found for some people.
struct Chunk {
    tests: Vec<ChunkTest>,
    people: Vec<(u32, PersonSummary)>,
    occasions: Vec<Occasion>,
    values: Vec<Value>,
    evidence: Vec<u32>,
}

#[derive(Default)]
struct ChunkTest {
    verdicts: Vec<VerdictRow>,
    evidence: Vec<u32>,
    counts: Tally,
    not_met_strong: u64,
    reasons: FxHashMap<(Verdict, Symbol), u64>,
    local: FxHashMap<Symbol, u64>,
    groups: Groups,
}

impl Chunk {
    fn new(tests: usize, people: usize) -> Chunk {
        Chunk {
            tests: (0..tests).map(|_| ChunkTest::default()).collect(),
            people: Vec::with_capacity(people),
            occasions: Vec::new(),
            values: Vec::new(),
            evidence: Vec::new(),
        }
    }
}

impl ChunkTest {
    fn count(
        &mut self,
        record: &Record,
        strata: &Strata,
        person: u32,
        day: Day,
        verdict: Verdict,
        reason: Symbol,
    ) {
        self.counts.add(verdict);
        *self.reasons.entry((verdict, reason)).or_insert(0) += 1;
        let keys = [
            day.month_index(),
            age_band(record, person, day) as i32,
            strata.sex as i32,
            strata.ethnic_group as i32,
            strata.support_reason as i32,
            strata.setting as i32,
            i32::from(strata.district),
        ];
        for (map, key) in self.groups.0.iter_mut().zip(keys) {
            map.entry(key).or_default().add(verdict);
        }
    }
}

/// Tallies by dimension and number of group.
#[derive(Default)]
struct Groups([FxHashMap<i32, Tally>; 7]);

impl Groups {
    fn merge(&mut self, other: &Groups) {
        for (all, part) in self.0.iter_mut().zip(&other.0) {
            for (key, tally) in part {
                all.entry(*key).or_default().merge(tally);
            }
        }
    }

    fn named(&self, record: &Record) -> Vec<BTreeMap<String, Tally>> {
        DIMENSIONS
            .iter()
            .zip(&self.0)
            .map(|(dimension, tallies)| {
                let mut named: BTreeMap<String, Tally> = BTreeMap::new();
                for (key, tally) in tallies {
                    let code = u8::try_from(*key).unwrap_or(1);
                    let name = match dimension {
                        Dimension::Month => Day::first_of_month(*key).month_text(),
                        Dimension::AgeBand => AGE_BANDS
                            .get(*key as usize)
                            .copied()
                            .unwrap_or("unknown")
                            .to_owned(),
                        Dimension::Sex => sex_text(Gender::from_u8(code)).to_owned(),
                        Dimension::EthnicGroup => {
                            ethnic_text(EthnicGroup::from_u8(code)).to_owned()
                        }
                        Dimension::SupportReason => {
                            reason_text(SupportReason::from_u8(code)).to_owned()
                        }
                        Dimension::Setting => setting_text(ServiceType::from_u8(code)).to_owned(),
                        Dimension::District => record
                            .districts
                            .get(*key as usize)
                            .cloned()
                            .unwrap_or_else(|| "unknown".to_owned()),
                    };
                    named.entry(name).or_default().merge(tally);
                }
                named
            })
            .collect()
    }
}
