//! Reads the entries of a stream back into what they say, checking the chain on the way.
//!
//! Invariant: a hash is checked on the stored bytes before anything of them is parsed.
//! Invariant: folding uses the same `evolve` as live commands.

use std::collections::HashMap;

use heard_engine::case::seal::commitment;
use heard_engine::case::{Case, Event, Meta, evolve};
use heard_engine::entry::{Entry, StreamName, Unreadable, entry_hash};
use heard_engine::id::{Digest, Revision, Version};
use heard_engine::time::Timestamp;

use super::rows::{booking_rows, survey_rows};
use crate::store::{BookingRow, SealedRow, StoredEntry, SurveyRow};

/// Which requests a stream knows: request hash → revision and hash of the body.
pub(super) type Requests = HashMap<Digest, (Revision, Digest)>;

/// A history cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Broken {
    /// A newer heard went on with it.
    Newer,
    /// It is not what was written.
    Damaged(String),
}

/// A stream, read back.
#[derive(Debug, Clone, Default)]
pub(super) struct Folded {
    /// The case, of a stream of a case.
    pub(super) case: Option<Case>,
    /// The published versions, of the stream of a workflow: digest and revision.
    pub(super) published: HashMap<Version, (Digest, Revision)>,
    /// The time of the last entry.
    pub(super) at: Timestamp,
    /// The hash of the last entry.
    pub(super) head: Option<Digest>,
    /// The revision of the last entry, 0 of an empty stream.
    pub(super) revision: Revision,
    /// The requests whose entries these are.
    pub(super) requests: Requests,
    /// What was given and taken back in the case.
    pub(super) bookings: Vec<BookingRow>,
    /// The surveys of the case that were sent to its customer.
    pub(super) surveys: Vec<SurveyRow>,
}

/// Folds the entries of a stream, in order of revision.
pub(super) fn fold(stream: &StreamName, entries: &[StoredEntry]) -> Result<Folded, Broken> {
    let mut folded = Folded::default();
    for stored in entries {
        folded = step(stream, folded, stored)?;
    }
    Ok(folded)
}

/// Folds one more entry of a stream.
pub(super) fn step(
    stream: &StreamName,
    folded: Folded,
    stored: &StoredEntry,
) -> Result<Folded, Broken> {
    let damaged = |what: &str| Broken::Damaged(format!("entry {}: {what}", stored.revision));
    let entry = decode(stored)?;
    if entry.prev != folded.head || entry.revision != folded.revision.next() {
        return Err(damaged("it does not follow the entry before"));
    }
    if entry.stream != *stream || entry.revision != stored.revision {
        return Err(damaged("it belongs elsewhere"));
    }
    let Folded {
        mut case,
        mut published,
        mut requests,
        mut bookings,
        mut surveys,
        ..
    } = folded;
    match stream {
        StreamName::Case(id) => {
            let workflow = entry
                .workflow
                .as_ref()
                .ok_or_else(|| damaged("it names no workflow"))?;
            let meta = Meta {
                revision: entry.revision,
                at: entry.at,
                actor: &entry.actor,
                workflow,
            };
            for event in &entry.events {
                let next = evolve(case, &meta, event);
                case = Some(next.map_err(|error| damaged(error.what))?);
            }
            let place = (entry.revision, entry.at);
            bookings.extend(booking_rows(*id, &workflow.id, place, &entry.events));
            let case = case.as_ref();
            surveys.extend(
                case.into_iter()
                    .flat_map(|case| survey_rows(*id, case, &entry.events)),
            );
        }
        StreamName::Workflow(_) => {
            for event in &entry.events {
                if let Event::WorkflowPublished(event) = event {
                    published.insert(event.version, (event.sha256, entry.revision));
                }
            }
        }
        StreamName::Store => {}
    }
    requests.insert(entry.request.id, (entry.revision, entry.request.body));
    let (at, head, revision) = (entry.at, Some(stored.hash), entry.revision);
    Ok(Folded {
        case,
        published,
        at,
        head,
        revision,
        requests,
        bookings,
        surveys,
    })
}

/// Checks the hash of an entry and reads it.
pub(super) fn decode(stored: &StoredEntry) -> Result<Entry, Broken> {
    is_whole(stored)?;
    Entry::decode(&stored.bytes).map_err(|error| match error {
        Unreadable::Newer => Broken::Newer,
        Unreadable::Damaged { what } => {
            Broken::Damaged(format!("entry {}: {what}", stored.revision))
        }
    })
}

/// Checks the hash of an entry.
pub(super) fn is_whole(stored: &StoredEntry) -> Result<(), Broken> {
    if entry_hash(&stored.bytes) == stored.hash {
        return Ok(());
    }
    let what = "its bytes do not have its hash";
    Err(Broken::Damaged(format!(
        "entry {}: {what}",
        stored.revision
    )))
}

/// Checks that every commitment of an entry has its value. Nothing is erased by this build, so
/// what is missing was lost.
pub(super) fn are_all_there(rows: &[SealedRow], stored: &StoredEntry) -> Result<(), Broken> {
    // An entry that cannot be read is told when it is folded.
    let Ok(entry) = Entry::decode(&stored.bytes) else {
        return Ok(());
    };
    let held: usize = entry
        .events
        .iter()
        .map(|event| event.commitments().len())
        .sum();
    if rows.len() == held {
        return Ok(());
    }
    Err(Broken::Damaged(format!(
        "entry {}: it commits to {held} sealed values, and {} are there",
        stored.revision,
        rows.len()
    )))
}

/// Checks that a sealed value is the one that its entry commits to. The digest of the commitment
/// stands in the entry; no other text of an entry can be found that has it.
pub(super) fn opens(row: &SealedRow, entry: &StoredEntry) -> Result<(), Broken> {
    let digest = commitment(&row.label, &row.salt, &row.value).0.to_string();
    let is_held = str::from_utf8(&entry.bytes).is_ok_and(|entry| entry.contains(&digest));
    if is_held && row.revision == entry.revision {
        return Ok(());
    }
    let (label, revision) = (&row.label, row.revision);
    Err(Broken::Damaged(format!(
        "entry {revision}: the sealed value of `{label}` is not the one it commits to"
    )))
}
