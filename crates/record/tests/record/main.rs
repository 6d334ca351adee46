//! The record's words, worked by hand from the definitions: each test says the sentence it stands on.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]
#![allow(clippy::panic, reason = "tests")]

mod falls;
mod leaving;
#[path = "../../../returns/tests/returns/made.rs"]
#[allow(
    dead_code,
    reason = "shared with the tests of the crate that reads returns"
)]
mod made;
mod occasions;
mod restitution;
mod spells;

use candour_law::Value;
use candour_record::{Plan, Timelines};
use candour_returns::Joined;

use made::person;

/// The days of one kind of occasion for a person, each with the values of some facts, as text.
fn facts(
    joined: &Joined,
    who: &str,
    kind: &str,
    facts: &[&str],
    numbers: &[(&str, i64)],
) -> Vec<(String, Vec<String>)> {
    let names: Vec<String> = facts.iter().map(|f| (*f).to_owned()).collect();
    let numbers = numbers.iter().map(|(n, v)| ((*n).to_owned(), *v)).collect();
    let plan = Plan::new(&[kind.to_owned()], &names, numbers).unwrap();
    let timelines = Timelines::new(&joined.record);
    let timeline = timelines.of(person(joined, who));
    let mut occasions = Vec::new();
    plan.occasions(&timelines, &timeline, &mut occasions);
    occasions
        .iter()
        .map(|occasion| {
            let (mut values, mut evidence) = (Vec::new(), Vec::new());
            plan.facts(&timelines, &timeline, occasion, &mut values, &mut evidence);
            (
                occasion.day.to_string(),
                values.iter().map(Value::to_string).collect(),
            )
        })
        .collect()
}
