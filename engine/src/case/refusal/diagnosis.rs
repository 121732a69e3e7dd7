//! What stands against a root cause, its review and what is done about it.

use std::fmt;

use crate::case::CauseRef;
use crate::case::command::NoIssue;
use crate::case::diagnosis::{Blaming, CauseStatus};
use crate::code::Code;
use crate::id::{CaseId, RoleName};
use crate::time::Date;

/// What stands against what is asked about a root cause.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Undiagnosed {
    /// Parts that the workflow demands did not come.
    #[error("the diagnosis is not complete: {}", joined(missing))]
    Incomplete {
        /// What did not come, at least one.
        missing: Vec<Missing>,
    },
    /// The workflow has no such failure or heading.
    #[error("the workflow has no {what} `{name}`; it has {}", known.join(", "))]
    NotListed {
        /// What was looked for: `failure` or `heading of the regulator`.
        what: &'static str,
        /// The name that came.
        name: String,
        /// The names that there are.
        known: Vec<String>,
    },
    /// The case has no cause of that number.
    #[error("the case has no root cause number {number}; it has {known}")]
    NoSuchCause {
        /// The number that came.
        number: u32,
        /// How many it has.
        known: usize,
    },
    /// The cause is not where this may be done.
    #[error("root cause {number} is {}, so {asked}", status.as_str().replace('_', " "))]
    NotNow {
        /// Its number.
        number: u32,
        /// Where it is in its life.
        status: CauseStatus,
        /// What may not be done now, and what may, as a sentence goes on.
        asked: &'static str,
    },
    /// Whoever handled the case, diagnoses it and reviews that are three people.
    #[error("this needs another person: {because}")]
    OtherEyes {
        /// Why this person may not.
        because: Eyes,
    },
    /// A text reads as blame of a person.
    #[error(
        "a root cause is never a person: {}{}",
        joined(found),
        unless_said(unless)
    )]
    Blames {
        /// What reads so, at least one.
        found: Vec<Blaming>,
        /// The roles that may record it with a reason.
        unless: Vec<RoleName>,
    },
    /// There is nothing that would have to be overridden.
    #[error("a reason for blaming words came, and no text has any; leave the reason out")]
    NothingToOverride,
    /// The cause has no action of that number.
    #[error("root cause {number} has no action {action}; it has {known}")]
    NoSuchAction {
        /// The number of the cause.
        number: u32,
        /// The number that came.
        action: u32,
        /// How many it has.
        known: usize,
    },
    /// The action is done, or its effect is known.
    #[error("action {action} of root cause {number} {because}")]
    ActionNotNow {
        /// The number of the cause.
        number: u32,
        /// The number of the action.
        action: u32,
        /// What is in the way, as a sentence goes on.
        because: &'static str,
    },
    /// A day does not lie ahead, or too far.
    #[error("{what} is {day}; it must lie ahead, and not more than ten years")]
    DayPast {
        /// Which day.
        what: String,
        /// The day.
        day: Date,
    },
    /// The other case has no root cause that this one may take.
    #[error("the root cause of case {parent} cannot be taken: {because}")]
    NoIssue {
        /// The other case.
        parent: CaseId,
        /// Why.
        because: NoIssue,
    },
    /// The root cause was confirmed before.
    #[error("root cause {number} is confirmed as that of a systemic issue already")]
    Confirmed {
        /// Its number.
        number: u32,
    },
    /// The cause is undetermined.
    #[error(
        "root cause {number} is to be looked at again on a day: it is undetermined, and cases take \
         a cause that was found"
    )]
    Undetermined {
        /// Its number.
        number: u32,
    },
    /// The workflow has no root causes.
    #[error("the workflow has no `causes`, so nothing is diagnosed and nothing taken by link")]
    NothingToLink,
    /// The cause is named twice.
    #[error("{cause} is named twice; a contributing cause is another than the first")]
    NamedTwice {
        /// The cause.
        cause: CauseRef,
    },
}

/// Why a person may not diagnose or review.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Eyes {
    /// The person handled the case and may draft only.
    Handled,
    /// The person handled the case, so cannot review its cause.
    HandledAndReviews,
    /// The person proposed the cause, so cannot review it.
    Proposed,
    /// The person chose the cause, so cannot confirm it for many.
    ProposedAndConfirms,
    /// The person did the action, so cannot say whether it worked.
    Did,
}

impl fmt::Display for Eyes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Handled => {
                "who handled the case may draft its root cause, and somebody else proposes it"
            }
            Self::HandledAndReviews => "who handled the case cannot review its root cause",
            Self::Proposed => "who proposed a root cause cannot review it",
            Self::ProposedAndConfirms => {
                "who chose a root cause, proposing or reviewing it, cannot confirm it as that of a \
                 systemic issue"
            }
            Self::Did => "who did an action cannot say whether it worked",
        })
    }
}

/// A part of a diagnosis that did not come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Missing {
    /// The why of this number, from 1, has nothing that shows it.
    Evidence(usize),
    /// What failed for the customer; one of these.
    Failure(Vec<String>),
    /// The heading of the regulator; one of these.
    Reporting(Vec<String>),
    /// The id of the policy at fault.
    PolicyId,
    /// The day of another look.
    ReviewDate,
    /// The words that say why nothing can be said.
    Note,
}

impl fmt::Display for Missing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Evidence(number) => write!(f, "why {number} has no evidence"),
            Self::Failure(known) => {
                let known = known.join(", ");
                write!(f, "it does not say what failed for the customer ({known})")
            }
            Self::Reporting(known) => {
                let known = known.join(", ");
                write!(f, "it has no heading of the regulator ({known})")
            }
            Self::PolicyId => f.write_str("this cause needs the id of the policy"),
            Self::ReviewDate => f.write_str("this cause needs a day of another look"),
            Self::Note => f.write_str("where nothing can be said yet, a note says why"),
        }
    }
}

impl fmt::Display for Blaming {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            part,
            words,
            better,
            ..
        } = self;
        write!(f, "{part} says \u{201c}{words}\u{201d}; rather: {better}")
    }
}

impl Undiagnosed {
    /// Returns the stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Incomplete { .. } => Code::HC045,
            Self::NotListed { .. } => Code::HC046,
            Self::NoSuchCause { .. } => Code::HC047,
            Self::NotNow { .. } => Code::HC048,
            Self::OtherEyes { .. } => Code::HC049,
            Self::Blames { .. } => Code::HC050,
            Self::NothingToOverride => Code::HC051,
            Self::NoSuchAction { .. } => Code::HC052,
            Self::ActionNotNow { .. } => Code::HC053,
            Self::DayPast { .. } => Code::HC054,
            Self::NamedTwice { .. } => Code::HC055,
            Self::NoIssue { .. } => Code::HC056,
            Self::Confirmed { .. } => Code::HC057,
            Self::NothingToLink => Code::HC058,
            Self::Undetermined { .. } => Code::HC069,
        }
    }
}

/// Says who may record it all the same.
fn unless_said(roles: &[RoleName]) -> String {
    let roles: Vec<&str> = roles.iter().map(RoleName::as_str).collect();
    if roles.is_empty() {
        return String::new();
    }
    let roles = roles.join(", ");
    format!("; if the words are right as they are, {roles} may record them with a reason")
}

fn joined<T: fmt::Display>(parts: &[T]) -> String {
    let parts: Vec<String> = parts.iter().map(T::to_string).collect();
    parts.join("; ")
}
