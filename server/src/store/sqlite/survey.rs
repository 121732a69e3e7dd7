//! Surveys that were sent: written beside their entries, counted by customer.
//!
//! Invariant: what was sent to others, or before, costs no count anything.

use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Revision};
use rusqlite::{Connection, Result};

use super::row::{self, number};
use crate::store::{SurveyFilter, SurveyRow};

/// How often a survey was sent to a customer since an instant, in cases of a workflow.
const TIMES: &str = "SELECT count(*) FROM survey
     WHERE customer = ?1 AND workflow_id = ?2 AND survey = ?3 AND sent_at >= ?4";

/// Writes a survey under the next key.
pub(super) fn insert(db: &Connection, stream: i64, row: &SurveyRow) -> Result<()> {
    let sql = "INSERT INTO survey (stream, revision, workflow_id, survey, customer, sent_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let params = (
        stream,
        number(row.revision.0)?,
        row.workflow.as_str(),
        row.survey.as_str(),
        row.customer.uuid().into_bytes(),
        row.sent_at.micros(),
    );
    db.prepare_cached(sql)?.execute(params).map(drop)
}

/// Returns the surveys of a case, which are no more than its entries hold.
pub(super) fn of_case(db: &Connection, case: CaseId) -> Result<Vec<SurveyRow>> {
    let sql = "SELECT revision, workflow_id, survey, customer, sent_at
               FROM survey WHERE stream = (SELECT key FROM stream WHERE name = ?1)
               ORDER BY revision, survey";
    let mut select = db.prepare_cached(sql)?;
    let found = select.query_map([StreamName::Case(case).to_string()], |found| {
        Ok(SurveyRow {
            case,
            revision: Revision(row::count(found, 0)?),
            workflow: row::workflow_id(found, 1)?,
            survey: row::survey(found, 2)?,
            customer: row::customer(found, 3)?,
            sent_at: row::instant(found, 4)?,
        })
    })?;
    found.collect()
}

/// Returns how often what each filter asks for was sent.
pub(super) fn times(db: &Connection, filters: &[SurveyFilter]) -> Result<Vec<u32>> {
    let mut select = db.prepare_cached(TIMES)?;
    let times = |filter: &SurveyFilter| {
        let params = (
            filter.customer.uuid().into_bytes(),
            filter.workflow.as_str(),
            filter.survey.as_str(),
            filter.since.micros(),
        );
        select.query_row(params, |found| found.get(0))
    };
    filters.iter().map(times).collect()
}

#[cfg(test)]
mod tests;
