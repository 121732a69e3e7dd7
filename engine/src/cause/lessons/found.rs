//! The root cause that a case counts with.

use super::Key;
use crate::case::{Case, CauseLinked, Diagnosis};
use crate::id::{FailureName, ReportingName};

/// A root cause, of a case itself or taken by link, as far as it is counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cause) struct Found {
    /// The cause.
    pub(in crate::cause) key: Key,
    /// What failed for the customer.
    pub(super) failure: Option<FailureName>,
    /// The heading of the regulator.
    pub(super) reporting: Option<ReportingName>,
    /// The id of the policy at fault.
    pub(super) policy_id: Option<String>,
}

impl Found {
    /// Returns what a case counts with: the last root cause of its own that stands, else the one it
    /// took by link.
    pub(super) fn of(case: &Case) -> Option<Self> {
        let own = standing(case).map(|own| Self::own(case, own));
        own.or_else(|| case.linked().map(Self::taken))
    }

    /// Returns a root cause of a case itself.
    pub(in crate::cause) fn own(case: &Case, own: &Diagnosis) -> Self {
        Self {
            key: Key {
                workflow: case.workflow().id.clone(),
                cause: own.cause.clone(),
            },
            failure: own.failure.clone(),
            reporting: own.reporting.clone(),
            policy_id: own.policy_id.clone(),
        }
    }

    /// Returns a root cause that was taken by link, as it was then.
    pub(in crate::cause) fn taken(linked: &CauseLinked) -> Self {
        Self {
            key: Key {
                workflow: linked.workflow.clone(),
                cause: linked.cause.clone(),
            },
            failure: linked.failure.clone(),
            reporting: linked.reporting.clone(),
            policy_id: linked.policy_id.clone(),
        }
    }
}

/// Returns the last root cause of a case that stands, of its own.
pub(in crate::cause) fn standing(case: &Case) -> Option<&Diagnosis> {
    let mut causes = case.causes().iter().rev();
    causes.find(|cause| cause.status.stands())
}
