//! What is refused of root causes over the wire, and what a repeat and a try leave.

use anyhow::{Context as _, ensure};
use heard_proto::v1::check_cause_effect_request::Effect;
use heard_proto::v1::{self, CauseActionKind, CauseEffect, ReviewVerdict};
use heard_tests::server::TestServer;
use prost::Message as _;
use prost_types::FileDescriptorSet;
use tonic::Code;

use super::{BEN, check, complete, day, diagnosis, planned, record, review, to_diagnose, verdict};
use crate::api::desk::{actor, desk};
use crate::api::{code, fields};

type Request = v1::RecordRootCauseRequest;

/// The code and status that a diagnosis has once it is spoilt so.
type Wrong = (&'static str, Code, fn(&mut Request));

pub async fn a_diagnosis_that_lacks_something_is_refused_by_its_code(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = to_diagnose(&mut desk, "lacks", 4_000).await?;
    let due = day(2026, 10, 30);
    let wrong: [Wrong; 9] = [
        ("HC045", Code::FailedPrecondition, |it| it.failure = None),
        ("HC045", Code::FailedPrecondition, |it| {
            it.whys[1].evidence.clear()
        }),
        ("HC046", Code::NotFound, |it| {
            it.failure = Some("magic".to_owned())
        }),
        ("HC046", Code::NotFound, |it| {
            it.actions[0].owner = "wizard".to_owned()
        }),
        ("HC047", Code::NotFound, |it| it.revises = Some(7)),
        ("HC050", Code::FailedPrecondition, |it| {
            it.statement = "The driver was careless".to_owned();
        }),
        ("HC051", Code::FailedPrecondition, |it| {
            it.actor = actor(BEN, "lead");
            it.override_reason = Some("It is so".to_owned());
        }),
        ("HC054", Code::FailedPrecondition, |it| {
            it.actions[0].due_date = Some(day(2026, 10, 2));
        }),
        ("HC055", Code::FailedPrecondition, |it| {
            it.contributing[0].group = "process".to_owned();
            it.contributing[0].name = "handover".to_owned();
        }),
    ];
    for (expected, status, spoil) in wrong {
        let mut request = diagnosis(&case, due);
        spoil(&mut request);
        let refused = record(&mut desk, request).await.err().context(expected)?;
        ensure!(code(&refused) == expected, "{expected}: {refused:?}");
        ensure!(refused.code() == status, "{expected}: {refused:?}");
    }
    Ok(())
}

pub async fn what_is_wrong_with_a_diagnosis_is_told_part_by_part(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = to_diagnose(&mut desk, "parts", 4_000).await?;
    let mut request = diagnosis(&case, day(2026, 10, 30));
    request.whys[0].evidence[0].sha256 = Some("beef".to_owned());
    request.contributing[0].name = String::new();
    request.similar_case_ids = vec!["Mike".to_owned()];
    request.actions[0].kind = 0;
    request.actions[1].due_date = Some(day(2026, 2, 30));
    request.revises = Some(0);
    let told = record(&mut desk, request)
        .await
        .err()
        .context("much is wrong")?;
    let mut found = fields(&told);
    found.sort_unstable();
    let parts = [
        "actions[0].kind",
        "actions[1].due_date",
        "contributing[0].name",
        "revises",
        "similar_case_ids[0]",
        "whys[0].evidence[0].sha256",
    ];
    ensure!(code(&told) == "HB001" && found == parts, "{found:?}");

    let mut request = diagnosis(&case, day(2026, 10, 30));
    let action = planned(
        CauseActionKind::Preventive,
        "Look elsewhere",
        day(2026, 10, 30),
    );
    request.actions = vec![action; 11];
    let many = record(&mut desk, request)
        .await
        .err()
        .context("eleven actions")?;
    ensure!(
        code(&many) == "HB004" && fields(&many) == ["actions"],
        "{many:?}"
    );

    let bare = v1::ReviewRootCauseRequest {
        cause: None,
        reason: None,
        ..verdict(&case, 1, ReviewVerdict::Reclassified)
    };
    let bare = review(&mut desk, bare)
        .await
        .err()
        .context("no cause, no reason")?;
    ensure!(fields(&bare) == ["cause", "reason"], "{bare:?}");
    Ok(())
}

pub async fn a_verdict_and_an_effect_have_their_time_and_their_people(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = to_diagnose(&mut desk, "people", 4_000).await?;
    let none = review(&mut desk, verdict(&case, 3, ReviewVerdict::Accepted)).await;
    let none = none.err().context("there is no such cause")?;
    ensure!(
        code(&none) == "HC047" && none.code() == Code::NotFound,
        "{none:?}"
    );

    let request = diagnosis(&case, day(2026, 10, 30));
    let (case, _) = record(&mut desk, request).await?;
    let own = v1::ReviewRootCauseRequest {
        actor: actor(BEN, "auditor"),
        ..verdict(&case, 1, ReviewVerdict::Accepted)
    };
    let own = review(&mut desk, own)
        .await
        .err()
        .context("he proposed it")?;
    ensure!(
        code(&own) == "HC049" && own.code() == Code::PermissionDenied,
        "{own:?}"
    );
    let stands = v1::RecordRootCauseRequest {
        revises: Some(1),
        ..diagnosis(&case, day(2026, 10, 30))
    };
    let stands = record(&mut desk, stands).await.err().context("it stands")?;
    ensure!(code(&stands) == "HC048", "{stands:?}");

    let missing = complete(&mut desk, &case, (1, 3)).await;
    let missing = missing.err().context("there is no third action")?;
    ensure!(
        code(&missing) == "HC052" && missing.code() == Code::NotFound,
        "{missing:?}"
    );
    let (case, _) = complete(&mut desk, &case, (1, 2)).await?;
    let twice = complete(&mut desk, &case, (1, 2))
        .await
        .err()
        .context("done")?;
    ensure!(code(&twice) == "HC053", "{twice:?}");
    let judged = Effect::Judged(CauseEffect::Effective.into());
    let judged = check(&mut desk, &case, 1, judged).await;
    ensure!(code(&judged.err().context("it has a target")?) == "HC053");
    Ok(())
}

pub async fn a_try_writes_nothing_and_a_repeat_nothing_new(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = to_diagnose(&mut desk, "repeat", 4_000).await?;
    let request = diagnosis(&case, day(2026, 10, 30));
    let tried = v1::RecordRootCauseRequest {
        validate_only: true,
        ..request.clone()
    };
    let tried = desk.causes.record_root_cause(tried).await?.into_inner();
    ensure!(tried.receipt.is_none() && tried.number == 1 && tried.cause.is_some());
    let first = desk
        .causes
        .record_root_cause(request.clone())
        .await?
        .into_inner();
    let again = desk.causes.record_root_cause(request).await?.into_inner();
    let (case, receipt) = again.case.clone().zip(again.receipt).context("a case")?;
    ensure!(receipt.repeated && again.cause == first.cause && again.case == first.case);

    let accept = verdict(&case, 1, ReviewVerdict::Accepted);
    let stale = v1::ReviewRootCauseRequest {
        expected_revision: Some(case.revision - 1),
        ..accept.clone()
    };
    let stale = review(&mut desk, stale)
        .await
        .err()
        .context("another revision")?;
    ensure!(code(&stale) == "HS001", "{stale:?}");
    let first = desk
        .causes
        .review_root_cause(accept.clone())
        .await?
        .into_inner();
    let again = desk.causes.review_root_cause(accept).await?.into_inner();
    ensure!(again.receipt.context("a receipt")?.repeated && again.cause == first.cause);
    Ok(())
}

/// Who proposed, reviewed and did what stands in entries, and nowhere in a root cause.
pub async fn no_part_of_a_root_cause_is_a_person(_: TestServer) -> anyhow::Result<()> {
    let files = FileDescriptorSet::decode(heard_proto::FILE_DESCRIPTOR_SET)?;
    let mut file = files.file.iter();
    let file = file.find(|file| file.name() == "heard/v1/cause.proto");
    let messages = &file.context("the file of root causes")?.message_type;
    ensure!(messages.len() >= 8, "{}", messages.len());
    for message in messages {
        for field in &message.field {
            let (message, field) = (message.name(), field.name());
            let is_person = [
                "person", "actor", "agent", "by_whom", "proposer", "reviewer",
            ];
            ensure!(!is_person.contains(&field), "{message}.{field}");
        }
    }
    Ok(())
}
