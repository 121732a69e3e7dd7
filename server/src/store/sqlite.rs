//! A store in one SQLite file: one thread writes, two read, one moves the log into the file.
//!
//! Invariant: one process has the file open; a lock file beside it sees to that.
//! Invariant: after a failure that leaves doubt nothing more is written.

mod booking;
mod checkpoint;
mod due;
mod failure;
mod file;
mod heads;
mod hold;
mod list;
mod migrations;
mod read;
mod rebuild;
mod row;
mod survey;
mod thread;
mod write;

use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

use async_trait::async_trait;
use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Position, Revision, Version, WorkflowId};
use heard_engine::time::Timestamp;
use rusqlite::Connection;
use tokio::sync::{Notify, mpsc, oneshot};

use self::checkpoint::Checkpoints;
use self::file::{Role, StoreFile};
use self::thread::{ReadJob, WriteJob};
use self::write::Writer;
use crate::store::{
    Append, Appended, BookingRow, CaseFilter, CaseRow, CauseFilter, CauseRow, Cursor, Derived,
    DuePlace, DueRow, Error, Gauges, GivenFilter, Identity, OpenError, Page, SealedRow, Store,
    StoredEntry, SurveyFilter, SurveyRow, WorkflowRow,
};

/// Threads that read.
const READERS: usize = 2;
/// Reads that may wait.
const READ_QUEUE_MAX: usize = 256;
/// Writes that may wait: the committer has one written and one waiting.
const WRITE_QUEUE_MAX: usize = 4;

/// A store in a file.
///
/// Dropping it without [`Store::close`] waits for what is being written and leaves the rest to
/// the next opening, as a crash does.
#[derive(Debug)]
pub struct Sqlite {
    identity: Identity,
    shared: Arc<Shared>,
    /// `None` only while it is dropped.
    writes: Option<mpsc::Sender<WriteJob>>,
    reads: Option<mpsc::Sender<ReadJob>>,
    threads: Vec<JoinHandle<()>>,
}

/// What the threads and the store know of each other.
#[derive(Debug, Default)]
struct Shared {
    position: AtomicU64,
    wal_bytes: AtomicU64,
    is_poisoned: AtomicBool,
    poisoned: Notify,
}

impl Shared {
    fn set_position(&self, position: u64) {
        self.position.store(position, Ordering::Release);
    }

    fn set_wal_bytes(&self, bytes: u64) {
        self.wal_bytes.store(bytes, Ordering::Release);
    }

    fn poison(&self) {
        self.is_poisoned.store(true, Ordering::Release);
        self.poisoned.notify_waiters();
    }

    /// Waits until the store is poisoned.
    async fn poisoned(&self) {
        let notified = self.poisoned.notified();
        let mut notified = std::pin::pin!(notified);
        // Listening begins before looking, so that no call in between is missed.
        notified.as_mut().enable();
        if !self.is_poisoned() {
            notified.await;
        }
    }

    fn is_poisoned(&self) -> bool {
        self.is_poisoned.load(Ordering::Acquire)
    }
}

impl Sqlite {
    /// Opens the store of a file, or makes it with the identity given where there is no file.
    ///
    /// # Errors
    ///
    /// [`OpenError`] says why not; nothing of an existing file was changed.
    pub fn open(path: &Path, new: impl FnOnce() -> Identity) -> Result<Self, OpenError> {
        let file = StoreFile::new(path)?;
        let lock = file.lock()?;
        file.make(new)?;
        file.check_header()?;
        let mut db = file.connect(Role::Writer)?;
        let identity = file.prepare(&mut db)?;
        let writer = Writer::new(db);
        let shared = Arc::new(Shared::default());
        shared.set_position(
            writer
                .position()
                .map_err(|error| file.said("read", error))?,
        );
        let moving = file.connect(Role::Checkpointer)?;
        let spawned = |error| file.io("start a thread for", error);
        let checkpoints = Checkpoints::start(moving, Arc::clone(&shared)).map_err(spawned)?;

        let (jobs, queue) = mpsc::channel(WRITE_QUEUE_MAX);
        let work = {
            let shared = Arc::clone(&shared);
            move || thread::write(writer, checkpoints, queue, &shared, lock)
        };
        let mut threads = vec![thread::spawn("store-write", work).map_err(spawned)?];
        let (reads, queue) = mpsc::channel(READ_QUEUE_MAX);
        let queue = Arc::new(Mutex::new(queue));
        for _ in 0..READERS {
            let db = file.connect(Role::Reader)?;
            let queue = Arc::clone(&queue);
            let work = move || thread::read(db, &queue);
            threads.push(thread::spawn("store-read", work).map_err(spawned)?);
        }
        Ok(Self {
            identity,
            shared,
            writes: Some(jobs),
            reads: Some(reads),
            threads,
        })
    }

    async fn write<T>(
        &self,
        operation: &'static str,
        job: impl FnOnce(oneshot::Sender<Result<T, Error>>) -> WriteJob,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let Some(writes) = &self.writes else {
            return Err(failure::gone(operation));
        };
        if writes.send(job(reply)).await.is_err() {
            return Err(failure::gone(operation));
        }
        // The thread answers everything it takes, unless it panicked while it wrote.
        let silent = || failure::fatal(operation, "the thread that writes has ended");
        answer.await.unwrap_or_else(|_| Err(silent()))
    }

    async fn read<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Connection) -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let (reply, answer) = oneshot::channel();
        let Some(reads) = &self.reads else {
            return Err(failure::gone(operation));
        };
        let job = ReadJob::Run(Box::new(move |db| {
            // Whoever asked may have gone.
            drop(reply.send(work(db)));
        }));
        if reads.send(job).await.is_err() {
            return Err(failure::gone(operation));
        }
        answer
            .await
            .unwrap_or_else(|_| Err(failure::gone(operation)))
    }

    async fn list<T: Send + 'static>(
        &self,
        operation: &'static str,
        work: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Result<T, Error> {
        let work =
            move |db: &Connection| work(db).map_err(|error| failure::reading(operation, error));
        self.read(operation, work).await
    }
}

impl Drop for Sqlite {
    fn drop(&mut self) {
        drop(self.writes.take());
        drop(self.reads.take());
        for thread in self.threads.drain(..) {
            if thread.join().is_err() {
                tracing::error!("a thread of the store had panicked");
            }
        }
    }
}

#[async_trait]
impl Store for Sqlite {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    async fn append(&self, batch: Arc<[Append]>) -> Result<Vec<Appended>, Error> {
        self.write("append", |reply| WriteJob::Append { batch, reply })
            .await
    }

    async fn load(&self, streams: &[StreamName]) -> Result<Vec<Vec<StoredEntry>>, Error> {
        let streams = streams.to_vec();
        self.read("load", move |db| read::load(db, &streams)).await
    }

    async fn entries(
        &self,
        stream: &StreamName,
        after: Revision,
        rows: usize,
    ) -> Result<Vec<StoredEntry>, Error> {
        let stream = stream.clone();
        self.read("load", move |db| read::entries(db, &stream, after, rows))
            .await
    }

    async fn scan(
        &self,
        after: Position,
        rows: usize,
    ) -> Result<Vec<(StreamName, StoredEntry)>, Error> {
        self.read("scan", move |db| read::scan(db, after, rows))
            .await
    }

    async fn sealed(
        &self,
        stream: &StreamName,
        revision: Option<Revision>,
    ) -> Result<Vec<SealedRow>, Error> {
        let stream = stream.clone();
        self.read("read sealed values", move |db| {
            read::sealed(db, &stream, revision)
        })
        .await
    }

    async fn case(&self, case: CaseId) -> Result<Option<CaseRow>, Error> {
        self.list("read a case", move |db| list::case(db, case))
            .await
    }

    async fn cases(
        &self,
        filter: &CaseFilter,
        after: Cursor,
        rows: usize,
    ) -> Result<Page<CaseRow>, Error> {
        let filter = filter.clone();
        self.list("list cases", move |db| {
            list::cases(db, &filter, after, rows)
        })
        .await
    }

    async fn causes(
        &self,
        filter: &CauseFilter,
        after: Cursor,
        rows: usize,
    ) -> Result<Page<CauseRow>, Error> {
        let filter = filter.clone();
        self.list("list causes", move |db| {
            list::causes(db, &filter, after, rows)
        })
        .await
    }

    async fn bookings(&self, case: CaseId) -> Result<Vec<BookingRow>, Error> {
        self.list("read bookings", move |db| booking::of_case(db, case))
            .await
    }

    async fn given(&self, filters: &[GivenFilter]) -> Result<Vec<i64>, Error> {
        let filters = filters.to_vec();
        self.list("add up bookings", move |db| booking::given(db, &filters))
            .await
    }

    async fn surveys(&self, case: CaseId) -> Result<Vec<SurveyRow>, Error> {
        self.list("read surveys", move |db| survey::of_case(db, case))
            .await
    }

    async fn surveyed(&self, filters: &[SurveyFilter]) -> Result<Vec<u32>, Error> {
        let filters = filters.to_vec();
        self.list("count surveys", move |db| survey::times(db, &filters))
            .await
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<DuePlace>,
        rows: usize,
    ) -> Result<Vec<DueRow>, Error> {
        self.list("read what is due", move |db| {
            due::page(db, until, after, rows)
        })
        .await
    }

    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, Error> {
        self.list("read what is due next", move |db| due::next(db, after))
            .await
    }

    async fn due_count(&self, until: Timestamp, at_most: usize) -> Result<usize, Error> {
        self.list("count what is due", move |db| {
            due::count(db, until, at_most)
        })
        .await
    }

    async fn workflow(
        &self,
        id: &WorkflowId,
        version: Option<Version>,
    ) -> Result<Option<WorkflowRow>, Error> {
        let id = id.clone();
        self.list("read a workflow", move |db| {
            list::workflow(db, &id, version)
        })
        .await
    }

    async fn workflows(&self, after: Cursor, rows: usize) -> Result<Page<WorkflowRow>, Error> {
        self.list("list workflows", move |db| list::workflows(db, after, rows))
            .await
    }

    async fn replace_derived(&self, rows: Vec<Derived>) -> Result<(), Error> {
        self.write("rebuild", |reply| WriteJob::ReplaceDerived { rows, reply })
            .await
    }

    async fn hold(&self) -> Result<Option<String>, Error> {
        self.list("read why time is held", hold::kept).await
    }

    async fn keep_hold(&self, hold: Option<String>) -> Result<(), Error> {
        self.write("keep why time is held", |reply| WriteJob::KeepHold {
            hold,
            reply,
        })
        .await
    }

    async fn probe(&self) -> Result<(), Error> {
        self.write("probe", |reply| WriteJob::Probe { reply }).await
    }

    async fn failed(&self) -> String {
        self.shared.poisoned().await;
        "the store failed; see the line before".to_owned()
    }

    fn gauges(&self) -> Gauges {
        Gauges {
            wal_bytes: self.shared.wal_bytes.load(Ordering::Acquire),
            position: Position(self.shared.position.load(Ordering::Acquire)),
        }
    }

    async fn close(&self) -> Result<(), Error> {
        let Some(reads) = &self.reads else {
            return Err(failure::gone("close"));
        };
        // The queue is in order, so each reader ends after what came before. One that is gone
        // has closed its connection too.
        for _ in 0..READERS {
            let (reply, ended) = oneshot::channel();
            if reads.send(ReadJob::Stop(reply)).await.is_ok() {
                drop(ended.await);
            }
        }
        self.write("close", |reply| WriteJob::Close { reply }).await
    }
}
