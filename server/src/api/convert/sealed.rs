//! Sealed values, shown to whoever asked for them.
//!
//! Invariant: a value that does not open its commitment is never shown.

use std::collections::{BTreeMap, BTreeSet};

use heard_engine::case::seal::commitment;
use heard_engine::case::{Answer, Held};
use heard_engine::id::{CaseId, FieldName, Revision};
use heard_engine::value::Value;
use heard_proto::v1::{self, Disclosure};

use super::{read, value};
use crate::app::{CaseView, Error};
use crate::store::SealedRow;

/// Sealed values of a case, by the revision of their entry.
#[derive(Debug, Default)]
pub(in crate::api) struct Revealed {
    /// The values that were read.
    pub rows: BTreeMap<Revision, Vec<SealedRow>>,
    /// The entries whose values were not read, because the answer would become too large.
    pub left_out: BTreeSet<Revision>,
}

/// Returns the entries that hold the present sealed answers of a case, and its first, which may
/// hold the reference.
pub(in crate::api) fn revisions(view: &CaseView) -> BTreeSet<Revision> {
    let sealed = view
        .case
        .answers()
        .values()
        .filter_map(|answer| match answer.value {
            Held::Sealed(_) => Some(answer.revision),
            Held::Open(_) => None,
        });
    sealed.chain([Revision(1)]).collect()
}

/// Writes the present answers of a case in the order of the workflow's fields; sealed values only
/// where `revealed` is given.
///
/// # Errors
///
/// [`Error::Damaged`] when a stored value does not open its commitment.
pub(in crate::api) fn answers(
    view: &CaseView,
    revealed: Option<&Revealed>,
) -> Result<Vec<v1::RecordedAnswer>, Error> {
    let fields = view.workflow.fields().iter();
    let present = fields.filter_map(|(name, field)| {
        view.case
            .answers()
            .get(name)
            .map(|answer| (name, field, answer))
    });
    present
        .map(|(name, field, answer)| {
            let (disclosure, value) = disclosed(view.id, name, answer, revealed)?;
            Ok(v1::RecordedAnswer {
                field: name.to_string(),
                r#type: value::field_type(&field.kind).into(),
                recording: u64::from(answer.recording),
                person: answer.person.to_string(),
                step: answer.step.to_string(),
                visit: answer.visit,
                recorded_time: Some(read::time(answer.at)),
                disclosure: disclosure.into(),
                value,
                computed: field.computed,
            })
        })
        .collect()
}

fn disclosed(
    case: CaseId,
    name: &FieldName,
    answer: &Answer,
    revealed: Option<&Revealed>,
) -> Result<(Disclosure, Option<v1::Value>), Error> {
    let held = match &answer.value {
        Held::Open(open) => return Ok((Disclosure::Plain, Some(value::wire(open)))),
        Held::Sealed(held) => held,
    };
    let Some(revealed) = revealed else {
        return Ok((Disclosure::Sealed, None));
    };
    if revealed.left_out.contains(&answer.revision) {
        return Ok((Disclosure::LeftOut, None));
    }
    let label = format!("answer/{name}");
    let rows = revealed.rows.get(&answer.revision);
    let Some(row) = rows.into_iter().flatten().find(|row| row.label == label) else {
        // Nothing is erased by this build: what is missing was lost.
        let what = format!("the value of `{name}` is gone");
        return Err(Error::Damaged { case, what });
    };
    if commitment(&row.label, &row.salt, &row.value) != *held {
        let what = format!("the value of `{name}` does not open its commitment");
        return Err(Error::Damaged { case, what });
    }
    Ok((Disclosure::Revealed, Some(value::wire(&parse(case, row)?))))
}

/// Returns the reference that the help desk gave at opening, where it was read.
///
/// # Errors
///
/// [`Error::Damaged`] when it cannot be read.
pub(in crate::api) fn reference(
    case: CaseId,
    revealed: &Revealed,
) -> Result<Option<String>, Error> {
    let rows = revealed.rows.get(&Revision(1)).into_iter().flatten();
    let mut found = rows.filter(|row| row.label == "reference");
    found.next().map(|row| text(case, row)).transpose()
}

/// Writes sealed values with what is needed to check them.
pub(in crate::api) fn values(rows: Vec<SealedRow>) -> Vec<v1::SealedValue> {
    let written = rows.into_iter().map(|row| v1::SealedValue {
        label: row.label,
        salt: row.salt.to_vec(),
        value: row.value,
    });
    written.collect()
}

/// Returns a sealed text.
///
/// # Errors
///
/// [`Error::Damaged`] when it cannot be read.
pub(in crate::api) fn text(case: CaseId, row: &SealedRow) -> Result<String, Error> {
    match parse(case, row)? {
        Value::Text(text) => Ok(text),
        Value::YesNo(_)
        | Value::Choice(_)
        | Value::Number(_)
        | Value::Money(_)
        | Value::Date(_)
        | Value::Document(_)
        | Value::List(_) => Err(unreadable(case, row)),
    }
}

fn parse(case: CaseId, row: &SealedRow) -> Result<Value, Error> {
    serde_json::from_slice(&row.value).map_err(|_| unreadable(case, row))
}

fn unreadable(case: CaseId, row: &SealedRow) -> Error {
    let what = format!(
        "the sealed value {} of revision {} cannot be read",
        row.label, row.revision
    );
    Error::Damaged { case, what }
}
