//! The envelope of an accepted command: encoded once, hashed and chained.
//!
//! Invariant: the bytes of an entry are canonical JSON: keys in byte order, no white space, no
//! floats, absent instead of null. [`Entry::encode`] alone makes them, and no stored entry is made
//! into bytes again.

#[cfg(test)]
mod tests;

use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value as Json;
use sha2::{Digest as _, Sha256};

use crate::case::{Actor, Event, Facts};
use crate::id::{CaseId, Digest, InvalidId, PrincipalId, RequestId, Revision, WorkflowId};
use crate::money::INTEGER_MAX;
use crate::time::Timestamp;
use crate::workflow::WorkflowRef;

/// The version of the envelope.
pub const FORMAT: u32 = 1;
/// The largest entry, in bytes.
pub const ENTRY_BYTES_MAX: usize = 32 * 1024;

/// What an entry belongs to.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum StreamName {
    /// One case: `case/UUID`.
    Case(CaseId),
    /// One workflow with all its versions: `workflow/ID`.
    Workflow(WorkflowId),
    /// The store itself: `store`.
    Store,
}

impl StreamName {
    /// Reads `case/UUID`, `workflow/ID` or `store`.
    ///
    /// # Errors
    ///
    /// [`InvalidId`] when it is none of these.
    pub fn parse(text: &str) -> Result<Self, InvalidId> {
        match text.split_once('/') {
            Some(("case", id)) => CaseId::parse(id).map(Self::Case),
            Some(("workflow", id)) => WorkflowId::new(id).map(Self::Workflow),
            None if text == "store" => Ok(Self::Store),
            Some(_) | None => Err(InvalidId {
                expected: "a stream is case/UUID, workflow/ID or store",
            }),
        }
    }
}

impl TryFrom<String> for StreamName {
    type Error = InvalidId;
    fn try_from(text: String) -> Result<Self, InvalidId> {
        Self::parse(&text)
    }
}

impl From<StreamName> for String {
    fn from(stream: StreamName) -> Self {
        stream.to_string()
    }
}

impl fmt::Display for StreamName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Case(id) => write!(f, "case/{id}"),
            Self::Workflow(id) => write!(f, "workflow/{id}"),
            Self::Store => f.write_str("store"),
        }
    }
}

/// An entry: one accepted command with its events. The parts stand in byte order of their keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Entry {
    /// The kind of the command.
    pub act: String,
    /// Who acted.
    pub actor: Actor,
    /// The time of recording; never falls within a stream.
    pub at: Timestamp,
    /// What happened, at least one event.
    pub events: Vec<Event>,
    /// What was read beside the case; absent where nothing was.
    #[serde(default, skip_serializing_if = "Facts::is_empty")]
    pub facts: Facts,
    /// The clock had gone back, and the time of the entry before was used again.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub held: bool,
    /// The origin of the store.
    pub log: String,
    /// The hash of the stream's entry before; absent at revision 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub prev: Option<Digest>,
    /// By which a repeat is known.
    pub request: RequestHashes,
    /// Its number in its stream.
    pub revision: Revision,
    /// What it belongs to.
    pub stream: StreamName,
    /// The version of the envelope: [`FORMAT`].
    pub v: u32,
    /// The workflow in force, always on streams of cases.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub workflow: Option<WorkflowRef>,
}

/// By which a repeated request is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RequestHashes {
    /// The hash of the request without its sealed values.
    pub body: Digest,
    /// The hash of who asked and of the request id: [`request_hash`].
    pub id: Digest,
}

/// An entry cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// It has a version or an event that this build does not know.
    #[error("the entry was written by a newer heard")]
    Newer,
    /// It is no entry.
    #[error("the entry is damaged: {what}")]
    Damaged {
        /// What was found.
        what: String,
    },
}

/// An entry cannot be written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "what is to be recorded takes {bytes} bytes, more than {ENTRY_BYTES_MAX}; \
     send fewer or shorter answers at once"
)]
pub struct TooLarge {
    /// So many it would have.
    pub bytes: usize,
}

/// Returns the hash of a request id: SHA-256 of the principal, a zero byte and the id.
#[must_use]
pub fn request_hash(principal: PrincipalId, id: &RequestId) -> Digest {
    let mut hash = Sha256::new();
    hash.update(principal.to_string());
    hash.update([0]);
    hash.update(id.as_str());
    Digest(hash.finalize().into())
}

/// Returns the hash of an entry everywhere: SHA-256(0x00 ‖ bytes).
///
/// Source: RFC 6962, section 2.1: the leaf hash of a Merkle tree.
#[must_use]
pub fn entry_hash(bytes: &[u8]) -> Digest {
    let mut hash = Sha256::new();
    hash.update([0]);
    hash.update(bytes);
    Digest(hash.finalize().into())
}

impl Entry {
    /// Every part of the envelope that this build can read, in byte order.
    pub const KEYS: [&'static str; 13] = [
        "act", "actor", "at", "events", "facts", "held", "log", "prev", "request", "revision",
        "stream", "v", "workflow",
    ];

    /// Returns the bytes of the entry, once and for all.
    ///
    /// # Errors
    ///
    /// [`TooLarge`] past [`ENTRY_BYTES_MAX`].
    pub fn encode(&self) -> Result<Vec<u8>, TooLarge> {
        let bytes = serde_json::to_vec(self);
        // Maps with text keys and no floats: serde_json has no way to fail.
        let bytes = bytes.unwrap_or_else(|error| unreachable!("an entry is JSON: {error}"));
        debug_assert!(is_canonical(&bytes), "keys of an entry stand in byte order");
        if bytes.len() > ENTRY_BYTES_MAX {
            return Err(TooLarge { bytes: bytes.len() });
        }
        Ok(bytes)
    }

    /// Reads the bytes of an entry. Its hash is to be checked before.
    ///
    /// # Errors
    ///
    /// [`Unreadable::Newer`] for a version or an event of a later build, else
    /// [`Unreadable::Damaged`].
    pub fn decode(bytes: &[u8]) -> Result<Self, Unreadable> {
        match serde_json::from_slice::<Self>(bytes) {
            Ok(entry) if entry.v != FORMAT => Err(Unreadable::Newer),
            Ok(entry) if entry.events.is_empty() => Err(Unreadable::Damaged {
                what: "it has no events".to_owned(),
            }),
            Ok(entry) => Ok(entry),
            Err(_) if is_newer(bytes) => Err(Unreadable::Newer),
            Err(error) => Err(Unreadable::Damaged {
                what: error.to_string(),
            }),
        }
    }
}

/// Says whether bytes that this build cannot read are an entry of a later one: of another version,
/// with an event, a fact or a part of the envelope that is not known here.
fn is_newer(bytes: &[u8]) -> bool {
    let Ok(Json::Object(entry)) = serde_json::from_slice(bytes) else {
        return false;
    };
    match entry.get("v").and_then(Json::as_u64) {
        None => return false,
        Some(version) if version != u64::from(FORMAT) => return true,
        Some(_) => {}
    }
    if entry.keys().any(|key| !Entry::KEYS.contains(&key.as_str())) {
        return true;
    }
    let mut facts = entry
        .get("facts")
        .and_then(Json::as_object)
        .into_iter()
        .flatten();
    if facts.any(|(fact, _)| !Facts::KEYS.contains(&fact.as_str())) {
        return true;
    }
    let events = entry.get("events").and_then(Json::as_array);
    let mut tags = events
        .into_iter()
        .flatten()
        .filter_map(|event| event.as_object()?.keys().next());
    tags.any(|tag| !Event::TAGS.contains(&tag.as_str()))
}

/// Says whether JSON has its keys in byte order, no white space, no nulls, no floats, and integers
/// only that every reader agrees on.
#[must_use]
pub fn is_canonical(bytes: &[u8]) -> bool {
    let Ok(value) = serde_json::from_slice::<Json>(bytes) else {
        return false;
    };
    // A `serde_json` map is ordered by its keys.
    is_plain(&value) && serde_json::to_vec(&value).is_ok_and(|again| again == bytes)
}

fn is_plain(value: &Json) -> bool {
    match value {
        Json::Null => false,
        Json::Bool(_) | Json::String(_) => true,
        Json::Number(number) => number
            .as_i64()
            .is_some_and(|number| (-INTEGER_MAX..=INTEGER_MAX).contains(&number)),
        Json::Array(items) => items.iter().all(is_plain),
        Json::Object(parts) => parts.values().all(is_plain),
    }
}
