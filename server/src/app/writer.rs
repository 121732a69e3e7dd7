//! Writes batches, one after the other, and answers who waits for them.
//!
//! Invariant: a batch is a unit of speed, never of atomicity.
//! Invariant: after a failure that leaves in doubt what is on disk, nobody is answered any more.

use std::sync::Arc;
use std::time::Instant;

use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Position, Revision};
use tokio::sync::mpsc;

use super::committer::{Counted, Life, Outcome, Parts, Pulse, Write};
use super::error::{Error, chain, one_more};
use super::job::{Done, Job, Work};
use crate::store::{self, Append, Appended};

/// How often a command is decided afresh when its stream changed under us.
const CONFLICTS_MAX: u32 = 3;

/// Decided commands on their way to the disk.
#[derive(Debug, Default)]
pub(super) struct Batch {
    appends: Vec<Append>,
    /// Who waits for each of them.
    waiting: Vec<Waiting>,
    /// The duplicates that rest with them, which nobody claimed.
    unclaimed: Vec<StreamName>,
    bytes: usize,
}

#[derive(Debug)]
struct Waiting {
    job: Job,
    outcome: Outcome,
}

impl Batch {
    /// Adds a decided command.
    pub(super) fn push(&mut self, write: Write, job: Job) {
        let Write { append, outcome } = write;
        let entries = append.entries.iter().map(|entry| entry.bytes.len());
        let sealed = append.sealed.iter().map(|row| row.value.len());
        let workflow = append.workflow.iter().map(|row| row.bytes.len());
        self.bytes += entries.chain(sealed).chain(workflow).sum::<usize>();
        self.unclaimed.extend(job.duplicate().map(StreamName::Case));
        self.appends.push(append);
        self.waiting.push(Waiting { job, outcome });
    }

    /// Returns whether something in it is written to a stream of this job: no claim keeps the
    /// duplicate of a merge from that.
    pub(super) fn meets(&self, job: &Job) -> bool {
        let duplicate = job.duplicate().map(StreamName::Case);
        let is_written = |stream: StreamName| {
            let mut waiting = self.waiting.iter();
            self.unclaimed.contains(&stream) || waiting.any(|one| one.job.stream == stream)
        };
        self.unclaimed.contains(&job.stream) || duplicate.is_some_and(is_written)
    }

    /// Returns how many bytes of entries, sealed values and workflows it has.
    pub(super) const fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns whether there is nothing to write.
    pub(super) const fn is_empty(&self) -> bool {
        self.appends.is_empty()
    }
}

/// What comes back of a batch.
#[derive(Debug, Default)]
pub(super) struct Returned {
    /// Streams whose claims are released.
    pub(super) released: Vec<StreamName>,
    /// Counted facts that are released.
    pub(super) counted: Vec<Counted>,
    /// Cases that changed without a claim. Whoever loaded one before may have put it into the cache
    /// since, so they are forgotten once more.
    pub(super) forgotten: Vec<CaseId>,
    /// Commands to be decided afresh; they keep their claims until they are put back.
    pub(super) again: Vec<Job>,
}

impl Returned {
    /// Releases what a command holds, which is to be answered now.
    fn release(&mut self, job: &mut Job) {
        self.released.push(job.stream.clone());
        self.counted.append(&mut job.counted);
    }
}

/// Writes batches until there are no more, or the store fails for good.
pub(super) async fn run(
    parts: Parts,
    mut batches: mpsc::Receiver<Batch>,
    returned: mpsc::UnboundedSender<Returned>,
    pulse: Pulse,
) {
    let mut writer = Writer {
        parts,
        back: Returned::default(),
        is_blocked: false,
    };
    let store = Arc::clone(&writer.parts.store);
    loop {
        let batch = tokio::select! {
            biased;
            // A failure beside any batch, as of a checkpoint, ends all answers just the same.
            what = store.failed() => {
                pulse.end(Life::Failed(what));
                return;
            }
            batch = batches.recv() => batch,
        };
        let Some(batch) = batch else { return };
        if let Err(error) = writer.write(batch).await {
            pulse.end(Life::Failed(chain(&error)));
            return;
        }
        // A committer that has ended waits for nothing any more.
        let _ended = returned.send(std::mem::take(&mut writer.back));
    }
}

struct Writer {
    parts: Parts,
    back: Returned,
    /// The last write failed and nothing was written: a probe decides whether the next is tried.
    is_blocked: bool,
}

impl Writer {
    /// Writes a batch. An error is one that leaves in doubt what is on disk.
    async fn write(&mut self, batch: Batch) -> Result<(), store::Error> {
        let Batch {
            appends, waiting, ..
        } = batch;
        if self.is_blocked
            && let Err(error) = self.parts.store.probe().await
        {
            return self.refuse(waiting, error);
        }
        self.is_blocked = false;
        let appends: Arc<[Append]> = appends.into();
        match self.append(Arc::clone(&appends)).await {
            Ok(appended) => {
                self.settle(waiting, appended);
                Ok(())
            }
            Err(store::Error::Data { .. }) if waiting.len() > 1 => {
                self.alone(waiting, &appends).await
            }
            Err(error) => self.refuse(waiting, error),
        }
    }

    /// Writes each command of a batch by itself, once: only the guilty one is told.
    async fn alone(
        &mut self,
        waiting: Vec<Waiting>,
        appends: &[Append],
    ) -> Result<(), store::Error> {
        let mut rest = waiting.into_iter().zip(appends);
        while let Some((one, append)) = rest.next() {
            match self.append(Arc::from([append.clone()])).await {
                Ok(appended) => self.settle(vec![one], appended),
                Err(error @ store::Error::Data { .. }) => self.refuse(vec![one], error)?,
                Err(error) => {
                    let rest = rest.map(|(waiting, _)| waiting);
                    return self.refuse(std::iter::once(one).chain(rest), error);
                }
            }
        }
        Ok(())
    }

    async fn append(&self, appends: Arc<[Append]>) -> Result<Vec<Appended>, store::Error> {
        let metrics = &self.parts.metrics;
        let commands = appends.len();
        metrics.batch_size.observe(count(commands));
        let begun = Instant::now();
        let appended = self.parts.store.append(appends).await?;
        metrics.sync_seconds.observe(begun.elapsed().as_secs_f64());
        if appended.len() != commands {
            return Err(store::Error::Fatal {
                operation: "append",
                source: Some("the store did not say of each command what became of it".into()),
            });
        }
        Ok(appended)
    }

    fn settle(&mut self, waiting: Vec<Waiting>, appended: Vec<Appended>) {
        for (Waiting { job, outcome }, appended) in waiting.into_iter().zip(appended) {
            match appended {
                Appended::Written(positions) => self.written(job, outcome, positions.first()),
                Appended::Conflict => self.conflict(job),
            }
        }
    }

    fn written(&mut self, mut job: Job, outcome: Outcome, position: Option<&Position>) {
        let Outcome {
            mut receipt,
            step,
            due_at,
            fired,
        } = outcome;
        let case = step.as_ref().map(|step| Arc::clone(&step.case));
        match (&job.work, step) {
            (Work::Case(_) | Work::Fire(_), step) => {
                if let (Some(id), Some(step)) = (job.case(), step) {
                    self.parts.cache.commit(id, step);
                }
            }
            (Work::Publish(work), _) => self.parts.catalog.published(&work.workflow),
        }
        if let Some(duplicate) = job.duplicate() {
            self.parts.cache.forget(duplicate);
            self.back.forgotten.push(duplicate);
        }
        if let Some(due_at) = due_at {
            self.parts.alarm.tell(due_at);
        }
        if let Some(fired) = fired {
            self.parts.metrics.fired(&fired, receipt.recorded_at);
            if !job.is_timer() {
                return self.go_on(job, receipt.revision);
            }
        } else {
            self.parts.metrics.accepted.inc();
        }
        self.back.release(&mut job);
        receipt.position = position.copied();
        job.answer(Ok(Done::Accepted(receipt, case)));
    }

    /// Lets a command go on whose case had something due: it keeps its turn, and what it expects
    /// of the case was seen to be so before the firing.
    fn go_on(&mut self, mut firing: Job, revision: Revision) {
        self.back.counted.append(&mut firing.counted);
        let mut command = firing.into_command();
        command.expected = command.expected.and(Some(revision));
        self.back.again.push(command);
    }

    fn conflict(&mut self, mut job: Job) {
        if let Some(case) = job.case() {
            self.parts.cache.forget(case);
        }
        // What a duplicate became is read by whoever asked, who decides whether to ask again.
        let is_merge = job
            .duplicate()
            .inspect(|case| self.parts.cache.forget(*case));
        job.conflicts += 1;
        self.back.counted.append(&mut job.counted);
        if is_merge.is_none() && job.conflicts <= CONFLICTS_MAX {
            self.back.again.push(job.into_command());
        } else {
            self.back.release(&mut job);
            job.answer(Err(Error::KeptChanging));
        }
    }

    /// Answers that nothing was written, unless that is not sure.
    fn refuse(
        &mut self,
        waiting: impl IntoIterator<Item = Waiting>,
        error: store::Error,
    ) -> Result<(), store::Error> {
        match error {
            store::Error::DiskFull | store::Error::Unavailable { .. } => self.is_blocked = true,
            store::Error::Data { .. } => {}
            store::Error::Fatal { .. } | store::Error::Damaged { .. } => return Err(error),
        }
        for Waiting { mut job, .. } in waiting {
            self.back.release(&mut job);
            job.answer(Err(Error::Store(one_more(&error))));
        }
        Ok(())
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a batch has at most 512 commands"
)]
pub(super) const fn count(commands: usize) -> f64 {
    commands as f64
}
