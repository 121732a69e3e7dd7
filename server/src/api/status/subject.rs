//! What the reasons of a refusal speak of, for programs.

use heard_engine::case::Reason;
use heard_engine::case::refusal::{Undiagnosed, Unmerged};

/// Returns the names that a reason speaks of, joined by commas, for programs.
pub(super) fn subject(reason: &Reason) -> String {
    fn join<T: ToString>(names: impl IntoIterator<Item = T>) -> String {
        let names: Vec<String> = names.into_iter().map(|name| name.to_string()).collect();
        names.join(",")
    }
    match reason {
        Reason::NoSuchCase | Reason::AlreadyOpen | Reason::ReopenTooLate { .. } => {
            "case".to_owned()
        }
        Reason::Closed { outcome, .. }
        | Reason::ReasonMissing { outcome, .. }
        | Reason::NotReopenable { outcome, .. } => outcome.to_string(),
        Reason::NoSuchAction { name, .. } => name.clone(),
        Reason::NotYours { what, .. }
        | Reason::NotBy { what, .. }
        | Reason::NeedsNotMet { what, .. }
        | Reason::UsedUp { what, .. } => what.clone(),
        Reason::AnswersMissing { fields } | Reason::ImportIncomplete { fields, .. } => {
            join(fields.iter().map(|(name, _)| name))
        }
        Reason::TasksOpen { tasks } => join(tasks),
        Reason::TaskDone { task } => task.to_string(),
        Reason::NotAsked { fields, .. } => join(fields),
        Reason::NothingToCorrect { field }
        | Reason::OverMax { field, .. }
        | Reason::OverLimit { field, .. }
        | Reason::NotTheApprover { field, .. }
        | Reason::NothingToApprove { field, .. }
        | Reason::FromTable { field, .. } => field.to_string(),
        Reason::CauseMissing { step, .. }
        | Reason::NotClosed { step, .. }
        | Reason::CauseNotNow { step, .. }
        | Reason::NoSuchStep { step, .. } => step.to_string(),
        Reason::NoSuchCause { cause, .. } => format!("{}/{}", cause.group, cause.name),
        Reason::NoCauses { group } => group.to_string(),
        Reason::TooFewWhys { .. } => "whys".to_owned(),
        Reason::HistoryFull { .. } => "entries".to_owned(),
        Reason::NoSuchWorkflow { workflow, .. } => workflow.clone(),
        Reason::VersionTaken { .. } => "version".to_owned(),
        Reason::ReadOnlyRole { role } => role.to_string(),
        Reason::PromiseOwed(owed) => owed.promise.to_string(),
        Reason::PromiseNotOwed { promise, .. } | Reason::DueOutside { promise, .. } => {
            promise.to_string()
        }
        Reason::SurveyNotOpen { survey, .. } => survey.to_string(),
        Reason::NoSuchQuestion { question, .. } | Reason::OutsideScale { question, .. } => {
            question.to_string()
        }
        Reason::FollowUpNotDue { follow_up, .. } => follow_up.to_string(),
        Reason::NotExtended { clock, .. } => clock.to_string(),
        Reason::NoSuchDeadline { deadline, .. } => deadline.to_string(),
        Reason::Diagnosis(undiagnosed) => undiagnosed_subject(undiagnosed),
        Reason::Merge(unmerged) => unmerged_subject(unmerged),
    }
}

/// Returns what stands against a root cause speaks of: its part or number, as the request names it.
fn undiagnosed_subject(undiagnosed: &Undiagnosed) -> String {
    match undiagnosed {
        Undiagnosed::Incomplete { .. } => "cause".to_owned(),
        Undiagnosed::NotListed { name, .. } => name.clone(),
        Undiagnosed::NoSuchCause { number, .. }
        | Undiagnosed::Confirmed { number }
        | Undiagnosed::Undetermined { number }
        | Undiagnosed::NotNow { number, .. } => number.to_string(),
        Undiagnosed::OtherEyes { .. } => "actor.person".to_owned(),
        Undiagnosed::Blames { found, .. } => {
            let parts: Vec<&str> = found.iter().map(|found| found.part.as_str()).collect();
            parts.join(",")
        }
        Undiagnosed::NothingToOverride => "override_reason".to_owned(),
        Undiagnosed::NoSuchAction { number, action, .. }
        | Undiagnosed::ActionNotNow { number, action, .. } => format!("{number}.{action}"),
        Undiagnosed::DayPast { day, .. } => day.to_string(),
        Undiagnosed::NoIssue { parent, .. } => parent.to_string(),
        Undiagnosed::NothingToLink => "causes".to_owned(),
        Undiagnosed::NamedTwice { cause } => format!("{}/{}", cause.group, cause.name),
    }
}

fn unmerged_subject(unmerged: &Unmerged) -> String {
    match unmerged {
        Unmerged::Merged { into } => into.to_string(),
        Unmerged::Itself => "duplicate_case_id".to_owned(),
        Unmerged::NoSuchDuplicate { duplicate }
        | Unmerged::DuplicateClosed { duplicate, .. }
        | Unmerged::DuplicateMerged { duplicate, .. }
        | Unmerged::Gave { duplicate, .. }
        | Unmerged::Holds { duplicate, .. } => duplicate.to_string(),
        Unmerged::OtherWorkflow { there, .. } => there.to_string(),
        Unmerged::OtherCustomer => "customer".to_owned(),
        Unmerged::Unknown { deadlines } => {
            let deadlines: Vec<String> = deadlines.iter().map(ToString::to_string).collect();
            deadlines.join(",")
        }
        Unmerged::TooMany { .. } => "merged_case_ids".to_owned(),
    }
}
