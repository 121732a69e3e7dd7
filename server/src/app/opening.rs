//! Opening cases: one in a call, or many.
//!
//! Invariant: a parent is there before its child is opened; cases are never deleted, so it stays.
//! Invariant: of the cases of all calls that open many, [`OPENS_UNDER_WAY_MAX`] are under way at
//! most: the queue keeps its places for others.

use std::time::Instant;

use futures_util::stream::{self, StreamExt as _};
use heard_engine::case::command::{Act, Open};
use heard_engine::case::seal::BadRequest;
use heard_engine::id::CaseId;
use tokio::task::unconstrained;
use tokio::time::timeout_at;

use super::{Accepted, App, Error, Request};

/// The most cases under way at once in all calls that open many: a sixteenth of the queue, and
/// enough for a sync to be shared.
pub const OPENS_UNDER_WAY_MAX: usize = 64;

/// A case to be opened: who asks how and what, or what is wrong with that.
pub type ToOpen = Result<(Request, Open<String>), BadRequest>;

impl App {
    /// Opens a case. Its id is made from the principal and the request id, so that a repeat meets
    /// its own case.
    ///
    /// # Errors
    ///
    /// [`Error`]; refused when there is no such workflow or parent.
    pub async fn open(&self, request: Request, open: Open<String>) -> Result<Accepted, Error> {
        let opened = match self.find_parent(open.origin.parent).await {
            Ok(()) => self.begin_open(&request, open).await,
            Err(error) => Err(error),
        };
        self.counted(opened)
    }

    /// Opens cases of one workflow and one parent, each as [`open`](Self::open) does, and answers
    /// in their order. What is not begun by the deadline of its request is not done; of what is not
    /// answered by `answer_by` it is not known.
    ///
    /// # Errors
    ///
    /// Refused as a whole when there is no such workflow or parent; nothing was written then.
    pub async fn open_many(
        &self,
        opens: Vec<ToOpen>,
        answer_by: Option<Instant>,
    ) -> Result<Vec<Result<Accepted, Error>>, Error> {
        self.counted(self.find_common(&opens).await)?;
        let opened = opens
            .into_iter()
            .map(|to_open| self.open_in_turn(to_open, answer_by));
        let opened = stream::iter(opened).buffered(OPENS_UNDER_WAY_MAX);
        Ok(opened.collect().await)
    }

    /// Finds the workflow and the parent that all cases name.
    async fn find_common(&self, opens: &[ToOpen]) -> Result<(), Error> {
        let common = |open: &Open<String>| {
            let parent = open.origin.parent;
            (parent, open.workflow.clone(), open.version)
        };
        let mut named = opens.iter().flatten().map(|(_, open)| common(open));
        let Some((parent, workflow, version)) = named.next() else {
            return Ok(());
        };
        debug_assert!(named.all(|other| other == (parent, workflow.clone(), version)));
        self.find_parent(parent).await?;
        self.chosen(&workflow, version).await?;
        Ok(())
    }

    /// Opens a case of which the parent was found, once few enough are under way.
    async fn open_in_turn(
        &self,
        to_open: ToOpen,
        answer_by: Option<Instant>,
    ) -> Result<Accepted, Error> {
        let opened = async {
            let (request, open) = to_open?;
            // Without the budget of tokio: what that puts off goes on in reverse order.
            let turn = unconstrained(self.shared.opens.acquire());
            let turn = by(request.deadline, turn).await;
            // The turns are never closed: none is had when its time has come.
            let Some(Ok(_turn)) = turn else {
                return Err(Error::DeadlinePassed);
            };
            let begun = self.begin_open(&request, open);
            by(answer_by, begun).await.unwrap_or(Err(Error::Unanswered))
        };
        self.counted(opened.await)
    }

    async fn begin_open(&self, request: &Request, open: Open<String>) -> Result<Accepted, Error> {
        let (workflow, version) = (open.workflow.clone(), open.version);
        self.begin(request, &workflow, version, Act::Open(open))
            .await
    }

    async fn find_parent(&self, parent: Option<CaseId>) -> Result<(), Error> {
        let Some(parent) = parent else { return Ok(()) };
        match self.shared.store.case(parent).await? {
            None => Err(Error::NoSuchParent { parent }),
            // What has children is merged into nothing, so a repeat meets this only where both
            // came at once.
            Some(row) if row.is_merged => Err(Error::MergedParent { parent }),
            Some(_) => Ok(()),
        }
    }
}

/// Waits for something until an instant. `None` when it did not come.
async fn by<T>(until: Option<Instant>, future: impl Future<Output = T>) -> Option<T> {
    match until {
        Some(until) => timeout_at(until.into(), future).await.ok(),
        None => Some(future.await),
    }
}

#[cfg(test)]
mod tests;
