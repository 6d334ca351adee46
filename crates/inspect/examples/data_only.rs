//! Inspects without the command line: `data_only OUT [--as-of DATE] RETURN.csv...`
fn main() -> Result<(), Box<dyn std::error::Error>> {
    let t = std::time::Instant::now();
    let mut args = std::env::args().skip(1);
    let out = std::path::PathBuf::from(args.next().ok_or("OUT")?);
    let mut as_of = None;
    let mut files: Vec<String> = Vec::new();
    while let Some(a) = args.next() {
        if a == "--as-of" {
            as_of = Some(args.next().ok_or("date")?.parse::<candour_record::Day>()?);
        } else {
            files.push(a);
        }
    }
    let rulebook = candour_law::Rulebook::built_in()?;
    let inspector = candour_inspect::Inspector::new(&rulebook)?;
    eprintln!("rulebook {:?}", t.elapsed());
    let mut reader = candour_returns::Reader::new(inspector.settings);
    let mut read = Vec::new();
    for f in &files {
        read.push(reader.read(f.as_ref(), &|_| {})?);
    }
    eprintln!("read {:?}", t.elapsed());
    let joined = candour_returns::join(&reader, read, as_of);
    eprintln!("join {:?}", t.elapsed());
    let labels = candour_inspect::Labels::new(&joined.record, None);
    let local = candour_inspect::LocalFacts::default();
    let inspection = inspector.inspect(&joined.record, &labels, &local, &|_| {})?;
    eprintln!("inspect {:?}", t.elapsed());
    let document = candour_inspect::document(
        &inspector,
        &joined,
        &inspection,
        &labels,
        &local,
        as_of.is_some(),
    );
    std::fs::create_dir_all(&out)?;
    candour_inspect::write_data(&out, &inspector, &joined, &inspection, &labels, &document)?;
    eprintln!("write {:?}", t.elapsed());
    Ok(())
}
