//! Tells a shortest way to an action on which a field is still empty.

use std::collections::{BTreeMap, VecDeque};

use super::File;
use super::reasoning::Act;
use crate::workflow::compile::filled::{Move, moves, with};
use crate::workflow::ways::{Place, WALK_STEPS_MAX};
use crate::workflow::{FieldIndex, StepIndex, Target};

/// Where a case is, and whether the field is filled.
type Here = (Target, bool);

/// Returns the way in words, by the titles of the steps. `None` where the action is never reached
/// with the field empty.
pub(super) fn walk(file: &File<'_>, act: Act<'_>, field: FieldIndex) -> Option<String> {
    let goals = match act.step {
        Some((index, _)) => vec![index],
        None => file.facts.offered(act.name),
    };
    let start = file.facts.known.step(&file.source.start.value)?;
    let begin = (Target::Step(start), false);
    let mut before: BTreeMap<Here, (Here, String)> = BTreeMap::new();
    let mut waiting = VecDeque::from([begin]);
    while let Some(here) = waiting.pop_front() {
        if let (Target::Step(step), false) = here
            && goals.contains(&step)
        {
            return tell(file, begin, here, &before);
        }
        for (to, words) in ways_on(file, here, field) {
            if to != begin && !before.contains_key(&to) {
                before.insert(to, (here, words));
                waiting.push_back(to);
            }
        }
    }
    None
}

fn ways_on(file: &File<'_>, (place, is_filled): Here, field: FieldIndex) -> Vec<(Here, String)> {
    match place {
        Target::Stay => Vec::new(),
        Target::Step(index) => {
            let step = file.compiled.step_at(index);
            let moves = moves(&file.facts.known, index, step, file.compiled.anywhere());
            let to = |way: Move<'_>| {
                let is_filled = is_filled || way.fills.contains(&field);
                (enter(file, way.to, is_filled, field), way.by.words())
            };
            moves.into_iter().map(to).collect()
        }
        Target::Outcome(index) => {
            let reopen = file.compiled.outcome_at(index).reopen;
            let to = reopen.map(|reopen| Target::Step(reopen.to));
            let to = to.map(|to| (enter(file, to, is_filled, field), "reopened".to_owned()));
            to.into_iter().collect()
        }
    }
}

fn enter(file: &File<'_>, to: Target, is_filled: bool, field: FieldIndex) -> Here {
    let is_filled = match to {
        Target::Stay => is_filled,
        Target::Step(step) => is_filled && !file.compiled.step_at(step).empties.contains(&field),
        Target::Outcome(index) => {
            let needs = &file.compiled.outcome_at(index).needs;
            is_filled || with(std::collections::BTreeSet::new(), needs).contains(&field)
        }
    };
    (to, is_filled)
}

fn tell(
    file: &File<'_>,
    begin: Here,
    mut here: Here,
    before: &BTreeMap<Here, (Here, String)>,
) -> Option<String> {
    let mut steps = Vec::new();
    while here != begin {
        let (from, words) = before.get(&here)?;
        steps.push(format!(", {words} to {}", title(file, here.0)?));
        here = *from;
    }
    steps.reverse();
    let mut told = title(file, begin.0)?;
    told.extend(steps.iter().take(WALK_STEPS_MAX).map(String::as_str));
    if steps.len() > WALK_STEPS_MAX {
        told.push_str(" and so on");
    }
    Some(told)
}

/// Returns what people call a place, in quotation marks.
pub(super) fn title(file: &File<'_>, place: Target) -> Option<String> {
    match place {
        Target::Stay => None,
        Target::Step(StepIndex(index)) => {
            let (name, step) = file.source.steps.get_index(usize::from(index))?;
            Some(Place::Step(name, step).title())
        }
        Target::Outcome(index) => {
            let (name, outcome) = file.source.outcomes.get_index(usize::from(index.0))?;
            Some(Place::Outcome(name, outcome).title())
        }
    }
}
