//! Numbers of many cases, by workflow and by period, and how they stand to the standards.
//!
//! Invariant: a report of cases taken together is the sum of the reports of its parts.

use std::collections::BTreeMap;

use super::goal::Goal;
use super::numbers::{Numbers, Sheet, count};
use super::period::Period;
use super::spread::Sum;
use super::{Measures, Window};
use crate::calendar::Calendar;
use crate::id::{Version, WorkflowId};
use crate::time::{Date, Timestamp};
use crate::workflow::Workflow;

/// The most rows a report may have: of versions of workflows, each in each period.
pub const GROUPS_MAX: usize = 400;

/// What a report is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Scope {
    /// The instant as of which cases are open or closed.
    pub as_of: Timestamp,
    /// The first local day; all before it too where it is not said.
    pub from: Option<Date>,
    /// The last local day.
    pub to: Option<Date>,
    /// What it is divided into.
    pub period: Period,
}

impl Scope {
    /// Returns whether a day is asked for.
    #[must_use]
    pub fn contains(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.to.is_none_or(|to| day <= to)
    }
}

/// A row of a report.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Group {
    /// Its cases were brought in from another system.
    pub is_imported: bool,
    /// The workflow of its cases.
    pub workflow: WorkflowId,
    /// The version of the workflow.
    pub version: Version,
    /// The first day of its period; none where the report is not divided.
    pub since: Option<Date>,
}

/// A report would have more rows than [it may](GROUPS_MAX).
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "the report would have more than {GROUPS_MAX} rows; ask for longer periods, for fewer days or \
     for one workflow"
)]
pub struct TooMany;

/// Numbers of many cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    scope: Scope,
    groups: BTreeMap<Group, Numbers>,
    goals: BTreeMap<(WorkflowId, String), Goal>,
}

impl Report {
    /// Begins a report without cases.
    #[must_use]
    pub const fn new(scope: Scope) -> Self {
        Self {
            scope,
            groups: BTreeMap::new(),
            goals: BTreeMap::new(),
        }
    }

    /// Holds the cases of a workflow, of every version, against the standards of this version.
    /// To be said before the cases come.
    pub fn hold_against(&mut self, workflow: &Workflow) {
        let today = workflow.calendar(None).local_date(self.scope.as_of);
        let last = self.scope.to.map_or(today, |to| to.min(today));
        for (name, standard) in workflow.standards() {
            let key = (workflow.reference().id.clone(), name.clone());
            let window = Window::ending(last, standard.window);
            self.goals.insert(key, Goal::new(standard, window));
        }
    }

    /// Returns whether a case whose last entry is of this instant can count anywhere. What is
    /// older than every day asked for need not be read.
    #[must_use]
    pub fn may_count(&self, workflow: &Workflow, updated_at: Timestamp) -> bool {
        let day = workflow.calendar(None).local_date(updated_at);
        let id = &workflow.reference().id;
        let mut goals = self.goals.iter().filter(|((of, _), _)| of == id);
        self.scope.from.is_none_or(|from| from <= day)
            || goals.any(|(_, goal)| goal.window.first <= day)
    }

    /// Adds a case.
    ///
    /// # Errors
    ///
    /// [`TooMany`] rows; the report is of no more use then.
    pub fn add(&mut self, workflow: &Workflow, measures: &Measures) -> Result<(), TooMany> {
        let calendar = workflow.calendar(None);
        let mut sheet = Rows {
            scope: self.scope,
            calendar,
            row: Group {
                is_imported: measures.is_imported,
                workflow: measures.workflow.id.clone(),
                version: measures.workflow.version,
                since: None,
            },
            groups: &mut self.groups,
            elsewhere: Numbers::default(),
        };
        count(measures, self.scope.as_of, &mut sheet);
        if self.groups.len() > GROUPS_MAX {
            return Err(TooMany);
        }
        if measures.is_imported {
            return Ok(());
        }
        for ((id, _), goal) in &mut self.goals {
            if *id == measures.workflow.id {
                goal.count(calendar, self.scope.as_of, measures);
            }
        }
        Ok(())
    }

    /// Returns what was asked for.
    #[must_use]
    pub const fn scope(&self) -> &Scope {
        &self.scope
    }

    /// Returns every row.
    #[must_use]
    pub const fn groups(&self) -> &BTreeMap<Group, Numbers> {
        &self.groups
    }

    /// Returns the numbers of all cases, those brought in from another system left out.
    #[must_use]
    pub fn total(&self) -> Numbers {
        let all = self.by(|group| (!group.is_imported).then_some(()));
        all.into_values().next().unwrap_or_default()
    }

    /// Returns the numbers of the cases brought in from another system: what happened to them
    /// before is not known, so they stand apart.
    #[must_use]
    pub fn imported(&self) -> Numbers {
        let all = self.by(|group| group.is_imported.then_some(()));
        all.into_values().next().unwrap_or_default()
    }

    /// Returns the numbers of each version of each workflow.
    #[must_use]
    pub fn by_workflow(&self) -> BTreeMap<(WorkflowId, Version), Numbers> {
        let own = |group: &Group| (!group.is_imported).then_some(());
        self.by(|group| own(group).map(|()| (group.workflow.clone(), group.version)))
    }

    /// Returns the numbers of each period by its first day; nothing where it is not divided.
    #[must_use]
    pub fn by_period(&self) -> BTreeMap<Date, Numbers> {
        self.by(|group| group.since.filter(|_| !group.is_imported))
    }

    /// Returns the standards, each with how it is met.
    #[must_use]
    pub const fn goals(&self) -> &BTreeMap<(WorkflowId, String), Goal> {
        &self.goals
    }

    fn by<K: Ord>(&self, key: impl Fn(&Group) -> Option<K>) -> BTreeMap<K, Numbers> {
        let mut sums: BTreeMap<K, Numbers> = BTreeMap::new();
        for (group, numbers) in &self.groups {
            if let Some(key) = key(group) {
                sums.entry(key).or_default().sum(numbers);
            }
        }
        sums
    }
}

/// Adds a report of other cases, asked for alike and held against the same standards.
impl Sum for Report {
    fn sum(&mut self, other: &Self) {
        self.groups.sum(&other.groups);
        for (key, goal) in &other.goals {
            match self.goals.get_mut(key) {
                Some(own) => own.numbers.sum(&goal.numbers),
                None => drop(self.goals.insert(key.clone(), goal.clone())),
            }
        }
    }
}

/// The rows of a report that one case adds to.
struct Rows<'r> {
    scope: Scope,
    calendar: &'r Calendar,
    /// The row of the case; its period is that of each instant.
    row: Group,
    groups: &'r mut BTreeMap<Group, Numbers>,
    /// What is not asked for.
    elsewhere: Numbers,
}

impl Sheet for Rows<'_> {
    fn at(&mut self, at: Timestamp) -> &mut Numbers {
        let day = self.calendar.local_date(at);
        if !self.scope.contains(day) {
            return &mut self.elsewhere;
        }
        let since = self.scope.period.first_day(day);
        let row = Group {
            since,
            ..self.row.clone()
        };
        self.groups.entry(row).or_default()
    }
}
