//! Which few causes make up most of the count, the cost or the severity.
//!
//! Invariant: whole numbers only, and no two currencies in one sum.
//! Invariant: every row names the cases it counts.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use crate::id::CaseId;
use crate::measure::Share;
use crate::money::Currency;

/// The most cases that a row names; how many it counts is always told.
pub const CASES_NAMED_MAX: usize = 100;

/// A case and its cause.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item<K> {
    /// The cause.
    pub cause: K,
    /// The case.
    pub case: CaseId,
    /// What it cost, in minor units of each currency.
    pub costs: BTreeMap<Currency, u64>,
    /// How much it weighs.
    pub severity: u64,
}

/// What is added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum By {
    /// Cases.
    Count,
    /// What they cost in this currency, in minor units.
    Cost(Currency),
    /// How much they weigh.
    Severity,
}

/// Causes, the heaviest first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pareto<K> {
    /// What is added up.
    pub by: By,
    /// All of it.
    pub total: u64,
    /// A row a cause; where two weigh the same, by name.
    pub rows: Vec<Row<K>>,
    /// The causes beyond the rows that were asked for; none where there are no more.
    pub rest: Option<Rest>,
}

/// A cause in a [`Pareto`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row<K> {
    /// The cause.
    pub cause: K,
    /// What it comes to.
    pub tally: Tally,
}

/// The causes that have no row of their own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rest {
    /// How many causes.
    pub causes: u64,
    /// What they come to together.
    pub tally: Tally,
}

/// What one or more causes come to. Shares are exact: their
/// [thousandths](Share::per_mille) are for the eye, and only those are rounded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// Cases, minor units or severity.
    pub weight: u64,
    /// Of all.
    pub share: Share,
    /// This and everything above it, of all.
    pub cumulative: Share,
    /// How many cases are counted.
    pub cases: u64,
    /// These cases in the order of their ids, at most [`CASES_NAMED_MAX`].
    pub named: Vec<CaseId>,
}

/// Returns the causes by what their cases come to, with at most `rows_max` rows of their own.
///
/// A case counts once for a cause, as its last item has it. A case that weighs nothing here, such
/// as one that cost nothing in this currency, is not counted.
#[must_use]
pub fn pareto<K: Ord>(
    items: impl IntoIterator<Item = Item<K>>,
    by: By,
    rows_max: Option<usize>,
) -> Pareto<K> {
    let mut weights: BTreeMap<K, BTreeMap<CaseId, u64>> = BTreeMap::new();
    for item in items {
        let weight = by.weight(&item);
        let of_cause = weights.entry(item.cause).or_default();
        of_cause.insert(item.case, weight);
    }
    let mut heaviest: Vec<(K, Pile)> = weights
        .into_iter()
        .map(|(cause, weights)| (cause, Pile::of(weights)))
        .filter(|(_, pile)| pile.weight > 0)
        .collect();
    // The sort keeps the order of what is equal, which is that of the names.
    heaviest.sort_by_key(|(_, pile)| Reverse(pile.weight));
    let total = heaviest
        .iter()
        .fold(0, |sum: u64, (_, pile)| sum.saturating_add(pile.weight));
    let beyond = heaviest.split_off(rows_max.unwrap_or(usize::MAX).min(heaviest.len()));
    let mut above = 0;
    let mut rows = Vec::with_capacity(heaviest.len());
    for (cause, pile) in heaviest {
        let tally = pile.tally(&mut above, total);
        rows.push(Row { cause, tally });
    }
    let rest = (!beyond.is_empty()).then(|| {
        let causes = u64::try_from(beyond.len()).unwrap_or(u64::MAX);
        let pile = Pile::together(beyond.into_iter().map(|(_, pile)| pile));
        let tally = pile.tally(&mut above, total);
        Rest { causes, tally }
    });
    Pareto {
        by,
        total,
        rows,
        rest,
    }
}

impl By {
    fn weight<K>(self, item: &Item<K>) -> u64 {
        match self {
            Self::Count => 1,
            Self::Cost(currency) => item.costs.get(&currency).copied().unwrap_or(0),
            Self::Severity => item.severity,
        }
    }
}

/// The cases of one or more causes.
struct Pile {
    weight: u64,
    cases: Vec<CaseId>,
}

impl Pile {
    fn of(weights: BTreeMap<CaseId, u64>) -> Self {
        let mut pile = Self {
            weight: 0,
            cases: Vec::new(),
        };
        for (case, weight) in weights.into_iter().filter(|(_, weight)| *weight > 0) {
            // An amount is below 2^53: it takes two thousand of the largest to come to the end,
            // which is more money than there is.
            pile.weight = pile.weight.saturating_add(weight);
            pile.cases.push(case);
        }
        pile
    }

    /// Puts piles together; a case that lies in several is one case.
    fn together(piles: impl Iterator<Item = Self>) -> Self {
        let mut all = Self {
            weight: 0,
            cases: Vec::new(),
        };
        for pile in piles {
            all.weight = all.weight.saturating_add(pile.weight);
            all.cases.extend(pile.cases);
        }
        all.cases.sort_unstable();
        all.cases.dedup();
        all
    }

    fn tally(mut self, above: &mut u64, total: u64) -> Tally {
        *above = above.saturating_add(self.weight);
        let cases = u64::try_from(self.cases.len()).unwrap_or(u64::MAX);
        self.cases.truncate(CASES_NAMED_MAX);
        Tally {
            weight: self.weight,
            share: Share {
                met: self.weight,
                of: total,
            },
            cumulative: Share {
                met: *above,
                of: total,
            },
            cases,
            named: self.cases,
        }
    }
}
