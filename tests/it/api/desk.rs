//! A help desk whose request ids and revisions a test gives itself, so that it can repeat them.

use std::sync::Arc;

use async_trait::async_trait;
use heard_engine::id::PrincipalId;
use heard_engine::time::Timestamp;
use heard_proto::v1;
use heard_proto::v1::case_service_client::CaseServiceClient;
use heard_proto::v1::cause_service_client::CauseServiceClient;
use heard_proto::v1::clock_service_client::ClockServiceClient;
use heard_proto::v1::workflow_service_client::WorkflowServiceClient;
use heard_server::clock::{Clock, VirtualClock};
use heard_server::store::memory::Memory;
use heard_server::store::sqlite::Sqlite;
use heard_server::store::{Identity, Store};
use heard_tests::server::TestServer;
use tempfile::TempDir;
use tonic::transport::{Channel, Endpoint};

/// A workflow with every kind of field.
pub const SMALL: &str = include_str!("small.workflow.yaml");
/// The person who acts in tests.
pub const ANA: &str = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7d4";
/// Another person.
pub const TOM: &str = "0190f5a2-7b5e-8c3d-9f10-2b6a54c1e7d5";

/// A clock that stands still on 5 October 2026 at 09:00 UTC.
#[derive(Debug)]
pub struct StillClock;

#[async_trait]
impl Clock for StillClock {
    fn now(&self) -> Timestamp {
        Timestamp::parse("2026-10-05T09:00:00Z").unwrap()
    }

    async fn reached(&self, at: Timestamp) {
        if at > self.now() {
            std::future::pending().await
        }
    }
}

/// Where the entries of a test lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Memory,
    Sqlite,
}

/// What a store of a test is born with.
pub fn identity() -> Identity {
    Identity {
        log: format!("heard.invalid/{}", "0".repeat(32)),
        id_key: [7; 32],
        principal: PrincipalId::new(uuid::Uuid::from_u128(1)),
        is_virtual: false,
    }
}

/// Starts a server over a fresh store.
pub async fn start(kind: Kind) -> anyhow::Result<TestServer> {
    start_in(kind, Arc::new(TempDir::new()?)).await
}

/// Starts a server whose clock is moved by hand, over a fresh store, with a workflow.
pub async fn start_virtual(kind: Kind, at: &str, workflow: &str) -> anyhow::Result<TestServer> {
    let folder = Arc::new(TempDir::new()?);
    let clock = VirtualClock::new(Timestamp::parse(at)?);
    let store = store(kind, &folder)?;
    TestServer::start_on(store, folder, &[workflow.as_bytes()], Arc::new(clock)).await
}

fn store(kind: Kind, folder: &TempDir) -> anyhow::Result<Arc<dyn Store>> {
    Ok(match kind {
        Kind::Memory => Arc::new(Memory::new(identity())),
        Kind::Sqlite => Arc::new(Sqlite::open(&folder.path().join("heard.db"), identity)?),
    })
}

/// Starts a server over the store of a folder.
pub async fn start_in(kind: Kind, folder: Arc<TempDir>) -> anyhow::Result<TestServer> {
    let store = store(kind, &folder)?;
    TestServer::start_on(store, folder, &[SMALL.as_bytes()], Arc::new(StillClock)).await
}

/// Connects to a server.
pub async fn channel(server: &TestServer) -> anyhow::Result<Channel> {
    Ok(Endpoint::from_shared(server.address.clone())?
        .connect()
        .await?)
}

/// Connects the clients of every service.
pub async fn desk(server: &TestServer) -> anyhow::Result<Desk> {
    let channel = channel(server).await?;
    Ok(Desk {
        cases: CaseServiceClient::new(channel.clone()),
        causes: CauseServiceClient::new(channel.clone()),
        clock: ClockServiceClient::new(channel.clone()),
        workflows: WorkflowServiceClient::new(channel),
    })
}

/// A help desk: clients of every service, and the calls that most tests make.
#[derive(Debug, Clone)]
pub struct Desk {
    pub cases: CaseServiceClient<Channel>,
    pub causes: CauseServiceClient<Channel>,
    pub clock: ClockServiceClient<Channel>,
    pub workflows: WorkflowServiceClient<Channel>,
}

/// Makes an actor.
pub fn actor(person: &str, role: &str) -> Option<v1::Actor> {
    Some(v1::Actor {
        person: person.to_owned(),
        role: role.to_owned(),
    })
}

/// Makes an answer.
pub fn answer(field: &str, kind: v1::value::Kind) -> v1::Answer {
    v1::Answer {
        field: field.to_owned(),
        value: Some(v1::Value { kind: Some(kind) }),
    }
}

/// Makes an answer that is a text.
pub fn text(field: &str, text: &str) -> v1::Answer {
    answer(field, v1::value::Kind::Text(text.to_owned()))
}

/// Makes an answer that is an amount in euro cents.
pub fn euro_cents(field: &str, minor_units: i64) -> v1::Answer {
    let money = v1::Money {
        currency_code: "EUR".to_owned(),
        minor_units,
    };
    answer(field, v1::value::Kind::Money(money))
}

impl Desk {
    /// Publishes a workflow.
    pub async fn publish(
        &mut self,
        yaml: &str,
    ) -> Result<v1::PublishWorkflowResponse, tonic::Status> {
        let request = v1::PublishWorkflowRequest {
            request_id: "publish".to_owned(),
            actor: actor(TOM, "lead"),
            validate_only: false,
            yaml: yaml.as_bytes().to_vec(),
        };
        Ok(self.workflows.publish_workflow(request).await?.into_inner())
    }

    /// Opens a case of the small workflow.
    pub async fn open(&mut self, request_id: &str) -> Result<v1::Case, tonic::Status> {
        let request = v1::OpenCaseRequest {
            request_id: request_id.to_owned(),
            actor: actor(ANA, "agent"),
            workflow_id: "small-heard".to_owned(),
            ..v1::OpenCaseRequest::default()
        };
        let response = self.cases.open_case(request).await?.into_inner();
        Ok(response.case.unwrap_or_default())
    }

    /// Advances a case at the revision seen.
    pub async fn advance(
        &mut self,
        case: &v1::Case,
        request: v1::AdvanceCaseRequest,
    ) -> Result<v1::Case, tonic::Status> {
        let request = v1::AdvanceCaseRequest {
            case_id: case.case_id.clone(),
            expected_revision: Some(case.revision),
            ..request
        };
        let response = self.cases.advance_case(request).await?.into_inner();
        Ok(response.case.unwrap_or_default())
    }
}

/// Makes a request to take an action.
pub fn action(
    name: &str,
    request_id: &str,
    role: &str,
    answers: Vec<v1::Answer>,
) -> v1::AdvanceCaseRequest {
    v1::AdvanceCaseRequest {
        request_id: request_id.to_owned(),
        actor: actor(if role == "lead" { TOM } else { ANA }, role),
        act: Some(v1::advance_case_request::Act::Action(name.to_owned())),
        answers,
        ..v1::AdvanceCaseRequest::default()
    }
}

/// Makes a request to do a task.
pub fn task(
    name: &str,
    request_id: &str,
    role: &str,
    answers: Vec<v1::Answer>,
) -> v1::AdvanceCaseRequest {
    v1::AdvanceCaseRequest {
        act: Some(v1::advance_case_request::Act::Task(name.to_owned())),
        ..action("", request_id, role, answers)
    }
}
