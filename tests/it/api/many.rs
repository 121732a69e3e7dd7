//! Many cases opened in one call, and the view of the case of a systemic issue.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use heard_proto::v1;
use heard_server::api::limits::{BATCH_CASES_MAX, BATCH_ID_CHARS_MAX};
use heard_tests::server::TestServer;
use tonic::{Code, Status};

use super::causes::issue::{issue, link, to_link};
use super::causes::to_diagnose;
use super::desk::{ANA, Desk, actor, desk};
use super::{code, fields};

const NOBODY: &str = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7ff";

/// A call that opens so many cases of the small workflow, each with a reference of its own.
fn many(request_id: &str, count: usize) -> v1::BatchOpenCasesRequest {
    let one = |number| v1::NewCase {
        reference: Some(format!("T-{number}")),
        ..v1::NewCase::default()
    };
    v1::BatchOpenCasesRequest {
        request_id: request_id.to_owned(),
        actor: actor(ANA, "agent"),
        workflow_id: "small-heard".to_owned(),
        cases: (1..=count).map(one).collect(),
        ..v1::BatchOpenCasesRequest::default()
    }
}

async fn open_many(
    desk: &mut Desk,
    request: v1::BatchOpenCasesRequest,
) -> Result<Vec<v1::OpenedCase>, Status> {
    Ok(desk
        .cases
        .batch_open_cases(request)
        .await?
        .into_inner()
        .cases)
}

/// The receipts of cases that were all opened.
fn receipts(opened: &[v1::OpenedCase]) -> anyhow::Result<Vec<&v1::Receipt>> {
    let receipt = |case: &'_ v1::OpenedCase| anyhow::anyhow!("not opened: {case:?}");
    let receipts = opened
        .iter()
        .map(|case| case.receipt.as_ref().ok_or_else(|| receipt(case)));
    receipts.collect()
}

/// The rows of a list, read page by page.
async fn listed(
    desk: &mut Desk,
    mut request: v1::ListCasesRequest,
) -> anyhow::Result<Vec<v1::CaseSummary>> {
    let mut rows = Vec::new();
    loop {
        let page = desk.cases.list_cases(request.clone()).await?.into_inner();
        rows.extend(page.cases);
        if page.next_page_token.is_empty() {
            return Ok(rows);
        }
        request.page_token = page.next_page_token;
    }
}

fn children(parent: &str) -> v1::ListCasesRequest {
    v1::ListCasesRequest {
        parent_case_id: Some(parent.to_owned()),
        page_size: 200,
        ..v1::ListCasesRequest::default()
    }
}

pub async fn five_hundred_cases_are_opened_in_one_call_and_once(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let parent = desk.open("parent").await?.case_id;
    desk.open("stranger").await?;
    let request = v1::BatchOpenCasesRequest {
        parent_case_id: Some(parent.clone()),
        proactive: true,
        ..many("recall", BATCH_CASES_MAX)
    };
    let first = open_many(&mut desk, request.clone()).await?;
    let ids: Vec<&str> = receipts(&first)?.iter().map(|one| one.case_id()).collect();
    let distinct: BTreeSet<&str> = ids.iter().copied().collect();
    ensure!(distinct.len() == BATCH_CASES_MAX);
    for (number, case) in (1..).zip(&first) {
        ensure!(case.request_id == format!("recall/{number}"));
        ensure!(
            case.receipt
                .as_ref()
                .is_some_and(|one| !one.repeated && one.revision == 1)
        );
    }
    let rows = listed(&mut desk, children(&parent)).await?;
    let in_list: Vec<&str> = rows.iter().map(|row| row.case_id.as_str()).collect();
    ensure!(in_list == ids, "children stand in the order of the call");
    ensure!(
        rows.iter()
            .all(|row| row.parent_case_id.as_ref() == Some(&parent))
    );

    // The whole call again: the same answers, and nothing is there twice.
    let mut again = open_many(&mut desk, request.clone()).await?;
    for receipt in again.iter_mut().filter_map(|case| case.receipt.as_mut()) {
        ensure!(std::mem::take(&mut receipt.repeated));
    }
    ensure!(again == first);
    ensure!(listed(&mut desk, children(&parent)).await?.len() == BATCH_CASES_MAX);
    ensure!(
        listed(&mut desk, v1::ListCasesRequest::default())
            .await?
            .len()
            == BATCH_CASES_MAX + 2
    );

    // Each is a command of its own: OpenCase knows it by its request id.
    let seventh = v1::OpenCaseRequest {
        request_id: "recall/7".to_owned(),
        actor: actor(ANA, "agent"),
        workflow_id: "small-heard".to_owned(),
        reference: Some("T-7".to_owned()),
        parent_case_id: Some(parent.clone()),
        proactive: true,
        ..v1::OpenCaseRequest::default()
    };
    let opened = desk.cases.open_case(seventh.clone()).await?.into_inner();
    let (receipt, case) = (
        opened.receipt.context("a receipt")?,
        opened.case.context("a case")?,
    );
    ensure!(receipt.repeated && receipt.case_id() == ids[6]);
    ensure!(case.parent_case_id == Some(parent) && case.proactive);
    let other = v1::OpenCaseRequest {
        proactive: false,
        ..seventh
    };
    let other = desk
        .cases
        .open_case(other)
        .await
        .err()
        .context("another request")?;
    ensure!(code(&other) == "HB002", "{other:?}");
    Ok(())
}

pub async fn a_case_that_is_not_opened_keeps_back_no_other(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let good = many("mixed", 5);
    let mut bad = good.clone();
    bad.cases[1].customer = Some("Ana Example".to_owned());
    bad.cases[2].reference = Some("x".repeat(2_001));
    bad.cases[3].received_time = Some(prost_types::Timestamp {
        seconds: 0,
        nanos: -1,
    });
    let opened = open_many(&mut desk, bad.clone()).await?;
    for (number, (one, asked)) in opened.iter().zip(&bad.cases).enumerate() {
        // What OpenCase says of the same case.
        let alone = v1::OpenCaseRequest {
            request_id: format!("alone/{number}"),
            actor: actor(ANA, "agent"),
            workflow_id: "small-heard".to_owned(),
            customer: asked.customer.clone(),
            reference: asked.reference.clone(),
            received_time: asked.received_time,
            ..v1::OpenCaseRequest::default()
        };
        match desk.cases.open_case(alone).await {
            Ok(_) => ensure!(one.receipt.is_some() && one.not_done.is_none(), "{one:?}"),
            Err(status) => {
                let not_done = one.not_done.as_ref().context("why not")?;
                ensure!(
                    one.receipt.is_none() && not_done.code == code(&status),
                    "{one:?}"
                );
                ensure!(not_done.message == status.message(), "{one:?}: {status:?}");
                ensure!(not_done.status == i32::from(status.code()));
            }
        }
    }
    let codes: Vec<_> = opened
        .iter()
        .map(|one| one.not_done.as_ref().map(|no| no.code.as_str()))
        .collect();
    ensure!(
        codes == [None, Some("HB001"), Some("HB004"), Some("HB001"), None],
        "{codes:?}"
    );

    // Mended and sent again: what was missing is opened, the rest is known.
    let mended = open_many(&mut desk, good).await?;
    let repeated: Vec<bool> = receipts(&mended)?.iter().map(|one| one.repeated).collect();
    ensure!(
        repeated == [true, false, false, false, true],
        "{repeated:?}"
    );
    ensure!(
        mended[0].receipt.as_ref().map(v1::Receipt::case_id)
            == opened[0].receipt.as_ref().map(v1::Receipt::case_id)
    );
    Ok(())
}

pub async fn what_is_wrong_with_a_whole_call_opens_nothing(
    server: TestServer,
) -> anyhow::Result<()> {
    type Spoil = fn(&mut v1::BatchOpenCasesRequest);
    let mut desk = desk(&server).await?;
    let wholly: [(Spoil, Code, &str, &str); 9] = [
        (
            |call| {
                for case in &mut call.cases {
                    case.reference = Some("ä".repeat(100_000));
                }
            },
            Code::InvalidArgument,
            "HB001",
            "message",
        ),
        (
            |call| call.cases.clear(),
            Code::InvalidArgument,
            "HB001",
            "cases",
        ),
        (
            |call| call.cases = many("", BATCH_CASES_MAX + 1).cases,
            Code::InvalidArgument,
            "HB001",
            "cases",
        ),
        (
            |call| call.request_id = "x".repeat(BATCH_ID_CHARS_MAX + 1),
            Code::InvalidArgument,
            "HB001",
            "request_id",
        ),
        (
            |call| call.actor = None,
            Code::InvalidArgument,
            "HB001",
            "actor",
        ),
        (
            |call| call.workflow_id.clear(),
            Code::InvalidArgument,
            "HB001",
            "workflow_id",
        ),
        (
            |call| call.parent_case_id = Some("7".to_owned()),
            Code::InvalidArgument,
            "HB001",
            "parent_case_id",
        ),
        (
            |call| call.parent_case_id = Some(NOBODY.to_owned()),
            Code::NotFound,
            "HC001",
            "",
        ),
        (
            |call| call.workflow_id = "unknown".to_owned(),
            Code::NotFound,
            "HC024",
            "",
        ),
    ];
    for (spoil, expected, stable, field) in wholly {
        let mut request = many("wrong", 3);
        spoil(&mut request);
        let status = open_many(&mut desk, request).await.err().context(stable)?;
        ensure!(
            (status.code(), code(&status).as_str()) == (expected, stable),
            "{status:?}"
        );
        ensure!(
            field.is_empty() || fields(&status) == [field],
            "{field}: {status:?}"
        );
    }
    // What concerns the caller alone is said of each case.
    let each: [(Spoil, &str); 3] = [
        (|call| call.actor = actor(ANA, "auditor"), "HC026"),
        (|call| call.actor = actor(ANA, "nobody"), "HB005"),
        (|call| call.request_id = "timer".to_owned(), "HB001"),
    ];
    for (spoil, stable) in each {
        let mut request = many("wrong", 3);
        spoil(&mut request);
        let opened = open_many(&mut desk, request).await?;
        let is_so =
            |one: &v1::OpenedCase| one.not_done.as_ref().is_some_and(|no| no.code == stable);
        ensure!(
            opened.len() == 3 && opened.iter().all(is_so),
            "{stable}: {opened:?}"
        );
    }
    let tried = v1::BatchOpenCasesRequest {
        validate_only: true,
        ..many("tried", 3)
    };
    for one in open_many(&mut desk, tried).await? {
        ensure!(one.receipt.is_none() && one.not_done.is_none(), "{one:?}");
    }
    ensure!(
        listed(&mut desk, v1::ListCasesRequest::default())
            .await?
            .is_empty()
    );

    let longest = many(&"x".repeat(BATCH_ID_CHARS_MAX), BATCH_CASES_MAX);
    let opened = open_many(&mut desk, longest).await?;
    ensure!(opened[BATCH_CASES_MAX - 1].request_id.len() == 128);
    receipts(&opened).map(drop)
}

pub async fn a_parent_that_does_not_exist_is_refused_and_changes_nothing(
    server: TestServer,
) -> anyhow::Result<()> {
    use tonic_types::StatusExt as _;
    let mut desk = desk(&server).await?;
    let open = |parent: &str| v1::OpenCaseRequest {
        request_id: "child".to_owned(),
        actor: actor(ANA, "agent"),
        workflow_id: "small-heard".to_owned(),
        parent_case_id: Some(parent.to_owned()),
        ..v1::OpenCaseRequest::default()
    };
    let status = desk
        .cases
        .open_case(open(NOBODY))
        .await
        .err()
        .context("nobody")?;
    ensure!(
        status.code() == Code::NotFound && code(&status) == "HC001",
        "{status:?}"
    );
    ensure!(status.message().contains(NOBODY), "{status:?}");
    let details = status.get_error_details();
    let named = details
        .error_info()
        .and_then(|info| info.metadata.get("field").cloned());
    ensure!(named.as_deref() == Some("parent_case_id"), "{status:?}");
    let status = desk
        .cases
        .open_case(open("Ana"))
        .await
        .err()
        .context("no UUID")?;
    ensure!(
        code(&status) == "HB001" && fields(&status) == ["parent_case_id"],
        "{status:?}"
    );
    let mut filter = children(NOBODY);
    ensure!(
        listed(&mut desk, v1::ListCasesRequest::default())
            .await?
            .is_empty()
    );
    ensure!(listed(&mut desk, filter.clone()).await?.is_empty());
    filter.parent_case_id = Some("Ana".to_owned());
    let status = desk
        .cases
        .list_cases(filter)
        .await
        .err()
        .context("no UUID")?;
    ensure!(
        code(&status) == "HB001" && fields(&status) == ["parent_case_id"],
        "{status:?}"
    );

    // The same request id is free for another try.
    let parent = desk.open("parent").await?.case_id;
    let opened = desk.cases.open_case(open(&parent)).await?.into_inner();
    let case = opened.case.context("a case")?;
    ensure!(case.parent_case_id == Some(parent) && !case.proactive);
    Ok(())
}

pub async fn an_issue_is_seen_from_its_parent_and_from_its_children(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let parent = issue(&mut desk, "hall").await?;
    let confirmed = parent.issue.context("an issue")?;
    ensure!(
        (confirmed.number, confirmed.revision) == (1, parent.revision),
        "{confirmed:?}"
    );
    ensure!(confirmed.confirmed_time == parent.updated_time && parent.parent_case_id.is_none());
    let request = v1::BatchOpenCasesRequest {
        workflow_id: "parcels".to_owned(),
        parent_case_id: Some(parent.case_id.clone()),
        proactive: true,
        ..many("proactive", 3)
    };
    let opened = open_many(&mut desk, request).await?;
    let mut expected: Vec<String> = Vec::new();
    for receipt in receipts(&opened)? {
        expected.push(receipt.case_id().to_owned());
    }
    // Somebody complained: the case takes the root cause, and belongs to the issue from then on.
    let complaint = to_diagnose(&mut desk, "complaint", 2_000).await?;
    ensure!(complaint.parent_case_id.is_none() && complaint.linked_cause.is_none());
    let linked = link(&mut desk, to_link(&complaint, &parent)).await?;
    let linked = linked.case.context("a case")?;
    ensure!(linked.parent_case_id.as_ref() == Some(&parent.case_id) && !linked.proactive);
    let taken = linked.linked_cause.context("a cause")?;
    ensure!(
        (taken.group.as_str(), taken.name.as_str(), taken.number) == ("process", "handover", 1)
    );
    ensure!(taken.parent_case_id == parent.case_id && taken.parent_revision == parent.revision);
    ensure!(taken.workflow_id == "parcels" && taken.failure.as_deref() == Some("lost"));
    expected.push(complaint.case_id);

    let rows = listed(&mut desk, children(&parent.case_id)).await?;
    let found: Vec<String> = rows.into_iter().map(|row| row.case_id).collect();
    ensure!(found == expected, "{found:?}");
    let closed = v1::ListCasesRequest {
        closed_state: v1::ClosedState::Closed.into(),
        ..children(&parent.case_id)
    };
    ensure!(listed(&mut desk, closed).await?.is_empty());
    let rebuilt = server.app.rebuild(false).await?;
    ensure!(rebuilt.differences.is_empty(), "{rebuilt:?}");
    Ok(())
}
