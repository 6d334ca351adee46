//! Draws from a locked frame by a public seed.
