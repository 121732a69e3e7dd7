//! Merging two cases of one complaint: a command on each of the two streams.
//!
//! Invariant: the case that goes on has taken everything over before its duplicate rests, so that
//! nothing is lost wherever a call ends: until the second entry is written, both cases run. The
//! same call again, or another for the same two cases, goes on where the one before ended.

use std::sync::Arc;

use heard_engine::case::command::{self, Act, MergeInto, PlainAct};
use heard_engine::case::refusal::{Refusal, Unmerged};
use heard_engine::case::seal::BadRequest;
use heard_engine::case::{Case, Reason};
use heard_engine::code::Code;
use heard_engine::entry::StreamName;
use heard_engine::id::{CaseId, REQUEST_ID_CHARS_MAX, RequestId, Revision};

use super::{Accepted, App, CaseView, Error, Receipt, Request};
use crate::store::{CaseFilter, Cursor};

/// The longest request id of a merge, in characters: where the duplicate changes between its two
/// entries, what it has then is taken over under the id, a slash and the revision of the duplicate.
pub const MERGE_ID_CHARS_MAX: usize = REQUEST_ID_CHARS_MAX - "/10000".len();
/// How often a merge begins anew because the duplicate changed between its two entries.
const MERGE_TRIES_MAX: usize = 3;

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
        if request.id.as_str().len() > MERGE_ID_CHARS_MAX {
            let text = format!("for a merge it has at most {MERGE_ID_CHARS_MAX} characters");
            return Err(Error::Bad(BadRequest::one(Code::HB001, "request_id", text)));
        }
        let mut first = request.clone();
        for _ in 0..MERGE_TRIES_MAX {
            let duplicate = self.to_be_merged(request, asked).await?;
            let taken = match self.take_over(&first, asked, duplicate.clone()).await {
                Err(Error::Refused(no)) => self.merged_before(asked, *no).await?,
                taken => taken?,
            };
            let Some(duplicate) = duplicate.filter(|_| !request.validate_only) else {
                return Ok(taken);
            };
            let merged = taken.view.case.merged().get(&asked.duplicate);
            let of = merged.and_then(|merged| merged.duplicate_revision);
            if duplicate.merged_into().is_some() {
                return Ok(taken);
            }
            if of == Some(duplicate.revision()) {
                match self.rest(request, asked, &duplicate, &taken.receipt).await {
                    Ok(()) => return Ok(taken),
                    Err(Error::RevisionDiffers { .. }) => {}
                    Err(error) => return Err(error),
                }
            }
            // It changed meanwhile, and what it has now is to be taken over too.
            first = self.anew(request, asked).await?;
        }
        Err(Error::KeptChanging)
    }

    /// Reads the duplicate, after what is due of it was fired; none where there is none.
    async fn to_be_merged(
        &self,
        request: &Request,
        asked: &Merge,
    ) -> Result<Option<Arc<Case>>, Error> {
        let Some(found) = self.found(asked.duplicate).await? else {
            return Ok(None);
        };
        if found.step().is_none() || asked.duplicate == asked.survivor {
            // Why it cannot be merged, or that it was, is for the case that goes on to say.
            return Ok(Some(found));
        }
        // Whoever may not end it is told so before anything is written.
        let only_asked = Request {
            expected_revision: asked.expected_duplicate_revision,
            validate_only: true,
            ..request.clone()
        };
        let act = asked.into_survivor(Revision::default());
        self.go_on(asked.duplicate, &only_asked, &act).await?;
        self.found(asked.duplicate).await
    }

    async fn found(&self, case: CaseId) -> Result<Option<Arc<Case>>, Error> {
        match self.hot(case).await {
            Ok(found) => Ok(Some(found)),
            Err(Error::Refused(no)) if no.reasons.contains(&Reason::NoSuchCase) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Lets the case that goes on take over what runs in its duplicate.
    async fn take_over(
        &self,
        request: &Request,
        asked: &Merge,
        found: Option<Arc<Case>>,
    ) -> Result<Accepted, Error> {
        let children = CaseFilter {
            parent: Some(asked.duplicate),
            ..CaseFilter::default()
        };
        let children = self.cases(&children, Cursor::default(), 1).await?;
        let act = Act::Merge(command::Merge {
            duplicate: asked.duplicate,
            found,
            is_parent: !children.rows.is_empty(),
            reason: asked.reason.clone(),
            survivor: asked.survivor,
        });
        self.go_on(asked.survivor, request, &act).await
    }

    /// Answers with the entry of an earlier call where that merged the same two cases.
    async fn merged_before(&self, asked: &Merge, no: Refusal) -> Result<Accepted, Error> {
        let is_same = |reason: &Reason| {
            matches!(reason, Reason::Merge(Unmerged::DuplicateMerged { into, .. })
                if *into == asked.survivor)
        };
        let duplicate = self.found(asked.duplicate).await?;
        let merging = duplicate.as_ref().and_then(|case| case.merged_into());
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

    /// Lets the duplicate rest, if it is as it was taken over.
    async fn rest(
        &self,
        request: &Request,
        asked: &Merge,
        duplicate: &Case,
        taken: &Receipt,
    ) -> Result<(), Error> {
        let request = Request {
            expected_revision: Some(duplicate.revision()),
            ..request.clone()
        };
        let act = asked.into_survivor(taken.revision);
        self.go_on(asked.duplicate, &request, &act).await.map(drop)
    }

    /// Returns the request by which what the duplicate has now is taken over.
    async fn anew(&self, request: &Request, asked: &Merge) -> Result<Request, Error> {
        let now = self.hot(asked.duplicate).await?.revision();
        let id = RequestId::new(&format!("{}/{now}", request.id));
        // Its length was looked at before.
        let id = id.map_err(|error| Error::Bug {
            what: error.to_string(),
        })?;
        Ok(Request {
            id,
            expected_revision: None,
            ..request.clone()
        })
    }
}

impl Merge {
    fn into_survivor(&self, into_revision: Revision) -> PlainAct {
        Act::MergeInto(MergeInto {
            into: self.survivor,
            into_revision,
            reason: self.reason.clone(),
        })
    }
}

#[cfg(test)]
mod tests;
