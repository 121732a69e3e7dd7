//! The diagnosis of a case: its root cause, what shows it, what is done about it, and its life.
//!
//! Invariant: nothing here names a person; who proposed, reviewed and did what stands in entries.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize, Serializer};

use super::{CauseRef, Commitment};
use crate::id::{Digest, FailureName, PersonId, ReportingName, Revision, RoleName};
use crate::time::{Date, Timestamp};

/// One link of a chain of whys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Why<T> {
    /// What shows it.
    #[serde(default = "Vec::new", skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<Evidence<T>>,
    /// Why it happened.
    pub statement: T,
}

/// What shows a why: where it lies, and the hash of its bytes where it has bytes.
///
/// Without a hash it is written as its reference alone, as it was before hashes were asked for.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(from = "Written<T>")]
pub struct Evidence<T> {
    /// Where it lies.
    pub reference: T,
    /// SHA-256 of its bytes.
    pub sha256: Option<Digest>,
}

/// The two ways in which evidence is written. Both are read and written here only.
#[derive(Serialize, Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum Written<T> {
    Hashed { reference: T, sha256: Digest },
    Plain(T),
}

impl<T> From<Written<T>> for Evidence<T> {
    fn from(written: Written<T>) -> Self {
        match written {
            Written::Hashed { reference, sha256 } => Self {
                reference,
                sha256: Some(sha256),
            },
            Written::Plain(reference) => Self {
                reference,
                sha256: None,
            },
        }
    }
}

impl<T: Serialize> Serialize for Evidence<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let reference = &self.reference;
        let written = match self.sha256 {
            Some(sha256) => Written::Hashed { reference, sha256 },
            None => Written::Plain(reference),
        };
        written.serialize(serializer)
    }
}

/// Something to be done because of a cause.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PlannedAction<T> {
    /// The day at whose close of business it is due.
    pub due: Date,
    /// What it is for.
    pub kind: ActionKind,
    /// How it is seen whether it worked, in words.
    pub measure: T,
    /// The role that sees to it.
    pub owner: RoleName,
    /// What the observed number must be for it to have worked; without it only the words say so.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// What is to be done.
    pub task: T,
}

const fn none() -> Option<Target> {
    None
}

/// What an action is for.
///
/// Source: ISO 9001:2015, 10.2, which keeps these apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// To put it right for this customer.
    Correction,
    /// Against the cause, so that it does not happen again.
    Corrective,
    /// Elsewhere, where the same could happen.
    Preventive,
}

impl ActionKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Correction, Self::Corrective, Self::Preventive];

    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Correction => "correction",
            Self::Corrective => "corrective",
            Self::Preventive => "preventive",
        }
    }

    /// Returns whether it is asked afterwards if it worked: a correction is for one customer, who
    /// is asked in other ways.
    #[must_use]
    pub const fn is_checked(self) -> bool {
        match self {
            Self::Correction => false,
            Self::Corrective | Self::Preventive => true,
        }
    }
}

/// The bound that an observed number must keep for an action to have worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Target {
    /// This or less.
    AtMost(i64),
    /// This or more.
    AtLeast(i64),
}

/// What was observed of an action some time after it was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// The number that its measure asks for; the target says whether it worked.
    Observed(i64),
    /// It worked. Only where it has no target.
    Effective,
    /// It did not work. Only where it has no target.
    NotEffective,
    /// Nothing can be said yet: it is asked again after the same time.
    Inconclusive,
}

/// Whether an action worked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Worked {
    /// It did.
    Effective,
    /// It did not: the diagnosis is opened again.
    NotEffective,
    /// Nothing can be said.
    Inconclusive,
}

impl Worked {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Effective => "effective",
            Self::NotEffective => "not_effective",
            Self::Inconclusive => "inconclusive",
        }
    }
}

/// Why a diagnosis is to be reviewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawn {
    /// The workflow says that such cases always are.
    Rule,
    /// It is not the first of its case: one was returned or opened again, or the case was.
    Repetition,
    /// The draw fell on it.
    Sample,
}

impl Drawn {
    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rule => "rule",
            Self::Repetition => "repetition",
            Self::Sample => "sample",
        }
    }
}

/// A text of a diagnosis that reads as blame of a person, without its words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Blaming {
    /// What it is: `name`, `word` or `ends_in_human_error`.
    pub kind: String,
    /// Where it stands: `statement`, `whys/2`, `escape`, `actions/1`.
    pub part: String,
    /// The very words. Never in an entry: they may be a name.
    #[serde(skip)]
    pub words: String,
    /// How it can be said of the process.
    #[serde(skip)]
    pub better: String,
}

/// Where a diagnosis is in its life.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CauseStatus {
    /// It is being written.
    Drafted,
    /// It stands, and nobody was drawn to look at it.
    Proposed,
    /// It stands, and waits for a verdict.
    UnderReview,
    /// It stands, and a reviewer found it right, with the same or another cause.
    Accepted,
    /// A reviewer gave it back: another is owed.
    Returned,
    /// What was done about it did not work: another is owed.
    Reopened,
}

impl CauseStatus {
    /// Every status, in the order of a life.
    pub const ALL: [Self; 6] = [
        Self::Drafted,
        Self::Proposed,
        Self::UnderReview,
        Self::Accepted,
        Self::Returned,
        Self::Reopened,
    ];

    /// Returns its word.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Drafted => "drafted",
            Self::Proposed => "proposed",
            Self::UnderReview => "under_review",
            Self::Accepted => "accepted",
            Self::Returned => "returned",
            Self::Reopened => "reopened",
        }
    }

    /// Returns whether it counts as the root cause of its case.
    #[must_use]
    pub const fn stands(self) -> bool {
        match self {
            Self::Proposed | Self::UnderReview | Self::Accepted => true,
            Self::Drafted | Self::Returned | Self::Reopened => false,
        }
    }
}

/// A root cause of a case, without its sealed words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Diagnosis {
    /// What is done about it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub actions: Vec<CauseAction>,
    /// When it was last recorded.
    pub at: Timestamp,
    /// The cause: the one that a reviewer chose, else the proposed one.
    pub cause: CauseRef,
    /// Other causes that contributed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub contributing: Vec<CauseRef>,
    /// Why it is to be reviewed; absent where nobody was drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub drawn: Option<Drawn>,
    /// What was done because of it as it was recorded before, so that no revision forgets what did
    /// not work.
    #[serde(skip)]
    pub earlier: Vec<Earlier>,
    /// What failed for the customer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failure: Option<FailureName>,
    /// Its number in the case, from 1.
    pub number: u32,
    /// The id of the policy at fault.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub policy_id: Option<String>,
    /// The cause as proposed, where a reviewer chose another.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub proposed: Option<CauseRef>,
    // Golden cases were written before a diagnosis had a life, and are never edited.
    /// Everybody who recorded it, also as a draft.
    #[serde(skip)]
    pub proposers: BTreeSet<PersonId>,
    /// The heading of the regulator.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reporting: Option<ReportingName>,
    /// The day on which it is looked at again.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub review_date: Option<Date>,
    /// The entry that holds it as last recorded.
    pub revision: Revision,
    /// The verdicts, in order, never overwritten.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub reviews: Vec<Reviewed>,
    /// Where it is in its life.
    #[serde(skip)]
    pub status: CauseStatus,
    /// It was proposed, now or before it became a draft again.
    #[serde(skip)]
    pub was_proposed: bool,
    /// How often it was recorded: 1, and one more with every revision.
    #[serde(skip)]
    pub version: u32,
    /// How many whys lead to it.
    pub whys: u32,
}

/// A verdict on a diagnosis.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Reviewed {
    /// When.
    pub at: Timestamp,
    /// The cause that the reviewer found right; none where it was returned.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cause: Option<CauseRef>,
    /// Who.
    pub person: PersonId,
    /// The entry that holds it.
    pub revision: Revision,
    /// Which recording of the diagnosis it is about, from 1.
    pub version: u32,
}

/// An action that was done because of a diagnosis before it was revised.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Earlier {
    /// Its number in the diagnosis as it was.
    pub action: u32,
    /// The cause of the diagnosis as it was.
    pub cause: CauseRef,
    /// When it was done.
    pub done_at: Timestamp,
    /// What came of it: the last thing that was said.
    pub effect: Option<Worked>,
    /// What it was for.
    pub kind: ActionKind,
    /// Which recording of the diagnosis planned it, from 1.
    pub version: u32,
}

/// An action of a diagnosis, without its sealed words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CauseAction {
    /// Who did it, and when; none before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub done: Option<(PersonId, Timestamp)>,
    /// What came of it: the last thing that was said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub effect: Option<Worked>,
    /// What was planned. Its words are commitments.
    pub planned: PlannedAction<Commitment>,
}
