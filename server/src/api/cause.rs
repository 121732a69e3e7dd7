//! `CauseService`: reads the request, asks the application, writes the answer.

use heard_proto::v1;
use heard_proto::v1::cause_service_server::CauseService;
use prost::Message as _;
use tonic::{Request, Response, Status};

use super::call;
use super::convert::cause::{self, Shown};
use super::convert::{case, request};
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

/// What came of a change: the receipt, the case and the root cause.
type Acted = (
    Option<v1::Receipt>,
    Option<v1::Case>,
    Option<v1::RootCauseSummary>,
);

impl CauseApi {
    /// Serves the application.
    pub(super) const fn new(app: App) -> Self {
        Self { app }
    }

    /// Does what is asked of a root cause; without its number it is the one last recorded.
    async fn act(&self, asked: request::ToCase, number: Option<u32>) -> Result<Acted, Status> {
        let (case, request, act) = asked;
        let accepted = self.app.act(case, request, act).await.map_err(status::of)?;
        let view = &accepted.view;
        // The case stands as it did right after this entry.
        let recorded = view.case.causes().iter();
        let recorded = recorded.max_by_key(|cause| (cause.revision, cause.number));
        let number = number.or(recorded.map(|cause| cause.number));
        let row = number.and_then(|number| view.cause_row(number));
        let cause = row.map(|row| cause::summary(&row, None)).transpose();
        let (receipt, case) = case::accepted(&accepted);
        Ok((receipt, case, cause.map_err(status::of)?))
    }
}

#[tonic::async_trait]
impl CauseService for CauseApi {
    async fn record_root_cause(
        &self,
        message: Request<v1::RecordRootCauseRequest>,
    ) -> Result<Response<v1::RecordRootCauseResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::record_cause(message.into_inner(), deadline);
        let (receipt, case, cause) = self.act(asked.map_err(bad_request)?, None).await?;
        Ok(Response::new(v1::RecordRootCauseResponse {
            receipt,
            case,
            number: cause.as_ref().map_or(0, |cause| cause.number),
            cause,
        }))
    }

    async fn review_root_cause(
        &self,
        message: Request<v1::ReviewRootCauseRequest>,
    ) -> Result<Response<v1::ReviewRootCauseResponse>, Status> {
        let deadline = call::deadline(&message);
        let message = message.into_inner();
        let number = message.number;
        let asked = request::review_cause(message, deadline).map_err(bad_request)?;
        let (receipt, case, cause) = self.act(asked, Some(number)).await?;
        Ok(Response::new(v1::ReviewRootCauseResponse {
            receipt,
            case,
            cause,
        }))
    }

    async fn complete_cause_action(
        &self,
        message: Request<v1::CompleteCauseActionRequest>,
    ) -> Result<Response<v1::CompleteCauseActionResponse>, Status> {
        let deadline = call::deadline(&message);
        let message = message.into_inner();
        let number = message.number;
        let asked = request::complete_action(message, deadline).map_err(bad_request)?;
        let (receipt, case, cause) = self.act(asked, Some(number)).await?;
        Ok(Response::new(v1::CompleteCauseActionResponse {
            receipt,
            case,
            cause,
        }))
    }

    async fn check_cause_effect(
        &self,
        message: Request<v1::CheckCauseEffectRequest>,
    ) -> Result<Response<v1::CheckCauseEffectResponse>, Status> {
        let deadline = call::deadline(&message);
        let message = message.into_inner();
        let number = message.number;
        let asked = request::check_effect(message, deadline).map_err(bad_request)?;
        let (receipt, case, cause) = self.act(asked, Some(number)).await?;
        Ok(Response::new(v1::CheckCauseEffectResponse {
            receipt,
            case,
            cause,
        }))
    }

    async fn confirm_issue(
        &self,
        message: Request<v1::ConfirmIssueRequest>,
    ) -> Result<Response<v1::ConfirmIssueResponse>, Status> {
        let deadline = call::deadline(&message);
        let message = message.into_inner();
        let number = message.number;
        let asked = request::confirm_issue(message, deadline).map_err(bad_request)?;
        let (receipt, case, cause) = self.act(asked, Some(number)).await?;
        Ok(Response::new(v1::ConfirmIssueResponse {
            receipt,
            case,
            cause,
        }))
    }

    async fn link_cause(
        &self,
        message: Request<v1::LinkCauseRequest>,
    ) -> Result<Response<v1::LinkCauseResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::link_cause(message.into_inner(), deadline);
        let (case, request, parent) = asked.map_err(bad_request)?;
        let linked = self.app.link_cause(case, request, parent).await;
        let (receipt, case) = case::accepted(&linked.map_err(status::of)?);
        Ok(Response::new(v1::LinkCauseResponse { receipt, case }))
    }

    async fn get_root_cause(
        &self,
        message: Request<v1::GetRootCauseRequest>,
    ) -> Result<Response<v1::GetRootCauseResponse>, Status> {
        let message = message.into_inner();
        let (case, number) = request::root_cause(&message).map_err(bad_request)?;
        let view = self.app.cause(case, number).await.map_err(status::of)?;
        let shown = if message.reveal_sealed {
            let words = self.app.cause_words(&view).await.map_err(status::of)?;
            words.map_or(Shown::LeftOut, Shown::Revealed)
        } else {
            Shown::Sealed
        };
        let cause = cause::root_cause(&view, &shown).map_err(status::of)?;
        Ok(Response::new(v1::GetRootCauseResponse {
            cause: Some(cause),
        }))
    }

    async fn list_root_causes(
        &self,
        message: Request<v1::ListRootCausesRequest>,
    ) -> Result<Response<v1::ListRootCausesResponse>, Status> {
        let mut message = message.into_inner();
        let filter = request::cause_filter(&message, self.app.now()).map_err(bad_request)?;
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
            causes.push(cause::summary(row, words.as_deref()).map_err(status::of)?);
        }
        Ok(Response::new(v1::ListRootCausesResponse {
            causes,
            next_page_token: page.next.map(|next| list.token(next)).unwrap_or_default(),
        }))
    }
}
