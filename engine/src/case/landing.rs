//! Where a case comes to: entering a step and closing, whoever leads there.
//!
//! Invariant: an action and a deadline enter a step alike, so that neither can strand a case.

use super::Case;
use super::event::{CaseClosed, Event, StepEntered};
use super::offer::diagnosing;
use crate::calendar::{self, Pauses};
use crate::id::FieldName;
use crate::time::Timestamp;
use crate::workflow::{Outcome, Step, Workflow};

/// Returns the event of entering a step; `is_filled` tells which fields have an answer then.
pub(super) fn entered(
    workflow: &Workflow,
    step: &Step,
    visit: u32,
    is_filled: impl Fn(&FieldName) -> bool,
) -> Event {
    let emptied = step.empties.iter().map(|field| workflow.field_at(*field).0);
    Event::StepEntered(StepEntered {
        emptied: emptied.filter(|name| is_filled(name)).cloned().collect(),
        step: step.name.clone(),
        tasks: step.tasks.keys().cloned().collect(),
        visit,
    })
}

/// Returns the event of closing a case; `at` is when that takes effect.
pub(super) fn closed(workflow: &Workflow, case: &Case, outcome: &Outcome, at: Timestamp) -> Event {
    let reopen_until = outcome.reopen.and_then(|reopen| {
        calendar::due(workflow.calendar(None), reopen.within, at, &Pauses::none())
    });
    Event::CaseClosed(CaseClosed {
        counts_as: outcome.counts_as,
        outcome: outcome.name.clone(),
        // Where nobody diagnoses, nobody could pay what is owed.
        owes_cause: workflow.causes().is_some()
            && !diagnosing(workflow, None).is_empty()
            && !case.has_cause(),
        reopen_until,
    })
}
