//! Verdicts on root causes, and what is done about them.

use super::Context;
use super::cause::{find, unknown};
use crate::case::command::{CheckEffect, CompleteAction, ReviewCause, ReviewVerdict};
use crate::case::diagnosis::{CauseAction, Effect, Target, Worked};
use crate::case::event::{
    CauseActionDone, CauseReopened, CauseReviewed, Commitment, EffectChecked, Event, Found,
};
use crate::case::learning;
use crate::case::refusal::{Eyes, Missing, Reason, Undiagnosed};
use crate::case::{Case, CauseRef, Diagnosis};
use crate::workflow::{CauseNeed, Causes, RoleSet};

impl Context<'_> {
    /// Gives a verdict on a cause that stands.
    pub(super) fn review_cause(
        self,
        case: &Case,
        review: &ReviewCause<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let mut reasons = Vec::new();
        let causes = self.workflow.causes();
        let by = causes.and_then(|causes| causes.review.as_ref());
        let by = by.map_or(RoleSet::default(), |review| review.by);
        reasons.extend(self.allow(by, "review_cause").err());
        match find(case, review.number) {
            Ok(cause) => {
                if !cause.status.stands() {
                    reasons.push(Reason::from(Undiagnosed::NotNow {
                        number: cause.number,
                        status: cause.status,
                        asked: "there is nothing to give a verdict on until it is proposed",
                    }));
                }
                let because = if cause.proposers.contains(&self.actor().person) {
                    Some(Eyes::Proposed)
                } else if self.has_acted_at_all(case) {
                    Some(Eyes::HandledAndReviews)
                } else {
                    None
                };
                let other = because.map(|because| Undiagnosed::OtherEyes { because });
                reasons.extend(other.map(Reason::from));
            }
            Err(undiagnosed) => reasons.push(undiagnosed.into()),
        }
        if let ReviewVerdict::Reclassify { cause, .. } = &review.verdict {
            reasons.extend(causes.and_then(|causes| unknown(causes, cause)));
            reasons.extend(unmet(causes, case, review.number, cause));
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let (verdict, reason) = match &review.verdict {
            ReviewVerdict::Accept { note } => (Found::Accepted, *note),
            ReviewVerdict::Return { reason } => (Found::Returned, Some(*reason)),
            ReviewVerdict::Reclassify { cause, reason } => {
                (Found::Reclassified(cause.clone()), Some(*reason))
            }
        };
        Ok(vec![Event::CauseReviewed(CauseReviewed {
            number: review.number,
            reason,
            verdict,
        })])
    }

    fn has_acted_at_all(self, case: &Case) -> bool {
        let person = self.actor().person;
        !self.is_system && case.acted.values().any(|people| people.contains(&person))
    }

    /// Records that an action of a cause was done.
    pub(super) fn complete_action(
        self,
        case: &Case,
        done: &CompleteAction<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let (_, action) = planned(case, done.number, done.action)
            .map_err(|undiagnosed| vec![Reason::from(undiagnosed)])?;
        let mut reasons = Vec::new();
        let owner = self.workflow.role(action.planned.owner.as_str());
        let owner = owner.map_or(RoleSet::default(), |(role, _)| {
            RoleSet::default().with(role)
        });
        reasons.extend(self.allow(owner, "complete_cause_action").err());
        if action.done.is_some() {
            reasons.push(Reason::from(Undiagnosed::ActionNotNow {
                number: done.number,
                action: done.action,
                because: "was done before",
            }));
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        Ok(vec![Event::CauseActionDone(CauseActionDone {
            action: done.action,
            note: done.note,
            number: done.number,
        })])
    }

    /// Records whether an action worked. Where it did not, its cause is opened again.
    pub(super) fn check_effect(
        self,
        case: &Case,
        check: &CheckEffect<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let (cause, action) = planned(case, check.number, check.action)
            .map_err(|undiagnosed| vec![Reason::from(undiagnosed)])?;
        let mut reasons = Vec::new();
        let who = learning::checking(self.workflow);
        reasons.extend(self.allow(who, "check_cause_effect").err());
        reasons.extend(self.checked_now(case, check, action));
        let worked = worked(check, action);
        match &worked {
            Ok(_) => {}
            Err(because) => reasons.push(not_now(check, because)),
        }
        if check.effect == Effect::Inconclusive && check.note.is_none() {
            let missing = vec![Missing::Note];
            reasons.push(Undiagnosed::Incomplete { missing }.into());
        }
        let Some(worked) = worked.ok().filter(|_| reasons.is_empty()) else {
            return Err(reasons);
        };
        let CheckEffect { number, action, .. } = *check;
        let mut events = vec![Event::EffectChecked(EffectChecked {
            action,
            effect: check.effect,
            note: check.note,
            number,
            worked,
        })];
        if worked == Worked::NotEffective && cause.status.stands() {
            events.push(Event::CauseReopened(CauseReopened { action, number }));
        }
        Ok(events)
    }

    fn checked_now(
        self,
        case: &Case,
        check: &CheckEffect<Commitment>,
        action: &CauseAction,
    ) -> Option<Reason> {
        if let Some((person, _)) = action.done
            && person == self.actor().person
            && !self.is_system
        {
            let because = Eyes::Did;
            return Some(Undiagnosed::OtherEyes { because }.into());
        }
        let because = match (action.done, action.effect) {
            _ if !action.planned.kind.is_checked() => {
                "is for one customer, whose own answer counts; what is done against a cause is \
                 checked"
            }
            (None, _) => "is not done yet, so nothing can be said of its effect",
            (Some(_), Some(Worked::Effective | Worked::NotEffective)) => {
                "has its verdict already; if it is wrong, record a new diagnosis"
            }
            (Some(_), Some(Worked::Inconclusive) | None) => {
                let name = learning::effect_name(check.number, check.action);
                let is_early = |deadline: &crate::case::Deadline| {
                    deadline.is_running() && deadline.open_since.is_none()
                };
                if !case.deadline(&name).is_some_and(is_early) {
                    return None;
                }
                "was done too short a time ago: its effect is asked for when its time has come"
            }
        };
        Some(not_now(check, because))
    }
}

/// Says what the diagnosis has not that another cause needs.
fn unmet(causes: Option<&Causes>, case: &Case, number: u32, cause: &CauseRef) -> Option<Reason> {
    let diagnosis = find(case, number).ok()?;
    let group = causes?.categories.get(&cause.group)?;
    let needs = group.get(&cause.name)?.needs.iter();
    let missing = needs.filter_map(|need| match need {
        CauseNeed::PolicyId if diagnosis.policy_id.is_none() => Some(Missing::PolicyId),
        CauseNeed::ReviewDate if diagnosis.review_date.is_none() => Some(Missing::ReviewDate),
        CauseNeed::PolicyId | CauseNeed::ReviewDate => None,
    });
    let missing: Vec<Missing> = missing.collect();
    (!missing.is_empty()).then(|| Undiagnosed::Incomplete { missing }.into())
}

/// Says whether an action worked by what was observed: its target decides where it has one.
fn worked(check: &CheckEffect<Commitment>, action: &CauseAction) -> Result<Worked, &'static str> {
    let is_kept = |number: i64, target: Target| match target {
        Target::AtMost(most) => number <= most,
        Target::AtLeast(least) => number >= least,
    };
    match (check.effect, action.planned.target) {
        (Effect::Inconclusive, _) => Ok(Worked::Inconclusive),
        (Effect::Observed(number), Some(target)) => Ok(if is_kept(number, target) {
            Worked::Effective
        } else {
            Worked::NotEffective
        }),
        (Effect::Effective, None) => Ok(Worked::Effective),
        (Effect::NotEffective, None) => Ok(Worked::NotEffective),
        (Effect::Observed(_), None) => {
            Err("has no target to hold a number against; say whether it worked")
        }
        (Effect::Effective | Effect::NotEffective, Some(_)) => {
            Err("has a target; give the number that was observed, and it says whether it worked")
        }
    }
}

fn not_now(check: &CheckEffect<Commitment>, because: &'static str) -> Reason {
    Reason::from(Undiagnosed::ActionNotNow {
        number: check.number,
        action: check.action,
        because,
    })
}

/// Finds an action of a diagnosis that is no draft.
fn planned(
    case: &Case,
    number: u32,
    action: u32,
) -> Result<(&Diagnosis, &CauseAction), Undiagnosed> {
    let cause = find(case, number)?;
    let place = usize::try_from(action).ok().and_then(|n| n.checked_sub(1));
    let found = place.and_then(|place| cause.actions.get(place));
    let found = found.ok_or(Undiagnosed::NoSuchAction {
        number,
        action,
        known: cause.actions.len(),
    })?;
    if cause.status == crate::case::CauseStatus::Drafted {
        return Err(Undiagnosed::NotNow {
            number,
            status: cause.status,
            asked: "nothing is done about it until it is proposed",
        });
    }
    Ok((cause, found))
}
