//! A clock that is set: each firing at its own time, and the same bytes again.

use std::sync::Arc;

use anyhow::ensure;
use heard_engine::code::Code;
use heard_engine::entry::StreamName;
use heard_engine::id::CaseId;
use heard_server::app::{App, Entropy, Error, Fired};
use heard_server::clock::VirtualClock;
use heard_server::config::Config;
use heard_server::run::open_to_serve;
use heard_server::store::memory::Memory;
use heard_server::store::{Store, StoredEntry};

use super::double::{Double, Fault};
use super::due::firings;
use super::forged::{self, SECOND};
use super::world::{
    Kind, START, WORKFLOW, World, begin, boxed, note, open, request, soon, take, tell, until,
};
use crate::store_contract::make::at;

/// Starts an application over a store with a virtual clock at a second after [`START`].
fn virtually(store: &Arc<dyn Store>, second: i64) -> App {
    let clock = VirtualClock::new(at(START + second * SECOND));
    App::start_with(Arc::clone(store), Arc::new(clock), Entropy::Seeded(7))
}

fn marks(number: u64) -> Vec<i64> {
    let first = 1 + number as i64 % 5;
    vec![first, first + 3, first + 7]
}

pub async fn a_clock_that_is_set_fires_each_mark_at_its_own_time(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let cases = forged::cases(&*world.store, 0..30, marks).await?;
    let app = virtually(&world.store, 0);
    app.keep_time().await?;
    let state = app.clock_state().await?;
    ensure!(state.is_virtual && state.next_due == Some(at(START + SECOND)));
    let mut all = 0;
    // By second 4 the first marks of 24 cases and the second ones of 6 have come.
    for (to, expected) in [(0, 0), (4, 30), (4, 0), (1_000, 60)] {
        let fired = app.set_clock(at(START + to * SECOND)).await?;
        ensure!(fired.failed == 0);
        all += fired.fired;
        let state = app.clock_state().await?;
        ensure!(state.now == at(START + to * SECOND) && state.due == 0);
        ensure!(fired.fired == expected, "{to}: {fired:?}");
    }
    ensure!(all == 90);
    for (number, case) in cases.into_iter().enumerate() {
        let expected: Vec<_> = marks(number as u64)
            .into_iter()
            .map(|at| (at, at))
            .collect();
        ensure!(firings(&*world.store, case).await? == expected, "{number}");
    }
    ensure!(app.clock_state().await?.next_due.is_none());
    Ok(())
}

/// Runs the marks of some cases in virtual time, killed at some seconds on the way.
async fn run(kills: &[i64]) -> anyhow::Result<Vec<Vec<StoredEntry>>> {
    let world = World::new(Kind::Memory).await?;
    let cases = forged::cases(&*world.store, 0..40, marks).await?;
    let mut begun = 0;
    for kill in kills {
        let app = virtually(&world.store, begun);
        app.keep_time().await?;
        // It is killed on the way: some of what is due by then has fired, some has not.
        let to = at(START + kill * SECOND);
        let mut setting = boxed(app.set_clock(to));
        for _ in 0..*kill {
            if begin(&mut setting).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
        drop(setting);
        begun = (app.clock_state().await?.now.micros() - START) / SECOND;
        drop(app);
    }
    let app = virtually(&world.store, begun);
    app.set_clock(at(START + 60 * SECOND)).await?;
    entries(&*world.store, cases).await
}

async fn entries(store: &dyn Store, cases: Vec<CaseId>) -> anyhow::Result<Vec<Vec<StoredEntry>>> {
    let streams: Vec<_> = cases.into_iter().map(StreamName::Case).collect();
    let mut loaded = store.load(&streams).await?;
    // Positions may differ: they say who of several was first.
    for entry in loaded.iter_mut().flatten() {
        entry.position.0 = 0;
    }
    Ok(loaded)
}

pub async fn bytes_do_not_depend_on_kills_in_between() -> anyhow::Result<()> {
    let whole = run(&[]).await?;
    ensure!(whole.iter().all(|entries| entries.len() == 4));
    for kills in [vec![6, 9], vec![5, 6, 7, 8, 9, 10, 11], vec![30]] {
        ensure!(run(&kills).await? == whole, "{kills:?}");
    }
    Ok(())
}

/// What a seed makes of a few requests: entries and sealed values.
async fn made(seed: u64) -> anyhow::Result<(Vec<Vec<StoredEntry>>, Vec<[u8; 32]>)> {
    let entropy = Entropy::Seeded(seed);
    let store: Arc<dyn Store> = Arc::new(Memory::new(entropy.identity(true)));
    let clock = Arc::new(VirtualClock::new(at(START)));
    let app = App::start_with(Arc::clone(&store), clock, entropy);
    app.publish(request("publish"), WORKFLOW.into()).await?;
    let case = app.open(request("open"), open()).await?.view.id;
    app.act(case, request("note"), note("it rains in")).await?;
    app.set_clock(at(START + SECOND)).await?;
    app.act(case, request("tell"), tell("the roof")).await?;
    app.act(case, request("go"), take("go")).await?;
    let sealed = app.reveal(case, None).await?;
    let salts = sealed.iter().map(|row| row.salt).collect();
    Ok((entries(&*store, vec![case]).await?, salts))
}

pub async fn a_seed_makes_the_same_entries_again() -> anyhow::Result<()> {
    let (entries, salts) = made(1).await?;
    ensure!(entries[0].len() == 4 && salts.len() == 3);
    ensure!(
        salts
            .iter()
            .all(|salt| salts.iter().filter(|other| *other == salt).count() == 1)
    );
    ensure!((entries.clone(), salts.clone()) == made(1).await?);
    let (others, other_salts) = made(2).await?;
    ensure!(entries != others && salts.iter().all(|salt| !other_salts.contains(salt)));
    Ok(())
}

pub async fn only_a_virtual_clock_is_set_and_only_forward() -> anyhow::Result<()> {
    let world = World::new(Kind::Memory).await?;
    let refused = world.app.set_clock(at(START + SECOND)).await;
    ensure!(matches!(refused, Err(Error::NotVirtual)));
    ensure!(!world.app.clock_state().await?.is_virtual);
    let app = virtually(&world.store, 10);
    app.set_clock(at(START + 20 * SECOND)).await?;
    app.set_clock(at(START + 20 * SECOND)).await?;
    let back = app.set_clock(at(START + 19 * SECOND)).await;
    ensure!(back.is_err_and(|error| error.code() == Code::HB001));
    ensure!(app.clock_state().await?.now == at(START + 20 * SECOND));
    // What is virtual is never held.
    ensure!(app.accept_clock().await?.is_none());
    Ok(())
}

pub async fn the_clock_stands_while_a_command_is_written() -> anyhow::Result<()> {
    let double = Double::with_gate();
    let store: Arc<dyn Store> = Arc::<Double>::clone(&double);
    double.let_through(2);
    World::over(Arc::clone(&store)).publish(WORKFLOW).await?;
    let case = forged::cases(&*store, 0..1, |_| vec![]).await?[0];
    let app = virtually(&store, 0);
    let asked = double.asked();
    let mut acting = boxed(app.act(case, request("one"), note("it takes its time")));
    begin(&mut acting).await?;
    until("the write", || double.asked() > asked).await?;
    let mut setting = boxed(app.set_clock(at(START + SECOND)));
    for _ in 0..1_000 {
        begin(&mut setting).await?;
        tokio::task::yield_now().await;
    }
    ensure!(app.now() == at(START));
    double.let_through(1);
    ensure!(acting.await?.receipt.recorded_at == at(START));
    setting.await?;
    ensure!(app.now() == at(START + SECOND));
    Ok(())
}

pub async fn a_clock_on_its_way_ends_when_the_server_stops() -> anyhow::Result<()> {
    let double = Double::with_gate();
    let store: Arc<dyn Store> = Arc::<Double>::clone(&double);
    double.let_through(2);
    World::over(Arc::clone(&store)).publish(WORKFLOW).await?;
    let case = forged::cases(&*store, 0..1, |_| vec![1, 2]).await?[0];
    let app = virtually(&store, 0);
    let asked = double.asked();
    let mut setting = boxed(app.set_clock(at(START + 9 * SECOND)));
    begin(&mut setting).await?;
    let written = until("the firing", || double.asked() > asked);
    tokio::select! {
        done = &mut setting => anyhow::bail!("{done:?}"),
        written = written => written?,
    }
    app.stop_keeping_time();
    double.let_through(9);
    let set = soon("the answer", setting).await?;
    ensure!(set.is_err_and(|error| error.code() == Code::HS007));
    ensure!(app.now() < at(START + 9 * SECOND));
    ensure!(firings(&*store, case).await? == [(1, 1)]);
    Ok(())
}

pub async fn what_could_not_be_written_is_fired_though_the_clock_stands() -> anyhow::Result<()> {
    let double = Double::new([]);
    let store: Arc<dyn Store> = Arc::<Double>::clone(&double);
    World::over(Arc::clone(&store)).publish(WORKFLOW).await?;
    let case = forged::cases(&*store, 0..1, |_| vec![0]).await?[0];
    let app = virtually(&store, 0);
    double.script([Fault::DiskFull]);
    app.keep_time().await?;
    let fired = async {
        while store.due_count(app.now(), 1).await? > 0 {
            tokio::task::yield_now().await;
        }
        anyhow::Ok(())
    };
    soon("the firing", fired).await??;
    ensure!(firings(&*store, case).await? == [(0, 0)]);
    Ok(())
}

pub async fn what_failed_is_tried_again_when_the_clock_is_set() -> anyhow::Result<()> {
    let double = Double::new([]);
    let store: Arc<dyn Store> = Arc::<Double>::clone(&double);
    World::over(Arc::clone(&store)).publish(WORKFLOW).await?;
    let cases = forged::cases(&*store, 0..3, |_| vec![1]).await?;
    let app = virtually(&store, 0);
    *double.damaged.lock().unwrap() = Some(StreamName::Case(cases[1]));
    for (fired, failed) in [(2, 1), (0, 1), (0, 1)] {
        let set = app.set_clock(at(START + SECOND)).await?;
        ensure!(set == Fired { fired, failed }, "{set:?}");
    }
    *double.damaged.lock().unwrap() = None;
    let (fired, failed) = (1, 0);
    ensure!(app.set_clock(at(START + SECOND)).await? == Fired { fired, failed });
    for case in cases {
        ensure!(firings(&*store, case).await? == [(1, 1)]);
    }
    Ok(())
}

pub async fn what_failed_is_tried_again_though_the_clock_stands() -> anyhow::Result<()> {
    let double = Double::new([]);
    let store: Arc<dyn Store> = Arc::<Double>::clone(&double);
    World::over(Arc::clone(&store)).publish(WORKFLOW).await?;
    let case = forged::cases(&*store, 0..1, |_| vec![0]).await?[0];
    let app = virtually(&store, 0);
    *double.damaged.lock().unwrap() = Some(StreamName::Case(case));
    app.keep_time().await?;
    until("the failure", || app.metrics().not_fired.get() == 1).await?;
    *double.damaged.lock().unwrap() = None;
    let fired = async {
        while store.due_count(app.now(), 1).await? > 0 {
            tokio::task::yield_now().await;
        }
        anyhow::Ok(())
    };
    soon("the firing", fired).await??;
    ensure!(firings(&*store, case).await? == [(0, 0)]);
    Ok(())
}

pub async fn a_clock_begins_no_earlier_than_the_newest_entry() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let config = Config {
        listen: ([127, 0, 0, 1], 0).into(),
        store: folder.path().join("heard.db"),
        workflows: folder.path().join("workflows"),
        staff: None,
        virtual_clock: Some(at(START)),
        seed: None,
    };
    let app = open_to_serve(&config).await?.app;
    app.set_clock(at(START + 9 * SECOND)).await?;
    app.publish(request("publish"), WORKFLOW.into()).await?;
    app.stop().await?;
    drop(app);
    for (asked, begins) in [(0, 9), (9, 9), (10, 10)] {
        let virtual_clock = Some(at(START + asked * SECOND));
        let config = Config {
            virtual_clock,
            ..config.clone()
        };
        let app = open_to_serve(&config).await?.app;
        ensure!(app.now() == at(START + begins * SECOND), "{asked}");
        app.stop().await?;
    }
    Ok(())
}
