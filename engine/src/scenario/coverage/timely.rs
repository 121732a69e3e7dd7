//! The moments of deadlines: what of a clock, promise, due, survey or follow-up can be walked.

use std::fmt;

use crate::case::{DeadlineKind, DeadlineName, Event, Rung};
use crate::workflow::Workflow;
use crate::workflow::time::{Due, Late};

/// Something that happens to a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Moment {
    /// A clock runs, a promise is made.
    Runs,
    /// It fires; a survey is really sent.
    Fires(Rung),
    /// A clock is extended.
    Extended,
    /// The answers of a survey open the case again.
    Reopens,
}

impl Moment {
    /// Writes what it is of which deadline.
    pub(super) fn write(self, f: &mut fmt::Formatter<'_>, name: &DeadlineName) -> fmt::Result {
        match self {
            Self::Fires(Rung::Warn) => f.write_str("the warning of ")?,
            Self::Fires(Rung::Late) => f.write_str("the breach of ")?,
            Self::Fires(Rung::After(number)) => write!(f, "line {number} of `late` of ")?,
            Self::Fires(Rung::Then) => f.write_str("the `then` of ")?,
            Self::Fires(Rung::Open) if name.kind() == DeadlineKind::Survey => {
                f.write_str("the sending of ")?;
            }
            Self::Runs | Self::Fires(Rung::Open) => {}
            Self::Fires(Rung::Close) => f.write_str("the closing of ")?,
            Self::Extended => f.write_str("the `extend` of ")?,
            Self::Reopens => f.write_str("the `reopen_when` of ")?,
        }
        match name.kind() {
            DeadlineKind::Due => write!(f, "the `due` of `{}`", name.name()),
            DeadlineKind::Clock
            | DeadlineKind::Promise
            | DeadlineKind::Survey
            | DeadlineKind::FollowUp
            | DeadlineKind::CauseAction
            | DeadlineKind::Effect
            | DeadlineKind::CauseReview => f.write_str(&thing(name)),
        }
    }
}

/// Names a deadline for people: "the clock `final_response`", "the step `hear`".
#[must_use]
pub fn thing(name: &DeadlineName) -> String {
    let what = match name.kind() {
        DeadlineKind::Clock => "clock",
        DeadlineKind::Promise => "promise",
        DeadlineKind::Due if name.place().1.is_some() => "task",
        DeadlineKind::Due => "step",
        DeadlineKind::Survey => "survey",
        DeadlineKind::FollowUp => "follow-up",
        DeadlineKind::CauseAction => "action of a root cause",
        DeadlineKind::Effect => "effect of the action",
        DeadlineKind::CauseReview => "root cause",
    };
    format!("the {what} `{}`", name.name())
}

/// Returns every deadline of a workflow: clocks, promises, dues, surveys and follow-ups, each in
/// the file's order.
pub(in crate::scenario) fn deadlines(workflow: &Workflow) -> Vec<DeadlineName> {
    let mut all = Vec::new();
    let named = DeadlineName::new;
    let clocks = workflow.clocks().keys();
    all.extend(clocks.map(|name| named(DeadlineKind::Clock, name.as_str())));
    let promises = workflow.promises().keys();
    all.extend(promises.map(|name| named(DeadlineKind::Promise, name.as_str())));
    for step in workflow.steps() {
        if step.due.is_some() {
            all.push(named(DeadlineKind::Due, step.name.as_str()));
        }
        let tasks = step.tasks.iter().filter(|(_, task)| task.due.is_some());
        all.extend(tasks.map(|(task, _)| DeadlineName::of_task(step.name.as_str(), task.as_str())));
    }
    let surveys = workflow.surveys().keys();
    all.extend(surveys.map(|name| named(DeadlineKind::Survey, name.as_str())));
    let follow_ups = workflow.follow_ups().keys();
    all.extend(follow_ups.map(|name| named(DeadlineKind::FollowUp, name.as_str())));
    all
}

/// Returns what of a deadline can be walked.
pub(super) fn moments_of(workflow: &Workflow, name: &DeadlineName) -> Vec<Moment> {
    let mut moments = Vec::new();
    match name.kind() {
        DeadlineKind::Clock => {
            let Some(clock) = workflow.clocks().get(name.name()) else {
                return moments;
            };
            moments.push(Moment::Runs);
            moments.extend(clock.warn_at.map(|_| Moment::Fires(Rung::Warn)));
            moments.extend(ladder(&clock.late));
            moments.extend(clock.extend.as_ref().map(|_| Moment::Extended));
        }
        DeadlineKind::Promise => {
            let Some(promise) = workflow.promises().get(name.name()) else {
                return moments;
            };
            moments.push(Moment::Runs);
            moments.extend(ladder(&promise.late));
        }
        DeadlineKind::Due => {
            moments.extend(due_of(workflow, name).into_iter().flat_map(of_due));
        }
        DeadlineKind::Survey => {
            let Some(survey) = workflow.surveys().get(name.name()) else {
                return moments;
            };
            moments.push(Moment::Fires(Rung::Open));
            moments.extend(survey.closes_after.map(|_| Moment::Fires(Rung::Close)));
            moments.extend(survey.reopen_when.as_ref().map(|_| Moment::Reopens));
        }
        DeadlineKind::FollowUp => moments.push(Moment::Fires(Rung::Open)),
        // The file does not name them: people plan them.
        DeadlineKind::CauseAction | DeadlineKind::Effect | DeadlineKind::CauseReview => {}
    }
    moments
}

fn due_of<'w>(workflow: &'w Workflow, name: &DeadlineName) -> Option<&'w Due> {
    let (step, task) = name.place();
    let (_, step) = workflow.step(step)?;
    match task {
        Some(task) => step.tasks.get(task)?.due.as_ref(),
        None => step.due.as_ref(),
    }
}

fn of_due(due: &Due) -> Vec<Moment> {
    let warning = due.warn_at.map(|_| Moment::Fires(Rung::Warn));
    let end = if due.then.is_some() {
        vec![Moment::Fires(Rung::Then)]
    } else {
        ladder(&due.late).collect()
    };
    warning.into_iter().chain(end).collect()
}

/// Returns the breach, then the rungs that come some time after it.
fn ladder(late: &[Late]) -> impl Iterator<Item = Moment> {
    let after = (1..).zip(late).filter(|(_, late)| late.after.is_some());
    let after = after.map(|(number, _)| Moment::Fires(Rung::After(number)));
    std::iter::once(Moment::Fires(Rung::Late)).chain(after)
}

/// Returns the moments that events tell of.
pub(super) fn moments(events: &[Event]) -> Vec<(DeadlineName, Moment)> {
    let is_reopened = events
        .iter()
        .any(|event| matches!(event, Event::CaseReopened(_)));
    let mut moments = Vec::new();
    for event in events {
        if let Event::DeadlineStarted(started) = event {
            // A clock that waits for its `when` does not run yet.
            if started.waits {
                continue;
            }
            moments.push((started.deadline.clone(), Moment::Runs));
        } else if let Event::DeadlineFired(fired) = event {
            // Whether a survey whose time has come is sent, another event says.
            let is_survey = fired.deadline.kind() == DeadlineKind::Survey;
            if !is_survey || fired.rung != Rung::Open {
                moments.push((fired.deadline.clone(), Moment::Fires(fired.rung)));
            }
        } else if let Event::ClockExtended(extended) = event {
            moments.push((extended.deadline.clone(), Moment::Extended));
        } else if let Event::SurveySent(sent) = event {
            let survey = DeadlineName::new(DeadlineKind::Survey, sent.survey.as_str());
            moments.push((survey, Moment::Fires(Rung::Open)));
        } else if let (Event::SurveyAnswered(answered), true) = (event, is_reopened) {
            let survey = DeadlineName::new(DeadlineKind::Survey, answered.survey.as_str());
            moments.push((survey, Moment::Reopens));
        }
    }
    moments
}
