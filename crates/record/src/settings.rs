//! The numbers that make a record: spells, falls, exits. Their owners and reasons stand in the rulebook (`record.toml`).

use std::collections::BTreeMap;

macro_rules! settings {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {
        /// Numbers of `rulebook/record.toml`; days unless the name says otherwise.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub struct Settings { $($(#[$doc])* pub $name: i64),+ }

        impl Settings {
            /// Takes every number from the rulebook; the name of the first one missing is the error.
            pub fn from_numbers(numbers: &BTreeMap<String, i64>) -> Result<Settings, &'static str> {
                Ok(Settings { $($name: *numbers.get(stringify!($name)).ok_or(stringify!($name))?),+ })
            }
        }
    };
}

settings! {
    /// A next service that starts this many days after the running end continues the spell.
    spell_gap_days,
    /// The same after an admission to hospital.
    hospital_gap_days,
    /// Long-term rows that must start on one day for it to be a reset date,
    reset_rows,
    /// and their share, in percent, of the long-term rows open when coverage begins.
    reset_percent,
    /// How far before an occasion an exit is looked for.
    exit_before_days,
    /// Support at this percentage of before, or less, is a fall.
    fall_percent,
    /// Days after a change on which support is measured again.
    fall_after_days,
    /// Falls this close to the first are one occasion.
    fall_merge_days,
    /// Days after a fall before it is due, because ends and deaths are recorded late.
    fall_late_days,
    /// A rise fewer days ago than this that goes back is no fall.
    fall_rise_days,
    /// Share in percent of people in spells that must fall on one day for it to be a mass day,
    mass_percent,
    /// and their least number.
    mass_people,
    /// Rows a month needs to count towards coverage,
    coverage_rows,
    /// and their share in percent of the median month.
    coverage_percent,
    /// A return with fewer rows is taken at its stated period.
    coverage_small_return,
    /// Births that make a person older than this are not believed.
    oldest_age,
    /// Age from which Part 1 is owed.
    adult_age,
    /// Values cut at this length or more are recognised by what they begin.
    truncated_at,
}
