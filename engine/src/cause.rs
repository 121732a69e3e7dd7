//! What many causes come to: how well auditors agree, what grows, what an action changed.
//!
//! Invariant: nothing of it enters an entry. Floats are for its reports only, whose last digit may
//! differ between machines; what is counted stays in whole numbers beside them.
//! Invariant: no number about a person.

#[doc = include_str!("cause/definitions.md")]
pub mod definitions {}
mod interval;
mod issues;
mod kappa;
mod lessons;
mod pareto;
mod recurrence;
mod spread;
#[cfg(test)]
mod tests;
mod trend;

pub use interval::{Estimate, Interval, Ratio, newcombe, rate_ratio, wilson};
pub use issues::{Issues, NextStep, Proposal, SystemicIssue};
pub use kappa::{Agreement, kappa};
pub use lessons::{Days, Goes, Going, Key, Lessons, Like, Named, Overdue, Tried};
pub use pareto::{By, CASES_NAMED_MAX, Item, Pareto, Rest, Row, Tally, pareto};
pub use recurrence::{Recurrence, Verdict, recurrence};
pub use spread::{Compensation, compensations};
pub use trend::{Counted, Trend, Trending, trends};

use crate::measure::Share;

/// The least number of pairs or cases from which a rate or an agreement is not called small.
///
/// Source: Hogg, Tanis & Zimmerman, Probability and Statistical Inference: the normal distribution,
/// on which the intervals lean, is good enough an approximation above 25 or 30.
pub const ENOUGH_MIN: u64 = 30;

/// The least number to expect, in each window with and without the cause, for a comparison that is
/// not called small.
///
/// Source: Cochran, Some Methods for Strengthening the Common χ² Tests, Biometrics 10 (1954).
pub const EXPECTED_MIN: u64 = 5;

/// Returns whether two shares are of too little to lean on their comparison: one is of fewer than
/// [`ENOUGH_MIN`], or, were both the same, fewer than [`EXPECTED_MIN`] with or without the cause
/// would be expected in one of them.
fn is_small(one: Share, other: Share) -> bool {
    let of = u128::from(one.of) + u128::from(other.of);
    let met = u128::from(one.met) + u128::from(other.met);
    let too_few = |share: Share| {
        let rarer = met.min(of.saturating_sub(met));
        share.of < ENOUGH_MIN || rarer * u128::from(share.of) < u128::from(EXPECTED_MIN) * of
    };
    too_few(one) || too_few(other)
}

/// Returns a count as a number to divide.
#[expect(
    clippy::cast_precision_loss,
    reason = "counts of cases lie far below 2^53, up to which a float holds every whole number"
)]
const fn real(count: u64) -> f64 {
    count as f64
}
