//! How an event changes a case: the only way one changes, live and in replay.
//!
//! Invariant: needs neither workflow nor clock; an event that does not fit is damage, not a choice.

use std::collections::{BTreeMap, BTreeSet};

use super::event::{
    ActionTaken, AnswerCorrected, CaseClosed, CaseImported, CaseOpened, CaseReopened,
    CauseRecorded, Event, Held, StepEntered, TaskDone,
};
use super::{Actor, Answer, Case, Closing, Place, RecordedCause};
use crate::id::{FieldName, Revision, StepName};
use crate::time::Timestamp;
use crate::workflow::WorkflowRef;

/// What the entry says beside its events.
#[derive(Debug, Clone, Copy)]
pub struct Meta<'a> {
    /// The revision of the entry.
    pub revision: Revision,
    /// The time of recording.
    pub at: Timestamp,
    /// Who acted.
    pub actor: &'a Actor,
    /// The workflow in force.
    pub workflow: &'a WorkflowRef,
}

/// The history of a case cannot have happened.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("entry {revision} cannot follow the entries before it: {what}")]
pub struct CorruptHistory {
    /// The entry.
    pub revision: Revision,
    /// What does not fit.
    pub what: &'static str,
}

/// Returns the case after an event.
///
/// # Errors
///
/// [`CorruptHistory`] (HX001) when the event cannot follow.
pub fn evolve(case: Option<Case>, meta: &Meta<'_>, event: &Event) -> Result<Case, CorruptHistory> {
    let corrupt = |what| CorruptHistory {
        revision: meta.revision,
        what,
    };
    let mut case = match (case, event) {
        (None, Event::CaseOpened(opened)) => return Ok(opened_case(meta, opened)),
        (None, Event::CaseImported(imported)) => return Ok(imported_case(meta, imported)),
        (None, _) => return Err(corrupt("it does not open the case")),
        (Some(case), _) => case,
    };
    let is_next = meta.revision == case.revision || meta.revision == case.revision.next();
    if !is_next || meta.at < case.updated_at {
        return Err(corrupt("its revision or time does not follow"));
    }
    case.revision = meta.revision;
    case.updated_at = meta.at;
    match event {
        Event::StepEntered(entered) => enter(&mut case, entered).map_err(corrupt)?,
        Event::AnswerRecorded(recorded) => {
            let step = case
                .step()
                .cloned()
                .ok_or_else(|| corrupt("the case is closed"))?;
            record(
                &mut case,
                meta,
                &recorded.field,
                recorded.recording,
                &recorded.value,
                step,
            )
            .map_err(corrupt)?;
        }
        Event::TaskDone(done) => do_task(&mut case, meta, done).map_err(corrupt)?,
        Event::ActionTaken(taken) => take(&mut case, meta, taken).map_err(corrupt)?,
        Event::CaseClosed(closed) => close(&mut case, meta, closed).map_err(corrupt)?,
        Event::CaseReopened(reopened) => reopen(&mut case, reopened).map_err(corrupt)?,
        Event::AnswerCorrected(corrected) => {
            correct(&mut case, meta, corrected).map_err(corrupt)?;
        }
        Event::NoteAdded(_) => case.notes += 1,
        Event::CauseRecorded(recorded) => add_cause(&mut case, meta, recorded).map_err(corrupt)?,
        Event::CaseOpened(_) | Event::CaseImported(_) => {
            return Err(corrupt("the case is open already"));
        }
        Event::WorkflowPublished(_) => return Err(corrupt("it belongs to a workflow")),
    }
    Ok(case)
}

fn empty(meta: &Meta<'_>, step: StepName, opened_at: Timestamp) -> Case {
    Case {
        acted: BTreeMap::new(),
        answers: BTreeMap::new(),
        causes: Vec::new(),
        counters: BTreeMap::new(),
        imported: false,
        notes: 0,
        opened_at,
        opening: 1,
        owes_cause: false,
        place: Place::Step(step),
        recordings: 0,
        revision: meta.revision,
        tasks_open: BTreeSet::new(),
        team: None,
        updated_at: meta.at,
        visit: 0,
        workflow: meta.workflow.clone(),
    }
}

fn opened_case(meta: &Meta<'_>, opened: &CaseOpened) -> Case {
    Case {
        team: opened.team.clone(),
        ..empty(meta, opened.step.clone(), opened.opened_at)
    }
}

fn imported_case(meta: &Meta<'_>, imported: &CaseImported) -> Case {
    Case {
        imported: true,
        team: imported.team.clone(),
        ..empty(meta, imported.step.clone(), imported.opened_at)
    }
}

fn enter(case: &mut Case, entered: &StepEntered) -> Result<(), &'static str> {
    if case.is_closed() {
        return Err("the case is closed");
    }
    if entered.visit != case.visit + 1 {
        return Err("the number of the visit does not follow");
    }
    case.visit = entered.visit;
    case.place = Place::Step(entered.step.clone());
    case.tasks_open = entered.tasks.iter().cloned().collect();
    for field in &entered.emptied {
        case.answers.remove(field);
    }
    Ok(())
}

fn record(
    case: &mut Case,
    meta: &Meta<'_>,
    field: &FieldName,
    recording: u32,
    value: &Held,
    step: StepName,
) -> Result<(), &'static str> {
    if recording != case.recordings + 1 {
        return Err("the number of the recording does not follow");
    }
    case.recordings = recording;
    let answer = Answer {
        at: meta.at,
        person: meta.actor.person,
        recording,
        revision: meta.revision,
        step,
        value: value.clone(),
        visit: case.visit,
    };
    case.answers.insert(field.clone(), answer);
    Ok(())
}

fn act_in(case: &mut Case, meta: &Meta<'_>, step: StepName) {
    case.acted
        .entry(step)
        .or_default()
        .insert(meta.actor.person);
}

fn do_task(case: &mut Case, meta: &Meta<'_>, done: &TaskDone) -> Result<(), &'static str> {
    let step = case.step().cloned().ok_or("the case is closed")?;
    if !case.tasks_open.remove(&done.task) {
        return Err("the task is not open");
    }
    act_in(case, meta, step);
    Ok(())
}

fn take(case: &mut Case, meta: &Meta<'_>, taken: &ActionTaken) -> Result<(), &'static str> {
    let step = case.step().cloned().ok_or("the case is closed")?;
    if let Some(counted) = &taken.counted {
        if counted.times != case.counted(&counted.counter) + 1 {
            return Err("the counter does not follow");
        }
        case.counters
            .insert(counted.counter.as_str().into(), counted.times);
    }
    act_in(case, meta, step);
    Ok(())
}

fn close(case: &mut Case, meta: &Meta<'_>, closed: &CaseClosed) -> Result<(), &'static str> {
    if case.is_closed() {
        return Err("the case is closed already");
    }
    case.tasks_open.clear();
    case.owes_cause = closed.owes_cause;
    case.place = Place::Outcome(Closing {
        at: meta.at,
        counts_as: closed.counts_as,
        outcome: closed.outcome.clone(),
        reopen_until: closed.reopen_until,
    });
    Ok(())
}

fn reopen(case: &mut Case, reopened: &CaseReopened) -> Result<(), &'static str> {
    if !case.is_closed() {
        return Err("the case is not closed");
    }
    if reopened.opening != case.opening + 1 {
        return Err("the number of the opening does not follow");
    }
    case.opening = reopened.opening;
    case.counters.clear();
    case.owes_cause = false;
    case.place = Place::Step(reopened.step.clone());
    Ok(())
}

fn correct(
    case: &mut Case,
    meta: &Meta<'_>,
    corrected: &AnswerCorrected,
) -> Result<(), &'static str> {
    let step = match (case.step(), case.answers.get(&corrected.field)) {
        (None, _) => return Err("the case is closed"),
        (Some(_), None) => return Err("there is nothing to correct"),
        (Some(_), Some(answer)) => answer.step.clone(),
    };
    record(
        case,
        meta,
        &corrected.field,
        corrected.recording,
        &corrected.value,
        step,
    )?;
    for step in &corrected.steps {
        act_in(case, meta, step.clone());
    }
    Ok(())
}

fn add_cause(
    case: &mut Case,
    meta: &Meta<'_>,
    recorded: &CauseRecorded,
) -> Result<(), &'static str> {
    if usize::try_from(recorded.number) != Ok(case.causes.len() + 1) {
        return Err("the number of the cause does not follow");
    }
    case.owes_cause = false;
    case.causes.push(RecordedCause {
        at: meta.at,
        cause: recorded.cause.clone(),
        number: recorded.number,
        revision: meta.revision,
        whys: u32::try_from(recorded.whys.len()).unwrap_or(u32::MAX),
    });
    Ok(())
}
