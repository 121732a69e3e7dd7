//! A herd of deadlines: what those that are not due cost, and what is left for advances while all
//! are due at once. `cargo bench -p heard-tests --bench herd`.
//!
//! `HEARD_BENCH_HERD` says how many deadlines the herd has: 50,000 without it; the goal is of
//! 1,000,000, which take minutes and some gigabytes of the temporary folder. Everything is one
//! process over a SQLite file and a virtual clock. Absolute numbers are this machine's and this
//! minute's; read the ratios, each of one run.

#![allow(
    clippy::allow_attributes,
    missing_docs,
    clippy::pedantic,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::float_arithmetic,
    clippy::print_stdout,
    unreachable_pub,
    reason = "a benchmark that does not find what it measures is to stop there and say so; not \
              every one of these fires at all times, so they cannot be expected"
)]

#[path = "herd/clients.rs"]
mod clients;
#[path = "herd/drain.rs"]
mod drain;
#[path = "herd/made.rs"]
mod made;
#[path = "herd/pending.rs"]
mod pending;
#[path = "herd/process.rs"]
mod process;

use anyhow::{Context as _, ensure};
use made::Made;

/// How many deadlines are due at once, where nothing else is said.
const HERD: u64 = 50_000;
/// The herd beside which another is measured.
const SMALL: u64 = 10_000;

fn main() -> anyhow::Result<()> {
    // `cargo test --benches` builds and runs this too: nothing is measured there.
    if !std::env::args().any(|argument| argument == "--bench") {
        return Ok(());
    }
    let herd = match std::env::var("HEARD_BENCH_HERD") {
        Ok(herd) => herd
            .replace([',', '_'], "")
            .parse()
            .context("HEARD_BENCH_HERD is a number")?,
        Err(_) => HERD,
    };
    ensure!(herd >= SMALL, "HEARD_BENCH_HERD is at least {SMALL}");
    heard_tests::block_on(run(herd))
}

async fn run(herd: u64) -> anyhow::Result<()> {
    println!(
        "load of the machine at the beginning: {}\n\
         absolute numbers are this machine's and this minute's; read the ratios",
        process::load()?
    );
    let small = Made::new(SMALL).await?;
    let large = Made::new(herd).await?;
    pending::run(&small, &large).await?;
    drop(small);
    drain::run(&large).await
}

/// Returns the middle one.
fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
