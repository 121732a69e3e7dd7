//! Lengths of time as a supervisor writes them: `20 minutes`, `3 working days`, `6 months`.
//!
//! Invariant: a length is a number and a unit; what it comes to is computed where it is laid out.

use std::fmt;

use crate::time::Timestamp;

/// The largest number of a length.
pub const LENGTH_NUMBER_MAX: u32 = 10_000;

/// A length of time: a number and a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Length {
    /// How many, from 1 to [`LENGTH_NUMBER_MAX`].
    pub number: u32,
    /// Of what.
    pub unit: Unit,
}

/// The unit of a length.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the language explain themselves")]
pub enum Unit {
    Minutes,
    Hours,
    Days,
    Weeks,
    Months,
    Years,
    WorkingMinutes,
    WorkingHours,
    WorkingDays,
    EndOfWorkingDays,
}

/// A text is not a length of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "a length of time looks like `20 minutes`, `3 days`, `2 working days` or \
     `end of 3 working days`"
)]
pub struct InvalidLength;

impl Unit {
    const WORDS: [(Self, &'static str, &'static str); 10] = [
        (Self::Minutes, "minute", "minutes"),
        (Self::Hours, "hour", "hours"),
        (Self::Days, "day", "days"),
        (Self::Weeks, "week", "weeks"),
        (Self::Months, "month", "months"),
        (Self::Years, "year", "years"),
        (Self::WorkingMinutes, "working minute", "working minutes"),
        (Self::WorkingHours, "working hour", "working hours"),
        (Self::WorkingDays, "working day", "working days"),
        (Self::EndOfWorkingDays, "working day", "working days"),
    ];

    /// Returns whether the unit counts working time only.
    #[must_use]
    pub const fn is_working(self) -> bool {
        match self {
            Self::Minutes | Self::Hours | Self::Days | Self::Weeks | Self::Months | Self::Years => {
                false
            }
            Self::WorkingMinutes
            | Self::WorkingHours
            | Self::WorkingDays
            | Self::EndOfWorkingDays => true,
        }
    }
}

impl Length {
    /// Reads a length.
    ///
    /// # Errors
    ///
    /// [`InvalidLength`] when the text is none.
    pub fn parse(text: &str) -> Result<Self, InvalidLength> {
        let (is_end_of, rest) = text
            .strip_prefix("end of ")
            .map_or((false, text), |rest| (true, rest));
        let (number, word) = rest.split_once(' ').ok_or(InvalidLength)?;
        let is_plain = !number.starts_with('0') && number.bytes().all(|b| b.is_ascii_digit());
        let number = number
            .parse::<u32>()
            .ok()
            .filter(|n| is_plain && *n <= LENGTH_NUMBER_MAX);
        let number = number.ok_or(InvalidLength)?;
        let unit = Unit::WORDS.iter().find(|(unit, one, many)| {
            (*unit == Unit::EndOfWorkingDays) == is_end_of && (word == *one || word == *many)
        });
        unit.map(|(unit, _, _)| Self {
            number,
            unit: *unit,
        })
        .ok_or(InvalidLength)
    }

    /// Returns the instant that lies this length after another, in wall-clock time: minutes and
    /// hours are elapsed, days to years lead to the same local time of the later date.
    ///
    /// A local time that a clock change skips moves forward by the gap; of one that occurs twice
    /// the first is taken. `None` for a working unit, an unknown zone, or beyond the year 9999.
    ///
    /// Source: `workflow-language.md`, calendars and lengths of time.
    #[must_use]
    pub fn after(self, from: Timestamp, zone: &str) -> Option<Timestamp> {
        let number = i64::from(self.number);
        let span = match self.unit {
            Unit::Minutes => jiff::Span::new().try_minutes(number),
            Unit::Hours => jiff::Span::new().try_hours(number),
            Unit::Days => jiff::Span::new().try_days(number),
            Unit::Weeks => jiff::Span::new().try_weeks(number),
            Unit::Months => jiff::Span::new().try_months(number),
            Unit::Years => jiff::Span::new().try_years(number),
            Unit::WorkingMinutes
            | Unit::WorkingHours
            | Unit::WorkingDays
            | Unit::EndOfWorkingDays => {
                return None;
            }
        };
        let zone = jiff::tz::TimeZoneDatabase::bundled().get(zone).ok()?;
        let from = jiff::Timestamp::from_microsecond(from.micros())
            .ok()?
            .to_zoned(zone);
        let after = from.checked_add(span.ok()?).ok()?;
        Timestamp::from_micros(after.timestamp().as_microsecond()).ok()
    }
}

impl fmt::Display for Length {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words = Unit::WORDS.iter().find(|(unit, _, _)| *unit == self.unit);
        let (_, one, many) = words.copied().unwrap_or((self.unit, "", ""));
        let end_of = if self.unit == Unit::EndOfWorkingDays {
            "end of "
        } else {
            ""
        };
        write!(
            f,
            "{end_of}{} {}",
            self.number,
            if self.number == 1 { one } else { many }
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_read_and_written() {
        for text in [
            "1 minute",
            "20 minutes",
            "4 hours",
            "3 days",
            "8 weeks",
            "6 months",
            "3 years",
            "15 working minutes",
            "1 working day",
            "end of 3 working days",
        ] {
            assert_eq!(Length::parse(text).unwrap().to_string(), text);
        }
        for wrong in [
            "",
            "3",
            "days",
            "0 days",
            "03 days",
            "-1 days",
            "1.5 days",
            "3  days",
            "10001 days",
            "end of 3 days",
            "3 fortnights",
        ] {
            assert_eq!(Length::parse(wrong), Err(InvalidLength), "{wrong:?}");
        }
    }

    #[test]
    fn days_keep_the_local_time_over_a_clock_change() {
        // Lisbon leaves summer time on 2026-10-25: thirty days are 30 x 24 h + 1 h there.
        let from = Timestamp::parse("2026-10-05T09:00:00Z").unwrap();
        let after = Length::parse("30 days")
            .unwrap()
            .after(from, "Europe/Lisbon")
            .unwrap();
        assert_eq!(after.to_string(), "2026-11-04T10:00:00Z");
        // A skipped local time moves forward by the gap: 02:30 becomes 03:30 in Berlin.
        let from = Timestamp::parse("2026-03-28T01:30:00Z").unwrap();
        let after = Length::parse("1 day")
            .unwrap()
            .after(from, "Europe/Berlin")
            .unwrap();
        assert_eq!(after.to_string(), "2026-03-29T01:30:00Z");
        assert_eq!(
            Length::parse("1 working day").unwrap().after(from, "UTC"),
            None
        );
        assert_eq!(
            Length::parse("1 day").unwrap().after(from, "Mars/Olympus"),
            None
        );
    }
}
