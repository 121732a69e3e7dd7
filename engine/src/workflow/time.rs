//! Everything of a workflow that happens by its time: dues, clocks, promises, surveys, follow-ups.
//!
//! Invariant: lengths stand here as written; what they come to is computed by the calendar when a
//! case starts to run towards them.

use indexmap::IndexMap;

use super::condition::Condition;
use super::length::Length;
use super::{FieldIndex, Need, OutcomeIndex, RoleSet, StepIndex, Target};
use crate::id::{CalendarName, OutcomeName, QuestionName, RoleName};

/// When a step or one of its tasks is due, counted from entering the step.
#[derive(Debug, Clone)]
pub struct Due {
    /// So long after entering.
    pub within: Length,
    /// A warning when so many percent of it have been counted.
    pub warn_at: Option<u32>,
    /// What happens when it is late: rungs of a ladder. Empty where `then` stands.
    pub late: Vec<Late>,
    /// Where it leads when it is over, which is no breach: the normal end of a wait.
    pub then: Option<Target>,
    /// Whose hours count; `default` without one.
    pub calendar: Option<CalendarName>,
}

/// A rung of what happens when something is late.
#[derive(Debug, Clone)]
pub struct Late {
    /// So long after the due time; at the due time without it.
    pub after: Option<Length>,
    /// Who is told.
    pub tell: Vec<RoleName>,
    /// Where the case goes.
    pub go_to: Option<Target>,
}

/// A deadline that spans steps.
#[derive(Debug, Clone)]
pub struct Clock {
    /// It runs only once this has held after an entry.
    pub when: Option<Condition>,
    /// What starts it: the first of these, or each of them while it does not run where there are
    /// several.
    pub from: Vec<Anchor>,
    /// What stops it.
    pub until: Vec<Until>,
    /// So long after its anchor.
    pub within: Length,
    /// It never pauses and is told first.
    pub statutory: bool,
    /// A warning when so many percent of it have been counted.
    pub warn_at: Option<u32>,
    /// How it may be extended, once.
    pub extend: Option<Extend>,
    /// What happens when it is late.
    pub late: Vec<Late>,
    /// Whose hours count; `default` without one.
    pub calendar: Option<CalendarName>,
}

/// What starts a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The receipt of the complaint.
    Opened,
    /// A reopening.
    Reopened,
    /// Entering this step.
    Step(StepIndex),
    /// Closing with this outcome.
    Outcome(OutcomeIndex),
    /// 00:00 of the day in this date field, in the calendar's zone.
    Date(FieldIndex),
}

/// What stops a clock.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Until {
    /// Entering this step.
    Step(StepIndex),
    /// Closing with this outcome.
    Outcome(OutcomeIndex),
    /// Closing with any outcome.
    Closed,
}

/// How a clock may be extended, once and before it is due.
#[derive(Debug, Clone)]
pub struct Extend {
    /// The new length, from the same anchor.
    pub to: Length,
    /// What must hold.
    pub needs: Vec<Need>,
    /// Who may do it.
    pub by: RoleSet,
}

/// What the customer is told will happen.
#[derive(Debug, Clone)]
pub struct Promise {
    /// What the customer is told, with `{due}` and other names in braces.
    pub text: String,
    /// When it is due.
    pub due: PromiseDue,
    /// What happens when it is broken.
    pub late: Vec<Late>,
    /// Whose hours count; `default` without one.
    pub calendar: Option<CalendarName>,
}

/// When a promise is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PromiseDue {
    /// So long after it is made.
    Within(Length),
    /// At close of business of the day in this date field.
    By(FieldIndex),
}

/// What is asked of customers after closing.
#[derive(Debug, Clone)]
pub struct Survey {
    /// So long after closing it is sent.
    pub after: Length,
    /// After closing with one of these.
    pub of: Vec<OutcomeName>,
    /// At most so often in so long for one customer.
    pub at_most: Option<(u32, Length)>,
    /// So long after it was sent answers are taken; for good without it.
    pub closes_after: Option<Length>,
    /// Its questions.
    pub questions: IndexMap<QuestionName, Question>,
    /// Answers that open the case again. A field in it is a question, by its place here; its
    /// answer is a number.
    pub reopen_when: Option<Condition>,
    /// Whose hours count; `default` without one.
    pub calendar: Option<CalendarName>,
}

/// A question of a survey.
#[derive(Debug, Clone)]
pub struct Question {
    /// What the customer is asked.
    pub ask: String,
    /// The lowest answer.
    pub lowest: u32,
    /// The highest answer.
    pub highest: u32,
}

/// Something to do some time after closing.
#[derive(Debug, Clone)]
pub struct FollowUp {
    /// So long after closing.
    pub after: Length,
    /// After closing with one of these.
    pub of: Vec<OutcomeName>,
    /// What is to be done.
    pub task: String,
    /// Who may do it.
    pub who: RoleSet,
    /// Whose hours count; `default` without one.
    pub calendar: Option<CalendarName>,
}

/// A measurable service standard.
#[derive(Debug, Clone)]
pub struct Standard {
    /// What is measured: a clock, or one of the built-in metrics.
    pub metric: String,
    /// The share that is to meet it, in percent.
    pub target: u32,
    /// Of a scale: the least answer that meets it.
    pub at_least: Option<u32>,
    /// Over which time.
    pub window: Length,
    /// The role that answers for it.
    pub owner: RoleName,
}
