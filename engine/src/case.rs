//! A case: its state, the commands that may change it, and the events that do.
use crate::id::{CauseGroup, CauseName};

/// A cause of the workflow's taxonomy, such as `process/handover`.
#[derive(
    Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
pub struct CauseRef {
    /// Its group.
    pub group: CauseGroup,
    /// Its name in the group.
    pub name: CauseName,
}
