//! What the entries of a case say of its root causes, in few words.

use heard_engine::case::CauseRef;
use heard_engine::case::event::{CauseRecorded, CauseReviewed, EffectChecked, Found};

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

/// Tells what came of an action.
pub(super) fn checked(checked: &EffectChecked) -> String {
    let worked = checked.worked.as_str().replace('_', " ");
    let (action, number) = (checked.action, checked.number);
    format!("action {action} of cause {number} was {worked}")
}
