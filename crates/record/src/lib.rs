//! People, events, spells, payments, falls, occasions and their facts: what a return or a case file fills.
//!
//! Knows nothing of files or of the law. Days are civil days; money is integer pence.

pub mod codes;
mod day;
mod event;
mod exits;
mod facts;
mod falls;
mod money;
mod occasions;
mod restitution;
mod settings;
mod spells;

pub use day::{Day, Interval};
pub use event::{Coverage, Event, Person, Record, RowRef};
pub use exits::{Exit, ExitKind, exit_in, exits};
pub use facts::{Plan, PlanError, Seen};
pub use falls::{Fall, FallKind, Step, steps, support_on, support_on_two_days};
pub use money::{units_per_week, weekly_cost};
pub use occasions::{Kind, Occasion};
pub use restitution::{NoSum, Owing, Restitution, restitution};
pub use settings::Settings;
pub use spells::{Payment, Spell, long_term_spells};

mod timelines;
pub use timelines::{Timeline, Timelines, reset_days};
