//! Waits completed and open: the Kaplan-Meier curve with its quantiles.
//!
//! An open wait is not a short one: it is known only to have lasted so far. A wait that began before the record did is
//! seen only because it lasted until then, so it counts among those at risk from there on ("late entry").

use crate::CannotTell;
use crate::distribution::{chi_squared_upper_tail, normal_quantile};

/// A share that should be met exactly may miss it by rounding of a product; as R's `quantile.survfit` allows.
const ROUNDING: f64 = 1e-9;

/// One wait, in days or any other unit.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Wait {
    /// How long it had lasted when it was first seen: 0 unless seen only later. It is at risk at times above this
    /// (from 0 on where it is 0, so that a wait that ends on its first day counts).
    pub entry: f64,
    /// How long it had lasted when it ended or was last seen.
    pub time: f64,
    /// It ended; otherwise it was still open.
    pub ended: bool,
}

/// The curve at each distinct time at which a wait ended or was last seen, rising; all six are as long.
#[derive(Clone, PartialEq, Debug)]
pub struct KaplanMeier {
    pub times: Vec<f64>,
    /// The estimated share still waiting just after the time.
    pub surviving: Vec<f64>,
    /// The 95% interval of that share, on the log(−log) scale with Greenwood's variance. At a share of 1 both ends are
    /// 1; at a share of 0, where the method gives none, it is from 0 to the upper end before.
    pub low: Vec<f64>,
    pub high: Vec<f64>,
    pub at_risk: Vec<u64>,
    pub ended: Vec<u64>,
}

/// The curve (E. L. Kaplan and P. Meier, JASA 53 (1958) 457-481).
///
/// # Errors
/// No waits; a time or entry that is negative or not a number; a wait first seen when it was over; or, with late entry,
/// a time at which everyone then at risk ended although others were seen later, from where the curve would stay at 0.
pub fn kaplan_meier(waits: &[Wait]) -> Result<KaplanMeier, CannotTell> {
    let z = normal_quantile(0.975)?;
    let steps = steps(waits, &[])?;
    let last = steps.last().map(|s| s.time);
    let mut curve = KaplanMeier {
        times: Vec::with_capacity(steps.len()),
        surviving: Vec::with_capacity(steps.len()),
        low: Vec::with_capacity(steps.len()),
        high: Vec::with_capacity(steps.len()),
        at_risk: Vec::with_capacity(steps.len()),
        ended: Vec::with_capacity(steps.len()),
    };
    let (mut surviving, mut greenwood, mut low, mut high) = (1.0_f64, 0.0, 1.0, 1.0);
    for Step {
        time,
        at_risk: [at_risk, _],
        ended: [ended, _],
    } in steps
    {
        if ended > 0 {
            let (n, d) = (at_risk as f64, ended as f64);
            if ended == at_risk {
                if Some(time) != last {
                    return Err(CannotTell::new(format!(
                        "all {at_risk} waits seen at {time} ended there although others were seen only later, so the \
                         share still waiting cannot be followed past it"
                    )));
                }
                surviving = 0.0;
                low = 0.0;
            } else {
                surviving *= (n - d) / n;
                greenwood += d / (n * (n - d));
                // S to the power exp(±z·se/|ln S|) (J. D. Kalbfleisch and R. L. Prentice 1980).
                let width = z * f64::sqrt(greenwood) / surviving.ln().abs();
                low = surviving.powf(width.exp());
                high = surviving.powf((-width).exp());
            }
        }
        curve.times.push(time);
        curve.surviving.push(surviving);
        curve.low.push(low);
        curve.high.push(high);
        curve.at_risk.push(at_risk);
        curve.ended.push(ended);
    }
    Ok(curve)
}

impl KaplanMeier {
    /// The time by which that share of waits has ended: 0.5 gives the median wait. The first time at which the share
    /// still waiting is `1 − share_ended` or less; none where the record does not reach so far, or for a share that is
    /// not strictly between 0 and 1.
    pub fn quantile(&self, share_ended: f64) -> Option<f64> {
        self.first_below(&self.surviving, share_ended)
    }

    /// The 95% interval of that time: where the two ends of the curve's own interval cross (R. Brookmeyer and J. Crowley,
    /// Biometrics 38 (1982) 29-41). None for an end that the record does not reach.
    pub fn quantile_interval(&self, share_ended: f64) -> (Option<f64>, Option<f64>) {
        (
            self.first_below(&self.low, share_ended),
            self.first_below(&self.high, share_ended),
        )
    }

    fn first_below(&self, curve: &[f64], share_ended: f64) -> Option<f64> {
        if !(share_ended > 0.0 && share_ended < 1.0) {
            return None;
        }
        let level = 1.0 - share_ended + ROUNDING;
        self.times
            .iter()
            .zip(curve)
            .find(|(_, s)| **s <= level)
            .map(|(t, _)| *t)
    }
}

/// The chance of curves at least this far apart if both groups waited alike: the p of the log-rank test with the
/// hypergeometric variance (N. Mantel 1966), two-sided.
///
/// # Errors
/// Either group is empty or not as [`kaplan_meier`] needs it, or no wait ended while both groups had somebody at risk.
pub fn log_rank(a: &[Wait], b: &[Wait]) -> Result<f64, CannotTell> {
    if a.is_empty() || b.is_empty() {
        return Err(CannotTell::new("one of the two groups has no waits"));
    }
    let (mut difference, mut variance) = (0.0, 0.0);
    for Step {
        at_risk: [na, nb],
        ended: [da, db],
        ..
    } in steps(a, b)?
    {
        let (n, d) = ((na + nb) as f64, (da + db) as f64);
        if na == 0 || nb == 0 || d == 0.0 {
            continue;
        }
        let share = na as f64 / n;
        difference += da as f64 - d * share;
        if n > 1.0 {
            variance += d * share * (1.0 - share) * (n - d) / (n - 1.0);
        }
    }
    if variance <= 0.0 {
        return Err(CannotTell::new(
            "no wait ended while both groups had others still waiting",
        ));
    }
    chi_squared_upper_tail(difference * difference / variance, 1.0)
}

/// One distinct time: how many of each group were at risk and how many ended.
struct Step {
    time: f64,
    at_risk: [u64; 2],
    ended: [u64; 2],
}

/// Every distinct time in rising order, from one sort of the times and one of the late entries.
fn steps(a: &[Wait], b: &[Wait]) -> Result<Vec<Step>, CannotTell> {
    if a.is_empty() && b.is_empty() {
        return Err(CannotTell::new("there are no waits"));
    }
    let both = || {
        a.iter()
            .map(|w| (w, 0_usize))
            .chain(b.iter().map(|w| (w, 1)))
    };
    for (wait, _) in both() {
        if !(wait.time >= 0.0
            && wait.time.is_finite()
            && wait.entry >= 0.0
            && wait.entry.is_finite())
        {
            return Err(CannotTell::new("a wait has no length, or one below 0"));
        }
        if wait.entry > 0.0 && wait.entry >= wait.time {
            return Err(CannotTell::new(
                "a wait was first seen when it was already over",
            ));
        }
    }
    let mut ends: Vec<(f64, bool, usize)> =
        both().map(|(w, group)| (w.time, w.ended, group)).collect();
    ends.sort_unstable_by(|x, y| x.0.total_cmp(&y.0));
    let mut late: Vec<(f64, usize)> = both()
        .filter(|(w, _)| w.entry > 0.0)
        .map(|(w, group)| (w.entry, group))
        .collect();
    late.sort_unstable_by(|x, y| x.0.total_cmp(&y.0));

    let mut at_risk = [0_u64; 2];
    for (_, group) in both().filter(|(w, _)| w.entry == 0.0) {
        *of(&mut at_risk, group) += 1;
    }
    let mut late = late.into_iter().peekable();
    let mut steps = Vec::new();
    for same_time in ends.chunk_by(|x, y| x.0 == y.0) {
        let Some((time, _, _)) = same_time.first().copied() else {
            continue;
        };
        while let Some((_, group)) = late.next_if(|(entry, _)| *entry < time) {
            *of(&mut at_risk, group) += 1;
        }
        let mut ended = [0_u64; 2];
        let before = at_risk;
        for (_, did_end, group) in same_time {
            *of(&mut at_risk, *group) -= 1;
            if *did_end {
                *of(&mut ended, *group) += 1;
            }
        }
        steps.push(Step {
            time,
            at_risk: before,
            ended,
        });
    }
    Ok(steps)
}

fn of(groups: &mut [u64; 2], group: usize) -> &mut u64 {
    let [first, second] = groups;
    if group == 0 { first } else { second }
}
