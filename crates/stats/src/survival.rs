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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::testing::near;
    use proptest::prelude::*;

    fn waits(entry: &[f64], time: &[f64], ended: &[u8]) -> Vec<Wait> {
        time.iter()
            .enumerate()
            .map(|(i, time)| Wait {
                entry: entry.get(i).copied().unwrap_or(0.0),
                time: *time,
                ended: ended[i] == 1,
            })
            .collect()
    }

    /// Remission in weeks, E. J. Freireich et al. (1963): the two arms that every textbook prints.
    fn six_mp() -> Vec<Wait> {
        waits(
            &[],
            &[
                6., 6., 6., 6., 7., 9., 10., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25., 32.,
                32., 34., 35.,
            ],
            &[
                1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0,
            ],
        )
    }

    fn placebo() -> Vec<Wait> {
        let times = [
            1., 1., 2., 2., 3., 4., 4., 5., 5., 8., 8., 8., 8., 11., 11., 12., 12., 15., 17., 22.,
            23.,
        ];
        waits(&[], &times, &[1; 21])
    }

    fn late() -> Vec<Wait> {
        waits(
            &[
                0., 0., 0., 0., 2., 5., 5., 10., 12., 1., 0., 30., 3., 0., 20.,
            ],
            &[
                4., 9., 9., 15., 6., 8., 20., 14., 40., 7., 3., 45., 33., 25., 28.,
            ],
            &[1, 1, 0, 1, 1, 0, 1, 1, 0, 1, 0, 1, 1, 1, 0],
        )
    }

    struct Expected<'a> {
        times: &'a [f64],
        surviving: &'a [f64],
        low: &'a [f64],
        high: &'a [f64],
        at_risk: &'a [u64],
        ended: &'a [u64],
    }

    /// Reference: R 4.2, survival 3.5-3, `survfit(Surv(time, ended) ~ 1, conf.type = "log-log")`, with late entry
    /// `Surv(entry, time, ended)`; to 10 digits. Where R has NaN (a share of 1 or 0) stands what our documentation says.
    #[track_caller]
    fn agrees(waits: &[Wait], want: Expected<'_>) -> KaplanMeier {
        let curve = kaplan_meier(waits).unwrap();
        assert_eq!(curve.times, want.times);
        assert_eq!(curve.at_risk, want.at_risk);
        assert_eq!(curve.ended, want.ended);
        for (got, want) in [
            (&curve.surviving, want.surviving),
            (&curve.low, want.low),
            (&curve.high, want.high),
        ] {
            assert_eq!(got.len(), want.len());
            for (got, want) in got.iter().zip(want) {
                near(*got, *want, 1e-10);
            }
        }
        curve
    }

    #[test]
    fn agrees_with_r_survfit_on_freireich_6mp() {
        let curve = agrees(
            &six_mp(),
            Expected {
                times: &[
                    6., 7., 9., 10., 11., 13., 16., 17., 19., 20., 22., 23., 25., 32., 34., 35.,
                ],
                #[rustfmt::skip]
                surviving: &[0.8571428571428571, 0.8067226890756302, 0.8067226890756302, 0.7529411764705881, 0.7529411764705881, 0.6901960784313724, 0.6274509803921567, 0.6274509803921567, 0.6274509803921567, 0.6274509803921567, 0.53781512605042, 0.4481792717086834, 0.4481792717086834, 0.4481792717086834, 0.4481792717086834, 0.4481792717086834],
                #[rustfmt::skip]
                low: &[0.6197179552659839, 0.5631465646222333, 0.5631465646222333, 0.5031995107999565, 0.5031995107999565, 0.4316102224861841, 0.36751085598750205, 0.36751085598750205, 0.36751085598750205, 0.36751085598750205, 0.267778936767135, 0.1880520059592324, 0.1880520059592324, 0.1880520059592324, 0.1880520059592324, 0.1880520059592324],
                #[rustfmt::skip]
                high: &[0.951551747646997, 0.9228090192028804, 0.9228090192028804, 0.8893618351692654, 0.8893618351692654, 0.8490659633494506, 0.8049121894718412, 0.8049121894718412, 0.8049121894718412, 0.8049121894718412, 0.7467907176353944, 0.6801426284952413, 0.6801426284952413, 0.6801426284952413, 0.6801426284952413, 0.6801426284952413],
                at_risk: &[21, 17, 16, 15, 13, 12, 11, 10, 9, 8, 7, 6, 5, 4, 2, 1],
                ended: &[3, 1, 0, 1, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0],
            },
        );
        // quantile(fit, c(.1, .25, .5)) and its interval; the median 23 also by lifelines 0.30.
        let quantiles = [0.1, 0.25, 0.5].map(|q| (curve.quantile(q), curve.quantile_interval(q)));
        assert_eq!(quantiles[0], (Some(6.0), (Some(6.0), Some(10.0))));
        assert_eq!(quantiles[1], (Some(13.0), (Some(6.0), Some(22.0))));
        assert_eq!(quantiles[2], (Some(23.0), (Some(13.0), None)));
        assert_eq!(curve.quantile(0.9), None);
    }

    #[test]
    fn agrees_with_r_survfit_on_freireich_placebo_where_all_ended() {
        let curve = agrees(
            &placebo(),
            Expected {
                times: &[1., 2., 3., 4., 5., 8., 11., 12., 15., 17., 22., 23.],
                #[rustfmt::skip]
                surviving: &[0.9047619047619048, 0.8095238095238095, 0.7619047619047619, 0.6666666666666666, 0.5714285714285714, 0.38095238095238093, 0.2857142857142857, 0.19047619047619047, 0.14285714285714285, 0.09523809523809523, 0.047619047619047616, 0.],
                #[rustfmt::skip]
                low: &[0.6700458822350336, 0.5689050599241726, 0.5193914153284288, 0.4253504355652472, 0.3379769538594931, 0.1830665488203944, 0.11656132643676466, 0.05948170136117526, 0.03565735519066671, 0.01625926021224702, 0.003324463042531181, 0.],
                #[rustfmt::skip]
                high: &[0.9752941490381125, 0.9238888285592948, 0.8932571097824872, 0.8250440087973401, 0.7492407099432165, 0.5777886777458309, 0.4818196480090255, 0.37743489058514995, 0.32116157468086914, 0.2612499819686869, 0.19704490569894603, 0.19704490569894603],
                at_risk: &[21, 19, 17, 16, 14, 12, 8, 6, 4, 3, 2, 1],
                ended: &[2, 2, 1, 2, 2, 4, 2, 2, 1, 1, 1, 1],
            },
        );
        let quantiles = [0.1, 0.5, 0.9].map(|q| (curve.quantile(q), curve.quantile_interval(q)));
        assert_eq!(quantiles[0], (Some(2.0), (Some(1.0), Some(3.0))));
        assert_eq!(quantiles[1], (Some(8.0), (Some(4.0), Some(11.0))));
        assert_eq!(quantiles[2], (Some(17.0), (Some(12.0), None)));
    }

    #[test]
    fn agrees_with_r_survfit_with_late_entry() {
        let curve = agrees(
            &late(),
            Expected {
                times: &[
                    3., 4., 6., 7., 8., 9., 14., 15., 20., 25., 28., 33., 40., 45.,
                ],
                #[rustfmt::skip]
                surviving: &[1., 0.875, 0.7777777777777777, 0.6805555555555555, 0.6805555555555555, 0.5671296296296295, 0.472608024691358, 0.37808641975308643, 0.2835648148148148, 0.2126736111111111, 0.2126736111111111, 0.14178240740740738, 0.14178240740740738, 0.],
                #[rustfmt::skip]
                low: &[1., 0.3870000140320252, 0.3647512311654739, 0.3022662037450243, 0.3022662037450243, 0.21559880669648207, 0.16070270428397573, 0.10947171571930793, 0.06450748420809466, 0.04019419025839354, 0.04019419025839354, 0.018872248809492433, 0.018872248809492433, 0.],
                #[rustfmt::skip]
                high: &[1., 0.981392965878966, 0.9392964424866017, 0.883566766327196, 0.883566766327196, 0.8108652006347226, 0.7354588805382446, 0.6520354435177036, 0.5601787256754102, 0.47446272697907305, 0.47446272697907305, 0.38243480298577415, 0.38243480298577415, 0.38243480298577415],
                at_risk: &[8, 8, 9, 8, 7, 6, 6, 5, 4, 4, 3, 3, 2, 1],
                ended: &[0, 1, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1, 0, 1],
            },
        );
        assert_eq!(curve.quantile(0.5), Some(14.0));
        assert_eq!(curve.quantile_interval(0.5), (Some(4.0), Some(25.0)));
    }

    #[test]
    fn agrees_with_r_survfit_where_waits_end_on_their_first_day() {
        let curve = agrees(
            &waits(
                &[],
                &[0., 0., 0., 3., 3., 5., 7., 7.],
                &[1, 1, 0, 1, 1, 0, 1, 0],
            ),
            Expected {
                times: &[0., 3., 5., 7.],
                surviving: &[0.75, 0.45, 0.45, 0.225],
                #[rustfmt::skip]
                low: &[0.3148071137055191, 0.10757811523828904, 0.10757811523828904, 0.012396415520032624],
                #[rustfmt::skip]
                high: &[0.9308983170906275, 0.7512738499261933, 0.7512738499261933, 0.6024194266056686],
                at_risk: &[8, 5, 3, 2],
                ended: &[2, 2, 0, 1],
            },
        );
        assert_eq!(curve.quantile(0.1), Some(0.0));
        assert_eq!(curve.quantile_interval(0.1), (Some(0.0), Some(3.0)));
    }

    #[test]
    fn agrees_with_r_survfit_where_most_are_still_waiting() {
        let times = [5., 5., 6., 8., 9., 10., 12., 14., 15., 20., 21., 22.];
        let curve =
            kaplan_meier(&waits(&[], &times, &[0, 0, 1, 0, 0, 0, 0, 0, 1, 0, 0, 0])).unwrap();
        let at = |t: f64| curve.times.iter().position(|x| *x == t).unwrap();
        assert_eq!(
            (
                curve.surviving[at(5.0)],
                curve.low[at(5.0)],
                curve.high[at(5.0)]
            ),
            (1.0, 1.0, 1.0)
        );
        near(curve.surviving[at(14.0)], 0.9, 1e-12);
        near(curve.low[at(14.0)], 0.4730092713620505, 1e-10);
        near(curve.surviving[at(22.0)], 0.675, 1e-12);
        near(curve.low[at(22.0)], 0.16208095754412244, 1e-10);
        near(curve.high[at(22.0)], 0.9186074726116269, 1e-10);
        // The share is 0.9 but for rounding from day 6 on: that is when a tenth had ended.
        assert_eq!(curve.quantile(0.1), Some(6.0));
        assert_eq!(curve.quantile(0.5), None);
        assert_eq!(curve.quantile_interval(0.5), (Some(6.0), None));
    }

    #[test]
    fn one_wait_and_none_that_ended() {
        let one = kaplan_meier(&waits(&[], &[7.0], &[1])).unwrap();
        assert_eq!(
            (one.surviving, one.low, one.high),
            (vec![0.0], vec![0.0], vec![1.0])
        );
        let open = kaplan_meier(&waits(&[], &[7.0], &[0])).unwrap();
        assert_eq!(
            (&open.surviving, &open.low, &open.high),
            (&vec![1.0], &vec![1.0], &vec![1.0])
        );
        assert_eq!(
            (open.quantile(0.5), open.quantile_interval(0.5)),
            (None, (None, None))
        );
        for share in [0.0, 1.0, -0.5, f64::NAN] {
            assert_eq!(open.quantile(share), None);
        }
    }

    #[test]
    fn what_is_no_wait_is_refused_in_words() {
        assert_eq!(kaplan_meier(&[]).unwrap_err().0, "there are no waits");
        for (entry, time) in [
            (0.0, -1.0),
            (0.0, f64::NAN),
            (f64::NAN, 3.0),
            (-1.0, 3.0),
            (0.0, f64::INFINITY),
        ] {
            assert!(
                kaplan_meier(&[Wait {
                    entry,
                    time,
                    ended: true
                }])
                .is_err()
            );
        }
        let over = [Wait {
            entry: 4.0,
            time: 4.0,
            ended: true,
        }];
        assert_eq!(
            kaplan_meier(&over).unwrap_err().0,
            "a wait was first seen when it was already over"
        );
        // The only one seen early ended: nothing is known of how many would have got to day 10.
        let gap = waits(&[0.0, 10.0, 10.0], &[5.0, 12.0, 15.0], &[1, 1, 1]);
        assert!(
            kaplan_meier(&gap)
                .unwrap_err()
                .0
                .starts_with("all 1 waits seen at 5 ended there")
        );
    }

    #[test]
    fn log_rank_agrees_with_r_survdiff_and_with_the_score_test_of_coxph() {
        // survdiff(Surv(time, ended) ~ arm)$pvalue; also lifelines 0.30 logrank_test: 4.168809109334511e-5.
        near(
            log_rank(&six_mp(), &placebo()).unwrap(),
            4.168809109334531e-5,
            1e-10,
        );
        near(
            log_rank(&placebo(), &six_mp()).unwrap(),
            4.168809109334531e-5,
            1e-10,
        );
        let odd = |w: &[Wait], odd: usize| -> Vec<Wait> {
            w.iter().skip(odd).step_by(2).copied().collect()
        };
        let zero = waits(
            &[],
            &[0., 0., 0., 3., 3., 5., 7., 7.],
            &[1, 1, 0, 1, 1, 0, 1, 0],
        );
        near(
            log_rank(&odd(&zero, 0), &odd(&zero, 1)).unwrap(),
            0.49215936440861097,
            1e-10,
        );
        // survdiff takes no late entry; coxph(Surv(entry, time, ended) ~ g, ties = "exact")$score is the same statistic
        // (it gives 16.79294098921654 on Freireich's data, as survdiff does).
        near(
            log_rank(&odd(&late(), 0), &odd(&late(), 1)).unwrap(),
            0.45014632807044075,
            1e-10,
        );
    }

    #[test]
    fn log_rank_says_when_there_is_nothing_to_compare() {
        assert_eq!(
            log_rank(&six_mp(), &[]).unwrap_err().0,
            "one of the two groups has no waits"
        );
        let open = waits(&[], &[3.0, 4.0], &[0, 0]);
        assert!(log_rank(&open, &open).is_err());
        // Never at risk at the same time.
        let early = waits(&[], &[1.0, 2.0], &[1, 1]);
        let later = waits(&[5.0, 5.0], &[6.0, 7.0], &[1, 1]);
        assert!(log_rank(&early, &later).is_err());
        near(log_rank(&six_mp(), &six_mp()).unwrap(), 1.0, 1e-12);
    }

    fn any_waits() -> impl Strategy<Value = Vec<Wait>> {
        let wait = (0_u16..60, any::<bool>()).prop_map(|(time, ended)| Wait {
            entry: 0.0,
            time: f64::from(time),
            ended,
        });
        prop::collection::vec(wait, 1..120)
    }

    proptest! {
        #[test]
        fn without_open_waits_it_is_the_empirical_curve(times in prop::collection::vec(0_u16..50, 1..120)) {
            let all: Vec<Wait> = times.iter().map(|t| Wait { entry: 0.0, time: f64::from(*t), ended: true }).collect();
            let curve = kaplan_meier(&all).unwrap();
            for (t, s) in curve.times.iter().zip(&curve.surviving) {
                let longer = times.iter().filter(|x| f64::from(**x) > *t).count();
                prop_assert!((s - longer as f64 / times.len() as f64).abs() < 1e-12);
            }
            let mut sorted = times.clone();
            sorted.sort_unstable();
            for (share, nth) in [(0.5, times.len().div_ceil(2)), (0.9, (times.len() * 9).div_ceil(10))] {
                prop_assert_eq!(curve.quantile(share), Some(f64::from(sorted[nth - 1])));
            }
        }

        #[test]
        fn it_falls_and_lies_within_its_interval_and_no_order_matters(all in any_waits()) {
            let curve = kaplan_meier(&all).unwrap();
            prop_assert!(curve.surviving.windows(2).all(|w| w[1] <= w[0]));
            prop_assert!(curve.times.windows(2).all(|w| w[0] < w[1]));
            for ((s, low), high) in curve.surviving.iter().zip(&curve.low).zip(&curve.high) {
                prop_assert!(0.0 <= *low && low <= s && s <= high && *high <= 1.0);
            }
            prop_assert_eq!(curve.ended.iter().sum::<u64>(), all.iter().filter(|w| w.ended).count() as u64);
            prop_assert_eq!(curve.at_risk[0], all.len() as u64);
            for share in [0.25, 0.5, 0.9] {
                if let (Some(q), (low, high)) = (curve.quantile(share), curve.quantile_interval(share)) {
                    prop_assert!(low.is_some_and(|l| l <= q) && high.is_none_or(|h| q <= h));
                }
            }
            let mut back = all.clone();
            back.reverse();
            prop_assert_eq!(kaplan_meier(&back).unwrap(), curve);
        }

        #[test]
        fn late_entry_agrees_with_counting_by_hand(
            all in prop::collection::vec((0_u16..20, 1_u16..30, any::<bool>()), 1..60),
        ) {
            let all: Vec<Wait> = all
                .into_iter()
                .map(|(entry, more, ended)| Wait { entry: f64::from(entry), time: f64::from(entry + more), ended })
                .collect();
            if let Ok(curve) = kaplan_meier(&all) {
                for ((t, n), d) in curve.times.iter().zip(&curve.at_risk).zip(&curve.ended) {
                    let seen = all.iter().filter(|w| (w.entry < *t || w.entry == 0.0) && w.time >= *t).count();
                    prop_assert_eq!(*n, seen as u64);
                    prop_assert_eq!(*d, all.iter().filter(|w| w.ended && w.time == *t).count() as u64);
                }
            }
        }

        #[test]
        fn log_rank_is_a_chance_and_the_same_both_ways(a in any_waits(), b in any_waits()) {
            match (log_rank(&a, &b), log_rank(&b, &a)) {
                (Ok(one), Ok(other)) => {
                    prop_assert!((0.0..=1.0).contains(&one));
                    prop_assert!((one - other).abs() < 1e-9);
                }
                (one, other) => prop_assert_eq!(one.is_err(), other.is_err()),
            }
        }
    }
}
