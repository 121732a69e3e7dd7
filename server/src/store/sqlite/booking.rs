//! Bookings: written beside their entries, summed over periods.

use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Revision};
use rusqlite::{Connection, Result};

use super::row::{self, number};
use crate::store::{BookingRow, GivenFilter};

/// Writes a booking under the next key.
pub(super) fn insert(db: &Connection, stream: i64, row: &BookingRow) -> Result<()> {
    let sql = "INSERT INTO booking (stream, revision, place, workflow_id, limit_name, person,
                                    currency, booked_at, minor)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    let params = (
        stream,
        number(row.revision.0)?,
        row.place,
        row.workflow.as_str(),
        row.limit.as_str(),
        row.person.uuid().into_bytes(),
        row.amount.currency.to_string(),
        row.booked_at.micros(),
        row.amount.minor,
    );
    db.prepare_cached(sql)?.execute(params).map(drop)
}

/// Returns the bookings of a case, which are no more than its entries hold.
pub(super) fn of_case(db: &Connection, case: CaseId) -> Result<Vec<BookingRow>> {
    let sql = "SELECT revision, place, workflow_id, limit_name, person, currency, booked_at, minor
               FROM booking WHERE stream = (SELECT key FROM stream WHERE name = ?1)
               ORDER BY revision, place";
    let mut select = db.prepare_cached(sql)?;
    let found = select.query_map([StreamName::Case(case).to_string()], |found| {
        Ok(BookingRow {
            case,
            revision: Revision(row::count(found, 0)?),
            place: found.get(1)?,
            workflow: row::workflow_id(found, 2)?,
            limit: row::limit(found, 3)?,
            person: row::person(found, 4)?,
            booked_at: row::instant(found, 6)?,
            amount: row::money(found, 5, 7)?,
        })
    })?;
    found.collect()
}

/// Returns the sum of the bookings of each filter.
pub(super) fn given(db: &Connection, filters: &[GivenFilter]) -> Result<Vec<i64>> {
    let sql = "SELECT coalesce(sum(minor), 0) FROM booking
               WHERE person = ?1 AND workflow_id = ?2 AND limit_name = ?3 AND currency = ?4
                   AND booked_at >= ?5";
    let mut select = db.prepare_cached(sql)?;
    let sum = |filter: &GivenFilter| {
        let params = (
            filter.person.uuid().into_bytes(),
            filter.workflow.as_str(),
            filter.limit.as_str(),
            filter.currency.to_string(),
            filter.since.micros(),
        );
        select.query_row(params, |found| found.get(0))
    };
    filters.iter().map(sum).collect()
}
