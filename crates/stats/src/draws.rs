//! Amounts that vary, and what is not known for certain.

use crate::{CannotTell, Chance, quantile as ranked};

/// Amounts that vary, drawn from a source of chance.
pub(crate) trait Amounts {
    fn gamma(&mut self, shape: f64) -> f64;
    fn amount(&mut self, mean: f64, variance: f64) -> f64;
}

impl Amounts for Chance {
    /// A gamma number of this shape and scale 1: Marsaglia and Tsang (2000), "A simple method for generating gamma
    /// variables", ACM TOMS 26(3); below shape 1 by their boost.
    fn gamma(&mut self, shape: f64) -> f64 {
        if shape < 1.0 {
            let boost = (1.0 - self.unit()).powf(1.0 / shape);
            return self.gamma(shape + 1.0) * boost;
        }
        let d = shape - 1.0 / 3.0;
        let c = 1.0 / (9.0 * d).sqrt();
        loop {
            let x = self.normal();
            let v = (1.0 + c * x).powi(3);
            if v <= 0.0 {
                continue;
            }
            let u = 1.0 - self.unit();
            if u.ln() < 0.5 * x * x + d - d * v + d * v.ln() {
                return d * v;
            }
        }
    }

    /// Nothing below 0, with this mean and variance (gamma): what a week brings.
    fn amount(&mut self, mean: f64, variance: f64) -> f64 {
        if mean <= 0.0 || variance <= 0.0 {
            return mean.max(0.0);
        }
        // A shape this small is nought for every purpose, and would only cost time.
        let shape = (mean * mean / variance).max(1e-3);
        self.gamma(shape) * mean / shape
    }
}

/// A number of which the least, the likeliest and the most are known.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Triangular {
    low: f64,
    mode: f64,
    high: f64,
}

impl Triangular {
    /// # Errors
    /// When a number is not finite, is below 0, or they are not in order.
    pub fn new(low: f64, mode: f64, high: f64) -> Result<Triangular, CannotTell> {
        let ordered = 0.0 <= low && low <= mode && mode <= high && high.is_finite();
        if !ordered {
            return Err(CannotTell::new(
                "a range needs a least, a likeliest and a most, in that order and none below nought",
            ));
        }
        Ok(Triangular { low, mode, high })
    }

    pub fn low(self) -> f64 {
        self.low
    }

    pub fn mode(self) -> f64 {
        self.mode
    }

    pub fn high(self) -> f64 {
        self.high
    }

    /// The number below which a share `p` of draws lies.
    pub fn quantile(self, p: f64) -> f64 {
        let (width, left) = (self.high - self.low, self.mode - self.low);
        if width <= 0.0 {
            return self.mode;
        }
        let p = p.clamp(0.0, 1.0);
        if p < left / width {
            self.low + (p * width * left).sqrt()
        } else {
            self.high - ((1.0 - p) * width * (self.high - self.mode)).sqrt()
        }
    }
}

/// A number that a sum needs and that may not be known for certain. Drawn once for each way things may turn out.
#[derive(Clone, Debug)]
pub enum Uncertain {
    Known(f64),
    Between(Triangular),
    /// As a bootstrap gave it.
    Drawn(Vec<f64>),
}

impl Uncertain {
    pub(crate) fn draw(&self, dice: &mut Chance) -> f64 {
        match self {
            Uncertain::Known(value) => *value,
            Uncertain::Between(range) => range.quantile(dice.unit()),
            Uncertain::Drawn(draws) => draws.get(dice.below(draws.len())).copied().unwrap_or(0.0),
        }
    }

    pub(crate) fn check(&self, what: &str) -> Result<(), CannotTell> {
        let sound = |x: &f64| x.is_finite() && *x > 0.0;
        let fine = match self {
            Uncertain::Known(value) => sound(value),
            Uncertain::Between(range) => sound(&range.low),
            Uncertain::Drawn(draws) => !draws.is_empty() && draws.iter().all(sound),
        };
        if fine {
            Ok(())
        } else {
            Err(CannotTell::new(format!("{what} is not above nought")))
        }
    }
}

/// A number with the ranges in which it lies as far as we can tell.
#[derive(Clone, Copy, PartialEq, Debug)]
pub struct Ranged {
    /// The best single number.
    pub value: f64,
    /// Four times out of five it lies here.
    pub range80: [f64; 2],
    /// Nineteen times out of twenty.
    pub range95: [f64; 2],
}

impl Ranged {
    /// The middle of draws, and the shares of them between the ends of each range.
    pub(crate) fn of_draws(draws: &[f64]) -> Result<Ranged, CannotTell> {
        let sorted = sorted(draws);
        let value = quantile(&sorted, 0.5)?;
        Ranged::around(value, &sorted)
    }

    /// A number of its own with the ranges of sorted draws.
    pub(crate) fn around(value: f64, sorted: &[f64]) -> Result<Ranged, CannotTell> {
        Ok(Ranged {
            value,
            range80: [quantile(sorted, 0.1)?, quantile(sorted, 0.9)?],
            range95: [quantile(sorted, 0.025)?, quantile(sorted, 0.975)?],
        })
    }
}

pub(crate) fn sorted(numbers: &[f64]) -> Vec<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted
}

/// The `p` quantile of sorted numbers (Hyndman and Fan's type 7, as in numpy and R).
pub(crate) fn quantile(sorted: &[f64], p: f64) -> Result<f64, CannotTell> {
    if sorted.iter().any(|x| !x.is_finite()) {
        return Err(CannotTell::new("a number to be ranked is not finite"));
    }
    ranked(sorted, p).ok_or_else(|| CannotTell::new("there are no numbers to rank"))
}

/// Median and quartiles of numbers in any order.
///
/// # Errors
/// When there are none, or one is not finite.
pub fn quartiles(numbers: &[f64]) -> Result<[f64; 3], CannotTell> {
    let sorted = sorted(numbers);
    Ok([
        quantile(&sorted, 0.25)?,
        quantile(&sorted, 0.5)?,
        quantile(&sorted, 0.75)?,
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// numpy 1.26: `numpy.quantile([0.5,0.75,1,1.25,2,2.25,4,6.5,7,9.75], [.25,.5,.75])`. To the last bit.
    #[test]
    fn quartiles_agree_with_numpy() {
        let hours = [4.0, 0.5, 9.75, 1.0, 2.25, 1.25, 7.0, 2.0, 6.5, 0.75];
        assert_eq!(quartiles(&hours).unwrap(), [1.0625, 2.125, 5.875]);
        assert_eq!(quartiles(&[3.0]).unwrap(), [3.0, 3.0, 3.0]);
        assert!(quartiles(&[]).is_err());
        assert!(quartiles(&[1.0, f64::NAN]).is_err());
    }

    /// scipy: `scipy.stats.triang.ppf([.05,.25,.5,.9], c=1/6, loc=3, scale=6)` (least 3, likeliest 4, most 9).
    #[test]
    fn triangular_quantiles_agree_with_scipy() {
        let hours = Triangular::new(3.0, 4.0, 9.0).unwrap();
        let scipy = [
            (0.05, 3.547_722_557_505_166),
            (0.25, 4.256_583_509_747_431),
            (0.5, 5.127_016_653_792_583),
            (0.9, 7.267_949_192_431_123),
        ];
        for (p, value) in scipy {
            assert!(
                (hours.quantile(p) - value).abs() < 1e-12,
                "{p}: {}",
                hours.quantile(p)
            );
        }
        assert!(Triangular::new(2.0, 1.0, 3.0).is_err());
        assert!(Triangular::new(1.0, 2.0, f64::INFINITY).is_err());
        assert_eq!(Triangular::new(2.0, 2.0, 2.0).unwrap().quantile(0.3), 2.0);
    }

    /// Mean and variance of 200,000 draws against those asked for, within four standard errors (of the variance,
    /// by the gamma's own fourth moment: kurtosis 3 + 6 / shape).
    #[test]
    fn amounts_have_the_mean_and_variance_asked_for() {
        for (mean, variance) in [(40.0, 90.0), (0.7, 0.7), (12.0, 300.0)] {
            let mut dice = Chance::new(7, 0);
            let n = 200_000;
            let draws: Vec<f64> = (0..n).map(|_| dice.amount(mean, variance)).collect();
            let m = draws.iter().sum::<f64>() / f64::from(n);
            let v = draws.iter().map(|x| (x - m).powi(2)).sum::<f64>() / f64::from(n - 1);
            let shape = mean * mean / variance;
            let (se, se_variance) = (
                (variance / f64::from(n)).sqrt(),
                variance * ((2.0 + 6.0 / shape) / f64::from(n)).sqrt(),
            );
            assert!((m - mean).abs() < 4.0 * se, "{m} for {mean}");
            assert!(
                (v - variance).abs() < 4.0 * se_variance,
                "{v} for {variance}"
            );
        }
        let mut dice = Chance::new(7, 0);
        assert_eq!(dice.amount(3.0, 0.0), 3.0);
        assert_eq!(dice.amount(0.0, 5.0), 0.0);
    }
}
