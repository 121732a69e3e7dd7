//! Time that is held: after a leap of the clock, after a long absence, until it is accepted.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::ensure;
use heard_engine::code::Code;
use heard_engine::id::CaseId;
use heard_server::app::{Accepted, Error, Held};
use heard_server::store::Store as _;

use super::double::Double;
use super::due::{drained, firings};
use super::forged::{self, SECOND};
use super::world::{Kind, START, WORKFLOW, World, note, open, request, soon};

const DAY: i64 = 24 * 60 * 60 * SECOND;

fn is_held(answer: Result<Accepted, Error>) -> bool {
    answer.is_err_and(|error| error.code() == Code::HS010)
}

/// A world whose clock has a steady one beside it.
async fn steady() -> anyhow::Result<World> {
    let world = World::new(Kind::Memory).await?;
    world.clock.set_steady(0);
    world.open("the clocks are seen to agree").await?;
    Ok(world)
}

fn gauge(world: &World) -> i64 {
    world.app.metrics().time_held.get()
}

pub async fn a_leap_of_the_clock_holds_what_is_due_and_nothing_else() -> anyhow::Result<()> {
    let world = steady().await?;
    let due = forged::cases(&*world.store, 0..50, |_| vec![30, 90]).await?;
    let calm = forged::cases(&*world.store, 50..51, |_| vec![1_000_000]).await?[0];
    world.app.keep_time().await?;
    // Half a minute on its own is no leap.
    world.clock.set(START + 30 * SECOND);
    drained(&world).await?;
    ensure!(gauge(&world) == 0 && world.app.clock_state().await?.held.is_none());
    world.clock.set(START + 90 * SECOND);
    let state = world.app.clock_state().await?;
    let by_micros = 90 * SECOND;
    ensure!(
        state.held == Some(Held::Leapt { by_micros }) && state.due == 50,
        "{state:?}"
    );
    ensure!(gauge(&world) == 1);
    ensure!(is_held(world.act(due[0], note("mine is due")).await));
    world.act(calm, note("mine is not")).await?;
    world.app.open(request("new"), open()).await?;
    // Coming back to where it should be does not let it go; nothing is due there.
    world.clock.set(START + 30 * SECOND);
    world.act(due[0], note("nothing is due")).await?;
    ensure!(world.app.clock_state().await?.held.is_some());
    world.clock.set(START + 90 * SECOND);
    for case in &due {
        ensure!(firings(&*world.store, *case).await? == [(30, 30)]);
    }
    ensure!(world.app.accept_clock().await? == Some(Held::Leapt { by_micros }));
    ensure!(world.app.accept_clock().await?.is_none() && gauge(&world) == 0);
    drained(&world).await?;
    for case in &due {
        ensure!(firings(&*world.store, *case).await? == [(30, 30), (90, 90)]);
    }
    world.act(due[0], note("again")).await?;
    Ok(())
}

pub async fn nothing_is_written_while_the_clock_stands_a_day_ahead() -> anyhow::Result<()> {
    let world = steady().await?;
    let calm = forged::cases(&*world.store, 0..1, |_| vec![]).await?[0];
    let act = |id: &str| world.app.act(calm, request(id), note("what year is it?"));
    act("one").await?;
    world.clock.set(START + 3_650 * DAY);
    ensure!(is_held(act("two").await));
    ensure!(is_held(world.app.open(request("new"), open()).await));
    // What was done is told, and the rules are.
    ensure!(act("one").await?.receipt.repeated);
    ensure!(world.app.case(calm).await?.case.revision().0 == 2);
    world.clock.set(START + DAY);
    act("two").await?;
    world.clock.set(START + 3_650 * DAY);
    ensure!(is_held(act("three").await));
    world.app.accept_clock().await?;
    ensure!(act("three").await?.receipt.recorded_at.micros() == START + 3_650 * DAY);
    Ok(())
}

pub async fn a_long_absence_with_much_due_holds_time() -> anyhow::Result<()> {
    for (cases, away, holds) in [
        (1_000, 400 * DAY, false),
        (1_001, DAY, false),
        (1_001, DAY + SECOND, true),
    ] {
        let first = World::new(Kind::Memory).await?;
        let due = forged::cases(&*first.store, 0..cases, |_| vec![60]).await?;
        let world = World::over(Arc::clone(&first.store));
        world.clock.set_steady(0);
        world.clock.set(START + away);
        world.app.look_back().await?;
        // What the server itself writes at its start does not end its absence.
        world.publish(WORKFLOW).await?;
        world.app.keep_time().await?;
        ensure!(
            world.app.clock_state().await?.held.is_some() == holds,
            "{cases} {away}"
        );
        if holds {
            ensure!(is_held(world.act(due[7], note("mine is due")).await));
            ensure!(
                world
                    .store
                    .due_count(super::due::now(&world), 2_000)
                    .await?
                    == 1_001
            );
            let held = world.app.accept_clock().await?;
            ensure!(
                matches!(held, Some(Held::Away { since: Some(since), due: 1_001 })
                if since.micros() == START),
                "{held:?}"
            );
        }
        drained(&world).await?;
        for case in due {
            ensure!(firings(&*world.store, case).await?.len() == 1);
        }
    }
    Ok(())
}

/// A world that stands at an instant over the store of another, as after a kill.
async fn later(world: &World, micros: i64) -> anyhow::Result<World> {
    let later = World::over(Arc::clone(&world.store));
    later.clock.set_steady(0);
    later.clock.set(micros);
    later.app.look_back().await?;
    later.app.keep_time().await?;
    Ok(later)
}

async fn have_fired(world: &World, cases: &[CaseId], times: usize) -> anyhow::Result<()> {
    for case in cases {
        ensure!(firings(&*world.store, *case).await?.len() == times);
    }
    Ok(())
}

pub async fn a_hold_outlives_a_restart_until_it_is_accepted() -> anyhow::Result<()> {
    let first = steady().await?;
    let due = forged::cases(&*first.store, 0..50, |_| vec![90]).await?;
    let calm = forged::cases(&*first.store, 50..51, |_| vec![1_000_000]).await?[0];
    first.clock.set(START + 90 * SECOND);
    first.act(calm, note("mine is not due")).await?;
    let by_micros = 90 * SECOND;
    for seconds in [90, 95] {
        let held = later(&first, START + seconds * SECOND).await?;
        ensure!(held.app.clock_state().await?.held == Some(Held::Leapt { by_micros }));
        ensure!(gauge(&held) == 1);
        ensure!(is_held(held.act(due[0], note("mine is due")).await));
        held.act(calm, note("mine is not")).await?;
        have_fired(&held, &due, 0).await?;
    }
    let held = later(&first, START + 99 * SECOND).await?;
    ensure!(held.app.accept_clock().await? == Some(Held::Leapt { by_micros }));
    drained(&held).await?;
    have_fired(&held, &due, 1).await?;
    let after = later(&first, START + 100 * SECOND).await?;
    ensure!(after.app.clock_state().await?.held.is_none() && gauge(&after) == 0);
    after.act(due[0], note("again")).await?;
    Ok(())
}

pub async fn a_clock_that_stands_years_ahead_is_not_right_after_a_restart() -> anyhow::Result<()> {
    let first = steady().await?;
    let calm = forged::cases(&*first.store, 0..1, |_| vec![]).await?[0];
    first.clock.set(START + 3_650 * DAY);
    ensure!(is_held(first.act(calm, note("what year is it?")).await));
    let ahead = later(&first, START + 3_651 * DAY).await?;
    ensure!(is_held(ahead.act(calm, note("what year is it?")).await));
    ensure!(ahead.history(calm).await?.len() == 1);
    let right = later(&first, START + DAY).await?;
    right.act(calm, note("that is better")).await?;
    ensure!(right.app.held().is_some());
    Ok(())
}

pub async fn a_hold_is_kept_though_nobody_calls() -> anyhow::Result<()> {
    let world = steady().await?;
    let due = forged::cases(&*world.store, 0..1, |_| vec![90]).await?;
    world.app.keep_time().await?;
    world.clock.set(START + 90 * SECOND);
    let kept = async {
        while world.store.hold().await?.is_none() {
            tokio::task::yield_now().await;
        }
        anyhow::Ok(())
    };
    soon("the hold", kept).await??;
    have_fired(&world, &due, 0).await
}

pub async fn nothing_is_written_under_a_hold_that_cannot_be() -> anyhow::Result<()> {
    let double = Double::new([]);
    let world = World::over(Arc::<Double>::clone(&double));
    world.publish(WORKFLOW).await?;
    world.clock.set_steady(0);
    world.open("the clocks are seen to agree").await?;
    let calm = forged::cases(&*double, 0..1, |_| vec![]).await?[0];
    let act = |id: &str| world.app.act(calm, request(id), note("is there room?"));
    act("one").await?;
    double.hold_failures.store(usize::MAX, Ordering::Release);
    world.clock.set(START + 90 * SECOND);
    for _ in 0..3 {
        ensure!(is_held(act("two").await));
    }
    ensure!(act("one").await?.receipt.repeated);
    ensure!(world.app.clock_state().await?.held.is_some());
    ensure!(world.history(calm).await?.len() == 2 && world.store.hold().await?.is_none());
    // There is room again: the hold comes first.
    double.hold_failures.store(0, Ordering::Release);
    act("two").await?;
    let kept = world.store.hold().await?;
    ensure!(kept.is_some() && world.history(calm).await?.len() == 3);
    // What cannot be written is not accepted either.
    double.hold_failures.store(1, Ordering::Release);
    let accepted = world.app.accept_clock().await;
    ensure!(accepted.is_err_and(|error| error.code() == Code::HS004));
    ensure!(world.app.held().is_some() && world.store.hold().await? == kept);
    ensure!(world.app.accept_clock().await?.is_some());
    ensure!(world.app.held().is_none() && world.store.hold().await?.is_none());
    Ok(())
}

pub async fn a_server_that_ends_tries_once_more_to_keep_its_hold() -> anyhow::Result<()> {
    let double = Double::new([]);
    let World { app, clock, .. } = World::over(Arc::<Double>::clone(&double));
    clock.set_steady(0);
    ensure!(app.clock_state().await?.held.is_none());
    clock.set(START + 90 * SECOND);
    double.hold_failures.store(1, Ordering::Release);
    ensure!(app.clock_state().await?.held.is_some() && double.hold().await?.is_none());
    drop(app);
    is_kept(&double).await
}

pub async fn a_leap_that_nobody_saw_is_kept_when_the_server_ends() -> anyhow::Result<()> {
    let double = Double::new([]);
    let World { app, clock, .. } = World::over(Arc::<Double>::clone(&double));
    clock.set_steady(0);
    ensure!(app.clock_state().await?.held.is_none());
    clock.set(START + 90 * SECOND);
    drop(app);
    is_kept(&double).await
}

/// Waits until a hold is kept.
async fn is_kept(double: &Double) -> anyhow::Result<()> {
    let kept = async {
        while double.hold().await?.is_none() {
            tokio::task::yield_now().await;
        }
        anyhow::Ok(())
    };
    soon("the hold", kept).await?
}
