//! What is asked about the root cause of a case.

use serde::Serialize;

use super::Values;
use crate::case::CauseRef;
use crate::case::diagnosis::{Blaming, Effect, Evidence, PlannedAction, Why};
use crate::id::{CaseId, FailureName, ReportingName};
use crate::time::Date;

/// See [`Act::RecordCause`](super::Act::RecordCause).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RecordCause<T> {
    /// What is done about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<PlannedAction<T>>,
    /// What reads as blame, found when the texts were sealed. Not asked: the texts say it.
    #[serde(skip)]
    pub blaming: Vec<Blaming>,
    /// The chosen cause of the taxonomy.
    pub cause: CauseRef,
    /// Other causes that contributed, each once.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contributing: Vec<CauseRef>,
    /// It is not ready: nothing but its cause and statement must be there.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub draft: bool,
    /// Why it was not noticed before the customer noticed it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub escape: Option<T>,
    /// What failed for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureName>,
    /// Why it stands as it is though it reads as blame.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub override_reason: Option<T>,
    /// The id of the policy at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<String>,
    /// The heading of the regulator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporting: Option<ReportingName>,
    /// The day on which it is looked at again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_date: Option<Date>,
    /// The number of the diagnosis that it takes the place of: a draft, or one that was returned
    /// or opened again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revises: Option<u32>,
    /// Similar cases that were looked at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub similar: Vec<CaseId>,
    /// What went wrong, in a sentence.
    pub statement: T,
    /// The chain of whys that leads to it, the first nearest to the customer.
    pub whys: Vec<Why<T>>,
}

impl<T> RecordCause<T> {
    /// Asks to propose a cause with its statement and whys, and nothing else.
    #[must_use]
    pub const fn proposed(cause: CauseRef, statement: T, whys: Vec<Why<T>>) -> Self {
        Self {
            actions: Vec::new(),
            blaming: Vec::new(),
            cause,
            contributing: Vec::new(),
            draft: false,
            escape: None,
            failure: None,
            override_reason: None,
            policy_id: None,
            reporting: None,
            review_date: None,
            revises: None,
            similar: Vec::new(),
            statement,
            whys,
        }
    }

    pub(super) fn map<A, V: Values<A, T>>(&self, values: &mut V) -> RecordCause<V::Text> {
        let statement = values.text("cause/statement", &self.statement);
        let whys = self.whys.iter().map(|why| Why {
            statement: values.text("cause/why", &why.statement),
            evidence: evidence(values, &why.evidence),
        });
        let whys = whys.collect();
        let escape = self.escape.as_ref().map(|t| values.text("cause/escape", t));
        let actions = self.actions.iter().map(|action| PlannedAction {
            due: action.due,
            kind: action.kind,
            measure: values.text("cause/measure", &action.measure),
            owner: action.owner.clone(),
            target: action.target,
            task: values.text("cause/task", &action.task),
        });
        let actions = actions.collect();
        let override_reason = self.override_reason.as_ref();
        RecordCause {
            actions,
            blaming: self.blaming.clone(),
            cause: self.cause.clone(),
            contributing: self.contributing.clone(),
            draft: self.draft,
            escape,
            failure: self.failure.clone(),
            override_reason: override_reason.map(|t| values.text("cause/override", t)),
            policy_id: self.policy_id.clone(),
            reporting: self.reporting.clone(),
            review_date: self.review_date,
            revises: self.revises,
            similar: self.similar.clone(),
            statement,
            whys,
        }
    }
}

fn evidence<A, T, V: Values<A, T>>(
    values: &mut V,
    evidence: &[Evidence<T>],
) -> Vec<Evidence<V::Text>> {
    let sealed = evidence.iter().map(|evidence| Evidence {
        reference: values.text("cause/evidence", &evidence.reference),
        sha256: evidence.sha256,
    });
    sealed.collect()
}

/// See [`Act::ReviewCause`](super::Act::ReviewCause).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ReviewCause<T> {
    /// The number of the diagnosis.
    pub number: u32,
    /// What is found.
    pub verdict: ReviewVerdict<T>,
}

/// What a reviewer finds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewVerdict<T> {
    /// It is right.
    Accept {
        /// What the reviewer adds.
        #[serde(skip_serializing_if = "Option::is_none")]
        note: Option<T>,
    },
    /// It goes back to those who diagnose.
    Return {
        /// Why.
        reason: T,
    },
    /// The diagnosis is right and another cause of the taxonomy fits it.
    Reclassify {
        /// The cause that fits.
        cause: CauseRef,
        /// Why.
        reason: T,
    },
}

impl<T> ReviewCause<T> {
    pub(super) fn map<A, V: Values<A, T>>(&self, values: &mut V) -> ReviewCause<V::Text> {
        let mut text = |text: &T| values.text("cause/review", text);
        let verdict = match &self.verdict {
            ReviewVerdict::Accept { note } => ReviewVerdict::Accept {
                note: note.as_ref().map(text),
            },
            ReviewVerdict::Return { reason } => ReviewVerdict::Return {
                reason: text(reason),
            },
            ReviewVerdict::Reclassify { cause, reason } => ReviewVerdict::Reclassify {
                cause: cause.clone(),
                reason: text(reason),
            },
        };
        ReviewCause {
            number: self.number,
            verdict,
        }
    }
}

/// See [`Act::CompleteAction`](super::Act::CompleteAction).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CompleteAction<T> {
    /// The number of the action in the diagnosis, from 1.
    pub action: u32,
    /// What was done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<T>,
    /// The number of the diagnosis.
    pub number: u32,
}

/// See [`Act::CheckEffect`](super::Act::CheckEffect).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CheckEffect<T> {
    /// The number of the action in the diagnosis, from 1.
    pub action: u32,
    /// What was observed.
    pub effect: Effect,
    /// What the person adds; needed where nothing can be said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<T>,
    /// The number of the diagnosis.
    pub number: u32,
}

impl<T> CompleteAction<T> {
    pub(super) fn map<A, V: Values<A, T>>(&self, values: &mut V) -> CompleteAction<V::Text> {
        CompleteAction {
            action: self.action,
            note: self.note.as_ref().map(|t| values.text("cause/done", t)),
            number: self.number,
        }
    }
}

impl<T> CheckEffect<T> {
    pub(super) fn map<A, V: Values<A, T>>(&self, values: &mut V) -> CheckEffect<V::Text> {
        CheckEffect {
            action: self.action,
            effect: self.effect,
            note: self.note.as_ref().map(|t| values.text("cause/effect", t)),
            number: self.number,
        }
    }
}
