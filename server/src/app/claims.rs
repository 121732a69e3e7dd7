//! Which streams a batch holds, and who waits for them, first in first out.
//!
//! Invariant: a claimed stream is in no other batch until its claim is released. So every decision
//! rests on committed state, and a failed batch undoes nothing.

use std::collections::{HashMap, VecDeque};

use heard_engine::entry::StreamName;

use super::job::Job;

/// The commands that wait, and the claims that are held.
#[derive(Debug, Default)]
pub(super) struct Claims {
    ready: VecDeque<(Job, bool)>,
    held: HashMap<StreamName, VecDeque<Job>>,
}

impl Claims {
    /// Lets a command wait for its turn.
    pub(super) fn enqueue(&mut self, job: Job) {
        match self.held.get_mut(&job.stream) {
            Some(waiting) => waiting.push_back(job),
            None => self.ready.push_back((job, false)),
        }
    }

    /// Returns whether a command could be taken.
    pub(super) fn has_ready(&self) -> bool {
        !self.ready.is_empty()
    }

    /// Returns whether nobody waits and nothing is held.
    pub(super) fn is_idle(&self) -> bool {
        self.ready.is_empty() && self.held.is_empty()
    }

    /// Takes the next command whose stream is free, and claims its stream.
    pub(super) fn take(&mut self) -> Option<Job> {
        while let Some((job, has_claim)) = self.ready.pop_front() {
            if has_claim {
                return Some(job);
            }
            if let Some(waiting) = self.held.get_mut(&job.stream) {
                waiting.push_back(job);
            } else {
                self.held.insert(job.stream.clone(), VecDeque::new());
                return Some(job);
            }
        }
        None
    }

    /// Releases a claim: it goes over to the next that waits for the stream, if there is one.
    pub(super) fn release(&mut self, stream: &StreamName) {
        let Some(waiting) = self.held.get_mut(stream) else {
            return;
        };
        match waiting.pop_front() {
            Some(next) => self.ready.push_back((next, true)),
            None => {
                self.held.remove(stream);
            }
        }
    }

    /// Puts a command back that keeps its claim, to be decided afresh before all others.
    pub(super) fn again(&mut self, job: Job) {
        self.ready.push_front((job, true));
    }
}
