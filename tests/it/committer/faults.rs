//! A store that fails at each step: what is answered is what is in the store.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context as _, ensure};
use async_trait::async_trait;
use heard_engine::code::Code;
use heard_engine::entry::StreamName;
use heard_engine::id::CaseId;
use heard_engine::time::Timestamp;
use heard_server::app::{Accepted, App, Error, Failure};
use heard_server::clock::Clock;

use super::double::{Double, Fault, GUILTY};
use super::world::{
    WORKFLOW, World, at_once, begin, boxed, expecting, note, open, request, soon, take, tell, until,
};

async fn scripted(faults: &[Fault]) -> anyhow::Result<(Arc<Double>, World, CaseId)> {
    let double = Double::new([]);
    let world = World::over(Arc::<Double>::clone(&double));
    world.publish(WORKFLOW).await?;
    let case = world.open("open").await?;
    double.script(faults.iter().copied());
    Ok((double, world, case))
}

fn code(answer: Result<Accepted, Error>) -> Option<Code> {
    answer.err().map(|error| error.code())
}

pub async fn writes_go_on_when_a_probe_says_so() -> anyhow::Result<()> {
    for (fault, expected) in [(Fault::DiskFull, Code::HS004), (Fault::Busy, Code::HS005)] {
        let (double, world, case) = scripted(&[fault]).await?;
        double.probe_failures.store(2, Ordering::Release);
        let act = || world.app.act(case, request("one"), note("is there room?"));
        ensure!(code(act().await) == Some(expected));
        ensure!(double.probes.load(Ordering::Acquire) == 0);
        // What a probe says is what is told; nothing is appended until it succeeds.
        for probes in 1..=2 {
            ensure!(code(act().await) == Some(Code::HS004));
            ensure!(double.probes.load(Ordering::Acquire) == probes && double.asked() == 3);
            ensure!(world.app.case(case).await?.case.revision().0 == 1);
        }
        ensure!(!act().await?.receipt.repeated);
        ensure!(act().await?.receipt.repeated);
        world.act(case, note("there is")).await?;
        ensure!(double.probes.load(Ordering::Acquire) == 3 && double.asked() == 5);
        ensure!(world.history(case).await?.len() == 3);
    }
    Ok(())
}

pub async fn a_row_that_cannot_be_stored_costs_its_command_only() -> anyhow::Result<()> {
    let double = Double::with_gate();
    let world = World::over(Arc::<Double>::clone(&double));
    double.let_through(7);
    world.publish(WORKFLOW).await?;
    let mut cases = Vec::new();
    for number in 0..6 {
        cases.push(world.open(&format!("{number}")).await?);
    }
    // While the first is written, the others gather into one batch.
    let mut first = boxed(world.act(cases[0], note("first")));
    begin(&mut first).await?;
    until("the write", || double.asked() == 8).await?;
    let acts = (1..6).map(|number| {
        let words = if number == 3 { GUILTY } else { "innocent" };
        boxed(world.act(cases[number], note(words)))
    });
    let mut acts: Vec<_> = acts.collect();
    for act in &mut acts {
        begin(act).await?;
    }
    double.let_through(100);
    first.await?;
    for (number, answer) in (1..6).zip(soon("every answer", at_once(acts)).await?) {
        let expected = (number == 3).then_some(Code::HX002);
        ensure!(code(answer) == expected, "{number}");
        let entries = world.history(cases[number]).await?.len();
        ensure!(entries == if number == 3 { 1 } else { 2 });
    }
    // The case of the guilty one goes on.
    world.act(cases[3], note("innocent")).await?;
    Ok(())
}

pub async fn a_conflict_is_decided_afresh_three_times() -> anyhow::Result<()> {
    for conflicts in 0..=5 {
        let (double, world, case) = scripted(&vec![Fault::Conflict; conflicts]).await?;
        let answer = world.app.act(case, expecting("one", 1), take("go")).await;
        let asked = double.asked() - 2;
        if conflicts <= 3 {
            ensure!(answer?.receipt.revision.0 == 2 && asked == conflicts + 1);
        } else {
            ensure!(code(answer) == Some(Code::HS002) && asked == 4);
            ensure!(world.history(case).await?.len() == 1);
        }
        let opened = world.app.open(request("two"), open()).await?;
        ensure!(opened.receipt.revision.0 == 1);
    }
    Ok(())
}

pub async fn after_a_failed_sync_nobody_is_answered() -> anyhow::Result<()> {
    for fault in [Fault::LostBefore, Fault::LostAfter, Fault::Short] {
        let (double, world, case) = scripted(&[fault]).await?;
        let mut waiting = boxed(async {
            let acts = (0..5).map(|number| {
                boxed(
                    world
                        .app
                        .act(case, request(&number.to_string()), tell("wet")),
                )
            });
            at_once(acts).await
        });
        let failed = world.app.failed();
        let what = tokio::select! {
            _ = &mut waiting => anyhow::bail!("all were answered"),
            what = failed => what,
        };
        ensure!(what.to_string().contains("append"), "{what}");
        ensure!(matches!(what, Failure::Store { .. }), "{what:?}");
        // Neither those that waited nor any that come are answered, whatever the answer would be.
        let late = boxed(async {
            drop(world.app.act(case, request("late"), take("finish")).await);
        });
        let open = boxed(async { drop(world.app.open(request("open"), open()).await) });
        let waiting = boxed(async { drop(waiting.await) });
        for mut unanswered in [late, open, waiting] {
            for _ in 0..100 {
                begin(&mut unanswered).await?;
                tokio::task::yield_now().await;
            }
        }
        ensure!(soon("the end", world.app.stop()).await?.is_err());
        ensure!(soon("what failed", world.app.failed()).await? == what);
        // What comes after a restart is what the store says.
        let entries = world.history(case).await?.len();
        ensure!(entries == if fault == Fault::LostBefore { 1 } else { 2 });
        let after = World::over(Arc::<Double>::clone(&double));
        let repeat = after.app.act(case, request("0"), tell("wet")).await?;
        ensure!(repeat.receipt.repeated == (fault != Fault::LostBefore));
        ensure!(after.history(case).await?.len() == 2);
    }
    Ok(())
}

pub async fn a_history_that_cannot_be_read_now_can_be_read_later() -> anyhow::Result<()> {
    let (double, world, case) = scripted(&[]).await?;
    let cold = World::over(Arc::<Double>::clone(&double));
    double.load_failures.store(1, Ordering::Release);
    ensure!(code(cold.act(case, take("go")).await) == Some(Code::HS005));
    // The handler reads the case, the committer does too.
    double.load_failures.store(1, Ordering::Release);
    ensure!(code(cold.app.open(request("new"), open()).await) == Some(Code::HS005));
    ensure!(!cold.act(case, take("go")).await?.receipt.repeated);
    ensure!(
        !cold
            .app
            .open(request("new"), open())
            .await?
            .receipt
            .repeated
    );
    ensure!(world.history(case).await?.len() == 2);
    Ok(())
}

pub async fn a_damaged_history_costs_nobody_else_in_its_batch() -> anyhow::Result<()> {
    let double = Double::with_gate();
    let world = World::over(Arc::<Double>::clone(&double));
    double.let_through(4);
    world.publish(WORKFLOW).await?;
    let mut cases = Vec::new();
    for number in 0..3 {
        cases.push(world.open(&number.to_string()).await?);
    }
    let second = StreamName::Case(cases[1]);
    *double.damaged.lock().unwrap() = Some(second);
    let cold = World::over(Arc::<Double>::clone(&double));
    // One is written and one waits to be; until then nothing more is taken, and the repeats
    // gather into one batch.
    let mut before = Vec::new();
    for number in 0..2 {
        let open = cold.app.open(request(&format!("before {number}")), open());
        before.push(boxed(open));
        begin(&mut before[number]).await?;
        until("its turn", || {
            double.asked() == 5 && cold.app.metrics().queue_depth.get() == 0
        })
        .await?;
    }
    let repeats = (0..3).map(|n| boxed(cold.app.open(request(&n.to_string()), open())));
    let mut repeats: Vec<_> = repeats.collect();
    for repeat in &mut repeats {
        begin(repeat).await?;
    }
    double.let_through(2);
    let mut answers = soon("every answer", at_once(repeats)).await?.into_iter();
    for number in 0..3 {
        let answer = answers.next().context("an answer")?;
        if number == 1 {
            ensure!(code(answer) == Some(Code::HX001));
        } else {
            ensure!(answer?.receipt.repeated);
        }
    }
    for opened in soon("those before", at_once(before)).await? {
        ensure!(!opened?.receipt.repeated);
    }
    Ok(())
}

/// A clock that cannot tell the time stands for a fault of ours outside of a decision.
#[derive(Debug)]
struct NoClock;

#[async_trait]
impl Clock for NoClock {
    fn now(&self) -> Timestamp {
        panic!("no time")
    }

    async fn reached(&self, _: Timestamp) {
        std::future::pending().await
    }
}

pub async fn a_committer_that_ends_by_itself_is_a_failure() -> anyhow::Result<()> {
    let (double, world, case) = scripted(&[]).await?;
    let app = App::start(Arc::<Double>::clone(&double), Arc::new(NoClock));
    let act = || app.act(case, request("one"), note("what time is it?"));
    let mut waiting = boxed(act());
    let what = tokio::select! {
        answer = &mut waiting => anyhow::bail!("{answer:?}"),
        what = app.failed() => what,
    };
    ensure!(what.to_string().contains("has ended"), "{what}");
    ensure!(matches!(what, Failure::Bug { .. }), "{what:?}");
    begin(&mut waiting).await?;
    begin(&mut boxed(act())).await?;
    ensure!(soon("the end", app.stop()).await?.is_err());
    // Another application on the store is not touched by it.
    ensure!(
        !world
            .app
            .act(case, request("one"), note("nine"))
            .await?
            .receipt
            .repeated
    );
    Ok(())
}
