//! Hours, posts and pounds from counted signals: if every signal were confirmed, or a given share of them.

use std::collections::{BTreeMap, BTreeSet};

use candour_law::{EachYear, Money, Range, Remedies, Remedy, Status, Strength};
use candour_stats::Chance;
use serde::{Deserialize, Serialize};

use super::count::{Counted, CountedRestitution, Open};
use super::draw::{draws, range};
use super::sums::Post;

const DAYS_A_YEAR: f64 = 365.25;

/// What may be given besides the remedies.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// The share of signals that reading the files would confirm, for every test.
    pub confirmed: Option<Range>,
    /// For single tests: (duty, test), as an audit found it.
    pub confirmed_of: BTreeMap<(String, String), Range>,
    /// The council's own pounds an hour, by grade.
    pub local_costs: BTreeMap<String, f64>,
}

/// Why there is no estimate.
#[derive(Clone, PartialEq, Eq, Debug, thiserror::Error)]
pub enum CannotEstimate {
    #[error("there is no grade `{0}` in the remedies")]
    NoGrade(String),
    #[error("there is no test `{0}` in the inspection")]
    NoTest(String),
    #[error("a share is a number from 0 to 1, low, central and high in order")]
    NoShare,
    #[error("pounds an hour are above nought")]
    NoPrice,
}

/// What putting right would take.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Estimate {
    /// The middle share of the drawn answers that a range holds, in percent; how many draws, and their seed.
    pub range_percent: u32,
    pub draws: u32,
    pub seed: u64,
    /// `None`: as if every signal were confirmed.
    pub confirmed: Option<Range>,
    pub confirmed_of: Vec<ConfirmedOf>,
    pub working_year: Number,
    pub share_on_cases: Number,
    pub grades: Vec<GradeUsed>,
    pub tasks: Vec<Number>,
    /// Titles of the pieces of work.
    pub works: BTreeMap<String, String>,
    pub tests: Vec<TestEstimate>,
    pub total: Total,
    /// The same without what is only a question to ask.
    pub without_questions: Total,
    pub restitution_assumes: RestitutionAssumes,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConfirmedOf {
    pub duty: String,
    pub test: String,
    pub share: Range,
}

/// A number with its range and how sure we are of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Number {
    pub id: String,
    pub title: String,
    pub value: Range,
    /// `verified`, `secondary`, `derived`, `placeholder`: of the central number, and of low and high.
    pub status: String,
    pub range_status: String,
    pub source: String,
    pub why: String,
    /// Whether any signal made use of it.
    pub used: bool,
}

impl Number {
    /// Whether it is printed with "assumed".
    pub fn is_assumed(&self) -> bool {
        self.status == Status::Placeholder.as_str()
    }

    /// Whether its low and high are assumed, though its central number may not be.
    pub fn range_is_assumed(&self) -> bool {
        self.range_status == Status::Placeholder.as_str()
    }
}

/// A grade and its price, never moved to another year.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GradeUsed {
    /// Pounds an hour of the cost that is used.
    pub cost: Number,
    pub price_year: String,
    pub used_cost: String,
    pub costs: Vec<CostOf>,
    /// The council's own, where it gave one.
    pub local_pounds_an_hour: Option<f64>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CostOf {
    pub id: String,
    pub says: String,
    pub pounds_an_hour: f64,
}

/// One test's part. Work that several signals of a person ask for is counted at the first of them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestEstimate {
    pub duty: String,
    pub test: String,
    pub strength: String,
    pub signals: u64,
    /// `people = gone + done_since + shared + to_do`, if every signal were confirmed.
    pub people: u64,
    pub gone: u64,
    /// All of it has been done since.
    pub done_since: u64,
    /// What is left is counted at another test.
    pub shared: u64,
    pub to_do: u64,
    /// What is done, or `none_because`.
    pub remedy: Option<String>,
    pub none_because: Option<String>,
    pub leaves_out: Option<String>,
    pub once: Amount,
    /// `None` where nothing is needed each year, or it cannot be told.
    pub each_year: Option<Amount>,
    pub each_year_cannot_tell: Option<String>,
    pub restitution: Option<RestitutionSum>,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Total {
    /// To catch up.
    pub once: Amount,
    /// From then on.
    pub each_year: Amount,
    pub restitution: RestitutionSum,
    /// Pounds to catch up and in restitution together.
    pub once_with_restitution: Range,
}

/// Work in hours, posts and pounds.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Amount {
    /// Pieces of work, by kind.
    pub pieces: BTreeMap<String, f64>,
    /// On cases.
    pub hours: Range,
    pub hours_by_grade: BTreeMap<String, Range>,
    /// Full-time posts for a year.
    pub posts: Range,
    /// For all the hours that those on cases take, at the cost that is used.
    pub pounds: Range,
    /// The same at other costs of the sources, central.
    pub pounds_at_other_costs: BTreeMap<String, f64>,
    /// The same at the council's own, where it gave one.
    pub pounds_local: Option<Range>,
    /// Shares of the central hours, posts and pounds that rest on placeholders. `None`: there are none.
    pub assumed: Option<Assumed>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumed {
    pub hours: f64,
    pub posts: f64,
    pub pounds: f64,
}

/// Money for falls: weekly difference times weeks. Rests on the council's own records alone.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestitutionSum {
    pub falls: u64,
    pub people: u64,
    /// Falls for which no sum can be given, by reason.
    pub no_sum: BTreeMap<String, u64>,
    /// Pounds a week by which support fell in all of them.
    pub weekly_pounds: f64,
    pub weeks: Range,
    /// Low, central and high by what each assumes; the same for everybody, so they are sums.
    pub pounds: Range,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestitutionAssumes {
    pub low: String,
    pub central: String,
    pub high: String,
    pub why: String,
    pub status: String,
    pub source: String,
}

/// Pieces of work by place of test, then of work: expected, where not every signal is confirmed.
type Pieces = BTreeMap<(usize, usize), f64>;

/// Everything drawn once for all tests, so that a task takes as long in one as in another.
struct Drawn {
    tasks: Vec<Vec<f64>>,
    year: Vec<f64>,
    share: Vec<f64>,
    costs: Vec<Vec<f64>>,
    restitution: Vec<f64>,
    /// Shares confirmed, by test.
    confirmed: Vec<Vec<f64>>,
}

struct Sums<'a> {
    counted: &'a Counted,
    remedies: &'a Remedies,
    options: &'a Options,
    /// Per counted test: its remedy's place, which is also the order in which shared work is counted.
    remedy: Vec<Option<usize>>,
    confirmed: Vec<Range>,
    drawn: Drawn,
}

/// What putting counted signals right would take under these remedies.
///
/// # Errors
/// When an option names what there is not, or is no share or price.
pub fn estimate(
    counted: &Counted,
    remedies: &Remedies,
    options: &Options,
) -> Result<Estimate, CannotEstimate> {
    let sums = Sums::new(counted, remedies, options)?;
    Ok(sums.estimate())
}

fn is_share(range: Range) -> bool {
    0.0 <= range.low
        && range.low <= range.central
        && range.central <= range.high
        && range.high <= 1.0
}

impl<'a> Sums<'a> {
    fn new(
        counted: &'a Counted,
        remedies: &'a Remedies,
        options: &'a Options,
    ) -> Result<Sums<'a>, CannotEstimate> {
        for (grade, pounds) in &options.local_costs {
            if remedies.grade(grade).is_none() {
                return Err(CannotEstimate::NoGrade(grade.clone()));
            }
            if !(pounds.is_finite() && *pounds > 0.0) {
                return Err(CannotEstimate::NoPrice);
            }
        }
        let mut given = options
            .confirmed
            .iter()
            .chain(options.confirmed_of.values());
        if !given.all(|share| is_share(*share)) {
            return Err(CannotEstimate::NoShare);
        }
        for (duty, test) in options.confirmed_of.keys() {
            if !counted
                .tests
                .iter()
                .any(|t| t.duty == *duty && t.test == *test)
            {
                return Err(CannotEstimate::NoTest(format!("{duty}/{test}")));
            }
        }
        let confirmed: Vec<Range> = counted
            .tests
            .iter()
            .map(|t| {
                let own = options.confirmed_of.get(&(t.duty.clone(), t.test.clone()));
                *own.or(options.confirmed.as_ref())
                    .unwrap_or(&Range::exactly(1.0))
            })
            .collect();
        let n = remedies.model.draws as usize;
        let mut chance = Chance::new(remedies.model.seed, 0);
        // In the order of the file, so that the counts change nothing in what is drawn.
        let tasks = remedies
            .tasks
            .iter()
            .map(|task| draws(&mut chance, task.hours, n))
            .collect();
        let year = draws(&mut chance, remedies.working_year.hours, n);
        let share = draws(&mut chance, remedies.share_on_cases.range(), n);
        let costs = remedies
            .grades
            .iter()
            .map(|grade| draws(&mut chance, price(grade), n))
            .collect();
        // Where between its low and its high: the same for every test.
        let restitution = draws(
            &mut chance,
            Range {
                low: -1.0,
                central: 0.0,
                high: 1.0,
            },
            n,
        );
        // What is given for all tests is drawn once for all of them.
        let for_all = draws(
            &mut chance,
            options.confirmed.unwrap_or(Range::exactly(1.0)),
            n,
        );
        let of_tests = counted
            .tests
            .iter()
            .map(|t| {
                let own = options.confirmed_of.get(&(t.duty.clone(), t.test.clone()));
                own.map_or_else(|| for_all.clone(), |own| draws(&mut chance, *own, n))
            })
            .collect();
        let drawn = Drawn {
            tasks,
            year,
            share,
            costs,
            restitution,
            confirmed: of_tests,
        };
        Ok(Sums {
            remedy: counted
                .tests
                .iter()
                .map(|t| {
                    remedies
                        .remedies
                        .iter()
                        .position(|r| r.duty == t.duty && r.test == t.test)
                })
                .collect(),
            counted,
            remedies,
            options,
            confirmed,
            drawn,
        })
    }

    fn remedy_of(&self, test: usize) -> Option<&'a Remedy> {
        let place = *self.remedy.get(test)?;
        self.remedies.remedies.get(place?)
    }

    fn is_question(&self, test: usize) -> bool {
        self.counted
            .tests
            .get(test)
            .is_some_and(|t| t.strength == Strength::Lead.as_str())
    }

    /// Strong signals before questions to ask, then as the remedies stand in their file.
    fn rank(&self, test: usize) -> (bool, usize) {
        let place = self.remedy.get(test).copied().flatten();
        (self.is_question(test), place.unwrap_or(usize::MAX))
    }

    /// The pieces of work that signals ask for, each at the test that counts it.
    fn needed(&self, signals: &[&Open], yearly: bool) -> Vec<(usize, usize)> {
        let mut sorted: Vec<&Open> = signals.to_vec();
        sorted.sort_by_key(|open| self.rank(open.test));
        let mut needed: Vec<(usize, usize)> = Vec::new();
        for open in sorted {
            let Some(remedy) = self.remedy_of(open.test) else {
                continue;
            };
            let works = if yearly {
                remedy.yearly()
            } else {
                &remedy.work
            };
            for id in works {
                let Some(place) = self.remedies.works.iter().position(|w| w.id == *id) else {
                    continue;
                };
                let done = self
                    .remedies
                    .works
                    .get(place)
                    .is_some_and(|w| w.done_by.iter().any(|by| open.done.contains(by)));
                if !done && !needed.iter().any(|(_, work)| *work == place) {
                    needed.push((open.test, place));
                }
            }
        }
        let covered: BTreeSet<&String> = needed
            .iter()
            .filter_map(|(_, work)| self.remedies.works.get(*work))
            .flat_map(|work| &work.covers)
            .collect();
        needed.retain(|(_, work)| {
            let work = self.remedies.works.get(*work);
            work.is_some_and(|w| !covered.contains(&w.id))
        });
        needed
    }

    /// Adds what people with these signals need, where each signal is confirmed with its own chance,
    /// independently of the others.
    fn expect(
        &self,
        signals: &[Open],
        people: f64,
        confirmed: &dyn Fn(usize) -> f64,
        yearly: bool,
        into: &mut Pieces,
    ) {
        let mut sets: Vec<(Vec<&Open>, f64)> = vec![(Vec::new(), people)];
        for open in signals {
            let c = confirmed(open.test);
            if c <= 0.0 {
                continue;
            }
            let mut without = Vec::new();
            for (set, weight) in &mut sets {
                if c < 1.0 {
                    without.push((set.clone(), *weight * (1.0 - c)));
                }
                set.push(open);
                *weight *= c;
            }
            sets.append(&mut without);
        }
        for (set, weight) in sets {
            for key in self.needed(&set, yearly) {
                *into.entry(key).or_insert(0.0) += weight;
            }
        }
    }

    /// Pieces to catch up.
    fn once(&self, confirmed: &dyn Fn(usize) -> f64) -> Pieces {
        let mut pieces = Pieces::new();
        for people in &self.counted.to_do {
            let n = people.people as f64;
            self.expect(&people.signals, n, confirmed, false, &mut pieces);
        }
        pieces
    }

    /// Pieces each year.
    fn each_year(&self, confirmed: &dyn Fn(usize) -> f64) -> Pieces {
        let mut pieces = Pieces::new();
        for years in &self.counted.each_year {
            let n = years.people_years as f64;
            self.expect(&years.signals, n, confirmed, true, &mut pieces);
        }
        for ((test, _), n) in &mut pieces {
            *n *= self.times_a_year(*test).unwrap_or(0.0);
        }
        pieces.retain(|_, n| *n > 0.0);
        pieces
    }

    /// How much of what was counted comes in a year.
    fn times_a_year(&self, test: usize) -> Option<f64> {
        match self.remedy_of(test)?.each_year? {
            EachYear::Person => Some(1.0),
            EachYear::Flow => Some(DAYS_A_YEAR / self.counted.tests.get(test)?.days?),
            EachYear::No => None,
        }
    }

    /// Pieces as they are and as they are drawn, where not every signal is surely confirmed.
    fn pieces(&self, yearly: bool, with_questions: bool) -> Drawing {
        let counts = |test: usize| with_questions || !self.is_question(test);
        let of = |confirmed: &dyn Fn(usize) -> f64| {
            if yearly {
                self.each_year(confirmed)
            } else {
                self.once(confirmed)
            }
        };
        let share = |test: usize| self.confirmed.get(test).map_or(1.0, |c| c.central);
        let central = of(&|test| if counts(test) { share(test) } else { 0.0 });
        let is_drawn = self.confirmed.iter().any(|c| c.low < c.high);
        let drawn = (0..self.remedies.model.draws as usize)
            .filter(|_| is_drawn)
            .map(|i| {
                of(&|test| {
                    let drawn = self.drawn.confirmed.get(test).and_then(|c| c.get(i));
                    if counts(test) {
                        drawn.copied().unwrap_or(1.0)
                    } else {
                        0.0
                    }
                })
            })
            .collect();
        Drawing { central, drawn }
    }

    fn has_local(&self) -> bool {
        !self.options.local_costs.is_empty()
    }

    fn post(&self, draw: usize) -> Post {
        Post {
            hours_a_year: at(&self.drawn.year, draw),
            share_on_cases: at(&self.drawn.share, draw),
        }
    }

    fn central_post(&self) -> Post {
        Post {
            hours_a_year: self.remedies.working_year.hours.central,
            share_on_cases: self.remedies.share_on_cases.central,
        }
    }

    /// Hours, posts and pounds of the pieces that count for `of`.
    fn amount(&self, pieces: &Drawing, of: &dyn Fn(usize) -> bool) -> Amount {
        let tasks = self.tasks(&pieces.central, of);
        if tasks.iter().all(|n| *n == 0.0) {
            return Amount {
                pounds_local: self.has_local().then(Range::default),
                ..Amount::default()
            };
        }
        let grades = self.remedies.grades.len();
        let hours_of = |tasks: &[f64], hours: &dyn Fn(usize) -> f64| -> Vec<f64> {
            let mut by_grade = vec![0.0; grades];
            for (place, n) in tasks.iter().enumerate() {
                let grade = self.grade_of(place);
                if let Some(slot) = by_grade.get_mut(grade) {
                    *slot += n * hours(place);
                }
            }
            by_grade
        };
        let task_hours = |place: usize| {
            let task = self.remedies.tasks.get(place);
            task.map_or(0.0, |t| t.hours.central)
        };
        let central = hours_of(&tasks, &task_hours);
        let post = self.central_post();
        let local = |grade: usize| {
            let id = self.remedies.grades.get(grade).map(|g| &g.id);
            id.and_then(|id| self.options.local_costs.get(id)).copied()
        };
        let pounds = |by_grade: &[f64], post: Post, cost: &dyn Fn(usize) -> f64| -> f64 {
            by_grade
                .iter()
                .enumerate()
                .map(|(grade, hours)| post.pounds_for(*hours, cost(grade)))
                .sum()
        };
        let central_cost = |grade: usize| {
            self.remedies
                .grades
                .get(grade)
                .map_or(0.0, |g| price(g).central)
        };

        let n = self.remedies.model.draws as usize;
        let mut drawn_hours = Vec::with_capacity(n);
        let mut drawn_by_grade: Vec<Vec<f64>> = vec![Vec::with_capacity(n); grades];
        let (mut drawn_posts, mut drawn_pounds, mut drawn_local) =
            (Vec::with_capacity(n), Vec::with_capacity(n), Vec::new());
        for i in 0..n {
            let own;
            let tasks = match pieces.drawn.get(i) {
                Some(pieces) => {
                    own = self.tasks(pieces, of);
                    &own
                }
                None => &tasks,
            };
            let hours = |place: usize| self.drawn.tasks.get(place).map_or(0.0, |t| at(t, i));
            let by_grade = hours_of(tasks, &hours);
            let all: f64 = by_grade.iter().sum();
            let post = self.post(i);
            let cost = |grade: usize| self.drawn.costs.get(grade).map_or(0.0, |c| at(c, i));
            for (slot, hours) in drawn_by_grade.iter_mut().zip(&by_grade) {
                slot.push(*hours);
            }
            drawn_hours.push(all);
            drawn_posts.push(post.posts_for(all));
            drawn_pounds.push(pounds(&by_grade, post, &cost));
            if self.has_local() {
                let cost = |grade: usize| local(grade).unwrap_or_else(|| cost(grade));
                drawn_local.push(pounds(&by_grade, post, &cost));
            }
        }
        let percent = self.remedies.model.range_percent;
        let all: f64 = central.iter().sum();
        let central_pounds = pounds(&central, post, &central_cost);
        let rounded = |r: Range, places: i32| r.map(|x| round(x, places));
        Amount {
            pieces: self.pieces_named(&pieces.central, of),
            hours: rounded(range(all, drawn_hours, percent), 1),
            hours_by_grade: self
                .remedies
                .grades
                .iter()
                .zip(central.iter().zip(drawn_by_grade))
                .filter(|(_, (hours, _))| **hours > 0.0)
                .map(|(grade, (hours, drawn))| {
                    (grade.id.clone(), rounded(range(*hours, drawn, percent), 1))
                })
                .collect(),
            posts: rounded(range(post.posts_for(all), drawn_posts, percent), 3),
            pounds: rounded(range(central_pounds, drawn_pounds, percent), 0),
            pounds_at_other_costs: self
                .other_costs()
                .into_iter()
                .filter(|_| all > 0.0)
                .map(|id| {
                    let cost = |grade: usize| self.cost_called(grade, &id);
                    (id.clone(), round(pounds(&central, post, &cost), 0))
                })
                .collect(),
            pounds_local: self.has_local().then(|| {
                let cost = |grade: usize| local(grade).unwrap_or_else(|| central_cost(grade));
                rounded(
                    range(pounds(&central, post, &cost), drawn_local, percent),
                    0,
                )
            }),
            assumed: self.assumed(&tasks, all, central_pounds),
        }
    }

    /// Which shares of hours, posts and pounds rest on placeholders.
    fn assumed(&self, tasks: &[f64], all: f64, all_pounds: f64) -> Option<Assumed> {
        if all <= 0.0 {
            return None;
        }
        let is_assumed = |status: Status| status == Status::Placeholder;
        let share_is = is_assumed(self.remedies.share_on_cases.status);
        let post = self.central_post();
        let (mut hours, mut pounds) = (0.0, 0.0);
        for (place, (n, task)) in tasks.iter().zip(&self.remedies.tasks).enumerate() {
            let grade = self.remedies.grades.get(self.grade_of(place));
            let of_task = n * task.hours.central;
            if is_assumed(task.status) {
                hours += of_task;
            }
            if share_is || is_assumed(task.status) || grade.is_some_and(|g| is_assumed(g.status)) {
                pounds += post.pounds_for(of_task, grade.map_or(0.0, |g| price(g).central));
            }
        }
        // Every post rests on the working year and on the share of time on cases.
        let posts = share_is || is_assumed(self.remedies.working_year.status);
        Some(Assumed {
            hours: round(hours / all, 3),
            posts: if posts { 1.0 } else { round(hours / all, 3) },
            pounds: if all_pounds > 0.0 {
                round(pounds / all_pounds, 3)
            } else {
                0.0
            },
        })
    }

    /// How often each task is needed.
    fn tasks(&self, pieces: &Pieces, of: &dyn Fn(usize) -> bool) -> Vec<f64> {
        let mut tasks = vec![0.0; self.remedies.tasks.len()];
        for ((test, work), n) in pieces {
            if !of(*test) {
                continue;
            }
            let Some(work) = self.remedies.works.get(*work) else {
                continue;
            };
            for id in &work.tasks {
                let place = self.remedies.tasks.iter().position(|t| t.id == *id);
                if let Some(slot) = place.and_then(|place| tasks.get_mut(place)) {
                    *slot += n;
                }
            }
        }
        tasks
    }

    fn pieces_named(&self, pieces: &Pieces, of: &dyn Fn(usize) -> bool) -> BTreeMap<String, f64> {
        let mut named: BTreeMap<String, f64> = BTreeMap::new();
        for ((test, work), n) in pieces {
            if let Some(work) = self.remedies.works.get(*work).filter(|_| of(*test)) {
                *named.entry(work.id.clone()).or_insert(0.0) += n;
            }
        }
        for n in named.values_mut() {
            *n = round(*n, 1);
        }
        named
    }

    fn grade_of(&self, task: usize) -> usize {
        let grade = self.remedies.tasks.get(task).map(|t| t.grade.as_str());
        let place = self
            .remedies
            .grades
            .iter()
            .position(|g| Some(g.id.as_str()) == grade);
        place.unwrap_or(usize::MAX)
    }

    /// Costs of the sources that are not used.
    fn other_costs(&self) -> BTreeSet<String> {
        let grades = &self.remedies.grades;
        grades
            .iter()
            .flat_map(|grade| grade.costs.iter().filter(|c| c.id != grade.used))
            .map(|cost| cost.id.clone())
            .collect()
    }

    /// Pounds an hour by a cost of that name, or else the one used.
    fn cost_called(&self, grade: usize, id: &str) -> f64 {
        self.remedies.grades.get(grade).map_or(0.0, |grade| {
            let other = grade.costs.iter().find(|cost| cost.id == id);
            other.map_or(price(grade).central, |cost| cost.pounds_an_hour.central)
        })
    }

    /// Restitution of the tests that count for `of`, each by its share confirmed.
    fn restitution(&self, of: &dyn Fn(usize) -> bool) -> RestitutionSum {
        let mut sum = RestitutionSum::default();
        for counted in &self.counted.restitution {
            let is_due = self
                .remedy_of(counted.test)
                .is_some_and(|r| r.money == Some(Money::Restitution));
            if is_due && of(counted.test) {
                let share = self.confirmed.get(counted.test);
                add(
                    &mut sum,
                    counted,
                    share.copied().unwrap_or(Range::exactly(1.0)),
                );
            }
        }
        sum.people = self
            .counted
            .restitution_people
            .iter()
            .filter(|people| people.tests.iter().any(|test| of(*test)))
            .map(|people| people.people)
            .sum();
        sum.weekly_pounds = round(sum.weekly_pounds, 2);
        sum.weeks = sum.weeks.map(|x| round(x, 1));
        sum.pounds = sum.pounds.map(|x| round(x, 2));
        sum
    }

    /// Who is left, if every signal were confirmed: (done since, shared, to do), by test.
    fn fates(&self) -> Vec<(u64, u64, u64)> {
        let mut fates = vec![(0, 0, 0); self.counted.tests.len()];
        for people in &self.counted.to_do {
            let all: Vec<&Open> = people.signals.iter().collect();
            let needed = self.needed(&all, false);
            for open in &people.signals {
                let Some(fate) = fates.get_mut(open.test) else {
                    continue;
                };
                if needed.iter().any(|(test, _)| *test == open.test) {
                    fate.2 += people.people;
                } else if self.needed(&[open], false).is_empty() {
                    fate.0 += people.people;
                } else {
                    fate.1 += people.people;
                }
            }
        }
        fates
    }

    fn total(&self, once: &Drawing, each_year: &Drawing, questions: bool) -> Total {
        let of = |test: usize| questions || !self.is_question(test);
        let amount = self.amount(once, &of);
        let restitution = self.restitution(&of);
        // Work and money vary apart from each other: neither's low comes with the other's.
        let pounds = amount.pounds;
        let spread = |r: Range, x: f64| {
            r.central
                + if x < 0.0 {
                    x * (r.central - r.low)
                } else {
                    x * (r.high - r.central)
                }
        };
        let n = self.remedies.model.draws as usize;
        let drawn = (0..n)
            .map(|i| {
                let post = self.post(i);
                let tasks = match once.drawn.get(i) {
                    Some(pieces) => self.tasks(pieces, &of),
                    None => self.tasks(&once.central, &of),
                };
                let staff: f64 = tasks
                    .iter()
                    .enumerate()
                    .map(|(place, n)| {
                        let hours = self.drawn.tasks.get(place).map_or(0.0, |t| at(t, i));
                        let cost = self.drawn.costs.get(self.grade_of(place));
                        post.pounds_for(n * hours, cost.map_or(0.0, |c| at(c, i)))
                    })
                    .sum();
                staff + spread(restitution.pounds, at(&self.drawn.restitution, i))
            })
            .collect();
        let together = pounds.central + restitution.pounds.central;
        Total {
            once_with_restitution: range(together, drawn, self.remedies.model.range_percent)
                .map(|x| round(x, 0)),
            once: amount,
            each_year: self.amount(each_year, &of),
            restitution,
        }
    }

    fn estimate(&self) -> Estimate {
        let once = self.pieces(false, true);
        let each_year = self.pieces(true, true);
        let fates = self.fates();
        let tests = self
            .counted
            .tests
            .iter()
            .enumerate()
            .zip(fates)
            .map(|((place, counted), (done_since, shared, to_do))| {
                let remedy = self.remedy_of(place);
                let of = |test: usize| test == place;
                let yearly = remedy.and_then(|r| r.each_year).filter(|y| *y != EachYear::No);
                let cannot_tell = (yearly.is_some()
                    && counted.signals > 0
                    && self.times_a_year(place).is_none())
                .then(|| {
                    "cannot tell, because its occasions come over too few days to say how many there are in a year"
                        .to_owned()
                });
                TestEstimate {
                    duty: counted.duty.clone(),
                    test: counted.test.clone(),
                    strength: counted.strength.clone(),
                    signals: counted.signals,
                    people: counted.people,
                    gone: counted.gone,
                    done_since,
                    shared,
                    to_do,
                    remedy: remedy.filter(|r| r.none_because.is_none()).map(|r| r.text.clone()),
                    none_because: match remedy {
                        Some(remedy) => remedy.none_because.clone(),
                        None => Some("the remedies do not speak of this test.".to_owned()),
                    },
                    leaves_out: remedy.and_then(|r| r.leaves_out.clone()),
                    once: self.amount(&once, &of),
                    each_year: (yearly.is_some() && cannot_tell.is_none())
                        .then(|| self.amount(&each_year, &of)),
                    each_year_cannot_tell: cannot_tell,
                    restitution: remedy
                        .and_then(|r| r.money)
                        .map(|Money::Restitution| self.restitution(&of)),
                }
            })
            .collect();
        let strong_once = self.pieces(false, false);
        let strong_yearly = self.pieces(true, false);
        let basis = &self.remedies.restitution;
        Estimate {
            range_percent: self.remedies.model.range_percent,
            draws: self.remedies.model.draws,
            seed: self.remedies.model.seed,
            confirmed: self.options.confirmed,
            confirmed_of: self
                .options
                .confirmed_of
                .iter()
                .map(|((duty, test), share)| ConfirmedOf {
                    duty: duty.clone(),
                    test: test.clone(),
                    share: *share,
                })
                .collect(),
            working_year: self.working_year(),
            share_on_cases: self.share_on_cases(),
            grades: self.grades(&once, &each_year),
            tasks: self.tasks_used(&once, &each_year),
            works: self
                .remedies
                .works
                .iter()
                .map(|work| (work.id.clone(), work.title.clone()))
                .collect(),
            tests,
            total: self.total(&once, &each_year, true),
            without_questions: self.total(&strong_once, &strong_yearly, false),
            restitution_assumes: RestitutionAssumes {
                low: basis.low.clone(),
                central: basis.central.clone(),
                high: basis.high.clone(),
                why: basis.why.clone(),
                status: basis.status.as_str().to_owned(),
                source: basis.source.clone(),
            },
        }
    }

    fn working_year(&self) -> Number {
        let year = &self.remedies.working_year;
        Number {
            id: "working_year".to_owned(),
            title: "Hours that a full-time post works in a year".to_owned(),
            value: year.hours,
            status: year.status.as_str().to_owned(),
            range_status: year.range_status.as_str().to_owned(),
            source: year.source.clone(),
            why: year.why.clone(),
            used: true,
        }
    }

    fn share_on_cases(&self) -> Number {
        let share = &self.remedies.share_on_cases;
        Number {
            id: "share_on_cases".to_owned(),
            title: "Share of working time that goes on cases".to_owned(),
            value: share.range(),
            status: share.status.as_str().to_owned(),
            range_status: share.range_status.as_str().to_owned(),
            source: share.source.clone(),
            why: share.why.clone(),
            used: true,
        }
    }

    fn is_used(&self, once: &Drawing, each_year: &Drawing) -> Vec<bool> {
        let all = |_: usize| true;
        let once = self.tasks(&once.central, &all);
        let yearly = self.tasks(&each_year.central, &all);
        once.iter().zip(yearly).map(|(a, b)| a + b > 0.0).collect()
    }

    fn tasks_used(&self, once: &Drawing, each_year: &Drawing) -> Vec<Number> {
        let used = self.is_used(once, each_year);
        let tasks = self.remedies.tasks.iter().zip(used);
        tasks
            .map(|(task, used)| Number {
                id: task.id.clone(),
                title: task.title.clone(),
                value: task.hours,
                status: task.status.as_str().to_owned(),
                range_status: task.range_status.as_str().to_owned(),
                source: task.source.clone(),
                why: task.why.clone(),
                used,
            })
            .collect()
    }

    fn grades(&self, once: &Drawing, each_year: &Drawing) -> Vec<GradeUsed> {
        let used = self.is_used(once, each_year);
        let grades = self.remedies.grades.iter().enumerate();
        grades
            .map(|(place, grade)| GradeUsed {
                cost: Number {
                    id: grade.id.clone(),
                    title: grade.title.clone(),
                    value: price(grade),
                    status: grade.status.as_str().to_owned(),
                    range_status: grade.range_status.as_str().to_owned(),
                    source: grade.source.clone(),
                    why: grade.why.clone(),
                    used: used
                        .iter()
                        .enumerate()
                        .any(|(task, used)| *used && self.grade_of(task) == place),
                },
                price_year: grade.price_year.clone(),
                used_cost: grade.used.clone(),
                costs: grade
                    .costs
                    .iter()
                    .map(|cost| CostOf {
                        id: cost.id.clone(),
                        says: cost.says.clone(),
                        pounds_an_hour: cost.pounds_an_hour.central,
                    })
                    .collect(),
                local_pounds_an_hour: self.options.local_costs.get(&grade.id).copied(),
            })
            .collect()
    }
}

/// Pieces, and where they depend on shares that are drawn, those of each draw.
struct Drawing {
    central: Pieces,
    drawn: Vec<Pieces>,
}

fn price(grade: &candour_law::Grade) -> Range {
    // The check of the rulebook sees to it that there is one.
    grade
        .cost()
        .map_or(Range::exactly(0.0), |c| c.pounds_an_hour)
}

fn add(sum: &mut RestitutionSum, counted: &CountedRestitution, share: Range) {
    sum.falls += counted.falls;
    for (why, n) in &counted.no_sum {
        *sum.no_sum.entry(why.clone()).or_insert(0) += n;
    }
    sum.weekly_pounds += share.central * counted.weekly_pence as f64 / 100.0;
    let (low, central, high) = (counted.low, counted.central, counted.high);
    for (weeks, pounds, share, owing) in [
        (&mut sum.weeks.low, &mut sum.pounds.low, share.low, low),
        (
            &mut sum.weeks.central,
            &mut sum.pounds.central,
            share.central,
            central,
        ),
        (&mut sum.weeks.high, &mut sum.pounds.high, share.high, high),
    ] {
        *weeks += share * owing.days as f64 / 7.0;
        *pounds += share * owing.pence as f64 / 100.0;
    }
}

fn at(drawn: &[f64], place: usize) -> f64 {
    drawn.get(place).copied().unwrap_or(0.0)
}

/// To so many places: nothing finer is meant.
fn round(number: f64, places: i32) -> f64 {
    let by = 10f64.powi(places);
    (number * by).round() / by
}
