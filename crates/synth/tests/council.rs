//! A council as a whole: the same from the same seed, shaped like the published figures, with every verdict in it.

#![expect(
    clippy::unwrap_used,
    reason = "helpers of tests: a panic is a failed test"
)]

use candour_synth::{DEFAULT_PEOPLE, Noise, Options, Release, Scenario, Summary, synthesise};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::PathBuf;

/// A folder of this test's own.
fn folder(name: &str) -> PathBuf {
    let path = std::env::temp_dir().join(format!("candour-synth-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&path);
    path
}

fn make(name: &str, options: &Options) -> (Summary, BTreeMap<String, Vec<u8>>) {
    let path = folder(name);
    let summary = synthesise(options, &path).unwrap();
    let files = fs::read_dir(&path)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, fs::read(entry.path()).unwrap())
        })
        .collect();
    fs::remove_dir_all(&path).unwrap();
    (summary, files)
}

/// Rows of a clean file by header; no clean cell that a test asks for holds a quoted comma but ethnicity, so a small
/// splitter is enough.
fn rows(bytes: &[u8]) -> Vec<BTreeMap<String, String>> {
    let text = std::str::from_utf8(bytes).unwrap();
    let split = |line: &str| {
        let mut cells = vec![String::new()];
        let mut quoted = false;
        for c in line.chars() {
            match c {
                '"' => quoted = !quoted,
                ',' if !quoted => cells.push(String::new()),
                _ => cells.last_mut().unwrap().push(c),
            }
        }
        cells
    };
    let mut lines = text.lines();
    let header = split(lines.next().unwrap());
    lines
        .map(|line| header.iter().cloned().zip(split(line)).collect())
        .collect()
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole as f64
}

#[test]
fn the_same_seed_makes_the_same_bytes_and_another_seed_others() {
    for (years, noise) in [(1, Noise::Clean), (2, Noise::Messy)] {
        let options = Options {
            people: 900,
            seed: 5,
            years,
            noise,
            release: Release::Mixed,
            ..Options::default()
        };
        let (first, files) = make("same-a", &options);
        let (again, others) = make("same-b", &options);
        assert_eq!(files, others);
        assert_eq!(first.truth, again.truth);
        let names: Vec<&str> = files.keys().map(String::as_str).collect();
        if years == 1 {
            assert_eq!(names, ["return.csv", "truth.csv"]);
        } else {
            assert_eq!(names, ["return-1.csv", "return-2.csv", "truth.csv"]);
        }
        let (_, different) = make("same-c", &Options { seed: 6, ..options });
        assert_ne!(files, different);
    }
}

#[test]
fn noise_changes_no_truth() {
    for years in [1, 2] {
        let clean = Options {
            people: 1_500,
            seed: 9,
            years,
            release: Release::Mixed,
            ..Options::default()
        };
        let messy = Options {
            noise: Noise::Messy,
            ..clean.clone()
        };
        let (tidy, a) = make("clean", &clean);
        let (untidy, b) = make("messy", &messy);
        assert_eq!(tidy.set_aside, 0);
        assert!(untidy.set_aside > 0);
        assert_eq!(a.get("truth.csv"), b.get("truth.csv"));
        assert_ne!(a.get("return.csv"), Some(&Vec::new()));
    }
}

#[test]
fn a_default_council_has_the_published_shape() {
    let (summary, files) = make("shape", &Options::default());
    assert_eq!(summary.given_up, 0);
    let total = summary.rows.iter().sum::<u64>();
    assert!((90_000..=115_000).contains(&total), "{total} rows");
    assert!(summary.people >= DEFAULT_PEOPLE as u64);

    let rows = rows(&files["return.csv"]);
    assert_eq!(rows.len() as u64, total);
    assert!(rows.iter().all(|r| r.len() == 50));
    let of = |event: &str| rows.iter().filter(|r| r["Event Type"] == event).count();
    let within = |what: &str, value: f64, lo: f64, hi: f64| {
        assert!(value >= lo && value <= hi, "{what}: {value}");
    };
    within("requests", of("Request") as f64, 40_000.0, 52_000.0);
    let requests = of("Request");
    let request = |field: &str, starts: &str| {
        let n = rows
            .iter()
            .filter(|r| r["Event Type"] == "Request" && r[field].starts_with(starts))
            .count();
        share(n, requests)
    };
    within("closed", request("Event Outcome", "NFA"), 0.48, 0.62);
    within(
        "to assessment",
        request("Event Outcome", "Progress to assessment"),
        0.20,
        0.30,
    );
    within(
        "reablement",
        request("Event Outcome", "Progress to reablement"),
        0.07,
        0.12,
    );
    within(
        "community",
        request("Request: Route of Access", "Community"),
        0.74,
        0.82,
    );
    within(
        "discharge",
        request("Request: Route of Access", "Discharge from Hospital"),
        0.15,
        0.21,
    );

    let long: Vec<_> = rows
        .iter()
        .filter(|r| r["Service Type"].starts_with("Long term"))
        .collect();
    let person = |r: &&BTreeMap<String, String>| r["LA Person Unique Identifier"].clone();
    let supported: BTreeSet<String> = long.iter().map(person).collect();
    within(
        "supported in the year",
        supported.len() as f64,
        15_000.0,
        21_000.0,
    );
    let open: Vec<_> = long
        .iter()
        .filter(|r| r["Event End Date"].is_empty() && r["Date of Death"].is_empty())
        .collect();
    let at_end: BTreeSet<String> = open.iter().map(|r| person(r)).collect();
    within(
        "at year end",
        share(at_end.len(), supported.len()),
        0.68,
        0.88,
    );
    let community: BTreeSet<String> = open
        .iter()
        .filter(|r| r["Service Type"].ends_with("Community"))
        .map(|r| person(r))
        .collect();
    within(
        "in the community",
        share(community.len(), at_end.len()),
        0.6,
        0.85,
    );

    let over_a_year = |r: &BTreeMap<String, String>| {
        let start = &r["Event Start Date"];
        (&start[6..], &start[3..5], &start[..2]) < ("2024", "12", "31")
    };
    let long_standing: BTreeSet<String> = open
        .iter()
        .filter(|r| over_a_year(r))
        .map(|r| person(r))
        .collect();
    let reviewed: BTreeSet<String> = rows
        .iter()
        .filter(|r| {
            r["Event Type"] == "Review" && r["Review Reason"] != "Review of short term support"
        })
        .map(|r| r["LA Person Unique Identifier"].clone())
        .collect();
    let both = long_standing.intersection(&reviewed).count();
    within("reviewed", share(both, long_standing.len()), 0.52, 0.63);
    let numbered = rows.iter().filter(|r| !r["NHS Number"].is_empty()).count();
    within(
        "NHS number filled",
        share(numbered, rows.len()),
        0.965,
        0.99,
    );
    let needs: Vec<_> = rows
        .iter()
        .filter(|r| {
            r["Assessment Type"] == "Long term assessment" && r["Client Type"] == "Service user"
        })
        .collect();
    let filled = needs
        .iter()
        .filter(|r| !r["Eligible Needs Identified"].is_empty())
        .count();
    within(
        "eligible needs filled",
        share(filled, needs.len()),
        0.2,
        0.75,
    );
}

#[test]
fn every_verdict_that_a_test_can_give_is_in_a_default_council() {
    let (summary, files) = make("verdicts", &Options::default());
    // Never met, or never not met, whatever a return shows.
    let never = [
        ("known_carer", "not_met"),
        ("recorded", "not_met"),
        ("fall_without_review_or_assessment", "met"),
        ("fall_at_review_without_assessment", "met"),
    ];
    assert_eq!(summary.truth.len(), 19 * 3);
    for (duty, test, verdict, n) in &summary.truth {
        let impossible = never.contains(&(test, verdict));
        assert_eq!(*n == 0, impossible, "{duty} {test} {verdict}: {n}");
        // In one year of a Norfolk each way of turning out is there several times, not by luck.
        assert!(impossible || *n >= 3, "{duty} {test} {verdict}: {n}");
    }
    let truth = std::str::from_utf8(&files["truth.csv"]).unwrap();
    let mut lines = truth.lines();
    assert_eq!(lines.next(), Some("duty,test,person,occasion_date,verdict"));
    let lines: Vec<Vec<&str>> = lines.map(|l| l.split(',').collect()).collect();
    assert!(lines.is_sorted());
    assert_eq!(
        lines.len() as u64,
        summary.truth.iter().map(|t| t.3).sum::<u64>()
    );
}

#[test]
fn every_scenario_makes_its_verdicts_plentiful() {
    let told = [
        ("late-assessments", "within_42_days", "not_met"),
        ("never-assessed", "ever_assessed", "not_met"),
        (
            "self-funders-turned-away",
            "self_funder_assessed",
            "not_met",
        ),
        ("carers-not-assessed", "request_assessed", "not_met"),
        ("carers-unknown", "known_carer", "cannot_tell"),
        ("carers-not-supported", "support_follows", "not_met"),
        ("eligibility-decisions", "recorded", "met"),
        ("no-support-after-assessment", "support_follows", "not_met"),
        ("eligible-and-closed", "eligible_supported", "not_met"),
        ("slow-support", "within_42_days", "not_met"),
        ("no-annual-reviews", "annual", "not_met"),
        ("no-first-review", "first_review", "not_met"),
        ("review-requests-ignored", "within_84_days", "not_met"),
        (
            "cuts-without-review",
            "fall_without_review_or_assessment",
            "not_met",
        ),
        (
            "cuts-at-review",
            "fall_at_review_without_assessment",
            "not_met",
        ),
        (
            "mass-cut-day",
            "fall_without_review_or_assessment",
            "not_met",
        ),
        ("direct-payments-not-reviewed", "first_6_months", "not_met"),
        ("direct-payments-stopped", "replaced", "not_met"),
        ("provider-failure", "kept_going", "not_met"),
        ("start-reset", "annual", "cannot_tell"),
    ];
    let plain = Options {
        people: 2_000,
        seed: 4,
        ..Options::default()
    };
    let count = |summary: &Summary, test: &str, verdict: &str| -> u64 {
        summary
            .truth
            .iter()
            .filter(|t| t.1 == test && t.2 == verdict)
            .map(|t| t.3)
            .sum()
    };
    let (without, _) = make("plain", &plain);
    for scenario in Scenario::all() {
        let planted = Options {
            plant: vec![scenario],
            ..plain.clone()
        };
        let (with, _) = make("planted", &planted);
        assert_eq!(with.given_up, 0, "{}", scenario.name());
        for (_, test, verdict) in told.iter().filter(|t| t.0 == scenario.name()) {
            let (before, after) = (count(&without, test, verdict), count(&with, test, verdict));
            assert!(
                after >= before + 40,
                "{} {test} {verdict}: {before} then {after}",
                scenario.name()
            );
        }
    }
}

#[test]
fn every_nhs_number_carries_its_own_check_digit_and_was_never_issued() {
    let options = Options {
        people: 2_000,
        ..Options::default()
    };
    let (_, files) = make("numbers", &options);
    for row in rows(&files["return.csv"]) {
        let number = &row["NHS Number"];
        if number.is_empty() {
            continue;
        }
        let digits: Vec<u32> = number.chars().map(|c| c.to_digit(10).unwrap()).collect();
        assert_eq!(digits.len(), 10);
        assert_eq!(digits[0], 9);
        let sum: u32 = digits[..9]
            .iter()
            .zip((2..=10).rev())
            .map(|(d, w)| d * w)
            .sum();
        assert_eq!((11 - sum % 11) % 11, digits[9], "{number}");
    }
}

#[test]
fn coverage_is_the_stated_period() {
    // Every month of every type has ten rows and a fifth of the median, for councils of any size with a hundred rows.
    for people in [60, 150, 700] {
        let options = Options {
            people,
            seed: 3,
            ..Options::default()
        };
        let (_, files) = make("coverage", &options);
        let rows = rows(&files["return.csv"]);
        if rows.len() < 100 {
            continue;
        }
        for event in ["Request", "Assessment", "Service", "Review"] {
            let mut months = [0_usize; 12];
            for row in rows.iter().filter(|r| r["Event Type"] == event) {
                let end = &row["Event End Date"];
                let day = if end.is_empty() {
                    &row["Event Start Date"]
                } else {
                    end
                };
                if day.ends_with("2025") {
                    months[day[3..5].parse::<usize>().unwrap() - 1] += 1;
                }
            }
            let mut sorted = months;
            sorted.sort_unstable();
            let fewest = sorted[0];
            assert!(fewest >= 10, "{people} {event}: {months:?}");
            assert!(fewest * 5 >= sorted[6], "{people} {event}: {months:?}");
        }
    }
}

#[test]
fn a_later_council_does_not_mix_with_an_earlier_one() {
    let path = folder("again");
    let mut options = Options {
        people: 50,
        ..Options::default()
    };
    synthesise(&options, &path).unwrap();
    options.years = 2;
    synthesise(&options, &path).unwrap();
    assert!(!path.join("return.csv").exists());
    assert!(path.join("return-2.csv").exists());
    options.years = 3;
    assert!(synthesise(&options, &path).is_err());
    fs::remove_dir_all(&path).unwrap();
}
