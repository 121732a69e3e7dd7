//! Worked examples of the literature, by hand, and what holds for all numbers.
#![expect(
    clippy::float_arithmetic,
    reason = "bounds are compared to as many digits as were printed"
)]

mod hand;
mod literature;
mod random;

use crate::measure::Share;

fn share(met: u64, of: u64) -> Share {
    Share { met, of }
}

/// Compares to so many decimals, as a printed table allows.
fn is_close(ours: f64, theirs: f64, decimals: i32) -> bool {
    (ours - theirs).abs() <= 0.5 * 10_f64.powi(-decimals)
}

/// The pairs of a table: row by row what the first says, column by column what the second says.
fn pairs(table: &[&[u64]]) -> Vec<(usize, usize)> {
    let mut pairs = Vec::new();
    for (first, row) in table.iter().enumerate() {
        for (second, count) in row.iter().enumerate() {
            pairs.extend((0..*count).map(|_| (first, second)));
        }
    }
    pairs
}
