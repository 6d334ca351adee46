//! Bad input gets a clear error and loses nothing: what, where, what to do; never a value.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]
#![allow(clippy::panic, reason = "tests")]

mod support;

use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use support::*;

/// Stands in the cells of every file here and must stand in no error.
const CANARY: &str = "ZZCANARY";

const HEADINGS: &str = "LA Code,LA Person Unique Identifier,Client Type,Event Type,Event Start Date,Event End Date,Event Outcome,Last Name";

fn row(council: &str) -> String {
    format!("{council},{CANARY}1,Service user,Request,2024-05-01,2024-05-02,NFA: Other,{CANARY}\n")
}

/// A small valid return.
fn valid() -> String {
    format!("{HEADINGS}\n{}", row("ZZ1"))
}

/// Could not be done: says all of `says`, gives no value away.
fn refused(output: &Output, says: &[&str]) {
    let text = stderr(output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    assert!(
        text.starts_with("candour: ") && text.ends_with('\n'),
        "{text}"
    );
    for part in says {
        assert!(text.contains(part), "no “{part}” in: {text}");
    }
    assert!(!text.contains(CANARY), "{text}");
    assert!(output.stdout.is_empty());
}

/// Inspecting this file is refused with all of `says`, its name among them, and nothing is left behind.
fn refuses_bytes(bytes: impl AsRef<[u8]>, says: &[&str]) {
    let folder = Folder::new();
    let file = folder.write("return.csv", bytes);
    let output = run(&mut inspect(&[file], &folder.join("out")));
    refused(&output, says);
    refused(&output, &["return.csv"]);
    assert_eq!(names_in(folder.path()), ["return.csv"]);
}

#[test]
fn a_valid_return_is_inspected() {
    let folder = Folder::new();
    let file = folder.write("return.csv", valid());
    succeed(&mut inspect(&[file], &folder.join("out")));
    assert_eq!(names_in(folder.path()), ["out", "return.csv"]);
    assert_eq!(
        names_in(&folder.join("out")),
        [
            "inspection.json",
            "people.csv",
            "quality.csv",
            "report.html",
            "verdicts.csv",
            "worklist.csv"
        ]
    );
    counts_add_up(&folder.join("out"));
}

// Not a return.

#[test]
fn files_that_are_no_csv() {
    refuses_bytes(
        format!("%PDF-1.7\n%\u{e2}\n{CANARY}\n"),
        &["a PDF", "Save the return as CSV"],
    );
    refuses_bytes(
        [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], CANARY.as_bytes()].concat(),
        &["no text", "Save the return as CSV"],
    );
    refuses_bytes(
        [&b"PK\x03\x04"[..], CANARY.as_bytes()].concat(),
        &["Excel workbook", "Save the return as CSV"],
    );
    refuses_bytes(
        [&b"\xD0\xCF\x11\xE0"[..], CANARY.as_bytes()].concat(),
        &["Excel workbook", "Save the return as CSV"],
    );
    refuses_bytes(
        (0..=255u8).cycle().take(5000).collect::<Vec<_>>(),
        &["no text", "Save the return as CSV"],
    );
    // Binary with no zero byte in it.
    refuses_bytes(
        (1..=255u8).cycle().take(200_000).collect::<Vec<_>>(),
        &["heading"],
    );
}

#[test]
fn utf_16_with_and_without_its_mark() {
    let wide = |little: bool| -> Vec<u8> {
        valid()
            .encode_utf16()
            .flat_map(|c| {
                if little {
                    c.to_le_bytes()
                } else {
                    c.to_be_bytes()
                }
            })
            .collect()
    };
    refuses_bytes(
        [&b"\xFF\xFE"[..], &wide(true)].concat(),
        &["UTF-16", "Save the return as CSV (UTF-8)"],
    );
    refuses_bytes(
        [&b"\xFE\xFF"[..], &wide(false)].concat(),
        &["UTF-16", "Save the return as CSV (UTF-8)"],
    );
    refuses_bytes(wide(true), &["Save the return as CSV (UTF-8)"]);
}

#[test]
fn files_with_nothing_in_them() {
    refuses_bytes("", &["is empty", "Export the return again"]);
    refuses_bytes(" \r\n\t\n  \n", &["is empty", "Export the return again"]);
    refuses_bytes(b"\xEF\xBB\xBF", &["Export the return again"]);
    refuses_bytes(" \n".repeat(100_000), &["heading row"]);
    refuses_bytes(
        format!("{HEADINGS}\n"),
        &[
            "a heading row and nothing below it",
            "Export the return again",
        ],
    );
    refuses_bytes(
        format!("{HEADINGS}\n\n\r\n\n"),
        &["a heading row and nothing below it"],
    );
}

// Headings.

#[test]
fn headings_that_are_none() {
    refuses_bytes(
        format!("Colour,Shape,{CANARY}\nred,round,x\n"),
        &[
            "no heading of the Client Level Data return",
            "Check that the first row is the heading row",
        ],
    );
    // The rows without their heading row.
    refuses_bytes(
        row("ZZ1"),
        &["no heading", "Check that the first row is the heading row"],
    );
    // Separated by something else.
    refuses_bytes(
        valid().replace(',', ";"),
        &["no heading", "separated by commas"],
    );
}

#[test]
fn each_column_that_must_be_there() {
    let headings: Vec<&str> = HEADINGS.split(',').collect();
    for (place, missing) in headings.iter().enumerate().take(6) {
        let without = |line: &str| {
            let cells: Vec<&str> = line
                .split(',')
                .enumerate()
                .filter(|(i, _)| *i != place)
                .map(|(_, cell)| cell)
                .collect();
            cells.join(",")
        };
        let text: String = valid().lines().map(|line| without(line) + "\n").collect();
        let lacks = format!(
            "lacks {}",
            if place == 1 {
                "NHS Number or LA Person Unique Identifier"
            } else {
                missing
            }
        );
        refuses_bytes(text, &[&lacks, "Each return must have"]);
    }
    // All that are missing are named at once.
    refuses_bytes(
        "LA Code,Gender\nZZ1,Male\n",
        &[
            "Client Type, Event Type, Event Start Date, Event End Date, NHS Number or LA Person Unique Identifier",
        ],
    );
}

#[test]
fn a_heading_twice() {
    refuses_bytes(
        format!(
            "{HEADINGS},event-type\n{},{CANARY}\n",
            row("ZZ1").trim_end()
        ),
        &[
            "Event Type stands twice",
            "columns 4 and 9",
            "Keep one of them",
        ],
    );
}

// Rows.

#[test]
fn two_councils_in_one_file() {
    let text = format!("{}{}{}", valid(), row("ZZ1"), row(CANARY));
    refuses_bytes(
        text,
        &["row 4", "another LA Code", "split the file by LA Code"],
    );
    let none = format!("{HEADINGS}\n{}{}", row(""), row("NULL"));
    refuses_bytes(none, &["no row has an LA Code", "Fill the LA Code column"]);
}

#[test]
fn ragged_rows_are_counted_by_name() {
    let folder = Folder::new();
    let short = format!("ZZ1,{CANARY}2,Service user,Request,2024-05-01,2024-05-02\n");
    let blanks = format!("{},,,\n", row("ZZ1").trim_end());
    let long = format!("{},{CANARY}\n", row("ZZ1").trim_end());
    let file = folder.write("return.csv", valid() + &short + &blanks + &long);
    let out = folder.join("out");
    let mut command = inspect(std::slice::from_ref(&file), &out);
    succeed(&mut command);
    let text = std::fs::read_to_string(out.join("inspection.json")).unwrap();
    let document: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(
        (&document["rows"]["in"], &document["rows"]["used"]),
        (&4.into(), &3.into())
    );
    assert_eq!(document["rows"]["set_aside"]["wrong_number_of_fields"], 1);
    assert_eq!(document["inputs"][0]["short_rows"], 1);
    counts_add_up(&out);
    // And said when it is not told to be quiet.
    let mut command = candour();
    let said = succeed(
        command
            .arg("inspect")
            .arg(&file)
            .arg("--out")
            .arg(folder.join("out2"))
            .args(["--identifiers", "keep"]),
    );
    assert!(said.contains("4 rows in = 3 used + 1 set aside"), "{said}");
    assert!(
        said.contains("set aside, wrong number of fields: 1"),
        "{said}"
    );
}

#[test]
fn a_field_of_ten_megabytes() {
    let field = CANARY.repeat(10 * 1024 * 1024 / CANARY.len());
    let text = format!(
        "{}ZZ1,{field},Service user,Request,2024-05-01,2024-05-02,,\n",
        valid()
    );
    refuses_bytes(
        text,
        &[
            "LA Person Unique Identifier of row 3",
            "longer than 1000000",
            "quotation mark",
        ],
    );
    refuses_bytes(
        format!("{HEADINGS},{field}\n{}", row("ZZ1")).as_bytes(),
        &["row 1", "quotation mark"],
    );
}

#[test]
fn a_quotation_mark_that_is_not_closed() {
    let open = format!("ZZ1,\"{CANARY}3,Service user,Request,2024-05-01,2024-05-02,,\n");
    let few: String = std::iter::repeat_n(row("ZZ1"), 20).collect();
    refuses_bytes(
        valid() + &open + &few,
        &["row 3", "quotation mark", "mend that row"],
    );
    let many: String = std::iter::repeat_n(row("ZZ1"), 20_000).collect();
    refuses_bytes(
        valid() + &open + &many,
        &["row 3", "quotation mark", "mend that row"],
    );
    // In the heading row.
    refuses_bytes(format!("\"{HEADINGS}\n{few}"), &["row 1", "quotation mark"]);
    refuses_bytes(
        format!(
            "{}\"Last Name\n{few}",
            HEADINGS.trim_end_matches("Last Name")
        ),
        &["row 1", "quotation mark"],
    );
}

#[test]
fn nothing_usable_is_still_an_answer() {
    // Every row is set aside: that is counted, not refused.
    let folder = Folder::new();
    let text = format!("{HEADINGS}\nZZ1,,,,,,,{CANARY}\nZZ1,P1,{CANARY},Request,x,y,z,\nZZ1\n");
    let file = folder.write("return.csv", text);
    let out = folder.join("out");
    succeed(&mut inspect(&[file], &out));
    counts_add_up(&out);
    for (name, bytes) in files_in(&out) {
        assert!(
            !String::from_utf8_lossy(&bytes).contains(CANARY),
            "{}",
            name.display()
        );
    }
}

// Files and folders.

#[test]
fn what_is_no_file() {
    let folder = Folder::new();
    std::fs::create_dir(folder.join("returns")).unwrap();
    let out = folder.join("out");
    refused(
        &run(&mut inspect(&[folder.join("returns")], &out)),
        &["returns is a folder", "Name the return"],
    );
    refused(
        &run(&mut inspect(&[folder.join("nowhere.csv")], &out)),
        &["cannot read", "nowhere.csv", "Check that the file is there"],
    );
    // One that can be read and one that cannot: nothing is done.
    let file = folder.write("return.csv", valid());
    refused(
        &run(&mut inspect(&[file, folder.join("nowhere.csv")], &out)),
        &["nowhere.csv"],
    );
    assert_eq!(names_in(folder.path()), ["return.csv", "returns"]);
}

#[test]
fn a_pipe_is_refused_at_once() {
    let folder = Folder::new();
    let pipe = folder.join("pipe.csv");
    if !Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .is_ok_and(|s| s.success())
    {
        return; // no such tool here
    }
    refused(
        &run(&mut inspect(&[pipe], &folder.join("out"))),
        &["pipe.csv", "a pipe or a device", "Save the return"],
    );
}

fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    String::from_utf8_lossy(&id.stdout).trim() == "0"
}

/// Runs a command as somebody who may not do everything: as root, as nobody. `None` where nobody cannot run it.
fn run_as_nobody(command: &mut Command) -> Option<Output> {
    if is_root() {
        command.uid(65_534).gid(65_534);
        return command.output().ok();
    }
    Some(run(command))
}

#[test]
fn what_may_not_be_read_or_written() {
    let folder = Folder::new();
    let open = |path: &Path, mode: u32| {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(mode)).unwrap()
    };
    open(folder.path(), 0o755);
    let file = folder.write("return.csv", valid());
    let secret = folder.write("secret.csv", valid());
    open(&secret, 0o000);
    let shut = folder.join("shut");
    std::fs::create_dir(&shut).unwrap();
    open(&shut, 0o555);
    let unreadable = run_as_nobody(&mut inspect(&[secret], &folder.join("out")));
    let inside = run_as_nobody(&mut inspect(std::slice::from_ref(&file), &shut));
    let below = run_as_nobody(&mut inspect(std::slice::from_ref(&file), &shut.join("a/b")));
    open(&shut, 0o755);
    for (output, says) in [
        (
            unreadable,
            ["cannot read", "secret.csv", "that you may read it"],
        ),
        (inside, ["cannot write", "shut", "may be written to"]),
        (below, ["cannot write", "shut/a", "may be written to"]),
    ] {
        if let Some(output) = output {
            refused(&output, &says);
        }
    }
    assert_eq!(
        names_in(folder.path()),
        ["return.csv", "secret.csv", "shut"]
    );
    assert!(names_in(&shut).is_empty());
}

#[test]
fn an_output_folder_that_is_not_empty_is_refused_without_force() {
    let folder = Folder::new();
    let file = folder.write("return.csv", valid());
    folder.write("out/verdicts.csv", "mine");
    folder.write("out/notes.txt", "mine too");
    let out = folder.join("out");
    refused(
        &run(&mut inspect(std::slice::from_ref(&file), &out)),
        &["out is not empty", "--force"],
    );
    assert_eq!(names_in(&out), ["notes.txt", "verdicts.csv"]);
    assert_eq!(std::fs::read(out.join("verdicts.csv")).unwrap(), b"mine");
    // With it, the inspection takes its place.
    succeed(inspect(std::slice::from_ref(&file), &out).arg("--force"));
    counts_add_up(&out);
    assert_eq!(names_in(folder.path()), ["out", "return.csv"]);
    // An inspection that fails leaves the one before it whole.
    let before = files_in(&out);
    let bad = folder.write("bad.csv", format!("{}{}", valid(), row("ZZ2")));
    refused(&run(inspect(&[bad], &out).arg("--force")), &["row 3"]);
    assert_eq!(files_in(&out), before);
    // An empty folder needs no force.
    std::fs::create_dir(folder.join("empty")).unwrap();
    succeed(&mut inspect(&[file], &folder.join("empty")));
    counts_add_up(&folder.join("empty"));
}

#[test]
fn an_output_folder_that_is_a_file() {
    let folder = Folder::new();
    let file = folder.write("return.csv", valid());
    let out = folder.write("out", "mine");
    refused(
        &run(inspect(std::slice::from_ref(&file), &out).arg("--force")),
        &["out is a file", "Name a folder for --out"],
    );
    assert_eq!(std::fs::read(&out).unwrap(), b"mine");
    refused(
        &run(&mut inspect(&[file], &out.join("deeper"))),
        &["cannot write", "out"],
    );
    assert_eq!(names_in(folder.path()), ["out", "return.csv"]);
}

/// `candour inspect` with pseudonyms.
fn with_key(file: &Path, out: &Path, key: &Path) -> Command {
    let mut command = candour();
    command
        .arg("inspect")
        .arg(file)
        .arg("--out")
        .arg(out)
        .arg("--key")
        .arg(key)
        .arg("--quiet");
    command
}

#[test]
fn a_key_inside_the_output_folder_is_refused() {
    let folder = Folder::new();
    let file = folder.write("return.csv", valid());
    let out = folder.join("out");
    let inside = ["would lie inside the output folder", "Keep it elsewhere"];
    refused(&run(&mut with_key(&file, &out, &out.join("key"))), &inside);
    refused(
        &run(&mut with_key(&file, &out, &out.join("deep/er/key"))),
        &inside,
    );
    refused(
        &run(&mut with_key(
            &file,
            &out,
            &folder.join("nowhere/../out/key"),
        )),
        &inside,
    );
    // From beside it, by a path that is not spelt out.
    refused(
        &run(with_key(&file, Path::new("out"), Path::new("./out/key")).current_dir(folder.path())),
        &inside,
    );
    // Through a link to the folder, and through one out of which `..` leads elsewhere.
    std::fs::create_dir_all(folder.join("out/sub")).unwrap();
    symlink(&out, folder.join("link")).unwrap();
    symlink(folder.join("out/sub"), folder.join("sub")).unwrap();
    refused(
        &run(with_key(&file, &out, &folder.join("link/key")).arg("--force")),
        &inside,
    );
    refused(
        &run(with_key(&file, &folder.join("link"), &out.join("key")).arg("--force")),
        &inside,
    );
    refused(
        &run(with_key(&file, &out, &folder.join("sub/../key")).arg("--force")),
        &inside,
    );
    assert_eq!(names_in(&out), ["sub"]);
    assert_eq!(
        names_in(folder.path()),
        ["link", "out", "return.csv", "sub"]
    );
    // A folder whose name only begins like it is another folder.
    succeed(with_key(&file, &out, &folder.join("outside/key")).arg("--force"));
}

#[test]
fn the_key_is_made_once_for_its_owner_only_and_printed_nowhere() {
    let folder = Folder::new();
    let file = folder.write("return.csv", valid());
    let key = folder.join("keys/council.key");
    succeed(&mut with_key(&file, &folder.join("a"), &key));
    let text = std::fs::read_to_string(&key).unwrap();
    assert_eq!(
        std::fs::metadata(&key).unwrap().permissions().mode() & 0o777,
        0o600
    );
    succeed(&mut with_key(&file, &folder.join("b"), &key));
    assert_eq!(std::fs::read_to_string(&key).unwrap(), text);
    assert_eq!(files_in(&folder.join("a")), files_in(&folder.join("b")));
    for (name, bytes) in files_in(&folder.join("a")) {
        let shown = String::from_utf8_lossy(&bytes).into_owned();
        assert!(!shown.contains(text.trim()), "{}", name.display());
        // Nor is anybody's own id or name.
        assert!(!shown.contains(CANARY), "{}", name.display());
    }
    // A file that is no key is refused, and not replaced.
    let other = folder.write("other.key", CANARY);
    refused(
        &run(&mut with_key(&file, &folder.join("c"), &other)),
        &["other.key", "64 hexadecimal digits", "Name another file"],
    );
    assert_eq!(std::fs::read_to_string(other).unwrap(), CANARY);
    // Nowhere to keep one.
    let mut command = candour();
    command
        .env_remove("HOME")
        .arg("inspect")
        .arg(&file)
        .arg("--out")
        .arg(folder.join("c"));
    refused(&run(&mut command), &["--key FILE"]);
    assert!(!folder.join("c").exists());
}

// What is typed.

#[test]
fn wrong_usage_is_told_apart() {
    let folder = Folder::new();
    let file = folder.write("return.csv", valid());
    let out = folder.join("out");
    for bad in ["yesterday", "31/03/2026", "2025-02-30", "2025-13-01", ""] {
        let output = run(inspect(std::slice::from_ref(&file), &out).args(["--as-of", bad]));
        assert_eq!(output.status.code(), Some(2), "{bad}");
        assert!(stderr(&output).contains("--as-of"));
    }
    let mut nothing = candour();
    assert_eq!(run(nothing.arg("inspect")).status.code(), Some(2));
    let mut no_out = candour();
    let output = run(no_out.arg("inspect").arg(&file));
    assert_eq!(output.status.code(), Some(2));
    assert!(stderr(&output).contains("--out"));
    let mut odd = inspect(std::slice::from_ref(&file), &out);
    assert_eq!(
        run(odd.args(["--identifiers", "names"])).status.code(),
        Some(2)
    );
    assert_eq!(names_in(folder.path()), ["return.csv"]);
    // An early day is a day.
    succeed(inspect(&[file], &out).args(["--as-of", "2000-01-01"]));
    counts_add_up(&out);
}

#[test]
fn local_facts_that_say_nothing() {
    let folder = Folder::new();
    let file = folder.write("return.csv", valid());
    let out = folder.join("out");
    let told = |name: &str| {
        run(inspect(std::slice::from_ref(&file), &out)
            .arg("--local")
            .arg(folder.join(name)))
    };
    folder.write("colour.toml", "\ncolour = 1\n");
    folder.write("broken.toml", "[[day]\n");
    folder.write("meals.toml", "[[outside]]\nwhat = \"meals\"\nwhy = \"\"\n");
    folder.write("bytes.toml", b"\xFF\xFE\x00");
    refused(
        &told("colour.toml"),
        &["cannot read the local facts", "colour.toml", "line"],
    );
    refused(&told("broken.toml"), &["broken.toml", "line 1"]);
    refused(
        &told("meals.toml"),
        &["meals.toml", "must be one of", "carers_assessments"],
    );
    refused(&told("bytes.toml"), &["bytes.toml", "UTF-8"]);
    refused(
        &told("nowhere.toml"),
        &["nowhere.toml", "Check that the file is there"],
    );
    assert!(!out.exists());
    folder.write(
        "good.toml",
        "[[day]]\ndate = 2024-05-01\nwhy = \"a new system\"\n",
    );
    assert!(told("good.toml").status.success());
}

#[test]
fn a_rulebook_that_is_none() {
    let folder = Folder::new();
    let file = folder.write("return.csv", valid());
    let out = folder.join("out");
    let with = |dir: &Path| {
        run(inspect(std::slice::from_ref(&file), &out)
            .arg("--rulebook")
            .arg(dir))
    };
    refused(&with(&folder.join("nowhere")), &["nowhere"]);
    std::fs::create_dir(folder.join("hollow")).unwrap();
    refused(&with(&folder.join("hollow")), &["facts.toml", "To mend it"]);
    folder.write("odd/facts.toml", "nonsense = [");
    folder.write("odd/record.toml", "");
    folder.write("odd/reasons.toml", "");
    folder.write("odd/clauses.toml", "");
    refused(&with(&folder.join("odd")), &["facts.toml"]);
    assert!(!out.exists());
}

// The disk.

/// A return of several hundred people, made up.
fn made_up(folder: &Folder) -> PathBuf {
    let dir = folder.join("made-up");
    succeed(
        candour()
            .args([
                "synthesise",
                "--people",
                "500",
                "--seed",
                "5",
                "--quiet",
                "--out",
            ])
            .arg(&dir),
    );
    dir.join("return.csv")
}

#[test]
fn a_file_that_may_not_grow_any_more_stops_it_whole() {
    // As a full disk does, for anybody: no file may be longer than 100 blocks of 512 bytes.
    let folder = Folder::new();
    let file = made_up(&folder);
    for (out, force) in [("out", ""), ("made-up", "--force")] {
        let script = format!(
            "trap '' XFSZ; ulimit -f 100; exec \"$0\" inspect \"$1\" --out {out} --identifiers keep --quiet {force}"
        );
        let before = names_in(folder.path());
        let output = run(Command::new("sh")
            .arg("-c")
            .arg(script)
            .arg(PROGRAM)
            .arg(&file)
            .current_dir(folder.path()));
        refused(
            &output,
            &[
                "cannot write",
                "File too large",
                "Nothing was left half-written",
            ],
        );
        assert_eq!(names_in(folder.path()), before);
    }
    assert_eq!(
        names_in(&folder.join("made-up")),
        ["return.csv", "truth.csv"]
    );
}

/// A disk of its own, while it is not dropped.
struct Disk(PathBuf);

impl Disk {
    /// `None` where disks may not be mounted.
    fn mount(path: PathBuf, size: &str) -> Option<Disk> {
        std::fs::create_dir_all(&path).unwrap();
        let options = format!("size={size}");
        let done = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &options, "tmpfs"])
            .arg(&path)
            .output();
        done.is_ok_and(|o| o.status.success()).then_some(Disk(path))
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(&self.0).status();
    }
}

#[test]
fn a_full_disk_is_left_as_it_was() {
    let folder = Folder::new();
    let file = made_up(&folder);
    let Some(disk) = Disk::mount(folder.join("disk"), "64k") else {
        return;
    };
    for out in [disk.0.join("out"), disk.0.clone()] {
        let output = run(&mut inspect(std::slice::from_ref(&file), &out));
        refused(
            &output,
            &[
                "cannot write",
                "No space left on device",
                "Nothing was left half-written",
            ],
        );
        assert!(names_in(&disk.0).is_empty());
    }
}

#[test]
fn the_output_folder_may_be_a_disk_of_its_own() {
    let folder = Folder::new();
    let file = made_up(&folder);
    let Some(disk) = Disk::mount(folder.join("disk"), "16m") else {
        return;
    };
    succeed(&mut inspect(std::slice::from_ref(&file), &disk.0));
    counts_add_up(&disk.0);
    let before = names_in(&disk.0);
    assert_eq!(before.len(), 6);
    succeed(inspect(&[file], &disk.0).arg("--force"));
    assert_eq!(names_in(&disk.0), before);
    assert_eq!(names_in(folder.path()), ["disk", "made-up"]);
}

// Several councils, and the same again.

#[test]
fn several_councils_have_a_folder_each() {
    let folder = Folder::new();
    let a = folder.write("a.csv", valid());
    let b = folder.write("b.csv", format!("{HEADINGS}\n{}", row("ZZ/2")));
    let out = folder.join("out");
    succeed(&mut inspect(&[a.clone(), b.clone(), a.clone()], &out));
    // A code that is no code is not shown: its folder is numbered.
    assert_eq!(names_in(&out), ["ZZ1", "council_1"]);
    counts_add_up(&out.join("ZZ1"));
    counts_add_up(&out.join("council_1"));
    // One of them cannot be read: neither is written.
    let bad = folder.write(
        "bad.csv",
        format!("{HEADINGS}\n{}{}", row("ZZ3"), row("ZZ4")),
    );
    refused(
        &run(&mut inspect(&[a, b, bad], &folder.join("out2"))),
        &["bad.csv", "row 3"],
    );
    assert!(!folder.join("out2").exists());
}

#[test]
fn the_same_inputs_and_key_give_the_same_bytes() {
    let folder = Folder::new();
    let file = made_up(&folder);
    let key = folder.write("key", "0123456789abcdef".repeat(4));
    let mut all = Vec::new();
    for (out, threads) in [("one", "1"), ("four", "4"), ("again", "4")] {
        let out = folder.join(out);
        succeed(with_key(&file, &out, &key).env("RAYON_NUM_THREADS", threads));
        counts_add_up(&out);
        all.push(files_in(&out));
    }
    assert_eq!(all[0].len(), 6);
    for (name, bytes) in &all[0] {
        for other in &all[1..] {
            assert!(other[name] == *bytes, "{} differs", name.display());
        }
    }
    // Nothing of the machine is in them.
    for (name, bytes) in &all[0] {
        let text = String::from_utf8_lossy(bytes);
        assert!(
            !text.contains(&folder.path().display().to_string()),
            "{}",
            name.display()
        );
    }
    // The file may stand elsewhere.
    let elsewhere = folder.write("else/where/return.csv", std::fs::read(&file).unwrap());
    succeed(&mut with_key(&elsewhere, &folder.join("moved"), &key));
    assert!(files_in(&folder.join("moved")) == all[0]);
    // Another key, other people; the same verdicts.
    let key = folder.write("key2", "fedcba9876543210".repeat(4));
    succeed(&mut with_key(&file, &folder.join("other"), &key));
    let other = files_in(&folder.join("other"));
    assert!(other[Path::new("verdicts.csv")] != all[0][Path::new("verdicts.csv")]);
    assert!(other[Path::new("quality.csv")] == all[0][Path::new("quality.csv")]);
}
