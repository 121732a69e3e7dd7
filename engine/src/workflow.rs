//! A compiled workflow: immutable tables that `decide` walks.
//!
//! Invariant: only [`compile`](self::compile) makes a [`Workflow`]; every index in it is valid.
//! Invariant: nothing of a workflow depends on anything but the bytes of its file.

pub mod causes;
pub mod compile;
pub mod condition;
pub mod draw;
mod field;
#[doc = include_str!("workflow/language.md")]
pub mod language {}
pub mod diff;
pub mod format;
pub mod limit;
pub mod logic;
mod reach;
mod role;
mod rule;
pub mod schema;
pub mod source;
pub mod table;
pub mod time;
pub(crate) mod ways;

use indexmap::IndexMap;

use crate::calendar::Calendar;
use crate::finding::Finding;
use crate::id::{
    ActionName, CalendarName, ClockName, Digest, FieldName, FollowUpName, LimitName, OutcomeName,
    PromiseName, RoleName, StepName, SurveyName, TaskName, Version, WorkflowId,
};

pub use crate::calendar::length;
pub use causes::{CauseNeed, Causes, Systemic};
pub use field::{Field, FieldKind, Max, Pattern};
pub use limit::Limit;
pub use role::{CUSTOMER, ROLES_MAX, Role, RoleSet};
pub use rule::{Action, AtMost, Effects, Rule, Target};

use condition::Condition;
use length::Length;
use table::Computed;
use time::{Clock, Due, FollowUp, Promise, Standard, Survey};

/// The name of the one action of a step with `next`.
pub const DONE: &str = "done";

/// The calendar that is used where none is named.
pub const DEFAULT_CALENDAR: &str = "default";

/// Reads and compiles a workflow, without lint, as for one already published.
///
/// # Errors
///
/// Every fault of reading and of names (H0xx, H1xx) at once.
pub fn load(bytes: &[u8]) -> Result<Workflow, Vec<Finding>> {
    let (source, findings) = source::read(bytes);
    match source {
        Some(source) if !Finding::any_error(&findings) => Ok(compile::compile(&source, bytes)),
        Some(_) | None => Err(findings),
    }
}

/// The id, version and digest of a workflow, as every entry of a case names it.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct WorkflowRef {
    /// Its id.
    pub id: WorkflowId,
    /// The digest of its bytes.
    pub sha256: Digest,
    /// Its version.
    pub version: Version,
}

/// A compiled workflow.
#[derive(Debug, Clone)]
pub struct Workflow {
    reference: WorkflowRef,
    title: String,
    calendars: IndexMap<CalendarName, Calendar>,
    always_open: Calendar,
    start: StepIndex,
    roles: IndexMap<RoleName, Role>,
    fields: IndexMap<FieldName, Field>,
    computed: Vec<Computed>,
    limits: IndexMap<LimitName, Limit>,
    promises: IndexMap<PromiseName, Promise>,
    clocks: IndexMap<ClockName, Clock>,
    surveys: IndexMap<SurveyName, Survey>,
    follow_ups: IndexMap<FollowUpName, FollowUp>,
    standards: IndexMap<String, Standard>,
    steps: IndexMap<StepName, Step>,
    outcomes: IndexMap<OutcomeName, Outcome>,
    anywhere: IndexMap<ActionName, Action>,
    causes: Option<Causes>,
    /// Something may follow from what happens to a case.
    has_consequences: bool,
}

macro_rules! indexes {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub(crate) u16);
    )+};
}

indexes! {
    /// The place of a step in the file's order.
    StepIndex;
    /// The place of an outcome in the file's order.
    OutcomeIndex;
    /// The place of a field in the file's order.
    FieldIndex;
    /// The place of a role: 0 is `customer`, the file's roles follow, least senior first.
    RoleIndex;
}

/// Which part of the H.E.A.R.D. method a step serves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[expect(missing_docs, reason = "the words of the method explain themselves")]
pub enum Phase {
    Hear,
    Empathize,
    Apologize,
    Resolve,
    Explain,
    Thank,
    Diagnose,
    FollowUp,
    Approve,
    Wait,
}

impl Phase {
    /// Every phase.
    pub const ALL: [Self; 10] = [
        Self::Hear,
        Self::Empathize,
        Self::Apologize,
        Self::Resolve,
        Self::Explain,
        Self::Thank,
        Self::Diagnose,
        Self::FollowUp,
        Self::Approve,
        Self::Wait,
    ];

    /// Returns its word in the language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Hear => "hear",
            Self::Empathize => "empathize",
            Self::Apologize => "apologize",
            Self::Resolve => "resolve",
            Self::Explain => "explain",
            Self::Thank => "thank",
            Self::Diagnose => "diagnose",
            Self::FollowUp => "follow_up",
            Self::Approve => "approve",
            Self::Wait => "wait",
        }
    }
}

/// A step.
#[derive(Debug, Clone)]
pub struct Step {
    /// Its name.
    pub name: StepName,
    /// What people call it.
    pub title: String,
    /// What to say to the customer; empty where the file says nothing.
    pub say: String,
    /// Its phases, in order, at least one.
    pub phases: Vec<Phase>,
    /// Who may act in it: as written, or the union of its tasks.
    pub who: RoleSet,
    /// What must hold for each of its actions.
    pub needs: Vec<Need>,
    /// Fields shown and recorded here, not required.
    pub asks: Vec<FieldIndex>,
    /// Nobody who acted in one of these steps acts here.
    pub not_by: Vec<StepName>,
    /// Its tasks in the file's order.
    pub tasks: IndexMap<TaskName, Task>,
    /// Its actions in the file's order. `next` is one action, [`DONE`].
    pub actions: IndexMap<ActionName, Action>,
    /// The way on was written as `next`: taken by itself when the last task is done.
    pub has_next: bool,
    /// Fields that become empty when it is entered: `each_time` and named in it.
    pub empties: Vec<FieldIndex>,
    /// Fields that are certainly filled when it is entered, on every way from the start.
    pub filled: Vec<FieldIndex>,
    /// When it is due after it was entered.
    pub due: Option<Due>,
    /// Operational clocks stand still in it.
    pub pauses: bool,
    /// What somebody it is assigned to must know.
    pub skills: Vec<String>,
}

/// A part of a step.
#[derive(Debug, Clone)]
pub struct Task {
    /// What people call it.
    pub title: String,
    /// What to say; empty where the file says nothing.
    pub say: String,
    /// Who may do it.
    pub who: RoleSet,
    /// Nobody who acted in one of these steps does it.
    pub not_by: Vec<StepName>,
    /// What must hold.
    pub needs: Vec<Need>,
    /// Fields shown and recorded, not required.
    pub asks: Vec<FieldIndex>,
    /// When it is due after its step was entered.
    pub due: Option<Due>,
}

/// Something that must hold before a task or action.
#[derive(Debug, Clone)]
pub enum Need {
    /// The field is answered.
    Field(FieldIndex),
    /// The condition holds.
    Condition(Condition),
}

/// An end of a case.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// Its name.
    pub name: OutcomeName,
    /// What people call it.
    pub title: String,
    /// How it counts.
    pub counts_as: CountsAs,
    /// Who may lead a case there; everybody where the file says nothing.
    pub who: Option<RoleSet>,
    /// What must hold.
    pub needs: Vec<Need>,
    /// Who is told.
    pub tell: Vec<RoleName>,
    /// Where and how long a case closed so may be reopened.
    pub reopen: Option<Reopen>,
}

/// How an outcome counts.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, serde::Serialize, serde::Deserialize,
)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the words of the language explain themselves")]
pub enum CountsAs {
    Resolved,
    NotResolved,
    Withdrawn,
    Referred,
}

impl CountsAs {
    /// Every way to count.
    pub const ALL: [Self; 4] = [
        Self::Resolved,
        Self::NotResolved,
        Self::Withdrawn,
        Self::Referred,
    ];

    /// Returns its word in the language.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resolved => "resolved",
            Self::NotResolved => "not_resolved",
            Self::Withdrawn => "withdrawn",
            Self::Referred => "referred",
        }
    }
}

/// How a closed case may be reopened.
#[derive(Debug, Clone, Copy)]
pub struct Reopen {
    /// Into this step.
    pub to: StepIndex,
    /// So long after the last closing.
    pub within: Length,
}

#[expect(
    clippy::indexing_slicing,
    reason = "indexes are made by compile only, which takes them from these very tables"
)]
impl Workflow {
    /// Returns its id, version and digest.
    #[must_use]
    pub const fn reference(&self) -> &WorkflowRef {
        &self.reference
    }

    /// Returns its title.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Returns the IANA time zone of the `default` calendar, `UTC` without one.
    #[must_use]
    pub fn zone(&self) -> &str {
        self.calendar(None).zone()
    }

    /// Returns its calendars in the file's order.
    #[must_use]
    pub const fn calendars(&self) -> &IndexMap<CalendarName, Calendar> {
        &self.calendars
    }

    /// Returns the calendar of this name, `default` where none is named, and one that is always
    /// open, in UTC, where the file has none.
    #[must_use]
    pub fn calendar(&self, name: Option<&str>) -> &Calendar {
        let found = self.calendars.get(name.unwrap_or(DEFAULT_CALENDAR));
        found.unwrap_or(&self.always_open)
    }

    /// Returns the step in which a case begins.
    #[must_use]
    pub fn start(&self) -> &Step {
        self.step_at(self.start)
    }

    /// Returns its roles; the first is [`CUSTOMER`].
    #[must_use]
    pub const fn roles(&self) -> &IndexMap<RoleName, Role> {
        &self.roles
    }

    /// Finds a role.
    #[must_use]
    pub fn role(&self, name: &str) -> Option<(RoleIndex, &Role)> {
        let (index, _, role) = self.roles.get_full(name)?;
        Some((RoleIndex(u16::try_from(index).ok()?), role))
    }

    /// Returns the names of the roles of a set, least senior first.
    pub fn role_names(&self, set: RoleSet) -> impl Iterator<Item = &RoleName> {
        let in_set = move |index: usize| {
            u16::try_from(index).is_ok_and(|index| set.contains(RoleIndex(index)))
        };
        self.roles
            .keys()
            .enumerate()
            .filter(move |(index, _)| in_set(*index))
            .map(|(_, name)| name)
    }

    /// Returns its fields in the file's order.
    #[must_use]
    pub const fn fields(&self) -> &IndexMap<FieldName, Field> {
        &self.fields
    }

    /// Finds a field.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<(FieldIndex, &Field)> {
        let (index, _, field) = self.fields.get_full(name)?;
        Some((FieldIndex(u16::try_from(index).ok()?), field))
    }

    /// Returns the name and definition of a field.
    #[must_use]
    pub fn field_at(&self, index: FieldIndex) -> (&FieldName, &Field) {
        let entry = self.fields.get_index(usize::from(index.0));
        // `compile` made the index from this table.
        entry.unwrap_or_else(|| unreachable!("field index beyond the table"))
    }

    /// Returns whether anything may follow from what happens to a case: a field is computed, or
    /// something runs by its time.
    #[must_use]
    pub const fn has_consequences(&self) -> bool {
        self.has_consequences
    }

    /// Returns its computed fields, each after those it is computed from.
    #[must_use]
    pub fn computed(&self) -> &[Computed] {
        &self.computed
    }

    /// Returns how much each role may give without asking, in the file's order.
    #[must_use]
    pub const fn limits(&self) -> &IndexMap<LimitName, Limit> {
        &self.limits
    }

    /// Returns the limit of a field; none where it has none.
    #[must_use]
    pub fn limit_of(&self, field: FieldIndex) -> Option<(&LimitName, &Limit)> {
        let limit = self.field_at(field).1.limit.as_ref()?;
        self.limits.get_key_value(limit)
    }

    /// Returns what customers may be promised, in the file's order.
    #[must_use]
    pub const fn promises(&self) -> &IndexMap<PromiseName, Promise> {
        &self.promises
    }

    /// Returns its deadlines that span steps, in the file's order.
    #[must_use]
    pub const fn clocks(&self) -> &IndexMap<ClockName, Clock> {
        &self.clocks
    }

    /// Returns its surveys in the file's order.
    #[must_use]
    pub const fn surveys(&self) -> &IndexMap<SurveyName, Survey> {
        &self.surveys
    }

    /// Returns what is to be done after closing, in the file's order.
    #[must_use]
    pub const fn follow_ups(&self) -> &IndexMap<FollowUpName, FollowUp> {
        &self.follow_ups
    }

    /// Returns its service standards in the file's order.
    #[must_use]
    pub const fn standards(&self) -> &IndexMap<String, Standard> {
        &self.standards
    }

    /// Returns its steps in the file's order.
    pub fn steps(&self) -> impl Iterator<Item = &Step> {
        self.steps.values()
    }

    /// Finds a step.
    #[must_use]
    pub fn step(&self, name: &str) -> Option<(StepIndex, &Step)> {
        let (index, _, step) = self.steps.get_full(name)?;
        Some((StepIndex(u16::try_from(index).ok()?), step))
    }

    /// Returns a step.
    #[must_use]
    pub fn step_at(&self, index: StepIndex) -> &Step {
        &self.steps[usize::from(index.0)]
    }

    /// Returns its outcomes in the file's order.
    pub fn outcomes(&self) -> impl Iterator<Item = &Outcome> {
        self.outcomes.values()
    }

    /// Finds an outcome.
    #[must_use]
    pub fn outcome(&self, name: &str) -> Option<&Outcome> {
        self.outcomes.get(name)
    }

    /// Returns an outcome.
    #[must_use]
    pub fn outcome_at(&self, index: OutcomeIndex) -> &Outcome {
        &self.outcomes[usize::from(index.0)]
    }

    /// Returns the actions possible in every step, in the file's order.
    #[must_use]
    pub const fn anywhere(&self) -> &IndexMap<ActionName, Action> {
        &self.anywhere
    }

    /// Returns the rules of diagnosis, where the file has any.
    #[must_use]
    pub const fn causes(&self) -> Option<&Causes> {
        self.causes.as_ref()
    }
}
