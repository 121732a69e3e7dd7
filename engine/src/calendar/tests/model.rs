//! A slow model of the arithmetic: it looks at the local clock at every single minute and adds up
//! what it sees. It shares nothing with the arithmetic but the words of the language.

use super::super::Hours;
use crate::calendar::length::{Length, Unit};

/// All spans, and since 1972 all clock changes, are on whole minutes.
const MINUTE: i64 = 60_000_000;
/// No local day is seen more than so many minutes from the same date's midnight in UTC.
const NEAR: i64 = 52 * 60;
/// The model gives up after so many minutes.
const MINUTES_MAX: i64 = 60 * 24 * 60;

/// Working hours as the model knows them.
pub(super) struct Model {
    pub(super) zone: jiff::tz::TimeZone,
    pub(super) hours: Hours,
    pub(super) closed_on: Vec<jiff::civil::Date>,
    pub(super) pauses: Vec<(i64, i64)>,
}

/// A fraction.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Fraction(i128, i128);

impl Fraction {
    fn new(over: i128, under: i128) -> Self {
        let (mut a, mut b) = (over.abs(), under);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        Self(over / a.max(1), under / a.max(1))
    }

    fn plus(self, other: Self) -> Self {
        if self.1 == other.1 {
            return Self(self.0 + other.0, self.1);
        }
        let over = self.0.checked_mul(other.1).unwrap() + other.0.checked_mul(self.1).unwrap();
        Self::new(over, self.1.checked_mul(other.1).unwrap())
    }

    fn reaches(self, other: Self) -> bool {
        self.0.checked_mul(other.1).unwrap() >= other.0.checked_mul(self.1).unwrap()
    }
}

impl Model {
    fn clock(&self, at: i64) -> jiff::civil::DateTime {
        let at = jiff::Timestamp::from_microsecond(at).unwrap();
        self.zone.to_datetime(at)
    }

    fn is_open(&self, clock: jiff::civil::DateTime) -> bool {
        let day = usize::try_from(clock.weekday().to_monday_zero_offset()).unwrap();
        let minute =
            u32::try_from(clock.hour()).unwrap() * 60 + u32::try_from(clock.minute()).unwrap();
        !self.closed_on.contains(&clock.date())
            && self.hours[day]
                .iter()
                .any(|(from, to)| (*from..*to).contains(&minute))
    }

    /// Returns the first instant at which enough has been counted, a part of a minute at a time;
    /// `worth` says what a whole minute counts for.
    fn reach(
        &self,
        from: i64,
        target: Fraction,
        is_paused: bool,
        mut worth: impl FnMut(&Self, jiff::civil::DateTime) -> Fraction,
    ) -> Option<i64> {
        let mut counted = Fraction(0, 1);
        let mut cell = from.div_euclid(MINUTE) * MINUTE;
        for _ in 0..MINUTES_MAX {
            let whole = worth(self, self.clock(cell));
            if whole.0 > 0 {
                let mut running = vec![(cell.max(from), cell + MINUTE)];
                let pauses = self.pauses.iter().filter(|_| is_paused);
                let here = pauses.filter(|(start, end)| *start < cell + MINUTE && cell < *end);
                for (start, end) in here {
                    let cut = |(a, b): (i64, i64)| [(a, b.min(*start)), (a.max(*end), b)];
                    running = running.into_iter().flat_map(cut).collect();
                    running.retain(|(a, b)| a < b);
                }
                for (a, b) in running {
                    let micro = Fraction::new(whole.0, whole.1 * i128::from(MINUTE));
                    let all = Fraction::new(micro.0 * i128::from(b - a), micro.1);
                    let after = counted.plus(all);
                    if after.reaches(target) {
                        // The least number of microseconds that reaches it.
                        let missing = target.plus(Fraction(-counted.0, counted.1));
                        let over = missing.0.checked_mul(micro.1).unwrap();
                        let under = missing.1.checked_mul(micro.0).unwrap();
                        let micros = over / under + i128::from(over % under > 0);
                        return Some(a + i64::try_from(micros).unwrap());
                    }
                    counted = after;
                }
            }
            cell += MINUTE;
        }
        None
    }

    /// Returns how many open minutes a date really has.
    fn minutes_of(&self, date: jiff::civil::Date) -> i128 {
        let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        let midnight = midnight.timestamp().as_microsecond();
        let near = (-NEAR..NEAR + 24 * 60).map(|minute| self.clock(midnight + minute * MINUTE));
        let open = near.filter(|clock| clock.date() == date && self.is_open(*clock));
        open.map(|_| 1).sum()
    }

    /// Returns the end of the last open minute of a date.
    fn close_of(&self, date: jiff::civil::Date) -> Option<i64> {
        let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        let midnight = midnight.timestamp().as_microsecond();
        let mut near = (-NEAR..NEAR + 24 * 60).map(|minute| midnight + minute * MINUTE);
        let is_of_date = |at: &i64| self.clock(*at).date() == date && self.is_open(self.clock(*at));
        near.rfind(is_of_date).map(|at| at + MINUTE)
    }

    /// Returns the instant at which a local clock shows a time first, or is past the gap that
    /// swallowed it, by as much.
    fn shows(&self, local: jiff::civil::DateTime) -> i64 {
        let wanted = local.to_zoned(jiff::tz::TimeZone::UTC).unwrap();
        let wanted = wanted.timestamp().as_microsecond();
        let rest = wanted.rem_euclid(MINUTE);
        let read = |at: i64| {
            let clock = self.clock(at).to_zoned(jiff::tz::TimeZone::UTC).unwrap();
            clock.timestamp().as_microsecond()
        };
        let cells = (-NEAR..NEAR).map(|minute| wanted - rest + minute * MINUTE);
        let mut behind = None;
        for cell in cells {
            let ahead = read(cell) - cell;
            if read(cell) == wanted - rest {
                return cell + rest;
            }
            if read(cell) > wanted {
                // Never shown: reckoned by the clock before the change.
                return wanted - behind.unwrap();
            }
            behind = Some(ahead);
        }
        panic!("the clock never shows {local}");
    }

    /// Returns the later local date and time, months clamped to their end.
    fn later(&self, length: Length, from: i64) -> jiff::civil::DateTime {
        let clock = self.clock(from);
        let number = i64::from(length.number);
        let days = |days: i64| {
            let mut date = clock.date();
            for _ in 0..days {
                date = date.tomorrow().unwrap();
            }
            date
        };
        let months = |months: i64| {
            let month = i64::from(clock.year()) * 12 + i64::from(clock.month()) - 1 + months;
            let year = i16::try_from(month.div_euclid(12)).unwrap();
            let month = i8::try_from(month.rem_euclid(12) + 1).unwrap();
            let exists = |day: &i8| jiff::civil::Date::new(year, month, *day).is_ok();
            let day = (1..=clock.day()).rev().find(exists).unwrap();
            jiff::civil::date(year, month, day)
        };
        let date = match length.unit {
            Unit::Days => days(number),
            Unit::Weeks => days(number * 7),
            Unit::Months => months(number),
            Unit::Years => months(number * 12),
            Unit::Minutes
            | Unit::Hours
            | Unit::WorkingMinutes
            | Unit::WorkingHours
            | Unit::WorkingDays
            | Unit::EndOfWorkingDays => unreachable!("{length} has no later date"),
        };
        date.to_datetime(clock.time())
    }

    /// Returns when a share of a length has been counted. `None` where the model gives up.
    pub(super) fn warn(&self, length: Length, from: i64, percent: u32) -> Option<i64> {
        let number = i128::from(length.number);
        let percent = i128::from(percent);
        let all = |minutes: i128| Fraction::new(minutes * percent, 100);
        let elapsed = |_: &Self, _| Fraction(1, 1);
        let open = |model: &Self, clock| Fraction(i128::from(model.is_open(clock)), 1);
        match length.unit {
            Unit::Minutes => self.reach(from, all(number), true, elapsed),
            Unit::Hours => self.reach(from, all(number * 60), true, elapsed),
            Unit::Days | Unit::Weeks | Unit::Months | Unit::Years => {
                let micros = i128::from(self.shows(self.later(length, from)) - from);
                let target = Fraction::new(micros * percent, i128::from(MINUTE) * 100);
                self.reach(from, target, true, elapsed)
            }
            Unit::WorkingMinutes => self.reach(from, all(number), true, open),
            Unit::WorkingHours => self.reach(from, all(number * 60), true, open),
            Unit::WorkingDays => {
                let mut known = None;
                self.reach(from, all(number), true, |model, clock| {
                    if !model.is_open(clock) {
                        return Fraction(0, 1);
                    }
                    let total = match known {
                        Some((date, total)) if date == clock.date() => total,
                        Some(_) | None => model.minutes_of(clock.date()),
                    };
                    known = Some((clock.date(), total));
                    Fraction(1, total)
                })
            }
            Unit::EndOfWorkingDays => {
                let mut date = self.clock(from).date();
                let mut missing = length.number;
                let mut close = None;
                while missing > 0 {
                    date = date.tomorrow().unwrap();
                    close = self.close_of(date);
                    missing -= u32::from(close.is_some());
                }
                let close = close?;
                if percent == 100 {
                    return Some(close);
                }
                let mut total = Fraction(0, 1);
                let mut cell = from.div_euclid(MINUTE) * MINUTE;
                while cell < close {
                    if self.is_open(self.clock(cell)) {
                        let part = i128::from(cell + MINUTE - cell.max(from));
                        total = total.plus(Fraction::new(part, i128::from(MINUTE)));
                    }
                    cell += MINUTE;
                }
                let target = Fraction::new(total.0 * percent, total.1 * 100);
                // The arithmetic rounds the share of the working time up to the microsecond.
                self.reach(from, target, false, open)
            }
        }
    }
}
