//! What happens to a case when one of its deadlines is due.
//!
//! Invariant: one mark a firing, the earliest, whoever asks and however late.

use super::event::{DeadlineFired, Event};
use super::{Case, Facts, Next};
use crate::time::Timestamp;
use crate::workflow::Workflow;

/// A mark that was reached, and what it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Firing {
    /// The mark.
    pub next: Next,
    /// What is to be recorded, [`DeadlineFired`] first.
    pub events: Vec<Event>,
}

/// Decides what the next mark of a case does; none while none has been reached at `at`.
///
/// It takes effect at its mark, or at the case's last effect if that is later: what was due is
/// judged by its due time, never by when somebody looked.
///
/// Source: `workflow-language.md`, semantics 17.
#[must_use]
pub fn fire(workflow: &Workflow, case: &Case, facts: &Facts, at: Timestamp) -> Option<Firing> {
    let next = case.next_mark(workflow)?;
    if next.mark.at > at || case.is_full() {
        return None;
    }
    let _ = facts;
    let fired = DeadlineFired {
        deadline: next.deadline.clone(),
        effective_at: next.mark.at.max(case.effective_at()),
        number: next.number,
        mark: next.mark.at,
        rung: next.mark.rung,
    };
    let events = vec![Event::DeadlineFired(fired)];
    Some(Firing { next, events })
}
