//! How the rulebook's codes are said to people.

use candour_law::{
    Confirmed, Duty, FactDef, FactType, Force, OwedTo, Owner, Param, Population, Severity, Stage,
    Strength, Test, Verdict,
};

use crate::words::{self, Word};

/// The parts of the Act, by the last section of each.
const PARTS: [(u32, &str, &str); 14] = [
    (7, "general", "General duties of the council"),
    (
        13,
        "assessing",
        "Assessing needs and deciding who is eligible",
    ),
    (
        17,
        "charging",
        "Charging and working out what a person can pay",
    ),
    (23, "meeting", "Meeting needs, and the limits of that"),
    (
        30,
        "planning",
        "Plans, personal budgets, care reviews and choice",
    ),
    (33, "payments", "Direct payments"),
    (36, "deferred", "Deferred payments"),
    (41, "moving", "Moving from one council to another"),
    (47, "safeguarding", "Safeguarding adults"),
    (57, "providers", "When a provider fails"),
    (
        66,
        "transition",
        "Young people and young carers who are becoming adults",
    ),
    (68, "advocacy", "Independent advocacy"),
    (70, "debts", "Recovering debts"),
    (u32::MAX, "other", "Other duties"),
];

/// The part of the Act to which a duty belongs: an anchor and a heading.
pub(super) fn part(duty: &Duty) -> (&'static str, &'static str) {
    let digits = duty.section.trim_start_matches('s');
    let end = digits
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let number: u32 = digits
        .get(..end)
        .and_then(|n| n.parse().ok())
        .unwrap_or(u32::MAX);
    PARTS
        .iter()
        .find(|(last, _, _)| number <= *last)
        .map_or(("other", "Other duties"), |(_, id, name)| (*id, *name))
}

/// What can show whether a duty was done.
pub(super) fn evidence(duty: &Duty) -> Vec<&'static str> {
    let mut all = Vec::new();
    if duty.tests.iter().any(|test| !test.is_case()) {
        all.push("a return");
    }
    if duty.tests.iter().any(Test::is_case) {
        all.push("a case file");
    }
    if duty.population == Some(Population::Documents) || !duty.ask_for.is_empty() {
        all.push("documents");
    }
    all
}

pub(super) fn owed_to(to: OwedTo) -> &'static str {
    match to {
        OwedTo::Adult => "Adults who need, or may need, care and support",
        OwedTo::Carer => "Unpaid carers",
        OwedTo::Child => "Children and young carers",
        OwedTo::All => "Everybody whom it concerns",
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Substantive => "A person may lose care",
        Severity::Procedural => "A person may lose a safeguard",
    }
}

pub(super) fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Preview => "in preview: shown, not yet counted",
        Stage::Stable => "stable",
    }
}

/// What kind of rule, in a few words.
pub(super) fn force(force: Force) -> &'static str {
    match force {
        Force::Statute => "the Act or its regulations say must",
        Force::Guidance => "statutory guidance says so",
        Force::Benchmark => "a benchmark, which no law sets",
    }
}

pub(super) fn strength(test: &Test) -> &'static str {
    match (test.is_case(), test.strength) {
        (false, strength) => words::strength(strength),
        (true, Strength::Strong) => "The facts of a case file can show it.",
        (true, Strength::Lead) => {
            "A case file only hints at it: a question worth asking, never a breach signal."
        }
    }
}

/// What a verdict is called on a page, and how it looks.
pub(super) fn verdict(
    verdict: Verdict,
    force: Force,
    strength: Strength,
) -> (&'static str, &'static str) {
    match verdict {
        Verdict::NotMet => {
            let word = Word::of(force, strength);
            (word.tag(), word.class())
        }
        Verdict::Met => (Word::NoSignal.tag(), Word::NoSignal.class()),
        Verdict::CannotTell => (Word::CannotTell.tag(), Word::CannotTell.class()),
        Verdict::NotOwed => ("Not owed", "w-none"),
        Verdict::NotYetDue => ("Not yet due", "w-none"),
    }
}

/// Which occasions a test is put to.
pub(super) fn occasion(kind: &str) -> String {
    match kind {
        "assessment_eligible_other" => "a needs assessment that found eligible needs and ended in something other than planning",
        "assessment_progressed" => "a needs assessment that was to lead to support",
        "carer_assessment_eligible" => "an unpaid carer’s assessment that found eligible needs",
        "carer_request" => "a request of an unpaid carer that was to be assessed",
        "case_event" => "an event in a case file",
        "fall" => "a fall in support",
        "known_carer" => "a person in long-term support who has an unpaid carer",
        "needs_assessment" => "a needs assessment, on the day it ended",
        "payment_at_as_of" => "a direct payment that was running on the day of the inspection",
        "payment_ended" => "the day after a direct payment ended",
        "payment_start" => "the beginning of a direct payment",
        "provider_failure_review" => "a care review because a provider failed",
        "request_for_assessment" => "a request, by somebody without long-term support, that was to be assessed",
        "request_in_spell" => "a request, by somebody in long-term support, that was to be assessed or reviewed",
        "request_self_funded" => "a request, by somebody without long-term support, that was closed as self-funded",
        "spell_at_as_of" => "long-term support that was running on the day of the inspection",
        "spell_start" => "the beginning of long-term support",
        other => return other.replace('_', " "),
    }
    .to_owned()
}

/// What a council can tell us that a return leaves out.
pub(super) fn local(kind: &str) -> String {
    match kind {
        "block_contracts" => "services bought in bulk, which a return does not cost by person",
        "carers_assessments" => "carers’ assessments done by a partner",
        "direct_payment_recording" => "how direct payments are recorded",
        "occupational_therapy" => "the work of occupational therapists",
        "repricing_day" => "a day on which prices changed for everybody",
        "reviews_by_nhs_teams" => "care reviews done by NHS teams",
        other => return other.replace('_', " "),
    }
    .to_owned()
}

pub(super) fn kind(fact: &FactDef) -> &'static str {
    match fact.kind {
        FactType::Bool => "yes or no",
        FactType::Int => "a whole number",
        FactType::Number => "a number, with decimals",
        FactType::Text if fact.values.is_empty() => "any words",
        FactType::Text => "one of the values listed",
        FactType::Date => "a date; rules read what is worked out from it",
    }
}

/// Whose number, as a heading.
pub(super) fn owner(owner: Owner) -> (&'static str, &'static str, &'static str) {
    match owner {
        Owner::Statute => (
            "statute",
            "Set by the Act or its regulations",
            "The law names the number.",
        ),
        Owner::Guidance => (
            "guidance",
            "The statutory guidance’s",
            "A council must act under the guidance, and may depart from it only for a good reason that it can give (section 78).",
        ),
        Owner::Ombudsman => (
            "ombudsman",
            "The Ombudsman’s",
            "What the Local Government and Social Care Ombudsman holds councils to. No law sets it.",
        ),
        Owner::Dhsc => (
            "dhsc",
            "The department’s",
            "From the published measures and checks of the Department of Health and Social Care. No law sets it.",
        ),
        Owner::Ours => (
            "ours",
            "Ours",
            "Nobody else’s. We had to draw a line somewhere, and say where and why. No law sets it.",
        ),
    }
}

/// `2 own text seen; 1 unconfirmed: text not seen`.
pub(super) fn sources(duty: &Duty) -> String {
    let parts: Vec<String> = Confirmed::ALL
        .iter()
        .filter_map(|how| {
            let count = duty
                .authorities
                .iter()
                .filter(|a| a.confirmed == *how)
                .count();
            (count > 0).then(|| format!("{count} {}", short(*how)))
        })
        .collect();
    parts.join(", ")
}

pub(super) fn short(how: Confirmed) -> &'static str {
    match how {
        Confirmed::Text => "own text seen",
        Confirmed::Secondary => "seen through another source",
        Confirmed::Unconfirmed => "unconfirmed",
    }
}

/// `1,281`.
pub(super) fn thousands(count: usize) -> String {
    match (count / 1000, count % 1000) {
        (0, small) => small.to_string(),
        (thousands, rest) => format!("{thousands},{rest:03}"),
    }
}

/// Why a fact has no value in an example.
pub(super) fn unknown(why: &str) -> String {
    match why {
        "disputed" => "in dispute".to_owned(),
        "late" => "done, but late".to_owned(),
        "partial" => "only in part".to_owned(),
        other => code(other),
    }
}

/// A number with its unit, which its name gives where it has none: `12 weeks`, `£23,250`.
pub(super) fn amount(id: &str, param: &Param) -> String {
    let last = id.rsplit('_').next().unwrap_or(id);
    match (param.unit.as_str(), last, usize::try_from(param.value)) {
        ("", "weeks" | "hours" | "years" | "percent", _) => {
            let unit = if last == "percent" { "per cent" } else { last };
            format!("{} {unit}", param.value)
        }
        ("", "pounds", Ok(value)) => format!("£{}", thousands(value)),
        _ => words::length(id, param),
    }
}

/// How a reason is read aloud: `not recorded`.
pub(super) fn code(id: &str) -> String {
    id.replace('_', " ")
}

/// Whose decision a reference names, and where it can be looked up.
pub(super) fn decided(reference: &str) -> (&'static str, &'static str) {
    let ombudsman = reference
        .split(' ')
        .all(|part| !part.is_empty() && part.chars().all(|c| c.is_ascii_digit()))
        && reference.chars().filter(char::is_ascii_digit).count() == 8;
    if ombudsman {
        (
            "Ombudsman",
            "Search for the reference at lgo.org.uk/decisions.",
        )
    } else if reference.contains('[') {
        (
            "Court",
            "Search for the citation at caselaw.nationalarchives.gov.uk.",
        )
    } else {
        (
            "Reported elsewhere",
            "Known to us through a report, which the name gives.",
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_say_who_decided() {
        assert_eq!(decided("24 016 539").0, "Ombudsman");
        assert_eq!(decided("[2018] EWHC 2180 (Admin)").0, "Court");
        assert_eq!(decided("york-2022 (York top-up)").0, "Reported elsewhere");
    }

    #[test]
    fn met_is_no_signal_and_only_statute_and_strong_is_a_breach_signal() {
        for force in Force::ALL {
            for strength in Strength::ALL {
                assert_eq!(verdict(Verdict::Met, *force, *strength).0, "No signal");
                assert_eq!(
                    verdict(Verdict::NotMet, *force, *strength)
                        .0
                        .contains("reach"),
                    (*force, *strength) == (Force::Statute, Strength::Strong)
                );
            }
        }
    }

    #[test]
    fn every_kind_of_occasion_and_local_fact_has_words() {
        let kinds = candour_law::OCCASION_KINDS
            .iter()
            .chain([&candour_law::CASE_EVENT]);
        for kind in kinds {
            assert_ne!(occasion(kind), kind.replace('_', " "));
        }
        for kind in candour_law::LOCAL_KINDS {
            assert_ne!(local(kind), kind.replace('_', " "));
        }
    }
}
