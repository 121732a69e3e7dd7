//! When pages of the write-ahead log are moved into the file, and by whom.
//!
//! A thread moves them while the writer goes on; it never gets to the end of a log that is
//! being written, and only a log moved to its end begins again. So past a second bound the writer
//! finishes what the thread left, between two batches.
//!
//! Invariant: a checkpoint that fails to sync poisons the store: a second try could claim pages
//! that the first has lost.

use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;

use rusqlite::Connection;

use super::Shared;
use super::failure::{fatal, writing};
use crate::store::Error;

/// Past this the thread moves pages while the writer goes on.
const THREAD_BYTES: u64 = 16 << 20;
/// Past this the writer finishes between two batches.
const WRITER_BYTES: u64 = 32 << 20;
/// Past this the writer waits for readers of old pages, and says so.
const RESTART_BYTES: u64 = 256 << 20;
/// So much has to come before an unfinished checkpoint is tried again.
const AGAIN_BYTES: u64 = 4 << 20;
/// A frame of the log: a page of 4,096 bytes and its header.
const FRAME_BYTES: u64 = 4_096 + 24;

/// Decides after every batch what is to be done about the log.
#[derive(Debug)]
pub(super) struct Checkpoints {
    shared: Arc<Shared>,
    /// Held by whoever is moving pages: SQLite lets only one.
    turn: Arc<Mutex<()>>,
    wake: Option<SyncSender<()>>,
    thread: Option<JoinHandle<()>>,
    /// The length of the log at which an unfinished checkpoint is tried again.
    again_at: u64,
}

/// How hard a checkpoint tries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    /// Only looks.
    Look,
    /// Moves what no reader needs; waits for nobody.
    Passive,
    /// Waits for readers, so that the log begins again.
    Restart,
    /// Waits for readers and empties the log.
    Truncate,
}

/// The log: how long it is, and how much of it lies in the file already.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Log {
    bytes: u64,
    moved: u64,
}

impl Checkpoints {
    /// Starts the thread with a connection of its own.
    pub(super) fn start(db: Connection, shared: Arc<Shared>) -> std::io::Result<Self> {
        let turn = Arc::new(Mutex::new(()));
        let (wake, woken) = sync_channel(1);
        let thread = {
            let (turn, shared) = (Arc::clone(&turn), Arc::clone(&shared));
            let work = move || run(&db, &woken, &turn, &shared);
            std::thread::Builder::new()
                .name("checkpoint".into())
                .spawn(work)?
        };
        Ok(Self {
            shared,
            turn,
            wake: Some(wake),
            thread: Some(thread),
            again_at: 0,
        })
    }

    /// Looks at the log after a commit and does what is due.
    pub(super) fn after_commit(&mut self, db: &Connection) {
        let looked = checkpoint(db, Mode::Look);
        let log = match looked {
            Ok(log) => log,
            Err(error) => return failed(&self.shared, error),
        };
        self.shared.set_wal_bytes(log.bytes);
        if log.bytes < WRITER_BYTES {
            self.again_at = 0;
        }
        let is_behind = log.bytes.saturating_sub(log.moved) > AGAIN_BYTES;
        if log.bytes > WRITER_BYTES && log.moved < log.bytes && log.bytes >= self.again_at {
            self.finish(db, log);
        } else if log.bytes > THREAD_BYTES && is_behind {
            self.wake();
        }
    }

    fn wake(&self) {
        match self.wake.as_ref().map(|wake| wake.try_send(())) {
            // Full: it has not yet begun what it was last woken for.
            None | Some(Ok(()) | Err(TrySendError::Full(()))) => {}
            Some(Err(TrySendError::Disconnected(()))) => {
                tracing::error!("the checkpoint thread has ended; the writer does its work");
            }
        }
    }

    fn finish(&mut self, db: &Connection, log: Log) {
        let _turn = self.turn.lock().unwrap_or_else(PoisonError::into_inner);
        let mode = if log.bytes > RESTART_BYTES {
            let mebibytes = log.bytes >> 20;
            tracing::warn!(
                mebibytes,
                "the write-ahead log cannot be emptied: another tool holds the store open in a \
                 long read; writing waits for it, at most 5 s at a time"
            );
            Mode::Restart
        } else {
            Mode::Passive
        };
        match checkpoint(db, mode) {
            Ok(left) if left.moved < left.bytes => {
                let pause = if mode == Mode::Restart {
                    8 * AGAIN_BYTES
                } else {
                    AGAIN_BYTES
                };
                self.again_at = log.bytes + pause;
            }
            Ok(_) => self.again_at = 0,
            Err(error) => failed(&self.shared, error),
        }
    }

    /// Ends the thread and, unless the store has failed, empties the log.
    pub(super) fn close(mut self, db: &Connection) -> Result<(), Error> {
        self.stop();
        if self.shared.is_poisoned() {
            return Err(fatal(
                "close",
                "it failed earlier; its log is left as it is",
            ));
        }
        checkpoint(db, Mode::Truncate)
            .map(drop)
            .map_err(|error| writing("checkpoint", error))
    }

    fn stop(&mut self) {
        drop(self.wake.take());
        if let Some(thread) = self.thread.take()
            && thread.join().is_err()
        {
            tracing::error!("the checkpoint thread had panicked");
        }
    }
}

impl Drop for Checkpoints {
    fn drop(&mut self) {
        self.stop();
    }
}

fn run(db: &Connection, woken: &Receiver<()>, turn: &Mutex<()>, shared: &Shared) {
    while woken.recv().is_ok() {
        let _turn = turn.lock().unwrap_or_else(PoisonError::into_inner);
        if shared.is_poisoned() {
            return;
        }
        if let Err(error) = checkpoint(db, Mode::Passive) {
            failed(shared, error);
        }
    }
}

/// A full disk or a lock held by another tool leaves the log as it was: the next try may do.
fn failed(shared: &Shared, error: rusqlite::Error) {
    match writing("checkpoint", error) {
        error @ Error::Fatal { .. } => {
            tracing::error!(error = &error as &dyn std::error::Error, "the store failed");
            shared.poison();
        }
        error @ (Error::DiskFull
        | Error::Unavailable { .. }
        | Error::Data { .. }
        | Error::Damaged { .. }) => {
            let error: &dyn std::error::Error = &error;
            tracing::warn!(
                error,
                "the write-ahead log could not be moved into the store"
            );
        }
    }
}

fn checkpoint(db: &Connection, mode: Mode) -> rusqlite::Result<Log> {
    let sql = match mode {
        Mode::Look => "PRAGMA wal_checkpoint(NOOP)",
        Mode::Passive => "PRAGMA wal_checkpoint(PASSIVE)",
        Mode::Restart => "PRAGMA wal_checkpoint(RESTART)",
        Mode::Truncate => "PRAGMA wal_checkpoint(TRUNCATE)",
    };
    // Busy or not, frames of the log, frames moved; -1 where SQLite did not look.
    db.prepare_cached(sql)?.query_row([], |row| {
        let frames = |column| {
            row.get(column)
                .map(|frames: i64| frames.max(0).unsigned_abs())
        };
        Ok(Log {
            bytes: frames(1)? * FRAME_BYTES,
            moved: frames(2)? * FRAME_BYTES,
        })
    })
}
