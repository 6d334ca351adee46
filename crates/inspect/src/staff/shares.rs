//! Who replied, and what their time goes on, with ranges: nothing of fewer people than may be shown.

use std::collections::{BTreeMap, BTreeSet};

use candour_law::{MinimumReply, StaffTime};
use candour_record::Day;
use candour_stats::{CannotTell, Resampled, Resamples, quartiles};
use serde::Serialize;

use crate::staff::WithRange;
use crate::staff::reader::{Counted, Diary, Slot, Staff};

/// What the diaries say.
#[derive(Clone, Debug, Serialize)]
pub struct TimeReport {
    pub staff: Counted,
    pub diary: Counted,
    pub reply: Reply,
    /// Full-time posts of everybody who was asked.
    pub fte: f64,
    /// Why nothing can be said, where nothing can.
    pub cannot_tell: Option<String>,
    pub shares: Option<TimeShares>,
    /// Teams that may be named, in alphabetical order.
    pub teams: Vec<Team>,
    /// Teams that may not, or whose naming would give another away.
    pub teams_not_shown: usize,
    pub tasks: Vec<TimedTask>,
}

/// Who was asked and who replied.
#[derive(Clone, Debug, Serialize)]
pub struct Reply {
    pub asked: usize,
    /// Wrote down enough of the diary.
    pub replied: usize,
    /// Wrote down something, and too little to count as a reply.
    pub partly: usize,
    /// Working days asked of each.
    pub days_asked: u32,
    /// Days on which anybody who replied was at work.
    pub days: usize,
    pub first_day: Option<String>,
    pub last_day: Option<String>,
    /// Days of work of all who replied together.
    pub days_worked: u64,
    /// Slots of those who replied.
    pub slots: u64,
    pub slot_minutes: u32,
}

/// What time goes on, for everybody who replied.
#[derive(Clone, Debug, Serialize)]
pub struct TimeShares {
    /// Slots at work: leave and breaks are no part of what shares are of.
    pub slots: u64,
    pub groups: Vec<Group>,
    pub categories: Vec<Category>,
    /// Groups that are case-related together, of all time at work.
    pub case_related: WithRange,
    /// The same of paid time, without what the working year has taken off already: what the hours in
    /// post are multiplied with.
    pub case_related_paid: WithRange,
    #[serde(skip)]
    pub(crate) case_related_draws: Vec<f64>,
    pub overtime: Overtime,
}

impl TimeShares {
    /// Of [`TimeShares::case_related_paid`], what each draw came to.
    pub fn case_related_draws(&self) -> &[f64] {
        &self.case_related_draws
    }
}

#[derive(Clone, Debug, Serialize)]
pub struct Group {
    pub id: String,
    pub title: String,
    pub case_related: bool,
    pub slots: u64,
    pub share: WithRange,
}

#[derive(Clone, Debug, Serialize)]
pub struct Category {
    pub id: String,
    pub group: String,
    pub title: String,
    pub flag: Option<String>,
    pub slots: u64,
    /// Nobody wrote it down: a range cannot be worked out from nothing.
    pub share: Option<WithRange>,
}

/// Hours that nobody paid for.
#[derive(Clone, Debug, Serialize)]
pub struct Overtime {
    pub hours: f64,
    /// For each five days of work of one person.
    pub hours_a_week: WithRange,
    /// Of everybody who was asked, in a year, if the others work as many.
    pub hours_a_year: WithRange,
}

/// A team that may be named.
#[derive(Clone, Debug, Serialize)]
pub struct Team {
    pub team: String,
    pub asked: usize,
    /// `None` where it may not be shown.
    pub replied: Option<usize>,
    /// Case-related share of time at work.
    pub case_related: Option<WithRange>,
    pub cannot_tell: Option<String>,
}

/// Hours of one task, timed.
#[derive(Clone, Debug, Serialize)]
pub struct TimedTask {
    pub task: String,
    pub cases: usize,
    /// First quartile, median, third quartile; `None` where too few were timed.
    pub hours: Option<[f64; 3]>,
    pub cannot_tell: Option<String>,
}

/// One person's diary in sums.
#[derive(Clone, Debug, Default)]
struct Sums {
    recorded: u64,
    by_category: Vec<u64>,
    paid_by_category: Vec<u64>,
    overtime: u64,
    days: BTreeSet<Day>,
}

/// Of the whole year: what turns days into a year.
#[derive(Clone, Copy, Debug)]
pub struct Year {
    /// Contracted hours of a full-time week.
    pub hours_week: f64,
    /// Days a full-time post is at work in a year.
    pub days: f64,
}

fn percent_down(part: usize, whole: usize) -> usize {
    (part * 100).checked_div(whole).unwrap_or(0)
}

/// Why so few replies say nothing; `None` where they are enough.
fn too_few(rule: &MinimumReply, asked: usize, replied: usize, slots: u64) -> Option<String> {
    let needed = (rule.share_of_workers * asked as f64 - 1e-9).ceil() as usize;
    if asked == 0 {
        return Some("cannot tell, because nobody was asked to keep a diary".to_owned());
    }
    if replied < needed {
        return Some(format!(
            "cannot tell, because {replied} of {asked} workers ({}%) replied and {:.0}% were needed",
            percent_down(replied, asked),
            rule.share_of_workers * 100.0
        ));
    }
    if replied < rule.workers {
        return Some(format!(
            "cannot tell, because fewer than {} workers replied",
            rule.workers
        ));
    }
    (slots < rule.slots).then(|| {
        format!(
            "cannot tell, because {slots} slots were written down and {} were needed",
            rule.slots
        )
    })
}

/// Hides the smallest of what is shown until what is hidden is nothing or enough people to be nobody in particular.
fn hide(sizes: &[usize], shown: &mut [bool], smallest: usize) {
    loop {
        let hidden: usize = sizes
            .iter()
            .zip(shown.iter())
            .filter(|(_, s)| !**s)
            .map(|(n, _)| n)
            .sum();
        if hidden == 0 || hidden >= smallest {
            return;
        }
        let next = (0..shown.len())
            .filter(|i| shown.get(*i).copied().unwrap_or(false))
            .min_by_key(|i| sizes.get(*i).copied().unwrap_or(0));
        match next.and_then(|i| shown.get_mut(i)) {
            Some(show) => *show = false,
            None => return,
        }
    }
}

/// What diaries say. `days_asked` stands in for the rulebook's where another number of days was asked for.
pub fn time_report(
    staff: &Staff,
    diary: &Diary,
    time: &StaffTime,
    year: Year,
    days_asked: Option<u32>,
) -> TimeReport {
    let days_asked = days_asked.unwrap_or(time.diary.days);
    let kinds = time.categories.len();
    let at_work: Vec<bool> = time
        .categories
        .iter()
        .map(|c| time.group(&c.group).is_some_and(|g| g.at_work))
        .collect();
    let mut sums: Vec<Sums> = vec![
        Sums {
            by_category: vec![0; kinds],
            paid_by_category: vec![0; kinds],
            ..Sums::default()
        };
        staff.members.len()
    ];
    for slot in &diary.slots {
        let Some(sum) = sums.get_mut(slot.worker) else {
            continue;
        };
        sum.recorded += 1;
        if let Some(n) = sum.by_category.get_mut(slot.category) {
            *n += 1;
        }
        if !at_work.get(slot.category).copied().unwrap_or(false) {
            continue;
        }
        sum.days.insert(slot.day);
        if slot.overtime {
            sum.overtime += 1;
        } else if let Some(n) = sum.paid_by_category.get_mut(slot.category) {
            *n += 1;
        }
    }
    let slots_an_hour = f64::from(60 / time.diary.slot_minutes.max(1));
    let replied: Vec<bool> = staff
        .members
        .iter()
        .zip(&sums)
        .map(|(member, sum)| {
            let week = member.hours_week.unwrap_or(member.fte * year.hours_week);
            let asked = week / 5.0 * f64::from(days_asked) * slots_an_hour;
            // Not even a day at work is no diary of work.
            !sum.days.is_empty() && sum.recorded as f64 >= time.minimum_reply.share_of_diary * asked
        })
        .collect();
    let all: Vec<usize> = (0..sums.len())
        .filter(|i| replied.get(*i).copied().unwrap_or(false))
        .collect();
    let of =
        |members: &[usize]| -> Vec<&Sums> { members.iter().filter_map(|i| sums.get(*i)).collect() };
    let everybody = of(&all);
    let slots: u64 = everybody.iter().map(|s| s.recorded).sum();
    let days: BTreeSet<Day> = everybody
        .iter()
        .flat_map(|s| s.days.iter().copied())
        .collect();
    let reply = Reply {
        asked: staff.members.len(),
        replied: all.len(),
        partly: sums
            .iter()
            .zip(&replied)
            .filter(|(sum, replied)| !**replied && sum.recorded > 0)
            .count(),
        days_asked,
        days: days.len(),
        first_day: days.first().map(Day::to_string),
        last_day: days.last().map(Day::to_string),
        days_worked: everybody.iter().map(|s| s.days.len() as u64).sum(),
        slots,
        slot_minutes: time.diary.slot_minutes,
    };
    let fte = staff.fte();
    let mut cannot_tell = too_few(&time.minimum_reply, reply.asked, reply.replied, slots);
    let view = View {
        time,
        at_work: &at_work,
        slots_an_hour,
    };
    let mut shares = None;
    if cannot_tell.is_none() {
        match view.shares(&everybody, fte, year) {
            Ok(found) => shares = Some(found),
            Err(CannotTell(why)) => cannot_tell = Some(format!("cannot tell, because {why}")),
        }
    }
    let (teams, teams_not_shown) = view.teams(staff, &sums, &replied);
    let tasks = match &cannot_tell {
        None => view.tasks(diary, &replied),
        Some(_) => Vec::new(),
    };
    TimeReport {
        staff: staff.counted.clone(),
        diary: diary.counted.clone(),
        reply,
        fte,
        cannot_tell,
        shares,
        teams,
        teams_not_shown,
        tasks,
    }
}

struct View<'a> {
    time: &'a StaffTime,
    at_work: &'a [bool],
    slots_an_hour: f64,
}

impl View<'_> {
    /// Slots of one person in the categories that `takes` takes.
    fn sum(&self, counts: &[u64], takes: impl Fn(usize) -> bool) -> f64 {
        let taken = counts.iter().enumerate().filter(|(i, _)| takes(*i));
        taken.map(|(_, n)| *n).sum::<u64>() as f64
    }

    fn works(&self, category: usize) -> bool {
        self.at_work.get(category).copied().unwrap_or(false)
    }

    fn in_group(&self, category: usize, takes: impl Fn(&candour_law::TimeGroup) -> bool) -> bool {
        self.time
            .categories
            .get(category)
            .and_then(|c| self.time.group(&c.group))
            .is_some_and(takes)
    }

    fn case_related(&self, category: usize) -> bool {
        self.in_group(category, |g| g.case_related)
    }

    /// Whether it is part of the hours that the working year leaves.
    fn available(&self, category: usize) -> bool {
        self.works(category)
            && self
                .time
                .categories
                .get(category)
                .is_some_and(|c| !c.taken_off)
    }

    fn resamples(&self, workers: usize) -> Result<Resamples, CannotTell> {
        Resamples::new(workers, self.time.bootstrap.draws, self.time.bootstrap.seed)
    }

    /// A share of time at work.
    fn share(
        &self,
        resamples: &Resamples,
        people: &[&Sums],
        takes: impl Fn(usize) -> bool,
    ) -> Result<Resampled, CannotTell> {
        let parts: Vec<f64> = people
            .iter()
            .map(|s| self.sum(&s.by_category, &takes))
            .collect();
        let wholes: Vec<f64> = people
            .iter()
            .map(|s| self.sum(&s.by_category, |i| self.works(i)))
            .collect();
        resamples.ratio(&parts, &wholes)
    }

    fn shares(&self, people: &[&Sums], fte: f64, year: Year) -> Result<TimeShares, CannotTell> {
        let resamples = self.resamples(people.len())?;
        let count = |takes: &dyn Fn(usize) -> bool| -> u64 {
            people
                .iter()
                .map(|s| self.sum(&s.by_category, takes))
                .sum::<f64>() as u64
        };
        let groups = self
            .time
            .groups
            .iter()
            .filter(|g| g.at_work)
            .map(|group| {
                let takes = |i: usize| self.in_group(i, |g| g.id == group.id);
                Ok(Group {
                    id: group.id.clone(),
                    title: group.title.clone(),
                    case_related: group.case_related,
                    slots: count(&takes),
                    share: self.share(&resamples, people, takes)?.ranged()?.into(),
                })
            })
            .collect::<Result<Vec<_>, CannotTell>>()?;
        let mut categories = Vec::new();
        for (place, category) in self.time.categories.iter().enumerate() {
            if !self.works(place) {
                continue;
            }
            let takes = |i: usize| i == place;
            let slots = count(&takes);
            let share = match slots {
                0 => None,
                _ => Some(self.share(&resamples, people, takes)?.ranged()?.into()),
            };
            categories.push(Category {
                id: category.id.clone(),
                group: category.group.clone(),
                title: category.title.clone(),
                flag: category.flag.clone(),
                slots,
                share,
            });
        }
        let paid = |takes: &dyn Fn(usize) -> bool| -> Vec<f64> {
            people
                .iter()
                .map(|s| self.sum(&s.paid_by_category, takes))
                .collect()
        };
        let case_paid = resamples.ratio(
            &paid(&|i| self.case_related(i) && self.available(i)),
            &paid(&|i| self.available(i)),
        )?;
        let overtime_hours: Vec<f64> = people
            .iter()
            .map(|s| s.overtime as f64 / self.slots_an_hour)
            .collect();
        let weeks: Vec<f64> = people.iter().map(|s| s.days.len() as f64 / 5.0).collect();
        let a_week: WithRange = resamples.ratio(&overtime_hours, &weeks)?.ranged()?.into();
        Ok(TimeShares {
            slots: count(&|i| self.works(i)),
            groups,
            categories,
            case_related: self
                .share(&resamples, people, |i| self.case_related(i))?
                .ranged()?
                .into(),
            case_related_paid: case_paid.ranged()?.into(),
            case_related_draws: case_paid.draws,
            overtime: Overtime {
                hours: overtime_hours.iter().sum(),
                hours_a_week: a_week,
                hours_a_year: a_week.map(|hours| hours / 5.0 * year.days * fte),
            },
        })
    }

    /// Teams that may be named, and how many may not.
    fn teams(&self, staff: &Staff, sums: &[Sums], replied: &[bool]) -> (Vec<Team>, usize) {
        let rule = &self.time.minimum_reply;
        let smallest = self.time.show.smallest_team;
        let members = |team: usize| -> Vec<usize> {
            (0..staff.members.len())
                .filter(|i| staff.members.get(*i).is_some_and(|m| m.team == team))
                .collect()
        };
        let repliers = |team: usize| -> Vec<usize> {
            members(team)
                .into_iter()
                .filter(|i| replied.get(*i).copied().unwrap_or(false))
                .collect()
        };
        let count = staff.teams.len();
        let asked: Vec<usize> = (0..count).map(|t| members(t).len()).collect();
        let answered: Vec<usize> = (0..count).map(|t| repliers(t).len()).collect();
        let mut named: Vec<bool> = asked.iter().map(|n| *n >= smallest).collect();
        hide(&asked, &mut named, smallest);
        let of = |team: usize| -> Vec<&Sums> {
            repliers(team).iter().filter_map(|i| sums.get(*i)).collect()
        };
        let why: Vec<Option<String>> = (0..count)
            .map(|t| {
                let (asked, answered) = (
                    asked.get(t).copied().unwrap_or(0),
                    answered.get(t).copied().unwrap_or(0),
                );
                if answered < smallest {
                    return Some(format!(
                        "cannot tell, because fewer than {smallest} replied"
                    ));
                }
                too_few(
                    rule,
                    asked,
                    answered,
                    of(t).iter().map(|s| s.recorded).sum(),
                )
            })
            .collect();
        let mut open: Vec<bool> = named
            .iter()
            .zip(&why)
            .map(|(named, why)| *named && why.is_none())
            .collect();
        // The rest of those who replied could be told by taking away what is shown.
        hide(&answered, &mut open, smallest);
        let mut teams = Vec::new();
        for (team, name) in staff.teams.iter().enumerate() {
            if !named.get(team).copied().unwrap_or(false) {
                continue;
            }
            let people = of(team);
            let mut cannot_tell = why.get(team).cloned().flatten();
            let mut case_related = None;
            if open.get(team).copied().unwrap_or(false) {
                let found = self
                    .resamples(people.len())
                    .and_then(|r| self.share(&r, &people, |i| self.case_related(i)))
                    .and_then(|share| share.ranged());
                match found {
                    Ok(ranged) => case_related = Some(ranged.into()),
                    Err(CannotTell(why)) => {
                        cannot_tell = Some(format!("cannot tell, because {why}"))
                    }
                }
            } else if cannot_tell.is_none() {
                cannot_tell = Some(
                    "not shown, so that a team of fewer people cannot be worked out from it"
                        .to_owned(),
                );
            }
            teams.push(Team {
                team: name.clone(),
                asked: asked.get(team).copied().unwrap_or(0),
                replied: Some(people.len()).filter(|n| *n == 0 || *n >= smallest),
                case_related,
                cannot_tell,
            });
        }
        let not_shown = count - teams.len();
        (teams, not_shown)
    }

    /// Hours for each case of each task that was timed.
    fn tasks(&self, diary: &Diary, replied: &[bool]) -> Vec<TimedTask> {
        let show = &self.time.show;
        let mut cases: BTreeMap<(usize, u32), (u64, BTreeSet<usize>)> = BTreeMap::new();
        let counts = |slot: &&Slot| {
            replied.get(slot.worker).copied().unwrap_or(false) && self.works(slot.category)
        };
        for slot in diary.slots.iter().filter(counts) {
            if let Some((case, task)) = slot.timed {
                let (slots, workers) = cases.entry((task, case)).or_default();
                *slots += 1;
                workers.insert(slot.worker);
            }
        }
        let mut timed = Vec::new();
        for (task, id) in diary.tasks.iter().enumerate() {
            let of_task = || {
                cases
                    .range((task, 0)..=(task, u32::MAX))
                    .map(|(_, found)| found)
            };
            let hours: Vec<f64> = of_task()
                .map(|(slots, _)| *slots as f64 / self.slots_an_hour)
                .collect();
            if hours.is_empty() {
                continue;
            }
            let workers: BTreeSet<usize> = of_task().flat_map(|(_, w)| w.iter().copied()).collect();
            let (found, why) = if hours.len() < show.timed_cases {
                let why = format!(
                    "cannot tell, because {} were timed and {} were needed",
                    hours.len(),
                    show.timed_cases
                );
                (None, Some(why))
            } else if workers.len() < show.timing_workers {
                let why = format!(
                    "not shown, because fewer than {} workers timed it",
                    show.timing_workers
                );
                (None, Some(why))
            } else {
                match quartiles(&hours) {
                    Ok(quartiles) => (Some(quartiles), None),
                    Err(CannotTell(why)) => (None, Some(format!("cannot tell, because {why}"))),
                }
            };
            timed.push(TimedTask {
                task: id.clone(),
                cases: hours.len(),
                hours: found,
                cannot_tell: why,
            });
        }
        timed
    }
}
