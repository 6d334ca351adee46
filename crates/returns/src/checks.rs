//! The checks of the return, each with its id.

use std::sync::LazyLock;

const TABLE: &str = include_str!("../data/checks.csv");

/// One check of the national specification, published code or practice.
#[derive(Clone, Debug)]
pub struct Check {
    /// `CLD-049`.
    pub id: String,
    /// When it applies.
    pub when: String,
    pub rule: String,
    /// `error`, `warning`, `repair` or `info`.
    pub severity: String,
    /// Whether published, inferred, council or ICB practice, or our suggestion.
    pub status: String,
    /// `row`, `file` or `people`: over what it is worked out; `none`: nothing can be counted.
    pub how: String,
    /// Why nothing can be counted.
    pub note: String,
}

/// Every check, in order of id; check number `n` stands at `n - 1`.
pub static CHECKS: LazyLock<Vec<Check>> = LazyLock::new(|| {
    csv::Reader::from_reader(TABLE.as_bytes())
        .records()
        .flatten()
        .map(|row| {
            let cell = |i: usize| row.get(i).unwrap_or_default().to_owned();
            Check {
                id: cell(0),
                when: cell(1),
                rule: cell(2),
                severity: cell(3),
                status: cell(4),
                how: cell(5),
                note: cell(6),
            }
        })
        .collect()
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn checks_are_numbered_without_gaps() {
        assert_eq!(CHECKS.len(), 86);
        for (i, check) in CHECKS.iter().enumerate() {
            assert_eq!(check.id, format!("CLD-{:03}", i + 1));
            assert!(["row", "file", "people", "none"].contains(&check.how.as_str()));
            assert_eq!(check.how == "none", !check.note.is_empty(), "{}", check.id);
        }
    }
}
