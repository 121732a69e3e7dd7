//! Takes what is free into a batch and decides it, command by command.
//!
//! Invariant: what is due of a case goes before a command on it, as an entry of its own; the
//! command keeps its turn and the claim of its stream meanwhile.

use heard_engine::case::Facts;
use heard_engine::entry::StreamName;
use heard_engine::time::Timestamp;

use super::counted::{self, Counted, Hold};
use super::decision::{Decided, State, asked_by, decide, is_due_before};
use super::{BATCH_BYTES_MAX, BATCH_COMMANDS_MAX, Committer, load};
use crate::app::cache::Known;
use crate::app::claims::Lane;
use crate::app::error::Error;
use crate::app::fold::Folded;
use crate::app::job::{Done, FireWork, Job};
use crate::app::timekeeper::Standing;
use crate::app::writer::{Batch, count};

/// A command that was taken, and what the cache knows of it.
type Taken = (Job, Option<Known>);

/// A command with what it is decided over.
struct Ready {
    job: Job,
    state: Result<State, Error>,
    facts: Result<Facts, Error>,
}

/// The clock as it was read for a batch.
#[derive(Debug, Clone, Copy)]
struct Reading {
    now: Timestamp,
    standing: Standing,
}

impl Committer {
    /// Takes what is free and decides it.
    pub(super) async fn batch(&mut self) -> Batch {
        let taken = self.take();
        let is_cold = |(job, known): &Taken| known.is_none().then(|| job.stream.clone());
        let cold: Vec<StreamName> = taken.iter().filter_map(is_cold).collect();
        let mut loaded = load::Loaded::new();
        if !cold.is_empty() {
            loaded = load::load(&*self.parts.store, cold).await;
        }
        let now = self.parts.clock.now();
        let standing = self.standing(now).await;
        let reading = Reading { now, standing };
        let mut batch = Batch::default();
        let mut ready = self.ready(taken, loaded, reading).await.into_iter();
        while batch.bytes() < BATCH_BYTES_MAX
            && let Some(Ready { job, state, facts }) = ready.next()
        {
            let state = state.and_then(|state| Ok((state, facts?)));
            self.decide_one(job, state, reading, &mut batch);
        }
        for Ready { mut job, .. } in ready.rev() {
            let counted = std::mem::take(&mut job.counted);
            self.claims.again(job.into_command());
            self.release(&counted);
        }
        batch
    }

    /// Puts beside each job what it is decided over. Those that look at a counted fact which
    /// another holds are left to wait.
    async fn ready(
        &mut self,
        taken: Vec<Taken>,
        mut loaded: load::Loaded,
        reading: Reading,
    ) -> Vec<Ready> {
        let mut ready = Vec::with_capacity(taken.len());
        let mut asked = Vec::new();
        let mut asking = Vec::new();
        for (mut job, known) in taken {
            let state = self.state(&job, known, loaded.remove(&job.stream));
            let Some(timely) = self.in_time(job, &state, reading) else {
                continue;
            };
            job = timely;
            if let Some(asks) = asked_by(&job, &state, reading.now) {
                match self.counts.hold(job, &asks) {
                    Hold::Held(held) => job = held,
                    Hold::Waits => continue,
                    Hold::Changed(held) => {
                        self.finish(held, Err(Error::KeptChanging));
                        continue;
                    }
                }
                asking.push(ready.len());
                asked.push(asks);
            }
            job.place = None;
            ready.push(Ready {
                job,
                state,
                facts: Ok(Facts::default()),
            });
        }
        if !asked.is_empty() {
            let facts = counted::read(&*self.parts.store, &asked).await;
            for (index, facts) in asking.into_iter().zip(facts) {
                if let Some(ready) = ready.get_mut(index) {
                    ready.facts = facts;
                }
            }
        }
        ready
    }

    /// Puts the firing of what is due before a command on its case. None where time is held and
    /// it was answered so.
    fn in_time(
        &mut self,
        mut job: Job,
        state: &Result<State, Error>,
        reading: Reading,
    ) -> Option<Job> {
        let due_before = is_due_before(&job, state, reading.now);
        if reading.standing != Standing::Right && (due_before.is_some() || job.is_firing()) {
            self.finish(job, Err(Error::TimeHeld));
            return None;
        }
        let Some((id, workflow)) = due_before else {
            return Some(job);
        };
        // What it counted by is read again when its turn comes.
        self.release(&std::mem::take(&mut job.counted));
        // The firing may have to wait for a counted fact, and then needs the place.
        let place = job.place.take();
        let work = FireWork {
            id,
            workflow,
            command: Some(job),
        };
        Some(Job {
            place,
            ..Job::firing(self.parts.timekeeper.clone(), work)
        })
    }

    /// Releases counted facts, and lets those who waited for them be taken next.
    pub(super) fn release(&mut self, counted: &[Counted]) {
        for job in self.counts.release(counted).into_iter().rev() {
            self.claims.again(job);
        }
    }

    /// Takes what is free, but for commands that nobody waits for any more: commands, then what
    /// the timekeeper fires.
    fn take(&mut self) -> Vec<Taken> {
        let timers_max = self.share.timers_max(self.claims.ready(Lane::Commands));
        let timers = self.claims.ready(Lane::Timers).min(timers_max);
        let mut taken = Vec::new();
        self.take_from(Lane::Commands, BATCH_COMMANDS_MAX - timers, &mut taken);
        let commands = taken.len();
        self.take_from(Lane::Timers, commands + timers, &mut taken);
        let timers = taken.len() - commands;
        self.share.took(commands);
        if timers > 0 {
            self.parts.metrics.batch_timers.observe(count(timers));
        }
        taken
    }

    /// Takes what is free of a lane until so much is taken in all.
    fn take_from(&mut self, lane: Lane, until: usize, taken: &mut Vec<Taken>) {
        while taken.len() < until
            && let Some(job) = self.claims.take(lane)
        {
            if job.is_abandoned() {
                self.claims.release(&job.stream);
                self.release(&job.counted);
            } else if job.is_late() {
                self.finish(job, Err(Error::DeadlinePassed));
            } else {
                let request = job.request.map(|request| request.id);
                let look = |case| self.parts.cache.look(case, request);
                let known = job.case().and_then(look);
                taken.push((job, known));
            }
        }
    }

    fn state(
        &self,
        job: &Job,
        known: Option<Known>,
        folded: Option<Result<Folded, Error>>,
    ) -> Result<State, Error> {
        if let Some(known) = known {
            return Ok(State::Case(known));
        }
        let folded = folded.ok_or_else(|| Error::Bug {
            what: format!("{} was not loaded", job.stream),
        })??;
        let request = job.request.map(|request| request.id);
        Ok(match job.case() {
            Some(id) => State::Case(self.parts.cache.put(id, folded, request)),
            None => State::Workflow(Box::new(folded)),
        })
    }

    fn decide_one(
        &mut self,
        job: Job,
        state: Result<(State, Facts), Error>,
        reading: Reading,
        batch: &mut Batch,
    ) {
        if batch.meets(&job) {
            return self.put_off(job);
        }
        let decide = |(state, facts)| decide(&self.parts, &job, state, &facts, reading.now);
        match state.and_then(decide) {
            Ok(Decided::Write(_)) if reading.standing == Standing::Shut => {
                self.finish(job, Err(Error::TimeHeld));
            }
            Ok(Decided::Write(write)) => batch.push(*write, job),
            Ok(Decided::Answer(done)) => {
                // What is said to be due and is not was changed by another: it is read afresh.
                if let (Done::NotDue, Some(case)) = (&done, job.case()) {
                    self.parts.cache.forget(case);
                }
                self.finish(job, Ok(done));
            }
            Err(error) => {
                if let (Error::Bug { .. }, Some(case)) = (&error, job.case()) {
                    self.parts.cache.forget(case);
                }
                self.finish(job, Err(error));
            }
        }
    }

    /// Leaves a job for another batch. Whoever merges reads the duplicate anew first.
    fn put_off(&mut self, mut job: Job) {
        if job.duplicate().is_some() {
            return self.finish(job, Err(Error::KeptChanging));
        }
        let counted = std::mem::take(&mut job.counted);
        self.claims.again(job.into_command());
        self.release(&counted);
    }

    fn finish(&mut self, job: Job, done: Result<Done, Error>) {
        self.claims.release(&job.stream);
        self.release(&job.counted);
        job.answer(done);
    }
}
