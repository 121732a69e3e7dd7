//! From a request to its receipt: seals it, hands it to the committer, and answers repeats.
//!
//! Invariant: a repeat gets the receipt of the stored entry and the case as it stood then, or is
//! told that its id was used; rules and revisions are not asked again.

use std::collections::HashMap;
use std::sync::Arc;

use heard_engine::case::Actor;
use heard_engine::case::command::{Act, MergeInto, PlainAct};
use heard_engine::case::seal::{self, BadRequest, Opening};
use heard_engine::code::Code;
use heard_engine::entry::{RequestHashes, StreamName, request_hash};
use heard_engine::id::{CaseId, Digest, Revision, Version, WorkflowId};
use heard_engine::lint;
use heard_engine::workflow::{self, Workflow, WorkflowRef};

use super::cache::Hot;
use super::job::{CaseWork, Done, Duplicate, Job, PublishWork, Work};
use super::random::new_case_id;
use super::{Accepted, App, CaseView, Error, Published, Request};

/// What the request ids of firings begin with, and no other.
const TIMER_IDS: &str = "timer/";

impl App {
    /// Begins a case.
    pub(super) async fn begin(
        &self,
        request: &Request,
        workflow: &WorkflowId,
        version: Option<Version>,
        act: PlainAct,
    ) -> Result<Accepted, Error> {
        let workflow = self.chosen(workflow, version).await?;
        let identity = self.shared.store.identity();
        let case = new_case_id(&identity.id_key, identity.principal, &request.id);
        let chosen = workflow.reference().clone();
        let bad = match self.submit(case, workflow, request, &act, None).await {
            Err(Error::Bad(bad)) => bad,
            done => return done,
        };
        // A newer version may have been published since the case was begun; a repeat is to be
        // judged by the version of its case.
        match self.hot(case).await {
            Ok(begun) if *begun.case.workflow() != chosen => {
                let workflow = self.workflow_by(begun.case.workflow()).await?;
                self.submit(case, workflow, request, &act, None).await
            }
            Ok(_) | Err(Error::Refused(_)) => Err(Error::Bad(bad)),
            Err(error) => Err(error),
        }
    }

    /// Does something with a case that exists.
    pub(super) async fn go_on(
        &self,
        case: CaseId,
        request: &Request,
        act: &PlainAct,
    ) -> Result<Accepted, Error> {
        self.go_on_for_both(case, request, act, None).await
    }

    /// Does something with a case that exists, and lets a duplicate of it rest with that.
    pub(super) async fn go_on_for_both(
        &self,
        case: CaseId,
        request: &Request,
        act: &PlainAct,
        duplicate: Option<Duplicate>,
    ) -> Result<Accepted, Error> {
        let hot = self.hot(case).await?.case;
        let workflow = self.workflow_by(hot.workflow()).await?;
        self.submit(case, workflow, request, act, duplicate).await
    }

    /// Seals what is asked of a duplicate, as it was read.
    pub(super) async fn duplicate(
        &self,
        (id, hot): (CaseId, Hot),
        request: &Request,
        asked: MergeInto<String>,
    ) -> Result<Duplicate, Error> {
        let workflow = self.workflow_by(hot.case.workflow()).await?;
        let actor = self.actor(request);
        let request = request_hash(actor.principal, &request.id);
        let salts = self.shared.entropy.salts(id, request);
        let act = Act::MergeInto(asked);
        let sealed = seal::seal(&workflow, &actor, &act, self.staff(), salts)?;
        let Act::MergeInto(act) = sealed.act else {
            return Err(no_case());
        };
        Ok(Duplicate {
            id,
            hot,
            workflow,
            act,
            openings: sealed.openings.into(),
            request: RequestHashes {
                body: sealed.body,
                id: request,
            },
        })
    }

    /// Publishes a workflow.
    pub(super) async fn submit_workflow(
        &self,
        request: &Request,
        bytes: Vec<u8>,
    ) -> Result<Published, Error> {
        // A large file takes a while: the lint runs beside the tasks that answer others.
        let beside = self.beside();
        let check = move || (lint::check_with(&bytes, &beside), bytes);
        let checked = tokio::task::spawn_blocking(check).await;
        let (report, bytes) = checked.map_err(|_| Error::Bug {
            what: "a workflow could not be checked".to_owned(),
        })?;
        let workflow = match report.workflow.clone() {
            Some(workflow) => Arc::new(workflow),
            // What was published before a rule came stays so: whoever repeats it is answered.
            None => match self.published_before(&bytes).await? {
                Some(workflow) => workflow,
                None => return Err(Error::Faulty(report.findings)),
            },
        };
        let stream = StreamName::Workflow(workflow.reference().id.clone());
        let body = workflow.reference().sha256;
        let work = Work::Publish(Box::new(PublishWork {
            workflow: Arc::clone(&workflow),
            bytes,
        }));
        let receipt = match self.hand_in(stream.clone(), request, body, work).await? {
            Done::Accepted(receipt, _) => receipt,
            Done::Repeat(revision, known) => {
                same_body(known, body)?;
                self.receipt_of(&stream, revision).await?.0
            }
            Done::NotDue => return Err(no_case()),
        };
        Ok(Published {
            receipt,
            workflow,
            report,
        })
    }

    /// Returns the workflow of a file that is published with exactly these bytes.
    async fn published_before(&self, bytes: &[u8]) -> Result<Option<Arc<Workflow>>, Error> {
        let Ok(workflow) = workflow::load(bytes) else {
            return Ok(None);
        };
        let WorkflowRef { id, version, .. } = workflow.reference();
        let catalog = &self.shared.catalog;
        let known = catalog.version(&*self.shared.store, id, *version).await?;
        Ok(known.filter(|known| known.reference() == workflow.reference()))
    }

    async fn submit(
        &self,
        id: CaseId,
        workflow: Arc<Workflow>,
        request: &Request,
        act: &PlainAct,
        duplicate: Option<Duplicate>,
    ) -> Result<Accepted, Error> {
        let actor = self.actor(request);
        let request_id = request_hash(actor.principal, &request.id);
        let salts = self.shared.entropy.salts(id, request_id);
        let sealed = seal::seal(&workflow, &actor, act, self.staff(), salts)?;
        let openings: Arc<[Opening]> = sealed.openings.into();
        let stream = StreamName::Case(id);
        let work = Work::Case(Box::new(CaseWork {
            id,
            act: sealed.act,
            openings: Arc::clone(&openings),
            workflow: Arc::clone(&workflow),
            duplicate,
        }));
        match self.hand_in(stream, request, sealed.body, work).await? {
            Done::Accepted(receipt, Some(case)) => Ok(Accepted {
                receipt,
                view: CaseView { id, case, workflow },
            }),
            Done::Accepted(_, None) | Done::NotDue => Err(no_case()),
            Done::Repeat(revision, known) => {
                same_body(known, sealed.body)?;
                self.repeat(id, revision, &openings).await
            }
        }
    }

    /// Answers a repeat: the receipt of the stored entry, and the case as it stood then.
    async fn repeat(
        &self,
        id: CaseId,
        revision: Revision,
        openings: &[Opening],
    ) -> Result<Accepted, Error> {
        let mut stored = HashMap::new();
        for row in self.reveal(id, Some(revision)).await? {
            let opening = Opening {
                label: row.label,
                salt: row.salt,
                value: row.value,
            };
            stored.insert(u64::from(row.place), opening);
        }
        if !seal::is_same(openings, |place| stored.get(&(place as u64))) {
            return Err(another_body());
        }
        let (receipt, folded) = self.receipt_of(&StreamName::Case(id), revision).await?;
        let case = folded.case.map(Arc::new).ok_or_else(no_case)?;
        let workflow = self.workflow_by(case.workflow()).await?;
        Ok(Accepted {
            receipt,
            view: CaseView { id, case, workflow },
        })
    }

    async fn hand_in(
        &self,
        stream: StreamName,
        request: &Request,
        body: Digest,
        work: Work,
    ) -> Result<Done, Error> {
        if request.id.as_str().starts_with(TIMER_IDS) {
            let text = "ids that begin with `timer/` are those of deadlines; choose another";
            return Err(Error::Bad(BadRequest::one(Code::HB001, "request_id", text)));
        }
        let actor = self.actor(request);
        let hashes = RequestHashes {
            body,
            id: request_hash(actor.principal, &request.id),
        };
        let submitted = self.shared.committer.submit(|reply, place| Job {
            stream,
            request: Some(hashes),
            actor,
            expected: request.expected_revision,
            validate_only: request.validate_only,
            deadline: request.deadline,
            work,
            reply: Some(reply),
            place: Some(place),
            conflicts: 0,
            counted: Vec::new(),
        });
        submitted.await
    }

    fn actor(&self, request: &Request) -> Actor {
        Actor {
            person: request.person,
            principal: self.shared.store.identity().principal,
            role: request.role.clone(),
            via: None,
        }
    }
}

fn no_case() -> Error {
    Error::Bug {
        what: "a command on a case left no case".to_owned(),
    }
}

fn same_body(known: Digest, body: Digest) -> Result<(), Error> {
    if known == body {
        Ok(())
    } else {
        Err(another_body())
    }
}

fn another_body() -> Error {
    let text = "this id was used for another request; every new request needs a new id";
    Error::Bad(BadRequest::one(Code::HB002, "request_id", text))
}
