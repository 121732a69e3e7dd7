//! Requests about contacts, promises, clocks, surveys and follow-ups.

use std::time::Instant;

use heard_engine::case::command::{Act, Contact, Extend, FollowUp, Renegotiate, Survey};
use heard_engine::case::seal::BadRequest;
use heard_engine::id::{ClockName, FollowUpName, PromiseName, QuestionName, SurveyName};
use heard_proto::v1;

use super::{Head, Reader, ToCase, to_case};

/// Reads `RecordContact`.
pub(in crate::api) fn record_contact(
    message: v1::RecordContactRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let mut reader = Reader::default();
    let from_customer = match v1::ContactSide::try_from(message.begun_by) {
        Ok(v1::ContactSide::Customer) => Some(true),
        Ok(v1::ContactSide::Us) => Some(false),
        Ok(v1::ContactSide::Unspecified) => reader.required("begun_by", None),
        Err(_) => {
            reader.say("begun_by", "it is CONTACT_SIDE_CUSTOMER or CONTACT_SIDE_US");
            None
        }
    };
    let time = message.occurred_time;
    let occurred_at = time.and_then(|time| reader.time("occurred_time", time));
    let act = from_customer.map(|from_customer| {
        Act::Contact(Contact {
            channel: message.channel,
            from_customer,
            occurred_at,
        })
    });
    to_case(reader, &message.case_id, head!(message, deadline), act)
}

/// Reads `RenegotiatePromise`.
pub(in crate::api) fn renegotiate(
    message: v1::RenegotiatePromiseRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let mut reader = Reader::default();
    let promise = reader.id("promise", &message.promise, PromiseName::new);
    let due = reader.required("due_time", message.due_time);
    let due_at = due.and_then(|due| reader.time("due_time", due));
    let act = promise.zip(due_at).map(|(promise, due_at)| {
        Act::Renegotiate(Renegotiate {
            consent: message.consent,
            due_at,
            promise,
        })
    });
    to_case(reader, &message.case_id, head!(message, deadline), act)
}

/// Reads `ExtendClock`.
pub(in crate::api) fn extend_clock(
    message: v1::ExtendClockRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let mut reader = Reader::default();
    let clock = reader.id("clock", &message.clock, ClockName::new);
    let act = clock.map(|clock| {
        Act::Extend(Extend {
            clock,
            reason: message.reason,
        })
    });
    to_case(reader, &message.case_id, head!(message, deadline), act)
}

/// Reads `RecordSurvey`.
pub(in crate::api) fn record_survey(
    message: v1::RecordSurveyRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let mut reader = Reader::default();
    let survey = reader.id("survey", &message.survey, SurveyName::new);
    // Whether there is one, and none comes twice, is for the engine to say.
    let read: Vec<Option<(QuestionName, u32)>> = message
        .answers
        .iter()
        .enumerate()
        .map(|(place, answer)| {
            let path = format!("answers[{place}].question");
            let question = reader.id(&path, &answer.question, QuestionName::new);
            question.map(|question| (question, answer.score))
        })
        .collect();
    let answers: Option<Vec<_>> = read.into_iter().collect();
    let act = survey.zip(answers).map(|(survey, answers)| {
        Act::Survey(Survey {
            answers,
            comment: message.comment,
            survey,
        })
    });
    to_case(reader, &message.case_id, head!(message, deadline), act)
}

/// Reads `CompleteFollowUp`.
pub(in crate::api) fn complete_follow_up(
    message: v1::CompleteFollowUpRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let mut reader = Reader::default();
    let follow_up = reader.id("follow_up", &message.follow_up, FollowUpName::new);
    let act = follow_up.map(|follow_up| {
        Act::FollowUp(FollowUp {
            follow_up,
            note: message.note,
        })
    });
    to_case(reader, &message.case_id, head!(message, deadline), act)
}
