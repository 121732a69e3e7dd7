//! What the acting person may do instead of what was refused.

use super::Context;
use crate::case::Case;
use crate::case::offer::{self, Offer, OfferKind};
use crate::id::StepName;

impl Context<'_> {
    /// Returns what the acting person may do at present, in the role used.
    pub(super) fn possible(self, case: &Case) -> Vec<Offer> {
        if case.is_full() {
            return Vec::new();
        }
        let mut offers = offer::offers(self.workflow, case);
        offers.retain(|offer| {
            offer.who.contains(&self.actor().role)
                && offer.waits_for.is_empty()
                && self.is_open_to(case, offer)
        });
        offers
    }

    /// Says whether neither other eyes nor time stand against an offer.
    fn is_open_to(self, case: &Case, offer: &Offer) -> bool {
        let step = case
            .step()
            .and_then(|step| self.workflow.step(step.as_str()));
        let Some((_, step)) = step else {
            let until = case.closing().and_then(|closing| closing.reopen_until);
            return offer.kind != OfferKind::Reopen
                || until.is_some_and(|until| self.at(Some(case)) < until);
        };
        let of_task: &[StepName] = match &offer.kind {
            OfferKind::Task(task) => step.tasks.get(task).map_or(&[], |task| &task.not_by),
            OfferKind::Action(name) => {
                let action = step.actions.get(name);
                if action.is_some_and(|action| !self.may_approve(case, action)) {
                    return false;
                }
                &[]
            }
            OfferKind::RecordCause => &[],
            OfferKind::Anywhere(name) => {
                let action = self.workflow.anywhere().get(name);
                return action.is_none_or(|action| self.may_approve(case, action));
            }
            OfferKind::Reopen | OfferKind::Survey(_) | OfferKind::FollowUp(_) => return true,
        };
        let not_by = step.not_by.iter().chain(of_task);
        self.not_by(case, not_by, offer.name()).is_ok()
    }
}
