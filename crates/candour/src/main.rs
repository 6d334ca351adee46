//! The command line. Results go to stdout, progress and errors to stderr.
//!
//! Exit codes: 0 done, whatever was found; 1 could not be done; 2 wrong usage.

mod args;
mod case;
mod changes;
mod compare;
mod demo;
mod duties;
mod failure;
mod inspect;
mod output;
mod progress;
mod resources;
mod sample;
mod staff;
mod synthesise;

use std::io::ErrorKind;
use std::process::ExitCode;

use clap::Parser;

use args::{Args, Command};
use failure::Failure;

fn main() -> ExitCode {
    let args = Args::parse();
    let done = match args.command {
        Command::Inspect(args) => inspect::run(&args),
        Command::Compare(args) => compare::run(&args),
        Command::Case(args) => case::run(&args),
        Command::Duties(args) => duties::run(&args),
        Command::Resources(args) => resources::run(&args),
        Command::Synthesise(args) => synthesise::run(&args),
        Command::Sample(args) => sample::run(&args),
        Command::Demo(args) => demo::run(&args),
    };
    match done {
        Ok(code) => code,
        // Whoever read the result has seen enough of it (`candour duties list | head`).
        Err(Failure::Print(error)) if error.kind() == ErrorKind::BrokenPipe => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("candour: {failure}");
            match failure {
                Failure::Usage(_) => ExitCode::from(2),
                _ => ExitCode::FAILURE,
            }
        }
    }
}
