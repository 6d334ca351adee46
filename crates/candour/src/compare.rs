//! `candour compare`: what moved between two inspections of one council.
//!
//! Shares of signals are of the occasions on which a duty was owed and due. A difference is called one only where it is
//! clear after allowing for the number of comparisons (Holm); otherwise the answer is "no clear change", with the
//! interval that says how large a change could have been missed.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use candour_stats::{Interval, holm, newcombe_difference, normal_upper_tail};
use clap::Args;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

#[derive(Args)]
pub(crate) struct CompareArgs {
    /// Folder of the earlier inspection
    #[arg(value_name = "OLD_DIR")]
    pub old: PathBuf,
    /// Folder of the later inspection
    #[arg(value_name = "NEW_DIR")]
    pub new: PathBuf,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
}

/// Chance of calling any difference clear where nothing moved.
const LEVEL: f64 = 0.05;
/// With fewer occasions owed and due on either side, nothing is compared.
const LEAST: u64 = 20;

/// What is read of an inspection. What an older Candour did not write is empty.
#[derive(Deserialize)]
struct Inspected {
    council: String,
    as_of: String,
    rulebook_sha256: String,
    candour: String,
    #[serde(default)]
    coverage: BTreeMap<String, Covered>,
    tests: Vec<Tested>,
    #[serde(default)]
    patterns: Vec<Looked>,
}

#[derive(Deserialize)]
struct Covered {
    start: String,
    end: String,
}

#[derive(Deserialize)]
struct Tested {
    duty: String,
    test: String,
    force: String,
    strength: String,
    met: u64,
    not_met: BTreeMap<String, u64>,
    cannot_tell: BTreeMap<String, u64>,
}

impl Tested {
    fn signals(&self) -> u64 {
        self.not_met.values().sum()
    }

    fn unclear(&self) -> u64 {
        self.cannot_tell.values().sum()
    }

    fn owed(&self) -> u64 {
        self.met + self.signals() + self.unclear()
    }
}

#[derive(Deserialize)]
struct Looked {
    id: String,
    alarm: bool,
    #[serde(default)]
    cannot_tell: Option<String>,
    #[serde(default)]
    since: Option<String>,
    #[serde(default)]
    figures: Vec<Drawn>,
}

#[derive(Deserialize)]
struct Drawn {
    kind: String,
    id: String,
    #[serde(default)]
    unit: Option<String>,
    #[serde(default)]
    counted: Option<String>,
    #[serde(default)]
    of: Option<String>,
    #[serde(default)]
    points: Vec<serde_json::Value>,
}

/// What a comparison came to.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum Answer {
    Better,
    Worse,
    NoClearChange,
    CannotTell,
}

impl Answer {
    fn words(self) -> &'static str {
        match self {
            Answer::Better => "better",
            Answer::Worse => "worse",
            Answer::NoClearChange => "no clear change",
            Answer::CannotTell => "cannot tell",
        }
    }
}

#[derive(Clone, Copy, Serialize)]
struct Count {
    count: u64,
    of: u64,
}

impl Count {
    fn share(self) -> Option<f64> {
        (self.of > 0).then(|| self.count as f64 / self.of as f64)
    }
}

/// A share then and now.
#[derive(Serialize)]
struct Compared {
    /// Duty and test, or pattern and series.
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    force: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    strength: Option<String>,
    what: String,
    old: Option<Count>,
    new: Option<Count>,
    /// New share less old share, and its 95% interval (Newcombe 1998, method 10).
    difference: Option<f64>,
    interval: Option<[f64; 2]>,
    /// Chance of as large a difference where nothing moved, after Holm over all comparisons.
    p: Option<f64>,
    answer: Answer,
    because: Option<String>,
    /// Shares that we cannot tell about, then and now.
    #[serde(skip_serializing_if = "Option::is_none")]
    cannot_tell: Option<[Count; 2]>,
}

/// A pattern then and now.
#[derive(Serialize)]
struct PatternThenNow {
    id: String,
    old: String,
    new: String,
}

#[derive(Serialize)]
struct Comparison {
    council: String,
    old_as_of: String,
    new_as_of: String,
    /// What makes the two less alike than they look.
    cautions: Vec<String>,
    tests: Vec<Compared>,
    patterns: Vec<PatternThenNow>,
    rates: Vec<Compared>,
}

pub(crate) fn run(args: &CompareArgs) -> Result<ExitCode, Failure> {
    let (old, new) = (read(&args.old)?, read(&args.new)?);
    if old.council != new.council {
        return Err(Failure::TwoCouncils);
    }
    if old.as_of > new.as_of {
        return Err(Failure::WrongOrder {
            old: old.as_of,
            new: new.as_of,
        });
    }
    let comparison = compare(&old, &new);
    let mut out = std::io::stdout().lock();
    if args.json {
        serde_json::to_writer_pretty(&mut out, &comparison).map_err(std::io::Error::from)?;
        writeln!(out)?;
    } else {
        print(&mut out, &comparison)?;
    }
    Ok(ExitCode::SUCCESS)
}

fn read(folder: &Path) -> Result<Inspected, Failure> {
    let path = folder.join("inspection.json");
    let text = std::fs::read_to_string(&path).map_err(|_| Failure::NoInspection {
        path: folder.to_owned(),
    })?;
    serde_json::from_str(&text).map_err(|e| Failure::OldInspection {
        path,
        line: e.line(),
    })
}

fn compare(old: &Inspected, new: &Inspected) -> Comparison {
    let mut tests: Vec<Compared> = new.tests.iter().map(|now| test(old, now)).collect();
    for gone in &old.tests {
        let still = |now: &Tested| now.duty == gone.duty && now.test == gone.test;
        if !new.tests.iter().any(still) {
            tests.push(Compared {
                because: Some("the later inspection does not have this test".into()),
                ..nothing(format!("{} / {}", gone.duty, gone.test))
            });
        }
    }
    let mut rates: Vec<Compared> = new
        .patterns
        .iter()
        .flat_map(|now| {
            let then = old.patterns.iter().find(|p| p.id == now.id);
            now.figures
                .iter()
                .filter(|f| f.kind == "series" && f.unit.as_deref() == Some("share"))
                .map(move |f| rate(then, now, f, &old.as_of))
        })
        .collect();
    settle(tests.iter_mut().chain(&mut rates).collect());
    Comparison {
        council: new.council.clone(),
        old_as_of: old.as_of.clone(),
        new_as_of: new.as_of.clone(),
        cautions: cautions(old, new),
        tests,
        patterns: new
            .patterns
            .iter()
            .map(|now| PatternThenNow {
                id: now.id.clone(),
                old: old
                    .patterns
                    .iter()
                    .find(|p| p.id == now.id)
                    .map_or_else(|| "not looked for".to_owned(), state),
                new: state(now),
            })
            .collect(),
        rates,
    }
}

fn state(pattern: &Looked) -> String {
    match (pattern.alarm, &pattern.cannot_tell, &pattern.since) {
        (true, _, Some(since)) => format!("something stands out, since {since}"),
        (true, _, None) => "something stands out".to_owned(),
        (false, Some(_), _) => "cannot tell".to_owned(),
        (false, None, _) => "no clear change".to_owned(),
    }
}

fn nothing(id: String) -> Compared {
    Compared {
        id,
        force: None,
        strength: None,
        what: String::new(),
        old: None,
        new: None,
        difference: None,
        interval: None,
        p: None,
        answer: Answer::CannotTell,
        because: None,
        cannot_tell: None,
    }
}

fn test(old: &Inspected, now: &Tested) -> Compared {
    let id = format!("{} / {}", now.duty, now.test);
    let base = Compared {
        force: Some(now.force.clone()),
        strength: Some(now.strength.clone()),
        what: "signals, of occasions owed and due".into(),
        ..nothing(id)
    };
    let same = |t: &&Tested| t.duty == now.duty && t.test == now.test;
    let Some(then) = old.tests.iter().find(same) else {
        return Compared {
            because: Some("the earlier inspection does not have this test".into()),
            ..base
        };
    };
    let count = |t: &Tested| Count {
        count: t.signals(),
        of: t.owed(),
    };
    let unclear = |t: &Tested| Count {
        count: t.unclear(),
        of: t.owed(),
    };
    Compared {
        cannot_tell: Some([unclear(then), unclear(now)]),
        ..difference(base, count(then), count(now), true)
    }
}

/// The months that only the later inspection covers, beside the months before them.
fn rate(then: Option<&Looked>, now: &Looked, series: &Drawn, old_as_of: &str) -> Compared {
    let id = format!("{} / {}", now.id, series.id);
    let base = Compared {
        what: format!(
            "{}, of {}",
            series.counted.as_deref().unwrap_or("counted"),
            series.of.as_deref().unwrap_or("all")
        ),
        ..nothing(id)
    };
    let old_month = old_as_of.get(..7).unwrap_or(old_as_of);
    let sum = |points: &[serde_json::Value], keep: &dyn Fn(&str) -> bool| {
        points
            .iter()
            .filter(|p| p["month"].as_str().is_some_and(keep))
            .filter_map(|p| Some((p["count"].as_u64()?, p["of"].as_u64()?)))
            .fold(Count { count: 0, of: 0 }, |all, (count, of)| Count {
                count: all.count + count,
                of: all.of + of,
            })
    };
    let earlier = then.and_then(|p| p.figures.iter().find(|f| f.id == series.id));
    let Some(earlier) = earlier else {
        return Compared {
            because: Some("the earlier inspection does not have it".into()),
            ..base
        };
    };
    let before = sum(&earlier.points, &|_| true);
    let after = sum(&series.points, &|month| month > old_month);
    // A rise is the worse only where a fall of support is counted.
    let rise_is_worse = now.id == "review_used_to_cut";
    difference(base, before, after, rise_is_worse)
}

/// Puts in the difference and its interval, and which way it points; `settle` decides whether it is clear.
fn difference(base: Compared, old: Count, new: Count, rise_is_worse: bool) -> Compared {
    let short = |c: Count| c.of < LEAST;
    if short(old) || short(new) {
        let when = if short(old) { "earlier" } else { "later" };
        return Compared {
            old: Some(old),
            new: Some(new),
            because: Some(format!(
                "the {when} inspection has fewer than {LEAST} to count"
            )),
            ..base
        };
    }
    let (Some(was), Some(is)) = (old.share(), new.share()) else {
        return base;
    };
    let interval: Option<Interval> =
        newcombe_difference((new.count, new.of), (old.count, old.of), 0.95).ok();
    let pooled = (old.count + new.count) as f64 / (old.of + new.of) as f64;
    let error = (pooled * (1.0 - pooled) * (1.0 / old.of as f64 + 1.0 / new.of as f64)).sqrt();
    let p = if error > 0.0 {
        2.0 * normal_upper_tail(((is - was) / error).abs())
    } else {
        1.0
    };
    Compared {
        old: Some(old),
        new: Some(new),
        difference: Some(is - was),
        interval: interval.map(|i| [i.low, i.high]),
        p: Some(p),
        answer: if (is > was) == rise_is_worse {
            Answer::Worse
        } else {
            Answer::Better
        },
        ..base
    }
}

/// Holm over every comparison that could be made: only what is clear after that has a direction.
fn settle(mut all: Vec<&mut Compared>) {
    let places: Vec<(usize, f64)> = all
        .iter()
        .enumerate()
        .filter_map(|(i, c)| Some((i, c.p?)))
        .collect();
    let adjusted = holm(&places.iter().map(|(_, p)| *p).collect::<Vec<f64>>());
    for ((place, _), p) in places.iter().zip(adjusted) {
        if let Some(compared) = all.get_mut(*place) {
            compared.p = Some(p);
            if p > LEVEL {
                compared.answer = Answer::NoClearChange;
            }
        }
    }
}

fn cautions(old: &Inspected, new: &Inspected) -> Vec<String> {
    let mut said = Vec::new();
    if old.rulebook_sha256 != new.rulebook_sha256 {
        said.push("The two were made with different rulebooks: a difference may come from the rules. `candour duties changes` shows which rules changed; inspecting the earlier return again settles it.".to_owned());
    }
    if old.candour != new.candour {
        said.push(format!(
            "They were made by different versions of Candour ({} and {}).",
            old.candour, new.candour
        ));
    }
    let overlap = old.coverage.iter().any(|(kind, then)| {
        new.coverage
            .get(kind)
            .is_some_and(|now| now.start <= then.end && then.start <= now.end)
    });
    if overlap {
        said.push("The two cover some of the same months, so some of the same occasions are counted in both: a true change shows weaker than it is.".to_owned());
    }
    said
}

fn share_text(count: Option<Count>) -> String {
    match count {
        Some(c) => match c.share() {
            Some(share) => format!("{:.1}% ({} of {})", share * 100.0, c.count, c.of),
            None => "none owed and due".to_owned(),
        },
        None => "-".to_owned(),
    }
}

fn print(out: &mut impl Write, c: &Comparison) -> Result<(), Failure> {
    writeln!(
        out,
        "Council {}: as of {}, then as of {}",
        c.council, c.old_as_of, c.new_as_of
    )?;
    for caution in &c.cautions {
        writeln!(out, "  Mind: {caution}")?;
    }
    writeln!(
        out,
        "\nSignals, as a share of what was owed and due (a signal is not a finding):"
    )?;
    list(out, &c.tests)?;
    if !c.rates.is_empty() {
        writeln!(
            out,
            "\nRates of the patterns: the months that only the later inspection covers, beside the earlier one:"
        )?;
        list(out, &c.rates)?;
    }
    if !c.patterns.is_empty() {
        writeln!(out, "\nPatterns:")?;
        for p in &c.patterns {
            writeln!(out, "  {}: {}; then {}", p.id, p.old, p.new)?;
        }
    }
    writeln!(
        out,
        "\n“No clear change” is an answer: the interval says how large a change could have been missed. Differences are called better or worse where chance, allowing for every comparison here, would bring one in fewer than 1 in 20 such tables."
    )?;
    Ok(())
}

fn list(out: &mut impl Write, all: &[Compared]) -> Result<(), Failure> {
    let rank = |a: Answer| match a {
        Answer::Worse => 0,
        Answer::Better => 1,
        Answer::NoClearChange => 2,
        Answer::CannotTell => 3,
    };
    let mut sorted: Vec<&Compared> = all.iter().collect();
    sorted.sort_by_key(|c| rank(c.answer));
    for c in sorted {
        writeln!(out, "  {}: {}", c.answer.words(), c.id)?;
        if let Some(because) = &c.because {
            writeln!(out, "      cannot tell, because {because}")?;
        }
        if let (Some(difference), Some([low, high])) = (c.difference, c.interval) {
            writeln!(
                out,
                "      {} → {}: {:+.1} points (95% interval {:+.1} to {:+.1})",
                share_text(c.old),
                share_text(c.new),
                difference * 100.0,
                low * 100.0,
                high * 100.0
            )?;
        }
        if let Some([then, now]) = c.cannot_tell
            && let (Some(a), Some(b)) = (then.share(), now.share())
            && (a - b).abs() >= 0.05
        {
            writeln!(
                out,
                "      mind: we could not tell about {:.0}% then and {:.0}% now",
                a * 100.0,
                b * 100.0
            )?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tested(signals: u64, met: u64, unclear: u64) -> Tested {
        Tested {
            duty: "s9".into(),
            test: "t".into(),
            force: "statute".into(),
            strength: "strong".into(),
            met,
            not_met: [("not_met".to_owned(), signals)].into(),
            cannot_tell: [("unknown_end".to_owned(), unclear)].into(),
        }
    }

    fn inspected(as_of: &str, tests: Vec<Tested>) -> Inspected {
        Inspected {
            council: "607".into(),
            as_of: as_of.into(),
            rulebook_sha256: "a".into(),
            candour: "0.1.0".into(),
            coverage: BTreeMap::new(),
            tests,
            patterns: Vec::new(),
        }
    }

    fn answer(old: Tested, new: Tested) -> Compared {
        let mut c = compare(
            &inspected("2024-12-31", vec![old]),
            &inspected("2025-12-31", vec![new]),
        );
        c.tests.remove(0)
    }

    /// 56 of 70 against 48 of 80: the first line of table II of R. G. Newcombe, Statistics in Medicine 17 (1998)
    /// 873-890, by his method 10: 0.0524 to 0.3339.
    #[test]
    fn the_interval_is_newcombes() {
        let c = answer(tested(48, 32, 0), tested(56, 14, 0));
        let [low, high] = c.interval.unwrap();
        assert!(
            (low - 0.0524).abs() < 5e-5 && (high - 0.3339).abs() < 5e-5,
            "{low} {high}"
        );
        assert_eq!(c.answer, Answer::Worse);
    }

    #[test]
    fn little_moved_is_no_clear_change_and_too_few_cannot_be_told() {
        assert_eq!(
            answer(tested(100, 300, 0), tested(103, 297, 0)).answer,
            Answer::NoClearChange
        );
        assert_eq!(
            answer(tested(200, 200, 0), tested(100, 300, 0)).answer,
            Answer::Better
        );
        let few = answer(tested(10, 5, 0), tested(100, 300, 0));
        assert_eq!(few.answer, Answer::CannotTell);
        assert!(few.because.unwrap().contains("earlier"));
        let none = answer(tested(0, 0, 0), tested(0, 0, 0));
        assert_eq!(none.answer, Answer::CannotTell);
    }

    #[test]
    fn many_comparisons_make_a_lone_one_less_clear() {
        // p = 0.03 alone; with twenty beside it, no longer clear.
        let pair = |n: usize| {
            let make = |signals: u64| {
                (0..n)
                    .map(|i| Tested {
                        test: format!("t{i}"),
                        ..tested(if i == 0 { signals } else { 100 }, 1_000 - signals, 0)
                    })
                    .collect::<Vec<Tested>>()
            };
            compare(
                &inspected("2024-12-31", make(100)),
                &inspected("2025-12-31", make(131)),
            )
        };
        let first = |c: &Comparison| c.tests.first().map(|t| t.answer);
        assert_eq!(first(&pair(1)), Some(Answer::Worse));
        assert_eq!(first(&pair(20)), Some(Answer::NoClearChange));
    }
}
