//! What of a case runs towards an instant: clocks, promises, dues, surveys and follow-ups.
//!
//! Invariant: of each name the case holds the last one only; those before stand in its entries.
//! Invariant: marks stand in the order in which they fire, and only those that are yet to come.

#[cfg(test)]
mod tests;

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::Case;
use crate::id::{CalendarName, CaseId, FieldName, is_name};
use crate::time::Timestamp;
use crate::workflow::Workflow;

/// What a deadline is. The order is that in which deadlines of one instant fire.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum DeadlineKind {
    /// A deadline that spans steps.
    Clock,
    /// What the customer was told will happen.
    Promise,
    /// When a step or task is due.
    Due,
    /// What is asked of the customer after closing.
    Survey,
    /// Something to do some time after closing.
    FollowUp,
    /// When an action of a root cause is due.
    CauseAction,
    /// When it is asked whether an action of a root cause worked.
    Effect,
    /// When a root cause is looked at again.
    CauseReview,
}

impl DeadlineKind {
    /// Every kind.
    pub const ALL: [Self; 8] = [
        Self::Clock,
        Self::Promise,
        Self::Due,
        Self::Survey,
        Self::FollowUp,
        Self::CauseAction,
        Self::Effect,
        Self::CauseReview,
    ];

    /// Returns whether it belongs to a root cause rather than to the way of a case.
    #[must_use]
    pub const fn is_of_cause(self) -> bool {
        match self {
            Self::CauseAction | Self::Effect | Self::CauseReview => true,
            Self::Clock | Self::Promise | Self::Due | Self::Survey | Self::FollowUp => false,
        }
    }

    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Clock => "clock",
            Self::Promise => "promise",
            Self::Due => "due",
            Self::Survey => "survey",
            Self::FollowUp => "follow_up",
            Self::CauseAction => "cause_action",
            Self::Effect => "effect",
            Self::CauseReview => "cause_review",
        }
    }
}

/// Names a deadline: `clock/final_response`, `promise/call_back`, `due/hear`, `due/assess.examine`,
/// `survey/after_contact`, `follow_up/check_in`; of the second action of the first root cause
/// `cause_action/1.2` and `effect/1.2`, and of the cause itself `cause_review/1`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct DeadlineName {
    kind: DeadlineKind,
    name: Arc<str>,
}

/// A text names no deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a deadline looks like clock/final_response or due/hear")]
pub struct InvalidDeadline;

impl DeadlineName {
    /// Names a clock, promise, survey, follow-up, or the due of a step.
    #[must_use]
    pub fn new(kind: DeadlineKind, name: &str) -> Self {
        let name = Arc::from(name);
        Self { kind, name }
    }

    /// Names the due of a task.
    #[must_use]
    pub fn of_task(step: &str, task: &str) -> Self {
        Self::new(DeadlineKind::Due, &format!("{step}.{task}"))
    }

    /// Returns what it is.
    #[must_use]
    pub const fn kind(&self) -> DeadlineKind {
        self.kind
    }

    /// Returns its name among its kind: `final_response`, `hear`, `assess.examine`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the step of a due and, where it is a task's, the task.
    #[must_use]
    pub fn place(&self) -> (&str, Option<&str>) {
        match self.name.split_once('.') {
            Some((step, task)) => (step, Some(task)),
            None => (&self.name, None),
        }
    }

    /// Returns the number of the root cause that it belongs to; none where it belongs to no cause.
    #[must_use]
    pub fn cause(&self) -> Option<u32> {
        self.kind
            .is_of_cause()
            .then(|| self.place().0.parse().ok())?
    }

    /// Returns the number of the action of a root cause that it belongs to.
    #[must_use]
    pub fn action(&self) -> Option<u32> {
        self.cause().and(self.place().1?.parse().ok())
    }
}

impl fmt::Display for DeadlineName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.kind.as_str(), self.name)
    }
}

impl FromStr for DeadlineName {
    type Err = InvalidDeadline;
    fn from_str(text: &str) -> Result<Self, InvalidDeadline> {
        let (kind, name) = text.split_once('/').ok_or(InvalidDeadline)?;
        let kinds = DeadlineKind::ALL;
        let kind = kinds.into_iter().find(|known| known.as_str() == kind);
        let kind = kind.ok_or(InvalidDeadline)?;
        let deadline = Self::new(kind, name);
        let (place, task) = deadline.place();
        if kind.is_of_cause() {
            let has_action = kind != DeadlineKind::CauseReview;
            let is_known = deadline.cause().is_some() && task.is_some() == has_action;
            let is_numbered = task.is_none() || deadline.action().is_some();
            return (is_known && is_numbered)
                .then_some(deadline)
                .ok_or(InvalidDeadline);
        }
        let is_task = task.is_none_or(|task| kind == DeadlineKind::Due && is_name(task));
        if is_name(place) && is_task {
            Ok(deadline)
        } else {
            Err(InvalidDeadline)
        }
    }
}

impl TryFrom<String> for DeadlineName {
    type Error = InvalidDeadline;
    fn try_from(text: String) -> Result<Self, InvalidDeadline> {
        text.parse()
    }
}

impl From<DeadlineName> for String {
    fn from(name: DeadlineName) -> Self {
        name.to_string()
    }
}

/// An instant at which a deadline fires.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mark {
    /// When.
    pub at: Timestamp,
    /// What for.
    pub rung: Rung,
}

/// What a deadline fires for. The order is that of marks of one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Rung {
    /// So much of it is over that people are warned: `warn`.
    Warn,
    /// It is due and late: `late`. The rungs of its ladder without `after` act with it.
    Late,
    /// The rung of this number in its ladder, from 1: `after/2`.
    After(u32),
    /// A wait is over: `then`.
    Then,
    /// A follow-up is to be done, a survey to be sent: `open`.
    Open,
    /// A survey takes no more answers: `close`.
    Close,
}

impl fmt::Display for Rung {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Warn => f.write_str("warn"),
            Self::Late => f.write_str("late"),
            Self::After(number) => write!(f, "after/{number}"),
            Self::Then => f.write_str("then"),
            Self::Open => f.write_str("open"),
            Self::Close => f.write_str("close"),
        }
    }
}

impl TryFrom<String> for Rung {
    type Error = InvalidDeadline;
    fn try_from(text: String) -> Result<Self, InvalidDeadline> {
        Ok(match text.as_str() {
            "warn" => Self::Warn,
            "late" => Self::Late,
            "then" => Self::Then,
            "open" => Self::Open,
            "close" => Self::Close,
            other => {
                let number = other.strip_prefix("after/").and_then(|n| n.parse().ok());
                Self::After(number.ok_or(InvalidDeadline)?)
            }
        })
    }
}

impl From<Rung> for String {
    fn from(rung: Rung) -> Self {
        rung.to_string()
    }
}

/// How a deadline ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// A clock was stopped in time, a due's step or task was done in time.
    Met,
    /// It was stopped or done after its due time.
    Late,
    /// It ended without a verdict: the case closed, or a wait was left.
    Ended,
    /// A promise was kept in time.
    Kept,
    /// A promise was kept after its due time.
    KeptLate,
    /// A promise was not kept, and the case is closed.
    Broken,
    /// A promise was given up with the case by the customer's own choice.
    Released,
    /// A follow-up was done, a survey answered or closed.
    Done,
    /// A survey or follow-up was called off, because the case was opened again.
    Cancelled,
    /// A survey was not sent: the customer got as many as they may.
    Skipped,
}

impl Verdict {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Late => "late",
            Self::Ended => "ended",
            Self::Kept => "kept",
            Self::KeptLate => "kept_late",
            Self::Broken => "broken",
            Self::Released => "released",
            Self::Done => "done",
            Self::Cancelled => "cancelled",
            Self::Skipped => "skipped",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A deadline of a case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Deadline {
    /// From when it counts.
    pub anchor: Timestamp,
    /// The calendar whose hours count; none where the workflow has none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarName>,
    /// When it is due; none while it stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The field with the date from which it counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldName>,
    /// It was extended.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub is_extended: bool,
    /// When it became late.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub late_at: Option<Timestamp>,
    /// Its length as the workflow says it; none for a promise by a date or renegotiated.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub length: Option<String>,
    /// When it fires, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Its number in the case, from 1.
    pub number: u32,
    /// Since when a survey is with the customer, or a follow-up is to be done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub open_since: Option<Timestamp>,
    /// Since when it stands still.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub paused_since: Option<Timestamp>,
    /// When it stood still before, in order.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<(Timestamp, Timestamp)>,
    /// The marks that fired.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub fired: Vec<Mark>,
    /// It never pauses and comes first.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub statutory: bool,
    /// When and how it ended; none while it runs.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<Stopped>,
    /// The duplicate it was taken over from, when that was merged into this case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub taken_from: Option<CaseId>,
    /// It has its anchor, and waits for its condition.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
}

/// When and how a deadline ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Stopped {
    /// When.
    pub at: Timestamp,
    /// The number of the opening that the case was closed in; none while the case was open.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub closing: Option<u32>,
    /// How.
    pub verdict: Verdict,
}

impl Deadline {
    /// Returns whether it runs: it has not ended, also while it stands still, and does not wait for
    /// its condition. A promise that is not ended is owed.
    #[must_use]
    pub const fn is_running(&self) -> bool {
        self.stopped.is_none() && !self.waits
    }

    /// Returns whether its due time has passed.
    #[must_use]
    pub const fn is_late(&self) -> bool {
        self.late_at.is_some()
    }

    /// Returns its next mark.
    #[must_use]
    pub fn next(&self) -> Option<Mark> {
        self.marks.first().copied()
    }
}

/// The mark of a case that fires next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Next {
    /// The deadline.
    pub deadline: DeadlineName,
    /// Its number in the case.
    pub number: u32,
    /// The mark.
    pub mark: Mark,
}

impl Case {
    /// Returns the deadlines of the case, the last of each name, running or ended.
    pub fn deadlines(&self) -> impl Iterator<Item = (&DeadlineName, &Deadline)> {
        self.deadlines.iter()
    }

    /// Finds the last deadline of a name.
    #[must_use]
    pub fn deadline(&self, name: &DeadlineName) -> Option<&Deadline> {
        self.deadlines.get(name)
    }

    /// Returns when the next mark of the case fires; none of a case that is full.
    #[must_use]
    pub fn due_at(&self) -> Option<Timestamp> {
        // What has no room for another entry can fire nothing.
        if self.is_full() {
            return None;
        }
        let next = self.deadlines.values().filter_map(Deadline::next);
        next.map(|mark| mark.at).min()
    }

    /// Returns the mark that fires next: the earliest; of one instant clocks (statutory first),
    /// then promises, dues, surveys and follow-ups, each in the order of the file; last those of
    /// root causes, by their numbers.
    ///
    /// Source: `workflow-language.md`, semantics 17.
    #[must_use]
    pub fn next_mark(&self, workflow: &Workflow) -> Option<Next> {
        let running = self.deadlines.iter();
        let marked =
            running.filter_map(|(name, deadline)| Some((name, deadline, deadline.next()?)));
        let first = marked.min_by_key(|(name, deadline, mark)| {
            let is_statutory = !deadline.statutory;
            (
                mark.at,
                name.kind(),
                is_statutory,
                place(workflow, name),
                mark.rung,
            )
        });
        first.map(|(name, deadline, mark)| Next {
            deadline: name.clone(),
            number: deadline.number,
            mark,
        })
    }
}

/// Returns the place of a deadline among its kind in the file; of a due that of its step, then the
/// step itself before its tasks.
fn place(workflow: &Workflow, name: &DeadlineName) -> (Option<usize>, Option<usize>) {
    let only = |place: Option<usize>| (place, None);
    match name.kind() {
        DeadlineKind::Clock => only(workflow.clocks().get_index_of(name.name())),
        DeadlineKind::Promise => only(workflow.promises().get_index_of(name.name())),
        DeadlineKind::Survey => only(workflow.surveys().get_index_of(name.name())),
        DeadlineKind::FollowUp => only(workflow.follow_ups().get_index_of(name.name())),
        DeadlineKind::CauseAction | DeadlineKind::Effect | DeadlineKind::CauseReview => {
            let place = |number: Option<u32>| number.and_then(|n| usize::try_from(n).ok());
            (place(name.cause()), place(name.action()))
        }
        DeadlineKind::Due => {
            let (step, task) = name.place();
            let Some((index, step)) = workflow.step(step) else {
                return only(None);
            };
            let task = task.and_then(|task| step.tasks.get_index_of(task));
            (Some(usize::from(index.0)), task)
        }
    }
}
