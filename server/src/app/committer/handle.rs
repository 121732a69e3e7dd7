//! The way to the committer, and how it fares.
//!
//! Invariant: nobody is answered once the store has failed: what would be said cannot be trusted.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};

use heard_engine::time::Timestamp;
use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use super::{QUEUE_COMMANDS_MAX, QUEUE_TIMERS_MAX};
use crate::app::error::Error;
use crate::app::job::{Done, Job, Reply};
use crate::app::metrics::Metrics;
use crate::app::timekeeper::Held;
use crate::store;

/// Where the answer to a job comes.
pub(in crate::app) type Answer = oneshot::Receiver<Result<Done, Error>>;

/// Where it is told what became of something else than a job.
pub(super) type Told<T> = oneshot::Sender<Result<T, Error>>;

/// What the committer is told.
pub(super) enum Message {
    /// A command.
    Job(Box<Job>),
    /// Move the virtual clock towards an instant, to what is due next, once nothing is under way.
    MoveClock(Timestamp, Told<()>),
    /// Write down why time is held, if it is.
    KeepHold(Told<()>),
    /// Take the clock to be right as it stands.
    AcceptClock(Told<Option<Held>>),
    /// Finish what is there; nothing more will come.
    Stop,
}

/// How the committer fares.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::app) enum Life {
    /// It works.
    Running,
    /// It ended in order: everything it took was answered.
    Stopped,
    /// The store failed.
    Failed(String),
    /// A task ended without having been told to: a fault of heard.
    Broken(String),
}

/// Why nobody is answered any more.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// The store failed in a way after which nothing it says can be trusted.
    #[error("the store failed: {what}")]
    Store {
        /// What happened.
        what: String,
    },
    /// A task of the server ended by itself: a fault of heard.
    #[error("a fault of heard: {what}")]
    Bug {
        /// What happened.
        what: String,
    },
}

/// Held by each task of the committer, so that its end is seen however it comes.
#[derive(Debug, Clone)]
pub(in crate::app) struct Pulse(Arc<watch::Sender<Life>>);

impl Pulse {
    /// Says how it ended. What was said first holds.
    pub(in crate::app) fn end(&self, life: Life) {
        end(&self.0, life);
    }
}

fn end(life: &watch::Sender<Life>, ended: Life) {
    life.send_if_modified(|now| {
        let is_running = *now == Life::Running;
        if is_running {
            *now = ended;
        }
        is_running
    });
}

impl Life {
    /// Returns why nobody is answered any more.
    fn failure(&self) -> Option<Failure> {
        match self {
            Self::Running | Self::Stopped => None,
            Self::Failed(what) => Some(Failure::Store { what: what.clone() }),
            Self::Broken(what) => Some(Failure::Bug { what: what.clone() }),
        }
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        self.end(Life::Broken("a task of the committer has ended".to_owned()));
    }
}

/// Says that a task beside the committer has failed; does not keep the committer's own alive.
#[derive(Debug)]
struct Fault(Weak<watch::Sender<Life>>);

/// A place in the queue, counted as long as it is held.
#[derive(Debug)]
pub(in crate::app) struct Place {
    depth: Gauge,
    _permit: OwnedSemaphorePermit,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.depth.dec();
    }
}

/// The way to the committer.
pub(in crate::app) struct Handle {
    commands: Queue,
    timers: Queue,
    queue: mpsc::UnboundedSender<Message>,
    life: watch::Receiver<Life>,
    is_stopping: AtomicBool,
    fault: Fault,
}

/// The places of a queue.
struct Queue {
    places: Arc<Semaphore>,
    depth: Gauge,
}

impl Queue {
    fn new(places: usize, depth: Gauge) -> Self {
        let places = Arc::new(Semaphore::new(places));
        Self { places, depth }
    }

    fn place(&self, permit: OwnedSemaphorePermit) -> Place {
        self.depth.inc();
        Place {
            depth: self.depth.clone(),
            _permit: permit,
        }
    }
}

impl Handle {
    /// Makes the way to a committer, its other end, and the pulse its tasks are to hold.
    pub(super) fn new(metrics: &Metrics) -> (Self, mpsc::UnboundedReceiver<Message>, Pulse) {
        let (queue, messages) = mpsc::unbounded_channel();
        let (pulse, life) = watch::channel(Life::Running);
        let pulse = Arc::new(pulse);
        let handle = Self {
            commands: Queue::new(QUEUE_COMMANDS_MAX, metrics.queue_depth.clone()),
            timers: Queue::new(QUEUE_TIMERS_MAX, metrics.timers_waiting.clone()),
            queue,
            life,
            is_stopping: AtomicBool::new(false),
            fault: Fault(Arc::downgrade(&pulse)),
        };
        (handle, messages, Pulse(pulse))
    }

    /// Hands in a command and waits for what becomes of it.
    pub(in crate::app) async fn submit(
        &self,
        make: impl FnOnce(Reply, Place) -> Job,
    ) -> Result<Done, Error> {
        if self.is_stopping.load(Ordering::Acquire) {
            return Err(Error::Stopping);
        }
        let permit = Arc::clone(&self.commands.places).try_acquire_owned();
        let permit = permit.map_err(|_| Error::TooBusy)?;
        let answer = self.send(make, self.commands.place(permit));
        self.answer(answer).await
    }

    /// Hands in a firing of the timekeeper, once it has a place. What becomes of it is asked with
    /// [`Self::answer`].
    pub(in crate::app) async fn fire(
        &self,
        make: impl FnOnce(Reply, Place) -> Job,
    ) -> Result<Answer, Error> {
        // The places are never closed.
        let permit = Arc::clone(&self.timers.places).acquire_owned().await;
        let permit = permit.map_err(|_| Error::Stopping)?;
        if self.is_stopping.load(Ordering::Acquire) {
            return Err(Error::Stopping);
        }
        Ok(self.send(make, self.timers.place(permit)))
    }

    /// Moves the virtual clock between two batches, when no command is being decided or written
    /// by the time it shows: to the next instant at which a case is due, and no further than `to`.
    /// It stays where something is told to be due already.
    pub(in crate::app) async fn move_clock(&self, to: Timestamp) -> Result<(), Error> {
        self.tell(|told| Message::MoveClock(to, told)).await
    }

    /// Has it written down why time is held, if it is, so that a server that starts later knows.
    pub(in crate::app) async fn keep_hold(&self) -> Result<(), Error> {
        self.tell(Message::KeepHold).await
    }

    /// Takes the clock to be right as it stands, once that is written. Returns why time was held.
    pub(in crate::app) async fn accept_clock(&self) -> Result<Option<Held>, Error> {
        self.tell(Message::AcceptClock).await
    }

    async fn tell<T>(&self, message: impl FnOnce(Told<T>) -> Message) -> Result<T, Error> {
        let (told, answer) = oneshot::channel();
        // A committer that has ended takes no message: dropped here, it tells the answer so.
        drop(self.queue.send(message(told)));
        self.said(answer).await
    }

    fn send(&self, make: impl FnOnce(Reply, Place) -> Job, place: Place) -> Answer {
        let (reply, answer) = oneshot::channel();
        // A committer that has ended drops the job, and the answer says so.
        let _ended = self.queue.send(Message::Job(Box::new(make(reply, place))));
        answer
    }

    /// Waits for what becomes of a job.
    pub(in crate::app) async fn answer(&self, answer: Answer) -> Result<Done, Error> {
        self.said(answer).await
    }

    async fn said<T>(&self, answer: oneshot::Receiver<Result<T, Error>>) -> Result<T, Error> {
        match answer.await {
            Ok(done) if !self.has_failed() => done,
            Ok(_) | Err(_) => self.unanswered().await,
        }
    }

    /// Says that a task beside the committer has failed, so that nobody is answered any more.
    pub(in crate::app) fn fail(&self, what: &str) {
        if let Some(life) = self.fault.0.upgrade() {
            end(&life, Life::Broken(what.to_owned()));
        }
    }

    /// Says no once the committer has stopped: what is dropped while it comes to its end is dropped
    /// before it says so. Where it failed, says nothing for ever.
    async fn unanswered<T>(&self) -> Result<T, Error> {
        let mut life = self.life.clone();
        let ended = life.wait_for(|life| *life != Life::Running).await;
        let has_stopped = ended.is_ok_and(|life| *life == Life::Stopped);
        if has_stopped {
            return Err(Error::Stopping);
        }
        std::future::pending().await
    }

    fn has_failed(&self) -> bool {
        self.life.borrow().failure().is_some()
    }

    /// Returns what made the committer fail, once it has. After that nobody is answered.
    pub(in crate::app) async fn failed(&self) -> Failure {
        let mut life = self.life.clone();
        let failed = life.wait_for(|life| life.failure().is_some());
        // Taken out before the next await: what is waited for is read under a lock.
        let failure = failed.await.ok().and_then(|life| life.failure());
        if let Some(failure) = failure {
            return failure;
        }
        // It stopped in order, and will not fail any more.
        std::future::pending().await
    }

    /// Refuses new commands and waits until those under way are finished.
    pub(in crate::app) async fn stop(&self) -> Result<(), Error> {
        self.is_stopping.store(true, Ordering::Release);
        // A committer that has ended takes no message and needs none.
        let _ended = self.queue.send(Message::Stop);
        let mut life = self.life.clone();
        let ended = life.wait_for(|life| *life != Life::Running);
        let what = match ended.await.as_deref() {
            Ok(Life::Stopped) => return Ok(()),
            Ok(Life::Failed(what)) => what.clone(),
            Ok(Life::Broken(what)) => return Err(Error::Bug { what: what.clone() }),
            Ok(Life::Running) | Err(_) => "the committer is gone".to_owned(),
        };
        Err(Error::Store(store::Error::Fatal {
            operation: "stop",
            source: Some(what.into()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::new_identity;
    use crate::store::memory::Memory;

    #[tokio::test]
    async fn a_call_that_comes_while_the_committer_ends_is_answered() {
        let store = Arc::new(Memory::new(new_identity()));
        let (handle, messages, pulse) = Handle::new(&Metrics::new(store));
        // The committer takes nothing more, and has not said yet that it stopped.
        drop(messages);
        let ends = async {
            tokio::task::yield_now().await;
            pulse.end(Life::Stopped);
        };
        let (accepted, ()) = tokio::join!(biased; handle.accept_clock(), ends);
        assert!(matches!(accepted, Err(Error::Stopping)));
    }
}
