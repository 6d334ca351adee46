//! `candour sample`, as an analyst walks it, and what it refuses.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    clippy::panic,
    reason = "tests"
)]

mod support;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use support::*;

const SEED: &str = "45126361452631425361";

/// A made-up council, inspected, in `folder/inspection`.
fn inspected(folder: &Folder, people: &str) -> PathBuf {
    succeed(
        candour()
            .args([
                "synthesise",
                "--quiet",
                "--people",
                people,
                "--seed",
                "9",
                "--out",
            ])
            .arg(folder.join("made")),
    );
    let inspection = folder.join("inspection");
    succeed(&mut inspect(&[folder.join("made/return.csv")], &inspection));
    inspection
}

fn sample(args: &[&str]) -> std::process::Command {
    let mut command = candour();
    command.arg("sample").args(args);
    command
}

fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Frame, commitment and draw in `folder/name`.
fn drawn(folder: &Folder, inspection: &Path, name: &str, plan: &[&str]) -> PathBuf {
    let dir = folder.join(name);
    succeed(&mut sample(&[
        "frame",
        text(inspection),
        "--out",
        text(&dir),
        "--only",
        "in_long_term_support=yes",
    ]));
    succeed(
        sample(&[
            "commit",
            text(&dir),
            "--source",
            "dice",
            "--form",
            "dice:20",
        ])
        .args(plan),
    );
    succeed(&mut sample(&["draw", text(&dir), "--seed", SEED]));
    dir
}

/// Cannot be done: exit 1, says all of `says`, prints nothing, panics nowhere.
fn refused(command: &mut std::process::Command, says: &[&str]) -> String {
    let output = run(command);
    let text = stderr(&output);
    assert_eq!(output.status.code(), Some(1), "{text}");
    for part in says {
        assert!(text.contains(part), "no “{part}” in: {text}");
    }
    assert!(output.stdout.is_empty());
    text
}

fn rows(path: &Path) -> Vec<Vec<String>> {
    csv::Reader::from_path(path)
        .unwrap()
        .records()
        .map(|r| r.unwrap().iter().map(str::to_owned).collect())
        .collect()
}

fn json(text: &str) -> serde_json::Value {
    serde_json::from_str(text).unwrap()
}

#[test]
fn an_analyst_walks_from_inspection_to_estimate() {
    let folder = Folder::new();
    let inspection = inspected(&folder, "1500");
    let dir = drawn(&folder, &inspection, "sample", &[]);
    assert_eq!(
        names_in(&dir),
        [
            "commitment.json",
            "draw.json",
            "drawn.csv",
            "frame.csv",
            "frame.json",
            "plan.json"
        ]
    );
    let told = json(&fs::read_to_string(inspection.join("inspection.json")).unwrap());
    let note = json(&fs::read_to_string(dir.join("frame.json")).unwrap());
    assert_eq!(note["people_in_return"], told["people"]);
    assert_eq!(note["people"], told["people_in_long_term_support"]);
    assert_eq!(note["inputs"][0]["sha256"], told["inputs"][0]["sha256"]);
    let frame = rows(&dir.join("frame.csv"));
    assert_eq!(frame.len() as u64, note["people"].as_u64().unwrap());
    assert!(frame.iter().all(|row| row[7] == "yes"));

    let sample_rows = rows(&dir.join("drawn.csv"));
    let count = |draw: &str| {
        sample_rows
            .iter()
            .filter(|r| r[0] == draw && r[3] == "drawn")
            .count()
    };
    assert_eq!(
        (count("random"), count("targeted"), count("alleged")),
        (30, 20, 0)
    );
    // Every stratum of the random draw has a file, reserves have no chance, and chances add up to the files.
    let chances: f64 = frame_chances(&sample_rows);
    assert!((chances - 30.0).abs() < 0.001, "{chances}");
    assert!(
        sample_rows
            .iter()
            .all(|r| (r[3] == "reserve") == r[5].is_empty())
    );

    // All of it again elsewhere: the same bytes.
    let again = drawn(&folder, &inspection, "again", &[]);
    assert_eq!(files_in(&dir), files_in(&again));
    let checked = succeed(&mut sample(&[
        "check",
        text(&dir),
        "--inspection",
        text(&inspection),
    ]));
    assert!(
        !checked.contains("WRONG") && checked.contains("byte for byte"),
        "{checked}"
    );

    // The auditors find it in every file with a strong signal and in no other.
    let strong: std::collections::HashMap<String, bool> =
        frame.iter().map(|r| (r[0].clone(), r[8] != "0")).collect();
    let mut audited = "person,draw,outcome\n".to_owned();
    for row in sample_rows.iter().filter(|r| r[3] == "drawn") {
        let outcome = if strong[&row[4]] { "yes" } else { "no" };
        audited += &format!("{},{},{outcome}\n", row[4], row[0]);
    }
    let audited = folder.write("audited.csv", audited);
    let said = succeed(&mut sample(&["estimate", text(&dir), text(&audited)]));
    assert!(
        said.contains("there is no rate of all of them together"),
        "{said}"
    );
    let report = json(&succeed(&mut sample(&[
        "estimate",
        text(&dir),
        text(&audited),
        "--json",
    ])));
    let two = &report["two_phase"];
    let truth = frame.iter().filter(|r| r[8] != "0").count() as f64 / frame.len() as f64;
    let (low, high) = (
        two["interval"][0].as_f64().unwrap(),
        two["interval"][1].as_f64().unwrap(),
    );
    assert!(
        (two["rate"].as_f64().unwrap() - truth).abs() < 0.05,
        "{two}"
    );
    assert!(low <= truth && truth <= high, "{two}");
    assert!(two["files_alone"].as_u64().unwrap() > 40, "{two}");
    // Draws are apart: no figure counts more files than its own draw has.
    let draws = report["draws"].as_array().unwrap();
    assert_eq!(draws[0]["read"], 30);
    assert_eq!(draws[1]["read"], 20);
    assert!(draws[1]["wilson"].is_null() && draws[1]["weighted"].is_null());
    assert_eq!(two["files"], 30);
}

/// What the stated chances of the random draw add up to over the frame.
fn frame_chances(rows: &[Vec<String>]) -> f64 {
    let mut strata: std::collections::BTreeMap<&str, f64> = std::collections::BTreeMap::new();
    for row in rows.iter().filter(|r| r[0] == "random" && r[3] == "drawn") {
        let chance: f64 = row[5].parse().unwrap();
        let people: f64 = row[6].parse().unwrap();
        strata.insert(&row[1], chance * people);
    }
    strata.values().sum()
}

#[test]
fn the_draws_kept_in_the_repository_come_out_again() {
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests/oracle/draws");
    for name in ["sealed", "public"] {
        let said = succeed(&mut sample(&["check", text(&kept.join(name))]));
        assert!(
            said.contains("byte for byte") && !said.contains("WRONG"),
            "{said}"
        );
    }
}

#[test]
fn an_edited_people_csv_is_refused_by_row_and_without_its_values() {
    let folder = Folder::new();
    let inspection = inspected(&folder, "300");
    let people = inspection.join("people.csv");
    let sound = fs::read_to_string(&people).unwrap();
    let lines: Vec<&str> = sound.lines().collect();
    let with = |edit: &dyn Fn(&mut Vec<String>)| {
        let mut lines: Vec<String> = lines.iter().map(|l| (*l).to_owned()).collect();
        edit(&mut lines);
        lines.join("\n") + "\n"
    };
    type Edit<'a> = (&'a dyn Fn(&mut Vec<String>), &'a [&'a str]);
    let edits: [Edit; 9] = [
        (
            &|l| {
                l.remove(4);
            },
            &["people.csv has ", " and inspection.json counted "],
        ),
        (
            &|l| l[7] = l[3].clone(),
            &["row 8", "same person as in row 4"],
        ),
        (
            &|l| l[5] += "7",
            &["row 6", "no_signal is not what verdicts.csv has"],
        ),
        (
            &|l| l[5] += ",ZZCANARY",
            &["row 6", "13 cells where the heading has 12"],
        ),
        (
            &|l| {
                l[9] = l[9]
                    .replace(",yes,", ",ZZCANARY,")
                    .replace(",no,", ",ZZCANARY,")
            },
            &["row 10", "neither yes nor no"],
        ),
        (
            &|l| {
                l[9] = l[9]
                    .replace(",yes,", ",~,")
                    .replace(",no,", ",yes,")
                    .replace(",~,", ",no,")
            },
            &["in long-term support and inspection.json counted"],
        ),
        (
            &|l| l[0] = l[0].replace("setting", "ZZ"),
            &["no column setting"],
        ),
        (
            &|l| {
                let cells: Vec<&str> = l[2].split(',').skip(1).collect();
                l[2] = format!(",{}", cells.join(","));
            },
            &["row 3", "person is empty"],
        ),
        (
            &|l| {
                let mut cells: Vec<&str> = l[2].split(',').collect();
                cells[8] = "ZZCANARY";
                l[2] = cells.join(",");
            },
            &["row 3", "strong_signals is not a whole number"],
        ),
    ];
    for (edit, says) in edits {
        fs::write(&people, with(edit)).unwrap();
        let said = refused(
            &mut sample(&["frame", text(&inspection), "--out", text(&folder.join("s"))]),
            says,
        );
        assert!(!said.contains("ZZCANARY"), "{said}");
        assert!(!folder.join("s").exists());
    }
    let mut bytes = sound.clone().into_bytes();
    bytes.truncate(bytes.len() - 5);
    bytes.push(0xff);
    fs::write(&people, bytes).unwrap();
    refused(
        &mut sample(&["frame", text(&inspection), "--out", text(&folder.join("s"))]),
        &[&format!("line {}", lines.len()), "UTF-8"],
    );
    fs::remove_file(&people).unwrap();
    refused(
        &mut sample(&["frame", text(&inspection), "--out", text(&folder.join("s"))]),
        &["cannot read", "people.csv"],
    );
    fs::write(&people, sound).unwrap();
    // And what is asked of a sound one.
    for (more, says) in [
        (["--only", "sex=ZZCANARY"], "nobody in"),
        (["--only", "ZZ=yes"], "no column ZZ"),
        (["--only", "person=P1"], "for the seed to say"),
        (["--with-test", "s9/none"], "no test s9/none"),
    ] {
        let said = refused(
            sample(&["frame", text(&inspection), "--out", text(&folder.join("s"))]).args(more),
            &[says],
        );
        assert!(!said.contains("ZZCANARY"), "{said}");
    }
}

#[test]
fn nothing_that_was_promised_can_be_changed() {
    let folder = Folder::new();
    let inspection = inspected(&folder, "600");
    let dir = folder.join("s");
    let frame = |dir: &Path| sample(&["frame", text(&inspection), "--out", text(dir)]);
    let commit =
        |dir: &Path| sample(&["commit", text(dir), "--source", "dice", "--form", "dice:20"]);
    let draw = |seed: &str| sample(&["draw", text(&dir), "--seed", seed]);
    succeed(&mut frame(&dir));
    refused(&mut frame(&dir), &["holds a frame already"]);
    refused(&mut draw(SEED), &["holds no commitment"]);
    refused(&mut frame(folder.path()), &["is not empty"]);
    let people: Vec<String> = rows(&dir.join("frame.csv"))
        .into_iter()
        .map(|r| r[0].clone())
        .collect();
    let list = folder.write(
        "alleged.csv",
        format!("person\n{}\n{}\n", people[3], people[9]),
    );
    let twice = folder.write("twice.csv", format!("person\n{0}\n{0}\n", people[3]));
    refused(
        commit(&dir).arg("--alleged").arg(&twice),
        &["twice.csv, row 3", "as in row 2"],
    );
    refused(
        commit(&dir).args(["--strata", "nothing"]),
        &["no column nothing"],
    );
    refused(
        commit(&dir).args(["--random", &(people.len() + 1).to_string()]),
        &["files are asked for and the frame has"],
    );
    refused(
        commit(&dir).args([
            "--strata",
            "support_reason,district",
            "--small-strata",
            "apart",
        ]),
        &["strata cannot each have one of 30 files"],
    );
    refused(
        commit(&dir).args(["--target-by", "sex"]),
        &["row 2", "sex is not a whole number"],
    );
    refused(
        commit(&dir).args(["--target-by", "none"]),
        &["--target-where"],
    );
    refused(
        commit(&dir).args(["--random", "0", "--targeted", "0"]),
        &["draws nobody"],
    );
    // None of these left a promise behind.
    assert_eq!(names_in(&dir), ["frame.csv", "frame.json"]);

    let frozen = fs::read(dir.join("frame.csv")).unwrap();
    let mut edited = frozen.clone();
    edited.push(b'\n');
    fs::write(dir.join("frame.csv"), &edited).unwrap();
    refused(
        &mut commit(&dir),
        &["frame.csv was changed after it was locked"],
    );
    fs::write(dir.join("frame.csv"), &frozen).unwrap();
    succeed(commit(&dir).arg("--alleged").arg(&list));
    refused(&mut commit(&dir), &["holds a commitment already"]);

    for (name, says) in [
        ("frame.csv", "frame.csv was changed after it was locked"),
        ("plan.json", "plan.json was changed after the commitment"),
        (
            "alleged.csv",
            "alleged.csv was changed after the commitment",
        ),
    ] {
        let sound = fs::read(dir.join(name)).unwrap();
        let mut edited = sound.clone();
        edited.push(b'\n');
        fs::write(dir.join(name), edited).unwrap();
        refused(&mut draw(SEED), &[says]);
        fs::write(dir.join(name), sound).unwrap();
    }
    // A frame with its note, both of another lock, is not the one promised either.
    let other = folder.join("other");
    succeed(frame(&other).args(["--only", "sex=female"]));
    for name in ["frame.csv", "frame.json"] {
        fs::rename(dir.join(name), folder.join(name)).unwrap();
        fs::copy(other.join(name), dir.join(name)).unwrap();
    }
    refused(
        &mut draw(SEED),
        &["not the one that the commitment was made for"],
    );
    for name in ["frame.csv", "frame.json"] {
        fs::rename(folder.join(name), dir.join(name)).unwrap();
    }
    for seed in ["123", "7777777777777777777777", "4512636145263142536|", ""] {
        refused(&mut draw(seed), &["not written as was promised: 20 throws"]);
    }
    refused(
        sample(&["draw", text(&dir), "--seed", SEED, "--seed", SEED]).arg("--"),
        &["give --seed once"],
    );
    assert!(!dir.join("drawn.csv").exists());
    succeed(&mut draw(SEED));
    refused(&mut draw(SEED), &["is drawn already"]);

    // A list that was doctored after the draw is found, with its row.
    let path = dir.join("drawn.csv");
    let sound = fs::read_to_string(&path).unwrap();
    let mut lines: Vec<&str> = sound.lines().collect();
    lines.swap(1, 2);
    fs::write(&path, lines.join("\n") + "\n").unwrap();
    let output = run(&mut sample(&["check", text(&dir), "--json"]));
    assert_eq!(output.status.code(), Some(1));
    let found = json(&String::from_utf8(output.stdout).unwrap());
    assert_eq!(found["right"], false);
    assert!(found.to_string().contains("see row 2"), "{found}");
    refused(
        &mut sample(&["replace", text(&dir), &people[3], "--reason", "said-no"]),
        &["drawn.csv was changed after the draw"],
    );
}

#[test]
fn a_sealed_seed_opens_only_with_every_secret() {
    let folder = Folder::new();
    let inspection = inspected(&folder, "400");
    let seal = |name: &str, secret: &str| {
        let mut child = sample(&["seal", name])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(secret.as_bytes())
            .unwrap();
        child.wait_with_output().unwrap()
    };
    let (one, two) = ("361425361425361425361", "word of the user-led group");
    let sealed = |name, secret| {
        String::from_utf8(seal(name, secret).stdout)
            .unwrap()
            .trim()
            .to_owned()
    };
    let (a, b) = (sealed("council", one), sealed("group", two));
    assert_eq!(a.len(), "council=".len() + 64);
    assert_ne!(
        sealed("council", one),
        sealed("group", one),
        "a seal cannot be copied"
    );
    let short = seal("council", "12345");
    assert_eq!(short.status.code(), Some(1));
    assert!(!stderr(&short).contains("12345"));

    let dir = folder.join("s");
    succeed(&mut sample(&[
        "frame",
        text(&inspection),
        "--out",
        text(&dir),
    ]));
    refused(
        &mut sample(&["commit", text(&dir), "--sealed", "council=abc"]),
        &["no SHA-256"],
    );
    refused(
        &mut sample(&["commit", text(&dir), "--sealed", &a, "--sealed", &a]),
        &["there twice"],
    );
    let said = succeed(&mut sample(&[
        "commit",
        text(&dir),
        "--sealed",
        &a,
        "--sealed",
        &b,
    ]));
    assert!(said.contains("at least one of the parties"), "{said}");
    let (first, second) = (format!("council={one}"), format!("group={two}"));
    refused(
        &mut sample(&["draw", text(&dir), "--seed", &first]),
        &["the part of the seed that group sealed is missing"],
    );
    let wrong = refused(
        &mut sample(&[
            "draw",
            text(&dir),
            "--seed",
            &first,
            "--seed",
            "group=ZZCANARY and more letters",
        ]),
        &["not what group sealed"],
    );
    assert!(!wrong.contains("ZZCANARY"));
    // The order in which they are given does not matter.
    succeed(&mut sample(&[
        "draw",
        text(&dir),
        "--seed",
        &second,
        "--seed",
        &first,
    ]));
    let note = json(&fs::read_to_string(dir.join("draw.json")).unwrap());
    assert_eq!(note["seed"], format!("{one}+{two}"));
    assert!(succeed(&mut sample(&["check", text(&dir)])).contains("the one that was sealed"));
    // One party alone is told what that is worth.
    let alone = folder.join("alone");
    succeed(&mut sample(&[
        "frame",
        text(&inspection),
        "--out",
        text(&alone),
    ]));
    let said = succeed(&mut sample(&["commit", text(&alone), "--sealed", &a]));
    assert!(said.contains("could have tried many"), "{said}");
}

#[test]
fn replacements_follow_the_order_and_stay_on_the_record() {
    let folder = Folder::new();
    let inspection = inspected(&folder, "600");
    let dir = drawn(
        &folder,
        &inspection,
        "s",
        &["--random", "4", "--strata", "none", "--targeted", "2"],
    );
    let random: Vec<String> = rows(&dir.join("drawn.csv"))
        .into_iter()
        .filter(|r| r[0] == "random")
        .map(|r| r[4].clone())
        .collect();
    assert_eq!(random.len(), 8, "four and as many reserves");
    let replace = |person: &str, more: &[&str]| {
        let mut command = sample(&["replace", text(&dir), person, "--draw", "random"]);
        command.args(more);
        command
    };
    refused(
        &mut replace("nobody", &["--reason", "said-no"]),
        &["does not stand in the sample"],
    );
    assert!(!dir.join("replacements.csv").exists());
    refused(
        &mut replace(&random[5], &["--reason", "said-no"]),
        &["does not stand in the sample"],
    );
    succeed(&mut replace(&random[1], &["--reason", "said-no"]));
    refused(
        &mut replace(&random[1], &["--reason", "said-no"]),
        &["replaced already"],
    );
    let before = fs::read(dir.join("replacements.csv")).unwrap();
    // Who came in may go out again; the first record stays as it was.
    succeed(&mut replace(
        &random[4],
        &["--reason", "other", "--note", "=moved, \"abroad\""],
    ));
    succeed(&mut replace(&random[0], &["--reason", "safeguarding"]));
    succeed(&mut replace(&random[2], &["--reason", "file-missing"]));
    let said = succeed(&mut replace(&random[3], &["--reason", "said-no"]));
    assert!(said.contains("no reserve is left"), "{said}");
    let record = fs::read(dir.join("replacements.csv")).unwrap();
    assert!(record.starts_with(&before));
    let ins: Vec<String> = rows(&dir.join("replacements.csv"))
        .into_iter()
        .map(|r| r[6].clone())
        .collect();
    assert_eq!(ins, [&random[4], &random[5], &random[6], &random[7], ""]);
    assert!(succeed(&mut sample(&["check", text(&dir)])).contains("5, each by the next reserve"));

    // The estimate knows who is in, who is out and who is missing.
    let audited = |people: &[&str]| {
        let mut text = "person,draw,outcome\n".to_owned();
        for person in people {
            text += &format!("{person},random,no\n");
        }
        folder.write("audited.csv", text)
    };
    let file = audited(&[&random[1]]);
    refused(
        &mut sample(&["estimate", text(&dir), text(&file)]),
        &["audited.csv, row 2", "was replaced"],
    );
    let file = audited(&[&random[5], &random[6], &random[7]]);
    let report = json(&succeed(&mut sample(&[
        "estimate",
        text(&dir),
        text(&file),
        "--json",
    ])));
    assert_eq!(report["draws"][0]["not_read"], 1);
    assert_eq!(report["draws"][0]["replaced"]["said-no"], 2);

    // A row taken out of the record, or another person put in, is found.
    let kept = String::from_utf8(record).unwrap();
    let lines: Vec<&str> = kept.lines().collect();
    for bad in [
        [&lines[..1], &lines[2..]].concat().join("\n"),
        kept.replace(&random[5], &random[7]),
    ] {
        fs::write(dir.join("replacements.csv"), bad).unwrap();
        let output = run(&mut sample(&["check", text(&dir)]));
        assert_eq!(output.status.code(), Some(1));
        assert!(String::from_utf8_lossy(&output.stdout).contains("WRONG  replacements"));
    }
}

#[test]
fn estimates_count_by_hand() {
    let folder = Folder::new();
    let inspection = inspected(&folder, "900");
    let dir = drawn(
        &folder,
        &inspection,
        "s",
        &["--random", "20", "--strata", "none", "--targeted", "5"],
    );
    let sample_rows = rows(&dir.join("drawn.csv"));
    let of = |draw: &str| -> Vec<String> {
        sample_rows
            .iter()
            .filter(|r| r[0] == draw && r[3] == "drawn")
            .map(|r| r[4].clone())
            .collect()
    };
    let mut audited = "person,draw,outcome,auditor\n".to_owned();
    for (place, person) in of("random").iter().enumerate() {
        let outcome =
            ["Yes", "no", "not recorded"][usize::from(place >= 4) + usize::from(place >= 16)];
        if place < 19 {
            audited += &format!("{person},random,{outcome},x\n");
        }
    }
    audited += &format!("{},targeted,yes,x\n", of("targeted")[0]);
    let file = folder.write("audited.csv", &audited);
    let report = json(&succeed(&mut sample(&[
        "estimate",
        text(&dir),
        text(&file),
        "--json",
    ])));
    let random = &report["draws"][0];
    assert_eq!(
        [
            &random["found"],
            &random["not_found"],
            &random["not_recorded"],
            &random["not_read"]
        ]
        .map(|n| n.as_u64().unwrap()),
        [4, 12, 3, 1]
    );
    // 4 of 16: statsmodels 0.15 proportion_confint(4, 16, method="wilson") and "beta", to 1e-6.
    for (key, low, high) in [
        ("wilson", (0.101820675, 0.494983165)),
        ("exact", (0.072662038, 0.523770820)),
    ]
    .map(|(k, (l, h))| (k, l, h))
    {
        assert!(
            (random[key][0].as_f64().unwrap() - low).abs() < 1e-6,
            "{random}"
        );
        assert!(
            (random[key][1].as_f64().unwrap() - high).abs() < 1e-6,
            "{random}"
        );
    }
    assert_eq!(random["weighted"]["rate"], 0.25);
    let text_of =
        |args: &[&str]| succeed(sample(&["estimate", text(&dir), text(&file)]).args(args));
    let said = text_of(&["--says", "no review was held"]);
    assert!(
        said.contains("no review was held in 4, not in 12; not recorded in 3. 1 not read."),
        "{said}"
    );
    assert!(
        said.contains("all been without it: 4 of 20; all with it: 8 of 20"),
        "{said}"
    );

    // A test that the frame was locked without needs the inspection it is from, and no other.
    let test = "s27-1a-keep-under-review/annual";
    refused(
        &mut sample(&["estimate", text(&dir), text(&file), "--test", test]),
        &["--inspection"],
    );
    let said = text_of(&["--test", test, "--inspection", text(&inspection)]);
    assert!(
        said.contains(test) && said.contains("no occasion"),
        "{said}"
    );

    // No fault found is no all-clear.
    let none: String = audited.replace("Yes", "no").replace("not recorded", "no");
    fs::write(&file, none).unwrap();
    let said = text_of(&[]);
    assert!(
        said.contains("19 files with none wrong: the true rate could still be up to about 1 in 6"),
        "{said}"
    );
    assert!(
        said.contains("cannot clear a council of a rare one"),
        "{said}"
    );
    assert!(!said.to_lowercase().contains("compliant"));

    // Nothing told: cannot tell, no number.
    let bare: String = audited.lines().take(1).collect::<String>() + "\n";
    fs::write(&file, bare).unwrap();
    let said = text_of(&[]);
    assert!(
        said.contains("Cannot tell, because no file of the random draw has an answer."),
        "{said}"
    );
    for (row, says) in [
        (
            "ZZCANARY,random,yes,x",
            "row 2: this person does not stand in the random draw",
        ),
        ("x,all,yes,x", "row 2: draw is none of"),
        ("x,random,ZZCANARY,x", "row 2: outcome is none of"),
    ] {
        fs::write(&file, format!("person,draw,outcome,auditor\n{row}\n")).unwrap();
        let said = refused(&mut sample(&["estimate", text(&dir), text(&file)]), &[says]);
        assert!(!said.contains("ZZCANARY"), "{said}");
    }
}

#[test]
fn sizes_say_what_files_can_and_cannot() {
    let said = succeed(&mut sample(&["size"]));
    for part in [
        "30 files with none wrong: the true rate could still be up to about 1 in 10 (9.5%).",
        "Thirty files can find a common fault and cannot clear a council of a rare one",
        "12 of 60: 11.8% to 31.8%",
        "59 files",
    ] {
        assert!(said.contains(part), "no “{part}” in {said}");
    }
    let sizes = json(&succeed(&mut sample(&[
        "size", "--people", "4000", "--points", "10", "--json",
    ])));
    assert_eq!(sizes["for_points"][0]["files"], 94);
    refused(
        &mut sample(&["size", "--files", "30", "--people", "20"]),
        &["more files than people"],
    );
    for wrong in [
        ["--files", "0"],
        ["--points", "0"],
        ["--fault", "100"],
        ["--people", "x"],
    ] {
        assert_eq!(run(sample(&["size"]).args(wrong)).status.code(), Some(2));
    }
    assert_eq!(run(&mut sample(&["commit", "x"])).status.code(), Some(2));
    assert_eq!(
        run(&mut sample(&[
            "commit", "x", "--source", "d", "--form", "dice:5"
        ]))
        .status
        .code(),
        Some(2)
    );
    assert_eq!(
        run(&mut sample(&["replace", "x", "y", "--reason", "other"]))
            .status
            .code(),
        Some(2)
    );
}

#[test]
fn agreement_by_question_and_overall() {
    let folder = Folder::new();
    let mut text_of = "case,question,first,second\n".to_owned();
    for case in 0..12 {
        let second = if case < 9 { "yes" } else { "no" };
        let first = if case < 8 || case == 11 { "Yes" } else { "no" };
        text_of += &format!("{case},A1,{first},{second}\n{case},A2,yes,yes\n");
        text_of += &format!("{case},Grade,{},{}\n", 1 + case % 4, 1 + (case % 4).min(2));
    }
    text_of += "0,B,yes,no\n1,B,yes,yes\n2,B,part,\n";
    let file = folder.write("double.csv", &text_of);
    let report = json(&succeed(&mut sample(&["agreement", text(&file), "--json"])));
    let of = |name: &str| {
        report["questions"]
            .as_array()
            .unwrap()
            .iter()
            .find(|q| q["question"] == name)
            .unwrap()
            .clone()
    };
    // irrCAC 0.4.4, table [[8, 1], [1, 2]]: cohen() and gwet(), to 1e-6.
    for (key, value, error) in [
        ("kappa", (0.555555556, 0.278257473)),
        ("ac1", (0.733333333, 0.191266087)),
    ]
    .map(|(k, (v, e))| (k, v, e))
    {
        assert!((of("A1")[key]["value"].as_f64().unwrap() - value).abs() < 1e-6);
        assert!((of("A1")[key]["standard_error"].as_f64().unwrap() - error).abs() < 1e-6);
    }
    assert_eq!(
        (of("A1")["same"].as_u64(), of("A1")["pairs"].as_u64()),
        (Some(10), Some(12))
    );
    assert!(
        of("A2")["kappa"]["cannot_tell"]
            .as_str()
            .unwrap()
            .contains("one and the same answer")
    );
    assert_eq!(of("A2")["ac1"]["value"], 1.0);
    assert!(
        of("B")["ac1"]["cannot_tell"]
            .as_str()
            .unwrap()
            .contains("only 2")
    );
    assert_eq!(of("Grade")["scale"], "grades");
    assert_eq!(report["answered_once"], 1);
    assert_eq!(report["worst"].as_array().unwrap().len(), 2, "{report}");
    assert_eq!(report["overall"].as_array().unwrap().len(), 2);
    let said = succeed(&mut sample(&["agreement", text(&file)]));
    assert!(
        !said.contains("NaN") && said.contains("before moderation"),
        "{said}"
    );

    for (rows, more, says) in [
        (
            "1,A,yes,no\n1,A,no,no\n",
            vec![],
            "row 3: the same case and question as in row 2",
        ),
        ("1,,yes,no\n", vec![], "row 2: case or question is empty"),
        (
            "1,A,ZZCANARY,no\n",
            vec!["--categories", "yes,no"],
            "row 2: an answer is none of those",
        ),
        (
            "1,A,5,4\n",
            vec!["--scale", "grades"],
            "row 2: an answer is none of those",
        ),
        ("1,A,,no\n", vec![], "no question was answered by both"),
    ] {
        fs::write(&file, format!("case,question,first,second\n{rows}")).unwrap();
        let said = refused(sample(&["agreement", text(&file)]).args(more), &[says]);
        assert!(!said.contains("ZZCANARY"));
    }
    fs::write(&file, "case,question,first\n").unwrap();
    refused(
        &mut sample(&["agreement", text(&file)]),
        &["no column second"],
    );
}
