//! What many closed cases taught: their root causes, what they cost, what was done and whether it
//! worked.
//!
//! Invariant: every number comes from folded cases and names those it counts.
//! Invariant: no number about a person; agreement is of verdicts, whoever gave them.

mod actions;
mod agreed;
use std::collections::BTreeMap;

use super::pareto::{By, Item, Pareto, pareto};
use super::spread::{Compensation, compensations};
use super::trend::{Counted, Trending, trends};
use super::{Agreement, CASES_NAMED_MAX};
use crate::case::booking::Booking;
use crate::case::{Case, CauseRef, DeadlineKind, Diagnosis};
use crate::id::{CaseId, FailureName, ReportingName, WorkflowId};
use crate::measure::{Period, Share};
use crate::money::{Currency, Money};
use crate::time::{Date, Timestamp};
use crate::workflow::{CauseNeed, Workflow};

pub use actions::{Overdue, Tried};

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
    closed_at: Timestamp,
    day: Date,
    cause: Option<Key>,
    failure: Option<FailureName>,
    reporting: Option<ReportingName>,
    policy_id: Option<String>,
    costs: BTreeMap<Currency, u64>,
    given: Vec<Money>,
    severity: u64,
}

/// What many closed cases taught. A case that is open is in nothing but what is overdue and the
/// verdicts of its reviewers.
#[derive(Debug, Clone)]
pub struct Lessons {
    days: Days,
    lessons: Vec<Lesson>,
    /// Closings of all days: an action is judged by windows that may begin before the first.
    closings: BTreeMap<WorkflowId, actions::Closings>,
    tried: Vec<actions::Done>,
    overdue: Vec<Overdue>,
    owed: Named,
    undetermined: Share,
    verdicts: Vec<(Option<CauseRef>, Option<CauseRef>)>,
}

impl Lessons {
    /// Begins without cases.
    #[must_use]
    pub const fn new(days: Days) -> Self {
        Self {
            days,
            lessons: Vec::new(),
            closings: BTreeMap::new(),
            tried: Vec::new(),
            overdue: Vec::new(),
            owed: Named {
                total: 0,
                cases: Vec::new(),
            },
            undetermined: Share { met: 0, of: 0 },
            verdicts: Vec::new(),
        }
    }

    /// Adds a case.
    pub fn add(&mut self, workflow: &Workflow, id: CaseId, case: &Case) {
        let calendar = workflow.calendar(None);
        self.verdicts.extend(agreed::verdicts(case));
        self.overdue
            .extend(actions::overdue(calendar, self.days.as_of, id, case));
        let key = |cause: &Diagnosis| Key {
            workflow: workflow.reference().id.clone(),
            cause: cause.cause.clone(),
        };
        for cause in case.causes() {
            let done = actions::done(workflow, id, key(cause), cause);
            self.tried.extend(done);
        }
        let Some(closing) = case.closing() else {
            return;
        };
        let standing = standing(case);
        let of_workflow = self.closings.entry(workflow.reference().id.clone());
        of_workflow
            .or_default()
            .add(closing.at, standing.map(|cause| cause.cause.clone()));
        let day = calendar.local_date(closing.at);
        if !self.contains(day) {
            return;
        }
        if case.owes_cause() {
            self.owed.add(id);
        }
        if let Some(cause) = standing {
            let is_open = is_undetermined(workflow, &cause.cause);
            self.undetermined.count(is_open);
        }
        self.lessons.push(Lesson {
            case: id,
            closed_at: closing.at,
            day,
            cause: standing.map(key),
            failure: standing.and_then(|cause| cause.failure.clone()),
            reporting: standing.and_then(|cause| cause.reporting.clone()),
            policy_id: standing.and_then(|cause| cause.policy_id.clone()),
            costs: costs(case.bookings()),
            given: given(case.bookings()),
            severity: severity(case),
        });
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

    /// Returns how many cases were closed in these days.
    #[must_use]
    pub fn closed(&self) -> u64 {
        count(self.lessons.len())
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
        let items = self.lessons.iter().filter_map(|lesson| {
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
        let costs = self.lessons.iter().flat_map(|lesson| lesson.costs.keys());
        let mut currencies: Vec<Currency> = costs.copied().collect();
        currencies.sort_unstable();
        currencies.dedup();
        currencies
    }

    /// Returns the closed cases that owe a root cause.
    #[must_use]
    pub const fn owed(&self) -> &Named {
        &self.owed
    }

    /// Returns the share of causes that are undetermined: those that the workflow wants to be
    /// looked at again on a day.
    #[must_use]
    pub const fn undetermined(&self) -> Share {
        self.undetermined
    }

    /// Returns how well verdicts of two reviewers on one diagnosis agree; none of no such pair.
    #[must_use]
    pub fn agreement(&self) -> Option<Agreement> {
        super::kappa(self.verdicts.iter().cloned())
    }

    /// Returns the actions that are not done and whose day is over, the oldest first.
    #[must_use]
    pub fn overdue(&self) -> Vec<&Overdue> {
        let mut overdue: Vec<&Overdue> = self.overdue.iter().collect();
        overdue.sort_by_key(|late| (late.due, late.case, late.number, late.action));
        overdue
    }

    /// Returns how often each cause came before and after each action against it that was done.
    #[must_use]
    pub fn tried(&self) -> Vec<Tried> {
        let tried = self.tried.iter();
        let tried = tried.map(|done| done.tried(&self.closings, self.days.as_of));
        tried.collect()
    }

    /// Returns where each cause is going: the last `now` periods held against those before.
    ///
    /// Periods without a closed case between the first and the last count as periods with none.
    #[must_use]
    pub fn trends(&self, period: Period, now: usize) -> BTreeMap<Key, Trending> {
        let mut judged = BTreeMap::new();
        for tried in self.tried() {
            if tried.is_effective {
                judged.insert(tried.cause, tried.recurrence.after);
            }
        }
        trends(&self.periods(period), now, &judged)
    }

    fn periods(&self, period: Period) -> Vec<Counted<Key>> {
        let mut counted: BTreeMap<Option<Date>, Counted<Key>> = BTreeMap::new();
        let days = self.lessons.iter().map(|lesson| lesson.day);
        if let (Some(first), Some(last)) = (days.clone().min(), days.max()) {
            for day in first.days()..=last.days() {
                let begin = Date::from_days(day).and_then(|day| period.first_day(day));
                counted.entry(begin).or_insert_with(none);
            }
        }
        for lesson in &self.lessons {
            let of_period = counted.entry(period.first_day(lesson.day));
            let of_period = of_period.or_insert_with(none);
            of_period.closed += 1;
            if let Some(cause) = &lesson.cause {
                *of_period.causes.entry(cause.clone()).or_default() += 1;
            }
        }
        counted.into_values().collect()
    }

    /// Returns the spread of what was given in cases of one cause in which the same failed.
    #[must_use]
    pub fn compensations(&self) -> BTreeMap<(Like, Currency), Compensation> {
        let given = self.lessons.iter().flat_map(|lesson| {
            let like = lesson.cause.as_ref().map(|cause| Like {
                cause: cause.clone(),
                failure: lesson.failure.clone(),
            });
            like.into_iter()
                .flat_map(|like| lesson.given.iter().map(move |money| (like.clone(), *money)))
        });
        compensations(given)
    }

    /// Returns when the last of the cases was closed.
    #[must_use]
    pub fn last_closed(&self) -> Option<Timestamp> {
        self.lessons.iter().map(|lesson| lesson.closed_at).max()
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
    fn add(&mut self, case: CaseId) {
        self.total += 1;
        if self.cases.len() < CASES_NAMED_MAX {
            self.cases.push(case);
        }
    }
}

/// Returns the root cause of a case: the last that stands.
fn standing(case: &Case) -> Option<&Diagnosis> {
    case.causes()
        .iter()
        .rev()
        .find(|cause| cause.status.stands())
}

fn is_undetermined(workflow: &Workflow, cause: &CauseRef) -> bool {
    let group = workflow
        .causes()
        .and_then(|causes| causes.categories.get(&cause.group));
    let chosen = group.and_then(|group| group.get(&cause.name));
    chosen.is_some_and(|cause| cause.needs.contains(&CauseNeed::ReviewDate))
}

fn given(bookings: &[Booking]) -> Vec<Money> {
    let mut sums: BTreeMap<Currency, i64> = BTreeMap::new();
    for booking in bookings {
        let sum = sums.entry(booking.amount.currency).or_default();
        *sum = sum.saturating_add(booking.amount.minor);
    }
    let given = sums.into_iter();
    given
        .map(|(currency, minor)| Money { currency, minor })
        .collect()
}

fn costs(bookings: &[Booking]) -> BTreeMap<Currency, u64> {
    let sums = given(bookings).into_iter();
    sums.map(|money| (money.currency, u64::try_from(money.minor).unwrap_or(0)))
        .collect()
}

/// Returns how much a case weighs: 1 for the complaint, and 1 for each reopening, each promise that
/// was broken and each clock that was late.
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
    let late = case
        .deadlines()
        .filter(|(name, deadline)| counts(name.kind()) && deadline.is_late());
    u64::from(case.opening()) + count(late.count())
}

const fn none() -> Counted<Key> {
    Counted {
        closed: 0,
        causes: BTreeMap::new(),
    }
}

fn count(number: usize) -> u64 {
    u64::try_from(number).unwrap_or(u64::MAX)
}
