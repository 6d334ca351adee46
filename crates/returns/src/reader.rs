//! One file of Client Level Data, row by row, into typed rows; every row used or set aside by reason.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use candour_record::codes::*;
use candour_record::{Coverage, Day, Event, Interval, RowRef, Settings};
use csv::ByteRecord;
use sha2::{Digest, Sha256};

use crate::columns::Column;
use crate::coverage::Months;
use crate::error::ReadError;
use crate::intern::{Interner, decode};
use crate::lists::{Hit, Lists};
use crate::quality::Quality;
use crate::values::{self, Date, trimmed};

/// A longer field means an unclosed quotation mark.
const FIELD_LIMIT: usize = 1_000_000;

/// Why a row is not used, in the order in which the reasons are asked.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SetAside {
    WrongNumberOfFields,
    NoIdentifier,
    NoClientType,
    NoEventType,
    NoStartDate,
    NoEndDate,
    InvalidDate,
    EndBeforeStart,
}

/// Every reason.
pub const SET_ASIDE: [SetAside; 8] = [
    SetAside::WrongNumberOfFields,
    SetAside::NoIdentifier,
    SetAside::NoClientType,
    SetAside::NoEventType,
    SetAside::NoStartDate,
    SetAside::NoEndDate,
    SetAside::InvalidDate,
    SetAside::EndBeforeStart,
];

impl SetAside {
    pub fn name(self) -> &'static str {
        match self {
            SetAside::WrongNumberOfFields => "wrong_number_of_fields",
            SetAside::NoIdentifier => "no_identifier",
            SetAside::NoClientType => "no_client_type",
            SetAside::NoEventType => "no_event_type",
            SetAside::NoStartDate => "no_start_date",
            SetAside::NoEndDate => "no_end_date",
            SetAside::InvalidDate => "invalid_date",
            SetAside::EndBeforeStart => "end_before_start",
        }
    }
}

/// What a row says of the person, beside the event.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Row {
    /// The event; its `person` is not known yet. For people known by association its kind is blank.
    pub event: Event,
    /// Number of the council's person id, 0 when blank.
    pub la: u32,
    /// Number of the NHS number, 0 when blank.
    pub nhs: u32,
    pub birth: Option<Day>,
    pub death: Option<Day>,
    pub gender: Gender,
    pub ethnic_group: EthnicGroup,
    pub support_reason: SupportReason,
    pub has_unpaid_carer: YesNo,
    pub district: u16,
}

/// One return as read. A copy can be joined as on another day.
#[derive(Clone)]
pub struct ReturnFile {
    /// Its place among the files read: the `file` of [`RowRef`].
    pub index: u16,
    pub name: String,
    pub sha256: String,
    pub bytes: u64,
    pub council: String,
    /// Rows below the heading row.
    pub rows_in: u64,
    pub rows_used: u64,
    pub set_aside: BTreeMap<SetAside, u64>,
    /// Of the rows used: people known by association, who have no event.
    pub known_by_association: u64,
    /// Rows that were shorter than the heading row; the missing fields are taken as blank.
    pub short_rows: u64,
    /// Stated period; where no row states one, the months of its events.
    pub stated: Interval,
    pub period_is_stated: bool,
    pub coverage: Coverage,
    pub months: Months,
    pub missing_columns: Vec<Column>,
    pub other_columns: Vec<String>,
    pub release1_values: u64,
    pub release2_values: u64,
    /// Places of the listed outcomes as given: how often each was.
    pub outcomes_as_given: Vec<u64>,
    pub quality: Quality,
    pub(crate) rows: Vec<Row>,
    /// (place in `rows`, council person id of the adult who is cared for).
    pub(crate) links: Vec<(u32, u32)>,
}

/// Reads the returns of one council; ids and lists are shared between its files.
pub struct Reader {
    pub(crate) settings: Settings,
    pub(crate) people: Interner,
    pub(crate) nhs: Interner,
    pub(crate) locations: Interner,
    pub(crate) districts: Interner,
    lists: Lists,
    files: u16,
}

/// Hears of rows read, for progress.
pub type Progress<'a> = &'a (dyn Fn(u64) + Sync);

impl Reader {
    pub fn new(settings: Settings) -> Reader {
        Reader {
            settings,
            people: Interner::new(),
            nhs: Interner::new(),
            locations: Interner::new(),
            districts: Interner::new(),
            lists: Lists::new(settings.truncated_at.max(1) as usize),
            files: 0,
        }
    }

    /// Reads one file. `progress` hears the bytes read so far.
    ///
    /// # Errors
    /// When the file is not a return, or holds two councils'; see [`ReadError`].
    pub fn read(&mut self, path: &Path, progress: Progress<'_>) -> Result<ReturnFile, ReadError> {
        if self.files == u16::MAX {
            return Err(ReadError::TooManyFiles {
                limit: usize::from(u16::MAX),
            });
        }
        let file = self.files;
        self.files += 1;
        let opened = Opened::new(path)?;
        let (name, bytes, headings) = (opened.name, opened.bytes, opened.headings);
        // A person has about two rows of a few hundred bytes.
        let people = usize::try_from(bytes / 1000).unwrap_or(0);
        self.people.reserve(people);
        self.nhs.reserve(people);
        let mut splitter = Splitter {
            csv: opened.csv,
            columns: IdColumns::new(&headings),
            people: std::mem::replace(&mut self.people, Interner::new()),
            nhs: std::mem::replace(&mut self.nhs, Interner::new()),
        };
        let mut decoder = Decoder::new(self, path, &headings);
        // One core splits, hashes and numbers the ids; another makes sense of the other fields.
        let splitter = std::thread::scope(|scope| {
            let (full, batches) = sync_channel::<Batch>(BATCHES);
            let (empty, used) = sync_channel::<Batch>(BATCHES + 2);
            let thread = scope.spawn(move || splitter.run(&full, &used).map(|()| splitter));
            let mut row = 1u32;
            for batch in batches {
                for (record, ids) in batch.records.iter().zip(&batch.ids) {
                    row += 1;
                    decoder.row(record, ids, RowRef { file, row })?;
                }
                progress(batch.bytes);
                let _ = empty.send(batch); // the splitter may have finished
            }
            thread
                .join()
                .unwrap_or_else(|_| Err("the reader stopped".to_owned()))
                .map_err(|why| ReadError::Row {
                    path: path.to_owned(),
                    row: row + 1,
                    why,
                })
        })?;
        let decoded = decoder.finish()?;
        let sha256 = splitter.csv.into_inner().finish();
        self.people = splitter.people;
        self.nhs = splitter.nhs;
        progress(bytes);
        let mut read = decoded.into_file(name, bytes, headings, &self.settings, file);
        read.sha256 = sha256;
        Ok(read)
    }
}

/// Rows split into fields, on their way from one core to the other.
#[derive(Default)]
struct Batch {
    records: Vec<ByteRecord>,
    /// The ids of the rows. As many as there are rows: `records` may hold old ones after them.
    ids: Vec<Ids>,
    /// Bytes of the file read so far.
    bytes: u64,
}

/// The ids of one row, as numbers; 0 is blank.
#[derive(Clone, Copy)]
struct Ids {
    la: u32,
    nhs: u32,
    nhs_is_valid: bool,
    links: [u32; 3],
}

/// Where the ids stand in a row.
struct IdColumns {
    la: Option<usize>,
    nhs: Option<usize>,
    links: [Option<usize>; 3],
}

impl IdColumns {
    fn new(headings: &Headings) -> IdColumns {
        let place = |column: Column| headings.columns.iter().position(|c| *c == Some(column));
        IdColumns {
            la: place(Column::PersonId),
            nhs: place(Column::NhsNumber),
            links: [Column::Linked1, Column::Linked2, Column::Linked3].map(place),
        }
    }
}

/// Rows in a batch, and batches on the way at once.
const BATCH: usize = 256;
const BATCHES: usize = 4;

/// Splits a file into rows, hashes it and numbers its ids.
struct Splitter {
    csv: csv::Reader<Hashing>,
    columns: IdColumns,
    people: Interner,
    nhs: Interner,
}

impl Splitter {
    /// Sends the rest of the file on, batch by batch.
    fn run(&mut self, full: &SyncSender<Batch>, used: &Receiver<Batch>) -> Result<(), String> {
        let mut digits = Vec::new();
        loop {
            let mut batch = used.try_recv().unwrap_or_default();
            batch.records.resize_with(BATCH, ByteRecord::new);
            batch.ids.clear();
            let mut failure = None;
            let mut ended = false;
            for record in &mut batch.records {
                match self.csv.read_byte_record(record) {
                    Ok(true) => {}
                    Ok(false) => {
                        ended = true;
                        break;
                    }
                    Err(error) => {
                        failure = Some(csv_error(&error));
                        break;
                    }
                }
                let value = |place: Option<usize>| {
                    place
                        .and_then(|i| record.get(i))
                        .map(trimmed)
                        .unwrap_or_default()
                };
                values::nhs_number(value(self.columns.nhs), &mut digits);
                batch.ids.push(Ids {
                    la: self.people.number(value(self.columns.la)),
                    nhs: self.nhs.number(&digits),
                    nhs_is_valid: values::nhs_number_is_valid(&digits),
                    links: self
                        .columns
                        .links
                        .map(|place| self.people.number(value(place))),
                });
            }
            batch.bytes = self.csv.position().byte();
            if !batch.ids.is_empty() && full.send(batch).is_err() {
                return Err("the reader stopped".to_owned()); // an earlier row was at fault
            }
            if let Some(why) = failure {
                return Err(why);
            }
            if ended {
                return Ok(());
            }
        }
    }
}

/// A file whose every byte is hashed as it is read.
struct Hashing {
    file: File,
    hasher: Sha256,
}

impl Hashing {
    fn finish(self) -> String {
        self.hasher
            .finalize()
            .iter()
            .map(|b| format!("{b:02x}"))
            .collect()
    }
}

impl Read for Hashing {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let n = self.file.read(buffer)?;
        self.hasher.update(buffer.get(..n).unwrap_or(&[]));
        Ok(n)
    }
}

const UNCLOSED: &str = "a quotation mark in it is not closed, so that one field holds the rows after it; mend that row and try again";

/// Whether a field has a line break and so many commas that it must hold rows: text that people write has few.
fn swallows_rows(field: &[u8], columns: usize) -> bool {
    let commas = || field.iter().filter(|b| **b == b',').count();
    // So many commas need so many bytes: most fields are too short to be looked through.
    2 * field.len() > columns.max(10) && field.contains(&b'\n') && 2 * commas() >= columns.max(10)
}

fn csv_error(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Io(error) => error.to_string(),
        _ => "it is not well-formed CSV".to_owned(),
    }
}

/// The heading row: which column stands where.
struct Headings {
    columns: Vec<Option<Column>>,
    missing: Vec<Column>,
    other: Vec<String>,
}

/// A file that was opened, looks like CSV and has the headings of a return.
struct Opened {
    name: String,
    bytes: u64,
    headings: Headings,
    csv: csv::Reader<Hashing>,
}

impl Opened {
    fn new(path: &Path) -> Result<Opened, ReadError> {
        let unreadable = |source| ReadError::Unreadable {
            path: path.to_owned(),
            source,
        };
        let metadata = std::fs::metadata(path).map_err(unreadable)?;
        if metadata.is_dir() {
            return Err(ReadError::Folder {
                path: path.to_owned(),
            });
        }
        if !metadata.is_file() {
            let found = "it is a pipe or a device, and a return is read more than once";
            return Err(ReadError::NotCsv {
                path: path.to_owned(),
                found,
            });
        }
        let mut file = File::open(path).map_err(unreadable)?;
        let mut head = Vec::new();
        file.by_ref()
            .take(1 << 16)
            .read_to_end(&mut head)
            .map_err(unreadable)?;
        let text = head.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&head);
        if text.trim_ascii().is_empty() && metadata.len() <= head.len() as u64 {
            return Err(ReadError::Empty {
                path: path.to_owned(),
            });
        }
        if let Some(found) = not_text(&head) {
            return Err(ReadError::NotCsv {
                path: path.to_owned(),
                found,
            });
        }
        let bom: &[u8] = b"\xEF\xBB\xBF";
        let mut hasher = Sha256::new();
        let skipped = if head.starts_with(bom) {
            hasher.update(bom);
            bom.len() as u64
        } else {
            0
        };
        file.seek(SeekFrom::Start(skipped)).map_err(unreadable)?;
        let mut csv = csv::ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .buffer_capacity(1 << 18)
            .from_reader(Hashing { file, hasher });
        let mut first = ByteRecord::new();
        csv.read_byte_record(&mut first)
            .map_err(|error| ReadError::Row {
                path: path.to_owned(),
                row: 1,
                why: csv_error(&error),
            })?;
        let headings = headings(path, &first)?;
        let name = path
            .file_name()
            .map(|n| n.to_string_lossy().into_owned())
            .unwrap_or_default();
        Ok(Opened {
            name,
            bytes: metadata.len(),
            headings,
            csv,
        })
    }
}

/// What the first bytes are, where they are not text.
fn not_text(head: &[u8]) -> Option<&'static str> {
    let starts = |magic: &[u8]| head.starts_with(magic);
    if starts(b"\xFF\xFE") || starts(b"\xFE\xFF") {
        Some("it is in UTF-16 (\"Unicode text\")")
    } else if starts(b"PK\x03\x04") {
        Some("it is an Excel workbook or another zipped file")
    } else if starts(b"\xD0\xCF\x11\xE0") {
        Some("it is an old Excel workbook")
    } else if starts(b"%PDF") {
        Some("it is a PDF")
    } else if head.contains(&0) {
        Some("it holds bytes that no text has")
    } else {
        None
    }
}

fn headings(path: &Path, first: &ByteRecord) -> Result<Headings, ReadError> {
    let mut columns: Vec<Option<Column>> = Vec::with_capacity(first.len());
    let mut other = Vec::new();
    for (i, heading) in first.iter().enumerate() {
        if heading.len() > FIELD_LIMIT || swallows_rows(heading, first.len()) {
            return Err(ReadError::Row {
                path: path.to_owned(),
                row: 1,
                why: UNCLOSED.to_owned(),
            });
        }
        let column = Column::of_heading(heading);
        if let Some(column) = column
            && let Some(earlier) = columns.iter().position(|c| *c == Some(column))
        {
            return Err(ReadError::ColumnTwice {
                path: path.to_owned(),
                column: column.heading(),
                first: earlier + 1,
                second: i + 1,
            });
        }
        if column.is_none() && !heading.trim_ascii().is_empty() {
            // A heading is no personal value; a long one is no heading.
            other.push(decode(heading).chars().take(60).collect());
        }
        columns.push(column);
    }
    if columns.iter().all(Option::is_none) {
        return Err(ReadError::NoHeadings {
            path: path.to_owned(),
        });
    }
    let has = |column: Column| columns.contains(&Some(column));
    let mut lacking: Vec<&'static str> = [
        Column::LaCode,
        Column::ClientType,
        Column::EventType,
        Column::EventStart,
        Column::EventEnd,
    ]
    .into_iter()
    .filter(|c| !has(*c))
    .map(Column::heading)
    .collect();
    if !has(Column::NhsNumber) && !has(Column::PersonId) {
        lacking.push("NHS Number or LA Person Unique Identifier");
    }
    if !lacking.is_empty() {
        return Err(ReadError::MissingColumns {
            path: path.to_owned(),
            missing: lacking,
        });
    }
    let missing = Column::ALL.iter().copied().filter(|c| !has(*c)).collect();
    Ok(Headings {
        columns,
        missing,
        other,
    })
}

/// The LA Code of a file, from the first row that has one.
///
/// # Errors
/// As for [`Reader::read`].
pub fn council_of(path: &Path) -> Result<String, ReadError> {
    let mut opened = Opened::new(path)?;
    let place = opened
        .headings
        .columns
        .iter()
        .position(|c| *c == Some(Column::LaCode));
    let mut record = ByteRecord::new();
    let mut row = 1u32;
    while opened
        .csv
        .read_byte_record(&mut record)
        .map_err(|error| ReadError::Row {
            path: path.to_owned(),
            row: row + 1,
            why: csv_error(&error),
        })?
    {
        row += 1;
        let code = place
            .and_then(|i| record.get(i))
            .map(trimmed)
            .unwrap_or_default();
        if !code.is_empty() {
            return Ok(decode(&code.to_ascii_uppercase()));
        }
    }
    if row == 1 {
        return Err(ReadError::NoRows {
            path: path.to_owned(),
        });
    }
    Err(ReadError::NoCouncil {
        path: path.to_owned(),
    })
}

/// The earliest and latest of some days.
#[derive(Clone, Copy, Default)]
struct Span(Option<(Day, Day)>);

impl Span {
    fn take(&mut self, day: Day) {
        self.0 = Some(self.0.map_or((day, day), |(a, b)| (a.min(day), b.max(day))));
    }
}

/// Turns rows of text into typed rows, counting what is wrong with them.
struct Decoder<'a> {
    reader: &'a mut Reader,
    path: &'a Path,
    headings: &'a Headings,
    scratch: Vec<u8>,
    council: Vec<u8>,
    stated_start: Span,
    stated_end: Span,
    event_months: Span,
    first_period: Option<(Option<Day>, Option<Day>)>,
    period: Period,
    period_text: (Vec<u8>, Vec<u8>),
    release1: [(u64, Option<RowRef>); Column::COUNT],
    out: Decoded,
}

/// A stated period.
#[derive(Clone, Copy, Default)]
struct Period {
    start: Option<Day>,
    end: Option<Day>,
    /// Who was born on or before this day would be too old at its end.
    oldest_birth: Day,
    /// Written without a fault, so that the same text need not be read again.
    plain: bool,
}

/// What the rows of one file came to.
struct Decoded {
    council: String,
    rows_in: u64,
    rows_used: u64,
    set_aside: BTreeMap<SetAside, u64>,
    known_by_association: u64,
    short_rows: u64,
    stated: Option<Interval>,
    event_months: Option<Interval>,
    months: Months,
    release1_values: u64,
    release2_values: u64,
    outcomes_as_given: Vec<u64>,
    quality: Quality,
    rows: Vec<Row>,
    links: Vec<(u32, u32)>,
}

/// The values of one row by column, without spaces around them.
type Cells<'r> = [&'r [u8]; Column::COUNT];

fn cell<'r>(cells: &Cells<'r>, column: Column) -> &'r [u8] {
    cells.get(column as usize).copied().unwrap_or_default()
}

impl<'a> Decoder<'a> {
    fn new(reader: &'a mut Reader, path: &'a Path, headings: &'a Headings) -> Decoder<'a> {
        Decoder {
            reader,
            path,
            headings,
            scratch: Vec::new(),
            council: Vec::new(),
            stated_start: Span::default(),
            stated_end: Span::default(),
            event_months: Span::default(),
            first_period: None,
            period: Period::default(),
            period_text: (Vec::new(), Vec::new()),
            release1: [(0, None); Column::COUNT],
            out: Decoded {
                council: String::new(),
                rows_in: 0,
                rows_used: 0,
                set_aside: BTreeMap::new(),
                known_by_association: 0,
                short_rows: 0,
                stated: None,
                event_months: None,
                months: Months::default(),
                release1_values: 0,
                release2_values: 0,
                outcomes_as_given: vec![0; 64],
                quality: Quality::default(),
                rows: Vec::new(),
                links: Vec::new(),
            },
        }
    }

    fn row(&mut self, record: &ByteRecord, ids: &Ids, at: RowRef) -> Result<(), ReadError> {
        self.out.rows_in += 1;
        let mut cells: Cells<'_> = [&[]; Column::COUNT];
        let mut blank: u64 = !0;
        let mut too_many = false;
        for (i, raw) in record.iter().enumerate() {
            if raw.is_empty() {
                continue;
            }
            if raw.len() > FIELD_LIMIT {
                return Err(self.too_long(i, at));
            }
            if raw.len() > 40 && swallows_rows(raw, self.headings.columns.len()) {
                return Err(ReadError::Row {
                    path: self.path.to_owned(),
                    row: at.row,
                    why: UNCLOSED.to_owned(),
                });
            }
            let value = trimmed(raw);
            match self.headings.columns.get(i) {
                None => too_many |= !value.is_empty(),
                Some(None) => {}
                Some(Some(column)) => {
                    if value.is_empty() {
                        if !raw.trim_ascii().is_empty() {
                            self.out.quality.hit(6, Some(*column), at); // the word NULL
                        }
                        continue;
                    }
                    blank &= !column.bit();
                    if let Some(cell) = cells.get_mut(*column as usize) {
                        *cell = value;
                    }
                }
            }
        }
        if record.len() < self.headings.columns.len() {
            self.out.short_rows += 1;
        }
        if too_many {
            self.put_aside(SetAside::WrongNumberOfFields);
            return Ok(());
        }
        self.same_council(cell(&cells, Column::LaCode), at)?;
        self.decode(&cells, ids, blank, at);
        Ok(())
    }

    fn too_long(&self, place: usize, at: RowRef) -> ReadError {
        let column = match self.headings.columns.get(place) {
            Some(Some(column)) => column.heading().to_owned(),
            _ => format!("number {}", place + 1),
        };
        ReadError::FieldTooLong {
            path: self.path.to_owned(),
            row: at.row,
            column,
            limit: FIELD_LIMIT,
        }
    }

    fn same_council(&mut self, code: &[u8], at: RowRef) -> Result<(), ReadError> {
        if code.is_empty() || code.eq_ignore_ascii_case(&self.council) {
            return Ok(());
        }
        if self.council.is_empty() {
            self.council = code.to_vec();
            return Ok(());
        }
        Err(ReadError::TwoCouncils {
            path: self.path.to_owned(),
            row: at.row,
        })
    }

    fn put_aside(&mut self, why: SetAside) {
        *self.out.set_aside.entry(why).or_insert(0) += 1;
    }

    /// The code of a listed value; blank is no hit.
    fn code(&mut self, cells: &Cells<'_>, column: Column, at: RowRef) -> Hit {
        let value = cell(cells, column);
        if value.is_empty() {
            return Hit::default();
        }
        let hit = self.reader.lists.look_up(column, value);
        if hit.code == 1 {
            self.out.quality.hit(43, Some(column), at);
        } else if hit.respelt {
            self.out.quality.hit(86, Some(column), at);
        }
        if hit.release1_only {
            self.out.release1_values += 1;
            if let Some((count, example)) = self.release1.get_mut(column as usize) {
                *count += 1;
                example.get_or_insert(at);
            }
        }
        self.out.release2_values += u64::from(hit.release2_only);
        hit
    }

    /// A date; an invalid one is reported and is as good as none.
    fn date(&mut self, cells: &Cells<'_>, column: Column, at: RowRef) -> (bool, Option<Day>) {
        let value = cell(cells, column);
        if value.is_empty() {
            return (false, None);
        }
        let date = values::date(value);
        if !matches!(date, Date::Day(_)) {
            self.out.quality.hit(40, Some(column), at);
        }
        (true, date.day())
    }

    /// The period that the row states; nearly always that of the row before.
    fn period(&mut self, cells: &Cells<'_>, at: RowRef) -> Period {
        let (start, end) = (
            cell(cells, Column::PeriodStart),
            cell(cells, Column::PeriodEnd),
        );
        if self.period_text.0 == start && self.period_text.1 == end && self.period.plain {
            return self.period;
        }
        let faults = |d: &Decoder<'_>| {
            d.out.quality.count(40, Column::PeriodStart)
                + d.out.quality.count(40, Column::PeriodEnd)
        };
        let before = faults(self);
        let period = (
            self.date(cells, Column::PeriodStart, at).1,
            self.date(cells, Column::PeriodEnd, at).1,
        );
        period
            .0
            .into_iter()
            .for_each(|day| self.stated_start.take(day));
        period
            .1
            .into_iter()
            .for_each(|day| self.stated_end.take(day));
        let too_old = -12 * (self.reader.settings.oldest_age + 1);
        self.period = Period {
            start: period.0,
            end: period.1,
            oldest_birth: period
                .1
                .map_or(Day::EARLIEST, |end| end.plus_months(too_old)),
            // A period written with a fault is counted anew on every row.
            plain: faults(self) == before,
        };
        self.period_text = (start.to_vec(), end.to_vec());
        self.period
    }

    fn number(&mut self, cells: &Cells<'_>, column: Column, at: RowRef) -> Option<i32> {
        let value = cell(cells, column);
        if value.is_empty() {
            return None;
        }
        let number = values::hundredths(value);
        if number.is_none() {
            self.out.quality.hit(41, Some(column), at);
        }
        number
    }

    fn decode(&mut self, cells: &Cells<'_>, ids: &Ids, blank: u64, at: RowRef) {
        macro_rules! code {
            ($type:ty, $column:expr) => {
                <$type>::from_u8(self.code(cells, $column, at).code)
            };
        }
        let period = self.period(cells, at);

        let (la, nhs) = (ids.la, ids.nhs);
        let mut scratch = std::mem::take(&mut self.scratch);
        if nhs != 0 && !ids.nhs_is_valid {
            self.out.quality.hit(42, Some(Column::NhsNumber), at);
        }
        let mut district = 0;
        if values::postcode_district(cell(cells, Column::Postcode), &mut scratch) {
            district = u16::try_from(self.reader.districts.number(&scratch)).unwrap_or(0);
        }
        scratch.clear();
        scratch.extend_from_slice(cell(cells, Column::ProviderId));
        scratch.make_ascii_uppercase();
        let location = self.reader.locations.number(&scratch);
        self.scratch = scratch;

        let client = code!(ClientType, Column::ClientType);
        let kind = code!(EventType, Column::EventType);
        let (has_start, start) = self.date(cells, Column::EventStart, at);
        let (has_end, end) = self.date(cells, Column::EventEnd, at);
        let outcome_hit = self.code(cells, Column::EventOutcome, at);
        if let Some(count) = self
            .out
            .outcomes_as_given
            .get_mut(usize::from(outcome_hit.listed))
        {
            *count += u64::from(outcome_hit.listed > 0);
        }
        let method_of_assessment = code!(Method, Column::MethodOfAssessment);
        let method_of_review = code!(Method, Column::MethodOfReview);
        let event = Event {
            person: 0,
            start: start.unwrap_or(Day::EARLIEST),
            end: end.unwrap_or(Day::OPEN),
            unknown_end: false,
            kind,
            client,
            outcome: Outcome::from_u8(outcome_hit.code),
            outcome_as_given: outcome_hit.listed,
            service_type: code!(ServiceType, Column::ServiceType),
            component: code!(Component, Column::ServiceComponent),
            mechanism: code!(Mechanism, Column::Mechanism),
            frequency: code!(Frequency, Column::Frequency),
            assessment_type: code!(AssessmentType, Column::AssessmentType),
            eligible: code!(Eligible, Column::EligibleNeeds),
            method: if kind == EventType::Review {
                method_of_review
            } else {
                method_of_assessment
            },
            review_reason: code!(ReviewReason, Column::ReviewReason),
            achieved: code!(Achieved, Column::ReviewAchieved),
            route: code!(Route, Column::Route),
            unit_cost: self.number(cells, Column::UnitCost, at),
            units: self.number(cells, Column::PlannedUnits, at),
            location,
            row: at,
        };
        let row = Row {
            event,
            la,
            nhs,
            birth: self.date(cells, Column::BirthDate, at).1,
            death: self.date(cells, Column::DeathDate, at).1,
            gender: code!(Gender, Column::Gender),
            ethnic_group: code!(EthnicGroup, Column::Ethnicity),
            support_reason: code!(SupportReason, Column::SupportReason),
            has_unpaid_carer: code!(YesNo, Column::HasUnpaidCarer),
            district,
        };
        let funding = code!(Funding, Column::Funding);
        for column in [
            Column::Accommodation,
            Column::Employment,
            Column::Autism,
            Column::VisualImpairment,
            Column::HearingImpairment,
            Column::Dementia,
        ] {
            self.code(cells, column, at);
        }
        self.check(&row, funding, blank, period, at);

        let why = if la == 0 && nhs == 0 {
            Some(SetAside::NoIdentifier)
        } else if !client.is_listed() {
            Some(SetAside::NoClientType)
        } else if client == ClientType::KnownByAssociation {
            None
        } else if !kind.is_listed() {
            Some(SetAside::NoEventType)
        } else if !has_start {
            Some(SetAside::NoStartDate)
        } else if !has_end && kind != EventType::Service {
            Some(SetAside::NoEndDate)
        } else if start.is_none() || (has_end && end.is_none()) {
            Some(SetAside::InvalidDate)
        } else if end.is_some_and(|end| Some(end) < start) {
            Some(SetAside::EndBeforeStart)
        } else {
            None
        };
        if let Some(why) = why {
            self.put_aside(why);
            return;
        }
        self.out.rows_used += 1;
        let place = self.out.rows.len() as u32;
        if client == ClientType::KnownByAssociation {
            self.out.known_by_association += 1;
        } else {
            self.out
                .months
                .count(kind, end.or(start).unwrap_or(Day::EARLIEST));
            end.into_iter().for_each(|day| self.event_months.take(day));
        }
        if client != ClientType::ServiceUser {
            for adult in ids.links.into_iter().filter(|adult| *adult != 0) {
                self.out.links.push((place, adult));
            }
        }
        self.out.rows.push(row);
    }

    /// The checks that one row can fail. Numbers are those of the check ids: 49 is CLD-049.
    fn check(&mut self, row: &Row, funding: Funding, blank: u64, period: Period, at: RowRef) {
        let quality = &mut self.out.quality;
        let e = &row.event;
        let is_blank = |column: Column| blank & column.bit() != 0;
        let mut must = |check: u8, column: Column| {
            if is_blank(column) {
                quality.hit(check, Some(column), at);
            }
        };
        const ALWAYS: [Column; 12] = [
            Column::LaCode,
            Column::PeriodStart,
            Column::PeriodEnd,
            Column::NhsNumber,
            Column::PersonId,
            Column::Gender,
            Column::Ethnicity,
            Column::BirthDate,
            Column::ClientType,
            Column::Postcode,
            Column::Accommodation,
            Column::HasUnpaidCarer,
        ];
        for (i, column) in ALWAYS.into_iter().enumerate() {
            must(10 + i as u8, column);
        }
        let service_user = e.client == ClientType::ServiceUser;
        let known_by_association = e.client == ClientType::KnownByAssociation;
        let carer = e.client == ClientType::Carer || known_by_association;
        let (request, assessment, service, review) = (
            e.kind == EventType::Request,
            e.kind == EventType::Assessment,
            e.kind == EventType::Service,
            e.kind == EventType::Review,
        );
        let financial = assessment && e.assessment_type == AssessmentType::Financial;
        if !known_by_association {
            must(48, Column::EventType);
            must(48, Column::EventStart);
        }
        if assessment || service || review {
            must(44, Column::SupportReason);
        }
        if request || assessment || review {
            must(49, Column::EventEnd);
        }
        if !is_blank(Column::DeathDate) {
            must(50, Column::EventEnd);
        }
        if e.kind.is_listed() && !financial {
            must(51, Column::EventOutcome);
        }
        if request {
            must(52, Column::Route);
        }
        if assessment {
            must(53, Column::AssessmentType);
            if !financial {
                must(54, Column::MethodOfAssessment);
            }
        }
        if service {
            must(55, Column::ServiceType);
            must(55, Column::ServiceComponent);
        }
        if review {
            must(56, Column::ReviewReason);
            must(56, Column::MethodOfReview);
            if e.review_reason == ReviewReason::Planned {
                must(57, Column::ReviewAchieved);
            }
        }
        if service_user && (service || review || financial) {
            must(46, Column::Funding);
        }
        let priced = e.service_type.is_long_term()
            || e.service_type.is_carer_support()
            || matches!(
                e.component,
                Component::ShortTermResidential
                    | Component::ShortTermNursing
                    | Component::CarerRespite
            );
        if service && e.mechanism != Mechanism::Commissioned && priced {
            must(58, Column::UnitCost);
            must(58, Column::Frequency);
            must(58, Column::PlannedUnits);
        }
        let working_age = |birth: Day| {
            period.end.is_some_and(|end| {
                birth.plus_months(18 * 12) <= end && birth.plus_months(65 * 12) > end
            })
        };
        if service_user
            && row.support_reason == SupportReason::LearningDisability
            && row.birth.is_some_and(working_age)
        {
            must(45, Column::Employment);
        }

        let mut not_expected = |check: u8, column: Column| {
            if !is_blank(column) {
                quality.hit(check, Some(column), at);
            }
        };
        if carer {
            for (check, column) in [
                (31, Column::Autism),
                (32, Column::VisualImpairment),
                (33, Column::HearingImpairment),
                (34, Column::Dementia),
                (46, Column::Funding),
            ] {
                not_expected(check, column);
            }
        }
        if service_user {
            for (check, column) in [
                (35, Column::HoursCaring),
                (36, Column::AdultsCaredFor),
                (37, Column::Linked1),
                (38, Column::Linked2),
                (39, Column::Linked3),
            ] {
                not_expected(check, column);
            }
        }
        if known_by_association {
            for column in [
                Column::EventType,
                Column::EventStart,
                Column::EventEnd,
                Column::EventOutcome,
            ] {
                not_expected(47, column);
            }
        }
        if financial {
            not_expected(51, Column::EventOutcome);
        }
        if e.kind.is_listed() && !request {
            not_expected(52, Column::Route);
        }
        let home = matches!(
            e.service_type,
            ServiceType::LongTermNursing | ServiceType::LongTermResidential
        );
        if service && home {
            not_expected(61, Column::Mechanism);
        }
        if service
            && matches!(
                e.frequency,
                Frequency::Weekly
                    | Frequency::Fortnightly
                    | Frequency::FourWeekly
                    | Frequency::Monthly
                    | Frequency::Quarterly
                    | Frequency::Annually
            )
        {
            not_expected(69, Column::PlannedUnits);
        }

        let mut found = |check: u8, column: Column, yes: bool| {
            if yes {
                quality.hit(check, Some(column), at);
            }
        };
        let has_end = e.end != Day::OPEN;
        let has_start = e.start != Day::EARLIEST;
        if service {
            found(
                59,
                Column::ServiceType,
                e.service_type.is_listed() && e.service_type.is_carer_support() != carer,
            );
            found(
                60,
                Column::Mechanism,
                e.service_type == ServiceType::LongTermPrison && e.is_direct_payment(),
            );
            found(
                62,
                Column::Mechanism,
                e.component == Component::DirectPayment && e.mechanism != Mechanism::DirectPayment,
            );
            found(
                63,
                Column::ServiceComponent,
                home && !matches!(
                    e.component,
                    Component::LongTermNursing | Component::LongTermResidential | Component::Blank
                ),
            );
            found(
                64,
                Column::EventOutcome,
                !has_end && e.outcome.is_listed() && e.outcome != Outcome::Continuation,
            );
        }
        found(
            65,
            Column::EventOutcome,
            review
                && matches!(
                    e.outcome,
                    Outcome::EndedAsPlanned
                        | Outcome::EndedOther
                        | Outcome::NoneOffered
                        | Outcome::Other
                ),
        );
        found(67, Column::Funding, funding == Funding::NotToBeUsed);
        found(
            67,
            Column::Mechanism,
            e.mechanism == Mechanism::SelfFunderMetering,
        );
        found(
            68,
            Column::UnitCost,
            e.unit_cost.is_some_and(|pence| pence < 0),
        );
        found(
            70,
            Column::EventEnd,
            has_end && has_start && e.end < e.start,
        );
        if let Some(death) = row.death {
            found(
                71,
                Column::DeathDate,
                (has_start && death < e.start) || period.start.is_some_and(|start| death < start),
            );
        }
        if let (Some(from), Some(to)) = (period.start, period.end) {
            if request || assessment || review {
                found(
                    72,
                    Column::EventEnd,
                    (has_end && (e.end < from || e.end > to)) || (has_start && e.start > to),
                );
            } else if service {
                found(
                    73,
                    Column::EventStart,
                    (has_start && e.start > to) || (has_end && e.end < from),
                );
            }
            found(
                74,
                Column::BirthDate,
                row.birth.is_some_and(|birth| birth <= period.oldest_birth),
            );
        }
        if row.la == 0 && row.nhs == 0 {
            quality.hit(75, None, at);
        }
        match self.first_period {
            None => self.first_period = Some((period.start, period.end)),
            Some(first) if first != (period.start, period.end) => quality.hit(2, None, at),
            Some(_) => {}
        }
    }

    fn finish(mut self) -> Result<Decoded, ReadError> {
        if self.out.rows_in == 0 {
            return Err(ReadError::NoRows {
                path: self.path.to_owned(),
            });
        }
        if self.council.is_empty() {
            return Err(ReadError::NoCouncil {
                path: self.path.to_owned(),
            });
        }
        self.out.council = decode(&self.council.to_ascii_uppercase());
        // A Release 1 value in what is otherwise a Release 2 return.
        if self.out.release2_values > self.out.release1_values {
            for (column, (count, example)) in Column::ALL.iter().zip(self.release1) {
                if count > 0 {
                    self.out.quality.hits(7, Some(*column), count, example);
                }
            }
        }
        self.out.stated = match (self.stated_start.0, self.stated_end.0) {
            (Some((start, _)), Some((_, end))) if start <= end => Some(Interval::new(start, end)),
            _ => None,
        };
        self.out.event_months = self.event_months.0.map(|(first, last)| {
            Interval::new(
                Day::first_of_month(first.month_index()),
                Day::first_of_month(last.month_index() + 1).plus(-1),
            )
        });
        Ok(self.out)
    }
}

impl Decoded {
    fn into_file(
        mut self,
        name: String,
        bytes: u64,
        headings: Headings,
        settings: &Settings,
        file: u16,
    ) -> ReturnFile {
        let period = self.stated.or(self.event_months);
        let stated = period.unwrap_or(Interval::new(Day(0), Day(-1)));
        let coverage = self.months.coverage(stated, settings);
        self.check_period(stated, &coverage, RowRef { file, row: 2 });
        ReturnFile {
            index: file,
            name,
            sha256: String::new(),
            bytes,
            council: self.council,
            rows_in: self.rows_in,
            rows_used: self.rows_used,
            set_aside: self.set_aside,
            known_by_association: self.known_by_association,
            short_rows: self.short_rows,
            stated,
            period_is_stated: self.stated.is_some(),
            coverage,
            months: self.months,
            missing_columns: headings.missing,
            other_columns: headings.other,
            release1_values: self.release1_values,
            release2_values: self.release2_values,
            outcomes_as_given: self.outcomes_as_given,
            quality: self.quality,
            rows: self.rows,
            links: self.links,
        }
    }

    /// The checks on a whole file's period.
    fn check_period(&mut self, stated: Interval, coverage: &Coverage, at: RowRef) {
        let year = stated.start.plus_months(12).plus(-1) == stated.end;
        let quarter_end = stated.end.plus(1).ymd();
        if !(year && quarter_end.2 == 1 && quarter_end.1 % 3 == 1) {
            self.quality
                .hits(1, Some(Column::PeriodEnd), self.rows_in, Some(at));
        }
        let kinds = [
            EventType::Request,
            EventType::Assessment,
            EventType::Service,
        ];
        if kinds.into_iter().any(|kind| coverage.of(kind) != stated) {
            self.quality
                .hits(4, Some(Column::EventEnd), self.rows_in, Some(at));
        }
        if published_period(&self.months).is_some_and(|(first, last)| {
            (first, last) != (stated.start.month_index(), stated.end.month_index())
        }) {
            self.quality
                .hits(3, Some(Column::EventEnd), self.rows_in, Some(at));
        }
    }
}

/// First and last month by the published rule of June 2026: at least 2% of events, and of all types but one.
fn published_period(months: &Months) -> Option<(i32, i32)> {
    let kinds = [
        EventType::Request,
        EventType::Assessment,
        EventType::Service,
        EventType::Review,
    ];
    let mut all: BTreeMap<i32, (u64, usize)> = BTreeMap::new();
    let mut types = 0;
    for counts in kinds.into_iter().filter_map(|kind| months.of(kind)) {
        types += usize::from(!counts.is_empty());
        for (month, rows) in counts {
            let entry = all.entry(*month).or_insert((0, 0));
            entry.0 += rows;
            entry.1 += 1;
        }
    }
    let total: u64 = all.values().map(|(rows, _)| rows).sum();
    if total < 100 {
        return None;
    }
    let kept =
        |(_, (rows, kinds)): &(&i32, &(u64, usize))| rows * 50 >= total && kinds + 1 >= types;
    let first = all.iter().find(kept).map(|(month, _)| *month)?;
    let last = all.iter().rev().find(kept).map(|(month, _)| *month)?;
    Some((first, last))
}
