//! Finds working time that is counted in the hours of `default` where no calendar has this name.

use super::deadlines::all;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::DEFAULT_CALENDAR;
use crate::workflow::length::Length;
use crate::workflow::source::{Sp, Workflow};

pub(super) struct NoDefaultCalendar;

impl Rule for NoDefaultCalendar {
    fn code(&self) -> Code {
        Code::H101
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        let calendars = &file.source.calendars;
        // Working time in a file without any calendar is refused when it is read.
        let Some((name, calendar)) = calendars.first() else {
            return;
        };
        if calendars.contains_key(DEFAULT_CALENDAR) {
            return;
        }
        for (span, length) in in_default_hours(file.source) {
            if length.unit.is_working() {
                let message = "working time needs working hours, and no calendar is called \
                               `default`";
                let finding = Finding::error(self.code(), span, message)
                    .label(
                        calendar.span,
                        format!("these are the hours of `{name}` only"),
                    )
                    .why("where no calendar is named, the hours of `default` count");
                found.push(finding.mend(format!(
                    "call this calendar `default`, or write `calendar: {name}` beside the length, \
                     where that may be said"
                )));
            }
        }
    }
}

/// Returns the lengths beside which no calendar is named.
fn in_default_hours(source: &Workflow) -> Vec<(Span, Length)> {
    let mut lengths: Vec<Option<&Sp<Length>>> = Vec::new();
    for deadline in all(source).iter().filter(|it| it.calendar.is_none()) {
        lengths.push(deadline.within);
        lengths.extend(deadline.late.iter().map(|rung| rung.after.as_ref()));
        lengths.extend(deadline.extend.iter().map(|extend| extend.to.as_ref()));
    }
    let surveys = source.surveys.values().map(|survey| &survey.value);
    let surveys = surveys.filter(|survey| survey.calendar.is_none());
    for survey in surveys.clone() {
        lengths.extend([survey.after.as_ref(), survey.closes_after.as_ref()]);
    }
    for follow_up in source.follow_ups.values() {
        let follow_up = &follow_up.value;
        let after = follow_up.after.as_ref();
        lengths.push(after.filter(|_| follow_up.calendar.is_none()));
    }
    for outcome in source.outcomes.values() {
        let reopen = outcome.value.reopen.as_ref();
        lengths.push(reopen.and_then(|reopen| reopen.within.as_ref()));
    }
    let lengths = lengths.into_iter().flatten();
    let lengths = lengths.map(|length| (length.span, length.value));
    let often = surveys.filter_map(|survey| survey.at_most.as_ref());
    let often = often.map(|often| (often.span, often.value.within));
    lengths.chain(often).collect()
}
