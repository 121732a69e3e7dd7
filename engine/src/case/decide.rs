//! What a command does to a case.
//!
//! Invariant: nothing here reads a clock, a file or another case, and nothing is written.
//! Invariant: what `decide` returns can be evolved, in order, without [`CorruptHistory`].

mod action;
mod afterwards;
mod answers;
mod cause;
mod closed;
mod correct;
mod extend;
mod issue;
mod merge;
mod money;
mod open;
mod possible;
mod promise;
mod review;
mod task;
#[cfg(test)]
mod tests;

use self::answers::Overlay;
use super::command::{Act, Advance, Way};
use super::event::{Commitment, ContactRecorded, Event, Held, NoteAdded};
use super::evolve::{CorruptHistory, Meta, evolve};
use super::follow::{Pass, follow};
use super::refusal::{Reason, Refusal, Unmerged};
use super::{Actor, Case, Command, ENTRIES_PER_CASE_MAX, Facts, learning};
use crate::id::{Revision, StepName};
use crate::time::Timestamp;
use crate::workflow::{RoleIndex, RoleSet, Step, Workflow};

/// Decides what a command does: the events to be recorded, or why it is refused.
///
/// `case` follows this very workflow: its entries name it. `facts` answers what
/// [`asked`](super::facts::asked) asks.
///
/// # Errors
///
/// [`Refusal`] with everything that stands against it and what may be done instead.
pub fn decide(
    workflow: &Workflow,
    case: Option<&Case>,
    facts: &Facts,
    command: &Command,
) -> Result<Vec<Event>, Refusal> {
    let ctx = Context::new(workflow, facts, command)?;
    match ctx.decide(case) {
        Ok(events) => {
            debug_assert!(
                ctx.after(case, &events).is_ok(),
                "what is decided can be evolved"
            );
            Ok(events)
        }
        Err(reasons) => Err(Refusal {
            reasons,
            possible: case.map_or_else(Vec::new, |case| ctx.possible(case)),
        }),
    }
}

/// Returns what follows from the events of an entry: what tables give, another value where a field
/// they look at was answered, corrected or emptied; and what starts and stops with it.
///
/// Events that cannot be evolved are a fault of ours, and it is not lost here: they stand in
/// `events` or in what is returned, so whoever writes the entry finds that it cannot follow.
pub(super) fn settle(
    workflow: &Workflow,
    meta: &Meta<'_>,
    before: Option<&Case>,
    events: &[Event],
) -> Vec<Event> {
    if !workflow.has_consequences() {
        return Vec::new();
    }
    let Ok(Some(mut after)) = evolved(before, meta, events) else {
        return Vec::new();
    };
    let mut settled = Vec::new();
    if !workflow.computed().is_empty() && after.step().is_some() {
        settled = Overlay::new(workflow, Some(&after), &[]).recordings();
        let Ok(Some(computed)) = evolved(Some(&after), meta, &settled) else {
            return settled;
        };
        after = computed;
    }
    let all = [events, &settled].concat();
    let followed = follow(Pass {
        workflow,
        before,
        after: &after,
        events: &all,
    });
    settled.extend(followed);
    settled
}

/// Returns the case after the events of an entry; none where there are none.
pub(super) fn evolved(
    before: Option<&Case>,
    meta: &Meta<'_>,
    events: &[Event],
) -> Result<Option<Case>, CorruptHistory> {
    let mut events = events.iter();
    events.try_fold(before.cloned(), |case, event| {
        evolve(case, meta, event).map(Some)
    })
}

/// Returns whether a role that only reads may do this all the same: auditors give verdicts, which
/// change nothing of the way of a case.
fn is_verdict(workflow: &Workflow, role: RoleIndex, act: &Act<Held, Commitment>) -> bool {
    match act {
        Act::ReviewCause(_) | Act::CheckEffect(_) => learning::checking(workflow).contains(role),
        Act::Open(_)
        | Act::Import(_)
        | Act::Advance(_)
        | Act::Correct(_)
        | Act::Note(_)
        | Act::Reopen(_)
        | Act::RecordCause(_)
        | Act::CompleteAction(_)
        | Act::ConfirmIssue(_)
        | Act::LinkCause(_)
        | Act::Merge(_)
        | Act::MergeInto(_)
        | Act::Contact(_)
        | Act::Renegotiate(_)
        | Act::Extend(_)
        | Act::Survey(_)
        | Act::FollowUp(_) => false,
    }
}

/// What every part of a decision needs.
#[derive(Clone, Copy)]
struct Context<'a> {
    workflow: &'a Workflow,
    facts: &'a Facts,
    command: &'a Command,
    /// The one role the person acts in.
    role: RoleIndex,
    /// The role is that of an integration, which four eyes ignore.
    is_system: bool,
}

impl<'a> Context<'a> {
    fn new(workflow: &'a Workflow, facts: &'a Facts, command: &'a Command) -> Result<Self, Reason> {
        let name = &command.actor.role;
        // A request with a role that the workflow does not have is turned away when it is sealed.
        let (role, known) = workflow
            .role(name.as_str())
            .ok_or_else(|| Reason::NotYours {
                what: command.act.kind().to_owned(),
                role: name.clone(),
                who: workflow.roles().keys().cloned().collect(),
            })?;
        if known.reads_only && !is_verdict(workflow, role, &command.act) {
            return Err(Reason::ReadOnlyRole { role: name.clone() });
        }
        Ok(Self {
            workflow,
            facts,
            command,
            role,
            is_system: known.system,
        })
    }

    fn decide(self, case: Option<&Case>) -> Result<Vec<Event>, Vec<Reason>> {
        let case = match (case, &self.command.act) {
            (None, Act::Open(open)) => return Ok(self.settled(None, self.open(open))),
            (None, Act::Import(import)) => {
                return self.import(import).map(|events| self.settled(None, events));
            }
            (None, _) => return Err(vec![Reason::NoSuchCase]),
            (Some(case), _) => case,
        };
        if let Some(merging) = case.merged_into() {
            let into = merging.into;
            return Err(vec![Unmerged::Merged { into }.into()]);
        }
        if case.is_full() {
            let max = ENTRIES_PER_CASE_MAX;
            return Err(vec![Reason::HistoryFull { max }]);
        }
        match &self.command.act {
            Act::Open(_) | Act::Import(_) => Err(vec![Reason::AlreadyOpen]),
            Act::Advance(advance) => self.advance(case, advance),
            Act::Correct(correct) => self.correct(case, correct),
            Act::Reopen(reopen) => self.reopen(case, reopen),
            Act::Note(note) => Ok(vec![Event::NoteAdded(NoteAdded { note: note.note })]),
            Act::RecordCause(record) => self.record_cause(case, record),
            Act::ReviewCause(review) => self.review_cause(case, review),
            Act::CompleteAction(done) => self.complete_action(case, done),
            Act::CheckEffect(check) => self.check_effect(case, check),
            Act::ConfirmIssue(confirm) => self.confirm_issue(case, confirm),
            Act::LinkCause(link) => self.link_cause(case, link),
            Act::Merge(merge) => self.merge(case, merge),
            Act::MergeInto(merge) => self.merge_into(case, merge),
            Act::Contact(contact) => Ok(vec![Event::ContactRecorded(ContactRecorded {
                channel: contact.channel.clone(),
                from_customer: contact.from_customer,
                occurred_at: contact.occurred_at,
            })]),
            Act::Extend(extend) => self.extend(case, extend),
            Act::Renegotiate(asked) => self.renegotiate(case, asked),
            Act::Survey(given) => self.record_survey(case, given),
            Act::FollowUp(done) => self.follow_up(case, done),
        }
        .map(|events| self.settled(Some(case), events))
    }

    /// Adds what follows from the events; see [`settle`].
    fn settled(self, case: Option<&Case>, mut events: Vec<Event>) -> Vec<Event> {
        let meta = self.meta(case);
        events.extend(settle(self.workflow, &meta, case, &events));
        events
    }

    fn advance(
        self,
        case: &Case,
        advance: &Advance<Held, Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let step = self.step(case).map_err(|reason| vec![reason])?;
        match &advance.way {
            Way::Task(task) => self.do_task(case, step, task, advance),
            Way::Action(action) => self.take_action(case, step, action, advance),
        }
    }

    const fn actor(self) -> &'a Actor {
        &self.command.actor
    }

    /// Returns the time of recording, which never falls within a case.
    fn at(self, case: Option<&Case>) -> Timestamp {
        case.map_or(self.command.at, |case| {
            self.command.at.max(case.updated_at())
        })
    }

    fn meta<'m>(self, case: Option<&'m Case>) -> Meta<'m>
    where
        'a: 'm,
    {
        Meta {
            revision: case.map_or(Revision(0), Case::revision).next(),
            at: self.at(case),
            actor: self.actor(),
            workflow: case.map_or_else(|| self.workflow.reference(), Case::workflow),
        }
    }

    /// Returns the case as it is after events decided for it.
    fn after(self, case: Option<&Case>, events: &[Event]) -> Result<Option<Case>, CorruptHistory> {
        evolved(case, &self.meta(case), events)
    }

    /// Returns the step the case is in, or that it is closed.
    fn step(self, case: &Case) -> Result<&'a Step, Reason> {
        if let Some(closing) = case.closing() {
            let outcome = self.workflow.outcome(closing.outcome.as_str());
            return Err(Reason::Closed {
                outcome: closing.outcome.clone(),
                title: outcome.map_or_else(String::new, |outcome| outcome.title.clone()),
            });
        }
        let step = case
            .step()
            .and_then(|name| self.workflow.step(name.as_str()));
        // A case follows the workflow it names, so its step is there.
        step.map(|(_, step)| step).ok_or(Reason::NoSuchCase)
    }

    fn allow(self, who: RoleSet, what: &str) -> Result<(), Reason> {
        if who.contains(self.role) {
            return Ok(());
        }
        Err(Reason::NotYours {
            what: what.to_owned(),
            role: self.actor().role.clone(),
            who: self.workflow.role_names(who).cloned().collect(),
        })
    }

    /// Refuses a person who acted in one of the steps that are to be left to other eyes.
    fn not_by<'s>(
        self,
        case: &Case,
        steps: impl IntoIterator<Item = &'s StepName>,
        what: &str,
    ) -> Result<(), Reason> {
        let has_acted = |step: &&StepName| case.has_acted(step.as_str(), self.actor().person);
        match steps.into_iter().find(has_acted) {
            Some(step) if !self.is_system => {
                let known = self.workflow.step(step.as_str());
                Err(Reason::NotBy {
                    what: what.to_owned(),
                    step: step.clone(),
                    title: known.map_or_else(String::new, |(_, step)| step.title.clone()),
                })
            }
            Some(_) | None => Ok(()),
        }
    }

    /// Returns those of the steps in which this person may act. `not_by` tells whom each keeps
    /// out. None left is a refusal: of the role, or else of the person.
    fn may_act_in<'s, I: IntoIterator<Item = &'s StepName>>(
        self,
        case: &Case,
        steps: &[&'s Step],
        not_by: impl Fn(&'s Step) -> I,
        what: &str,
    ) -> Result<Vec<&'s Step>, Reason> {
        let who = steps.iter().map(|step| step.who);
        self.allow(who.fold(RoleSet::default(), RoleSet::or), what)?;
        let of_role = steps.iter().filter(|step| step.who.contains(self.role));
        let mut open = Vec::new();
        let mut kept_out = None;
        for step in of_role {
            match self.not_by(case, not_by(step), what) {
                Ok(()) => open.push(*step),
                Err(reason) => kept_out = kept_out.or(Some(reason)),
            }
        }
        match kept_out {
            Some(reason) if open.is_empty() => Err(reason),
            Some(_) | None => Ok(open),
        }
    }
}
