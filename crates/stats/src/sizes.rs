//! How many files for what certainty.
