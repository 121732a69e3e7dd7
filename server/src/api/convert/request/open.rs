//! Requests that open cases: one, or many in one call.

use std::time::Instant;

use heard_engine::case::command::{Open, Origin};
use heard_engine::case::seal::BadRequest;
use heard_engine::id::{CaseId, CustomerId, RequestId, Version};
use heard_proto::v1;

use super::super::read::Reader;
use super::{Head, new_case};
use crate::app::{Request, ToOpen};

/// The most cases that one call opens.
pub const BATCH_CASES_MAX: usize = 500;
/// The most characters of the request id of a call that opens many cases: a slash and the number of
/// a case make it one of [`REQUEST_ID_CHARS_MAX`](heard_engine::id::REQUEST_ID_CHARS_MAX) at most.
pub const BATCH_ID_CHARS_MAX: usize = 124;

/// Cases to be opened in one call, in their order.
#[derive(Debug)]
pub(in crate::api) struct OpenMany {
    /// The request id of each.
    pub(in crate::api) ids: Vec<String>,
    /// What is asked, or what is wrong with it.
    pub(in crate::api) opens: Vec<ToOpen>,
}

/// Reads `OpenCase`.
pub(in crate::api) fn open(
    message: v1::OpenCaseRequest,
    deadline: Option<Instant>,
) -> Result<(Request, Open<String>), BadRequest> {
    let mut reader = Reader::default();
    let workflow = reader.workflow_id(&message.workflow_id);
    let origin = origin(
        &mut reader,
        message.parent_case_id.as_deref(),
        message.proactive,
    );
    let time = message.received_time;
    let received_at = time.and_then(|time| reader.time("received_time", time));
    let customer = reader.optional_id("customer", message.customer.as_deref(), CustomerId::parse);
    let open = workflow.map(|workflow| Open {
        customer,
        origin,
        received_at,
        reference: message.reference,
        team: message.team,
        version: message.workflow_version.map(Version),
        workflow,
    });
    new_case(reader, head!(message, deadline, None), open)
}

/// Reads `BatchOpenCases`. What is wrong with one case is said of that case.
pub(in crate::api) fn open_many(
    message: v1::BatchOpenCasesRequest,
    begin_by: Option<Instant>,
) -> Result<OpenMany, BadRequest> {
    let mut reader = Reader::default();
    let count = message.cases.len();
    if !(1..=BATCH_CASES_MAX).contains(&count) {
        let text = format!("a call opens 1 to {BATCH_CASES_MAX} cases; {count} came");
        reader.say("cases", text);
    }
    let call = reader.id("request_id", &message.request_id, call_id);
    let actor = reader.actor(message.actor);
    let workflow = reader.workflow_id(&message.workflow_id);
    let origin = origin(
        &mut reader,
        message.parent_case_id.as_deref(),
        message.proactive,
    );
    let read = call.zip(actor).zip(workflow);
    let ((call, (person, role)), workflow) = reader.finish(read)?;
    let open = Open {
        customer: None,
        origin,
        received_at: None,
        reference: None,
        team: message.team,
        version: message.workflow_version.map(Version),
        workflow,
    };
    let request = |id| Request {
        id,
        person,
        role: role.clone(),
        expected_revision: None,
        validate_only: message.validate_only,
        deadline: begin_by,
    };
    let ids: Vec<String> = (1..=count)
        .map(|number| format!("{call}/{number}"))
        .collect();
    let one = |(case, id): (v1::NewCase, &String)| {
        let mut reader = Reader::default();
        let id = reader.request_id(id);
        let time = case.received_time;
        let received_at = time.and_then(|time| reader.time("received_time", time));
        let customer = case.customer.as_deref();
        let customer = reader.optional_id("customer", customer, CustomerId::parse);
        let reference = case.reference;
        let open = Open {
            customer,
            received_at,
            reference,
            ..open.clone()
        };
        reader.finish(id.map(|id| (request(id), open)))
    };
    let opens = message.cases.into_iter().zip(&ids).map(one).collect();
    Ok(OpenMany { ids, opens })
}

fn origin(reader: &mut Reader, parent: Option<&str>, proactive: bool) -> Origin {
    Origin {
        parent: reader.optional_id("parent_case_id", parent, CaseId::parse),
        proactive,
    }
}

/// Reads the request id of a call that opens many cases.
fn call_id(text: &str) -> Result<RequestId, String> {
    let id = RequestId::new(text).ok();
    let id = id.filter(|_| text.len() <= BATCH_ID_CHARS_MAX);
    id.ok_or_else(|| {
        format!(
            "the request id of a call that opens many cases has 1 to {BATCH_ID_CHARS_MAX} \
             printable ASCII characters: a slash and the number of a case are added to it"
        )
    })
}

#[cfg(test)]
mod tests {
    use heard_engine::id::REQUEST_ID_CHARS_MAX;

    use super::*;

    #[test]
    fn the_longest_id_of_a_call_makes_ids_of_cases() {
        let longest = "x".repeat(BATCH_ID_CHARS_MAX);
        let call = call_id(&longest).unwrap();
        let last = format!("{call}/{BATCH_CASES_MAX}");
        assert_eq!(last.len(), REQUEST_ID_CHARS_MAX);
        assert!(RequestId::new(&last).is_ok());
        for wrong in ["", "ä", "a\n", &"x".repeat(BATCH_ID_CHARS_MAX + 1)] {
            assert!(
                call_id(wrong).unwrap_err().contains("1 to 124"),
                "{wrong:?}"
            );
        }
    }
}
