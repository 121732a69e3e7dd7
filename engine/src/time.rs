//! Instants, dates and lengths of time as data.
//!
//! Invariant: nothing here asks what time it is.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::money::INTEGER_MAX;

/// An instant: microseconds since 1970-01-01 00:00 UTC, within ±[`INTEGER_MAX`], so in the years
/// 1685 to 2254 and some months around them.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Timestamp(i64);

/// A day of the Gregorian calendar, written `2026-12-25`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Date(jiff::civil::Date);

const EPOCH: jiff::civil::Date = jiff::civil::Date::constant(1970, 1, 1);
const SECONDS_OF_A_DAY: i64 = 24 * 60 * 60;

/// A text is not the instant, date or length it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTime {
    /// Not within the years 1685 to 2254.
    #[error("an instant lies within the years 1685 to 2254")]
    OutOfRange,
    /// Not an RFC 3339 instant.
    #[error("an instant looks like 2026-10-05T09:00:00Z")]
    Instant,
    /// Not a calendar day.
    #[error("a date looks like 2026-12-25")]
    Date,
}

impl Timestamp {
    /// The first instant there is.
    pub const FIRST: Self = Self(-INTEGER_MAX);

    /// Makes an instant of microseconds since 1970.
    ///
    /// # Errors
    ///
    /// [`InvalidTime::OutOfRange`] outside the years 1685 to 2254.
    pub fn from_micros(micros: i64) -> Result<Self, InvalidTime> {
        if (-INTEGER_MAX..=INTEGER_MAX).contains(&micros) {
            Ok(Self(micros))
        } else {
            Err(InvalidTime::OutOfRange)
        }
    }

    /// Reads an RFC 3339 instant, to the microsecond.
    ///
    /// # Errors
    ///
    /// [`InvalidTime::Instant`] when it is none.
    pub fn parse(text: &str) -> Result<Self, InvalidTime> {
        let instant: jiff::Timestamp = text.parse().map_err(|_| InvalidTime::Instant)?;
        Self::from_micros(instant.as_microsecond())
    }

    /// Returns the microseconds since 1970.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Returns the day in UTC. Every instant has one; `None` only stands for what cannot be.
    #[must_use]
    pub fn day(self) -> Option<Date> {
        let micros_of_a_day = SECONDS_OF_A_DAY * 1_000_000;
        Date::from_days(self.0.div_euclid(micros_of_a_day))
    }
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match jiff::Timestamp::from_microsecond(self.0) {
            Ok(instant) => fmt::Display::fmt(&instant, f),
            Err(_) => write!(f, "{} µs", self.0),
        }
    }
}

impl Date {
    /// Reads `2026-12-25`.
    ///
    /// # Errors
    ///
    /// [`InvalidTime::Date`] when there is no such day.
    pub fn parse(text: &str) -> Result<Self, InvalidTime> {
        let date: jiff::civil::Date = text.parse().map_err(|_| InvalidTime::Date)?;
        // jiff also reads compact and expanded forms; one form is enough for people and for hashes.
        if date.to_string() == text {
            Ok(Self(date))
        } else {
            Err(InvalidTime::Date)
        }
    }

    /// The first and the last day there are, in days since 1970-01-01.
    pub(crate) fn range() -> (i64, i64) {
        (
            Self(jiff::civil::Date::MIN).days(),
            Self(jiff::civil::Date::MAX).days(),
        )
    }

    /// Returns the days since 1970-01-01, negative before.
    pub(crate) fn days(self) -> i64 {
        let seconds = self.0.duration_since(EPOCH).as_secs();
        seconds.div_euclid(SECONDS_OF_A_DAY)
    }

    /// Returns it as the day of the library that knows time zones.
    pub(crate) const fn civil(self) -> jiff::civil::Date {
        self.0
    }

    /// Returns the day so many days after 1970-01-01. `None` beyond the calendar.
    pub(crate) fn from_days(days: i64) -> Option<Self> {
        let span = jiff::Span::new().try_days(days).ok()?;
        EPOCH.checked_add(span).ok().map(Self)
    }
}

impl TryFrom<String> for Date {
    type Error = InvalidTime;
    fn try_from(text: String) -> Result<Self, InvalidTime> {
        Self::parse(&text)
    }
}

impl From<Date> for String {
    fn from(date: Date) -> Self {
        date.to_string()
    }
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn instants_are_read_and_written_to_the_microsecond() {
        let instant = Timestamp::parse("2026-10-05T09:00:00.000001Z").unwrap();
        assert_eq!(instant.micros(), 1_791_190_800_000_001);
        assert_eq!(instant.to_string(), "2026-10-05T09:00:00.000001Z");
        assert_eq!(Timestamp::parse("yesterday"), Err(InvalidTime::Instant));
        assert_eq!(
            Timestamp::from_micros(INTEGER_MAX + 1),
            Err(InvalidTime::OutOfRange)
        );
        for bound in [-INTEGER_MAX, INTEGER_MAX] {
            assert!(
                Timestamp::from_micros(bound)
                    .unwrap()
                    .to_string()
                    .ends_with('Z')
            );
        }
    }

    #[test]
    fn days_are_counted_from_1970_and_back() {
        for text in ["1970-01-01", "1969-12-31", "2028-02-29", "9999-12-31"] {
            let date = Date::parse(text).unwrap();
            assert_eq!(Date::from_days(date.days()), Some(date));
        }
        assert_eq!(Date::parse("1970-02-01").unwrap().days(), 31);
        let evening = Timestamp::parse("1969-12-31T23:59:59Z").unwrap();
        assert_eq!(evening.day(), Date::parse("1969-12-31").ok());
        let (first, last) = Date::range();
        assert!(Date::from_days(first).is_some() && Date::from_days(last).is_some());
        assert_eq!(Date::from_days(last + 1), None);
    }

    #[test]
    fn dates_exist_and_have_one_form() {
        assert_eq!(Date::parse("2028-02-29").unwrap().to_string(), "2028-02-29");
        for wrong in ["2026-02-29", "2026-2-3", "20260203", "25.12.2026", ""] {
            assert_eq!(Date::parse(wrong), Err(InvalidTime::Date), "{wrong:?}");
        }
    }
}
