//! What people give in many cases at once stays within the limits of their day, week or month.

use anyhow::{bail, ensure};
use heard_engine::case::Reason;
use heard_engine::case::command::{Advance, Open, Origin, PlainAct, Way};
use heard_engine::code::Code;
use heard_engine::id::{ActionName, CaseId, LimitName, PersonId, RequestId, WorkflowId};
use heard_engine::money::{Currency, Money};
use heard_engine::time::Timestamp;
use heard_engine::value::Value;
use heard_server::app::{Error, Request};
use heard_server::store::GivenFilter;
use uuid::Uuid;

use super::world::{Kind, START, World, answers, at_once, boxed, open, request, soon};

const CASES: usize = 20;
/// 30 EUR: three of them are within 100 EUR a week, four are not.
const AMOUNT: i64 = 3_000;
const PURSE: &str = "\
heard: 1
workflow: purse
version: 1
title: Giving
model: custom
purpose: Whoever gives has a limit for each case, and one for the week.
owner: agent
roles:
  agent: {title: Agent}
limits:
  goodwill: {agent: [40 EUR per case, 100 EUR per week]}
fields:
  goodwill: {ask: How much?, type: money, currency: EUR, limit: goodwill, max: 40 EUR}
start: sorry
steps:
  sorry:
    phase: [apologize, resolve]
    title: Say sorry, and give
    who: [agent]
    asks: [goodwill]
    actions:
      give: {go_to: stay, needs: [goodwill], gives: [goodwill]}
      take_back: {go_to: stay, takes_back: [goodwill]}
      finish: resolved
outcomes:
  resolved: {title: Resolved, counts_as: resolved}
";

fn by(person: u128, id: &str) -> Request {
    Request {
        id: RequestId::new(id).unwrap(),
        person: PersonId::new(Uuid::from_u128(person)),
        ..request(id)
    }
}

fn action(name: &str, minor: Option<i64>) -> PlainAct {
    let amount = |minor| {
        let currency = Currency::parse("EUR").unwrap();
        ("goodwill", Value::Money(Money { currency, minor }))
    };
    PlainAct::Advance(Advance {
        answers: answers(&minor.map(amount).into_iter().collect::<Vec<_>>()),
        reason: None,
        way: Way::Action(ActionName::new(name).unwrap()),
    })
}

async fn cases(world: &World) -> anyhow::Result<Vec<CaseId>> {
    world.publish(PURSE).await?;
    let mut cases = Vec::new();
    for number in 0..CASES {
        let open = Open {
            origin: Origin::default(),
            customer: None,
            workflow: WorkflowId::new("purse")?,
            ..open()
        };
        let opened = world
            .app
            .open(by(7, &format!("open {number}")), open)
            .await?;
        cases.push(opened.view.id);
    }
    Ok(cases)
}

/// Lets people give in all cases at once. Returns the cases in which each gave.
async fn all_give(
    world: &World,
    cases: &[CaseId],
    people: &[u128],
    round: &str,
) -> anyhow::Result<Vec<Vec<CaseId>>> {
    let turns = cases.iter().zip(people.iter().cycle());
    let commands = turns.clone().map(|(case, person)| {
        let act = action("give", Some(AMOUNT));
        boxed(world.app.act(*case, by(*person, round), act))
    });
    let said = soon("every answer", at_once(commands)).await?;
    let mut gave = vec![Vec::new(); people.len()];
    for ((case, person), said) in turns.zip(said) {
        match said {
            Ok(_) => {
                let index = people.iter().position(|known| known == person).unwrap();
                gave[index].push(*case);
            }
            Err(Error::Refused(refusal)) => {
                let codes: Vec<Code> = refusal.reasons.iter().map(Reason::code).collect();
                ensure!(codes == [Code::HC029], "{codes:?}");
            }
            Err(error) => bail!(error),
        }
    }
    Ok(gave)
}

async fn sum(world: &World, person: u128, since: i64) -> anyhow::Result<i64> {
    let filter = GivenFilter {
        workflow: WorkflowId::new("purse")?,
        limit: LimitName::new("goodwill")?,
        person: PersonId::new(Uuid::from_u128(person)),
        currency: Currency::parse("EUR")?,
        since: Timestamp::from_micros(since)?,
    };
    Ok(world.store.given(&[filter]).await?[0])
}

/// In the race each of two people gives three times and is refused seven times; the entries hold
/// what had been given before, so that an auditor can follow each decision.
pub async fn many_cases_at_once_stay_within_one_limit(kind: Kind) -> anyhow::Result<()> {
    let mut world = World::new(kind).await?;
    let cases = cases(&world).await?;
    let gave = all_give(&world, &cases, &[7, 8], "first").await?;
    for (person, gave) in [7, 8].into_iter().zip(&gave) {
        ensure!(gave.len() == 3, "{gave:?}");
        ensure!(sum(&world, person, START - 86_400_000_000).await? == 3 * AMOUNT);
        let mut before = Vec::new();
        for case in gave {
            for entry in world.history(*case).await? {
                before.extend(entry.facts.given.iter().map(|given| given.sum.minor));
            }
        }
        before.sort_unstable();
        ensure!(before == [0, AMOUNT, 2 * AMOUNT], "{before:?}");
    }

    // After a restart what was given is known, also where the derived rows were made again.
    if kind == Kind::Sqlite {
        world = world.restarted(|_| Ok(())).await?;
    }
    let again = all_give(&world, &cases, &[7], "second").await?;
    ensure!(again == [Vec::new()], "{again:?}");

    // What is taken back may be given once more.
    let back = action("take_back", None);
    world.app.act(gave[0][0], by(7, "back"), back).await?;
    ensure!(sum(&world, 7, START - 86_400_000_000).await? == 2 * AMOUNT);
    let third = all_give(&world, &cases, &[7], "third").await?;
    ensure!(third[0].len() == 1, "{third:?}");

    // A week later three more, in cases in which nothing was given yet.
    let week = 7 * 86_400_000_000;
    world.clock.set(START + week);
    let rest: Vec<CaseId> = cases
        .into_iter()
        .filter(|case| !gave.concat().contains(case) && !third.concat().contains(case))
        .collect();
    let fourth = all_give(&world, &rest, &[7], "fourth").await?;
    ensure!(fourth[0].len() == 3, "{fourth:?}");
    ensure!(sum(&world, 7, START + week).await? == 3 * AMOUNT);
    world.app.stop().await?;
    Ok(())
}
