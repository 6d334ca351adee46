//! Counts by group, and how they become a measure.

use candour_record::Interval;

use super::{Measure, MeasureGroup};

/// One way to divide a measure.
pub(super) struct Division {
    pub by: &'static str,
    pub groups: &'static [&'static str],
    /// Whether a group has a denominator of its own; otherwise it is counted only.
    pub shares: bool,
}

#[derive(Clone, Copy, Default)]
struct Part {
    numerator: u64,
    denominator: u64,
}

/// Numerator and denominator of the whole and of each group.
pub(super) struct Table {
    divisions: &'static [Division],
    whole: Part,
    /// The groups of all divisions, one after the other.
    parts: Vec<Part>,
}

impl Table {
    pub(super) fn new(divisions: &'static [Division]) -> Table {
        Table {
            divisions,
            whole: Part::default(),
            parts: vec![Part::default(); divisions.iter().map(|d| d.groups.len()).sum()],
        }
    }

    fn part(&mut self, division: usize, place: usize) -> Option<&mut Part> {
        let before: usize = self
            .divisions
            .iter()
            .take(division)
            .map(|d| d.groups.len())
            .sum();
        self.parts.get_mut(before + place)
    }

    /// Counts one in, in the whole and in one group of each of the first divisions (`None`: of none).
    pub(super) fn add(&mut self, in_numerator: bool, places: &[Option<usize>]) {
        let numerator = u64::from(in_numerator);
        self.whole.numerator += numerator;
        self.whole.denominator += 1;
        for (division, place) in places.iter().enumerate() {
            if let Some(part) = place.and_then(|place| self.part(division, place)) {
                part.numerator += numerator;
                part.denominator += 1;
            }
        }
    }

    /// Counts one in a group only: one that is not in the whole, or a division that is counted only.
    pub(super) fn count(&mut self, division: usize, place: usize) {
        if let Some(part) = self.part(division, place) {
            part.numerator += 1;
        }
    }

    pub(super) fn merge(&mut self, other: &Table) {
        let add = |to: &mut Part, from: &Part| {
            to.numerator += from.numerator;
            to.denominator += from.denominator;
        };
        add(&mut self.whole, &other.whole);
        for (to, from) in self.parts.iter_mut().zip(&other.parts) {
            add(to, from);
        }
    }

    fn groups(&self, of_a_share: bool) -> Vec<MeasureGroup> {
        self.divisions
            .iter()
            .flat_map(|d| d.groups.iter().map(move |group| (d, group)))
            .zip(&self.parts)
            .map(|((division, group), part)| {
                let shares = of_a_share && division.shares;
                MeasureGroup {
                    by: division.by,
                    group: (*group).to_owned(),
                    numerator: Some(part.numerator),
                    denominator: shares.then_some(part.denominator),
                    value: match (shares, of_a_share) {
                        (true, _) => share(*part),
                        (false, true) => None,
                        (false, false) => Some(part.numerator as f64),
                    },
                    percentile_90: None,
                }
            })
            .collect()
    }
}

fn share(part: Part) -> Option<f64> {
    (part.denominator > 0).then(|| part.numerator as f64 / part.denominator as f64)
}

/// What stands beside the number of a measure.
#[derive(Clone, Copy)]
pub(super) struct About {
    pub id: &'static str,
    pub title: &'static str,
    pub method: &'static str,
    pub unit: &'static str,
    pub note: &'static str,
}

impl About {
    pub(super) fn cannot_tell(&self, period: Interval, why: String) -> Measure {
        Measure {
            id: self.id,
            title: self.title,
            method: self.method,
            period: [period.start.to_string(), period.end.to_string()],
            numerator: None,
            denominator: None,
            value: None,
            percentile_90: None,
            unit: self.unit,
            cannot_tell: Some(why),
            note: self.note,
            groups: Vec::new(),
        }
    }

    /// How many there are: the numerators of `table`.
    pub(super) fn number(&self, period: Interval, lacks: Option<String>, table: &Table) -> Measure {
        if let Some(why) = lacks {
            return self.cannot_tell(period, why);
        }
        Measure {
            numerator: Some(table.whole.numerator),
            value: Some(table.whole.numerator as f64),
            cannot_tell: None,
            groups: table.groups(false),
            ..self.cannot_tell(period, String::new())
        }
    }

    /// Which share of the denominator they are. `nobody` says what an empty denominator means.
    pub(super) fn share(
        &self,
        period: Interval,
        lacks: Option<String>,
        table: &Table,
        nobody: &str,
    ) -> Measure {
        if let Some(why) = lacks {
            return self.cannot_tell(period, why);
        }
        Measure {
            numerator: Some(table.whole.numerator),
            denominator: Some(table.whole.denominator),
            value: share(table.whole),
            cannot_tell: (table.whole.denominator == 0).then(|| nobody.to_owned()),
            groups: table.groups(true),
            ..self.cannot_tell(period, String::new())
        }
    }
}
