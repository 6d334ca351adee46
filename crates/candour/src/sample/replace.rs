//! Replacements: the next reserve of the same draw and stratum, for a reason that stays on the record.

use std::fs::{File, OpenOptions};
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::Path;

use super::args::{DrawName, ReplaceArgs};
use super::draw::DrawnFile;
use super::files::{REPLACEMENTS_CSV, Sheet, cell, csv_bytes, write_failure};
use super::stop;
use crate::failure::Failure;

/// A row of drawn.csv.
#[derive(Clone)]
pub(super) struct Member {
    pub draw: String,
    pub stratum: String,
    pub drawn: bool,
    pub person: String,
    pub stratum_people: u64,
}

pub(super) fn members(sheet: &Sheet) -> Result<Vec<Member>, Failure> {
    let columns = ["draw", "stratum", "status", "person", "stratum_people"]
        .iter()
        .map(|heading| sheet.column(heading))
        .collect::<Result<Vec<usize>, Failure>>()?;
    let at = |row: &[String], place: usize| -> String {
        columns
            .get(place)
            .map_or("", |column| cell(row, *column))
            .to_owned()
    };
    sheet
        .numbered()
        .map(|(number, row)| {
            let Ok(stratum_people) = at(row, 4).parse() else {
                return sheet.wrong(number, "stratum_people is not a whole number.");
            };
            Ok(Member {
                draw: at(row, 0),
                stratum: at(row, 1),
                drawn: at(row, 2) == "drawn",
                person: at(row, 3),
                stratum_people,
            })
        })
        .collect()
}

const COLUMNS: [&str; 7] = [
    "number",
    "draw",
    "stratum",
    "person_out",
    "reason",
    "note",
    "person_in",
];

/// A row of replacements.csv.
pub(super) struct Replacement {
    pub draw: String,
    pub out: String,
    pub reason: String,
    /// Empty when no reserve was left.
    pub new: String,
}

pub(super) struct Replacements {
    pub rows: Vec<Replacement>,
}

impl Replacements {
    /// Reads and checks replacements.csv: each is of somebody who stood in the sample, by the next reserve.
    pub(super) fn read(dir: &Path, drawn: &DrawnFile) -> Result<Replacements, Failure> {
        let path = dir.join(REPLACEMENTS_CSV);
        match std::fs::read(&path) {
            Ok(bytes) => Replacements::of(&path, &bytes, drawn),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                Ok(Replacements { rows: Vec::new() })
            }
            Err(source) => Err(Failure::Case { path, source }),
        }
    }

    fn of(path: &Path, bytes: &[u8], drawn: &DrawnFile) -> Result<Replacements, Failure> {
        let mut done = Replacements { rows: Vec::new() };
        if bytes.is_empty() {
            return Ok(done);
        }
        let sheet = Sheet::of(path, bytes, &COLUMNS)?;
        let places = COLUMNS
            .iter()
            .map(|heading| sheet.column(heading))
            .collect::<Result<Vec<usize>, Failure>>()?;
        for (number, row) in sheet.numbered() {
            let at = |place: usize| places.get(place).map_or("", |column| cell(row, *column));
            if at(0) != (number - 1).to_string() {
                return sheet.wrong(number, "is not the next number. Was a row taken out?");
            }
            let Some(member) = done
                .sample(drawn)
                .find(|m| m.draw == at(1) && m.person == at(3))
                .cloned()
            else {
                return sheet.wrong(number, "person_out did not stand in the sample then.");
            };
            let next = done.next(drawn, &member).map_or("", |m| m.person.as_str());
            if next != at(6) || member.stratum != at(2) {
                return sheet.wrong(number, "person_in is not the next reserve of the stratum.");
            }
            done.rows.push(Replacement {
                draw: at(1).to_owned(),
                out: at(3).to_owned(),
                reason: at(4).to_owned(),
                new: at(6).to_owned(),
            });
        }
        Ok(done)
    }

    fn is_out(&self, member: &Member) -> bool {
        self.rows
            .iter()
            .any(|r| r.draw == member.draw && r.out == member.person)
    }

    fn is_in(&self, member: &Member) -> bool {
        self.rows
            .iter()
            .any(|r| r.draw == member.draw && r.new == member.person)
    }

    /// Who is in the sample now: drawn or come in, and not gone out.
    pub(super) fn sample<'a>(&'a self, drawn: &'a DrawnFile) -> impl Iterator<Item = &'a Member> {
        drawn
            .rows
            .iter()
            .filter(|m| (m.drawn || self.is_in(m)) && !self.is_out(m))
    }

    /// The first reserve of the same draw and stratum that has not come in yet.
    fn next<'a>(&self, drawn: &'a DrawnFile, gone: &Member) -> Option<&'a Member> {
        drawn.rows.iter().find(|m| {
            m.draw == gone.draw && m.stratum == gone.stratum && !m.drawn && !self.is_in(m)
        })
    }
}

/// The file, held so that nobody else appends meanwhile.
fn held(path: &Path) -> Result<(File, Vec<u8>), Failure> {
    let open = || -> std::io::Result<(File, Vec<u8>)> {
        let mut file = OpenOptions::new()
            .read(true)
            .append(true)
            .create(true)
            .open(path)?;
        file.lock()?;
        let mut bytes = Vec::new();
        file.seek(SeekFrom::Start(0))?;
        file.read_to_end(&mut bytes)?;
        Ok((file, bytes))
    };
    open().map_err(|source| write_failure(path, source))
}

pub(super) fn run(out: &mut impl Write, args: &ReplaceArgs) -> Result<(), Failure> {
    let drawn = DrawnFile::read(&args.dir)?;
    let note = args.note.as_deref().unwrap_or("").trim();
    if note.chars().any(char::is_control) || note.chars().count() > 200 {
        return stop("a note is one line of at most 200 characters.");
    }
    let only = args.draw.map(|draw| match draw {
        DrawName::Random => "random",
        DrawName::Targeted => "targeted",
        DrawName::Alleged => "alleged",
    });
    let path = args.dir.join(REPLACEMENTS_CSV);
    // Nobody is looked for before the file is there only for us; one made for nothing is empty, which is none.
    let (mut file, bytes) = held(&path)?;
    let mut done = Replacements::of(&path, &bytes, &drawn)?;
    let gone: Vec<Member> = done
        .sample(&drawn)
        .filter(|m| m.person == args.person && only.is_none_or(|draw| m.draw == draw))
        .cloned()
        .collect();
    if gone.is_empty() {
        let before = done.rows.iter().any(|r| r.out == args.person);
        if bytes.is_empty() {
            let _ = std::fs::remove_file(&path);
        }
        return stop(if before {
            "this person has been replaced already.".to_owned()
        } else {
            format!(
                "this person does not stand in the sample{}. Give the person as in drawn.csv, with status drawn or come in for somebody.",
                only.map_or(String::new(), |draw| format!(" of the {draw} draw"))
            )
        });
    }
    let mut rows: Vec<Vec<String>> = Vec::new();
    if bytes.is_empty() {
        rows.push(COLUMNS.iter().map(|c| (*c).to_owned()).collect());
    }
    let mut told = Vec::new();
    for member in &gone {
        let new = done
            .next(&drawn, member)
            .map_or_else(String::new, |m| m.person.clone());
        told.push(match (new.as_str(), member.draw.as_str()) {
            ("", "alleged") => "alleged: nobody takes the place of an allegation; it stays on the record as not read".to_owned(),
            ("", draw) => format!("{draw}: no reserve is left in this stratum; the file is missing and is counted as not read"),
            (new, draw) => format!("{draw}: {new} comes in, next in order of the same stratum"),
        });
        rows.push(vec![
            (done.rows.len() + 1).to_string(),
            member.draw.clone(),
            member.stratum.clone(),
            member.person.clone(),
            args.reason.name().to_owned(),
            note.to_owned(),
            new.clone(),
        ]);
        done.rows.push(Replacement {
            draw: member.draw.clone(),
            out: member.person.clone(),
            reason: args.reason.name().to_owned(),
            new,
        });
    }
    let text = csv_bytes(rows)?;
    file.write_all(&text)
        .and_then(|()| file.sync_all())
        .map_err(|source| write_failure(&path, source))?;
    for line in told {
        writeln!(out, "{line}")?;
    }
    writeln!(
        out,
        "{} on the record in {}",
        super::count(done.rows.len() as u64, "replacement", "replacements"),
        path.display()
    )?;
    Ok(())
}
