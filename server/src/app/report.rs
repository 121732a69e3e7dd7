//! What many cases come to, computed from their entries.
//!
//! Cases are read one after another, each in pages of its entries; beside the report itself, which
//! holds counted lengths, nothing of a case is kept once it was counted.
//!
//! Invariant: every number comes from entries whose hashes were checked, never from derived rows;
//! these only say which cases there are.

use std::collections::BTreeSet;

use heard_engine::case::seal::BadRequest;
use heard_engine::code::Code;
use heard_engine::id::WorkflowId;
use heard_engine::measure::{Measures, Measuring, Period, Report, Scope};
use heard_engine::time::Date;
use heard_engine::workflow::Workflow;

use super::fold;
use super::{App, Error};
use crate::store::{CaseFilter, CaseRow, Cursor, PAGE_ROWS_MAX};

/// The most cases one report may be of. How many fit in the time of a call depends on their
/// histories: a call that ends before says to ask for fewer days.
pub const REPORT_CASES_MAX: usize = 200_000;

/// What a report is asked for.
#[derive(Debug, Clone, Default)]
pub struct Asked {
    /// Only cases of this workflow.
    pub workflow: Option<WorkflowId>,
    /// The first local day.
    pub from: Option<Date>,
    /// The last local day.
    pub to: Option<Date>,
    /// What it is divided into.
    pub period: Period,
}

impl App {
    /// Returns the numbers of the cases as they are now.
    ///
    /// # Errors
    ///
    /// Refused when there is no such workflow; [`Error::Bad`] when it would be of more than
    /// [`REPORT_CASES_MAX`] cases or have too many rows; [`Error::Damaged`], [`Error::Newer`] when
    /// a case cannot be read; [`Error::Store`].
    pub async fn report(&self, asked: &Asked) -> Result<Report, Error> {
        self.report_of(asked, REPORT_CASES_MAX).await
    }

    async fn report_of(&self, asked: &Asked, cases_max: usize) -> Result<Report, Error> {
        let mut report = Report::new(Scope {
            as_of: self.shared.clock.now(),
            from: asked.from,
            to: asked.to,
            period: asked.period,
        });
        if let Some(id) = &asked.workflow {
            report.hold_against(&*self.chosen(id, None).await?);
        }
        let mut held: BTreeSet<WorkflowId> = asked.workflow.iter().cloned().collect();
        let mut cases = 0;
        let filter = CaseFilter {
            workflow: asked.workflow.clone(),
            ..CaseFilter::default()
        };
        let mut next = Some(Cursor::default());
        while let Some(after) = next {
            let page = self.cases(&filter, after, PAGE_ROWS_MAX).await?;
            for row in &page.rows {
                if held.insert(row.workflow.id.clone()) {
                    report.hold_against(&*self.chosen(&row.workflow.id, None).await?);
                }
                let workflow = self.workflow_by(&row.workflow).await?;
                if !report.may_count(&workflow, row.updated_at) {
                    continue;
                }
                cases += 1;
                if cases > cases_max {
                    return Err(too_large("from_date", &too_many_cases(cases_max)));
                }
                let Some(measures) = self.measures(row, &workflow).await? else {
                    continue;
                };
                let added = report.add(&workflow, &measures);
                added.map_err(|error| too_large("period", &error.to_string()))?;
            }
            next = page.next;
        }
        Ok(report)
    }

    /// Reads the entries of a case and measures it.
    async fn measures(
        &self,
        row: &CaseRow,
        workflow: &Workflow,
    ) -> Result<Option<Measures>, Error> {
        let mut measuring = Measuring::new(workflow);
        self.each_entry(row, |stored| {
            measuring.add(&fold::decode(stored)?);
            Ok(())
        })
        .await?;
        Ok(measuring.finish())
    }
}

pub(super) fn too_many_cases(cases_max: usize) -> String {
    format!(
        "the report would be of more than {cases_max} cases; ask for one workflow, or for what \
         happened since a later day"
    )
}

pub(super) fn too_large(field: &str, text: &str) -> Error {
    Error::Bad(BadRequest::one(Code::HB001, field, text))
}

#[cfg(test)]
mod tests {
    use heard_engine::measure::Share;

    use super::*;
    use crate::app::classic;

    #[tokio::test]
    async fn a_report_of_too_many_cases_is_refused_and_says_what_to_ask_for() {
        let (app, _) = classic::with_cases(3).await;
        let asked = Asked::default();
        let three = app.report_of(&asked, 3).await.unwrap();
        assert_eq!(three.total().received, 3);
        assert_eq!(three.total().resolved(), Share::default());
        let Err(Error::Bad(bad)) = app.report_of(&asked, 2).await else {
            panic!("three cases are more than two");
        };
        assert_eq!(bad.violations[0].field, "from_date");
        let unknown = Asked {
            workflow: Some(WorkflowId::new("unknown").unwrap()),
            ..Asked::default()
        };
        assert!(matches!(app.report(&unknown).await, Err(Error::Refused(_))));
    }
}
