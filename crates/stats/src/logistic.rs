//! Logistic and linear regression on grouped data.
