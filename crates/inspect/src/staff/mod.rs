//! Staff time: diaries and staff lists in; who replied, what time goes on, hours for each task, and whether there are hours enough.

mod enough;
mod reader;
mod shares;
mod table;

use std::path::PathBuf;

use candour_stats::Ranged;
use serde::{Deserialize, Serialize};

pub use enough::{Also, EnoughReport, Line, Price, Standard, Standards, Sum, enough, triangular};
pub use reader::{Counted, Diary, Staff};
pub use shares::{
    Category, Group, Overtime, Reply, Team, TimeReport, TimeShares, TimedTask, Year, time_report,
};

/// A file of staff time that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum StaffError {
    #[error("cannot read {}: {source}. Check that it is there and may be read.", path.display())]
    Read {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is far larger than any staff list or diary. Check that it is the right file.", path.display())]
    TooLarge { path: PathBuf },
    #[error("{} is not a CSV file, or a quotation mark in it is never closed. Save it again as CSV.", path.display())]
    NotCsv { path: PathBuf },
    #[error("{} is empty. Its first row has to hold the headings.", path.display())]
    Empty { path: PathBuf },
    #[error("{} has no column `{column}`. Its first row has to hold the headings, with commas between them; their order is free.", path.display())]
    NoColumn { path: PathBuf, column: &'static str },
    #[error("{} has the column `{column}` twice. Take one of them out.", path.display())]
    ColumnTwice { path: PathBuf, column: &'static str },
}

/// A number with its 80% and 95% ranges.
#[derive(Clone, Copy, PartialEq, Debug, Serialize, Deserialize)]
pub struct WithRange {
    pub value: f64,
    pub range80: [f64; 2],
    pub range95: [f64; 2],
}

impl WithRange {
    /// Every number of it through `f`.
    #[must_use]
    pub fn map(self, f: impl Fn(f64) -> f64) -> WithRange {
        WithRange {
            value: f(self.value),
            range80: self.range80.map(&f),
            range95: self.range95.map(&f),
        }
    }
}

impl From<Ranged> for WithRange {
    fn from(ranged: Ranged) -> WithRange {
        WithRange {
            value: ranged.value,
            range80: ranged.range80,
            range95: ranged.range95,
        }
    }
}
