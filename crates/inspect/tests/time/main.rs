//! Staff time and what waits: diaries and returns whose truth is known because it was made.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stdout,
    reason = "tests"
)]

mod diaries;
#[path = "../../../returns/tests/returns/made.rs"]
#[allow(
    dead_code,
    reason = "shared with the tests of the crate that reads returns"
)]
mod made;
mod queues;
