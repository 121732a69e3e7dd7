//! What is due: read from an index that holds nothing else, in bounded pages.
//!
//! Invariant: no read here costs more for what is not due.

use heard_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _, Result, Row};

use super::read::limit;
use super::row;
use crate::store::{Cursor, DuePlace, DueRow};

/// The columns that [`due_row`] reads, in the order of the index.
macro_rules! due {
    ($where:literal) => {
        concat!(
            "SELECT due_at, stream, workflow_id, workflow_version, workflow_sha256 ",
            "FROM head INDEXED BY head_due WHERE ",
            $where,
            " ORDER BY due_at, stream LIMIT ?3"
        )
    };
}

/// The rest of those due at one instant: the instant, the key after which it begins, rows.
pub(super) const SAME: &str = due!("due_at = ?1 AND stream > ?2");
/// Those due between two instants: the one before the first, the last, rows.
pub(super) const LATER: &str = due!("due_at > ?1 AND due_at <= ?2");
/// The first due after an instant.
pub(super) const NEXT: &str =
    "SELECT due_at FROM head INDEXED BY head_due WHERE due_at > ?1 ORDER BY due_at LIMIT 1";
/// How many are due until an instant, as far as is counted.
pub(super) const COUNT: &str = "SELECT count(*) FROM
     (SELECT 1 FROM head INDEXED BY head_due WHERE due_at <= ?1 LIMIT ?2)";

/// Returns a page of the cases due until an instant.
pub(super) fn page(
    db: &Connection,
    until: Timestamp,
    after: Option<DuePlace>,
    rows: usize,
) -> Result<Vec<DueRow>> {
    let rows = limit(rows);
    let mut due = Vec::new();
    let mut seen = i64::MIN;
    if let Some(after) = after {
        seen = after.due_at.micros();
        if after.due_at <= until {
            let key = i64::try_from(after.key.0).unwrap_or(i64::MAX);
            read(db, SAME, (seen, key, rows), &mut due)?;
        }
    }
    let left = rows - limit(due.len());
    read(db, LATER, (seen, until.micros(), left), &mut due)?;
    Ok(due)
}

fn read(db: &Connection, sql: &str, params: (i64, i64, i64), due: &mut Vec<DueRow>) -> Result<()> {
    let mut select = db.prepare_cached(sql)?;
    let mut found = select.query(params)?;
    while let Some(found) = found.next()? {
        due.push(due_row(db, found)?);
    }
    Ok(())
}

fn due_row(db: &Connection, found: &Row<'_>) -> Result<DueRow> {
    let sql = "SELECT name FROM stream WHERE key = ?1";
    let key: i64 = found.get(1)?;
    let case = db
        .prepare_cached(sql)?
        .query_row([key], |name| row::case(name, 0))?;
    Ok(DueRow {
        case,
        place: DuePlace {
            due_at: row::instant(found, 0)?,
            key: Cursor(row::count(found, 1)?),
        },
        workflow: row::workflow(found, 2)?,
    })
}

/// Returns the first instant after another at which a case is due.
pub(super) fn next(db: &Connection, after: Timestamp) -> Result<Option<Timestamp>> {
    let read = |found: &Row<'_>| row::instant(found, 0);
    db.prepare_cached(NEXT)?
        .query_row([after.micros()], read)
        .optional()
}

/// Returns how many cases are due until an instant, counting no further than `at_most`.
pub(super) fn count(db: &Connection, until: Timestamp, at_most: usize) -> Result<usize> {
    let at_most = i64::try_from(at_most).unwrap_or(i64::MAX);
    let mut select = db.prepare_cached(COUNT)?;
    let counted: i64 = select.query_row((until.micros(), at_most), |found| found.get(0))?;
    Ok(usize::try_from(counted).unwrap_or_default())
}

#[cfg(test)]
mod tests;
