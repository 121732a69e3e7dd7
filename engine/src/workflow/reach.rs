//! Which steps a case can come to from the start, by any way, without entering certain steps.

use std::collections::BTreeSet;

use super::rule::Target;
use super::time::Late;
use super::{Action, Step, StepIndex, Workflow};

impl Workflow {
    /// Returns whether some way leads from the start to a step without entering any of `avoided`
    /// before it. Any rule that can fit may fit, and anything may be late anywhere.
    pub(crate) fn is_reached_without(&self, step: StepIndex, avoided: &[StepIndex]) -> bool {
        let mut seen = BTreeSet::new();
        let mut waiting = vec![self.start];
        while let Some(index) = waiting.pop() {
            if index == step {
                return true;
            }
            if !avoided.contains(&index) && seen.insert(index) {
                self.targets(index, self.step_at(index), &mut waiting);
            }
        }
        false
    }

    fn targets(&self, index: StepIndex, step: &Step, to: &mut Vec<StepIndex>) {
        let anywhere = self.anywhere.values();
        let anywhere = anywhere.filter(|action| !action.not_in.contains(&index));
        let actions = step.actions.values().chain(anywhere);
        let dues = step.due.iter();
        let dues = dues.chain(step.tasks.values().filter_map(|task| task.due.as_ref()));
        let clocks = self.clocks.values().flat_map(|clock| &clock.late);
        let promises = self.promises.values().flat_map(|promise| &promise.late);
        let late = dues.clone().flat_map(|due| &due.late);
        let late = late.chain(clocks).chain(promises);
        let late = late.filter_map(|late: &Late| late.go_to);
        let waits = dues.filter_map(|due| due.then);
        let targets = actions.flat_map(of_action).chain(late).chain(waits);
        to.extend(targets.filter_map(|target| match target {
            Target::Stay => None,
            Target::Step(step) => Some(step),
            // A closed case goes on where it is opened again.
            Target::Outcome(outcome) => Some(self.outcome_at(outcome).reopen?.to),
        }));
    }
}

fn of_action(action: &Action) -> impl Iterator<Item = Target> + '_ {
    action.rules.iter().flat_map(|rule| {
        let then = rule.at_most.as_ref().and_then(|at_most| at_most.then);
        [Some(rule.go_to), then].into_iter().flatten()
    })
}
