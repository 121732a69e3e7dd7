//! What the workflow says of something that is late, soon late, or over: who is told, where the
//! case goes.
//!
//! Source: `workflow-language.md`, semantics 19.

use crate::case::deadline::{DeadlineKind, DeadlineName, Mark, Next, Rung, Verdict};
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
        Rung::After(_) => act(of_one_time(case, next, late)),
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

/// Returns the rungs that come at one time with a mark, in the order of the file. The first of them
/// acts for all, so that they tell together also where it leads the case away; the others find that
/// it has acted.
fn of_one_time<'a>(case: &Case, next: &Next, late: &'a [Late]) -> Vec<&'a Late> {
    let Some(deadline) = case.deadline(&next.deadline) else {
        return Vec::new();
    };
    let rung = |mark: &Mark| {
        let Rung::After(number) = mark.rung else {
            return None;
        };
        late.get(usize::try_from(number).ok()?.checked_sub(1)?)
    };
    let is_beside = |mark: &&Mark| mark.at == next.mark.at && rung(mark).is_some();
    if deadline.fired.iter().any(|mark| is_beside(&mark)) {
        return Vec::new();
    }
    let marks = deadline.marks.iter().filter(is_beside);
    marks.filter_map(rung).collect()
}

/// Tells of what ended late at the very instant at which it was due, because a mark that came
/// first led the case away: its breach fires no more, and is told with the entry that ended it.
pub(super) fn overtaken(
    workflow: &Workflow,
    case: &Case,
    settled: &[Event],
    next: &Next,
) -> Option<Event> {
    let stopped = settled.iter().filter_map(|event| {
        if let Event::DeadlineStopped(stopped) = event
            && stopped.verdict == Verdict::Late
        {
            Some(stopped)
        } else {
            None
        }
    });
    let unheard = stopped.filter(|stopped| {
        let deadline = case.deadline(&stopped.deadline);
        stopped.deadline != next.deadline
            && deadline.is_some_and(|known| known.number == stopped.number && !known.is_late())
    });
    let roles: Vec<&RoleName> = unheard
        .flat_map(|stopped| at_once(ladder(workflow, &stopped.deadline), false).tell)
        .collect();
    tell::told(workflow, roles)
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
        DeadlineKind::Survey
        | DeadlineKind::FollowUp
        | DeadlineKind::CauseAction
        | DeadlineKind::Effect
        | DeadlineKind::CauseReview => None,
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
