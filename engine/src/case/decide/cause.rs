//! Recording a root cause.

use super::Context;
use crate::case::Case;
use crate::case::command::RecordCause;
use crate::case::event::{CauseRecorded, Commitment, Event};
use crate::case::offer::diagnosing;
use crate::case::refusal::Reason;
use crate::workflow::{Phase, Step};

impl Context<'_> {
    pub(super) fn record_cause(
        self,
        case: &Case,
        record: &RecordCause<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let Some(causes) = self.workflow.causes() else {
            return Err(vec![Reason::NoCauses {
                group: record.cause.group.clone(),
            }]);
        };
        let is_diagnosis = |step: &Step| step.phases.contains(&Phase::Diagnose);
        let mut reasons = Vec::new();
        let step = if case.is_closed() {
            None
        } else {
            Some(self.step(case)?)
        };
        if let Some(step) = step.filter(|step| !is_diagnosis(step)) {
            let steps = self.workflow.steps().filter(|step| is_diagnosis(step));
            reasons.push(Reason::CauseNotNow {
                step: step.name.clone(),
                diagnosing: steps.map(|step| step.name.clone()).collect(),
            });
        } else {
            let who = diagnosing(self.workflow, step);
            reasons.extend(self.allow(who, "record_cause").err());
        }
        let group = causes.categories.get(&record.cause.group);
        if !group.is_some_and(|group| group.contains_key(&record.cause.name)) {
            let known = match group {
                Some(group) => group
                    .keys()
                    .map(|name| format!("{}/{name}", record.cause.group))
                    .collect(),
                None => causes.categories.keys().map(ToString::to_string).collect(),
            };
            reasons.push(Reason::NoSuchCause {
                cause: record.cause.clone(),
                known,
            });
        }
        if record.whys.len() < causes.whys as usize {
            reasons.push(Reason::TooFewWhys {
                given: record.whys.len(),
                wanted: causes.whys,
            });
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        Ok(vec![Event::CauseRecorded(CauseRecorded {
            cause: record.cause.clone(),
            number: u32::try_from(case.causes().len() + 1).unwrap_or(u32::MAX),
            statement: record.statement,
            whys: record.whys.clone(),
        })])
    }
}
