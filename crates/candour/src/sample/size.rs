//! How many files for what certainty.

use std::io::Write;

use candour_stats::{
    CannotTell, chance_of_meeting, files_for_points, files_to_find, one_in, upper_when_none,
    wilson_interval,
};
use serde::Serialize;

use super::args::SizeArgs;
use super::files::json_bytes;
use super::percent;
use crate::failure::Failure;

#[derive(Serialize)]
struct Line {
    files: u64,
    /// Highest rate that none found leaves open (one-sided, 95%).
    upper_when_none: f64,
    /// The number nearest to a fifth of the files, and the interval if as many show the fault.
    seen: u64,
    seen_interval: (f64, f64),
    chance_of_meeting: Vec<(f64, f64)>,
    sentence: String,
}

#[derive(Serialize)]
struct Needed {
    share: f64,
    files: Option<u64>,
}

#[derive(Serialize)]
struct Sizes {
    people: Option<u64>,
    lines: Vec<Line>,
    for_points: Vec<Needed>,
    to_find: Vec<Needed>,
}

/// "30 files with none wrong: the true rate could still be up to about 1 in 10 (9.5%)."
pub(super) fn none_wrong(files: u64, people: Option<u64>) -> Result<String, CannotTell> {
    let upper = upper_when_none(files, people)?;
    if upper == 0.0 {
        return Ok(format!(
            "{files} files with none wrong: that was everybody."
        ));
    }
    Ok(format!(
        "{files} {} with none wrong: the true rate could still be up to about {} ({}).",
        if files == 1 { "file" } else { "files" },
        one_in(upper),
        percent(upper)
    ))
}

/// What so many files can find and cannot, with the chances.
pub(super) fn find_and_clear(files: u64, people: Option<u64>) -> Result<String, CannotTell> {
    let words = match files {
        30 => "Thirty files".to_owned(),
        1 => "1 file".to_owned(),
        n => format!("{n} files"),
    };
    let common = chance_of_meeting(0.20, files, people)?;
    let rare = 1.0 - chance_of_meeting(0.02, files, people)?;
    Ok(format!(
        "{words} can find a common fault and cannot clear a council of a rare one: of a fault in 20% of cases they meet at least one with a chance of {}, and a fault in 2% of cases they miss with a chance of {}.",
        percent(common),
        percent(rare)
    ))
}

pub(super) fn run(out: &mut impl Write, args: &SizeArgs) -> Result<(), Failure> {
    let sizes = sizes(args).map_err(|why| Failure::Sample(format!("{why}.")))?;
    if args.json {
        out.write_all(&json_bytes(&sizes)?)?;
    } else {
        tell(out, &sizes)?;
    }
    Ok(())
}

fn sizes(args: &SizeArgs) -> Result<Sizes, CannotTell> {
    let people = args.people;
    let line = |files: u64| -> Result<Line, CannotTell> {
        let seen = (files as f64 / 5.0).round() as u64;
        Ok(Line {
            files,
            upper_when_none: upper_when_none(files, people)?,
            seen,
            seen_interval: wilson_interval(seen as f64 / files as f64, files as f64, people)?,
            chance_of_meeting: args
                .fault
                .iter()
                .map(|rate| Ok((*rate, chance_of_meeting(*rate, files, people)?)))
                .collect::<Result<_, CannotTell>>()?,
            sentence: none_wrong(files, people)?,
        })
    };
    Ok(Sizes {
        people,
        lines: args
            .files
            .iter()
            .map(|files| line(*files))
            .collect::<Result<_, CannotTell>>()?,
        for_points: args
            .points
            .iter()
            .map(|share| Needed {
                share: *share,
                files: files_for_points(*share, 0.5, people).ok(),
            })
            .collect(),
        to_find: args
            .fault
            .iter()
            .map(|share| Needed {
                share: *share,
                files: files_to_find(*share, 0.95, people).ok(),
            })
            .collect(),
    })
}

fn tell(out: &mut impl Write, sizes: &Sizes) -> Result<(), Failure> {
    let of = sizes
        .people
        .map_or("a council of any size".to_owned(), |n| {
            format!("{n} people")
        });
    writeln!(out, "What a random draw of files can say of {of} (95%)\n")?;
    let faults: Vec<String> = sizes
        .to_find
        .iter()
        .map(|needed| percent(needed.share))
        .collect();
    write!(
        out,
        "{:>6}  {:>22}  {:>30}",
        "files", "none seen: could be", "a fifth seen: interval"
    )?;
    for fault in &faults {
        write!(out, "  {:>21}", format!("meets a fault in {fault}"))?;
    }
    writeln!(out)?;
    for line in &sizes.lines {
        let (low, high) = line.seen_interval;
        write!(
            out,
            "{:>6}  {:>22}  {:>30}",
            line.files,
            percent(line.upper_when_none),
            format!(
                "{} of {}: {} to {}",
                line.seen,
                line.files,
                percent(low),
                percent(high)
            )
        )?;
        for (_, chance) in &line.chance_of_meeting {
            // Never 100% for what is not certain.
            let text = if *chance < 1.0 && *chance > 0.9995 {
                "over 99.9%".to_owned()
            } else {
                percent(*chance)
            };
            write!(out, "  {text:>21}")?;
        }
        writeln!(out)?;
    }
    writeln!(out)?;
    for needed in &sizes.for_points {
        if let Some(files) = needed.files {
            writeln!(
                out,
                "For {} points either way at a rate of 50%, where it takes most: {files} files.",
                percent(needed.share).trim_end_matches('%')
            )?;
        }
    }
    for needed in &sizes.to_find {
        if let Some(files) = needed.files {
            writeln!(
                out,
                "To meet a fault in {} of cases at least once with a chance of 95%: {files} files.",
                percent(needed.share)
            )?;
        }
    }
    writeln!(out)?;
    for line in &sizes.lines {
        writeln!(out, "{}", line.sentence)?;
    }
    for line in sizes.lines.iter().filter(|l| l.files <= 60) {
        if let Ok(text) = find_and_clear(line.files, sizes.people)
            && (sizes.lines.len() == 1 || line.files == 30)
        {
            writeln!(out, "{text}")?;
        }
    }
    Ok(())
}
