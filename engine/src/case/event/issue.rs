//! What one case has to do with others: where it comes from, and the systemic issue it belongs to.

use serde::{Deserialize, Serialize};

use super::Commitment;
use crate::case::CauseRef;
use crate::id::{CaseId, FailureName, ReportingName, Revision, WorkflowId};

/// Where a case comes from, where that is not a customer who complained. Stands in the entry that
/// opened it; at least one of the two is there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OriginRecorded {
    /// The case of the systemic issue that it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent: Option<CaseId>,
    /// We opened it for a customer who did not complain.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub proactive: bool,
}

/// A root cause of this case was confirmed as that of a systemic issue: other cases may take it by
/// link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct IssueConfirmed {
    /// What the person adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Commitment>,
    /// The number of the root cause.
    pub number: u32,
}

/// The case took the root cause of a systemic issue, as it was at that revision.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseLinked {
    /// The cause.
    pub cause: CauseRef,
    /// What failed for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureName>,
    /// The number of the root cause in its case.
    pub number: u32,
    /// The case of the systemic issue.
    pub parent: CaseId,
    /// The revision of that case when the cause was taken.
    pub parent_revision: Revision,
    /// The id of the policy at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<String>,
    /// The heading of the regulator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporting: Option<ReportingName>,
    /// The workflow whose taxonomy the cause is of.
    pub workflow: WorkflowId,
}
