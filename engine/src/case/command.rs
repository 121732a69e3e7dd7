//! What a person asks of a case. May be refused.
//!
//! Invariant: a command carries its time, its people and its commitments; nothing is asked later.

mod cause;
mod issue;
mod merge;

use serde::Serialize;

use super::Actor;
use super::event::{Commitment, Held};
use crate::id::{
    ActionName, ClockName, CustomerId, FieldName, FollowUpName, PromiseName, QuestionName,
    StepName, SurveyName, TaskName, Version, WorkflowId,
};
use crate::time::Timestamp;
use crate::value::Value;

pub use cause::{CheckEffect, CompleteAction, RecordCause, ReviewCause, ReviewVerdict};
pub use issue::{ConfirmIssue, LinkCause, NoIssue, Origin, Taken};
pub use merge::{Merge, MergeInto};

/// A request whose values are sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Command {
    /// What is asked.
    pub act: Act<Held, Commitment>,
    /// Who asks.
    pub actor: Actor,
    /// The time of recording.
    pub at: Timestamp,
}

/// A request as it came in, with its values in the open.
pub type PlainAct = Act<Value, String>;

/// What is asked. `A` is the value of an answer, `T` a text that is always sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Act<A, T> {
    /// Open a case.
    Open(Open<T>),
    /// Take over a case of another system, in the middle of its way.
    Import(Import<A, T>),
    /// Do a task or take an action.
    Advance(Advance<A, T>),
    /// Change a recorded answer.
    Correct(Correct<A, T>),
    /// Add a note.
    Note(Note<T>),
    /// Open a closed case again.
    Reopen(Reopen<T>),
    /// Draft or propose a root cause.
    RecordCause(RecordCause<T>),
    /// Give a verdict on a root cause.
    ReviewCause(ReviewCause<T>),
    /// Say that an action of a root cause was done.
    CompleteAction(CompleteAction<T>),
    /// Say whether an action of a root cause worked.
    CheckEffect(CheckEffect<T>),
    /// Confirm a root cause as that of a systemic issue.
    ConfirmIssue(ConfirmIssue<T>),
    /// Take the root cause of a systemic issue.
    LinkCause(LinkCause),
    /// Take over what runs in another case of the same complaint.
    Merge(Merge<T>),
    /// Rest for good: another case goes on for this one.
    MergeInto(MergeInto<T>),
    /// Record that the customer and we were in contact.
    Contact(Contact),
    /// Give a promise that is owed a new due time, with the customer's consent.
    Renegotiate(Renegotiate<T>),
    /// Extend a clock, once.
    Extend(Extend<T>),
    /// Record the customer's answers to a survey.
    Survey(Survey<T>),
    /// Do a follow-up.
    FollowUp(FollowUp<T>),
}

/// See [`Act::Open`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Open<T> {
    /// Whose complaint it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// Where it comes from, where that is not a customer who complained.
    #[serde(skip_serializing_if = "Origin::is_complaint")]
    pub origin: Origin,
    /// When the complaint was received, where that was not now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// The caller's own reference of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<T>,
    /// The team it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The version of the workflow; without it the highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The workflow it is to follow.
    pub workflow: WorkflowId,
}

/// See [`Act::Import`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Import<A, T> {
    /// The answers given so far.
    pub answers: Vec<(FieldName, A)>,
    /// Whose complaint it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// When the complaint was received.
    pub opened_at: Timestamp,
    /// The caller's own reference of the case.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference: Option<T>,
    /// The step the case is in.
    pub step: StepName,
    /// The team it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
    /// The version of the workflow; without it the highest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub version: Option<Version>,
    /// The workflow it is to follow.
    pub workflow: WorkflowId,
}

/// See [`Act::Advance`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Advance<A, T> {
    /// The answers that come with it, each field at most once.
    pub answers: Vec<(FieldName, A)>,
    /// Why; needed where it closes the case otherwise than resolved.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<T>,
    /// What is done.
    pub way: Way,
}

/// What an advance does.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    /// An action of the step, or one possible anywhere.
    Action(ActionName),
    /// A task of the step.
    Task(TaskName),
}

/// See [`Act::Correct`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Correct<A, T> {
    /// The field.
    pub field: FieldName,
    /// Why.
    pub reason: T,
    /// What it should have been.
    pub value: A,
}

/// See [`Act::Note`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Note<T> {
    /// Its words.
    pub note: T,
}

/// See [`Act::Reopen`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reopen<T> {
    /// Why.
    pub reason: T,
}

/// See [`Act::Contact`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Contact {
    /// By which channel, in the caller's own word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The customer contacted us; else we contacted the customer.
    pub from_customer: bool,
    /// When it happened, where the caller says so. Shown, never counted with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
}

/// See [`Act::Renegotiate`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Renegotiate<T> {
    /// How the customer agreed.
    pub consent: T,
    /// When it is to be due.
    pub due_at: Timestamp,
    /// The promise.
    pub promise: PromiseName,
}

/// See [`Act::Extend`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Extend<T> {
    /// The clock.
    pub clock: ClockName,
    /// Why, where the person says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<T>,
}

/// See [`Act::Survey`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Survey<T> {
    /// The answers, each question at most once.
    pub answers: Vec<(QuestionName, u32)>,
    /// What the customer added.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<T>,
    /// The survey.
    pub survey: SurveyName,
}

/// See [`Act::FollowUp`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FollowUp<T> {
    /// The follow-up.
    pub follow_up: FollowUpName,
    /// What was heard.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<T>,
}

/// What the values of a request become; see [`Act::map`].
pub trait Values<A, T> {
    /// What an answer becomes.
    type Answer;
    /// What a text that is always sealed becomes.
    type Text;

    /// Turns the answer of a field.
    fn answer(&mut self, field: &FieldName, value: &A) -> Self::Answer;

    /// Turns a text; the label says which: `note`, `reason`, `reference`, `consent`, `comment` or
    /// `cause/PART`.
    fn text(&mut self, label: &'static str, text: &T) -> Self::Text;

    /// Turns answers, in their order.
    fn answers(&mut self, answers: &[(FieldName, A)]) -> Vec<(FieldName, Self::Answer)> {
        answers
            .iter()
            .map(|(field, value)| (field.clone(), self.answer(field, value)))
            .collect()
    }
}

impl<A, T> Act<A, T> {
    /// Returns the kind of the command, as entries hold it.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Open(_) => "open",
            Self::Import(_) => "import",
            Self::Advance(_) => "advance",
            Self::Correct(_) => "correct",
            Self::Note(_) => "note",
            Self::Reopen(_) => "reopen",
            Self::RecordCause(_) => "record_cause",
            Self::ReviewCause(_) => "review_cause",
            Self::CompleteAction(_) => "complete_cause_action",
            Self::CheckEffect(_) => "check_cause_effect",
            Self::ConfirmIssue(_) => "confirm_issue",
            Self::LinkCause(_) => "link_cause",
            Self::Merge(_) => "merge",
            Self::MergeInto(_) => "merge_into",
            Self::Contact(_) => "record_contact",
            Self::Extend(_) => "extend_clock",
            Self::Renegotiate(_) => "renegotiate_promise",
            Self::Survey(_) => "record_survey",
            Self::FollowUp(_) => "complete_follow_up",
        }
    }

    /// Returns the same request with other values, asked for in a fixed order.
    pub fn map<V: Values<A, T>>(&self, values: &mut V) -> Act<V::Answer, V::Text> {
        match self {
            Self::Open(open) => Act::Open(Open {
                customer: open.customer,
                origin: open.origin,
                received_at: open.received_at,
                reference: open.reference.as_ref().map(|t| values.text("reference", t)),
                team: open.team.clone(),
                version: open.version,
                workflow: open.workflow.clone(),
            }),
            Self::Import(import) => Act::Import(Import {
                answers: values.answers(&import.answers),
                customer: import.customer,
                opened_at: import.opened_at,
                reference: import
                    .reference
                    .as_ref()
                    .map(|t| values.text("reference", t)),
                step: import.step.clone(),
                team: import.team.clone(),
                version: import.version,
                workflow: import.workflow.clone(),
            }),
            Self::Advance(advance) => Act::Advance(Advance {
                answers: values.answers(&advance.answers),
                reason: advance.reason.as_ref().map(|t| values.text("reason", t)),
                way: advance.way.clone(),
            }),
            Self::Correct(correct) => Act::Correct(Correct {
                field: correct.field.clone(),
                value: values.answer(&correct.field, &correct.value),
                reason: values.text("reason", &correct.reason),
            }),
            Self::Note(note) => Act::Note(Note {
                note: values.text("note", &note.note),
            }),
            Self::Reopen(reopen) => Act::Reopen(Reopen {
                reason: values.text("reason", &reopen.reason),
            }),
            Self::RecordCause(record) => Act::RecordCause(record.map(values)),
            Self::ReviewCause(review) => Act::ReviewCause(review.map(values)),
            Self::CompleteAction(done) => Act::CompleteAction(done.map(values)),
            Self::CheckEffect(checked) => Act::CheckEffect(checked.map(values)),
            Self::ConfirmIssue(confirm) => Act::ConfirmIssue(ConfirmIssue {
                note: confirm.note.as_ref().map(|t| values.text("note", t)),
                number: confirm.number,
            }),
            Self::LinkCause(link) => Act::LinkCause(link.clone()),
            Self::Merge(merge) => Act::Merge(merge.map(values)),
            Self::MergeInto(merge) => Act::MergeInto(merge.map(values)),
            Self::Contact(contact) => Act::Contact(contact.clone()),
            Self::Extend(extend) => Act::Extend(Extend {
                clock: extend.clock.clone(),
                reason: extend.reason.as_ref().map(|t| values.text("reason", t)),
            }),
            Self::Renegotiate(renegotiate) => Act::Renegotiate(Renegotiate {
                consent: values.text("consent", &renegotiate.consent),
                due_at: renegotiate.due_at,
                promise: renegotiate.promise.clone(),
            }),
            Self::Survey(survey) => Act::Survey(Survey {
                answers: survey.answers.clone(),
                comment: survey.comment.as_ref().map(|t| values.text("comment", t)),
                survey: survey.survey.clone(),
            }),
            Self::FollowUp(done) => Act::FollowUp(FollowUp {
                follow_up: done.follow_up.clone(),
                note: done.note.as_ref().map(|t| values.text("note", t)),
            }),
        }
    }
}
