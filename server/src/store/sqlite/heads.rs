//! The heads of the streams last written, so that an advance of a hot case reads nothing.
//!
//! Invariant: at most twice [`GENERATION_ROWS_MAX`] heads; those not asked for go first.
//! Invariant: a head that is here is the one in the file, or the cache is cleared.

use std::collections::HashMap;

use heard_engine::entry::StreamName;
use heard_engine::id::CaseId;
use heard_engine::time::Timestamp;

use super::row::Stands;
use crate::store::CaseRow;

/// Heads in one generation. Two of them are 15 to 20 MB.
const GENERATION_ROWS_MAX: usize = 32_768;

/// What the writer must know of a stream to append to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Head {
    /// The integer key of the stream.
    pub(super) key: i64,
    /// The revision of its newest entry.
    pub(super) revision: u64,
    /// The position of its newest entry.
    pub(super) position: u64,
    /// What the indexes of its case's row are made of; `None` when it has no such row.
    pub(super) listed: Option<Listed>,
}

/// The columns of a case's row that indexes are made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Listed {
    /// How it was closed, if so, and whether it was merged into another.
    pub(super) stands: Stands,
    /// It owes a root cause.
    pub(super) owes_cause: bool,
    /// Its next mark.
    pub(super) due_at: Option<Timestamp>,
    /// The case of the systemic issue that it belongs to.
    pub(super) parent: Option<CaseId>,
}

impl Listed {
    /// Returns those of a case's row.
    pub(super) const fn of(case: &CaseRow) -> Self {
        Self {
            stands: (case.closed_as, case.is_merged),
            owes_cause: case.owes_cause,
            due_at: case.due_at,
            parent: case.parent,
        }
    }
}

/// Two generations: what is asked for moves to the young one; when that is full the old one goes.
#[derive(Debug)]
pub(super) struct Heads {
    young: HashMap<StreamName, Head>,
    old: HashMap<StreamName, Head>,
    rows_max: usize,
}

impl Heads {
    /// Makes an empty cache.
    pub(super) fn new() -> Self {
        Self {
            young: HashMap::new(),
            old: HashMap::new(),
            rows_max: GENERATION_ROWS_MAX,
        }
    }

    /// Returns the head of a stream when it is known.
    pub(super) fn get(&mut self, stream: &StreamName) -> Option<Head> {
        if let Some(head) = self.young.get(stream) {
            return Some(*head);
        }
        let head = self.old.remove(stream)?;
        self.put(stream.clone(), head);
        Some(head)
    }

    /// Keeps the head of a stream.
    pub(super) fn put(&mut self, stream: StreamName, head: Head) {
        if self.young.len() >= self.rows_max && !self.young.contains_key(&stream) {
            self.old = std::mem::take(&mut self.young);
        }
        self.young.insert(stream, head);
    }

    /// Forgets everything, because a transaction was taken back or another wrote to the file.
    pub(super) fn clear(&mut self) {
        self.young.clear();
        self.old.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stream(number: u128) -> StreamName {
        StreamName::Case(CaseId::new(uuid::Uuid::from_u128(number)))
    }

    fn head(revision: u64) -> Head {
        Head {
            key: 1,
            revision,
            position: revision,
            listed: None,
        }
    }

    #[test]
    fn the_head_asked_for_last_stays_and_the_bound_holds() {
        let mut heads = Heads {
            rows_max: 4,
            ..Heads::new()
        };
        for number in 0..100 {
            heads.put(stream(number), head(1));
            assert_eq!(heads.get(&stream(0)), Some(head(1)), "after {number}");
            assert!(heads.young.len() + heads.old.len() <= 8);
        }
        assert_eq!(heads.get(&stream(1)), None);
    }

    #[test]
    fn a_newer_head_hides_an_older_one() {
        let mut heads = Heads {
            rows_max: 2,
            ..Heads::new()
        };
        for revision in 1..20 {
            heads.put(stream(0), head(revision));
            heads.put(stream(u128::from(revision)), head(1));
            assert_eq!(heads.get(&stream(0)), Some(head(revision)));
        }
    }
}
