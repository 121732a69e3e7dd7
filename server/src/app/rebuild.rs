//! Makes every derived row anew from the entries, or says where they differ.
//!
//! Invariant: entries are read, never written.

use std::collections::BTreeSet;

use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Position};

use super::committer::broken_error;
use super::error::Error;
use super::fold;
use super::rows::{case_row, cause_rows};
use crate::store::{CauseFilter, Cursor, Derived, PAGE_ROWS_MAX, Store};
use heard_engine::id::Revision;

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
    /// A history cannot be read.
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

/// Reads all entries and compares the derived rows; with `write` replaces them.
pub(super) async fn rebuild(store: &dyn Store, write: bool) -> Result<Rebuilt, Error> {
    let mut rebuilt = Rebuilt::default();
    let streams = streams(store, &mut rebuilt).await?;
    let mut derived = Vec::new();
    for stream in &streams {
        let histories = store.load(std::slice::from_ref(stream)).await?;
        let entries = histories.first().map(Vec::as_slice).unwrap_or_default();
        let folded = match fold::fold(stream, entries) {
            Ok(folded) => folded,
            Err(broken) => {
                let what = broken_error(stream, broken).to_string();
                rebuilt.differences.push(Difference::Unreadable {
                    stream: stream.clone(),
                    what,
                });
                continue;
            }
        };
        let StreamName::Case(id) = stream else {
            continue;
        };
        let (Some(case), Some(last)) = (folded.case, entries.last()) else {
            continue;
        };
        rebuilt.cases += 1;
        let row = case_row(*id, &case, last.hash, last.position);
        let causes = cause_rows(*id, &case, Revision(0));
        let filter = CauseFilter {
            case: Some(*id),
            ..CauseFilter::default()
        };
        let stored = store
            .causes(&filter, Cursor::default(), PAGE_ROWS_MAX)
            .await?
            .rows;
        if store.case(*id).await?.as_ref() != Some(&row) || stored != causes {
            rebuilt.differences.push(Difference::Row { case: *id });
        }
        derived.push(Derived { case: row, causes });
    }
    strays(store, &streams, &mut rebuilt).await?;
    if write {
        store.replace_derived(derived).await?;
    }
    Ok(rebuilt)
}

async fn streams(store: &dyn Store, rebuilt: &mut Rebuilt) -> Result<BTreeSet<StreamName>, Error> {
    let mut streams = BTreeSet::new();
    let mut after = Position(0);
    loop {
        let page = store.scan(after, PAGE_ROWS_MAX).await?;
        if page.is_empty() {
            return Ok(streams);
        }
        for (stream, entry) in page {
            if entry.position.0 != after.0 + 1 {
                rebuilt.differences.push(Difference::Gap {
                    before: entry.position,
                });
            }
            after = entry.position;
            rebuilt.entries += 1;
            streams.insert(stream);
        }
    }
}

async fn strays(
    store: &dyn Store,
    streams: &BTreeSet<StreamName>,
    rebuilt: &mut Rebuilt,
) -> Result<(), Error> {
    let mut after = Some(Cursor::default());
    while let Some(cursor) = after {
        let page = store
            .cases(&crate::store::CaseFilter::default(), cursor, PAGE_ROWS_MAX)
            .await?;
        let known = |case: CaseId| streams.contains(&StreamName::Case(case));
        let strays = page.rows.iter().filter(|row| !known(row.case));
        rebuilt
            .differences
            .extend(strays.map(|row| Difference::Stray { case: row.case }));
        after = page.next;
    }
    Ok(())
}
