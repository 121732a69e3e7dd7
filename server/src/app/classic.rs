//! An application with cases of the classic workflow, for tests.

use std::sync::Arc;

use heard_engine::case::command::{Open, Origin};
use heard_engine::id::{PersonId, RoleName, WorkflowId};

use super::{App, Request, new_identity, random_request_id};
use crate::clock::SystemClock;
use crate::store::memory::Memory;

const CLASSIC: &[u8] = include_bytes!("../../../workflows/classic-heard.workflow.yaml");

fn request(role: &str) -> Request {
    Request {
        id: random_request_id(),
        person: PersonId::new(uuid::Uuid::from_u128(7)),
        role: RoleName::new(role).unwrap(),
        expected_revision: None,
        validate_only: false,
        deadline: None,
    }
}

/// Starts one over a fresh store, publishes the workflow and opens so many cases.
pub(super) async fn with_cases(cases: usize) -> App {
    let store = Memory::new(new_identity());
    let app = App::start(Arc::new(store), Arc::new(SystemClock::default()));
    let published = app.publish(request("team_lead"), CLASSIC.to_vec()).await;
    published.unwrap();
    for _ in 0..cases {
        let open = Open {
            workflow: WorkflowId::new("classic-heard").unwrap(),
            customer: None,
            origin: Origin::default(),
            received_at: None,
            reference: None,
            team: None,
            version: None,
        };
        app.open(request("agent"), open).await.unwrap();
    }
    app
}
