//! Where instants lie so close that many of them are within one length of time.

use crate::time::Timestamp;

/// An instant, and whether it is of a case that belongs to no issue yet.
pub(super) type Moment = (Timestamp, bool);

/// Returns of each moment whether it lies in a time that holds at least `least` of them, at least
/// one of a case that belongs to no issue.
///
/// The moments are in order. Such a time begins with one of them and lasts until before the instant
/// that `until` returns for it; where it returns none, without end. What begins later may be over
/// sooner: months are of different lengths.
pub(super) fn crowded(
    moments: &[Moment],
    least: u32,
    until: impl Fn(Timestamp) -> Option<Timestamp>,
) -> Vec<bool> {
    let least = usize::try_from(least).unwrap_or(usize::MAX);
    let mut crowded = vec![false; moments.len()];
    let mut marked = 0;
    let new = moments
        .iter()
        .enumerate()
        .filter(|(_, (_, is_new))| *is_new);
    let mut new = new.map(|(place, _)| place).peekable();
    for (begin, (from, _)) in moments.iter().enumerate() {
        while new.next_if(|place| *place < begin).is_some() {}
        let Some(first_new) = new.peek() else {
            break;
        };
        let end = match until(*from) {
            Some(until) => moments.partition_point(|(at, _)| *at < until),
            None => moments.len(),
        };
        if end.saturating_sub(begin) < least || end <= *first_new {
            continue;
        }
        // Times begin in order, so what lies before was marked or is in none.
        if let Some(inside) = crowded.get_mut(begin.max(marked)..end) {
            inside.fill(true);
        }
        marked = marked.max(end);
    }
    crowded
}
