//! The rulebook that is frozen into the program.

use std::collections::BTreeSet;
use std::path::Path;

use candour_law::{
    Confirmed, Duty, Evaluator, Force, OCCASION_KINDS, Owner, Rulebook, Strength, Test, Value,
};

fn rulebook() -> Rulebook {
    Rulebook::built_in().unwrap()
}

/// The tests that are put to returns.
fn of_the_record(rulebook: &Rulebook) -> impl Iterator<Item = (&Duty, &Test)> {
    let all = rulebook.duties.iter();
    all.flat_map(|duty| duty.tests.iter().map(move |test| (duty, test)))
        .filter(|(_, test)| !test.is_case())
}

#[test]
fn it_passes_its_own_check() {
    let report = rulebook().check();
    assert!(report.is_clean(), "\n{report}");
    assert_eq!(report.unreached, Vec::<String>::new());
    assert_eq!(of_the_record(&rulebook()).count(), 19);
    assert_eq!(report.counts.remedies, 19, "one for each of those tests");
}

#[test]
fn it_is_the_folder_it_was_built_from() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook");
    assert_eq!(
        Rulebook::from_dir(&folder).unwrap().sha256,
        rulebook().sha256
    );
    assert!(Rulebook::check_dir(&folder).unwrap().is_clean());
    assert_eq!(rulebook().sha256.len(), 64);
}

#[test]
fn duties_stand_in_the_order_of_the_act() {
    let rulebook = rulebook();
    let mut ids: Vec<&str> = of_the_record(&rulebook)
        .map(|(duty, _)| duty.id.as_str())
        .collect();
    ids.dedup();
    assert_eq!(
        ids,
        [
            "s9-1-assess-in-reasonable-time",
            "s9-1-assess-on-appearance",
            "s9-3-regardless-of-level-or-means",
            "s10-1-carer-assessment",
            "s13-1-determine-eligibility",
            "s18-1-meet-eligible-needs",
            "s20-1-meet-carers-eligible-needs",
            "s27-1a-keep-under-review",
            "s27-1b-review-on-reasonable-request",
            "s27-4-revise-only-on-change",
            "s33-dp-review-6-then-12-months",
            "s33-dp-ending-safely",
            "s48-provider-failure",
        ]
    );
}

/// Force and strength decide the word on a page, so each is stated here again.
#[test]
fn every_test_has_the_force_and_strength_agreed() {
    use Force::{Benchmark, Guidance, Statute};
    use Strength::{Lead, Strong};
    let agreed = [
        (
            "s9-1-assess-in-reasonable-time",
            "within_42_days",
            Benchmark,
            Strong,
        ),
        (
            "s9-1-assess-on-appearance",
            "ever_assessed",
            Statute,
            Strong,
        ),
        (
            "s9-3-regardless-of-level-or-means",
            "self_funder_assessed",
            Statute,
            Strong,
        ),
        ("s10-1-carer-assessment", "request_assessed", Statute, Lead),
        ("s10-1-carer-assessment", "known_carer", Statute, Lead),
        ("s13-1-determine-eligibility", "recorded", Statute, Lead),
        (
            "s18-1-meet-eligible-needs",
            "support_follows",
            Statute,
            Strong,
        ),
        (
            "s18-1-meet-eligible-needs",
            "eligible_supported",
            Statute,
            Lead,
        ),
        (
            "s18-1-meet-eligible-needs",
            "within_42_days",
            Benchmark,
            Strong,
        ),
        (
            "s20-1-meet-carers-eligible-needs",
            "support_follows",
            Statute,
            Lead,
        ),
        ("s27-1a-keep-under-review", "annual", Guidance, Strong),
        ("s27-1a-keep-under-review", "first_review", Guidance, Lead),
        (
            "s27-1b-review-on-reasonable-request",
            "within_84_days",
            Benchmark,
            Strong,
        ),
        (
            "s27-4-revise-only-on-change",
            "fall_without_review_or_assessment",
            Statute,
            Strong,
        ),
        (
            "s27-4-revise-only-on-change",
            "fall_at_review_without_assessment",
            Statute,
            Lead,
        ),
        (
            "s33-dp-review-6-then-12-months",
            "first_6_months",
            Statute,
            Strong,
        ),
        (
            "s33-dp-review-6-then-12-months",
            "each_12_months",
            Statute,
            Strong,
        ),
        ("s33-dp-ending-safely", "replaced", Statute, Strong),
        ("s48-provider-failure", "kept_going", Statute, Lead),
    ];
    let rulebook = rulebook();
    let found: Vec<_> = of_the_record(&rulebook)
        .map(|(duty, test)| {
            (
                duty.id.as_str(),
                test.id.as_str(),
                test.force,
                test.strength,
            )
        })
        .collect();
    assert_eq!(found, agreed);
}

/// Of what a return is tested for, the only times that are the law's own are those of the direct payment
/// regulations. Software must never print another as a statutory deadline.
#[test]
fn only_direct_payment_reviews_have_times_of_the_laws_own() {
    let rulebook = rulebook();
    let statutory: Vec<_> = of_the_record(&rulebook)
        .flat_map(|(_, test)| {
            test.params
                .iter()
                .map(move |(id, param)| (test.id.as_str(), id.as_str(), param))
        })
        .filter(|(_, _, param)| param.owner == Owner::Statute)
        .map(|(test, id, param)| (test, id, param.value))
        .collect();
    assert_eq!(
        statutory,
        [
            ("first_6_months", "months", 6),
            ("each_12_months", "months", 12),
            ("each_12_months", "payment_months", 18)
        ]
    );
}

#[test]
fn every_kind_of_occasion_is_tested() {
    let rulebook = rulebook();
    let tested: BTreeSet<&str> = of_the_record(&rulebook)
        .flat_map(|(_, test)| &test.occasion)
        .map(String::as_str)
        .collect();
    assert_eq!(tested, OCCASION_KINDS.iter().copied().collect());
}

#[test]
fn what_was_not_seen_is_marked_as_not_seen() {
    let rulebook = rulebook();
    for duty in &rulebook.duties {
        for authority in &duty.authorities {
            let says = format!("{} {}", authority.says, authority.source);
            let unseen = ["number not seen", "Paragraph not seen", "from knowledge"]
                .iter()
                .any(|mark| says.contains(mark));
            if !unseen {
                continue;
            }
            // What was seen through another source is marked so, though a name
            // or a number of it was not.
            let rest = authority.source.replace("not seen", "");
            let through_another = rest.contains("seen") || rest.contains(" says ");
            let honest = authority.confirmed == Confirmed::Unconfirmed
                || (through_another && authority.confirmed == Confirmed::Secondary);
            assert!(honest, "{}: {}", duty.id, authority.cite);
        }
    }
}

/// From a return alone no fall can pass: nothing in it shows whether needs had
/// changed.
#[test]
fn no_return_can_show_a_fall_to_be_met() {
    let rulebook = rulebook();
    for id in [
        "needs_changed",
        "reasons_given",
        "reduction_phased",
        "risks_addressed",
    ] {
        assert_eq!(rulebook.facts[id].in_return, "", "{id}");
    }
    let (duty, test) = rulebook
        .test(
            "s27-4-revise-only-on-change",
            "fall_without_review_or_assessment",
        )
        .unwrap();
    let mut evaluator = Evaluator::new(&rulebook, duty, test).unwrap();
    let mut said = BTreeSet::new();
    for reassessed in [
        Value::Bool(true),
        Value::Bool(false),
        Value::unknown("outside_coverage"),
    ] {
        let values: Vec<Value> = evaluator
            .facts()
            .iter()
            .map(|fact| match fact.as_str() {
                "adult" | "time_has_run" | "reviews_covered" => Value::Bool(true),
                "exit" => Value::text("none"),
                "fall_kind" => Value::text("reduced"),
                "review_seen" | "mass_day" | "direct_payment_rate_only" => Value::Bool(false),
                "reassessed" => reassessed,
                _ => Value::unknown("not_in_return"),
            })
            .collect();
        let outcome = evaluator.evaluate(&values).unwrap().unwrap();
        said.insert((outcome.verdict.as_str(), outcome.reason.as_str()));
    }
    assert_eq!(
        said,
        [
            ("cannot_tell", "not_in_return"),
            ("cannot_tell", "outside_coverage"),
            ("not_met", "not_met")
        ]
        .into()
    );
}

#[test]
fn a_duty_is_law_only_on_its_days() {
    let rulebook = rulebook();
    for (duty, _) in of_the_record(&rulebook) {
        assert!(
            !duty.in_force_on("2015-03-31".parse().unwrap()),
            "{}",
            duty.id
        );
        assert!(
            duty.in_force_on("2015-04-01".parse().unwrap()),
            "{}",
            duty.id
        );
        assert!(
            duty.in_force_on("2026-11-21".parse().unwrap()),
            "{}",
            duty.id
        );
    }
}

/// Pages are read by people who draw on care: no code, no jargon of a return.
#[test]
fn pages_are_in_plain_words() {
    let rulebook = rulebook();
    for duty in &rulebook.duties {
        let sentences: Vec<String> = duty
            .tests
            .iter()
            .flat_map(|test| test.sentences.values().map(|sentence| test.fill(sentence)))
            .collect();
        let pages = duty.page.headings().map(|(_, _, text)| text.to_owned());
        for text in pages.iter().chain(&sentences) {
            for word in [
                "service user",
                "Service user",
                "client",
                "_",
                "CLD",
                "informal carer",
                "package of care",
            ] {
                assert!(!text.contains(word), "{}: “{word}” in: {text}", duty.id);
            }
        }
    }
}

/// The quick form of the frozen rulebook says the same as the files, but for
/// pages and examples.
#[test]
fn the_form_for_verdicts_is_the_same_rulebook() {
    let whole = Rulebook::built_in().unwrap();
    let quick = Rulebook::built_in_for_verdicts().unwrap();
    assert_eq!(whole.sha256, quick.sha256);
    assert_eq!(format!("{:?}", whole.facts), format!("{:?}", quick.facts));
    assert_eq!(
        format!("{:?}", whole.reasons),
        format!("{:?}", quick.reasons)
    );
    assert_eq!(format!("{:?}", whole.record), format!("{:?}", quick.record));
    assert_eq!(
        format!("{:?}", whole.modifiers),
        format!("{:?}", quick.modifiers)
    );
    assert_eq!(whole.duties.len(), quick.duties.len());
    for (whole, quick) in whole.duties.iter().zip(&quick.duties) {
        let mut whole = whole.clone();
        whole.page = quick.page.clone();
        for test in &mut whole.tests {
            test.examples.clear();
        }
        assert_eq!(format!("{whole:?}"), format!("{quick:?}"));
    }
}
