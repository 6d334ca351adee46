//! Patterns: what the council does, rather than what happened to one person.
//!
//! Each is looked for by one test whose level allows for everything that it tried, and the levels together keep an honest
//! council from being called out: `make study` measures how often. A pattern is a signal about practice, never a finding.

mod blanket;
mod gather;
mod numbers;
mod over_time;
mod who;
mod words;

use std::collections::BTreeMap;

use candour_law::Param;
use candour_record::codes::Outcome;
use candour_record::{Day, Interval, Record, Timelines};
use candour_stats::{
    CannotTell, Direction, KaplanMeier, Wait, binomial_upper_tail, clopper_pearson, kaplan_meier,
};
use serde::Serialize;

use crate::figures::{Bar, Bars, Curve, CurveLine, CurvePoint, Figure, Ratio, Ratios, Unit};
use crate::local::LocalFacts;
use blanket::{Cluster, Kind};
use gather::{Gathered, gather, slow_window};
use numbers::Numbers;
use over_time::{OverTime, Question, share_over_time, size_over_time};
use who::{Compared, Rate};
use words::{about, chance, date, moved, percent, points};

/// One pattern, looked for.
#[derive(Clone, Debug, Serialize)]
pub struct Pattern {
    /// `front_door`, `threshold_drift`, `review_used_to_cut`, `blanket_cut`, `slow_cut`, `waiting`, `who_bears_it`.
    pub id: &'static str,
    pub title: &'static str,
    /// Whether something changed or stands out beyond chance. Never a finding.
    pub alarm: bool,
    /// Why nothing can be said, where nothing can. Then there is no alarm.
    pub cannot_tell: Option<String>,
    /// ISO date of the change, where the pattern is one of time and alarms.
    pub since: Option<String>,
    /// 95% interval of that date.
    pub since_interval: Option<[String; 2]>,
    /// Where it is clearest: a place, a group, or the whole council.
    #[serde(rename = "where")]
    pub place: Option<String>,
    /// How large, in `unit`; for a share, 0.08 is eight points, and a fall is negative.
    pub size: Option<f64>,
    /// 95% interval of the size.
    pub interval: Option<[f64; 2]>,
    pub unit: Unit,
    /// People (or decisions about people) that it touches.
    pub people: Option<u64>,
    /// In plain words, numbers rounded as on a page.
    pub sentence: String,
    /// Chance of as much where nothing happened, after every date or group that was tried.
    pub p: Option<f64>,
    /// The level below which it alarms.
    pub level: Option<f64>,
    /// How it was worked out, in a sentence.
    pub method: String,
    /// What it cannot show.
    pub limits: Vec<String>,
    pub figures: Vec<Figure>,
}

const WHOLE: &str = "across the whole council";

/// The patterns and their titles, in the order in which they are read: what happens at the front door bears on all the
/// others.
const TITLES: [(&str, &str); 7] = [
    (
        "front_door",
        "The front door: who gets as far as an assessment",
    ),
    (
        "threshold_drift",
        "Thresholds: who is found eligible, and for how much",
    ),
    (
        "review_used_to_cut",
        "Care reviews followed by less support",
    ),
    ("blanket_cut", "Many people’s support falling alike"),
    ("slow_cut", "Support lowered in small steps"),
    ("waiting", "Waiting for an assessment and for support"),
    ("who_bears_it", "Who bears it"),
];

fn empty(id: &'static str, unit: Unit) -> Pattern {
    Pattern {
        id,
        title: TITLES
            .iter()
            .find(|(known, _)| *known == id)
            .map_or("", |(_, title)| title),
        alarm: false,
        cannot_tell: None,
        since: None,
        since_interval: None,
        place: None,
        size: None,
        interval: None,
        unit,
        people: None,
        sentence: String::new(),
        p: None,
        level: None,
        method: String::new(),
        limits: Vec::new(),
        figures: Vec::new(),
    }
}

fn cannot_tell(mut pattern: Pattern, why: impl std::fmt::Display) -> Pattern {
    let why = format!("{why}");
    pattern.sentence = format!("We cannot tell, because {why}.");
    pattern.cannot_tell = Some(why);
    pattern.alarm = false;
    pattern
}

/// Looks for every pattern in a council's record. `params` are those of `rulebook/patterns.toml`.
pub fn find_patterns(
    council: &Timelines<'_>,
    local: &LocalFacts,
    params: &BTreeMap<String, Param>,
) -> Vec<Pattern> {
    let numbers = match Numbers::new(params) {
        Ok(numbers) => numbers,
        Err(missing) => {
            let why = format!("the rulebook’s patterns.toml lacks the number {missing}");
            return TITLES
                .iter()
                .map(|(id, _)| cannot_tell(empty(id, Unit::Share), &why))
                .collect();
        }
    };
    let gathered = gather(council, local, &numbers);
    let look = Look {
        record: council.record,
        numbers: &numbers,
        all: &gathered,
    };
    let ((front, eligible), (reviews, waits)) = rayon::join(
        || rayon::join(|| look.front(), || look.eligible()),
        || rayon::join(|| look.at_review(), || look.in_time()),
    );
    let ((a, b), (c, (d, e))) = rayon::join(
        || {
            rayon::join(
                || look.front_door(&front),
                || look.threshold_drift(&eligible),
            )
        },
        || {
            rayon::join(
                || look.review_used_to_cut(&reviews),
                || rayon::join(|| look.blanket_cut(), || look.slow_cut()),
            )
        },
    );
    let (f, g) = rayon::join(|| look.waiting(&waits), || look.who_bears_it());
    vec![a, b, c, d, e, f, g]
}

type Looked = Result<OverTime, CannotTell>;

struct Look<'a> {
    record: &'a Record,
    numbers: &'a Numbers<'a>,
    all: &'a Gathered,
}

impl Look<'_> {
    fn until(&self, covered: Interval, days_later: i64) -> Interval {
        Interval::new(
            covered.start,
            covered.end.min(self.record.as_of).plus(-days_later),
        )
    }

    fn front(&self) -> Looked {
        let question = Question {
            id: "front_door_share",
            title: "Requests that reach an assessment, by month".into(),
            counted: "reach an assessment",
            of: "requests",
            worse: Direction::Fall,
            covered: self.until(self.record.coverage.request, 0),
            level: self.numbers.level("level_front_door"),
            least: self.numbers.thousandths("least_front_door"),
        };
        share_over_time(&self.all.front, question, self.numbers)
    }

    fn eligible(&self) -> Looked {
        let question = Question {
            id: "threshold_share",
            title: "Needs assessments that find eligible needs, by month".into(),
            counted: "find eligible needs",
            of: "needs assessments",
            worse: Direction::Fall,
            covered: self.until(self.record.coverage.assessment, 0),
            level: self.numbers.level("level_threshold"),
            least: self.numbers.thousandths("least_threshold"),
        };
        share_over_time(&self.all.eligible, question, self.numbers)
    }

    fn packages(&self) -> Looked {
        let question = Question {
            id: "threshold_packages",
            title: "Size of new packages, by month".into(),
            counted: "typical pounds a week",
            of: "new packages",
            worse: Direction::Fall,
            covered: self.until(
                self.record.coverage.service,
                self.record.settings.fall_after_days,
            ),
            level: self.numbers.level("level_packages"),
            least: self.numbers.thousandths("least_packages"),
        };
        size_over_time(&self.all.packages, question, self.numbers)
    }

    fn at_review(&self) -> Looked {
        let later = self.numbers.get("review_follow_days") + self.record.settings.fall_after_days;
        let coverage = &self.record.coverage;
        let both = Interval::new(
            coverage.review.start.max(coverage.service.start),
            coverage.review.end.min(coverage.service.end.plus(-later)),
        );
        let question = Question {
            id: "review_share",
            title: "Care reviews followed by a fall within four weeks, by month".into(),
            counted: "followed by a fall",
            of: "care reviews",
            worse: Direction::Rise,
            covered: Interval::new(both.start, both.end.min(self.record.as_of.plus(-later))),
            level: self.numbers.level("level_reviews"),
            least: self.numbers.thousandths("least_reviews"),
        };
        share_over_time(&self.all.reviews, question, self.numbers)
    }

    fn in_time(&self) -> Looked {
        let coverage = &self.record.coverage;
        let until = coverage
            .assessment
            .end
            .min(self.record.as_of)
            .plus(-self.numbers.get("wait_days"));
        let question = Question {
            id: "waiting_share",
            title: "Requests assessed within six weeks, by month of asking".into(),
            counted: "assessed within six weeks",
            of: "requests promised an assessment",
            worse: Direction::Fall,
            covered: Interval::new(coverage.request.start, coverage.request.end.min(until)),
            level: self.numbers.level("level_waiting"),
            least: self.numbers.thousandths("least_waiting"),
        };
        share_over_time(&self.all.in_time, question, self.numbers)
    }

    /// What a change over time puts into a pattern.
    fn fill(&self, pattern: &mut Pattern, found: &OverTime) {
        pattern.alarm = found.alarm;
        pattern.p = Some(found.found.p);
        pattern.level = Some(found.level);
        pattern.size = Some(found.size);
        pattern.interval = Some(found.interval);
        if found.alarm {
            pattern.since = Some(found.since.to_string());
            pattern.since_interval = Some(found.since_interval.map(|d| d.to_string()));
            pattern.people = Some((found.decided_after as f64 * found.size.abs()).round() as u64);
            pattern.place = Some(self.clearest_place(found));
        }
        pattern.method = method(found);
        pattern.figures.push(Figure::Series(found.series.clone()));
    }

    /// Places where the change is larger than elsewhere, beyond chance; else the whole council.
    fn clearest_place(&self, found: &OverTime) -> String {
        let mut places: BTreeMap<u16, (f64, f64, f64, u64)> = BTreeMap::new();
        for d in &found.expected_after {
            let district = self
                .record
                .people
                .get(d.person as usize)
                .map_or(0, |p| p.district);
            let place = places.entry(district).or_default();
            place.0 += f64::from(u8::from(d.yes));
            place.1 += d.share;
            place.2 += d.share * (1.0 - d.share);
            place.3 += 1;
        }
        let sign = found.size.signum();
        let least = self.numbers.get("group_least").max(1) as u64;
        let tested: Vec<(u16, f64)> = places
            .into_iter()
            .filter(|(district, (.., n))| *district != 0 && *n >= least)
            .map(|(district, (seen, expected, variance, _))| {
                let z = sign * (seen - expected) / (variance * found.found.dispersion).sqrt();
                (district, candour_stats::normal_upper_tail(z))
            })
            .collect();
        let adjusted = candour_stats::holm(&tested.iter().map(|(_, p)| *p).collect::<Vec<f64>>());
        let worst: Vec<String> = tested
            .iter()
            .zip(adjusted)
            .filter(|(_, p)| *p <= 0.01)
            .filter_map(|((district, _), _)| {
                self.record.districts.get(usize::from(*district)).cloned()
            })
            .take(3)
            .collect();
        if worst.is_empty() {
            WHOLE.to_owned()
        } else {
            format!("most in {}", worst.join(", "))
        }
    }

    fn front_door(&self, looked: &Looked) -> Pattern {
        let mut pattern = empty("front_door", Unit::Share);
        pattern.limits = vec![
            "People who never asked, or whose asking was not recorded, are in no return.".into(),
            "A change in how requests are recorded or closed looks like a change in practice. Ask about it first.".into(),
            "Fewer people reaching an assessment makes the share found eligible rise: read this before the thresholds.".into(),
        ];
        let found = match looked {
            Ok(found) => found,
            Err(why) => return cannot_tell(pattern, why),
        };
        self.fill(&mut pattern, found);
        pattern.figures.push(Figure::Bars(self.closing(found)));
        pattern.sentence = if found.alarm {
            format!(
                "From about {} fewer people who ask reach an assessment: {}, where {} of people like them did before ({} fewer, between {} and {}). That is {} requests since then.",
                date(found.since),
                percent(found.after),
                percent(found.before),
                points(found.size),
                points(found.interval[1].min(0.0)),
                points(found.interval[0]),
                about(pattern.people.unwrap_or(0)),
            )
        } else {
            no_change(
                found,
                &format!("{} of requests reach an assessment", percent(found.after)),
            )
        };
        pattern
    }

    /// How requests were closed after the change (or in the last half-year), beside what went before.
    fn closing(&self, found: &OverTime) -> Bars {
        let mut counts: BTreeMap<Outcome, (u64, u64)> = BTreeMap::new();
        for (d, outcome) in self.all.front.iter().zip(&self.all.closing) {
            let count = counts.entry(*outcome).or_default();
            if d.day >= found.since {
                count.1 += 1;
            } else {
                count.0 += 1;
            }
        }
        let (before, after) = counts
            .values()
            .fold((0, 0), |(b, a), (cb, ca)| (b + cb, a + ca));
        let scale = if before > 0 {
            after as f64 / before as f64
        } else {
            0.0
        };
        let mut bars: Vec<Bar> = counts
            .into_iter()
            .map(|(outcome, (earlier, later))| {
                let expected = earlier as f64 * scale;
                Bar {
                    label: closing_text(outcome).to_owned(),
                    count: later,
                    expected: (before > 0).then_some(expected),
                    marked: found.alarm
                        && (later as f64 - expected) > 4.0 * expected.max(1.0).sqrt(),
                }
            })
            .collect();
        bars.sort_by(|a, b| b.count.cmp(&a.count).then(a.label.cmp(&b.label)));
        Bars {
            id: "front_door_closing",
            title: format!(
                "How requests were closed since {}, beside before",
                date(found.since)
            ),
            labels: "How the request was closed",
            counted: "requests",
            bars,
        }
    }

    fn threshold_drift(&self, looked: &Looked) -> Pattern {
        let mut pattern = empty("threshold_drift", Unit::Share);
        pattern.limits = vec![
            "Eligibility is a field that councils need not fill in. Where it is empty we go by whether the outcome leads to support, and the model allows for which of the two it was.".into(),
            "Whether a threshold was raised, or different people came, a return cannot say beyond age, support reason, route of access and whether they had support already.".into(),
            "Rationing at the front door makes the eligible share rise. Read the front door first.".into(),
        ];
        let packages = self.packages();
        let found = match looked {
            Ok(found) => found,
            Err(why) => {
                // The size of packages may still show something.
                let mut pattern = cannot_tell(pattern, why);
                if let Ok(sizes) = &packages
                    && sizes.alarm
                {
                    pattern.cannot_tell = None;
                    self.smaller_packages(&mut pattern, sizes);
                } else if let Ok(sizes) = packages {
                    pattern.figures.push(Figure::Series(sizes.series));
                }
                return pattern;
            }
        };
        self.fill(&mut pattern, found);
        if found.alarm {
            pattern.sentence = format!(
                "From about {} fewer needs assessments find eligible needs: {}, where {} of people like them were found eligible before ({} fewer, between {} and {}). That is {} people since then.",
                date(found.since),
                percent(found.after),
                percent(found.before),
                points(found.size),
                points(found.interval[1].min(0.0)),
                points(found.interval[0]),
                about(pattern.people.unwrap_or(0)),
            );
        } else {
            pattern.sentence = no_change(
                found,
                &format!(
                    "{} of needs assessments find eligible needs",
                    percent(found.after)
                ),
            );
        }
        match packages {
            Ok(sizes) if sizes.alarm && !found.alarm => {
                let earlier = std::mem::take(&mut pattern.figures);
                self.smaller_packages(&mut pattern, &sizes);
                pattern.figures.extend(earlier);
            }
            Ok(sizes) => {
                pattern.sentence.push_str(&if sizes.alarm {
                    format!(
                        " From about {} new packages are also smaller, by {}.",
                        date(sizes.since),
                        percent(-sizes.size)
                    )
                } else {
                    format!(
                        " The size of new packages shows no clear change (last half-year: {} £{:.0} a week).",
                        "typically", sizes.after
                    )
                });
                pattern.figures.push(Figure::Series(sizes.series));
            }
            Err(why) => pattern.limits.push(format!(
                "The size of new packages cannot be told, because {why}."
            )),
        }
        pattern
    }

    fn smaller_packages(&self, pattern: &mut Pattern, sizes: &OverTime) {
        self.fill(pattern, sizes);
        pattern.place = Some(WHOLE.to_owned());
        pattern.people = Some(sizes.decided_after);
        pattern.sentence = format!(
            "From about {} new packages are smaller for people alike: typically £{:.0} a week, where it was £{:.0} ({} less, between {} and {}). {} people’s packages began since then. The share found eligible shows no clear change.",
            date(sizes.since),
            sizes.after,
            sizes.before,
            percent(-sizes.size),
            percent(-sizes.interval[1].min(0.0)),
            percent(-sizes.interval[0]),
            capital(&about(sizes.decided_after)),
        );
    }

    fn review_used_to_cut(&self, looked: &Looked) -> Pattern {
        let mut pattern = empty("review_used_to_cut", Unit::Share);
        let days = self.numbers.get("review_follow_days");
        pattern.limits = vec![
            "A return does not show that needs changed. A fall after a care review may follow a true change of need; only files can say.".into(),
            format!("A care review is looked at once {} days have passed, so that what follows can be seen.", days + self.record.settings.fall_after_days),
        ];
        let found = match looked {
            Ok(found) => found,
            Err(why) => return cannot_tell(pattern, why),
        };
        self.fill(&mut pattern, found);
        let other_days = self
            .all
            .days_in_support
            .saturating_sub(self.all.reviews.len() as u64 * days.unsigned_abs());
        let otherwise = (other_days > 0)
            .then(|| self.all.falls_without_review as f64 / other_days as f64 * days as f64);
        let beside = otherwise.map_or_else(String::new, |share| {
            format!(
                " In any {days} days with no care review before, support falls for {}.",
                percent(share)
            )
        });
        let rate = Rate {
            name: "followed by a fall",
            of: "care reviews",
            decisions: &self.all.reviews,
            worse: Direction::Rise,
        };
        if let Ok(groups) = who::compare(self.record, &[rate], self.numbers) {
            pattern.figures.push(Figure::Ratios(Ratios {
                id: "review_groups",
                title: "Care reviews followed by a fall, beside what the same mix of people gives"
                    .into(),
                rows: groups
                    .into_iter()
                    .filter(|c| {
                        matches!(c.ratio.dimension, "setting" | "support_reason" | "district")
                    })
                    .map(|c| c.ratio)
                    .collect(),
            }));
        }
        pattern.sentence = if found.alarm {
            format!(
                "From about {} more care reviews are followed by less support within four weeks: {}, where it was {} ({} more, between {} and {}). That is {} people since then.{beside}",
                date(found.since),
                percent(found.after),
                percent(found.before),
                points(found.size),
                points(found.interval[0].max(0.0)),
                points(found.interval[1]),
                about(pattern.people.unwrap_or(0)),
            )
        } else {
            format!(
                "{}{beside}",
                no_change(
                    found,
                    &format!(
                        "{} of care reviews are followed by less support within four weeks",
                        percent(found.after)
                    )
                )
            )
        };
        pattern
    }

    fn blanket_cut(&self) -> Pattern {
        let mut pattern = empty("blanket_cut", Unit::Share);
        let level = self.numbers.level("level_blanket");
        pattern.level = Some(level);
        pattern.limits = vec![
            "Support is compared at constant prices, so a change of prices is no fall. For a direct payment the rate is the budget, and counts.".into(),
            "A move to another system can look like a fall for everybody. The council can say so in its local facts, and those days are then left out.".into(),
            "Changes whose size the record does not show are left out.".into(),
        ];
        pattern.method = format!(
            "Falls of each day, each share that was left and each round figure are counted beside what other days or months of the same kind show (negative binomial), and the chance allows for all of them. It alarms below {}.",
            chance(level)
        );
        let found = match blanket::blanket(self.record, &self.all.changes, self.numbers) {
            Ok(found) => found,
            Err(why) => return cannot_tell(pattern, why),
        };
        pattern.figures = found.figures.iter().cloned().map(Figure::Bars).collect();
        let Some(worst) = found.clusters.first() else {
            pattern.sentence = format!(
                "No clear sign of many people’s support falling alike: {} falls of 2% or more, and no day, share or round figure on which they bunch beyond chance.",
                about(found.falls)
            );
            return pattern;
        };
        pattern.alarm = true;
        pattern.p = Some(worst.p);
        pattern.since = Some(worst.from.to_string());
        pattern.since_interval = Some([worst.from.to_string(), worst.to.to_string()]);
        pattern.size = Some(worst.left - 1.0);
        pattern.interval = Some([worst.left_range[0] - 1.0, worst.left_range[1] - 1.0]);
        pattern.people = Some(worst.people);
        pattern.place = Some(worst.place(self.record));
        pattern.sentence = cluster_sentence(worst);
        if found.clusters.len() > 1 {
            let others: Vec<String> = found
                .clusters
                .iter()
                .skip(1)
                .take(3)
                .map(|c| format!("{} people from {}", about(c.people), date(c.from)))
                .collect();
            pattern
                .sentence
                .push_str(&format!(" Other clusters: {}.", others.join("; ")));
        }
        pattern
    }

    fn slow_cut(&self) -> Pattern {
        let mut pattern = empty("slow_cut", Unit::Share);
        let level = self.numbers.level("level_slow");
        let months = self.numbers.get("slow_months");
        pattern.level = Some(level);
        pattern.limits = vec![
            "Only people in support throughout are looked at, at constant prices; a direct payment keeps its own price.".into(),
            "Where a cost is not recorded, the person is left out.".into(),
        ];
        pattern.method = format!(
            "Support {months} months apart is compared for everybody whose support never changed by a tenth at once. As many should have crept up as crept down: the chance is that of a fair coin (sign test). It alarms below {}.",
            chance(level)
        );
        let Some((from, _)) = slow_window(self.record, self.numbers) else {
            return cannot_tell(
                pattern,
                format!("the record of services does not reach {months} months back"),
            );
        };
        let least = self.numbers.percent("slow_percent");
        let (mut lower, mut higher) = (0u64, 0u64);
        for s in self.all.slow.iter().filter(|s| !s.in_one_step) {
            lower += u64::from(s.ratio <= least);
            higher += u64::from(s.ratio >= 1.0 / least);
        }
        let people = self.all.slow.len() as u64;
        if people < self.numbers.get("least_decisions").unsigned_abs() {
            return cannot_tell(
                pattern,
                format!(
                    "only {} people were in support throughout with a cost on both days",
                    about(people)
                ),
            );
        }
        pattern.figures.push(Figure::Bars(self.drift()));
        let p = if lower > higher {
            binomial_upper_tail(lower, lower + higher, 0.5)
        } else {
            1.0
        };
        let share = lower as f64 / people as f64;
        pattern.p = Some(p);
        pattern.size = Some(share);
        pattern.interval = clopper_pearson(lower, people, 0.95)
            .ok()
            .map(|i| [i.low, i.high]);
        pattern.people = Some(lower);
        pattern.alarm = p <= level && share >= self.numbers.percent("slow_least_percent");
        if pattern.alarm {
            pattern.since = Some(from.to_string());
            pattern.place = Some(WHOLE.to_owned());
        }
        let nobody = |n: u64| {
            if n == 0 {
                "nobody".to_owned()
            } else {
                format!("{} people", about(n))
            }
        };
        let (down, up) = (nobody(lower), nobody(higher));
        pattern.sentence = if pattern.alarm {
            format!(
                "Over {months} months the support of {down} ({} of those supported throughout) came down by a tenth or more in steps each too small to be a fall; that of {up} crept up as much. Chance would make the two alike.",
                percent(share)
            )
        } else {
            format!(
                "No clear sign of support being lowered in small steps: over {months} months that of {down} came down by a tenth or more in small steps, that of {up} went up as much, of {} in support throughout.",
                about(people)
            )
        };
        pattern
    }

    /// How far support moved in small steps.
    fn drift(&self) -> Bars {
        let bands: [(&str, f64, f64); 7] = [
            ("10% lower or more", f64::NEG_INFINITY, -0.10),
            ("5 to 10% lower", -0.10, -0.05),
            ("under 5% lower", -0.05, -0.000_5),
            ("the same", -0.000_5, 0.000_5),
            ("under 5% higher", 0.000_5, 0.05),
            ("5 to 10% higher", 0.05, 0.10),
            ("10% higher or more", 0.10, f64::INFINITY),
        ];
        let mut counts = [0u64; 7];
        for s in self.all.slow.iter().filter(|s| !s.in_one_step) {
            let change = s.ratio - 1.0;
            let place = bands.iter().position(|(_, low, high)| {
                if change < 0.0 {
                    *low < change && change <= *high
                } else {
                    *low <= change && change < *high
                }
            });
            if let Some(slot) = place.and_then(|i| counts.get_mut(i)) {
                *slot += 1;
            }
        }
        Bars {
            id: "slow_cut_drift",
            title: "How far support moved in a year, where it never moved by a tenth at once"
                .into(),
            labels: "Change over the year",
            counted: "people",
            bars: bands
                .iter()
                .zip(counts)
                .enumerate()
                .map(|(i, ((label, ..), count))| Bar {
                    label: (*label).to_owned(),
                    count,
                    expected: None,
                    marked: i == 0,
                })
                .collect(),
        }
    }

    fn waiting(&self, looked: &Looked) -> Pattern {
        let mut pattern = empty("waiting", Unit::Share);
        pattern.limits = vec![
            "A request enters a return when it ends. People still waiting for somebody to look at their request are mostly invisible.".into(),
            "People who died or moved while waiting count as waiting until then.".into(),
        ];
        let assessment = line("To the end of the assessment", &self.all.to_assessment);
        let service = line("To the first service", &self.all.to_service);
        let found = match looked {
            Ok(found) => found,
            Err(why) => {
                let mut pattern = cannot_tell(pattern, why);
                pattern.figures.extend(curve(assessment, service));
                return pattern;
            }
        };
        self.fill(&mut pattern, found);
        let typical = assessment.as_ref().map_or_else(String::new, |line| {
            let days = |d: Option<f64>| {
                d.map_or_else(|| "longer than the record shows".to_owned(), |d| format!("{d:.0} days"))
            };
            format!(
                " Half of the waits for an assessment have ended after {}, nine in ten after {}; {} of {} are still open.",
                days(line.median),
                days(line.ninetieth),
                about(line.open),
                about(line.waits).trim_start_matches("about ")
            )
        });
        pattern.figures.extend(curve(assessment, service));
        if found.alarm {
            let (earlier, later): (Vec<_>, Vec<_>) = self
                .all
                .to_assessment
                .iter()
                .zip(&self.all.wait_started)
                .partition(|(_, day)| **day < found.since);
            let waits =
                |part: Vec<(&Wait, &Day)>| part.into_iter().map(|(w, _)| *w).collect::<Vec<Wait>>();
            let lines: Vec<CurveLine> = [
                line(
                    &format!("Asked before {}", date(found.since)),
                    &waits(earlier),
                ),
                line(&format!("Asked since {}", date(found.since)), &waits(later)),
            ]
            .into_iter()
            .flatten()
            .collect();
            pattern.figures.push(Figure::Curve(Curve {
                id: "waiting_before_after",
                title: "Share still waiting for an assessment, before and after the change".into(),
                lines,
            }));
        }
        pattern.sentence = if found.alarm {
            format!(
                "People who asked from about {} wait longer: {} were assessed within six weeks, where {} of people like them were before ({} fewer, between {} and {}). That is {} people since then.{typical}",
                date(found.since),
                percent(found.after),
                percent(found.before),
                points(found.size),
                points(found.interval[1].min(0.0)),
                points(found.interval[0]),
                about(pattern.people.unwrap_or(0)),
            )
        } else {
            format!(
                "{}{typical}",
                no_change(
                    found,
                    &format!(
                        "{} of people promised an assessment have it within six weeks",
                        percent(found.after)
                    )
                )
            )
        };
        pattern
    }

    fn rates(&self) -> [Rate<'_>; 5] {
        [
            Rate {
                name: "reach an assessment",
                of: "people who asked",
                decisions: &self.all.front,
                worse: Direction::Fall,
            },
            Rate {
                name: "found eligible",
                of: "people assessed",
                decisions: &self.all.eligible,
                worse: Direction::Fall,
            },
            Rate {
                name: "assessed within six weeks",
                of: "people promised an assessment",
                decisions: &self.all.in_time,
                worse: Direction::Fall,
            },
            Rate {
                name: "reviewed within the year",
                of: "people supported for a year",
                decisions: &self.all.reviewed,
                worse: Direction::Fall,
            },
            Rate {
                name: "less support after a care review",
                of: "people reviewed",
                decisions: &self.all.reviews,
                worse: Direction::Rise,
            },
        ]
    }

    fn who_bears_it(&self) -> Pattern {
        let mut pattern = empty("who_bears_it", Unit::Ratio);
        let level = self.numbers.level("level_who");
        pattern.level = Some(level);
        pattern.limits = vec![
            "Groups are compared for the same age band, support reason, route of access and setting (requests: without the support reason, which is written down later). What a return does not hold, such as how great the need was, may explain the rest.".into(),
            "Age, support reason and setting are themselves signs of need: they are described, and raise no alarm.".into(),
            "Groups of fewer than 100 people are left out.".into(),
        ];
        pattern.method = format!(
            "For each rate, each group’s number is compared with what a logistic regression on the case mix expects of the same people; places are allowed their ordinary spread (winsorised). Chances are put right for all comparisons by Holm’s method. It alarms below {}.",
            chance(level)
        );
        let rates = self.rates();
        let compared = match who::compare(self.record, &rates, self.numbers) {
            Ok(compared) => compared,
            Err(why) => return cannot_tell(pattern, why),
        };
        let least_ratio = self.numbers.percent("who_least_ratio");
        let least_people = self.numbers.get("who_least_people") as f64;
        let mut clear: Vec<&Compared> = compared
            .iter()
            .filter(|c| c.ratio.clear && c.worse)
            .filter(|c| (c.ratio.ratio - 1.0).abs() >= least_ratio)
            .filter(|c| (c.ratio.count as f64 - c.expected).abs() >= least_people)
            .collect();
        clear.sort_by(|a, b| {
            a.p.unwrap_or(1.0)
                .total_cmp(&b.p.unwrap_or(1.0))
                .then(a.ratio.group.cmp(&b.ratio.group))
        });
        let tested = compared.iter().filter(|c| c.p.is_some()).count();
        pattern.p = compared.iter().filter_map(|c| c.p).min_by(f64::total_cmp);
        match clear.first() {
            Some(worst) => {
                let r = &worst.ratio;
                pattern.alarm = true;
                pattern.place = Some(format!("{} {}", dimension_text(r.dimension), r.group));
                pattern.size = Some(r.ratio);
                pattern.interval = Some([r.low, r.high]);
                pattern.people = Some((r.count as f64 - worst.expected).abs().round() as u64);
                pattern.sentence = format!(
                    "{} stands out: {} of {} people there are counted as “{}”, where {} would be of people of the same age, reason for support, route and setting elsewhere.{}",
                    pattern.place.as_deref().unwrap_or_default(),
                    percent(r.count as f64 / r.of as f64),
                    about(r.of).trim_start_matches("about "),
                    r.rate,
                    percent(worst.expected / r.of as f64),
                    if clear.len() > 1 {
                        format!(" So do {} other comparisons.", clear.len() - 1)
                    } else {
                        String::new()
                    }
                );
            }
            None => {
                pattern.sentence = format!(
                    "No group stands out once age, support reason, route and setting are allowed for, of {tested} comparisons by sex, ethnic group and place."
                );
            }
        }
        // The place funnel is drawn of the rate in which a place is clearest, or of eligibility.
        let worst_place = clear
            .iter()
            .find(|c| c.ratio.dimension == "district")
            .map(|c| c.ratio.rate.clone());
        let funnel_rate = rates
            .iter()
            .find(|r| worst_place.as_deref() == Some(r.name))
            .or_else(|| rates.iter().find(|r| r.name == "found eligible"));
        for rate in &rates {
            let mut rows: Vec<Ratio> = compared
                .iter()
                .filter(|c| c.ratio.rate == rate.name && c.ratio.dimension != "district")
                .map(|c| c.ratio.clone())
                .collect();
            rows.extend(
                compared
                    .iter()
                    .filter(|c| {
                        c.ratio.rate == rate.name
                            && c.ratio.dimension == "district"
                            && c.ratio.clear
                    })
                    .map(|c| c.ratio.clone()),
            );
            if !rows.is_empty() {
                pattern.figures.push(Figure::Ratios(Ratios {
                    id: match rate.name {
                        "reach an assessment" => "who_front_door",
                        "found eligible" => "who_eligible",
                        "assessed within six weeks" => "who_in_time",
                        "reviewed within the year" => "who_reviewed",
                        _ => "who_at_review",
                    },
                    title: format!(
                        "{}: each group beside what the same mix of people gives",
                        capital(rate.name)
                    ),
                    rows,
                }));
            }
        }
        if let Some(rate) = funnel_rate
            && let Some(funnel) = who::by_place(
                self.record,
                rate,
                self.numbers.get("group_least").max(1) as u64,
                "who_places",
                format!("{} by postcode district", capital(rate.name)),
            )
        {
            pattern.figures.insert(0, Figure::Funnel(funnel));
        }
        pattern
    }
}

fn method(found: &OverTime) -> String {
    let mut text = format!(
        "Each decision is compared with what a logistic regression on the case mix expects; every week is tried as the beginning of a change, and the chance allows for that. Weeks differ {:.2} times as much as chance alone, which is allowed for. It alarms below {}.",
        found.found.dispersion,
        chance(found.level)
    );
    if let (Some(jump), Some(slope)) = (found.level_change, found.slope_change) {
        text.push_str(&format!(
            " As an interrupted time series: a jump of {:+.1} points ({:+.1} to {:+.1}), then {:+.2} points a month ({:+.2} to {:+.2}) beside the slope before.",
            100.0 * jump.value,
            100.0 * jump.low,
            100.0 * jump.high,
            100.0 * slope.value,
            100.0 * slope.low,
            100.0 * slope.high
        ));
    }
    text
}

/// What to say where nothing alarms: how the last half-year compares, and so what could have been missed.
fn no_change(found: &OverTime, now: &str) -> String {
    let [low, high] = found.interval;
    let clearly = (low > 0.0) == (high > 0.0) && low != 0.0 && high != 0.0;
    let better = match found.worse {
        Direction::Fall => found.size > 0.0,
        Direction::Rise => found.size < 0.0,
    };
    let verdict = match (clearly, better) {
        (true, true) => "No change for the worse",
        (true, false) => "No alarm",
        _ => "No clear change",
    };
    format!(
        "{verdict}. In the last half-year {now}: {} than before for people alike (95% interval: from {} to {}).",
        moved(found.size),
        moved(low),
        moved(high)
    )
    .replace("the same than before", "the same as before")
}

fn cluster_sentence(c: &Cluster) -> String {
    let people = capital(&about(c.people));
    let less = percent(1.0 - c.left);
    let alike = c.left_range[1] - c.left_range[0] <= 0.04;
    let usual = about(c.expected.round() as u64);
    match c.kind {
        Kind::OneDay if alike => format!(
            "{people} people’s support fell by {less} on one day, {}, where such a day usually sees {usual}. Was it a decision about everybody, a move to another system, or a change of prices?",
            date(c.from)
        ),
        Kind::OneDay => format!(
            "{people} people’s support fell on one day, {}, half of them by {less} or more, where such a day usually sees {usual}. Was it a decision about everybody, a move to another system, or a change of prices?",
            date(c.from)
        ),
        Kind::EndedOnOneDay => format!(
            "{people} people’s support ended on one day, {}, where such a day usually sees {usual}. Did a service close, and what took its place?",
            date(c.from)
        ),
        Kind::OneShare => format!(
            "Between {} and {} the support of {} people fell by the same share, {less}, where other months would lead one to expect {usual}. Needs do not change alike; was a share decided for everybody?",
            date(c.from),
            date(c.to),
            about(c.people)
        ),
        Kind::OneFigure => format!(
            "Between {} and {} the support of {} people came down to the same figure, £{} a week, where other months would lead one to expect {usual}. Is there a ceiling or a band?",
            date(c.from),
            date(c.to),
            about(c.people),
            c.figure.unwrap_or(0)
        ),
    }
}

fn capital(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(chars).collect()
    })
}

fn dimension_text(dimension: &str) -> &'static str {
    match dimension {
        "sex" => "Sex",
        "ethnic_group" => "Ethnic group",
        "district" => "Postcode district",
        "age_band" => "Age band",
        "support_reason" => "Support reason",
        _ => "Setting",
    }
}

fn closing_text(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Assessment => "Went on to an assessment or care review",
        Outcome::SupportPlanning => "Went on to support planning",
        Outcome::Reablement => "Went on to reablement",
        Outcome::Continuation => "Support goes on",
        Outcome::Hospital => "Admitted to hospital",
        Outcome::NhsFunded | Outcome::NhsReferral => "Passed to the NHS",
        Outcome::SelfFunded => "Closed: pays for their own care",
        Outcome::Advice => "Closed: information and advice",
        Outcome::ReferredWithin => "Closed: referred within the council",
        Outcome::Declined => "Closed: support declined",
        Outcome::EndedAsPlanned => "Closed: ended as planned",
        Outcome::EndedOther => "Closed: ended for another reason",
        Outcome::NoneOffered => "Closed: no services offered",
        _ => "Closed: other",
    }
}

/// A curve of waits; `None` where there are too few.
fn line(label: &str, waits: &[Wait]) -> Option<CurveLine> {
    const LEAST: usize = 20;
    if waits.len() < LEAST {
        return None;
    }
    let curve: KaplanMeier = kaplan_meier(waits).ok()?;
    let ended = waits.iter().filter(|w| w.ended).count() as u64;
    // A year is as far as a page shows; weekly steps are fine enough for the eye.
    const STEP: usize = 7;
    const LONGEST: usize = 364;
    let mut points = vec![CurvePoint {
        day: 0.0,
        waiting: 1.0,
        low: 1.0,
        high: 1.0,
    }];
    let last = curve.times.last().copied().unwrap_or(0.0);
    for day in (STEP..=LONGEST).step_by(STEP) {
        if day as f64 > last + STEP as f64 {
            break;
        }
        let at = curve.times.partition_point(|t| *t <= day as f64);
        if let Some(i) = at.checked_sub(1)
            && let (Some(waiting), Some(low), Some(high)) =
                (curve.surviving.get(i), curve.low.get(i), curve.high.get(i))
        {
            points.push(CurvePoint {
                day: day as f64,
                waiting: *waiting,
                low: *low,
                high: *high,
            });
        }
    }
    let (low, high) = curve.quantile_interval(0.5);
    Some(CurveLine {
        label: label.to_owned(),
        waits: waits.len() as u64,
        ended,
        open: waits.len() as u64 - ended,
        median: curve.quantile(0.5),
        median_interval: Some([low, high]),
        ninetieth: curve.quantile(0.9),
        points,
    })
}

fn curve(assessment: Option<CurveLine>, service: Option<CurveLine>) -> Option<Figure> {
    let lines: Vec<CurveLine> = [assessment, service].into_iter().flatten().collect();
    (!lines.is_empty()).then(|| {
        Figure::Curve(Curve {
            id: "waiting_curve",
            title: "Share still waiting, by days since they asked".into(),
            lines,
        })
    })
}
