//! Entries and sealed values read back, in the reader threads.
//!
//! Invariant: no read transaction outlives one page of rows.

use heard_engine::entry::StreamName;
use heard_engine::id::{Position, Revision};
use rusqlite::{Connection, OptionalExtension as _, Row};

use super::failure::{damaged, reading};
use super::row;
use crate::store::{Error, PAGE_ROWS_MAX, SealedRow, StoredEntry};

/// A place in the chain of a stream: the next entry to read, going back.
#[derive(Debug, Clone, Copy)]
struct Link {
    key: i64,
    revision: u64,
    position: u64,
}

/// Returns all entries of each stream.
pub(super) fn load(
    db: &Connection,
    streams: &[StreamName],
) -> Result<Vec<Vec<StoredEntry>>, Error> {
    let mut loaded = Vec::with_capacity(streams.len());
    let mut pages = Pages::begin(db)?;
    for stream in streams {
        loaded.push(walk(db, &mut pages, stream, 0, usize::MAX)?);
    }
    pages.end()?;
    Ok(loaded)
}

/// Returns entries of one stream after a revision.
pub(super) fn entries(
    db: &Connection,
    stream: &StreamName,
    after: Revision,
    rows: usize,
) -> Result<Vec<StoredEntry>, Error> {
    let mut pages = Pages::begin(db)?;
    let found = walk(db, &mut pages, stream, after.0, rows.min(PAGE_ROWS_MAX))?;
    pages.end()?;
    Ok(found)
}

/// Walks back from the head and returns the entries after a revision, at most so many.
fn walk(
    db: &Connection,
    pages: &mut Pages<'_>,
    stream: &StreamName,
    after: u64,
    rows: usize,
) -> Result<Vec<StoredEntry>, Error> {
    let said = |error| reading("load", error);
    let Some(mut link) = head(db, stream).map_err(said)? else {
        return Ok(Vec::new());
    };
    let newest = after.saturating_add(rows as u64);
    let mut found = Vec::new();
    while link.revision > after {
        pages.row()?;
        let is_asked = link.revision <= newest;
        let (entry, before) = step(db, link, is_asked).map_err(said)?.ok_or_else(|| {
            damaged(format!(
                "entry {} of {stream} is not at position {}",
                link.revision, link.position
            ))
        })?;
        found.extend(entry);
        // Falling positions also keep a damaged chain from leading in a circle.
        if before >= link.position || (before == 0) != (link.revision == 1) {
            return Err(damaged(format!("the chain of {stream} is broken")));
        }
        link.position = before;
        link.revision -= 1;
    }
    found.reverse();
    Ok(found)
}

fn head(db: &Connection, stream: &StreamName) -> rusqlite::Result<Option<Link>> {
    let sql = "SELECT s.key, h.revision, h.position
               FROM stream AS s JOIN head AS h ON h.stream = s.key WHERE s.name = ?1";
    let link = |found: &Row<'_>| {
        Ok(Link {
            key: found.get(0)?,
            revision: row::count(found, 1)?,
            position: row::count(found, 2)?,
        })
    };
    db.prepare_cached(sql)?
        .query_row([stream.to_string()], link)
        .optional()
}

/// Reads the entry of a link, or only the position of the one before it.
fn step(
    db: &Connection,
    link: Link,
    is_asked: bool,
) -> rusqlite::Result<Option<(Option<StoredEntry>, u64)>> {
    let sql = "SELECT before, position, revision, hash, body FROM entry
               WHERE position = ?1 AND stream = ?2 AND revision = ?3";
    let read = |found: &Row<'_>| {
        let entry = if is_asked {
            Some(row::entry(found, 1)?)
        } else {
            None
        };
        Ok((entry, row::count(found, 0)?))
    };
    let params = (
        row::number(link.position)?,
        link.key,
        row::number(link.revision)?,
    );
    db.prepare_cached(sql)?.query_row(params, read).optional()
}

/// Returns entries of all streams after a position.
pub(super) fn scan(
    db: &Connection,
    after: Position,
    rows: usize,
) -> Result<Vec<(StreamName, StoredEntry)>, Error> {
    let sql = "SELECT s.name, e.position, e.revision, e.hash, e.body
               FROM entry AS e LEFT JOIN stream AS s ON s.key = e.stream
               WHERE e.position > ?1 ORDER BY e.position LIMIT ?2";
    let scan = || {
        let mut select = db.prepare_cached(sql)?;
        let after = i64::try_from(after.0).unwrap_or(i64::MAX);
        let found = select.query_map((after, limit(rows)), |found| {
            Ok((row::stream(found, 0)?, row::entry(found, 1)?))
        })?;
        found.collect::<rusqlite::Result<_>>()
    };
    scan().map_err(|error| reading("scan", error))
}

/// Returns the sealed values of one stream.
pub(super) fn sealed(
    db: &Connection,
    stream: &StreamName,
    revision: Option<Revision>,
) -> Result<Vec<SealedRow>, Error> {
    let sql = "SELECT revision, place, label, salt, value FROM sealed
               WHERE stream = (SELECT key FROM stream WHERE name = ?1)
                   AND revision BETWEEN ?2 AND ?3
               ORDER BY revision, place";
    let bound = |revision: Revision| i64::try_from(revision.0).unwrap_or(i64::MAX);
    let (first, last) = (revision.map_or(0, bound), revision.map_or(i64::MAX, bound));
    let read = || {
        let mut select = db.prepare_cached(sql)?;
        let found = select.query_map((stream.to_string(), first, last), |found| {
            Ok(SealedRow {
                stream: stream.clone(),
                revision: Revision(row::count(found, 0)?),
                place: found.get(1)?,
                label: found.get(2)?,
                salt: found.get(3)?,
                value: found.get(4)?,
            })
        })?;
        found.collect::<rusqlite::Result<_>>()
    };
    read().map_err(|error| reading("read sealed values", error))
}

/// Returns how many rows a page may have, for SQL.
pub(super) fn limit(rows: usize) -> i64 {
    i64::try_from(rows.min(PAGE_ROWS_MAX)).unwrap_or(i64::MAX)
}

/// A read transaction that is ended and begun again after every page of rows. Entries never
/// change, so a walk may go on in a later one.
#[derive(Debug)]
struct Pages<'db> {
    db: &'db Connection,
    rows: usize,
    is_open: bool,
}

impl<'db> Pages<'db> {
    fn begin(db: &'db Connection) -> Result<Self, Error> {
        let mut pages = Self {
            db,
            rows: 0,
            is_open: false,
        };
        pages.execute("BEGIN")?;
        pages.is_open = true;
        Ok(pages)
    }

    fn row(&mut self) -> Result<(), Error> {
        if self.rows == PAGE_ROWS_MAX {
            self.execute("COMMIT")?;
            self.execute("BEGIN")?;
            self.rows = 0;
        }
        self.rows += 1;
        Ok(())
    }

    fn end(mut self) -> Result<(), Error> {
        self.is_open = false;
        self.execute("COMMIT")
    }

    fn execute(&self, sql: &str) -> Result<(), Error> {
        let execute = || self.db.prepare_cached(sql)?.execute([]);
        execute().map(drop).map_err(|error| reading("load", error))
    }
}

impl Drop for Pages<'_> {
    fn drop(&mut self) {
        if self.is_open && !self.db.is_autocommit() {
            // What went wrong is being said already; a transaction that stays open is said here.
            if let Err(error) = self.execute("ROLLBACK") {
                tracing::error!(
                    error = &error as &dyn std::error::Error,
                    "a read stays open"
                );
            }
        }
    }
}
