//! What happens by its time, rule by rule of the language, on one small workflow.

mod breaches;
mod clocks;
mod dates;
mod dues;
mod extend;
mod pauses;
mod random;
mod reopened;

use std::fmt::Write as _;

use uuid::Uuid;

use super::*;
use crate::case::command::{Act, Advance, Correct, Import, Open, Origin, Reopen, Way};
use crate::case::deadline::{Deadline, DeadlineName, Verdict};
use crate::case::event::{Commitment, ContactRecorded, Held};
use crate::case::{Command, decide, evolve};
use crate::id::{ActionName, Digest, FieldName, Revision, StepName, TaskName, WorkflowId};
use crate::value::Value;
use crate::workflow;

/// What a test says of the time in the workflow; each a line of YAML, or empty.
#[derive(Clone, Copy, Default)]
struct Plan<'a> {
    calendars: &'a str,
    clocks: &'a str,
    promises: &'a str,
    /// More words of a step.
    hear: &'a str,
    work: &'a str,
    hold: &'a str,
    /// More words of the task `look` of the step `check`, and of the step.
    look: &'a str,
    check: &'a str,
    /// More words of the outcome `refused`.
    refused: &'a str,
}

/// The workflow; capital letters stand for what a plan says.
const YAML: &str = "
heard: 1
workflow: hours
version: 1
title: Hours
model: custom
roles: {agent: {title: Agent}, lead: {title: Lead}, boss: {title: Boss}}
CALENDARS
CLOCKS
PROMISES
fields:
  vip: {ask: Vip, type: yes_no}
  day: {ask: Day, type: date}
  lit: {ask: Lit, type: yes_no, each_time: true}
  new: {ask: New, type: date, each_time: true}
start: hear
steps:
  hear:
    phase: hear
    who: [agent]
    asks: [vip, day, new]
    HEAR
    actions:
      go: {go_to: work, tell: [boss, lead]}
      hold: hold
      check: check
      again: {go_to: hear, at_most: 5}
      note: stay
      refuse: refused
  work:
    phase: resolve
    who: [agent]
    asks: [vip, day, lit, new]
    WORK
    actions: {finish: solved, refuse: refused, hold: hold, back: hear, note: stay, \
             park: hold_again}
  hold:
    phase: wait
    who: [agent]
    pauses: true
    asks: [vip]
    HOLD
    actions: {answer: work, more: hold_again, note: stay, refuse: refused}
  hold_again:
    phase: wait
    who: [agent]
    pauses: true
    actions: {answer: work}
  check:
    phase: resolve
    who: [agent]
    CHECK
    tasks:
      look: {who: [agent], LOOK}
      think: {who: [agent]}
    next: work
outcomes:
  solved: {counts_as: resolved, reopen: {to: hear, within: 30 days}}
  refused: {counts_as: not_resolved, REFUSED reopen: {to: hear, within: 30 days}}
anywhere:
  leave: {who: [agent], go_to: refused}
";

impl Plan<'_> {
    fn yaml(self) -> String {
        [
            ("CALENDARS", self.calendars),
            ("CLOCKS", self.clocks),
            ("PROMISES", self.promises),
            ("HEAR", self.hear),
            ("WORK", self.work),
            ("HOLD", self.hold),
            ("LOOK", self.look),
            ("CHECK", self.check),
            ("REFUSED", self.refused),
        ]
        .iter()
        .fold(YAML.to_owned(), |yaml, (name, words)| {
            yaml.replace(name, words)
        })
    }
}

const WHY: Commitment = Commitment(Digest([7; 32]));

/// A day of October 2026 and a time in UTC: `05T09:00`, a Monday.
fn at(text: &str) -> Timestamp {
    Timestamp::parse(&format!("2026-10-{text}:00Z")).unwrap()
}

fn shown(at: Timestamp) -> String {
    let text = at.to_string();
    let text = text.strip_prefix("2026-10-").unwrap_or(&text);
    let text = text.strip_suffix('Z').unwrap_or(text);
    text.strip_suffix(":00").unwrap_or(text).to_owned()
}

/// A case and everything that was recorded of it.
struct Desk {
    workflow: Workflow,
    case: Option<Case>,
    now: Timestamp,
    entries: Vec<(Timestamp, Actor, Vec<Event>)>,
}

impl Desk {
    /// A case that was opened on Monday, the 5th, at 09:00.
    fn open(plan: Plan<'_>) -> Self {
        Self::open_at(plan, "05T09:00")
    }

    fn open_at(plan: Plan<'_>, opened: &str) -> Self {
        let mut desk = Self::new(plan, opened);
        desk.send(Act::Open(Open {
            origin: Origin::default(),
            customer: None,
            received_at: None,
            reference: None,
            team: None,
            version: None,
            workflow: WorkflowId::new("hours").unwrap(),
        }));
        desk
    }

    fn new(plan: Plan<'_>, now: &str) -> Self {
        let yaml = plan.yaml();
        Self {
            workflow: workflow::load(yaml.as_bytes()).unwrap_or_else(|found| panic!("{found:#?}")),
            case: None,
            now: at(now),
            entries: Vec::new(),
        }
    }

    /// A case of another system, received on the 1st, that comes in at a step.
    fn import(plan: Plan<'_>, step: &str) -> Self {
        Self::import_with(plan, step, &[])
    }

    fn import_with(plan: Plan<'_>, step: &str, answers: &[(&str, Value)]) -> Self {
        let mut desk = Self::new(plan, "05T09:00");
        desk.send(Act::Import(Import {
            customer: None,
            answers: held(answers),
            opened_at: at("01T09:00"),
            reference: None,
            step: StepName::new(step).unwrap(),
            team: None,
            version: None,
            workflow: WorkflowId::new("hours").unwrap(),
        }));
        desk
    }

    fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }

    fn actor() -> Actor {
        Actor {
            person: PersonId::new(Uuid::from_u128(1)),
            principal: PrincipalId::new(Uuid::from_u128(0xa11ce)),
            role: RoleName::new("agent").unwrap(),
            via: None,
        }
    }

    /// Fires what is due up to an instant, looked at `late` microseconds after each mark.
    fn until(&mut self, until: &str) -> &mut Self {
        self.until_at(at(until), 0)
    }

    fn until_at(&mut self, until: Timestamp, late: i64) -> &mut Self {
        let facts = Facts::default();
        while let Some(due) = self.case.as_ref().and_then(Case::due_at) {
            if due > until {
                break;
            }
            let seen = Timestamp::from_micros(due.micros() + late).unwrap();
            let seen = seen.min(until).max(self.now);
            let firing = fire(&self.workflow, self.case(), &facts, seen).unwrap();
            self.record(seen, timekeeper(), firing.events);
        }
        self.now = self.now.max(until);
        self
    }

    fn send(&mut self, act: Act<Held, Commitment>) -> &mut Self {
        self.try_send(act).unwrap();
        self
    }

    fn try_send(&mut self, act: Act<Held, Commitment>) -> Result<(), crate::case::Refusal> {
        if self.case.is_some() {
            self.until_at(self.now, 0);
        }
        let command = Command {
            act,
            actor: Self::actor(),
            at: self.now,
        };
        let facts = Facts::default();
        let events = decide(&self.workflow, self.case.as_ref(), &facts, &command)?;
        self.record(self.now, Self::actor(), events);
        Ok(())
    }

    fn take(&mut self, action: &str) -> &mut Self {
        self.take_with(action, &[])
    }

    fn take_with(&mut self, action: &str, answers: &[(&str, Value)]) -> &mut Self {
        let way = Way::Action(ActionName::new(action).unwrap());
        self.send(advance(way, answers))
    }

    fn task(&mut self, task: &str) -> &mut Self {
        let way = Way::Task(TaskName::new(task).unwrap());
        self.send(advance(way, &[]))
    }

    fn reopen(&mut self) -> &mut Self {
        self.send(Act::Reopen(Reopen { reason: WHY }))
    }

    fn correct(&mut self, field: &str, value: Value) -> &mut Self {
        self.send(Act::Correct(Correct {
            field: FieldName::new(field).unwrap(),
            reason: WHY,
            value: Held::Open(value),
        }))
    }

    /// Records that the customer contacted us, and what follows.
    fn contact(&mut self) -> &mut Self {
        self.until_at(self.now, 0);
        let contact = ContactRecorded {
            channel: None,
            from_customer: true,
            occurred_at: None,
        };
        let mut events = vec![Event::ContactRecorded(contact)];
        let actor = Self::actor();
        let case = self.case.as_ref().unwrap();
        let meta = self.meta(self.now, &actor);
        events.extend(settle(&self.workflow, &meta, Some(case), &events));
        self.record(self.now, actor, events);
        self
    }

    fn meta<'m>(&'m self, at: Timestamp, actor: &'m Actor) -> Meta<'m> {
        let revision = self.case.as_ref().map_or(Revision(0), Case::revision);
        Meta {
            revision: revision.next(),
            at,
            actor,
            workflow: self.workflow.reference(),
        }
    }

    fn record(&mut self, at: Timestamp, actor: Actor, events: Vec<Event>) {
        let meta = self.meta(at, &actor);
        let evolved = events.iter().fold(self.case.clone(), |case, event| {
            Some(evolve(case, &meta, event).unwrap())
        });
        self.case = evolved;
        self.entries.push((at, actor, events));
    }

    /// Returns the case folded from its entries alone.
    fn replayed(&self) -> Option<Case> {
        let mut case = None;
        for (revision, (at, actor, events)) in (1..).zip(&self.entries) {
            let meta = Meta {
                revision: Revision(revision),
                at: *at,
                actor,
                workflow: self.workflow.reference(),
            };
            for event in events {
                case = Some(evolve(case, &meta, event).unwrap());
            }
        }
        case
    }

    fn deadline(&self, name: &str) -> Option<&Deadline> {
        self.case().deadline(&name.parse::<DeadlineName>().unwrap())
    }

    fn verdict(&self, name: &str) -> Option<Verdict> {
        Some(self.deadline(name)?.stopped?.verdict)
    }

    /// When it is due; empty while it is not due at all.
    fn due(&self, name: &str) -> String {
        let due = self.deadline(name).and_then(|deadline| deadline.due);
        due.map_or_else(String::new, shown)
    }

    /// What fired so far, a line each: when it took effect, what, for what, and what it did.
    fn fired(&self) -> Vec<String> {
        let fired = self.entries.iter().filter_map(|(_, _, events)| {
            let Some(Event::DeadlineFired(fired)) = events.first() else {
                return None;
            };
            let when = shown(fired.effective_at);
            let mut line = format!("{when} {} {}", fired.deadline, fired.rung);
            for event in events {
                if let Event::Told(told) = event {
                    let roles: Vec<&str> = told.roles.iter().map(RoleName::as_str).collect();
                    write!(line, ", told {}", roles.join(" ")).unwrap();
                } else if let Event::StepEntered(entered) = event {
                    write!(line, ", to {}", entered.step).unwrap();
                } else if let Event::CaseClosed(closed) = event {
                    write!(line, ", closed {}", closed.outcome).unwrap();
                }
            }
            Some(line)
        });
        fired.collect()
    }
}

fn advance(way: Way, answers: &[(&str, Value)]) -> Act<Held, Commitment> {
    Act::Advance(Advance {
        answers: held(answers),
        reason: Some(WHY),
        way,
    })
}

fn held(answers: &[(&str, Value)]) -> Vec<(FieldName, Held)> {
    let held = |(field, value): &(&str, Value)| {
        (FieldName::new(field).unwrap(), Held::Open(value.clone()))
    };
    answers.iter().map(held).collect()
}

fn date(day: &str) -> Value {
    Value::Date(crate::time::Date::parse(&format!("2026-10-{day}")).unwrap())
}

const VIP: (&str, Value) = ("vip", Value::YesNo(true));

const OFFICE: &str = r#"calendars: {default: {time_zone: UTC, hours: {mon-fri: ["09:00-17:00"]}}}"#;
