//! What it costs to start and to claim where few deadlines are due of many that are pending.

use std::future::Future;
use std::time::Instant;

use anyhow::ensure;
use heard_server::store::PAGE_ROWS_MAX;

use super::clients::told_more;
use super::made::{GROUP, GROUPS, Made, hour, request};
use super::{median, process};

/// The most that a store with the large herd may cost beside one with the small herd. Of a B-tree
/// of a hundred times the rows every search reads a page or two more, and nothing else does.
const GOAL: f64 = 2.0;

/// Pages read and milliseconds.
#[derive(Debug, Clone, Copy)]
struct Cost {
    pages: f64,
    millis: f64,
}

/// Picks a cost out of a round.
type Pick = fn(&Round) -> Cost;

/// What is measured of a store once.
struct Round {
    start: Cost,
    claim: Cost,
    fire: Cost,
}

/// Measures both stores in turn and prints what the large one costs beside the small one.
pub async fn run(small: &Made, large: &Made) -> anyhow::Result<()> {
    let mut rounds = Vec::new();
    for group in 0..GROUPS {
        rounds.push((round(small, group).await?, round(large, group).await?));
    }
    println!(
        "\n{} pending deadlines beside {}, {GROUP} of them due ({GROUPS} rounds in turn, medians)",
        large.pending(),
        small.pending()
    );
    println!(
        "{:<34} {:>9} {:>9} {:>6} {:>9} {:>9} {:>6} {:>13}",
        "", "pages", "pages", "ratio", "ms", "ms", "ratio", "goal"
    );
    let rows: [(&str, Pick); 3] = [
        ("start to the first advance", |round| round.start),
        ("claim of what is due, newly opened", |round| round.claim),
        ("firing of what is due", |round| round.fire),
    ];
    for (what, cost) in rows {
        let of =
            |value: &dyn Fn(&(Round, Round)) -> f64| median(rounds.iter().map(value).collect());
        let pages = of(&|(small, large)| cost(large).pages / cost(small).pages);
        let verdict = if pages <= GOAL { "met" } else { "missed" };
        println!(
            "{what:<34} {:>9.0} {:>9.0} {pages:>6.2} {:>9.1} {:>9.1} {:>6.2} {:>13}",
            of(&|(small, _)| cost(small).pages),
            of(&|(_, large)| cost(large).pages),
            of(&|(small, _)| cost(small).millis),
            of(&|(_, large)| cost(large).millis),
            of(&|(small, large)| cost(large).millis / cost(small).millis),
            format!("≤ {GOAL:.2} {verdict}"),
        );
    }
    Ok(())
}

async fn round(made: &Made, group: u64) -> anyhow::Result<Round> {
    // Nothing of this group is due yet.
    let (start, opened) = cost(async {
        let opened = made.open(group)?;
        opened.app.keep_time().await?;
        opened.app.clock_state().await?;
        let act = opened.app.act(made.calm[0], request()?, told_more()?);
        act.await?;
        Ok(opened)
    })
    .await?;
    opened.app.stop().await?;
    drop(opened);

    let opened = made.open(group)?;
    let (claim, rows) = cost(async {
        let rows = opened.store.due(hour(group + 1), None, PAGE_ROWS_MAX);
        Ok(rows.await?)
    })
    .await?;
    ensure!(rows.len() as u64 == GROUP, "{} are due", rows.len());
    opened.app.keep_time().await?;
    let (fire, ()) = cost(async {
        opened.clock.set(hour(group + 1));
        opened.until_fired(GROUP).await;
        Ok(())
    })
    .await?;
    opened.app.stop().await?;
    Ok(Round { start, claim, fire })
}

async fn cost<T>(work: impl Future<Output = anyhow::Result<T>>) -> anyhow::Result<(Cost, T)> {
    let (pages, begun) = (process::pages_read()?, Instant::now());
    let done = work.await?;
    let cost = Cost {
        millis: begun.elapsed().as_secs_f64() * 1_000.0,
        pages: process::pages_read()? - pages,
    };
    Ok((cost, done))
}
