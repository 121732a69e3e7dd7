//! Many callers, few cases: one wins, order is kept, nothing is missing.

use std::sync::Arc;

use anyhow::ensure;
use heard_engine::id::{CaseId, Revision};
use heard_server::app::Error;
use tokio::sync::Barrier;

use super::world::{Kind, World, at_once, boxed, expecting, note, request, soon, take};

const CASES: usize = 10;
const ROUNDS: usize = 100;
const TASKS: usize = 8;

/// 1,000 races: in each round all tasks advance all cases, each on the revision it saw.
pub async fn one_of_many_advances_on_a_revision_wins(kind: Kind) -> anyhow::Result<()> {
    let world = Arc::new(World::new(kind).await?);
    let mut cases = Vec::new();
    for case in 0..CASES {
        cases.push(world.open(&format!("case {case}")).await?);
    }
    let barrier = Arc::new(Barrier::new(TASKS));
    let racers = (0..TASKS).map(|task| {
        let (world, cases, barrier) = (Arc::clone(&world), cases.clone(), Arc::clone(&barrier));
        tokio::spawn(async move { race(&world, &cases, &barrier, task).await })
    });
    let racers: Vec<_> = racers.collect();
    let mut won = vec![[0; CASES]; ROUNDS];
    for racer in racers {
        for (round, case) in soon("the end of the races", racer).await??? {
            won[round][case] += 1;
        }
    }
    ensure!(won.iter().flatten().all(|winners| *winners == 1), "{won:?}");
    for case in cases {
        ensure!(world.history(case).await?.len() == 1 + ROUNDS);
    }
    Ok(())
}

/// Returns which races the task won, by round and case.
async fn race(
    world: &World,
    cases: &[CaseId],
    barrier: &Barrier,
    task: usize,
) -> anyhow::Result<Vec<(usize, usize)>> {
    let mut won = Vec::new();
    for round in 0..ROUNDS {
        barrier.wait().await;
        let seen = round as u64 + 1;
        for turn in 0..CASES {
            let case = (turn + task) % CASES;
            let request = expecting(&format!("{task} {round}"), seen);
            match world.app.act(cases[case], request, take("told")).await {
                Ok(accepted) => {
                    ensure!(accepted.receipt.revision.0 == seen + 1);
                    won.push((round, case));
                }
                Err(Error::RevisionDiffers { expected, current }) => {
                    ensure!(expected == Revision(seen) && current == Revision(seen + 1));
                }
                Err(error) => return Err(error.into()),
            }
        }
    }
    Ok(won)
}

/// Without a revision each means the case as it then is: all are accepted, in their order.
pub async fn commands_on_one_case_are_decided_in_their_order(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let [one, other] = [world.open("one").await?, world.open("other").await?];
    // More than a batch holds, so that some are put in line while others are under way.
    let commands = (0..900).map(|number| {
        let act = match number % 3 {
            0 => take("go"),
            1 => note("still here"),
            _ => take("back"),
        };
        let case = if number % 2 == 0 { one } else { other };
        let request = request(&format!("{number}"));
        boxed(world.app.act(case, request, act))
    });
    // Some go and some come back more often than they may: those are refused, which is no matter
    // of order; but who is accepted has the revision of its place among the accepted.
    let mut heads = [1, 1];
    for (number, answer) in at_once(commands).await.into_iter().enumerate() {
        match answer {
            Ok(accepted) => {
                heads[number % 2] += 1;
                ensure!(accepted.receipt.revision.0 == heads[number % 2], "{number}");
            }
            Err(Error::Refused(_)) => {}
            Err(error) => return Err(error.into()),
        }
    }
    ensure!(heads.iter().all(|head| *head > 150), "{heads:?}");
    ensure!(world.history(one).await?.len() == heads[0] as usize);
    ensure!(world.history(other).await?.len() == heads[1] as usize);
    Ok(())
}

/// Refused commands leave their line without a write; whoever waits behind them goes on.
pub async fn a_line_of_refused_commands_comes_to_its_end(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let case = world.open("open").await?;
    let commands = (0..600).map(|number| {
        let request = request(&format!("{number}"));
        boxed(world.app.act(case, request, take("finish")))
    });
    let answers = soon("every answer", at_once(commands)).await?;
    let refused = |answer: &Result<_, Error>| matches!(answer, Err(Error::Refused(_)));
    ensure!(answers.iter().all(refused));
    world.act(case, take("go")).await?;
    Ok(())
}
