//! How well the rules decide cases that the Ombudsman and the courts decided.

use std::collections::BTreeMap;
use std::fmt;

use candour_law::Verdict;

use crate::check::Checked;
use crate::json::Json;

/// What a body decided of one point.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum PointTruth {
    Fault,
    NoFault,
}

/// What the rules say of one section of one case.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Answer {
    Fault,
    NoFault,
    CannotTell,
    /// No duty of the section fell due.
    Nothing,
}

/// Answers against decisions.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SectionScore {
    pub fault: usize,
    pub fault_found: usize,
    pub fault_cleared: usize,
    pub no_fault: usize,
    pub no_fault_cleared: usize,
    /// False accusations.
    pub no_fault_accused: usize,
    pub cannot_tell: usize,
}

impl SectionScore {
    pub fn points(&self) -> usize {
        self.fault + self.no_fault
    }

    fn add(&mut self, truth: PointTruth, answer: Answer) {
        match truth {
            PointTruth::Fault => self.fault += 1,
            PointTruth::NoFault => self.no_fault += 1,
        }
        match (truth, answer) {
            (PointTruth::Fault, Answer::Fault) => self.fault_found += 1,
            (PointTruth::Fault, Answer::NoFault) => self.fault_cleared += 1,
            (PointTruth::NoFault, Answer::Fault) => self.no_fault_accused += 1,
            (PointTruth::NoFault, Answer::NoFault) => self.no_fault_cleared += 1,
            (_, Answer::CannotTell | Answer::Nothing) => self.cannot_tell += 1,
        }
    }

    /// The mean of the shares of faults found and of clearances given, in
    /// thousandths; what cannot be told counts as missed. Where a section has
    /// points of one kind only, that share.
    pub fn balanced(&self) -> Option<usize> {
        mean(
            share(self.fault_found, self.fault),
            share(self.no_fault_cleared, self.no_fault),
        )
    }

    /// The same of those that were decided either way.
    pub fn balanced_of_decided(&self) -> Option<usize> {
        mean(
            share(self.fault_found, self.fault_found + self.fault_cleared),
            share(
                self.no_fault_cleared,
                self.no_fault_cleared + self.no_fault_accused,
            ),
        )
    }

    /// In thousandths.
    pub fn cannot_tell_share(&self) -> Option<usize> {
        share(self.cannot_tell, self.points())
    }
}

fn share(of: usize, all: usize) -> Option<usize> {
    (of * 1000).checked_div(all)
}

fn mean(a: Option<usize>, b: Option<usize>) -> Option<usize> {
    match (a, b) {
        (Some(a), Some(b)) => Some(usize::midpoint(a, b)),
        (one, other) => one.or(other),
    }
}

/// A point that came out otherwise than it was decided.
#[derive(Clone, Debug)]
pub struct Miss {
    pub section: String,
    pub reference: String,
    pub truth: PointTruth,
    pub answer: Answer,
    /// Whether it counts towards the score.
    pub counts: bool,
    /// The tests that spoke, with verdict and reason.
    pub said: Vec<String>,
}

/// The score of a folder of decided cases.
#[derive(Clone, Debug, Default)]
pub struct Board {
    pub cases: usize,
    /// By section: points decided after an investigation, on facts that
    /// suffice. One point for each section of a case: fault if any was found.
    pub sections: BTreeMap<String, SectionScore>,
    /// Every point that was decided, one by one, however thin its facts.
    pub every_point: SectionScore,
    pub misses: Vec<Miss>,
}

impl Board {
    /// Adds one case: its text, for the points, and what the rules say.
    pub fn add(&mut self, text: &str, checked: &Checked<'_>) {
        let Ok(json) = serde_json::from_str::<Json>(text) else {
            return;
        };
        let Some(Json::List(points)) = json.get("points") else {
            return;
        };
        self.cases += 1;
        let reference = checked
            .case
            .reference
            .clone()
            .unwrap_or_else(|| checked.case.file.clone());
        let mut by_section: BTreeMap<String, (Option<PointTruth>, bool)> = BTreeMap::new();
        for point in points {
            let field = |name: &str| point.get(name).and_then(Json::text).unwrap_or_default();
            let Some(section) = section_of(field("section")) else {
                continue;
            };
            let truth = match field("verdict") {
                "fault" => PointTruth::Fault,
                "no_fault" => PointTruth::NoFault,
                _ => continue,
            };
            let (answer, _) = answer(checked, &section);
            self.every_point.add(truth, answer);
            let counts = field("verdict_strength") == "full" && field("facts_sufficient") == "yes";
            let entry = by_section.entry(section).or_insert((None, false));
            // Points that count speak before those that do not.
            match (entry.0, counts, entry.1) {
                (None, ..) | (_, true, false) => *entry = (Some(truth), counts),
                (_, false, true) => {}
                _ if truth == PointTruth::Fault => entry.0 = Some(truth),
                _ => {}
            }
        }
        for (section, (truth, counts)) in by_section {
            let Some(truth) = truth else { continue };
            let (answer, said) = answer(checked, &section);
            if counts {
                self.sections
                    .entry(section.clone())
                    .or_default()
                    .add(truth, answer);
            }
            let right = matches!(
                (truth, answer),
                (PointTruth::Fault, Answer::Fault) | (PointTruth::NoFault, Answer::NoFault)
            );
            let accused = truth == PointTruth::NoFault && answer == Answer::Fault;
            if !right && (counts || accused) {
                self.misses.push(Miss {
                    section,
                    reference: reference.clone(),
                    truth,
                    answer,
                    counts,
                    said,
                });
            }
        }
    }

    /// All sections together.
    pub fn total(&self) -> SectionScore {
        let mut total = SectionScore::default();
        for score in self.sections.values() {
            total.fault += score.fault;
            total.fault_found += score.fault_found;
            total.fault_cleared += score.fault_cleared;
            total.no_fault += score.no_fault;
            total.no_fault_cleared += score.no_fault_cleared;
            total.no_fault_accused += score.no_fault_accused;
            total.cannot_tell += score.cannot_tell;
        }
        total
    }

    /// Sections in which one case was fault and another was not: how many such
    /// pairs, and of how many both came out right.
    pub fn matched_pairs(&self) -> BTreeMap<String, (usize, usize)> {
        let mut pairs: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        for (section, score) in &self.sections {
            let all = score.fault * score.no_fault;
            if all > 0 {
                pairs.insert(
                    section.clone(),
                    (score.fault_found * score.no_fault_cleared, all),
                );
            }
        }
        pairs
    }
}

/// `s27(4)` and `s27` are both `s27`; nothing that is not of the Act.
fn section_of(section: &str) -> Option<String> {
    let rest = section.trim().strip_prefix('s')?;
    let end = rest
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(rest.len());
    let (number, _) = rest.split_at(end);
    (!number.is_empty()).then(|| format!("s{number}"))
}

/// Any `not_met` of the section is fault, else any `met` is no fault.
fn answer(checked: &Checked<'_>, section: &str) -> (Answer, Vec<String>) {
    let mut said = Vec::new();
    let (mut not_met, mut met, mut cannot) = (false, false, false);
    for verdict in &checked.verdicts {
        if section_of(&verdict.duty.section).as_deref() != Some(section) {
            continue;
        }
        match verdict.verdict {
            Verdict::NotMet => not_met = true,
            Verdict::Met => met = true,
            Verdict::CannotTell => cannot = true,
            Verdict::NotOwed | Verdict::NotYetDue => {}
        }
        said.push(format!(
            "{}/{} {} ({})",
            verdict.duty.id, verdict.test.id, verdict.verdict, verdict.reason
        ));
    }
    let answer = if not_met {
        Answer::Fault
    } else if met {
        Answer::NoFault
    } else if cannot {
        Answer::CannotTell
    } else {
        Answer::Nothing
    };
    (answer, said)
}

fn per_cent(thousandths: Option<usize>) -> String {
    match thousandths {
        Some(share) => format!("{}.{}%", share / 10, share % 10),
        None => "-".to_owned(),
    }
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Fault => "not_met",
            Self::NoFault => "met",
            Self::CannotTell => "cannot_tell",
            Self::Nothing => "nothing",
        })
    }
}

impl fmt::Display for Board {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(
            f,
            "{:<8} {:>6} {:>6} {:>8} | {:>8} {:>8} {:>8} | {:>11} {:>9} {:>9} {:>7}",
            "section",
            "fault",
            "found",
            "cleared",
            "no fault",
            "cleared",
            "accused",
            "cannot tell",
            "balanced",
            "(decided)",
            "pairs"
        )?;
        let pairs = self.matched_pairs();
        let line = |f: &mut fmt::Formatter<'_>, name: &str, s: &SectionScore, pairs: String| {
            writeln!(
                f,
                "{:<8} {:>6} {:>6} {:>8} | {:>8} {:>8} {:>8} | {:>11} {:>9} {:>9} {:>7}",
                name,
                s.fault,
                s.fault_found,
                s.fault_cleared,
                s.no_fault,
                s.no_fault_cleared,
                s.no_fault_accused,
                format!("{} {}", s.cannot_tell, per_cent(s.cannot_tell_share())),
                per_cent(s.balanced()),
                per_cent(s.balanced_of_decided()),
                pairs
            )
        };
        let mut sections: Vec<_> = self.sections.iter().collect();
        sections.sort_by_key(|(name, _)| name.trim_start_matches('s').parse::<u32>().unwrap_or(0));
        for (name, score) in sections {
            let pairs = pairs
                .get(name)
                .map(|(right, all)| format!("{right}/{all}"))
                .unwrap_or_default();
            line(f, name, score, pairs)?;
        }
        let (right, all) = pairs
            .values()
            .fold((0, 0), |(a, b), (right, all)| (a + right, b + all));
        line(f, "all", &self.total(), format!("{right}/{all}"))?;
        line(f, "every", &self.every_point, String::new())?;
        writeln!(
            f,
            "“all”: points decided after an investigation, on facts that suffice, one for each section of a case. “every”: each point that was decided, however thin its facts. {} cases.",
            self.cases
        )?;
        let mut misses: Vec<_> = self.misses.iter().collect();
        misses.sort_by(|a, b| (&a.section, &a.reference).cmp(&(&b.section, &b.reference)));
        for miss in misses {
            let truth = match miss.truth {
                PointTruth::Fault => "fault",
                PointTruth::NoFault => "no fault",
            };
            let counts = if miss.counts { "" } else { " (does not count)" };
            let accused = miss.truth == PointTruth::NoFault && miss.answer == Answer::Fault;
            let mark = if accused { "FALSE ACCUSATION " } else { "" };
            writeln!(
                f,
                "{:<5} {:<28} {mark}{truth}, said {}{counts}{}{}",
                miss.section,
                miss.reference,
                miss.answer,
                if miss.said.is_empty() { "" } else { ": " },
                miss.said.join("; ")
            )?;
        }
        Ok(())
    }
}
