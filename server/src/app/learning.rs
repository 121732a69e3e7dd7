//! What cases taught, and which systemic issues they are of, from their entries.
//!
//! Cases are taken one after another: as they lie folded in the cache, else from their entries, a
//! page at a time. Of a case nothing is kept but what it counts for.
//!
//! Invariant: every number comes from cases folded from entries whose hashes were checked, never
//! from derived rows; these only say which cases there are.

use std::mem;
use std::sync::Arc;

use heard_engine::case::Case;
use heard_engine::cause::{Days, Issues, Lessons};
use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, WorkflowId};
use heard_engine::time::Date;
use heard_engine::workflow::Workflow;

use super::fold::{self, Folded};
use super::report::{REPORT_CASES_MAX, too_large, too_many_cases};
use super::{App, Error};
use crate::store::{CaseFilter, CaseRow, Cursor, PAGE_ROWS_MAX};

/// Which cases are asked for.
#[derive(Debug, Clone, Default)]
pub struct Closed {
    /// Only cases of this workflow.
    pub workflow: Option<WorkflowId>,
    /// The first local day of closing.
    pub from: Option<Date>,
    /// The last local day of closing.
    pub to: Option<Date>,
    /// Only what was closed in these days is asked for, and not what was done about causes: cases
    /// that rest since an earlier day need not be read.
    pub only_these_days: bool,
}

impl App {
    /// Returns what closed cases taught, as they are now.
    ///
    /// # Errors
    ///
    /// Refused when there is no such workflow; [`Error::Bad`] when it would be of more than
    /// [`REPORT_CASES_MAX`] cases; [`Error::Damaged`], [`Error::Newer`] when a case cannot be read;
    /// [`Error::Store`].
    pub async fn lessons(&self, asked: &Closed) -> Result<Lessons, Error> {
        self.lessons_of(asked, REPORT_CASES_MAX).await
    }

    async fn lessons_of(&self, asked: &Closed, cases_max: usize) -> Result<Lessons, Error> {
        let mut lessons = Lessons::new(Days {
            as_of: self.shared.clock.now(),
            from: asked.from,
            to: asked.to,
        });
        if let Some(id) = &asked.workflow {
            self.chosen(id, None).await?;
        }
        let filter = CaseFilter {
            workflow: asked.workflow.clone(),
            ..CaseFilter::default()
        };
        let is_asked = |row: &CaseRow, workflow: &Workflow| {
            // A case is closed on the day of its last entry, or before.
            let rests_since = workflow.calendar(None).local_date(row.updated_at);
            !asked.only_these_days || asked.from.is_none_or(|from| from <= rests_since)
        };
        let mut parents = Vec::new();
        let add = |workflow: &Workflow, id, case: &Case| {
            lessons.add(workflow, id, case);
            if case.issue().is_some() {
                parents.push(id);
            }
        };
        let mut left = cases_max;
        let mut is_all = self.each_case(&filter, &mut left, is_asked, add).await?;
        if let Some(asked_for) = asked.workflow.as_ref().filter(|_| !asked.only_these_days) {
            // Cases of other workflows may have taken a cause of this one.
            let add = |_: &Workflow, id, case: &Case| lessons.add_elsewhere(id, case);
            is_all = is_all && self.each_child(asked_for, &parents, &mut left, add).await?;
        }
        if is_all {
            return Ok(lessons);
        }
        Err(too_large("from_date", &too_many_cases(cases_max)))
    }

    /// Returns the systemic issues that cases propose or that were confirmed, as they are now.
    ///
    /// # Errors
    ///
    /// As [`lessons`](Self::lessons).
    pub async fn issues(&self, workflow: Option<&WorkflowId>) -> Result<Issues, Error> {
        self.issues_of(workflow, REPORT_CASES_MAX).await
    }

    async fn issues_of(
        &self,
        workflow: Option<&WorkflowId>,
        cases_max: usize,
    ) -> Result<Issues, Error> {
        let mut issues = Issues::default();
        match workflow {
            Some(id) => issues.hold_against(&*self.chosen(id, None).await?),
            None => self.hold_against_all(&mut issues).await?,
        }
        let filter = CaseFilter {
            workflow: workflow.cloned(),
            ..CaseFilter::default()
        };
        let mut left = cases_max;
        let add = |workflow: &Workflow, id, case: &Case| issues.add(workflow, id, case);
        let mut is_all = self.each_case(&filter, &mut left, |_, _| true, add).await?;
        if let Some(asked) = workflow {
            // Cases of this workflow may belong to issues of others, and the other way round.
            let parents = issues.parents_to_add();
            let add = |workflow: &Workflow, id, case: &Case| issues.add(workflow, id, case);
            is_all = is_all && self.each_of(&parents, &mut left, add).await?;
            let parents = issues.parents();
            let add = |workflow: &Workflow, id, case: &Case| issues.add(workflow, id, case);
            is_all = is_all && self.each_child(asked, &parents, &mut left, add).await?;
        }
        if is_all {
            return Ok(issues);
        }
        let text = format!(
            "the report would be of more than {cases_max} cases; ask for one workflow, of those \
             that have fewer"
        );
        Err(too_large("workflow_id", &text))
    }

    /// Holds issues against the highest version of every workflow.
    async fn hold_against_all(&self, issues: &mut Issues) -> Result<(), Error> {
        let mut next = Some(Cursor::default());
        while let Some(after) = next {
            let page = self.workflows(after, PAGE_ROWS_MAX).await?;
            for row in &page.rows {
                issues.hold_against(&*self.chosen(&row.workflow.id, None).await?);
            }
            next = page.next;
        }
        Ok(())
    }

    /// Gives every case of another workflow that belongs to one of these to `add`, as
    /// [`each_case`](Self::each_case) does.
    async fn each_child(
        &self,
        workflow: &WorkflowId,
        parents: &[CaseId],
        left: &mut usize,
        mut add: impl FnMut(&Workflow, CaseId, &Case) + Send,
    ) -> Result<bool, Error> {
        for parent in parents {
            let filter = CaseFilter {
                parent: Some(*parent),
                ..CaseFilter::default()
            };
            let is_other = |row: &CaseRow, _: &Workflow| row.workflow.id != *workflow;
            if !self.each_case(&filter, left, is_other, &mut add).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives each of these cases that there is to `add`, as [`each_case`](Self::each_case) does.
    async fn each_of(
        &self,
        cases: &[CaseId],
        left: &mut usize,
        mut add: impl FnMut(&Workflow, CaseId, &Case) + Send,
    ) -> Result<bool, Error> {
        for case in cases {
            let Some(row) = self.shared.store.case(*case).await? else {
                continue;
            };
            let workflow = self.workflow_by(&row.workflow).await?;
            if !self.read(&row, &workflow, left, &mut add).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Gives every case that is asked for to `add`, oldest first, and takes it off those that are
    /// left to read. Returns whether these were enough.
    async fn each_case(
        &self,
        filter: &CaseFilter,
        left: &mut usize,
        is_asked: impl Fn(&CaseRow, &Workflow) -> bool + Send,
        mut add: impl FnMut(&Workflow, CaseId, &Case) + Send,
    ) -> Result<bool, Error> {
        let mut next = Some(Cursor::default());
        while let Some(after) = next {
            let page = self.cases(filter, after, PAGE_ROWS_MAX).await?;
            for row in &page.rows {
                let workflow = self.workflow_by(&row.workflow).await?;
                if !is_asked(row, &workflow) {
                    continue;
                }
                if !self.read(row, &workflow, left, &mut add).await? {
                    return Ok(false);
                }
            }
            next = page.next;
        }
        Ok(true)
    }

    /// Gives a case to `add`, if there is one left to read.
    async fn read(
        &self,
        row: &CaseRow,
        workflow: &Workflow,
        left: &mut usize,
        add: &mut (impl FnMut(&Workflow, CaseId, &Case) + Send),
    ) -> Result<bool, Error> {
        let Some(fewer) = left.checked_sub(1) else {
            return Ok(false);
        };
        *left = fewer;
        if let Some(case) = self.case_of(row).await? {
            add(workflow, row.case, &case);
        }
        Ok(true)
    }

    /// Returns a case as it was folded before, else folds its entries.
    async fn case_of(&self, row: &CaseRow) -> Result<Option<Arc<Case>>, Error> {
        if let Some(hot) = self.shared.cache.peek(row.case) {
            return Ok(Some(hot.case));
        }
        let stream = StreamName::Case(row.case);
        let mut folded = Folded::default();
        self.each_entry(row, |stored| {
            folded = fold::step(&stream, mem::take(&mut folded), stored)?;
            Ok(())
        })
        .await?;
        Ok(folded.case.map(Arc::new))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::classic;

    #[tokio::test]
    async fn lessons_of_too_many_cases_are_refused_and_later_days_are_asked_for() {
        let (app, _) = classic::with_cases(2).await;
        let all = Closed::default();
        let lessons = app.lessons_of(&all, 2).await.unwrap();
        assert_eq!(lessons.closed().total, 0);
        let Err(Error::Bad(bad)) = app.lessons_of(&all, 1).await else {
            panic!("two cases are more than one");
        };
        assert_eq!(bad.violations[0].field, "from_date");
        let later = Closed {
            from: Some(Date::parse("9999-01-01").unwrap()),
            only_these_days: true,
            ..Closed::default()
        };
        // Cases that rest since before these days are not read.
        app.lessons_of(&later, 0).await.unwrap();
        let unknown = Closed {
            workflow: Some(WorkflowId::new("unknown").unwrap()),
            ..Closed::default()
        };
        assert!(matches!(
            app.lessons(&unknown).await,
            Err(Error::Refused(_))
        ));
    }

    #[tokio::test]
    async fn issues_of_too_many_cases_are_refused_and_one_workflow_is_asked_for() {
        let (app, _) = classic::with_cases(2).await;
        assert_eq!(app.issues_of(None, 2).await.unwrap().proposed(), []);
        let Err(Error::Bad(bad)) = app.issues_of(None, 1).await else {
            panic!("two cases are more than one");
        };
        assert_eq!(bad.violations[0].field, "workflow_id");
        let unknown = WorkflowId::new("unknown").unwrap();
        assert!(matches!(
            app.issues(Some(&unknown)).await,
            Err(Error::Refused(_))
        ));
    }
}
