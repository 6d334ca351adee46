//! Times reading a return to typed events against a bare pass of the `csv` crate over the same file.
//!
//! `reading RETURN.csv [REPEATS]` prints the best of each and the ratio.

#![expect(clippy::print_stdout, reason = "prints what it measured")]

use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use candour_record::Settings;
use candour_returns::{Reader, join};

fn settings() -> Result<Settings, &'static str> {
    let text = include_str!("../../../rulebook/record.toml");
    let mut numbers = BTreeMap::new();
    let mut id = String::new();
    for line in text.lines() {
        if let Some(value) = line.strip_prefix("id = ") {
            id = value.trim_matches('"').to_owned();
        } else if let Some(value) = line.strip_prefix("value = ") {
            numbers.insert(id.clone(), value.parse().unwrap_or(0));
        }
    }
    Settings::from_numbers(&numbers)
}

fn best(
    repeats: usize,
    mut work: impl FnMut() -> Result<u64, Box<dyn std::error::Error>>,
) -> Result<(Duration, u64), Box<dyn std::error::Error>> {
    let mut best = Duration::MAX;
    let mut rows = 0;
    for _ in 0..repeats {
        let started = Instant::now();
        rows = work()?;
        best = best.min(started.elapsed());
    }
    Ok((best, rows))
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let path = args.next().ok_or("name a return")?;
    let path = Path::new(&path);
    let repeats = args.next().map_or(Ok(5), |n| n.parse())?;
    let settings = settings()?;
    let (bare, rows) = best(repeats, || {
        let mut csv = csv::ReaderBuilder::new().flexible(true).from_path(path)?;
        let mut record = csv::ByteRecord::new();
        let mut rows = 0;
        while csv.read_byte_record(&mut record)? {
            rows += 1;
        }
        Ok(rows)
    })?;
    let (typed, read) = best(repeats, || {
        let mut reader = Reader::new(settings);
        let file = reader.read(path, &|_| {})?;
        Ok(file.rows_in)
    })?;
    let (joined, _) = best(repeats, || {
        let mut reader = Reader::new(settings);
        let file = reader.read(path, &|_| {})?;
        Ok(join(&reader, vec![file], None).accounts.events)
    })?;
    println!("rows                     {rows} ({read} read)");
    println!(
        "bare csv pass            {:8.1} ms",
        bare.as_secs_f64() * 1e3
    );
    println!(
        "read to typed rows       {:8.1} ms, {:.2} times the bare pass",
        typed.as_secs_f64() * 1e3,
        typed.as_secs_f64() / bare.as_secs_f64()
    );
    println!(
        "read and joined          {:8.1} ms, {:.2} times the bare pass",
        joined.as_secs_f64() * 1e3,
        joined.as_secs_f64() / bare.as_secs_f64()
    );
    Ok(())
}
