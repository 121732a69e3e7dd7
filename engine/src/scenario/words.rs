//! What was due, and how it stands with it, in plain words.

use crate::case::{Deadline, DeadlineKind, DeadlineName, Event, Firing, Rung, Verdict};
use crate::id::RoleName;
use crate::time::Timestamp;

use super::coverage::thing;
use super::read::local_text;

/// Tells what a firing did: what was due alone, and with all that came of it.
pub(super) fn fired(firing: &Firing, zone: &str) -> (String, String) {
    let name = &firing.next.deadline;
    let was_skipped = |event: &Event| matches!(event, Event::SurveySkipped(_));
    let due = if firing.events.iter().any(was_skipped) {
        let thing = thing(name);
        format!("{thing} was not sent, since the customer got as many as they may")
    } else {
        due(name, firing.next.mark.rung)
    };
    let mut all = vec![due.clone()];
    for event in &firing.events {
        if let Event::DeadlineFired(fired) = event
            && fired.mark < fired.effective_at
        {
            let mark = local_text(fired.mark, zone).unwrap_or_default();
            all.push(format!("that was so since {mark}"));
        } else if let Event::Told(told) = event {
            all.push(format!("told: {}", roles(&told.roles)));
        } else if let Event::StepEntered(entered) = event {
            all.push(format!("the case went to `{}`", entered.step));
        } else if let Event::CaseClosed(closed) = event {
            all.push(format!("the case was closed as `{}`", closed.outcome));
        }
    }
    (due, all.join("; "))
}

fn due(name: &DeadlineName, rung: Rung) -> String {
    let thing = thing(name);
    match (name.kind(), rung) {
        (_, Rung::Warn) => format!("{thing} was nearly late"),
        (DeadlineKind::Promise, Rung::Late) => format!("{thing} was broken"),
        (_, Rung::Late) => format!("{thing} was late"),
        (_, Rung::After(number)) => format!("{thing} was still late, for line {number} of `late`"),
        (_, Rung::Then) => format!("the wait in {thing} was over"),
        (DeadlineKind::FollowUp, Rung::Open) => format!("{thing} is to be done"),
        (DeadlineKind::Effect, Rung::Open) => format!("it is asked for {thing}"),
        (DeadlineKind::CauseReview, Rung::Open) => format!("{thing} is to be looked at again"),
        (_, Rung::Open) => format!("{thing} was sent"),
        (_, Rung::Close) => format!("{thing} takes no more answers"),
    }
}

/// Lists roles.
pub(super) fn roles(roles: &[RoleName]) -> String {
    let roles: Vec<&str> = roles.iter().map(RoleName::as_str).collect();
    roles.join(", ")
}

/// Tells how it stands with a deadline.
pub(super) fn standing(name: &DeadlineName, deadline: Option<&Deadline>, zone: &str) -> String {
    let time = |at: Timestamp| local_text(at, zone).unwrap_or_default();
    let thing = thing(name);
    let Some(deadline) = deadline else {
        return match name.kind() {
            DeadlineKind::Promise => format!("{thing} was never made"),
            DeadlineKind::Due => format!("the case was never in {thing}"),
            DeadlineKind::Clock => format!("{thing} never ran"),
            DeadlineKind::Survey
            | DeadlineKind::FollowUp
            | DeadlineKind::CauseAction
            | DeadlineKind::Effect
            | DeadlineKind::CauseReview => format!("{thing} never came up"),
        };
    };
    if let Some(stopped) = deadline.stopped {
        let how = how(stopped.verdict);
        return format!("{thing} {how} at {}", time(stopped.at));
    }
    if deadline.waits {
        return format!("{thing} waits for its `when`");
    }
    if let Some(since) = deadline.paused_since {
        return format!("{thing} stands still since {}", time(since));
    }
    let due = match (deadline.late_at, deadline.due) {
        (Some(late), _) => format!("late since {}", time(late)),
        (None, Some(due)) => format!("due {}", time(due)),
        (None, None) => "without a due time".to_owned(),
    };
    match (name.kind(), deadline.open_since) {
        (DeadlineKind::Promise, _) => format!("{thing} is owed, {due}"),
        (DeadlineKind::FollowUp, Some(since)) => {
            format!("{thing} is to be done since {}", time(since))
        }
        (DeadlineKind::Survey, Some(since)) => {
            format!("{thing} is with the customer since {}", time(since))
        }
        (
            DeadlineKind::Clock
            | DeadlineKind::Due
            | DeadlineKind::Survey
            | DeadlineKind::FollowUp
            | DeadlineKind::CauseAction
            | DeadlineKind::Effect
            | DeadlineKind::CauseReview,
            _,
        ) => format!("{thing} is {due}"),
    }
}

const fn how(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Met => "ended in time",
        Verdict::Late => "ended late",
        Verdict::Ended => "ended without a verdict",
        Verdict::Kept => "was kept",
        Verdict::KeptLate => "was kept late",
        Verdict::Broken => "was broken",
        Verdict::Released => "was given up",
        Verdict::Done => "was done",
        Verdict::Cancelled => "was called off",
        Verdict::Skipped => "was not sent",
    }
}
