//! Who turns commands into entries: takes what is free, decides it over committed state, and hands
//! it to the writer, one sync for many commands.
//!
//! Invariant: an accepted command is answered only after its entry is on disk; a refused one at
//! once, because it was decided over committed state.
//! Invariant: at most one batch is being written and one waits; then nothing is taken, the queue
//! fills, and callers are told so.

mod counted;
mod decision;
mod handle;
mod load;

use std::sync::Arc;

use heard_engine::case::Facts;
use heard_engine::entry::StreamName;
use heard_engine::time::Timestamp;
use tokio::sync::mpsc;

use super::cache::{Cache, Known};
use super::catalog::Catalog;
use super::claims::Claims;
use super::error::Error;
use super::fold::Folded;
use super::job::{Done, Job, Work};
use super::metrics::Metrics;
use super::writer::{self, Batch, Returned};
use crate::clock::Clock;
use crate::store::Store;

pub(super) use counted::Counted;
use counted::{Counts, Hold};
use decision::{Decided, State, asked_by, decide};
pub(super) use decision::{Outcome, Write};
use handle::Message;
pub(super) use handle::{Handle, Life, Place, Pulse};
pub(super) use load::{broken_error, read_error};

/// How many commands may wait to be taken into a batch.
pub(super) const QUEUE_COMMANDS_MAX: usize = 1_024;
/// The most commands in one batch.
const BATCH_COMMANDS_MAX: usize = 512;
/// How many bytes a batch has when nothing more is added to it.
const BATCH_BYTES_MAX: usize = 4 * 1024 * 1024;

/// What the committer works with.
#[derive(Clone)]
pub(super) struct Parts {
    pub(super) store: Arc<dyn Store>,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) cache: Arc<Cache>,
    pub(super) catalog: Arc<Catalog>,
    pub(super) metrics: Arc<Metrics>,
}

/// Starts the committer and its writer.
pub(super) fn start(parts: Parts) -> Handle {
    let (handle, queue, pulse) = Handle::new(parts.metrics.queue_depth.clone());
    let (batches, to_write) = mpsc::channel(1);
    let (returned, returns) = mpsc::unbounded_channel();
    let written = writer::run(parts.clone(), to_write, returned, pulse.clone());
    tokio::spawn(written);
    let committer = Committer {
        parts,
        queue,
        batches,
        returns,
        claims: Claims::default(),
        counts: Counts::default(),
        is_stopping: false,
        pulse,
    };
    tokio::spawn(committer.run());
    handle
}

struct Committer {
    parts: Parts,
    queue: mpsc::UnboundedReceiver<Message>,
    batches: mpsc::Sender<Batch>,
    returns: mpsc::UnboundedReceiver<Returned>,
    claims: Claims,
    counts: Counts,
    is_stopping: bool,
    pulse: Pulse,
}

/// A command that was taken, and what the cache knows of it.
type Taken = (Job, Option<Known>);

/// A command with what it is decided over.
struct Ready {
    job: Job,
    state: Result<State, Error>,
    facts: Result<Facts, Error>,
}

impl Committer {
    async fn run(mut self) {
        while self.has_work().await {
            let Ok(permit) = self.batches.clone().reserve_owned().await else {
                // The writer ends first only after a failure: nobody is answered any more.
                return;
            };
            self.drain();
            let batch = self.batch().await;
            if !batch.is_empty() {
                permit.send(batch);
            }
        }
        self.queue.close();
        while let Some(message) = self.queue.recv().await {
            self.receive(message);
        }
        self.pulse.end(Life::Stopped);
    }

    /// Waits until a command can be taken. Returns false when none will come any more.
    async fn has_work(&mut self) -> bool {
        loop {
            self.drain();
            if self.claims.has_ready() {
                return true;
            }
            if self.is_stopping && self.claims.is_idle() {
                return false;
            }
            tokio::select! {
                biased;
                Some(returned) = self.returns.recv() => self.take_back(returned),
                message = self.queue.recv(), if !self.is_stopping => match message {
                    Some(message) => self.receive(message),
                    // Nobody is left who could ask for anything.
                    None => self.is_stopping = true,
                },
                else => return false,
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
            Message::Job(job) if self.is_stopping => job.answer(Err(Error::Stopping)),
            Message::Job(job) => self.claims.enqueue(*job),
            Message::Stop => self.is_stopping = true,
        }
    }

    fn take_back(&mut self, returned: Returned) {
        for stream in &returned.released {
            self.claims.release(stream);
        }
        for job in returned.again.into_iter().rev() {
            self.claims.again(job);
        }
        self.release(&returned.counted);
    }

    /// Takes what is free and decides it.
    async fn batch(&mut self) -> Batch {
        let taken = self.take();
        let is_cold = |(job, known): &Taken| known.is_none().then(|| job.stream.clone());
        let cold: Vec<StreamName> = taken.iter().filter_map(is_cold).collect();
        let mut loaded = load::Loaded::new();
        if !cold.is_empty() {
            loaded = load::load(&*self.parts.store, cold).await;
        }
        let now = self.parts.clock.now();
        let mut batch = Batch::default();
        let mut ready = self.ready(taken, loaded, now).await.into_iter();
        while batch.bytes() < BATCH_BYTES_MAX
            && let Some(Ready { job, state, facts }) = ready.next()
        {
            let state = state.and_then(|state| Ok((state, facts?)));
            self.decide_one(job, state, now, &mut batch);
        }
        for Ready { mut job, .. } in ready.rev() {
            let counted = std::mem::take(&mut job.counted);
            self.claims.again(job);
            self.release(&counted);
        }
        batch
    }

    /// Puts beside each command what it is decided over. Those that look at a counted fact which
    /// another command holds are left to wait.
    async fn ready(
        &mut self,
        taken: Vec<Taken>,
        mut loaded: load::Loaded,
        now: Timestamp,
    ) -> Vec<Ready> {
        let mut ready = Vec::with_capacity(taken.len());
        let mut asked = Vec::new();
        let mut asking = Vec::new();
        for (mut job, known) in taken {
            let state = self.state(&job, known, loaded.remove(&job.stream));
            if let Some(asks) = asked_by(&job, &state, now) {
                match self.counts.hold(job, &asks) {
                    Hold::Held(held) => job = held,
                    Hold::Waits => continue,
                    Hold::Changed(held) => {
                        self.finish(held, Err(Error::KeptChanging));
                        continue;
                    }
                }
                asking.push(ready.len());
                asked.push(asks);
            }
            job.place = None;
            ready.push(Ready {
                job,
                state,
                facts: Ok(Facts::default()),
            });
        }
        if !asked.is_empty() {
            let facts = counted::read(&*self.parts.store, &asked).await;
            for (index, facts) in asking.into_iter().zip(facts) {
                if let Some(ready) = ready.get_mut(index) {
                    ready.facts = facts;
                }
            }
        }
        ready
    }

    /// Releases counted facts, and lets those who waited for them be taken next.
    fn release(&mut self, counted: &[Counted]) {
        for job in self.counts.release(counted).into_iter().rev() {
            self.claims.again(job);
        }
    }

    /// Takes what is free, but for commands that nobody waits for any more.
    fn take(&mut self) -> Vec<Taken> {
        let mut taken = Vec::new();
        while taken.len() < BATCH_COMMANDS_MAX
            && let Some(job) = self.claims.take()
        {
            if job.is_abandoned() {
                self.claims.release(&job.stream);
                self.release(&job.counted);
            } else if job.is_late() {
                self.finish(job, Err(Error::DeadlinePassed));
            } else {
                let known = match &job.work {
                    Work::Case(work) => self.parts.cache.look(work.id, job.request.id),
                    Work::Publish(_) => None,
                };
                taken.push((job, known));
            }
        }
        taken
    }

    fn state(
        &self,
        job: &Job,
        known: Option<Known>,
        folded: Option<Result<Folded, Error>>,
    ) -> Result<State, Error> {
        if let Some(known) = known {
            return Ok(State::Case(known));
        }
        let folded = folded.ok_or_else(|| Error::Bug {
            what: format!("{} was not loaded", job.stream),
        })??;
        Ok(match &job.work {
            Work::Case(work) => State::Case(self.parts.cache.put(work.id, folded, job.request.id)),
            Work::Publish(_) => State::Workflow(Box::new(folded)),
        })
    }

    fn decide_one(
        &mut self,
        job: Job,
        state: Result<(State, Facts), Error>,
        now: Timestamp,
        batch: &mut Batch,
    ) {
        let decided =
            state.and_then(|(state, facts)| decide(&self.parts, &job, state, &facts, now));
        match decided {
            Ok(Decided::Answer(done)) => self.finish(job, Ok(done)),
            Ok(Decided::Write(write)) => batch.push(*write, job),
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
        self.release(&job.counted);
        job.answer(done);
    }
}
