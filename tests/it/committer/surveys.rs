//! What a customer is sent stays within its limit, in many cases at once.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use anyhow::{Context as _, ensure};
use heard_engine::case::Event;
use heard_engine::case::command::{Open, Origin};
use heard_engine::id::{CaseId, CustomerId, WorkflowId};
use heard_server::app::{App, Entropy};
use heard_server::clock::VirtualClock;
use heard_server::store::Store;
use heard_server::store::memory::Memory;
use uuid::Uuid;

use super::double::{Double, Fault};
use super::due::{drained, now};
use super::forged::SECOND;
use super::world::{
    Kind, START, World, at_once, boxed, history, note, open, request, soon, take, until,
};
use crate::store_contract::make::at;

const HOUR: i64 = 3_600 * SECOND;
const DAY: i64 = 24 * HOUR;
/// When what is closed at the beginning has its survey due.
const DUE: i64 = START + HOUR;
const ASKING: &str = "\
heard: 1
workflow: asking
version: 1
title: Asking
model: custom
purpose: Whoever complained is asked how it was, but not too often.
owner: agent
roles:
  agent: {title: Agent}
start: sorry
steps:
  sorry:
    phase: [hear, apologize, resolve]
    title: Say sorry
    who: [agent]
    actions:
      finish: resolved
outcomes:
  resolved: {title: Resolved, counts_as: resolved}
surveys:
  how_was_it:
    after: 1 hour
    of: [resolved]
    at_most: 1 per customer in 30 days
    closes_after: 14 days
    questions: {satisfaction: {ask: How satisfied are you?, scale: 1-5}}
";

/// What became of the survey of a case, and the counts its entry says it was decided over.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Became {
    Sent(Vec<u32>),
    Skipped(Vec<u32>),
}

/// Opens a case of a customer; 0 is nobody who is known.
async fn opened(app: &App, number: usize, customer: u128) -> anyhow::Result<CaseId> {
    let customer = (customer != 0).then(|| CustomerId::new(Uuid::from_u128(customer)));
    let open = Open {
        origin: Origin::default(),
        customer,
        workflow: WorkflowId::new("asking")?,
        ..open()
    };
    let id = format!("open {number}");
    Ok(app.open(request(&id), open).await?.view.id)
}

/// Opens a case of each of these customers, and closes all of them.
async fn closed(app: &App, customers: &[u128]) -> anyhow::Result<Vec<CaseId>> {
    let mut cases = Vec::new();
    for (number, customer) in customers.iter().enumerate() {
        let case = opened(app, number, *customer).await?;
        app.act(case, request("finish"), take("finish")).await?;
        cases.push(case);
    }
    Ok(cases)
}

async fn became(store: &dyn Store, case: CaseId) -> anyhow::Result<Became> {
    let mut all = Vec::new();
    for entry in history(store, case).await? {
        let facts: Vec<u32> = entry.facts.surveyed.iter().map(|it| it.times).collect();
        let mut is_about = false;
        for event in &entry.events {
            match event {
                Event::SurveySent(_) => all.push(Became::Sent(facts.clone())),
                Event::SurveySkipped(_) => all.push(Became::Skipped(facts.clone())),
                _ => continue,
            }
            is_about = true;
        }
        ensure!(
            is_about || facts.is_empty(),
            "it reads what it does not need"
        );
    }
    ensure!(all.len() == 1, "{case}: {all:?}");
    all.pop().context("a survey")
}

/// Checks that each customer was sent one survey, and whoever is not known one for each case.
async fn one_each(store: &dyn Store, cases: &[CaseId], customers: &[u128]) -> anyhow::Result<()> {
    let mut asked = Vec::new();
    for (case, customer) in cases.iter().zip(customers) {
        match became(store, *case).await? {
            Became::Sent(facts) => {
                let known: &[u32] = if *customer == 0 { &[] } else { &[0] };
                ensure!(facts == known, "{facts:?}");
                ensure!(
                    *customer == 0 || !asked.contains(customer),
                    "{customer} twice"
                );
                asked.push(*customer);
            }
            Became::Skipped(facts) => ensure!(facts == [1] && *customer != 0, "{facts:?}"),
        }
    }
    for customer in customers {
        ensure!(asked.contains(customer), "{customer} was asked nothing");
    }
    Ok(())
}

async fn is_as_its_entries_say(app: &App) -> anyhow::Result<()> {
    let differences = app.rebuild(false).await?.differences;
    ensure!(differences.is_empty(), "{differences:?}");
    Ok(())
}

pub async fn of_two_at_one_instant_one_is_sent_and_one_skipped(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    world.publish(ASKING).await?;
    let cases = closed(&world.app, &[7, 7, 0, 0]).await?;
    world.app.keep_time().await?;
    world.clock.set(DUE);
    drained(&world).await?;
    // The first in the order of what is due is the one that is sent.
    let expected = [
        Became::Sent(vec![0]),
        Became::Skipped(vec![1]),
        Became::Sent(vec![]),
        Became::Sent(vec![]),
    ];
    for (case, expected) in cases.iter().zip(expected) {
        ensure!(became(&*world.store, *case).await? == expected);
    }
    is_as_its_entries_say(&world.app).await?;

    // A survey counts until a whole window has passed, and not at its end.
    let mut sent = Vec::new();
    for (number, due) in [(10, DUE + 30 * DAY - 1), (11, DUE + 30 * DAY)] {
        world.clock.set(due - HOUR);
        let case = opened(&world.app, number, 7).await?;
        world.act(case, take("finish")).await?;
        sent.push(case);
    }
    world.clock.set(DUE + 30 * DAY - 1);
    drained(&world).await?;
    world.clock.set(DUE + 30 * DAY);
    drained(&world).await?;
    ensure!(became(&*world.store, sent[0]).await? == Became::Skipped(vec![1]));
    ensure!(became(&*world.store, sent[1]).await? == Became::Sent(vec![0]));
    is_as_its_entries_say(&world.app).await?;
    ensure!(world.store.surveys(sent[1]).await?[0].sent_at == at(DUE + 30 * DAY));
    // Rows that were lost are found missing, and made again.
    if kind == Kind::Sqlite {
        let world = world
            .restarted(|db| db.execute("DELETE FROM survey", []).map(drop))
            .await?;
        ensure!(world.app.rebuild(true).await?.differences.len() == 2);
        is_as_its_entries_say(&world.app).await?;
        ensure!(world.store.surveys(cases[0]).await?.len() == 1);
    }
    Ok(())
}

/// Commands on half of the cases, for each of which its survey goes first, race the timekeeper.
pub async fn a_herd_of_cases_sends_each_customer_one(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    world.publish(ASKING).await?;
    let customers: Vec<u128> = (0..60).map(|number| number % 4).collect();
    let cases = closed(&world.app, &customers).await?;
    world.app.keep_time().await?;
    world.clock.set(DUE);
    let notes = cases
        .iter()
        .rev()
        .step_by(2)
        .map(|case| boxed(world.act(*case, note("how was it?"))));
    for answer in soon("every answer", at_once(notes)).await? {
        answer?;
    }
    drained(&world).await?;
    one_each(&*world.store, &cases, &customers).await?;
    is_as_its_entries_say(&world.app).await?;
    world.app.stop().await?;
    Ok(())
}

/// Makes an application over a double, with cases of customers whose surveys are due at [`DUE`].
async fn scripted(customers: &[u128]) -> anyhow::Result<(Arc<Double>, World, Vec<CaseId>)> {
    let double = Double::new([]);
    let world = World::over(Arc::<Double>::clone(&double));
    world.publish(ASKING).await?;
    let cases = closed(&world.app, customers).await?;
    Ok((double, world, cases))
}

pub async fn a_store_that_fails_sends_no_survey_twice() -> anyhow::Result<()> {
    let customers = [7, 8, 7, 0, 8, 7];
    for fault in [Fault::Conflict, Fault::Busy, Fault::DiskFull, Fault::Row] {
        let (double, world, cases) = scripted(&customers).await?;
        double.script([fault, Fault::None, fault]);
        double.survey_failures.store(1, Ordering::Release);
        world.app.keep_time().await?;
        world.clock.set(DUE);
        let wait = async {
            while world.store.due_count(now(&world), 1).await? > 0 {
                world.clock.set(now(&world).micros() + SECOND);
                tokio::task::yield_now().await;
            }
            anyhow::Ok(())
        };
        soon("the last firing", wait).await??;
        ensure!(double.script_is_empty(), "{fault:?} was not met");
        one_each(&*double, &cases, &customers).await?;
        is_as_its_entries_say(&world.app).await?;
    }
    // What is on disk is not known until the next start.
    for fault in [Fault::LostBefore, Fault::LostAfter, Fault::Short] {
        let (double, world, cases) = scripted(&customers).await?;
        double.script([Fault::None, fault]);
        world.app.keep_time().await?;
        world.clock.set(DUE);
        soon("the failure", world.app.failed()).await?;
        let after = World::over(Arc::<Double>::clone(&double));
        after.clock.set(DUE);
        after.app.keep_time().await?;
        drained(&after).await?;
        one_each(&*double, &cases, &customers).await?;
        is_as_its_entries_say(&after.app).await?;
    }
    Ok(())
}

/// The case of the second customer is the last of all, and is in the second batch at the latest:
/// those of the first, who wait for each other, take one batch each.
pub async fn customers_do_not_wait_for_each_other() -> anyhow::Result<()> {
    let double = Double::with_gate();
    let world = World::over(Arc::<Double>::clone(&double));
    let customers = [7, 7, 7, 7, 8];
    double.let_through(1 + 2 * customers.len());
    world.publish(ASKING).await?;
    let cases = closed(&world.app, &customers).await?;
    let before = double.asked();
    world.app.keep_time().await?;
    world.clock.set(DUE);
    until("the first batch", || double.asked() == before + 1).await?;
    let taken = || world.app.metrics().timers_waiting.get() == 3;
    until("those who wait", taken).await?;
    double.let_through(2);
    until("the third batch", || double.asked() == before + 3).await?;
    ensure!(became(&*double, cases[4]).await? == Became::Sent(vec![0]));
    ensure!(became(&*double, cases[3]).await.is_err(), "it did not wait");
    double.let_through(10);
    drained(&world).await?;
    one_each(&*double, &cases, &customers).await?;
    ensure!(became(&*double, cases[0]).await? == Became::Sent(vec![0]));
    Ok(())
}

/// Runs the surveys of some cases in virtual time, killed on the way. Returns what was sent.
async fn run(kills: &[usize]) -> anyhow::Result<Vec<Became>> {
    let customers: Vec<u128> = (0..24).map(|number| number % 5).collect();
    let entropy = Entropy::Seeded(7);
    let store: Arc<dyn Store> = Arc::new(Memory::new(entropy.identity(true)));
    let start = |micros| {
        let clock = Arc::new(VirtualClock::new(at(micros)));
        App::start_with(Arc::clone(&store), clock, Entropy::Seeded(7))
    };
    let app = start(START);
    app.publish(request("publish"), ASKING.into()).await?;
    let cases = closed(&app, &customers).await?;
    drop(app);
    for kill in kills {
        let app = start(START);
        let mut setting = boxed(app.set_clock(at(DUE)));
        for _ in 0..*kill {
            if super::world::begin(&mut setting).await.is_err() {
                break;
            }
            tokio::task::yield_now().await;
        }
    }
    start(START).set_clock(at(DUE)).await?;
    let mut all = Vec::new();
    for case in &cases {
        all.push(became(&*store, *case).await?);
    }
    one_each(&*store, &cases, &customers).await?;
    Ok(all)
}

pub async fn a_seed_sends_the_same_surveys_however_often_it_is_killed() -> anyhow::Result<()> {
    let whole = run(&[]).await?;
    for kills in [vec![3, 5], vec![1, 2, 4, 8], vec![7, 7, 7]] {
        ensure!(run(&kills).await? == whole, "{kills:?}");
    }
    Ok(())
}
