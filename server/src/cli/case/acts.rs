//! The commands that change a case.

use heard_engine::time::Timestamp;
use heard_proto::v1::advance_case_request::Act;
use heard_proto::v1::{
    AddNoteRequest, AdvanceCaseRequest, Answer, Case, CorrectAnswerRequest, FieldType,
    GetWorkflowRequest, ImportCaseRequest, OfferKind, OpenCaseRequest, Receipt, ReopenCaseRequest,
    WorkflowRef,
};

use super::arguments::{Advance, Correct, Import, Note, OnCase, Open, Reopen};
use crate::cli::client::{Server, present};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::given::{Given, text_of};
use crate::cli::render::{json, text};

/// Runs `heard case open`.
pub(super) async fn open(
    server: &str,
    open: &Open,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let (workflow_id, workflow_version) = workflow(&open.workflow)?;
    let request_id = open.acting.request_id();
    let request = OpenCaseRequest {
        request_id: request_id.clone(),
        actor: Some(open.acting.actor()?),
        validate_only: open.acting.dry_run,
        workflow_id,
        workflow_version,
        received_time: open.received.as_deref().map(instant).transpose()?,
        reference: open.origin.reference.clone(),
        team: open.origin.team.clone(),
        customer: open.origin.customer.clone(),
        parent_case_id: open.issue.parent.clone(),
        proactive: open.issue.proactive,
    };
    let server = Server::connect(server).await?;
    let answer = server.cases().open_case(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    shown("Opened", answer.receipt.as_ref(), answer.case, console)
}

/// Runs `heard case advance`.
pub(super) async fn advance(
    server: &str,
    advance: &Advance,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let given = read(&advance.answers)?;
    let reason = advance.reason.as_deref().map(text_of).transpose()?;
    let actor = advance.acting.actor()?;
    let server = Server::connect(server).await?;
    let case = present(server.case(&advance.on.case, false).await?.case)?;
    let is_task = |offer: &heard_proto::v1::Offer| {
        offer.kind() == OfferKind::Task && offer.name == advance.name
    };
    let name = advance.name.clone();
    let act = if case.offers.iter().any(is_task) {
        Act::Task(name)
    } else {
        Act::Action(name)
    };
    let request_id = advance.acting.request_id();
    let request = AdvanceCaseRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: advance.on.case.clone(),
        expected_revision: advance.on.revision.or(Some(case.revision)),
        validate_only: advance.acting.dry_run,
        act: Some(act),
        answers: typed(&server, &case, given).await?,
        reason,
    };
    let answer = server.cases().advance_case(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    shown(&advance.name, answer.receipt.as_ref(), answer.case, console)
}

/// Runs `heard case note`.
pub(super) async fn note(
    server: &str,
    note: &Note,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let text = text_of(&note.text)?;
    let request_id = note.acting.request_id();
    let actor = note.acting.actor()?;
    let server = Server::connect(server).await?;
    let request = AddNoteRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: note.on.case.clone(),
        expected_revision: Some(revision(&server, &note.on).await?),
        validate_only: note.acting.dry_run,
        text,
    };
    let answer = server.cases().add_note(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    shown("Noted", answer.receipt.as_ref(), answer.case, console)
}

/// Runs `heard case correct`.
pub(super) async fn correct(
    server: &str,
    correct: &Correct,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let given = Given::read(&correct.answer)?;
    let reason = text_of(&correct.reason)?;
    let request_id = correct.acting.request_id();
    let actor = correct.acting.actor()?;
    let server = Server::connect(server).await?;
    let case = present(server.case(&correct.on.case, false).await?.case)?;
    let mut answers = typed(&server, &case, vec![given]).await?;
    let Some(Answer { field, value }) = answers.pop() else {
        return Err(Failure::Bug("an answer was lost".to_owned()));
    };
    let request = CorrectAnswerRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: correct.on.case.clone(),
        expected_revision: correct.on.revision.or(Some(case.revision)),
        validate_only: correct.acting.dry_run,
        field,
        value,
        reason,
    };
    let answer = server.cases().correct_answer(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    shown("Corrected", answer.receipt.as_ref(), answer.case, console)
}

/// Runs `heard case reopen`.
pub(super) async fn reopen(
    server: &str,
    reopen: &Reopen,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let reason = text_of(&reopen.reason)?;
    let request_id = reopen.acting.request_id();
    let actor = reopen.acting.actor()?;
    let server = Server::connect(server).await?;
    let request = ReopenCaseRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        case_id: reopen.on.case.clone(),
        expected_revision: Some(revision(&server, &reopen.on).await?),
        validate_only: reopen.acting.dry_run,
        reason,
    };
    let answer = server.cases().reopen_case(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    shown("Reopened", answer.receipt.as_ref(), answer.case, console)
}

/// Runs `heard case import`.
pub(super) async fn import(
    server: &str,
    import: &Import,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let given = read(&import.answers)?;
    let (workflow_id, workflow_version) = workflow(&import.workflow)?;
    let request_id = import.acting.request_id();
    let actor = import.acting.actor()?;
    let opened_time = Some(instant(&import.opened)?);
    let server = Server::connect(server).await?;
    let types = types(&server, workflow_id.clone(), workflow_version).await?;
    let request = ImportCaseRequest {
        request_id: request_id.clone(),
        actor: Some(actor),
        validate_only: import.acting.dry_run,
        workflow_id,
        workflow_version,
        step: import.step.clone(),
        opened_time,
        answers: answers(given, &types)?,
        reference: import.origin.reference.clone(),
        team: import.origin.team.clone(),
        customer: import.origin.customer.clone(),
    };
    let answer = server.cases().import_case(request).await;
    let answer = answer.map_err(|status| server.no(&status, Some(&request_id)))?;
    let answer = answer.into_inner();
    shown("Imported", answer.receipt.as_ref(), answer.case, console)
}

/// Shows what came of a request.
pub(super) fn shown(
    what: &str,
    receipt: Option<&Receipt>,
    case: Option<Case>,
    console: &mut Console<'_>,
) -> Result<Exit, Failure> {
    let case = present(case)?;
    console.show(
        || json::done(receipt, &case),
        || text::done(what, receipt, &case),
    )?;
    Ok(Exit::Clean)
}

fn read(typed: &[String]) -> Result<Vec<Given>, Failure> {
    typed.iter().map(|answer| Given::read(answer)).collect()
}

/// Reads `ID` or `ID@VERSION`.
pub(in crate::cli) fn workflow(typed: &str) -> Result<(String, Option<u32>), Failure> {
    let Some((id, version)) = typed.split_once('@') else {
        return Ok((typed.to_owned(), None));
    };
    let version = version.parse().map_err(|_| {
        Failure::Usage(format!(
            "a version is a number, as in {id}@1; this is none: {version}"
        ))
    })?;
    Ok((id.to_owned(), Some(version)))
}

/// Reads an instant, such as `2026-10-05T09:00:00Z`.
pub(in crate::cli) fn instant(typed: &str) -> Result<prost_types::Timestamp, Failure> {
    let at = Timestamp::parse(typed).map_err(|error| Failure::Usage(error.to_string()))?;
    let nanos = i32::try_from(at.micros().rem_euclid(1_000_000) * 1_000);
    Ok(prost_types::Timestamp {
        seconds: at.micros().div_euclid(1_000_000),
        nanos: nanos.unwrap_or(0),
    })
}

/// Returns the revision that is meant, which is read where it was not given.
pub(super) async fn revision(server: &Server, on: &OnCase) -> Result<u64, Failure> {
    match on.revision {
        Some(revision) => Ok(revision),
        None => Ok(present(server.case(&on.case, false).await?.case)?.revision),
    }
}

/// Makes answers of what was typed, by the types that the case's workflow gives its fields.
async fn typed(server: &Server, case: &Case, given: Vec<Given>) -> Result<Vec<Answer>, Failure> {
    if given.is_empty() {
        return Ok(Vec::new());
    }
    let offered = case.offers.iter().flat_map(|offer| &offer.fields);
    let offered = offered.filter_map(|offered| offered.field.as_ref());
    let mut types: Vec<(String, FieldType)> = offered
        .map(|field| (field.name.clone(), field.r#type()))
        .collect();
    let is_offered = |given: &Given| types.iter().any(|(name, _)| *name == given.field);
    if !given.iter().all(is_offered)
        && let Some(WorkflowRef {
            workflow_id,
            version,
            ..
        }) = &case.workflow
    {
        types = self::types(server, workflow_id.clone(), Some(*version)).await?;
    }
    answers(given, &types)
}

async fn types(
    server: &Server,
    workflow_id: String,
    version: Option<u32>,
) -> Result<Vec<(String, FieldType)>, Failure> {
    let request = GetWorkflowRequest {
        workflow_id,
        version,
    };
    let answer = server.workflows().get_workflow(request).await;
    let answer = answer.map_err(|status| server.no(&status, None))?;
    let fields = answer.into_inner().workflow.map(|workflow| workflow.fields);
    let named = |field: heard_proto::v1::Field| (field.name.clone(), field.r#type());
    Ok(fields.into_iter().flatten().map(named).collect())
}

fn answers(given: Vec<Given>, types: &[(String, FieldType)]) -> Result<Vec<Answer>, Failure> {
    let answer = |given: Given| {
        let known = types.iter().find(|(name, _)| *name == given.field);
        given.answer(known.map_or(FieldType::Unspecified, |(_, kind)| *kind))
    };
    given.into_iter().map(answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workflow_is_named_with_or_without_a_version() {
        assert_eq!(
            workflow("classic-heard").unwrap(),
            ("classic-heard".into(), None)
        );
        assert_eq!(
            workflow("classic-heard@12").unwrap(),
            ("classic-heard".into(), Some(12))
        );
        assert!(matches!(
            workflow("classic-heard@new"),
            Err(Failure::Usage(_))
        ));
    }

    #[test]
    fn instants_are_sent_to_the_microsecond() {
        let sent = instant("2026-10-05T09:00:00.000001Z").unwrap();
        assert_eq!((sent.seconds, sent.nanos), (1_791_190_800, 1_000));
        let before = instant("1969-12-31T23:59:59.999999Z").unwrap();
        assert_eq!((before.seconds, before.nanos), (-1, 999_999_000));
        assert!(matches!(instant("yesterday"), Err(Failure::Usage(_))));
    }
}
