//! What is asked about two cases of one complaint.

use std::sync::Arc;

use serde::Serialize;

use super::Values;
use crate::case::Case;
use crate::id::{CaseId, Revision};

/// See [`Act::Merge`](super::Act::Merge). Asked of the case that goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Merge<T> {
    /// The other case of the same complaint.
    pub duplicate: CaseId,
    /// That case as it was read; none where there is no such case. Not asked: its entries say it.
    #[serde(skip)]
    pub found: Option<Arc<Case>>,
    /// Whether other cases belong to the duplicate. Not asked, as before.
    #[serde(skip)]
    pub is_parent: bool,
    /// Why both are one.
    pub reason: T,
    /// The case that goes on. Not asked: the command is of it.
    #[serde(skip)]
    pub survivor: CaseId,
}

/// See [`Act::MergeInto`](super::Act::MergeInto). Asked of the duplicate.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MergeInto<T> {
    /// The case that goes on.
    pub into: CaseId,
    /// The revision of that case whose entry took over what runs here. Not asked: it is
    /// known when both are decided.
    #[serde(skip)]
    pub into_revision: Revision,
    /// Why both are one.
    pub reason: T,
}

impl<T> Merge<T> {
    pub(super) fn map<A, V: Values<A, T>>(&self, values: &mut V) -> Merge<V::Text> {
        Merge {
            duplicate: self.duplicate,
            found: self.found.clone(),
            is_parent: self.is_parent,
            reason: values.text("reason", &self.reason),
            survivor: self.survivor,
        }
    }
}

impl<T> MergeInto<T> {
    pub(super) fn map<A, V: Values<A, T>>(&self, values: &mut V) -> MergeInto<V::Text> {
        MergeInto {
            into: self.into,
            into_revision: self.into_revision,
            reason: values.text("reason", &self.reason),
        }
    }
}
