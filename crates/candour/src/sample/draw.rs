//! The draw, and the draw made again.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use candour_stats::{Draw, Drawn};
use serde::{Deserialize, Serialize};

use super::args::{CheckArgs, DrawArgs, Filter, form};
use super::commit::{Commitment, Promise, Promised, plain, seal_of};
use super::files::{
    DRAW_JSON, DRAWN_CSV, FRAME_CSV, Sheet, csv_bytes, json_bytes, read, read_json, sha256,
    write_new,
};
use super::replace::{Member, Replacements, members};
use super::{count, frame, stop};
use crate::failure::Failure;

/// draw.json: the seed, and what hangs on it.
#[derive(Serialize, Deserialize)]
pub(super) struct DrawNote {
    pub format: String,
    pub seed: String,
    pub frame_sha256: String,
    pub plan_sha256: String,
    pub commitment_sha256: String,
    pub drawn_sha256: String,
    pub random: u64,
    pub targeted: u64,
    pub alleged: u64,
    /// People drawn, each counted once: the number of files to read.
    pub files_to_read: u64,
}

const FORMAT: &str = "candour-draw-1";
pub(super) const COLUMNS: [&str; 8] = [
    "draw",
    "stratum",
    "order",
    "status",
    "person",
    "probability",
    "stratum_people",
    "stratum_files",
];

pub(super) fn run(out: &mut impl Write, args: &DrawArgs) -> Result<(), Failure> {
    let dir = &args.dir;
    let promised = Promised::read(dir)?;
    if dir.join(DRAW_JSON).exists() {
        return stop(format!(
            "{} is drawn already. `candour sample check {}` makes the draw again and compares.",
            dir.display(),
            dir.display()
        ));
    }
    let seed = seed(&promised.commitment, &args.seed)?;
    let drawn = promised.drawing.draw(&seed, &promised.locked)?;
    let csv = drawn_bytes(&drawn)?;
    let note = note(&promised, &seed, &drawn, &csv);
    // A draw that was stopped half-way left its list at most: the same seed gives it again.
    let _ = std::fs::remove_file(dir.join(DRAWN_CSV));
    write_new(&dir.join(DRAWN_CSV), &csv)?;
    write_new(&dir.join(DRAW_JSON), &json_bytes(&note)?)?;

    writeln!(out, "Drawn: {}", dir.join(DRAWN_CSV).display())?;
    writeln!(
        out,
        "  random {}, targeted {}, alleged {}: {} to read, for somebody in several draws has one",
        note.random,
        note.targeted,
        note.alleged,
        count(note.files_to_read, "file", "files")
    )?;
    let reserves = drawn.iter().filter(|d| d.probability.is_none()).count();
    writeln!(out, "  {reserves} in reserve, in order")?;
    writeln!(out, "  Seed {seed}")?;
    writeln!(out, "  SHA-256 of {DRAWN_CSV} {}", note.drawn_sha256)?;
    writeln!(
        out,
        "Anyone with the folder can draw again: candour sample check {}",
        dir.display()
    )?;
    Ok(())
}

/// The seed as promised, or why this is not it. The seed itself is never in an error.
fn seed(commitment: &Commitment, given: &[String]) -> Result<String, Failure> {
    match &commitment.seed {
        Promise::Public {
            form: promised,
            written,
            ..
        } => {
            let [seed] = given else {
                return stop("the seed that was promised is one text: give --seed once.");
            };
            let seed = seed.trim();
            let form = form(promised).map_err(|_| {
                Failure::Sample("the commitment names no known form of a seed.".into())
            })?;
            if !plain(seed) || !form.fits(seed) {
                return stop(format!(
                    "this seed is not written as was promised: {written}. Only plain letters, digits and signs other than + and | may stand in it."
                ));
            }
            Ok(seed.to_owned())
        }
        Promise::Sealed { parts } => {
            let mut secrets: HashMap<&str, &str> = HashMap::new();
            for text in given {
                let Some((name, secret)) = text.split_once('=') else {
                    return stop("the seed was sealed: give each part as --seed NAME=SECRET.");
                };
                if secrets.insert(name, secret.trim()).is_some() {
                    return stop("a part of the seed is given twice.");
                }
            }
            let mut seed = Vec::new();
            for part in parts {
                let Some(secret) = secrets.remove(part.name.as_str()) else {
                    return stop(format!(
                        "the part of the seed that {} sealed is missing: --seed {}=SECRET.",
                        part.name, part.name
                    ));
                };
                if !plain(secret) || seal_of(&part.name, secret) != part.sha256 {
                    return stop(format!(
                        "this is not what {} sealed: its SHA-256 is not the one in the commitment. Nothing is drawn.",
                        part.name
                    ));
                }
                seed.push(secret);
            }
            if !secrets.is_empty() {
                return stop("a part of the seed is given that nobody sealed.");
            }
            Ok(seed.join("+"))
        }
    }
}

/// Whether a seed that was used is the one that was promised.
fn keeps(commitment: &Commitment, seed: &str) -> bool {
    match &commitment.seed {
        Promise::Public { form: promised, .. } => {
            plain(seed) && form(promised).is_ok_and(|form| form.fits(seed))
        }
        Promise::Sealed { parts } => {
            let secrets: Vec<&str> = seed.split('+').collect();
            secrets.len() == parts.len()
                && parts
                    .iter()
                    .zip(secrets)
                    .all(|(part, secret)| seal_of(&part.name, secret) == part.sha256)
        }
    }
}

fn note(promised: &Promised, seed: &str, drawn: &[Drawn], csv: &[u8]) -> DrawNote {
    let files = || drawn.iter().filter(|d| d.probability.is_some());
    let of = |draw: Draw| files().filter(|d| d.draw == draw).count() as u64;
    DrawNote {
        format: FORMAT.to_owned(),
        seed: seed.to_owned(),
        frame_sha256: promised.locked.note.frame_sha256.clone(),
        plan_sha256: promised.plan_sha256.clone(),
        commitment_sha256: promised.commitment_sha256.clone(),
        drawn_sha256: sha256(csv),
        random: of(Draw::Random),
        targeted: of(Draw::Targeted),
        alleged: of(Draw::Alleged),
        files_to_read: files()
            .map(|d| d.person.as_str())
            .collect::<BTreeSet<_>>()
            .len() as u64,
    }
}

fn drawn_bytes(drawn: &[Drawn]) -> Result<Vec<u8>, Failure> {
    let headings: Vec<String> = COLUMNS.iter().map(|c| (*c).to_owned()).collect();
    csv_bytes(std::iter::once(headings).chain(drawn.iter().map(|d| {
        vec![
            d.draw.as_str().to_owned(),
            d.stratum.clone(),
            d.order.to_string(),
            if d.probability.is_some() {
                "drawn"
            } else {
                "reserve"
            }
            .to_owned(),
            d.person.clone(),
            d.probability.map_or(String::new(), |p| format!("{p:.6}")),
            d.stratum_people.to_string(),
            d.stratum_files.to_string(),
        ]
    })))
}

/// What a check found: in words, and whether it is as it should be.
#[derive(Serialize)]
struct Point {
    checked: &'static str,
    right: bool,
    found: String,
}

pub(super) fn check(out: &mut impl Write, args: &CheckArgs) -> Result<ExitCode, Failure> {
    let points = points(args)?;
    let right = points.iter().all(|p| p.right);
    if args.json {
        out.write_all(&json_bytes(
            &serde_json::json!({"right": right, "points": points}),
        )?)?;
    } else {
        for point in &points {
            let mark = if point.right { "right" } else { "WRONG" };
            writeln!(out, "{mark}  {}: {}", point.checked, point.found)?;
        }
    }
    Ok(if right {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}

fn points(args: &CheckArgs) -> Result<Vec<Point>, Failure> {
    let dir = &args.dir;
    let promised = Promised::read(dir)?;
    let mut points = vec![Point {
        checked: "frame, plan, commitment",
        right: true,
        found: "as they were locked".into(),
    }];
    if let Some(inspection) = &args.inspection {
        points.push(frame_again(inspection, &promised)?);
    }
    let (note, _): (DrawNote, String) =
        read_json(&dir.join(DRAW_JSON), "the draw.json of a sample")?;
    let kept = keeps(&promised.commitment, &note.seed);
    points.push(Point {
        checked: "seed",
        right: kept,
        found: match (kept, &promised.commitment.seed) {
            (false, _) => "not the one that was promised".into(),
            (true, Promise::Public { source, .. }) => {
                format!("written as was promised; look up that it is what came of: {source}")
            }
            (true, Promise::Sealed { .. }) => "the one that was sealed".into(),
        },
    });
    let again = drawn_bytes(&promised.drawing.draw(&note.seed, &promised.locked)?)?;
    let there = read(&dir.join(DRAWN_CSV))?;
    points.push(Point {
        checked: "draw",
        right: again == there,
        found: if again == there {
            format!("{DRAWN_CSV} is the same byte for byte when drawn again")
        } else {
            let row = again
                .split(|b| *b == b'\n')
                .zip(there.split(|b| *b == b'\n'))
                .position(|(a, b)| a != b)
                .unwrap_or(0);
            format!(
                "{DRAWN_CSV} is not what the seed gives: see row {}",
                row + 1
            )
        },
    });
    if again == there {
        let same = note.drawn_sha256 == sha256(&there)
            && note.commitment_sha256 == promised.commitment_sha256
            && note.plan_sha256 == promised.plan_sha256
            && note.frame_sha256 == promised.locked.note.frame_sha256;
        points.push(Point {
            checked: DRAW_JSON,
            right: same,
            found: if same {
                "its hashes are those of the files".into()
            } else {
                "its hashes are not those of the files".into()
            },
        });
        let drawn = DrawnFile::read(dir)?;
        points.push(match Replacements::read(dir, &drawn) {
            Ok(replacements) => Point {
                checked: "replacements",
                right: true,
                found: format!(
                    "{}, each by the next reserve in order",
                    replacements.rows.len()
                ),
            },
            Err(Failure::Sample(why)) => Point {
                checked: "replacements",
                right: false,
                found: why,
            },
            Err(other) => return Err(other),
        });
    }
    Ok(points)
}

/// The frame made again from an inspection.
fn frame_again(inspection: &Path, promised: &Promised) -> Result<Point, Failure> {
    let only: Vec<Filter> = promised
        .locked
        .note
        .left_out
        .iter()
        .flat_map(|left| {
            left.kept.iter().map(|value| Filter {
                column: left.column.clone(),
                value: value.clone(),
            })
        })
        .collect();
    let again = frame::make(inspection, &only, &promised.locked.note.tests)?;
    let right = again.note.frame_sha256 == promised.locked.note.frame_sha256
        && again.note.inputs == promised.locked.note.inputs;
    Ok(Point {
        checked: "frame against the inspection",
        right,
        found: if right {
            format!("{FRAME_CSV} is the same when made again, of the same returns")
        } else {
            format!("{FRAME_CSV} is not what this inspection gives")
        },
    })
}

/// drawn.csv, found to be the one that was drawn.
pub(super) struct DrawnFile {
    pub rows: Vec<Member>,
}

impl DrawnFile {
    pub(super) fn read(dir: &Path) -> Result<DrawnFile, Failure> {
        let path = dir.join(DRAWN_CSV);
        if !dir.join(DRAW_JSON).exists() {
            return stop(format!(
                "{} holds no draw yet: candour sample draw {} --seed SEED",
                dir.display(),
                dir.display()
            ));
        }
        let (note, _): (DrawNote, String) =
            read_json(&dir.join(DRAW_JSON), "the draw.json of a sample")?;
        let sheet = Sheet::read(&path, &COLUMNS)?;
        if sheet.sha256 != note.drawn_sha256 || note.format != FORMAT {
            return stop(format!(
                "{} was changed after the draw: its SHA-256 is not the one in {DRAW_JSON}. `candour sample check {}` says where.",
                path.display(),
                dir.display()
            ));
        }
        Ok(DrawnFile {
            rows: members(&sheet)?,
        })
    }
}
