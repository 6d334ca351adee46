//! The groups by which verdicts are counted.

use candour_record::codes::*;
use candour_record::{Day, Record, Timeline};
use serde::Serialize;

/// The ways in which verdicts are counted beside the whole.
pub const DIMENSIONS: [Dimension; 7] = [
    Dimension::Month,
    Dimension::AgeBand,
    Dimension::Sex,
    Dimension::EthnicGroup,
    Dimension::SupportReason,
    Dimension::Setting,
    Dimension::District,
];

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Dimension {
    Month,
    AgeBand,
    Sex,
    EthnicGroup,
    SupportReason,
    Setting,
    District,
}

impl Dimension {
    pub fn name(self) -> &'static str {
        match self {
            Dimension::Month => "month",
            Dimension::AgeBand => "age_band",
            Dimension::Sex => "sex",
            Dimension::EthnicGroup => "ethnic_group",
            Dimension::SupportReason => "support_reason",
            Dimension::Setting => "setting",
            Dimension::District => "district",
        }
    }
}

/// Occasions by verdict: met, not met, cannot tell, not owed, not yet due.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub met: u64,
    pub not_met: u64,
    pub cannot_tell: u64,
    pub not_owed: u64,
    pub not_yet_due: u64,
}

impl Tally {
    pub fn occasions(&self) -> u64 {
        self.met + self.not_met + self.cannot_tell + self.not_owed + self.not_yet_due
    }

    pub(crate) fn add(&mut self, verdict: candour_law::Verdict) {
        use candour_law::Verdict;
        match verdict {
            Verdict::Met => self.met += 1,
            Verdict::NotMet => self.not_met += 1,
            Verdict::CannotTell => self.cannot_tell += 1,
            Verdict::NotOwed => self.not_owed += 1,
            Verdict::NotYetDue => self.not_yet_due += 1,
        }
    }

    pub(crate) fn merge(&mut self, other: &Tally) {
        self.met += other.met;
        self.not_met += other.not_met;
        self.cannot_tell += other.cannot_tell;
        self.not_owed += other.not_owed;
        self.not_yet_due += other.not_yet_due;
    }
}

/// A person's groups that do not change from one occasion to the next.
#[derive(Clone, Copy, Debug)]
pub struct Strata {
    pub sex: Gender,
    pub ethnic_group: EthnicGroup,
    pub support_reason: SupportReason,
    pub setting: ServiceType,
    pub district: u16,
}

impl Strata {
    pub(crate) fn of(record: &Record, timeline: &Timeline<'_>) -> Strata {
        let person = record.people.get(timeline.person as usize);
        Strata {
            sex: person.map_or(Gender::Unknown, |p| p.gender),
            ethnic_group: person.map_or(EthnicGroup::NoData, |p| p.ethnic_group),
            support_reason: person.map_or(SupportReason::Unknown, |p| p.support_reason),
            setting: setting(record, timeline),
            district: person.map_or(0, |p| p.district),
        }
    }
}

/// The setting of long-term support: on the as-of day by the published order (nursing, residential,
/// community, prison), else the last one.
fn setting(record: &Record, timeline: &Timeline<'_>) -> ServiceType {
    let long_term = || timeline.events.iter().filter(|e| e.is_long_term());
    long_term()
        .filter(|e| e.active_on(record.as_of))
        .map(|e| e.service_type)
        .min()
        .or_else(|| {
            long_term()
                .max_by_key(|e| (e.end, e.start))
                .map(|e| e.service_type)
        })
        .unwrap_or_default()
}

pub(crate) const AGE_BANDS: [&str; 9] = [
    "under 18",
    "18 to 24",
    "25 to 44",
    "45 to 64",
    "65 to 74",
    "75 to 84",
    "85 to 94",
    "95 and over",
    "unknown",
];

pub(crate) fn age_band(record: &Record, person: u32, day: Day) -> usize {
    match record
        .people
        .get(person as usize)
        .and_then(|p| p.age_on(day))
    {
        None => 8,
        Some(..18) => 0,
        Some(18..=24) => 1,
        Some(25..=44) => 2,
        Some(45..=64) => 3,
        Some(65..=74) => 4,
        Some(75..=84) => 5,
        Some(85..=94) => 6,
        Some(95..) => 7,
    }
}

pub(crate) fn sex_text(sex: Gender) -> &'static str {
    match sex {
        Gender::Male => "male",
        Gender::Female => "female",
        Gender::Other => "other",
        _ => "unknown",
    }
}

pub(crate) fn ethnic_text(group: EthnicGroup) -> &'static str {
    match group {
        EthnicGroup::White => "White",
        EthnicGroup::Mixed => "Mixed or multiple ethnic groups",
        EthnicGroup::Asian => "Asian or Asian British",
        EthnicGroup::Black => "Black, Black British, Caribbean or African",
        EthnicGroup::Other => "Other ethnic group",
        _ => "unknown",
    }
}

pub(crate) fn reason_text(reason: SupportReason) -> &'static str {
    match reason {
        SupportReason::AccessMobility => "Physical support: access and mobility",
        SupportReason::PersonalCare => "Physical support: personal care",
        SupportReason::VisualImpairment => "Sensory support: visual impairment",
        SupportReason::HearingImpairment => "Sensory support: hearing impairment",
        SupportReason::DualImpairment => "Sensory support: dual impairment",
        SupportReason::MemoryCognition => "Memory and cognition",
        SupportReason::LearningDisability => "Learning disability",
        SupportReason::MentalHealth => "Mental health",
        SupportReason::SubstanceMisuse => "Social support: substance misuse",
        SupportReason::AsylumSeeker => "Social support: asylum seeker",
        SupportReason::SocialIsolation => "Social support: isolation or other",
        SupportReason::SupportToCarer => "Support to an unpaid carer",
        _ => "unknown",
    }
}

pub(crate) fn setting_text(setting: ServiceType) -> &'static str {
    match setting {
        ServiceType::LongTermNursing => "nursing care",
        ServiceType::LongTermResidential => "residential care",
        ServiceType::LongTermCommunity => "community",
        ServiceType::LongTermPrison => "prison",
        _ => "no long-term support",
    }
}
