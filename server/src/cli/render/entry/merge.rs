//! What entries say of merging, in few words.

use heard_engine::case::event::DeadlineTakenOver;

/// Tells what runs on of a duplicate.
pub(super) fn taken_over(taken: &DeadlineTakenOver) -> String {
    let name = &taken.deadline;
    match taken.due {
        _ if taken.waits => format!("{name} of the duplicate waits on for its condition"),
        Some(due) => format!("{name} of the duplicate runs on, due {due}"),
        None => format!("{name} of the duplicate stands still"),
    }
}
