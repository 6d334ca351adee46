//! What can be wrong with a file: what, where, and what to do; never a value.

use std::path::PathBuf;

/// A return that cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    #[error("cannot read {}: {source}. Check that the file is there and that you may read it.", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
    #[error("{} is a folder, not a file. Name the return (a CSV file) inside it.", path.display())]
    Folder { path: PathBuf },
    #[error("{} is empty. Export the return again.", path.display())]
    Empty { path: PathBuf },
    #[error("{} is not a text file of comma-separated values: {found}. Save the return as CSV (UTF-8) and try again.", path.display())]
    NotCsv { path: PathBuf, found: &'static str },
    #[error("{}: the first row has no heading of the Client Level Data return. It should name columns such as LA Code, Client Type and Event Type, separated by commas. Check that the first row is the heading row.", path.display())]
    NoHeadings { path: PathBuf },
    #[error("{}: the heading row lacks {}. Each return must have LA Code, NHS Number or LA Person Unique Identifier, Client Type, Event Type, Event Start Date and Event End Date.", path.display(), missing.join(", "))]
    MissingColumns {
        path: PathBuf,
        missing: Vec<&'static str>,
    },
    #[error("{}: the column {column} stands twice in the heading row (columns {first} and {second}). Keep one of them.", path.display())]
    ColumnTwice {
        path: PathBuf,
        column: &'static str,
        first: usize,
        second: usize,
    },
    #[error("{}: there is a heading row and nothing below it. Export the return again.", path.display())]
    NoRows { path: PathBuf },
    #[error("{}: no row has an LA Code, so it cannot be told whose return this is. Fill the LA Code column.", path.display())]
    NoCouncil { path: PathBuf },
    #[error("{}: row {row} has another LA Code than the rows before it. One file holds one council's return: split the file by LA Code.", path.display())]
    TwoCouncils { path: PathBuf, row: u32 },
    #[error("{}: the field {column} of row {row} is longer than {limit} characters. A quotation mark is probably not closed near there: mend that row and try again.", path.display())]
    FieldTooLong {
        path: PathBuf,
        row: u32,
        column: String,
        limit: usize,
    },
    #[error("{}: row {row} cannot be read: {why}.", path.display())]
    Row {
        path: PathBuf,
        row: u32,
        why: String,
    },
    #[error("more than {limit} files at once for one council. Give fewer.")]
    TooManyFiles { limit: usize },
}
