//! What a fact may hold, and what a test may say.

use std::fmt;

use serde::Deserialize;

use crate::Symbol;

/// The value of a fact on an occasion.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Value {
    /// Nothing is known, and why not: a reason code of `reasons.toml`.
    Unknown(Symbol),
    Bool(bool),
    Int(i64),
    /// A decimal number, in hundredths: money, hours, months.
    Number(i64),
    Text(Symbol),
}

impl Value {
    /// An unknown value with a reason known when the program is built.
    pub const fn unknown(why: &'static str) -> Self {
        Self::Unknown(Symbol::of(why))
    }

    /// A text value known when the program is built.
    pub const fn text(text: &'static str) -> Self {
        Self::Text(Symbol::of(text))
    }

    pub const fn is_known(self) -> bool {
        !matches!(self, Self::Unknown(_))
    }
}

/// The number that a rule compares with. The quotient of two whole numbers is
/// rounded as a written decimal is read, so `6.05` in a rule equals 605 here.
#[expect(
    clippy::cast_precision_loss,
    reason = "hundredths of pounds, hours and months are far below 2^53"
)]
pub fn as_decimal(hundredths: i64) -> f64 {
    hundredths as f64 / 100.0
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(value: i64) -> Self {
        Self::Int(value)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unknown(why) => write!(f, "unknown ({why})"),
            Self::Bool(value) => write!(f, "{value}"),
            Self::Int(value) => write!(f, "{value}"),
            Self::Number(hundredths) => write!(f, "{}", as_decimal(*hundredths)),
            Self::Text(text) => write!(f, "{text}"),
        }
    }
}

/// Gives a field-less enum its one written form, used in files and output.
macro_rules! words {
    ($(#[$about:meta])* $name:ident { $($(#[$doc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$about])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord, Deserialize)]
        pub enum $name {
            $($(#[$doc])* #[serde(rename = $text)] $variant),+
        }

        impl $name {
            /// Every one of them, in order.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// As it is written in files.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}
pub(crate) use words;

words! {
    /// What a test says of an occasion.
    Verdict {
        Met = "met",
        NotMet = "not_met",
        CannotTell = "cannot_tell",
        NotOwed = "not_owed",
        NotYetDue = "not_yet_due",
    }
}

words! {
    /// What kind of rule a test rests on. It decides the word on a page: only
    /// statute can give a breach signal.
    Force {
        /// The Act or regulations say must.
        Statute = "statute",
        /// Statutory guidance (s.78), departed from only with good reason.
        Guidance = "guidance",
        /// The Ombudsman's practice, or a number of our own.
        Benchmark = "benchmark",
    }
}

words! {
    /// How far a record can carry the test.
    Strength {
        /// Dates or codes show it.
        Strong = "strong",
        /// A question worth asking; never called a breach signal.
        Lead = "lead",
    }
}
