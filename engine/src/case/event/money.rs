//! What was given to customers, approved and taken back.

use serde::{Deserialize, Serialize};

use crate::case::booking::Authority;
use crate::id::{FieldName, LimitName};
use crate::money::Money;
use crate::time::Timestamp;

/// The last booking of a field was taken back. It is free again in the period of its giving.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TakenBack {
    /// The amount.
    pub amount: Money,
    /// On whose authority it was given.
    pub authority: Authority,
    /// The field.
    pub field: FieldName,
    /// When it was given.
    pub given_at: Timestamp,
    /// The limit it counted under.
    pub limit: LimitName,
    /// The recording that was given.
    pub recording: u32,
}

/// The acting person approved the present recording of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Approved {
    /// The amount.
    pub amount: Money,
    /// The field.
    pub field: FieldName,
    /// The limit it was approved under.
    pub limit: LimitName,
    /// The recording that was approved.
    pub recording: u32,
}

/// The present recording of a field was given, and is booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// The amount.
    pub amount: Money,
    /// On whose authority: who approved it, or who recorded it or acts and whose limit covers it.
    pub authority: Authority,
    /// The authority approved this very recording.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_approval: bool,
    /// The field.
    pub field: FieldName,
    /// The limit it counts under.
    pub limit: LimitName,
    /// The recording that was given.
    pub recording: u32,
}
