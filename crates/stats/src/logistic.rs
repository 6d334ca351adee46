//! Logistic and linear regression on grouped data.
//!
//! Logistic: iteratively reweighted least squares for a binomial response with the canonical link, as in McCullagh
//! and Nelder, *Generalized Linear Models*, 2nd ed., section 4.4. Columns that others determine are left out, with
//! coefficient 0, as R's `glm` does.

use crate::CannotTell;

/// A table of covariates, row by row. The first column should be all ones, where there is to be a constant.
#[derive(Clone, Debug)]
pub struct Design {
    columns: usize,
    values: Vec<f64>,
}

impl Design {
    pub fn new(columns: usize) -> Design {
        Design {
            columns,
            values: Vec::new(),
        }
    }

    /// Adds a row. One that is too short ends in zeros; what is too long is cut.
    pub fn push(&mut self, row: impl IntoIterator<Item = f64>) {
        let until = self.values.len() + self.columns;
        self.values.extend(row.into_iter().take(self.columns));
        self.values.resize(until, 0.0);
    }

    pub fn columns(&self) -> usize {
        self.columns
    }

    pub fn len(&self) -> usize {
        self.values.len().checked_div(self.columns).unwrap_or(0)
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn rows(&self) -> std::slice::ChunksExact<'_, f64> {
        self.values.chunks_exact(self.columns.max(1))
    }
}

/// A square symmetric matrix.
#[derive(Clone, Debug, PartialEq)]
pub struct Symmetric {
    size: usize,
    values: Vec<f64>,
}

impl Symmetric {
    pub fn zero(size: usize) -> Symmetric {
        Symmetric {
            size,
            values: vec![0.0; size * size],
        }
    }

    pub fn size(&self) -> usize {
        self.size
    }

    /// 0 outside the matrix.
    pub fn at(&self, row: usize, column: usize) -> f64 {
        self.values
            .get(row * self.size + column)
            .copied()
            .unwrap_or(0.0)
    }

    fn set(&mut self, row: usize, column: usize, value: f64) {
        if let Some(slot) = self.values.get_mut(row * self.size + column) {
            *slot = value;
        }
    }

    /// Adds `weight` times the outer product of `x`.
    pub fn add_outer(&mut self, weight: f64, x: &[f64]) {
        for (slots, xi) in self.values.chunks_exact_mut(self.size.max(1)).zip(x) {
            if *xi == 0.0 {
                continue;
            }
            let scaled = weight * xi;
            for (slot, xj) in slots.iter_mut().zip(x) {
                *slot += scaled * xj;
            }
        }
    }

    /// `x' M x`.
    pub fn form(&self, x: &[f64], y: &[f64]) -> f64 {
        self.values
            .chunks_exact(self.size.max(1))
            .zip(x)
            .map(|(row, xi)| xi * row.iter().zip(y).map(|(m, yj)| m * yj).sum::<f64>())
            .sum()
    }

    fn times(&self, x: &[f64]) -> Vec<f64> {
        self.values
            .chunks_exact(self.size.max(1))
            .map(|row| row.iter().zip(x).map(|(m, xj)| m * xj).sum())
            .collect()
    }

    /// The inverse of a positive semi-definite matrix; rows and columns that earlier ones determine are zero in it.
    pub fn inverse(&self) -> Symmetric {
        // Sweep operator (Goodnight 1979), pivots in order; a pivot lost to its predecessors is aliased.
        let n = self.size;
        let mut a = self.clone();
        let mut aliased = vec![false; n];
        for k in 0..n {
            let pivot = a.at(k, k);
            if pivot <= self.at(k, k).abs() * 1e-10 || pivot <= f64::MIN_POSITIVE {
                if let Some(slot) = aliased.get_mut(k) {
                    *slot = true;
                }
                continue;
            }
            let row: Vec<f64> = (0..n).map(|j| a.at(k, j)).collect();
            for i in 0..n {
                if i == k {
                    continue;
                }
                let factor = a.at(i, k) / pivot;
                if factor == 0.0 {
                    continue;
                }
                for (j, value) in row.iter().enumerate() {
                    if j != k {
                        a.set(i, j, a.at(i, j) - factor * value);
                    }
                }
            }
            for j in 0..n {
                if j != k {
                    let value = a.at(k, j) / pivot;
                    a.set(k, j, value);
                    a.set(j, k, -a.at(j, k) / pivot);
                }
            }
            a.set(k, k, 1.0 / pivot);
        }
        let mut inverse = Symmetric::zero(n);
        for i in 0..n {
            for j in 0..n {
                let out = aliased.get(i).copied().unwrap_or(true)
                    || aliased.get(j).copied().unwrap_or(true);
                if !out {
                    // Symmetric but for rounding.
                    inverse.set(i, j, a.at(i.min(j), i.max(j)));
                }
            }
        }
        inverse
    }
}

/// A fitted regression.
#[derive(Clone, Debug)]
pub struct Fit {
    pub coefficients: Vec<f64>,
    /// Variances of the coefficients, with a dispersion of 1 for a logistic fit and the residual variance for a linear one.
    pub covariance: Symmetric,
    /// −2 log likelihood beside the saturated model (logistic), or the residual sum of squares (linear).
    pub deviance: f64,
    /// Residual variance of a linear fit; 1 for a logistic one.
    pub variance: f64,
}

impl Fit {
    /// The linear predictor of a row.
    pub fn predictor(&self, row: &[f64]) -> f64 {
        self.coefficients.iter().zip(row).map(|(b, x)| b * x).sum()
    }

    /// The share that a logistic fit expects of a row.
    pub fn share(&self, row: &[f64]) -> f64 {
        logistic(self.predictor(row))
    }

    /// Standard error of one coefficient, before any dispersion.
    pub fn standard_error(&self, column: usize) -> f64 {
        self.covariance.at(column, column).max(0.0).sqrt()
    }
}

fn logistic(eta: f64) -> f64 {
    1.0 / (1.0 + (-eta.clamp(-35.0, 35.0)).exp())
}

/// `y ln(y / mu)`, and 0 where y is 0.
fn part(y: f64, mu: f64) -> f64 {
    if y > 0.0 { y * (y / mu).ln() } else { 0.0 }
}

/// Fits `successes` of `trials` in each row.
///
/// # Errors
/// Where there is nothing to fit, no row has both outcomes to explain, or the fit does not settle.
pub fn logistic_regression(
    design: &Design,
    successes: &[f64],
    trials: &[f64],
) -> Result<Fit, CannotTell> {
    let (yes, all): (f64, f64) = (successes.iter().sum(), trials.iter().sum());
    if design.len() != successes.len() || design.len() != trials.len() {
        return Err(CannotTell::new("rows and outcomes differ in number"));
    }
    if all <= 0.0 {
        return Err(CannotTell::new("there is nothing to count"));
    }
    if yes <= 0.0 || yes >= all {
        return Err(CannotTell::new("every outcome is the same"));
    }
    let k = design.columns();
    let mut coefficients = vec![0.0; k];
    // Start from the share of everybody, where the first column is the constant.
    if let Some(first) = coefficients.first_mut() {
        *first = (yes / (all - yes)).ln();
    }
    let mut last = f64::INFINITY;
    for _ in 0..60 {
        let mut information = Symmetric::zero(k);
        let mut score = vec![0.0; k];
        let mut deviance = 0.0;
        for ((x, y), n) in design.rows().zip(successes).zip(trials) {
            if *n <= 0.0 {
                continue;
            }
            let eta: f64 = coefficients.iter().zip(x).map(|(b, v)| b * v).sum();
            let p = logistic(eta);
            information.add_outer(n * p * (1.0 - p), x);
            for (s, v) in score.iter_mut().zip(x) {
                *s += v * (y - n * p);
            }
            deviance += 2.0 * (part(*y, n * p) + part(n - y, n * (1.0 - p)));
        }
        let covariance = information.inverse();
        if (last - deviance).abs() <= 1e-10 * (deviance.abs() + 0.1) {
            return Ok(Fit {
                coefficients,
                covariance,
                deviance,
                variance: 1.0,
            });
        }
        last = deviance;
        for (b, step) in coefficients.iter_mut().zip(covariance.times(&score)) {
            // A group all of one outcome drifts off for ever: small steps, and the deviance settles.
            *b += step.clamp(-4.0, 4.0);
        }
    }
    Err(CannotTell::new("the regression does not settle"))
}

/// Least squares of `y`, each row with a weight.
///
/// # Errors
/// Where there are no more rows than columns, or nothing varies.
pub fn linear_regression(design: &Design, y: &[f64], weights: &[f64]) -> Result<Fit, CannotTell> {
    let k = design.columns();
    if design.len() != y.len() || design.len() != weights.len() {
        return Err(CannotTell::new("rows and outcomes differ in number"));
    }
    let mut information = Symmetric::zero(k);
    let mut right = vec![0.0; k];
    for ((x, y), w) in design.rows().zip(y).zip(weights) {
        information.add_outer(*w, x);
        for (r, v) in right.iter_mut().zip(x) {
            *r += w * v * y;
        }
    }
    let inverse = information.inverse();
    let coefficients = inverse.times(&right);
    let used = (0..k).filter(|&i| inverse.at(i, i) > 0.0).count();
    let rows = weights.iter().filter(|w| **w > 0.0).count();
    if rows <= used + 1 {
        return Err(CannotTell::new("there are too few to fit"));
    }
    let squares: f64 = design
        .rows()
        .zip(y)
        .zip(weights)
        .map(|((x, y), w)| {
            let fitted: f64 = coefficients.iter().zip(x).map(|(b, v)| b * v).sum();
            w * (y - fitted) * (y - fitted)
        })
        .sum();
    let variance = squares / (rows - used) as f64;
    if !(variance.is_finite() && variance > 1e-12) {
        return Err(CannotTell::new("nothing varies"));
    }
    let mut covariance = inverse;
    for value in &mut covariance.values {
        *value *= variance;
    }
    Ok(Fit {
        coefficients,
        covariance,
        deviance: squares,
        variance,
    })
}
