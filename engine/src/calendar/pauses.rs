//! The times in which a deadline stood still.

use crate::time::Timestamp;

/// Times in which a deadline stood still, each from its first instant up to, not including, its
/// end.
///
/// Invariant: none is empty, they are in order, and no two overlap or touch.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Pauses(Vec<(Timestamp, Timestamp)>);

impl Pauses {
    /// Returns no pause at all.
    #[must_use]
    pub const fn none() -> Self {
        Self(Vec::new())
    }

    /// Returns the pauses in order.
    pub fn iter(&self) -> impl Iterator<Item = (Timestamp, Timestamp)> {
        self.0.iter().copied()
    }

    /// Returns the times from an instant to another, in microseconds, that no pause touches.
    pub(super) fn free(&self, from: i64, until: i64) -> impl Iterator<Item = (i64, i64)> {
        let ends = self.0.iter().map(|(_, end)| end.micros());
        let starts = self.0.iter().map(|(start, _)| start.micros());
        let free = std::iter::once(i64::MIN).chain(ends);
        let free = free.zip(starts.chain(std::iter::once(i64::MAX)));
        free.map(move |(start, end)| (start.max(from), end.min(until)))
            .filter(|(start, end)| start < end)
    }
}

/// Takes pauses in any order; what overlaps or touches becomes one pause, so that no time is left
/// out twice.
impl FromIterator<(Timestamp, Timestamp)> for Pauses {
    fn from_iter<I: IntoIterator<Item = (Timestamp, Timestamp)>>(pauses: I) -> Self {
        let mut given: Vec<_> = pauses.into_iter().filter(|(from, to)| from < to).collect();
        given.sort_unstable();
        let mut pauses: Vec<(Timestamp, Timestamp)> = Vec::new();
        for (from, to) in given {
            match pauses.last_mut() {
                Some((_, end)) if from <= *end => *end = to.max(*end),
                Some(_) | None => pauses.push((from, to)),
            }
        }
        Self(pauses)
    }
}
