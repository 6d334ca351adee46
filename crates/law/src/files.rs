//! Where a rulebook's files come from: frozen into the binary, or a folder.

use std::fs;
use std::path::Path;

use serde_json::value::RawValue;

use crate::RulebookError;

include!(concat!(env!("OUT_DIR"), "/frozen.rs"));

/// A file by its path from the rulebook's root, with `/` between, and its text.
pub(crate) type File = (String, String);

pub(crate) fn built_in() -> Vec<File> {
    FILES
        .iter()
        .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
        .collect()
}

/// The frozen files without pages and examples, as JSON by their names.
pub(crate) fn lean() -> Result<Vec<File>, serde_json::Error> {
    let all: Vec<(String, &RawValue)> = serde_json::from_str(LEAN)?;
    Ok(all
        .into_iter()
        .map(|(name, json)| (name, json.get().to_owned()))
        .collect())
}

/// The frozen files as they are, for their fingerprint.
pub(crate) fn frozen() -> impl Iterator<Item = (&'static str, &'static str)> {
    FILES.iter().copied()
}

pub(crate) fn from_dir(root: &Path) -> Result<Vec<File>, RulebookError> {
    let mut files = Vec::new();
    gather(root, "", &mut files)?;
    files.sort();
    Ok(files)
}

fn gather(dir: &Path, under: &str, files: &mut Vec<File>) -> Result<(), RulebookError> {
    let unreadable = |error| RulebookError::Unreadable {
        path: dir.to_owned(),
        error,
    };
    for entry in fs::read_dir(dir).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        // A rulebook file has a plain name; others are not ours.
        let Ok(name) = entry.file_name().into_string() else {
            continue;
        };
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        let relative = if under.is_empty() {
            name
        } else {
            format!("{under}/{name}")
        };
        if path.is_dir() {
            gather(&path, &relative, files)?;
        } else if relative.ends_with(".toml") {
            let text = fs::read_to_string(&path)
                .map_err(|error| RulebookError::Unreadable { path, error })?;
            files.push((relative, text));
        }
    }
    Ok(())
}
