//! What must not change a verdict changes none, and counts always add up.
//!
//! In each property as-of is given, and coverage is the same by construction: it is compared before any verdict is.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]
#![allow(clippy::panic, reason = "tests")]

mod support;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use proptest::prelude::*;

use support::*;

/// A return as cells.
#[derive(Clone)]
struct Table {
    headings: Vec<Vec<u8>>,
    rows: Vec<Vec<Vec<u8>>>,
}

fn plain(heading: &[u8]) -> String {
    heading
        .iter()
        .filter(|b| b.is_ascii_alphanumeric())
        .map(|b| b.to_ascii_lowercase() as char)
        .collect()
}

impl Table {
    fn read(path: &Path) -> Table {
        let mut reader = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_path(path)
            .unwrap();
        let mut rows = reader
            .byte_records()
            .map(|row| row.unwrap().iter().map(<[u8]>::to_vec).collect::<Vec<_>>());
        Table {
            headings: rows.next().unwrap(),
            rows: rows.collect(),
        }
    }

    fn write(&self, path: &Path) -> PathBuf {
        let mut writer = csv::WriterBuilder::new()
            .flexible(true)
            .from_path(path)
            .unwrap();
        writer.write_record(&self.headings).unwrap();
        for row in &self.rows {
            writer.write_record(row).unwrap();
        }
        writer.flush().unwrap();
        path.to_owned()
    }

    /// Where the column of a heading stands, however it is spelt.
    fn column(&self, heading: &str) -> usize {
        let wanted = plain(heading.as_bytes());
        self.headings
            .iter()
            .position(|h| plain(h) == wanted)
            .unwrap_or_else(|| panic!("no column {heading}"))
    }

    fn map(&mut self, heading: &str, change: impl Fn(&[u8]) -> Option<Vec<u8>>) {
        let place = self.column(heading);
        for row in &mut self.rows {
            if let Some(cell) = row.get_mut(place)
                && let Some(new) = change(cell)
            {
                *cell = new;
            }
        }
    }

    fn cell<'a>(&self, row: &'a [Vec<u8>], heading: &str) -> &'a str {
        row.get(self.column(heading))
            .map_or("", |c| std::str::from_utf8(c).unwrap().trim())
    }
}

/// The same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        // splitmix64
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn order(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        for i in (1..n).rev() {
            order.swap(i, self.below(i + 1));
        }
        order
    }
}

fn synthesise(folder: &Folder, name: &str, options: &str) -> Vec<PathBuf> {
    let made = folder.join(name);
    succeed(
        candour()
            .arg("synthesise")
            .args(options.split_whitespace())
            .arg("--quiet")
            .arg("--out")
            .arg(&made),
    );
    names_in(&made)
        .iter()
        .filter(|n| n.starts_with("return"))
        .map(|n| made.join(n))
        .collect()
}

/// What an inspection found that the order and spelling of rows must not change.
#[derive(PartialEq, Debug)]
struct Found {
    coverage: serde_json::Value,
    verdicts: Vec<String>,
    /// Duty and test to counts by reason.
    tests: BTreeMap<String, Vec<serde_json::Value>>,
}

fn found(folder: &Folder, name: &str, files: &[PathBuf], as_of: &str) -> Found {
    let out = folder.join(name);
    succeed(inspect(files, &out).args(["--as-of", as_of]));
    counts_add_up(&out);
    let text = std::fs::read_to_string(out.join("inspection.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let tests = document["tests"].as_array().unwrap().iter().map(|test| {
        let of = |name: &str| test[name].clone();
        (
            format!("{} {}", test["duty"], test["test"]),
            [
                "occasions",
                "met",
                "not_met",
                "cannot_tell",
                "not_owed",
                "not_yet_due",
                "not_met_strong",
                "groups",
            ]
            .map(of)
            .to_vec(),
        )
    });
    Found {
        coverage: document["coverage"].clone(),
        tests: tests.collect(),
        verdicts: verdicts(&out.join("verdicts.csv")),
    }
}

/// The last day of the made-up councils' returns.
fn as_of(table: &Table) -> String {
    let ends = table
        .rows
        .iter()
        .map(|row| iso(table.cell(row, "Reporting Period End Date")));
    ends.max().unwrap()
}

/// A date as the clean returns of made-up councils write it, as ISO.
fn iso(text: &str) -> String {
    match text.split('/').collect::<Vec<_>>()[..] {
        [d, m, y] => format!("{y}-{m}-{d}"),
        _ => text.get(..10).unwrap_or_default().to_owned(),
    }
}

fn same(a: &Found, b: &Found) {
    assert!(a.verdicts.len() > 100, "hardly anything was compared");
    assert_eq!(a.coverage, b.coverage, "not the property's condition");
    assert_eq!(a.verdicts, b.verdicts);
    assert_eq!(a.tests, b.tests);
}

fn month_of(date: &str) -> String {
    iso(date).get(..7).unwrap_or_default().to_owned()
}

fn days_in(month: &str) -> u32 {
    let (y, m): (u32, u32) = (month[..4].parse().unwrap(), month[5..].parse().unwrap());
    match m {
        2 if y % 4 == 0 => 29, // no century year is in any of them
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Splits a return of whole months by the month of event end.
///
/// Why the verdicts stay: each part states its month as its period, so each covers it (a month is good, or there is no
/// good month and the stated period counts); the parts touch, so joined coverage is that of the whole, if that was all
/// of its stated period. What ended in a month stands in that month's part, before any later part's coverage begins, so
/// nothing gives way. What ended before the first month goes with it; what has no end, or a later one, or is no event,
/// goes with the last: a service that runs on is told by the last return, which is the latest word on it.
///
/// With `running`, every part also has the services that run on after its month, as returns do, as if still open.
/// They give way to the later part's row of the same person, start, service type and component, which is there
/// unless the end that is to come cannot be read: such a row is set aside wherever it stands.
fn by_month(whole: &Table, running: bool) -> Vec<Table> {
    let (ends, kind) = (whole.column("Event End Date"), whole.column("Event Type"));
    let (from, to) = (
        whole.column("Reporting Period Start Date"),
        whole.column("Reporting Period End Date"),
    );
    let (first, last) = (
        month_of(whole.cell(&whole.rows[0], "Reporting Period Start Date")),
        month_of(&as_of(whole)),
    );
    let mut months = vec![first];
    while *months.last().unwrap() != last {
        let month = months.last().unwrap();
        let (y, m): (u32, u32) = (month[..4].parse().unwrap(), month[5..].parse().unwrap());
        months.push(format!("{:04}-{:02}", y + m / 12, m % 12 + 1));
    }
    let place = |row: &[Vec<u8>]| {
        let end = month_of(std::str::from_utf8(&row[ends]).unwrap().trim());
        if end.is_empty() {
            months.len() - 1
        } else {
            months
                .iter()
                .position(|m| *m >= end)
                .unwrap_or(months.len() - 1)
        }
    };
    months
        .iter()
        .enumerate()
        .map(|(i, month)| {
            let mut rows = Vec::new();
            for row in &whole.rows {
                let at = place(row);
                let mut row = row.clone();
                if at != i {
                    let started = month_of(whole.cell(&row, "Event Start Date"));
                    let runs = plain(&row[kind]) == "service"
                        && at > i
                        && !started.is_empty()
                        && started <= *month;
                    if !(running && runs) {
                        continue;
                    }
                    row[ends].clear();
                }
                row[from] = format!("01/{}/{}", &month[5..], &month[..4]).into_bytes();
                row[to] =
                    format!("{}/{}/{}", days_in(month), &month[5..], &month[..4]).into_bytes();
                rows.push(row);
            }
            Table {
                headings: whole.headings.clone(),
                rows,
            }
        })
        .collect()
}

/// Release 1 wording to Release 2 wording, from the two specifications. Not "100% NHS funded care", which Release 2
/// cannot say, nor what Release 2 dropped.
const RESPELT: &[(&str, &str, &str)] = &[
    ("Client Type", "Service User", "Service user"),
    ("Client Type", "Carer", "Unpaid carer"),
    (
        "Client Type",
        "Carer known by association",
        "Unpaid carer known by association",
    ),
    (
        "Event Outcome",
        "Progress to Reablement/ST-Max",
        "Progress to reablement/ST-Max",
    ),
    (
        "Event Outcome",
        "Progress to Assessment",
        "Progress to assessment, review or reassessment",
    ),
    (
        "Event Outcome",
        "Progress to Re-assessment / Unplanned Review",
        "Progress to assessment, review or reassessment",
    ),
    (
        "Event Outcome",
        "Progress to Support Planning / Services",
        "Progress to support planning or services",
    ),
    (
        "Event Outcome",
        "No change in package",
        "Continuation of support or services",
    ),
    (
        "Event Outcome",
        "Provision of service",
        "Continuation of support or services",
    ),
    (
        "Event Outcome",
        "NFA - Moved to another LA",
        "NFA: Responsibility moved to another local authority",
    ),
    (
        "Event Outcome",
        "NFA - Self-funded client (Inc. 12wk disregard)",
        "NFA: Self-funded client or under 12wk disregard",
    ),
    (
        "Event Outcome",
        "NFA - Information & Advice / Signposting only",
        "NFA: Information and advice or signposting",
    ),
    (
        "Event Outcome",
        "NFA - Support declined",
        "NFA: Support declined",
    ),
    ("Event Outcome", "NFA - Deceased", "NFA: Deceased"),
    (
        "Event Outcome",
        "Service ended as planned",
        "NFA: Support ended as planned",
    ),
    (
        "Event Outcome",
        "NFA - Support ended: Other reason",
        "NFA: Support ended for other reason",
    ),
    (
        "Event Outcome",
        "NFA - No services offered: Other reason",
        "NFA: No services offered for other reason",
    ),
    ("Event Outcome", "NFA- Other", "NFA: Other"),
    (
        "Assessment Type",
        "Short Term Assessment",
        "Short term assessment",
    ),
    (
        "Assessment Type",
        "Long Term Assessment",
        "Long term assessment",
    ),
    (
        "Assessment Type",
        "Financial Assessment",
        "Financial assessment",
    ),
    (
        "Method of Assessment",
        "Service user and carer",
        "Service user and unpaid carer",
    ),
    ("Method of Assessment", "Carer only", "Unpaid carer only"),
    (
        "Method of Review",
        "Service user and carer",
        "Service user and unpaid carer",
    ),
    ("Method of Review", "Carer only", "Unpaid carer only"),
    (
        "Service Type",
        "Long Term Support: Nursing Care",
        "Long term support: Nursing care",
    ),
    (
        "Service Type",
        "Long Term Support: Residential Care",
        "Long term support: Residential care",
    ),
    (
        "Service Type",
        "Long Term Support: Community",
        "Long term support: Community",
    ),
    (
        "Service Type",
        "Long Term Support: Prison",
        "Long term support: Prison",
    ),
    (
        "Service Type",
        "Short Term Support: ST-Max",
        "Short term support: ST-Max",
    ),
    (
        "Service Type",
        "Short Term Support: Ongoing Low Level",
        "Short term support: Ongoing low level",
    ),
    (
        "Service Type",
        "Short Term Support: Other Short Term",
        "Short term support: Other short term",
    ),
    (
        "Service Type",
        "Carer Support: Direct to Carer",
        "Unpaid carer support: Direct to unpaid carer",
    ),
    (
        "Service Type",
        "Carer Support: Support involving the person cared-for",
        "Unpaid carer support: Support involving the person cared-for",
    ),
    (
        "Service Component",
        "Long Term Nursing Care",
        "Long term nursing care",
    ),
    (
        "Service Component",
        "Long Term Residential Care",
        "Long term residential care",
    ),
    (
        "Service Component",
        "Home Support",
        "Home support or domiciliary care",
    ),
    ("Service Component", "Day Support", "Day support"),
    ("Service Component", "Direct Payment", "Direct payment"),
    (
        "Service Component",
        "Community Supported Living",
        "Community supported living",
    ),
    (
        "Service Component",
        "Extra Care Housing",
        "Extra care housing",
    ),
    (
        "Service Component",
        "Other Short Term Support",
        "Other short term support",
    ),
    (
        "Service Component",
        "Other Long Term Support",
        "Other long term support",
    ),
    ("Service Component", "Carer Respite", "Unpaid carer respite"),
    (
        "Service Component",
        "Carer Sitting Service",
        "Unpaid carer sitting service",
    ),
    (
        "Service Component",
        "Other Carer Support",
        "Other unpaid carer support",
    ),
    ("Delivery Mechanism", "Direct Payment", "Direct payment"),
    (
        "Delivery Mechanism",
        "CASSR Managed Personal Budget",
        "CASSR managed personal budget",
    ),
    (
        "Delivery Mechanism",
        "CASSR Commissioned Support",
        "CASSR commissioned support",
    ),
    (
        "Review Reason",
        "Unplanned - Hospital (Planned and unplanned episodes)",
        "Unplanned: Hospital (planned and unplanned episodes)",
    ),
    (
        "Review Reason",
        "Unplanned - Carer related",
        "Unplanned: Carer related",
    ),
    (
        "Review Reason",
        "Unplanned - Safeguarding concern",
        "Unplanned: Safeguarding concern",
    ),
    (
        "Review Reason",
        "Unplanned - Other Reason",
        "Unplanned: Other reason",
    ),
    (
        "Review Reason",
        "Unplanned - Provider Failure",
        "Unplanned: Provider failure",
    ),
    (
        "Review Reason",
        "Unplanned - Change in Commissioning arrangements",
        "Unplanned: Change in commissioning arrangements",
    ),
];

fn respelt(table: &Table) -> Table {
    let mut table = table.clone();
    for (heading, from, to) in RESPELT {
        table.map(heading, |cell| {
            (cell == from.as_bytes()).then(|| to.as_bytes().to_vec())
        });
    }
    table
}

/// Few cases, unless `PROPTEST_CASES` asks for more.
fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(5);
    ProptestConfig {
        cases,
        failure_persistence: None,
        max_shrink_iters: 0,
        ..ProptestConfig::default()
    }
}

/// Any scenario, or none.
const PLANTS: [&str; 8] = [
    "",
    "--plant falls-of-every-kind",
    "--plant hospital-gaps",
    "--plant start-reset",
    "--plant mass-cut-day",
    "--plant vanished-between-returns",
    "--plant deaths-and-moves",
    "--plant provider-failure",
];

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn shuffling_rows_and_columns(
        seed in 0u32..1_000_000,
        order in any::<u64>(),
        noise in prop_oneof![Just("clean"), Just("messy")],
        years in 1..=2,
        plant in 0..PLANTS.len(),
    ) {
        let folder = Folder::new();
        let files = synthesise(&folder, "made", &format!(
            "--people 400 --seed {seed} --release mixed --noise {noise} --years {years} {}", PLANTS[plant]
        ));
        let mut dice = Dice(order);
        let mut shuffled = Vec::new();
        for (i, file) in files.iter().enumerate() {
            let whole = Table::read(file);
            // A row that is too short or too long for its headings keeps its shape.
            let columns = dice.order(whole.headings.len());
            let put = |row: &[Vec<u8>]| -> Vec<Vec<u8>> {
                let mut out: Vec<Vec<u8>> = columns.iter().map(|&c| row.get(c).cloned().unwrap_or_default()).collect();
                out.extend(row.iter().skip(columns.len()).cloned());
                out
            };
            let rows = dice.order(whole.rows.len());
            let table = Table {
                headings: put(&whole.headings),
                rows: rows.iter().map(|&r| put(&whole.rows[r])).collect(),
            };
            shuffled.push(table.write(&folder.join(&format!("shuffled-{i}.csv"))));
        }
        shuffled.reverse();
        let table = Table::read(&files[files.len() - 1]);
        let as_of = if noise == "clean" { as_of(&table) } else { "2025-12-31".to_owned() };
        same(&found(&folder, "a", &files, &as_of), &found(&folder, "b", &shuffled, &as_of));
    }

    #[test]
    fn splitting_by_month_of_event_end(
        seed in 0u32..1_000_000,
        running in any::<bool>(),
        release in prop_oneof![Just("R1"), Just("R2"), Just("mixed")],
        plant in 0..PLANTS.len(),
    ) {
        let folder = Folder::new();
        let files = synthesise(&folder, "made", &format!("--people 500 --seed {seed} --release {release} {}", PLANTS[plant]));
        let whole = Table::read(&files[0]);
        let as_of = as_of(&whole);
        let parts: Vec<PathBuf> = by_month(&whole, running)
            .iter()
            .enumerate()
            .map(|(i, part)| part.write(&folder.join(&format!("part-{i:02}.csv"))))
            .collect();
        assert_eq!(parts.len(), 12);
        same(&found(&folder, "a", &files, &as_of), &found(&folder, "b", &parts, &as_of));
    }

    #[test]
    fn respelling_release_1_as_release_2(seed in 0u32..1_000_000, years in 1..=2, plant in 0..PLANTS.len()) {
        let folder = Folder::new();
        let files = synthesise(&folder, "made", &format!(
            "--people 400 --seed {seed} --release R1 --years {years} {}", PLANTS[plant]
        ));
        let tables: Vec<Table> = files.iter().map(|f| Table::read(f)).collect();
        let as_of = as_of(&tables[tables.len() - 1]);
        let mut changed = 0;
        let new: Vec<PathBuf> = tables
            .iter()
            .enumerate()
            .map(|(i, table)| {
                let new = respelt(table);
                changed += new.rows.iter().zip(&table.rows).filter(|(a, b)| a != b).count();
                new.write(&folder.join(&format!("new-{i}.csv")))
            })
            .collect();
        assert!(changed > 500, "hardly anything was spelt otherwise");
        same(&found(&folder, "a", &files, &as_of), &found(&folder, "b", &new, &as_of));
    }

    /// People who are not linked, so few that they make no reset date of a day that was none, nor unmake one.
    #[test]
    fn adding_people_who_are_not_linked(seed in 0u32..1_000_000, other in 0u32..1_000_000, n in 1usize..40) {
        let folder = Folder::new();
        let files = synthesise(&folder, "made", &format!("--people 500 --seed {seed}"));
        let whole = Table::read(&files[0]);
        let as_of = as_of(&whole);
        let mut others = Table::read(&synthesise(&folder, "others", &format!("--people 300 --seed {other}"))[0]);
        assert!(others.headings == whole.headings);
        // Their ids are nobody's in the first council; they have no NHS number.
        for heading in ["LA Person Unique Identifier", "Adult 1 Linked Person_ID", "Adult 2 Linked Person_ID", "Adult 3 Linked Person_ID"] {
            others.map(heading, |cell| (!cell.is_empty()).then(|| [b"other-", cell].concat()));
        }
        others.map("NHS Number", |_| Some(Vec::new()));
        let mut names: Vec<String> =
            others.rows.iter().map(|row| others.cell(row, "LA Person Unique Identifier").to_owned()).collect();
        names.sort();
        names.dedup();
        let chosen: Vec<&String> = Dice(u64::from(other)).order(names.len()).into_iter().take(n).map(|i| &names[i]).collect();
        let mut joined = whole.clone();
        for row in &others.rows {
            if chosen.iter().any(|name| *name == others.cell(row, "LA Person Unique Identifier")) {
                joined.rows.push(row.clone());
            }
        }
        assert!(joined.rows.len() > whole.rows.len());
        let added = joined.write(&folder.join("added.csv"));
        let (before, mut after) = (found(&folder, "a", &files, &as_of), found(&folder, "b", &[added], &as_of));
        assert_eq!(before.coverage, after.coverage, "not the property's condition");
        let all = after.verdicts.len();
        after.verdicts.retain(|row| !row.contains(",other-"));
        assert_eq!(before.verdicts, after.verdicts);
        assert!(all >= after.verdicts.len());
    }
}
