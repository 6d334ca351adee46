//! `candour resources` with diaries, posts and a day, as people use it.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "tests"
)]

mod support;

use candour_synth::{DiaryOptions, diary};
use support::{Folder, candour, run, stderr};

/// A made-up council of two years, inspected.
fn inspected(folder: &Folder) -> std::path::PathBuf {
    let (council, out) = (folder.join("council"), folder.join("out"));
    let made = run(candour()
        .args([
            "synthesise",
            "--people",
            "3000",
            "--years",
            "2",
            "--quiet",
            "--out",
        ])
        .arg(&council));
    assert!(made.status.success(), "{}", stderr(&made));
    let done = run(candour()
        .arg("inspect")
        .arg(council.join("return-1.csv"))
        .arg(council.join("return-2.csv"))
        .args(["--quiet", "--identifiers", "keep", "--out"])
        .arg(&out));
    assert!(done.status.success(), "{}", stderr(&done));
    out
}

fn made(folder: &Folder, missing_percent: u32) -> [std::path::PathBuf; 2] {
    let dir = folder.join(&format!("diary-{missing_percent}"));
    let options = DiaryOptions {
        missing_percent,
        ..DiaryOptions::default()
    };
    diary(&options, &dir).unwrap();
    [dir.join("diary.csv"), dir.join("staff.csv")]
}

#[test]
fn staff_time_enough_hours_and_what_waits() {
    let folder = Folder::new();
    let out = inspected(&folder);
    let told = |diary: &[std::path::PathBuf; 2], more: &[&str]| {
        let output = run(candour()
            .arg("resources")
            .arg(&out)
            .arg("--diary")
            .arg(&diary[0])
            .arg("--staff")
            .arg(&diary[1])
            .args(more));
        assert!(output.status.success(), "{}", stderr(&output));
        String::from_utf8(output.stdout).unwrap()
    };
    let whole = made(&folder, 3);
    let text = told(
        &whole,
        &[
            "--posts",
            "20",
            "--posts",
            "assessments=4.5",
            "--by",
            "2026-12-31",
            "--allocated",
            "300",
        ],
    );
    for words in [
        "workers replied (",
        "On cases altogether: 8",
        "Unpaid hours: ",
        "it takes the place of the standard",
        "To keep up: enough",
        "four times out of five",
        "With 20 full-time posts on it: It ",
        "With 4.5 full-time posts on it: It ",
        "To clear it by 31 December 2026 takes ",
        "with 50% certainty",
        "Not shown: ",
        ", assumed",
    ] {
        assert!(text.contains(words), "{words}\n{text}");
    }
    for not in ["NaN", "inf", "w001", "Sensory", "Traceback"] {
        assert!(!text.contains(not), "{not}");
    }
    // Four fifths of the slots missing: nothing is said of time, and why.
    let text = told(&made(&folder, 80), &[]);
    assert!(text.contains(
        "What time goes on: cannot tell, because 0 of 40 workers (0%) replied and 60% were needed."
    ));
    assert!(text.contains("assumed, for want of a diary"));
    // JSON holds the same, and nobody.
    let json = told(&whole, &["--json", "--posts", "20"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    assert!(
        json["staff"]["time"]["shares"]["case_related"]["value"]
            .as_f64()
            .unwrap()
            > 0.7
    );
    assert!(
        json["staff"]["queues"][0]["with_posts"][0]["forecast"]["weeks"]
            .as_array()
            .unwrap()
            .len()
            > 30
    );
    assert!(!json.to_string().contains("w001"));
}

#[test]
fn wrong_usage_and_wrong_files_are_told() {
    let folder = Folder::new();
    let out = inspected(&folder);
    let [diary, staff] = made(&folder, 3);
    let fails = |args: &[&std::ffi::OsStr], code: i32, says: &str| {
        let output = run(candour().arg("resources").arg(&out).args(args));
        assert_eq!(output.status.code(), Some(code), "{}", stderr(&output));
        assert!(stderr(&output).contains(says), "{}", stderr(&output));
    };
    let text = |t: &'static str| std::ffi::OsStr::new(t);
    fails(&[text("--diary"), diary.as_os_str()], 2, "--staff");
    fails(
        &[text("--posts"), text("visits=3")],
        2,
        "care_reviews, assessments",
    );
    fails(&[text("--posts"), text("many")], 2, "posts are a number");
    let both = [
        text("--diary"),
        diary.as_os_str(),
        text("--staff"),
        staff.as_os_str(),
    ];
    let with = |more: &[&'static str]| -> Vec<std::ffi::OsString> {
        let more = more.iter().map(|m| text(m));
        both.into_iter()
            .chain(more)
            .map(std::ffi::OsStr::to_owned)
            .collect()
    };
    for (more, says) in [
        (["--count", "juggling=3"], "there is no task of that name"),
        (["--complexity", "odd=3"], "low, medium, high, very_high"),
    ] {
        let args = with(&more);
        let args: Vec<&std::ffi::OsStr> = args.iter().map(std::ffi::OsString::as_os_str).collect();
        fails(&args, 2, says);
    }
    // The two files the wrong way round: which column is missing, and no cell.
    let turned = [
        text("--diary"),
        staff.as_os_str(),
        text("--staff"),
        diary.as_os_str(),
    ];
    fails(&turned, 1, "has no column `grade`");
    let output = run(candour().arg("resources").arg(&out).args(turned));
    assert!(!stderr(&output).contains("w001"));
}
