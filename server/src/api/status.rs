//! Turns every kind of "no" into a gRPC status with rich details.
//!
//! Invariant: a status made here carries exactly one `ErrorInfo`, whose reason is a stable code.
//! Invariant: the headers of a status stay below 8 KiB, the least that clients must accept.

mod not_done;
mod subject;

use std::collections::HashMap;
use std::time::Duration;

use heard_engine::case::Refusal;
use heard_engine::case::offer::Offer;
use heard_engine::case::seal::{BadRequest, Violation};
use heard_engine::code::{Code, Kind};
use heard_engine::finding::{Finding, Level};
use tonic::Status;
use tonic_types::{ErrorDetails, PreconditionViolation, StatusExt as _};

use self::subject::subject;
use crate::app;

pub(super) use not_done::not_done;

/// The domain of every `ErrorInfo`.
pub(super) const DOMAIN: &str = "heard";
/// The most violations of one kind in a status.
pub const VIOLATIONS_MAX: usize = 20;
/// The longest message of a status, in bytes of its header, where others than ASCII take three.
pub const MESSAGE_BYTES_MAX: usize = 1_200;
/// The longest text of a violation or value of the metadata, in bytes.
pub const TEXT_BYTES_MAX: usize = 400;
/// The most bytes of the details, before base64 makes them a third longer.
pub const DETAILS_BYTES_MAX: usize = 4_500;

/// Everything that a status will say, before it is cut to its limits.
#[derive(Debug, Clone)]
pub(super) struct Details {
    code: Code,
    message: String,
    metadata: Vec<(&'static str, String)>,
    fields: Vec<Violation>,
    reasons: Vec<Violation>,
}

impl Details {
    /// Begins a status with its code and a sentence for a person.
    pub(super) fn new(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            message: message.into(),
            metadata: Vec::new(),
            fields: Vec::new(),
            reasons: Vec::new(),
        }
    }

    /// Adds a value that the message speaks of, for programs.
    pub(super) fn with(mut self, key: &'static str, value: impl Into<String>) -> Self {
        self.metadata.push((key, value.into()));
        self
    }

    /// Adds parts of the request that are wrong.
    pub(super) fn with_fields(mut self, fields: impl IntoIterator<Item = Violation>) -> Self {
        self.fields.extend(fields);
        self
    }

    /// Makes the status, leaving out the last violations when it would become too large.
    pub(super) fn status(self) -> Status {
        let mut shown = VIOLATIONS_MAX;
        loop {
            let status = self.with_violations(shown);
            if status.details().len() <= DETAILS_BYTES_MAX || shown == 0 {
                return status;
            }
            shown -= 1;
        }
    }

    fn with_violations(&self, shown: usize) -> Status {
        let short = |text: &str| clip(text, TEXT_BYTES_MAX, char::len_utf8);
        let mut metadata: HashMap<String, String> = self
            .metadata
            .iter()
            .map(|(key, value)| ((*key).to_owned(), short(value)))
            .collect();
        metadata.insert("name".to_owned(), self.code.name().to_owned());
        let beyond = |violations: &[Violation]| violations.len().saturating_sub(shown);
        let left_out = beyond(&self.fields) + beyond(&self.reasons);
        if left_out > 0 {
            metadata.insert("left_out".to_owned(), left_out.to_string());
        }
        let mut details = ErrorDetails::with_error_info(self.code.as_str(), DOMAIN, metadata);
        for violation in self.fields.iter().take(shown) {
            details.add_bad_request_violation(short(&violation.field), short(&violation.text));
        }
        let reasons: Vec<PreconditionViolation> = self
            .reasons
            .iter()
            .take(shown)
            .map(|reason| {
                let subject = short(&reason.field);
                PreconditionViolation::new(reason.code.name(), subject, short(&reason.text))
            })
            .collect();
        if !reasons.is_empty() {
            details.set_precondition_failure(reasons);
        }
        if let Some(delay) = retry_after(self.code) {
            details.set_retry_info(Some(delay));
        }
        let message = clip(&self.message, MESSAGE_BYTES_MAX, bytes_in_header);
        Status::with_error_details(grpc(self.code), message, details)
    }
}

/// Says that parts of the request are wrong.
pub(super) fn bad_request(bad: BadRequest) -> Status {
    let message = match bad.violations.as_slice() {
        [] => "the request is malformed".to_owned(),
        [one] => format!("{}: {}", one.field, one.text),
        [first, rest @ ..] => format!("{}: {}; and {} more", first.field, first.text, rest.len()),
    };
    Details::new(bad.code(), message)
        .with_fields(bad.violations)
        .status()
}

/// Says that one part of the request is wrong.
pub(super) fn bad_field(code: Code, field: &str, text: impl Into<String>) -> Status {
    bad_request(BadRequest::one(code, field, text))
}

/// Says why a command was refused, and what may be done instead.
pub(super) fn refused(refusal: &Refusal) -> Status {
    let code = refusal.code();
    let mut details = Details::new(code, refusal.to_string());
    if !refusal.possible.is_empty() {
        let possible: Vec<&str> = refusal.possible.iter().map(Offer::name).collect();
        details = details.with("possible", possible.join(","));
    }
    if matches!(
        grpc(code),
        tonic::Code::FailedPrecondition | tonic::Code::PermissionDenied
    ) {
        details.reasons = refusal
            .reasons
            .iter()
            .map(|reason| Violation {
                code: reason.code(),
                field: subject(reason),
                text: reason.to_string(),
            })
            .collect();
    }
    details.status()
}

/// Says why the application did not do what was asked. What the operator must know is logged.
pub(super) fn of(error: app::Error) -> Status {
    let code = error.code();
    match code.kind() {
        Kind::Damage => tracing::error!(code = code.as_str(), error = chain(&error), "failed"),
        Kind::Failure => tracing::warn!(code = code.as_str(), error = chain(&error), "not done"),
        Kind::Finding | Kind::Refusal | Kind::BadRequest => {}
    }
    match error {
        app::Error::Refused(refusal) => refused(&refusal),
        app::Error::Bad(bad) => bad_request(bad),
        error @ (app::Error::NoSuchParent { .. } | app::Error::MergedParent { .. }) => {
            Details::new(code, error.to_string())
                .with("field", "parent_case_id")
                .status()
        }
        app::Error::Faulty(findings) => faulty(code, &findings),
        app::Error::RevisionDiffers { expected, current } => Details::new(
            code,
            app::Error::RevisionDiffers { expected, current }.to_string(),
        )
        .with("expected_revision", expected.to_string())
        .with("current_revision", current.to_string())
        .status(),
        app::Error::DeadlinePassed | app::Error::Unanswered => {
            super::call::change_deadline_passed()
        }
        error @ (app::Error::KeptChanging
        | app::Error::TooBusy
        | app::Error::Stopping
        | app::Error::TimeHeld
        | app::Error::NotVirtual
        | app::Error::Damaged { .. }
        | app::Error::Newer { .. }) => Details::new(code, error.to_string()).status(),
        app::Error::Store(error) => Details::new(code, error.to_string()).status(),
        // What our own code found wrong with itself is for the log.
        app::Error::Bug { .. } => {
            Details::new(code, "a fault of the server; its log tells more").status()
        }
    }
}

fn faulty(code: Code, findings: &[Finding]) -> Status {
    let errors = findings
        .iter()
        .filter(|finding| finding.level == Level::Error);
    let violations: Vec<Violation> = errors
        .map(|finding| Violation {
            code: finding.code,
            field: format!("yaml:{}:{}", finding.span.line, finding.span.column),
            text: format!(
                "{} {}: {}",
                finding.code,
                finding.code.name(),
                finding.message
            ),
        })
        .collect();
    let message = match violations.as_slice() {
        [] => "the workflow file has errors".to_owned(),
        [one] => format!(
            "the workflow file has an error: {}: {}",
            one.field, one.text
        ),
        [first, ..] => {
            let count = violations.len();
            format!(
                "the workflow file has {count} errors; first {}: {}",
                first.field, first.text
            )
        }
    };
    Details::new(code, message).with_fields(violations).status()
}

/// Returns an error and what lies behind it, in one line.
fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(error) = next {
        text.push_str(": ");
        text.push_str(&error.to_string());
        next = error.source();
    }
    text
}

/// Returns the gRPC status of a stable code.
pub(super) fn grpc(code: Code) -> tonic::Code {
    const NOT_FOUND: [Code; 10] = [
        Code::HC001,
        Code::HC020,
        Code::HC024,
        Code::HC025,
        Code::HC037,
        Code::HC044,
        Code::HC046,
        Code::HC047,
        Code::HC052,
        Code::HC061,
    ];
    const PERMISSION_DENIED: [Code; 5] = [
        Code::HC005,
        Code::HC006,
        Code::HC026,
        Code::HC030,
        Code::HC049,
    ];
    const ALREADY_EXISTS: [Code; 2] = [Code::HC002, Code::HC027];
    const ABORTED: [Code; 2] = [Code::HS001, Code::HS002];
    const RESOURCE_EXHAUSTED: [Code; 2] = [Code::HS003, Code::HS004];
    const IN_THE_WAY: [Code; 2] = [Code::HS009, Code::HS011];
    match code.kind() {
        Kind::Finding | Kind::BadRequest => tonic::Code::InvalidArgument,
        Kind::Refusal if NOT_FOUND.contains(&code) => tonic::Code::NotFound,
        Kind::Refusal if ALREADY_EXISTS.contains(&code) => tonic::Code::AlreadyExists,
        Kind::Refusal if PERMISSION_DENIED.contains(&code) => tonic::Code::PermissionDenied,
        Kind::Refusal => tonic::Code::FailedPrecondition,
        Kind::Failure if ABORTED.contains(&code) => tonic::Code::Aborted,
        Kind::Failure if RESOURCE_EXHAUSTED.contains(&code) => tonic::Code::ResourceExhausted,
        Kind::Failure if code == Code::HS008 => tonic::Code::DeadlineExceeded,
        Kind::Failure if IN_THE_WAY.contains(&code) => tonic::Code::FailedPrecondition,
        Kind::Failure => tonic::Code::Unavailable,
        Kind::Damage if code == Code::HX001 => tonic::Code::DataLoss,
        Kind::Damage => tonic::Code::Internal,
    }
}

/// Returns when a caller may try again, for the codes for which that helps.
fn retry_after(code: Code) -> Option<Duration> {
    // A queue empties in moments, a disk does not.
    let millis = match grpc(code) {
        tonic::Code::ResourceExhausted if code == Code::HS004 => 30_000,
        tonic::Code::ResourceExhausted => 200,
        // Somebody has to say that the time is right.
        tonic::Code::Unavailable if code == Code::HS010 => 30_000,
        tonic::Code::Unavailable => 1_000,
        tonic::Code::Ok
        | tonic::Code::Cancelled
        | tonic::Code::Unknown
        | tonic::Code::InvalidArgument
        | tonic::Code::DeadlineExceeded
        | tonic::Code::NotFound
        | tonic::Code::AlreadyExists
        | tonic::Code::PermissionDenied
        | tonic::Code::FailedPrecondition
        | tonic::Code::Aborted
        | tonic::Code::OutOfRange
        | tonic::Code::Unimplemented
        | tonic::Code::Internal
        | tonic::Code::DataLoss
        | tonic::Code::Unauthenticated => return None,
    };
    Some(Duration::from_millis(millis))
}

/// Returns how many bytes a character takes in the header `grpc-message`.
fn bytes_in_header(c: char) -> usize {
    if c.is_ascii_graphic() || c == ' ' {
        1
    } else {
        3 * c.len_utf8()
    }
}

/// Cuts a text to a number of bytes, the last of them an ellipsis.
fn clip(text: &str, bytes_max: usize, bytes_of: fn(char) -> usize) -> String {
    if text.chars().map(bytes_of).sum::<usize>() <= bytes_max {
        return text.to_owned();
    }
    let room = bytes_max.saturating_sub(bytes_of('…'));
    let mut used = 0;
    let kept = text.chars().take_while(|c| {
        used += bytes_of(*c);
        used <= room
    });
    kept.chain(std::iter::once('…')).collect()
}

#[cfg(test)]
mod tests {
    use heard_engine::case::Reason;

    use super::*;

    fn violations(count: usize, text: &str) -> Vec<Violation> {
        let violation = |n| Violation {
            code: Code::HB004,
            field: format!("answers.a{n}{text}"),
            text: format!("too long{text}"),
        };
        (0..count).map(violation).collect()
    }

    #[test]
    fn every_code_becomes_a_status_with_one_error_info_and_its_name() {
        for code in Code::ALL {
            let status = Details::new(*code, "what happened").status();
            let details = status.get_error_details();
            let info = details.error_info().unwrap();
            assert_eq!(info.reason, code.as_str());
            assert_eq!(info.domain, DOMAIN);
            assert_eq!(info.metadata.get("name").unwrap(), code.name());
            assert_ne!(status.code(), tonic::Code::Ok);
            assert_ne!(status.code(), tonic::Code::Unknown);
            let retries = matches!(
                status.code(),
                tonic::Code::Unavailable | tonic::Code::ResourceExhausted
            );
            assert_eq!(details.retry_info().is_some(), retries, "{code}");
        }
    }

    #[test]
    fn a_status_stays_below_eight_kibibytes_whatever_it_has_to_say() {
        for unit in ["\u{1F600}", "x", "ä", "\n"] {
            let long = unit.repeat(5_000);
            let mut details = Details::new(Code::HC007, long.clone())
                .with("possible", long.clone())
                .with("revision", long.clone())
                .with_fields(violations(100, &long));
            details.reasons = violations(100, &long);
            let mut headers = http::HeaderMap::new();
            details.status().add_header(&mut headers).unwrap();
            let size: usize = headers
                .iter()
                .map(|(name, value)| name.as_str().len() + value.len() + 32)
                .sum();
            assert!(size <= 8 * 1024, "{size}");
        }
    }

    #[test]
    fn the_first_twenty_violations_are_shown_and_the_rest_counted() {
        let violations = violations(VIOLATIONS_MAX + 3, "");
        let status = bad_request(BadRequest { violations });
        let details = status.get_error_details();
        let shown = &details.bad_request().unwrap().field_violations;
        assert_eq!(shown.len(), VIOLATIONS_MAX);
        let metadata = &details.error_info().unwrap().metadata;
        assert_eq!(metadata.get("left_out").unwrap(), "3");
        assert_eq!(status.message(), "answers.a0: too long; and 22 more");
    }

    #[test]
    fn a_refusal_tells_each_reason_with_its_name() {
        let refusal = Refusal {
            reasons: vec![
                Reason::TooFewWhys {
                    given: 1,
                    wanted: 3,
                },
                Reason::TasksOpen { tasks: Vec::new() },
            ],
            possible: Vec::new(),
        };
        let status = refused(&refusal);
        assert_eq!(status.code(), tonic::Code::FailedPrecondition);
        let details = status.get_error_details();
        let reasons = &details.precondition_failure().unwrap().violations;
        let names: Vec<&str> = reasons
            .iter()
            .map(|reason| reason.r#type.as_str())
            .collect();
        assert_eq!(names, ["too_few_whys", "tasks_open"]);
        assert_eq!(details.error_info().unwrap().reason, "HC021");
    }
}
