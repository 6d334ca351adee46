//! Many comparisons at once: Holm and Benjamini-Hochberg.
