//! Hand-calculated histories.
