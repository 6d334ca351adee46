//! On made-up councils the verdicts are those that are true by construction, in every row.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]
#![allow(clippy::panic, reason = "tests")]

mod support;

use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use support::*;

/// Makes a council and inspects it; says in how many rows truth and verdicts differ, with the first few.
fn differences(synthesise: &[&str]) -> Result<usize, String> {
    let folder = Folder::new();
    let made = folder.join("made");
    succeed(
        candour()
            .arg("synthesise")
            .args(synthesise)
            .arg("--quiet")
            .arg("--out")
            .arg(&made),
    );
    let mut returns: Vec<PathBuf> = names_in(&made)
        .iter()
        .filter(|name| name.starts_with("return"))
        .map(|name| made.join(name))
        .collect();
    returns.sort();
    let out = folder.join("out");
    succeed(&mut inspect(&returns, &out));
    counts_add_up(&out);
    let truth = verdicts(&made.join("truth.csv"));
    let found = verdicts(&out.join("verdicts.csv"));
    if truth == found {
        return Ok(truth.len());
    }
    // Both are sorted: what one has more often than the other.
    let mut missing = truth.clone();
    let mut extra = Vec::new();
    for row in found {
        match missing.binary_search(&row) {
            Ok(place) => drop(missing.remove(place)),
            Err(_) => extra.push(row),
        }
    }
    let few = |rows: &[String]| {
        rows.iter()
            .take(5)
            .cloned()
            .collect::<Vec<_>>()
            .join("\n    ")
    };
    Err(format!(
        "candour synthesise {}\n  {} true but not found:\n    {}\n  {} found but not true:\n    {}",
        synthesise.join(" "),
        missing.len(),
        few(&missing),
        extra.len(),
        few(&extra)
    ))
}

/// Runs many councils, two at a time, and fails with all that differ.
fn all_true(councils: &[Vec<String>]) {
    let next = AtomicUsize::new(0);
    let wrong: Mutex<Vec<String>> = Mutex::new(Vec::new());
    let rows = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while let Some(council) = councils.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let words: Vec<&str> = council.iter().map(String::as_str).collect();
                    match differences(&words) {
                        Ok(n) => drop(rows.fetch_add(n, Ordering::Relaxed)),
                        Err(text) => wrong.lock().unwrap().push(text),
                    }
                }
            });
        }
    });
    let wrong = wrong.into_inner().unwrap();
    assert!(
        wrong.is_empty(),
        "{} of {} councils differ\n{}",
        wrong.len(),
        councils.len(),
        wrong.join("\n")
    );
    assert!(
        rows.into_inner() > councils.len() * 100,
        "hardly anything was compared"
    );
}

fn words(text: &str) -> Vec<String> {
    text.split_whitespace().map(str::to_owned).collect()
}

#[test]
fn every_release_and_noise_over_one_and_two_years() {
    let mut councils = Vec::new();
    for (i, release) in ["R1", "R2", "mixed"].iter().enumerate() {
        for (j, noise) in ["clean", "messy"].iter().enumerate() {
            for years in [1, 2] {
                for seed in 0..2 {
                    let seed = 1000 * seed + 100 * i + 10 * j + years;
                    councils.push(words(&format!(
                        "--people 1500 --seed {seed} --release {release} --noise {noise} --years {years}"
                    )));
                }
            }
        }
    }
    all_true(&councils);
}

#[test]
fn every_scenario() {
    let list = succeed(candour().args(["synthesise", "--plant", "list"]));
    let scenarios: Vec<&str> = list
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(scenarios.len() > 20);
    let councils: Vec<Vec<String>> = scenarios
        .iter()
        .enumerate()
        .map(|(i, scenario)| {
            // Each is met in one spelling or another, and the messy ones over two years.
            let (release, noise, years) =
                [("R2", "clean", 1), ("mixed", "messy", 2), ("R1", "clean", 2), ("R2", "messy", 1)][i % 4];
            words(&format!(
                "--people 600 --seed {} --release {release} --noise {noise} --years {years} --plant {scenario}",
                i + 7
            ))
        })
        .collect();
    all_true(&councils);
}

#[test]
fn a_larger_council() {
    all_true(&[words(
        "--people 12000 --seed 42 --release mixed --noise messy --years 2",
    )]);
}
