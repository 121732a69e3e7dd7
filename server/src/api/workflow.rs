//! `WorkflowService`: reads the request, asks the application, writes the answer.

use heard_engine::code::Code;
use heard_engine::id::Version;
use heard_proto::v1;
use heard_proto::v1::workflow_service_server::WorkflowService;
use tonic::{Request, Response, Status};

use super::call;
use super::convert::{case, request, workflow};
use super::page::{self, List};
use super::status::{self, Details, bad_request};
use crate::app::App;

/// The service, over the application.
#[derive(Clone)]
pub(super) struct WorkflowApi {
    app: App,
}

impl WorkflowApi {
    /// Serves the application.
    pub(super) const fn new(app: App) -> Self {
        Self { app }
    }
}

#[tonic::async_trait]
impl WorkflowService for WorkflowApi {
    async fn check_workflow(
        &self,
        message: Request<v1::CheckWorkflowRequest>,
    ) -> Result<Response<v1::CheckWorkflowResponse>, Status> {
        let yaml = message.into_inner().yaml;
        let app = self.app.clone();
        // Checking is work for the processor alone; elsewhere it would hold up other calls.
        let report = tokio::task::spawn_blocking(move || app.check(&yaml)).await;
        let report = report.map_err(|error| {
            tracing::error!(%error, "checking a workflow failed");
            Details::new(
                Code::HX002,
                "the file could not be checked; the log tells more",
            )
            .status()
        })?;
        Ok(Response::new(v1::CheckWorkflowResponse {
            findings: report.findings.iter().map(workflow::finding).collect(),
            workflow: report
                .workflow
                .map(|found| workflow::reference(found.reference())),
        }))
    }

    async fn publish_workflow(
        &self,
        message: Request<v1::PublishWorkflowRequest>,
    ) -> Result<Response<v1::PublishWorkflowResponse>, Status> {
        let deadline = call::deadline(&message);
        let (request, yaml) =
            request::publish(message.into_inner(), deadline).map_err(bad_request)?;
        let published = self.app.publish(request, yaml).await.map_err(status::of)?;
        Ok(Response::new(v1::PublishWorkflowResponse {
            receipt: case::receipt(None, &published.receipt),
            workflow: Some(workflow::reference(published.workflow.reference())),
            findings: published
                .report
                .findings
                .iter()
                .map(workflow::finding)
                .collect(),
        }))
    }

    async fn get_workflow(
        &self,
        message: Request<v1::GetWorkflowRequest>,
    ) -> Result<Response<v1::GetWorkflowResponse>, Status> {
        let message = message.into_inner();
        let id = request::workflow_id(&message.workflow_id).map_err(bad_request)?;
        let version = message.version.map(Version);
        let (row, compiled) = self.app.workflow(&id, version).await.map_err(status::of)?;
        let workflow = Some(workflow::workflow(row, &compiled));
        Ok(Response::new(v1::GetWorkflowResponse { workflow }))
    }

    async fn list_workflows(
        &self,
        message: Request<v1::ListWorkflowsRequest>,
    ) -> Result<Response<v1::ListWorkflowsResponse>, Status> {
        let message = message.into_inner();
        let rows = page::rows(message.page_size).map_err(bad_request)?;
        let list = List::new("ListWorkflows", &[]);
        let after = list.cursor(&message.page_token).map_err(bad_request)?;
        let page = self.app.workflows(after, rows).await.map_err(status::of)?;
        Ok(Response::new(v1::ListWorkflowsResponse {
            workflows: page.rows.iter().map(workflow::summary).collect(),
            next_page_token: page.next.map(|next| list.token(next)).unwrap_or_default(),
        }))
    }
}
