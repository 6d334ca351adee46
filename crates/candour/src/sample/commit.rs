//! The promise: a plan and a seed that nobody can choose, fixed before the seed is known.
//!
//! Whoever knows the frame and may choose the seed can try seeds until they like the draw. So the seed comes from a public
//! source that is named beforehand, or from secrets that several parties seal apart; either is written down with the
//! hashes of frame and plan, and published, before the seed is known.

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use candour_stats::{Draw, Drawn, OTHERS, Request, Target, draw, strata};
use serde::{Deserialize, Serialize};

use super::args::{CommitArgs, Filter, SmallStrata, TargetRule};
use super::files::{
    ALLEGED_CSV, COMMITMENT_JSON, PLAN_JSON, Sheet, cell, csv_bytes, is_sha256, json_bytes, read,
    read_json, sha256, write_new,
};
use super::frame::{Locked, SMALL};
use super::{count, stop};
use crate::failure::Failure;

/// plan.json: what will be drawn.
#[derive(Serialize, Deserialize)]
pub(super) struct Plan {
    pub format: String,
    pub frame_sha256: String,
    pub random: u64,
    /// Empty for a simple random draw.
    pub strata: Vec<String>,
    /// `together` or `apart`.
    pub small_strata: String,
    pub targeted: u64,
    /// A column of counts, or `none`.
    pub target_by: String,
    pub target_where: Vec<Where>,
    /// `most` or `proportional`.
    pub target_rule: String,
    pub alleged: u64,
    pub alleged_sha256: Option<String>,
    pub reserves: String,
}

#[derive(Serialize, Deserialize)]
pub(super) struct Where {
    pub column: String,
    pub value: String,
}

/// commitment.json: what is published before the seed is known.
#[derive(Serialize, Deserialize)]
pub(super) struct Commitment {
    pub format: String,
    pub frame_sha256: String,
    pub plan_sha256: String,
    pub seed: Promise,
    pub note: String,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "from", rename_all = "snake_case")]
pub(super) enum Promise {
    /// A source that everybody can see, and how it is written down.
    Public {
        source: String,
        form: String,
        written: String,
    },
    /// Secrets that were sealed: the seed is all of them in this order, joined by `+`.
    Sealed { parts: Vec<Seal> },
}

#[derive(Serialize, Deserialize)]
pub(super) struct Seal {
    pub name: String,
    /// SHA-256 of `candour-seed-1|NAME|SECRET`.
    pub sha256: String,
}

const PLAN: &str = "candour-plan-1";
const COMMITMENT: &str = "candour-commitment-1";
const RESERVES: &str = "in each stratum as many as are drawn, and at least 3";

/// Shorter secrets could be found by trying them all.
const SHORTEST_SECRET: usize = 16;
const LONGEST: usize = 200;

/// The seal of a secret.
pub(super) fn seal_of(name: &str, secret: &str) -> String {
    sha256(format!("candour-seed-1|{name}|{secret}").as_bytes())
}

/// A text that can be part of a seed and comes back the same from any keyboard.
pub(super) fn plain(text: &str) -> bool {
    !text.is_empty()
        && text.len() <= LONGEST
        && text.trim() == text
        && text
            .chars()
            .all(|c| (c.is_ascii_graphic() || c == ' ') && !matches!(c, '|' | '+'))
}

fn check_name(name: &str) -> Result<(), Failure> {
    if plain(name) && !name.contains('=') {
        Ok(())
    } else {
        stop("a name is made of plain letters, digits and signs other than =, + and |.")
    }
}

pub(super) fn seal(out: &mut impl Write, name: &str) -> Result<(), Failure> {
    check_name(name)?;
    let mut secret = String::new();
    if std::io::stdin()
        .take(4096)
        .read_to_string(&mut secret)
        .is_err()
    {
        return stop("the secret cannot be read from standard input.");
    }
    let secret = secret.trim();
    if !plain(secret) || secret.len() < SHORTEST_SECRET {
        return stop(format!(
            "a secret has {SHORTEST_SECRET} to {LONGEST} plain letters, digits and signs other than + and |: a shorter one could be found by trying. Throw a die 25 times."
        ));
    }
    writeln!(out, "{name}={}", seal_of(name, secret))?;
    Ok(())
}

pub(super) fn run(out: &mut impl Write, args: &CommitArgs) -> Result<(), Failure> {
    let dir = &args.dir;
    if dir.join(COMMITMENT_JSON).exists() {
        return stop(format!(
            "{} holds a commitment already. A second one would let somebody choose between them: lock a new frame in another folder to begin again.",
            dir.display()
        ));
    }
    let locked = Locked::read(dir)?;
    let alleged = match &args.alleged {
        Some(path) => Some(alleged(path)?),
        None => None,
    };
    let plan = plan(args, &locked, alleged.as_deref())?;
    // Everything that would stop the draw stops it now, with a seed that will not be the seed.
    let drawing = Drawing::new(&locked, &plan, alleged.clone().unwrap_or_default())?;
    let trial = drawing.draw("trial", &locked)?;
    let (promise, note) = promise(args)?;
    let plan_bytes = json_bytes(&plan)?;
    let commitment = Commitment {
        format: COMMITMENT.to_owned(),
        frame_sha256: locked.note.frame_sha256.clone(),
        plan_sha256: sha256(&plan_bytes),
        seed: promise,
        note,
    };
    let bytes = json_bytes(&commitment)?;
    // What an earlier try that was stopped half-way left may go; without the commitment it bound nobody.
    for name in [ALLEGED_CSV, PLAN_JSON] {
        let _ = std::fs::remove_file(dir.join(name));
    }
    if let Some(people) = &alleged {
        write_new(&dir.join(ALLEGED_CSV), &alleged_bytes(people)?)?;
    }
    write_new(&dir.join(PLAN_JSON), &plan_bytes)?;
    write_new(&dir.join(COMMITMENT_JSON), &bytes)?;
    tell(
        out,
        dir,
        &plan,
        &trial,
        &drawing,
        &commitment,
        &sha256(&bytes),
    )
}

/// The people on a list of allegations.
fn alleged(path: &Path) -> Result<Vec<String>, Failure> {
    let sheet = Sheet::read(path, &["person"])?;
    sheet.distinct("person")?;
    let column = sheet.column("person")?;
    Ok(sheet
        .rows
        .iter()
        .map(|row| cell(row, column).to_owned())
        .collect())
}

fn alleged_bytes(people: &[String]) -> Result<Vec<u8>, Failure> {
    csv_bytes(
        std::iter::once("person")
            .chain(people.iter().map(String::as_str))
            .map(std::iter::once),
    )
}

fn plan(args: &CommitArgs, locked: &Locked, alleged: Option<&[String]>) -> Result<Plan, Failure> {
    let strata: Vec<String> = if args.strata.iter().any(|column| column == "none") {
        Vec::new()
    } else {
        args.strata.clone()
    };
    if strata.iter().any(|column| column == "person") {
        return stop("people cannot be strata of their own: name other columns for --strata.");
    }
    let alleged_sha256 = match alleged {
        Some(people) => Some(sha256(&alleged_bytes(people)?)),
        None => None,
    };
    if args.random == 0 && args.targeted == 0 && alleged.is_none_or(<[String]>::is_empty) {
        return stop(
            "the plan draws nobody. Ask for files with --random, --targeted or --alleged.",
        );
    }
    Ok(Plan {
        format: PLAN.to_owned(),
        frame_sha256: locked.note.frame_sha256.clone(),
        random: args.random,
        strata,
        small_strata: match args.small_strata {
            SmallStrata::Together => "together",
            SmallStrata::Apart => "apart",
        }
        .to_owned(),
        targeted: args.targeted,
        target_by: args.target_by.clone(),
        target_where: args
            .target_where
            .iter()
            .map(|Filter { column, value }| Where {
                column: column.clone(),
                value: value.clone(),
            })
            .collect(),
        target_rule: match args.target_rule {
            TargetRule::Most => "most",
            TargetRule::Proportional => "proportional",
        }
        .to_owned(),
        alleged: alleged.map_or(0, |people| people.len() as u64),
        alleged_sha256,
        reserves: RESERVES.to_owned(),
    })
}

fn promise(args: &CommitArgs) -> Result<(Promise, String), Failure> {
    if let Some(source) = &args.source {
        if source.trim().is_empty() {
            return stop("name the source of the seed: what, where and on which day.");
        }
        let promise = Promise::Public {
            source: source.trim().to_owned(),
            form: args.form.name(),
            written: args.form.words(),
        };
        return Ok((
            promise,
            "Sound only if this was published before the source was known.".to_owned(),
        ));
    }
    let mut parts: Vec<Seal> = Vec::new();
    for Filter { column, value } in &args.sealed {
        check_name(column)?;
        if !is_sha256(value) {
            return stop(format!(
                "what is sealed by {column} is no SHA-256 in lower-case hex. `candour sample seal {column}` gives it."
            ));
        }
        if parts.iter().any(|p| p.name == *column) {
            return stop(format!(
                "{column} is there twice. Each party seals one secret."
            ));
        }
        parts.push(Seal {
            name: column.clone(),
            sha256: value.clone(),
        });
    }
    let note = if parts.len() == 1 {
        "One party alone chose the seed and could have tried many. Two parties, or a public source, would be better."
    } else {
        "Sound if at least one of the parties chose at random and kept its secret until all had sealed."
    };
    Ok((Promise::Sealed { parts }, note.to_owned()))
}

/// A plan over a frame: all that a draw needs but the seed.
pub(super) struct Drawing {
    pub strata: Vec<String>,
    signals: Vec<u64>,
    alleged: Vec<String>,
    random: u64,
    targeted: u64,
    target: Target,
}

impl Drawing {
    pub(super) fn new(
        locked: &Locked,
        plan: &Plan,
        alleged: Vec<String>,
    ) -> Result<Drawing, Failure> {
        let sheet = &locked.sheet;
        let columns = plan
            .strata
            .iter()
            .map(|heading| sheet.column(heading))
            .collect::<Result<Vec<usize>, Failure>>()?;
        let cells: Vec<Vec<&str>> = sheet
            .rows
            .iter()
            .map(|row| columns.iter().map(|c| cell(row, *c)).collect())
            .collect();
        let names: Vec<&str> = plan.strata.iter().map(String::as_str).collect();
        let by = match plan.target_by.as_str() {
            "none" => None,
            heading => Some(sheet.column(heading)?),
        };
        let wanted = plan
            .target_where
            .iter()
            .map(|w| Ok((sheet.column(&w.column)?, w.value.as_str())))
            .collect::<Result<Vec<(usize, &str)>, Failure>>()?;
        if by.is_none() && wanted.is_empty() && plan.targeted > 0 {
            return stop(
                "--target-by none targets everybody alike, which is a random draw. Name a column, or a group with --target-where.",
            );
        }
        let mut signals = Vec::with_capacity(sheet.rows.len());
        for (number, row) in sheet.numbered() {
            let in_group = wanted
                .iter()
                .all(|(column, value)| cell(row, *column) == *value);
            let size = match by {
                _ if plan.targeted == 0 => 0,
                None => 1,
                Some(column) => match cell(row, column).parse::<u32>() {
                    Ok(size) => u64::from(size),
                    Err(_) => {
                        return sheet.wrong(
                            number,
                            &format!("{} is not a whole number to target by.", plan.target_by),
                        );
                    }
                },
            };
            signals.push(if in_group { size } else { 0 });
        }
        Ok(Drawing {
            strata: strata(&names, &cells, plan.random, plan.small_strata == "together"),
            signals,
            alleged,
            random: plan.random,
            targeted: plan.targeted,
            target: match plan.target_rule.as_str() {
                "most" => Target::Most,
                "proportional" => Target::Proportional,
                _ => return stop("plan.json names no known target_rule."),
            },
        })
    }

    pub(super) fn draw(&self, seed: &str, locked: &Locked) -> Result<Vec<Drawn>, Failure> {
        let person = locked.sheet.column("person")?;
        let people: Vec<&str> = locked
            .sheet
            .rows
            .iter()
            .map(|row| cell(row, person))
            .collect();
        let alleged: Vec<&str> = self.alleged.iter().map(String::as_str).collect();
        draw(&Request {
            seed,
            frame: &locked.note.frame_sha256,
            people: &people,
            strata: &self.strata,
            random: self.random,
            signals: &self.signals,
            targeted: self.targeted,
            target: self.target,
            alleged: &alleged,
        })
        .map_err(|why| Failure::Sample(format!("{why}.")))
    }

    /// People of each stratum of the random draw.
    pub(super) fn sizes(&self) -> BTreeMap<&str, u64> {
        let mut sizes = BTreeMap::new();
        for stratum in &self.strata {
            *sizes.entry(stratum.as_str()).or_insert(0) += 1;
        }
        sizes
    }

    fn with_signals(&self) -> u64 {
        self.signals.iter().filter(|s| **s > 0).count() as u64
    }
}

fn tell(
    out: &mut impl Write,
    dir: &Path,
    plan: &Plan,
    trial: &[Drawn],
    drawing: &Drawing,
    commitment: &Commitment,
    commitment_sha256: &str,
) -> Result<(), Failure> {
    let files = |draw: Draw| {
        trial
            .iter()
            .filter(|d| d.draw == draw && d.probability.is_some())
            .count() as u64
    };
    writeln!(out, "The plan, fixed for frame {}", commitment.frame_sha256)?;
    let sizes = drawing.sizes();
    if plan.random > 0 {
        writeln!(
            out,
            "  random:   {} of {}, in {}",
            count(files(Draw::Random), "file", "files"),
            count(drawing.strata.len() as u64, "person", "people"),
            count(sizes.len() as u64, "stratum", "strata"),
        )?;
        for (stratum, people) in &sizes {
            let drawn = trial
                .iter()
                .find(|d| d.draw == Draw::Random && d.stratum == *stratum)
                .map_or(0, |d| d.stratum_files);
            writeln!(out, "    {drawn:>4} of {people:>6}  {stratum}")?;
        }
        for column in &plan.strata {
            let others = format!("{column}: others");
            let idle = |stratum: &&str| *stratum == OTHERS || stratum.contains(&others);
            if sizes.keys().all(idle) {
                writeln!(
                    out,
                    "  No group by {column} is large enough for a file of its own, so {column} plays no part. Name fewer or coarser columns, or ask for more files."
                )?;
            }
        }
        let small = sizes.values().filter(|n| **n < SMALL).count() as u64;
        if small > 0 {
            writeln!(
                out,
                "  Warning: {} fewer than {SMALL} people. Publish nothing of them alone.",
                count(small, "stratum has", "strata have")
            )?;
        }
    }
    if plan.targeted > 0 {
        let found = files(Draw::Targeted);
        writeln!(
            out,
            "  targeted: {} of {} with signals{}",
            count(found, "file", "files"),
            count(drawing.with_signals(), "person", "people"),
            if found < plan.targeted {
                format!("; {} were asked for and there are no more", plan.targeted)
            } else {
                String::new()
            }
        )?;
    }
    if plan.alleged > 0 {
        writeln!(
            out,
            "  alleged:  {}, all of the list",
            count(files(Draw::Alleged), "file", "files")
        )?;
    }
    writeln!(
        out,
        "  The draws answer different questions and are never added together."
    )?;
    match &commitment.seed {
        Promise::Public {
            source, written, ..
        } => {
            writeln!(out, "The seed will be: {source}")?;
            writeln!(out, "  written as {written}")?;
        }
        Promise::Sealed { parts } => {
            let names: Vec<&str> = parts.iter().map(|p| p.name.as_str()).collect();
            writeln!(out, "The seed is sealed by: {}", names.join(", "))?;
        }
    }
    writeln!(out, "  {}", commitment.note)?;
    writeln!(
        out,
        "Publish {} now (it names nobody), before anybody knows the seed. Its SHA-256 is",
        dir.join(COMMITMENT_JSON).display()
    )?;
    writeln!(out, "  {commitment_sha256}")?;
    Ok(())
}

/// Everything that was promised, found unchanged.
pub(super) struct Promised {
    pub locked: Locked,
    pub plan_sha256: String,
    pub commitment: Commitment,
    pub commitment_sha256: String,
    pub drawing: Drawing,
}

impl Promised {
    pub(super) fn read(dir: &Path) -> Result<Promised, Failure> {
        let path = dir.join(COMMITMENT_JSON);
        if !path.exists() {
            return stop(format!(
                "{} holds no commitment. Promise a seed first: candour sample commit {} --help",
                dir.display(),
                dir.display()
            ));
        }
        let (commitment, commitment_sha256): (Commitment, String) =
            read_json(&path, "the commitment.json of a sample")?;
        let locked = Locked::read(dir)?;
        if locked.note.frame_sha256 != commitment.frame_sha256 {
            return stop(format!(
                "the frame in {} is not the one that the commitment was made for. Put the locked frame back.",
                dir.display()
            ));
        }
        let path = dir.join(PLAN_JSON);
        let (plan, plan_sha256): (Plan, String) = read_json(&path, "the plan.json of a sample")?;
        if plan_sha256 != commitment.plan_sha256 {
            return stop(format!(
                "{} was changed after the commitment. Put the plan back that was promised.",
                path.display()
            ));
        }
        if commitment.format != COMMITMENT || plan.format != PLAN {
            return stop(format!(
                "the plan or commitment in {} is of another version of Candour.",
                dir.display()
            ));
        }
        let alleged = match &plan.alleged_sha256 {
            None => Vec::new(),
            Some(promised) => {
                let path = dir.join(ALLEGED_CSV);
                if sha256(&read(&path)?) != *promised {
                    return stop(format!(
                        "{} was changed after the commitment. Put the list back that was promised.",
                        path.display()
                    ));
                }
                alleged(&path)?
            }
        };
        let drawing = Drawing::new(&locked, &plan, alleged)?;
        Ok(Promised {
            locked,
            plan_sha256,
            commitment,
            commitment_sha256,
            drawing,
        })
    }
}
