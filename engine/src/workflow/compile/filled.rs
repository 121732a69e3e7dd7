//! Which fields are certainly filled when a step is entered, whatever way a case took.
//!
//! Every way counts that can lead into a step: actions, `then`, deadlines, `anywhere` and
//! reopening. A deadline leaves a step without its needs, so nothing is added on its way.

use std::collections::BTreeSet;

use indexmap::IndexMap;

use super::super::condition::{Condition, Test};
use super::super::{
    Action, FieldIndex, Need, Outcome, OutcomeIndex, Rule, Step, StepIndex, Target,
};
use super::known::Known;
use crate::id::{ActionName, OutcomeName, StepName};
use crate::workflow::ways::By;

/// A set of fields.
pub(crate) type Fields = BTreeSet<FieldIndex>;

/// What is known of every step and outcome; `None` stands for "not yet reached".
struct Found {
    steps: Vec<Option<Fields>>,
    outcomes: Vec<Option<Fields>>,
    /// Steps of which less is known than when they were last looked at.
    waiting: BTreeSet<usize>,
    /// The same of outcomes.
    closing: BTreeSet<usize>,
}

/// A way out of a step.
pub(crate) struct Move<'a> {
    /// What leads along it.
    pub(crate) by: By<'a>,
    /// Where it leads, never [`Target::Stay`].
    pub(crate) to: Target,
    /// The fields that are certainly filled by taking it.
    pub(crate) fills: Fields,
}

/// Returns every way out of a step, in the file's order.
pub(crate) fn moves<'a>(
    known: &Known<'a>,
    index: StepIndex,
    step: &'a Step,
    anywhere: &'a IndexMap<ActionName, Action>,
) -> Vec<Move<'a>> {
    let mut moves = Vec::new();
    let tasks = step.tasks.values().flat_map(|task| &task.needs);
    let done = with(with(Fields::new(), &step.needs), tasks);
    for (name, action) in &step.actions {
        of_action(By::Action(name.as_str()), action, &done, &mut moves);
    }
    for (name, action) in anywhere {
        if !action.not_in.contains(&index) {
            of_action(
                By::Anywhere(name.as_str()),
                action,
                &Fields::new(),
                &mut moves,
            );
        }
    }
    for (by, to) in deadlines(known, &step.name) {
        moves.push(Move {
            by,
            to,
            fills: Fields::new(),
        });
    }
    moves.retain(|way| way.to != Target::Stay);
    moves
}

fn of_action<'a>(by: By<'a>, action: &Action, before: &Fields, moves: &mut Vec<Move<'a>>) {
    let needed = with(before.clone(), &action.needs);
    for rule in &action.rules {
        let mut fills = needed.clone();
        if let Some(when) = &rule.when {
            fills.extend(implied(when));
        }
        for to in targets(rule) {
            let fills = fills.clone();
            moves.push(Move { by, to, fills });
        }
    }
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
    let moves: Vec<Vec<Move<'_>>> = (0..)
        .zip(steps.values())
        .map(|(index, step)| moves(known, StepIndex(index), step, anywhere))
        .collect();
    // What is known of a step only ever shrinks, so this ends.
    loop {
        if let Some(index) = found.waiting.pop_first() {
            let here = found.steps.get(index).cloned().flatten();
            let (Some(moves), Some(here)) = (moves.get(index), here) else {
                continue;
            };
            for way in moves {
                let fields = here.union(&way.fills).copied().collect();
                found.reach(steps, outcomes, way.to, fields);
            }
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

/// Adds the fields that are filled wherever the needs are met.
pub(crate) fn with<'n>(mut fields: Fields, needs: impl IntoIterator<Item = &'n Need>) -> Fields {
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
/// promises that may be late in it.
fn deadlines<'a>(known: &Known<'a>, name: &StepName) -> Vec<(By<'a>, Target)> {
    let Some(step) = known.source.steps.get(name.as_str()) else {
        return Vec::new();
    };
    let tasks = step.value.tasks.values();
    let tasks = tasks.filter_map(|task| task.value.due.as_ref());
    let dues = step.value.due.iter().chain(tasks);
    let late = dues.clone().flat_map(|due| &due.late);
    let then = dues.filter_map(|due| due.then.as_ref());
    let targets = then.chain(late.filter_map(|late| late.go_to.as_ref()));
    let own = targets.filter_map(|target| Some((By::Due, known.target(&target.value)?)));
    own.chain(known.late(name.as_str())).collect()
}
