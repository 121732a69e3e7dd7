//! What was done about causes, and how often they came before and after.

use std::collections::BTreeMap;

use super::{Key, Named};
use crate::calendar::{self, Calendar, Pauses};
use crate::case::diagnosis::{ActionKind, Earlier, Worked};
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
    /// Which recording of the diagnosis planned it, from 1.
    pub version: u32,
    /// The number of the action in the diagnosis.
    pub action: u32,
    /// What it was for.
    pub kind: ActionKind,
    /// When it was done.
    pub done_at: Timestamp,
    /// What was judged; none while nothing was.
    pub effect: Option<Worked>,
    /// How often the cause came in the complaints with a cause of its workflow that were closed in
    /// windows of one length before and after it.
    pub recurrence: Recurrence,
    /// The cases with the cause in the window before.
    pub before: Named,
    /// The cases with the cause in the window after.
    pub after: Named,
    /// When the window after is over.
    pub until: Timestamp,
    /// The window after is not over.
    pub is_open: bool,
}

/// An action that was done, before anything is counted.
#[derive(Debug, Clone)]
pub(super) struct Done {
    key: Key,
    case: CaseId,
    number: u32,
    action: Earlier,
    from: Timestamp,
    until: Timestamp,
}

/// When the cases were closed that have a cause of one workflow, in all and with each.
#[derive(Debug, Clone, Default)]
pub(super) struct Closings {
    all: Vec<(Timestamp, CaseId)>,
    causes: BTreeMap<CauseRef, Vec<(Timestamp, CaseId)>>,
}

impl Closings {
    /// Adds a case that has a cause: whose cause is not found yet would make every rate of the last
    /// weeks look better.
    pub(super) fn add(&mut self, at: Timestamp, id: CaseId, cause: CauseRef) {
        self.all.push((at, id));
        self.causes.entry(cause).or_default().push((at, id));
    }

    /// Returns them by time, as [`share`](Self::share) looks for them.
    pub(super) fn in_order(&self) -> Self {
        let mut sorted = self.clone();
        sorted.all.sort_unstable();
        for closings in sorted.causes.values_mut() {
            closings.sort_unstable();
        }
        sorted
    }

    fn share(&self, cause: &CauseRef, from: Timestamp, until: Timestamp) -> (Share, Named) {
        let with_cause = self.causes.get(cause).map(Vec::as_slice);
        let with_cause = within(with_cause.unwrap_or_default(), from, until);
        let named = Named::of(with_cause.iter().map(|(_, case)| *case));
        let share = Share {
            met: named.total,
            of: super::count(within(&self.all, from, until).len()),
        };
        (share, named)
    }
}

/// Returns the closings from an instant until before another, of some in order.
fn within(
    closings: &[(Timestamp, CaseId)],
    from: Timestamp,
    until: Timestamp,
) -> &[(Timestamp, CaseId)] {
    let place = |instant| closings.partition_point(|(at, _)| *at < instant);
    closings.get(place(from)..place(until)).unwrap_or_default()
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

/// Returns the actions of a diagnosis that were done against its cause, also those that were
/// planned by a recording of it that was revised.
pub(super) fn done(workflow: &Workflow, id: CaseId, cause: &Diagnosis) -> Vec<Done> {
    let length = workflow.causes().and_then(|causes| causes.check_after);
    let length = length.unwrap_or(WINDOW);
    let calendar = workflow.calendar(None);
    let actions = (1..).zip(&cause.actions).filter_map(|(number, action)| {
        let (_, done_at) = action.done?;
        Some(Earlier {
            action: number,
            cause: cause.cause.clone(),
            done_at,
            effect: action.effect,
            kind: action.planned.kind,
            version: cause.version,
        })
    });
    let actions = cause.earlier.iter().cloned().chain(actions);
    let actions = actions.filter(|action| action.kind.is_checked());
    let done = actions.filter_map(|action| {
        let at = action.done_at;
        let until = calendar::due(calendar, length, at, &Pauses::none())?;
        // The window before is as long in time as that after.
        let from = at.micros().saturating_sub(until.micros() - at.micros());
        Some(Done {
            key: Key {
                workflow: workflow.reference().id.clone(),
                cause: action.cause.clone(),
            },
            case: id,
            number: cause.number,
            action,
            from: Timestamp::from_micros(from).unwrap_or(at),
            until,
        })
    });
    done.collect()
}

impl Done {
    /// Counts, in closings that are in order.
    pub(super) fn tried(
        &self,
        closings: &BTreeMap<WorkflowId, Closings>,
        as_of: Timestamp,
    ) -> Tried {
        let none = Closings::default();
        let closings = closings.get(&self.key.workflow).unwrap_or(&none);
        let Earlier {
            action,
            ref cause,
            done_at,
            effect,
            kind,
            version,
        } = self.action;
        let (rate_before, before) = closings.share(cause, self.from, done_at);
        let (rate_after, after) = closings.share(cause, done_at, self.until);
        Tried {
            cause: self.key.clone(),
            case: self.case,
            number: self.number,
            version,
            action,
            kind,
            done_at,
            effect,
            recurrence: recurrence(rate_before, rate_after),
            before,
            after,
            until: self.until,
            is_open: as_of < self.until,
        }
    }
}
