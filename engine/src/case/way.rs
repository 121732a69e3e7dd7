//! Where the rules of an action lead at present, and what stands in their way.
//!
//! Invariant: `decide` and the offers both ask here, so they cannot tell different things.

use super::Case;
use super::offer::Wait;
use crate::id::PromiseName;
use crate::workflow::{Action, CountsAs, Phase, Rule, Step, Target, Workflow};

/// Where a rule leads at present.
#[derive(Debug, Clone, Copy)]
pub(super) struct Way<'a> {
    /// The rule.
    pub(super) rule: &'a Rule,
    /// Where it leads: its `go_to`, or its `then` when it is used up.
    pub(super) target: Target,
    /// How often it will have been taken, where its `go_to` is counted.
    pub(super) times: Option<u32>,
    /// It was taken as often as it may be, and leads to its `then`.
    pub(super) is_used_up: bool,
}

impl<'a> Way<'a> {
    /// Returns where the rule leads; `None` where it is used up and leads nowhere else.
    pub(super) fn at_present(case: &Case, rule: &'a Rule) -> Option<Self> {
        let way = Self {
            rule,
            target: rule.go_to,
            times: None,
            is_used_up: false,
        };
        let Some(at_most) = &rule.at_most else {
            return Some(way);
        };
        let taken = case.counted(&at_most.counter);
        if taken < at_most.times {
            let times = Some(taken + 1);
            return Some(Self { times, ..way });
        }
        at_most.then.map(|target| Self {
            target,
            is_used_up: true,
            ..way
        })
    }

    /// Returns what stands in the way. `within` is the step of the action; none for one possible
    /// anywhere, which waits for promises only, while one that stays waits for nothing.
    pub(super) fn waits(
        &self,
        workflow: &Workflow,
        case: &Case,
        within: Option<&Step>,
    ) -> Vec<Wait> {
        let mut waits = self.owed(workflow, case);
        let Some(step) = within.filter(|_| self.target != Target::Stay) else {
            return waits;
        };
        if !case.tasks_open().is_empty() {
            let is_open = |name: &&_| case.tasks_open().contains(*name);
            let open = step.tasks.keys().filter(is_open);
            waits.push(Wait::Tasks(open.cloned().collect()));
        }
        let is_diagnosis = step.phases.contains(&Phase::Diagnose) && workflow.causes().is_some();
        if is_diagnosis && self.rule.at_most.is_none() && !case.has_cause() {
            waits.push(Wait::Cause);
        }
        waits
    }

    /// Returns the promises that stand against closing as resolved: those that are owed and not
    /// kept on the way, and those that are made on it.
    fn owed(&self, workflow: &Workflow, case: &Case) -> Vec<Wait> {
        let Target::Outcome(outcome) = self.target else {
            return Vec::new();
        };
        if workflow.outcome_at(outcome).counts_as != CountsAs::Resolved {
            return Vec::new();
        }
        let is_owed = |name: &&PromiseName| {
            let Rule { keeps, makes, .. } = self.rule;
            makes.contains(name) || (case.owed(name).is_some() && !keeps.contains(name))
        };
        let owed = workflow.promises().keys().filter(is_owed);
        owed.cloned().map(Wait::Promise).collect()
    }
}

/// Returns what stands against an action whichever of its rules fits.
pub(super) fn waits(
    workflow: &Workflow,
    case: &Case,
    within: Option<&Step>,
    action: &Action,
) -> Vec<Wait> {
    let ways = action
        .rules
        .iter()
        .filter_map(|rule| Way::at_present(case, rule));
    ways.map(|way| way.waits(workflow, case, within))
        .reduce(|all, some| all.into_iter().filter(|wait| some.contains(wait)).collect())
        .unwrap_or_else(|| vec![Wait::UsedUp])
}
