//! Cases with something due, made into what is written to a store beside the application: whoever
//! forges one says when each of its marks is, whatever any workflow makes of it.

use heard_engine::case::event::{CaseOpened, DeadlineStarted, Event};
use heard_engine::case::{Actor, DeadlineName, Facts, Mark, Rung};
use heard_engine::entry::{Entry, FORMAT, RequestHashes, StreamName, entry_hash, request_hash};
use heard_engine::id::{
    CaseId, Digest, PersonId, Position, RequestId, Revision, RoleName, StepName,
};
use heard_engine::time::Timestamp;
use heard_engine::workflow::WorkflowRef;
use heard_server::store::{Append, CaseRow, Identity, NewEntry};
use uuid::Uuid;

/// What the forged cases of one store have in common.
#[derive(Debug, Clone)]
pub struct Forge {
    /// The store they are written to.
    pub identity: Identity,
    /// The workflow they follow, which must have been published.
    pub workflow: WorkflowRef,
    /// The step they are in.
    pub step: StepName,
    /// When they were opened.
    pub opened_at: Timestamp,
}

impl Forge {
    /// Makes a case with a clock that has these marks, in order.
    pub fn case(&self, case: CaseId, marks: &[Timestamp]) -> anyhow::Result<Append> {
        let mut append = self.append(case, self.entry(case, marks)?)?;
        if let Some(row) = append.cases.first_mut() {
            row.due_at = marks.first().copied();
        }
        Ok(append)
    }

    fn append(&self, case: CaseId, entry: Entry) -> anyhow::Result<Append> {
        let bytes = entry.encode()?;
        let hash = entry_hash(&bytes);
        let row = CaseRow {
            case,
            revision: Revision(1),
            head: hash,
            position: Position(0),
            workflow: self.workflow.clone(),
            place: self.step.to_string(),
            closed_as: None,
            is_merged: false,
            owes_cause: false,
            opened_at: entry.at,
            updated_at: entry.at,
            due_at: None,
            parent: None,
        };
        Ok(Append {
            entries: vec![NewEntry {
                stream: entry.stream,
                revision: Revision(1),
                hash,
                bytes,
            }],
            cases: vec![row],
            ..Append::default()
        })
    }

    /// Makes a case as a heard that kept no time began it.
    pub fn untimed(&self, case: CaseId) -> anyhow::Result<Append> {
        let mut entry = self.entry(case, &[])?;
        entry
            .events
            .retain(|event| !matches!(event, Event::DeadlineStarted(_)));
        self.append(case, entry)
    }

    fn entry(&self, case: CaseId, marks: &[Timestamp]) -> anyhow::Result<Entry> {
        let principal = self.identity.principal;
        let opened = CaseOpened {
            customer: None,
            opened_at: self.opened_at,
            received_at: None,
            reference: None,
            step: self.step.clone(),
            team: None,
        };
        Ok(Entry {
            act: "open_case".into(),
            actor: Actor {
                person: PersonId::new(Uuid::from_u128(7)),
                principal,
                role: RoleName::new("agent")?,
                via: None,
            },
            at: self.opened_at,
            events: vec![
                Event::CaseOpened(opened),
                Event::DeadlineStarted(self.started(marks)?),
            ],
            facts: Facts::default(),
            held: false,
            log: self.identity.log.clone(),
            prev: None,
            request: RequestHashes {
                body: Digest([9; 32]),
                id: request_hash(principal, &RequestId::new("forged")?),
            },
            revision: Revision(1),
            stream: StreamName::Case(case),
            v: FORMAT,
            workflow: Some(self.workflow.clone()),
        })
    }

    fn started(&self, marks: &[Timestamp]) -> anyhow::Result<DeadlineStarted> {
        let rungs = (1..).map(Rung::After);
        let marks = marks.iter().zip(rungs);
        Ok(DeadlineStarted {
            anchor: self.opened_at,
            calendar: None,
            deadline: "clock/patience".parse::<DeadlineName>()?,
            due: marks.clone().next().map(|(at, _)| *at),
            field: None,
            goes_on: false,
            length: None,
            marks: marks.map(|(at, rung)| Mark { at: *at, rung }).collect(),
            moved: false,
            number: 1,
            paused: false,
            statutory: false,
            tz: "none".into(),
            waits: false,
        })
    }
}
