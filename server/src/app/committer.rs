//! Who turns commands into entries: takes what is free, decides it over committed state, and hands
//! it to the writer, one sync for many commands.
//!
//! Invariant: an accepted command is answered only after its entry is on disk; a refused one at
//! once, because it was decided over committed state.
//! Invariant: at most one batch is being written and one waits; then nothing is taken, the queue
//! fills, and callers are told so.

mod decision;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Instant;

use heard_engine::entry::StreamName;
use heard_engine::time::Timestamp;
use tokio::sync::{Semaphore, mpsc, oneshot, watch};

use super::cache::{Cache, Known};
use super::catalog::Catalog;
use super::claims::Claims;
use super::error::Error;
use super::fold::{self, Broken, Folded};
use super::job::{Done, Job, Work};
use super::metrics::Metrics;
use super::writer::{self, Batch, InFlight, Returned};
use crate::clock::Clock;
use crate::store::Store;

pub(super) use decision::Write;
use decision::{Decided, decide};

/// How many commands may wait to be taken into a batch.
pub(super) const QUEUE_COMMANDS_MAX: usize = 1_024;
/// The most commands in one batch.
pub(super) const BATCH_COMMANDS_MAX: usize = 512;
/// The most bytes of entries and sealed values in one batch.
pub(super) const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What the committer works with.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) cache: Arc<Cache>,
    pub(super) catalog: Arc<Catalog>,
    pub(super) metrics: Arc<Metrics>,
}

/// The way to the committer.
pub(super) struct Handle {
    places: Arc<Semaphore>,
    jobs: mpsc::UnboundedSender<Message>,
    failed: watch::Receiver<Option<String>>,
    metrics: Arc<Metrics>,
}

enum Message {
    Job(Box<Job>),
    Stop(oneshot::Sender<()>),
}

/// Starts the committer and its writer.
pub(super) fn start(parts: Parts) -> Handle {
    let (jobs, queue) = mpsc::unbounded_channel();
    let (batches, to_write) = mpsc::channel(1);
    let (returned, returns) = mpsc::unbounded_channel();
    let (fail, failed) = watch::channel(None);
    let metrics = Arc::clone(&parts.metrics);
    tokio::spawn(writer::run(parts.clone(), to_write, returned, fail));
    let committer = Committer {
        parts,
        queue,
        batches,
        returns,
        claims: Claims::default(),
        stop: None,
    };
    tokio::spawn(committer.run());
    Handle {
        places: Arc::new(Semaphore::new(QUEUE_COMMANDS_MAX)),
        jobs,
        failed,
        metrics,
    }
}

impl Handle {
    /// Hands in a command and waits for what becomes of it.
    pub(super) async fn submit(&self, make: impl FnOnce(Reply) -> Job) -> Result<Done, Error> {
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| Error::TooBusy)?;
        let (reply, answer) = oneshot::channel();
        let mut job = make(reply);
        job.place = Some(place);
        self.jobs
            .send(Message::Job(Box::new(job)))
            .map_err(|_| Error::Stopping)?;
        let depth = QUEUE_COMMANDS_MAX - self.places.available_permits();
        self.metrics
            .queue_depth
            .set(i64::try_from(depth).unwrap_or(i64::MAX));
        match answer.await {
            Ok(done) => done,
            Err(_) if self.failed.borrow().is_some() => std::future::pending().await,
            Err(_) => Err(Error::Stopping),
        }
    }

    /// Returns what made the store fail, once it has. After that nobody is answered.
    pub(super) async fn failed(&self) -> String {
        let mut failed = self.failed.clone();
        let what = failed
            .wait_for(Option::is_some)
            .await
            .map(|what| what.clone());
        match what {
            Ok(Some(what)) => what,
            Ok(None) | Err(_) => std::future::pending().await,
        }
    }

    /// Lets the committer finish what it has; new commands are refused.
    pub(super) async fn stop(&self) {
        let (reply, stopped) = oneshot::channel();
        if self.jobs.send(Message::Stop(reply)).is_ok() {
            // A committer that is gone has nothing left to finish.
            let _gone = stopped.await;
        }
    }
}

/// Where the answer to a command goes.
pub(super) type Reply = oneshot::Sender<Result<Done, Error>>;

struct Committer {
    parts: Parts,
    queue: mpsc::UnboundedReceiver<Message>,
    batches: mpsc::Sender<Batch>,
    returns: mpsc::UnboundedReceiver<Returned>,
    claims: Claims,
    stop: Option<oneshot::Sender<()>>,
}

impl Committer {
    async fn run(mut self) {
        loop {
            tokio::select! {
                biased;
                Some(returned) = self.returns.recv() => self.take_back(returned),
                Some(message) = self.queue.recv() => self.receive(message),
                else => return,
            }
            self.drain();
            if self.claims.has_ready() {
                let batches = self.batches.clone();
                // The writer is gone after a failure: nobody is answered any more.
                let Ok(permit) = batches.reserve().await else {
                    return;
                };
                self.drain();
                let batch = self.batch().await;
                if !batch.is_empty() {
                    permit.send(batch);
                }
            }
            if self.stop.is_some() && self.claims.is_idle() {
                if let Some(stopped) = self.stop.take() {
                    // Whoever asked us to stop may have gone.
                    let _gone = stopped.send(());
                }
                return;
            }
        }
    }

    fn drain(&mut self) {
        while let Ok(returned) = self.returns.try_recv() {
            self.take_back(returned);
        }
        while let Ok(message) = self.queue.try_recv() {
            self.receive(message);
        }
    }

    fn receive(&mut self, message: Message) {
        match message {
            Message::Job(job) if self.stop.is_some() => answer(*job, Err(Error::Stopping)),
            Message::Job(job) => self.claims.enqueue(*job),
            Message::Stop(reply) => self.stop = Some(reply),
        }
    }

    fn take_back(&mut self, returned: Returned) {
        for stream in &returned.released {
            self.claims.release(stream);
        }
        for job in returned.again {
            self.claims.again(job);
        }
    }

    /// Takes what is free and decides it.
    async fn batch(&mut self) -> Batch {
        let mut jobs = Vec::new();
        while jobs.len() < BATCH_COMMANDS_MAX {
            let Some(mut job) = self.claims.take() else {
                break;
            };
            job.place = None;
            if job.reply.is_closed() {
                self.claims.release(&job.stream);
            } else if job
                .deadline
                .is_some_and(|deadline| deadline <= Instant::now())
            {
                self.finish(job, Err(Error::DeadlinePassed));
            } else {
                jobs.push(job);
            }
        }
        let mut loaded = self.load(&jobs).await;
        let now = self.parts.clock.now();
        let mut batch = Batch::default();
        for job in jobs {
            if batch.bytes >= BATCH_BYTES_MAX {
                self.claims.again(job);
                continue;
            }
            let state = loaded.remove(&job.stream);
            self.decide_one(job, state, now, &mut batch);
        }
        batch
    }

    /// Reads the streams that are not in the cache, all at once.
    async fn load(&self, jobs: &[Job]) -> HashMap<StreamName, Result<Folded, Error>> {
        let is_cold = |job: &&Job| match &job.work {
            Work::Case(work) => self.parts.cache.get(work.id).is_none(),
            Work::Publish(_) => true,
        };
        let streams: Vec<StreamName> = jobs
            .iter()
            .filter(is_cold)
            .map(|job| job.stream.clone())
            .collect();
        if streams.is_empty() {
            return HashMap::new();
        }
        match self.parts.store.load(&streams).await {
            Ok(histories) => {
                let fold = |(stream, entries): (StreamName, Vec<_>)| {
                    let folded = fold::fold(&stream, &entries);
                    let folded = folded.map_err(|broken| broken_error(&stream, broken));
                    (stream, folded)
                };
                streams.into_iter().zip(histories).map(fold).collect()
            }
            Err(error) => {
                let what = error.to_string();
                let failed = |stream| (stream, Err(unavailable(&what)));
                streams.into_iter().map(failed).collect()
            }
        }
    }

    fn decide_one(
        &mut self,
        job: Job,
        state: Option<Result<Folded, Error>>,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        let decided = match (state, &job.work) {
            (Some(Err(error)), _) => Err(error),
            (Some(Ok(folded)), Work::Case(work)) => {
                let known = known(&folded, job.request.id);
                self.parts.cache.put(work.id, folded);
                decide(&self.parts, &job, known, now)
            }
            (Some(Ok(folded)), Work::Publish(_)) => {
                decision::publish(&self.parts, &job, &folded, now)
            }
            (None, Work::Case(work)) => {
                let known = self.parts.cache.look(work.id, job.request.id);
                decide(&self.parts, &job, known, now)
            }
            // Streams of workflows are always loaded.
            (None, Work::Publish(_)) => Err(unavailable("the workflow was not loaded")),
        };
        match decided {
            Ok(Decided::Answer(done)) => self.finish(job, Ok(done)),
            Ok(Decided::Write(write)) => batch.push(*write, InFlight::new(job)),
            Err(error) => {
                if let (Error::Bug { .. }, Work::Case(work)) = (&error, &job.work) {
                    self.parts.cache.forget(work.id);
                }
                self.finish(job, Err(error));
            }
        }
    }

    fn finish(&mut self, job: Job, done: Result<Done, Error>) {
        self.claims.release(&job.stream);
        answer(job, done);
    }
}

/// Answers a caller, who may have gone.
pub(super) fn answer(job: Job, done: Result<Done, Error>) {
    let _gone = job.reply.send(done);
}

fn known(folded: &Folded, request: heard_engine::id::Digest) -> Known {
    if let Some((revision, body)) = folded.requests.get(&request) {
        return Known::Repeat(*revision, *body);
    }
    match (&folded.case, folded.head) {
        (Some(case), Some(head)) => Known::New(super::cache::Hot {
            case: Arc::new(case.clone()),
            head,
        }),
        (None, _) | (_, None) => Known::Cold,
    }
}

fn unavailable(what: &str) -> Error {
    Error::Store(crate::store::Error::Unavailable {
        operation: "reading histories",
        source: Some(what.to_owned().into()),
    })
}

/// Returns what a caller is told of a history that cannot be read.
pub(super) fn broken_error(stream: &StreamName, broken: Broken) -> Error {
    match (stream, broken) {
        (StreamName::Case(case), Broken::Newer) => Error::Newer { case: *case },
        (StreamName::Case(case), Broken::Damaged(what)) => Error::Damaged { case: *case, what },
        (StreamName::Workflow(_) | StreamName::Store, broken) => {
            let what = match broken {
                Broken::Newer => format!("{stream} was written by a newer heard"),
                Broken::Damaged(what) => format!("{stream}: {what}"),
            };
            Error::Store(crate::store::Error::Damaged { what })
        }
    }
}
