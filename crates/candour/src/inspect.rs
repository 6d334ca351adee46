//! `candour inspect`.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use candour_inspect::{
    Document, InspectError, Inspector, Key, Labels, LocalFacts, document, write_data,
};
use candour_law::Rulebook;
use candour_returns::{Reader, council_of, join};

use crate::args::{Identifiers, InspectArgs};
use crate::failure::Failure;
use crate::output::{Staged, default_key, lies_inside};
use crate::progress::Progress;

pub(crate) fn rulebook(folder: Option<&Path>) -> Result<Rulebook, Failure> {
    Ok(match folder {
        Some(folder) => Rulebook::from_dir(folder).map_err(|source| Failure::RulebookAt {
            path: folder.to_owned(),
            source,
        })?,
        None => Rulebook::built_in()?,
    })
}

pub(crate) fn run(args: &InspectArgs) -> Result<ExitCode, Failure> {
    // Everything that can be found wrong before the work is found before it.
    let mut councils: BTreeMap<String, Vec<PathBuf>> = BTreeMap::new();
    for path in &args.returns {
        councils
            .entry(council_of(path)?)
            .or_default()
            .push(path.clone());
    }
    let rulebook = rulebook(args.rulebook.as_deref())?;
    let inspector = Inspector::new(&rulebook)?;
    let local = match &args.local {
        Some(path) => LocalFacts::from_file(path)?,
        None => LocalFacts::default(),
    };
    let staged = Staged::new(&args.out, args.force)?;
    let key = key(args)?;
    let mut done = Vec::new();
    for (place, (code, paths)) in councils.iter().enumerate() {
        let folder = if councils.len() == 1 {
            PathBuf::new()
        } else {
            PathBuf::from(folder_name(code, place))
        };
        let council = Council {
            inspector: &inspector,
            local: &local,
            key: key.as_ref(),
            args,
            last: place + 1 == councils.len(),
        };
        let document = council.inspect(paths, &staged.path().join(&folder))?;
        done.push((folder, document));
    }
    staged.finish()?;
    if !args.quiet {
        let mut out = std::io::stdout().lock();
        for (folder, document) in &done {
            summary(&mut out, document, &args.out.join(folder))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn key(args: &InspectArgs) -> Result<Option<Key>, Failure> {
    if args.identifiers == Identifiers::Keep {
        return Ok(None);
    }
    let path = match &args.key {
        Some(path) => path.clone(),
        None => default_key()?,
    };
    if lies_inside(&path, &args.out) {
        return Err(Failure::KeyInside { path });
    }
    Ok(Some(Key::from_file(&path)?))
}

/// A council code as a folder name. A code that is no code (too long, or with signs that no code has)
/// is not shown: its council's folder is numbered.
fn folder_name(code: &str, place: usize) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
    if code.len() <= 12 && code.chars().all(plain) {
        code.to_owned()
    } else {
        format!("council_{}", place + 1)
    }
}

struct Council<'a> {
    inspector: &'a Inspector<'a>,
    local: &'a LocalFacts,
    key: Option<&'a Key>,
    args: &'a InspectArgs,
    /// No council comes after it.
    last: bool,
}

impl Council<'_> {
    /// Reads one council's returns, inspects them and writes everything into `folder`.
    fn inspect(&self, paths: &[PathBuf], folder: &Path) -> Result<Document, Failure> {
        let total: u64 = paths
            .iter()
            .filter_map(|p| p.metadata().ok())
            .map(|m| m.len())
            .sum();
        let reading = Progress::new("Reading", total, self.args.quiet);
        let mut reader = Reader::new(self.inspector.settings);
        let mut files = Vec::new();
        let mut before = 0;
        for path in paths {
            let file = reader.read(path, &|bytes| reading.set(before + bytes))?;
            before += file.bytes;
            files.push(file);
        }
        drop(reading);
        let joined = join(&reader, files, self.args.as_of);
        drop(reader);

        let labels = Labels::new(&joined.record, self.key);
        let judging = Progress::new(
            "Testing every duty",
            joined.record.people.len() as u64,
            self.args.quiet,
        );
        let inspection =
            self.inspector
                .inspect(&joined.record, &labels, self.local, &|people| {
                    judging.add(people)
                })?;
        drop(judging);

        let document = document(
            self.inspector,
            &joined,
            &inspection,
            &labels,
            self.local,
            self.args.as_of.is_some(),
        );
        let write = |source| InspectError::Write {
            path: folder.to_owned(),
            source,
        };
        std::fs::create_dir_all(folder).map_err(write)?;
        write_data(
            folder,
            self.inspector,
            &joined,
            &inspection,
            &labels,
            &document,
        )?;
        let report = candour_publish::report(self.inspector, &joined, &inspection, &document);
        std::fs::write(folder.join("report.html"), report).map_err(write)?;
        if self.last {
            // The program is about to end: giving every row's memory back first would only take time.
            std::mem::forget((joined, inspection, labels));
        }
        Ok(document)
    }
}

/// What the analyst wants to see at once: that no row was lost, and where the report is.
fn summary(out: &mut impl Write, document: &Document, folder: &Path) -> Result<(), Failure> {
    let rows = &document.rows;
    let aside: u64 = rows.set_aside.values().sum();
    writeln!(
        out,
        "Council {}, as of {}",
        document.council, document.as_of
    )?;
    writeln!(
        out,
        "  {} rows in = {} used + {} set aside",
        rows.rows_in, rows.used, aside
    )?;
    for (reason, n) in rows.set_aside.iter().filter(|(_, n)| **n > 0) {
        writeln!(out, "    set aside, {}: {n}", reason.replace('_', " "))?;
    }
    let fates: Vec<String> = rows
        .used_as
        .iter()
        .filter(|(_, n)| **n > 0)
        .map(|(fate, n)| format!("{n} {}", fate.replace('_', " ")))
        .collect();
    writeln!(out, "  {} used = {}", rows.used, fates.join(" + "))?;
    writeln!(
        out,
        "  {} people, {} in long-term support",
        document.people, document.people_in_long_term_support
    )?;
    writeln!(out, "  Signals (a signal is not a finding):")?;
    for test in &document.tests {
        let signals: u64 = test.not_met.values().sum();
        let unclear: u64 = test.cannot_tell.values().sum();
        if signals > 0 {
            writeln!(
                out,
                "    {:>7} of {:>7} occasions, {:>7} cannot tell: {} / {} ({}, {})",
                signals, test.occasions, unclear, test.duty, test.test, test.force, test.strength
            )?;
        }
    }
    let alarms: Vec<_> = document.patterns.iter().filter(|p| p.alarm).collect();
    if !alarms.is_empty() {
        writeln!(out, "  Patterns (a pattern is not a finding):")?;
        for pattern in alarms {
            writeln!(out, "    {}: {}", pattern.id, pattern.sentence)?;
        }
    }
    writeln!(out, "  Report: {}", folder.join("report.html").display())?;
    Ok(())
}
