//! What the check found, in plain words.

use std::fmt;

/// One thing that is wrong with a rulebook: where, what, and what to do.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Problem {
    pub file: String,
    pub duty: Option<String>,
    pub test: Option<String>,
    pub what: String,
    pub fix: String,
}

impl Problem {
    pub(crate) fn in_file(file: &str, what: String, fix: String) -> Self {
        Self {
            file: file.to_owned(),
            duty: None,
            test: None,
            what,
            fix,
        }
    }

    pub(crate) fn in_test(file: &str, duty: &str, test: &str, what: String, fix: String) -> Self {
        Self {
            file: file.to_owned(),
            duty: Some(duty.to_owned()),
            test: Some(test.to_owned()),
            what,
            fix,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(duty) = &self.duty {
            write!(f, ", duty {duty}")?;
        }
        if let Some(test) = &self.test {
            write!(f, ", test {test}")?;
        }
        write!(f, ": {}. To mend it: {}.", self.what, self.fix)
    }
}

/// How much there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub duties: usize,
    pub tests: usize,
    pub examples: usize,
    /// Tests that `remedies.toml` speaks of.
    pub remedies: usize,
}

/// What the check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckReport {
    pub problems: Vec<Problem>,
    pub counts: Counts,
    /// What a test can say that none of its examples reaches:
    /// `duty/test: verdict (reason)`. Each is a problem too.
    pub unreached: Vec<String>,
}

impl CheckReport {
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }
}

impl fmt::Display for CheckReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Counts {
            duties,
            tests,
            examples,
            remedies,
        } = self.counts;
        for problem in &self.problems {
            writeln!(f, "{problem}")?;
        }
        if !self.problems.is_empty() {
            writeln!(f)?;
        }
        write!(
            f,
            "{}, {}, {}, {}: ",
            counted(duties, "duty", "duties"),
            counted(tests, "test", "tests"),
            counted(examples, "worked example", "worked examples"),
            counted(remedies, "remedy", "remedies"),
        )?;
        if self.problems.is_empty() {
            write!(
                f,
                "nothing wrong, and the examples reach everything that the tests can say."
            )
        } else {
            write!(
                f,
                "{}.",
                counted(self.problems.len(), "problem", "problems")
            )
        }
    }
}

fn counted(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
