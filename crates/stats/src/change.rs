//! Whether and when a rate changed: a change-point test and the interrupted time series that describes it.
