//! What the writer does within its transactions.
//!
//! Invariant: whatever returns an error has written nothing, or it is `Fatal` and the writer has
//! written its last.

use heard_engine::entry::StreamName;
use heard_engine::id::{Position, Revision};
use heard_engine::time::Timestamp;
use rusqlite::{Connection, OptionalExtension as _};

use super::failure::{fatal, writing};
use super::heads::{Head, Heads, Listed};
use super::row::{self, number};
use super::{booking, hold, survey};
use crate::store::{Append, Appended, CaseRow, CauseRow, Error, NewEntry, SealedRow, WorkflowRow};
use crate::store::{Derived, check};

/// Bytes a probe writes: as many as a small batch.
const PROBE_BYTES: u32 = 65_536;

/// The connection that writes, and what it remembers.
#[derive(Debug)]
pub(super) struct Writer {
    pub(super) db: Connection,
    heads: Heads,
    data_version: i64,
}

/// Moves the head of a stream.
const BARE: &str = "UPDATE head SET revision = ?3, position = ?4, hash = ?5
     WHERE stream = ?1 AND revision = ?2";
/// Moves the head of a case whose row stays in the lists it is in.
const ADVANCED: &str = "UPDATE head SET revision = ?3, position = ?4, hash = ?5,
     workflow_id = ?6, workflow_version = ?7, workflow_sha256 = ?8, place = ?9,
     opened_at = ?10, updated_at = ?11
     WHERE stream = ?1 AND revision = ?2";
/// Moves the head of a case whose row stays in the lists it is in, and is due at another time.
const DUE: &str = "UPDATE head SET revision = ?3, position = ?4, hash = ?5,
     workflow_id = ?6, workflow_version = ?7, workflow_sha256 = ?8, place = ?9,
     opened_at = ?10, updated_at = ?11, due_at = ?12
     WHERE stream = ?1 AND revision = ?2";
/// Moves the head of a case whose row is new or changes lists.
const LISTED: &str = "UPDATE head SET revision = ?3, position = ?4, hash = ?5,
     workflow_id = ?6, workflow_version = ?7, workflow_sha256 = ?8, place = ?9,
     opened_at = ?10, updated_at = ?11, due_at = ?12, counts_as = ?13, owes_cause = ?14,
     parent = ?15
     WHERE stream = ?1 AND revision = ?2";

/// What a transaction found when it began.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Begun {
    position: u64,
}

impl Writer {
    /// Takes over a connection whose tables are ready.
    pub(super) fn new(db: Connection) -> Self {
        Self {
            db,
            heads: Heads::new(),
            data_version: 0,
        }
    }

    /// Returns the newest position.
    pub(super) fn position(&self) -> rusqlite::Result<u64> {
        let sql = "SELECT coalesce(max(position), 0) FROM entry";
        self.db
            .prepare_cached(sql)?
            .query_row([], |found| row::count(found, 0))
    }

    /// Appends a batch in one transaction and one sync. Also returns the newest position.
    pub(super) fn append(&mut self, batch: &[Append]) -> Result<(Vec<Appended>, u64), Error> {
        check::batch(batch)?;
        self.transact("append", |db, heads, begun| {
            let mut last = begun.position;
            let mut answers = Vec::with_capacity(batch.len());
            for append in batch {
                answers.push(one(db, heads, append, &mut last)?);
            }
            Ok((answers, last))
        })
    }

    /// Replaces every derived row.
    pub(super) fn replace_derived(&mut self, rows: &[Derived]) -> Result<(), Error> {
        self.heads.clear();
        self.transact("rebuild", |db, _, _| super::rebuild::replace(db, rows))
    }

    /// Keeps why time is held, or that it is not.
    pub(super) fn keep_hold(&mut self, why: Option<&str>) -> Result<(), Error> {
        let operation = "keep why time is held";
        self.transact(operation, |db, _, _| {
            hold::keep(db, why).map_err(|error| writing(operation, error))
        })
    }

    /// Writes a row and takes it back, each for good: only a commit meets the disk.
    pub(super) fn probe(&mut self) -> Result<(), Error> {
        let said = |error| writing("probe", error);
        self.transact("probe", |db, _, _| {
            let sql = "INSERT OR REPLACE INTO probe (key, filler) VALUES (1, zeroblob(?1))";
            execute(db, sql, [PROBE_BYTES]).map_err(said)
        })?;
        self.transact("probe", |db, _, _| {
            execute(db, "DELETE FROM probe", []).map_err(said)
        })
    }

    fn transact<T>(
        &mut self,
        operation: &'static str,
        work: impl FnOnce(&Connection, &mut Heads, Begun) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let begun = match self.begin() {
            Ok(begun) => begun,
            Err(error) => return Err(self.undo(None, writing(operation, error))),
        };
        let done = work(&self.db, &mut self.heads, begun);
        let done = done.and_then(|value| match execute(&self.db, "COMMIT", []) {
            Ok(()) => Ok(value),
            Err(error) => Err(writing(operation, error)),
        });
        done.map_err(|error| self.undo(Some(begun), error))
    }

    fn begin(&mut self) -> rusqlite::Result<Begun> {
        execute(&self.db, "BEGIN IMMEDIATE", [])?;
        // Another tool may write to the file while we run; then what we remember may be wrong.
        let sql = "PRAGMA data_version";
        let version = self
            .db
            .prepare_cached(sql)?
            .query_row([], |found| found.get(0))?;
        if version != self.data_version {
            self.heads.clear();
            self.data_version = version;
        }
        Ok(Begun {
            position: self.position()?,
        })
    }

    /// Takes the transaction back and makes sure of it. Returns what is to be said.
    fn undo(&mut self, begun: Option<Begun>, error: Error) -> Error {
        self.heads.clear();
        if matches!(error, Error::Fatal { .. }) {
            return error;
        }
        // Some failures have taken it back already.
        if !self.db.is_autocommit()
            && let Err(error) = self.db.execute_batch("ROLLBACK")
        {
            return Error::Fatal {
                operation: "take back a batch",
                source: Some(Box::new(error)),
            };
        }
        match (begun, self.position()) {
            (None, _) => error,
            (Some(begun), Ok(position)) if position == begun.position => error,
            (Some(_), Ok(_)) => fatal("take back a batch", "entries of it were found after all"),
            (Some(_), Err(error)) => Error::Fatal {
                operation: "take back a batch",
                source: Some(Box::new(error)),
            },
        }
    }
}

fn execute(db: &Connection, sql: &str, params: impl rusqlite::Params) -> rusqlite::Result<()> {
    db.prepare_cached(sql)?.execute(params).map(drop)
}

/// Writes one append, or nothing of it when the head of one of its streams is another.
fn one(
    db: &Connection,
    heads: &mut Heads,
    append: &Append,
    last: &mut u64,
) -> Result<Appended, Error> {
    let said = |error| writing("append", error);
    let mut befores = Vec::with_capacity(append.entries.len());
    for entry in &append.entries {
        let head = head(db, heads, &entry.stream).map_err(said)?;
        if entry.revision.0 != head.map_or(0, |head| head.revision) + 1 {
            return Ok(Appended::Conflict);
        }
        befores.push(head);
    }
    let mut positions = Vec::with_capacity(append.entries.len());
    for (entry, before) in append.entries.iter().zip(befores) {
        *last += 1;
        let mut cases = append.cases.iter();
        let case = cases.find(|case| entry.stream == StreamName::Case(case.case));
        let head = write_entry(db, entry, before, case, *last)?;
        beside(db, append, entry, head.key).map_err(said)?;
        heads.put(entry.stream.clone(), head);
        positions.push(Position(*last));
    }
    if let Some(row) = &append.workflow {
        insert_workflow(db, row).map_err(said)?;
    }
    Ok(Appended::Written(positions))
}

fn head(db: &Connection, heads: &mut Heads, stream: &StreamName) -> rusqlite::Result<Option<Head>> {
    if let Some(head) = heads.get(stream) {
        return Ok(Some(head));
    }
    let sql = "SELECT s.key, h.revision, h.position, h.counts_as IS NOT NULL, h.counts_as,
                      h.owes_cause, h.due_at, h.parent
               FROM stream AS s JOIN head AS h ON h.stream = s.key WHERE s.name = ?1";
    let found = db
        .prepare_cached(sql)?
        .query_row([stream.to_string()], |found| {
            let listed = if found.get(3)? {
                Some(Listed {
                    stands: row::read_stands(found, 4)?,
                    owes_cause: found.get(5)?,
                    due_at: row::maybe_instant(found, 6)?,
                    parent: row::maybe_case_id(found, 7)?,
                })
            } else {
                None
            };
            Ok(Head {
                key: found.get(0)?,
                revision: row::count(found, 1)?,
                position: row::count(found, 2)?,
                listed,
            })
        });
    let found = found.optional()?;
    if let Some(head) = found {
        heads.put(stream.clone(), head);
    }
    Ok(found)
}

/// Writes an entry and the head of its stream; begins the stream where there is none.
fn write_entry(
    db: &Connection,
    entry: &NewEntry,
    before: Option<Head>,
    case: Option<&CaseRow>,
    position: u64,
) -> Result<Head, Error> {
    let said = |error| writing("append", error);
    let key = match before {
        Some(head) => head.key,
        None => begin_stream(db, entry, position).map_err(said)?,
    };
    let advanced = advance_head(db, key, entry, before, case, position).map_err(said)?;
    if advanced != 1 {
        // The head was read in this very transaction or under its data version.
        return Err(fatal(
            "append",
            "the head of a stream is not the one that was read",
        ));
    }
    let sql = "INSERT INTO entry (position, stream, revision, before, hash, body)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let behind = before.map_or(0, |head| head.position);
    let values = || {
        let (position, revision) = (number(position)?, number(entry.revision.0)?);
        let hash = entry.hash.0;
        let params = (position, key, revision, number(behind)?, hash, &entry.bytes);
        execute(db, sql, params)
    };
    values().map_err(said)?;
    let listed = case.map(Listed::of);
    Ok(Head {
        key,
        revision: entry.revision.0,
        position,
        listed: listed.or(before.and_then(|head| head.listed)),
    })
}

fn begin_stream(db: &Connection, entry: &NewEntry, position: u64) -> rusqlite::Result<i64> {
    execute(
        db,
        "INSERT INTO stream (name) VALUES (?1)",
        [entry.stream.to_string()],
    )?;
    let key = db.last_insert_rowid();
    let sql = "INSERT INTO head (stream, revision, position, hash) VALUES (?1, 0, ?2, ?3)";
    execute(db, sql, (key, number(position)?, entry.hash.0))?;
    Ok(key)
}

/// Moves the head of a stream. The columns that indexes are made of are named only when they
/// change: an update that names them writes the pages of the indexes whatever the values are.
fn advance_head(
    db: &Connection,
    key: i64,
    entry: &NewEntry,
    before: Option<Head>,
    case: Option<&CaseRow>,
    position: u64,
) -> rusqlite::Result<usize> {
    let expected = number(entry.revision.0 - 1)?;
    let (revision, position) = (number(entry.revision.0)?, number(position)?);
    let hash = entry.hash.0;
    let Some(case) = case else {
        let bare = (key, expected, revision, position, hash);
        return db.prepare_cached(BARE)?.execute(bare);
    };
    let sql = advance_sql(before.and_then(|head| head.listed), Listed::of(case));
    let mut update = db.prepare_cached(sql)?;
    let workflow = &case.workflow;
    let values: [&dyn rusqlite::ToSql; 11] = [
        &key,
        &expected,
        &revision,
        &position,
        &hash,
        &workflow.id.as_str(),
        &workflow.version.0,
        &workflow.sha256.0,
        &case.place,
        &case.opened_at.micros(),
        &case.updated_at.micros(),
    ];
    for (index, value) in (1..).zip(values) {
        update.raw_bind_parameter(index, value)?;
    }
    if sql != ADVANCED {
        update.raw_bind_parameter(12, case.due_at.map(Timestamp::micros))?;
    }
    if sql == LISTED {
        update.raw_bind_parameter(13, row::stands((case.closed_as, case.is_merged)))?;
        update.raw_bind_parameter(14, case.owes_cause)?;
        update.raw_bind_parameter(15, case.parent.map(row::id_bytes))?;
    }
    update.raw_execute()
}

/// Returns the update that names no more of the columns of indexes than change.
fn advance_sql(before: Option<Listed>, listed: Listed) -> &'static str {
    let Some(before) = before else { return LISTED };
    let is_due_as_before = before.due_at == listed.due_at;
    let due_at = listed.due_at;
    if (Listed { due_at, ..before }) != listed {
        LISTED
    } else if is_due_as_before {
        ADVANCED
    } else {
        DUE
    }
}

/// Writes what lies beside an entry: sealed values, root causes, bookings and surveys.
fn beside(db: &Connection, append: &Append, entry: &NewEntry, key: i64) -> rusqlite::Result<()> {
    for row in append
        .sealed
        .iter()
        .filter(|row| row.stream == entry.stream)
    {
        insert_sealed(db, key, row)?;
    }
    let causes = append.causes.iter();
    for row in causes.filter(|row| entry.stream == StreamName::Case(row.case)) {
        write_cause(db, key, row, entry.revision)?;
    }
    let bookings = append.bookings.iter();
    for row in bookings.filter(|row| entry.stream == StreamName::Case(row.case)) {
        booking::insert(db, key, row)?;
    }
    let surveys = append.surveys.iter();
    for row in surveys.filter(|row| entry.stream == StreamName::Case(row.case)) {
        survey::insert(db, key, row)?;
    }
    Ok(())
}

fn insert_sealed(db: &Connection, key: i64, row: &SealedRow) -> rusqlite::Result<()> {
    let sql = "INSERT INTO sealed (stream, revision, place, label, salt, value)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let revision = number(row.revision.0)?;
    let params = (key, revision, row.place, &row.label, row.salt, &row.value);
    execute(db, sql, params)
}

/// Writes a root cause: one that was just recorded under the next key, another in its place.
fn write_cause(
    db: &Connection,
    key: i64,
    row: &CauseRow,
    revision: Revision,
) -> rusqlite::Result<()> {
    if row.revision == revision {
        let sql = "DELETE FROM cause WHERE stream = ?1 AND number = ?2";
        execute(db, sql, (key, row.number))?;
        return insert_cause(db, key, row);
    }
    let sql = "UPDATE cause SET cause_group = ?4, cause_name = ?5, status = ?6, due_at = ?7
               WHERE stream = ?1 AND number = ?2 AND revision = ?3";
    let params = (
        key,
        row.number,
        number(row.revision.0)?,
        row.cause.group.as_str(),
        row.cause.name.as_str(),
        row.status.as_str(),
        row.due_at.map(Timestamp::micros),
    );
    match db.prepare_cached(sql)?.execute(params)? {
        1 => Ok(()),
        // A row that cannot be written, like one that breaks a constraint.
        _ => Err(rusqlite::Error::ToSqlConversionFailure(
            "the root cause that changes is not there".into(),
        )),
    }
}

/// Writes a root cause under the next key.
pub(super) fn insert_cause(db: &Connection, key: i64, row: &CauseRow) -> rusqlite::Result<()> {
    let sql = "INSERT INTO cause (stream, number, revision, cause_group, cause_name, workflow_id,
                                  workflow_version, workflow_sha256, recorded_at, status, due_at)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
    let params = (
        key,
        row.number,
        number(row.revision.0)?,
        row.cause.group.as_str(),
        row.cause.name.as_str(),
        row.workflow.id.as_str(),
        row.workflow.version.0,
        row.workflow.sha256.0,
        row.recorded_at.micros(),
        row.status.as_str(),
        row.due_at.map(Timestamp::micros),
    );
    execute(db, sql, params)
}

fn insert_workflow(db: &Connection, row: &WorkflowRow) -> rusqlite::Result<()> {
    let sql = "INSERT INTO workflow (id, version, sha256, title, published_at, bytes)
               VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
    let workflow = &row.workflow;
    let params = (
        workflow.id.as_str(),
        workflow.version.0,
        workflow.sha256.0,
        &row.title,
        row.published_at.micros(),
        &row.bytes,
    );
    execute(db, sql, params)
}

#[cfg(test)]
mod tests;
