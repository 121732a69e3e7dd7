//! What is read beside the case when a command is decided.
//!
//! Invariant: a fact that decided is written in the entry, so that replay needs nothing else.

/// Everything read beside the case: for now nothing. What a person gave this month, who holds a
/// role and the names of the staff find their place here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Facts {}
