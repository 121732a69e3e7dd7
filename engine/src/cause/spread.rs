//! How much the compensation for like cases differs.
//!
//! Invariant: whole minor units that were really given, and no two currencies in one spread.

use std::collections::BTreeMap;

use super::ENOUGH_MIN;
use crate::measure::Spread;
use crate::money::{Currency, Money};

/// What was given for like cases in one currency, in minor units; each by nearest rank, so that it
/// is an amount that was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Compensation {
    /// For so many cases.
    pub cases: u64,
    /// The least.
    pub least: i64,
    /// What at least a quarter do not exceed.
    pub lower_quartile: i64,
    /// What at least half do not exceed.
    pub median: i64,
    /// What at least three quarters do not exceed.
    pub upper_quartile: i64,
    /// What at least nine of ten do not exceed.
    pub p90: i64,
    /// The most.
    pub most: i64,
    /// There are fewer than [`ENOUGH_MIN`] cases.
    pub is_small: bool,
}

/// Returns the spread of what was given, for each group of like cases and each currency.
///
/// Every item is one case: what makes cases alike, and what was given for it in all.
#[must_use]
pub fn compensations<K: Ord>(
    given: impl IntoIterator<Item = (K, Money)>,
) -> BTreeMap<(K, Currency), Compensation> {
    let mut groups: BTreeMap<(K, Currency), Spread> = BTreeMap::new();
    for (like, money) in given {
        let spread = groups.entry((like, money.currency)).or_default();
        spread.count(money.minor);
    }
    let of = |(group, spread): (_, Spread)| Some((group, compensation(&spread)?));
    groups.into_iter().filter_map(of).collect()
}

/// None of nothing.
fn compensation(spread: &Spread) -> Option<Compensation> {
    let cases = spread.total();
    Some(Compensation {
        cases,
        // The nearest rank of no percent is the first, as that of all is the last.
        least: spread.percentile(0)?,
        lower_quartile: spread.percentile(25)?,
        median: spread.percentile(50)?,
        upper_quartile: spread.percentile(75)?,
        p90: spread.percentile(90)?,
        most: spread.percentile(100)?,
        is_small: cases < ENOUGH_MIN,
    })
}
