//! What the scenarios of a workflow walk, and what they leave out.
//!
//! Invariant: a part counts as walked only when the engine recorded an event of it.

mod place;
mod timely;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use crate::case::{Case, DeadlineName, Event};
use crate::code::Code;
use crate::id::{ActionName, FieldName, OutcomeName, RoleName, StepName, TaskName};
use crate::workflow::{Action, CUSTOMER, Workflow};

use super::trace::action_at;

pub use place::findings;
pub(super) use timely::deadlines;
pub use timely::{Moment, thing};

/// A part of a workflow that can be walked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// A step that is entered.
    Step(StepName),
    /// An outcome that is reached.
    Outcome(OutcomeName),
    /// A task that is done.
    Task(StepName, TaskName),
    /// An action that is taken; without a step one possible anywhere.
    Action(Option<StepName>, ActionName),
    /// A rule that is taken.
    Rule {
        /// The step of its action; none for one possible anywhere.
        within: Option<StepName>,
        /// Its action.
        action: ActionName,
        /// Its number, from 1.
        number: u32,
        /// The action has no other rule.
        is_only: bool,
        /// It was used up, and led to its `then`.
        is_used_up: bool,
    },
    /// A row of a table that gives a field its value.
    Row {
        /// The field.
        field: FieldName,
        /// Its number, from 1.
        number: u32,
    },
    /// A moment of a deadline.
    Deadline(DeadlineName, Moment),
    /// A role that acts.
    Role(RoleName),
}

impl Part {
    /// The kinds of parts, as people call them.
    pub const KINDS: [&'static str; 8] = [
        "steps",
        "outcomes",
        "tasks",
        "actions",
        "rules",
        "table rows",
        "deadlines",
        "roles",
    ];

    /// Returns whether each must be walked: then one that is not is a finding (H905).
    #[must_use]
    pub const fn must_be_walked(&self) -> bool {
        match self {
            Self::Rule { .. } | Self::Row { .. } => true,
            Self::Deadline(..)
            | Self::Step(_)
            | Self::Outcome(_)
            | Self::Task(..)
            | Self::Action(..)
            | Self::Role(_) => false,
        }
    }

    /// Returns whether a story is written for it where none walks it.
    #[must_use]
    pub const fn deserves_a_story(&self) -> bool {
        match self {
            Self::Rule { .. } | Self::Row { .. } | Self::Deadline(..) => true,
            Self::Step(_)
            | Self::Outcome(_)
            | Self::Task(..)
            | Self::Action(..)
            | Self::Role(_) => false,
        }
    }

    /// Returns what kind of part it is: one of [`Part::KINDS`].
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Step(_) => "steps",
            Self::Outcome(_) => "outcomes",
            Self::Task(..) => "tasks",
            Self::Action(..) => "actions",
            Self::Rule { .. } => "rules",
            Self::Row { .. } => "table rows",
            Self::Deadline(..) => "deadlines",
            Self::Role(_) => "roles",
        }
    }
}

impl fmt::Display for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |within: &Option<StepName>| match within {
            Some(step) => step.to_string(),
            None => "anywhere".to_owned(),
        };
        match self {
            Self::Step(step) => write!(f, "`{step}`"),
            Self::Outcome(outcome) => write!(f, "`{outcome}`"),
            Self::Task(step, task) => write!(f, "`{step}.{task}`"),
            Self::Action(within, action) => write!(f, "`{}.{action}`", place(within)),
            Self::Rule {
                within,
                action,
                number,
                is_only,
                is_used_up,
            } => {
                if *is_used_up {
                    f.write_str("the `then` of ")?;
                }
                if !is_only {
                    write!(f, "rule {number} of ")?;
                }
                write!(f, "`{}.{action}`", place(within))
            }
            Self::Row { field, number } => {
                write!(f, "row {number} of the table that gives `{field}`")
            }
            Self::Deadline(name, moment) => moment.write(f, name),
            Self::Role(role) => write!(f, "`{role}`"),
        }
    }
}

/// What was walked.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walked {
    /// The parts.
    pub parts: BTreeSet<Part>,
    /// The refusals that were expected and came, with how often.
    pub refusals: BTreeMap<Code, u32>,
}

/// How much of a workflow is walked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Coverage {
    /// Each kind that the workflow has any of: how many parts are walked, of how many, and those
    /// that are not, in the file's order.
    pub kinds: Vec<(&'static str, usize, usize, Vec<Part>)>,
    /// The refusals that were expected and came, with how often.
    pub refusals: BTreeMap<Code, u32>,
}

impl Coverage {
    /// Compares what was walked with what the workflow has.
    #[must_use]
    pub fn of(workflow: &Workflow, walked: &Walked) -> Self {
        let all = parts(workflow);
        let kinds = Part::KINDS.into_iter().filter_map(|kind| {
            let parts = || all.iter().filter(|part| part.kind() == kind);
            let missing = parts().filter(|part| !walked.parts.contains(part));
            let missing: Vec<Part> = missing.cloned().collect();
            let count = parts().count();
            (count > 0).then(|| (kind, count - missing.len(), count, missing))
        });
        Self {
            kinds: kinds.collect(),
            refusals: walked.refusals.clone(),
        }
    }
}

impl Walked {
    /// Adds what another walk walked.
    pub fn add(&mut self, other: &Self) {
        self.parts.extend(other.parts.iter().cloned());
        for (code, times) in &other.refusals {
            *self.refusals.entry(*code).or_default() += times;
        }
    }

    /// Adds the rows of tables that gave values.
    pub(super) fn note_rows(&mut self, rows: &BTreeSet<(FieldName, u32)>) {
        let part = |(field, number): &(FieldName, u32)| Part::Row {
            field: field.clone(),
            number: *number,
        };
        self.parts.extend(rows.iter().map(part));
    }

    /// Adds what a person in this role walked. `before` is the case the events were decided for.
    pub(super) fn note_deed(
        &mut self,
        workflow: &Workflow,
        before: Option<&Case>,
        role: &RoleName,
        events: &[Event],
    ) {
        self.parts.insert(Part::Role(role.clone()));
        self.note(workflow, before, events);
    }

    /// Adds what decided events walk. `before` is the case they were decided for.
    pub(super) fn note(&mut self, workflow: &Workflow, before: Option<&Case>, events: &[Event]) {
        let moments = timely::moments(events).into_iter();
        let moments = moments.map(|(name, moment)| Part::Deadline(name, moment));
        self.parts.extend(moments);
        let step = before.and_then(Case::step);
        for event in events {
            if let Event::StepEntered(entered) = event {
                self.parts.insert(Part::Step(entered.step.clone()));
            } else if let Event::CaseClosed(closed) = event {
                self.parts.insert(Part::Outcome(closed.outcome.clone()));
            } else if let (Event::TaskDone(done), Some(step)) = (event, step) {
                let part = Part::Task(step.clone(), done.task.clone());
                self.parts.insert(part);
            } else if let (Event::ActionTaken(taken), Some(case)) = (event, before) {
                let Some((known, is_anywhere)) = action_at(workflow, case, &taken.action) else {
                    continue;
                };
                let within = step.filter(|_| !is_anywhere).cloned();
                let action = taken.action.clone();
                self.parts
                    .insert(Part::Action(within.clone(), action.clone()));
                self.parts.insert(Part::Rule {
                    within,
                    action,
                    number: taken.rule,
                    is_only: known.rules.len() == 1,
                    is_used_up: taken.used_up,
                });
            }
        }
    }
}

/// Returns every part of a workflow that can be walked, in the file's order within each kind.
#[must_use]
pub fn parts(workflow: &Workflow) -> Vec<Part> {
    let mut parts: Vec<Part> = Vec::new();
    for step in workflow.steps() {
        parts.push(Part::Step(step.name.clone()));
        let tasks = step.tasks.keys();
        parts.extend(tasks.map(|task| Part::Task(step.name.clone(), task.clone())));
        let actions = step.actions.values();
        parts.extend(actions.flat_map(|action| of_action(Some(&step.name), action)));
    }
    let anywhere = workflow.anywhere().values();
    parts.extend(anywhere.flat_map(|action| of_action(None, action)));
    parts.extend(workflow.outcomes().map(|o| Part::Outcome(o.name.clone())));
    for computed in workflow.computed() {
        let field = workflow.field_at(computed.field).0;
        let rows = (1..).zip(&computed.rows);
        parts.extend(rows.map(|(number, _)| Part::Row {
            field: field.clone(),
            number,
        }));
    }
    for name in deadlines(workflow) {
        let moments = timely::moments_of(workflow, &name).into_iter();
        parts.extend(moments.map(|moment| Part::Deadline(name.clone(), moment)));
    }
    let acting = workflow.roles().iter();
    let acting = acting.filter(|(name, role)| !role.reads_only && name.as_str() != CUSTOMER);
    parts.extend(acting.map(|(name, _)| Part::Role(name.clone())));
    parts
}

fn of_action(within: Option<&StepName>, action: &Action) -> Vec<Part> {
    let (within, name) = (within.cloned(), action.name.clone());
    let rules = action.rules.iter().flat_map(|rule| {
        let has_then = rule
            .at_most
            .as_ref()
            .is_some_and(|at_most| at_most.then.is_some());
        let used_up = [false, true]
            .into_iter()
            .filter(move |used_up| !used_up || has_then);
        used_up.map(|is_used_up| (rule.number, is_used_up))
    });
    let of_rule = |(number, is_used_up)| Part::Rule {
        within: within.clone(),
        action: name.clone(),
        number,
        is_only: action.rules.len() == 1,
        is_used_up,
    };
    let rules: Vec<Part> = rules.map(of_rule).collect();
    std::iter::once(Part::Action(within, name))
        .chain(rules)
        .collect()
}
