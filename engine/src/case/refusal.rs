//! The engine's "no" to a command: which rule, what is missing, what may be done instead.
//!
//! Invariant: a refusal is an answer, not a failure: nothing was written.

mod code;
mod diagnosis;
mod extend;
mod merge;
mod over;
mod words;

use std::fmt;

use super::CauseRef;
use super::deadline::DeadlineName;
use super::offer::Offer;
use super::promise::Owed;
use crate::code::Code;
use crate::id::{
    CauseGroup, ClockName, Digest, FieldName, FollowUpName, LimitName, OutcomeName, PromiseName,
    QuestionName, RoleName, StepName, SurveyName, TaskName, Version, WorkflowId,
};
use crate::money::Money;
use crate::time::Timestamp;

pub use diagnosis::{Eyes, Missing, Undiagnosed};
pub use extend::NotExtended;
pub use merge::{Holds, Unmerged};
pub use over::{OtherEyes, Over};
use words::{approvers, list, list_asks, list_or, list_or_none, not_yet, times_of};

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
    /// A case is to be closed as resolved, and the customer is still owed a promise.
    #[error(
        "the customer is still owed {0}, and a case closes as resolved only when every promise is \
         kept"
    )]
    PromiseOwed(Owed),
    /// The promise was not made, or is kept, released or broken for good.
    #[error(
        "the promise `{promise}` is not owed at present; owed to the customer: {}",
        list(owed)
    )]
    PromiseNotOwed {
        /// What was asked for.
        promise: PromiseName,
        /// The promises that are owed.
        owed: Vec<PromiseName>,
    },
    /// A promise would be due in the past, or too far ahead.
    #[error("the promise `{promise}` has to be due after {after} and not later than {until}")]
    DueOutside {
        /// The promise.
        promise: PromiseName,
        /// When this was asked for.
        after: Timestamp,
        /// The last instant at which it may be due.
        until: Timestamp,
    },
    /// The survey was not sent, or takes no more answers.
    #[error(
        "the survey `{survey}` is not with the customer at present; open for answers: {}",
        list(open)
    )]
    SurveyNotOpen {
        /// What was asked for.
        survey: SurveyName,
        /// The surveys that take answers.
        open: Vec<SurveyName>,
    },
    /// The survey does not ask this.
    #[error("the survey has no question `{question}`; it asks {}", list(known))]
    NoSuchQuestion {
        /// What was answered.
        question: QuestionName,
        /// Its questions.
        known: Vec<QuestionName>,
    },
    /// The answer lies outside the scale of its question.
    #[error("`{question}` ({ask}) takes an answer from {lowest} to {highest}, not {given}")]
    OutsideScale {
        /// The question.
        question: QuestionName,
        /// What the customer is asked.
        ask: String,
        /// The answer.
        given: u32,
        /// The lowest answer.
        lowest: u32,
        /// The highest answer.
        highest: u32,
    },
    /// The case has no deadline of this name.
    #[error("the case has no deadline `{deadline}`; it has {}", list(known))]
    NoSuchDeadline {
        /// What was asked for.
        deadline: DeadlineName,
        /// Its deadlines.
        known: Vec<DeadlineName>,
    },
    /// The follow-up is not to be done now.
    #[error(
        "the follow-up `{follow_up}` is not to be done {}; to be done now: {}",
        not_yet(*from),
        list(due)
    )]
    FollowUpNotDue {
        /// What was asked for.
        follow_up: FollowUpName,
        /// When it is to be done, where that lies ahead.
        from: Option<Timestamp>,
        /// The follow-ups that are to be done.
        due: Vec<FollowUpName>,
    },
    /// A clock is to be extended that cannot be.
    #[error("the clock `{clock}` cannot be extended: {because}")]
    NotExtended {
        /// The clock.
        clock: ClockName,
        /// Why not.
        because: NotExtended,
    },
    /// A root cause, its review or what is done about it.
    #[error(transparent)]
    Diagnosis(#[from] Undiagnosed),
    /// Two cases of one complaint.
    #[error(transparent)]
    Merge(#[from] Unmerged),
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
