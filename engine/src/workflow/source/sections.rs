//! The typed source of everything beside the state machine and its fields.

use super::{Condition, Names, Need, Sp, Table};
use crate::finding::Span;
use crate::money::Money;
use crate::time::Date;
use crate::workflow::CauseNeed;
use crate::workflow::length::Length;

/// Working hours.
#[derive(Debug, Clone, Default)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Calendar {
    pub time_zone: Option<Sp<String>>,
    /// By day, Monday first: spans in minutes of the local day, in order.
    pub hours: [Vec<(u32, u32)>; 7],
    pub closed_on: Vec<Sp<Date>>,
}

/// A row of a decision table.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Row {
    pub when: Option<Condition>,
    pub is: Sp<String>,
}

/// How much a role may give in a period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct LimitPart {
    pub amount: Money,
    pub per: Period,
}

/// What a limit counts over.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the language explain themselves")]
pub enum Period {
    Case,
    Day,
    Week,
    Month,
}

/// What the customer is told will happen.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Promise {
    pub text: Option<Sp<String>>,
    pub within: Option<Sp<Length>>,
    pub by: Option<Sp<String>>,
    pub late: Vec<Late>,
    pub calendar: Option<Sp<String>>,
}

/// A deadline that spans steps.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Clock {
    pub when: Option<Condition>,
    pub from: Names,
    pub until: Names,
    pub within: Option<Sp<Length>>,
    pub statutory: bool,
    pub warn_at: Option<Sp<u32>>,
    pub extend: Option<Extend>,
    pub late: Vec<Late>,
    pub calendar: Option<Sp<String>>,
}

/// How a clock may be extended, once.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Extend {
    pub to: Option<Sp<Length>>,
    pub needs: Vec<Need>,
    pub by: Names,
}

/// What happens when something is late.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Late {
    pub span: Span,
    pub after: Option<Sp<Length>>,
    pub tell: Names,
    pub go_to: Option<Sp<String>>,
}

/// When a step or task is due.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Due {
    pub span: Span,
    pub within: Option<Sp<Length>>,
    pub warn_at: Option<Sp<u32>>,
    pub late: Vec<Late>,
    pub then: Option<Sp<String>>,
    pub calendar: Option<Sp<String>>,
}

/// Rules of diagnosis and the causes to choose from.
#[derive(Debug, Clone, Default)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Causes {
    pub whys: Option<Sp<u32>>,
    pub blame_free: bool,
    /// `blame_free: {override: ...}`.
    pub blame_override: Names,
    pub review: Option<Review>,
    /// `effectiveness_check: {after: ...}`.
    pub check_after: Option<Sp<Length>>,
    pub failures: Table<Sp<String>>,
    pub reporting: Table<Sp<String>>,
    pub systemic: Option<Systemic>,
    pub categories: Table<Table<Cause>>,
}

/// Who looks at recorded causes, and at how many.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Review {
    pub by: Option<Sp<String>>,
    pub sample: Option<Sp<u32>>,
    pub always_when: Option<Condition>,
}

/// When equal causes are a systemic issue.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Systemic {
    pub cases: Option<Sp<u32>>,
    pub within: Option<Sp<Length>>,
    pub same: Names,
    pub by: Names,
}

/// A cause.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Cause {
    pub title: Sp<String>,
    pub needs: Vec<Sp<CauseNeed>>,
}

/// What is asked of customers after contact.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Survey {
    pub after: Option<Sp<Length>>,
    pub of: Names,
    pub at_most: Option<Sp<AtMostPerCustomer>>,
    pub closes_after: Option<Sp<Length>>,
    pub questions: Table<Question>,
    pub reopen_when: Option<Condition>,
    pub calendar: Option<Sp<String>>,
}

/// So many surveys for each customer in so long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct AtMostPerCustomer {
    pub times: u32,
    pub within: Length,
}

/// A question of a survey.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Question {
    pub ask: Option<Sp<String>>,
    /// The lowest and highest answer.
    pub scale: Option<Sp<(u32, u32)>>,
}

/// Something to do some time after closing.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct FollowUp {
    pub after: Option<Sp<Length>>,
    pub of: Names,
    pub task: Option<Sp<String>>,
    pub who: Option<Sp<Names>>,
    pub calendar: Option<Sp<String>>,
}

/// A measurable service standard.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Standard {
    pub metric: Option<Sp<String>>,
    pub target: Option<Sp<u32>>,
    pub at_least: Option<Sp<u32>>,
    pub window: Option<Sp<Length>>,
    pub owner: Option<Sp<String>>,
}

/// How long cases are kept.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Keep {
    pub length: Option<Sp<Length>>,
    pub from: Option<Sp<String>>,
}

/// Where running cases of earlier versions go.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Moves {
    pub from: Option<Sp<u32>>,
    pub steps: Table<Sp<String>>,
}
