//! Counts that bunch: one day, one share, one round figure, beyond chance.
