//! Counts, shares and lengths of many cases, in whole numbers.
//!
//! Invariant: what is added up of parts is what would have been counted at once.

use std::collections::BTreeMap;

use super::Took;

/// The least number of cases, answers or promises from which a share says anything: with fewer, one
/// more or less moves it by over five percent.
pub const ENOUGH_MIN: u64 = 20;

/// What can be added up.
pub trait Sum {
    /// Adds what was counted elsewhere.
    fn sum(&mut self, other: &Self);
}

impl Sum for u64 {
    fn sum(&mut self, other: &Self) {
        *self += other;
    }
}

impl<K: Ord + Clone, V: Sum + Default> Sum for BTreeMap<K, V> {
    fn sum(&mut self, other: &Self) {
        for (key, value) in other {
            self.entry(key.clone()).or_default().sum(value);
        }
    }
}

/// How many of how many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Share {
    /// So many meet it.
    pub met: u64,
    /// Of so many.
    pub of: u64,
}

impl Share {
    /// Counts one more.
    pub const fn count(&mut self, is_met: bool) {
        self.of += 1;
        if is_met {
            self.met += 1;
        }
    }

    /// Returns the share in thousandths, rounded half up; none of nothing.
    #[must_use]
    pub fn per_mille(self) -> Option<u32> {
        let doubled = u128::from(self.met) * 2_000 + u128::from(self.of);
        let share = doubled.checked_div(u128::from(self.of) * 2)?;
        u32::try_from(share).ok()
    }

    /// Returns whether it is of [too few](ENOUGH_MIN) to say anything.
    #[must_use]
    pub const fn is_of_too_few(self) -> bool {
        self.of < ENOUGH_MIN
    }
}

impl Sum for Share {
    fn sum(&mut self, other: &Self) {
        self.met += other.met;
        self.of += other.of;
    }
}

/// Whole numbers, such as lengths in microseconds, of which the middle and the edge are asked.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Spread {
    /// How often each occurs.
    values: BTreeMap<i64, u64>,
    count: u64,
}

/// What a [`Spread`] comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Summary {
    /// How many numbers it is of.
    pub count: u64,
    /// Their average, rounded half up.
    pub mean: i64,
    /// The number that at least half of them do not exceed, by nearest rank.
    pub median: i64,
    /// The number that at least nine of ten do not exceed, by nearest rank.
    pub p90: i64,
}

impl Spread {
    /// Counts a number.
    pub fn count(&mut self, value: i64) {
        *self.values.entry(value).or_default() += 1;
        self.count += 1;
    }

    /// Returns each number and how often it occurs, smallest first.
    pub fn values(&self) -> impl Iterator<Item = (i64, u64)> {
        self.values.iter().map(|(value, times)| (*value, *times))
    }

    /// Returns how many numbers were counted.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.count
    }

    /// Returns what it comes to; none of nothing.
    #[must_use]
    pub fn summary(&self) -> Option<Summary> {
        let total: i128 = self
            .values()
            .map(|(value, times)| i128::from(value) * i128::from(times))
            .sum();
        let count = i128::from(self.count);
        let doubled = total * 2 + count;
        let mean = doubled.checked_div_euclid(count * 2)?;
        Some(Summary {
            count: self.count,
            mean: i64::try_from(mean).ok()?,
            median: self.percentile(50)?,
            p90: self.percentile(90)?,
        })
    }

    /// Returns the number at the nearest rank: in order of size, the one whose place is the share
    /// of the count, rounded up. 0 percent is the smallest, 100 the largest; none of nothing, or
    /// beyond 100.
    #[must_use]
    pub fn percentile(&self, percent: u32) -> Option<i64> {
        let rank = (u128::from(self.count) * u128::from(percent)).div_ceil(100);
        let mut place = 0;
        let mut values = self.values();
        let found = values.find(|(_, times)| {
            place += u128::from(*times);
            place >= rank
        });
        found.map(|(value, _)| value)
    }
}

impl Sum for Spread {
    fn sum(&mut self, other: &Self) {
        self.values.sum(&other.values);
        self.count += other.count;
    }
}

/// Lengths of time in wall-clock and in working time, in microseconds.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Times {
    /// As a clock on the wall shows it.
    pub wall: Spread,
    /// While the default calendar is open.
    pub working: Spread,
}

impl Times {
    /// Counts a length.
    pub fn count(&mut self, took: Took) {
        self.wall.count(took.wall);
        self.working.count(took.working);
    }
}

impl Sum for Times {
    fn sum(&mut self, other: &Self) {
        self.wall.sum(&other.wall);
        self.working.sum(&other.working);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spread(values: &[i64]) -> Spread {
        let mut spread = Spread::default();
        for value in values {
            spread.count(*value);
        }
        spread
    }

    #[test]
    fn percentiles_are_those_of_the_nearest_rank() {
        assert_eq!(Spread::default().summary(), None);
        let one = spread(&[7]).summary().unwrap();
        assert_eq!((one.count, one.mean, one.median, one.p90), (1, 7, 7, 7));
        let four = spread(&[15, 20, 35, 50]).summary().unwrap();
        assert_eq!((four.mean, four.median, four.p90), (30, 20, 50));
        let ten = spread(&[10, 9, 8, 7, 6, 5, 4, 3, 2, 1]).summary().unwrap();
        assert_eq!((ten.mean, ten.median, ten.p90), (6, 5, 9));
        let eleven = spread(&[1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 100]);
        assert_eq!(eleven.summary().unwrap().p90, 1);
    }

    #[test]
    fn means_and_shares_are_rounded_half_up() {
        assert_eq!(spread(&[-1, -2]).summary().unwrap().mean, -1);
        assert_eq!(spread(&[1, 2]).summary().unwrap().mean, 2);
        assert_eq!(spread(&[1, 1, 2]).summary().unwrap().mean, 1);
        assert_eq!(Share { met: 8, of: 10 }.per_mille(), Some(800));
        assert_eq!(Share { met: 2, of: 3 }.per_mille(), Some(667));
        assert_eq!(Share { met: 1, of: 2_000 }.per_mille(), Some(1));
        assert_eq!(Share::default().per_mille(), None);
        assert!(Share { met: 19, of: 19 }.is_of_too_few());
        assert!(!Share { met: 0, of: 20 }.is_of_too_few());
    }
}
