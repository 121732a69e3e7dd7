//! Explanations: every interval, counted or not, and why.

use super::{at, calendar, length, office, pauses, shown};
use crate::calendar::{Calendar, INTERVALS_MAX, Pauses, Why, due, explain};

fn told(calendar: &Calendar, text: &str, from: &str, until: &str, still: &Pauses) -> Vec<String> {
    let (from, until) = (at(calendar, from), at(calendar, until));
    let intervals = explain(calendar, length(text), from, still, until);
    let time = |at| shown(calendar, at)[5..].to_owned();
    let tell = |cut: &crate::calendar::Interval| {
        format!("{} {} {}", time(cut.from), time(cut.to), cut.why.as_str())
    };
    intervals.iter().map(tell).collect()
}

#[test]
fn every_interval_is_told_with_its_reason() {
    let office = office();
    let still = pauses(&office, &[("2026-12-24 11:00", "2026-12-24 14:00")]);
    let (from, until) = ("2026-12-24 07:00", "2026-12-26 10:00");
    let working = [
        "12-24 07:00 12-24 08:00 outside_hours",
        "12-24 08:00 12-24 11:00 open",
        "12-24 11:00 12-24 14:00 paused",
        "12-24 14:00 12-24 20:00 open",
        "12-24 20:00 12-25 00:00 outside_hours",
        "12-25 00:00 12-26 00:00 closed_day",
        "12-26 00:00 12-26 09:00 outside_hours",
        "12-26 09:00 12-26 10:00 open",
    ];
    assert_eq!(
        told(&office, "10 working hours", from, until, &still),
        working
    );
    let elapsed = [
        "12-24 07:00 12-24 11:00 wall_clock",
        "12-24 11:00 12-24 14:00 paused",
        "12-24 14:00 12-26 10:00 wall_clock",
    ];
    assert_eq!(told(&office, "2 days", from, until, &still), elapsed);
    let closing = told(&office, "end of 1 working day", from, until, &still);
    assert!(
        closing.iter().all(|line| !line.contains("paused")),
        "{closing:?}"
    );
    let inside = pauses(&office, &[("2026-12-01 00:00", "2027-01-01 00:00")]);
    let paused = told(&office, "2 hours", from, until, &inside);
    assert_eq!(paused, ["12-24 07:00 12-26 10:00 paused"]);
}

#[test]
fn what_is_counted_adds_up_to_the_length() {
    let office = office();
    let from = at(&office, "2026-10-22 11:00");
    let still = pauses(&office, &[("2026-10-23 12:00", "2026-10-26 09:00")]);
    let length = length("30 working hours");
    let until = due(&office, length, from, &still).unwrap();
    let intervals = explain(&office, length, from, &still, until);
    let counted = intervals.iter().filter(|cut| cut.why.is_counted());
    let counted: i64 = counted.map(|cut| cut.to.micros() - cut.from.micros()).sum();
    assert_eq!(counted, 30 * 3_600_000_000);
    assert!(
        intervals
            .windows(2)
            .all(|two| two[0].to == two[1].from && two[0].why != two[1].why)
    );
    assert_eq!(intervals.first().unwrap().from, from);
    assert_eq!(intervals.last().unwrap().to, until);
}

#[test]
fn explanation_has_an_end() {
    let often = calendar("UTC", &["mon-sun 09:00-10:00 11:00-12:00"], &[]);
    let (from, until) = (
        at(&often, "2026-01-01 00:00"),
        at(&often, "2036-01-01 00:00"),
    );
    let none = Pauses::none();
    let intervals = explain(&often, length("1 working day"), from, &none, until);
    assert_eq!(intervals.len(), INTERVALS_MAX);
    let last = intervals.last().unwrap();
    // The last one is told to its own end.
    assert_eq!(last.why, Why::Open);
    assert_eq!(last.to.micros() - last.from.micros(), 3_600_000_000);
    let nothing = explain(&often, length("1 hour"), until, &none, from);
    assert_eq!(nothing, []);
}
