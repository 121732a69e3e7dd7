//! The history of a case, one line an entry, with its hashes checked on the way.
//!
//! Invariant: hashes are computed from the bytes that came, never believed.

mod cause;
mod merge;

use heard_engine::case::event::DeadlineFired;
use heard_engine::case::{Event, Rung};
use heard_engine::entry::{Entry, Unreadable, entry_hash};
use heard_engine::id::Digest;
use heard_engine::time::Timestamp;
use heard_proto::v1;

use crate::escape::escaped;

/// An entry as it is shown.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::cli) struct Line {
    /// Its number in the case.
    pub(in crate::cli) revision: u64,
    /// When it was recorded.
    pub(in crate::cli) at: String,
    /// The role that acted.
    pub(in crate::cli) role: String,
    /// What happened.
    pub(in crate::cli) what: String,
    /// Its hash.
    pub(in crate::cli) hash: String,
}

/// Reads the entries of a case, from the first on, and checks that none was changed or left out.
///
/// # Errors
///
/// What is wrong, for a person.
pub(in crate::cli) fn lines(case: &str, entries: &[v1::Entry]) -> Result<Vec<Line>, String> {
    let mut before: Option<Digest> = None;
    let mut lines = Vec::with_capacity(entries.len());
    for (expected, entry) in (1..).zip(entries) {
        let hash = entry_hash(&entry.body);
        if entry.revision != expected || hash.to_string() != entry.entry_sha256 {
            return Err(format!("entry {expected} is not what its hash says"));
        }
        let line = match Entry::decode(&entry.body) {
            Ok(read) => {
                let is_next = read.prev == before && read.revision.0 == expected;
                if !is_next || read.stream.to_string() != format!("case/{case}") {
                    return Err(format!(
                        "entry {expected} does not follow the entry before it"
                    ));
                }
                line(&read, hash)
            }
            Err(Unreadable::Newer) => newer(expected, hash),
            Err(Unreadable::Damaged { what }) => {
                return Err(format!("entry {expected} is damaged: {}", escaped(&what)));
            }
        };
        lines.push(line);
        before = Some(hash);
    }
    Ok(lines)
}

fn line(entry: &Entry, hash: Digest) -> Line {
    let events: Vec<String> = entry.events.iter().map(event).collect();
    Line {
        revision: entry.revision.0,
        at: Timestamp::to_string(&entry.at),
        role: entry.actor.role.to_string(),
        what: events.join(", "),
        hash: hash.to_string(),
    }
}

fn newer(revision: u64, hash: Digest) -> Line {
    Line {
        revision,
        at: String::new(),
        role: String::new(),
        what: "(written by a newer heard)".to_owned(),
        hash: hash.to_string(),
    }
}

fn event(event: &Event) -> String {
    match event {
        Event::CaseOpened(_) => "opened".to_owned(),
        Event::CaseImported(_) => "imported".to_owned(),
        Event::StepEntered(entered) => format!("in {} (visit {})", entered.step, entered.visit),
        Event::AnswerRecorded(answer) => format!("answered {}", answer.field),
        Event::ValueComputed(computed) => {
            format!("computed {}: {}", computed.field, computed.value)
        }
        Event::ValueEmptied(emptied) => {
            format!("computed {}: nothing fits any more", emptied.field)
        }
        Event::TaskDone(done) => format!("did {}", done.task),
        Event::ActionTaken(taken) => format!("took {}", taken.action),
        Event::TakenBack(taken) => format!("took back {} of {}", taken.amount, taken.field),
        Event::Approved(approved) => format!("approved {} of {}", approved.amount, approved.field),
        Event::Given(given) => format!(
            "gave {} of {} on the authority of {}",
            given.amount, given.field, given.authority.role
        ),
        Event::CaseClosed(closed) => format!("closed as {}", closed.outcome),
        Event::CaseReopened(reopened) => format!("reopened (opening {})", reopened.opening),
        Event::AnswerCorrected(corrected) => format!("corrected {}", corrected.field),
        Event::NoteAdded(_) => "noted".to_owned(),
        Event::CauseRecorded(recorded) => cause::recorded(recorded),
        Event::CauseReviewed(reviewed) => cause::reviewed(reviewed),
        Event::CauseActionDone(done) => {
            format!("did action {} of cause {}", done.action, done.number)
        }
        Event::EffectChecked(checked) => cause::checked(checked),
        Event::CauseReopened(reopened) => format!("reopened cause {}", reopened.number),
        Event::IssueConfirmed(confirmed) => {
            format!("confirmed cause {} as that of an issue", confirmed.number)
        }
        Event::CauseLinked(linked) => cause::linked(linked),
        Event::OriginRecorded(origin) => cause::origin(origin),
        Event::DuplicateMerged(merged) => format!("merged the case {} in", merged.duplicate),
        Event::MergedInto(merged) => format!("merged into the case {}", merged.into),
        Event::DeadlineTakenOver(taken) => merge::taken_over(taken),
        Event::Told(told) => {
            let roles: Vec<String> = told.roles.iter().map(ToString::to_string).collect();
            format!("told {}", roles.join(", "))
        }
        Event::ContactRecorded(contact) if contact.from_customer => {
            "the customer contacted us".to_owned()
        }
        Event::ContactRecorded(_) => "we contacted the customer".to_owned(),
        Event::DeadlineStarted(started) => match started.due {
            _ if started.waits => format!("{} waits for its condition", started.deadline),
            Some(due) => format!("{} is due {due}", started.deadline),
            None => format!("{} stands still", started.deadline),
        },
        Event::DeadlinePaused(paused) => format!("{} stands still", paused.deadline),
        Event::DeadlineResumed(resumed) => match resumed.due {
            Some(due) => format!("{} goes on, due {due}", resumed.deadline),
            None => format!("{} goes on waiting for its condition", resumed.deadline),
        },
        Event::DeadlineFired(fired) => self::fired(fired),
        Event::DeadlineStopped(stopped) => {
            format!("{} ended: {}", stopped.deadline, stopped.verdict)
        }
        Event::ClockExtended(extended) => {
            format!("{} extended to {}", extended.deadline, extended.length)
        }
        Event::PromiseRenegotiated(new) => format!("{} promised anew for {}", new.promise, new.due),
        Event::SurveySent(sent) => format!("survey {} to be sent", sent.survey),
        Event::SurveySkipped(skipped) => format!("survey {} left out", skipped.survey),
        Event::SurveyAnswered(answered) => format!("survey {} answered", answered.survey),
        Event::FollowUpDone(done) => format!("followed up: {}", done.follow_up),
        Event::WorkflowPublished(published) => format!("published {}", published.version),
    }
}

/// Tells what happened by itself.
fn fired(fired: &DeadlineFired) -> String {
    let name = &fired.deadline;
    match fired.rung {
        Rung::Warn => format!("{name} is due soon"),
        Rung::Late => format!("{name} is late"),
        Rung::After(number) => format!("{name} is still late (rung {number})"),
        Rung::Then => format!("{name} is over"),
        Rung::Open => format!("{name} has come"),
        Rung::Close => format!("{name} takes no more answers"),
    }
}

/// Returns lines for a person.
pub(in crate::cli) fn text(lines: &[Line]) -> String {
    let row = |line: &Line| {
        vec![
            line.revision.to_string(),
            line.at.clone(),
            line.role.clone(),
            line.hash.clone(),
            line.what.clone(),
        ]
    };
    let rows: Vec<Vec<String>> = lines.iter().map(row).collect();
    super::text::table(&["REVISION", "AT", "ROLE", "SHA-256", "WHAT"], &rows)
}
