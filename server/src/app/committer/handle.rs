//! The way to the committer, and how it fares.
//!
//! Invariant: nobody is answered once the store has failed: what would be said cannot be trusted.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use prometheus_client::metrics::gauge::Gauge;
use tokio::sync::{OwnedSemaphorePermit, Semaphore, mpsc, oneshot, watch};

use super::QUEUE_COMMANDS_MAX;
use crate::app::error::Error;
use crate::app::job::{Done, Job, Reply};
use crate::store;

/// What the committer is told.
pub(super) enum Message {
    /// A command.
    Job(Box<Job>),
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
    /// The store failed, or a task of the committer ended without having been told to.
    Failed(String),
}

/// Held by each task of the committer, so that its end is seen however it comes.
#[derive(Debug, Clone)]
pub(in crate::app) struct Pulse(Arc<watch::Sender<Life>>);

impl Pulse {
    /// Says how it ended. What was said first holds.
    pub(in crate::app) fn end(&self, life: Life) {
        self.0.send_if_modified(|now| {
            let is_running = *now == Life::Running;
            if is_running {
                *now = life;
            }
            is_running
        });
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        self.end(Life::Failed("a task of the committer has ended".to_owned()));
    }
}

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
    places: Arc<Semaphore>,
    depth: Gauge,
    queue: mpsc::UnboundedSender<Message>,
    life: watch::Receiver<Life>,
    is_stopping: AtomicBool,
}

impl Handle {
    /// Makes the way to a committer, its other end, and the pulse its tasks are to hold.
    pub(super) fn new(depth: Gauge) -> (Self, mpsc::UnboundedReceiver<Message>, Pulse) {
        let (queue, messages) = mpsc::unbounded_channel();
        let (pulse, life) = watch::channel(Life::Running);
        let handle = Self {
            places: Arc::new(Semaphore::new(QUEUE_COMMANDS_MAX)),
            depth,
            queue,
            life,
            is_stopping: AtomicBool::new(false),
        };
        (handle, messages, Pulse(Arc::new(pulse)))
    }

    /// Hands in a command and waits for what becomes of it.
    pub(in crate::app) async fn submit(
        &self,
        make: impl FnOnce(Reply, Place) -> Job,
    ) -> Result<Done, Error> {
        if self.is_stopping.load(Ordering::Acquire) {
            return Err(Error::Stopping);
        }
        let permit = Arc::clone(&self.places).try_acquire_owned();
        let permit = permit.map_err(|_| Error::TooBusy)?;
        self.depth.inc();
        let place = Place {
            depth: self.depth.clone(),
            _permit: permit,
        };
        let (reply, answer) = oneshot::channel();
        let job = Box::new(make(reply, place));
        if self.queue.send(Message::Job(job)).is_err() {
            return self.unanswered().await;
        }
        match answer.await {
            Ok(done) if !self.has_failed() => done,
            Ok(_) | Err(_) => self.unanswered().await,
        }
    }

    /// Says no where the committer had stopped; where it failed, says nothing for ever.
    async fn unanswered(&self) -> Result<Done, Error> {
        let has_stopped = *self.life.borrow() == Life::Stopped;
        if has_stopped {
            return Err(Error::Stopping);
        }
        std::future::pending().await
    }

    fn has_failed(&self) -> bool {
        matches!(*self.life.borrow(), Life::Failed(_))
    }

    /// Returns what made the committer fail, once it has. After that nobody is answered.
    pub(in crate::app) async fn failed(&self) -> String {
        let mut life = self.life.clone();
        let failed = life.wait_for(|life| matches!(life, Life::Failed(_)));
        // Taken out before the next await: what is waited for is read under a lock.
        let what = failed.await.ok().and_then(|life| match &*life {
            Life::Failed(what) => Some(what.clone()),
            Life::Running | Life::Stopped => None,
        });
        if let Some(what) = what {
            return what;
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
            Ok(Life::Running) | Err(_) => "the committer is gone".to_owned(),
        };
        Err(Error::Store(store::Error::Fatal {
            operation: "stop",
            source: Some(what.into()),
        }))
    }
}
