//! What one council is like, and what it begins to do differently on a planted day.
//!
//! An honest council is no flat line: who is found eligible depends on age, support reason and how people came,
//! districts differ a little, prices rise in April. A planted change is made on top of that, so that finding it needs
//! the same care as it would in life.

use crate::SynthError;
use crate::codes::Route;
use crate::day::Day;
use crate::dice::Dice;
use crate::frame::Frame;
use crate::person::Person;
use crate::scenario::Habit;
use std::fmt;
use std::str::FromStr;

/// Postcode districts of the made-up county.
pub(crate) const DISTRICTS: usize = 34;
/// The district that `one-place-worse` makes worse off.
pub(crate) const WORSE_DISTRICT: usize = 7;
/// The ethnic group that `one-group-worse` makes worse off.
pub(crate) const WORSE_GROUP: &str = "Asian or Asian British";

/// The first day of a planted change, as `2025-07-01`.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Since(pub(crate) Day);

impl FromStr for Since {
    type Err = SynthError;

    fn from_str(text: &str) -> Result<Self, SynthError> {
        let parts: Vec<i32> = text.split('-').filter_map(|p| p.parse().ok()).collect();
        if let [year @ 1900..=2200, month @ 1..=12, day @ 1..=31] = parts.as_slice() {
            let made = Day::ymd(*year, *month, *day);
            if made.parts() == (*year, *month, *day) && text.len() == 10 {
                return Ok(Self(made));
            }
        }
        Err(SynthError::Unknown {
            what: "day",
            given: text.to_string(),
        })
    }
}

impl fmt::Display for Since {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.iso())
    }
}

/// How one district differs, by chance.
#[derive(Clone, Copy, Debug)]
struct District {
    /// Added to the log-odds of being found eligible.
    eligible: f64,
    /// Times as long to wait.
    wait: f64,
}

/// What a needs assessment finds.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Found {
    /// No eligible needs.
    NotEligible,
    /// Eligible needs, and support planning follows.
    Support,
    /// Eligible needs, and some other ending.
    OtherEnding,
}

/// What one council is like throughout, and from the planted day on.
pub(crate) struct Habits {
    /// Per mille of people in steady support whose rows end and start again when prices rise.
    pub reprice: u32,
    /// By how many thousandths prices rise then.
    pub rise: i64,
    /// Days on which prices rise: the Aprils that begin inside the period.
    pub april: Vec<Day>,
    /// A provider hands its people over to another on this day.
    pub handed_over: Day,
    districts: Vec<District>,
    /// The first day of what is planted.
    pub since: Day,
    /// Points by which the share found eligible is lower from that day on.
    threshold: f64,
    /// Points of all requests that no longer reach assessment from that day on.
    front_door: f64,
    /// Share of care reviews followed by less support from that day on, beyond the usual.
    pub reviews_that_cut: f64,
    /// Times as long to wait from that day on.
    waits: f64,
    worse_place: bool,
    worse_group: bool,
}

impl Habits {
    pub(crate) fn new(frame: &Frame, since: Day, planted: &[Habit], dice: &mut Dice) -> Self {
        // Some councils' systems keep a row when its price rises, some restart every row, most something between.
        let reprice = match dice.below(10) {
            0..3 => 0,
            3..7 => dice.between(100, 400),
            _ => dice.between(600, 950),
        };
        let april = [2024, 2025]
            .iter()
            .map(|year| Day::ymd(*year, 4, 1))
            .filter(|day| *day > frame.first && *day < frame.last)
            .collect();
        let mut habits = Self {
            reprice: u32::try_from(reprice).unwrap_or(0),
            rise: i64::from(dice.between(20, 65)),
            april,
            handed_over: frame.first + dice.between(40, (frame.last - frame.first) - 40),
            // A standard deviation of a tenth is a little over two points of a share near two thirds.
            districts: (0..DISTRICTS)
                .map(|_| District {
                    eligible: dice.normal() * 0.10,
                    wait: (dice.normal() * 0.05).exp(),
                })
                .collect(),
            since,
            threshold: 0.0,
            front_door: 0.0,
            reviews_that_cut: 0.0,
            waits: 1.0,
            worse_place: false,
            worse_group: false,
        };
        for habit in planted {
            match *habit {
                Habit::ThresholdUp(points) => habits.threshold += f64::from(points) / 100.0,
                Habit::FrontDoorCloses(points) => habits.front_door += f64::from(points) / 100.0,
                Habit::ReviewsCut(points) => habits.reviews_that_cut += f64::from(points) / 100.0,
                Habit::WaitsGrow(percent) => habits.waits *= 1.0 + f64::from(percent) / 100.0,
                Habit::OnePlaceWorse => habits.worse_place = true,
                Habit::OneGroupWorse => habits.worse_group = true,
            }
        }
        habits
    }

    /// By how much the share found eligible is lower on this day than it used to be.
    pub(crate) fn lowered(&self, day: Day) -> f64 {
        if day >= self.since {
            self.threshold
        } else {
            0.0
        }
    }

    fn worse_off(&self, person: &Person) -> f64 {
        let place = self.worse_place && person.district == WORSE_DISTRICT;
        let group = self.worse_group && person.ethnicity.0 == WORSE_GROUP;
        f64::from(u8::from(place)) + f64::from(u8::from(group))
    }

    /// The chance that a needs assessment ending on this day finds eligible needs.
    pub(crate) fn eligible(&self, person: &Person, day: Day) -> f64 {
        let district = self
            .districts
            .get(person.district - 1)
            .map_or(0.0, |d| d.eligible);
        let route = match person.route {
            Some(Route::Discharge) => 0.45,
            Some(Route::Transition) => 0.8,
            Some(Route::SelfFunder) => -0.4,
            _ => 0.0,
        };
        let odds = 0.16 + person.need() + route + district;
        let usual = 1.0 / (1.0 + (-odds).exp());
        let lowered = self.lowered(day);
        // A fifth fewer of those who are worse off. Points are taken off the chance itself, so that the share falls by
        // as much as was planted, whoever is assessed.
        (usual - lowered - 0.18 * self.worse_off(person)).clamp(0.12, 0.97)
    }

    /// Times the usual wait of someone who asks on this day.
    pub(crate) fn wait(&self, person: &Person, asked: Day) -> f64 {
        let district = self
            .districts
            .get(person.district - 1)
            .map_or(1.0, |d| d.wait);
        let route = if person.route == Some(Route::Discharge) {
            0.6
        } else {
            1.1
        };
        let later = if asked >= self.since { self.waits } else { 1.0 };
        district * route * later * (1.0 + 0.5 * self.worse_off(person))
    }

    /// The chance that someone who would have been promised an assessment is sent away with advice instead. People
    /// who would not have been found eligible are sent away more often, as the front door means them to be.
    pub(crate) fn sent_away(&self, asked: Day, found: Found) -> f64 {
        if asked < self.since {
            return 0.0;
        }
        // About one adult's request in seven asks for an assessment in the story that asks this.
        let share = self.front_door / ASK_SHARE;
        match found {
            Found::NotEligible => share * 1.6,
            _ => share * 0.66,
        }
    }
}

/// Share of adults' requests that are told by `asked_and_assessed`.
const ASK_SHARE: f64 = 0.15;
