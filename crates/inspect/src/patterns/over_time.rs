//! One rate over time: whether and when it changed, by how much, allowing for who came.

use std::collections::BTreeMap;
use std::f64::consts::TAU;

use candour_record::{Day, Interval};
use candour_stats::{
    Bin, CannotTell, ChangePoint, Design, Direction, Fit, change_point, linear_regression,
    logistic_regression, xmr,
};

use super::gather::{Decision, MIX, Mix, Package};
use super::numbers::Numbers;
use crate::figures::{ChangeMark, Limits, Series, SeriesPoint, Unit};

const WEEK: i64 = 7;

/// Weeks of coverage, the last of which ends on its last day. Days before the first whole week are left out.
#[derive(Clone, Copy)]
pub(crate) struct Weeks {
    pub start: Day,
    pub count: usize,
}

impl Weeks {
    pub fn of(covered: Interval) -> Weeks {
        let count = if covered.is_empty() {
            0
        } else {
            (covered.end.since(covered.start) + 1) / WEEK
        };
        Weeks {
            start: covered.end.plus(1 - count * WEEK),
            count: usize::try_from(count).unwrap_or(0),
        }
    }

    pub fn week(self, day: Day) -> Option<usize> {
        let days = day.since(self.start);
        let week = usize::try_from(days.div_euclid(WEEK)).ok()?;
        (days >= 0 && week < self.count).then_some(week)
    }

    pub fn first_day(self, week: usize) -> Day {
        self.start.plus(week as i64 * WEEK)
    }
}

/// What a rate is and how it is looked at.
pub(crate) struct Question {
    pub id: &'static str,
    pub title: String,
    /// "found eligible".
    pub counted: &'static str,
    /// "needs assessments".
    pub of: &'static str,
    /// The way that would be worse.
    pub worse: Direction,
    pub covered: Interval,
    pub level: f64,
    /// A change smaller than this raises no alarm.
    pub least: f64,
}

/// What became of it.
pub(crate) struct OverTime {
    pub found: ChangePoint,
    pub alarm: bool,
    pub worse: Direction,
    pub level: f64,
    /// First day after the change, or of the last half-year where nothing alarms.
    pub since: Day,
    pub since_interval: [Day; 2],
    /// Change of the rate (a share, or a share of the former size), and its 95% interval.
    pub size: f64,
    pub interval: [f64; 2],
    /// Adjusted rate before, for the people who came after.
    pub before: f64,
    pub after: f64,
    pub decided_after: u64,
    /// Interrupted time series: jump, and change of slope a month.
    pub level_change: Option<Term>,
    pub slope_change: Option<Term>,
    pub series: Series,
    /// For each place: seen and expected after the change, and the expectation's variance.
    pub expected_after: Vec<Expected>,
}

/// An estimate and its 95% interval.
#[derive(Clone, Copy)]
pub(crate) struct Term {
    pub value: f64,
    pub low: f64,
    pub high: f64,
}

/// One decision after the change, with the chance the model gave it (change and all).
#[derive(Clone, Copy)]
pub(crate) struct Expected {
    pub person: u32,
    pub yes: bool,
    pub share: f64,
}

/// Dummies for the case mix: for each of its parts the groups that are large enough, the largest left out.
pub(crate) struct Coding {
    groups: Vec<Vec<u8>>,
    pub columns: usize,
}

impl Coding {
    /// The part of the mix at `skip` is left out.
    pub fn of<'a>(
        mixes: impl Iterator<Item = &'a Mix>,
        least: usize,
        skip: Option<usize>,
    ) -> Coding {
        let mut counts: [BTreeMap<u8, usize>; MIX] = Default::default();
        for mix in mixes {
            for (count, code) in counts.iter_mut().zip(mix) {
                *count.entry(*code).or_insert(0) += 1;
            }
        }
        let mut columns = 0;
        let groups = counts
            .iter()
            .enumerate()
            .map(|(part, counts)| {
                if Some(part) == skip {
                    return Vec::new();
                }
                let largest = counts
                    .iter()
                    .max_by_key(|(_, n)| **n)
                    .map(|(code, _)| *code);
                let kept: Vec<u8> = counts
                    .iter()
                    .filter(|(code, n)| **n >= least && Some(**code) != largest)
                    .map(|(code, _)| *code)
                    .collect();
                columns += kept.len();
                kept
            })
            .collect();
        Coding { groups, columns }
    }

    /// The values of a mix, without the constant.
    pub fn values<'a>(&'a self, mix: &'a Mix) -> impl Iterator<Item = f64> + 'a {
        self.groups
            .iter()
            .zip(mix)
            .flat_map(|(kept, code)| kept.iter().map(move |k| f64::from(u8::from(k == code))))
    }
}

fn season(day: Day) -> [f64; 2] {
    let turn = TAU * f64::from(day.0) / 365.25;
    [turn.sin(), turn.cos()]
}

/// Decisions of one week and case mix.
struct Cell {
    week: usize,
    mix: Mix,
    yes: f64,
    all: f64,
}

/// The model's covariates: a constant, the case mix, and the season where the record is long enough to know it.
struct Model {
    coding: Coding,
    seasonal: bool,
    weeks: Weeks,
}

impl Model {
    fn columns(&self) -> usize {
        1 + self.coding.columns + if self.seasonal { 2 } else { 0 }
    }

    fn row(&self, week: usize, mix: &Mix, extra: &[f64]) -> Vec<f64> {
        let mut row = Vec::with_capacity(self.columns() + extra.len());
        row.push(1.0);
        row.extend(self.coding.values(mix));
        if self.seasonal {
            row.extend(season(self.weeks.first_day(week).plus(3)));
        }
        row.extend_from_slice(extra);
        row
    }
}

fn enough(weeks: Weeks, decisions: usize, numbers: &Numbers<'_>) -> Result<(), CannotTell> {
    let least = numbers.count("least_weeks");
    if weeks.count < least {
        return Err(CannotTell::new(format!(
            "the record covers {} weeks, and {least} are needed",
            weeks.count
        )));
    }
    let least = numbers.count("least_decisions");
    if decisions < least {
        return Err(CannotTell::new(format!(
            "there are too few decisions to tell a change from chance: {least} are needed"
        )));
    }
    Ok(())
}

/// A share over time.
pub(crate) fn share_over_time(
    decisions: &[Decision],
    question: Question,
    numbers: &Numbers<'_>,
) -> Result<OverTime, CannotTell> {
    let weeks = Weeks::of(question.covered);
    let inside: Vec<(usize, &Decision)> = decisions
        .iter()
        .filter_map(|d| Some((weeks.week(d.day)?, d)))
        .collect();
    enough(weeks, inside.len(), numbers)?;
    let model = Model {
        coding: Coding::of(
            inside.iter().map(|(_, d)| &d.mix),
            numbers.count("group_least"),
            None,
        ),
        seasonal: weeks.count >= numbers.count("season_weeks"),
        weeks,
    };
    let cells = cells(&inside);
    let null = fit(&model, &cells, |_| Vec::new())?;
    let columns = model.columns();
    let mut bins = vec![Bin::empty(columns); weeks.count];
    for cell in &cells {
        let row = model.row(cell.week, &cell.mix, &[]);
        let p = null.share(&row);
        if let Some(bin) = bins.get_mut(cell.week) {
            bin.add(cell.yes - cell.all * p, cell.all * p * (1.0 - p), &row);
        }
    }
    let found = change_point(
        &bins,
        &null.covariance,
        question.worse,
        numbers.count("weeks_before"),
        numbers.count("weeks_after"),
    )?;
    let stepped = |at: usize| {
        fit(&model, &cells, move |week| {
            vec![f64::from(u8::from(week >= at))]
        })
    };
    let worse = |size: f64| match question.worse {
        Direction::Fall => -size,
        Direction::Rise => size,
    };
    let mut at = found.bin;
    let mut with_step = stepped(at)?;
    let mut effect = Effect::of(&model, &cells, &with_step, at, found.dispersion);
    let alarm = found.p <= question.level && worse(effect.size) >= question.least;
    if !alarm {
        at = weeks.count.saturating_sub(numbers.count("recent_weeks"));
        with_step = stepped(at)?;
        effect = Effect::of(&model, &cells, &with_step, at, found.dispersion);
    }
    let (level_change, slope_change) = if alarm {
        interrupted(&model, &cells, at, found.dispersion, &effect)
    } else {
        (None, None)
    };
    let series = series(
        &inside,
        &model,
        &with_step,
        at,
        alarm,
        &found,
        question.id,
        &question,
    );
    let expected_after = inside
        .iter()
        .filter(|(week, _)| *week >= at)
        .map(|(week, d)| Expected {
            person: d.person,
            yes: d.yes,
            share: with_step.share(&model.row(*week, &d.mix, &[1.0])),
        })
        .collect();
    Ok(OverTime {
        alarm,
        worse: question.worse,
        level: question.level,
        since: weeks.first_day(at),
        since_interval: [weeks.first_day(found.from), weeks.first_day(found.to)],
        size: effect.size,
        interval: effect.interval,
        before: effect.before,
        after: effect.before + effect.size,
        decided_after: effect.all,
        level_change,
        slope_change,
        series,
        expected_after,
        found,
    })
}

fn cells(inside: &[(usize, &Decision)]) -> Vec<Cell> {
    let mut counts: BTreeMap<(usize, Mix), (f64, f64)> = BTreeMap::new();
    for (week, d) in inside {
        let cell = counts.entry((*week, d.mix)).or_default();
        cell.0 += f64::from(u8::from(d.yes));
        cell.1 += 1.0;
    }
    counts
        .into_iter()
        .map(|((week, mix), (yes, all))| Cell {
            week,
            mix,
            yes,
            all,
        })
        .collect()
}

fn fit(
    model: &Model,
    cells: &[Cell],
    extra: impl Fn(usize) -> Vec<f64>,
) -> Result<Fit, CannotTell> {
    struct Group {
        yes: f64,
        all: f64,
        row: Vec<f64>,
    }
    let mut grouped: BTreeMap<(Mix, Vec<u64>), Group> = BTreeMap::new();
    // Weeks that the covariates do not tell apart are one row: few rows, the same fit.
    for cell in cells {
        let extra = extra(cell.week);
        let mut key: Vec<u64> = extra.iter().map(|v| v.to_bits()).collect();
        if model.seasonal {
            key.push(cell.week as u64);
        }
        let slot = grouped.entry((cell.mix, key)).or_insert_with(|| Group {
            yes: 0.0,
            all: 0.0,
            row: model.row(cell.week, &cell.mix, &extra),
        });
        slot.yes += cell.yes;
        slot.all += cell.all;
    }
    let columns = grouped.values().next().map_or(0, |group| group.row.len());
    let mut design = Design::new(columns);
    let (mut yes, mut all) = (Vec::new(), Vec::new());
    for group in grouped.into_values() {
        design.push(group.row);
        yes.push(group.yes);
        all.push(group.all);
    }
    logistic_regression(&design, &yes, &all)
}

/// What a step comes to among the people who came after it.
struct Effect {
    size: f64,
    interval: [f64; 2],
    before: f64,
    all: u64,
    /// Mean of p(1 - p) after: what one unit of the logit is worth as a share.
    worth: f64,
}

impl Effect {
    fn of(model: &Model, cells: &[Cell], fit: &Fit, at: usize, dispersion: f64) -> Effect {
        let column = model.columns();
        let step = fit.coefficients.get(column).copied().unwrap_or(0.0);
        let error = fit.standard_error(column) * dispersion.sqrt();
        let shift = |by: f64| {
            let (mut sum, mut all, mut worth) = (0.0, 0.0, 0.0);
            for cell in cells.iter().filter(|c| c.week >= at) {
                let without = fit.predictor(&model.row(cell.week, &cell.mix, &[0.0]));
                let p = 1.0 / (1.0 + (-(without + by)).exp());
                sum += cell.all * p;
                worth += cell.all * p * (1.0 - p);
                all += cell.all;
            }
            (sum / f64::max(all, 1.0), worth / f64::max(all, 1.0), all)
        };
        let (before, worth, all) = shift(0.0);
        let ends = [step - 1.96 * error, step + 1.96 * error].map(|by| shift(by).0 - before);
        Effect {
            size: shift(step).0 - before,
            interval: ends,
            before,
            all: all as u64,
            worth,
        }
    }
}

/// Jump and change of slope at a known date: the interrupted time series.
fn interrupted(
    model: &Model,
    cells: &[Cell],
    at: usize,
    dispersion: f64,
    effect: &Effect,
) -> (Option<Term>, Option<Term>) {
    let month = 365.25 / 12.0 / WEEK as f64;
    let terms = move |week: usize| {
        let since = week as f64 - at as f64;
        let after = f64::from(u8::from(week >= at));
        vec![since / month, after, after * since / month]
    };
    // Every week has its own row here.
    let mut design = Design::new(model.columns() + 3);
    let (mut yes, mut all) = (Vec::new(), Vec::new());
    for cell in cells {
        design.push(model.row(cell.week, &cell.mix, &terms(cell.week)));
        yes.push(cell.yes);
        all.push(cell.all);
    }
    let Ok(fit) = logistic_regression(&design, &yes, &all) else {
        return (None, None);
    };
    let term = |column: usize| {
        let value = fit.coefficients.get(column)? * effect.worth;
        let error = fit.standard_error(column) * dispersion.sqrt() * effect.worth;
        (error > 0.0).then_some(Term {
            value,
            low: value - 1.96 * error,
            high: value + 1.96 * error,
        })
    };
    let first = model.columns();
    (term(first + 1), term(first + 2))
}

#[expect(clippy::too_many_arguments, reason = "what a chart is drawn from")]
fn series(
    inside: &[(usize, &Decision)],
    model: &Model,
    fit: &Fit,
    at: usize,
    alarm: bool,
    found: &ChangePoint,
    id: &'static str,
    question: &Question,
) -> Series {
    let mut months: BTreeMap<i32, (u64, u64, f64)> = BTreeMap::new();
    for (week, d) in inside {
        let month = months.entry(d.day.month_index()).or_default();
        month.0 += u64::from(d.yes);
        month.1 += 1;
        // What would have been expected of the same people had nothing changed.
        let step = if alarm {
            0.0
        } else {
            f64::from(u8::from(*week >= at))
        };
        month.2 += fit.share(&model.row(*week, &d.mix, &[step]));
    }
    let points: Vec<SeriesPoint> = months
        .into_iter()
        .map(|(month, (yes, all, expected))| SeriesPoint {
            month: Day::first_of_month(month).month_text(),
            count: Some(yes),
            of: all,
            value: (all > 0).then(|| yes as f64 / all as f64),
            expected: (all > 0).then(|| expected / all as f64),
            special: None,
        })
        .collect();
    finish_series(
        Series {
            id,
            title: question.title.clone(),
            unit: Unit::Share,
            counted: question.counted,
            of: question.of,
            points,
            limits: None,
            change: alarm.then(|| mark(model.weeks, found)),
        },
        Some([0.0, 1.0]),
    )
}

fn mark(weeks: Weeks, found: &ChangePoint) -> ChangeMark {
    ChangeMark {
        at: weeks.first_day(found.bin).to_string(),
        from: weeks.first_day(found.from).to_string(),
        to: weeks.first_day(found.to).to_string(),
    }
}

/// Months with fewer than this of the usual number are parts of months, at the ends of coverage: not on the chart.
const PART_OF_A_MONTH: u64 = 3;

/// Leaves out parts of months and puts the limits of the XmR chart in.
fn finish_series(mut series: Series, bounds: Option<[f64; 2]>) -> Series {
    let mut sizes: Vec<u64> = series.points.iter().map(|p| p.of).collect();
    sizes.sort_unstable();
    let usual = sizes.get(sizes.len() / 2).copied().unwrap_or(0);
    let thin = |p: &SeriesPoint| p.of * PART_OF_A_MONTH < usual;
    while series.points.first().is_some_and(thin) {
        series.points.remove(0);
    }
    while series.points.last().is_some_and(thin) {
        series.points.pop();
    }
    let values: Vec<f64> = series.points.iter().filter_map(|p| p.value).collect();
    if values.len() == series.points.len()
        && let Ok(chart) = xmr(&values)
    {
        let [low, high] = bounds.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
        series.limits = Some(Limits {
            centre: chart.centre,
            lower: chart.lower.clamp(low, high),
            upper: chart.upper.clamp(low, high),
        });
        for (point, special) in series.points.iter_mut().zip(&chart.special) {
            point.special = special.as_ref().map(|s| s.name());
        }
    }
    series
}

/// The size of new packages over time: the logarithm of pounds a week, so that a change is a share of what there was.
pub(crate) fn size_over_time(
    packages: &[Package],
    question: Question,
    numbers: &Numbers<'_>,
) -> Result<OverTime, CannotTell> {
    let weeks = Weeks::of(question.covered);
    let inside: Vec<(usize, &Package)> = packages
        .iter()
        .filter_map(|p| Some((weeks.week(p.day)?, p)))
        .collect();
    enough(weeks, inside.len(), numbers)?;
    let model = Model {
        coding: Coding::of(
            inside.iter().map(|(_, p)| &p.mix),
            numbers.count("group_least"),
            None,
        ),
        seasonal: weeks.count >= numbers.count("season_weeks"),
        weeks,
    };
    let logs: Vec<f64> = inside.iter().map(|(_, p)| p.cost.ln()).collect();
    let ones = vec![1.0; logs.len()];
    let fitted = |extra: &dyn Fn(usize) -> Vec<f64>| {
        let width = model.columns() + extra(0).len();
        let mut design = Design::new(width);
        for (week, p) in &inside {
            design.push(model.row(*week, &p.mix, &extra(*week)));
        }
        linear_regression(&design, &logs, &ones)
    };
    let null = fitted(&|_| Vec::new())?;
    let mut bins = vec![Bin::empty(model.columns()); weeks.count];
    for ((week, p), log) in inside.iter().zip(&logs) {
        let row = model.row(*week, &p.mix, &[]);
        if let Some(bin) = bins.get_mut(*week) {
            bin.add(
                (log - null.predictor(&row)) / null.variance,
                1.0 / null.variance,
                &row,
            );
        }
    }
    let found = change_point(
        &bins,
        &null.covariance,
        question.worse,
        numbers.count("weeks_before"),
        numbers.count("weeks_after"),
    )?;
    let column = model.columns();
    let effect = |at: usize| -> Result<(f64, [f64; 2]), CannotTell> {
        let fit = fitted(&move |week| vec![f64::from(u8::from(week >= at))])?;
        let step = fit.coefficients.get(column).copied().unwrap_or(0.0);
        let error = fit.standard_error(column) * found.dispersion.sqrt();
        Ok((
            step.exp_m1(),
            [step - 1.96 * error, step + 1.96 * error].map(f64::exp_m1),
        ))
    };
    let mut at = found.bin;
    let (mut size, mut interval) = effect(at)?;
    let worse = match question.worse {
        Direction::Fall => -size,
        Direction::Rise => size,
    };
    let alarm = found.p <= question.level && worse >= question.least;
    if !alarm {
        at = weeks.count.saturating_sub(numbers.count("recent_weeks"));
        (size, interval) = effect(at)?;
    }
    let mean = |keep: &dyn Fn(usize) -> bool| {
        let kept: Vec<f64> = inside
            .iter()
            .zip(&logs)
            .filter(|((week, _), _)| keep(*week))
            .map(|(_, log)| *log)
            .collect();
        (kept.iter().sum::<f64>() / f64::max(kept.len() as f64, 1.0)).exp() / 100.0
    };
    let after = mean(&|week| week >= at);
    let mut months: BTreeMap<i32, (f64, u64, f64)> = BTreeMap::new();
    for ((week, p), log) in inside.iter().zip(&logs) {
        let month = months.entry(p.day.month_index()).or_default();
        month.0 += log;
        month.1 += 1;
        month.2 += null.predictor(&model.row(*week, &p.mix, &[]));
    }
    let points = months
        .into_iter()
        .map(|(month, (sum, n, expected))| SeriesPoint {
            month: Day::first_of_month(month).month_text(),
            count: None,
            of: n,
            value: Some((sum / n as f64).exp() / 100.0),
            expected: Some((expected / n as f64).exp() / 100.0),
            special: None,
        })
        .collect();
    let series = finish_series(
        Series {
            id: question.id,
            title: question.title.clone(),
            unit: Unit::PoundsAWeek,
            counted: question.counted,
            of: question.of,
            points,
            limits: None,
            change: alarm.then(|| mark(weeks, &found)),
        },
        Some([0.0, f64::INFINITY]),
    );
    Ok(OverTime {
        alarm,
        worse: question.worse,
        level: question.level,
        since: weeks.first_day(at),
        since_interval: [weeks.first_day(found.from), weeks.first_day(found.to)],
        size,
        interval,
        before: after / (1.0 + size),
        after,
        decided_after: inside.iter().filter(|(week, _)| *week >= at).count() as u64,
        level_change: None,
        slope_change: None,
        series,
        expected_after: Vec::new(),
        found,
    })
}
