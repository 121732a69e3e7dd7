//! What the store holds after the year, and whether every deadline fired as it should.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use anyhow::{Context as _, ensure};
use heard_engine::case::event::Event;
use heard_engine::case::{Case, Mark, Meta, evolve};
use heard_engine::entry::{Entry, StreamName};
use heard_engine::id::{CaseId, Position};
use heard_engine::time::Timestamp;
use heard_server::app::new_identity;
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{PAGE_ROWS_MAX, Store as _};

use super::plan::END;

/// The bytes of every entry, by case.
pub struct Year {
    pub streams: BTreeMap<CaseId, Vec<Vec<u8>>>,
}

/// Reads the store of a folder.
pub async fn read(folder: &Path) -> anyhow::Result<Year> {
    let store = Sqlite::open(&folder.join("heard.db"), new_identity)?;
    let mut streams: BTreeMap<CaseId, Vec<Vec<u8>>> = BTreeMap::new();
    let mut last = Position(0);
    loop {
        let page = store.scan(last, PAGE_ROWS_MAX).await?;
        if page.is_empty() {
            break;
        }
        for (stream, stored) in page {
            last = stored.position;
            if let StreamName::Case(case) = stream {
                streams.entry(case).or_default().push(stored.bytes);
            }
        }
    }
    store.close().await?;
    Ok(Year { streams })
}

/// Says how many marks fired, having checked that each did once, in order and at its minute.
pub fn judge(year: &Year) -> anyhow::Result<usize> {
    let mut fired = 0;
    for (id, entries) in &year.streams {
        fired += case(entries).with_context(|| format!("case {id}"))?;
    }
    Ok(fired)
}

fn case(entries: &[Vec<u8>]) -> anyhow::Result<usize> {
    let mut case: Option<Case> = None;
    let mut seen: BTreeSet<(u32, Mark)> = BTreeSet::new();
    // Since when a mark stands in the case: one that was past when it was set fires at once.
    let mut set_at: BTreeMap<(u32, Mark), Timestamp> = BTreeMap::new();
    for bytes in entries {
        let entry = Entry::decode(bytes)?;
        ensure!(
            !entry.held,
            "an entry was recorded before the one before it"
        );
        for event in &entry.events {
            if let Event::DeadlineFired(fired) = event {
                let mark = Mark {
                    at: fired.mark,
                    rung: fired.rung,
                };
                ensure!(seen.insert((fired.number, mark)), "twice: {fired:?}");
                let since = set_at
                    .get(&(fired.number, mark))
                    .context("a mark of the case")?;
                let wanted = fired.mark.max(*since);
                ensure!(
                    entry.at == wanted,
                    "{fired:?} at {}, not {wanted}",
                    entry.at
                );
                ensure!(fired.effective_at == wanted, "{fired:?}");
            }
            let workflow = entry.workflow.as_ref().context("a workflow")?;
            let meta = Meta {
                revision: entry.revision,
                at: entry.at,
                actor: &entry.actor,
                workflow,
            };
            case = Some(evolve(case, &meta, event)?);
        }
        let after = case.as_ref().context("a case")?;
        for (_, deadline) in after.deadlines() {
            for mark in &deadline.marks {
                set_at.entry((deadline.number, *mark)).or_insert(entry.at);
            }
        }
    }
    let due = case.as_ref().and_then(Case::due_at);
    ensure!(
        due.is_none_or(|due| due.micros() > END),
        "never fired: {due:?}"
    );
    Ok(seen.len())
}
