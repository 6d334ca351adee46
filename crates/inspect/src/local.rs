//! What the council can tell us that its return does not show. It can only turn a signal into a
//! question, never into an answer.

use std::path::Path;

use candour_law::{LOCAL_KINDS, Symbol, Test};
use candour_record::{Day, Fall, Occasion, Timeline};
use serde::Deserialize;

use crate::error::InspectError;

/// Local facts as written in the file.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    /// Days of re-pricing or of a move to another system.
    #[serde(default)]
    day: Vec<WrittenDay>,
    /// Work done that the return leaves out.
    #[serde(default)]
    outside: Vec<WrittenOutside>,
    direct_payments: Option<WrittenPayments>,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenDay {
    date: toml::value::Datetime,
    why: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenOutside {
    what: String,
    from: Option<toml::value::Datetime>,
    to: Option<toml::value::Datetime>,
    why: String,
}

#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct WrittenPayments {
    /// `gross`, `net` or `mixed`.
    recorded: String,
    #[serde(default)]
    why: String,
}

/// One thing the council told us.
#[derive(Clone, Debug)]
pub(crate) struct LocalFact {
    pub kind: &'static str,
    pub from: Option<Day>,
    pub to: Option<Day>,
    pub why: String,
    /// The statement in a sentence.
    pub says: String,
}

/// Everything the council told us.
#[derive(Clone, Debug, Default)]
pub struct LocalFacts {
    pub(crate) facts: Vec<LocalFact>,
    /// SHA-256 of the file, when there was one.
    pub sha256: Option<String>,
}

const OUTSIDE: [(&str, &str); 4] = [
    (
        "carers_assessments",
        "Carers’ assessments are done outside the return",
    ),
    (
        "occupational_therapy",
        "Assessments by occupational therapists are not in the return",
    ),
    (
        "reviews_by_nhs_teams",
        "Reviews by teams run by the NHS are not in the return",
    ),
    (
        "block_contracts",
        "Care under block contracts is not in the return",
    ),
];

impl LocalFacts {
    /// Reads a file of local facts.
    ///
    /// # Errors
    /// When it cannot be read, is no TOML, or says something that has no meaning here.
    pub fn from_file(path: &Path) -> Result<LocalFacts, InspectError> {
        let fail = |why: String| InspectError::Local {
            path: path.to_owned(),
            why,
        };
        let text = std::fs::read_to_string(path).map_err(|e| {
            fail(format!(
                "{e}. Check that the file is there and is UTF-8 text."
            ))
        })?;
        let mut facts = LocalFacts::parse(&text).map_err(fail)?;
        facts.sha256 = Some(crate::outputs::sha256(text.as_bytes()));
        Ok(facts)
    }

    /// Whether the council says that services were re-priced or moved on this day.
    pub(crate) fn is_repricing(&self, day: Day) -> bool {
        self.facts.iter().any(|f| {
            f.kind == "repricing_day"
                && f.from.is_some_and(|from| from <= day)
                && f.to.is_some_and(|to| day <= to)
        })
    }

    fn parse(text: &str) -> Result<LocalFacts, String> {
        let written: Written = toml::from_str(text).map_err(|e| {
            let place = e.span().map_or(0, |span| {
                text.get(..span.start).unwrap_or("").lines().count().max(1)
            });
            format!(
                "line {place}: {}. README.md shows what it can say.",
                e.message()
            )
        })?;
        let date = |d: &toml::value::Datetime| -> Result<Day, String> {
            d.date
                .and_then(|d| {
                    Day::from_ymd(i32::from(d.year), u32::from(d.month), u32::from(d.day))
                })
                .ok_or_else(|| "a date must be a day, such as 2025-04-01".to_owned())
        };
        let mut facts = Vec::new();
        for day in &written.day {
            let on = date(&day.date)?;
            facts.push(LocalFact {
                kind: "repricing_day",
                from: Some(on),
                to: Some(on.plus(1)),
                why: day.why.clone(),
                says: format!("On {on} services were re-priced or moved to another system: rows ending and starting then are continuations"),
            });
        }
        for outside in &written.outside {
            let Some((kind, says)) = OUTSIDE.iter().find(|(kind, _)| *kind == outside.what) else {
                let known: Vec<&str> = OUTSIDE.iter().map(|(kind, _)| *kind).collect();
                return Err(format!(
                    "`what` under [[outside]] must be one of {}",
                    known.join(", ")
                ));
            };
            let from = outside.from.as_ref().map(date).transpose()?;
            let to = outside.to.as_ref().map(date).transpose()?;
            if let (Some(from), Some(to)) = (from, to)
                && from > to
            {
                return Err(format!("[[outside]] {kind}: `from` is after `to`"));
            }
            facts.push(LocalFact {
                kind,
                from,
                to,
                why: outside.why.clone(),
                says: (*says).to_owned(),
            });
        }
        if let Some(payments) = &written.direct_payments {
            match payments.recorded.as_str() {
                "gross" => {}
                "net" | "mixed" => facts.push(LocalFact {
                    kind: "direct_payment_recording",
                    from: None,
                    to: None,
                    why: payments.why.clone(),
                    says: format!(
                        "Direct payments are recorded {}",
                        if payments.recorded == "net" {
                            "net of the person’s contribution"
                        } else {
                            "sometimes gross and sometimes net"
                        }
                    ),
                }),
                _ => {
                    return Err(
                        "`recorded` under [direct_payments] must be gross, net or mixed".into(),
                    );
                }
            }
        }
        debug_assert!(facts.iter().all(|f| LOCAL_KINDS.contains(&f.kind)));
        Ok(LocalFacts {
            facts,
            sha256: None,
        })
    }

    pub fn is_empty(&self) -> bool {
        self.facts.is_empty()
    }

    /// The local facts a test listens to, as places in the list.
    pub(crate) fn heard_by(&self, test: &Test) -> Vec<usize> {
        self.facts
            .iter()
            .enumerate()
            .filter(|(_, fact)| test.local.iter().any(|kind| kind == fact.kind))
            .map(|(i, _)| i)
            .collect()
    }

    /// The first of `heard` that bears on an occasion.
    pub(crate) fn bearing(
        &self,
        heard: &[usize],
        occasion: &Occasion,
        timeline: &Timeline<'_>,
    ) -> Option<usize> {
        heard.iter().copied().find(|&i| {
            self.facts.get(i).is_some_and(|fact| {
                let dated = fact.from.is_none_or(|from| from <= occasion.day)
                    && fact.to.is_none_or(|to| occasion.day <= to);
                dated
                    && (fact.kind != "direct_payment_recording"
                        || pays_directly(occasion, timeline))
            })
        })
    }

    /// The reason code of a local fact.
    pub(crate) fn reason(&self, fact: usize) -> Symbol {
        let kind = self.facts.get(fact).map_or("", |f| f.kind);
        Symbol::intern(&format!("local:{kind}"))
    }
}

/// Whether a fall touches a direct payment, so that gross or net matters.
fn pays_directly(occasion: &Occasion, timeline: &Timeline<'_>) -> bool {
    let fall: Option<&Fall> = timeline.falls.get(occasion.place as usize);
    fall.is_some_and(|fall| {
        fall.before
            .iter()
            .chain(&fall.after)
            .filter_map(|&i| timeline.events.get(i as usize))
            .any(candour_record::Event::is_direct_payment)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_the_readme_shows() {
        let facts = LocalFacts::parse(
            "[[day]]\ndate = 2025-04-01\nwhy = \"new rates\"\n\n[[outside]]\nwhat = \"carers_assessments\"\nwhy = \"done by a partner\"\n\n[direct_payments]\nrecorded = \"net\"\n",
        )
        .unwrap();
        assert_eq!(facts.facts.len(), 3);
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, part) in [
            (
                "[[outside]]\nwhat = \"meals\"\nwhy = \"\"",
                "must be one of",
            ),
            (
                "[direct_payments]\nrecorded = \"both\"",
                "gross, net or mixed",
            ),
            ("colour = 1", "line 1"),
            ("[[day]]\ndate = 12:00:00\nwhy = \"\"", "must be a day"),
        ] {
            let error = LocalFacts::parse(text).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
    }
}
