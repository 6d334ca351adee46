//! `candour demo`: a made-up council, inspected.

use std::io::Write;
use std::process::ExitCode;

use candour_synth::{Noise, Options, Release};

use crate::args::{DemoArgs, Identifiers, InspectArgs};
use crate::failure::Failure;
use crate::{inspect, synthesise};

/// Two years of a county like Norfolk: about 100,000 rows a year.
const PEOPLE: usize = 75_000;

pub(crate) fn run(args: &DemoArgs) -> Result<ExitCode, Failure> {
    let council = args.out.join("council");
    let options = Options {
        people: args.people.unwrap_or(PEOPLE),
        seed: 2016,
        release: Release::Mixed,
        noise: Noise::Messy,
        years: 2,
        // Something to find: a threshold raised and a share taken off, from the middle of the last year on.
        plant: vec!["threshold-up-8".parse()?, "blanket-15-month".parse()?],
        since: None,
    };
    let summary = synthesise::make(&options, &council, true)?;
    if !args.quiet {
        let mut out = std::io::stdout().lock();
        let rows: u64 = summary.rows.iter().sum();
        writeln!(
            out,
            "Made up a council of {} people with {rows} rows in {}",
            summary.people,
            council.display()
        )?;
    }
    let inspection = InspectArgs {
        returns: summary
            .files
            .iter()
            .filter_map(|f| f.file_name())
            .map(|name| council.join(name))
            .collect(),
        out: args.out.join("inspection"),
        as_of: None,
        identifiers: Identifiers::Pseudonym,
        key: Some(args.out.join("pseudonym.key")),
        local: None,
        rulebook: None,
        force: true,
        quiet: args.quiet,
    };
    inspect::run(&inspection)
}
