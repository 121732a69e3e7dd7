//! What is due: before commands, by the timekeeper, once, and also when things go wrong.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context as _, ensure};
use heard_engine::case::Event;
use heard_engine::case::event::DeadlineFired;
use heard_engine::code::Code;
use heard_engine::entry::{Entry, StreamName, request_hash};
use heard_engine::id::{CaseId, RequestId};
use heard_engine::time::Timestamp;
use heard_server::app::{App, Error};
use heard_server::clock::Clock as _;
use heard_server::store::Store;

use super::double::{Double, Fault};
use super::forged::{self, SECOND};
use super::world::{
    HandClock, Kind, START, WORKFLOW, World, at_once, boxed, expecting, history, note, request,
    soon, take, until,
};

/// Returns the firing that an entry is; none of any other.
pub fn firing(entry: &Entry) -> Option<&DeadlineFired> {
    match entry.events.first() {
        Some(Event::DeadlineFired(fired)) => Some(fired),
        _ => None,
    }
}

/// Returns when each firing of a case was recorded and where its mark stood, in seconds after
/// [`START`], having checked that each says who it was and by which request.
pub async fn firings(store: &dyn Store, case: CaseId) -> anyhow::Result<Vec<(i64, i64)>> {
    let principal = store.identity().principal;
    let mut firings = Vec::new();
    for entry in history(store, case).await? {
        let Some(fired) = firing(&entry) else {
            continue;
        };
        let (mark, rung) = (fired.mark.micros(), fired.rung);
        let id = RequestId::new(&format!("timer/{}/{rung}/{mark}", fired.number))?;
        ensure!(entry.request.id == request_hash(principal, &id));
        ensure!(entry.act == "fire" && entry.actor.role.as_str() == "timekeeper");
        ensure!(entry.actor.person.uuid().is_nil() && entry.actor.principal == principal);
        ensure!(entry.actor.via.as_deref() == Some("heard/timekeeper"));
        ensure!(
            entry.at >= fired.mark && entry.at >= fired.effective_at,
            "it fired early"
        );
        let seconds = |micros: i64| (micros - START) / SECOND;
        firings.push((seconds(entry.at.micros()), seconds(mark)));
    }
    Ok(firings)
}

/// What the clock of a world shows.
pub fn now(world: &World) -> Timestamp {
    world.clock.now()
}

/// Waits until nothing is due any more by the clock of a world.
pub async fn drained(world: &World) -> anyhow::Result<()> {
    let wait = async {
        while world.store.due_count(now(world), 1).await? > 0 {
            tokio::task::yield_now().await;
        }
        anyhow::Ok(())
    };
    soon("the last firing", wait).await?
}

/// Lets time go on until nothing is due any more.
async fn going_on(world: &World) -> anyhow::Result<()> {
    let wait = async {
        while world.store.due_count(now(world), 1).await? > 0 {
            world.clock.set(now(world).micros() + SECOND);
            tokio::task::yield_now().await;
        }
        anyhow::Ok(())
    };
    soon("the last firing", wait).await?
}

pub async fn what_is_due_goes_before_a_command_of_its_time_or_later(
    kind: Kind,
) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let marks = |_| vec![60, 60, 90, 120];
    let case = forged::cases(&*world.store, 0..1, marks).await?.remove(0);
    for (number, (seconds, fired)) in [(59, 0), (60, 2), (89, 2), (200, 4)]
        .into_iter()
        .enumerate()
    {
        world.clock.set(START + seconds * SECOND);
        let seen = world.app.case(case).await?.case.revision().0;
        let request = expecting(&number.to_string(), seen);
        let accepted = world.app.act(case, request, note("what is due?")).await?;
        let firings = firings(&*world.store, case).await?;
        ensure!(firings.len() == fired, "at {seconds}: {firings:?}");
        ensure!(accepted.receipt.revision.0 == 2 + number as u64 + fired as u64);
        ensure!(accepted.receipt.recorded_at.micros() == START + seconds * SECOND);
        ensure!(accepted.view.case.notes() == number as u32 + 1);
    }
    let expected = [(60, 60), (60, 60), (200, 90), (200, 120)];
    ensure!(firings(&*world.store, case).await? == expected);
    let entries = world.history(case).await?;
    let effects = entries.iter().filter_map(firing);
    let effects = effects.map(|fired| (fired.effective_at.micros() - START) / SECOND);
    // What comes late takes effect at its mark, but not before what took effect already.
    ensure!(effects.collect::<Vec<_>>() == [60, 60, 90, 120]);
    ensure!(
        world
            .store
            .case(case)
            .await?
            .context("its row")?
            .due_at
            .is_none()
    );
    Ok(())
}

pub async fn a_repeat_and_a_command_for_another_revision_fire_nothing(
    kind: Kind,
) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let case = forged::cases(&*world.store, 0..1, |_| vec![60])
        .await?
        .remove(0);
    let act = || world.app.act(case, request("one"), note("one"));
    act().await?;
    world.clock.set(START + 60 * SECOND);
    let repeat = act().await?;
    ensure!(repeat.receipt.repeated && repeat.receipt.revision.0 == 2);
    let stale = world.app.act(case, expecting("two", 1), note("two")).await;
    ensure!(matches!(stale, Err(Error::RevisionDiffers { current, .. }) if current.0 == 2));
    ensure!(firings(&*world.store, case).await?.is_empty());
    // A command that the rules refuse was one all the same.
    let refused = world
        .app
        .act(case, expecting("two", 2), take("finish"))
        .await;
    ensure!(matches!(refused, Err(Error::Refused(_))));
    ensure!(firings(&*world.store, case).await? == [(60, 60)]);
    Ok(())
}

pub async fn each_mark_fires_once_at_its_time_and_never_before(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let seconds = |number: u64| vec![number as i64 % 7, 10 + number as i64 % 11];
    let cases = forged::cases(&*world.store, 0..1_500, seconds).await?;
    world.app.keep_time().await?;
    for second in 0..22 {
        world.clock.set(START + second * SECOND);
        drained(&world).await?;
        let next = world.app.clock_state().await?.next_due;
        ensure!(next.is_none_or(|next| next.micros() > START + second * SECOND));
    }
    for (number, case) in cases.into_iter().enumerate() {
        let expected: Vec<_> = seconds(number as u64)
            .into_iter()
            .map(|at| (at, at))
            .collect();
        let fired = firings(&*world.store, case).await?;
        ensure!(fired == expected, "{number}: {fired:?}");
    }
    let text = world.app.metrics().render();
    ensure!(
        text.contains("heard_deadlines_fired_total{kind=\"clock\"} 3000"),
        "{text}"
    );
    ensure!(
        text.contains("heard_deadlines_lateness_seconds_count 3000"),
        "{text}"
    );
    world.app.stop().await?;
    Ok(())
}

pub async fn two_timekeepers_on_one_store_fire_each_mark_once(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let other = World {
        app: App::start(
            Arc::clone(&world.store),
            Arc::<HandClock>::clone(&world.clock),
        ),
        store: Arc::clone(&world.store),
        clock: Arc::clone(&world.clock),
        folder: None,
    };
    let cases = forged::cases(&*world.store, 0..300, |_| vec![1, 1, 2]).await?;
    world.app.keep_time().await?;
    other.app.keep_time().await?;
    world.clock.set(START + 2 * SECOND);
    // Whoever loses a race tries again after a while: time has to go on for that.
    going_on(&world).await?;
    for case in cases {
        let marks = firings(&*world.store, case).await?;
        let marks: Vec<i64> = marks.into_iter().map(|(_, mark)| mark).collect();
        ensure!(marks == [1, 1, 2], "{marks:?}");
    }
    Ok(())
}

pub async fn what_was_due_while_nobody_served_fires_once_after_the_start() -> anyhow::Result<()> {
    let mut world = World::new(Kind::Sqlite).await?;
    let cases = forged::cases(&*world.store, 0..40, |_| vec![10, 20, 30]).await?;
    for round in 0..3 {
        world = world.restarted(|_| Ok(())).await?;
        world.clock.set(START + (15 + 10 * round) * SECOND);
        world.app.keep_time().await?;
        drained(&world).await?;
    }
    for case in cases {
        let expected = [(15, 10), (25, 20), (35, 30)];
        ensure!(firings(&*world.store, case).await? == expected);
    }
    Ok(())
}

/// A world over a double with cases due at one second each.
async fn scripted(
    cases: u64,
    faults: &[Fault],
) -> anyhow::Result<(Arc<Double>, World, Vec<CaseId>)> {
    let double = Double::new([]);
    let world = World::over(Arc::<Double>::clone(&double));
    world.publish(WORKFLOW).await?;
    let cases = forged::cases(&*double, 0..cases, |_| vec![1]).await?;
    double.script(faults.iter().copied());
    Ok((double, world, cases))
}

pub async fn a_firing_whose_fate_is_unknown_is_not_doubled_after_a_restart() -> anyhow::Result<()> {
    for fault in [Fault::LostBefore, Fault::LostAfter, Fault::Short] {
        // So few that one batch holds them all, also just after commands.
        let (double, world, cases) = scripted(4, &[fault]).await?;
        world.clock.set(START + SECOND);
        world.app.keep_time().await?;
        soon("the failure", world.app.failed()).await?;
        let after = World::over(Arc::<Double>::clone(&double));
        after.clock.set(START + 5 * SECOND);
        after.app.keep_time().await?;
        drained(&after).await?;
        let recorded = if fault == Fault::LostBefore { 5 } else { 1 };
        for case in cases {
            ensure!(
                firings(&*double, case).await? == [(recorded, 1)],
                "{fault:?}"
            );
        }
    }
    Ok(())
}

pub async fn a_damaged_case_keeps_nobody_from_firing_and_is_tried_later() -> anyhow::Result<()> {
    let (double, world, cases) = scripted(3, &[]).await?;
    *double.damaged.lock().unwrap() = Some(StreamName::Case(cases[1]));
    world.clock.set(START + SECOND);
    world.app.keep_time().await?;
    let not_fired = || world.app.metrics().not_fired.get();
    for tries in 1..=8 {
        until("the failure", || not_fired() == tries).await?;
        // The others fired, and no time passes: it is not tried again.
        let due = || double.due_count(now(&world), 9);
        soon("the others", async {
            while due().await? > 1 {
                tokio::task::yield_now().await;
            }
            anyhow::Ok(())
        })
        .await??;
        let loads = double.loads.load(Ordering::Acquire);
        for number in 0..20 {
            world.act(cases[0], note(&number.to_string())).await?;
        }
        ensure!(not_fired() == tries && double.loads.load(Ordering::Acquire) == loads);
        // Each wait is twice the one before, to 64 seconds.
        let now = now(&world).micros();
        let wait = SECOND << (tries - 1).min(6);
        world.clock.set(now + wait - 1);
        world.act(cases[0], note("not yet")).await?;
        ensure!(not_fired() == tries, "{tries}");
        world.clock.set(now + wait);
    }
    until("the ninth", || not_fired() == 9).await?;
    *double.damaged.lock().unwrap() = None;
    let now = now(&world).micros();
    world.clock.set(now + 64 * SECOND);
    drained(&world).await?;
    for case in cases {
        ensure!(firings(&*double, case).await?.len() == 1);
    }
    Ok(())
}

pub async fn a_store_out_of_reach_is_tried_again_later() -> anyhow::Result<()> {
    let (double, world, cases) = scripted(700, &[Fault::DiskFull]).await?;
    world.clock.set(START + SECOND);
    let command = world
        .act(cases[0], note("before it, something is due"))
        .await;
    ensure!(command.is_err_and(|error| error.code() == Code::HS004));
    double.script([Fault::Busy]);
    world.app.keep_time().await?;
    until("the failure", || double.script_is_empty()).await?;
    let asked = double.asked();
    // No time passes: nothing is tried again.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
    }
    ensure!(double.asked() <= asked + 3, "it goes on trying");
    going_on(&world).await?;
    for case in cases {
        ensure!(firings(&*double, case).await?.len() == 1);
    }
    Ok(())
}

pub async fn an_id_of_a_firing_is_no_id_for_a_request() -> anyhow::Result<()> {
    let (_, world, cases) = scripted(1, &[]).await?;
    let answer = world
        .app
        .act(cases[0], request("timer/1/late/7"), note("mine"))
        .await;
    ensure!(answer.is_err_and(|error| error.code() == Code::HB001));
    let acts = (0..2).map(|_| boxed(world.app.act(cases[0], request("timer"), note("mine"))));
    let answers = at_once(acts).await;
    ensure!(answers.iter().all(Result::is_ok));
    Ok(())
}
