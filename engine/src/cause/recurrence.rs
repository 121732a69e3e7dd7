//! Whether a cause comes less often after an action than before it.

use super::interval::{Estimate, Ratio, newcombe, rate_ratio};
use super::is_small;
use crate::measure::Share;

/// How often a cause came before and after an action.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Recurrence {
    /// Of the cases closed in the window before, those with the cause.
    pub before: Share,
    /// Of the cases closed in the window after, those with the cause.
    pub after: Share,
    /// The rate after less the rate before; none where nothing was closed in a window.
    pub difference: Option<Estimate>,
    /// The rate after by the rate before; none where nothing was closed in a window, or neither has
    /// the cause.
    pub ratio: Option<Ratio>,
    /// What may be said.
    pub verdict: Verdict,
    /// The numbers are too small to lean on: fewer than [`ENOUGH_MIN`](super::ENOUGH_MIN) cases in
    /// a window, or fewer than [`EXPECTED_MIN`](super::EXPECTED_MIN) to be expected with the cause.
    pub is_small: bool,
}

/// What two rates allow to be said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verdict {
    /// The whole interval of the difference is below 0.
    Fell,
    /// The whole interval of the difference is above 0.
    Rose,
    /// The interval of the difference holds 0, or there is none.
    CannotTell,
}

impl Verdict {
    /// Returns what the interval of a difference allows to be said.
    #[must_use]
    pub fn of(difference: Option<&Estimate>) -> Self {
        match difference.map(|difference| difference.interval) {
            Some(interval) if interval.high < 0.0 => Self::Fell,
            Some(interval) if interval.low > 0.0 => Self::Rose,
            Some(_) | None => Self::CannotTell,
        }
    }
}

/// Returns how often a cause came before and after an action.
///
/// The verdict is that of the difference, whose interval keeps to 95 percent. The ratio beside it
/// is more careful: it may hold 1 where the difference has left 0.
#[must_use]
pub fn recurrence(before: Share, after: Share) -> Recurrence {
    let difference = newcombe(before, after);
    Recurrence {
        before,
        after,
        difference,
        ratio: rate_ratio(before, after),
        verdict: Verdict::of(difference.as_ref()),
        is_small: is_small(before, after),
    }
}
