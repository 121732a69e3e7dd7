//! The draw of a sample: chance that nobody can foresee and everybody can check.
//!
//! The commitment is the salted one of the drawn thing's text: before it is recorded nobody knows
//! it, so nobody can write the text that is not drawn. Afterwards it stands in the entry, and a
//! script of three lines computes the same number from it.
//!
//! Invariant: whole numbers only, so that every machine draws the same.

use sha2::{Digest as _, Sha256};

use crate::id::Digest;

/// Returns the number that a commitment draws: the first eight bytes, as a big-endian number, of
/// SHA-256("heard/draw/v1" ‖ 0 ‖ commitment ‖ number), the number as four bytes, big-endian.
///
/// `number` tells apart the draws that are made from one commitment.
#[must_use]
pub fn draw(commitment: &Digest, number: u32) -> u64 {
    let mut hash = Sha256::new();
    hash.update(b"heard/draw/v1\0");
    hash.update(commitment.0);
    hash.update(number.to_be_bytes());
    let hash: [u8; 32] = hash.finalize().into();
    let mut first = [0; 8];
    for (to, from) in first.iter_mut().zip(hash) {
        *to = from;
    }
    u64::from_be_bytes(first)
}

/// Returns whether a drawn number is within a sample of so many percent: 0 draws nothing, 100
/// everything.
///
/// The number is below that share of 2^64; compared as whole numbers, as a float would round.
#[must_use]
pub fn is_drawn(drawn: u64, percent: u32) -> bool {
    u128::from(drawn) * 100 < u128::from(percent) << 64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The numbers are those of Python's `hashlib`, so that a change of the recipe shows.
    #[test]
    fn draws_are_those_of_another_implementation() {
        let mut counted = [0; 32];
        for (place, byte) in (0..).zip(&mut counted) {
            *byte = place;
        }
        assert_eq!(draw(&Digest([0; 32]), 1), 15_742_279_213_150_911_909);
        assert_eq!(draw(&Digest(counted), 1), 7_537_692_725_717_895_741);
        assert_eq!(draw(&Digest(counted), 2), 7_304_700_145_216_228_617);
    }

    #[test]
    fn sample_ends_exactly_at_its_share() {
        // One percent of 2^64 is 184,467,440,737,095,516.16.
        assert!(is_drawn(184_467_440_737_095_516, 1));
        assert!(!is_drawn(184_467_440_737_095_517, 1));
        // Half of 2^64 is a whole number, which is not below itself.
        assert!(is_drawn((1 << 63) - 1, 50));
        assert!(!is_drawn(1 << 63, 50));
        assert!(!is_drawn(0, 0));
        assert!(is_drawn(0, 1));
        assert!(is_drawn(u64::MAX, 100));
        assert!(!is_drawn(u64::MAX, 99));
    }

    proptest! {
        #[test]
        fn larger_sample_holds_the_smaller_one(drawn: u64, percent in 0_u32..100) {
            prop_assert!(!is_drawn(drawn, percent) || is_drawn(drawn, percent + 1));
        }
    }
}
