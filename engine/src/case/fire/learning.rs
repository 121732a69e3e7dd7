//! What a deadline of a root cause does: those who see to it are told.

use crate::case::deadline::{DeadlineKind, Next, Rung};
use crate::case::event::Event;
use crate::case::offer::diagnosing;
use crate::case::{Case, learning, tell};
use crate::id::RoleName;
use crate::workflow::Workflow;

/// Returns whom a mark of an action, of a look at an effect or of another look at a cause tells.
pub(super) fn fired(workflow: &Workflow, case: &Case, next: &Next) -> Option<Event> {
    let checking = || workflow.role_names(learning::checking(workflow));
    let roles: Vec<&RoleName> = match (next.deadline.kind(), next.mark.rung) {
        // Who sees to the action, and who would look at its effect.
        (DeadlineKind::CauseAction, Rung::Late) => {
            owner(case, next).into_iter().chain(checking()).collect()
        }
        (DeadlineKind::Effect, Rung::Open) => checking().collect(),
        (DeadlineKind::CauseReview, Rung::Open) => {
            workflow.role_names(diagnosing(workflow, None)).collect()
        }
        (
            DeadlineKind::Clock
            | DeadlineKind::Promise
            | DeadlineKind::Due
            | DeadlineKind::Survey
            | DeadlineKind::FollowUp
            | DeadlineKind::CauseAction
            | DeadlineKind::Effect
            | DeadlineKind::CauseReview,
            _,
        ) => Vec::new(),
    };
    tell::told(workflow, roles)
}

fn owner<'c>(case: &'c Case, next: &Next) -> Option<&'c RoleName> {
    let number = next.deadline.cause()?;
    let mut causes = case.causes().iter();
    let cause = causes.find(|cause| cause.number == number)?;
    let place = next.deadline.action()?.checked_sub(1)?;
    let action = cause.actions.get(usize::try_from(place).ok()?)?;
    Some(&action.planned.owner)
}
