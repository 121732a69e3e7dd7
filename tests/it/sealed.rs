//! Sealed values are primary: one that is gone was lost, and is said to be.

use std::sync::Arc;

use anyhow::ensure;
use heard_proto::v1;
use heard_server::clock::SystemClock;
use heard_tests::client::{actor, request_id};
use heard_tests::server::{TestServer, project_file};
use heard_tests::{Trial, async_trial};

pub fn trials() -> Vec<Trial> {
    vec![async_trial(
        "sealed::a_value_that_is_gone_is_found_by_a_check",
        lost,
    )]
}

async fn lost() -> anyhow::Result<()> {
    let workflow = project_file("workflows/classic-heard.workflow.yaml")?;
    let server = TestServer::start(&[&workflow]).await?;
    let mut client = server.client().await?;
    let case = client.open("classic-heard", ("Ana", "agent")).await?;
    let note = v1::AddNoteRequest {
        request_id: request_id(),
        actor: Some(actor(("Ana", "agent"))),
        case_id: case.case_id,
        text: "Rang twice, nobody answered.".to_owned(),
        ..Default::default()
    };
    client.case.add_note(note).await?;
    ensure!(server.app.rebuild(false).await?.differences.is_empty());
    let folder = Arc::clone(&server.folder);
    server.stop().await?;
    let db = rusqlite::Connection::open(folder.path().join("heard.db"))?;
    ensure!(
        db.execute("DELETE FROM sealed", [])? == 1,
        "one value was sealed"
    );
    drop(db);
    let server = TestServer::start_in(folder, &[], Arc::new(SystemClock::default())).await?;
    let found = server.app.rebuild(false).await?.differences;
    ensure!(found.len() == 1, "{found:?}");
    ensure!(
        format!("{found:?}").contains("commits to 1 sealed values, and 0 are there"),
        "{found:?}"
    );
    server.stop().await
}
