//! What is refused because two cases cannot be one, or were made one.

use std::sync::Arc;

use heard_engine::case::command::{Act, Merge, MergeInto, PlainAct};
use heard_engine::case::{Case, Event, MERGED_MAX, Meta, evolve};
use heard_engine::id::{CaseId, CustomerId, Revision};
use heard_tests::desk::{Desk, actor, cause, note};
use uuid::Uuid;

use super::{Met, go};

/// A workflow with a promise, an amount and root causes.
const TWICE: &str = r#"
heard: 1
workflow: twice
version: 1
title: Twice
model: custom
roles: {agent: {title: Agent}, auditor: {title: Auditor, reads_only: true}}
fields:
  back: {ask: Money back, type: money, currency: EUR, limit: small, max: 90 EUR}
limits: {small: {agent: [50 EUR per case]}}
promises:
  call_back: {text: "We call you back by {due}.", within: 4 hours}
causes:
  categories: {process: {handover: A handover, unknown: Not known}}
start: listen
steps:
  listen:
    phase: [hear, resolve]
    who: [agent]
    asks: [back]
    actions:
      promise: {go_to: stay, makes: [call_back]}
      pay:     {go_to: stay, gives: [back]}
      refuse:  refused
      look:    {go_to: find, keeps: [call_back]}
  find: {phase: diagnose, who: [agent], next: solved}
outcomes:
  solved:  {title: Solved, counts_as: resolved}
  refused: {title: Refused, counts_as: not_resolved}
"#;

const SURVIVOR: u128 = 0x5000;
const DUPLICATE: u128 = 0xd000;

fn id(number: u128) -> CaseId {
    CaseId::new(Uuid::from_u128(
        0x0000_0000_0000_7000_8000_0000_0000_0000 | number,
    ))
}

fn opened(yaml: &str) -> Desk {
    let none = Desk::new(yaml.as_bytes());
    let mut desk = none.clone();
    go(1, "agent", none.open(), &mut desk);
    desk
}

fn opened_for(customer: u128) -> Desk {
    let mut desk = Desk::new(TWICE.as_bytes());
    let Act::Open(mut open) = desk.open() else {
        panic!("opening a case is another act");
    };
    open.customer = Some(CustomerId::new(Uuid::from_u128(customer)));
    go(1, "agent", Act::Open(open), &mut desk);
    desk
}

fn merge(number: u128, found: Option<&Case>) -> PlainAct {
    Act::Merge(Merge {
        duplicate: id(number),
        found: found.cloned().map(Arc::new),
        is_parent: false,
        reason: "She wrote twice".to_owned(),
        survivor: id(SURVIVOR),
    })
}

fn into() -> PlainAct {
    Act::MergeInto(MergeInto {
        into: id(SURVIVOR),
        into_revision: Revision(3),
        reason: "She wrote twice".to_owned(),
    })
}

pub fn of_duplicates(met: &mut Met) {
    let here = opened(TWICE);
    let mut refuse = |tried: &str, act: &PlainAct| met.refuse(tried, &here, 1, "agent", act);
    refuse("merging a case into itself", &merge(SURVIVOR, None));
    refuse("merging a case that is none", &merge(DUPLICATE, None));
    let mut there = opened(TWICE);
    let refused = there.action_for("refuse", &[], "She was wrong");
    go(1, "agent", refused, &mut there);
    refuse(
        "merging what is closed",
        &merge(DUPLICATE, there.case.as_ref()),
    );
    let mut there = opened(TWICE);
    go(1, "agent", into(), &mut there);
    refuse(
        "merging what was merged",
        &merge(DUPLICATE, there.case.as_ref()),
    );
    let other = opened(&TWICE.replace("workflow: twice", "workflow: once"));
    refuse(
        "merging another workflow",
        &merge(DUPLICATE, other.case.as_ref()),
    );
    let mut there = opened(TWICE);
    let pay = there.action("pay", &[("back", "20 EUR")]);
    go(1, "agent", pay, &mut there);
    refuse(
        "merging where something was given",
        &merge(DUPLICATE, there.case.as_ref()),
    );
    let mut there = opened(TWICE);
    let look = there.action("look", &[]);
    go(1, "agent", look, &mut there);
    go(1, "agent", cause("process", "handover", 1), &mut there);
    refuse(
        "merging where a cause is recorded",
        &merge(DUPLICATE, there.case.as_ref()),
    );
    let there = opened(TWICE);
    let Act::Merge(mut parent) = merge(DUPLICATE, there.case.as_ref()) else {
        panic!("merging is another act");
    };
    parent.is_parent = true;
    refuse("merging the case of an issue", &Act::Merge(parent));
    let of_it = merge(DUPLICATE, there.case.as_ref());
    met.refuse("merging as an auditor", &here, 1, "auditor", &of_it);
    met.refuse("merging as the customer", &here, 1, "customer", &of_it);
    let of_it = merge(DUPLICATE, opened_for(2).case.as_ref());
    met.refuse(
        "merging another customer",
        &opened_for(1),
        1,
        "agent",
        &of_it,
    );

    let mut there = opened(TWICE);
    let promise = there.action("promise", &[]);
    go(1, "agent", promise, &mut there);
    let without = TWICE.replace("      promise: {go_to: stay, makes: [call_back]}\n", "");
    let without = without.replace(", keeps: [call_back]", "");
    let call = "promises:\n  call_back: {text: \"We call you back by {due}.\", within: 4 hours}\n";
    let older = opened(&without.replace(call, ""));
    let of_it = merge(DUPLICATE, there.case.as_ref());
    met.refuse(
        "merging a promise that is not known",
        &older,
        1,
        "agent",
        &of_it,
    );

    let mut full = here.clone();
    let mut case = full.case().clone();
    case = filled(case, &there);
    full.case = Some(case);
    met.refuse("merging one case more", &full, 1, "agent", &of_it);

    let mut merged = here.clone();
    go(1, "agent", into(), &mut merged);
    met.refuse(
        "a note on a merged case",
        &merged,
        1,
        "agent",
        &note("Hello"),
    );
}

/// Returns a case into which as many were merged as may be.
fn filled(mut case: Case, there: &Desk) -> Case {
    let actor = actor(1, "agent");
    for number in 1..=MERGED_MAX as u128 {
        let mut desk = Desk::new(TWICE.as_bytes());
        desk.case = Some(case.clone());
        let decided = desk.ask(&actor, &merge(number, there.case.as_ref()));
        let events = decided.unwrap_or_else(|no| panic!("{no}")).events;
        let workflow = case.workflow().clone();
        let meta = Meta {
            revision: case.revision().next(),
            at: case.updated_at(),
            actor: &actor,
            workflow: &workflow,
        };
        let evolved = |case, event: &Event| evolve(Some(case), &meta, event);
        case = events.iter().try_fold(case, evolved).unwrap();
    }
    case
}
