//! What happens to a case by its time, and what bears on it.
//!
//! Invariant: instants are spelled out, so that replay needs no calendar and no clock.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::Commitment;
use crate::case::deadline::{DeadlineName, Mark, Rung, Verdict};
use crate::id::{
    CalendarName, FieldName, FollowUpName, PromiseName, QuestionName, RoleName, SurveyName,
};
use crate::time::Timestamp;

/// A deadline began to run.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a word of its own in what is stored, absent where it is false"
)]
pub struct DeadlineStarted {
    /// From when it counts.
    pub anchor: Timestamp,
    /// The calendar of the workflow whose hours count; absent where the file has none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub calendar: Option<CalendarName>,
    /// What it is.
    pub deadline: DeadlineName,
    /// When it is due, as far as that is known: absent while it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The field with the date from which it counts; absent where it counts from anything else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub field: Option<FieldName>,
    /// It ran before, was ended by closing, and goes on: what fired stays fired.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub goes_on: bool,
    /// Its length as the workflow says it; absent for a promise by a date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub length: Option<String>,
    /// When it fires; empty while it stands still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// It ran before from another day, and begins anew: it keeps its pauses and its extension.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub moved: bool,
    /// Its number in the case, from 1.
    pub number: u32,
    /// It began within a pause and stands still.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub paused: bool,
    /// It never pauses and comes first.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub statutory: bool,
    /// The version of the time zone database it was computed with.
    pub tz: String,
    /// It has its anchor, and waits for its condition: it is not due and does not fire. When the
    /// condition holds it is started anew, with the anchor and pauses it has.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub waits: bool,
}

/// An operational clock stands still from now on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlinePaused {
    /// What it is.
    pub deadline: DeadlineName,
    /// Its number in the case.
    pub number: u32,
}

/// A clock that stood still goes on: what was left of it is laid out anew.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineResumed {
    /// What it is.
    pub deadline: DeadlineName,
    /// When it is due now; absent while it waits for its condition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// When it fires from now on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Its number in the case.
    pub number: u32,
    /// The version of the time zone database it was computed with.
    pub tz: String,
}

/// A mark of a deadline was reached. First event of an entry of its own; all events of the entry
/// take effect at `effective_at`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineFired {
    /// What it is.
    pub deadline: DeadlineName,
    /// When it takes effect: at the mark, or at the case's last effect if that is later.
    pub effective_at: Timestamp,
    /// Where the mark stood.
    pub mark: Timestamp,
    /// Its number in the case.
    pub number: u32,
    /// Which mark it was.
    pub rung: Rung,
}

/// A deadline ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DeadlineStopped {
    /// What it is.
    pub deadline: DeadlineName,
    /// Its number in the case.
    pub number: u32,
    /// How it ended.
    pub verdict: Verdict,
}

/// A clock was extended, from the same anchor.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ClockExtended {
    /// What it is.
    pub deadline: DeadlineName,
    /// When it is due now; absent while it stands still.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub due: Option<Timestamp>,
    /// The new length as the workflow says it.
    pub length: String,
    /// When it fires from now on; empty while it stands still.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Its number in the case.
    pub number: u32,
    /// Why, where the person says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Commitment>,
    /// The version of the time zone database it was computed with.
    pub tz: String,
}

/// A promise got a new due time, with the customer's consent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PromiseRenegotiated {
    /// How the customer agreed.
    pub consent: Commitment,
    /// When it is due now.
    pub due: Timestamp,
    /// When it fires from now on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marks: Vec<Mark>,
    /// Its number in the case.
    pub number: u32,
    /// What it is.
    pub promise: PromiseName,
}

/// People were told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Told {
    /// In which roles, in the file's order.
    pub roles: Vec<RoleName>,
}

/// The customer and we were in contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ContactRecorded {
    /// By which channel, as the caller names it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub channel: Option<String>,
    /// The customer contacted us; else we contacted the customer.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub from_customer: bool,
    /// When it happened, as the caller says. Shown, never counted with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub occurred_at: Option<Timestamp>,
}

/// A survey is to be sent to the customer now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveySent {
    /// Until when answers are taken, not including that instant; for good without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub closes_at: Option<Timestamp>,
    /// The number of its deadline in the case.
    pub number: u32,
    /// The survey.
    pub survey: SurveyName,
}

/// A survey was not sent: the customer got as many as they may.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveySkipped {
    /// The number of its deadline in the case.
    pub number: u32,
    /// The survey.
    pub survey: SurveyName,
}

/// The customer answered a survey.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SurveyAnswered {
    /// The answers, each within its scale.
    pub answers: BTreeMap<QuestionName, u32>,
    /// What the customer added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub comment: Option<Commitment>,
    /// The number of its deadline in the case.
    pub number: u32,
    /// The survey.
    pub survey: SurveyName,
}

/// A follow-up was done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FollowUpDone {
    /// The follow-up.
    pub follow_up: FollowUpName,
    /// What was heard.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<Commitment>,
    /// The number of its deadline in the case.
    pub number: u32,
}
