//! What can stop a command: told as what, where, and what to do.

use std::path::PathBuf;

use candour_casefile::EngineError;
use candour_inspect::InspectError;
use candour_law::RulebookError;
use candour_returns::ReadError;

/// A command that could not be carried out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Failure {
    #[error(transparent)]
    Read(#[from] ReadError),
    #[error(transparent)]
    Inspect(#[from] InspectError),
    #[error(transparent)]
    Rulebook(#[from] RulebookError),
    #[error("the rulebook in {}: {source}", path.display())]
    RulebookAt {
        path: PathBuf,
        source: RulebookError,
    },
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error("cannot read {}: {source}. Check that it is there and can be read.", path.display())]
    Case {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} holds no case files (*.json).", .0.display())]
    NoCases(PathBuf),
    #[error(transparent)]
    Synthesise(#[from] candour_synth::SynthError),
    #[error("{} is not empty. Name another folder, or add --force to replace an inspection there.", path.display())]
    NotEmpty { path: PathBuf },
    #[error("{} is a file, not a folder. Name a folder for --out.", path.display())]
    NotAFolder { path: PathBuf },
    #[error("the key {} would lie inside the output folder. Keep it elsewhere: who has both can undo the pseudonyms.", path.display())]
    KeyInside { path: PathBuf },
    #[error("there is no home folder to keep the pseudonym key in. Name a file with --key FILE.")]
    NoHome,
    #[error("cannot write to {}: {source}. {advice}", path.display())]
    Write {
        path: PathBuf,
        source: std::io::Error,
        advice: &'static str,
    },
    #[error("the amounts for charging cannot be read: {0}")]
    Rates(String),
    #[error("there is no duty `{0}` in the rulebook. `candour duties list` lists them.")]
    NoDuty(String),
    #[error("these are inspections of two councils. `candour compare` says what moved in one.")]
    TwoCouncils,
    #[error(
        "the first folder is as of {old}, later than the second, {new}. Name the earlier inspection first."
    )]
    WrongOrder { old: String, new: String },
    #[error("{0}")]
    Sample(String),
    #[error("{} holds no inspection (inspection.json). Name the folder of one council’s finished inspection; where several councils were inspected, each has a folder of its own inside.", path.display())]
    NoInspection { path: PathBuf },
    #[error("{}, line {line}: this is no inspection that this version of Candour can read. Inspect the returns again with `candour inspect`.", path.display())]
    OldInspection { path: PathBuf, line: usize },
    #[error(
        "the rulebook has no remedies.toml, so what putting right takes cannot be worked out. Name a file with --remedies FILE."
    )]
    NoRemedies,
    #[error("{0}. `candour resources --help` shows what can be given.")]
    Estimate(#[from] candour_inspect::resources::CannotEstimate),
    #[error("{} is there already. Name another folder, or add --force to replace it.", path.display())]
    FileThere { path: PathBuf },
    #[error(transparent)]
    Staff(#[from] candour_inspect::staff::StaffError),
    #[error(
        "the rulebook has no staff_time.toml, so nothing can be said of staff time or of what waits. Use one that has."
    )]
    NoStaffTime,
    #[error("{0}.")]
    Usage(String),
    #[error("cannot print the result: {0}")]
    Print(std::io::Error),
}

impl From<std::io::Error> for Failure {
    fn from(error: std::io::Error) -> Failure {
        Failure::Print(error)
    }
}
