//! A committer that does one command at a time, straight over the engine: what it makes of the
//! accepted commands in their order is what must stand in the store.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use heard_engine::blame::Names;
use heard_engine::case::command::PlainAct;
use heard_engine::case::{Actor, Case, Command, Facts, Meta, decide, evolve, seal};
use heard_engine::entry::{Entry, StreamName, request_hash};
use heard_engine::id::{CaseId, Position};
use heard_engine::workflow::{self, Workflow};
use heard_server::app::Request;
use heard_server::store::Store;

use super::world::WORKFLOW;

/// A request that was sent, whatever became of it.
#[derive(Debug, Clone)]
pub struct Sent {
    pub request: Request,
    pub act: PlainAct,
}

/// Decides what was accepted once more, in the order of positions, and compares the events.
/// Returns the cases as they stand then.
pub async fn replay(store: &dyn Store, sent: &[Sent]) -> anyhow::Result<BTreeMap<CaseId, Case>> {
    let workflow = workflow::load(WORKFLOW.as_bytes())
        .map_err(|found| anyhow::anyhow!("the workflow has findings: {found:?}"))?;
    let mut cases = BTreeMap::new();
    for (stream, stored) in store.scan(Position(0), 1_000).await? {
        let StreamName::Case(id) = stream else {
            continue;
        };
        let entry = Entry::decode(&stored.bytes)?;
        let command = command(store, &workflow, sent, &stream, &entry).await?;
        let before = cases.remove(&id);
        let events = decide(&workflow, before.as_ref(), &Facts::default(), &command)
            .map_err(|refusal| anyhow::anyhow!("an entry should not be there: {refusal}"))?;
        ensure!(events == entry.events, "{stream} {}", entry.revision);
        let meta = Meta {
            revision: entry.revision,
            at: entry.at,
            actor: &entry.actor,
            workflow: workflow.reference(),
        };
        let evolved = events
            .iter()
            .try_fold(before, |case, event| evolve(case, &meta, event).map(Some));
        cases.insert(id, evolved?.context("no case")?);
    }
    Ok(cases)
}

/// Finds the request of an entry and seals it once more with the salts that were stored.
async fn command(
    store: &dyn Store,
    workflow: &Workflow,
    sent: &[Sent],
    stream: &StreamName,
    entry: &Entry,
) -> anyhow::Result<Command> {
    let rows = store.sealed(stream, Some(entry.revision)).await?;
    let candidates = sent
        .iter()
        .filter(|sent| request_hash(entry.actor.principal, &sent.request.id) == entry.request.id);
    for Sent { request, act } in candidates {
        let actor = Actor {
            person: request.person,
            principal: entry.actor.principal,
            role: request.role.clone(),
            via: None,
        };
        let mut salts = rows.iter().map(|row| row.salt);
        let sealed = seal::seal(workflow, &actor, act, &Names::default(), || {
            salts.next().unwrap_or([0; 32])
        });
        let sealed = sealed?;
        let values = sealed.openings.iter().map(|opening| &opening.value);
        if sealed.body == entry.request.body && values.eq(rows.iter().map(|row| &row.value)) {
            ensure!(entry.actor == actor && entry.act == act.kind());
            return Ok(Command {
                act: sealed.act,
                actor,
                at: entry.at,
            });
        }
    }
    anyhow::bail!("nobody asked for entry {} of {stream}", entry.revision)
}
