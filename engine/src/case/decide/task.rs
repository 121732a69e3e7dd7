//! Doing a task of a step.

use super::Context;
use super::action::Taking;
use super::answers::Overlay;
use crate::case::command::Advance;
use crate::case::event::{Commitment, Event, Held, TaskDone};
use crate::case::refusal::Reason;
use crate::case::{Case, ask};
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
        let what = name.as_str();
        let mut overlay = Overlay::new(self.workflow, Some(case), &advance.answers);
        overlay.fill(&[&task.needs]);
        let asks = task.asks.iter().chain(&step.asks).copied();
        let asked = [task.needs.as_slice(), &step.needs];
        let not_by = step.not_by.iter().chain(&task.not_by);
        let is_open = case.tasks_open().contains(name);

        let mut reasons = Vec::new();
        reasons.extend(self.allow(task.who, what).err());
        reasons.extend(self.not_by(case, not_by, what).err());
        reasons.extend((!is_open).then(|| Reason::TaskDone { task: name.clone() }));
        reasons.extend(overlay.not_asked(ask::named(&asked).chain(asks), what));
        reasons.extend(overlay.above_max());
        reasons.extend(overlay.unmet(&[&task.needs], what));
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let mut events = overlay.recordings();
        events.push(Event::TaskDone(TaskDone {
            reason: advance.reason,
            task: name.clone(),
        }));
        if step.has_next && case.tasks_open().len() == 1 {
            events.extend(self.go_on(case, step, advance.reason, &events));
        }
        Ok(events)
    }

    /// Returns what `next` does after the last task, or nothing where it has to wait for
    /// something: its own needs, a root cause, a reason for closing.
    fn go_on(
        self,
        case: &Case,
        step: &Step,
        reason: Option<Commitment>,
        done: &[Event],
    ) -> Vec<Event> {
        let (Ok(Some(after)), Some(action)) =
            (self.after(Some(case), done), step.actions.get(DONE))
        else {
            return Vec::new();
        };
        let taking = Taking {
            case: &after,
            within: Some(step),
            action,
            given: &[],
            reason,
        };
        self.take(taking).unwrap_or_default()
    }
}
