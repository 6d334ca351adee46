//! What can be typed.

use std::path::PathBuf;

use candour_law::Range;
use candour_record::Day;
use candour_synth::{Noise, Release, Scenario, Since};
use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};

/// Candour: an inspection with teeth.
///
/// Tests what a council's records show against the duties of the Care Act 2014.
/// A signal is not a finding: it says where to look.
#[derive(Parser)]
#[command(version, arg_required_else_help = true)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Inspect a council's Client Level Data return
    Inspect(InspectArgs),
    /// Say what moved between two inspections of one council
    Compare(crate::compare::CompareArgs),
    /// One person's case file put to the rulebook, or a folder of them
    Case(CaseArgs),
    /// The rulebook: list its duties, show one, or check it
    Duties(DutiesArgs),
    /// Draw files to read so that anyone can check the draw, and say what they show
    Sample(crate::sample::SampleArgs),
    /// What putting right would take: hours, posts, pounds, from a finished inspection
    Resources(ResourcesArgs),
    /// Make up a council's return, with the right verdicts beside it
    Synthesise(SynthesiseArgs),
    /// Make up a council, inspect it, and say where the report is
    Demo(DemoArgs),
}

#[derive(ClapArgs)]
pub(crate) struct InspectArgs {
    /// Returns to read: CSV files, of one council or several
    #[arg(required = true, value_name = "RETURN.csv")]
    pub returns: Vec<PathBuf>,
    /// Folder for the results; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub out: PathBuf,
    /// Inspect as of this day (YYYY-MM-DD) instead of the last day that the returns cover
    #[arg(long, value_name = "DATE")]
    pub as_of: Option<Day>,
    /// What people are called in the results
    #[arg(long, value_enum, default_value_t = Identifiers::Pseudonym)]
    pub identifiers: Identifiers,
    /// File with the key of the pseudonyms; made on first use. Keep it safe and apart from the results
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    /// What the council says that its return does not show (TOML; see README.md)
    #[arg(long, value_name = "FILE")]
    pub local: Option<PathBuf>,
    /// Use this rulebook instead of the built-in one
    #[arg(long, value_name = "DIR")]
    pub rulebook: Option<PathBuf>,
    /// Replace an earlier inspection in the output folder
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Identifiers {
    /// A pseudonym made with the key
    Pseudonym,
    /// The council's own person ids: for the council itself only
    Keep,
}

#[derive(ClapArgs)]
pub(crate) struct CaseArgs {
    /// Use this rulebook instead of the built-in one
    #[arg(long, value_name = "DIR", global = true)]
    pub rulebook: Option<PathBuf>,
    #[command(subcommand)]
    pub command: CaseCommand,
}

#[derive(Subcommand)]
pub(crate) enum CaseCommand {
    /// Say of each duty that fell due whether it was met, why, and what would settle it
    Check {
        /// Print JSON: one object, or one on a line for each of several files
        #[arg(long)]
        json: bool,
        /// Case files (JSON), or folders of them
        #[arg(required = true, value_name = "FILE.json|DIR")]
        files: Vec<PathBuf>,
    },
    /// Print a case file to start from, with the questions to ask
    New,
    /// Score the rules against decided cases
    #[command(hide = true)]
    Score {
        /// Folder of case files with the points that were decided
        #[arg(value_name = "DIR")]
        dir: PathBuf,
    },
}

#[derive(ClapArgs)]
pub(crate) struct DutiesArgs {
    /// Use this rulebook instead of the built-in one
    #[arg(long, value_name = "DIR", global = true)]
    pub rulebook: Option<PathBuf>,
    #[command(subcommand)]
    pub command: Option<DutiesCommand>,
}

#[derive(Subcommand)]
pub(crate) enum DutiesCommand {
    /// List every duty and test (this is what happens without a subcommand)
    List,
    /// Show one duty: its law, its tests, their numbers and examples
    Show {
        /// The duty's id, such as s27-4-revise-only-on-change
        id: String,
    },
    /// Check the rulebook: run every worked example and say what they never reach
    Check,
    /// Write the rulebook as a folder of pages to read, search and print; open its index.html
    Html {
        /// Folder for the pages; made if it is not there
        #[arg(value_name = "DIR")]
        dir: PathBuf,
        /// Replace earlier pages in the folder
        #[arg(long)]
        force: bool,
    },
    /// Show which verdicts a change of rules changes, on a made-up council and on case files
    Changes {
        /// The rulebook as it was
        #[arg(long, value_name = "DIR")]
        from: PathBuf,
        /// Case files to compare as well
        #[arg(long, value_name = "DIR")]
        cases: Option<PathBuf>,
    },
}

#[derive(ClapArgs)]
pub(crate) struct ResourcesArgs {
    #[command(flatten)]
    pub staff: crate::staff::StaffArgs,
    /// Folder of a finished inspection of one council
    #[arg(value_name = "INSPECTION_DIR")]
    pub inspection: PathBuf,
    /// Hours and prices of the council's own: a file like the rulebook's remedies.toml
    #[arg(long, value_name = "FILE")]
    pub remedies: Option<PathBuf>,
    /// Use this rulebook instead of the built-in one
    #[arg(long, value_name = "DIR")]
    pub rulebook: Option<PathBuf>,
    /// The share of signals that reading files confirms, from 0 to 1, or low,central,high; of one test
    /// as DUTY/TEST=SHARE; may be given several times
    #[arg(long, value_name = "[DUTY/TEST=]SHARE", value_parser = share)]
    pub confirmed: Vec<Share>,
    /// What an hour of a grade costs this council; printed beside the national price; may be given several times
    #[arg(long, value_name = "GRADE=POUNDS", value_parser = local_cost)]
    pub local_cost: Vec<(String, f64)>,
    /// Print JSON
    #[arg(long)]
    pub json: bool,
    /// Write resources.csv and resources.json into this folder too
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace those files
    #[arg(long)]
    pub force: bool,
}

/// A share confirmed, of every test or of one.
#[derive(Clone)]
pub(crate) struct Share {
    /// Duty and test.
    pub of: Option<(String, String)>,
    pub share: Range,
}

fn share(text: &str) -> Result<Share, String> {
    let (of, numbers) = match text.rsplit_once('=') {
        Some((of, numbers)) => {
            let (duty, test) = of
                .split_once('/')
                .ok_or("give the test as DUTY/TEST=SHARE")?;
            (Some((duty.to_owned(), test.to_owned())), numbers)
        }
        None => (None, text),
    };
    let parsed: Result<Vec<f64>, _> = numbers.split(',').map(|n| n.trim().parse()).collect();
    let share = match parsed.as_deref() {
        Ok([share]) => Range::exactly(*share),
        Ok([low, central, high]) => Range {
            low: *low,
            central: *central,
            high: *high,
        },
        _ => return Err("give a share such as 0.4, or low,central,high".into()),
    };
    let in_order = 0.0 <= share.low && share.low <= share.central;
    if in_order && share.central <= share.high && share.high <= 1.0 {
        Ok(Share { of, share })
    } else {
        Err("a share is a number from 0 to 1, low, central and high in order".into())
    }
}

fn local_cost(text: &str) -> Result<(String, f64), String> {
    let (grade, pounds) = text
        .split_once('=')
        .ok_or("give it as GRADE=POUNDS, such as social_worker=52.10")?;
    match pounds.parse::<f64>() {
        Ok(pounds) if pounds.is_finite() && pounds > 0.0 => Ok((grade.to_owned(), pounds)),
        _ => Err("pounds an hour are a number above nought".into()),
    }
}

#[derive(ClapArgs)]
pub(crate) struct SynthesiseArgs {
    /// How many people; by default enough for about 100,000 rows a year, a county like Norfolk
    #[arg(long, value_name = "N")]
    pub people: Option<usize>,
    /// The same seed makes the same council
    #[arg(long, value_name = "S", default_value_t = 1)]
    pub seed: u64,
    /// Which release of the national specification the values are spelt in
    #[arg(long, value_parser = release, default_value = "R2", value_name = "R1|R2|mixed")]
    pub release: Release,
    /// Whether the file has the faults that real files have
    #[arg(long, value_parser = noise, default_value = "clean", value_name = "clean|messy")]
    pub noise: Noise,
    /// Years: 1 (one return) or 2 (two that overlap)
    #[arg(long, default_value_t = 1, value_parser = clap::value_parser!(u8).range(1..=2))]
    pub years: u8,
    /// Make one way of turning out plentiful; may be given several times. `--plant list` lists them
    #[arg(long, value_name = "SCENARIO", value_parser = scenario)]
    pub plant: Vec<Planted>,
    /// First day of what the council begins to do, as 2025-07-01; for scenarios that begin on a day
    #[arg(long, value_name = "DATE", value_parser = since)]
    pub since: Option<Since>,
    /// Folder for the return and truth.csv; made if it is not there
    #[arg(long, value_name = "DIR")]
    pub out: Option<PathBuf>,
    /// Replace files in the output folder
    #[arg(long)]
    pub force: bool,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
}

/// A scenario, or the wish to see them all.
#[derive(Clone)]
pub(crate) enum Planted {
    Scenario(Scenario),
    List,
}

fn release(text: &str) -> Result<Release, String> {
    text.parse().map_err(|_| "give R1, R2 or mixed".into())
}

fn noise(text: &str) -> Result<Noise, String> {
    text.parse().map_err(|_| "give clean or messy".into())
}

fn since(text: &str) -> Result<Since, String> {
    text.parse().map_err(|_| "give a day as 2025-07-01".into())
}

fn scenario(text: &str) -> Result<Planted, String> {
    if text == "list" {
        return Ok(Planted::List);
    }
    text.parse()
        .map(Planted::Scenario)
        .map_err(|_| "there is no such scenario; `--plant list` lists them".into())
}

#[derive(ClapArgs)]
pub(crate) struct DemoArgs {
    /// Folder for the made-up council and its inspection; replaced if it is there
    #[arg(long, value_name = "DIR", default_value = "candour-demo")]
    pub out: PathBuf,
    /// How many people; by default a county like Norfolk
    #[arg(long, value_name = "N")]
    pub people: Option<usize>,
    /// Print nothing but errors
    #[arg(long)]
    pub quiet: bool,
}
