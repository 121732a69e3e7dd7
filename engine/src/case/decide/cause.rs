//! Recording a root cause.

use super::Context;
use crate::case::command::RecordCause;
use crate::case::event::{CauseRecorded, Commitment, Event};
use crate::case::refusal::Reason;
use crate::case::{Case, CauseRef};
use crate::workflow::{Causes, Phase, Step};

impl Context<'_> {
    /// Records a cause while the case is in a diagnose step, or closed.
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
        let mut reasons = Vec::new();
        reasons.extend(self.may_diagnose(case).err());
        reasons.extend(unknown(causes, &record.cause));
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

    fn may_diagnose(self, case: &Case) -> Result<(), Reason> {
        let steps = self.workflow.steps();
        let mut diagnosing: Vec<&Step> = steps
            .filter(|step| step.phases.contains(&Phase::Diagnose))
            .collect();
        if let Some(here) = case.step() {
            if !diagnosing.iter().any(|step| step.name == *here) {
                return Err(Reason::CauseNotNow {
                    step: here.clone(),
                    diagnosing: diagnosing.iter().map(|step| step.name.clone()).collect(),
                });
            }
            diagnosing.retain(|step| step.name == *here);
        }
        self.may_act_in(case, &diagnosing, |step| &step.not_by, "record_cause")
            .map(drop)
    }
}

fn unknown(causes: &Causes, cause: &CauseRef) -> Option<Reason> {
    let group = causes.categories.get(&cause.group);
    if group.is_some_and(|group| group.contains_key(&cause.name)) {
        return None;
    }
    let known = group.map_or_else(
        || {
            let groups = causes.categories.keys();
            groups.map(|group| format!("{group}/...")).collect()
        },
        |group| {
            let names = group.keys();
            names
                .map(|name| format!("{}/{name}", cause.group))
                .collect()
        },
    );
    let cause = cause.clone();
    Some(Reason::NoSuchCause { cause, known })
}
