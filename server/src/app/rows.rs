//! The derived rows of a case: what lists and searches ask.
//!
//! Invariant: a row says nothing that the entries do not say.

use heard_engine::case::{Case, Diagnosis, Event, Place, facts};
use heard_engine::id::{CaseId, Digest, Position, Revision, WorkflowId};
use heard_engine::money::Money;
use heard_engine::time::Timestamp;

use crate::store::{BookingRow, CaseRow, CauseRow, SurveyRow};

/// Returns the row of a case with this head.
pub(super) fn case_row(id: CaseId, case: &Case, head: Digest, position: Position) -> CaseRow {
    let (place, closed_as) = match case.place() {
        Place::Step(step) => (step.to_string(), None),
        Place::Outcome(closing) => (closing.outcome.to_string(), Some(closing.counts_as)),
        Place::Merged(merging) => (merging.into.to_string(), None),
    };
    CaseRow {
        case: id,
        revision: case.revision(),
        head,
        position,
        workflow: case.workflow().clone(),
        place,
        closed_as,
        is_merged: case.merged_into().is_some(),
        owes_cause: case.owes_cause(),
        opened_at: case.opened_at(),
        updated_at: case.updated_at(),
        due_at: case.due_at().filter(|_| !case.is_full()),
        parent: case.parent(),
    }
}

/// Returns the rows of the root causes of a case, in the order in which they were last recorded.
pub(super) fn cause_rows(id: CaseId, case: &Case) -> Vec<CauseRow> {
    let causes = case.causes().iter();
    let mut rows: Vec<CauseRow> = causes.map(|cause| cause_row(id, case, cause)).collect();
    rows.sort_by_key(|row| (row.revision, row.number));
    rows
}

/// Returns the rows of the root causes that are not as they were before.
pub(super) fn changed_cause_rows(id: CaseId, before: Option<&Case>, after: &Case) -> Vec<CauseRow> {
    if after.causes().is_empty() {
        return Vec::new();
    }
    let before = before.map_or_else(Vec::new, |case| cause_rows(id, case));
    let mut rows = cause_rows(id, after);
    rows.retain(|row| !before.contains(row));
    rows
}

/// Returns the row of a root cause.
pub(super) fn cause_row(id: CaseId, case: &Case, cause: &Diagnosis) -> CauseRow {
    let running = case
        .deadlines()
        .filter(|(name, deadline)| name.cause() == Some(cause.number) && deadline.is_running());
    CauseRow {
        case: id,
        number: cause.number,
        revision: cause.revision,
        cause: cause.cause.clone(),
        workflow: case.workflow().clone(),
        recorded_at: cause.at,
        status: cause.status,
        due_at: running.filter_map(|(_, deadline)| deadline.due).min(),
    }
}

/// Returns the rows of what an entry gave and took back.
pub(super) fn booking_rows(
    case: CaseId,
    workflow: &WorkflowId,
    (revision, at): (Revision, Timestamp),
    events: &[Event],
) -> Vec<BookingRow> {
    let rows = facts::booking_rows(at, events).into_iter().zip(0..);
    rows.map(|(row, place)| BookingRow {
        case,
        revision,
        place,
        workflow: workflow.clone(),
        limit: row.limit,
        person: row.person,
        booked_at: row.at,
        amount: Money {
            currency: row.currency,
            minor: row.minor,
        },
    })
    .collect()
}

/// Returns the rows of the surveys that the last entry of a case sent to its customer, if anybody
/// knows who that is.
pub(super) fn survey_rows(id: CaseId, case: &Case, events: &[Event]) -> Vec<SurveyRow> {
    let Some(customer) = case.customer() else {
        return Vec::new();
    };
    let rows = facts::survey_rows(case.effective_at(), events);
    rows.into_iter()
        .map(|row| SurveyRow {
            case: id,
            revision: case.revision(),
            workflow: case.workflow().id.clone(),
            survey: row.survey,
            customer,
            sent_at: row.at,
        })
        .collect()
}
