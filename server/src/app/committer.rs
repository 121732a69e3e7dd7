//! Who turns commands into entries: takes what is free, decides it over committed state, and hands
//! it to the writer, one sync for many commands.
//!
//! Invariant: an accepted command is answered only after its entry is on disk; a refused one at
//! once, because it was decided over committed state.
//! Invariant: at most one batch is being written and one waits; then nothing is taken, the queue
//! fills, and callers are told so.
//! Invariant: a virtual clock is moved only while no batch is under way: what is decided at an
//! instant is written before the next.

mod batch;
mod counted;
mod decision;
mod handle;
mod hold;
mod load;
mod share;

use std::sync::Arc;

use heard_engine::case::Actor;
use heard_engine::time::Timestamp;
use tokio::sync::mpsc;

use super::cache::Cache;
use super::catalog::Catalog;
use super::claims::Claims;
use super::error::Error;
use super::metrics::Metrics;
use super::timekeeper::{Alarm, Hold};
use super::writer::{self, Batch, Returned};
use crate::clock::Clock;
use crate::store::Store;

pub(super) use counted::Counted;
use counted::Counts;
pub(super) use decision::{Outcome, Write};
pub use handle::Failure;
pub(super) use handle::{Answer, Handle, Life, Place, Pulse};
use handle::{Message, Told};
pub(super) use load::{broken_error, read_error};
use share::Share;

/// How many commands may wait to be taken into a batch.
pub(super) const QUEUE_COMMANDS_MAX: usize = 1_024;
/// How many firings of the timekeeper may wait to be taken into a batch: two batches of nothing
/// else.
pub(super) const QUEUE_TIMERS_MAX: usize = 2 * BATCH_COMMANDS_MAX;
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
    /// Told of what is due.
    pub(super) alarm: Arc<Alarm>,
    /// Says whether the clock can be trusted.
    pub(super) hold: Arc<Hold>,
    /// Who fires what is due.
    pub(super) timekeeper: Actor,
}

/// Starts the committer and its writer.
pub(super) fn start(parts: Parts) -> Handle {
    let (handle, queue, pulse) = Handle::new(&parts.metrics);
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
        under_way: 0,
        moves: Vec::new(),
        is_stopping: false,
        pulse,
        share: Share::default(),
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
    /// How many batches were handed to the writer and have not come back.
    under_way: usize,
    /// Where the virtual clock is to be moved once none is.
    moves: Vec<(Timestamp, Told<()>)>,
    is_stopping: bool,
    pulse: Pulse,
    share: Share,
}

impl Committer {
    async fn run(mut self) {
        while self.has_work().await {
            let Ok(permit) = self.batches.clone().reserve_owned().await else {
                // The writer ends first only after a failure: nobody is answered any more.
                return;
            };
            self.drain().await;
            let batch = self.batch().await;
            if !batch.is_empty() {
                permit.send(batch);
                self.under_way += 1;
            }
        }
        self.queue.close();
        while let Some(message) = self.queue.recv().await {
            self.receive(message).await;
        }
        // A leap of the last seconds may not have been seen yet, and a server that starts later has
        // no other way to know of it. A failure is logged; there is nobody left to be told.
        let _standing = self.standing(self.parts.clock.now()).await;
        self.pulse.end(Life::Stopped);
    }

    /// Waits until a command can be taken. Returns false when none will come any more.
    async fn has_work(&mut self) -> bool {
        loop {
            self.drain().await;
            if self.under_way == 0 {
                self.move_clock().await;
            }
            if self.moves.is_empty() && self.claims.has_ready() {
                return true;
            }
            if self.is_stopping && self.claims.is_idle() {
                return false;
            }
            tokio::select! {
                biased;
                Some(returned) = self.returns.recv() => self.take_back(returned),
                message = self.queue.recv(), if !self.is_stopping => match message {
                    Some(message) => self.receive(message).await,
                    // Nobody is left who could ask for anything.
                    None => self.is_stopping = true,
                },
                else => return false,
            }
        }
    }

    async fn drain(&mut self) {
        while let Ok(returned) = self.returns.try_recv() {
            self.take_back(returned);
        }
        while let Ok(message) = self.queue.try_recv() {
            self.receive(message).await;
        }
    }

    async fn receive(&mut self, message: Message) {
        match message {
            Message::Job(job) if self.is_stopping => job.answer(Err(Error::Stopping)),
            Message::Job(job) => self.claims.enqueue(*job),
            Message::MoveClock(to, reply) => self.moves.push((to, reply)),
            // Whoever asked may have gone.
            Message::KeepHold(told) => drop(told.send(self.keep_hold().await)),
            Message::AcceptClock(told) => drop(told.send(self.accept_clock().await)),
            Message::Stop => self.is_stopping = true,
        }
    }

    /// Moves the virtual clock as it was asked to be. Nothing is under way that was decided by the
    /// time it shows now.
    async fn move_clock(&mut self) {
        for (to, reply) in std::mem::take(&mut self.moves) {
            // Whoever asked may have gone.
            let _gone = reply.send(self.move_to(to).await);
        }
    }

    async fn move_to(&self, to: Timestamp) -> Result<(), Error> {
        if self.is_stopping {
            return Err(Error::Stopping);
        }
        let clock = self.parts.clock.as_virtual().ok_or(Error::NotVirtual)?;
        let now = clock.now();
        if !self.parts.alarm.has_told_until(now) {
            let next = self.parts.store.next_due(now).await?;
            clock.set(next.map_or(to, |next| next.min(to)));
        }
        Ok(())
    }

    fn take_back(&mut self, returned: Returned) {
        self.under_way -= 1;
        for case in &returned.forgotten {
            self.parts.cache.forget(*case);
        }
        for stream in &returned.released {
            self.claims.release(stream);
        }
        for job in returned.again.into_iter().rev() {
            self.claims.again(job);
        }
        self.release(&returned.counted);
    }
}
