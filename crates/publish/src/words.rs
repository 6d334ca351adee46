//! The words of a page: what a signal may be called, whose a number is, how a day is written.

use candour_law::{AuthorityKind, Confirmed, Force, Owner, Param, Strength};

/// What a test's result is called. Force and strength decide; `not_met` alone is never a breach.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub(crate) enum Word {
    Breach,
    Guidance,
    Benchmark,
    Question,
    CannotTell,
    NoSignal,
    Nothing,
}

impl Word {
    /// The word for the signals of a test.
    pub fn of(force: Force, strength: Strength) -> Word {
        match (force, strength) {
            (_, Strength::Lead) => Word::Question,
            (Force::Statute, Strength::Strong) => Word::Breach,
            (Force::Guidance, Strength::Strong) => Word::Guidance,
            (Force::Benchmark, Strength::Strong) => Word::Benchmark,
        }
    }

    pub fn tag(self) -> &'static str {
        match self {
            Word::Breach => "Breach signal",
            Word::Guidance => "Departs from guidance",
            Word::Benchmark => "Benchmark missed",
            Word::Question => "Question to ask",
            Word::CannotTell => "Cannot tell",
            Word::NoSignal => "No signal",
            Word::Nothing => "Nothing to judge",
        }
    }

    pub fn class(self) -> &'static str {
        match self {
            Word::Breach => "w-breach",
            Word::Guidance => "w-guidance",
            Word::Benchmark => "w-benchmark",
            Word::Question => "w-question",
            Word::CannotTell | Word::NoSignal | Word::Nothing => "w-none",
        }
    }

    pub fn is_signal(self) -> bool {
        self <= Word::Question
    }

    /// How a sentence about signals begins.
    pub fn begins(self) -> &'static str {
        match self {
            Word::Breach => "The records signal a breach on ",
            Word::Guidance => "The records depart from guidance on ",
            Word::Benchmark => "The benchmark was missed on ",
            _ => "There is a question to ask on ",
        }
    }
}

pub(crate) fn force(force: Force) -> &'static str {
    match force {
        Force::Statute => "The Act or its regulations say that the council must.",
        Force::Guidance => {
            "Statutory guidance says so. A council must act under it, and may depart from it only for a good reason that it can give (section 78)."
        }
        Force::Benchmark => "A benchmark. No law sets the time.",
    }
}

pub(crate) fn strength(strength: Strength) -> &'static str {
    match strength {
        Strength::Strong => "Dates or codes in the return show it.",
        Strength::Lead => {
            "The return only hints at it: a question worth asking, never a breach signal."
        }
    }
}

pub(crate) fn confirmed(confirmed: Confirmed) -> &'static str {
    match confirmed {
        Confirmed::Text => "own text seen",
        Confirmed::Secondary => "seen through another source",
        Confirmed::Unconfirmed => "unconfirmed: text not seen",
    }
}

pub(crate) fn confirmed_class(confirmed: Confirmed) -> &'static str {
    match confirmed {
        Confirmed::Text => "c-text",
        Confirmed::Secondary => "c-second",
        Confirmed::Unconfirmed => "c-none",
    }
}

pub(crate) fn authority(kind: AuthorityKind) -> &'static str {
    match kind {
        AuthorityKind::Statute => "Act",
        AuthorityKind::Regulation => "Regulations",
        AuthorityKind::Guidance => "Guidance",
        AuthorityKind::Case => "Court",
        AuthorityKind::Ombudsman => "Ombudsman",
        AuthorityKind::Practice => "Practice",
    }
}

/// `182 days` for a parameter called `assessment_days`.
pub(crate) fn length(id: &str, param: &Param) -> String {
    let unit = if !param.unit.is_empty() {
        param.unit.as_str()
    } else if id.ends_with("months") {
        "months"
    } else if id.ends_with("days") {
        "days"
    } else {
        ""
    };
    format!("{} {unit}", param.value).trim_end().to_owned()
}

pub(crate) fn owner(owner: Owner) -> &'static str {
    match owner {
        Owner::Statute => "set by the Act or its regulations",
        Owner::Guidance => "the statutory guidance’s",
        Owner::Ombudsman => "the Ombudsman’s",
        Owner::Dhsc => "the department’s",
        Owner::Ours => "ours",
    }
}

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

/// `31 March 2026` for `2026-03-31`, `March 2026` for `2026-03`; anything else as it is.
pub(crate) fn date(iso: &str) -> String {
    let mut parts = iso.splitn(3, '-');
    let (year, month, day) = (parts.next(), parts.next(), parts.next());
    let name = month
        .and_then(|m| m.parse::<usize>().ok())
        .and_then(|m| MONTHS.get(m.wrapping_sub(1)));
    match (year, name, day) {
        (Some(year), Some(month), Some(day)) => {
            format!("{} {month} {year}", day.trim_start_matches('0'))
        }
        (Some(year), Some(month), None) => format!("{month} {year}"),
        _ => iso.to_owned(),
    }
}

/// First letter large.
pub(crate) fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().collect::<String>() + letters.as_str()
    })
}

/// `section 27(4)` for `s27(4)`; the two stay on one line.
pub(crate) fn section(short: &str) -> String {
    match short.strip_prefix('s') {
        Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
            format!("section\u{a0}{rest}")
        }
        _ => short.to_owned(),
    }
}

/// `one file`, `3 files`: of things, never of people.
pub(crate) fn number(n: usize, one: &str, many: &str) -> String {
    const SMALL: [&str; 10] = [
        "no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
    ];
    let noun = if n == 1 { one } else { many };
    match SMALL.get(n) {
        Some(word) => format!("{word} {noun}"),
        None => format!("{n} {noun}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_statute_and_strong_is_a_breach_signal() {
        for force in Force::ALL {
            for strength in Strength::ALL {
                let breach = Word::of(*force, *strength) == Word::Breach;
                assert_eq!(
                    breach,
                    (*force, *strength) == (Force::Statute, Strength::Strong)
                );
                let question = Word::of(*force, *strength) == Word::Question;
                assert_eq!(question, *strength == Strength::Lead);
            }
        }
        assert_eq!(Word::NoSignal.tag(), "No signal");
    }

    #[test]
    fn days_are_written_out() {
        assert_eq!(date("2026-03-01"), "1 March 2026");
        assert_eq!(date("2026-12"), "December 2026");
        assert_eq!(date("open"), "open");
        assert_eq!(section("s27(1)(a)"), "section\u{a0}27(1)(a)");
    }
}
