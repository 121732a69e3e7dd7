//! Root causes: written once recorded, changed later.

use heard_engine::entry::StreamName;

use super::Contents;
use crate::store::{Append, CauseRow, NewEntry};

impl Contents {
    /// Returns whether an append changes a root cause that is not there.
    pub(super) fn refuses_causes(&self, append: &Append) -> bool {
        let is_there = |new: &CauseRow| {
            let same = |old: &CauseRow| is_same(old, new) && old.revision == new.revision;
            self.causes.iter().any(same)
        };
        let mut causes = append.causes.iter();
        causes.any(|row| !is_recorded(row, &append.entries) && !is_there(row))
    }

    /// Writes a root cause: one that was just recorded behind the others, another in its place.
    pub(super) fn write_cause(&mut self, row: CauseRow, entries: &[NewEntry]) {
        if is_recorded(&row, entries) {
            self.causes.retain(|old| !is_same(old, &row));
            self.causes.push(row);
        } else if let Some(old) = self.causes.iter_mut().find(|old| is_same(old, &row)) {
            *old = row;
        }
    }
}

fn is_same(old: &CauseRow, new: &CauseRow) -> bool {
    old.case == new.case && old.number == new.number
}

/// Returns whether a root cause is recorded by one of these entries, not only changed.
fn is_recorded(row: &CauseRow, entries: &[NewEntry]) -> bool {
    let stream = StreamName::Case(row.case);
    let mut entries = entries.iter();
    entries.any(|entry| entry.stream == stream && entry.revision == row.revision)
}
