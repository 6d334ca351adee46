//! A made-up council with known truth: returns, and every verdict that is right for them.
//!
//! It shares no logic with the crates that read a return, make a record of it or inspect it. A council here is a
//! great many *stories*, each of one person (or of a carer and an adult), and each story states in its own code which
//! occasions of which tests arise in it and how they come out. So the truth is known because it was made, not because
//! it was worked out.

mod build;
mod codes;
mod council;
mod day;
mod diary;
mod dice;
mod frame;
mod habits;
mod noise;
mod person;
mod render;
mod scenario;
mod stories;
mod truth;

pub use diary::{DiaryOptions, DiarySummary, diary, diary_text};
pub use habits::Since;
pub use scenario::Scenario;

use std::fmt;
use std::path::{Path, PathBuf};
use std::str::FromStr;

/// Which release of the national return the rows are spelled in.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Release {
    /// Release 1.
    R1,
    /// Release 2.
    #[default]
    R2,
    /// Either, row by row.
    Mixed,
}

/// How the file is written.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub enum Noise {
    /// As specified.
    #[default]
    Clean,
    /// As files arrive: none of it changes what is true.
    Messy,
}

/// People of a council whose return of one year has about 100,000 rows.
pub const DEFAULT_PEOPLE: usize = 52_000;

/// What to make.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Options {
    /// How many people, about. A council of a few hundred gets some more, so that every month has enough rows.
    pub people: usize,
    /// The same seed and options make the same bytes.
    pub seed: u64,
    /// Spelling.
    pub release: Release,
    /// Tidiness.
    pub noise: Noise,
    /// 1: one return of twelve months. 2: two, of which the second touches or overlaps the first.
    pub years: u8,
    /// What to make plentiful, or what the council begins to do.
    pub plant: Vec<Scenario>,
    /// The first day of what the council begins to do; the middle of the last year where nothing is said.
    pub since: Option<Since>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            people: DEFAULT_PEOPLE,
            seed: 1,
            release: Release::R2,
            noise: Noise::Clean,
            years: 1,
            plant: Vec::new(),
            since: None,
        }
    }
}

/// What was made.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Summary {
    /// The returns, in order.
    pub files: Vec<PathBuf>,
    /// Rows of each, headers not counted.
    pub rows: Vec<u64>,
    /// People with any row.
    pub people: u64,
    /// Usable rows by event type.
    pub events: Vec<(&'static str, u64)>,
    /// Rows that a reader must set aside.
    pub set_aside: u64,
    /// Stories thrown away because chance never let them be told; 0 unless something is wrong.
    pub given_up: u64,
    /// Duty, test, verdict, and how often it is the truth.
    pub truth: Vec<(&'static str, &'static str, &'static str, u64)>,
}

impl fmt::Display for Summary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (file, rows) in self.files.iter().zip(&self.rows) {
            let name = file
                .file_name()
                .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
            writeln!(f, "{name}: {rows} rows")?;
        }
        writeln!(f, "{} people", self.people)?;
        for (event, n) in &self.events {
            writeln!(f, "{event}: {n} usable rows")?;
        }
        writeln!(f, "{} rows to set aside", self.set_aside)?;
        if self.given_up > 0 {
            writeln!(f, "{} stories given up", self.given_up)?;
        }
        for (duty, test, verdict, n) in &self.truth {
            writeln!(f, "{duty} / {test}: {n} {verdict}")?;
        }
        Ok(())
    }
}

/// Why a council could not be made.
#[derive(Debug, thiserror::Error)]
pub enum SynthError {
    /// A file or folder could not be written.
    #[error("could not write {}: {source}", path.display())]
    Io {
        /// Which.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// A name that is not known.
    #[error("there is no {what} called “{given}”")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// What was given.
        given: String,
    },
    /// More returns than a story can be told over.
    #[error("years must be 1 or 2")]
    Years,
    /// A day for something that is not planted.
    #[error("a day was given, but nothing is planted that begins on a day")]
    SinceOfNothing,
    /// A day on which nothing planted could be seen to begin.
    #[error("{since} is not in the period, which runs from {first} to {last}, or is its first day")]
    SinceOutside {
        /// The day given.
        since: String,
        /// First day of the period.
        first: String,
        /// Last day of it.
        last: String,
    },
}

impl SynthError {
    pub(crate) fn io(path: &Path, source: std::io::Error) -> Self {
        Self::Io {
            path: path.to_path_buf(),
            source,
        }
    }
}

impl FromStr for Release {
    type Err = SynthError;

    fn from_str(text: &str) -> Result<Self, SynthError> {
        match text.to_ascii_lowercase().as_str() {
            "r1" => Ok(Self::R1),
            "r2" => Ok(Self::R2),
            "mixed" => Ok(Self::Mixed),
            _ => Err(SynthError::Unknown {
                what: "release",
                given: text.to_string(),
            }),
        }
    }
}

impl FromStr for Noise {
    type Err = SynthError;

    fn from_str(text: &str) -> Result<Self, SynthError> {
        match text.to_ascii_lowercase().as_str() {
            "clean" => Ok(Self::Clean),
            "messy" => Ok(Self::Messy),
            _ => Err(SynthError::Unknown {
                what: "kind of noise",
                given: text.to_string(),
            }),
        }
    }
}

/// Makes a council: `return.csv`, or `return-1.csv` and `return-2.csv`, and `truth.csv`, in `out_dir`.
///
/// # Errors
/// When a file cannot be written, `years` is neither 1 nor 2, or `since` is given and is not after the first day and
/// by the last of the period, or nothing is planted that begins on a day.
pub fn synthesise(options: &Options, out_dir: &Path) -> Result<Summary, SynthError> {
    if !(1..=2).contains(&options.years) {
        return Err(SynthError::Years);
    }
    council::make(options, out_dir)
}
