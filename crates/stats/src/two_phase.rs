//! Signals for everyone and audited truth for a sample, put together.
