//! The amounts of each year, with how sure we are of each.

use std::collections::BTreeMap;
use std::path::Path;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Pence;

/// How sure we are of a rate.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Sure {
    /// The law's own text was seen.
    Text,
    /// It was seen through another source.
    Secondary,
    /// Worked out from a confirmed amount and a rise.
    Derived,
    /// From memory.
    Unconfirmed,
    NotCollected,
}

impl Sure {
    /// Only what was seen goes into a sum.
    pub const fn confirmed(self) -> bool {
        matches!(self, Self::Text | Self::Secondary)
    }
}

/// One amount of one year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    pub id: String,
    pub title: String,
    #[serde(default, deserialize_with = "pounds")]
    pub amount: Option<Pence>,
    pub authority: String,
    pub confirmed: Sure,
    pub source: String,
}

fn pounds<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Option<Pence>, D::Error> {
    let text = String::deserialize(from)?;
    let read = Pence::read(&text);
    read.map(Some).ok_or_else(|| {
        serde::de::Error::custom("an amount is written in pounds and pence, such as \"94.15\"")
    })
}

/// The amounts of one financial year.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Year {
    pub year: String,
    #[serde(deserialize_with = "day")]
    pub from: Date,
    #[serde(deserialize_with = "day")]
    pub to: Date,
    pub note: String,
    #[serde(rename = "figure")]
    pub rates: Vec<Rate>,
}

fn day<'de, D: serde::Deserializer<'de>>(from: D) -> Result<Date, D::Error> {
    let written = toml::value::Datetime::deserialize(from)?;
    written
        .to_string()
        .parse()
        .map_err(|_| serde::de::Error::custom("a day is written as 2019-04-06"))
}

impl Year {
    pub fn rate(&self, id: &str) -> Option<&Rate> {
        self.rates.iter().find(|rate| rate.id == id)
    }
}

/// What is wrong with the files of rates: ours to mend.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RatesError {
    #[error("charging/{file}: {what}. To mend it: correct that file.")]
    File { file: String, what: String },
    #[error(
        "the folder {folder} cannot be read: {source}. To mend it: check its name and your right to read it."
    )]
    Folder {
        folder: String,
        source: std::io::Error,
    },
}

const NEEDED: [&str; 20] = [
    "upper_capital_limit",
    "lower_capital_limit",
    "tariff_step",
    "tariff_income",
    "tariff_part_step",
    "personal_expenses_allowance",
    "savings_credit_disregard_single",
    "savings_credit_disregard_couple",
    "child",
    "single_18_to_24",
    "single_25_to_pension_age",
    "single_pension_age",
    "lone_parent",
    "couple",
    "couple_pension_age",
    "disability_premium_single",
    "enhanced_disability_premium_single",
    "disability_premium_couple",
    "enhanced_disability_premium_couple",
    "carer_premium",
];

macro_rules! years {
    ($($year:literal),+ $(,)?) => {
        [$(($year, include_str!(concat!("../../../../rulebook/charging/", $year, ".toml")))),+]
    };
}

/// Every year whose amounts we hold.
#[derive(Clone, Debug)]
pub struct Rates {
    years: BTreeMap<String, Year>,
}

impl Rates {
    /// The amounts that this program was built with.
    ///
    /// # Errors
    /// When a file is faulty.
    pub fn built_in() -> Result<Self, RatesError> {
        Self::read(years![
            "2015-16", "2016-17", "2017-18", "2018-19", "2019-20", "2020-21", "2021-22", "2022-23",
            "2023-24", "2024-25", "2025-26",
        ])
    }

    /// Those of a rulebook's folder; none where it has no folder `charging`.
    ///
    /// # Errors
    /// When the folder cannot be read or a file is faulty.
    pub fn from_dir(rulebook: &Path) -> Result<Self, RatesError> {
        let folder = rulebook.join("charging");
        let fail = |source| RatesError::Folder {
            folder: folder.display().to_string(),
            source,
        };
        if !folder.exists() {
            return Self::read::<_, &str, String>([]);
        }
        let mut files = Vec::new();
        for entry in std::fs::read_dir(&folder).map_err(fail)? {
            let path = entry.map_err(fail)?.path();
            if path.extension().is_some_and(|end| end == "toml") {
                let name = path.file_stem().unwrap_or_default().to_string_lossy();
                files.push((
                    name.into_owned(),
                    std::fs::read_to_string(&path).map_err(fail)?,
                ));
            }
        }
        Self::read(files)
    }

    pub(crate) fn read<I, N, T>(files: I) -> Result<Self, RatesError>
    where
        I: IntoIterator<Item = (N, T)>,
        N: AsRef<str>,
        T: AsRef<str>,
    {
        let mut years = BTreeMap::new();
        for (name, text) in files {
            let fault = |what: String| RatesError::File {
                file: format!("{}.toml", name.as_ref()),
                what,
            };
            let year: Year =
                toml::from_str(text.as_ref()).map_err(|error| fault(error.message().to_owned()))?;
            if year.year != name.as_ref() {
                return Err(fault(format!("it calls itself {}", year.year)));
            }
            if year.from > year.to {
                return Err(fault("the year ends before it begins".to_owned()));
            }
            for (at, rate) in year.rates.iter().enumerate() {
                if year.rates.iter().take(at).any(|other| other.id == rate.id) {
                    return Err(fault(format!("`{}` is there twice", rate.id)));
                }
                if rate.confirmed.confirmed() && rate.amount.is_none() {
                    return Err(fault(format!(
                        "`{}` is confirmed and has no amount",
                        rate.id
                    )));
                }
            }
            if let Some(missing) = NEEDED.iter().find(|id| year.rate(id).is_none()) {
                return Err(fault(format!("`{missing}` is missing")));
            }
            years.insert(year.year.clone(), year);
        }
        Ok(Self { years })
    }

    pub fn years(&self) -> impl Iterator<Item = &Year> {
        self.years.values()
    }

    /// The years whose amounts may have applied between two days, or the name
    /// of one that we do not hold.
    pub(crate) fn between(&self, first: Date, last: Date) -> Result<Vec<&Year>, String> {
        // Amounts change on 6 April, or with benefits on the first Monday on
        // or after 6 April: near it a day may belong to either year.
        let settles = |day: Date| (day.month(), day.day()) > (4, 12);
        let new_from = |day: Date| (day.month(), day.day()) >= (4, 1);
        let named = |start: i16| format!("{start}-{:02}", (start + 1).rem_euclid(100));
        let from = if settles(first) {
            first.year()
        } else {
            first.year() - 1
        };
        let to = if new_from(last) {
            last.year()
        } else {
            last.year() - 1
        };
        // Nothing is older than the Act, which began with the first of them.
        (from.max(2015)..=to.max(2015))
            .map(|start| {
                let name = named(start);
                self.years.get(&name).ok_or(name)
            })
            .collect()
    }
}
