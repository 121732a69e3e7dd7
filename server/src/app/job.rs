//! A command on its way through the committer, and what became of it.

use std::sync::Arc;
use std::time::Instant;

use heard_engine::case::command::Act;
use heard_engine::case::seal::Opening;
use heard_engine::case::{Actor, Case, Commitment, Held};
use heard_engine::entry::{RequestHashes, StreamName};
use heard_engine::id::{CaseId, Digest, Revision};
use heard_engine::workflow::Workflow;
use tokio::sync::{OwnedSemaphorePermit, oneshot};

use super::Receipt;
use super::error::Error;

/// A command that waits for its turn.
#[derive(Debug)]
pub(super) struct Job {
    /// The stream it writes to.
    pub(super) stream: StreamName,
    /// By which a repeat is known.
    pub(super) request: RequestHashes,
    /// Who acts.
    pub(super) actor: Actor,
    /// The revision the caller saw.
    pub(super) expected: Option<Revision>,
    /// Only say what would happen.
    pub(super) validate_only: bool,
    /// Dropped when not taken up by then.
    pub(super) deadline: Option<Instant>,
    /// What is to be done.
    pub(super) work: Work,
    /// Where the answer goes. Closed: the caller has gone.
    pub(super) reply: oneshot::Sender<Result<Done, Error>>,
    /// Its place in the queue; given back when it is taken up.
    pub(super) place: Option<OwnedSemaphorePermit>,
    /// How often its stream had changed under us.
    pub(super) conflicts: u32,
}

/// What is to be done.
#[derive(Debug, Clone)]
pub(super) enum Work {
    /// A command on a case.
    Case(Box<CaseWork>),
    /// Publishing a workflow.
    Publish(Box<PublishWork>),
}

/// A sealed command on a case.
#[derive(Debug, Clone)]
pub(super) struct CaseWork {
    /// The case.
    pub(super) id: CaseId,
    /// What is asked.
    pub(super) act: Act<Held, Commitment>,
    /// What opens its commitments.
    pub(super) openings: Vec<Opening>,
    /// The workflow the case follows.
    pub(super) workflow: Arc<Workflow>,
}

/// A workflow that was checked and compiled.
#[derive(Debug, Clone)]
pub(super) struct PublishWork {
    /// The workflow.
    pub(super) workflow: Arc<Workflow>,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// What became of a command that was not refused.
#[derive(Debug)]
pub(super) enum Done {
    /// It is on disk, or would be accepted.
    Accepted(Receipt, Option<Arc<Case>>),
    /// It was accepted before, with this revision and this hash of its body.
    Repeat(Revision, Digest),
}
