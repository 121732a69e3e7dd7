//! Opening a closed case again.

use super::Context;
use crate::case::Case;
use crate::case::command::Reopen;
use crate::case::event::{CaseReopened, Commitment, Event};
use crate::case::offer;
use crate::case::refusal::Reason;
use crate::id::SurveyName;
use crate::workflow::Step;

impl<'a> Context<'a> {
    pub(super) fn reopen(
        self,
        case: &Case,
        reopen: &Reopen<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let Some(closing) = case.closing() else {
            let step = self.step(case).map_err(|reason| vec![reason])?;
            let (step, title) = (step.name.clone(), step.title.clone());
            return Err(vec![Reason::NotClosed { step, title }]);
        };
        let outcome = self.workflow.outcome(closing.outcome.as_str());
        let rule = outcome.and_then(|outcome| outcome.reopen);
        let (Some(rule), Some(until)) = (rule, closing.reopen_until) else {
            return Err(vec![Reason::NotReopenable {
                outcome: closing.outcome.clone(),
                title: outcome.map_or_else(String::new, |outcome| outcome.title.clone()),
            }]);
        };
        let step = self.workflow.step_at(rule.to);
        let mut reasons = Vec::new();
        let who = offer::reopening(self.workflow, step);
        reasons.extend(self.allow(who, "reopen").err());
        if self.at(Some(case)) >= until {
            reasons.push(Reason::ReopenTooLate { until });
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let reason = Some(reopen.reason);
        Ok(self.reopened(case, step, None, reason).into())
    }

    /// Returns the step into which the case would be opened again now; none where it may not be.
    pub(super) fn may_reopen_to(self, case: &Case) -> Option<&'a Step> {
        let closing = case.closing()?;
        let rule = self.workflow.outcome(closing.outcome.as_str())?.reopen?;
        let is_in_time = self.at(Some(case)) < closing.reopen_until?;
        is_in_time.then(|| self.workflow.step_at(rule.to))
    }

    /// Returns the events of opening the case again.
    pub(super) fn reopened(
        self,
        case: &Case,
        step: &Step,
        by_survey: Option<SurveyName>,
        reason: Option<Commitment>,
    ) -> [Event; 2] {
        let reopened = CaseReopened {
            by_survey,
            opening: case.opening() + 1,
            reason,
            step: step.name.clone(),
        };
        [Event::CaseReopened(reopened), self.enter(case, step, &[])]
    }
}
