//! Telling people: which roles hear of something.

use super::event::{Event, Told};
use crate::id::RoleName;
use crate::workflow::Workflow;

/// Returns the event of telling these roles, each once and in the file's order; none where there
/// is nobody to tell.
pub(super) fn told<'a>(
    workflow: &Workflow,
    roles: impl IntoIterator<Item = &'a RoleName>,
) -> Option<Event> {
    let mut roles: Vec<RoleName> = roles.into_iter().cloned().collect();
    roles.sort_by_key(|role| workflow.roles().get_index_of(role));
    roles.dedup();
    (!roles.is_empty()).then_some(Event::Told(Told { roles }))
}
