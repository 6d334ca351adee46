//! `candour case`: one person's file put to the rulebook, or a folder of them.

use std::fs;
use std::io::{self, Read as _, Write};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::{Mutex, OnceLock, PoisonError};

use candour_casefile::charging::{Charged, Rates, RatesError, Sum};
use candour_casefile::{Board, Case, CaseVerdict, Checked, Engine, Seriousness, Used};
use candour_law::{Rulebook, Value, Verdict, as_decimal};
use rayon::prelude::*;
use serde::{Serialize, Serializer};

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

fn check(folder: Option<&Path>, named: &[PathBuf], in_json: bool) -> Result<ExitCode, Failure> {
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
    let rates = OnceLock::new();
    for batch in files.chunks(BATCH) {
        let results = each(&engine, &idle, batch, |source, checked| {
            // The years' amounts are read only where a file has a charge.
            let charges = if source.contains("weekly_charge_gbp")
                || source.contains("weekly_contribution_gbp")
            {
                let rates: &Result<Rates, RatesError> = rates.get_or_init(|| match folder {
                    Some(folder) => Rates::from_dir(folder),
                    None => Rates::built_in(),
                });
                match rates {
                    Ok(rates) => engine.charges(rates, &checked.case),
                    Err(error) => return Err(Failure::Rates(error.to_string())),
                }
            } else {
                Vec::new()
            };
            let mut text = String::new();
            if in_json {
                text = as_json(checked, &charges, several).map_err(io::Error::from)?;
                text.push('\n');
            } else {
                write_text(&mut text, checked);
                write_charges(&mut text, &charges);
            }
            let fine = checked
                .case
                .problems
                .iter()
                .all(|problem| problem.seriousness == Seriousness::Note);
            Ok((text, told(&checked.case), fine))
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
    what: impl Fn(&str, &Checked<'_>) -> Result<T, Failure> + Sync,
) -> Vec<Result<T, Failure>> {
    let one = |engine: &mut Engine<'r>, path: &PathBuf| {
        let text = text_of(path)?;
        let case = engine.read(&path.display().to_string(), &text);
        let checked = engine.check(case)?;
        what(&text, &checked)
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

/// A value as JSON; unknown is null.
struct Plain(Value);

impl Serialize for Plain {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            Value::Unknown(_) => serializer.serialize_none(),
            Value::Bool(value) => serializer.serialize_bool(value),
            Value::Int(value) => serializer.serialize_i64(value),
            Value::Number(hundredths) if hundredths % 100 == 0 => {
                serializer.serialize_i64(hundredths / 100)
            }
            Value::Number(hundredths) => serializer.serialize_f64(as_decimal(hundredths)),
            Value::Text(text) => serializer.serialize_str(text.as_str()),
        }
    }
}

/// The facts of a verdict by name.
struct Facts<'a>(&'a [Used<'a>]);

impl Serialize for Facts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(
            self.0
                .iter()
                .map(|used| (used.full_name(), Plain(used.value))),
        )
    }
}

/// One verdict, with the keys that `case check --json` promises.
#[derive(Serialize)]
struct VerdictOut<'a> {
    duty: &'a str,
    section: &'a str,
    test: &'a str,
    verdict: &'static str,
    force: &'static str,
    strength: &'static str,
    reason: &'static str,
    because: &'a str,
    facts: Facts<'a>,
}

/// What stands beside each verdict, in the same order.
#[derive(Serialize)]
struct OccasionOut<'a> {
    event: &'static str,
    date: Option<String>,
    /// Places of its events in the file, from 1.
    places: &'a [usize],
    authority: Option<AuthorityOut<'a>>,
    settle: Option<SettleOut<'a>>,
    modified_by: &'a [&'a str],
}

#[derive(Serialize)]
struct AuthorityOut<'a> {
    cite: &'a str,
    confirmed: &'static str,
}

#[derive(Serialize)]
struct SettleOut<'a> {
    fact: &'a str,
    question: &'a str,
    look_for: &'a str,
}

#[derive(Serialize)]
struct ClockOut {
    clock: &'static str,
    from: String,
    last_day: String,
    says: &'static str,
    authority: &'static str,
    confirmed: &'static str,
}

#[derive(Serialize)]
struct UnknownOut<'a> {
    name: &'a str,
    nearest: Option<&'a str>,
}

#[derive(Serialize)]
struct NotReadOut<'a> {
    what: &'a str,
    why: &'static str,
}

/// The contract is `verdicts`; the rest is what else there is to say.
#[derive(Serialize)]
struct ChargeOut<'a> {
    event: &'a str,
    date: Option<String>,
    places: &'a [usize],
    sum: &'a Sum,
}

#[derive(Serialize)]
struct CheckOut<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    file: Option<&'a str>,
    #[serde(rename = "ref", skip_serializing_if = "Option::is_none")]
    reference: Option<&'a str>,
    verdicts: Vec<VerdictOut<'a>>,
    occasions: Vec<OccasionOut<'a>>,
    /// The sum of each weekly charge that the file gives.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    charges: Vec<ChargeOut<'a>>,
    clocks: Vec<ClockOut>,
    problems: Vec<String>,
    unknown_names: Vec<UnknownOut<'a>>,
    not_read: Vec<NotReadOut<'a>>,
}

fn verdict_out<'a>(verdict: &'a CaseVerdict<'_>) -> VerdictOut<'a> {
    VerdictOut {
        duty: &verdict.duty.id,
        section: &verdict.duty.section,
        test: &verdict.test.id,
        verdict: verdict.verdict.as_str(),
        force: verdict.force.as_str(),
        strength: verdict.strength.as_str(),
        reason: verdict.reason.as_str(),
        because: &verdict.because,
        facts: Facts(&verdict.facts),
    }
}

fn occasion_out<'a>(verdict: &'a CaseVerdict<'_>) -> OccasionOut<'a> {
    OccasionOut {
        event: verdict.event.as_str(),
        date: verdict.when.map(|when| when.to_string()),
        places: &verdict.places,
        authority: verdict.authority().map(|authority| AuthorityOut {
            cite: &authority.cite,
            confirmed: authority.confirmed.as_str(),
        }),
        settle: verdict.settle.as_ref().map(|settle| SettleOut {
            fact: settle.fact,
            question: settle.question,
            look_for: settle.look_for,
        }),
        modified_by: &verdict.modified,
    }
}

fn as_json(
    checked: &Checked<'_>,
    charges: &[Charged],
    several: bool,
) -> Result<String, serde_json::Error> {
    let case = &checked.case;
    serde_json::to_string(&CheckOut {
        file: several.then_some(case.file.as_str()),
        reference: case.reference.as_deref(),
        verdicts: checked.verdicts.iter().map(verdict_out).collect(),
        occasions: checked.verdicts.iter().map(occasion_out).collect(),
        charges: charges
            .iter()
            .map(|charged| ChargeOut {
                event: charged.event.as_str(),
                date: charged.when.map(|when| when.to_string()),
                places: &charged.places,
                sum: &charged.sum,
            })
            .collect(),
        clocks: checked
            .clocks
            .iter()
            .map(|end| ClockOut {
                clock: end.clock.id,
                from: end.from.to_string(),
                last_day: end.last.to_string(),
                says: end.clock.says,
                authority: end.clock.authority,
                confirmed: end.clock.confirmed.as_str(),
            })
            .collect(),
        problems: case.problems.iter().map(ToString::to_string).collect(),
        unknown_names: case
            .unknown
            .iter()
            .map(|unknown| UnknownOut {
                name: &unknown.name,
                nearest: unknown.nearest.as_deref(),
            })
            .collect(),
        not_read: case
            .ignored
            .iter()
            .map(|ignored| NotReadOut {
                what: &ignored.what,
                why: ignored.why,
            })
            .collect(),
    })
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

/// The sum of each charge, line by line.
fn write_charges(text: &mut String, charges: &[Charged]) {
    for charged in charges {
        let when = charged
            .when
            .map_or_else(|| "undated".to_owned(), |when| when.to_string());
        text.push_str(&format!(
            "\n  The charge ({}, {when}), worked out\n{}\n",
            charged.event.as_str(),
            charged.sum
        ));
    }
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
        let (given, missing): (Vec<_>, Vec<_>) =
            verdict.facts.iter().partition(|used| !is_absent(used));
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
