//! A store that forgets: entries in the memory of the process, for tests and as the model.
//!
//! Invariant: simple enough to be seen to be right; every other store must do what it does.

mod cause;
mod rebuild;

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard};

use async_trait::async_trait;
use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Position, Revision, Version, WorkflowId};
use heard_engine::time::Timestamp;

use super::{
    Append, Appended, BookingRow, CaseFilter, CaseRow, CauseFilter, CauseRow, Cursor, Derived,
    DuePlace, DueRow, Error, Gauges, GivenFilter, Identity, PAGE_ROWS_MAX, Page, SealedRow, Store,
    StoredEntry, SurveyFilter, SurveyRow, WorkflowRow, check,
};

/// A store in memory.
#[derive(Debug)]
pub struct Memory {
    identity: Identity,
    /// `None` once closed.
    contents: Mutex<Option<Contents>>,
}

#[derive(Debug, Default)]
struct Contents {
    log: Vec<(StreamName, StoredEntry)>,
    /// In the order of their beginnings.
    streams: Vec<Stream>,
    /// The index in `streams` of each.
    keys: HashMap<StreamName, usize>,
    /// Where each case stands that has a next mark; its key is its index in `streams`.
    due: BTreeSet<DuePlace>,
    causes: Vec<CauseRow>,
    bookings: Vec<BookingRow>,
    surveys: Vec<SurveyRow>,
    /// In the order of publishing.
    workflows: Vec<WorkflowRow>,
    hold: Option<String>,
}

#[derive(Debug, Default)]
struct Stream {
    entries: Vec<StoredEntry>,
    sealed: BTreeMap<(Revision, u32), SealedRow>,
    case: Option<CaseRow>,
}

impl Memory {
    /// Makes an empty store.
    #[must_use]
    pub fn new(identity: Identity) -> Self {
        Self {
            identity,
            contents: Mutex::new(Some(Contents::default())),
        }
    }

    fn with<T>(&self, work: impl FnOnce(&mut Contents) -> Result<T, Error>) -> Result<T, Error> {
        let closed = Error::Unavailable {
            operation: "use a closed store",
            source: None,
        };
        work(self.lock().as_mut().ok_or(closed)?)
    }

    fn lock(&self) -> MutexGuard<'_, Option<Contents>> {
        // Whatever panicked while holding it did so between whole changes: there is no await and
        // no fallible step within one.
        self.contents
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl Contents {
    fn stream(&self, name: &StreamName) -> Option<&Stream> {
        self.keys.get(name).and_then(|key| self.streams.get(*key))
    }

    fn begin(&mut self, name: &StreamName) -> Option<&mut Stream> {
        let key = *self.keys.entry(name.clone()).or_insert(self.streams.len());
        if key == self.streams.len() {
            self.streams.push(Stream::default());
        }
        self.streams.get_mut(key)
    }

    /// Gives a case its row.
    fn list_case(&mut self, row: CaseRow) {
        let name = StreamName::Case(row.case);
        let due_at = row.due_at;
        let Some(stream) = self.begin(&name) else {
            return;
        };
        let before = stream.case.replace(row).and_then(|row| row.due_at);
        let key = self.keys.get(&name).copied().unwrap_or_default();
        if let Some(due_at) = before {
            self.due.remove(&place(due_at, key));
        }
        if let Some(due_at) = due_at {
            self.due.insert(place(due_at, key));
        }
    }

    fn due_row(&self, place: DuePlace) -> Option<DueRow> {
        let key = usize::try_from(place.key.0).ok()?;
        let row = self.streams.get(key)?.case.as_ref()?;
        Some(DueRow {
            case: row.case,
            place,
            workflow: row.workflow.clone(),
        })
    }

    fn conflicts(&self, append: &Append) -> bool {
        append.entries.iter().any(|entry| {
            let head = self.stream(&entry.stream).map_or(0, Stream::revision);
            entry.revision.0 != head + 1
        })
    }

    fn refuses(&self, append: &Append) -> bool {
        let workflow = append.workflow.as_ref().is_some_and(|new| {
            let same = |old: &WorkflowRow| {
                old.workflow.id == new.workflow.id && old.workflow.version == new.workflow.version
            };
            self.workflows.iter().any(same)
        });
        workflow || self.refuses_causes(append)
    }

    fn write(&mut self, append: Append) -> Vec<Position> {
        let mut positions = Vec::new();
        for row in append.causes {
            self.write_cause(row, &append.entries);
        }
        for entry in append.entries {
            let position = Position(self.log.len() as u64 + 1);
            let stored = StoredEntry {
                position,
                revision: entry.revision,
                hash: entry.hash,
                bytes: entry.bytes,
            };
            self.log.push((entry.stream.clone(), stored.clone()));
            if let Some(stream) = self.begin(&entry.stream) {
                stream.entries.push(stored);
            }
            positions.push(position);
        }
        for row in append.sealed {
            if let Some(stream) = self.begin(&row.stream) {
                stream.sealed.insert((row.revision, row.place), row);
            }
        }
        for row in append.cases {
            self.list_case(row);
        }
        self.bookings.extend(append.bookings);
        self.surveys.extend(append.surveys);
        self.workflows.extend(append.workflow);
        positions
    }
}

impl Stream {
    fn revision(&self) -> u64 {
        self.entries.len() as u64
    }

    /// The row of its case, with the head as it is.
    fn row(&self) -> Option<CaseRow> {
        let head = self.entries.last()?;
        let mut row = self.case.clone()?;
        row.revision = head.revision;
        row.head = head.hash;
        row.position = head.position;
        Some(row)
    }
}

const fn place(due_at: Timestamp, key: usize) -> DuePlace {
    DuePlace {
        due_at,
        key: Cursor(key as u64),
    }
}

fn page<T>(found: impl Iterator<Item = (u64, T)>, after: Cursor, rows: usize) -> Page<T> {
    let rows = rows.min(PAGE_ROWS_MAX);
    let mut found = found.skip_while(|(key, _)| *key <= after.0);
    let mut last = after;
    let mut page = Vec::new();
    for (key, row) in found.by_ref().take(rows) {
        last = Cursor(key);
        page.push(row);
    }
    let next = found.next().map(|_| last);
    Page { rows: page, next }
}

fn numbered<T>(rows: impl Iterator<Item = T>) -> impl Iterator<Item = (u64, T)> {
    rows.zip(1..).map(|(row, key)| (key, row))
}

fn is_asked(filter: &GivenFilter, row: &BookingRow) -> bool {
    row.workflow == filter.workflow
        && row.limit == filter.limit
        && row.person == filter.person
        && row.amount.currency == filter.currency
        && row.booked_at >= filter.since
}

fn was_sent(filter: &SurveyFilter, row: &SurveyRow) -> bool {
    row.workflow == filter.workflow
        && row.survey == filter.survey
        && row.customer == filter.customer
        && row.sent_at >= filter.since
}

#[async_trait]
impl Store for Memory {
    fn identity(&self) -> &Identity {
        &self.identity
    }

    async fn append(&self, batch: Arc<[Append]>) -> Result<Vec<Appended>, Error> {
        self.with(|contents| {
            check::batch(&batch)?;
            for append in &*batch {
                if !contents.conflicts(append) && contents.refuses(append) {
                    return Err(Error::Data {
                        operation: "append",
                        source: None,
                    });
                }
            }
            let write = |append: &Append| {
                if contents.conflicts(append) {
                    Appended::Conflict
                } else {
                    Appended::Written(contents.write(append.clone()))
                }
            };
            Ok(batch.iter().map(write).collect())
        })
    }

    async fn load(&self, streams: &[StreamName]) -> Result<Vec<Vec<StoredEntry>>, Error> {
        self.with(|contents| {
            let entries = |name| contents.stream(name).map(|stream| stream.entries.clone());
            Ok(streams
                .iter()
                .map(|name| entries(name).unwrap_or_default())
                .collect())
        })
    }

    async fn entries(
        &self,
        stream: &StreamName,
        after: Revision,
        rows: usize,
    ) -> Result<Vec<StoredEntry>, Error> {
        self.with(|contents| {
            let entries = contents.stream(stream).map(|stream| &stream.entries);
            let later = entries
                .into_iter()
                .flatten()
                .filter(|entry| entry.revision > after);
            Ok(later.take(rows.min(PAGE_ROWS_MAX)).cloned().collect())
        })
    }

    async fn scan(
        &self,
        after: Position,
        rows: usize,
    ) -> Result<Vec<(StreamName, StoredEntry)>, Error> {
        self.with(|contents| {
            let log = contents.log.iter();
            let later = log.filter(|(_, entry)| entry.position > after);
            Ok(later.take(rows.min(PAGE_ROWS_MAX)).cloned().collect())
        })
    }

    async fn sealed(
        &self,
        stream: &StreamName,
        revision: Option<Revision>,
    ) -> Result<Vec<SealedRow>, Error> {
        self.with(|contents| {
            let sealed = contents.stream(stream).map(|stream| stream.sealed.values());
            let asked = |row: &&SealedRow| revision.is_none_or(|asked| asked == row.revision);
            Ok(sealed
                .into_iter()
                .flatten()
                .filter(asked)
                .cloned()
                .collect())
        })
    }

    async fn case(&self, case: CaseId) -> Result<Option<CaseRow>, Error> {
        self.with(|contents| {
            Ok(contents
                .stream(&StreamName::Case(case))
                .and_then(Stream::row))
        })
    }

    async fn cases(
        &self,
        filter: &CaseFilter,
        after: Cursor,
        rows: usize,
    ) -> Result<Page<CaseRow>, Error> {
        self.with(|contents| {
            let found = numbered(contents.streams.iter().map(Stream::row))
                .filter_map(|(key, row)| Some((key, row?)))
                .filter(|(_, row)| filter.wants(row));
            Ok(page(found, after, rows))
        })
    }

    async fn causes(
        &self,
        filter: &CauseFilter,
        after: Cursor,
        rows: usize,
    ) -> Result<Page<CauseRow>, Error> {
        self.with(|contents| {
            let causes = numbered(contents.causes.iter().cloned());
            let found = causes.filter(|(_, row)| filter.wants(row));
            Ok(page(found, after, rows))
        })
    }

    async fn bookings(&self, case: CaseId) -> Result<Vec<BookingRow>, Error> {
        self.with(|contents| {
            let found = contents.bookings.iter().filter(|row| row.case == case);
            Ok(found.cloned().collect())
        })
    }

    async fn given(&self, filters: &[GivenFilter]) -> Result<Vec<i64>, Error> {
        self.with(|contents| {
            let sum = |filter: &GivenFilter| {
                let found = contents.bookings.iter().filter(|row| is_asked(filter, row));
                found.map(|row| row.amount.minor).sum()
            };
            Ok(filters.iter().map(sum).collect())
        })
    }

    async fn surveys(&self, case: CaseId) -> Result<Vec<SurveyRow>, Error> {
        self.with(|contents| {
            let found = contents.surveys.iter().filter(|row| row.case == case);
            Ok(found.cloned().collect())
        })
    }

    async fn surveyed(&self, filters: &[SurveyFilter]) -> Result<Vec<u32>, Error> {
        self.with(|contents| {
            let times = |filter: &SurveyFilter| {
                let found = contents.surveys.iter().filter(|row| was_sent(filter, row));
                found.map(|_| 1).sum()
            };
            Ok(filters.iter().map(times).collect())
        })
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<DuePlace>,
        rows: usize,
    ) -> Result<Vec<DueRow>, Error> {
        self.with(|contents| {
            let from = after.map_or(Bound::Unbounded, Bound::Excluded);
            let due = contents.due.range((from, Bound::Unbounded));
            let due = due.take_while(|place| place.due_at <= until);
            let due = due.filter_map(|place| contents.due_row(*place));
            Ok(due.take(rows.min(PAGE_ROWS_MAX)).collect())
        })
    }

    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, Error> {
        self.with(|contents| {
            let last = Bound::Excluded(place(after, usize::MAX));
            let next = contents.due.range((last, Bound::Unbounded)).next();
            Ok(next.map(|place| place.due_at))
        })
    }

    async fn due_count(&self, until: Timestamp, at_most: usize) -> Result<usize, Error> {
        self.with(|contents| {
            let due = contents.due.iter();
            let due = due.take_while(|place| place.due_at <= until);
            Ok(due.take(at_most).count())
        })
    }

    async fn workflow(
        &self,
        id: &WorkflowId,
        version: Option<Version>,
    ) -> Result<Option<WorkflowRow>, Error> {
        self.with(|contents| {
            let asked = |row: &&WorkflowRow| {
                row.workflow.id == *id && version.is_none_or(|asked| asked == row.workflow.version)
            };
            let found = contents.workflows.iter().filter(asked);
            Ok(found.max_by_key(|row| row.workflow.version).cloned())
        })
    }

    async fn workflows(&self, after: Cursor, rows: usize) -> Result<Page<WorkflowRow>, Error> {
        self.with(|contents| {
            let mut sorted: Vec<(u64, &WorkflowRow)> =
                numbered(contents.workflows.iter()).collect();
            sorted.sort_by_key(|(_, row)| (&row.workflow.id, row.workflow.version));
            let from = match sorted.iter().position(|(key, _)| *key == after.0) {
                Some(index) => index + 1,
                None if after == Cursor::default() => 0,
                None => sorted.len(),
            };
            let rows = rows.min(PAGE_ROWS_MAX);
            let mut later = sorted.iter().skip(from);
            let page: Vec<_> = later.by_ref().take(rows).collect();
            let last = page.last().map_or(after, |(key, _)| Cursor(*key));
            let unread = |(_, row): &&(u64, &WorkflowRow)| WorkflowRow {
                bytes: Vec::new(),
                ..(*row).clone()
            };
            Ok(Page {
                rows: page.iter().map(unread).collect(),
                next: later.next().map(|_| last),
            })
        })
    }

    async fn replace_derived(&self, rows: Vec<Derived>) -> Result<(), Error> {
        self.with(|contents| contents.replace_derived(rows))
    }

    async fn hold(&self) -> Result<Option<String>, Error> {
        self.with(|contents| Ok(contents.hold.clone()))
    }

    async fn keep_hold(&self, hold: Option<String>) -> Result<(), Error> {
        self.with(|contents| {
            contents.hold = hold;
            Ok(())
        })
    }

    async fn probe(&self) -> Result<(), Error> {
        self.with(|_| Ok(()))
    }

    fn gauges(&self) -> Gauges {
        let position = self
            .lock()
            .as_ref()
            .map_or(0, |contents| contents.log.len() as u64);
        Gauges {
            wal_bytes: 0,
            position: Position(position),
        }
    }

    async fn close(&self) -> Result<(), Error> {
        self.with(|_| Ok(()))?;
        *self.lock() = None;
        Ok(())
    }
}
