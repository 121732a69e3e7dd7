//! The threads that own the connections, and what is sent to them.
//!
//! Invariant: a job that was taken is answered.

use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;
use tokio::sync::{mpsc, oneshot};

use super::Shared;
use super::checkpoint::Checkpoints;
use super::failure::{fatal, gone};
use super::write::Writer;
use crate::store::{Append, Appended, Derived, Error};

type Reply<T> = oneshot::Sender<Result<T, Error>>;

/// What the writer is asked.
#[derive(Debug)]
pub(super) enum WriteJob {
    /// Append a batch.
    Append {
        batch: Arc<[Append]>,
        reply: Reply<Vec<Appended>>,
    },
    /// Replace every derived row.
    ReplaceDerived {
        rows: Vec<Derived>,
        reply: Reply<()>,
    },
    /// Keep why time is held, or that it is not.
    KeepHold {
        hold: Option<String>,
        reply: Reply<()>,
    },
    /// Try whether writing works.
    Probe { reply: Reply<()> },
    /// Empty the log and let go of the file.
    Close { reply: Reply<()> },
}

/// What a reader is asked.
pub(super) enum ReadJob {
    /// Read something; the answer goes its own way.
    Run(Box<dyn FnOnce(&Connection) + Send>),
    /// End. Answered once the connection is closed.
    Stop(oneshot::Sender<()>),
}

/// Starts a thread with a name.
pub(super) fn spawn(
    name: &str,
    work: impl FnOnce() + Send + 'static,
) -> std::io::Result<JoinHandle<()>> {
    std::thread::Builder::new().name(name.into()).spawn(work)
}

/// Reads until it is told to stop or the store is dropped.
pub(super) fn read(db: Connection, queue: &Mutex<mpsc::Receiver<ReadJob>>) {
    loop {
        let job = queue
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .blocking_recv();
        match job {
            Some(ReadJob::Run(work)) => work(&db),
            Some(ReadJob::Stop(reply)) => {
                drop(db);
                // Whoever closes the store may have gone.
                return reply.send(()).unwrap_or_default();
            }
            None => return,
        }
    }
}

/// Writes until it is told to close or the store is dropped. Holds the lock of the store, so that
/// it is free only when nothing writes any more.
pub(super) fn write(
    mut writer: Writer,
    mut checkpoints: Checkpoints,
    mut queue: mpsc::Receiver<WriteJob>,
    shared: &Shared,
    lock: File,
) {
    while let Some(job) = queue.blocking_recv() {
        match job {
            WriteJob::Append { batch, reply } => {
                let done = guarded(shared, "append", || writer.append(&batch));
                let done = done.map(|(answers, position)| {
                    shared.set_position(position);
                    answers
                });
                drop(reply.send(done));
            }
            WriteJob::ReplaceDerived { rows, reply } => {
                let done = guarded(shared, "rebuild", || writer.replace_derived(&rows));
                drop(reply.send(done));
            }
            WriteJob::KeepHold { hold, reply } => {
                let keep = || writer.keep_hold(hold.as_deref());
                let done = guarded(shared, "keep why time is held", keep);
                drop(reply.send(done));
            }
            WriteJob::Probe { reply } => {
                let done = guarded(shared, "probe", || writer.probe());
                drop(reply.send(done));
            }
            WriteJob::Close { reply } => {
                let closed = checkpoints.close(&writer.db);
                drop(writer);
                drop(lock);
                drop(reply.send(closed));
                return refuse_rest(queue);
            }
        }
        if !shared.is_poisoned() {
            checkpoints.after_commit(&writer.db);
        }
    }
}

/// Does a write, unless one has failed before; remembers when this one fails so.
fn guarded<T>(
    shared: &Shared,
    operation: &'static str,
    work: impl FnOnce() -> Result<T, Error>,
) -> Result<T, Error> {
    if shared.is_poisoned() {
        return Err(fatal(operation, "the store failed earlier"));
    }
    let done = work();
    if matches!(done, Err(Error::Fatal { .. })) {
        shared.poison();
    }
    done
}

fn refuse_rest(mut queue: mpsc::Receiver<WriteJob>) {
    queue.close();
    while let Some(job) = queue.blocking_recv() {
        match job {
            WriteJob::Append { reply, .. } => drop(reply.send(Err(gone("append")))),
            WriteJob::ReplaceDerived { reply, .. } => drop(reply.send(Err(gone("rebuild")))),
            WriteJob::KeepHold { reply, .. } => {
                drop(reply.send(Err(gone("keep why time is held"))));
            }
            WriteJob::Probe { reply } => drop(reply.send(Err(gone("probe")))),
            WriteJob::Close { reply } => drop(reply.send(Err(gone("close")))),
        }
    }
}
