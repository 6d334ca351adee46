//! What can go wrong with a rulebook, told so that whoever wrote it can mend it.

use std::path::PathBuf;

use thiserror::Error;

use crate::check::Problem;

/// A fault of the rulebook or of this program; never of a council's data.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RulebookError {
    /// A file or folder could not be read: the environment's fault.
    #[error("could not read {path}: {error}. Check that it is there and can be read", path = path.display())]
    Unreadable {
        path: PathBuf,
        #[source]
        error: std::io::Error,
    },
    /// The files do not make a rulebook: the fault of whoever wrote them.
    #[error("the rulebook cannot be used; {}", crate::check::told(problems))]
    Faulty { problems: Vec<Problem> },
    /// An expression cannot be used.
    #[error("{place}: {what}. {fix}")]
    Expression {
        place: String,
        what: String,
        fix: String,
    },
    /// Whether the occasion arises at all came out unknown. The record has to
    /// know that much before it makes an occasion.
    #[error(
        "{duty}, test {test}: `arises` is unknown ({reason}). The record must bind the facts it reads on every occasion"
    )]
    ArisesUnknown {
        duty: String,
        test: String,
        reason: String,
    },
    /// The evaluator was used wrongly: a fault of this program.
    #[error("{duty}, test {test}: {what}. This is a fault in Candour; please report it")]
    Internal {
        duty: String,
        test: String,
        what: String,
    },
}
