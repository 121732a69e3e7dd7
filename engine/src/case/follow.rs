//! What of a case starts, stops, stands still and goes on with what just happened to it.
//!
//! One pass ends every decision and every firing: it looks at the case before and after, and adds
//! what follows for its deadlines.
//!
//! Invariant: everything a pass adds takes effect when the entry does, [`Case::effective_at`].

use super::Case;
use super::event::Event;
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

/// Returns what follows for the deadlines of the case, in the order in which it is to be recorded.
pub(super) fn follow(pass: Pass<'_>) -> Vec<Event> {
    let events: Vec<Event> = Vec::new();
    numbered(pass.after, events)
}

/// Numbers the deadlines that start. Each part of a pass leaves 0 there, because it does not know
/// how many start before.
fn numbered(case: &Case, mut events: Vec<Event>) -> Vec<Event> {
    let mut started = case.deadlines_started;
    for event in &mut events {
        if let Event::DeadlineStarted(start) = event {
            started += 1;
            start.number = started;
        }
    }
    events
}
