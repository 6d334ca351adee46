//! The data files of an inspection: `inspection.json`, `verdicts.csv`, `people.csv`, `quality.csv`
//! and `worklist.csv`. No clocks, paths or timings: the same inputs and key give the same bytes.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use candour_law::{Force, Verdict};
use candour_record::codes::EventType;
use candour_record::{Day, Interval, Record, RowRef};
use candour_returns::{CHECKS, Joined, SET_ASIDE};
use rayon::prelude::*;
use sha2::{Digest, Sha256};

use crate::activity::activity;
use crate::backlog::{YEARLY, queues};
use crate::document::*;
use crate::error::InspectError;
use crate::inspector::{Inspection, Inspector, TestResult};
use crate::labels::Labels;
use crate::local::LocalFacts;
use crate::resources::Resources;
use crate::strata::*;

const EVENT_TYPES: [EventType; 4] = [
    EventType::Request,
    EventType::Assessment,
    EventType::Service,
    EventType::Review,
];

pub(crate) fn sha256(bytes: &[u8]) -> String {
    Sha256::digest(bytes)
        .iter()
        .map(|b| format!("{b:02x}"))
        .collect()
}

/// What `inspection.json` says.
pub fn document(
    inspector: &Inspector<'_>,
    joined: &Joined,
    inspection: &Inspection,
    labels: &Labels,
    local: &LocalFacts,
    as_of_given: bool,
) -> Document {
    let record = &joined.record;
    let text = |i: Interval| CoverageText {
        start: i.start.to_string(),
        end: i.end.to_string(),
    };
    let mut events: BTreeMap<&'static str, u64> =
        EVENT_TYPES.iter().map(|k| (k.name(), 0)).collect();
    for event in &record.events {
        *events.entry(event.kind.name()).or_insert(0) += 1;
    }
    let accounts = &joined.accounts;
    let mut inputs: Vec<&candour_returns::ReturnFile> = joined.files.iter().collect();
    inputs.sort_by_key(|f| f.index);
    Document {
        candour: env!("CARGO_PKG_VERSION"),
        council: record.council.clone(),
        as_of: record.as_of.to_string(),
        as_of_given,
        identifiers: if labels.pseudonyms {
            "pseudonym"
        } else {
            "keep"
        },
        rulebook_sha256: inspector.rulebook.sha256.clone(),
        inputs: inputs
            .iter()
            .map(|f| Input {
                file: f.name.clone(),
                sha256: f.sha256.clone(),
                bytes: f.bytes,
                rows: f.rows_in,
                rows_used: f.rows_used,
                period_start: f.stated.start.to_string(),
                period_end: f.stated.end.to_string(),
                period_is_stated: f.period_is_stated,
                release: match (f.release1_values, f.release2_values) {
                    (0, 0) => "unknown",
                    (_, 0) => "R1",
                    (0, _) => "R2",
                    _ => "mixed",
                },
                missing_columns: f.missing_columns.iter().map(|c| c.heading()).collect(),
                other_columns: f.other_columns.clone(),
                short_rows: f.short_rows,
            })
            .collect(),
        coverage: EVENT_TYPES
            .iter()
            .map(|k| (k.name(), text(record.coverage.of(*k))))
            .collect(),
        rows: Fate {
            rows_in: joined.files.iter().map(|f| f.rows_in).sum(),
            used: accounts.used,
            set_aside: SET_ASIDE
                .iter()
                .map(|why| {
                    let rows = joined
                        .files
                        .iter()
                        .filter_map(|f| f.set_aside.get(why))
                        .sum();
                    (why.name(), rows)
                })
                .collect(),
            used_as: BTreeMap::from([
                ("events", accounts.events),
                ("repeats_of_an_event", accounts.repeats),
                ("gave_way_to_a_later_return", accounts.gave_way),
                ("after_as_of", accounts.after_as_of),
                ("services_after_death", accounts.after_death),
                ("known_by_association", accounts.known_by_association),
            ]),
            unknown_ends: accounts.unknown_ends,
        },
        people: record.people.len() as u64,
        people_in_long_term_support: inspection.in_long_term_support,
        events,
        local_facts: local
            .facts
            .iter()
            .map(|f| LocalText {
                kind: f.kind,
                says: f.says.clone(),
                why: f.why.clone(),
            })
            .collect(),
        local_facts_sha256: local.sha256.clone(),
        mass_days: inspection
            .mass_days
            .iter()
            .map(|(day, (people, base))| MassDay {
                day: day.to_string(),
                people: *people as u64,
                people_in_long_term_support: *base as u64,
            })
            .collect(),
        reset_days: inspection.reset_days.iter().map(Day::to_string).collect(),
        quality: joined
            .quality
            .problems()
            .filter_map(|p| {
                let check = CHECKS.get(usize::from(p.check) - 1)?;
                Some(CountedCheck {
                    field: p.column.map_or("(row)", |c| c.heading()).to_owned(),
                    check_id: check.id.clone(),
                    severity: check.severity.clone(),
                    rule: check.rule.clone(),
                    rows: p.rows,
                })
            })
            .collect(),
        tests: inspection
            .results
            .iter()
            .filter_map(|r| summary(inspector, r))
            .collect(),
        patterns: inspection.patterns.clone(),
        measures: crate::measures::measures(record),
        activity: inspector
            .rulebook
            .staff_time
            .as_ref()
            .map(|time| activity(record, time))
            .unwrap_or_default(),
        backlog: queues(
            inspector.rulebook,
            record,
            overdue_reviews(inspector, inspection),
        ),
        resources: Resources::of(inspector, record, inspection),
    }
}

/// People whose yearly care review is overdue.
fn overdue_reviews(inspector: &Inspector<'_>, inspection: &Inspection) -> Option<u64> {
    let yearly = inspection.results.iter().find(|result| {
        inspector
            .test_of(result)
            .is_some_and(|(duty, test)| (duty.id.as_str(), test.id.as_str()) == YEARLY)
    });
    yearly.map(|result| result.counts.not_met)
}

fn summary(inspector: &Inspector<'_>, result: &TestResult) -> Option<TestSummary> {
    let (duty, test) = inspector.test_of(result)?;
    let reasons = |verdict: Verdict| -> ReasonCounts {
        result
            .reasons
            .iter()
            .filter(|((v, _), _)| *v == verdict)
            .map(|((_, reason), n)| (reason.as_str().to_owned(), *n))
            .collect()
    };
    Some(TestSummary {
        duty: duty.id.clone(),
        test: test.id.clone(),
        section: duty.section.clone(),
        force: test.force.as_str(),
        strength: test.strength.as_str(),
        occasions: result.counts.occasions(),
        met: result.counts.met,
        not_met: reasons(Verdict::NotMet),
        cannot_tell: reasons(Verdict::CannotTell),
        not_owed: reasons(Verdict::NotOwed),
        not_yet_due: reasons(Verdict::NotYetDue),
        met_because: reasons(Verdict::Met),
        not_met_strong: result.not_met_strong,
        not_met_without_local_facts: result.counts.not_met + result.local.values().sum::<u64>(),
        groups: DIMENSIONS
            .iter()
            .map(|d| d.name())
            .zip(result.groups.iter().cloned())
            .collect(),
    })
}

/// Writes the data files into `dir`, which exists.
///
/// # Errors
/// When a file cannot be written.
pub fn write_data(
    dir: &Path,
    inspector: &Inspector<'_>,
    joined: &Joined,
    inspection: &Inspection,
    labels: &Labels,
    document: &Document,
) -> Result<(), InspectError> {
    let names = FileNames::new(joined);
    let file = |name: &str, write: &dyn Fn(&mut BufWriter<File>) -> std::io::Result<()>| {
        let path = dir.join(name);
        let done = || -> std::io::Result<()> {
            let mut out = BufWriter::with_capacity(1 << 16, File::create(&path)?);
            write(&mut out)?;
            out.flush()
        };
        done().map_err(|source| InspectError::Write {
            path: path.clone(),
            source,
        })
    };
    // The longest file on one core, the others beside it.
    let (verdicts, others) = rayon::join(
        || {
            file("verdicts.csv", &|out| {
                verdicts(out, inspector, &joined.record, inspection, labels, &names)
            })
        },
        || {
            file("inspection.json", &|out| {
                serde_json::to_writer_pretty(&mut *out, document)?;
                out.write_all(b"\n")
            })?;
            file("people.csv", &|out| {
                people(out, &joined.record, inspection, labels)
            })?;
            file("quality.csv", &|out| quality(out, joined, &names))?;
            file("worklist.csv", &|out| {
                worklist(out, inspector, &joined.record, inspection, labels)
            })
        },
    );
    verdicts.and(others)
}

/// How rows are named: `file:row`, by the file's place among the inputs.
struct FileNames(Vec<String>);

impl FileNames {
    fn new(joined: &Joined) -> FileNames {
        let mut names: Vec<(u16, String)> = joined
            .files
            .iter()
            .map(|f| (f.index, f.name.replace(' ', "_")))
            .collect();
        names.sort();
        let mut seen: Vec<String> = Vec::new();
        for (index, name) in names {
            let name = if seen.contains(&name) {
                format!("{}-{name}", index + 1)
            } else {
                name
            };
            seen.push(name);
        }
        FileNames(seen)
    }

    fn write(&self, row: RowRef, out: &mut Vec<u8>) {
        out.extend_from_slice(
            self.0
                .get(usize::from(row.file))
                .map_or("", String::as_str)
                .as_bytes(),
        );
        out.push(b':');
        push_number(row.row, out);
    }
}

/// A whole number, without making a text of its own.
fn push_number(mut number: u32, out: &mut Vec<u8>) {
    let mut digits = [0u8; 10];
    let mut place = digits.len();
    loop {
        place -= 1;
        if let Some(digit) = digits.get_mut(place) {
            *digit = b'0' + (number % 10) as u8;
        }
        number /= 10;
        if number == 0 {
            break;
        }
    }
    out.extend_from_slice(digits.get(place..).unwrap_or(&[]));
}

/// A day as ISO 8601 has it.
fn push_day(day: Day, out: &mut Vec<u8>) {
    let (year, month, date) = day.ymd();
    for place in [1000, 100, 10, 1] {
        out.push(b'0' + (year.unsigned_abs() / place % 10) as u8);
    }
    for part in [month, date] {
        out.push(b'-');
        out.push(b'0' + (part / 10 % 10) as u8);
        out.push(b'0' + (part % 10) as u8);
    }
}

/// A cell straight into the text of a file.
fn push_cell(text: &str, out: &mut Vec<u8>) {
    if text.contains([',', '"', '\n', '\r']) {
        out.extend_from_slice(cell(text).as_bytes());
    } else {
        out.extend_from_slice(text.as_bytes());
    }
}

/// A cell as CSV has it.
fn cell(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

fn verdicts(
    out: &mut BufWriter<File>,
    inspector: &Inspector<'_>,
    record: &Record,
    inspection: &Inspection,
    labels: &Labels,
    names: &FileNames,
) -> std::io::Result<()> {
    writeln!(
        out,
        "duty,test,person,occasion_date,verdict,force,strength,section,because,reason,ordinal,rows"
    )?;
    for result in &inspection.results {
        let Some((duty, test)) = inspector.test_of(result) else {
            continue;
        };
        let head = format!("{},{},", cell(&duty.id), cell(&test.id));
        let middles: Vec<String> = result
            .outcomes
            .iter()
            .map(|o| {
                format!(
                    ",{},{},{},{},{},{},",
                    o.verdict.as_str(),
                    test.force.as_str(),
                    o.strength.as_str(),
                    cell(&duty.section),
                    cell(&o.because),
                    o.reason.as_str()
                )
            })
            .collect();
        // Formatted on every core, a bounded number of rows at a time.
        for part in result.verdicts.chunks(1 << 16) {
            let texts: Vec<Vec<u8>> = part
                .par_chunks(1 << 12)
                .map(|rows| {
                    let mut text = Vec::with_capacity(rows.len() * 220);
                    for row in rows {
                        text.extend_from_slice(head.as_bytes());
                        push_cell(labels.of(row.person), &mut text);
                        text.push(b',');
                        push_day(row.day, &mut text);
                        text.extend_from_slice(
                            middles
                                .get(usize::from(row.outcome))
                                .map_or("", String::as_str)
                                .as_bytes(),
                        );
                        push_number(u32::from(row.ordinal), &mut text);
                        text.push(b',');
                        let mut first = true;
                        for event in result.evidence(row) {
                            for source in record.rows_of(*event) {
                                if !first {
                                    text.push(b' ');
                                }
                                first = false;
                                names.write(source, &mut text);
                            }
                        }
                        text.push(b'\n');
                    }
                    text
                })
                .collect();
            for text in texts {
                out.write_all(&text)?;
            }
        }
    }
    Ok(())
}

fn people(
    out: &mut BufWriter<File>,
    record: &Record,
    inspection: &Inspection,
    labels: &Labels,
) -> std::io::Result<()> {
    writeln!(
        out,
        "person,age_band,sex,ethnic_group,support_reason,setting,district,in_long_term_support,strong_signals,lead_signals,cannot_tell,no_signal"
    )?;
    for part in labels.order.chunks(1 << 15) {
        let texts: Vec<Vec<u8>> = part
            .par_chunks(1 << 12)
            .map(|people| {
                let mut text = Vec::with_capacity(people.len() * 120);
                for &person in people {
                    let Some(p) = inspection.people.get(person as usize) else {
                        continue;
                    };
                    let district = record
                        .districts
                        .get(usize::from(p.strata.district))
                        .map_or("unknown", String::as_str);
                    push_cell(labels.of(person), &mut text);
                    for group in [
                        AGE_BANDS
                            .get(usize::from(p.age_band))
                            .copied()
                            .unwrap_or("unknown"),
                        sex_text(p.strata.sex),
                        ethnic_text(p.strata.ethnic_group),
                        reason_text(p.strata.support_reason),
                        setting_text(p.strata.setting),
                        district,
                        if p.supported { "yes" } else { "no" },
                    ] {
                        text.push(b',');
                        push_cell(group, &mut text);
                    }
                    for count in [p.strong_signals, p.lead_signals, p.cannot_tell, p.met] {
                        text.push(b',');
                        push_number(u32::from(count), &mut text);
                    }
                    text.push(b'\n');
                }
                text
            })
            .collect();
        for text in texts {
            out.write_all(&text)?;
        }
    }
    Ok(())
}

fn quality(out: &mut BufWriter<File>, joined: &Joined, names: &FileNames) -> std::io::Result<()> {
    writeln!(out, "field,check_id,rows,example_rows,severity,rule")?;
    for problem in joined.quality.problems() {
        let Some(check) = CHECKS.get(usize::from(problem.check) - 1) else {
            continue;
        };
        let mut examples = Vec::new();
        for (i, row) in problem.examples.iter().enumerate() {
            if i > 0 {
                examples.push(b' ');
            }
            names.write(*row, &mut examples);
        }
        writeln!(
            out,
            "{},{},{},{},{},{}",
            cell(problem.column.map_or("(row)", |c| c.heading())),
            check.id,
            problem.rows,
            String::from_utf8_lossy(&examples),
            check.severity,
            cell(&check.rule)
        )?;
    }
    Ok(())
}

/// One person with signals that somebody should look at this week.
struct Work {
    person: u32,
    without_support: bool,
    signals: u32,
    strong: u32,
    since: Day,
    first: (usize, u16),
}

/// People apparently without support or overdue, worst first. Only duties of statute and guidance:
/// a benchmark that was missed is history, nothing to do this week.
fn worklist(
    out: &mut BufWriter<File>,
    inspector: &Inspector<'_>,
    record: &Record,
    inspection: &Inspection,
    labels: &Labels,
) -> std::io::Result<()> {
    let mut work: BTreeMap<u32, Work> = BTreeMap::new();
    for (place, result) in inspection.results.iter().enumerate() {
        let Some((_, test)) = inspector.test_of(result) else {
            continue;
        };
        if test.force == Force::Benchmark {
            continue;
        }
        for row in &result.verdicts {
            let Some(outcome) = result.outcome(row).filter(|o| o.verdict == Verdict::NotMet) else {
                continue;
            };
            let strong = outcome.strength == candour_law::Strength::Strong;
            let entry = work.entry(row.person).or_insert_with(|| Work {
                person: row.person,
                without_support: !record
                    .events_of(row.person)
                    .iter()
                    .any(|e| e.kind == EventType::Service && e.active_on(record.as_of)),
                signals: 0,
                strong: 0,
                since: row.day,
                first: (place, row.outcome),
            });
            // The sentence shown is that of the strongest signal, then the longest standing.
            if (strong && entry.strong == 0)
                || (strong == (entry.strong > 0) && row.day < entry.since)
            {
                entry.since = row.day;
                entry.first = (place, row.outcome);
            }
            entry.signals += 1;
            entry.strong += u32::from(strong);
        }
    }
    let mut list: Vec<Work> = work.into_values().collect();
    list.sort_by(|a, b| {
        let rank = |w: &Work| (w.strong == 0, !w.without_support, w.since);
        rank(a)
            .cmp(&rank(b))
            .then_with(|| labels.of(a.person).cmp(labels.of(b.person)))
    });
    writeln!(
        out,
        "rank,person,apparently_without_support,since,days,signals,strong_signals,duty,test,why"
    )?;
    let mut text = Vec::new();
    for (rank, w) in list.iter().enumerate() {
        let Some(result) = inspection.results.get(w.first.0) else {
            continue;
        };
        let Some((duty, test)) = inspector.test_of(result) else {
            continue;
        };
        let because = result
            .outcomes
            .get(usize::from(w.first.1))
            .map_or("", |o| o.because.as_str());
        text.clear();
        push_number(rank as u32 + 1, &mut text);
        text.push(b',');
        push_cell(labels.of(w.person), &mut text);
        text.extend_from_slice(if w.without_support { b",yes," } else { b",no," });
        push_day(w.since, &mut text);
        for number in [
            u32::try_from(record.as_of.since(w.since)).unwrap_or(0),
            w.signals,
            w.strong,
        ] {
            text.push(b',');
            push_number(number, &mut text);
        }
        for cell in [duty.id.as_str(), test.id.as_str(), because] {
            text.push(b',');
            push_cell(cell, &mut text);
        }
        text.push(b'\n');
        out.write_all(&text)?;
    }
    Ok(())
}
