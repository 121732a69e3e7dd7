//! Systemic issues: confirming one, and taking its root cause.

use super::Context;
use super::cause::find;
use crate::case::command::{ConfirmIssue, LinkCause};
use crate::case::event::{Commitment, Event, IssueConfirmed};
use crate::case::refusal::{Eyes, Reason, Undiagnosed};
use crate::case::{Case, CauseStatus, Diagnosis, learning};

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
        if case.issue().is_some_and(|issue| issue.number == number) {
            reasons.push(Undiagnosed::Confirmed { number }.into());
        }
        if cause.proposers.contains(&self.actor().person) {
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
        match &link.issue {
            Ok(linked) if reasons.is_empty() => {
                return Ok(vec![Event::CauseLinked(linked.clone())]);
            }
            Ok(_) => {}
            Err(because) => reasons.push(Reason::from(Undiagnosed::NoIssue {
                parent: link.parent,
                because: *because,
            })),
        }
        Err(reasons)
    }
}
