//! Finds minutes and hours that run on at night, though there are working hours.

use super::deadlines::all;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::length::{Length, Unit};
use crate::workflow::source::{Calendar, Sp};

const HOURS_OF_A_DAY: u32 = 24;
const MINUTES_OF_A_DAY: u32 = 24 * 60;

pub(super) struct LimitOutsideWorkingHours;

impl Rule for LimitOutsideWorkingHours {
    fn code(&self) -> Code {
        Code::H503
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for deadline in all(file.source) {
            // Who waits until a time is up is not late.
            if deadline.is_statutory || deadline.is_wait {
                continue;
            }
            let named = deadline.calendar.map(|name| name.value.as_str());
            let name = named.unwrap_or("default");
            let calendar = file.source.calendars.get(name);
            let Some(calendar) = calendar.filter(|calendar| is_ever_closed(&calendar.value)) else {
                continue;
            };
            let to = deadline.extend.and_then(|extend| extend.to.as_ref());
            let after = deadline.late.iter().filter_map(|late| late.after.as_ref());
            for length in deadline.within.into_iter().chain(to).chain(after) {
                if let Some(working) = working(length.value) {
                    found.push(self.finding(&deadline.what, length, working, name, calendar));
                }
            }
        }
    }
}

impl LimitOutsideWorkingHours {
    fn finding(
        &self,
        what: &str,
        length: &Sp<Length>,
        working: Length,
        name: &str,
        calendar: &Sp<Calendar>,
    ) -> Finding {
        let message = format!("the time of {what} also runs while nobody works");
        Finding::warning(self.code(), length.span, message)
            .at("this passes at night and on closed days too")
            .label(calendar.span, format!("`{name}` is closed at times"))
            .why("what comes in at closing would be late before anybody could look at it")
            .replace(working.to_string())
    }
}

/// Returns the working time that is meant by minutes or hours.
fn working(length: Length) -> Option<Length> {
    let number = length.number;
    let (number, unit) = match length.unit {
        // Whoever says 48 hours means two days.
        Unit::Hours if number.is_multiple_of(HOURS_OF_A_DAY) => {
            (number / HOURS_OF_A_DAY, Unit::WorkingDays)
        }
        Unit::Hours => (number, Unit::WorkingHours),
        Unit::Minutes => (number, Unit::WorkingMinutes),
        Unit::Days
        | Unit::Weeks
        | Unit::Months
        | Unit::Years
        | Unit::WorkingMinutes
        | Unit::WorkingHours
        | Unit::WorkingDays
        | Unit::EndOfWorkingDays => return None,
    };
    Some(Length { number, unit })
}

fn is_ever_closed(calendar: &Calendar) -> bool {
    let is_open_all_day = |spans: &Vec<(u32, u32)>| {
        let mut open_until = 0;
        for (from, to) in spans {
            if *from > open_until {
                return false;
            }
            open_until = *to;
        }
        open_until == MINUTES_OF_A_DAY
    };
    // A day that is closed as a whole is planned for; the clock beside it runs day and night.
    !calendar.hours.iter().all(is_open_all_day)
}
