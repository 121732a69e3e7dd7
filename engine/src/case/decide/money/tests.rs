//! What is given, approved, taken back and computed, in several cases at once.

mod approving;
mod random;
mod tables;

use uuid::Uuid;

use super::*;
use crate::case::command::{Act, Advance, Command, Correct, Open, Origin, Reopen, Way};
use crate::case::event::Commitment;
use crate::case::facts::{asked, booking_rows};
use crate::case::refusal::Refusal;
use crate::case::{Facts, decide};
use crate::code::Code;
use crate::id::{ActionName, Digest, PersonId, PrincipalId, RoleName, StepName, WorkflowId};
use crate::time::Timestamp;
use crate::workflow::{self, Workflow};

const YAML: &str = r#"
heard: 1
workflow: till
version: 1
title: Till
model: custom
calendars: {default: {time_zone: Europe/Lisbon, hours: {mon-sun: ["08:00-20:00"]}}}
roles:
  agent:   {title: Agent}
  lead:    {title: Lead}
  manager: {title: Manager}
  robot:   {title: Robot, system: true}
fields:
  price: {ask: Price, type: number}
  tier:  {ask: Tier, type: choice, of: [small, big], from_table: tiers}
  owed:  {ask: Owed, type: money, currency: EUR, limit: goodwill, max: 100 EUR, from_table: owed}
  good:  {ask: Goodwill, type: money, currency: EUR, limit: goodwill, max: 9000 EUR}
  extra: {ask: Extra, type: money, currency: EUR, limit: goodwill, max: 9000 EUR}
limits:
  goodwill:
    agent: [50 EUR per case, 80 EUR per week]
    lead: 250 EUR
    manager: [2000 EUR per case, 3000 EUR per month]
tables:
  tiers: [{when: {price: {above: 100}}, is: big}, {is: small}]
  owed:  [{when: {tier: big}, is: 30 EUR}, {when: {price: {above: 0}}, is: 10 EUR}]
start: offer
steps:
  offer:
    phase: resolve
    who: [agent, lead, manager, robot]
    asks: [price, good, extra]
    actions:
      pay:
        - {when: {any: [{good: {over: limit}}, {extra: {over: limit}}]}, go_to: approve}
        - {go_to: after, gives: [good, extra]}
      big_only:
        - {when: {tier: big}, go_to: after, gives: [owed]}
        - {go_to: stay}
      just_pay:  {go_to: after, gives: [good]}
      give_here: {go_to: stay, gives: [good]}
      hold:      {go_to: stay}
      ask:       {go_to: approve}
  approve:
    phase: approve
    actions:
      agree: {go_to: after, approves: [good], gives: [good]}
      allow: {go_to: stay, approves: [good]}
      send:  {go_to: after, who: [agent, lead, manager, robot], gives: [good]}
      back:  {go_to: offer, who: [agent, lead, manager]}
  after:
    phase: follow_up
    who: [agent, lead, manager]
    actions:
      again: {go_to: offer}
      undo:  {go_to: stay, takes_back: [good]}
      close: {go_to: ended}
outcomes:
  ended: {title: Ended, counts_as: resolved, reopen: {to: approve, within: 30 days}}
"#;

const ANA: u128 = 1;
const BEN: u128 = 2;
const TOM: u128 = 3;
const MIA: u128 = 4;
const ROB: u128 = 5;

/// A Wednesday.
const WEDNESDAY: &str = "2026-10-07T09:00:00Z";
const DAY: i64 = 24 * 3_600_000_000;
const WHY: Commitment = Commitment(Digest([7; 32]));

const fn role_of(person: u128) -> &'static str {
    match person {
        TOM => "lead",
        MIA => "manager",
        ROB => "robot",
        _ => "agent",
    }
}

/// A case with everything that was written of it.
#[derive(Default)]
struct Written {
    case: Option<Case>,
    entries: Vec<(Actor, Timestamp, Vec<Event>)>,
}

/// All cases of one workflow.
struct Till {
    workflow: Workflow,
    cases: Vec<Written>,
    at: i64,
}

type Codes = Vec<Code>;

fn money(text: &str) -> Value {
    Value::Money(Money::parse(text).unwrap())
}

fn field(name: &str) -> FieldName {
    FieldName::new(name).unwrap()
}

fn act(name: &str, answers: &[(&str, Value)]) -> Act<Held, Commitment> {
    let answers = answers.iter();
    Act::Advance(Advance {
        answers: answers
            .map(|(name, value)| (field(name), Held::Open(value.clone())))
            .collect(),
        reason: None,
        way: Way::Action(ActionName::new(name).unwrap()),
    })
}

fn good(name: &str, amount: &str) -> Act<Held, Commitment> {
    act(name, &[("good", money(amount))])
}

fn correct(name: &str, value: Value) -> Act<Held, Commitment> {
    Act::Correct(Correct {
        field: field(name),
        reason: WHY,
        value: Held::Open(value),
    })
}

fn reopen() -> Act<Held, Commitment> {
    Act::Reopen(Reopen { reason: WHY })
}

fn open() -> Act<Held, Commitment> {
    Act::Open(Open {
        origin: Origin::default(),
        customer: None,
        received_at: None,
        reference: None,
        team: None,
        version: None,
        workflow: WorkflowId::new("till").unwrap(),
    })
}

impl Till {
    /// So many cases, opened.
    fn new(cases: usize) -> Self {
        let mut till = Self {
            workflow: workflow::load(YAML.as_bytes()).unwrap(),
            cases: Vec::new(),
            at: Timestamp::parse(WEDNESDAY).unwrap().micros(),
        };
        for case in 0..cases {
            till.cases.push(Written::default());
            till.send(case, ANA, open()).unwrap();
        }
        till
    }

    fn command(&self, person: u128, act: Act<Held, Commitment>) -> Command {
        Command {
            act,
            actor: Actor {
                person: PersonId::new(Uuid::from_u128(person)),
                principal: PrincipalId::new(Uuid::from_u128(0xa11ce)),
                role: RoleName::new(role_of(person)).unwrap(),
                via: None,
            },
            at: Timestamp::from_micros(self.at).unwrap(),
        }
    }

    /// Reads what must be read beside the case.
    fn facts(&self, case: usize, command: &Command) -> Facts {
        let Some(case) = &self.cases[case].case else {
            return Facts::default();
        };
        let asks = asked(&self.workflow, case, command);
        let all = || {
            self.cases
                .iter()
                .filter_map(|written| written.case.as_ref())
        };
        let answer = |ask: &Ask| given_in(all().flat_map(Case::bookings), ask);
        Facts {
            given: asks.iter().map(answer).collect(),
            ..Facts::default()
        }
    }

    fn ask(
        &self,
        case: usize,
        person: u128,
        act: Act<Held, Commitment>,
    ) -> (Command, Result<Vec<Event>, Refusal>) {
        let command = self.command(person, act);
        let facts = self.facts(case, &command);
        let before = self.cases[case].case.as_ref();
        let said = decide(&self.workflow, before, &facts, &command);
        (command, said)
    }

    fn send(
        &mut self,
        case: usize,
        person: u128,
        act: Act<Held, Commitment>,
    ) -> Result<Vec<Event>, Codes> {
        let (command, said) = self.ask(case, person, act);
        let codes = |refusal: Refusal| refusal.reasons.iter().map(Reason::code).collect::<Codes>();
        let events = said.map_err(codes)?;
        let facts = Facts::default();
        let ctx = Context::new(&self.workflow, &facts, &command).unwrap();
        let written = &mut self.cases[case];
        let at = ctx.at(written.case.as_ref());
        written.case = ctx.after(written.case.as_ref(), &events).unwrap();
        written.entries.push((command.actor, at, events.clone()));
        Ok(events)
    }

    fn refused(&self, case: usize, person: u128, act: Act<Held, Commitment>) -> String {
        self.ask(case, person, act).1.unwrap_err().to_string()
    }

    fn case(&self, case: usize) -> &Case {
        self.cases[case].case.as_ref().unwrap()
    }

    fn step(&self, case: usize) -> &str {
        self.case(case).step().map_or("closed", StepName::as_str)
    }

    fn booked(&self, case: usize) -> Vec<String> {
        let bookings = self.case(case).bookings().iter();
        bookings
            .map(|booking| format!("{} {}", booking.amount, booking.authority.role))
            .collect()
    }
}

#[test]
fn an_amount_within_the_limit_is_booked_on_the_recorders_authority() {
    let mut till = Till::new(1);
    till.send(0, ANA, good("hold", "50 EUR")).unwrap();
    // A lead who carries out what the agent recorded lends nothing of their own limit.
    till.send(0, TOM, act("just_pay", &[])).unwrap();
    assert_eq!(till.booked(0), ["50 EUR agent"]);
    let booking = &till.case(0).bookings()[0];
    assert_eq!(
        booking.authority.person,
        PersonId::new(Uuid::from_u128(ANA))
    );
    assert_eq!(
        till.case(0).total_booked("good"),
        Some(Money::parse("50 EUR").unwrap())
    );
}

#[test]
fn who_acts_covers_what_the_recorder_may_not_give() {
    let mut till = Till::new(1);
    till.send(0, ANA, good("hold", "51 EUR")).unwrap();
    assert_eq!(
        till.send(0, BEN, act("just_pay", &[])),
        Err(vec![Code::HC029])
    );
    assert_eq!(
        till.send(0, ROB, act("just_pay", &[])),
        Err(vec![Code::HC029])
    );
    till.send(0, TOM, act("just_pay", &[])).unwrap();
    assert_eq!(till.booked(0), ["51 EUR lead"]);
}

#[test]
fn over_limit_says_which_limit_what_is_given_and_who_could_approve() {
    let mut till = Till::new(2);
    till.send(0, ANA, good("just_pay", "40 EUR")).unwrap();
    assert_eq!(
        till.refused(1, ANA, good("just_pay", "45 EUR")),
        "`just_pay` is about 45 EUR of `good`, which is over the limit `goodwill`: the role \
         `agent` may give 80 EUR per week, and 40 EUR is given on the person's authority already; \
         somebody as `agent`, `lead` or `manager` could approve it; this person may now: `pay`, \
         `big_only`, `just_pay`, `give_here`, `hold` or `ask`"
    );
    let text = till.refused(1, ANA, good("just_pay", "300 EUR"));
    assert!(
        text.contains("may give 50 EUR per case; somebody as `manager`"),
        "{text}"
    );
    let text = till.refused(1, ROB, good("just_pay", "1 EUR"));
    assert!(
        text.contains("the role `robot` may give nothing by itself"),
        "{text}"
    );
    let text = till.refused(1, MIA, good("just_pay", "9000 EUR"));
    assert!(text.contains("no role could approve so much"), "{text}");
}

#[test]
fn per_case_sums_all_fields_of_a_limit_whoever_gave() {
    let mut till = Till::new(1);
    let both = |a: &str, b: &str| act("pay", &[("good", money(a)), ("extra", money(b))]);
    assert_eq!(
        till.send(0, ANA, both("30 EUR", "30 EUR")),
        Err(vec![Code::HC029]),
        "each is within the limit, both together are not"
    );
    till.send(0, ANA, both("30 EUR", "20 EUR")).unwrap();
    till.send(0, ANA, act("again", &[])).unwrap();
    assert!(
        till.case(0).answers().is_empty(),
        "what has a limit is asked anew each time"
    );
    till.send(0, BEN, good("pay", "1 EUR")).unwrap();
    assert_eq!(
        till.step(0),
        "approve",
        "another agent gives nothing more in this case"
    );
    till.send(0, TOM, act("agree", &[])).unwrap();
    assert_eq!(
        till.booked(0),
        ["30 EUR agent", "20 EUR agent", "1 EUR lead"]
    );
}

#[test]
fn a_week_begins_on_monday_in_local_time() {
    let mut till = Till::new(4);
    // Sunday 23:59:59.999999 in Lisbon, an hour ahead of UTC.
    till.at = Timestamp::parse("2026-10-11T22:59:59.999999Z")
        .unwrap()
        .micros();
    till.send(0, ANA, good("just_pay", "50 EUR")).unwrap();
    assert_eq!(
        till.send(1, ANA, good("just_pay", "40 EUR")),
        Err(vec![Code::HC029])
    );
    till.send(1, BEN, good("just_pay", "40 EUR")).unwrap();
    till.at += 1;
    till.send(2, ANA, good("just_pay", "40 EUR")).unwrap();
    assert_eq!(
        till.send(3, ANA, good("just_pay", "41 EUR")),
        Err(vec![Code::HC029])
    );
    till.send(3, ANA, good("just_pay", "40 EUR")).unwrap();
}

#[test]
fn what_was_not_read_covers_nothing() {
    let till = Till::new(1);
    let decided = |act: Act<Held, Commitment>| {
        let command = till.command(ANA, act);
        let case = till.cases[0].case.as_ref();
        decide(&till.workflow, case, &Facts::default(), &command)
    };
    let refusal = decided(good("just_pay", "1 EUR")).unwrap_err();
    assert_eq!(refusal.code(), Code::HC029);
    assert!(
        refusal.to_string().contains("what was given is not known"),
        "{refusal}"
    );
    assert!(
        decided(good("pay", "1 EUR")).is_ok(),
        "it goes the way of what is over the limit"
    );
}

#[test]
fn only_what_can_touch_a_limit_by_period_asks_for_facts() {
    let mut till = Till::new(1);
    let asks = |till: &Till, person: u128, act: Act<Held, Commitment>| {
        let command = till.command(person, act);
        asked(&till.workflow, till.case(0), &command).len()
    };
    assert_eq!(asks(&till, ANA, good("hold", "1 EUR")), 0);
    assert_eq!(asks(&till, ANA, correct("good", money("1 EUR"))), 0);
    assert_eq!(
        asks(&till, TOM, good("just_pay", "1 EUR")),
        0,
        "a lead's limit is per case"
    );
    assert_eq!(asks(&till, ANA, good("just_pay", "1 EUR")), 1);
    assert_eq!(
        asks(&till, ANA, good("pay", "1 EUR")),
        1,
        "of both fields the same question"
    );
    till.send(0, ANA, good("hold", "1 EUR")).unwrap();
    assert_eq!(
        asks(&till, MIA, act("just_pay", &[])),
        2,
        "the recorder's week, the manager's month"
    );
}

#[test]
fn one_recording_is_booked_once_and_nothing_is_not_booked() {
    let mut till = Till::new(1);
    till.send(0, ANA, good("give_here", "0 EUR")).unwrap();
    assert_eq!(till.booked(0), [""; 0]);
    till.send(0, ANA, good("give_here", "40 EUR")).unwrap();
    till.send(0, ANA, act("give_here", &[])).unwrap();
    assert_eq!(till.booked(0), ["40 EUR agent"]);
    till.send(0, ANA, act("pay", &[])).unwrap();
    assert_eq!(
        till.step(0),
        "after",
        "what is given already is over no limit"
    );
    till.send(0, ANA, act("again", &[])).unwrap();
    till.send(0, ROB, good("just_pay", "0 EUR")).unwrap();
    assert_eq!(till.step(0), "after", "to give nothing needs no limit");
}

#[test]
fn taking_back_frees_the_last_booking_once_in_the_week_of_its_giving() {
    let mut till = Till::new(2);
    till.send(0, ANA, good("just_pay", "50 EUR")).unwrap();
    till.at += 7 * DAY;
    till.send(1, ANA, good("just_pay", "50 EUR")).unwrap();
    let undone = till.send(0, TOM, act("undo", &[])).unwrap();
    let at = Timestamp::parse(WEDNESDAY).unwrap();
    let [row] = &booking_rows(Timestamp::from_micros(till.at).unwrap(), &undone)[..] else {
        panic!("{undone:?}");
    };
    assert_eq!(
        (row.at, row.minor, row.person.uuid().as_u128()),
        (at, -5_000, ANA)
    );
    // The week in which it is taken back is as full as before.
    till.send(0, TOM, act("again", &[])).unwrap();
    assert_eq!(
        till.send(0, ANA, good("just_pay", "31 EUR")),
        Err(vec![Code::HC029])
    );
    till.send(0, ANA, good("just_pay", "30 EUR")).unwrap();
    till.send(0, TOM, act("undo", &[])).unwrap();
    let again = till.send(0, TOM, act("undo", &[])).unwrap();
    assert!(
        booking_rows(at, &again).is_empty(),
        "there is nothing left to take back"
    );
}
