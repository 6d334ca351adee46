//! Money in whole pence, and amounts of which only the least and the most are known.

use std::fmt;

use serde::Serialize;

/// Money in whole pence.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug, Default, Hash, Serialize)]
#[serde(transparent)]
pub struct Pence(pub i64);

impl Pence {
    /// Reads pounds written as `94.15` or `23250`.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (pounds, pence) = text.split_once('.').unwrap_or((text, "00"));
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        if !plain(pounds) || !plain(pence) || pence.len() != 2 {
            return None;
        }
        let pounds: i64 = pounds.parse().ok()?;
        let pence: i64 = pence.parse().ok()?;
        pounds.checked_mul(100)?.checked_add(pence).map(Self)
    }
}

impl fmt::Display for Pence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let (pounds, pence) = (self.0.unsigned_abs() / 100, self.0.unsigned_abs() % 100);
        // By thousands, as people write money.
        let digits = pounds.to_string();
        write!(f, "{sign}£")?;
        for (at, digit) in digits.chars().enumerate() {
            if at > 0 && (digits.len() - at).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        write!(f, ".{pence:02}")
    }
}

/// The least and the most that an amount can be; no most when nobody knows.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize)]
pub struct Bounds {
    pub least: Pence,
    pub most: Option<Pence>,
}

impl Bounds {
    pub(crate) const fn just(pence: i64) -> Self {
        Self {
            least: Pence(pence),
            most: Some(Pence(pence)),
        }
    }

    /// Nothing or any sum.
    pub(crate) const ANY: Self = Self {
        least: Pence(0),
        most: None,
    };

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            least: Pence(self.least.0.saturating_add(other.least.0)),
            most: match (self.most, other.most) {
                (Some(a), Some(b)) => Some(Pence(a.0.saturating_add(b.0))),
                _ => None,
            },
        }
    }

    pub(crate) fn times(self, count: i64) -> Self {
        Self {
            least: Pence(self.least.0.saturating_mul(count)),
            most: self.most.map(|most| Pence(most.0.saturating_mul(count))),
        }
    }

    /// What is left after taking it away, and never less than nothing: a
    /// charge cannot be.
    pub(crate) fn less(self, taken: Self) -> Self {
        Self {
            least: Pence(
                taken
                    .most
                    .map_or(0, |taken| self.least.0.saturating_sub(taken.0).max(0)),
            ),
            most: self
                .most
                .map(|most| Pence(most.0.saturating_sub(taken.least.0).max(0))),
        }
    }

    pub(crate) fn at_most(self, cap: i64) -> Self {
        Self {
            least: self.least.min(Pence(cap)),
            most: Some(self.most.map_or(Pence(cap), |most| most.min(Pence(cap)))),
        }
    }

    /// What one or the other may be.
    pub(crate) fn or(self, other: Self) -> Self {
        Self {
            least: self.least.min(other.least),
            most: match (self.most, other.most) {
                (Some(a), Some(b)) => Some(a.max(b)),
                _ => None,
            },
        }
    }

    pub(crate) fn exact(self) -> Option<Pence> {
        (self.most == Some(self.least)).then_some(self.least)
    }
}

impl fmt::Display for Bounds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.most {
            Some(most) if most == self.least => write!(f, "{most}"),
            Some(most) => write!(f, "{} to {most}", self.least),
            None if self.least == Pence(0) => f.write_str("not known"),
            None => write!(f, "{} or more", self.least),
        }
    }
}
