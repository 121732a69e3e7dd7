//! The acts of a golden history as `story.jsonl` tells them, and what their entries commit to.

mod causes;
mod merge;

use anyhow::Context as _;
use heard_engine::case::command::{Act, Contact, Extend, FollowUp, PlainAct, Renegotiate, Survey};
use heard_engine::case::event::{Commitment, Held};
use heard_engine::case::{Actor, Event};
use heard_engine::entry::Entry;
use heard_engine::id::{ClockName, FollowUpName, PromiseName, QuestionName, SurveyName};
use heard_engine::time::Timestamp;
use heard_tests::desk::{Desk, No, actor, note, reopen};
use serde_json::Value as Json;

/// Does what a line tells, after the time it tells has passed and everything due by then has fired.
pub fn send(desk: &mut Desk, told: &Json) -> anyhow::Result<Result<(), No>> {
    pass(desk, told)?;
    let (actor, act) = read(desk, told)?;
    Ok(desk.send(&actor, &act).map(|_| ()))
}

/// Lets the time pass that passes before an act, and fires what is due when the act is done.
fn pass(desk: &mut Desk, told: &Json) -> anyhow::Result<()> {
    let began = desk.now;
    let minutes = |key: &str| told[key].as_i64().unwrap_or(0);
    // An act takes a minute, in which something may be due as well.
    desk.wait(minutes("wait_minutes") + minutes("asleep_minutes") + 1);
    let until = desk.now;
    if told["asleep_minutes"].is_null() {
        let mut fired_at = began;
        while let Some(due) = desk.case.as_ref().and_then(|case| case.due_at())
            && due <= until
        {
            fired_at = fired_at.max(due);
            desk.now = fired_at;
            anyhow::ensure!(desk.fire() > 0, "what is due at {due} does not fire");
        }
        desk.now = until;
    }
    desk.fire();
    desk.wait(-1);
    Ok(())
}

/// Reads who does what.
fn read(desk: &Desk, told: &Json) -> anyhow::Result<(Actor, PlainAct)> {
    let text = |key: &str| {
        told[key]
            .as_str()
            .with_context(|| format!("{key} of {told}"))
    };
    let pairs = told["answers"].as_object().into_iter().flatten();
    let answers: Vec<(&str, &str)> = pairs
        .filter_map(|(field, value)| Some((field.as_str(), value.as_str()?)))
        .collect();
    let act = match text("do")? {
        "open" => causes::opened(desk.open(), told)?,
        "import" => desk.import(text("step")?, &answers),
        "task" => desk.task(text("name")?, &answers),
        "action" => match text("reason") {
            Ok(reason) => desk.action_for(text("name")?, &answers, reason),
            Err(_) => desk.action(text("name")?, &answers),
        },
        "correct" => desk.correct(text("name")?, text("value")?, text("reason")?),
        "note" => note(text("note")?),
        "reopen" => reopen(text("reason")?),
        "cause" | "review" | "did" | "effect" | "confirm" | "link" => {
            causes::read(text("do")?, told)?
        }
        what @ ("merge" | "merge_into") => merge::read(desk, what, told)?,
        other => in_time(other, told)?,
    };
    let person = u8::try_from(told["person"].as_u64().context("a person")?)?;
    Ok((actor(person, text("role")?), act))
}

/// Reads an act that bears on what runs by itself.
fn in_time(what: &str, told: &Json) -> anyhow::Result<PlainAct> {
    let said = |key: &str| told[key].as_str().map(str::to_owned);
    let name = || said("name").with_context(|| format!("name of {told}"));
    Ok(match what {
        "contact" => Act::Contact(Contact {
            channel: said("channel"),
            from_customer: told["by"] == "customer",
            occurred_at: None,
        }),
        "renegotiate" => Act::Renegotiate(Renegotiate {
            consent: said("consent").context("a consent")?,
            due_at: Timestamp::parse(&said("due").context("a due time")?)?,
            promise: PromiseName::new(&name()?)?,
        }),
        "extend" => Act::Extend(Extend {
            clock: ClockName::new(&name()?)?,
            reason: said("reason"),
        }),
        "survey" => {
            let scores = told["scores"].as_object().context("scores")?;
            let score = |(question, score): (&String, &Json)| {
                let score = score.as_u64().context("a score")?;
                anyhow::Ok((QuestionName::new(question)?, u32::try_from(score)?))
            };
            Act::Survey(Survey {
                answers: scores.iter().map(score).collect::<Result<_, _>>()?,
                comment: said("comment"),
                survey: SurveyName::new(&name()?)?,
            })
        }
        "follow_up" => Act::FollowUp(FollowUp {
            follow_up: FollowUpName::new(&name()?)?,
            note: said("note"),
        }),
        other => anyhow::bail!("nobody can {other}"),
    })
}

/// Returns the commitments of an entry, in the order in which their values came.
pub fn commitments(entry: &Entry) -> Vec<Commitment> {
    let mut answers = Vec::new();
    let mut texts = Vec::new();
    for event in &entry.events {
        let (held, text) = match event {
            Event::CaseOpened(opened) => (None, opened.reference),
            Event::CaseImported(imported) => (None, imported.reference),
            Event::AnswerRecorded(recorded) => (Some(&recorded.value), None),
            Event::AnswerCorrected(corrected) => (Some(&corrected.value), Some(corrected.reason)),
            Event::TaskDone(done) => (None, done.reason),
            Event::ActionTaken(taken) => (None, taken.reason),
            Event::CaseReopened(reopened) => (None, reopened.reason),
            Event::NoteAdded(added) => (None, Some(added.note)),
            Event::ClockExtended(extended) => (None, extended.reason),
            Event::PromiseRenegotiated(renegotiated) => (None, Some(renegotiated.consent)),
            Event::SurveyAnswered(answered) => (None, answered.comment),
            Event::FollowUpDone(done) => (None, done.note),
            Event::CauseRecorded(cause) => {
                texts.push(cause.statement);
                for why in &cause.whys {
                    texts.push(why.statement);
                    texts.extend(why.evidence.iter().map(|evidence| evidence.reference));
                }
                texts.extend(cause.escape);
                for action in &cause.actions {
                    texts.extend([action.measure, action.task]);
                }
                (None, cause.override_reason)
            }
            Event::CauseReviewed(reviewed) => (None, reviewed.reason),
            Event::CauseActionDone(done) => (None, done.note),
            Event::EffectChecked(checked) => (None, checked.note),
            Event::IssueConfirmed(confirmed) => (None, confirmed.note),
            Event::DuplicateMerged(merged) => (None, Some(merged.reason)),
            Event::MergedInto(merged) => (None, Some(merged.reason)),
            Event::StepEntered(_)
            | Event::ValueComputed(_)
            | Event::ValueEmptied(_)
            | Event::TakenBack(_)
            | Event::Approved(_)
            | Event::Given(_)
            | Event::CaseClosed(_)
            | Event::Told(_)
            | Event::ContactRecorded(_)
            | Event::DeadlineStarted(_)
            | Event::DeadlinePaused(_)
            | Event::DeadlineResumed(_)
            | Event::DeadlineFired(_)
            | Event::DeadlineStopped(_)
            | Event::SurveySent(_)
            | Event::SurveySkipped(_)
            | Event::CauseReopened(_)
            | Event::CauseLinked(_)
            | Event::OriginRecorded(_)
            | Event::DeadlineTakenOver(_)
            | Event::WorkflowPublished(_) => (None, None),
        };
        if let Some(Held::Sealed(commitment)) = held {
            answers.push(*commitment);
        }
        texts.extend(text);
    }
    // The reason of a task stands again with the action that follows by itself.
    texts.dedup();
    answers.into_iter().chain(texts).collect()
}
