//! Where entries lie. What is not an entry is written in the same transaction and can be rebuilt.
//!
//! Invariant: this module and the stores below it know nothing of gRPC, of rules or of commands.
//! Invariant: the bytes of an entry go in and come out unchanged.

mod append;
mod check;
mod error;
pub mod memory;
pub mod sqlite;

use std::sync::Arc;

use async_trait::async_trait;
use heard_engine::case::{CauseRef, CauseStatus};
use heard_engine::entry::StreamName;
use heard_engine::id::{
    CaseId, CustomerId, Digest, LimitName, PersonId, Position, PrincipalId, Revision, SurveyName,
    Version, WorkflowId,
};
use heard_engine::money::{Currency, Money};
use heard_engine::time::Timestamp;
use heard_engine::workflow::{CountsAs, WorkflowRef};

pub use append::{Append, Appended};
pub use error::{Error, OpenError};

/// The most rows one page of a list, a history or a scan may have.
pub const PAGE_ROWS_MAX: usize = 1_000;
/// The version of the tables. A store with a larger one is refused by name.
pub const FORMAT: u32 = 5;

/// What a store was born with. Primary: in every backup.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Identity {
    /// The origin of its log: `heard.invalid/` and 32 hex digits, or the operator's own name.
    pub log: String,
    /// The key from which ids of new cases are made. Secret.
    pub id_key: [u8; 32],
    /// Who every local caller is until there are people.
    pub principal: PrincipalId,
    /// Its times are those of a virtual clock: it belongs to a test system, for good.
    pub is_virtual: bool,
}

/// An entry as it lies in the store.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredEntry {
    /// Its number in the whole store.
    pub position: Position,
    /// Its number in its stream.
    pub revision: Revision,
    /// The SHA-256 of 0x00 and its bytes, as stored. Not checked by the store.
    pub hash: Digest,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// An entry to be appended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewEntry {
    /// What it belongs to.
    pub stream: StreamName,
    /// Its number in its stream: the revision of the stream's head plus one.
    pub revision: Revision,
    /// The SHA-256 of 0x00 and its bytes.
    pub hash: Digest,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A sealed value beside the entry that holds its commitment. Primary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRow {
    /// The stream of the entry.
    pub stream: StreamName,
    /// The revision of the entry.
    pub revision: Revision,
    /// Its place in the entry, from 0: an entry may hold several.
    pub place: u32,
    /// What it is: `answer/NAME`, `note`, `reason`, `reference`, `consent`, `comment` or
    /// `cause/PART`.
    pub label: String,
    /// 32 random bytes.
    pub salt: [u8; 32],
    /// The JSON bytes of the value.
    pub value: Vec<u8>,
}

/// What lists and searches ask of a case. Derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CaseRow {
    /// The case.
    pub case: CaseId,
    /// The revision of its head.
    pub revision: Revision,
    /// The hash of its head.
    pub head: Digest,
    /// The position of its head; given by the store when it appends, ignored before.
    pub position: Position,
    /// The workflow it follows.
    pub workflow: WorkflowRef,
    /// The name of the step it is in, or of the outcome it was closed with; the id of the case it
    /// was merged into.
    pub place: String,
    /// How its outcome counts, when it is closed.
    pub closed_as: Option<CountsAs>,
    /// It was merged into another case: it is neither open nor closed.
    pub is_merged: bool,
    /// It is closed and owes a root cause.
    pub owes_cause: bool,
    /// When the complaint was received.
    pub opened_at: Timestamp,
    /// The time of its last entry.
    pub updated_at: Timestamp,
    /// Its next mark: when something of it is to be noticed though nobody calls.
    pub due_at: Option<Timestamp>,
    /// The case of the systemic issue that it belongs to.
    pub parent: Option<CaseId>,
}

/// A case that is due. Derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DueRow {
    /// The case.
    pub case: CaseId,
    /// When it is due, and where it stands among those due.
    pub place: DuePlace,
    /// The workflow it follows.
    pub workflow: WorkflowRef,
}

/// Where a page of what is due begins: after the row that has this place. They stand in the order
/// of their due times; those of one time in an order that does not change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct DuePlace {
    /// When it is due.
    pub due_at: Timestamp,
    /// The key of its case.
    pub key: Cursor,
}

/// What lists ask of a recorded root cause. Derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CauseRow {
    /// The case it was recorded in.
    pub case: CaseId,
    /// Its number in the case, from 1.
    pub number: u32,
    /// The revision of the entry that holds it as last recorded.
    pub revision: Revision,
    /// The cause of the workflow's taxonomy: the one that a reviewer chose, else the proposed one.
    pub cause: CauseRef,
    /// The workflow whose taxonomy it is.
    pub workflow: WorkflowRef,
    /// When it was last recorded.
    pub recorded_at: Timestamp,
    /// Where it is in its life.
    pub status: CauseStatus,
    /// When the first of what is to be done about it is due.
    pub due_at: Option<Timestamp>,
}

/// An amount that was given on somebody's authority, or taken back. Derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BookingRow {
    /// The case it was given in.
    pub case: CaseId,
    /// The revision of its entry.
    pub revision: Revision,
    /// Its place in the entry, from 0: an entry may book several amounts.
    pub place: u32,
    /// The workflow of the case.
    pub workflow: WorkflowId,
    /// The limit it counts under.
    pub limit: LimitName,
    /// On whose authority.
    pub person: PersonId,
    /// When it was given, also in the row that takes it back.
    pub booked_at: Timestamp,
    /// How much; less than 0 where it was taken back.
    pub amount: Money,
}

/// A sum of bookings is asked for by these: those since a time, that time included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenFilter {
    /// In cases of this workflow, whichever version.
    pub workflow: WorkflowId,
    /// Under this limit.
    pub limit: LimitName,
    /// On this person's authority.
    pub person: PersonId,
    /// In this currency.
    pub currency: Currency,
    /// The earliest time.
    pub since: Timestamp,
}

/// A survey that was sent to a customer who is known. Derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyRow {
    /// The case it asks about.
    pub case: CaseId,
    /// The revision of its entry.
    pub revision: Revision,
    /// The workflow of the case.
    pub workflow: WorkflowId,
    /// The survey. An entry sends it once.
    pub survey: SurveyName,
    /// To whom.
    pub customer: CustomerId,
    /// When it was sent.
    pub sent_at: Timestamp,
}

/// How often a customer was sent a survey is asked for by these: since a time, that time included.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SurveyFilter {
    /// In cases of this workflow, whichever version.
    pub workflow: WorkflowId,
    /// This survey.
    pub survey: SurveyName,
    /// To this customer.
    pub customer: CustomerId,
    /// The earliest time.
    pub since: Timestamp,
}

/// A published workflow. Primary.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkflowRow {
    /// Its id, version and digest.
    pub workflow: WorkflowRef,
    /// What people call it.
    pub title: String,
    /// When it was published.
    pub published_at: Timestamp,
    /// The bytes of its file, exactly. Empty in lists.
    pub bytes: Vec<u8>,
}

/// A page of cases is asked for by these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CaseFilter {
    /// Only cases of this workflow.
    pub workflow: Option<WorkflowId>,
    /// Only cases in this step, closed with this outcome, or merged into the case of this id.
    pub place: Option<String>,
    /// Only open (`false`) or only closed (`true`) ones; what was merged into another case is
    /// neither.
    pub is_closed: Option<bool>,
    /// Only cases that owe a root cause (`true`), or that owe none.
    pub owes_cause: Option<bool>,
    /// Only cases that belong to the systemic issue of this case.
    pub parent: Option<CaseId>,
}

impl CaseFilter {
    /// Returns whether a case is one of those asked for.
    #[must_use]
    pub fn wants(&self, row: &CaseRow) -> bool {
        let asked = |asked: Option<bool>, is: bool| asked.is_none_or(|asked| asked == is);
        let workflow = self.workflow.as_ref();
        workflow.is_none_or(|id| *id == row.workflow.id)
            && self.place.as_ref().is_none_or(|name| *name == row.place)
            && asked(self.is_closed, row.closed_as.is_some())
            && (self.is_closed.is_none() || !row.is_merged)
            && asked(self.owes_cause, row.owes_cause)
            && self.parent.is_none_or(|parent| row.parent == Some(parent))
    }
}

/// A page of root causes is asked for by these.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct CauseFilter {
    /// Only those of this case.
    pub case: Option<CaseId>,
    /// Only those of this workflow's taxonomy.
    pub workflow: Option<WorkflowId>,
    /// Only this cause.
    pub cause: Option<CauseRef>,
    /// Only those of this status.
    pub status: Option<CauseStatus>,
    /// Only those of which something is due before this instant.
    pub due_before: Option<Timestamp>,
}

impl CauseFilter {
    /// Returns whether a root cause is one of those asked for.
    #[must_use]
    pub fn wants(&self, row: &CauseRow) -> bool {
        let workflow = self.workflow.as_ref();
        let before = self.due_before;
        self.case.is_none_or(|case| case == row.case)
            && workflow.is_none_or(|id| *id == row.workflow.id)
            && self.cause.as_ref().is_none_or(|cause| *cause == row.cause)
            && self.status.is_none_or(|status| status == row.status)
            && before.is_none_or(|before| row.due_at.is_some_and(|due| due < before))
    }
}

/// Where a page begins: after the row that the cursor names. Its number means nothing outside.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub struct Cursor(pub u64);

/// A page of rows and the cursor of the last, where more may follow.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Page<T> {
    /// The rows, in the order of their beginnings: oldest first.
    pub rows: Vec<T>,
    /// Given when there is at least one more row.
    pub next: Option<Cursor>,
}

/// Derived rows of one case, as a rebuild makes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Derived {
    /// The row of the case, with the position of its head.
    pub case: CaseRow,
    /// Its root causes.
    pub causes: Vec<CauseRow>,
    /// Its bookings.
    pub bookings: Vec<BookingRow>,
    /// Its surveys that were sent.
    pub surveys: Vec<SurveyRow>,
}

/// What the operator sees of a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Gauges {
    /// Bytes in the write-ahead log, 0 where there is none.
    pub wal_bytes: u64,
    /// The newest position.
    pub position: Position,
}

/// A place that keeps entries.
///
/// Every read sees every [`Append`] that was answered [`Appended::Written`] before it began.
#[async_trait]
pub trait Store: Send + Sync + 'static {
    /// Returns what the store was born with.
    fn identity(&self) -> &Identity;

    /// Appends a batch in one sync. Once it returns `Ok`, every `Written` of it survives a crash
    /// and is seen by every read; every `Conflict` left nothing.
    ///
    /// No two appends of a batch may share a stream. The batch is shared, so that whoever hands it
    /// in can write its appends one by one when one of them is refused. Positions are given in the
    /// order of the batch, without a gap.
    ///
    /// # Errors
    ///
    /// [`Error::DiskFull`], [`Error::Unavailable`], [`Error::Data`]: nothing of the batch was
    /// written. [`Error::Fatal`]: unknown; the process must stop.
    async fn append(&self, batch: Arc<[Append]>) -> Result<Vec<Appended>, Error>;

    /// Returns all entries of each stream, in order of revision; none for an unknown one.
    async fn load(&self, streams: &[StreamName]) -> Result<Vec<Vec<StoredEntry>>, Error>;

    /// Returns entries of one stream after a revision, at most `rows` (≤ [`PAGE_ROWS_MAX`]).
    async fn entries(
        &self,
        stream: &StreamName,
        after: Revision,
        rows: usize,
    ) -> Result<Vec<StoredEntry>, Error>;

    /// Returns entries of all streams after a position, at most `rows`, with their streams.
    async fn scan(
        &self,
        after: Position,
        rows: usize,
    ) -> Result<Vec<(StreamName, StoredEntry)>, Error>;

    /// Returns the sealed values of one stream, of one entry or of all, by revision and place.
    async fn sealed(
        &self,
        stream: &StreamName,
        revision: Option<Revision>,
    ) -> Result<Vec<SealedRow>, Error>;

    /// Returns the row of a case.
    async fn case(&self, case: CaseId) -> Result<Option<CaseRow>, Error>;

    /// Returns a page of cases, oldest first.
    async fn cases(
        &self,
        filter: &CaseFilter,
        after: Cursor,
        rows: usize,
    ) -> Result<Page<CaseRow>, Error>;

    /// Returns a page of root causes, those last recorded earliest first.
    async fn causes(
        &self,
        filter: &CauseFilter,
        after: Cursor,
        rows: usize,
    ) -> Result<Page<CauseRow>, Error>;

    /// Returns the bookings of a case in the order they were written.
    async fn bookings(&self, case: CaseId) -> Result<Vec<BookingRow>, Error>;

    /// Returns the sum of the bookings that each filter asks for, in minor units; 0 for none.
    async fn given(&self, filters: &[GivenFilter]) -> Result<Vec<i64>, Error>;

    /// Returns the surveys of a case in the order they were sent.
    async fn surveys(&self, case: CaseId) -> Result<Vec<SurveyRow>, Error>;

    /// Returns how often what each filter asks for was sent.
    async fn surveyed(&self, filters: &[SurveyFilter]) -> Result<Vec<u32>, Error>;

    /// Returns the cases due until an instant, that instant included, after a place: at most
    /// `rows` (≤ [`PAGE_ROWS_MAX`]) of them, by their due times. What is not due costs nothing.
    async fn due(
        &self,
        until: Timestamp,
        after: Option<DuePlace>,
        rows: usize,
    ) -> Result<Vec<DueRow>, Error>;

    /// Returns the first instant after another at which a case is due.
    async fn next_due(&self, after: Timestamp) -> Result<Option<Timestamp>, Error>;

    /// Returns how many cases are due until an instant, counting no further than `at_most`.
    async fn due_count(&self, until: Timestamp, at_most: usize) -> Result<usize, Error>;

    /// Returns a published workflow with its bytes; without a version the highest.
    async fn workflow(
        &self,
        id: &WorkflowId,
        version: Option<Version>,
    ) -> Result<Option<WorkflowRow>, Error>;

    /// Returns the published workflows without their bytes, by id and version.
    async fn workflows(&self, after: Cursor, rows: usize) -> Result<Page<WorkflowRow>, Error>;

    /// Replaces every derived row by these, in one transaction.
    async fn replace_derived(&self, rows: Vec<Derived>) -> Result<(), Error>;

    /// Returns why time is held, as it was last kept; none where it is not.
    async fn hold(&self) -> Result<Option<String>, Error>;

    /// Keeps why time is held, or that it is not, in the place of what was kept before. Once it
    /// returns `Ok`, that survives a crash. The text goes in and comes out unchanged.
    ///
    /// # Errors
    ///
    /// As of [`Store::append`].
    async fn keep_hold(&self, hold: Option<String>) -> Result<(), Error>;

    /// Writes and takes back a row, to learn whether writing works again.
    async fn probe(&self) -> Result<(), Error>;

    /// Returns once the store has failed for good, also when nobody had asked it for anything:
    /// what it would say cannot be trusted any more. A store that cannot fail so never returns.
    async fn failed(&self) -> String {
        std::future::pending().await
    }

    /// Returns what the operator sees.
    fn gauges(&self) -> Gauges;

    /// Finishes what is under way, checkpoints and lets go of the store. Later calls fail.
    async fn close(&self) -> Result<(), Error>;
}
