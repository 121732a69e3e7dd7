//! What of a case starts, stops, stands still and goes on with what just happened to it.
//!
//! One pass ends every decision and every firing: it looks at the case before and after, and adds
//! what follows for its deadlines.
//!
//! Invariant: everything a pass adds takes effect when the entry does, [`Case::effective_at`].
//! Invariant: a pass asks neither who acted nor when it was recorded, so a firing follows alike.

mod afterwards;
mod clocks;
mod dues;
mod learning;
pub(super) mod marks;
mod promises;

use std::collections::BTreeMap;

use super::Case;
use super::deadline::{Deadline, DeadlineName, Verdict};
use super::event::{CaseClosed, DeadlineStarted, DeadlineStopped, Event, StepEntered};
use crate::calendar;
use crate::time::Timestamp;
use crate::workflow::Workflow;

/// What happened, as a pass sees it.
#[derive(Clone, Copy)]
pub(super) struct Pass<'a> {
    pub(super) workflow: &'a Workflow,
    /// The case before the entry; none where the entry begins it.
    pub(super) before: Option<&'a Case>,
    /// The case after `events`.
    pub(super) after: &'a Case,
    /// What was decided so far.
    pub(super) events: &'a [Event],
}

/// Where an entry led.
#[derive(Clone, Copy)]
pub(super) enum Landing<'a> {
    Step(&'a StepEntered),
    Outcome(&'a CaseClosed),
}

/// Returns what follows for the deadlines of the case, in the order in which it is to be recorded.
pub(super) fn follow(pass: Pass<'_>) -> Vec<Event> {
    let mut events = dues::dues(pass);
    events.extend(clocks::clocks(pass));
    events.extend(promises::promises(pass));
    events.extend(afterwards::afterwards(pass));
    events.extend(learning::learning(pass));
    numbered(pass.after, events)
}

/// Numbers the deadlines that start. Each part of a pass leaves 0 there, because it does not know
/// how many start before; it also leaves 0 where it stops what it just started.
fn numbered(case: &Case, mut events: Vec<Event>) -> Vec<Event> {
    let mut last = case.deadlines_started;
    let mut started: BTreeMap<DeadlineName, u32> = BTreeMap::new();
    for event in &mut events {
        if let Event::DeadlineStarted(start) = event {
            last += 1;
            start.number = last;
            started.insert(start.deadline.clone(), last);
        } else if let Event::DeadlineStopped(stop) = event
            && stop.number == 0
            && let Some(number) = started.get(&stop.deadline)
        {
            stop.number = *number;
        }
    }
    events
}

impl<'a> Pass<'a> {
    /// Returns when everything of the entry takes effect.
    fn at(self) -> Timestamp {
        self.after.effective_at()
    }

    /// Returns the step that was entered or the outcome the case was closed with. An entry leads
    /// to one place at most.
    fn landing(self) -> Option<Landing<'a>> {
        self.events.iter().rev().find_map(|event| {
            if let Event::StepEntered(entered) = event {
                Some(Landing::Step(entered))
            } else if let Event::CaseClosed(closed) = event {
                Some(Landing::Outcome(closed))
            } else {
                None
            }
        })
    }

    /// Returns whether a closed case was opened again.
    fn is_reopened(self) -> bool {
        let mut events = self.events.iter();
        events.any(|event| matches!(event, Event::CaseReopened(_)))
    }

    /// Returns whether the customer is waited for from here on.
    fn is_pausing(self) -> bool {
        let step = self.after.step();
        let step = step.and_then(|step| self.workflow.step(step.as_str()));
        step.is_some_and(|(_, step)| step.pauses) && !self.after.is_heard()
    }

    /// Returns how something ends whose time is asked for: in time before its due time, not at it.
    fn in_time(self, is_late: bool, due: Option<Timestamp>) -> Verdict {
        if is_late || due.is_some_and(|due| due <= self.at()) {
            Verdict::Late
        } else {
            Verdict::Met
        }
    }
}

/// Returns the beginning of a deadline that counts from an instant and has nothing else yet; the
/// pass numbers it.
fn started(deadline: DeadlineName, anchor: Timestamp) -> DeadlineStarted {
    DeadlineStarted {
        anchor,
        calendar: None,
        deadline,
        due: None,
        field: None,
        goes_on: false,
        length: None,
        marks: Vec::new(),
        moved: false,
        number: 0,
        paused: false,
        statutory: false,
        tz: calendar::tz_version().to_owned(),
        waits: false,
    }
}

fn stop(name: &DeadlineName, number: u32, verdict: Verdict) -> Event {
    Event::DeadlineStopped(DeadlineStopped {
        deadline: name.clone(),
        number,
        verdict,
    })
}

/// Returns the deadlines that have not ended, also those that wait to begin.
fn open(case: &Case) -> impl Iterator<Item = (&DeadlineName, &Deadline)> {
    case.deadlines()
        .filter(|(_, deadline)| deadline.stopped.is_none())
}
