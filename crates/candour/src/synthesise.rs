//! `candour synthesise`: a made-up council with known truth.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use candour_synth::{Options, Scenario, Summary, SynthError, synthesise};

use crate::args::{Planted, SynthesiseArgs};
use crate::failure::Failure;
use crate::output::Staged;

pub(crate) fn run(args: &SynthesiseArgs) -> Result<ExitCode, Failure> {
    let mut out = std::io::stdout().lock();
    if args.plant.iter().any(|p| matches!(p, Planted::List)) {
        for scenario in Scenario::all() {
            writeln!(out, "{:<32} {}", scenario.name(), scenario.words())?;
        }
        return Ok(ExitCode::SUCCESS);
    }
    let Some(folder) = &args.out else {
        eprintln!("candour: name a folder for the made-up return with --out DIR");
        return Ok(ExitCode::from(2));
    };
    let options = Options {
        people: args.people.unwrap_or(candour_synth::DEFAULT_PEOPLE),
        seed: args.seed,
        release: args.release,
        noise: args.noise,
        years: args.years,
        plant: args
            .plant
            .iter()
            .filter_map(|p| match p {
                Planted::Scenario(scenario) => Some(*scenario),
                Planted::List => None,
            })
            .collect(),
        since: args.since,
    };
    let summary = match make(&options, folder, args.force) {
        // The day is at fault, not the machine: wrong usage.
        Err(Failure::Synthesise(
            wrong @ (SynthError::SinceOfNothing | SynthError::SinceOutside { .. }),
        )) => {
            eprintln!("candour: {wrong}");
            return Ok(ExitCode::from(2));
        }
        made => made?,
    };
    if !args.quiet {
        writeln!(out, "{summary}In {}", folder.display())?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Makes a council in `folder`, whole or not at all.
pub(crate) fn make(options: &Options, folder: &Path, force: bool) -> Result<Summary, Failure> {
    let staged = Staged::new(folder, force)?;
    let summary = synthesise(options, staged.path())?;
    staged.finish()?;
    Ok(summary)
}
