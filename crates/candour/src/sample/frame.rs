//! The frame: who can be drawn, checked against the inspection, in an order that nobody chose, and locked by its hash.

use std::collections::{BTreeMap, HashMap};
use std::io::Write;
use std::path::Path;

use candour_stats::frame_place;
use serde::{Deserialize, Serialize};

use super::args::{Filter, FrameArgs};
use super::files::{
    FRAME_CSV, FRAME_JSON, Sheet, cell, csv_bytes, json_bytes, read, read_json, sha256,
};
use super::{count, stop};
use crate::failure::Failure;
use crate::output::Staged;

/// A group with fewer people than this can give a person away, and says little.
pub(super) const SMALL: u64 = 10;

/// The columns of people.csv that the frame needs; others are carried along.
const GROUPS: [&str; 7] = [
    "age_band",
    "sex",
    "ethnic_group",
    "support_reason",
    "setting",
    "district",
    "in_long_term_support",
];
const COUNTS: [&str; 4] = ["strong_signals", "lead_signals", "cannot_tell", "no_signal"];

/// What is needed of inspection.json.
#[derive(Deserialize)]
struct Inspection {
    council: String,
    as_of: String,
    identifiers: String,
    rulebook_sha256: String,
    inputs: Vec<Input>,
    people: u64,
    people_in_long_term_support: u64,
    tests: Vec<Test>,
}

#[derive(Deserialize)]
struct Test {
    duty: String,
    test: String,
    met: u64,
    not_met: BTreeMap<String, u64>,
    cannot_tell: BTreeMap<String, u64>,
}

#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub(super) struct Input {
    pub file: String,
    pub sha256: String,
}

/// frame.json.
#[derive(Serialize, Deserialize)]
pub(super) struct FrameNote {
    pub format: String,
    pub council: String,
    pub as_of: String,
    pub identifiers: String,
    pub rulebook_sha256: String,
    pub inputs: Vec<Input>,
    pub inspection_json_sha256: String,
    pub people_csv_sha256: String,
    pub verdicts_csv_sha256: String,
    pub people_in_return: u64,
    pub people_in_long_term_support: u64,
    pub left_out: Vec<LeftOut>,
    pub people: u64,
    pub tests: Vec<String>,
    pub order: String,
    pub order_key: String,
    pub groups: BTreeMap<String, BTreeMap<String, u64>>,
    pub frame_sha256: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct LeftOut {
    pub column: String,
    pub kept: Vec<String>,
    pub people: u64,
}

const FORMAT: &str = "candour-frame-1";
const ORDER: &str =
    "people stand in order of SHA-256 of candour-frame-1|KEY|PERSON, where KEY is order_key";

/// What the first phase can say of a person by one test, in order of suspicion.
pub(super) const CLASSES: [&str; 4] = ["signal", "cannot tell", "no signal", "no occasion"];

/// What verdicts.csv says of people: counts as in people.csv, and the class by each test asked for.
pub(super) struct Verdicts {
    /// Strong signals, lead signals, cannot tell, no signal.
    counts: HashMap<String, [u64; 4]>,
    /// By test asked for, the place in [`CLASSES`].
    classes: Vec<HashMap<String, usize>>,
    pub sha256: String,
}

impl Verdicts {
    pub(super) fn read(path: &Path, tests: &[String]) -> Result<Verdicts, Failure> {
        let bytes = read(path)?;
        let hash = sha256(&bytes);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .from_reader(bytes.as_slice());
        let wrong = |row: u64, what: &str| stop(format!("{}, row {row}: {what}", path.display()));
        let Ok(headings) = reader.headers().cloned() else {
            return wrong(1, "not UTF-8 text.");
        };
        let mut places = [0; 5];
        for (place, heading) in places
            .iter_mut()
            .zip(["duty", "test", "person", "verdict", "strength"])
        {
            match headings.iter().position(|h| h == heading) {
                Some(found) => *place = found,
                None => return stop(format!("{} has no column {heading}.", path.display())),
            }
        }
        let mut counts: HashMap<String, [u64; 4]> = HashMap::new();
        let mut classes: Vec<HashMap<String, usize>> = vec![HashMap::new(); tests.len()];
        let mut record = csv::StringRecord::new();
        let mut row = 1;
        loop {
            row += 1;
            match reader.read_record(&mut record) {
                Ok(true) => {}
                Ok(false) => break,
                Err(_) => return wrong(row, "cannot be read as CSV."),
            }
            let [duty, test, person, verdict, strength] =
                places.map(|place| record.get(place).unwrap_or(""));
            let (place, class) = match (verdict, strength) {
                ("not_met", "strong") => (0, 0),
                ("not_met", _) => (1, 0),
                ("cannot_tell", _) => (2, 1),
                ("met", _) => (3, 2),
                _ => return wrong(row, "the verdict is none of met, not_met and cannot_tell."),
            };
            // Looked up before it is copied: most people stand here many times.
            let counted = match counts.get_mut(person) {
                Some(counted) => counted,
                None => counts.entry(person.to_owned()).or_default(),
            };
            if let Some(number) = counted.get_mut(place) {
                *number += 1;
            }
            for (asked, classes) in tests.iter().zip(&mut classes) {
                if asked.split_once('/') == Some((duty, test)) {
                    let worst = classes.entry(person.to_owned()).or_insert(class);
                    *worst = class.min(*worst);
                }
            }
        }
        Ok(Verdicts {
            counts,
            classes,
            sha256: hash,
        })
    }

    /// What the test at this place among those asked for says of a person.
    pub(super) fn class(&self, test: usize, person: &str) -> &'static str {
        let class = self
            .classes
            .get(test)
            .and_then(|classes| classes.get(person))
            .copied()
            .unwrap_or(3);
        CLASSES.get(class).copied().unwrap_or("no occasion")
    }
}

/// A frame as its two files.
pub(super) struct Frame {
    pub csv: Vec<u8>,
    pub note: FrameNote,
}

pub(super) fn run(out: &mut impl Write, args: &FrameArgs) -> Result<(), Failure> {
    if args.out.join(FRAME_CSV).exists() || args.out.join(FRAME_JSON).exists() {
        return stop(format!(
            "{} holds a frame already, and a locked frame is never replaced. Name another folder.",
            args.out.display()
        ));
    }
    let filled = std::fs::read_dir(&args.out).is_ok_and(|mut entries| entries.next().is_some());
    if filled {
        return stop(format!(
            "{} is not empty. A sample has a folder of its own: name another.",
            args.out.display()
        ));
    }
    let frame = make(&args.inspection, &args.only, &args.with_test)?;
    let staged = Staged::new(&args.out, false)?;
    for (name, bytes) in [
        (FRAME_CSV, &frame.csv),
        (FRAME_JSON, &json_bytes(&frame.note)?),
    ] {
        let path = staged.path().join(name);
        std::fs::write(&path, bytes).map_err(|e| super::files::write_failure(&path, e))?;
    }
    staged.finish()?;
    tell(out, &frame.note, &args.out)
}

/// Reads an inspection, checks it against itself, and makes the frame of it.
pub(super) fn make(inspection: &Path, only: &[Filter], tests: &[String]) -> Result<Frame, Failure> {
    let path = inspection.join("inspection.json");
    let (told, inspection_sha256): (Inspection, String) =
        read_json(&path, "the inspection.json of an inspection")?;
    for asked in tests {
        let known = told
            .tests
            .iter()
            .any(|t| asked.split_once('/') == Some((&t.duty, &t.test)));
        if !known {
            return stop(format!(
                "{} has no test {asked}. Give DUTY/TEST as in verdicts.csv.",
                path.display()
            ));
        }
    }
    let columns: Vec<&str> = std::iter::once("person")
        .chain(GROUPS)
        .chain(COUNTS)
        .collect();
    let people = Sheet::read(&inspection.join("people.csv"), &columns)?;
    let verdicts = Verdicts::read(&inspection.join("verdicts.csv"), tests)?;
    reconcile(&people, &told, &verdicts)?;
    let (kept, left_out) = keep(&people, only)?;

    let person = people.column("person")?;
    let mut rows: Vec<(candour_stats::Ticket, &Vec<String>)> = kept
        .into_iter()
        .map(|row| (frame_place(&people.sha256, cell(row, person)), row))
        .collect();
    rows.sort();
    let headings: Vec<&str> = people
        .headings
        .iter()
        .chain(tests)
        .map(String::as_str)
        .collect();
    let csv = csv_bytes(std::iter::once(headings).chain(rows.iter().map(|(_, row)| {
        row.iter()
            .map(String::as_str)
            .chain((0..tests.len()).map(|test| verdicts.class(test, cell(row, person))))
            .collect()
    })))?;
    let mut groups: BTreeMap<String, BTreeMap<String, u64>> = BTreeMap::new();
    for heading in GROUPS {
        let column = people.column(heading)?;
        let counted = groups.entry(heading.to_owned()).or_default();
        for (_, row) in &rows {
            *counted.entry(cell(row, column).to_owned()).or_insert(0) += 1;
        }
    }
    for (place, test) in tests.iter().enumerate() {
        let counted = groups.entry(test.clone()).or_default();
        for (_, row) in &rows {
            let class = verdicts.class(place, cell(row, person));
            *counted.entry(class.to_owned()).or_insert(0) += 1;
        }
    }
    let note = FrameNote {
        format: FORMAT.to_owned(),
        council: told.council,
        as_of: told.as_of,
        identifiers: told.identifiers,
        rulebook_sha256: told.rulebook_sha256,
        inputs: told.inputs,
        inspection_json_sha256: inspection_sha256,
        people_csv_sha256: people.sha256.clone(),
        verdicts_csv_sha256: verdicts.sha256,
        people_in_return: told.people,
        people_in_long_term_support: told.people_in_long_term_support,
        left_out,
        people: rows.len() as u64,
        tests: tests.to_vec(),
        order: ORDER.to_owned(),
        order_key: people.sha256,
        groups,
        frame_sha256: sha256(&csv),
    };
    if note.people == 0 {
        return stop("nobody is left in the frame. Check the values of --only for spelling.");
    }
    Ok(Frame { csv, note })
}

/// people.csv against inspection.json and verdicts.csv: the same people, the same counts, person by person.
fn reconcile(people: &Sheet, told: &Inspection, verdicts: &Verdicts) -> Result<(), Failure> {
    const EDITED: &str = "The file was changed after the inspection: inspect again";
    let name = people.path.display();
    let seen = people.distinct("person")?;
    if people.rows.len() as u64 != told.people {
        return stop(format!(
            "{name} has {} and inspection.json counted {}. {EDITED}.",
            count(people.rows.len() as u64, "person", "people"),
            told.people
        ));
    }
    let supported = people.column("in_long_term_support")?;
    let person = people.column("person")?;
    let columns = COUNTS
        .iter()
        .map(|heading| people.column(heading))
        .collect::<Result<Vec<usize>, Failure>>()?;
    let mut in_support = 0;
    let mut sums = [0u64; 4];
    for (number, row) in people.numbered() {
        match cell(row, supported) {
            "yes" => in_support += 1,
            "no" => {}
            _ => return people.wrong(number, "in_long_term_support is neither yes nor no."),
        }
        let by_verdicts = verdicts
            .counts
            .get(cell(row, person))
            .copied()
            .unwrap_or_default();
        for (((column, heading), sum), expected) in
            columns.iter().zip(COUNTS).zip(&mut sums).zip(by_verdicts)
        {
            let Ok(counted) = cell(row, *column).parse::<u64>() else {
                return people.wrong(number, &format!("{heading} is not a whole number."));
            };
            if counted != expected {
                return people.wrong(
                    number,
                    &format!("{heading} is not what verdicts.csv has for this person. {EDITED}."),
                );
            }
            *sum += counted;
        }
    }
    if in_support != told.people_in_long_term_support {
        return stop(format!(
            "{name} has {in_support} in long-term support and inspection.json counted {}. {EDITED}.",
            told.people_in_long_term_support
        ));
    }
    if verdicts
        .counts
        .keys()
        .any(|p| !seen.contains_key(p.as_str()))
    {
        return stop(format!(
            "verdicts.csv has somebody who is not in {name}. {EDITED}."
        ));
    }
    let [strong, lead, cannot_tell, no_signal] = sums;
    let total = |of: &dyn Fn(&Test) -> u64| -> u64 { told.tests.iter().map(of).sum() };
    for (what, here, there) in [
        (
            "signals",
            strong + lead,
            total(&|t| t.not_met.values().sum()),
        ),
        (
            "cannot tell",
            cannot_tell,
            total(&|t| t.cannot_tell.values().sum()),
        ),
        ("no signal", no_signal, total(&|t| t.met)),
    ] {
        if here != there {
            return stop(format!(
                "{name} and verdicts.csv count {here} of “{what}” and inspection.json {there}. {EDITED}."
            ));
        }
    }
    Ok(())
}

/// The rows that every filter keeps, and how many each left out (those that an earlier one did not).
fn keep<'a>(
    people: &'a Sheet,
    only: &[Filter],
) -> Result<(Vec<&'a Vec<String>>, Vec<LeftOut>), Failure> {
    let mut filters: Vec<(String, Vec<String>)> = Vec::new();
    for filter in only {
        match filters
            .iter_mut()
            .find(|(column, _)| *column == filter.column)
        {
            Some((_, values)) => values.push(filter.value.clone()),
            None => filters.push((filter.column.clone(), vec![filter.value.clone()])),
        }
    }
    let mut rows: Vec<&Vec<String>> = people.rows.iter().collect();
    let mut left_out = Vec::new();
    for (heading, kept) in filters {
        let column = people.column(&heading)?;
        if heading == "person" {
            return stop("--only cannot pick out persons: who is drawn is for the seed to say.");
        }
        for value in &kept {
            if !people.rows.iter().any(|row| cell(row, column) == value) {
                return stop(format!(
                    "nobody in {} has {heading} as --only asks. Check the spelling.",
                    people.path.display()
                ));
            }
        }
        let before = rows.len();
        rows.retain(|row| kept.iter().any(|value| cell(row, column) == value));
        left_out.push(LeftOut {
            column: heading,
            kept,
            people: (before - rows.len()) as u64,
        });
    }
    Ok((rows, left_out))
}

fn tell(out: &mut impl Write, note: &FrameNote, dir: &Path) -> Result<(), Failure> {
    writeln!(
        out,
        "The frame is locked: {}",
        dir.join(FRAME_CSV).display()
    )?;
    writeln!(
        out,
        "  Council {}, as of {}: {} in the return, {} in long-term support. Check both numbers against the council's own.",
        note.council,
        note.as_of,
        count(note.people_in_return, "person", "people"),
        note.people_in_long_term_support
    )?;
    for left in &note.left_out {
        writeln!(
            out,
            "  Only {} {}: {} left out",
            left.column,
            left.kept.join(" or "),
            count(left.people, "person", "people")
        )?;
    }
    writeln!(
        out,
        "  {} in the frame",
        count(note.people, "person", "people")
    )?;
    if note.left_out.is_empty() {
        writeln!(
            out,
            "  That is everybody in the return, also people who only asked. --only in_long_term_support=yes would leave {} out.",
            note.people.saturating_sub(note.people_in_long_term_support)
        )?;
    }
    let small: Vec<String> = note
        .groups
        .iter()
        .map(|(column, groups)| (column, groups.values().filter(|n| **n < SMALL).count()))
        .filter(|(_, n)| *n > 0)
        .map(|(column, n)| format!("{column} {n}"))
        .collect();
    if !small.is_empty() {
        writeln!(
            out,
            "  Groups with fewer than {SMALL} people, of which nothing should be published: {}",
            small.join(", ")
        )?;
    }
    writeln!(out, "  SHA-256 {}", note.frame_sha256)?;
    writeln!(
        out,
        "Next: agree on a seed that nobody can choose, and promise it: candour sample commit {} --help",
        dir.display()
    )?;
    Ok(())
}

/// The frame of a sample folder, as it was locked.
pub(super) struct Locked {
    pub sheet: Sheet,
    pub note: FrameNote,
}

impl Locked {
    pub(super) fn read(dir: &Path) -> Result<Locked, Failure> {
        let path = dir.join(FRAME_JSON);
        let (note, _): (FrameNote, String) = read_json(&path, "the frame.json of a sample")?;
        if note.format != FORMAT {
            return stop(format!(
                "{} is of another version of Candour.",
                path.display()
            ));
        }
        let sheet = Sheet::read(&dir.join(FRAME_CSV), &["person"])?;
        if sheet.sha256 != note.frame_sha256 {
            return stop(format!(
                "{} was changed after it was locked: its SHA-256 is not the one in {}. Put the locked file back.",
                sheet.path.display(),
                FRAME_JSON
            ));
        }
        sheet.distinct("person")?;
        Ok(Locked { sheet, note })
    }
}
