//! The strict check of a rulebook. A rule that passes can be trusted to mean
//! what it says: nothing undeclared, nothing that three-valued logic would
//! swallow, and a worked example for everything that a test can say.

mod duty;
mod examples;
mod parts;
mod report;
mod wording;

use std::path::Path;

#[cfg(test)]
mod tests;

pub use report::{CheckReport, Counts, Problem};

use crate::{Rulebook, RulebookError, files, load, remedies};

impl Rulebook {
    /// Everything that is wrong with this rulebook.
    pub fn check(&self) -> CheckReport {
        let mut report = CheckReport {
            counts: Counts {
                duties: self.duties.len(),
                tests: self.duties.iter().map(|duty| duty.tests.len()).sum(),
                examples: self
                    .duties
                    .iter()
                    .flat_map(|duty| &duty.tests)
                    .map(|test| test.examples.len())
                    .sum(),
                remedies: self.remedies.as_ref().map_or(0, |all| all.remedies.len()),
            },
            ..CheckReport::default()
        };
        parts::check(self, &mut report.problems);
        if let Some(remedies) = &self.remedies {
            remedies::check(remedies, self, &mut report.problems);
        }
        for duty in &self.duties {
            duty::check(self, duty, &mut report);
        }
        report.problems.sort();
        report.problems.dedup();
        report
    }

    /// The same for a folder, with the faults that would keep it from being
    /// loaded at all. An error here means that the folder could not be read.
    pub fn check_dir(root: &Path) -> Result<CheckReport, RulebookError> {
        let (rulebook, problems) = load::load(&files::from_dir(root)?);
        let mut report = rulebook.check();
        report.problems.extend(problems);
        report.problems.sort();
        report.problems.dedup();
        Ok(report)
    }
}

/// Problems one to a line, for an error message.
pub(crate) fn told(problems: &[Problem]) -> String {
    problems
        .iter()
        .map(ToString::to_string)
        .collect::<Vec<_>>()
        .join("\n")
}

/// Where problems of one place are put.
struct Notes<'a> {
    file: &'a str,
    duty: Option<&'a str>,
    test: Option<&'a str>,
    problems: &'a mut Vec<Problem>,
}

impl Notes<'_> {
    fn add(&mut self, what: impl Into<String>, fix: impl Into<String>) {
        self.problems.push(Problem {
            file: self.file.to_owned(),
            duty: self.duty.map(str::to_owned),
            test: self.test.map(str::to_owned),
            what: what.into(),
            fix: fix.into(),
        });
    }

    /// A text that has to say something.
    fn filled(&mut self, name: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(format!("`{name}` is empty"), format!("write `{name}`"));
        }
    }

    /// A code: small letters, digits and underscores, beginning with a letter.
    fn code(&mut self, kind: &str, id: &str) {
        let fine = id.starts_with(|c: char| c.is_ascii_lowercase())
            && id
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_');
        if !fine {
            self.add(
                format!("the {kind} `{id}` is not a plain code"),
                "use small letters, digits and underscores, beginning with a letter",
            );
        }
    }
}
