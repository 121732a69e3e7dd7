//! A systemic issue over the wire: one root cause is confirmed, and other cases take it.

use anyhow::{Context as _, ensure};
use heard_proto::v1::{self, ReviewVerdict};
use heard_tests::server::TestServer;
use tonic::Code;

use super::{After, BEN, EVA, LEO, day, diagnosis, record, review, to_diagnose, verdict};
use crate::api::code;
use crate::api::desk::{ANA, Desk, action, actor, desk};
use crate::api::way::place;

pub fn confirmation(case: &v1::Case, person: &str, role: &str) -> v1::ConfirmIssueRequest {
    v1::ConfirmIssueRequest {
        request_id: format!("confirm-{}-{role}-{person}", case.revision),
        actor: actor(person, role),
        case_id: case.case_id.clone(),
        expected_revision: None,
        validate_only: false,
        number: 1,
        note: Some("Forty parcels of one hall".to_owned()),
    }
}

pub async fn confirm(
    desk: &mut Desk,
    request: v1::ConfirmIssueRequest,
) -> Result<After, tonic::Status> {
    let done = desk.causes.confirm_issue(request).await?.into_inner();
    Ok((
        done.case.unwrap_or_default(),
        done.cause.unwrap_or_default(),
    ))
}

pub fn to_link(case: &v1::Case, parent: &v1::Case) -> v1::LinkCauseRequest {
    v1::LinkCauseRequest {
        request_id: format!("link-{}-{}", case.case_id, parent.revision),
        actor: actor(ANA, "agent"),
        case_id: case.case_id.clone(),
        expected_revision: None,
        validate_only: false,
        parent_case_id: parent.case_id.clone(),
    }
}

pub async fn link(
    desk: &mut Desk,
    request: v1::LinkCauseRequest,
) -> Result<v1::LinkCauseResponse, tonic::Status> {
    Ok(desk.causes.link_cause(request).await?.into_inner())
}

/// A case whose root cause Ben proposed, Eva accepted and Leo confirmed as that of an issue.
pub async fn issue(desk: &mut Desk, name: &str) -> anyhow::Result<v1::Case> {
    let case = to_diagnose(desk, name, 4_000).await?;
    let (case, _) = record(desk, diagnosis(&case, day(2026, 10, 30))).await?;
    let (case, _) = review(desk, verdict(&case, 1, ReviewVerdict::Accepted)).await?;
    let (case, _) = confirm(desk, confirmation(&case, LEO, "lead")).await?;
    Ok(case)
}

async fn refused<T>(
    said: impl Future<Output = Result<T, tonic::Status>>,
    expected: &str,
    status: Code,
) -> anyhow::Result<()> {
    let refused = said.await.err().context(expected.to_owned())?;
    ensure!(code(&refused) == expected, "{expected}: {refused:?}");
    ensure!(refused.code() == status, "{expected}: {refused:?}");
    Ok(())
}

pub async fn one_root_cause_is_confirmed_and_taken_by_many(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let parent = issue(&mut desk, "hall").await?;

    // A case that Ana handled herself takes the cause and is closed: nothing is diagnosed twice.
    let child = to_diagnose(&mut desk, "child", 2_000).await?;
    let early = desk.advance(&child, action("found", "early", "lead", Vec::new()));
    refused(early, "HC013", Code::FailedPrecondition).await?;
    let linked = link(&mut desk, to_link(&child, &parent)).await?;
    let child = linked.case.context("the child")?;
    let child = desk
        .advance(&child, action("found", "leave", "lead", Vec::new()))
        .await?;
    ensure!(place(&child) == "sent" && !child.owes_cause, "{child:?}");

    // A repeat writes nothing, also after the issue is none any more.
    let (_, given_back) = review(
        &mut desk,
        v1::ReviewRootCauseRequest {
            reason: Some("It was another hall".to_owned()),
            ..verdict(&parent, 1, ReviewVerdict::Returned)
        },
    )
    .await?;
    ensure!(given_back.status() == v1::CauseStatus::Returned);
    let again = link(&mut desk, to_link(&child, &parent)).await?;
    ensure!(again.receipt.map(|receipt| receipt.revision) == linked.receipt.map(|r| r.revision));

    // Another case finds nothing to take, and says why.
    let late = to_diagnose(&mut desk, "late", 2_000).await?;
    let request = to_link(&late, &parent);
    refused(link(&mut desk, request), "HC056", Code::FailedPrecondition).await
}

pub async fn what_cannot_be_confirmed_or_taken_is_refused_by_its_code(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = to_diagnose(&mut desk, "hall", 4_000).await?;
    let child = to_diagnose(&mut desk, "child", 2_000).await?;
    let wrong = Code::FailedPrecondition;
    let denied = Code::PermissionDenied;

    let asked = confirmation(&case, LEO, "lead");
    refused(confirm(&mut desk, asked), "HC047", Code::NotFound).await?;
    refused(link(&mut desk, to_link(&child, &case)), "HC056", wrong).await?;
    let (case, _) = record(&mut desk, diagnosis(&case, day(2026, 10, 30))).await?;
    let asked = confirmation(&case, LEO, "lead");
    refused(confirm(&mut desk, asked), "HC048", wrong).await?;
    let (case, _) = review(&mut desk, verdict(&case, 1, ReviewVerdict::Accepted)).await?;
    let asked = confirmation(&case, BEN, "lead");
    refused(confirm(&mut desk, asked), "HC049", denied).await?;
    let asked = confirmation(&case, EVA, "auditor");
    refused(confirm(&mut desk, asked), "HC026", denied).await?;

    // A try confirms nothing.
    let mut tried = confirmation(&case, LEO, "lead");
    tried.validate_only = true;
    confirm(&mut desk, tried).await?;
    refused(link(&mut desk, to_link(&child, &case)), "HC056", wrong).await?;
    let (case, _) = confirm(&mut desk, confirmation(&case, LEO, "lead")).await?;
    let asked = confirmation(&case, ANA, "lead");
    refused(confirm(&mut desk, asked), "HC057", wrong).await?;

    refused(link(&mut desk, to_link(&case, &case)), "HC056", wrong).await?;
    let nobody = v1::Case {
        case_id: "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7ff".to_owned(),
        ..v1::Case::default()
    };
    refused(link(&mut desk, to_link(&child, &nobody)), "HC056", wrong).await?;
    refused(
        link(&mut desk, to_link(&nobody, &case)),
        "HC001",
        Code::NotFound,
    )
    .await?;
    let mut reads = to_link(&child, &case);
    reads.actor = actor(EVA, "auditor");
    refused(link(&mut desk, reads), "HC026", denied).await
}
