//! Many deadlines due at once, and commands that are not kept waiting by them.

use std::sync::Arc;

use anyhow::ensure;

use super::double::Double;
use super::due::{drained, firings};
use super::forged::{self, SECOND};
use super::world::{START, WORKFLOW, World, at_once, begin, boxed, note, soon, until};

/// The most of a batch, and how many commands earn a timer its place in it.
const BATCH: usize = 512;
const COMMANDS_A_FIRING: usize = 5;

async fn gated(cases: u64) -> anyhow::Result<(Arc<Double>, World)> {
    let double = Double::with_gate();
    let world = World::over(Arc::<Double>::clone(&double));
    double.let_through(1 + (cases as usize).div_ceil(500));
    world.publish(WORKFLOW).await?;
    forged::cases(&*double, 0..cases, |_| vec![1]).await?;
    double.batches.lock().unwrap().clear();
    world.clock.set(START + SECOND);
    Ok((double, world))
}

pub async fn commands_keep_five_sixths_of_each_batch() -> anyhow::Result<()> {
    let (double, world) = gated(4_000).await?;
    // These are not due for a long while.
    let calm = forged::cases_beside(&double, 5_000..5_900).await?;
    world.app.keep_time().await?;
    // One batch is being written and one waits; more timers gather behind them than commands
    // will leave behind.
    let waiting = || world.app.metrics().timers_waiting.get() > 900;
    until("the herd", || {
        double.batches.lock().unwrap().len() == 1 && waiting()
    })
    .await?;
    let acts = calm
        .iter()
        .map(|case| boxed(world.act(*case, note("let me through"))));
    let mut acts: Vec<_> = acts.collect();
    for act in &mut acts {
        begin(act).await?;
    }
    double.let_through(1_000);
    for accepted in soon("every answer", at_once(acts)).await? {
        accepted?;
    }
    drained(&world).await?;
    let batches = double.batches.lock().unwrap().clone();
    ensure!(batches.iter().map(|(firings, _)| firings).sum::<usize>() == 4_000);
    ensure!(batches.iter().map(|(_, commands)| commands).sum::<usize>() == 900);
    for (firings, commands) in &batches {
        ensure!(firings + commands <= BATCH, "{batches:?}");
        // Fewer than earn one may be left over from the batch before.
        let earned = commands.div_ceil(COMMANDS_A_FIRING);
        ensure!(*commands == 0 || *firings <= earned, "{batches:?}");
    }
    // While none waited the herd had all of a batch; while many did, they had five sixths.
    ensure!(batches.contains(&(BATCH, 0)), "{batches:?}");
    let is_full = |&(firings, commands): &(usize, usize)| {
        let is_share = firings * (COMMANDS_A_FIRING + 1) >= BATCH - COMMANDS_A_FIRING;
        commands > 0 && firings + commands == BATCH && is_share
    };
    ensure!(batches.iter().any(is_full), "{batches:?}");
    let with_commands = batches.iter().filter(|(_, commands)| *commands > 0);
    ensure!(with_commands.count() <= 4, "{batches:?}");
    for number in 0..4_000 {
        let case = crate::store_contract::make::case_id(number);
        ensure!(firings(&*double, case).await? == [(1, 1)]);
    }
    Ok(())
}

pub async fn a_command_is_not_kept_behind_the_timer_of_its_case() -> anyhow::Result<()> {
    let (double, world) = gated(1_900).await?;
    world.app.keep_time().await?;
    let waiting = || world.app.metrics().timers_waiting.get() > 800;
    until("the herd", || {
        double.batches.lock().unwrap().len() == 1 && waiting()
    })
    .await?;
    // This one is the last of those that wait for their timer.
    let last = crate::store_contract::make::case_id(1_800);
    let mut act = boxed(world.act(last, note("I am here")));
    begin(&mut act).await?;
    // The batch being written, the one that waits, its firing, itself.
    double.let_through(4);
    let accepted = soon("the command", act).await??;
    ensure!(accepted.receipt.revision.0 == 3);
    ensure!(firings(&*double, last).await? == [(1, 1)]);
    double.let_through(1_000);
    drained(&world).await?;
    for number in 0..1_900 {
        let case = crate::store_contract::make::case_id(number);
        ensure!(firings(&*double, case).await? == [(1, 1)]);
    }
    Ok(())
}
