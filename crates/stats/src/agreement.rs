//! Agreement between two auditors: percent, Cohen's kappa, Gwet's AC1, with intervals.
