//! `LearningService`: reads the request, asks the application, writes the answer.

use heard_engine::case::seal::BadRequest;
use heard_engine::code::Code;
use heard_proto::v1;
use heard_proto::v1::learning_service_server::LearningService;
use tonic::{Request, Response, Status};

use super::convert::learning;
use super::serve::MESSAGE_OUT_BYTES_MAX;
use super::status::{self, bad_request};
use crate::app::App;

/// The service, over the application.
#[derive(Clone)]
pub(super) struct LearningApi {
    app: App,
}

impl LearningApi {
    /// Serves the application.
    pub(super) const fn new(app: App) -> Self {
        Self { app }
    }
}

#[tonic::async_trait]
impl LearningService for LearningApi {
    async fn get_pareto(
        &self,
        message: Request<v1::GetParetoRequest>,
    ) -> Result<Response<v1::GetParetoResponse>, Status> {
        let (closed, asked) = learning::pareto(&message.into_inner()).map_err(bad_request)?;
        let lessons = self.app.lessons(&closed).await.map_err(status::of)?;
        small(learning::pareto_answer(&lessons, &asked))
    }

    async fn get_trends(
        &self,
        message: Request<v1::GetTrendsRequest>,
    ) -> Result<Response<v1::GetTrendsResponse>, Status> {
        let (closed, asked) = learning::trends(&message.into_inner()).map_err(bad_request)?;
        let lessons = self.app.lessons(&closed).await.map_err(status::of)?;
        small(learning::trends_answer(&lessons, asked))
    }

    async fn get_lessons(
        &self,
        message: Request<v1::GetLessonsRequest>,
    ) -> Result<Response<v1::GetLessonsResponse>, Status> {
        let (closed, asked) = learning::lessons(&message.into_inner()).map_err(bad_request)?;
        let lessons = self.app.lessons(&closed).await.map_err(status::of)?;
        small(learning::lessons_answer(&lessons, asked))
    }

    async fn get_issues(
        &self,
        message: Request<v1::GetIssuesRequest>,
    ) -> Result<Response<v1::GetIssuesResponse>, Status> {
        let workflow = learning::issues(&message.into_inner()).map_err(bad_request)?;
        let as_of = self.app.now();
        let issues = self.app.issues(workflow.as_ref()).await;
        let issues = issues.map_err(status::of)?;
        small(learning::issues_answer(as_of, &issues))
    }
}

/// Returns an answer unless it is too large to be sent.
fn small<M: prost::Message>(answer: M) -> Result<Response<M>, Status> {
    if answer.encoded_len() > MESSAGE_OUT_BYTES_MAX {
        let text = "the report would be too long; ask for one workflow, or for fewer days";
        let bad = BadRequest::one(Code::HB001, "workflow_id", text);
        return Err(bad_request(bad));
    }
    Ok(Response::new(answer))
}
