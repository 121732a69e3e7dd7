//! What could not be fired, and when it is tried again.
//!
//! Invariant: at most [`FAILING_MAX`] are remembered; one that is forgotten is only tried sooner.

use std::collections::BTreeMap;

use heard_engine::time::Timestamp;

use super::later;
use crate::store::DuePlace;

/// How many marks that could not be fired are remembered.
const FAILING_MAX: usize = 10_000;
/// How long is waited after the first failure, in microseconds; twice as long after each further.
const WAIT_MICROS_MIN: i64 = 1_000_000;
/// How often the wait doubles: to 64 seconds.
const DOUBLINGS_MAX: u32 = 6;

/// Marks that could not be fired, each with how often, and when it is tried again.
#[derive(Debug, Default)]
pub(in crate::app) struct Failing {
    marks: BTreeMap<DuePlace, (u32, Timestamp)>,
}

impl Failing {
    /// Returns whether a mark is not yet to be tried again.
    pub(super) fn waits(&self, place: DuePlace, now: Timestamp) -> bool {
        let mark = self.marks.get(&place);
        mark.is_some_and(|(_, again_at)| now < *again_at)
    }

    /// Returns whether a mark failed before.
    pub(super) fn has(&self, place: DuePlace) -> bool {
        self.marks.contains_key(&place)
    }

    /// Takes note of a failure. Returns when the mark is tried again.
    pub(super) fn fail(&mut self, place: DuePlace, now: Timestamp) -> Timestamp {
        if self.marks.len() >= FAILING_MAX && !self.marks.contains_key(&place) {
            self.marks.pop_first();
        }
        let (attempts, again_at) = self.marks.entry(place).or_insert((0, now));
        *attempts += 1;
        *again_at = delayed(now, *attempts);
        *again_at
    }

    /// Lets everything be tried again now that waits.
    pub(super) fn try_again(&mut self, now: Timestamp) {
        for (_, again_at) in self.marks.values_mut() {
            *again_at = (*again_at).min(now);
        }
    }

    /// Forgets a mark that fired.
    pub(super) fn forget(&mut self, place: DuePlace) {
        self.marks.remove(&place);
    }

    /// Forgets what was to be tried again by then and was not: it is not due any more.
    pub(super) fn forget_until(&mut self, until: Timestamp) {
        self.marks.retain(|_, (_, again_at)| *again_at > until);
    }

    /// Returns when the first of them is tried again.
    pub(super) fn next(&self) -> Option<Timestamp> {
        self.marks.values().map(|(_, again_at)| *again_at).min()
    }
}

/// Returns when something is tried again that failed so often.
pub(super) fn delayed(now: Timestamp, attempts: u32) -> Timestamp {
    let doublings = attempts.saturating_sub(1).min(DOUBLINGS_MAX);
    later(now, WAIT_MICROS_MIN << doublings)
}
