//! Requests: from the wire to what the application is asked.

use std::time::Instant;

use heard_engine::case::DeadlineName;
use heard_engine::case::command::{Act, Advance, Correct, Import, Note, PlainAct, Reopen, Way};
use heard_engine::case::seal::BadRequest;
use heard_engine::id::{
    ActionName, CaseId, CustomerId, FieldName, Revision, StepName, TaskName, Version, WorkflowId,
    is_name,
};
use heard_engine::time::Timestamp;
use heard_engine::value::Value;
use heard_proto::v1;

use super::read::Reader;
use super::value;
use crate::app::{Merge, Request};
use crate::store::CaseFilter;

/// A case, who asks how, and what is asked of it.
pub(in crate::api) type ToCase = (CaseId, Request, PlainAct);

/// The parts that every change of a case has.
struct Head {
    request_id: String,
    actor: Option<v1::Actor>,
    expected_revision: Option<u64>,
    validate_only: bool,
    deadline: Option<Instant>,
}

/// Takes these parts out of a message. `ImportCase` and its like expect no revision.
macro_rules! head {
    ($message:ident, $deadline:ident, $expected:expr) => {
        Head {
            request_id: $message.request_id,
            actor: $message.actor,
            expected_revision: $expected,
            validate_only: $message.validate_only,
            deadline: $deadline,
        }
    };
    ($message:ident, $deadline:ident) => {
        head!($message, $deadline, $message.expected_revision)
    };
}

// Behind the macro, which they use.
mod cause;
mod open;
mod time;

pub(in crate::api) use cause::{
    cause_filter, check_effect, complete_action, confirm_issue, link_cause, record_cause,
    review_cause, root_cause,
};
pub use open::{BATCH_CASES_MAX, BATCH_ID_CHARS_MAX};
pub(in crate::api) use open::{open, open_many};
pub(in crate::api) use time::{
    complete_follow_up, extend_clock, record_contact, record_survey, renegotiate,
};

fn request(reader: &mut Reader, head: Head) -> Option<Request> {
    let id = reader.request_id(&head.request_id);
    let actor = reader.actor(head.actor);
    let (id, (person, role)) = id.zip(actor)?;
    Some(Request {
        id,
        person,
        role,
        expected_revision: head.expected_revision.map(Revision),
        validate_only: head.validate_only,
        deadline: head.deadline,
    })
}

fn to_case(
    mut reader: Reader,
    case_id: &str,
    head: Head,
    act: Option<PlainAct>,
) -> Result<ToCase, BadRequest> {
    let request = request(&mut reader, head);
    let case = reader.case_id(case_id);
    reader.finish(
        case.zip(request)
            .zip(act)
            .map(|((case, request), act)| (case, request, act)),
    )
}

/// Finishes the reading of a request that makes a case.
fn new_case<T>(
    mut reader: Reader,
    head: Head,
    asked: Option<T>,
) -> Result<(Request, T), BadRequest> {
    let request = request(&mut reader, head);
    reader.finish(request.zip(asked))
}

/// Reads `ImportCase`.
///
/// # Errors
///
/// [`BadRequest`] with everything that is wrong, like all readers here.
pub(in crate::api) fn import(
    message: v1::ImportCaseRequest,
    deadline: Option<Instant>,
) -> Result<(Request, Import<Value, String>), BadRequest> {
    let mut reader = Reader::default();
    let workflow = reader.workflow_id(&message.workflow_id);
    let answers = value::answers(&mut reader, message.answers);
    let step = reader.id("step", &message.step, StepName::new);
    let time = reader.required("opened_time", message.opened_time);
    let opened_at = time.and_then(|time| reader.time("opened_time", time));
    let customer = reader.optional_id("customer", message.customer.as_deref(), CustomerId::parse);
    let read = workflow.zip(answers).zip(step.zip(opened_at));
    let import = read.map(|((workflow, answers), (step, opened_at))| Import {
        customer,
        answers,
        opened_at,
        reference: message.reference,
        step,
        team: message.team,
        version: message.workflow_version.map(Version),
        workflow,
    });
    new_case(reader, head!(message, deadline, None), import)
}

/// Reads `AdvanceCase`.
pub(in crate::api) fn advance(
    message: v1::AdvanceCaseRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    use v1::advance_case_request::Act as Asked;
    let mut reader = Reader::default();
    let way = match message.act {
        None => reader.required("act", None),
        Some(Asked::Action(name)) => reader.id("action", &name, ActionName::new).map(Way::Action),
        Some(Asked::Task(name)) => reader.id("task", &name, TaskName::new).map(Way::Task),
    };
    let answers = value::answers(&mut reader, message.answers);
    let act = way.zip(answers).map(|(way, answers)| {
        Act::Advance(Advance {
            answers,
            reason: message.reason,
            way,
        })
    });
    to_case(reader, &message.case_id, head!(message, deadline), act)
}

/// Reads `CorrectAnswer`.
pub(in crate::api) fn correct(
    message: v1::CorrectAnswerRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let mut reader = Reader::default();
    let field = reader.id("field", &message.field, FieldName::new);
    let value = value::value(&mut reader, "value", message.value);
    let act = field.zip(value).map(|(field, value)| {
        Act::Correct(Correct {
            field,
            reason: message.reason,
            value,
        })
    });
    to_case(reader, &message.case_id, head!(message, deadline), act)
}

/// Reads `AddNote`.
pub(in crate::api) fn note(
    message: v1::AddNoteRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let act = Act::Note(Note { note: message.text });
    to_case(
        Reader::default(),
        &message.case_id,
        head!(message, deadline),
        Some(act),
    )
}

/// Reads `ReopenCase`.
pub(in crate::api) fn reopen(
    message: v1::ReopenCaseRequest,
    deadline: Option<Instant>,
) -> Result<ToCase, BadRequest> {
    let act = Act::Reopen(Reopen {
        reason: message.reason,
    });
    to_case(
        Reader::default(),
        &message.case_id,
        head!(message, deadline),
        Some(act),
    )
}

/// Reads `MergeCases`.
pub(in crate::api) fn merge(
    message: v1::MergeCasesRequest,
    deadline: Option<Instant>,
) -> Result<(Request, Merge), BadRequest> {
    let mut reader = Reader::default();
    let survivor = reader.case_id(&message.case_id);
    let duplicate = reader.id(
        "duplicate_case_id",
        &message.duplicate_case_id,
        CaseId::parse,
    );
    let expected_duplicate_revision = message.expected_duplicate_revision.map(Revision);
    let reason = message.reason;
    let request = request(
        &mut reader,
        Head {
            request_id: message.request_id,
            actor: message.actor,
            expected_revision: message.expected_revision,
            validate_only: message.validate_only,
            deadline,
        },
    );
    let both = survivor.zip(duplicate).zip(request);
    let read = both.map(|((survivor, duplicate), request)| {
        let merge = Merge {
            survivor,
            duplicate,
            expected_duplicate_revision,
            reason,
        };
        (request, merge)
    });
    reader.finish(read)
}

/// Reads `PublishWorkflow`: who asks how, and the file.
pub(in crate::api) fn publish(
    message: v1::PublishWorkflowRequest,
    deadline: Option<Instant>,
) -> Result<(Request, Vec<u8>), BadRequest> {
    let mut reader = Reader::default();
    let request = request(&mut reader, head!(message, deadline, None));
    reader.finish(request.map(|request| (request, message.yaml)))
}

/// Reads the id of a case that is asked for.
pub(in crate::api) fn case_id(text: &str) -> Result<CaseId, BadRequest> {
    let mut reader = Reader::default();
    let case = reader.case_id(text);
    reader.finish(case)
}

/// Reads the id of a workflow that is asked for.
pub(in crate::api) fn workflow_id(text: &str) -> Result<WorkflowId, BadRequest> {
    let mut reader = Reader::default();
    let workflow = reader.workflow_id(text);
    reader.finish(workflow)
}

/// Reads `ExplainClock`: which deadline of which case, and from when on.
pub(in crate::api) fn explain(
    message: &v1::ExplainClockRequest,
) -> Result<(CaseId, DeadlineName, Option<Timestamp>), BadRequest> {
    let mut reader = Reader::default();
    let case = reader.case_id(&message.case_id);
    let deadline = reader.id("deadline", &message.deadline, str::parse::<DeadlineName>);
    let from = message.from_time;
    let from = from.and_then(|from| reader.time("from_time", from));
    let read = case.zip(deadline);
    reader.finish(read.map(|(case, deadline)| (case, deadline, from)))
}

/// Reads the filters of `ListCases`.
pub(in crate::api) fn case_filter(
    message: &v1::ListCasesRequest,
) -> Result<CaseFilter, BadRequest> {
    let mut reader = Reader::default();
    let id = message.workflow_id.as_deref();
    let workflow = reader.optional_id("workflow_id", id, WorkflowId::new);
    let parent = message.parent_case_id.as_deref();
    let parent = reader.optional_id("parent_case_id", parent, CaseId::parse);
    if message
        .place
        .as_deref()
        .is_some_and(|place| !is_name(place) && CaseId::parse(place).is_err())
    {
        let text = "it is the name of a step or of an outcome, or the id of a case";
        reader.say("place", text);
    }
    let is_closed = match v1::ClosedState::try_from(message.closed_state) {
        Ok(v1::ClosedState::Unspecified) => None,
        Ok(v1::ClosedState::Open) => Some(false),
        Ok(v1::ClosedState::Closed) => Some(true),
        Err(_) => {
            reader.say(
                "closed_state",
                "it is CLOSED_STATE_OPEN, CLOSED_STATE_CLOSED or absent",
            );
            None
        }
    };
    reader.finish(Some(CaseFilter {
        workflow,
        place: message.place.clone(),
        is_closed,
        owes_cause: message.owes_cause,
        parent,
    }))
}

/// Reads before when something is to happen to the cases of `ListCases`.
pub(in crate::api) fn due_before(
    message: &v1::ListCasesRequest,
) -> Result<Option<Timestamp>, BadRequest> {
    let mut reader = Reader::default();
    let time = message.due_before_time;
    let before = time.map(|time| reader.time("due_before_time", time));
    reader.finish(Some(before.flatten()))
}

/// Reads where `SetClock` is to move the clock.
pub(in crate::api) fn clock_time(message: v1::SetClockRequest) -> Result<Timestamp, BadRequest> {
    let mut reader = Reader::default();
    let time = reader.required("time", message.time);
    let time = time.and_then(|time| reader.time("time", time));
    reader.finish(time)
}
