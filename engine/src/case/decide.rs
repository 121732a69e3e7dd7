//! What a command does to a case.
//!
//! Invariant: nothing here reads a clock, a file or another case, and nothing is written.
//! Invariant: what `decide` returns can be evolved, in order, without [`CorruptHistory`].
//!
//! [`CorruptHistory`]: super::CorruptHistory

mod action;
mod answers;
mod cause;
mod closed;
mod open;
mod task;

use super::command::{Act, Advance, Correct, Way};
use super::event::{AnswerCorrected, Commitment, Event, Held, NoteAdded};
use super::offer::{self, Offer, OfferKind};
use super::refusal::{Reason, Refusal};
use super::{Actor, Case, Command, ENTRIES_PER_CASE_MAX, Facts};
use crate::id::StepName;
use crate::workflow::{CUSTOMER, RoleIndex, RoleSet, Step, Workflow};

/// Decides what a command does: the events to be recorded, or why it is refused.
///
/// # Errors
///
/// [`Refusal`] with everything that stands against it and what may be done instead.
pub fn decide(
    workflow: &Workflow,
    case: Option<&Case>,
    _facts: &Facts,
    command: &Command,
) -> Result<Vec<Event>, Refusal> {
    let ctx = Context { workflow, command };
    let events = ctx.decide(case);
    events.map_err(|reasons| Refusal {
        reasons,
        possible: ctx.possible(case),
    })
}

/// What every part of a decision needs.
#[derive(Clone, Copy)]
struct Context<'a> {
    workflow: &'a Workflow,
    command: &'a Command,
}

impl<'a> Context<'a> {
    fn decide(self, case: Option<&Case>) -> Result<Vec<Event>, Vec<Reason>> {
        self.role()?;
        let case = match (case, &self.command.act) {
            (None, Act::Open(open)) => return Ok(self.open(open)),
            (None, Act::Import(import)) => return self.import(import),
            (None, _) => return Err(vec![Reason::NoSuchCase]),
            (Some(case), _) => case,
        };
        if case.revision().0 >= ENTRIES_PER_CASE_MAX {
            return Err(vec![Reason::HistoryFull {
                max: ENTRIES_PER_CASE_MAX,
            }]);
        }
        match &self.command.act {
            Act::Open(_) | Act::Import(_) => Err(vec![Reason::AlreadyOpen]),
            Act::Advance(advance) => self.advance(case, advance),
            Act::Correct(correct) => self.correct(case, correct),
            Act::Note(note) => Ok(vec![Event::NoteAdded(NoteAdded { note: note.note })]),
            Act::Reopen(reopen) => self.reopen(case, reopen),
            Act::RecordCause(record) => self.record_cause(case, record),
        }
    }

    const fn actor(self) -> &'a Actor {
        &self.command.actor
    }

    /// Returns the role used. A request with an unknown role is refused when it is sealed.
    fn role(self) -> Result<RoleIndex, Vec<Reason>> {
        let role = &self.actor().role;
        let not_yours = || Reason::NotYours {
            what: self.command.act.kind().to_owned(),
            role: role.clone(),
            who: self.workflow.roles().keys().cloned().collect(),
        };
        let (index, known) = self
            .workflow
            .role(role.as_str())
            .ok_or_else(|| vec![not_yours()])?;
        if known.reads_only {
            return Err(vec![Reason::ReadOnlyRole { role: role.clone() }]);
        }
        Ok(index)
    }

    fn customer(self) -> RoleSet {
        let customer = self.workflow.role(CUSTOMER);
        customer.map_or(RoleSet::default(), |(index, _)| {
            RoleSet::default().with(index)
        })
    }

    fn allow(self, who: RoleSet, what: &str) -> Result<(), Reason> {
        if self.role().is_ok_and(|role| who.contains(role)) {
            return Ok(());
        }
        Err(Reason::NotYours {
            what: what.to_owned(),
            role: self.actor().role.clone(),
            who: self.workflow.role_names(who).cloned().collect(),
        })
    }

    fn not_by(self, case: &Case, steps: &[StepName], what: &str) -> Result<(), Reason> {
        let person = self.actor().person;
        let Some(step) = steps
            .iter()
            .find(|step| case.has_acted(step.as_str(), person))
        else {
            return Ok(());
        };
        Err(Reason::NotBy {
            what: what.to_owned(),
            step: step.clone(),
            title: self.step_title(step.as_str()),
        })
    }

    fn step_title(self, name: &str) -> String {
        self.workflow
            .step(name)
            .map(|(_, step)| step.title.clone())
            .unwrap_or_default()
    }

    /// Returns the step the case is in, or that it is closed.
    fn step(self, case: &Case) -> Result<&'a Step, Vec<Reason>> {
        if let Some(closing) = case.closing() {
            let outcome = self.workflow.outcome(closing.outcome.as_str());
            return Err(vec![Reason::Closed {
                outcome: closing.outcome.clone(),
                title: outcome
                    .map(|outcome| outcome.title.clone())
                    .unwrap_or_default(),
            }]);
        }
        let step = case
            .step()
            .and_then(|name| self.workflow.step(name.as_str()));
        // A case is folded under the workflow it names, so its step is there.
        step.map(|(_, step)| step)
            .ok_or_else(|| vec![Reason::NoSuchCase])
    }

    fn advance(
        self,
        case: &Case,
        advance: &Advance<Held, Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let step = self.step(case)?;
        match &advance.way {
            Way::Task(task) => self.do_task(case, step, task, advance),
            Way::Action(action) => self.take_action(case, step, action, advance),
        }
    }

    fn correct(
        self,
        case: &Case,
        correct: &Correct<Held, Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        self.step(case)?;
        let Some((index, _)) = self.workflow.field(correct.field.as_str()) else {
            return Err(vec![Reason::NothingToCorrect {
                field: correct.field.clone(),
            }]);
        };
        let naming: Vec<&Step> = self
            .workflow
            .steps()
            .filter(|step| answers::names(step, index))
            .collect();
        let who = naming
            .iter()
            .fold(RoleSet::default(), |who, step| who.or(step.who));
        self.allow(who, &format!("correct {}", correct.field))
            .map_err(|reason| vec![reason])?;
        if !case.answers().contains_key(&correct.field) {
            return Err(vec![Reason::NothingToCorrect {
                field: correct.field.clone(),
            }]);
        }
        let given = [(correct.field.clone(), correct.value.clone())];
        let overlay = answers::Overlay::new(self.workflow, case, &given);
        overlay.check_max().map_err(|reason| vec![reason])?;
        let role = self.role()?;
        let steps = naming.iter().filter(|step| step.who.contains(role));
        Ok(vec![Event::AnswerCorrected(AnswerCorrected {
            field: correct.field.clone(),
            reason: correct.reason,
            recording: case.recordings + 1,
            steps: steps.map(|step| step.name.clone()).collect(),
            value: correct.value.clone(),
        })])
    }

    /// Returns what the acting person may do at present, in the role used.
    fn possible(self, case: Option<&Case>) -> Vec<Offer> {
        let Some(case) = case else { return Vec::new() };
        let mut offers = offer::offers(self.workflow, case);
        offers
            .retain(|offer| offer.who.contains(&self.actor().role) && self.is_open_to(case, offer));
        offers
    }

    fn is_open_to(self, case: &Case, offer: &Offer) -> bool {
        let step = case
            .step()
            .and_then(|name| self.workflow.step(name.as_str()));
        let step = step.map(|(_, step)| step);
        let not_by: Vec<StepName> = match (&offer.kind, step) {
            (OfferKind::Task(task), Some(step)) => {
                let task = step.tasks.get(task.as_str());
                step.not_by
                    .iter()
                    .chain(task.iter().flat_map(|task| &task.not_by))
                    .cloned()
                    .collect()
            }
            (OfferKind::Action(_), Some(step)) => step.not_by.clone(),
            (OfferKind::Reopen, _) => {
                let until = case.closing().and_then(|closing| closing.reopen_until);
                return until.is_some_and(|until| self.command.at < until);
            }
            (OfferKind::Anywhere(_) | OfferKind::RecordCause, _) | (_, None) => Vec::new(),
        };
        offer.waits_for.is_empty() && self.not_by(case, &not_by, "").is_ok()
    }
}
