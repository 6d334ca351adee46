//! Small returns made by hand, read through the public doors.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use candour_record::codes::EventType;
use candour_record::{Day, Event, Settings};
use candour_returns::{Joined, ReadError, Reader, ReturnFile, join};

/// The numbers of the definitions; the rulebook's own stand in its `record.toml`.
pub const SETTINGS: Settings = Settings {
    spell_gap_days: 2,
    hospital_gap_days: 92,
    reset_rows: 50,
    reset_percent: 10,
    exit_before_days: 28,
    fall_percent: 90,
    fall_after_days: 14,
    fall_merge_days: 28,
    fall_late_days: 28,
    fall_rise_days: 84,
    mass_percent: 2,
    mass_people: 20,
    coverage_rows: 10,
    coverage_percent: 20,
    coverage_small_return: 100,
    oldest_age: 115,
    adult_age: 18,
    truncated_at: 50,
};

pub fn day(text: &str) -> Day {
    text.parse().unwrap_or_else(|e| panic!("{text}: {e}"))
}

/// A folder that goes when it is dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn new() -> Folder {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let n = COUNT.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("candour-test-{}-{n}", std::process::id()));
        std::fs::create_dir_all(&path).unwrap();
        Folder(path)
    }

    pub fn write(&self, name: &str, bytes: impl AsRef<[u8]>) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, bytes).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// One row: heading to value.
#[derive(Clone, Debug, Default)]
pub struct Row(pub BTreeMap<&'static str, String>);

impl Row {
    pub fn new(person: &str, client: &str, event: &str, start: &str, end: &str) -> Row {
        Row::default()
            .with("LA Code", "ZZ1")
            .with("LA Person Unique Identifier", person)
            .with("Client Type", client)
            .with("Event Type", event)
            .with("Event Start Date", start)
            .with("Event End Date", end)
    }

    #[must_use]
    pub fn with(mut self, heading: &'static str, value: &str) -> Row {
        self.0.insert(heading, value.to_owned());
        self
    }

    #[must_use]
    pub fn nhs(self, number: &str) -> Row {
        self.with("NHS Number", number)
    }

    #[must_use]
    pub fn outcome(self, outcome: &str) -> Row {
        self.with("Event Outcome", outcome)
    }

    /// Unit cost, frequency and planned units per week.
    #[must_use]
    pub fn cost(self, cost: &str, frequency: &str, units: &str) -> Row {
        self.with("Unit Cost", cost)
            .with("Cost Frequency (Unit Type)", frequency)
            .with("Planned units per week", units)
    }

    #[must_use]
    pub fn service_type(self, service: &str) -> Row {
        self.with("Service Type", service)
    }

    #[must_use]
    pub fn component(self, component: &str) -> Row {
        self.with("Service Component", component)
    }
}

pub const HOME_CARE: &str = "Home support or domiciliary care";
pub const COMMUNITY: &str = "Long term support: Community";

/// Long-term home support of a service user; no end means that it goes on.
pub fn service(person: &str, start: &str, end: &str) -> Row {
    Row::new(person, "Service user", "Service", start, end)
        .service_type(COMMUNITY)
        .component(HOME_CARE)
        .with("Delivery Mechanism", "CASSR managed personal budget")
}

/// A direct payment of so much a week.
pub fn payment(person: &str, start: &str, end: &str, weekly: &str) -> Row {
    service(person, start, end)
        .component("Direct payment")
        .with("Delivery Mechanism", "Direct payment")
        .cost(weekly, "Weekly", "1")
}

pub fn request(person: &str, start: &str, end: &str, outcome: &str) -> Row {
    Row::new(person, "Service user", "Request", start, end).outcome(outcome)
}

pub fn assessment(person: &str, start: &str, end: &str, outcome: &str) -> Row {
    Row::new(person, "Service user", "Assessment", start, end)
        .with("Assessment Type", "Long term assessment")
        .outcome(outcome)
}

pub fn review(person: &str, start: &str, end: &str) -> Row {
    Row::new(person, "Service user", "Review", start, end)
        .with("Review Reason", "Planned")
        .outcome("Continuation of support or services")
}

/// The rows as CSV, under every heading that any of them has.
pub fn csv(rows: &[Row]) -> String {
    let mut headings: Vec<&str> = vec![
        "LA Code",
        "LA Person Unique Identifier",
        "Client Type",
        "Event Type",
        "Event Start Date",
        "Event End Date",
    ];
    for row in rows {
        for heading in row.0.keys() {
            if !headings.contains(heading) {
                headings.push(heading);
            }
        }
    }
    let cell = |text: &str| format!("\"{}\"", text.replace('"', "\"\""));
    let mut out = headings
        .iter()
        .map(|h| cell(h))
        .collect::<Vec<_>>()
        .join(",");
    out.push('\n');
    for row in rows {
        let cells: Vec<String> = headings
            .iter()
            .map(|h| cell(row.0.get(h).map_or("", String::as_str)))
            .collect();
        out.push_str(&cells.join(","));
        out.push('\n');
    }
    out
}

/// Rows that state the period they are of.
pub fn stating(rows: Vec<Row>, from: &str, to: &str) -> Vec<Row> {
    rows.into_iter()
        .map(|r| {
            r.with("Reporting Period Start Date", from)
                .with("Reporting Period End Date", to)
        })
        .collect()
}

pub fn read_bytes(bytes: impl AsRef<[u8]>) -> Result<ReturnFile, ReadError> {
    let folder = Folder::new();
    let path = folder.write("return.csv", bytes);
    Reader::new(SETTINGS).read(&path, &|_| {})
}

/// Reads several files of rows and joins them. `as_of` blank: the last day covered.
pub fn joined_bytes(files: &[String], as_of: &str) -> Joined {
    let folder = Folder::new();
    let mut reader = Reader::new(SETTINGS);
    let read = files
        .iter()
        .enumerate()
        .map(|(i, text)| {
            let path = folder.write(&format!("return-{i}.csv"), text);
            reader
                .read(&path, &|_| {})
                .unwrap_or_else(|e| panic!("{e}"))
        })
        .collect();
    let joined = join(&reader, read, (!as_of.is_empty()).then(|| day(as_of)));
    accounts_add_up(&joined);
    joined
}

/// *Rows in = rows used + rows set aside by reason*, and what was used is the sum of what became of it.
pub fn accounts_add_up(joined: &Joined) {
    for file in &joined.files {
        assert_eq!(
            file.rows_in,
            file.rows_used + file.set_aside.values().sum::<u64>()
        );
    }
    let a = &joined.accounts;
    assert_eq!(
        a.used,
        joined.files.iter().map(|f| f.rows_used).sum::<u64>()
    );
    assert_eq!(
        a.used,
        a.events + a.repeats + a.gave_way + a.after_as_of + a.after_death + a.known_by_association,
        "{a:?}"
    );
    assert_eq!(a.events, joined.record.events.len() as u64);
    assert_eq!(a.repeats, joined.record.repeats.len() as u64);
}

/// One return of rows over two years, so small that coverage is the stated period.
pub fn two_years(rows: Vec<Row>) -> Joined {
    let rows = stating(rows, "2023-04-01", "2025-03-31");
    assert!(rows.len() < 100, "so many rows are judged by the month");
    joined_bytes(&[csv(&rows)], "")
}

pub fn person(joined: &Joined, name: &str) -> u32 {
    joined
        .record
        .people
        .iter()
        .position(|p| p.name == name)
        .unwrap_or_else(|| panic!("nobody is called {name}")) as u32
}

/// One person's events.
pub fn events(joined: &Joined, name: &str) -> Vec<Event> {
    joined.record.events_of(person(joined, name)).to_vec()
}

/// Kind, start and end of a person's events, "open" for no end.
pub fn dates(joined: &Joined, name: &str) -> Vec<(EventType, String, String)> {
    events(joined, name)
        .iter()
        .map(|e| (e.kind, e.start.to_string(), e.end.to_string()))
        .collect()
}
