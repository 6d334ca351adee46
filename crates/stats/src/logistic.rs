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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::special::testing::near;
    use proptest::prelude::*;

    fn design<const K: usize>(rows: &[[f64; K]]) -> Design {
        let mut design = Design::new(K);
        rows.iter().for_each(|row| design.push(row.iter().copied()));
        design
    }

    #[track_caller]
    fn agree(got: &[f64], want: &[f64], tolerance: f64) {
        assert_eq!(got.len(), want.len());
        for (got, want) in got.iter().zip(want) {
            near(*got, *want, tolerance);
        }
    }

    /// Two groups beside the first, and a number.
    const GROUPED: [[f64; 4]; 10] = [
        [1.0, 0.0, 0.0, -1.5],
        [1.0, 1.0, 0.0, -1.0],
        [1.0, 0.0, 1.0, -0.5],
        [1.0, 0.0, 0.0, 0.0],
        [1.0, 1.0, 0.0, 0.5],
        [1.0, 0.0, 1.0, 1.0],
        [1.0, 0.0, 0.0, 1.5],
        [1.0, 1.0, 0.0, 2.0],
        [1.0, 0.0, 1.0, 2.5],
        [1.0, 1.0, 0.0, 3.0],
    ];
    const YES: [f64; 10] = [12.0, 30.0, 5.0, 22.0, 41.0, 9.0, 17.0, 55.0, 14.0, 60.0];
    const ALL: [f64; 10] = [40.0, 61.0, 33.0, 50.0, 70.0, 35.0, 31.0, 80.0, 36.0, 75.0];

    #[test]
    fn logistic_agrees_with_statsmodels_glm_binomial() {
        // statsmodels 0.15: GLM(np.c_[y, n - y], X, family = Binomial()).fit(tol = 1e-14); the same numbers come of shares
        // with var_weights = n, and of ones and zeros with freq_weights. Ours stops when the deviance settles to 1e-10.
        let fit = logistic_regression(&design(&GROUPED), &YES, &ALL).unwrap();
        let coefficients = [
            -0.28950417974223525,
            0.5076297010314291,
            -1.116437786541576,
            0.35017552942216656,
        ];
        agree(&fit.coefficients, &coefficients, 1e-8);
        let errors = [
            0.187697686855134,
            0.24020911860557306,
            0.3078673031528786,
            0.07132297404865692,
        ];
        agree(&[0, 1, 2, 3].map(|k| fit.standard_error(k)), &errors, 1e-8);
        let covariance = [
            0.03523042165076794,
            -0.035475068672571816,
            -0.03552852610612151,
            0.00023241379441645045,
            -0.035475068672571816,
            0.057700420661266266,
            0.042641381877101,
            -0.005587135696666629,
            -0.03552852610612151,
            0.042641381877101,
            0.09478227635062643,
            -0.006757187505006808,
            0.00023241379441645045,
            -0.005587135696666629,
            -0.006757187505006808,
            0.005086966627145389,
        ];
        agree(&fit.covariance.values, &covariance, 1e-8);
        near(fit.deviance, 0.8346923507464176, 1e-8);
        assert_eq!(fit.variance, 1.0);
        near(fit.share(&GROUPED[0]), 0.30687550744097, 1e-8);
        near(fit.share(&GROUPED[9]), 0.780511923984214, 1e-8);
    }

    #[test]
    fn logistic_agrees_on_single_trials_and_on_rare_events() {
        let x = [0.5, 1.2, -0.3, 2.2, 0.1, -1.4, 0.8, 1.9, -0.7, 0.3];
        let y = [0.0, 1.0, 0.0, 1.0, 1.0, 0.0, 0.0, 1.0, 0.0, 1.0];
        let fit = logistic_regression(&design(&x.map(|x| [1.0, x])), &y, &[1.0; 10]).unwrap();
        agree(
            &fit.coefficients,
            &[-0.8690366432464127, 1.952337112147407],
            1e-7,
        );
        agree(
            &[fit.standard_error(0), fit.standard_error(1)],
            &[0.9841898904388684, 1.252178815318287],
            1e-7,
        );
        near(fit.deviance, 8.820865112307867, 1e-8);

        // Twenty-one events among more than half a million.
        let rows = design(&[[1.0, 0.0], [1.0, 0.0], [1.0, 1.0], [1.0, 1.0]]);
        let all = [100_000.0, 250_000.0, 120_000.0, 90_000.0];
        let fit = logistic_regression(&rows, &[3.0, 5.0, 11.0, 2.0], &all).unwrap();
        agree(
            &fit.coefficients,
            &[-10.686224034381675, 0.9963724888216916],
            1e-7,
        );
        agree(
            &[fit.standard_error(0), fit.standard_error(1)],
            &[0.35355743127272043, 0.44936699515074063],
            1e-7,
        );
        near(fit.deviance, 4.8348837459509255, 1e-7);
    }

    #[test]
    fn a_column_that_others_determine_is_left_out() {
        // The first group's own dummy, beside the constant and the other two; a column of zeros; one twice as large.
        let rows: Vec<[f64; 7]> = GROUPED
            .iter()
            .map(|[one, a, b, x]| [*one, *a, *b, one - a - b, *x, 0.0, 2.0 * x])
            .collect();
        let mut wide = Design::new(7);
        rows.iter().for_each(|row| wide.push(row.iter().copied()));
        let fit = logistic_regression(&wide, &YES, &ALL).unwrap();
        let plain = logistic_regression(&design(&GROUPED), &YES, &ALL).unwrap();
        let [one, a, b, x] = [0, 1, 2, 3].map(|k| plain.coefficients[k]);
        for (got, want) in fit.coefficients.iter().zip([one, a, b, 0.0, x, 0.0, 0.0]) {
            near(*got, want, 1e-8);
        }
        near(fit.deviance, plain.deviance, 1e-9);
        assert_eq!([3, 5, 6].map(|k| fit.standard_error(k)), [0.0, 0.0, 0.0]);
        near(fit.standard_error(4), plain.standard_error(3), 1e-8);
    }

    #[test]
    fn a_group_all_of_one_outcome_leaves_the_others_alone() {
        // statsmodels: coefficients 0.08004270767353651 and 36.5 (it drifts), deviance 0.9667650040352606.
        let rows = design(&[[1.0, 0.0], [1.0, 0.0], [1.0, 1.0]]);
        let fit = logistic_regression(&rows, &[4.0, 9.0, 20.0], &[10.0, 15.0, 20.0]).unwrap();
        near(fit.coefficients[0], 0.08004270767353651, 1e-6);
        assert!(fit.coefficients[1] > 15.0 && fit.coefficients[1].is_finite());
        near(fit.deviance, 0.9667650040352606, 1e-8);
        assert!(fit.share(&[1.0, 1.0]) > 0.999_999);
    }

    #[test]
    fn rows_without_trials_change_nothing() {
        let mut rows = GROUPED.to_vec();
        rows.insert(3, [1.0, 9.0, -4.0, 100.0]);
        let (mut yes, mut all) = (YES.to_vec(), ALL.to_vec());
        yes.insert(3, 0.0);
        all.insert(3, 0.0);
        let with = logistic_regression(&design(&rows), &yes, &all).unwrap();
        let without = logistic_regression(&design(&GROUPED), &YES, &ALL).unwrap();
        assert_eq!(with.coefficients, without.coefficients);
    }

    #[test]
    fn linear_agrees_with_statsmodels_ols_and_wls() {
        let rows: [[f64; 3]; 8] =
            std::array::from_fn(|i| [1.0, i as f64 + 1.0, f64::from(u8::from(i >= 4))]);
        let y = [10.2, 11.1, 9.8, 12.5, 8.1, 7.7, 9.4, 8.8];
        // statsmodels 0.15: WLS(y, X, weights).fit(): params, ssr, scale, cov_params().
        let fit = linear_regression(&design(&rows), &y, &[1.0; 8]).unwrap();
        agree(&fit.coefficients, &[9.725, 0.47, -4.28], 1e-12);
        agree(&[fit.deviance, fit.variance], &[3.791, 0.7582], 1e-12);
        let covariance = [
            0.663425, -0.18955, 0.56865, -0.18955, 0.07582, -0.30328, 0.56865, -0.30328, 1.59222,
        ];
        agree(&fit.covariance.values, &covariance, 1e-11);

        let weights = [3.0, 1.0, 4.0, 1.0, 5.0, 9.0, 2.0, 6.0];
        let fit = linear_regression(&design(&rows), &y, &weights).unwrap();
        agree(
            &fit.coefficients,
            &[9.617620787657327, 0.3257815671944799, -3.4601299228583082],
            1e-11,
        );
        agree(
            &[fit.deviance, fit.variance],
            &[9.789386926512378, 1.9578773853024756],
            1e-11,
        );
        let errors = [0.7093529743816517, 0.22905116597426686, 1.085387063286234];
        agree(&[0, 1, 2].map(|k| fit.standard_error(k)), &errors, 1e-11);

        // Calendar years, not centred: the constant lies two thousand years off. Nine digits are left.
        let rows: [[f64; 2]; 10] = std::array::from_fn(|i| [1.0, 2015.0 + i as f64]);
        let y = [5.1, 5.3, 5.2, 5.8, 6.1, 6.0, 6.6, 6.4, 7.1, 7.2];
        let fit = linear_regression(&design(&rows), &y, &[1.0; 10]).unwrap();
        agree(
            &fit.coefficients,
            &[-481.0478787878187, 0.24121212121209146],
            1e-8,
        );
        agree(
            &[fit.standard_error(0), fit.standard_error(1)],
            &[42.75916782573425, 0.0211731243267414],
            1e-8,
        );
    }

    #[test]
    fn what_cannot_be_fitted_is_said() {
        let rows = design(&[[1.0, 0.0], [1.0, 1.0], [1.0, 2.0]]);
        let says = |yes: &[f64], all: &[f64]| logistic_regression(&rows, yes, all).unwrap_err().0;
        assert_eq!(says(&[0.0; 3], &[0.0; 3]), "there is nothing to count");
        assert_eq!(says(&[0.0; 3], &[5.0; 3]), "every outcome is the same");
        assert_eq!(says(&[5.0; 3], &[5.0; 3]), "every outcome is the same");
        assert_eq!(
            says(&[1.0, 2.0], &[5.0, 5.0]),
            "rows and outcomes differ in number"
        );
        assert!(logistic_regression(&rows, &[1.0, f64::NAN, 2.0], &[5.0; 3]).is_err());
        assert!(logistic_regression(&Design::new(2), &[], &[]).is_err());
        assert!(linear_regression(&rows, &[1.0, 2.0, 4.0], &[1.0; 3]).is_err());
        let rows = design(&[[1.0], [1.0], [1.0], [1.0]]);
        assert_eq!(
            linear_regression(&rows, &[2.0; 4], &[1.0; 4])
                .unwrap_err()
                .0,
            "nothing varies"
        );
        assert!(linear_regression(&rows, &[2.0, f64::NAN, 1.0, 3.0], &[1.0; 4]).is_err());
    }

    fn counts() -> impl Strategy<Value = Vec<(f64, f64, f64, usize)>> {
        let row =
            (0_u8..60, 0_u8..60, -3.0..3.0_f64, 0_usize..3).prop_map(|(yes, no, x, group)| {
                (f64::from(yes), f64::from(yes) + f64::from(no), x, group)
            });
        prop::collection::vec(row, 6..30)
    }

    proptest! {
        // The equations that a maximum solves: with the canonical link, seen and expected agree in every column.
        #[test]
        fn a_fit_reproduces_every_margin(rows in counts()) {
            let table: Vec<[f64; 4]> = rows
                .iter()
                .map(|(_, _, x, group)| [1.0, f64::from(u8::from(*group == 1)), f64::from(u8::from(*group == 2)), *x])
                .collect();
            let (yes, all): (Vec<f64>, Vec<f64>) = rows.iter().map(|(yes, all, ..)| (*yes, *all)).unzip();
            if let Ok(fit) = logistic_regression(&design(&table), &yes, &all) {
                let size: f64 = all.iter().sum();
                for column in 0..4 {
                    let gap: f64 = table
                        .iter()
                        .zip(yes.iter().zip(&all))
                        .map(|(row, (yes, all))| row[column] * (yes - all * fit.share(row)))
                        .sum();
                    prop_assert!(gap.abs() < 1e-3 * size.sqrt(), "column {} is {} off", column, gap);
                    prop_assert!(fit.coefficients[column].is_finite() && fit.standard_error(column).is_finite());
                }
                prop_assert!(fit.deviance >= -1e-9);
                // Rows the other way round are the same table.
                let back: Vec<[f64; 4]> = table.iter().rev().copied().collect();
                let (no, total): (Vec<f64>, Vec<f64>) =
                    (yes.iter().rev().copied().collect(), all.iter().rev().copied().collect());
                let other = logistic_regression(&design(&back), &no, &total).unwrap();
                prop_assert!((other.deviance - fit.deviance).abs() < 1e-6 * (1.0 + fit.deviance));
            }
        }

        #[test]
        fn an_inverse_inverts(values in prop::collection::vec(-3.0..3.0_f64, 30), weights in prop::collection::vec(0.1..9.0_f64, 6)) {
            let mut matrix = Symmetric::zero(5);
            for (x, weight) in values.chunks_exact(5).zip(&weights) {
                matrix.add_outer(*weight, x);
            }
            let inverse = matrix.inverse();
            let full = (0..5).all(|i| inverse.at(i, i) > 0.0);
            let well = (0..5).all(|i| inverse.at(i, i) * matrix.at(i, i) < 1e6);
            if full && well {
                for i in 0..5 {
                    for j in 0..5 {
                        let product: f64 = (0..5).map(|k| matrix.at(i, k) * inverse.at(k, j)).sum();
                        prop_assert!((product - f64::from(u8::from(i == j))).abs() < 1e-6);
                    }
                }
            }
        }
    }
}
