//! Which fields a step names, and so asks for.
//!
//! Invariant: a condition checks, it does not ask: its fields are not named.

use crate::id::StepName;
use crate::value::Value;
use crate::workflow::{Field, FieldIndex, Need, Step, Task};

/// Returns the fields that needs name, as often as they do.
pub(super) fn named<'n>(needs: &'n [&'n [Need]]) -> impl Iterator<Item = FieldIndex> + 'n {
    let all = needs.iter().flat_map(|needs| needs.iter());
    all.filter_map(|need| match need {
        Need::Field(field) => Some(*field),
        Need::Condition(_) => None,
    })
}

/// Returns whether a step, its tasks or its actions name the field.
pub(super) fn is_named_in(step: &Step, field: FieldIndex) -> bool {
    let by_actions = |field| {
        let mut actions = step.actions.values();
        actions.any(|action| named(&[&action.needs]).any(|named| named == field))
    };
    named(&[&step.needs]).any(|named| named == field)
        || step.asks.contains(&field)
        || tasks_naming(step, field).next().is_some()
        || by_actions(field)
}

/// Returns the steps whose actors are kept from answering the field in this step.
pub(super) fn not_by(step: &Step, field: FieldIndex) -> impl Iterator<Item = &StepName> {
    let of_tasks = tasks_naming(step, field).flat_map(|task| &task.not_by);
    step.not_by.iter().chain(of_tasks)
}

fn tasks_naming(step: &Step, field: FieldIndex) -> impl Iterator<Item = &Task> {
    step.tasks.values().filter(move |task| {
        task.asks.contains(&field) || named(&[&task.needs]).any(|named| named == field)
    })
}

/// Returns what is recorded where the field is needed and has no answer. A sealed field has no
/// default: its salt would have to come with the command.
pub(super) fn default_of(field: &Field) -> Option<&Value> {
    field.default.as_ref().filter(|_| !field.sealed)
}
