//! `candour sample`: a frame that is locked, a seed that nobody could choose, a draw that anyone can make again,
//! replacements that stay on the record, and what the files say.
//!
//! The order is the point: frame, then commitment, then seed, then draw. Every step refuses when an earlier one has been
//! changed since.

mod agreement;
mod args;
mod commit;
mod draw;
mod estimate;
mod files;
mod frame;
mod replace;
mod size;

use std::process::ExitCode;

pub(crate) use args::SampleArgs;
use args::SampleCommand;

use crate::failure::Failure;

pub(crate) fn run(args: &SampleArgs) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout().lock();
    match &args.command {
        SampleCommand::Frame(args) => frame::run(&mut out, args)?,
        SampleCommand::Seal { name } => commit::seal(&mut out, name)?,
        SampleCommand::Commit(args) => commit::run(&mut out, args)?,
        SampleCommand::Draw(args) => draw::run(&mut out, args)?,
        SampleCommand::Check(args) => return draw::check(&mut out, args),
        SampleCommand::Replace(args) => replace::run(&mut out, args)?,
        SampleCommand::Size(args) => size::run(&mut out, args)?,
        SampleCommand::Estimate(args) => estimate::run(&mut out, args)?,
        SampleCommand::Agreement(args) => agreement::run(&mut out, args)?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What stops a step: what, where, what to do.
fn stop<T>(text: impl Into<String>) -> Result<T, Failure> {
    Err(Failure::Sample(text.into()))
}

/// A share as a percentage: a decimal only where it says something.
fn percent(share: f64) -> String {
    let text = format!("{:.1}", 100.0 * share);
    format!("{}%", text.strip_suffix(".0").unwrap_or(&text))
}

/// "1 file", "2 files".
fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
