//! Makes a council: `synthesise --people N --seed S [--release R1|R2|mixed] [--noise clean|messy] [--years 1|2]
//! [--plant NAME]... --out DIR`. `--plant list` lists the scenarios.

use candour_synth::{Options, Scenario, synthesise};
use std::error::Error;
use std::io::Write;
use std::path::PathBuf;

fn main() -> Result<(), Box<dyn Error>> {
    let mut options = Options::default();
    let mut out: Option<PathBuf> = None;
    let mut args = std::env::args().skip(1);
    let mut stdout = std::io::stdout().lock();
    while let Some(flag) = args.next() {
        let value = args.next().ok_or(format!("{flag} needs a value"))?;
        match flag.as_str() {
            "--people" => options.people = value.parse()?,
            "--seed" => options.seed = value.parse()?,
            "--release" => options.release = value.parse()?,
            "--noise" => options.noise = value.parse()?,
            "--years" => options.years = value.parse()?,
            "--plant" if value == "list" => {
                for scenario in Scenario::all() {
                    writeln!(stdout, "{:28} {}", scenario.name(), scenario.words())?;
                }
                return Ok(());
            }
            "--plant" => options.plant.push(value.parse()?),
            "--out" => out = Some(PathBuf::from(value)),
            _ => return Err(format!("{flag} is not known").into()),
        }
    }
    let out = out.ok_or("--out DIR is needed")?;
    let summary = synthesise(&options, &out)?;
    writeln!(stdout, "{summary}")?;
    Ok(())
}
