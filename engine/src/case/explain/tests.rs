//! What is counted, what is left, and where an explanation goes on.

use super::{Explanation, explain};
use crate::calendar::INTERVALS_MAX;
use crate::case::deadline::{Deadline, Stopped, Verdict};
use crate::id::CalendarName;
use crate::time::Timestamp;
use crate::workflow::{Workflow, load};

const HOUR: i64 = 60 * 60 * 1_000_000;
const OFFICE: &str = "\
heard: 1
workflow: office
version: 1
title: An office
model: custom
calendars:
  default:
    time_zone: UTC
    hours: {mon-fri: [\"09:00-12:00\", \"13:00-17:00\"]}
roles:
  agent: {title: Agent}
start: hear
steps:
  hear:
    phase: hear
    title: Hear
    who: [agent]
    actions:
      finish: resolved
outcomes:
  resolved: {title: Resolved, counts_as: resolved}
";

fn office() -> Workflow {
    load(OFFICE.as_bytes()).unwrap()
}

/// A time of October 2026: `05 09:00` was a Monday morning.
fn at(text: &str) -> Timestamp {
    let (day, time) = text.split_once(' ').unwrap();
    Timestamp::parse(&format!("2026-10-{day}T{time}:00Z")).unwrap()
}

fn running(length: Option<&str>, anchor: &str, due: Option<&str>) -> Deadline {
    Deadline {
        anchor: at(anchor),
        calendar: CalendarName::new("default").ok(),
        due: due.map(at),
        field: None,
        is_extended: false,
        late_at: None,
        length: length.map(str::to_owned),
        marks: Vec::new(),
        number: 1,
        open_since: None,
        paused_since: None,
        pauses: Vec::new(),
        fired: Vec::new(),
        statutory: false,
        stopped: None,
        taken_from: None,
        waits: false,
    }
}

/// Returns the hours counted and left, and how many intervals tell of them.
fn hours(explained: &Explanation<'_>) -> (i64, Option<i64>, usize) {
    assert!(explained.next_from.is_none());
    let left = explained.left.map(|left| left / HOUR);
    (explained.counted / HOUR, left, explained.intervals.len())
}

#[test]
fn what_was_counted_and_what_is_left_are_the_whole_length() {
    let office = office();
    // Two hours until lunch and four afterwards, three until lunch of the next day, and one.
    let clock = running(Some("10 working hours"), "05 10:00", Some("06 14:00"));
    for (now, counted, left, intervals) in [
        ("05 10:00", 0, 10, 0),
        ("05 12:30", 2, 8, 2),
        ("05 20:00", 6, 4, 4),
        ("06 13:30", 9, 0, 7),
        ("06 14:00", 10, 0, 7),
    ] {
        let explained = explain(&office, &clock, None, at(now));
        assert_eq!(hours(&explained), (counted, Some(left), intervals), "{now}");
    }
}

#[test]
fn what_is_late_is_so_by_the_time_that_counts() {
    let office = office();
    let clock = running(Some("4 working hours"), "09 12:00", Some("09 17:00"));
    let explained = explain(&office, &clock, None, at("12 11:00"));
    assert_eq!(explained.left, Some(-2 * HOUR), "the weekend is not late");
}

#[test]
fn what_stands_still_has_left_what_it_had() {
    let office = office();
    let mut clock = running(Some("10 working hours"), "05 09:00", None);
    clock.pauses = vec![(at("05 10:00"), at("05 11:00"))];
    clock.paused_since = Some(at("05 14:00"));
    for now in ["05 14:00", "05 16:00", "08 03:00"] {
        let explained = explain(&office, &clock, None, at(now));
        assert_eq!(explained.counted, 3 * HOUR, "{now}");
        assert_eq!(explained.left, Some(7 * HOUR), "{now}");
    }
    clock.due = Some(at("06 15:00"));
    clock.stopped = Some(Stopped {
        at: at("05 15:00"),
        closing: None,
        verdict: Verdict::Ended,
    });
    let ended = explain(&office, &clock, None, at("30 00:00"));
    assert_eq!((ended.until, ended.left), (at("05 15:00"), None));
}

#[test]
fn what_has_no_length_passes_day_and_night() {
    let office = office();
    let promise = running(None, "09 12:00", Some("12 17:00"));
    let explained = explain(&office, &promise, None, at("10 12:00"));
    assert_eq!(hours(&explained), (24, Some(53), 1));
}

#[test]
fn what_is_to_be_done_has_nothing_left_and_what_may_be_answered_has() {
    let office = office();
    let mut open = running(Some("1 day"), "05 09:00", Some("06 09:00"));
    open.open_since = Some(at("06 09:00"));
    assert_eq!(explain(&office, &open, None, at("07 09:00")).left, None);
    open.due = Some(at("20 09:00"));
    let explained = explain(&office, &open, None, at("19 09:00"));
    assert_eq!(explained.left, Some(24 * HOUR));
    open.due = None;
    assert_eq!(explain(&office, &open, None, at("07 09:00")).left, None);
}

#[test]
fn a_clock_whose_day_is_to_come_has_its_whole_length_left() {
    let office = office();
    let clock = running(Some("7 working hours"), "12 00:00", Some("12 17:00"));
    let explained = explain(&office, &clock, None, at("05 10:00"));
    assert_eq!(hours(&explained), (0, Some(7), 0));
}

#[test]
fn a_long_explanation_goes_on_where_it_ended() {
    let office = office();
    let mut clock = running(Some("10000 working hours"), "05 09:00", None);
    let end = Timestamp::parse("2027-10-05T09:00:00Z").unwrap();
    clock.due = Timestamp::parse("2031-10-05T09:00:00Z").ok();
    let first = explain(&office, &clock, None, end);
    assert_eq!(first.intervals.len(), INTERVALS_MAX);
    let rest = explain(&office, &clock, first.next_from, end);
    assert_eq!((rest.next_from, rest.counted), (None, first.counted));
    let all = first.intervals.iter().chain(&rest.intervals);
    let counted = all.clone().filter(|cut| cut.why.is_counted());
    let counted = counted.map(|cut| cut.to.micros() - cut.from.micros());
    assert_eq!(counted.sum::<i64>(), first.counted);
    let ends: Vec<_> = all.clone().map(|cut| cut.to).collect();
    assert!(all.skip(1).zip(ends).all(|(next, end)| next.from == end));
}
