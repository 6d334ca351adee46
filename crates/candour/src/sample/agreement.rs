//! How far two auditors agree, question by question and overall.

use std::collections::{BTreeSet, HashMap};
use std::io::Write;

use candour_stats::{Agreement, CannotTell, Coefficient, Pair, Weights, agreement};
use serde::Serialize;

use super::args::{AgreementArgs, Scale};
use super::files::{Sheet, cell, json_bytes};
use super::{count, percent, stop};
use crate::failure::Failure;

const GRADES: [&str; 4] = ["1", "2", "3", "4"];

/// Two answers as written, in small letters.
struct Answers {
    case: usize,
    first: String,
    second: String,
}

#[derive(Serialize)]
struct Report {
    questions: Vec<Of>,
    overall: Vec<Of>,
    /// The questions on which they agree least, worst first.
    worst: Vec<String>,
    /// Rows with an answer of one auditor only.
    answered_once: u64,
}

#[derive(Serialize)]
struct Of {
    question: String,
    scale: &'static str,
    cases: u64,
    pairs: u64,
    same: u64,
    same_interval: (f64, f64),
    kappa: Told,
    ac1: Told,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Told {
    Value {
        value: f64,
        standard_error: f64,
        interval: Option<(f64, f64)>,
    },
    CannotTell {
        cannot_tell: String,
    },
}

impl Told {
    fn new(found: Result<Coefficient, CannotTell>) -> Told {
        match found {
            Ok(found) => Told::Value {
                value: found.value,
                standard_error: found.standard_error,
                interval: found.interval.ok(),
            },
            Err(why) => Told::CannotTell { cannot_tell: why.0 },
        }
    }

    fn value(&self) -> Option<f64> {
        match self {
            Told::Value { value, .. } => Some(*value),
            Told::CannotTell { .. } => None,
        }
    }

    fn text(&self) -> String {
        match self {
            Told::Value {
                value,
                interval: Some((low, high)),
                ..
            } => format!("{value:.2} ({low:.2} to {high:.2})"),
            Told::Value { value, .. } => format!("{value:.2} (no interval)"),
            Told::CannotTell { .. } => "cannot tell".into(),
        }
    }
}

pub(super) fn run(out: &mut impl Write, args: &AgreementArgs) -> Result<(), Failure> {
    let (questions, answered_once) = read(args)?;
    if questions.is_empty() {
        return stop(format!(
            "{}: no question was answered by both auditors.",
            args.file.display()
        ));
    }
    let listed: Vec<String> = args
        .categories
        .iter()
        .map(|c| c.trim().to_lowercase())
        .collect();
    let mut of = Vec::new();
    let mut pooled: [Vec<&Answers>; 2] = [Vec::new(), Vec::new()];
    for (question, answers) in &questions {
        let all: Vec<&Answers> = answers.iter().collect();
        let graded = graded(args.scale, &listed, &all);
        if let Some(pool) = pooled.get_mut(usize::from(graded)) {
            pool.extend(&all);
        }
        of.push(measure(question, graded, &listed, &all)?);
    }
    let mut overall = Vec::new();
    for (pool, (graded, name)) in pooled
        .iter()
        .zip([(false, "All questions"), (true, "All grades")])
    {
        if !pool.is_empty() {
            overall.push(measure(name, graded, &listed, pool)?);
        }
    }
    let mut ranked: Vec<(f64, &str)> = of
        .iter()
        .filter_map(|o| Some((o.ac1.value()?, o.question.as_str())))
        .collect();
    ranked.sort_by(|a, b| a.0.total_cmp(&b.0).then_with(|| a.1.cmp(b.1)));
    let worst = ranked
        .iter()
        .filter(|(value, _)| *value < 1.0)
        .take(3)
        .map(|(_, q)| (*q).to_owned())
        .collect();
    let report = Report {
        questions: of,
        overall,
        worst,
        answered_once,
    };
    if args.json {
        out.write_all(&json_bytes(&report)?)?;
    } else {
        tell(out, &report)?;
    }
    Ok(())
}

/// Questions in order of appearance with their pairs of answers, and how many rows lack one of the two.
type Questions = Vec<(String, Vec<Answers>)>;

fn read(args: &AgreementArgs) -> Result<(Questions, u64), Failure> {
    let sheet = Sheet::read(&args.file, &["case", "question", "first", "second"])?;
    let (case, question, first, second) = (
        sheet.column("case")?,
        sheet.column("question")?,
        sheet.column("first")?,
        sheet.column("second")?,
    );
    let mut questions: Questions = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    let mut cases: HashMap<String, usize> = HashMap::new();
    let mut rows: HashMap<(String, String), usize> = HashMap::new();
    let mut once = 0;
    for (number, row) in sheet.numbered() {
        let text = |column: usize| cell(row, column).trim().to_owned();
        let (case, question) = (text(case), text(question));
        if case.is_empty() || question.is_empty() {
            return sheet.wrong(number, "case or question is empty.");
        }
        if let Some(before) = rows.insert((case.clone(), question.clone()), number) {
            return sheet.wrong(
                number,
                &format!("the same case and question as in row {before}."),
            );
        }
        let (first, second) = (text(first).to_lowercase(), text(second).to_lowercase());
        if first.is_empty() || second.is_empty() {
            once += 1;
            continue;
        }
        let known = |answer: &String| {
            let listed = args.categories.is_empty()
                || args
                    .categories
                    .iter()
                    .any(|c| c.trim().eq_ignore_ascii_case(answer));
            listed && (args.scale != Scale::Grades || GRADES.contains(&answer.as_str()))
        };
        if !known(&first) || !known(&second) {
            return sheet.wrong(number, "an answer is none of those that could be given.");
        }
        let next = cases.len();
        let case = *cases.entry(case).or_insert(next);
        let place = *places.entry(question.clone()).or_insert_with(|| {
            questions.push((question, Vec::new()));
            questions.len() - 1
        });
        if let Some((_, answers)) = questions.get_mut(place) {
            answers.push(Answers {
                case,
                first,
                second,
            });
        }
    }
    Ok((questions, once))
}

fn graded(scale: Scale, listed: &[String], answers: &[&Answers]) -> bool {
    match scale {
        Scale::Grades => true,
        Scale::Nominal => false,
        Scale::Auto => {
            listed.is_empty()
                && answers
                    .iter()
                    .flat_map(|a| [&a.first, &a.second])
                    .all(|answer| GRADES.contains(&answer.as_str()))
        }
    }
}

fn measure(
    question: &str,
    graded: bool,
    listed: &[String],
    answers: &[&Answers],
) -> Result<Of, Failure> {
    // Those that were given, unless told otherwise: answers that nobody gave would only flatter AC1.
    let given: BTreeSet<&str> = if graded {
        GRADES.into_iter().collect()
    } else if listed.is_empty() {
        answers
            .iter()
            .flat_map(|a| [a.first.as_str(), a.second.as_str()])
            .collect()
    } else {
        listed.iter().map(String::as_str).collect()
    };
    let given: Vec<&str> = given.into_iter().collect();
    let number = |answer: &str| {
        given
            .iter()
            .position(|g| *g == answer)
            .unwrap_or(usize::MAX)
    };
    let pairs: Vec<Pair> = answers
        .iter()
        .map(|a| Pair {
            case: a.case,
            first: number(&a.first),
            second: number(&a.second),
        })
        .collect();
    let weights = if graded {
        Weights::Linear
    } else {
        Weights::Nominal
    };
    let Agreement {
        pairs,
        cases,
        same,
        same_interval,
        kappa,
        ac1,
    } = agreement(&pairs, given.len().max(2), weights)
        .map_err(|why| Failure::Sample(format!("{why}.")))?;
    Ok(Of {
        question: question.to_owned(),
        scale: if graded { "grades" } else { "nominal" },
        cases,
        pairs,
        same,
        same_interval,
        kappa: Told::new(kappa),
        ac1: Told::new(ac1),
    })
}

fn tell(out: &mut impl Write, report: &Report) -> Result<(), Failure> {
    let shown: Vec<String> = report
        .questions
        .iter()
        .chain(&report.overall)
        .map(|o| {
            if o.scale == "grades" {
                format!("{} (grades)", o.question)
            } else {
                o.question.clone()
            }
        })
        .collect();
    let width = shown
        .iter()
        .map(|s| s.chars().count())
        .max()
        .unwrap_or(8)
        .max(8);
    writeln!(
        out,
        "{:<width$}  {:>9}  {:<24}  {:<24}  {:<24}",
        "Question", "same", "percent (95%)", "kappa (95%)", "AC1 (95%)"
    )?;
    for (place, (o, name)) in report
        .questions
        .iter()
        .chain(&report.overall)
        .zip(&shown)
        .enumerate()
    {
        if place == report.questions.len() {
            writeln!(out)?;
        }
        let (low, high) = o.same_interval;
        writeln!(
            out,
            "{name:<width$}  {:>9}  {:<24}  {:<24}  {}",
            format!("{} of {}", o.same, o.pairs),
            format!(
                "{} ({} to {})",
                percent(o.same as f64 / o.pairs as f64),
                percent(low),
                percent(high)
            ),
            o.kappa.text(),
            o.ac1.text()
        )?;
    }
    writeln!(out)?;
    for (o, name) in report.questions.iter().chain(&report.overall).zip(&shown) {
        for (which, told) in [("kappa", &o.kappa), ("AC1", &o.ac1)] {
            if let Told::CannotTell { cannot_tell } = told {
                writeln!(out, "{name}, {which}: {cannot_tell}.")?;
            }
        }
    }
    if report.answered_once > 0 {
        writeln!(
            out,
            "{} answered by one auditor only and not counted.",
            count(report.answered_once, "question was", "questions were")
        )?;
    }
    if report.worst.is_empty() {
        writeln!(out, "No question has an AC1 below 1.")?;
    } else {
        writeln!(out, "Least agreement: {}", report.worst.join(", "))?;
    }
    if report.questions.iter().any(|o| o.scale == "grades") {
        writeln!(
            out,
            "Grades: kappa and AC1 (then called AC2) count a difference of one grade as two thirds agreed."
        )?;
    }
    writeln!(
        out,
        "Kappa falls where nearly all answers are alike though auditors hardly differ; AC1 does not. These are the figures before moderation."
    )?;
    Ok(())
}
