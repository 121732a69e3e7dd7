//! A case whose time is set by the test: what is due before an act fires before it.

use uuid::Uuid;

use crate::case::command::{Advance, Contact, FollowUp, Open, Origin, Renegotiate, Survey, Way};
use crate::case::deadline::{Deadline, DeadlineName, Verdict};
use crate::case::decide::decide;
use crate::case::event::{Commitment, Event, Held};
use crate::case::facts::Facts;
use crate::case::fire::fire;
use crate::case::refusal::Reason;
use crate::case::{Act, Actor, Case, Command, Meta, evolve};
use crate::code::Code;
use crate::id::{
    ActionName, CustomerId, Digest, FieldName, FollowUpName, PersonId, PrincipalId, PromiseName,
    QuestionName, RoleName, SurveyName, WorkflowId,
};
use crate::time::{Date, Timestamp};
use crate::value::Value;
use crate::workflow::{self, Workflow};

/// A sealed text of a test.
pub(crate) const WORDS: Commitment = Commitment(Digest([7; 32]));

pub(crate) type Said = Result<Vec<Event>, Vec<Reason>>;

/// A case, its time, and what happened last.
#[derive(Clone)]
pub(crate) struct Desk {
    pub(crate) workflow: std::sync::Arc<Workflow>,
    pub(crate) facts: Facts,
    pub(crate) now: Timestamp,
    case: Option<Case>,
}

/// Returns an instant in UTC: `2026-10-05 09:00`.
pub(crate) fn utc(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').unwrap();
    Timestamp::parse(&format!("{day}T{time}:00Z")).unwrap()
}

pub(crate) fn codes(reasons: &[Reason]) -> Vec<Code> {
    reasons.iter().map(Reason::code).collect()
}

impl Desk {
    /// Opens a case at 09:00 on a Monday.
    pub(crate) fn opened(yaml: &str, customer: Option<CustomerId>) -> Self {
        Self::opened_as(yaml, customer, Origin::default())
    }

    /// Opens a case at an instant.
    pub(crate) fn opened_at(yaml: &str, customer: Option<CustomerId>, at: &str) -> Self {
        Self::opened_by(yaml, customer, Origin::default(), at)
    }

    /// Opens a case at 09:00 on a Monday, and says where it comes from.
    pub(crate) fn opened_as(yaml: &str, customer: Option<CustomerId>, origin: Origin) -> Self {
        Self::opened_by(yaml, customer, origin, "2026-10-05 09:00")
    }

    fn opened_by(yaml: &str, customer: Option<CustomerId>, origin: Origin, at: &str) -> Self {
        let name = yaml
            .lines()
            .find_map(|line| line.strip_prefix("workflow: "));
        Self::begun_at(
            yaml,
            at,
            Act::Open(Open {
                customer,
                origin,
                received_at: None,
                reference: None,
                team: None,
                version: None,
                workflow: WorkflowId::new(name.unwrap()).unwrap(),
            }),
        )
    }

    /// Begins a case at 09:00 on a Monday.
    pub(crate) fn begun(yaml: &str, open: Act<Held, Commitment>) -> Self {
        Self::begun_at(yaml, "2026-10-05 09:00", open)
    }

    fn begun_at(yaml: &str, at: &str, open: Act<Held, Commitment>) -> Self {
        let workflow =
            workflow::load(yaml.as_bytes()).unwrap_or_else(|faults| panic!("{faults:?}"));
        let mut desk = Self {
            workflow: std::sync::Arc::new(workflow),
            facts: Facts::default(),
            now: utc(at),
            case: None,
        };
        desk.send("agent", open).unwrap();
        desk
    }

    pub(crate) fn case(&self) -> &Case {
        self.case.as_ref().unwrap()
    }

    /// Does what is asked, after everything that is due by now.
    pub(crate) fn send(&mut self, role: &str, act: Act<Held, Commitment>) -> Said {
        self.send_by(&actor(role), act)
    }

    /// Does what somebody asks, after everything that is due by now.
    pub(crate) fn send_by(&mut self, actor: &Actor, act: Act<Held, Commitment>) -> Said {
        self.fire();
        let command = Command {
            act,
            actor: actor.clone(),
            at: self.now,
        };
        let decided = decide(&self.workflow, self.case.as_ref(), &self.facts, &command);
        let events = decided.map_err(|refusal| refusal.reasons)?;
        self.happen(&command.actor, &events);
        Ok(events)
    }

    /// Sets the time, and returns all that happens by it.
    pub(crate) fn at(&mut self, text: &str) -> Vec<Event> {
        self.now = utc(text);
        self.fire()
    }

    /// Fires what is due by now.
    pub(crate) fn fire(&mut self) -> Vec<Event> {
        let mut all = Vec::new();
        while let Some(case) = &self.case
            && let Some(firing) = fire(&self.workflow, case, &self.facts, self.now)
        {
            self.happen(&actor("timekeeper"), &firing.events);
            all.extend(firing.events);
        }
        all
    }

    fn happen(&mut self, actor: &Actor, events: &[Event]) {
        let case = self.case.take();
        let reference = self.workflow.reference().clone();
        let meta = Meta {
            revision: case.as_ref().map(Case::revision).unwrap_or_default().next(),
            at: self.now,
            actor,
            workflow: &reference,
        };
        let mut events = events.iter();
        let after = events.try_fold(case, |case, event| evolve(case, &meta, event).map(Some));
        self.case = after.unwrap();
    }

    /// Takes an action as an agent, with a reason.
    pub(crate) fn take(&mut self, action: &str, answers: &[(&str, Value)]) -> Said {
        let answer = |(field, value): &(&str, Value)| {
            (FieldName::new(field).unwrap(), Held::Open(value.clone()))
        };
        let advance = Advance {
            answers: answers.iter().map(answer).collect(),
            reason: Some(WORDS),
            way: Way::Action(ActionName::new(action).unwrap()),
        };
        self.send("agent", Act::Advance(advance))
    }

    pub(crate) fn renegotiate(&mut self, role: &str, promise: &str, due: &str) -> Said {
        let asked = Renegotiate {
            consent: WORDS,
            due_at: utc(due),
            promise: PromiseName::new(promise).unwrap(),
        };
        self.send(role, Act::Renegotiate(asked))
    }

    pub(crate) fn survey(&mut self, role: &str, survey: &str, answers: &[(&str, u32)]) -> Said {
        let answer = |(question, score): &(&str, u32)| {
            let question = QuestionName::new(question).unwrap();
            (question, *score)
        };
        let given = Survey {
            answers: answers.iter().map(answer).collect(),
            comment: Some(WORDS),
            survey: SurveyName::new(survey).unwrap(),
        };
        self.send(role, Act::Survey(given))
    }

    pub(crate) fn follow_up(&mut self, role: &str, follow_up: &str) -> Said {
        let done = FollowUp {
            follow_up: FollowUpName::new(follow_up).unwrap(),
            note: None,
        };
        self.send(role, Act::FollowUp(done))
    }

    pub(crate) fn contact(&mut self, role: &str) -> Said {
        let contact = Contact {
            channel: Some("telephone".to_owned()),
            from_customer: true,
            occurred_at: None,
        };
        self.send(role, Act::Contact(contact))
    }

    /// Finds the last deadline of a name: `promise/call_back`.
    pub(crate) fn deadline(&self, name: &str) -> &Deadline {
        let name: DeadlineName = name.parse().unwrap();
        self.case().deadline(&name).expect("the deadline started")
    }

    pub(crate) fn verdict(&self, name: &str) -> Option<Verdict> {
        self.deadline(name).stopped.map(|stopped| stopped.verdict)
    }

    pub(crate) fn place(&self) -> &str {
        let closed = || {
            self.case()
                .closing()
                .map(|closing| closing.outcome.as_str())
        };
        let step = self.case().step().map(crate::id::StepName::as_str);
        step.or_else(closed).unwrap()
    }
}

pub(crate) fn actor(role: &str) -> Actor {
    Actor {
        person: PersonId::new(Uuid::from_u128(0xa6e7)),
        principal: PrincipalId::new(Uuid::from_u128(0xa11ce)),
        role: RoleName::new(role).unwrap(),
        via: None,
    }
}

pub(crate) fn customer() -> CustomerId {
    CustomerId::new(Uuid::from_u128(0x00c0_ffee))
}

pub(crate) fn day(text: &str) -> Value {
    Value::Date(Date::parse(text).unwrap())
}

/// Returns the roles that were told, entry by entry.
pub(crate) fn told(events: &[Event]) -> Vec<Vec<&str>> {
    let told = events.iter().filter_map(|event| {
        let Event::Told(told) = event else {
            return None;
        };
        Some(told.roles.iter().map(RoleName::as_str).collect())
    });
    told.collect()
}
