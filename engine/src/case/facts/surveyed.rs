//! How often a customer was sent a survey lately, in all cases of a workflow.
//!
//! Before a survey is sent, [`asked_by_firing`] says what must be read. Whoever answers must let no
//! other case send that survey to that customer before this firing is written.
//!
//! Invariant: a count that was asked for and does not come is too many: nobody is asked twice
//! because something could not be read.

use serde::{Deserialize, Serialize};

use super::Facts;
use crate::calendar::{self, Calendar, Pauses};
use crate::case::Case;
use crate::case::deadline::{DeadlineKind, Rung};
use crate::case::event::Event;
use crate::id::{CalendarName, CustomerId, SurveyName, WorkflowId};
use crate::time::Timestamp;
use crate::workflow::Workflow;
use crate::workflow::length::Length;

/// How often a customer was sent a survey since an instant, in all cases of the workflow, whatever
/// their version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Surveyed {
    /// Who.
    pub customer: CustomerId,
    /// From when on sendings were counted.
    pub since: Timestamp,
    /// The survey.
    pub survey: SurveyName,
    /// So often.
    pub times: u32,
}

/// What must be known before a survey is sent; its answer is [`Surveyed`].
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct SurveyAsk {
    /// Who.
    pub customer: CustomerId,
    /// From when on sendings count, that instant included.
    pub since: Timestamp,
    /// The survey.
    pub survey: SurveyName,
    /// The workflow whose cases count.
    pub workflow: WorkflowId,
}

impl SurveyAsk {
    /// Returns the fact that answers it.
    #[must_use]
    pub fn answered(&self, times: u32) -> Surveyed {
        Surveyed {
            customer: self.customer,
            since: self.since,
            survey: self.survey.clone(),
            times,
        }
    }
}

/// A row of a table from which such questions are answered: the number of the rows of a customer,
/// survey and workflow with `at >= since`. Whoever keeps it adds case, customer and workflow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyRow {
    /// When it was sent.
    pub at: Timestamp,
    /// The survey.
    pub survey: SurveyName,
}

/// Returns the rows of an entry that took effect at an instant. Most entries have none.
#[must_use]
pub fn survey_rows(effective_at: Timestamp, events: &[Event]) -> Vec<SurveyRow> {
    let sent = events.iter().filter_map(|event| {
        let Event::SurveySent(sent) = event else {
            return None;
        };
        Some(SurveyRow {
            at: effective_at,
            survey: sent.survey.clone(),
        })
    });
    sent.collect()
}

/// Returns what must be read before the next mark of a case fires: how often its customer was sent
/// the survey that is to be sent. Nothing for every other mark, for a survey that may be sent as
/// often as it comes, and for a case whose customer is not known.
#[must_use]
pub fn asked_by_firing(workflow: &Workflow, case: &Case) -> Option<SurveyAsk> {
    let next = case.next_mark(workflow)?;
    if (next.deadline.kind(), next.mark.rung) != (DeadlineKind::Survey, Rung::Open) {
        return None;
    }
    let survey = SurveyName::new(next.deadline.name()).ok()?;
    let (_, since) = most(workflow, &survey, next.mark.at.max(case.effective_at()))?;
    Some(SurveyAsk {
        customer: case.customer()?,
        since,
        survey,
        workflow: workflow.reference().id.clone(),
    })
}

/// Says whether a survey that is to be sent at an instant was sent as often as it may be: to the
/// customer in any case, or, where nobody knows who that is, in this one.
pub(in crate::case) fn is_surveyed_enough(
    workflow: &Workflow,
    case: &Case,
    facts: &Facts,
    survey: &SurveyName,
    at: Timestamp,
) -> bool {
    let Some((times, since)) = most(workflow, survey, at) else {
        return false;
    };
    let Some(customer) = case.customer() else {
        let sent = case.surveys_sent.iter();
        let sent = sent.filter(|(name, at)| name == survey && *at >= since);
        return sent.map(|_| 1).sum::<u32>() >= times;
    };
    let answers = |known: &&Surveyed| known.survey == *survey && known.customer == customer;
    let known = facts.surveyed.iter().find(answers);
    known.is_none_or(|known| known.times >= times)
}

/// Returns how often a survey may be sent at most, and from when on sendings count at an instant.
fn most(workflow: &Workflow, survey: &SurveyName, at: Timestamp) -> Option<(u32, Timestamp)> {
    let known = workflow.surveys().get(survey)?;
    let (times, within) = known.at_most?;
    let hours = workflow.calendar(known.calendar.as_ref().map(CalendarName::as_str));
    Some((times, since(hours, within, at)))
}

/// Returns the first instant from which a length is not over yet at another: what was sent a whole
/// length ago counts no more.
fn since(hours: &Calendar, within: Length, at: Timestamp) -> Timestamp {
    let is_over = |from: i64| {
        let from = Timestamp::from_micros(from).ok();
        let end = from.and_then(|from| calendar::due(hours, within, from, &Pauses::none()));
        end.is_some_and(|end| end <= at)
    };
    // A later start never ends earlier, so halving what is left finds the first.
    let (mut over, mut running) = (Timestamp::FIRST.micros(), at.micros());
    if !is_over(over) {
        return Timestamp::FIRST;
    }
    while running - over > 1 {
        let middle = over + (running - over) / 2;
        if is_over(middle) {
            over = middle;
        } else {
            running = middle;
        }
    }
    Timestamp::from_micros(running).unwrap_or(at)
}
