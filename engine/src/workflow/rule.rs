//! Ways out of a step, and their rules.

use std::sync::Arc;

use super::condition::Condition;
use super::{FieldIndex, Need, OutcomeIndex, RoleSet, StepIndex};
use crate::id::{ActionName, PromiseName, RoleName};

/// A way out of a step.
#[derive(Debug, Clone)]
pub struct Action {
    /// Its name.
    pub name: ActionName,
    /// Who may take it.
    pub who: RoleSet,
    /// What must hold beside the step's needs.
    pub needs: Vec<Need>,
    /// Tried in order; the first whose condition holds is taken.
    pub rules: Vec<Rule>,
    /// Who is told when it is taken.
    pub tell: Vec<RoleName>,
    /// Steps in which an `anywhere` action is not offered: `not_in` and its targets.
    pub not_in: Vec<StepIndex>,
    /// The fields whose limit it looks at: those that a rule gives, approves or asks about with
    /// `over: limit`.
    pub limited: Vec<FieldIndex>,
}

impl Action {
    /// Returns the fields that it approves whichever of its rules fits.
    pub fn approves(&self) -> impl Iterator<Item = FieldIndex> {
        let first = self.rules.first().map(|rule| &rule.effects.approves);
        let approved_by_all = |field: &FieldIndex| {
            let mut rules = self.rules.iter();
            rules.all(|rule| rule.effects.approves.contains(field))
        };
        first.into_iter().flatten().copied().filter(approved_by_all)
    }
}

/// One alternative of an action.
#[derive(Debug, Clone)]
pub struct Rule {
    /// Its number in the action, from 1.
    pub number: u32,
    /// What must hold; without it the rule always fits.
    pub when: Option<Condition>,
    /// Where it leads.
    pub go_to: Target,
    /// How often between two openings, and where it leads afterwards.
    pub at_most: Option<AtMost>,
    /// What it does with money.
    pub effects: Effects,
    /// Promises it keeps, its own after those of its action; before it makes any.
    pub keeps: Vec<PromiseName>,
    /// Promises it makes, its own after those of its action.
    pub makes: Vec<PromiseName>,
}

/// What a rule does with amounts, its own effects after those of its action. Only fields with a
/// limit stand here, each once.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Effects {
    /// Their last bookings in the case are removed; first of the three.
    pub takes_back: Vec<FieldIndex>,
    /// Their present recordings are approved.
    pub approves: Vec<FieldIndex>,
    /// Their present recordings are booked; last of the three.
    pub gives: Vec<FieldIndex>,
}

impl Effects {
    /// Returns whether the rule leaves money alone.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.takes_back.is_empty() && self.approves.is_empty() && self.gives.is_empty()
    }
}

/// How often a rule leads to its target between two openings of a case.
#[derive(Debug, Clone)]
pub struct AtMost {
    /// The name of its counter, as entries hold it: `hear/not_understood/1`.
    pub counter: Arc<str>,
    /// So many times.
    pub times: u32,
    /// Where it leads after that; without it the action is used up.
    pub then: Option<Target>,
}

/// Where a rule leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// Nowhere: the step, its visit and its tasks stay as they are.
    Stay,
    /// To a step.
    Step(StepIndex),
    /// To an outcome: the case closes.
    Outcome(OutcomeIndex),
}
