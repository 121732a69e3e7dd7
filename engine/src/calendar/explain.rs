//! Tells, interval by interval, whether time counts and why.

use super::length::Length;
use super::{Calendar, Pauses};
use crate::time::Timestamp;

/// No explanation has more intervals than this; a longer one ends early.
pub const INTERVALS_MAX: usize = 1_000;

/// A time that counts, or does not, for one reason.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Interval {
    /// Its first instant.
    pub from: Timestamp,
    /// The instant after it.
    pub to: Timestamp,
    /// Why it counts or does not.
    pub why: Why,
}

/// Why a time counts or does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Why {
    /// Counted: the calendar is open.
    Open,
    /// Not counted: the calendar has no hours then.
    OutsideHours,
    /// Not counted: the calendar is closed on that day.
    ClosedDay,
    /// Not counted: the deadline stands still.
    Paused,
    /// Counted: the length is one of elapsed time.
    WallClock,
}

impl Why {
    /// Returns whether the time counts.
    #[must_use]
    pub const fn is_counted(self) -> bool {
        match self {
            Self::Open | Self::WallClock => true,
            Self::OutsideHours | Self::ClosedDay | Self::Paused => false,
        }
    }

    /// Returns its word, such as `outside_hours`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::OutsideHours => "outside_hours",
            Self::ClosedDay => "closed_day",
            Self::Paused => "paused",
            Self::WallClock => "wall_clock",
        }
    }
}

/// Returns every interval from `from` to `until`, in order and without gaps; neighbours have
/// different reasons. At most [`INTERVALS_MAX`]: a longer explanation ends before `until`.
#[must_use]
pub fn explain(
    calendar: &Calendar,
    length: Length,
    from: Timestamp,
    pauses: &Pauses,
    until: Timestamp,
) -> Vec<Interval> {
    let mut found: Vec<Interval> = Vec::new();
    let none = Pauses::none();
    let can_pause = length.unit.can_pause();
    let pauses = if can_pause { pauses } else { &none };
    for next in cut(calendar, length, (from, until), pauses) {
        match found.last_mut() {
            Some(last) if last.why == next.why => last.to = next.to,
            Some(_) | None => found.push(next),
        }
        if found.len() > INTERVALS_MAX {
            found.truncate(INTERVALS_MAX);
            break;
        }
    }
    found
}

/// Cuts a time into paused and running, and what runs by the hours of the calendar.
fn cut<'a>(
    calendar: &'a Calendar,
    length: Length,
    (from, until): (Timestamp, Timestamp),
    pauses: &'a Pauses,
) -> impl Iterator<Item = Interval> + 'a {
    let interval = |from: i64, to: i64, why: Why| {
        let from = Timestamp::from_micros(from).ok()?;
        let to = Timestamp::from_micros(to).ok()?;
        (from < to).then_some(Interval { from, to, why })
    };
    let (start, end) = (from.micros(), until.micros());
    let free = pauses.free(start, end).chain([(end, end)]);
    let mut at = start;
    free.flat_map(move |(running, stopped)| {
        let standing = interval(at, running, Why::Paused);
        at = stopped;
        let is_working = length.unit.is_working();
        let clock = interval(running, stopped, Why::WallClock).filter(|_| !is_working);
        let hours = if is_working { stopped } else { running };
        let hours = calendar.walk(running, hours);
        let hours = hours.filter_map(move |cut| interval(cut.from, cut.to, cut.why));
        standing.into_iter().chain(clock).chain(hours)
    })
}
