//! Wire to domain and back. Parsed once here; nothing behind it checks an id again.
//!
//! Invariant: every fault of a request is told at once, each with the path of its part.

pub(super) mod case;
pub(super) mod cause;
pub(super) mod deadline;
pub(super) mod learning;
pub(super) mod read;
pub(super) mod report;
pub(super) mod request;
pub(super) mod sealed;
pub(super) mod value;
pub(super) mod workflow;
