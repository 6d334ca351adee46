//! The check itself: rulebooks that pass, and one for each kind of fault with
//! the exact words it is told in.
//!
//! Each case changes the base rulebook in `tests/rulebooks/base` a little. Run
//! with `CANDOUR_ACCEPT=1` to write what the check says now into the `expect`
//! of every case in `bad`; then read the difference.

use std::fs;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::{CheckReport, files, load};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    /// What the case is about, for whoever reads it.
    #[serde(rename = "about")]
    _about: String,
    #[serde(default)]
    expect: Vec<String>,
    #[serde(default)]
    change: Vec<Change>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Change {
    file: String,
    /// Taken out; nothing: `to` is put at the end of the file.
    #[serde(default)]
    from: String,
    #[serde(default)]
    to: String,
    /// The whole file is taken away.
    #[serde(default)]
    without: bool,
}

fn cases() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rulebooks")
}

fn checked(path: &Path, case: &Case) -> CheckReport {
    let mut files = files::from_dir(&cases().join("base")).unwrap();
    for change in &case.change {
        let at = files.iter().position(|(name, _)| *name == change.file);
        if change.without {
            files.remove(at.unwrap());
            continue;
        }
        let text = match at {
            Some(at) => &mut files[at].1,
            None => {
                files.push((change.file.clone(), String::new()));
                &mut files.last_mut().unwrap().1
            }
        };
        if change.from.is_empty() {
            text.push_str(&change.to);
        } else {
            assert!(
                text.contains(&change.from),
                "{}: nothing to change: {}",
                path.display(),
                change.from
            );
            *text = text.replacen(&change.from, &change.to, 1);
        }
    }
    let (rulebook, problems) = load::load(&files);
    let mut report = rulebook.check();
    report.problems.extend(problems);
    report.problems.sort();
    report
}

fn each(folder: &str, mut f: impl FnMut(&Path, &Case, Vec<String>)) -> usize {
    let mut paths: Vec<_> = fs::read_dir(cases().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    for path in &paths {
        let case: Case = toml::from_str(&fs::read_to_string(path).unwrap())
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let told = checked(path, &case)
            .problems
            .iter()
            .map(ToString::to_string)
            .collect();
        f(path, &case, told);
    }
    paths.len()
}

#[test]
fn good_rulebooks_pass() {
    let seen = each("good", |path, case, told| {
        assert!(
            case.expect.is_empty(),
            "{}: a good rulebook expects nothing",
            path.display()
        );
        assert_eq!(told, Vec::<String>::new(), "{}", path.display());
    });
    assert!(seen > 3);
}

#[test]
fn bad_rulebooks_are_told_exactly_what_is_wrong() {
    let accept = std::env::var_os("CANDOUR_ACCEPT").is_some();
    let seen = each("bad", |path, case, told| {
        if accept {
            let text = fs::read_to_string(path).unwrap();
            let lines: Vec<&str> = text
                .lines()
                .filter(|line| {
                    !line.starts_with("expect") && !line.starts_with("  '''") && *line != "]"
                })
                .collect();
            let written: String = told.iter().map(|one| format!("  '''{one}''',\n")).collect();
            let (first, rest) = lines.split_first().unwrap();
            fs::write(
                path,
                format!("{first}\nexpect = [\n{written}]\n{}\n", rest.join("\n")),
            )
            .unwrap();
            return;
        }
        assert!(
            !case.expect.is_empty(),
            "{}: say what is expected",
            path.display()
        );
        assert_eq!(told, case.expect, "{}", path.display());
    });
    assert!(seen > 30);
}

#[test]
fn the_base_is_clean_and_says_so() {
    let case = Case {
        _about: String::new(),
        expect: Vec::new(),
        change: Vec::new(),
    };
    let report = checked(Path::new("base"), &case);
    assert_eq!(
        report.to_string(),
        "1 duty, 1 test, 7 worked examples, 0 remedies: nothing wrong, and the examples reach everything that the tests can say."
    );
}
