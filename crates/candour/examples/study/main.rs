//! How often the patterns alarm where nothing was done, and how soon they find what was: a simulation study.
//!
//! Many made-up councils the size of Norfolk, honest ones and ones that change on a planted day. Each is written as two
//! returns, read, and looked at on several days, as a reader would who asked for the patterns every month. `make study`
//! runs it; the same options give the same table.

mod plan;
mod table;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::atomic::{AtomicUsize, Ordering};

use candour_inspect::{Inspector, LocalFacts, Pattern, find_patterns};
use candour_law::Rulebook;
use candour_record::{Day, Settings, Timelines};
use candour_returns::{Reader, join};
use candour_synth::{Options, Scenario, synthesise};
use clap::Parser;
use rayon::prelude::*;

use plan::{Case, cases};

/// Measures the patterns on made-up councils
#[derive(Parser)]
#[command(name = "study")]
struct Args {
    /// How many honest councils
    #[arg(long, default_value_t = 200, value_name = "N")]
    honest: u64,
    /// How many councils for each thing that is planted
    #[arg(long, default_value_t = 40, value_name = "N")]
    planted: u64,
    /// People of each council; 75,000 over two years is a county like Norfolk
    #[arg(long, default_value_t = 75_000, value_name = "N")]
    people: usize,
    /// Seed of the first council
    #[arg(long, default_value_t = 1, value_name = "S")]
    first_seed: u64,
    /// Only what is planted under this name, or `honest`
    #[arg(long, value_name = "NAME")]
    only: Option<String>,
    /// File for the table, beside the screen
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// File for every alarm, one line each
    #[arg(long, value_name = "FILE")]
    alarms: Option<PathBuf>,
}

/// What one look at one council found.
pub(crate) struct Look {
    pub as_of: Day,
    pub patterns: Vec<Pattern>,
}

/// One council, looked at on several days.
pub(crate) struct Council {
    pub case: Case,
    pub looks: Vec<Look>,
}

type Failure = Box<dyn std::error::Error + Send + Sync>;

fn main() -> ExitCode {
    match run(&Args::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("study: {failure}");
            ExitCode::from(1)
        }
    }
}

fn run(args: &Args) -> Result<(), Failure> {
    let rulebook = Rulebook::built_in()?;
    let settings = Inspector::new(&rulebook)?.settings;
    let folder = Scratch::new()?;
    let all: Vec<Case> = cases(args.honest, args.planted, args.first_seed)
        .into_iter()
        .filter(|case| args.only.as_deref().is_none_or(|name| case.name() == name))
        .collect();
    if all.is_empty() {
        return Err("nothing to study: see `candour synthesise --plant list` for names".into());
    }
    let done = AtomicUsize::new(0);
    let total = all.len();
    let mut councils = all
        .into_par_iter()
        .enumerate()
        .map(|(place, case)| {
            let council = look_at(
                &rulebook,
                settings,
                args.people,
                case,
                &folder.0.join(place.to_string()),
            );
            let n = done.fetch_add(1, Ordering::Relaxed) + 1;
            if n.is_multiple_of(20) || n == total {
                eprintln!("{n} of {total} councils");
            }
            council
        })
        .collect::<Result<Vec<Council>, Failure>>()?;
    councils.sort_by_key(|c| (c.case.order, c.case.seed));
    let text = table::table(&councils, args.people)?;
    std::io::stdout().lock().write_all(text.as_bytes())?;
    if let Some(path) = &args.out {
        fs::write(path, &text)?;
    }
    if let Some(path) = &args.alarms {
        fs::write(path, table::alarms(&councils))?;
    }
    Ok(())
}

/// Makes one council, reads it once, and looks for its patterns as on each of the days.
fn look_at(
    rulebook: &Rulebook,
    settings: Settings,
    people: usize,
    case: Case,
    folder: &Path,
) -> Result<Council, Failure> {
    let plant = match case.scenario {
        Some(name) => vec![name.parse::<Scenario>()?],
        None => Vec::new(),
    };
    let since = match case.since {
        Some(day) => Some(day.to_string().parse()?),
        None => None,
    };
    let options = Options {
        people,
        seed: case.seed,
        years: 2,
        plant,
        since,
        ..Options::default()
    };
    let made = synthesise(&options, folder)?;
    let mut reader = Reader::new(settings);
    let files = made
        .files
        .iter()
        .map(|path| reader.read(path, &|_| {}))
        .collect::<Result<Vec<_>, _>>()?;
    fs::remove_dir_all(folder)?;
    let looks = case
        .looks
        .iter()
        .map(|as_of| {
            let joined = join(&reader, files.clone(), Some(*as_of));
            let council = Timelines::new(&joined.record);
            let mut patterns = find_patterns(&council, &LocalFacts::default(), &rulebook.patterns);
            for pattern in &mut patterns {
                // Pictures are not what is studied, and thousands of them would fill the memory.
                pattern.figures.clear();
            }
            Look {
                as_of: *as_of,
                patterns,
            }
        })
        .collect();
    Ok(Council { case, looks })
}

/// A folder that goes when it is no longer needed.
struct Scratch(PathBuf);

impl Scratch {
    fn new() -> Result<Self, Failure> {
        let path = std::env::temp_dir().join(format!("candour-study-{}", std::process::id()));
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // Nothing is lost when this fails: the system empties its folder for temporary files.
        drop(fs::remove_dir_all(&self.0));
    }
}
