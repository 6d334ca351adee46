//! Whether there are hours enough for the work: enough, not enough, or cannot tell.

use candour_law::{QueueKind, Range, Remedies, StaffTime, Status};
use candour_stats::{Capacity, Enough, Need, Triangular, Uncertain, sufficiency};
use serde::Serialize;

use crate::activity::Activity;
use crate::backlog::Queue;
use crate::staff::WithRange;
use crate::staff::shares::{TimeReport, Year};

/// A range of the rulebook as a distribution to draw from.
///
/// # Errors
/// When its numbers are not in order.
pub fn triangular(range: Range) -> Result<Triangular, String> {
    Triangular::new(range.low, range.central, range.high).map_err(|e| e.to_string())
}

/// What one task takes.
#[derive(Clone, Debug, Serialize)]
pub struct Standard {
    pub id: String,
    pub title: String,
    pub hours: Range,
    /// Nobody has timed it: printed with "assumed" beside it, and never as a finding.
    pub assumed: bool,
    /// Timed by this council's own diaries.
    pub local: bool,
    pub source: String,
}

/// What the sums take as given: the working year, hours of each task, and a share for want of a diary.
#[derive(Clone, Debug, Serialize)]
pub struct Standards {
    /// Hours at work in a year of a full-time post.
    pub hours_a_year: Range,
    /// Whether those are the council's own.
    pub hours_assumed: bool,
    pub weeks: f64,
    pub hours_week: f64,
    /// Days away in a year: leave, sickness and the like.
    pub away_days: f64,
    /// Share of time on cases where there is no diary.
    pub share: Range,
    pub share_source: String,
    pub tasks: Vec<Standard>,
    /// What a council pays for an hour of a social worker.
    pub price: Option<Price>,
}

/// The price of an hour.
#[derive(Clone, Debug, Serialize)]
pub struct Price {
    pub pounds_an_hour: f64,
    pub price_year: String,
    pub assumed: bool,
}

/// Whose hours fill a gap.
const PRICED: &str = "social_worker";

impl Standards {
    /// As the rulebook has them: tasks of its remedies, and those that no return shows.
    pub fn of_rulebook(remedies: &Remedies, time: &StaffTime) -> Standards {
        let year = &remedies.working_year;
        let share = &remedies.share_on_cases;
        let of_remedies = remedies
            .tasks
            .iter()
            .map(|t| (&t.id, &t.title, t.hours, t.status, &t.source));
        let others = time
            .other_tasks
            .iter()
            .map(|t| (&t.id, &t.title, t.hours, t.status, &t.source));
        Standards {
            hours_a_year: year.hours,
            hours_assumed: year.status == Status::Placeholder,
            weeks: year.weeks,
            hours_week: year.hours_week,
            away_days: year.away_days.values().sum(),
            share: Range {
                low: share.low,
                central: share.central,
                high: share.high,
            },
            share_source: share.source.clone(),
            tasks: of_remedies
                .chain(others)
                .map(|(id, title, hours, status, source)| Standard {
                    id: id.clone(),
                    title: title.clone(),
                    hours,
                    assumed: status == Status::Placeholder,
                    local: false,
                    source: source.clone(),
                })
                .collect(),
            price: remedies.grade(PRICED).and_then(|grade| {
                Some(Price {
                    pounds_an_hour: grade.cost()?.pounds_an_hour.central,
                    price_year: grade.price_year.clone(),
                    assumed: grade.status == Status::Placeholder,
                })
            }),
        }
    }

    /// What turns a diary's days into a year.
    pub fn year(&self) -> Year {
        Year {
            hours_week: self.hours_week,
            days: self.days_a_year(),
        }
    }

    pub fn task(&self, id: &str) -> Option<&Standard> {
        self.tasks.iter().find(|t| t.id == id)
    }

    /// Days at work in a year of a full-time post.
    pub fn days_a_year(&self) -> f64 {
        (self.weeks * 5.0 - self.away_days).max(0.0)
    }

    /// The same with a diary's own hours in place of others, for each task that was timed often enough.
    #[must_use]
    pub fn with_diary(mut self, report: &TimeReport) -> Standards {
        for timed in &report.tasks {
            let Some([low, central, high]) = timed.hours else {
                continue;
            };
            if let Some(task) = self.tasks.iter_mut().find(|t| t.id == timed.task) {
                task.hours = Range { low, central, high };
                task.assumed = false;
                task.local = true;
                task.source = format!(
                    "the council's own diaries: median and middle half of {} cases",
                    timed.cases
                );
            }
        }
        self
    }

    /// Hours of one in a queue: of its kinds of work as they were done in the year that was counted, or of the
    /// queue's own tasks where nothing was counted.
    ///
    /// # Errors
    /// When a task is not known.
    pub fn of_queue(
        &self,
        queue: &QueueKind,
        time: &StaffTime,
        activity: &[Activity],
    ) -> Result<(Range, bool), String> {
        let (mut sum, mut times, mut assumed) = (NOTHING, 0.0, false);
        for kind in time
            .activities
            .iter()
            .filter(|a| queue.activities.contains(&a.id))
        {
            let counted = activity.iter().find(|a| a.id == kind.id && a.count > 0);
            let Some(counted) = counted else {
                continue;
            };
            let n = counted.count as f64;
            let (hours, some_assumed, _) = self.together(&kind.tasks)?;
            sum = plus(sum, hours.map(|h| h * n));
            times += n;
            assumed |= some_assumed;
        }
        if times > 0.0 {
            return Ok((sum.map(|h| h / times), assumed));
        }
        let (hours, assumed, _) = self.together(&queue.tasks)?;
        Ok((hours, assumed))
    }

    /// Several tasks as one: their hours together.
    ///
    /// # Errors
    /// When one is not known.
    pub fn together(&self, ids: &[String]) -> Result<(Range, bool, bool), String> {
        let (mut sum, mut assumed, mut local) = (NOTHING, false, true);
        for id in ids {
            let task = self
                .task(id)
                .ok_or_else(|| format!("nothing says how long the task `{id}` takes"))?;
            sum = plus(sum, task.hours);
            assumed |= task.assumed;
            local &= task.local;
        }
        Ok((sum, assumed, local))
    }
}

const NOTHING: Range = Range {
    low: 0.0,
    central: 0.0,
    high: 0.0,
};

fn plus(a: Range, b: Range) -> Range {
    Range {
        low: a.low + b.low,
        central: a.central + b.central,
        high: a.high + b.high,
    }
}

/// What the council says that no return shows.
#[derive(Clone, Debug, Default)]
pub struct Also {
    /// Cases allocated to these staff on an ordinary day.
    pub allocated: Option<u64>,
    /// Task and times in a year.
    pub counts: Vec<(String, u64)>,
    /// How much heavier cases are than the standard; 1 where nothing is said.
    pub weight: Option<f64>,
}

/// One line of the sum.
#[derive(Clone, Debug, Serialize)]
pub struct Line {
    pub title: String,
    pub times_a_year: f64,
    pub hours: Range,
    pub hours_a_year: f64,
    pub assumed: bool,
    pub local: bool,
    /// Once, to clear what waits, rather than every year.
    pub once: bool,
}

/// Hours there beside hours needed.
#[derive(Clone, Debug, Serialize)]
pub struct EnoughReport {
    pub fte: f64,
    pub hours_a_year: Range,
    pub share: WithRange,
    pub lines: Vec<Line>,
    pub keeping_up: Sum,
    /// With what waits now done within the year as well.
    pub clearing: Option<Sum>,
    /// What the sum leaves out, in words.
    pub left_out: Vec<String>,
    /// Titles of tasks whose hours nobody has timed.
    pub assumed: Vec<String>,
}

/// The sum and its answer.
#[derive(Clone, Debug, Serialize)]
pub struct Sum {
    pub available: WithRange,
    pub required: WithRange,
    pub ratio: WithRange,
    pub gap_hours: WithRange,
    pub gap_fte: WithRange,
    /// Hours to be paid for to fill the gap: times pounds an hour, its price.
    pub paid_hours: WithRange,
    /// `enough`, `not_enough`, `cannot_tell`.
    pub answer: &'static str,
}

/// The task of an allocated case in a month in which nothing happens.
pub(crate) const QUIET_MONTH: &str = "case_month_quiet";
const MONTHS: f64 = 12.0;

/// Sets the hours there beside the hours needed.
///
/// # Errors
/// Why it cannot be told, beginning "cannot tell, because".
pub fn enough(
    time: &StaffTime,
    standards: &Standards,
    report: &TimeReport,
    activity: &[Activity],
    queues: &[Queue],
    also: &Also,
) -> Result<EnoughReport, String> {
    let why = |why: String| format!("cannot tell, because {why}");
    if let Some(why) = &report.cannot_tell {
        return Err(why.clone());
    }
    let Some(shares) = &report.shares else {
        return Err(why("there is no diary".to_owned()));
    };
    let standards = standards.clone().with_diary(report);
    let weight = also.weight.unwrap_or(1.0);
    let mut left_out = Vec::new();
    let mut lines = Vec::new();
    let line = |title: &str,
                times: f64,
                tasks: &[String],
                once: bool,
                weight: f64|
     -> Result<Line, String> {
        let (hours, assumed, local) = standards.together(tasks)?;
        let hours = Range {
            low: hours.low * weight,
            central: hours.central * weight,
            high: hours.high * weight,
        };
        Ok(Line {
            title: title.to_owned(),
            times_a_year: times,
            hours,
            hours_a_year: times * hours.central,
            assumed,
            local,
            once,
        })
    };
    for kind in &time.activities {
        let found = activity.iter().find(|a| a.id == kind.id);
        match found.and_then(|a| a.a_year) {
            Some(times) if times > 0.0 => {
                lines.push(line(&kind.title, times, &kind.tasks, false, weight).map_err(why)?);
            }
            Some(_) => {}
            None => left_out.push(format!(
                "{}: {}",
                kind.title,
                found
                    .and_then(|a| a.cannot_tell.clone())
                    .unwrap_or_else(|| "the inspection does not count them".to_owned())
            )),
        }
    }
    if lines.is_empty() {
        return Err(why("the returns count no work for a year".to_owned()));
    }
    for (task, times) in &also.counts {
        let title = standards
            .task(task)
            .map_or_else(|| task.clone(), |t| t.title.clone());
        lines.push(
            line(
                &title,
                *times as f64,
                std::slice::from_ref(task),
                false,
                weight,
            )
            .map_err(why)?,
        );
    }
    for task in &time.other_tasks {
        let given = also.counts.iter().any(|(id, _)| *id == task.id);
        if task.id != QUIET_MONTH && !given {
            left_out.push(format!(
                "{}: no return counts them, and no number was given",
                task.title
            ));
        }
    }
    match also.allocated {
        Some(cases) => lines.push(
            // A quiet month is quiet however heavy the case.
            line(
                "Months of allocated cases in which nothing else happens",
                cases as f64 * MONTHS,
                &[QUIET_MONTH.to_owned()],
                false,
                1.0,
            )
            .map_err(why)?,
        ),
        None => left_out.push(
            "Allocated cases in quiet months: no return says who is allocated, and no number was given".to_owned(),
        ),
    }
    let mut waiting = Vec::new();
    for queue in queues.iter().filter(|q| q.opening > 0) {
        if let Some(kind) = time.queue(&queue.id) {
            waiting.push(
                line(&kind.title, queue.opening as f64, &kind.tasks, true, weight).map_err(why)?,
            );
        }
    }
    let capacity = Capacity {
        fte: report.fte,
        hours_a_year: standards.hours_a_year.central,
        hours_draws: Uncertain::Between(triangular(standards.hours_a_year).map_err(why)?),
        share: shares.case_related_paid.value,
        share_draws: Uncertain::Drawn(shares.case_related_draws.clone()),
    };
    let sum = |lines: &[Line]| -> Result<Sum, String> {
        let needs = lines
            .iter()
            .map(|line| {
                Ok(Need {
                    times: line.times_a_year,
                    hours: triangular(line.hours)?,
                    weight: 1.0,
                })
            })
            .collect::<Result<Vec<_>, String>>()?;
        let found = sufficiency(&capacity, &needs, time.bootstrap.draws, time.bootstrap.seed)
            .map_err(|e| e.to_string())?;
        Ok(Sum {
            available: found.available.into(),
            required: found.required.into(),
            ratio: found.ratio.into(),
            gap_hours: found.gap_hours.into(),
            gap_fte: found.gap_fte.into(),
            paid_hours: found.paid_hours.into(),
            answer: match found.answer {
                Enough::Enough => "enough",
                Enough::NotEnough => "not_enough",
                Enough::CannotTell => "cannot_tell",
            },
        })
    };
    let keeping_up = sum(&lines).map_err(why)?;
    lines.extend(waiting);
    let clearing = if lines.iter().any(|l| l.once) {
        Some(sum(&lines).map_err(why)?)
    } else {
        None
    };
    let mut assumed: Vec<String> = lines
        .iter()
        .filter(|l| l.assumed)
        .map(|l| l.title.clone())
        .collect();
    assumed.dedup();
    Ok(EnoughReport {
        fte: report.fte,
        hours_a_year: standards.hours_a_year,
        share: shares.case_related_paid,
        lines,
        keeping_up,
        clearing,
        left_out,
        assumed,
    })
}
