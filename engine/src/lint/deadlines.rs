//! Goes through everything that has a limit of time while a case is open: clocks, promises, and
//! what steps and tasks are due.

use crate::finding::Span;
use crate::workflow::length::{Length, Unit};
use crate::workflow::source::{Due, Extend, Late, Sp, Workflow};

/// So many clocks and so many promises are followed through a workflow, the first in the file;
/// what those behind them do is taken to be right.
pub(super) const FOLLOWED_MAX: usize = 20;

/// Something with a limit of time.
pub(super) struct Deadline<'a> {
    /// "the clock `first_reply`"
    pub(super) what: String,
    /// Where it is declared, of a promise.
    pub(super) promised: Option<Span>,
    pub(super) within: Option<&'a Sp<Length>>,
    pub(super) warn_at: Option<&'a Sp<u32>>,
    pub(super) late: &'a [Late],
    pub(super) calendar: Option<&'a Sp<String>>,
    pub(super) extend: Option<&'a Extend>,
    pub(super) is_statutory: bool,
    /// It has `then`: when its time is up nobody is late.
    pub(super) is_wait: bool,
    pub(super) ends: Ends<'a>,
}

impl<'a> Deadline<'a> {
    /// Returns the share of a warning that goes to nobody: it goes to those whom being late tells
    /// at once, or else first.
    pub(super) fn warns_nobody(&self) -> Option<&'a Sp<u32>> {
        let warn_at = self.warn_at.filter(|_| !self.is_wait)?;
        let at_once = self.late.iter().filter(|rung| rung.after.is_none());
        let first = at_once.clone().chain(self.late).next();
        let hears = at_once.chain(first).any(|rung| !rung.tell.is_empty());
        (!hears).then_some(warn_at)
    }
}

/// What ends a deadline that is late, so that nothing follows any more.
#[derive(Clone, Copy)]
pub(super) enum Ends<'a> {
    /// Leaving this step.
    Leaving(&'a str),
    /// Entering one of these, or closing the case.
    Entering(&'a [Sp<String>]),
    /// Entering one of these alone: once closed and reopened it goes on.
    Only(&'a [Sp<String>]),
}

/// Returns all of them, in the file's order.
pub(super) fn all(source: &Workflow) -> Vec<Deadline<'_>> {
    let mut all = Vec::new();
    for (name, declared) in &source.promises {
        let promise = &declared.value;
        all.push(Deadline {
            what: format!("the promise `{name}`"),
            promised: Some(declared.span),
            within: promise.within.as_ref(),
            warn_at: None,
            late: &promise.late,
            calendar: promise.calendar.as_ref(),
            extend: None,
            is_statutory: false,
            is_wait: false,
            ends: Ends::Entering(&[]),
        });
    }
    for (name, clock) in &source.clocks {
        let clock = &clock.value;
        all.push(Deadline {
            what: format!("the clock `{name}`"),
            promised: None,
            within: clock.within.as_ref(),
            warn_at: clock.warn_at.as_ref(),
            late: &clock.late,
            calendar: clock.calendar.as_ref(),
            extend: clock.extend.as_ref(),
            is_statutory: clock.statutory,
            is_wait: false,
            ends: if clock.statutory {
                Ends::Only(&clock.until)
            } else {
                Ends::Entering(&clock.until)
            },
        });
    }
    for (name, step) in &source.steps {
        let own = step.value.due.as_ref();
        all.extend(own.map(|due| of(format!("the step `{name}`"), name, due)));
        for (task_name, task) in &step.value.tasks {
            let due = task.value.due.as_ref();
            let what = format!("the task `{task_name}` of `{name}`");
            all.extend(due.map(|due| of(what, name, due)));
        }
    }
    all
}

fn of<'a>(what: String, step: &'a str, due: &'a Due) -> Deadline<'a> {
    Deadline {
        what,
        promised: None,
        within: due.within.as_ref(),
        warn_at: due.warn_at.as_ref(),
        late: &due.late,
        calendar: due.calendar.as_ref(),
        extend: None,
        is_statutory: false,
        is_wait: due.then.is_some(),
        ends: Ends::Leaving(step),
    }
}

/// Lengths of one scale can be added and compared by their numbers alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scale {
    Minutes,
    Days,
    Months,
    WorkingMinutes,
    WorkingDays,
    EndOfWorkingDays,
}

/// Returns the scale of a length, and how much of it the length is.
pub(super) fn scaled(length: Length) -> (Scale, u64) {
    let number = u64::from(length.number);
    match length.unit {
        Unit::Minutes => (Scale::Minutes, number),
        Unit::Hours => (Scale::Minutes, number * 60),
        Unit::Days => (Scale::Days, number),
        Unit::Weeks => (Scale::Days, number * 7),
        Unit::Months => (Scale::Months, number),
        Unit::Years => (Scale::Months, number * 12),
        Unit::WorkingMinutes => (Scale::WorkingMinutes, number),
        Unit::WorkingHours => (Scale::WorkingMinutes, number * 60),
        Unit::WorkingDays => (Scale::WorkingDays, number),
        Unit::EndOfWorkingDays => (Scale::EndOfWorkingDays, number),
    }
}

/// Returns whether one length ends after another, whenever both begin and whatever the calendar.
pub(super) fn is_longer(one: Length, other: Length) -> bool {
    let ((scale, amount), (other_scale, other_amount)) = (scaled(one), scaled(other));
    if scale == other_scale {
        return amount > other_amount;
    }
    most(other).is_some_and(|most| least(one) > most)
}

const DAY: u64 = 24 * 60;
/// A day on which the clocks are changed is an hour shorter or longer.
const CLOCK_CHANGE: u64 = 60;

/// The fewest minutes that can pass until a length has.
fn least(length: Length) -> u64 {
    match scaled(length) {
        (Scale::Minutes | Scale::WorkingMinutes, minutes) => minutes,
        (Scale::Days, days) => days * DAY - CLOCK_CHANGE,
        (Scale::Months, months) => months * 28 * DAY - CLOCK_CHANGE,
        // A day may be open for its last minute only, and the last day for its first.
        (Scale::WorkingDays, days) => (days.saturating_sub(2) * DAY).saturating_sub(CLOCK_CHANGE),
        (Scale::EndOfWorkingDays, days) => ((days - 1) * DAY).saturating_sub(CLOCK_CHANGE),
    }
}

/// The most minutes that can pass until a length has. `None` of working time, which may stand
/// still for as long as is closed.
fn most(length: Length) -> Option<u64> {
    match scaled(length) {
        (Scale::Minutes, minutes) => Some(minutes),
        (Scale::Days, days) => Some(days * DAY + CLOCK_CHANGE),
        (Scale::Months, months) => Some(months * 31 * DAY + CLOCK_CHANGE),
        (Scale::WorkingMinutes | Scale::WorkingDays | Scale::EndOfWorkingDays, _) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_is_longer_at_any_time_is_longer() {
        let is_longer =
            |one, other| is_longer(Length::parse(one).unwrap(), Length::parse(other).unwrap());
        for (one, other) in [
            ("61 minutes", "1 hour"),
            ("15 days", "2 weeks"),
            ("13 months", "1 year"),
            ("2 working days", "1 working day"),
            ("26 hours", "1 day"),
            ("2 days", "24 hours"),
            ("2 months", "31 days"),
            ("5 working hours", "4 hours"),
            ("end of 4 working days", "2 days"),
        ] {
            assert!(is_longer(one, other), "{one} and {other}");
            assert!(!is_longer(other, one), "{other} and {one}");
        }
        for (one, other) in [
            ("60 minutes", "1 hour"),
            ("7 days", "1 week"),
            ("24 hours", "1 day"),
            ("25 hours", "1 day"),
            ("1 month", "30 days"),
            ("8 working hours", "1 working day"),
            ("1 working day", "4 hours"),
            ("1 day", "end of 1 working day"),
            ("2 working days", "20 hours"),
        ] {
            assert!(!is_longer(one, other), "{one} and {other}");
            assert!(!is_longer(other, one), "{other} and {one}");
        }
    }
}
