//! Who may do what: semantics 4 of the language.

use super::super::RoleSet;
use super::super::source::{Action, Names, Sp, Step, Task};
use super::known::Known;

/// Returns the roles of a written `who`.
pub(super) fn written(known: &Known<'_>, who: Option<&Sp<Names>>) -> Option<RoleSet> {
    who.map(|who| set(known, &who.value))
}

/// Returns the roles of a list.
pub(super) fn set(known: &Known<'_>, names: &Names) -> RoleSet {
    let roles = names.iter().filter_map(|name| known.role(&name.value));
    roles.fold(RoleSet::default(), RoleSet::with)
}

/// Returns who may act in a step: as written, else the union of its tasks', else of its actions'.
pub(super) fn of_step(known: &Known<'_>, step: &Step) -> RoleSet {
    own(known, step).unwrap_or_else(|| {
        let actions = step
            .actions
            .values()
            .map(|action| of_action(known, step, &action.value));
        actions.fold(RoleSet::default(), RoleSet::or)
    })
}

/// Returns who may do a task: as written, within the step's; else the step's.
pub(super) fn of_task(known: &Known<'_>, step: &Step, task: &Task) -> RoleSet {
    let of_step = written(known, step.who.as_ref());
    let of_task = written(known, task.who.as_ref());
    narrowed(of_task, of_step)
}

/// Returns who may take an action: as written, or whoever holds the limit it approves by, within
/// the step's; else the step's.
pub(super) fn of_action(known: &Known<'_>, step: &Step, action: &Action) -> RoleSet {
    let of_action = written(known, action.who.as_ref()).or_else(|| approvers(known, action));
    narrowed(of_action, own(known, step))
}

/// The `who` of a step, written or of its tasks. `None` where it says nothing of either.
fn own(known: &Known<'_>, step: &Step) -> Option<RoleSet> {
    let of_tasks = || {
        let tasks = step
            .tasks
            .values()
            .map(|task| of_task(known, step, &task.value));
        (!step.tasks.is_empty()).then(|| tasks.fold(RoleSet::default(), RoleSet::or))
    };
    written(known, step.who.as_ref()).or_else(of_tasks)
}

fn narrowed(inner: Option<RoleSet>, outer: Option<RoleSet>) -> RoleSet {
    match (inner, outer) {
        (Some(inner), Some(outer)) => inner.and(outer),
        (Some(set), None) | (None, Some(set)) => set,
        (None, None) => RoleSet::default(),
    }
}

/// Every role that holds the limits of all fields that the action approves.
fn approvers(known: &Known<'_>, action: &Action) -> Option<RoleSet> {
    let of_rules = action.rules.iter().flat_map(|rule| &rule.effects.approves);
    let approved = action.effects.approves.iter().chain(of_rules);
    let sets = approved.map(|field| {
        let field = known.source.fields.get(&field.value);
        let limit = field.and_then(|field| field.value.limit.as_ref());
        let limit = limit.and_then(|limit| known.source.limits.get(&limit.value));
        let roles = limit.iter().flat_map(|limit| limit.value.keys());
        let roles = roles.filter_map(|role| known.role(role));
        roles.fold(RoleSet::default(), RoleSet::with)
    });
    sets.reduce(RoleSet::and)
}
