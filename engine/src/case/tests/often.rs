//! From when on sendings of a survey count, in any calendar.

use proptest::prelude::*;

use super::afterwards::YAML;
use super::desk::{Desk, customer, utc};
use crate::calendar::{self, Pauses};
use crate::case::facts::asked_by_firing;
use crate::time::Timestamp;
use crate::workflow::length::Length;

proptest! {
    #[test]
    fn sendings_count_from_the_first_instant_whose_time_is_not_over(
        number in 1_u32..40,
        unit in prop::sample::select(vec!["days", "weeks", "months", "working days", "hours"]),
        minutes in 0_i64..600_000,
    ) {
        let within = format!("{number} {unit}");
        let yaml = YAML.replace("in 30 days", &format!("in {within}"));
        let mut desk = Desk::opened(&yaml, Some(customer()));
        desk.now = Timestamp::from_micros(desk.now.micros() + minutes * 60_000_000).unwrap();
        desk.take("solve", &[]).unwrap();
        let sent_at = desk.deadline("survey/happy").due.unwrap();
        let since = asked_by_firing(&desk.workflow, desk.case()).unwrap().since;
        let within = Length::parse(&within).unwrap();
        let over = |from: i64| {
            let from = Timestamp::from_micros(from).unwrap();
            calendar::due(desk.workflow.calendar(None), within, from, &Pauses::none()).unwrap()
        };
        prop_assert!(over(since.micros()) > sent_at, "it counts");
        prop_assert!(over(since.micros() - 1) <= sent_at, "what is before counts no more");
        prop_assert!(since < sent_at && sent_at < utc("2030-01-01 00:00"));
    }
}
