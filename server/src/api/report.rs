//! `ReportService`: reads the request, asks the application, writes the answer.

use heard_engine::case::seal::BadRequest;
use heard_engine::code::Code;
use heard_proto::v1;
use heard_proto::v1::report_service_server::ReportService;
use prost::Message as _;
use tonic::{Request, Response, Status};

use super::convert::report;
use super::serve::MESSAGE_OUT_BYTES_MAX;
use super::status::{self, bad_request};
use crate::app::App;

/// The service, over the application.
#[derive(Clone)]
pub(super) struct ReportApi {
    app: App,
}

impl ReportApi {
    /// Serves the application.
    pub(super) const fn new(app: App) -> Self {
        Self { app }
    }
}

#[tonic::async_trait]
impl ReportService for ReportApi {
    async fn get_kpi(
        &self,
        message: Request<v1::GetKpiRequest>,
    ) -> Result<Response<v1::GetKpiResponse>, Status> {
        let asked = report::asked(&message.into_inner()).map_err(bad_request)?;
        let made = self.app.report(&asked).await.map_err(status::of)?;
        let answer = report::kpi(&made);
        if answer.encoded_len() > MESSAGE_OUT_BYTES_MAX {
            let text = "the report would be too long; ask for longer periods or for one workflow";
            let bad = BadRequest::one(Code::HB001, "period", text);
            return Err(bad_request(bad));
        }
        Ok(Response::new(answer))
    }
}
