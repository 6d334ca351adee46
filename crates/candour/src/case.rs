//! `candour case`: one person's file put to the rulebook, or a folder of them.

use std::fs;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, PoisonError};

use candour_casefile::{Board, Case, CaseVerdict, Checked, Engine, Seriousness, Used};
use candour_law::{Rulebook, Value, Verdict};
use rayon::prelude::*;
use serde_json::{Map, json};

use crate::args::{CaseArgs, CaseCommand};
use crate::failure::Failure;
use crate::inspect::rulebook;

/// More files than this are worth compiling every test for.
const MANY: usize = 16;
/// Files that are read and checked before their results are printed.
const BATCH: usize = 2_048;
/// Files that one thread takes at a time.
const SHARE: usize = 32;

pub(crate) fn run(args: &CaseArgs) -> Result<ExitCode, Failure> {
    match &args.command {
        CaseCommand::Check { json, files } => check(args.rulebook.as_deref(), files, *json),
        CaseCommand::New => {
            let rulebook = rulebook(args.rulebook.as_deref())?;
            let template = Engine::new(&rulebook)?.template()?;
            io::stdout().write_all(template.as_bytes())?;
            Ok(ExitCode::SUCCESS)
        }
        CaseCommand::Score { dir } => score(args.rulebook.as_deref(), dir),
    }
}

fn check(folder: Option<&Path>, named: &[PathBuf], as_json: bool) -> Result<ExitCode, Failure> {
    let rulebook = match folder {
        Some(_) => rulebook(folder)?,
        None => Rulebook::built_in_for_verdicts()?,
    };
    let mut engine = Engine::new(&rulebook)?;
    let files = gather(named)?;
    let several = files.len() > 1 || named.iter().any(|path| path.is_dir());
    if files.len() > MANY {
        engine.compile()?;
    }
    let mut out = io::BufWriter::with_capacity(1 << 16, io::stdout().lock());
    let mut sound = true;
    let idle = Mutex::default();
    for batch in files.chunks(BATCH) {
        let results = each(&engine, &idle, batch, |_, checked| {
            let mut text = String::new();
            if as_json {
                text.push_str(&as_value(checked, several).to_string());
                text.push('\n');
            } else {
                write_text(&mut text, checked);
            }
            let fine = checked
                .case
                .problems
                .iter()
                .all(|problem| problem.seriousness == Seriousness::Note);
            (text, told(&checked.case), fine)
        });
        for result in results {
            let (text, told, fine) = result?;
            out.write_all(text.as_bytes())?;
            if !told.is_empty() {
                out.flush()?;
                eprint!("{told}");
            }
            sound &= fine;
        }
    }
    out.flush()?;
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

/// Reads and checks every file, on all cores, in order.
fn each<'r, T: Send>(
    engine: &Engine<'r>,
    idle: &Mutex<Vec<Engine<'r>>>,
    files: &[PathBuf],
    what: impl Fn(&str, &Checked<'_>) -> T + Sync,
) -> Vec<Result<T, Failure>> {
    let one = |engine: &mut Engine<'r>, path: &PathBuf| {
        let text = text_of(path)?;
        let case = engine.read(&path.display().to_string(), &text);
        let checked = engine.check(case)?;
        Ok(what(&text, &checked))
    };
    // Threads are not worth starting for one.
    if let [path] = files {
        return vec![one(&mut engine.clone(), path)];
    }
    // What an engine has worked out for one file serves the next: engines go
    // from hand to hand, rather than being made anew for each share of the work.
    files
        .par_chunks(SHARE)
        .map(|share| {
            let kept = idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let mut engine = kept.unwrap_or_else(|| engine.clone());
            let results: Vec<_> = share.iter().map(|path| one(&mut engine, path)).collect();
            idle.lock()
                .unwrap_or_else(PoisonError::into_inner)
                .push(engine);
            results
        })
        .flatten_iter()
        .collect()
}

fn text_of(path: &Path) -> Result<String, Failure> {
    let unreadable = |source| Failure::Case {
        path: path.to_owned(),
        source,
    };
    let mut bytes = Vec::new();
    if path.as_os_str() == "-" {
        io::stdin().read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        bytes = fs::read(path).map_err(unreadable)?;
    }
    Ok(match String::from_utf8(bytes) {
        Ok(text) => text,
        // The reader says what is wrong: such bytes are no JSON outside texts.
        Err(error) => String::from_utf8_lossy(error.as_bytes()).into_owned(),
    })
}

/// The files named, and those of the folders named.
fn gather(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut files = Vec::new();
    for path in named {
        if !path.is_dir() {
            files.push(path.clone());
            continue;
        }
        let unreadable = |source| Failure::Case {
            path: path.clone(),
            source,
        };
        let mut inside = Vec::new();
        for entry in fs::read_dir(path).map_err(unreadable)? {
            let inner = entry.map_err(unreadable)?.path();
            if inner.extension().is_some_and(|kind| kind == "json") {
                inside.push(inner);
            }
        }
        if inside.is_empty() {
            return Err(Failure::NoCases(path.clone()));
        }
        inside.sort();
        files.append(&mut inside);
    }
    Ok(files)
}

/// What is wrong with a file, for the error stream.
fn told(case: &Case) -> String {
    let mut told = String::new();
    for problem in &case.problems {
        told.push_str("candour: ");
        told.push_str(&problem.to_string());
        told.push('\n');
    }
    for unknown in &case.unknown {
        let near = match &unknown.nearest {
            Some(near) => format!("perhaps `{near}` was meant"),
            None => "`candour case new` lists the names that are known".to_owned(),
        };
        told.push_str(&format!(
            "candour: {}, {}: `{}` is no fact that Candour knows, and was left out; {near}.\n",
            case.file, unknown.place, unknown.name
        ));
    }
    told
}

fn plain(value: Value) -> serde_json::Value {
    match value {
        Value::Unknown(_) => serde_json::Value::Null,
        Value::Bool(value) => value.into(),
        Value::Int(value) => value.into(),
        Value::Number(hundredths) if hundredths % 100 == 0 => (hundredths / 100).into(),
        Value::Number(_) => value
            .to_string()
            .parse::<f64>()
            .map_or(serde_json::Value::Null, Into::into),
        Value::Text(text) => text.as_str().into(),
    }
}

/// The contract: `verdicts`, and beside it what else there is to say.
fn as_value(checked: &Checked<'_>, several: bool) -> serde_json::Value {
    let verdicts: Vec<_> = checked
        .verdicts
        .iter()
        .map(|verdict| {
            let facts: Map<String, serde_json::Value> = verdict
                .facts
                .iter()
                .map(|used| (used.full_name(), plain(used.value)))
                .collect();
            json!({
                "duty": verdict.duty.id,
                "section": verdict.duty.section,
                "test": verdict.test.id,
                "verdict": verdict.verdict.as_str(),
                "force": verdict.force.as_str(),
                "strength": verdict.strength.as_str(),
                "reason": verdict.reason.as_str(),
                "because": verdict.because,
                "facts": facts,
            })
        })
        .collect();
    let occasions: Vec<_> = checked
        .verdicts
        .iter()
        .map(|verdict| {
            json!({
                "event": verdict.event.as_str(),
                "date": verdict.when.map(|when| when.to_string()),
                "places": verdict.places,
                "authority": verdict.authority().map(|authority| json!({
                    "cite": authority.cite,
                    "confirmed": authority.confirmed.as_str(),
                })),
                "settle": verdict.settle.as_ref().map(|settle| json!({
                    "fact": settle.fact,
                    "question": settle.question,
                    "look_for": settle.look_for,
                })),
                "modified_by": verdict.modified,
            })
        })
        .collect();
    let clocks: Vec<_> = checked
        .clocks
        .iter()
        .map(|end| {
            json!({
                "clock": end.clock.id,
                "from": end.from.to_string(),
                "last_day": end.last.to_string(),
                "says": end.clock.says,
                "authority": end.clock.authority,
                "confirmed": end.clock.confirmed.as_str(),
            })
        })
        .collect();
    let case = &checked.case;
    let problems: Vec<_> = case.problems.iter().map(ToString::to_string).collect();
    let unknown: Vec<_> = case
        .unknown
        .iter()
        .map(|unknown| json!({ "name": unknown.name, "nearest": unknown.nearest }))
        .collect();
    let not_read: Vec<_> = case
        .ignored
        .iter()
        .map(|ignored| json!({ "what": ignored.what, "why": ignored.why }))
        .collect();
    let mut whole = json!({
        "verdicts": verdicts,
        "occasions": occasions,
        "clocks": clocks,
        "problems": problems,
        "unknown_names": unknown,
        "not_read": not_read,
    });
    if let Some(object) = whole.as_object_mut() {
        if let Some(reference) = &case.reference {
            object.insert("ref".to_owned(), reference.as_str().into());
        }
        if several {
            object.insert("file".to_owned(), case.file.as_str().into());
        }
    }
    whole
}

/// The words of a verdict: what it is called depends on its force and strength.
fn called(verdict: &CaseVerdict<'_>) -> &'static str {
    use candour_law::{Force, Strength};
    match verdict.verdict {
        Verdict::Met => "no signal",
        Verdict::CannotTell => "cannot tell",
        Verdict::NotOwed => "not owed",
        Verdict::NotYetDue => "not yet due",
        Verdict::NotMet => match (verdict.strength, verdict.force) {
            (Strength::Lead, _) => "question to ask",
            (Strength::Strong, Force::Statute) => "breach signal",
            (Strength::Strong, Force::Guidance) => "departs from guidance",
            (Strength::Strong, Force::Benchmark) => "benchmark missed",
        },
    }
}

fn shown(used: &Used<'_>) -> String {
    let value = match used.value {
        Value::Unknown(why) => format!("unknown ({why})"),
        Value::Bool(true) => "yes".to_owned(),
        Value::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    };
    format!("{} = {value}", used.full_name())
}

fn is_absent(used: &Used<'_>) -> bool {
    used.value == Value::unknown("not_recorded") && used.places.is_empty()
}

fn write_text(text: &mut String, checked: &Checked<'_>) {
    let mut line = |words: String| {
        text.push_str(&words);
        text.push('\n');
    };
    let case = &checked.case;
    let name = case.reference.as_deref().unwrap_or(&case.file);
    line(name.to_owned());
    if case.refused() {
        line("  Nothing can be said of this file until it is mended.\n".to_owned());
        return;
    }
    if checked.verdicts.is_empty() {
        line(
            "  No duty that case files are tested for fell due on what this file shows.".to_owned(),
        );
    }
    let mut last = "";
    for verdict in &checked.verdicts {
        if verdict.duty.id != last {
            last = &verdict.duty.id;
            line(format!(
                "\n  {}  {} ({})",
                verdict.duty.section, verdict.duty.title, verdict.duty.id
            ));
            if let Some(authority) = verdict.authority() {
                line(format!(
                    "    {} [{}]",
                    authority.cite,
                    authority.confirmed.as_str()
                ));
            }
        }
        let day = verdict
            .when
            .map_or_else(|| "no date".to_owned(), |when| when.to_string());
        line(format!(
            "    {}: {} ({}), {day}: {}",
            called(verdict),
            verdict.test.title,
            verdict.event,
            verdict.because
        ));
        let (given, missing): (Vec<_>, Vec<_>) = verdict
            .facts
            .iter()
            .partition(|used| !is_absent(used));
        if !given.is_empty() {
            let facts: Vec<_> = given.into_iter().map(shown).collect();
            line(format!("      facts: {}", facts.join("; ")));
        }
        if !missing.is_empty() {
            let names: Vec<_> = missing.into_iter().map(Used::full_name).collect();
            line(format!("      not on file: {}", names.join(", ")));
        }
        if let Some(settle) = &verdict.settle {
            line(format!(
                "      to settle it: {} ({}) Look for: {}",
                settle.question, settle.fact, settle.look_for
            ));
        }
        for modified in &verdict.modified {
            line(format!(
                "      the law was changed for a time on this day: {modified}"
            ));
        }
    }
    if !checked.clocks.is_empty() {
        line("\n  Clocks, counted from the event (from its first day, where only the month or year is known)".to_owned());
        let mut told: Vec<&str> = Vec::new();
        for end in &checked.clocks {
            line(format!(
                "    {} from {}: last day {}",
                end.clock.title, end.from, end.last
            ));
            if !told.contains(&end.clock.id) {
                told.push(end.clock.id);
                line(format!(
                    "      {} {} [{}]",
                    end.clock.says,
                    end.clock.authority,
                    end.clock.confirmed.as_str()
                ));
            }
        }
    }
    if !case.ignored.is_empty() {
        let mut by_why: Vec<(&str, Vec<&str>)> = Vec::new();
        for ignored in &case.ignored {
            match by_why.iter_mut().find(|(why, _)| *why == ignored.why) {
                Some((_, all)) => all.push(&ignored.what),
                None => by_why.push((ignored.why, vec![&ignored.what])),
            }
        }
        line(String::new());
        for (why, all) in by_why {
            line(format!("  Not read ({why}): {}", all.join(", ")));
        }
    }
    line(String::new());
}

fn score(folder: Option<&Path>, dir: &Path) -> Result<ExitCode, Failure> {
    let rulebook = rulebook(folder)?;
    let mut engine = Engine::new(&rulebook)?;
    engine.compile()?;
    let mut board = Board::default();
    for path in gather(&[dir.to_owned()])? {
        let text = text_of(&path)?;
        let case = engine.read(&path.display().to_string(), &text);
        for problem in &case.problems {
            eprintln!("candour: {problem}");
        }
        let checked = engine.check(case)?;
        board.add(&text, &checked);
    }
    write!(io::stdout().lock(), "{board}")?;
    Ok(ExitCode::SUCCESS)
}
