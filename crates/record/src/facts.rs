//! Facts: what a return can say on an occasion, with the reason where it cannot.
//!
//! Absence inside coverage is evidence; absence outside it is unknown; presence is always evidence.

use std::collections::BTreeMap;

use candour_law::{Symbol, Value};

use crate::codes::{AssessmentType, Eligible, EventType, Outcome, ServiceType};
use crate::exits::exit_in;
use crate::falls::Fall;
use crate::occasions::{Kind, Occasion, occasions};
use crate::{Day, Event, Interval, Timeline, Timelines};

/// The parameters of a test, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Numbers(BTreeMap<String, i64>);

impl Numbers {
    /// A parameter's value; [`Plan::new`] has made sure that it is there.
    pub(crate) fn get(&self, name: &str) -> i64 {
        self.0.get(name).copied().unwrap_or(0)
    }
}

/// A plan that cannot be made: the rulebook asks for what the record does not have.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    #[error("there is no kind of occasion called `{0}`")]
    UnknownOccasion(String),
    #[error("the fact `{fact}` needs a parameter `{parameter}`, which the test does not give")]
    MissingParameter { fact: String, parameter: String },
}

macro_rules! facts {
    ($($variant:ident = $text:literal [$($param:literal),*] $(on $kinds:expr)?),+ $(,)?) => {
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        enum Fact { $($variant),+ , NotInReturn }

        impl Fact {
            fn from_name(name: &str) -> Fact {
                match name { $($text => Fact::$variant,)+ _ => Fact::NotInReturn }
            }

            fn parameters(self) -> &'static [&'static str] {
                match self { $(Fact::$variant => &[$($param),*],)+ Fact::NotInReturn => &[] }
            }
        }
    };
}

facts! {
    Adult = "adult" [],
    Exit = "exit" [],
    TimeHasRun = "time_has_run" [],
    UnknownEndBefore = "unknown_end_before" [],
    Outcome = "outcome" [],
    AssessedInTime = "assessed_in_time" ["days"],
    AssessmentStartedInTime = "assessment_started_in_time" ["days"],
    LongTermServiceStarted = "long_term_service_started" ["days"],
    NeedsAssessedAround = "needs_assessed_around" ["before_days", "after_days"],
    ShortAssessmentAround = "short_assessment_around" ["before_days", "after_days"],
    AnyServiceOpen = "any_service_open" [],
    CarerAssessedInTime = "carer_assessed_in_time" ["days"],
    JointAssessmentInTime = "joint_assessment_in_time" ["days"],
    LinkedCarerAssessed = "linked_carer_assessed" ["months"],
    EligibilityRecorded = "eligibility_recorded" [],
    SupportedInTime = "supported_in_time" ["days"],
    SupportedOnTheDay = "supported_on_the_day" [],
    RecordedNotEligible = "recorded_not_eligible" [],
    CarerSupportedInTime = "carer_supported_in_time" ["days"],
    ReviewedOrAssessedRecently = "reviewed_or_assessed_recently" ["months"],
    StartResetRecent = "start_reset_recent" ["spell_months"],
    StartResetRecentPayment = "start_reset_recent_payment" ["payment_months"],
    ReviewedOrAssessedAfterStart = "reviewed_or_assessed_after_start" ["days"],
    ReviewedOrAssessedAfterStartMonths = "reviewed_or_assessed_after_start_months" ["months"],
    StartReset = "start_reset" [],
    ReviewedOrAssessedFollowing = "reviewed_or_assessed_following" ["days"],
    ReviewSeen = "review_seen" ["review_days"],
    ReviewsCovered = "reviews_covered" ["review_days"],
    Reassessed = "reassessed" ["assessment_days"],
    FallKind = "fall_kind" [],
    DirectPaymentRateOnly = "direct_payment_rate_only" [],
    MassDay = "mass_day" [],
    ReplacedInTime = "replaced_in_time" ["days"],
    KeptGoing = "kept_going" ["days", "before_days"],
}

/// What one fact found.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    pub value: Value,
    /// For a fact that can meet the duty: the day on which it was met, if it was.
    pub met_on: Option<Day>,
    /// For a fact that can meet the duty: the last day for being met.
    pub until: Option<Day>,
    /// The event (index into the record) that shows it.
    pub event: Option<u32>,
}

impl Seen {
    fn just(value: Value) -> Seen {
        Seen {
            value,
            met_on: None,
            until: None,
            event: None,
        }
    }

    fn yes_no(value: bool) -> Seen {
        Seen::just(Value::Bool(value))
    }

    fn unknown(reason: &'static str) -> Seen {
        Seen::just(Value::Unknown(Symbol::of(reason)))
    }
}

/// How one test is put to a record: its occasions and, in order, its facts.
#[derive(Clone, Debug)]
pub struct Plan {
    kinds: Vec<Kind>,
    facts: Vec<Fact>,
    numbers: Numbers,
}

impl Plan {
    /// `facts` in the order in which [`Plan::facts`] is to give them; a fact that no return shows is
    /// always unknown (`not_in_return`).
    ///
    /// # Errors
    /// When a kind of occasion is unknown or a fact's parameter is missing.
    pub fn new(
        kinds: &[String],
        facts: &[String],
        numbers: BTreeMap<String, i64>,
    ) -> Result<Plan, PlanError> {
        let kinds = kinds
            .iter()
            .map(|k| Kind::from_name(k).ok_or_else(|| PlanError::UnknownOccasion(k.clone())))
            .collect::<Result<Vec<_>, _>>()?;
        let needs = |fact: &str, parameters: &[&str]| match parameters
            .iter()
            .find(|p| !numbers.contains_key(**p))
        {
            Some(parameter) => Err(PlanError::MissingParameter {
                fact: fact.to_owned(),
                parameter: (*parameter).to_owned(),
            }),
            None => Ok(()),
        };
        for kind in &kinds {
            let parameters: &[&str] = match kind {
                Kind::SpellAtAsOf => &["spell_months"],
                Kind::PaymentAtAsOf => &["payment_months"],
                Kind::SpellStart => &["days"],
                Kind::PaymentStart => &["months"],
                _ => &[],
            };
            needs(kind.name(), parameters)?;
        }
        let mut plan = Vec::with_capacity(facts.len());
        for name in facts {
            let fact = Fact::from_name(name);
            needs(name, fact.parameters())?;
            plan.push(fact);
        }
        Ok(Plan {
            kinds,
            facts: plan,
            numbers: Numbers(numbers),
        })
    }

    /// The test's occasions in a timeline.
    pub fn occasions(
        &self,
        council: &Timelines<'_>,
        timeline: &Timeline<'_>,
        out: &mut Vec<Occasion>,
    ) {
        for &kind in &self.kinds {
            occasions(kind, &self.numbers, council, timeline, out);
        }
    }

    /// The test's facts on an occasion, into `values`; the events that gave rise to it and that
    /// decided it (indexes into the record) into `evidence`.
    pub fn facts(
        &self,
        council: &Timelines<'_>,
        timeline: &Timeline<'_>,
        occasion: &Occasion,
        values: &mut Vec<Value>,
        evidence: &mut Vec<u32>,
    ) {
        let view = View {
            council,
            timeline,
            occasion,
            numbers: &self.numbers,
        };
        view.cause(evidence);
        values.clear();
        let (mut met_on, mut until) = (None::<Day>, view.looks_until());
        for &fact in &self.facts {
            let seen = view.see(fact);
            if let Some(last) = seen.until {
                until = until.max(last);
                met_on = match (met_on, seen.met_on) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
            if let Some(event) = seen.event
                && !evidence.contains(&event)
            {
                evidence.push(event);
            }
            values.push(seen.value);
        }
        // These two look at the window of the others.
        for (fact, value) in self.facts.iter().zip(values.iter_mut()) {
            match fact {
                Fact::Exit => {
                    let (kind, event) = view.exit(until, met_on);
                    *value = Value::Text(Symbol::of(kind));
                    if let Some(event) = event
                        && !evidence.contains(&event)
                    {
                        evidence.push(event);
                    }
                }
                Fact::TimeHasRun => *value = Value::Bool(view.time_has_run(until)),
                _ => {}
            }
        }
    }
}

/// One occasion in its timeline.
struct View<'a> {
    council: &'a Timelines<'a>,
    timeline: &'a Timeline<'a>,
    occasion: &'a Occasion,
    numbers: &'a Numbers,
}

impl<'a> View<'a> {
    fn day(&self) -> Day {
        self.occasion.day
    }

    fn number(&self, name: &str) -> i64 {
        self.numbers.get(name)
    }

    fn event(&self) -> Option<&'a Event> {
        self.timeline.events.get(self.occasion.place as usize)
    }

    fn fall(&self) -> Option<&'a Fall> {
        self.timeline.falls.get(self.occasion.place as usize)
    }

    /// Index into the record of a place in this timeline.
    fn global(&self, place: usize) -> u32 {
        self.first_event(self.timeline.person) + place as u32
    }

    fn first_event(&self, person: u32) -> u32 {
        self.council
            .record
            .people
            .get(person as usize)
            .map_or(0, |p| p.first_event)
    }

    /// What gave rise to the occasion.
    fn cause(&self, evidence: &mut Vec<u32>) {
        let mut add = |place: u32| evidence.push(self.global(place as usize));
        let place = self.occasion.place;
        match self.occasion.kind {
            Kind::Fall => {
                if let Some(fall) = self.fall() {
                    fall.before.iter().copied().for_each(&mut add);
                    fall.after
                        .iter()
                        .copied()
                        .filter(|i| !fall.before.contains(i))
                        .for_each(&mut add);
                }
            }
            Kind::SpellAtAsOf | Kind::SpellStart => {
                let spell = self.timeline.spells.get(place as usize);
                spell
                    .and_then(|s| s.events.first())
                    .copied()
                    .into_iter()
                    .for_each(&mut add);
            }
            Kind::PaymentAtAsOf | Kind::PaymentStart => {
                let payment = self.timeline.payments.get(place as usize);
                payment
                    .and_then(|p| p.events.first())
                    .copied()
                    .into_iter()
                    .for_each(&mut add);
            }
            Kind::PaymentEnded => {
                let payment = self.timeline.payments.get(place as usize);
                payment
                    .and_then(|p| p.events.last())
                    .copied()
                    .into_iter()
                    .for_each(&mut add);
            }
            _ => add(place),
        }
    }

    /// The last day that matters before any window of a fact: the occasion itself, or for a fall the
    /// day on which what runs after is taken.
    fn looks_until(&self) -> Day {
        self.fall()
            .filter(|_| self.occasion.kind == Kind::Fall)
            .map_or(self.day(), |fall| fall.after_day)
    }

    fn exit(&self, until: Day, met_on: Option<Day>) -> (&'static str, Option<u32>) {
        let settings = &self.council.record.settings;
        let window = Interval::new(self.day().plus(-settings.exit_before_days), until);
        match exit_in(&self.timeline.exits, window, met_on) {
            Some(exit) => (
                exit.kind.name(),
                exit.event.map(|i| self.global(i as usize)),
            ),
            None => ("none", None),
        }
    }

    fn time_has_run(&self, until: Day) -> bool {
        let record = self.council.record;
        let last = match self.occasion.kind {
            Kind::Fall => self.day().plus(record.settings.fall_late_days),
            _ => until.plus(self.number("wait_days")),
        };
        last <= record.as_of
    }

    /// The earliest of the person's own events that meets the duty inside `window`.
    fn first(
        &self,
        on: impl Fn(&Event) -> Day,
        window: Interval,
        takes: impl Fn(&Event) -> bool,
    ) -> Option<(Day, u32)> {
        earliest(self.timeline.events, on, window, takes)
            .map(|(day, place)| (day, self.global(place)))
    }

    /// The earliest among the events of linked people.
    fn first_of(
        &self,
        people: &[u32],
        on: impl Fn(&Event) -> Day,
        window: Interval,
        takes: impl Fn(&Event) -> bool,
    ) -> Option<(Day, u32)> {
        people
            .iter()
            .filter_map(|&person| {
                earliest(self.council.record.events_of(person), &on, window, &takes)
                    .map(|(day, place)| (day, self.first_event(person) + place as u32))
            })
            .min()
    }

    /// A fact that meets the duty when `found`; false where all of `window` is covered for every kind
    /// of event that could have shown it; else unknown.
    fn deciding(&self, found: Option<(Day, u32)>, window: Interval, kinds: &[EventType]) -> Seen {
        let covered = || {
            kinds
                .iter()
                .all(|kind| self.council.record.coverage.of(*kind).covers(window))
        };
        let value = match found {
            Some(_) => Value::Bool(true),
            None if covered() => Value::Bool(false),
            None => Value::Unknown(Symbol::of("outside_coverage")),
        };
        Seen {
            value,
            met_on: found.map(|(day, _)| day),
            until: Some(window.end),
            event: found.map(|(_, event)| event),
        }
    }

    fn cares_for(&self) -> &'a [u32] {
        self.council
            .record
            .people
            .get(self.timeline.person as usize)
            .map_or(&[], |p| &p.cares_for)
    }

    fn carers(&self) -> &'a [u32] {
        self.council
            .record
            .people
            .get(self.timeline.person as usize)
            .map_or(&[], |p| &p.carers)
    }

    fn see(&self, fact: Fact) -> Seen {
        let day = self.day();
        let ends = |e: &Event| e.end;
        let starts = |e: &Event| e.start;
        let to = |days: i64| Interval::new(day, day.plus(days));
        match fact {
            Fact::Exit | Fact::TimeHasRun => Seen::unknown("not_recorded"), // filled in afterwards
            Fact::NotInReturn => Seen::unknown("not_in_return"),
            Fact::Adult => {
                let record = self.council.record;
                let person = record.people.get(self.timeline.person as usize);
                Seen::yes_no(person.is_none_or(|p| p.is_adult_on(day, record.settings.adult_age)))
            }
            Fact::UnknownEndBefore => Seen::yes_no(
                self.timeline
                    .events
                    .iter()
                    .any(|e| e.is_long_term() && e.unknown_end && e.end < day),
            ),
            Fact::Outcome => Seen::just(Value::Text(Symbol::of(self.outcome().name()))),
            Fact::AssessedInTime => {
                let window = to(self.number("days"));
                let found = self.first(ends, window, |e| e.is_assessment() && e.start >= day);
                self.deciding(found, window, &[EventType::Assessment])
            }
            Fact::AssessmentStartedInTime => {
                let window = to(self.number("days"));
                let found = self.first(starts, window, Event::is_assessment);
                self.deciding(found, window, &[EventType::Assessment])
            }
            Fact::LongTermServiceStarted => {
                let found = self.first(starts, to(self.number("days")), Event::is_long_term);
                self.noticed(found)
            }
            Fact::NeedsAssessedAround | Fact::ShortAssessmentAround => {
                let window = Interval::new(
                    day.plus(1 - self.number("before_days")),
                    day.plus(self.number("after_days")),
                );
                if fact == Fact::NeedsAssessedAround {
                    let found = self.first(ends, window, Event::is_needs_assessment);
                    self.deciding(found, window, &[EventType::Assessment])
                } else {
                    let short = |e: &Event| {
                        e.is_assessment() && e.assessment_type == AssessmentType::ShortTerm
                    };
                    self.noticed(self.first(ends, window, short))
                }
            }
            Fact::AnyServiceOpen => self.noticed(self.running(day, Event::is_service_of_user)),
            Fact::CarerAssessedInTime => {
                let window = to(self.number("days"));
                let found = self.first(ends, window, |e| e.is_carer_assessment() && e.start >= day);
                self.deciding(found, window, &[EventType::Assessment])
            }
            Fact::JointAssessmentInTime => {
                let joint = |e: &Event| e.is_assessment() && e.method.includes_carer();
                self.noticed(self.first_of(self.cares_for(), ends, to(self.number("days")), joint))
            }
            Fact::LinkedCarerAssessed => {
                let window = Interval::new(day.plus_months(-self.number("months")).plus(1), day);
                let found = self.first_of(self.carers(), ends, window, Event::is_carer_assessment);
                let mut seen = self.deciding(found, window, &[]);
                if found.is_none() {
                    // No yearly duty exists: that none is seen shows nothing by itself.
                    seen.value = Value::Unknown(Symbol::of("not_shown"));
                }
                seen
            }
            Fact::EligibilityRecorded => match self.event().map(|e| e.eligible) {
                Some(Eligible::Blank) | None => Seen {
                    until: Some(day),
                    ..Seen::unknown("not_recorded")
                },
                Some(Eligible::Invalid) => Seen {
                    until: Some(day),
                    ..Seen::unknown("invalid_value")
                },
                Some(_) => Seen {
                    met_on: Some(day),
                    until: Some(day),
                    ..Seen::yes_no(true)
                },
            },
            Fact::SupportedInTime => {
                let window = to(self.number("days"));
                let found = self
                    .running(day, Event::is_service_of_user)
                    .or_else(|| self.first(starts, window, Event::is_service_of_user));
                self.deciding(found, window, &[EventType::Service])
            }
            Fact::SupportedOnTheDay => self.noticed(self.running(day, Event::is_service_of_user)),
            Fact::RecordedNotEligible => {
                Seen::yes_no(self.event().is_some_and(|e| {
                    matches!(e.eligible, Eligible::NotEligible | Eligible::NoNeeds)
                }))
            }
            Fact::CarerSupportedInTime => {
                let window = to(self.number("days"));
                let own =
                    |e: &Event| e.kind == EventType::Service && e.service_type.is_carer_support();
                let involving = |e: &Event| {
                    e.kind == EventType::Service
                        && e.service_type == ServiceType::CarerInvolvingCaredFor
                };
                // Open on the day counts as met on the day.
                let reached = |e: &Event| if e.active_on(day) { day } else { e.start };
                let found = [
                    self.first(reached, window, own),
                    self.first_of(self.cares_for(), reached, window, involving),
                ]
                .into_iter()
                .flatten()
                .min();
                self.deciding(found, window, &[EventType::Service])
            }
            Fact::ReviewedOrAssessedRecently => {
                let window = Interval::new(day.plus_months(-self.number("months")).plus(1), day);
                let found = self.first(ends, window, |e| e.is_review() || e.is_needs_assessment());
                self.deciding(found, window, &[EventType::Review])
            }
            Fact::StartResetRecent => self.reset_since(
                &self.timeline.spells,
                day.plus_months(-self.number("spell_months")),
            ),
            Fact::StartResetRecentPayment => self.reset_since(
                &self.timeline.payments,
                day.plus_months(-self.number("payment_months")),
            ),
            Fact::ReviewedOrAssessedAfterStart => {
                self.reviewed_after_start(day.plus(self.number("days")))
            }
            Fact::ReviewedOrAssessedAfterStartMonths => {
                self.reviewed_after_start(day.plus_months(self.number("months")))
            }
            Fact::StartReset => Seen::yes_no(self.council.reset_days.contains(&day)),
            Fact::ReviewedOrAssessedFollowing => {
                let window = to(self.number("days"));
                let found = self.first(ends, window, |e| {
                    (e.is_review() || e.is_assessment()) && e.start >= day
                });
                self.deciding(found, window, &[EventType::Review, EventType::Assessment])
            }
            Fact::ReviewSeen => self.noticed(self.first(
                ends,
                self.days_to(self.number("review_days")),
                Event::is_review,
            )),
            Fact::ReviewsCovered => {
                let window = self.days_to(self.number("review_days"));
                Seen::yes_no(self.council.record.coverage.review.covers(window))
            }
            Fact::Reassessed => {
                let window = self.days_to(self.number("assessment_days"));
                let found = self.first(ends, window, Event::is_assessment);
                // A reassessment alone does not meet the duty: no window of being met.
                let seen = self.deciding(found, window, &[EventType::Assessment]);
                Seen {
                    met_on: None,
                    until: None,
                    ..seen
                }
            }
            Fact::FallKind => Seen::just(Value::Text(Symbol::of(
                self.fall().map_or("size_unknown", |f| f.kind.name()),
            ))),
            Fact::DirectPaymentRateOnly => {
                Seen::yes_no(self.fall().is_some_and(|f| f.direct_payment_rate_only))
            }
            Fact::MassDay => Seen::yes_no(self.council.mass_days.contains_key(&day)),
            Fact::ReplacedInTime => {
                let window = to(self.number("days"));
                let found = self
                    .running(day, Event::is_long_term)
                    .or_else(|| self.first(starts, window, Event::is_long_term));
                self.deciding(found, window, &[EventType::Service])
            }
            Fact::KeptGoing => self.kept_going(),
        }
    }

    /// The last `days` days up to and with the occasion's.
    fn days_to(&self, days: i64) -> Interval {
        Interval::new(self.day().plus(1 - days), self.day())
    }

    /// A fact that is true when something was found, and never meets the duty.
    fn noticed(&self, found: Option<(Day, u32)>) -> Seen {
        Seen {
            event: found.map(|(_, event)| event),
            ..Seen::yes_no(found.is_some())
        }
    }

    /// An event that runs on `day`, as met on that day.
    fn running(&self, day: Day, takes: impl Fn(&Event) -> bool) -> Option<(Day, u32)> {
        self.timeline
            .events
            .iter()
            .position(|e| takes(e) && e.active_on(day))
            .map(|place| (day, self.global(place)))
    }

    fn reviewed_after_start(&self, last: Day) -> Seen {
        let window = Interval::new(self.day().plus(1), last);
        let found = self.first(
            |e| e.end,
            window,
            |e| e.is_review() || e.is_needs_assessment(),
        );
        self.deciding(found, window, &[EventType::Review, EventType::Assessment])
    }

    fn reset_since(&self, chains: &[crate::Spell], after: Day) -> Seen {
        Seen::yes_no(
            chains
                .get(self.occasion.place as usize)
                .is_some_and(|chain| {
                    chain.start > after && self.council.reset_days.contains(&chain.start)
                }),
        )
    }

    /// The outcome of the event (for a payment that ended: of its last row).
    fn outcome(&self) -> Outcome {
        let outcome = if self.occasion.kind == Kind::PaymentEnded {
            let payment = self.timeline.payments.get(self.occasion.place as usize);
            payment.map(|p| {
                if p.last_outcome_is(self.timeline.events, Outcome::EndedAsPlanned) {
                    Outcome::EndedAsPlanned
                } else {
                    p.rows(self.timeline.events)
                        .filter(|e| e.end == p.end)
                        .map(|e| e.outcome)
                        .next()
                        .unwrap_or_default()
                }
            })
        } else {
            self.event().map(|e| e.outcome)
        };
        match outcome {
            Some(Outcome::Invalid) | None => Outcome::Blank,
            Some(outcome) => outcome,
        }
    }

    /// s.48: after provider failure, a service of another provider within the days.
    fn kept_going(&self) -> Seen {
        let window = Interval::new(self.day(), self.day().plus(self.number("days")));
        let earlier_day = self.day().plus(-self.number("before_days"));
        let services = || {
            self.timeline
                .events
                .iter()
                .enumerate()
                .filter(|(_, e)| e.is_service_of_user())
        };
        let earlier: Vec<u32> = services()
            .filter(|(_, e)| e.active_on(earlier_day))
            .map(|(_, e)| e.location)
            .collect();
        let now: Vec<(Day, usize, u32)> = services()
            .filter(|(_, e)| e.start <= window.end && e.end >= window.start)
            .map(|(i, e)| (e.start.max(window.start), i, e.location))
            .collect();
        let until = Some(window.end);
        if earlier.is_empty() {
            return Seen {
                until,
                ..Seen::unknown("no_service_before")
            };
        }
        if now.is_empty() {
            return self.deciding(None, window, &[EventType::Service]);
        }
        let blank_before = earlier.contains(&0);
        let other = now
            .iter()
            .filter(|(_, _, location)| *location != 0 && !earlier.contains(location))
            .min();
        match other {
            Some((day, place, _)) if !blank_before => self.deciding(
                Some((*day, self.global(*place))),
                window,
                &[EventType::Service],
            ),
            _ if blank_before || now.iter().any(|(_, _, l)| *l == 0) => Seen {
                until,
                ..Seen::unknown("ids_blank")
            },
            _ => Seen {
                until,
                ..Seen::unknown("same_provider")
            },
        }
    }
}

fn earliest(
    events: &[Event],
    on: impl Fn(&Event) -> Day,
    window: Interval,
    takes: impl Fn(&Event) -> bool,
) -> Option<(Day, usize)> {
    events
        .iter()
        .enumerate()
        .filter(|(_, e)| window.contains(on(e)) && takes(e))
        .map(|(i, e)| (on(e), i))
        .min()
}
