//! Open cases that were begun by a heard that kept no time: nothing of them runs, though their
//! workflow says that something does.
//!
//! Invariant: no more cases are looked at than [`UNTIMED_LOOKED_MAX`], whatever the store holds.

use heard_engine::case::Case;
use heard_engine::workflow::time::Anchor;
use heard_engine::workflow::{Step, Workflow};

use super::{App, Error};
use crate::store::{CaseFilter, Cursor, PAGE_ROWS_MAX};

/// How many open cases are looked at, those first that began first.
pub const UNTIMED_LOOKED_MAX: usize = PAGE_ROWS_MAX;

impl App {
    /// Returns how many open cases have had no deadline at all though their workflow begins one
    /// with each such case. Looks at the [`UNTIMED_LOOKED_MAX`] oldest; what cannot be read is not
    /// counted, and is told to whoever asks for it.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub async fn untimed(&self) -> Result<usize, Error> {
        let filter = CaseFilter {
            is_closed: Some(false),
            ..CaseFilter::default()
        };
        let open = self.cases(&filter, Cursor::default(), UNTIMED_LOOKED_MAX);
        let mut found = 0;
        for row in open.await?.rows {
            if row.due_at.is_some() {
                continue;
            }
            match self.case(row.case).await {
                Ok(view) if is_untimed(&view.workflow, &view.case) => found += 1,
                Err(error @ Error::Store(_)) => return Err(error),
                Ok(_) | Err(_) => {}
            }
        }
        Ok(found)
    }
}

fn is_untimed(workflow: &Workflow, case: &Case) -> bool {
    if case.deadlines().next().is_some() {
        return false;
    }
    let is_due = |step: &Step| step.due.is_some() || step.tasks.values().any(|t| t.due.is_some());
    let step = case.step().and_then(|step| workflow.step(step.as_str()));
    let mut clocks = workflow.clocks().values();
    // A case of another system may come in where its clock is over.
    let begins = !case.is_imported() && clocks.any(|clock| clock.from.contains(&Anchor::Opened));
    begins || step.is_some_and(|(_, step)| is_due(step))
}
