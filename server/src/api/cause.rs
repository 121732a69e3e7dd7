//! `CauseService`: reads the request, asks the application, writes the answer.

use heard_proto::v1;
use heard_proto::v1::cause_service_server::CauseService;
use prost::Message as _;
use tonic::{Request, Response, Status};

use super::call;
use super::convert::{case, request, sealed};
use super::page::{self, List};
use super::status::{self, bad_request};
use crate::app::App;

/// The most causes of one page that shows their words: each came in one message of 256 KiB at most.
pub const REVEALED_PAGE_ROWS_MAX: usize = 12;

/// The service, over the application.
#[derive(Clone)]
pub(super) struct CauseApi {
    app: App,
}

impl CauseApi {
    /// Serves the application.
    pub(super) const fn new(app: App) -> Self {
        Self { app }
    }
}

#[tonic::async_trait]
impl CauseService for CauseApi {
    async fn record_root_cause(
        &self,
        message: Request<v1::RecordRootCauseRequest>,
    ) -> Result<Response<v1::RecordRootCauseResponse>, Status> {
        let deadline = call::deadline(&message);
        let (case, request, act) =
            request::record_cause(message.into_inner(), deadline).map_err(bad_request)?;
        let accepted = self.app.act(case, request, act).await.map_err(status::of)?;
        // The case stands as it did right after this entry, so its cause is the last one.
        let number = accepted
            .view
            .case
            .causes()
            .last()
            .map_or(0, |cause| cause.number);
        let (receipt, case) = case::accepted(&accepted);
        Ok(Response::new(v1::RecordRootCauseResponse {
            receipt,
            case,
            number,
        }))
    }

    async fn list_root_causes(
        &self,
        message: Request<v1::ListRootCausesRequest>,
    ) -> Result<Response<v1::ListRootCausesResponse>, Status> {
        let mut message = message.into_inner();
        let filter = request::cause_filter(&message).map_err(bad_request)?;
        let mut rows = page::rows(message.page_size).map_err(bad_request)?;
        let reveals = std::mem::take(&mut message.reveal_sealed);
        if reveals {
            rows = rows.min(REVEALED_PAGE_ROWS_MAX);
        }
        let token = std::mem::take(&mut message.page_token);
        message.page_size = 0;
        let list = List::new("ListRootCauses", &message.encode_to_vec());
        let after = list.cursor(&token).map_err(bad_request)?;
        let page = self
            .app
            .causes(&filter, after, rows)
            .await
            .map_err(status::of)?;
        let mut causes = Vec::with_capacity(page.rows.len());
        for row in &page.rows {
            let words = if reveals {
                let words = self.app.reveal(row.case, Some(row.revision)).await;
                Some(words.map_err(status::of)?)
            } else {
                None
            };
            causes.push(sealed::cause(row, words.as_deref()).map_err(status::of)?);
        }
        Ok(Response::new(v1::ListRootCausesResponse {
            causes,
            next_page_token: page.next.map(|next| list.token(next)).unwrap_or_default(),
        }))
    }
}
