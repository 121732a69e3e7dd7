//! What follows a root cause in time: its actions, whether they worked, and another look.

use super::deadline::{DeadlineKind, DeadlineName};
use super::offer::diagnosing;
use crate::workflow::{RoleSet, Workflow};

/// Returns the name under which an action of a root cause runs towards its due day.
#[must_use]
pub fn action_name(number: u32, action: u32) -> DeadlineName {
    DeadlineName::new(DeadlineKind::CauseAction, &format!("{number}.{action}"))
}

/// Returns the name under which the look at the effect of an action waits for its time.
#[must_use]
pub fn effect_name(number: u32, action: u32) -> DeadlineName {
    DeadlineName::new(DeadlineKind::Effect, &format!("{number}.{action}"))
}

/// Returns the name under which another look at a root cause waits for its day.
#[must_use]
pub fn review_name(number: u32) -> DeadlineName {
    DeadlineName::new(DeadlineKind::CauseReview, &number.to_string())
}

/// Returns who confirms a root cause as that of a systemic issue: whom the workflow names, else who
/// diagnoses.
#[must_use]
pub fn confirming(workflow: &Workflow) -> RoleSet {
    let causes = workflow.causes();
    let systemic = causes.and_then(|causes| causes.systemic.as_ref());
    let by = systemic.and_then(|systemic| systemic.by);
    by.unwrap_or_else(|| diagnosing(workflow, None))
}

/// Returns who says whether an action worked: who reviews, else who diagnoses.
#[must_use]
pub fn checking(workflow: &Workflow) -> RoleSet {
    let causes = workflow.causes();
    let review = causes.and_then(|causes| causes.review.as_ref());
    review.map_or_else(|| diagnosing(workflow, None), |review| review.by)
}
