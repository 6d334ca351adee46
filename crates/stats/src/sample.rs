//! Draws from a locked frame by a public seed.
//!
//! The whole of it, so that anyone can draw again with any tool that has SHA-256:
//! 1. A person's *ticket* is SHA-256 of `candour-draw-1|SEED|FRAME|DRAW|PERSON` in UTF-8, where FRAME is the SHA-256 of
//!    `frame.csv` in lower-case hex and DRAW is `random`, `targeted` or `alleged`.
//! 2. Random: in each stratum people stand in order of their tickets; the first are drawn, the next are its reserves.
//! 3. How many: each stratum gets one file, then the rest go one at a time to the stratum where people / (2 files + 1)
//!    is largest, the first by name when equal, never more than it has people.
//! 4. Targeted: people with signals, the most first and by ticket when equal; or, proportional, by the first 16 hex
//!    digits of the ticket divided by the signals, the smallest first, after those whose chance is certain.
//! 5. Alleged: everyone on the list, in order of tickets.
//!
//! Tickets make a permanent random number of every person: sorting by them is simple random sampling without
//! replacement, and dividing them by a size is Ohlsson's sequential Poisson sampling (E. Ohlsson, Journal of Official
//! Statistics 14 (1998) 149-162). Sharing out by people / (2 files + 1) is Sainte-Lague's method.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use sha2::{Digest, Sha256};

use crate::CannotTell;
use crate::sizes::wilson_interval;

/// A number that only seed, frame, draw and person decide.
pub type Ticket = [u8; 32];

/// SHA-256 of parts joined by `|`.
fn hash(parts: &[&str]) -> Ticket {
    Sha256::digest(parts.join("|").as_bytes()).into()
}

/// The place of a person in the frame's frozen order: people stand in order of these.
pub fn frame_place(key: &str, person: &str) -> Ticket {
    hash(&["candour-frame-1", key, person])
}

/// A person's ticket in a draw.
pub fn ticket(seed: &str, frame: &str, draw: &str, person: &str) -> Ticket {
    hash(&["candour-draw-1", seed, frame, draw, person])
}

/// The kinds of draw. They answer different questions and are never counted as one.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Draw {
    /// By chance: stands for everybody in the frame.
    Random,
    /// Because of their signals: stands for nobody else.
    Targeted,
    /// Because somebody alleged something: stands for nobody else.
    Alleged,
}

impl Draw {
    pub const ALL: [Draw; 3] = [Draw::Random, Draw::Targeted, Draw::Alleged];

    pub fn as_str(self) -> &'static str {
        match self {
            Draw::Random => "random",
            Draw::Targeted => "targeted",
            Draw::Alleged => "alleged",
        }
    }
}

/// How people are targeted.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Target {
    /// Those with the most signals.
    Most,
    /// With a chance proportional to their signals.
    Proportional,
}

/// What is asked of a draw. Places are those of people in the frame.
#[derive(Clone, Debug)]
pub struct Request<'a> {
    pub seed: &'a str,
    /// SHA-256 of the frame, in hex.
    pub frame: &'a str,
    pub people: &'a [&'a str],
    /// Each person's stratum, from [`strata`].
    pub strata: &'a [String],
    pub random: u64,
    /// Each person's signals; who has none is not targeted.
    pub signals: &'a [u64],
    pub targeted: u64,
    pub target: Target,
    /// Who allegations are about, in the frame or not.
    pub alleged: &'a [&'a str],
}

/// A person drawn, or in reserve.
#[derive(Clone, PartialEq, Debug)]
pub struct Drawn {
    pub draw: Draw,
    pub stratum: String,
    /// From 1 in its draw and stratum; reserves follow on.
    pub order: u64,
    pub person: String,
    /// The chance of being drawn that this person had; reserves were not drawn and have none.
    pub probability: Option<f64>,
    /// People of the stratum, and how many of them are drawn.
    pub stratum_people: u64,
    pub stratum_files: u64,
}

/// Reserves in a stratum: as many as are drawn, and at least this many.
pub const FEWEST_RESERVES: u64 = 3;

/// The stratum of people when strata too small for a file of their own are put together.
pub const OTHERS: &str = "all others";

/// Each person's stratum by the columns named.
///
/// With `together`, strata whose share of `files` is less than one file are put together: first over the last column
/// (`others` stands in its place), then over the one before, at last in [`OTHERS`]. Without, every stratum stands, and
/// each will get a file.
pub fn strata(columns: &[&str], cells: &[Vec<&str>], files: u64, together: bool) -> Vec<String> {
    let people = cells.len() as u128;
    let name = |row: &[&str], kept: usize| -> String {
        if columns.is_empty() {
            return "everybody".to_owned();
        }
        if kept == 0 {
            return OTHERS.to_owned();
        }
        let parts: Vec<String> = columns
            .iter()
            .zip(row)
            .enumerate()
            .map(|(place, (column, cell))| {
                let cell = if place < kept { cell } else { "others" };
                format!("{column}: {cell}")
            })
            .collect();
        parts.join("; ")
    };
    let mut found: Vec<Option<String>> = vec![None; cells.len()];
    let finest = columns.len();
    for kept in (0..=finest).rev() {
        let mut sizes: BTreeMap<String, u128> = BTreeMap::new();
        for (row, _) in cells.iter().zip(&found).filter(|(_, f)| f.is_none()) {
            *sizes.entry(name(row, kept)).or_insert(0) += 1;
        }
        for (row, place) in cells.iter().zip(&mut found).filter(|(_, f)| f.is_none()) {
            let name = name(row, kept);
            let size = sizes.get(&name).copied().unwrap_or(0);
            if !together || kept == 0 || size * u128::from(files) >= people {
                *place = Some(name);
            }
        }
    }
    found.into_iter().flatten().collect()
}

/// How many of `files` each stratum gets, by rule 3 above. Sizes come in the order of the strata's names.
///
/// # Errors
/// More strata than files, more files than people, or an empty stratum.
pub fn share_out(sizes: &[u64], files: u64) -> Result<Vec<u64>, CannotTell> {
    if files == 0 {
        return Ok(vec![0; sizes.len()]);
    }
    if sizes.contains(&0) {
        return Err(CannotTell::new("cannot draw, because a stratum is empty"));
    }
    if sizes.iter().sum::<u64>() < files {
        return Err(CannotTell::new(format!(
            "cannot draw, because {files} files are asked for and the frame has {} people",
            sizes.iter().sum::<u64>()
        )));
    }
    if (sizes.len() as u64) > files {
        return Err(CannotTell::new(format!(
            "cannot draw, because {} strata cannot each have one of {files} files; name fewer columns or ask for more files",
            sizes.len()
        )));
    }
    let mut given = vec![1u64; sizes.len()];
    for _ in sizes.len() as u64..files {
        let next = sizes
            .iter()
            .zip(&mut given)
            .filter(|(size, given)| **given < **size)
            .reduce(|best, other| {
                // other.size / (2 other.given + 1) > best.size / (2 best.given + 1)
                let left = u128::from(*other.0) * (2 * u128::from(*best.1) + 1);
                let right = u128::from(*best.0) * (2 * u128::from(*other.1) + 1);
                if left > right { other } else { best }
            });
        if let Some((_, given)) = next {
            *given += 1;
        }
    }
    Ok(given)
}

/// Everyone drawn, and the reserves: draw by draw, stratum by stratum, in order.
///
/// # Errors
/// As [`share_out`]; or lists of different lengths.
pub fn draw(request: &Request<'_>) -> Result<Vec<Drawn>, CannotTell> {
    let people = request.people.len();
    if people != request.strata.len() || people != request.signals.len() {
        return Err(CannotTell::new(
            "cannot draw, because the lists of people, strata and signals are not of one length",
        ));
    }
    let mut drawn = random(request)?;
    drawn.extend(targeted(request));
    drawn.extend(alleged(request));
    Ok(drawn)
}

fn ticket_of(request: &Request<'_>, draw: Draw, person: &str) -> Ticket {
    ticket(request.seed, request.frame, draw.as_str(), person)
}

fn random(request: &Request<'_>) -> Result<Vec<Drawn>, CannotTell> {
    let mut strata: BTreeMap<&str, Vec<(Ticket, &str)>> = BTreeMap::new();
    for (person, stratum) in request.people.iter().zip(request.strata) {
        let ticket = ticket_of(request, Draw::Random, person);
        strata.entry(stratum).or_default().push((ticket, person));
    }
    let sizes: Vec<u64> = strata.values().map(|s| s.len() as u64).collect();
    let files = share_out(&sizes, request.random)?;
    let mut drawn = Vec::new();
    for ((stratum, mut people), files) in strata.into_iter().zip(files) {
        if files == 0 {
            continue;
        }
        people.sort_unstable();
        let size = people.len() as u64;
        let probability = files as f64 / size as f64;
        let people = people.into_iter().map(|(_, person)| (person, probability));
        drawn.extend(list(Draw::Random, stratum, people, size, files));
    }
    Ok(drawn)
}

/// The first `files` of the people drawn, the next in reserve.
fn list<'a>(
    draw: Draw,
    stratum: &str,
    people: impl Iterator<Item = (&'a str, f64)>,
    size: u64,
    files: u64,
) -> Vec<Drawn> {
    let reserves = files.max(FEWEST_RESERVES);
    people
        .zip(1..=files + reserves)
        .map(|((person, probability), order)| Drawn {
            draw,
            stratum: stratum.to_owned(),
            order,
            person: person.to_owned(),
            probability: (order <= files).then_some(probability),
            stratum_people: size,
            stratum_files: files,
        })
        .collect()
}

/// Somebody with signals.
struct Suspect<'a> {
    ticket: Ticket,
    person: &'a str,
    signals: u64,
    probability: f64,
}

impl Suspect<'_> {
    /// The first 16 hex digits of the ticket as a number.
    fn short(&self) -> u64 {
        self.ticket
            .iter()
            .take(8)
            .fold(0, |number, byte| number << 8 | u64::from(*byte))
    }
}

fn targeted(request: &Request<'_>) -> Vec<Drawn> {
    let mut suspects: Vec<Suspect<'_>> = request
        .people
        .iter()
        .zip(request.signals)
        .filter(|(_, signals)| **signals > 0)
        .map(|(person, signals)| Suspect {
            ticket: ticket_of(request, Draw::Targeted, person),
            person,
            signals: *signals,
            probability: 0.0,
        })
        .collect();
    let size = suspects.len() as u64;
    let files = request.targeted.min(size);
    if files == 0 {
        return Vec::new();
    }
    match request.target {
        Target::Most => {
            suspects.sort_by_key(|s| (Reverse(s.signals), s.ticket));
            most(&mut suspects, files);
        }
        Target::Proportional => proportional(&mut suspects, files),
    }
    let people = suspects.iter().map(|s| (s.person, s.probability));
    list(Draw::Targeted, "people with signals", people, size, files)
}

/// Who has more signals than the last one drawn is certain; those with as many had equal chances of the files left.
fn most(suspects: &mut [Suspect<'_>], files: u64) {
    let last = suspects
        .get(files as usize - 1)
        .map_or(0, |suspect| suspect.signals);
    let above = suspects.iter().filter(|s| s.signals > last).count() as u64;
    let equal = suspects.iter().filter(|s| s.signals == last).count() as u64;
    for suspect in suspects {
        suspect.probability = if suspect.signals > last {
            1.0
        } else {
            (files - above) as f64 / equal as f64
        };
    }
}

fn proportional(suspects: &mut [Suspect<'_>], files: u64) {
    // Whose share of the files would be one or more is certain; what is left is shared among the others, again and again.
    suspects.sort_by_key(|s| (Reverse(s.signals), s.ticket));
    let mut left = files;
    let mut total: u128 = suspects.iter().map(|s| u128::from(s.signals)).sum();
    let mut certain = 0;
    for suspect in suspects.iter_mut() {
        if left == 0 || u128::from(suspect.signals) * u128::from(left) < total {
            break;
        }
        suspect.probability = 1.0;
        total -= u128::from(suspect.signals);
        left -= 1;
        certain += 1;
    }
    if let Some(others) = suspects.get_mut(certain..) {
        for suspect in others.iter_mut() {
            suspect.probability = suspect.signals as f64 * left as f64 / total as f64;
        }
        others.sort_by(|a, b| {
            let (a_side, b_side) = (
                u128::from(a.short()) * u128::from(b.signals),
                u128::from(b.short()) * u128::from(a.signals),
            );
            a_side.cmp(&b_side).then(a.ticket.cmp(&b.ticket))
        });
    }
}

fn alleged(request: &Request<'_>) -> Vec<Drawn> {
    let mut people: Vec<(Ticket, &str)> = request
        .alleged
        .iter()
        .map(|person| (ticket_of(request, Draw::Alleged, person), *person))
        .collect();
    people.sort_unstable();
    let size = people.len() as u64;
    let people = people.into_iter().map(|(_, person)| (person, 1.0));
    list(Draw::Alleged, "alleged", people, size, size)
}

/// A share of people worked out from files that each stand for some of them.
#[derive(Clone, Debug, PartialEq)]
pub struct Weighted {
    /// Share of the people, 0 to 1.
    pub share: f64,
    /// The number of equally weighted files that would say as much (L. Kish, *Survey Sampling*, 1965, section 11.7).
    pub effective: f64,
    /// 95% interval: Wilson's with the effective number of files and the finite population correction.
    pub low: f64,
    pub high: f64,
}

/// The share of `people` for which it was found, from files with the number of people that each stands for.
///
/// The interval takes no credit for what strata explain, so with files shared out in proportion it is if anything too wide
/// (E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998) 193-201 use effective numbers in the same way).
///
/// # Errors
/// No files, or one that stands for nobody.
pub fn weighted_share(files: &[(f64, bool)], people: u64) -> Result<Weighted, CannotTell> {
    let (share, effective) = effective(files)?;
    let (low, high) = wilson_interval(share, effective, Some(people))?;
    Ok(Weighted {
        share,
        effective,
        low,
        high,
    })
}

/// Weighted share and effective number of files.
///
/// # Errors
/// No files, or one that stands for nobody.
pub fn effective(files: &[(f64, bool)]) -> Result<(f64, f64), CannotTell> {
    if files.is_empty() {
        return Err(CannotTell::new(
            "cannot tell, because no file of this draw has an answer",
        ));
    }
    if !files.iter().all(|(w, _)| w.is_finite() && *w > 0.0) {
        return Err(CannotTell::new(
            "cannot tell, because a file stands for nobody",
        ));
    }
    let total: f64 = files.iter().map(|(w, _)| w).sum();
    let squares: f64 = files.iter().map(|(w, _)| w * w).sum();
    let found: f64 = files.iter().filter(|(_, f)| *f).map(|(w, _)| w).sum();
    let share = if files.iter().all(|(_, f)| *f) {
        1.0
    } else {
        found / total
    };
    Ok((share, (total * total / squares).min(files.len() as f64)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn hex(ticket: &Ticket) -> String {
        ticket.iter().map(|b| format!("{b:02x}")).collect()
    }

    fn request<'a>(
        people: &'a [&'a str],
        strata: &'a [String],
        signals: &'a [u64],
        seed: &'a str,
    ) -> Request<'a> {
        Request {
            seed,
            frame: "00",
            people,
            strata,
            random: 4,
            signals,
            targeted: 3,
            target: Target::Most,
            alleged: &[],
        }
    }

    /// `printf 'candour-draw-1|3-1-4|00|random|P1' | sha256sum`
    #[test]
    fn a_ticket_is_what_sha256sum_says() {
        assert_eq!(
            hex(&ticket("3-1-4", "00", "random", "P1")),
            "936855163d70fbf966e61f76ccec43f902a56086d3f1e9d1e21226d54c67c11c"
        );
    }

    #[test]
    fn files_are_shared_out_in_proportion() {
        assert_eq!(share_out(&[700, 200, 100], 10).unwrap(), [7, 2, 1]);
        assert_eq!(share_out(&[960, 20, 20], 30).unwrap(), [28, 1, 1]);
        assert_eq!(share_out(&[2, 2, 2], 6).unwrap(), [2, 2, 2]);
        assert_eq!(share_out(&[50], 0).unwrap(), [0]);
        assert!(share_out(&[5, 5, 5], 2).is_err());
        assert!(share_out(&[5, 5], 11).is_err());
        assert!(share_out(&[5, 0], 3).is_err());
    }

    #[test]
    fn small_strata_are_put_together_from_the_last_column_up() {
        let mut cells = vec![vec!["a", "n"]; 50];
        cells.extend(vec![vec!["a", "s"]; 4]);
        cells.extend(vec![vec!["a", "w"]; 8]);
        cells.extend(vec![vec!["b", "n"]; 3]);
        cells.extend(vec![vec!["c", "n"]; 35]);
        let found = strata(&["need", "place"], &cells, 10, true);
        let mut sizes: BTreeMap<&str, usize> = BTreeMap::new();
        for name in &found {
            *sizes.entry(name).or_insert(0) += 1;
        }
        assert_eq!(
            sizes.into_iter().collect::<Vec<_>>(),
            [
                ("all others", 3),
                ("need: a; place: n", 50),
                ("need: a; place: others", 12),
                ("need: c; place: n", 35)
            ]
        );
        assert_eq!(
            strata(&["need", "place"], &cells, 10, false)[53],
            "need: a; place: s"
        );
        assert_eq!(strata(&[], &cells, 10, true)[0], "everybody");
    }

    #[test]
    fn everyone_has_the_chance_that_is_stated() {
        let people = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"];
        let strata: Vec<String> = (0..10)
            .map(|i| if i < 7 { "x" } else { "y" }.into())
            .collect();
        let signals = [1, 0, 2, 3, 1, 1, 5, 1, 30, 2];
        let mut counts: BTreeMap<(Draw, String), f64> = BTreeMap::new();
        let mut stated: BTreeMap<(Draw, String), f64> = BTreeMap::new();
        let runs = 4000;
        for seed in 0..runs {
            let seed = seed.to_string();
            let mut request = request(&people, &strata, &signals, &seed);
            request.target = Target::Proportional;
            for row in draw(&request).unwrap() {
                let Some(probability) = row.probability else {
                    continue;
                };
                let key = (row.draw, row.person);
                *counts.entry(key.clone()).or_insert(0.0) += 1.0;
                stated.insert(key, probability);
            }
        }
        for (key, count) in counts {
            let (seen, stated) = (count / f64::from(runs), stated[&key]);
            // Random draws within four standard errors; proportional ones are known to be near, not exact.
            let slack = if key.0 == Draw::Random { 0.032 } else { 0.06 };
            assert!((seen - stated).abs() < slack, "{key:?} {seen} {stated}");
        }
    }

    #[test]
    fn the_most_signals_come_first_and_ties_by_ticket() {
        let people = ["a", "b", "c", "d", "e"];
        let strata = vec!["x".to_owned(); 5];
        let signals = [0, 2, 2, 9, 2];
        let rows = draw(&request(&people, &strata, &signals, "s")).unwrap();
        let targeted: Vec<&Drawn> = rows.iter().filter(|r| r.draw == Draw::Targeted).collect();
        assert_eq!(
            targeted.len(),
            4,
            "three drawn and the one reserve there is"
        );
        assert_eq!(targeted[0].person, "d");
        assert_eq!(targeted[0].probability, Some(1.0));
        assert_eq!(targeted[1].probability, Some(2.0 / 3.0));
        assert_eq!(targeted[3].probability, None);
        assert!(
            ticket("s", "00", "targeted", &targeted[1].person)
                < ticket("s", "00", "targeted", &targeted[2].person)
        );
    }

    #[test]
    fn the_order_of_the_frame_changes_nothing() {
        let strata = vec!["x".to_owned(); 4];
        let forth = draw(&request(&["a", "b", "c", "d"], &strata, &[1, 2, 3, 4], "s")).unwrap();
        let back = draw(&request(&["d", "c", "b", "a"], &strata, &[4, 3, 2, 1], "s")).unwrap();
        assert_eq!(forth, back);
    }

    #[test]
    fn equal_weights_are_wilson_and_unequal_ones_are_wider() {
        let mut files = vec![(10.0, true); 6];
        files.extend(vec![(10.0, false); 24]);
        let equal = weighted_share(&files, 4000).unwrap();
        let (low, high) = wilson_interval(0.2, 30.0, Some(4000)).unwrap();
        assert!((equal.low - low).abs() < 1e-12 && (equal.high - high).abs() < 1e-12);
        files[0].0 = 60.0;
        let unequal = weighted_share(&files, 4000).unwrap();
        assert!(unequal.effective < 30.0 && unequal.high - unequal.low > high - low);
        assert!(weighted_share(&[], 10).is_err());
        assert!(weighted_share(&[(0.0, true)], 10).is_err());
    }
}
