//! Edges: closings, odd zones, the last year, and what a long length costs.

use super::super::Calendar;
use super::{at, calendar, due_in, length, office, shown};
use crate::calendar::{Pauses, UnknownZone, due, tz_version, warn};
use crate::money::INTEGER_MAX;
use crate::time::{Date, Timestamp};

#[test]
fn due_may_be_at_closing_and_is_not_moved_to_the_opening() {
    let office = office();
    let due = |text: &str, from: &str| due_in(&office, text, from, &[]);
    assert_eq!(
        due("30 working minutes", "2026-10-05 12:00"),
        "2026-10-05 12:30"
    );
    assert_eq!(
        due("11 working hours", "2026-10-05 08:00"),
        "2026-10-05 20:00"
    );
    assert_eq!(due("1 working day", "2026-10-05 08:00"), "2026-10-05 20:00");
    // A pause that begins as the last of it has been counted changes nothing.
    let still = [("2026-10-05 12:30", "2026-10-05 18:00")];
    let closing = due_in(&office, "30 working minutes", "2026-10-05 12:00", &still);
    assert_eq!(closing, "2026-10-05 12:30");
}

#[test]
fn working_days_are_counted_in_proportion_of_each_day() {
    let office = office();
    // Friday at 14:00: 5 of 11 hours are over, 6/11 of a day are left. 5/11 of the four hours
    // of Saturday are 1 h 49 min 5.4545... s, rounded up to the microsecond.
    let due = |text: &str, from: &str| due_in(&office, text, from, &[]);
    assert_eq!(
        due("1 working day", "2026-10-09 14:00"),
        "2026-10-10 10:49:05.454546"
    );
    assert_eq!(
        due("2 working days", "2026-10-09 14:00"),
        "2026-10-12 14:00"
    );
}

#[test]
fn spans_that_touch_are_one() {
    let touching = calendar("UTC", &["mon-sun 00:00-08:00 08:00-24:00"], &[]);
    let (from, to) = (
        at(&touching, "2026-10-05 03:00"),
        at(&touching, "2026-10-15 03:00"),
    );
    assert_eq!(touching.spans(from, to).collect::<Vec<_>>(), [(from, to)]);
    assert_eq!(touching.spans(to, from).count(), 0);
    assert_eq!(touching.open_between(from, to), to.micros() - from.micros());
    assert_eq!(touching.open_between(to, from), 0);
}

#[test]
fn day_that_a_zone_never_had_is_no_working_day() {
    // Samoa left out the 30th of December 2011, a Friday.
    let apia = calendar("Pacific/Apia", &["mon-sun 09:00-17:00"], &[]);
    assert_eq!(
        due_in(&apia, "end of 1 working day", "2011-12-29 10:00", &[]),
        "2011-12-31 17:00"
    );
    assert_eq!(
        due_in(&apia, "1 working day", "2011-12-29 13:00", &[]),
        "2011-12-31 13:00"
    );
    assert_eq!(
        due_in(&apia, "1 day", "2011-12-29 10:00", &[]),
        "2011-12-31 10:00"
    );
    let gone = Date::parse("2011-12-30").unwrap();
    assert_eq!(
        shown(&apia, apia.start_of_day(gone).unwrap()),
        "2011-12-31 00:00"
    );
    assert_eq!(
        shown(&apia, apia.close_of_business(gone).unwrap()),
        "2011-12-31 00:00"
    );
}

#[test]
fn day_that_comes_back_after_midnight_is_one_day() {
    // St. John's went from 00:01 back to 23:01 of the day before: 2010-11-07.
    let all_day = calendar("America/St_Johns", &["mon-sun 00:00-24:00"], &[]);
    let day = |from: &str| due_in(&all_day, "1 working day", from, &[]);
    assert_eq!(day("2010-11-05 12:00"), "2010-11-06 12:29:30");
    let close = all_day.close_of_business(Date::parse("2010-11-06").unwrap());
    assert_eq!(close.unwrap().to_string(), "2010-11-07T03:30:00Z");
}

#[test]
fn start_of_a_day_and_close_of_business_are_local() {
    let office = office();
    let date = |text: &str| Date::parse(text).unwrap();
    let close = |day: &str| shown(&office, office.close_of_business(date(day)).unwrap());
    assert_eq!(close("2026-10-05"), "2026-10-05 20:00");
    assert_eq!(close("2026-10-10"), "2026-10-10 13:00");
    // No hours: midnight at its end.
    assert_eq!(close("2026-10-11"), "2026-10-12 00:00");
    assert_eq!(close("2026-12-25"), "2026-12-26 00:00");
    // Beirut begins summer time at midnight.
    let beirut = calendar("Asia/Beirut", &["mon-sun 09:00-17:00"], &[]);
    let start = beirut.start_of_day(date("2026-03-29")).unwrap();
    assert_eq!(shown(&beirut, start), "2026-03-29 01:00");
    let late = at(&beirut, "2026-03-28 23:59");
    assert_eq!(beirut.local_date(late), date("2026-03-28"));
    assert_eq!(office.start_of_day(date("9999-12-31")), None);
    assert_eq!(office.close_of_business(date("9999-12-31")), None);
}

#[test]
fn nothing_is_due_after_the_last_year_there_is() {
    let office = office();
    let from = at(&office, "2026-10-05 09:00");
    let due = |text: &str, from| due(&office, length(text), from, &Pauses::none());
    for text in ["10000 years", "3000 months", "300 years"] {
        assert_eq!(due(text, from), None, "{text}");
    }
    let last = Timestamp::from_micros(INTEGER_MAX).unwrap();
    for text in [
        "1 minute",
        "1 day",
        "1 working minute",
        "1 working day",
        "end of 1 working day",
    ] {
        assert_eq!(due(text, last), None, "{text}");
    }
    let never = Calendar::new("never", "UTC", Default::default(), []).unwrap();
    for text in ["1 working minute", "1 working day", "end of 1 working day"] {
        assert_eq!(
            super::due(&never, length(text), from, &Pauses::none()),
            None,
            "{text}"
        );
    }
    assert_eq!(
        due_in(&office, "200 years", "2026-10-05 09:00", &[]),
        "2226-10-05 09:00"
    );
}

#[test]
fn longest_lengths_are_laid_out_as_one_by_one() {
    // One hour a week, over two centuries and four hundred clock changes.
    let sparse = calendar("Europe/Lisbon", &["sun 01:00-02:00"], &["2030-06-02"]);
    let from = at(&sparse, "2026-01-04 00:00");
    let end = |text: &str, from| due(&sparse, length(text), from, &Pauses::none()).unwrap();
    for unit in ["working hours", "working days"] {
        let mut step = from;
        for _ in 0..10 {
            step = end(&format!("100 {unit}"), step);
        }
        assert_eq!(end(&format!("1000 {unit}"), from), step, "{unit}");
        let far = end(&format!("10000 {unit}"), from);
        assert!(
            far.micros() > step.micros() * 3 && sparse.local_date(far).to_string() > "2216".into()
        );
    }
    let days = end("end of 10000 working days", from);
    assert!(!sparse.is_open(days));
    assert!(sparse.is_open(Timestamp::from_micros(days.micros() - 1).unwrap()));
}

#[test]
fn share_of_working_days_may_be_part_of_a_day() {
    let office = office();
    let from = at(&office, "2026-10-05 08:00");
    let warn = |percent| {
        warn(
            &office,
            length("1 working day"),
            from,
            &Pauses::none(),
            percent,
        )
    };
    assert_eq!(
        warn(100),
        due(&office, length("1 working day"), from, &Pauses::none())
    );
    // 1% of eleven hours are 396 seconds.
    assert_eq!(shown(&office, warn(1).unwrap()), "2026-10-05 08:06:36");
    assert_eq!(shown(&office, warn(50).unwrap()), "2026-10-05 14:30");
    assert_eq!(warn(0), Some(from));
}

#[test]
fn zones_come_from_a_known_database() {
    assert!(tz_version().starts_with("20"), "{}", tz_version());
    let unknown = Calendar::new("default", "Mars/Olympus", Default::default(), []);
    assert_eq!(unknown.unwrap_err(), UnknownZone("Mars/Olympus".to_owned()));
}
