//! How well two auditors agree beyond chance: Cohen's kappa.
#![expect(
    clippy::float_arithmetic,
    reason = "kappa is a ratio of ratios; it is reported and decides nothing"
)]

use std::collections::BTreeMap;

use super::interval::{Interval, Z};
use super::{ENOUGH_MIN, real};

/// How well two who judged the same cases agree.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Agreement {
    /// The cases both judged.
    pub pairs: u64,
    /// Of these, those they judged alike.
    pub agreed: u64,
    /// The share they judged alike.
    pub observed: f64,
    /// The share they would have judged alike by chance, each with the categories as often as now.
    pub expected: f64,
    /// What of the agreement that chance leaves was reached: 1 is all, 0 is no better than chance.
    /// None where chance leaves nothing: both used one and the same category for every case, so
    /// that nothing can be told about how they tell categories apart.
    pub kappa: Option<f64>,
    /// The standard error of kappa. None without kappa, and where the formula comes to nothing by
    /// its form and not by certainty: they agree on every case, or one of them used one category
    /// only.
    pub error: Option<f64>,
    /// What kappa lies between; none without the standard error.
    pub interval: Option<Interval>,
    /// There are fewer than [`ENOUGH_MIN`] pairs: the interval is a rough one.
    pub is_small: bool,
}

/// Returns how well two agree, from the category that each gave to every case; none of no case.
///
/// Source: Cohen, A Coefficient of Agreement for Nominal Scales, Educational and Psychological
/// Measurement 20 (1960); the standard error by Fleiss, Cohen & Everitt, Large Sample Standard
/// Errors of Kappa and Weighted Kappa, Psychological Bulletin 72 (1969).
#[must_use]
pub fn kappa<K: Ord + Clone>(pairs: impl IntoIterator<Item = (K, K)>) -> Option<Agreement> {
    let table = Table::of(pairs);
    if table.pairs == 0 {
        return None;
    }
    let pairs = real(table.pairs);
    let agreed = table.agreed();
    let alike = table.alike_by_chance();
    let all = u128::from(table.pairs) * u128::from(table.pairs);
    let observed = real(agreed) / pairs;
    let expected = table.expected();
    // Whether chance leaves nothing is told in whole numbers, which do not round.
    let kappa = (alike < all).then(|| (observed - expected) / (1.0 - expected));
    let is_sure_by_form =
        agreed == table.pairs || table.first.len() == 1 || table.second.len() == 1;
    let error = kappa
        .filter(|_| !is_sure_by_form)
        .map(|kappa| table.error(kappa, expected));
    let interval = kappa.zip(error).map(|(kappa, error)| Interval {
        low: (kappa - Z * error).max(-1.0),
        high: (kappa + Z * error).min(1.0),
    });
    Some(Agreement {
        pairs: table.pairs,
        agreed,
        observed,
        expected,
        kappa,
        error,
        interval,
        is_small: table.pairs < ENOUGH_MIN,
    })
}

/// How often each pair of categories occurs, and each category with each of the two.
struct Table<K> {
    cells: BTreeMap<(K, K), u64>,
    first: BTreeMap<K, u64>,
    second: BTreeMap<K, u64>,
    pairs: u64,
}

impl<K: Ord + Clone> Table<K> {
    fn of(pairs: impl IntoIterator<Item = (K, K)>) -> Self {
        let mut table = Self {
            cells: BTreeMap::new(),
            first: BTreeMap::new(),
            second: BTreeMap::new(),
            pairs: 0,
        };
        for (first, second) in pairs {
            *table.first.entry(first.clone()).or_default() += 1;
            *table.second.entry(second.clone()).or_default() += 1;
            *table.cells.entry((first, second)).or_default() += 1;
            table.pairs += 1;
        }
        table
    }

    fn agreed(&self) -> u64 {
        let alike = self.cells.iter().filter(|((a, b), _)| a == b);
        alike.map(|(_, count)| count).sum()
    }

    /// How often `category` occurs with the first and with the second.
    fn uses(&self, category: &K) -> (u64, u64) {
        let of = |uses: &BTreeMap<K, u64>| uses.get(category).copied().unwrap_or(0);
        (of(&self.first), of(&self.second))
    }

    /// The expected agreement times the square of the number of pairs.
    fn alike_by_chance(&self) -> u128 {
        let both = self.first.keys().map(|category| self.uses(category));
        both.map(|(first, second)| u128::from(first) * u128::from(second))
            .sum()
    }

    fn expected(&self) -> f64 {
        let pairs = real(self.pairs);
        let both = self.first.keys().map(|category| self.uses(category));
        both.map(|(first, second)| (real(first) / pairs) * (real(second) / pairs))
            .sum()
    }

    /// The large-sample variance of Fleiss, Cohen & Everitt, its three terms in their order.
    fn error(&self, kappa: f64, expected: f64) -> f64 {
        let pairs = real(self.pairs);
        let missed = 1.0 - kappa;
        let (mut alike, mut apart) = (0.0, 0.0);
        for ((first, second), count) in &self.cells {
            let share = real(*count) / pairs;
            // Crossed as in the source: the second's use of the first's category, and the reverse.
            let (_, by_second) = self.uses(first);
            let (by_first, _) = self.uses(second);
            let uses = (real(by_second) + real(by_first)) / pairs;
            if first == second {
                alike += share * (1.0 - uses * missed).powi(2);
            } else {
                apart += share * uses.powi(2);
            }
        }
        let less = (kappa - expected * missed).powi(2);
        let variance = alike + missed.powi(2) * apart - less;
        // Rounding may take it below nothing, of which there is no root.
        (variance.max(0.0) / pairs).sqrt() / (1.0 - expected)
    }
}
