//! What the study found, as Markdown.

use std::fmt::Write as _;

use candour_inspect::Pattern;
use candour_stats::wilson;

use super::plan::{PLANTED, Planted};
use super::{Council, Failure, Look};

const IDS: [&str; 7] = [
    "front_door",
    "threshold_drift",
    "review_used_to_cut",
    "blanket_cut",
    "slow_cut",
    "waiting",
    "who_bears_it",
];

/// `41 of 50 = 82% (69 to 90)`: a share with its 95% Wilson interval.
fn share(count: usize, of: usize) -> Result<String, Failure> {
    if of == 0 {
        return Ok("none to count".to_owned());
    }
    let (count, of) = (count as u64, of as u64);
    let interval = wilson(count, of, 0.95)?;
    let digits = if of >= 150 { 1 } else { 0 };
    Ok(format!(
        "{count} of {of} = {:.digits$}% ({:.digits$} to {:.digits$})",
        100.0 * count as f64 / of as f64,
        100.0 * interval.low,
        100.0 * interval.high,
    ))
}

fn alarmed<'a>(look: &'a Look, id: &'a str) -> Option<&'a Pattern> {
    look.patterns.iter().find(|p| p.id == id && p.alarm)
}

fn any_alarm(look: &Look) -> bool {
    look.patterns.iter().any(|p| p.alarm)
}

/// The whole table.
pub(crate) fn table(councils: &[Council], people: usize) -> Result<String, Failure> {
    let mut out = String::new();
    writeln!(out, "# How often the patterns alarm, and how soon\n")?;
    writeln!(
        out,
        "Made-up councils of {people} people over two years. Shares carry 95% Wilson intervals. \
         `make study` makes this page; the same options make the same page.\n"
    )?;
    honest(&mut out, councils)?;
    planted(&mut out, councils)?;
    Ok(out)
}

fn honest(out: &mut String, councils: &[Council]) -> Result<(), Failure> {
    let honest: Vec<&Council> = councils.iter().filter(|c| c.case.order == 0).collect();
    if honest.is_empty() {
        return Ok(());
    }
    let at_end = |test: &dyn Fn(&Look) -> bool| {
        honest
            .iter()
            .filter(|c| c.looks.last().is_some_and(test))
            .count()
    };
    let ever =
        |test: &dyn Fn(&Look) -> bool| honest.iter().filter(|c| c.looks.iter().any(test)).count();
    writeln!(out, "## Honest councils: false alarms\n")?;
    writeln!(out, "The bar is 5% of councils in a year.\n")?;
    writeln!(
        out,
        "| pattern | one look at the year’s end | any of twelve monthly looks |"
    )?;
    writeln!(out, "|---|---|---|")?;
    writeln!(
        out,
        "| **any** | **{}** | **{}** |",
        share(at_end(&any_alarm), honest.len())?,
        share(ever(&any_alarm), honest.len())?
    )?;
    for id in IDS {
        let test = |look: &Look| alarmed(look, id).is_some();
        writeln!(
            out,
            "| {id} | {} | {} |",
            share(at_end(&test), honest.len())?,
            share(ever(&test), honest.len())?
        )?;
    }
    let unable: Vec<String> = IDS
        .iter()
        .filter_map(|id| {
            let n = ever(&|look: &Look| {
                look.patterns
                    .iter()
                    .any(|p| p.id == *id && p.cannot_tell.is_some())
            });
            (n > 0).then(|| format!("{id} in {n}"))
        })
        .collect();
    if !unable.is_empty() {
        writeln!(out, "\nCould not tell at some look: {}.", unable.join(", "))?;
    }
    writeln!(out)?;
    Ok(())
}

fn planted(out: &mut String, councils: &[Council]) -> Result<(), Failure> {
    let mut details = String::new();
    let mut rows = String::new();
    for (place, plan) in PLANTED.iter().enumerate() {
        let made: Vec<&Council> = councils
            .iter()
            .filter(|c| c.case.order == place + 1)
            .collect();
        if made.is_empty() {
            continue;
        }
        for (number, (_, name)) in plan.looks.iter().enumerate() {
            let found = made
                .iter()
                .filter(|c| first_found(c, plan).is_some_and(|n| n <= number))
                .count();
            let bar = match plan.bar {
                Some((by, percent)) if by == *name => {
                    let held = found * 100 >= percent as usize * made.len();
                    format!("{percent}%: {}", if held { "held" } else { "**missed**" })
                }
                _ => String::new(),
            };
            writeln!(
                rows,
                "| {} | {name} | {} | {bar} |",
                if number == 0 { plan.words } else { "" },
                share(found, made.len())?
            )?;
        }
        detail(&mut details, plan, &made)?;
    }
    if rows.is_empty() {
        return Ok(());
    }
    writeln!(out, "## Councils that changed: found by when\n")?;
    writeln!(
        out,
        "Found: the pattern meant for it alarms at that look or an earlier one.\n"
    )?;
    writeln!(
        out,
        "| planted | by | found | bar |\n|---|---|---|---|\n{rows}"
    )?;
    writeln!(out, "## Right about when, how much and where\n")?;
    writeln!(
        out,
        "At the first look that alarmed. Delay: days from the planted day to that look, the median of those found.\n"
    )?;
    writeln!(
        out,
        "| planted | median delay | true day in the interval | median error of the day | true size in the interval | mean size | \
         right place | other patterns alarming at the last look |\n|---|---|---|---|---|---|---|---|\n{details}"
    )?;
    Ok(())
}

/// The first look at which the pattern meant for it alarms.
fn first_found(council: &Council, plan: &Planted) -> Option<usize> {
    council
        .looks
        .iter()
        .position(|look| alarmed(look, plan.pattern).is_some())
}

fn median(mut numbers: Vec<i64>) -> Option<i64> {
    numbers.sort_unstable();
    numbers.get(numbers.len() / 2).copied()
}

fn day(text: &str) -> Option<candour_record::Day> {
    let mut parts = text.split('-');
    candour_record::Day::from_ymd(
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
        parts.next()?.parse().ok()?,
    )
}

fn detail(out: &mut String, plan: &Planted, made: &[&Council]) -> Result<(), Failure> {
    let found: Vec<(&Council, &Look, &Pattern)> = made
        .iter()
        .filter_map(|c| {
            let look = c.looks.get(first_found(c, plan)?)?;
            Some((*c, look, alarmed(look, plan.pattern)?))
        })
        .collect();
    let dash = || "–".to_owned();
    let delays = found
        .iter()
        .filter_map(|(c, look, _)| Some(look.as_of.since(c.case.since?)))
        .collect();
    let errors = found
        .iter()
        .filter_map(|(c, _, p)| Some(day(p.since.as_deref()?)?.since(c.case.since?)))
        .collect();
    let dated: Vec<bool> = found
        .iter()
        .filter_map(|(c, _, p)| {
            let since = c.case.since?;
            let [from, to] = p.since_interval.as_ref()?;
            Some(day(from)? <= since && since <= day(to)?)
        })
        .collect();
    let sized: Vec<bool> = match plan.size {
        Some(size) => found
            .iter()
            .filter_map(|(_, _, p)| p.interval.map(|[low, high]| low <= size && size <= high))
            .collect(),
        None => Vec::new(),
    };
    let sizes: Vec<f64> = found.iter().filter_map(|(_, _, p)| p.size).collect();
    let of = |flags: &[bool]| {
        if flags.is_empty() {
            Ok(dash())
        } else {
            share(flags.iter().filter(|f| **f).count(), flags.len())
        }
    };
    let placed = match plan.place {
        Some(place) => of(&found
            .iter()
            .map(|(_, _, p)| p.place.as_deref().is_some_and(|w| w.contains(place)))
            .collect::<Vec<bool>>())?,
        None => dash(),
    };
    let others: Vec<String> = IDS
        .iter()
        .filter(|id| **id != plan.pattern)
        .filter_map(|id| {
            let n = made
                .iter()
                .filter(|c| c.looks.last().is_some_and(|l| alarmed(l, id).is_some()))
                .count();
            (n > 0).then(|| format!("{id} {n} of {}", made.len()))
        })
        .collect();
    writeln!(
        out,
        "| {} | {} | {} | {} | {} | {} | {placed} | {} |",
        plan.words,
        median(delays).map_or_else(dash, |d| format!("{d} days")),
        of(&dated)?,
        median(errors).map_or_else(dash, |d| format!("{d} days")),
        of(&sized)?,
        if sizes.is_empty() {
            dash()
        } else {
            format!("{:.3}", sizes.iter().sum::<f64>() / sizes.len() as f64)
        },
        if others.is_empty() {
            "none".to_owned()
        } else {
            others.join(", ")
        },
    )?;
    Ok(())
}

/// Every alarm, one line each, for reading why.
pub(crate) fn alarms(councils: &[Council]) -> String {
    let mut out =
        String::from("planted,seed,planted_day,look,pattern,since,where,size,p,level,sentence\n");
    for council in councils {
        for look in &council.looks {
            for p in look.patterns.iter().filter(|p| p.alarm) {
                let number = |n: Option<f64>| n.map_or_else(String::new, |n| format!("{n:.5}"));
                let line = [
                    council.case.name().to_owned(),
                    council.case.seed.to_string(),
                    council
                        .case
                        .since
                        .map_or_else(String::new, |d| d.to_string()),
                    look.as_of.to_string(),
                    p.id.to_owned(),
                    p.since.clone().unwrap_or_default(),
                    p.place.clone().unwrap_or_default(),
                    number(p.size),
                    p.p.map_or_else(String::new, |n| format!("{n:.2e}")),
                    number(p.level),
                    p.sentence.clone(),
                ]
                .map(|cell| format!("\"{}\"", cell.replace('"', "\"\"")))
                .join(",");
                out.push_str(&line);
                out.push('\n');
            }
        }
    }
    out
}
