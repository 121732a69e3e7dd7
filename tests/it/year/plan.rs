//! When which customer or agent does something. The same for every run.

use std::collections::BTreeSet;

use anyhow::Context as _;
use heard_engine::time::Timestamp;

const MINUTE: i64 = 60 * 1_000_000;
const YEAR_MINUTES: i64 = 365 * 24 * 60;
/// 2026-01-05 08:00 UTC, in microseconds.
pub const BEGIN: i64 = 1_767_600_000 * 1_000_000;
/// Long after everything that the year begins has ended.
pub const END: i64 = BEGIN + 2 * YEAR_MINUTES * MINUTE;
/// How often somebody turns to a case.
const WAKES: usize = 9;
/// How many minutes pass between two of them.
const GAPS: [i64; 7] = [7, 45, 290, 1_510, 4_320, 10_100, 30_200];

/// Everything that people do in the year, in order.
pub struct Plan {
    pub cases: usize,
    pub wakes: Vec<Wake>,
}

/// Somebody turns to a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Wake {
    pub at: i64,
    pub case: usize,
    /// Which of the case, from 0: the first opens it.
    pub number: usize,
}

impl Plan {
    pub fn of(cases: usize) -> Self {
        let mut wakes = Vec::new();
        for case in 0..cases {
            let share = YEAR_MINUTES * case as i64 / cases as i64;
            let mut minutes = share;
            for number in 0..WAKES {
                let at = BEGIN + minutes * MINUTE;
                wakes.push(Wake { at, case, number });
                let gap = Chance::at(case, number).below(GAPS.len() as u64) as usize;
                minutes += GAPS[gap] + (case % 13) as i64;
            }
        }
        wakes.sort_unstable();
        Self { cases, wakes }
    }

    /// Returns the lines in the middle of which the server is killed, spread over the year.
    pub fn kills(&self, kills: usize) -> BTreeSet<usize> {
        let every = self.wakes.len() / (kills + 1).max(1);
        (1..=kills).map(|kill| kill * every).collect()
    }
}

/// Numbers that look random and are the same in every run.
///
/// Source: Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014 (SplitMix64).
pub struct Chance(u64);

impl Chance {
    pub const fn of(seed: u64) -> Self {
        Self(seed)
    }

    pub const fn at(case: usize, number: usize) -> Self {
        Self((case as u64) << 8 | number as u64)
    }

    pub const fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (mixed ^ (mixed >> 31)) % bound
    }
}

/// Returns an instant as the command line reads it.
pub fn instant(micros: i64) -> anyhow::Result<String> {
    let at = Timestamp::from_micros(micros).context("an instant")?;
    Ok(at.to_string())
}

/// Returns an instant as requests hold it.
pub const fn wire(micros: i64) -> prost_types::Timestamp {
    prost_types::Timestamp {
        seconds: micros.div_euclid(1_000_000),
        nanos: (micros.rem_euclid(1_000_000) * 1_000) as i32,
    }
}
