//! Intervals of a share, of a difference of two and of a ratio of two, at 95 percent.
//!
//! Invariant: an interval holds what was observed, and lies within what is possible.
#![expect(
    clippy::float_arithmetic,
    reason = "bounds are roots of equations; they are reported and decide nothing that is recorded"
)]

use super::real;
use crate::measure::Share;

/// The standard normal deviate that 2.5 percent exceed: the inverse of the normal distribution
/// function at 0.975, to the last digit of a float.
pub(super) const Z: f64 = 1.959_963_984_540_054;
/// The chance beyond each end of an interval.
const TAIL: f64 = 0.025;
/// How often an exact bound is halved: more often than a float between 0 and 1 has digits.
const HALVINGS: u32 = 100;
/// A part of a binomial distribution so small beside its highest that it changes no sum.
const NEGLIGIBLE: f64 = 1e-22;

/// What a number lies between, with 95 percent confidence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    /// The lower bound.
    pub low: f64,
    /// The upper bound.
    pub high: f64,
}

/// A number and how sure it is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Estimate {
    /// The number as observed.
    pub value: f64,
    /// What it lies between.
    pub interval: Interval,
}

/// How many times as high a rate is as another.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ratio {
    /// As observed; none where the other rate is 0.
    pub value: Option<f64>,
    /// The lower bound.
    pub low: f64,
    /// The upper bound; none where there is none, as the other rate is 0.
    pub high: Option<f64>,
}

/// Returns the Wilson score interval of a share; none of nothing, or of more than all.
///
/// Unlike the textbook interval it is of use with few cases and with none or all of them met.
///
/// Source: Wilson, Probable Inference, the Law of Succession, and Statistical Inference, Journal of
/// the American Statistical Association 22 (1927); method 3 of Newcombe, Two-Sided Confidence
/// Intervals for the Single Proportion, Statistics in Medicine 17 (1998), 857-872.
#[must_use]
pub fn wilson(share: Share) -> Option<Interval> {
    if share.of == 0 || share.met > share.of {
        return None;
    }
    let (met, of) = (real(share.met), real(share.of));
    let missed = of - met;
    let middle = (met + Z * Z / 2.0) / (of + Z * Z);
    let half = Z / (of + Z * Z) * (met * missed / of + Z * Z / 4.0).sqrt();
    // Rounding must not make a chance of what is certain.
    let low = if share.met == 0 { 0.0 } else { middle - half };
    let high = if share.met == share.of {
        1.0
    } else {
        middle + half
    };
    Some(Interval { low, high })
}

/// Returns how much higher the share after is than the one before, with Newcombe's hybrid score
/// interval; none where one of them is of nothing or of more than all.
///
/// Source: method 10 of Newcombe, Interval Estimation for the Difference Between Independent
/// Proportions, Statistics in Medicine 17 (1998), 873-890.
#[must_use]
pub fn newcombe(before: Share, after: Share) -> Option<Estimate> {
    let (was, is) = (wilson(before)?, wilson(after)?);
    let rate = |share: Share| real(share.met) / real(share.of);
    let (rate_before, rate_after) = (rate(before), rate(after));
    let value = rate_after - rate_before;
    let down = (rate_after - is.low).hypot(was.high - rate_before);
    let up = (is.high - rate_after).hypot(rate_before - was.low);
    let interval = Interval {
        low: (value - down).max(-1.0),
        high: (value + up).min(1.0),
    };
    Some(Estimate { value, interval })
}

/// Returns how many times as high the rate after is as the one before, with the exact conditional
/// interval of two Poisson counts; none where nothing was closed in a window, or neither has the
/// cause.
///
/// Given how many there are in both windows together, those of the window after are binomial; the
/// bounds are those of Clopper and Pearson, as odds, by how much was closed. It is never narrower
/// than 95 percent: with few cases it is wide. That cases are counted as Poisson leaves it wider
/// still where the cause is frequent.
///
/// Source: Przyborowski & Wilenski, Homogeneity of Results in Testing Samples from Poisson Series,
/// Biometrika 31 (1940); Clopper & Pearson, Biometrika 26 (1934).
#[must_use]
pub fn rate_ratio(before: Share, after: Share) -> Option<Ratio> {
    let all = before.met + after.met;
    if before.of == 0 || after.of == 0 || all == 0 {
        return None;
    }
    let exposure = real(before.of) / real(after.of);
    let ratio = |part: f64| part / (1.0 - part) * exposure;
    let low = bound(after.met, all, TAIL);
    let has_end = before.met > 0;
    Some(Ratio {
        value: has_end.then(|| real(after.met) / real(before.met) * exposure),
        low: ratio(low),
        high: has_end.then(|| ratio(bound(after.met + 1, all, 1.0 - TAIL))),
    })
}

/// Returns the chance of each of `of` at which `met` of them or more have this `chance`; 0 where it
/// is none or more.
fn bound(met: u64, of: u64, chance: f64) -> f64 {
    if met == 0 {
        return 0.0;
    }
    let (mut low, mut high) = (0.0, 1.0);
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        if at_least(met, of, middle) < chance {
            low = middle;
        } else {
            high = middle;
        }
    }
    low
}

/// Returns the chance that `met` of `of` or more are met, each with the chance `each`.
///
/// The terms are summed outwards from the highest, each as a multiple of the one before, and
/// divided by the sum of all: no term is too small or too large for a float.
fn at_least(met: u64, of: u64, each: f64) -> f64 {
    let odds = each / (1.0 - each);
    let highest = highest(of, each);
    let (mut all, mut upper) = (0.0, 0.0);
    let mut add = |place: u64, term: f64| {
        all += term;
        if place >= met {
            upper += term;
        }
    };
    let mut term = 1.0;
    for place in highest..=of {
        add(place, term);
        term *= real(of - place) / real(place + 1) * odds;
        if term < NEGLIGIBLE {
            break;
        }
    }
    let mut term = 1.0;
    for place in (1..=highest).rev() {
        term *= real(place) / real(of - place + 1) / odds;
        add(place - 1, term);
        if term < NEGLIGIBLE {
            break;
        }
    }
    upper / all
}

/// Returns the most likely number of `of`, each with the chance `each`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "it is between 0 and a count; the fraction is to go"
)]
fn highest(of: u64, each: f64) -> u64 {
    ((real(of) * each) as u64).min(of)
}
