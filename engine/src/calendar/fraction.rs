//! Parts of working days, added up exactly.
//!
//! Days have different totals, so their parts have different denominators. They are kept apart and
//! only compared, which needs no common denominator and so cannot overflow.

use std::collections::BTreeMap;

/// A digit of the base 2^64, in which sums of parts are compared.
const DIGIT_BITS: u32 = 64;

/// Days counted so far: whole ones, and parts of days by the total of their day.
#[derive(Debug, Default)]
pub(super) struct DayCount {
    whole: i64,
    /// By a day's total in microseconds, the part of it counted, less than the total.
    parts: BTreeMap<i64, i64>,
}

impl DayCount {
    /// Counts whole days.
    pub(super) fn add_days(&mut self, days: i64) {
        self.whole += days;
    }

    /// Counts a part of a day with this total.
    pub(super) fn add(&mut self, part: i64, total: i64) {
        let parts = self.parts.entry(total).or_default();
        *parts += part;
        self.whole += *parts / total;
        *parts %= total;
    }

    /// Returns how many whole days are missing for certain.
    pub(super) fn missing_at_least(&self, target: i64) -> i64 {
        let parts = i64::try_from(self.parts.len()).unwrap_or(i64::MAX);
        target - self.whole - parts
    }

    /// Returns the least part of a day with this total that is still missing, in microseconds.
    /// More than the total where another day is needed.
    pub(super) fn missing_of(&self, total: i64, target: i64) -> i128 {
        let total = i128::from(total);
        let mut missing = i128::from(target - self.whole) * total;
        let mut rests = Vec::new();
        // A part `part/of` of another day is `part * total / of` of this one: a whole number of
        // microseconds, and a rest that is less than one.
        for (of, part) in &self.parts {
            let of = i128::from(*of);
            let scaled = i128::from(*part) * total;
            missing -= scaled / of;
            rests.push(((scaled % of).unsigned_abs(), of.unsigned_abs()));
        }
        missing - i128::from(whole_in(&rests))
    }
}

/// Returns the whole part of a sum of proper fractions.
fn whole_in(fractions: &[(u128, u128)]) -> u32 {
    let most = u32::try_from(fractions.len()).unwrap_or(u32::MAX);
    let reached = (1..most).take_while(|whole| reaches(fractions, *whole));
    reached.last().unwrap_or(0)
}

/// Returns whether a sum of proper fractions is at least so much, by writing the fractions digit by
/// digit.
///
/// `gap` is what the digits so far leave below `whole`, in units of the last digit. The rests of
/// the fractions add less than one unit each. A difference that is not nothing is no less than one
/// over the product of the denominators; these are below one digit each, so that after one digit
/// more than there are fractions, what is still within reach is nothing.
fn reaches(fractions: &[(u128, u128)], whole: u32) -> bool {
    let mut rests = fractions.to_vec();
    let count = i128::try_from(rests.len()).unwrap_or(i128::MAX);
    let mut gap = i128::from(whole);
    for _ in 0..=fractions.len() {
        gap <<= DIGIT_BITS;
        for (rest, of) in &mut rests {
            *rest <<= DIGIT_BITS;
            gap -= i128::try_from(*rest / *of).unwrap_or(i128::MAX);
            *rest %= *of;
        }
        if gap <= 0 {
            return true;
        }
        if gap >= count {
            return false;
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thirds_make_a_whole_exactly() {
        let third = (1, 3);
        assert!(reaches(&[third, third, third], 1));
        assert!(!reaches(&[third, third, (333_333, 1_000_000)], 1));
        assert!(!reaches(&[third, third], 1));
        // One part in 10^22 is missing, then is there.
        let near = [(99_999_999_999, 100_000_000_000), (1, 100_000_000_003)];
        assert!(!reaches(&near, 1));
        let over = [(99_999_999_999, 100_000_000_000), (1, 99_999_999_977)];
        assert!(reaches(&over, 1));
        assert_eq!(whole_in(&[(2, 3), (2, 3), (2, 3), (1, 2)]), 2);
        assert_eq!(whole_in(&[]), 0);
    }

    #[test]
    fn parts_of_unlike_days_add_up_to_the_microsecond() {
        let mut days = DayCount::default();
        days.add(1, 3);
        days.add(1, 7);
        // 1 - 1/3 - 1/7 = 11/21 of a day of 100: 52.38..., rounded up.
        assert_eq!(days.missing_of(100, 1), 53);
        days.add(53, 100);
        assert_eq!(days.missing_of(21, 1), 0);
        days.add(2, 3);
        days.add_days(4);
        assert_eq!((days.whole, days.missing_at_least(10)), (5, 2));
    }
}
