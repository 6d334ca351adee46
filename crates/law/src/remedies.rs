//! What putting a signal right takes, as data: `remedies.toml`.
//!
//! Every number has a low, a central and a high, where it comes from, and how
//! sure we are of it. A placeholder is a number to replace, never a finding.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::check::Problem;
use crate::value::words;
use crate::{Rulebook, RulebookError};

const FILE: &str = "remedies.toml";

/// What the record can show to have been done since a signal (`done_by`).
pub const DONE_BY: &[&str] = &[
    "needs_assessment",
    "care_review",
    "carer_assessment",
    "support",
];

words! {
    /// How sure we are of a number.
    Status {
        /// Read in a stored copy of the source.
        Verified = "verified",
        /// Read in somebody else's extraction of the source.
        Secondary = "secondary",
        /// Our arithmetic from verified figures.
        Derived = "derived",
        /// Assumed, to be replaced.
        Placeholder = "placeholder",
    }
}

words! {
    /// Whether the same work is needed again every year.
    EachYear {
        /// By the same people.
        Person = "person",
        /// By as many others as in the days that the returns cover.
        Flow = "flow",
        No = "no",
    }
}

words! {
    /// What money is due besides the work.
    Money {
        /// Weekly difference times weeks, for a fall in support.
        Restitution = "restitution",
    }
}

/// A number that is not known exactly: `low <= central <= high`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Range {
    pub low: f64,
    pub central: f64,
    pub high: f64,
}

impl Range {
    /// A number that is known.
    pub fn exactly(number: f64) -> Range {
        Range {
            low: number,
            central: number,
            high: number,
        }
    }

    /// Each of the three through `f`, which must not turn their order round.
    #[must_use]
    pub fn map(self, f: impl Fn(f64) -> f64) -> Range {
        Range {
            low: f(self.low),
            central: f(self.central),
            high: f(self.high),
        }
    }

    fn in_order(self) -> bool {
        let all = [self.low, self.central, self.high];
        all.iter().all(|number| number.is_finite())
            && self.low <= self.central
            && self.central <= self.high
    }
}

/// How the answer is worked out.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// How often the answer is worked out from drawn numbers.
    pub draws: u32,
    pub seed: u64,
    /// How much of the answers the range holds, in the middle.
    pub range_percent: u32,
    pub why: String,
}

/// The share of working time that goes on cases.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShareOnCases {
    pub low: f64,
    pub central: f64,
    pub high: f64,
    pub status: Status,
    pub range_status: Status,
    pub source: String,
    pub why: String,
}

impl ShareOnCases {
    pub fn range(&self) -> Range {
        Range {
            low: self.low,
            central: self.central,
            high: self.high,
        }
    }
}

/// Hours that one post works in a year, and how they come about.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkingYear {
    pub hours: Range,
    pub weeks: f64,
    pub hours_week: f64,
    /// Days of a fifth of `hours_week` each.
    pub away_days: BTreeMap<String, f64>,
    pub status: Status,
    pub range_status: Status,
    pub source: String,
    pub why: String,
}

/// A kind of post and what an hour of it costs.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grade {
    pub id: String,
    pub title: String,
    /// `2024/25`. Never moved to another year.
    pub price_year: String,
    /// Which of the costs is used.
    pub used: String,
    pub status: Status,
    pub range_status: Status,
    pub source: String,
    pub why: String,
    #[serde(rename = "cost")]
    pub costs: Vec<Cost>,
}

impl Grade {
    /// The cost that is used.
    pub fn cost(&self) -> Option<&Cost> {
        self.costs.iter().find(|cost| cost.id == self.used)
    }
}

/// One way of pricing an hour.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cost {
    pub id: String,
    pub says: String,
    pub pounds_an_hour: Range,
}

/// Something that somebody does, and how long it takes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Task {
    pub id: String,
    pub title: String,
    pub grade: String,
    pub hours: Range,
    pub status: Status,
    pub range_status: Status,
    pub source: String,
    pub why: String,
}

/// A piece of work that a person needs once, however many signals ask for it.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Work {
    pub id: String,
    pub title: String,
    pub tasks: Vec<String>,
    /// What in the record shows that it has been done since: of [`DONE_BY`].
    pub done_by: Vec<String>,
    /// Pieces of work that are not needed besides this one.
    pub covers: Vec<String>,
    pub why: String,
}

/// What the restitution for a fall assumes.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RestitutionBasis {
    pub low: String,
    pub central: String,
    pub high: String,
    pub why: String,
    pub status: Status,
    pub source: String,
}

/// What putting one signal of one test right takes; or why that is nothing.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedy {
    pub duty: String,
    pub test: String,
    /// What is done, in a sentence.
    #[serde(default)]
    pub text: String,
    #[serde(default)]
    pub work: Vec<String>,
    /// What is needed each year, where that is other than `work`.
    pub work_each_year: Option<Vec<String>>,
    pub each_year: Option<EachYear>,
    pub money: Option<Money>,
    /// What is not counted.
    pub leaves_out: Option<String>,
    /// Why there is nothing to count. Goes on from "none, because".
    pub none_because: Option<String>,
}

impl Remedy {
    /// The pieces of work needed each year.
    pub fn yearly(&self) -> &[String] {
        match (&self.work_each_year, self.each_year) {
            (_, None | Some(EachYear::No)) => &[],
            (Some(work), _) => work,
            (None, _) => &self.work,
        }
    }
}

/// All of `remedies.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Remedies {
    pub model: Model,
    pub share_on_cases: ShareOnCases,
    pub working_year: WorkingYear,
    #[serde(rename = "grade")]
    pub grades: Vec<Grade>,
    #[serde(rename = "task")]
    pub tasks: Vec<Task>,
    #[serde(rename = "work")]
    pub works: Vec<Work>,
    pub restitution: RestitutionBasis,
    /// In the order in which they count what several need.
    #[serde(rename = "remedy")]
    pub remedies: Vec<Remedy>,
}

impl Remedies {
    /// Another `remedies.toml`, such as a council's with its own hours, for
    /// the tests of `rulebook`.
    ///
    /// # Errors
    /// When it is no such file, or is at fault: everything that is wrong.
    pub fn from_text(text: &str, rulebook: &Rulebook) -> Result<Remedies, RulebookError> {
        let mut problems = Vec::new();
        let remedies = crate::load::read_toml::<Remedies>(FILE, text, &mut problems);
        if let Some(remedies) = &remedies {
            check(remedies, rulebook, &mut problems);
        }
        match remedies {
            Some(remedies) if problems.is_empty() => Ok(remedies),
            _ => Err(RulebookError::Faulty { problems }),
        }
    }

    pub fn remedy(&self, duty: &str, test: &str) -> Option<&Remedy> {
        self.remedies
            .iter()
            .find(|remedy| remedy.duty == duty && remedy.test == test)
    }

    pub fn task(&self, id: &str) -> Option<&Task> {
        self.tasks.iter().find(|task| task.id == id)
    }

    pub fn work(&self, id: &str) -> Option<&Work> {
        self.works.iter().find(|work| work.id == id)
    }

    pub fn grade(&self, id: &str) -> Option<&Grade> {
        self.grades.iter().find(|grade| grade.id == id)
    }
}

struct Notes<'a>(&'a mut Vec<Problem>);

impl Notes<'_> {
    fn add(&mut self, what: impl Into<String>, fix: impl Into<String>) {
        self.0.push(Problem::in_file(FILE, what.into(), fix.into()));
    }

    fn of_test(&mut self, duty: &str, test: &str, what: impl Into<String>, fix: impl Into<String>) {
        self.0
            .push(Problem::in_test(FILE, duty, test, what.into(), fix.into()));
    }

    fn filled(&mut self, place: &str, text: &str) {
        if text.trim().is_empty() {
            self.add(format!("`{place}` is empty"), "write it");
        }
    }

    /// A range in order and above nought.
    fn range(&mut self, place: &str, range: Range) {
        if !range.in_order() || range.low <= 0.0 {
            self.add(
                format!("the numbers of `{place}` are not above nought and in order"),
                "give low, central and high, each no less than the one before it",
            );
        }
    }

    /// Whatever is not assumed has a source.
    fn sourced(&mut self, place: &str, status: Status, source: &str) {
        if status != Status::Placeholder && source.trim().is_empty() {
            self.add(
                format!("`{place}` is {status} and names no source"),
                "name the source, or call it a placeholder",
            );
        }
    }

    fn once<'i>(&mut self, kind: &str, ids: impl Iterator<Item = &'i String>) {
        let mut seen = BTreeSet::new();
        for id in ids {
            if !seen.insert(id) {
                self.add(
                    format!("the {kind} `{id}` is there twice"),
                    "keep one of them",
                );
            }
        }
    }
}

/// Everything that is wrong with remedies for the tests of a rulebook.
pub(crate) fn check(remedies: &Remedies, rulebook: &Rulebook, problems: &mut Vec<Problem>) {
    let mut notes = Notes(problems);
    numbers(remedies, &mut notes);
    grades_and_tasks(remedies, &mut notes);
    works(remedies, &mut notes);
    for (place, text) in [
        ("model.why", &remedies.model.why),
        ("share_on_cases.why", &remedies.share_on_cases.why),
        ("working_year.why", &remedies.working_year.why),
        ("restitution.low", &remedies.restitution.low),
        ("restitution.central", &remedies.restitution.central),
        ("restitution.high", &remedies.restitution.high),
        ("restitution.why", &remedies.restitution.why),
    ] {
        notes.filled(place, text);
    }
    for remedy in &remedies.remedies {
        one(remedies, remedy, rulebook, &mut notes);
    }
    of_every_test(remedies, rulebook, &mut notes);
}

fn numbers(remedies: &Remedies, notes: &mut Notes<'_>) {
    let model = &remedies.model;
    if !(100..=1_000_000).contains(&model.draws) {
        notes.add(
            "`model.draws` is too few or too many",
            "give 100 to 1000000",
        );
    }
    if !(1..=99).contains(&model.range_percent) {
        notes.add("`model.range_percent` is no share", "give 1 to 99");
    }
    let share = &remedies.share_on_cases;
    notes.range("share_on_cases", share.range());
    if share.high > 1.0 {
        notes.add("`share_on_cases` is more than all", "give shares of 1");
    }
    notes.sourced("share_on_cases", share.status, &share.source);
    let year = &remedies.working_year;
    notes.range("working_year.hours", year.hours);
    notes.sourced("working_year", year.status, &year.source);
    let away: f64 = year.away_days.values().sum();
    let worked_out = year.weeks * year.hours_week - away * year.hours_week / 5.0;
    // The hours are written to a tenth.
    if (worked_out - year.hours.central).abs() > 0.1 {
        notes.add(
            format!(
                "`working_year.hours` is {} and its weeks, hours and days away make {worked_out:.1}",
                year.hours.central
            ),
            "make them agree",
        );
    }
    notes.sourced(
        "restitution",
        remedies.restitution.status,
        &remedies.restitution.source,
    );
}

fn grades_and_tasks(remedies: &Remedies, notes: &mut Notes<'_>) {
    notes.once("grade", remedies.grades.iter().map(|grade| &grade.id));
    notes.once("task", remedies.tasks.iter().map(|task| &task.id));
    for grade in &remedies.grades {
        let id = &grade.id;
        notes.filled(&format!("{id}.title"), &grade.title);
        notes.filled(&format!("{id}.why"), &grade.why);
        notes.sourced(id, grade.status, &grade.source);
        let year: Vec<&str> = grade.price_year.split('/').collect();
        let digits =
            |text: &str, n: usize| text.len() == n && text.bytes().all(|b| b.is_ascii_digit());
        if !matches!(year.as_slice(), [first, second] if digits(first, 4) && digits(second, 2)) {
            notes.add(
                format!("the price year of `{id}` is not written as 2024/25"),
                "give the year of the source; no price is moved to another",
            );
        }
        if grade.cost().is_none() {
            notes.add(
                format!(
                    "`{id}` uses the cost `{}`, which it does not have",
                    grade.used
                ),
                "use one of its costs",
            );
        }
        for cost in &grade.costs {
            notes.range(&format!("{id}.{}", cost.id), cost.pounds_an_hour);
            notes.filled(&format!("{id}.{}.says", cost.id), &cost.says);
        }
    }
    for task in &remedies.tasks {
        let id = &task.id;
        notes.filled(&format!("{id}.title"), &task.title);
        notes.filled(&format!("{id}.why"), &task.why);
        notes.range(&format!("{id}.hours"), task.hours);
        notes.sourced(id, task.status, &task.source);
        if remedies.grade(&task.grade).is_none() {
            notes.add(
                format!(
                    "the task `{id}` is for the grade `{}`, which there is not",
                    task.grade
                ),
                "use a grade of this file",
            );
        }
    }
}

fn works(remedies: &Remedies, notes: &mut Notes<'_>) {
    notes.once("work", remedies.works.iter().map(|work| &work.id));
    for work in &remedies.works {
        let id = &work.id;
        notes.filled(&format!("{id}.title"), &work.title);
        notes.filled(&format!("{id}.why"), &work.why);
        if work.tasks.is_empty() {
            notes.add(format!("the work `{id}` has no tasks"), "name its tasks");
        }
        for task in &work.tasks {
            if remedies.task(task).is_none() {
                notes.add(
                    format!("the work `{id}` names the task `{task}`, which there is not"),
                    "use a task of this file",
                );
            }
        }
        for event in &work.done_by {
            if !DONE_BY.contains(&event.as_str()) {
                notes.add(
                    format!("the work `{id}` is done by `{event}`, which no record shows"),
                    format!("use one of: {}", DONE_BY.join(", ")),
                );
            }
        }
        for other in &work.covers {
            match remedies.work(other) {
                None => notes.add(
                    format!("the work `{id}` covers `{other}`, which there is not"),
                    "use a work of this file",
                ),
                // Two that cover each other would both be left out.
                Some(other) if other.id == *id || other.covers.contains(id) => notes.add(
                    format!("the works `{id}` and `{}` cover each other", other.id),
                    "take one of the two out of `covers`",
                ),
                Some(_) => {}
            }
        }
    }
}

fn one(remedies: &Remedies, remedy: &Remedy, rulebook: &Rulebook, notes: &mut Notes<'_>) {
    let (duty, test) = (remedy.duty.as_str(), remedy.test.as_str());
    match rulebook.test(duty, test) {
        None => notes.of_test(
            duty,
            test,
            "there is a remedy and no such test",
            "use a test of a duty",
        ),
        Some((_, test)) if test.is_case() => notes.of_test(
            duty,
            &test.id,
            "there is a remedy for a test of case files",
            "only tests that a return can be put to are counted",
        ),
        Some(_) => {}
    }
    let same = |other: &&Remedy| other.duty == duty && other.test == test;
    if remedies.remedies.iter().filter(same).count() > 1 {
        notes.of_test(duty, test, "it has two remedies", "keep one of them");
    }
    if let Some(why) = &remedy.none_because {
        if why.trim().is_empty() {
            notes.of_test(duty, test, "`none_because` is empty", "say why");
        }
        if !remedy.work.is_empty() || remedy.money.is_some() || remedy.each_year.is_some() {
            notes.of_test(
                duty,
                test,
                "it has `none_because` and work or money",
                "take out one or the other",
            );
        }
        return;
    }
    if remedy.text.trim().is_empty() {
        notes.of_test(duty, test, "the remedy has no `text`", "say what is done");
    }
    if remedy.work.is_empty() && remedy.money.is_none() {
        notes.of_test(
            duty,
            test,
            "the remedy has neither work nor money",
            "name its work, or say `none_because`",
        );
    }
    if remedy.each_year.is_none() {
        notes.of_test(
            duty,
            test,
            "the remedy does not say whether it is needed each year",
            "give `each_year`: person, flow or no",
        );
    }
    let all = remedy
        .work
        .iter()
        .chain(remedy.work_each_year.iter().flatten());
    for work in all {
        if remedies.work(work).is_none() {
            notes.of_test(
                duty,
                test,
                format!("the remedy names the work `{work}`, which there is not"),
                "use a work of this file",
            );
        }
    }
}

/// Every test that a return can be put to has a remedy, or a reason for none.
fn of_every_test(remedies: &Remedies, rulebook: &Rulebook, notes: &mut Notes<'_>) {
    for duty in &rulebook.duties {
        for test in duty.tests.iter().filter(|test| !test.is_case()) {
            if remedies.remedy(&duty.id, &test.id).is_none() {
                notes.of_test(
                    &duty.id,
                    &test.id,
                    "a return can be put to this test, and nothing says what putting a signal right takes",
                    "add a [[remedy]] with its work, or with `none_because`",
                );
            }
        }
    }
}
