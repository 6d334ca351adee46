//! `candour duties`: the rulebook for people to read and check.

use std::io::Write;
use std::path::Path;
use std::process::ExitCode;

use candour_law::{Duty, Rulebook, Test};

use crate::args::{DutiesArgs, DutiesCommand};
use crate::failure::Failure;
use crate::inspect::rulebook;

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
