//! Doing a task of a step.

use super::Context;
use super::answers::{self, Overlay};
use crate::case::Case;
use crate::case::command::Advance;
use crate::case::event::{Commitment, Event, Held, TaskDone};
use crate::case::evolve::{Meta, evolve};
use crate::case::refusal::Reason;
use crate::id::TaskName;
use crate::workflow::{DONE, Step};

impl Context<'_> {
    pub(super) fn do_task(
        self,
        case: &Case,
        step: &Step,
        name: &TaskName,
        advance: &Advance<Held, Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let Some(task) = step.tasks.get(name) else {
            return Err(vec![Reason::NoSuchAction {
                name: name.to_string(),
                step: step.name.clone(),
                title: step.title.clone(),
            }]);
        };
        let mut overlay = Overlay::new(self.workflow, case, &advance.answers);
        overlay.fill(&task.needs);
        let asked = answers::asked(&[&task.needs, &step.needs], &[&task.asks, &step.asks]);
        let mut reasons: Vec<Reason> = [
            self.allow(task.who, name.as_str()),
            self.not_by(case, &step.not_by, name.as_str()),
            self.not_by(case, &task.not_by, name.as_str()),
            overlay.check_asked(&asked, name.as_str()),
            overlay.check_max(),
        ]
        .into_iter()
        .filter_map(Result::err)
        .collect();
        if !case.tasks_open().contains(name) {
            reasons.push(Reason::TaskDone { task: name.clone() });
        }
        reasons.extend(overlay.unmet(&[&task.needs], name.as_str()));
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let mut events = overlay.recordings();
        events.push(Event::TaskDone(TaskDone {
            reason: advance.reason,
            task: name.clone(),
        }));
        let is_last = case.tasks_open().len() == 1;
        if is_last && step.has_next {
            events.extend(self.go_on(case, step, advance.reason.is_some(), &events));
        }
        Ok(events)
    }

    /// Returns what `next` does after the last task, or nothing where its needs do not hold yet.
    fn go_on(self, case: &Case, step: &Step, has_reason: bool, done: &[Event]) -> Vec<Event> {
        let meta = Meta {
            revision: case.revision().next(),
            at: self.command.at.max(case.updated_at()),
            actor: self.actor(),
            workflow: case.workflow(),
        };
        let after = done
            .iter()
            .try_fold(case.clone(), |case, event| evolve(Some(case), &meta, event));
        let (Ok(after), Some(next)) = (after, step.actions.get(DONE)) else {
            return Vec::new();
        };
        // The reason stands with the task; what is taken by itself has none of its own.
        self.take(&after, Some(step), next, &[], has_reason)
            .unwrap_or_default()
    }
}
