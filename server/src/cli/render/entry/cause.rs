//! What the entries of a case say of its root causes, in few words.

use heard_engine::case::CauseRef;
use heard_engine::case::event::{
    CauseLinked, CauseRecorded, CauseReviewed, EffectChecked, Found, OriginRecorded,
};

/// Tells what was recorded.
pub(super) fn recorded(recorded: &CauseRecorded) -> String {
    let CauseRef { group, name } = &recorded.cause;
    let draft = if recorded.draft { "draft of " } else { "" };
    format!("{draft}cause {}: {group}/{name}", recorded.number)
}

/// Tells a verdict.
pub(super) fn reviewed(reviewed: &CauseReviewed) -> String {
    let number = reviewed.number;
    match &reviewed.verdict {
        Found::Accepted => format!("accepted cause {number}"),
        Found::Returned => format!("returned cause {number}"),
        Found::Reclassified(CauseRef { group, name }) => {
            format!("accepted cause {number} as {group}/{name}")
        }
    }
}

/// Tells which cause was taken from which issue.
pub(super) fn linked(linked: &CauseLinked) -> String {
    let CauseRef { group, name } = &linked.cause;
    format!("took cause {group}/{name} of the issue {}", linked.parent)
}

/// Tells where a case comes from.
pub(super) fn origin(origin: &OriginRecorded) -> String {
    let who = if origin.proactive {
        "proactive"
    } else {
        "a complaint"
    };
    match origin.parent {
        Some(parent) => format!("{who}, of the issue {parent}"),
        None => who.to_owned(),
    }
}

/// Tells what came of an action.
pub(super) fn checked(checked: &EffectChecked) -> String {
    let worked = checked.worked.as_str().replace('_', " ");
    let (action, number) = (checked.action, checked.number);
    format!("action {action} of cause {number} was {worked}")
}
