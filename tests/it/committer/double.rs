//! A store that does what its script says: fails before or after it writes, refuses a row, finds
//! a conflict, or waits until it is let through.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Position, Revision, Version, WorkflowId};
use heard_engine::time::Timestamp;
use heard_server::store::memory::Memory;
use heard_server::store::{
    Append, Appended, BookingRow, CaseFilter, CaseRow, CauseFilter, CauseRow, Cursor, Derived,
    DuePlace, DueRow, Error, Gauges, GivenFilter, Identity, Page, SealedRow, Store, StoredEntry,
    SurveyFilter, SurveyRow, WorkflowRow,
};
use tokio::sync::Semaphore;

use crate::store_contract::make;

/// What happens to one call of `append`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Nothing: it is written.
    None,
    /// The disk is full; nothing is written.
    DiskFull,
    /// The store is busy; nothing is written.
    Busy,
    /// A row of the batch cannot be stored; nothing is written.
    Row,
    /// Each append meets a head that is not the one before it; nothing is written.
    Conflict,
    /// A sync failed before anything was written, and nobody knows.
    LostBefore,
    /// A sync failed after everything was written, and nobody knows.
    LostAfter,
    /// The store forgets to say what became of the last append.
    Short,
}

/// The words that no store takes.
pub const GUILTY: &str = "guilty";

/// A memory that fails by a script.
pub struct Double {
    memory: Memory,
    script: Mutex<VecDeque<Fault>>,
    /// How many appends, probes and loads were asked for.
    pub appends: AtomicUsize,
    pub probes: AtomicUsize,
    /// What probes say, until they are used up; then they succeed.
    pub probe_failures: AtomicUsize,
    /// What loads say, until they are used up; then they succeed.
    pub load_failures: AtomicUsize,
    /// What counts of surveys say, until they are used up; then they succeed.
    pub survey_failures: AtomicUsize,
    /// What writes of a hold say, until they are used up; then they succeed.
    pub hold_failures: AtomicUsize,
    /// A stream whose rows cannot be read: every load that asks for it fails as a whole.
    pub damaged: Mutex<Option<StreamName>>,
    /// How many firings, and how many other entries, each batch had that was asked to be appended.
    pub batches: Mutex<Vec<(usize, usize)>>,
    /// How many times streams were loaded.
    pub loads: AtomicUsize,
    /// The most bytes of one batch.
    largest: AtomicUsize,
    /// Taken by every append, when there is one.
    gate: Option<Semaphore>,
}

impl Double {
    pub fn new(script: impl IntoIterator<Item = Fault>) -> Arc<Self> {
        Arc::new(Self::with(script, None))
    }

    /// Makes a store in which each append waits until it is let through.
    pub fn with_gate() -> Arc<Self> {
        Arc::new(Self::with([], Some(Semaphore::new(0))))
    }

    fn with(script: impl IntoIterator<Item = Fault>, gate: Option<Semaphore>) -> Self {
        Self {
            memory: Memory::new(make::identity()),
            script: Mutex::new(script.into_iter().collect()),
            appends: AtomicUsize::new(0),
            probes: AtomicUsize::new(0),
            probe_failures: AtomicUsize::new(0),
            load_failures: AtomicUsize::new(0),
            survey_failures: AtomicUsize::new(0),
            hold_failures: AtomicUsize::new(0),
            damaged: Mutex::new(None),
            batches: Mutex::default(),
            loads: AtomicUsize::new(0),
            largest: AtomicUsize::new(0),
            gate,
        }
    }

    /// Says what the next appends meet.
    pub fn script(&self, faults: impl IntoIterator<Item = Fault>) {
        self.script.lock().unwrap().extend(faults);
    }

    /// Returns whether everything that was to happen has happened.
    pub fn script_is_empty(&self) -> bool {
        self.script.lock().unwrap().is_empty()
    }

    /// Lets everything go well from here on.
    pub fn clear(&self) {
        self.script.lock().unwrap().clear();
        self.probe_failures.store(0, Ordering::Release);
        self.load_failures.store(0, Ordering::Release);
    }

    /// Lets so many appends through.
    pub fn let_through(&self, appends: usize) {
        self.gate.as_ref().unwrap().add_permits(appends);
    }

    /// Returns the most bytes of entries and sealed values that came in one batch.
    pub fn largest(&self) -> usize {
        self.largest.load(Ordering::Acquire)
    }

    pub fn asked(&self) -> usize {
        self.appends.load(Ordering::Acquire)
    }
}

fn used_up(failures: &AtomicUsize) -> bool {
    let less = |left: usize| left.checked_sub(1);
    failures
        .fetch_update(Ordering::AcqRel, Ordering::Acquire, less)
        .is_err()
}

fn busy(operation: &'static str) -> Error {
    Error::Unavailable {
        operation,
        source: Some("by the script".into()),
    }
}

fn lost() -> Error {
    Error::Fatal {
        operation: "append",
        source: Some("by the script".into()),
    }
}

fn refused() -> Error {
    Error::Data {
        operation: "append",
        source: Some("by the script".into()),
    }
}

fn bytes(batch: &[Append]) -> usize {
    let of_one = |append: &Append| {
        let entries = append.entries.iter().map(|entry| entry.bytes.len());
        let sealed = append.sealed.iter().map(|row| row.value.len());
        entries.chain(sealed).sum::<usize>()
    };
    batch.iter().map(of_one).sum()
}

fn is_firing(append: &Append) -> bool {
    let act = br#"{"act":"fire","#;
    append
        .entries
        .iter()
        .any(|entry| entry.bytes.starts_with(act))
}

fn is_guilty(append: &Append) -> bool {
    let words = |row: &SealedRow| String::from_utf8_lossy(&row.value).contains(GUILTY);
    append.sealed.iter().any(words)
}

#[async_trait]
impl Store for Double {
    fn identity(&self) -> &Identity {
        self.memory.identity()
    }

    async fn append(&self, batch: Arc<[Append]>) -> Result<Vec<Appended>, Error> {
        self.appends.fetch_add(1, Ordering::AcqRel);
        self.largest.fetch_max(bytes(&batch), Ordering::AcqRel);
        let firings = batch.iter().filter(|append| is_firing(append)).count();
        let batched = (firings, batch.len() - firings);
        self.batches.lock().unwrap().push(batched);
        if let Some(gate) = &self.gate {
            gate.acquire().await.unwrap().forget();
        }
        let fault = self.script.lock().unwrap().pop_front();
        match fault.unwrap_or(Fault::None) {
            Fault::None if batch.iter().any(is_guilty) => Err(refused()),
            Fault::None => self.memory.append(batch).await,
            Fault::DiskFull => Err(Error::DiskFull),
            Fault::Busy => Err(busy("append")),
            Fault::Row => Err(refused()),
            Fault::Conflict => Ok(vec![Appended::Conflict; batch.len()]),
            Fault::LostBefore => Err(lost()),
            Fault::LostAfter => self.memory.append(batch).await.and(Err(lost())),
            Fault::Short => {
                let mut said = self.memory.append(batch).await?;
                said.pop();
                Ok(said)
            }
        }
    }

    async fn load(&self, streams: &[StreamName]) -> Result<Vec<Vec<StoredEntry>>, Error> {
        self.loads.fetch_add(1, Ordering::AcqRel);
        let damaged = self.damaged.lock().unwrap().clone();
        if damaged.is_some_and(|damaged| streams.contains(&damaged)) {
            return Err(Error::Damaged {
                what: "by the script".into(),
            });
        }
        if used_up(&self.load_failures) {
            self.memory.load(streams).await
        } else {
            Err(busy("load"))
        }
    }

    async fn probe(&self) -> Result<(), Error> {
        self.probes.fetch_add(1, Ordering::AcqRel);
        if used_up(&self.probe_failures) {
            Ok(())
        } else {
            Err(Error::DiskFull)
        }
    }

    async fn entries(
        &self,
        stream: &StreamName,
        after: Revision,
        rows: usize,
    ) -> Result<Vec<StoredEntry>, Error> {
        self.memory.entries(stream, after, rows).await
    }

    async fn scan(
        &self,
        after: Position,
        rows: usize,
    ) -> Result<Vec<(StreamName, StoredEntry)>, Error> {
        self.memory.scan(after, rows).await
    }

    async fn sealed(
        &self,
        stream: &StreamName,
        revision: Option<Revision>,
    ) -> Result<Vec<SealedRow>, Error> {
        self.memory.sealed(stream, revision).await
    }

    async fn case(&self, case: CaseId) -> Result<Option<CaseRow>, Error> {
        self.memory.case(case).await
    }

    async fn cases(
        &self,
        filter: &CaseFilter,
        after: Cursor,
        rows: usize,
    ) -> Result<Page<CaseRow>, Error> {
        self.memory.cases(filter, after, rows).await
    }

    async fn causes(
        &self,
        filter: &CauseFilter,
        after: Cursor,
        rows: usize,
    ) -> Result<Page<CauseRow>, Error> {
        self.memory.causes(filter, after, rows).await
    }

    async fn bookings(&self, case: CaseId) -> Result<Vec<BookingRow>, Error> {
        self.memory.bookings(case).await
    }

    async fn given(&self, filters: &[GivenFilter]) -> Result<Vec<i64>, Error> {
        self.memory.given(filters).await
    }

    async fn surveys(&self, case: CaseId) -> Result<Vec<SurveyRow>, Error> {
        self.memory.surveys(case).await
    }

    async fn surveyed(&self, filters: &[SurveyFilter]) -> Result<Vec<u32>, Error> {
        if used_up(&self.survey_failures) {
            self.memory.surveyed(filters).await
        } else {
            Err(busy("count surveys"))
        }
    }

    async fn due(
        &self,
        until: Timestamp,
        after: Option<DuePlace>,
        rows: usize,
    ) -> Result<Vec<DueRow>, Error> {
        self.memory.due(until, after, rows).await
    }

    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, Error> {
        self.memory.next_due(after).await
    }

    async fn due_count(&self, until: Timestamp, at_most: usize) -> Result<usize, Error> {
        self.memory.due_count(until, at_most).await
    }

    async fn workflow(
        &self,
        id: &WorkflowId,
        version: Option<Version>,
    ) -> Result<Option<WorkflowRow>, Error> {
        self.memory.workflow(id, version).await
    }

    async fn workflows(&self, after: Cursor, rows: usize) -> Result<Page<WorkflowRow>, Error> {
        self.memory.workflows(after, rows).await
    }

    async fn replace_derived(&self, rows: Vec<Derived>) -> Result<(), Error> {
        self.memory.replace_derived(rows).await
    }

    async fn hold(&self) -> Result<Option<String>, Error> {
        self.memory.hold().await
    }

    async fn keep_hold(&self, hold: Option<String>) -> Result<(), Error> {
        if used_up(&self.hold_failures) {
            self.memory.keep_hold(hold).await
        } else {
            Err(Error::DiskFull)
        }
    }

    fn gauges(&self) -> Gauges {
        self.memory.gauges()
    }

    async fn close(&self) -> Result<(), Error> {
        self.memory.close().await
    }
}
