//! What the workflow says of something that is late, soon late, or over: who is told, where the
//! case goes.
//!
//! Source: `workflow-language.md`, semantics 19.

use crate::case::deadline::{DeadlineKind, DeadlineName, Next, Rung};
use crate::case::event::Event;
use crate::case::{Case, landing, promise, tell};
use crate::id::RoleName;
use crate::time::Timestamp;
use crate::workflow::time::{Due, Late};
use crate::workflow::{CountsAs, Target, Workflow};

/// What is done at a mark.
#[derive(Default)]
struct Act<'a> {
    tell: Vec<&'a RoleName>,
    go_to: Option<Target>,
}

/// Returns what a mark of a clock, promise or due does, effective at `at`.
pub(super) fn breach(workflow: &Workflow, case: &Case, next: &Next, at: Timestamp) -> Vec<Event> {
    let late = ladder(workflow, &next.deadline);
    let mut act = match next.mark.rung {
        Rung::Warn => Act {
            go_to: None,
            ..at_once(late, true)
        },
        Rung::Late => at_once(late, false),
        Rung::After(number) => {
            let place = usize::try_from(number).ok();
            let place = place.and_then(|number| number.checked_sub(1));
            let rung = place.and_then(|place| late.get(place));
            rung.map(|rung| act([rung])).unwrap_or_default()
        }
        Rung::Then => Act {
            tell: Vec::new(),
            go_to: due(workflow, &next.deadline).and_then(|due| due.then),
        },
        Rung::Open | Rung::Close => Act::default(),
    };
    let target = act.go_to.filter(|target| can_go(workflow, case, *target));
    if let Some(Target::Outcome(outcome)) = target {
        act.tell.extend(&workflow.outcome_at(outcome).tell);
    }
    let landing = target.and_then(|target| match target {
        Target::Stay => None,
        Target::Step(step) => {
            let is_filled = |name: &_| case.answers().contains_key(name);
            let step = workflow.step_at(step);
            Some(landing::entered(
                workflow,
                step,
                case.visit() + 1,
                is_filled,
            ))
        }
        Target::Outcome(outcome) => {
            let outcome = workflow.outcome_at(outcome);
            Some(landing::closed(workflow, case, outcome, at))
        }
    });
    tell::told(workflow, act.tell)
        .into_iter()
        .chain(landing)
        .collect()
}

/// Returns what the rungs do that act with the breach. Where none does, whoever asks beforehand is
/// told of the first rung after it.
fn at_once(late: &[Late], is_before: bool) -> Act<'_> {
    let with_it = |rung: &&Late| rung.after.is_none();
    let is_alone = is_before && !late.iter().any(|rung| with_it(&rung));
    act(late
        .iter()
        .filter(with_it)
        .chain(late.iter().take(usize::from(is_alone))))
}

fn act<'a>(rungs: impl IntoIterator<Item = &'a Late>) -> Act<'a> {
    rungs.into_iter().fold(Act::default(), |mut act, rung| {
        act.tell.extend(&rung.tell);
        act.go_to = act.go_to.or(rung.go_to);
        act
    })
}

/// Returns whether a deadline may lead the case there: not where it is already, not once it is
/// closed, and not to an outcome that counts as resolved while the customer is owed a promise.
fn can_go(workflow: &Workflow, case: &Case, target: Target) -> bool {
    let Some(here) = case.step() else {
        return false;
    };
    match target {
        Target::Stay => false,
        Target::Step(step) => workflow.step_at(step).name != *here,
        Target::Outcome(outcome) => {
            workflow.outcome_at(outcome).counts_as != CountsAs::Resolved
                || promise::owed(workflow, case).next().is_none()
        }
    }
}

/// Returns the rungs of what is late.
fn ladder<'a>(workflow: &'a Workflow, name: &DeadlineName) -> &'a [Late] {
    let late = match name.kind() {
        DeadlineKind::Clock => workflow.clocks().get(name.name()).map(|clock| &clock.late),
        DeadlineKind::Promise => workflow.promises().get(name.name()).map(|made| &made.late),
        DeadlineKind::Due => due(workflow, name).map(|due| &due.late),
        DeadlineKind::Survey | DeadlineKind::FollowUp => None,
    };
    late.map_or(&[], Vec::as_slice)
}

fn due<'a>(workflow: &'a Workflow, name: &DeadlineName) -> Option<&'a Due> {
    if name.kind() != DeadlineKind::Due {
        return None;
    }
    let (step, task) = name.place();
    let (_, step) = workflow.step(step)?;
    match task {
        None => step.due.as_ref(),
        Some(task) => step.tasks.get(task)?.due.as_ref(),
    }
}
