//! Patterns and comparisons through the program itself: what is planted is found, and what cannot be told is said.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

mod support;

use std::path::{Path, PathBuf};

use serde_json::Value;
use support::{Folder, candour, inspect, run, stderr, succeed};

/// A made-up council; the files of its returns.
fn council(folder: &Path, people: usize, years: u8, seed: u64, more: &[&str]) -> Vec<PathBuf> {
    succeed(
        candour()
            .args(["synthesise", "--quiet"])
            .args(["--people", &people.to_string()])
            .args(["--years", &years.to_string()])
            .args(["--seed", &seed.to_string()])
            .args(more)
            .arg("--out")
            .arg(folder),
    );
    let mut files: Vec<PathBuf> = std::fs::read_dir(folder)
        .unwrap()
        .map(|e| e.unwrap().path())
        .filter(|p| {
            let name = p.file_name().unwrap().to_string_lossy();
            name.starts_with("return")
        })
        .collect();
    files.sort();
    files
}

fn document(folder: &Path) -> Value {
    let text = std::fs::read_to_string(folder.join("inspection.json")).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn patterns(folder: &Path) -> Vec<Value> {
    document(folder)["patterns"].as_array().unwrap().clone()
}

fn pattern(folder: &Path, id: &str) -> Value {
    patterns(folder)
        .into_iter()
        .find(|p| p["id"] == id)
        .unwrap()
}

/// No text of a pattern may hold what is no number.
fn nothing_is_not_a_number(folder: &Path) {
    let text = std::fs::read_to_string(folder.join("inspection.json")).unwrap();
    assert!(
        !text.contains("NaN") && !text.contains("inf "),
        "{text:.300}"
    );
    for p in patterns(folder) {
        let told = p["cannot_tell"].is_null();
        assert!(!p["sentence"].as_str().unwrap().is_empty());
        assert!(told || !p["alarm"].as_bool().unwrap(), "{p}");
        for key in ["size", "people", "p"] {
            assert!(p[key].is_null() || p[key].as_f64().unwrap().is_finite());
        }
    }
}

#[test]
fn the_seven_patterns_are_looked_for_in_the_order_in_which_they_are_read() {
    let folder = Folder::new();
    let files = council(&folder.join("council"), 4_000, 2, 3, &[]);
    let out = folder.join("out");
    succeed(&mut inspect(&files, &out));
    let ids: Vec<String> = patterns(&out)
        .iter()
        .map(|p| p["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(
        ids,
        [
            "front_door",
            "threshold_drift",
            "review_used_to_cut",
            "blanket_cut",
            "slow_cut",
            "waiting",
            "who_bears_it"
        ]
    );
    nothing_is_not_a_number(&out);
}

#[test]
fn too_little_to_go_on_is_said_and_raises_no_alarm() {
    for people in [20, 400] {
        let folder = Folder::new();
        let files = council(&folder.join("council"), people, 1, 5, &[]);
        let out = folder.join("out");
        succeed(&mut inspect(&files, &out));
        nothing_is_not_a_number(&out);
        for p in patterns(&out) {
            assert!(!p["alarm"].as_bool().unwrap(), "{p}");
        }
        let drift = pattern(&out, "threshold_drift");
        let why = drift["cannot_tell"].as_str().unwrap();
        assert!(why.contains("needed"), "{why}");
        assert!(
            drift["sentence"]
                .as_str()
                .unwrap()
                .starts_with("We cannot tell, because ")
        );
    }
}

#[test]
fn a_few_months_are_too_few_for_a_change() {
    let folder = Folder::new();
    let files = council(&folder.join("council"), 6_000, 1, 5, &[]);
    let out = folder.join("out");
    succeed(inspect(&files, &out).args(["--as-of", "2025-06-30"]));
    nothing_is_not_a_number(&out);
    for id in ["front_door", "threshold_drift", "waiting"] {
        let p = pattern(&out, id);
        assert!(p["cannot_tell"].as_str().unwrap().contains("weeks"), "{p}");
    }
    let slow = pattern(&out, "slow_cut");
    assert!(
        slow["cannot_tell"].as_str().unwrap().contains("12 months"),
        "{slow}"
    );
}

#[test]
fn nothing_moved_is_no_clear_change_and_other_councils_are_turned_down() {
    let folder = Folder::new();
    let (a, b) = (folder.join("a"), folder.join("b"));
    let files = council(&folder.join("council"), 6_000, 2, 8, &[]);
    succeed(inspect(&files, &a).args(["--as-of", "2025-06-30"]));
    succeed(&mut inspect(&files, &b));
    let json = succeed(candour().arg("compare").arg("--json").arg(&a).arg(&b));
    let compared: Value = serde_json::from_str(&json).unwrap();
    let tests = compared["tests"].as_array().unwrap();
    assert!(tests.iter().any(|t| t["answer"] == "no_clear_change"));
    for t in tests.iter().filter(|t| !t["interval"].is_null()) {
        let (low, high) = (
            t["interval"][0].as_f64().unwrap(),
            t["interval"][1].as_f64().unwrap(),
        );
        let d = t["difference"].as_f64().unwrap();
        assert!(low <= d && d <= high, "{t}");
    }
    let text = succeed(candour().arg("compare").arg(&a).arg(&b));
    assert!(
        text.contains("no clear change") && text.contains("Mind: "),
        "{text}"
    );

    let swapped = run(candour().arg("compare").arg(&b).arg(&a));
    assert_eq!(swapped.status.code(), Some(1));
    assert!(stderr(&swapped).contains("earlier inspection first"));
    let missing = run(candour().arg("compare").arg(&a).arg(folder.join("none")));
    assert_eq!(missing.status.code(), Some(1));
    folder.write("broken/inspection.json", "{\"council\": 3");
    let broken = run(candour().arg("compare").arg(folder.join("broken")).arg(&b));
    assert_eq!(broken.status.code(), Some(1));
    assert!(stderr(&broken).contains("line 1"), "{}", stderr(&broken));
    assert_eq!(run(candour().arg("compare").arg(&a)).status.code(), Some(2));
}

/// What a council that raises its threshold and lets people wait looks like; and that neither is put down to who came.
#[test]
fn what_is_planted_is_found() {
    let folder = Folder::new();
    let plants = [
        "--plant",
        "threshold-up-8",
        "--plant",
        "longer-waits",
        "--since",
        "2025-05-01",
    ];
    let files = council(&folder.join("council"), 75_000, 2, 13, &plants);
    let out = folder.join("out");
    succeed(&mut inspect(&files, &out));
    nothing_is_not_a_number(&out);
    for id in ["threshold_drift", "waiting"] {
        let p = pattern(&out, id);
        assert!(p["alarm"].as_bool().unwrap(), "{p:.600}");
        let between = |low: &str, high: &str| {
            let since = p["since"].as_str().unwrap();
            low <= since && since <= high
        };
        assert!(between("2025-03-01", "2025-07-15"), "{}", p["since"]);
        assert!(p["size"].as_f64().unwrap() < 0.0);
    }
    for id in [
        "front_door",
        "blanket_cut",
        "slow_cut",
        "review_used_to_cut",
    ] {
        assert!(!pattern(&out, id)["alarm"].as_bool().unwrap(), "{id}");
    }
}
