//! Everything that is worked out from what a file gives. This is the one place:
//! rules read the facts of `facts.toml` and nothing else, and a fact that the
//! file gives itself always wins.

use candour_law::{Symbol, Value};
use jiff::civil::{Date, date};

use crate::When;
use crate::case::{Case, Entry, Event};
use crate::engine::{Engine, FactId, Known};
use crate::problem::{Problem, Seriousness};
use crate::timeline::{View, entry_of};

/// The day on which Part 1 of the Act came into force for adults.
pub(crate) const COMMENCEMENT: Date = date(2015, 4, 1);
/// Duties of Part 1 to adults begin at this age.
const ADULT: i16 = 18;
const WEEKS_OF_A_YEAR: i64 = 52;
const MONTHS_OF_A_YEAR: i64 = 12;

/// A fact that the file does not give, as far as it follows from those it does.
pub(crate) fn worked_out(view: &View<'_, '_>, id: FactId) -> Option<Entry> {
    let known = &view.engine.known;
    let is = |fact: Option<FactId>| fact == Some(id);
    let bool = |answer: Option<bool>| answer.map(|answer| Entry::Known(Value::Bool(answer)));
    let number =
        |answer: Option<i64>| answer.map(|hundredths| Entry::Known(Value::Number(hundredths)));

    // What every event has.
    if is(known.event) {
        return view
            .event()
            .map(|event| Entry::Known(Value::Text(event.kind)));
    }
    if is(known.dated) {
        return view
            .event()
            .map(|event| Entry::Known(Value::Bool(event.when.is_some())));
    }
    if is(known.person_kind) {
        return view
            .case
            .person
            .map(|person| Entry::Known(Value::Text(person)));
    }
    if is(known.adult) {
        return bool(adult(view));
    }
    if is(known.under_18_on_the_day) {
        return bool(view.bool(known.adult).map(|adult| !adult));
    }
    if is(known.exit) {
        // Nothing in a file that tells the person's story says that they left.
        return Some(Entry::Known(Value::text("none")));
    }
    if is(known.time_has_run) {
        return bool(Some(true));
    }
    if is(known.plan_before_the_act) {
        return bool(Some(plan_before_the_act(view)));
    }

    // Eligibility, outcome by outcome.
    if is(known.outcomes_not_achieved) {
        // Reg 2(1)(b): two or more.
        return not_achieved(view, &known.adult_outcomes(), 2);
    }
    if is(known.carer_outcomes_not_achieved) {
        // Reg 3(1)(b): any.
        return not_achieved(view, &known.carer_outcomes(), 1);
    }
    if is(known.every_outcome_asked) {
        return bool(all_but(view, known, &["not_asked"]));
    }
    if is(known.every_limb_asked) {
        return bool(all_but(view, known, &["help_only_asked"]));
    }

    // Support before and after.
    if is(known.weekly_budget_before) {
        return number(weekly(
            view,
            known.weekly_budget_gbp_before,
            known.annual_budget_gbp_before,
        ));
    }
    if is(known.weekly_budget_after) {
        return number(weekly(
            view,
            known.weekly_budget_gbp_after,
            known.annual_budget_gbp_after,
        ));
    }
    if is(known.support_ended) {
        return bool(support_ended(view, known));
    }
    if is(known.support_fell) {
        return bool(support_fell(view, known));
    }
    if is(known.fall_percent) {
        return number(fall_percent(view, known));
    }
    if is(known.reassessed_before) {
        return bool(reassessed_before(view, known));
    }

    // Waits and gaps.
    if is(known.assessed_in_months) {
        return number(assessed_in_months(view, known));
    }
    if is(known.wait_months) {
        return number(wait_months(view, known));
    }
    if is(known.months_since_review) {
        return number(months_since_review(view, known));
    }
    if is(known.gap_weeks) {
        return number(gap_weeks(view, known));
    }

    // Money.
    if is(known.charge_backdated) {
        return bool(view.bool(known.charge_backdated_any).or_else(|| {
            view.number(known.charge_backdated_months)
                .map(|months| months > 0)
        }));
    }
    if is(known.topup_charged) {
        return bool(view.bool(known.topup).or_else(|| {
            view.number(known.topup_gbp)
                .or_else(|| view.number(known.topup_weekly_gbp))
                .map(|sum| sum > 0)
        }));
    }

    // Older names that the rules of a return read as well.
    if is(known.reasons_given) {
        return match view.text(known.reason_recorded)?.as_str() {
            "none" => bool(Some(false)),
            "partial" => Some(Entry::State(Symbol::of("partial"))),
            _ => bool(Some(true)),
        };
    }
    if is(known.risks_addressed) {
        return bool(view.bool(known.risk_measures_in_place));
    }
    None
}

/// Every fact that can be worked out.
pub(crate) fn makes(known: &Known) -> impl Iterator<Item = FactId> {
    [
        known.event,
        known.dated,
        known.person_kind,
        known.adult,
        known.under_18_on_the_day,
        known.exit,
        known.time_has_run,
        known.plan_before_the_act,
        known.weekly_budget_before,
        known.weekly_budget_after,
        known.support_ended,
        known.support_fell,
        known.fall_percent,
        known.reassessed_before,
        known.assessed_in_months,
        known.wait_months,
        known.months_since_review,
        known.gap_weeks,
        known.charge_backdated,
        known.topup_charged,
        known.reasons_given,
        known.risks_addressed,
    ]
    .into_iter()
    .flatten()
}

/// From the date of birth where both days are known, else from who the person is.
fn adult(view: &View<'_, '_>) -> Option<bool> {
    if let (Some(born), Some(when)) = (view.case.born, view.event().and_then(|event| event.when)) {
        let birthday = born.checked_add(jiff::Span::new().years(ADULT)).ok()?;
        if when.first >= birthday {
            return Some(true);
        }
        if when.last < birthday {
            return Some(false);
        }
    }
    view.case.person.map(|person| person != "young_person")
}

/// Whether support on the day still rests on a plan from before the Act, with
/// no review, assessment or new plan since.
fn plan_before_the_act(view: &View<'_, '_>) -> bool {
    let on = view.event().and_then(|event| event.when);
    let sets = |event: &&Event| {
        matches!(
            event.kind.as_str(),
            "care_plan" | "personal_budget" | "assessment" | "review" | "service_start"
        )
    };
    let before_on = |when: When| on.is_none_or(|on| !when.after(on));
    let last = view
        .case
        .events
        .iter()
        .filter(sets)
        .filter_map(|event| event.when)
        .filter(|when| before_on(*when))
        .max_by_key(|when| when.last);
    match last {
        Some(when) => when.last < COMMENCEMENT,
        None => view
            .number(view.engine.known.last_plan_year)
            .is_some_and(|year| year < i64::from(COMMENCEMENT.year()) * 100),
    }
}

/// A sum by the week, from the week's or the year's.
fn weekly(view: &View<'_, '_>, week: Option<FactId>, year: Option<FactId>) -> Option<i64> {
    view.number(week)
        .or_else(|| Some(view.number(year)? / WEEKS_OF_A_YEAR))
}

/// The pairs of amounts that show more or less support.
fn amounts(known: &Known) -> [(Option<FactId>, Option<FactId>); 4] {
    [
        (known.weekly_hours_before, known.weekly_hours_after),
        (known.weekly_budget_before, known.weekly_budget_after),
        (
            known.respite_nights_year_before,
            known.respite_nights_year_after,
        ),
        (
            known.respite_nights_week_before,
            known.respite_nights_week_after,
        ),
    ]
}

fn support_ended(view: &View<'_, '_>, known: &Known) -> Option<bool> {
    let flags = [
        known.dp_stopped,
        known.service_closed,
        known.reablement_withdrawn,
    ];
    let named = view
        .text(known.service_removed)
        .is_some_and(|text| text != "none");
    if named || flags.iter().any(|flag| view.is_true(*flag)) {
        return Some(true);
    }
    flags
        .iter()
        .any(|flag| view.bool(*flag) == Some(false))
        .then_some(false)
}

fn support_fell(view: &View<'_, '_>, known: &Known) -> Option<bool> {
    let flags = [
        known.support_reduced,
        known.budget_reduced,
        known.dp_reduced,
        known.dp_rate_cut,
        known.pa_rate_cut,
        known.transport_removed,
        known.support_ended,
    ];
    let pairs = amounts(known).map(|(before, after)| {
        let lower = after
            .and_then(|after| view.find(after))
            .is_some_and(|found| found.entry == Entry::Lower);
        if lower {
            return Some(true);
        }
        Some(view.number(after)? < view.number(before)?)
    });
    if pairs.contains(&Some(true)) || flags.iter().any(|flag| view.is_true(*flag)) {
        return Some(true);
    }
    let steady =
        pairs.contains(&Some(false)) || flags.iter().any(|flag| view.bool(*flag) == Some(false));
    steady.then_some(false)
}

/// In hundredths of a per cent point.
fn fall_percent(view: &View<'_, '_>, known: &Known) -> Option<i64> {
    let [hours, budget, ..] = amounts(known);
    [hours, budget].iter().find_map(|(before, after)| {
        let (before, after) = (view.number(*before)?, view.number(*after)?);
        (before > 0).then(|| (before - after).max(0) * 10_000 / before)
    })
}

fn reassessed_before(view: &View<'_, '_>, known: &Known) -> Option<bool> {
    if let Some(answer) = view
        .bool(known.reassessed)
        .or_else(|| view.bool(known.carer_reassessed))
    {
        return Some(answer);
    }
    if view.is_true(known.relied_on_previous_assessment) {
        return Some(false);
    }
    if view.alone {
        return None;
    }
    let on = view.event()?.when?;
    let months = last_done(view, &[known.assessment_done], on)?.months_to(on);
    (months <= MONTHS_OF_A_YEAR * 100).then_some(true)
}

/// The day of the last event on or before a day on which one of these is true.
fn last_done(view: &View<'_, '_>, facts: &[Option<FactId>], on: When) -> Option<When> {
    dated(view, facts)
        .filter(|when| when.by(on))
        .max_by_key(|when| when.last)
}

/// The days of the events on which one of these facts is true.
fn dated<'v>(
    view: &'v View<'_, '_>,
    facts: &'v [Option<FactId>],
) -> impl Iterator<Item = When> + 'v {
    view.case.events.iter().filter_map(|event| {
        let holds = facts
            .iter()
            .flatten()
            .any(|id| entry_of(event, *id) == Some(Entry::Known(Value::Bool(true))));
        if holds { event.when } else { None }
    })
}

fn assessed_in_months(view: &View<'_, '_>, known: &Known) -> Option<i64> {
    if let Some(months) = view.number(known.months_request_to_assessment) {
        return Some(months);
    }
    if view.alone {
        return None;
    }
    let requests = [known.assessment_requested, known.contact_made];
    let asked = dated(view, &requests).min_by_key(|when| when.first)?;
    let done = [known.assessment_done];
    let assessed = dated(view, &done)
        .filter(|when| asked.by(*when))
        .min_by_key(|when| when.last)?;
    Some(asked.months_to(assessed))
}

fn wait_months(view: &View<'_, '_>, known: &Known) -> Option<i64> {
    [
        known.assessed_in_months,
        known.months_request_to_action,
        known.months_request_to_allocation,
        known.months_request_to_first_visit,
        known.months_request_to_review,
        known.months_request_to_placement,
        known.months_recommendation_to_provision,
        known.months_agreement_to_provision,
        known.months_to_decision,
        known.months_return_to_assessment,
        known.months_without_placement,
        known.months_without_suitable_provision,
        known.months_to_further_review,
        known.months_assessment_to_outcome,
        known.months_to_explanation,
    ]
    .into_iter()
    .filter_map(|fact| view.number(fact))
    .max()
}

fn months_since_review(view: &View<'_, '_>, known: &Known) -> Option<i64> {
    if let Some(months) = view.number(known.months_since_last_review) {
        return Some(months);
    }
    if view.alone {
        return None;
    }
    let on = view.event()?.when?;
    let done = [known.review_done, known.assessment_done];
    Some(last_done(view, &done, on)?.months_to(on))
}

fn gap_weeks(view: &View<'_, '_>, known: &Known) -> Option<i64> {
    view.number(known.service_gap_weeks).or_else(|| {
        Some(view.number(known.service_gap_months)? * WEEKS_OF_A_YEAR / MONTHS_OF_A_YEAR)
    })
}

/// What cannot be: days out of order, and facts that shut each other out.
pub(crate) fn impossible(engine: &Engine<'_>, case: &mut Case) {
    let mut found = Vec::new();
    birth(engine, case, &mut found);
    plan_and_review(engine, case, &mut found);
    contradictions(engine, case, &mut found);
    case.problems.append(&mut found);
}

fn place(event: &Event) -> String {
    let at = event
        .places
        .iter()
        .map(usize::to_string)
        .collect::<Vec<_>>()
        .join(", ");
    match event.when {
        Some(when) => format!("event {at} ({}, {when})", event.kind),
        None => format!("event {at} ({})", event.kind),
    }
}

fn birth(engine: &Engine<'_>, case: &Case, found: &mut Vec<Problem>) {
    let Some(born) = case.born else { return };
    let mut add = |event: &Event, fact: &str, what: &str| {
        found.push(Problem {
            seriousness: Seriousness::Refused,
            file: case.file.clone(),
            place: Some(place(event)),
            fact: Some(fact.to_owned()),
            what: what.to_owned(),
            fix: "Correct the date or the date of birth".to_owned(),
        });
    };
    for event in &case.events {
        if event.when.is_some_and(|when| when.last < born) {
            add(
                event,
                event.kind.as_str(),
                "it is dated before the person was born",
            );
        }
        for (fact, name) in [
            (engine.known.plan_date, "plan_date"),
            (engine.known.review_date, "review_date"),
        ] {
            if let Some(day) = day_of(event, fact)
                && day < day_code(born)
            {
                add(event, name, "it is before the person was born");
            }
        }
    }
}

fn day_of(event: &Event, fact: Option<FactId>) -> Option<i64> {
    match entry_of(event, fact?)? {
        Entry::Known(Value::Int(day)) => Some(day),
        _ => None,
    }
}

/// A day as the reader keeps it: to compare and no more.
pub(crate) fn day_code(day: Date) -> i64 {
    i64::from(day.year()) * 512 + i64::from(day.month()) * 32 + i64::from(day.day())
}

/// A review of a plan comes after the plan. Where days are known only to the
/// month, or support was there before the first plan on file, it may be the
/// review of an earlier one.
fn plan_and_review(engine: &Engine<'_>, case: &Case, found: &mut Vec<Problem>) {
    let known = &engine.known;
    let plan_days = case
        .events
        .iter()
        .filter_map(|event| day_of(event, known.plan_date));
    let review_days = case
        .events
        .iter()
        .filter_map(|event| Some((event, day_of(event, known.review_date)?)));
    if let Some(plan) = plan_days.min() {
        for (event, review) in review_days {
            if review < plan {
                found.push(Problem {
                    seriousness: Seriousness::Refused,
                    file: case.file.clone(),
                    place: Some(place(event)),
                    fact: Some("review_date".to_owned()),
                    what: "the review is before the plan that it reviews".to_owned(),
                    fix: "Correct `review_date` or `plan_date`".to_owned(),
                });
            }
        }
    }
    let first = |kind: &str| {
        case.events
            .iter()
            .filter(|event| event.kind == kind)
            .filter_map(|event| Some((event, event.when?)))
            .min_by_key(|(_, when)| when.first)
    };
    let (Some((review, reviewed)), Some((_, planned))) = (first("review"), first("care_plan"))
    else {
        return;
    };
    if !planned.after(reviewed) {
        return;
    }
    let supported = case.events.iter().any(|event| {
        matches!(
            event.kind.as_str(),
            "service_start" | "service_change" | "personal_budget" | "direct_payment" | "charge"
        ) && event.when.is_none_or(|when| when.by(reviewed))
    });
    let sure = planned.to_the_day() && reviewed.to_the_day() && !supported;
    found.push(Problem {
        seriousness: if sure {
            Seriousness::Refused
        } else {
            Seriousness::Note
        },
        file: case.file.clone(),
        place: Some(place(review)),
        fact: Some("review".to_owned()),
        what: format!("the review is dated before the first plan ({planned})"),
        fix: "Correct one of the dates, or add the plan that was reviewed".to_owned(),
    });
}

/// Facts of one event that cannot both be so. Neither is used.
fn contradictions(engine: &Engine<'_>, case: &mut Case, found: &mut Vec<Problem>) {
    let known = engine.known;
    let file = case.file.clone();
    let yes = Entry::Known(Value::Bool(true));
    let no = Entry::Known(Value::Bool(false));
    for event in &mut case.events {
        let is = |fact: Option<FactId>, entry: Entry| {
            fact.filter(|id| entry_of(event, *id) == Some(entry))
        };
        let mut pairs = Vec::new();
        for (one, first, other, second) in [
            (
                known.capital_above_upper_limit,
                yes,
                known.capital_below_upper_limit,
                yes,
            ),
            (
                known.capital_above_upper_limit,
                yes,
                known.capital_below_lower_limit,
                yes,
            ),
            (known.topup, no, known.topup_charged, yes),
            (known.support_reduced, no, known.support_fell, yes),
        ] {
            if let (Some(one), Some(other)) = (is(one, first), is(other, second)) {
                pairs.push((one, other));
            }
        }
        for (before, after) in amounts(&known) {
            let rose = match (
                before.and_then(|id| entry_of(event, id)),
                after.and_then(|id| entry_of(event, id)),
            ) {
                (Some(Entry::Known(Value::Number(a))), Some(Entry::Known(Value::Number(b)))) => {
                    b > a
                }
                _ => false,
            };
            if let (true, Some(reduced), Some(after)) =
                (rose, is(known.support_reduced, yes), after)
            {
                pairs.push((reduced, after));
            }
        }
        for (one, other) in pairs {
            let name = |id: FactId| engine.def(id).map_or("", |def| def.id.as_str());
            found.push(Problem {
                seriousness: Seriousness::Wrong,
                file: file.clone(),
                place: Some(place(event)),
                fact: Some(name(one).to_owned()),
                what: format!("it and `{}` cannot both be so", name(other)),
                fix: "Neither was used; keep the one that is right".to_owned(),
            });
            for (id, entry) in &mut event.facts {
                if *id == one || *id == other {
                    *entry = Entry::State(Symbol::of("conflicting"));
                }
            }
        }
    }
    same_day(engine, case, found);
}

/// Two events of one day that say different things of a fact.
fn same_day(engine: &Engine<'_>, case: &Case, found: &mut Vec<Problem>) {
    for (at, event) in case.events.iter().enumerate() {
        let Some(when) = event.when else { continue };
        for (id, entry) in &event.facts {
            let Entry::Known(value) = entry else { continue };
            let other = case
                .events
                .iter()
                .take(at)
                .filter(|other| other.when == Some(when) && other.kind == event.kind)
                .find(|other| {
                    matches!(entry_of(other, *id), Some(Entry::Known(known)) if known != *value)
                });
            let Some(other) = other else { continue };
            found.push(Problem {
                seriousness: if when.to_the_day() {
                    Seriousness::Wrong
                } else {
                    Seriousness::Note
                },
                file: case.file.clone(),
                place: Some(place(event)),
                fact: engine.def(*id).map(|def| def.id.clone()),
                what: format!(
                    "{} says something else of it on the same date",
                    place(other)
                ),
                fix: "On any other event neither is used; correct one of them".to_owned(),
            });
        }
    }
}

/// How many outcomes are recorded as not achieved. Whether the effect on well-being is significant is
/// for people: only what was recorded is counted. Unknown while it is below `enough` and the file
/// does not settle every outcome.
fn not_achieved(view: &View<'_, '_>, outcomes: &[Option<FactId>], enough: i64) -> Option<Entry> {
    let mut count = 0;
    let mut settled = true;
    let mut any = false;
    for outcome in outcomes {
        match view.text(*outcome).map(|text| text.as_str()) {
            Some("achieved") => any = true,
            // Reg 2(3) and 3(3): not without help, without pain or distress, without danger, or (adults)
            // without taking much longer.
            Some("not_without_help" | "pain_or_distress" | "danger" | "takes_longer") => {
                any = true;
                count += 1;
            }
            Some(_) => {
                any = true;
                settled = false;
            }
            None => settled = false,
        }
    }
    (any && (settled || count >= enough)).then_some(Entry::Known(Value::Int(count)))
}

/// Over the outcomes that the file goes through, the adult's or else the carer's: false when one is
/// recorded in one of these ways, true when all are recorded and none is.
fn all_but(view: &View<'_, '_>, known: &Known, ways: &[&str]) -> Option<bool> {
    let read = |outcomes: &[Option<FactId>]| -> Vec<Option<Symbol>> {
        outcomes.iter().map(|outcome| view.text(*outcome)).collect()
    };
    let adult = read(&known.adult_outcomes());
    let recorded = if adult.iter().any(Option::is_some) {
        adult
    } else {
        read(&known.carer_outcomes())
    };
    let fails = |text: &Symbol| ways.contains(&text.as_str());
    if recorded.iter().flatten().any(fails) {
        return Some(false);
    }
    recorded.iter().all(Option::is_some).then_some(true)
}
