//! Systemic issues: those that like cases propose, and those that somebody confirmed.
//!
//! Invariant: every number comes from folded cases and names those it counts.
//! Invariant: no number about a person.

mod crowd;
#[cfg(test)]
mod tests;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use super::lessons::found::{Found, standing};
use super::lessons::{Key, Named, is_undetermined};
use crate::calendar::length::Length;
use crate::calendar::{self, Calendar, Pauses};
use crate::case::{Case, CauseStatus, Diagnosis, Held, Issue};
use crate::id::{CaseId, FieldName, Version, WorkflowId};
use crate::time::Timestamp;
use crate::value::Value;
use crate::workflow::{Systemic, Workflow};

/// Cases with one root cause and equal values, so many of them within so long that they may be of
/// one systemic issue.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Proposal {
    /// Their cause.
    pub cause: Key,
    /// What they have in common, in the order of the workflow.
    pub alike: Vec<(FieldName, Value)>,
    /// All cases that lie in a time so crowded, the earliest first; also the issue and its children
    /// where it was confirmed.
    pub cases: Named,
    /// Of these, those that belong to no confirmed issue.
    pub unlinked: Named,
    /// When the first of these causes was recorded.
    pub first: Timestamp,
    /// When the last of these causes was recorded.
    pub last: Timestamp,
    /// So many cases the workflow asks for.
    pub cases_min: u32,
    /// Within so long.
    pub within: Length,
    /// What is to be done next.
    pub next: NextStep,
}

/// What is to be done about a proposed issue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NextStep {
    /// To confirm this root cause as that of a systemic issue.
    Confirm {
        /// The case.
        case: CaseId,
        /// The number of the root cause in it.
        number: u32,
    },
    /// To review this root cause, since it can be confirmed once a reviewer accepted it.
    Review {
        /// The case.
        case: CaseId,
        /// The number of the root cause in it.
        number: u32,
    },
    /// To link what belongs to no issue to this one: it has this very cause and these values.
    Link {
        /// The case of the issue.
        parent: CaseId,
    },
}

/// A systemic issue that somebody confirmed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SystemicIssue {
    /// The case whose root cause it is.
    pub case: CaseId,
    /// The number of the root cause in it.
    pub number: u32,
    /// The cause as it is now.
    pub cause: Key,
    /// When it was confirmed.
    pub confirmed_at: Timestamp,
    /// The root cause still stands as it was confirmed: since then it was neither returned, nor
    /// opened again, nor recorded anew.
    pub stands: bool,
    /// The cases that belong to it.
    pub children: Named,
    /// Of these, those that are open.
    pub open: Named,
    /// Of these, those that we opened for customers who did not complain.
    pub proactive: Named,
    /// Of these, those that took what there is to take now.
    pub linked: Named,
    /// Of these, those that took something else, in its cause, what failed, its policy or its
    /// heading, or a cause that stands no more: to be linked again.
    pub stale: Named,
}

/// What cases propose and what was confirmed, of the workflows that they are [held
/// against](Self::hold_against).
#[derive(Debug, Clone, Default)]
pub struct Issues {
    rules: BTreeMap<WorkflowId, (Version, Option<Rule>)>,
    groups: BTreeMap<Alike, Group>,
    confirmed: BTreeMap<CaseId, Confirmed>,
    children: BTreeMap<CaseId, Vec<Child>>,
    /// The cases whose issue stands, of whatever workflow.
    standing: BTreeSet<CaseId>,
    added: BTreeSet<CaseId>,
}

/// When like cases of a workflow propose an issue.
#[derive(Debug, Clone)]
struct Rule {
    cases_min: u32,
    within: Length,
    same: Vec<FieldName>,
    calendar: Calendar,
}

/// What makes cases alike: one cause, and the canonical texts of their values.
type Alike = (Key, Vec<Vec<u8>>);

#[derive(Debug, Clone)]
struct Group {
    values: Vec<(FieldName, Value)>,
    cases: Vec<Diagnosed>,
}

#[derive(Debug, Clone)]
struct Diagnosed {
    at: Timestamp,
    case: CaseId,
    number: u32,
    is_ready: bool,
    parent: Option<CaseId>,
}

#[derive(Debug, Clone)]
struct Confirmed {
    number: u32,
    found: Found,
    at: Timestamp,
    stands: bool,
    alike: Option<Alike>,
}

#[derive(Debug, Clone)]
struct Child {
    case: CaseId,
    opened_at: Timestamp,
    is_open: bool,
    is_proactive: bool,
    took: Option<Found>,
}

impl Issues {
    /// Asks for the issues of a workflow, proposed as this version of it says; of several versions
    /// the highest counts. Cases added before are not looked at again, so it comes before them.
    pub fn hold_against(&mut self, workflow: &Workflow) {
        let reference = workflow.reference();
        let version = reference.version;
        if let Some((held, _)) = self.rules.get(&reference.id)
            && *held >= version
        {
            return;
        }
        let systemic = workflow
            .causes()
            .and_then(|causes| causes.systemic.as_ref());
        let rule = systemic.map(|systemic| Rule::of(workflow, systemic));
        self.rules.insert(reference.id.clone(), (version, rule));
    }

    /// Adds a case. One that was added before is left as it was then, and one that was merged into
    /// another is left out: that one goes on for both. Of a workflow that nothing is held against
    /// only children count, and whether a case is that of an issue.
    pub fn add(&mut self, workflow: &Workflow, id: CaseId, case: &Case) {
        if !self.added.insert(id) || case.merged_into().is_some() {
            return;
        }
        if case.standing_issue().is_some() {
            self.standing.insert(id);
        }
        if let Some(parent) = case.parent() {
            let linked = case.linked().filter(|linked| linked.parent == parent);
            self.children.entry(parent).or_default().push(Child {
                case: id,
                opened_at: case.opened_at(),
                is_open: !case.is_closed(),
                is_proactive: case.is_proactive(),
                took: linked.map(Found::taken),
            });
        }
        let Some((_, rule)) = self.rules.get(&case.workflow().id) else {
            return;
        };
        let values = rule.as_ref().and_then(|rule| rule.values(case));
        let alike = |key: Key| values.as_ref().map(|values| (key, canonical(values)));
        if let Some((issue, cause)) = confirmed(case) {
            let found = Found::own(case, cause);
            let stands = self.standing.contains(&id);
            let confirmed = Confirmed {
                number: issue.number,
                alike: alike(found.key.clone()).filter(|_| stands),
                found,
                at: issue.at,
                stands,
            };
            self.confirmed.insert(id, confirmed);
        }
        // How many cases we open ourselves says how far we looked, and not how many complain.
        let Some(cause) = standing(case).filter(|_| !case.is_proactive()) else {
            return;
        };
        let is_reviewed = workflow
            .causes()
            .is_some_and(|causes| causes.review.is_some());
        let diagnosed = Diagnosed {
            at: cause.at,
            case: id,
            number: cause.number,
            is_ready: !is_reviewed || cause.status == CauseStatus::Accepted,
            parent: case.parent(),
        };
        let key = Found::own(case, cause).key;
        if is_undetermined(workflow, &key) {
            return;
        }
        if let Some(alike) = alike(key) {
            let values = values.unwrap_or_default();
            let cases = Vec::new();
            let group = self.groups.entry(alike).or_insert(Group { values, cases });
            group.cases.push(diagnosed);
        }
    }

    /// Returns what like cases propose, the most cases first, of equally many the latest.
    #[must_use]
    pub fn proposed(&self) -> Vec<Proposal> {
        let mut issues: BTreeMap<&Alike, Vec<(Timestamp, CaseId)>> = BTreeMap::new();
        for (case, confirmed) in &self.confirmed {
            if let Some(alike) = &confirmed.alike {
                issues.entry(alike).or_default().push((confirmed.at, *case));
            }
        }
        let proposals = self.groups.iter().filter_map(|(alike, group)| {
            let (_, rule) = self.rules.get(&alike.0.workflow)?;
            let issues = issues.get(alike).map(Vec::as_slice).unwrap_or_default();
            self.proposal(rule.as_ref()?, &alike.0, group, issues)
        });
        let mut proposals: Vec<Proposal> = proposals.collect();
        // The sort keeps the order of what is equal, which is that of causes and values.
        proposals.sort_by_key(|proposal| Reverse((proposal.cases.total, proposal.last)));
        proposals
    }

    /// Returns what the cases of a group propose beside the issues that were confirmed of it.
    fn proposal(
        &self,
        rule: &Rule,
        cause: &Key,
        group: &Group,
        issues: &[(Timestamp, CaseId)],
    ) -> Option<Proposal> {
        let is_issue = |case: CaseId| issues.iter().any(|(_, issue)| *issue == case);
        let is_here = |one: &Diagnosed| is_issue(one.case) || one.parent.is_some_and(is_issue);
        let is_elsewhere = |one: &Diagnosed| {
            let parent = one.parent.filter(|parent| !is_issue(*parent));
            parent.is_some_and(|parent| self.standing.contains(&parent))
        };
        let mut cases: Vec<&Diagnosed> = group.cases.iter().collect();
        cases.retain(|one| !is_elsewhere(one));
        cases.sort_unstable_by_key(|one| (one.at, one.case));
        let moments: Vec<crowd::Moment> = cases.iter().map(|one| (one.at, !is_here(one))).collect();
        let crowded = crowd::crowded(&moments, rule.cases_min, |from| rule.until(from));
        let mut crowded = crowded.into_iter();
        cases.retain(|_| crowded.next().unwrap_or(false));
        let unlinked: Vec<&Diagnosed> = cases.iter().filter(|one| !is_here(one)).copied().collect();
        Some(Proposal {
            cause: cause.clone(),
            alike: group.values.clone(),
            cases: Named::of(cases.iter().map(|one| one.case)),
            unlinked: Named::of(unlinked.iter().map(|one| one.case)),
            first: cases.first()?.at,
            last: cases.last()?.at,
            cases_min: rule.cases_min,
            within: rule.within,
            next: NextStep::of(&unlinked, issues)?,
        })
    }

    /// Returns the issues that were confirmed, the earliest first.
    #[must_use]
    pub fn confirmed(&self) -> Vec<SystemicIssue> {
        let issues = self.confirmed.iter();
        let mut issues: Vec<SystemicIssue> = issues
            .map(|(case, confirmed)| {
                let children = self.children.get(case).map(Vec::as_slice);
                confirmed.with(*case, children.unwrap_or_default())
            })
            .collect();
        issues.sort_by_key(|issue| (issue.confirmed_at, issue.case));
        issues
    }

    /// Returns the cases of the confirmed issues.
    #[must_use]
    pub fn parents(&self) -> Vec<CaseId> {
        self.confirmed.keys().copied().collect()
    }

    /// Returns the cases that others belong to and that were not added: whether the issue of one
    /// stands says whether what belongs to it can be of another.
    #[must_use]
    pub fn parents_to_add(&self) -> Vec<CaseId> {
        let parents = self.children.keys();
        let unknown = parents.filter(|parent| !self.added.contains(parent));
        unknown.copied().collect()
    }
}

impl NextStep {
    /// Returns what is to be done about cases that belong to no issue, where there are some: they
    /// are linked to the issue confirmed last, else the first that can be is confirmed.
    fn of(unlinked: &[&Diagnosed], issues: &[(Timestamp, CaseId)]) -> Option<Self> {
        let first = unlinked.first()?;
        if let Some((_, parent)) = issues.iter().max() {
            return Some(Self::Link { parent: *parent });
        }
        let ready = unlinked.iter().find(|one| one.is_ready);
        let Diagnosed { case, number, .. } = **ready.unwrap_or(first);
        Some(match ready {
            Some(_) => Self::Confirm { case, number },
            None => Self::Review { case, number },
        })
    }
}

impl Confirmed {
    fn with(&self, case: CaseId, children: &[Child]) -> SystemicIssue {
        let named = |is_counted: &dyn Fn(&Child) -> bool| {
            let counted = children.iter().filter(|child| is_counted(child));
            let mut cases: Vec<(Timestamp, CaseId)> =
                counted.map(|child| (child.opened_at, child.case)).collect();
            // Those of other workflows may have come last.
            cases.sort_unstable();
            Named::of(cases.into_iter().map(|(_, case)| case))
        };
        let is_current = |child: &Child| self.stands && child.took.as_ref() == Some(&self.found);
        SystemicIssue {
            case,
            number: self.number,
            cause: self.found.key.clone(),
            confirmed_at: self.at,
            stands: self.stands,
            children: named(&|_| true),
            open: named(&|child| child.is_open),
            proactive: named(&|child| child.is_proactive),
            linked: named(&is_current),
            stale: named(&|child| child.took.is_some() && !is_current(child)),
        }
    }
}

impl Rule {
    fn of(workflow: &Workflow, systemic: &Systemic) -> Self {
        let same = systemic.same.iter();
        Self {
            cases_min: systemic.cases,
            within: systemic.within,
            same: same
                .map(|field| workflow.field_at(*field).0.clone())
                .collect(),
            calendar: workflow.calendar(None).clone(),
        }
    }

    /// Returns when a time that begins is over; none beyond the years of instants.
    fn until(&self, from: Timestamp) -> Option<Timestamp> {
        calendar::due(&self.calendar, self.within, from, &Pauses::none())
    }

    /// Returns the values in which a case must equal others; none where it lacks one, or where one
    /// is sealed, so that nobody can tell.
    fn values(&self, case: &Case) -> Option<Vec<(FieldName, Value)>> {
        let values = self.same.iter().map(|field| {
            let answer = case.answers().get(field)?;
            match &answer.value {
                Held::Open(value) => Some((field.clone(), value.clone())),
                Held::Sealed(_) => None,
            }
        });
        values.collect()
    }
}

fn canonical(values: &[(FieldName, Value)]) -> Vec<Vec<u8>> {
    values.iter().map(|(_, value)| value.to_json()).collect()
}

/// Returns the issue that a root cause of a case was confirmed as, and that root cause.
fn confirmed(case: &Case) -> Option<(&Issue, &Diagnosis)> {
    let issue = case.issue()?;
    let mut causes = case.causes().iter();
    Some((issue, causes.find(|cause| cause.number == issue.number)?))
}
