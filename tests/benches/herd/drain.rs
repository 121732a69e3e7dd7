//! What is left for advances while the herd is due, and how fast it is fired.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use heard_engine::id::{CaseId, Revision};
use heard_server::store::{CaseFilter, Cursor, PAGE_ROWS_MAX};

use super::clients::{CLIENTS, Clients, Point};
use super::made::{GROUP, GROUPS, Kind, Made, Opened, hour, number};
use super::process;

/// The least ratio of advances beside the herd to advances alone.
const GOAL: f64 = 0.5;
/// How long clients are measured alone.
const WINDOW: Duration = Duration::from_secs(4);
/// How long they go on before they are measured.
const WARM: Duration = Duration::from_secs(1);

/// Measures and prints advances alone, beside the herd, and alone again; then the herd alone.
pub async fn run(made: &Made) -> anyhow::Result<()> {
    let opened = made.open(GROUPS)?;
    opened.app.keep_time().await?;
    let cases: Arc<[CaseId]> = made.calm.clone().into();
    let next = Arc::new(AtomicUsize::new(0));
    let begin = || Clients::begin(&opened.app, &cases, &next);
    begin().end_after(WARM).await?;
    let before = begin().end_after(WINDOW).await?;
    let memory = process::memory()?;
    let load = process::load()?;

    let clients = begin();
    let (seconds, most) = drained(&opened, Kind::Herd, made.herd).await?;
    let beside = clients.end().await?;
    let after = begin().end_after(WINDOW).await?;
    let (alone, _) = drained(&opened, Kind::Rest, made.herd + made.rest()).await?;

    println!(
        "\n{} deadlines due at once, {CLIENTS} clients that advance other cases \
         (load of the machine: {load})",
        made.herd
    );
    println!(
        "{:<18} {:>10} {:>8} {:>8}",
        "", "advance/s", "p50 ms", "p99 ms"
    );
    for (what, point) in [
        ("alone, before", &before),
        ("beside the herd", &beside),
        ("alone, after", &after),
    ] {
        print(what, point);
    }
    let ratio = beside.rate() / f64::midpoint(before.rate(), after.rate());
    let verdict = if ratio >= GOAL { "met" } else { "missed" };
    println!("advances beside the herd ÷ alone: {ratio:.2} (goal ≥ {GOAL:.2} {verdict})");
    let rate = made.herd as f64 / seconds;
    let rate_alone = made.rest() as f64 / alone;
    println!(
        "fired: {rate:.0}/s beside the clients, {rate_alone:.0}/s alone, ratio {:.2}; the herd \
         was gone in {seconds:.1} s",
        rate / rate_alone
    );
    println!(
        "memory: {memory:.0} MB before the herd, {most:.0} MB at most while it fired, of which \
         the answer times of the clients are {:.0} MB",
        beside.bytes() / 1_048_576.0
    );
    once_each(made, &opened).await?;
    opened.app.stop().await?;
    Ok(())
}

fn print(what: &str, point: &Point) {
    println!(
        "{what:<18} {:>10.0} {:>8.1} {:>8.1}",
        point.rate(),
        point.percentile(50),
        point.percentile(99)
    );
}

/// Lets a part become due. Returns the seconds until so many have fired in all, and the most
/// memory that was used meanwhile, in MB.
async fn drained(opened: &Opened, kind: Kind, fired: u64) -> anyhow::Result<(f64, f64)> {
    let begun = Instant::now();
    let mut most: f64 = 0.0;
    opened.clock.set(hour(kind.hour().context("they are due")?));
    while opened.fired() < fired {
        tokio::time::sleep(Duration::from_millis(5)).await;
        most = most.max(process::memory()?);
    }
    Ok((begun.elapsed().as_secs_f64(), most))
}

/// Checks that every deadline fired exactly once: its case has one entry more, nothing is due of
/// it, and as many were counted.
async fn once_each(made: &Made, opened: &Opened) -> anyhow::Result<()> {
    let mut counted = 0;
    let mut after = Cursor::default();
    loop {
        let filter = CaseFilter::default();
        let page = opened.store.cases(&filter, after, PAGE_ROWS_MAX).await?;
        for row in &page.rows {
            let number = number(row.case);
            if made.kind(number) != Kind::Calm {
                let is_once = row.revision == Revision(2) && row.due_at.is_none();
                ensure!(is_once, "{} fired otherwise than once: {row:?}", row.case);
                counted += 1;
            }
        }
        let Some(next) = page.next else { break };
        after = next;
    }
    let expected = GROUPS * GROUP + made.herd + made.rest();
    ensure!(counted == expected, "{counted} cases of {expected}");
    let fired = opened.fired();
    ensure!(fired == made.herd + made.rest(), "{fired} firings");
    println!("each of {expected} deadlines fired exactly once");
    Ok(())
}
