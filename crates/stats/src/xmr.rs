//! XmR charts by the NHS rules: limits and special causes.
