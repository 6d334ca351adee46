//! One test's numbers as they may be shown. Everything on the page that counts occasions comes from
//! here, so that no two places can tell more together than each alone.

use candour_inspect::{DIMENSIONS, Inspector, TestResult};
use candour_law::{Duty, Strength, Test, Verdict};

use crate::chart::{Bar, Chart, Fill};
use crate::groups::{self, Worse};
use crate::numbers::{Cell, Ledger, Share, Shown};
use crate::words::Word;

/// A test with what it came to.
pub(crate) struct TestView<'a> {
    pub result: &'a TestResult,
    pub duty: &'a Duty,
    pub test: &'a Test,
    /// Anchor on the page.
    pub id: String,
    pub word: Word,
    /// What the word covers.
    pub signals: Shown,
    /// Beside them: those that are only a question to ask, because of what the record shows of them.
    pub questions: Option<Shown>,
    /// Both together.
    pub all_signals: Shown,
    pub met: Shown,
    pub cannot_tell: Shown,
    pub owed: Shown,
    pub occasions: Shown,
    pub share: Option<Share>,
    pub cannot_share: Option<Share>,
    /// What the signals would be without the local facts; `None` where none was heard.
    pub without_local: Option<Shown>,
    pub worse: Vec<Worse>,
    /// Groups that were large enough to compare.
    pub compared: usize,
    /// (not owed, not yet due).
    outside: (Shown, Shown),
    reasons: Vec<(Verdict, String, Shown)>,
}

impl<'a> TestView<'a> {
    pub fn new(inspector: &'a Inspector<'_>, result: &'a TestResult) -> Option<TestView<'a>> {
        let (duty, test) = inspector.test_of(result)?;
        let counts = &result.counts;
        let mut ledger = Ledger::default();
        let signals = ledger.cell(counts.not_met);
        let strong = ledger.cell(result.not_met_strong);
        let lead = ledger.cell(counts.not_met - result.not_met_strong);
        let met = ledger.cell(counts.met);
        let cannot = ledger.cell(counts.cannot_tell);
        let not_owed = ledger.cell(counts.not_owed);
        let not_yet = ledger.cell(counts.not_yet_due);
        let owed = ledger.cell(counts.met + counts.not_met + counts.cannot_tell);
        let occasions = ledger.cell(counts.occasions());
        ledger.split(occasions, vec![owed, not_owed, not_yet]);
        ledger.split(owed, vec![strong, lead, met, cannot]);
        ledger.split(owed, vec![signals, met, cannot]);
        ledger.sum(signals, vec![strong, lead]);
        let mut reasons: Vec<(Verdict, &str, u64, Cell)> = result
            .reasons
            .iter()
            // That it was done needs no reason, nor a signal, whose sentence stands above.
            .filter(|((verdict, why), _)| {
                !matches!(verdict, Verdict::Met | Verdict::NotMet)
                    || why.as_str() != verdict.as_str()
            })
            .map(|((v, why), n)| (*v, why.as_str(), *n, ledger.cell(*n)))
            .collect();
        for (verdict, total) in [
            (Verdict::CannotTell, cannot),
            (Verdict::NotOwed, not_owed),
            (Verdict::NotYetDue, not_yet),
        ] {
            ledger.split(
                total,
                reasons
                    .iter()
                    .filter(|r| r.0 == verdict)
                    .map(|r| r.3)
                    .collect(),
            );
        }
        let turned: u64 = result.local.values().sum();
        let without = (turned > 0).then(|| {
            let turned = ledger.cell(turned);
            let without = ledger.cell(counts.not_met + result.local.values().sum::<u64>());
            let told: Vec<Cell> = reasons
                .iter()
                .filter(|r| r.1.starts_with("local:"))
                .map(|r| r.3)
                .collect();
            ledger.sum(turned, told);
            ledger.sum(without, vec![signals, turned]);
            without
        });
        ledger.protect();
        reasons.sort_by(|a, b| {
            (a.0, std::cmp::Reverse(a.2), a.1).cmp(&(b.0, std::cmp::Reverse(b.2), b.1))
        });
        let all = signals;
        let show = |cell: Cell| ledger.shown(cell);
        let own = Word::of(test.force, test.strength);
        let word = if counts.not_met > 0 {
            // All of them weaker than the test's own: nothing stronger than a question may be said.
            if test.strength == Strength::Strong && result.not_met_strong == 0 {
                Word::Question
            } else {
                own
            }
        } else if counts.met > 0 && result.local.is_empty() {
            Word::NoSignal
        } else if counts.cannot_tell > 0 {
            Word::CannotTell
        } else {
            Word::Nothing
        };
        let (signals, questions) = match (show(signals), test.strength, word) {
            (Shown::Unsplit, _, _) => (Shown::Unsplit, None),
            (_, Strength::Strong, Word::Question) | (_, Strength::Lead, _) => (show(lead), None),
            (_, Strength::Strong, _) => {
                (show(strong), Some(show(lead)).filter(|n| *n != Shown::Zero))
            }
        };
        let (worse, compared) = groups::worse(&result.groups, &DIMENSIONS);
        Some(TestView {
            result,
            duty,
            test,
            id: format!("{}--{}", duty.id, test.id),
            word,
            signals,
            questions,
            all_signals: show(all),
            met: show(met),
            cannot_tell: show(cannot),
            owed: show(owed),
            occasions: show(occasions),
            share: Share::new(signals, show(owed)),
            cannot_share: Share::new(show(cannot), show(owed)),
            without_local: without.map(show),
            worse,
            compared,
            outside: (show(not_owed), show(not_yet)),
            reasons: reasons
                .iter()
                .map(|(verdict, why, _, cell)| {
                    let says = inspector
                        .rulebook
                        .sentence(test, why)
                        .unwrap_or_else(|| (*why).to_owned());
                    (*verdict, says, show(*cell))
                })
                .collect(),
        })
    }

    /// The bars, their table and their text.
    pub fn chart(&self) -> Chart {
        let bar = |label, fill, count, verdict| Bar {
            label,
            fill,
            count,
            share: if fill == Fill::Outside {
                None
            } else {
                Share::new(count, self.owed)
            },
            reasons: self
                .reasons
                .iter()
                .filter(|(v, _, n)| *v == verdict && *n != Shown::Unsplit)
                .map(|(_, says, n)| (says.clone(), *n))
                .collect(),
        };
        let own = if self.word.is_signal() {
            self.word
        } else {
            Word::of(self.test.force, self.test.strength)
        };
        let fill = if own == Word::Question {
            Fill::Question
        } else {
            Fill::Signal
        };
        let mut bars = vec![bar(own.tag(), fill, self.signals, Verdict::NotMet)];
        if let Some(questions) = self.questions {
            let tag = Word::Question.tag();
            bars.push(Bar {
                reasons: Vec::new(),
                ..bar(tag, Fill::Question, questions, Verdict::NotMet)
            });
        }
        bars.push(bar("No signal", Fill::NoSignal, self.met, Verdict::Met));
        bars.push(bar(
            "Cannot tell",
            Fill::CannotTell,
            self.cannot_tell,
            Verdict::CannotTell,
        ));
        bars.push(bar(
            "Not owed",
            Fill::Outside,
            self.outside.0,
            Verdict::NotOwed,
        ));
        bars.push(bar(
            "Not yet due",
            Fill::Outside,
            self.outside.1,
            Verdict::NotYetDue,
        ));
        Chart {
            id: format!("chart-{}", self.id),
            title: format!("{}: occasions by what the records show", self.test.title),
            bars,
            owed_and_due: self.owed,
            occasions: self.occasions,
        }
    }

    /// What the records say on this test, in a sentence.
    pub fn says(&self) -> String {
        let cannot = match self.cannot_share {
            Some(share) if self.cannot_tell != Shown::Zero => {
                format!(" On {} we cannot tell.", share.percent())
            }
            None if self.cannot_tell != Shown::Zero => {
                format!(" On {} we cannot tell.", self.cannot_tell.about())
            }
            _ => String::new(),
        };
        if self.signals == Shown::Unsplit || self.owed == Shown::Unsplit {
            return format!(
                "There are {} occasions, too few to show how they divide.",
                if self.owed == Shown::Unsplit {
                    self.occasions
                } else {
                    self.owed
                }
            );
        }
        match self.word {
            Word::Nothing => "The records show no occasion on which this was owed and due, so there is nothing to judge. That is not a pass.".to_owned(),
            // All that would be a signal was explained away: that is the council's word, not the record's.
            Word::CannotTell if self.without_local.is_some() => {
                let without = self.without_local.map(Shown::about).unwrap_or_default();
                format!("What the council told us leaves no signal on the {} occasions on which it was owed and due. Without it there would be {without}.{cannot}", self.owed)
            }
            Word::CannotTell => format!("On none of the {} occasions on which it was owed and due can the records tell.", self.owed),
            Word::NoSignal => {
                let met = match Share::new(self.met, self.owed) {
                    Some(share) => share.percent(),
                    None => self.met.about(),
                };
                format!("No signal among the {} occasions on which it was owed and due. The records show it on {met}.{cannot}", self.owed)
            }
            word => {
                let share = self.share.map(|s| format!(": {}", s.with_interval())).unwrap_or_default();
                let questions = match self.questions {
                    Some(n) => format!(" On {} more there is only a question to ask, because of what the record shows of them.", n.about()),
                    None => String::new(),
                };
                format!("{}{} of {} occasions on which it was owed and due{share}.{questions}{cannot}", word.begins(), self.signals.about(), self.owed)
            }
        }
    }
}
