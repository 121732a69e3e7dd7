//! Rounds of load, each ended by `kill -9`; at the end the ledgers are held against the store.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context as _, ensure};
use heard_engine::entry::{Entry, StreamName, request_hash};
use heard_engine::id::{CaseId, Digest, Position, RequestId};
use heard_proto::v1;
use heard_server::app::new_identity;
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{PAGE_ROWS_MAX, Store as _, StoredEntry};
use heard_tests::client::Client;
use tokio::sync::Semaphore;

use super::desk::{Chance, Desk, open};
use super::process::{Server, heard};
use crate::committer::world::{WORKFLOW, history, soon};

/// Help desks that work at once.
const DESKS: u64 = 8;
/// Cases they share.
const CASES: usize = 10;
/// The most acknowledgements of a round before its kill.
const ROUND_MAX: u64 = 300;

/// Returns how many kills there are: 20, or as many as `HEARD_TEST_KILLS` says.
fn kills() -> anyhow::Result<u64> {
    match std::env::var("HEARD_TEST_KILLS") {
        Ok(kills) => kills.parse().context("HEARD_TEST_KILLS is a number"),
        Err(_) => Ok(20),
    }
}

fn seed() -> anyhow::Result<u64> {
    match std::env::var("HEARD_TEST_SEED") {
        Ok(seed) => seed.parse().context("HEARD_TEST_SEED is a number"),
        Err(_) => Ok(uuid::Uuid::new_v4().as_u64_pair().0),
    }
}

/// Makes a folder with the workflow to be published.
pub fn folder() -> anyhow::Result<tempfile::TempDir> {
    let folder = tempfile::tempdir()?;
    let workflows = folder.path().join("workflows");
    std::fs::create_dir(&workflows)?;
    std::fs::write(workflows.join("shuttle.workflow.yaml"), WORKFLOW)?;
    Ok(folder)
}

pub async fn what_was_acknowledged_outlives_every_kill() -> anyhow::Result<()> {
    let seed = seed()?;
    let told = || format!("to see it again: HEARD_TEST_SEED={seed}");
    kill_often(Chance(seed | 1)).await.with_context(told)
}

async fn kill_often(mut chance: Chance) -> anyhow::Result<()> {
    let folder = folder()?;
    let mut desks: Vec<Desk> = (0..DESKS)
        .map(|n| Desk::new(chance.0 ^ (n << 32)))
        .collect();
    let cases = shared_cases(folder.path(), &mut desks[0]).await?;
    for _ in 0..kills()? {
        let kill_at = 1 + chance.below(ROUND_MAX) as u32;
        desks = round(folder.path(), desks, &cases, kill_at).await?;
    }
    // Whoever was not answered asks once more.
    let server = Server::start(folder.path(), &[])?;
    let mut client = Client::connect(&server.address).await?;
    for desk in &mut desks {
        ensure!(desk.settle(&mut client).await?, "a repeat was not answered");
    }
    let live = shown(&mut client, &desks).await?;
    server.kill()?;
    // What a fresh process folds from the entries is what the old one had.
    let server = Server::start(folder.path(), &[])?;
    let mut client = Client::connect(&server.address).await?;
    ensure!(shown(&mut client, &desks).await? == live);
    server.kill()?;
    let store = folder.path().join("heard.db");
    let arguments = [
        "rebuild",
        "--check",
        "--store",
        store.to_str().context("a path")?,
    ];
    let checked = heard(&[], &arguments).output()?;
    ensure!(checked.status.success(), "{checked:?}");
    audited(&store, &desks).await
}

/// Opens the cases that all desks share.
async fn shared_cases(folder: &Path, desk: &mut Desk) -> anyhow::Result<Vec<String>> {
    let server = Server::start(folder, &[])?;
    let mut client = Client::connect(&server.address).await?;
    for _ in 0..CASES {
        desk.unanswered = Some(open());
        ensure!(desk.settle(&mut client).await?);
    }
    server.kill()?;
    let opened = desk
        .ledger
        .iter()
        .map(|entry| entry.receipt.case_id().to_owned());
    Ok(opened.collect())
}

/// Lets all desks work until so much is acknowledged, and kills the server under them.
async fn round(
    folder: &Path,
    desks: Vec<Desk>,
    cases: &[String],
    kill_at: u32,
) -> anyhow::Result<Vec<Desk>> {
    let server = Server::start(folder, &[])?;
    let answers = Arc::new(Semaphore::new(0));
    let mut working = Vec::new();
    for mut desk in desks {
        let mut client = Client::connect(&server.address).await?;
        let (cases, answers) = (cases.to_vec(), Arc::clone(&answers));
        working.push(tokio::spawn(async move {
            desk.work(&mut client, &cases, &answers).await?;
            anyhow::Ok(desk)
        }));
    }
    let enough = soon("enough answers", answers.acquire_many(kill_at)).await;
    server.kill()?;
    let mut desks = Vec::new();
    for desk in working {
        desks.push(desk.await??);
    }
    // What ended a desk says more than that there were too few answers.
    drop(enough??);
    Ok(desks)
}

/// Returns every case as the server shows it.
async fn shown(client: &mut Client, desks: &[Desk]) -> anyhow::Result<BTreeMap<String, v1::Case>> {
    let ledgers = desks.iter().flat_map(|desk| &desk.ledger);
    let cases: BTreeSet<&str> = ledgers.map(|entry| entry.receipt.case_id()).collect();
    let mut shown = BTreeMap::new();
    for case in cases {
        let request = v1::GetCaseRequest {
            case_id: case.to_owned(),
            ..Default::default()
        };
        let found = client.case.get_case(request).await?.into_inner();
        let found = found.case.context("a case")?;
        shown.insert(case.to_owned(), found);
    }
    Ok(shown)
}

/// Holds the ledgers against the entries: nothing is lost, nothing is doubled, nothing is there
/// that nobody asked for, and no history has a gap.
async fn audited(store: &Path, desks: &[Desk]) -> anyhow::Result<()> {
    let store = Sqlite::open(store, new_identity)?;
    let hash = |id: &str| -> anyhow::Result<Digest> {
        Ok(request_hash(
            store.identity().principal,
            &RequestId::new(id)?,
        ))
    };
    let (mut entries, cases) = read(&store).await?;
    let count = entries.len();
    for entry in desks.iter().flat_map(|desk| &desk.ledger) {
        let stored = entries.remove(&hash(&entry.request_id)?);
        let stored = stored.with_context(|| format!("lost: {entry:?}"))?;
        let receipt = &entry.receipt;
        ensure!(stored.hash.to_string() == receipt.entry_sha256);
        ensure!(stored.revision.0 == receipt.revision);
        ensure!(Some(stored.position.0) == receipt.position);
    }
    ensure!(entries.is_empty(), "nobody was told of {entries:?}");
    for refused in desks.iter().flat_map(|desk| &desk.refused) {
        ensure!(!entries.contains_key(&hash(refused)?));
    }
    let mut in_histories = 0;
    for case in cases {
        in_histories += history(&store, case).await?.len();
    }
    ensure!(in_histories == count);
    let repeated = desks.iter().flat_map(|desk| &desk.ledger);
    let repeated = repeated.filter(|entry| entry.receipt.repeated).count();
    println!("{count} entries were acknowledged, {repeated} of them when they were asked again");
    store.close().await?;
    Ok(())
}

/// Returns the entries of cases by their request, and the cases.
async fn read(store: &Sqlite) -> anyhow::Result<(BTreeMap<Digest, StoredEntry>, BTreeSet<CaseId>)> {
    let (mut entries, mut cases) = (BTreeMap::new(), BTreeSet::new());
    let mut last = Position(0);
    loop {
        let page = store.scan(last, PAGE_ROWS_MAX).await?;
        if page.is_empty() {
            return Ok((entries, cases));
        }
        for (stream, stored) in page {
            ensure!(stored.position.0 == last.0 + 1, "a position is missing");
            last = stored.position;
            if let StreamName::Case(case) = stream {
                let request = Entry::decode(&stored.bytes)?.request.id;
                let doubled = entries.insert(request, stored);
                ensure!(doubled.is_none(), "doubled: {doubled:?}");
                cases.insert(case);
            }
        }
    }
}

pub async fn a_second_server_on_a_store_is_refused() -> anyhow::Result<()> {
    let folder = folder()?;
    let first = Server::start(folder.path(), &[])?;
    let second = Server::start(folder.path(), &[]);
    let said = second
        .err()
        .context("two servers have one store")?
        .to_string();
    ensure!(said.contains("another heard has the store"), "{said}");
    first.kill()?;
    // The lock of a killed process is free.
    Server::start(folder.path(), &[])?.kill()
}
