//! Freezes the rulebook into the crate, so that a binary carries the law it
//! was built with. A build script rather than a macro, because Cargo then
//! notices when a rulebook file changes.

use std::error::Error;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs};

fn main() -> Result<(), Box<dyn Error>> {
    let here = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?);
    let root = here.join("../../rulebook").canonicalize()?;
    println_cargo(&format!("rerun-if-changed={}", root.display()));

    let mut files = Vec::new();
    gather(&root, "", &mut files)?;
    files.sort();

    let mut code = String::from("pub(crate) const FILES: &[(&str, &str)] = &[\n");
    for (name, path) in &files {
        let text = fs::read_to_string(path)?;
        writeln!(code, "    ({name:?}, {text:?}),")?;
    }
    code.push_str("];\n");
    let lean = serde_json::to_string(&lean(&files)?)?;
    writeln!(code, "pub(crate) const LEAN: &str = {lean:?};")?;
    fs::write(PathBuf::from(env::var("OUT_DIR")?).join("frozen.rs"), code)?;
    Ok(())
}

/// The files once more, in the form that is quickest to read and without what
/// no verdict needs: the pages and worked examples, which are most of it. Read
/// in a few thousandths of a second when one case file is put to the rules.
/// Nothing where a file cannot be read; loading the whole tells why.
fn lean(files: &[(String, PathBuf)]) -> Result<Vec<(String, toml::Table)>, Box<dyn Error>> {
    let mut all = Vec::new();
    for (name, path) in files {
        // No verdict needs to know what putting it right takes.
        let known = name != "remedies.toml" && (name.starts_with("duties/") || !name.contains('/'));
        if !known {
            continue;
        }
        let Ok(mut table) = fs::read_to_string(path)?.parse::<toml::Table>() else {
            return Ok(Vec::new());
        };
        if let Some(page) = table.get_mut("page").and_then(toml::Value::as_table_mut) {
            for (_, text) in page.iter_mut() {
                *text = toml::Value::String(String::new());
            }
        }
        let tests = table.get_mut("test").and_then(toml::Value::as_array_mut);
        for test in tests.into_iter().flatten() {
            if let Some(test) = test.as_table_mut() {
                test.remove("example");
            }
        }
        all.push((name.clone(), table));
    }
    Ok(all)
}

/// Every TOML file below `dir`, by its path from the root with `/` between.
fn gather(
    dir: &Path,
    under: &str,
    files: &mut Vec<(String, PathBuf)>,
) -> Result<(), Box<dyn Error>> {
    println_cargo(&format!("rerun-if-changed={}", dir.display()));
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
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
            files.push((relative, path));
        }
    }
    Ok(())
}

fn println_cargo(line: &str) {
    println!("cargo::{line}");
}
