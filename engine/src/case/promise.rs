//! What the customer was promised: what is owed, when it is due, in which words it is told.
//!
//! Invariant: a text that leaves the case never holds a sealed answer.

use std::fmt;

use super::deadline::{Deadline, DeadlineKind, DeadlineName, Mark};
use super::follow::marks::ladder;
use super::{Case, Held};
use crate::calendar::{self, Calendar, Pauses};
use crate::id::{CalendarName, PromiseName};
use crate::time::{Date, Timestamp};
use crate::workflow::time::{Promise, PromiseDue};
use crate::workflow::{FieldIndex, Workflow};

/// How far ahead a promise may be due, in days: ten years.
pub const PROMISE_DAYS_MAX: i64 = 3653;
/// Stands in a text where there is nothing to be told.
const NOTHING: &str = "...";

/// A promise that is owed to the customer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Owed {
    /// The promise.
    pub promise: PromiseName,
    /// What the customer was told.
    pub told: String,
    /// When it is due, or was.
    pub due: Option<Timestamp>,
}

impl fmt::Display for Owed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` (\"{}\"", self.promise, self.told)?;
        match self.due {
            Some(due) => write!(f, ", due {due})"),
            None => f.write_str(")"),
        }
    }
}

/// Who and what a text names that a case does not know itself.
#[derive(Debug, Clone, Copy)]
pub struct Named<'a> {
    /// What `{case}` stands for: the id or the reference of the case.
    pub case: &'a str,
    /// What `{role}` stands for: the title of a role.
    pub role: &'a str,
}

/// Returns the name under which a promise runs.
#[must_use]
pub fn deadline_name(promise: &PromiseName) -> DeadlineName {
    DeadlineName::new(DeadlineKind::Promise, promise.as_str())
}

impl Case {
    /// Finds a promise that is owed to the customer: made, and neither kept, broken for good nor
    /// released.
    #[must_use]
    pub fn owed(&self, promise: &PromiseName) -> Option<&Deadline> {
        let deadline = self.deadline(&deadline_name(promise));
        deadline.filter(|deadline| deadline.is_running())
    }
}

/// Returns the promises that are owed, in the order of the file.
pub fn owed<'a>(
    workflow: &'a Workflow,
    case: &'a Case,
) -> impl Iterator<Item = (&'a PromiseName, &'a Deadline)> {
    let promises = workflow.promises().keys();
    promises.filter_map(|name| Some((name, case.owed(name)?)))
}

/// Returns when a promise is due that is made at an instant: so long after it, or at close of
/// business of the day in its field. `None` without that day, and beyond the years of instants.
pub(super) fn due(
    workflow: &Workflow,
    promise: &Promise,
    made: Timestamp,
    day: impl Fn(FieldIndex) -> Option<Date>,
) -> Option<Timestamp> {
    let calendar = calendar_of(workflow, promise);
    match promise.due {
        PromiseDue::Within(length) => calendar::due(calendar, length, made, &Pauses::none()),
        PromiseDue::By(field) => calendar.close_of_business(day(field)?),
    }
}

/// Returns the marks of a promise that is due at an instant: the breach, and the later rungs of
/// its ladder.
pub(super) fn marks(workflow: &Workflow, promise: &Promise, due: Timestamp) -> Vec<Mark> {
    ladder(
        calendar_of(workflow, promise),
        due,
        &promise.late,
        &Pauses::none(),
    )
}

/// Returns until when a promise made at an instant may be due.
pub(super) fn latest(made: Timestamp) -> Timestamp {
    let micros = PROMISE_DAYS_MAX * 24 * 60 * 60 * 1_000_000;
    Timestamp::from_micros(made.micros().saturating_add(micros)).unwrap_or(made)
}

fn calendar_of<'a>(workflow: &'a Workflow, promise: &Promise) -> &'a Calendar {
    workflow.calendar(promise.calendar.as_ref().map(CalendarName::as_str))
}

/// Returns what the customer is told of a promise, with its names in braces filled: `{due}` with
/// the local date and time of its calendar's zone, a field with its answer. What is sealed or not
/// answered is left out. `None` where the workflow has no such promise.
#[must_use]
pub fn told(
    workflow: &Workflow,
    case: &Case,
    promise: &PromiseName,
    due: Option<Timestamp>,
    named: Named<'_>,
) -> Option<String> {
    let known = workflow.promises().get(promise)?;
    let calendar = calendar_of(workflow, known);
    let word = |name: &str| match name {
        "due" => due.map(|due| calendar.local_time(due)),
        "case" => Some(named.case.to_owned()),
        "role" => Some(named.role.to_owned()),
        field => match &case.answers().get(field)?.value {
            Held::Open(value) => Some(value.to_string()),
            Held::Sealed(_) => None,
        },
    };
    Some(filled(&known.text, word))
}

/// Fills the names in braces of a text.
fn filled(text: &str, word: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, name, after)) = next_name(rest) {
        filled.push_str(before);
        filled.push_str(word(name).as_deref().unwrap_or(NOTHING));
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// Splits a text at its first name in braces.
fn next_name(text: &str) -> Option<(&str, &str, &str)> {
    let (before, rest) = text.split_once('{')?;
    let (name, after) = rest.split_once('}')?;
    Some((before, name, after))
}
