//! Compiles the calendars of a workflow. Their time zones are looked up here, once.

use indexmap::IndexMap;

use super::source;
use crate::calendar::Calendar;
use crate::id::CalendarName;

/// Compiles every calendar. One without a known zone, which is an error of reading, is left out.
pub(super) fn calendars(source: &source::Workflow) -> IndexMap<CalendarName, Calendar> {
    let declared = source.calendars.iter();
    let compiled = declared.filter_map(|(name, calendar)| {
        let calendar = &calendar.value;
        let zone = calendar.time_zone.as_ref()?;
        let closed_on = calendar.closed_on.iter().map(|date| date.value);
        let compiled = Calendar::new(name, &zone.value, calendar.hours.clone(), closed_on).ok()?;
        Some((CalendarName::new(name).ok()?, compiled))
    });
    compiled.collect()
}
