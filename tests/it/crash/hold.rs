//! Time that is held, over the end of every process that saw it.

use std::path::Path;

use anyhow::{Context as _, ensure};
use heard_engine::id::StepName;
use heard_engine::time::Timestamp;
use heard_proto::v1;
use heard_proto::v1::clock_service_client::ClockServiceClient;
use heard_server::app::{ABSENCE_DUE_MAX, new_identity};
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{Append, Cursor, Store as _};
use heard_tests::client::Client;
use heard_tests::forged::Forge;
use tonic::transport::Channel;

use super::desk::{Desk, open};
use super::process::Server;
use super::rounds::folder;
use crate::committer::world::{history, soon};
use crate::store_contract::make;

/// As many cases as hold time when all of them are due after a long absence.
const CASES: u64 = ABSENCE_DUE_MAX as u64 + 1;
/// When the last server was there.
const LONG_AGO: &str = "2020-01-06T09:00:00Z";

pub async fn a_hold_outlives_every_kill_until_it_is_accepted() -> anyhow::Result<()> {
    let folder = folder()?;
    Server::start(folder.path(), &[])?.kill()?;
    forge(folder.path()).await?;
    let mut desk = Desk::new(7);
    for round in 1..=2 {
        let (server, mut clock) = start(folder.path()).await?;
        let shown = shown(&mut clock).await?;
        ensure!(shown.held_reason.is_some(), "{round}: {shown:?}");
        ensure!(shown.due_count == CASES, "{round}: {shown:?}");
        // From here on the newest entry is of today, and there was no absence.
        desk.unanswered = Some(open());
        let mut client = Client::connect(&server.address).await?;
        ensure!(desk.settle(&mut client).await? && desk.ledger.len() == round);
        server.kill()?;
    }
    have_fired(folder.path(), 0).await?;
    let (server, mut clock) = start(folder.path()).await?;
    let accepted = clock.accept_clock(v1::AcceptClockRequest {}).await?;
    ensure!(accepted.into_inner().was_held_reason.is_some());
    let drained = async {
        while shown(&mut clock).await?.due_count > 0 {}
        anyhow::Ok(())
    };
    soon("the last firing", drained).await??;
    server.kill()?;
    have_fired(folder.path(), 1).await?;
    let (server, mut clock) = start(folder.path()).await?;
    let shown = shown(&mut clock).await?;
    ensure!(shown.held_reason.is_none(), "{shown:?}");
    server.kill()
}

/// Writes cases that have been due for years, behind everything else.
async fn forge(folder: &Path) -> anyhow::Result<()> {
    let store = Sqlite::open(&folder.join("heard.db"), new_identity)?;
    let published = store.workflows(Cursor::default(), 1).await?.rows;
    let opened_at = Timestamp::parse(LONG_AGO)?;
    let forge = Forge {
        identity: store.identity().clone(),
        workflow: published.first().context("a workflow")?.workflow.clone(),
        step: StepName::new("here")?,
        opened_at,
    };
    let forged = (0..CASES).map(|number| forge.case(make::case_id(number), &[opened_at]));
    let forged = forged.collect::<anyhow::Result<Vec<Append>>>()?;
    for batch in forged.chunks(500) {
        make::written(store.append(batch.to_vec().into()).await?)?;
    }
    store.close().await?;
    Ok(())
}

async fn start(folder: &Path) -> anyhow::Result<(Server, ClockServiceClient<Channel>)> {
    let server = Server::start(folder, &[])?;
    let clock = ClockServiceClient::connect(server.address.clone()).await?;
    Ok((server, clock))
}

async fn shown(clock: &mut ClockServiceClient<Channel>) -> anyhow::Result<v1::ServerClock> {
    let shown = clock.get_clock(v1::GetClockRequest {}).await?;
    shown.into_inner().clock.context("a clock")
}

/// Looks at the store between two servers: each case was opened, and has fired so often.
async fn have_fired(folder: &Path, times: usize) -> anyhow::Result<()> {
    let store = Sqlite::open(&folder.join("heard.db"), new_identity)?;
    for number in 0..CASES {
        let entries = history(&store, make::case_id(number)).await?.len();
        ensure!(entries == 1 + times, "case {number} has {entries} entries");
    }
    store.close().await?;
    Ok(())
}
