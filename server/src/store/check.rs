//! What must be true of a batch whichever store takes it.
//!
//! Invariant: a batch that passes here can fail only by the world or by a row already stored.

use std::collections::HashSet;

use heard_engine::entry::StreamName;
use heard_engine::id::Revision;

use super::{Append, Error};

/// The largest number a store keeps: an SQL integer is signed.
pub(super) const NUMBER_MAX: u64 = i64::MAX.unsigned_abs();

/// Checks a batch before anything of it is written.
pub(super) fn batch(batch: &[Append]) -> Result<(), Error> {
    let mut streams = HashSet::new();
    for append in batch {
        if append.entries.is_empty() {
            return Err(misfit("an append has no entry"));
        }
        for entry in &append.entries {
            if !streams.insert(&entry.stream) {
                return Err(misfit("two entries of a batch are of one stream"));
            }
            if entry.revision.0 == 0 || entry.revision.0 > NUMBER_MAX {
                return Err(misfit("a revision is out of range"));
            }
        }
        beside(append)?;
    }
    Ok(())
}

fn beside(append: &Append) -> Result<(), Error> {
    let has = |stream: &StreamName, revision: Revision| {
        let same = |entry: &super::NewEntry| entry.stream == *stream && entry.revision == revision;
        append.entries.iter().any(same)
    };
    let mut places = HashSet::new();
    for row in &append.sealed {
        if !has(&row.stream, row.revision) {
            return Err(misfit("a sealed value belongs to no entry of its append"));
        }
        if !places.insert((&row.stream, row.place)) {
            return Err(misfit("two sealed values have one place"));
        }
    }
    let mut cases = HashSet::new();
    for case in &append.cases {
        let stream = StreamName::Case(case.case);
        let head = append.entries.iter().find(|entry| entry.stream == stream);
        if !head.is_some_and(|head| head.revision == case.revision && head.hash == case.head) {
            return Err(misfit("the row of a case is not that of its entry"));
        }
        if !cases.insert(case.case) {
            return Err(misfit("a case has two rows"));
        }
    }
    let mut numbers = HashSet::new();
    for cause in &append.causes {
        let stream = StreamName::Case(cause.case);
        let mut entries = append.entries.iter();
        // One that was recorded before may have changed.
        if !entries.any(|entry| entry.stream == stream && cause.revision <= entry.revision) {
            return Err(misfit("a root cause belongs to no entry of its append"));
        }
        if !numbers.insert((cause.case, cause.number)) {
            return Err(misfit("two root causes of a case have one number"));
        }
    }
    let mut places = HashSet::new();
    for booking in &append.bookings {
        let stream = StreamName::Case(booking.case);
        if !has(&stream, booking.revision) {
            return Err(misfit("a booking belongs to no entry of its append"));
        }
        if !places.insert((stream, booking.place)) {
            return Err(misfit("two bookings of an entry have one place"));
        }
    }
    let mut sent = HashSet::new();
    for survey in &append.surveys {
        let stream = StreamName::Case(survey.case);
        if !has(&stream, survey.revision) {
            return Err(misfit("a survey belongs to no entry of its append"));
        }
        if !sent.insert((stream, &survey.survey)) {
            return Err(misfit("an entry sends a survey twice"));
        }
    }
    if let Some(row) = &append.workflow {
        let stream = StreamName::Workflow(row.workflow.id.clone());
        if !append.entries.iter().any(|entry| entry.stream == stream) {
            return Err(misfit("a workflow belongs to no entry of its append"));
        }
    }
    Ok(())
}

fn misfit(what: &'static str) -> Error {
    Error::Data {
        operation: "append",
        source: Some(what.into()),
    }
}
