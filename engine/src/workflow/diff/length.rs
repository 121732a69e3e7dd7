//! Which of two lengths of time is the longer one.

use std::cmp::Ordering;

use super::{Comparison, Weight};
use crate::workflow::length::{Length, Unit};
use crate::workflow::source::Sp;

/// What a length is counted in: lengths of different kinds cannot be compared without a calendar.
#[derive(PartialEq, Eq)]
enum Kind {
    Elapsed,
    Working,
    WorkingDays,
    EndOfWorkingDays,
}

impl Comparison<'_> {
    /// Compares a length of time: what it weighs that it became longer, shorter, or is gone.
    pub(super) fn length(
        &mut self,
        what: &str,
        (old, new): (Option<&Sp<Length>>, Option<&Sp<Length>>),
        (longer, shorter, gone): (Weight, Weight, Weight),
    ) {
        match (old.map(|old| old.value), new.map(|new| new.value)) {
            (Some(old), Some(new)) if old != new => {
                let (weight, how) = match order(old, new) {
                    Some(Ordering::Less) => (longer, ", which is longer"),
                    Some(Ordering::Greater) => (shorter, ", which is shorter"),
                    // Written in other words, and the same.
                    Some(Ordering::Equal) => return,
                    None => (Weight::Changed, ""),
                };
                self.say(
                    weight,
                    format!("{what}: it was {old} and is now {new}{how}"),
                );
            }
            (Some(old), None) => self.say(gone, format!("{what}: it is gone; it was {old}")),
            (None, Some(new)) => self.say(Weight::Changed, format!("{what}: it is now {new}")),
            (Some(_), Some(_)) | (None, None) => {}
        }
    }
}

/// Compares two lengths; none where that depends on when they begin.
fn order(old: Length, new: Length) -> Option<Ordering> {
    let ((old_kind, old_least, old_most), (new_kind, new_least, new_most)) = (span(old), span(new));
    if old_kind != new_kind {
        return None;
    }
    if old.unit == new.unit {
        return Some(old.number.cmp(&new.number));
    }
    if old_most < new_least {
        Some(Ordering::Less)
    } else if new_most < old_least {
        Some(Ordering::Greater)
    } else {
        let is_exact = old_least == old_most && new_least == new_most;
        is_exact.then_some(Ordering::Equal)
    }
}

/// Returns the kind of a length, and how much it is at least and at most, in units of its kind.
fn span(length: Length) -> (Kind, u64, u64) {
    const HOUR: u64 = 60;
    const DAY: u64 = 24 * HOUR;
    let (kind, least, most) = match length.unit {
        Unit::Minutes => (Kind::Elapsed, 1, 1),
        Unit::Hours => (Kind::Elapsed, HOUR, HOUR),
        // A day of the calendar is an hour shorter or longer when the clocks change. A week and
        // seven days are the same; a day and 24 hours are nearly so.
        Unit::Days => (Kind::Elapsed, DAY, DAY),
        Unit::Weeks => (Kind::Elapsed, 7 * DAY, 7 * DAY),
        Unit::Months => (Kind::Elapsed, 28 * DAY, 31 * DAY),
        Unit::Years => (Kind::Elapsed, 365 * DAY, 366 * DAY),
        Unit::WorkingMinutes => (Kind::Working, 1, 1),
        Unit::WorkingHours => (Kind::Working, HOUR, HOUR),
        Unit::WorkingDays => (Kind::WorkingDays, 1, 1),
        Unit::EndOfWorkingDays => (Kind::EndOfWorkingDays, 1, 1),
    };
    let number = u64::from(length.number);
    (kind, least * number, most * number)
}
