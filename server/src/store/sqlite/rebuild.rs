//! Derived rows made again: heads from the entries, all others from the caller.
//!
//! Invariant: afterwards the tables are what they would be had nothing gone wrong, keys included.

use std::collections::HashMap;

use heard_engine::entry::StreamName;
use heard_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, params};

use super::failure::{data, writing};
use super::row::{id_bytes, number, stands};
use super::write::insert_cause;
use super::{booking, survey};
use crate::store::{BookingRow, CaseRow, CauseRow, Derived, Error, SurveyRow};

/// What a rebuild writes beside an entry.
#[derive(Default)]
struct Beside<'a> {
    causes: Vec<&'a CauseRow>,
    bookings: Vec<&'a BookingRow>,
    surveys: Vec<&'a SurveyRow>,
}

/// The rows of a rebuild by the entry they belong to: its stream and its revision.
type Entries<'a> = HashMap<(i64, i64), Beside<'a>>;

/// Replaces them all; the transaction is the caller's.
pub(super) fn replace(db: &Connection, rows: &[Derived]) -> Result<(), Error> {
    let said = |error| writing("rebuild", error);
    db.execute_batch(
        "DELETE FROM cause;
         DELETE FROM booking;
         DELETE FROM survey;
         DELETE FROM head;
         INSERT INTO head (stream, revision, position, hash)
             SELECT stream, revision, position, hash FROM entry
             WHERE position IN (SELECT max(position) FROM entry GROUP BY stream);",
    )
    .map_err(said)?;
    let mut entries = Entries::new();
    for derived in rows {
        let stream = list_case(db, &derived.case).map_err(said)?;
        let stream = stream.ok_or_else(not_derived)?;
        for cause in &derived.causes {
            if cause.case != derived.case.case {
                return Err(not_derived());
            }
            let revision = number(cause.revision.0).map_err(said)?;
            let beside = entries.entry((stream, revision)).or_default();
            beside.causes.push(cause);
        }
        for booking in &derived.bookings {
            if booking.case != derived.case.case {
                return Err(not_derived());
            }
            let revision = number(booking.revision.0).map_err(said)?;
            let beside = entries.entry((stream, revision)).or_default();
            beside.bookings.push(booking);
        }
        for survey in &derived.surveys {
            if survey.case != derived.case.case {
                return Err(not_derived());
            }
            let revision = number(survey.revision.0).map_err(said)?;
            let beside = entries.entry((stream, revision)).or_default();
            beside.surveys.push(survey);
        }
    }
    write_beside(db, entries)
        .map_err(said)?
        .ok_or_else(not_derived)
}

/// Gives a head the columns of its case. `None` when it is another head, or has them already.
fn list_case(db: &Connection, case: &CaseRow) -> rusqlite::Result<Option<i64>> {
    let sql = "UPDATE head SET workflow_id = ?5, workflow_version = ?6, workflow_sha256 = ?7,
                   place = ?8, counts_as = ?9, owes_cause = ?10, opened_at = ?11, updated_at = ?12,
                   due_at = ?13, parent = ?14
               WHERE stream = (SELECT key FROM stream WHERE name = ?1)
                   AND revision = ?2 AND position = ?3 AND hash = ?4 AND counts_as IS NULL
               RETURNING stream";
    let workflow = &case.workflow;
    let params = params![
        StreamName::Case(case.case).to_string(),
        number(case.revision.0)?,
        number(case.position.0)?,
        case.head.0,
        workflow.id.as_str(),
        workflow.version.0,
        workflow.sha256.0,
        case.place,
        stands((case.closed_as, case.is_merged)),
        case.owes_cause,
        case.opened_at.micros(),
        case.updated_at.micros(),
        case.due_at.map(Timestamp::micros),
        case.parent.map(id_bytes),
    ];
    let mut update = db.prepare_cached(sql)?;
    update.query_row(params, |row| row.get(0)).optional()
}

/// Writes what belongs to entries, in their order. `None` when some of it has no entry.
fn write_beside(db: &Connection, mut beside: Entries<'_>) -> rusqlite::Result<Option<()>> {
    let mut entries = db.prepare("SELECT stream, revision FROM entry ORDER BY position")?;
    let mut entries = entries.query([])?;
    while !beside.is_empty()
        && let Some(entry) = entries.next()?
    {
        let place = (entry.get(0)?, entry.get(1)?);
        let mut found = beside.remove(&place).unwrap_or_default();
        found.causes.sort_by_key(|cause| cause.number);
        for cause in found.causes {
            insert_cause(db, place.0, cause)?;
        }
        found.bookings.sort_by_key(|booking| booking.place);
        for booking in found.bookings {
            booking::insert(db, place.0, booking)?;
        }
        for survey in found.surveys {
            survey::insert(db, place.0, survey)?;
        }
    }
    Ok(beside.is_empty().then_some(()))
}

fn not_derived() -> Error {
    data(
        "rebuild",
        "a row was not derived from the entries of the store",
    )
}
