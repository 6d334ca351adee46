//! Funnel limits for proportions, with over-dispersion.
