//! Tries the actions of a step: which way would each go, and why.
//!
//! Invariant: the engine decides; nothing here judges a rule or a need.

use crate::case::event::{Event, TaskDone};
use crate::case::offer::offers;
use crate::case::{Case, CauseRef, Reason};
use crate::id::{ActionName, FieldName, RoleName, StepName};
use crate::time::Timestamp;
use crate::value::Value;
use crate::workflow::length::Length;
use crate::workflow::{Action, Phase, Step, Workflow};

use super::desk::{Desk, No, actor, customer, made_up};
use super::read::{local_text, of_table};
use super::stand_in::{REASON, WORDS};
use super::story::{Opening, What};
use super::trace::Trace;
use super::words;

/// When the case comes in: a Monday.
const NOON: &str = "2026-01-05T12:00:00Z";
/// Who prepares the step: does its tasks and records its cause.
const PREPARER: usize = 0;
/// Who tries the actions.
const TRIER: usize = 1;

/// What is to be tried.
#[derive(Debug, Clone)]
pub struct Attempt {
    /// The step the case is in.
    pub step: StepName,
    /// The answers it has. What else every case has there is made up.
    pub answers: Vec<(FieldName, Value)>,
    /// How long nothing happens but that time passes, before anything is tried.
    pub wait: Option<Length>,
    /// The role; without it each that may.
    pub role: Option<RoleName>,
    /// The action; without it each of the step.
    pub action: Option<ActionName>,
}

impl Attempt {
    /// Returns the answers that are made up beside those given.
    #[must_use]
    pub fn made_up(&self, workflow: &Workflow) -> Vec<(FieldName, Value)> {
        made_up(workflow, &self.step, &self.answers)
    }
}

/// What came of an attempt. Times are local, without seconds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// When the actions are tried.
    pub at: String,
    /// What was due while time passed: when, and a sentence without a full stop.
    pub passed: Vec<(String, String)>,
    /// The step or outcome the case is in then.
    pub place: String,
    /// What people call that.
    pub title: String,
    /// How it stands with each deadline that runs, the next one first; sentences without a full
    /// stop.
    pub deadlines: Vec<String>,
    /// The actions; none where the case is closed by then.
    pub tried: Vec<Tried>,
}

/// What came of trying one action.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tried {
    /// The action.
    pub action: ActionName,
    /// It is possible anywhere.
    pub is_anywhere: bool,
    /// The roles for which the same came of it, least senior first.
    pub roles: Vec<RoleName>,
    /// What came of it.
    pub verdict: Verdict,
}

/// What came of trying an action in a role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// It would be refused, for these reasons.
    Refused(Vec<Reason>),
    /// It would be taken.
    Goes {
        /// Its rules, and what each saw.
        trace: Trace,
        /// The step or outcome the case would be in.
        place: String,
        /// What people call that.
        title: String,
        /// What would have to be answered there, with the questions.
        asks: Vec<(FieldName, String)>,
    },
}

/// Tries the actions of a step, as if its tasks were done and its cause recorded, with a reason.
/// Where time is to pass first, the actions are those of the step the case is in by then.
///
/// # Errors
///
/// Why no case can be in the step with these answers, or has no such action there, sentences
/// without a full stop.
pub fn attempt(workflow: &Workflow, attempt: &Attempt) -> Result<Attempted, Vec<String>> {
    if let Some(why) = attempt
        .answers
        .iter()
        .find_map(|(field, _)| of_table(workflow, field))
    {
        return Err(vec![format!("{}; {}", why.0, why.1)]);
    }
    let mut desk = Desk::new(workflow, Timestamp::parse(NOON).unwrap_or_default());
    desk.start_at(&attempt.step, &attempt.answers, Opening::default())
        .map_err(|no| match no {
            No::Refused(refusal) => refusal.reasons.iter().map(ToString::to_string).collect(),
            No::Bad(bad) => vec![bad.to_string()],
        })?;
    let until = match attempt.wait {
        Some(wait) => desk.after(wait),
        None => Some(desk.now),
    };
    let until = until.ok_or_else(|| vec!["nobody can wait for so long".to_owned()])?;
    let mut passed = Vec::new();
    while let Some(firing) = desk.fire(until) {
        let (_, said) = words::fired(&firing, workflow.zone());
        passed.push((local(&desk), said));
    }
    desk.now = until;
    let (place, title) = desk.place();
    let deadlines = running(&desk);
    let tried = tried(&mut desk, attempt)?;
    Ok(Attempted {
        at: local(&desk),
        passed,
        place,
        title,
        deadlines,
        tried,
    })
}

fn local(desk: &Desk<'_>) -> String {
    local_text(desk.now, desk.workflow.zone()).unwrap_or_default()
}

/// Tells how it stands with each deadline that runs, the next one first.
fn running(desk: &Desk<'_>) -> Vec<String> {
    let all = desk.case.iter().flat_map(Case::deadlines);
    let running = all.filter(|(_, deadline)| deadline.is_running());
    let mut running: Vec<_> = running.collect();
    running.sort_by_key(|(_, deadline)| (deadline.due.is_none(), deadline.due));
    let told = running.into_iter();
    told.map(|(name, deadline)| words::standing(name, Some(deadline), desk.workflow.zone()))
        .collect()
}

/// Tries the actions of the step that a case is in.
fn tried(desk: &mut Desk<'_>, attempt: &Attempt) -> Result<Vec<Tried>, Vec<String>> {
    let workflow = desk.workflow;
    let step = desk.case.as_ref().and_then(Case::step);
    let Some((index, step)) = step.and_then(|step| workflow.step(step.as_str())) else {
        return Ok(Vec::new());
    };
    prepare(desk, step);
    let own = step.actions.values().map(|action| (action, false));
    let anywhere = workflow.anywhere().values();
    let anywhere = anywhere.filter(|action| !action.not_in.contains(&index));
    let all = own.chain(anywhere.map(|action| (action, true)));
    let wanted = |action: &Action| attempt.action.as_ref().is_none_or(|a| *a == action.name);
    let mut tried: Vec<Tried> = Vec::new();
    for (action, is_anywhere) in all.filter(|(action, _)| wanted(action)) {
        let roles: Vec<RoleName> = match &attempt.role {
            Some(role) => vec![role.clone()],
            None => workflow.role_names(action.who).cloned().collect(),
        };
        let mut of_action: Vec<Tried> = Vec::new();
        for role in roles {
            let verdict = verdict(desk, action, &role);
            match of_action.iter_mut().find(|tried| tried.verdict == verdict) {
                Some(same) => same.roles.push(role),
                None => of_action.push(Tried {
                    action: action.name.clone(),
                    is_anywhere,
                    roles: vec![role],
                    verdict,
                }),
            }
        }
        tried.extend(of_action);
    }
    if tried.is_empty() {
        let names: Vec<String> = step
            .actions
            .keys()
            .map(|name| format!("`{name}`"))
            .collect();
        return Err(vec![format!(
            "the step `{}` has no such action; it has {}",
            step.name,
            names.join(", ")
        )]);
    }
    Ok(tried)
}

/// Does the tasks of the step that a case is in, and records its cause.
fn prepare(desk: &mut Desk<'_>, step: &Step) {
    let workflow = desk.workflow;
    for task in step.tasks.keys() {
        let (task, reason) = (task.clone(), None);
        let done = Event::TaskDone(TaskDone { reason, task });
        desk.happen(&actor(PREPARER, customer()), &[done]);
    }
    if step.phases.contains(&Phase::Diagnose)
        && let Some(cause) = first_cause(workflow)
        && let Some(act) = desk.act(&cause)
    {
        // Where nobody may record one, the actions say that it is missing.
        let mut roles = workflow.role_names(step.who);
        let _recorded = roles.any(|role| desk.send(&actor(PREPARER, role.clone()), &act).is_ok());
    }
}

/// Returns a root cause of the workflow, with as many whys as it asks.
pub(super) fn first_cause(workflow: &Workflow) -> Option<What> {
    let causes = workflow.causes()?;
    let (group, names) = causes.categories.first()?;
    let cause = CauseRef {
        group: group.clone(),
        name: names.first()?.0.clone(),
    };
    let whys = (0..causes.whys).map(|_| WORDS.to_owned()).collect();
    Some(What::Cause { cause, whys })
}

fn verdict(desk: &Desk<'_>, action: &Action, role: &RoleName) -> Verdict {
    let what = What::Advance {
        within: None,
        name: action.name.to_string(),
        answers: Vec::new(),
        reason: Some(REASON.to_owned()),
    };
    let mut after = desk.clone();
    let sent = desk
        .act(&what)
        .map(|act| after.send(&actor(TRIER, role.clone()), &act));
    let (Some(sent), Some(before)) = (sent, &desk.case) else {
        return Verdict::Refused(Vec::new());
    };
    match sent {
        Err(No::Refused(refusal)) => Verdict::Refused(refusal.reasons),
        Err(No::Bad(_)) => Verdict::Refused(Vec::new()),
        Ok(events) => match Trace::of(desk.workflow, before, &events) {
            None => Verdict::Refused(Vec::new()),
            Some(trace) => {
                let (place, title) = after.place();
                let asks = after.case.as_ref().map(|case| asks(desk.workflow, case));
                Verdict::Goes {
                    trace,
                    place,
                    title,
                    asks: asks.unwrap_or_default(),
                }
            }
        },
    }
}

/// Returns what must be answered where a case is, each field once.
fn asks(workflow: &Workflow, case: &Case) -> Vec<(FieldName, String)> {
    let mut asks: Vec<(FieldName, String)> = Vec::new();
    if case.is_closed() {
        return asks;
    }
    for asked in offers(workflow, case)
        .iter()
        .flat_map(|offer| &offer.fields)
    {
        let is_known = asks.iter().any(|(known, _)| *known == asked.field);
        if asked.is_required && !asked.is_filled && !is_known {
            let field = workflow.field(asked.field.as_str());
            let ask = field.map_or_else(String::new, |(_, field)| field.ask.clone());
            asks.push((asked.field.clone(), ask));
        }
    }
    asks
}
