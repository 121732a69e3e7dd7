//! Merging two cases of one complaint: what the one that goes on takes, and how the other rests.

use super::Context;
use crate::case::command::{Merge, MergeInto};
use crate::case::event::{Commitment, DeadlineStopped, DuplicateMerged, Event, MergedInto};
use crate::case::merge::{self, MERGED_MAX};
use crate::case::refusal::{Holds, Reason, Unmerged};
use crate::case::{Case, Place, Verdict};
use crate::workflow::{CUSTOMER, RoleSet};

impl Context<'_> {
    /// Takes over everything of a duplicate that is to go on. The duplicate rests with it, decided
    /// by a command of its own and written together.
    pub(super) fn merge(
        self,
        case: &Case,
        asked: &Merge<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let mut reasons = Vec::new();
        reasons.extend(self.step(case).err());
        reasons.extend(self.may_merge().err());
        let duplicate = match &asked.found {
            _ if asked.duplicate == asked.survivor => Err(Unmerged::Itself),
            Some(found) => Ok(found),
            None => Err(Unmerged::NoSuchDuplicate {
                duplicate: asked.duplicate,
            }),
        };
        let duplicate = match duplicate {
            Ok(duplicate) => duplicate,
            Err(unmerged) => {
                reasons.push(unmerged.into());
                return Err(reasons);
            }
        };
        let stands_against = self.stands_against(case, asked, duplicate);
        reasons.extend(stands_against.into_iter().map(Reason::from));
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let from = (asked.duplicate, &**duplicate);
        let mut events = vec![Event::DuplicateMerged(merged(case, asked, duplicate))];
        events.extend(link(case, asked, duplicate));
        let at = self.at(Some(case));
        events.extend(merge::taken_over(self.workflow, case, from, at));
        Ok(events)
    }

    /// Says what stands against merging these two.
    fn stands_against(
        self,
        case: &Case,
        asked: &Merge<Commitment>,
        duplicate: &Case,
    ) -> Vec<Unmerged> {
        let mut found = Vec::new();
        let id = asked.duplicate;
        match duplicate.place() {
            Place::Step(_) => {}
            Place::Outcome(closing) => found.push(Unmerged::DuplicateClosed {
                duplicate: id,
                outcome: closing.outcome.clone(),
            }),
            Place::Merged(merging) => found.push(Unmerged::DuplicateMerged {
                duplicate: id,
                into: merging.into,
            }),
        }
        if duplicate.workflow().id != case.workflow().id {
            found.push(Unmerged::OtherWorkflow {
                here: case.workflow().id.clone(),
                there: duplicate.workflow().id.clone(),
            });
            return found;
        }
        let customers = case.customer().zip(duplicate.customer());
        if customers.is_some_and(|(here, there)| here != there) {
            found.push(Unmerged::OtherCustomer);
        }
        let mut given: Vec<_> = duplicate.bookings().iter().map(|b| &b.field).collect();
        given.dedup();
        if !given.is_empty() {
            found.push(Unmerged::Gave {
                duplicate: id,
                fields: given.into_iter().cloned().collect(),
            });
        }
        let holds = if asked.is_parent {
            Some(Holds::Children)
        } else {
            (!duplicate.causes().is_empty()).then_some(Holds::Causes)
        };
        found.extend(holds.map(|what| Unmerged::Holds {
            duplicate: id,
            what,
        }));
        let deadlines = merge::unknown(self.workflow, duplicate);
        if !deadlines.is_empty() {
            found.push(Unmerged::Unknown { deadlines });
        }
        let also = duplicate.merged().keys().chain([&id]);
        let new = also.filter(|id| !case.merged().contains_key(*id)).count();
        if case.merged().len() + new > MERGED_MAX {
            found.push(Unmerged::TooMany { max: MERGED_MAX });
        }
        found
    }

    /// Ends a duplicate, after the case that goes on took over what ran in it.
    pub(super) fn merge_into(
        self,
        case: &Case,
        asked: &MergeInto<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let mut reasons = Vec::new();
        reasons.extend(self.step(case).err());
        reasons.extend(self.may_merge().err());
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let merged = Event::MergedInto(MergedInto {
            into: asked.into,
            into_revision: asked.into_revision,
            reason: asked.reason,
        });
        let open = case
            .deadlines()
            .filter(|(_, deadline)| deadline.stopped.is_none());
        let stops = open.map(|(name, deadline)| {
            Event::DeadlineStopped(DeadlineStopped {
                deadline: name.clone(),
                number: deadline.number,
                verdict: Verdict::Ended,
            })
        });
        Ok([merged].into_iter().chain(stops).collect())
    }

    /// Refuses the customer: that two complaints are one is for those to say who handle them. Roles
    /// that only read were refused before.
    fn may_merge(self) -> Result<(), Reason> {
        let roles = self.workflow.roles().iter();
        let acting = roles.filter(|(name, role)| name.as_str() != CUSTOMER && !role.reads_only);
        let acting = acting.filter_map(|(name, _)| Some(self.workflow.role(name.as_str())?.0));
        self.allow(acting.fold(RoleSet::default(), RoleSet::with), "merge")
    }
}

/// Returns the root cause that only the duplicate took of a systemic issue.
fn link(case: &Case, asked: &Merge<Commitment>, duplicate: &Case) -> Option<Event> {
    let linked = duplicate.linked().filter(|_| !case.has_cause())?;
    let is_of_it = case.parent().is_none_or(|parent| parent == linked.parent);
    let is_taken = is_of_it && linked.parent != asked.survivor;
    is_taken.then(|| Event::CauseLinked(linked.clone()))
}

/// Returns what the case that goes on learns of its duplicate.
fn merged(case: &Case, asked: &Merge<Commitment>, duplicate: &Case) -> DuplicateMerged {
    let is_new = |parent: &_| case.parent().is_none() && *parent != asked.survivor;
    let is_earlier = duplicate.opened_at() < case.opened_at();
    let customer = duplicate.customer();
    DuplicateMerged {
        also: duplicate.merged().keys().copied().collect(),
        complained: case.is_proactive() && !duplicate.is_proactive(),
        customer: customer.filter(|_| case.customer().is_none()),
        duplicate: asked.duplicate,
        duplicate_revision: duplicate.revision(),
        opened_at: is_earlier.then(|| duplicate.opened_at()),
        parent: duplicate.parent().filter(is_new),
        reason: asked.reason,
    }
}
