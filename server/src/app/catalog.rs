//! The published workflows, compiled once each.
//!
//! Invariant: a workflow is found by its digest only after its bytes were seen to have it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use heard_engine::id::{Digest, Version, WorkflowId};
use heard_engine::workflow::{self, Workflow, WorkflowRef};

use super::error::Error;
use crate::store::{self, Store, WorkflowRow};

/// Compiled workflows by digest.
#[derive(Debug, Default)]
pub(super) struct Catalog {
    compiled: Mutex<HashMap<Digest, Arc<Workflow>>>,
}

impl Catalog {
    fn compiled(&self) -> MutexGuard<'_, HashMap<Digest, Arc<Workflow>>> {
        // An insert is whole before anything can panic.
        self.compiled.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Keeps a compiled workflow.
    pub(super) fn keep(&self, workflow: Arc<Workflow>) {
        self.compiled()
            .insert(workflow.reference().sha256, workflow);
    }

    /// Finds a published workflow; without a version the highest. None when there is none.
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
        let known = self.compiled().get(&reference.sha256).cloned();
        if let Some(workflow) = known {
            return Ok(workflow);
        }
        let row = store
            .workflow(&reference.id, Some(reference.version))
            .await?;
        let row = row.filter(|row| row.workflow == *reference);
        let row = row.ok_or_else(|| damaged(reference, "it is not in the store"))?;
        self.compile(&row)
    }

    fn compile(&self, row: &WorkflowRow) -> Result<Arc<Workflow>, Error> {
        let known = self.compiled().get(&row.workflow.sha256).cloned();
        if let Some(workflow) = known {
            return Ok(workflow);
        }
        let workflow = workflow::load(&row.bytes)
            .map_err(|_| damaged(&row.workflow, "its bytes cannot be read"))?;
        if *workflow.reference() != row.workflow {
            return Err(damaged(&row.workflow, "its bytes do not have its digest"));
        }
        let workflow = Arc::new(workflow);
        self.keep(Arc::clone(&workflow));
        Ok(workflow)
    }
}

fn damaged(reference: &WorkflowRef, what: &str) -> Error {
    let what = format!("workflow {}@{}: {what}", reference.id, reference.version);
    Error::Store(store::Error::Damaged { what })
}
