//! `candour resources` from outside, on a made-up council.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "tests"
)]

mod support;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use support::*;

fn resources(inspection: &Path) -> Command {
    let mut command = candour();
    command.arg("resources").arg(inspection);
    command
}

fn json(command: &mut Command) -> Value {
    serde_json::from_str(&succeed(command.arg("--json"))).unwrap()
}

/// A council of 1,500 people with plenty of falls, inspected.
fn inspected(folder: &Folder) -> PathBuf {
    let made = folder.join("made");
    succeed(
        candour()
            .args([
                "synthesise",
                "--people",
                "1500",
                "--years",
                "2",
                "--seed",
                "4",
                "--quiet",
                "--out",
            ])
            .arg(&made),
    );
    let files = [made.join("return-1.csv"), made.join("return-2.csv")];
    let out = folder.join("inspection");
    succeed(&mut inspect(&files, &out));
    out
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

#[test]
fn the_answer_stands_on_the_verdicts() {
    let folder = Folder::new();
    let inspection = inspected(&folder);
    let answer = json(&mut resources(&inspection));
    let tests = answer["estimate"]["tests"].as_array().unwrap();

    // Signals and people, test by test, are those of verdicts.csv.
    let mut signals: BTreeMap<[String; 3], (u64, BTreeSet<String>)> = BTreeMap::new();
    let mut verdicts = csv::Reader::from_path(inspection.join("verdicts.csv")).unwrap();
    for row in verdicts.records() {
        let row = row.unwrap();
        if &row[4] == "not_met" {
            let key = [0, 1, 6].map(|i| row[i].to_owned());
            let entry = signals.entry(key).or_default();
            entry.0 += 1;
            entry.1.insert(row[2].to_owned());
        }
    }
    assert!(signals.len() > 10, "a council with many kinds of signals");
    let text = |t: &Value, key: &str| t[key].as_str().unwrap().to_owned();
    let mut seen = 0;
    for t in tests {
        let key = ["duty", "test", "strength"].map(|k| text(t, k));
        let (n, people) = signals.get(&key).cloned().unwrap_or_default();
        assert_eq!(t["signals"], n, "{key:?}");
        assert_eq!(t["people"], people.len(), "{key:?}");
        seen += n;
        if t["none_because"].is_null() {
            let parts: u64 = ["gone", "done_since", "shared", "to_do"]
                .iter()
                .map(|part| t[part].as_u64().unwrap())
                .sum();
            assert_eq!(t["people"], parts, "{key:?}");
        }
    }
    assert_eq!(seen, signals.values().map(|(n, _)| n).sum::<u64>());

    // Parts add up to the whole, and no range stands the wrong way round.
    let total = &answer["estimate"]["total"];
    let sum: f64 = tests
        .iter()
        .map(|t| number(&t["once"]["hours"]["central"]))
        .sum();
    assert!((sum - number(&total["once"]["hours"]["central"])).abs() < 2.0);
    for amount in tests
        .iter()
        .map(|t| &t["once"])
        .chain([&total["once"], &total["each_year"]])
    {
        for of in ["hours", "posts", "pounds"] {
            let [low, central, high] = ["low", "central", "high"].map(|k| number(&amount[of][k]));
            assert!(0.0 <= low && low <= central && central <= high, "{amount}");
        }
    }
    let [low, central, high] =
        ["low", "central", "high"].map(|k| number(&total["restitution"]["pounds"][k]));
    assert!(0.0 < low && low <= central && central <= high);
    assert_eq!(answer["remedies_of_the_inspection"], true);
}

#[test]
fn shares_and_prices_given_are_heard() {
    let folder = Folder::new();
    let inspection = inspected(&folder);
    let hours = |a: &Value| number(&a["estimate"]["total"]["once"]["hours"]["central"]);
    let all = json(&mut resources(&inspection));
    let some = json(resources(&inspection).args(["--confirmed", "0.4"]));
    let ratio = hours(&some) / hours(&all);
    assert!(
        ratio > 0.4 && ratio < 0.5,
        "a little more than the share, as signals share work: {ratio}"
    );
    let none = json(resources(&inspection).args(["--confirmed", "0"]));
    assert!(hours(&none).abs() < 1e-9);
    let but_one = json(resources(&inspection).args([
        "--confirmed",
        "0",
        "--confirmed",
        "s27-1a-keep-under-review/annual=0.5",
    ]));
    assert!(hours(&but_one) > 0.0);

    let text = succeed(resources(&inspection).args(["--local-cost", "social_worker=49.50"]));
    for says in [
        "£54 in 2024/25 prices: what a council pays to add an hour (used; secondary)",
        "£61 in 2024/25 prices",
        "local      £49.5, given with --local-cost",
        "placeholder: assumed",
        "A signal is not a finding",
        "If every signal were confirmed.",
        "No price is moved to another year.",
    ] {
        assert!(text.contains(says), "no “{says}” in:\n{text}");
    }
}

#[test]
fn a_councils_own_hours_take_the_place_of_assumed_ones() {
    let folder = Folder::new();
    let inspection = inspected(&folder);
    let built_in = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rulebook/remedies.toml");
    let own = std::fs::read_to_string(built_in).unwrap().replacen(
        "hours = { low = 2.0, central = 4.0, high = 6.0 }\nstatus = \"placeholder\"",
        "hours = { low = 2.5, central = 3.0, high = 4.0 }\nstatus = \"verified\"",
        1,
    );
    let own = own.replacen(
        "range_status = \"placeholder\"\nsource = \"\"\nwhy = \"Nobody has timed it here. From half as much to half as much again.\"\n\n[[task]]\nid = \"review_unplanned\"",
        "range_status = \"verified\"\nsource = \"Our staff diary, 40 timed care reviews\"\nwhy = \"Timed here.\"\n\n[[task]]\nid = \"review_unplanned\"",
        1,
    );
    assert!(own.contains("Our staff diary"));
    let file = folder.write("own.toml", own);
    let of = |a: &Value| {
        let once = &a["estimate"]["total"]["once"];
        (
            number(&once["hours"]["central"]),
            number(&once["assumed"]["hours"]),
        )
    };
    let assumed = of(&json(&mut resources(&inspection)));
    let timed = of(&json(resources(&inspection).arg("--remedies").arg(&file)));
    assert!(
        timed.0 < assumed.0 && timed.1 < assumed.1,
        "{assumed:?} {timed:?}"
    );

    let faulty = folder.write("faulty.toml", "[model]\ndraws = 1\n");
    let output = run(resources(&inspection).arg("--remedies").arg(&faulty));
    assert_eq!(output.status.code(), Some(1));
    assert!(
        stderr(&output).contains("faulty.toml"),
        "{}",
        stderr(&output)
    );
}

#[test]
fn files_are_written_once_and_the_inspection_is_left_alone() {
    let folder = Folder::new();
    let inspection = inspected(&folder);
    let before = std::fs::read(inspection.join("inspection.json")).unwrap();
    let write = || {
        let mut command = resources(&inspection);
        command.arg("--out").arg(&inspection);
        command
    };
    succeed(&mut write());
    let csv = std::fs::read(inspection.join("resources.csv")).unwrap();
    let mut rows = csv::Reader::from_reader(csv.as_slice());
    assert!(
        rows.records().collect::<Result<Vec<_>, _>>().unwrap().len() > 20,
        "every row has as many cells as the first"
    );
    let output = run(&mut write());
    assert_eq!(output.status.code(), Some(1));
    assert!(stderr(&output).contains("--force"));
    succeed(write().arg("--force"));
    assert_eq!(
        csv,
        std::fs::read(inspection.join("resources.csv")).unwrap()
    );
    assert_eq!(
        before,
        std::fs::read(inspection.join("inspection.json")).unwrap()
    );
}

#[test]
fn what_cannot_be_done_is_said() {
    let folder = Folder::new();
    let refused = |command: &mut Command, says: &str| {
        let output = run(command);
        assert_eq!(output.status.code(), Some(1));
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
        assert!(output.stdout.is_empty());
    };
    refused(&mut resources(folder.path()), "holds no inspection");
    folder.write("old/inspection.json", "{\"council\": \"ZZCANARY\"}\n");
    let old = folder.join("old");
    refused(&mut resources(&old), "Inspect the returns again");
    assert!(!stderr(&run(&mut resources(&old))).contains("ZZCANARY"));

    let inspection = inspected(&folder);
    refused(
        resources(&inspection).args(["--local-cost", "wizard=40"]),
        "no grade `wizard`",
    );
    refused(
        resources(&inspection).args(["--confirmed", "no/such=0.5"]),
        "no test `no/such`",
    );
    for usage in [
        ["--confirmed", "1.5"],
        ["--confirmed", "0.5,0.4,0.6"],
        ["--confirmed", "NaN"],
        ["--local-cost", "social_worker"],
        ["--local-cost", "social_worker=-3"],
    ] {
        assert_eq!(
            run(resources(&inspection).args(usage)).status.code(),
            Some(2),
            "{usage:?}"
        );
    }
}
