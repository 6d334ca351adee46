//! Falls in a person's support: what ran before a day against what runs a fortnight after it.
//!
//! The definition is `ARCHITECTURE.md`, "Falls in support". A fall is what the record shows; whether
//! it was lawful is for the law and for people.

use crate::codes::{Component, Frequency, Outcome, ServiceType};
use crate::money::{counts_nothing, unit_cost, units_per_week, weekly_cost};
use crate::{Day, Event, Record, Settings};

/// How support fell.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FallKind {
    Reduced,
    /// Nothing runs after.
    Withdrawn,
    /// Nothing runs after an admission to hospital.
    Hospital,
    /// Community, residential or nursing care gave way to another of them: less money may be more support.
    SettingChanged,
    SizeUnknown,
}

impl FallKind {
    /// Whether the record shows less support, by how much, and in the same setting.
    pub fn is_known(self) -> bool {
        matches!(self, FallKind::Reduced | FallKind::Withdrawn)
    }

    pub fn name(self) -> &'static str {
        match self {
            FallKind::Reduced => "reduced",
            FallKind::Withdrawn => "withdrawn",
            FallKind::Hospital => "hospital",
            FallKind::SettingChanged => "setting_changed",
            FallKind::SizeUnknown => "size_unknown",
        }
    }
}

/// One fall, those within the merging days of the first being one.
#[derive(Clone, Debug)]
pub struct Fall {
    pub day: Day,
    /// The day on which what runs after is taken.
    pub after_day: Day,
    /// Places in the person's events of what ran before, and of what runs after.
    pub before: Vec<u32>,
    pub after: Vec<u32>,
    pub kind: FallKind,
    /// Only the rate of the same direct payments fell.
    pub direct_payment_rate_only: bool,
}

/// Money in floating pence is exact enough here only with a margin: amounts are whole pence times
/// hundredths of units, so real differences are far larger than this share.
const MARGIN: f64 = 1e-9;

/// Outcome of comparing what ran before with what runs after.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Change {
    NoFall,
    Reduced,
    SettingChanged,
    Withdrawn,
    Unknown,
}

impl Change {
    fn is_fall(self) -> bool {
        matches!(
            self,
            Change::Reduced | Change::SettingChanged | Change::Withdrawn
        )
    }

    fn kind(self) -> Option<FallKind> {
        match self {
            Change::NoFall => None,
            Change::Reduced => Some(FallKind::Reduced),
            Change::SettingChanged => Some(FallKind::SettingChanged),
            Change::Withdrawn => Some(FallKind::Withdrawn),
            Change::Unknown => Some(FallKind::SizeUnknown),
        }
    }
}

/// Services of one kind and unit, which can be priced alike on both sides.
type Group = (ServiceType, Component, Frequency);

fn group(event: &Event) -> Option<Group> {
    (!event.is_direct_payment() && !counts_nothing(event)).then_some((
        event.service_type,
        event.component,
        event.frequency,
    ))
}

/// A stop of all long-term support at an admission to hospital.
pub(crate) struct Break {
    pub(crate) last_day: Day,
    pub(crate) resumed: Option<Day>,
}

/// One person's long-term rows, and how to compare them on two days.
pub(crate) struct Support<'a> {
    events: &'a [Event],
    /// Places of the long-term rows, by start.
    rows: Vec<u32>,
    settings: &'a Settings,
}

/// One change in what a person's long-term support comes to, up or down, however small.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Step {
    /// The first day on which something is different.
    pub day: Day,
    /// What ran on the day before, in pence a week.
    pub before: f64,
    /// What runs a fortnight after, in pence a week at the prices of before.
    pub after: f64,
}

impl Step {
    /// What was left of each pound: 0.85 is 15% less.
    pub fn share_left(&self) -> f64 {
        self.after / self.before
    }
}

/// Every change in a person's long-term support whose size the record shows, earliest first, compared as falls are:
/// at constant prices, a fortnight apart, hospital stays and moves between settings left out. Changes within the
/// merging days of one are not counted again.
pub fn steps(record: &Record, events: &[Event]) -> Vec<Step> {
    let support = Support::of(record, events);
    if support.rows.is_empty() {
        return Vec::new();
    }
    let breaks = support.breaks();
    let mut found: Vec<Step> = Vec::new();
    for day in support.days_of_change() {
        let last = day.plus(record.settings.fall_after_days);
        let soon = found
            .last()
            .is_some_and(|s| day <= s.day.plus(record.settings.fall_merge_days));
        let stay = |b: &Break| {
            let resumed = b.resumed.unwrap_or(Day::OPEN);
            b.last_day.plus(1) <= last && day <= resumed
        };
        if day < record.coverage.service.start
            || last > record.as_of
            || soon
            || breaks.iter().any(stay)
        {
            continue;
        }
        let (before, after) = (support.on(day.plus(-1)), support.after(day.plus(-1), last));
        if before.is_empty() || support.setting_changed(&before, &after) {
            continue;
        }
        let (Some(was), Some(is)) = (
            support.cost(&before),
            support.at_constant_prices(&before, &after),
        ) else {
            continue;
        };
        if was > 0.0 && (is - was).abs() > was * 1e-6 {
            let goes_back = is < was && support.goes_back(day, &after);
            if !goes_back {
                found.push(Step {
                    day,
                    before: was,
                    after: is,
                });
            }
        }
    }
    found
}

/// What a person's long-term support came to on two days, in pence a week at the prices of the earlier.
/// `None` where there was none on either day, a cost is unknown, they lived in another setting, or a service of the
/// earlier day vanished between two returns: its end is unknown, and no comparison may treat that as an ending.
pub fn support_on_two_days(
    record: &Record,
    events: &[Event],
    earlier: Day,
    later: Day,
) -> Option<(f64, f64)> {
    let support = Support::of(record, events);
    let (before, after) = (support.on(earlier), support.on(later));
    let vanished = support
        .long_term()
        .any(|e| e.unknown_end && e.end >= earlier && e.end < later);
    if before.is_empty() || after.is_empty() || vanished || support.setting_changed(&before, &after)
    {
        return None;
    }
    let was = support.cost(&before)?;
    let is = support.at_constant_prices(&before, &after)?;
    (was > 0.0).then_some((was, is))
}

/// What a person's long-term support costs on a day, in pence a week. `None` where there is none, or a cost is unknown.
pub fn support_on(record: &Record, events: &[Event], day: Day) -> Option<f64> {
    let support = Support::of(record, events);
    let rows = support.on(day);
    if rows.is_empty() {
        return None;
    }
    support.cost(&rows)
}

/// Every fall of a person, earliest first.
pub(crate) fn falls(record: &Record, events: &[Event]) -> Vec<Fall> {
    let support = Support::of(record, events);
    if support.rows.is_empty() {
        return Vec::new();
    }
    support.merged(support.single(record.coverage.service.start, record.as_of))
}

impl<'a> Support<'a> {
    pub(crate) fn of(record: &'a Record, events: &'a [Event]) -> Support<'a> {
        Support {
            events,
            rows: (0..events.len() as u32)
                .filter(|&i| events.get(i as usize).is_some_and(Event::is_long_term))
                .collect(),
            settings: &record.settings,
        }
    }

    /// Days on which something starts, and those after something ends.
    fn days_of_change(&self) -> Vec<Day> {
        let mut days: Vec<Day> = self
            .long_term()
            .flat_map(|e| [Some(e.start), e.has_ended().then(|| e.end.plus(1))])
            .flatten()
            .collect();
        days.sort_unstable();
        days.dedup();
        days
    }

    fn event(&self, place: u32) -> Option<&Event> {
        self.events.get(place as usize)
    }

    pub(crate) fn long_term(&self) -> impl Iterator<Item = &Event> {
        self.rows.iter().filter_map(|&i| self.event(i))
    }

    /// Rows that run on `day`.
    fn on(&self, day: Day) -> Vec<u32> {
        self.rows_where(|e| e.active_on(day))
    }

    pub(crate) fn rows_where(&self, holds: impl Fn(&Event) -> bool) -> Vec<u32> {
        self.rows
            .iter()
            .copied()
            .filter(|&i| self.event(i).is_some_and(&holds))
            .collect()
    }

    /// Rows that run on `after_day`, and those with an unknown end that ran on the day before the change.
    fn after(&self, day_before: Day, after_day: Day) -> Vec<u32> {
        self.rows
            .iter()
            .copied()
            .filter(|&i| {
                self.event(i).is_some_and(|e| {
                    e.active_on(after_day) || (e.unknown_end && e.active_on(day_before))
                })
            })
            .collect()
    }

    /// `after` with the rows of `before` whose end is unknown: no test may treat that as an ending.
    fn with_unknown_ends(&self, before: &[u32], after: &[u32]) -> Vec<u32> {
        let mut rows = after.to_vec();
        rows.extend(
            before
                .iter()
                .filter(|i| self.event(**i).is_some_and(|e| e.unknown_end) && !after.contains(i)),
        );
        rows
    }

    pub(crate) fn breaks(&self) -> Vec<Break> {
        let mut days: Vec<Day> = self
            .long_term()
            .filter(|e| e.has_ended() && e.outcome == Outcome::Hospital)
            .map(|e| e.end)
            .collect();
        days.sort_unstable();
        days.dedup();
        days.into_iter()
            .filter(|&day| {
                let goes_on = self.long_term().any(|e| e.active_on(day.plus(1)));
                let may_go_on = self.long_term().any(|e| e.unknown_end && e.active_on(day));
                !goes_on && !may_go_on
            })
            .map(|last_day| Break {
                last_day,
                resumed: self
                    .long_term()
                    .map(|e| e.start)
                    .filter(|&s| {
                        s > last_day && s <= last_day.plus(self.settings.hospital_gap_days)
                    })
                    .min(),
            })
            .collect()
    }

    /// The day on which what runs after is measured: past any hospital break that it lies in.
    fn measured_on(&self, mut day: Day, breaks: &[Break]) -> Day {
        for pause in breaks {
            if let Some(resumed) = pause.resumed
                && pause.last_day < day
                && day < resumed
            {
                day = resumed.plus(self.settings.fall_after_days);
            }
        }
        day
    }

    /// Falls before merging.
    fn single(&self, coverage_start: Day, as_of: Day) -> Vec<Fall> {
        let breaks = self.breaks();
        let mut found = Vec::new();
        for day in self.days_of_change() {
            if day < coverage_start || day.plus(self.settings.fall_after_days) > as_of {
                continue;
            }
            let before = self.on(day.plus(-1));
            if before.is_empty() {
                continue;
            }
            let pause = breaks.iter().find(|b| b.last_day.plus(1) == day);
            let (dated, after_day) = match pause {
                Some(Break {
                    resumed: Some(resumed),
                    ..
                }) => {
                    let measured = resumed.plus(self.settings.fall_after_days);
                    (*resumed, self.measured_on(measured, &breaks))
                }
                _ => {
                    let measured = day.plus(self.settings.fall_after_days);
                    (day, self.measured_on(measured, &breaks))
                }
            };
            if after_day > as_of {
                continue;
            }
            let after = self.after(day.plus(-1), after_day);
            let Some(mut kind) = self.compare(&before, &after).kind() else {
                continue;
            };
            if kind == FallKind::Withdrawn && pause.is_some_and(|b| b.resumed.is_none()) {
                kind = FallKind::Hospital;
            } else if self.goes_back(day, &after) {
                continue;
            }
            found.push(Fall {
                day: dated,
                after_day,
                direct_payment_rate_only: kind == FallKind::Reduced
                    && self.is_direct_payment_rate_only(&before, &after),
                before,
                after,
                kind,
            });
        }
        found.sort_by_key(|fall| (fall.day, fall.after_day));
        found
    }

    /// Falls within the merging days of the first become one, dated at the first.
    fn merged(&self, single: Vec<Fall>) -> Vec<Fall> {
        let mut merged: Vec<Fall> = Vec::new();
        for fall in single {
            match merged.last_mut() {
                Some(first) if fall.day <= first.day.plus(self.settings.fall_merge_days) => {
                    let after = self.with_unknown_ends(&first.before, &fall.after);
                    let change = self.compare(&first.before, &after);
                    if let Some(kind) = change.kind() {
                        let hospital =
                            kind == FallKind::Withdrawn && fall.kind == FallKind::Hospital;
                        first.kind = if hospital { FallKind::Hospital } else { kind };
                        first.direct_payment_rate_only = kind == FallKind::Reduced
                            && self.is_direct_payment_rate_only(&first.before, &after);
                    }
                    first.after_day = first.after_day.max(fall.after_day);
                    first.after = after;
                }
                _ => merged.push(fall),
            }
        }
        merged
    }

    /// Whether this only undoes a rise of the last weeks.
    fn goes_back(&self, day: Day, after: &[u32]) -> bool {
        let mut starts: Vec<Day> = self
            .long_term()
            .map(|e| e.start)
            .filter(|&s| s < day && day.since(s) < self.settings.fall_rise_days)
            .collect();
        starts.dedup();
        starts.into_iter().any(|rise| {
            let earlier = self.on(rise.plus(-1));
            // "from some support, so that going back would be a fall"
            !earlier.is_empty()
                && self.cost(&earlier) != Some(0.0)
                && self.compare(&self.on(rise), &earlier).is_fall()
                && self.compare(&earlier, &self.with_unknown_ends(&earlier, after))
                    == Change::NoFall
        })
    }

    /// Weekly cost of rows; `None` when any is unknown.
    pub(crate) fn cost(&self, rows: &[u32]) -> Option<f64> {
        rows.iter()
            .filter_map(|&i| self.event(i))
            .map(weekly_cost)
            .sum()
    }

    pub(crate) fn compare(&self, before: &[u32], after: &[u32]) -> Change {
        if before.is_empty() {
            return Change::NoFall;
        }
        let total = self.cost(before);
        if total == Some(0.0) {
            return Change::NoFall;
        }
        if after.is_empty() {
            return Change::Withdrawn;
        }
        let priced = total.and_then(|total| Some((total, self.at_constant_prices(before, after)?)));
        let change = match priced {
            Some((total, now)) => {
                if now <= total * self.share() * (1.0 + MARGIN) {
                    Change::Reduced
                } else {
                    Change::NoFall
                }
            }
            None => self.compare_units(before, after),
        };
        if change == Change::Reduced && self.setting_changed(before, after) {
            return Change::SettingChanged;
        }
        change
    }

    fn share(&self) -> f64 {
        self.settings.fall_percent as f64 / 100.0
    }

    /// Units and cost per group. `None` when a unit or cost is unknown.
    fn groups(&self, rows: &[u32], costed: bool) -> Option<Vec<(Group, f64, f64)>> {
        let mut groups: Vec<(Group, f64, f64)> = Vec::new();
        for event in rows.iter().filter_map(|&i| self.event(i)) {
            let Some(key) = group(event) else { continue };
            let units = units_per_week(event)?;
            let cost = if costed {
                unit_cost(event)? * units
            } else {
                0.0
            };
            match groups.iter_mut().find(|(g, ..)| *g == key) {
                Some((_, u, c)) => {
                    *u += units;
                    *c += cost;
                }
                None => groups.push((key, units, cost)),
            }
        }
        Some(groups)
    }

    /// What runs after at the prices of before, so that a price change alone is no fall. A direct
    /// payment keeps its own price: there the price is the budget.
    pub(crate) fn at_constant_prices(&self, before: &[u32], after: &[u32]) -> Option<f64> {
        let priced = self.groups(before, true)?;
        let mut total = 0.0;
        for event in after.iter().filter_map(|&i| self.event(i)) {
            let earlier = group(event)
                .and_then(|key| priced.iter().find(|(g, ..)| *g == key))
                .filter(|(_, units, _)| *units > 0.0);
            total += match earlier {
                Some((_, units, cost)) => units_per_week(event)? * cost / units,
                None => weekly_cost(event)?,
            };
        }
        Some(total)
    }

    /// Where a cost is unknown: judged by rows and units.
    fn compare_units(&self, before: &[u32], after: &[u32]) -> Change {
        let counted = |rows: &[u32]| -> Vec<u32> {
            let counts = |i: &u32| self.event(*i).is_some_and(|e| !counts_nothing(e));
            rows.iter().copied().filter(counts).collect()
        };
        let (before, after) = (&counted(before), &counted(after));
        if before.iter().all(|i| after.contains(i)) {
            return Change::NoFall;
        }
        let is_payment = |i: &&u32| self.event(**i).is_some_and(Event::is_direct_payment);
        let payment_on_one_side = before.iter().filter(is_payment).any(|i| !after.contains(i))
            || after.iter().filter(is_payment).any(|i| !before.contains(i));
        if payment_on_one_side {
            return Change::Unknown;
        }
        let have_units = |rows: &[u32]| {
            rows.iter()
                .filter_map(|&i| self.event(i))
                .all(|e| units_per_week(e).is_some())
        };
        let (Some(old), Some(new)) = (self.groups(before, false), self.groups(after, false)) else {
            return Change::Unknown;
        };
        if !have_units(before) || !have_units(after) {
            return Change::Unknown;
        }
        let pairs: Option<Vec<(f64, f64)>> = old
            .iter()
            .map(|(key, units, _)| {
                new.iter()
                    .find(|(g, ..)| g == key)
                    .map(|(_, now, _)| (*units, *now))
            })
            .collect();
        let Some(pairs) = pairs.filter(|p| p.len() == new.len()) else {
            return Change::Unknown;
        };
        let fell = |(was, now): &(f64, f64)| *now <= was * self.share() * (1.0 + MARGIN);
        let rose = |(was, now): &(f64, f64)| *now > was * (1.0 + MARGIN);
        if pairs.iter().any(fell) && !pairs.iter().any(rose) {
            Change::Reduced
        } else if !pairs.iter().any(fell) {
            Change::NoFall
        } else {
            Change::Unknown
        }
    }

    /// One of community, residential and nursing is gone and another is new.
    fn setting_changed(&self, before: &[u32], after: &[u32]) -> bool {
        const SETTINGS: [ServiceType; 3] = [
            ServiceType::LongTermCommunity,
            ServiceType::LongTermResidential,
            ServiceType::LongTermNursing,
        ];
        let held = |rows: &[u32], setting: ServiceType| {
            rows.iter()
                .filter_map(|&i| self.event(i))
                .any(|e| e.service_type == setting)
        };
        let gone = SETTINGS.iter().any(|&s| held(before, s) && !held(after, s));
        let new = SETTINGS.iter().any(|&s| !held(before, s) && held(after, s));
        gone && new
    }

    /// The same payments, units and frequencies on both sides, and nothing else fell.
    fn is_direct_payment_rate_only(&self, before: &[u32], after: &[u32]) -> bool {
        let split = |rows: &[u32]| -> (Vec<_>, Vec<u32>) {
            let mut payments = Vec::new();
            let mut others = Vec::new();
            for &i in rows {
                match self.event(i) {
                    Some(e) if e.is_direct_payment() => {
                        payments.push((e.service_type, e.component, e.frequency, e.units));
                    }
                    _ => others.push(i),
                }
            }
            payments.sort_unstable();
            (payments, others)
        };
        let (payments, others) = split(before);
        let (payments_after, others_after) = split(after);
        if payments.is_empty() || payments != payments_after {
            return false;
        }
        match (
            self.cost(&others),
            self.at_constant_prices(&others, &others_after),
        ) {
            (Some(was), Some(now)) => now >= was * (1.0 - MARGIN),
            _ => false,
        }
    }
}
