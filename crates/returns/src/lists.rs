//! The defined lists: a value as given, to its code.
//!
//! Values are compared ignoring case, spaces and punctuation, "&" reading as "and"; Release 1 maps
//! forward to Release 2.

use candour_record::codes::*;
use rustc_hash::FxHashMap;

use crate::columns::Column;

/// The lists as the specification and the published code give them: field, value, code, release.
const LISTS: &str = include_str!("../data/lists.csv");

/// Letters and digits only, lower case, "&" as "and": what is left when case, spaces and punctuation go.
pub(crate) fn normalise(raw: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(raw.len());
    for &byte in raw {
        match byte {
            b'&' => out.extend_from_slice(b"and"),
            b if b.is_ascii_alphanumeric() => out.push(b.to_ascii_lowercase()),
            _ => {}
        }
    }
    out
}

/// What a value was found to be.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(crate) struct Hit {
    /// The code, as the column's code type numbers it; 0 blank, 1 invalid.
    pub code: u8,
    /// Place of the value in its list, from 1: the value as given.
    pub listed: u8,
    pub release1_only: bool,
    pub release2_only: bool,
    /// Listed, but not spelt as the list spells it.
    pub respelt: bool,
}

const INVALID: Hit = Hit {
    code: 1,
    listed: 0,
    release1_only: false,
    release2_only: false,
    respelt: false,
};

/// One column's list.
pub(crate) struct List {
    values: FxHashMap<Vec<u8>, Hit>,
    spelt: FxHashMap<Vec<u8>, ()>,
    /// "Planned...": values of which only the beginning is known.
    beginnings: Vec<(Vec<u8>, Hit)>,
    truncated_at: usize,
    /// Values seen lately, so that most rows cost one comparison.
    seen: Vec<Option<(Box<[u8]>, Hit)>>,
}

const SEEN: usize = 256;

impl List {
    /// The code of a value that is not blank. `raw` is as it stands in the file.
    pub(crate) fn look_up(&mut self, raw: &[u8]) -> Hit {
        let place = slot(raw);
        if let Some(Some((key, hit))) = self.seen.get(place)
            && **key == *raw
        {
            return *hit;
        }
        let hit = self.find(raw);
        if raw.len() <= 256
            && let Some(entry) = self.seen.get_mut(place)
        {
            *entry = Some((raw.into(), hit));
        }
        hit
    }

    fn find(&self, raw: &[u8]) -> Hit {
        let key = normalise(raw);
        if key.is_empty() {
            return INVALID;
        }
        if let Some(hit) = self.values.get(&key) {
            return Hit {
                respelt: !self.spelt.contains_key(raw.trim_ascii()),
                ..*hit
            };
        }
        let characters = String::from_utf8_lossy(raw).chars().count();
        if characters >= self.truncated_at {
            let mut begun = self
                .values
                .iter()
                .filter(|(value, _)| value.starts_with(&key));
            if let Some((_, first)) = begun.next()
                && begun.all(|(_, other)| other.code == first.code)
            {
                let least = self
                    .values
                    .iter()
                    .filter(|(value, _)| value.starts_with(&key))
                    .map(|(_, hit)| *hit)
                    .min_by_key(|hit| hit.listed)
                    .unwrap_or(*first);
                return Hit {
                    respelt: true,
                    ..least
                };
            }
        }
        self.beginnings
            .iter()
            .find(|(beginning, _)| key.starts_with(beginning))
            .map_or(INVALID, |(_, hit)| *hit)
    }
}

/// Where a value is remembered: by its length and its first and last eight bytes.
fn slot(raw: &[u8]) -> usize {
    let word = |bytes: Option<&[u8]>| match bytes.and_then(|b| <[u8; 8]>::try_from(b).ok()) {
        Some(eight) => u64::from_le_bytes(eight),
        None => raw
            .iter()
            .take(8)
            .fold(0u64, |word, b| (word << 8) | u64::from(*b)),
    };
    let n = raw.len();
    let head = word(raw.get(..8));
    let tail = word(n.checked_sub(8).and_then(|from| raw.get(from..)));
    let mixed = (head ^ tail.rotate_left(29) ^ n as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    (mixed >> 56) as usize % SEEN
}

/// Every list, by column.
pub(crate) struct Lists {
    lists: Vec<Option<List>>,
}

impl Lists {
    pub(crate) fn new(truncated_at: usize) -> Lists {
        let mut lists: Vec<Option<List>> = (0..Column::COUNT).map(|_| None).collect();
        for column in Column::LISTED {
            if let Some(slot) = lists.get_mut(*column as usize) {
                *slot = Some(List {
                    values: FxHashMap::default(),
                    spelt: FxHashMap::default(),
                    beginnings: Vec::new(),
                    truncated_at,
                    seen: (0..SEEN).map(|_| None).collect(),
                });
            }
        }
        let mut all = Lists { lists };
        let mut places = [0u8; Column::COUNT];
        let mut reader = csv::Reader::from_reader(LISTS.as_bytes());
        for row in reader.records().flatten() {
            let (Some(field), Some(value), Some(code), Some(release)) =
                (row.get(0), row.get(1), row.get(2), row.get(3))
            else {
                continue;
            };
            let Some(column) = Column::ALL.iter().copied().find(|c| c.heading() == field) else {
                continue;
            };
            let (Some(place), Some(list)) = (places.get_mut(column as usize), all.of(column))
            else {
                continue;
            };
            *place += 1;
            let hit = Hit {
                code: number(column, code),
                listed: *place,
                release1_only: release == "R1",
                release2_only: release == "R2",
                respelt: false,
            };
            if let Some(beginning) = value.strip_suffix("...") {
                list.beginnings.push((normalise(beginning.as_bytes()), hit));
                continue;
            }
            list.spelt.insert(value.as_bytes().to_vec(), ());
            let entry = list
                .values
                .entry(normalise(value.as_bytes()))
                .or_insert(hit);
            // The same words in both releases, apart from case and punctuation: of neither alone.
            if entry.release1_only != hit.release1_only || entry.release2_only != hit.release2_only
            {
                entry.release1_only = false;
                entry.release2_only = false;
            }
        }
        all
    }

    pub(crate) fn of(&mut self, column: Column) -> Option<&mut List> {
        self.lists.get_mut(column as usize).and_then(Option::as_mut)
    }

    pub(crate) fn look_up(&mut self, column: Column, raw: &[u8]) -> Hit {
        self.of(column).map_or(INVALID, |list| list.look_up(raw))
    }
}

/// The number of a code in its column's code type. Columns that no test reads have one code for all that is listed.
fn number(column: Column, code: &str) -> u8 {
    macro_rules! of {
        ($type:ty) => {
            <$type>::from_name(code).map_or(1, |c| c as u8)
        };
    }
    match column {
        Column::Gender => of!(Gender),
        Column::Ethnicity => of!(EthnicGroup),
        Column::ClientType => of!(ClientType),
        Column::SupportReason => of!(SupportReason),
        Column::HasUnpaidCarer => of!(YesNo),
        Column::Funding => of!(Funding),
        Column::EventType => of!(EventType),
        Column::EventOutcome => of!(Outcome),
        Column::Route => of!(Route),
        Column::AssessmentType => of!(AssessmentType),
        Column::EligibleNeeds => of!(Eligible),
        Column::MethodOfAssessment | Column::MethodOfReview => of!(Method),
        Column::ServiceType => of!(ServiceType),
        Column::ServiceComponent => of!(Component),
        Column::Mechanism => of!(Mechanism),
        Column::ReviewReason => of!(ReviewReason),
        Column::ReviewAchieved => of!(Achieved),
        Column::Frequency => of!(Frequency),
        _ => 2,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_listed_value_has_a_code() {
        let mut reader = csv::Reader::from_reader(LISTS.as_bytes());
        let mut lists = Lists::new(50);
        let mut rows = 0;
        for row in reader.records() {
            let row = row.unwrap();
            let column = Column::ALL.iter().copied().find(|c| c.heading() == &row[0]);
            let column = column.unwrap_or_else(|| panic!("no column {}", &row[0]));
            let hit = lists.look_up(column, row[1].trim_end_matches("...").as_bytes());
            assert!(hit.code > 1, "{} / {}", &row[0], &row[1]);
            rows += 1;
        }
        assert!(rows > 300);
    }

    #[test]
    fn case_punctuation_and_ampersands_do_not_matter() {
        let mut lists = Lists::new(50);
        let hit = lists.look_up(
            Column::EventOutcome,
            b"nfa - information & advice/signposting ONLY",
        );
        assert_eq!(Outcome::from_u8(hit.code), Outcome::Advice);
        assert!(hit.respelt && hit.release1_only);
        let hit = lists.look_up(Column::ReviewReason, b"Unplanned: Provider failure");
        assert_eq!(
            ReviewReason::from_u8(hit.code),
            ReviewReason::UnplannedProviderFailure
        );
    }

    #[test]
    fn a_value_cut_at_fifty_or_more_is_what_it_begins() {
        let mut lists = Lists::new(50);
        let cut = b"Social support: Support for social isolation or other r";
        assert_eq!(cut.len(), 55);
        let hit = lists.look_up(Column::SupportReason, cut);
        assert_eq!(
            SupportReason::from_u8(hit.code),
            SupportReason::SocialIsolation
        );
        // Cut shorter than that, it is nothing.
        let hit = lists.look_up(Column::SupportReason, b"Social support: Support for social");
        assert_eq!(SupportReason::from_u8(hit.code), SupportReason::Invalid);
        // Begins values of two codes.
        let hit = lists.look_up(
            Column::Accommodation,
            b"Placed in temporary accommodation by the council (inc. ho",
        );
        assert!(hit.code > 1);
    }

    #[test]
    fn anything_else_is_invalid() {
        let mut lists = Lists::new(50);
        assert_eq!(lists.look_up(Column::EventOutcome, b"Closed").code, 1);
        assert_eq!(lists.look_up(Column::EventOutcome, b"---").code, 1);
    }
}
