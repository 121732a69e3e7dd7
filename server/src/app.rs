//! What the server can do, one function a use. Only here commands are decided.
//!
//! Invariant: knows nothing of gRPC; callers bring checked ids and plain values.
//! Invariant: an answer says what is on disk; see `app/committer.rs` for how that is kept.

mod cache;
mod catalog;
mod claims;
mod committer;
mod error;
mod fold;
mod job;
pub mod metrics;
mod rebuild;
mod rows;
mod writer;

use std::sync::Arc;

use heard_engine::case::command::{Act, Import, Open, PlainAct};
use heard_engine::case::seal::{self, BadRequest, Opening};
use heard_engine::case::{Actor, Case, Reason};
use heard_engine::code::Code;
use heard_engine::entry::{StreamName, request_hash};
use heard_engine::id::{
    CaseId, Digest, PersonId, Position, RequestId, Revision, RoleName, Version, WorkflowId,
};
use heard_engine::lint::{self, Report};
use heard_engine::time::Timestamp;
use heard_engine::workflow::Workflow;

use crate::clock::Clock;
use crate::store::{
    CaseFilter, CaseRow, CauseFilter, CauseRow, Cursor, Page, SealedRow, Store, StoredEntry,
    WorkflowRow,
};

pub use error::Error;
pub use rebuild::{Difference, Rebuilt};

/// Who asks, and how the request is to be treated.
#[derive(Debug, Clone)]
pub struct Request {
    /// By which a repeat is known.
    pub id: RequestId,
    /// The person who acts.
    pub person: PersonId,
    /// The role the person acts in.
    pub role: RoleName,
    /// The revision the caller saw; without it the case as it is now is meant.
    pub expected_revision: Option<Revision>,
    /// Only say what would happen.
    pub validate_only: bool,
    /// A command not taken up by then is dropped.
    pub deadline: Option<std::time::Instant>,
}

/// What the caller gets for an accepted command, and for its repeat.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    /// The revision of the entry; with `validate_only` the one it would have.
    pub revision: Revision,
    /// The position of the entry; absent with `validate_only`.
    pub position: Option<Position>,
    /// The hash of the entry; absent with `validate_only`.
    pub hash: Option<Digest>,
    /// The time of recording.
    pub recorded_at: Timestamp,
    /// An earlier request with this id was accepted; this is its answer.
    pub repeated: bool,
}

/// A case with the workflow it follows.
#[derive(Debug, Clone)]
pub struct CaseView {
    /// Its id.
    pub id: CaseId,
    /// Its state.
    pub case: Arc<Case>,
    /// Its workflow.
    pub workflow: Arc<Workflow>,
}

/// An accepted command: the receipt, and the case as it stands at that revision.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The receipt.
    pub receipt: Receipt,
    /// The case.
    pub view: CaseView,
}

/// A published workflow: the receipt and what was published.
#[derive(Debug)]
pub struct Published {
    /// The receipt.
    pub receipt: Receipt,
    /// The workflow.
    pub workflow: Arc<Workflow>,
    /// Warnings and notes.
    pub report: Report,
}

/// The application. Cheap to clone; all clones share one committer.
#[derive(Clone)]
pub struct App {
    shared: Arc<Shared>,
}

struct Shared {
    store: Arc<dyn Store>,
    cache: Arc<cache::Cache>,
    catalog: Arc<catalog::Catalog>,
    committer: committer::Handle,
    metrics: Arc<metrics::Metrics>,
}
