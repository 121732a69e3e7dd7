//! What was found out about why it went wrong.

use serde::{Deserialize, Serialize};

use super::Commitment;
use crate::case::CauseRef;

/// A root cause was recorded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseRecorded {
    /// The chosen cause of the taxonomy.
    pub cause: CauseRef,
    /// Its number in the case, from 1.
    pub number: u32,
    /// What went wrong, in a sentence.
    pub statement: Commitment,
    /// The chain of whys that leads to it.
    pub whys: Vec<Why<Commitment>>,
}

/// One link of a chain of whys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why<T> {
    /// Where the evidence lies.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<T>,
    /// Why it happened.
    pub statement: T,
}
