//! What the server can do, one function a use. Only here commands are decided.
//!
//! Invariant: knows nothing of gRPC; callers bring checked ids and plain values.
//! Invariant: an answer says what is on disk; see `app/committer.rs` for how that is kept.

mod cache;
mod catalog;
mod cause;
mod claims;
#[cfg(test)]
mod classic;
mod committer;
mod error;
mod fold;
mod issue;
mod job;
mod learning;
mod merge;
pub mod metrics;
mod opening;
mod random;
mod read;
mod rebuild;
mod report;
mod rows;
mod submit;
mod time;
mod timekeeper;
mod untimed;
mod writer;

use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, OnceLock};

use heard_engine::blame::Names;
use heard_engine::case::command::{Act, Import, PlainAct};
use heard_engine::case::{Actor, Case};
use heard_engine::id::{
    CaseId, Digest, PersonId, Position, PrincipalId, RequestId, Revision, RoleName,
};
use heard_engine::lint::Report;
use heard_engine::time::Timestamp;
use heard_engine::value::Value;
use heard_engine::workflow::Workflow;
use tokio::sync::{OnceCell, Semaphore, oneshot};
use uuid::Uuid;

use crate::clock::Clock;
use crate::store::Store;

pub use cause::{CauseView, REVEALED_BYTES_MAX, Words};
pub use committer::Failure;
pub use error::Error;
pub use learning::Closed;
pub use merge::Merge;
pub use opening::{OPENS_UNDER_WAY_MAX, ToOpen};
pub use random::{Entropy, new_identity, random_request_id};
pub use rebuild::{Difference, Rebuilt};
pub use report::{Asked, REPORT_CASES_MAX};
pub use time::{ClockState, DUE_COUNTED_MAX};
pub(crate) use timekeeper::newest;
pub use timekeeper::{
    ABSENCE_DUE_MAX, ABSENCE_MICROS_MAX, AHEAD_MICROS_MAX, Fired, Held, LEAP_MICROS_MAX,
};
pub use untimed::UNTIMED_LOOKED_MAX;

/// The role in which the server fires what is due.
const TIMEKEEPER_ROLE: &str = "timekeeper";
/// By way of whom it does.
const TIMEKEEPER_VIA: &str = "heard/timekeeper";

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
    clock: Arc<dyn Clock>,
    entropy: Entropy,
    cache: Arc<cache::Cache>,
    catalog: Arc<catalog::Catalog>,
    committer: Arc<committer::Handle>,
    metrics: Arc<metrics::Metrics>,
    timekeeper: Arc<timekeeper::Timekeeper>,
    /// Ends the timekeeper when it is let go of.
    keeping: Mutex<Option<oneshot::Sender<()>>>,
    /// Set once the store is closed.
    closed: OnceCell<()>,
    /// The turns of cases that are opened many in a call.
    opens: Semaphore,
    /// The names that no diagnosis may hold.
    staff: OnceLock<Names>,
}

impl App {
    /// Starts the application over a store. Runs until [`App::stop`], or until nobody holds it.
    /// What is due fires before a command on its case; [`App::keep_time`] fires it also when
    /// nobody calls.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn start(store: Arc<dyn Store>, clock: Arc<dyn Clock>) -> Self {
        Self::start_with(store, clock, Entropy::System)
    }

    /// Starts the application as [`App::start`] does, with randomness of one's own.
    ///
    /// # Panics
    ///
    /// Outside a tokio runtime.
    #[must_use]
    pub fn start_with(store: Arc<dyn Store>, clock: Arc<dyn Clock>, entropy: Entropy) -> Self {
        let cache = Arc::new(cache::Cache::new(cache::CACHE_BYTES_MAX));
        let catalog = Arc::new(catalog::Catalog::default());
        let metrics = Arc::new(metrics::Metrics::new(Arc::clone(&store)));
        let alarm = Arc::new(timekeeper::Alarm::default());
        let hold = Arc::new(timekeeper::Hold::new(metrics.time_held.clone()));
        let actor = timekeeper_actor(store.identity().principal);
        let committer = Arc::new(committer::start(committer::Parts {
            store: Arc::clone(&store),
            clock: Arc::clone(&clock),
            cache: Arc::clone(&cache),
            catalog: Arc::clone(&catalog),
            metrics: Arc::clone(&metrics),
            alarm: Arc::clone(&alarm),
            hold: Arc::clone(&hold),
            timekeeper: actor.clone(),
        }));
        let timekeeper = Arc::new(timekeeper::Timekeeper {
            store: Arc::clone(&store),
            clock: Arc::clone(&clock),
            catalog: Arc::clone(&catalog),
            committer: Arc::clone(&committer),
            metrics: Arc::clone(&metrics),
            alarm,
            hold,
            actor,
            failing: tokio::sync::Mutex::default(),
            is_stopping: AtomicBool::new(false),
            looked_back: OnceCell::new(),
        });
        let shared = Arc::new(Shared {
            store,
            clock,
            entropy,
            cache,
            catalog,
            committer,
            metrics,
            timekeeper,
            keeping: Mutex::default(),
            closed: OnceCell::new(),
            opens: Semaphore::new(OPENS_UNDER_WAY_MAX),
            staff: OnceLock::new(),
        });
        Self { shared }
    }

    /// Says who works here, once: no diagnosis may name any of them. What was said first stands.
    pub fn know_staff(&self, staff: Names) {
        self.shared.staff.get_or_init(|| staff);
    }

    fn staff(&self) -> &Names {
        self.shared.staff.get_or_init(Names::default)
    }

    /// Returns where the application's randomness comes from.
    #[must_use]
    pub fn entropy(&self) -> Entropy {
        self.shared.entropy
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
        let (workflow, version) = (import.workflow.clone(), import.version);
        let begun = self.begin(&request, &workflow, version, Act::Import(import));
        self.counted(begun.await)
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
        self.counted(self.go_on(case, &request, &act).await)
    }

    /// Publishes a workflow. The same bytes again are a repeat, under any request id.
    ///
    /// # Errors
    ///
    /// [`Error::Faulty`] with every finding; refused when the version has other bytes.
    pub async fn publish(&self, request: Request, bytes: Vec<u8>) -> Result<Published, Error> {
        self.counted(self.submit_workflow(&request, bytes).await)
    }

    /// Returns what is measured.
    #[must_use]
    pub fn metrics(&self) -> &metrics::Metrics {
        &self.shared.metrics
    }

    /// Returns what failed, once it has: the store, or heard itself. The process must stop then:
    /// nobody is answered any more.
    pub async fn failed(&self) -> Failure {
        self.shared.committer.failed().await
    }

    /// Refuses new commands, finishes those under way, and lets go of the store, once.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when the store had failed, or could not be closed in order, [`Error::Bug`]
    /// when heard had; nothing acknowledged is lost.
    pub async fn stop(&self) -> Result<(), Error> {
        self.stop_keeping_time();
        self.shared.committer.stop().await?;
        let close = || self.shared.store.close();
        self.shared.closed.get_or_try_init(close).await?;
        Ok(())
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

/// Returns as whom the server fires what is due: nobody, in a role of no workflow.
#[expect(clippy::expect_used, reason = "a name of ours is a name")]
fn timekeeper_actor(principal: PrincipalId) -> Actor {
    Actor {
        person: PersonId::new(Uuid::nil()),
        principal,
        role: RoleName::new(TIMEKEEPER_ROLE).expect("a role is a name"),
        via: Some(TIMEKEEPER_VIA.to_owned()),
    }
}

impl std::fmt::Debug for App {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("App").finish_non_exhaustive()
    }
}
