//! Opening a case and entering steps.

use super::Context;
use super::answers::Overlay;
use crate::case::Case;
use crate::case::command::{Import, Open};
use crate::case::event::{CaseImported, CaseOpened, Commitment, Event, Held, OriginRecorded};
use crate::case::landing;
use crate::case::refusal::Reason;
use crate::id::FieldName;
use crate::workflow::Step;

impl Context<'_> {
    pub(super) fn open(self, open: &Open<Commitment>) -> Vec<Event> {
        let start = self.workflow.start();
        let opened = CaseOpened {
            customer: open.customer,
            opened_at: open.received_at.unwrap_or(self.command.at),
            received_at: open.received_at,
            reference: open.reference,
            step: start.name.clone(),
            team: open.team.clone(),
        };
        let mut events = vec![Event::CaseOpened(opened)];
        if !open.origin.is_complaint() {
            events.push(Event::OriginRecorded(OriginRecorded {
                parent: open.origin.parent,
                proactive: open.origin.proactive,
            }));
        }
        events.push(landing::entered(self.workflow, start, 1, |_| false));
        events
    }

    /// Enters a case of another system at a step, with everything a case has there.
    pub(super) fn import(
        self,
        import: &Import<Held, Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let Some((_, step)) = self.workflow.step(import.step.as_str()) else {
            let known = self
                .workflow
                .steps()
                .map(|step| step.name.clone())
                .collect();
            return Err(vec![Reason::NoSuchStep {
                step: import.step.clone(),
                known,
            }]);
        };
        let overlay = Overlay::new(self.workflow, None, &import.answers);
        let all = self.workflow.fields().keys();
        let all = all.filter_map(|name| Some(self.workflow.field(name.as_str())?.0));
        let mut reasons = Vec::new();
        reasons.extend(overlay.not_asked(all, "import"));
        reasons.extend(overlay.above_max());
        let fields = overlay.unanswered(step.filled.iter().copied());
        if !fields.is_empty() {
            let step = import.step.clone();
            reasons.push(Reason::ImportIncomplete { step, fields });
        }
        if !reasons.is_empty() {
            return Err(reasons);
        }
        let mut events = vec![Event::CaseImported(CaseImported {
            customer: import.customer,
            opened_at: import.opened_at,
            reference: import.reference,
            step: import.step.clone(),
            team: import.team.clone(),
        })];
        // The step is entered first: it would empty answers that are asked anew in it, and what
        // another system knows of this very visit is to be kept.
        events.push(landing::entered(self.workflow, step, 1, |_| false));
        events.extend(overlay.recordings());
        Ok(events)
    }

    /// Returns the event of entering a step from where the case is, after the answers given now.
    pub(super) fn enter(self, case: &Case, step: &Step, recorded: &[Event]) -> Event {
        let is_recorded = |name: &FieldName| {
            recorded.iter().any(
                |event| matches!(event, Event::AnswerRecorded(recorded) if recorded.field == *name),
            )
        };
        landing::entered(self.workflow, step, case.visit() + 1, |name| {
            case.answers().contains_key(name) || is_recorded(name)
        })
    }
}
