//! Short texts that are copied about a great deal: reason codes and the values
//! of text facts.

use std::borrow::Borrow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::sync::{Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashSet;

/// A short text that copies for nothing. Equal, ordered and hashed by content,
/// so a symbol written in code equals one read from a file.
#[derive(Clone, Copy)]
pub struct Symbol(&'static str);

impl Symbol {
    /// A symbol for a text known when the program is built.
    pub const fn of(text: &'static str) -> Self {
        Self(text)
    }

    /// A symbol for a text read at run time. Each distinct text is kept for as
    /// long as the program runs: meant for codes, never for people's data.
    pub fn intern(text: &str) -> Self {
        // A panic elsewhere cannot leave the set half changed.
        let mut kept = Self::kept().lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = kept.get(text) {
            return Self(found);
        }
        let leaked: &'static str = Box::leak(text.to_owned().into_boxed_str());
        kept.insert(leaked);
        Self(leaked)
    }

    /// The symbol of a text, if one was interned before. A text that no rule
    /// mentions need not be kept, and may be a person's own words.
    pub fn known(text: &str) -> Option<Self> {
        Self::kept()
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(text)
            .map(|found| Self(found))
    }

    fn kept() -> &'static Mutex<FxHashSet<&'static str>> {
        static KEPT: OnceLock<Mutex<FxHashSet<&'static str>>> = OnceLock::new();
        KEPT.get_or_init(Mutex::default)
    }

    /// The text itself.
    pub const fn as_str(self) -> &'static str {
        self.0
    }
}

impl PartialEq for Symbol {
    fn eq(&self, other: &Self) -> bool {
        // Most symbols met together come from one place: try the address first.
        std::ptr::eq(self.0, other.0) || self.0 == other.0
    }
}

impl Eq for Symbol {}

impl Hash for Symbol {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.0.hash(state);
    }
}

impl PartialOrd for Symbol {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Symbol {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.cmp(other.0)
    }
}

impl Borrow<str> for Symbol {
    fn borrow(&self) -> &str {
        self.0
    }
}

impl AsRef<str> for Symbol {
    fn as_ref(&self) -> &str {
        self.0
    }
}

impl PartialEq<str> for Symbol {
    fn eq(&self, other: &str) -> bool {
        self.0 == other
    }
}

impl PartialEq<&str> for Symbol {
    fn eq(&self, other: &&str) -> bool {
        self.0 == *other
    }
}

impl fmt::Debug for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0, f)
    }
}

impl fmt::Display for Symbol {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::Symbol;
    use std::collections::BTreeSet;

    #[test]
    fn symbols_are_equal_by_content_wherever_they_come_from() {
        let made = String::from("outside_") + "coverage";
        assert_eq!(Symbol::of("outside_coverage"), Symbol::intern(&made));
        assert!(std::ptr::eq(
            Symbol::intern(&made).as_str(),
            Symbol::intern("outside_coverage").as_str()
        ));
        let ordered: BTreeSet<_> = ["b", "a", "b"].map(Symbol::intern).into();
        assert_eq!(
            ordered.into_iter().map(Symbol::as_str).collect::<Vec<_>>(),
            ["a", "b"]
        );
    }
}
