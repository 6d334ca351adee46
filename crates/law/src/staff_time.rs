//! How staff's time is recorded, what may be said of it and what waits for it, as data: `staff_time.toml`.

use std::collections::BTreeSet;

use serde::Deserialize;

use crate::check::Problem;
use crate::value::words;
use crate::{Owner, Range, Rulebook, Status};

pub(crate) const FILE: &str = "staff_time.toml";

words! {
    /// Who sees to it that a rule which protects staff is kept.
    KeptBy {
        Program = "program",
        Council = "council",
    }
}

/// Everything of `staff_time.toml`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StaffTime {
    pub diary: DiaryRule,
    pub minimum_reply: MinimumReply,
    pub show: ShowRule,
    pub bootstrap: BootstrapRule,
    pub forecast: ForecastRule,
    #[serde(rename = "group")]
    pub groups: Vec<TimeGroup>,
    #[serde(rename = "category")]
    pub categories: Vec<TimeCategory>,
    #[serde(rename = "benchmark", default)]
    pub benchmarks: Vec<TimeBenchmark>,
    #[serde(rename = "protection", default)]
    pub protections: Vec<Protection>,
    #[serde(rename = "other_task", default)]
    pub other_tasks: Vec<OtherTask>,
    #[serde(rename = "complexity", default)]
    pub complexities: Vec<Complexity>,
    #[serde(rename = "activity", default)]
    pub activities: Vec<ActivityKind>,
    #[serde(rename = "queue", default)]
    pub queues: Vec<QueueKind>,
}

/// What a diary is.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DiaryRule {
    /// A slot's length; a whole number of them makes an hour.
    pub slot_minutes: u32,
    /// Working days that each person is asked to write down.
    pub days: u32,
    pub owner: Owner,
    pub why: String,
    pub source: String,
}

/// Below this nothing is said.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MinimumReply {
    /// Of those asked, who replied; from 0 to 1.
    pub share_of_workers: f64,
    pub workers: usize,
    pub slots: u64,
    /// Of the diary asked of a person, what has to be written down for a reply; from 0 to 1.
    pub share_of_diary: f64,
    pub owner: Owner,
    pub why: String,
}

/// What is shown.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ShowRule {
    pub smallest_team: usize,
    pub timed_cases: usize,
    pub timing_workers: usize,
    pub owner: Owner,
    pub why: String,
}

/// How ranges are drawn.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BootstrapRule {
    pub draws: usize,
    pub seed: u64,
    pub owner: Owner,
    pub why: String,
}

/// How far back and ahead a queue is looked at.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ForecastRule {
    pub weeks_seen: usize,
    pub weeks_ahead: usize,
    pub paths: usize,
    pub seed: u64,
    /// Fewer who came or were done within the weeks seen are no queue to forecast.
    pub fewest: u64,
    /// Days of the record before those weeks, for those who waited already.
    pub warm_up_days: i64,
    pub owner: Owner,
    pub why: String,
}

/// A group of categories; groups are fixed, so that reviews compare.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeGroup {
    pub id: String,
    pub title: String,
    pub case_related: bool,
    /// False for leave and breaks, which are no part of the time that shares are of.
    pub at_work: bool,
}

/// What a slot can go on.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeCategory {
    pub id: String,
    pub group: String,
    pub title: String,
    /// `waste`, `decision_cost`.
    pub flag: Option<String>,
    /// The working year has left it out already, so that it is no part of the hours that are available.
    #[serde(default)]
    pub taken_off: bool,
}

/// Published shares, to compare with.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeBenchmark {
    pub what: String,
    pub status: Status,
    pub source: String,
    pub figures: Vec<TimeFigure>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TimeFigure {
    /// Goes on after a percentage: "of time face to face".
    pub what: String,
    /// From 0 to 1.
    pub share: f64,
    /// Categories whose share together is nearest to it; none where none is.
    #[serde(default)]
    pub compare: Vec<String>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Protection {
    pub text: String,
    pub kept_by: KeptBy,
}

/// Work that no return shows and no remedy asks for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OtherTask {
    pub id: String,
    pub title: String,
    pub hours: Range,
    pub status: Status,
    pub source: String,
    pub why: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Complexity {
    pub id: String,
    pub factor: f64,
    pub status: Status,
}

/// A kind of event that a return counts, and the tasks of one.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActivityKind {
    pub id: String,
    pub title: String,
    pub tasks: Vec<String>,
}

/// A queue that a return shows.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueKind {
    pub id: String,
    pub title: String,
    /// Who is in it: goes on after a number.
    pub counted: String,
    /// What one of them needs.
    pub each: String,
    pub tasks: Vec<String>,
    /// Activities that are the same work as far as it is done.
    pub activities: Vec<String>,
    /// The days within whose arrivals it counts as cleared; none: cleared when empty.
    pub target: Option<QueueTarget>,
}

/// A parameter of a test of the rulebook, so that it stands in one place.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct QueueTarget {
    pub duty: String,
    pub test: String,
    pub param: String,
}

impl StaffTime {
    pub fn category(&self, id: &str) -> Option<&TimeCategory> {
        self.categories.iter().find(|c| c.id == id)
    }

    pub fn group(&self, id: &str) -> Option<&TimeGroup> {
        self.groups.iter().find(|g| g.id == id)
    }

    pub fn queue(&self, id: &str) -> Option<&QueueKind> {
        self.queues.iter().find(|q| q.id == id)
    }

    pub fn other_task(&self, id: &str) -> Option<&OtherTask> {
        self.other_tasks.iter().find(|t| t.id == id)
    }
}

impl QueueKind {
    /// Its target in days, where it has one and the rulebook has the parameter.
    pub fn target_days(&self, rulebook: &Rulebook) -> Option<i64> {
        let target = self.target.as_ref()?;
        let (_, test) = rulebook.test(&target.duty, &target.test)?;
        test.params.get(&target.param).map(|param| param.value)
    }
}

/// What is wrong with it, apart from its form.
pub(crate) fn check(time: &StaffTime, problems: &mut Vec<Problem>) {
    let mut note = |what: String, fix: &str| {
        problems.push(Problem::in_file(FILE, what, fix.to_owned()));
    };
    let share = |x: f64| (0.0..=1.0).contains(&x);
    let reply = &time.minimum_reply;
    let rules = [
        (
            time.diary.slot_minutes > 0 && 60 % time.diary.slot_minutes == 0,
            "`diary.slot_minutes` does not divide an hour",
        ),
        (time.diary.days > 0, "`diary.days` is nought"),
        (
            share(reply.share_of_workers) && share(reply.share_of_diary),
            "a share of `minimum_reply` is not between 0 and 1",
        ),
        (reply.workers >= 2, "`minimum_reply.workers` is below 2"),
        (
            time.show.smallest_team >= 2 && time.show.timing_workers >= 1,
            "`show` would show single people",
        ),
        (
            (100..=100_000).contains(&time.bootstrap.draws)
                && (100..=100_000).contains(&time.forecast.paths),
            "draws and paths are 100 to 100000",
        ),
        (
            (4..=104).contains(&time.forecast.weeks_seen)
                && (1..=520).contains(&time.forecast.weeks_ahead),
            "`forecast` sees 4 to 104 weeks back and 1 to 520 ahead",
        ),
        (
            time.groups.iter().any(|g| g.case_related),
            "no group of categories is case-related",
        ),
        (
            !time.groups.iter().any(|g| g.case_related && !g.at_work),
            "a group is case-related and not at work",
        ),
    ];
    for (holds, what) in rules {
        if !holds {
            note(what.to_owned(), "correct the number");
        }
    }
    let lists: [(&str, Vec<&String>); 6] = [
        ("group", time.groups.iter().map(|x| &x.id).collect()),
        ("category", time.categories.iter().map(|x| &x.id).collect()),
        (
            "other_task",
            time.other_tasks.iter().map(|x| &x.id).collect(),
        ),
        (
            "complexity",
            time.complexities.iter().map(|x| &x.id).collect(),
        ),
        ("activity", time.activities.iter().map(|x| &x.id).collect()),
        ("queue", time.queues.iter().map(|x| &x.id).collect()),
    ];
    for (kind, ids) in lists {
        let mut seen = BTreeSet::new();
        for id in ids {
            // Diaries are read whatever the case of their letters.
            if !seen.insert(id.to_ascii_uppercase()) {
                note(
                    format!("the {kind} `{id}` is there twice"),
                    "keep one of them",
                );
            }
        }
    }
    for category in &time.categories {
        if time.group(&category.group).is_none() {
            note(
                format!(
                    "the category `{}` is in the group `{}`, which there is not",
                    category.id, category.group
                ),
                "use a group of this file",
            );
        }
    }
    for benchmark in &time.benchmarks {
        if benchmark.source.trim().is_empty() {
            note(
                format!("“{}” names no source", benchmark.what),
                "name it, or leave it out",
            );
        }
        for figure in &benchmark.figures {
            if !share(figure.share) {
                note(
                    format!("“{}” is no share", figure.what),
                    "give a share of 1",
                );
            }
            for id in figure
                .compare
                .iter()
                .filter(|id| time.category(id).is_none())
            {
                note(
                    format!(
                        "“{}” is compared with the category `{id}`, which there is not",
                        figure.what
                    ),
                    "use a category of this file",
                );
            }
        }
    }
    for task in &time.other_tasks {
        let Range { low, central, high } = task.hours;
        if !(0.0 < low && low <= central && central <= high && high.is_finite()) {
            note(
                format!(
                    "the hours of `{}` are not above nought and in order",
                    task.id
                ),
                "give low, central and high, each no less than the one before it",
            );
        }
        if task.status != Status::Placeholder && task.source.trim().is_empty() {
            note(
                format!("`{}` is {} and names no source", task.id, task.status),
                "name the source, or call it a placeholder",
            );
        }
    }
    for complexity in &time.complexities {
        if !complexity.factor.is_finite() || complexity.factor <= 0.0 {
            note(
                format!("the factor of `{}` is not above nought", complexity.id),
                "correct it",
            );
        }
    }
    let tasks = time.activities.iter().map(|a| (&a.id, &a.tasks));
    for (id, tasks) in tasks.chain(time.queues.iter().map(|q| (&q.id, &q.tasks))) {
        if tasks.is_empty() {
            note(format!("`{id}` has no tasks"), "name its tasks");
        }
    }
    for queue in &time.queues {
        for id in &queue.activities {
            if !time.activities.iter().any(|a| a.id == *id) {
                note(
                    format!(
                        "the queue `{}` names the activity `{id}`, which there is not",
                        queue.id
                    ),
                    "use an activity of this file",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problems(change: impl Fn(&str) -> String) -> Vec<String> {
        let text = change(include_str!("../../../rulebook/staff_time.toml"));
        let time: StaffTime = match toml::from_str(&text) {
            Ok(time) => time,
            Err(error) => return vec![error.to_string()],
        };
        let mut problems = Vec::new();
        check(&time, &mut problems);
        problems.iter().map(|p| format!("{p}")).collect()
    }

    #[test]
    fn the_file_is_sound_and_every_test_it_names_is_there() {
        assert_eq!(problems(str::to_owned), Vec::<String>::new());
        let rulebook = Rulebook::built_in().unwrap();
        let time = rulebook.staff_time.as_ref().unwrap();
        assert_eq!(time.categories.len(), 22);
        assert_eq!(
            time.queue("assessments").unwrap().target_days(&rulebook),
            Some(42)
        );
        assert_eq!(
            time.queue("care_reviews").unwrap().target_days(&rulebook),
            None
        );
        let case: Vec<&str> = time
            .groups
            .iter()
            .filter(|g| g.case_related)
            .map(|g| g.id.as_str())
            .collect();
        assert_eq!(case, ["direct", "case", "travel"]);
    }

    #[test]
    fn what_is_wrong_is_found() {
        for (from, to, says) in [
            (
                "group = \"travel\"",
                "group = \"trips\"",
                "which there is not",
            ),
            (
                "share_of_workers = 0.6",
                "share_of_workers = 6",
                "not between 0 and 1",
            ),
            ("id = \"C2\"", "id = \"c1\"", "there twice"),
            ("draws = 1000", "draws = 10", "100 to 100000"),
            (
                "low = 7.5, central = 15.0",
                "low = 17.5, central = 15.0",
                "in order",
            ),
            ("slot_minutes = 15", "slot_minutes = 17", "divide an hour"),
            ("compare = [\"T1\"]", "compare = [\"T9\"]", "`T9`"),
            ("kept_by = \"council\"", "kept_by = \"nobody\"", "kept_by"),
            ("[show]", "[show]\ncolour = 1", "unknown field `colour`"),
            (
                "activities = [\"needs_assessments\"]",
                "activities = [\"visits\"]",
                "`visits`",
            ),
        ] {
            let found = problems(|text| text.replacen(from, to, 1)).join("\n");
            assert!(found.contains(says), "{to}: {found}");
        }
    }
}
