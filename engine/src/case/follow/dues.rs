//! Dues of steps and tasks: they start on entering and stop when the work is done or left.
//!
//! Invariant: a due belongs to one visit and never outlives it.

use super::marks::{Stood, Terms};
use super::{Landing, Pass, open, stop};
use crate::case::Deadline;
use crate::case::deadline::{DeadlineKind, DeadlineName, Verdict};
use crate::case::event::Event;
use crate::workflow::time::Due;

pub(super) fn dues(pass: Pass<'_>) -> Vec<Event> {
    let running = open(pass.after).filter(|(name, _)| name.kind() == DeadlineKind::Due);
    let stopped = running.filter_map(|(name, deadline)| {
        let verdict = verdict(pass, name, deadline)?;
        Some(stop(name, deadline.number, verdict))
    });
    let mut events: Vec<Event> = stopped.collect();
    events.extend(starts(pass));
    events
}

/// Returns how a due of the visit before ends; none where it runs on.
///
/// A step is done when one of its own actions leads on, a task when it is done. What is left
/// undone, by a deadline or an action possible anywhere, was neither met nor, in time, late.
fn verdict(pass: Pass<'_>, name: &DeadlineName, deadline: &Deadline) -> Option<Verdict> {
    let (step, task) = name.place();
    let in_time = pass.in_time(deadline.is_late(), deadline.due);
    if task.is_some_and(|task| is_done(pass, task)) {
        return Some(in_time);
    }
    pass.landing()?;
    let step = pass.workflow.step(step).map(|(_, step)| step);
    let due = step.and_then(|step| match task {
        None => step.due.as_ref(),
        Some(task) => step.tasks.get(task)?.due.as_ref(),
    });
    let leads_on = |event: &Event| {
        matches!(event, Event::ActionTaken(taken)
            if step.is_some_and(|step| step.actions.contains_key(&taken.action)))
    };
    let is_done = task.is_none() && pass.events.iter().any(leads_on);
    if due.is_some_and(|due| due.then.is_some()) || (in_time == Verdict::Met && !is_done) {
        return Some(Verdict::Ended);
    }
    Some(in_time)
}

fn is_done(pass: Pass<'_>, task: &str) -> bool {
    let is_it =
        |event: &Event| matches!(event, Event::TaskDone(done) if done.task.as_str() == task);
    pass.events.iter().any(is_it)
}

/// Returns the dues of the step that was entered and of its tasks.
fn starts(pass: Pass<'_>) -> Vec<Event> {
    let Some(Landing::Step(entered)) = pass.landing() else {
        return Vec::new();
    };
    let Some((_, step)) = pass.workflow.step(entered.step.as_str()) else {
        return Vec::new();
    };
    let of_step = step.due.iter().map(|due| {
        let name = DeadlineName::new(DeadlineKind::Due, step.name.as_str());
        start(pass, name, due)
    });
    let of_tasks = step.tasks.iter().filter_map(|(task, known)| {
        let name = DeadlineName::of_task(step.name.as_str(), task.as_str());
        Some(start(pass, name, known.due.as_ref()?))
    });
    of_step.chain(of_tasks).collect()
}

fn start(pass: Pass<'_>, name: DeadlineName, due: &Due) -> Event {
    let terms = Terms::of_due(pass.workflow, due);
    let laid = terms.lay_out(pass.at(), Stood::default());
    Event::DeadlineStarted(terms.started(name, pass.at(), laid))
}
