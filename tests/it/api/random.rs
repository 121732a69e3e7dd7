//! Bytes that are no message, or nearly one.

use anyhow::ensure;
use heard_proto::v1;
use heard_tests::server::TestServer;
use prost::Message as _;
use prost::bytes::{Buf as _, BufMut as _};
use tonic::codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder};
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use super::code;
use super::desk::{action, channel, desk, text};

/// Sends bytes as they are.
#[derive(Debug, Clone, Copy, Default)]
struct Bytes;

impl Encoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;
    fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
        to.put_slice(&item);
        Ok(())
    }
}

impl Decoder for Bytes {
    type Item = Vec<u8>;
    type Error = Status;
    fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
        let mut bytes = vec![0; from.remaining()];
        from.copy_to_slice(&mut bytes);
        Ok(Some(bytes))
    }
}

impl Codec for Bytes {
    type Encode = Vec<u8>;
    type Decode = Vec<u8>;
    type Encoder = Self;
    type Decoder = Self;
    fn encoder(&mut self) -> Self {
        *self
    }
    fn decoder(&mut self) -> Self {
        *self
    }
}

async fn send(channel: &Channel, path: &'static str, bytes: Vec<u8>) -> Result<Vec<u8>, Status> {
    let mut client = tonic::client::Grpc::new(channel.clone());
    client
        .ready()
        .await
        .map_err(|error| Status::unknown(error.to_string()))?;
    let path = http::uri::PathAndQuery::from_static(path);
    let answer = client.unary(Request::new(bytes), path, Bytes).await?;
    Ok(answer.into_inner())
}

pub async fn random_bytes_are_refused_and_the_server_goes_on(
    server: TestServer,
) -> anyhow::Result<()> {
    const PATHS: [&str; 22] = [
        "/heard.v1.CaseService/OpenCase",
        "/heard.v1.CaseService/BatchOpenCases",
        "/heard.v1.CaseService/AdvanceCase",
        "/heard.v1.CaseService/CorrectAnswer",
        "/heard.v1.CaseService/AddNote",
        "/heard.v1.CaseService/ReopenCase",
        "/heard.v1.CaseService/ImportCase",
        "/heard.v1.CaseService/MergeCases",
        "/heard.v1.CaseService/GetCase",
        "/heard.v1.CaseService/ListCases",
        "/heard.v1.CaseService/ListEntries",
        "/heard.v1.CauseService/RecordRootCause",
        "/heard.v1.CauseService/ReviewRootCause",
        "/heard.v1.CauseService/CompleteCauseAction",
        "/heard.v1.CauseService/CheckCauseEffect",
        "/heard.v1.CauseService/ConfirmIssue",
        "/heard.v1.CauseService/LinkCause",
        "/heard.v1.CauseService/GetRootCause",
        "/heard.v1.CauseService/ListRootCauses",
        "/heard.v1.WorkflowService/CheckWorkflow",
        "/heard.v1.WorkflowService/PublishWorkflow",
        "/heard.v1.WorkflowService/GetWorkflow",
    ];
    let mut desk = desk(&server).await?;
    let case = desk.open("random").await?;
    let good = v1::AdvanceCaseRequest {
        case_id: case.case_id.clone(),
        ..action(
            "understood",
            "random/1",
            "agent",
            vec![text("story", "A story")],
        )
    };
    let good = good.encode_to_vec();
    let wire = channel(&server).await?;
    // A linear congruential generator: the same bytes in every run.
    let mut seed: u64 = 4_711;
    let mut next = move || {
        seed = seed
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize
    };
    for round in 0..420 {
        let path = PATHS[round % PATHS.len()];
        let bytes: Vec<u8> = if round % 2 == 0 {
            (0..next() % 200).map(|_| (next() % 256) as u8).collect()
        } else {
            let mut bytes = good.clone();
            let place = next() % bytes.len();
            bytes[place] = (next() % 256) as u8;
            bytes.truncate(1 + next() % good.len());
            bytes
        };
        let Err(status) = send(&wire, path, bytes).await else {
            continue;
        };
        let refused = [
            Code::InvalidArgument,
            Code::NotFound,
            Code::FailedPrecondition,
            Code::PermissionDenied,
            Code::Aborted,
        ];
        ensure!(
            refused.contains(&status.code()),
            "{path}, round {round}: {status:?}"
        );
        ensure!(
            !code(&status).is_empty(),
            "{path}, round {round}: {status:?}"
        );
    }
    let request = v1::GetCaseRequest {
        case_id: case.case_id,
        reveal_sealed: false,
    };
    desk.cases.get_case(request).await?;
    Ok(())
}
