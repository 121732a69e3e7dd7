//! Why two cases cannot be merged, and what a merged case answers, in words.

use std::fmt;

use super::words::list;
use crate::case::deadline::DeadlineName;
use crate::code::Code;
use crate::id::{CaseId, FieldName, OutcomeName, WorkflowId};

/// What stands against merging two cases, or against anything that is asked of a merged one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unmerged {
    /// The case was merged into another, which goes on for both.
    #[error("this case was merged into the case {into}; ask there")]
    Merged {
        /// The case that goes on.
        into: CaseId,
    },
    /// Both ids are one.
    #[error("a case is no duplicate of itself; name two cases")]
    Itself,
    /// There is no such case.
    #[error("there is no case {duplicate} that could be merged into this one")]
    NoSuchDuplicate {
        /// What was asked for.
        duplicate: CaseId,
    },
    /// The duplicate is closed.
    #[error(
        "the case {duplicate} was closed as `{outcome}`; only an open case is merged into another"
    )]
    DuplicateClosed {
        /// The duplicate.
        duplicate: CaseId,
        /// How it was closed.
        outcome: OutcomeName,
    },
    /// The duplicate was merged before.
    #[error("the case {duplicate} was merged into the case {into} already")]
    DuplicateMerged {
        /// The duplicate.
        duplicate: CaseId,
        /// The case that goes on for it.
        into: CaseId,
    },
    /// The cases follow different workflows.
    #[error(
        "this case follows the workflow `{here}` and the other one `{there}`; only cases of one \
         workflow are merged"
    )]
    OtherWorkflow {
        /// The workflow of the case that would go on.
        here: WorkflowId,
        /// That of the duplicate.
        there: WorkflowId,
    },
    /// The cases are of different customers.
    #[error("the two cases are of different customers, so they are not one complaint")]
    OtherCustomer,
    /// Something was given in the duplicate.
    #[error(
        "in the case {duplicate} something was given ({}), which would count no more in this one; \
         take it back there, or merge this case into that one",
        list(fields)
    )]
    Gave {
        /// The duplicate.
        duplicate: CaseId,
        /// The fields of the amounts.
        fields: Vec<FieldName>,
    },
    /// The duplicate holds what cannot go on elsewhere.
    #[error("{what} the case {duplicate}; merge this case into that one")]
    Holds {
        /// The duplicate.
        duplicate: CaseId,
        /// What it holds.
        what: Holds,
    },
    /// A clock or promise runs that the workflow of this case does not have.
    #[error(
        "in the duplicate {} still runs, which the version of the workflow of this case does not \
         have; let it end there first, or merge this case into that one",
        list(deadlines)
    )]
    Unknown {
        /// The clocks and promises.
        deadlines: Vec<DeadlineName>,
    },
    /// So many cases were merged into it as may be.
    #[error("at most {max} cases may be merged into one, directly and by way of others")]
    TooMany {
        /// The limit.
        max: usize,
    },
}

/// What a duplicate may hold that belongs to it for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Holds {
    /// Root causes, which many cases may have taken by link.
    Causes,
    /// Cases that were opened with it as their parent.
    Children,
}

impl fmt::Display for Holds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Causes => "a root cause is recorded in",
            Self::Children => "other cases belong to",
        })
    }
}

impl Unmerged {
    /// Returns the stable code.
    #[must_use]
    pub const fn code(&self) -> Code {
        match self {
            Self::Merged { .. } => Code::HC059,
            Self::Itself => Code::HC060,
            Self::NoSuchDuplicate { .. } => Code::HC061,
            Self::DuplicateClosed { .. } | Self::DuplicateMerged { .. } => Code::HC062,
            Self::OtherWorkflow { .. } => Code::HC063,
            Self::OtherCustomer => Code::HC064,
            Self::Gave { .. } => Code::HC065,
            Self::Holds { .. } => Code::HC066,
            Self::Unknown { .. } => Code::HC067,
            Self::TooMany { .. } => Code::HC068,
        }
    }
}
