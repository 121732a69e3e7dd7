//! Which fields are certainly filled when a step is entered, whatever way a case took.
//!
//! Every way counts that can lead into a step: actions, `then`, deadlines, `anywhere` and
//! reopening. A deadline leaves a step without its needs, so nothing is added on its way.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::super::condition::{Condition, Test};
use super::super::{
    Action, FieldIndex, Need, Outcome, OutcomeIndex, Rule, Step, StepIndex, Target, source,
};
use super::known::Known;
use crate::id::{ActionName, OutcomeName, StepName};

type Fields = BTreeSet<FieldIndex>;

/// What is known of every step and outcome; `None` stands for "not yet reached".
struct Found {
    steps: Vec<Option<Fields>>,
    outcomes: Vec<Option<Fields>>,
    /// Steps of which less is known than when they were last looked at.
    waiting: BTreeSet<usize>,
    /// The same of outcomes.
    closing: BTreeSet<usize>,
}

/// Returns the fields certainly filled on entering each step, in the order of the steps.
pub(super) fn filled(
    known: &Known<'_>,
    start: StepIndex,
    steps: &IndexMap<StepName, Step>,
    outcomes: &IndexMap<OutcomeName, Outcome>,
    anywhere: &IndexMap<ActionName, Action>,
) -> Vec<Vec<FieldIndex>> {
    let mut found = Found {
        steps: vec![None; steps.len()],
        outcomes: vec![None; outcomes.len()],
        waiting: BTreeSet::new(),
        closing: BTreeSet::new(),
    };
    found.enter(steps, start, Fields::new());
    // What is known of a step only ever shrinks, so this ends.
    loop {
        if let Some(index) = found.waiting.pop_first() {
            found.leave(known, steps, outcomes, anywhere, index);
        } else if let Some(index) = found.closing.pop_first() {
            let closed = found.outcomes.get(index).cloned().flatten();
            let reopen = outcomes.get_index(index).and_then(|(_, o)| o.reopen);
            if let (Some(closed), Some(reopen)) = (closed, reopen) {
                found.enter(steps, reopen.to, closed);
            }
        } else {
            break;
        }
    }
    let fields = found.steps.into_iter().map(Option::unwrap_or_default);
    // A computed field may become empty again when what it is computed from changes.
    let is_asked = |field: &FieldIndex| {
        let declared = known.source.fields.get_index(usize::from(field.0));
        declared.is_some_and(|(_, declared)| declared.value.from_table.is_none())
    };
    fields
        .map(|fields| fields.into_iter().filter(is_asked).collect())
        .collect()
}

impl Found {
    /// Follows every way out of a step.
    fn leave(
        &mut self,
        known: &Known<'_>,
        steps: &IndexMap<StepName, Step>,
        outcomes: &IndexMap<OutcomeName, Outcome>,
        anywhere: &IndexMap<ActionName, Action>,
        index: usize,
    ) {
        let here = self.steps.get(index).cloned().flatten();
        let (Some((name, step)), Some(here)) = (steps.get_index(index), here) else {
            return;
        };
        let of_tasks = step.tasks.values().flat_map(|task| &task.needs);
        let done = with(with(here.clone(), &step.needs), of_tasks);
        for action in step.actions.values() {
            self.take(steps, outcomes, action, &done);
        }
        for action in anywhere.values() {
            if !action
                .not_in
                .iter()
                .any(|step| usize::from(step.0) == index)
            {
                self.take(steps, outcomes, action, &here);
            }
        }
        for target in deadlines(known, name) {
            self.reach(steps, outcomes, target, here.clone());
        }
    }

    fn take(
        &mut self,
        steps: &IndexMap<StepName, Step>,
        outcomes: &IndexMap<OutcomeName, Outcome>,
        action: &Action,
        before: &Fields,
    ) {
        let needed = with(before.clone(), &action.needs);
        for rule in &action.rules {
            let mut fields = needed.clone();
            if let Some(when) = &rule.when {
                fields.extend(implied(when));
            }
            for target in targets(rule) {
                self.reach(steps, outcomes, target, fields.clone());
            }
        }
    }

    fn reach(
        &mut self,
        steps: &IndexMap<StepName, Step>,
        outcomes: &IndexMap<OutcomeName, Outcome>,
        target: Target,
        fields: Fields,
    ) {
        match target {
            Target::Stay => {}
            Target::Step(step) => self.enter(steps, step, fields),
            Target::Outcome(index) => self.close(outcomes, index, fields),
        }
    }

    fn enter(&mut self, steps: &IndexMap<StepName, Step>, index: StepIndex, mut fields: Fields) {
        let place = usize::from(index.0);
        let Some((_, step)) = steps.get_index(place) else {
            return;
        };
        fields.retain(|field| !step.empties.contains(field));
        let known = self.steps.get_mut(place);
        if known.is_some_and(|known| meet(known, fields)) {
            self.waiting.insert(place);
        }
    }

    fn close(
        &mut self,
        outcomes: &IndexMap<OutcomeName, Outcome>,
        index: OutcomeIndex,
        fields: Fields,
    ) {
        let place = usize::from(index.0);
        let Some((_, outcome)) = outcomes.get_index(place) else {
            return;
        };
        let fields = with(fields, &outcome.needs);
        let known = self.outcomes.get_mut(place);
        if known.is_some_and(|known| meet(known, fields)) {
            self.closing.insert(place);
        }
    }
}

/// Keeps what is filled on this way too. Returns whether anything changed.
fn meet(known: &mut Option<Fields>, fields: Fields) -> bool {
    match known {
        None => {
            *known = Some(fields);
            true
        }
        Some(known) => {
            let before = known.len();
            known.retain(|field| fields.contains(field));
            known.len() != before
        }
    }
}

fn targets(rule: &Rule) -> impl Iterator<Item = Target> {
    let then = rule.at_most.as_ref().and_then(|at_most| at_most.then);
    [Some(rule.go_to), then].into_iter().flatten()
}

fn with<'n>(mut fields: Fields, needs: impl IntoIterator<Item = &'n Need>) -> Fields {
    for need in needs {
        match need {
            Need::Field(field) => {
                fields.insert(*field);
            }
            Need::Condition(condition) => fields.extend(implied(condition)),
        }
    }
    fields
}

/// Returns the fields that are filled wherever the condition holds: a comparison with an empty
/// field never does.
fn implied(condition: &Condition) -> Fields {
    match condition {
        Condition::All(parts) => parts.iter().flat_map(implied).collect(),
        Condition::Any(parts) => {
            let sets = parts.iter().map(implied);
            sets.reduce(|a, b| a.intersection(&b).copied().collect())
                .unwrap_or_default()
        }
        Condition::Not(part) => match part.as_ref() {
            Condition::Field(field, Test::Empty) => Fields::from([*field]),
            Condition::Field(
                _,
                Test::OneOf(_) | Test::Within(_) | Test::Filled | Test::OverLimit,
            )
            | Condition::All(_)
            | Condition::Any(_)
            | Condition::Not(_) => Fields::new(),
        },
        Condition::Field(field, test) => match test {
            Test::OneOf(_) | Test::Within(_) | Test::Filled | Test::OverLimit => {
                Fields::from([*field])
            }
            Test::Empty => Fields::new(),
        },
    }
}

/// Returns where deadlines can lead from a step: its own, its tasks', and those of clocks and
/// promises, which may be late anywhere.
fn deadlines(known: &Known<'_>, step: &StepName) -> Vec<Target> {
    let source = known.source;
    let Some(step) = source.steps.get(step.as_str()).map(|step| &step.value) else {
        return Vec::new();
    };
    let tasks = step
        .tasks
        .values()
        .filter_map(|task| task.value.due.as_ref());
    let dues = step.due.iter().chain(tasks);
    let then = dues.clone().filter_map(|due| due.then.as_ref());
    let clocks = source.clocks.values().map(|clock| &clock.value.late);
    let promises = source.promises.values().map(|promise| &promise.value.late);
    let ladders = dues.map(|due| &due.late).chain(clocks).chain(promises);
    let late = ladders
        .flatten()
        .filter_map(|late: &source::Late| late.go_to.as_ref());
    then.chain(late)
        .filter_map(|name| known.target(&name.value))
        .collect()
}
