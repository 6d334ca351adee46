//! Who bears it: groups beside everybody, for the same case mix.

use std::collections::BTreeMap;

use candour_record::Record;
use candour_record::codes::{Gender, ServiceType, SupportReason};
use candour_stats::{CannotTell, Design, Direction, funnel, holm, logistic_regression};

use super::gather::{Decision, Mix};
use super::numbers::Numbers;
use super::over_time::Coding;
use crate::figures::{Funnel, FunnelLimit, FunnelPoint, Ratio};
use crate::strata::{AGE_BANDS, ethnic_text, reason_text, setting_text, sex_text};

/// One rate to compare groups by.
pub(crate) struct Rate<'a> {
    /// "found eligible".
    pub name: &'static str,
    pub of: &'static str,
    pub decisions: &'a [Decision],
    /// The way that would be worse for a group.
    pub worse: Direction,
}

/// A group whose rate was compared.
pub(crate) struct Compared {
    pub ratio: Ratio,
    pub expected: f64,
    /// After allowing for every comparison; `None` where the group is described and not tested.
    pub p: Option<f64>,
    pub worse: bool,
}

/// Characteristics on which no decision should turn once need is allowed for: tested. Age, support reason and setting are
/// themselves signs of need: described.
#[derive(Clone, Copy, PartialEq, Eq)]
enum By {
    Sex,
    EthnicGroup,
    District,
    AgeBand,
    SupportReason,
    Setting,
}

const BY: [By; 6] = [
    By::Sex,
    By::EthnicGroup,
    By::District,
    By::AgeBand,
    By::SupportReason,
    By::Setting,
];

impl By {
    fn name(self) -> &'static str {
        match self {
            By::Sex => "sex",
            By::EthnicGroup => "ethnic_group",
            By::District => "district",
            By::AgeBand => "age_band",
            By::SupportReason => "support_reason",
            By::Setting => "setting",
        }
    }

    fn is_tested(self) -> bool {
        matches!(self, By::Sex | By::EthnicGroup | By::District)
    }

    /// The part of the case mix that says the same, which the model must then leave out.
    fn part(self) -> Option<usize> {
        match self {
            By::AgeBand => Some(0),
            By::SupportReason => Some(1),
            By::Setting => Some(3),
            _ => None,
        }
    }

    fn code(self, record: &Record, d: &Decision) -> u16 {
        let person = record.people.get(d.person as usize);
        let [age, reason, _, setting, _] = d.mix;
        match self {
            By::Sex => person.map_or(0, |p| p.gender as u16),
            By::EthnicGroup => person.map_or(0, |p| p.ethnic_group as u16),
            By::District => person.map_or(0, |p| p.district),
            By::AgeBand => u16::from(age),
            By::SupportReason => u16::from(reason),
            By::Setting => u16::from(setting),
        }
    }

    fn label(self, record: &Record, code: u16) -> String {
        let small = u8::try_from(code).unwrap_or(1);
        match self {
            By::Sex => sex_text(Gender::from_u8(small)).to_owned(),
            By::EthnicGroup => {
                ethnic_text(candour_record::codes::EthnicGroup::from_u8(small)).to_owned()
            }
            By::District => record
                .districts
                .get(usize::from(code))
                .cloned()
                .unwrap_or_else(|| "unknown".to_owned()),
            By::AgeBand => AGE_BANDS
                .get(usize::from(code))
                .copied()
                .unwrap_or("unknown")
                .to_owned(),
            By::SupportReason => reason_text(SupportReason::from_u8(small)).to_owned(),
            By::Setting => setting_text(ServiceType::from_u8(small)).to_owned(),
        }
    }
}

/// Every group compared, by every rate; p after Holm's method over all that were tested.
///
/// # Errors
/// Where no group of any rate is large enough to compare.
pub(crate) fn compare(
    record: &Record,
    rates: &[Rate<'_>],
    numbers: &Numbers<'_>,
) -> Result<Vec<Compared>, CannotTell> {
    let mut all: Vec<Compared> = Vec::new();
    for rate in rates {
        let latest = one_each(rate.decisions);
        for by in BY {
            all.extend(groups(record, rate, by, &latest, numbers));
        }
    }
    let tested: Vec<(usize, f64)> = all
        .iter()
        .enumerate()
        .filter_map(|(i, c)| Some((i, c.p?)))
        .collect();
    if all.is_empty() {
        return Err(CannotTell::new(
            "no group is large enough to be compared with the others",
        ));
    }
    let adjusted = holm(&tested.iter().map(|(_, p)| *p).collect::<Vec<f64>>());
    for ((place, _), p) in tested.iter().zip(adjusted) {
        if let Some(compared) = all.get_mut(*place) {
            compared.p = Some(p);
            compared.ratio.clear = p <= numbers.level("level_who");
        }
    }
    Ok(all)
}

/// Everybody's last decision: what befell one person often does not count often.
fn one_each(decisions: &[Decision]) -> Vec<&Decision> {
    let mut latest: BTreeMap<u32, &Decision> = BTreeMap::new();
    for d in decisions {
        latest
            .entry(d.person)
            .and_modify(|kept| {
                if d.day >= kept.day {
                    *kept = d;
                }
            })
            .or_insert(d);
    }
    latest.into_values().collect()
}

#[derive(Default)]
struct Sums {
    seen: f64,
    expected: f64,
    variance: f64,
    count: u64,
    of: u64,
    cross: Vec<f64>,
}

fn groups(
    record: &Record,
    rate: &Rate<'_>,
    by: By,
    decisions: &[&Decision],
    numbers: &Numbers<'_>,
) -> Vec<Compared> {
    let coding = Coding::of(
        decisions.iter().map(|d| &d.mix),
        numbers.count("group_least"),
        by.part(),
    );
    let row = |mix: &Mix| -> Vec<f64> {
        let mut row = vec![1.0];
        row.extend(coding.values(mix));
        row
    };
    let mut cells: BTreeMap<Mix, (f64, f64)> = BTreeMap::new();
    for d in decisions {
        let cell = cells.entry(d.mix).or_default();
        cell.0 += f64::from(u8::from(d.yes));
        cell.1 += 1.0;
    }
    let mut design = Design::new(1 + coding.columns);
    let (mut yes, mut trials) = (Vec::new(), Vec::new());
    for (mix, (y, n)) in &cells {
        design.push(row(mix));
        yes.push(*y);
        trials.push(*n);
    }
    let Ok(fit) = logistic_regression(&design, &yes, &trials) else {
        return Vec::new();
    };
    let shares: BTreeMap<Mix, (f64, Vec<f64>)> = cells
        .keys()
        .map(|mix| {
            let row = row(mix);
            (*mix, (fit.share(&row), row))
        })
        .collect();
    let mut sums: BTreeMap<u16, Sums> = BTreeMap::new();
    for d in decisions {
        let Some((p, row)) = shares.get(&d.mix) else {
            continue;
        };
        let group = sums.entry(by.code(record, d)).or_insert_with(|| Sums {
            cross: vec![0.0; row.len()],
            ..Sums::default()
        });
        let weight = p * (1.0 - p);
        group.seen += f64::from(u8::from(d.yes));
        group.expected += p;
        group.variance += weight;
        group.count += u64::from(d.yes);
        group.of += 1;
        for (sum, x) in group.cross.iter_mut().zip(row) {
            *sum += weight * x;
        }
    }
    let least = numbers.get("who_least_group").max(1) as u64;
    let kept: Vec<(u16, Sums)> = sums
        .into_iter()
        .filter(|(code, s)| s.of >= least && by.label(record, *code) != "unknown")
        .filter(|(_, s)| s.expected > 0.0)
        .collect();
    if kept.len() < 2 {
        return Vec::new();
    }
    let deviates: Vec<f64> = kept
        .iter()
        .map(|(_, s)| {
            // The group took part in the fit: what the fit owes to it comes off.
            let variance = s.variance - fit.covariance.form(&s.cross, &s.cross);
            if variance > 1e-9 * s.variance {
                (s.seen - s.expected) / variance.sqrt()
            } else {
                0.0
            }
        })
        .collect();
    // Places differ for many small reasons: only what goes beyond their ordinary spread counts.
    let spread = if by == By::District {
        winsorised(&deviates).max(1.0)
    } else {
        1.0
    };
    kept.iter()
        .zip(&deviates)
        .map(|((code, s), z)| {
            let z = z / spread.sqrt();
            let error = (s.variance * spread).sqrt();
            let bad = match rate.worse {
                Direction::Fall => -z,
                Direction::Rise => z,
            };
            Compared {
                ratio: Ratio {
                    rate: rate.name.to_owned(),
                    dimension: by.name(),
                    group: by.label(record, *code),
                    count: s.count,
                    of: s.of,
                    ratio: s.seen / s.expected,
                    low: ((s.seen - 1.96 * error) / s.expected).max(0.0),
                    high: (s.seen + 1.96 * error) / s.expected,
                    clear: false,
                },
                expected: s.expected,
                p: by
                    .is_tested()
                    .then(|| candour_stats::normal_upper_tail(bad)),
                worse: bad > 0.0,
            }
        })
        .collect()
}

/// Mean square of deviates, the outermost tenth at each end drawn in (Spiegelhalter 2005): the spread that places have
/// among themselves.
fn winsorised(deviates: &[f64]) -> f64 {
    let mut sorted = deviates.to_vec();
    sorted.sort_by(f64::total_cmp);
    let low = candour_stats::quantile(&sorted, 0.1).unwrap_or(0.0);
    let high = candour_stats::quantile(&sorted, 0.9).unwrap_or(0.0);
    let squares: f64 = sorted
        .iter()
        .map(|z| z.clamp(low, high))
        .map(|z| z * z)
        .sum();
    squares / (sorted.len() as f64).max(1.0)
}

/// Places by size with their limits, for one rate.
pub(crate) fn by_place(
    record: &Record,
    rate: &Rate<'_>,
    least: u64,
    id: &'static str,
    title: String,
) -> Option<Funnel> {
    let mut places: BTreeMap<u16, (u64, u64)> = BTreeMap::new();
    for d in one_each(rate.decisions) {
        let place = places.entry(By::District.code(record, d)).or_default();
        place.0 += u64::from(d.yes);
        place.1 += 1;
    }
    let kept: Vec<(String, u64, u64)> = places
        .into_iter()
        .map(|(code, (yes, all))| (By::District.label(record, code), yes, all))
        .filter(|(label, _, all)| *all >= least && label != "unknown")
        .collect();
    let points: Vec<(u64, u64)> = kept.iter().map(|(_, yes, all)| (*yes, *all)).collect();
    let chart = funnel(&points).ok()?;
    let largest = points.iter().map(|(_, all)| *all).max()? as f64;
    let smallest = points.iter().map(|(_, all)| *all).min()? as f64;
    const STEPS: usize = 24;
    let limits = (0..=STEPS)
        .map(|i| {
            let of = smallest * (largest / smallest).powf(i as f64 / STEPS as f64);
            let (inner, outer) = (chart.limits(of, 0.95), chart.limits(of, 0.998));
            FunnelLimit {
                of,
                low95: inner.low,
                high95: inner.high,
                low998: outer.low,
                high998: outer.high,
            }
        })
        .collect();
    Some(Funnel {
        id,
        title,
        counted: rate.name,
        of: rate.of,
        centre: chart.centre,
        points: kept
            .into_iter()
            .map(|(group, count, of)| {
                let rate = count as f64 / of as f64;
                let limit = chart.limits(of as f64, 0.998);
                FunnelPoint {
                    group,
                    count,
                    of,
                    rate,
                    outside: if rate > limit.high {
                        Some("above")
                    } else if rate < limit.low {
                        Some("below")
                    } else {
                        None
                    },
                }
            })
            .collect(),
        limits,
    })
}
