//! What users of help desks complain about, each a test of its name.

use super::super::Calendar;
use super::{at, calendar, due_in, length, office, pauses, shown, warn_in};
use crate::calendar::{Pauses, due};
use crate::time::{Date, Timestamp};

#[test]
fn lunch_break_is_no_working_time() {
    // Monday 2026-10-05, in Lisbon.
    let office = office();
    let due = |text: &str, from: &str| due_in(&office, text, from, &[]);
    assert_eq!(
        due("1 working hour", "2026-10-05 12:00"),
        "2026-10-05 14:00"
    );
    assert_eq!(
        due("30 working minutes", "2026-10-05 12:45"),
        "2026-10-05 14:00"
    );
    let spans = office.spans(
        at(&office, "2026-10-05 00:00"),
        at(&office, "2026-10-06 00:00"),
    );
    assert_eq!(spans.count(), 2);
}

#[test]
fn whole_day_loses_no_minute_at_midnight() {
    let all_day = calendar("Europe/Lisbon", &["mon-sun 00:00-24:00"], &[]);
    let due = |calendar: &Calendar, text: &str, from: &str| due_in(calendar, text, from, &[]);
    assert_eq!(
        due(&all_day, "48 working hours", "2026-10-05 09:00"),
        "2026-10-07 09:00"
    );
    assert!(all_day.is_open(at(&all_day, "2026-10-05 23:59:59.999999")));
    // A night is two spans that touch at midnight.
    let night = calendar("Europe/Lisbon", &["mon-sun 00:00-06:00 22:00-24:00"], &[]);
    assert_eq!(
        due(&night, "4 working hours", "2026-10-05 22:00"),
        "2026-10-06 02:00"
    );
    // Whoever does write 23:59 closes for a minute, and only for that one.
    let less = calendar("Europe/Lisbon", &["mon-sun 00:00-23:59"], &[]);
    assert!(!less.is_open(at(&less, "2026-10-05 23:59")));
    assert_eq!(
        due(&less, "24 working hours", "2026-10-05 09:00"),
        "2026-10-06 09:01"
    );
}

#[test]
fn holiday_is_no_working_time() {
    let office = office();
    let due = |text: &str| due_in(&office, text, "2026-12-24 19:00", &[]);
    // Thursday evening, a closed Friday, four hours on Saturday, Sunday, Monday.
    assert_eq!(due("2 working hours"), "2026-12-26 10:00");
    assert_eq!(due("6 working hours"), "2026-12-28 09:00");
    assert_eq!(due("end of 1 working day"), "2026-12-26 13:00");
    assert_eq!(due("end of 2 working days"), "2026-12-28 20:00");
    assert!(!office.is_open(at(&office, "2026-12-25 10:00")));
    // The day that is written is the day that is closed, whatever the offset from UTC.
    let kiritimati = calendar(
        "Pacific/Kiritimati",
        &["mon-fri 00:00-24:00"],
        &["2026-12-25"],
    );
    assert!(kiritimati.is_open(at(&kiritimati, "2026-12-24 23:59")));
    assert!(!kiritimati.is_open(at(&kiritimati, "2026-12-25 00:00")));
    assert!(!kiritimati.is_open(at(&kiritimati, "2026-12-25 23:59")));
}

#[test]
fn hour_that_a_clock_change_skips_is_not_worked() {
    // On 2026-03-29 clocks go from 01:00 to 02:00 in Lisbon.
    let night = calendar("Europe/Lisbon", &["mon-sun 00:30-02:30"], &[]);
    assert_eq!(
        due_in(&night, "1 working hour", "2026-03-29 00:30", &[]),
        "2026-03-29 02:30"
    );
    let skipped = calendar("Europe/Lisbon", &["mon-sun 01:15-01:45"], &[]);
    let due = due_in(&skipped, "30 working minutes", "2026-03-29 00:00", &[]);
    assert_eq!(due, "2026-03-30 01:45");
    // A day without working time in it is no working day.
    assert_eq!(
        due_in(&skipped, "1 working day", "2026-03-29 00:00", &[]),
        "2026-03-30 01:45"
    );
    let due = due_in(&skipped, "end of 1 working day", "2026-03-28 12:00", &[]);
    assert_eq!(due, "2026-03-30 01:45");
}

#[test]
fn hour_that_a_clock_change_repeats_is_worked_twice() {
    // On 2026-10-25 clocks go from 02:00 back to 01:00 in Lisbon: 01:30 comes twice.
    let night = calendar("Europe/Lisbon", &["mon-sun 01:30-02:30"], &[]);
    let (midnight, next) = (
        at(&night, "2026-10-25 00:00"),
        at(&night, "2026-10-26 00:00"),
    );
    let spans: Vec<_> = night.spans(midnight, next).collect();
    let told: Vec<_> = spans
        .iter()
        .map(|(from, to)| format!("{from}/{to}"))
        .collect();
    let both = [
        "2026-10-25T00:30:00Z/2026-10-25T01:00:00Z",
        "2026-10-25T01:30:00Z/2026-10-25T02:30:00Z",
    ];
    assert_eq!(told, both);
    assert_eq!(night.open_between(midnight, next), 90 * 60 * 1_000_000);
    // The working day is as long as it really is.
    assert_eq!(
        due_in(&night, "1 working day", "2026-10-25 00:00", &[]),
        "2026-10-25 02:30"
    );
    assert_eq!(
        due_in(&night, "1 working hour", "2026-10-25 00:00", &[]),
        "2026-10-25 02:00"
    );
}

#[test]
fn days_keep_the_local_time_over_a_clock_change() {
    let office = office();
    let due = |text: &str, from: &str| due_in(&office, text, from, &[]);
    assert_eq!(due("30 days", "2026-10-05 09:00"), "2026-11-04 09:00");
    assert_eq!(due("8 weeks", "2026-03-02 09:00"), "2026-04-27 09:00");
    // Skipped: forward by the gap. Twice: the first.
    assert_eq!(due("1 day", "2026-03-28 01:30"), "2026-03-29 02:30");
    assert_eq!(due("1 day", "2026-10-24 01:30"), "2026-10-25 01:30");
    let first = due_in(&office, "1 day", "2026-10-24 01:30", &[]);
    assert_eq!(at(&office, &first).to_string(), "2026-10-25T00:30:00Z");
    // Hours are elapsed.
    assert_eq!(due("24 hours", "2026-03-28 09:00"), "2026-03-29 10:00");
}

#[test]
fn case_opened_outside_hours_has_its_whole_time() {
    let office = office();
    for from in [
        "2026-10-03 13:00",
        "2026-10-03 22:10",
        "2026-10-04 12:00",
        "2026-10-05 08:00",
    ] {
        assert_eq!(
            due_in(&office, "1 working hour", from, &[]),
            "2026-10-05 09:00",
            "{from}"
        );
        assert_eq!(
            due_in(&office, "1 working day", from, &[]),
            "2026-10-05 20:00",
            "{from}"
        );
    }
}

#[test]
fn hold_over_night_leaves_out_only_working_time() {
    let office = office();
    // On hold from 19:00 to 10:00: one hour in the evening and two in the morning.
    let still = [("2026-10-05 19:00", "2026-10-06 10:00")];
    let due = due_in(&office, "12 working hours", "2026-10-05 09:00", &still);
    assert_eq!(due, "2026-10-06 14:00");
    // The whole of a Sunday on hold leaves nothing out.
    let sunday = [("2026-10-04 00:00", "2026-10-05 00:00")];
    assert_eq!(
        due_in(&office, "1 working hour", "2026-10-03 12:30", &sunday),
        "2026-10-05 08:30"
    );
}

#[test]
fn two_pauses_in_a_row_are_not_left_out_twice() {
    let office = office();
    let one = [("2026-10-05 09:00", "2026-10-05 11:00")];
    let two = [
        ("2026-10-05 09:00", "2026-10-05 10:00"),
        ("2026-10-05 10:00", "2026-10-05 11:00"),
    ];
    let over = [
        ("2026-10-05 09:30", "2026-10-05 11:00"),
        ("2026-10-05 09:00", "2026-10-05 10:30"),
    ];
    for still in [&one[..], &two, &over] {
        assert_eq!(pauses(&office, still), pauses(&office, &one));
        let due = due_in(&office, "2 working hours", "2026-10-05 08:30", still);
        assert_eq!(due, "2026-10-05 12:30");
    }
}

#[test]
fn schedule_without_monday_and_thursday_is_right() {
    let hours = ["tue-wed 09:00-17:00", "fri 09:00-17:00"];
    let some = calendar("America/New_York", &hours, &[]);
    let due = |text: &str, from: &str| due_in(&some, text, from, &[]);
    // 2026-10-05 is a Monday.
    assert_eq!(
        due("1 working hour", "2026-10-05 10:00"),
        "2026-10-06 10:00"
    );
    assert_eq!(
        due("9 working hours", "2026-10-07 10:00"),
        "2026-10-09 11:00"
    );
    assert_eq!(
        due("end of 3 working days", "2026-10-05 10:00"),
        "2026-10-09 17:00"
    );
    assert_eq!(
        due("3 working days", "2026-10-05 10:00"),
        "2026-10-09 17:00"
    );
}

#[test]
fn calendar_of_several_spans_is_never_due_at_midnight_or_early() {
    let office = office();
    let start = at(&office, "2026-10-01 00:00").micros();
    for minutes in 0..7 * 24 * 4 {
        let from = Timestamp::from_micros(start + minutes * 15 * 60_000_000).unwrap();
        for text in ["15 working minutes", "7 working hours", "2 working days"] {
            let length = length(text);
            let due = due(&office, length, from, &Pauses::none()).unwrap();
            let local = shown(&office, due);
            assert!(
                !local.ends_with(" 00:00"),
                "{text} from {from} is due {local}"
            );
            let before = Timestamp::from_micros(due.micros() - 1).unwrap();
            assert!(office.is_open(before), "{text} from {from} is due {local}");
            assert!(due > from);
        }
        let counted = due(&office, length("7 working hours"), from, &Pauses::none());
        assert_eq!(
            office.open_between(from, counted.unwrap()),
            7 * 3_600_000_000
        );
    }
}

#[test]
fn leap_days_and_month_ends_are_clamped() {
    let utc = Calendar::always_open();
    let due = |text: &str, from: &str| due_in(&utc, text, from, &[]);
    assert_eq!(due("1 year", "2028-02-29 12:00"), "2029-02-28 12:00");
    assert_eq!(due("4 years", "2028-02-29 12:00"), "2032-02-29 12:00");
    assert_eq!(due("1 month", "2026-01-31 12:00"), "2026-02-28 12:00");
    assert_eq!(due("1 month", "2028-01-31 12:00"), "2028-02-29 12:00");
    assert_eq!(due("6 months", "2026-08-31 12:00"), "2027-02-28 12:00");
    assert_eq!(due("1 day", "2028-02-28 12:00"), "2028-02-29 12:00");
    let leap = Date::parse("2028-02-29").unwrap();
    assert_eq!(
        shown(&utc, utc.close_of_business(leap).unwrap()),
        "2028-03-01 00:00"
    );
}

#[test]
fn started_on_hold_nothing_is_counted_yet() {
    let office = office();
    let still = [("2026-10-05 09:00", "2026-10-06 09:30")];
    let due = |text: &str| due_in(&office, text, "2026-10-05 09:00", &still);
    assert_eq!(due("20 minutes"), "2026-10-06 09:50");
    assert_eq!(due("1 working hour"), "2026-10-06 10:30");
    assert_eq!(due("3 days"), "2026-10-09 09:30");
    assert_eq!(due("end of 1 working day"), "2026-10-06 20:00");
}

#[test]
fn warning_is_a_share_of_what_counts() {
    let office = office();
    assert_eq!(
        warn_in(&office, "4 working hours", "2026-10-05 10:00", 75),
        "2026-10-05 14:00"
    );
    assert_eq!(
        warn_in(&office, "2 working days", "2026-10-05 08:00", 50),
        "2026-10-05 20:00"
    );
    assert_eq!(
        warn_in(&office, "4 days", "2026-10-23 09:00", 50),
        "2026-10-25 08:30"
    );
    // Eleven hours on Monday and eleven on Tuesday: half of them are over as Monday closes.
    assert_eq!(
        warn_in(&office, "end of 1 working day", "2026-10-05 08:00", 50),
        "2026-10-05 20:00"
    );
}
