//! Telling the stories of a whole council, and writing them down as they come.

use crate::build::{Build, Council, Row};
use crate::codes::{Event, Out, Per, Spelling, Why};
use crate::day::Day;
use crate::dice::Dice;
use crate::frame::Frame;
use crate::habits::{Habits, Since};
use crate::noise::{self, Keep, Layout};
use crate::person::{Numbers, Person};
use crate::render::{Cell, Rendering, shown, survives};
use crate::scenario::Habit;
use crate::stories::STORIES;
use crate::truth::Truth;
use crate::{Noise, Options, Release, Summary, SynthError};
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Lines held back so that a messy file's rows come in no one's order.
const SHUFFLED: usize = 4_000;
/// A return with fewer usable rows than this stays as it is: its coverage is its stated period. Just below the
/// hundred at which coverage is worked out from months, so that duplicates cannot tip it over.
const SMALL: u64 = 80;
/// Rows that every month of every type is given at least.
const MONTH_AT_LEAST: u64 = 15;

/// One return being written.
struct ReturnFile {
    path: PathBuf,
    out: BufWriter<File>,
    layout: Layout,
    held: Vec<Vec<u8>>,
    rows: u64,
    usable: u64,
    set_aside: u64,
    /// Usable rows by event type and month of the period.
    months: Vec<[u64; 4]>,
    events: [u64; 4],
    first: Day,
}

impl ReturnFile {
    fn create(path: PathBuf, layout: Layout, period: (Day, Day)) -> Result<Self, SynthError> {
        let file = File::create(&path).map_err(|e| SynthError::io(&path, e))?;
        let mut out = BufWriter::with_capacity(1 << 18, file);
        out.write_all(&layout.header())
            .map_err(|e| SynthError::io(&path, e))?;
        let months = period.1.month_number() - period.0.month_number() + 1;
        Ok(Self {
            path,
            out,
            layout,
            held: Vec::new(),
            rows: 0,
            usable: 0,
            set_aside: 0,
            months: vec![[0; 4]; usize::try_from(months).unwrap_or(0)],
            events: [0; 4],
            first: period.0,
        })
    }

    fn write(&mut self, line: Vec<u8>, dice: &mut Dice) -> Result<(), SynthError> {
        self.rows += 1;
        if !self.layout.messy {
            return self
                .out
                .write_all(&line)
                .map_err(|e| SynthError::io(&self.path, e));
        }
        if self.held.len() < SHUFFLED {
            self.held.push(line);
            return Ok(());
        }
        let at = dice.below(u32::try_from(SHUFFLED).unwrap_or(1)) as usize;
        if let Some(slot) = self.held.get_mut(at) {
            let earlier = std::mem::replace(slot, line);
            self.out
                .write_all(&earlier)
                .map_err(|e| SynthError::io(&self.path, e))?;
        }
        Ok(())
    }

    fn finish(&mut self, dice: &mut Dice) -> Result<(), SynthError> {
        while !self.held.is_empty() {
            let at = dice.below(u32::try_from(self.held.len()).unwrap_or(1)) as usize;
            let line = self.held.swap_remove(at);
            self.out
                .write_all(&line)
                .map_err(|e| SynthError::io(&self.path, e))?;
        }
        self.out.flush().map_err(|e| SynthError::io(&self.path, e))
    }

    fn count(&mut self, event: Event, start: Day, end: Option<Day>) {
        self.usable += 1;
        let kind = event as usize;
        if let Some(n) = self.events.get_mut(kind) {
            *n += 1;
        }
        let month = end.unwrap_or(start).month_number() - self.first.month_number();
        if let Some(n) = usize::try_from(month)
            .ok()
            .and_then(|m| self.months.get_mut(m))
            .and_then(|m| m.get_mut(kind))
        {
            *n += 1;
        }
    }

    /// A month of the period that has too few rows of some type for coverage to be the stated period.
    fn thin_month(&self) -> Option<(Event, Day)> {
        if self.usable < SMALL {
            return None;
        }
        for event in Event::ALL {
            let counts = || {
                self.months
                    .iter()
                    .filter_map(move |m| m.get(event as usize))
            };
            let mut filled: Vec<u64> = counts().copied().filter(|n| *n > 0).collect();
            filled.sort_unstable();
            let median = filled.get(filled.len() / 2).copied().unwrap_or(0);
            let enough = MONTH_AT_LEAST.max(median * 35 / 100 + 1);
            if let Some(month) = counts().position(|n| *n < enough) {
                let month = i32::try_from(month).unwrap_or(0);
                return Some((event, self.first.months(month)));
            }
        }
        None
    }
}

/// The whole council while it is being made.
struct Making {
    frame: Frame,
    council: Council,
    files: Vec<ReturnFile>,
    truth: Truth,
    /// For the stories, and apart from it for spelling and noise: the stories of a seed are the same clean or messy.
    stories: Dice,
    spelling: Dice,
    numbers: Numbers,
    turns: Vec<u32>,
    release: Release,
    messy: bool,
    people: u64,
    references: u64,
    given_up: u64,
}

/// Takes away what an earlier run left here, so that `return*.csv` never mixes two councils. Its `truth.csv` is the
/// sign that the files are ours.
fn clear_earlier(dir: &Path) -> Result<(), SynthError> {
    if !dir.join("truth.csv").is_file() {
        return Ok(());
    }
    for name in ["return.csv", "return-1.csv", "return-2.csv"] {
        let path = dir.join(name);
        if path.is_file() {
            std::fs::remove_file(&path).map_err(|e| SynthError::io(&path, e))?;
        }
    }
    Ok(())
}

/// The first day of what is planted.
fn first_day(options: &Options, frame: &Frame) -> Result<Day, SynthError> {
    let Some(Since(day)) = options.since else {
        return Ok(frame.last.months(-6) + 1);
    };
    if !options.plant.iter().any(|s| s.is_dated()) {
        return Err(SynthError::SinceOfNothing);
    }
    if day <= frame.first || day > frame.last {
        return Err(SynthError::SinceOutside {
            since: day.iso(),
            first: frame.first.iso(),
            last: frame.last.iso(),
        });
    }
    Ok(day)
}

/// How often to tell a story that a council the size of Norfolk would have told `times` times: 52,000 people in a
/// return of one year, 75,000 in two.
fn in_proportion(times: u64, people: u64, years: u8) -> u64 {
    let norfolk = if years < 2 { 52_000 } else { 75_000 };
    (times * people + norfolk / 2) / norfolk
}

/// Makes the council.
pub(crate) fn make(options: &Options, dir: &Path) -> Result<Summary, SynthError> {
    std::fs::create_dir_all(dir).map_err(|e| SynthError::io(dir, e))?;
    clear_earlier(dir)?;
    let mut stories = Dice::new(options.seed, 1);
    let mut spelling = Dice::new(options.seed, 2);
    let reset = options
        .plant
        .iter()
        .any(|s| s.always().iter().any(|a| a.0 == "start_reset"));
    let frame = Frame::new(options.years, options.seed, reset);
    let since = first_day(options, &frame)?;
    let planted: Vec<Habit> = options
        .plant
        .iter()
        .flat_map(|s| s.habits())
        .copied()
        .collect();
    // Chance of its own: the districts and the April of a seed are the same whatever is planted.
    let habits = Habits::new(&frame, since, &planted, &mut Dice::new(options.seed, 3));
    let council = Council {
        habits,
        needs_filled: u32::try_from(stories.between(200, 700)).unwrap_or(450),
        // Two humps: most councils leave few mechanisms blank, some most of them.
        mechanism_blank: if stories.percent(70) {
            u32::try_from(stories.between(0, 8)).unwrap_or(3)
        } else {
            u32::try_from(stories.between(50, 70)).unwrap_or(60)
        },
        reviewed: u32::try_from(stories.between(630, 690)).unwrap_or(660),
        r1: options.release != Release::R2,
        r2: options.release != Release::R1,
    };
    let messy = options.noise == Noise::Messy;
    let mut files = Vec::new();
    for (index, period) in frame.returns.iter().enumerate() {
        let name = if frame.returns.len() == 1 {
            "return.csv".to_string()
        } else {
            format!("return-{}.csv", index + 1)
        };
        let layout = Layout::new(messy, index, &mut spelling);
        files.push(ReturnFile::create(dir.join(name), layout, *period)?);
    }
    let turns = STORIES.iter().map(|_| stories.below(1_000_000)).collect();
    let mut making = Making {
        frame,
        council,
        files,
        truth: Truth::new(),
        stories,
        spelling,
        numbers: Numbers::new(),
        turns,
        release: options.release,
        messy,
        people: 0,
        references: 0,
        given_up: 0,
    };
    making.tell_all(options)?;
    making.fill_thin_months()?;
    making.finish(dir)
}

impl Making {
    fn tell_all(&mut self, options: &Options) -> Result<(), SynthError> {
        let two = self.frame.handover.is_some();
        let mut weights: Vec<u32> = STORIES
            .iter()
            .map(|story| {
                if story.joins && !two {
                    return 0;
                }
                let planted: u32 = options
                    .plant
                    .iter()
                    .flat_map(|s| s.more())
                    .filter(|(name, _)| *name == story.name)
                    .map(|(_, extra)| *extra)
                    .sum();
                story.weight + planted
            })
            .collect();
        let wanted = u64::try_from(options.people).unwrap_or(u64::MAX);
        // Stories of the edges are told often enough to have every edge, and no more: their days are where a window
        // turns, so that many of them would make an honest council look as if it changed with the season.
        let mut left: Vec<u64> = STORIES
            .iter()
            .zip(&weights)
            .map(|(story, weight)| {
                if *weight > story.weight {
                    u64::MAX
                } else {
                    story.most.map_or(u64::MAX, u64::from)
                }
            })
            .collect();
        let handed_over = in_proportion(
            u64::try_from(self.stories.between(30, 60)).unwrap_or(0),
            wanted,
            options.years,
        );
        for _ in 0..handed_over {
            self.tell_named("handed_over")?;
        }
        for scenario in &options.plant {
            for (name, per_mille, least) in scenario.always() {
                let times = (wanted * u64::from(*per_mille) / 1_000).max(u64::from(*least));
                for _ in 0..times {
                    self.tell_named(name)?;
                }
            }
            for (name, times) in scenario.people() {
                // Fewer than twenty would be no pattern.
                for _ in 0..in_proportion(u64::from(*times), wanted, options.years).max(20) {
                    self.tell_named(name)?;
                }
            }
        }
        // Every story once first, where there are people enough, so that a small council has some of everything.
        if wanted >= 300 {
            for (index, weight) in weights.iter().enumerate() {
                if *weight > 0 {
                    self.tell(index)?;
                }
            }
        }
        let mut total: u32 = weights.iter().sum();
        while self.people < wanted {
            let mut at = self.stories.below(total);
            let mut chosen = 0;
            for (index, weight) in weights.iter().enumerate() {
                if at < *weight {
                    chosen = index;
                    break;
                }
                at -= *weight;
            }
            self.tell(chosen)?;
            if let (Some(left), Some(weight)) = (left.get_mut(chosen), weights.get_mut(chosen)) {
                *left -= 1;
                if *left == 0 {
                    total -= *weight;
                    *weight = 0;
                }
            }
        }
        Ok(())
    }

    fn tell_named(&mut self, name: &str) -> Result<(), SynthError> {
        match STORIES.iter().position(|s| s.name == name) {
            Some(index) => self.tell(index),
            None => Ok(()),
        }
    }

    fn tell(&mut self, index: usize) -> Result<(), SynthError> {
        let Some(story) = STORIES.get(index) else {
            return Ok(());
        };
        let turn = self.turns.get_mut(index).map_or(0, |t| {
            *t += 1;
            *t
        });
        // Chance may bring something that a story does not allow, such as a start on a reset day: then again.
        for _ in 0..40 {
            let mut build = Build::new(
                &self.frame,
                &mut self.stories,
                &mut self.numbers,
                &self.council,
                turn,
            );
            (story.tell)(&mut build);
            build.finish();
            if !build.clash {
                let Build {
                    people,
                    rows,
                    truth,
                    ..
                } = build;
                for (who, test, day, verdict) in truth {
                    if let Some(person) = people.get(who.0) {
                        self.truth.add(test, person.printed(), day, verdict);
                    }
                }
                return self.write(&people, rows);
            }
        }
        self.given_up += 1;
        Ok(())
    }

    /// Writes one story's rows into every return that carries them.
    fn write(&mut self, people: &[Person], mut rows: Vec<Row>) -> Result<(), SynthError> {
        for row in &mut rows {
            self.vary_cost(row);
        }
        let returns = self.frame.returns.len();
        for (who, person) in people.iter().enumerate() {
            let theirs = || {
                rows.iter()
                    .enumerate()
                    .filter(move |(_, row)| row.who.0 == who)
            };
            if theirs().next().is_none() {
                continue;
            }
            self.people += 1;
            // The one row, of those that survive joining, that noise leaves its person's numbers and death on.
            let anchor = (0..returns)
                .rev()
                .find_map(|index| {
                    theirs()
                        .find(|(_, row)| survives(row, &self.frame, index))
                        .map(|(position, _)| (index, position))
                })
                .unwrap_or((0, 0));
            let placeholder = self.messy && !person.birth_matters && self.spelling.per_mille(3);
            for (position, row) in theirs() {
                let always = row.out.only_in().or(row.why.and_then(Why::only_in));
                for index in 0..returns {
                    let Some(end) = shown(row, &self.frame, index) else {
                        continue;
                    };
                    // A service open over both returns may change its spelling between them.
                    let drawn = match self.release {
                        Release::R1 => Spelling::R1,
                        Release::R2 => Spelling::R2,
                        Release::Mixed => self.spelling.pick(&[Spelling::R1, Spelling::R2]),
                    };
                    let keep = Keep {
                        anchor: anchor == (index, position),
                        numbers: person.shared || person.second,
                        birth: person.birth_matters,
                        has_nhs: person.nhs.is_some(),
                        no_event: row.event.is_none(),
                        placeholder,
                    };
                    let second = person.second
                        && person.nhs.is_some()
                        && !keep.anchor
                        && self.spelling.percent(40);
                    self.write_row(
                        row,
                        people,
                        index,
                        end,
                        always.unwrap_or(drawn),
                        second,
                        keep,
                    )?;
                }
            }
        }
        Ok(())
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "each is one fact about one row of one return"
    )]
    fn write_row(
        &mut self,
        row: &Row,
        people: &[Person],
        index: usize,
        end: Option<Day>,
        spelling: Spelling,
        second: bool,
        keep: Keep,
    ) -> Result<(), SynthError> {
        self.references += 1;
        let rendering = Rendering {
            frame: &self.frame,
            index,
            spelling,
            reference: self.references,
            second,
        };
        let Some(plain) = rendering.cells(row, people, end) else {
            return Ok(());
        };
        let Some(file) = self.files.get_mut(index) else {
            return Ok(());
        };
        let dice = &mut self.spelling;
        let write = |file: &mut ReturnFile, cells: &[Cell], dice: &mut Dice| {
            if let Some(event) = row.event {
                file.count(event, row.start, end);
            }
            let line = file.layout.line(cells);
            file.write(line, dice)
        };
        if !self.messy {
            return write(file, &plain, dice);
        }
        let mut cells = plain.clone();
        noise::dirty(&mut cells, keep, dice);
        cells.push(Cow::Borrowed(dice.pick(&["Y", "N", "", "NULL"])));
        cells.push(Cow::Borrowed(dice.pick(&["Yes", "No", ""])));
        write(file, &cells, dice)?;
        if dice.per_mille(10) {
            // The same row again, to the letter.
            write(file, &cells, dice)?;
        }
        if dice.per_mille(8) {
            // The same event again, spelled otherwise.
            let mut again = plain.clone();
            noise::dirty(&mut again, keep, dice);
            again.resize(cells.len(), Cow::Borrowed(""));
            write(file, &again, dice)?;
        }
        if dice.per_mille(7) {
            let mut again = plain;
            again.resize(cells.len(), Cow::Borrowed(""));
            if noise::broken(&mut again, dice) {
                file.set_aside += 1;
                let line = file.layout.line(&again);
                file.write(line, dice)?;
            }
        }
        Ok(())
    }

    /// Leaves a cost or a number of units out, or makes it contradict its frequency, where nothing turns on it.
    fn vary_cost(&mut self, row: &mut Row) {
        if !row.cost_may_vary {
            return;
        }
        let dice = &mut self.spelling;
        let Some(care) = &mut row.care else { return };
        let counts = care.per.is_some_and(Per::counts_units);
        if dice.percent(8) {
            care.units = None;
        } else if !counts && dice.percent(6) {
            care.units = Some(700);
        }
        if dice.percent(4) {
            care.cost = None;
            row.later_cost = None;
        }
        if dice.percent(2) {
            care.per = None;
        }
    }

    /// Gives every month of every type enough rows that no test reads, so that coverage is the stated period.
    fn fill_thin_months(&mut self) -> Result<(), SynthError> {
        // A row in an overlap counts for both returns, so look again until none is thin.
        loop {
            let thin = self.files.iter().find_map(ReturnFile::thin_month);
            let Some((event, month)) = thin else {
                return Ok(());
            };
            self.filler(event, month)?;
        }
    }

    /// A few events of one type in one month, of someone with nothing else.
    fn filler(&mut self, event: Event, month: Day) -> Result<(), SynthError> {
        let mut build = Build::new(
            &self.frame,
            &mut self.stories,
            &mut self.numbers,
            &self.council,
            0,
        );
        let b = &mut build;
        let p = b.adult();
        for _ in 0..6 {
            let day = b.day(month, month.months(1) - 1);
            match event {
                Event::Request => b.request(p, day, day, Out::Advice),
                Event::Assessment => b.short_assessment(p, day, day, Out::Advice),
                Event::Service => {
                    let care = b.short_term(p, crate::codes::Support::LowLevel);
                    b.ended(p, care, day - 12, day);
                }
                Event::Review => {
                    let why = if b.council.r2 {
                        Why::ShortTerm
                    } else {
                        Why::Planned
                    };
                    b.review(p, day, why, Out::EndedPlanned);
                }
            }
        }
        let Build { people, rows, .. } = build;
        self.write(&people, rows)
    }

    fn finish(mut self, dir: &Path) -> Result<Summary, SynthError> {
        for file in &mut self.files {
            file.finish(&mut self.spelling)?;
        }
        let path = dir.join("truth.csv");
        let out = File::create(&path).map_err(|e| SynthError::io(&path, e))?;
        let mut out = BufWriter::new(out);
        self.truth
            .write(&mut out)
            .and_then(|()| out.flush())
            .map_err(|e| SynthError::io(&path, e))?;
        let mut events = [0; 4];
        for file in &self.files {
            for (sum, n) in events.iter_mut().zip(file.events) {
                *sum += n;
            }
        }
        Ok(Summary {
            files: self.files.iter().map(|f| f.path.clone()).collect(),
            rows: self.files.iter().map(|f| f.rows).collect(),
            people: self.people,
            events: Event::ALL
                .iter()
                .zip(events)
                .map(|(e, n)| (e.name(), n))
                .collect(),
            set_aside: self.files.iter().map(|f| f.set_aside).sum(),
            given_up: self.given_up,
            truth: self
                .truth
                .counts()
                .into_iter()
                .map(|(t, v, n)| (t.id().0, t.id().1, v.name(), n))
                .collect(),
        })
    }
}
