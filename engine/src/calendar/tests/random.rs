//! The arithmetic against the slow model, on random calendars, starts, lengths and pauses.
//!
//! `HEARD_TEST_CASES=100000 cargo test -p heard-engine slow_model` runs longer than the default.

use std::collections::BTreeMap;
use std::sync::Mutex;

use proptest::prelude::*;

use super::super::{Calendar, DAY, Hours, Pauses, due, warn};
use super::model::Model;
use crate::calendar::length::{Length, Unit};
use crate::time::{Date, Timestamp};

/// Each with days in whose nights its clocks change; Lord Howe's by half an hour, Casablanca's for
/// Ramadan, Samoa's by a whole day.
const ZONES: [(&str, &[&str]); 10] = [
    ("Europe/Lisbon", &["2026-03-29", "2026-10-25"]),
    ("America/New_York", &["2026-03-08", "2026-11-01"]),
    ("Asia/Kolkata", &["2026-03-29"]),
    ("Australia/Lord_Howe", &["2026-04-05", "2026-10-04"]),
    ("Pacific/Apia", &["2011-12-30", "2012-04-01"]),
    ("Africa/Casablanca", &["2026-02-15", "2026-03-22"]),
    ("America/St_Johns", &["2010-03-14", "2010-11-07"]),
    ("Asia/Beirut", &["2026-03-29", "2026-10-25"]),
    ("Asia/Kathmandu", &["1986-01-01"]),
    ("UTC", &["2028-02-29"]),
];
const MINUTES_OF_A_DAY: u32 = 24 * 60;
const ALL: u32 = 100;

/// How many cases are tried: few, or as many as `HEARD_TEST_CASES` says.
fn config() -> ProptestConfig {
    #[expect(clippy::disallowed_methods, reason = "a test run can be made longer")]
    let cases = std::env::var("HEARD_TEST_CASES").ok();
    let cases = cases.map_or(256, |cases| {
        cases.parse().expect("HEARD_TEST_CASES is a number")
    });
    ProptestConfig {
        cases,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

/// A question to both: offsets are in microseconds from 00:00 UTC of the day of the clock change.
#[derive(Debug, Clone)]
struct Asked {
    zone: &'static str,
    day: &'static str,
    hours: Hours,
    closed: Vec<i64>,
    from: i64,
    length: Length,
    pauses: Vec<(i64, i64)>,
    percent: u32,
}

/// A minute of the day: often a quarter of an hour, often midnight or by a clock change.
fn minute() -> impl Strategy<Value = u32> {
    prop_oneof![
        4 => (0..=96u32).prop_map(|quarter| quarter * 15),
        1 => 0..=MINUTES_OF_A_DAY,
        1 => prop::sample::select(vec![0, 1, 60, 90, 120, 150, 180, 1439, 1440]),
    ]
}

/// Up to three spans of a day, some touching.
fn spans() -> impl Strategy<Value = Vec<(u32, u32)>> {
    let whole = Just(vec![(0, MINUTES_OF_A_DAY)]);
    let drawn = prop::collection::vec(minute(), 0..=6).prop_map(|mut minutes| {
        minutes.sort_unstable();
        let pairs = minutes.chunks_exact(2).map(|pair| (pair[0], pair[1]));
        pairs.filter(|(from, to)| from < to).collect()
    });
    let lunch = (minute(), minute(), minute()).prop_map(|(a, b, c)| {
        let mut cuts = [a, b, c];
        cuts.sort_unstable();
        let [a, b, c] = cuts;
        [(a, b), (b, c)]
            .into_iter()
            .filter(|(a, b)| a < b)
            .collect()
    });
    prop_oneof![1 => whole, 4 => drawn, 2 => lunch, 1 => Just(Vec::new())]
}

fn hours() -> impl Strategy<Value = Hours> {
    let week = prop::array::uniform7(spans());
    let same = (spans(), 0..128u8).prop_map(|(spans, open)| {
        std::array::from_fn(|day| {
            if open >> day & 1 == 1 {
                spans.clone()
            } else {
                Vec::new()
            }
        })
    });
    prop_oneof![week, same].prop_filter("a calendar is open on one day at least", |hours| {
        hours.iter().any(|spans| !spans.is_empty())
    })
}

fn length() -> impl Strategy<Value = Length> {
    let of = |unit: Unit, most: u32| (1..=most).prop_map(move |number| Length { number, unit });
    prop_oneof![
        of(Unit::Minutes, 900),
        of(Unit::Hours, 30),
        of(Unit::Days, 4),
        of(Unit::Weeks, 1),
        of(Unit::Months, 1),
        of(Unit::WorkingMinutes, 900),
        of(Unit::WorkingHours, 30),
        of(Unit::WorkingDays, 4),
        of(Unit::WorkingDays, 4),
        of(Unit::EndOfWorkingDays, 4),
    ]
}

/// An offset around the clock change: a whole minute, or any microsecond.
fn around(days: std::ops::Range<i64>) -> impl Strategy<Value = i64> {
    let (from, until) = (days.start * DAY, days.end * DAY);
    prop_oneof![
        (from / super::super::MINUTE..until / super::super::MINUTE)
            .prop_map(|minute| minute * super::super::MINUTE),
        from..until,
    ]
}

fn asked() -> impl Strategy<Value = Asked> {
    let place = (0..ZONES.len()).prop_flat_map(|zone| {
        let (zone, days) = ZONES[zone];
        (Just(zone), prop::sample::select(days.to_vec()))
    });
    let pause = (around(-4..6), 0..2 * DAY).prop_map(|(from, long)| (from, from + long));
    let percent = prop_oneof![3 => Just(ALL), 2 => 1..ALL];
    (
        place,
        hours(),
        prop::collection::vec(-4..8i64, 0..=3),
        around(-4..3),
        length(),
        prop::collection::vec(pause, 0..=3),
        percent,
    )
        .prop_map(
            |(place, hours, closed, from, length, pauses, percent)| Asked {
                zone: place.0,
                day: place.1,
                hours,
                closed,
                from,
                length,
                pauses,
                percent,
            },
        )
}

impl Asked {
    /// Returns the microsecond of an offset.
    fn at(&self, offset: i64) -> i64 {
        Date::parse(self.day).unwrap().days() * DAY + offset
    }

    fn instant(&self, offset: i64) -> Timestamp {
        Timestamp::from_micros(self.at(offset)).unwrap()
    }

    fn closed_on(&self) -> Vec<Date> {
        let day = Date::parse(self.day).unwrap().days();
        let closed = self
            .closed
            .iter()
            .map(|off| Date::from_days(day + off).unwrap());
        closed.collect()
    }

    fn calendar(&self) -> Calendar {
        Calendar::new("default", self.zone, self.hours.clone(), self.closed_on()).unwrap()
    }

    fn pauses(&self) -> Pauses {
        let pause = |(from, to): &(i64, i64)| (self.instant(*from), self.instant(*to));
        self.pauses.iter().map(pause).collect()
    }

    fn model(&self) -> Model {
        let closed_on = self.closed_on().into_iter();
        Model {
            zone: jiff::tz::TimeZoneDatabase::bundled()
                .get(self.zone)
                .unwrap(),
            hours: self.hours.clone(),
            closed_on: closed_on
                .map(|date| date.to_string().parse().unwrap())
                .collect(),
            pauses: self
                .pauses
                .iter()
                .map(|(a, b)| (self.at(*a), self.at(*b)))
                .collect(),
        }
    }
}

/// Compares the arithmetic with the model, and returns whether the model knew.
fn agree(asked: &Asked) -> Result<bool, TestCaseError> {
    let slow = asked
        .model()
        .warn(asked.length, asked.at(asked.from), asked.percent);
    let (calendar, pauses) = (asked.calendar(), asked.pauses());
    let from = asked.instant(asked.from);
    let fast = if asked.percent == ALL {
        due(&calendar, asked.length, from, &pauses)
    } else {
        warn(&calendar, asked.length, from, &pauses, asked.percent)
    };
    let Some(slow) = slow else { return Ok(false) };
    let slow = Timestamp::from_micros(slow).unwrap();
    prop_assert_eq!(fast.map(|at| at.to_string()), Some(slow.to_string()));
    Ok(true)
}

#[test]
fn arithmetic_agrees_with_the_slow_model() {
    let known = Mutex::new(BTreeMap::<bool, u32>::new());
    let mut runner = proptest::test_runner::TestRunner::new(config());
    let tried = runner.run(&asked(), |asked| {
        let is_known = agree(&asked)?;
        *known.lock().unwrap().entry(is_known).or_default() += 1;
        Ok(())
    });
    tried.unwrap_or_else(|error| panic!("{error}"));
    let known = known.into_inner().unwrap();
    let of = |is_known| known.get(&is_known).copied().unwrap_or(0);
    println!("{} cases agree, {} beyond the model", of(true), of(false));
    // The model looks two months ahead, which is enough for nearly everything asked.
    assert!(of(true) > 20 * of(false), "{known:?}");
}
