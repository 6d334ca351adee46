//! Falls that bunch: many people on one day, by one share, or to one round figure.

use std::collections::{BTreeMap, BTreeSet};

use candour_record::codes::ServiceType;
use candour_record::{Day, Interval, Record};
use candour_stats::{CannotTell, standouts};

use super::WHOLE;
use super::gather::Change;
use super::numbers::Numbers;
use super::words;
use crate::figures::{Bar, Bars};
use crate::strata::setting_text;

/// A cluster of falls beyond chance.
pub(crate) struct Cluster {
    pub kind: Kind,
    /// Chance of as many where nothing was done to all alike, after everything that was tried.
    pub p: f64,
    pub expected: f64,
    pub people: u64,
    /// First and last day.
    pub from: Day,
    pub to: Day,
    /// What was left of support: median, and the shares between which eight in ten lie.
    pub left: f64,
    pub left_range: [f64; 2],
    /// Pounds a week, where they bunch at a figure.
    pub figure: Option<i64>,
    /// The one district or setting that most of it lies in.
    district: Option<u16>,
    setting: Option<ServiceType>,
    /// Falls of the cluster, as places in the list given.
    members: BTreeSet<usize>,
}

impl Cluster {
    /// Where it lies: a district, a setting, or the whole council.
    pub fn place(&self, record: &Record) -> String {
        let district = self
            .district
            .filter(|d| *d != 0)
            .and_then(|d| record.districts.get(usize::from(d)));
        match (district, self.setting) {
            (Some(district), _) => format!("in {district}"),
            (None, Some(setting)) => format!("{WHOLE}: {}", setting_text(setting)),
            (None, None) => WHOLE.to_owned(),
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Kind {
    OneDay,
    EndedOnOneDay,
    OneShare,
    OneFigure,
}

/// Falls by day, share and figure, and the clusters among them, weightiest first.
pub(crate) struct Blanket {
    pub clusters: Vec<Cluster>,
    pub falls: u64,
    pub figures: Vec<Bars>,
}

/// How often a month's falls must agree in a day for the cluster to be dated on it.
const MOST: f64 = 0.6;
/// A cluster is said to lie in a place that holds this share of it.
const NEARLY_ALL: f64 = 0.8;
/// Pounds: figures that are multiples of this are round.
const ROUND: i64 = 10;

pub(crate) fn blanket(
    record: &Record,
    changes: &[Change],
    numbers: &Numbers<'_>,
) -> Result<Blanket, CannotTell> {
    let covered = record.coverage.service;
    let seen = Interval::new(
        covered.start,
        covered
            .end
            .min(record.as_of)
            .plus(-record.settings.fall_after_days),
    );
    if seen.is_empty() || seen.end.since(seen.start) < 180 {
        return Err(CannotTell::new(
            "the record of services is shorter than six months",
        ));
    }
    let smallest = 1.0 - numbers.percent("blanket_smallest");
    let falls: Vec<Change> = changes
        .iter()
        .filter(|c| c.share_left <= smallest && seen.contains(c.day))
        .copied()
        .collect();
    let level = numbers.level("level_blanket");
    let least = numbers.get("blanket_least_people").max(1) as u64;
    let dispersion = numbers.percent("blanket_dispersion");
    let mut found: Vec<Cluster> = Vec::new();
    {
        let mut add = |kind: Kind, p: f64, expected: f64, members: BTreeSet<usize>| {
            if p <= level / KINDS
                && let Some(cluster) = cluster(kind, p, expected, members, &falls)
                && cluster.people >= least
            {
                found.push(cluster);
            }
        };
        on_one_day(&falls, seen, dispersion, &mut add);
        by_one_share(
            &falls,
            numbers.get("blanket_share_width"),
            dispersion,
            &mut add,
        );
        to_one_figure(&falls, dispersion, &mut add);
    }
    found.sort_by(|a, b| {
        a.p.total_cmp(&b.p)
            .then(b.people.cmp(&a.people))
            .then(a.from.cmp(&b.from))
    });
    // What a weightier cluster mostly holds already is the same event.
    let mut clusters: Vec<Cluster> = Vec::new();
    for cluster in found {
        let known = clusters.iter().any(|c| {
            let shared = c.members.intersection(&cluster.members).count();
            2 * shared >= cluster.members.len()
        });
        if !known {
            clusters.push(cluster);
        }
    }
    let figures = figures(&falls, clusters.first());
    Ok(Blanket {
        clusters,
        falls: falls.len() as u64,
        figures,
    })
}

/// Kinds of bunching that are looked for: each has its part of the level.
const KINDS: f64 = 4.0;

type Add<'a> = dyn FnMut(Kind, f64, f64, BTreeSet<usize>) + 'a;

/// Days of one kind beside each other: firsts of months, other Mondays, the rest.
fn on_one_day(falls: &[Change], seen: Interval, dispersion: f64, add: &mut Add<'_>) {
    let days = usize::try_from(seen.end.since(seen.start) + 1).unwrap_or(0);
    for ended in [false, true] {
        let mut by_day: Vec<Vec<usize>> = vec![Vec::new(); days];
        for (place, fall) in falls.iter().enumerate() {
            let all_gone = fall.share_left <= 0.0;
            if all_gone == ended
                && let Some(slot) = usize::try_from(fall.day.since(seen.start))
                    .ok()
                    .and_then(|i| by_day.get_mut(i))
            {
                slot.push(place);
            }
        }
        for class in 0..3 {
            let of_class: Vec<usize> = (0..days)
                .filter(|i| class_of(seen.start.plus(*i as i64)) == class)
                .collect();
            let counts: Vec<u64> = of_class
                .iter()
                .map(|i| by_day.get(*i).map_or(0, |d| d.len() as u64))
                .collect();
            let Ok(list) = standouts(&counts, &vec![1.0; counts.len()], dispersion) else {
                continue;
            };
            for one in list {
                let members = of_class
                    .get(one.place)
                    .and_then(|i| by_day.get(*i))
                    .map(|d| d.iter().copied().collect())
                    .unwrap_or_default();
                let kind = if ended {
                    Kind::EndedOnOneDay
                } else {
                    Kind::OneDay
                };
                add(kind, (one.p * days as f64).min(1.0), one.expected, members);
            }
        }
    }
}

fn class_of(day: Day) -> u8 {
    let (.., date) = day.ymd();
    // 1970-01-01 was a Thursday.
    let monday = (day.0 + 3).rem_euclid(7) == 0;
    match (date, monday) {
        (1, _) => 0,
        (_, true) => 1,
        _ => 2,
    }
}

/// Falls of each month by the share that was left, whole percentages, beside the other months.
fn by_one_share(falls: &[Change], width: i64, dispersion: f64, add: &mut Add<'_>) {
    let percent = |fall: &Change| (fall.share_left * 100.0).round() as i64;
    let months = by_month(falls.iter().enumerate().filter(|(_, f)| f.share_left > 0.0));
    for share in 1..=99 {
        let near = |place: &usize| {
            falls
                .get(*place)
                .is_some_and(|f| (percent(f) - share).abs() <= width)
        };
        against_other_months(&months, near, 99.0, Kind::OneShare, dispersion, add);
    }
}

/// Falls of each month to the same round figure, beside the other months.
fn to_one_figure(falls: &[Change], dispersion: f64, add: &mut Add<'_>) {
    let months = by_month(falls.iter().enumerate().filter(|(_, f)| f.share_left > 0.0));
    let figures: BTreeSet<i64> = falls.iter().filter_map(round_figure).collect();
    let tried = figures.len().max(1) as f64;
    for figure in figures {
        let at = |place: &usize| falls.get(*place).and_then(round_figure) == Some(figure);
        against_other_months(&months, at, tried, Kind::OneFigure, dispersion, add);
    }
}

/// Whole tens of pounds a week that support came down to, to the penny.
fn round_figure(fall: &Change) -> Option<i64> {
    let pounds = fall.after / 100.0;
    let round = (pounds / ROUND as f64).round() as i64 * ROUND;
    (round > 0 && (pounds - round as f64).abs() < 0.005).then_some(round)
}

fn by_month<'a>(falls: impl Iterator<Item = (usize, &'a Change)>) -> BTreeMap<i32, Vec<usize>> {
    let mut months: BTreeMap<i32, Vec<usize>> = BTreeMap::new();
    for (place, fall) in falls {
        months
            .entry(fall.day.month_index())
            .or_default()
            .push(place);
    }
    months
}

fn against_other_months(
    months: &BTreeMap<i32, Vec<usize>>,
    takes: impl Fn(&usize) -> bool,
    tried: f64,
    kind: Kind,
    dispersion: f64,
    add: &mut Add<'_>,
) {
    let picked: Vec<BTreeSet<usize>> = months
        .values()
        .map(|places| places.iter().copied().filter(&takes).collect())
        .collect();
    if picked.iter().all(|p| p.len() < 5) {
        return;
    }
    let counts: Vec<u64> = picked.iter().map(|p| p.len() as u64).collect();
    // How much there was of anything else: the busier the month, the more is to be expected.
    let exposures: Vec<f64> = months
        .values()
        .zip(&counts)
        .map(|(places, n)| places.len() as f64 - *n as f64 + 1.0)
        .collect();
    let Ok(list) = standouts(&counts, &exposures, dispersion) else {
        return;
    };
    let looks = tried * months.len() as f64;
    for one in list {
        if let Some(members) = picked.get(one.place) {
            add(
                kind,
                (one.p * looks).min(1.0),
                one.expected,
                members.clone(),
            );
        }
    }
}

fn cluster(
    kind: Kind,
    p: f64,
    expected: f64,
    members: BTreeSet<usize>,
    falls: &[Change],
) -> Option<Cluster> {
    let mut inside: Vec<&Change> = members.iter().filter_map(|i| falls.get(*i)).collect();
    let people: BTreeSet<u32> = inside.iter().map(|f| f.person).collect();
    inside.sort_by(|a, b| a.share_left.total_cmp(&b.share_left));
    let at = |q: f64| {
        inside
            .get((q * (inside.len().saturating_sub(1)) as f64).round() as usize)
            .map(|f| f.share_left)
    };
    let mut days: BTreeMap<Day, usize> = BTreeMap::new();
    for fall in &inside {
        *days.entry(fall.day).or_insert(0) += 1;
    }
    let (busiest, most) = days.iter().max_by_key(|(_, n)| **n)?;
    let one_day = *most as f64 >= MOST * inside.len() as f64;
    let largest_share = |n: usize| n as f64 >= NEARLY_ALL * inside.len() as f64;
    let mut districts: BTreeMap<u16, usize> = BTreeMap::new();
    let mut settings: BTreeMap<ServiceType, usize> = BTreeMap::new();
    for fall in &inside {
        *districts.entry(fall.district).or_insert(0) += 1;
        *settings.entry(fall.setting).or_insert(0) += 1;
    }
    Some(Cluster {
        district: districts
            .into_iter()
            .find(|(_, n)| largest_share(*n))
            .map(|(district, _)| district),
        setting: settings
            .into_iter()
            .find(|(_, n)| largest_share(*n))
            .map(|(setting, _)| setting),
        kind: if one_day && kind == Kind::OneShare {
            Kind::OneDay
        } else {
            kind
        },
        p,
        expected,
        people: people.len() as u64,
        from: if one_day {
            *busiest
        } else {
            *days.keys().next()?
        },
        to: if one_day {
            *busiest
        } else {
            *days.keys().next_back()?
        },
        left: at(0.5)?,
        left_range: [at(0.1)?, at(0.9)?],
        figure: (kind == Kind::OneFigure)
            .then(|| inside.first().and_then(|f| round_figure(f)))
            .flatten(),
        members,
    })
}

/// Falls by the share that was left: the month of the weightiest cluster beside the usual, or the whole record.
fn figures(falls: &[Change], cluster: Option<&Cluster>) -> Vec<Bars> {
    const BAND: i64 = 5;
    let band = |f: &Change| ((f.share_left * 100.0).round() as i64).clamp(0, 99) / BAND;
    let mut all: BTreeMap<i64, u64> = (0..100 / BAND).map(|b| (b, 0)).collect();
    let mut own = all.clone();
    let (mut outside, mut inside) = (0.0, 0.0);
    let month = cluster.map(|c| c.from.month_index());
    for fall in falls {
        let of_month = month.is_none_or(|m| m == fall.day.month_index());
        let counts = if of_month { &mut own } else { &mut all };
        *counts.entry(band(fall)).or_insert(0) += 1;
        if of_month {
            inside += 1.0;
        } else {
            outside += 1.0;
        }
    }
    // A usual month: what the other months show, for as many falls as there were outside the cluster.
    let usual = cluster.map(|c| {
        let others = f64::max(inside - c.members.len() as f64, 0.0);
        move |n: u64| n as f64 * others / f64::max(outside, 1.0)
    });
    let marked: BTreeSet<i64> = cluster
        .map(|c| {
            c.members
                .iter()
                .filter_map(|i| falls.get(*i))
                .map(band)
                .collect()
        })
        .unwrap_or_default();
    vec![Bars {
        id: "blanket_cut_shares",
        title: match cluster {
            Some(c) => format!(
                "How much was left where support fell, {}",
                words::month(c.from)
            ),
            None => "How much was left where support fell".to_owned(),
        },
        labels: "What was left of support",
        counted: "people whose support fell",
        bars: own
            .iter()
            .map(|(band, n)| Bar {
                label: if *band == 0 {
                    format!("under {BAND}%")
                } else {
                    format!("{}–{}%", band * BAND, band * BAND + BAND - 1)
                },
                count: *n,
                expected: usual
                    .as_ref()
                    .map(|usual| usual(all.get(band).copied().unwrap_or(0))),
                marked: marked.contains(band),
            })
            .collect(),
    }]
}
