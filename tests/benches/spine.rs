//! Durable advances through gRPC beside a no-op echo of the same messages, and the price of a
//! transition and of a decision beside a hand-written match. `cargo bench -p heard-tests`.
//!
//! The servers are processes of their own, so that their CPU and the bytes they write are theirs.
//! Absolute numbers are this machine's and this minute's; read the ratios. The medians are of
//! interleaved pairs. `--quick` takes one short pair each, to see that it runs.

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
    clippy::print_stderr,
    unreachable_pub,
    reason = "a benchmark that does not find what it measures is to stop there and say so; not \
              every one of these fires at all times, so they cannot be expected"
)]

#[path = "spine/echo.rs"]
mod echo;
#[path = "spine/engine.rs"]
mod engine;
#[path = "spine/load.rs"]
mod load;
#[path = "spine/process.rs"]
mod process;

use std::sync::Arc;
use std::time::Duration;

use load::{Load, Point};
use process::{Child, Usage};

#[global_allocator]
static ALLOCATOR: &stats_alloc::StatsAlloc<std::alloc::System> = &stats_alloc::INSTRUMENTED_SYSTEM;

/// How many clients ask at the same time.
const CLIENTS: [usize; 4] = [1, 16, 64, 256];

/// The least ratio of advances to echoes that `limits.md` asks for, by clients.
const GOALS: [(usize, f64); 2] = [(64, 0.45), (256, 0.50)];

fn main() -> anyhow::Result<()> {
    let arguments: Vec<String> = std::env::args().collect();
    match arguments.iter().map(String::as_str).collect::<Vec<_>>()[1..] {
        ["--echo", response] => return echo::serve(response),
        // `cargo test --benches` builds and runs this too: nothing is measured there.
        ["--test", ..] => return Ok(()),
        _ => {}
    }
    let is_quick = arguments.iter().any(|argument| argument == "--quick");
    engine::run(is_quick)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(over_the_wire(is_quick))
}

async fn over_the_wire(is_quick: bool) -> anyhow::Result<()> {
    let (pairs, window) = if is_quick {
        (1, Duration::from_millis(200))
    } else {
        (5, Duration::from_millis(1_000))
    };
    let folder = tempfile::TempDir::new()?;
    let heard = Child::heard(folder.path())?;
    let load = Arc::new(Load::prepare(&heard.address).await?);
    let response = folder.path().join("response.bin");
    std::fs::write(&response, load.response().await?)?;
    let echo = Child::echo(&response)?;
    println!(
        "\ndurable advance over gRPC beside a no-op echo ({} B request, {} B response, \
         {pairs} pairs of {window:?})",
        load.request_bytes(),
        std::fs::metadata(&response)?.len(),
    );
    println!(
        "{:>8} {:>10} {:>12} {:>7} {:>10} {:>10} {:>14} {:>14} {:>10} {:>9}",
        "clients",
        "echo/s",
        "advance/s",
        "ratio",
        "p50 µs",
        "p99 µs",
        "echo CPU µs",
        "advance CPU µs",
        "B/entry",
        "goal"
    );
    for clients in CLIENTS {
        let mut rows = Vec::new();
        for _ in 0..pairs {
            let echoed = measure(&load, &echo, clients, window).await?;
            let advanced = measure(&load, &heard, clients, window).await?;
            rows.push((echoed, advanced));
        }
        print_row(clients, &rows);
    }
    Ok(())
}

/// A window of load on one server.
struct Measured {
    point: Point,
    usage: Usage,
}

async fn measure(
    load: &Arc<Load>,
    server: &Child,
    clients: usize,
    window: Duration,
) -> anyhow::Result<Measured> {
    let before = server.usage()?;
    let point = load.run(&server.address, clients, window).await?;
    Ok(Measured {
        point,
        usage: server.usage()?.since(&before),
    })
}

fn print_row(clients: usize, rows: &[(Measured, Measured)]) {
    let of =
        |value: &dyn Fn(&(Measured, Measured)) -> f64| median(rows.iter().map(value).collect());
    let per = |total: f64, point: &Point| total / point.done.max(1) as f64;
    let ratio = of(&|(echo, heard)| heard.point.rate() / echo.point.rate());
    let goal = GOALS
        .iter()
        .find(|(at, _)| *at == clients)
        .map(|(_, goal)| *goal);
    let verdict = goal.map_or_else(
        || "-".to_owned(),
        |goal| format!("{goal:.2} {}", if ratio >= goal { "met" } else { "missed" }),
    );
    println!(
        "{clients:>8} {:>10.0} {:>12.0} {ratio:>7.2} {:>10.0} {:>10.0} {:>14.1} {:>14.1} \
         {:>10.0} {verdict:>9}",
        of(&|(echo, _)| echo.point.rate()),
        of(&|(_, heard)| heard.point.rate()),
        of(&|(_, heard)| heard.point.percentile(50)),
        of(&|(_, heard)| heard.point.percentile(99)),
        of(&|(echo, _)| per(echo.usage.cpu_micros, &echo.point)),
        of(&|(_, heard)| per(heard.usage.cpu_micros, &heard.point)),
        of(&|(_, heard)| per(heard.usage.bytes_written, &heard.point)),
    );
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}
