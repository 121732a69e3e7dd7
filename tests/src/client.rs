//! A help desk: the generated client, with the words of a test.

use heard_proto::v1;
use heard_proto::v1::case_service_client::CaseServiceClient;
use heard_proto::v1::cause_service_client::CauseServiceClient;
use heard_proto::v1::value::Kind;
use heard_proto::v1::workflow_service_client::WorkflowServiceClient;
use sha2::{Digest as _, Sha256};
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use uuid::Uuid;

/// The services of a server over one connection. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Client {
    /// Cases.
    pub case: CaseServiceClient<Channel>,
    /// Root causes.
    pub cause: CauseServiceClient<Channel>,
    /// Workflows.
    pub workflow: WorkflowServiceClient<Channel>,
}

/// Who acts: a name that stands for a person, and a role.
pub type Who<'a> = (&'a str, &'a str);

impl Client {
    /// Connects to a server.
    pub async fn connect(address: &str) -> anyhow::Result<Self> {
        let channel = Endpoint::from_shared(address.to_owned())?.connect().await?;
        let bytes_max = 4 * 1024 * 1024;
        Ok(Self {
            case: CaseServiceClient::new(channel.clone()).max_decoding_message_size(bytes_max),
            cause: CauseServiceClient::new(channel.clone()),
            workflow: WorkflowServiceClient::new(channel),
        })
    }

    /// Opens a case and returns it.
    pub async fn open(&mut self, workflow: &str, who: Who<'_>) -> Result<v1::Case, Status> {
        let request = v1::OpenCaseRequest {
            request_id: request_id(),
            actor: Some(actor(who)),
            workflow_id: workflow.to_owned(),
            ..Default::default()
        };
        Ok(self
            .case
            .open_case(request)
            .await?
            .into_inner()
            .case
            .unwrap_or_default())
    }

    /// Takes an action of a case and returns the case afterwards.
    pub async fn act(
        &mut self,
        case: &str,
        who: Who<'_>,
        action: &str,
        answers: &[(&str, Kind)],
    ) -> Result<v1::Case, Status> {
        self.advance(advance(
            case,
            who,
            v1::advance_case_request::Act::Action(action.into()),
            answers,
        ))
        .await
    }

    /// Does a task of a case and returns the case afterwards.
    pub async fn task(
        &mut self,
        case: &str,
        who: Who<'_>,
        task: &str,
        answers: &[(&str, Kind)],
    ) -> Result<v1::Case, Status> {
        self.advance(advance(
            case,
            who,
            v1::advance_case_request::Act::Task(task.into()),
            answers,
        ))
        .await
    }

    /// Advances a case and returns it afterwards.
    pub async fn advance(&mut self, request: v1::AdvanceCaseRequest) -> Result<v1::Case, Status> {
        Ok(self
            .case
            .advance_case(request)
            .await?
            .into_inner()
            .case
            .unwrap_or_default())
    }

    /// Records a root cause of `group/name`, with so many whys.
    pub async fn record_cause(
        &mut self,
        case: &str,
        who: Who<'_>,
        cause: (&str, &str),
        whys: &[&str],
    ) -> Result<(), Status> {
        let request = v1::RecordRootCauseRequest {
            request_id: request_id(),
            actor: Some(actor(who)),
            case_id: case.to_owned(),
            group: cause.0.to_owned(),
            name: cause.1.to_owned(),
            statement: whys.first().copied().unwrap_or_default().to_owned(),
            whys: whys
                .iter()
                .map(|why| v1::Why {
                    statement: (*why).to_owned(),
                    evidence: vec![v1::Evidence {
                        reference: "the log of the day".to_owned(),
                        sha256: None,
                    }],
                })
                .collect(),
            ..Default::default()
        };
        self.cause.record_root_cause(request).await.map(drop)
    }
}

/// Returns an advance with a new request id.
pub fn advance(
    case: &str,
    who: Who<'_>,
    act: v1::advance_case_request::Act,
    answers: &[(&str, Kind)],
) -> v1::AdvanceCaseRequest {
    v1::AdvanceCaseRequest {
        request_id: request_id(),
        actor: Some(actor(who)),
        case_id: case.to_owned(),
        act: Some(act),
        answers: answers
            .iter()
            .map(|(field, kind)| answer(field, kind.clone()))
            .collect(),
        ..Default::default()
    }
}

/// Returns the actor that a name and a role stand for.
pub fn actor((name, role): Who<'_>) -> v1::Actor {
    v1::Actor {
        person: person(name),
        role: role.to_owned(),
    }
}

/// Returns the UUID that a name stands for, always the same.
pub fn person(name: &str) -> String {
    let digest = Sha256::digest(name);
    let bytes: [u8; 16] = digest[..16].try_into().expect("sixteen bytes");
    Uuid::new_v8(bytes).to_string()
}

/// Returns an answer of a request.
pub fn answer(field: &str, kind: Kind) -> v1::Answer {
    v1::Answer {
        field: field.to_owned(),
        value: Some(v1::Value { kind: Some(kind) }),
    }
}

/// Returns a text value.
pub fn text(text: &str) -> Kind {
    Kind::Text(text.to_owned())
}

/// Returns a choice value.
pub fn choice(choice: &str) -> Kind {
    Kind::Choice(choice.to_owned())
}

/// Returns an amount of minor units.
pub fn money(minor_units: i64, currency: &str) -> Kind {
    Kind::Money(v1::Money {
        currency_code: currency.to_owned(),
        minor_units,
    })
}

/// Returns a request id that nobody used before.
pub fn request_id() -> String {
    Uuid::new_v4().to_string()
}
