//! Promises: an action makes and keeps them, and closing settles those that are owed.
//!
//! Invariant: no promise outlives the opening in which it was made; none is owed in a closed case.

use super::marks::calendar_name;
use super::{Pass, started};
use crate::case::deadline::{Rung, Verdict};
use crate::case::event::{CaseClosed, DeadlineStarted, DeadlineStopped, Event, Held};
use crate::case::{Deadline, promise, tell};
use crate::id::{PromiseName, RoleName};
use crate::time::Date;
use crate::workflow::time::PromiseDue;
use crate::workflow::{CountsAs, FieldIndex, Rule};

/// Returns what happens to promises: kept before made, and last what closing does to the rest.
pub(super) fn promises(pass: Pass<'_>) -> Vec<Event> {
    let rule = taken(pass);
    let keeps = rule.map_or(&[][..], |rule| &rule.keeps);
    let makes = rule.map_or(&[][..], |rule| &rule.makes);
    let mut events = Vec::new();
    for name in keeps {
        if let Some(owed) = pass.after.owed(name) {
            events.push(stop(name, owed.number, kept(pass, owed)));
        }
    }
    let is_owed = |name: &PromiseName| pass.after.owed(name).is_some() && !keeps.contains(name);
    let made = makes.iter().filter(|name| !is_owed(name));
    let made: Vec<Event> = made.filter_map(|name| start(pass, name)).collect();
    let is_made = |name: &PromiseName| {
        let name = promise::deadline_name(name);
        made.iter()
            .any(|event| matches!(event, Event::DeadlineStarted(made) if made.deadline == name))
    };
    let closed = pass.events.iter().find_map(|event| {
        let Event::CaseClosed(closed) = event else {
            return None;
        };
        Some(closed)
    });
    let mut settled = Vec::new();
    if let Some(closed) = closed {
        for name in pass.workflow.promises().keys() {
            if is_made(name) {
                // The pass numbers what it starts and stops at once.
                settled.push((name, 0, false));
            } else if let Some(owed) = pass.after.owed(name).filter(|_| is_owed(name)) {
                settled.push((name, owed.number, owed.is_late()));
            }
        }
        events.extend(made);
        events.extend(settle(pass, closed, &settled));
    } else {
        events.extend(made);
    }
    events
}

/// Returns how a promise is kept: late from its due time on, and for good once it was broken, also
/// where it got a new due time afterwards.
fn kept(pass: Pass<'_>, owed: &Deadline) -> Verdict {
    let is_over = owed.due.is_some_and(|due| due <= pass.after.effective_at());
    let was_broken = owed.fired.iter().any(|mark| mark.rung == Rung::Late);
    if was_broken || is_over {
        Verdict::KeptLate
    } else {
        Verdict::Kept
    }
}

/// Ends what is owed when the case closes: with a customer who goes, it is released; else it is
/// broken, and who would hear of the breach is told unless they were.
///
/// A case that is closed as resolved owes nothing, whoever closes it.
fn settle(pass: Pass<'_>, closed: &CaseClosed, owed: &[(&PromiseName, u32, bool)]) -> Vec<Event> {
    let verdict = match closed.counts_as {
        CountsAs::Withdrawn | CountsAs::Referred => Verdict::Released,
        CountsAs::Resolved | CountsAs::NotResolved => Verdict::Broken,
    };
    let stops = owed
        .iter()
        .map(|(name, number, _)| stop(name, *number, verdict));
    let mut events: Vec<Event> = stops.collect();
    if verdict == Verdict::Broken {
        let unheard = owed.iter().filter(|(_, _, is_late)| !is_late);
        let known = unheard.filter_map(|(name, ..)| pass.workflow.promises().get(*name));
        let at_once = known.flat_map(|known| known.late.iter().filter(|late| late.after.is_none()));
        let roles = at_once.flat_map(|late| &late.tell);
        events.extend(tell::told(pass.workflow, roles.collect::<Vec<&RoleName>>()));
    }
    events
}

/// Returns the event with which a promise begins.
fn start(pass: Pass<'_>, name: &PromiseName) -> Option<Event> {
    let Pass {
        workflow, after, ..
    } = pass;
    let known = workflow.promises().get(name)?;
    let made = after.effective_at();
    let due = promise::due(workflow, known, made, |field| day(pass, field))?;
    let length = match known.due {
        PromiseDue::Within(length) => Some(length.to_string()),
        PromiseDue::By(_) => None,
    };
    Some(Event::DeadlineStarted(DeadlineStarted {
        calendar: calendar_name(workflow, known.calendar.as_ref()).cloned(),
        due: Some(due),
        length,
        marks: promise::marks(workflow, known, due),
        ..started(promise::deadline_name(name), made)
    }))
}

/// Returns the day in a field as it stood when the action was taken: entering a step afterwards
/// may have emptied it.
fn day(pass: Pass<'_>, field: FieldIndex) -> Option<Date> {
    let name = pass.workflow.field_at(field).0;
    let before_action = pass
        .events
        .iter()
        .take_while(|event| !matches!(event, Event::ActionTaken(_)));
    let recorded = before_action.filter_map(|event| {
        if let Event::AnswerRecorded(given) = event
            && given.field == *name
            && let Held::Open(value) = &given.value
        {
            Some(value)
        } else if let Event::ValueComputed(computed) = event
            && computed.field == *name
        {
            Some(&computed.value)
        } else {
            None
        }
    });
    let before = || match &pass.before?.answers().get(name)?.value {
        Held::Open(value) => Some(value),
        Held::Sealed(_) => None,
    };
    recorded.last().or_else(before)?.as_date()
}

/// Returns the rule that was taken in the entry.
fn taken(pass: Pass<'_>) -> Option<&Rule> {
    let taken = |event: &'_ Event| {
        let Event::ActionTaken(taken) = event else {
            return None;
        };
        Some((taken.action.clone(), taken.rule))
    };
    let (action, rule) = pass.events.iter().find_map(taken)?;
    let (_, step) = pass.workflow.step(pass.before?.step()?.as_str())?;
    let own = step.actions.get(&action);
    let action = own.or_else(|| pass.workflow.anywhere().get(&action))?;
    action.rules.iter().find(|known| known.number == rule)
}

fn stop(name: &PromiseName, number: u32, verdict: Verdict) -> Event {
    Event::DeadlineStopped(DeadlineStopped {
        deadline: promise::deadline_name(name),
        number,
        verdict,
    })
}
