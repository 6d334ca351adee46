//! The numbers of `rulebook/patterns.toml`.

use std::collections::BTreeMap;

use candour_law::Param;

/// Numbers by which patterns are looked for.
pub(crate) struct Numbers<'a>(&'a BTreeMap<String, Param>);

impl<'a> Numbers<'a> {
    /// `Err` names the first number that is missing.
    pub fn new(all: &'a BTreeMap<String, Param>) -> Result<Numbers<'a>, &'static str> {
        const NEEDED: &[&str] = &[
            "weeks_before",
            "weeks_after",
            "least_weeks",
            "season_weeks",
            "least_decisions",
            "group_least",
            "recent_weeks",
            "level_front_door",
            "level_threshold",
            "level_packages",
            "level_reviews",
            "level_blanket",
            "level_slow",
            "level_waiting",
            "level_who",
            "least_front_door",
            "least_threshold",
            "least_packages",
            "least_reviews",
            "least_waiting",
            "review_follow_days",
            "wait_days",
            "route_days",
            "blanket_least_people",
            "blanket_share_width",
            "blanket_smallest",
            "blanket_dispersion",
            "slow_months",
            "slow_percent",
            "slow_least_percent",
            "who_least_group",
            "who_least_people",
            "who_least_ratio",
        ];
        match NEEDED.iter().find(|id| !all.contains_key(**id)) {
            Some(missing) => Err(missing),
            None => Ok(Numbers(all)),
        }
    }

    /// 0 for a name that is not in the list above.
    pub fn get(&self, id: &str) -> i64 {
        self.0.get(id).map_or(0, |p| p.value)
    }

    pub fn count(&self, id: &str) -> usize {
        usize::try_from(self.get(id)).unwrap_or(0)
    }

    /// A chance given in 100,000ths.
    pub fn level(&self, id: &str) -> f64 {
        self.get(id) as f64 / 100_000.0
    }

    pub fn thousandths(&self, id: &str) -> f64 {
        self.get(id) as f64 / 1_000.0
    }

    pub fn percent(&self, id: &str) -> f64 {
        self.get(id) as f64 / 100.0
    }
}
