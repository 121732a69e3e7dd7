//! A case in virtual time, driven as the server drives one: seal, decide, evolve.
//!
//! Invariant: people, salts and times are counted, so the same acts come to the same case.

use std::collections::{BTreeMap, BTreeSet};

use uuid::Uuid;

use crate::blame::Names;
use crate::calendar::{self, Pauses};
use crate::case::command::{
    Act, Advance, Contact, Correct, Extend, FollowUp, Import, Note, Open, Origin, PlainAct,
    Renegotiate, Reopen, Survey, Way,
};
use crate::case::event::Held;
use crate::case::facts::{asked, given_in};
use crate::case::seal::{BadRequest, seal};
use crate::case::{
    Actor, Case, Command, CorruptHistory, Event, Facts, Firing, Meta, Refusal, decide, evolve,
    fire, timekeeper,
};
use crate::id::{
    ActionName, FieldName, PersonId, PrincipalId, Revision, RoleName, StepName, TaskName,
};
use crate::time::Timestamp;
use crate::value::Value;
use crate::workflow::length::Length;
use crate::workflow::table::Computed;
use crate::workflow::{CUSTOMER, Workflow};

use super::diagnosis;
use super::stand_in::stand_in;
use super::story::{Opening, What};

/// The ids of people begin here; their numbers in the file follow.
const PEOPLE: u128 = 0x0190_0000_0000_8000_8000_0000_0000_0000;

/// The person who opens cases and brings them in: the customer's voice, who does nothing else.
const NOBODY: usize = 0xFFFF;

/// A case, the time, and the answers in the open.
#[derive(Debug, Clone)]
pub(super) struct Desk<'w> {
    pub(super) workflow: &'w Workflow,
    pub(super) case: Option<Case>,
    pub(super) now: Timestamp,
    /// The values of all answers given, also of those that are sealed in the case.
    pub(super) told: BTreeMap<FieldName, Value>,
    /// The rows of tables that gave a value of the case, by field, each with its number from 1.
    pub(super) rows: BTreeSet<(FieldName, u32)>,
    salts: u64,
}

/// Why an act was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum No {
    /// The request is not well formed.
    Bad(BadRequest),
    /// It was refused.
    Refused(Refusal),
}

impl<'w> Desk<'w> {
    /// Begins without a case.
    pub(super) const fn new(workflow: &'w Workflow, now: Timestamp) -> Self {
        Self {
            workflow,
            case: None,
            now,
            told: BTreeMap::new(),
            rows: BTreeSet::new(),
            salts: 0,
        }
    }

    /// Does what is asked. Refused, nothing changes.
    pub(super) fn send(&mut self, actor: &Actor, act: &PlainAct) -> Result<Vec<Event>, No> {
        let mut salts = self.salts;
        let sealed = seal(self.workflow, actor, act, &Names::default(), || {
            salts += 1;
            let mut salt = [0; 32];
            if let Some(end) = salt.last_chunk_mut() {
                *end = salts.to_be_bytes();
            }
            salt
        });
        let command = Command {
            act: sealed.map_err(No::Bad)?.act,
            actor: actor.clone(),
            at: self.now,
        };
        let facts = self.facts(&command);
        let events = decide(self.workflow, self.case.as_ref(), &facts, &command);
        let events = events.map_err(No::Refused)?;
        self.salts = salts;
        self.happen(actor, &events);
        self.told.extend(answers(act).iter().cloned());
        Ok(events)
    }

    /// Lets the next thing that is due until then happen, at its own instant; none where nothing
    /// is. A case that is full takes no more, so this ends. The engine itself knows which surveys
    /// were sent in the case; others the customer never got.
    pub(super) fn fire(&mut self, until: Timestamp) -> Option<Firing> {
        let case = self.case.as_ref()?;
        let due = case.due_at().filter(|due| *due <= until)?;
        let now = self.now.max(due);
        let firing = fire(self.workflow, case, &Facts::default(), now)?;
        self.now = now;
        self.happen(&timekeeper(), &firing.events);
        Some(firing)
    }

    /// Returns the instant that lies so long after now, by the default calendar.
    pub(super) fn after(&self, length: Length) -> Option<Timestamp> {
        calendar::due(
            self.workflow.calendar(None),
            length,
            self.now,
            &Pauses::none(),
        )
    }

    /// Returns what is read beside the case. A story is of one case: what people gave in others is
    /// not known, so it counts as nothing.
    fn facts(&self, command: &Command) -> Facts {
        let Some(case) = &self.case else {
            return Facts::default();
        };
        let asks = asked(self.workflow, case, command);
        let given = asks.iter().map(|ask| given_in(case.bookings(), ask));
        Facts {
            given: given.collect(),
            ..Facts::default()
        }
    }

    /// Lets decided events happen.
    pub(super) fn happen(&mut self, actor: &Actor, events: &[Event]) {
        let case = self.case.take();
        let workflow = self.workflow.reference().clone();
        let revision = case.as_ref().map_or(Revision(0), Case::revision).next();
        let at = case
            .as_ref()
            .map_or(self.now, |case| self.now.max(case.updated_at()));
        let meta = Meta {
            revision,
            at,
            actor,
            workflow: &workflow,
        };
        let mut rows = BTreeSet::new();
        let after = events.iter().try_fold(case, |case, event| {
            let after = evolve(case, &meta, event)?;
            // Before the rules of an action are tried, the tables have settled.
            if let Event::ActionTaken(_) | Event::TaskDone(_) = event {
                rows.extend(rows_of(self.workflow, &after));
            }
            Ok::<_, CorruptHistory>(Some(after))
        });
        // What `decide` returns can be evolved: its own invariant.
        self.case = after.unwrap_or_else(|damage| unreachable!("decided and impossible: {damage}"));
        rows.extend(
            self.case
                .iter()
                .flat_map(|case| rows_of(self.workflow, case)),
        );
        self.rows.append(&mut rows);
    }

    /// Opens a case.
    pub(super) fn open(&mut self, opening: Opening) -> Result<Vec<Event>, No> {
        let open = Act::Open(Open {
            origin: Origin::default(),
            customer: None,
            received_at: opening.received_at,
            reference: None,
            team: None,
            version: None,
            workflow: self.workflow.reference().id.clone(),
        });
        self.send(&actor(NOBODY, customer()), &open)
    }

    /// Brings a case in at a step, with stand-ins for what else every case has there.
    pub(super) fn start_at(
        &mut self,
        step: &StepName,
        given: &[(FieldName, Value)],
        opening: Opening,
    ) -> Result<Vec<Event>, No> {
        let mut answers = given.to_vec();
        answers.extend(made_up(self.workflow, step, given));
        let import = Act::Import(Import {
            customer: None,
            answers,
            opened_at: opening.received_at.unwrap_or(self.now),
            reference: None,
            step: step.clone(),
            team: None,
            version: None,
            workflow: self.workflow.reference().id.clone(),
        });
        self.send(&actor(NOBODY, customer()), &import)
    }

    /// Returns what a name stands for where the case is: a task of the step, or else an action.
    pub(super) fn way(&self, name: &str) -> Option<Way> {
        let step = self.case.as_ref().and_then(Case::step);
        let step = step.and_then(|step| self.workflow.step(step.as_str()));
        if step.is_some_and(|(_, step)| step.tasks.contains_key(name)) {
            return TaskName::new(name).ok().map(Way::Task);
        }
        ActionName::new(name).ok().map(Way::Action)
    }

    /// Returns what a person asks for, where the case is.
    pub(super) fn act(&self, what: &What) -> Option<PlainAct> {
        Some(match what {
            What::Advance {
                name,
                answers,
                reason,
                ..
            } => Act::Advance(Advance {
                answers: answers.clone(),
                reason: reason.clone(),
                way: self.way(name)?,
            }),
            What::Note(note) => Act::Note(Note { note: note.clone() }),
            What::Correct {
                field,
                value,
                reason,
            } => Act::Correct(Correct {
                field: field.clone(),
                reason: reason.clone(),
                value: value.clone(),
            }),
            What::Cause { cause, whys } => {
                Act::RecordCause(diagnosis::made_up(self.workflow, self.now, cause, whys))
            }
            What::Reopen(reason) => Act::Reopen(Reopen {
                reason: reason.clone(),
            }),
            What::Contact { from_customer } => Act::Contact(Contact {
                channel: None,
                from_customer: *from_customer,
                occurred_at: None,
            }),
            What::Renegotiate {
                promise,
                due,
                consent,
            } => Act::Renegotiate(Renegotiate {
                consent: consent.clone(),
                due_at: *due,
                promise: promise.clone(),
            }),
            What::Extend { clock, reason } => Act::Extend(Extend {
                clock: clock.clone(),
                reason: reason.clone(),
            }),
            What::Survey {
                survey,
                answers,
                comment,
            } => Act::Survey(Survey {
                answers: answers.clone(),
                comment: comment.clone(),
                survey: survey.clone(),
            }),
            What::FollowUp { follow_up, note } => Act::FollowUp(FollowUp {
                follow_up: follow_up.clone(),
                note: note.clone(),
            }),
        })
    }

    /// Returns the name and the title of where the case is.
    pub(super) fn place(&self) -> (String, String) {
        let Some(case) = &self.case else {
            return (String::new(), "no case yet".to_owned());
        };
        if let Some(closing) = case.closing() {
            let outcome = self.workflow.outcome(closing.outcome.as_str());
            let title = outcome.map_or_else(String::new, |outcome| outcome.title.clone());
            return (closing.outcome.to_string(), title);
        }
        let step = case
            .step()
            .and_then(|step| self.workflow.step(step.as_str()));
        step.map_or_else(Default::default, |(_, step)| {
            (step.name.to_string(), step.title.clone())
        })
    }
}

/// Returns stand-ins for what every case has answered in a step beside what is given.
pub(super) fn made_up(
    workflow: &Workflow,
    step: &StepName,
    given: &[(FieldName, Value)],
) -> Vec<(FieldName, Value)> {
    let Some((_, step)) = workflow.step(step.as_str()) else {
        return Vec::new();
    };
    let made_up = step.filled.iter().filter_map(|index| {
        let (name, field) = workflow.field_at(*index);
        let is_given = field.computed || given.iter().any(|(given, _)| given == name);
        // Without a stand-in the engine says that the answer is missing.
        let value = (!is_given).then(|| stand_in(field))?;
        Some((name.clone(), value?))
    });
    made_up.collect()
}

/// Returns the rows that the values of tables in a case come from. The engine recorded the value;
/// the row is the first that fits and gives it.
fn rows_of(workflow: &Workflow, case: &Case) -> Vec<(FieldName, u32)> {
    let row = |computed: &Computed| {
        let name = workflow.field_at(computed.field).0;
        let seen = |field| case.seen(workflow.field_at(field).0.as_str());
        let (number, row) = computed.row(&seen)?;
        let held = case.answers().get(name).map(|answer| &answer.value);
        let is_given = matches!(held, Some(Held::Open(value)) if *value == row.is);
        is_given.then(|| (name.clone(), number))
    };
    workflow.computed().iter().filter_map(row).collect()
}

/// Returns a person by number, in a role.
pub(super) fn actor(number: usize, role: RoleName) -> Actor {
    let number = u128::try_from(number).unwrap_or(u128::MAX >> 64);
    let id = Uuid::from_u128(PEOPLE | number);
    Actor {
        person: PersonId::new(id),
        principal: PrincipalId::new(Uuid::from_u128(PEOPLE)),
        role,
        via: None,
    }
}

/// Returns the built-in role of whoever passes on the customer's own act.
pub(super) fn customer() -> RoleName {
    RoleName::new(CUSTOMER).unwrap_or_else(|error| unreachable!("a built-in name: {error}"))
}

fn answers(act: &PlainAct) -> Vec<(FieldName, Value)> {
    match act {
        Act::Advance(advance) => advance.answers.clone(),
        Act::Import(import) => import.answers.clone(),
        Act::Correct(correct) => vec![(correct.field.clone(), correct.value.clone())],
        Act::Open(_)
        | Act::Note(_)
        | Act::Reopen(_)
        | Act::RecordCause(_)
        | Act::ReviewCause(_)
        | Act::CompleteAction(_)
        | Act::CheckEffect(_)
        | Act::ConfirmIssue(_)
        | Act::LinkCause(_)
        | Act::Merge(_)
        | Act::MergeInto(_)
        | Act::Contact(_)
        | Act::Extend(_)
        | Act::Renegotiate(_)
        | Act::Survey(_)
        | Act::FollowUp(_) => Vec::new(),
    }
}
