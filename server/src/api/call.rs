//! Watches over each call: its deadline, what is not gRPC as we speak it, how many are under way.
//!
//! Invariant: a gRPC call that fails before its handler runs is answered like any other bad
//! request, with a stable code. tonic's own answers to these have another status and no details.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Duration;

use heard_engine::code::Code;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, Request, Response, StatusCode, Version};
use tokio::sync::watch;
use tokio::time::Instant;
use tonic::Status;
use tonic::body::Body;
use tower::{Layer, Service};

use super::status::{self, Details};

/// The most time a unary call may take, and what it has when its caller names none.
pub const CALL_MS_MAX: u64 = 10_000;

/// How long before the deadline of a call the last of its parts is begun: an eighth of what is left
/// of its time, where that is less. Half of it later what is not answered is given up.
pub const LAST_BEGUN_MS: u64 = 500;

/// When the answer to a call must be there. An extension of its request.
#[derive(Debug, Clone, Copy)]
pub(super) struct Deadline(pub Instant);

/// Returns when the answer to a call must be there.
pub(super) fn deadline<T>(request: &tonic::Request<T>) -> Option<std::time::Instant> {
    let deadline = request.extensions().get::<Deadline>();
    deadline.map(|deadline| deadline.0.into_std())
}

/// By when the parts of a call are to be begun, and answered, so that the answer to the whole comes
/// in time and tells of each.
pub(super) fn parts_by(
    deadline: Option<std::time::Instant>,
) -> (Option<std::time::Instant>, Option<std::time::Instant>) {
    let Some(deadline) = deadline else {
        return (None, None);
    };
    let left = deadline.saturating_duration_since(std::time::Instant::now());
    let before = (left / 8).min(Duration::from_millis(LAST_BEGUN_MS));
    (
        deadline.checked_sub(before),
        deadline.checked_sub(before / 2),
    )
}

/// How many unary calls are under way.
#[derive(Debug, Clone)]
pub(super) struct UnderWay(watch::Sender<usize>);

impl UnderWay {
    /// Starts at none.
    pub(super) fn new() -> Self {
        Self(watch::Sender::new(0))
    }

    fn begin(&self) -> Begun {
        self.0.send_modify(|calls| *calls += 1);
        Begun(self.0.clone())
    }

    /// Returns once there is none.
    pub(super) async fn none(&self) {
        // The sender is held by `self`, so waiting cannot fail.
        let mut seen = self.0.subscribe();
        let _none = seen.wait_for(|calls| *calls == 0).await;
    }
}

/// A call under way; it ends when this is dropped, also when the client is gone.
struct Begun(watch::Sender<usize>);

impl Drop for Begun {
    fn drop(&mut self) {
        self.0.send_modify(|calls| *calls = calls.saturating_sub(1));
    }
}

/// Puts [`Watched`] around the routes.
#[derive(Debug, Clone)]
pub(super) struct WatchLayer(pub UnderWay);

impl<S> Layer<S> for WatchLayer {
    type Service = Watched<S>;

    fn layer(&self, inner: S) -> Watched<S> {
        Watched {
            inner,
            under_way: self.0.clone(),
        }
    }
}

/// The routes, each call watched over.
#[derive(Debug, Clone)]
pub(super) struct Watched<S> {
    inner: S,
    under_way: UnderWay,
}

impl<S> Service<Request<Body>> for Watched<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, mut request: Request<Body>) -> Self::Future {
        if !is_grpc(request.headers()) {
            return Box::pin(self.inner.call(request));
        }
        if request.version() < Version::HTTP_2 {
            // A web page can make a browser send HTTP/1 here under a name of its own.
            return Box::pin(std::future::ready(Ok(needs_http2())));
        }
        let time = match time_given(request.headers()) {
            Ok(time) => time,
            Err(status) => return Box::pin(std::future::ready(Ok(status.into_http()))),
        };
        if is_streaming(request.uri().path()) {
            return Box::pin(self.inner.call(request));
        }
        // The timer starts here and not in the future: tonic's own, which answers CANCELLED, starts
        // after it, and of two that end together the inner one is asked first.
        let deadline = Instant::now() + time;
        let timer = tokio::time::sleep_until(deadline);
        request.extensions_mut().insert(Deadline(deadline));
        let passed = deadline_passed(request.uri().path());
        let begun = self.under_way.begin();
        let answer = self.inner.call(request);
        Box::pin(async move {
            let _begun = begun;
            tokio::select! {
                biased;
                answer = answer => answer.map(explained),
                () = timer => Ok(passed().into_http()),
            }
        })
    }
}

/// Returns what says that the deadline of a call passed.
fn deadline_passed(path: &str) -> fn() -> Status {
    let method = path.rsplit('/').next().unwrap_or_default();
    let is_read = ["Get", "List", "Explain"]
        .iter()
        .any(|verb| method.starts_with(verb));
    // CheckCauseEffect is no read: it records what came of an action.
    if is_read || ["Check", "CheckWorkflow"].contains(&method) {
        read_deadline_passed
    } else if method == "SetClock" {
        clock_deadline_passed
    } else {
        change_deadline_passed
    }
}

fn read_deadline_passed() -> Status {
    let message = "the deadline passed before all was read; nothing was changed: ask for less, a \
                   smaller page or a report of fewer days (from_date, to_date)";
    Details::new(Code::HS008, message).status()
}

fn clock_deadline_passed() -> Status {
    let message = "the deadline passed; the clock is on its way and gets there: ask again";
    Details::new(Code::HS008, message).status()
}

/// Says that the deadline of a change passed.
pub(super) fn change_deadline_passed() -> Status {
    let message = "the deadline passed; whether a change was made is told by sending it again with \
                   the same request_id";
    Details::new(Code::HS008, message).status()
}

/// Returns whether a request says that it is gRPC.
pub(super) fn is_grpc(headers: &HeaderMap) -> bool {
    let is_grpc = |value: &http::HeaderValue| value.as_bytes().starts_with(b"application/grpc");
    headers.get(CONTENT_TYPE).is_some_and(is_grpc)
}

/// Returns whether the call lasts as long as its client wishes.
fn is_streaming(path: &str) -> bool {
    path == "/grpc.health.v1.Health/Watch" || path.starts_with("/grpc.reflection.")
}

fn needs_http2() -> Response<Body> {
    let mut response = Response::new(Body::new("gRPC needs HTTP/2\n".to_owned()));
    *response.status_mut() = StatusCode::HTTP_VERSION_NOT_SUPPORTED;
    response
}

/// Reads how much time the caller gives, at most [`CALL_MS_MAX`].
fn time_given(headers: &HeaderMap) -> Result<Duration, Status> {
    let most = Duration::from_millis(CALL_MS_MAX);
    let mut values = headers.get_all("grpc-timeout").iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(most),
        (Some(value), None) => value
            .to_str()
            .ok()
            .and_then(duration)
            .map(|given| given.min(most))
            .ok_or_else(malformed_timeout),
        (Some(_), Some(_)) => Err(malformed_timeout()),
    }
}

/// Reads 1 to 8 digits and a unit.
///
/// Source: gRPC over HTTP2, `Timeout`.
fn duration(text: &str) -> Option<Duration> {
    let unit = text.chars().next_back()?;
    let digits = text.strip_suffix(unit)?;
    let is_number = (1..=8).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit());
    let number = digits.parse::<u64>().ok().filter(|_| is_number)?;
    match unit {
        'H' => Some(Duration::from_secs(number * 3_600)),
        'M' => Some(Duration::from_secs(number * 60)),
        'S' => Some(Duration::from_secs(number)),
        'm' => Some(Duration::from_millis(number)),
        'u' => Some(Duration::from_micros(number)),
        'n' => Some(Duration::from_nanos(number)),
        _ => None,
    }
}

fn malformed_timeout() -> Status {
    let text = "a timeout is one header of 1 to 8 digits and a unit of H, M, S, m, u or n";
    status::bad_field(Code::HB001, "grpc-timeout", text)
}

/// Gives tonic's own answers to malformed requests our status and details.
///
/// Our handlers answer with details always, so INTERNAL without any means that tonic found no
/// message or could not decode it, and `OUT_OF_RANGE` that it was too large.
fn explained(response: Response<Body>) -> Response<Body> {
    let Some(found) = Status::from_header_map(response.headers()) else {
        return response;
    };
    if !found.details().is_empty() {
        return response;
    }
    let text = if found.code() == tonic::Code::Internal {
        format!("the message cannot be read: {}", found.message())
    } else if found.code() == tonic::Code::OutOfRange {
        let kib = super::serve::MESSAGE_IN_BYTES_MAX / 1024;
        format!("the message is larger than {kib} KiB")
    } else {
        return response;
    };
    status::bad_field(Code::HB001, "message", text).into_http()
}

#[cfg(test)]
mod tests {
    use super::*;
    use tonic_types::StatusExt as _;
    use tower::{ServiceExt as _, service_fn};

    fn grpc_request(timeout: Option<&str>) -> Request<Body> {
        let mut request = Request::builder()
            .version(Version::HTTP_2)
            .uri("/heard.v1.CaseService/GetCase")
            .header(CONTENT_TYPE, "application/grpc");
        if let Some(timeout) = timeout {
            request = request.header("grpc-timeout", timeout);
        }
        request.body(Body::empty()).unwrap()
    }

    async fn never(_request: Request<Body>) -> Result<Response<Body>, Infallible> {
        std::future::pending().await
    }

    fn status_of(response: &Response<Body>) -> Status {
        Status::from_header_map(response.headers()).unwrap()
    }

    #[test]
    fn timeouts_are_read_as_the_specification_writes_them() {
        for (text, expected) in [
            ("1H", Some(Duration::from_hours(1))),
            ("2M", Some(Duration::from_mins(2))),
            ("3S", Some(Duration::from_secs(3))),
            ("99999999m", Some(Duration::from_millis(99_999_999))),
            ("5u", Some(Duration::from_micros(5))),
            ("0n", Some(Duration::ZERO)),
            ("", None),
            ("S", None),
            ("10", None),
            ("-1S", None),
            ("+1S", None),
            ("1.5S", None),
            ("100000000S", None),
            ("1s", None),
            ("1ä", None),
        ] {
            assert_eq!(duration(text), expected, "{text:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_call_ends_at_its_deadline_or_after_ten_seconds() {
        for (given, expected_ms) in [
            (None, CALL_MS_MAX),
            (Some("250m"), 250),
            (Some("1H"), CALL_MS_MAX),
        ] {
            let under_way = UnderWay::new();
            let begun = Instant::now();
            let service = WatchLayer(under_way.clone()).layer(service_fn(never));
            let response = service.oneshot(grpc_request(given)).await.unwrap();
            let status = status_of(&response);
            assert_eq!(status.code(), tonic::Code::DeadlineExceeded);
            assert_eq!(
                status.get_error_details().error_info().unwrap().reason,
                "HS008"
            );
            let passed = u64::try_from(begun.elapsed().as_millis()).unwrap();
            assert!((expected_ms..expected_ms + 2).contains(&passed), "{passed}");
            under_way.none().await;
        }
    }

    #[test]
    fn whoever_waited_in_vain_is_told_what_to_do_next() {
        for (path, advice) in [
            ("/heard.v1.ReportService/GetKpi", "ask for less"),
            ("/heard.v1.CaseService/ListCases", "ask for less"),
            ("/heard.v1.CaseService/ExplainClock", "ask for less"),
            ("/heard.v1.LearningService/GetPareto", "ask for less"),
            ("/heard.v1.WorkflowService/CheckWorkflow", "ask for less"),
            ("/heard.v1.ClockService/SetClock", "ask again"),
            ("/heard.v1.CaseService/AdvanceCase", "same request_id"),
            ("/heard.v1.CaseService/BatchOpenCases", "same request_id"),
            ("/heard.v1.CaseService/ExtendClock", "same request_id"),
            ("/heard.v1.CauseService/CheckCauseEffect", "same request_id"),
        ] {
            let status = deadline_passed(path)();
            assert!(status.message().contains(advice), "{path}: {status:?}");
        }
    }

    #[test]
    fn parts_are_begun_and_answered_before_the_whole() {
        assert_eq!(parts_by(None), (None, None));
        let now = std::time::Instant::now();
        let margins = |left: Duration| {
            let deadline = now + left;
            let (begin_by, answer_by) = parts_by(Some(deadline));
            (deadline - begin_by.unwrap(), deadline - answer_by.unwrap())
        };
        let longest = Duration::from_millis(LAST_BEGUN_MS);
        assert_eq!(margins(Duration::from_hours(1)), (longest, longest / 2));
        assert_eq!(margins(Duration::ZERO), (Duration::ZERO, Duration::ZERO));
        let (begin, answer) = margins(Duration::from_millis(800));
        assert!(
            begin <= Duration::from_millis(100) && answer <= begin,
            "{begin:?} {answer:?}"
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_malformed_timeout_is_refused() {
        let service = WatchLayer(UnderWay::new()).layer(service_fn(never));
        let response = service.oneshot(grpc_request(Some("soon"))).await.unwrap();
        let status = status_of(&response);
        assert_eq!(status.code(), tonic::Code::InvalidArgument);
        let details = status.get_error_details();
        let violation = &details.bad_request().unwrap().field_violations[0];
        assert_eq!(violation.field, "grpc-timeout");
    }

    #[tokio::test(start_paused = true)]
    async fn grpc_over_http_1_is_refused() {
        let service = WatchLayer(UnderWay::new()).layer(service_fn(never));
        let mut request = grpc_request(None);
        *request.version_mut() = Version::HTTP_11;
        let response = service.oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::HTTP_VERSION_NOT_SUPPORTED);
    }

    #[tokio::test(start_paused = true)]
    async fn a_dropped_call_is_no_longer_under_way() {
        let under_way = UnderWay::new();
        let service = WatchLayer(under_way.clone()).layer(service_fn(never));
        let call = service.oneshot(grpc_request(None));
        assert!(
            tokio::time::timeout(Duration::from_millis(1), call)
                .await
                .is_err()
        );
        under_way.none().await;
    }
}
