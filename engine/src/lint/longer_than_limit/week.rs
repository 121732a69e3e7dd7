//! An ordinary week: lengths laid out one after another from every hour of it.

use std::collections::BTreeMap;

use super::DEFAULT;
use crate::calendar::{Calendar, Pauses, due};
use crate::time::{Date, Timestamp};
use crate::workflow::length::{Length, Unit};
use crate::workflow::source::{self, Workflow};

/// So many lengths are laid out in one file; what would take more is not reported.
pub(super) const LAYINGS_MAX: usize = 10_000;

/// Lengths, each with the calendar that it names.
pub(super) type Lengths<'a> = Vec<(Length, Option<&'a str>)>;

const MINUTE: i64 = 60 * 1_000_000;
const HOUR: i64 = 60 * MINUTE;
const HOURS_OF_A_WEEK: i64 = 7 * 24;
const MINUTES_OF_A_WEEK: u64 = 7 * 24 * 60;
const DAYS_OF_A_WEEK: u64 = 7;
/// A Monday after which the clocks are not changed for some weeks.
const MONDAY: &str = "2001-01-08";
/// So much later is no later: each length is rounded up when it is laid out.
const ROUNDING: i64 = MINUTE;
const DAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// The calendars of a file in an ordinary week, without closed days.
pub(super) struct Week {
    calendars: BTreeMap<String, Hours>,
    always: Calendar,
}

/// The hours of a calendar.
struct Hours {
    calendar: Calendar,
    /// In a week.
    minutes: u64,
    days: u64,
}

impl Week {
    pub(super) fn of(source: &Workflow) -> Self {
        let calendars = source.calendars.iter().filter_map(|(name, calendar)| {
            let hours = hours(name, &calendar.value)?;
            Some((name.clone(), hours))
        });
        Self {
            calendars: calendars.collect(),
            always: Calendar::always_open(),
        }
    }

    fn hours(&self, named: Option<&str>) -> Option<&Hours> {
        self.calendars.get(named.unwrap_or(DEFAULT))
    }

    fn calendar(&self, named: Option<&str>) -> &Calendar {
        let hours = self.hours(named);
        hours.map_or(&self.always, |hours| &hours.calendar)
    }

    /// Returns about how many minutes pass until a length has. Lengths of one scale and calendar
    /// come out in their order.
    pub(super) fn roughly(&self, length: Length, named: Option<&str>) -> u64 {
        let number = u64::from(length.number);
        let day = 24 * 60;
        let (minutes, days) = self
            .hours(named)
            .map_or((MINUTES_OF_A_WEEK, DAYS_OF_A_WEEK), |hours| {
                (hours.minutes, hours.days)
            });
        match length.unit {
            Unit::Minutes => number,
            Unit::Hours => number * 60,
            Unit::Days => number * day,
            Unit::Weeks => number * 7 * day,
            Unit::Months => number * 30 * day,
            Unit::Years => number * 12 * 30 * day,
            Unit::WorkingMinutes => number * MINUTES_OF_A_WEEK / minutes,
            Unit::WorkingHours => number * 60 * MINUTES_OF_A_WEEK / minutes,
            Unit::WorkingDays | Unit::EndOfWorkingDays => number * DAYS_OF_A_WEEK * day / days,
        }
    }

    /// Returns the first hour of the week from which the parts end after the whole, in words of
    /// the calendar of the whole. `None` where there is none, or all layings have been used.
    pub(super) fn first_late(
        &self,
        parts: &Lengths<'_>,
        whole: (Length, Option<&str>),
        layings: &mut usize,
    ) -> Option<String> {
        let (length, named) = whole;
        let calendar = self.calendar(named);
        let monday = calendar.start_of_day(Date::parse(MONDAY).ok()?)?;
        let pauses = Pauses::none();
        for hour in 0..HOURS_OF_A_WEEK {
            let begin = Timestamp::from_micros(monday.micros() + hour * HOUR).ok()?;
            let before = Timestamp::from_micros(begin.micros() - 1).ok()?;
            if !calendar.is_open(begin) && !calendar.is_open(before) {
                continue;
            }
            *layings = layings.checked_sub(parts.len() + 1)?;
            let limit = due(calendar, length, begin, &pauses)?;
            let mut end = begin;
            for (part, named) in parts {
                end = due(self.calendar(*named), *part, end, &pauses)?;
            }
            if end.micros() > limit.micros() + ROUNDING {
                let day = usize::try_from(hour / 24).ok()?;
                return Some(format!("{} at {:02}:00", DAYS.get(day)?, hour % 24));
            }
        }
        None
    }
}

fn hours(name: &str, calendar: &source::Calendar) -> Option<Hours> {
    let zone = calendar.time_zone.as_ref()?;
    let spans = calendar.hours.iter().flatten();
    let minutes: u32 = spans.map(|(from, to)| to - from).sum();
    let days = calendar.hours.iter().filter(|day| !day.is_empty()).count();
    let made = Calendar::new(name, &zone.value, calendar.hours.clone(), []).ok()?;
    Some(Hours {
        calendar: made,
        minutes: u64::from(minutes).max(1),
        days: u64::try_from(days).ok()?.max(1),
    })
}
