//! Decides one command over committed state and makes its entry.
//!
//! Invariant: nothing committed is changed here; a panic costs one command only.

mod fire;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use heard_engine::case::command::{Act, MergeInto};
use heard_engine::case::event::{DeadlineFired, WorkflowPublished};
use heard_engine::case::facts;
use heard_engine::case::seal::{BadRequest, Opening};
use heard_engine::case::{Case, Command, Event, Facts, Meta, Reason, decide as judge, evolve};
use heard_engine::code::Code;
use heard_engine::entry::{
    ENTRY_BYTES_MAX, Entry, FORMAT, RequestHashes, StreamName, TooLarge, entry_hash,
};
use heard_engine::id::{CaseId, Digest, Position, Revision};
use heard_engine::time::Timestamp;
use heard_engine::workflow::WorkflowRef;

use super::Parts;
use super::counted::Asked;
use crate::app::Receipt;
use crate::app::cache::{Hot, Known, Step};
use crate::app::error::Error;
use crate::app::fold::Folded;
use crate::app::job::{CaseWork, Done, Duplicate, Job, PublishWork, Work};
use crate::app::rows::{booking_rows, case_row, changed_cause_rows, survey_rows};
use crate::store::{Append, NewEntry, SealedRow, WorkflowRow};

/// What a command is decided over.
pub(super) enum State {
    /// A case, and what it knows of the request.
    Case(Known),
    /// The stream of a workflow.
    Workflow(Box<Folded>),
}

/// What was decided.
pub(super) enum Decided {
    /// Nothing is to be written.
    Answer(Done),
    /// An entry is to be written.
    Write(Box<Write>),
}

pub(super) use fire::is_due_before;

/// What is to be written.
#[derive(Debug)]
pub(in crate::app) struct Write {
    /// The entry and what goes with it.
    pub(in crate::app) append: Append,
    /// What is to be done once it is written.
    pub(in crate::app) outcome: Outcome,
}

/// What an accepted command comes to.
#[derive(Debug)]
pub(in crate::app) struct Outcome {
    /// The receipt, but for its position.
    pub(in crate::app) receipt: Receipt,
    /// What it changes of the case.
    pub(in crate::app) step: Option<Step>,
    /// When the case is due next.
    pub(in crate::app) due_at: Option<Timestamp>,
    /// The mark that fired.
    pub(in crate::app) fired: Option<DeadlineFired>,
}

/// Returns the counted facts that a job is to be decided over, and those that it may change
/// besides; nothing where there are none.
pub(super) fn asked_by(job: &Job, state: &Result<State, Error>, now: Timestamp) -> Option<Asked> {
    let Ok(State::Case(Known::New(hot))) = state else {
        return None;
    };
    match &job.work {
        Work::Case(work) => asked_by_command(job, work, hot, now),
        Work::Fire(work) => fire::asked_by(work, &hot.case, now),
        Work::Publish(_) => None,
    }
}

fn asked_by_command(job: &Job, work: &CaseWork, hot: &Hot, now: Timestamp) -> Option<Asked> {
    // A command is made of it only where that is worth its copy.
    if !facts::may_ask(&work.workflow, &hot.case, &work.act) {
        return None;
    }
    let command = command(job, work, Some(&hot.case), now);
    // What panics here panics again when it is decided, and is answered there.
    let asks = catch_unwind(AssertUnwindSafe(|| {
        facts::asked(&work.workflow, &hot.case, &command)
    }));
    let asks = asks.unwrap_or_default();
    let touched = facts::touched(&work.workflow, &hot.case, &work.act);
    (!asks.is_empty() || !touched.is_empty()).then(|| Asked::Given {
        workflow: work.workflow.reference().id.clone(),
        asks,
        touched,
    })
}

fn command(job: &Job, work: &CaseWork, before: Option<&Case>, now: Timestamp) -> Command {
    Command {
        act: work.act.clone(),
        actor: job.actor.clone(),
        at: before.map_or(now, |case| recorded_at(case, now)),
    }
}

/// Returns the time that an entry of a case is recorded at: it never falls, though the clock may.
fn recorded_at(case: &Case, now: Timestamp) -> Timestamp {
    now.max(case.updated_at())
}

/// Decides a command.
pub(super) fn decide(
    parts: &Parts,
    job: &Job,
    state: State,
    facts: &Facts,
    now: Timestamp,
) -> Result<Decided, Error> {
    let decided = catch_unwind(AssertUnwindSafe(|| match (&job.work, state) {
        (Work::Case(work), State::Case(known)) => decide_case(parts, job, work, known, facts, now),
        (Work::Fire(work), State::Case(known)) => {
            fire::decide(parts, job, work, &known, facts, now)
        }
        (Work::Publish(work), State::Workflow(folded)) => publish(parts, job, work, &folded, now),
        (Work::Case(_) | Work::Fire(_), State::Workflow(_))
        | (Work::Publish(_), State::Case(_)) => Err(bug("a workflow is no case")),
    }));
    let decided = decided.unwrap_or_else(|_| Err(bug("a command could not be decided")))?;
    Ok(match decided {
        Decided::Write(write) if job.validate_only => {
            let Outcome { receipt, step, .. } = write.outcome;
            let receipt = Receipt {
                hash: None,
                ..receipt
            };
            Decided::Answer(Done::Accepted(receipt, step.map(|step| step.case)))
        }
        Decided::Write(_) | Decided::Answer(_) => decided,
    })
}

fn decide_case(
    parts: &Parts,
    job: &Job,
    work: &CaseWork,
    known: Known,
    facts: &Facts,
    now: Timestamp,
) -> Result<Decided, Error> {
    let hot = match known {
        Known::Repeat(revision, body) => return Ok(Decided::Answer(Done::Repeat(revision, body))),
        Known::New(hot) => Some(hot),
        Known::NoCase => None,
    };
    if let Some(hot) = &hot {
        let current = hot.case.revision();
        // A merged case says where to ask, whatever the caller saw.
        if let Some(expected) = job.expected
            && expected != current
            && hot.case.merged_into().is_none()
        {
            return Err(Error::RevisionDiffers { expected, current });
        }
        if hot.case.workflow() != work.workflow.reference() {
            return Err(bug("a command was sealed for another workflow"));
        }
    }
    let mut write = write(parts, job, work, hot.as_ref(), facts, now)?;
    if let Some(duplicate) = &work.duplicate {
        write
            .append
            .add(rest(parts, job, duplicate, &write.outcome, now)?.append);
    }
    Ok(Decided::Write(Box::new(write)))
}

/// Lets the duplicate of a merge rest with the entry that took over what ran in it: both are
/// written or neither is. Nobody holds its stream, so what it became meanwhile is found when they
/// are.
fn rest(
    parts: &Parts,
    job: &Job,
    duplicate: &Duplicate,
    taken: &Outcome,
    now: Timestamp,
) -> Result<Write, Error> {
    let Duplicate {
        id,
        hot,
        workflow,
        act,
        openings,
        request,
    } = duplicate;
    if fire::is_due(&hot.case, now) {
        return Err(Error::KeptChanging);
    }
    let command = Command {
        act: Act::MergeInto(MergeInto {
            into_revision: taken.receipt.revision,
            ..act.clone()
        }),
        actor: job.actor.clone(),
        at: recorded_at(&hot.case, now),
    };
    let events = judge(workflow, Some(&hot.case), &Facts::default(), &command)?;
    let made = Made {
        id: *id,
        workflow: workflow.reference(),
        act: command.act.kind(),
        request: *request,
        at: command.at,
        events,
        facts: Facts::default(),
        openings,
        fired: None,
    };
    made.write(parts, job, Some(hot), now)
}

fn write(
    parts: &Parts,
    job: &Job,
    work: &CaseWork,
    hot: Option<&Hot>,
    facts: &Facts,
    now: Timestamp,
) -> Result<Write, Error> {
    let before: Option<&Case> = hot.map(|hot| &*hot.case);
    let command = command(job, work, before, now);
    let events = judge(&work.workflow, before, facts, &command)?;
    let made = Made {
        id: work.id,
        workflow: work.workflow.reference(),
        act: work.act.kind(),
        request: request(job)?,
        at: command.at,
        events,
        facts: facts.clone(),
        openings: &work.openings,
        fired: None,
    };
    made.write(parts, job, hot, now)
}

/// Returns by which a repeat of a command is known.
fn request(job: &Job) -> Result<RequestHashes, Error> {
    job.request.ok_or_else(|| bug("a command has no request"))
}

/// What was decided of a case, before it is an entry.
struct Made<'a> {
    id: CaseId,
    workflow: &'a WorkflowRef,
    act: &'static str,
    request: RequestHashes,
    at: Timestamp,
    events: Vec<Event>,
    facts: Facts,
    openings: &'a [Opening],
    fired: Option<DeadlineFired>,
}

impl Made<'_> {
    fn write(
        self,
        parts: &Parts,
        job: &Job,
        hot: Option<&Hot>,
        now: Timestamp,
    ) -> Result<Write, Error> {
        let (id, at) = (self.id, self.at);
        let before: Option<&Case> = hot.map(|hot| &*hot.case);
        let revision = before.map_or(Revision(0), Case::revision).next();
        let reference = before.map_or(self.workflow, Case::workflow).clone();
        let meta = Meta {
            revision,
            at,
            actor: &job.actor,
            workflow: &reference,
        };
        let after = self
            .events
            .iter()
            .try_fold(before.cloned(), |case, event| {
                evolve(case, &meta, event).map(Some)
            })
            .map_err(|error| bug(&error.to_string()))?
            .ok_or_else(|| bug("a command had no events"))?;
        let bookings = booking_rows(id, &reference.id, (revision, at), &self.events);
        let surveys = survey_rows(id, &after, &self.events);
        let draft = Draft {
            job,
            stream: StreamName::Case(id),
            request: self.request,
            now,
            at,
            revision,
            prev: hot.map(|hot| hot.head),
            events: self.events,
            facts: self.facts,
        };
        let (entry, receipt) = draft.encode(parts, self.act, Some(reference))?;
        let head = entry.hash;
        let row = case_row(id, &after, head, Position(0));
        let due_at = row.due_at;
        let append = Append {
            sealed: sealed_rows(&entry, self.openings),
            causes: changed_cause_rows(id, before, &after),
            bookings,
            surveys,
            cases: vec![row],
            workflow: None,
            entries: vec![entry],
        };
        let step = Step {
            case: Arc::new(after),
            head,
            request: (self.request.id, self.request.body),
        };
        let outcome = Outcome {
            receipt,
            step: Some(step),
            due_at,
            fired: self.fired,
        };
        Ok(Write { append, outcome })
    }
}

/// Decides the publishing of a workflow. The same bytes again are a repeat.
fn publish(
    parts: &Parts,
    job: &Job,
    work: &PublishWork,
    folded: &Folded,
    now: Timestamp,
) -> Result<Decided, Error> {
    let request = request(job)?;
    if let Some((revision, body)) = folded.requests.get(&request.id) {
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
            return Ok(Decided::Answer(Done::Repeat(*revision, request.body)));
        }
        None => {}
    }
    let at = now.max(folded.at);
    let published = WorkflowPublished {
        sha256: reference.sha256,
        version: reference.version,
    };
    let draft = Draft {
        job,
        stream: job.stream.clone(),
        request,
        now,
        at,
        revision: folded.revision.next(),
        prev: folded.head,
        events: vec![Event::WorkflowPublished(published)],
        facts: Facts::default(),
    };
    let (entry, receipt) = draft.encode(parts, "publish_workflow", None)?;
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
    let outcome = Outcome {
        receipt,
        step: None,
        due_at: None,
        fired: None,
    };
    Ok(Decided::Write(Box::new(Write { append, outcome })))
}

/// An entry before it has its bytes.
struct Draft<'a> {
    job: &'a Job,
    stream: StreamName,
    request: RequestHashes,
    now: Timestamp,
    at: Timestamp,
    revision: Revision,
    prev: Option<Digest>,
    events: Vec<Event>,
    facts: Facts,
}

impl Draft<'_> {
    fn encode(
        self,
        parts: &Parts,
        act: &str,
        workflow: Option<WorkflowRef>,
    ) -> Result<(NewEntry, Receipt), Error> {
        let entry = Entry {
            act: act.to_owned(),
            actor: self.job.actor.clone(),
            at: self.at,
            events: self.events,
            facts: self.facts,
            held: self.now < self.at,
            log: parts.store.identity().log.clone(),
            prev: self.prev,
            request: self.request,
            revision: self.revision,
            stream: self.stream,
            v: FORMAT,
            workflow,
        };
        let bytes = entry
            .encode()
            .map_err(|too_large| not_written(self.job, too_large))?;
        let hash = entry_hash(&bytes);
        let receipt = Receipt {
            revision: self.revision,
            position: None,
            hash: Some(hash),
            recorded_at: self.at,
            repeated: false,
        };
        let entry = NewEntry {
            stream: entry.stream,
            revision: self.revision,
            hash,
            bytes,
        };
        Ok((entry, receipt))
    }
}

/// Says that an entry would be too large. A caller sends less at once, because what a landing adds
/// leaves room. What fires by itself was asked for by no caller, and stays below because a workflow
/// of which it might not is not published (H006).
fn not_written(job: &Job, too_large: TooLarge) -> Error {
    if job.is_firing() {
        let bytes = too_large.bytes;
        return bug(&format!(
            "what is due of {} cannot be written: it takes {bytes} bytes, more than \
             {ENTRY_BYTES_MAX}",
            job.stream
        ));
    }
    BadRequest::one(Code::HB004, "request", too_large.to_string()).into()
}

fn bug(what: &str) -> Error {
    Error::Bug {
        what: what.to_owned(),
    }
}

fn sealed_rows(entry: &NewEntry, openings: &[Opening]) -> Vec<SealedRow> {
    let rows = openings.iter().zip(0..);
    rows.map(|(opening, place)| SealedRow {
        stream: entry.stream.clone(),
        revision: entry.revision,
        place,
        label: opening.label.clone(),
        salt: opening.salt,
        value: opening.value.clone(),
    })
    .collect()
}
