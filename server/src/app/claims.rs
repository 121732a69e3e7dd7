//! Which streams a batch holds, and who waits for them, first in first out.
//!
//! Invariant: a claimed stream is in no other batch until its claim is released. So every decision
//! rests on committed state, and a failed batch undoes nothing.
//! Invariant: a stream is ready exactly when it has a command that waits and no claim.

use std::collections::{HashMap, VecDeque};

use heard_engine::entry::StreamName;

use super::job::Job;

/// The commands that wait, and the claims that are held.
#[derive(Debug, Default)]
pub(super) struct Claims {
    ready: VecDeque<StreamName>,
    lines: HashMap<StreamName, Line>,
}

/// Who waits for a stream. Without anybody, and without a claim, there is no line.
#[derive(Debug, Default)]
struct Line {
    is_claimed: bool,
    waiting: VecDeque<Job>,
}

impl Claims {
    /// Lets a command wait for its turn.
    pub(super) fn enqueue(&mut self, job: Job) {
        let line = self.lines.entry(job.stream.clone()).or_default();
        if !line.is_claimed && line.waiting.is_empty() {
            self.ready.push_back(job.stream.clone());
        }
        line.waiting.push_back(job);
    }

    /// Returns whether a command could be taken.
    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Returns whether nobody waits and nothing is held.
    pub(super) fn is_idle(&self) -> bool {
        self.lines.is_empty()
    }

    /// Takes the next command whose stream is free, and claims its stream.
    pub(super) fn take(&mut self) -> Option<Job> {
        let stream = self.ready.pop_front()?;
        let line = self.lines.get_mut(&stream)?;
        line.is_claimed = true;
        line.waiting.pop_front()
    }

    /// Releases a claim: whoever waits for the stream comes after all who could be taken before.
    pub(super) fn release(&mut self, stream: &StreamName) {
        let Some(line) = self.lines.get_mut(stream) else {
            return;
        };
        line.is_claimed = false;
        if line.waiting.is_empty() {
            self.lines.remove(stream);
        } else {
            self.ready.push_back(stream.clone());
        }
    }

    /// Puts a command back that was taken, to be taken again before all others.
    pub(super) fn again(&mut self, job: Job) {
        let line = self.lines.entry(job.stream.clone()).or_default();
        line.is_claimed = false;
        self.ready.push_front(job.stream.clone());
        line.waiting.push_front(job);
    }
}
