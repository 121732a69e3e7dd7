//! How an event changes a case: the only way one changes, live and in replay.
//!
//! Invariant: needs neither workflow nor clock; an event that does not fit is damage, not a choice.

mod cause;
mod issue;
mod merge;
mod money;
#[cfg(test)]
mod tests;
mod time;

use std::collections::{BTreeMap, BTreeSet};

use super::event::{
    ActionTaken, AnswerCorrected, AnswerRecorded, CaseClosed, CaseImported, CaseOpened,
    CaseReopened, Event, Held, StepEntered, TaskDone,
};
use super::{Actor, Answer, Case, Closing, Place};
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
    let evolved = match case {
        Some(case) => go_on(case, meta, event),
        None => begin(meta, event),
    };
    evolved.map_err(|what| CorruptHistory {
        revision: meta.revision,
        what,
    })
}

fn begin(meta: &Meta<'_>, event: &Event) -> Result<Case, &'static str> {
    if meta.revision != Revision(1) {
        return Err("a case begins with its first entry");
    }
    match event {
        Event::CaseOpened(opened) => Ok(opened_case(meta, opened)),
        Event::CaseImported(imported) => Ok(imported_case(meta, imported)),
        Event::StepEntered(_)
        | Event::AnswerRecorded(_)
        | Event::ValueComputed(_)
        | Event::ValueEmptied(_)
        | Event::TaskDone(_)
        | Event::ActionTaken(_)
        | Event::TakenBack(_)
        | Event::Approved(_)
        | Event::Given(_)
        | Event::CaseClosed(_)
        | Event::CaseReopened(_)
        | Event::AnswerCorrected(_)
        | Event::NoteAdded(_)
        | Event::CauseRecorded(_)
        | Event::CauseReviewed(_)
        | Event::CauseActionDone(_)
        | Event::EffectChecked(_)
        | Event::CauseReopened(_)
        | Event::IssueConfirmed(_)
        | Event::CauseLinked(_)
        | Event::OriginRecorded(_)
        | Event::DuplicateMerged(_)
        | Event::MergedInto(_)
        | Event::DeadlineTakenOver(_)
        | Event::Told(_)
        | Event::ContactRecorded(_)
        | Event::DeadlineStarted(_)
        | Event::DeadlinePaused(_)
        | Event::DeadlineResumed(_)
        | Event::DeadlineFired(_)
        | Event::DeadlineStopped(_)
        | Event::ClockExtended(_)
        | Event::PromiseRenegotiated(_)
        | Event::SurveySent(_)
        | Event::SurveySkipped(_)
        | Event::SurveyAnswered(_)
        | Event::FollowUpDone(_)
        | Event::WorkflowPublished(_) => Err("it does not open the case"),
    }
}

/// Says whether an event of this entry may come next.
fn follows(case: &Case, meta: &Meta<'_>) -> Result<(), &'static str> {
    // The events of one entry share its revision.
    let is_next = meta.revision == case.revision.next();
    if meta.revision != case.revision && !is_next {
        return Err("its revision does not follow");
    }
    if meta.at < case.updated_at {
        return Err("its time lies before the time of the entry before");
    }
    if *meta.workflow != case.workflow {
        return Err("it follows another workflow");
    }
    if is_next && case.merged_into().is_some() {
        return Err("the case was merged into another");
    }
    Ok(())
}

fn go_on(mut case: Case, meta: &Meta<'_>, event: &Event) -> Result<Case, &'static str> {
    follows(&case, meta)?;
    if meta.revision != case.revision {
        case.effective_at = meta.at;
    }
    case.revision = meta.revision;
    case.updated_at = meta.at;
    match event {
        Event::StepEntered(entered) => enter(&mut case, meta, entered)?,
        Event::AnswerRecorded(recorded) => {
            let step = open_step(&case)?;
            let AnswerRecorded { field, value, .. } = recorded;
            record(&mut case, meta, field, recorded.recording, value, step)?;
        }
        Event::ValueComputed(computed) => money::compute(&mut case, meta, computed)?,
        Event::ValueEmptied(emptied) => {
            open_step(&case)?;
            let before = case.answers.remove(&emptied.field);
            before.ok_or("there is no value to be emptied")?;
            case.approvals.remove(&emptied.field);
        }
        Event::TaskDone(done) => do_task(&mut case, meta, done)?,
        Event::ActionTaken(taken) => take(&mut case, meta, taken)?,
        Event::TakenBack(taken) => money::take_back(&mut case, taken)?,
        Event::Approved(approved) => money::approve(&mut case, meta, approved)?,
        Event::Given(given) => money::give(&mut case, meta, given)?,
        Event::CaseClosed(closed) => close(&mut case, closed)?,
        Event::CaseReopened(reopened) => reopen(&mut case, reopened)?,
        Event::AnswerCorrected(corrected) => correct(&mut case, meta, corrected)?,
        Event::NoteAdded(_) => case.notes += 1,
        Event::CauseRecorded(recorded) => cause::record(&mut case, meta, recorded)?,
        Event::CauseReviewed(reviewed) => cause::review(&mut case, meta, reviewed)?,
        Event::CauseActionDone(done) => cause::done(&mut case, meta, done)?,
        Event::EffectChecked(checked) => cause::check(&mut case, checked)?,
        Event::CauseReopened(reopened) => cause::reopen(&mut case, reopened)?,
        Event::IssueConfirmed(confirmed) => issue::confirm(&mut case, meta, confirmed)?,
        Event::CauseLinked(linked) => issue::link(&mut case, linked),
        Event::OriginRecorded(origin) => issue::record_origin(&mut case, meta, origin)?,
        Event::DuplicateMerged(merged) => merge::take_in(&mut case, meta, merged)?,
        Event::MergedInto(merged) => merge::rest(&mut case, merged)?,
        Event::DeadlineTakenOver(taken) => merge::take_over(&mut case, taken)?,
        // Whom it tells stands in the entries.
        Event::Told(_) => {}
        Event::ContactRecorded(contact) => {
            if contact.from_customer {
                case.heard_in = case.visit;
            }
        }
        Event::DeadlineStarted(started) => time::start(&mut case, started)?,
        Event::DeadlinePaused(paused) => time::pause(&mut case, paused)?,
        Event::DeadlineResumed(resumed) => time::resume(&mut case, resumed)?,
        Event::DeadlineFired(fired) => time::fire(&mut case, meta, fired)?,
        Event::DeadlineStopped(stopped) => time::stop(&mut case, stopped)?,
        Event::ClockExtended(extended) => time::extend(&mut case, extended)?,
        Event::PromiseRenegotiated(new) => time::renegotiate(&mut case, new)?,
        Event::SurveySent(sent) => time::send(&mut case, sent)?,
        Event::SurveySkipped(skipped) => time::skip(&mut case, skipped)?,
        Event::SurveyAnswered(answered) => time::answer(&mut case, answered)?,
        Event::FollowUpDone(done) => time::done(&mut case, done)?,
        Event::CaseOpened(_) | Event::CaseImported(_) => {
            return Err("the case is open already");
        }
        Event::WorkflowPublished(_) => return Err("it belongs to a workflow"),
    }
    Ok(case)
}

fn open_step(case: &Case) -> Result<StepName, &'static str> {
    case.step().cloned().ok_or("the case is closed")
}

fn empty(meta: &Meta<'_>, step: StepName, opened_at: Timestamp) -> Case {
    Case {
        acted: BTreeMap::new(),
        answers: BTreeMap::new(),
        approvals: BTreeMap::new(),
        bookings: Vec::new(),
        causes: Vec::new(),
        counters: BTreeMap::new(),
        customer: None,
        deadlines: BTreeMap::new(),
        deadlines_started: 0,
        effective_at: meta.at,
        entered_by: None,
        heard_in: 0,
        imported: false,
        issue: None,
        linked: None,
        merged: BTreeMap::new(),
        notes: 0,
        opened_at,
        opening: 1,
        owes_cause: false,
        parent: None,
        place: Place::Step(step),
        proactive: false,
        recordings: 0,
        revision: meta.revision,
        surveys_sent: Vec::new(),
        tasks_open: BTreeSet::new(),
        team: None,
        updated_at: meta.at,
        visit: 0,
        workflow: meta.workflow.clone(),
    }
}

fn opened_case(meta: &Meta<'_>, opened: &CaseOpened) -> Case {
    Case {
        customer: opened.customer,
        team: opened.team.clone(),
        ..empty(meta, opened.step.clone(), opened.opened_at)
    }
}

fn imported_case(meta: &Meta<'_>, imported: &CaseImported) -> Case {
    Case {
        customer: imported.customer,
        imported: true,
        team: imported.team.clone(),
        ..empty(meta, imported.step.clone(), imported.opened_at)
    }
}

fn enter(case: &mut Case, meta: &Meta<'_>, entered: &StepEntered) -> Result<(), &'static str> {
    if case.is_closed() {
        return Err("the case is closed");
    }
    if entered.visit != case.visit + 1 {
        return Err("the number of the visit does not follow");
    }
    case.visit = entered.visit;
    // A deadline is nobody's act, so nobody is too near to what is approved in this visit.
    if meta.actor.is_timekeeper() {
        case.entered_by = None;
    }
    case.place = Place::Step(entered.step.clone());
    case.tasks_open = entered.tasks.iter().cloned().collect();
    for field in &entered.emptied {
        case.answers.remove(field);
        case.approvals.remove(field);
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
    // An approval is of one recording: a newer one voids it.
    case.approvals.remove(field);
    let answer = Answer {
        at: meta.at,
        person: meta.actor.person,
        recording,
        revision: meta.revision,
        role: meta.actor.role.clone(),
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
    let step = open_step(case)?;
    if !case.tasks_open.remove(&done.task) {
        return Err("the task is not open");
    }
    act_in(case, meta, step);
    Ok(())
}

fn take(case: &mut Case, meta: &Meta<'_>, taken: &ActionTaken) -> Result<(), &'static str> {
    let step = open_step(case)?;
    if let Some(counted) = &taken.counted {
        if counted.times != case.counted(&counted.counter) + 1 {
            return Err("the counter does not follow");
        }
        case.counters
            .insert(counted.counter.as_str().into(), counted.times);
    }
    if !taken.stays {
        case.entered_by = Some(meta.actor.person);
    }
    act_in(case, meta, step);
    Ok(())
}

fn close(case: &mut Case, closed: &CaseClosed) -> Result<(), &'static str> {
    if case.is_closed() {
        return Err("the case is closed already");
    }
    case.tasks_open.clear();
    case.owes_cause = closed.owes_cause;
    case.place = Place::Outcome(Closing {
        at: case.effective_at,
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
    case.approvals.clear();
    case.entered_by = None;
    case.owes_cause = false;
    case.place = Place::Step(reopened.step.clone());
    Ok(())
}

fn correct(
    case: &mut Case,
    meta: &Meta<'_>,
    corrected: &AnswerCorrected,
) -> Result<(), &'static str> {
    open_step(case)?;
    let answer = case.answers.get(&corrected.field);
    // A correction belongs where the answer was given.
    let step = answer.ok_or("there is nothing to correct")?.step.clone();
    let AnswerCorrected { field, value, .. } = corrected;
    record(case, meta, field, corrected.recording, value, step)?;
    for step in &corrected.steps {
        act_in(case, meta, step.clone());
    }
    Ok(())
}
