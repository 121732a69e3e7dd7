//! Surveys and follow-ups of a closed case: which are with somebody at present, and for whom.

use super::Case;
use super::deadline::{Deadline, DeadlineKind, DeadlineName};
use crate::id::{FollowUpName, SurveyName};
use crate::time::Timestamp;
use crate::workflow::{RoleSet, Workflow};

/// Returns the name under which a survey runs.
#[must_use]
pub fn survey_name(survey: &SurveyName) -> DeadlineName {
    DeadlineName::new(DeadlineKind::Survey, survey.as_str())
}

/// Returns the name under which a follow-up runs.
#[must_use]
pub fn follow_up_name(follow_up: &FollowUpName) -> DeadlineName {
    DeadlineName::new(DeadlineKind::FollowUp, follow_up.as_str())
}

/// Finds a survey that was sent and still takes answers.
#[must_use]
pub fn open_survey<'c>(
    case: &'c Case,
    survey: &SurveyName,
    now: Timestamp,
) -> Option<&'c Deadline> {
    let deadline = case.deadline(&survey_name(survey)).filter(|it| is_open(it));
    deadline.filter(|deadline| deadline.due.is_none_or(|closes| now < closes))
}

/// Finds a follow-up that is to be done now.
#[must_use]
pub fn open_follow_up<'c>(case: &'c Case, follow_up: &FollowUpName) -> Option<&'c Deadline> {
    case.deadline(&follow_up_name(follow_up))
        .filter(|it| is_open(it))
}

/// Returns when a follow-up that waits for its day is to be done.
pub(super) fn awaited(case: &Case, follow_up: &FollowUpName) -> Option<Timestamp> {
    let deadline = case.deadline(&follow_up_name(follow_up))?;
    let waits = deadline.is_running() && deadline.open_since.is_none();
    deadline.due.filter(|_| waits)
}

const fn is_open(deadline: &Deadline) -> bool {
    deadline.is_running() && deadline.open_since.is_some()
}

/// Returns who may record what a customer answers: the customer, and integrations.
#[must_use]
pub fn answering(workflow: &Workflow) -> RoleSet {
    let is_customer = |place: usize| place == 0;
    let mut who = RoleSet::default();
    for (place, name) in workflow.roles().keys().enumerate() {
        if let Some((index, role)) = workflow.role(name.as_str())
            && (role.system || is_customer(place))
        {
            who = who.with(index);
        }
    }
    who
}
