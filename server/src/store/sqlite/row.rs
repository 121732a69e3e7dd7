//! Rows to domain types. What a row cannot mean is an error of its column, never a panic.

use heard_engine::case::{CauseRef, CauseStatus};
use heard_engine::entry::StreamName;
use heard_engine::id::{
    CaseId, CauseGroup, CauseName, CustomerId, Digest, LimitName, PersonId, Position, Revision,
    SurveyName, Version, WorkflowId,
};
use heard_engine::money::{Currency, Money};
use heard_engine::time::Timestamp;
use heard_engine::workflow::{CountsAs, WorkflowRef};
use rusqlite::types::{Type, ValueRef};
use rusqlite::{Error, Result, Row};
use uuid::Uuid;

use crate::store::StoredEntry;

/// What stands in `counts_as` of a case that is open.
pub(super) const OPEN: &str = "open";
/// What stands there of one that was merged into another.
const MERGED: &str = "merged";

/// How a case stands: how it was closed, if so, and whether it was merged into another.
pub(super) type Stands = (Option<CountsAs>, bool);

/// Writes how a case stands.
pub(super) const fn stands((closed_as, is_merged): Stands) -> &'static str {
    match closed_as {
        Some(closed_as) => closed_as.as_str(),
        None if is_merged => MERGED,
        None => OPEN,
    }
}

/// Reads a number that is not negative.
pub(super) fn count(row: &Row<'_>, column: usize) -> Result<u64> {
    let number: i64 = row.get(column)?;
    u64::try_from(number).map_err(|_| Error::IntegralValueOutOfRange(column, number))
}

/// Writes a number that SQL can hold.
pub(super) fn number(count: u64) -> Result<i64> {
    i64::try_from(count).map_err(|error| Error::ToSqlConversionFailure(Box::new(error)))
}

/// Reads a SHA-256.
pub(super) fn digest(row: &Row<'_>, column: usize) -> Result<Digest> {
    row.get(column).map(Digest)
}

/// Reads the name of a stream.
pub(super) fn stream(row: &Row<'_>, column: usize) -> Result<StreamName> {
    text(row, column, StreamName::parse)
}

/// Reads the name of the stream of a case.
pub(super) fn case(row: &Row<'_>, column: usize) -> Result<CaseId> {
    match stream(row, column)? {
        StreamName::Case(case) => Ok(case),
        StreamName::Workflow(_) | StreamName::Store => Err(wrong(column, "not a case".into())),
    }
}

/// Reads an instant.
pub(super) fn instant(row: &Row<'_>, column: usize) -> Result<Timestamp> {
    let micros = row.get(column)?;
    Timestamp::from_micros(micros).map_err(|_| Error::IntegralValueOutOfRange(column, micros))
}

/// Reads an instant that may be absent.
pub(super) fn maybe_instant(row: &Row<'_>, column: usize) -> Result<Option<Timestamp>> {
    match row.get_ref(column)? {
        ValueRef::Null => Ok(None),
        ValueRef::Integer(_) | ValueRef::Real(_) | ValueRef::Text(_) | ValueRef::Blob(_) => {
            instant(row, column).map(Some)
        }
    }
}

/// Reads id, version and digest of a workflow from three columns.
pub(super) fn workflow(row: &Row<'_>, first: usize) -> Result<WorkflowRef> {
    Ok(WorkflowRef {
        id: workflow_id(row, first)?,
        version: Version(row.get(first + 1)?),
        sha256: digest(row, first + 2)?,
    })
}

/// Reads the id of a workflow.
pub(super) fn workflow_id(row: &Row<'_>, column: usize) -> Result<WorkflowId> {
    text(row, column, WorkflowId::new)
}

/// Reads the name of a limit.
pub(super) fn limit(row: &Row<'_>, column: usize) -> Result<LimitName> {
    text(row, column, LimitName::new)
}

/// Reads the name of a survey.
pub(super) fn survey(row: &Row<'_>, column: usize) -> Result<SurveyName> {
    text(row, column, SurveyName::new)
}

/// Reads the id of a case that may be absent.
pub(super) fn maybe_case_id(row: &Row<'_>, column: usize) -> Result<Option<CaseId>> {
    let bytes: Option<[u8; 16]> = row.get(column)?;
    Ok(bytes.map(|bytes| CaseId::new(Uuid::from_bytes(bytes))))
}

/// Writes the id of a case where it is no stream that is named.
pub(super) const fn id_bytes(case: CaseId) -> [u8; 16] {
    case.uuid().into_bytes()
}

/// Reads the id of a customer.
pub(super) fn customer(row: &Row<'_>, column: usize) -> Result<CustomerId> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(CustomerId::new(Uuid::from_bytes(bytes)))
}

/// Reads the id of a person.
pub(super) fn person(row: &Row<'_>, column: usize) -> Result<PersonId> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(PersonId::new(Uuid::from_bytes(bytes)))
}

/// Reads an amount from the columns of its currency and its minor units.
pub(super) fn money(row: &Row<'_>, currency: usize, minor: usize) -> Result<Money> {
    Ok(Money {
        currency: text(row, currency, Currency::parse)?,
        minor: row.get(minor)?,
    })
}

/// Reads group and name of a cause from two columns.
pub(super) fn cause(row: &Row<'_>, first: usize) -> Result<CauseRef> {
    Ok(CauseRef {
        group: text(row, first, CauseGroup::new)?,
        name: text(row, first + 1, CauseName::new)?,
    })
}

/// Reads where a root cause is in its life.
pub(super) fn status(row: &Row<'_>, column: usize) -> Result<CauseStatus> {
    let word = row
        .get_ref(column)?
        .as_str()
        .map_err(|error| wrong(column, Box::new(error)))?;
    let mut known = CauseStatus::ALL.into_iter();
    let known = known.find(|known| known.as_str() == word);
    known.ok_or_else(|| wrong(column, "no such status".into()))
}

/// Reads how a case stands.
pub(super) fn read_stands(row: &Row<'_>, column: usize) -> Result<Stands> {
    let word = row
        .get_ref(column)?
        .as_str()
        .map_err(|error| wrong(column, Box::new(error)))?;
    if word == OPEN || word == MERGED {
        return Ok((None, word == MERGED));
    }
    let known = CountsAs::ALL
        .into_iter()
        .find(|known| known.as_str() == word);
    known
        .map(|known| (Some(known), false))
        .ok_or_else(|| wrong(column, "no such way to count".into()))
}

/// Reads an entry from four columns: position, revision, hash and body.
pub(super) fn entry(row: &Row<'_>, first: usize) -> Result<StoredEntry> {
    Ok(StoredEntry {
        position: Position(count(row, first)?),
        revision: Revision(count(row, first + 1)?),
        hash: digest(row, first + 2)?,
        bytes: row.get(first + 3)?,
    })
}

fn text<T, E: std::error::Error + Send + Sync + 'static>(
    row: &Row<'_>,
    column: usize,
    parse: impl Fn(&str) -> Result<T, E>,
) -> Result<T> {
    let text = row
        .get_ref(column)?
        .as_str()
        .map_err(|error| wrong(column, Box::new(error)))?;
    parse(text).map_err(|error| wrong(column, Box::new(error)))
}

fn wrong(column: usize, why: Box<dyn std::error::Error + Send + Sync>) -> Error {
    Error::FromSqlConversionFailure(column, Type::Text, why)
}
