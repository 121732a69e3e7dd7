//! What comes after closing: surveys and follow-ups are scheduled, and called off on reopening.

use super::marks::calendar_name;
use super::{Pass, started};
use crate::calendar::{self, Pauses};
use crate::case::deadline::{DeadlineKind, DeadlineName, Mark, Rung, Verdict};
use crate::case::event::{CaseClosed, DeadlineStarted, DeadlineStopped, Event};
use crate::case::{Deadline, afterwards};
use crate::id::CalendarName;
use crate::workflow::length::Length;

/// Returns the surveys and follow-ups that are called off, and those of the outcome with which the
/// case was closed.
pub(super) fn afterwards(pass: Pass<'_>) -> Vec<Event> {
    let events = pass.events.iter();
    let mut followed = Vec::new();
    for event in events {
        if let Event::CaseReopened(_) = event {
            followed.extend(called_off(pass));
        } else if let Event::CaseClosed(closed) = event {
            followed.extend(scheduled(pass, closed));
        }
    }
    followed
}

fn called_off(pass: Pass<'_>) -> impl Iterator<Item = Event> {
    let is_afterwards = |kind: DeadlineKind| match kind {
        DeadlineKind::Survey | DeadlineKind::FollowUp => true,
        DeadlineKind::Clock
        | DeadlineKind::Promise
        | DeadlineKind::Due
        | DeadlineKind::CauseAction
        | DeadlineKind::Effect
        | DeadlineKind::CauseReview => false,
    };
    let pending = move |(name, deadline): &(&DeadlineName, &Deadline)| {
        is_afterwards(name.kind()) && deadline.is_running()
    };
    pass.after
        .deadlines()
        .filter(pending)
        .map(|(name, deadline)| {
            Event::DeadlineStopped(DeadlineStopped {
                deadline: name.clone(),
                number: deadline.number,
                verdict: Verdict::Cancelled,
            })
        })
}

fn scheduled(pass: Pass<'_>, closed: &CaseClosed) -> Vec<Event> {
    let surveys = pass.workflow.surveys().iter();
    let surveys = surveys.filter(|(_, survey)| survey.of.contains(&closed.outcome));
    let surveys = surveys.filter_map(|(name, survey)| {
        let name = afterwards::survey_name(name);
        start(pass, name, survey.after, survey.calendar.as_ref())
    });
    let follow_ups = pass.workflow.follow_ups().iter();
    let follow_ups = follow_ups.filter(|(_, follow_up)| follow_up.of.contains(&closed.outcome));
    let follow_ups = follow_ups.filter_map(|(name, follow_up)| {
        let name = afterwards::follow_up_name(name);
        start(pass, name, follow_up.after, follow_up.calendar.as_ref())
    });
    surveys.chain(follow_ups).collect()
}

/// Returns the event that schedules something; none where its day lies beyond all years.
fn start(
    pass: Pass<'_>,
    deadline: DeadlineName,
    after: Length,
    calendar: Option<&CalendarName>,
) -> Option<Event> {
    let name = calendar_name(pass.workflow, calendar);
    let hours = pass.workflow.calendar(name.map(CalendarName::as_str));
    let anchor = pass.after.effective_at();
    let at = calendar::due(hours, after, anchor, &Pauses::none())?;
    Some(Event::DeadlineStarted(DeadlineStarted {
        calendar: name.cloned(),
        due: Some(at),
        length: Some(after.to_string()),
        marks: vec![Mark {
            at,
            rung: Rung::Open,
        }],
        ..started(deadline, anchor)
    }))
}
