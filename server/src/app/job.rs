//! A command on its way through the committer, and what became of it.

use std::sync::Arc;
use std::time::Instant;

use heard_engine::case::command::{Act, MergeInto};
use heard_engine::case::seal::Opening;
use heard_engine::case::{Actor, Case, Commitment, Held};
use heard_engine::entry::{RequestHashes, StreamName};
use heard_engine::id::{CaseId, Digest, Revision};
use heard_engine::workflow::Workflow;
use tokio::sync::oneshot;

use super::Receipt;
use super::cache::Hot;
use super::committer::{Counted, Place};
use super::error::Error;

/// Where the answer to a command goes.
pub(super) type Reply = oneshot::Sender<Result<Done, Error>>;

/// A command that waits for its turn.
#[derive(Debug)]
pub(super) struct Job {
    /// The stream it writes to.
    pub(super) stream: StreamName,
    /// By which a repeat is known. A firing has none until it is decided: it is made of the mark.
    pub(super) request: Option<RequestHashes>,
    /// Who acts.
    pub(super) actor: Actor,
    /// The revision the caller saw.
    pub(super) expected: Option<Revision>,
    /// Only say what would happen.
    pub(super) validate_only: bool,
    /// Dropped when not taken up by then.
    pub(super) deadline: Option<Instant>,
    /// What is to be done.
    pub(super) work: Work,
    /// Where the answer goes. Closed: the caller has gone. A firing that goes before a command has
    /// none: the command has.
    pub(super) reply: Option<Reply>,
    /// Its place in the queue; given back when it is taken up.
    pub(super) place: Option<Place>,
    /// How often its stream had changed under us.
    pub(super) conflicts: u32,
    /// The counted facts it holds, from being decided until it is written or answered.
    pub(super) counted: Vec<Counted>,
}

impl Job {
    /// Makes a firing.
    pub(super) fn firing(timekeeper: Actor, work: FireWork) -> Self {
        Self {
            stream: StreamName::Case(work.id),
            request: None,
            actor: timekeeper,
            expected: None,
            validate_only: false,
            deadline: None,
            reply: None,
            place: None,
            conflicts: work.command.as_ref().map_or(0, |command| command.conflicts),
            counted: Vec::new(),
            work: Work::Fire(Box::new(work)),
        }
    }

    /// Returns the case it is about.
    pub(super) const fn case(&self) -> Option<CaseId> {
        match &self.work {
            Work::Case(work) => Some(work.id),
            Work::Fire(work) => Some(work.id),
            Work::Publish(_) => None,
        }
    }

    /// Returns whether it is a firing of the timekeeper, which no caller waits for.
    pub(super) const fn is_timer(&self) -> bool {
        match &self.work {
            Work::Fire(work) => work.command.is_none(),
            Work::Case(_) | Work::Publish(_) => false,
        }
    }

    /// Returns whether commands on its case go before it: it is a firing of the timekeeper, and
    /// holds nothing that theirs would wait for.
    pub(super) const fn gives_way(&self) -> bool {
        self.is_timer() && self.counted.is_empty()
    }

    /// Returns whether it is a firing, of the timekeeper or before a command.
    pub(super) const fn is_firing(&self) -> bool {
        match &self.work {
            Work::Fire(_) => true,
            Work::Case(_) | Work::Publish(_) => false,
        }
    }

    /// Returns the command that a firing goes before; itself when it is no such firing.
    pub(super) fn into_command(mut self) -> Self {
        let command = match &mut self.work {
            Work::Fire(work) => work.command.take(),
            Work::Case(_) | Work::Publish(_) => None,
        };
        match command {
            Some(command) => Self {
                conflicts: self.conflicts,
                ..command
            },
            None => self,
        }
    }

    /// Returns the duplicate that rests with it.
    pub(super) fn duplicate(&self) -> Option<CaseId> {
        match &self.work {
            Work::Case(work) => work.duplicate.as_ref().map(|duplicate| duplicate.id),
            Work::Fire(_) | Work::Publish(_) => None,
        }
    }

    /// Answers the caller, who may have gone.
    pub(super) fn answer(self, done: Result<Done, Error>) {
        if let Some(reply) = self.into_command().reply {
            let _gone = reply.send(done);
        }
    }

    /// Returns whether nobody waits for the answer any more.
    pub(super) fn is_abandoned(&self) -> bool {
        self.reply.as_ref().is_some_and(Reply::is_closed)
    }

    /// Returns whether its deadline has passed.
    pub(super) fn is_late(&self) -> bool {
        self.deadline
            .is_some_and(|deadline| deadline <= Instant::now())
    }
}

/// What is to be done.
#[derive(Debug)]
pub(super) enum Work {
    /// A command on a case.
    Case(Box<CaseWork>),
    /// The firing of the next mark of a case.
    Fire(Box<FireWork>),
    /// Publishing a workflow.
    Publish(Box<PublishWork>),
}

/// A sealed command on a case.
#[derive(Debug)]
pub(super) struct CaseWork {
    /// The case.
    pub(super) id: CaseId,
    /// What is asked.
    pub(super) act: Act<Held, Commitment>,
    /// What opens its commitments.
    pub(super) openings: Arc<[Opening]>,
    /// The workflow it was sealed for: that of the case.
    pub(super) workflow: Arc<Workflow>,
    /// The duplicate that is merged into the case, where this is a merge.
    pub(super) duplicate: Option<Duplicate>,
}

/// A case that rests with the entry of another, as it was read.
#[derive(Debug)]
pub(super) struct Duplicate {
    /// The case.
    pub(super) id: CaseId,
    /// It, and the hash of its last entry.
    pub(super) hot: Hot,
    /// Its workflow.
    pub(super) workflow: Arc<Workflow>,
    /// What is asked of it, but for the revision that it rests with.
    pub(super) act: MergeInto<Commitment>,
    /// What opens its commitments.
    pub(super) openings: Arc<[Opening]>,
    /// By which a repeat is known.
    pub(super) request: RequestHashes,
}

/// A firing of whatever mark of a case is next, when it is due.
#[derive(Debug)]
pub(super) struct FireWork {
    /// The case.
    pub(super) id: CaseId,
    /// The workflow of the case.
    pub(super) workflow: Arc<Workflow>,
    /// The command that waits for it and is decided once it is written.
    pub(super) command: Option<Job>,
}

/// A workflow that was checked and compiled.
#[derive(Debug)]
pub(super) struct PublishWork {
    /// The workflow.
    pub(super) workflow: Arc<Workflow>,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// What became of a command that was not refused.
#[derive(Debug)]
pub(super) enum Done {
    /// It is on disk, or would be accepted.
    Accepted(Receipt, Option<Arc<Case>>),
    /// It was accepted before, with this revision and this hash of its body.
    Repeat(Revision, Digest),
    /// Nothing of the case is due, or not any more.
    NotDue,
}
