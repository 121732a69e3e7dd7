//! Deadlines of a case and their explanations, to the wire.

use heard_engine::calendar::{Calendar, Interval, Why, tz_version};
use heard_engine::case::learning;
use heard_engine::case::offer::diagnosing;
use heard_engine::case::promise::{Named, told};
use heard_engine::case::{
    Case, Deadline, DeadlineKind, DeadlineName, Explanation, Mark, Rung, Verdict,
};
use heard_engine::id::{CalendarName, PromiseName};
use heard_engine::time::Timestamp;
use heard_engine::workflow::RoleSet;
use heard_proto::v1;

use super::read;
use crate::app::CaseView;

/// Writes the deadlines of a case.
pub(in crate::api) fn deadlines(view: &CaseView) -> Vec<v1::Deadline> {
    let deadlines = view.case.deadlines();
    deadlines
        .map(|(name, deadline)| self::deadline(view, name, deadline))
        .collect()
}

/// Writes a deadline of a case.
pub(in crate::api) fn deadline(
    view: &CaseView,
    name: &DeadlineName,
    deadline: &Deadline,
) -> v1::Deadline {
    let workflow = &*view.workflow;
    let calendar_name = deadline.calendar.as_ref().map(CalendarName::as_str);
    let calendar = workflow.calendar(calendar_name);
    let said = said(view, name, deadline);
    v1::Deadline {
        name: name.to_string(),
        number: deadline.number,
        kind: kind(name.kind()).into(),
        state: state(deadline).into(),
        anchor_time: Some(read::time(deadline.anchor)),
        due_time: deadline.due.map(read::time),
        due_local: deadline.due.map(|due| calendar.local(due)),
        length: deadline.length.clone().unwrap_or_default(),
        calendar: calendar_name.unwrap_or_default().to_owned(),
        time_zone: calendar.zone().to_owned(),
        statutory: deadline.statutory,
        extended: deadline.is_extended,
        late_time: deadline.late_at.map(read::time),
        paused_since_time: deadline.paused_since.map(read::time),
        pauses: deadline.pauses.iter().map(pause).collect(),
        marks: deadline.marks.iter().map(mark).collect(),
        reached_marks: deadline.fired.iter().map(mark).collect(),
        verdict: deadline
            .stopped
            .map_or(v1::Verdict::Unspecified, |stopped| verdict(stopped.verdict))
            .into(),
        stopped_time: deadline.stopped.map(|stopped| read::time(stopped.at)),
        open_since_time: deadline.open_since.map(read::time),
        text: said.text,
        questions: said.questions,
        roles: said.roles,
        taken_from_case_id: deadline.taken_from.map(|case| case.to_string()),
    }
}

/// What the workflow says of a deadline, for people.
#[derive(Default)]
struct Said {
    text: String,
    questions: Vec<v1::SurveyQuestion>,
    roles: Vec<String>,
}

fn said(view: &CaseView, name: &DeadlineName, deadline: &Deadline) -> Said {
    let workflow = &*view.workflow;
    let roles = |roles: RoleSet| {
        let names = workflow.role_names(roles);
        names.map(ToString::to_string).collect()
    };
    match name.kind() {
        DeadlineKind::Clock => {
            let clock = workflow.clocks().get(name.name());
            let may = deadline.is_running() && !deadline.is_extended && !deadline.is_late();
            let extend = clock.and_then(|clock| clock.extend.as_ref());
            let extend = extend.filter(|_| may);
            Said {
                roles: extend.map(|extend| roles(extend.by)).unwrap_or_default(),
                ..Said::default()
            }
        }
        DeadlineKind::Promise => Said {
            text: promise(view, name, deadline.due).unwrap_or_default(),
            ..Said::default()
        },
        DeadlineKind::Due => Said::default(),
        DeadlineKind::Survey => {
            let survey = workflow.surveys().get(name.name());
            let questions = survey.into_iter().flat_map(|survey| &survey.questions);
            let questions = questions.map(|(name, question)| v1::SurveyQuestion {
                name: name.to_string(),
                ask: question.ask.clone(),
                lowest: question.lowest,
                highest: question.highest,
            });
            Said {
                questions: questions.collect(),
                ..Said::default()
            }
        }
        DeadlineKind::FollowUp => {
            let follow_up = workflow.follow_ups().get(name.name());
            follow_up.map_or_else(Said::default, |follow_up| Said {
                text: follow_up.task.clone(),
                roles: roles(follow_up.who),
                ..Said::default()
            })
        }
        DeadlineKind::CauseAction => Said {
            roles: owner(&view.case, name).into_iter().collect(),
            ..Said::default()
        },
        DeadlineKind::Effect => Said {
            roles: roles(learning::checking(workflow)),
            ..Said::default()
        },
        DeadlineKind::CauseReview => Said {
            roles: roles(diagnosing(workflow, None)),
            ..Said::default()
        },
    }
}

/// Returns the role that sees to an action of a root cause.
fn owner(case: &Case, name: &DeadlineName) -> Option<String> {
    let (number, action) = (name.cause()?, name.action()?);
    let mut causes = case.causes().iter();
    let cause = causes.find(|cause| cause.number == number)?;
    let place = usize::try_from(action.checked_sub(1)?).ok()?;
    let action = cause.actions.get(place)?;
    Some(action.planned.owner.to_string())
}

/// Returns what the customer is told of a promise.
fn promise(view: &CaseView, name: &DeadlineName, due: Option<Timestamp>) -> Option<String> {
    let workflow = &*view.workflow;
    let promise = PromiseName::new(name.name()).ok()?;
    let id = view.id.to_string();
    let step = view
        .case
        .step()
        .and_then(|step| workflow.step(step.as_str()));
    let role = step.and_then(|(_, step)| workflow.role_names(step.who).next());
    let role = role.and_then(|role| workflow.role(role.as_str()));
    let named = Named {
        case: &id,
        role: role.map_or("", |(_, role)| &role.title),
    };
    told(workflow, &view.case, &promise, due, named)
}

const fn kind(kind: DeadlineKind) -> v1::DeadlineKind {
    match kind {
        DeadlineKind::Clock => v1::DeadlineKind::Clock,
        DeadlineKind::Promise => v1::DeadlineKind::Promise,
        DeadlineKind::Due => v1::DeadlineKind::Due,
        DeadlineKind::Survey => v1::DeadlineKind::Survey,
        DeadlineKind::FollowUp => v1::DeadlineKind::FollowUp,
        DeadlineKind::CauseAction => v1::DeadlineKind::CauseAction,
        DeadlineKind::Effect => v1::DeadlineKind::Effect,
        DeadlineKind::CauseReview => v1::DeadlineKind::CauseReview,
    }
}

/// Returns how a deadline stands: what has ended has, what is late is so also while it stands
/// still.
const fn state(deadline: &Deadline) -> v1::DeadlineState {
    if deadline.stopped.is_some() {
        v1::DeadlineState::Stopped
    } else if deadline.waits {
        v1::DeadlineState::Waiting
    } else if deadline.is_late() {
        v1::DeadlineState::Late
    } else if deadline.paused_since.is_some() {
        v1::DeadlineState::Paused
    } else if deadline.open_since.is_some() {
        v1::DeadlineState::Open
    } else {
        v1::DeadlineState::Running
    }
}

const fn verdict(verdict: Verdict) -> v1::Verdict {
    match verdict {
        Verdict::Met => v1::Verdict::Met,
        Verdict::Late => v1::Verdict::Late,
        Verdict::Ended => v1::Verdict::Ended,
        Verdict::Kept => v1::Verdict::Kept,
        Verdict::KeptLate => v1::Verdict::KeptLate,
        Verdict::Broken => v1::Verdict::Broken,
        Verdict::Released => v1::Verdict::Released,
        Verdict::Done => v1::Verdict::Done,
        Verdict::Cancelled => v1::Verdict::Cancelled,
        Verdict::Skipped => v1::Verdict::Skipped,
    }
}

fn pause((from, to): &(Timestamp, Timestamp)) -> v1::Pause {
    v1::Pause {
        from_time: Some(read::time(*from)),
        to_time: Some(read::time(*to)),
    }
}

fn mark(mark: &Mark) -> v1::Mark {
    let (rung, number) = match mark.rung {
        Rung::Warn => (v1::Rung::Warn, None),
        Rung::Late => (v1::Rung::Late, None),
        Rung::After(number) => (v1::Rung::After, Some(number)),
        Rung::Then => (v1::Rung::Then, None),
        Rung::Open => (v1::Rung::Open, None),
        Rung::Close => (v1::Rung::Close, None),
    };
    v1::Mark {
        time: Some(read::time(mark.at)),
        rung: rung.into(),
        number,
    }
}

/// Writes the explanation of a deadline.
pub(in crate::api) fn explained(
    deadline: v1::Deadline,
    explanation: &Explanation<'_>,
) -> v1::ExplainClockResponse {
    let intervals = explanation.intervals.iter();
    v1::ExplainClockResponse {
        deadline: Some(deadline),
        until_time: Some(read::time(explanation.until)),
        intervals: intervals
            .map(|cut| interval(explanation.calendar, cut))
            .collect(),
        next_from_time: explanation.next_from.map(read::time),
        counted: Some(duration(explanation.counted)),
        left: explanation.left.map(duration),
        tz_version: tz_version().to_owned(),
    }
}

fn interval(calendar: &Calendar, cut: &Interval) -> v1::Interval {
    let reason = match cut.why {
        Why::Open => v1::IntervalReason::Open,
        Why::OutsideHours => v1::IntervalReason::OutsideHours,
        Why::ClosedDay => v1::IntervalReason::ClosedDay,
        Why::Paused => v1::IntervalReason::Paused,
        Why::WallClock => v1::IntervalReason::WallClock,
    };
    v1::Interval {
        from_time: Some(read::time(cut.from)),
        to_time: Some(read::time(cut.to)),
        from_local: calendar.local(cut.from),
        to_local: calendar.local(cut.to),
        length: Some(duration(cut.to.micros() - cut.from.micros())),
        counted: cut.why.is_counted(),
        reason: reason.into(),
    }
}

/// Writes a length of time; both parts have its sign.
fn duration(micros: i64) -> prost_types::Duration {
    // A remainder of a million, times a thousand, is far within 32 bits.
    let nanos = i32::try_from(micros % 1_000_000 * 1_000).unwrap_or_default();
    prost_types::Duration {
        seconds: micros / 1_000_000,
        nanos,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_of_time_have_one_sign() {
        for (micros, seconds, nanos) in [
            (0, 0, 0),
            (1_500_000, 1, 500_000_000),
            (-1_500_000, -1, -500_000_000),
            (-1, 0, -1_000),
        ] {
            assert_eq!(
                duration(micros),
                prost_types::Duration { seconds, nanos },
                "{micros}"
            );
        }
    }
}
