//! Clients that advance cases as fast as they are answered.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use anyhow::Context as _;
use heard_proto::v1;
use heard_proto::v1::advance_case_request::Act;
use heard_proto::v1::case_service_client::CaseServiceClient;
use heard_proto::v1::value::Kind;
use heard_tests::client::{Client, Who, advance, choice, request_id, text};
use prost::Message as _;
use tonic::transport::{Channel, Endpoint};

/// Cases that are advanced, each one often: a hot set.
const CASES: usize = 4_096;
/// Connections that the clients share.
const CONNECTIONS: usize = 4;
const AGENT: Who<'_> = ("Ana", "agent");

/// Open cases, and the requests that advance them.
pub struct Load {
    address: String,
    cases: Vec<String>,
    next: AtomicUsize,
}

/// What came of a window.
pub struct Point {
    /// Requests answered.
    pub done: usize,
    seconds: f64,
    micros: Vec<u64>,
}

impl Load {
    /// Opens the cases.
    pub async fn prepare(address: &str) -> anyhow::Result<Self> {
        let mut cases = Vec::new();
        let clients = connect(address).await?;
        let mut tasks = tokio::task::JoinSet::new();
        for worker in 0..64 {
            let mut client = clients[worker % CONNECTIONS].clone();
            tasks.spawn(async move {
                let mut ids = Vec::new();
                for _ in 0..CASES / 64 {
                    let request = v1::OpenCaseRequest {
                        request_id: request_id(),
                        actor: Some(heard_tests::client::actor(AGENT)),
                        workflow_id: "bench".to_owned(),
                        ..Default::default()
                    };
                    let opened = client.open_case(request).await?.into_inner();
                    ids.push(opened.case.context("a case")?.case_id);
                }
                anyhow::Ok(ids)
            });
        }
        while let Some(ids) = tasks.join_next().await {
            cases.extend(ids??);
        }
        Ok(Self {
            address: address.to_owned(),
            cases,
            next: AtomicUsize::new(0),
        })
    }

    /// Returns the bytes of a true response, for the echo.
    pub async fn response(&self) -> anyhow::Result<Vec<u8>> {
        let mut client = Client::connect(&self.address).await?;
        let response = client.case.advance_case(self.request()).await?.into_inner();
        Ok(response.encode_to_vec())
    }

    /// Returns the size of a request.
    pub fn request_bytes(&self) -> usize {
        self.request().encoded_len()
    }

    fn request(&self) -> v1::AdvanceCaseRequest {
        let case = self.next.fetch_add(1, Ordering::Relaxed) % self.cases.len();
        let answers = [
            ("mood", choice("worried")),
            ("waited", Kind::Number(25)),
            ("answered", Kind::YesNo(true)),
            ("channel", text("telephone, third call")),
        ];
        advance(
            &self.cases[case],
            AGENT,
            Act::Action("told_more".into()),
            &answers,
        )
    }

    /// Lets clients ask for a while and returns what came of it.
    pub async fn run(
        self: &Arc<Self>,
        address: &str,
        clients: usize,
        window: Duration,
    ) -> anyhow::Result<Point> {
        let channels = connect(address).await?;
        let begun = Instant::now();
        let ends = begun + window;
        let mut tasks = tokio::task::JoinSet::new();
        for client in 0..clients {
            let (load, channel) = (Arc::clone(self), channels[client % CONNECTIONS].clone());
            tasks.spawn(async move { load.ask(channel, ends).await });
        }
        let mut micros = Vec::new();
        while let Some(asked) = tasks.join_next().await {
            micros.extend(asked??);
        }
        let seconds = begun.elapsed().as_secs_f64();
        micros.sort_unstable();
        Ok(Point {
            done: micros.len(),
            seconds,
            micros,
        })
    }

    async fn ask(
        &self,
        mut client: CaseServiceClient<Channel>,
        ends: Instant,
    ) -> anyhow::Result<Vec<u64>> {
        let mut micros = Vec::new();
        while Instant::now() < ends {
            let request = self.request();
            let begun = Instant::now();
            client.advance_case(request).await?;
            micros.push(u64::try_from(begun.elapsed().as_micros())?);
        }
        Ok(micros)
    }
}

async fn connect(address: &str) -> anyhow::Result<Vec<CaseServiceClient<Channel>>> {
    let mut clients = Vec::new();
    for _ in 0..CONNECTIONS {
        let channel = Endpoint::from_shared(address.to_owned())?.connect().await?;
        clients.push(CaseServiceClient::new(channel));
    }
    Ok(clients)
}

impl Point {
    /// Returns how many requests were answered in a second.
    pub fn rate(&self) -> f64 {
        self.done as f64 / self.seconds
    }

    /// Returns the time of answering, in microseconds, that so many in a hundred stayed within.
    pub fn percentile(&self, percent: usize) -> f64 {
        let place = (self.micros.len() * percent / 100).min(self.micros.len().saturating_sub(1));
        self.micros.get(place).copied().unwrap_or(0) as f64
    }
}
