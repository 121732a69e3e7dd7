//! Decides the firing of what is due of a case.
//!
//! Invariant: when a mark fires rests on the case alone: of two that meet, the second finds nothing
//! due. What it does may rest on counted facts besides.
//! Invariant: an expected revision is looked at before anything fires, and once.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use heard_engine::case::{Case, Event, Facts, Next, facts, fire};
use heard_engine::entry::{RequestHashes, request_hash};
use heard_engine::id::{CaseId, Digest, InvalidId, RequestId};
use heard_engine::time::Timestamp;
use heard_engine::workflow::Workflow;
use sha2::{Digest as _, Sha256};

use super::{Decided, Made, State, bug, recorded_at};
use crate::app::cache::Known;
use crate::app::committer::Parts;
use crate::app::committer::counted::Asked;
use crate::app::error::Error;
use crate::app::job::{Done, FireWork, Job, Work};

/// What the kind of a firing is called in its entry.
const ACT: &str = "fire";

/// Returns the case of a command of which something is due and has to go first. A repeat, and a
/// command for another revision, are answered without it.
pub(in crate::app::committer) fn is_due_before(
    job: &Job,
    state: &Result<State, Error>,
    now: Timestamp,
) -> Option<(CaseId, Arc<Workflow>)> {
    let (Work::Case(work), Ok(State::Case(Known::New(hot)))) = (&job.work, state) else {
        return None;
    };
    let case = &hot.case;
    let is_expected = job.expected.is_none_or(|it| it == case.revision());
    let is_due = is_expected && is_due(case, now) && case.workflow() == work.workflow.reference();
    is_due.then(|| (work.id, Arc::clone(&work.workflow)))
}

/// Returns whether something is due at the time that an entry of a case would be recorded at: what
/// is recorded later than a mark has to come after its firing, also where the clock went back.
pub(super) fn is_due(case: &Case, now: Timestamp) -> bool {
    let at = recorded_at(case, now);
    !case.is_full() && case.due_at().is_some_and(|due| due <= at)
}

/// Returns the counted fact that a firing is to be decided over; nothing where there is none.
pub(super) fn asked_by(work: &FireWork, case: &Case, now: Timestamp) -> Option<Asked> {
    if !is_due(case, now) {
        return None;
    }
    // What panics here panics again when it is decided, and is answered there.
    let ask = catch_unwind(AssertUnwindSafe(|| {
        facts::asked_by_firing(&work.workflow, case)
    }));
    ask.ok().flatten().map(Asked::Sent)
}

/// Decides a firing.
pub(super) fn decide(
    parts: &Parts,
    job: &Job,
    work: &FireWork,
    known: &Known,
    facts: &Facts,
    now: Timestamp,
) -> Result<Decided, Error> {
    let Known::New(hot) = known else {
        return Err(bug("what is due belongs to no case"));
    };
    let case = &*hot.case;
    if case.workflow() != work.workflow.reference() {
        return Err(bug("a firing was made for another workflow"));
    }
    let at = recorded_at(case, now);
    let Some(firing) = fire(&work.workflow, case, facts, at) else {
        // Else whoever waits for it would ask for ever.
        return if is_due(case, now) {
            Err(bug("what is due does not fire"))
        } else {
            Ok(Decided::Answer(Done::NotDue))
        };
    };
    let Some(Event::DeadlineFired(fired)) = firing.events.first() else {
        return Err(bug("what fires does not begin with its mark"));
    };
    let fired = Some(fired.clone());
    let request = request(parts, &firing.next);
    let made = Made {
        id: work.id,
        workflow: work.workflow.reference(),
        act: ACT,
        request: request.map_err(|error| bug(&error.to_string()))?,
        at,
        events: firing.events,
        facts: facts.clone(),
        openings: &[],
        fired,
    };
    let write = made.write(parts, job, Some(hot), now)?;
    Ok(Decided::Write(Box::new(write)))
}

/// Returns by which a firing is known: its request id is `timer/NUMBER/RUNG/MICROS`, and says all
/// there is in it.
fn request(parts: &Parts, next: &Next) -> Result<RequestHashes, InvalidId> {
    let (mark, number) = (next.mark, next.number);
    let id = format!("timer/{number}/{}/{}", mark.rung, mark.at.micros());
    let principal = parts.store.identity().principal;
    Ok(RequestHashes {
        body: Digest(Sha256::digest(&id).into()),
        id: request_hash(principal, &RequestId::new(&id)?),
    })
}
