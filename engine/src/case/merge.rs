//! Merging two cases of one complaint: one goes on, and the stricter of their clocks runs on in it.
//!
//! Invariant: nothing gets more time by merging: of two deadlines of a name the one that is due
//! first runs on, with all it had, and no promise is dropped.

use serde::Serialize;

use super::Case;
use super::deadline::{Deadline, DeadlineKind, DeadlineName, Mark, Rung, Verdict};
use super::event::{DeadlineTakenOver, Event};
use super::follow::marks::calendar_name;
use crate::calendar::{self, Pauses};
use crate::id::{CalendarName, CaseId, ClockName, Revision};
use crate::time::Timestamp;
use crate::workflow::Workflow;
use crate::workflow::length::Length;
use crate::workflow::time::Late;

/// The most cases that may be merged into one, directly and by way of others.
pub const MERGED_MAX: usize = 100;

/// Where a duplicate went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Merging {
    /// When.
    pub at: Timestamp,
    /// The case that goes on.
    pub into: CaseId,
    /// The revision of that case whose entry took over what ran here.
    pub into_revision: Revision,
}

/// What is known of a case that was merged into this one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Merged {
    /// When.
    pub at: Timestamp,
    /// Its revision when it was read; none where it came by way of another duplicate.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub duplicate_revision: Option<Revision>,
    /// The entry of this case that says so.
    pub revision: Revision,
}

/// Returns the clocks and promises of a duplicate that run on in the case it is merged into at an
/// instant.
///
/// Of one that is open in both the stricter runs on. A clock that is open in the duplicate only
/// runs on, unless the case itself reached what it asks for; a promise is owed on. Dues belong to
/// a visit of the duplicate and end with it.
pub(super) fn taken_over(
    workflow: &Workflow,
    case: &Case,
    (from, duplicate): (CaseId, &Case),
    at: Timestamp,
) -> Vec<Event> {
    let open = duplicate
        .deadlines()
        .filter(|(_, deadline)| deadline.stopped.is_none());
    let stricter = open.filter_map(|(name, deadline)| {
        let known = Known::of(workflow, name)?;
        let own = case.deadline(name);
        let replaces = match own.filter(|own| own.stopped.is_none()) {
            Some(own) if !is_stricter(workflow, deadline, own, at) => return None,
            Some(own) => Some(own.number),
            None if name.kind() == DeadlineKind::Clock && own.is_some_and(is_reached) => {
                return None;
            }
            None => None,
        };
        let broken = own.filter(|_| replaces.is_some() && name.kind() == DeadlineKind::Promise);
        Some((name, deadline, known, replaces, broken))
    });
    let numbers = case.deadlines_started + 1..;
    let taken = numbers.zip(stricter);
    taken
        .map(|(number, (name, deadline, known, replaces, broken))| {
            Event::DeadlineTakenOver(DeadlineTakenOver {
                anchor: deadline.anchor,
                calendar: known.calendar(workflow, deadline),
                deadline: name.clone(),
                due: deadline.due,
                extended: deadline.is_extended,
                field: deadline.field.clone(),
                fired: fired(deadline, broken),
                from,
                late_at: deadline.late_at,
                length: deadline.length.clone(),
                marks: known.marks(deadline),
                number,
                paused_since: deadline.paused_since,
                pauses: deadline.pauses.clone(),
                replaces,
                statutory: deadline.statutory,
                waits: deadline.waits,
            })
        })
        .collect()
}

/// Returns the marks that fired of a deadline that is taken over. A promise that was broken here
/// stays so, whichever of the two runs on.
fn fired(deadline: &Deadline, broken: Option<&Deadline>) -> Vec<Mark> {
    let broken = broken.map_or(&[][..], |own| own.fired.as_slice());
    let broken = broken.iter().filter(|mark| mark.rung == Rung::Late);
    let mut fired: Vec<Mark> = broken.chain(&deadline.fired).copied().collect();
    fired.sort_unstable();
    fired.dedup();
    fired
}

/// Returns the clocks and promises that run in a duplicate and that the workflow does not know:
/// that of the duplicate may be another version.
pub(super) fn unknown(workflow: &Workflow, duplicate: &Case) -> Vec<DeadlineName> {
    let is_meant = |name: &DeadlineName| match name.kind() {
        DeadlineKind::Clock | DeadlineKind::Promise => Known::of(workflow, name).is_none(),
        DeadlineKind::Due
        | DeadlineKind::Survey
        | DeadlineKind::FollowUp
        | DeadlineKind::CauseAction
        | DeadlineKind::Effect
        | DeadlineKind::CauseReview => false,
    };
    let open = duplicate
        .deadlines()
        .filter(|(_, deadline)| deadline.stopped.is_none());
    let names = open.map(|(name, _)| name);
    names.filter(|name| is_meant(name)).cloned().collect()
}

/// Whether what a clock asks for was reached while the case was open.
fn is_reached(own: &Deadline) -> bool {
    own.stopped.is_some_and(|stopped| {
        stopped.closing.is_none() && matches!(stopped.verdict, Verdict::Met | Verdict::Late)
    })
}

/// Returns whether a deadline of the duplicate leaves less time than that of the case: what runs is
/// stricter than what waits for its condition, else what is due first. What stands still is taken
/// as if it went on at once.
fn is_stricter(workflow: &Workflow, theirs: &Deadline, own: &Deadline, at: Timestamp) -> bool {
    match (theirs.waits, own.waits) {
        (true, false) => false,
        (false, true) => true,
        (true, true) | (false, false) => {
            let due = |deadline| due_if_on(workflow, deadline, at);
            match (due(theirs), due(own)) {
                (Some(theirs), Some(own)) => theirs < own,
                // What lies beyond all years is due after everything else.
                (theirs, None) => theirs.is_some(),
                (None, Some(_)) => false,
            }
        }
    }
}

/// Returns when a deadline is due, or would be if it went on at an instant.
fn due_if_on(workflow: &Workflow, deadline: &Deadline, at: Timestamp) -> Option<Timestamp> {
    if deadline.due.is_some() {
        return deadline.due;
    }
    let calendar = deadline.calendar.as_ref().map(CalendarName::as_str);
    let length = Length::parse(deadline.length.as_deref()?).ok()?;
    let last = deadline.paused_since.filter(|since| *since < at);
    let last = last.map(|since| (since, at));
    let pauses: Pauses = deadline.pauses.iter().copied().chain(last).collect();
    calendar::due(
        workflow.calendar(calendar),
        length,
        deadline.anchor,
        &pauses,
    )
}

/// What the workflow of the case says of a clock or promise.
struct Known<'w> {
    calendar: Option<&'w CalendarName>,
    late: &'w [Late],
}

impl<'w> Known<'w> {
    /// Finds a clock or promise; none of other kinds, and where the workflow has none of its name.
    fn of(workflow: &'w Workflow, name: &DeadlineName) -> Option<Self> {
        match name.kind() {
            DeadlineKind::Clock => {
                let clock = workflow.clocks().get(&ClockName::new(name.name()).ok()?)?;
                Some(Self {
                    calendar: clock.calendar.as_ref(),
                    late: &clock.late,
                })
            }
            DeadlineKind::Promise => {
                let promise = workflow.promises().get(name.name())?;
                Some(Self {
                    calendar: promise.calendar.as_ref(),
                    late: &promise.late,
                })
            }
            DeadlineKind::Due
            | DeadlineKind::Survey
            | DeadlineKind::FollowUp
            | DeadlineKind::CauseAction
            | DeadlineKind::Effect
            | DeadlineKind::CauseReview => None,
        }
    }

    /// Returns the calendar it counts by; another version may have had one that is gone.
    fn calendar(&self, workflow: &Workflow, deadline: &Deadline) -> Option<CalendarName> {
        let own = deadline.calendar.as_ref();
        let own = own.filter(|name| workflow.calendars().contains_key(name.as_str()));
        own.or_else(|| calendar_name(workflow, self.calendar))
            .cloned()
    }

    /// Returns the marks to come, without rungs that this workflow does not have.
    fn marks(&self, deadline: &Deadline) -> Vec<Mark> {
        let is_known = |mark: &&Mark| match mark.rung {
            // A rung without `after` acted with the breach.
            Rung::After(number) => {
                let place = usize::try_from(number).ok().and_then(|n| n.checked_sub(1));
                let rung = place.and_then(|place| self.late.get(place));
                rung.is_some_and(|rung| rung.after.is_some())
            }
            Rung::Warn | Rung::Late | Rung::Then | Rung::Open | Rung::Close => true,
        };
        deadline.marks.iter().filter(is_known).copied().collect()
    }
}

impl Case {
    /// Returns where it went when it was merged into another; none while it stands for itself.
    #[must_use]
    pub const fn merged_into(&self) -> Option<&Merging> {
        match &self.place {
            super::Place::Merged(merging) => Some(merging),
            super::Place::Step(_) | super::Place::Outcome(_) => None,
        }
    }

    /// Returns the cases that were merged into it, directly and by way of others.
    #[must_use]
    pub const fn merged(&self) -> &std::collections::BTreeMap<CaseId, Merged> {
        &self.merged
    }
}
