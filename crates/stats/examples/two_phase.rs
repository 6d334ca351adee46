//! How often the 95% intervals of a sample hold the truth, and how many files the signals save.
//!
//! `cargo run --release -p candour-stats --example two_phase [REPETITIONS]` (1000 unless told).
//! Made-up councils of known truth: people with and without a fault, a signal of given sensitivity and specificity, one
//! in five people of whom the records cannot tell; a random sample is drawn without replacement and read without error.
#![allow(
    clippy::print_stdout,
    clippy::indexing_slicing,
    reason = "a study that prints its table"
)]

use std::collections::HashMap;

use candour_stats::{Class, files_for_width, two_phase, weighted_share, wilson_interval};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

const PEOPLE: [u64; 3] = [500, 2000, 10_000];
const BASES: [f64; 5] = [0.02, 0.05, 0.10, 0.20, 0.40];
const SIGNALS: [(f64, f64); 6] = [
    (0.60, 0.60),
    (0.60, 0.95),
    (0.80, 0.80),
    (0.80, 0.95),
    (0.95, 0.60),
    (0.95, 0.95),
];
const FILES: [u64; 4] = [30, 60, 100, 200];
const CANNOT_TELL: f64 = 0.2;

fn below(rng: &mut ChaCha8Rng, n: u64) -> u64 {
    // The bias of the remainder is below one in 10^15 here.
    rng.next_u64() % n
}

/// Draws `files` without replacement from cells of people, and counts them by cell.
fn draw(rng: &mut ChaCha8Rng, cells: &[u64], files: u64) -> Vec<u64> {
    let mut left = cells.to_vec();
    let mut got = vec![0; cells.len()];
    let mut people: u64 = cells.iter().sum();
    for _ in 0..files {
        let mut ball = below(rng, people);
        for (left, got) in left.iter_mut().zip(&mut got) {
            if ball < *left {
                *left -= 1;
                *got += 1;
                break;
            }
            ball -= *left;
        }
        people -= 1;
    }
    got
}

/// What one setting gave, as shares of the repetitions and mean widths.
struct Seen {
    base: f64,
    signal: usize,
    files: u64,
    people: u64,
    covered: f64,
    alone_covered: f64,
    width: f64,
    alone_width: f64,
    alone_files: Option<i64>,
}

/// (two-phase low, high, alone low, high) of one outcome.
type Intervals = (f64, f64, f64, f64);

fn intervals(got: &[u64], sizes: &[u64; 3], files: u64, people: u64) -> Intervals {
    let classes: Vec<Class> = got
        .chunks(2)
        .zip(sizes)
        .map(|(pair, people)| {
            let read = (pair[0] + pair[1]) as f64;
            Class {
                people: *people,
                read,
                share: if read > 0.0 {
                    pair[0] as f64 / read
                } else {
                    0.0
                },
            }
        })
        .collect();
    let two = two_phase(&classes).unwrap_or_else(|why| panic!("{why}"));
    let found: u64 = got.iter().step_by(2).sum();
    let (low, high) = wilson_interval(found as f64 / files as f64, files as f64, Some(people))
        .unwrap_or_else(|why| panic!("{why}"));
    (two.low, two.high, low, high)
}

fn setting(people: u64, base: f64, signal: usize, files: u64, repetitions: u64) -> Seen {
    let share = |n: u64, p: f64| (n as f64 * p).round() as u64;
    let (sensitivity, specificity) = SIGNALS[signal];
    let with = share(people, base);
    let without = people - with;
    let (unclear_with, unclear_without) = (share(with, CANNOT_TELL), share(without, CANNOT_TELL));
    let hit = share(with - unclear_with, sensitivity);
    let silent = share(without - unclear_without, specificity);
    let cells = [
        hit,
        without - unclear_without - silent,
        unclear_with,
        unclear_without,
        with - unclear_with - hit,
        silent,
    ];
    let sizes = [
        cells[0] + cells[1],
        cells[2] + cells[3],
        cells[4] + cells[5],
    ];
    let truth = with as f64 / people as f64;
    // Every setting has its own dice, so that it gives the same alone as among others.
    let mut rng = ChaCha8Rng::seed_from_u64(
        people * 1_000_000 + (base * 100.0) as u64 * 10_000 + signal as u64 * 1000 + files,
    );
    let mut known: HashMap<Vec<u64>, Intervals> = HashMap::new();
    let (mut covered, mut alone_covered, mut width, mut alone_width) = (0u64, 0u64, 0.0, 0.0);
    for _ in 0..repetitions {
        let got = draw(&mut rng, &cells, files);
        let (low, high, alone_low, alone_high) = *known
            .entry(got)
            .or_insert_with_key(|got| intervals(got, &sizes, files, people));
        covered += u64::from(low - 1e-9 <= truth && truth <= high + 1e-9);
        alone_covered += u64::from(alone_low - 1e-9 <= truth && truth <= alone_high + 1e-9);
        width += high - low;
        alone_width += alone_high - alone_low;
    }
    let n = repetitions as f64;
    Seen {
        base,
        signal,
        files,
        people,
        covered: covered as f64 / n,
        alone_covered: alone_covered as f64 / n,
        width: width / n,
        alone_width: alone_width / n,
        // Both mean widths are turned into files in the same way, so that equal widths are equal files.
        alone_files: files_for_width(truth, width / n, people)
            .ok()
            .zip(files_for_width(truth, alone_width / n, people).ok())
            .map(|(as_narrow, as_read)| (files + as_narrow) as i64 - as_read as i64),
    }
}

fn mean(values: impl Iterator<Item = f64>) -> f64 {
    let values: Vec<f64> = values.collect();
    values.iter().sum::<f64>() / values.len() as f64
}

fn two_phase_study(repetitions: u64) {
    let mut settings = Vec::new();
    for people in PEOPLE {
        for base in BASES {
            for signal in 0..SIGNALS.len() {
                for files in FILES {
                    settings.push((people, base, signal, files));
                }
            }
        }
    }
    let parts = std::thread::available_parallelism().map_or(1, usize::from);
    let mut all: Vec<Seen> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..parts)
            .map(|part| {
                let settings = &settings;
                scope.spawn(move || {
                    settings
                        .iter()
                        .skip(part)
                        .step_by(parts)
                        .map(|(p, b, s, f)| setting(*p, *b, *s, *f, repetitions))
                        .collect::<Vec<_>>()
                })
            })
            .collect();
        threads
            .into_iter()
            .flat_map(|t| t.join().unwrap_or_else(|_| panic!("a thread failed")))
            .collect()
    });
    all.sort_by(|a, b| a.covered.total_cmp(&b.covered));
    println!(
        "Two-phase estimate: {} settings of {repetitions} repetitions (people {PEOPLE:?}, faults {BASES:?},",
        all.len()
    );
    println!("  files {FILES:?}, cannot tell {CANNOT_TELL}); 95% asked for.\n");
    println!(
        "  sensitivity, specificity   fault   covered mean  worst   width as of reading alone   files for reading alone, of 60"
    );
    for (signal, (sensitivity, specificity)) in SIGNALS.iter().enumerate() {
        for base in BASES {
            let here = || {
                all.iter()
                    .filter(move |s| s.signal == signal && s.base == base)
            };
            let sixty: Vec<String> = here()
                .filter(|s| s.files == 60 && s.people == 2000)
                .map(|s| s.alone_files.map_or("-".into(), |n| n.to_string()))
                .collect();
            println!(
                "  {sensitivity:.2}, {specificity:.2} {base:>21.2} {:>14.3} {:>6.3} {:>20.2} {:>32}",
                mean(here().map(|s| s.covered)),
                here().map(|s| s.covered).fold(1.0, f64::min),
                mean(here().map(|s| s.width / s.alone_width)),
                sixty.join(" ")
            );
        }
    }
    let below = |bar: f64| all.iter().filter(|s| s.covered < bar).count();
    println!(
        "\n  All settings: mean coverage {:.3}; reading alone (Wilson) {:.3}, worst {:.3}",
        mean(all.iter().map(|s| s.covered)),
        mean(all.iter().map(|s| s.alone_covered)),
        all.iter().map(|s| s.alone_covered).fold(1.0, f64::min)
    );
    println!(
        "  Below 94%: {} of {}; below 93%: {}; below 92%: {}",
        below(0.94),
        all.len(),
        below(0.93),
        below(0.92)
    );
    println!("  The worst:");
    for s in all.iter().take(5) {
        let (sensitivity, specificity) = SIGNALS[s.signal];
        println!(
            "    {:.3}: {} people, fault {:.2}, sensitivity {sensitivity:.2}, specificity {specificity:.2}, {} files",
            s.covered, s.people, s.base, s.files
        );
    }
}

/// The stratified random draw alone: strata of unlike sizes and rates, files shared out as the program does.
fn stratified_study(repetitions: u64) {
    println!("\nStratified random draw, weighted by stratum: {repetitions} repetitions\n");
    println!("  people  fault  files  covered  mean width");
    // Shares of people, and how often the fault is there as a multiple of the base.
    let shapes = [
        (0.45, 0.6),
        (0.25, 1.0),
        (0.15, 1.4),
        (0.10, 2.0),
        (0.05, 1.2),
    ];
    let mut worst = 1.0_f64;
    for people in PEOPLE {
        for base in BASES {
            for files in [30, 60, 100] {
                let sizes: Vec<u64> = shapes
                    .iter()
                    .map(|(s, _)| (s * people as f64).round() as u64)
                    .collect();
                let faults: Vec<u64> = shapes
                    .iter()
                    .zip(&sizes)
                    .map(|((_, times), size)| (base * times * *size as f64).round() as u64)
                    .collect();
                let people: u64 = sizes.iter().sum();
                let truth = faults.iter().sum::<u64>() as f64 / people as f64;
                let shared =
                    candour_stats::share_out(&sizes, files).unwrap_or_else(|why| panic!("{why}"));
                let mut rng = ChaCha8Rng::seed_from_u64(people + files);
                let (mut covered, mut width) = (0u64, 0.0);
                for _ in 0..repetitions {
                    let mut answers = Vec::new();
                    for ((size, fault), n) in sizes.iter().zip(&faults).zip(&shared) {
                        let got = draw(&mut rng, &[*fault, size - fault], *n);
                        let weight = *size as f64 / *n as f64;
                        answers.extend((0..*n).map(|i| (weight, i < got[0])));
                    }
                    let w = weighted_share(&answers, people).unwrap_or_else(|why| panic!("{why}"));
                    covered += u64::from(w.low <= truth && truth <= w.high);
                    width += w.high - w.low;
                }
                let covered = covered as f64 / repetitions as f64;
                worst = worst.min(covered);
                println!(
                    "  {people:>6} {base:>6.2} {files:>6} {covered:>8.3} {:>11.3}",
                    width / repetitions as f64
                );
            }
        }
    }
    println!("  The worst: {worst:.3}");
}

fn main() {
    let repetitions = std::env::args()
        .nth(1)
        .and_then(|text| text.parse().ok())
        .unwrap_or(1000);
    two_phase_study(repetitions);
    stratified_study(repetitions);
}
