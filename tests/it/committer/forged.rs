//! Cases with something due, written into a store beside the application: a test says when each of
//! their marks is, whatever any workflow makes of it.

use anyhow::Context as _;
use heard_engine::case::event::{CaseOpened, DeadlineStarted, Event};
use heard_engine::case::{Actor, DeadlineName, Mark, Rung};
use heard_engine::entry::{Entry, FORMAT, RequestHashes, StreamName, entry_hash, request_hash};
use heard_engine::id::{
    CaseId, Digest, PersonId, Position, RequestId, Revision, RoleName, StepName,
};
use heard_engine::workflow::WorkflowRef;
use heard_server::store::{Append, CaseRow, Cursor, NewEntry, Store};

use super::world::START;
use crate::store_contract::make::{self, at};

/// A second, in microseconds.
pub const SECOND: i64 = 1_000_000;

/// Writes cases numbered from one on, each with a clock whose marks are so many seconds after
/// [`START`]. The workflow must have been published.
pub async fn cases(
    store: &dyn Store,
    numbers: std::ops::Range<u64>,
    seconds: impl Fn(u64) -> Vec<i64>,
) -> anyhow::Result<Vec<CaseId>> {
    let published = store.workflows(Cursor::default(), 1).await?.rows;
    let workflow = published.first().context("a workflow")?.workflow.clone();
    let forge = |number| case(store, &workflow, number, &seconds(number));
    let appends: Vec<Append> = numbers.clone().map(forge).collect();
    for batch in appends.chunks(500) {
        make::written(store.append(batch.to_vec().into()).await?)?;
    }
    Ok(numbers.map(make::case_id).collect())
}

fn case(store: &dyn Store, workflow: &WorkflowRef, number: u64, seconds: &[i64]) -> Append {
    let case = make::case_id(number);
    let rungs = (1..).map(Rung::After);
    let marks: Vec<Mark> = seconds
        .iter()
        .zip(rungs)
        .map(|(seconds, rung)| Mark {
            at: at(START + seconds * SECOND),
            rung,
        })
        .collect();
    let due_at = marks.first().map(|mark| mark.at);
    let entry = entry(store, workflow, case, marks);
    let bytes = entry.encode().unwrap();
    let hash = entry_hash(&bytes);
    let row = CaseRow {
        case,
        revision: Revision(1),
        head: hash,
        position: Position(0),
        workflow: workflow.clone(),
        place: "here".into(),
        closed_as: None,
        owes_cause: false,
        opened_at: entry.at,
        updated_at: entry.at,
        due_at,
    };
    Append {
        entries: vec![NewEntry {
            stream: entry.stream,
            revision: Revision(1),
            hash,
            bytes,
        }],
        case: Some(row),
        ..Append::default()
    }
}

fn entry(store: &dyn Store, workflow: &WorkflowRef, case: CaseId, marks: Vec<Mark>) -> Entry {
    let principal = store.identity().principal;
    let opened = CaseOpened {
        customer: None,
        opened_at: at(START),
        received_at: None,
        reference: None,
        step: StepName::new("here").unwrap(),
        team: None,
    };
    let started = DeadlineStarted {
        anchor: at(START),
        calendar: None,
        deadline: "clock/patience".parse::<DeadlineName>().unwrap(),
        due: marks.first().map(|mark| mark.at),
        goes_on: false,
        length: None,
        marks,
        number: 1,
        paused: false,
        statutory: false,
        tz: "none".into(),
        waits: false,
    };
    Entry {
        act: "open_case".into(),
        actor: Actor {
            person: PersonId::new(uuid::Uuid::from_u128(7)),
            principal,
            role: RoleName::new("agent").unwrap(),
            via: None,
        },
        at: at(START),
        events: vec![Event::CaseOpened(opened), Event::DeadlineStarted(started)],
        facts: heard_engine::case::Facts::default(),
        held: false,
        log: store.identity().log.clone(),
        prev: None,
        request: RequestHashes {
            body: Digest([9; 32]),
            id: request_hash(principal, &RequestId::new("forged").unwrap()),
        },
        revision: Revision(1),
        stream: StreamName::Case(case),
        v: FORMAT,
        workflow: Some(workflow.clone()),
    }
}

/// Writes cases with nothing due into a store whose gate is closed. Nothing else may be under way.
pub async fn cases_beside(
    double: &super::double::Double,
    numbers: std::ops::Range<u64>,
) -> anyhow::Result<Vec<CaseId>> {
    double.let_through(((numbers.end - numbers.start) as usize).div_ceil(500));
    let cases = cases(double, numbers, |_| vec![1_000_000]).await?;
    double.batches.lock().unwrap().clear();
    Ok(cases)
}
