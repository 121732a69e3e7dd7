//! What can be asked of the application without changing anything.
//!
//! Invariant: a read never waits for the committer, and puts nothing into the cache.

use std::collections::VecDeque;
use std::sync::Arc;

use heard_engine::case::{MERGED_MAX, Reason};
use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Position, Revision, Version, WorkflowId};
use heard_engine::lint::{self, Beside, Report};
use heard_engine::time::Timestamp;
use heard_engine::workflow::{Workflow, WorkflowRef};

use super::cache::Hot;
use super::committer::{broken_error, read_error};
use super::fold::{self, Broken};
use super::{App, CaseView, Error, Rebuilt, Receipt, rebuild};
use crate::store::{
    CaseFilter, CaseRow, CauseFilter, CauseRow, Cursor, DuePlace, PAGE_ROWS_MAX, Page, SealedRow,
    StoredEntry, WorkflowRow,
};

/// How many published workflows a refusal names.
const KNOWN_MAX: usize = 20;

impl App {
    /// Returns a case.
    ///
    /// # Errors
    ///
    /// Refused when there is none; [`Error::Damaged`] when its history is.
    pub async fn case(&self, case: CaseId) -> Result<CaseView, Error> {
        let hot = self.hot(case).await?;
        let workflow = self.workflow_by(hot.case.workflow()).await?;
        Ok(CaseView {
            id: case,
            case: hot.case,
            workflow,
        })
    }

    /// Returns a case, or the one that goes on for it where it was merged into another.
    ///
    /// # Errors
    ///
    /// As [`case`](Self::case) of each on the way.
    pub async fn case_that_goes_on(&self, asked: CaseId) -> Result<CaseView, Error> {
        let mut view = self.case(asked).await?;
        // After the last one that is allowed, the case that goes on is looked at.
        for _ in 0..=MERGED_MAX {
            let Some(merging) = view.case.merged_into() else {
                return Ok(view);
            };
            view = self.case(merging.into).await?;
        }
        let what = format!("it was merged by way of more than {MERGED_MAX} other cases");
        Err(Error::Damaged { case: asked, what })
    }

    /// Returns the sealed values of a case, of one entry or of all, by revision and place. Each
    /// is what its entry commits to.
    ///
    /// # Errors
    ///
    /// [`Error::Damaged`] when one is not; [`Error::Store`].
    pub async fn reveal(
        &self,
        case: CaseId,
        revision: Option<Revision>,
    ) -> Result<Vec<SealedRow>, Error> {
        let stream = StreamName::Case(case);
        let rows = self.shared.store.sealed(&stream, revision).await?;
        let mut entries: VecDeque<StoredEntry> = VecDeque::new();
        for row in &rows {
            while entries
                .front()
                .is_some_and(|entry| entry.revision < row.revision)
            {
                entries.pop_front();
            }
            if entries.is_empty() {
                let before = Revision(row.revision.0.saturating_sub(1));
                let count = revision.map_or(PAGE_ROWS_MAX, |_| 1);
                entries = self.entries(case, before, count).await?.into();
            }
            let opened = match entries.front() {
                Some(entry) => fold::opens(row, entry),
                None => Err(Broken::Damaged(format!("it has no entry {}", row.revision))),
            };
            opened.map_err(|broken| broken_error(&stream, broken))?;
        }
        Ok(rows)
    }

    /// Returns a page of cases, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub async fn cases(
        &self,
        filter: &CaseFilter,
        after: Cursor,
        rows: usize,
    ) -> Result<Page<CaseRow>, Error> {
        Ok(self.shared.store.cases(filter, after, rows).await?)
    }

    /// Returns cases to which something happens by itself before an instant, by when it does, and
    /// where the next page begins. Of `rows` only those that the filter wants are returned.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub async fn cases_due(
        &self,
        filter: &CaseFilter,
        before: Timestamp,
        after: Option<DuePlace>,
        rows: usize,
    ) -> Result<(Vec<CaseRow>, Option<DuePlace>), Error> {
        let store = &*self.shared.store;
        let Ok(until) = Timestamp::from_micros(before.micros().saturating_sub(1)) else {
            return Ok((Vec::new(), None));
        };
        let due = store.due(until, after, rows).await?;
        let last = due.last().map(|row| row.place);
        let next = last.filter(|_| due.len() == rows);
        let mut cases = Vec::with_capacity(due.len());
        for row in due {
            // What is due may have changed since the page was read.
            let case = store.case(row.case).await?;
            let is_due = |case: &CaseRow| case.due_at.is_some_and(|due| due < before);
            cases.extend(case.filter(|case| is_due(case) && filter.wants(case)));
        }
        Ok((cases, next))
    }

    /// Returns what time it is, by the clock that deadlines fire by.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.shared.clock.now()
    }

    /// Returns entries of a case after a revision, as they lie in the store.
    ///
    /// # Errors
    ///
    /// Refused when there is no such case; [`Error::Damaged`] when an entry does not have its
    /// hash.
    pub async fn entries(
        &self,
        case: CaseId,
        after: Revision,
        rows: usize,
    ) -> Result<Vec<StoredEntry>, Error> {
        let stream = StreamName::Case(case);
        let entries = self.shared.store.entries(&stream, after, rows).await;
        let entries = entries.map_err(|error| read_error(&stream, error))?;
        if entries.is_empty() && self.shared.store.case(case).await?.is_none() {
            return Err(Error::Refused(Box::new(Reason::NoSuchCase.into())));
        }
        for entry in &entries {
            fold::is_whole(entry).map_err(|broken| broken_error(&stream, broken))?;
        }
        Ok(entries)
    }

    /// Gives the entries of a case to `take`, a page at a time, up to that of the row: what is
    /// written meanwhile is of the next report.
    pub(super) async fn each_entry(
        &self,
        row: &CaseRow,
        mut take: impl FnMut(&StoredEntry) -> Result<(), Broken> + Send,
    ) -> Result<(), Error> {
        let stream = StreamName::Case(row.case);
        let mut after = Revision(0);
        while after < row.revision {
            let entries = self.shared.store.entries(&stream, after, PAGE_ROWS_MAX);
            let entries = entries.await.map_err(|error| read_error(&stream, error))?;
            let before = after;
            for stored in entries
                .iter()
                .filter(|stored| stored.revision <= row.revision)
            {
                take(stored).map_err(|broken| broken_error(&stream, broken))?;
                after = stored.revision;
            }
            if after == before {
                let missing = format!("entry {} is not there", after.next());
                return Err(broken_error(&stream, Broken::Damaged(missing)));
            }
        }
        Ok(())
    }

    /// Returns a page of root causes, oldest first.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub async fn causes(
        &self,
        filter: &CauseFilter,
        after: Cursor,
        rows: usize,
    ) -> Result<Page<CauseRow>, Error> {
        Ok(self.shared.store.causes(filter, after, rows).await?)
    }

    /// Checks a workflow file on the present day.
    #[must_use]
    pub fn check(&self, bytes: &[u8]) -> Report {
        lint::check_with(bytes, &self.beside())
    }

    /// Returns what is known beside a workflow file.
    pub(super) fn beside(&self) -> Beside {
        Beside {
            today: self.shared.clock.now().day(),
        }
    }

    /// Returns a published workflow with its bytes; without a version the highest.
    ///
    /// # Errors
    ///
    /// Refused when there is none.
    pub async fn workflow(
        &self,
        id: &WorkflowId,
        version: Option<Version>,
    ) -> Result<(WorkflowRow, Arc<Workflow>), Error> {
        let found = self
            .shared
            .catalog
            .find(&*self.shared.store, id, version)
            .await?;
        match found {
            Some(found) => Ok(found),
            None => Err(self.no_such_workflow(id, version).await?),
        }
    }

    /// Returns a page of published workflows, without their bytes.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub async fn workflows(&self, after: Cursor, rows: usize) -> Result<Page<WorkflowRow>, Error> {
        Ok(self.shared.store.workflows(after, rows).await?)
    }

    /// Returns the workflow that a case names.
    ///
    /// # Errors
    ///
    /// [`Error::Store`] when it is not as it was published.
    pub async fn workflow_by(&self, reference: &WorkflowRef) -> Result<Arc<Workflow>, Error> {
        self.shared.catalog.of(&*self.shared.store, reference).await
    }

    /// Makes every derived row anew from the entries; with `write` false only says what differs.
    ///
    /// # Errors
    ///
    /// [`Error::Store`].
    pub async fn rebuild(&self, write: bool) -> Result<Rebuilt, Error> {
        rebuild::rebuild(&*self.shared.store, write).await
    }

    /// Returns the workflow a new case is to follow; without a version the highest.
    pub(super) async fn chosen(
        &self,
        id: &WorkflowId,
        version: Option<Version>,
    ) -> Result<Arc<Workflow>, Error> {
        let (store, catalog) = (&*self.shared.store, &self.shared.catalog);
        let found = match version {
            None => catalog.highest(store, id).await?,
            Some(version) => catalog.version(store, id, version).await?,
        };
        match found {
            Some(workflow) => Ok(workflow),
            None => Err(self.no_such_workflow(id, version).await?),
        }
    }

    async fn no_such_workflow(
        &self,
        id: &WorkflowId,
        version: Option<Version>,
    ) -> Result<Error, Error> {
        let page = self
            .shared
            .store
            .workflows(Cursor::default(), KNOWN_MAX)
            .await?;
        let known = page
            .rows
            .iter()
            .map(|row| shown(&row.workflow.id, Some(row.workflow.version)));
        let workflow = format!("`{}`", shown(id, version));
        let known = known.collect();
        Ok(Error::Refused(Box::new(
            Reason::NoSuchWorkflow { workflow, known }.into(),
        )))
    }

    pub(super) async fn hot(&self, case: CaseId) -> Result<Hot, Error> {
        if let Some(hot) = self.shared.cache.get(case) {
            return Ok(hot);
        }
        let folded = self.folded(&StreamName::Case(case), None).await?.0;
        let hot = folded.case.map(Arc::new).zip(folded.head);
        let hot = hot.map(|(case, head)| Hot { case, head });
        hot.ok_or_else(|| Error::Refused(Box::new(Reason::NoSuchCase.into())))
    }

    /// Reads a stream, up to a revision where one is given.
    async fn folded(
        &self,
        stream: &StreamName,
        until: Option<Revision>,
    ) -> Result<(fold::Folded, Option<Position>), Error> {
        let histories = self.shared.store.load(std::slice::from_ref(stream)).await;
        let mut histories = histories.map_err(|error| read_error(stream, error))?;
        let mut entries = histories.pop().unwrap_or_default();
        entries.retain(|entry| until.is_none_or(|until| entry.revision <= until));
        let folded = fold::fold(stream, &entries);
        let folded = folded.map_err(|broken| broken_error(stream, broken))?;
        Ok((folded, entries.last().map(|entry| entry.position)))
    }

    /// Returns the receipt of a stored entry, and the stream as it stood then.
    pub(super) async fn receipt_of(
        &self,
        stream: &StreamName,
        revision: Revision,
    ) -> Result<(Receipt, fold::Folded), Error> {
        let (folded, position) = self.folded(stream, Some(revision)).await?;
        let receipt = Receipt {
            revision,
            position,
            hash: folded.head,
            recorded_at: folded.at,
            repeated: true,
        };
        Ok((receipt, folded))
    }
}

fn shown(id: &WorkflowId, version: Option<Version>) -> String {
    version.map_or_else(|| id.to_string(), |version| format!("{id}@{version}"))
}
