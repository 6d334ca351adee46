//! The rules against cases that the Ombudsman and the courts decided.

use std::fs;
use std::path::Path;

use candour_casefile::{Board, Engine, Seriousness};
use candour_law::Rulebook;

/// The bar that the rules have to clear, in thousandths.
const LEAST_BALANCED: usize = 900;
const MOST_ACCUSED: usize = 2;
const MOST_CANNOT_TELL: usize = 200;

#[test]
fn decided_cases_come_out_as_they_were_decided() {
    let rulebook = Rulebook::built_in().unwrap();
    let mut engine = Engine::new(&rulebook).unwrap();
    engine.compile().unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/decisions");
    let mut paths: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    paths.sort();
    let mut board = Board::default();
    for path in &paths {
        let text = fs::read_to_string(path).unwrap();
        let name = path.file_name().unwrap().to_string_lossy();
        let case = engine.read(&name, &text);
        let bad: Vec<_> = case
            .problems
            .iter()
            .filter(|problem| problem.seriousness != Seriousness::Note)
            .map(ToString::to_string)
            .collect();
        assert_eq!(bad, Vec::<String>::new());
        assert_eq!(case.unknown, [], "{name}");
        let checked = engine.check(case).unwrap();
        board.add(&text, &checked);
    }
    println!("{board}");
    assert_eq!(board.cases, 144);
    let total = board.total();
    assert!(total.balanced().unwrap_or(0) >= LEAST_BALANCED, "{board}");
    assert!(total.no_fault_accused <= MOST_ACCUSED, "{board}");
    assert!(
        total.cannot_tell_share().unwrap_or(1000) <= MOST_CANNOT_TELL,
        "{board}"
    );
}
