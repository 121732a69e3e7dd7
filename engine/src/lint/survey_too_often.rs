//! Finds surveys that one customer may get too often.

use super::{File, Rule, Scope};
use crate::code::Code;
use crate::finding::Finding;
use crate::workflow::length::{Length, Unit};

/// The most surveys that one customer should get in [`DAYS`].
///
/// Source: our own, a generous one. Common advice is one survey in 30 to 90 days.
const SURVEYS_MAX: u64 = 2;
/// A month of days.
const DAYS: u64 = 30;

pub(super) struct SurveyTooOften;

impl Rule for SurveyTooOften {
    fn code(&self) -> Code {
        Code::H806
    }

    fn scope(&self) -> Scope {
        Scope::Whole
    }

    fn check(&self, file: &File<'_>, found: &mut Vec<Finding>) {
        for (name, survey) in &file.source.surveys {
            let (span, message, at) = match &survey.value.at_most {
                None => (
                    survey.span,
                    format!("the survey `{name}` does not say how often one customer may get it"),
                    "without `at_most`",
                ),
                Some(at_most) if is_too_often(at_most.value.times, at_most.value.within) => (
                    at_most.span,
                    format!("one customer may get the survey `{name}` too often"),
                    "more than twice in 30 days",
                ),
                Some(_) => continue,
            };
            let finding = Finding::warning(self.code(), span, message)
                .at(at)
                .why("whoever has trouble often would be asked each time, and stops answering")
                .mend("write `at_most: 1 per customer in 30 days`");
            found.push(finding);
        }
    }
}

fn is_too_often(times: u32, within: Length) -> bool {
    // The same as `times / within > SURVEYS_MAX / DAYS`, in whole numbers.
    u64::from(times) * DAYS * HOURS_OF_A_DAY > SURVEYS_MAX * hours(within)
}

const HOURS_OF_A_DAY: u64 = 24;

/// Returns about how many hours a length is long; of working days five are taken for a week.
fn hours(length: Length) -> u64 {
    let number = u64::from(length.number);
    match length.unit {
        Unit::Minutes | Unit::WorkingMinutes => number / 60,
        Unit::Hours | Unit::WorkingHours => number,
        Unit::Days => number * HOURS_OF_A_DAY,
        Unit::Weeks => number * 7 * HOURS_OF_A_DAY,
        Unit::Months => number * DAYS * HOURS_OF_A_DAY,
        Unit::Years => number * 365 * HOURS_OF_A_DAY,
        Unit::WorkingDays | Unit::EndOfWorkingDays => number * 7 * HOURS_OF_A_DAY / 5,
    }
}
