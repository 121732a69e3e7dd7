//! Open cases that were begun by a heard that kept no time: nothing of them runs, though their
//! workflow says that something does.
//!
//! Invariant: no more cases are looked at than [`UNTIMED_LOOKED_MAX`], whatever the store holds.

use heard_engine::case::Case;
use heard_engine::id::CaseId;
use heard_engine::workflow::time::Anchor;
use heard_engine::workflow::{Step, Workflow};

use super::App;
use super::error::{Error, chain};
use super::timekeeper::concerns_all;
use crate::store::{CaseFilter, Cursor, PAGE_ROWS_MAX};

/// How many open cases are looked at, those first that began first.
pub const UNTIMED_LOOKED_MAX: usize = PAGE_ROWS_MAX;

impl App {
    /// Returns how many open cases have had no deadline at all though their workflow begins one
    /// with each such case. Looks at the [`UNTIMED_LOOKED_MAX`] oldest. It is a notice: what cannot
    /// be read is not counted, and logged.
    pub async fn untimed(&self) -> usize {
        let filter = CaseFilter {
            is_closed: Some(false),
            ..CaseFilter::default()
        };
        let open = self.cases(&filter, Cursor::default(), UNTIMED_LOOKED_MAX);
        let open = match open.await {
            Ok(page) => page.rows,
            Err(error) => {
                log(None, &error);
                return 0;
            }
        };
        let mut found = 0;
        for row in open {
            if row.due_at.is_some() {
                continue;
            }
            match self.case(row.case).await {
                Ok(view) if is_untimed(&view.workflow, &view.case) => found += 1,
                Ok(_) => {}
                Err(error) => {
                    log(Some(row.case), &error);
                    // A store that does not answer would be asked for every other case in vain.
                    if concerns_all(&error) {
                        break;
                    }
                }
            }
        }
        found
    }
}

fn log(case: Option<CaseId>, error: &Error) {
    let error = chain(error);
    let case = case.map(tracing::field::display);
    tracing::warn!(case, error, "whether deadlines run cannot be learnt");
}

fn is_untimed(workflow: &Workflow, case: &Case) -> bool {
    // What runs for the causes of a case begins with a cause, whoever began the case.
    let mut names = case.deadlines().map(|(name, _)| name);
    if names.any(|name| !name.kind().is_of_cause()) {
        return false;
    }
    let is_due = |step: &Step| step.due.is_some() || step.tasks.values().any(|t| t.due.is_some());
    let step = case.step().and_then(|step| workflow.step(step.as_str()));
    let mut clocks = workflow.clocks().values();
    // A case of another system may come in where its clock is over.
    let begins = !case.is_imported() && clocks.any(|clock| clock.from.contains(&Anchor::Opened));
    begins || step.is_some_and(|(_, step)| is_due(step))
}
