//! A disk that fails to sync, by `strace`: the process ends, and nothing is acknowledged after it.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use heard_engine::entry::{Entry, StreamName};
use heard_engine::id::Position;
use heard_server::app::new_identity;
use heard_server::store::Store as _;
use heard_server::store::sqlite::Sqlite;
use heard_tests::block_on;
use heard_tests::client::Client;

use super::desk::{Desk, open};
use super::process::Server;
use super::rounds::folder;

/// The sync that fails, counted from the start of a server on a store that is there.
const FAILS: u32 = 12;

fn has_strace() -> bool {
    let traced = Command::new("strace")
        .args(["-f", "-o", "/dev/null", "true"])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    traced.is_ok_and(|status| status.success())
}

pub fn a_failed_sync_stops_the_process() -> anyhow::Result<Option<String>> {
    if !has_strace() {
        return heard_tests::skipped("strace", "strace cannot be run here");
    }
    let folder = folder()?;
    block_on(fail(folder.path()))?;
    Ok(None)
}

async fn fail(folder: &Path) -> anyhow::Result<()> {
    // The store and its workflow are there before anything is counted.
    Server::start(folder, &[])?.kill()?;
    let trace = folder.join("trace");
    let inject = format!("inject=fsync,fdatasync:error=EIO:when={FAILS}");
    let under = [
        "strace",
        "-f",
        "-qq",
        "-o",
        trace.to_str().context("a path")?,
        "-e",
        "trace=fsync,fdatasync",
        "-e",
        &inject,
    ];
    let server = Server::start(folder, &under)?;
    let mut client = Client::connect(&server.address).await?;
    let mut desk = Desk::new(7);
    for _ in 0..1_000 {
        desk.unanswered = Some(open());
        if !desk.settle(&mut client).await? {
            break;
        }
    }
    let silent = Instant::now();
    ensure!(desk.unanswered.is_some(), "every request was answered");
    ensure!(
        !desk.settle(&mut client).await?,
        "it answers after a failed sync"
    );
    let (status, said) = server.end()?;
    ensure!(
        silent.elapsed() < Duration::from_secs(5),
        "it did not stop in time"
    );
    ensure!(status.code() == Some(74), "{status:?} {said:?}");
    ensure!(
        said.iter().any(|line| line.contains("the store failed")),
        "{said:?}"
    );
    let trace = std::fs::read_to_string(trace)?;
    let (before, after) = trace.split_once("(INJECTED)").context("no sync failed")?;
    let syncs = before.matches("sync(").count();
    ensure!(syncs >= FAILS as usize, "{syncs} syncs");
    ensure!(!after.contains("sync("), "it went on writing: {after}");
    // A clean start: what was acknowledged is there, and the last request settles.
    let server = Server::start(folder, &[])?;
    let mut client = Client::connect(&server.address).await?;
    ensure!(desk.settle(&mut client).await?);
    server.kill()?;
    let store = Sqlite::open(&folder.join("heard.db"), new_identity)?;
    let mut stored = Vec::new();
    for (stream, entry) in store.scan(Position(0), 1_000).await? {
        if let StreamName::Case(_) = stream {
            ensure!(Entry::decode(&entry.bytes)?.revision.0 == 1);
            stored.push(entry.hash.to_string());
        }
    }
    let told = desk.ledger.iter().map(|entry| &entry.receipt.entry_sha256);
    ensure!(stored.iter().eq(told), "the ledger is not what is stored");
    Ok(())
}
