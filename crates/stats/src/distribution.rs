//! The distributions that the rest draws on.
