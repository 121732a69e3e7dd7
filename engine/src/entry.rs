//! The envelope of an accepted command: encoded once, hashed, chained, never encoded again.
//!
//! Invariant: the bytes of an entry are canonical JSON: keys in byte order, no white space, no
//! floats, absent instead of null. [`Entry::encode`] is the only place that makes them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::id::{CaseId, InvalidId, WorkflowId};

/// What an entry belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum StreamName {
    /// One case: `case/UUID`.
    Case(CaseId),
    /// One workflow with all its versions: `workflow/ID`.
    Workflow(WorkflowId),
    /// The store itself: `store`.
    Store,
}

impl StreamName {
    /// Reads `case/UUID`, `workflow/ID` or `store`.
    ///
    /// # Errors
    ///
    /// [`InvalidId`] when it is none of these.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        match text.split_once('/') {
            Some(("case", id)) => CaseId::parse(id).map(Self::Case),
            Some(("workflow", id)) => WorkflowId::new(id).map(Self::Workflow),
            None if text == "store" => Ok(Self::Store),
            Some(_) | None => Err(InvalidId {
                expected: "a stream is case/UUID, workflow/ID or store",
            }),
        }
    }
}

impl TryFrom<String> for StreamName {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl From<StreamName> for String {
    fn from(stream: StreamName) -> Self {
        stream.to_string()
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case(id) => write!(f, "case/{id}"),
            Self::Workflow(id) => write!(f, "workflow/{id}"),
            Self::Store => f.write_str("store"),
        }
    }
}
