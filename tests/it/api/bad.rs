//! Requests that are wrong, refused or too much.

use anyhow::{Context as _, ensure};
use heard_proto::v1;
use heard_proto::v1::value::Kind;
use heard_server::api::limits::MESSAGE_IN_BYTES_MAX;
use heard_tests::server::TestServer;
use prost::Message as _;
use tonic::{Code, Request, Status};
use tonic_types::StatusExt as _;

use super::desk::{ANA, Desk, SMALL, action, actor, answer, desk, euro_cents, task, text};
use super::way::{cause_request, choice, to_diagnose};
use super::{code, fields};

pub async fn everything_wrong_with_a_request_is_told_at_once(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let request = v1::AdvanceCaseRequest {
        request_id: "line\nbreak".to_owned(),
        actor: actor("Ana Example", "Team Lead"),
        case_id: "4711".to_owned(),
        act: None,
        answers: vec![v1::Answer {
            field: "No Name".to_owned(),
            value: None,
        }],
        ..v1::AdvanceCaseRequest::default()
    };
    let status = desk
        .cases
        .advance_case(request)
        .await
        .err()
        .context("it is refused")?;
    ensure!(status.code() == Code::InvalidArgument && code(&status) == "HB001");
    let mut named = fields(&status);
    named.sort();
    let expected = [
        "act",
        "actor.person",
        "actor.role",
        "answers[0].field",
        "answers[0].value",
        "case_id",
        "request_id",
    ];
    ensure!(named == expected, "{named:?}");
    let absent = desk.cases.open_case(v1::OpenCaseRequest::default()).await;
    let absent = absent.err().context("an empty request is refused")?;
    let mut named = fields(&absent);
    named.sort();
    ensure!(named == ["actor", "request_id", "workflow_id"], "{named:?}");
    Ok(())
}

async fn refused(
    desk: &mut Desk,
    case: &v1::Case,
    request: v1::AdvanceCaseRequest,
) -> anyhow::Result<Status> {
    desk.advance(case, request)
        .await
        .err()
        .context("it is refused")
}

pub async fn what_the_workflow_does_not_have_is_named_with_what_it_has(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("known").await?;
    let status = refused(
        &mut desk,
        &case,
        action("understod", "1", "agent", Vec::new()),
    )
    .await?;
    ensure!(
        code(&status) == "HC004" && status.code() == Code::FailedPrecondition,
        "{status:?}"
    );
    let details = status.get_error_details();
    let metadata = &details.error_info().context("info")?.metadata;
    ensure!(
        metadata
            .get("possible")
            .is_some_and(|list| list.contains("understood"))
    );
    ensure!(
        metadata
            .get("name")
            .is_some_and(|name| name == "no_such_action")
    );

    let answers = vec![text("storey", "A story")];
    let status = refused(
        &mut desk,
        &case,
        action("understood", "2", "agent", answers),
    )
    .await?;
    ensure!(
        code(&status) == "HB003" && fields(&status) == ["answers.storey"],
        "{status:?}"
    );
    let status = refused(
        &mut desk,
        &case,
        action("understood", "3", "chef", Vec::new()),
    )
    .await?;
    ensure!(
        code(&status) == "HB005" && status.message().contains("agent"),
        "{status:?}"
    );
    let status = refused(
        &mut desk,
        &case,
        action("understood", "4", "auditor", Vec::new()),
    )
    .await?;
    ensure!(
        code(&status) == "HC026" && status.code() == Code::PermissionDenied,
        "{status:?}"
    );

    let mut unknown = case.clone();
    unknown.case_id = "00000000-0000-8000-8000-000000000000".to_owned();
    let status = refused(
        &mut desk,
        &unknown,
        action("understood", "5", "agent", Vec::new()),
    )
    .await?;
    ensure!(
        code(&status) == "HC001" && status.code() == Code::NotFound,
        "{status:?}"
    );
    let request = v1::GetWorkflowRequest {
        workflow_id: "no-such".to_owned(),
        version: None,
    };
    let status = desk
        .workflows
        .get_workflow(request)
        .await
        .err()
        .context("no such workflow")?;
    ensure!(
        code(&status) == "HC024" && status.code() == Code::NotFound,
        "{status:?}"
    );
    ensure!(status.message().contains("small-heard"), "{status:?}");
    let request = v1::RecordRootCauseRequest {
        name: "weather".to_owned(),
        ..cause_request(&to_diagnose(&mut desk, "cause").await?, "6")
    };
    let status = desk
        .causes
        .record_root_cause(request)
        .await
        .err()
        .context("no such cause")?;
    ensure!(
        code(&status) == "HC020" && status.code() == Code::NotFound,
        "{status:?}"
    );
    Ok(())
}

pub async fn values_that_do_not_suit_their_fields_are_named(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("values").await?;
    for (place, wrong) in [
        text("code", "abc"),
        text("code", ""),
        text("story", "\0"),
        text("story", &"x".repeat(64 * 1024 + 1)),
        text("wish", "refund"),
        choice("wish", "everything"),
        answer("guests", Kind::Number(10)),
        answer("guests", Kind::Number(i64::MAX)),
        answer(
            "since",
            Kind::Date(v1::Date {
                year: 2026,
                month: 13,
                day: 1,
            }),
        ),
        answer(
            "parts",
            Kind::List(v1::TextList {
                items: vec!["x".to_owned(); 51],
            }),
        ),
        answer("paper", Kind::Document(v1::Document::default())),
    ]
    .into_iter()
    .enumerate()
    {
        let shown = format!("{place}: {:.60}", format!("{wrong:?}"));
        let request = action(
            "understood",
            &format!("values/{place}"),
            "agent",
            vec![wrong],
        );
        let status = refused(&mut desk, &case, request).await?;
        ensure!(
            status.code() == Code::InvalidArgument,
            "{shown}: {status:?}"
        );
        ensure!(code(&status).starts_with("HB"), "{shown}: {status:?}");
        ensure!(fields(&status).len() == 1, "{shown}: {status:?}");
    }
    let largest = text("story", &"x".repeat(64 * 1024));
    desk.advance(
        &case,
        action("understood", "largest", "agent", vec![largest]),
    )
    .await?;
    Ok(())
}

pub async fn a_refusal_tells_its_reasons_and_what_is_possible(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("reasons").await?;
    let status = refused(
        &mut desk,
        &case,
        action("understood", "1", "agent", Vec::new()),
    )
    .await?;
    ensure!(
        code(&status) == "HC007" && status.code() == Code::FailedPrecondition,
        "{status:?}"
    );
    let details = status.get_error_details();
    let reasons = &details
        .precondition_failure()
        .context("reasons")?
        .violations;
    ensure!(
        reasons.len() == 1 && reasons[0].r#type == "answers_missing",
        "{reasons:?}"
    );
    ensure!(reasons[0].subject == "story" && reasons[0].description.contains("What happened?"));

    let case = to_diagnose(&mut desk, "many").await?;
    let status = refused(
        &mut desk,
        &case,
        action("give_up", "2", "agent", Vec::new()),
    )
    .await?;
    let details = status.get_error_details();
    let info = details.error_info().context("info")?;
    ensure!(
        info.domain == "heard" && info.reason.starts_with("HC"),
        "{info:?}"
    );
    let reasons = &details
        .precondition_failure()
        .context("reasons")?
        .violations;
    ensure!(!reasons.is_empty(), "{status:?}");

    let refund = vec![
        euro_cents("limit_of_refund", 10_000),
        euro_cents("refund", 10_001),
    ];
    let case = desk.open("max").await?;
    let story = vec![text("story", "A story")];
    let case = desk
        .advance(&case, action("understood", "3", "agent", story))
        .await?;
    let case = desk
        .advance(
            &case,
            action("done", "4", "agent", vec![choice("feeling", "calm")]),
        )
        .await?;
    let sorry = vec![text("apology", "Sorry")];
    let case = desk
        .advance(&case, action("done", "5", "agent", sorry))
        .await?;
    let status = refused(&mut desk, &case, task("count", "6", "lead", refund)).await?;
    ensure!(code(&status) == "HC028", "{status:?}");
    Ok(())
}

pub async fn a_stale_revision_is_aborted_with_the_present_one(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let stale = desk.open("stale").await?;
    let answers = vec![text("story", "A story")];
    desk.advance(&stale, action("understood", "stale/1", "agent", answers))
        .await?;
    let status = refused(
        &mut desk,
        &stale,
        action("done", "stale/2", "agent", Vec::new()),
    )
    .await?;
    ensure!(
        status.code() == Code::Aborted && code(&status) == "HS001",
        "{status:?}"
    );
    let details = status.get_error_details();
    let metadata = &details.error_info().context("info")?.metadata;
    ensure!(
        metadata
            .get("current_revision")
            .is_some_and(|revision| revision == "2")
    );
    Ok(())
}

pub async fn a_message_of_the_largest_size_is_read_and_a_larger_one_refused(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("large").await?;
    let request = |bytes: usize| v1::AddNoteRequest {
        request_id: "large/1".to_owned(),
        actor: actor(ANA, "agent"),
        case_id: case.case_id.clone(),
        text: "x".repeat(bytes),
        ..v1::AddNoteRequest::default()
    };
    let around = request(MESSAGE_IN_BYTES_MAX).encoded_len() - MESSAGE_IN_BYTES_MAX;
    let largest = request(MESSAGE_IN_BYTES_MAX - around);
    ensure!(largest.encoded_len() == MESSAGE_IN_BYTES_MAX);
    let status = desk
        .cases
        .add_note(largest)
        .await
        .err()
        .context("the note is too long")?;
    ensure!(code(&status) == "HB004", "it was read: {status:?}");
    let larger = request(MESSAGE_IN_BYTES_MAX - around + 1);
    let status = desk
        .cases
        .add_note(larger)
        .await
        .err()
        .context("the message is too large")?;
    ensure!(
        status.code() == Code::InvalidArgument && code(&status) == "HB001",
        "{status:?}"
    );
    ensure!(fields(&status) == ["message"] && status.message().contains("256 KiB"));
    Ok(())
}

pub async fn more_answers_than_an_entry_holds_are_the_callers_matter(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = desk.open("much").await?;
    let parts = |chars: usize| {
        let items = vec!["x".repeat(chars); 40];
        vec![answer("parts", Kind::List(v1::TextList { items }))]
    };
    let status = refused(
        &mut desk,
        &case,
        action("not_understood", "much/1", "agent", parts(1_000)),
    )
    .await?;
    ensure!(
        status.code() == Code::InvalidArgument && code(&status) == "HB004",
        "{status:?}"
    );
    ensure!(fields(&status) == ["request"], "{status:?}");
    ensure!(
        status.message().contains("send fewer or shorter answers"),
        "{status:?}"
    );
    let fewer = action("not_understood", "much/2", "agent", parts(500));
    desk.advance(&case, fewer).await?;
    Ok(())
}

pub async fn a_malformed_timeout_is_refused(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let mut request = Request::new(v1::ListCasesRequest::default());
    request
        .metadata_mut()
        .insert("grpc-timeout", "soon".parse()?);
    let status = desk.cases.list_cases(request).await;
    let status = status.err().context("it is refused")?;
    ensure!(status.code() == Code::InvalidArgument, "{status:?}");
    ensure!(fields(&status) == ["grpc-timeout"], "{status:?}");
    Ok(())
}

pub async fn a_faulty_workflow_is_refused_with_every_error(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let faulty = SMALL
        .replace("go_to: empathize", "go_to: empathise")
        .replace("[hear]", "[hear");
    let faulty = faulty.replace("version: 1", "version: 2");
    let request = v1::CheckWorkflowRequest {
        yaml: faulty.clone().into_bytes(),
    };
    let checked = desk.workflows.check_workflow(request).await?.into_inner();
    ensure!(checked.workflow.is_none() && !checked.findings.is_empty());
    let errors = checked.findings.iter();
    let errors = errors
        .filter(|found| found.level() == v1::FindingLevel::Error)
        .count();
    let status = desk.publish(&faulty).await.err().context("it is refused")?;
    ensure!(
        status.code() == Code::InvalidArgument && code(&status) == "HB007",
        "{status:?}"
    );
    ensure!(fields(&status).len() == errors.min(20), "{status:?}");

    let other = SMALL.replace("A small workflow", "Another workflow");
    let status = desk
        .publish(&other)
        .await
        .err()
        .context("the version is taken")?;
    ensure!(
        status.code() == Code::AlreadyExists && code(&status) == "HC027",
        "{status:?}"
    );
    let again = desk.publish(SMALL).await?;
    ensure!(again.receipt.context("a receipt")?.repeated);
    Ok(())
}
