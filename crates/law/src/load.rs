//! From files to a rulebook. Every fault is gathered, so that one reading tells
//! its author all of them.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Deserialize;
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};

use crate::check::Problem;
use crate::files::{self, File};
use crate::{
    Clause, ClauseGroup, Duty, FactDef, Modifier, Owner, Param, ReasonDef, Remedies, Rulebook,
    RulebookError, StaffTime, staff_time,
};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Facts {
    fact: Vec<FactDef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reasons {
    reason: Vec<ReasonDef>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Clauses {
    clause: Vec<ClauseGroup>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Modifiers {
    #[serde(rename = "modifier", default)]
    modifiers: Vec<Modifier>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Record {
    param: Vec<RecordParam>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RecordParam {
    id: String,
    value: i64,
    #[serde(default)]
    unit: String,
    owner: Owner,
    why: String,
}

impl Rulebook {
    /// The rulebook this program was built with.
    pub fn built_in() -> Result<Self, RulebookError> {
        Self::whole(&files::built_in())
    }

    /// The rulebook this program was built with, without its pages and worked
    /// examples: all that verdicts need, and the quickest to load.
    pub fn built_in_for_verdicts() -> Result<Self, RulebookError> {
        let Ok(files) = files::lean() else {
            return Self::built_in();
        };
        let (mut rulebook, problems) = load_as(&files, Form::Json);
        if !problems.is_empty() {
            // The whole says what is wrong, in the words of its own files.
            return Self::built_in();
        }
        rulebook.sha256 = fingerprint(files::frozen());
        Ok(rulebook)
    }

    /// The rulebook in a folder.
    pub fn from_dir(root: &Path) -> Result<Self, RulebookError> {
        Self::whole(&files::from_dir(root)?)
    }

    fn whole(files: &[File]) -> Result<Self, RulebookError> {
        let (rulebook, problems) = load(files);
        if problems.is_empty() {
            Ok(rulebook)
        } else {
            Err(RulebookError::Faulty { problems })
        }
    }
}

/// As much of a rulebook as the files make, and what is wrong with the rest.
pub(crate) fn load(files: &[File]) -> (Rulebook, Vec<Problem>) {
    let (mut rulebook, problems) = load_as(files, Form::Toml);
    let named = files
        .iter()
        .map(|(name, text)| (name.as_str(), text.as_str()));
    rulebook.sha256 = fingerprint(named);
    (rulebook, problems)
}

/// How the files are written.
#[derive(Clone, Copy)]
enum Form {
    Toml,
    /// As the build script writes them.
    Json,
}

fn load_as(files: &[File], form: Form) -> (Rulebook, Vec<Problem>) {
    let mut problems = Vec::new();
    let facts: Option<Facts> = needed(files, form, "facts.toml", &mut problems);
    let reasons: Option<Reasons> = needed(files, form, "reasons.toml", &mut problems);
    let clauses: Option<Clauses> = needed(files, form, "clauses.toml", &mut problems);
    let record: Option<Record> = needed(files, form, "record.toml", &mut problems);
    // A rulebook may do without: nothing has then changed the law for a time.
    let modifiers: Option<Modifiers> = files
        .iter()
        .find(|(file, _)| file == "modifiers.toml")
        .and_then(|(name, text)| read(name, text, form, &mut problems));
    // Without it no pattern is looked for.
    let patterns: Option<Record> = files
        .iter()
        .find(|(file, _)| file == "patterns.toml")
        .and_then(|(name, text)| read(name, text, form, &mut problems));

    let staff_time: Option<StaffTime> = files
        .iter()
        .find(|(file, _)| file == staff_time::FILE)
        .and_then(|(name, text)| read(name, text, form, &mut problems));
    if let Some(time) = &staff_time {
        staff_time::check(time, &mut problems);
    }
    let remedies: Option<Remedies> = files
        .iter()
        .find(|(file, _)| file == "remedies.toml")
        .and_then(|(name, text)| read(name, text, form, &mut problems));

    let facts = by_id(
        facts.map_or_else(Vec::new, |all| all.fact),
        "facts.toml",
        "fact",
        &mut problems,
        |fact| &fact.id,
    );
    let reasons = by_id(
        reasons.map_or_else(Vec::new, |all| all.reason),
        "reasons.toml",
        "reason",
        &mut problems,
        |reason| &reason.id,
    );
    let clauses = by_id(
        clauses.map_or_else(Vec::new, |all| all.clause),
        "clauses.toml",
        "clause",
        &mut problems,
        |clause| &clause.id,
    );
    let modifiers = by_id(
        modifiers.map_or_else(Vec::new, |all| all.modifiers),
        "modifiers.toml",
        "modifier",
        &mut problems,
        |modifier| &modifier.id,
    );
    let record = numbers(record, "record.toml", &mut problems);
    let patterns = numbers(patterns, "patterns.toml", &mut problems);

    let mut duties: Vec<Duty> = Vec::new();
    for (name, text) in files {
        let Some(id) = name
            .strip_prefix("duties/")
            .and_then(|name| name.strip_suffix(".toml"))
        else {
            continue;
        };
        let Some(mut duty) = read::<Duty>(name, text, form, &mut problems) else {
            continue;
        };
        if duty.id != id {
            problems.push(Problem::in_file(
                name,
                format!("the duty calls itself `{}`", duty.id),
                format!("name the file `{}.toml` or change its id", duty.id),
            ));
            continue;
        }
        share_clauses(&mut duty, name, &clauses, &mut problems);
        duties.push(duty);
    }
    duties.sort_by(|a, b| a.order().cmp(&b.order()));

    let rulebook = Rulebook {
        duties,
        facts,
        reasons,
        clauses,
        modifiers,
        record,
        patterns,
        staff_time,
        remedies,
        sha256: String::new(),
    };
    (rulebook, problems)
}

/// The numbers of one file by id.
fn numbers(
    file: Option<Record>,
    name: &'static str,
    problems: &mut Vec<Problem>,
) -> BTreeMap<String, Param> {
    by_id(
        file.map_or_else(Vec::new, |all| all.param),
        name,
        "param",
        problems,
        |param| &param.id,
    )
    .into_iter()
    .map(|(id, param)| {
        let RecordParam {
            value,
            unit,
            owner,
            why,
            ..
        } = param;
        (
            id,
            Param {
                value,
                unit,
                owner,
                why,
            },
        )
    })
    .collect()
}

fn needed<T: DeserializeOwned>(
    files: &[File],
    form: Form,
    name: &str,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    match files.iter().find(|(file, _)| file == name) {
        Some((_, text)) => read(name, text, form, problems),
        None => {
            problems.push(Problem::in_file(
                name,
                "the file is missing".to_owned(),
                format!("a rulebook needs a file called {name} at its root"),
            ));
            None
        }
    }
}

/// A file of a rulebook, as TOML; what is wrong with it is added to `problems`.
pub(crate) fn read_toml<T: DeserializeOwned>(
    name: &str,
    text: &str,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    read(name, text, Form::Toml, problems)
}

fn read<T: DeserializeOwned>(
    name: &str,
    text: &str,
    form: Form,
    problems: &mut Vec<Problem>,
) -> Option<T> {
    if let Form::Json = form {
        return match serde_json::from_str(text) {
            Ok(value) => Some(value),
            Err(error) => {
                problems.push(Problem::in_file(
                    name,
                    error.to_string(),
                    "see what `candour duties check` says".to_owned(),
                ));
                None
            }
        };
    }
    match toml::from_str(text) {
        Ok(value) => Some(value),
        Err(error) => {
            let line = error
                .span()
                .and_then(|span| text.get(..span.start))
                .map_or(1, |before| before.matches('\n').count() + 1);
            problems.push(Problem::in_file(
                name,
                format!("line {line}: {}", error.message().replace('\n', " ")),
                "change that line; the other duty files show the form".to_owned(),
            ));
            None
        }
    }
}

fn by_id<T>(
    list: Vec<T>,
    file: &str,
    kind: &str,
    problems: &mut Vec<Problem>,
    id: impl Fn(&T) -> &String,
) -> BTreeMap<String, T> {
    let mut all = BTreeMap::new();
    for one in list {
        let name = id(&one).clone();
        if all.insert(name.clone(), one).is_some() {
            problems.push(Problem::in_file(
                file,
                format!("the {kind} `{name}` is there twice"),
                "keep one of them".to_owned(),
            ));
        }
    }
    all
}

/// Puts the shared clauses a test names before its own.
fn share_clauses(
    duty: &mut Duty,
    file: &str,
    groups: &BTreeMap<String, ClauseGroup>,
    problems: &mut Vec<Problem>,
) {
    for test in &mut duty.tests {
        let mut not_owed: Vec<Clause> = Vec::new();
        let mut cannot_tell: Vec<Clause> = Vec::new();
        for name in &test.clauses {
            if let Some(group) = groups.get(name) {
                not_owed.extend_from_slice(&group.not_owed);
                cannot_tell.extend_from_slice(&group.cannot_tell);
            } else {
                problems.push(Problem::in_test(
                    file,
                    &duty.id,
                    &test.id,
                    format!("there is no group of clauses called `{name}`"),
                    "use a group of clauses.toml, or add it there".to_owned(),
                ));
            }
        }
        not_owed.append(&mut test.not_owed);
        cannot_tell.append(&mut test.cannot_tell);
        test.not_owed = not_owed;
        test.cannot_tell = cannot_tell;
    }
}

/// SHA-256 over each file's path and bytes, each with its length before it, so
/// that no two rulebooks can share one by running into each other.
fn fingerprint<'a>(files: impl Iterator<Item = (&'a str, &'a str)>) -> String {
    let mut sorted: Vec<_> = files.collect();
    sorted.sort();
    let mut hash = Sha256::new();
    for (name, text) in sorted {
        for part in [name, text] {
            hash.update((part.len() as u64).to_be_bytes());
            hash.update(part.as_bytes());
        }
    }
    let mut written = String::with_capacity(64);
    for byte in hash.finalize() {
        // Writing to a String cannot fail.
        let _ = write!(written, "{byte:02x}");
    }
    written
}
