//! What happened to a case: facts in the past tense, never changed.
//!
//! Invariant: a stored tag has a version; any added, removed or re-meant part is a new tag.
//! Invariant: an event spells out what was chosen and counted, so that replay asks nobody.

mod cause;
mod issue;
mod merge;
mod money;
mod time;

use serde::{Deserialize, Serialize};

use crate::id::{
    ActionName, CustomerId, Digest, FieldName, OutcomeName, StepName, SurveyName, TaskName, Version,
};
use crate::time::Timestamp;
use crate::value::Value;
use crate::workflow::CountsAs;
use crate::workflow::condition::Seen;

pub use cause::{
    CauseActionDone, CauseRecorded, CauseReopened, CauseReviewed, EffectChecked, Found,
};
pub use issue::{CauseLinked, IssueConfirmed, OriginRecorded};
pub use merge::{DeadlineTakenOver, DuplicateMerged, MergedInto};
pub use money::{Approved, Given, TakenBack};
pub use time::{
    ClockExtended, ContactRecorded, DeadlineFired, DeadlinePaused, DeadlineResumed,
    DeadlineStarted, DeadlineStopped, FollowUpDone, PromiseRenegotiated, SurveyAnswered,
    SurveySent, SurveySkipped, Told,
};

/// A salted commitment to a sealed value; see [`seal`](super::seal).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Commitment(pub Digest);

/// A value in the open, or the commitment to one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Held {
    /// The value itself.
    Open(Value),
    /// A commitment; value and salt lie beside the entries.
    Sealed(Commitment),
}

impl Held {
    /// Returns what a condition may see of it.
    #[must_use]
    pub const fn seen(&self) -> Seen<'_> {
        match self {
            Self::Open(value) => Seen::Value(value),
            Self::Sealed(_) => Seen::Sealed,
        }
    }
}

/// A fact. The tag of each is what entries hold.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(missing_docs, reason = "the type of each tells")]
pub enum Event {
    #[serde(rename = "case_opened.v1")]
    CaseOpened(CaseOpened),
    #[serde(rename = "case_imported.v1")]
    CaseImported(CaseImported),
    #[serde(rename = "step_entered.v1")]
    StepEntered(StepEntered),
    #[serde(rename = "answer_recorded.v1")]
    AnswerRecorded(AnswerRecorded),
    #[serde(rename = "value_computed.v1")]
    ValueComputed(ValueComputed),
    #[serde(rename = "value_emptied.v1")]
    ValueEmptied(ValueEmptied),
    #[serde(rename = "task_done.v1")]
    TaskDone(TaskDone),
    #[serde(rename = "action_taken.v1")]
    ActionTaken(ActionTaken),
    #[serde(rename = "taken_back.v1")]
    TakenBack(TakenBack),
    #[serde(rename = "approved.v1")]
    Approved(Approved),
    #[serde(rename = "given.v1")]
    Given(Given),
    #[serde(rename = "case_closed.v1")]
    CaseClosed(CaseClosed),
    #[serde(rename = "case_reopened.v1")]
    CaseReopened(CaseReopened),
    #[serde(rename = "answer_corrected.v1")]
    AnswerCorrected(AnswerCorrected),
    #[serde(rename = "note_added.v1")]
    NoteAdded(NoteAdded),
    #[serde(rename = "cause_recorded.v2", alias = "cause_recorded.v1")]
    CauseRecorded(CauseRecorded),
    #[serde(rename = "cause_reviewed.v1")]
    CauseReviewed(CauseReviewed),
    #[serde(rename = "cause_action_done.v1")]
    CauseActionDone(CauseActionDone),
    #[serde(rename = "effect_checked.v1")]
    EffectChecked(EffectChecked),
    #[serde(rename = "cause_reopened.v1")]
    CauseReopened(CauseReopened),
    #[serde(rename = "issue_confirmed.v1")]
    IssueConfirmed(IssueConfirmed),
    #[serde(rename = "cause_linked.v1")]
    CauseLinked(CauseLinked),
    #[serde(rename = "origin_recorded.v1")]
    OriginRecorded(OriginRecorded),
    #[serde(rename = "duplicate_merged.v1")]
    DuplicateMerged(DuplicateMerged),
    #[serde(rename = "merged_into.v1")]
    MergedInto(MergedInto),
    #[serde(rename = "deadline_taken_over.v1")]
    DeadlineTakenOver(DeadlineTakenOver),
    #[serde(rename = "told.v1")]
    Told(Told),
    #[serde(rename = "contact_recorded.v1")]
    ContactRecorded(ContactRecorded),
    #[serde(rename = "deadline_started.v1")]
    DeadlineStarted(DeadlineStarted),
    #[serde(rename = "deadline_paused.v1")]
    DeadlinePaused(DeadlinePaused),
    #[serde(rename = "deadline_resumed.v1")]
    DeadlineResumed(DeadlineResumed),
    #[serde(rename = "deadline_fired.v1")]
    DeadlineFired(DeadlineFired),
    #[serde(rename = "deadline_stopped.v1")]
    DeadlineStopped(DeadlineStopped),
    #[serde(rename = "clock_extended.v1")]
    ClockExtended(ClockExtended),
    #[serde(rename = "promise_renegotiated.v1")]
    PromiseRenegotiated(PromiseRenegotiated),
    #[serde(rename = "survey_sent.v1")]
    SurveySent(SurveySent),
    #[serde(rename = "survey_skipped.v1")]
    SurveySkipped(SurveySkipped),
    #[serde(rename = "survey_answered.v1")]
    SurveyAnswered(SurveyAnswered),
    #[serde(rename = "follow_up_done.v1")]
    FollowUpDone(FollowUpDone),
    #[serde(rename = "workflow_published.v1")]
    WorkflowPublished(WorkflowPublished),
}

impl Event {
    /// Returns the commitments it holds, each to a value beside the entries.
    #[must_use]
    pub fn commitments(&self) -> Vec<Commitment> {
        let sealed = |held: &Held| match held {
            Held::Open(_) => None,
            Held::Sealed(commitment) => Some(*commitment),
        };
        match self {
            Self::CaseOpened(opened) => opened.reference.into_iter().collect(),
            Self::CaseImported(imported) => imported.reference.into_iter().collect(),
            Self::AnswerRecorded(recorded) => sealed(&recorded.value).into_iter().collect(),
            Self::TaskDone(done) => done.reason.into_iter().collect(),
            Self::ActionTaken(taken) => taken.reason.into_iter().collect(),
            Self::CaseReopened(reopened) => reopened.reason.into_iter().collect(),
            Self::AnswerCorrected(corrected) => sealed(&corrected.value)
                .into_iter()
                .chain([corrected.reason])
                .collect(),
            Self::NoteAdded(added) => vec![added.note],
            Self::CauseRecorded(recorded) => recorded.commitments(),
            Self::CauseReviewed(reviewed) => reviewed.reason.into_iter().collect(),
            Self::CauseActionDone(done) => done.note.into_iter().collect(),
            Self::EffectChecked(checked) => checked.note.into_iter().collect(),
            Self::IssueConfirmed(confirmed) => confirmed.note.into_iter().collect(),
            Self::DuplicateMerged(merged) => vec![merged.reason],
            Self::MergedInto(merged) => vec![merged.reason],
            Self::ClockExtended(extended) => extended.reason.into_iter().collect(),
            Self::PromiseRenegotiated(renegotiated) => vec![renegotiated.consent],
            Self::SurveyAnswered(answered) => answered.comment.into_iter().collect(),
            Self::FollowUpDone(done) => done.note.into_iter().collect(),
            Self::StepEntered(_)
            | Self::ValueComputed(_)
            | Self::ValueEmptied(_)
            | Self::TakenBack(_)
            | Self::Approved(_)
            | Self::Given(_)
            | Self::CaseClosed(_)
            | Self::Told(_)
            | Self::ContactRecorded(_)
            | Self::DeadlineStarted(_)
            | Self::DeadlinePaused(_)
            | Self::DeadlineResumed(_)
            | Self::DeadlineFired(_)
            | Self::DeadlineStopped(_)
            | Self::SurveySent(_)
            | Self::SurveySkipped(_)
            | Self::CauseReopened(_)
            | Self::CauseLinked(_)
            | Self::OriginRecorded(_)
            | Self::DeadlineTakenOver(_)
            | Self::WorkflowPublished(_) => Vec::new(),
        }
    }

    /// Every tag this build can read.
    pub const TAGS: [&'static str; 41] = [
        "case_opened.v1",
        "case_imported.v1",
        "step_entered.v1",
        "answer_recorded.v1",
        "value_computed.v1",
        "value_emptied.v1",
        "task_done.v1",
        "action_taken.v1",
        "taken_back.v1",
        "approved.v1",
        "given.v1",
        "case_closed.v1",
        "case_reopened.v1",
        "answer_corrected.v1",
        "note_added.v1",
        "cause_recorded.v1",
        "cause_recorded.v2",
        "cause_reviewed.v1",
        "cause_action_done.v1",
        "effect_checked.v1",
        "cause_reopened.v1",
        "issue_confirmed.v1",
        "cause_linked.v1",
        "origin_recorded.v1",
        "duplicate_merged.v1",
        "merged_into.v1",
        "deadline_taken_over.v1",
        "told.v1",
        "contact_recorded.v1",
        "deadline_started.v1",
        "deadline_paused.v1",
        "deadline_resumed.v1",
        "deadline_fired.v1",
        "deadline_stopped.v1",
        "clock_extended.v1",
        "promise_renegotiated.v1",
        "survey_sent.v1",
        "survey_skipped.v1",
        "survey_answered.v1",
        "follow_up_done.v1",
        "workflow_published.v1",
    ];
}

/// A complaint came in. A [`StepEntered`] follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseOpened {
    /// Whose complaint it is, where the caller says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// When the complaint was received: `received_at`, or the time of recording.
    pub opened_at: Timestamp,
    /// When it was received, as the caller says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub received_at: Option<Timestamp>,
    /// The caller's own reference of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Commitment>,
    /// The step it begins in.
    pub step: StepName,
    /// The team it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

/// A case of another system came in, in the middle of its way. A [`StepEntered`] follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseImported {
    /// Whose complaint it is, where the caller says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub customer: Option<CustomerId>,
    /// When the complaint was received, as the caller says.
    pub opened_at: Timestamp,
    /// The caller's own reference of the case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reference: Option<Commitment>,
    /// The step it comes into; answers that come with it count as given there.
    pub step: StepName,
    /// The team it belongs to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub team: Option<String>,
}

/// A new visit of a step began.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StepEntered {
    /// Fields that became empty, because they are asked anew each time.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emptied: Vec<FieldName>,
    /// The step.
    pub step: StepName,
    /// Its tasks, all open.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tasks: Vec<TaskName>,
    /// The number of the visit, from 1.
    pub visit: u32,
}

/// An answer was given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerRecorded {
    /// Nobody gave it: it is the field's default.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub by_default: bool,
    /// The field.
    pub field: FieldName,
    /// The number of the recording in the case, from 1.
    pub recording: u32,
    /// The value, or the commitment to it.
    pub value: Held,
}

/// A table gave its field another value, because an answer it looks at changed. Counts as recorded
/// by the acting person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueComputed {
    /// The field.
    pub field: FieldName,
    /// The number of the recording in the case, from 1.
    pub recording: u32,
    /// The value.
    pub value: Value,
}

/// No row of a table fits any more: its field became empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValueEmptied {
    /// The field.
    pub field: FieldName,
}

/// A task of the present visit was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TaskDone {
    /// Why, where the person says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Commitment>,
    /// The task.
    pub task: TaskName,
}

/// An action was taken, by one of its rules. Where it leads elsewhere, [`StepEntered`] or
/// [`CaseClosed`] follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ActionTaken {
    /// The action.
    pub action: ActionName,
    /// The counter of the rule after this taking, when the rule is counted and was not used up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counted: Option<Counted>,
    /// Why, where the person says so; always where it closes the case otherwise than resolved.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Commitment>,
    /// The number of the chosen rule, from 1.
    pub rule: u32,
    /// The case stayed where it is.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub stays: bool,
    /// The rule was used up: its `then` was taken.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub used_up: bool,
}

/// How often a rule was taken since the last opening.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Counted {
    /// The name of the counter: `hear/not_understood/1`.
    pub counter: String,
    /// So often.
    pub times: u32,
}

/// The case was closed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseClosed {
    /// How the outcome counts.
    pub counts_as: CountsAs,
    /// The outcome.
    pub outcome: OutcomeName,
    /// A root cause is owed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub owes_cause: bool,
    /// Until when it may be reopened, not including that instant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reopen_until: Option<Timestamp>,
}

/// A closed case was opened again. A [`StepEntered`] follows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseReopened {
    /// The survey whose answers opened it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by_survey: Option<SurveyName>,
    /// The number of the opening, from 2.
    pub opening: u32,
    /// Why; absent only where a survey opened it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Commitment>,
    /// The step it begins in again.
    pub step: StepName,
}

/// A recorded answer was changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AnswerCorrected {
    /// The field.
    pub field: FieldName,
    /// Why.
    pub reason: Commitment,
    /// The number of the recording in the case.
    pub recording: u32,
    /// The steps in which this counts as acting: those that name the field.
    pub steps: Vec<StepName>,
    /// The value, or the commitment to it.
    pub value: Held,
}

/// A note was added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteAdded {
    /// Its words.
    pub note: Commitment,
}

/// A version of a workflow was published. Stands in the stream of the workflow.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct WorkflowPublished {
    /// The digest of its bytes.
    pub sha256: Digest,
    /// The version.
    pub version: Version,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_those_that_can_be_read() {
        for tag in Event::TAGS {
            let text = format!("{{\"{tag}\":7}}");
            let error = serde_json::from_str::<Event>(&text)
                .unwrap_err()
                .to_string();
            assert!(!error.contains("unknown variant"), "{tag}: {error}");
        }
        let error = serde_json::from_str::<Event>("{\"none.v1\":7}")
            .unwrap_err()
            .to_string();
        let known = error.matches(".v1`").count() + error.matches(".v2`").count() - 1;
        assert_eq!(known, Event::TAGS.len(), "{error}");
    }
}
