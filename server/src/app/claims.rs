//! Which streams a batch holds, and who waits for them, first in first out; firings of the
//! timekeeper in a lane of their own.
//!
//! Invariant: a claimed stream is in no other batch until its claim is released. So every decision
//! rests on committed state, and a failed batch undoes nothing. A merge writes to the stream of its
//! duplicate too, which it does not claim: what was decided over that meanwhile meets a conflict.
//! Invariant: a stream is in a lane exactly when it has a job that waits and no claim, and that of
//! the timers only when no command goes before its first: a command fires what is due itself.
//! Invariant: whoever holds a counted fact is the first of its line. Else the firing of a command
//! before it would wait for that fact, and it for the command, for ever.

use std::collections::{HashMap, VecDeque};

use heard_engine::entry::StreamName;

use super::job::Job;

/// The commands that wait, and the claims that are held.
#[derive(Debug, Default)]
pub(super) struct Claims {
    commands: VecDeque<StreamName>,
    timers: VecDeque<StreamName>,
    lines: HashMap<StreamName, Line>,
}

/// What waits first in a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Lane {
    /// A command.
    Commands,
    /// A firing of the timekeeper.
    Timers,
}

/// Who waits for a stream. Without anybody, and without a claim, there is no line.
#[derive(Debug, Default)]
struct Line {
    is_claimed: bool,
    /// A timer that holds a counted fact, commands, then timers.
    waiting: VecDeque<Job>,
}

impl Line {
    /// The lane it belongs in; none while it is claimed or nobody waits.
    fn lane(&self) -> Option<Lane> {
        let first = self.waiting.front().filter(|_| !self.is_claimed)?;
        Some(if first.is_timer() {
            Lane::Timers
        } else {
            Lane::Commands
        })
    }

    /// The place of the first timer that gives way: the end of the commands.
    fn commands(&self) -> usize {
        match self.waiting.back() {
            Some(last) if last.gives_way() => {
                let first = self.waiting.iter().position(Job::gives_way);
                first.unwrap_or(self.waiting.len())
            }
            Some(_) | None => self.waiting.len(),
        }
    }
}

impl Claims {
    const fn lane(&mut self, kind: Lane) -> &mut VecDeque<StreamName> {
        match kind {
            Lane::Commands => &mut self.commands,
            Lane::Timers => &mut self.timers,
        }
    }

    /// Lets a job wait for its turn.
    pub(super) fn enqueue(&mut self, job: Job) {
        let stream = job.stream.clone();
        let line = self.lines.entry(stream.clone()).or_default();
        let before = line.lane();
        let place = if job.is_timer() {
            line.waiting.len()
        } else {
            line.commands()
        };
        line.waiting.insert(place, job);
        match (before, line.lane()) {
            (None, Some(kind)) => self.lane(kind).push_back(stream),
            (Some(Lane::Timers), Some(Lane::Commands)) => {
                self.timers.retain(|waiting| *waiting != stream);
                self.commands.push_back(stream);
            }
            (Some(_) | None, Some(_) | None) => {}
        }
    }

    /// Returns whether a job could be taken.
    pub(super) fn has_ready(&self) -> bool {
        !self.commands.is_empty() || !self.timers.is_empty()
    }

    /// Returns how many streams are in a lane.
    pub(super) fn ready(&self, kind: Lane) -> usize {
        match kind {
            Lane::Commands => self.commands.len(),
            Lane::Timers => self.timers.len(),
        }
    }

    /// Returns whether nobody waits and nothing is held.
    pub(super) fn is_idle(&self) -> bool {
        self.lines.is_empty()
    }

    /// Takes the next job of a lane, and claims its stream.
    pub(super) fn take(&mut self, kind: Lane) -> Option<Job> {
        let stream = self.lane(kind).pop_front()?;
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
        match line.lane() {
            Some(kind) => self.lane(kind).push_back(stream.clone()),
            None => drop(self.lines.remove(stream)),
        }
    }

    /// Puts a job back that was taken, to be taken again before all others of its lane.
    pub(super) fn again(&mut self, job: Job) {
        let stream = job.stream.clone();
        let line = self.lines.entry(stream.clone()).or_default();
        let place = if job.gives_way() { line.commands() } else { 0 };
        line.waiting.insert(place, job);
        line.is_claimed = false;
        if let Some(kind) = line.lane() {
            self.lane(kind).push_front(stream);
        }
    }
}
