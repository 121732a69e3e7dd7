//! Lists in pages: cases, root causes, workflows.
//!
//! A list goes through its rows in the order of their keys, oldest first. Where a filter has no
//! index of its own, rows are looked at and passed over in steps of [`STEP_ROWS`], each in a read
//! of its own, until the page is full.

use heard_engine::case::CauseStatus;
use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Position, Revision, Version, WorkflowId};
use rusqlite::{Connection, OptionalExtension as _, Result, Row, ToSql, params_from_iter};

use super::read::limit;
use super::row;
use crate::store::{
    CaseFilter, CaseRow, CauseFilter, CauseRow, Cursor, PAGE_ROWS_MAX, Page, WorkflowRow,
};

/// Rows looked at in one read transaction.
const STEP_ROWS: i64 = 4_096;

/// The columns of a case: the key of its stream, then what [`case_row`] reads.
macro_rules! cases {
    ($from:literal, $where:literal) => {
        concat!(
            "SELECT stream, revision, hash, position, workflow_id, workflow_version, ",
            "workflow_sha256, place, counts_as, owes_cause, opened_at, updated_at, due_at, ",
            "parent FROM ",
            $from,
            " WHERE ",
            $where
        )
    };
}

/// The columns of a cause: its key, then what [`cause_row`] reads.
macro_rules! causes {
    ($where:literal) => {
        concat!(
            "SELECT c.key, s.name, c.number, c.revision, c.cause_group, c.cause_name, ",
            "c.workflow_id, c.workflow_version, c.workflow_sha256, c.recorded_at, c.status, ",
            "c.due_at ",
            "FROM cause AS c LEFT JOIN stream AS s ON s.key = c.stream WHERE ",
            $where,
            " ORDER BY c.key LIMIT ?2"
        )
    };
}

/// Returns the row of a case.
pub(super) fn case(db: &Connection, case: CaseId) -> Result<Option<CaseRow>> {
    let sql = cases!(
        "head",
        "counts_as IS NOT NULL AND stream = (SELECT key FROM stream WHERE name = ?1)"
    );
    let name = StreamName::Case(case).to_string();
    let read = |found: &Row<'_>| case_row(found, case);
    db.prepare_cached(sql)?.query_row([name], read).optional()
}

/// The cases that belong to the systemic issue of one case.
const CHILDREN: &str = cases!(
    "head INDEXED BY head_parent",
    "parent = ?3 AND stream > ?1 ORDER BY stream LIMIT ?2"
);

/// Returns a page of cases.
pub(super) fn cases(
    db: &Connection,
    filter: &CaseFilter,
    after: Cursor,
    rows: usize,
) -> Result<Page<CaseRow>> {
    const ALL: &str = cases!("head", "stream > ?1 ORDER BY stream LIMIT ?2");
    const OPEN: &str = cases!(
        "head INDEXED BY head_open",
        "stream > ?1 AND counts_as = 'open' ORDER BY stream LIMIT ?2"
    );
    const OWING: &str = cases!(
        "head INDEXED BY head_owes_cause",
        "stream > ?1 AND owes_cause = 1 ORDER BY stream LIMIT ?2"
    );
    let sql = match (filter.parent, filter.owes_cause, filter.is_closed) {
        (Some(_), _, _) => CHILDREN,
        (None, Some(true), _) => OWING,
        (None, Some(false) | None, Some(false)) => OPEN,
        (None, Some(false) | None, Some(true) | None) => ALL,
    };
    let parent = filter.parent.map(row::id_bytes);
    let of: Vec<&dyn ToSql> = parent.iter().map(|parent| parent as &dyn ToSql).collect();
    page(db, sql, &of, after, rows, |found| {
        if !is_asked(filter, found)? {
            return Ok(None);
        }
        let sql = "SELECT name FROM stream WHERE key = ?1";
        let key: i64 = found.get(0)?;
        let id = db
            .prepare_cached(sql)?
            .query_row([key], |name| row::case(name, 0))?;
        case_row(found, id).map(Some)
    })
}

/// Returns a page of root causes.
pub(super) fn causes(
    db: &Connection,
    filter: &CauseFilter,
    after: Cursor,
    rows: usize,
) -> Result<Page<CauseRow>> {
    let read = |found: &Row<'_>| {
        let is_asked = is(found, 6, filter.workflow.as_ref().map(WorkflowId::as_str))?
            && is(
                found,
                4,
                filter.cause.as_ref().map(|cause| cause.group.as_str()),
            )?
            && is(
                found,
                5,
                filter.cause.as_ref().map(|cause| cause.name.as_str()),
            )?
            && is(found, 10, filter.status.map(CauseStatus::as_str))?;
        let row = is_asked.then(|| cause_row(found)).transpose()?;
        Ok(row.filter(|row| filter.wants(row)))
    };
    let Some(case) = filter.case else {
        return page(db, causes!("c.key > ?1"), &[], after, rows, read);
    };
    let name = StreamName::Case(case).to_string();
    let mut key = db.prepare_cached("SELECT key FROM stream WHERE name = ?1")?;
    let key: Option<i64> = key.query_row([name], |found| found.get(0)).optional()?;
    match key {
        Some(key) => {
            let sql = causes!("c.stream = ?3 AND c.key > ?1");
            page(db, sql, &[&key], after, rows, read)
        }
        None => Ok(Page {
            rows: Vec::new(),
            next: None,
        }),
    }
}

/// Goes through the rows of a query by their keys until the page is full and one more is seen.
fn page<T>(
    db: &Connection,
    sql: &str,
    of: &[&dyn ToSql],
    after: Cursor,
    rows: usize,
    read: impl Fn(&Row<'_>) -> Result<Option<T>>,
) -> Result<Page<T>> {
    let rows = rows.min(PAGE_ROWS_MAX);
    let mut page = Page {
        rows: Vec::with_capacity(rows.min(64)),
        next: None,
    };
    let mut seen = i64::try_from(after.0).unwrap_or(i64::MAX);
    let mut last = after;
    loop {
        let mut select = db.prepare_cached(sql)?;
        let bounds: [&dyn ToSql; 2] = [&seen, &STEP_ROWS];
        let params = bounds.into_iter().chain(of.iter().copied());
        let mut found = select.query(params_from_iter(params))?;
        let mut step = 0;
        while let Some(row) = found.next()? {
            step += 1;
            seen = row.get(0)?;
            let Some(asked) = read(row)? else { continue };
            if page.rows.len() == rows {
                page.next = Some(last);
                return Ok(page);
            }
            page.rows.push(asked);
            last = Cursor(seen.unsigned_abs());
        }
        if step < STEP_ROWS {
            return Ok(page);
        }
    }
}

fn is(row: &Row<'_>, column: usize, asked: Option<&str>) -> Result<bool> {
    match asked {
        None => Ok(true),
        Some(asked) => Ok(row.get_ref(column)?.as_str_or_null()? == Some(asked)),
    }
}

fn is_asked(filter: &CaseFilter, found: &Row<'_>) -> Result<bool> {
    if found.get_ref(8)?.as_str_or_null()?.is_none() {
        return Ok(false);
    }
    let (closed_as, is_merged) = row::read_stands(found, 8)?;
    let is_closed = closed_as.is_some();
    let owes_cause: bool = found.get(9)?;
    Ok(filter
        .is_closed
        .is_none_or(|asked| asked == is_closed && !is_merged)
        && filter.owes_cause.is_none_or(|asked| asked == owes_cause)
        && is(found, 4, filter.workflow.as_ref().map(WorkflowId::as_str))?
        && is(found, 7, filter.place.as_deref())?)
}

fn case_row(found: &Row<'_>, case: CaseId) -> Result<CaseRow> {
    let (closed_as, is_merged) = row::read_stands(found, 8)?;
    Ok(CaseRow {
        case,
        revision: Revision(row::count(found, 1)?),
        head: row::digest(found, 2)?,
        position: Position(row::count(found, 3)?),
        workflow: row::workflow(found, 4)?,
        place: found.get(7)?,
        closed_as,
        is_merged,
        owes_cause: found.get(9)?,
        opened_at: row::instant(found, 10)?,
        updated_at: row::instant(found, 11)?,
        due_at: row::maybe_instant(found, 12)?,
        parent: row::maybe_case_id(found, 13)?,
    })
}

fn cause_row(found: &Row<'_>) -> Result<CauseRow> {
    Ok(CauseRow {
        case: row::case(found, 1)?,
        number: found.get(2)?,
        revision: Revision(row::count(found, 3)?),
        cause: row::cause(found, 4)?,
        workflow: row::workflow(found, 6)?,
        recorded_at: row::instant(found, 9)?,
        status: row::status(found, 10)?,
        due_at: row::maybe_instant(found, 11)?,
    })
}

/// Returns a published workflow with its bytes; without a version the highest.
pub(super) fn workflow(
    db: &Connection,
    id: &WorkflowId,
    version: Option<Version>,
) -> Result<Option<WorkflowRow>> {
    let sql = "SELECT id, version, sha256, title, published_at, bytes FROM workflow
               WHERE id = ?1 AND (?2 IS NULL OR version = ?2) ORDER BY version DESC LIMIT 1";
    let params = (id.as_str(), version.map(|version| version.0));
    let read = |found: &Row<'_>| {
        Ok(WorkflowRow {
            bytes: found.get(5)?,
            ..workflow_row(found, 0)?
        })
    };
    db.prepare_cached(sql)?.query_row(params, read).optional()
}

/// Returns a page of the published workflows, by id and version.
pub(super) fn workflows(db: &Connection, after: Cursor, rows: usize) -> Result<Page<WorkflowRow>> {
    const FIRST: &str = "SELECT key, id, version, sha256, title, published_at FROM workflow
        WHERE ?1 = 0 ORDER BY id, version LIMIT ?2";
    const LATER: &str = "SELECT key, id, version, sha256, title, published_at FROM workflow
        WHERE (id, version) > (SELECT id, version FROM workflow WHERE key = ?1)
        ORDER BY id, version LIMIT ?2";
    let sql = if after == Cursor::default() {
        FIRST
    } else {
        LATER
    };
    let rows = limit(rows);
    let mut select = db.prepare_cached(sql)?;
    let after_key = i64::try_from(after.0).unwrap_or(i64::MAX);
    let mut found = select.query((after_key, rows + 1))?;
    let mut page = Page {
        rows: Vec::new(),
        next: None,
    };
    let mut last = after;
    while let Some(row) = found.next()? {
        if limit(page.rows.len()) == rows {
            page.next = Some(last);
            break;
        }
        last = Cursor(row::count(row, 0)?);
        page.rows.push(workflow_row(row, 1)?);
    }
    Ok(page)
}

fn workflow_row(found: &Row<'_>, first: usize) -> Result<WorkflowRow> {
    Ok(WorkflowRow {
        workflow: row::workflow(found, first)?,
        title: found.get(first + 3)?,
        published_at: row::instant(found, first + 4)?,
        bytes: Vec::new(),
    })
}

#[cfg(test)]
mod tests;
