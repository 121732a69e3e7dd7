//! What closed cases taught, from their entries.
//!
//! Cases are taken one after another: as they lie folded in the cache, else from their entries, a
//! page at a time. Of a case nothing is kept but what it counts for.
//!
//! Invariant: every number comes from cases folded from entries whose hashes were checked, never
//! from derived rows; these only say which cases there are.

use std::sync::Arc;

use heard_engine::case::Case;
use heard_engine::cause::{Days, Lessons};
use heard_engine::entry::StreamName;
use heard_engine::id::WorkflowId;
use heard_engine::time::Date;

use super::committer::{broken_error, read_error};
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
        let mut cases = 0;
        let mut next = Some(Cursor::default());
        while let Some(after) = next {
            let page = self.cases(&filter, after, PAGE_ROWS_MAX).await?;
            for row in &page.rows {
                let workflow = self.workflow_by(&row.workflow).await?;
                // A case is closed on the day of its last entry, or before.
                let rests_since = workflow.calendar(None).local_date(row.updated_at);
                if asked.only_these_days && asked.from.is_some_and(|from| rests_since < from) {
                    continue;
                }
                cases += 1;
                if cases > cases_max {
                    return Err(too_large("from_date", &too_many_cases(cases_max)));
                }
                if let Some(case) = self.case_of(row).await? {
                    lessons.add(&workflow, row.case, &case);
                }
            }
            next = page.next;
        }
        Ok(lessons)
    }

    /// Returns a case as it was folded before, else folds its entries, a page at a time.
    async fn case_of(&self, row: &CaseRow) -> Result<Option<Arc<Case>>, Error> {
        if let Some(hot) = self.shared.cache.peek(row.case) {
            return Ok(Some(hot.case));
        }
        let stream = StreamName::Case(row.case);
        let mut folded = Folded::default();
        // What is written meanwhile is of the next report.
        while folded.revision < row.revision {
            let after = folded.revision;
            let entries = self.shared.store.entries(&stream, after, PAGE_ROWS_MAX);
            let entries = entries.await.map_err(|error| read_error(&stream, error))?;
            for stored in &entries {
                if stored.revision > row.revision {
                    break;
                }
                let step = fold::step(&stream, folded, stored);
                folded = step.map_err(|broken| broken_error(&stream, broken))?;
            }
            if folded.revision == after {
                let missing = format!("entry {} is not there", after.next());
                return Err(broken_error(&stream, fold::Broken::Damaged(missing)));
            }
        }
        Ok(folded.case.map(Arc::new))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use heard_engine::case::command::{Open, Origin};
    use heard_engine::id::{PersonId, RoleName};

    use super::*;
    use crate::app::{Request, new_identity, random_request_id};
    use crate::clock::SystemClock;
    use crate::store::memory::Memory;

    const CLASSIC: &[u8] = include_bytes!("../../../workflows/classic-heard.workflow.yaml");

    fn request(role: &str) -> Request {
        Request {
            id: random_request_id(),
            person: PersonId::new(uuid::Uuid::from_u128(7)),
            role: RoleName::new(role).unwrap(),
            expected_revision: None,
            validate_only: false,
            deadline: None,
        }
    }

    #[tokio::test]
    async fn lessons_of_too_many_cases_are_refused_and_later_days_are_asked_for() {
        let app = App::start(
            Arc::new(Memory::new(new_identity())),
            Arc::new(SystemClock::default()),
        );
        app.publish(request("team_lead"), CLASSIC.to_vec())
            .await
            .unwrap();
        for _ in 0..2 {
            let workflow = WorkflowId::new("classic-heard").unwrap();
            let open = Open {
                origin: Origin::default(),
                workflow,
                customer: None,
                received_at: None,
                reference: None,
                team: None,
                version: None,
            };
            app.open(request("agent"), open).await.unwrap();
        }
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
}
