//! Writes the report of one council's returns: `report OUT.html RETURN.csv... [--local FILE]`. Says on stderr how
//! long the page took.

use std::error::Error;
use std::path::PathBuf;
use std::time::Instant;

use candour_inspect::{Inspector, Key, Labels, LocalFacts, document};
use candour_law::Rulebook;
use candour_returns::{Reader, join};

fn main() -> Result<(), Box<dyn Error>> {
    let mut args = std::env::args().skip(1);
    let out = PathBuf::from(args.next().ok_or("OUT.html is needed")?);
    let mut local = LocalFacts::default();
    let rulebook = Rulebook::built_in()?;
    let inspector = Inspector::new(&rulebook)?;
    let mut reader = Reader::new(inspector.settings);
    let mut files = Vec::new();
    while let Some(arg) = args.next() {
        if arg == "--local" {
            local = LocalFacts::from_file(&PathBuf::from(args.next().ok_or("--local FILE")?))?;
        } else {
            files.push(reader.read(&PathBuf::from(arg), &|_| {})?);
        }
    }
    let joined = join(&reader, files, None);
    let labels = Labels::new(&joined.record, Some(&Key::from_bytes(b"example")));
    let inspection = inspector.inspect(&joined.record, &labels, &local, &|_| {})?;
    let document = document(&inspector, &joined, &inspection, &labels, &local, false);
    let started = Instant::now();
    let page = candour_publish::report(&inspector, &joined, &inspection, &document);
    eprintln!("{} bytes in {:?}", page.len(), started.elapsed());
    std::fs::write(out, page)?;
    Ok(())
}
