//! When a deadline is due, and the marks at which it fires.
//!
//! Invariant: both are computed afresh from the anchor and the pauses; no remainder is stored.

use super::started;
use crate::calendar::{self, Calendar, Pauses};
use crate::case::Deadline;
use crate::case::deadline::{DeadlineName, Mark, Rung};
use crate::case::event::DeadlineStarted;
use crate::id::CalendarName;
use crate::time::Timestamp;
use crate::workflow::length::Length;
use crate::workflow::time::{Clock, Due, Late};
use crate::workflow::{DEFAULT_CALENDAR, Workflow};

/// By what a deadline is laid out.
#[derive(Clone, Copy)]
pub(in crate::case) struct Terms<'a> {
    pub(in crate::case) workflow: &'a Workflow,
    /// Whose hours count; none where the file has no calendar.
    pub(in crate::case) calendar: Option<&'a CalendarName>,
    pub(in crate::case) length: Length,
    /// A warning when so many percent have been counted.
    pub(in crate::case) warn_at: Option<u32>,
    /// What happens when it is late.
    pub(in crate::case) late: &'a [Late],
    /// It is the normal end of a wait and no breach.
    pub(in crate::case) is_wait: bool,
}

/// When a deadline stood still.
#[derive(Clone, Copy, Default)]
pub(in crate::case) struct Stood<'a> {
    pub(in crate::case) pauses: &'a [(Timestamp, Timestamp)],
    /// Since when it stands still.
    pub(in crate::case) since: Option<Timestamp>,
}

/// A deadline laid out in time.
pub(in crate::case) struct Laid {
    /// When it is due; none while it stands still, and beyond the years of instants.
    pub(in crate::case) due: Option<Timestamp>,
    /// When it fires, in order.
    pub(in crate::case) marks: Vec<Mark>,
}

impl<'a> Terms<'a> {
    pub(in crate::case) fn of_due(workflow: &'a Workflow, due: &'a Due) -> Self {
        Self {
            workflow,
            calendar: calendar_name(workflow, due.calendar.as_ref()),
            length: due.within,
            warn_at: due.warn_at,
            late: &due.late,
            is_wait: due.then.is_some(),
        }
    }

    pub(in crate::case) fn of_clock(workflow: &'a Workflow, clock: &'a Clock) -> Self {
        Self {
            workflow,
            calendar: calendar_name(workflow, clock.calendar.as_ref()),
            length: clock.within,
            warn_at: clock.warn_at,
            late: &clock.late,
            is_wait: false,
        }
    }

    /// Returns the same for a clock that began before: by the length and calendar it has.
    pub(in crate::case) fn as_begun(self, deadline: &'a Deadline) -> Self {
        let length = deadline.length.as_deref();
        let length = length.and_then(|length| Length::parse(length).ok());
        Self {
            calendar: deadline.calendar.as_ref(),
            length: length.unwrap_or(self.length),
            ..self
        }
    }

    pub(in crate::case) fn calendar(self) -> &'a Calendar {
        self.workflow
            .calendar(self.calendar.map(CalendarName::as_str))
    }

    /// Lays it out from an anchor. What stands still has only the marks that were reached before.
    pub(in crate::case) fn lay_out(self, anchor: Timestamp, stood: Stood<'_>) -> Laid {
        let calendar = self.calendar();
        let (pauses, since) = if self.length.unit.can_pause() {
            (stood.pauses.iter().copied().collect(), stood.since)
        } else {
            (Pauses::none(), None)
        };
        let is_reached = |at: &Timestamp| since.is_none_or(|since| *at <= since);
        let Some(due) = calendar::due(calendar, self.length, anchor, &pauses) else {
            let (due, marks) = (None, Vec::new());
            return Laid { due, marks };
        };
        let mut marks = if self.is_wait {
            let (at, rung) = (due, Rung::Then);
            vec![Mark { at, rung }]
        } else {
            ladder(calendar, due, self.late, &pauses)
        };
        if let Some(percent) = self.warn_at
            && let Some(at) = calendar::warn(calendar, self.length, anchor, &pauses, percent)
        {
            let rung = Rung::Warn;
            marks.push(Mark { at, rung });
        }
        marks.retain(|mark| is_reached(&mark.at));
        marks.sort_unstable();
        let due = Some(due).filter(is_reached);
        Laid { due, marks }
    }

    /// Returns the event of its start; the pass numbers it.
    pub(in crate::case) fn started(
        self,
        deadline: DeadlineName,
        anchor: Timestamp,
        laid: Laid,
    ) -> DeadlineStarted {
        DeadlineStarted {
            calendar: self.calendar.cloned(),
            due: laid.due,
            length: Some(self.length.to_string()),
            marks: laid.marks,
            ..started(deadline, anchor)
        }
    }
}

/// Returns the name of the calendar that counts: the one that is written, or `default`.
pub(in crate::case) fn calendar_name<'a>(
    workflow: &'a Workflow,
    written: Option<&'a CalendarName>,
) -> Option<&'a CalendarName> {
    let default = || workflow.calendars().get_key_value(DEFAULT_CALENDAR);
    written.or_else(|| default().map(|(name, _)| name))
}

/// Returns the marks of a breach and of the rungs after it, in order. Rungs without `after` act
/// with the breach.
pub(in crate::case) fn ladder(
    calendar: &Calendar,
    due: Timestamp,
    late: &[Late],
    pauses: &Pauses,
) -> Vec<Mark> {
    let (at, rung) = (due, Rung::Late);
    let mut marks = vec![Mark { at, rung }];
    marks.extend((1..).zip(late).filter_map(|(number, late)| {
        let at = calendar::due(calendar, late.after?, due, pauses)?;
        let rung = Rung::After(number);
        Some(Mark { at, rung })
    }));
    marks.sort_unstable();
    marks
}
