//! How the cases stand to a standard.

use super::Measures;
use super::Window;
use super::numbers::{Numbers, Sheet, count};
use super::spread::{Share, Sum as _};
use crate::calendar::Calendar;
use crate::case::{DeadlineKind, DeadlineName};
use crate::id::RoleName;
use crate::time::Timestamp;
use crate::workflow::time::Standard;

/// The metric of which little is wanted: its target is the most, not the least.
const REOPENED: &str = "reopened";

/// A standard, and the cases of its window.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Goal {
    /// What is measured: a clock, or one of the built-in metrics.
    pub metric: String,
    /// The share that is to meet it, in percent; of `reopened` the share that may be, at most.
    pub target: u32,
    /// Of a scale: the least answer that meets it.
    pub at_least: Option<u32>,
    /// The role that answers for it.
    pub owner: RoleName,
    /// The days whose cases count, whatever else the report is asked for.
    pub window: Window,
    pub(super) numbers: Numbers,
}

/// Whether a standard is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reached {
    /// It is.
    Met,
    /// It is not.
    Missed,
    /// It counts [too few](super::ENOUGH_MIN) to say.
    TooFew,
}

impl Goal {
    pub(super) fn new(standard: &Standard, window: Window) -> Self {
        Self {
            metric: standard.metric.clone(),
            target: standard.target,
            at_least: standard.at_least,
            owner: standard.owner.clone(),
            window,
            numbers: Numbers::default(),
        }
    }

    /// Counts a case.
    pub(super) fn count(&mut self, calendar: &Calendar, as_of: Timestamp, measures: &Measures) {
        let mut sheet = Days {
            calendar,
            window: self.window,
            within: &mut self.numbers,
            elsewhere: Numbers::default(),
        };
        count(measures, as_of, &mut sheet);
    }

    /// Returns what is measured, and how many it is of. A clock of the name comes first.
    #[must_use]
    pub fn share(&self) -> Share {
        let numbers = &self.numbers;
        let clock = DeadlineName::new(DeadlineKind::Clock, &self.metric);
        if let Some(in_time) = numbers.in_time.get(&clock) {
            return in_time.share;
        }
        match self.metric.as_str() {
            "promises_kept" => numbers.promises.kept(),
            "resolved_share" => numbers.resolved(),
            REOPENED => numbers.reopened,
            question => self.answers(question),
        }
    }

    /// Returns the share of answers to a question that meet it.
    fn answers(&self, question: &str) -> Share {
        let mut share = Share::default();
        for (scale, heard) in &self.numbers.surveys.scores {
            if scale.question.as_str() == question {
                share.sum(&match self.at_least {
                    Some(least) => heard.at_least(least),
                    None => heard.top(scale),
                });
            }
        }
        share
    }

    /// Returns whether the target is the most, and not the least.
    #[must_use]
    pub fn is_at_most(&self) -> bool {
        self.metric == REOPENED
    }

    /// Returns whether it is met.
    #[must_use]
    pub fn reached(&self) -> Reached {
        let share = self.share();
        if share.is_of_too_few() {
            return Reached::TooFew;
        }
        let value = u128::from(share.met) * 100;
        let target = u128::from(share.of) * u128::from(self.target);
        let is_met = if self.is_at_most() {
            value <= target
        } else {
            value >= target
        };
        if is_met {
            Reached::Met
        } else {
            Reached::Missed
        }
    }
}

/// The days of a window.
struct Days<'g> {
    calendar: &'g Calendar,
    window: Window,
    within: &'g mut Numbers,
    /// What is before or after it.
    elsewhere: Numbers,
}

impl Sheet for Days<'_> {
    fn at(&mut self, at: Timestamp) -> &mut Numbers {
        if self.window.contains(self.calendar.local_date(at)) {
            self.within
        } else {
            &mut self.elsewhere
        }
    }
}
