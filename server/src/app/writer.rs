//! Writes batches, one after the other, and answers who waits for them.
//!
//! Invariant: a batch is a unit of speed, never of atomicity.
//! Invariant: after a failure that leaves in doubt what is on disk, nobody is answered any more.

use std::time::Instant;

use heard_engine::entry::StreamName;
use tokio::sync::{mpsc, watch};

use super::committer::{Parts, Write, answer};
use super::error::Error;
use super::job::{Done, Job, Work};
use crate::store::{self, Append, Appended};

/// How often a command is decided afresh when its stream changed under us.
const CONFLICTS_MAX: u32 = 3;

/// A command whose entry is being written.
#[derive(Debug)]
pub(super) struct InFlight {
    job: Job,
}

impl InFlight {
    pub(super) const fn new(job: Job) -> Self {
        Self { job }
    }
}

/// Decided commands on their way to the disk.
#[derive(Debug, Default)]
pub(super) struct Batch {
    writes: Vec<(Write, InFlight)>,
    /// Bytes of entries and sealed values.
    pub(super) bytes: usize,
}

impl Batch {
    pub(super) fn push(&mut self, write: Write, in_flight: InFlight) {
        let entries = write.append.entries.iter().map(|entry| entry.bytes.len());
        let sealed = write.append.sealed.iter().map(|row| row.value.len());
        self.bytes += entries.chain(sealed).sum::<usize>();
        self.writes.push((write, in_flight));
    }

    pub(super) const fn is_empty(&self) -> bool {
        self.writes.is_empty()
    }
}

/// What comes back of a batch.
#[derive(Debug, Default)]
pub(super) struct Returned {
    /// Streams whose claims are released.
    pub(super) released: Vec<StreamName>,
    /// Commands to be decided afresh; they keep their claims.
    pub(super) again: Vec<Job>,
}

/// Writes batches until there are no more, or the store fails for good.
pub(super) async fn run(
    parts: Parts,
    mut batches: mpsc::Receiver<Batch>,
    returned: mpsc::UnboundedSender<Returned>,
    fail: watch::Sender<Option<String>>,
) {
    let mut is_blocked = false;
    while let Some(batch) = batches.recv().await {
        if is_blocked && let Err(error) = parts.store.probe().await {
            if let store::Error::Fatal { .. } = error {
                fail.send_replace(Some(chain(&error)));
                return;
            }
            send(&returned, refuse(batch.writes, &error));
            continue;
        }
        match write(&parts, batch).await {
            Ok((back, blocked)) => {
                is_blocked = blocked;
                send(&returned, back);
            }
            Err(error) => {
                fail.send_replace(Some(chain(&error)));
                return;
            }
        }
    }
}

fn send(returned: &mpsc::UnboundedSender<Returned>, back: Returned) {
    // A committer that stopped waits for nothing any more.
    let _gone = returned.send(back);
}

/// Writes a batch. An error is one that leaves in doubt what is on disk.
async fn write(parts: &Parts, batch: Batch) -> Result<(Returned, bool), store::Error> {
    let mut writes = batch.writes;
    parts.metrics.batch_size.observe(count(writes.len()));
    let appends: Vec<Append> = writes
        .iter_mut()
        .map(|(write, _)| std::mem::take(&mut write.append))
        .collect();
    // A data error needs the appends again; that they are kept costs a copy of small entries.
    let copy = appends.clone();
    let begun = Instant::now();
    let appended = parts.store.append(appends).await;
    parts
        .metrics
        .sync_seconds
        .observe(begun.elapsed().as_secs_f64());
    match appended {
        Ok(appended) => Ok((settle(parts, writes, appended), false)),
        Err(error @ store::Error::Fatal { .. }) => Err(error),
        Err(store::Error::Data { .. }) if writes.len() > 1 => alone(parts, writes, copy).await,
        Err(error @ (store::Error::DiskFull | store::Error::Unavailable { .. })) => {
            Ok((refuse(writes, &error), true))
        }
        Err(error @ (store::Error::Data { .. } | store::Error::Damaged { .. })) => {
            Ok((refuse(writes, &error), false))
        }
    }
}

/// Writes each command of a batch by itself, once: only the guilty one is told.
async fn alone(
    parts: &Parts,
    writes: Vec<(Write, InFlight)>,
    appends: Vec<Append>,
) -> Result<(Returned, bool), store::Error> {
    let mut back = Returned::default();
    let mut is_blocked = false;
    for (write, append) in writes.into_iter().zip(appends) {
        let one = match parts.store.append(vec![append]).await {
            Ok(appended) => settle(parts, vec![write], appended),
            Err(error @ store::Error::Fatal { .. }) => return Err(error),
            Err(error) => {
                is_blocked = !matches!(error, store::Error::Data { .. });
                refuse(vec![write], &error)
            }
        };
        back.released.extend(one.released);
        back.again.extend(one.again);
    }
    Ok((back, is_blocked))
}

fn settle(parts: &Parts, writes: Vec<(Write, InFlight)>, appended: Vec<Appended>) -> Returned {
    let mut back = Returned::default();
    for ((write, InFlight { mut job }), appended) in writes.into_iter().zip(appended) {
        match appended {
            Appended::Written(positions) => {
                let case = write.step.as_ref().map(|step| step.case.clone());
                match (&job.work, write.step) {
                    (Work::Case(work), Some(step)) => parts.cache.commit(work.id, step),
                    (Work::Publish(work), _) => parts.catalog.keep(work.workflow.clone()),
                    (Work::Case(_), None) => {}
                }
                parts.metrics.accepted.inc();
                back.released.push(job.stream.clone());
                let mut receipt = write.receipt;
                receipt.position = positions.first().copied();
                answer(job, Ok(Done::Accepted(receipt, case)));
            }
            Appended::Conflict => {
                if let Work::Case(work) = &job.work {
                    parts.cache.forget(work.id);
                }
                job.conflicts += 1;
                if job.conflicts < CONFLICTS_MAX {
                    back.again.push(job);
                } else {
                    back.released.push(job.stream.clone());
                    answer(job, Err(Error::KeptChanging));
                }
            }
        }
    }
    back
}

fn refuse(writes: Vec<(Write, InFlight)>, error: &store::Error) -> Returned {
    let mut back = Returned::default();
    for (_, InFlight { job }) in writes {
        back.released.push(job.stream.clone());
        answer(job, Err(Error::Store(again(error))));
    }
    back
}

/// Returns the error for one more caller: a source cannot be shared, its text can.
fn again(error: &store::Error) -> store::Error {
    let source = |text: &Option<Box<dyn std::error::Error + Send + Sync>>| {
        text.as_ref().map(|source| source.to_string().into())
    };
    match error {
        store::Error::DiskFull => store::Error::DiskFull,
        store::Error::Unavailable {
            operation,
            source: cause,
        } => store::Error::Unavailable {
            operation,
            source: source(cause),
        },
        store::Error::Data {
            operation,
            source: cause,
        } => store::Error::Data {
            operation,
            source: source(cause),
        },
        store::Error::Fatal {
            operation,
            source: cause,
        } => store::Error::Fatal {
            operation,
            source: source(cause),
        },
        store::Error::Damaged { what } => store::Error::Damaged { what: what.clone() },
    }
}

/// Returns an error with everything that led to it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(source) = cause {
        text.push_str(": ");
        text.push_str(&source.to_string());
        cause = source.source();
    }
    text
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a batch has at most 512 commands"
)]
const fn count(commands: usize) -> f64 {
    commands as f64
}
