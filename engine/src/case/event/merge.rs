//! What merging does to two cases of one complaint: to the one that goes on and to its duplicate.
//!
//! Invariant: the case that goes on spells out all that it took over, so that replay needs no other
//! stream.

use serde::{Deserialize, Serialize};

use super::Commitment;
use crate::case::deadline::{DeadlineName, Mark};
use crate::id::{CalendarName, CaseId, CustomerId, FieldName, Revision};
use crate::time::Timestamp;

/// Another case of the same complaint was merged into this one, as it was at that revision. What
/// ran in it and runs on here follows, each as a [`DeadlineTakenOver`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DuplicateMerged {
    /// The cases that had been merged into the duplicate before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<CaseId>,
    /// A customer complained in the duplicate; this case was opened by us for one who did not.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub complained: bool,
    /// Whose complaint it is, where only the duplicate said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// The duplicate.
    pub duplicate: CaseId,
    /// Its revision when it was read.
    pub duplicate_revision: Revision,
    /// When the complaint was received, where the duplicate knows an earlier time.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub opened_at: Option<Timestamp>,
    /// The case of the systemic issue, where only the duplicate belonged to one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CaseId>,
    /// Why both are one.
    pub reason: Commitment,
}

/// This case was a duplicate: it was merged into another, which goes on for both. What ran in it
/// ends with the same entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MergedInto {
    /// The case that goes on.
    pub into: CaseId,
    /// The revision of that case whose entry took over what ran here.
    pub into_revision: Revision,
    /// Why both are one.
    pub reason: Commitment,
}

/// A clock or promise of a duplicate runs on in this case, with everything it had there. Where one
/// of its name ran here, it takes its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineTakenOver {
    /// From when it counts.
    pub anchor: Timestamp,
    /// The calendar of the workflow whose hours count; absent where the file has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarName>,
    /// What it is.
    pub deadline: DeadlineName,
    /// When it is due, as far as that is known: absent while it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// It was extended.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub extended: bool,
    /// The field with the date from which it counts; absent where it counts from anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldName>,
    /// The marks that fired.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fired: Vec<Mark>,
    /// The duplicate it comes from.
    pub from: CaseId,
    /// When it became late.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub late_at: Option<Timestamp>,
    /// Its length as the workflow says it; absent for a promise by a date or renegotiated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<String>,
    /// When it fires; empty while it stands still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Its number in this case, from 1.
    pub number: u32,
    /// Since when it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_since: Option<Timestamp>,
    /// When it stood still before, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<(Timestamp, Timestamp)>,
    /// The number of the one of this case whose place it takes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaces: Option<u32>,
    /// It never pauses and comes first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub statutory: bool,
    /// It has its anchor, and waits for its condition.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
}
