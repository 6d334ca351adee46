//! A queue under given posts: how long it grows or when it clears, with a range.
//!
//! The queue is counted at the end of each week: what was there, less those who leave it of themselves, more what
//! falls due, less what is done, and never below nought. What falls due and what is done vary from week to week as
//! they have varied (gamma, by mean and variance); and because some weeks only were seen, every way in which things
//! may turn out has means of its own, as uncertain as those weeks leave them. Weeks are taken as independent of each other
//! once those means are drawn.

use crate::CannotTell;
use crate::Chance;
use crate::draws::{Amounts, Ranged, Uncertain, sorted};

/// More weeks than this are no forecast.
const MOST_WEEKS: usize = 520;
/// A post count above this is no answer.
const MOST_POSTS: f64 = 100_000.0;
/// Posts are found to this.
const POSTS_TO: f64 = 0.005;
/// Less than half a person over the level is at the level.
const HALF: f64 = 0.5;

/// What comes or goes in a week.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Flow {
    pub mean: f64,
    pub variance: f64,
    /// Weeks it was seen over; 0 where it is given, not seen.
    pub weeks: u32,
}

impl Flow {
    /// Mean and variance (over weeks less one) of what each week brought.
    ///
    /// # Errors
    /// With fewer than two weeks.
    pub fn of_weeks(weeks: &[u64]) -> Result<Flow, CannotTell> {
        if weeks.len() < 2 {
            return Err(CannotTell::new("fewer than two full weeks were seen"));
        }
        let n = weeks.len() as f64;
        let mean = weeks.iter().map(|x| *x as f64).sum::<f64>() / n;
        let squares: f64 = weeks.iter().map(|x| (*x as f64 - mean).powi(2)).sum();
        Ok(Flow {
            mean,
            variance: squares / (n - 1.0),
            weeks: u32::try_from(weeks.len()).unwrap_or(u32::MAX),
        })
    }

    fn check(&self, what: &str) -> Result<(), CannotTell> {
        let sound = |x: f64| x.is_finite() && x >= 0.0;
        if sound(self.mean) && sound(self.variance) {
            Ok(())
        } else {
            Err(CannotTell::new(format!("{what} cannot be counted")))
        }
    }

    /// A mean that these weeks leave possible.
    fn possible_mean(&self, dice: &mut Chance) -> f64 {
        match self.weeks {
            0 => self.mean,
            n => dice.amount(self.mean, self.variance / f64::from(n)),
        }
    }

    /// Variance as a share of the squared mean: how much weeks differ.
    fn relative_variance(&self) -> f64 {
        if self.mean > 0.0 {
            self.variance / (self.mean * self.mean)
        } else {
            0.0
        }
    }
}

/// A queue as it stands.
#[derive(Clone, Copy, Debug)]
pub struct Queue {
    /// How many are in it now.
    pub opening: f64,
    /// How many more fall due in a week.
    pub arrivals: Flow,
    /// The share of those in it who leave of themselves in a week.
    pub leaving: f64,
    /// The level at which it counts as cleared.
    pub target: f64,
}

/// What one post does in a week.
#[derive(Clone, Debug)]
pub struct PostWork {
    pub hours_a_week: Uncertain,
    /// What part of its hours goes on this work.
    pub share: Uncertain,
    /// Hours that one in the queue takes.
    pub hours_each: Uncertain,
    /// Variance of a week's work as a share of its squared mean.
    pub relative_variance: f64,
}

/// One week's queue.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Week {
    /// Weeks from now; 0 is now.
    pub week: usize,
    pub queue: Ranged,
}

/// When the queue is at its level for the first time, in weeks; `None` where it is not within the forecast.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Clears {
    /// Of all ways in which things may turn out, the share in which it clears within the forecast.
    pub share: f64,
    pub median: Option<usize>,
    pub range80: [Option<usize>; 2],
    pub range95: [Option<usize>; 2],
}

/// How a queue may go on.
#[derive(Clone, PartialEq, Debug)]
pub struct Forecast {
    /// From now to the last week.
    pub weeks: Vec<Week>,
    pub clears: Clears,
    /// What it grows by in a week, over the first year; below nought where it shrinks.
    pub growth_a_week: Ranged,
}

/// A queue with its chances drawn: the same chances for every number of posts, so that more posts never do worse.
#[derive(Clone, Debug)]
pub struct Simulation {
    queue: Queue,
    weeks: usize,
    paths: usize,
    seed: u64,
    /// Path by path, what falls due in each week.
    arrivals: Vec<f64>,
}

impl Simulation {
    /// Draws what falls due, `weeks` ahead, in `paths` ways.
    ///
    /// # Errors
    /// When a number of the queue is not sound, or there are no weeks or paths.
    pub fn new(
        queue: Queue,
        weeks: usize,
        paths: usize,
        seed: u64,
    ) -> Result<Simulation, CannotTell> {
        if !queue.opening.is_finite() || queue.opening < 0.0 || !queue.target.is_finite() {
            return Err(CannotTell::new(
                "what is in the queue now cannot be counted",
            ));
        }
        queue.arrivals.check("what falls due in a week")?;
        if !(0.0..1.0).contains(&queue.leaving) {
            return Err(CannotTell::new(
                "the share that leaves in a week is not between 0 and 1",
            ));
        }
        if !(1..=MOST_WEEKS).contains(&weeks) {
            return Err(CannotTell::new(format!(
                "a forecast looks from 1 to {MOST_WEEKS} weeks ahead"
            )));
        }
        if paths < 100 {
            return Err(CannotTell::new("a range needs at least 100 paths"));
        }
        let mut dice = Chance::new(seed, 10);
        let spread = queue.arrivals.relative_variance();
        let mut arrivals = Vec::with_capacity(weeks * paths);
        for _ in 0..paths {
            let mean = queue.arrivals.possible_mean(&mut dice);
            arrivals.extend((0..weeks).map(|_| dice.amount(mean, spread * mean * mean)));
        }
        Ok(Simulation {
            queue,
            weeks,
            paths,
            seed,
            arrivals,
        })
    }

    /// The forecast if as much is done in a week as was done of late.
    ///
    /// # Errors
    /// When that cannot be counted.
    pub fn at_pace(&self, done: &Flow) -> Result<Forecast, CannotTell> {
        done.check("what is done in a week")?;
        let mut dice = Chance::new(self.seed, 11);
        let means: Vec<f64> = (0..self.paths)
            .map(|_| done.possible_mean(&mut dice))
            .collect();
        self.forecast(&means, &self.variation(done.relative_variance()), 1.0)
    }

    /// The forecast if `posts` full-time posts do the work.
    ///
    /// # Errors
    /// When what a post does is not above nought.
    pub fn with_posts(&self, posts: f64, work: &PostWork) -> Result<Forecast, CannotTell> {
        if !posts.is_finite() || posts < 0.0 {
            return Err(CannotTell::new(
                "the number of posts is below nought or no number",
            ));
        }
        self.forecast(
            &self.a_post_does(work)?,
            &self.variation(work.relative_variance),
            posts,
        )
    }

    /// What one post does in a week.
    ///
    /// # Errors
    /// As [`Simulation::with_posts`].
    pub fn done_by_a_post(&self, work: &PostWork) -> Result<Ranged, CannotTell> {
        Ranged::of_draws(&self.a_post_does(work)?)
    }

    /// Posts with which the queue clears within `week` weeks in at least this share of ways (0.5, 0.8, 0.9), to
    /// within 0.005 of a post, by bisection.
    ///
    /// # Errors
    /// When no number of posts does it, or the week is not within the forecast.
    pub fn posts_needed(
        &self,
        work: &PostWork,
        week: usize,
        certainty: f64,
    ) -> Result<f64, CannotTell> {
        if !(1..=self.weeks).contains(&week) {
            return Err(CannotTell::new("the day is not within the forecast"));
        }
        let a_post = self.a_post_does(work)?;
        let variation = self.variation(work.relative_variance);
        let enough = |posts: f64| {
            let cleared = self
                .paths_with(&a_post, &variation, posts)
                .filter(|path| {
                    path.clone()
                        .take(week + 1)
                        .any(|queue| self.is_clear(queue))
                })
                .count();
            cleared as f64 >= certainty * self.paths as f64
        };
        let mut high = 1.0;
        while !enough(high) {
            high *= 2.0;
            if high > MOST_POSTS {
                return Err(CannotTell::new("no number of posts clears it by then"));
            }
        }
        let mut low = 0.0;
        if enough(low) {
            return Ok(low);
        }
        while high - low > POSTS_TO {
            let middle = low.midpoint(high);
            if enough(middle) {
                high = middle;
            } else {
                low = middle;
            }
        }
        Ok(high)
    }

    /// Path by path, what one post does in a week.
    fn a_post_does(&self, work: &PostWork) -> Result<Vec<f64>, CannotTell> {
        work.hours_a_week.check("the hours of a post")?;
        work.share.check("the share of time spent on cases")?;
        work.hours_each.check("the time that each takes")?;
        if !work.relative_variance.is_finite() || work.relative_variance < 0.0 {
            return Err(CannotTell::new("how much weeks differ cannot be counted"));
        }
        let mut dice = Chance::new(self.seed, 12);
        Ok((0..self.paths)
            .map(|_| {
                work.hours_a_week.draw(&mut dice) * work.share.draw(&mut dice)
                    / work.hours_each.draw(&mut dice)
            })
            .collect())
    }

    /// Path by path, by how much each week's work is above or below its mean.
    fn variation(&self, relative_variance: f64) -> Vec<f64> {
        let mut dice = Chance::new(self.seed, 13);
        (0..self.paths * self.weeks)
            .map(|_| dice.amount(1.0, relative_variance))
            .collect()
    }

    fn is_clear(&self, queue: f64) -> bool {
        queue < self.queue.target + HALF
    }

    /// Every path's queue, from now to the last week.
    fn paths_with<'a>(
        &'a self,
        means: &'a [f64],
        variation: &'a [f64],
        posts: f64,
    ) -> impl Iterator<Item = impl Iterator<Item = f64> + Clone + 'a> + 'a {
        let stay = 1.0 - self.queue.leaving;
        let weeks = self
            .arrivals
            .chunks(self.weeks)
            .zip(variation.chunks(self.weeks));
        means
            .iter()
            .zip(weeks)
            .map(move |(mean, (arrivals, variation))| {
                let later = arrivals.iter().zip(variation).scan(
                    self.queue.opening,
                    move |queue, (arriving, variation)| {
                        *queue = (*queue * stay + arriving - mean * posts * variation).max(0.0);
                        Some(*queue)
                    },
                );
                std::iter::once(self.queue.opening).chain(later)
            })
    }

    fn forecast(
        &self,
        means: &[f64],
        variation: &[f64],
        posts: f64,
    ) -> Result<Forecast, CannotTell> {
        let mut by_week: Vec<Vec<f64>> = vec![Vec::with_capacity(self.paths); self.weeks + 1];
        let mut clears: Vec<usize> = Vec::with_capacity(self.paths);
        let year = self.weeks.min(52);
        let mut growth = Vec::with_capacity(self.paths);
        for path in self.paths_with(means, variation, posts) {
            let mut cleared = None;
            for (week, (queue, all)) in path.zip(&mut by_week).enumerate() {
                if cleared.is_none() && self.is_clear(queue) {
                    cleared = Some(week);
                }
                if week == year {
                    growth.push((queue - self.queue.opening) / year as f64);
                }
                all.push(queue);
            }
            clears.push(cleared.unwrap_or(usize::MAX));
        }
        let weeks = by_week
            .iter()
            .enumerate()
            .map(|(week, queues)| {
                Ok(Week {
                    week,
                    queue: Ranged::of_draws(queues)?,
                })
            })
            .collect::<Result<Vec<_>, CannotTell>>()?;
        Ok(Forecast {
            weeks,
            clears: Clears::of(clears),
            growth_a_week: Ranged::around(Ranged::of_draws(&growth)?.value, &sorted(&growth))?,
        })
    }
}

impl Clears {
    /// Of the week in which each path clears; `usize::MAX` where it does not.
    fn of(mut weeks: Vec<usize>) -> Clears {
        weeks.sort_unstable();
        let paths = weeks.len();
        // The first week by which at least this share of paths has cleared.
        let by = |share: f64| {
            let place = ((share * paths as f64).ceil() as usize).clamp(1, paths.max(1)) - 1;
            weeks.get(place).copied().filter(|week| *week != usize::MAX)
        };
        Clears {
            share: weeks.iter().filter(|w| **w != usize::MAX).count() as f64 / paths.max(1) as f64,
            median: by(0.5),
            range80: [by(0.1), by(0.9)],
            range95: [by(0.025), by(0.975)],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Triangular;

    fn given(mean: f64) -> Flow {
        Flow {
            mean,
            variance: 0.0,
            weeks: 0,
        }
    }

    fn queue(opening: f64, arrivals: Flow) -> Queue {
        Queue {
            opening,
            arrivals,
            leaving: 0.0,
            target: 0.0,
        }
    }

    /// Without chance the queue is a line: 500 people, 20 more a week, 30 done a week, clear after 500 / 10 weeks.
    #[test]
    fn without_chance_it_is_the_fluid_limit() {
        let simulation = Simulation::new(queue(500.0, given(20.0)), 104, 100, 1).unwrap();
        let forecast = simulation.at_pace(&given(30.0)).unwrap();
        for week in &forecast.weeks {
            let line = (500.0 - 10.0 * week.week as f64).max(0.0);
            assert!((week.queue.value - line).abs() < 1e-9);
            assert_eq!(week.queue.range95, [week.queue.value; 2]);
        }
        assert_eq!(forecast.clears.median, Some(50));
        assert_eq!(forecast.clears.range95, [Some(50); 2]);
        assert_eq!(forecast.clears.share, 1.0);
        let growing = simulation.at_pace(&given(8.0)).unwrap();
        assert_eq!(growing.clears.median, None);
        assert_eq!(growing.clears.share, 0.0);
        assert!(
            (growing.growth_a_week.value - 12.0).abs() < 1e-9,
            "grows by 12 a week"
        );
    }

    /// With people who leave it of themselves it goes towards (arrivals − done) / leaving, by the closed form
    /// B(t) = B* + (B(0) − B*)(1 − l)^t.
    #[test]
    fn with_leavers_it_is_the_closed_form() {
        let simulation = Simulation::new(
            Queue {
                leaving: 0.01,
                ..queue(800.0, given(25.0))
            },
            260,
            100,
            1,
        )
        .unwrap();
        let forecast = simulation.at_pace(&given(22.0)).unwrap();
        for week in &forecast.weeks {
            let closed = 300.0 + 500.0 * 0.99f64.powi(week.week as i32);
            assert!((week.queue.value - closed).abs() < 1e-9, "{}", week.week);
        }
    }

    /// Posts by hand: 500 in the queue, 20 a week more, 40 weeks: 32.5 a week have to be done. A post of 30 hours, half
    /// on cases, at five hours each, does three a week: 10.83 posts. The queue counts as clear below half a person,
    /// which is 32.4875 a week, 10.829 posts.
    #[test]
    fn posts_without_chance_are_those_of_the_sum() {
        let simulation = Simulation::new(queue(500.0, given(20.0)), 52, 100, 1).unwrap();
        let work = PostWork {
            hours_a_week: Uncertain::Known(30.0),
            share: Uncertain::Known(0.5),
            hours_each: Uncertain::Known(5.0),
            relative_variance: 0.0,
        };
        for certainty in [0.5, 0.8, 0.9] {
            let posts = simulation.posts_needed(&work, 40, certainty).unwrap();
            assert!(
                (posts - (20.0 + 499.5 / 40.0) / 3.0).abs() < 0.01,
                "{posts}"
            );
        }
        let forecast = simulation.with_posts(10.84, &work).unwrap();
        assert_eq!(forecast.clears.median, Some(40));
        assert!((simulation.done_by_a_post(&work).unwrap().value - 3.0).abs() < 1e-12);
        assert!(simulation.posts_needed(&work, 53, 0.5).is_err());
    }

    fn norfolk() -> Queue {
        Queue {
            opening: 1200.0,
            arrivals: Flow {
                mean: 110.0,
                variance: 400.0,
                weeks: 26,
            },
            leaving: 0.003,
            target: 0.0,
        }
    }

    fn work() -> PostWork {
        PostWork {
            hours_a_week: Uncertain::Known(29.76),
            share: Uncertain::Between(Triangular::new(0.55, 0.62, 0.7).unwrap()),
            hours_each: Uncertain::Between(Triangular::new(3.0, 4.0, 6.0).unwrap()),
            relative_variance: 0.02,
        }
    }

    /// The same queue simulated apart in Python (numpy 1.26 `default_rng(1)`, `Generator.gamma` and
    /// `Generator.triangular`, 200,000 paths; the script is tests/backlog_reference.py). 20,000 paths here; a quantile q
    /// of a density f is known to √(q(1−q)/n)/f, with f taken from the reference's own quantiles 1% apart: four of
    /// those errors, both simulations' together, are the tolerances given beside each figure.
    #[test]
    fn an_independent_simulation_gives_the_same_quantiles() {
        let simulation = Simulation::new(norfolk(), 104, 20_000, 5).unwrap();
        let pace = Flow {
            mean: 118.0,
            variance: 500.0,
            weeks: 26,
        };
        let check = |forecast: &Forecast, numpy: &[(usize, [f64; 6])], share: (f64, f64)| {
            for (week, [low, low_to, median, median_to, high, high_to]) in numpy {
                let ranged = forecast.weeks[*week].queue;
                assert!(
                    (ranged.range80[0] - low).abs() <= *low_to,
                    "{week} {ranged:?}"
                );
                assert!(
                    (ranged.value - median).abs() <= *median_to,
                    "{week} {ranged:?}"
                );
                assert!(
                    (ranged.range80[1] - high).abs() <= *high_to,
                    "{week} {ranged:?}"
                );
            }
            let (cleared, to) = share;
            assert!(
                (forecast.clears.share - cleared).abs() < to,
                "{:?}",
                forecast.clears
            );
        };
        check(&simulation.at_pace(&pace).unwrap(), &PACE, PACE_SHARE);
        let posts = simulation.with_posts(30.0, &work()).unwrap();
        check(&posts, &POSTS, POSTS_SHARE);
    }
    const PACE: [(usize, [f64; 6]); 2] = [
        (26, [641.93, 10.86, 909.95, 7.61, 1176.01, 10.55]),
        (104, [0.0, 0.0, 167.77, 20.65, 917.58, 30.81]),
    ];
    const PACE_SHARE: (f64, f64) = (0.40885, 0.01458);
    const POSTS: [(usize, [f64; 6]); 2] = [
        (26, [0.0, 0.0, 607.32, 20.77, 1248.73, 21.13]),
        (104, [0.0, 0.0, 0.0, 0.0, 1317.95, 70.01]),
    ];
    const POSTS_SHARE: (f64, f64) = (0.68925, 0.01373);

    /// The posts found do what they were asked to: in a fresh simulation they clear the queue by then about as often.
    #[test]
    fn posts_needed_clear_it_as_often_as_asked() {
        let simulation = Simulation::new(norfolk(), 52, 2000, 5).unwrap();
        let mut before = 0.0;
        for certainty in [0.5, 0.8, 0.9] {
            let posts = simulation.posts_needed(&work(), 52, certainty).unwrap();
            assert!(posts > before, "more certainty takes more posts");
            before = posts;
            let fresh = Simulation::new(norfolk(), 52, 4000, 77).unwrap();
            let share = fresh.with_posts(posts, &work()).unwrap().clears.share;
            // Both simulations' errors: √(0.25/2000 + 0.25/4000) = 0.014, four of them.
            assert!((share - certainty).abs() < 0.055, "{certainty}: {share}");
        }
    }

    #[test]
    fn more_posts_never_do_worse() {
        let simulation = Simulation::new(norfolk(), 52, 300, 2).unwrap();
        let mut before = f64::INFINITY;
        for posts in 0..60 {
            let last = simulation.with_posts(f64::from(posts), &work()).unwrap();
            let queue = last.weeks[52].queue.range95[1];
            assert!(queue <= before);
            before = queue;
        }
    }

    #[test]
    fn weeks_become_a_flow() {
        // numpy: mean and var(ddof=1) of [3, 5, 4, 8].
        let flow = Flow::of_weeks(&[3, 5, 4, 8]).unwrap();
        assert_eq!((flow.mean, flow.weeks), (5.0, 4));
        assert!((flow.variance - 4.666_666_666_666_667).abs() < 1e-12);
        assert!(Flow::of_weeks(&[3]).is_err());
    }

    #[test]
    fn what_cannot_be_worked_out_says_why() {
        assert!(Simulation::new(queue(f64::NAN, given(1.0)), 52, 100, 1).is_err());
        assert!(Simulation::new(queue(10.0, given(-1.0)), 52, 100, 1).is_err());
        assert!(Simulation::new(queue(10.0, given(1.0)), 0, 100, 1).is_err());
        assert!(Simulation::new(queue(10.0, given(1.0)), 1000, 100, 1).is_err());
        let fine = Simulation::new(queue(10.0, given(1.0)), 52, 100, 1).unwrap();
        assert!(fine.with_posts(-1.0, &work()).is_err());
        let nothing = PostWork {
            share: Uncertain::Known(0.0),
            ..work()
        };
        assert!(fine.posts_needed(&nothing, 10, 0.5).is_err());
        assert!(fine.at_pace(&given(f64::INFINITY)).is_err());
    }
}
