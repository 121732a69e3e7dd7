//! How much working time a local day really has: clock changes and closed days considered.

use super::walk::{OFFSET_MAX, Piece, Stretch};
use super::{Calendar, DAY, DAYS_OF_A_WEEK};

/// As far from a clock change as this, no day is touched by it: two local clocks of a zone show
/// the same day at instants no further apart.
const CLEAR_OF_A_CHANGE: i64 = 2 * OFFSET_MAX;

/// Looks days up, best in order.
#[derive(Debug)]
pub(super) struct Days<'c> {
    calendar: &'c Calendar,
    /// Where the last day was found.
    piece: Option<Piece>,
}

impl<'c> Days<'c> {
    pub(super) fn of(calendar: &'c Calendar) -> Self {
        let piece = None;
        Self { calendar, piece }
    }

    /// Returns the working time that a day really has, in microseconds.
    pub(super) fn total(&mut self, day: i64) -> i64 {
        if self.calendar.is_closed_on(day) {
            0
        } else if self.clear_days(day) > 0 {
            self.calendar.usual(day)
        } else {
            let stretches = self.calendar.of_day(day);
            stretches.map(|stretch| Stretch::open(&stretch)).sum()
        }
    }

    /// Returns how many whole weeks from a day on have no closed day and no clock change in reach.
    pub(super) fn usual_weeks(&mut self, day: i64) -> i64 {
        let clear = self.clear_days(day);
        let closed = self.calendar.closed_on.range(day..).next();
        let open = closed.map_or(i64::MAX, |closed| closed - day);
        clear.min(open) / DAYS_OF_A_WEEK
    }

    /// Returns how many days from a day on are clear of a clock change.
    fn clear_days(&mut self, day: i64) -> i64 {
        let calendar = self.calendar;
        let is_known = self.piece.is_some_and(|piece| clear(piece, day) > 0);
        let find = || Piece::at(&calendar.zone, day * DAY);
        let piece = self.piece.filter(|_| is_known).unwrap_or_else(find);
        self.piece = Some(piece);
        clear(piece, day)
    }
}

fn clear(piece: Piece, day: i64) -> i64 {
    let start = day * DAY - piece.offset;
    if start < piece.from.saturating_add(CLEAR_OF_A_CHANGE) {
        return 0;
    }
    let until = piece.until.saturating_sub(CLEAR_OF_A_CHANGE);
    (until.saturating_sub(start)).max(0) / DAY
}
