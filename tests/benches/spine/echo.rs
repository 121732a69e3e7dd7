//! A server that answers every advance with the same bytes and does nothing.

use heard_proto::v1;
use heard_proto::v1::case_service_server::{CaseService, CaseServiceServer};
use prost::Message as _;
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status};

/// Serves a stored response on a port of its own until it is killed.
pub fn serve(response: &str) -> anyhow::Result<()> {
    let response = v1::AdvanceCaseResponse::decode(std::fs::read(response)?.as_slice())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        eprintln!("listening on {}", listener.local_addr()?);
        let service = CaseServiceServer::new(Echo(response));
        let server = tonic::transport::Server::builder().add_service(service);
        let incoming = TcpIncoming::from(listener).with_nodelay(Some(true));
        server.serve_with_incoming(incoming).await?;
        Ok(())
    })
}

struct Echo(v1::AdvanceCaseResponse);

macro_rules! silent {
    ($($method:ident($request:ident) -> $response:ident;)+) => {
        #[tonic::async_trait]
        impl CaseService for Echo {
            async fn advance_case(
                &self,
                _: Request<v1::AdvanceCaseRequest>,
            ) -> Result<Response<v1::AdvanceCaseResponse>, Status> {
                Ok(Response::new(self.0.clone()))
            }

            $(async fn $method(
                &self,
                _: Request<v1::$request>,
            ) -> Result<Response<v1::$response>, Status> {
                Err(Status::unimplemented("an echo only"))
            })+
        }
    };
}

silent! {
    open_case(OpenCaseRequest) -> OpenCaseResponse;
    batch_open_cases(BatchOpenCasesRequest) -> BatchOpenCasesResponse;
    correct_answer(CorrectAnswerRequest) -> CorrectAnswerResponse;
    add_note(AddNoteRequest) -> AddNoteResponse;
    reopen_case(ReopenCaseRequest) -> ReopenCaseResponse;
    import_case(ImportCaseRequest) -> ImportCaseResponse;
    merge_cases(MergeCasesRequest) -> MergeCasesResponse;
    record_contact(RecordContactRequest) -> RecordContactResponse;
    renegotiate_promise(RenegotiatePromiseRequest) -> RenegotiatePromiseResponse;
    extend_clock(ExtendClockRequest) -> ExtendClockResponse;
    record_survey(RecordSurveyRequest) -> RecordSurveyResponse;
    complete_follow_up(CompleteFollowUpRequest) -> CompleteFollowUpResponse;
    get_case(GetCaseRequest) -> GetCaseResponse;
    explain_clock(ExplainClockRequest) -> ExplainClockResponse;
    list_cases(ListCasesRequest) -> ListCasesResponse;
    list_entries(ListEntriesRequest) -> ListEntriesResponse;
}
