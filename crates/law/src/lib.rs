//! The law as data: loads a rulebook, evaluates its tests over facts in three
//! values, and explains itself. Knows no returns, people or pages.
//!
//! ```
//! use candour_law::{Evaluator, Rulebook, Value, Verdict};
//!
//! let rulebook = Rulebook::built_in()?;
//! let (duty, test) = rulebook
//!     .test("s9-1-assess-in-reasonable-time", "within_42_days")
//!     .ok_or("no such test")?;
//! let mut evaluator = Evaluator::new(&rulebook, duty, test)?;
//! let values: Vec<Value> = evaluator
//!     .facts()
//!     .iter()
//!     .map(|fact| match fact.as_str() {
//!         "assessed_in_time" | "adult" => Value::Bool(true),
//!         "exit" => Value::text("none"),
//!         _ => Value::unknown("not_recorded"),
//!     })
//!     .collect();
//! let outcome = evaluator.evaluate(&values)?.ok_or("no occasion")?;
//! assert_eq!(outcome.verdict, Verdict::Met);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod check;
mod error;
mod evaluate;
mod expr;
mod files;
mod load;
mod model;
mod occasions;
mod quick;
mod remedies;
mod staff_time;
mod symbol;
mod value;

pub use check::{CheckReport, Counts, Problem};
pub use error::RulebookError;
pub use evaluate::{Evaluator, Outcome};
pub use expr::nearest;
pub use model::{
    Authority, AuthorityKind, Clause, ClauseGroup, Confirmed, Duty, Example, FactDef, FactType,
    IfUnknown, InForce, Justification, Modifier, OwedTo, Owner, Page, Param, Plain, Population,
    ReasonDef, Revision, Rulebook, Severity, Stage, Test, Weaker,
};
pub use occasions::{CASE_EVENT, LOCAL_KINDS, OCCASION_KINDS, STATES};
pub use remedies::{
    Cost, DONE_BY, EachYear, Grade, Model, Money, Range, Remedies, Remedy, RestitutionBasis,
    ShareOnCases, Status, Task, Work, WorkingYear,
};
pub use staff_time::{
    ActivityKind, BootstrapRule, Complexity, DiaryRule, ForecastRule, KeptBy, MinimumReply,
    OtherTask, Protection, QueueKind, QueueTarget, ShowRule, StaffTime, TimeBenchmark,
    TimeCategory, TimeFigure, TimeGroup,
};
pub use symbol::Symbol;
pub use value::{Force, Strength, Value, Verdict, as_decimal};
