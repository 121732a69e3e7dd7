//! What was found out about why it went wrong, and what became of it.

use serde::{Deserialize, Serialize};

use super::Commitment;
use crate::case::CauseRef;
use crate::case::diagnosis::{Blaming, Drawn, Effect, PlannedAction, Why, Worked};
use crate::id::{CaseId, FailureName, ReportingName};
use crate::time::Date;

/// A root cause was drafted or proposed.
///
/// `cause_recorded.v1` had cause, number, statement and whys only; what it had not is absent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseRecorded {
    /// What is done about it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<PlannedAction<Commitment>>,
    /// What reads as blame and stands all the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blaming: Vec<Blaming>,
    /// The chosen cause of the taxonomy.
    pub cause: CauseRef,
    /// Other causes that contributed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub contributing: Vec<CauseRef>,
    /// It is not ready.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub draft: bool,
    /// Why it is to be reviewed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Drawn>,
    /// Why it was not noticed before the customer noticed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub escape: Option<Commitment>,
    /// What failed for the customer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureName>,
    /// Its number in the case, from 1; that of an earlier one whose place it takes.
    pub number: u32,
    /// Why it stands though it reads as blame.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<Commitment>,
    /// The id of the policy at fault.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<String>,
    /// The heading of the regulator.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reporting: Option<ReportingName>,
    /// The day on which it is looked at again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub review_date: Option<Date>,
    /// Similar cases that were looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub similar: Vec<CaseId>,
    /// What went wrong, in a sentence.
    pub statement: Commitment,
    /// The chain of whys that leads to it.
    pub whys: Vec<Why<Commitment>>,
}

/// A reviewer gave a verdict on a diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseReviewed {
    /// The number of the diagnosis.
    pub number: u32,
    /// Why, or what the reviewer adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Commitment>,
    /// What was found.
    pub verdict: Found,
}

/// What a reviewer found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Found {
    /// It is right.
    Accepted,
    /// It goes back.
    Returned,
    /// It is right with this cause; the proposed one stands in the entry of the proposal.
    Reclassified(CauseRef),
}

/// An action of a diagnosis was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseActionDone {
    /// The number of the action in the diagnosis, from 1.
    pub action: u32,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Commitment>,
    /// The number of the diagnosis.
    pub number: u32,
}

/// It was looked at whether an action of a diagnosis worked. Where it did not, [`CauseReopened`]
/// follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EffectChecked {
    /// The number of the action in the diagnosis, from 1.
    pub action: u32,
    /// What was observed.
    pub effect: Effect,
    /// What the person adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Commitment>,
    /// The number of the diagnosis.
    pub number: u32,
    /// Whether it worked.
    pub worked: Worked,
}

/// What was done about a diagnosis did not work: it is owed again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseReopened {
    /// The action that did not work.
    pub action: u32,
    /// The number of the diagnosis.
    pub number: u32,
}

impl CauseRecorded {
    /// Returns the commitments it holds.
    pub(super) fn commitments(&self) -> Vec<Commitment> {
        let whys = self.whys.iter().flat_map(|why| {
            let evidence = why.evidence.iter().map(|evidence| evidence.reference);
            std::iter::once(why.statement).chain(evidence)
        });
        let actions = self.actions.iter();
        let actions = actions.flat_map(|action| [action.measure, action.task]);
        std::iter::once(self.statement)
            .chain(whys)
            .chain(self.escape)
            .chain(actions)
            .chain(self.override_reason)
            .collect()
    }
}
