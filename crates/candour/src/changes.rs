//! `candour duties changes`: what a change of rules changes, on the reference council and on decided cases.

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use candour_casefile::Engine;
use candour_inspect::{Inspector, Labels, LocalFacts};
use candour_law::Rulebook;
use candour_returns::{Reader, join};
use candour_synth::{Noise, Options, Release, synthesise};

use crate::failure::Failure;
use crate::inspect::rulebook;

/// The reference council: small enough for every change of a rule, with every way of turning out.
const PEOPLE: usize = 6_000;
const SEED: u64 = 2016;
/// Examples printed of one kind of change.
const EXAMPLES: usize = 3;

/// Where a verdict stands → what it is, with its reason.
type Verdicts = BTreeMap<(String, String), String>;

pub(crate) fn run(
    out: &mut impl Write,
    from: &Path,
    to: Option<&Path>,
    cases: Option<&Path>,
) -> Result<ExitCode, Failure> {
    let (old, new) = (rulebook(Some(from))?, rulebook(to)?);
    if old.sha256 == new.sha256 {
        writeln!(out, "The two rulebooks are the same: nothing changes.")?;
        return Ok(ExitCode::SUCCESS);
    }
    writeln!(
        out,
        "On the reference council ({PEOPLE} made-up people, two returns):"
    )?;
    let folder = Scratch::new()?;
    let options = Options {
        people: PEOPLE,
        seed: SEED,
        release: Release::Mixed,
        noise: Noise::Messy,
        years: 2,
        plant: Vec::new(),
        since: None,
    };
    let files = synthesise(&options, &folder.0)?.files;
    print(out, &on_council(&old, &files)?, &on_council(&new, &files)?)?;
    if let Some(cases) = cases {
        writeln!(out, "On the case files in {}:", cases.display())?;
        print(out, &on_cases(&old, cases)?, &on_cases(&new, cases)?)?;
    }
    Ok(ExitCode::SUCCESS)
}

/// A folder that goes when it is no longer needed.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Scratch, Failure> {
        let path = std::env::temp_dir().join(format!("candour-changes-{}", std::process::id()));
        fs::create_dir_all(&path).map_err(|source| unwritable(&path, source))?;
        Ok(Scratch(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn unwritable(path: &Path, source: std::io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        source,
        advice: "Check that the folder may be read and written to.",
    }
}

fn on_council(rulebook: &Rulebook, files: &[PathBuf]) -> Result<Verdicts, Failure> {
    let inspector = Inspector::new(rulebook)?;
    let mut reader = Reader::new(inspector.settings);
    let mut read = Vec::new();
    for file in files {
        read.push(reader.read(file, &|_| {})?);
    }
    let joined = join(&reader, read, None);
    let labels = Labels::new(&joined.record, None);
    let inspection = inspector.inspect(&joined.record, &labels, &LocalFacts::default(), &|_| {})?;
    let mut verdicts = Verdicts::new();
    for result in &inspection.results {
        let Some((duty, test)) = inspector.test_of(result) else {
            continue;
        };
        for row in &result.verdicts {
            let Some(outcome) = result.outcome(row) else {
                continue;
            };
            let place = format!("{} on {} ({})", labels.of(row.person), row.day, row.ordinal);
            let said = format!("{} ({})", outcome.verdict.as_str(), outcome.reason.as_str());
            verdicts.insert((format!("{} / {}", duty.id, test.id), place), said);
        }
    }
    Ok(verdicts)
}

fn on_cases(rulebook: &Rulebook, folder: &Path) -> Result<Verdicts, Failure> {
    let mut engine = Engine::new(rulebook)?;
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .map_err(|source| unwritable(folder, source))?
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| path.extension().is_some_and(|e| e == "json"))
        .collect();
    paths.sort();
    let mut verdicts = Verdicts::new();
    for path in paths {
        let text = fs::read_to_string(&path).map_err(|source| unwritable(&path, source))?;
        let name = path
            .file_stem()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        let case = engine.read(&name, &text);
        for v in engine.check(case)?.verdicts {
            let place = format!("{name}, {} {:?}", v.event.as_str(), v.places);
            let said = format!("{} ({})", v.verdict.as_str(), v.reason.as_str());
            verdicts.insert((format!("{} / {}", v.duty.id, v.test.id), place), said);
        }
    }
    Ok(verdicts)
}

/// Prints what differs, by test and by what it was and is.
fn print(out: &mut impl Write, old: &Verdicts, new: &Verdicts) -> Result<(), Failure> {
    const NOTHING: &str = "no verdict";
    let mut changes: BTreeMap<(&str, &str, &str), Vec<&str>> = BTreeMap::new();
    for (key, was) in old {
        let is = new.get(key).map_or(NOTHING, String::as_str);
        if is != was {
            changes.entry((&key.0, was, is)).or_default().push(&key.1);
        }
    }
    for (key, is) in new.iter().filter(|(key, _)| !old.contains_key(*key)) {
        changes
            .entry((&key.0, NOTHING, is))
            .or_default()
            .push(&key.1);
    }
    if changes.is_empty() {
        writeln!(out, "  none of {} verdicts changes", old.len())?;
    }
    for ((test, was, is), places) in changes {
        writeln!(out, "  {test}: {} from {was} to {is}", places.len())?;
        for place in places.iter().take(EXAMPLES) {
            writeln!(out, "      such as {place}")?;
        }
    }
    Ok(())
}
