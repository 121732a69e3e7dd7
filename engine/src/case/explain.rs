//! Explains a deadline: which time was counted towards it, why, and what is left.
//!
//! Invariant: an explanation counts by the calendar, as the due time was computed; what is left is
//! the time that counts until then.

use super::deadline::Deadline;
use crate::calendar::{self, Calendar, Interval, Pauses};
use crate::id::CalendarName;
use crate::time::Timestamp;
use crate::workflow::Workflow;
use crate::workflow::length::{Length, Unit};

/// A promise by a date has no length; time passes for it day and night.
const ELAPSED: Length = Length {
    number: 1,
    unit: Unit::Days,
};

/// How the time of a deadline was counted.
#[derive(Debug, Clone)]
pub struct Explanation<'w> {
    /// The calendar whose hours count.
    pub calendar: &'w Calendar,
    /// How far it is explained: to the present or, of what has ended, to its end.
    pub until: Timestamp,
    /// Every time up to there, counted or not.
    pub intervals: Vec<Interval>,
    /// Where the intervals go on, when they are too many for one explanation.
    pub next_from: Option<Timestamp>,
    /// How much was counted from the anchor, in microseconds.
    pub counted: i64,
    /// How much is to be counted until it is due, in microseconds; less than 0 by how much it is
    /// late. None where it has ended or is not due at any time.
    pub left: Option<i64>,
}

/// How a deadline counts.
struct Counting<'w> {
    calendar: &'w Calendar,
    length: Length,
    pauses: Vec<(Timestamp, Timestamp)>,
}

/// Explains a deadline of a case that follows this workflow, from an instant or from its anchor.
#[must_use]
pub fn explain<'w>(
    workflow: &'w Workflow,
    deadline: &Deadline,
    from: Option<Timestamp>,
    now: Timestamp,
) -> Explanation<'w> {
    let until = deadline.stopped.map_or(now, |stopped| stopped.at);
    let calendar = deadline.calendar.as_ref();
    // Only lengths of the language are ever recorded.
    let length = deadline.length.as_deref().map(Length::parse);
    let paused = deadline.paused_since.map(|since| (since, until));
    let counting = Counting {
        calendar: workflow.calendar(calendar.map(CalendarName::as_str)),
        length: length.and_then(Result::ok).unwrap_or(ELAPSED),
        pauses: deadline.pauses.iter().copied().chain(paused).collect(),
    };
    let from = from.unwrap_or(deadline.anchor).max(deadline.anchor);
    let intervals = counting.intervals(from, until);
    let explained = intervals.last().map(|last| last.to);
    Explanation {
        calendar: counting.calendar,
        until,
        next_from: explained.filter(|end| *end < until),
        intervals,
        counted: counting.counted(deadline.anchor, until),
        left: counting.left(deadline, now),
    }
}

impl Counting<'_> {
    fn intervals(&self, from: Timestamp, until: Timestamp) -> Vec<Interval> {
        let pauses: Pauses = self.pauses.iter().copied().collect();
        calendar::explain(self.calendar, self.length, from, &pauses, until)
    }

    /// Returns how much counts between two instants: all that is not paused.
    fn counted(&self, from: Timestamp, until: Timestamp) -> i64 {
        let can_pause = self.length.unit.can_pause();
        let pauses = self.pauses.iter().filter(|_| can_pause);
        let still = pauses.map(|(start, end)| self.all((*start).max(from), (*end).min(until)));
        self.all(from, until) - still.sum::<i64>()
    }

    /// Returns how much would count between two instants without any pause.
    fn all(&self, from: Timestamp, until: Timestamp) -> i64 {
        if from >= until {
            0
        } else if self.length.unit.is_working() {
            self.calendar.open_between(from, until)
        } else {
            until.micros() - from.micros()
        }
    }

    fn left(&self, deadline: &Deadline, now: Timestamp) -> Option<i64> {
        if !deadline.is_running() {
            return None;
        }
        let due = match (deadline.due, deadline.paused_since) {
            (Some(due), _) => due,
            // If it went on at once, this is when it would be due.
            (None, Some(_)) => {
                let pauses: Pauses = self.pauses.iter().copied().collect();
                calendar::due(self.calendar, self.length, deadline.anchor, &pauses)?
            }
            (None, None) => return None,
        };
        match deadline.open_since {
            // What is to be done was never due before; what may be answered until then is so by
            // the clock on the wall.
            Some(since) if due <= since => None,
            Some(_) => Some(due.micros() - now.micros()),
            None if due < now => Some(-self.counted(due, now)),
            None => Some(self.counted(now.max(deadline.anchor), due)),
        }
    }
}

#[cfg(test)]
mod tests;
