//! A page of every kind of figure, made up, to be looked at: `figures OUT.html`, and beside it
//! `OUT.awkward.html` with those that trip a careless drawing.

use std::path::PathBuf;

#[path = "../tests/made_up/mod.rs"]
mod made_up;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let out = PathBuf::from(std::env::args().nth(1).ok_or("OUT.html is needed")?);
    let page = candour_publish::patterns_page(
        "A made-up county",
        &made_up::county(),
        &made_up::measures(),
    );
    std::fs::write(&out, page)?;
    let awkward = made_up::pattern("awkward", "Awkward figures", made_up::awkward());
    let page = candour_publish::patterns_page("Awkward figures", &[awkward], &[]);
    std::fs::write(out.with_extension("awkward.html"), page)?;
    Ok(())
}
