//! What happens to a case when one of its deadlines is due.
//!
//! Invariant: one mark a firing, the earliest, whoever asks and however late.
//! Invariant: no firing is refused: it asks for no role, no `needs` and nobody's limit, and leads a
//! case only where it may go.
//! Invariant: what a firing records fits into an entry: a workflow of which `largest.rs` reckons
//! more is refused when it is published (H006). So no case hangs on a deadline; only a
//! [full](Case::is_full) one fires nothing any more. Excepted are files that were published before
//! that was reckoned: [`too_large_landing`](super::too_large_landing) tells which they are.

mod afterwards;
mod breach;
mod learning;
#[cfg(test)]
mod tests;

use uuid::Uuid;

use super::decide::{evolved, settle};
use super::event::{DeadlineFired, Event};
use super::{Actor, Case, Facts, Meta, Next};
use crate::id::{PersonId, PrincipalId, RoleName};
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
    let fired = DeadlineFired {
        deadline: next.deadline.clone(),
        effective_at: next.mark.at.max(case.effective_at()),
        number: next.number,
        mark: next.mark.at,
        rung: next.mark.rung,
    };
    let at_once = breach::breach(workflow, case, &next, fired.effective_at);
    let afterwards = afterwards::fired(workflow, case, facts, &next, fired.effective_at);
    let mut events = vec![Event::DeadlineFired(fired)];
    events.extend(at_once);
    events.extend(afterwards);
    events.extend(learning::fired(workflow, case, &next));
    let actor = timekeeper();
    let meta = Meta {
        revision: case.revision().next(),
        at: at.max(case.updated_at()),
        actor: &actor,
        workflow: case.workflow(),
    };
    let settled = settle(workflow, &meta, Some(case), &events);
    let overtaken = breach::overtaken(workflow, case, &settled, &next);
    events.extend(settled);
    events.extend(overtaken);
    debug_assert!(
        evolved(Some(case), &meta, &events).is_ok(),
        "what is fired can be evolved"
    );
    Some(Firing { next, events })
}

/// Returns who fires what is due: the server itself, which is nobody.
#[must_use]
pub fn timekeeper() -> Actor {
    let role = RoleName::new("timekeeper");
    Actor {
        person: PersonId::new(Uuid::nil()),
        principal: PrincipalId::new(Uuid::nil()),
        role: role.unwrap_or_else(|_| unreachable!("a role that is no name")),
        via: Some("heard/timekeeper".to_owned()),
    }
}
