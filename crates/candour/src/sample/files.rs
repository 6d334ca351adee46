//! The files of a sample: read with errors that say where, written whole or not at all.

use std::collections::HashMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use serde::Serialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use super::stop;
use crate::failure::Failure;

pub(super) const FRAME_CSV: &str = "frame.csv";
pub(super) const FRAME_JSON: &str = "frame.json";
pub(super) const PLAN_JSON: &str = "plan.json";
pub(super) const ALLEGED_CSV: &str = "alleged.csv";
pub(super) const COMMITMENT_JSON: &str = "commitment.json";
pub(super) const DRAWN_CSV: &str = "drawn.csv";
pub(super) const DRAW_JSON: &str = "draw.json";
pub(super) const REPLACEMENTS_CSV: &str = "replacements.csv";

pub(super) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

pub(super) fn is_sha256(text: &str) -> bool {
    text.len() == 64
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b))
}

pub(super) fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(path).map_err(|source| Failure::Case {
        path: path.to_owned(),
        source,
    })
}

pub(super) fn write_failure(path: &Path, source: std::io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        source,
        advice: "Check that the folder may be written to and that the disk has room.",
    }
}

/// Puts a whole file in place. One that is there stays, and is an error: what was locked is never replaced.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> Result<(), Failure> {
    let name = path
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    let aside = path.with_file_name(format!(".{name}.part-{}", std::process::id()));
    let place = || -> std::io::Result<()> {
        let mut file = fs::File::create(&aside)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        drop(file);
        // A link fails when the name is taken; a rename would replace what is there.
        fs::hard_link(&aside, path)
    };
    let done = place();
    let _ = fs::remove_file(&aside);
    match done {
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => stop(format!(
            "{} is there already and is never replaced. Lock a new frame in another folder to begin again.",
            path.display()
        )),
        done => done.map_err(|source| write_failure(path, source)),
    }
}

pub(super) fn json_bytes(value: &impl Serialize) -> Result<Vec<u8>, Failure> {
    let mut bytes = serde_json::to_vec_pretty(value)
        .map_err(|error| Failure::Print(std::io::Error::other(error)))?;
    bytes.push(b'\n');
    Ok(bytes)
}

/// Reads a JSON file of ours with the hash of its bytes.
pub(super) fn read_json<T: DeserializeOwned>(
    path: &Path,
    is: &str,
) -> Result<(T, String), Failure> {
    let bytes = read(path)?;
    match serde_json::from_slice(&bytes) {
        Ok(value) => Ok((value, sha256(&bytes))),
        // serde's message may quote a value; its place does not.
        Err(error) => stop(format!(
            "{} is not {is}: line {}, column {} cannot be read. It was changed, or is of another version of Candour.",
            path.display(),
            error.line(),
            error.column()
        )),
    }
}

/// A CSV file with a heading for every column.
pub(super) struct Sheet {
    pub path: PathBuf,
    pub headings: Vec<String>,
    pub rows: Vec<Vec<String>>,
    pub sha256: String,
}

impl Sheet {
    pub(super) fn read(path: &Path, columns: &[&str]) -> Result<Sheet, Failure> {
        Sheet::of(path, &read(path)?, columns)
    }

    /// Every row has as many cells as there are headings, and the columns asked for are there.
    pub(super) fn of(path: &Path, bytes: &[u8], columns: &[&str]) -> Result<Sheet, Failure> {
        let name = path.display();
        let text = match std::str::from_utf8(bytes) {
            Ok(text) => text.strip_prefix('\u{feff}').unwrap_or(text),
            Err(error) => {
                let row = bytes
                    .iter()
                    .take(error.valid_up_to())
                    .filter(|b| **b == b'\n')
                    .count()
                    + 1;
                return stop(format!(
                    "{name}, line {row}: not UTF-8 text. Save the file as CSV UTF-8 and try again."
                ));
            }
        };
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut headings: Vec<String> = Vec::new();
        let mut rows = Vec::new();
        for (place, record) in reader.records().enumerate() {
            let Ok(record) = record else {
                return stop(format!("{name}, row {}: cannot be read as CSV.", place + 1));
            };
            let cells: Vec<String> = record.iter().map(str::to_owned).collect();
            if place == 0 {
                headings = cells;
            } else if cells.len() == headings.len() {
                rows.push(cells);
            } else {
                return stop(format!(
                    "{name}, row {}: {} cells where the heading has {}. Was the file edited?",
                    place + 1,
                    cells.len(),
                    headings.len()
                ));
            }
        }
        let sheet = Sheet {
            path: path.to_owned(),
            headings,
            rows,
            sha256: sha256(bytes),
        };
        for column in columns {
            sheet.column(column)?;
        }
        for (place, heading) in sheet.headings.iter().enumerate() {
            if sheet.headings.iter().take(place).any(|h| h == heading) {
                return stop(format!("{name}, row 1: two columns have the same heading."));
            }
        }
        Ok(sheet)
    }

    /// The place of a column.
    pub(super) fn column(&self, heading: &str) -> Result<usize, Failure> {
        match self.headings.iter().position(|h| h == heading) {
            Some(place) => Ok(place),
            None => stop(format!(
                "{} has no column {heading}. Its columns must have the headings in row 1.",
                self.path.display()
            )),
        }
    }

    /// The rows with their numbers as a spreadsheet shows them: the heading is row 1.
    pub(super) fn numbered(&self) -> impl Iterator<Item = (usize, &Vec<String>)> {
        self.rows.iter().enumerate().map(|(i, row)| (i + 2, row))
    }

    /// Says where and what is wrong, and no more.
    pub(super) fn wrong<T>(&self, row: usize, what: &str) -> Result<T, Failure> {
        stop(format!("{}, row {row}: {what}", self.path.display()))
    }

    /// Every value of a column once, or an error with both rows.
    pub(super) fn distinct(&self, heading: &str) -> Result<HashMap<&str, usize>, Failure> {
        let column = self.column(heading)?;
        let mut seen: HashMap<&str, usize> = HashMap::with_capacity(self.rows.len());
        for (number, row) in self.numbered() {
            let value = cell(row, column);
            if value.is_empty() {
                return self.wrong(number, &format!("column {heading} is empty."));
            }
            if let Some(first) = seen.insert(value, number) {
                return self.wrong(
                    number,
                    &format!("the same {heading} as in row {first}. Each may stand once."),
                );
            }
        }
        Ok(seen)
    }
}

pub(super) fn cell(row: &[String], column: usize) -> &str {
    row.get(column).map_or("", String::as_str)
}

/// CSV text with `\n` at the end of each row.
pub(super) fn csv_bytes<R, C>(rows: impl IntoIterator<Item = R>) -> Result<Vec<u8>, Failure>
where
    R: IntoIterator<Item = C>,
    C: AsRef<[u8]>,
{
    let mut writer = csv::WriterBuilder::new().from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row)
            .map_err(|error| Failure::Print(std::io::Error::other(error)))?;
    }
    writer
        .into_inner()
        .map_err(|error| Failure::Print(std::io::Error::other(error.to_string())))
}
