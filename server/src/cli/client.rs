//! The way to a server, for the commands that ask one.

use std::time::Duration;

use clap::Args;
use heard_engine::id::PersonId;
use heard_proto::v1::case_service_client::CaseServiceClient;
use heard_proto::v1::cause_service_client::CauseServiceClient;
use heard_proto::v1::clock_service_client::ClockServiceClient;
use heard_proto::v1::learning_service_client::LearningServiceClient;
use heard_proto::v1::report_service_client::ReportServiceClient;
use heard_proto::v1::workflow_service_client::WorkflowServiceClient;
use heard_proto::v1::{Actor, Case, GetCaseRequest, GetCaseResponse};
use tonic::Status;
use tonic::transport::{Channel, Endpoint};
use uuid::Uuid;

use super::answer::Answer;
use super::failure::{Failure, chain};
use crate::app::random_request_id;

/// How long it may take to reach a server.
const CONNECT_MS_MAX: u64 = 5_000;
/// How long an answer may take: more than the server takes at most, so that it says why.
const ANSWER_MS_MAX: u64 = 15_000;
/// The largest answer taken in: what a server sends at most, with room around it.
const MESSAGE_BYTES_MAX: usize = 5 * 1024 * 1024;

/// Where the server is.
#[derive(Debug, Clone, Args)]
pub(super) struct Where {
    /// The address of the server.
    #[arg(
        long,
        global = true,
        env = "HEARD_SERVER",
        default_value = "http://127.0.0.1:43273",
        value_name = "URL"
    )]
    pub(super) server: String,
}

/// Who acts, and how the request is to be treated.
#[derive(Debug, Clone, Args)]
pub(super) struct Acting {
    /// The role in which you act: one of the workflow's, or customer.
    #[arg(long = "as", value_name = "ROLE")]
    pub(super) role: String,
    /// Who you are: a random UUID that stands for you, never a name.
    #[arg(long, env = "HEARD_PERSON", value_name = "UUID")]
    pub(super) person: Option<String>,
    /// What to name this request by; a repeat with the same id is done once. Random by default.
    #[arg(long, value_name = "ID")]
    pub(super) request_id: Option<String>,
    /// Only say what would come of it; nothing is written.
    #[arg(long)]
    pub(super) dry_run: bool,
}

impl Acting {
    /// Returns who acts.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] when the person is not said, or is no UUID.
    pub(super) fn actor(&self) -> Result<Actor, Failure> {
        let Some(person) = &self.person else {
            return Err(Failure::Usage(format!(
                "say who acts, with --person or once with HEARD_PERSON. A person is a random UUID, \
                 never a name, since it stays in the history for good. Here is a new one:\n  \
                 export HEARD_PERSON={}",
                Uuid::new_v4()
            )));
        };
        let person = PersonId::parse(person)
            .map_err(|error| Failure::Usage(format!("--person is not one: {error}")))?;
        Ok(Actor {
            person: person.to_string(),
            role: self.role.clone(),
        })
    }

    /// Returns the id of the request, a new one where none was given.
    pub(super) fn request_id(&self) -> String {
        let random = || random_request_id().to_string();
        self.request_id.clone().unwrap_or_else(random)
    }
}

/// A server that was reached.
#[derive(Debug, Clone)]
pub(super) struct Server {
    address: String,
    channel: Channel,
}

impl Server {
    /// Reaches a server.
    ///
    /// # Errors
    ///
    /// [`Failure::Usage`] for no address, [`Failure::OutOfReach`] when nobody answers there.
    pub(super) async fn connect(address: &str) -> Result<Self, Failure> {
        let url = if address.contains("://") {
            address.to_owned()
        } else {
            format!("http://{address}")
        };
        let endpoint = Endpoint::from_shared(url.clone()).map_err(|error| {
            Failure::Usage(format!(
                "--server is no address such as http://127.0.0.1:43273: {}",
                chain(&error)
            ))
        })?;
        let endpoint = endpoint
            .connect_timeout(Duration::from_millis(CONNECT_MS_MAX))
            .timeout(Duration::from_millis(ANSWER_MS_MAX));
        match endpoint.connect().await {
            Ok(channel) => Ok(Self {
                address: url,
                channel,
            }),
            Err(error) => Err(Failure::OutOfReach(format!(
                "no server answers at {url}: {}. Start one with `heard serve`, or say where it is \
                 with --server or HEARD_SERVER",
                chain(&error)
            ))),
        }
    }

    /// Returns a client of cases.
    pub(super) fn cases(&self) -> CaseServiceClient<Channel> {
        CaseServiceClient::new(self.channel.clone()).max_decoding_message_size(MESSAGE_BYTES_MAX)
    }

    /// Returns a client of root causes.
    pub(super) fn causes(&self) -> CauseServiceClient<Channel> {
        CauseServiceClient::new(self.channel.clone()).max_decoding_message_size(MESSAGE_BYTES_MAX)
    }

    /// Returns a client of the clock.
    pub(super) fn clock(&self) -> ClockServiceClient<Channel> {
        ClockServiceClient::new(self.channel.clone())
    }

    /// Returns a client of what closed cases taught.
    pub(super) fn learning(&self) -> LearningServiceClient<Channel> {
        LearningServiceClient::new(self.channel.clone())
            .max_decoding_message_size(MESSAGE_BYTES_MAX)
    }

    /// Returns a client of reports.
    pub(super) fn reports(&self) -> ReportServiceClient<Channel> {
        ReportServiceClient::new(self.channel.clone()).max_decoding_message_size(MESSAGE_BYTES_MAX)
    }

    /// Returns a client of workflows.
    pub(super) fn workflows(&self) -> WorkflowServiceClient<Channel> {
        WorkflowServiceClient::new(self.channel.clone())
            .max_decoding_message_size(MESSAGE_BYTES_MAX)
    }

    /// Returns what to tell of a status that is not OK.
    ///
    /// `request_id` is that of a request that may have been done all the same.
    pub(super) fn no(&self, status: &Status, request_id: Option<&str>) -> Failure {
        let answer = Answer::new(status, request_id);
        if answer.code.is_none() && status.code() == tonic::Code::Unimplemented {
            return Failure::OutOfReach(format!(
                "what answers at {} is no heard server of this version",
                self.address
            ));
        }
        Failure::Answer(Box::new(answer))
    }

    /// Reads a case.
    ///
    /// # Errors
    ///
    /// What the server says.
    pub(super) async fn case(&self, id: &str, reveal: bool) -> Result<GetCaseResponse, Failure> {
        let request = GetCaseRequest {
            case_id: id.to_owned(),
            reveal_sealed: reveal,
        };
        let answer = self.cases().get_case(request).await;
        answer
            .map(tonic::Response::into_inner)
            .map_err(|status| self.no(&status, None))
    }
}

/// Takes the case out of an answer, where it always is.
///
/// # Errors
///
/// [`Failure::Bug`] when the server left it out.
pub(super) fn present(case: Option<Case>) -> Result<Case, Failure> {
    case.ok_or_else(|| Failure::Bug("the answer of the server has no case".to_owned()))
}
