//! What starts and stops with a root cause: the due days of its actions, the looks at whether they
//! worked, and another look at the cause itself.

use super::{Pass, started, stop};
use crate::calendar::{self, Pauses};
use crate::case::deadline::{DeadlineName, Mark, Rung, Verdict};
use crate::case::diagnosis::{CauseAction, Worked};
use crate::case::event::{
    CauseActionDone, CauseRecorded, CauseReviewed, DeadlineStarted, EffectChecked, Event, Found,
};
use crate::case::learning::{action_name, effect_name, review_name};
use crate::case::{CauseStatus, Deadline};
use crate::time::Timestamp;

/// Returns what follows for the deadlines of root causes.
pub(super) fn learning(pass: Pass<'_>) -> Vec<Event> {
    let mut followed = Vec::new();
    for event in pass.events {
        if let Event::CauseRecorded(recorded) = event {
            followed.extend(recorded_cause(pass, recorded));
        } else if let Event::CauseReviewed(reviewed) = event {
            followed.extend(looked_again(pass, reviewed));
        } else if let Event::CauseActionDone(done) = event {
            followed.extend(action_done(pass, done));
        } else if let Event::EffectChecked(checked) = event {
            followed.extend(effect_checked(pass, checked));
        }
    }
    followed
}

/// Calls off what ran of the diagnosis as it was, and starts what the new one plans.
fn recorded_cause(pass: Pass<'_>, recorded: &CauseRecorded) -> Vec<Event> {
    let number = recorded.number;
    let is_given_back = |number: u32| {
        let mut causes = pass.after.causes().iter();
        let cause = causes.find(|cause| cause.number == number);
        cause.is_some_and(|cause| match cause.status {
            CauseStatus::Returned | CauseStatus::Reopened => true,
            CauseStatus::Drafted
            | CauseStatus::Proposed
            | CauseStatus::UnderReview
            | CauseStatus::Accepted => false,
        })
    };
    // What takes the place of a diagnosis that was given back need not have its number.
    let is_over = |of: u32| of == number || (!recorded.draft && is_given_back(of));
    let of_before = |(name, deadline): &(&DeadlineName, &Deadline)| {
        name.cause().is_some_and(is_over) && deadline.is_running()
    };
    let before = pass.after.deadlines().filter(of_before);
    let mut events: Vec<Event> = before
        .map(|(name, deadline)| stop(name, deadline.number, Verdict::Cancelled))
        .collect();
    if recorded.draft {
        return events;
    }
    let calendar = pass.workflow.calendar(None);
    let actions = (1..).zip(&recorded.actions);
    events.extend(actions.filter_map(|(action, planned)| {
        let due = calendar.close_of_business(planned.due)?;
        Some(start(
            pass,
            action_name(number, action),
            due,
            Rung::Late,
            None,
        ))
    }));
    let review = recorded.review_date.and_then(|day| {
        let begins = calendar.start_of_day(day)?;
        Some(start(pass, review_name(number), begins, Rung::Open, None))
    });
    events.extend(review);
    events
}

/// Ends another look at a cause whose day has come, and that a reviewer found right.
fn looked_again(pass: Pass<'_>, reviewed: &CauseReviewed) -> Option<Event> {
    if reviewed.verdict == Found::Returned || !pass.after.is_looked_at(reviewed.number) {
        return None;
    }
    let name = review_name(reviewed.number);
    let look = pass.after.deadline(&name)?;
    Some(stop(&name, look.number, Verdict::Done))
}

fn action_done(pass: Pass<'_>, done: &CauseActionDone) -> Vec<Event> {
    let name = action_name(done.number, done.action);
    let mut events = Vec::new();
    if let Some(running) = pass.after.deadline(&name).filter(|it| it.is_running()) {
        let verdict = pass.in_time(running.is_late(), running.due);
        events.push(stop(&name, running.number, verdict));
    }
    if action(pass, done.number, done.action).is_some_and(|it| it.planned.kind.is_checked()) {
        events.extend(look(pass, done.number, done.action));
    }
    events
}

fn effect_checked(pass: Pass<'_>, checked: &EffectChecked) -> Vec<Event> {
    let name = effect_name(checked.number, checked.action);
    let mut events = Vec::new();
    if let Some(open) = pass.after.deadline(&name).filter(|it| it.is_running()) {
        events.push(stop(&name, open.number, Verdict::Done));
        if checked.worked == Worked::Inconclusive {
            events.extend(look(pass, checked.number, checked.action));
        }
    }
    events
}

/// Returns the event that schedules the look at whether an action worked; none where the workflow
/// does not ask for it.
fn look(pass: Pass<'_>, number: u32, action: u32) -> Option<Event> {
    let after = pass.workflow.causes()?.check_after?;
    let calendar = pass.workflow.calendar(None);
    let at = calendar::due(calendar, after, pass.at(), &Pauses::none())?;
    let name = effect_name(number, action);
    Some(start(pass, name, at, Rung::Open, Some(after.to_string())))
}

fn action(pass: Pass<'_>, number: u32, action: u32) -> Option<&CauseAction> {
    let mut causes = pass.after.causes().iter();
    let cause = causes.find(|cause| cause.number == number)?;
    let place = usize::try_from(action).ok()?.checked_sub(1)?;
    cause.actions.get(place)
}

fn start(
    pass: Pass<'_>,
    deadline: DeadlineName,
    at: Timestamp,
    rung: Rung,
    length: Option<String>,
) -> Event {
    let calendar = super::marks::calendar_name(pass.workflow, None);
    Event::DeadlineStarted(DeadlineStarted {
        calendar: calendar.cloned(),
        due: Some(at),
        length,
        marks: vec![Mark { at, rung }],
        ..started(deadline, pass.at())
    })
}
