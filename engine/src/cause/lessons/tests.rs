//! What cases teach, of small cases made by commands.

mod counted;
mod done;

use uuid::Uuid;

use super::{Days, Lessons};
use crate::case::command::{
    Advance, CheckEffect, CompleteAction, RecordCause, Reopen, ReviewCause, ReviewVerdict, Way,
};
use crate::case::diagnosis::{ActionKind, Effect, PlannedAction, Target};
use crate::case::event::Commitment;
use crate::case::tests::desk::{Desk, WORDS, actor, utc};
use crate::case::{Act, Actor, CauseRef, Held};
use crate::id::{
    ActionName, CaseId, CauseGroup, CauseName, FailureName, PersonId, ReportingName, RoleName,
};
use crate::money::{Currency, Money};
use crate::time::Date;
use crate::value::Value;

pub(in crate::cause) const YAML: &str = r#"
heard: 1
workflow: lessons
version: 1
title: Lessons
model: custom
calendars:
  default: {time_zone: Europe/Helsinki, hours: {mon-fri: ["09:00-17:00"]}}
roles: {agent: {title: Agent}, lead: {title: Lead}, auditor: {title: Auditor, reads_only: true}}
fields:
  comfort: {ask: Comfort, type: money, currency: EUR, limit: goodwill, max: 500 EUR}
  product: {ask: Product, type: choice, of: [card, loan]}
limits:
  goodwill: {agent: 500 EUR per case}
clocks:
  answer: {from: opened, until: solved, within: 60 days}
promises:
  call_back: {text: "We call you by {due}.", within: 1 day}
start: hear
steps:
  hear:
    phase: hear
    who: [agent, lead]
    asks: [comfort, product]
    actions:
      give:    {go_to: stay, gives: [comfort]}
      undo:    {go_to: stay, takes_back: [comfort]}
      promise: {go_to: stay, makes: [call_back]}
      called:  {go_to: stay, keeps: [call_back]}
      heard:   diagnose
      refuse:  refused
  diagnose:
    phase: diagnose
    who: [agent, lead]
    actions: {finish: solved}
causes:
  whys: 0
  review: {by: auditor, sample: 100%}
  effectiveness_check: {after: 30 days}
  systemic: {cases: 3, within: 30 days, same: [product]}
  failures: {slow: Too slow, wrong: Wrong answer}
  reporting: {delay: Delay, other: Other}
  categories:
    process: {handover: Lost in hand-over, missing_step: Step missing}
    policy:  {outdated: {title: Policy outdated, needs: policy_id}}
    unknown: {not_found: {title: Not found, needs: review_date}}
outcomes:
  solved:  {title: Solved, counts_as: resolved, reopen: {to: hear, within: 90 days}}
  refused: {title: Refused, counts_as: not_resolved}
"#;

pub(in crate::cause) const PROPOSER: u128 = 2;
pub(in crate::cause) const AUDITOR: u128 = 3;
const OTHER_AUDITOR: u128 = 4;
pub(in crate::cause) const OWNER: u128 = 5;

pub(in crate::cause) fn person(number: u128, role: &str) -> Actor {
    Actor {
        person: PersonId::new(Uuid::from_u128(number)),
        role: RoleName::new(role).unwrap(),
        ..actor(role)
    }
}

pub(in crate::cause) fn id(number: u128) -> CaseId {
    CaseId::new(Uuid::from_u128(number))
}

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub(in crate::cause) fn cause(text: &str) -> CauseRef {
    let (group, name) = text.split_once('/').unwrap();
    CauseRef {
        group: CauseGroup::new(group).unwrap(),
        name: CauseName::new(name).unwrap(),
    }
}

pub(in crate::cause) fn key(text: &str) -> super::Key {
    super::Key {
        workflow: crate::id::WorkflowId::new("lessons").unwrap(),
        cause: cause(text),
    }
}

pub(in crate::cause) fn record(text: &str) -> RecordCause<Commitment> {
    let mut record = RecordCause::proposed(cause(text), WORDS, Vec::new());
    record.failure = Some(FailureName::new("slow").unwrap());
    record.reporting = Some(ReportingName::new("delay").unwrap());
    record
}

fn action(target: Option<Target>) -> PlannedAction<Commitment> {
    PlannedAction {
        due: day("2026-11-20"),
        kind: ActionKind::Corrective,
        measure: WORDS,
        owner: RoleName::new("lead").unwrap(),
        target,
        task: WORDS,
    }
}

fn advance(name: &str) -> Act<Held, Commitment> {
    Act::Advance(Advance {
        answers: Vec::new(),
        reason: Some(WORDS),
        way: Way::Action(ActionName::new(name).unwrap()),
    })
}

/// A case in its diagnosis.
fn heard() -> Desk {
    let mut desk = Desk::opened(YAML, None);
    desk.take("heard", &[]).unwrap();
    desk
}

pub(in crate::cause) fn propose(desk: &mut Desk, record: RecordCause<Commitment>) {
    let lead = person(PROPOSER, "lead");
    desk.send_by(&lead, Act::RecordCause(record)).unwrap();
}

pub(in crate::cause) fn finish(desk: &mut Desk, at: &str) {
    desk.at(at);
    desk.send_by(&person(PROPOSER, "lead"), advance("finish"))
        .unwrap();
}

/// A case that was closed with a cause.
fn closed(text: &str, at: &str) -> Desk {
    let mut desk = heard();
    propose(&mut desk, record(text));
    finish(&mut desk, at);
    desk
}

pub(in crate::cause) fn review(
    desk: &mut Desk,
    who: u128,
    number: u32,
    verdict: ReviewVerdict<Commitment>,
) {
    let review = ReviewCause { number, verdict };
    desk.send_by(&person(who, "auditor"), Act::ReviewCause(review))
        .unwrap();
}

fn complete(desk: &mut Desk, at: &str) {
    let done = CompleteAction {
        action: 1,
        note: None,
        number: 1,
    };
    desk.at(at);
    desk.send_by(&person(OWNER, "lead"), Act::CompleteAction(done))
        .unwrap();
}

fn check(desk: &mut Desk, at: &str, observed: i64) {
    let check = CheckEffect {
        action: 1,
        effect: Effect::Observed(observed),
        note: None,
        number: 1,
    };
    desk.at(at);
    desk.send_by(&person(AUDITOR, "auditor"), Act::CheckEffect(check))
        .unwrap();
}

fn reopen(desk: &mut Desk) {
    desk.send("agent", Act::Reopen(Reopen { reason: WORDS }))
        .unwrap();
}

fn give(desk: &mut Desk, minor: i64) {
    let comfort = Value::Money(Money {
        currency: Currency::parse("EUR").unwrap(),
        minor,
    });
    desk.take("give", &[("comfort", comfort)]).unwrap();
}

pub(in crate::cause) const RETURN: ReviewVerdict<Commitment> =
    ReviewVerdict::Return { reason: WORDS };
pub(in crate::cause) const ACCEPT: ReviewVerdict<Commitment> = ReviewVerdict::Accept { note: None };

/// What these cases taught, numbered from 1, as of the end of the year.
fn of<'d>(desks: impl IntoIterator<Item = &'d Desk>) -> Lessons {
    within(desks, "2026-12-31 12:00", None, None)
}

fn within<'d>(
    desks: impl IntoIterator<Item = &'d Desk>,
    as_of: &str,
    from: Option<&str>,
    to: Option<&str>,
) -> Lessons {
    let mut lessons = Lessons::new(Days {
        as_of: utc(as_of),
        from: from.map(day),
        to: to.map(day),
    });
    for (number, desk) in (1..).zip(desks) {
        lessons.add(&desk.workflow, id(number), desk.case());
    }
    lessons
}
