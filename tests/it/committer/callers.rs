//! Callers who go away, come too late, or are too many; and the end of the application.

use std::sync::Arc;
use std::time::Instant;

use anyhow::{Context as _, ensure};
use heard_engine::id::CaseId;
use heard_engine::value::Value;
use heard_server::app::{Error, OPENS_UNDER_WAY_MAX, Request};
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{CaseFilter, Cursor};

use super::double::Double;
use super::world::{
    Kind, START, WORKFLOW, World, at_once, begin, boxed, note, open, request, soon, take, tell,
    until,
};
use crate::store_contract::make;

/// How many commands may wait, as the architecture has it.
const QUEUE: usize = 1_024;

/// A world over a store with a gate, and a case in it.
async fn gated() -> anyhow::Result<(Arc<Double>, World, CaseId)> {
    let double = Double::with_gate();
    let world = World::over(Arc::<Double>::clone(&double));
    double.let_through(2);
    world.publish(WORKFLOW).await?;
    let case = world.open("open").await?;
    Ok((double, world, case))
}

pub async fn a_caller_who_goes_before_it_is_taken_changes_nothing() -> anyhow::Result<()> {
    let (double, world, case) = gated().await?;
    let mut first = boxed(world.act(case, tell("first")));
    begin(&mut first).await?;
    until("the first write", || double.asked() == 3).await?;
    // It waits in line for the case, which is claimed.
    let mut second = boxed(world.act(case, tell("second")));
    begin(&mut second).await?;
    drop(second);
    double.let_through(2);
    soon("the first", first).await??;
    soon("the third", world.act(case, tell("third"))).await??;
    ensure!(world.history(case).await?.len() == 3);
    ensure!(double.asked() == 4);
    Ok(())
}

pub async fn a_caller_who_goes_while_it_is_written_changes_all_of_it() -> anyhow::Result<()> {
    let (double, world, case) = gated().await?;
    let mut first = boxed(world.app.act(case, request("first"), tell("first")));
    begin(&mut first).await?;
    until("the write", || double.asked() == 3).await?;
    drop(first);
    let next = world.app.act(case, request("next"), take("go"));
    let mut next = boxed(next);
    begin(&mut next).await?;
    double.let_through(2);
    let next = soon("the next", next).await??;
    ensure!(next.receipt.revision.0 == 3);
    let story = heard_engine::id::FieldName::new("story")?;
    ensure!(next.view.case.answers().contains_key(&story));
    let again = world.app.act(case, request("first"), tell("first")).await?;
    ensure!(again.receipt.repeated && again.receipt.revision.0 == 2);
    ensure!(world.history(case).await?.len() == 3);
    Ok(())
}

pub async fn a_command_whose_deadline_has_passed_is_dropped() -> anyhow::Result<()> {
    let (double, world, case) = gated().await?;
    let late = |id: &str| Request {
        deadline: Some(Instant::now()),
        ..request(id)
    };
    let passed = world.app.act(case, late("late"), tell("late"));
    let passed = soon("the answer", passed).await?;
    ensure!(matches!(passed, Err(Error::DeadlinePassed)), "{passed:?}");
    let passed = world.app.open(late("late"), open());
    let passed = soon("the answer", passed).await?;
    ensure!(matches!(passed, Err(Error::DeadlinePassed)), "{passed:?}");
    ensure!(double.asked() == 2 && world.history(case).await?.len() == 1);
    // It had taken its place and its case, and has given both back.
    double.let_through(1);
    soon("the next", world.act(case, take("go"))).await??;
    ensure!(world.app.metrics().queue_depth.get() == 0);
    Ok(())
}

pub async fn what_of_many_is_not_answered_in_time_is_done_once_when_repeated() -> anyhow::Result<()>
{
    let (double, world, _) = gated().await?;
    let many = || (1..=100).map(|number| Ok((request(&format!("many/{number}")), open())));
    let now = Some(Instant::now());
    let unknown = world.app.open_many(many().collect(), now);
    let unknown = soon("the answers", unknown).await??;
    let is_unknown = |answer: &Result<_, Error>| matches!(answer, Err(Error::Unanswered));
    ensure!(
        unknown.len() == 100 && unknown.iter().all(is_unknown),
        "{unknown:?}"
    );
    double.let_through(100);
    let known = world.app.open_many(many().collect(), None);
    let known = soon("the answers", known).await??;
    let known: Result<Vec<_>, Error> = known.into_iter().collect();
    ensure!(known?.len() == 100);
    let all = CaseFilter::default();
    let cases = world.app.cases(&all, Cursor::default(), 1_000).await?;
    ensure!(cases.rows.len() == 101);
    Ok(())
}

pub async fn of_all_calls_that_open_many_a_few_cases_are_under_way() -> anyhow::Result<()> {
    let (double, world, case) = gated().await?;
    let depth = || world.app.metrics().queue_depth.get();
    // One batch is being written and one waits: nothing more is taken out of the queue.
    let mut writing = boxed(world.act(case, note("written")));
    begin(&mut writing).await?;
    until("the write", || double.asked() == 3).await?;
    let mut waiting = boxed(world.open("waiting"));
    begin(&mut waiting).await?;
    until("the second batch", || depth() == 0).await?;

    let calls: Vec<_> = ["first", "second"]
        .map(|call| {
            let one = move |number| Ok((request(&format!("{call}/{number}")), open()));
            let app = world.app.clone();
            tokio::spawn(async move { app.open_many((1..=100).map(one).collect(), None).await })
        })
        .into();
    let most = OPENS_UNDER_WAY_MAX as i64;
    until("the cases", || depth() >= most).await?;
    // Neither call goes on until something is written, and the queue has room for others.
    for _ in 0..1_000 {
        tokio::task::yield_now().await;
        ensure!(depth() == most, "{}", depth());
    }
    double.let_through(1_000);
    soon("the write", writing).await??;
    soon("the second batch", waiting).await??;
    for call in calls {
        let opened = soon("the answers", call).await???;
        ensure!(opened.len() == 100 && opened.iter().all(Result::is_ok));
    }
    let largest = double
        .batches
        .lock()
        .unwrap()
        .iter()
        .map(|(_, others)| *others)
        .max();
    ensure!(largest == Some(OPENS_UNDER_WAY_MAX), "{largest:?}");
    Ok(())
}

pub async fn a_full_queue_says_so_and_loses_nothing() -> anyhow::Result<()> {
    let (double, world, case) = gated().await?;
    // One is written; nothing else of its case is taken meanwhile.
    let mut writing = boxed(world.act(case, note("first")));
    begin(&mut writing).await?;
    until("the write", || double.asked() == 3).await?;
    let waiting = |number: usize| {
        let request = request(&format!("{number}"));
        boxed(world.app.act(case, request, note("waiting")))
    };
    let mut line: Vec<_> = (0..QUEUE).map(waiting).collect();
    for command in &mut line {
        begin(command).await?;
    }
    ensure!(world.app.metrics().queue_depth.get() == QUEUE as i64);
    for busy in at_once((QUEUE..QUEUE + 10).map(waiting)).await {
        ensure!(matches!(busy, Err(Error::TooBusy)), "{busy:?}");
    }
    double.let_through(QUEUE + 2);
    writing.await?;
    for (number, accepted) in soon("the line", at_once(line))
        .await?
        .into_iter()
        .enumerate()
    {
        ensure!(accepted?.receipt.revision.0 == number as u64 + 3);
    }
    // What was too much before is welcome.
    soon("one more", waiting(QUEUE)).await??;
    ensure!(world.app.metrics().queue_depth.get() == 0);
    ensure!(world.history(case).await?.len() == QUEUE + 3);
    Ok(())
}

/// A batch ends at 4 MiB: what was taken and did not fit comes next, before all others.
pub async fn a_batch_that_is_full_by_bytes_loses_nothing() -> anyhow::Result<()> {
    const STORY: usize = 60 * 1024;
    const FULL: usize = 4 * 1024 * 1024;
    const CASES: usize = 200;
    let (double, world, _) = gated().await?;
    double.let_through(CASES);
    let mut cases = Vec::new();
    for number in 0..CASES {
        cases.push(world.open(&format!("open {number}")).await?);
    }
    // Nothing is written until all wait, so that more is there than a batch may hold.
    let story = "x".repeat(STORY);
    let told = cases
        .iter()
        .map(|case| boxed(world.act(*case, tell(&story))));
    let mut told: Vec<_> = told.collect();
    for command in &mut told {
        begin(command).await?;
    }
    double.let_through(CASES);
    for accepted in soon("every answer", at_once(told)).await? {
        ensure!(accepted?.receipt.revision.0 == 2);
    }
    let largest = double.largest();
    ensure!((FULL..FULL + STORY + 4_096).contains(&largest), "{largest}");
    for case in &cases {
        let rows = world.app.reveal(*case, None).await?;
        let told = Value::Text(story.clone()).to_json();
        ensure!(rows.last().is_some_and(|row| row.value == told));
        ensure!(world.history(*case).await?.len() == 2);
    }
    Ok(())
}

pub async fn the_end_waits_for_what_is_under_way(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let mut cases = Vec::new();
    for number in 0..20 {
        cases.push(world.open(&format!("open {number}")).await?);
    }
    let act = |number: usize| {
        let request = request(&format!("act {number}"));
        let acted = world.app.act(cases[number % 20], request, note("in time"));
        boxed(async { acted.await.map(Some) })
    };
    let stopping = boxed(async { world.app.stop().await.map(|()| None) });
    let late = boxed(async { world.app.open(request("late"), open()).await.map(Some) });
    let all = (0..200).map(act).chain([stopping, late]);
    let mut answers = soon("the end", at_once(all)).await?;
    ensure!(matches!(answers.pop(), Some(Err(Error::Stopping))));
    ensure!(matches!(answers.pop(), Some(Ok(None))));
    let mut accepted = [1_u64; 20];
    for (number, answer) in answers.into_iter().enumerate() {
        let case = &mut accepted[number % 20];
        *case += 1;
        let answer = answer?.context("an answer")?;
        ensure!(answer.receipt.revision.0 == *case);
    }
    let late = world
        .app
        .act(cases[0], request("later"), note("late"))
        .await;
    ensure!(matches!(late, Err(Error::Stopping)), "{late:?}");
    let closed = world.store.load(&[]).await;
    ensure!(closed.is_err(), "the store is open");
    if kind == Kind::Sqlite {
        let store = Sqlite::open(&world.file(), make::identity)?;
        for case in cases {
            ensure!(super::world::history(&store, case).await?.len() == 11);
        }
    }
    Ok(())
}

pub async fn an_application_that_nobody_holds_lets_go_of_its_store() -> anyhow::Result<()> {
    let world = World::new(Kind::Sqlite).await?;
    let case = world.open("open").await?;
    let file = world.file();
    let folder = world.folder.clone();
    drop(world);
    // Its lock is free once its last thread has ended.
    let opened = std::cell::OnceCell::new();
    let open = || Sqlite::open(&file, make::identity).is_ok_and(|store| opened.set(store).is_ok());
    until("the end of the store", open).await?;
    let store = opened.get().context("it is open")?;
    ensure!(super::world::history(store, case).await?.len() == 1);
    drop(folder);
    Ok(())
}

pub async fn two_may_ask_for_the_end(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let case = world.open("open").await?;
    let command = boxed(async { world.act(case, note("in time")).await.map(drop) });
    let ends = [(); 2].map(|()| boxed(async { world.app.stop().await }));
    let all = std::iter::once(command).chain(ends);
    let answers = soon("both ends", at_once(all)).await?;
    ensure!(answers.iter().all(Result::is_ok), "{answers:?}");
    Ok(())
}

pub async fn times_never_fall_when_the_clock_does(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let case = world.open("open").await?;
    let steps = [
        (60, false),
        (30, true),
        (59, true),
        (60, false),
        (61, false),
        (-1, true),
    ];
    let mut last = 0;
    for (seconds, _) in steps {
        world.clock.set(START + seconds * 1_000_000);
        let accepted = world.act(case, note("what time is it?")).await?;
        last = last.max(seconds);
        let at = accepted.receipt.recorded_at.micros();
        ensure!(at == START + last * 1_000_000);
        ensure!(accepted.view.case.updated_at().micros() == at);
    }
    let entries = world.history(case).await?;
    for ((_, held), entry) in steps.into_iter().zip(&entries[1..]) {
        ensure!(entry.held == held, "{entry:?}");
    }
    // Another case has a time of its own.
    let other = world.open("other").await?;
    let entries = world.history(other).await?;
    ensure!(!entries[0].held && entries[0].at.micros() == START - 1_000_000);
    let second = WORKFLOW.replace("version: 1", "version: 2");
    let published = world.app.publish(request("second"), second.into()).await?;
    ensure!(published.receipt.recorded_at.micros() == START);
    Ok(())
}

/// Two applications over one store stand for what changes a case under us.
pub async fn a_case_that_changed_under_us_is_decided_afresh() -> anyhow::Result<()> {
    let world = World::new(Kind::Memory).await?;
    let other = World::over(Arc::clone(&world.store));
    let case = world.open("open").await?;
    other.act(case, take("go")).await?;
    let noted = world.act(case, note("a note goes anywhere")).await?;
    ensure!(noted.receipt.revision.0 == 3);
    ensure!(
        noted
            .view
            .case
            .step()
            .is_some_and(|step| step.as_str() == "there")
    );
    other.act(case, note("twice")).await?;
    let stale = super::world::expecting("stale", 3);
    let stale = world.app.act(case, stale, note("I saw 3")).await;
    let Err(Error::RevisionDiffers { expected, current }) = stale else {
        anyhow::bail!("{stale:?}");
    };
    ensure!((expected.0, current.0) == (3, 4));
    let finished = world.act(case, take("finish")).await?;
    ensure!(finished.receipt.revision.0 == 5 && finished.view.case.is_closed());
    ensure!(world.history(case).await?.len() == 5);
    Ok(())
}
