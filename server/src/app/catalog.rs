//! The published workflows, compiled once each.
//!
//! Invariant: a workflow is found by its digest only after its bytes were seen to have it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use heard_engine::case::{Largest, too_large_landing};
use heard_engine::id::{Digest, Version, WorkflowId};
use heard_engine::workflow::{self, Workflow, WorkflowRef};
use sha2::{Digest as _, Sha256};

use super::error::Error;
use crate::store::{self, Store, WorkflowRow};

/// How many compiled workflows are kept.
const COMPILED_MAX: usize = 1_000;

/// The published workflows that were asked for.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    known: Mutex<Known>,
}

#[derive(Debug, Default)]
struct Known {
    compiled: HashMap<(WorkflowId, Version), Arc<Workflow>>,
    /// The highest version of each. What is here is so: this process alone publishes.
    highest: HashMap<WorkflowId, Arc<Workflow>>,
    /// How many were published since the start, so that a read knows whether it may be old.
    published: u64,
}

impl Known {
    fn get(&self, id: &WorkflowId, version: Version) -> Option<Arc<Workflow>> {
        self.compiled.get(&(id.clone(), version)).cloned()
    }

    fn keep(&mut self, workflow: &Arc<Workflow>) {
        if self.compiled.len() >= COMPILED_MAX {
            self.compiled.clear();
            self.highest.clear();
        }
        let WorkflowRef { id, version, .. } = workflow.reference();
        let key = (id.clone(), *version);
        self.compiled.insert(key, Arc::clone(workflow));
    }
}

impl Catalog {
    fn known(&self) -> MutexGuard<'_, Known> {
        // Every change is whole before anything can panic.
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes note of a workflow that was published: it is on disk, and not answered yet.
    pub(super) fn published(&self, workflow: &Arc<Workflow>) {
        let mut known = self.known();
        known.published += 1;
        known.keep(workflow);
        let reference = workflow.reference();
        if let Some(highest) = known.highest.get_mut(&reference.id)
            && highest.reference().version < reference.version
        {
            *highest = Arc::clone(workflow);
        }
    }

    /// Returns the highest version of a workflow. None when there is none.
    pub(super) async fn highest(
        &self,
        store: &dyn Store,
        id: &WorkflowId,
    ) -> Result<Option<Arc<Workflow>>, Error> {
        let published = {
            let known = self.known();
            if let Some(workflow) = known.highest.get(id) {
                return Ok(Some(Arc::clone(workflow)));
            }
            known.published
        };
        let Some((_, workflow)) = self.find(store, id, None).await? else {
            return Ok(None);
        };
        let mut known = self.known();
        if known.published == published {
            known.highest.insert(id.clone(), Arc::clone(&workflow));
        }
        Ok(Some(workflow))
    }

    /// Returns a version of a workflow. None when there is none.
    pub(super) async fn version(
        &self,
        store: &dyn Store,
        id: &WorkflowId,
        version: Version,
    ) -> Result<Option<Arc<Workflow>>, Error> {
        let known = self.known().get(id, version);
        if known.is_some() {
            return Ok(known);
        }
        let found = self.find(store, id, Some(version)).await?;
        Ok(found.map(|(_, workflow)| workflow))
    }

    /// Finds a published workflow with its bytes; without a version the highest. None when there
    /// is none.
    pub(super) async fn find(
        &self,
        store: &dyn Store,
        id: &WorkflowId,
        version: Option<Version>,
    ) -> Result<Option<(WorkflowRow, Arc<Workflow>)>, Error> {
        let Some(row) = store.workflow(id, version).await? else {
            return Ok(None);
        };
        let workflow = self.compile(&row)?;
        Ok(Some((row, workflow)))
    }

    /// Returns the workflow that a case names.
    pub(super) async fn of(
        &self,
        store: &dyn Store,
        reference: &WorkflowRef,
    ) -> Result<Arc<Workflow>, Error> {
        let workflow = self
            .version(store, &reference.id, reference.version)
            .await?;
        let workflow = workflow.filter(|workflow| workflow.reference() == reference);
        workflow.ok_or_else(|| damaged(reference, "it is not in the store"))
    }

    fn compile(&self, row: &WorkflowRow) -> Result<Arc<Workflow>, Error> {
        if digest(&row.bytes) != row.workflow.sha256 {
            return Err(damaged(&row.workflow, "its bytes do not have its digest"));
        }
        let WorkflowRef { id, version, .. } = &row.workflow;
        let known = self.known().get(id, *version);
        if let Some(workflow) = known.filter(|known| *known.reference() == row.workflow) {
            return Ok(workflow);
        }
        let workflow = workflow::load(&row.bytes)
            .map_err(|_| damaged(&row.workflow, "its bytes cannot be read"))?;
        if *workflow.reference() != row.workflow {
            return Err(damaged(&row.workflow, "its bytes are of another"));
        }
        if let Some(landing) = too_large_landing(&workflow) {
            let Largest { place, bytes } = landing;
            tracing::warn!(
                workflow = format!("{id}@{version}"),
                place,
                bytes,
                "published before this was an error (H006): so much may start here at once that no \
                 entry holds it, and then the case stands still; publish a newer version"
            );
        }
        let workflow = Arc::new(workflow);
        self.known().keep(&workflow);
        Ok(workflow)
    }
}

/// Returns the digest of the bytes of a workflow.
pub(super) fn digest(bytes: &[u8]) -> Digest {
    Digest(Sha256::digest(bytes).into())
}

fn damaged(reference: &WorkflowRef, what: &str) -> Error {
    let what = format!("workflow {}@{}: {what}", reference.id, reference.version);
    Error::Store(store::Error::Damaged { what })
}
