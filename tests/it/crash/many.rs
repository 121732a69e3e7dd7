//! A server killed while it opens many cases in one call.

use std::collections::BTreeSet;

use anyhow::{Context as _, bail, ensure};
use heard_proto::v1;
use heard_server::api::limits::BATCH_CASES_MAX;
use heard_tests::client::{Client, actor};

use super::process::{Server, heard};
use super::rounds::folder;

/// How often it is tried to kill a server in the middle.
const TRIES_MAX: usize = 10;

fn many() -> v1::BatchOpenCasesRequest {
    let one = |number: usize| v1::NewCase {
        reference: Some(format!("T-{number}")),
        ..v1::NewCase::default()
    };
    v1::BatchOpenCasesRequest {
        request_id: "recall".to_owned(),
        actor: Some(actor(("ana", "agent"))),
        workflow_id: "shuttle".to_owned(),
        proactive: true,
        cases: (1..=BATCH_CASES_MAX).map(one).collect(),
        ..v1::BatchOpenCasesRequest::default()
    }
}

async fn listed(client: &mut Client) -> anyhow::Result<usize> {
    let all = v1::ListCasesRequest {
        page_size: 1_000,
        ..v1::ListCasesRequest::default()
    };
    Ok(client.case.list_cases(all).await?.into_inner().cases.len())
}

pub async fn many_cases_are_opened_once_though_the_server_is_killed() -> anyhow::Result<()> {
    for _ in 0..TRIES_MAX {
        if killed_in_the_middle().await? {
            return Ok(());
        }
    }
    bail!("all cases were there before each of {TRIES_MAX} kills: nothing was shown")
}

/// Kills a server that opens many cases, and sends them again to the next. Returns whether some
/// were missing in between.
async fn killed_in_the_middle() -> anyhow::Result<bool> {
    let folder = folder()?;
    let server = Server::start(folder.path(), &[])?;
    let mut opening = Client::connect(&server.address).await?;
    let call = tokio::spawn(async move { opening.case.batch_open_cases(many()).await });
    let mut client = Client::connect(&server.address).await?;
    let mut before = 0;
    while before == 0 {
        before = listed(&mut client).await?;
    }
    server.kill()?;
    let answered = call.await?.is_ok();

    let server = Server::start(folder.path(), &[])?;
    let mut client = Client::connect(&server.address).await?;
    let there = listed(&mut client).await?;
    ensure!(there >= before, "{there} of {before} outlived the kill");
    ensure!(
        there == BATCH_CASES_MAX || !answered,
        "all were answered, and {there} are there"
    );
    let again = client
        .case
        .batch_open_cases(many())
        .await?
        .into_inner()
        .cases;
    let mut ids = BTreeSet::new();
    let mut repeated = 0;
    for case in &again {
        let receipt = case.receipt.as_ref().with_context(|| format!("{case:?}"))?;
        ids.insert(receipt.case_id().to_owned());
        repeated += usize::from(receipt.repeated);
    }
    println!(
        "{there} of {} were there, answered: {answered}",
        again.len()
    );
    ensure!(
        ids.len() == BATCH_CASES_MAX && repeated == there,
        "{repeated} were repeated"
    );
    ensure!(listed(&mut client).await? == BATCH_CASES_MAX);
    server.kill()?;
    let store = folder.path().join("heard.db");
    let store = store.to_str().context("a path")?;
    let checked = heard(&[], &["rebuild", "--check", "--store", store]).output()?;
    ensure!(checked.status.success(), "{checked:?}");
    Ok(there < BATCH_CASES_MAX)
}
