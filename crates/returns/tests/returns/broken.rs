//! A broken file gets an answer, never a panic, and no row is lost on the way.

use candour_returns::{Reader, council_of, join};
use proptest::prelude::*;

use crate::made::*;

/// A return with something of everything.
fn valid() -> Vec<u8> {
    let rows = stating(
        vec![
            service("P1", "2024-01-01", "")
                .nhs("9434765919")
                .cost("21.50", "Hourly", "14"),
            payment("P2", "2024-01-01", "2024-06-30", "210").with("Last Name", "Ó Briain, \"Ren\""),
            request(
                "P2",
                "2023-11-01",
                "02/11/2023 00:00",
                "Progress to Assessment",
            ),
            assessment(
                "P2",
                "2023-12-01",
                "2023-12-30",
                "Progress to support planning or services",
            )
            .with("Eligible Needs Identified", "Yes"),
            review("P2", "2024-03-01", "2024-03-02").with("Provider CQC Location ID", "1-100"),
            Row::new(
                "C1",
                "Unpaid carer",
                "Assessment",
                "2024-03-01",
                "2024-03-02",
            )
            .with("Adult 1 Linked Person_ID", "P2")
            .with("Date of Birth", "01/01/1970"),
            Row::new("C2", "Unpaid carer known by association", "", "", ""),
            service("P3", "2024-05-01", "2024-04-01").with("Date of Death", "NULL"),
        ],
        "2023-04-01",
        "2025-03-31",
    );
    csv(&rows).into_bytes()
}

/// One change to the bytes of a file.
#[derive(Clone, Debug)]
enum Change {
    Flip(usize, u8),
    Cut(usize),
    Remove(usize, usize),
    Insert(usize, Vec<u8>),
    Repeat(usize, usize),
}

fn change() -> impl Strategy<Value = Change> {
    let place = 0usize..1 << 16;
    let piece = prop_oneof![
        Just(b"\"".to_vec()),
        Just(b"\"\"".to_vec()),
        Just(b"\0".to_vec()),
        Just(b"\n".to_vec()),
        Just(b"\r".to_vec()),
        Just(b",".to_vec()),
        Just(b"\n\n,,,,\n".to_vec()),
        Just(b"\xFF\xFE".to_vec()),
        Just(b"\xC3".to_vec()),
        Just(b"\xEF\xBB\xBF".to_vec()),
        Just("£€\u{a0}".as_bytes().to_vec()),
        Just(b"99999999999999999999999999".to_vec()),
        Just(b"-1".to_vec()),
        Just(b"9999-12-31".to_vec()),
        Just(b"0000-01-01".to_vec()),
        Just(b"NULL".to_vec()),
        proptest::collection::vec(any::<u8>(), 0..40),
    ];
    prop_oneof![
        (place.clone(), any::<u8>()).prop_map(|(at, byte)| Change::Flip(at, byte)),
        place.clone().prop_map(Change::Cut),
        (place.clone(), 0usize..200).prop_map(|(at, n)| Change::Remove(at, n)),
        (place.clone(), piece).prop_map(|(at, bytes)| Change::Insert(at, bytes)),
        (place, 0usize..200).prop_map(|(at, n)| Change::Repeat(at, n)),
    ]
}

fn apply(bytes: &mut Vec<u8>, change: &Change) {
    let place = |at: usize| at % (bytes.len() + 1);
    match change {
        Change::Flip(at, byte) => {
            let at = place(*at);
            if let Some(b) = bytes.get_mut(at) {
                *b = *byte;
            }
        }
        Change::Cut(at) => bytes.truncate(place(*at)),
        Change::Remove(at, n) => {
            let from = place(*at);
            bytes.drain(from..(from + n).min(bytes.len()));
        }
        Change::Insert(at, more) => {
            let at = place(*at);
            bytes.splice(at..at, more.iter().copied());
        }
        Change::Repeat(at, n) => {
            let from = place(*at);
            let piece = bytes[from..(from + n).min(bytes.len())].to_vec();
            bytes.splice(from..from, piece);
        }
    }
}

/// Reads, joins and makes every timeline of what was read; the accounts must add up.
fn survives(files: &[&[u8]]) {
    let folder = Folder::new();
    let mut reader = Reader::new(SETTINGS);
    let mut read = Vec::new();
    for (i, bytes) in files.iter().enumerate() {
        let path = folder.write(&format!("{i}.csv"), bytes);
        let council = council_of(&path);
        match reader.read(&path, &|_| {}) {
            Ok(file) => {
                assert!(
                    council.is_ok(),
                    "one door says it is a return, the other that it is none"
                );
                assert_eq!(
                    file.rows_in,
                    file.rows_used + file.set_aside.values().sum::<u64>()
                );
                read.push(file);
            }
            Err(error) => {
                let text = error.to_string();
                assert!(text.len() < 1000 && text.contains(".csv"), "{text}");
            }
        }
    }
    if read.is_empty() {
        return;
    }
    let joined = join(&reader, read, None);
    accounts_add_up(&joined);
    let timelines = candour_record::Timelines::new(&joined.record);
    for person in 0..joined.record.people.len() as u32 {
        let _ = timelines.of(person);
    }
}

/// Few cases, unless `PROPTEST_CASES` asks for more.
fn cases() -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES")
        .ok()
        .and_then(|n| n.parse().ok())
        .unwrap_or(150);
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn a_return_with_damage_is_read_or_refused(
        changes in proptest::collection::vec(change(), 1..12),
    ) {
        let mut bytes = valid();
        for change in &changes {
            apply(&mut bytes, change);
        }
        survives(&[&bytes]);
        survives(&[&valid(), &bytes]);
    }

    /// Only what lies below the heading row is damaged, so that most files get as far as their rows.
    #[test]
    fn damage_below_the_headings_is_counted(
        changes in proptest::collection::vec(change(), 1..12),
    ) {
        let whole = valid();
        let end = whole.iter().position(|b| *b == b'\n').unwrap() + 1;
        let mut rows = whole[end..].to_vec();
        for change in &changes {
            apply(&mut rows, change);
        }
        let bytes = [&whole[..end], &rows].concat();
        survives(&[&bytes]);
    }

    #[test]
    fn any_bytes_at_all_are_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        survives(&[&bytes]);
        let mut under = b"LA Code,NHS Number,Client Type,Event Type,Event Start Date,Event End Date,Unit Cost\n".to_vec();
        under.extend_from_slice(&bytes);
        survives(&[&under]);
    }

    /// Cells of every kind of text under real headings.
    #[test]
    fn any_text_in_any_cell_is_read(cells in proptest::collection::vec("\\PC{0,30}", 6..60)) {
        let headings = ["LA Person Unique Identifier", "Client Type", "Event Type", "Event Start Date", "Event End Date", "Event Outcome"];
        let mut rows: Vec<Row> = Vec::new();
        for row in cells.chunks(6) {
            let mut made = service("P", "2024-01-01", "2024-02-01");
            for (heading, cell) in headings.iter().zip(row) {
                if !cell.is_empty() {
                    made = made.with(heading, cell);
                }
            }
            rows.push(made);
        }
        survives(&[csv(&rows).as_bytes()]);
    }
}

/// Dates at the ends of the calendar must not overflow.
#[test]
fn extreme_dates_and_numbers_are_read() {
    for (start, end) in [
        ("0001-01-01", "9999-12-31"),
        ("0000-01-01", ""),
        ("9999-12-31", "9999-12-31"),
        ("01/01/0000", "31/12/9999"),
    ] {
        let rows = vec![
            service("P1", start, end).cost("99999999999", "Hourly", "-99999"),
            payment("P1", start, end, "21474836.47")
                .with("Date of Birth", start)
                .with("Date of Death", start),
            review("P1", start, if end.is_empty() { "9999-12-31" } else { end }),
        ];
        survives(&[csv(&rows).as_bytes()]);
        survives(&[csv(&stating(rows, "0001-01-01", "9999-12-31")).as_bytes()]);
    }
}

#[test]
fn a_field_without_end_is_refused_by_name() {
    let mut text = csv(&[service("P1", "2024-01-01", "")]);
    text.push_str("ZZ1,\"P2,Service user,Service,2024-01-01,\n");
    for _ in 0..60_000 {
        text.push_str("ZZ1,P3,Service user,Service,2024-01-01,\n");
    }
    let error = read_bytes(text).err().unwrap().to_string();
    assert!(
        error.contains("row 3")
            && error.contains("LA Person Unique Identifier")
            && error.contains("quotation mark"),
        "{error}"
    );
}

/// Section 7: no row may be lost "without its being counted and named": not in a field whose quote is not closed.
#[test]
fn rows_swallowed_by_a_field_are_refused_by_name() {
    let plain = |rows: usize| -> String {
        (0..rows)
            .map(|i| format!("ZZ1,P{i},Service user,Request,2024-05-01,2024-05-02,,,,,\n"))
            .collect()
    };
    let headings = "LA Code,LA Person Unique Identifier,Client Type,Event Type,Event Start Date,Event End Date,\
                    Event Outcome,Event Description,Last Name,Unit Cost,Postcode\n";
    for rest in [
        plain(1),
        plain(20),
        format!(
            "{}ZZ1,P,Service user,Request,2024-05-01,2024-05-02,,,\"O'Brien, A\",,\n",
            plain(2)
        ),
    ] {
        let text = format!(
            "{headings}{}ZZ1,PX,Service user,Request,2024-05-01,2024-05-02,,\"started,,,\n{rest}",
            plain(3)
        );
        let error = read_bytes(text).err().unwrap().to_string();
        assert!(
            error.contains("row 5") && error.contains("quotation mark"),
            "{error}"
        );
    }
    // A line break in a text, and commas, are only text.
    let text = format!(
        "{headings}ZZ1,PX,Service user,Request,2024-05-01,2024-05-02,,\"rang, wrote,\ncalled\",,,\n{}",
        plain(3)
    );
    assert_eq!(read_bytes(text).unwrap().rows_used, 4);
}

#[test]
fn the_hash_is_of_every_byte() {
    // sha256sum of the same bytes, made with coreutils.
    let text = "LA Code,NHS Number,Client Type,Event Type,Event Start Date,Event End Date\nZZ1,1,a,b,c,d\n";
    assert_eq!(
        read_bytes(text).unwrap().sha256,
        "d3c5756354d92c70cc6e325e58fcca759c522f77ebcff48a59c352e35acc7f48"
    );
    let with_mark = [&b"\xEF\xBB\xBF"[..], text.as_bytes()].concat();
    assert_eq!(
        read_bytes(with_mark).unwrap().sha256,
        "aad78e1f41643c88ac337c7ccee1b8d74fb3ba52ecaeecd094a28df68ce0bfcc"
    );
}

#[test]
fn one_file_holds_one_council() {
    let rows = [
        service("P1", "2024-01-01", ""),
        service("P2", "2024-01-01", "").with("LA Code", "ZZ2"),
    ];
    let error = read_bytes(csv(&rows)).err().unwrap().to_string();
    assert!(
        error.contains("row 3") && error.contains("split the file"),
        "{error}"
    );
}

#[test]
fn a_heading_that_stands_twice_is_refused() {
    let text = "LA Code,NHS Number,Client Type,Event Type,Event Start Date,Event End Date,event type\nZZ1,1,a,b,c,d,e\n";
    let error = read_bytes(text).err().unwrap().to_string();
    assert!(
        error.contains("Event Type") && error.contains("columns 4 and 7"),
        "{error}"
    );
}
