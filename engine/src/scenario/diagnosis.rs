//! A diagnosis for a line of a story that says no more than its cause: what else the workflow asks
//! for is made up.

use super::stand_in::WORDS;
use crate::case::CauseRef;
use crate::case::command::RecordCause;
use crate::case::diagnosis::{Evidence, Why};
use crate::time::{Date, Timestamp};
use crate::workflow::{CauseNeed, Workflow};

/// A policy that is made up.
const POLICY: &str = "policy-1";
/// How far ahead another look is made up, in microseconds: 30 days.
const LOOK_AHEAD_MICROS: i64 = 30 * 24 * 60 * 60 * 1_000_000;

/// Returns a proposed cause with everything that the workflow asks of it.
pub(super) fn made_up(
    workflow: &Workflow,
    now: Timestamp,
    cause: &CauseRef,
    whys: &[String],
) -> RecordCause<String> {
    let why = |why: &String| Why {
        evidence: vec![Evidence {
            reference: WORDS.to_owned(),
            sha256: None,
        }],
        statement: why.clone(),
    };
    let whys = whys.iter().map(why).collect();
    let mut record = RecordCause::proposed(cause.clone(), WORDS.to_owned(), whys);
    let Some(causes) = workflow.causes() else {
        return record;
    };
    record.failure = causes.failures.keys().next().cloned();
    record.reporting = causes.reporting.keys().next().cloned();
    let chosen = causes.categories.get(&cause.group);
    let chosen = chosen.and_then(|group| group.get(&cause.name));
    for need in chosen.iter().flat_map(|cause| &cause.needs) {
        match need {
            CauseNeed::PolicyId => record.policy_id = Some(POLICY.to_owned()),
            CauseNeed::ReviewDate => record.review_date = look(workflow, now),
        }
    }
    record
}

fn look(workflow: &Workflow, now: Timestamp) -> Option<Date> {
    let at = Timestamp::from_micros(now.micros().saturating_add(LOOK_AHEAD_MICROS)).ok()?;
    Some(workflow.calendar(None).local_date(at))
}
