//! What a service costs a week, as the published measures work it out.

use crate::Event;
use crate::codes::{Component, Frequency};

/// Units a week that the frequency alone gives; `None` for frequencies shorter than a week, which
/// need the planned units, and for blank or invalid ones. (DHSC costs method: monthly is 12 of 52.)
fn units_of_frequency(frequency: Frequency) -> Option<f64> {
    match frequency {
        Frequency::Weekly => Some(1.0),
        Frequency::Fortnightly => Some(0.5),
        Frequency::FourWeekly => Some(0.25),
        Frequency::Monthly => Some(12.0 / 52.0),
        Frequency::Quarterly => Some(4.0 / 52.0),
        Frequency::Annually => Some(1.0 / 52.0),
        _ => None,
    }
}

/// Units per week of a service row: by its frequency, else as planned. `None`: not recorded.
pub fn units_per_week(event: &Event) -> Option<f64> {
    units_of_frequency(event.frequency).or_else(|| event.units.map(|u| f64::from(u).abs() / 100.0))
}

/// One-off and equipment rows count nothing in the size of support.
pub(crate) fn counts_nothing(event: &Event) -> bool {
    event.frequency == Frequency::OneOff || event.component == Component::Equipment
}

/// Unit cost in pence, sign dropped as in the published method. `None`: not recorded, or the
/// frequency is blank or invalid, which leaves the cost without a unit.
pub(crate) fn unit_cost(event: &Event) -> Option<f64> {
    event
        .frequency
        .is_listed()
        .then_some(event.unit_cost)?
        .map(|pence| f64::from(pence).abs())
}

/// Cost a week, in pence. `None`: unknown.
pub fn weekly_cost(event: &Event) -> Option<f64> {
    if counts_nothing(event) {
        return Some(0.0);
    }
    Some(unit_cost(event)? * units_per_week(event)?)
}
