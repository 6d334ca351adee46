//! Waits completed and open: the Kaplan-Meier curve with its quantiles.
