//! A scenario as it is run: people, a story and what it must come to.
//!
//! Invariant: every name in it exists in the workflow, and every value suits its field.

use indexmap::IndexMap;

use crate::case::{CauseRef, DeadlineKind, DeadlineName};
use crate::code::Code;
use crate::finding::Span;
use crate::id::{
    ClockName, FieldName, FollowUpName, PromiseName, QuestionName, RoleName, StepName, SurveyName,
};
use crate::money::Money;
use crate::time::Timestamp;
use crate::value::Value;
use crate::workflow::length::Length;

/// The most scenarios of a file.
pub const SCENARIOS_MAX: usize = 1_000;
/// The most lines of a story.
pub const STORY_LINES_MAX: usize = 200;

/// A scenarios file, read against its workflow.
#[derive(Debug, Clone)]
pub struct Scenarios {
    /// When every story begins.
    pub clock: Timestamp,
    /// Who acts, and in which role where a line says no other.
    pub people: IndexMap<String, RoleName>,
    /// The scenarios, in the file's order.
    pub scenarios: Vec<Scenario>,
}

/// A story, and what it must come to.
#[derive(Debug, Clone)]
pub struct Scenario {
    /// Its name, for people.
    pub name: String,
    /// Where the name stands.
    pub span: Span,
    /// What happens, in order.
    pub story: Vec<Line>,
    /// What must be so at the end.
    pub then: Vec<Expected>,
}

/// A line of a story.
#[derive(Debug, Clone)]
pub struct Line {
    /// Where it stands.
    pub span: Span,
    /// What happens.
    pub doing: Doing,
}

/// What happens in a line.
#[derive(Debug, Clone)]
pub enum Doing {
    /// The customer's complaint is opened as a case.
    Open(Opening),
    /// The case comes in from another system, in the middle of its way.
    StartAt {
        /// The step it is in.
        step: StepName,
        /// The answers that matter to the story; what else every case has there is made up.
        answers: Vec<(FieldName, Value)>,
        /// When the complaint was received.
        opening: Opening,
    },
    /// Time passes.
    Wait(Length),
    /// Time passes until then.
    Until(Timestamp),
    /// A person does something.
    Person(Deed),
}

/// When a complaint was received.
#[derive(Debug, Clone, Copy, Default)]
pub struct Opening {
    /// None where that is when the case is opened.
    pub received_at: Option<Timestamp>,
}

/// What a person does.
#[derive(Debug, Clone)]
pub struct Deed {
    /// The person, by the name the file gives them.
    pub person: String,
    /// The role they act in.
    pub role: RoleName,
    /// What they do.
    pub what: What,
    /// The refusals that are expected; empty where none is.
    pub refused: Vec<Code>,
}

/// What a person can do.
#[derive(Debug, Clone)]
pub enum What {
    /// Do a task or take an action.
    Advance {
        /// The step named before the point, if one is: the case must be in it.
        within: Option<StepName>,
        /// The task or action.
        name: String,
        /// The answers that come with it.
        answers: Vec<(FieldName, Value)>,
        /// Why.
        reason: Option<String>,
    },
    /// Add a note.
    Note(String),
    /// Correct an answer.
    Correct {
        /// The field.
        field: FieldName,
        /// What it should have been.
        value: Value,
        /// Why.
        reason: String,
    },
    /// Record a root cause.
    Cause {
        /// The cause.
        cause: CauseRef,
        /// The chain of whys, by default made up and as long as the workflow asks.
        whys: Vec<String>,
    },
    /// Open the closed case again.
    Reopen(String),
    /// Record that the customer and we were in contact.
    Contact {
        /// The customer contacted us; else we contacted the customer.
        from_customer: bool,
    },
    /// Give a promise another due time.
    Renegotiate {
        /// The promise.
        promise: PromiseName,
        /// When it is due from now on.
        due: Timestamp,
        /// How the customer agreed.
        consent: String,
    },
    /// Extend a clock.
    Extend {
        /// The clock.
        clock: ClockName,
        /// Why.
        reason: Option<String>,
    },
    /// Record what the customer answered to a survey.
    Survey {
        /// The survey.
        survey: SurveyName,
        /// The answers, each within its scale.
        answers: Vec<(QuestionName, u32)>,
        /// What the customer added.
        comment: Option<String>,
    },
    /// Do a follow-up.
    FollowUp {
        /// The follow-up.
        follow_up: FollowUpName,
        /// What was heard.
        note: Option<String>,
    },
}

/// Something that must be so at the end.
#[derive(Debug, Clone)]
pub struct Expected {
    /// Where it stands.
    pub span: Span,
    /// What must be so.
    pub hope: Hope,
}

/// What can be expected.
#[derive(Debug, Clone)]
pub enum Hope {
    /// The case is in this step, or closed with this outcome.
    At(String),
    /// The answer of a field.
    Answer(FieldName, Wish),
    /// So much of a field is given in the case and not taken back; none for nothing.
    Given(FieldName, Option<Money>),
    /// Nothing at all is given in the case, or all of it was taken back.
    NothingGiven,
    /// The case owes a root cause, or does not.
    OwesCause(bool),
    /// In these roles people were told something in the story, and in no others.
    Told(Vec<RoleName>),
    /// To these deadlines it happened, and to no others.
    Exactly(Fate, Vec<DeadlineName>),
    /// The deadline runs and is due at this minute; none where it does not run.
    Due(DeadlineName, Option<Timestamp>),
}

/// What may become of a deadline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// A promise was not kept by its due time, or the case was closed with it owed.
    Broken,
    /// A promise was kept, in time or late.
    Kept,
    /// A promise is neither kept nor given up.
    Owed,
    /// A clock, a step or a task was late.
    Late,
    /// A survey was sent.
    Sent,
    /// A follow-up is to be done.
    ToDo,
}

impl Fate {
    /// Every fate, in the order in which they are told.
    pub const ALL: [Self; 6] = [
        Self::Broken,
        Self::Kept,
        Self::Owed,
        Self::Late,
        Self::Sent,
        Self::ToDo,
    ];

    /// Returns its word in `then`.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Broken => "broken",
            Self::Kept => "kept",
            Self::Owed => "owed",
            Self::Late => "late",
            Self::Sent => "sent",
            Self::ToDo => "to_do",
        }
    }

    /// Returns the kinds of deadlines it may befall.
    #[must_use]
    pub const fn kinds(self) -> &'static [DeadlineKind] {
        match self {
            Self::Broken | Self::Kept | Self::Owed => &[DeadlineKind::Promise],
            Self::Late => &[DeadlineKind::Clock, DeadlineKind::Due],
            Self::Sent => &[DeadlineKind::Survey],
            Self::ToDo => &[DeadlineKind::FollowUp],
        }
    }
}

/// What is expected of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wish {
    /// There is none.
    Empty,
    /// There is one.
    Filled,
    /// It is this.
    Is(Value),
}
