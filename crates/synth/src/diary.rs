//! Made-up time diaries whose true shares are known: every slot's category is drawn from them.
//!
//! Workers differ: each draws habits of his own from the council's shares, and his slots from his habits, so that slots
//! of one worker are alike and those of two are not. Shares of each worker are the council's in the mean, whatever he is like.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use crate::day::Day;
use crate::dice::Dice;
use crate::{Noise, SynthError};

/// Categories at work and how many of 200 slots truly go on each.
const SHARES: [(&str, u32); 20] = [
    ("D1", 24),
    ("D2", 16),
    ("D3", 8),
    ("D4", 10),
    ("C1", 30),
    ("C2", 18),
    ("C3", 9),
    ("C4", 12),
    ("C5", 10),
    ("C6", 7),
    ("C7", 4),
    ("C8", 6),
    ("T1", 12),
    ("N1", 6),
    ("N2", 4),
    ("N3", 12),
    ("N4", 6),
    ("N5", 2),
    ("N6", 2),
    ("X1", 2),
];
const CASE_RELATED: [&str; 13] = [
    "D1", "D2", "D3", "D4", "C1", "C2", "C3", "C4", "C5", "C6", "C7", "C8", "T1",
];
/// Habits of one worker: fewer make workers differ more.
const HABITS: usize = 40;
/// Tasks that are timed, the category whose slots they are made of, and their lengths in slots, each as likely.
const TIMED: [(&str, &str, [i32; 5]); 2] = [
    ("write_up", "C1", [8, 12, 16, 20, 24]),
    ("conversation", "D1", [4, 5, 6, 7, 8]),
];

/// What to make.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct DiaryOptions {
    /// People in each team; teams are named from a list.
    pub teams: Vec<usize>,
    pub seed: u64,
    /// Of a hundred workers, how many keep a diary at all.
    pub reply_percent: u32,
    /// Of a hundred slots of those who do, how many are left out.
    pub missing_percent: u32,
    /// Of a hundred days, on how many somebody works an unpaid hour at their end.
    pub overtime_percent: u32,
    pub noise: Noise,
}

impl Default for DiaryOptions {
    fn default() -> Self {
        Self {
            teams: vec![9, 8, 12, 7, 4],
            seed: 1,
            reply_percent: 85,
            missing_percent: 3,
            overtime_percent: 25,
            noise: Noise::Clean,
        }
    }
}

/// What was made, and what is true of it.
#[derive(Clone, PartialEq, Debug)]
pub struct DiarySummary {
    pub workers: usize,
    /// Workers who kept a diary.
    pub replied: usize,
    /// Rows of the diary that can be used.
    pub rows: u64,
    /// Rows that a reader must set aside.
    pub set_aside: u64,
    /// True share of time at work of each category, whoever keeps a diary.
    pub shares: BTreeMap<&'static str, f64>,
    /// True case-related share of time at work.
    pub case_related: f64,
    /// True median hours of each timed task.
    pub median_hours: BTreeMap<&'static str, f64>,
    /// Unpaid hours in the rows.
    pub overtime_hours: f64,
}

/// Makes `staff.csv` and `diary.csv` in `out_dir`.
///
/// # Errors
/// When a file cannot be written.
pub fn diary(options: &DiaryOptions, out_dir: &Path) -> Result<DiarySummary, SynthError> {
    let (staff, diary, summary) = diary_text(options);
    let write = |name: &str, text: &str| {
        let path: PathBuf = out_dir.join(name);
        fs::write(&path, text).map_err(|e| SynthError::io(&path, e))
    };
    fs::create_dir_all(out_dir).map_err(|e| SynthError::io(out_dir, e))?;
    write("staff.csv", &staff)?;
    write("diary.csv", &diary)?;
    Ok(summary)
}

const TEAMS: [&str; 8] = [
    "North adults",
    "South adults",
    "City adults",
    "Hospital discharge",
    "Sensory",
    "Learning disability",
    "Reviewing",
    "Front door",
];

/// The same as texts: staff list, diary, and what is true of them.
pub fn diary_text(options: &DiaryOptions) -> (String, String, DiarySummary) {
    let mut dice = Dice::new(options.seed, 77);
    let messy = options.noise == Noise::Messy;
    let end = if messy { "\r\n" } else { "\n" };
    let mut staff = String::from(if messy {
        "\u{feff}FTE,Grade,Worker,Team,Hours Week"
    } else {
        "worker,team,grade,fte,hours_week"
    });
    staff.push_str(end);
    let mut diary = String::from(if messy {
        "\u{feff}Date,Worker,Slot,CATEGORY,Overtime,Team,Case,Task,Notes"
    } else {
        "worker,team,date,slot,category,case,task,overtime"
    });
    diary.push_str(end);
    let whole: u32 = SHARES.iter().map(|(_, n)| n).sum();
    let share = |n: u32| f64::from(n) / f64::from(whole);
    let shares: BTreeMap<&'static str, f64> = SHARES.iter().map(|(c, n)| (*c, share(*n))).collect();
    let mut summary = DiarySummary {
        workers: 0,
        replied: 0,
        rows: 0,
        set_aside: 0,
        case_related: CASE_RELATED.iter().filter_map(|c| shares.get(c)).sum(),
        shares,
        median_hours: TIMED
            .iter()
            .map(|(task, _, lengths)| {
                let mut lengths = *lengths;
                lengths.sort_unstable();
                let [_, _, middle, _, _] = lengths;
                (*task, f64::from(middle) / 4.0)
            })
            .collect(),
        overtime_hours: 0.0,
    };
    for (place, size) in options.teams.iter().enumerate() {
        let name = TEAMS
            .get(place)
            .map_or_else(|| format!("Team {}", place + 1), |n| (*n).to_owned());
        for _ in 0..*size {
            summary.workers += 1;
            let worker = format!("w{:03}", summary.workers);
            // Four in five work full time, the others three days a week.
            let part_time = dice.percent(20);
            let (fte, week) = if part_time {
                ("0.6", "22.2")
            } else {
                ("1.0", "37")
            };
            if messy {
                let _ = write!(
                    staff,
                    "{fte},Social worker,{},{name},{week}{end}",
                    worker.to_uppercase()
                );
            } else {
                let _ = write!(staff, "{worker},{name},Social worker,{fte},{week}{end}");
            }
            if !dice.percent(options.reply_percent) {
                continue;
            }
            summary.replied += 1;
            let person = Person {
                worker,
                team: name.clone(),
                days: if part_time { 6 } else { 10 },
                habits: (0..HABITS).map(|_| category(&mut dice)).collect(),
            };
            person.write(&mut dice, options, &mut diary, &mut summary);
        }
    }
    if messy {
        // None of these can be used, and each for a reason of its own.
        for row in [
            "2026-01-12,w001,25:00,D1,,,,,",
            "2026-13-12,w001,09:00,D1,,,,,",
            "2026-01-12,nobody-we-know,09:00,D1,,,,,",
            "2026-01-12,w001,23:00,Q9,,,,,",
            "2026-01-12,w001,23:15,D1,perhaps,,,,",
            "2026-01-12,,23:30,D1,,,,,",
            "2026-01-12,w001,23:45,D1,,,,,,extra",
        ] {
            diary.push_str(row);
            diary.push_str(end);
            summary.set_aside += 1;
        }
        diary.push_str(",,,,,,,,");
        diary.push_str(end);
    }
    (staff, diary, summary)
}

/// A category, by the council's shares.
fn category(dice: &mut Dice) -> &'static str {
    let weighted: Vec<(u32, &'static str)> = SHARES.iter().map(|(c, n)| (*n, *c)).collect();
    dice.weighted(&weighted)
}

struct Person {
    worker: String,
    team: String,
    days: i32,
    habits: Vec<&'static str>,
}

impl Person {
    fn write(
        &self,
        dice: &mut Dice,
        options: &DiaryOptions,
        out: &mut String,
        summary: &mut DiarySummary,
    ) {
        // Two weeks that do not touch.
        let first = Day::ymd(2026, 1, 12);
        let per_week = self.days / 2;
        // (day, slot from midnight, category, overtime)
        let mut slots: Vec<(Day, i32, &'static str, bool)> = Vec::new();
        for at in 0..self.days {
            let day = Day(first.0 + at % per_week + if at < per_week { 0 } else { 21 });
            let away = dice.percent(5);
            // 37 hours a week are 29.6 quarter-hours a day; breaks are not paid.
            let work = if at % 5 < 3 { 30 } else { 29 };
            for slot in 0..work {
                let category = if away { "A1" } else { dice.pick(&self.habits) };
                let at = 36 + slot + if slot >= 15 { 2 } else { 0 };
                slots.push((day, at, category, false));
            }
            if away {
                continue;
            }
            slots.push((day, 51, "A2", false));
            slots.push((day, 52, "A2", false));
            if dice.percent(options.overtime_percent) {
                for slot in 0..4 {
                    slots.push((day, 70 + slot, dice.pick(&self.habits), true));
                }
            }
        }
        let timed = self.timed(dice, &slots);
        for (place, (day, slot, category, overtime)) in slots.iter().enumerate() {
            if dice.percent(options.missing_percent) {
                continue;
            }
            if *overtime {
                summary.overtime_hours += 0.25;
            }
            let (case, task) = timed
                .get(&place)
                .map_or(("", ""), |(case, task)| (case.as_str(), *task));
            let (year, month, date) = day.parts();
            let (hour, minute) = (slot / 4, slot % 4 * 15);
            let overtime = if *overtime { "yes" } else { "" };
            let _ = if options.noise == Noise::Messy {
                write!(
                    out,
                    "{date:02}/{month:02}/{year},{},{hour}:{minute:02}:00,{},{overtime},{},{case},{task},\"a note, with a comma\"\r\n",
                    self.worker,
                    category.to_lowercase(),
                    self.team.to_uppercase(),
                )
            } else {
                writeln!(
                    out,
                    "{},{},{year}-{month:02}-{date:02},{hour:02}:{minute:02},{category},{case},{task},{overtime}",
                    self.worker, self.team
                )
            };
            summary.rows += 1;
        }
    }

    /// Cases and tasks by place of the slot. A case is begun only where slots enough are left for the longest, so
    /// that no length is rarer than another.
    fn timed(
        &self,
        dice: &mut Dice,
        slots: &[(Day, i32, &'static str, bool)],
    ) -> BTreeMap<usize, (String, &'static str)> {
        let mut timed = BTreeMap::new();
        for (task, category, lengths) in TIMED {
            let mut places = slots
                .iter()
                .enumerate()
                .filter(|(_, s)| s.2 == category)
                .map(|(place, _)| place)
                .collect::<Vec<_>>()
                .into_iter();
            let longest = lengths.iter().copied().max().unwrap_or(0) as usize;
            let mut case = 0;
            while places.len() >= longest {
                let length = dice.pick(&lengths);
                case += 1;
                for place in places.by_ref().take(length as usize) {
                    timed.insert(place, (format!("{}-{task}-{case}", self.worker), task));
                }
            }
        }
        timed
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_are_of_one_whole_and_the_same_seed_gives_the_same_diary() {
        let options = DiaryOptions::default();
        let (staff, diary, summary) = diary_text(&options);
        assert_eq!(diary_text(&options).1, diary);
        assert!((summary.shares.values().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((summary.case_related - 0.83).abs() < 1e-12);
        assert_eq!(summary.rows as usize, diary.lines().count() - 1);
        assert_eq!(staff.lines().count(), 1 + 40);
        assert_eq!(summary.median_hours.get("write_up"), Some(&4.0));
    }

    #[test]
    fn slots_go_where_the_shares_say() {
        let options = DiaryOptions {
            teams: vec![200],
            reply_percent: 100,
            ..DiaryOptions::default()
        };
        let (_, diary, summary) = diary_text(&options);
        let at = |row: &str| row.split(',').nth(4).map(str::to_owned);
        let categories: Vec<String> = diary.lines().skip(1).filter_map(at).collect();
        let work = categories.iter().filter(|c| !c.starts_with('A')).count() as f64;
        for (category, share) in &summary.shares {
            let seen = categories.iter().filter(|c| c == category).count() as f64 / work;
            // 200 workers of 40 habits: a share p is known to √(p(1−p)/8000), and slots add a sixth; five of those.
            let error = (share * (1.0 - share) / 8000.0).sqrt() * 1.2;
            assert!(
                (seen - share).abs() < 5.0 * error,
                "{category}: {seen} for {share}"
            );
        }
    }
}
