//! What is planted on a day is there from that day on, as large as it says; and honest councils are even.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "helpers of tests: a panic is a failed test"
)]

use candour_synth::{Options, Scenario, SynthError, synthesise};
use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

/// One row's cells of `COLUMNS`: a whole council of them must fit into memory several times over.
struct Row(Vec<Box<str>>);

impl std::ops::Index<&str> for Row {
    type Output = str;

    fn index(&self, column: &str) -> &str {
        &self.0[COLUMNS.iter().position(|c| *c == column).unwrap()]
    }
}

const COLUMNS: [&str; 16] = [
    "LA Person Unique Identifier",
    "Client Type",
    "Event Type",
    "Event Start Date",
    "Event End Date",
    "Event Outcome",
    "Assessment Type",
    "Eligible Needs Identified",
    "Primary Support Reason",
    "Postcode",
    "Ethnicity",
    "Service Type",
    "Service Component",
    "Unit Cost",
    "Cost Frequency (Unit Type)",
    "Planned units per week",
];

/// The planted day of these tests: not the default.
const SINCE: &str = "2025-05-12";

fn folder(name: &str) -> PathBuf {
    // Tests run beside each other, and several make the same council.
    static MADE: AtomicU32 = AtomicU32::new(0);
    let number = MADE.fetch_add(1, Ordering::Relaxed);
    let path = std::env::temp_dir().join(format!(
        "candour-patterns-{}-{number}-{name}",
        std::process::id()
    ));
    let _ = fs::remove_dir_all(&path);
    path
}

fn scenario(name: &str) -> Scenario {
    name.parse().unwrap()
}

/// Rows of a clean return of one year, dates as `2025-05-12`.
fn council(name: &str, people: usize, since: Option<&str>) -> Vec<Row> {
    let path = folder(name);
    let plant: Vec<Scenario> = if name == "honest" {
        Vec::new()
    } else {
        vec![scenario(name)]
    };
    let options = Options {
        people,
        seed: 12,
        plant,
        since: since.map(|s| s.parse().unwrap()),
        ..Options::default()
    };
    let summary = synthesise(&options, &path).unwrap();
    assert_eq!(summary.given_up, 0);
    let text = fs::read_to_string(path.join("return.csv")).unwrap();
    fs::remove_dir_all(&path).unwrap();
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
    let columns: Vec<(usize, &'static str)> = COLUMNS
        .iter()
        .map(|name| (header.iter().position(|h| h == name).unwrap(), *name))
        .collect();
    lines
        .map(|line| {
            let cells = split(line);
            let cells = columns
                .iter()
                .map(|(at, name)| {
                    let cell = &cells[*at];
                    let date = cell.len() == 10 && name.ends_with("Date");
                    if date {
                        format!("{}-{}-{}", &cell[6..], &cell[3..5], &cell[..2]).into()
                    } else {
                        cell.as_str().into()
                    }
                })
                .collect();
            Row(cells)
        })
        .collect()
}

fn adult(row: &Row, event: &str) -> bool {
    &row["Event Type"] == event && &row["Client Type"] == "Service user"
}

fn needs_assessment(row: &Row) -> bool {
    adult(row, "Assessment") && &row["Assessment Type"] == "Long term assessment"
}

/// Eligible needs; or where that is blank, an outcome that leads to support.
fn eligible(row: &Row) -> bool {
    match &row["Eligible Needs Identified"] {
        "" => {
            row["Event Outcome"].starts_with("Progress to support")
                || row["Event Outcome"].starts_with("Continuation")
        }
        found => found == "Eligible needs identified",
    }
}

fn to_assessment(row: &Row) -> bool {
    row["Event Outcome"].starts_with("Progress to assessment")
}

/// Share of `of` that are `what`, before the planted day and from it on, by this date.
fn shares(
    rows: &[Row],
    date: &str,
    of: impl Fn(&Row) -> bool,
    what: impl Fn(&Row) -> bool,
) -> (f64, f64) {
    let share = |after: bool| {
        let all: Vec<&Row> = rows
            .iter()
            .filter(|r| of(r) && (&r[date] >= SINCE) == after && &r[date] > "2025")
            .collect();
        all.iter().filter(|r| what(r)).count() as f64 / all.len() as f64
    };
    (share(false), share(true))
}

/// For each person whose only two rows of one kind touch: the day of the change, and size after over size before.
fn changes(rows: &[Row]) -> Vec<(String, f64)> {
    let size = |r: &Row| -> f64 {
        let cost: f64 = r["Unit Cost"].parse().unwrap_or(f64::NAN);
        if &r["Cost Frequency (Unit Type)"] == "Hourly" {
            r["Planned units per week"].parse().unwrap_or(f64::NAN)
        } else {
            cost
        }
    };
    let mut theirs: BTreeMap<&str, Vec<&Row>> = BTreeMap::new();
    for row in rows
        .iter()
        .filter(|r| r["Service Type"].starts_with("Long term support: C"))
    {
        theirs
            .entry(&row["LA Person Unique Identifier"])
            .or_default()
            .push(row);
    }
    let mut out = Vec::new();
    for mut rows in theirs.into_values() {
        rows.sort_by(|a, b| a["Event Start Date"].cmp(&b["Event Start Date"]));
        for pair in rows.windows(2) {
            if pair[0]["Event End Date"] < pair[1]["Event Start Date"]
                && !pair[0]["Event End Date"].is_empty()
                && pair[0]["Service Component"] == pair[1]["Service Component"]
            {
                out.push((
                    pair[1]["Event Start Date"].to_owned(),
                    size(pair[1]) / size(pair[0]),
                ));
            }
        }
    }
    out
}

#[test]
fn the_threshold_rises_by_as_many_points_as_it_says() {
    for (name, points) in [("honest", 0.0), ("threshold-up-8", 0.08)] {
        let since = (name != "honest").then_some(SINCE);
        let rows = council(name, 60_000, since);
        let (before, after) = shares(&rows, "Event End Date", needs_assessment, eligible);
        // About 10,000 needs assessments: a standard error of the difference of one point.
        assert!(
            (before - after - points).abs() < 0.03,
            "{name}: {before} then {after}"
        );
    }
}

#[test]
fn the_front_door_closes_and_the_eligible_share_rises() {
    let rows = council("front-door-closing", 60_000, Some(SINCE));
    let request = |r: &Row| adult(r, "Request");
    let (before, after) = shares(&rows, "Event Start Date", request, to_assessment);
    assert!(
        (before - after - 0.04).abs() < 0.012,
        "{before} then {after}"
    );
    let (before, after) = shares(&rows, "Event End Date", needs_assessment, eligible);
    assert!(after > before, "{before} then {after}");
}

#[test]
fn a_blanket_fall_is_on_its_day_by_its_share() {
    for (name, kept) in [("blanket-5-day", 0.95), ("blanket-15-day", 0.85)] {
        let rows = council(name, 52_000, Some(SINCE));
        let that_day: Vec<f64> = changes(&rows)
            .into_iter()
            .filter(|(day, _)| day == SINCE)
            .map(|(_, share)| share)
            .collect();
        let near = |share: &&f64| (**share - kept).abs() < 0.02;
        let hit = that_day.iter().filter(near).count();
        assert!(hit >= 290, "{name}: {hit} of {}", that_day.len());
    }
    let rows = council("blanket-20-month", 52_000, Some(SINCE));
    let month: Vec<f64> = changes(&rows)
        .into_iter()
        .filter(|(day, share)| {
            day.as_str() >= SINCE && day.as_str() <= "2025-06-10" && (share - 0.8).abs() < 0.02
        })
        .map(|(_, share)| share)
        .collect();
    assert!(month.len() >= 290, "{}", month.len());
}

#[test]
fn a_slow_cut_is_more_than_a_tenth_in_steps_that_are_no_fall() {
    let honest = council("honest", 52_000, None);
    let rows = council("slow-cut", 52_000, Some("2025-01-02"));
    let small = |rows: &[Row]| {
        changes(rows)
            .iter()
            .filter(|(_, share)| *share > 0.9 && *share < 0.985)
            .count()
    };
    let (usual, planted) = (small(&honest), small(&rows));
    // Three or four steps of each of 400 people, less the few that fall after the last day.
    assert!(
        (1_200..1_700).contains(&(planted - usual)),
        "{usual} then {planted}"
    );
}

#[test]
fn waits_grow_by_half_from_the_planted_day() {
    let wait = |name: &str, since: Option<&str>| {
        let rows = council(name, 52_000, since);
        let mut asked: BTreeMap<String, String> = BTreeMap::new();
        for r in rows
            .iter()
            .filter(|r| adult(r, "Request") && to_assessment(r))
        {
            asked.insert(
                r["LA Person Unique Identifier"].to_owned(),
                r["Event Start Date"].to_owned(),
            );
        }
        let mut seen: BTreeMap<String, u32> = BTreeMap::new();
        for r in rows.iter().filter(|r| adult(r, "Assessment")) {
            seen.insert(
                r["LA Person Unique Identifier"].to_owned(),
                days(&r["Event End Date"]),
            );
        }
        // Asked from the planted day until September: assessed in 42 days, of all that asked.
        let (mut in_time, mut all) = (0, 0);
        for (person, from) in &asked {
            if from.as_str() < SINCE || from.as_str() > "2025-09-30" {
                continue;
            }
            all += 1;
            in_time += u32::from(seen.get(person).is_some_and(|to| *to <= days(from) + 42));
        }
        f64::from(in_time) / f64::from(all)
    };
    let (usual, slower) = (wait("honest", None), wait("longer-waits", Some(SINCE)));
    assert!(
        usual - slower > 0.07,
        "in time {usual} usually, {slower} when waits are longer"
    );
}

/// Days since the start of 2024, near enough for a difference: months have their own lengths.
fn days(iso: &str) -> u32 {
    let part = |range: std::ops::Range<usize>| iso[range].parse::<u32>().unwrap();
    let before = [0, 31, 59, 90, 120, 151, 181, 212, 243, 273, 304, 334];
    (part(0..4) - 2000) * 365 + before[part(5..7) as usize - 1] + part(8..10)
}

#[test]
fn one_place_and_one_group_are_worse_off_throughout() {
    let place = |r: &Row| r["Postcode"].starts_with("NZ7 ");
    let group = |r: &Row| r["Ethnicity"].starts_with("Asian");
    let share = |rows: &[Row], of: &dyn Fn(&Row) -> bool| {
        let all: Vec<&Row> = rows
            .iter()
            .filter(|r| needs_assessment(r) && of(r))
            .collect();
        all.iter().filter(|r| eligible(r)).count() as f64 / all.len() as f64
    };
    let rows = council("one-place-worse", 60_000, None);
    assert!(share(&rows, &|r| !place(r)) - share(&rows, &place) > 0.12);
    // Two hundred assessments or so: a standard error of nearly four points.
    let rows = council("one-group-worse", 60_000, None);
    assert!(share(&rows, &|r| !group(r)) - share(&rows, &group) > 0.06);
}

#[test]
fn honest_councils_have_a_season_no_weekends_and_case_mix() {
    let rows = council("honest", 52_000, None);
    let requests: Vec<&Row> = rows.iter().filter(|r| adult(r, "Request")).collect();
    let in_month = |month: &str| {
        requests
            .iter()
            .filter(|r| r["Event Start Date"].starts_with(month))
            .count()
    };
    assert!(in_month("2025-01") > in_month("2025-08") * 11 / 10);
    // 4 January 2025 was a Saturday.
    let weekend = requests
        .iter()
        .filter(|r| &r["Event Start Date"] >= "2025-01-04")
        .filter(|r| (days(&r["Event Start Date"]) - days("2025-01-04")) % 7 < 2)
        .count();
    assert!(weekend * 50 < requests.len(), "{weekend} on weekends");
    let found = |reason: &str| {
        let all: Vec<&Row> = rows
            .iter()
            .filter(|r| needs_assessment(r) && r["Primary Support Reason"].starts_with(reason))
            .collect();
        all.iter().filter(|r| eligible(r)).count() as f64 / all.len() as f64
    };
    assert!(found("Learning") - found("Mental") > 0.15);
    let (up, down): (Vec<f64>, Vec<f64>) = changes(&rows)
        .into_iter()
        .map(|(_, share)| share)
        .filter(|share| (share - 1.0).abs() > 0.11)
        .partition(|share| *share > 1.0);
    let ratio = up.len() as f64 / down.len() as f64;
    assert!(
        (0.6..1.6).contains(&ratio),
        "{} up, {} down",
        up.len(),
        down.len()
    );
}

#[test]
fn a_day_is_refused_outside_the_period_or_for_nothing() {
    let path = folder("refused");
    let with = |plant: Vec<Scenario>, since: &str| {
        let options = Options {
            people: 20,
            plant,
            since: Some(since.parse().unwrap()),
            ..Options::default()
        };
        synthesise(&options, &path)
    };
    let slow = || vec![scenario("slow-cut")];
    for day in ["2024-12-31", "2025-01-01", "2026-01-01"] {
        assert!(matches!(
            with(slow(), day),
            Err(SynthError::SinceOutside { .. })
        ));
    }
    assert!(matches!(
        with(Vec::new(), SINCE),
        Err(SynthError::SinceOfNothing)
    ));
    // It stands throughout: no day belongs to it.
    assert!(matches!(
        with(vec![scenario("one-place-worse")], SINCE),
        Err(SynthError::SinceOfNothing)
    ));
    assert!(with(slow(), "2025-12-31").is_ok());
    for text in ["2025-02-29", "2025-13-01", "12/05/2025", "2025-5-12", ""] {
        assert!(text.parse::<candour_synth::Since>().is_err(), "{text}");
    }
    let _ = fs::remove_dir_all(&path);
}
