//! Crowded times, compared with every choice of cases.

use proptest::collection::vec;
use proptest::prelude::*;

use super::super::crowd::{Moment, crowded};
use crate::calendar::length::{Length, Unit};
use crate::calendar::{self, Pauses};
use crate::time::Timestamp;
use crate::workflow::{self, Workflow};

const HOUR_US: i64 = 3_600_000_000;

fn workflow() -> Workflow {
    workflow::load(super::YAML.as_bytes()).unwrap()
}

fn lengths() -> impl Strategy<Value = Length> {
    let units = prop_oneof![
        Just(Unit::Hours),
        Just(Unit::Days),
        Just(Unit::Months),
        Just(Unit::WorkingHours),
        Just(Unit::WorkingDays),
    ];
    (1_u32..40, units).prop_map(|(number, unit)| Length { number, unit })
}

/// Up to nine cases in three months that hold ends of months and a change of the clocks.
fn moments() -> impl Strategy<Value = Vec<Moment>> {
    let begin = Timestamp::parse("2027-01-20T00:00:00Z").unwrap().micros();
    let moment = (0_i64..2_160, any::<bool>()).prop_map(move |(hours, is_new)| {
        let at = Timestamp::from_micros(begin + hours * HOUR_US).unwrap();
        (at, is_new)
    });
    vec(moment, 0..10).prop_map(|mut moments| {
        moments.sort_unstable();
        moments
    })
}

/// Looks at every choice of cases: each of a choice is named if it is large enough, holds one that
/// is new, and all of it lies in the time that begins with its first.
fn naive(
    moments: &[Moment],
    least: u32,
    until: impl Fn(Timestamp) -> Option<Timestamp>,
) -> Vec<bool> {
    let mut named = vec![false; moments.len()];
    for choice in 1_u32..1 << moments.len() {
        let chosen: Vec<usize> = (0..moments.len())
            .filter(|n| choice >> n & 1 == 1)
            .collect();
        let from = chosen.iter().map(|n| moments[*n].0).min().unwrap();
        let is_within = |at: Timestamp| until(from).is_none_or(|until| at < until);
        if choice.count_ones() >= least
            && chosen.iter().any(|n| moments[*n].1)
            && chosen.iter().all(|n| is_within(moments[*n].0))
        {
            for n in chosen {
                named[n] = true;
            }
        }
    }
    named
}

proptest! {
    #[test]
    fn a_case_is_named_where_some_choice_with_it_lies_within_the_time(
        moments in moments(),
        least in 2_u32..6,
        length in lengths(),
    ) {
        let workflow = workflow();
        let calendar = workflow.calendar(None);
        let until = |from| calendar::due(calendar, length, from, &Pauses::none());
        prop_assert_eq!(crowded(&moments, least, until), naive(&moments, least, until));
        let never = |_| None;
        prop_assert_eq!(crowded(&moments, least, never), naive(&moments, least, never));
    }
}
