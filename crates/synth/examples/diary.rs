//! Writes a made-up staff list and time diary: `diary DIR [SEED] [MISSING_PERCENT] [messy]`.

use std::path::PathBuf;

use candour_synth::{DiaryOptions, Noise, diary};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut args = std::env::args().skip(1);
    let dir = PathBuf::from(args.next().ok_or("DIR is needed")?);
    let mut options = DiaryOptions::default();
    if let Some(seed) = args.next() {
        options.seed = seed.parse()?;
    }
    if let Some(missing) = args.next() {
        options.missing_percent = missing.parse()?;
    }
    if args.next().as_deref() == Some("messy") {
        options.noise = Noise::Messy;
    }
    let summary = diary(&options, &dir)?;
    eprintln!("{summary:#?}");
    Ok(())
}
