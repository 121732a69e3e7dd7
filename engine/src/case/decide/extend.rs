//! Extending a clock: once, before it is due, from the anchor it has.

use super::Context;
use super::answers::Overlay;
use crate::calendar;
use crate::case::Case;
use crate::case::command::Extend;
use crate::case::deadline::{Deadline, DeadlineKind, DeadlineName};
use crate::case::event::{ClockExtended, Commitment, Event};
use crate::case::follow::marks::{Stood, Terms};
use crate::case::refusal::{NotExtended, Reason};
use crate::id::ClockName;
use crate::workflow::time::{self, Clock};

impl Context<'_> {
    /// Extends a clock. What is needed must have been answered before: an extension brings no
    /// answers.
    pub(super) fn extend(
        self,
        case: &Case,
        asked: &Extend<Commitment>,
    ) -> Result<Vec<Event>, Vec<Reason>> {
        let not = |because| Reason::NotExtended {
            clock: asked.clock.clone(),
            because,
        };
        let name = DeadlineName::new(DeadlineKind::Clock, asked.clock.as_str());
        let clock = self.workflow.clocks().get(&asked.clock);
        let running = case.deadline(&name).filter(|clock| clock.is_running());
        let Some((clock, deadline)) = clock.zip(running) else {
            let running = self.extendable(case);
            return Err(vec![not(NotExtended::NotRunning { running })]);
        };
        let Some(extend) = &clock.extend else {
            return Err(vec![not(NotExtended::NoExtension)]);
        };
        let what = format!("extend {}", asked.clock);
        let overlay = Overlay::new(self.workflow, Some(case), &[]);
        let mut reasons = Vec::new();
        reasons.extend(self.allow(extend.by, &what).err());
        reasons.extend(deadline.is_extended.then(|| not(NotExtended::Already)));
        let due = deadline.due.filter(|due| *due <= self.at(Some(case)));
        reasons.extend(due.map(|due| not(NotExtended::Late { due })));
        reasons.extend(overlay.unmet(&[&extend.needs], &what));
        if !reasons.is_empty() {
            return Err(reasons);
        }
        Ok(vec![self.extended(&name, clock, extend, deadline, asked)])
    }

    /// Returns the event of an extension: the new length from the same anchor, with the pauses the
    /// clock had; it warns anew.
    fn extended(
        self,
        name: &DeadlineName,
        clock: &Clock,
        extend: &time::Extend,
        deadline: &Deadline,
        asked: &Extend<Commitment>,
    ) -> Event {
        let terms = Terms {
            length: extend.to,
            ..Terms::of_clock(self.workflow, clock).as_begun(deadline)
        };
        let stood = Stood {
            pauses: &deadline.pauses,
            since: deadline.paused_since,
        };
        let laid = terms.lay_out(deadline.anchor, stood);
        Event::ClockExtended(ClockExtended {
            deadline: name.clone(),
            due: laid.due,
            length: extend.to.to_string(),
            marks: laid.marks,
            number: deadline.number,
            reason: asked.reason,
            tz: calendar::tz_version().to_owned(),
        })
    }

    /// Returns the clocks that run and may be extended at all.
    fn extendable(self, case: &Case) -> Vec<ClockName> {
        let clocks = self.workflow.clocks().iter();
        let running = clocks.filter(|(name, clock)| {
            let name = DeadlineName::new(DeadlineKind::Clock, name.as_str());
            clock.extend.is_some() && case.deadline(&name).is_some_and(Deadline::is_running)
        });
        running.map(|(name, _)| name.clone()).collect()
    }
}
