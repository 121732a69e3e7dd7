//! What single rules of the language decide, at their edges. The rest is held by the naive model.

use uuid::Uuid;

use super::*;
use crate::case::command::{Correct, Import, Open, Origin, Reopen};
use crate::case::event::{ActionTaken, AnswerRecorded, TaskDone};
use crate::case::offer;
use crate::code::Code;
use crate::id::{
    ActionName, Digest, FieldName, PersonId, PrincipalId, RoleName, TaskName, WorkflowId,
};
use crate::value::Value;
use crate::workflow;

const YAML: &str = r"
heard: 1
workflow: edges
version: 1
title: Edges
model: custom
roles:
  agent: {title: Agent}
  lead:  {title: Lead}
  robot: {title: Robot, system: true}
fields:
  story: {ask: Story, type: long_text, personal: true}
  parts: {ask: Parts, type: number, default: 1}
  lit:   {ask: Lit, type: yes_no, each_time: true}
  price: {ask: Price, type: number}
  share: {ask: Share, type: number, max: price}
start: hear
steps:
  hear:
    phase: hear
    who: [agent, robot]
    needs: [parts]
    tasks:
      look:  {needs: [lit]}
      think: {who: [agent]}
    next: refused
  judge:
    phase: resolve
    who: [lead, robot]
    not_by: [hear]
    needs: [lit]
    asks: [price, share]
    actions:
      decide: [{when: {lit: yes}, go_to: judge, at_most: 1}, {when: {price: 5}, go_to: refused}]
outcomes:
  refused: {title: Refused, counts_as: not_resolved, reopen: {to: hear, within: 2 hours}}
anywhere:
  skip: {who: [agent], go_to: judge, at_most: 5, then: refused}
";

type Said = Result<Vec<Event>, Vec<Code>>;

struct Table {
    workflow: Workflow,
    case: Option<Case>,
    at: i64,
}

impl Table {
    fn new() -> Self {
        let workflow = workflow::load(YAML.as_bytes()).unwrap();
        let (case, at) = (None, 0);
        Self { workflow, case, at }
    }

    /// A case that was opened.
    fn opened() -> Self {
        let mut table = Self::new();
        let open = Act::Open(Open {
            origin: Origin::default(),
            customer: None,
            received_at: None,
            reference: None,
            team: None,
            version: None,
            workflow: WorkflowId::new("edges").unwrap(),
        });
        table.send(1, "agent", open).unwrap();
        table
    }

    fn ask(&self, person: u128, role: &str, act: Act<Held, Commitment>) -> (Command, Said) {
        let command = Command {
            act,
            actor: Actor {
                person: PersonId::new(Uuid::from_u128(person)),
                principal: PrincipalId::new(Uuid::from_u128(0xa11ce)),
                role: RoleName::new(role).unwrap(),
                via: None,
            },
            at: Timestamp::from_micros(self.at).unwrap(),
        };
        let said = decide(
            &self.workflow,
            self.case.as_ref(),
            &Facts::default(),
            &command,
        );
        let codes = |refusal: Refusal| refusal.reasons.iter().map(Reason::code).collect();
        (command, said.map_err(codes))
    }

    fn send(&mut self, person: u128, role: &str, act: Act<Held, Commitment>) -> Said {
        let (command, said) = self.ask(person, role, act);
        let events = said?;
        let facts = Facts::default();
        let ctx = Context::new(&self.workflow, &facts, &command).unwrap();
        self.case = ctx.after(self.case.as_ref(), &events).unwrap();
        Ok(events)
    }

    fn step(&self) -> Option<&str> {
        self.case.as_ref()?.step().map(StepName::as_str)
    }
}

const WHY: Commitment = Commitment(Digest([7; 32]));

fn answers(answers: &[(&str, Value)]) -> Vec<(FieldName, Held)> {
    let answer = |(field, value): &(&str, Value)| {
        (FieldName::new(field).unwrap(), Held::Open(value.clone()))
    };
    answers.iter().map(answer).collect()
}

fn advance(way: Way, given: &[(&str, Value)], reason: Option<Commitment>) -> Act<Held, Commitment> {
    Act::Advance(Advance {
        answers: answers(given),
        reason,
        way,
    })
}

fn task(name: &str, given: &[(&str, Value)], reason: Option<Commitment>) -> Act<Held, Commitment> {
    advance(Way::Task(TaskName::new(name).unwrap()), given, reason)
}

fn action(name: &str, given: &[(&str, Value)]) -> Act<Held, Commitment> {
    advance(Way::Action(ActionName::new(name).unwrap()), given, None)
}

fn reopen() -> Act<Held, Commitment> {
    Act::Reopen(Reopen { reason: WHY })
}

const LIT: (&str, Value) = ("lit", Value::YesNo(true));

#[test]
fn the_last_task_closes_with_the_reason_that_came_with_it() {
    let mut table = Table::opened();
    table.send(1, "agent", task("think", &[], None)).unwrap();
    let events = table
        .send(1, "agent", task("look", &[LIT], Some(WHY)))
        .unwrap();
    assert!(table.case.as_ref().unwrap().is_closed());
    let reason = |event: &Event| {
        let (Event::TaskDone(TaskDone { reason, .. })
        | Event::ActionTaken(ActionTaken { reason, .. })) = event
        else {
            return None;
        };
        Some(*reason)
    };
    let reasons: Vec<Option<Commitment>> = events.iter().filter_map(reason).collect();
    assert_eq!(reasons, [Some(WHY), Some(WHY)]);
}

#[test]
fn the_last_task_is_done_although_the_way_on_has_to_wait() {
    let mut table = Table::opened();
    table.send(1, "agent", task("look", &[LIT], None)).unwrap();
    table.send(1, "agent", task("think", &[], None)).unwrap();
    assert_eq!(
        table.step(),
        Some("hear"),
        "a reason for closing is missing"
    );
    assert_eq!(
        table.send(1, "agent", action("done", &[])),
        Err(vec![Code::HC014])
    );
}

#[test]
fn a_needed_field_without_an_answer_takes_its_default() {
    let mut table = Table::opened();
    table.send(1, "agent", task("look", &[LIT], None)).unwrap();
    let events = table
        .send(1, "agent", task("think", &[], Some(WHY)))
        .unwrap();
    let Some(Event::AnswerRecorded(AnswerRecorded {
        field, by_default, ..
    })) = events
        .iter()
        .find(|event| matches!(event, Event::AnswerRecorded(_)))
    else {
        panic!("{events:?}");
    };
    assert_eq!((field.as_str(), *by_default), ("parts", true));
    let case = table.case.as_ref().unwrap();
    assert_eq!(
        case.answers()["parts"].person,
        PersonId::new(Uuid::from_u128(1))
    );
}

#[test]
fn the_last_instant_of_reopening_belongs_to_the_time_after() {
    let mut table = Table::opened();
    table.send(1, "agent", task("look", &[LIT], None)).unwrap();
    table
        .send(1, "agent", task("think", &[], Some(WHY)))
        .unwrap();
    let two_hours = 2 * 3_600_000_000;
    table.at = two_hours;
    assert_eq!(table.ask(1, "agent", reopen()).1, Err(vec![Code::HC017]));
    assert_eq!(
        table.ask(1, "lead", reopen()).1,
        Err(vec![Code::HC005, Code::HC017])
    );
    table.at = two_hours - 1;
    assert!(table.ask(1, "customer", reopen()).1.is_ok());
    table.send(1, "robot", reopen()).unwrap();
    assert_eq!(table.step(), Some("hear"));
}

#[test]
fn four_eyes_ignore_integrations() {
    let mut table = Table::opened();
    table.send(1, "robot", task("look", &[LIT], None)).unwrap();
    table.send(2, "agent", action("skip", &[])).unwrap();
    assert_eq!(
        table.ask(2, "lead", action("decide", &[LIT])).1,
        Err(vec![Code::HC006])
    );
    assert!(table.ask(1, "robot", action("decide", &[LIT])).1.is_ok());
    assert!(table.ask(3, "lead", action("decide", &[LIT])).1.is_ok());
}

#[test]
fn a_correction_is_not_a_way_around_other_eyes() {
    let mut table = Table::opened();
    table.send(2, "agent", action("skip", &[])).unwrap();
    table
        .send(
            3,
            "lead",
            action("decide", &[LIT, ("price", Value::Number(9))]),
        )
        .unwrap();
    let correct = || {
        Act::Correct(Correct {
            field: FieldName::new("price").unwrap(),
            reason: WHY,
            value: Held::Open(Value::Number(5)),
        })
    };
    assert_eq!(table.ask(2, "lead", correct()).1, Err(vec![Code::HC006]));
    assert_eq!(table.ask(2, "agent", correct()).1, Err(vec![Code::HC005]));
    assert!(table.ask(3, "lead", correct()).1.is_ok());
}

#[test]
fn an_action_is_refused_when_its_rule_is_used_up_or_none_fits() {
    let mut table = Table::opened();
    table.send(2, "agent", action("skip", &[])).unwrap();
    table.send(3, "lead", action("decide", &[LIT])).unwrap();
    let used_up = table.ask(3, "lead", action("decide", &[LIT])).1;
    assert_eq!(used_up, Err(vec![Code::HC011]), "there is no `then`");
    let unlit = ("lit", Value::YesNo(false));
    let none_fits = table
        .ask(3, "lead", action("decide", std::slice::from_ref(&unlit)))
        .1;
    assert_eq!(none_fits, Err(vec![Code::HC008]));
    let no_reason = table.ask(
        3,
        "lead",
        action("decide", &[unlit, ("price", Value::Number(5))]),
    );
    assert_eq!(no_reason.1, Err(vec![Code::HC014]));
}

#[test]
fn max_is_the_answer_of_another_field_also_when_brought_in() {
    let table = Table::new();
    let import = |given: &[(&str, Value)]| {
        Act::Import(Import {
            customer: None,
            answers: answers(given),
            opened_at: Timestamp::default(),
            reference: None,
            step: StepName::new("judge").unwrap(),
            team: None,
            version: None,
            workflow: WorkflowId::new("edges").unwrap(),
        })
    };
    let with = |price: i64| {
        let given = [("share", Value::Number(5)), ("price", Value::Number(price))];
        table.ask(1, "agent", import(&given)).1
    };
    assert!(with(5).is_ok());
    assert_eq!(with(4), Err(vec![Code::HC028]));
    let alone = table
        .ask(1, "agent", import(&[("share", Value::Number(5))]))
        .1;
    assert!(alone.is_ok(), "not checked while that field is empty");
}

#[test]
fn time_never_falls_within_a_case() {
    let mut table = Table::opened();
    table.at = 1_000;
    table.send(1, "agent", task("look", &[LIT], None)).unwrap();
    table.at = 10;
    table
        .send(1, "agent", task("think", &[], Some(WHY)))
        .unwrap();
    let closing = table.case.as_ref().unwrap().closing().unwrap();
    assert_eq!(closing.at.micros(), 1_000);
    assert_eq!(
        closing.reopen_until.unwrap().micros(),
        1_000 + 2 * 3_600_000_000
    );
}

#[test]
fn offers_name_every_field_that_may_come_and_require_what_has_no_default() {
    let table = Table::opened();
    let offers = offer::offers(&table.workflow, table.case.as_ref().unwrap());
    let fields = |name: &str| -> Vec<(String, bool)> {
        let offer = offers.iter().find(|offer| offer.name() == name).unwrap();
        let fields = offer.fields.iter();
        fields
            .map(|field| (field.field.to_string(), field.is_required))
            .collect()
    };
    assert_eq!(
        fields("look"),
        [("lit".to_owned(), true), ("parts".to_owned(), false)]
    );
    assert_eq!(fields("done"), [("parts".to_owned(), false)]);
}
