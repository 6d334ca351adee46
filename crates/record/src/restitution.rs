//! What a fall has come to so far, in money: the weekly difference between the support before it and
//! after it, at the prices before (as [`crate::Fall`] compares them), times the weeks since.
//!
//! This is no award. Whether the fall was lawful, and what a person is due, is for people to decide.

use crate::exits::exit_in;
use crate::falls::{Change, Support};
use crate::{Day, Event, Fall, FallKind, Interval, Record, Timeline};

/// Days and pence counted to one end.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Owing {
    /// Days on which support was less than before the fall, days in hospital left out.
    pub days: i64,
    pub pence: i64,
}

/// What one fall has come to, by where the counting ends. Each is no less than the one before it.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Restitution {
    /// Pence a week by which support fell, at the prices before.
    pub weekly_pence: i64,
    /// Whether support is no fall any more on the last day counted.
    pub restored: bool,
    /// To the day before the first care review or needs assessment that ended after the fall.
    pub low: Owing,
    /// To the day before support is no fall any more by the same comparison, and otherwise to the
    /// as-of day or the day on which the person died, moved or passed to the NHS.
    pub central: Owing,
    /// To the same days, or until all of the support is back.
    pub high: Owing,
}

/// Why no sum can be given.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum NoSum {
    /// A cost that it needs is not recorded.
    CostNotRecorded,
    /// Less money may be more support, or nobody can tell what became of it.
    NotComparable,
}

impl NoSum {
    pub fn name(self) -> &'static str {
        match self {
            NoSum::CostNotRecorded => "cost_not_recorded",
            NoSum::NotComparable => "not_comparable",
        }
    }
}

/// What a fall of this person has come to by the as-of day.
///
/// On no day does a fall count for more than its own weekly difference. So of two falls of one person the
/// later counts only what it took away itself, and the two can be added.
///
/// # Errors
/// [`NoSum`] where the record does not hold the costs or cannot compare them.
pub fn restitution(
    record: &Record,
    timeline: &Timeline<'_>,
    fall: &Fall,
) -> Result<Restitution, NoSum> {
    match fall.kind {
        FallKind::Reduced | FallKind::Withdrawn => {}
        FallKind::SizeUnknown => return Err(NoSum::CostNotRecorded),
        FallKind::SettingChanged | FallKind::Hospital => return Err(NoSum::NotComparable),
    }
    let support = Support::of(record, timeline.events);
    let priced = |rows: &[u32]| support.at_constant_prices(&fall.before, rows);
    let before = support.cost(&fall.before).ok_or(NoSum::CostNotRecorded)?;
    let after = priced(&fall.after).ok_or(NoSum::CostNotRecorded)?;
    // Falls close to each other are one, whatever the comparison of first and last shows.
    let size = (before - after).max(0.0);

    // The first day that is not counted.
    let whole = Interval::new(fall.day, record.as_of);
    let end = exit_in(&timeline.exits, whole, None)
        .filter(|exit| exit.kind.ends_duty())
        .map_or(record.as_of, |exit| exit.day)
        .plus(1);
    let looked = timeline
        .events
        .iter()
        .filter(|e| (e.is_review() || e.is_needs_assessment()) && e.has_ended())
        .map(|e| e.end)
        .filter(|&day| day > fall.day)
        .min()
        .unwrap_or(end);

    let breaks = support.breaks();
    let in_hospital = |day: Day| {
        breaks
            .iter()
            .any(|b| b.last_day < day && b.resumed.is_none_or(|resumed| day < resumed))
    };
    let mut low = Count::default();
    let mut central = Count::default();
    let mut high = Count::default();
    let mut restored = false;
    let days = change_days(&support, fall, looked, end);
    for (from, until) in days.iter().zip(days.iter().skip(1)) {
        if in_hospital(*from) {
            continue;
        }
        let rows = running(&support, *from);
        // A day or two on which old and new support overlap does not put it back.
        if *from > fall.after_day {
            match support.compare(&fall.before, &rows) {
                Change::NoFall => restored = true,
                // From here on, less money may be more support.
                Change::SettingChanged => break,
                Change::Reduced | Change::Withdrawn | Change::Unknown => {}
            }
        }
        let now = match priced(&rows) {
            Some(now) => now,
            None if restored => break,
            None => return Err(NoSum::CostNotRecorded),
        };
        let weekly = (before - now).clamp(0.0, size);
        let days = until.since(*from);
        high.add(days, weekly);
        if !restored {
            central.add(days, weekly);
            if *from < looked {
                low.add(days, weekly);
            }
        }
    }
    Ok(Restitution {
        weekly_pence: whole_pence(size),
        restored,
        low: low.owing(),
        central: central.owing(),
        high: high.owing(),
    })
}

/// The days from the fall on at which anything changes, and `end` last.
fn change_days(support: &Support<'_>, fall: &Fall, looked: Day, end: Day) -> Vec<Day> {
    let changes = support
        .long_term()
        .flat_map(|e| [Some(e.start), e.has_ended().then(|| e.end.plus(1))])
        .flatten();
    let mut days: Vec<Day> = changes
        .chain([fall.day, fall.after_day.plus(1), looked])
        .filter(|&day| day >= fall.day && day < end)
        .chain([end])
        .collect();
    days.sort_unstable();
    days.dedup();
    days
}

/// What runs on `day`. A service whose end is unknown counts as still there.
fn running(support: &Support<'_>, day: Day) -> Vec<u32> {
    let runs = |e: &Event| e.active_on(day) || (e.unknown_end && e.start <= day);
    support.rows_where(runs)
}

#[derive(Default)]
struct Count {
    days: i64,
    pence: f64,
}

impl Count {
    fn add(&mut self, days: i64, weekly: f64) {
        if weekly > 0.0 {
            self.days += days;
            self.pence += weekly * days as f64 / 7.0;
        }
    }

    fn owing(&self) -> Owing {
        Owing {
            days: self.days,
            pence: whole_pence(self.pence),
        }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "a person's support is far below the limits of a whole number"
)]
fn whole_pence(pence: f64) -> i64 {
    pence.round() as i64
}
