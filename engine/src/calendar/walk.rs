//! Walks through time and cuts it where the local clock changes what it means.
//!
//! Invariant: stretches follow each other without gaps, and none crosses a local midnight, an
//! opening, a closing or a clock change.

use jiff::tz::TimeZone;

use super::days::Days;
use super::{Calendar, DAY, DAYS_OF_A_WEEK, MINUTE, Why};

/// No local clock is further from UTC than this, in microseconds.
pub(super) const OFFSET_MAX: i64 = 26 * 60 * MINUTE;

/// A time in which the local clock of a zone runs evenly.
#[derive(Debug, Clone, Copy)]
pub(super) struct Piece {
    pub(super) from: i64,
    pub(super) until: i64,
    /// Local time less UTC.
    pub(super) offset: i64,
}

/// A time of one day that means one thing.
#[derive(Debug, Clone, Copy)]
pub(super) struct Stretch {
    pub(super) from: i64,
    pub(super) to: i64,
    /// The local day, in days since 1970-01-01.
    pub(super) day: i64,
    /// Open, outside hours, or a closed day.
    pub(super) why: Why,
}

/// Goes from one instant to another, stretch by stretch.
#[derive(Debug)]
pub(super) struct Walk<'c> {
    calendar: &'c Calendar,
    at: i64,
    until: i64,
    piece: Piece,
}

/// Returns what the local clock of a zone is ahead of UTC.
pub(super) fn offset(zone: &TimeZone, at: i64) -> i64 {
    let seconds = instant(at).map_or(0, |at| zone.to_offset(at).seconds());
    i64::from(seconds) * 1_000_000
}

fn instant(at: i64) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_microsecond(at).ok()
}

impl Piece {
    /// Finds the piece in which an instant lies.
    pub(super) fn at(zone: &TimeZone, at: i64) -> Self {
        // `preceding` leaves out a clock change at the very instant, which begins this piece.
        let before = instant(at + 1).and_then(|at| zone.preceding(at).next());
        let after = instant(at).and_then(|at| zone.following(at).next());
        Self {
            from: before.map_or(i64::MIN, |change| change.timestamp().as_microsecond()),
            until: after.map_or(i64::MAX, |change| change.timestamp().as_microsecond()),
            offset: offset(zone, at),
        }
    }
}

impl Stretch {
    /// Returns how long it is open, in microseconds.
    pub(super) fn open(&self) -> i64 {
        if self.why.is_counted() {
            self.to - self.from
        } else {
            0
        }
    }
}

impl<'c> Walk<'c> {
    pub(super) fn new(calendar: &'c Calendar, from: i64, until: i64) -> Self {
        Self {
            calendar,
            at: from,
            until,
            piece: Piece::at(&calendar.zone, from),
        }
    }

    /// Returns how many weeks from here are as any other and end before the walk does. None but at
    /// a local midnight.
    pub(super) fn whole_weeks(&self, days: &mut Days<'_>) -> i64 {
        let local = self.at.saturating_add(self.piece.offset);
        if self.at >= self.until || local.rem_euclid(DAY) != 0 {
            return 0;
        }
        let here = (self.until - self.at) / (DAYS_OF_A_WEEK * DAY);
        here.min(days.usual_weeks(local.div_euclid(DAY)))
    }

    /// Leaves out weeks that [`Self::whole_weeks`] found, and returns how many.
    pub(super) fn skip_weeks(&mut self, weeks: i64) -> i64 {
        self.at += weeks * DAYS_OF_A_WEEK * DAY;
        weeks
    }
}

impl Iterator for Walk<'_> {
    type Item = Stretch;

    fn next(&mut self) -> Option<Stretch> {
        let from = self.at;
        if from >= self.until {
            return None;
        }
        if from >= self.piece.until {
            self.piece = Piece::at(&self.calendar.zone, from);
        }
        let local = from + self.piece.offset;
        let (day, clock) = (local.div_euclid(DAY), local.rem_euclid(DAY));
        let (why, end) = self.calendar.meaning(day, clock);
        let to = (from + (end - clock)).min(self.piece.until).min(self.until);
        self.at = to;
        Some(Stretch { from, to, day, why })
    }
}

impl Calendar {
    /// Returns what a time of a local day means, and until when on that day, both in microseconds
    /// since midnight as the clock shows it.
    fn meaning(&self, day: i64, clock: i64) -> (Why, i64) {
        if self.is_closed_on(day) {
            return (Why::ClosedDay, DAY);
        }
        let spans = self.spans_of(day).iter();
        let mut spans =
            spans.map(|(from, to)| (i64::from(*from) * MINUTE, i64::from(*to) * MINUTE));
        match spans.find(|(_, to)| clock < *to) {
            Some((from, to)) if from <= clock => (Why::Open, to),
            Some((from, _)) => (Why::OutsideHours, from),
            None => (Why::OutsideHours, DAY),
        }
    }
}
