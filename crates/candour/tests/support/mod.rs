//! Runs the real program.
#![allow(dead_code, reason = "each binary uses a part of it")]

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that goes when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("candour-run-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path.canonicalize().unwrap())
    }

    pub fn path(&self) -> &Path {
        &self.0
    }

    pub fn join(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

pub const PROGRAM: &str = env!("CARGO_BIN_EXE_candour");

pub fn candour() -> Command {
    let mut command = Command::new(PROGRAM);
    // Nothing of whoever runs the tests.
    command
        .env_remove("XDG_CONFIG_HOME")
        .env("HOME", "/nonexistent");
    command
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

pub fn run(command: &mut Command) -> Output {
    let output = command.output().unwrap();
    assert!(!stderr(&output).contains("panicked"), "{}", stderr(&output));
    output
}

/// Runs what must succeed.
pub fn succeed(command: &mut Command) -> String {
    let output = run(command);
    assert!(output.status.success(), "{command:?}\n{}", stderr(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// `candour inspect FILES --out DIR --identifiers keep --quiet`
pub fn inspect(files: &[PathBuf], out: &Path) -> Command {
    let mut command = candour();
    command
        .arg("inspect")
        .args(files)
        .arg("--out")
        .arg(out)
        .args(["--identifiers", "keep", "--quiet"]);
    command
}

/// Every file under a folder, by its place in it, with its bytes.
pub fn files_in(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    fn walk(root: &Path, folder: &Path, found: &mut BTreeMap<PathBuf, Vec<u8>>) {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(root, &path, found);
            } else {
                found.insert(
                    path.strip_prefix(root).unwrap().to_owned(),
                    std::fs::read(&path).unwrap(),
                );
            }
        }
    }
    let mut found = BTreeMap::new();
    walk(folder, folder, &mut found);
    found
}

/// What is in a folder, hidden things too.
pub fn names_in(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .map(|entries| {
            entries
                .map(|e| e.unwrap().file_name().to_string_lossy().into_owned())
                .collect()
        })
        .unwrap_or_default();
    names.sort();
    names
}

/// The first five columns of every row of `verdicts.csv` or `truth.csv`, sorted.
pub fn verdicts(path: &Path) -> Vec<String> {
    let mut reader = csv::Reader::from_path(path).unwrap();
    let mut rows: Vec<String> = reader
        .records()
        .map(|row| row.unwrap().iter().take(5).collect::<Vec<_>>().join(","))
        .collect();
    rows.sort();
    rows
}

/// The numbers of an inspection add up, whatever was inspected.
pub fn counts_add_up(dir: &Path) {
    let text = std::fs::read_to_string(dir.join("inspection.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    let sum = |value: &serde_json::Value| -> u64 {
        value
            .as_object()
            .unwrap()
            .values()
            .map(|n| n.as_u64().unwrap())
            .sum()
    };
    let number = |value: &serde_json::Value| value.as_u64().unwrap();

    // Rows in = rows used + rows set aside by reason; used is the sum of what became of it.
    let rows = &document["rows"];
    assert_eq!(
        number(&rows["in"]),
        number(&rows["used"]) + sum(&rows["set_aside"])
    );
    assert_eq!(number(&rows["used"]), sum(&rows["used_as"]));
    let inputs = document["inputs"].as_array().unwrap();
    let of_inputs = |name: &str| inputs.iter().map(|i| number(&i[name])).sum::<u64>();
    assert_eq!(number(&rows["in"]), of_inputs("rows"));
    assert_eq!(number(&rows["used"]), of_inputs("rows_used"));
    assert_eq!(number(&rows["used_as"]["events"]), sum(&document["events"]));

    let mut printed: BTreeMap<(String, String, String), u64> = BTreeMap::new();
    for row in verdicts(&dir.join("verdicts.csv")) {
        let cells: Vec<&str> = row.split(',').collect();
        let key = (
            cells[0].to_owned(),
            cells[1].to_owned(),
            cells[4].to_owned(),
        );
        *printed.entry(key).or_insert(0) += 1;
    }
    for test in document["tests"].as_array().unwrap() {
        let (duty, name) = (
            test["duty"].as_str().unwrap(),
            test["test"].as_str().unwrap(),
        );
        let of = |verdict: &str| {
            printed
                .get(&(duty.into(), name.into(), verdict.into()))
                .copied()
                .unwrap_or(0)
        };
        let [not_met, cannot_tell, not_owed, not_yet_due] =
            ["not_met", "cannot_tell", "not_owed", "not_yet_due"].map(|v| sum(&test[v]));
        let met = number(&test["met"]);
        let occasions = number(&test["occasions"]);
        assert_eq!(
            occasions,
            met + not_met + cannot_tell + not_owed + not_yet_due,
            "{duty} {name}"
        );
        assert_eq!(
            (of("met"), of("not_met"), of("cannot_tell")),
            (met, not_met, cannot_tell),
            "{duty} {name}"
        );
        assert_eq!(met, sum(&test["met_because"]), "{duty} {name}");
        assert!(number(&test["not_met_strong"]) <= not_met);
    }
}
