//! What a case took, and what many cases come to: every number a report shows.
//!
//! Invariant: a measure follows from the events of a case and the instants they took effect at, and
//! from nothing else; so that a script over the same entries computes the same.
//! Invariant: whole numbers only, and no number about a person.

#[doc = include_str!("measure/definitions.md")]
pub mod definitions {}
mod figure;
mod fold;
mod goal;
mod numbers;
mod period;
mod report;
mod run;
mod spread;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use crate::id::StepName;
use crate::time::Timestamp;
use crate::workflow::{CountsAs, WorkflowRef};

pub use figure::{Figure, Length, Scores, Value};
pub use fold::Measuring;
pub use goal::{Goal, Reached};
pub use numbers::{Contacts, FollowUps, Heard, InTime, Numbers, Promises, Scale, Surveys};
pub use period::{Period, Window};
pub use report::{GROUPS_MAX, Group, Report, Scope, TooMany};
pub use run::{Delivery, Doing, Fate, Margin, Run, Score, Survey};
pub use spread::{ENOUGH_MIN, Share, Spread, Sum, Summary, Times};

/// A length of time, in microseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Took {
    /// As a clock on the wall shows it.
    pub wall: i64,
    /// While the default calendar of the workflow is open.
    pub working: i64,
}

impl Took {
    /// Returns both lengths put together.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self {
            wall: self.wall + other.wall,
            working: self.working + other.working,
        }
    }
}

/// What one case took.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measures {
    /// The workflow it follows.
    pub workflow: WorkflowRef,
    /// It came from another system in the middle of its way: what happened before is not known.
    pub is_imported: bool,
    /// We opened it for a customer who did not complain.
    pub is_proactive: bool,
    /// When the complaint was received.
    pub opened_at: Timestamp,
    /// It was received while the default calendar was closed.
    pub is_outside_hours: bool,
    /// The first reply of a person to the customer.
    pub first_reply: Option<Arrival>,
    /// Every closing, in order.
    pub closings: Vec<Closing>,
    /// How it stands.
    pub stands: Stands,
    /// The time in each step, over all visits that ended.
    pub steps: BTreeMap<StepName, Took>,
    /// The time it waited for the customer, over all waits that ended; none where it never did.
    pub waiting: Option<Took>,
    /// Every contact, in order.
    pub contacts: Vec<Contact>,
    /// When recorded answers were corrected.
    pub corrections: Vec<Timestamp>,
    /// Every deadline that ran, in order.
    pub runs: Vec<Run>,
    /// Every survey that was planned, in order.
    pub surveys: Vec<Survey>,
}

/// How a case stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stands {
    /// In a step.
    Open,
    /// With an outcome.
    Closed,
    /// It was merged into another case, which is counted for both.
    Merged,
}

/// Something that was waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arrival {
    /// When it came.
    pub at: Timestamp,
    /// What it took until then.
    pub took: Took,
}

/// A closing of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Closing {
    /// When.
    pub at: Timestamp,
    /// What it took since the receipt.
    pub took: Took,
    /// How it counts.
    pub counts_as: CountsAs,
    /// The case was opened again afterwards.
    pub is_reopened: bool,
}

/// A contact between the customer and us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contact {
    /// When it was recorded.
    pub at: Timestamp,
    /// The customer contacted us.
    pub from_customer: bool,
    /// The default calendar was closed then.
    pub is_outside_hours: bool,
}

impl Measures {
    /// Returns the closing in force; none while the case is open.
    #[must_use]
    pub fn last_closing(&self) -> Option<&Closing> {
        self.closings
            .last()
            .filter(|_| self.stands == Stands::Closed)
    }

    /// Returns the first closing that counts as resolved, reopened or not.
    #[must_use]
    pub fn first_resolution(&self) -> Option<&Closing> {
        let mut closings = self.closings.iter();
        closings.find(|closing| closing.counts_as == CountsAs::Resolved)
    }

    /// Returns the closing in force, if it counts as resolved.
    #[must_use]
    pub fn final_resolution(&self) -> Option<&Closing> {
        let last = self.last_closing();
        last.filter(|closing| closing.counts_as == CountsAs::Resolved)
    }

    /// Returns whether it is resolved, was never opened again, and the customer did not have to
    /// contact us once more.
    #[must_use]
    pub fn is_resolved_at_first_contact(&self) -> bool {
        self.final_resolution().is_some()
            && self.closings.len() == 1
            && self.contacts.iter().all(|contact| !contact.from_customer)
    }
}
