//! A case: its state, and the questions it answers.
//!
//! Invariant: only [`evolve`](fn@evolve) changes a case, live and in replay.
//! Invariant: a case never holds a sealed value, only that the field is filled.

pub mod afterwards;
mod ask;
pub mod booking;
pub mod command;
pub mod deadline;
pub mod decide;
pub mod diagnosis;
pub mod event;
pub mod evolve;
pub mod explain;
pub mod facts;
pub mod fire;
mod follow;
mod landing;
pub(crate) mod largest;
pub mod learning;
pub mod merge;
pub mod offer;
pub mod promise;
pub mod refusal;
pub mod seal;
mod tell;
#[cfg(test)]
pub(crate) mod tests;
mod way;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::id::{
    CaseId, CauseGroup, CauseName, CustomerId, FieldName, OutcomeName, PersonId, PrincipalId,
    Revision, RoleName, StepName, SurveyName, TaskName,
};
use crate::time::Timestamp;
use crate::workflow::condition::Seen;
use crate::workflow::{CountsAs, WorkflowRef};

pub use booking::{Approval, Authority, Booking};
pub use command::{Act, Command, Origin};
pub use deadline::{Deadline, DeadlineKind, DeadlineName, Mark, Next, Rung, Verdict};
pub use decide::decide;
pub use diagnosis::{CauseStatus, Diagnosis};
pub use event::{CauseLinked, Commitment, Event, Held};
pub use evolve::{CorruptHistory, Meta, evolve};
pub use explain::{Explanation, explain};
pub use facts::Facts;
pub use fire::{Firing, fire, timekeeper};
pub use largest::{Largest, too_large_landing};
pub use merge::{MERGED_MAX, Merged, Merging};
pub use refusal::{Reason, Refusal};

/// The most entries a case may have.
pub const ENTRIES_PER_CASE_MAX: u64 = 10_000;

/// Who acts, in which role, and who called us for them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// Who called us.
    pub principal: PrincipalId,
    /// The one role the person acts in.
    pub role: RoleName,
    /// The delegate or help desk in between.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub via: Option<String>,
}

impl Actor {
    /// Returns whether it is the server itself, which fires what is due: nobody acts then.
    #[must_use]
    pub fn is_timekeeper(&self) -> bool {
        self.person.uuid().is_nil()
    }
}

/// A cause of the workflow's taxonomy, such as `process/handover`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CauseRef {
    /// Its group.
    pub group: CauseGroup,
    /// Its name in the group.
    pub name: CauseName,
}

/// Where a case is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// Open, in a step.
    Step(StepName),
    /// Closed.
    Outcome(Closing),
    /// Merged into another case, which goes on for both: neither open nor closed.
    Merged(Merging),
}

/// How a case was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// How the outcome counts.
    pub counts_as: CountsAs,
    /// The outcome.
    pub outcome: OutcomeName,
    /// Until when it may be reopened, not including that instant; absent where it may not be.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reopen_until: Option<Timestamp>,
}

/// The present answer of a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Answer {
    /// When it was recorded.
    pub at: Timestamp,
    /// Who gave it.
    pub person: PersonId,
    /// The number of this recording in the case, from 1.
    pub recording: u32,
    /// The entry that holds it.
    pub revision: Revision,
    /// The role in which the person gave it.
    // Golden cases were written before a role was kept, and are never edited.
    #[serde(skip)]
    pub role: RoleName,
    /// The step it was given in.
    pub step: StepName,
    /// The value, or the commitment to it.
    pub value: Held,
    /// The visit it was given in.
    pub visit: u32,
}

impl Answer {
    /// Returns who recorded it, in which role.
    #[must_use]
    pub fn recorder(&self) -> Authority {
        Authority {
            person: self.person,
            role: self.role.clone(),
        }
    }
}

/// A systemic issue: a root cause of this case that other cases may take by link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Issue {
    /// When it was confirmed.
    pub at: Timestamp,
    /// The number of the root cause.
    pub number: u32,
    /// The entry that holds the confirmation.
    pub revision: Revision,
    /// Which recording of the root cause was confirmed, from 1: what is recorded in its place later
    /// was not.
    pub version: u32,
}

/// The state of a case, folded from its entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Case {
    pub(crate) acted: BTreeMap<StepName, BTreeSet<PersonId>>,
    pub(crate) answers: BTreeMap<FieldName, Answer>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) approvals: BTreeMap<FieldName, Approval>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) bookings: Vec<Booking>,
    pub(crate) causes: Vec<Diagnosis>,
    pub(crate) counters: BTreeMap<Arc<str>, u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) customer: Option<CustomerId>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) deadlines: BTreeMap<DeadlineName, Deadline>,
    /// How many deadlines were started so far.
    #[serde(skip)]
    pub(crate) deadlines_started: u32,
    /// When its last entry took effect: a deadline does at its mark, all else when it is recorded.
    #[serde(skip)]
    pub(crate) effective_at: Timestamp,
    /// Who took the action that entered this visit; nobody where it was opened, reopened or
    /// brought in.
    // Golden cases were written before this was kept, and are never edited.
    #[serde(skip)]
    pub(crate) entered_by: Option<PersonId>,
    /// The last visit in which the customer contacted us; 0 before the first.
    #[serde(skip)]
    pub(crate) heard_in: u32,
    pub(crate) imported: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) issue: Option<Issue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) linked: Option<CauseLinked>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) merged: BTreeMap<CaseId, Merged>,
    pub(crate) notes: u32,
    pub(crate) opened_at: Timestamp,
    pub(crate) opening: u32,
    pub(crate) owes_cause: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) parent: Option<CaseId>,
    pub(crate) place: Place,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub(crate) proactive: bool,
    pub(crate) recordings: u32,
    pub(crate) revision: Revision,
    /// The surveys that were sent, and when.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) surveys_sent: Vec<(SurveyName, Timestamp)>,
    pub(crate) tasks_open: BTreeSet<TaskName>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) team: Option<String>,
    pub(crate) updated_at: Timestamp,
    pub(crate) visit: u32,
    pub(crate) workflow: WorkflowRef,
}

impl Case {
    /// Returns the workflow version the case follows.
    #[must_use]
    pub const fn workflow(&self) -> &WorkflowRef {
        &self.workflow
    }

    /// Returns the revision of its last entry.
    #[must_use]
    pub const fn revision(&self) -> Revision {
        self.revision
    }

    /// Returns whether it has [as many entries as it may](ENTRIES_PER_CASE_MAX).
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.revision.0 >= ENTRIES_PER_CASE_MAX
    }

    /// Returns the step it is in, how it was closed, or where it was merged into.
    #[must_use]
    pub const fn place(&self) -> &Place {
        &self.place
    }

    /// Returns the step it is in; none when closed or merged into another.
    #[must_use]
    pub const fn step(&self) -> Option<&StepName> {
        match &self.place {
            Place::Step(step) => Some(step),
            Place::Outcome(_) | Place::Merged(_) => None,
        }
    }

    /// Returns how it was closed; none when open or merged into another.
    #[must_use]
    pub const fn closing(&self) -> Option<&Closing> {
        match &self.place {
            Place::Step(_) | Place::Merged(_) => None,
            Place::Outcome(closing) => Some(closing),
        }
    }

    /// Returns whether it is closed.
    #[must_use]
    pub const fn is_closed(&self) -> bool {
        matches!(self.place, Place::Outcome(_))
    }

    /// Returns how many steps were entered so far: the number of the present visit.
    #[must_use]
    pub const fn visit(&self) -> u32 {
        self.visit
    }

    /// Returns whether the customer contacted us in the present visit.
    #[must_use]
    pub const fn is_heard(&self) -> bool {
        self.heard_in == self.visit
    }

    /// Returns how often it was opened: 1, and one more with every reopening.
    #[must_use]
    pub const fn opening(&self) -> u32 {
        self.opening
    }

    /// Returns the present answers.
    #[must_use]
    pub const fn answers(&self) -> &BTreeMap<FieldName, Answer> {
        &self.answers
    }

    /// Returns the tasks of this visit that are not done.
    #[must_use]
    pub const fn tasks_open(&self) -> &BTreeSet<TaskName> {
        &self.tasks_open
    }

    /// Returns the root causes recorded so far, also those that do not stand.
    #[must_use]
    pub fn causes(&self) -> &[Diagnosis] {
        &self.causes
    }

    /// Returns whether it has a root cause that stands, or took one by link.
    #[must_use]
    pub fn has_cause(&self) -> bool {
        self.linked.is_some() || self.causes.iter().any(|cause| cause.status.stands())
    }

    /// Returns the systemic issue that one of its root causes was confirmed as.
    #[must_use]
    pub const fn issue(&self) -> Option<&Issue> {
        self.issue.as_ref()
    }

    /// Returns the systemic issue with its root cause, while that stands as it was confirmed: other
    /// cases may take it.
    #[must_use]
    pub fn standing_issue(&self) -> Option<(&Issue, &Diagnosis)> {
        let issue = self.issue.as_ref()?;
        let mut causes = self.causes.iter();
        let cause = causes.find(|cause| cause.number == issue.number)?;
        let is_confirmed = cause.version == issue.version && cause.status.stands();
        is_confirmed.then_some((issue, cause))
    }

    /// Returns the root cause that it took by link.
    #[must_use]
    pub const fn linked(&self) -> Option<&CauseLinked> {
        self.linked.as_ref()
    }

    /// Returns the case of the systemic issue that it belongs to.
    #[must_use]
    pub const fn parent(&self) -> Option<CaseId> {
        self.parent
    }

    /// Returns whether we opened it for a customer who did not complain.
    #[must_use]
    pub const fn is_proactive(&self) -> bool {
        self.proactive
    }

    /// Returns whether a root cause is to be looked at again since its day has come.
    #[must_use]
    pub fn is_looked_at(&self, number: u32) -> bool {
        let look = self.deadline(&learning::review_name(number));
        look.is_some_and(|look| look.is_running() && look.open_since.is_some())
    }

    /// Returns whether it is closed and owes a root cause: it was closed otherwise than resolved
    /// before one was found, or the one it had was returned or opened again.
    #[must_use]
    pub const fn owes_cause(&self) -> bool {
        self.owes_cause
    }

    /// Returns whether it came from another system in the middle of its way.
    #[must_use]
    pub const fn is_imported(&self) -> bool {
        self.imported
    }

    /// Returns how many notes it has.
    #[must_use]
    pub const fn notes(&self) -> u32 {
        self.notes
    }

    /// Returns the team it was opened for.
    #[must_use]
    pub fn team(&self) -> Option<&str> {
        self.team.as_deref()
    }

    /// Returns when the complaint was received.
    #[must_use]
    pub const fn opened_at(&self) -> Timestamp {
        self.opened_at
    }

    /// Returns the time of its last entry.
    #[must_use]
    pub const fn updated_at(&self) -> Timestamp {
        self.updated_at
    }

    /// Returns when its last entry took effect: a deadline does at its mark, all else when it is
    /// recorded.
    #[must_use]
    pub const fn effective_at(&self) -> Timestamp {
        self.effective_at
    }

    /// Returns whose complaint it is, where the caller said so.
    #[must_use]
    pub const fn customer(&self) -> Option<CustomerId> {
        self.customer
    }

    /// Returns how often the rule with this counter was taken since the last opening.
    #[must_use]
    pub fn counted(&self, counter: &str) -> u32 {
        self.counters.get(counter).copied().unwrap_or(0)
    }

    /// Returns whether the person did any task or action in the step, in any visit.
    #[must_use]
    pub fn has_acted(&self, step: &str, person: PersonId) -> bool {
        self.acted
            .get(step)
            .is_some_and(|people| people.contains(&person))
    }

    /// Returns what a condition may see of the field's answer.
    #[must_use]
    pub fn seen(&self, field: &str) -> Seen<'_> {
        self.answers
            .get(field)
            .map_or(Seen::Empty, |answer| answer.value.seen())
    }
}
