//! Finds calendars whose closed days run out within the year ahead.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;

/// How far ahead the closed days should be known.
const DAYS_AHEAD: i64 = 365;

pub(super) struct CalendarEnds;

impl Rule for CalendarEnds {
    fn code(&self) -> Code {
        Code::H904
    }

    fn scope(&self) -> Scope {
        Scope::Part
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let Some(today) = file.beside.today else {
            return;
        };
        for (name, calendar) in &file.source.calendars {
            let days = calendar.value.closed_on.iter();
            let Some(last) = days.max_by_key(|day| day.value.days()) else {
                continue;
            };
            let ahead = last.value.days().saturating_sub(today.days());
            if ahead >= DAYS_AHEAD {
                continue;
            }
            let message = if ahead < 0 {
                format!("the last closed day of the calendar `{name}` is past")
            } else {
                format!("the closed days of the calendar `{name}` end within a year")
            };
            let finding = Finding::warning(self.code(), last.span, message)
                .at("no closed day is known after this one")
                .label(calendar.span, "in this calendar")
                .why(
                    "on a holiday that is not written down, time would count although nobody works",
                )
                .mend("add the closed days of the years to come, and raise `version`");
            found.push(finding);
        }
    }
}
