//! What many closed cases taught: their root causes, what they cost, what was done and whether it
//! worked.
//!
//! Invariant: every number comes from folded cases and names those it counts.
//! Invariant: no number about a person; agreement is of verdicts, whoever gave them.

mod actions;
mod agreed;
pub(super) mod found;
mod going;
#[cfg(test)]
pub(super) mod tests;

use std::collections::BTreeMap;

use super::pareto::{By, Item, Pareto, pareto};
use super::spread::{Compensation, compensations};
use super::{Agreement, CASES_NAMED_MAX};
use crate::case::booking::Booking;
use crate::case::{Case, CauseRef, Deadline, DeadlineKind, Verdict};
use crate::id::{CaseId, FailureName, ReportingName, WorkflowId};
use crate::measure::Share;
use crate::money::{Currency, Money};
use crate::time::{Date, Timestamp};
use crate::workflow::{CauseNeed, Workflow};

use found::Found;

pub use actions::{Overdue, Tried};
pub use going::{Goes, Going};

/// A root cause among those of all workflows.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Key {
    /// The workflow whose taxonomy it is of.
    pub workflow: WorkflowId,
    /// The cause.
    pub cause: CauseRef,
}

/// Which cases are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Days {
    /// The instant as of which something is overdue or open.
    pub as_of: Timestamp,
    /// The first local day of closing; all before it too where it is not said.
    pub from: Option<Date>,
    /// The last local day of closing.
    pub to: Option<Date>,
}

/// Some cases: how many, and the first of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Named {
    /// How many.
    pub total: u64,
    /// These cases as they came, at most [`CASES_NAMED_MAX`].
    pub cases: Vec<CaseId>,
}

/// A closed case and what it taught.
#[derive(Debug, Clone)]
struct Lesson {
    case: CaseId,
    day: Date,
    cause: Option<Key>,
    is_undetermined: bool,
    is_proactive: bool,
    failure: Option<FailureName>,
    reporting: Option<ReportingName>,
    policy_id: Option<String>,
    costs: BTreeMap<Currency, u64>,
    severity: u64,
}

/// What many closed cases taught. A case that is open is in nothing but what is overdue, what was
/// tried and the verdicts of its reviewers; these, and what is owed, are of all days: an action is
/// judged by windows that may begin before the first, and what is owed is owed whatever is asked.
#[derive(Debug, Clone)]
pub struct Lessons {
    days: Days,
    taught: Vec<Lesson>,
    closings: BTreeMap<WorkflowId, actions::Closings>,
    tried: Vec<actions::Done>,
    overdue: Vec<Overdue>,
    verdicts: Vec<(CaseId, agreed::Pair)>,
    owed: Vec<CaseId>,
}

impl Lessons {
    /// Begins without cases.
    #[must_use]
    pub const fn new(days: Days) -> Self {
        Self {
            days,
            taught: Vec::new(),
            closings: BTreeMap::new(),
            tried: Vec::new(),
            overdue: Vec::new(),
            verdicts: Vec::new(),
            owed: Vec::new(),
        }
    }

    /// Adds a case, once. One that was merged into another taught nothing: that one goes on for
    /// both.
    pub fn add(&mut self, workflow: &Workflow, id: CaseId, case: &Case) {
        if case.merged_into().is_some() {
            return;
        }
        let calendar = workflow.calendar(None);
        let pairs = agreed::verdicts(case).into_iter();
        self.verdicts.extend(pairs.map(|pair| (id, pair)));
        let overdue = actions::overdue(calendar, self.days.as_of, id, case);
        self.overdue.extend(overdue);
        for cause in case.causes() {
            self.tried.extend(actions::done(workflow, id, cause));
        }
        let Some(closing) = case.closing() else {
            return;
        };
        if case.owes_cause() {
            self.owed.push(id);
        }
        let found = Found::of(case);
        self.add_closing(id, case, found.as_ref());
        let day = calendar.local_date(closing.at);
        if !self.contains(day) {
            return;
        }
        self.taught.push(Lesson {
            case: id,
            day,
            is_undetermined: found
                .as_ref()
                .is_some_and(|found| is_undetermined(workflow, &found.key)),
            is_proactive: case.is_proactive(),
            failure: found.as_ref().and_then(|found| found.failure.clone()),
            reporting: found.as_ref().and_then(|found| found.reporting.clone()),
            policy_id: found.as_ref().and_then(|found| found.policy_id.clone()),
            cause: found.map(|found| found.key),
            costs: costs(case.bookings()),
            severity: severity(case),
        });
    }

    /// Adds a case of a workflow that was not asked for, once: it is only in the rates before and
    /// after what was done against the cause that it took by link.
    pub fn add_elsewhere(&mut self, id: CaseId, case: &Case) {
        self.add_closing(id, case, Found::of(case).as_ref());
    }

    /// Adds a case to the rates of its cause, where it was closed and has one.
    fn add_closing(&mut self, id: CaseId, case: &Case, found: Option<&Found>) {
        // How many cases we open ourselves says nothing of how often something comes.
        if let Some((closing, Found { key, .. })) = case.closing().zip(found)
            && !case.is_proactive()
        {
            let of_workflow = self.closings.entry(key.workflow.clone()).or_default();
            of_workflow.add(closing.at, id, key.cause.clone());
        }
    }

    fn contains(&self, day: Date) -> bool {
        let Days { from, to, .. } = self.days;
        from.is_none_or(|from| from <= day) && to.is_none_or(|to| day <= to)
    }

    /// Returns which cases are counted.
    #[must_use]
    pub const fn days(&self) -> &Days {
        &self.days
    }

    /// Returns the cases that were closed in these days.
    #[must_use]
    pub fn closed(&self) -> Named {
        self.named(|_| true)
    }

    fn named(&self, is_counted: impl Fn(&Lesson) -> bool) -> Named {
        let counted = self.taught.iter().filter(|lesson| is_counted(lesson));
        Named::of(counted.map(|lesson| lesson.case))
    }

    /// Returns the causes by what their cases come to.
    #[must_use]
    pub fn causes(&self, by: By, rows_max: Option<usize>) -> Pareto<Key> {
        self.pareto(by, rows_max, |lesson| lesson.cause.clone())
    }

    /// Returns the policies at fault by what their cases come to.
    #[must_use]
    pub fn policies(&self, by: By, rows_max: Option<usize>) -> Pareto<String> {
        self.pareto(by, rows_max, |lesson| lesson.policy_id.clone())
    }

    /// Returns what failed for customers by what the cases come to.
    #[must_use]
    pub fn failures(&self, by: By, rows_max: Option<usize>) -> Pareto<FailureName> {
        self.pareto(by, rows_max, |lesson| lesson.failure.clone())
    }

    /// Returns the headings of the regulator by what their cases come to.
    #[must_use]
    pub fn headings(&self, by: By, rows_max: Option<usize>) -> Pareto<ReportingName> {
        self.pareto(by, rows_max, |lesson| lesson.reporting.clone())
    }

    fn pareto<K: Ord>(
        &self,
        by: By,
        rows_max: Option<usize>,
        key: impl Fn(&Lesson) -> Option<K>,
    ) -> Pareto<K> {
        let items = self.taught.iter().filter_map(|lesson| {
            Some(Item {
                cause: key(lesson)?,
                case: lesson.case,
                costs: lesson.costs.clone(),
                severity: lesson.severity,
            })
        });
        pareto(items, by, rows_max)
    }

    /// Returns the currencies in which something was given, in their order.
    #[must_use]
    pub fn currencies(&self) -> Vec<Currency> {
        let costs = self.taught.iter().flat_map(|lesson| lesson.costs.keys());
        let mut currencies: Vec<Currency> = costs.copied().collect();
        currencies.sort_unstable();
        currencies.dedup();
        currencies
    }

    /// Returns the closed cases that owe a root cause, of all days: what is owed is owed until one
    /// stands.
    #[must_use]
    pub fn owed(&self) -> Named {
        Named::of(self.owed.iter().copied())
    }

    /// Returns the cases with a root cause whose cause is undetermined, and of how many: those that
    /// the workflow wants to be looked at again on a day.
    #[must_use]
    pub fn undetermined(&self) -> (Named, Share) {
        let named = self.named(|lesson| lesson.is_undetermined);
        let with_cause = self.taught.iter().filter(|lesson| lesson.cause.is_some());
        let share = Share {
            met: named.total,
            of: count(with_cause.count()),
        };
        (named, share)
    }

    /// Returns how well verdicts of two reviewers on one diagnosis agree, and the cases they are
    /// of; none of no such pair.
    #[must_use]
    pub fn agreement(&self) -> Option<(Agreement, Named)> {
        let pairs = self.verdicts.iter().map(|(_, pair)| pair.clone());
        let mut cases: Vec<CaseId> = self.verdicts.iter().map(|(case, _)| *case).collect();
        cases.sort_unstable();
        cases.dedup();
        Some((super::kappa(pairs)?, Named::of(cases)))
    }

    /// Returns the actions that are not done and whose day is over, the oldest first.
    #[must_use]
    pub fn overdue(&self) -> Vec<&Overdue> {
        let mut overdue: Vec<&Overdue> = self.overdue.iter().collect();
        overdue.sort_by_key(|late| (late.due, late.case, late.number, late.action));
        overdue
    }

    /// Returns how often each cause came before and after each action against it that was done, in
    /// the order in which they were done.
    #[must_use]
    pub fn tried(&self) -> Vec<Tried> {
        let closings = self.closings.iter();
        let closings = closings.map(|(workflow, closings)| (workflow.clone(), closings.in_order()));
        let closings = closings.collect();
        let tried = self.tried.iter();
        let mut tried: Vec<Tried> = tried
            .map(|done| done.tried(&closings, self.days.as_of))
            .collect();
        tried.sort_by_key(|one| (one.done_at, one.case, one.number, one.version, one.action));
        tried
    }

    /// Returns the spread of what was given in cases of one cause in which the same failed, with
    /// the cases. Cases that were given nothing are not in it.
    #[must_use]
    pub fn compensations(&self) -> BTreeMap<(Like, Currency), (Compensation, Named)> {
        let mut named: BTreeMap<(Like, Currency), Named> = BTreeMap::new();
        let mut given: Vec<(Like, Money)> = Vec::new();
        for lesson in &self.taught {
            let Some(cause) = &lesson.cause else {
                continue;
            };
            let like = Like {
                cause: cause.clone(),
                failure: lesson.failure.clone(),
            };
            for (currency, minor) in &lesson.costs {
                let group = (like.clone(), *currency);
                named.entry(group).or_default().add(lesson.case);
                let minor = i64::try_from(*minor).unwrap_or(i64::MAX);
                let currency = *currency;
                given.push((like.clone(), Money { currency, minor }));
            }
        }
        let spreads = compensations(given).into_iter();
        spreads
            .map(|(group, spread)| {
                let named = named.remove(&group).unwrap_or_default();
                (group, (spread, named))
            })
            .collect()
    }
}

/// What makes cases alike, so that what they were given may be compared.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Like {
    /// Their root cause.
    pub cause: Key,
    /// What failed for the customer.
    pub failure: Option<FailureName>,
}

impl Named {
    /// Names cases.
    pub(super) fn of(cases: impl IntoIterator<Item = CaseId>) -> Self {
        let mut named = Self::default();
        for case in cases {
            named.add(case);
        }
        named
    }

    fn add(&mut self, case: CaseId) {
        self.total += 1;
        if self.cases.len() < CASES_NAMED_MAX {
            self.cases.push(case);
        }
    }
}

/// Returns whether a workflow wants a cause to be looked at again on a day. Of a cause of another
/// workflow it cannot say so.
pub(super) fn is_undetermined(workflow: &Workflow, key: &Key) -> bool {
    let causes = workflow.causes();
    let causes = causes.filter(|_| workflow.reference().id == key.workflow);
    let group = causes.and_then(|causes| causes.categories.get(&key.cause.group));
    let chosen = group.and_then(|group| group.get(&key.cause.name));
    chosen.is_some_and(|cause| cause.needs.contains(&CauseNeed::ReviewDate))
}

/// Returns what was given and not taken back, in minor units of each currency.
fn costs(bookings: &[Booking]) -> BTreeMap<Currency, u64> {
    let mut sums: BTreeMap<Currency, u64> = BTreeMap::new();
    for Booking { amount, .. } in bookings {
        let sum = sums.entry(amount.currency).or_default();
        *sum = sum.saturating_add(u64::try_from(amount.minor).unwrap_or(0));
    }
    sums
}

/// Returns how much a case weighs: 1 for the complaint, and 1 for each reopening, each promise that
/// was broken and each clock that was late, each by its last run.
fn severity(case: &Case) -> u64 {
    let counts = |kind: DeadlineKind| match kind {
        DeadlineKind::Clock | DeadlineKind::Promise => true,
        DeadlineKind::Due
        | DeadlineKind::Survey
        | DeadlineKind::FollowUp
        | DeadlineKind::CauseAction
        | DeadlineKind::Effect
        | DeadlineKind::CauseReview => false,
    };
    let late = case.deadlines().filter(|(name, deadline)| {
        counts(name.kind()) && (deadline.is_late() || is_broken(deadline))
    });
    u64::from(case.opening()) + count(late.count())
}

fn is_broken(deadline: &Deadline) -> bool {
    let stopped = deadline.stopped.as_ref();
    stopped.is_some_and(|stopped| stopped.verdict == Verdict::Broken)
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
