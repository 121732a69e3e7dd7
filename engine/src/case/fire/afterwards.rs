//! What happens after closing when its time has come: a survey is sent or closes, a follow-up is
//! to be done.

use crate::calendar::{self, Pauses};
use crate::case::deadline::{DeadlineKind, DeadlineName, Next, Rung, Verdict};
use crate::case::event::{DeadlineStopped, Event, SurveySent, SurveySkipped};
use crate::case::facts::{self, Facts};
use crate::case::{Case, tell};
use crate::id::{CalendarName, FollowUpName, SurveyName};
use crate::time::Timestamp;
use crate::workflow::Workflow;

/// Returns what a mark of a survey or follow-up does at an instant; nothing for other deadlines.
pub(super) fn fired(
    workflow: &Workflow,
    case: &Case,
    facts: &Facts,
    next: &Next,
    at: Timestamp,
) -> Option<Event> {
    let name = next.deadline.name();
    match (next.deadline.kind(), next.mark.rung) {
        (DeadlineKind::Survey, Rung::Open) => {
            let survey = SurveyName::new(name).ok()?;
            Some(sent(workflow, case, facts, survey, next.number, at))
        }
        (DeadlineKind::Survey, Rung::Close) => Some(closed(&next.deadline, next.number)),
        (DeadlineKind::FollowUp, Rung::Open) => {
            let name = FollowUpName::new(name).ok()?;
            let who = workflow.follow_ups().get(&name)?.who;
            tell::told(workflow, workflow.role_names(who))
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
        ) => None,
    }
}

/// Returns the event of sending a survey, or of not sending it: the customer got as many as they
/// may.
fn sent(
    workflow: &Workflow,
    case: &Case,
    facts: &Facts,
    survey: SurveyName,
    number: u32,
    at: Timestamp,
) -> Event {
    if facts::is_surveyed_enough(workflow, case, facts, &survey, at) {
        return Event::SurveySkipped(SurveySkipped { number, survey });
    }
    let known = workflow.surveys().get(&survey);
    let closes_at = known.and_then(|known| {
        let hours = workflow.calendar(known.calendar.as_ref().map(CalendarName::as_str));
        calendar::due(hours, known.closes_after?, at, &Pauses::none())
    });
    Event::SurveySent(SurveySent {
        closes_at,
        number,
        survey,
    })
}

fn closed(name: &DeadlineName, number: u32) -> Event {
    Event::DeadlineStopped(DeadlineStopped {
        deadline: name.clone(),
        number,
        verdict: Verdict::Done,
    })
}
