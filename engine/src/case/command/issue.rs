//! What is asked about what a case has to do with others.

use std::fmt;

use serde::Serialize;

use crate::case::event::CauseLinked;
use crate::case::{Case, CauseStatus, Diagnosis};
use crate::id::CaseId;

/// Where a case comes from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Origin {
    /// The case of the systemic issue that it belongs to. That there is such a case is for the
    /// caller to know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent: Option<CaseId>,
    /// We open it for a customer who did not complain.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub proactive: bool,
}

impl Origin {
    /// Returns whether a customer complained and nothing more is known.
    #[must_use]
    pub const fn is_complaint(&self) -> bool {
        self.parent.is_none() && !self.proactive
    }
}

/// See [`Act::ConfirmIssue`](super::Act::ConfirmIssue).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ConfirmIssue<T> {
    /// What the person adds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<T>,
    /// The number of the root cause.
    pub number: u32,
}

/// See [`Act::LinkCause`](super::Act::LinkCause).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct LinkCause {
    /// What there is to take, as the other case said when it was read. Not asked: that case says
    /// it.
    #[serde(skip)]
    pub issue: Result<Taken, NoIssue>,
    /// The case of the systemic issue.
    pub parent: CaseId,
}

/// The root cause that a case may take of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taken {
    /// A reviewer accepted it.
    pub is_accepted: bool,
    /// It, as the entry holds it.
    pub linked: CauseLinked,
}

/// Why there is no root cause that a case may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoIssue {
    /// There is no such case.
    NoSuchCase,
    /// Nobody confirmed a root cause of it as that of a systemic issue.
    NotConfirmed,
    /// The confirmed root cause was given back, opened again, or another was recorded in its place.
    NotStanding,
    /// Nobody reviewed it, and the workflow of the case that asks has root causes reviewed.
    NotAccepted,
    /// The workflow of the case that asks has the root cause of every such case reviewed.
    AlwaysReviewed,
    /// It is the very case that asks.
    Itself,
}

impl fmt::Display for NoIssue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoSuchCase => "there is no such case",
            Self::NotConfirmed => {
                "none of its root causes was confirmed as that of a systemic issue; confirm one \
                 first"
            }
            Self::NotStanding => {
                "its root cause was returned, opened again or recorded anew since it was \
                 confirmed; when one stands there, confirm that one"
            }
            Self::NotAccepted => {
                "no reviewer accepted it, and the workflow of this case has root causes reviewed"
            }
            Self::AlwaysReviewed => {
                "the workflow has the root cause of every such case reviewed; record its own"
            }
            Self::Itself => "a case does not take its own root cause",
        })
    }
}

impl LinkCause {
    /// Asks for the root cause of the systemic issue of another case, which is given as it is.
    #[must_use]
    pub fn new(case: CaseId, parent: CaseId, other: Option<&Case>) -> Self {
        let issue = if case == parent {
            Err(NoIssue::Itself)
        } else {
            let other = other.ok_or(NoIssue::NoSuchCase);
            other.and_then(|other| taken(parent, other))
        };
        Self { issue, parent }
    }
}

/// Returns the root cause that others may take of a case.
fn taken(parent: CaseId, case: &Case) -> Result<Taken, NoIssue> {
    case.issue().ok_or(NoIssue::NotConfirmed)?;
    let (_, standing) = case.standing_issue().ok_or(NoIssue::NotStanding)?;
    let Diagnosis {
        cause,
        failure,
        number,
        policy_id,
        reporting,
        ..
    } = standing;
    let linked = CauseLinked {
        cause: cause.clone(),
        failure: failure.clone(),
        number: *number,
        parent,
        parent_revision: case.revision(),
        policy_id: policy_id.clone(),
        reporting: reporting.clone(),
        workflow: case.workflow().id.clone(),
    };
    let is_accepted = standing.status == CauseStatus::Accepted;
    Ok(Taken {
        is_accepted,
        linked,
    })
}
