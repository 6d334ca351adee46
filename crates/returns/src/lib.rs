//! Client Level Data in, a record out; says what it repaired, set aside and could not know.

mod checks;
mod columns;
mod coverage;
mod error;
mod intern;
mod join;
mod lists;
mod quality;
mod reader;
mod values;

pub use checks::{CHECKS, Check};
pub use columns::Column;
pub use coverage::Months;
pub use error::ReadError;
pub use join::{Accounts, Joined, join};
pub use quality::{Problem, Quality};
pub use reader::{Reader, ReturnFile, SET_ASIDE, SetAside, council_of};
