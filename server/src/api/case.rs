//! `CaseService`: reads the request, asks the application, writes the answer.

use heard_engine::case::{DeadlineName, Reason, explain};
use heard_engine::id::Revision;
use heard_proto::v1;
use heard_proto::v1::case_service_server::CaseService;
use prost::Message as _;
use tonic::{Request, Response, Status};

use super::call;
use super::convert::sealed::Revealed;
use super::convert::{case, deadline, read, request, sealed};
use super::page::{self, List};
use super::status::{self, bad_request};
use crate::app::{self, App, CaseView};
use crate::store::{CaseRow, Cursor};

/// The most entries of one page: at 32 KiB each they stay below the largest message.
pub const ENTRIES_PAGE_ROWS_MAX: usize = 100;
/// The most bytes of values that one answer reveals.
pub const REVEALED_BYTES_MAX: usize = 3 * 1024 * 1024;

/// The service, over the application.
#[derive(Clone)]
pub(super) struct CaseApi {
    app: App,
}

impl CaseApi {
    /// Serves the application.
    pub(super) const fn new(app: App) -> Self {
        Self { app }
    }

    async fn act(&self, asked: request::ToCase) -> Result<Acted, Status> {
        let (case, request, act) = asked;
        let accepted = self.app.act(case, request, act).await.map_err(status::of)?;
        Ok(case::accepted(&accepted))
    }

    /// Reads the sealed values of the present answers, as far as they fit into one message.
    async fn revealed(&self, view: &CaseView) -> Result<Revealed, app::Error> {
        let mut revealed = Revealed::default();
        let mut bytes = 0;
        for revision in sealed::revisions(view) {
            if bytes > REVEALED_BYTES_MAX {
                revealed.left_out.insert(revision);
                continue;
            }
            let rows = self.app.reveal(view.id, Some(revision)).await?;
            bytes += rows.iter().map(|row| row.value.len()).sum::<usize>();
            revealed.rows.insert(revision, rows);
        }
        Ok(revealed)
    }
}

fn listed(rows: &[CaseRow], token: Option<String>) -> Response<v1::ListCasesResponse> {
    Response::new(v1::ListCasesResponse {
        cases: rows.iter().map(case::summary).collect(),
        next_page_token: token.unwrap_or_default(),
    })
}

/// Says that the case has no deadline of this name, and which it has.
fn no_such_deadline(view: &CaseView, name: &DeadlineName) -> app::Error {
    let known = view.case.deadlines().map(|(known, _)| known.clone());
    let reason = Reason::NoSuchDeadline {
        deadline: name.clone(),
        known: known.collect(),
    };
    app::Error::Refused(Box::new(reason.into()))
}

type Acted = (Option<v1::Receipt>, Option<v1::Case>);

#[tonic::async_trait]
impl CaseService for CaseApi {
    async fn open_case(
        &self,
        message: Request<v1::OpenCaseRequest>,
    ) -> Result<Response<v1::OpenCaseResponse>, Status> {
        let deadline = call::deadline(&message);
        let (request, open) = request::open(message.into_inner(), deadline).map_err(bad_request)?;
        let accepted = self.app.open(request, open).await;
        let (receipt, case) = case::accepted(&accepted.map_err(status::of)?);
        Ok(Response::new(v1::OpenCaseResponse { receipt, case }))
    }

    async fn batch_open_cases(
        &self,
        message: Request<v1::BatchOpenCasesRequest>,
    ) -> Result<Response<v1::BatchOpenCasesResponse>, Status> {
        let (begin_by, answer_by) = call::parts_by(call::deadline(&message));
        let asked = request::open_many(message.into_inner(), begin_by).map_err(bad_request)?;
        let opened = self.app.open_many(asked.opens, answer_by).await;
        let opened = opened.map_err(status::of)?;
        let cases = asked.ids.into_iter().zip(opened);
        let cases = cases.map(|(id, opened)| case::opened(id, opened)).collect();
        Ok(Response::new(v1::BatchOpenCasesResponse { cases }))
    }

    async fn import_case(
        &self,
        message: Request<v1::ImportCaseRequest>,
    ) -> Result<Response<v1::ImportCaseResponse>, Status> {
        let deadline = call::deadline(&message);
        let (request, import) =
            request::import(message.into_inner(), deadline).map_err(bad_request)?;
        let accepted = self.app.import(request, import).await;
        let (receipt, case) = case::accepted(&accepted.map_err(status::of)?);
        Ok(Response::new(v1::ImportCaseResponse { receipt, case }))
    }

    async fn advance_case(
        &self,
        message: Request<v1::AdvanceCaseRequest>,
    ) -> Result<Response<v1::AdvanceCaseResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::advance(message.into_inner(), deadline).map_err(bad_request)?;
        let (receipt, case) = self.act(asked).await?;
        Ok(Response::new(v1::AdvanceCaseResponse { receipt, case }))
    }

    async fn correct_answer(
        &self,
        message: Request<v1::CorrectAnswerRequest>,
    ) -> Result<Response<v1::CorrectAnswerResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::correct(message.into_inner(), deadline).map_err(bad_request)?;
        let (receipt, case) = self.act(asked).await?;
        Ok(Response::new(v1::CorrectAnswerResponse { receipt, case }))
    }

    async fn add_note(
        &self,
        message: Request<v1::AddNoteRequest>,
    ) -> Result<Response<v1::AddNoteResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::note(message.into_inner(), deadline).map_err(bad_request)?;
        let (receipt, case) = self.act(asked).await?;
        Ok(Response::new(v1::AddNoteResponse { receipt, case }))
    }

    async fn reopen_case(
        &self,
        message: Request<v1::ReopenCaseRequest>,
    ) -> Result<Response<v1::ReopenCaseResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::reopen(message.into_inner(), deadline).map_err(bad_request)?;
        let (receipt, case) = self.act(asked).await?;
        Ok(Response::new(v1::ReopenCaseResponse { receipt, case }))
    }

    async fn record_contact(
        &self,
        message: Request<v1::RecordContactRequest>,
    ) -> Result<Response<v1::RecordContactResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::record_contact(message.into_inner(), deadline).map_err(bad_request)?;
        let (receipt, case) = self.act(asked).await?;
        Ok(Response::new(v1::RecordContactResponse { receipt, case }))
    }

    async fn renegotiate_promise(
        &self,
        message: Request<v1::RenegotiatePromiseRequest>,
    ) -> Result<Response<v1::RenegotiatePromiseResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::renegotiate(message.into_inner(), deadline).map_err(bad_request)?;
        let (receipt, case) = self.act(asked).await?;
        Ok(Response::new(v1::RenegotiatePromiseResponse {
            receipt,
            case,
        }))
    }

    async fn extend_clock(
        &self,
        message: Request<v1::ExtendClockRequest>,
    ) -> Result<Response<v1::ExtendClockResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::extend_clock(message.into_inner(), deadline).map_err(bad_request)?;
        let (receipt, case) = self.act(asked).await?;
        Ok(Response::new(v1::ExtendClockResponse { receipt, case }))
    }

    async fn record_survey(
        &self,
        message: Request<v1::RecordSurveyRequest>,
    ) -> Result<Response<v1::RecordSurveyResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::record_survey(message.into_inner(), deadline).map_err(bad_request)?;
        let (receipt, case) = self.act(asked).await?;
        Ok(Response::new(v1::RecordSurveyResponse { receipt, case }))
    }

    async fn complete_follow_up(
        &self,
        message: Request<v1::CompleteFollowUpRequest>,
    ) -> Result<Response<v1::CompleteFollowUpResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked =
            request::complete_follow_up(message.into_inner(), deadline).map_err(bad_request)?;
        let (receipt, case) = self.act(asked).await?;
        Ok(Response::new(v1::CompleteFollowUpResponse {
            receipt,
            case,
        }))
    }

    async fn merge_cases(
        &self,
        message: Request<v1::MergeCasesRequest>,
    ) -> Result<Response<v1::MergeCasesResponse>, Status> {
        let deadline = call::deadline(&message);
        let asked = request::merge(message.into_inner(), deadline).map_err(bad_request)?;
        let accepted = self.app.merge(asked.0, asked.1).await;
        let (receipt, case) = case::accepted(&accepted.map_err(status::of)?);
        Ok(Response::new(v1::MergeCasesResponse { receipt, case }))
    }

    async fn get_case(
        &self,
        message: Request<v1::GetCaseRequest>,
    ) -> Result<Response<v1::GetCaseResponse>, Status> {
        let message = message.into_inner();
        let case = request::case_id(&message.case_id).map_err(bad_request)?;
        let view = self.app.case_that_goes_on(case).await;
        let view = view.map_err(status::of)?;
        let revealed = if message.reveal_sealed {
            Some(self.revealed(&view).await.map_err(status::of)?)
        } else {
            None
        };
        let answers = sealed::answers(&view, revealed.as_ref()).map_err(status::of)?;
        let reference = revealed
            .as_ref()
            .map(|revealed| sealed::reference(view.id, revealed));
        let reference = reference.transpose().map_err(status::of)?.flatten();
        let asked_case_id = (case != view.id).then(|| case.to_string());
        let case = Some(case::case(&view));
        Ok(Response::new(v1::GetCaseResponse {
            case,
            asked_case_id,
            answers,
            reference,
            now_time: Some(read::time(self.app.now())),
            held_reason: self.app.held().map(|held| held.to_string()),
        }))
    }

    async fn explain_clock(
        &self,
        message: Request<v1::ExplainClockRequest>,
    ) -> Result<Response<v1::ExplainClockResponse>, Status> {
        let asked = request::explain(&message.into_inner());
        let (case, name, from) = asked.map_err(bad_request)?;
        let view = self.app.case_that_goes_on(case).await;
        let view = view.map_err(status::of)?;
        let Some(found) = view.case.deadline(&name) else {
            return Err(status::of(no_such_deadline(&view, &name)));
        };
        let explanation = explain(&view.workflow, found, from, self.app.now());
        let shown = deadline::deadline(&view, &name, found);
        Ok(Response::new(deadline::explained(shown, &explanation)))
    }

    async fn list_cases(
        &self,
        message: Request<v1::ListCasesRequest>,
    ) -> Result<Response<v1::ListCasesResponse>, Status> {
        let mut message = message.into_inner();
        let filter = request::case_filter(&message).map_err(bad_request)?;
        let rows = page::rows(message.page_size).map_err(bad_request)?;
        let token = std::mem::take(&mut message.page_token);
        message.page_size = 0;
        let list = List::new("ListCases", &message.encode_to_vec());
        if let Some(before) = request::due_before(&message).map_err(bad_request)? {
            let after = list.due_place(&token).map_err(bad_request)?;
            let page = self.app.cases_due(&filter, before, after, rows).await;
            let (cases, next) = page.map_err(status::of)?;
            let token = next.map(|next| list.due_token(next));
            return Ok(listed(&cases, token));
        }
        let after = list.cursor(&token).map_err(bad_request)?;
        let page = self
            .app
            .cases(&filter, after, rows)
            .await
            .map_err(status::of)?;
        let token = page.next.map(|next| list.token(next));
        Ok(listed(&page.rows, token))
    }

    async fn list_entries(
        &self,
        message: Request<v1::ListEntriesRequest>,
    ) -> Result<Response<v1::ListEntriesResponse>, Status> {
        let message = message.into_inner();
        let case = request::case_id(&message.case_id).map_err(bad_request)?;
        let rows = page::rows(message.page_size)
            .map_err(bad_request)?
            .min(ENTRIES_PAGE_ROWS_MAX);
        let list = List::new("ListEntries", message.case_id.as_bytes());
        let after = list.cursor(&message.page_token).map_err(bad_request)?;
        // One more than wanted tells whether there is a next page.
        let found = self.app.entries(case, Revision(after.0), rows + 1).await;
        let found = found.map_err(status::of)?;
        let found_count = found.len();
        let mut entries: Vec<v1::Entry> = Vec::new();
        let mut bytes = 0;
        for entry in found.into_iter().take(rows) {
            let revision = entry.revision;
            let mut written = case::entry(entry);
            if message.reveal_sealed {
                let sealed = self
                    .app
                    .reveal(case, Some(revision))
                    .await
                    .map_err(status::of)?;
                written.sealed = sealed::values(sealed);
                bytes += written.encoded_len();
                if bytes > REVEALED_BYTES_MAX && !entries.is_empty() {
                    break;
                }
            }
            entries.push(written);
        }
        let end = entries.last().filter(|_| entries.len() < found_count);
        let next = end.map(|entry| list.token(Cursor(entry.revision)));
        Ok(Response::new(v1::ListEntriesResponse {
            next_page_token: next.unwrap_or_default(),
            entries,
        }))
    }
}
