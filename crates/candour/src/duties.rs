//! `candour duties`: the rulebook for people to read and check.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use candour_law::{Duty, Rulebook, Test};

use crate::args::{DutiesArgs, DutiesCommand};
use crate::changes;
use crate::failure::Failure;
use crate::inspect::rulebook;
use crate::output::Staged;

pub(crate) fn run(args: &DutiesArgs) -> Result<ExitCode, Failure> {
    let folder = args.rulebook.as_deref();
    let mut out = std::io::stdout().lock();
    match args.command.as_ref().unwrap_or(&DutiesCommand::List) {
        DutiesCommand::List => list(&mut out, &rulebook(folder)?)?,
        DutiesCommand::Show { id } => {
            let rulebook = rulebook(folder)?;
            let duty = rulebook
                .duty(id)
                .ok_or_else(|| Failure::NoDuty(id.clone()))?;
            show(&mut out, duty)?;
        }
        DutiesCommand::Check => return check(&mut out, folder),
        DutiesCommand::Html { dir, force } => {
            let pages = html(&rulebook(folder)?, dir, *force)?;
            writeln!(
                out,
                "{pages} files written. Open {}",
                dir.join("index.html").display()
            )?;
        }
        DutiesCommand::Changes { from, cases } => {
            return changes::run(&mut out, from, folder, cases.as_deref());
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn list(out: &mut impl Write, rulebook: &Rulebook) -> Result<(), Failure> {
    for duty in &rulebook.duties {
        writeln!(out, "{:<34} {:<12} {}", duty.id, duty.section, duty.title)?;
        for test in &duty.tests {
            writeln!(
                out,
                "    {:<36} {}, {}: {}",
                test.id,
                test.force.as_str(),
                test.strength.as_str(),
                test.title
            )?;
        }
    }
    Ok(())
}

fn paragraphs(out: &mut impl Write, text: &str) -> std::io::Result<()> {
    for line in text.trim().lines() {
        writeln!(out, "    {}", line.trim())?;
    }
    Ok(())
}

fn show(out: &mut impl Write, duty: &Duty) -> Result<(), Failure> {
    writeln!(out, "{}: {}", duty.id, duty.title)?;
    writeln!(
        out,
        "  {}{}",
        duty.section,
        duty.regulation
            .as_ref()
            .map(|r| format!("; {r}"))
            .unwrap_or_default()
    )?;
    writeln!(out, "  {}", duty.plain)?;
    writeln!(out, "\n  Authorities")?;
    for authority in &duty.authorities {
        writeln!(
            out,
            "    {} [{}, {}]",
            authority.cite,
            authority.kind.as_str(),
            authority.confirmed.as_str()
        )?;
        writeln!(out, "      {} ({})", authority.says, authority.source)?;
    }
    for (_, heading, text) in duty.page.headings() {
        writeln!(out, "\n  {heading}")?;
        paragraphs(out, text)?;
    }
    writeln!(out, "\n  Remedy")?;
    paragraphs(out, &duty.remedy)?;
    for test in &duty.tests {
        show_test(out, test)?;
    }
    Ok(())
}

fn show_test(out: &mut impl Write, test: &Test) -> Result<(), Failure> {
    writeln!(
        out,
        "\n  Test {}: {} ({}, {})",
        test.id,
        test.title,
        test.force.as_str(),
        test.strength.as_str()
    )?;
    writeln!(out, "    occasion: {}", test.occasion.join(" or "))?;
    for (place, expression) in test.expressions() {
        writeln!(out, "    {place}: {expression}")?;
    }
    for (id, param) in &test.params {
        writeln!(
            out,
            "    {id} = {} ({}): {}",
            param.value,
            param.owner.as_str(),
            param.why
        )?;
    }
    for example in &test.examples {
        let reason = example
            .reason
            .as_ref()
            .map(|r| format!(" ({r})"))
            .unwrap_or_default();
        writeln!(
            out,
            "    example: {} → {}{reason}",
            example.name,
            example.verdict.as_str()
        )?;
    }
    Ok(())
}

/// Writes the pages, whole or not at all, and gives how many files there are.
fn html(rulebook: &Rulebook, dir: &Path, force: bool) -> Result<usize, Failure> {
    let files = candour_publish::site(rulebook);
    let staged = Staged::new(dir, force)?;
    for (path, content) in &files {
        let place = staged.path().join(path);
        place
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&place, content))
            .map_err(|source| write_failure(&place, source))?;
    }
    staged.finish()?;
    remove_old_pages(dir, &files).map_err(|source| write_failure(dir, source))?;
    Ok(files.len())
}

/// Pages of duties that an earlier rulebook had and this one has not: nobody should go on reading them.
fn remove_old_pages(dir: &Path, files: &[(String, String)]) -> io::Result<()> {
    let folder = dir.join("duties");
    if !folder.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let written = files.iter().any(|(name, _)| dir.join(name) == path);
        if !written
            && path.extension().is_some_and(|e| e == "html")
            && fs::read_to_string(&path).is_ok_and(|text| text.contains(PAGE_OF_OURS))
        {
            fs::remove_file(path)?;
        }
    }
    Ok(())
}

const PAGE_OF_OURS: &str = "<meta name=\"generator\" content=\"Candour\">";

fn write_failure(path: &Path, source: io::Error) -> Failure {
    Failure::Write {
        path: path.to_owned(),
        source,
        advice: "Check that the folder may be written to and that the disk has room.",
    }
}

/// 0 when the rulebook is sound, 1 when it is not.
fn check(out: &mut impl Write, folder: Option<&Path>) -> Result<ExitCode, Failure> {
    let report = rulebook(folder)?.check();
    writeln!(out, "{report}")?;
    Ok(if report.problems.is_empty() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    })
}
