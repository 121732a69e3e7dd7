//! What was done about causes, and how often they came before and after.

use std::collections::BTreeMap;

use super::Key;
use crate::calendar::{self, Calendar, Pauses};
use crate::case::diagnosis::{ActionKind, Worked};
use crate::case::{Case, CauseRef, CauseStatus, Diagnosis};
use crate::cause::{Recurrence, recurrence};
use crate::id::{CaseId, RoleName, WorkflowId};
use crate::measure::Share;
use crate::time::{Date, Timestamp};
use crate::workflow::Workflow;
use crate::workflow::length::{Length, Unit};

/// How long before and after an action is looked at where the workflow does not say after what
/// time it is asked whether one worked.
const WINDOW: Length = Length {
    number: 30,
    unit: Unit::Days,
};

/// An action that is not done though its day is over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Overdue {
    /// The case.
    pub case: CaseId,
    /// The number of the diagnosis in the case.
    pub number: u32,
    /// The number of the action in the diagnosis.
    pub action: u32,
    /// What it is for.
    pub kind: ActionKind,
    /// The role that sees to it.
    pub owner: RoleName,
    /// The day at whose close of business it was due.
    pub due: Date,
}

/// An action against a cause that was done, and how often the cause came before and after.
#[derive(Debug, Clone, PartialEq)]
pub struct Tried {
    /// The cause.
    pub cause: Key,
    /// The case whose diagnosis planned the action.
    pub case: CaseId,
    /// The number of the diagnosis in the case.
    pub number: u32,
    /// The number of the action in the diagnosis.
    pub action: u32,
    /// When it was done.
    pub done_at: Timestamp,
    /// It was judged effective.
    pub is_effective: bool,
    /// What was judged; none while nothing was.
    pub effect: Option<Worked>,
    /// How often the cause came in the cases of its workflow that were closed in windows of one
    /// length before and after it.
    pub recurrence: Recurrence,
    /// The window after it is not over.
    pub is_open: bool,
}

/// An action that was done, before anything is counted.
#[derive(Debug, Clone)]
pub(super) struct Done {
    cause: Key,
    case: CaseId,
    number: u32,
    action: u32,
    at: Timestamp,
    effect: Option<Worked>,
    from: Timestamp,
    until: Timestamp,
}

/// When the cases of one workflow were closed, in all and with each cause.
#[derive(Debug, Clone, Default)]
pub(super) struct Closings {
    all: Vec<Timestamp>,
    causes: BTreeMap<CauseRef, Vec<Timestamp>>,
}

impl Closings {
    pub(super) fn add(&mut self, at: Timestamp, cause: Option<CauseRef>) {
        self.all.push(at);
        if let Some(cause) = cause {
            self.causes.entry(cause).or_default().push(at);
        }
    }

    fn share(&self, cause: &CauseRef, from: Timestamp, until: Timestamp) -> Share {
        let within = |times: &[Timestamp]| {
            let times = times.iter();
            let within = times.filter(|at| (from..until).contains(*at));
            super::count(within.count())
        };
        Share {
            met: self.causes.get(cause).map_or(0, |times| within(times)),
            of: within(&self.all),
        }
    }
}

/// Returns the actions of a case that are not done and whose day is over.
pub(super) fn overdue(
    calendar: &Calendar,
    as_of: Timestamp,
    id: CaseId,
    case: &Case,
) -> Vec<Overdue> {
    let is_live = |cause: &&Diagnosis| cause.status != CauseStatus::Drafted;
    let causes = case.causes().iter().filter(is_live);
    let actions =
        causes.flat_map(|cause| (1..).zip(&cause.actions).map(move |(n, a)| (cause, n, a)));
    let late = actions.filter(|(_, _, action)| {
        let closes = calendar.close_of_business(action.planned.due);
        action.done.is_none() && closes.is_some_and(|closes| closes <= as_of)
    });
    late.map(|(cause, number, action)| Overdue {
        case: id,
        number: cause.number,
        action: number,
        kind: action.planned.kind,
        owner: action.planned.owner.clone(),
        due: action.planned.due,
    })
    .collect()
}

/// Returns the actions of a diagnosis that were done against its cause.
pub(super) fn done(workflow: &Workflow, id: CaseId, key: Key, cause: &Diagnosis) -> Vec<Done> {
    let length = workflow.causes().and_then(|causes| causes.check_after);
    let length = length.unwrap_or(WINDOW);
    let calendar = workflow.calendar(None);
    let mut all = Vec::new();
    for (number, action) in (1..).zip(&cause.actions) {
        let Some((_, at)) = action.done.filter(|_| action.planned.kind.is_checked()) else {
            continue;
        };
        let Some(until) = calendar::due(calendar, length, at, &Pauses::none()) else {
            continue;
        };
        // The window before is as long in time as that after.
        let from = at.micros().saturating_sub(until.micros() - at.micros());
        all.push(Done {
            cause: key.clone(),
            case: id,
            number: cause.number,
            action: number,
            at,
            effect: action.effect,
            from: Timestamp::from_micros(from).unwrap_or(at),
            until,
        });
    }
    all
}

impl Done {
    pub(super) fn tried(
        &self,
        closings: &BTreeMap<WorkflowId, Closings>,
        as_of: Timestamp,
    ) -> Tried {
        let none = Closings::default();
        let closings = closings.get(&self.cause.workflow).unwrap_or(&none);
        let before = closings.share(&self.cause.cause, self.from, self.at);
        let after = closings.share(&self.cause.cause, self.at, self.until);
        Tried {
            cause: self.cause.clone(),
            case: self.case,
            number: self.number,
            action: self.action,
            done_at: self.at,
            is_effective: self.effect == Some(Worked::Effective),
            effect: self.effect,
            recurrence: recurrence(before, after),
            is_open: as_of < self.until,
        }
    }
}
