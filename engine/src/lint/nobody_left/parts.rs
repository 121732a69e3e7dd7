//! The acts that an act depends on, because of `not_by`, back to the start.

use std::collections::BTreeMap;

use petgraph::graph::NodeIndex;

use super::certain::Certain;
use super::persons::{Act, is_possible, people};
use crate::lint::File;
use crate::workflow::ways::Place;
use crate::workflow::{RoleSet, Step, Target};

/// So many acts are looked at together; those further back are left out, and nothing is reported
/// that would hang on them.
const ACTS_MAX: usize = 24;

/// Something that a person does in a step.
#[derive(Debug, Clone)]
pub(super) struct Part {
    pub(super) who: RoleSet,
    /// Nobody who acted in one of these.
    pub(super) not_by: Vec<NodeIndex>,
}

/// How certainly a step was gone through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Extent {
    /// By an action of its own, all tasks done.
    Worked,
    /// Somebody left it, if only by an action of `anywhere`.
    Acted,
}

/// The acts that are put together.
struct Together<'f, 'a> {
    file: &'f File<'a>,
    certain: &'f Certain,
    acts: Vec<Act>,
    /// By step and extent: the numbers of the acts.
    known: BTreeMap<(NodeIndex, Extent), Vec<usize>>,
}

/// Returns whether it is these parts of a step for which nobody is left, after all that has
/// certainly happened before: what comes after a place where nobody is left is no fault of its own.
pub(super) fn is_shut(file: &File<'_>, certain: &Certain, step: NodeIndex, parts: &[Part]) -> bool {
    let mut together = Together {
        file,
        certain,
        acts: Vec::new(),
        known: BTreeMap::new(),
    };
    let own = together.add(step, Extent::Worked, parts).len();
    !is_possible(&together.acts, 0) && is_possible(&together.acts, own)
}

/// Returns the tasks of a step and, at the end, whatever leads on, as parts. Where `next` is taken
/// by itself after the last task it is nobody's act.
pub(super) fn of_step(file: &File<'_>, step: &Step) -> Vec<Part> {
    let mut parts: Vec<Part> = step
        .tasks
        .keys()
        .map(|task| of_task(file, step, task.as_str()))
        .collect();
    if !step.has_next || step.tasks.is_empty() {
        let leading = step.actions.values().filter(|action| leads_on(action));
        let who = leading.fold(RoleSet::default(), |who, action| who.or(action.who));
        parts.push(Part {
            who,
            not_by: places(file, &step.not_by),
        });
    }
    parts
}

/// Returns a task as a part.
pub(super) fn of_task(file: &File<'_>, step: &Step, name: &str) -> Part {
    let mut not_by = places(file, &step.not_by);
    let task = step.tasks.get(name);
    not_by.extend(task.iter().flat_map(|task| places(file, &task.not_by)));
    Part {
        who: task.map_or(RoleSet::default(), |task| task.who),
        not_by,
    }
}

/// Returns the places of steps.
pub(super) fn places(file: &File<'_>, steps: &[crate::id::StepName]) -> Vec<NodeIndex> {
    steps
        .iter()
        .filter_map(|step| file.ways.place(step.as_str()))
        .collect()
}

fn leads_on(action: &crate::workflow::Action) -> bool {
    action.rules.iter().any(|rule| {
        let then = rule.at_most.as_ref().and_then(|at_most| at_most.then);
        rule.go_to != Target::Stay || then.is_some_and(|then| then != Target::Stay)
    })
}

impl Together<'_, '_> {
    /// Adds the parts of a step, and what they depend on. Returns their numbers.
    fn add(&mut self, step: NodeIndex, extent: Extent, parts: &[Part]) -> Vec<usize> {
        let mut numbers = Vec::new();
        let mut of_step = Vec::new();
        for part in parts {
            // Where somebody may act whom nothing keeps out, the act asks nothing of the others.
            if let Some(who) = people(self.file.compiled, part.who)
                && self.acts.len() < ACTS_MAX
            {
                numbers.push(self.acts.len());
                of_step.push(part);
                let other_than = Vec::new();
                self.acts.push(Act { who, other_than });
            }
        }
        self.known.insert((step, extent), numbers.clone());
        for (number, part) in numbers.iter().zip(&of_step) {
            let mut other_than = Vec::new();
            for other in &part.not_by {
                if *other == step {
                    // In any order: two that both keep out who acted in their own step.
                    let both = numbers.iter().zip(&of_step);
                    let apart = both.filter(|(_, part)| part.not_by.contains(&step));
                    other_than.extend(apart.map(|(other, _)| *other).filter(|n| n != number));
                } else {
                    other_than.extend(self.before(*other, step));
                }
            }
            if let Some(act) = self.acts.get_mut(*number) {
                act.other_than = other_than;
            }
        }
        numbers
    }

    /// Returns the acts that were certainly done in a step before another is entered.
    fn before(&mut self, step: NodeIndex, entered: NodeIndex) -> Vec<usize> {
        let extent = if self.certain.has_worked(step, entered) {
            Extent::Worked
        } else if self.certain.has_acted(step, entered) {
            Extent::Acted
        } else {
            return Vec::new();
        };
        if let Some(known) = self.known.get(&(step, extent)) {
            return known.clone();
        }
        let place = self.file.ways.at(step).and_then(Place::step);
        let compiled = place.and_then(|(name, _)| self.file.compiled.step(name));
        let Some((index, compiled)) = compiled else {
            return Vec::new();
        };
        let parts = match extent {
            Extent::Worked => of_step(self.file, compiled),
            Extent::Acted => {
                let anywhere = self.file.compiled.anywhere().values();
                let open = anywhere.filter(|action| !action.not_in.contains(&index));
                let all = compiled
                    .actions
                    .values()
                    .chain(open)
                    .filter(|action| leads_on(action));
                vec![Part {
                    who: all.fold(RoleSet::default(), |who, action| who.or(action.who)),
                    not_by: Vec::new(),
                }]
            }
        };
        self.add(step, extent, &parts)
    }
}
