//! What can stop an inspection.

use std::path::PathBuf;

use candour_law::RulebookError;
use candour_record::PlanError;

/// An inspection that could not be made.
#[derive(Debug, thiserror::Error)]
pub enum InspectError {
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    #[error(
        "the rulebook's test {duty}/{test} cannot be put to a return: {source}. Mend the duty file, then run `candour duties check`."
    )]
    Plan {
        duty: String,
        test: String,
        source: PlanError,
    },
    #[error("the rulebook's record.toml lacks the number `{0}`. Add it, with its owner and why.")]
    MissingNumber(&'static str),
    #[error("cannot read the local facts {}: {why}", path.display())]
    Local { path: PathBuf, why: String },
    #[error("cannot use the key file {}: {why}", path.display())]
    Key { path: PathBuf, why: String },
    #[error("cannot write {}: {source}. Check that the disk has room. Nothing was left half-written.", path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned()))]
    Write {
        path: PathBuf,
        source: std::io::Error,
    },
}
