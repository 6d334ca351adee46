//! Staff time and what waits, in plain words, for `candour resources`.

use std::io::Write;
use std::path::PathBuf;

use candour_inspect::says::{a_week, date, people, thousands};
use candour_inspect::staff::{
    Also, Diary, EnoughReport, Staff, Standards, Sum, TimeReport, WithRange, enough, time_report,
    triangular,
};
use candour_inspect::{Activity, ForecastText, Queue};
use candour_law::{QueueKind, Rulebook, StaffTime};
use candour_record::Day;
use candour_stats::{CannotTell, PostWork, Uncertain};
use clap::Args as ClapArgs;
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// What can be said of staff, their time and what waits.
#[derive(ClapArgs, Clone, Default)]
pub(crate) struct StaffArgs {
    /// Time diaries (CSV: worker, team, date, slot, category, and if you like case, task, overtime)
    #[arg(long, value_name = "FILE", num_args = 1.., requires = "staff")]
    pub diary: Vec<PathBuf>,
    /// Everybody who was asked to keep one (CSV: worker, team, grade, fte, and if you like hours_week)
    #[arg(long, value_name = "FILE", requires = "diary")]
    pub staff: Option<PathBuf>,
    /// Working days that each person was asked to write down; by default the rulebook's
    #[arg(long, value_name = "DAYS", requires = "diary", value_parser = clap::value_parser!(u32).range(1..=60))]
    pub diary_days: Option<u32>,
    /// Full-time posts on a queue: care_reviews=12, assessments=9. A number alone is for care reviews
    #[arg(long, value_name = "[QUEUE=]N", value_parser = posts)]
    pub posts: Vec<(String, f64)>,
    /// Say how many posts clear each queue by this day (YYYY-MM-DD)
    #[arg(long, value_name = "DATE")]
    pub by: Option<Day>,
    /// Cases allocated to these staff on an ordinary day
    #[arg(long, value_name = "N", requires = "diary")]
    pub allocated: Option<u64>,
    /// Work in a year that no return counts, such as safeguarding_enquiry=110; may be given several times
    #[arg(long, value_name = "TASK=N", value_parser = count, requires = "diary")]
    pub count: Vec<(String, u64)>,
    /// How many cases in a hundred are of each complexity, such as low=20,medium=50,high=25,very_high=5
    #[arg(long, value_name = "MIX", requires = "diary")]
    pub complexity: Option<String>,
}

fn posts(text: &str) -> Result<(String, f64), String> {
    let (queue, number) = text.split_once('=').unwrap_or(("care_reviews", text));
    match number.parse::<f64>() {
        Ok(posts) if (0.0..=10_000.0).contains(&posts) => Ok((queue.to_owned(), posts)),
        _ => Err("posts are a number, such as 12 or assessments=9.5".into()),
    }
}

fn count(text: &str) -> Result<(String, u64), String> {
    let (task, number) = text
        .split_once('=')
        .ok_or("give it as TASK=N, such as safeguarding_enquiry=110")?;
    match number.parse::<u64>() {
        Ok(times) if times <= 10_000_000 => Ok((task.to_owned(), times)),
        _ => Err("how often is a whole number".into()),
    }
}

impl StaffArgs {
    /// Whether anything of it was asked for.
    pub fn asked(&self) -> bool {
        !self.diary.is_empty() || !self.posts.is_empty() || self.by.is_some()
    }

    /// How much heavier cases are than the standard one.
    fn weight(&self, time: &StaffTime) -> Result<Option<f64>, Failure> {
        let Some(mix) = &self.complexity else {
            return Ok(None);
        };
        let (mut all, mut sum) = (0.0, 0.0);
        for part in mix.split(',') {
            let (id, share) = part.split_once('=').unwrap_or((part, ""));
            let known = time.complexities.iter().find(|c| c.id == id.trim());
            let share = share
                .trim()
                .parse::<f64>()
                .ok()
                .filter(|x| x.is_finite() && *x >= 0.0);
            let (Some(known), Some(share)) = (known, share) else {
                let ids: Vec<&str> = time.complexities.iter().map(|c| c.id.as_str()).collect();
                return Err(Failure::Usage(format!(
                    "--complexity takes numbers for {}, such as low=20,medium=80",
                    ids.join(", ")
                )));
            };
            all += share;
            sum += share * known.factor;
        }
        if all <= 0.0 {
            return Err(Failure::Usage("--complexity adds up to nothing".to_owned()));
        }
        Ok(Some(sum / all))
    }
}

/// What of `inspection.json` is needed here.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Waiting {
    #[serde(default)]
    pub activity: Vec<Activity>,
    #[serde(default)]
    pub backlog: Vec<Queue>,
}

/// Everything that was found, as it is printed; for JSON as well.
#[derive(Serialize)]
pub(crate) struct StaffAnswer {
    pub time: Option<TimeReport>,
    pub enough: Option<EnoughReport>,
    pub enough_cannot_tell: Option<String>,
    pub queues: Vec<QueueAnswer>,
    #[serde(skip)]
    share: WithRange,
    #[serde(skip)]
    share_from_diary: bool,
    #[serde(skip)]
    standards: Standards,
}

/// A queue under given posts.
#[derive(Serialize)]
pub(crate) struct QueueAnswer {
    pub queue: String,
    /// What a full-time post does in a week, working on nothing else.
    pub a_post_does_a_week: Option<WithRange>,
    pub hours_assumed: bool,
    pub with_posts: Vec<WithPosts>,
    pub by: Option<String>,
    /// Certainty and posts.
    pub posts_needed: Vec<(f64, f64)>,
    pub cannot_tell: Option<String>,
}

#[derive(Serialize)]
pub(crate) struct WithPosts {
    pub posts: f64,
    pub forecast: ForecastText,
}

const CERTAINTIES: [f64; 3] = [0.5, 0.8, 0.9];

/// Reads the diaries and works everything out.
///
/// # Errors
/// When a file cannot be read, a name is not known, or the rulebook has no `staff_time.toml`. What cannot be
/// told is no error: it is part of the answer.
pub(crate) fn answer(
    args: &StaffArgs,
    rulebook: &Rulebook,
    standards: &Standards,
    waiting: &Waiting,
) -> Result<StaffAnswer, Failure> {
    let time = rulebook.staff_time.as_ref().ok_or(Failure::NoStaffTime)?;
    for (queue, _) in &args.posts {
        if time.queue(queue).is_none() {
            let ids: Vec<&str> = time.queues.iter().map(|q| q.id.as_str()).collect();
            return Err(Failure::Usage(format!(
                "--posts: there is no queue of that name; there are {}",
                ids.join(", ")
            )));
        }
    }
    for (task, _) in &args.count {
        if standards.task(task).is_none() {
            let ids: Vec<&str> = standards.tasks.iter().map(|t| t.id.as_str()).collect();
            return Err(Failure::Usage(format!(
                "--count: there is no task of that name; there are {}",
                ids.join(", ")
            )));
        }
    }
    let weight = args.weight(time)?;
    let mut report = None;
    let mut found = None;
    let mut why_not = None;
    let mut standards = standards.clone();
    if let Some(list) = &args.staff {
        let staff = Staff::read(list)?;
        let tasks: Vec<&str> = standards.tasks.iter().map(|t| t.id.as_str()).collect();
        let diary = Diary::read(&args.diary, &staff, time, &tasks)?;
        let told = time_report(&staff, &diary, time, standards.year(), args.diary_days);
        let also = Also {
            allocated: args.allocated,
            counts: args.count.clone(),
            weight,
        };
        match enough(
            time,
            &standards,
            &told,
            &waiting.activity,
            &waiting.backlog,
            &also,
        ) {
            Ok(answer) => found = Some(answer),
            Err(why) => why_not = Some(why),
        }
        standards = standards.with_diary(&told);
        report = Some(told);
    }
    let diary_share = report.as_ref().and_then(|r| r.shares.as_ref());
    let (share, draws) = match diary_share {
        Some(shares) => (
            shares.case_related_paid,
            Uncertain::Drawn(shares.case_related_draws().to_vec()),
        ),
        None => {
            let range = standards.share;
            let known = triangular(range).map_err(Failure::Usage)?;
            let ends = |tail: f64| [known.quantile(tail), known.quantile(1.0 - tail)];
            let share = WithRange {
                value: range.central,
                range80: ends(0.1),
                range95: ends(0.025),
            };
            (share, Uncertain::Between(known))
        }
    };
    let basis = Basis {
        args,
        time,
        standards: &standards,
        share: &draws,
        activity: &waiting.activity,
    };
    let queues = waiting
        .backlog
        .iter()
        .filter_map(|queue| Some((queue, time.queue(&queue.id)?)))
        .map(|(queue, kind)| basis.queue_answer(queue, kind))
        .collect();
    Ok(StaffAnswer {
        share_from_diary: diary_share.is_some(),
        time: report,
        enough: found,
        enough_cannot_tell: why_not,
        queues,
        share,
        standards,
    })
}

/// What every queue is answered from.
struct Basis<'a> {
    args: &'a StaffArgs,
    time: &'a StaffTime,
    standards: &'a Standards,
    /// Of a post's time, what goes on cases.
    share: &'a Uncertain,
    activity: &'a [Activity],
}

impl Basis<'_> {
    fn queue_answer(&self, queue: &Queue, kind: &QueueKind) -> QueueAnswer {
        let mut answer = QueueAnswer {
            queue: queue.id.clone(),
            a_post_does_a_week: None,
            hours_assumed: false,
            with_posts: Vec::new(),
            by: self.args.by.map(|day| day.to_string()),
            posts_needed: Vec::new(),
            cannot_tell: None,
        };
        if let Err(why) = self.fill(queue, kind, &mut answer) {
            let why = why.strip_prefix("cannot tell, because ").unwrap_or(&why);
            answer.cannot_tell = Some(format!("cannot tell, because {why}"));
        }
        answer
    }

    fn fill(
        &self,
        queue: &Queue,
        kind: &QueueKind,
        answer: &mut QueueAnswer,
    ) -> Result<(), String> {
        let Basis {
            args,
            time,
            standards,
            share,
            activity,
        } = *self;
        let told = |e: CannotTell| e.to_string();
        let as_of: Day = queue.as_of.parse()?;
        let (hours, assumed) = standards.of_queue(kind, time, activity)?;
        answer.hours_assumed = assumed;
        // A full week of work is what is left of the year, spread over it.
        let a_week = candour_law::Range {
            low: standards.hours_a_year.low / standards.weeks,
            central: standards.hours_a_year.central / standards.weeks,
            high: standards.hours_a_year.high / standards.weeks,
        };
        let spread = queue.done.map_or(0.0, |done| {
            if done.mean > 0.0 {
                done.variance / (done.mean * done.mean)
            } else {
                0.0
            }
        });
        let work = PostWork {
            hours_a_week: Uncertain::Between(triangular(a_week)?),
            share: share.clone(),
            hours_each: Uncertain::Between(triangular(hours)?),
            relative_variance: spread,
        };
        // Seven days to a week: the last whole week before the day.
        let week = args.by.map(|by| by.since(as_of).div_euclid(7));
        let ahead = time.forecast.weeks_ahead;
        let ahead = match week {
            Some(week) => ahead.max(usize::try_from(week).unwrap_or(0)),
            None => ahead,
        };
        let simulation = queue.simulation(time, ahead).map_err(told)?;
        answer.a_post_does_a_week = Some(simulation.done_by_a_post(&work).map_err(told)?.into());
        for (id, posts) in &args.posts {
            if *id == queue.id {
                let forecast = simulation.with_posts(*posts, &work).map_err(told)?;
                answer.with_posts.push(WithPosts {
                    posts: *posts,
                    forecast: ForecastText::new(&forecast, as_of),
                });
            }
        }
        if let Some(week) = week {
            let week = usize::try_from(week)
                .ok()
                .filter(|week| *week > 0)
                .ok_or("the day to clear it by is not a week after the day of the record")?;
            for certainty in CERTAINTIES {
                let posts = simulation
                    .posts_needed(&work, week, certainty)
                    .map_err(told)?;
                answer.posts_needed.push((certainty, posts));
            }
        }
        Ok(())
    }
}

/// Prints staff time, whether there are hours enough, and what waits under given posts.
///
/// # Errors
/// When it cannot be printed.
pub(crate) fn print(
    out: &mut impl Write,
    rulebook: &Rulebook,
    waiting: &Waiting,
    answer: &StaffAnswer,
) -> Result<(), Failure> {
    let Some(time) = &rulebook.staff_time else {
        return Ok(());
    };
    if let Some(report) = &answer.time {
        staff_time(out, time, report, &answer.standards)?;
        writeln!(out, "\nEnough hours?")?;
        match (&answer.enough, &answer.enough_cannot_tell) {
            (Some(found), _) => hours_enough(out, found, &answer.standards)?,
            (None, Some(why)) => writeln!(out, "  {}.", capital(why))?,
            (None, None) => {}
        }
    }
    writeln!(out, "\nWhat waits")?;
    if waiting.backlog.is_empty() {
        writeln!(
            out,
            "  Cannot tell, because this inspection counted no queue."
        )?;
    }
    if !answer.queues.is_empty() {
        let [low, high] = answer.share.range80;
        writeln!(
            out,
            "  A post’s time on cases: {} ({} to {}), {}.",
            percent(answer.share.value),
            percent(low),
            percent(high),
            if answer.share_from_diary {
                "from the diaries"
            } else {
                "assumed, for want of a diary"
            }
        )?;
    }
    for queue in &waiting.backlog {
        if let Some(found) = answer.queues.iter().find(|found| found.queue == queue.id) {
            one_queue(out, time, queue, found)?;
        }
    }
    for limit in Queue::limits() {
        writeln!(out, "  {limit}")?;
    }
    Ok(())
}

fn capital(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

fn percent(share: f64) -> String {
    format!("{:.0}%", share * 100.0)
}

/// `63% (60% to 66%; 59% to 68%)`: the 80% range, then the 95% range.
fn ranged(share: WithRange) -> String {
    let [low, high] = share.range80;
    let [lower, higher] = share.range95;
    format!(
        "{} ({} to {}; {} to {})",
        percent(share.value),
        percent(low),
        percent(high),
        percent(lower),
        percent(higher)
    )
}

/// Pounds to three figures: no such sum is known more exactly.
fn pounds(n: f64) -> String {
    let step = 10f64.powf((n.abs().max(1.0).log10().floor() - 2.0).max(0.0));
    format!("£{}", thousands((n / step).round() * step))
}

fn hours(n: f64) -> String {
    if n < 99.95 {
        format!("{n:.1}")
    } else {
        thousands(n)
    }
}

fn counted(
    out: &mut impl Write,
    what: &str,
    rows: &candour_inspect::staff::Counted,
) -> Result<(), Failure> {
    writeln!(
        out,
        "  {what}: {} rows = {} used + {} set aside",
        thousands(rows.rows as f64),
        thousands(rows.used as f64),
        thousands(rows.set_aside_in_all() as f64)
    )?;
    for (why, n) in &rows.set_aside {
        writeln!(out, "    set aside, {why}: {n}")?;
    }
    for (why, n) in &rows.cells_ignored {
        writeln!(out, "    used, but not {why}: {n}")?;
    }
    Ok(())
}

fn staff_time(
    out: &mut impl Write,
    time: &StaffTime,
    report: &TimeReport,
    standards: &Standards,
) -> Result<(), Failure> {
    let reply = &report.reply;
    writeln!(out, "\nStaff time")?;
    counted(out, "Staff list", &report.staff)?;
    counted(out, "Diaries", &report.diary)?;
    writeln!(
        out,
        "  {} of {} workers replied ({}), with at least {} of the {} days that each was asked for{}.",
        reply.replied,
        reply.asked,
        percent(reply.replied as f64 / reply.asked.max(1) as f64),
        percent(time.minimum_reply.share_of_diary),
        reply.days_asked,
        if reply.partly > 0 {
            "; others wrote down less, which is not used"
        } else {
            ""
        }
    )?;
    if let (Some(first), Some(last)) = (&reply.first_day, &reply.last_day) {
        writeln!(
            out,
            "  {} slots of {} minutes, on {} days from {} to {}.",
            thousands(reply.slots as f64),
            reply.slot_minutes,
            reply.days,
            date(first),
            date(last)
        )?;
    }
    if !report.teams.is_empty() {
        writeln!(
            out,
            "  By team: replies; share of time on cases (80% range; 95% range)"
        )?;
        for team in &report.teams {
            let replies = match team.replied {
                Some(n) => format!(
                    "{n} of {} ({})",
                    team.asked,
                    percent(n as f64 / team.asked.max(1) as f64)
                ),
                None => format!("fewer than {} of {}", time.show.smallest_team, team.asked),
            };
            let share = match (&team.case_related, &team.cannot_tell) {
                (Some(share), _) => ranged(*share),
                (None, why) => why.clone().unwrap_or_default(),
            };
            writeln!(out, "    {}: {replies}; {share}", team.team)?;
        }
    }
    if report.teams_not_shown > 0 {
        writeln!(
            out,
            "    Not shown: {}, with fewer than {} people, or because such a team could be worked out from them.",
            if report.teams_not_shown == 1 {
                "1 team".to_owned()
            } else {
                format!("{} teams", report.teams_not_shown)
            },
            time.show.smallest_team
        )?;
    }
    let Some(shares) = &report.shares else {
        let why = report.cannot_tell.as_deref().unwrap_or("cannot tell");
        writeln!(out, "  What time goes on: {why}.")?;
        return Ok(());
    };
    writeln!(
        out,
        "  What time goes on: share of time at work (80% range; 95% range)"
    )?;
    for group in &shares.groups {
        writeln!(out, "    {}: {}", group.title, ranged(group.share))?;
        for category in shares.categories.iter().filter(|c| c.group == group.id) {
            let share = category
                .share
                .map_or_else(|| "nobody wrote it down".to_owned(), ranged);
            writeln!(out, "      {} {}: {share}", category.id, category.title)?;
        }
    }
    writeln!(
        out,
        "    On cases altogether: {}",
        ranged(shares.case_related)
    )?;
    writeln!(
        out,
        "    The same of paid time, days of training left out as the working year has them: {}",
        ranged(shares.case_related_paid)
    )?;
    let over = &shares.overtime;
    let ([low, high], [year_low, year_high]) =
        (over.hours_a_week.range80, over.hours_a_year.range80);
    writeln!(
        out,
        "  Unpaid hours: {} in the diaries, {:.1} a week for each person ({low:.1} to {high:.1}). For everybody who was asked, about {} a year ({} to {}), which the council gets for nothing.",
        hours(over.hours),
        over.hours_a_week.value,
        thousands(over.hours_a_year.value),
        thousands(year_low),
        thousands(year_high)
    )?;
    if let Some(price) = &standards.price {
        writeln!(
            out,
            "    They would cost about {} a year at £{} an hour in {} prices.",
            pounds(over.hours_a_year.value * price.pounds_an_hour),
            price.pounds_an_hour,
            price.price_year
        )?;
    }
    writeln!(
        out,
        "  What would be freed, of all time at work, if each were halved:"
    )?;
    for category in shares
        .categories
        .iter()
        .filter(|c| c.flag.is_some() || c.group == "travel")
    {
        if let Some(share) = category.share {
            writeln!(out, "    {}: {:.1}%", category.title, share.value * 50.0)?;
        }
    }
    if report.tasks.is_empty() {
        writeln!(out, "  Hours for each task: none was timed.")?;
    } else {
        writeln!(out, "  Hours for each task: median (middle half)")?;
    }
    for task in &report.tasks {
        let title = standards
            .task(&task.task)
            .map_or(task.task.as_str(), |t| t.title.as_str());
        match (&task.hours, &task.cannot_tell) {
            (Some([low, middle, high]), _) => writeln!(
                out,
                "    {title}: {middle:.2} ({low:.2} to {high:.2}), {} cases; it takes the place of the standard",
                task.cases
            )?,
            (None, why) => writeln!(out, "    {title}: {}", why.as_deref().unwrap_or_default())?,
        }
    }
    writeln!(
        out,
        "    A task that was begun before the diary or ended after it counts short; one case is counted once for each task."
    )?;
    writeln!(out, "  Published figures, to compare and not to copy:")?;
    for benchmark in &time.benchmarks {
        for figure in &benchmark.figures {
            let here = (!figure.compare.is_empty()).then(|| {
                let of = |id: &String| {
                    let found = shares.categories.iter().find(|c| c.id == *id);
                    found.and_then(|c| c.share).map_or(0.0, |s| s.value)
                };
                format!("; here {}", percent(figure.compare.iter().map(of).sum()))
            });
            writeln!(
                out,
                "    {:.1}% {}{} ({}, {})",
                figure.share * 100.0,
                figure.what,
                here.unwrap_or_default(),
                benchmark.what,
                benchmark.status
            )?;
        }
    }
    Ok(())
}

fn hours_enough(
    out: &mut impl Write,
    found: &EnoughReport,
    standards: &Standards,
) -> Result<(), Failure> {
    let year = found.hours_a_year;
    writeln!(
        out,
        "  {:.1} full-time posts × {} hours a year ({} to {}{}) × {} on cases = {} hours there.",
        found.fte,
        thousands(year.central),
        thousands(year.low),
        thousands(year.high),
        if standards.hours_assumed {
            ", assumed"
        } else {
            ""
        },
        percent(found.share.value),
        thousands(found.keeping_up.available.value)
    )?;
    writeln!(out, "  Needed in a year:")?;
    for line in &found.lines {
        writeln!(
            out,
            "    {}{}: {} × {:.2} hours ({:.2} to {:.2}{}) = {}",
            if line.once { "Once: " } else { "" },
            line.title,
            thousands(line.times_a_year),
            line.hours.central,
            line.hours.low,
            line.hours.high,
            if line.assumed {
                ", assumed"
            } else if line.local {
                ", from the diaries"
            } else {
                ""
            },
            thousands(line.hours_a_year)
        )?;
    }
    sum(out, "To keep up", &found.keeping_up, found, standards)?;
    if let Some(clearing) = &found.clearing {
        sum(
            out,
            "To keep up, and clear in a year what waits",
            clearing,
            found,
            standards,
        )?;
    }
    writeln!(
        out,
        "  This holds only if the staff list names everybody who does this work: the return counts the work of the whole council."
    )?;
    if !found.left_out.is_empty() {
        writeln!(out, "  Left out, so that more is needed than this says:")?;
        for what in &found.left_out {
            writeln!(out, "    {what}")?;
        }
    }
    Ok(())
}

fn sum(
    out: &mut impl Write,
    what: &str,
    sum: &Sum,
    found: &EnoughReport,
    standards: &Standards,
) -> Result<(), Failure> {
    let [low, high] = sum.ratio.range80;
    let words = match sum.answer {
        "enough" => "enough",
        "not_enough" => "not enough",
        _ => "cannot tell, because the range has 1 inside it",
    };
    writeln!(
        out,
        "  {what}: {words}{}. Hours there are {:.2} of {} hours needed ({low:.2} to {high:.2}, four times out of five).",
        if found.assumed.is_empty() {
            ""
        } else {
            ", as far as assumed hours can say"
        },
        sum.ratio.value,
        thousands(sum.required.value)
    )?;
    if sum.gap_hours.value > 0.0 {
        let ([low, high], [fewest, most]) = (sum.gap_hours.range80, sum.gap_fte.range80);
        writeln!(
            out,
            "    Missing: {} hours a year ({} to {}), {:.1} full-time posts ({fewest:.1} to {most:.1}).",
            thousands(sum.gap_hours.value),
            thousands(low),
            thousands(high),
            sum.gap_fte.value
        )?;
        if let Some(price) = &standards.price {
            let [low, high] = sum
                .paid_hours
                .range80
                .map(|hours| hours * price.pounds_an_hour);
            writeln!(
                out,
                "    Price: about {} a year ({} to {}) at £{} for a whole hour at work, not only its part on cases, in {} prices{}.",
                pounds(sum.paid_hours.value * price.pounds_an_hour),
                pounds(low),
                pounds(high),
                price.pounds_an_hour,
                price.price_year,
                if price.assumed { ", assumed" } else { "" }
            )?;
        }
    }
    Ok(())
}

fn one_queue(
    out: &mut impl Write,
    time: &StaffTime,
    queue: &Queue,
    found: &QueueAnswer,
) -> Result<(), Failure> {
    writeln!(out, "\n  {}", queue.title)?;
    let flows = queue
        .says_flows()
        .map_or_else(String::new, |s| format!(" {s}"));
    writeln!(out, "    {}{flows}", queue.says_opening())?;
    if let Some(target) = queue.says_target() {
        writeln!(out, "    {target}")?;
    }
    if let Some(forecast) = &queue.at_todays_pace {
        writeln!(out, "    At today’s pace: {}", queue.says_when(forecast))?;
    }
    if let Some(why) = &found.cannot_tell {
        writeln!(out, "    {}.", capital(why))?;
        return Ok(());
    }
    let each = time
        .queue(&queue.id)
        .map_or("one", |kind| kind.each.as_str());
    if let Some(does) = found.a_post_does_a_week {
        let [low, high] = does.range80;
        writeln!(
            out,
            "    A full-time post on nothing else does {each} about {} times a week ({} to {}{}).",
            a_week(does.value),
            a_week(low),
            a_week(high),
            if found.hours_assumed {
                "; its hours are assumed"
            } else {
                ""
            }
        )?;
    }
    for with in &found.with_posts {
        writeln!(
            out,
            "    With {} full-time posts on it: {}",
            post_count(with.posts),
            queue.says_when(&with.forecast)
        )?;
        let weeks = with
            .forecast
            .weeks
            .iter()
            .filter(|w| [12, 24, 52, 104].contains(&w.week));
        for week in weeks {
            let ([low, high], [lower, higher]) = (week.queue.range80, week.queue.range95);
            writeln!(
                out,
                "      {}: {} ({} to {}; {} to {})",
                date(&week.date),
                people(week.queue.value),
                people(low),
                people(high),
                people(lower),
                people(higher)
            )?;
        }
    }
    if let (Some(by), false) = (&found.by, found.posts_needed.is_empty()) {
        let needed: Vec<String> = found
            .posts_needed
            .iter()
            .enumerate()
            .map(|(place, (certainty, posts))| {
                // Rounded up: fewer would not do.
                let posts = post_count((posts * 10.0).ceil() / 10.0);
                match place {
                    0 => format!(
                        "{posts} full-time posts on it with {} certainty",
                        percent(*certainty)
                    ),
                    _ => format!("{posts} with {}", percent(*certainty)),
                }
            })
            .collect();
        writeln!(
            out,
            "    To clear it by {} takes {}{}.",
            date(by),
            needed.join(", "),
            if found.hours_assumed {
                ", by assumed hours"
            } else {
                ""
            }
        )?;
    }
    Ok(())
}

fn post_count(posts: f64) -> String {
    if posts.fract().abs() < 1e-9 {
        format!("{posts:.0}")
    } else {
        format!("{posts:.1}")
    }
}
