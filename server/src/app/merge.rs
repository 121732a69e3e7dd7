//! Merging two cases of one complaint: an entry on each of the two streams.
//!
//! Invariant: both entries are written or neither is. So nothing that ran in the duplicate is lost,
//! and nothing of it runs twice.

use std::sync::Arc;

use heard_engine::case::Reason;
use heard_engine::case::command::{self, Act, MergeInto};
use heard_engine::case::refusal::{Refusal, Unmerged};
use heard_engine::code::Code;
use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, Revision};

use super::cache::Hot;
use super::{Accepted, App, CaseView, Error, Request};
use crate::store::{CaseFilter, Cursor};

/// How often a merge is tried anew because the duplicate changed after it was read.
const MERGE_TRIES_MAX: usize = 8;

/// Two cases of one complaint.
#[derive(Debug, Clone)]
pub struct Merge {
    /// The case that goes on for both.
    pub survivor: CaseId,
    /// The other one.
    pub duplicate: CaseId,
    /// The revision of the duplicate that the caller saw.
    pub expected_duplicate_revision: Option<Revision>,
    /// Why both are one.
    pub reason: String,
}

impl App {
    /// Merges a case into another one. The request is that of both entries; its expected revision
    /// is that of the case that goes on. Answers with that case as its entry left it.
    ///
    /// # Errors
    ///
    /// [`Error`]; refused with everything that stands against it.
    pub async fn merge(&self, request: Request, asked: Merge) -> Result<Accepted, Error> {
        self.counted(self.merge_cases(&request, &asked).await)
    }

    async fn merge_cases(&self, request: &Request, asked: &Merge) -> Result<Accepted, Error> {
        for _ in 0..MERGE_TRIES_MAX {
            let duplicate = match self.to_be_merged(request, asked).await {
                Err(Error::KeptChanging) => continue,
                duplicate => duplicate?,
            };
            match self.merge_both(request, asked, duplicate).await {
                // It changed after it was read.
                Err(Error::KeptChanging) => {}
                Err(Error::Refused(no)) => return self.merged_before(asked, *no).await,
                merged => return merged,
            }
        }
        Err(Error::KeptChanging)
    }

    /// Reads the duplicate, after what is due of it was fired; none where there is none.
    async fn to_be_merged(&self, request: &Request, asked: &Merge) -> Result<Option<Hot>, Error> {
        let Some(found) = self.found(asked.duplicate).await? else {
            return Ok(None);
        };
        if found.case.step().is_none() || asked.duplicate == asked.survivor {
            // Why it cannot be merged, or that it was, is for the case that goes on to say.
            return Ok(Some(found));
        }
        // Whoever may not end it is told so by itself, and what is due of it fires first.
        let only_asked = Request {
            expected_revision: asked.expected_duplicate_revision,
            validate_only: true,
            ..request.clone()
        };
        let act = Act::MergeInto(asked.of_duplicate());
        let seen = match self.go_on(asked.duplicate, &only_asked, &act).await {
            Ok(seen) => seen.receipt.revision,
            // It was closed or merged meanwhile, by this very merge perhaps: as before.
            Err(Error::Refused(no)) => {
                let found = self.found(asked.duplicate).await?;
                let rests = found.filter(|found| found.case.step().is_none());
                return rests.map(Some).ok_or(Error::Refused(no));
            }
            Err(error) => return Err(error),
        };
        let found = self.found(asked.duplicate).await?;
        match found.filter(|found| found.case.revision().next() == seen) {
            Some(found) => Ok(Some(found)),
            // What the caller expects of it is to be looked at again.
            None => Err(Error::KeptChanging),
        }
    }

    async fn found(&self, case: CaseId) -> Result<Option<Hot>, Error> {
        match self.hot(case).await {
            Ok(found) => Ok(Some(found)),
            Err(Error::Refused(no)) if no.reasons.contains(&Reason::NoSuchCase) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Lets the case that goes on take over what runs in its duplicate, and the duplicate rest.
    async fn merge_both(
        &self,
        request: &Request,
        asked: &Merge,
        found: Option<Hot>,
    ) -> Result<Accepted, Error> {
        let children = CaseFilter {
            parent: Some(asked.duplicate),
            ..CaseFilter::default()
        };
        let children = self.cases(&children, Cursor::default(), 1).await?;
        let act = Act::Merge(command::Merge {
            duplicate: asked.duplicate,
            found: found.as_ref().map(|found| Arc::clone(&found.case)),
            is_parent: !children.rows.is_empty(),
            reason: asked.reason.clone(),
            survivor: asked.survivor,
        });
        let rests = found.map(|found| (asked.duplicate, found));
        let duplicate = match rests {
            Some(rests) => Some(self.duplicate(rests, request, asked.of_duplicate()).await?),
            None => None,
        };
        self.go_on_for_both(asked.survivor, request, &act, duplicate)
            .await
    }

    /// Answers with the entry of an earlier call where that merged the same two cases.
    async fn merged_before(&self, asked: &Merge, no: Refusal) -> Result<Accepted, Error> {
        let is_same = |reason: &Reason| {
            matches!(reason, Reason::Merge(Unmerged::DuplicateMerged { into, .. })
                if *into == asked.survivor)
        };
        let is_denied = |reason: &Reason| matches!(reason.code(), Code::HC005 | Code::HC026);
        if no.reasons.iter().any(is_denied) {
            return Err(no.into());
        }
        let duplicate = self.found(asked.duplicate).await?;
        let merging = duplicate.as_ref().and_then(|hot| hot.case.merged_into());
        let Some(merging) = merging.filter(|_| no.reasons.iter().any(is_same)) else {
            return Err(no.into());
        };
        let stream = StreamName::Case(asked.survivor);
        let (receipt, folded) = self.receipt_of(&stream, merging.into_revision).await?;
        let Some(case) = folded.case.map(Arc::new) else {
            return Err(no.into());
        };
        let workflow = self.workflow_by(case.workflow()).await?;
        let id = asked.survivor;
        Ok(Accepted {
            receipt,
            view: CaseView { id, case, workflow },
        })
    }
}

impl Merge {
    /// What is asked of the duplicate. The revision that it rests with is not known yet.
    fn of_duplicate(&self) -> MergeInto<String> {
        MergeInto {
            into: self.survivor,
            into_revision: Revision::default(),
            reason: self.reason.clone(),
        }
    }
}

#[cfg(test)]
mod tests;
