//! What a diagnosis must have, and the causes to choose from.

use std::collections::BTreeSet;
use std::fmt;

use indexmap::IndexMap;

use super::condition::Condition;
use super::length::Length;
use super::{FieldIndex, RoleSet};
use crate::id::{CauseGroup, CauseName, FailureName, ReportingName};

/// What a diagnosis must have, and the causes to choose from.
#[derive(Debug, Clone)]
pub struct Causes {
    /// So many whys at least, each with evidence.
    pub whys: u32,
    /// No text of a diagnosis may blame a person.
    pub blame_free: bool,
    /// Who may record, with a reason, what reads as blame.
    pub blame_override: RoleSet,
    /// Who looks at proposed causes, and at which.
    pub review: Option<Review>,
    /// How long after an action was done it is asked whether it worked.
    pub check_after: Option<Length>,
    /// What may have failed for the customer, in the file's order, with titles.
    pub failures: IndexMap<FailureName, String>,
    /// A regulator's headings, in the file's order, with titles.
    pub reporting: IndexMap<ReportingName, String>,
    /// When equal causes are a fault of the system rather than of one case.
    pub systemic: Option<Systemic>,
    /// Causes by group, in the file's order.
    pub categories: IndexMap<CauseGroup, IndexMap<CauseName, Cause>>,
}

/// A cause to choose.
#[derive(Debug, Clone)]
pub struct Cause {
    /// What people call it.
    pub title: String,
    /// What must be given with it.
    pub needs: BTreeSet<CauseNeed>,
}

/// What a cause may ask to be given with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CauseNeed {
    /// The id of the policy that is at fault.
    PolicyId,
    /// A day on which it is looked at again.
    ReviewDate,
}

impl CauseNeed {
    /// Every need.
    pub const ALL: [Self; 2] = [Self::PolicyId, Self::ReviewDate];

    /// Returns its word in the language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::PolicyId => "policy_id",
            Self::ReviewDate => "review_date",
        }
    }
}

impl fmt::Display for CauseNeed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Who looks at proposed causes, and at which.
#[derive(Debug, Clone)]
pub struct Review {
    /// Who gives the verdict.
    pub by: RoleSet,
    /// So many percent of them are drawn; 0 where the file does not say.
    pub sample: u32,
    /// Those of a case for which this holds are always looked at.
    pub always_when: Option<Condition>,
}

/// When equal causes are a fault of the system.
#[derive(Debug, Clone)]
pub struct Systemic {
    /// So many cases with one cause.
    pub cases: u32,
    /// Within so long.
    pub within: Length,
    /// The fields in which they are alike.
    pub same: Vec<FieldIndex>,
    /// Who confirms that it is one; without it whoever diagnoses.
    pub by: Option<RoleSet>,
}
