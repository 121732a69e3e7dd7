//! A workflow as its file says it: typed, with the place of every part.
//!
//! Names that refer to something are texts here; [`read`] has checked that they exist. What has
//! no place of its own in a compiled workflow yet is read, checked and kept all the same.

mod afterwards;
mod conditions;
pub(crate) mod fields;
mod idle;
mod learning;
pub(crate) mod meant;
mod names;
pub(crate) mod node;
mod offered;
mod outside;
mod people;
pub(crate) mod reader;
mod sections;
mod slips;
mod spelling;
mod steps;
mod time;
mod top;
mod unclosed;
mod unreadable;
pub(crate) mod values;

use indexmap::IndexMap;

use super::condition::Bound;
use super::length::Length;
use super::{CountsAs, Phase};
use crate::finding::{Finding, Span};

pub(crate) use afterwards::{SCALE_MAX, VERSION_MAX};
pub(crate) use learning::{SYSTEMIC_CASES_MAX, WHYS_MAX};
pub(crate) use reader::RESERVED;
pub(crate) use steps::AT_MOST_MAX;

pub(crate) use conditions::BOUNDS;
pub use node::{FILE_BYTES_MAX, FILE_DEPTH_MAX, FILE_NODES_MAX, Node, Shape};
pub use sections::{
    AtMostPerCustomer, Calendar, Cause, Causes, Clock, Due, Extend, FollowUp, Keep, Late,
    LimitPart, Moves, Period, Promise, Question, Review, Row, Standard, Survey, Systemic,
};

/// The version of the language that this crate reads.
pub const LANGUAGE_VERSION: u32 = 1;
/// The most steps of a workflow.
pub const STEPS_MAX: usize = 2_000;
/// The most fields of a workflow.
pub const FIELDS_MAX: usize = 1_000;
/// The most findings reported of one file.
pub const FINDINGS_MAX: usize = 1_000;

/// A part of the file and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sp<T> {
    /// The part.
    pub value: T,
    /// Where it stands.
    pub span: Span,
}

/// Names that refer to something, with their places.
pub type Names = Vec<Sp<String>>;
/// What the file declares under names, in its order; the span is that of the name.
pub type Table<T> = IndexMap<String, Sp<T>>;

/// A workflow file.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Workflow {
    pub id: Sp<String>,
    pub version: Sp<u32>,
    pub title: Sp<String>,
    pub purpose: Option<Sp<String>>,
    pub owner: Option<Sp<String>>,
    pub model: Option<Sp<Model>>,
    pub calendars: Table<Calendar>,
    pub roles: Table<Role>,
    pub fields: Table<Field>,
    pub tables: Table<Vec<Row>>,
    pub limits: Table<Table<Vec<Sp<LimitPart>>>>,
    pub promises: Table<Promise>,
    pub clocks: Table<Clock>,
    pub causes: Option<Causes>,
    pub surveys: Table<Survey>,
    pub follow_ups: Table<FollowUp>,
    pub standards: Table<Standard>,
    pub keep: Option<Keep>,
    pub moves: Option<Moves>,
    pub start: Sp<String>,
    pub steps: Table<Step>,
    pub outcomes: Table<Outcome>,
    pub anywhere: Table<Action>,
}

/// Whose proofs the lint demands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Model {
    /// The H-E-A-R-D proofs are errors.
    Heard,
    /// They are off.
    Custom,
}

/// A role.
#[derive(Debug, Clone, Default)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Role {
    pub title: Option<Sp<String>>,
    pub reads_only: bool,
    pub system: bool,
}

/// The kind of a field.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the words of the language explain themselves")]
pub enum Kind {
    Text,
    LongText,
    YesNo,
    Choice,
    Number,
    Money,
    Date,
    Document,
    List,
}

/// A field. Values are as spelled; `values` turns them into what the kind wants.
#[derive(Debug, Clone, Default)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Field {
    pub ask: Option<Sp<String>>,
    pub kind: Option<Sp<Kind>>,
    pub of: Names,
    pub min: Option<Sp<String>>,
    pub max: Option<Sp<String>>,
    pub currency: Option<Sp<String>>,
    pub personal: Option<Sp<bool>>,
    pub limit: Option<Sp<String>>,
    pub pattern: Option<Sp<String>>,
    pub default: Option<Sp<String>>,
    pub from_table: Option<Sp<String>>,
    pub each_time: Option<Sp<bool>>,
}

/// What must hold.
#[derive(Debug, Clone)]
pub enum Condition {
    /// All of them.
    All(Vec<Self>),
    /// At least one of them.
    Any(Vec<Self>),
    /// The other way round.
    Not(Box<Self>),
    /// A test of one field.
    Test {
        /// The field.
        field: Sp<String>,
        /// What is asked of it.
        test: Sp<Test>,
    },
}

/// What is asked of a field. Values are as spelled.
#[derive(Debug, Clone)]
#[expect(missing_docs, reason = "the words of the language explain themselves")]
pub enum Test {
    OneOf(Vec<Sp<String>>),
    Within(Vec<(Bound, Sp<String>)>),
    Empty,
    Filled,
    OverLimit,
}

/// Something that must hold before a task or action.
#[derive(Debug, Clone)]
pub enum Need {
    /// The field is answered.
    Field(Sp<String>),
    /// The condition holds.
    Condition(Condition),
}

/// A step.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Step {
    pub phases: Vec<Sp<Phase>>,
    pub title: Option<Sp<String>>,
    pub say: Option<Sp<String>>,
    pub who: Option<Sp<Names>>,
    pub not_by: Names,
    pub needs: Vec<Need>,
    pub asks: Names,
    pub tasks: Table<Task>,
    /// `next` stands here as the action `done`.
    pub actions: Table<Action>,
    pub has_next: bool,
    pub due: Option<Due>,
    pub pauses: Option<Sp<bool>>,
    pub skills: Names,
}

/// A part of a step.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Task {
    pub title: Option<Sp<String>>,
    pub say: Option<Sp<String>>,
    pub who: Option<Sp<Names>>,
    pub not_by: Names,
    pub needs: Vec<Need>,
    pub asks: Names,
    pub due: Option<Due>,
}

/// A way out of a step.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Action {
    pub who: Option<Sp<Names>>,
    pub needs: Vec<Need>,
    pub tell: Names,
    /// Of an `anywhere` action only.
    pub not_in: Names,
    pub effects: Effects,
    pub rules: Vec<Rule>,
}

/// What an action or rule does beside leading on.
#[derive(Debug, Clone, Default)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Effects {
    pub gives: Names,
    pub takes_back: Names,
    pub approves: Names,
    pub makes: Names,
    pub keeps: Names,
}

/// One alternative of an action.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Rule {
    pub span: Span,
    pub when: Option<Condition>,
    pub go_to: Sp<String>,
    pub at_most: Option<Sp<u32>>,
    pub then: Option<Sp<String>>,
    pub effects: Effects,
}

/// An end of a case.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Outcome {
    pub title: Option<Sp<String>>,
    pub counts_as: Option<Sp<CountsAs>>,
    pub who: Option<Sp<Names>>,
    pub needs: Vec<Need>,
    pub tell: Names,
    pub reopen: Option<Reopen>,
}

/// How a closed case may be reopened.
#[derive(Debug, Clone)]
#[expect(
    missing_docs,
    reason = "every field is named by its word in the language"
)]
pub struct Reopen {
    pub to: Sp<String>,
    pub within: Option<Sp<Length>>,
}

/// Reads a workflow file: everything that is wrong with it, and the typed source where its
/// outline could be read. The source is good for compiling only if no finding is an error.
#[must_use]
pub fn read(bytes: &[u8]) -> (Option<Workflow>, Vec<Finding>) {
    let (node, mut findings) = match node::parse(bytes) {
        Ok(parsed) => parsed,
        Err(finding) => return (None, vec![*finding]),
    };
    let mut reader = reader::Reader::default();
    let workflow = top::workflow(&mut reader, &node);
    let misnamed = std::mem::take(&mut reader.misnamed);
    findings.append(&mut reader.into_findings());
    if let Some(workflow) = &workflow {
        let sound = !Finding::any_error(&findings);
        findings.append(&mut names::check(workflow, &misnamed, sound));
    }
    limit(&mut findings);
    (workflow, findings)
}

/// Puts findings into the file's order and cuts the list at [`FINDINGS_MAX`]. Errors are kept
/// first, so that no file passes by its many notes.
pub(crate) fn limit(findings: &mut Vec<Finding>) {
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.level));
    findings.truncate(FINDINGS_MAX);
    findings.sort_by_key(|finding| (finding.span, finding.code));
}

/// Reads the tree of a file, without asking what its words mean.
///
/// # Errors
///
/// The one fault that makes the file unreadable.
pub(crate) fn tree(bytes: &[u8]) -> Result<Node, Box<Finding>> {
    node::parse(bytes).map(|(node, _)| node)
}

/// Returns what is wrong with the words and values of a tree.
#[cfg(test)]
pub(crate) fn faults(node: &Node) -> Vec<Finding> {
    let mut reader = reader::Reader::default();
    drop(top::workflow(&mut reader, node));
    reader.into_findings()
}

#[cfg(test)]
mod tests;
