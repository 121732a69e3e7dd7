//! Asks whether a case can come to a step with answers under which everything there is refused.
//!
//! Only what nobody can change in the step counts: an answer that it asks for, or that has a
//! default, may become what is needed.
//!
//! Invariant: in doubt nothing is held. A walk on which two conditions contradict each other is no
//! walk, though the answer might have been given anew in between.

use std::collections::{BTreeSet, VecDeque};

use petgraph::visit::EdgeRef as _;

use super::File;
use super::emptiness::title;
use super::reasoning::tests;
use crate::workflow::compile::filled::{Fields, with};
use crate::workflow::condition::{Condition, Test};
use crate::workflow::logic::Example;
use crate::workflow::ways::{By, Place, WALK_STEPS_MAX};
use crate::workflow::{Action, FieldIndex, Need, OutcomeIndex, Rule, Step, StepIndex, Target};

/// So many ways are tried in one file; what would take more is not reported.
pub(super) const TRIES_MAX: u32 = 20_000;
/// A walk with more conditions than this is not followed.
const CONDITIONS_MAX: usize = 48;

/// How a case comes to be held.
pub(super) struct Held {
    /// The walk, by the titles of the steps.
    pub(super) walk: String,
    /// The answers with which it is held.
    pub(super) example: Example,
}

/// Returns the fields that can be answered in a step without leaving it.
pub(super) fn asked(file: &File<'_>, index: StepIndex) -> Fields {
    let step = file.compiled.step_at(index);
    let anywhere = file.compiled.anywhere().values();
    let open = anywhere.filter(|action| !action.not_in.contains(&index));
    let staying = step
        .actions
        .values()
        .chain(open)
        .filter(|action| targets(action).any(|target| target == Target::Stay));
    let tasks = step.tasks.values();
    let needs = tasks
        .clone()
        .flat_map(|task| &task.needs)
        .chain(staying.flat_map(|action| &action.needs));
    let asks = step.asks.iter().chain(tasks.flat_map(|task| &task.asks));
    named(step.needs.iter().chain(needs))
        .chain(asks.copied())
        .collect()
}

/// Returns the fields that needs ask for.
pub(super) fn named<'n>(
    needs: impl IntoIterator<Item = &'n Need>,
) -> impl Iterator<Item = FieldIndex> {
    needs.into_iter().filter_map(|need| match need {
        Need::Field(field) => Some(*field),
        Need::Condition(_) => None,
    })
}

fn conditions<'n>(
    needs: impl IntoIterator<Item = &'n Need>,
) -> impl Iterator<Item = &'n Condition> {
    needs.into_iter().filter_map(|need| match need {
        Need::Field(_) => None,
        Need::Condition(condition) => Some(condition),
    })
}

fn targets(action: &Action) -> impl Iterator<Item = Target> {
    action.rules.iter().flat_map(|rule| {
        let then = rule.at_most.as_ref().and_then(|at_most| at_most.then);
        std::iter::once(rule.go_to).chain(then)
    })
}

/// Returns whether an action can lead out of its step.
pub(super) fn leads_on(action: &Action) -> bool {
    targets(action).any(|target| target != Target::Stay)
}

fn not(condition: &Condition) -> Condition {
    Condition::Not(Box::new(condition.clone()))
}

fn when(rule: &Rule) -> Condition {
    let always = || Condition::All(Vec::new());
    rule.when.clone().unwrap_or_else(always)
}

/// Returns when a rule is the one that is chosen.
pub(super) fn chosen(action: &Action, rule: &Rule) -> Condition {
    let earlier = action
        .rules
        .iter()
        .filter(|other| other.number < rule.number);
    let mut all: Vec<Condition> = earlier.map(|other| not(&when(other))).collect();
    all.push(when(rule));
    Condition::All(all)
}

/// Returns when an outcome is refused because something that it needs is empty.
pub(super) fn is_empty_for(file: &File<'_>, outcome: OutcomeIndex, open: &Fields) -> Condition {
    let needs = &file.compiled.outcome_at(outcome).needs;
    let asked: Fields = named(needs).collect();
    let empty = with(Fields::new(), needs).into_iter().filter(|field| {
        let declared = file.compiled.field_at(*field).1;
        let gets_default = declared.default.is_some() && asked.contains(field);
        !open.contains(field) && !declared.computed && !gets_default
    });
    Condition::Any(
        empty
            .map(|field| Condition::Field(field, Test::Empty))
            .collect(),
    )
}

/// Returns when an action is refused, whatever is answered in the step. `is_used_up` says of which
/// rules it is taken that nothing is left of them.
pub(super) fn refused(
    file: &File<'_>,
    step: &Step,
    action: &Action,
    mut open: Fields,
    is_used_up: &impl Fn(&Rule) -> bool,
) -> Condition {
    open.extend(named(&action.needs));
    let is_fixed = |condition: &Condition| {
        tests(condition).iter().all(|(field, test)| {
            let is_computed = file.compiled.field_at(*field).1.computed;
            !is_computed && !open.contains(field) && !matches!(test, Test::OverLimit)
        })
    };
    let tasks = step.tasks.values().flat_map(|task| &task.needs);
    let needs = step.needs.iter().chain(tasks).chain(&action.needs);
    let unmet = conditions(needs).filter(|condition| is_fixed(condition));
    let mut any: Vec<Condition> = unmet.map(not).collect();
    for rule in &action.rules {
        let chosen = chosen(action, rule);
        if !is_fixed(&chosen) {
            continue;
        }
        match rule.go_to {
            Target::Step(_) | Target::Outcome(_) if is_used_up(rule) => any.push(chosen),
            Target::Stay | Target::Step(_) => {}
            Target::Outcome(index) => {
                let needs = conditions(&file.compiled.outcome_at(index).needs);
                let mut unmet: Vec<_> = needs.filter(|one| is_fixed(one)).map(not).collect();
                unmet.push(is_empty_for(file, index, &open));
                any.push(Condition::All(vec![chosen, Condition::Any(unmet)]));
            }
        }
    }
    Condition::Any(any)
}

/// Where a case is on a walk, and which of the fields in question are certainly filled.
struct Here {
    place: Target,
    filled: Fields,
    /// Where in the list of places it came from, and by what words.
    from: Option<(usize, String)>,
    /// What held on the way from the start.
    held: Vec<Condition>,
}

/// A way on: where to, the words, what is filled by it and what holds when it is taken.
type On = (Target, String, Fields, Vec<Condition>);

/// Finds a short walk to one of some steps, after which a condition can hold there.
pub(super) fn walk(
    file: &File<'_>,
    goals: &[StepIndex],
    condition: &Condition,
    tries: &mut u32,
) -> Option<Held> {
    let fields: Fields = tests(condition)
        .into_iter()
        .map(|(field, _)| field)
        .collect();
    let can = |held: &[Condition], filled: Fields| {
        let all = held.iter().chain([condition]).cloned().collect();
        let choice = file
            .facts
            .ask(&[], vec![Condition::All(all)], filled)
            .ok()?;
        choice.fits(0).ok().flatten()
    };
    let is_open = |goal: &StepIndex| can(&[], file.facts.filled_entering(*goal)).is_some();
    let goals: Vec<StepIndex> = goals.iter().copied().filter(is_open).collect();
    let start = file.facts.known.step(&file.source.start.value)?;
    if goals.is_empty() {
        return None;
    }
    let mut seen = BTreeSet::from([(Target::Step(start), Fields::new())]);
    let mut walked = vec![Here {
        place: Target::Step(start),
        filled: Fields::new(),
        from: None,
        held: Vec::new(),
    }];
    let mut waiting = VecDeque::from([0]);
    while let Some(number) = waiting.pop_front() {
        let here = walked.get(number)?;
        if let Target::Step(step) = here.place
            && goals.contains(&step)
        {
            let certain = file.facts.filled_entering(step);
            let filled = here.filled.union(&certain).copied().collect();
            if let Some(example) = can(&here.held, filled) {
                let walk = tell(file, &walked, number)?;
                return Some(Held { walk, example });
            }
        }
        let mut next = Vec::new();
        for (to, words, fills, conditions) in ways_on(file, here.place) {
            *tries = tries.checked_sub(1)?;
            let filled = here.filled.union(&fills).copied();
            let filled = filled.filter(|field| fields.contains(field));
            let filled = enter(file, to, filled.collect());
            if seen.contains(&(to, filled.clone())) {
                continue;
            }
            // Without new conditions the walk is as possible as it was.
            let is_same = conditions.is_empty();
            let mut held = here.held.clone();
            held.extend(conditions);
            let can = || held.len() <= CONDITIONS_MAX && can(&held, Fields::new()).is_some();
            if is_same || can() {
                seen.insert((to, filled.clone()));
                next.push(Here {
                    place: to,
                    filled,
                    from: Some((number, words)),
                    held,
                });
            }
        }
        for here in next {
            waiting.push_back(walked.len());
            walked.push(here);
        }
    }
    None
}

fn enter(file: &File<'_>, to: Target, mut filled: Fields) -> Fields {
    match to {
        Target::Step(step) => {
            let empties = &file.compiled.step_at(step).empties;
            filled.retain(|field| !empties.contains(field));
        }
        // Deadlines close without what the outcome needs.
        Target::Stay | Target::Outcome(_) => {}
    }
    filled
}

fn ways_on(file: &File<'_>, place: Target) -> Vec<On> {
    match place {
        Target::Stay => Vec::new(),
        Target::Outcome(index) => {
            let reopen = file.compiled.outcome_at(index).reopen;
            let to = reopen.map(|reopen| Target::Step(reopen.to));
            let words = "reopened".to_owned();
            to.map(|to| (to, words, Fields::new(), Vec::new()))
                .into_iter()
                .collect()
        }
        Target::Step(index) => {
            let step = file.compiled.step_at(index);
            let mut ways = Vec::new();
            let tasks = step.tasks.values().flat_map(|task| &task.needs);
            let before: Vec<&Need> = step.needs.iter().chain(tasks).collect();
            for (name, action) in &step.actions {
                by_action(file, By::Action(name.as_str()), action, &before, &mut ways);
            }
            for (name, action) in file.compiled.anywhere() {
                if !action.not_in.contains(&index) {
                    by_action(file, By::Anywhere(name.as_str()), action, &[], &mut ways);
                }
            }
            ways.extend(deadlines(file, step));
            ways
        }
    }
}

fn by_action(file: &File<'_>, by: By<'_>, action: &Action, before: &[&Need], ways: &mut Vec<On>) {
    for rule in &action.rules {
        let then = rule.at_most.as_ref().and_then(|at_most| at_most.then);
        for to in std::iter::once(rule.go_to).chain(then) {
            let of_outcome = match to {
                Target::Stay => continue,
                Target::Step(_) => &[][..],
                Target::Outcome(index) => &file.compiled.outcome_at(index).needs,
            };
            let needs = before.iter().copied();
            let needs: Vec<&Need> = needs.chain(&action.needs).chain(of_outcome).collect();
            let mut held: Vec<Condition> = conditions(needs.iter().copied()).cloned().collect();
            if rule.when.is_some() || rule.number > 1 {
                held.push(chosen(action, rule));
            }
            let fits = [Need::Condition(when(rule))];
            let fills = with(with(Fields::new(), needs), &fits);
            ways.push((to, by.words(), fills, held));
        }
    }
}

fn deadlines(file: &File<'_>, step: &Step) -> Vec<On> {
    let Some(place) = file.ways.place(step.name.as_str()) else {
        return Vec::new();
    };
    let late = file.ways.graph.edges(place).filter_map(|edge| {
        let by = edge.weight().by;
        match by {
            By::Due | By::Late(_) => {}
            By::Action(_) | By::Anywhere(_) => return None,
        }
        let name = match file.ways.at(edge.target())? {
            Place::Step(name, _) | Place::Outcome(name, _) => name,
        };
        let to = file.facts.known.target(name)?;
        Some((to, by.words(), Fields::new(), Vec::new()))
    });
    late.collect()
}

fn tell(file: &File<'_>, walked: &[Here], mut number: usize) -> Option<String> {
    let mut steps = Vec::new();
    loop {
        let here = walked.get(number)?;
        let Some((from, words)) = &here.from else {
            break;
        };
        steps.push(format!(", {words} to {}", title(file, here.place)?));
        number = *from;
    }
    steps.reverse();
    let mut told = title(file, walked.get(number)?.place)?;
    told.extend(steps.iter().take(WALK_STEPS_MAX).map(String::as_str));
    if steps.len() > WALK_STEPS_MAX {
        told.push_str(" and so on");
    }
    Some(told)
}
