//! The law room from outside: three-valued logic through CEL, the order in
//! which a test is read, the frozen rulebook, and what more knowledge may do.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a test that cannot go on should stop"
)]

mod built_in;
mod kleene;
mod more_knowledge;
mod order;
mod small;
