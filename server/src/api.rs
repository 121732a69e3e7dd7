//! The wire: gRPC to the application and back.
//!
//! Invariant: only this module and those below it name tonic and the messages of `heard-proto`.
//! Invariant: no handler holds a lock over an await, and a handler that is dropped changes nothing.

mod call;
mod case;
mod cause;
mod clock;
mod connection;
mod convert;
mod learning;
mod metrics;
mod page;
mod report;
mod serve;
mod status;
mod workflow;

use std::future::Future;

use axum::response::IntoResponse as _;
use heard_proto::v1::case_service_server::CaseServiceServer;
use heard_proto::v1::cause_service_server::CauseServiceServer;
use heard_proto::v1::clock_service_server::ClockServiceServer;
use heard_proto::v1::learning_service_server::LearningServiceServer;
use heard_proto::v1::report_service_server::ReportServiceServer;
use heard_proto::v1::workflow_service_server::WorkflowServiceServer;
use http::{HeaderMap, StatusCode};
use tokio::net::TcpListener;
use tonic::Status;
use tonic::server::NamedService;
use tonic::service::Routes;
use tonic_health::ServingStatus;
use tonic_health::server::{HealthReporter, health_reporter};
use tonic_reflection::server::Builder as Reflection;

use crate::app::App;
use serve::{MESSAGE_IN_BYTES_MAX, MESSAGE_OUT_BYTES_MAX};

pub use serve::ServeError;

/// Every limit of the wire, each with its unit in its name.
pub mod limits {
    pub use super::call::{CALL_MS_MAX, LAST_BEGUN_MS};
    pub use super::case::{ENTRIES_PAGE_ROWS_MAX, REVEALED_BYTES_MAX};
    pub use super::cause::REVEALED_PAGE_ROWS_MAX;
    pub use super::connection::{CONNECTIONS_MAX, HELLO_MS_MAX};
    pub use super::convert::learning::{LIST_ROWS_MAX, PERIODS_NOW_MAX};
    pub use super::convert::request::{BATCH_CASES_MAX, BATCH_ID_CHARS_MAX};
    pub use super::page::PAGE_ROWS;
    pub use super::serve::{
        CONNECTION_AGE_MS_MAX, CONNECTION_GRACE_MS, HEADERS_BYTES_MAX, KEEPALIVE_ANSWER_MS_MAX,
        KEEPALIVE_MS, MESSAGE_IN_BYTES_MAX, MESSAGE_OUT_BYTES_MAX, STOP_MS_MAX,
        STREAMS_PER_CONNECTION_MAX,
    };
    pub use super::status::{DETAILS_BYTES_MAX, MESSAGE_BYTES_MAX, TEXT_BYTES_MAX, VIOLATIONS_MAX};
    pub use crate::store::PAGE_ROWS_MAX;
}

/// Room for the request around a workflow file of the largest size.
const AROUND_A_FILE_BYTES: usize = 4 * 1024;

/// The names of our services, as the health service knows them; the empty one is the whole server.
const SERVICES: [&str; 7] = [
    "",
    <CaseServiceServer<case::CaseApi> as NamedService>::NAME,
    <CauseServiceServer<cause::CauseApi> as NamedService>::NAME,
    <ClockServiceServer<clock::ClockApi> as NamedService>::NAME,
    <LearningServiceServer<learning::LearningApi> as NamedService>::NAME,
    <ReportServiceServer<report::ReportApi> as NamedService>::NAME,
    <WorkflowServiceServer<workflow::WorkflowApi> as NamedService>::NAME,
];

/// Serves the application on a loopback address, gRPC and `/metrics`, until `shutdown` is done;
/// then stops it in at most [`STOP_MS_MAX`](limits::STOP_MS_MAX).
///
/// # Errors
///
/// [`ServeError`]; of these [`ServeError::Failed`] came while serving: nobody was answered any
/// more.
pub async fn serve(
    listener: TcpListener,
    app: App,
    shutdown: impl Future<Output = ()>,
) -> Result<(), ServeError> {
    let (health, routes) = routes(&app).await?;
    let run = serve::run(
        listener,
        routes,
        shutdown,
        async {
            // First: calls under way may wait for what the timekeeper does.
            app.stop_keeping_time();
            set(&health, ServingStatus::NotServing).await;
        },
        app.stop(),
    );
    tokio::select! {
        biased;
        failure = app.failed() => Err(ServeError::Failed(failure)),
        ended = run => ended,
    }
}

async fn routes(app: &App) -> Result<(HealthReporter, Routes), ServeError> {
    let (health, health_service) = health_reporter();
    set(&health, ServingStatus::Serving).await;
    let reflection = || {
        Reflection::configure()
            .register_encoded_file_descriptor_set(heard_proto::FILE_DESCRIPTOR_SET)
            .register_encoded_file_descriptor_set(tonic_health::pb::FILE_DESCRIPTOR_SET)
    };
    let files_max = MESSAGE_IN_BYTES_MAX + AROUND_A_FILE_BYTES;
    let routes = Routes::new(health_service)
        .add_service(reflection().build_v1().map_err(ServeError::Descriptors)?)
        .add_service(
            reflection()
                .build_v1alpha()
                .map_err(ServeError::Descriptors)?,
        )
        .add_service(
            CaseServiceServer::new(case::CaseApi::new(app.clone()))
                .max_decoding_message_size(MESSAGE_IN_BYTES_MAX)
                .max_encoding_message_size(MESSAGE_OUT_BYTES_MAX),
        )
        .add_service(
            CauseServiceServer::new(cause::CauseApi::new(app.clone()))
                .max_decoding_message_size(MESSAGE_IN_BYTES_MAX)
                .max_encoding_message_size(MESSAGE_OUT_BYTES_MAX),
        )
        .add_service(
            ClockServiceServer::new(clock::ClockApi::new(app.clone()))
                .max_decoding_message_size(MESSAGE_IN_BYTES_MAX)
                .max_encoding_message_size(MESSAGE_OUT_BYTES_MAX),
        )
        .add_service(
            LearningServiceServer::new(learning::LearningApi::new(app.clone()))
                .max_decoding_message_size(MESSAGE_IN_BYTES_MAX)
                .max_encoding_message_size(MESSAGE_OUT_BYTES_MAX),
        )
        .add_service(
            ReportServiceServer::new(report::ReportApi::new(app.clone()))
                .max_decoding_message_size(MESSAGE_IN_BYTES_MAX)
                .max_encoding_message_size(MESSAGE_OUT_BYTES_MAX),
        )
        .add_service(
            WorkflowServiceServer::new(workflow::WorkflowApi::new(app.clone()))
                .max_decoding_message_size(files_max)
                .max_encoding_message_size(MESSAGE_OUT_BYTES_MAX),
        );
    // tonic's own fallback answers every unknown path like an unknown method.
    let all = metrics::route(routes.into_axum_router(), app.clone()).fallback(unknown);
    Ok((health, Routes::from(all).prepare()))
}

async fn set(health: &HealthReporter, status: ServingStatus) {
    for service in SERVICES {
        health.set_service_status(service, status).await;
    }
}

async fn unknown(headers: HeaderMap) -> axum::response::Response {
    if call::is_grpc(&headers) {
        let status = Status::unimplemented("there is no such service");
        return status
            .into_http::<tonic::body::Body>()
            .map(axum::body::Body::new);
    }
    let text = "Nothing is served here. This is a gRPC server; its metrics are at /metrics.\n";
    (StatusCode::NOT_FOUND, text).into_response()
}
