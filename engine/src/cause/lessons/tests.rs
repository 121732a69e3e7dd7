//! What cases teach, of small cases made by commands.

mod counted;
mod done;

use super::{Days, Lessons};
use crate::case::Act;
use crate::case::command::{RecordCause, Reopen, ReviewVerdict};
use crate::case::diagnosis::{ActionKind, Effect, PlannedAction, Target};
use crate::case::event::Commitment;
use crate::case::tests::desk::{Desk, WORDS, utc};
use crate::case::tests::diagnosis::{
    self, ACCEPT, AUDITOR, OTHER_AUDITOR, OWNER, PROPOSER, RETURN, advance, cause, check, complete,
    confirm, heard, id, link, person, propose, review,
};
use crate::id::{CaseId, FailureName, ReportingName, RoleName};
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

fn day(text: &str) -> Date {
    Date::parse(text).unwrap()
}

pub(in crate::cause) fn key(text: &str) -> super::Key {
    super::Key {
        workflow: crate::id::WorkflowId::new("lessons").unwrap(),
        cause: cause(text),
    }
}

/// A proposal with a heading of the regulator.
pub(in crate::cause) fn record(text: &str) -> RecordCause<Commitment> {
    let mut record = diagnosis::record(text);
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

pub(in crate::cause) fn finish(desk: &mut Desk, at: &str) {
    desk.at(at);
    desk.send_by(&person(PROPOSER, "lead"), advance("finish"))
        .unwrap();
}

/// A case that was closed with a cause.
fn closed(text: &str, at: &str) -> Desk {
    let mut desk = heard(YAML);
    propose(&mut desk, record(text)).unwrap();
    finish(&mut desk, at);
    desk
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
