//! `candour case`: what it prints, where, and its exit codes.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should stop")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use serde_json::Value;

fn candour(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_candour"))
        .arg("case")
        .args(args)
        .output()
        .unwrap()
}

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../casefile/fixtures/decisions")
}

/// A folder of its own for one test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

#[test]
fn verdicts_have_the_keys_that_are_promised() {
    let path = fixtures().join("24-016-539.json");
    let out = candour(&["check", "--json", path.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(0));
    assert!(out.stderr.is_empty());
    let json: Value = serde_json::from_slice(&out.stdout).unwrap();
    let verdicts = json["verdicts"].as_array().unwrap();
    assert!(!verdicts.is_empty());
    for verdict in verdicts {
        let mut keys: Vec<_> = verdict.as_object().unwrap().keys().collect();
        keys.sort();
        assert_eq!(
            keys,
            [
                "because", "duty", "facts", "force", "reason", "section", "strength", "test",
                "verdict"
            ]
        );
        assert!(verdict["section"].as_str().unwrap().starts_with('s'));
        assert!(verdict["facts"].is_object());
    }
    assert_eq!(json["occasions"].as_array().unwrap().len(), verdicts.len());
}

#[test]
fn a_folder_gives_one_line_for_each_file_in_order() {
    let out = candour(&["check", "--json", fixtures().to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(0));
    let text = String::from_utf8(out.stdout).unwrap();
    let files: Vec<String> = text
        .lines()
        .map(|line| {
            let json: Value = serde_json::from_str(line).unwrap();
            json["file"].as_str().unwrap().to_owned()
        })
        .collect();
    assert_eq!(files.len(), 144);
    assert!(files.is_sorted());
}

#[test]
fn a_file_that_is_wrong_is_told_and_the_others_are_read() {
    let folder = folder("case-wrong");
    fs::write(folder.join("a.json"), "{ \"facts\": [").unwrap();
    fs::copy(fixtures().join("24-016-539.json"), folder.join("b.json")).unwrap();
    fs::write(
        folder.join("c.json"),
        r#"{ "facts": [{ "date": "2021-03-02", "event": "review", "attributes": { "review_done": 7, "assesment_done": true } }] }"#,
    )
    .unwrap();
    let out = candour(&["check", "--json", folder.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(1));
    assert_eq!(String::from_utf8(out.stdout).unwrap().lines().count(), 3);
    let told = String::from_utf8(out.stderr).unwrap();
    for part in [
        "a.json",
        "not JSON",
        "c.json, event 1 (review, 2021-03-02), `review_done`",
        "perhaps `assessment_done` was meant",
    ] {
        assert!(told.contains(part), "{told}");
    }
    assert!(!told.contains("b.json"));
}

#[test]
fn what_is_not_there_is_told() {
    let out = candour(&["check", "no-such-file.json"]);
    assert_eq!(out.status.code(), Some(1));
    assert!(
        String::from_utf8(out.stderr)
            .unwrap()
            .contains("no-such-file.json")
    );
    let empty = folder("case-empty");
    let out = candour(&["check", empty.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(1));
    assert!(
        String::from_utf8(out.stderr)
            .unwrap()
            .contains("no case files")
    );
    assert_eq!(candour(&["check"]).status.code(), Some(2));
}

#[test]
fn a_new_case_file_can_be_checked_as_it_is() {
    let out = candour(&["new"]);
    assert_eq!(out.status.code(), Some(0));
    let path = folder("case-new").join("new.json");
    fs::write(&path, &out.stdout).unwrap();
    let out = candour(&["check", path.to_str().unwrap()]);
    assert_eq!(out.status.code(), Some(0));
    assert_eq!(String::from_utf8(out.stderr).unwrap(), "");
}

#[test]
fn the_text_says_why_and_what_would_settle_it() {
    let path = folder("case-text").join("case.json");
    fs::write(
        &path,
        r#"{ "facts": [{ "date": "2021-03-02", "event": "service_change", "attributes": { "weekly_hours_before": 20, "weekly_hours_after": 9.5 } }] }"#,
    )
    .unwrap();
    let out = candour(&["check", path.to_str().unwrap()]);
    let text = String::from_utf8(out.stdout).unwrap();
    for part in [
        "s27(4)",
        "to settle it:",
        "Judicial review from 2021-03-02: last day 2021-06-02",
        "SI 2009/309",
    ] {
        assert!(text.contains(part), "{text}");
    }
}
