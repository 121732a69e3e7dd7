//! When a length of time has been counted: the due time, and the warning before it.
//!
//! Invariant: the answer is the first microsecond at which the whole has been counted, never
//! earlier, and never moved on to the next opening.

use super::days::Days;
use super::fraction::DayCount;
use super::length::{Length, Unit};
use super::{Calendar, MINUTE, Pauses};
use crate::money::INTEGER_MAX;
use crate::time::Timestamp;

const HOUR: i64 = 60 * MINUTE;
const PERCENT_OF_ALL: u32 = 100;
/// Counting ends here, after the last instant there is, in microseconds.
const HORIZON: i64 = INTEGER_MAX + 1;

/// What is to be counted, all of it or a share.
#[derive(Debug, Clone, Copy)]
enum Amount {
    /// Elapsed time, in microseconds.
    Elapsed(i64),
    /// Working time, in microseconds.
    Open(i64),
    /// Working days, in hundredths.
    Days(i64),
}

/// Returns the instant at which all of `length` has been counted from `from`, standing still in
/// `pauses`. `None` beyond the years of instants.
///
/// Days to years are counted to the same local time of the later date, and pauses shift what they
/// come to by elapsed time. `end of` lengths are never paused.
#[must_use]
pub fn due(
    calendar: &Calendar,
    length: Length,
    from: Timestamp,
    pauses: &Pauses,
) -> Option<Timestamp> {
    warn(calendar, length, from, pauses, PERCENT_OF_ALL)
}

/// Returns the instant at which `percent` of `length` has been counted, rounded up to the
/// microsecond. `None` beyond the years of instants.
///
/// A share of days to years is one of their elapsed time; a share of an `end of` length is one of
/// the working time from its start to its due.
#[must_use]
pub fn warn(
    calendar: &Calendar,
    length: Length,
    from: Timestamp,
    pauses: &Pauses,
    percent: u32,
) -> Option<Timestamp> {
    let start = from.micros();
    let number = i64::from(length.number);
    let at = match length.unit {
        Unit::EndOfWorkingDays => {
            let close = end_of_days(calendar, number, from)?;
            if percent == PERCENT_OF_ALL {
                close
            } else {
                let close = Timestamp::from_micros(close).ok()?;
                let all = Amount::Open(calendar.open_between(from, close));
                all.share(percent).count(calendar, start, &Pauses::none())?
            }
        }
        Unit::Minutes
        | Unit::Hours
        | Unit::Days
        | Unit::Weeks
        | Unit::Months
        | Unit::Years
        | Unit::WorkingMinutes
        | Unit::WorkingHours
        | Unit::WorkingDays => {
            let all = Amount::of(calendar, length, from)?;
            all.share(percent).count(calendar, start, pauses)?
        }
    };
    Timestamp::from_micros(at).ok()
}

impl Amount {
    fn of(calendar: &Calendar, length: Length, from: Timestamp) -> Option<Self> {
        let number = i64::from(length.number);
        Some(match length.unit {
            Unit::Minutes => Self::Elapsed(number * MINUTE),
            Unit::Hours => Self::Elapsed(number * HOUR),
            Unit::Days | Unit::Weeks | Unit::Months | Unit::Years => {
                Self::Elapsed(later_date(calendar, length, from)? - from.micros())
            }
            Unit::WorkingMinutes => Self::Open(number * MINUTE),
            Unit::WorkingHours => Self::Open(number * HOUR),
            Unit::WorkingDays => Self::Days(number * i64::from(PERCENT_OF_ALL)),
            // Its whole is not an amount but a closing.
            Unit::EndOfWorkingDays => return None,
        })
    }

    /// Returns a share of it, rounded up.
    fn share(self, percent: u32) -> Self {
        let part = |all: i64| {
            let hundredths = i128::from(all) * i128::from(percent);
            let whole = hundredths.div_euclid(i128::from(PERCENT_OF_ALL));
            let more = i128::from(hundredths.rem_euclid(i128::from(PERCENT_OF_ALL)) > 0);
            i64::try_from(whole + more).unwrap_or(i64::MAX)
        };
        match self {
            Self::Elapsed(micros) => Self::Elapsed(part(micros)),
            Self::Open(micros) => Self::Open(part(micros)),
            // Hundredths of whole days: nothing is left over.
            Self::Days(hundredths) => Self::Days(part(hundredths)),
        }
    }

    /// Returns the first instant at which it has been counted.
    fn count(self, calendar: &Calendar, from: i64, pauses: &Pauses) -> Option<i64> {
        match self {
            Self::Elapsed(0) | Self::Open(0) | Self::Days(0) => Some(from),
            Self::Elapsed(micros) => elapsed(micros, from, pauses),
            Self::Open(micros) => open(calendar, micros, from, pauses),
            Self::Days(hundredths) => days(calendar, hundredths, from, pauses),
        }
    }
}

/// Counts elapsed time.
fn elapsed(mut missing: i64, from: i64, pauses: &Pauses) -> Option<i64> {
    for (start, end) in pauses.free(from, HORIZON) {
        if missing <= end - start {
            return Some(start + missing);
        }
        missing -= end - start;
    }
    None
}

/// Counts working time.
fn open(calendar: &Calendar, mut missing: i64, from: i64, pauses: &Pauses) -> Option<i64> {
    let week = calendar.open_in_a_week();
    let mut found = Days::of(calendar);
    for (start, end) in pauses.free(from, HORIZON) {
        let mut walk = calendar.walk(start, end);
        loop {
            // What is due at the end of a week is found by walking through that week.
            let weeks = walk
                .whole_weeks(&mut found)
                .min((missing - 1).div_euclid(week.max(1)));
            missing -= walk.skip_weeks(weeks) * week;
            let Some(stretch) = walk.next() else { break };
            let counted = stretch.open();
            if counted > 0 && missing <= counted {
                return Some(stretch.from + missing);
            }
            missing -= counted;
        }
    }
    None
}

/// Counts working days, each stretch in proportion of the real total of its day.
fn days(calendar: &Calendar, hundredths: i64, from: i64, pauses: &Pauses) -> Option<i64> {
    let all = i64::from(PERCENT_OF_ALL);
    let target = (hundredths - 1).div_euclid(all) + 1;
    let mut counted = DayCount::default();
    // A broken number of days is a whole number of them, of which a part is there already.
    counted.add(target * all - hundredths, all);
    let week = calendar.days_in_a_week().max(1);
    let mut found = Days::of(calendar);
    for (start, end) in pauses.free(from, HORIZON) {
        let mut walk = calendar.walk(start, end);
        loop {
            let enough = (counted.missing_at_least(target)).max(0) / week;
            let weeks = walk.whole_weeks(&mut found).min(enough);
            counted.add_days(walk.skip_weeks(weeks) * calendar.days_in_a_week());
            let Some(stretch) = walk.next() else { break };
            let part = stretch.open();
            if part == 0 {
                continue;
            }
            let total = found.total(stretch.day);
            // No stretch is more than a day, so the exact sum is made only near the end.
            if counted.missing_at_least(target) < 1 {
                let missing = counted.missing_of(total, target);
                if let Some(missing) = i64::try_from(missing).ok().filter(|m| *m <= part) {
                    return Some(stretch.from + missing);
                }
            }
            counted.add(part, total);
        }
    }
    None
}

/// Returns the close of business of so many days with working time after the day of an instant.
fn end_of_days(calendar: &Calendar, number: i64, from: Timestamp) -> Option<i64> {
    let week = calendar.days_in_a_week().max(1);
    let mut found = Days::of(calendar);
    let mut missing = number;
    let mut day = calendar.local_day(from.micros()) + 1;
    let last = Timestamp::from_micros(INTEGER_MAX).ok()?;
    let last = calendar.local_date(last).days();
    while day <= last {
        let weeks = found.usual_weeks(day).min((missing - 1) / week);
        missing -= weeks * calendar.days_in_a_week();
        day += weeks * super::DAYS_OF_A_WEEK;
        missing -= i64::from(found.total(day) > 0);
        if missing == 0 {
            return calendar.last_open(day);
        }
        day += 1;
    }
    None
}

/// Returns the same local time on the later date.
fn later_date(calendar: &Calendar, length: Length, from: Timestamp) -> Option<i64> {
    let number = i64::from(length.number);
    let span = jiff::Span::new();
    let span = match length.unit {
        Unit::Days => span.try_days(number),
        Unit::Weeks => span.try_weeks(number),
        Unit::Months => span.try_months(number),
        Unit::Years => span.try_years(number),
        Unit::Minutes
        | Unit::Hours
        | Unit::WorkingMinutes
        | Unit::WorkingHours
        | Unit::WorkingDays
        | Unit::EndOfWorkingDays => return None,
    };
    let from = jiff::Timestamp::from_microsecond(from.micros()).ok()?;
    let local = from.to_zoned(calendar.zone.clone()).datetime();
    // The day is clamped to the end of the month; a skipped time moves forward by the gap, of one
    // that occurs twice the first is taken.
    let later = local.checked_add(span.ok()?).ok()?;
    let later = calendar.zone.to_ambiguous_timestamp(later).compatible();
    Some(later.ok()?.as_microsecond())
}
