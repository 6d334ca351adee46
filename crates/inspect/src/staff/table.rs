//! A CSV file as somebody's spreadsheet wrote it: headings by name, whatever their order, case and encoding.

use std::path::{Path, PathBuf};

use crate::staff::StaffError;

/// Larger than any diary of a council; a file beyond it is something else.
const MOST_BYTES: u64 = 256 << 20;

/// A file read whole, with the places of the columns that were asked for.
pub(super) struct Table {
    pub rows: Vec<csv::StringRecord>,
    columns: Vec<Option<usize>>,
    headings: usize,
}

/// Letters and digits only, small: `Hours a week` is `hoursaweek`.
pub(super) fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

impl Table {
    /// Reads a file with these columns; those marked `true` have to be there.
    pub fn read(path: &Path, wanted: &[(&'static str, bool)]) -> Result<Table, StaffError> {
        let at = || PathBuf::from(path.file_name().unwrap_or(path.as_os_str()));
        let unreadable = |source| StaffError::Read { path: at(), source };
        let size = std::fs::metadata(path).map_err(unreadable)?.len();
        if size > MOST_BYTES {
            return Err(StaffError::TooLarge { path: at() });
        }
        let bytes = std::fs::read(path).map_err(unreadable)?;
        let text = decode(&bytes);
        let mut reader = csv::ReaderBuilder::new()
            .flexible(true)
            .has_headers(false)
            .from_reader(text.as_bytes());
        let mut rows = reader.records();
        let broken = |_| StaffError::NotCsv { path: at() };
        let head = match rows.next() {
            None => return Err(StaffError::Empty { path: at() }),
            Some(head) => head.map_err(broken)?,
        };
        let names: Vec<String> = head.iter().map(plain).collect();
        let mut columns = Vec::with_capacity(wanted.len());
        for (name, needed) in wanted {
            let mut places = names
                .iter()
                .enumerate()
                .filter(|(_, found)| **found == plain(name))
                .map(|(place, _)| place);
            let first = places.next();
            if first.is_none() && *needed {
                return Err(StaffError::NoColumn {
                    path: at(),
                    column: name,
                });
            }
            if places.next().is_some() {
                return Err(StaffError::ColumnTwice {
                    path: at(),
                    column: name,
                });
            }
            columns.push(first);
        }
        let rows: Vec<csv::StringRecord> = rows.collect::<Result<_, _>>().map_err(broken)?;
        Ok(Table {
            rows,
            columns,
            headings: head.len(),
        })
    }

    /// A row's cell of the `n`th column asked for; blank where it is not there.
    pub fn cell<'r>(&self, row: &'r csv::StringRecord, n: usize) -> &'r str {
        let place = self.columns.get(n).copied().flatten();
        place.and_then(|place| row.get(place)).unwrap_or("").trim()
    }

    /// A row with more cells than headings: which belongs where cannot be known.
    pub fn has_too_many(&self, row: &csv::StringRecord) -> bool {
        row.iter()
            .skip(self.headings)
            .any(|cell| !cell.trim().is_empty())
    }

    /// A row of blanks, as spreadsheets leave them at the end.
    pub fn is_blank(row: &csv::StringRecord) -> bool {
        row.iter().all(|cell| cell.trim().is_empty())
    }
}

/// UTF-8 or UTF-16 by its mark, else UTF-8, else what Windows writes.
fn decode(bytes: &[u8]) -> String {
    if let Some((encoding, mark)) = encoding_rs::Encoding::for_bom(bytes) {
        return encoding
            .decode_without_bom_handling(bytes.get(mark..).unwrap_or(&[]))
            .0
            .into_owned();
    }
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => encoding_rs::WINDOWS_1252.decode(bytes).0.into_owned(),
    }
}
