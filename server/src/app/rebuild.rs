//! Makes every derived row anew from the entries, or says where they differ.
//!
//! Everything is read in the order of positions, and nothing derived is trusted on the way: not
//! even the heads of streams, which other reads begin with.
//!
//! Invariant: entries, and what lies beside them, are read, never written.

use std::collections::BTreeMap;

use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Digest, Position, Version};

use super::committer::broken_error;
use super::error::Error;
use super::fold::{self, Broken, Folded};
use super::rows::{case_row, cause_rows};
use crate::store::{
    self, CaseFilter, CaseRow, CauseFilter, CauseRow, Cursor, Derived, PAGE_ROWS_MAX, Store,
    StoredEntry,
};

/// What a rebuild, or its check, came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Rebuilt {
    /// Entries read.
    pub entries: u64,
    /// Streams of cases read.
    pub cases: u64,
    /// What was not as the entries say.
    pub differences: Vec<Difference>,
}

/// Something that is not as the entries say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Difference {
    /// A history, or what lies beside it, is not what was written.
    Unreadable {
        /// The stream.
        stream: StreamName,
        /// What was found.
        what: String,
    },
    /// A derived row was missing or other than the entries say.
    Row {
        /// The case.
        case: CaseId,
    },
    /// A position is missing.
    Gap {
        /// The position before which one is missing.
        before: Position,
    },
    /// A derived row belongs to no case.
    Stray {
        /// The case it names.
        case: CaseId,
    },
}

/// Reads all entries and compares the derived rows; with `write` replaces them. No command may be
/// under way meanwhile.
pub(super) async fn rebuild(store: &dyn Store, write: bool) -> Result<Rebuilt, Error> {
    let mut rebuild = Rebuild {
        store,
        rebuilt: Rebuilt::default(),
        streams: BTreeMap::new(),
    };
    rebuild.read().await?;
    rebuild.strays().await?;
    let derived = rebuild.compare().await?;
    if write {
        store.replace_derived(derived).await?;
    }
    Ok(rebuild.rebuilt)
}

struct Rebuild<'a> {
    store: &'a dyn Store,
    rebuilt: Rebuilt,
    streams: BTreeMap<StreamName, Stream>,
}

/// A stream as far as it was read. Nothing is folded of it after what cannot be read.
#[derive(Default)]
struct Stream {
    folded: Option<Folded>,
    position: Position,
    is_broken: bool,
}

impl Rebuild<'_> {
    fn unreadable(&mut self, stream: &StreamName, what: String) {
        self.rebuilt.differences.push(Difference::Unreadable {
            stream: stream.clone(),
            what,
        });
    }

    /// Reads and folds all entries.
    async fn read(&mut self) -> Result<(), Error> {
        let mut after = Position(0);
        loop {
            let page = self.store.scan(after, PAGE_ROWS_MAX).await?;
            if page.is_empty() {
                return Ok(());
            }
            for (stream, entry) in page {
                if entry.position.0 != after.0 + 1 {
                    let before = entry.position;
                    self.rebuilt.differences.push(Difference::Gap { before });
                }
                after = entry.position;
                self.rebuilt.entries += 1;
                if self.fold(&stream, &entry) {
                    self.sealed(&stream, &entry).await?;
                }
            }
        }
    }

    /// Folds an entry. Returns whether it could be read.
    fn fold(&mut self, name: &StreamName, entry: &StoredEntry) -> bool {
        let stream = self.streams.entry(name.clone()).or_default();
        stream.position = entry.position;
        if stream.is_broken {
            return false;
        }
        match fold::step(name, stream.folded.take().unwrap_or_default(), entry) {
            Ok(mut folded) => {
                // Which requests a case knows is not derived into any row.
                folded.requests.clear();
                stream.folded = Some(folded);
                true
            }
            Err(broken) => {
                stream.is_broken = true;
                self.broken(name, broken);
                false
            }
        }
    }

    /// Checks that the sealed values of an entry are what it commits to.
    async fn sealed(&mut self, stream: &StreamName, entry: &StoredEntry) -> Result<(), Error> {
        let revision = Some(entry.revision);
        let rows = whole(self.store.sealed(stream, revision).await)?;
        let Some(rows) = rows else {
            let what = format!(
                "the sealed values of entry {} cannot be read",
                entry.revision
            );
            self.unreadable(stream, what);
            return Ok(());
        };
        if let Err(broken) = fold::are_all_there(&rows, entry) {
            self.broken(stream, broken);
        }
        for row in rows {
            if let Err(broken) = fold::opens(&row, entry) {
                self.broken(stream, broken);
            }
        }
        Ok(())
    }

    fn broken(&mut self, stream: &StreamName, broken: Broken) {
        let what = super::error::chain(&broken_error(stream, broken));
        self.unreadable(stream, what);
    }

    /// Compares what lies beside the entries of each stream. Returns the rows of all cases.
    async fn compare(&mut self) -> Result<Vec<Derived>, Error> {
        let mut all = Vec::new();
        for (name, stream) in std::mem::take(&mut self.streams) {
            let Some(folded) = stream.folded else {
                continue;
            };
            match name {
                StreamName::Case(id) => {
                    self.rebuilt.cases += 1;
                    let derived = derived(id, &folded, stream.position);
                    let Some(derived) = derived else { continue };
                    if !self.is_as(&derived).await? {
                        let row = Difference::Row { case: id };
                        self.rebuilt.differences.push(row);
                    }
                    all.push(derived);
                }
                StreamName::Workflow(_) => self.workflows(&name, &folded).await?,
                StreamName::Store => {}
            }
        }
        Ok(all)
    }

    /// Returns whether the stored rows of a case are these.
    async fn is_as(&self, derived: &Derived) -> Result<bool, Error> {
        let case = derived.case.case;
        let Some(row) = whole(self.store.case(case).await)? else {
            return Ok(false);
        };
        let Some(causes) = whole(self.causes(case).await)? else {
            return Ok(false);
        };
        let Some(bookings) = whole(self.store.bookings(case).await)? else {
            return Ok(false);
        };
        let Some(surveys) = whole(self.store.surveys(case).await)? else {
            return Ok(false);
        };
        Ok(row.as_ref() == Some(&derived.case)
            && causes == derived.causes
            && bookings == derived.bookings
            && surveys == derived.surveys)
    }

    async fn causes(&self, case: CaseId) -> Result<Vec<CauseRow>, store::Error> {
        let filter = CauseFilter {
            case: Some(case),
            ..CauseFilter::default()
        };
        let mut causes = Vec::new();
        let mut next = Some(Cursor::default());
        while let Some(after) = next {
            let page = self.store.causes(&filter, after, PAGE_ROWS_MAX).await?;
            causes.extend(page.rows);
            next = page.next;
        }
        Ok(causes)
    }

    /// Checks that every published version has the bytes that were published.
    async fn workflows(&mut self, stream: &StreamName, folded: &Folded) -> Result<(), Error> {
        let StreamName::Workflow(id) = stream else {
            return Ok(());
        };
        let published: BTreeMap<Version, Digest> = folded
            .published
            .iter()
            .map(|(version, (digest, _))| (*version, *digest))
            .collect();
        for (version, digest) in published {
            let row = whole(self.store.workflow(id, Some(version)).await)?.flatten();
            let is_same = row.is_some_and(|row| {
                row.workflow.sha256 == digest && super::catalog::digest(&row.bytes) == digest
            });
            if !is_same {
                let what = format!("version {version} is not in the store as it was published");
                self.unreadable(stream, what);
            }
        }
        Ok(())
    }

    /// Looks for rows of cases that have no entries.
    async fn strays(&mut self) -> Result<(), Error> {
        let mut next = Some(Cursor::default());
        while let Some(after) = next {
            let filter = CaseFilter::default();
            // A row that cannot be read is found when its case is compared.
            let page = whole(self.store.cases(&filter, after, PAGE_ROWS_MAX).await)?;
            let Some(page) = page else { return Ok(()) };
            for CaseRow { case, .. } in page.rows {
                if !self.streams.contains_key(&StreamName::Case(case)) {
                    self.rebuilt.differences.push(Difference::Stray { case });
                }
            }
            next = page.next;
        }
        Ok(())
    }
}

fn derived(id: CaseId, folded: &Folded, position: Position) -> Option<Derived> {
    let (case, head) = (folded.case.as_ref()?, folded.head?);
    Some(Derived {
        case: case_row(id, case, head, position),
        causes: cause_rows(id, case),
        bookings: folded.bookings.clone(),
        surveys: folded.surveys.clone(),
    })
}

/// Returns nothing for what is there but cannot be read: it is not as the entries say.
fn whole<T>(read: Result<T, store::Error>) -> Result<Option<T>, Error> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(store::Error::Damaged { .. }) => Ok(None),
        Err(error) => Err(Error::Store(error)),
    }
}
