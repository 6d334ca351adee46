//! What the files say: draw by draw, never added together, and of everybody with the signals as a first phase.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;

use candour_stats::{
    Class, Draw, effective, exact_interval, two_phase, weighted_share, wilson_interval,
};
use serde::Serialize;

use super::args::EstimateArgs;
use super::draw::DrawnFile;
use super::files::{Sheet, cell, json_bytes};
use super::frame::{CLASSES, Locked, Verdicts};
use super::replace::{Member, Replacements};
use super::size::{find_and_clear, none_wrong};
use super::{count, percent, stop};
use crate::failure::Failure;

#[derive(Serialize)]
struct Report {
    says: String,
    draws: Vec<OfDraw>,
    two_phase: Option<TwoPhaseReport>,
    /// Why there is no two-phase estimate.
    two_phase_cannot_tell: Option<String>,
}

/// One draw by itself. Shares are 0 to 1.
#[derive(Serialize)]
struct OfDraw {
    draw: &'static str,
    /// Files asked for by the plan.
    drawn: u64,
    /// Replaced, by reason.
    replaced: BTreeMap<String, u64>,
    read: u64,
    found: u64,
    not_found: u64,
    not_recorded: u64,
    not_read: u64,
    /// Of files that could be told: Wilson and exact (Clopper-Pearson). Only of the random draw.
    wilson: Option<(f64, f64)>,
    exact: Option<(f64, f64)>,
    /// By stratum, of everybody in the frame. Only of the random draw.
    weighted: Option<WeightedReport>,
    sentences: Vec<String>,
}

#[derive(Serialize)]
struct WeightedReport {
    people: u64,
    rate: f64,
    interval: (f64, f64),
    effective_files: f64,
    /// People of strata without a file that could be told; taken to be like the others.
    people_of_strata_without_files: u64,
}

#[derive(Serialize)]
struct TwoPhaseReport {
    /// What the first phase is.
    first_phase: String,
    people: u64,
    classes: Vec<OfClass>,
    /// Classes that were put together, having too few files.
    together: Vec<Vec<&'static str>>,
    rate: f64,
    interval: (f64, f64),
    files: u64,
    /// Files that a random draw without signals would need for as narrow an interval.
    files_alone: Option<u64>,
    sentences: Vec<String>,
}

#[derive(Serialize)]
struct OfClass {
    class: &'static str,
    people: u64,
    files: u64,
    found: u64,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Outcome {
    Found,
    NotFound,
    NotRecorded,
}

pub(super) fn run(out: &mut impl Write, args: &EstimateArgs) -> Result<(), Failure> {
    let locked = Locked::read(&args.dir)?;
    let drawn = DrawnFile::read(&args.dir)?;
    let replacements = Replacements::read(&args.dir, &drawn)?;
    let audited = audited(args, &drawn, &replacements)?;
    let mut draws = Vec::new();
    for draw in Draw::ALL {
        if drawn.rows.iter().any(|m| m.draw == draw.as_str()) {
            draws.push(of_draw(draw, args, &drawn, &replacements, &audited)?);
        }
    }
    let (mut two_phase, mut two_phase_cannot_tell) = (None, None);
    match of_everybody(args, &locked, &drawn, &replacements, &audited)? {
        Ok(report) => two_phase = Some(report),
        Err(why) => two_phase_cannot_tell = Some(why),
    }
    let report = Report {
        says: args.says.clone(),
        draws,
        two_phase,
        two_phase_cannot_tell,
    };
    if args.json {
        out.write_all(&json_bytes(&report)?)?;
    } else {
        tell(out, &report)?;
    }
    Ok(())
}

/// Outcomes by draw and person, each of somebody who stands in the sample.
type Audited = HashMap<(String, String), Outcome>;

fn audited(
    args: &EstimateArgs,
    drawn: &DrawnFile,
    replacements: &Replacements,
) -> Result<Audited, Failure> {
    let sheet = Sheet::read(&args.audited, &["person", "draw", "outcome"])?;
    let (person, draw, outcome) = (
        sheet.column("person")?,
        sheet.column("draw")?,
        sheet.column("outcome")?,
    );
    let sample: HashSet<(&str, &str)> = replacements
        .sample(drawn)
        .map(|m| (m.draw.as_str(), m.person.as_str()))
        .collect();
    let mut rows: HashMap<(String, String), usize> = HashMap::new();
    let mut audited = Audited::new();
    for (number, row) in sheet.numbered() {
        let (draw, person) = (cell(row, draw).trim(), cell(row, person).trim());
        if !Draw::ALL.iter().any(|d| d.as_str() == draw) {
            return sheet.wrong(number, "draw is none of random, targeted and alleged.");
        }
        let outcome = match cell(row, outcome).trim().to_lowercase().as_str() {
            "yes" => Outcome::Found,
            "no" => Outcome::NotFound,
            "not recorded" | "not_recorded" | "nr" => Outcome::NotRecorded,
            _ => return sheet.wrong(number, "outcome is none of yes, no and not recorded."),
        };
        if replacements
            .rows
            .iter()
            .any(|r| r.draw == draw && r.out == person)
        {
            return sheet.wrong(number, "this person was replaced in this draw.");
        }
        if !sample.contains(&(draw, person)) {
            return sheet.wrong(
                number,
                &format!("this person does not stand in the {draw} draw."),
            );
        }
        let key = (draw.to_owned(), person.to_owned());
        if let Some(first) = rows.insert(key.clone(), number) {
            return sheet.wrong(
                number,
                &format!("the same person and draw as in row {first}."),
            );
        }
        audited.insert(key, outcome);
    }
    Ok(audited)
}

fn outcome(audited: &Audited, member: &Member) -> Option<Outcome> {
    audited
        .get(&(member.draw.clone(), member.person.clone()))
        .copied()
}

/// Members of the random draw whose file could be told, with the people that each stands for and whether it was found;
/// and the people of strata without such a file.
fn random_answers<'a>(
    drawn: &'a DrawnFile,
    replacements: &'a Replacements,
    audited: &Audited,
) -> (Vec<(&'a Member, f64, bool)>, u64) {
    let mut answered: BTreeMap<&str, u64> = BTreeMap::new();
    let mut people: BTreeMap<&str, u64> = BTreeMap::new();
    let mut told = Vec::new();
    for member in drawn
        .rows
        .iter()
        .filter(|m| m.draw == Draw::Random.as_str())
    {
        people.insert(&member.stratum, member.stratum_people);
    }
    for member in replacements
        .sample(drawn)
        .filter(|m| m.draw == Draw::Random.as_str())
    {
        if let Some(outcome @ (Outcome::Found | Outcome::NotFound)) = outcome(audited, member) {
            *answered.entry(&member.stratum).or_insert(0) += 1;
            told.push((member, outcome == Outcome::Found));
        }
    }
    let without = people
        .iter()
        .filter(|(stratum, _)| !answered.contains_key(*stratum))
        .map(|(_, n)| n)
        .sum();
    let told = told
        .into_iter()
        .map(|(member, found)| {
            let files = answered.get(member.stratum.as_str()).copied().unwrap_or(1);
            (member, member.stratum_people as f64 / files as f64, found)
        })
        .collect();
    (told, without)
}

fn of_draw(
    draw: Draw,
    args: &EstimateArgs,
    drawn: &DrawnFile,
    replacements: &Replacements,
    audited: &Audited,
) -> Result<OfDraw, Failure> {
    let name = draw.as_str();
    let asked = drawn
        .rows
        .iter()
        .filter(|m| m.draw == name && m.drawn)
        .count() as u64;
    let mut replaced: BTreeMap<String, u64> = BTreeMap::new();
    for row in replacements.rows.iter().filter(|r| r.draw == name) {
        *replaced.entry(row.reason.clone()).or_insert(0) += 1;
    }
    let number = |wanted: Outcome| {
        replacements
            .sample(drawn)
            .filter(|m| m.draw == name && outcome(audited, m) == Some(wanted))
            .count() as u64
    };
    let (found, not_found, not_recorded) = (
        number(Outcome::Found),
        number(Outcome::NotFound),
        number(Outcome::NotRecorded),
    );
    let read = found + not_found + not_recorded;
    let told = found + not_found;
    let by_chance = draw == Draw::Random;
    let mut report = OfDraw {
        draw: name,
        drawn: asked,
        replaced,
        read,
        found,
        not_found,
        not_recorded,
        not_read: asked.saturating_sub(read),
        wilson: None,
        exact: None,
        weighted: None,
        sentences: Vec::new(),
    };
    if by_chance && told > 0 {
        let cannot = |why: candour_stats::CannotTell| Failure::Sample(format!("{why}."));
        report.wilson =
            Some(wilson_interval(found as f64 / told as f64, told as f64, None).map_err(cannot)?);
        report.exact = Some(exact_interval(found, told, None).map_err(cannot)?);
        let (answers, without) = random_answers(drawn, replacements, audited);
        let mut strata: BTreeMap<&str, u64> = BTreeMap::new();
        for member in drawn.rows.iter().filter(|m| m.draw == name) {
            strata.insert(&member.stratum, member.stratum_people);
        }
        let people = strata.values().sum();
        let files: Vec<(f64, bool)> = answers.iter().map(|(_, w, f)| (*w, *f)).collect();
        let weighted = weighted_share(&files, people).map_err(cannot)?;
        report.weighted = Some(WeightedReport {
            people,
            rate: weighted.share,
            interval: (weighted.low, weighted.high),
            effective_files: weighted.effective,
            people_of_strata_without_files: without,
        });
    }
    report.sentences = sentences(&report, &args.says, by_chance)?;
    Ok(report)
}

fn sentences(report: &OfDraw, says: &str, by_chance: bool) -> Result<Vec<String>, Failure> {
    let told = report.found + report.not_found;
    let mut lines = vec![format!(
        "{} of {} read. Of these {says} in {}, not in {}; not recorded in {}.{}",
        report.read,
        count(report.drawn, "file", "files"),
        report.found,
        report.not_found,
        report.not_recorded,
        if report.not_read > 0 {
            format!(" {} not read.", report.not_read)
        } else {
            String::new()
        }
    )];
    if !report.replaced.is_empty() {
        let reasons: Vec<String> = report
            .replaced
            .iter()
            .map(|(reason, n)| format!("{n} {}", reason.replace('-', " ")))
            .collect();
        lines.push(format!("Replaced: {}.", reasons.join(", ")));
    }
    if !by_chance {
        lines.push(
            "Chosen, not drawn by chance: these files say nothing about anybody else, so there is no interval.".into(),
        );
        return Ok(lines);
    }
    if told == 0 {
        lines.push("Cannot tell, because no file of the random draw has an answer.".into());
        return Ok(lines);
    }
    if let (Some((low, high)), Some((least, most))) = (report.wilson, report.exact) {
        lines.push(format!(
            "Of files that could be told: {} of {told} ({}, 95% interval {} to {}; exact {} to {}).",
            report.found,
            percent(report.found as f64 / told as f64),
            percent(low),
            percent(high),
            percent(least),
            percent(most)
        ));
    }
    if let Some(weighted) = &report.weighted {
        lines.push(format!(
            "Of all {} people of the frame, stratum by stratum: {} (95% interval {} to {}).",
            weighted.people,
            percent(weighted.rate),
            percent(weighted.interval.0),
            percent(weighted.interval.1)
        ));
        if weighted.people_of_strata_without_files > 0 {
            lines.push(format!(
                "{} of them are in strata without a file that could be told, and are taken to be like the others.",
                weighted.people_of_strata_without_files
            ));
        }
    }
    let open = report.not_recorded + report.not_read;
    if open > 0 {
        lines.push(format!(
            "Had the {open} not recorded or not read all been without it: {} of {}; all with it: {} of {}.",
            report.found,
            told + open,
            report.found + open,
            told + open
        ));
    }
    if report.found == 0 {
        let cannot = |why: candour_stats::CannotTell| Failure::Sample(format!("{why}."));
        lines.push(none_wrong(told, None).map_err(cannot)?);
        lines.push(find_and_clear(told, None).map_err(cannot)?);
    }
    Ok(lines)
}

/// The classes of the first phase without a test: by the counts of people.csv.
const ALL_TESTS: [&str; 4] = [
    "strong signal",
    "lead signal only",
    "cannot tell",
    "no signal",
];

/// What the first phase says of each person of the frame: the place among the names given with it.
fn first_phase(
    args: &EstimateArgs,
    locked: &Locked,
) -> Result<(String, [&'static str; 4], Vec<usize>), Failure> {
    let sheet = &locked.sheet;
    let place = |name: &str| CLASSES.iter().position(|c| *c == name).unwrap_or(3);
    let Some(test) = &args.test else {
        let columns = ["strong_signals", "lead_signals", "cannot_tell"]
            .iter()
            .map(|heading| sheet.column(heading))
            .collect::<Result<Vec<usize>, Failure>>()?;
        let classes = sheet
            .rows
            .iter()
            .map(|row| {
                columns
                    .iter()
                    .position(|c| cell(row, *c) != "0")
                    .unwrap_or(3)
            })
            .collect();
        return Ok(("the signals of every test".to_owned(), ALL_TESTS, classes));
    };
    let first = format!("the signals of {test}");
    if locked.note.tests.contains(test) {
        let column = sheet.column(test)?;
        let classes = sheet
            .rows
            .iter()
            .map(|row| place(cell(row, column)))
            .collect();
        return Ok((first, CLASSES, classes));
    }
    let Some(inspection) = &args.inspection else {
        return stop(format!(
            "the frame was locked without {test}. Add --inspection DIR, the inspection that the frame is from."
        ));
    };
    let path = inspection.join("verdicts.csv");
    let verdicts = Verdicts::read(&path, std::slice::from_ref(test))?;
    if verdicts.sha256 != locked.note.verdicts_csv_sha256 {
        return stop(format!(
            "{} is not of the inspection that the frame was locked from.",
            path.display()
        ));
    }
    let person = sheet.column("person")?;
    let classes: Vec<usize> = sheet
        .rows
        .iter()
        .map(|row| place(verdicts.class(0, cell(row, person))))
        .collect();
    if classes.iter().all(|c| *c == 3) {
        return stop(format!(
            "nobody in the frame has a verdict by {test}. Give DUTY/TEST as in verdicts.csv."
        ));
    }
    Ok((first, CLASSES, classes))
}

/// The two-phase estimate, or why there is none.
fn of_everybody(
    args: &EstimateArgs,
    locked: &Locked,
    drawn: &DrawnFile,
    replacements: &Replacements,
    audited: &Audited,
) -> Result<Result<TwoPhaseReport, String>, Failure> {
    let (answers, _) = random_answers(drawn, replacements, audited);
    if answers.is_empty() {
        return Ok(Err(
            "cannot tell, because no file of the random draw has an answer".into(),
        ));
    }
    let (first_phase, names, phase) = first_phase(args, locked)?;
    let person = locked.sheet.column("person")?;
    let of_person: HashMap<&str, usize> = locked
        .sheet
        .rows
        .iter()
        .map(|row| cell(row, person))
        .zip(phase.iter().copied())
        .collect();
    let mut classes = Vec::new();
    let mut told = Vec::new();
    for (place, name) in names.iter().enumerate() {
        let people = phase.iter().filter(|c| **c == place).count() as u64;
        let files: Vec<(f64, bool)> = answers
            .iter()
            .filter(|(m, _, _)| of_person.get(m.person.as_str()) == Some(&place))
            .map(|(_, weight, found)| (*weight, *found))
            .collect();
        told.push(OfClass {
            class: name,
            people,
            files: files.len() as u64,
            found: files.iter().filter(|(_, found)| *found).count() as u64,
        });
        let (share, read) = effective(&files).unwrap_or((0.0, 0.0));
        classes.push(Class {
            people,
            read,
            share,
        });
    }
    let two = match two_phase(&classes) {
        Ok(two) => two,
        Err(why) => return Ok(Err(why.0)),
    };
    let together: Vec<Vec<&'static str>> = two
        .together
        .iter()
        .filter(|places| places.len() > 1)
        .map(|places| {
            places
                .iter()
                .filter_map(|p| names.get(*p).copied())
                .collect()
        })
        .collect();
    let files = answers.len() as u64;
    let people = phase.len() as u64;
    let mut lines = vec![format!(
        "Of all {people} people of the frame: {} (95% interval {} to {}).",
        percent(two.rate),
        percent(two.low),
        percent(two.high)
    )];
    let alone = two.alone.clone().ok();
    lines.push(match alone {
        _ if two.together.len() == 1 => {
            "The signals could not be used, because all classes but one have fewer than 5 files: this is reading alone.".into()
        }
        Some(alone) if alone > files => format!(
            "Reading alone would take about {alone} files for an interval as narrow; {files} were read. The signals save about {}.",
            alone - files
        ),
        _ => "The signals do not narrow the interval here: they tell too little of what the files show.".into(),
    });
    Ok(Ok(TwoPhaseReport {
        first_phase,
        people,
        classes: told,
        together,
        rate: two.rate,
        interval: (two.low, two.high),
        files,
        files_alone: alone,
        sentences: lines,
    }))
}

fn tell(out: &mut impl Write, report: &Report) -> Result<(), Failure> {
    for draw in &report.draws {
        writeln!(out, "{} draw", capital(draw.draw))?;
        for line in &draw.sentences {
            writeln!(out, "  {line}")?;
        }
        writeln!(out)?;
    }
    writeln!(
        out,
        "The draws answer different questions: there is no rate of all of them together.\n"
    )?;
    if let Some(why) = &report.two_phase_cannot_tell {
        writeln!(out, "Two phases: {why}.")?;
    }
    if let Some(two) = &report.two_phase {
        writeln!(
            out,
            "Two phases: {} for everybody, the truth from the random files",
            two.first_phase
        )?;
        writeln!(
            out,
            "  {:<18} {:>8} {:>6} {:>6}",
            "", "people", "files", "found"
        )?;
        for class in &two.classes {
            writeln!(
                out,
                "  {:<18} {:>8} {:>6} {:>6}",
                class.class, class.people, class.files, class.found
            )?;
        }
        for together in &two.together {
            writeln!(
                out,
                "  Put together, having fewer than 5 files apart: {}.",
                together.join(", ")
            )?;
        }
        for line in &two.sentences {
            writeln!(out, "  {line}")?;
        }
    }
    Ok(())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}
