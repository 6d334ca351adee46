//! Reading and joining, worked by hand from the definitions.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]
#![allow(clippy::panic, reason = "tests")]

mod broken;
mod coverage;
mod joining;
mod made;
mod people;
mod reading;
