//! An application over a store, a clock moved by hand, and a workflow that goes to and fro.

use std::future::Future;
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::task::Poll;
use std::time::Duration;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use heard_engine::case::command::{Advance, Note, Open, Origin, PlainAct, Way};
use heard_engine::entry::{Entry, StreamName, entry_hash};
use heard_engine::id::{
    ActionName, CaseId, FieldName, PersonId, RequestId, Revision, RoleName, WorkflowId,
};
use heard_engine::time::Timestamp;
use heard_engine::value::Value;
use heard_server::app::{Accepted, App, Error, Request};
use heard_server::clock::Clock;
use heard_server::store::memory::Memory;
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{PAGE_ROWS_MAX, Store};
use tokio::sync::watch;
use uuid::Uuid;

use crate::store_contract::make;

/// Two steps, a note in either, a loop between them, an outcome that may be reopened.
pub const WORKFLOW: &str = "\
heard: 1
workflow: shuttle
version: 1
title: To and fro
model: custom
purpose: A case can go on for as long as a test wants.
owner: agent
roles:
  agent: {title: Agent}
  clerk: {title: Clerk}
fields:
  story: {ask: What happened?, type: long_text, personal: true}
  mood: {ask: How do they feel?, type: choice, of: [calm, angry]}
start: here
steps:
  here:
    phase: hear
    title: Here
    who: [agent]
    asks: [story, mood]
    actions:
      told: stay
      go: there
  there:
    phase: resolve
    title: There
    who: [agent]
    actions:
      back: {go_to: here, at_most: 90, then: given_up}
      finish: resolved
outcomes:
  resolved: {title: Resolved, counts_as: resolved, reopen: {to: here, within: 30 days}}
  given_up: {title: Given up, counts_as: not_resolved}
";

/// A clock that stands until it is moved, to and fro, and a steady one beside it.
#[derive(Debug)]
pub struct HandClock {
    now: watch::Sender<Timestamp>,
    /// Microseconds since its beginning; less than 0 for a clock that is not held against it.
    steady: AtomicI64,
}

/// Where the clock of every world begins: 2026-10-05 09:00 UTC, in microseconds.
pub const START: i64 = 1_791_190_800_000_000;

impl HandClock {
    pub fn new(micros: i64) -> Self {
        Self {
            now: watch::Sender::new(Timestamp::from_micros(micros).unwrap()),
            steady: AtomicI64::new(-1),
        }
    }

    pub fn set(&self, micros: i64) {
        let now = Timestamp::from_micros(micros).unwrap();
        self.now.send_replace(now);
    }

    /// Sets the steady clock beside it.
    pub fn set_steady(&self, micros: i64) {
        self.steady.store(micros, Ordering::Release);
    }
}

#[async_trait]
impl Clock for HandClock {
    fn now(&self) -> Timestamp {
        *self.now.borrow()
    }

    async fn reached(&self, at: Timestamp) {
        let mut moved = self.now.subscribe();
        moved.wait_for(|now| *now >= at).await.unwrap();
    }

    fn steady(&self) -> Option<Duration> {
        let micros = u64::try_from(self.steady.load(Ordering::Acquire)).ok()?;
        Some(Duration::from_micros(micros))
    }
}

/// An application with its surroundings.
pub struct World {
    pub app: App,
    pub store: Arc<dyn Store>,
    pub clock: Arc<HandClock>,
    pub folder: Option<Arc<tempfile::TempDir>>,
}

/// A kind of store.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Memory,
    Sqlite,
}

impl World {
    /// Makes an application over an empty store of a kind, with the workflow published.
    pub async fn new(kind: Kind) -> anyhow::Result<Self> {
        let world = match kind {
            Kind::Memory => Self::over(Arc::new(Memory::new(make::identity()))),
            Kind::Sqlite => Self::in_folder(Arc::new(tempfile::tempdir()?))?,
        };
        world.publish(WORKFLOW).await?;
        Ok(world)
    }

    /// Makes an application over a store as it is.
    pub fn over(store: Arc<dyn Store>) -> Self {
        let clock = Arc::new(HandClock::new(START));
        let given: Arc<dyn Clock> = Arc::<HandClock>::clone(&clock);
        Self {
            app: App::start(Arc::clone(&store), given),
            store,
            clock,
            folder: None,
        }
    }

    fn in_folder(folder: Arc<tempfile::TempDir>) -> anyhow::Result<Self> {
        let store = Sqlite::open(&folder.path().join("heard.db"), make::identity)?;
        Ok(Self {
            folder: Some(folder),
            ..Self::over(Arc::new(store))
        })
    }

    pub fn file(&self) -> std::path::PathBuf {
        self.folder.as_ref().unwrap().path().join("heard.db")
    }

    /// Stops the application and calls `between` on the file of its store. A new application
    /// over the same file is returned.
    pub async fn restarted(
        self,
        between: impl FnOnce(&rusqlite::Connection) -> rusqlite::Result<()>,
    ) -> anyhow::Result<Self> {
        self.app.stop().await?;
        let file = self.file();
        let folder = self.folder.clone().unwrap();
        drop(self);
        let db = rusqlite::Connection::open(file)?;
        between(&db)?;
        db.close().map_err(|(_, error)| error)?;
        Self::in_folder(folder)
    }

    pub async fn publish(&self, yaml: &str) -> anyhow::Result<()> {
        let request = request(&Uuid::new_v4().to_string());
        self.app.publish(request, yaml.into()).await?;
        Ok(())
    }

    /// Opens a case with a request id.
    pub async fn open(&self, id: &str) -> anyhow::Result<CaseId> {
        Ok(self.app.open(request(id), open()).await?.view.id)
    }

    /// Advances a case with a fresh request id.
    pub async fn act(&self, case: CaseId, act: PlainAct) -> Result<Accepted, Error> {
        let request = request(&Uuid::new_v4().to_string());
        self.app.act(case, request, act).await
    }

    /// Returns the entries of a case, having checked that nothing is missing between them.
    pub async fn history(&self, case: CaseId) -> anyhow::Result<Vec<Entry>> {
        history(&*self.store, case).await
    }
}

/// Returns the entries of a case, having checked that nothing is missing between them.
pub async fn history(store: &dyn Store, case: CaseId) -> anyhow::Result<Vec<Entry>> {
    let stream = StreamName::Case(case);
    let mut read: Vec<Entry> = Vec::new();
    let mut head = None;
    loop {
        let after = Revision(read.len() as u64);
        let page = store.entries(&stream, after, PAGE_ROWS_MAX).await?;
        if page.is_empty() {
            return Ok(read);
        }
        for stored in page {
            let entry = Entry::decode(&stored.bytes)?;
            ensure!(entry_hash(&stored.bytes) == stored.hash);
            ensure!(entry.stream == stream && entry.prev == head, "{case}");
            ensure!(entry.revision.0 == read.len() as u64 + 1, "a gap in {case}");
            ensure!(read.last().is_none_or(|last| last.at <= entry.at));
            ensure!(
                read.iter()
                    .all(|other| other.request.id != entry.request.id)
            );
            head = Some(stored.hash);
            read.push(entry);
        }
    }
}

pub fn request(id: &str) -> Request {
    Request {
        id: RequestId::new(id).unwrap(),
        person: PersonId::new(Uuid::from_u128(7)),
        role: RoleName::new("agent").unwrap(),
        expected_revision: None,
        validate_only: false,
        deadline: None,
    }
}

pub fn expecting(id: &str, revision: u64) -> Request {
    Request {
        expected_revision: Some(Revision(revision)),
        ..request(id)
    }
}

pub fn open() -> Open<String> {
    Open {
        origin: Origin::default(),
        customer: None,
        received_at: None,
        reference: Some("their number 7".into()),
        team: None,
        version: None,
        workflow: WorkflowId::new("shuttle").unwrap(),
    }
}

pub fn take(action: &str) -> PlainAct {
    with_answers(action, &[])
}

/// Tells the story, and stays.
pub fn tell(story: &str) -> PlainAct {
    with_answers("told", &[("story", Value::Text(story.into()))])
}

fn with_answers(action: &str, given: &[(&str, Value)]) -> PlainAct {
    PlainAct::Advance(Advance {
        answers: answers(given),
        reason: None,
        way: Way::Action(ActionName::new(action).unwrap()),
    })
}

pub fn answers(given: &[(&str, Value)]) -> Vec<(FieldName, Value)> {
    let answer = |(name, value): &(&str, Value)| (FieldName::new(name).unwrap(), value.clone());
    given.iter().map(answer).collect()
}

pub fn note(text: &str) -> PlainAct {
    PlainAct::Note(Note { note: text.into() })
}

pub type Boxed<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

pub fn boxed<'a, T>(future: impl Future<Output = T> + 'a) -> Boxed<'a, T> {
    Box::pin(future)
}

/// Polls futures in their order until all are done.
pub async fn at_once<T>(futures: impl IntoIterator<Item = Boxed<'_, T>>) -> Vec<T> {
    let mut futures: Vec<_> = futures
        .into_iter()
        .map(|future| (Some(future), None))
        .collect();
    std::future::poll_fn(move |context| {
        for (future, done) in &mut futures {
            if let Some(polled) = future
                && let Poll::Ready(value) = polled.as_mut().poll(context)
            {
                (*future, *done) = (None, Some(value));
            }
        }
        if futures.iter().any(|(future, _)| future.is_some()) {
            return Poll::Pending;
        }
        let done = futures.iter_mut().map(|(_, done)| done.take().unwrap());
        Poll::Ready(done.collect())
    })
    .await
}

/// Polls a future once; it must not be done.
pub async fn begin<T>(
    future: &mut Pin<Box<impl Future<Output = T> + ?Sized>>,
) -> anyhow::Result<()> {
    std::future::poll_fn(|context| Poll::Ready(future.as_mut().poll(context).is_pending()))
        .await
        .then_some(())
        .context("it was done at once")
}

/// Waits until something is so, without looking at a clock; says so when it never is.
pub async fn until(what: &str, is_so: impl Fn() -> bool) -> anyhow::Result<()> {
    let wait = async {
        while !is_so() {
            tokio::task::yield_now().await;
        }
    };
    soon(what, wait).await
}

/// Waits for what is to come in moments; a test that would hang fails instead.
pub async fn soon<T>(what: &str, future: impl Future<Output = T>) -> anyhow::Result<T> {
    let limit = Duration::from_secs(60);
    let waited = tokio::time::timeout(limit, pin!(future)).await;
    waited.with_context(|| format!("{what} did not come"))
}
