//! Bootstrap and triangular draws from a seed.
