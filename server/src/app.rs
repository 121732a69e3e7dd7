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
mod random;
mod read;
mod rebuild;
mod rows;
mod writer;

use std::sync::Arc;

use heard_engine::case::command::{Act, Import, Open, PlainAct};
use heard_engine::case::seal::{self, BadRequest, Opening};
use heard_engine::case::{Actor, Case, Reason};
use heard_engine::code::Code;
use heard_engine::entry::{RequestHashes, StreamName, request_hash};
use heard_engine::id::{
    CaseId, Digest, PersonId, Position, RequestId, Revision, RoleName, Version, WorkflowId,
};
use heard_engine::lint::{self, Report};
use heard_engine::time::Timestamp;
use heard_engine::value::Value;
use heard_engine::workflow::Workflow;

use crate::clock::Clock;
use crate::store::{SealedRow, Store};

pub use error::Error;
use random::{new_case_id, salt};
pub use random::{new_identity, random_request_id};
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

impl App {
    /// Starts the application over a store. Runs until [`App::stop`].
    #[must_use]
    pub fn start(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        let parts = committer::Parts {
            cache: Arc::new(cache::Cache::new(cache::CACHE_BYTES_MAX)),
            catalog: Arc::new(catalog::Catalog::default()),
            metrics: Arc::new(metrics::Metrics::new(Arc::clone(&store))),
            clock,
            store,
        };
        let committer = committer::start(parts.clone());
        let committer::Parts {
            store,
            cache,
            catalog,
            metrics,
            ..
        } = parts;
        Self {
            shared: Arc::new(Shared {
                store,
                cache,
                catalog,
                committer,
                metrics,
            }),
        }
    }

    /// Opens a case. Its id is made from the principal and the request id, so that a repeat meets
    /// its own case.
    ///
    /// # Errors
    ///
    /// [`Error`]; refused when there is no such workflow.
    pub async fn open(&self, request: Request, open: Open<String>) -> Result<Accepted, Error> {
        let workflow = self.published(&open.workflow, open.version).await?;
        let case = self.new_case(&request.id);
        self.submit(case, workflow, request, Act::Open(open)).await
    }

    /// Takes over a case of another system at a step.
    ///
    /// # Errors
    ///
    /// [`Error`]; refused when there is no such workflow or step, or answers are missing.
    pub async fn import(
        &self,
        request: Request,
        import: Import<Value, String>,
    ) -> Result<Accepted, Error> {
        let workflow = self.published(&import.workflow, import.version).await?;
        let case = self.new_case(&request.id);
        self.submit(case, workflow, request, Act::Import(import))
            .await
    }

    /// Does something with a case that exists.
    ///
    /// # Errors
    ///
    /// [`Error`]; refused with everything that stands against it.
    pub async fn act(
        &self,
        case: CaseId,
        request: Request,
        act: PlainAct,
    ) -> Result<Accepted, Error> {
        let hot = self.hot(case).await?;
        let workflow = self.workflow_by(hot.workflow()).await?;
        self.submit(case, workflow, request, act).await
    }

    /// Publishes a workflow. The same bytes again are a repeat, under any request id.
    ///
    /// # Errors
    ///
    /// [`Error::Faulty`] with every finding; refused when the version has other bytes.
    pub async fn publish(&self, request: Request, bytes: Vec<u8>) -> Result<Published, Error> {
        let report = lint::check(&bytes);
        let Some(workflow) = report.workflow.clone() else {
            return Err(Error::Faulty(report.findings));
        };
        let workflow = Arc::new(workflow);
        let stream = StreamName::Workflow(workflow.reference().id.clone());
        let body = workflow.reference().sha256;
        let work = job::Work::Publish(Box::new(job::PublishWork {
            workflow: Arc::clone(&workflow),
            bytes,
        }));
        let done = self.hand_in(stream.clone(), &request, body, work).await;
        let receipt = match self.counted(done)? {
            job::Done::Accepted(receipt, _) => receipt,
            job::Done::Repeat(revision, known) => {
                same_body(known, body)?;
                self.receipt_of(&stream, revision).await?.0
            }
        };
        Ok(Published {
            receipt,
            workflow,
            report,
        })
    }

    /// Returns what is measured.
    #[must_use]
    pub fn metrics(&self) -> &metrics::Metrics {
        &self.shared.metrics
    }

    /// Returns what made the store fail, once it has. The process must stop then: nobody is
    /// answered any more.
    pub async fn failed(&self) -> String {
        self.shared.committer.failed().await
    }

    /// Refuses new commands, finishes those under way, and lets go of the store.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when the store could not be closed in order; nothing acknowledged is lost.
    pub async fn stop(&self) -> Result<(), Error> {
        self.shared.committer.stop().await;
        Ok(self.shared.store.close().await?)
    }

    fn new_case(&self, request: &RequestId) -> CaseId {
        let identity = self.shared.store.identity();
        new_case_id(&identity.id_key, identity.principal, request)
    }

    async fn published(
        &self,
        id: &WorkflowId,
        version: Option<Version>,
    ) -> Result<Arc<Workflow>, Error> {
        Ok(self.workflow(id, version).await?.1)
    }

    async fn hand_in(
        &self,
        stream: StreamName,
        request: &Request,
        body: Digest,
        work: job::Work,
    ) -> Result<job::Done, Error> {
        let actor = self.actor(request);
        let hashes = RequestHashes {
            body,
            id: request_hash(actor.principal, &request.id),
        };
        let submitted = self.shared.committer.submit(|reply| job::Job {
            stream,
            request: hashes,
            actor,
            expected: request.expected_revision,
            validate_only: request.validate_only,
            deadline: request.deadline,
            work,
            reply,
            place: None,
            conflicts: 0,
        });
        submitted.await
    }

    fn actor(&self, request: &Request) -> Actor {
        let principal = self.shared.store.identity().principal;
        Actor {
            person: request.person,
            principal,
            role: request.role.clone(),
            via: None,
        }
    }

    async fn submit(
        &self,
        id: CaseId,
        workflow: Arc<Workflow>,
        request: Request,
        act: PlainAct,
    ) -> Result<Accepted, Error> {
        let sealed = seal::seal(&workflow, &self.actor(&request), &act, salt);
        let sealed = self.counted(sealed.map_err(Error::Bad))?;
        let stream = StreamName::Case(id);
        let work = job::Work::Case(Box::new(job::CaseWork {
            id,
            act: sealed.act,
            openings: sealed.openings.clone(),
            workflow: Arc::clone(&workflow),
        }));
        let done = self
            .hand_in(stream.clone(), &request, sealed.body, work)
            .await;
        match self.counted(done)? {
            job::Done::Accepted(receipt, Some(case)) => Ok(Accepted {
                receipt,
                view: CaseView { id, case, workflow },
            }),
            job::Done::Accepted(_, None) => Err(Error::Bug {
                what: "a command on a case left no case".to_owned(),
            }),
            job::Done::Repeat(revision, known) => {
                same_body(known, sealed.body)?;
                self.repeat(id, revision, &sealed.openings).await
            }
        }
    }

    /// Answers a repeat: the receipt of the stored entry, and the case as it stood then.
    async fn repeat(
        &self,
        id: CaseId,
        revision: Revision,
        openings: &[Opening],
    ) -> Result<Accepted, Error> {
        let stream = StreamName::Case(id);
        let stored = self.shared.store.sealed(&stream, Some(revision)).await?;
        let stored: Vec<Opening> = stored.into_iter().map(opening).collect();
        if !seal::is_same(openings, |place| stored.get(place)) {
            return Err(another_body());
        }
        let (receipt, folded) = self.receipt_of(&stream, revision).await?;
        let case = folded.case.map(Arc::new);
        let case = case.ok_or_else(|| Error::Refused(Box::new(Reason::NoSuchCase.into())))?;
        let workflow = self.workflow_by(case.workflow()).await?;
        Ok(Accepted {
            receipt,
            view: CaseView { id, case, workflow },
        })
    }

    fn counted<T>(&self, done: Result<T, Error>) -> Result<T, Error> {
        if let Err(error) = &done {
            let code = metrics::CodeLabel {
                code: error.code().as_str(),
            };
            self.shared.metrics.not_done.get_or_create(&code).inc();
        }
        done
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}

fn opening(row: SealedRow) -> Opening {
    Opening {
        label: row.label,
        salt: row.salt,
        value: row.value,
    }
}

fn same_body(known: Digest, body: Digest) -> Result<(), Error> {
    if known == body {
        Ok(())
    } else {
        Err(another_body())
    }
}

fn another_body() -> Error {
    let text = "this id was used for another request; every new request needs a new id";
    Error::Bad(BadRequest::one(Code::HB002, "request_id", text))
}
