//! How real files differ from their specification, without any difference to what is true.

use crate::dice::Dice;
use crate::render::{COLUMNS, Cell, Holds, at};
use std::borrow::Cow;

/// How one file is laid out.
pub(crate) struct Layout {
    pub messy: bool,
    /// Column positions in file order; positions past the fifty are columns of the council's own.
    pub order: Vec<usize>,
    pub headers: Vec<String>,
    pub mark: bool,
    pub crlf: bool,
    /// Windows-1252 instead of UTF-8.
    pub windows: bool,
}

/// Columns a council may leave out: no test reads them.
const DISPENSABLE: [&str; 8] = [
    "First Name",
    "Last Name",
    "GP Practice Name",
    "GP Practice Code",
    "Autism Spectrum Disorder (ASD)",
    "Hearing Impairment",
    "Event Reference",
    "Provider CQC Location Name",
];

/// Columns the specification does not have.
const EXTRA: [&str; 2] = ["Full cost client", "Informal Carer involved in Assessment"];

impl Layout {
    pub(crate) fn new(messy: bool, index: usize, dice: &mut Dice) -> Self {
        let mut order: Vec<usize> = (0..COLUMNS.len()).collect();
        if !messy {
            let headers = COLUMNS.iter().map(|c| c.0.to_string()).collect();
            return Self {
                messy,
                order,
                headers,
                mark: false,
                crlf: false,
                windows: false,
            };
        }
        order.retain(|c| {
            let named = COLUMNS.get(*c).map_or("", |c| c.0);
            !DISPENSABLE.contains(&named) || dice.percent(75)
        });
        order.push(COLUMNS.len());
        if dice.percent(50) {
            order.push(COLUMNS.len() + 1);
        }
        for _ in 0..40 {
            let a = dice.below(u32::try_from(order.len()).unwrap_or(1)) as usize;
            let b = dice.below(u32::try_from(order.len()).unwrap_or(1)) as usize;
            order.swap(a, b);
        }
        let headers = order
            .iter()
            .map(|c| {
                let name = COLUMNS.get(*c).map_or_else(
                    || EXTRA.get(c - COLUMNS.len()).copied().unwrap_or(""),
                    |c| c.0,
                );
                match dice.below(6) {
                    0 => name.to_uppercase(),
                    1 => name.to_lowercase(),
                    2 => name.replace([' ', ':'], "_"),
                    3 => format!(" {} ", name.replace(": ", " - ")),
                    _ => name.to_string(),
                }
            })
            .collect();
        // One kind of file begins with a byte-order mark; the other is Windows-1252, which has none.
        let mark = (u32::try_from(index).unwrap_or(0) + dice.below(2)).is_multiple_of(2);
        Self {
            messy,
            order,
            headers,
            mark,
            crlf: dice.percent(60),
            windows: !mark,
        }
    }

    /// One line of the file, ended.
    pub(crate) fn line(&self, cells: &[Cell]) -> Vec<u8> {
        let mut out = Vec::with_capacity(640);
        for (n, position) in self.order.iter().enumerate() {
            if n > 0 {
                out.push(b',');
            }
            if let Some(cell) = cells.get(*position) {
                self.field(cell, &mut out);
            }
        }
        self.end(&mut out);
        out
    }

    /// The header line, with the byte-order mark if the file has one.
    pub(crate) fn header(&self) -> Vec<u8> {
        let mut out = if self.mark {
            "\u{feff}".as_bytes().to_vec()
        } else {
            Vec::new()
        };
        for (n, name) in self.headers.iter().enumerate() {
            if n > 0 {
                out.push(b',');
            }
            self.field(name, &mut out);
        }
        self.end(&mut out);
        out
    }

    fn end(&self, out: &mut Vec<u8>) {
        if self.crlf {
            out.push(b'\r');
        }
        out.push(b'\n');
    }

    fn field(&self, text: &str, out: &mut Vec<u8>) {
        let quoted = text.contains([',', '"', '\n', '\r']);
        if quoted {
            out.push(b'"');
        }
        for c in text.chars() {
            if c == '"' {
                out.extend_from_slice(b"\"\"");
            } else if c.is_ascii() || !self.windows {
                let mut buffer = [0; 4];
                out.extend_from_slice(c.encode_utf8(&mut buffer).as_bytes());
            } else {
                // The letters of the made-up names, and the marks a word processor puts in.
                out.push(match c {
                    '\u{2019}' => 0x92,
                    '\u{2013}' => 0x96,
                    other => u8::try_from(u32::from(other)).unwrap_or(b'?'),
                });
            }
        }
        if quoted {
            out.push(b'"');
        }
    }
}

/// What noise must leave alone on one row.
#[derive(Clone, Copy)]
pub(crate) struct Keep {
    /// The row that keeps the person's numbers and death when others lose them.
    pub anchor: bool,
    /// The person must keep both numbers on every row.
    pub numbers: bool,
    pub birth: bool,
    pub has_nhs: bool,
    /// Known by association.
    pub no_event: bool,
    /// This person's birth is a placeholder throughout.
    pub placeholder: bool,
}

/// Spells a row as a careless system would.
pub(crate) fn dirty(cells: &mut [Cell], keep: Keep, dice: &mut Dice) {
    for (position, cell) in cells.iter_mut().enumerate() {
        let Some((_, holds)) = COLUMNS.get(position) else {
            continue;
        };
        match holds {
            Holds::Listed if !cell.is_empty() => listed(cell, dice),
            Holds::Date if !cell.is_empty() => date(cell, dice),
            _ => {}
        }
        if cell.is_empty() && dice.percent(4) {
            *cell = Cow::Borrowed("NULL");
        }
    }
    let mut set = |position: usize, text: Cell| {
        if let Some(cell) = cells.get_mut(position) {
            *cell = text;
        }
    };
    if !keep.anchor && !keep.numbers {
        if keep.has_nhs && dice.percent(4) {
            set(at::NHS, Cow::Borrowed(""));
        } else if keep.has_nhs && dice.percent(1) {
            set(at::LA, Cow::Borrowed("NULL"));
        }
    }
    if !keep.anchor && dice.percent(40) {
        set(at::DIED, Cow::Borrowed(""));
    }
    if !keep.anchor && dice.percent(8) {
        set(at::HAS_CARER, Cow::Borrowed("Unknown"));
    }
    if keep.no_event && dice.percent(30) {
        // An event on someone known by association is no event.
        set(at::EVENT, Cow::Borrowed("Request"));
        set(at::START, Cow::Borrowed("03/02/2025"));
        set(at::END, Cow::Borrowed("05/02/2025"));
        set(at::OUTCOME, Cow::Borrowed("Progress to Assessment"));
    }
    // 1 January 1900 stands for "not known": it makes the person over 115, and is passed over.
    if keep.placeholder || (dice.per_mille(4) && !(keep.birth && keep.anchor)) {
        set(at::BORN, Cow::Borrowed("01/01/1900"));
    } else if !keep.birth && !keep.anchor && dice.percent(1) {
        set(at::BORN, Cow::Borrowed(""));
    }
    if dice.per_mille(8) {
        set(at::GP_CODE, Cow::Borrowed("not known"));
    }
    if dice.per_mille(8) {
        set(at::AUTISM, Cow::Borrowed("Awaiting diagnosis"));
    }
    if dice.per_mille(8) {
        set(at::DEMENTIA, Cow::Borrowed("Y/N"));
    }
    if dice.per_mille(8) {
        set(at::HOURS, Cow::Borrowed("lots"));
    }
    if dice.percent(6) {
        let text = dice.pick(&[
            "Visit, by two carers",
            "Seen at home\r\nagreed \"as before\"",
            "Call 1\nCall 2, evening",
            "Caf\u{e9} club \u{2013} Mrs\u{2019} turn",
        ]);
        set(at::DESCRIPTION, Cow::Borrowed(text));
    }
    let negative = dice.per_mille(15);
    if let Some(cost) = cells.get_mut(at::COST) {
        let figure = cost.starts_with(|c: char| c.is_ascii_digit());
        if negative && figure {
            *cost = Cow::Owned(format!("-{cost}"));
        }
    }
}

fn listed(cell: &mut Cell, dice: &mut Dice) {
    if cell.chars().count() > 55 && dice.percent(50) {
        let cut: String = cell.chars().take(55).collect();
        *cell = Cow::Owned(cut);
        return;
    }
    match dice.below(40) {
        0 => *cell = Cow::Owned(cell.to_uppercase()),
        1 => *cell = Cow::Owned(cell.to_lowercase()),
        2 => *cell = Cow::Owned(cell.replace(" and ", " & ")),
        3 => *cell = Cow::Owned(cell.replace(" & ", " and ")),
        4 => *cell = Cow::Owned(cell.replace(": ", " - ")),
        5 => *cell = Cow::Owned(cell.replace(" - ", ": ")),
        6 => *cell = Cow::Owned(format!(" {cell} ")),
        7 => *cell = Cow::Owned(cell.replace('/', " / ")),
        8 => *cell = Cow::Owned(cell.replace(' ', "  ")),
        _ => {}
    }
}

fn date(cell: &mut Cell, dice: &mut Dice) {
    let iso = |text: &str| -> String {
        let mut parts = text.split('/').rev();
        let year = parts.next().unwrap_or("");
        let month = parts.next().unwrap_or("");
        let day = parts.next().unwrap_or("");
        format!("{year}-{month}-{day}")
    };
    match dice.below(24) {
        0 => *cell = Cow::Owned(iso(cell)),
        1 => *cell = Cow::Owned(format!("{} 00:00:00", iso(cell))),
        2 => *cell = Cow::Owned(format!("{cell} 00:00")),
        3 => *cell = Cow::Owned(format!("{}T00:00:00", iso(cell))),
        _ => {}
    }
}

/// Breaks a row so that it must be set aside; false when this row cannot be broken in the way drawn.
pub(crate) fn broken(cells: &mut [Cell], dice: &mut Dice) -> bool {
    let event = cells.get(at::EVENT).map_or("", AsRef::as_ref).to_string();
    if event.is_empty() {
        return false;
    }
    let mut set = |position: usize, text: &'static str| {
        if let Some(cell) = cells.get_mut(position) {
            *cell = Cow::Borrowed(text);
        }
    };
    // Nothing on a row that is set aside may be read: a death least of all.
    set(at::DIED, "03/03/2020");
    match dice.below(9) {
        0 => {
            set(at::NHS, "");
            set(at::LA, "NULL");
        }
        1 => set(at::CLIENT, ""),
        2 => set(at::CLIENT, "Neighbour"),
        3 => set(at::EVENT, "NULL"),
        4 => set(at::EVENT, "Meeting"),
        5 => set(at::START, ""),
        6 if event != "Service" => set(at::END, ""),
        7 => set(at::START, "31/02/2025"),
        _ => {
            set(at::START, "20/06/2025");
            set(at::END, "03/01/2025");
        }
    }
    true
}
