//! Merging as a story tells it: of the duplicate it tells the story too.

use std::sync::Arc;

use anyhow::Context as _;
use heard_engine::case::command::{Act, Merge, MergeInto, PlainAct};
use heard_engine::id::{CaseId, Revision};
use heard_tests::desk::{Desk, stream};
use serde_json::Value as Json;

/// Reads the taking over of a duplicate, or the end of one.
pub(super) fn read(desk: &Desk, what: &str, told: &Json) -> anyhow::Result<PlainAct> {
    let reason = told["reason"].as_str().context("a reason")?.to_owned();
    let id = |key: &str| {
        let text = told[key].as_str().with_context(|| key.to_owned())?;
        anyhow::Ok(CaseId::parse(text)?)
    };
    if what == "merge_into" {
        let revision = told["into_revision"].as_u64().context("a revision")?;
        return Ok(Act::MergeInto(MergeInto {
            into: id("into")?,
            into_revision: Revision(revision),
            reason,
        }));
    }
    let mut duplicate = desk.clone();
    duplicate.case = None;
    duplicate.entries.clear();
    duplicate.openings.clear();
    duplicate.now = heard_engine::time::Timestamp::parse(heard_tests::desk::MORNING)?;
    for line in told["story"]
        .as_array()
        .context("the story of the duplicate")?
    {
        let done = super::send(&mut duplicate, line)?;
        done.map_err(|no| anyhow::anyhow!("{line}: {no}"))?;
    }
    let heard_engine::entry::StreamName::Case(survivor) = stream() else {
        anyhow::bail!("the stream of a story is that of a case");
    };
    Ok(Act::Merge(Merge {
        duplicate: id("duplicate")?,
        found: duplicate.case.map(Arc::new),
        is_parent: false,
        reason,
        survivor,
    }))
}
