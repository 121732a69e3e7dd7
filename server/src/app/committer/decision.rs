//! Decides one command over committed state and makes its entry.
//!
//! Invariant: nothing committed is changed here; a panic costs one command only.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use heard_engine::case::event::WorkflowPublished;
use heard_engine::case::seal::{BadRequest, Opening};
use heard_engine::case::{Case, Command, Event, Facts, Meta, Reason, decide as judge, evolve};
use heard_engine::code::Code;
use heard_engine::entry::{Entry, FORMAT, StreamName, entry_hash};
use heard_engine::id::{Digest, Position, Revision};
use heard_engine::time::Timestamp;
use heard_engine::workflow::WorkflowRef;

use super::Parts;
use crate::app::Receipt;
use crate::app::cache::{Hot, Known, Step};
use crate::app::error::Error;
use crate::app::fold::Folded;
use crate::app::job::{CaseWork, Done, Job, Work};
use crate::app::rows::{case_row, cause_rows};
use crate::store::{Append, NewEntry, SealedRow, WorkflowRow};

/// What was decided.
pub(super) enum Decided {
    /// Nothing is to be written.
    Answer(Done),
    /// An entry is to be written.
    Write(Box<Write>),
}

/// What is to be written, and what to do when it is.
#[derive(Debug)]
pub(in crate::app) struct Write {
    /// The entry and what goes with it.
    pub(in crate::app) append: Append,
    /// The receipt, but for its position.
    pub(in crate::app) receipt: Receipt,
    /// What it changes of the case.
    pub(in crate::app) step: Option<Step>,
}

/// Decides a command on a case.
pub(super) fn decide(
    parts: &Parts,
    job: &Job,
    known: Known,
    now: Timestamp,
) -> Result<Decided, Error> {
    let Work::Case(work) = &job.work else {
        return Err(Error::Bug {
            what: "a workflow is no case".to_owned(),
        });
    };
    let hot = match known {
        Known::Repeat(revision, body) => return Ok(Decided::Answer(Done::Repeat(revision, body))),
        Known::New(hot) => Some(hot),
        Known::Cold => None,
    };
    if let (Some(expected), Some(hot)) = (job.expected, &hot) {
        let current = hot.case.revision();
        if current != expected {
            return Err(Error::RevisionDiffers { expected, current });
        }
    }
    let judged = catch_unwind(AssertUnwindSafe(|| {
        write(parts, job, work, hot.as_ref(), now)
    }));
    let write = judged.unwrap_or_else(|_| {
        Err(Error::Bug {
            what: "a command could not be decided".to_owned(),
        })
    })?;
    if job.validate_only {
        let Write { receipt, step, .. } = write;
        let receipt = Receipt {
            hash: None,
            ..receipt
        };
        return Ok(Decided::Answer(Done::Accepted(
            receipt,
            step.map(|step| step.case),
        )));
    }
    Ok(Decided::Write(Box::new(write)))
}

fn write(
    parts: &Parts,
    job: &Job,
    work: &CaseWork,
    hot: Option<&Hot>,
    now: Timestamp,
) -> Result<Write, Error> {
    let before: Option<&Case> = hot.map(|hot| &*hot.case);
    let at = before.map_or(now, |case| now.max(case.updated_at()));
    let command = Command {
        act: work.act.clone(),
        actor: job.actor.clone(),
        at,
    };
    let events = judge(&work.workflow, before, &Facts::default(), &command)?;
    let revision = before.map_or(Revision(0), Case::revision).next();
    let reference = before
        .map_or_else(|| work.workflow.reference(), Case::workflow)
        .clone();
    let meta = Meta {
        revision,
        at,
        actor: &job.actor,
        workflow: &reference,
    };
    let after = events
        .iter()
        .try_fold(before.cloned(), |case, event| {
            evolve(case, &meta, event).map(Some)
        })
        .map_err(|error| Error::Bug {
            what: error.to_string(),
        })?
        .ok_or_else(|| Error::Bug {
            what: "a command had no events".to_owned(),
        })?;
    let entry = Draft {
        job,
        at,
        held: now < at,
        revision,
        prev: hot.map(|hot| hot.head),
        events,
    };
    let (entry, hash) = entry.encode(parts, work.act.kind(), Some(reference))?;
    let row = case_row(work.id, &after, hash, Position(0));
    let receipt = Receipt {
        revision,
        position: None,
        hash: Some(hash),
        recorded_at: at,
        repeated: false,
    };
    Ok(Write {
        append: Append {
            entries: vec![entry],
            sealed: sealed_rows(&job.stream, revision, &work.openings),
            causes: cause_rows(work.id, &after, Revision(revision.0 - 1)),
            case: Some(row),
            workflow: None,
        },
        receipt,
        step: Some(Step {
            case: Arc::new(after),
            head: hash,
            request: (job.request.id, job.request.body),
        }),
    })
}

/// Decides the publishing of a workflow. The same bytes again are a repeat.
pub(super) fn publish(
    parts: &Parts,
    job: &Job,
    folded: &Folded,
    now: Timestamp,
) -> Result<Decided, Error> {
    let Work::Publish(work) = &job.work else {
        return Err(Error::Bug {
            what: "a case is no workflow".to_owned(),
        });
    };
    if let Some((revision, body)) = folded.requests.get(&job.request.id) {
        return Ok(Decided::Answer(Done::Repeat(*revision, *body)));
    }
    let reference = work.workflow.reference();
    match folded.published.get(&reference.version) {
        Some((published, _)) if *published != reference.sha256 => {
            return Err(Error::Refused(Box::new(
                Reason::VersionTaken {
                    id: reference.id.clone(),
                    version: reference.version,
                    published: *published,
                }
                .into(),
            )));
        }
        Some((_, revision)) => {
            return Ok(Decided::Answer(Done::Repeat(*revision, job.request.body)));
        }
        None => {}
    }
    let at = now.max(folded.at);
    let published = WorkflowPublished {
        sha256: reference.sha256,
        version: reference.version,
    };
    let revision = folded.revision.next();
    let events = vec![Event::WorkflowPublished(published)];
    let draft = Draft {
        job,
        at,
        held: now < at,
        revision,
        prev: folded.head,
        events,
    };
    let (entry, hash) = draft.encode(parts, "publish_workflow", None)?;
    let receipt = Receipt {
        revision,
        position: None,
        hash: Some(hash),
        recorded_at: at,
        repeated: false,
    };
    if job.validate_only {
        return Ok(Decided::Answer(Done::Accepted(
            Receipt {
                hash: None,
                ..receipt
            },
            None,
        )));
    }
    let row = WorkflowRow {
        workflow: reference.clone(),
        title: work.workflow.title().to_owned(),
        published_at: at,
        bytes: work.bytes.clone(),
    };
    let append = Append {
        entries: vec![entry],
        workflow: Some(row),
        ..Append::default()
    };
    Ok(Decided::Write(Box::new(Write {
        append,
        receipt,
        step: None,
    })))
}

/// An entry before it has its bytes.
struct Draft<'a> {
    job: &'a Job,
    at: Timestamp,
    held: bool,
    revision: Revision,
    prev: Option<Digest>,
    events: Vec<Event>,
}

impl Draft<'_> {
    fn encode(
        self,
        parts: &Parts,
        act: &str,
        workflow: Option<WorkflowRef>,
    ) -> Result<(NewEntry, Digest), Error> {
        let entry = Entry {
            act: act.to_owned(),
            actor: self.job.actor.clone(),
            at: self.at,
            events: self.events,
            held: self.held,
            log: parts.store.identity().log.clone(),
            prev: self.prev,
            request: self.job.request,
            revision: self.revision,
            stream: self.job.stream.clone(),
            v: FORMAT,
            workflow,
        };
        let bytes = entry
            .encode()
            .map_err(|too_large| BadRequest::one(Code::HB004, "answers", too_large.to_string()))?;
        let hash = entry_hash(&bytes);
        let stream = self.job.stream.clone();
        Ok((
            NewEntry {
                stream,
                revision: self.revision,
                hash,
                bytes,
            },
            hash,
        ))
    }
}

fn sealed_rows(stream: &StreamName, revision: Revision, openings: &[Opening]) -> Vec<SealedRow> {
    let rows = openings.iter().zip(0..);
    rows.map(|(opening, place)| SealedRow {
        stream: stream.clone(),
        revision,
        place,
        label: opening.label.clone(),
        salt: opening.salt,
        value: opening.value.clone(),
    })
    .collect()
}
