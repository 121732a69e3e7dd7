//! Lists and their pages.

use anyhow::{Context as _, ensure};
use heard_proto::v1;
use heard_tests::server::TestServer;
use sha2::{Digest as _, Sha256};
use tonic::Code;

use super::desk::{Desk, SMALL, action, desk, text};
use super::way::{cause_request, to_diagnose};
use super::{code, fields};

async fn open_many(desk: &mut Desk, count: usize) -> anyhow::Result<Vec<String>> {
    let mut ids = Vec::new();
    for number in 0..count {
        ids.push(desk.open(&format!("many/{number}")).await?.case_id);
    }
    Ok(ids)
}

pub async fn pages_of_cases_join_without_gap_or_overlap(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let ids = open_many(&mut desk, 7).await?;
    let mut seen = Vec::new();
    let mut request = v1::ListCasesRequest {
        page_size: 3,
        ..Default::default()
    };
    for expected in [3, 3, 1] {
        let page = desk.cases.list_cases(request.clone()).await?.into_inner();
        ensure!(page.cases.len() == expected);
        seen.extend(page.cases.into_iter().map(|case| case.case_id));
        request.page_token = page.next_page_token;
    }
    ensure!(seen == ids && request.page_token.is_empty());

    let mut withdrawn = action("withdraw", "gone", "agent", Vec::new());
    withdrawn.reason = Some("Never mind".to_owned());
    withdrawn.case_id.clone_from(&ids[2]);
    desk.cases.advance_case(withdrawn).await?;
    let list = |state: v1::ClosedState, place: &str, owes: Option<bool>| v1::ListCasesRequest {
        workflow_id: Some("small-heard".to_owned()),
        closed_state: state.into(),
        place: Some(place.to_owned()),
        owes_cause: owes,
        ..Default::default()
    };
    for (request, expected) in [
        (list(v1::ClosedState::Open, "hear", None), 6),
        (list(v1::ClosedState::Closed, "withdrawn", Some(true)), 1),
        (list(v1::ClosedState::Closed, "hear", None), 0),
    ] {
        let page = desk.cases.list_cases(request.clone()).await?.into_inner();
        ensure!(page.cases.len() == expected, "{request:?}: {page:?}");
    }
    Ok(())
}

pub async fn a_page_token_is_good_for_its_own_list_only(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let ids = open_many(&mut desk, 3).await?;
    let request = v1::ListCasesRequest {
        page_size: 1,
        ..Default::default()
    };
    let token = desk
        .cases
        .list_cases(request.clone())
        .await?
        .into_inner()
        .next_page_token;
    let bigger = v1::ListCasesRequest {
        page_size: 9,
        page_token: token.clone(),
        ..request.clone()
    };
    ensure!(
        desk.cases
            .list_cases(bigger)
            .await?
            .into_inner()
            .cases
            .len()
            == 2
    );
    let other = v1::ListCasesRequest {
        place: Some("hear".to_owned()),
        page_token: token.clone(),
        ..request.clone()
    };
    let status = desk
        .cases
        .list_cases(other)
        .await
        .err()
        .context("another filter")?;
    ensure!(
        status.code() == Code::InvalidArgument && code(&status) == "HB006",
        "{status:?}"
    );
    let entries = v1::ListEntriesRequest {
        case_id: ids[0].clone(),
        page_token: token,
        ..Default::default()
    };
    let status = desk
        .cases
        .list_entries(entries)
        .await
        .err()
        .context("another list")?;
    ensure!(code(&status) == "HB006" && fields(&status) == ["page_token"]);
    let negative = v1::ListCasesRequest {
        page_size: -1,
        ..Default::default()
    };
    let status = desk
        .cases
        .list_cases(negative)
        .await
        .err()
        .context("a negative size")?;
    ensure!(code(&status) == "HB001" && fields(&status) == ["page_size"]);
    let unknown = v1::ListCasesRequest {
        closed_state: 9,
        ..Default::default()
    };
    let status = desk
        .cases
        .list_cases(unknown)
        .await
        .err()
        .context("an unknown state")?;
    ensure!(fields(&status) == ["closed_state"]);
    Ok(())
}

pub async fn entries_come_as_they_are_stored(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = to_diagnose(&mut desk, "entries").await?;
    let mut request = v1::ListEntriesRequest {
        case_id: case.case_id.clone(),
        page_size: 4,
        ..Default::default()
    };
    let mut previous = String::new();
    let mut revision = 0;
    for expected in [4, 2] {
        let page = desk.cases.list_entries(request.clone()).await?.into_inner();
        ensure!(page.entries.len() == expected);
        for entry in page.entries {
            revision += 1;
            ensure!(entry.revision == revision && entry.position.is_some());
            let hash = Sha256::new()
                .chain_update([0])
                .chain_update(&entry.body)
                .finalize();
            let hash: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            ensure!(hash == entry.entry_sha256);
            let body: serde_json::Value = serde_json::from_slice(&entry.body)?;
            ensure!(body["revision"] == revision, "{body}");
            ensure!(revision == 1 || body["prev"] == previous.as_str());
            previous = hash;
        }
        request.page_token = page.next_page_token;
    }
    ensure!(request.page_token.is_empty());
    let nobody = v1::ListEntriesRequest {
        case_id: "00000000-0000-8000-8000-000000000000".to_owned(),
        ..Default::default()
    };
    let status = desk
        .cases
        .list_entries(nobody)
        .await
        .err()
        .context("no such case")?;
    ensure!(code(&status) == "HC001");
    Ok(())
}

pub async fn causes_are_listed_with_their_words_when_asked(
    server: TestServer,
) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let case = to_diagnose(&mut desk, "words").await?;
    let request = cause_request(&case, "words/6");
    desk.causes.record_root_cause(request.clone()).await?;
    let mut list = v1::ListRootCausesRequest {
        case_id: Some(case.case_id),
        group: Some("process".to_owned()),
        name: Some("handover".to_owned()),
        ..Default::default()
    };
    let plain = desk
        .causes
        .list_root_causes(list.clone())
        .await?
        .into_inner()
        .causes;
    ensure!(
        plain.len() == 1 && plain[0].statement.is_none(),
        "{plain:?}"
    );
    ensure!(plain[0].status() == v1::CauseStatus::Proposed && plain[0].due_time.is_none());
    list.reveal_sealed = true;
    let shown = desk
        .causes
        .list_root_causes(list.clone())
        .await?
        .into_inner()
        .causes;
    ensure!(shown[0].statement.as_ref() == Some(&request.statement));
    let whole = v1::GetRootCauseRequest {
        case_id: shown[0].case_id.clone(),
        number: 1,
        reveal_sealed: true,
    };
    let whole = desk.causes.get_root_cause(whole).await?.into_inner().cause;
    ensure!(whole.context("a cause")?.whys == request.whys);
    list.name = None;
    let status = desk
        .causes
        .list_root_causes(list)
        .await
        .err()
        .context("a group alone")?;
    ensure!(fields(&status) == ["name"]);
    Ok(())
}

pub async fn workflows_are_listed_and_shown(server: TestServer) -> anyhow::Result<()> {
    let mut desk = desk(&server).await?;
    let second = SMALL.replace("version: 1", "version: 2");
    desk.publish(&second).await?;
    let request = v1::ListWorkflowsRequest {
        page_size: 1,
        ..Default::default()
    };
    let page = desk.workflows.list_workflows(request).await?.into_inner();
    ensure!(page.workflows.len() == 1 && !page.next_page_token.is_empty());
    let request = v1::ListWorkflowsRequest {
        page_size: 1,
        page_token: page.next_page_token,
    };
    let page = desk.workflows.list_workflows(request).await?.into_inner();
    let found = page.workflows[0].workflow.clone().context("a reference")?;
    ensure!(found.version == 2 && page.next_page_token.is_empty());

    let request = v1::GetWorkflowRequest {
        workflow_id: "small-heard".to_owned(),
        version: None,
    };
    let shown = desk.workflows.get_workflow(request).await?.into_inner();
    let shown = shown.workflow.context("a workflow")?;
    ensure!(shown.yaml == second.as_bytes() && shown.start == "hear");
    ensure!(shown.workflow == Some(found));
    ensure!(shown.roles[0].name == "customer" && shown.fields.len() == 12);
    let refund = shown
        .fields
        .iter()
        .find(|field| field.name == "refund")
        .context("a field")?;
    ensure!(
        refund.max_field.as_deref() == Some("limit_of_refund") && refund.currency_code == "EUR"
    );
    let steps: Vec<&str> = shown.steps.iter().map(|step| step.name.as_str()).collect();
    ensure!(
        steps
            == [
                "hear",
                "take_over",
                "empathize",
                "apologize",
                "resolve",
                "diagnose"
            ]
    );
    ensure!(shown.steps[4].tasks.len() == 2 && shown.outcomes.len() == 3);
    ensure!(shown.causes.len() == 3 && shown.anywhere.len() == 1);

    let case = desk.open("newest").await?;
    ensure!(case.workflow.clone().context("a reference")?.version == 2);
    let story = vec![text("story", "A story")];
    desk.advance(&case, action("understood", "newest/1", "agent", story))
        .await?;
    Ok(())
}
