//! Finds working time and days that are counted by `default` where no calendar has this name.

use super::deadlines::all;
use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::{Finding, Span};
use crate::workflow::DEFAULT_CALENDAR;
use crate::workflow::length::Length;
use crate::workflow::source::{Sp, Workflow};
use crate::workflow::time::Anchor;

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
        let about = |counted: Counted| {
            let (span, what, why) = counted;
            let message = format!("{what}, and no calendar is called `default`");
            Finding::error(self.code(), span, message)
                .label(
                    calendar.span,
                    format!("these are the hours of `{name}` only"),
                )
                .why(why)
        };
        let working = in_default_hours(file.source).into_iter();
        for (span, _) in working.filter(|(_, length)| length.unit.is_working()) {
            let why = "where no calendar is named, the hours of `default` count";
            let finding = about((span, "working time needs working hours", why));
            found.push(finding.mend(format!(
                "call this calendar `default`, or write `calendar: {name}` beside the length, \
                 where that may be said"
            )));
        }
        let days = by_a_day(file.source).chain(from_a_day(file));
        found.extend(days.map(|counted| {
            about(counted).mend(format!(
                "call this calendar `default`, or write `calendar: {name}` beside it"
            ))
        }));
    }
}

/// What is counted by a calendar that is not there: where, what that needs and why.
type Counted = (Span, &'static str, &'static str);

/// Returns the promises by a day beside which no calendar is named.
fn by_a_day(source: &Workflow) -> impl Iterator<Item = Counted> {
    let promises = source.promises.values().map(|promise| &promise.value);
    let unnamed = promises.filter(|promise| promise.calendar.is_none());
    let by = unnamed.filter_map(|promise| promise.by.as_ref());
    by.map(|by| {
        let what = "a promise by a day needs working hours";
        let why = "it is due when that day closes, by the hours of `default` where no calendar is \
                   named";
        (by.span, what, why)
    })
}

/// Returns the clocks from a day beside which no calendar is named, but for those whose length
/// says so already.
fn from_a_day<'f>(file: &'f File<'_>) -> impl Iterator<Item = Counted> + 'f {
    let clocks = file.source.clocks.iter().filter_map(|(name, clock)| {
        let clock = &clock.value;
        let within = clock.within.as_ref();
        let is_working = within.is_some_and(|within| within.value.unit.is_working());
        let compiled = file.compiled.clocks().get(name.as_str())?;
        let is_unnamed = clock.calendar.is_none() && !is_working;
        is_unnamed.then(|| clock.from.iter().zip(&compiled.from))
    });
    let days = clocks
        .flatten()
        .filter(|(_, anchor)| matches!(anchor, Anchor::Date(_)));
    days.map(|(from, _)| {
        let what = "a clock from a day needs a calendar";
        let why = "the day begins at midnight in the zone of `default` where no calendar is named";
        (from.span, what, why)
    })
}

/// Returns the lengths beside which no calendar is named.
fn in_default_hours(source: &Workflow) -> Vec<(Span, Length)> {
    let mut lengths: Vec<Option<&Sp<Length>>> = Vec::new();
    for deadline in all(source).iter().filter(|it| it.calendar.is_none()) {
        lengths.push(deadline.within);
        lengths.extend(deadline.late.iter().map(|rung| rung.after.as_ref()));
        lengths.extend(deadline.extend.iter().map(|extend| extend.to.as_ref()));
    }
    let causes = source.causes.as_ref();
    lengths.push(causes.and_then(|causes| causes.check_after.as_ref()));
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
