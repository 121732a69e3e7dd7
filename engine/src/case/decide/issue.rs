//! Systemic issues: confirming one, and taking its root cause.

use super::Context;
use super::cause::find;
use crate::case::command::{ConfirmIssue, LinkCause, NoIssue, Taken};
use crate::case::diagnosis::Reviewed;
use crate::case::event::{CauseLinked, Commitment, Event, IssueConfirmed};
use crate::case::refusal::{Eyes, Reason, Undiagnosed};
use crate::case::{Case, CauseStatus, Diagnosis, learning};
use crate::workflow::{CauseNeed, Causes};

impl Context<'_> {
    /// Confirms a root cause as that of a systemic issue, so that other cases may take it.
    pub(super) fn confirm_issue(
        self,
        case: &Case,
        confirm: &ConfirmIssue<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let mut reasons = Vec::new();
        let by = learning::confirming(self.workflow);
        reasons.extend(self.allow(by, "confirm_issue").err());
        match find(case, confirm.number) {
            Ok(cause) => reasons.extend(self.unconfirmed(case, cause)),
            Err(undiagnosed) => reasons.push(undiagnosed.into()),
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        Ok(vec![Event::IssueConfirmed(IssueConfirmed {
            note: confirm.note,
            number: confirm.number,
        })])
    }

    /// Says what stands against a root cause as that of a systemic issue.
    fn unconfirmed(self, case: &Case, cause: &Diagnosis) -> Vec<Reason> {
        let mut reasons = Vec::new();
        let number = cause.number;
        let causes = self.workflow.causes();
        let is_reviewed = causes.is_some_and(|causes| causes.review.is_some());
        // What many cases take was looked at by somebody, wherever anybody looks at all.
        let asked = match cause.status {
            CauseStatus::Accepted => None,
            CauseStatus::Proposed | CauseStatus::UnderReview => is_reviewed
                .then_some("it is confirmed as that of an issue once a reviewer accepted it"),
            CauseStatus::Drafted | CauseStatus::Returned | CauseStatus::Reopened => {
                Some("it is not confirmed as that of an issue until it stands")
            }
        };
        reasons.extend(asked.map(|asked| {
            let status = cause.status;
            Reason::from(Undiagnosed::NotNow {
                number,
                status,
                asked,
            })
        }));
        let standing = case.standing_issue();
        if standing.is_some_and(|(issue, _)| issue.number == number) {
            reasons.push(Undiagnosed::Confirmed { number }.into());
        }
        if is_undetermined(causes, cause) {
            reasons.push(Undiagnosed::Undetermined { number }.into());
        }
        // Whoever reviewed it with another cause chose the one that stands.
        let person = self.actor().person;
        let chose = |review: &Reviewed| review.person == person && is_chosen(cause, review);
        if cause.proposers.contains(&person) || cause.reviews.iter().any(chose) {
            let because = Eyes::ProposedAndConfirms;
            reasons.push(Undiagnosed::OtherEyes { because }.into());
        }
        reasons
    }

    /// Takes the root cause of a systemic issue.
    pub(super) fn link_cause(
        self,
        case: &Case,
        link: &LinkCause,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let mut reasons = Vec::new();
        if self.workflow.causes().is_none() {
            reasons.push(Undiagnosed::NothingToLink.into());
        } else {
            reasons.extend(self.may_diagnose(case, "link_cause").err());
        }
        let issue = link.issue.as_ref().map_err(|because| *because);
        match issue.and_then(|taken| self.takes(case, taken)) {
            Ok(linked) if reasons.is_empty() => {
                return Ok(vec![Event::CauseLinked(linked.clone())]);
            }
            Ok(_) => {}
            Err(because) => reasons.push(Reason::from(Undiagnosed::NoIssue {
                parent: link.parent,
                because,
            })),
        }
        Err(reasons)
    }

    /// Returns what is taken, where the workflow of this case lets it be taken: its rules of review
    /// hold whatever those of the other are.
    fn takes<'t>(self, case: &Case, taken: &'t Taken) -> Result<&'t CauseLinked, NoIssue> {
        let review = self.workflow.causes();
        let Some(review) = review.and_then(|causes| causes.review.as_ref()) else {
            return Ok(&taken.linked);
        };
        if !taken.is_accepted {
            return Err(NoIssue::NotAccepted);
        }
        if self.is_always_reviewed(case, review) {
            return Err(NoIssue::AlwaysReviewed);
        }
        Ok(&taken.linked)
    }
}

/// Returns whether the workflow wants a root cause to be looked at again on a day.
fn is_undetermined(causes: Option<&Causes>, cause: &Diagnosis) -> bool {
    let group = causes.and_then(|causes| causes.categories.get(&cause.cause.group));
    let chosen = group.and_then(|group| group.get(&cause.cause.name));
    chosen.is_some_and(|chosen| chosen.needs.contains(&CauseNeed::ReviewDate))
}

/// Returns whether a review put the cause that stands in the place of the proposed one.
fn is_chosen(cause: &Diagnosis, review: &Reviewed) -> bool {
    cause.proposed.is_some() && review.cause.as_ref() == Some(&cause.cause)
}
