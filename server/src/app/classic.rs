//! An application with cases of the classic workflow, for tests.

use std::sync::Arc;

use heard_engine::case::command::{Open, Origin};
use heard_engine::id::{CaseId, PersonId, RequestId, RoleName, WorkflowId};

use super::{App, Request, new_identity};
use crate::clock::SystemClock;
use crate::store::memory::Memory;

const CLASSIC: &[u8] = include_bytes!("../../../workflows/classic-heard.workflow.yaml");

/// A request of one person.
pub(super) fn request(id: &str, role: &str) -> Request {
    Request {
        id: RequestId::new(id).unwrap(),
        person: PersonId::new(uuid::Uuid::from_u128(7)),
        role: RoleName::new(role).unwrap(),
        expected_revision: None,
        validate_only: false,
        deadline: None,
    }
}

/// What is asked to open a case.
pub(super) fn to_open(origin: Origin) -> Open<String> {
    Open {
        workflow: WorkflowId::new("classic-heard").unwrap(),
        customer: None,
        origin,
        received_at: None,
        reference: None,
        team: None,
        version: None,
    }
}

/// Starts one over a fresh store and publishes the workflow.
pub(super) async fn started() -> App {
    let store = Memory::new(new_identity());
    let app = App::start(Arc::new(store), Arc::new(SystemClock::default()));
    let published = app.publish(request("publish", "team_lead"), CLASSIC.to_vec());
    published.await.unwrap();
    app
}

/// Opens a case.
pub(super) async fn open(app: &App, id: &str) -> CaseId {
    let opened = app.open(request(id, "agent"), to_open(Origin::default()));
    opened.await.unwrap().view.id
}

/// Starts one and opens so many cases.
pub(super) async fn with_cases(count: usize) -> (App, Vec<CaseId>) {
    let app = started().await;
    let mut cases = Vec::new();
    for number in 0..count {
        cases.push(open(&app, &format!("open/{number}")).await);
    }
    (app, cases)
}
