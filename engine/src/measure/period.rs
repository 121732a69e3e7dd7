//! Days, weeks and months of a report, and the windows of standards.

use crate::time::Date;
use crate::workflow::length::{Length, Unit};

const HOURS_OF_A_DAY: i64 = 24;
const MINUTES_OF_A_DAY: i64 = HOURS_OF_A_DAY * 60;
const DAYS_OF_A_WEEK: i64 = 7;

/// What a report is divided into.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Period {
    /// Nothing: one row for all.
    #[default]
    All,
    /// Local days.
    Day,
    /// Weeks from Monday.
    Week,
    /// Months of the calendar.
    Month,
}

impl Period {
    /// Returns the first day of the period that a day is in; none where it is not divided.
    #[must_use]
    pub fn first_day(self, day: Date) -> Option<Date> {
        let civil = day.civil();
        let after = match self {
            Self::All => return None,
            Self::Day => 0,
            Self::Week => i64::from(civil.weekday().to_monday_zero_offset()),
            Self::Month => i64::from(civil.day()) - 1,
        };
        Date::from_days(day.days() - after)
    }
}

/// Days from one to another, both included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// The first day.
    pub first: Date,
    /// The last day.
    pub last: Date,
}

impl Window {
    /// Returns the window of so long that ends with a day. Parts of a day count as a whole one;
    /// `30 days` are thirty days, the last among them.
    #[must_use]
    pub fn ending(last: Date, length: Length) -> Self {
        let number = i64::from(length.number);
        let days = match length.unit {
            Unit::Minutes | Unit::WorkingMinutes => days_of(number, MINUTES_OF_A_DAY),
            Unit::Hours | Unit::WorkingHours => days_of(number, HOURS_OF_A_DAY),
            Unit::Days | Unit::WorkingDays | Unit::EndOfWorkingDays => number,
            Unit::Weeks => number * DAYS_OF_A_WEEK,
            Unit::Months => days_of_months(last, number),
            Unit::Years => days_of_months(last, number * 12),
        };
        let first = Date::from_days(last.days() - days + 1);
        Self {
            first: first.unwrap_or(last),
            last,
        }
    }

    /// Returns whether a day is in it.
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        (self.first..=self.last).contains(&day)
    }
}

const fn days_of(number: i64, of_a_day: i64) -> i64 {
    (number + of_a_day - 1) / of_a_day
}

/// Returns the days of so many months that end with a day.
fn days_of_months(last: Date, months: i64) -> i64 {
    let span = jiff::Span::new().try_months(months);
    let before = span.and_then(|span| last.civil().checked_sub(span));
    // Beyond the calendar everything is in the window.
    before.map_or_else(
        |_| last.days() - Date::range().0,
        |before| {
            let days = last.civil().duration_since(before).as_hours();
            days / HOURS_OF_A_DAY
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(text: &str) -> Date {
        Date::parse(text).unwrap()
    }

    #[test]
    fn weeks_begin_on_monday_and_months_on_their_first() {
        let sunday = date("2026-03-01");
        assert_eq!(Period::All.first_day(sunday), None);
        assert_eq!(Period::Day.first_day(sunday), Some(sunday));
        assert_eq!(Period::Week.first_day(sunday), Some(date("2026-02-23")));
        assert_eq!(Period::Month.first_day(sunday), Some(sunday));
        let monday = date("2026-03-02");
        assert_eq!(Period::Week.first_day(monday), Some(monday));
        assert_eq!(Period::Month.first_day(monday), Some(sunday));
    }

    #[test]
    fn windows_end_with_their_last_day() {
        let last = date("2026-03-31");
        let first = |length: &str| Window::ending(last, Length::parse(length).unwrap()).first;
        assert_eq!(first("1 day"), last);
        assert_eq!(first("30 days"), date("2026-03-02"));
        assert_eq!(first("2 weeks"), date("2026-03-18"));
        assert_eq!(first("1 month"), date("2026-03-01"));
        assert_eq!(first("1 year"), date("2025-04-01"));
        assert_eq!(first("36 hours"), date("2026-03-30"));
        let window = Window::ending(last, Length::parse("2 days").unwrap());
        assert!(window.contains(date("2026-03-30")) && window.contains(last));
        assert!(!window.contains(date("2026-03-29")) && !window.contains(date("2026-04-01")));
    }
}
