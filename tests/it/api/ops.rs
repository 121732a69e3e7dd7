//! What operators and tools ask of the server.

use anyhow::{Context as _, ensure};
use heard_server::api::{self, ServeError};
use heard_server::app::App;
use heard_server::store::memory::Memory;
use heard_tests::server::TestServer;
use heard_tests::{Trial, async_trial};
use std::sync::Arc;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_stream::{StreamExt as _, once};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_check_response::ServingStatus;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::{v1, v1alpha};

use super::desk::{self, Kind, StillClock, channel, desk, identity};

pub fn trials() -> Vec<Trial> {
    vec![
        async_trial(
            "api::an_address_of_another_machine_is_refused",
            another_machine,
        ),
        async_trial("api::a_watch_of_health_does_not_hold_up_stopping", stopping),
        async_trial(
            "api::a_repeat_after_a_restart_gets_the_same_answer",
            restarted,
        ),
    ]
}

fn check(service: &str) -> HealthCheckRequest {
    HealthCheckRequest {
        service: service.to_owned(),
    }
}

pub async fn health_tells_of_every_service(server: TestServer) -> anyhow::Result<()> {
    let mut health = HealthClient::new(channel(&server).await?);
    for service in [
        "",
        "heard.v1.CaseService",
        "heard.v1.CauseService",
        "heard.v1.ClockService",
        "heard.v1.LearningService",
        "heard.v1.ReportService",
        "heard.v1.WorkflowService",
    ] {
        let answer = health.check(check(service)).await?.into_inner();
        ensure!(answer.status() == ServingStatus::Serving, "{service}");
    }
    let unknown = health
        .check(check("nobody"))
        .await
        .err()
        .context("it is not known")?;
    ensure!(unknown.code() == tonic::Code::NotFound);
    Ok(())
}

async fn stopping() -> anyhow::Result<()> {
    let server = desk::start(Kind::Memory).await?;
    let mut health = HealthClient::new(channel(&server).await?);
    let mut watch = health.watch(check("")).await?.into_inner();
    let first = watch.next().await.context("a first status")??;
    ensure!(first.status() == ServingStatus::Serving);
    let stopped = tokio::spawn(server.stop());
    let second = watch.next().await.context("a second status")??;
    ensure!(second.status() == ServingStatus::NotServing);
    stopped.await?
}

async fn restarted() -> anyhow::Result<()> {
    let server = desk::start(Kind::Sqlite).await?;
    let first = desk(&server).await?.open("kept").await?;
    let folder = Arc::clone(&server.folder);
    server.stop().await?;
    let server = desk::start_in(Kind::Sqlite, folder).await?;
    ensure!(desk(&server).await?.open("kept").await? == first);
    server.stop().await
}

async fn another_machine() -> anyhow::Result<()> {
    let app = App::start(Arc::new(Memory::new(identity())), Arc::new(StillClock));
    let listener = TcpListener::bind("0.0.0.0:0").await?;
    let ended = api::serve(listener, app, std::future::pending()).await;
    ensure!(
        matches!(ended, Err(ServeError::NotLoopback { .. })),
        "{ended:?}"
    );
    Ok(())
}

pub async fn reflection_lists_every_service(server: TestServer) -> anyhow::Result<()> {
    const SERVICES: [&str; 7] = [
        "grpc.health.v1.Health",
        "heard.v1.CaseService",
        "heard.v1.CauseService",
        "heard.v1.ClockService",
        "heard.v1.LearningService",
        "heard.v1.ReportService",
        "heard.v1.WorkflowService",
    ];
    let wire = channel(&server).await?;
    let mut client = v1::server_reflection_client::ServerReflectionClient::new(wire.clone());
    let ask = v1::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(v1::server_reflection_request::MessageRequest::ListServices(
            String::new(),
        )),
    };
    let mut answers = client.server_reflection_info(once(ask)).await?.into_inner();
    let answer = answers.next().await.context("an answer")??;
    let Some(v1::server_reflection_response::MessageResponse::ListServicesResponse(list)) =
        answer.message_response
    else {
        anyhow::bail!("{answer:?}");
    };
    let names: Vec<&str> = list
        .service
        .iter()
        .map(|service| service.name.as_str())
        .collect();
    ensure!(
        SERVICES.iter().all(|service| names.contains(service)),
        "{names:?}"
    );

    let mut client = v1alpha::server_reflection_client::ServerReflectionClient::new(wire);
    let ask = v1alpha::ServerReflectionRequest {
        host: String::new(),
        message_request: Some(
            v1alpha::server_reflection_request::MessageRequest::FileContainingSymbol(
                "heard.v1.CaseService".to_owned(),
            ),
        ),
    };
    let mut answers = client.server_reflection_info(once(ask)).await?.into_inner();
    let answer = answers.next().await.context("an answer")??;
    ensure!(matches!(
        answer.message_response,
        Some(v1alpha::server_reflection_response::MessageResponse::FileDescriptorResponse(_))
    ));
    Ok(())
}

async fn http(server: &TestServer, request: &str) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(server.address.trim_start_matches("http://")).await?;
    let request = format!("{request}\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await?;
    Ok(answer)
}

pub async fn metrics_are_on_the_same_port(server: TestServer) -> anyhow::Result<()> {
    desk(&server).await?.open("counted").await?;
    let page = http(&server, "GET /metrics HTTP/1.1").await?;
    ensure!(page.starts_with("HTTP/1.1 200 OK"), "{page}");
    ensure!(
        page.contains("application/openmetrics-text") && page.contains("# EOF"),
        "{page}"
    );
    for metric in [
        "heard_committer_queue_depth",
        "heard_committer_batch_commands",
        "heard_store_position 2",
    ] {
        ensure!(page.contains(metric), "{metric}: {page}");
    }
    let page = http(&server, "GET /nothing HTTP/1.1").await?;
    ensure!(page.starts_with("HTTP/1.1 404"), "{page}");
    Ok(())
}

pub async fn grpc_over_http_1_is_refused(server: TestServer) -> anyhow::Result<()> {
    let request = "POST /heard.v1.CaseService/ListCases HTTP/1.1\r\n\
                   Content-Type: application/grpc\r\nContent-Length: 0";
    let page = http(&server, request).await?;
    ensure!(page.starts_with("HTTP/1.1 505"), "{page}");
    Ok(())
}
