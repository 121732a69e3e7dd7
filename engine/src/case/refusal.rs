//! The engine's "no" to a command: which rule, what is missing, what may be done instead.
//!
//! Invariant: a refusal is an answer, not a failure: nothing was written.

mod over;
mod words;

use std::fmt;

use super::CauseRef;
use super::offer::Offer;
use crate::code::Code;
use crate::id::{
    CauseGroup, Digest, FieldName, LimitName, OutcomeName, RoleName, StepName, TaskName, Version,
    WorkflowId,
};
use crate::money::Money;
use crate::time::Timestamp;

pub use over::{OtherEyes, Over};
use words::{approvers, list, list_asks, list_or, list_or_none, times_of};

/// Why a command was refused: everything that was found, and what may be done instead.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct Refusal {
    /// What was found, at least one; the first gives the code.
    pub reasons: Vec<Reason>,
    /// What the acting person may do at present, in the role used.
    pub possible: Vec<Offer>,
}

/// One reason of a refusal.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Reason {
    /// The stream has no entries. Also the answer when the caller may not see the case.
    #[error("there is no case with this id")]
    NoSuchCase,
    /// The case exists already.
    #[error("a case with this id exists already; it is not opened a second time")]
    AlreadyOpen,
    /// The case is closed.
    #[error("the case was closed as `{outcome}` ({title}) and takes no further steps")]
    Closed {
        /// How it was closed.
        outcome: OutcomeName,
        /// What people call that.
        title: String,
    },
    /// Neither the step nor `anywhere` has this action or task.
    #[error("`{name}` is not possible in the step `{step}` ({title})")]
    NoSuchAction {
        /// What was asked for.
        name: String,
        /// The step.
        step: StepName,
        /// What people call it.
        title: String,
    },
    /// The role is not among those who may.
    #[error(
        "`{what}` is not for the role `{role}`; it is for {}",
        list_or(who, "nobody")
    )]
    NotYours {
        /// What was asked for.
        what: String,
        /// The role used.
        role: RoleName,
        /// The roles that may.
        who: Vec<RoleName>,
    },
    /// The person acted in a step that excludes them here.
    #[error(
        "`{what}` needs another pair of eyes: this person acted in the step `{step}` ({title}), so \
         somebody else must do it"
    )]
    NotBy {
        /// What was asked for.
        what: String,
        /// The step.
        step: StepName,
        /// What people call it.
        title: String,
    },
    /// Needed fields have no answer.
    #[error("not answered yet: {}", list_asks(fields))]
    AnswersMissing {
        /// The fields and their questions.
        fields: Vec<(FieldName, String)>,
    },
    /// A condition that is needed does not hold.
    #[error("`{what}` is only possible when {condition}")]
    NeedsNotMet {
        /// What was asked for.
        what: String,
        /// The condition in words.
        condition: String,
    },
    /// Tasks of the step are not done.
    #[error("not done yet: {}, which must come first", list(tasks))]
    TasksOpen {
        /// The tasks.
        tasks: Vec<TaskName>,
    },
    /// The task was done in this visit.
    #[error("the task `{task}` is done already in this visit of the step")]
    TaskDone {
        /// The task.
        task: TaskName,
    },
    /// The rule was taken as often as it may be.
    #[error(
        "`{what}` was taken {times}, as often as it may be since the case was last opened",
        times = times_of(*times)
    )]
    UsedUp {
        /// What was asked for.
        what: String,
        /// So often.
        times: u32,
    },
    /// An answer came that nothing here asks for.
    #[error(
        "`{what}` does not ask for {}; it asks for {}",
        list_or(fields, "nothing"),
        list(asked)
    )]
    NotAsked {
        /// What was asked for.
        what: String,
        /// The fields that came.
        fields: Vec<FieldName>,
        /// The fields that may come.
        asked: Vec<FieldName>,
    },
    /// The diagnosis is not done.
    #[error(
        "no root cause is recorded yet, and without one the case does not leave the step `{step}` \
         ({title})"
    )]
    CauseMissing {
        /// The diagnose step.
        step: StepName,
        /// What people call it.
        title: String,
    },
    /// A case is to be closed otherwise than resolved.
    #[error("no reason was given: closing a case as `{outcome}` ({title}) needs one")]
    ReasonMissing {
        /// The outcome.
        outcome: OutcomeName,
        /// What people call it.
        title: String,
    },
    /// The field has no answer that could be corrected.
    #[error("`{field}` has no answer at present, so there is nothing to correct")]
    NothingToCorrect {
        /// The field.
        field: FieldName,
    },
    /// A case closed so stays closed.
    #[error("a case closed as `{outcome}` ({title}) stays closed; open a new case instead")]
    NotReopenable {
        /// The outcome.
        outcome: OutcomeName,
        /// What people call it.
        title: String,
    },
    /// The time for reopening has passed.
    #[error("the time for reopening ended at {until}; open a new case instead")]
    ReopenTooLate {
        /// When it ended.
        until: Timestamp,
    },
    /// The case is open.
    #[error("the case is open, in the step `{step}` ({title}), so there is nothing to reopen")]
    NotClosed {
        /// The step.
        step: StepName,
        /// What people call it.
        title: String,
    },
    /// A root cause is recorded in a diagnose step or after closing.
    #[error(
        "a root cause is recorded in the step {} or once the case is closed; the case is in the \
         step `{step}`",
        list_or(diagnosing, "of a diagnosis")
    )]
    CauseNotNow {
        /// The step the case is in.
        step: StepName,
        /// The diagnose steps of the workflow.
        diagnosing: Vec<StepName>,
    },
    /// The taxonomy has no such cause.
    #[error("the workflow has no cause {cause}; it has {}", list(known))]
    NoSuchCause {
        /// What was asked for.
        cause: CauseRef,
        /// The causes of that group, or the groups where that is unknown too.
        known: Vec<String>,
    },
    /// The workflow has no causes at all.
    #[error("the workflow does not say which causes there are, so none can be recorded")]
    NoCauses {
        /// What was asked for.
        group: CauseGroup,
    },
    /// The chain of whys is too short.
    #[error("too few whys: {given} came, and the workflow wants at least {wanted}")]
    TooFewWhys {
        /// So many came.
        given: usize,
        /// So many are wanted.
        wanted: u32,
    },
    /// Answers that every case has at that step did not come.
    #[error(
        "every case in the step `{step}` has these answers, which did not come: {}",
        list_asks(fields)
    )]
    ImportIncomplete {
        /// The step.
        step: StepName,
        /// The fields and their questions.
        fields: Vec<(FieldName, String)>,
    },
    /// The case has as many entries as it may.
    #[error("the case has {max} entries, as many as a case may have; open a new case instead")]
    HistoryFull {
        /// The limit.
        max: u64,
    },
    /// No workflow of this id and version is published.
    #[error(
        "there is no workflow {workflow}; published are {}",
        list_or_none(known)
    )]
    NoSuchWorkflow {
        /// What was asked for.
        workflow: String,
        /// What there is.
        known: Vec<String>,
    },
    /// The workflow has no such step.
    #[error("the workflow has no step `{step}`; it has {}", list(known))]
    NoSuchStep {
        /// What was asked for.
        step: StepName,
        /// What there is.
        known: Vec<StepName>,
    },
    /// The role may look but not act.
    #[error("the role `{role}` may look at cases but not act on them")]
    ReadOnlyRole {
        /// The role.
        role: RoleName,
    },
    /// The version of the workflow is published with other bytes.
    #[error(
        "`{id}` version {version} is published already with other content, digest {published}; \
         raise `version`"
    )]
    VersionTaken {
        /// The workflow.
        id: WorkflowId,
        /// Its version.
        version: Version,
        /// The digest of what is published.
        published: Digest,
    },
    /// The answer is above the answer of the field that limits it.
    #[error("`{field}` is too high: it may be at most the answer of `{limit}`, which is {max}")]
    OverMax {
        /// The field.
        field: FieldName,
        /// The field that limits it.
        limit: FieldName,
        /// Its answer.
        max: String,
    },
    /// An amount is to be given or approved that the limit of the role does not cover.
    #[error(
        "`{what}` is about {amount} of `{field}`, which is over the limit `{limit}`: {over}; {}",
        approvers(able)
    )]
    OverLimit {
        /// What was asked for.
        what: String,
        /// The field.
        field: FieldName,
        /// Its limit.
        limit: LimitName,
        /// The amount.
        amount: Money,
        /// What stands against it.
        over: Box<Over>,
        /// The roles whose limit suffices.
        able: Vec<RoleName>,
    },
    /// The person is too near to the amount to approve it.
    #[error(
        "`{what}` needs another pair of eyes: this person {because}, so somebody else must approve \
         `{field}`"
    )]
    NotTheApprover {
        /// What was asked for.
        what: String,
        /// The field.
        field: FieldName,
        /// Why.
        because: OtherEyes,
    },
    /// There is no amount that could be approved.
    #[error("`{field}` has no answer at present, so `{what}` has nothing to approve")]
    NothingToApprove {
        /// What was asked for.
        what: String,
        /// The field.
        field: FieldName,
    },
    /// The value of the field is computed, so nobody corrects it.
    #[error(
        "`{field}` comes from a table; it follows from {}, so correct that",
        list_or(inputs, "nothing")
    )]
    FromTable {
        /// The field.
        field: FieldName,
        /// The fields that its table looks at.
        inputs: Vec<FieldName>,
    },
}

impl Reason {
    /// Returns the stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::NoSuchCase => Code::HC001,
            Self::AlreadyOpen => Code::HC002,
            Self::Closed { .. } => Code::HC003,
            Self::NoSuchAction { .. } => Code::HC004,
            Self::NotYours { .. } => Code::HC005,
            Self::NotBy { .. } => Code::HC006,
            Self::AnswersMissing { .. } => Code::HC007,
            Self::NeedsNotMet { .. } => Code::HC008,
            Self::TasksOpen { .. } => Code::HC009,
            Self::TaskDone { .. } => Code::HC010,
            Self::UsedUp { .. } => Code::HC011,
            Self::NotAsked { .. } => Code::HC012,
            Self::CauseMissing { .. } => Code::HC013,
            Self::ReasonMissing { .. } => Code::HC014,
            Self::NothingToCorrect { .. } => Code::HC015,
            Self::NotReopenable { .. } => Code::HC016,
            Self::ReopenTooLate { .. } => Code::HC017,
            Self::NotClosed { .. } => Code::HC018,
            Self::CauseNotNow { .. } => Code::HC019,
            Self::NoSuchCause { .. } | Self::NoCauses { .. } => Code::HC020,
            Self::TooFewWhys { .. } => Code::HC021,
            Self::ImportIncomplete { .. } => Code::HC022,
            Self::HistoryFull { .. } => Code::HC023,
            Self::NoSuchWorkflow { .. } => Code::HC024,
            Self::NoSuchStep { .. } => Code::HC025,
            Self::ReadOnlyRole { .. } => Code::HC026,
            Self::VersionTaken { .. } => Code::HC027,
            Self::OverMax { .. } => Code::HC028,
            Self::OverLimit { .. } => Code::HC029,
            Self::NotTheApprover { .. } => Code::HC030,
            Self::NothingToApprove { .. } => Code::HC031,
            Self::FromTable { .. } => Code::HC032,
        }
    }
}

impl Reason {
    /// Says whether an open case would do what was asked at another time or by another person, so
    /// that the reader asks what to do instead.
    const fn is_about_now(&self) -> bool {
        match self {
            Self::NoSuchAction { .. }
            | Self::NotYours { .. }
            | Self::NotBy { .. }
            | Self::TasksOpen { .. }
            | Self::TaskDone { .. }
            | Self::UsedUp { .. }
            | Self::CauseMissing { .. }
            | Self::CauseNotNow { .. }
            | Self::OverLimit { .. }
            | Self::NotTheApprover { .. } => true,
            Self::NoSuchCase
            | Self::AlreadyOpen
            | Self::Closed { .. }
            | Self::AnswersMissing { .. }
            | Self::NeedsNotMet { .. }
            | Self::NotAsked { .. }
            | Self::ReasonMissing { .. }
            | Self::NothingToCorrect { .. }
            | Self::NotReopenable { .. }
            | Self::ReopenTooLate { .. }
            | Self::NotClosed { .. }
            | Self::NoSuchCause { .. }
            | Self::NoCauses { .. }
            | Self::TooFewWhys { .. }
            | Self::ImportIncomplete { .. }
            | Self::HistoryFull { .. }
            | Self::NoSuchWorkflow { .. }
            | Self::NoSuchStep { .. }
            | Self::ReadOnlyRole { .. }
            | Self::VersionTaken { .. }
            | Self::OverMax { .. }
            | Self::NothingToApprove { .. }
            | Self::FromTable { .. } => false,
        }
    }
}

impl Refusal {
    /// Returns the code of the first reason.
    #[must_use]
    pub fn code(&self) -> Code {
        self.reasons.first().map_or(Code::HX002, Reason::code)
    }
}

impl From<Reason> for Refusal {
    fn from(reason: Reason) -> Self {
        Self {
            reasons: vec![reason],
            possible: Vec::new(),
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, reason) in self.reasons.iter().enumerate() {
            write!(f, "{}{reason}", if place == 0 { "" } else { "; " })?;
        }
        let possible: Vec<&str> = self.possible.iter().map(Offer::name).collect();
        if !possible.is_empty() {
            write!(f, "; this person may now: {}", list_or(&possible, ""))?;
        } else if self.reasons.first().is_some_and(Reason::is_about_now) {
            f.write_str("; this person may do nothing now in this role")?;
        }
        Ok(())
    }
}

impl fmt::Display for CauseRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}/{}`", self.group, self.name)
    }
}
