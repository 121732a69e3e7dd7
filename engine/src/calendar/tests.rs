//! The clock mistakes that people complain about, each a test; and a slow model of the arithmetic.

mod complaints;
mod edges;
mod explained;
mod model;
mod random;

use super::length::Length;
use super::{Calendar, Hours, Pauses, due, warn};
use crate::time::{Date, Timestamp};

const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Makes a calendar of lines such as `mon-fri 08:00-12:30 13:30-20:00`.
fn calendar(zone: &str, hours: &[&str], closed_on: &[&str]) -> Calendar {
    let mut week = Hours::default();
    let place = |day: &str| DAYS.iter().position(|known| *known == day).unwrap();
    let minute = |text: &str| -> u32 {
        let (hour, minute) = text.split_once(':').unwrap();
        hour.parse::<u32>().unwrap() * 60 + minute.parse::<u32>().unwrap()
    };
    for line in hours {
        let mut words = line.split(' ');
        let days = words.next().unwrap();
        let (first, last) = days.split_once('-').unwrap_or((days, days));
        let spans = words.map(|span| span.split_once('-').unwrap());
        let spans: Vec<_> = spans.map(|(from, to)| (minute(from), minute(to))).collect();
        for day in &mut week[place(first)..=place(last)] {
            day.clone_from(&spans);
        }
    }
    let closed_on = closed_on.iter().map(|date| Date::parse(date).unwrap());
    Calendar::new("default", zone, week, closed_on).unwrap()
}

/// Working hours with a lunch break in a zone that is UTC in winter.
fn office() -> Calendar {
    let hours = ["mon-fri 08:00-12:30 13:30-20:00", "sat 09:00-13:00"];
    calendar("Europe/Lisbon", &hours, &["2026-12-25", "2027-01-01"])
}

/// Reads a local time of a calendar, `2026-10-05 09:00`; of one that occurs twice the first.
fn at(calendar: &Calendar, local: &str) -> Timestamp {
    let local: jiff::civil::DateTime = local.parse().unwrap();
    let zone = jiff::tz::TimeZoneDatabase::bundled();
    let zone = zone.get(calendar.zone()).unwrap();
    let at = zone.to_ambiguous_timestamp(local).compatible().unwrap();
    Timestamp::from_micros(at.as_microsecond()).unwrap()
}

/// Writes an instant as the local clock shows it.
fn shown(calendar: &Calendar, at: Timestamp) -> String {
    let zone = jiff::tz::TimeZoneDatabase::bundled();
    let zone = zone.get(calendar.zone()).unwrap();
    let at = jiff::Timestamp::from_microsecond(at.micros()).unwrap();
    let text = at.to_zoned(zone).datetime().to_string();
    let text = text.replace('T', " ");
    text.strip_suffix(":00").unwrap_or(&text).to_owned()
}

fn length(text: &str) -> Length {
    Length::parse(text).unwrap()
}

fn pauses(calendar: &Calendar, pauses: &[(&str, &str)]) -> Pauses {
    let pause = |(from, to): &(&str, &str)| (at(calendar, from), at(calendar, to));
    pauses.iter().map(pause).collect()
}

/// Returns the local due time of a length from a local time, standing still in pauses.
fn due_in(calendar: &Calendar, text: &str, from: &str, still: &[(&str, &str)]) -> String {
    let still = pauses(calendar, still);
    let due = due(calendar, length(text), at(calendar, from), &still);
    shown(calendar, due.unwrap())
}

/// Returns the local time of the warning.
fn warn_in(calendar: &Calendar, text: &str, from: &str, percent: u32) -> String {
    let from = at(calendar, from);
    let warn = warn(calendar, length(text), from, &Pauses::none(), percent);
    shown(calendar, warn.unwrap())
}
