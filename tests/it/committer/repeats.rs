//! A request that comes again has one entry and the same answer.

use anyhow::{Context as _, ensure};
use heard_engine::case::command::{Import, PlainAct, Reopen};
use heard_engine::code::Code;
use heard_engine::id::{StepName, WorkflowId};
use heard_engine::time::Timestamp;
use heard_engine::value::Value;
use heard_server::app::{Accepted, Error, Receipt};

use super::world::{
    Kind, START, WORKFLOW, World, answers, at_once, boxed, expecting, note, open, request, take,
    tell,
};

/// Compares the answer to a repeat with the first.
fn ensure_same(first: &Accepted, again: &Accepted) -> anyhow::Result<()> {
    let receipt = Receipt {
        repeated: true,
        ..first.receipt.clone()
    };
    ensure!(again.receipt == receipt, "{:?} {receipt:?}", again.receipt);
    ensure!(again.view.id == first.view.id);
    ensure!(again.view.case == first.view.case);
    ensure!(again.view.workflow.reference() == first.view.workflow.reference());
    Ok(())
}

fn ensure_used<T>(answer: Result<T, Error>) -> anyhow::Result<()> {
    let error = answer.err().context("another request was accepted")?;
    ensure!(error.code() == Code::HB002, "{error}");
    Ok(())
}

pub async fn a_repeat_has_one_entry_and_the_same_answer(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let first = world.app.open(request("open"), open()).await?;
    ensure!(!first.receipt.repeated && first.receipt.revision.0 == 1);
    let case = first.view.id;
    let acts = [
        tell("the parcel was wet"),
        note("call again at nine"),
        take("go"),
        take("finish"),
        PlainAct::Reopen(Reopen {
            reason: "it came back".into(),
        }),
    ];
    let mut answers = Vec::new();
    for (number, act) in acts.iter().enumerate() {
        world.clock.set(START + number as i64);
        let request = expecting(&format!("act {number}"), number as u64 + 1);
        answers.push(world.app.act(case, request, act.clone()).await?);
    }
    // Each comes again after all others, with a revision that is long past and in a state in
    // which the rules would refuse most of them.
    world.clock.set(START + 99);
    ensure_same(&first, &world.app.open(request("open"), open()).await?)?;
    for (number, act) in acts.iter().enumerate() {
        let again = expecting(&format!("act {number}"), number as u64 + 1);
        let again = world.app.act(case, again, act.clone()).await?;
        ensure_same(&answers[number], &again)?;
    }
    ensure!(world.history(case).await?.len() == 6);
    Ok(())
}

pub async fn a_repeat_in_flight_has_one_entry(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let case = world.open("open").await?;
    let mut told = 0;
    for round in 0..50 {
        let id = format!("round {round}");
        let opened = (0..2).map(|_| boxed(world.app.open(request(&id), open())));
        let acted = (0..3).map(|_| {
            let act = tell(&format!("story {round}"));
            boxed(world.app.act(case, request(&id), act))
        });
        for answers in [at_once(opened).await, at_once(acted).await] {
            let answers: Vec<Accepted> = answers.into_iter().collect::<Result<_, _>>()?;
            let firsts = answers.iter().filter(|answer| !answer.receipt.repeated);
            ensure!(firsts.count() == 1);
            let receipts = answers.iter().map(|answer| answer.receipt.hash);
            ensure!(receipts.collect::<std::collections::BTreeSet<_>>().len() == 1);
        }
        told += 1;
    }
    ensure!(world.history(case).await?.len() == 1 + told);
    Ok(())
}

pub async fn a_repeat_after_a_restart_is_known() -> anyhow::Result<()> {
    let world = World::new(Kind::Sqlite).await?;
    let opened = world.app.open(request("open"), open()).await?;
    let case = opened.view.id;
    let told = world.app.act(case, request("tell"), tell("wet")).await?;
    let world = world.restarted(|_| Ok(())).await?;
    // The advance comes first, so that the open meets a case that is in the cache.
    ensure_same(
        &told,
        &world.app.act(case, request("tell"), tell("wet")).await?,
    )?;
    ensure_same(&opened, &world.app.open(request("open"), open()).await?)?;
    let world = world.restarted(|_| Ok(())).await?;
    ensure_same(&opened, &world.app.open(request("open"), open()).await?)?;
    ensure_used(world.app.act(case, request("tell"), tell("dry")).await)?;
    ensure!(world.history(case).await?.len() == 2);
    Ok(())
}

pub async fn an_id_that_was_used_for_another_request_is_refused(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let app = &world.app;
    let case = world.open("one").await?;
    app.act(case, request("two"), tell("wet")).await?;
    let mut other = open();
    other.team = Some("night".into());
    ensure_used(app.open(request("one"), other).await)?;
    let mut other = open();
    other.reference = Some("their number 8".into());
    ensure_used(app.open(request("one"), other).await)?;
    let mut other = open();
    other.reference = None;
    ensure_used(app.open(request("one"), other).await)?;
    for act in [tell("dry"), take("told"), note("wet"), take("go")] {
        ensure_used(app.act(case, request("two"), act).await)?;
    }
    let mut other = request("two");
    other.person = heard_engine::id::PersonId::new(uuid::Uuid::from_u128(8));
    ensure_used(app.act(case, other, tell("wet")).await)?;
    ensure!(
        app.act(case, request("two"), tell("wet"))
            .await?
            .receipt
            .repeated
    );
    // Two at once with one id: one is accepted, the other is told.
    let both = ["first", "second"].map(|story| boxed(app.act(case, request("three"), tell(story))));
    let mut answers = at_once(both).await.into_iter();
    ensure!(!answers.next().context("the first")??.receipt.repeated);
    ensure_used(answers.next().context("the second")?)?;
    ensure!(world.history(case).await?.len() == 3);
    Ok(())
}

/// A later version, in which another role is, a field is gone and another is personal.
fn second_version() -> String {
    WORKFLOW
        .replace("version: 1", "version: 2")
        .replace("agent", "helper")
        .replace("mood", "weather")
        .replace("long_text, personal: true", "long_text, personal: false")
}

pub async fn a_repeat_is_judged_by_the_version_its_case_began_with(
    kind: Kind,
) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let import = |story: &str| Import {
        customer: None,
        answers: answers(&[
            ("story", Value::Text(story.into())),
            ("mood", Value::Choice("calm".into())),
        ]),
        opened_at: Timestamp::from_micros(START - 1).unwrap(),
        reference: None,
        step: StepName::new("there").unwrap(),
        team: None,
        version: None,
        workflow: WorkflowId::new("shuttle").unwrap(),
    };
    let opened = world.app.open(request("open"), open()).await?;
    let imported = world.app.import(request("import"), import("wet")).await?;
    world.publish(&second_version()).await?;
    ensure_same(&opened, &world.app.open(request("open"), open()).await?)?;
    let again = world.app.import(request("import"), import("wet")).await?;
    ensure_same(&imported, &again)?;
    ensure_used(world.app.import(request("import"), import("dry")).await)?;
    // What is no repeat follows the newest version, and is judged by it.
    let error = world.app.open(request("new"), open()).await.err();
    ensure!(error.is_some_and(|error| error.code() == Code::HB005));
    let mut helper = request("new");
    helper.role = heard_engine::id::RoleName::new("helper").unwrap();
    let newest = world.app.open(helper, open()).await?;
    ensure!(newest.view.workflow.reference().version.0 == 2);
    Ok(())
}

pub async fn a_request_that_only_asks_writes_nothing(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let asking = |id: &str| heard_server::app::Request {
        validate_only: true,
        ..request(id)
    };
    let would = world.app.open(asking("open"), open()).await?;
    ensure!(would.receipt.hash.is_none() && would.receipt.position.is_none());
    ensure!(world.app.case(would.view.id).await.is_err());
    let case = world.open("open").await?;
    ensure!(case == would.view.id);
    let would = world.app.act(case, asking("act"), take("go")).await?;
    ensure!(would.receipt.revision.0 == 2 && would.receipt.hash.is_none());
    ensure!(
        would
            .view
            .case
            .step()
            .is_some_and(|step| step.as_str() == "there")
    );
    let refused = world.app.act(case, asking("act"), take("finish")).await;
    ensure!(matches!(refused, Err(Error::Refused(_))));
    let shown = world.app.case(case).await?;
    ensure!(
        shown
            .case
            .step()
            .is_some_and(|step| step.as_str() == "here")
    );
    let acted = world.app.act(case, request("act"), take("go")).await?;
    ensure!(!acted.receipt.repeated && acted.view.case == would.view.case);
    // Asked again of what was done: the answer is that of the repeat.
    ensure_same(
        &acted,
        &world.app.act(case, asking("act"), take("go")).await?,
    )?;
    let asked = asking("publish");
    let would = world.app.publish(asked, second_version().into()).await?;
    ensure!(would.receipt.revision.0 == 2 && would.receipt.hash.is_none());
    ensure!(world.history(case).await?.len() == 2);
    Ok(())
}

pub async fn the_same_workflow_is_published_once(kind: Kind) -> anyhow::Result<()> {
    let world = World::new(kind).await?;
    let publish = |id: &'static str, yaml: String| world.app.publish(request(id), yaml.into());
    let again = publish("new id", WORKFLOW.into()).await?;
    ensure!(again.receipt.repeated && again.receipt.revision.0 == 1);
    let second = publish("second", second_version()).await?;
    ensure!(!second.receipt.repeated && second.receipt.revision.0 == 2);
    let repeat = publish("second", second_version()).await?;
    ensure!(repeat.receipt.repeated && repeat.receipt.hash == second.receipt.hash);
    ensure_used(publish("second", WORKFLOW.into()).await)?;
    let other = WORKFLOW.replace("To and fro", "Fro and to");
    let taken = publish("third", other).await;
    ensure!(matches!(taken, Err(Error::Refused(_))), "{taken:?}");
    ensure!(world.store.gauges().position.0 == 2);
    Ok(())
}
