//! Staff lists and time diaries in. A row that cannot be read as it stands is set aside and counted by reason:
//! never guessed at, and never shown.
//!
//! Staff list: `worker,team,grade,fte[,hours_week]`, a row for each person who was asked to keep a diary.
//! Diary: `worker,team,date,slot,category[,case][,task][,overtime]`, a row for each slot. `slot` is the time at which
//! it begins (`09:15`) or its number from 1 (a day's numbers need not begin at midnight); `date` is 2026-01-31 or
//! 31/01/2026; `overtime` is yes or no, blank being no. Worker and case are pseudonyms.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use candour_law::StaffTime;
use candour_record::Day;

use crate::staff::StaffError;
use crate::staff::table::{Table, plain};

/// Rows in, used and set aside: `rows = used + set_aside`.
#[derive(Clone, Default, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Counted {
    pub rows: u64,
    pub used: u64,
    /// By reason, in words.
    pub set_aside: BTreeMap<&'static str, u64>,
    /// Rows used without a cell that could not be read, by reason.
    pub cells_ignored: BTreeMap<&'static str, u64>,
}

impl Counted {
    fn aside(&mut self, why: &'static str) {
        *self.set_aside.entry(why).or_insert(0) += 1;
    }

    fn ignored(&mut self, why: &'static str) {
        *self.cells_ignored.entry(why).or_insert(0) += 1;
    }

    pub fn set_aside_in_all(&self) -> u64 {
        self.set_aside.values().sum()
    }
}

/// One person who was asked.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Place in [`Staff::teams`].
    pub team: usize,
    pub fte: f64,
    /// Contracted hours a week, where they are given.
    pub hours_week: Option<f64>,
}

/// Everybody who was asked to keep a diary. Names stay inside.
#[derive(Clone, Debug, Default)]
pub struct Staff {
    pub(crate) members: Vec<Member>,
    /// As written, in alphabetical order.
    pub(crate) teams: Vec<String>,
    places: HashMap<String, usize>,
    pub counted: Counted,
}

/// One quarter of an hour.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// Place in [`Staff`]'s members.
    pub worker: usize,
    pub day: Day,
    /// Place in the rulebook's categories.
    pub category: usize,
    pub overtime: bool,
    /// Case and task, both as numbers private to this diary.
    pub timed: Option<(u32, usize)>,
}

/// Everybody's diaries.
#[derive(Clone, Debug, Default)]
pub struct Diary {
    pub(crate) slots: Vec<Slot>,
    /// Ids of tasks, by the numbers in `slots`.
    pub(crate) tasks: Vec<String>,
    pub counted: Counted,
}

/// Whole-time posts of one person beyond this are a slip of the keyboard.
const MOST_FTE: f64 = 1.5;
const MOST_HOURS_WEEK: f64 = 80.0;

fn number(text: &str) -> Option<f64> {
    text.parse::<f64>().ok().filter(|x| x.is_finite())
}

impl Staff {
    /// Reads a staff list.
    ///
    /// # Errors
    /// When the file cannot be read or lacks a column; not for rows, which are set aside.
    pub fn read(path: &Path) -> Result<Staff, StaffError> {
        let table = Table::read(
            path,
            &[
                ("worker", true),
                ("team", true),
                ("grade", true),
                ("fte", true),
                ("hours_week", false),
            ],
        )?;
        let mut staff = Staff::default();
        let mut found: Vec<(String, String, Member)> = Vec::new();
        let mut places: HashMap<String, Vec<usize>> = HashMap::new();
        for row in table.rows.iter().filter(|row| !Table::is_blank(row)) {
            staff.counted.rows += 1;
            match Self::member(&table, row, &mut staff.counted) {
                Ok((worker, team, member)) => {
                    places.entry(worker.clone()).or_default().push(found.len());
                    found.push((worker, team, member));
                }
                Err(why) => staff.counted.aside(why),
            }
        }
        let mut teams: BTreeMap<String, String> = BTreeMap::new();
        for (_, team, _) in &found {
            teams.entry(plain(team)).or_insert_with(|| team.clone());
        }
        let order: Vec<String> = teams.keys().cloned().collect();
        staff.teams = teams.into_values().collect();
        for (place, (worker, team, member)) in found.iter().enumerate() {
            let rows = places.get(worker).map(Vec::as_slice).unwrap_or(&[]);
            let same = rows.iter().filter_map(|i| found.get(*i)).all(|(_, t, m)| {
                plain(t) == plain(team) && m.fte == member.fte && m.hours_week == member.hours_week
            });
            if !same {
                staff.counted.aside("worker listed twice, differently");
                continue;
            }
            if rows.first() != Some(&place) {
                staff.counted.aside("worker listed twice, the same");
                continue;
            }
            let team = order.binary_search(&plain(team)).unwrap_or(0);
            staff.places.insert(worker.clone(), staff.members.len());
            staff.members.push(Member {
                team,
                ..member.clone()
            });
            staff.counted.used += 1;
        }
        Ok(staff)
    }

    fn member(
        table: &Table,
        row: &csv::StringRecord,
        counted: &mut Counted,
    ) -> Result<(String, String, Member), &'static str> {
        if table.has_too_many(row) {
            return Err("more cells than headings");
        }
        let worker = table.cell(row, 0).to_lowercase();
        let team = table.cell(row, 1);
        if worker.is_empty() {
            return Err("no worker");
        }
        if plain(team).is_empty() {
            return Err("no team");
        }
        let fte = number(table.cell(row, 3))
            .filter(|fte| *fte > 0.0 && *fte <= MOST_FTE)
            .ok_or("no full-time equivalent that is one")?;
        let hours = table.cell(row, 4);
        let hours_week = number(hours).filter(|hours| *hours > 0.0 && *hours <= MOST_HOURS_WEEK);
        if hours_week.is_none() && !hours.is_empty() {
            counted.ignored("hours a week that are none");
        }
        let member = Member {
            team: 0,
            fte,
            hours_week,
        };
        Ok((worker, team.to_owned(), member))
    }

    /// Everybody's full-time equivalents together.
    pub fn fte(&self) -> f64 {
        self.members.iter().map(|m| m.fte).sum()
    }
}

impl Diary {
    /// Reads diaries; `tasks` are the ids of tasks that can be timed.
    ///
    /// # Errors
    /// When a file cannot be read or lacks a column; not for rows, which are set aside.
    pub fn read(
        paths: &[impl AsRef<Path>],
        staff: &Staff,
        time: &StaffTime,
        tasks: &[&str],
    ) -> Result<Diary, StaffError> {
        let mut diary = Diary {
            tasks: tasks.iter().map(|t| (*t).to_owned()).collect(),
            ..Diary::default()
        };
        let mut reading = Reading {
            staff,
            categories: time
                .categories
                .iter()
                .enumerate()
                .map(|(i, c)| (plain(&c.id), i))
                .collect(),
            tasks: tasks
                .iter()
                .enumerate()
                .map(|(i, t)| (plain(t), i))
                .collect(),
            cases: HashMap::new(),
            slot_minutes: time.diary.slot_minutes,
        };
        // Two rows for one quarter of an hour of one person: which holds cannot be known.
        let mut at: HashMap<(usize, Day, u32), (Slot, bool)> = HashMap::new();
        let mut order: Vec<(usize, Day, u32)> = Vec::new();
        for path in paths {
            let table = Table::read(
                path.as_ref(),
                &[
                    ("worker", true),
                    ("team", false),
                    ("date", true),
                    ("slot", true),
                    ("category", true),
                    ("case", false),
                    ("task", false),
                    ("overtime", false),
                ],
            )?;
            for row in table.rows.iter().filter(|row| !Table::is_blank(row)) {
                diary.counted.rows += 1;
                let (slot, number) = match reading.slot(&table, row, &mut diary.counted) {
                    Ok(read) => read,
                    Err(why) => {
                        diary.counted.aside(why);
                        continue;
                    }
                };
                let key = (slot.worker, slot.day, number);
                match at.get_mut(&key) {
                    None => {
                        at.insert(key, (slot, true));
                        order.push(key);
                    }
                    Some((first, holds)) => {
                        let same = first.category == slot.category
                            && first.overtime == slot.overtime
                            && first.timed == slot.timed;
                        if same && *holds {
                            diary.counted.aside("the same slot again");
                        } else {
                            if *holds {
                                diary.counted.aside("two answers for one slot");
                            }
                            *holds = false;
                            diary.counted.aside("two answers for one slot");
                        }
                    }
                }
            }
        }
        diary.slots = order
            .iter()
            .filter_map(|key| at.get(key))
            .filter(|(_, holds)| *holds)
            .map(|(slot, _)| *slot)
            .collect();
        diary.counted.used = diary.slots.len() as u64;
        Ok(diary)
    }
}

/// What rows are read against.
struct Reading<'a> {
    staff: &'a Staff,
    categories: HashMap<String, usize>,
    tasks: HashMap<String, usize>,
    cases: HashMap<String, u32>,
    slot_minutes: u32,
}

impl Reading<'_> {
    /// A row's slot, and which of its day it is.
    fn slot(
        &mut self,
        table: &Table,
        row: &csv::StringRecord,
        counted: &mut Counted,
    ) -> Result<(Slot, u32), &'static str> {
        if table.has_too_many(row) {
            return Err("more cells than headings");
        }
        let worker = table.cell(row, 0);
        if worker.is_empty() {
            return Err("no worker");
        }
        let worker = *self
            .staff
            .places
            .get(&worker.to_lowercase())
            .ok_or("worker not on the staff list")?;
        let day = day(table.cell(row, 2)).ok_or("no date that is one")?;
        let number = self
            .number(table.cell(row, 3))
            .ok_or("no slot that is one")?;
        let category = *self
            .categories
            .get(&plain(table.cell(row, 4)))
            .ok_or("no category that is one")?;
        let overtime = match plain(table.cell(row, 7)).as_str() {
            "" | "no" | "n" | "0" | "false" => false,
            "yes" | "y" | "1" | "true" => true,
            _ => return Err("overtime neither yes nor no"),
        };
        let team = table.cell(row, 1);
        let listed = self.staff.members.get(worker).map(|m| m.team);
        let listed = listed.and_then(|team| self.staff.teams.get(team));
        if !team.is_empty() && listed.is_some_and(|listed| plain(listed) != plain(team)) {
            counted.ignored("another team than on the staff list, which was taken");
        }
        let (case, task) = (table.cell(row, 5), table.cell(row, 6));
        let known = self.tasks.get(&plain(task)).copied();
        if known.is_none() && !task.is_empty() {
            counted.ignored("a task that is not known");
        }
        let timed = known.filter(|_| !case.is_empty()).map(|task| {
            let next = u32::try_from(self.cases.len()).unwrap_or(u32::MAX);
            (*self.cases.entry(case.to_lowercase()).or_insert(next), task)
        });
        if known.is_some() && timed.is_none() {
            counted.ignored("a task with no case to count it to");
        }
        Ok((
            Slot {
                worker,
                day,
                category,
                overtime,
                timed,
            },
            number,
        ))
    }

    /// `09:15`, `9:15`, `09:15:00`, or a number from 1.
    fn number(&self, text: &str) -> Option<u32> {
        let of_a_day = 24 * 60 / self.slot_minutes.max(1);
        let Some((hours, rest)) = text.split_once(':') else {
            return text.parse().ok().filter(|n| (1..=of_a_day).contains(n));
        };
        let (minutes, seconds) = rest.split_once(':').unwrap_or((rest, "00"));
        let digits =
            |text: &str| (1..=2).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit());
        if ![hours, minutes, seconds].iter().all(|t| digits(t)) {
            return None;
        }
        let (hours, minutes): (u32, u32) = (hours.parse().ok()?, minutes.parse().ok()?);
        let fits = hours < 24
            && minutes < 60
            && minutes.is_multiple_of(self.slot_minutes)
            && seconds.parse() == Ok(0u32);
        fits.then(|| (hours * 60 + minutes) / self.slot_minutes + 1)
    }
}

/// `2026-01-31` or `31/01/2026`; a time after it is ignored.
fn day(text: &str) -> Option<Day> {
    let text = text.split([' ', 'T']).next()?;
    let day = match text.split('/').collect::<Vec<_>>().as_slice() {
        [d, m, y] if y.len() == 4 => {
            Day::from_ymd(y.parse().ok()?, m.parse().ok()?, d.parse().ok()?)
        }
        _ => text.parse().ok(),
    };
    // A diary is of our days.
    day.filter(|day| (2000..2100).contains(&day.ymd().0))
}
