//! Lengths of time as a supervisor writes them: `20 minutes`, `3 working days`, `6 months`.
//!
//! Invariant: a length is a number and a unit; what it comes to is computed where it is laid out.

use std::fmt;

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

    /// Returns whether a pause bears on a length of the unit: the close of a day does not move.
    #[must_use]
    pub const fn can_pause(self) -> bool {
        match self {
            Self::EndOfWorkingDays => false,
            Self::Minutes
            | Self::Hours
            | Self::Days
            | Self::Weeks
            | Self::Months
            | Self::Years
            | Self::WorkingMinutes
            | Self::WorkingHours
            | Self::WorkingDays => true,
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
}
