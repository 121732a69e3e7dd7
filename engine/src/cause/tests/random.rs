//! What holds for all numbers.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use proptest::collection::vec;
use proptest::prelude::*;
use uuid::Uuid;

use super::share;
use crate::cause::{
    By, Item, Trend, Verdict, kappa, newcombe, pareto, rate_ratio, recurrence, trends, wilson,
};
use crate::id::CaseId;
use crate::measure::Share;

/// How far sums of the same numbers in another order may lie apart.
const ROUNDING: f64 = 1e-9;

fn shares() -> impl Strategy<Value = Share> {
    (1_u64..5_000)
        .prop_flat_map(|of| (0..=of, Just(of)))
        .prop_map(|(met, of)| share(met, of))
}

fn judgements() -> impl Strategy<Value = Vec<(u8, u8)>> {
    vec((0_u8..4, 0_u8..4), 1..80)
}

proptest! {
    #[test]
    fn kappa_keeps_its_bounds_and_knows_neither_order_nor_names(
        pairs in judgements(),
        turn in 0_u8..4,
    ) {
        let ours = kappa(pairs.clone()).unwrap();
        prop_assert!(ours.agreed <= ours.pairs);
        prop_assert!((0.0..=1.0 + ROUNDING).contains(&ours.expected));
        if let Some(kappa) = ours.kappa {
            prop_assert!((-1.0 - ROUNDING..=1.0 + ROUNDING).contains(&kappa));
            prop_assert!(kappa <= ours.observed + ROUNDING);
        }
        if let Some(interval) = ours.interval {
            prop_assert!(-1.0 <= interval.low && interval.high <= 1.0);
            prop_assert!(interval.low <= interval.high);
        }
        let swapped = kappa(pairs.iter().map(|(a, b)| (*b, *a))).unwrap();
        let renamed = kappa(pairs.iter().map(|(a, b)| ((a + turn) % 4, (b + turn) % 4))).unwrap();
        let reversed = kappa(pairs.iter().rev().copied()).unwrap();
        for other in [swapped, renamed, reversed] {
            prop_assert_eq!(ours.kappa.is_some(), other.kappa.is_some());
            prop_assert_eq!(ours.error.is_some(), other.error.is_some());
            let apart = |one: Option<f64>, other: Option<f64>| {
                one.zip(other).map_or(0.0, |(one, other)| (one - other).abs())
            };
            prop_assert!(apart(ours.kappa, other.kappa) < ROUNDING);
            // The root of a difference of rounding.
            prop_assert!(apart(ours.error, other.error) < ROUNDING.sqrt());
        }
    }

    #[test]
    fn wilson_holds_the_rate_and_mirrors_its_opposite(one in shares()) {
        let interval = wilson(one).unwrap();
        let rate = f64::from(u32::try_from(one.met).unwrap())
            / f64::from(u32::try_from(one.of).unwrap());
        prop_assert!(0.0 <= interval.low && interval.high <= 1.0);
        prop_assert!(interval.low <= rate && rate <= interval.high);
        let opposite = wilson(share(one.of - one.met, one.of)).unwrap();
        prop_assert!((interval.low + opposite.high - 1.0).abs() < ROUNDING);
        // Ten times as much of the same says it more narrowly.
        let more = wilson(share(one.met * 10, one.of * 10)).unwrap();
        prop_assert!(more.high - more.low < interval.high - interval.low);
    }

    #[test]
    fn wilson_rises_with_what_is_met(one in shares()) {
        prop_assume!(one.met < one.of);
        let (less, more) = (wilson(one).unwrap(), wilson(share(one.met + 1, one.of)).unwrap());
        prop_assert!(less.low < more.low && less.high < more.high);
    }

    #[test]
    fn differences_and_ratios_mirror_each_other(before in shares(), after in shares()) {
        let there = recurrence(before, after);
        let back = recurrence(after, before);
        let (one, other) = (there.difference.unwrap(), back.difference.unwrap());
        prop_assert!((one.value + other.value).abs() < ROUNDING);
        prop_assert!((one.interval.low + other.interval.high).abs() < ROUNDING);
        prop_assert!(-1.0 <= one.interval.low && one.interval.high <= 1.0);
        prop_assert!(one.interval.low <= one.value && one.value <= one.interval.high);
        let mirrored = match there.verdict {
            Verdict::Fell => Verdict::Rose,
            Verdict::Rose => Verdict::Fell,
            Verdict::CannotTell => Verdict::CannotTell,
        };
        prop_assert_eq!(back.verdict, mirrored);
        prop_assert_eq!(there.is_small, back.is_small);
        if let (Some(one), Some(other)) = (there.ratio, back.ratio)
            && let Some(high) = other.high
        {
            prop_assert!((one.low * high - 1.0).abs() < 1e-6 || one.low == 0.0);
            prop_assert!(one.value.is_none_or(|value| one.low <= value));
            prop_assert!(one.high.is_none_or(|high| one.value.unwrap() <= high));
        }
    }

    #[test]
    fn more_cases_after_never_turn_a_rise_into_less(before in shares(), after in shares()) {
        prop_assume!(after.met < after.of);
        let more = share(after.met + 1, after.of);
        let low = |after| newcombe(before, after).unwrap().interval.low;
        prop_assert!(low(after) < low(more));
        if let (Some(less), Some(more)) = (rate_ratio(before, after), rate_ratio(before, more)) {
            prop_assert!(less.low <= more.low);
        }
    }

    #[test]
    fn trend_is_rising_or_falling_as_the_verdict_says(before in shares(), now in shares()) {
        let count = |share: Share| crate::cause::Counted {
            closed: share.of,
            causes: BTreeMap::from([("policy", share.met)]),
        };
        let told = trends(&[count(before), count(now)], 1, &BTreeMap::new())["policy"];
        let is_new = before.met == 0 && now.met > 0;
        let expected = match recurrence(before, now).verdict {
            Verdict::Fell => Trend::Falling,
            Verdict::Rose | Verdict::CannotTell if is_new => Trend::New,
            Verdict::Rose => Trend::Rising,
            Verdict::CannotTell => Trend::Steady,
        };
        prop_assert_eq!(told.trend, expected);
        let judged = BTreeMap::from([("policy", before)]);
        let told = trends(&[count(before), count(now)], 1, &judged)["policy"];
        let is_worse = recurrence(before, now).verdict == Verdict::Rose;
        prop_assert_eq!(told.trend == Trend::Regressed, is_worse);
    }

    #[test]
    fn pareto_falls_and_adds_up_to_all(
        weights in vec((0_u8..6, 0_u64..50), 0..60),
        rows_max in proptest::option::of(0_usize..8),
    ) {
        let items = (0..).zip(&weights).map(|(number, (cause, weight))| Item {
            cause: *cause,
            case: CaseId::new(Uuid::from_u128(number)),
            costs: BTreeMap::new(),
            severity: *weight,
        });
        let told = pareto(items, By::Severity, rows_max);
        prop_assert_eq!(told.total, weights.iter().map(|(_, weight)| weight).sum::<u64>());
        let is_sorted = told.rows.is_sorted_by_key(|row| (Reverse(row.tally.weight), row.cause));
        prop_assert!(is_sorted);
        let mut above = 0;
        let rest = told.rest.as_ref().map(|rest| &rest.tally);
        let mut cases = 0;
        for tally in told.rows.iter().map(|row| &row.tally).chain(rest) {
            above += tally.weight;
            cases += tally.cases;
            prop_assert_eq!(tally.cumulative, share(above, told.total));
            prop_assert_eq!(tally.share, share(tally.weight, told.total));
        }
        prop_assert_eq!(above, told.total);
        let counted = weights.iter().filter(|(_, weight)| *weight > 0).count();
        prop_assert_eq!(cases, u64::try_from(counted).unwrap());
    }
}
