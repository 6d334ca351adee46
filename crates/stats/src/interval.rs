//! Intervals of proportions, rates and differences.
